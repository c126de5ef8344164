//! Lists themselves: `lists.add`, `update`, `delete`, `get` and `lists.get.iblock.type.id`.

mod show;

use engine::access::Act;
use engine::call::Call;
use engine::entity::page::{Extent, Query};
use engine::entity::{Kind, Naming, table};
use engine::error::Result;
use engine::input::int;
use engine::method::{self, Method, Param as Parameter, optional, read, required, write};
use engine::noun::{self, Access, Draft, Face, Grant, Hooks, ID, Noun, Row, Rule, Stamp, field, noun};
use serde_json::json;
use store::Param;
use wire::filter::Filter;
use wire::{Fault, Map, Value, order};

use crate::SCOPE;
use crate::element::ELEMENT;
use crate::field::{self, FIELD};
use crate::refusal::{FAULTS, denied, require};
use crate::rights::{self, Level};
use crate::section::SECTION;

pub use show::ordered;

const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::flat("lists.list", "ID") };

/// The types of lists.
pub const TYPES: [&str; 3] = ["lists", "bitrix_processes", "lists_socnet"];

/// Lists.
pub static LIST: Noun = Noun {
    access: Access::Rule(&ByRights),
    fields: &[
        ID,
        field("timestampX", Kind::DateTime, "Changed").stamped(Stamp::Changed),
        field("iblockTypeId", Kind::String, "Type").required().immutable(),
        field("code", Kind::String, "Code").short().immutable(),
        field("name", Kind::String, "Name").short().required(),
        field("sort", Kind::Integer, "Sort order").default("500"),
        field("description", Kind::Text, "Description"),
        field("bizproc", Kind::Char, "With workflows").default("Y"),
        field("socnetGroupId", Kind::Integer, "Group").immutable().indexed(),
        field("messages", Kind::Json, "Texts"),
        field("createdBy", Kind::User, "Added by").stamped(Stamp::CreatedBy),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("lists.list", "lists_list", SCOPE, ["list", "lists"])
};

/// What the rights of the list give. Administrators add lists, and of a group its owner and moderators.
#[derive(Debug)]
struct ByRights;

impl Rule for ByRights {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let level = match act {
            Act::Read | Act::Export => Level::Read,
            Act::Update | Act::Delete => Level::Full,
            Act::Add | Act::Import if call.caller.is_admin => return Ok(Grant::All),
            Act::Add | Act::Import => {
                let members = rights::of_members(call, "t.socnet_group_id", "'A', 'E'");
                let me = vec![Param::from(call.caller.user_id)];
                let of_group =
                    |members| Grant::Where(format!("(t.iblock_type_id = 'lists_socnet' AND {members})"), me);
                return Ok(members.map_or(Grant::Nothing, of_group));
            }
        };
        let (sql, params) = rights::of_lists(call, "t", level);
        Ok(Grant::Where(sql, params))
    }
}

struct Hook;

impl Hooks for Hook {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if old.is_some() {
            return Ok(());
        }
        let (kind, code) =
            (draft.text("iblockTypeId").unwrap_or_default(), draft.text("code").unwrap_or_default());
        if !TYPES.contains(&kind) {
            return Err(Fault::new(400, "ERROR_ADD_IBLOCK", "There is no such type of lists").into());
        }
        noun::alone(call, &format!("lists_list {kind} {code}"))?;
        let sql = "SELECT id FROM lists_list WHERE iblock_type_id = ? AND code = ?";
        match call.tx.one(sql, &[kind.into(), code.into()], |row| row.int(0))? {
            Some(_) => Err(Fault::new(400, "ERROR_IBLOCK_ALREADY_EXISTS", "Iblock already exists").into()),
            None => Ok(()),
        }
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        for noun in [&ELEMENT, &SECTION, &FIELD] {
            noun::clear(call, noun, &[("listId", row.number.into())])?;
        }
        call.tx.execute("DELETE FROM lists_right WHERE list_id = ?", &[row.number.into()])?;
        Ok(())
    }
}

const TYPE: Parameter =
    required("IBLOCK_TYPE_ID", method::Kind::Text, "Type: lists, bitrix_processes or lists_socnet");
const ID_OF_LIST: Parameter = required("IBLOCK_ID", method::Kind::Id, "List, or by its code");
const CODE_OF_LIST: Parameter = required("IBLOCK_CODE", method::Kind::Text, "Code of the list, or by its ID");

/// The parameters that name a list.
pub fn named(method: Method) -> Method {
    method.param(TYPE).param(ID_OF_LIST).param(CODE_OF_LIST)
}

fn fields() -> Parameter {
    required("FIELDS", method::Kind::Fields, "Values by field").with_members(vec![
        required("NAME", method::Kind::Text, "Name"),
        optional("DESCRIPTION", method::Kind::Text, "Description"),
        optional("SORT", method::Kind::Int, "Sort order"),
        optional("PICTURE", method::Kind::Any, "Picture; it is not kept"),
        optional("BIZPROC", method::Kind::Flag, "With workflows"),
    ])
}

const MESSAGES: Parameter = optional("MESSAGES", method::Kind::Fields, "Texts such as ELEMENT_ADD");
const RIGHTS: Parameter = optional("RIGHTS", method::Kind::Fields, "R, E, W or X by access code");
const GROUP: Parameter = optional("SOCNET_GROUP_ID", method::Kind::Id, "Group");

/// The methods.
pub fn methods() -> Vec<Method> {
    let first = || json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": 1});
    let mut changed = first();
    changed["FIELDS"] = json!({"NAME": "Equipment"});
    vec![
        write("lists.add", SCOPE, add)
            .own_words()
            .about("Adds a list and returns its ID.")
            .param(TYPE)
            .param(required("IBLOCK_CODE", method::Kind::Text, "Code"))
            .param(GROUP)
            .param(fields())
            .param(MESSAGES)
            .param(RIGHTS)
            .example(
                json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_CODE": "keys", "FIELDS": {"NAME": "Keys"}}),
                json!("*"),
            ),
        named(write("lists.update", SCOPE, update))
            .own_words()
            .about("Changes a list.")
            .param(GROUP)
            .param(fields())
            .param(MESSAGES)
            .param(RIGHTS)
            .example(changed, json!(true)),
        named(write("lists.delete", SCOPE, delete).lengthy())
            .own_words()
            .about("Deletes a list with everything in it.")
            .example(first(), json!(true)),
        read("lists.get", SCOPE, get)
            .own_words()
            .about("Returns the lists of a type, or one of them, 50 per page.")
            .param(TYPE)
            .param(optional("IBLOCK_ID", method::Kind::Id, "List"))
            .param(optional("IBLOCK_CODE", method::Kind::Text, "Code of the list"))
            .param(GROUP)
            .param(optional("IBLOCK_ORDER", method::Kind::Order, "ASC or DESC by field"))
            .param(optional("start", method::Kind::Int, "Offset of the first row"))
            .example(first(), json!([{"ID": "1", "NAME": "Equipment on loan"}])),
        read("lists.get.iblock.type.id", SCOPE, type_of)
            .own_words()
            .about("Returns the type of a list.")
            .param(ID_OF_LIST)
            .param(CODE_OF_LIST)
            .example(json!({"IBLOCK_ID": 1}), json!("lists")),
    ]
}

/// The list that a call names, when the caller has that level there.
///
/// # Errors
/// The refusals of the protocol, in its order.
pub fn find(call: &mut Call<'_, '_>, level: Level) -> Result<Row> {
    require(call, &["IBLOCK_TYPE_ID"])?;
    let kind = call.text("IBLOCK_TYPE_ID").unwrap_or_default();
    sought(call, Some(kind), level)
}

fn sought(call: &mut Call<'_, '_>, kind: Option<String>, level: Level) -> Result<Row> {
    let (id, code) = (call.text("IBLOCK_ID"), call.text("IBLOCK_CODE"));
    let (mut sql, mut params) = match (id, code) {
        (Some(id), _) => (
            "SELECT id FROM lists_list t WHERE t.id = ?".to_owned(),
            vec![Param::from(id.parse::<i64>().unwrap_or(0))],
        ),
        (None, Some(code)) => {
            ("SELECT id FROM lists_list t WHERE t.code = ?".to_owned(), vec![Param::from(code)])
        }
        (None, None) => return Err(crate::refusal::required("IBLOCK_ID").into()),
    };
    if let Some(kind) = kind {
        sql.push_str(" AND t.iblock_type_id = ?");
        params.push(kind.into());
    }
    let id = call.tx.one(&sql, &params, |row| row.int(0))?.ok_or_else(|| FAULTS.missing.fault())?;
    let (condition, values) = rights::of_lists(call, "t", level);
    let scope = LIST.grant(call, Act::Read)?;
    let params = [Param::from(id)].into_iter().chain(values).collect();
    let found = noun::select(call, &LIST, &scope, &format!("t.id = ? AND {condition}"), params, "")?;
    Ok(found.into_iter().next().ok_or_else(denied)?)
}

/// What a request gives for a list.
fn given(call: &Call<'_, '_>) -> Map {
    let fields = call.fields("FIELDS");
    let mut list = Map::new();
    for name in ["NAME", "DESCRIPTION", "SORT", "BIZPROC"] {
        if let Some(value) = fields.get(name) {
            list.push(name, value.clone());
        }
    }
    if let Some(messages) = call.param("MESSAGES").filter(|messages| messages.is_array()) {
        list.push("MESSAGES", messages.clone());
    }
    list
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["IBLOCK_TYPE_ID", "IBLOCK_CODE"])?;
    let mut list = given(call);
    if list.get("NAME").is_none_or(Value::is_empty) {
        return Err(crate::refusal::required("NAME").into());
    }
    list.push("IBLOCK_TYPE_ID", call.text("IBLOCK_TYPE_ID").unwrap_or_default());
    list.push("CODE", call.text("IBLOCK_CODE").unwrap_or_default());
    list.push("SOCNET_GROUP_ID", int(&call.params, "SOCNET_GROUP_ID").unwrap_or(0));
    let row = noun::add(call, &LIST, &FACE, &list)?;
    rights::replace(call, row.number, call.caller.user_id)?;
    field::name_of(call, row.number)?;
    Ok(row.number.into())
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let list = find(call, Level::Full)?;
    let given = given(call);
    noun::update(call, &LIST, &FACE, &[list.number.into()], &given)?;
    if call.param("RIGHTS").is_some_and(Value::is_array) {
        rights::replace(call, list.number, list.int("createdBy").unwrap_or(0))?;
    }
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let list = find(call, Level::Full)?;
    noun::delete(call, &LIST, &FACE, &[list.number.into()])?;
    Ok(true.into())
}

fn type_of(call: &mut Call<'_, '_>) -> Result<Value> {
    Ok(sought(call, None, Level::Read)?.text("iblockTypeId").into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["IBLOCK_TYPE_ID"])?;
    let (mut sql, mut params) = rights::of_lists(call, "t", Level::Read);
    let tests = [
        ("IBLOCK_TYPE_ID", "iblock_type_id"),
        ("IBLOCK_CODE", "code"),
        ("IBLOCK_ID", "id"),
        ("SOCNET_GROUP_ID", "socnet_group_id"),
    ];
    for (name, column) in tests {
        let Some(value) = call.text(name) else { continue };
        sql.push_str(&format!(" AND t.{column} = ?"));
        params.push(match name {
            "IBLOCK_TYPE_ID" | "IBLOCK_CODE" => value.into(),
            _ => value.parse::<i64>().unwrap_or(0).into(),
        });
    }
    let order = order::parse_lenient(call.param("IBLOCK_ORDER").unwrap_or(&Value::Null));
    let query = Query {
        filter: Filter::All(Vec::new()),
        order,
        select: Vec::new(),
        unknown: engine::entity::filter::Unknown::Ignored,
    };
    let table = std::sync::Arc::clone(&call.core.modules.shape(&LIST).table);
    let ids = table::ids(call, &table, Naming::Legacy, &query, Some((sql, params)), Extent::Page)?;
    let rows = ordered(call, &LIST, &ids)?;
    let shown: Vec<Value> = rows.iter().map(|row| show::shown(call, row).into_value()).collect();
    Ok(shown.into())
}
