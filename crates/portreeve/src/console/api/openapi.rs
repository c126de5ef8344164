//! Documents of OpenAPI to download: of all methods, of a module, or of what an integration's webhook may call.

use axum::extract::State;
use axum::http::header::CONTENT_DISPOSITION;
use axum::response::{IntoResponse, Response};
use portal::describe::openapi::{Document, TITLE, served};
use portal::hooks::Input;
use portal::integration::{self, Integration};
use portal::method::Method;
use portal::modules;
use serde_json::json;
use store::Tx;
use wire::Fault;

use super::ask::{Caller, Query};
use super::refusal::Refusal;
use super::{nowhere, ok};
use crate::console::Console;

/// `{"modules": [name]}`: those that have methods.
pub async fn list(_: Caller) -> Response {
    let names = modules().listed().iter().map(|module| module.name);
    let described = names.filter(|name| served().any(|method| method.module == *name));
    ok(&json!({"modules": described.collect::<Vec<_>>()}))
}

/// The document of all methods; with `?module=crm` of that module's, and with `?integration=5` of those that its webhook may call.
pub async fn show(State(console): State<Console>, who: Caller, query: Query) -> Result<Response, Refusal> {
    let core = console.portal.core();
    let base_url = &core.settings().base_url;
    let whole = Document { title: TITLE, base_url, owner: None, language: who.1.language };
    let (name, document) = match (query.number("integration")?, query.text("module")) {
        (Some(id), _) => {
            let found = core.store.read(move |tx: &mut Tx<'_>| integration::reachable(tx, id, who.0)).await?;
            let Integration { title, user_id, inbound: Some(hook), .. } = &found else {
                let text = "The integration has no inbound webhook.";
                return Err(Fault::argument(text, "integration").into());
            };
            let document = Document { title, owner: Some(*user_id), ..whole };
            (format!("openapi-{id}.json"), document.of(served().filter(opened(&hook.input))))
        }
        (None, Some(module)) => {
            if modules().listed().iter().all(|known| known.name != module) {
                return Ok(nowhere());
            }
            let methods = served().filter(|method| method.module == module);
            (format!("openapi-{module}.json"), whole.of(methods))
        }
        (None, None) => ("openapi.json".to_owned(), whole.of(served())),
    };
    let named = [(CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))];
    Ok((named, ok(&document)).into_response())
}

/// Whether a webhook with these settings opens a method.
fn opened(hook: &Input) -> impl Fn(&&Method) -> bool {
    let (scopes, reads) = (hook.scopes.join(","), hook.read_only);
    move |method| method.is_open_to(&scopes) && !(reads && method.writes)
}
