//! `portreeve user`, and the first administrator.

use std::io::Read;

use anyhow::{Context, Result, bail, ensure};
use portal::audit::{self, Action, By};
use portal::settings::Settings;
use portal::user::{self, Hashed, NewUser, people, welcome};
use portal::{Portal, keys};
use store::Tx;

use crate::cli::{self, NewPerson, TotpCommand, UserCommand, say};
use crate::clock;
use crate::place::Place;

/// The address under which the first administrator signs in.
pub const FIRST: &str = "admin@localhost";
/// The number of that administrator.
pub const ADMINISTRATOR: i64 = 1;

/// Runs one of the commands.
pub fn run(place: &Place, command: UserCommand) -> Result<()> {
    let portal = place.open_existing(Settings::new(""))?;
    match command {
        UserCommand::Add(person) => add(&portal, person),
        UserCommand::Passwd { id, password_stdin } => passwd(&portal, id, password_stdin),
        UserCommand::Totp(TotpCommand::Off { id }) => reset_factor(&portal, id),
        UserCommand::List => list(&portal),
    }
}

/// Makes user 1 when there is nobody yet. With `PORTREEVE_ADMIN_PASSWORD` that is the password; otherwise there is
/// none.
pub fn make_sure_of_administrator(portal: &Portal) -> Result<()> {
    make_administrator(portal, given_password().as_deref()).map(drop)
}

/// For as long as nobody chose a password, each start gives another link to do so.
pub fn link_of_administrator(portal: &Portal, base_url: &str) -> Result<Option<String>> {
    let (core, code, now) = (portal.core().clone(), welcome::code(), clock::now(portal.core()));
    let link = format!("{base_url}{}", welcome::path(&code));
    let job = move |tx: &mut Tx<'_>| {
        let waits = welcome::is_setup(tx)? && user::find(tx, ADMINISTRATOR)?.is_some();
        if waits {
            welcome::invite(tx, &core.keys, &By::OPERATOR, ADMINISTRATOR, &code, now)?;
        }
        Ok::<_, portal::Error>(waits)
    };
    Ok(portal.core().store.write(job).wait()?.then_some(link))
}

/// The same with a password that is made up where none is given, and told.
pub fn make_administrator_with_password(portal: &Portal) -> Result<Option<String>> {
    let given = given_password();
    let made_up = given.is_none().then(random_password);
    let password = given.as_ref().or(made_up.as_ref());
    let set = make_administrator(portal, password.map(String::as_str))?;
    Ok(made_up.filter(|_| set))
}

fn given_password() -> Option<String> {
    std::env::var("PORTREEVE_ADMIN_PASSWORD").ok().filter(|password| !password.is_empty())
}

/// Makes user 1 when there is nobody, and sets the password when nobody has one; whether it did the latter.
fn make_administrator(portal: &Portal, password: Option<&str>) -> Result<bool> {
    if !portal.core().store.read(welcome::is_setup).wait()? {
        return Ok(false);
    }
    let new =
        NewUser { email: FIRST.into(), name: "Administrator".into(), is_admin: true, ..NewUser::default() };
    let (password, now) = (password.map(Hashed::new), clock::now(portal.core()));
    let job = move |tx: &mut Tx<'_>| {
        if user::list(tx)?.is_empty() {
            user::create(tx, &new, now)?;
        }
        match &password {
            // On PostgreSQL, another node may have been faster.
            Some(password) if welcome::is_setup(tx)? => {
                user::set_password(tx, ADMINISTRATOR, password)?;
                Ok::<_, portal::Error>(true)
            }
            _ => Ok(false),
        }
    };
    Ok(portal.core().store.write(job).wait()?)
}

/// Gives a user a password; false when there is no such user.
pub fn set_password(portal: &Portal, id: i64, password: &str) -> Result<bool> {
    let (password, now) = (Hashed::new(password), clock::now(portal.core()));
    let job = move |tx: &mut Tx<'_>| {
        let known = user::find(tx, id)?.is_some();
        if known {
            user::set_password(tx, id, &password)?;
            audit::note(tx, &By::OPERATOR, Action::PasswordSet, people::object(id), "", now)?;
        }
        Ok::<_, portal::Error>(known)
    };
    Ok(portal.core().store.write(job).wait()?)
}

/// Makes sure that a webhook can belong to that user.
pub fn check_owner(portal: &Portal, id: i64) -> Result<()> {
    let owner = portal.core().store.read(move |tx: &mut Tx<'_>| user::find(tx, id)).wait()?;
    match owner {
        Some(owner) if owner.active => Ok(()),
        Some(_) => bail!("user {id} is dismissed: a webhook would be refused"),
        None => bail!("there is no user {id}; `portreeve user list` shows who there is"),
    }
}

/// A password that nobody has to choose: 103 random bits.
pub fn random_password() -> String {
    keys::random_code(20)
}

fn add(portal: &Portal, person: NewPerson) -> Result<()> {
    let (password, made_up) = choose(person.password_stdin)?;
    let password = Hashed::new(&password);
    let (email, now) = (person.email.clone(), clock::now(portal.core()));
    let new = NewUser {
        email: person.email,
        name: person.name,
        last_name: person.last_name,
        is_admin: person.admin,
        departments: person.department,
    };
    let job = move |tx: &mut Tx<'_>| {
        let id = user::create(tx, &new, now)?;
        user::set_password(tx, id, &password)?;
        audit::note(tx, &By::OPERATOR, Action::UserAdded, people::object(id), new.email.as_str(), now)?;
        Ok::<_, portal::Error>(id)
    };
    let id = portal.core().store.write(job).wait().map_err(in_words)?;
    tell(&email, made_up.as_deref());
    say(id);
    Ok(())
}

fn passwd(portal: &Portal, id: i64, from_stdin: bool) -> Result<()> {
    let (password, made_up) = choose(from_stdin)?;
    ensure!(
        set_password(portal, id, &password)?,
        "there is no user {id}; `portreeve user list` shows who there is"
    );
    tell(&format!("user {id}"), made_up.as_deref());
    Ok(())
}

fn reset_factor(portal: &Portal, id: i64) -> Result<()> {
    let now = clock::now(portal.core());
    let job = move |tx: &mut Tx<'_>| people::reset_factor(tx, &By::OPERATOR, id, now);
    portal.core().store.write(job).wait().map_err(cli::refusal)
}

fn list(portal: &Portal) -> Result<()> {
    let users = portal.core().store.read(|tx: &mut Tx<'_>| user::list(tx)).wait()?;
    say("ID\tE-MAIL\tNAME\tLAST NAME\tACTIVE\tADMINISTRATOR");
    for user in users {
        let yes = |flag| if flag { "yes" } else { "no" };
        let row = [user.email, user.name, user.last_name, yes(user.active).into(), yes(user.is_admin).into()];
        say(format_args!("{}\t{}", user.id, cli::columns(&row)));
    }
    Ok(())
}

/// The password from standard input, or else one that is made up, and shown.
fn choose(from_stdin: bool) -> Result<(String, Option<String>)> {
    if !from_stdin {
        let made_up = random_password();
        return Ok((made_up.clone(), Some(made_up)));
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).context("cannot read the password from standard input")?;
    let password = text.trim_end_matches(['\r', '\n']).to_owned();
    let (shortest, longest, length) = (user::SHORTEST, user::LONGEST, password.chars().count());
    ensure!((shortest..=longest).contains(&length), "a password has {shortest} to {longest} characters");
    ensure!(
        !user::is_guessed(&password, &[] as &[&str]),
        "this password is guessed too easily: take several words that nobody expects together"
    );
    Ok((password, None))
}

/// Shows a password that was made up, once.
pub fn tell(whose: &str, made_up: Option<&str>) {
    if let Some(password) = made_up {
        cli::note(format_args!("The password of {whose} is {password}  (shown only now)"));
    }
}

/// The text of a refusal without its code and status, which are the protocol's.
fn in_words(error: portal::Error) -> anyhow::Error {
    match error {
        portal::Error::Fault(fault) if fault.message == "wrong_email" => {
            anyhow::anyhow!("this is no e-mail address")
        }
        other => cli::refusal(other),
    }
}
