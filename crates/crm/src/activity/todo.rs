//! `crm.activity.todo.*`: to-dos, the activities of their own provider. Their colour and reminders stand in `SETTINGS`.

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::entity::{Draft, Naming};
use engine::error::Result;
use engine::method::{Kind, Method, Param, optional, required, write as writes};
use engine::texts::Topic;
use serde_json::json;
use wire::{Fault, Map, Value};

use super::read::Current;
use super::{binding, complete, fields, kind, write};
use crate::SCOPE;
use crate::owner::{self, Owner};

/// The subject of a to-do without a title.
pub const UNTITLED: &str = "To-do";

/// Minutes before the deadline of reminders: so many at most.
const MAX_PINGS: usize = 50;

/// The methods.
pub fn methods() -> Vec<Method> {
    let of_one = |name: &str, handler: fn(&mut Call<'_, '_>) -> Result<Value>| {
        of(writes(format!("crm.activity.todo.{name}"), SCOPE, handler).controller().param(required(
            "id",
            Kind::Id,
            "ID of the to-do",
        )))
    };
    let value = |kind, about| required("value", kind, about);
    vec![
        with_details(of(writes("crm.activity.todo.add", SCOPE, add).controller()))
            .about("Adds a to-do and returns its ID.")
            .example(
                json!({"ownerTypeId": 2, "ownerId": 1, "deadline": "2026-06-05T12:00:00+00:00", "title": "Send the offer"}),
                json!({"id": "*"}),
            ),
        with_details(of_one("update", update))
            .about("Updates a to-do and returns its ID.")
            .example(
                json!({"id": 2, "ownerTypeId": 2, "ownerId": 1, "deadline": "2026-06-05T12:00:00+00:00", "colorId": "3"}),
                json!({"id": 2}),
            ),
        of_one("updateDeadline", update_deadline)
            .param(value(Kind::Text, "When it is to be done"))
            .about("Changes the deadline of a to-do.")
            .example(
                json!({"id": 2, "ownerTypeId": 2, "ownerId": 1, "value": "2026-06-05T12:00:00+00:00"}),
                json!({"id": 2}),
            ),
        of_one("updateDescription", update_description)
            .param(value(Kind::Text, "Description"))
            .about("Changes the description of a to-do.")
            .example(
                json!({"id": 2, "ownerTypeId": 2, "ownerId": 1, "value": "With delivery"}),
                json!({"id": 2}),
            ),
        of_one("updateColor", update_color)
            .param(required("colorId", Kind::Text, "Colour: 1 to 7 or default"))
            .about("Changes the colour of a to-do.")
            .example(json!({"id": 2, "ownerTypeId": 2, "ownerId": 1, "colorId": "3"}), json!({"id": 2})),
        of_one("updateResponsibleUser", update_responsible)
            .param(required("responsibleId", Kind::Int, "ID of the responsible user"))
            .about("Changes the responsible user of a to-do.")
            .example(json!({"id": 2, "ownerTypeId": 2, "ownerId": 1, "responsibleId": 2}), json!({"id": 2})),
    ]
}

fn of(method: Method) -> Method {
    method.param(required("ownerTypeId", Kind::Int, "Type of the item that it belongs to")).param(required(
        "ownerId",
        Kind::Id,
        "ID of that item",
    ))
}

fn with_details(method: Method) -> Method {
    let details: [Param; 7] = [
        required("deadline", Kind::Text, "When it is to be done"),
        optional("title", Kind::Text, "Title"),
        optional("description", Kind::Text, "Description"),
        optional("responsibleId", Kind::Int, "ID of the responsible user"),
        optional("parentActivityId", Kind::Int, "ID of the activity that it follows"),
        optional("pingOffsets", Kind::List, "Reminders, in minutes before the deadline"),
        optional("colorId", Kind::Text, "Colour: 1 to 7 or default"),
    ];
    details.into_iter().fold(method, Method::param)
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let owner = owner_of(call)?;
    let nothing = Map::default();
    let mut draft = Draft::read(call, fields::table(), Naming::Legacy, &nothing, None)?;
    draft.set("TYPE_ID", kind::PROVIDED);
    draft.set("PROVIDER_ID", kind::TODO);
    draft.set("PROVIDER_TYPE_ID", "TODO");
    draft.set("RESPONSIBLE_ID", call.caller.user_id);
    let untitled = call.language.text(Topic::Names, UNTITLED).to_owned();
    draft.set("SUBJECT", call.text("title").unwrap_or(untitled));
    take_details(call, &mut draft, None)?;
    let id = write::insert(call, draft, &[owner], &[])?;
    Ok(answer(id))
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let current = open(call, "CAN_NOT_UPDATE_COMPLETED_TODO")?;
    change(call, &current, |call, draft| {
        if let Some(title) = call.text("title") {
            draft.set("SUBJECT", title);
        }
        take_details(call, draft, Some(&current))
    })
}

fn update_deadline(call: &mut Call<'_, '_>) -> Result<Value> {
    let current = open(call, "CAN_NOT_UPDATE_COMPLETED_TODO")?;
    change(call, &current, |call, draft| set_deadline(call, draft, "value"))
}

fn update_description(call: &mut Call<'_, '_>) -> Result<Value> {
    let current = open(call, "CAN_NOT_UPDATE_COMPLETED_TODO")?;
    change(call, &current, |call, draft| {
        draft.set("DESCRIPTION", call.text("value").unwrap_or_default());
        Ok(())
    })
}

fn update_color(call: &mut Call<'_, '_>) -> Result<Value> {
    let current = open(call, "CAN_NOT_UPDATE_COLOR_COMPLETED_TODO")?;
    let color = call.text("colorId").and_then(|given| color(&given));
    let color = color.ok_or_else(|| Fault::new(400, "CAN_NOT_UPDATE_WRONG_COLOR_TODO", "Unknown colour."))?;
    change(call, &current, |_, draft| {
        let mut settings = settings_of(Some(&current));
        settings.insert("COLOR", color);
        keep(draft, settings)
    })
}

fn update_responsible(call: &mut Call<'_, '_>) -> Result<Value> {
    let current = open(call, "CAN_NOT_UPDATE_RESPONSIBLE_USER_COMPLETED_TODO")?;
    change(call, &current, set_responsible)
}

/// Writes what `set` puts into a draft of a to-do.
fn change(
    call: &mut Call<'_, '_>,
    current: &Current,
    set: impl FnOnce(&mut Call<'_, '_>, &mut Draft<'_>) -> Result<()>,
) -> Result<Value> {
    let nothing = Map::default();
    let mut draft = Draft::read(call, fields::table(), Naming::Legacy, &nothing, Some(current.id))?;
    set(call, &mut draft)?;
    write::save(call, current.id, draft)?;
    Ok(answer(current.id))
}

/// The item that a to-do belongs to by the request, when the caller may change it.
fn owner_of(call: &mut Call<'_, '_>) -> Result<Owner> {
    let owner =
        Owner::numbered(call, call.id("ownerTypeId"), call.id("ownerId")).ok_or_else(owner::missing)?;
    owner.require(call, Act::Update)?;
    Ok(owner)
}

/// The to-do that a request names; refused with this code when it is completed.
fn open(call: &mut Call<'_, '_>, code: &'static str) -> Result<Current> {
    let owner = owner_of(call)?;
    let missing = || Fault::new(400, "NOT_FOUND", "Not found.");
    let current =
        Current::load(call, call.id("id"))?.filter(|it| it.provider == kind::TODO).ok_or_else(missing)?;
    if !binding::is_bound(call.tx, current.id, &owner)? {
        return Err(missing().into());
    }
    if current.completed {
        return Err(Fault::new(400, code, "A completed to-do cannot be changed.").into());
    }
    Ok(current)
}

/// What `add` and `update` have in common.
fn take_details(call: &mut Call<'_, '_>, draft: &mut Draft<'_>, current: Option<&Current>) -> Result<()> {
    set_deadline(call, draft, "deadline")?;
    if let Some(description) = call.param("description").and_then(Value::text) {
        draft.set("DESCRIPTION", description.into_owned());
    }
    if call.text("responsibleId").is_some() {
        set_responsible(call, draft)?;
    }
    let mut settings = settings_of(current);
    if let Some(color) = call.text("colorId").and_then(|given| color(&given)) {
        settings.insert("COLOR", color);
    }
    if let Some(offsets) = call.param("pingOffsets") {
        let minutes =
            offsets.each().filter_map(Value::as_int).filter(|minutes| *minutes >= 0).take(MAX_PINGS);
        settings.insert("PING_OFFSETS", minutes.map(Value::Int).collect::<Vec<_>>());
    }
    if let Some(parent) = call.param("parentActivityId").and_then(Value::as_int).filter(|id| *id > 0) {
        require_parent(call, parent, current)?;
        settings.insert("PARENT_ACTIVITY_ID", parent);
    }
    keep(draft, settings)
}

/// A to-do follows an activity that the caller may read, and not itself.
fn require_parent(call: &mut Call<'_, '_>, parent: i64, current: Option<&Current>) -> Result<()> {
    let fits = current.is_none_or(|current| current.id != parent)
        && Current::load(call, parent)?.is_some()
        && binding::is_readable(call, parent)?;
    let code = if current.is_some() { "ERROR_PARENT_ACTIVITY_RESTRICT" } else { "NOT_FOUND" };
    if fits {
        Ok(())
    } else {
        Err(Fault::new(400, code, "The activity that it follows was not found.").into())
    }
}

fn set_deadline(call: &Call<'_, '_>, draft: &mut Draft<'_>, param: &str) -> Result<()> {
    let deadline = call.param(param).and_then(|value| call.clock().read(value));
    let unread = || Fault::new(400, "WRONG_DATETIME_FORMAT", "Wrong datetime format.");
    draft.set("DEADLINE", deadline.ok_or_else(unread)?);
    Ok(())
}

fn set_responsible(call: &mut Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
    let user = call.id("responsibleId");
    if directory::name_of(call.tx, user)?.is_none() {
        return Err(Fault::invalid_value("There is no such user.").into());
    }
    draft.set("RESPONSIBLE_ID", user);
    Ok(())
}

/// `1` to `7`, or `default`.
fn color(given: &str) -> Option<String> {
    let known = given == "default" || matches!(given.as_bytes(), [b'1'..=b'7']);
    known.then(|| given.to_owned())
}

fn settings_of(current: Option<&Current>) -> Map {
    fields::show(current.and_then(|current| current.settings.as_deref())).into_map().unwrap_or_default()
}

fn keep(draft: &mut Draft<'_>, settings: Map) -> Result<()> {
    let given: Map = [("SETTINGS".into(), settings.into_value())].into_iter().collect();
    complete::take_free(draft, &given)
}

fn answer(id: i64) -> Value {
    Value::under("id", id)
}
