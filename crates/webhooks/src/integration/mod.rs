//! Integrations: what a person makes in the console, from one of the ready-made [scenarios](scenario). Each has an
//! owner and a name, and as its parts an inbound webhook, an outbound one, or both. Who may do what with it is
//! protocol 8; nothing here is reachable by a REST method.

mod find;
mod grid;
pub mod handlers;
mod manage;
mod rules;
mod save;
pub mod scenario;

use std::fmt::Debug;

use serde::{Deserialize, Serialize};
use store::Tx;

use crate::hooks::{self, Hook, Secret};
use crate::outbound::Secrets;
use crate::outbound::manage::{Actor, Input as OutboundInput, Outbound};
use engine::Core;
use engine::audit::By;
use engine::error::Result;
use engine::moment::Moment;

pub use find::{all, find, of_outbound, reachable, titled};
pub use grid::{Filter, Kind, Row, Sort, State, page};
pub use manage::{Part, Shown, Wanted, delete, end_overlap, remove_part, resume, reveal, secret, set_active};
pub use rules::check_scopes;
pub use save::{SaveOptions, check_version, create, make, update};

/// An integration as its owner and administrators see it: without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Integration {
    /// Its number.
    pub id: i64,
    /// The owner, as whom its inbound webhook acts.
    pub user_id: i64,
    /// The code of the scenario that it was made from.
    pub scenario: String,
    /// Its name.
    pub title: String,
    /// Its purpose.
    pub comment: String,
    /// The contents of the request builder.
    pub query: Option<Query>,
    /// When it was made, Unix seconds.
    pub created: i64,
    /// Its inbound webhook.
    pub inbound: Option<Hook>,
    /// Its outbound webhook.
    pub outbound: Option<Outbound>,
}

/// A request as a person builds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// The method's name.
    pub method: String,
    /// Names and values in their order, in the spelling of a form: `FIELDS[NAME]` and `John`.
    pub params: Vec<(String, String)>,
}

/// Settings of an integration.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The scenario that it is made from; does not change later.
    pub scenario: String,
    /// Its name.
    pub title: String,
    /// Its purpose.
    pub comment: String,
    /// The contents of the request builder.
    pub query: Option<Query>,
    /// Its inbound webhook, if it is to have one.
    pub inbound: Option<hooks::Input>,
    /// Its outbound webhook, if it is to have one.
    pub outbound: Option<OutboundInput>,
}

/// The author, time and portal of a change.
#[derive(Clone, Copy)]
pub struct EditContext<'a> {
    /// The portal.
    pub core: &'a Core,
    /// As whom.
    pub actor: Actor,
    /// Who it is for the audit log, which tells the operator from the user.
    pub by: By,
    /// When.
    pub now: Moment,
}

/// Secrets for the parts that need new ones. To be made before the transaction, since that may run twice.
#[derive(Clone, Debug)]
pub struct Fresh {
    /// For the inbound part.
    pub secret: Secret,
    /// For the outbound part.
    pub secrets: Secrets,
}

impl Fresh {
    /// Random ones.
    pub fn random() -> Self {
        Fresh { secret: Secret::random(), secrets: Secrets::random() }
    }
}

/// What an integration has beside its parts.
pub(crate) struct Head<'a> {
    /// The code of its scenario.
    pub scenario: &'a str,
    /// Its name.
    pub title: &'a str,
    /// Its purpose.
    pub comment: &'a str,
    /// The contents of the request builder, as JSON.
    pub query: Option<String>,
}

impl Head<'_> {
    /// Stores it, without parts yet, and gives its number.
    pub fn insert(&self, tx: &mut Tx<'_>, owner: i64, now: Moment) -> Result<i64> {
        let sql = "INSERT INTO integration (user_id, scenario, title, comment, query, created) \
                   VALUES (?, ?, ?, ?, ?, ?)";
        let params = [
            owner.into(),
            self.scenario.into(),
            self.title.into(),
            self.comment.into(),
            self.query.as_deref().into(),
            now.seconds().into(),
        ];
        Ok(tx.insert(sql, &params)?)
    }
}

impl Integration {
    /// What was decided about it, for whoever wants to change a part of that.
    pub fn input(&self) -> Input {
        Input {
            scenario: self.scenario.clone(),
            title: self.title.clone(),
            comment: self.comment.clone(),
            query: self.query.clone(),
            inbound: self.inbound.as_ref().map(|hook| hook.input.clone()),
            outbound: self.outbound.as_ref().map(Outbound::input),
        }
    }

    /// What its editor decides, for [`seen`](crate::seen).
    pub fn decided(&self) -> impl Debug {
        let old_until = self.outbound.as_ref().and_then(|told| told.old_until);
        (self.user_id, self.input(), old_until)
    }

    /// With whose link the owner's password was set after a secret of it was made, which is therefore not shown.
    pub fn hidden_by(&self) -> Option<i64> {
        let inbound = self.inbound.as_ref().and_then(|hook| hook.hidden_by);
        inbound.or_else(|| self.outbound.as_ref().and_then(|told| told.hidden_by))
    }

    /// Its name in the audit log: `integration:12`.
    fn object(id: i64) -> String {
        format!("integration:{id}")
    }
}
