//! `crm.timeline.icon.*` and `crm.timeline.logo.*`: pictures of entries, those of the system and those that
//! administrators add.

use std::sync::LazyLock;

use engine::call::Call;
use engine::entity::{Entity, Field, Kind as FieldKind, file, table};
use engine::error::Result;
use engine::files;
use engine::method::{Kind as ParamKind, Method, read, required, write};
use serde_json::json;
use store::Param;
use wire::{Fault, Map, Value};

use crate::SCOPE;

/// A kind of pictures: its name, and that of many.
type Kind = (&'static str, &'static str);

const KINDS: [Kind; 2] = [("icon", "icons"), ("logo", "logos")];

/// The codes of the system's pictures.
const SYSTEM: [&str; 2] = ["call", "arrow-down"];

/// Letters of a code.
const LONGEST: usize = 64;

/// The methods.
pub fn methods() -> Vec<Method> {
    KINDS.into_iter().flat_map(of_kind).collect()
}

fn of_kind(kind: Kind) -> [Method; 4] {
    const PIXEL: &str =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";
    let (name, names) = kind;
    let code = || required("code", ParamKind::Text, "Code of the picture");
    let method = |verb: &str| format!("crm.timeline.{name}.{verb}");
    let own = json!({"code": "shop", "isSystem": false, "fileUri": "*"});
    let system = |code: &str| json!({"code": code, "isSystem": true, "fileUri": ""});
    [
        write(method("add"), SCOPE, move |call| add(call, kind))
            .controller()
            .about(format!("Adds a picture to the {names} of timeline entries and returns it."))
            .param(code())
            .param(required("fileContent", ParamKind::Text, "PNG picture in Base64"))
            .example(
                json!({"code": "bank", "fileContent": PIXEL}),
                json!({name: {"code": "bank", "isSystem": false}}),
            ),
        read(method("get"), SCOPE, move |call| get(call, kind))
            .controller()
            .about(format!("Returns one of the {names} of timeline entries."))
            .param(code())
            .example(json!({"code": "call"}), json!({name: system("call")})),
        read(method("list"), SCOPE, move |call| list(call, kind))
            .controller()
            .about(format!("Lists the {names} of timeline entries."))
            .example(json!({}), json!({names: [system("call"), system("arrow-down"), own]})),
        write(method("delete"), SCOPE, move |call| delete(call, kind))
            .controller()
            .about(format!("Deletes one of the {names} of timeline entries that were added."))
            .param(code())
            .example(json!({"code": "shop"}), json!(true)),
    ]
}

fn pictures() -> &'static Entity {
    static TABLE: LazyLock<Entity> =
        LazyLock::new(|| table::described("crm_timeline_picture", "Picture", vec![content().clone()]));
    &TABLE
}

fn content() -> &'static Field {
    static FILE: LazyLock<Field> = LazyLock::new(|| Field::new("FILE", FieldKind::File, "File"));
    &FILE
}

fn add(call: &mut Call<'_, '_>, kind: Kind) -> Result<Value> {
    require_administrator(call)?;
    let code = call.text("code").unwrap_or_default();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    if code.len() > LONGEST || !code.chars().all(plain) {
        let text = "A code has letters, digits, hyphens and underscores.";
        return Err(Fault::invalid_value(text).into());
    }
    if SYSTEM.contains(&code.as_str()) || find(call, kind, &code)?.is_some() {
        return Err(Fault::invalid_value("There is a picture with this code already.").into());
    }
    let bytes = call.param("fileContent").cloned().unwrap_or_default();
    let data = Value::List(vec![format!("{code}.png").into(), bytes]);
    let taken = file::take(call, pictures(), content(), None, &data)?;
    if taken == Param::Null {
        return Err(Fault::invalid_value("The picture has no content.").into());
    }
    let sql = "INSERT INTO crm_timeline_picture (kind, code, file) VALUES (?, ?, ?)";
    call.tx.insert(sql, &[kind.0.into(), code.as_str().into(), taken])?;
    get(call, kind)
}

fn get(call: &mut Call<'_, '_>, kind: Kind) -> Result<Value> {
    let code = call.text("code").unwrap_or_default();
    let shown = if SYSTEM.contains(&code.as_str()) {
        show(&code, None)
    } else {
        let (_, file) = find(call, kind, &code)?.ok_or_else(|| missing(kind, &code))?;
        show(&code, Some(files::link(call.core, file, call.now)))
    };
    Ok(Value::under(kind.0, shown))
}

fn list(call: &mut Call<'_, '_>, kind: Kind) -> Result<Value> {
    let mut shown: Vec<Value> = SYSTEM.into_iter().map(|code| show(code, None)).collect();
    let (core, now) = (call.core, call.now);
    let sql = "SELECT code, file FROM crm_timeline_picture WHERE kind = ? ORDER BY id";
    call.tx.query(sql, &[kind.0.into()], |row| {
        shown.push(show(row.text(0)?, Some(files::link(core, row.int(1)?, now))));
        Ok(())
    })?;
    call.total = Some(shown.len() as i64);
    Ok(Value::under(kind.1, shown))
}

fn delete(call: &mut Call<'_, '_>, kind: Kind) -> Result<Value> {
    require_administrator(call)?;
    let code = call.text("code").unwrap_or_default();
    if SYSTEM.contains(&code.as_str()) {
        return Err(denied().into());
    }
    let (id, _) = find(call, kind, &code)?.ok_or_else(|| missing(kind, &code))?;
    file::delete_all(call.tx, pictures(), id)?;
    call.tx.execute("DELETE FROM crm_timeline_picture WHERE id = ?", &[id.into()])?;
    Ok(true.into())
}

/// The number of a picture that was added, and that of its file.
fn find(call: &mut Call<'_, '_>, kind: Kind, code: &str) -> Result<Option<(i64, i64)>> {
    let sql = "SELECT id, file FROM crm_timeline_picture WHERE kind = ? AND code = ?";
    Ok(call.tx.one(sql, &[kind.0.into(), code.into()], |row| Ok((row.int(0)?, row.int(1)?)))?)
}

fn show(code: &str, uri: Option<String>) -> Value {
    let mut map = Map::with_capacity(3);
    map.push("code", code);
    map.push("isSystem", uri.is_none());
    map.push("fileUri", uri.unwrap_or_default());
    map.into()
}

fn require_administrator(call: &Call<'_, '_>) -> Result<()> {
    if call.caller.is_admin { Ok(()) } else { Err(denied().into()) }
}

fn denied() -> Fault {
    Fault::new(400, "ACCESS_DENIED", "Access denied")
}

fn missing(kind: Kind, code: &str) -> Fault {
    let text = match kind.0 {
        "icon" => format!("Icon not found for code `{code}`"),
        _ => format!("Logo not found for code `{code}`"),
    };
    Fault::new(400, "NOT_FOUND", text)
}
