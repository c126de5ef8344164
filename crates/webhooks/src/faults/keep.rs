//! The rules that hold: a value in the portal's state.

use serde::{Deserialize, Serialize};
use store::Tx;
use wire::Fault;

use super::check::checked;
use super::rule::Rule;
use engine::audit::{self, Action, By};
use engine::error::Result;
use engine::meta::{Kept, Meta};
use engine::moment::Moment;
use engine::state;

/// The key in the portal's state.
const KEY: &str = "fault_rules";
/// Rules at once.
const MOST: usize = 100;
/// Letters of a rule in the audit log.
const NOTED: usize = 300;

/// The rules that hold, by number: they are asked in this order.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Faults {
    /// The rules.
    pub rules: Vec<Rule>,
    /// The highest number that a rule ever had.
    last: i64,
}

impl Kept for Faults {
    fn load(tx: &mut Tx<'_>) -> Result<Self> {
        let text = state::get(tx, KEY)?;
        // A rule of a newer version is none that we could obey.
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }
}

impl Faults {
    /// Those that hold as of this metadata.
    pub fn of(meta: &Meta) -> &Self {
        meta.section()
    }

    fn save(&self, tx: &mut Tx<'_>) -> Result<()> {
        state::set(tx, KEY, &serde_json::to_string(self).unwrap_or_default())?;
        Meta::outdate(tx)
    }
}

/// Adds a rule, and gives it with its number.
///
/// # Errors
/// 400 for what makes no sense, and when there are too many.
pub fn add(tx: &mut Tx<'_>, rule: Rule, by: &By, now: Moment) -> Result<Rule> {
    let mut faults = Faults::load(tx)?;
    if faults.rules.len() >= MOST {
        return Err(Fault::new(400, "ERROR_TOO_MANY", "There are 100 fault rules at most.").into());
    }
    faults.last += 1;
    let rule = Rule { id: faults.last, ..checked(tx, rule)? };
    faults.rules.push(rule.clone());
    faults.save(tx)?;
    let text: String = serde_json::to_string(&rule).unwrap_or_default().chars().take(NOTED).collect();
    note(tx, by, format!("added {text}"), now)?;
    Ok(rule)
}

/// Removes a rule; false when there is none of that number.
pub fn remove(tx: &mut Tx<'_>, id: i64, by: &By, now: Moment) -> Result<bool> {
    let removed = retain(tx, |rule| rule.id != id)?;
    if removed > 0 {
        note(tx, by, format!("removed {id}"), now)?;
    }
    Ok(removed > 0)
}

/// Removes all rules; how many those were.
pub fn clear(tx: &mut Tx<'_>, by: &By, now: Moment) -> Result<usize> {
    let removed = retain(tx, |_| false)?;
    if removed > 0 {
        note(tx, by, format!("removed all {removed}"), now)?;
    }
    Ok(removed)
}

/// Removes the rules that do not outlive a start; how many those were, and how many hold on.
pub fn at_start(tx: &mut Tx<'_>, now: Moment) -> Result<(usize, usize)> {
    let removed = retain(tx, |rule| rule.keep)?;
    if removed > 0 {
        note(tx, &By::OPERATOR, format!("removed {removed} at the start"), now)?;
    }
    Ok((removed, Faults::load(tx)?.rules.len()))
}

fn retain(tx: &mut Tx<'_>, stays: impl Fn(&Rule) -> bool) -> Result<usize> {
    let mut faults = Faults::load(tx)?;
    let before = faults.rules.len();
    faults.rules.retain(stays);
    let removed = before - faults.rules.len();
    if removed > 0 {
        faults.save(tx)?;
    }
    Ok(removed)
}

fn note(tx: &mut Tx<'_>, by: &By, detail: String, now: Moment) -> Result<()> {
    audit::note(tx, by, Action::SettingChanged, "setting:faults", detail, now)
}
