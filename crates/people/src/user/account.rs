//! Creating users, finding them, and their permissions.

use jiff::tz::TimeZone;
use store::{Row, Tx};
use wire::Fault;

use super::{device, people, session, welcome};
use crate::department;
use engine::directory::whole_name;
use engine::error::Result;
use engine::meta::Meta;
use engine::moment::{self, Moment};

/// A user as the program and the console see one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The number.
    pub id: i64,
    /// The address, in small letters; nobody else has the same.
    pub email: String,
    /// First name; may be empty.
    pub name: String,
    /// Last name; may be empty.
    pub last_name: String,
    /// Whether the user still works here. The webhooks of others answer `authorization_error`.
    pub active: bool,
    /// Whether the user may do everything.
    pub is_admin: bool,
    /// The name of the zone in which the user reads times; `None` is the portal's.
    pub time_zone: Option<String>,
}

impl User {
    /// The display name: first and last name, or else the e-mail address.
    pub fn whole_name(&self) -> String {
        whole_name(&self.name, &self.last_name, &self.email)
    }

    /// The zone in which the user reads times.
    pub fn zone(&self, portal: &TimeZone) -> TimeZone {
        let own = self.time_zone.as_ref().and_then(|name| TimeZone::get(name).ok());
        own.unwrap_or_else(|| portal.clone())
    }
}

/// A user to be made.
#[derive(Clone, Debug, Default)]
pub struct NewUser {
    /// The address.
    pub email: String,
    /// First name.
    pub name: String,
    /// Last name.
    pub last_name: String,
    /// Whether the user may do everything.
    pub is_admin: bool,
    /// Departments; none means the topmost one.
    pub departments: Vec<i64>,
}

/// The error of `user.add` for an invalid e-mail address.
pub(super) const WRONG_EMAIL: &str = "wrong_email";
/// Its error for an address that another user has.
pub(super) const TAKEN: &str = "A user with this email already exists";

const COLUMNS: &str = "id, email, name, last_name, active, is_admin, time_zone";

/// Makes a user and gives the number; the first one gets 1.
///
/// # Errors
///
/// `ERROR_ARGUMENT` with the texts of `user.add` (protocol A): `wrong_email`, and "A user with this email
/// already exists"; `ERROR_CORE` "Department not found".
pub fn create(tx: &mut Tx<'_>, new: &NewUser, now: Moment) -> Result<i64> {
    let id = insert(tx, new, now)?;
    Meta::outdate(tx)?;
    Ok(id)
}

/// The same for a caller that renews [`Meta`] itself, as methods do.
pub(super) fn insert(tx: &mut Tx<'_>, new: &NewUser, now: Moment) -> Result<i64> {
    let email = checked_email(&new.email)?;
    let day = moment::print(&TimeZone::UTC, now.seconds())[..10].to_owned();
    let sql = "INSERT INTO portal_user (email, name, last_name, active, is_admin, date_register, timestamp_x) \
               VALUES (?, ?, ?, 'Y', ?, ?, ?) ON CONFLICT (email) DO NOTHING RETURNING id";
    let params = [
        email.into(),
        new.name.as_str().into(),
        new.last_name.as_str().into(),
        i64::from(new.is_admin).into(),
        day.into(),
        now.seconds().into(),
    ];
    let id = tx.one(sql, &params, |row| row.int(0))?.ok_or_else(taken)?;
    if new.departments.is_empty() {
        let root = department::root(tx)?;
        department::assign(tx, id, root.as_slice())?;
    } else {
        department::assign(tx, id, &new.departments)?;
    }
    Ok(id)
}

/// An address in small letters, as it is stored; `wrong_email` when it is none.
pub(super) fn checked_email(text: &str) -> Result<String> {
    let text = text.trim();
    let sound =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c.is_control());
    match text.rsplit_once('@') {
        // 254 is the longest address that mail can carry (RFC 5321).
        Some((local, domain)) if text.len() <= 254 && sound(local) && sound(domain) => {
            Ok(text.to_lowercase())
        }
        _ => Err(Fault::argument(WRONG_EMAIL, "").into()),
    }
}

/// The fault for an address that another user has.
fn taken() -> Fault {
    Fault::argument(TAKEN, "")
}

/// All users by their numbers, bots left out.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<User>> {
    Ok(tx.all(&format!("SELECT {COLUMNS} FROM portal_user WHERE bot = '' ORDER BY id"), &[], |row| {
        user(row)
    })?)
}

/// One user.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<User>> {
    Ok(tx.one(&format!("SELECT {COLUMNS} FROM portal_user WHERE id = ?"), &[id.into()], user)?)
}

/// The user with that address, in any case.
pub fn find_by_email(tx: &mut Tx<'_>, email: &str) -> Result<Option<User>> {
    let sql = format!("SELECT {COLUMNS} FROM portal_user WHERE email = ? AND bot = ''");
    Ok(tx.one(&sql, &[email.trim().to_lowercase().into()], user)?)
}

/// Gives a user another address, which must have been checked.
///
/// # Errors
///
/// `ERROR_ARGUMENT` "A user with this email already exists".
pub(super) fn set_email(tx: &mut Tx<'_>, id: i64, email: &str) -> Result<()> {
    if find_by_email(tx, email)?.is_some_and(|other| other.id != id) {
        return Err(taken().into());
    }
    tx.execute("UPDATE portal_user SET email = ? WHERE id = ?", &[email.into(), id.into()])?;
    Ok(())
}

/// Dismisses a user or takes one back; false when there is none. Webhooks stay and work again with the same
/// secret (protocol 7.2); sign-ins to the console and a one-time link end. Nothing is sent to outbound webhooks of who is
/// dismissed; what waited is sent when the user is back.
///
/// # Errors
/// 409 `ERROR_LAST_ADMINISTRATOR` when nobody would be left who may do everything.
pub fn set_active(tx: &mut Tx<'_>, id: i64, active: bool) -> Result<bool> {
    if !active && let Some(user) = find(tx, id)? {
        people::require_another_administrator(tx, &user)?;
    }
    let sql = "UPDATE portal_user SET active = ? WHERE id = ?";
    let changed = tx.execute(sql, &[(if active { "Y" } else { "N" }).into(), id.into()])? > 0;
    if !active {
        session::end_all(tx, id)?;
        device::forget_all(tx, id)?;
        welcome::withdraw(tx, id)?;
    }
    Meta::outdate(tx)?;
    Ok(changed)
}

/// Makes a user an administrator, or no longer one; false when there is no such user.
pub fn set_admin(tx: &mut Tx<'_>, id: i64, is_admin: bool) -> Result<bool> {
    let sql = "UPDATE portal_user SET is_admin = ? WHERE id = ?";
    Meta::outdate(tx)?;
    Ok(tx.execute(sql, &[i64::from(is_admin).into(), id.into()])? > 0)
}

/// A row that begins with [`COLUMNS`].
pub(super) fn user(row: &Row<'_>) -> std::result::Result<User, store::Error> {
    Ok(User {
        id: row.int(0)?,
        email: row.text(1)?.to_owned(),
        name: row.opt_text(2)?.unwrap_or_default().to_owned(),
        last_name: row.opt_text(3)?.unwrap_or_default().to_owned(),
        active: row.text(4)? == "Y",
        is_admin: row.int(5)? != 0,
        time_zone: row.opt_text(6)?.filter(|name| !name.is_empty()).map(str::to_owned),
    })
}
