//! Rooms and resources: one event at a time. An event whose place is `calendar_5` books the room with that number; what is
//! kept is `calendar_5_17`, with the number of the booking.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Row};
use store::Param;
use wire::{Fault, Map};

use crate::date::DAY;
use crate::event::given::{self, Words};
use crate::event::times::Times;
use crate::event::{EVENT, merge};
use crate::section::SECTION;

/// Events of a series for which a room is looked at.
const AHEAD: usize = 366;

/// The room that a place names.
fn room(place: &str) -> Option<i64> {
    let rest = place.strip_prefix("calendar_")?;
    rest.split('_').next()?.parse().ok().filter(|id| *id > 0)
}

/// Refuses an event in a room or of a resource that another one has at that time; elsewhere there may be many at once.
///
/// # Errors
/// The refusal.
pub fn require_free(call: &mut Call<'_, '_>, row: &Row, section: i64, words: &Words) -> Result<()> {
    if !["location", "resource"].contains(&row.text("calType")) {
        return Ok(());
    }
    let times = Times::of(row);
    let until = times.until();
    let taken = "t.section_id = ? AND t.id <> ? AND t.date_from_ts < ? AND t.until_ts > ?";
    let values = vec![section.into(), row.number.into(), (until + DAY).into(), (times.from - DAY).into()];
    // Who may not see what is booked may not book over it, either.
    let others: Vec<Times> = noun::which(call, &EVENT, taken, values, "")?.iter().map(Times::of).collect();
    for one in times.between(times.from, until).take(AHEAD) {
        let (from, to) = (one.from, one.from + times.length());
        let is_taken = |other: &Times| match other.rule {
            // Most are there once, and of these there may be many.
            None => other.from < to && other.from + other.length() > from,
            Some(_) => {
                let mut touching = other.between(from, to).take_while(|there| there.from < to);
                touching.any(|there| there.from + other.length() > from)
            }
        };
        if to > from && others.iter().any(is_taken) {
            return Err(words.failed().into());
        }
    }
    Ok(())
}

/// Books the room that the place of an event names, and gives a room back that it does not name any more.
///
/// # Errors
/// The refusals of a room that is not there, or taken.
pub fn book(call: &mut Call<'_, '_>, row: &Row, words: &Words) -> Result<()> {
    if row.int("bookedFor").is_some() || ["location", "resource"].contains(&row.text("calType")) {
        return Ok(());
    }
    let room = room(row.text("location"));
    noun::clear(call, &EVENT, &[("bookedFor", row.number.into())])?;
    let Some(room) = room else { return Ok(()) };
    let scope = SECTION.grant(call, Act::Read)?;
    let found = noun::one(call, &SECTION, &scope, room)?;
    if found.is_none_or(|room| room.text("calType") != "location") {
        return Err(Fault::crm(words.failed).into());
    }
    let mut values = given::of_times(&Times::of(row));
    merge(
        &mut values,
        Map::from([
            ("SECTION_ID", room.into()),
            ("CAL_TYPE", "location".into()),
            ("OWNER_ID", 0.into()),
            ("BOOKED_FOR", row.number.into()),
            ("NAME", row.text("name").into()),
            ("PRIVATE_EVENT", row.text("privateEvent").into()),
            ("MEETING_HOST", row.int("meetingHost").into()),
        ]),
    );
    let booking = noun::put(call, &EVENT, &values)?;
    require_free(call, &booking, room, words)?;
    // Only now the number of the booking is known.
    let sql = "UPDATE calendar_event SET location = ? WHERE id = ? OR parent_id = ?";
    let place = Param::from(format!("calendar_{room}_{}", booking.number));
    call.tx.execute(sql, &[place, row.number.into(), row.number.into()])?;
    Ok(())
}
