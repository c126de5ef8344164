//! `profile`: who the webhook acts as. It needs no scope, so clients use it to try a webhook out.

use serde_json::json;
use wire::{Map, Value};

use engine::call::Call;
use engine::error::Result;
use engine::files;
use engine::method::{GLOBAL, Method, read};

/// The method.
pub fn method() -> Method {
    read("profile", GLOBAL, profile)
        .about("Returns basic data of the user that the webhook acts as.")
        .example(json!({}), json!({"ID": "1", "ADMIN": true, "NAME": "Ada", "LAST_NAME": "Berg"}))
}

fn profile(call: &mut Call<'_, '_>) -> Result<Value> {
    // Nobody who was dismissed gets here, but by dismissing oneself earlier in a batch.
    let sql = "SELECT name, last_name, personal_gender, time_zone, personal_photo FROM portal_user \
               WHERE id = ? AND active = 'Y'";
    let (caller, core, now) = (call.caller, call.core, call.now);
    let found = call.tx.one(sql, &[caller.user_id.into()], |row| {
        let mut map = Map::with_capacity(7);
        map.push("ID", caller.user_id.to_string());
        map.push("ADMIN", caller.is_admin);
        for (column, name) in ["NAME", "LAST_NAME", "PERSONAL_GENDER", "TIME_ZONE"].into_iter().enumerate() {
            map.push(name, row.opt_text(column)?.unwrap_or_default());
        }
        if let Some(photo) = row.opt_int(4)? {
            map.push("PERSONAL_PHOTO", files::link(core, photo, now));
        }
        Ok(map)
    })?;
    Ok(found.unwrap_or_default().into())
}
