//! How dialogs are led: `imopenlines.session.mode.*`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind as Given, Method, optional, write};
use engine::noun;
use serde_json::json;
use wire::Value;

use crate::SCOPE;
use crate::operators::{open_one, own, require_chat, simple};
use crate::session::{self, SESSION};

/// Sessions that one call pins.
const MOST: i64 = 500;

/// The methods.
pub fn methods() -> Vec<Method> {
    let on = || optional("ACTIVATE", Given::Flag, "Y, or N to end it");
    vec![
        simple("imopenlines.session.mode.silent", silent, "Has messages of a dialog stay among operators.")
            .param(on())
            .example(json!({"CHAT_ID": crate::DEMO_CHAT, "ACTIVATE": "Y"}), json!(true)),
        simple("imopenlines.session.mode.pin", pin, "Keeps a dialog with its operator.")
            .param(on())
            .example(json!({"CHAT_ID": crate::DEMO_CHAT, "ACTIVATE": "Y"}), json!(true)),
        write("imopenlines.session.mode.pinAll", SCOPE, |call| pin_all(call, true))
            .own_words()
            .about("Keeps all dialogs of the caller, and returns the IDs of their sessions.")
            .example(json!({}), json!([1])),
        write("imopenlines.session.mode.unpinAll", SCOPE, |call| pin_all(call, false))
            .own_words()
            .about("Lets all dialogs of the caller go on, and returns the IDs of their sessions.")
            .example(json!({}), json!([])),
    ]
}

fn flag(call: &Call<'_, '_>) -> &'static str {
    let on = call.param("ACTIVATE").and_then(Value::as_flag).unwrap_or(true);
    engine::input::yes_no(on)
}

fn silent(call: &mut Call<'_, '_>) -> Result<Value> {
    let found = open_one(call)?;
    let on = flag(call);
    session::change(call, found.number, [("SILENT", on.into())])?;
    Ok(true.into())
}

fn pin(call: &mut Call<'_, '_>) -> Result<Value> {
    require_chat(call)?;
    let found = own(call)?;
    let on = flag(call);
    session::change(call, found.number, [("PINNED", on.into())])?;
    Ok(true.into())
}

fn pin_all(call: &mut Call<'_, '_>, on: bool) -> Result<Value> {
    let scope = SESSION.grant(call, Act::Update)?;
    let condition = "t.operator_id = ? AND t.closed = 'N' AND t.pinned = ?";
    let values = vec![call.caller.user_id.into(), engine::input::yes_no(!on).into()];
    let rest = format!(" ORDER BY t.id DESC LIMIT {MOST}");
    let rows = noun::select(call, &SESSION, &scope, condition, values, &rest)?;
    for row in &rows {
        session::change(call, row.number, [("PINNED", engine::input::yes_no(on).into())])?;
    }
    Ok(rows.iter().map(|row| Value::Int(row.number)).collect::<Vec<_>>().into())
}
