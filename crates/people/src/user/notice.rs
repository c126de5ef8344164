//! E-mails about what a person signs in with: whoever did not change it learns that somebody else did.

use store::Tx;

use super::letter;
use super::{User, account};
use engine::Core;
use engine::error::Result;
use engine::moment::Moment;
use engine::outbox;

/// What happened.
#[derive(Clone, Copy, Debug)]
pub enum Notice {
    /// The password was replaced.
    Password,
    /// The address that the person signs in with, to the one of before.
    Address,
    /// Two-factor sign-in was turned on.
    FactorOn,
    /// The person turned it off.
    FactorOff,
    /// An administrator did.
    FactorReset,
    /// A recovery code let somebody in.
    Recovered,
}

impl Notice {
    const ALL: [Notice; 6] = [
        Notice::Password,
        Notice::Address,
        Notice::FactorOn,
        Notice::FactorOff,
        Notice::FactorReset,
        Notice::Recovered,
    ];

    fn sentence(self) -> &'static str {
        match self {
            Notice::Password => "Your password on {portal} was changed.",
            Notice::Address => "The e-mail address that you sign in to {portal} with was changed.",
            Notice::FactorOn => "Two-factor sign-in to {portal} was turned on.",
            Notice::FactorOff => "Two-factor sign-in to {portal} was turned off.",
            Notice::FactorReset => {
                "Your two-factor sign-in to {portal} was reset: the password alone lets in until you set it up again."
            }
            Notice::Recovered => "A recovery code was used to sign in to {portal}. It does not work again.",
        }
    }
}

const SUBJECT: &str = "Your sign-in to {portal}";
const END: &str = "If that was not you, tell an administrator at once.";

/// Everything that is said here in English.
pub fn sayings() -> Vec<&'static str> {
    Notice::ALL.into_iter().map(Notice::sentence).chain([SUBJECT, END]).collect()
}

/// Tells a user, where the portal sends e-mail.
pub fn tell(tx: &mut Tx<'_>, core: &Core, user_id: i64, what: Notice, now: Moment) -> Result<()> {
    match account::find(tx, user_id)? {
        Some(user) => tell_at(tx, core, &user, what, now),
        None => Ok(()),
    }
}

/// Tells a user at the address of before.
pub fn tell_at(tx: &mut Tx<'_>, core: &Core, user: &User, what: Notice, now: Moment) -> Result<()> {
    let settings = core.current(tx)?.settings;
    if !settings.mail.is_set() {
        return Ok(());
    }
    let locale = core.locale(settings.language);
    let sentences = [letter::HELLO, what.sentence(), END];
    outbox::put(tx, &core.keys, &letter::saying(&settings, &locale, user, SUBJECT, &sentences), now).map(drop)
}
