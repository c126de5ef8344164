//! `crm.item.details.configuration.*` and the older spellings of leads, deals, contacts and companies: which sections with
//! which fields a card shows, to one user or to all of them.

mod methods;
mod sections;

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, Face, Grant, ID, Noun, Rule, field, noun};

use crate::SCOPE;

pub use methods::methods;

/// Whom a configuration is for that all users share.
const EVERYBODY: i64 = 0;

/// Configurations of cards: one for each kind of items, variant and user.
pub static CONFIGURATION: Noun = Noun {
    access: Access::Rule(&Cards),
    fields: &[
        ID,
        field("entityTypeId", Kind::Integer, "Item type").required().indexed(),
        field("variant", Kind::Integer, "Pipeline or type of leads").default("0"),
        field("userId", Kind::Integer, "User").default("0"),
        field("data", Kind::Json, "Sections"),
    ],
    faces: &[Face { verbs: &[], ..Face::legacy("crm.details.configuration") }],
    ..noun(
        "crm.details.configuration",
        "crm_details_configuration",
        SCOPE,
        ["card configuration", "card configurations"],
    )
};

/// Forgets the cards of a pipeline, which is gone.
pub fn forget_pipeline(call: &mut Call<'_, '_>, type_id: i64, pipeline: i64) -> Result<()> {
    noun::clear(call, &CONFIGURATION, &[("entityTypeId", type_id.into()), ("variant", pipeline.into())])
}

/// Forgets the cards of a kind of items, which is gone.
pub fn forget_type(call: &mut Call<'_, '_>, type_id: i64) -> Result<()> {
    noun::clear(call, &CONFIGURATION, &[("entityTypeId", type_id.into())])
}

/// Users see and change their own cards, and see the common ones; administrators do all of it.
struct Cards;

impl Rule for Cards {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let (user, everybody) = (call.caller.user_id.into(), EVERYBODY.into());
        Ok(match act {
            _ if call.caller.is_admin => Grant::All,
            Act::Read => Grant::Where("t.user_id IN (?, ?)".to_owned(), vec![user, everybody]),
            _ => Grant::Where("t.user_id = ?".to_owned(), vec![user]),
        })
    }

    fn fields(&self) -> &'static [&'static str] {
        &["userId"]
    }
}
