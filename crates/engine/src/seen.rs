//! Two people, or two tabs, at one form: whoever saves says what was seen, and is told when somebody saved since.

use std::fmt::Debug;

use store::{Dialect, Param, Tx};
use wire::{Fault, Map, Value};

use crate::directory::name_of;
use crate::error::Result;
use crate::keys;

/// How far the audit log went when somebody looked.
#[derive(Clone, Copy, Debug)]
pub struct Mark(i64);

impl Mark {
    /// As of now.
    pub fn now(tx: &mut Tx<'_>) -> Result<Self> {
        let last = tx.one("SELECT MAX(id) FROM audit", &[], |row| row.opt_int(0))?;
        Ok(Mark(last.flatten().unwrap_or_default()))
    }

    /// What tells a state from another: of everything that a form decides.
    pub fn version(self, decided: &impl Debug) -> String {
        format!("{}-{}", self.0, digest(decided))
    }
}

fn digest(decided: &impl Debug) -> String {
    keys::hex(&keys::digest(format!("{decided:?}").as_bytes())[..8])
}

/// Nothing that a form decides was saved since somebody saw that version. `objects` is what the audit log calls it, as a
/// pattern for LIKE.
///
/// # Errors
/// 409 `ERROR_CHANGED` when something was, saying by whom as far as the audit log knows.
pub fn check(tx: &mut Tx<'_>, seen: &str, decided: &impl Debug, objects: &str, asker: i64) -> Result<()> {
    let (mark, known) = seen.split_once('-').unwrap_or_default();
    if known == digest(decided) {
        return Ok(());
    }
    let sql = format!(
        "SELECT user_id FROM audit WHERE id > ? AND {} ORDER BY id DESC LIMIT 1",
        Dialect::like("object")
    );
    let params = [Param::from(mark.parse().unwrap_or(0)), objects.into()];
    let by = tx.one(&sql, &params, |row| row.opt_int(0))?.flatten();
    Err(changed(tx, by, asker)?.into())
}

/// The fault that says who was faster.
///
/// # Errors
/// When the database fails.
pub fn changed(tx: &mut Tx<'_>, by: Option<i64>, asker: i64) -> Result<Fault> {
    let name = match by {
        Some(id) if id != asker => name_of(tx, id)?,
        _ => None,
    };
    let text = match name {
        Some(name) => format!("{name} changed this after you opened it."),
        None if by == Some(asker) => "You changed this elsewhere after you opened it here.".to_owned(),
        None => "This was changed after you opened it.".to_owned(),
    };
    Ok(Fault::new(409, "ERROR_CHANGED", text))
}

/// The first of the values that somebody saw which is another now.
pub fn differing<'a>(seen: &'a Map, now: &Map) -> Option<&'a str> {
    let differs = |name: &str, value| !agrees(value, now.get(name).unwrap_or(&Value::Null));
    seen.iter().find(|(name, value)| differs(name, value)).map(|(name, _)| name)
}

/// Whether a value is what was seen. Of a map, what was not seen counts for nothing: links to files end, for example.
fn agrees(seen: &Value, now: &Value) -> bool {
    match (seen, now) {
        (Value::Map(seen), Value::Map(now)) => differing(seen, now).is_none(),
        (Value::List(seen), Value::List(now)) => {
            seen.len() == now.len() && seen.iter().zip(now).all(|(seen, now)| agrees(seen, now))
        }
        _ => seen == now || (seen.is_empty() && now.is_empty()),
    }
}
