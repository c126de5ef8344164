//! `crm.calllist.*`: lists of contacts or companies to be called, with what became of each. An activity stands for a list, and
//! goes with it; calling itself is up to telephony.

mod members;
mod methods;

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::moment;
use engine::noun::{
    self, Access, Face, Faults, Grant, Hooks, ID, Id, LEGACY_FAULTS, Noun, Refusal, Row, Rule, Stamp, Verb,
    field, noun,
};
use store::{Param, Tx};
use wire::{Fault, Map, Value, filter};

use crate::SCOPE;

pub use members::{MEMBER, forget as forget_member};
pub use methods::methods;

/// Call lists.
pub static LIST: Noun = Noun {
    access: Access::Rule(&OwnLists),
    fields: &[
        ID,
        field("dateCreate", Kind::DateTime, "Created").stamped(Stamp::Created),
        field("createdById", Kind::User, "Created by").stamped(Stamp::CreatedBy),
        field("webformId", Kind::Integer, "CRM form"),
        field("entityTypeId", Kind::Integer, "Kind of those to be called").required(),
        field("activityId", Kind::Integer, "Activity").indexed().camel_only(),
    ],
    faces: &[FACE],
    hooks: &Lists,
    ..noun("crm.calllist", "crm_call_list", SCOPE, ["call list", "call lists"])
};

const FACE: Face = Face {
    verbs: &[(Verb::Get, "get"), (Verb::List, "list")],
    id: Id::Param("ID"),
    about: &[
        (Verb::Get, "Returns a call list; crm.calllist.items.get returns who is on it."),
        (Verb::List, "Lists call lists by filter, 50 per page."),
    ],
    faults: Faults { missing: Refusal::Coded("LIST_ID_ERROR", "Incorrect list id"), ..LEGACY_FAULTS },
    ..Face::legacy("crm.calllist")
};

/// Everybody sees which lists there are; only who made a list changes it.
struct OwnLists;

impl Rule for OwnLists {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        Ok(match act {
            Act::Read => Grant::All,
            _ if call.caller.is_admin => Grant::All,
            _ => Grant::Where("t.created_by_id = ?".to_owned(), vec![call.caller.user_id.into()]),
        })
    }
}

struct Lists;

impl Hooks for Lists {
    /// A list names fields that there are.
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        if verb == Verb::Get && call.param("ID").is_none_or(Value::is_empty) {
            return Err(Fault::new(400, "ERROR_ARGUMENT", "ID is not found").into());
        }
        if verb != Verb::List {
            return Ok(());
        }
        let known = |name: &str| LIST.fields.iter().any(|field| field.in_upper && field.upper_name() == name);
        let keys = ["filter", "order"].into_iter().flat_map(|param| call.fields(param));
        let keys = keys.map(|(key, _)| filter::split(&key).1.to_owned());
        let selected = call.param("select").into_iter().flat_map(Value::items);
        let selected = selected.filter_map(|name| Some(name.text()?.into_owned())).filter(|name| name != "*");
        match keys.chain(selected).find(|name| !known(name)) {
            None => Ok(()),
            Some(name) => {
                let text = format!(
                    "Unknown field definition `{name}` ({name}) for \\Bitrix\\Crm\\CallList\\Internals\\CallList Entity."
                );
                Err(Fault::new(400, "100", text).into())
            }
        }
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        noun::clear(call, &MEMBER, &[("listId", row.number.into())])
    }

    /// Times without a zone, and alone the word for the kind.
    fn show(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        whole: bool,
    ) -> Result<()> {
        for (row, map) in rows.iter().zip(shown) {
            if let Some(created) = row.int("dateCreate") {
                let printed = moment::print(&call.caller.zone, created);
                map.insert("DATE_CREATE", printed[..19].replace('T', " "));
            }
            if whole {
                let kind = row.int("entityTypeId").and_then(|kind| call.entity(kind));
                map.push("ENTITY_TYPE", kind.map_or(Value::Null, |kind| kind.code.as_ref().into()));
            }
        }
        Ok(())
    }
}

/// Deletes the call lists that these activities stand for.
pub fn forget(tx: &mut Tx<'_>, activities: &[i64]) -> Result<()> {
    let among = store::placeholders(activities.len());
    let params: Vec<Param<'_>> = activities.iter().map(|id| Param::from(*id)).collect();
    for sql in [
        format!(
            "DELETE FROM crm_call_list_member WHERE list_id IN (SELECT id FROM crm_call_list WHERE activity_id IN ({among}))"
        ),
        format!("DELETE FROM crm_call_list WHERE activity_id IN ({among})"),
    ] {
        tx.execute(&sql, &params)?;
    }
    Ok(())
}
