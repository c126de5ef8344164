//! The log of calls as JSON.

use jiff::tz::TimeZone;
use portal::Portal;
use portal::calls::{self, Filter, Found};
use portal::texts::Language;
use serde::Serialize;
use serde_json::Value;
use store::Tx;
use utoipa::ToSchema;
use wire::{Fault, Version};

use super::ask::Query;
use super::refusal::in_words;
use crate::{usage, when};

/// A page of the log, newest first.
#[derive(Serialize, ToSchema)]
pub struct Calls {
    /// The calls.
    calls: Vec<Call>,
    /// Where the next page begins; null on the last.
    before: Option<i64>,
    /// Calls that this node did not log since its start, because there were too many at once.
    missed: u64,
}

/// A call of a method, refused ones too.
#[derive(Serialize, ToSchema)]
pub struct Call {
    /// Its number.
    id: i64,
    /// When it came, on the portal's clock.
    at: String,
    /// Milliseconds until it was answered.
    took_ms: f64,
    /// The integration whose webhook was used; null where none was recognised.
    integration: Option<Integration>,
    /// The user as whom the webhook acts.
    user_id: Option<i64>,
    /// The IP address that it came from.
    address: String,
    /// The version of the protocol, 2 or 3.
    version: i64,
    /// The method as it was written.
    method: String,
    /// The parameters, with secrets masked and long values cut.
    #[schema(value_type = Object)]
    params: Value,
    /// The HTTP status of the answer.
    status: u16,
    /// The error code of a refusal.
    error: Option<String>,
    /// Its words.
    message: Option<String>,
    /// What to do about it.
    advice: Option<String>,
    /// Of a batch: the commands that failed, with their codes.
    #[schema(value_type = Object)]
    failed: Value,
    /// Bytes of the answer.
    size: i64,
    /// The deliveries that it caused.
    deliveries: Vec<i64>,
    /// The fault rule that hit it.
    fault_rule: Option<i64>,
}

/// An integration.
#[derive(Serialize, ToSchema)]
pub struct Integration {
    /// Its number.
    id: i64,
    /// Its name; null when it was deleted.
    title: Option<String>,
}

/// Which calls a query asks for, of those by webhooks of `owner` or of all.
pub fn filter(query: &Query, owner: Option<i64>, portal: &Portal) -> Result<Filter, Fault> {
    Ok(Filter {
        owner,
        integration_id: query.number("integration")?,
        method: query.text("method"),
        failed: query.flag("failed")?,
        error: query.text("error"),
        words: query.text("search"),
        since: query.moment("since", portal)?,
        before: query.number("before")?,
        after: query.number("after")?,
    })
}

/// A page, with every call that was answered before.
pub async fn page(
    portal: &Portal,
    filter: Filter,
    limit: usize,
    language: Language,
) -> portal::Result<Calls> {
    // Whoever asks after a call finds it.
    usage::flush_calls(portal).await?;
    let page = portal.core().store.read(move |tx: &mut Tx<'_>| calls::search(tx, &filter, limit)).await?;
    let zone = &portal.core().zone();
    Ok(Calls {
        calls: page.calls.into_iter().map(|found| Call::new(found, zone, language)).collect(),
        before: page.before,
        missed: portal.calls().missed(),
    })
}

/// One call, if `owner` may see it.
pub async fn one(portal: &Portal, id: i64, owner: Option<i64>, language: Language) -> portal::Result<Call> {
    let found = portal.core().store.read(move |tx: &mut Tx<'_>| calls::one(tx, id, owner)).await?;
    let found = found.ok_or_else(|| Fault::not_found("The call does not exist."))?;
    Ok(Call::new(found, &portal.core().zone(), language))
}

impl Call {
    fn new(found: Found, zone: &TimeZone, language: Language) -> Self {
        let Found { id, title, entry } = found;
        let version = if entry.version == 3 { Version::V3 } else { Version::V2 };
        let method = portal::modules().find_in(version, &entry.method);
        let advice = calls::advice(&entry, method).map(|text| in_words(&text, language));
        let json = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
        let (error, message) = entry.refusal.unzip();
        Call {
            id,
            at: when::exact(zone, entry.at),
            took_ms: entry.took as f64 / 1e3,
            integration: entry.webhook.map(|webhook| Integration { id: webhook.integration_id, title }),
            user_id: entry.webhook.map(|webhook| webhook.user_id),
            address: entry.address.to_string(),
            version: entry.version,
            params: json(&entry.params),
            failed: json(&entry.failed),
            method: entry.method,
            status: entry.status,
            error,
            message,
            advice,
            size: entry.size,
            deliveries: entry.deliveries,
            fault_rule: entry.rule,
        }
    }
}
