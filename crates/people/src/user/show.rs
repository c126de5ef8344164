//! Users as the wire shows them (protocol 6.1), reduced to what the webhook's scopes open.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use store::{Cell, Param, Row};
use wire::{Map, Text, Value};

use super::TABLE;
use super::fields::{Tier, fields};
use engine::Core;
use engine::call::Call;
use engine::entity::{Entity, Field, Kind, Naming, Place, codec, table};
use engine::error::Result;
use engine::files;
use engine::meta::Meta;
use engine::moment::{DateFormat, Moment};
use engine::scopes;

/// How many seconds after having been seen somebody still counts as online.
pub const ONLINE: i64 = 24 * 60;

/// Shown even when empty, as in the documented answers; other fields are then left out unless asked for by
/// their names.
const ALWAYS: [&str; 18] = [
    "ID",
    "XML_ID",
    "ACTIVE",
    "NAME",
    "LAST_NAME",
    "EMAIL",
    "LAST_LOGIN",
    "DATE_REGISTER",
    "TIME_ZONE",
    "IS_ONLINE",
    "TIMESTAMP_X",
    "LAST_ACTIVITY_DATE",
    "PERSONAL_GENDER",
    "PERSONAL_BIRTHDAY",
    "WORK_POSITION",
    "UF_EMPLOYMENT_DATE",
    "UF_DEPARTMENT",
    "USER_TYPE",
];

/// The table of users with the fields that the caller's scopes open (protocol 7.3). The user fields of users
/// are open to `user`, and to the reduced scopes together with `user.userfield`.
pub fn visible(call: &Call<'_, '_>) -> Arc<Entity> {
    static REDUCED: LazyLock<[Arc<Entity>; 2]> = LazyLock::new(|| [Tier::Brief, Tier::Basic].map(reduced));
    // Who got here without any of the scopes of users is the portal itself.
    let known = match Tier::of(&call.caller.scopes) {
        Some(Tier::Brief) => &REDUCED[0],
        Some(Tier::Basic) => &REDUCED[1],
        Some(Tier::Full) | None => return super::table_with_user_fields(&call.meta),
    };
    let mut table = Arc::clone(known);
    if scopes::split(&call.caller.scopes).any(|scope| scope == "user.userfield") {
        let whole = super::table_with_user_fields(&call.meta);
        let own = whole.fields.iter().filter(|field| field.user.is_some());
        Arc::make_mut(&mut table).fields.extend(own.cloned());
    }
    table
}

fn reduced(tier: Tier) -> Arc<Entity> {
    let shown = fields().iter().filter(|own| own.tier <= tier);
    Arc::new(table::described(TABLE, "User", shown.map(|own| own.field.clone()).collect()))
}

/// The moments that the real system does not print as ISO 8601 (protocol 6.1): as text in `user.current`, and
/// in its lists as PHP encodes an object of a class of its own, without anything in it.
const BARE: [&str; 2] = ["TIMESTAMP_X", "LAST_ACTIVITY_DATE"];

/// Which fields to show.
pub struct Shown<'t> {
    fields: Vec<&'t Field>,
    /// Whether the moments of [`BARE`] are shown as lists show them.
    hollow: bool,
    /// Names that the request spelled out.
    named: Vec<Text>,
}

impl<'t> Shown<'t> {
    /// The fields that a `select` names: `*` all, `UF_*` those that begin so; nothing means all. Unknown names
    /// are skipped.
    pub fn in_list(table: &'t Entity, select: &[Text]) -> Self {
        let named: Vec<Text> = select.iter().map(|name| name.to_ascii_uppercase()).collect();
        let has = |name: &str| named.iter().any(|named| named == name);
        let all = named.is_empty() || has("*");
        let wanted =
            |field: &&Field| all || has(&field.code) || (has("UF_*") && field.code.starts_with("UF_"));
        Shown { fields: table.fields.iter().filter(wanted).collect(), hollow: true, named }
    }

    /// All fields, as somebody sees them of oneself.
    pub fn of_oneself(table: &'t Entity) -> Self {
        Shown { hollow: false, ..Shown::in_list(table, &[]) }
    }

    fn is_kept_empty(&self, code: &str) -> bool {
        ALWAYS.contains(&code) || self.named.iter().any(|named| named == code)
    }
}

/// The users with these ids, in this order.
pub fn rows(call: &mut Call<'_, '_>, shown: &Shown<'_>, ids: &[i64]) -> Result<Vec<Value>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let stored = shown.fields.iter().filter(|field| field.place == Place::Column);
    let columns: String = stored.map(|field| format!(", {}", field.column())).collect();
    let placeholders = store::placeholders(ids.len());
    let sql = format!("SELECT id, last_activity_date{columns} FROM {TABLE} WHERE id IN ({placeholders})");
    let params: Vec<Param<'_>> = ids.iter().map(|id| Param::from(*id)).collect();
    let view = View {
        core: call.core,
        meta: &call.meta,
        zone: &call.caller.zone,
        dates: call.settings.dates(),
        now: call.now,
    };
    let mut found = HashMap::with_capacity(ids.len());
    call.tx.query(&sql, &params, |row| {
        found.insert(row.int(0)?, show(row, shown, &view)?.into());
        Ok(())
    })?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// The data beyond the row that showing a user requires.
struct View<'a> {
    core: &'a Core,
    meta: &'a Meta,
    zone: &'a TimeZone,
    dates: DateFormat,
    now: Moment,
}

fn show(row: &Row<'_>, shown: &Shown<'_>, view: &View<'_>) -> std::result::Result<Map, store::Error> {
    let departments = view.meta.directory.departments_of(row.int(0)?);
    let mut map = Map::with_capacity(shown.fields.len());
    let mut column = 2;
    for field in &shown.fields {
        let code = &*field.code;
        let value = match (field.place, code) {
            (Place::Column, code) if shown.hollow && BARE.contains(&code) => {
                column += 1;
                Value::Opaque
            }
            (Place::Column, _) => {
                column += 1;
                show_column(field, row.int(0)?, row.cell(column - 1)?, view)
            }
            (_, "UF_DEPARTMENT") => Value::List(departments.iter().map(|id| Value::Int(*id)).collect()),
            (_, "IS_ONLINE") => {
                let online = row.opt_int(1)?.is_some_and(|seen| seen >= view.now.seconds() - ONLINE);
                Value::from(if online { "Y" } else { "N" })
            }
            (_, "USER_TYPE") => Value::from(if departments.is_empty() { "extranet" } else { "employee" }),
            _ => Value::Null,
        };
        match value {
            Value::Null | Value::Str(_) | Value::List(_) if value.is_empty() => {
                if shown.is_kept_empty(code) {
                    map.push(code, if field.multiple { Value::List(Vec::new()) } else { Value::from("") });
                }
            }
            value => map.push(code, value),
        }
    }
    Ok(map)
}

fn show_column(field: &Field, user: i64, cell: Cell<'_>, view: &View<'_>) -> Value {
    let zone = view.zone;
    match (&*field.code, cell) {
        ("ACTIVE", cell) => Value::Bool(cell == Cell::Text("Y")),
        ("TIMESTAMP_X", Cell::Int(at)) => view.dates.moment(zone, at).into(),
        ("LAST_ACTIVITY_DATE", Cell::Int(at)) => local(zone, at, "%Y-%m-%d %H:%M:%S"),
        (_, cell) if field.kind == Kind::File => {
            let link = |id: i64| match field.user.is_some() {
                true => show_file(&field.code, user, id, view),
                false => files::link(view.core, id, view.now).into(),
            };
            match codec::show(field, cell, Naming::Legacy, zone) {
                Value::List(ids) => ids.iter().filter_map(Value::as_int).map(link).collect::<Vec<_>>().into(),
                one => one.as_int().map(link).into(),
            }
        }
        (_, cell) => codec::show(field, cell, Naming::Legacy, zone),
    }
}

/// A file of a custom field, with what `user.userfield.file.get` asks for.
fn show_file(code: &str, user: i64, id: i64, view: &View<'_>) -> Value {
    let asked = Map::from([("id", Value::from(user)), ("field", code.into()), ("value", id.into())]);
    let link = files::link(view.core, id, view.now);
    Map::from([("id", Value::from(id)), ("showUrl", link.into()), ("downloadData", asked.into())]).into()
}

fn local(zone: &TimeZone, seconds: i64, format: &str) -> Value {
    let at = Timestamp::from_second(seconds).unwrap_or_default();
    Value::from(zone.to_datetime(at).strftime(format).to_string())
}
