//! `portreeve clone`: a portal as a copy of another one.

mod fetch;
mod files;
mod pace;
pub mod read;
mod report;
mod screen;
pub mod source;

use anyhow::{Result, bail, ensure};
use portal::Portal;
use portal::clone::{self, Origin, Standing};
use serde_json::{Value, json};

use crate::cli::{NewClone, note, say};
use crate::clock;
use crate::place::Place;
use crate::rules::Rules;
use fetch::Bounds;
use read::Reader;
use screen::Screen;
use source::Source;

/// Makes the copy, or goes on with it, and tells what became of it.
pub fn run(place: &Place, rules: &Rules, wanted: &NewClone) -> Result<()> {
    if wanted.plan {
        return plan(&rules.open_existing(place)?);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut source = Source::new(wanted.from.as_deref().unwrap_or_default(), wanted.ca.as_deref(), wanted.rate)?;
        let mut screen = Screen::new(0);
        let profile = source.call("profile", &mut screen).await?;
        let scopes = scopes(&source.call("scope", &mut screen).await?);
        place.make_folder()?;
        let _lock = place.lock()?;
        let portal = place.open(rules.portal(""))?;
        let user = profile["ID"].as_str().and_then(|id| id.parse().ok()).unwrap_or(1);
        let origin = Origin { portal: source.portal(), user, done: false };
        match clone::standing(&portal).await? {
            Standing::New => {
                ensure!(user > 0, "the portal does not say as whom the webhook acts");
                clone::note(&portal, &origin).await?;
            }
            Standing::Copy(known) if known.portal != origin.portal => {
                bail!("{} is a copy of {}: choose another --data", place.data.display(), known.portal)
            }
            Standing::Copy(known) if known.done && wanted.with_files => note("Going on with the files."),
            Standing::Copy(known) if known.done => {
                note(format_args!("{} is a whole copy of {} already.", place.data.display(), known.portal));
                return report::print(&portal, &[]).await;
            }
            Standing::Copy(_) => note("Going on with the copy that was begun."),
            Standing::Own => bail!(
                "{} has a portal of its own: clone writes into a new one. Choose another --data or --database",
                place.data.display()
            ),
        }
        if profile["ADMIN"].as_bool() == Some(false) {
            note("The webhook is no administrator's: it sees only what its user may see.");
        }
        let mut reader = Reader::new(&portal, source, screen, scopes).without(&wanted.skip);
        reader.run().await?;
        let dangling = clone::end(&portal, &origin).await?;
        if wanted.with_files {
            reader.files(&Bounds::new(wanted)).await?;
        }
        let requests = reader.close();
        report::print(&portal, &dangling).await?;
        note(format_args!("{requests} requests. Now: portreeve user passwd {user}, portreeve serve"));
        Ok(())
    })
}

/// Prints what is read, so that it can be asked for elsewhere.
fn plan(portal: &Portal) -> Result<()> {
    const MOST: i64 = 1000;
    for (step, _) in clone::plan(portal, clock::now(portal.core())).wait()? {
        if step.each.is_none() {
            say(json!({"method": step.method, "params": step.params}));
        }
        let (next, _) = clone::next(portal, &step, 0, MOST).wait()?;
        next.iter().for_each(|(_, params, _)| say(json!({"method": step.method, "params": params})));
    }
    Ok(())
}

/// The scopes of the webhook, as `scope` answers them.
fn scopes(answer: &Value) -> Vec<String> {
    answer.as_array().into_iter().flatten().filter_map(|scope| Some(scope.as_str()?.to_owned())).collect()
}
