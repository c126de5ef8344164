//! Who may do what with calendars and what is in them.
//!
//! Calendars of people, of the company, rooms and resources have levels by access codes; whose a calendar is may do
//! everything. Those of groups are for the members alone, and administrators of the portal may do everything.

use std::collections::HashMap;

use engine::call::Call;
use engine::error::Result;
use engine::noun;
use store::{Param, Tx};
use wire::Value;

/// What somebody may do with a calendar; each level includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing
    None = 0,
    /// See when something is in it
    Time = 1,
    /// See what it is called
    Title = 2,
    /// See all of it
    View = 3,
    /// Add, change and delete events
    Edit = 4,
    /// Change and delete the calendar itself
    Full = 5,
}

impl Level {
    const ALL: [Level; 6] = [Level::None, Level::Time, Level::Title, Level::View, Level::Edit, Level::Full];

    fn of(number: i64) -> Self {
        Level::ALL.into_iter().rfind(|level| *level as i64 <= number).unwrap_or(Level::None)
    }

    /// The number of the right on the wire.
    pub fn task(self) -> i64 {
        11 + 2 * (self as i64)
    }

    fn of_task(given: &Value) -> Option<Self> {
        let named = |level: &Level| given.as_int() == Some(level.task());
        Level::ALL.into_iter().find(named)
    }
}

/// The condition on calendars, called `s`, that the caller has that level there, with the values of its placeholders.
pub fn of_sections(call: &Call<'_, '_>, s: &str, level: Level) -> (String, Vec<Param<'static>>) {
    if call.caller.is_admin {
        return ("1 = 1".to_owned(), Vec::new());
    }
    let me: Param<'static> = call.caller.user_id.into();
    let codes = call.meta.directory.access_codes(call.caller.user_id);
    let mut sql = format!(
        "(({s}.cal_type = 'user' AND {s}.owner_id = ?) OR ({s}.cal_type <> 'group' AND EXISTS \
         (SELECT 1 FROM calendar_access a WHERE a.section_id = {s}.id AND a.level >= {} AND a.access_code IN ({})))",
        level as i64,
        store::placeholders(codes.len())
    );
    let mut params = vec![me.clone()];
    params.extend(codes.into_iter().map(Param::from));
    if let Some(members) = of_members(call, &format!("{s}.owner_id"), level) {
        sql.push_str(&format!(" OR ({s}.cal_type = 'group' AND {members})"));
        params.push(me);
    }
    sql.push(')');
    (sql, params)
}

/// The condition on members, called `m`, that they belong to a workgroup.
pub const BELONGS: &str = "m.role IN ('A', 'E', 'K')";

/// The condition that the caller has that level in the calendars of the group to which a column leads.
pub fn of_members(call: &Call<'_, '_>, column: &str, level: Level) -> Option<String> {
    let which = if level > Level::Edit { "m.role IN ('A', 'E')" } else { BELONGS };
    noun::has_member(call, "groups.member", "groupId", column, which)
}

/// What the caller may do with calendars of these numbers.
///
/// # Errors
/// Those of the store.
pub fn levels(call: &mut Call<'_, '_>, sections: &[i64]) -> Result<HashMap<i64, Level>> {
    let (mut cases, mut params) = (String::new(), Vec::new());
    for level in Level::ALL.into_iter().skip(1).rev() {
        let (condition, values) = of_sections(call, "s", level);
        cases.push_str(&format!(" WHEN {condition} THEN {}", level as i64));
        params.extend(values);
    }
    let sql = format!("SELECT s.id, CASE{cases} ELSE 0 END FROM calendar_section s WHERE s.id IN (#)");
    let levels =
        call.tx.all_among(&sql, &params, sections, |row| Ok((row.int(0)?, Level::of(row.int(1)?))))?;
    Ok(levels.into_iter().collect())
}

/// The levels by access code of calendars of these numbers.
///
/// # Errors
/// Those of the store.
pub fn given(call: &mut Call<'_, '_>, sections: &[i64]) -> Result<HashMap<i64, Vec<(String, Level)>>> {
    let mut given: HashMap<i64, Vec<(String, Level)>> = HashMap::new();
    let sql = "SELECT section_id, access_code, level FROM calendar_access WHERE section_id IN (#) \
               ORDER BY section_id, access_code";
    call.tx.all_among(sql, &[], sections, |row| {
        let code = (row.text(1)?.to_owned(), Level::of(row.int(2)?));
        given.entry(row.int(0)?).or_default().push(code);
        Ok(())
    })?;
    Ok(given)
}

/// Access codes that a calendar names at most.
const CODES: usize = 100;

/// Makes these the levels of a calendar: those that a request gives, or else the usual ones of its kind.
///
/// # Errors
/// Those of the store.
pub fn replace(
    call: &mut Call<'_, '_>,
    section: i64,
    kind: &str,
    owner: i64,
    given: Option<&Value>,
) -> Result<()> {
    keep(call.tx, section, kind, owner, given)
}

/// The same within a transaction.
///
/// # Errors
/// Those of the store.
pub fn keep(tx: &mut Tx<'_>, section: i64, kind: &str, owner: i64, given: Option<&Value>) -> Result<()> {
    tx.execute("DELETE FROM calendar_access WHERE section_id = ?", &[section.into()])?;
    let mut levels: Vec<(String, Level)> = match given.filter(|given| given.is_array()) {
        Some(given) => given
            .entries()
            .take(CODES)
            .filter(|(code, _)| !code.is_empty() && code.len() <= 50)
            .filter_map(|(code, level)| Some((code.into_owned(), Level::of_task(level)?)))
            .collect(),
        None => match kind {
            "user" => vec![("G2".to_owned(), Level::Title)],
            "group" => Vec::new(),
            _ => vec![("G2".to_owned(), Level::View)],
        },
    };
    if kind == "user" {
        levels.insert(0, (format!("U{owner}"), Level::Full));
    }
    let sql = "INSERT INTO calendar_access (section_id, access_code, level) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    for (code, level) in levels {
        tx.execute(sql, &[section.into(), code.into(), (level as i64).into()])?;
    }
    Ok(())
}
