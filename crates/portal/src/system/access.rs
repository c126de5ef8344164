//! `user.admin`, `user.access` and `access.name`: rights, and the codes by which rights are given.
//!
//! Codes: `U7` a user, `D3` a department, `DR3` a department with those below it, `AU` everybody who signed
//! in, `G1` administrators, `G2` everybody.

use std::collections::HashMap;

use serde_json::json;
use wire::{Map, Value};

use engine::call::Call;
use engine::error::Result;
use engine::method::{GLOBAL, Kind, Method, read, required};
use engine::scopes;
use engine::texts::Topic;
use people::department;
use people::user::fields::USER;

/// A department with those below it.
const WHOLE: &str = "{name} (with subdepartments)";

/// Names of codes that no user or department has.
pub const NAMES: [&str; 7] = [
    "All authorized users",
    "All visitors",
    "Administrators",
    "Users",
    "User groups",
    "Company structure",
    WHOLE,
];

/// The three methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("user.admin", GLOBAL, admin)
            .about("Checks whether the webhook acts as an administrator.")
            .example(json!({}), json!(true)),
        read("user.access", GLOBAL, access)
            .about("Checks whether the webhook's owner has at least one of the access codes.")
            .param(required("ACCESS", Kind::Any, "Access code or a list of codes: U1, D2, DR1, AU, .."))
            .own_words()
            .example(json!({"ACCESS": ["AU", "U1"]}), json!(true)),
        read("access.name", GLOBAL, name)
            .about("Returns the names of access codes; of users and departments only with their scopes.")
            .param(required("ACCESS", Kind::List, "Access codes: U1, D2, DR1, AU, .."))
            .own_words()
            .example(
                json!({"ACCESS": ["AU", "U1"]}),
                json!({
                    "AU": {"provider": "", "name": "All authorized users", "provider_id": "other"},
                    "U1": {"provider": "Users", "name": "Ada Berg", "provider_id": "user"},
                }),
            )
            .example(json!({"ACCESS": []}), json!(false)),
    ]
}

fn admin(call: &mut Call<'_, '_>) -> Result<Value> {
    Ok(call.caller.is_admin.into())
}

fn access(call: &mut Call<'_, '_>) -> Result<Value> {
    let asked = codes(call);
    let own = call.meta.directory.access_codes(call.caller.user_id);
    let has = !asked.is_empty() && (call.caller.is_admin || asked.iter().any(|code| own.contains(code)));
    Ok(has.into())
}

fn name(call: &mut Call<'_, '_>) -> Result<Value> {
    // One code as a text is no list of codes here.
    let is_list = call.param("ACCESS").is_some_and(|given| given.text().is_none());
    let asked = if is_list { codes(call) } else { Vec::new() };
    if asked.is_empty() {
        return Ok(false.into());
    }
    let known: Vec<String> = asked.iter().filter(|code| is_nameable(call, code)).cloned().collect();
    let users = names(call, &known, &["U"], "SELECT id, name, last_name, email FROM portal_user")?;
    let departments = names(call, &known, &["DR", "D"], "SELECT id, name, NULL, name FROM department")?;
    let language = call.language;
    let text = |english| language.text(Topic::Names, english);
    let mut map = Map::with_capacity(asked.len());
    for code in &asked {
        let (kind, id) = split(code);
        let known = |names: &HashMap<i64, String>| id.and_then(|id| names.get(&id).cloned());
        let described = match (kind, id) {
            ("AU", None) => Some(("", text("All authorized users").to_owned(), "other")),
            ("G", Some(2)) => Some(("", text("All visitors").to_owned(), "other")),
            ("G", Some(1)) => Some((text("User groups"), text("Administrators").to_owned(), "group")),
            ("U", _) => known(&users).map(|name| (text("Users"), name, "user")),
            ("D", _) => known(&departments).map(|name| (text("Company structure"), name, "intranet")),
            ("DR", _) => known(&departments)
                .map(|name| (text("Company structure"), text(WHOLE).replace("{name}", &name), "intranet")),
            _ => None,
        };
        if let Some((provider, name, provider_id)) = described {
            let mut entry = Map::with_capacity(3);
            entry.push("provider", provider);
            entry.push("name", name);
            entry.push("provider_id", provider_id);
            map.insert(code.as_str(), Value::Map(entry));
        }
    }
    Ok(map.into())
}

/// Whether a code's name is shown to this webhook: those of people and departments are where its scopes show them, and
/// that of its owner, which `profile` tells everybody.
fn is_nameable(call: &Call<'_, '_>, code: &str) -> bool {
    let scopes = &call.caller.scopes;
    match split(code) {
        ("U", id) => id == Some(call.caller.user_id) || USER.tier_of(scopes).is_some(),
        ("D" | "DR", _) => scopes::split(scopes).any(|scope| scope == department::SCOPE),
        _ => true,
    }
}

/// The codes asked for: one text, or a list.
fn codes(call: &Call<'_, '_>) -> Vec<String> {
    let given = call.param("ACCESS").unwrap_or(&Value::Null);
    let texts = given.each().filter_map(Value::text);
    texts.filter(|code| !code.is_empty()).map(std::borrow::Cow::into_owned).collect()
}

/// `DR12` as `DR` and 12.
fn split(code: &str) -> (&str, Option<i64>) {
    let at = code.find(|c: char| c.is_ascii_digit()).unwrap_or(code.len());
    (&code[..at], code[at..].parse().ok())
}

/// Names by id of what is asked for under these kinds of codes; `sql` gives id, two parts of a name, and what
/// stands for it when both are empty.
fn names(
    call: &mut Call<'_, '_>,
    asked: &[String],
    kinds: &[&str],
    sql: &str,
) -> Result<HashMap<i64, String>> {
    let wanted = asked.iter().map(|code| split(code)).filter(|(kind, _)| kinds.contains(kind));
    let ids: Vec<i64> = wanted.filter_map(|(_, id)| id).collect();
    let names = call.tx.all_among(&format!("{sql} WHERE id IN (#)"), &[], &ids, |row| {
        let parts = [row.opt_text(1)?, row.opt_text(2)?];
        let name = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        Ok((row.int(0)?, if name.is_empty() { row.text(3)?.to_owned() } else { name }))
    })?;
    Ok(names.into_iter().collect())
}
