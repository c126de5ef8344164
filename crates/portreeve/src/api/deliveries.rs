//! The log of deliveries as JSON.

use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use portal::Portal;
use portal::outbound::log::{self, Answered, Delivery, Filter, Page, State as Stands, Tried};
use portal::texts::Language;
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;
use wire::Fault;

use super::ask::{Query, moment};
use super::refusal::{Refusal, in_words};
use crate::outbound::json;
use crate::when;

/// How long one request goes on to look for words, which no index knows.
const TIME: Duration = Duration::from_secs(1);
/// Letters that are looked for at most.
const MAX_SEARCH: usize = 200;

/// Which deliveries are meant; what is missing does not matter.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wanted {
    integration: Option<i64>,
    outbound: Option<i64>,
    event: Option<String>,
    state: Option<String>,
    since: Option<String>,
    until: Option<String>,
    status: Option<String>,
    object: Option<String>,
    search: Option<String>,
    pub before: Option<i64>,
    /// These alone: for sending again and cancelling.
    pub ids: Option<Vec<i64>>,
}

impl Wanted {
    /// As a query says it.
    pub fn of(query: &Query) -> Result<Self, Fault> {
        Ok(Wanted {
            integration: query.number("integration")?,
            outbound: query.number("outbound")?,
            event: query.text("event"),
            state: query.text("state"),
            since: query.text("since"),
            until: query.text("until"),
            status: query.text("status"),
            object: query.text("object"),
            search: query.text("search"),
            before: query.number("before")?,
            ids: None,
        })
    }

    /// Of those that `owner` has; everybody's where there is none.
    pub fn filter(&self, owner: Option<i64>, portal: &Portal) -> Result<Filter, Fault> {
        let at =
            |text: &Option<String>, name| text.as_ref().map(|text| moment(text, name, portal)).transpose();
        if self.search.as_ref().is_some_and(|words| words.chars().count() > MAX_SEARCH) {
            let text = format!("search can have at most {MAX_SEARCH} characters.");
            return Err(Fault::argument(text, "search"));
        }
        Ok(Filter {
            outbound_id: self.outbound,
            integration_id: self.integration,
            owner,
            event: self.event.as_ref().map(|event| event.to_ascii_uppercase()),
            object: self.object.clone(),
            state: self.state.as_deref().map(state).transpose()?,
            words: self.search.clone(),
            answered: self.status.as_deref().map(answered).transpose()?,
            since: at(&self.since, "since")?,
            until: at(&self.until, "until")?,
            before: self.before,
        })
    }
}

/// `{"deliveries": [..], "before": n}`, newest first, each with its last try: see [`page`]. `before` is where the next page
/// begins, `null` on the last. A page may be short, or empty, and not the last: see [`log::search`]; `searched` is the moment
/// down to which it looked. For words it goes on for a second.
pub async fn list(
    portal: &Portal,
    query: &Query,
    owner: Option<i64>,
    language: Language,
) -> Result<Value, Refusal> {
    let limit = query.limit()?;
    let filter = Wanted::of(query)?.filter(owner, portal)?;
    let patience = if filter.words.is_some() { TIME } else { Duration::ZERO };
    page(portal, filter, (limit, patience), language).await
}

/// A page of what [`list`] gives, of at most so many, looked for step by step until it is full or so much time has passed.
pub async fn page(
    portal: &Portal,
    mut filter: Filter,
    (limit, patience): (usize, Duration),
    language: Language,
) -> Result<Value, Refusal> {
    let (begun, mut deliveries) = (Instant::now(), Vec::new());
    let (before, searched) = loop {
        let (asked, room) = (filter.clone(), limit - deliveries.len());
        let job = move |tx: &mut Tx<'_>| {
            let page = log::search(tx, &asked, room)?;
            let searched = page.before.map(|before| log::raised(tx, before)).transpose()?.flatten();
            Ok::<_, portal::Error>((page, searched))
        };
        let (Page { deliveries: mut found, before }, searched) = portal.core().store.read(job).await?;
        deliveries.append(&mut found);
        if before.is_none() || deliveries.len() >= limit || begun.elapsed() >= patience {
            break (before, searched);
        }
        filter.before = before;
    };
    let zone = &portal.core().zone();
    let shape = |(delivery, last): &(Delivery, Option<Tried>)| {
        let last = last.as_ref().map_or(Value::Null, |tried| in_page(tried, zone, language));
        json::delivery(delivery, ("last_try", last), zone)
    };
    Ok(json!({
        "deliveries": deliveries.iter().map(shape).collect::<Value>(),
        "before": before,
        "searched": searched.map(|at| when::exact(zone, at)),
    }))
}

/// A try, in the language of the page.
pub fn in_page(tried: &Tried, zone: &TimeZone, language: Language) -> Value {
    let mut shape = json::tried(tried, zone);
    if let Some(error) = &tried.attempt.error {
        shape["error"] = in_words(error, language).into();
    }
    shape
}

fn state(name: &str) -> Result<Stands, Fault> {
    let names = || Stands::ALL.map(Stands::name).join(", ");
    Stands::parse(name)
        .ok_or_else(|| Fault::argument(format!("The state must be one of {}.", names()), "state"))
}

fn answered(name: &str) -> Result<Answered, Fault> {
    let wrong = || Fault::argument("The status must be one of 2xx, 3xx, 4xx, 5xx, none.", "status");
    Answered::parse(name).ok_or_else(wrong)
}
