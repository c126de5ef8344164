//! Integrations as JSON, without their secrets.

use jiff::tz::TimeZone;
use portal::hooks::{Hook, Secret};
use portal::integration::{Integration, Row};
use portal::moment;
use portal::outbound::manage::Outbound;
use portal::texts::Language;
use portal::usage::Sums;
use serde_json::{Value, json};

use crate::console::api::refusal::in_words;
use crate::hook::url;
use crate::logs::MASK;

/// What every shape needs to know.
pub struct Frame<'a> {
    /// Where people see the portal.
    pub base_url: &'a str,
    /// On whose clocks times are.
    pub zone: &'a TimeZone,
    /// When, in Unix seconds.
    pub now: i64,
    /// The viewer.
    pub asker: i64,
    /// The language of the page.
    pub language: Language,
}

impl Frame<'_> {
    fn time(&self, seconds: i64) -> Value {
        moment::print(self.zone, seconds).as_str().into()
    }

    fn time_or_null(&self, seconds: Option<i64>) -> Value {
        seconds.map_or(Value::Null, |seconds| self.time(seconds))
    }

    /// One as its editor shows it, with its version, the names of its owner and of who it is that its secrets are hidden from,
    /// and how many events are held of it.
    pub fn whole(
        &self,
        one: &Integration,
        version: &str,
        owner: &str,
        hidden_by: Option<&str>,
        held: i64,
    ) -> Value {
        json!({
            "id": one.id,
            "version": version,
            "kind": match (&one.inbound, &one.outbound) {
                (Some(_), Some(_)) => "both",
                (Some(_), None) => "in",
                (None, _) => "out",
            },
            "scenario": one.scenario,
            "title": one.title,
            "comment": one.comment,
            "user": {"id": one.user_id, "name": owner},
            "mine": one.user_id == self.asker,
            "created": self.time(one.created),
            "query": one.query.as_ref().map(|query| json!({"method": query.method, "params": query.params})),
            "inbound": one.inbound.as_ref().map(|hook| self.inbound(hook, one.user_id)),
            "outbound": one.outbound.as_ref().map(|told| self.outbound(told, held)),
            // Who reset the owner's password after they were made: they work and are not shown.
            "hidden_by": hidden_by,
        })
    }

    fn inbound(&self, hook: &Hook, owner: i64) -> Value {
        json!({
            "url": url(self.base_url, owner, &Secret::from(MASK)),
            "scopes": hook.input.scopes,
            "active": hook.input.active,
            "expires": self.time_or_null(hook.input.expires),
            "networks": hook.input.networks.iter().map(|network| json!(network.to_string())).collect::<Value>(),
            "read_only": hook.input.read_only,
            "last_used": self.time_or_null(hook.last_used),
            "last_address": hook.last_address,
            "hidden": hook.hidden_by.is_some(),
        })
    }

    fn outbound(&self, told: &Outbound, held: i64) -> Value {
        let events = told.events.iter().map(|(name, id)| json!({"name": name, "event_handler_id": id}));
        json!({
            "id": told.id,
            "handler_url": told.handler_url,
            "events": events.collect::<Value>(),
            "retries": told.retries.to_string(),
            "ordered": told.ordered,
            "active": told.active,
            "disabled_because": told.disabled_because.as_deref().map(|why| in_words(why, self.language)),
            "failing_since": self.time_or_null(told.failing_since),
            "held": held,
            "listens": told.listens,
            "hidden": told.hidden_by.is_some(),
            "pickup": told.pickup,
            "skip_own": told.skip_own,
            "only_fields": told.only,
            "tell_changed": told.tell_changed,
            "rate": told.limits.rate,
            "concurrency": told.limits.concurrency,
            "headers": told.extras.headers.iter().map(|header| json!(header.name)).collect::<Value>(),
            "basic_user": told.extras.basic.as_ref().map(|basic| &basic.user),
            "old_secrets_until": self.time_or_null(told.old_until.filter(|until| *until > self.now)),
        })
    }

    /// One as a line of the list, with what came of it in the last 24 hours.
    pub fn row(&self, row: &Row, day: &Sums) -> Value {
        json!({
            "id": row.id,
            "kind": row.kind.name(),
            "scenario": row.scenario,
            "title": row.title,
            "user": {"id": row.user.0, "name": row.user.1},
            "mine": row.user.0 == self.asker,
            "scopes": row.scopes,
            "events": row.events,
            "handler_host": row.handler_url.as_deref().and_then(host),
            "state": row.state.name(),
            "created": self.time(row.created),
            "last_used": self.time_or_null(row.last_used),
            "calls_24h": day.calls,
            "errors_24h": day.errors,
            "failed_24h": day.failed,
        })
    }
}

/// The host of a handler: its path and query may hold a secret of the handler's own.
fn host(url: &str) -> Option<String> {
    url::Url::parse(url).ok()?.host_str().map(str::to_owned)
}
