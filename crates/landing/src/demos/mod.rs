//! Templates of sites and pages, standard ones and those that people register: `landing.demos.*`, and pages made of them.

mod made;
mod register;
pub mod standard;

use engine::access::Act;
use engine::call::Call;
use engine::entity::{Kind, Row};
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::noun::{self, Access, Face, ID, Noun, Stamp, field, noun};
use serde_json::json;
use wire::{Map, Value};

use crate::access::require_maker;
use crate::refusal::{FAULTS, require, require_array};
use crate::show::{self, Params};
use crate::{SCOPE, listing};

const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::flat("landing.demos", "id") };

/// Templates are changed by who registered them, and by administrators.
const DENIED: &str = "Access denied!";

/// Registered templates.
pub static DEMO: Noun = Noun {
    access: Access::Everybody,
    fields: &[
        ID,
        field("xmlId", Kind::String, "Code").required().immutable().indexed(),
        field("appCode", Kind::String, "Application"),
        field("active", Kind::Char, "Active").default("Y"),
        field("type", Kind::String, "Type"),
        field("tplType", Kind::String, "Of a site (S) or of a page (P)"),
        field("showInList", Kind::Char, "Shown in lists").default("Y"),
        field("title", Kind::String, "Title").required(),
        field("description", Kind::Text, "Description"),
        field("previewUrl", Kind::String, "Address of a preview"),
        field("preview", Kind::String, "Preview"),
        field("preview2x", Kind::String, "Preview of double size").upper("PREVIEW2X"),
        field("preview3x", Kind::String, "Preview of triple size").upper("PREVIEW3X"),
        field("manifest", Kind::Json, "Content"),
        field("lang", Kind::Json, "Texts in other languages"),
        field("siteTemplateId", Kind::String, "Template of sites"),
        field("createdById", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("modifiedById", Kind::User, "Changed by").stamped(Stamp::ChangedBy),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("dateModify", Kind::DateTime, "Changed").stamped(Stamp::Changed),
    ],
    faces: &[FACE],
    ..noun("landing.demo", "landing_demo", SCOPE, ["registered template", "registered templates"])
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let kind = || required("type", method::Kind::Text, "page, store, knowledge, group or mainpage");
    let filter = || optional("filter", method::Kind::Filter, "Values that fields of a template have");
    vec![
        register::method(),
        listing(read("landing.demos.getList", SCOPE, list).own_words())
            .about("Returns registered templates by filter.")
            .example(
                json!({"params": {"select": ["ID", "XML_ID", "TITLE", "TYPE", "DATE_MODIFY"], "filter": {"TPL_TYPE": "S"}}}),
                json!([{"ID": "1", "XML_ID": "leaflet", "MANIFEST": "*"}]),
            ),
        read("landing.demos.getSiteList", SCOPE, |call| wizard(call, "S"))
            .own_words()
            .about("Returns the templates of sites of a type.")
            .param(kind())
            .param(filter())
            .example(json!({"type": "page"}), json!({"empty": {"ID": "empty", "ACTIVE": true}})),
        read("landing.demos.getPageList", SCOPE, |call| wizard(call, "P"))
            .own_words()
            .about("Returns the templates of pages of a type.")
            .param(kind())
            .param(filter())
            .example(json!({"type": "page"}), json!({"empty": {"ID": "empty", "ACTIVE": true}})),
        write("landing.demos.unregister", SCOPE, unregister)
            .own_words()
            .about("Deletes a registered template.")
            .param(required("code", method::Kind::Text, "Code"))
            .example(json!({"code": "leaflet"}), json!(true)),
        made::method(),
    ]
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    require_array(call, "params")?;
    let params = Params::of(call)?;
    let scope = DEMO.grant(call, Act::Read)?;
    let rows = show::list(call, &DEMO, &scope, &params, &params.filter(), None)?;
    let shown = rows.iter().map(|row| with_manifest(params.pick(show::row(call, &DEMO, row, &[]), &[])));
    Ok(params.group(shown.collect()))
}

/// Every row has a manifest: `false` where nobody selects it.
fn with_manifest(mut row: Value) -> Value {
    if let Value::Map(row) = &mut row
        && matches!(row.get("MANIFEST"), None | Some(Value::Null))
    {
        row.insert("MANIFEST", false);
    }
    row
}

fn unregister(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["code"])?;
    let code = call.text("code").unwrap_or_default();
    let sql = "SELECT id FROM landing_demo WHERE xml_id = ?";
    let ids = call.tx.all(sql, &[code.into()], |row| row.int(0))?;
    for id in &ids {
        require_maker(call, &DEMO, *id, DENIED)?;
        noun::clear(call, &DEMO, &[("id", (*id).into())])?;
    }
    Ok((!ids.is_empty()).into())
}

/// The templates of a type as the wizard for new sites and pages has them.
fn wizard(call: &mut Call<'_, '_>, kind: &'static str) -> Result<Value> {
    require(call, &["type"])?;
    require_array(call, "filter")?;
    let (wanted, filter) =
        (call.text("type").unwrap_or_default().to_ascii_lowercase(), call.fields("filter"));
    let mut found = Map::new();
    for template in standard::of_type(&wanted, kind) {
        found.push(template.code, Value::from(template.shown(call.language, kind)));
    }
    let scope = DEMO.grant(call, Act::Read)?;
    for row in noun::rows(call, &DEMO, &scope, &[("tplType", kind.into()), ("type", wanted.into())])? {
        found.insert(row.text("xmlId"), registered(&row));
    }
    let fits = |template: &Value| {
        filter.iter().all(|(name, value)| {
            let there = template.get(name).map(|there| there.text().map(|text| text.into_owned()));
            there == Some(value.text().map(|text| text.into_owned()))
        })
    };
    let found: Map = found.into_iter().filter(|(_, template)| fits(template)).collect();
    Ok(if found.is_empty() { Vec::new().into() } else { found.into_value() })
}

fn registered(row: &Row) -> Value {
    json!({
        "ID": row.text("xmlId"), "XML_ID": row.text("xmlId"), "TYPE": row.text("type").to_ascii_uppercase(),
        "TITLE": row.text("title"), "ACTIVE": row.text("active") == "Y", "PUBLICATION": false, "LOCK_DELETE": false,
        "AVAILABLE": true, "SINGLETON": false, "SECTION": [], "DESCRIPTION": row.text("description"),
        "PREVIEW": row.text("preview"), "PREVIEW2X": row.text("preview2x"), "PREVIEW3X": row.text("preview3x"),
        "APP_CODE": row.text("appCode"), "REST": row.number, "DATA": [],
    })
    .into()
}
