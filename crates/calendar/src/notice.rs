//! Notifications of who has a part in a meeting.

use engine::call::Call;
use engine::directory::name_of;
use engine::error::Result;
use engine::noun::{self, Noun, Row};
use engine::texts::Topic;
use serde_json::json;
use wire::{Map, Value};

use crate::date::{site, site_day, wall, zone_of};
use crate::event::times::Times;

/// What happened to a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Somebody is invited.
    Invited,
    /// It takes place at another time.
    Changed,
    /// It does not take place, or not with whom is told.
    Cancelled,
    /// Somebody comes.
    Accepted,
    /// Somebody does not.
    Declined,
    /// It begins soon.
    Soon,
}

impl Notice {
    /// All of them.
    pub const ALL: [Notice; 6] = [
        Notice::Invited,
        Notice::Changed,
        Notice::Cancelled,
        Notice::Accepted,
        Notice::Declined,
        Notice::Soon,
    ];

    /// What it says.
    pub fn text(self) -> &'static str {
        match self {
            Notice::Invited => "{who} invites you to \"{name}\", {when}.",
            Notice::Changed => "{who} changed \"{name}\", {when}.",
            Notice::Cancelled => "{who} cancelled \"{name}\", {when}.",
            Notice::Accepted => "{who} accepts your invitation to \"{name}\", {when}.",
            Notice::Declined => "{who} declines your invitation to \"{name}\", {when}.",
            Notice::Soon => "Reminder: \"{name}\", {when}.",
        }
    }

    fn event(self) -> &'static str {
        match self {
            Notice::Invited => "invite",
            Notice::Changed => "change",
            Notice::Cancelled => "delete_meeting",
            Notice::Accepted | Notice::Declined => "info",
            Notice::Soon => "reminder",
        }
    }
}

/// The buttons below an invitation.
pub const BUTTONS: [(&str, &str); 2] = [("Accept", "Y"), ("Decline", "N")];

/// Those from the portal, of a user, and with buttons.
const SYSTEM: i64 = 4;
const USER: i64 = 2;
const ASKING: i64 = 1;

/// Notifications; `None` where there are none.
fn notifications(call: &Call<'_, '_>) -> Option<&'static Noun> {
    call.core.modules.noun("im.notification").map(|shape| shape.noun)
}

/// Tells somebody, unless that is who did it; the time is written in one's own zone.
///
/// # Errors
/// Those of the store.
pub fn tell(call: &mut Call<'_, '_>, user: i64, row: &Row, what: Notice) -> Result<()> {
    let times = Times::of(row);
    let from = times.from;
    tell_at(call, user, row, what, from)
}

/// The same of one event of a series, which begins then.
///
/// # Errors
/// Those of the store.
pub fn tell_at(call: &mut Call<'_, '_>, user: i64, row: &Row, what: Notice, from: i64) -> Result<()> {
    let Some(notifications) = notifications(call) else { return Ok(()) };
    let me = call.caller.user_id;
    if user <= 0 || (user == me && what != Notice::Soon) {
        return Ok(());
    }
    let zone = zone_of(call, user)?;
    let when = match Times::of(row).whole {
        true => site_day(call, wall(&jiff::tz::TimeZone::UTC, from).date()),
        false => site(call, &zone, from),
    };
    let who = if what == Notice::Soon { None } else { name_of(call.tx, me)? };
    let locale = call.core.locale(call.settings.language);
    let text = locale.text(Topic::Names, what.text());
    let text = text.replace("{who}", &who.unwrap_or_default()).replace("{when}", &when);
    let text = text.replace("{name}", row.text("name"));
    let buttons =
        BUTTONS.map(|(title, value)| json!({"TITLE": locale.text(Topic::Names, title), "VALUE": value}));
    let mut params = json!({"EVENT_ID": row.number});
    let kind = match what {
        Notice::Invited => {
            params["BUTTONS"] = json!(buttons);
            ASKING
        }
        Notice::Soon => SYSTEM,
        _ => USER,
    };
    let given = Map::from([
        ("USER_ID", user.into()),
        ("AUTHOR_ID", if what == Notice::Soon { 0 } else { me }.into()),
        ("TYPE", kind.into()),
        ("MESSAGE", text.into()),
        ("MODULE", "calendar".into()),
        ("EVENT", what.event().into()),
        ("TAG", tag(row, user, what).into()),
        ("SUB_TAG", format!("CALENDAR|{}", row.int("parentId").unwrap_or(row.number)).into()),
        ("PARAMS", Value::from(params)),
    ]);
    noun::put(call, notifications, &given).map(drop)
}

/// A later notification takes the place of one with the same tag.
fn tag(row: &Row, user: i64, what: Notice) -> String {
    let verb = match what {
        Notice::Invited | Notice::Changed | Notice::Cancelled => "INVITE",
        Notice::Accepted | Notice::Declined => "ANSWER",
        Notice::Soon => "REMINDER",
    };
    format!("CALENDAR|{verb}|{}|{user}", row.number)
}

/// Takes an invitation away that was answered elsewhere.
///
/// # Errors
/// Those of the store.
pub fn answered(call: &mut Call<'_, '_>, row: &Row) -> Result<()> {
    let Some(notifications) = notifications(call) else { return Ok(()) };
    let user = row.int("ownerId").unwrap_or(0);
    let tag = tag(row, user, Notice::Invited);
    noun::clear(call, notifications, &[("tag", tag.into()), ("userId", user.into())])
}
