//! The people of a portal as the console lists them, and what administrators do with them: invite, change,
//! dismiss and take back. Everything here is noted in the audit log.

use std::collections::HashMap;
use std::fmt::Debug;

use store::{Dialect, Param, Tx};
use wire::Fault;

use super::account::{self, NewUser, User};
use super::{TABLE, factor, welcome};
use crate::department;
use engine::audit::{self, Action, By};
use engine::error::Result;
use engine::keys::Keys;
use engine::meta::Meta;
use engine::moment::Moment;
use engine::seen;

/// The longest names and positions, in characters.
const LONGEST: usize = 255;

/// A user with what people want to know beside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The user.
    pub user: User,
    /// The job; may be empty.
    pub position: String,
    /// Number and name of each department.
    pub departments: Vec<(i64, String)>,
    /// When the user last signed in, Unix seconds.
    pub last_login: Option<i64>,
    /// How many integrations are the user's.
    pub integrations: i64,
    /// Whether the user signs in with a second factor.
    pub factor: bool,
}

impl Person {
    /// What a form decides, for [`seen`]: whether somebody works here has a button of its own.
    pub fn decided(&self) -> impl Debug {
        let User { email, name, last_name, is_admin, .. } = self.user.clone();
        (email, name, last_name, is_admin, self.position.clone(), self.departments.clone())
    }
}

/// Which people are wanted.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// A text in name, address or position; letters of any case alike.
    pub text: Option<String>,
    /// Only those who work here, or only those who do not any more.
    pub active: Option<bool>,
    /// How many to leave out.
    pub skip: usize,
    /// How many to give at most.
    pub take: usize,
}

/// Changes to a user; `None` leaves a value unchanged.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// First name.
    pub name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// The job.
    pub position: Option<String>,
    /// The address.
    pub email: Option<String>,
    /// Departments; none means the topmost one.
    pub departments: Option<Vec<i64>>,
    /// Whether the user may do everything.
    pub is_admin: Option<bool>,
    /// Whether the user works here.
    pub active: Option<bool>,
}

const COLUMNS: &str = "t.id, t.email, t.name, t.last_name, t.active, t.is_admin, t.time_zone, t.work_position, \
     t.last_login, (SELECT COUNT(*) FROM integration i WHERE i.user_id = t.id), \
     (SELECT COUNT(*) FROM portal_totp f WHERE f.user_id = t.id AND f.since IS NOT NULL)";

/// A page of people by their numbers, and how many there are in all.
pub fn search(tx: &mut Tx<'_>, wanted: &Search) -> Result<(Vec<Person>, i64)> {
    let mut params: Vec<Param<'_>> = Vec::new();
    let mut conditions = vec!["t.bot = ''".to_owned()];
    if let Some(text) = &wanted.text {
        let columns =
            ["t.email", "t.work_position", "COALESCE(t.name, '') || ' ' || COALESCE(t.last_name, '')"];
        let tests = columns.map(|column| {
            params.push(format!("%{}%", Dialect::escape(text)).into());
            Dialect::like(&format!("({column})"))
        });
        conditions.push(format!("({})", tests.join(" OR ")));
    }
    if let Some(active) = wanted.active {
        conditions.push("t.active = ?".to_owned());
        params.push(if active { "Y" } else { "N" }.into());
    }
    let condition = conditions.join(" AND ");
    let count = format!("SELECT COUNT(*) FROM {TABLE} t WHERE {condition}");
    let total = tx.one(&count, &params, |row| row.int(0))?.unwrap_or(0);
    let page = format!("WHERE {condition} ORDER BY t.id LIMIT {} OFFSET {}", wanted.take, wanted.skip);
    Ok((read(tx, &page, &params)?, total))
}

/// One of them.
pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<Person>> {
    Ok(read(tx, "WHERE t.id = ?", &[id.into()])?.pop())
}

/// Number and title of a user's integrations, up to `limit`, by number.
pub fn integrations(tx: &mut Tx<'_>, id: i64, limit: usize) -> Result<Vec<(i64, String)>> {
    let sql = format!("SELECT id, title FROM integration WHERE user_id = ? ORDER BY id LIMIT {limit}");
    Ok(tx.all(&sql, &[id.into()], |row| Ok((row.int(0)?, row.text(1)?.to_owned())))?)
}

fn read(tx: &mut Tx<'_>, rest: &str, params: &[Param<'_>]) -> Result<Vec<Person>> {
    let mut people = tx.all(&format!("SELECT {COLUMNS} FROM {TABLE} t {rest}"), params, |row| {
        Ok(Person {
            user: account::user(row)?,
            position: row.opt_text(7)?.unwrap_or_default().to_owned(),
            departments: Vec::new(),
            last_login: row.opt_int(8)?,
            integrations: row.int(9)?,
            factor: row.int(10)? > 0,
        })
    })?;
    let places: HashMap<i64, usize> =
        people.iter().enumerate().map(|(at, person)| (person.user.id, at)).collect();
    let sql = format!(
        "SELECT m.user_id, d.id, d.name FROM department_member m JOIN department d ON d.id = m.department_id \
         WHERE m.user_id IN ({}) ORDER BY d.id",
        store::placeholders(people.len())
    );
    let ids: Vec<Param<'_>> = people.iter().map(|person| person.user.id.into()).collect();
    if ids.is_empty() {
        return Ok(people);
    }
    tx.query(&sql, &ids, |row| {
        if let Some(at) = places.get(&row.int(0)?) {
            people[*at].departments.push((row.int(1)?, row.text(2)?.to_owned()));
        }
        Ok(())
    })?;
    Ok(people)
}

/// Adds a user who has no password yet and a link of that code to choose one, and gives the number.
///
/// # Errors
/// `ERROR_ARGUMENT` for an address that is none or taken, and for names that are too long.
pub fn invite(
    tx: &mut Tx<'_>,
    keys: &Keys,
    by: &By,
    new: &NewUser,
    position: &str,
    code: &str,
    now: Moment,
) -> Result<i64> {
    [("name", &*new.name), ("last_name", &new.last_name), ("position", position)]
        .into_iter()
        .try_for_each(|(field, text)| check_length(field, text))?;
    let id = account::insert(tx, new, now).map_err(about_email)?;
    set(tx, id, "work_position", position)?;
    Meta::outdate(tx)?;
    welcome::invite(tx, keys, by, id, code, now)?;
    let detail = if new.is_admin { format!("{}, administrator", new.email) } else { new.email.clone() };
    audit::note(tx, by, Action::UserAdded, object(id), detail, now)?;
    Ok(id)
}

/// Makes another link for a user to choose a password with.
///
/// # Errors
/// `ERROR_NOT_FOUND`; 409 for somebody who was dismissed.
pub fn link(tx: &mut Tx<'_>, keys: &Keys, by: &By, id: i64, code: &str, now: Moment) -> Result<()> {
    let user = known(tx, id)?;
    if !user.active {
        let text = "A dismissed user cannot sign in. Reinstate the user first.";
        return Err(Fault::new(409, "ERROR_DISMISSED", text).into());
    }
    welcome::invite(tx, keys, by, id, code, now)?;
    audit::note(tx, by, Action::UserLinked, object(id), user.email, now)
}

/// Takes the second factor of a user away who lost it, and ends all sign-ins. Nobody is told the secret.
///
/// # Errors
/// `ERROR_NOT_FOUND`; 409 `ERROR_NO_FACTOR` where there is none.
pub fn reset_factor(tx: &mut Tx<'_>, by: &By, id: i64, now: Moment) -> Result<()> {
    let user = known(tx, id)?;
    if !factor::reset(tx, id)? {
        return Err(Fault::new(409, "ERROR_NO_FACTOR", "The user has no two-factor sign-in.").into());
    }
    audit::note(tx, by, Action::FactorReset, object(id), user.email, now)
}

/// Nobody changed what a form decides of a user since somebody saw that version.
///
/// # Errors
/// `ERROR_NOT_FOUND`; 409 `ERROR_CHANGED`, see [`seen::check`].
pub fn check_version(tx: &mut Tx<'_>, id: i64, version: &str, asker: i64) -> Result<()> {
    let person = find(tx, id)?.ok_or_else(|| Fault::not_found("The user does not exist."))?;
    seen::check(tx, version, &person.decided(), &object(id), asker)
}

/// Changes a user.
///
/// # Errors
/// `ERROR_NOT_FOUND`; `ERROR_ARGUMENT` as for [`invite`]; 409 `ERROR_LAST_ADMINISTRATOR` when nobody would be left
/// who may do everything.
pub fn change(tx: &mut Tx<'_>, by: &By, id: i64, change: &Change, now: Moment) -> Result<()> {
    let user = known(tx, id)?;
    change_profile(tx, by, &user, change, now)?;
    if let Some(is_admin) = change.is_admin.filter(|is_admin| *is_admin != user.is_admin) {
        if !is_admin {
            require_another_administrator(tx, &user)?;
        }
        account::set_admin(tx, id, is_admin)?;
        let action = if is_admin { Action::UserPromoted } else { Action::UserDemoted };
        audit::note(tx, by, action, object(id), user.email.as_str(), now)?;
    }
    if let Some(active) = change.active.filter(|active| *active != user.active) {
        account::set_active(tx, id, active)?;
        let action = if active { Action::UserRestored } else { Action::UserDismissed };
        audit::note(tx, by, action, object(id), user.email.as_str(), now)?;
    }
    Ok(())
}

/// Changes what a person is called, does and belongs to.
fn change_profile(tx: &mut Tx<'_>, by: &By, user: &User, change: &Change, now: Moment) -> Result<()> {
    let texts = [
        ("name", "name", &change.name),
        ("last_name", "last_name", &change.last_name),
        ("position", "work_position", &change.position),
    ];
    let mut changed = Vec::new();
    for (field, column, text) in texts {
        if let Some(text) = text {
            check_length(field, text)?;
            set(tx, user.id, column, text)?;
            changed.push(field);
        }
    }
    if let Some(email) = &change.email {
        let email = account::checked_email(email).map_err(about_email)?;
        account::set_email(tx, user.id, &email).map_err(about_email)?;
        changed.push("email");
    }
    if let Some(departments) = &change.departments {
        let root = department::root(tx)?;
        let wanted = if departments.is_empty() { root.as_slice() } else { departments };
        department::assign(tx, user.id, wanted)?;
        Meta::outdate(tx)?;
        changed.push("departments");
    }
    if changed.is_empty() {
        return Ok(());
    }
    let sql = format!("UPDATE {TABLE} SET timestamp_x = ? WHERE id = ?");
    tx.execute(&sql, &[now.seconds().into(), user.id.into()])?;
    audit::note(tx, by, Action::UserChanged, object(user.id), changed.join(", "), now)
}

/// Refuses what would leave the portal without anybody who may do everything.
///
/// # Errors
/// 409 `ERROR_LAST_ADMINISTRATOR`.
pub(super) fn require_another_administrator(tx: &mut Tx<'_>, user: &User) -> Result<()> {
    if !(user.is_admin && user.active) {
        return Ok(());
    }
    // On PostgreSQL two administrators who dismiss each other at once must meet: both write here.
    let sql = "UPDATE portal_user SET is_admin = is_admin WHERE is_admin = 1 AND active = 'Y'";
    if tx.execute(sql, &[])? > 1 {
        return Ok(());
    }
    let text = "This is the last administrator. Appoint another one first.";
    Err(Fault::new(409, "ERROR_LAST_ADMINISTRATOR", text).into())
}

/// The name of a user in the audit log.
pub fn object(id: i64) -> String {
    format!("user:{id}")
}

fn known(tx: &mut Tx<'_>, id: i64) -> Result<User> {
    account::find(tx, id)?.ok_or_else(|| Fault::not_found("The user does not exist.").into())
}

/// Sets a text of a user, under a column's name of ours.
fn set(tx: &mut Tx<'_>, id: i64, column: &'static str, text: &str) -> Result<()> {
    let sql = format!("UPDATE {TABLE} SET {column} = ? WHERE id = ?");
    tx.execute(&sql, &[text.trim().into(), id.into()])?;
    Ok(())
}

fn check_length(field: &str, text: &str) -> Result<()> {
    if text.chars().count() <= LONGEST {
        return Ok(());
    }
    Err(Fault::argument(format!("The value must have at most {LONGEST} characters."), field).into())
}

/// REST's words about an address, said to a person, about the field.
fn about_email(error: engine::Error) -> engine::Error {
    match error {
        engine::Error::Fault(fault) if fault.message == account::WRONG_EMAIL => {
            Fault::argument("Enter a valid e-mail address.", "email").into()
        }
        engine::Error::Fault(fault) if fault.message == account::TAKEN => {
            Fault::argument("Another user has this e-mail address.", "email").into()
        }
        other => other,
    }
}
