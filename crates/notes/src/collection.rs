//! Collections, or knowledge bases: `note.collection.*`. Who made one manages it, and so do administrators; what everybody else
//! may do there is its policy.

use engine::access::Act;
use engine::call::Call;
use engine::dto::{Dto, FACE, Pages, Select, Type, Verb, View, described, property, success};
use engine::entity::{Kind, Order};
use engine::error::Result;
use engine::method::{self, Method, optional, read, required};
use engine::noun::{self, Access, Asked, Draft, Face, Grant, Hooks, ID, Noun, Row, Rule, Stamp, field, noun};
use serde_json::json;
use store::Param;
use wire::{Map, Value, exception};

use crate::document::DOCUMENT;
use crate::{SCOPE, hidden, leaving};

/// Characters of a name or title.
pub const LONGEST: usize = 255;
const PAGES: Pages = Pages { usual: 50, most: 500 };

/// Collections.
pub static COLLECTION: Noun = Noun {
    access: Access::Rule(&Policy),
    example: "2",
    fields: &[
        ID,
        field("name", Kind::String, "Name").required().sample("Manuals"),
        field("position", Kind::Integer, "Position").default("0"),
        // What everybody may do there: view, edit or manage.
        field("policyLevel", Kind::Choice(&["none", "view", "edit", "manage"]), "Policy")
            .default("view")
            .read_only(),
        // A active, R archived, D in the trash.
        field("state", Kind::String, "State").default("A").read_only(),
        field("createdBy", Kind::User, "Creator").stamped(Stamp::CreatedBy),
        field("createdAt", Kind::DateTime, "Created").stamped(Stamp::Created),
        field("updatedBy", Kind::User, "Modified by").stamped(Stamp::ChangedBy),
        field("updatedAt", Kind::DateTime, "Modified").stamped(Stamp::Changed),
    ],
    faces: &[WRITTEN],
    hooks: &Named,
    ..noun("note.collection", "note_collection", SCOPE, ["knowledge base", "knowledge bases"])
};

/// How collections are written.
pub const WRITTEN: Face = Face { faults: hidden("Knowledge base not found"), ..FACE };

/// What collections look like.
static DTO: Dto = Dto {
    name: "CollectionDto",
    properties: &[
        property("id", Type::Int),
        // A name is all that there is to change.
        property("name", Type::String).required("Name").always(),
        property("position", Type::Int).editable("Position among the others").immutable(),
        property("policyLevel", Type::String),
        property("createdBy", Type::Int),
        property("createdAt", Type::String),
        property("updatedBy", Type::Int),
        property("updatedAt", Type::String),
    ],
};

static VIEW: View = View {
    path: "note.collection",
    scope: SCOPE,
    noun: &COLLECTION,
    dto: &DTO,
    verbs: &[
        (Verb::Add, "Adds a knowledge base and returns it."),
        (Verb::Get, "Returns a knowledge base."),
        (Verb::Update, "Renames a knowledge base and returns it."),
    ],
    face: WRITTEN,
    pages: PAGES,
    sample: || json!({"name": "Manuals"}),
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let mut methods = VIEW.methods();
    let cursor =
        optional("afterCursor", method::Kind::Any, "Where the page before ended").with_members(vec![
            required("position", method::Kind::Int, "Position"),
            required("id", method::Kind::Int, "ID"),
        ]);
    methods.extend([
        read("note.collection.list", SCOPE, list)
            .v3(Some(&DTO))
            .about("Lists knowledge bases in the order of their positions.")
            .param(
                optional("pagination", method::Kind::Any, "The page: the limit of its rows, and what it follows")
                    .with_members(vec![optional("limit", method::Kind::Int, "Rows on a page"), cursor]),
            )
            .example(
                json!({"pagination": {"limit": 1}}),
                json!({"items": [{"id": 1, "policyLevel": "view"}], "nextCursor": {"position": 100, "id": 1}}),
            ),
        leaving("note.collection.archive", &DTO, 2, |call| leave(call, "R"))
            .about("Archives a knowledge base with all its documents.")
            .destroys(),
        leaving("note.collection.delete", &DTO, 2, |call| leave(call, "D"))
            .about("Moves a knowledge base with all its documents to the trash."),
    ]);
    methods.extend(described("note.collection", SCOPE, &DTO));
    methods
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let pagination = call.param("pagination").cloned().unwrap_or_default();
    let page = PAGES.read(&pagination)?;
    let after = match pagination.get("afterCursor") {
        None | Some(Value::Null) => None,
        Some(cursor) => match (cursor.get("position"), cursor.get("id")) {
            (Some(Value::Int(position)), Some(Value::Int(id))) => Some((*position, *id)),
            _ => return Err(exception::invalid_pagination("afterCursor").into()),
        },
    };
    let within = after.map(|(position, id)| {
        let params: Vec<Param<'static>> = vec![position.into(), position.into(), id.into()];
        ("(t.position > ? OR (t.position = ? AND t.id > ?))".to_owned(), params)
    });
    let order = Some(Order::default().by("t.position", "ASC").by("t.id", "ASC"));
    let scope = COLLECTION.grant(call, Act::Read)?;
    let wanted = Asked { within, order, window: Some((0, page.limit + 1)), ..Asked::default() };
    let mut rows = noun::asked(call, &COLLECTION, &scope, wanted)?;
    let limit = usize::try_from(page.limit).unwrap_or(0);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| {
        let mut cursor = Map::with_capacity(2);
        cursor.push("position", last.int("position").unwrap_or(0));
        cursor.push("id", last.number);
        Value::from(cursor)
    });
    let shown = VIEW.show(call, &rows, &Select::default())?;
    let mut answer = Map::with_capacity(2);
    answer.push("items", shown.into_iter().map(Value::from).collect::<Vec<_>>());
    answer.push("nextCursor", next);
    Ok(answer.into())
}

/// Takes a collection away, and what is in it.
fn leave(call: &mut Call<'_, '_>, state: &'static str) -> Result<Value> {
    let id = call.id("id");
    let id = noun::find(call, &COLLECTION, &WRITTEN, Act::Delete, &[id.into()])?.number;
    set_state(call, &DOCUMENT, state, "collection_id = ? AND state = 'A'", id)?;
    set_state(call, &COLLECTION, state, "id = ?", id)?;
    Ok(success())
}

/// Archives rows or moves them to the trash: nobody reads them from then on. The condition that they meet asks for one number.
pub fn set_state(
    call: &mut Call<'_, '_>,
    noun: &'static Noun,
    state: &'static str,
    condition: &str,
    number: i64,
) -> Result<()> {
    let sql =
        format!("UPDATE {} SET state = ?, updated_by = ?, updated_at = ? WHERE {condition}", noun.table);
    let (user, now) = (call.caller.user_id, call.now.seconds());
    call.tx.execute(&sql, &[state.into(), user.into(), now.into(), number.into()])?;
    Ok(())
}

/// What the policy of a collection and its creator allow. What was archived or deleted is there for nobody.
struct Policy;

impl Rule for Policy {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        if act == Act::Add {
            return Ok(Grant::All);
        }
        let open = "t.state = 'A'";
        if call.caller.is_admin {
            return Ok(Grant::Where(open.to_owned(), Vec::new()));
        }
        let levels = match act {
            Act::Read => "'view', 'edit', 'manage'",
            Act::Delete => "'manage'",
            _ => "'edit', 'manage'",
        };
        let condition = format!("{open} AND (t.created_by = ? OR t.policy_level IN ({levels}))");
        Ok(Grant::Where(condition, vec![call.caller.user_id.into()]))
    }
}

/// Names are no longer than they may be.
struct Named;

impl Hooks for Named {
    fn prepare(
        &self,
        _: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        require_title(draft, old, "name", "Knowledge base name")
    }
}

/// Refuses a name that is empty or too long.
pub fn require_title(draft: &Draft<'_>, old: Option<&Row>, field: &str, what: &str) -> Result<()> {
    let Param::Text(text) = draft.after(old, field) else { return Ok(()) };
    let complaint = if text.trim().is_empty() {
        format!("{what} cannot be empty")
    } else if text.chars().count() > LONGEST {
        format!("{what} must not exceed {LONGEST} characters")
    } else {
        return Ok(());
    };
    Err(exception::object(vec![(field.to_owned(), complaint)]).into())
}
