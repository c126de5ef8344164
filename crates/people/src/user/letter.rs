//! E-mails with one-time links: invitations, and ways back in for who forgot a password.

use store::Tx;

use super::{User, account, welcome};
use engine::Core;
use engine::audit::{self, Action, By};
use engine::error::Result;
use engine::moment::Moment;
use engine::outbox::{self, Message};
use engine::settings::Settings;
use engine::texts::{Language, Locale, Topic, fill};

/// Why somebody gets a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// Somebody was invited.
    Invitation,
    /// An administrator made another link.
    Renewal,
    /// Somebody asked for it who forgot the password.
    Forgotten,
}

impl Occasion {
    const ALL: [Occasion; 3] = [Occasion::Invitation, Occasion::Renewal, Occasion::Forgotten];

    fn subject(self) -> &'static str {
        match self {
            Occasion::Invitation => "Invitation to {portal}",
            Occasion::Renewal | Occasion::Forgotten => "Your password on {portal}",
        }
    }

    fn sentences(self) -> &'static [&'static str] {
        match self {
            Occasion::Invitation => {
                &[HELLO, "You were invited to the portal {portal}. Choose your password here:"]
            }
            Occasion::Renewal => {
                &[HELLO, "An administrator of {portal} sent you a link to set a new password:"]
            }
            Occasion::Forgotten => &[HELLO, "Set a new password for {portal} here:"],
        }
    }

    fn end(self) -> &'static [&'static str] {
        match self {
            Occasion::Invitation | Occasion::Renewal => &["The link works once, for three days."],
            Occasion::Forgotten => &[
                "The link works once, for an hour.",
                "If you did not ask for it, ignore this message: your password stays as it is.",
            ],
        }
    }
}

pub(super) const HELLO: &str = "Hello {name},";

/// Everything that is said here in English.
pub fn sayings() -> Vec<&'static str> {
    let of = |one: Occasion| [&[one.subject()], one.sentences(), one.end()].concat();
    Occasion::ALL.into_iter().flat_map(of).collect()
}

/// Sends a user the link with this code, where the portal sends e-mail; whether it does.
pub fn send(
    tx: &mut Tx<'_>,
    core: &Core,
    occasion: Occasion,
    user_id: i64,
    code: &str,
    now: Moment,
) -> Result<bool> {
    let settings = core.current(tx)?.settings;
    let Some(user) = account::find(tx, user_id)?.filter(|_| settings.mail.is_set()) else { return Ok(false) };
    let letter = write(&settings, core.locale(settings.language), occasion, &user, code);
    outbox::put(tx, &core.keys, &letter, now)?;
    Ok(true)
}

/// Sends whoever has that address and works here a link to set a new password, where the portal sends e-mail. `by` is
/// who asks: nobody knows who that is.
pub fn forgot(
    tx: &mut Tx<'_>,
    core: &Core,
    email: &str,
    code: &str,
    (by, language): (&By, Language),
    now: Moment,
) -> Result<()> {
    let settings = core.current(tx)?.settings;
    let user = account::find_by_email(tx, email)?.filter(|user| user.active && settings.mail.is_set());
    let Some(user) = user else { return Ok(()) };
    welcome::way_back(tx, &core.keys, user.id, code, now)?;
    outbox::put(
        tx,
        &core.keys,
        &write(&settings, core.locale(language), Occasion::Forgotten, &user, code),
        now,
    )?;
    audit::note(tx, by, Action::UserLinked, super::people::object(user.id), "asked for by e-mail", now)
}

fn write(settings: &Settings, locale: Locale, occasion: Occasion, user: &User, code: &str) -> Message {
    let link = format!("{}{}", settings.base_url, welcome::path(code));
    let sentences = [occasion.sentences(), &[link.as_str()], occasion.end()].concat();
    saying(settings, &locale, user, occasion.subject(), &sentences)
}

/// A letter of sentences, of which each may name the portal and the user; what has no translation stays as it is.
pub(super) fn saying(
    settings: &Settings,
    locale: &Locale,
    user: &User,
    subject: &str,
    sentences: &[&str],
) -> Message {
    let host = settings.base_url.split_once("://").map_or(&*settings.base_url, |(_, host)| host);
    let values = [("portal", host.to_owned()), ("name", user.whole_name().replace(char::is_control, " "))];
    let say = |english: &str| fill(locale.text(Topic::Mail, english), &values);
    let text = sentences.iter().map(|english| say(english)).collect::<Vec<_>>().join("\n\n");
    Message::Mail { to: user.email.clone(), subject: say(subject), text }
}
