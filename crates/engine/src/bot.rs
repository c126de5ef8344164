//! Users that are programs: bots. They are members of chats and authors of messages like people, but sign in nowhere, are in no
//! department, and lists of people leave them out.

use store::{Param, Tx};

use crate::error::Result;
use crate::keys;
use crate::moment::{self, Moment};

/// What others see of a bot. What is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// First name.
    pub name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// What it does.
    pub position: Option<String>,
    /// `M` or `F`.
    pub gender: Option<String>,
    /// Its birthday, `1990-05-15`.
    pub birthday: Option<String>,
    /// Its website.
    pub site: Option<String>,
    /// Its picture, a file.
    pub photo: Option<i64>,
    /// Whether searches leave it out.
    pub is_hidden: Option<bool>,
}

/// Adds the user of a bot, and gives the number.
///
/// # Errors
/// Those of the store.
pub fn add(tx: &mut Tx<'_>, profile: &Profile, now: Moment) -> Result<i64> {
    // Addresses are unique, and nothing can be sent to this one (RFC 2606).
    let address = format!("bot-{}@bots.invalid", keys::random_code(20).to_ascii_lowercase());
    let day = moment::print(&jiff::tz::TimeZone::UTC, now.seconds())[..10].to_owned();
    let sql = "INSERT INTO portal_user (email, name, last_name, active, is_admin, date_register, timestamp_x, bot) \
               VALUES (?, '', '', 'Y', 0, ?, ?, 'Y')";
    let id = tx.insert(sql, &[address.into(), day.into(), now.seconds().into()])?;
    change(tx, id, profile)?;
    Ok(id)
}

/// Changes what others see of a bot.
///
/// # Errors
/// Those of the store.
pub fn change(tx: &mut Tx<'_>, id: i64, profile: &Profile) -> Result<()> {
    let texts = [
        ("name", &profile.name),
        ("last_name", &profile.last_name),
        ("work_position", &profile.position),
        ("personal_gender", &profile.gender),
        ("personal_birthday", &profile.birthday),
        ("personal_www", &profile.site),
    ];
    let texts = texts.into_iter().filter_map(|(column, text)| Some((column, Param::from(text.as_deref()?))));
    let photo = profile.photo.map(|photo| ("personal_photo", photo.into()));
    let hidden = profile.is_hidden.map(|hidden| ("bot", if hidden { "H" } else { "Y" }.into()));
    for (column, value) in texts.chain(photo).chain(hidden) {
        let sql = format!("UPDATE portal_user SET {column} = ? WHERE id = ? AND bot <> ''");
        tx.execute(&sql, &[value, id.into()])?;
    }
    Ok(())
}

/// Takes a bot out of service. What it wrote stays under its name.
///
/// # Errors
/// Those of the store.
pub fn dismiss(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    tx.execute("UPDATE portal_user SET active = 'N' WHERE id = ? AND bot <> ''", &[id.into()])?;
    Ok(())
}
