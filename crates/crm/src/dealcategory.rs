//! `crm.dealcategory.*`: what older integrations ask of pipelines beyond the [noun's](super::category) own methods.

use serde_json::json;
use wire::{Map, Value};

use super::category::{CATEGORY, OF_DEALS};
use super::{SCOPE, deal, dictionary};
use engine::access::Act;
use engine::call::Call;
use engine::entity::stage;
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::noun;

/// The methods.
pub fn methods() -> Vec<Method> {
    let any = || optional("id", method::Kind::Int, "ID of the pipeline; the default pipeline if omitted");
    vec![
        read("crm.dealcategory.default.get", SCOPE, default_get)
            .about("Returns the default deal pipeline.")
            .example(json!({}), json!({"ID": "0", "NAME": "General"})),
        write("crm.dealcategory.default.set", SCOPE, default_set)
            .about("Renames the default deal pipeline.")
            .param(required("name", method::Kind::Text, "New name"))
            .example(json!({"name": "Sales"}), json!(true)),
        read("crm.dealcategory.status", SCOPE, |call| Ok(dictionary_of(call).into()))
            .about("Returns the code of the dictionary that holds a pipeline's stages.")
            .param(any())
            .example(json!({"id": 2}), json!("DEAL_STAGE_2")),
        read("crm.dealcategory.stage.list", SCOPE, |call| Ok(dictionary::items(call, &dictionary_of(call))))
            .about("Lists the stages of a pipeline, in order.")
            .param(any())
            .example(json!({"id": 0}), json!("*")),
    ]
}

fn default_get(call: &mut Call<'_, '_>) -> Result<Value> {
    let scope = CATEGORY.grant(call, Act::Read)?;
    let [item, older] = CATEGORY.faces else { unreachable!("both spellings are declared") };
    let found = noun::one(call, &CATEGORY, &scope, 0)?.ok_or_else(|| item.faults.missing.fault())?;
    Ok(noun::show(call, &CATEGORY, older, &found)?.into())
}

fn default_set(call: &mut Call<'_, '_>) -> Result<Value> {
    call.require_admin()?;
    let mut given = Map::with_capacity(1);
    given.push("name", call.text("name"));
    noun::update(call, &CATEGORY, &OF_DEALS, &[0.into()], &given)?;
    Ok(true.into())
}

/// The dictionary with the stages of the pipeline that is meant.
fn dictionary_of(call: &Call<'_, '_>) -> String {
    let id = call.id("id");
    deal::entity().stage.map(|stage| stage::dictionary(&stage, id)).unwrap_or_default()
}
