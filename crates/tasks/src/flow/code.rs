//! Who is what to a flow, as access codes: `U7` a user, `D3` a department, `DR3` one with those below it, `AU` everybody.
//! Requests and answers have them as pairs: `["user", "7"]`, `["department", "3:F"]`, `["department", "3"]`,
//! `["meta-user", "all-users"]`.

use std::collections::{BTreeSet, HashSet};

use engine::call::Call;
use engine::directory;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, Face, ID, Noun, Row, field, noun};
use serde_json::{Value as Json, json};
use store::Param;
use wire::{Map, Value};

use super::invalid;
use crate::SCOPE;

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
        let is_there = match Whom::of(&pair) {
            Some(whom) => whom.is_there(call)?,
            None => false,
        };
        if !is_there {
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

/// Whom a pair means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whom {
    User(i64),
    /// The people of a department, and of those below it when `deep`.
    Department {
        id: i64,
        deep: bool,
    },
    Everybody,
}

impl Whom {
    fn of(pair: &Json) -> Option<Self> {
        let (kind, id) = (pair[0].as_str()?, pair[1].as_str()?);
        let number = |id: &str| id.parse::<u32>().ok().filter(|id| *id > 0).map(i64::from);
        match kind {
            "user" => Some(Whom::User(number(id)?)),
            "department" => {
                let alone = id.strip_suffix(":F");
                Some(Whom::Department { id: number(alone.unwrap_or(id))?, deep: alone.is_none() })
            }
            "meta-user" if id == "all-users" => Some(Whom::Everybody),
            _ => None,
        }
    }

    fn code(self) -> String {
        match self {
            Whom::User(id) => format!("U{id}"),
            Whom::Department { id, deep: false } => format!("D{id}"),
            Whom::Department { id, deep: true } => format!("DR{id}"),
            Whom::Everybody => "AU".to_owned(),
        }
    }

    fn is_there(self, call: &mut Call<'_, '_>) -> Result<bool> {
        match self {
            Whom::User(user) => directory::is_active(call.tx, user),
            Whom::Department { id, .. } => {
                let sql = "SELECT 1 FROM department WHERE id = ?";
                Ok(call.tx.one(sql, &[id.into()], |row| row.int(0))?.is_some())
            }
            Whom::Everybody => Ok(true),
        }
    }
}

/// Whom the pairs in a list field mean.
fn meant(row: &Row, name: &str) -> Vec<Whom> {
    row.json(name).as_array().into_iter().flatten().filter_map(Whom::of).collect()
}

/// The access codes of the pairs in a list field.
pub fn codes(row: &Row, name: &str) -> Vec<String> {
    meant(row, name).into_iter().map(Whom::code).collect()
}

/// Has a flow have these codes of one part.
pub fn write(call: &mut Call<'_, '_>, flow: i64, part: &'static str, codes: Vec<String>) -> Result<()> {
    noun::clear(call, &CODE, &[("flowId", flow.into()), ("part", part.into())])?;
    codes.into_iter().try_for_each(|code| put(call, flow, part, code))
}

/// Adds one.
pub fn put(call: &mut Call<'_, '_>, flow: i64, part: &'static str, code: String) -> Result<()> {
    let given = Map::from([("FLOW_ID", flow.into()), ("PART", part.into()), ("CODE", code.into())]);
    noun::put(call, &CODE, &given).map(drop)
}

/// The people whom the pairs of a list field mean, as far as they were not dismissed: in the order of the pairs, each once.
pub fn people(call: &mut Call<'_, '_>, row: &Row, name: &str) -> Result<Vec<i64>> {
    let meant = meant(row, name);
    if meant.is_empty() {
        return Ok(Vec::new());
    }
    let active = active(call, &meant)?;
    let (mut people, mut known) = (Vec::new(), HashSet::new());
    for whom in meant {
        let users = match whom {
            Whom::User(user) => vec![user],
            Whom::Department { id, deep } => call.meta.directory.members_of(id, deep),
            Whom::Everybody => active.iter().copied().collect(),
        };
        people.extend(users.into_iter().filter(|user| active.contains(user) && known.insert(*user)));
    }
    Ok(people)
}

/// Those who were not dismissed: of the users who are meant, or of all when others are.
fn active(call: &mut Call<'_, '_>, meant: &[Whom]) -> Result<BTreeSet<i64>> {
    let user = |whom: &Whom| if let Whom::User(user) = whom { Some(Param::from(*user)) } else { None };
    let named: Option<Vec<Param<'_>>> = meant.iter().map(user).collect();
    let mut sql = "SELECT id FROM portal_user WHERE active = 'Y'".to_owned();
    if let Some(named) = &named {
        sql += &format!(" AND id IN ({})", store::placeholders(named.len()));
    }
    let mut users = BTreeSet::new();
    call.tx.query(&sql, &named.unwrap_or_default(), |row| {
        users.insert(row.int(0)?);
        Ok(())
    })?;
    Ok(users)
}
