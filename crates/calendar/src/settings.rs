//! Settings of the calendar, and those of each user: `calendar.settings.get`, `calendar.user.settings.*`.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind as Type;
use engine::error::Result;
use engine::input::yes_no;
use engine::method::{Kind, Method, optional, read, required, write};
use engine::moment::offset;
use engine::noun::{self, Access, Face, Grant, ID, Noun, Row, Rule, field, noun};
use serde_json::{Map as Object, Value as Json, json};
use store::Param;
use wire::{Map, Value};

use crate::SCOPE;
use crate::date::zone_name;
use crate::refusal::{FAULTS, require};
use crate::section;

const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::flat("calendar.usersettings", "ID") };

/// The settings of users, a row each.
pub static SETTINGS: Noun = Noun {
    access: Access::Rule(&Own),
    fields: &[
        ID,
        field("userId", Type::Integer, "User").required().immutable().unique().indexed(),
        field("kept", Type::Json, "Settings"),
    ],
    faces: &[FACE],
    ..noun("calendar.settings", "calendar_settings", SCOPE, ["settings of a user", "settings of users"])
};

/// Everybody has one's own.
#[derive(Debug)]
struct Own;

impl Rule for Own {
    fn grant(&self, call: &mut Call<'_, '_>, _: Act) -> Result<Grant> {
        Ok(Grant::Where("t.user_id = ?".to_owned(), vec![Param::from(call.caller.user_id)]))
    }
}

/// The type of a setting.
#[derive(Clone, Copy)]
enum Setting {
    /// One of these
    Choice(&'static [&'static str]),
    /// A number as text
    Number,
    /// Yes or no
    Flag,
    /// `Y` or `N`
    Letter,
    /// Text
    Text,
    /// An object of numbers as text, by name
    Numbers,
    /// Reminders
    Reminders,
}

/// The settings that people choose, with what they are before.
const CHOSEN: [(&str, Setting, &str); 16] = [
    ("view", Setting::Choice(&["day", "week", "month", "list"]), "month"),
    ("meetSection", Setting::Number, ""),
    ("crmSection", Setting::Number, ""),
    ("showDeclined", Setting::Flag, "false"),
    ("denyBusyInvitation", Setting::Flag, "false"),
    ("collapseOffHours", Setting::Letter, "Y"),
    ("showWeekNumbers", Setting::Letter, "N"),
    ("showTasks", Setting::Letter, "Y"),
    ("syncTasks", Setting::Letter, "N"),
    ("showCompletedTasks", Setting::Letter, "N"),
    ("lastUsedSection", Setting::Text, "false"),
    ("sendFromEmail", Setting::Text, ""),
    ("defaultSections", Setting::Numbers, ""),
    ("syncPeriodPast", Setting::Number, "3"),
    ("syncPeriodFuture", Setting::Number, "12"),
    ("defaultReminders", Setting::Reminders, ""),
];

/// The methods.
pub fn methods() -> Vec<Method> {
    let members = CHOSEN.map(|(name, setting, _)| {
        let kind = match setting {
            Setting::Choice(_) | Setting::Text => Kind::Text,
            Setting::Number => Kind::Int,
            Setting::Flag | Setting::Letter => Kind::Flag,
            Setting::Numbers | Setting::Reminders => Kind::Fields,
        };
        optional(name, kind, "Setting of the user's calendar")
    });
    vec![
        read("calendar.settings.get", SCOPE, get)
            .own_words()
            .about("Returns the settings of the calendar.")
            .example(json!({}), json!({"week_start": "MO", "week_holidays": ["SA", "SU"]})),
        read("calendar.user.settings.get", SCOPE, user_get)
            .own_words()
            .about("Returns the caller's settings of the calendar.")
            .example(json!({}), json!({"view": "month", "meetSection": "1"})),
        write("calendar.user.settings.set", SCOPE, user_set)
            .own_words()
            .about("Changes the caller's settings of the calendar.")
            .param(required("settings", Kind::Fields, "Settings by name").with_members(members.into()))
            .example(json!({"settings": {"view": "week", "showWeekNumbers": "Y"}}), json!(true)),
    ]
}

/// The working hours and free days that portals begin with, and where pages are.
fn get(_: &mut Call<'_, '_>) -> Result<Value> {
    Ok(Value::from(json!({
        "work_time_start": "9", "work_time_end": "19",
        "year_holidays": "1.01,2.01,7.01,23.02,8.03,1.05,9.05,12.06,4.11", "year_workdays": "31.12",
        "week_holidays": ["SA", "SU"], "week_start": "MO",
        "user_name_template": "#NAME# #LAST_NAME#", "sync_by_push": false, "user_show_login": true,
        "path_to_user": "/company/personal/user/#user_id#/",
        "path_to_user_calendar": "/company/personal/user/#user_id#/calendar/",
        "path_to_group": "/workgroups/group/#group_id#/",
        "path_to_group_calendar": "/workgroups/group/#group_id#/calendar/",
        "path_to_vr": "", "path_to_rm": "", "rm_iblock_type": "", "rm_iblock_id": "",
        "dep_manager_sub": true, "denied_superpose_types": [], "pathes_for_sites": "", "forum_id": "0",
        "rm_for_sites": true, "path_to_type_company_calendar": "", "path_to_type_location": "",
        "path_to_type_open_event": "",
    })))
}

/// What a user chose.
fn kept(call: &mut Call<'_, '_>, user: i64) -> Result<Option<Row>> {
    // Also that of others is asked for: an invitation goes into the calendar that its receiver chose.
    Ok(noun::which(call, &SETTINGS, "t.user_id = ?", vec![user.into()], "")?.pop())
}

fn chosen(row: Option<&Row>) -> Object<String, Json> {
    row.map(|row| row.json("kept")).and_then(|json| json.as_object().cloned()).unwrap_or_default()
}

/// Whether the caller sees meetings in the own calendar that were declined.
///
/// # Errors
/// Those of the store.
pub fn shows_declined(call: &mut Call<'_, '_>) -> Result<bool> {
    let row = kept(call, call.caller.user_id)?;
    Ok(chosen(row.as_ref()).get("showDeclined") == Some(&Json::Bool(true)))
}

/// The calendar into which invitations of a user go.
///
/// # Errors
/// Those of the store.
pub fn meetings(call: &mut Call<'_, '_>, user: i64) -> Result<Option<i64>> {
    let row = kept(call, user)?;
    let chosen = chosen(row.as_ref());
    let named = chosen.get("meetSection").and_then(Json::as_str).and_then(|id| id.parse::<i64>().ok());
    let sql = "SELECT id FROM calendar_section WHERE id = ? AND cal_type = 'user' AND owner_id = ?";
    let there = call.tx.one(sql, &[named.unwrap_or(0).into(), user.into()], |row| row.int(0))?;
    match there {
        Some(section) => Ok(Some(section)),
        None => section::home(call, "user", user),
    }
}

fn user_get(call: &mut Call<'_, '_>) -> Result<Value> {
    let me = call.caller.user_id;
    let row = kept(call, me)?;
    let chosen = chosen(row.as_ref());
    let home = meetings(call, me)?.unwrap_or(0).to_string();
    let mut map = Map::with_capacity(24);
    for (name, setting, usual) in CHOSEN {
        let value = match chosen.get(name) {
            Some(value) => value.clone(),
            None => usually(setting, usual, &home, me),
        };
        map.push(name, Value::from(value));
    }
    let zone = &call.caller.zone;
    map.push("timezoneName", zone_name(zone));
    map.push("timezoneOffsetUTC", offset(zone, call.now.seconds()));
    map.push("timezoneDefaultName", "");
    map.push("work_time_start", "9.00");
    map.push("work_time_end", "19.00");
    Ok(map.into())
}

/// A setting that nobody chose.
fn usually(setting: Setting, usual: &str, home: &str, me: i64) -> Json {
    match setting {
        Setting::Flag => json!(usual == "true"),
        Setting::Number if usual.is_empty() => json!(home),
        Setting::Numbers => Json::Object(Object::from_iter([(format!("user{me}"), json!(home))])),
        Setting::Reminders => {
            let reminder = json!([{"type": "min", "count": 15}]);
            json!({"fullDay": reminder, "withTime": reminder})
        }
        _ => json!(usual),
    }
}

/// Members of an object of settings.
const MEMBERS: usize = 100;

/// A value of a request as it is kept; `None` for one that the setting cannot have.
fn accept(setting: Setting, value: &Value) -> Option<Json> {
    match setting {
        Setting::Choice(choices) => {
            value.as_str().filter(|code| choices.contains(code)).map(|code| json!(code))
        }
        Setting::Number => {
            value.as_int().filter(|number| *number >= 0).map(|number| json!(number.to_string()))
        }
        Setting::Flag => value.as_flag().map(|flag| json!(flag)),
        Setting::Letter => value.as_flag().map(|flag| json!(yes_no(flag))),
        Setting::Text => value.text().map(|text| json!(text.chars().take(255).collect::<String>())),
        Setting::Numbers => {
            let one = |(name, value): (std::borrow::Cow<'_, str>, &Value)| {
                let number = value.as_int()?.to_string();
                (name.len() <= 50).then(|| (name.into_owned(), json!(number)))
            };
            let members = value.entries().filter_map(one).take(MEMBERS).collect::<Object<_, _>>();
            value.is_array().then_some(Json::Object(members))
        }
        Setting::Reminders => {
            let of = |name: &str| crate::event::remind(value.get(name).unwrap_or(&Value::Null));
            value.is_array().then(|| json!({"fullDay": of("fullDay"), "withTime": of("withTime")}))
        }
    }
}

fn user_set(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["settings"], "")?;
    let (given, me) = (call.fields("settings"), call.caller.user_id);
    let row = kept(call, me)?;
    let mut chosen = chosen(row.as_ref());
    for (name, setting, _) in CHOSEN {
        if let Some(value) = given.get(name).and_then(|value| accept(setting, value)) {
            chosen.insert(name.to_owned(), value);
        }
    }
    let mut values = Map::with_capacity(2);
    values.push("KEPT", Value::from(Json::Object(chosen)));
    match row {
        Some(row) => noun::update(call, &SETTINGS, &FACE, &[row.number.into()], &values)?,
        None => {
            values.push("USER_ID", me);
            noun::add(call, &SETTINGS, &FACE, &values)?
        }
    };
    Ok(true.into())
}
