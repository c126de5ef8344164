//! `crm.timeline.comment.*`: what people and integrations write into the timeline of an item.

use engine::access::Act;
use engine::call::Call;
use engine::directory;
use engine::entity::table::{self, Extent};
use engine::entity::{Naming, describe, file};
use engine::error::Result;
use engine::event::{Event, Happening, event};
use engine::files::{self, Pixels};
use engine::input::pick;
use engine::method::{Kind, Method, optional, read, required, write};
use engine::{moment, query};
use serde_json::json;
use wire::filter::Filter;
use wire::{Fault, Map, Value};

use super::entry::{self, Entry};
use crate::SCOPE;
use crate::owner::{self, Owner};

/// What the table of entries calls a comment.
pub const KIND: &str = "comment";
const EVENT: &str = "ONCRMTIMELINECOMMENT";

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("id", Kind::Id, "ID of the comment").or_complain("ID is not defined or invalid.");
    let type_id = || optional("ownerTypeId", Kind::Int, "Type of the item in whose timeline it is meant");
    let owner_id = || optional("ownerId", Kind::Int, "ID of that item");
    vec![
        write("crm.timeline.comment.add", SCOPE, add)
            .controller()
            .about("Adds a comment to the timeline of an item and returns its ID.")
            .param(required("fields", Kind::Fields, "Fields of the comment").with_members(vec![
                required("ENTITY_ID", Kind::Id, "ID of the item"),
                required("ENTITY_TYPE", Kind::Text, "Type of the item: lead, deal, contact, company or quote"),
                required("COMMENT", Kind::Text, "Text, may contain BB codes"),
                optional("FILES", Kind::List, "Files, each as name and content in Base64"),
            ]))
            .example(
                json!({"fields": {"ENTITY_ID": 2, "ENTITY_TYPE": "deal", "COMMENT": "The client called back"}}),
                json!("*"),
            ),
        read("crm.timeline.comment.get", SCOPE, get)
            .about("Returns a comment.")
            .param(id())
            .example(json!({"id": 1}), json!({"ID": "1", "ENTITY_TYPE": "deal", "ENTITY_ID": "1"})),
        read("crm.timeline.comment.list", SCOPE, list)
            .about("Lists the comments in the timeline of an item, 50 per page.")
            .param(required("filter", Kind::Filter, "ENTITY_ID and ENTITY_TYPE of the item, and further conditions"))
            .param(optional("order", Kind::Order, "ASC or DESC by field"))
            .param(optional("select", Kind::Select, "Fields to return"))
            .param(optional("start", Kind::Int, "Offset of the first row; -1 skips counting the total"))
            .example(json!({"filter": {"ENTITY_ID": 1, "ENTITY_TYPE": "deal"}}), json!([{"ID": "1"}])),
        write("crm.timeline.comment.update", SCOPE, update)
            .controller()
            .about("Changes a comment and returns its ID.")
            .param(required("id", Kind::Id, "ID of the comment"))
            .param(required("fields", Kind::Fields, "Fields of the comment to change").with_members(vec![
                optional("COMMENT", Kind::Text, "Text, may contain BB codes"),
                optional("FILES", Kind::List, "Files, each as name and content in Base64"),
            ]))
            .param(type_id())
            .param(owner_id())
            .example(json!({"id": 1, "fields": {"COMMENT": "The client wrote"}}), json!(1)),
        write("crm.timeline.comment.delete", SCOPE, delete)
            .controller()
            .about("Deletes a comment, or takes it out of the timeline of one item.")
            .param(required("id", Kind::Id, "ID of the comment"))
            .param(type_id())
            .param(owner_id())
            .example(json!({"id": 1}), json!(null)),
        read("crm.timeline.comment.fields", SCOPE, fields)
            .about("Describes the fields of a comment.")
            .example(json!({}), json!({"COMMENT": {"type": "string"}})),
    ]
}

/// The events. On the real system the id stands beside `FIELDS`, where handlers look for it; both are sent.
pub fn events() -> Vec<Event> {
    let declared = |(verb, done): (&str, &str)| {
        let about = format!("A comment in a timeline was {done}.");
        event(format!("{EVENT}{verb}"), SCOPE, about, json!({"FIELDS": {"ID": 1}, "ID": 1}))
    };
    [("ADD", "added"), ("UPDATE", "changed"), ("DELETE", "deleted")].map(declared).into()
}

fn tell(call: &mut Call<'_, '_>, verb: &str, owners: &[Owner], id: i64) -> Result<()> {
    // However many timelines it stands in, it is one comment.
    let may_know = owner::audience(call, owners)?;
    call.raise_to(may_know, &format!("{EVENT}{verb}"), || {
        let mut happening = Happening::new(format!("timeline:{id}"), [("ID", id.into())]);
        if let Value::Map(data) = &mut happening.data {
            data.push("ID", id);
        }
        happening
    });
    Ok(())
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let fields = call.fields("fields");
    let (id, word) = entry::named_item(&fields);
    let owner = Owner::named(call, &word, id).ok_or_else(owner::missing)?;
    owner.require(call, Act::Update)?;
    let text = text_of(&fields);
    let attached = fields.get("FILES").filter(|value| !value.is_empty());
    if text.is_empty() && attached.is_none() {
        return Err(empty().into());
    }
    let given = fields.get("AUTHOR_ID").and_then(Value::as_int).filter(|id| call.caller.is_admin && *id > 0);
    let author = given.unwrap_or(call.caller.user_id);
    let kept = match attached {
        Some(value) => file::take(call, entry::table(), entry::files(), None, value)?,
        None => store::Param::Null,
    };
    let sql = "INSERT INTO crm_timeline (kind, created, author_id, comment, files) VALUES (?, ?, ?, ?, ?)";
    let params = [KIND.into(), call.now.seconds().into(), author.into(), text.as_str().into(), kept];
    let id = call.tx.insert(sql, &params)?;
    entry::bind(call.tx, id, &owner)?;
    owner.note_activity(call)?;
    tell(call, "ADD", &[owner], id)?;
    Ok(id.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("id");
    let Some(entry) = entry::load(call.tx, KIND, id)? else { return Err(Fault::crm("Not found.").into()) };
    let owners = entry::reachable(call, id, Act::Read)?;
    match owners.first() {
        Some(owner) => Ok(show(call, &entry, owner)?.into()),
        None => Err(Fault::crm("Access denied.").into()),
    }
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, word) = entry::named_item(&call.fields("filter"));
    let owner = Owner::named(call, &word, id);
    let owner = owner.ok_or_else(|| Fault::crm("Access denied."))?;
    if owner.standing(call, Act::Read)? != engine::entity::owner::Standing::Allowed {
        return Err(Fault::crm("Access denied.").into());
    }
    let mut query = query::legacy(call, entry::table())?;
    if let Filter::All(tests) = &mut query.filter {
        let names_item = |field: &str| field == "ENTITY_ID" || field == "ENTITY_TYPE";
        tests.retain(|test| !matches!(test, Filter::Test { field, .. } if names_item(field)));
    }
    let bound = "t.kind = ? AND t.id IN (SELECT entry_id FROM crm_timeline_binding \
                 WHERE entity_type_id = ? AND entity_id = ?)";
    let within = (bound.to_owned(), vec![KIND.into(), owner.entity.type_id.into(), owner.id.into()]);
    let ids = table::ids(call, entry::table(), Naming::Legacy, &query, Some(within), Extent::Page)?;
    let mut rows = Vec::with_capacity(ids.len());
    for entry in entry::load_all(call.tx, KIND, &ids)? {
        rows.push(pick(show(call, &entry, &owner)?, &query.select));
    }
    Ok(rows.into())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let (entry, owners) = writable(call)?;
    let fields = call.fields("fields");
    let text = if fields.get("COMMENT").is_some() { text_of(&fields) } else { entry.comment.clone() };
    let attached = fields.get("FILES");
    let stays = attached.map_or(!entry.files.is_empty(), |value| !value.is_empty());
    if text.is_empty() && !stays {
        return Err(empty().into());
    }
    if let Some(value) = attached {
        let kept = file::take(call, entry::table(), entry::files(), Some(entry.id), value)?;
        call.tx.execute("UPDATE crm_timeline SET files = ? WHERE id = ?", &[kept, entry.id.into()])?;
    }
    let sql = "UPDATE crm_timeline SET comment = ? WHERE id = ?";
    call.tx.execute(sql, &[text.as_str().into(), entry.id.into()])?;
    owners.iter().try_for_each(|owner| owner.note_activity(call))?;
    tell(call, "UPDATE", &owners, entry.id)?;
    Ok(entry.id.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let (entry, owners) = writable(call)?;
    if owners.len() > 1 {
        let text = "The comment stands in several timelines: name one by ownerTypeId and ownerId.";
        return Err(Fault::new(400, "MULTIPLE_BINDINGS", text).into());
    }
    tell(call, "DELETE", &owners, entry.id)?;
    for owner in &owners {
        entry::unbind(call.tx, entry.id, owner)?;
    }
    entry::delete_unbound(call.tx, entry.id)?;
    Ok(Value::Null)
}

/// The comment that a request names, with the items whose timelines are meant: the one that the request names, or else
/// all in which it stands. The caller may change all of them.
fn writable(call: &mut Call<'_, '_>) -> Result<(Entry, Vec<Owner>)> {
    let id = call.id("id");
    let missing = || Fault::new(400, "NOT_FOUND", "Not found.");
    let entry = entry::load(call.tx, KIND, id)?.ok_or_else(missing)?;
    let mut owners = entry::bindings(call, id)?;
    let (type_id, owner_id) = (call.id("ownerTypeId"), call.id("ownerId"));
    if type_id > 0 && owner_id > 0 {
        owners.retain(|owner| owner.entity.type_id == type_id && owner.id == owner_id);
        if owners.is_empty() {
            return Err(owner::missing().into());
        }
    }
    for owner in &owners {
        owner.require(call, Act::Update)?;
    }
    Ok((entry, owners))
}

fn fields(call: &mut Call<'_, '_>) -> Result<Value> {
    let mut fields = describe::of_table(entry::table(), Naming::Legacy, call.language);
    describe::correct(&mut fields, "FILES", "type", "attached_diskfile");
    Ok(fields.into())
}

fn text_of(fields: &Map) -> String {
    fields.get("COMMENT").and_then(Value::text).unwrap_or_default().trim().to_owned()
}

fn empty() -> Fault {
    Fault::new(400, "INVALID_ARG_VALUE", "Empty comment message.")
}

fn show(call: &mut Call<'_, '_>, entry: &Entry, owner: &Owner) -> Result<Map> {
    let mut map = Map::with_capacity(7);
    map.push("ID", entry.id.to_string());
    map.push("ENTITY_ID", owner.id.to_string());
    map.push("ENTITY_TYPE", &*owner.entity.name);
    map.push("CREATED", moment::print(&call.caller.zone, entry.created));
    map.push("COMMENT", entry.comment.as_str());
    map.push("AUTHOR_ID", entry.author_id.to_string());
    map.push("FILES", show_files(call, entry)?);
    Ok(map)
}

/// The files of a comment by their numbers.
fn show_files(call: &mut Call<'_, '_>, entry: &Entry) -> Result<Map> {
    let mut shown = Map::with_capacity(entry.files.len());
    if entry.files.is_empty() {
        return Ok(shown);
    }
    let author = directory::name_of(call.tx, entry.author_id)?.unwrap_or_default();
    let pixels = files::pixels(call.tx, &entry.files)?;
    for id in &entry.files {
        let Some(kept) = files::find(call.tx, *id)? else { continue };
        let link = files::link(call.core, *id, call.now);
        let mut file = Map::with_capacity(10);
        file.push("id", *id);
        file.push("date", moment::print(&call.caller.zone, kept.created));
        file.push("type", if is_image(&kept.name) { "image" } else { "file" });
        file.push("name", kept.name);
        file.push("size", kept.size as i64);
        if let Some(Pixels { width, height }) = pixels.get(id) {
            let image = [("width", Value::from(i64::from(*width))), ("height", i64::from(*height).into())];
            file.push("image", Map::from(image));
        }
        file.push("authorId", entry.author_id);
        file.push("authorName", author.as_str());
        for url in ["urlPreview", "urlShow", "urlDownload"] {
            file.push(url, link.as_str());
        }
        shown.push(id.to_string(), file);
    }
    Ok(shown)
}

fn is_image(name: &str) -> bool {
    const IMAGES: [&str; 6] = ["gif", "png", "jpg", "jpeg", "webp", "bmp"];
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| IMAGES.iter().any(|image| ending.eq_ignore_ascii_case(image)))
}
