//! The lines by which calls go out: `voximplant.line.*`, and where the console shows telephony, `voximplant.url.get`.

use engine::call::Call;
use engine::error::Result;
use engine::method::{self, Method, read, required, write};
use engine::state;
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::sip::{self, require_manager};
use crate::{SCOPE, line};

/// The name under which the line for outgoing calls is remembered.
const CHOSEN: &str = "telephony:outgoing";

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("voximplant.line.get", SCOPE, |call| {
            require_manager(call)?;
            Ok(lines(call)?
                .into_iter()
                .map(|(id, name)| (id.into(), name.into()))
                .collect::<Map>()
                .into_value())
        })
        .about("Returns the lines for outgoing calls: names by ID.")
        .example(json!({}), json!({"reg150001": "Cloud line", "+49305550000": "Front desk"})),
        read("voximplant.line.outgoing.get", SCOPE, |call| {
            require_manager(call)?;
            Ok(chosen(call)?.into())
        })
        .about("Returns the ID of the line for outgoing calls.")
        .example(json!({}), json!("reg150001")),
        write("voximplant.line.outgoing.set", SCOPE, set)
            .own_words()
            .about("Chooses the line for outgoing calls. One that is not there changes nothing.")
            .param(required("LINE_ID", method::Kind::Text, "Line"))
            .example(json!({"LINE_ID": "+49305550000"}), json!(1)),
        write("voximplant.line.outgoing.sip.set", SCOPE, set_sip)
            .own_words()
            .about("Chooses a SIP line for outgoing calls.")
            .param(required("CONFIG_ID", method::Kind::Id, "SIP line"))
            .example(json!({"CONFIG_ID": 1}), json!(1)),
        read("voximplant.url.get", SCOPE, urls)
            .about("Returns the addresses of the pages of telephony.")
            .example(
                json!({}),
                json!({"detail_statistics": "*", "buy_connector": "*", "edit_config": "*", "lines": "*"}),
            ),
    ]
}

/// All lines, SIP lines first: identifier and name.
///
/// # Errors
/// Those of the store.
pub fn lines(call: &mut Call<'_, '_>) -> Result<Vec<(String, String)>> {
    let mut lines: Vec<(String, String)> =
        sip::all(call)?.iter().map(|row| (sip::line_id(row), sip::title(row))).collect();
    for row in line::all(call)? {
        let (number, name) = (row.text("number").to_owned(), row.text("name"));
        let name = if name.is_empty() { number.clone() } else { name.to_owned() };
        lines.push((number, name));
    }
    Ok(lines)
}

/// The line for outgoing calls: the one that was chosen, or else the first; empty where there is none.
fn chosen(call: &mut Call<'_, '_>) -> Result<String> {
    let lines = lines(call)?;
    let chosen = state::get(call.tx, CHOSEN)?;
    let is_chosen = |(id, _): &&(String, String)| chosen.as_deref() == Some(id.as_str());
    let line = lines.iter().find(is_chosen).or(lines.first());
    Ok(line.map(|(id, _)| id.clone()).unwrap_or_default())
}

fn set(call: &mut Call<'_, '_>) -> Result<Value> {
    require_manager(call)?;
    let wanted = call.text("LINE_ID").unwrap_or_default();
    if lines(call)?.iter().any(|(id, _)| *id == wanted) {
        state::set(call.tx, CHOSEN, &wanted)?;
    }
    Ok(1.into())
}

fn set_sip(call: &mut Call<'_, '_>) -> Result<Value> {
    require_manager(call)?;
    let id = call.id("CONFIG_ID");
    let row = sip::find(call, id)?;
    let row = row.ok_or_else(|| Fault::new(400, "ERROR_ARGUMENT", "Specified CONFIG_ID is not found"))?;
    state::set(call.tx, CHOSEN, &sip::line_id(&row))?;
    Ok(1.into())
}

fn urls(call: &mut Call<'_, '_>) -> Result<Value> {
    let base = &call.settings.base_url;
    let mut map = Map::with_capacity(4);
    for (name, path) in [
        ("detail_statistics", "/telephony/detail.php"),
        ("buy_connector", "/settings/license_phone_sip.php"),
        ("edit_config", "/telephony/edit.php?ID=#CONFIG_ID#"),
        ("lines", "/telephony/lines.php"),
    ] {
        map.push(name, format!("{base}{path}"));
    }
    Ok(map.into_value())
}
