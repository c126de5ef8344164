//! External lines: numbers of a telephone exchange beside the portal. `telephony.externalLine.*`.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::noun::{
    self, Access, Face, Faults, Grant, ID, Id, LEGACY_FAULTS, Noun, Refusal, Row, RowScope, Rule, Stamp,
    field, noun,
};
use serde_json::json;
use wire::{Fault, Map, Value};

use crate::SCOPE;
use crate::register::require_context;

/// What lines are written with.
pub const FACE: Face = Face {
    verbs: &[],
    faults: Faults {
        taken: Refusal::Coded("ERROR_CORE", "Line already exists"),
        unwritable: Refusal::Coded("ERROR_CORE", "Access denied!"),
        ..LEGACY_FAULTS
    },
    id: Id::Param("NUMBER"),
    ..Face::flat("telephony.externalLine", "NUMBER")
};

/// External lines.
pub static LINE: Noun = Noun {
    access: Access::Rule(&OfWhoAdded),
    key: &["number"],
    fields: &[
        ID,
        field("number", Kind::String, "Number").required().unique().indexed(),
        field("name", Kind::String, "Name"),
        field("crmAutoCreate", Kind::Char, "Outgoing calls add to the CRM").default("Y"),
        field("createdById", Kind::User, "Created by").stamped(Stamp::CreatedBy),
    ],
    faces: &[FACE],
    ..noun("telephony.line", "telephony_line", SCOPE, ["external line", "external lines"])
};

/// Everybody sees which lines there are; who added one and administrators change it.
struct OfWhoAdded;

impl Rule for OfWhoAdded {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        Ok(match act {
            Act::Read | Act::Export | Act::Add | Act::Import => Grant::All,
            _ if call.caller.is_admin => Grant::All,
            _ => Grant::Where("t.created_by_id = ?".to_owned(), vec![call.caller.user_id.into()]),
        })
    }
}

/// Lines that there may be.
const MOST: usize = 1000;

/// The methods.
pub fn methods() -> Vec<Method> {
    let number = || required("NUMBER", method::Kind::Text, "Number");
    let name = || optional("NAME", method::Kind::Text, "Name");
    let creates = || optional("CRM_AUTO_CREATE", method::Kind::Flag, "Outgoing calls add to the CRM");
    vec![
        write("telephony.externalLine.add", SCOPE, add)
            .own_words()
            .about("Adds an external line and returns its ID.")
            .param(number())
            .param(name())
            .param(creates())
            .example(json!({"NUMBER": "+49305550009", "NAME": "Support"}), json!({"ID": "*"})),
        write("telephony.externalLine.update", SCOPE, update)
            .own_words()
            .about("Updates an external line and returns its ID.")
            .param(number())
            .param(name())
            .param(creates())
            .example(json!({"NUMBER": "+49305550000", "NAME": "Reception"}), json!({"ID": "1"})),
        write("telephony.externalLine.delete", SCOPE, delete)
            .own_words()
            .about("Deletes an external line.")
            .param(number())
            .example(json!({"NUMBER": "+49305550000"}), json!([])),
        read("telephony.externalLine.get", SCOPE, list).about("Lists external lines.").example(
            json!({}),
            json!([{"NUMBER": "+49305550000", "NAME": "Front desk", "CRM_AUTO_CREATE": "Y"}]),
        ),
    ]
}

/// The number that a request names.
fn named(call: &Call<'_, '_>) -> Result<String> {
    let number =
        call.text("NUMBER").map(|number| number.trim().to_owned()).filter(|number| !number.is_empty());
    Ok(number.ok_or_else(|| Fault::core("NUMBER should not be empty"))?)
}

fn given(call: &Call<'_, '_>, names: &[&'static str]) -> Map {
    names.iter().filter_map(|name| Some(((*name).into(), call.param(name)?.clone()))).collect()
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    require_context(call)?;
    let number = named(call)?;
    if all(call)?.len() >= MOST {
        return Err(Fault::core("There are too many lines").into());
    }
    let mut fields = given(call, &["NAME", "CRM_AUTO_CREATE"]);
    fields.push("NUMBER", number);
    let row = noun::add(call, &LINE, &FACE, &fields)?;
    Ok(Value::under("ID", row.number))
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    require_context(call)?;
    let number = named(call)?;
    let fields = given(call, &["NAME", "CRM_AUTO_CREATE"]);
    if fields.is_empty() {
        return Err(Fault::core("There are no fields to update").into());
    }
    require(call, &number)?;
    let row = noun::update(call, &LINE, &FACE, &[number.into()], &fields)?;
    Ok(Value::under("ID", row.number.to_string()))
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    require_context(call)?;
    let number = named(call)?;
    require(call, &number)?;
    noun::delete(call, &LINE, &FACE, &[number.into()])?;
    Ok(Value::List(Vec::new()))
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    require_context(call)?;
    let shown = |row: &Row| {
        let mut map = Map::with_capacity(3);
        map.push("NUMBER", row.text("number"));
        map.push("NAME", row.text("name"));
        map.push("CRM_AUTO_CREATE", row.text("crmAutoCreate"));
        map.into_value()
    };
    Ok(all(call)?.iter().map(shown).collect::<Vec<_>>().into())
}

/// All lines that the caller sees.
///
/// # Errors
/// Those of the store.
pub fn all(call: &mut Call<'_, '_>) -> Result<Vec<Row>> {
    let scope: RowScope = LINE.grant(call, Act::Read)?;
    noun::rows(call, &LINE, &scope, &[])
}

/// The line with that number.
///
/// # Errors
/// Those of the store.
pub fn find(call: &mut Call<'_, '_>, number: &str) -> Result<Option<Row>> {
    let scope = LINE.grant(call, Act::Read)?;
    noun::by_key(call, &LINE, &scope, &number.into())
}

fn require(call: &mut Call<'_, '_>, number: &str) -> Result<()> {
    match find(call, number)? {
        Some(_) => Ok(()),
        None => Err(Fault::core(format!("Could not find line with number {number}")).into()),
    }
}
