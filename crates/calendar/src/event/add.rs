//! `calendar.event.add`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, required, write};
use engine::noun::{self, Face, Row};
use serde_json::{Value as Json, json};
use store::Param as Stored;
use wire::{Fault, Map, Value};

use super::given::{self, ADDING, Words};
use super::meeting::{self, Changed};
use super::{EVENT, FACE, merge};
use crate::refusal::{denied, require, require_owner};
use crate::rights::{self, Level};
use crate::section::{self, OWNER, SECTION, TYPE, TYPES};
use crate::{SCOPE, room};

/// The methods.
pub fn methods() -> Vec<Method> {
    let method = placed(write("calendar.event.add", SCOPE, add), required).param(optional(
        "auto_detect_section",
        Kind::Flag,
        "Whether to take the owner's first calendar",
    ));
    vec![
        values(method, required)
            .about("Adds an event to a calendar, invites its attendees, and returns its ID.")
            .example(
                json!({
                    "type": "user", "ownerId": 1, "section": 1, "name": "Talk with the supplier",
                    "from": "2026-06-15 10:00", "to": "2026-06-15 11:00", "is_meeting": "Y", "attendees": [1, 2],
                }),
                json!("*"),
            ),
    ]
}

/// Makes a parameter: of a new event it is required, of a change it is not.
type Given = fn(&'static str, Kind, &'static str) -> Param;

/// The parameters that say when and in which calendar an event is.
pub fn placed(method: Method, given: Given) -> Method {
    method
        .own_words()
        .param(TYPE)
        .param(OWNER)
        .param(given("from", Kind::Text, "Beginning"))
        .param(given("to", Kind::Text, "End"))
        .param(optional("from_ts", Kind::Int, "Beginning in Unix seconds"))
        .param(optional("to_ts", Kind::Int, "End in Unix seconds"))
        .param(given("section", Kind::Id, "Calendar"))
}

/// The parameters that hold the other values.
pub fn values(method: Method, given: Given) -> Method {
    let rule = vec![
        optional("FREQ", Kind::Text, "DAILY, WEEKLY, MONTHLY or YEARLY"),
        optional("COUNT", Kind::Int, "Number of events"),
        optional("INTERVAL", Kind::Int, "Every so many days, weeks, months or years"),
        optional("BYDAY", Kind::List, "Days of the week: MO, TU, WE, TH, FR, SA, SU"),
        optional("UNTIL", Kind::Text, "Last day"),
    ];
    let reminder = vec![
        optional("type", Kind::Text, "Unit: min, hour or day"),
        optional("count", Kind::Int, "Number of units"),
    ];
    let settings = vec![
        optional("notify", Kind::Flag, "Whether the host is told of answers"),
        optional("reinvite", Kind::Flag, "Whether attendees are asked again after a change"),
        optional("allow_invite", Kind::Flag, "Whether attendees may invite others"),
        optional("hide_guests", Kind::Flag, "Whether attendees are hidden from each other"),
    ];
    let params: [Param; 17] = [
        given("name", Kind::Text, "Name"),
        optional("skip_time", Kind::Flag, "Whether the event takes whole days"),
        optional("timezone_from", Kind::Text, "Time zone of the beginning"),
        optional("timezone_to", Kind::Text, "Time zone of the end"),
        optional("description", Kind::Text, "Description"),
        optional("color", Kind::Text, "Color"),
        optional("text_color", Kind::Text, "Color of the text"),
        optional("accessibility", Kind::Text, "Availability: busy, quest, free or absent"),
        optional("importance", Kind::Text, "Importance: high, normal or low"),
        optional("private_event", Kind::Flag, "Whether others see only that there is something"),
        optional("rrule", Kind::Fields, "Rule by which the event comes again").with_members(rule),
        optional("is_meeting", Kind::Flag, "Whether the event has attendees"),
        optional("location", Kind::Text, "Place, or calendar_5 for the room with that ID"),
        optional("remind", Kind::List, "Reminders").with_members(reminder),
        optional("attendees", Kind::List, "Users who are invited"),
        optional("meeting", Kind::Fields, "Settings of the meeting").with_members(settings),
        optional("crm_fields", Kind::List, "Items of the CRM: C_3, D_5"),
    ];
    params.into_iter().fold(method, Method::param)
}

/// A calendar that an event goes into.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its number.
    pub section: i64,
    /// Its kind.
    pub kind: String,
    /// Its owner.
    pub owner: i64,
}

impl Place {
    /// The calendar that a row of an event is in.
    pub fn of(row: &Row) -> Self {
        let number = |name: &str| row.int(name).unwrap_or(0);
        Place { section: number("sectionId"), kind: row.text("calType").to_owned(), owner: number("ownerId") }
    }

    /// The calendar of that number, when the caller sees it.
    pub fn find(call: &mut Call<'_, '_>, section: i64, words: &Words) -> Result<Self> {
        let scope = SECTION.grant(call, Act::Read)?;
        let row = noun::one(call, &SECTION, &scope, section)?;
        let row = row.ok_or_else(|| Fault::crm(words.section))?;
        let owner = row.int("ownerId").unwrap_or(0);
        Ok(Place { section, kind: row.text("calType").to_owned(), owner })
    }

    /// As values of fields.
    pub fn values(&self) -> Map {
        Map::from([
            ("SECTION_ID", self.section.into()),
            ("CAL_TYPE", self.kind.as_str().into()),
            ("OWNER_ID", self.owner.into()),
        ])
    }
}

/// The calendar that a call means: the one that it names, or the first of the owner's that the caller may write into.
fn place(call: &mut Call<'_, '_>) -> Result<Place> {
    let detects = call.param("auto_detect_section").map(|given| given.as_flag() == Some(true));
    if let Some(section) = call.param("section").filter(|given| !given.is_empty()) {
        let id = section.as_int().unwrap_or(0);
        return Place::find(call, id, &ADDING);
    }
    let kind = call.text("type").unwrap_or_default();
    if detects == Some(false) || !TYPES.contains(&kind.as_str()) {
        return Err(Fault::crm(ADDING.section).into());
    }
    let owner = section::owner(call, &kind);
    section::may_enter(call, &kind, owner)?;
    let (sql, values) = rights::of_sections(call, "s", Level::Edit);
    let sql = format!(
        "SELECT s.id FROM calendar_section s WHERE s.cal_type = ? AND s.owner_id = ? AND {sql} ORDER BY s.id LIMIT 1"
    );
    let own = [Stored::from(kind.clone()), owner.into()];
    let params: Vec<Stored<'_>> = own.into_iter().chain(values).collect();
    match call.tx.one(&sql, &params, |row| row.int(0))? {
        Some(section) => Ok(Place { section, kind, owner }),
        None => Err(denied().into()),
    }
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    require_owner(call, "")?;
    require(call, &["name"], "")?;
    for (name, stamp) in [("from", "from_ts"), ("to", "to_ts")] {
        if call.param(stamp).is_none() {
            require(call, &[name], "")?;
        }
    }
    let mut values = given::values(call, &ADDING)?;
    let times = given::times(call, None, &ADDING)?.ok_or_else(|| ADDING.failed())?;
    let place = place(call)?;
    if call.param("remind").is_none() {
        values.push("REMIND", Value::from(json!([{"type": "min", "count": 15}])));
    }
    merge(&mut values, given::of_times(&times));
    let is_meeting = call.flag("is_meeting") && place.kind != "resource";
    let attendees = if is_meeting {
        let me = call.caller.user_id;
        values.push("MEETING", Value::from(given::meeting(call, &Json::Null)));
        Some(given::attendees(call, &ADDING)?.unwrap_or_else(|| vec![me]))
    } else {
        None
    };
    Ok(create(call, &FACE, &place, values, attendees.as_deref(), &Changed::default(), &ADDING)?.number.into())
}

/// Adds an event, with copies for attendees and a booking of its room.
///
/// # Errors
/// The refusals of the face.
pub fn create(
    call: &mut Call<'_, '_>,
    face: &Face,
    place: &Place,
    mut values: Map,
    attendees: Option<&[i64]>,
    changed: &Changed,
    words: &Words,
) -> Result<Row> {
    let me = call.caller.user_id;
    merge(&mut values, place.values());
    values.insert("IS_MEETING", attendees.is_some());
    values.insert("MEETING_STATUS", if attendees.is_some() { "H" } else { "Y" });
    if attendees.is_some() || values.get("MEETING_HOST").is_none() {
        let host = if place.kind == "resource" { 0 } else { me };
        values.insert("MEETING_HOST", host);
    }
    let row = noun::add(call, &EVENT, face, &values)?;
    room::require_free(call, &row, place.section, words)?;
    if let Some(attendees) = attendees {
        meeting::invite(call, &row, attendees, changed)?;
    }
    room::book(call, &row, words)?;
    Ok(row)
}
