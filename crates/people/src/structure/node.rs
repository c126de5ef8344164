//! `humanresources.node.*`: departments.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::dto::{Ask, Dto, FACE, Pages, Select, Type, described, item, items, property};
use engine::error::Result;
use engine::method::{Kind, Method, Param as Named, optional, read, required, write};
use engine::moment;
use engine::noun::{self, Asked, Row};
use serde_json::json;
use store::{Dialect, Param};
use wire::{Map, Value, exception};

use super::people::{People, counts, members};
use super::{KIND, SCOPE, communication, is_department, member, node, require_builder};
use crate::department::DEPARTMENT;

const PAGES: Pages = Pages { usual: 50, most: 200 };
/// Colors of nodes.
const COLORS: [&str; 6] = ["blue", "green", "cyan", "orange", "purple", "pink"];
/// Characters of a name, and of a description.
const LONGEST: (usize, usize) = (255, 10_000);

/// What nodes look like.
static DTO: Dto = Dto {
    name: "NodeDto",
    properties: &[
        property("id", Type::Int).filterable().sortable(),
        property("name", Type::String).sortable(),
        property("type", Type::String).filterable(),
        property("structureId", Type::Int).filterable(),
        property("parentId", Type::Int).of("parent").filterable(),
        property("description", Type::String),
        property("accessCode", Type::String),
        property("userCount", Type::Int),
        property("colorName", Type::String),
        property("xmlId", Type::String),
        property("createdAt", Type::String).sortable(),
        property("updatedAt", Type::String),
        property("members", Type::Array).on_demand(),
    ],
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let id = || required("id", Kind::Int, "ID of the department");
    let kind = || required("type", Kind::Text, "DEPARTMENT; there are no teams");
    let parent = || required("parentId", Kind::Int, "ID of the parent department");
    let color = || optional("colorName", Kind::Text, "Color");
    let mut methods = vec![
        write("humanresources.node.add", SCOPE, add)
            .about("Adds a department and returns it with its members.")
            .param(kind())
            .param(required("name", Kind::Text, "Name of the department"))
            .param(parent())
            .param(optional("description", Kind::Text, "Description"))
            .param(color())
            .param(member::by_role(false))
            .param(optional("moveUsersToNode", Kind::Flag, "Whether users leave the departments in which they are"))
            .param(optional("bindingChatIds", Kind::List, "IDs of chats to add the department to"))
            .param(optional("createChat", Kind::Flag, "Whether a chat is made for the department"))
            .example(
                json!({"type": "DEPARTMENT", "name": "Purchasing", "parentId": 1, "userIds": {"MEMBER_HEAD": [3]}}),
                json!({"name": "Purchasing", "parentId": 1, "members": [{"userId": 3, "role": "MEMBER_HEAD"}]}),
            ),
        write("humanresources.node.edit", SCOPE, edit)
            .about("Changes the name, description or color of a department and returns it.")
            .param(id())
            .param(optional("name", Kind::Text, "Name of the department"))
            .param(optional("description", Kind::Text, "Description"))
            .param(color())
            .example(json!({"id": 2, "description": "Sells"}), json!({"id": 2, "description": "Sells"})),
        write("humanresources.node.move", SCOPE, shift)
            .about("Moves a department below another one and returns it.")
            .param(id())
            .param(parent())
            .example(json!({"id": 3, "parentId": 2}), json!({"id": 3, "parentId": 2})),
        read("humanresources.node.get", SCOPE, get)
            .about("Returns a department.")
            .param(id())
            .selects()
            .example(
                json!({"id": 2, "select": ["id", "name", "members"]}),
                json!({"item": {"id": 2, "members": [{"userId": 2, "role": "MEMBER_HEAD"}, {"userId": 3}]}}),
            ),
        read("humanresources.node.list", SCOPE, list)
            .about("Lists departments.")
            .param(kind())
            .selects()
            .param(PAGES.param())
            .example(json!({"type": "DEPARTMENT"}), json!({"items": [{"id": 1, "parentId": null}, {"id": 2}, {"id": 3}]})),
        read("humanresources.node.children", SCOPE, children)
            .about("Lists the departments right below a department.")
            .param(id())
            .selects()
            .example(json!({"id": 1}), json!({"items": [{"id": 2}, {"id": 3}]})),
        read("humanresources.node.search", SCOPE, search)
            .about("Finds departments by a part of the name.")
            .param(kind())
            .param(required("name", Kind::Text, "Part of the name"))
            .param(optional("parentId", Kind::Int, "ID of the department below which they are"))
            .param(PAGES.param())
            .example(json!({"type": "DEPARTMENT", "name": "sal"}), json!({"items": [{"id": 2, "name": "Sales"}]})),
        read("humanresources.node.count", SCOPE, count)
            .about("Counts departments and teams.")
            .example(json!({}), json!({"departments": 3, "teams": 0})),
    ];
    methods = methods.into_iter().map(|method| method.v3(Some(&DTO))).collect();
    methods.extend(described("humanresources.node", SCOPE, &DTO));
    methods
}

/// What a request gives of these parameters, by the fields of departments.
fn given(call: &Call<'_, '_>) -> Result<Map> {
    let mut given = Map::new();
    let fields = [
        ("name", "name", LONGEST.0),
        ("description", "description", LONGEST.1),
        ("colorName", "colorName", LONGEST.0),
    ];
    for (param, field, longest) in fields {
        let Some(value) = call.param(param).and_then(Value::as_str) else { continue };
        if value.chars().count() > longest {
            return Err(exception::of_field(
                param,
                format!("The value must not exceed {longest} characters"),
            )
            .into());
        }
        if param == "colorName" && !COLORS.contains(&value) {
            return Err(exception::of_field(param, "Invalid color value").into());
        }
        given.push(field, value);
    }
    Ok(given)
}

/// Refuses what a new department would have in the original and has not here.
fn require_possible(call: &Call<'_, '_>) -> Result<()> {
    for name in ["createChannel", "createCollab", "bindingChannelIds", "bindingCollabIds", "settings"] {
        if call.flag(name) || call.param(name).is_some_and(|value| value.is_array() && !value.is_empty()) {
            let text = "Departments have no channels, collabs and settings of their own";
            return Err(exception::of_field(name, text).into());
        }
    }
    Ok(())
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    require_builder(call)?;
    if !is_department(&call.text("type").unwrap_or_default())? {
        return Err(exception::of_field("type", "Teams are not available").into());
    }
    require_possible(call)?;
    let mut fields = given(call)?;
    fields.push("parent", call.id("parentId"));
    let row = noun::add(call, &DEPARTMENT, &FACE, &fields)?;
    let wanted = call.param("userIds").cloned().unwrap_or_default();
    let moves = call.flag("moveUsersToNode");
    for (user, role) in member::roles(&wanted)? {
        member::put(call, row.number, user, role, moves)?;
    }
    communication::connect(call, &row, "bindingChatIds", "createChat", false)?;
    let row = noun::again(call, &DEPARTMENT, row.number)?.unwrap_or(row);
    flat(call, row, &Select::only(DTO.properties.iter().map(|property| property.name)))
}

fn edit(call: &mut Call<'_, '_>) -> Result<Value> {
    require_builder(call)?;
    let (row, fields) = (node(call, "id")?, given(call)?);
    if fields.is_empty() {
        return Err(
            exception::of_field("name", "At least one field must be provided for modification.").into()
        );
    }
    let row = noun::update(call, &DEPARTMENT, &FACE, &[row.number.into()], &fields)?;
    flat(call, row, &Select::default())
}

fn shift(call: &mut Call<'_, '_>) -> Result<Value> {
    require_builder(call)?;
    let row = node(call, "id")?;
    let mut fields = Map::with_capacity(1);
    fields.push("parent", call.id("parentId"));
    let row = noun::update(call, &DEPARTMENT, &FACE, &[row.number.into()], &fields)?;
    flat(call, row, &Select::default())
}

fn flat(call: &mut Call<'_, '_>, row: Row, select: &Select) -> Result<Value> {
    Ok(show(call, &[row], select)?.pop().unwrap_or_default().into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let (row, select) = (node(call, "id")?, Select::read_strictly(call, &DTO)?);
    Ok(item(show(call, &[row], &select)?.pop().unwrap_or_default()))
}

/// The departments for which a condition holds.
fn found(
    call: &mut Call<'_, '_>,
    within: Option<(String, Vec<Param<'static>>)>,
    paged: bool,
) -> Result<Value> {
    let select = Select::read_strictly(call, &DTO)?;
    let (_, asked) = Ask::read(call, &DTO, PAGES)?.rows();
    let window = if paged { asked.window } else { None };
    let asked = Asked { within, window, whole: !paged, ..Asked::default() };
    let scope = DEPARTMENT.grant(call, Act::Read)?;
    let rows = noun::asked(call, &DEPARTMENT, &scope, asked)?;
    Ok(items(show(call, &rows, &select)?))
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    match is_department(&call.text("type").unwrap_or_default())? {
        true => found(call, None, true),
        false => Ok(items(Vec::new())),
    }
}

fn children(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = node(call, "id")?;
    found(call, Some(("t.parent = ?".to_owned(), vec![row.number.into()])), false)
}

fn search(call: &mut Call<'_, '_>) -> Result<Value> {
    if !is_department(&call.text("type").unwrap_or_default())? {
        return Ok(items(Vec::new()));
    }
    let pattern = format!("%{}%", Dialect::escape(&call.text("name").unwrap_or_default()));
    let (mut condition, mut params) = (Dialect::like("t.name"), vec![Param::from(pattern)]);
    if let Some(parent) = call.param("parentId").and_then(Value::as_int) {
        let below = call.meta.directory.below(parent);
        condition += &format!(" AND t.id IN ({})", store::placeholders(below.len().max(1)));
        params.extend(below.iter().map(|id| Param::from(*id)));
        if below.is_empty() {
            params.push(0.into());
        }
    }
    found(call, Some((condition, params)), true)
}

fn count(call: &mut Call<'_, '_>) -> Result<Value> {
    let count = call.tx.one("SELECT COUNT(*) FROM department", &[], |row| row.int(0))?;
    let mut map = Map::with_capacity(2);
    map.push("departments", count.unwrap_or(0));
    map.push("teams", 0);
    Ok(map.into())
}

/// Departments as answers have them.
fn show(call: &mut Call<'_, '_>, rows: &[Row], select: &Select) -> Result<Vec<Map>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.number).collect();
    let counts = if select.shows(&DTO, "userCount") { counts(call, &ids)? } else { HashMap::new() };
    let members = if select.names("members") { members(call, rows)? } else { HashMap::new() };
    let users: Vec<i64> = members.values().flatten().map(|(id, _)| *id).collect();
    let people = People::find(call, &users)?;
    let one = |row: &Row| {
        let mut map = Map::with_capacity(DTO.properties.len());
        let moment = |field: &str| Value::from(row.int(field).map(|at| moment::print(&call.caller.zone, at)));
        let text = |field: &str| {
            Value::from(Some(row.text(field)).filter(|text| !text.is_empty()).map(str::to_owned))
        };
        map.push("id", row.number);
        map.push("name", row.text("name"));
        map.push("type", KIND);
        map.push("structureId", 1);
        map.push("parentId", row.int("parent").filter(|id| *id > 0));
        map.push("description", text("description"));
        map.push("accessCode", format!("DR{}", row.number));
        map.push("userCount", counts.get(&row.number).copied().unwrap_or(0));
        map.push("colorName", text("colorName"));
        map.push("xmlId", text("xmlId"));
        map.push("createdAt", moment("createdAt"));
        map.push("updatedAt", moment("updatedAt"));
        if let Some(members) = members.get(&row.number) {
            map.push("members", people.members(call, members));
        }
        select.show(&DTO, map)
    };
    Ok(rows.iter().map(one).collect())
}

/// The parameter that names users.
pub fn user_ids() -> Named {
    required("userIds", Kind::List, "IDs of users")
}
