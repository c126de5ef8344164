//! Who is what to a flow, as access codes: `U7` a user, `D3` a department, `DR3` one with those below it, `AU` everybody.
//! Requests and answers have them as pairs: `["user", "7"]`, `["department", "3:F"]`, `["department", "3"]`,
//! `["meta-user", "all-users"]`.

use engine::call::Call;
use engine::directory;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, Face, ID, Noun, Row, field, noun};
use serde_json::{Value as Json, json};
use wire::Value;

use super::invalid;
use crate::SCOPE;
use crate::chat::map;

/// Pairs that one list of a flow has at most.
const MOST: usize = 100;

/// The codes of flows.
pub static CODE: Noun = Noun {
    access: Access::Through("flowId"),
    fields: &[
        ID,
        field("flowId", Kind::Noun("tasks.flow"), "Flow").required().immutable().indexed(),
        field("part", Kind::String, "T of the team, C gives tasks, P pinned it").required(),
        field("code", Kind::String, "Access code").required().indexed(),
    ],
    faces: &[Face { verbs: &[], ..Face::legacy("tasks.flowcode") }],
    ..noun("tasks.flowcode", "tasks_flow_code", SCOPE, ["access code of a flow", "access codes of flows"])
};

/// Everybody, as a pair.
pub fn everybody() -> Json {
    json!([["meta-user", "all-users"]])
}

/// The pairs that a request gives, also as an object of type and ID, with people and departments that there are.
///
/// # Errors
/// The refusal of what is none.
pub fn read(call: &mut Call<'_, '_>, name: &str, given: &Value) -> Result<Json> {
    let pairs = pairs(given);
    if pairs.is_empty() || pairs.len() > MOST {
        return Err(invalid(name).into());
    }
    let mut kept: Vec<Json> = Vec::with_capacity(pairs.len());
    for (kind, id) in pairs {
        let pair = json!([kind, id]);
        let code = code(&pair).ok_or_else(|| invalid(name))?;
        if !is_there(call, &code)? {
            return Err(invalid(name).into());
        }
        if !kept.contains(&pair) {
            kept.push(pair);
        }
    }
    Ok(kept.into())
}

/// The types and IDs that a request names: pairs, one pair, or an object of them.
fn pairs(given: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.text().map(std::borrow::Cow::into_owned);
    let two = |value: &Value| {
        let mut parts = value.items();
        match (parts.next().and_then(text), parts.next().and_then(text), parts.next()) {
            (Some(kind), Some(id), None) => Some((kind, id)),
            _ => None,
        }
    };
    let named = |value: &Value| {
        let entries = value.entries().filter(|(kind, _)| kind.parse::<u32>().is_err());
        entries.filter_map(|(kind, id)| Some((kind.into_owned(), text(id)?))).collect::<Vec<_>>()
    };
    if let Some(one) =
        two(given).filter(|_| given.items().all(|part| !part.is_array()) && named(given).is_empty())
    {
        return vec![one];
    }
    let mut pairs = named(given);
    for value in given.items().filter(|value| value.is_array()) {
        let named = named(value);
        if named.is_empty() { pairs.extend(two(value)) } else { pairs.extend(named) }
    }
    pairs
}

fn is_there(call: &mut Call<'_, '_>, code: &str) -> Result<bool> {
    let number = |prefix: &str| code.strip_prefix(prefix).and_then(|id| id.parse::<i64>().ok());
    match (number("U"), number("DR").or_else(|| number("D"))) {
        (Some(user), _) => directory::is_active(call.tx, user),
        (None, Some(department)) => {
            let sql = "SELECT 1 FROM department WHERE id = ?";
            Ok(call.tx.one(sql, &[department.into()], |row| row.int(0))?.is_some())
        }
        (None, None) => Ok(true),
    }
}

/// The access code of a pair.
fn code(pair: &Json) -> Option<String> {
    let (kind, id) = (pair[0].as_str()?, pair[1].as_str()?);
    let number = |id: &str| id.parse::<u32>().ok().filter(|id| *id > 0);
    match kind {
        "user" => Some(format!("U{}", number(id)?)),
        "department" => match id.strip_suffix(":F") {
            Some(alone) => Some(format!("D{}", number(alone)?)),
            None => Some(format!("DR{}", number(id)?)),
        },
        "meta-user" if id == "all-users" => Some("AU".to_owned()),
        _ => None,
    }
}

/// The access codes of the pairs in a list field.
pub fn codes(row: &Row, name: &str) -> Vec<String> {
    row.json(name).as_array().into_iter().flatten().filter_map(code).collect()
}

/// Has a flow have these codes of one part.
pub fn write(call: &mut Call<'_, '_>, flow: i64, part: &'static str, codes: Vec<String>) -> Result<()> {
    noun::clear(call, &CODE, &[("flowId", flow.into()), ("part", part.into())])?;
    codes.into_iter().try_for_each(|code| put(call, flow, part, code))
}

/// Adds one.
pub fn put(call: &mut Call<'_, '_>, flow: i64, part: &'static str, code: String) -> Result<()> {
    let given = map([("FLOW_ID", flow.into()), ("PART", part.into()), ("CODE", code.into())]);
    noun::put(call, &CODE, &given).map(drop)
}

/// The people whom the pairs of a list field mean, as far as they were not dismissed: in the order of the pairs, each once.
pub fn people(call: &mut Call<'_, '_>, row: &Row, name: &str) -> Result<Vec<i64>> {
    let mut people: Vec<i64> = Vec::new();
    let mut everybody: Option<Vec<i64>> = None;
    for code in codes(row, name) {
        let meant = match code.strip_prefix('U').and_then(|id| id.parse::<i64>().ok()) {
            Some(user) if directory::is_active(call.tx, user)? => vec![user],
            Some(_) => Vec::new(),
            None => {
                let all = match everybody.take() {
                    Some(all) => all,
                    None => active(call)?,
                };
                let holds = |user: &&i64| call.meta.directory.access_codes(**user).contains(&code);
                let meant = all.iter().filter(holds).copied().collect();
                everybody = Some(all);
                meant
            }
        };
        for user in meant {
            if !people.contains(&user) {
                people.push(user);
            }
        }
    }
    Ok(people)
}

fn active(call: &mut Call<'_, '_>) -> Result<Vec<i64>> {
    let mut users = Vec::new();
    call.tx.query("SELECT id FROM portal_user WHERE active = 'Y' ORDER BY id", &[], |row| {
        users.push(row.int(0)?);
        Ok(())
    })?;
    Ok(users)
}
