//! Roles: `landing.role.*`. They are given to access codes, and say what these may do with sites.

use engine::call::Call;
use engine::entity::{Kind, Row};
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::moment::Moment;
use engine::noun::{self, Access, Face, ID, Noun, Seed, field, noun};
use engine::texts::{Locale, Topic};
use serde_json::json;
use store::Tx;
use wire::{Map, Value};

use crate::access::{self, DENIED, Op, section};
use crate::refusal::{FAULTS, coded, flag, number, require, require_array};
use crate::{SCOPE, scoped};

const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::flat("landing.role", "id") };

/// Access codes, and sites that a role has rights for, at most.
const MOST: usize = 500;

/// Roles.
pub static ROLE: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        ID,
        field("title", Kind::String, "Name").required(),
        field("xmlId", Kind::String, "Code"),
        field("section", Kind::String, "Section"),
        field("additional", Kind::Json, "Further rights"),
    ],
    faces: &[FACE],
    ..noun("landing.role", "landing_role", SCOPE, ["role for sites", "roles for sites"])
};

/// The roles that there are from the start: in each section one for administrators and one that lets everybody work with
/// sites.
pub const SEED: Seed = Seed { name: "landing.roles", names: || vec!["Administrator", "Manager"], seed };

fn prefix(section: &str) -> &'static str {
    match section {
        "KNOWLEDGE" => "knowledge_",
        "GROUP" => "group_",
        "MAINPAGE" => "vibe_",
        _ => "",
    }
}

fn seed(tx: &mut Tx<'_>, locale: Locale, _: Moment) -> Result<()> {
    for section in ["", "KNOWLEDGE", "GROUP", "MAINPAGE"] {
        for (xml_id, name, code) in [("ADMIN", "Administrator", None), ("MANAGER", "Manager", Some("AU"))] {
            let prefix = prefix(section);
            let additional = json!([format!("{prefix}menu24"), format!("{prefix}create")]).to_string();
            let title = locale.text(Topic::Names, name).to_owned();
            let sql = "INSERT INTO landing_role (title, xml_id, section, additional) VALUES (?, ?, ?, ?)";
            let role = tx.insert(sql, &[title.into(), xml_id.into(), section.into(), additional.into()])?;
            for op in Op::ALL {
                let sql = "INSERT INTO landing_role_right (role_id, site_id, operation) VALUES (?, 0, ?)";
                tx.execute(sql, &[role.into(), op.code().into()])?;
            }
            if let Some(code) = code {
                let sql = "INSERT INTO landing_role_code (role_id, access_code) VALUES (?, ?)";
                tx.execute(sql, &[role.into(), code.into()])?;
            }
        }
    }
    Ok(())
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let one = |method: Method| scoped(method).param(required("id", method::Kind::Id, "Role"));
    let rights = required("rights", method::Kind::Fields, "Operations by site; 0 for all others");
    let codes = optional("codes", method::Kind::List, "Access codes");
    vec![
        read("landing.role.isEnabled", SCOPE, is_enabled)
            .own_words()
            .about("Returns whether roles decide, and not the rights of each site.")
            .example(json!({}), json!(true)),
        scoped(write("landing.role.enable", SCOPE, enable))
            .about("Has roles decide, or the rights of each site.")
            .param(required("mode", method::Kind::Flag, "1 for roles, 0 for the rights of each site"))
            .example(json!({"mode": 1}), json!(true)),
        scoped(read("landing.role.getList", SCOPE, list))
            .about("Returns the roles of a section.")
            .example(json!({}), json!([{"ID": "1", "XML_ID": "ADMIN"}, {"ID": "2", "XML_ID": "MANAGER"}])),
        one(read("landing.role.getRights", SCOPE, rights_of))
            .about("Returns what a role may do, by site.")
            .example(json!({"id": 2}), json!([["read", "edit", "sett", "public", "delete"]])),
        one(write("landing.role.setRights", SCOPE, set_rights))
            .about("Replaces what a role may do, by site.")
            .param(rights)
            .param(optional("additional", method::Kind::List, "Further rights: menu24, create"))
            .example(json!({"id": 2, "rights": {"0": ["read"], "1": ["read", "edit"]}}), json!(true)),
        one(write("landing.role.setAccessCodes", SCOPE, set_codes))
            .about("Replaces who has a role.")
            .param(codes)
            .example(json!({"id": 2, "codes": ["AU"]}), json!(true)),
    ]
}

/// Rights are set by administrators.
///
/// # Errors
/// `IS_NOT_ADMIN`
pub fn require_admin(call: &Call<'_, '_>) -> Result<()> {
    if call.caller.is_admin {
        return Ok(());
    }
    Err(coded("IS_NOT_ADMIN", "To perform this action, you must be an administrator.").into())
}

fn is_enabled(call: &mut Call<'_, '_>) -> Result<Value> {
    require_admin(call)?;
    Ok(access::by_roles(call.tx)?.into())
}

fn enable(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["mode"])?;
    require_admin(call)?;
    let mode = flag(call.param("mode")).unwrap_or(false);
    access::set_by_roles(call.tx, mode)?;
    Ok(true.into())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    require_admin(call)?;
    let section = section(&call.text("scope").unwrap_or_default());
    let sql = "SELECT id, title, xml_id FROM landing_role WHERE section = ? ORDER BY id";
    let rows = call.tx.all(sql, &[section.into()], |row| {
        let mut map = Map::with_capacity(3);
        map.push("ID", row.int(0)?.to_string());
        map.push("TITLE", row.text(1)?);
        map.push("XML_ID", row.opt_text(2)?.unwrap_or_default());
        Ok(map.into_value())
    })?;
    Ok(rows.into())
}

/// The role that a call names, when it belongs to the section that the call is about.
fn role(call: &mut Call<'_, '_>) -> Result<Row> {
    require_admin(call)?;
    let id = number(call, "id")?;
    let section = section(&call.text("scope").unwrap_or_default());
    let role = noun::again(call, &ROLE, id)?.filter(|role| role.text("section") == section);
    let text = "The role does not belong to the specified section.";
    Ok(role.ok_or_else(|| coded("ROLE_SCOPE_MISMATCH", text))?)
}

fn rights_of(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["id"])?;
    let role = role(call)?;
    let mut rights: Vec<(i64, Vec<String>)> = Vec::new();
    let sql = "SELECT site_id, operation FROM landing_role_right WHERE role_id = ? ORDER BY site_id";
    call.tx.query(sql, &[role.number.into()], |row| {
        let (site, operation) = (row.int(0)?, row.text(1)?.to_owned());
        match rights.last_mut().filter(|(last, _)| *last == site) {
            Some((_, operations)) => operations.push(operation),
            None => rights.push((site, vec![operation])),
        }
        Ok(())
    })?;
    let shown = rights.into_iter().map(|(site, given)| (site.to_string().into(), in_order(&given)));
    let shown: Map = shown.collect();
    Ok(if shown.is_empty() { Vec::new().into() } else { shown.into_value() })
}

/// Operations in the order in which answers list them.
pub fn in_order(given: &[String]) -> Value {
    let known = std::iter::once(DENIED).chain(Op::ALL.into_iter().map(Op::code));
    known.filter(|code| given.iter().any(|given| given == code)).map(Value::from).collect::<Vec<_>>().into()
}

/// The operations that a request gives: nothing beside a denial, and to see comes with everything else.
pub fn operations(value: &Value) -> Vec<&'static str> {
    let named = |code: &str| value.each().filter_map(Value::text).any(|given| given == code);
    if named(DENIED) {
        return vec![DENIED];
    }
    Op::ALL.into_iter().filter(|op| *op == Op::Read || named(op.code())).map(Op::code).collect()
}

fn set_rights(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["id", "rights"])?;
    let role = role(call)?;
    require_array(call, "rights")?;
    let rights = call.param("rights").cloned().unwrap_or_default();
    call.tx.execute("DELETE FROM landing_role_right WHERE role_id = ?", &[role.number.into()])?;
    for (site, given) in rights.entries().take(MOST) {
        let Ok(site) = site.parse::<i64>() else { continue };
        for operation in operations(given) {
            let sql = "INSERT INTO landing_role_right (role_id, site_id, operation) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
            call.tx.execute(sql, &[role.number.into(), site.into(), operation.into()])?;
        }
    }
    if let Some(additional) = call.param("additional").cloned() {
        let prefix = prefix(role.text("section"));
        let known = ["menu24", "create"].map(|code| format!("{prefix}{code}"));
        let kept: Vec<Value> = additional
            .each()
            .filter_map(Value::text)
            .filter(|code| known.iter().any(|known| known == code))
            .map(|code| code.into_owned().into())
            .collect();
        noun::amend(call, &ROLE, &FACE, role.number, &Map::from([("ADDITIONAL", kept.into())]))?;
    }
    Ok(true.into())
}

fn set_codes(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["id"])?;
    let role = role(call)?;
    require_array(call, "codes")?;
    let codes = call.param("codes").cloned().unwrap_or_default();
    call.tx.execute("DELETE FROM landing_role_code WHERE role_id = ?", &[role.number.into()])?;
    for code in
        codes.items().filter_map(Value::text).filter(|code| !code.is_empty() && code.len() <= 50).take(MOST)
    {
        let sql = "INSERT INTO landing_role_code (role_id, access_code) VALUES (?, ?) ON CONFLICT DO NOTHING";
        call.tx.execute(sql, &[role.number.into(), code.into_owned().into()])?;
    }
    Ok(true.into())
}
