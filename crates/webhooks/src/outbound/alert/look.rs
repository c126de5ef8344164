//! Looking for news.

use store::{Row, Tx};

use super::problem;
use super::stage::{self, LastAlert, Stage, Standing};
use super::{Alert, MAX_COUNTED, Owner};
use engine::Core;
use engine::error::Result;
use engine::moment::Moment;
use engine::outbox::{self, Message};
use engine::settings::Settings;

/// A webhook about which something may be told.
struct Watched {
    outbound_id: i64,
    integration_id: i64,
    name: String,
    owner: Owner,
    because: Option<String>,
    standing: Standing,
}

/// Whether there is news, or a message that is due.
pub fn is_due(tx: &mut Tx<'_>, core: &Core, now: Moment) -> Result<bool> {
    let settings = core.current(tx)?.settings;
    Ok(outbox::is_due(tx, now)?
        || watched(tx)?.iter().any(|one| one.next(&settings, now.seconds()).is_some()))
}

/// Notes that the news were told, and puts them into the outbox, once for each who is to know; gives them, for the log.
pub fn look(tx: &mut Tx<'_>, core: &Core, now: Moment) -> Result<Vec<Alert>> {
    let settings = core.current(tx)?.settings;
    let mut told = Vec::new();
    for one in watched(tx)? {
        let Some((stage, after)) = one.next(&settings, now.seconds()) else { continue };
        if !claim(tx, one.outbound_id, one.standing.last_alert, after)? {
            continue;
        }
        let alert = one.alert(tx, stage, &settings)?;
        if stage == Stage::Well && one.standing.failing_since.is_none() {
            problem::forget(tx, one.outbound_id)?;
        }
        send(tx, core, &settings, &alert, now)?;
        told.push(alert);
    }
    Ok(told)
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Its number.
    pub id: i64,
    /// The e-mail address; `None` for the alert URL.
    pub to: Option<String>,
}

/// Puts a test alert into the outbox, once for each who is to know.
pub fn trial(tx: &mut Tx<'_>, core: &Core, now: Moment) -> Result<Vec<Trial>> {
    let settings = core.current(tx)?.settings;
    let alert = Alert {
        stage: Stage::Test,
        outbound_id: 0,
        integration_id: 0,
        name: String::new(),
        owner: Owner::default(),
        since: None,
        because: None,
        off_at: None,
        problems: Vec::new(),
        waiting: 0,
    };
    send(tx, core, &settings, &alert, now)
}

fn send(tx: &mut Tx<'_>, core: &Core, settings: &Settings, alert: &Alert, now: Moment) -> Result<Vec<Trial>> {
    let (mut letters, locale) = (Vec::new(), core.locale(settings.language));
    if settings.alerts.url.is_set() {
        letters.push(alert.post(settings, locale, now));
    }
    if settings.mail.is_set() {
        let to = recipients(tx, settings, alert)?;
        letters.extend(to.into_iter().map(|to| alert.mail(settings, locale, to)));
    }
    let mut put = |message: Message| {
        let id = outbox::put(tx, &core.keys, &message, now)?;
        let to = if let Message::Mail { to, .. } = message { Some(to) } else { None };
        Ok(Trial { id, to })
    };
    letters.into_iter().map(&mut put).collect()
}

/// The webhook's owner, and whom the settings name, or the administrators.
fn recipients(tx: &mut Tx<'_>, settings: &Settings, alert: &Alert) -> Result<Vec<String>> {
    let mut all: Vec<String> = alert.owner.email.iter().cloned().collect();
    if settings.alerts.mail.is_empty() {
        let sql = "SELECT email FROM portal_user WHERE is_admin = 1 AND active = 'Y' ORDER BY id";
        tx.query(sql, &[], |row| {
            all.push(row.text(0)?.to_owned());
            Ok(())
        })?;
    } else {
        all.extend(settings.alerts.mail.iter().map(|address| address.to_lowercase()));
    }
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|address| seen.insert(address.clone()));
    Ok(all)
}

/// Whoever changes what was told tells it.
fn claim(tx: &mut Tx<'_>, id: i64, before: LastAlert, after: LastAlert) -> Result<bool> {
    let sql = "UPDATE outbound SET alert_since = ?, alert_age = ?, alert_off = ?, alert_well = ? \
               WHERE id = ? AND alert_age = ? AND alert_off = ? AND COALESCE(alert_since, -1) = ?";
    let params = [
        after.since.into(),
        after.age.into(),
        i64::from(after.off).into(),
        after.well.into(),
        id.into(),
        before.age.into(),
        i64::from(before.off).into(),
        before.since.unwrap_or(-1).into(),
    ];
    Ok(tx.execute(sql, &params)? > 0)
}

fn watched(tx: &mut Tx<'_>) -> Result<Vec<Watched>> {
    let sql = "SELECT o.id, i.id, i.title, u.id, u.name, u.last_name, u.email, u.active, o.active, \
               o.disabled_because, o.failing_since, o.alert_since, o.alert_age, o.alert_off, o.alert_well, \
               (SELECT MAX(p.last) FROM outbound_problem p WHERE p.outbound_id = o.id) \
               FROM outbound o JOIN integration i ON i.id = o.integration_id JOIN portal_user u ON u.id = i.user_id \
               WHERE o.heard IS NULL AND (o.failing_since IS NOT NULL OR o.alert_since IS NOT NULL \
               OR o.disabled_because IS NOT NULL) ORDER BY o.id";
    Ok(tx.all(sql, &[], read)?)
}

fn read(row: &Row<'_>) -> std::result::Result<Watched, store::Error> {
    let because = row.opt_text(9)?.map(str::to_owned);
    Ok(Watched {
        outbound_id: row.int(0)?,
        integration_id: row.int(1)?,
        name: row.text(2)?.to_owned(),
        owner: Owner::new(row.int(3)?, row.text(4)?, row.text(5)?, row.text(6)?, row.text(7)? == "Y"),
        standing: Standing {
            active: row.text(8)? == "Y",
            disabled: because.is_some(),
            failing_since: row.opt_int(10)?,
            failed_last: row.opt_int(15)?,
            last_alert: LastAlert {
                since: row.opt_int(11)?,
                age: row.int(12)?,
                off: row.int(13)? != 0,
                well: row.opt_int(14)?,
            },
        },
        because,
    })
}

impl Watched {
    fn next(&self, settings: &Settings, now: i64) -> Option<(Stage, LastAlert)> {
        let after = settings.alerts.after * 60;
        let last_alert = stage::next(&self.standing, after.max(1), settings.disable_after, now);
        last_alert.filter(|_| after > 0)
    }

    fn alert(&self, tx: &mut Tx<'_>, stage: Stage, settings: &Settings) -> Result<Alert> {
        let Standing { failing_since, last_alert, .. } = self.standing;
        let since = if stage == Stage::Well { last_alert.since } else { failing_since.or(last_alert.since) };
        let ends = matches!(stage, Stage::Begun | Stage::Still | Stage::Soon);
        Ok(Alert {
            stage,
            outbound_id: self.outbound_id,
            integration_id: self.integration_id,
            name: self.name.clone(),
            owner: self.owner.clone(),
            since,
            because: self.because.clone(),
            off_at: since.filter(|_| ends).map(|since| since + settings.disable_after),
            problems: problem::of(tx, self.outbound_id)?,
            waiting: waiting(tx, self.outbound_id)?,
        })
    }
}

/// How many events wait for a webhook, or are held, up to [`MAX_COUNTED`].
pub(super) fn waiting(tx: &mut Tx<'_>, id: i64) -> Result<i64> {
    // One part for each of the partial indexes.
    let part = |which: &str| {
        format!(
            "(SELECT COUNT(*) FROM (SELECT 1 FROM delivery WHERE {which} AND outbound_id = ? LIMIT {MAX_COUNTED}) w)"
        )
    };
    let parts = ["state < 2", "ordered = 1 AND state >= 5", "state = 4"].map(part);
    let sql = format!("SELECT {}", parts.join(" + "));
    let count = tx.one(&sql, &[id.into(), id.into(), id.into()], |row| row.int(0))?;
    Ok(count.unwrap_or(0).min(MAX_COUNTED))
}
