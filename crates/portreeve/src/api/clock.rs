//! The portal's clock as JSON, and what is asked of it.

use portal::Portal;
use portal::audit::By;
use portal::clock::{Place, Shift, Turn};
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;
use wire::Fault;

use crate::{clock, when};

/// The portal's clock.
#[derive(Serialize, ToSchema)]
pub struct Clock {
    /// What it shows.
    time: String,
    /// By how many seconds it is ahead of the machine's.
    shift: i64,
    /// Whether it stands.
    frozen: bool,
}

/// What is to become of the clock.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Turned {
    /// Day or moment at which it is put: 2027-01-01T12:00:00Z
    to: Option<String>,
    /// How far it is moved: 2h, or -3d
    by: Option<String>,
    /// Whether it stands from then on; as before if left out
    frozen: Option<bool>,
}

impl Turned {
    /// The turn that is meant.
    ///
    /// # Errors
    /// 400 for what cannot be read.
    pub fn turn(&self, portal: &Portal) -> Result<Turn, Fault> {
        let wrong = |name: &str, words: &'static str| Fault::argument(words, name);
        let place = match (&self.to, &self.by) {
            (Some(_), Some(_)) => return Err(wrong("by", "Give to or by, not both.")),
            (Some(to), None) => {
                let words = "The time must be a day or a moment, such as 2027-01-01T12:00:00Z.";
                Place::At(when::moment(&portal.core().zone(), to).ok_or_else(|| wrong("to", words))?)
            }
            (None, Some(by)) => {
                let words = "The move must be a time such as 90s, 30m, 2h or -3d.";
                Place::By(when::way(by).ok_or_else(|| wrong("by", words))?)
            }
            (None, None) => Place::Here,
        };
        Ok(Turn { place, frozen: self.frozen })
    }
}

impl Clock {
    /// How it goes.
    pub fn of(portal: &Portal, shift: Shift) -> Self {
        let now = shift.now(clock::machine());
        Clock {
            time: when::exact(&portal.core().zone(), now.portal),
            shift: shift.seconds(now.machine),
            frozen: shift.is_frozen(),
        }
    }
}

/// What the clock shows.
pub async fn show(portal: &Portal) -> portal::Result<Clock> {
    let core = portal.core().clone();
    let shared = portal.core().store.read(move |tx: &mut Tx<'_>| core.current(tx)).await?;
    Ok(Clock::of(portal, shared.meta.clock))
}

/// Turns the clock, and shows it.
pub async fn turn(portal: &Portal, turn: Turn, by: By) -> portal::Result<Clock> {
    Ok(Clock::of(portal, portal.turn_clock(turn, clock::machine(), by).await?))
}
