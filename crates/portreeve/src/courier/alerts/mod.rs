//! The worker that tells people: looks for handlers that fail, and sends what is in the outbox.

use std::sync::Arc;
use std::time::Duration;

use hyper::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use portal::keys::{self, Keys};
use portal::outbound::alert::{self, Alert, Stage, Trial};
use portal::outbound::sign;
use portal::outbox::{self, Fare, Fate, Item, Lease, Message};
use portal::settings::Settings;
use portal::{Error, Moment, Portal};
use store::Tx;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::send::{Address, Sender, WEBHOOK_ID, WEBHOOK_SIGNATURE, WEBHOOK_TIMESTAMP};
use crate::clock;
use crate::mail::Mailer;

#[cfg(test)]
mod tests;

/// How often the worker looks.
const ROUND: Duration = Duration::from_secs(2);
/// Messages that are sent at once.
const AT_ONCE: usize = 16;
/// Microseconds after which another node sends what one has taken: more than a message may take.
const LEASE: i64 = 120_000_000;
/// How often and how long somebody who tries it out waits for another node's worker.
const POLL: Duration = Duration::from_millis(200);
const POLLS: usize = 75;
/// Bytes of an error that are kept.
const ERROR: usize = 500;

/// Tells people what goes on, by every channel that is set.
pub struct Alerts {
    portal: Portal,
    sender: Arc<Sender>,
    mailer: Mailer,
}

/// How a test message fared.
pub struct Tried {
    /// The address; `None` for the alert URL.
    pub to: Option<String>,
    /// Why it was not sent, if it was not.
    pub error: Option<String>,
}

impl Alerts {
    /// Posts with `sender`, and mails with `mailer`.
    pub fn new(portal: Portal, sender: Arc<Sender>, mailer: Mailer) -> Self {
        Alerts { portal, sender, mailer }
    }

    /// Looks now and then, for ever.
    pub async fn keep(self: Arc<Self>) {
        let mut ticks = interval(ROUND);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            match self.round(clock::now(self.portal.core())).await {
                Ok(()) | Err(Error::Store(store::Error::Closed)) => {}
                Err(error) => tracing::warn!(%error, "alerts and e-mails cannot be looked after"),
            }
        }
    }

    /// Looks once, and sends what is due.
    pub async fn round(self: &Arc<Self>, now: Moment) -> Result<(), Error> {
        let core = Arc::clone(self.portal.core());
        let due = self.portal.core().store.read(move |tx: &mut Tx<'_>| alert::is_due(tx, &core, now)).await?;
        if !due {
            return Ok(());
        }
        let core = Arc::clone(self.portal.core());
        let lease = Lease { number: i64::from_le_bytes(keys::random()), until: Moment(now.0 + LEASE) };
        let job = move |tx: &mut Tx<'_>| {
            let told = alert::look(tx, &core, now)?;
            Ok::<_, Error>((told, outbox::claim(tx, &core.keys, AT_ONCE, lease, now)?))
        };
        let (told, items) = self.portal.core().store.write(job).await?;
        told.iter().for_each(log);
        self.send_all(items, now).await
    }

    /// Puts a test message for everybody who is told into the outbox, sends it, and gives what came of it.
    pub async fn try_out(self: &Arc<Self>, now: Moment) -> Result<Vec<Tried>, Error> {
        let core = Arc::clone(self.portal.core());
        let trials =
            self.portal.core().store.write(move |tx: &mut Tx<'_>| alert::trial(tx, &core, now)).await?;
        let mut tried = Vec::new();
        for Trial { id, to } in trials {
            let error = match self.fare(id, now).await? {
                Fare::Gone => None,
                Fare::Waiting => Some("another node has not sent it yet".to_owned()),
                Fare::Failed(why) => Some(why),
            };
            self.portal.core().store.write(move |tx: &mut Tx<'_>| outbox::withdraw(tx, id)).await?;
            tried.push(Tried { to, error });
        }
        Ok(tried)
    }

    async fn fare(self: &Arc<Self>, id: i64, now: Moment) -> Result<Fare, Error> {
        for _ in 0..POLLS {
            self.round(now).await?;
            match self.portal.core().store.read(move |tx: &mut Tx<'_>| outbox::fare(tx, id)).await? {
                Fare::Waiting => sleep(POLL).await,
                fare => return Ok(fare),
            }
        }
        Ok(Fare::Waiting)
    }

    async fn send_all(self: &Arc<Self>, items: Vec<Item>, now: Moment) -> Result<(), Error> {
        let mut sending = JoinSet::new();
        for item in items {
            let this = Arc::clone(self);
            sending.spawn(async move {
                let outcome = this.send(&item, now).await;
                (item, outcome)
            });
        }
        while let Some(sent) = sending.join_next().await {
            // A panic was logged where it happened; the message is sent again when its lease is over.
            if let Ok((item, outcome)) = sent {
                self.settle(item, outcome, now).await?;
            }
        }
        Ok(())
    }

    async fn send(&self, item: &Item, now: Moment) -> Result<(), String> {
        let core = self.portal.core();
        let settings = core.settings();
        match &item.letter {
            Some(Message::Post { body }) => self.post(&settings, item, body, now).await,
            Some(Message::Mail { .. }) if !settings.mail.is_set() => {
                Err("there is no mail server".to_owned())
            }
            Some(Message::Mail { to, subject, text }) => {
                self.mailer.send(&settings, &core.keys, to, subject, text).await
            }
            None => Err("the portal's key does not open it".to_owned()),
        }
    }

    /// Posts an alert, signed as deliveries are.
    async fn post(&self, settings: &Settings, item: &Item, body: &str, now: Moment) -> Result<(), String> {
        let core = self.portal.core();
        let url = settings
            .alerts
            .url
            .open(&core.keys)
            .ok_or("there is no alert URL, or the key does not open it")?;
        let address = Address::new(&settings.guard, &url).map_err(|refusal| refusal.to_string())?;
        let member_id = &core.shared().meta.member_id;
        let headers = headers(&url, &message_id(member_id, item), body, &core.keys);
        let headers = headers.ok_or("the signature is none")?;
        match self.sender.post(&address, headers, body.to_owned().into(), now).await.result {
            Ok(answer) if answer.status.is_success() => Ok(()),
            Ok(answer) => Err(format!("HTTP {}", answer.status.as_u16())),
            Err(failure) => Err(failure.to_string()),
        }
    }

    async fn settle(&self, item: Item, outcome: Result<(), String>, now: Moment) -> Result<(), Error> {
        let why = match outcome {
            Ok(()) => {
                let job = move |tx: &mut Tx<'_>| outbox::done(tx, &item);
                return self.portal.core().store.write(job).await;
            }
            Err(mut why) => {
                why.truncate(why.floor_char_boundary(ERROR));
                why
            }
        };
        let (channel, tries) = (item.letter.as_ref().map_or("", Message::channel), item.tries + 1);
        let error = why.clone();
        let job = move |tx: &mut Tx<'_>| outbox::failed(tx, &item, &why, now);
        match self.portal.core().store.write(job).await? {
            Fate::Again(_) => {
                tracing::warn!(channel, tries, error, "a message could not be sent; it is tried again");
            }
            Fate::GivenUp => {
                tracing::error!(channel, tries, error, "a message could not be sent within a day");
            }
        }
        Ok(())
    }
}

/// The same for every try of an alert, and another one for every alert of every portal.
fn message_id(member_id: &str, item: &Item) -> String {
    format!("alert_{}_{:x}_{}", member_id.get(..8).unwrap_or(member_id), item.created.0, item.id)
}

fn headers(url: &str, message_id: &str, body: &str, keys: &Keys) -> Option<HeaderMap> {
    // Whoever takes it compares it with a clock of his own.
    let timestamp = clock::machine().seconds();
    let key = sign::key(&alert::secret(keys, url))?;
    let signature = sign::signature(&key, message_id, timestamp, body);
    let text = |text: &str| HeaderValue::from_str(text).ok();
    Some(HeaderMap::from_iter([
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (WEBHOOK_ID, text(message_id)?),
        (WEBHOOK_TIMESTAMP, timestamp.into()),
        (WEBHOOK_SIGNATURE, text(&signature)?),
    ]))
}

fn log(alert: &Alert) {
    let (webhook, name) = (alert.outbound_id, alert.name.as_str());
    let reason = alert.problems.first().map(|problem| problem.reason.as_str());
    let reason = alert.because.as_deref().or(reason).unwrap_or_default();
    match alert.stage {
        Stage::Well => tracing::info!(webhook, name, "an outbound webhook's handler takes events again"),
        Stage::Off => tracing::warn!(webhook, name, reason, "an outbound webhook was switched off"),
        Stage::Soon => tracing::warn!(webhook, name, reason, "an outbound webhook will soon be switched off"),
        Stage::Begun | Stage::Still => {
            tracing::warn!(webhook, name, reason, "an outbound webhook's handler fails");
        }
        Stage::Test => {}
    }
}
