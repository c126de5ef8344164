//! `app.info` and `feature.get`: what the portal is licensed for.

use serde_json::json;
use wire::{Fault, Map, Value};

use engine::call::Call;
use engine::error::Result;
use engine::method::{GLOBAL, Kind, Method, read, required};
use engine::scopes::split;

/// The features that can be asked for; what else is asked for is off.
const FEATURES: [&str; 2] = ["rest_offline_extended", "rest_auth_connector"];

/// Both methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("app.info", GLOBAL, info)
            .about("Returns the webhook's scopes and the portal's licence. Not available in a batch.")
            .example(json!({}), json!({"SCOPE": "*", "LICENSE": "en_selfhosted"})),
        read("feature.get", GLOBAL, feature)
            .about("Checks whether the portal's licence includes a feature.")
            .param(required("CODE", Kind::Text, "Feature code: rest_offline_extended or rest_auth_connector"))
            .own_words()
            .example(json!({"CODE": "rest_offline_extended"}), json!({"value": "Y"})),
    ]
}

fn info(call: &mut Call<'_, '_>) -> Result<Value> {
    // The commands of a batch are not told which webhook they run for (protocol 4.3).
    if call.in_batch {
        return Err(Fault::access_denied("Application context required").into());
    }
    let mut map = Map::with_capacity(2);
    map.push("SCOPE", split(&call.caller.scopes).map(Value::from).collect::<Vec<_>>());
    map.push("LICENSE", call.settings.licence_code());
    Ok(map.into())
}

fn feature(call: &mut Call<'_, '_>) -> Result<Value> {
    let code = call.text("CODE").ok_or_else(|| Fault::new(400, "CODE_EMPTY", "CODE can't be empty"))?;
    let licensed = call.settings.rest_available() && FEATURES.contains(&code.as_str());
    Ok(Value::under("value", if licensed { "Y" } else { "N" }))
}
