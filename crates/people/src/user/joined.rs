//! `ONUSERADD`: somebody is here. Not when an administrator adds a user, which is an invitation, but when that
//! user signs in for the first time (protocol, appendix B).

use std::sync::Arc;

use serde_json::json;
use store::Tx;
use wire::{Map, Text, Value};

use super::fields::USER;
use super::{SCOPE, TABLE};
use engine::error::Result;
use engine::event::{Event, Happening, Notice, Recipient, event};
use engine::moment::{self, Moment};
use engine::{Core, Shared};
use webhooks::outbound::enqueue;

const EVENT: &str = "ONUSERADD";

/// The columns that are sent, under their names in capitals; empty ones as empty text.
const COLUMNS: [&str; 9] = [
    "active",
    "email",
    "name",
    "last_name",
    "personal_gender",
    "personal_birthday",
    "date_register",
    "work_position",
    "uf_employment_date",
];

/// The event.
pub fn declared() -> Event {
    let data = json!({
        "ID": 2,
        "ACTIVE": "Y",
        "EMAIL": "ines@example.com",
        "NAME": "Ines",
        "LAST_NAME": "Vogel",
        "PERSONAL_GENDER": "F",
        "PERSONAL_BIRTHDAY": "1990-04-30",
        "UF_DEPARTMENT": [2],
        "DATE_REGISTER": "2026-06-01T00:00:00+00:00",
        "WORK_POSITION": "Sales",
        "UF_EMPLOYMENT_DATE": "2026-06-01",
    });
    event(EVENT, SCOPE, "A user signed in for the first time.", data)
}

/// Raises it, for each webhook with what its owner may see of users. The courier finds what is due by itself; nobody waits for this event.
pub fn tell(tx: &mut Tx<'_>, core: &Core, user_id: i64, now: Moment) -> Result<()> {
    let Shared { meta, settings } = core.current(tx)?;
    if !core.modules.hears(&meta, EVENT) {
        return Ok(());
    }
    let Some(data) = data(tx, core, user_id, meta.directory.departments_of(user_id))? else { return Ok(()) };
    let notices = [None, Some(0), Some(1), Some(2)].map(|tier| Notice {
        event: Text::const_new(EVENT),
        happening: Happening {
            object: format!("user:{user_id}"),
            data: shown(&data, tier).into(),
            changed: None,
        },
        hop: 0,
        origin: 0,
        to: None,
        may_know: Arc::new(move |recipient| tier_of(recipient) == tier),
        meta: Arc::clone(&meta),
    });
    enqueue(tx, &settings, &notices, None, now).map(drop)
}

/// How much of a user a webhook is told: everything when its owner is an administrator, else what the inbound webhook
/// beside it could read.
fn tier_of(recipient: Recipient<'_>) -> Option<usize> {
    if recipient.is_admin { Some(USER.tiers.len() - 1) } else { USER.tier_of(recipient.scopes) }
}

/// The part of the data that a tier shows; without one, the number alone.
fn shown(data: &Map, tier: Option<usize>) -> Map {
    let is_open =
        |name: &str| USER.fields.iter().any(|own| own.upper_name() == name && Some(USER.tier(own)) <= tier);
    let open = data.iter().filter(|(name, _)| *name == "ID" || is_open(name));
    open.map(|(name, value)| (Text::new(name), value.clone())).collect()
}

/// The event's data; `None` when there is no such user. Who is in no department has no `UF_DEPARTMENT`.
fn data(tx: &mut Tx<'_>, core: &Core, user_id: i64, departments: &[i64]) -> Result<Option<Map>> {
    let departments: Vec<Value> = departments.iter().map(|id| Value::Int(*id)).collect();
    let sql = format!("SELECT {} FROM {TABLE} WHERE id = ?", COLUMNS.join(", "));
    let found = tx.one(&sql, &[user_id.into()], |row| {
        let mut data = Map::with_capacity(COLUMNS.len() + 2);
        data.push("ID", user_id);
        for (at, column) in COLUMNS.into_iter().enumerate() {
            let stored = row.opt_text(at)?.unwrap_or_default();
            let name = column.to_ascii_uppercase();
            if column == "date_register" {
                data.push("UF_DEPARTMENT", departments.clone());
                data.push(name, moment::print_day(&core.zone(), stored));
            } else {
                data.push(name, stored);
            }
        }
        Ok(data)
    })?;
    Ok(found)
}
