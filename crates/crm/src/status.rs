//! `crm.status.*`: the entries of dictionaries, stages among them.

use serde_json::json;
use store::Param;
use wire::{Fault, Map, Text, Value};

use super::dictionary::{self, Dictionary};
use super::{SCOPE, invoice, seeding};
use engine::access::Act;
use engine::call::Call;
use engine::entity::read::reach;
use engine::entity::{Entity, Kind};
use engine::error::Result;
use engine::input::flag;
use engine::meta::Meta;
use engine::method::{self, Method, optional, read, required};
use engine::noun::{
    Access, Draft, Face, Faults, Field, Grant, Hooks, ID, LEGACY_FAULTS, Noun, Refusal, Row, Rule, Verb,
    field, noun,
};

/// Characters that a code or a name may have.
const CODE_LENGTH: usize = 50;
const NAME_LENGTH: usize = 255;

/// The entries of dictionaries.
pub static STATUS: Noun = Noun {
    example: "7",
    access: Access::Rule(&Readers),
    fields: &[
        ID,
        field("entityId", Kind::String, "Dictionary").trimmed().required().immutable().sample("SOURCE"),
        field("statusId", Kind::String, "Code").required().immutable().sample("PODCAST"),
        field("name", Kind::String, "Name").trimmed().required().sample("Podcast"),
        field("nameInit", Kind::String, "Initial name").read_only(),
        field("sort", Kind::Integer, "Sort index").sample("130"),
        field("system", Kind::Char, "System").read_only(),
        field("categoryId", Kind::Integer, "Pipeline").immutable(),
        field("color", Kind::String, "Colour"),
        field("semantics", Kind::String, "Semantics: S success, F failure")
            .trimmed()
            .immutable()
            .described_as("char"),
        // Taken, too: it may hold the colour.
        Field {
            read_only: false,
            ..field("extra", Kind::Json, "Semantics and colour of the stage").computed()
        }
        .described_as("crm_status_extra"),
    ],
    faces: &[FACE, OF_INVOICES],
    shared: true,
    hooks: &Entries,
    ..noun("crm.status", "crm_status", SCOPE, ["dictionary entry", "dictionary entries"])
};

const FACE: Face = Face {
    whole: true,
    asks: &["filter", "order"],
    faults: Faults {
        missing: Refusal::Coded("", "Status is not found."),
        required: |names| {
            let first = names.first().map_or("", String::as_str);
            Fault::crm(format!("The field {} is required.", if first == "NAME" { "Title" } else { first }))
        },
        ..LEGACY_FAULTS
    },
    params: &[
        (&[Verb::Get, Verb::Update, Verb::Delete], ENTRY),
        (&[Verb::Delete], optional("params", method::Kind::Fields, "FORCED: Y deletes a system entry")),
    ],
    about: &[
        (Verb::Add, "Adds an entry to a dictionary or a stage to a pipeline and returns its ID."),
        (Verb::Update, "Updates the name, sort index and colour of a dictionary entry."),
        (Verb::Delete, "Deletes a dictionary entry. A system entry needs FORCED = Y; a stage must be empty."),
    ],
    ..Face::legacy("crm.status")
};

/// The statuses of invoices of the older kind: `crm.invoice.status.*`. New ones are numbered.
const OF_INVOICES: Face = Face {
    path: "crm.invoice.status",
    within: &[("entityId", invoice::STATUSES)],
    example: Some("70"),
    ..FACE
};

const ENTRY: method::Param =
    required("id", method::Kind::Id, "ID of the dictionary entry").or_complain("Invalid identifier.");

/// The methods beyond those of its face.
pub fn methods() -> Vec<Method> {
    vec![
        read("crm.status.entity.types", SCOPE, types)
            .about("Lists the dictionaries. Dictionaries of stages include the meaning of the stages.")
            .example(json!({}), json!("*")),
        read("crm.status.entity.items", SCOPE, items)
            .about("Lists the codes and names of a dictionary's entries, in order.")
            .param(
                required("entityId", method::Kind::Text, "Code of the dictionary")
                    .or_complain("The parameter entityId is not defined or invalid."),
            )
            .example(
                json!({"entityId": "CONTACT_TYPE"}),
                json!([{"NAME": "Client", "SORT": 10, "STATUS_ID": "CLIENT"}, {"SORT": 20}, {"SORT": 30}, {"SORT": 40}]),
            ),
    ]
}

/// Dictionaries are there for everybody who may see anything of the CRM; administrators write them.
struct Readers;

impl Rule for Readers {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> Result<Grant> {
        let sees = |entity: &Entity| !reach(call, entity, Act::Read).is_nothing();
        let granted =
            call.caller.is_admin || (act == Act::Read && call.meta.items().any(|entity| sees(entity)));
        Ok(if granted { Grant::All } else { Grant::Nothing })
    }
}

struct Entries;

impl Hooks for Entries {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if old.is_none() && face.path == OF_INVOICES.path && draft.text("statusId").is_none() {
            draft.set("statusId", next_number(&call.meta));
        }
        draft.trim("statusId");
        if draft.int("sort").is_none_or(|sort| sort <= 0) {
            draft.leave("sort");
        }
        match old {
            Some(old) => change(call, draft, old),
            None => complete(call, draft),
        }
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        if row.text("system") == "Y" && flag(&call.fields("params"), "FORCED") != Some(true) {
            let text =
                "CRM System Status can be deleted only if parameter FORCED is specified and equal to \"Y\".";
            return Err(Fault::crm(text).into());
        }
        match is_in_use(call, row)? {
            true => Err(Fault::crm("There are active items in this status.").into()),
            false => Ok(()),
        }
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        _: bool,
    ) -> Result<()> {
        for (row, map) in rows.iter().zip(shown) {
            map.insert("NAME", seeding::shown_name(call, &Text::new(row.text("name"))));
            match extra(&call.meta, row) {
                Some(extra) => map.insert("EXTRA", extra),
                None => drop(map.remove("EXTRA")),
            }
        }
        Ok(())
    }
}

/// What a stage means, with its colour.
fn extra(meta: &Meta, row: &Row) -> Option<Map> {
    let semantics = dictionary::find(meta, row.text("entityId"))?
        .semantics(row.text("statusId"), row.text("semantics"))?;
    let mut extra = Map::with_capacity(2);
    extra.push("SEMANTICS", semantics);
    extra.push("COLOR", row.text("color"));
    Some(extra)
}

/// Completes a new entry.
fn complete(call: &Call<'_, '_>, draft: &mut Draft<'_>) -> Result<()> {
    let given = |name: &str| draft.text(name).map(str::to_owned);
    let (Some(entity_id), Some(code), Some(name)) = (given("entityId"), given("statusId"), given("name"))
    else {
        return Ok(()); // What is missing is named by the check that follows.
    };
    let dictionary = dictionary::find(&call.meta, &entity_id)
        .ok_or_else(|| Fault::crm("Specified entity type is not supported."))?;
    let code = dictionary.code(&code);
    if code.len() > CODE_LENGTH || name.len() > NAME_LENGTH {
        return Err(Fault::crm("Error on creating status.").into());
    }
    if call.meta.dictionary(&entity_id).any(|other| other.status_id == code) {
        return Err(Fault::core("The specified status ID already exists.").into());
    }
    let sort = draft.int("sort").unwrap_or(10);
    let semantics = given("semantics").filter(|letter| letter == "S" || letter == "F");
    require_place(&call.meta, dictionary, sort, semantics.as_deref())?;
    let is_stage = dictionary.stages.is_some();
    let color = color(call).unwrap_or_else(|| default_color(semantics.as_deref()).to_owned());
    draft.set("statusId", code);
    draft.set("nameInit", "");
    draft.set("sort", sort);
    draft.set("system", "N");
    draft.set("categoryId", dictionary.pipeline.map(|category| category.id));
    draft.set("color", is_stage.then_some(color));
    draft.set("semantics", semantics.filter(|_| is_stage));
    Ok(())
}

/// The number of a new status of invoices that is given no code.
fn next_number(meta: &Meta) -> String {
    let numbers =
        meta.dictionary(invoice::STATUSES).filter_map(|status| status.status_id.parse::<i64>().ok());
    (numbers.max().unwrap_or(0) + 1).to_string()
}

/// Completes a change: what has no colour gets none.
fn change(call: &Call<'_, '_>, draft: &mut Draft<'_>, old: &Row) -> Result<()> {
    if draft.is_given("name") && draft.text("name").is_none_or(|name| name.len() > NAME_LENGTH) {
        return Err(Fault::crm("Error on updating status.").into());
    }
    match color(call).filter(|_| *old.get("color") != Param::Null) {
        Some(color) => draft.set("color", color),
        None => draft.leave("color"),
    }
    Ok(())
}

/// There is one successful stage, and those in progress stand before it.
fn require_place(meta: &Meta, dictionary: Dictionary<'_>, sort: i64, semantics: Option<&str>) -> Result<()> {
    let Some(stages) = dictionary.stages else { return Ok(()) };
    let success = dictionary.code(stages.success);
    let last = meta.dictionary(&dictionary.id()).find(|stage| stage.status_id == success);
    let taken = match semantics {
        Some("S") => last.is_some(),
        Some(_) => false,
        None => last.is_some_and(|last| sort >= last.sort),
    };
    let text = "Cannot create more stages after the final stage because the final successful stage already exists. \
                Try using sort order values less than that of the final stage.";
    if taken { Err(Fault::crm(text).into()) } else { Ok(()) }
}

/// The colour of a stage that is given none.
fn default_color(semantics: Option<&str>) -> &'static str {
    match semantics {
        Some("S") => "#DBF199",
        Some(_) => "#FFBEBD",
        None => "#ACE9FB",
    }
}

/// `#RRGGBB`, given directly or in `EXTRA`; anything else is no colour.
fn color(call: &Call<'_, '_>) -> Option<String> {
    let fields = call.fields("fields");
    let extra = fields.get("EXTRA").and_then(|extra| extra.get("COLOR"));
    let text = |value: &Value| Some(value.text()?.trim().to_owned()).filter(|text| !text.is_empty());
    let given = fields.get("COLOR").and_then(text).or_else(|| text(extra?))?;
    let digits = given.strip_prefix('#')?;
    (digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())).then_some(given)
}

/// Whether an item stands on this stage.
fn is_in_use(call: &mut Call<'_, '_>, status: &Row) -> Result<bool> {
    let stages =
        dictionary::find(&call.meta, status.text("entityId")).and_then(|dictionary| dictionary.stages);
    let entity = stages.and_then(|stages| call.entity(stages.entity_type_id));
    let Some((entity, stage)) = entity.as_ref().and_then(|entity| Some((entity, entity.stage.as_ref()?)))
    else {
        return Ok(false);
    };
    let column = stage.field.to_ascii_lowercase();
    let sql = format!("SELECT id FROM {} WHERE {column} = ? LIMIT 1", entity.table());
    Ok(call.tx.one(&sql, &[status.text("statusId").into()], |row| row.int(0))?.is_some())
}

fn types(call: &mut Call<'_, '_>) -> Result<Value> {
    let show = |dictionary: Dictionary<'_>| dictionary.show(call.language);
    Ok(dictionary::all(&call.meta).map(show).collect::<Vec<_>>().into())
}

fn items(call: &mut Call<'_, '_>) -> Result<Value> {
    if STATUS.grant(call, Act::Read)?.is_nothing() {
        return Err(LEGACY_FAULTS.unreadable.fault().into());
    }
    let id = call.text("entityId").unwrap_or_default();
    if dictionary::find(&call.meta, &id).is_none() {
        return Err(Fault::crm("The parameter entityId is not defined or invalid.").into());
    }
    Ok(dictionary::items(call, &id))
}
