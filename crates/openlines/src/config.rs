//! Lines as administrators set them up: `imopenlines.config.*` and `imopenlines.revision.get`.

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::error::Result;
use engine::method::{Kind as Given, Method, Param, optional, read, required, write};
use engine::noun::{self, Row};
use serde_json::json;
use store::Param as Bound;
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::line::{self, FACE, LINE, QUEUE_TYPES};
use crate::settings::{self, Kind, SETTINGS};
use crate::words::{not_allowed, number, refuse};

/// Lines that a list gives, at most.
const MOST: i64 = 200;
const NAME: usize = 255;

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("CONFIG_ID", Given::Id, "Open channel");
    vec![
        write("imopenlines.config.add", SCOPE, add)
            .own_words()
            .about("Adds an open channel and returns its ID; for administrators.")
            .param(fields())
            .example(json!({"PARAMS": {"LINE_NAME": "Service", "QUEUE": [1]}}), json!("*")),
        write("imopenlines.config.update", SCOPE, update)
            .own_words()
            .about("Updates the given settings of an open channel; for administrators.")
            .param(id())
            .param(fields())
            .example(json!({"CONFIG_ID": 1, "PARAMS": {"QUEUE_TYPE": "all"}}), json!(true)),
        write("imopenlines.config.delete", SCOPE, delete)
            .own_words()
            .about("Deletes an open channel that has no open dialogs; for administrators.")
            .param(id())
            .example(json!({"CONFIG_ID": 2}), json!(true)),
        read("imopenlines.config.get", SCOPE, get)
            .own_words()
            .about("Returns an open channel with its settings and operators.")
            .param(id())
            .param(optional("WITH_QUEUE", Given::Flag, "Whether to return the operators"))
            .param(optional("SHOW_OFFLINE", Given::Flag, "Ignored: operators are returned in any case"))
            .example(
                json!({"CONFIG_ID": 1}),
                json!({"ID": "1", "LINE_NAME": "Web site", "QUEUE": ["1", "2"]}),
            )
            .example(json!({"CONFIG_ID": 77}), json!(false)),
        read("imopenlines.config.list.get", SCOPE, list)
            .own_words()
            .about("Lists open channels.")
            .param(optional("PARAMS", Given::Fields, "select, order, filter, limit and offset"))
            .param(optional("OPTIONS", Given::Fields, "QUEUE: Y to return the operators"))
            .param(optional("QUEUE", Given::Flag, "Whether to return the operators"))
            .param(optional("CONFIG_QUEUE", Given::Flag, "Whether to return the queue as it is set"))
            .param(optional("CHECK_PERMISSION", Given::Text, "Ignored: everybody may read open channels"))
            .example(json!({"PARAMS": {"order": {"ID": "ASC"}, "limit": 1}}), json!([{"ID": "1"}])),
        read("imopenlines.config.path.get", SCOPE, path)
            .own_words()
            .about("Returns the address of the portal and the path of open channels.")
            .example(json!({}), json!({"SERVER_ADDRESS": "*", "PUBLIC_PATH": "/contact_center/"})),
        read("imopenlines.revision.get", SCOPE, |_| Ok(Value::from(revisions())))
            .own_words()
            .about("Returns the versions of the interface of open channels.")
            .example(json!({}), revisions()),
    ]
}

fn revisions() -> serde_json::Value {
    json!({"rest": 2, "web": 1, "mobile": 1})
}

fn fields() -> Param {
    let of_settings = SETTINGS.iter().map(|(name, kind, _, title)| match kind {
        Kind::Flag => optional(name, Given::Flag, title),
        Kind::Int => optional(name, Given::Int, title),
        Kind::Text => optional(name, Given::Text, title),
        Kind::Choice(choices) => optional(name, Given::Text, title).one_of(choices),
        Kind::List => optional(name, Given::Any, title),
    });
    let own = [
        optional("LINE_NAME", Given::Text, "Name"),
        optional("ACTIVE", Given::Flag, "Active"),
        optional("QUEUE_TYPE", Given::Text, "How dialogs are given to operators: evenly, strictly or all")
            .one_of(QUEUE_TYPES),
        optional("QUEUE", Given::List, "Operators: ENTITY_TYPE user, ENTITY_ID"),
    ];
    optional("PARAMS", Given::Fields, "Settings").with_members(own.into_iter().chain(of_settings).collect())
}

/// What a request gives for a line.
fn given(call: &Call<'_, '_>, before: Option<&Row>) -> Result<Map> {
    let (given, mut row) = (call.fields("PARAMS"), Map::new());
    let wrong = |name: &str| {
        Fault::new(400, "INVALID_FORMAT", format!("A wrong value of the field '{name}' is passed"))
    };
    if let Some(name) = given.get_any_case("LINE_NAME") {
        let name = name.text().map(|name| name.trim().to_owned());
        let name = name.filter(|name| !name.is_empty() && name.chars().count() <= NAME);
        row.push("LINE_NAME", name.ok_or_else(|| wrong("LINE_NAME"))?);
    }
    if let Some(active) = given.get_any_case("ACTIVE") {
        row.push("ACTIVE", active.as_flag().ok_or_else(|| wrong("ACTIVE"))?);
    }
    if let Some(kind) = given.get_any_case("QUEUE_TYPE") {
        let kind = kind.as_str().filter(|kind| QUEUE_TYPES.contains(kind));
        row.push("QUEUE_TYPE", kind.ok_or_else(|| wrong("QUEUE_TYPE"))?);
    }
    let set = before.map(|before| Value::from(before.json("settings"))).and_then(Value::into_map);
    row.push("SETTINGS", settings::read(&given, set.unwrap_or_default())?);
    Ok(row)
}

fn require_admin(call: &Call<'_, '_>) -> Result<()> {
    if call.caller.is_admin { Ok(()) } else { Err(not_allowed().into()) }
}

/// The line that a call names.
fn named(call: &mut Call<'_, '_>) -> Result<Option<Row>> {
    let id =
        number(call, "CONFIG_ID").ok_or_else(|| refuse("CONFIG_ID_EMPTY", "Config ID can't be empty"))?;
    let scope = LINE.grant(call, Act::Read)?;
    noun::one(call, &LINE, &scope, id)
}

fn set_queue(call: &mut Call<'_, '_>, line: i64) -> Result<()> {
    match call.fields("PARAMS").get_any_case("QUEUE").cloned() {
        Some(queue) => line::set_operators(call, line, &queue),
        None => Ok(()),
    }
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    require_admin(call)?;
    let mut row = given(call, None)?;
    if row.get("LINE_NAME").is_none() {
        row.push("LINE_NAME", "Open channel");
    }
    let line = noun::add(call, &LINE, &FACE, &row)?.number;
    set_queue(call, line)?;
    Ok(line.into())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let found = named(call)?;
    require_admin(call)?;
    let Some(found) = found else { return Ok(false.into()) };
    let row = given(call, Some(&found))?;
    noun::update(call, &LINE, &FACE, &[found.number.into()], &row)?;
    set_queue(call, found.number)?;
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let found = named(call)?;
    require_admin(call)?;
    let Some(found) = found else { return Ok(false.into()) };
    noun::delete(call, &LINE, &FACE, &[found.number.into()])?;
    Ok(true.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let Some(row) = named(call)? else { return Ok(false.into()) };
    let with_queue = call.param("WITH_QUEUE").and_then(Value::as_flag).unwrap_or(true);
    let mut line = show(call, &row)?;
    if with_queue {
        let operators = line::operators(call, row.number)?;
        put_queue(call, &operators, &mut line, true)?;
    }
    Ok(line.into_value())
}

/// A line without its operators.
fn show(call: &mut Call<'_, '_>, row: &Row) -> Result<Map> {
    let whole = noun::show(call, &LINE, &FACE, row)?;
    let mut line = Map::with_capacity(100);
    for name in ["ID", "ACTIVE", "LINE_NAME", "QUEUE_TYPE"] {
        line.push(name, whole.get(name).cloned().unwrap_or_default());
    }
    settings::show(&row.json("settings"), &mut line);
    for name in ["DATE_CREATE", "DATE_MODIFY", "MODIFY_USER_ID"] {
        line.push(name, whole.get(name).cloned().unwrap_or_default());
    }
    line.push("XML_ID", Value::Null);
    Ok(line)
}

/// These operators of a line; with the rows of the queue where it is shown `whole`.
fn put_queue(call: &mut Call<'_, '_>, rows: &[Row], into: &mut Map, whole: bool) -> Result<()> {
    let ids: Vec<i64> = rows.iter().filter_map(|row| row.int("userId")).collect();
    let people = directory::people(call.tx, &ids)?;
    let (mut queue, mut full, mut users) = (Vec::new(), Map::new(), Map::new());
    for (row, id) in rows.iter().zip(&ids) {
        let mut fields = Map::with_capacity(4);
        fields.push("USER_NAME", people.get(id).map(|person| person.name.clone()));
        fields.push("USER_WORK_POSITION", Value::Null);
        fields.push("USER_AVATAR", Value::Null);
        fields.push("USER_AVATAR_ID", "0");
        let mut entry = Map::with_capacity(8);
        entry.push("ID", row.number.to_string());
        entry.push("SORT", row.int("sort").unwrap_or(0).to_string());
        entry.push("USER_ID", id.to_string());
        entry.push("DEPARTMENT_ID", "0");
        fields.iter().for_each(|(name, value)| entry.push(name, value.clone()));
        queue.push(Value::from(id.to_string()));
        full.push(id.to_string(), entry);
        users.push(id.to_string(), fields);
    }
    into.push("QUEUE", queue);
    if whole {
        into.push("QUEUE_FULL", full);
    }
    into.push("QUEUE_USERS_FIELDS", users);
    if whole {
        into.push("QUEUE_ONLINE", if ids.is_empty() { "N" } else { "Y" });
    }
    Ok(())
}

fn invalid(text: impl Into<String>) -> Fault {
    Fault::new(400, "INVALID_FORMAT", text.into())
}

/// The fields that lists select, sort and filter by, with their columns; settings have none.
const COLUMNS: [(&str, &str); 7] = [
    ("ID", "t.id"),
    ("LINE_NAME", "t.line_name"),
    ("ACTIVE", "t.active"),
    ("QUEUE_TYPE", "t.queue_type"),
    ("DATE_CREATE", "t.date_create"),
    ("DATE_MODIFY", "t.date_modify"),
    ("MODIFY_USER_ID", "t.modify_user_id"),
];

fn column(name: &str, part: &str) -> Result<&'static str> {
    let found = COLUMNS.iter().find(|(known, _)| *known == name).map(|(_, column)| *column);
    let text = || invalid(format!("An unknown field '{name}' is passed in the PARAMS field '{part}'"));
    found.ok_or_else(|| text().into())
}

/// A member of `PARAMS` that is an object or a list.
fn part(params: &Map, name: &str) -> Result<Value> {
    match params.get_any_case(name) {
        Some(value) if !value.is_empty() && !value.is_array() => {
            Err(invalid(format!("A wrong format for the PARAMS field '{name}' is passed")).into())
        }
        value => Ok(value.cloned().unwrap_or_default()),
    }
}

/// The fields that a list is asked for; `None` for all.
fn selected(params: &Map) -> Result<Option<Vec<String>>> {
    let select: Vec<String> =
        part(params, "select")?.items().filter_map(|name| Some(name.text()?.into_owned())).collect();
    for name in select.iter().filter(|name| *name != "*") {
        if !SETTINGS.iter().any(|(known, ..)| known == name) {
            column(name, "select")?;
        }
    }
    Ok(Some(select).filter(|select| !select.is_empty() && !select.iter().any(|name| name == "*")))
}

/// A number of rows among `PARAMS`.
fn count(params: &Map, name: &str, usual: i64) -> Result<i64> {
    let Some(value) = params.get_any_case(name).filter(|value| !value.is_empty()) else { return Ok(usual) };
    let wrong = || invalid(format!("A non-negative integer is expected in the PARAMS field '{name}'"));
    Ok(value.as_int().filter(|count| *count >= 0).ok_or_else(wrong)?)
}

/// So many lines behind so many others, of those that a list is asked for.
fn found(call: &mut Call<'_, '_>, params: &Map, (limit, offset): (i64, i64)) -> Result<Vec<Row>> {
    let mut order = Vec::new();
    for (name, direction) in part(params, "order")?.entries() {
        let direction = wire::order::direction(direction)
            .ok_or_else(|| invalid("A wrong sorting direction is passed in the PARAMS field 'order'"))?;
        let backwards = direction == wire::order::Direction::Desc;
        order.push(format!("{}{}", column(&name, "order")?, if backwards { " DESC" } else { "" }));
    }
    order.push("t.id".to_owned());
    let (mut tests, mut values) = (vec!["1 = 1".to_owned()], Vec::new());
    for (name, value) in part(params, "filter")?.entries() {
        let name = name.trim_start_matches('=');
        tests.push(format!("{} = ?", column(name, "filter")?));
        values.push(match name {
            "LINE_NAME" | "ACTIVE" | "QUEUE_TYPE" => Bound::from(value.text().map(|text| text.into_owned())),
            _ => Bound::from(value.as_int()),
        });
    }
    let scope = LINE.grant(call, Act::Read)?;
    let rest = format!(" ORDER BY {} LIMIT {limit} OFFSET {offset}", order.join(", "));
    noun::select(call, &LINE, &scope, &tests.join(" AND "), values, &rest)
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let (params, options) = (call.fields("PARAMS"), call.fields("OPTIONS"));
    let page = (count(&params, "limit", 50)?.min(MOST), count(&params, "offset", 0)?);
    let select = selected(&params)?;
    let rows = found(call, &params, page)?;
    let wants = |call: &Call<'_, '_>, name: &str| {
        let option = options.get_any_case(name).and_then(Value::as_flag);
        option.or_else(|| call.param(name).and_then(Value::as_flag)).unwrap_or(false)
    };
    let (with_queue, as_set) = (wants(call, "QUEUE"), wants(call, "CONFIG_QUEUE"));
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let mut line = show(call, &row)?;
        if let Some(select) = &select {
            line =
                line.into_iter().filter(|(name, _)| select.iter().any(|wanted| *name == **wanted)).collect();
        }
        if with_queue || as_set {
            let operators = line::operators(call, row.number)?;
            if with_queue {
                put_queue(call, &operators, &mut line, false)?;
            }
            if as_set {
                line.push("CONFIG_QUEUE", operators.iter().map(as_given).collect::<Vec<_>>());
            }
        }
        lines.push(line.into_value());
    }
    Ok(lines.into())
}

/// An operator as a queue is set.
fn as_given(operator: &Row) -> Value {
    let mut entry = Map::with_capacity(2);
    entry.push("ENTITY_ID", operator.int("userId").unwrap_or(0).to_string());
    entry.push("ENTITY_TYPE", "user");
    entry.into_value()
}

fn path(call: &mut Call<'_, '_>) -> Result<Value> {
    let mut path = Map::with_capacity(2);
    path.push("SERVER_ADDRESS", call.settings.base_url.trim_end_matches('/'));
    path.push("PUBLIC_PATH", "/contact_center/");
    Ok(path.into_value())
}
