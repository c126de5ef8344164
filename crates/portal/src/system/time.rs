//! `server.time`

use serde_json::json;
use wire::Value;

use crate::call::Call;
use crate::error::Result;
use crate::method::{GLOBAL, Method, read};
use crate::moment;

/// The method.
pub fn method() -> Method {
    read("server.time", GLOBAL, time)
        .about("Returns the server time in the portal's time zone.")
        .example(json!({}), json!("*"))
}

fn time(call: &mut Call<'_, '_>) -> Result<Value> {
    Ok(moment::print(&call.settings.zone, call.now.seconds()).into())
}
