//! `crm.automation.trigger`: what an item's automation waits for, from outside. Triggers are set up in automation rules, of
//! which there are none here, so none fires, as on a portal that has not set up any.

use engine::access::Act;
use engine::call::Call;
use engine::entity::owner::Standing;
use engine::error::Result;
use engine::method::{Kind, Method, optional, required, write};
use serde_json::json;
use wire::{Fault, Value};

use crate::SCOPE;
use crate::owner::Owner;

/// The method.
pub fn method() -> Method {
    write("crm.automation.trigger", SCOPE, trigger)
        .own_words()
        .about("Fires the triggers that wait for a code in the automation of an item; without such triggers nothing happens.")
        .param(required("target", Kind::Text, "Item, as DEAL_25"))
        .param(optional("code", Kind::Text, "Code of the trigger"))
        .example(json!({"target": "DEAL_1", "code": "c5u4m"}), json!(true))
}

fn trigger(call: &mut Call<'_, '_>) -> Result<Value> {
    let target = call.text("target").ok_or_else(|| Fault::crm("Target is not set."))?;
    let parts = target.rsplit_once('_').and_then(|(word, id)| Some((word, id.parse::<i64>().ok()?)));
    let (word, id) = parts.filter(|(_, id)| *id > 0).ok_or_else(|| Fault::crm("Incorrect target format."))?;
    let item = Owner::named(call, word, id).ok_or_else(|| Fault::crm("Target is not found."))?;
    match item.standing(call, Act::Update)? {
        Standing::Allowed => Ok(true.into()),
        Standing::Denied | Standing::Missing => {
            let text = "Access denied! There are no permissions to update the entity.";
            Err(Fault::new(400, "ACCESS_DENIED", text).into())
        }
    }
}
