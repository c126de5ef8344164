//! Users: the people who own webhooks, are responsible for items and sign in to the console.
//!
//! A user is a row of `portal_user`, whose columns come from [`fields`]; departments are memberships
//! ([`crate::department`]), and what signing in needs stands apart in `portal_account`.

mod account;
pub mod copy;
mod describe;
pub mod device;
pub mod factor;
pub mod fields;
mod filter;
mod guess;
mod joined;
pub mod letter;
mod list;
pub mod notice;
mod password;
pub mod people;
pub mod session;
mod show;
mod userfield;
mod userfield_file;
pub mod welcome;
mod write;

pub use account::{NewUser, User, create, find, find_by_email, list, set_active, set_admin};
pub use guess::is_guessed;
pub use password::{
    Credentials, Hashed, LONGEST, SHORTEST, change_password, credentials, credentials_of, has_password,
    set_password,
};

use std::sync::Arc;

use engine::entity::{Entity, USERS};
use engine::event::Event;
use engine::meta::Meta;
use engine::method::Method;

/// The scope of all methods here; its reduced versions are the tiers of [`fields::USER`].
pub const SCOPE: &str = "user";

/// The number under which the user fields of users are kept.
pub const TYPE_ID: i64 = USERS;

const TABLE: &str = "portal_user";

/// All events about users.
pub fn events() -> Vec<Event> {
    vec![joined::declared()]
}

/// All methods of users.
pub fn methods() -> Vec<Method> {
    let mut methods = list::methods();
    methods.extend(write::methods());
    methods.push(describe::method());
    methods.extend(userfield::methods());
    methods.push(userfield_file::method());
    methods
}

/// The table of users with its user fields.
fn table_with_user_fields(meta: &Meta) -> Arc<Entity> {
    meta.fielded(TYPE_ID).expect("the module of users brings their table")
}
