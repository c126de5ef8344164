//! Who may do what with events.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::noun::{Grant, Row, Rule};
use store::Param;

use crate::rights::{self, Level};

/// As the calendar that an event is in. Whoever is invited sees the event of the host, changes one's own copy and no other; rooms
/// and resources are booked by everybody who sees them, and changed by who booked them.
#[derive(Debug)]
pub struct ByCalendar;

impl Rule for ByCalendar {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        if call.caller.is_admin {
            return Ok(Grant::All);
        }
        let me: Param<'static> = call.caller.user_id.into();
        let within = |level, more: &str| {
            let (sql, params) = rights::of_sections(call, "s", level);
            (
                format!(
                    "EXISTS (SELECT 1 FROM calendar_section s WHERE s.id = t.section_id AND {sql}{more})"
                ),
                params,
            )
        };
        const BOOKED: &str = " AND s.cal_type IN ('location', 'resource')";
        let (sql, params) = match act {
            Act::Read | Act::Export => {
                let (sql, mut params) = within(Level::Time, "");
                params.push(me);
                let invited = "EXISTS (SELECT 1 FROM calendar_event c WHERE c.parent_id = t.id AND c.cal_type = 'user' \
                               AND c.owner_id = ?)";
                (format!("({sql} OR {invited})"), params)
            }
            Act::Add | Act::Import => {
                let ((edits, mut params), (books, more)) =
                    (within(Level::Edit, ""), within(Level::View, BOOKED));
                params.extend(more);
                (format!("({edits} OR {books})"), params)
            }
            Act::Update | Act::Delete => {
                let ((edits, mut params), (books, more)) =
                    (within(Level::Edit, ""), within(Level::View, BOOKED));
                let own = "(t.cal_type = 'user' AND t.owner_id = ?)";
                // What is private is its owner's and its maker's alone.
                let open = format!(
                    "(t.parent_id IS NULL AND {edits} AND (t.private_event = 'N' OR t.created_by = ?))"
                );
                params.push(me.clone());
                params.push(me.clone());
                params.push(me);
                params.extend(more);
                (format!("({open} OR {own} OR (t.created_by = ? AND {books}))"), params)
            }
        };
        Ok(Grant::Where(sql, params))
    }

    fn fields(&self) -> &'static [&'static str] {
        &["sectionId"]
    }
}

/// How much somebody sees of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// That there is something
    Busy,
    /// What it is called
    Title,
    /// Everything
    Full,
}

/// How much the caller sees of each of these events.
///
/// # Errors
/// Those of the store.
pub fn details<'r>(
    call: &mut Call<'_, '_>,
    rows: impl Iterator<Item = &'r Row>,
) -> Result<HashMap<i64, Detail>> {
    let me = call.caller.user_id;
    let rows: HashMap<i64, &Row> = rows.map(|row| (row.number, row)).collect();
    let section = |row: &Row| row.int("sectionId").unwrap_or(0);
    let mut sections: Vec<i64> = rows.values().copied().map(section).collect();
    sections.sort_unstable();
    sections.dedup();
    let levels = rights::levels(call, &sections)?;
    let parents: Vec<i64> =
        rows.values().filter(|row| row.text("isMeeting") == "Y").map(|row| row.number).collect();
    let invited = copied(call, &parents)?;
    let detail = |row: &Row| {
        let is_own = row.text("calType") == "user" && row.int("ownerId") == Some(me)
            || row.int("createdBy") == Some(me)
            || row.int("meetingHost") == Some(me)
            || invited.contains(&row.number);
        match levels.get(&section(row)).copied().unwrap_or(Level::None) {
            _ if is_own => Detail::Full,
            _ if row.text("privateEvent") == "Y" => Detail::Busy,
            Level::View | Level::Edit | Level::Full => Detail::Full,
            Level::Title => Detail::Title,
            Level::Time | Level::None => Detail::Busy,
        }
    };
    Ok(rows.into_iter().map(|(number, row)| (number, detail(row))).collect())
}

/// Those of these events of which the caller has a copy.
fn copied(call: &mut Call<'_, '_>, events: &[i64]) -> Result<Vec<i64>> {
    let sql =
        "SELECT parent_id FROM calendar_event WHERE cal_type = 'user' AND owner_id = ? AND parent_id IN (#)";
    Ok(call.tx.all_among(sql, &[call.caller.user_id.into()], events, |row| row.int(0))?)
}
