//! People as messengers show them, the same keys everywhere.

mod methods;

use std::collections::HashMap;

use engine::call::Call;
use engine::directory::whole_name;
use engine::entity::field;
use engine::error::Result;
use engine::{Moment, files, moment};
use store::Row;
use wire::{Map, Value};

use crate::color;
pub use methods::{ids, methods};

/// The same user with camelCase names.
pub fn camel(person: Value) -> Value {
    let Value::Map(person) = person else { return person };
    let renamed = person.into_iter().map(|(name, value)| (field::camel(&name).into(), value));
    renamed.collect::<Map>().into()
}

/// Those of these users that there are, in this order.
pub fn list(call: &mut Call<'_, '_>, ids: &[i64]) -> Result<Vec<Value>> {
    let mut found = by_id(call, ids)?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).map(Value::from).collect())
}

/// The user with this number.
pub fn one(call: &mut Call<'_, '_>, id: i64) -> Result<Option<Map>> {
    Ok(by_id(call, &[id])?.remove(&id))
}

/// These users by their numbers.
pub fn by_id(call: &mut Call<'_, '_>, ids: &[i64]) -> Result<HashMap<i64, Map>> {
    let sql = format!(
        "SELECT u.id, u.personal_photo, u.last_activity_date, s.idle, u.active, s.status, {}, u.date_register, u.bot \
         FROM portal_user u LEFT JOIN im_status s ON s.user_id = u.id WHERE u.id IN (#)",
        TEXTS.map(|column| format!("u.{column}")).join(", ")
    );
    let found = call.tx.all_among(&sql, &[], ids, Read::of)?;
    Ok(found.into_iter().map(|read| (read.id, read.show(call))).collect())
}

/// Columns of texts.
const TEXTS: [&str; 11] = [
    "name",
    "last_name",
    "email",
    "work_position",
    "personal_gender",
    "personal_birthday",
    "work_phone",
    "personal_mobile",
    "personal_phone",
    "uf_phone_inner",
    "personal_www",
];

/// What is read of a user.
struct Read {
    id: i64,
    photo: Option<i64>,
    seen: Option<i64>,
    idle: Option<i64>,
    active: bool,
    status: String,
    texts: [String; TEXTS.len()],
    registered: Option<String>,
    is_bot: bool,
}

impl Read {
    fn of(row: &Row<'_>) -> std::result::Result<Self, store::Error> {
        let mut texts = [const { String::new() }; TEXTS.len()];
        for (at, text) in texts.iter_mut().enumerate() {
            row.opt_text(6 + at)?.unwrap_or_default().clone_into(text);
        }
        Ok(Read {
            id: row.int(0)?,
            photo: row.opt_int(1)?,
            seen: row.opt_int(2)?,
            idle: row.opt_int(3)?,
            active: row.text(4)? == "Y",
            status: row.opt_text(5)?.unwrap_or("online").to_owned(),
            texts,
            registered: row.opt_text(6 + TEXTS.len())?.map(str::to_owned),
            is_bot: !row.text(7 + TEXTS.len())?.is_empty(),
        })
    }

    fn show(self, call: &Call<'_, '_>) -> Map {
        let zone = &call.caller.zone;
        let print = |at: Option<i64>| at.map_or(Value::Bool(false), |at| moment::print(zone, at).into());
        let [name, last_name, email, position, gender, birthday, work, mobile, home, inner, site] =
            &self.texts;
        let departments = call.meta.directory.departments_of(self.id);
        let is_extranet = departments.is_empty() && !self.is_bot;
        let avatar = self.photo.map_or_else(String::new, |photo| picture(call, photo));
        let mut map = Map::with_capacity(28);
        map.push("id", self.id);
        map.push("active", self.active);
        map.push("name", whole_name(name, last_name, email));
        map.push("first_name", name.as_str());
        map.push("last_name", last_name.as_str());
        map.push("work_position", position.as_str());
        map.push("color", color::of_number(self.id));
        map.push("avatar", avatar.as_str());
        map.push("avatar_hr", avatar.as_str());
        map.push("gender", if gender == "F" { "F" } else { "M" });
        map.push("birthday", day_and_month(birthday));
        map.push("extranet", is_extranet);
        map.push("network", false);
        map.push("bot", self.is_bot);
        map.push("connector", false);
        map.push("external_auth_id", if self.is_bot { "bot" } else { "default" });
        map.push("status", self.status.as_str());
        map.push("idle", print(self.idle));
        // Whoever was never seen since: the day on which they came.
        let came = self.registered.as_deref().map(|day| moment::print_day(zone, day).into());
        map.push(
            "last_activity_date",
            if self.seen.is_some() { print(self.seen) } else { came.unwrap_or(Value::Bool(false)) },
        );
        map.push("mobile_last_date", false);
        map.push("desktop_last_date", false);
        map.push("absent", false);
        map.push("departments", departments.iter().map(|id| Value::Int(*id)).collect::<Vec<_>>());
        let phones = [
            ("work_phone", work),
            ("personal_mobile", mobile),
            ("personal_phone", home),
            ("inner_phone", inner),
        ];
        let phones: Map = phones
            .into_iter()
            .filter(|(_, phone)| !phone.is_empty())
            .map(|(name, phone)| (name.into(), phone.as_str().into()))
            .collect();
        map.push("phones", if phones.is_empty() { Value::Bool(false) } else { phones.into() });
        map.push("bot_data", Value::Null);
        let kind = match (self.is_bot, is_extranet) {
            (true, _) => "bot",
            (false, true) => "extranet",
            (false, false) => "user",
        };
        map.push("type", kind);
        map.push("website", site.as_str());
        map.push("email", if self.is_bot { "" } else { email.as_str() });
        map
    }
}

/// A link to a picture, the same one for a while: pages that show it need not load it anew with every answer.
pub fn picture(call: &Call<'_, '_>, file: i64) -> String {
    let now = call.now.seconds();
    files::link(call.core, file, Moment((now - now % PICTURE) * 1_000_000))
}

/// Seconds for which a link to a picture stays the same.
const PICTURE: i64 = 600;

/// `1990-05-15` as `15-05`.
fn day_and_month(day: &str) -> String {
    match day.split('-').collect::<Vec<_>>()[..] {
        [_, month, day] => format!("{day}-{month}"),
        _ => String::new(),
    }
}
