//! AI services: `ai.engine.*`. They are kept, and nothing calls them.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::noun::{self, Access, Face, ID, Noun, Row, Stamp, field, noun};
use serde_json::{Value as Json, json};
use store::Param;
use wire::{Fault, Map, Value};

use crate::{require_admin, rows};

const SCOPE: &str = "ai_admin";

const FACE: Face = Face { verbs: &[], ..Face::flat("ai.engine", "code") };

/// AI services.
pub static ENGINE: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("appCode", Kind::String, "Application"),
        field("name", Kind::String, "Name").required(),
        field("code", Kind::String, "Code").required().unique().indexed(),
        field("category", Kind::String, "Category").required(),
        field("completionsUrl", Kind::String, "Address").required(),
        field("settings", Kind::Json, "Settings"),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("hookId", Kind::Integer, "Webhook"),
    ],
    faces: &[FACE],
    ..noun("extensions.ai", "extensions_ai", SCOPE, ["AI service", "AI services"])
};

const CATEGORIES: [&str; 4] = ["text", "image", "audio", "call"];

/// Services that there may be.
const MOST: usize = 200;

/// Parameters of a service with that code.
pub fn sample(code: &str) -> Json {
    json!({
        "name": "Acme GPT", "code": code, "category": "text",
        "completions_url": "https://api.example.com/completions", "settings": {"code_alias": "ChatGPT"},
    })
}

/// The methods.
pub fn methods() -> Vec<Method> {
    use method::Kind::{Fields, Filter, Int, Text};
    vec![
        read("ai.engine.list", SCOPE, list)
            .own_words()
            .about("Lists AI services by filter.")
            .param(optional("filter", Filter, "Conditions by field, with comparison prefixes"))
            .param(optional("limit", Int, "How many are returned at most"))
            .example(
                json!({"filter": {"=CATEGORY": "text"}, "limit": 2}),
                json!([{"id": 1, "code": "acme_gpt"}]),
            ),
        write("ai.engine.register", SCOPE, register)
            .own_words()
            .about("Adds an AI service, or changes the one that the webhook added, and returns its ID.")
            .param(required("name", Text, "Name"))
            .param(required("code", Text, "Code"))
            .param(required("category", Text, "text, image, audio or call"))
            .param(required("completions_url", Text, "Address; it is not called"))
            .param(optional("settings", Fields, "Settings"))
            .example(sample("other"), json!("*")),
        write("ai.engine.unregister", SCOPE, unregister)
            .own_words()
            .about("Deletes an AI service; false if there is none with that code.")
            .param(optional("code", Text, "Code"))
            .example(json!({"code": "acme_gpt"}), json!(true)),
    ]
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    require_admin(call)?;
    let scope = ENGINE.grant(call, Act::Read)?;
    let given = call.fields("filter");
    let limit = call.param("limit").and_then(Value::as_int).and_then(|limit| usize::try_from(limit).ok());
    let found = rows::list(call, &ENGINE, &scope, &given, &Value::Null)?;
    Ok(found
        .iter()
        .take(limit.filter(|limit| *limit > 0).unwrap_or(MOST))
        .map(shown)
        .collect::<Vec<_>>()
        .into())
}

fn shown(row: &Row) -> Value {
    let mut map = Map::with_capacity(8);
    map.push("id", row.number);
    map.push("app_code", Value::Null);
    for (name, field) in
        [("name", "name"), ("code", "code"), ("category", "category"), ("completions_url", "completionsUrl")]
    {
        map.push(name, row.text(field));
    }
    map.push("settings", Value::from(row.json("settings")));
    map.push("date_create", row.int("dateCreate"));
    map.into_value()
}

fn wrong(what: &str, text: &'static str) -> Fault {
    Fault::new(400, format!("ENGINE_REGISTER_ERROR_{what}"), text)
}

/// A text that must be there.
fn needed(call: &Call<'_, '_>, name: &str, what: &str, text: &'static str) -> Result<String> {
    let given = call.param(name).and_then(Value::as_str).map(str::trim).filter(|given| !given.is_empty());
    Ok(given.map(|given| given.chars().take(255).collect()).ok_or_else(|| wrong(what, text))?)
}

fn register(call: &mut Call<'_, '_>) -> Result<Value> {
    require_admin(call)?;
    let name = needed(call, "name", "NAME", "The name key with a string value is required")?;
    let code = needed(call, "code", "CODE", "The code key with a string value is required")?;
    let is_code = |sign: char| sign.is_ascii_alphanumeric() || "-_".contains(sign);
    if !code.chars().all(is_code) {
        return Err(wrong("CODE_FORMAT", "The code key must contain only characters A-Za-z0-9-_").into());
    }
    let category = needed(call, "category", "CATEGORY", "The category key is required")?;
    if !CATEGORIES.contains(&category.as_str()) {
        let text = "The category key can contain one of the values: text, image, audio, call";
        return Err(wrong("CATEGORY_FORMAT", text).into());
    }
    let text = "The completions_url key with a string value is required";
    let url = needed(call, "completions_url", "COMPLETIONS_URL", text)?;
    if call.settings.guard.check(&url).is_err() {
        let text = "The value of the completions_url key must be a valid URL";
        return Err(wrong("COMPLETIONS_URL_FAIL", text).into());
    }
    let settings = settings(call)?;
    noun::alone(call, &format!("extensions_ai {code}"))?;
    let scope = ENGINE.grant(call, Act::Read)?;
    let found = noun::rows(call, &ENGINE, &scope, &[("code", Param::from(code.clone()))])?;
    let mut fields = Map::with_capacity(6);
    fields.push("NAME", name);
    fields.push("CODE", code);
    fields.push("CATEGORY", category);
    fields.push("COMPLETIONS_URL", url);
    fields.push("SETTINGS", settings);
    match found.first() {
        Some(row) if row.int("hookId") == Some(call.caller.hook_id) => {
            noun::amend(call, &ENGINE, &FACE, row.number, &fields)?;
            Ok(row.number.into())
        }
        Some(_) => Err(wrong("CODE_UNIQUE", "A record with this code already exists").into()),
        None => {
            let sql = "SELECT COUNT(*) FROM extensions_ai";
            let all = call.tx.one(sql, &[], |row| row.int(0))?.unwrap_or(0);
            if usize::try_from(all).unwrap_or(usize::MAX) >= MOST {
                return Err(Fault::core("There are too many services").into());
            }
            fields.push("HOOK_ID", call.caller.hook_id);
            Ok(noun::put(call, &ENGINE, &fields)?.number.into())
        }
    }
}

/// The settings, with what they do not say.
fn settings(call: &Call<'_, '_>) -> Result<Value> {
    let given = match call.param("settings") {
        None | Some(Value::Null) => Map::new(),
        Some(given) if given.is_array() => given.clone().into_map().unwrap_or_default(),
        _ => return Err(wrong("SETTINGS_FORMAT", "The value of the settings key must be valid JSON").into()),
    };
    let mut settings = given;
    let usual: [(&str, Value); 3] = [
        ("code_alias", "ChatGPT".into()),
        ("model_context_type", "token".into()),
        ("model_context_limit", 15_666.into()),
    ];
    for (name, value) in usual {
        if settings.get(name).is_none() {
            settings.push(name, value);
        }
    }
    Ok(settings.into_value())
}

fn unregister(call: &mut Call<'_, '_>) -> Result<Value> {
    require_admin(call)?;
    let Some(code) = call.text("code") else { return Ok(false.into()) };
    let scope = ENGINE.grant(call, Act::Delete)?;
    let found = noun::rows(call, &ENGINE, &scope, &[("code", Param::from(code))])?;
    for row in &found {
        noun::clear(call, &ENGINE, &[("id", Param::from(row.number))])?;
    }
    Ok((!found.is_empty()).into())
}
