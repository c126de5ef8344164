//! Sending a delivery once to another address.

use portal::outbound::Secrets;
use portal::outbound::forward::Admitted;
use portal::outbound::log::Delivery;
use portal::outbound::queue::{Attempt, Lane, Lease, Leased};
use portal::outbound::trial;
use portal::{Core, Moment, Portal};
use tokio::sync::Semaphore;

use super::failure::Failure;
use super::send::{Address, Outcome, Sender};
use super::targets::Ready;
use super::{Courier, SendOptions, sender};
use crate::clock;

/// So many go to other addresses at once; each takes as long as a handler may.
static AT_ONCE: Semaphore = Semaphore::const_new(8);

/// What came of it.
pub struct Forwarded {
    /// When it was sent, how long it took, and the answer.
    pub attempt: Attempt,
    /// The token and the key of the signature, which were made for it; `None` where they are the webhook's own.
    pub secrets: Option<Secrets>,
}

impl Courier {
    /// Sends a delivery once to another address. `None` while too many others are under way, and where nothing is sent.
    pub async fn forward(&self, core: &Core, admitted: &Admitted, url: &str) -> Option<Forwarded> {
        let sender = self.sender.as_ref()?;
        let _seat = AT_ONCE.try_acquire().ok()?;
        Some(forward(sender, core, admitted, url).await)
    }

    /// Whether anything is sent at all.
    pub fn sends(&self) -> bool {
        self.sender.is_some()
    }
}

/// The same by itself, for the command line.
///
/// # Errors
/// When name resolution or TLS cannot be set up.
pub async fn forward_once(
    portal: &Portal,
    sending: &SendOptions,
    admitted: &Admitted,
    url: &str,
) -> anyhow::Result<Forwarded> {
    let sender = sender(portal, sending, 1)?;
    Ok(forward(&sender, portal.core(), admitted, url).await)
}

async fn forward(sender: &Sender, core: &Core, admitted: &Admitted, url: &str) -> Forwarded {
    let now = clock::now(core);
    let own = admitted.handler.is_none().then(Secrets::random);
    let ready = ready(core, admitted, url, own.as_ref());
    let attempt = match ready {
        Ok(ready) => {
            let mut parcel = ready.parcel(&leased(&admitted.delivery), &admitted.auth, now);
            if own.is_some() {
                // With it one could hide changes from other integrations.
                parcel.hop = None;
            }
            sender.send(&ready.address, &parcel, now).await.attempt(&ready.secrets())
        }
        Err(failure) => Outcome::unsent(now, failure).attempt(&[]),
    };
    Forwarded { attempt, secrets: own }
}

fn ready(core: &Core, admitted: &Admitted, url: &str, own: Option<&Secrets>) -> Result<Ready, Failure> {
    let address = Address::new(&core.settings().guard, url)?;
    match (&admitted.handler, own) {
        (Some(handler), None) => Ready::to(address, handler, &core.keys),
        (_, own) => Ready::new(address, own.cloned().unwrap_or_else(Secrets::random), &core.keys),
    }
}

/// As its handler gets it; nobody holds a lease of it.
fn leased(delivery: &Delivery) -> Leased {
    Leased {
        id: delivery.id,
        outbound_id: delivery.outbound_id,
        lane: Lane::First,
        event_handler_id: delivery.event_handler_id,
        event: delivery.event.as_str().into(),
        object: delivery.object.as_str().into(),
        data: delivery.data.clone(),
        raised: delivery.raised,
        attempts: delivery.attempts,
        hop: delivery.hop,
        is_test: delivery.object == trial::OBJECT,
        is_slowed: delivery.is_slowed,
        lease: Lease { number: 0, until: Moment(0) },
        trace: None,
    }
}
