//! Custom fields of stock documents: `catalog.userfield.document.*`. Each type of documents has its own, which `userfieldconfig.*`
//! manages as those of `CAT_STORE_DOCUMENT_A` and so on; answers call them `field7`, by their numbers.

use serde_json::json;
use store::Tx;
use wire::filter::{self, Filter};
use wire::{Fault, Map, Text, Value, order};

use super::document::DOCUMENT;
use crate::SCOPE;
use engine::access::Act;
use engine::call::Call;
use engine::entity::filter::Unknown;
use engine::entity::page::Query;
use engine::entity::{Kind, Naming, UserFields};
use engine::error::{Error, Result};
use engine::method::{self, Method, optional, read, required, write};
use engine::modules::Configured;
use engine::noun::{self, Access, Asked, Face, Field, ID, Noun, Row, Seed, field, noun};

const FACE: Face =
    Face { verbs: &[], ..Face::controller("catalog.userfield.document", "document", "documents") };

const FIELDS: &[Field] = &[
    ID,
    field("documentId", Kind::Noun("catalog.document"), "Stock document").required().immutable().unique(),
];

const fn values(name: &'static str, table: &'static str, user_fields: &'static UserFields) -> Noun {
    Noun {
        access: Access::Shared,
        fields: FIELDS,
        faces: &[FACE],
        user_fields: Some(user_fields),
        ..noun(name, table, SCOPE, ["custom fields of a stock document", "custom fields of stock documents"])
    }
}

static OF_RECEIPTS: UserFields = UserFields::new(-30, "CAT_STORE_DOCUMENT_A", "UF_CAT_STORE_DOCUMENT_A_");
static OF_ADJUSTMENTS: UserFields = UserFields::new(-31, "CAT_STORE_DOCUMENT_S", "UF_CAT_STORE_DOCUMENT_S_");
static OF_TRANSFERS: UserFields = UserFields::new(-32, "CAT_STORE_DOCUMENT_M", "UF_CAT_STORE_DOCUMENT_M_");
static OF_RETURNS: UserFields = UserFields::new(-33, "CAT_STORE_DOCUMENT_R", "UF_CAT_STORE_DOCUMENT_R_");
static OF_WRITE_OFFS: UserFields = UserFields::new(-34, "CAT_STORE_DOCUMENT_D", "UF_CAT_STORE_DOCUMENT_D_");

/// What `userfieldconfig.*` manages, for administrators.
pub const CONFIGURED: Configured =
    Configured { module: "catalog", objects: "CAT_STORE_DOCUMENT_", may_read: |_, _| false };

/// The values of each type of documents: a row for each document.
pub static VALUES: [(&str, Noun); 5] = [
    ("A", values("catalog.documentValues.A", "catalog_document_a", &OF_RECEIPTS)),
    ("S", values("catalog.documentValues.S", "catalog_document_s", &OF_ADJUSTMENTS)),
    ("M", values("catalog.documentValues.M", "catalog_document_m", &OF_TRANSFERS)),
    ("R", values("catalog.documentValues.R", "catalog_document_r", &OF_RETURNS)),
    ("D", values("catalog.documentValues.D", "catalog_document_d", &OF_WRITE_OFFS)),
];

/// Rows for documents of before.
pub const SEED: Seed =
    Seed { name: "catalog.documentValues", names: Vec::new, seed: |tx, _, _| of_before(tx) };

fn of_before(tx: &mut Tx<'_>) -> Result<()> {
    for (kind, noun) in &VALUES {
        let sql = format!(
            "INSERT INTO {} (document_id) SELECT id FROM catalog_document WHERE doc_type = ? ORDER BY id",
            noun.table
        );
        tx.execute(&sql, &[(*kind).into()])?;
    }
    Ok(())
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let kind = || required("documentType", method::Kind::Text, "Type of the document");
    vec![
        read("catalog.userfield.document.list", SCOPE, list)
            .controller()
            .about("Lists the custom fields of stock documents of a type by filter, 50 per page.")
            .param(required("select", method::Kind::Select, "Fields to return, documentType among them"))
            .param(required("filter", method::Kind::Filter, "Conditions by field, one on documentType among them"))
            .param(optional("order", method::Kind::Order, "ASC or DESC by field"))
            .param(optional("start", method::Kind::Int, "Offset of the first row; -1 skips counting the total"))
            .example(
                json!({"select": ["documentType", "documentId"], "filter": {"documentType": "A", "documentId": 1}}),
                json!({"documents": [{"documentId": 1, "documentType": "A"}]}),
            ),
        write("catalog.userfield.document.update", SCOPE, update)
            .controller()
            .about("Updates the custom fields of a stock document and returns them.")
            .param(required("documentId", method::Kind::Id, "Stock document"))
            .param(
                required("fields", method::Kind::Fields, "Values by field: field7, by the number of the custom field")
                    .with_members(vec![kind()]),
            )
            .example(
                json!({"documentId": 1, "fields": {"documentType": "A"}}),
                json!({"document": {"documentId": 1, "documentType": "A"}}),
            ),
    ]
}

/// A document that is new has values; one that goes takes them along.
///
/// # Errors
/// Those of the store.
pub fn added(call: &mut Call<'_, '_>, document: &Row) -> Result<()> {
    let Some((_, noun)) = of_kind(document.text("docType")) else { return Ok(()) };
    let sql = format!("INSERT INTO {} (document_id) VALUES (?)", noun.table);
    call.tx.execute(&sql, &[document.number.into()])?;
    Ok(())
}

/// Likewise.
///
/// # Errors
/// Those of the store.
pub fn deleted(call: &mut Call<'_, '_>, document: &Row) -> Result<()> {
    match of_kind(document.text("docType")) {
        Some((_, noun)) => noun::clear(call, noun, &[("documentId", document.number.into())]),
        None => Ok(()),
    }
}

fn of_kind(kind: &str) -> Option<&'static (&'static str, Noun)> {
    VALUES.iter().find(|(code, _)| *code == kind)
}

fn refused(text: &'static str) -> Error {
    Fault::numbered(400, 0, text).into()
}

/// How requests call the custom fields of a type, and how the noun does: `field7`, `ufCatStoreDocumentA7`.
fn names(call: &Call<'_, '_>, noun: &Noun) -> Vec<(String, Text)> {
    let table = noun.user_fields.and_then(|fields| call.meta.fielded(fields.number));
    let name = |field: &engine::entity::Field| {
        Some((format!("field{}", field.user.as_ref()?.id), Naming::Item.name(field)?.into()))
    };
    table.iter().flat_map(|table| &table.fields).filter_map(name).collect()
}

/// A name as the noun has it.
fn inner<'n>(names: &'n [(String, Text)], name: &'n str) -> &'n str {
    names.iter().find(|(outer, _)| outer == name).map_or(name, |(_, inner)| inner)
}

fn show(
    call: &mut Call<'_, '_>,
    (kind, noun): &'static (&'static str, Noun),
    rows: &[Row],
    shows: impl Fn(&str) -> bool,
) -> Result<Vec<Value>> {
    let names = names(call, noun);
    let shown = noun::show_all(call, noun, &FACE, rows, false)?;
    let one = |values: Map| {
        let value = |name: &str| values.get(name).cloned().unwrap_or_default();
        let own =
            [("documentId".to_owned(), value("documentId")), ("documentType".to_owned(), (*kind).into())];
        let custom = names.iter().map(|(outer, inner)| (outer.clone(), value(inner)));
        let all = own.into_iter().chain(custom).filter(|(name, _)| shows(name));
        Value::Map(all.map(|(name, value)| (name.into(), value)).collect())
    };
    Ok(shown.into_iter().map(one).collect())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let select: Vec<String> = call
        .param("select")
        .iter()
        .flat_map(|list| list.items())
        .filter_map(|name| Some(name.text()?.into_owned()))
        .collect();
    if !select.iter().any(|name| name == "documentType") {
        return Err(refused("The documentType field is not specified in the select parameter"));
    }
    let mut given = call.fields("filter");
    let kind = ["documentType", "=documentType"].into_iter().find_map(|name| given.remove(name));
    let kind = kind.and_then(|kind| Some(kind.text()?.into_owned()));
    let kind =
        kind.ok_or_else(|| refused("The documentType field is not specified in the filter parameter"))?;
    let Some(of) = of_kind(&kind) else {
        call.total = Some(0);
        return Ok(Value::under("documents", Value::List(Vec::new())));
    };
    let names = names(call, &of.1);
    let mut filter = filter::parse_flat(&given.into_value())?;
    rename(&mut filter, &names);
    let mut order = order::parse_lenient(call.param("order").unwrap_or(&Value::Null));
    for (name, _) in &mut order {
        *name = inner(&names, name).to_owned().into();
    }
    let unknown = if call.settings.strict_filters { Unknown::Refused } else { Unknown::Ignored };
    let query = Query { filter, order, select: Vec::new(), unknown };
    let scope = of.1.grant(call, Act::Read)?;
    let asked = Asked { query: Some((Naming::Item, query)), ..Asked::default() };
    let rows = noun::asked(call, &of.1, &scope, asked)?;
    let all = select.iter().any(|name| name == "*");
    let shown = show(call, of, &rows, |name| all || select.iter().any(|wanted| wanted == name))?;
    Ok(Value::under("documents", shown))
}

fn rename(filter: &mut Filter, names: &[(String, Text)]) {
    match filter {
        Filter::All(parts) | Filter::Any(parts) => parts.iter_mut().for_each(|part| rename(part, names)),
        Filter::Test { field, .. } => *field = inner(names, field).to_owned().into(),
    }
}

fn update(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, given) = (call.id("documentId"), call.fields("fields"));
    let kind = given.get("documentType").and_then(Value::text).unwrap_or_default().into_owned();
    let missing = || refused("The specified document does not exist");
    let document =
        noun::again(call, &DOCUMENT, id)?.filter(|row| row.text("docType") == kind).ok_or_else(missing)?;
    let of = of_kind(&kind).ok_or_else(missing)?;
    let scope = DOCUMENT.grant(call, Act::Update)?;
    noun::one(call, &DOCUMENT, &scope, document.number)?.ok_or_else(|| refused("Access Denied"))?;
    let row = noun::among(call, &of.1, "documentId", &[id])?.pop().ok_or_else(missing)?;
    let names = names(call, &of.1);
    let custom = given.iter().filter_map(|(name, value)| {
        let (_, inner) = names.iter().find(|(outer, _)| outer == name)?;
        Some((inner.clone(), value.clone()))
    });
    let fields: Map = custom.collect();
    let key: [Value; 1] = [row.number.into()];
    let row = noun::update(call, &of.1, &FACE, &key, &fields)?;
    let shown = show(call, of, &[row], |_| true)?.pop().unwrap_or_default();
    Ok(Value::under("document", shown))
}
