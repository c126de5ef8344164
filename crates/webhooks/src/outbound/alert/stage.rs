//! When somebody is told of a handler that fails: a pure function of times.

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// After so long without a failure nobody knows how the handler is.
const SILENCE: i64 = 36 * HOUR;

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The handler fails for as long as the settings say.
    Begun,
    /// It has failed for an hour, or for days.
    Still,
    /// The webhook will soon be switched off.
    Soon,
    /// It was switched off.
    Off,
    /// The handler took an event again.
    Well,
    /// Nothing: somebody tries out whether alerts arrive.
    Test,
}

impl Stage {
    /// What programs call it.
    pub fn code(self) -> &'static str {
        match self {
            Stage::Begun => "webhook.failing",
            Stage::Still => "webhook.still_failing",
            Stage::Soon => "webhook.switch_off_near",
            Stage::Off => "webhook.switched_off",
            Stage::Well => "webhook.recovered",
            Stage::Test => "webhook.alert_test",
        }
    }
}

/// What is known of a webhook. Times are Unix seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// Whether it is sent events.
    pub active: bool,
    /// Whether the portal has switched it off.
    pub disabled: bool,
    /// Since when it does nothing but fail.
    pub failing_since: Option<i64>,
    /// The last failure.
    pub failed_last: Option<i64>,
    /// What was told.
    pub last_alert: LastAlert,
}

/// What was told of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LastAlert {
    /// Since when it fails; `None` when nothing was told.
    pub since: Option<i64>,
    /// At what age of that, in seconds; -1 for never.
    pub age: i64,
    /// That it is switched off.
    pub off: bool,
    /// When it was well again, which was not told yet.
    pub well: Option<i64>,
}

impl Default for LastAlert {
    fn default() -> Self {
        LastAlert { since: None, age: -1, off: false, well: None }
    }
}

/// What is to be told now, and what will have been told then. `after` is for how long a handler must have failed,
/// `limit` after what time of failures webhooks are switched off.
pub(super) fn next(standing: &Standing, after: i64, limit: i64, now: i64) -> Option<(Stage, LastAlert)> {
    let Standing { last_alert, failing_since, .. } = *standing;
    if last_alert.since.is_some() && last_alert.well.is_some() {
        return Some((Stage::Well, LastAlert::default()));
    }
    if standing.disabled && !standing.active {
        let since = last_alert.since.or(failing_since).or(Some(now));
        return (!last_alert.off)
            .then_some((Stage::Off, LastAlert { since, off: true, well: None, ..last_alert }));
    }
    let since = failing_since.filter(|_| standing.active)?;
    // What began anew, or after a person had let it go on, is told anew.
    let before = if last_alert.off || last_alert.since != Some(since) { -1 } else { last_alert.age };
    let age = now - since;
    let (reached, stage) = reached(after, limit, age)?;
    let failed_last = standing.failed_last.unwrap_or(since);
    let is_news = if before < 0 { now - failed_last <= SILENCE } else { failed_last > since + before };
    let stage = if before < 0 && stage == Stage::Still { Stage::Begun } else { stage };
    let last_alert = LastAlert { since: Some(since), age: reached, off: false, well: None };
    (reached > before && is_news).then_some((stage, last_alert))
}

/// The last age at which somebody is told.
fn reached(after: i64, limit: i64, age: i64) -> Option<(i64, Stage)> {
    let warning = limit - limit / 6;
    let days = age / DAY * DAY;
    let steps = [(after, Stage::Begun), (HOUR, Stage::Still), (days, Stage::Still), (warning, Stage::Soon)];
    let passed = steps.into_iter().filter(|(at, _)| *at >= after && *at > 0 && *at <= age);
    passed.max_by_key(|(at, stage)| (*at, *stage == Stage::Soon))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60;
    const LIMIT: i64 = 3 * DAY;

    /// What is told, at what second, of a handler that fails every so many seconds until it is switched off or well.
    fn told(every: i64, until: i64, ends: &dyn Fn(&mut Standing)) -> Vec<(i64, Stage)> {
        let mut standing = Standing { active: true, failing_since: Some(0), ..Standing::default() };
        let mut said = Vec::new();
        for now in (0..until + DAY).step_by(5) {
            if now % every == 0 && now < until {
                standing.failed_last = Some(now);
            }
            if now == until {
                ends(&mut standing);
            }
            if let Some((stage, after)) = next(&standing, 10 * MINUTE, LIMIT, now) {
                said.push((now, stage));
                standing.last_alert = after;
            }
        }
        said
    }

    #[test]
    fn a_handler_that_stays_down_is_told_until_it_is_off() {
        let off = |its: &mut Standing| (its.active, its.disabled) = (false, true);
        assert_eq!(
            told(5, LIMIT, &off),
            [
                (10 * MINUTE, Stage::Begun),
                (HOUR, Stage::Still),
                (DAY, Stage::Still),
                (2 * DAY, Stage::Still),
                (60 * HOUR, Stage::Soon),
                (LIMIT, Stage::Off),
            ]
        );
    }

    #[test]
    fn one_that_is_well_again_is_told_once() {
        let well = |its: &mut Standing| (its.failing_since, its.last_alert.well) = (None, Some(1));
        assert_eq!(told(5, 50 * MINUTE, &well), [(10 * MINUTE, Stage::Begun), (50 * MINUTE, Stage::Well)]);
        // What was never told of need not be taken back.
        let quickly = |its: &mut Standing| its.failing_since = None;
        assert_eq!(told(5, 9 * MINUTE, &quickly), []);
    }

    #[test]
    fn nobody_is_told_again_unless_it_fails_again() {
        let never = |_: &mut Standing| ();
        assert_eq!(
            told(10 * DAY, 10 * DAY, &never),
            [(10 * MINUTE, Stage::Begun)],
            "one failure and silence"
        );
        let hours = told(2 * HOUR, 5 * HOUR, &never);
        let began = [(10 * MINUTE, Stage::Begun), (2 * HOUR, Stage::Still), (DAY, Stage::Still)];
        assert_eq!(hours, began, "with the next failure");
    }

    #[test]
    fn what_was_missed_is_told_once() {
        let mut standing = Standing { active: true, failing_since: Some(0), ..Standing::default() };
        standing.failed_last = Some(26 * HOUR);
        let (stage, last_alert) = next(&standing, 600, LIMIT, 26 * HOUR).unwrap();
        assert_eq!((stage, last_alert.age), (Stage::Begun, DAY));
        standing.last_alert = last_alert;
        standing.failed_last = Some(61 * HOUR);
        let (stage, last_alert) = next(&standing, 600, LIMIT, 61 * HOUR).unwrap();
        assert_eq!((stage, last_alert.age), (Stage::Soon, 60 * HOUR), "the nearer one");
        standing.failed_last = Some(0);
        assert_eq!(
            next(&Standing { last_alert: LastAlert::default(), ..standing }, 600, LIMIT, 40 * HOUR),
            None
        );
    }

    #[test]
    fn a_person_who_pauses_it_knows_and_one_who_lets_it_go_on_is_told_anew() {
        let last_alert = LastAlert { since: Some(0), age: HOUR, off: true, well: None };
        let off = Standing { disabled: true, last_alert, ..Standing::default() };
        assert_eq!(next(&off, 600, LIMIT, 9 * DAY), None, "once");
        let paused = Standing { failing_since: Some(0), failed_last: Some(0), ..Standing::default() };
        assert_eq!(next(&paused, 600, LIMIT, 700), None);
        let again = Standing {
            active: true,
            failing_since: Some(9 * DAY),
            failed_last: Some(9 * DAY),
            last_alert,
            ..Standing::default()
        };
        assert_eq!(next(&again, 600, LIMIT, 9 * DAY + 599), None);
        assert_eq!(next(&again, 600, LIMIT, 9 * DAY + 600).unwrap().0, Stage::Begun);
        let gone = Standing { disabled: true, ..Standing::default() };
        assert_eq!(next(&gone, 600, LIMIT, 5).unwrap().0, Stage::Off, "410 comes without a warning");
    }
}
