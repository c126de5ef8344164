//! Which handlers fail now, for people who look.

use store::Tx;

use super::look::waiting;
use super::problem;
use engine::Core;
use engine::directory::whole_name;
use engine::error::Result;
use engine::moment::Moment;

/// How many are shown.
const MAX: usize = 50;
/// Minutes after which a handler that fails is shown while alerts are off.
const SHOWN_AFTER: i64 = 10;

/// A webhook whose handler has failed for long enough to be told of, or that was switched off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The integration.
    pub integration_id: i64,
    /// Its name.
    pub name: String,
    /// Its owner: number and whole name.
    pub owner: (i64, String),
    /// Why it was switched off, if it was.
    pub because: Option<String>,
    /// Since when it fails, Unix seconds.
    pub since: Option<i64>,
    /// Why the last try failed.
    pub reason: Option<String>,
    /// How many tries failed.
    pub times: i64,
    /// How many events wait, up to [`MAX_COUNTED`](super::MAX_COUNTED).
    pub waiting: i64,
}

/// Those of this owner, or everybody's, up to fifty; what fails longest comes first.
pub fn troubles(tx: &mut Tx<'_>, core: &Core, owner: Option<i64>, now: Moment) -> Result<Vec<Trouble>> {
    let after = core.current(tx)?.settings.alerts.after;
    let since = now.seconds() - if after > 0 { after } else { SHOWN_AFTER } * 60;
    let sql = format!(
        "SELECT o.id, i.id, i.title, u.id, u.name, u.last_name, u.email, o.disabled_because, \
         COALESCE(o.failing_since, o.alert_since) FROM outbound o JOIN integration i ON i.id = o.integration_id \
         JOIN portal_user u ON u.id = i.user_id WHERE o.heard IS NULL \
         AND (o.disabled_because IS NOT NULL OR (o.active = 'Y' AND o.failing_since <= ?)) \
         AND (CAST(? AS BIGINT) = 0 OR i.user_id = ?) ORDER BY COALESCE(o.failing_since, o.alert_since, 0), o.id LIMIT {MAX}"
    );
    let (mut found, owner) = (Vec::new(), owner.unwrap_or(0));
    tx.query(&sql, &[since.into(), owner.into(), owner.into()], |row| {
        let name = whole_name(row.text(4)?, row.text(5)?, row.text(6)?);
        let trouble = Trouble {
            integration_id: row.int(1)?,
            name: row.text(2)?.to_owned(),
            owner: (row.int(3)?, name),
            because: row.opt_text(7)?.map(str::to_owned),
            since: row.opt_int(8)?,
            reason: None,
            times: 0,
            waiting: 0,
        };
        found.push((row.int(0)?, trouble));
        Ok(())
    })?;
    let mut troubles = Vec::with_capacity(found.len());
    for (id, mut one) in found {
        let problems = problem::of(tx, id)?;
        one.reason = problems.first().map(|problem| problem.reason.clone());
        one.times = problems.iter().map(|problem| problem.times).sum();
        one.waiting = waiting(tx, id)?;
        troubles.push(one);
    }
    Ok(troubles)
}
