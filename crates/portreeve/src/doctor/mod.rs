//! `portreeve doctor`: looks at everything that a portal needs, and says what to do. It changes nothing, and no line holds a
//! secret.

mod certificate;
mod database;
mod disk;
mod exposure;
mod files;
mod folder;
mod handlers;
mod key;
mod report;
mod time;

use anyhow::{Result, bail};
use portal::settings as portal_settings;

use crate::cli::Examination;
use crate::health;
use crate::place::Place;
use crate::settings::Settings;
use database::PortalFacts;
use report::{Report, State};

/// Makes all checks and tells what they found.
///
/// # Errors
/// When one of them failed.
pub fn run(place: &Place, settings: &Settings, wanted: &Examination) -> Result<()> {
    let report = examine(place, settings, wanted.deep)?;
    report.tell(wanted.json);
    match report.count(State::Fail) {
        0 => Ok(()),
        1 => bail!("a check failed"),
        count => bail!("{count} checks failed"),
    }
}

fn examine(place: &Place, settings: &Settings, deep: bool) -> Result<Report> {
    let mut report = Report::default();
    let (given, location) = (settings.portal(settings.base_url.as_deref().unwrap_or(""))?, place.location()?);
    server(&mut report, settings);
    let has_folder = folder::check(&mut report, &place.data);
    let keys = key::check(&mut report, place, &location);
    let facts = database::check(&mut report, &location, &given, deep);
    let portal = facts.as_ref().and_then(|facts| facts.portal.as_ref());
    if let Some(portal) = portal {
        key::belongs(&mut report, keys.as_ref(), portal.mark.as_deref());
    } else if keys.is_some() {
        report.well("key", "it is there");
    }
    certificate::check(
        &mut report,
        &place.data,
        settings,
        portal.and_then(|portal| base_url(&portal.settings)),
    );
    if let Some(facts) = &facts {
        time::check(&mut report, facts);
    }
    if let Some(portal) = portal {
        rest(&mut report, settings, portal, deep);
        files::check(&mut report, place, &location, deep);
    }
    if has_folder {
        disk::check(&mut report, &place.data, &location, facts.as_ref(), settings);
    }
    exposure::check(&mut report, place, settings, portal);
    Ok(report)
}

/// Whether a server answers, and what it says.
fn server(report: &mut Report, settings: &Settings) {
    const OF: &str = "server";
    match health::look(settings.listen) {
        Ok((200, _)) => report.ok(OF, format!("the server on {} works", settings.listen)),
        Ok((status, body)) => {
            let advice = "see its log, and what else fails here";
            report.fail(
                OF,
                format!("the server on {} does not work: {status} {body}", settings.listen),
                advice,
            );
        }
        Err(_) => report.ok(OF, format!("none answers on {}", settings.listen)),
    }
}

fn base_url(settings: &portal_settings::Settings) -> Option<&str> {
    Some(settings.base_url.as_str()).filter(|url| !url.is_empty())
}

/// What the portal itself says.
fn rest(report: &mut Report, settings: &Settings, portal: &PortalFacts, deep: bool) {
    if !portal.settings.rest_available() {
        let found = "the licence of the cloud edition is set to expired: every call is refused";
        report.warn(
            "settings",
            found,
            "set it to active in the console or by --licence, unless you test that",
        );
    }
    handlers::check(report, portal, settings, deep);
}
