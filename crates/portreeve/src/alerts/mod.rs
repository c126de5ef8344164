//! `portreeve alerts`: tries out whether alerts arrive, and shows with what they are signed.

mod telling;

use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use portal::outbound::alert::{self, Trial};
use portal::outbox::{self, Fare};
use store::Tx;

use crate::cli::{AlertsCommand, say};
use crate::clock;
use crate::place::Place;
use crate::rules::Rules;

pub use telling::Telling;

/// How often the outbox is looked at.
const POLL: Duration = Duration::from_millis(100);
/// A server that runs has sent a message after so long, or failed to.
const PATIENCE: Duration = Duration::from_secs(75);

/// Runs one of the commands.
pub fn run(place: &Place, rules: &Rules, telling: &Telling, command: &AlertsCommand) -> Result<()> {
    let portal = rules.open_with(place, |settings| telling.give(settings))?;
    let core = portal.core().clone();
    match command {
        AlertsCommand::Secret => {
            let url = core.settings().alerts.url.open(&core.keys);
            let url = url.context("there is no alert URL; the console's settings or --alert-url set it")?;
            say(alert::secret(&core.keys, &url));
            Ok(())
        }
        AlertsCommand::Test => {
            let (job_core, now) = (core.clone(), clock::now(&core));
            let trials = core.store.write(move |tx: &mut Tx<'_>| alert::trial(tx, &job_core, now)).wait()?;
            ensure!(
                !trials.is_empty(),
                "nobody is told: there is neither an alert URL nor a mail server; the console's settings or the flags of \
                 `portreeve serve` set them"
            );
            let failed = trials.iter().map(|trial| watch(&core, trial)).filter(Result::is_err).count();
            ensure!(failed == 0, "{failed} of {} test alerts were not sent", trials.len());
            Ok(())
        }
    }
}

/// Looks on until the server has sent a message, or failed to; says which.
#[expect(clippy::disallowed_methods, reason = "the server is another process, which cannot wake this one")]
fn watch(core: &portal::Core, trial: &Trial) -> Result<()> {
    let (began, id) = (Instant::now(), trial.id);
    let to = trial.to.as_deref().unwrap_or("the alert URL");
    let fare = loop {
        match core.store.read(move |tx: &mut Tx<'_>| outbox::fare(tx, id)).wait()? {
            Fare::Waiting if began.elapsed() < PATIENCE => sleep(POLL),
            fare => break fare,
        }
    };
    core.store.write(move |tx: &mut Tx<'_>| outbox::withdraw(tx, id)).wait()?;
    let why = match fare {
        Fare::Gone => {
            say(format_args!("sent\t{to}"));
            return Ok(());
        }
        Fare::Waiting => "nobody sends it: it waits for `portreeve serve`".to_owned(),
        Fare::Failed(why) => why,
    };
    say(format_args!("failed\t{to}\t{}", crate::cli::clean(&why)));
    bail!("{why}")
}
