//! Sections: `lists.section.*`.

use std::sync::Arc;

use engine::access::Act;
use engine::call::Call;
use engine::entity::filter::Unknown;
use engine::entity::page::{Extent, Query};
use engine::entity::{Kind, Naming, table};
use engine::error::Result;
use engine::input::yes_no;
use engine::list_params::{self, Test};
use engine::method::{self, Method, Param as Parameter, optional, read, required, write};
use engine::noun::{self, Access, Draft, Face, Hooks, ID, Noun, Row, Stamp, field, noun};
use serde_json::json;
use store::Param;
use wire::filter::Filter;
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::element::ELEMENT;
use crate::list::{find, named};
use crate::refusal::{FAULTS, require, required as missing};
use crate::rights::{Level, OfList};
use crate::tree::{OF_TREE, Place, places};

const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::flat("lists.section", "ID") };

/// Sections of lists.
pub static SECTION: Noun = Noun {
    access: Access::Rule(&OfList { adds: Level::Write, changes: Level::Write, own: false }),
    fields: &[
        ID,
        field("code", Kind::String, "Code").short(),
        field("xmlId", Kind::String, "External ID").short(),
        field("iblockSectionId", Kind::Integer, "Section above").immutable().indexed(),
        field("timestampX", Kind::DateTime, "Changed").stamped(Stamp::Changed),
        field("sort", Kind::Integer, "Sort order").default("500"),
        field("name", Kind::String, "Name").short().required(),
        field("active", Kind::Char, "Active").default("Y"),
        field("description", Kind::Text, "Description"),
        field("descriptionType", Kind::Choice(&["text", "html"]), "Type of the description").default("text"),
        field("modifiedBy", Kind::User, "Changed by").stamped(Stamp::ChangedBy),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("createdBy", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("listId", Kind::Noun("lists.list"), "List").required().immutable().indexed(),
    ],
    faces: &[FACE],
    hooks: &Hook,
    ..noun("lists.section", "lists_section", SCOPE, ["section of a list", "sections of lists"])
};

struct Hook;

impl Hooks for Hook {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        let above = draft.int("iblockSectionId").unwrap_or(0);
        if old.is_some() || above == 0 {
            return Ok(());
        }
        require_in(call, above, draft.int("listId").unwrap_or(0))
    }

    /// The sections below and the elements in a section go with it.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        noun::clear(call, &ELEMENT, &[("iblockSectionId", row.number.into())])?;
        noun::clear(call, &SECTION, &[("iblockSectionId", row.number.into())])
    }
}

/// Refuses a section that is none of the list.
///
/// # Errors
/// `ERROR_SECTION_NOT_FOUND`
pub fn require_in(call: &mut Call<'_, '_>, section: i64, list: i64) -> Result<()> {
    let sql = "SELECT 1 FROM lists_section WHERE id = ? AND list_id = ?";
    match call.tx.one(sql, &[section.into(), list.into()], |row| row.int(0))? {
        Some(_) => Ok(()),
        None => Err(not_found().into()),
    }
}

fn not_found() -> Fault {
    Fault::new(400, "ERROR_SECTION_NOT_FOUND", "Section not found")
}

fn fields() -> Parameter {
    required("FIELDS", method::Kind::Fields, "Values by field").with_members(vec![
        required("NAME", method::Kind::Text, "Name"),
        optional("EXTERNAL_ID", method::Kind::Text, "External ID"),
        optional("XML_ID", method::Kind::Text, "External ID"),
        optional("SORT", method::Kind::Int, "Sort order"),
        optional("ACTIVE", method::Kind::Flag, "Active"),
        optional("PICTURE", method::Kind::Any, "Picture; it is not kept"),
        optional("DESCRIPTION", method::Kind::Text, "Description"),
        optional("DESCRIPTION_TYPE", method::Kind::Text, "Type of the description: text or html"),
        optional("DETAIL_PICTURE", method::Kind::Any, "Large picture; it is not kept"),
        optional("SECTION_PROPERTY", method::Kind::Any, "Settings of fields; they are not kept"),
    ])
}

fn one(method: Method) -> Method {
    method.param(required("SECTION_ID", method::Kind::Id, "Section, or by its code")).param(required(
        "SECTION_CODE",
        method::Kind::Text,
        "Code of the section, or by its ID",
    ))
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let first = || json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": 1, "SECTION_ID": 1});
    let mut changed = first();
    changed["FIELDS"] = json!({"NAME": "Machines"});
    let example = json!({
        "IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": 1, "SECTION_CODE": "keys", "FIELDS": {"NAME": "Keys"},
    });
    vec![
        named(write("lists.section.add", SCOPE, add))
            .own_words()
            .about("Adds a section to a list and returns its ID.")
            .param(optional("IBLOCK_SECTION_ID", method::Kind::Int, "Section above; 0 for none"))
            .param(required("SECTION_CODE", method::Kind::Text, "Code"))
            .param(fields())
            .example(example, json!("*")),
        one(named(write("lists.section.update", SCOPE, update)))
            .own_words()
            .about("Changes a section of a list.")
            .param(fields())
            .example(changed, json!(true)),
        one(named(write("lists.section.delete", SCOPE, delete)))
            .own_words()
            .about("Deletes a section of a list with everything in it.")
            .example(first(), json!(true)),
        named(read("lists.section.get", SCOPE, get))
            .own_words()
            .about("Returns the sections of a list in the order of the tree.")
            .param(optional("FILTER", method::Kind::Filter, "Conditions by field, with comparison prefixes"))
            .param(optional("SELECT", method::Kind::Select, "Fields to return"))
            .example(
                json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_ID": 1}),
                json!([{"ID": "1", "DEPTH_LEVEL": "1"}]),
            ),
    ]
}

fn given(call: &Call<'_, '_>) -> Map {
    let fields = call.fields("FIELDS");
    let mut section = Map::new();
    for name in ["NAME", "SORT", "ACTIVE", "DESCRIPTION", "DESCRIPTION_TYPE"] {
        if let Some(value) = fields.get(name) {
            section.push(name, value.clone());
        }
    }
    if let Some(value) = fields.get("EXTERNAL_ID").or_else(|| fields.get("XML_ID")) {
        section.push("XML_ID", value.clone());
    }
    section
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let list = find(call, Level::Write)?;
    require(call, &["SECTION_CODE"])?;
    let mut section = given(call);
    if section.get("NAME").is_none_or(Value::is_empty) {
        return Err(missing("NAME").into());
    }
    let code = call.text("SECTION_CODE").unwrap_or_default();
    noun::alone(call, &format!("lists_section {} {code}", list.number))?;
    let sql = "SELECT 1 FROM lists_section WHERE list_id = ? AND code = ?";
    if call.tx.one(sql, &[list.number.into(), code.as_str().into()], |row| row.int(0))?.is_some() {
        return Err(Fault::new(400, "ERROR_SECTION_ALREADY_EXISTS", "Section already exists").into());
    }
    section.push("CODE", code);
    section.push("LIST_ID", list.number);
    let above = call.param("IBLOCK_SECTION_ID").and_then(Value::as_int).filter(|id| *id != 0);
    section.push("IBLOCK_SECTION_ID", above.map_or(Value::Null, Value::from));
    Ok(noun::add(call, &SECTION, &FACE, &section)?.number.into())
}

/// The section that a call names.
fn sought(call: &mut Call<'_, '_>) -> Result<i64> {
    let list = find(call, Level::Write)?.number;
    let (id, code) = (call.text("SECTION_ID"), call.text("SECTION_CODE"));
    let (sql, value) = match (id, code) {
        (Some(id), _) => (
            "SELECT id FROM lists_section WHERE list_id = ? AND id = ?",
            Param::from(id.parse::<i64>().unwrap_or(0)),
        ),
        (None, Some(code)) => ("SELECT id FROM lists_section WHERE list_id = ? AND code = ?", code.into()),
        (None, None) => return Err(missing("SECTION_ID").into()),
    };
    Ok(call.tx.one(sql, &[list.into(), value], |row| row.int(0))?.ok_or_else(not_found)?)
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let section = sought(call)?;
    require(call, &["FIELDS"])?;
    let changes = given(call);
    noun::update(call, &SECTION, &FACE, &[section.into()], &changes)?;
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let section = sought(call)?;
    noun::delete(call, &SECTION, &FACE, &[section.into()])?;
    Ok(true.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let list = find(call, Level::Read)?.number;
    let scope = SECTION.grant(call, Act::Read)?;
    let all =
        noun::select(call, &SECTION, &scope, "t.list_id = ?", vec![list.into()], " ORDER BY t.sort, t.id")?;
    let places = places(&all);
    let table = Arc::clone(&call.core.modules.shape(&SECTION).table);
    let mut asked = Map::new();
    asked.push("FILTER", call.param("FILTER").cloned().unwrap_or_default());
    let asked = list_params::read(&asked, |_| false);
    let (of_tree, stored): (Vec<Test>, Vec<Test>) =
        asked.tests.into_iter().partition(|test| OF_TREE.contains(&test.field.as_str()));
    let tests = stored.into_iter().map(|mut test| {
        if test.field == "EXTERNAL_ID" {
            "XML_ID".clone_into(&mut test.field);
        }
        test.into_filter(&table)
    });
    let query = Query {
        filter: Filter::All(tests.collect()),
        order: Vec::new(),
        select: Vec::new(),
        unknown: Unknown::Ignored,
    };
    let within = ("t.list_id = ?".to_owned(), vec![Param::from(list)]);
    let ids = table::ids(call, &table, Naming::Legacy, &query, Some(within), Extent::Whole)?;
    let place = |row: &Row| places.get(&row.number).copied().unwrap_or_default();
    let passes = |row: &Row| of_tree.iter().all(|test| place(row).passes(test));
    let mut rows: Vec<&Row> = all.iter().filter(|row| ids.contains(&row.number) && passes(row)).collect();
    rows.sort_by_key(|row| place(row).left);
    let select: Vec<String> = call
        .param("SELECT")
        .map(|select| select.each().filter_map(Value::text).map(|name| name.into_owned()).collect())
        .unwrap_or_default();
    let shown = rows.into_iter().map(|row| {
        let map = shown(call, row, place(row));
        let wanted =
            |name: &str| select.is_empty() || select.iter().any(|wanted| wanted == name || wanted == "*");
        map.into_iter().filter(|(name, _)| wanted(name)).collect::<Map>().into_value()
    });
    Ok(shown.collect::<Vec<_>>().into())
}

fn shown(call: &Call<'_, '_>, row: &Row, place: Place) -> Map {
    let text = |name: &str| match row.text(name) {
        "" => Value::Null,
        text => text.into(),
    };
    let number = |name: &str| row.int(name).map_or(Value::Null, |number| number.to_string().into());
    let time = |name: &str| call.settings.dates().moment(&call.caller.zone, row.int(name).unwrap_or(0));
    let mut map = Map::with_capacity(20);
    map.push("ID", row.number.to_string());
    map.push("CODE", text("code"));
    map.push("XML_ID", text("xmlId"));
    map.push("EXTERNAL_ID", text("xmlId"));
    map.push("IBLOCK_ID", number("listId"));
    map.push("IBLOCK_SECTION_ID", number("iblockSectionId"));
    map.push("TIMESTAMP_X", time("timestampX"));
    map.push("SORT", number("sort"));
    map.push("NAME", row.text("name"));
    map.push("ACTIVE", row.text("active"));
    map.push("GLOBAL_ACTIVE", yes_no(place.active));
    map.push("DESCRIPTION", row.text("description"));
    map.push("DESCRIPTION_TYPE", row.text("descriptionType"));
    map.push("LEFT_MARGIN", place.left.to_string());
    map.push("RIGHT_MARGIN", place.right.to_string());
    map.push("DEPTH_LEVEL", place.depth.to_string());
    map.push(
        "SEARCHABLE_CONTENT",
        format!("{}\r\n{}", row.text("name"), row.text("description")).to_uppercase(),
    );
    map.push("MODIFIED_BY", number("modifiedBy"));
    map.push("DATE_CREATE", time("dateCreate"));
    map.push("CREATED_BY", number("createdBy"));
    map
}
