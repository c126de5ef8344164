//! `server.time`

use serde_json::json;
use wire::Value;

use engine::call::Call;
use engine::error::Result;
use engine::method::{GLOBAL, Method, read};
use engine::moment;

/// The method.
pub fn method() -> Method {
    read("server.time", GLOBAL, time)
        .about("Returns the server time in the portal's time zone.")
        .example(json!({}), json!("*"))
}

fn time(call: &mut Call<'_, '_>) -> Result<Value> {
    Ok(moment::print(&call.settings.zone, call.now.seconds()).into())
}
