//! What programs add to the portal, kept as data: AI services (`ai.engine.*`), widgets of the start page
//! (`landing.repowidget.*`), types of user fields (`userfieldtype.*`), and how connectors of BI analytics are described
//! (`biconnector.connector.fields`). Nothing here is called or shown.

mod connector;
mod engine_of_ai;
mod fieldtype;
mod rows;
mod widget;

use serde_json::{Value as Json, json};

use engine::call::Call;
use engine::error::Result;
use engine::method::Method;
use engine::modules::Module;
use engine::noun::Noun;
use engine::scopes::offered;
use wire::fault;

/// The module of this crate.
pub static MODULE: Module = Module {
    scopes: &[offered("ai_admin", "AI services", "Registers custom AI services.")],
    nouns,
    methods,
    russian: include_str!("ru.toml"),
    ..Module::new("extensions")
};

fn nouns() -> Vec<&'static Noun> {
    vec![&engine_of_ai::ENGINE, &widget::WIDGET, &fieldtype::TYPE]
}

fn methods() -> Vec<Method> {
    let families = [engine_of_ai::methods(), widget::methods(), fieldtype::methods()];
    families.into_iter().flatten().chain([connector::method()]).collect()
}

/// Refuses who is no administrator.
fn require_admin(call: &Call<'_, '_>) -> Result<()> {
    if call.caller.is_admin { Ok(()) } else { Err(fault::ACCESS_DENIED.into()) }
}

/// Demo data: calls in their order. An AI service, a widget and a type of user fields.
pub fn demo() -> Vec<(&'static str, Json)> {
    vec![
        ("ai.engine.register", engine_of_ai::sample("acme_gpt")),
        ("landing.repowidget.register", widget::sample("acme_news")),
        (
            "userfieldtype.add",
            json!({"USER_TYPE_ID": "acme_map", "HANDLER": "https://example.com/map", "TITLE": "Place on a map"}),
        ),
    ]
}
