//! Own blocks: `landing.repo.*`. They are added to pages by the code `repo_` and their number.

use engine::access::Act;
use engine::call::Call;
use engine::entity::{Kind, Row};
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::noun::{self, Access, Asked, Face, ID, Noun, Stamp, field, noun};
use serde_json::{Value as Json, json};
use wire::{Map, Value};

use crate::access::require_maker;
use crate::block::{self, BLOCK};
use crate::html::LENGTH;
use crate::refusal::{FAULTS, coded, is_yes, letter, require, require_array, wrong_argument};
use crate::show::{self, Params};
use crate::{SCOPE, listing, unsafe_html};

const FACE: Face = Face { verbs: &[], faults: FAULTS, ..Face::flat("landing.repo", "id") };

/// Own blocks are changed by who made them, and by administrators.
const DENIED: &str = "Insufficient permissions.";

/// Own blocks.
pub static REPO: Noun = Noun {
    access: Access::Everybody,
    fields: &[
        ID,
        field("xmlId", Kind::String, "Code").required().unique().immutable(),
        field("appCode", Kind::String, "Application"),
        field("active", Kind::Char, "Active").default("Y"),
        field("name", Kind::String, "Name").required(),
        field("description", Kind::Text, "Description"),
        field("sections", Kind::String, "Sections"),
        field("siteTemplateId", Kind::String, "Template of sites"),
        field("preview", Kind::String, "Preview"),
        field("manifest", Kind::Json, "Manifest"),
        field("content", Kind::Text, "HTML"),
        field("createdById", Kind::User, "Added by").stamped(Stamp::CreatedBy),
        field("modifiedById", Kind::User, "Changed by").stamped(Stamp::ChangedBy),
        field("dateCreate", Kind::DateTime, "Added").stamped(Stamp::Created),
        field("dateModify", Kind::DateTime, "Changed").stamped(Stamp::Changed),
    ],
    faces: &[FACE],
    ..noun("landing.repo", "landing_repo", SCOPE, ["own block", "own blocks"])
};

/// The number of an own block in a code.
pub fn number(code: &str) -> Option<i64> {
    code.strip_prefix("repo_")?.parse().ok()
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let fields = vec![
        required("NAME", method::Kind::Text, "Name"),
        required("CONTENT", method::Kind::Text, "HTML"),
        required("SECTIONS", method::Kind::Text, "Sections, separated by commas"),
        required("PREVIEW", method::Kind::Text, "Address of the preview"),
        optional("DESCRIPTION", method::Kind::Text, "Description"),
        optional("ACTIVE", method::Kind::Flag, "Active"),
        optional("SITE_TEMPLATE_ID", method::Kind::Text, "Template of sites"),
        optional("RESET", method::Kind::Flag, "Y changes the blocks on pages as well"),
    ];
    let new = json!({
        "NAME": "Quote", "CONTENT": "<blockquote class=\"landing-block-node-text\">Well said.</blockquote>",
        "SECTIONS": "text", "PREVIEW": "https://example.com/quote.png",
    });
    let manifest = json!({"nodes": {".landing-block-node-text": {"name": "Text", "type": "text"}}});
    vec![
        write("landing.repo.register", SCOPE, register)
            .own_words()
            .about("Adds an own block, or changes the one with that code, and returns its ID.")
            .param(required("code", method::Kind::Text, "Code"))
            .param(required("fields", method::Kind::Fields, "Values by field").with_members(fields))
            .param(optional("manifest", method::Kind::Fields, "Manifest"))
            .example(json!({"code": "quote", "fields": new, "manifest": manifest}), json!("*")),
        listing(read("landing.repo.getList", SCOPE, list).own_words())
            .about("Returns own blocks by filter.")
            .example(
                json!({"params": {"filter": {"XML_ID": "banner"}}}),
                json!([{"ID": "1", "XML_ID": "banner"}]),
            ),
        write("landing.repo.unregister", SCOPE, unregister)
            .own_words()
            .about("Deletes an own block.")
            .param(required("code", method::Kind::Text, "Code"))
            .example(json!({"code": "banner"}), json!(true)),
        read("landing.repo.checkContent", SCOPE, check)
            .own_words()
            .about("Returns HTML with marks in what could run as a script.")
            .param(required("content", method::Kind::Text, "HTML"))
            .param(optional("splitter", method::Kind::Text, "Mark"))
            .example(
                json!({"content": "<p onclick=\"x()\">Hi</p>", "splitter": "#AAA#"}),
                json!({"is_bad": true, "content": "<p oncl#AAA#ick=\"x()\">Hi</p>"}),
            ),
    ]
}

/// A text parameter.
fn text(call: &Call<'_, '_>, name: &str) -> Result<String> {
    let value = call.param(name).filter(|value| !value.is_array()).and_then(Value::text);
    Ok(value.ok_or_else(|| wrong_argument(name))?.into_owned())
}

fn register(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["code", "fields"])?;
    let code = text(call, "code")?;
    require_array(call, "fields")?;
    require_array(call, "manifest")?;
    let given = call.fields("fields");
    let missing = ["NAME", "CONTENT", "SECTIONS", "PREVIEW"]
        .into_iter()
        .find(|name| given.get(name).is_none_or(Value::is_empty));
    if let Some(name) = missing {
        return Err(coded("REQUIRED_FIELD_NO_EXISTS", format!("The required field {name} is missing")).into());
    }
    let content = given.get("CONTENT").and_then(Value::text).unwrap_or_default().into_owned();
    if content.len() > LENGTH || unsafe_html::is_bad(&content) {
        return Err(coded("CONTENT_IS_BAD", "The content is unsafe.").into());
    }
    let manifest = Json::from(&call.fields("manifest").into_value());
    require_fit(&manifest)?;
    let mut values = Map::new();
    for name in ["NAME", "CONTENT", "SECTIONS", "PREVIEW", "DESCRIPTION", "SITE_TEMPLATE_ID"] {
        if let Some(value) = given.get(name) {
            values.push(name, value.clone());
        }
    }
    if let Some(active) = given.get("ACTIVE") {
        values.push("ACTIVE", letter(active));
    }
    if call.param("manifest").is_some() {
        values.push("MANIFEST", Value::from(manifest));
    }
    let sql = "SELECT id FROM landing_repo WHERE xml_id = ?";
    let id = match call.tx.one(sql, &[code.as_str().into()], |row| row.int(0))? {
        Some(id) => {
            require_maker(call, &REPO, id, DENIED)?;
            noun::amend(call, &REPO, &FACE, id, &values)?;
            id
        }
        None => {
            values.push("XML_ID", code);
            noun::put(call, &REPO, &values)?.number
        }
    };
    if is_yes(given.get("RESET")) {
        reset(call, id, &content)?;
    }
    Ok(id.into())
}

/// Gives the drafts of all pages the block's HTML anew.
fn reset(call: &mut Call<'_, '_>, id: i64, content: &str) -> Result<()> {
    let within = Some(("t.repo_id = ? AND t.public = 'N'".to_owned(), vec![id.into()]));
    let scope = BLOCK.grant(call, Act::Update)?;
    for row in noun::asked(call, &BLOCK, &scope, Asked { within, whole: true, ..Asked::default() })? {
        block::amend(call, row.number, &Map::from([("CONTENT", content.into())]))?;
    }
    Ok(())
}

fn require_fit(manifest: &Json) -> Result<()> {
    let types = &manifest["block"]["type"];
    let named = |value: &Json| value.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("mainpage"));
    if named(types) || types.as_array().is_some_and(|types| types.iter().any(named)) {
        return Err(coded("UNSUPPORTED_BLOCK_TYPE", "The type of the block is not supported.").into());
    }
    if manifest["block"]["subtype"] == "widget" {
        return Err(coded("UNSUPPORTED_BLOCK_SUBTYPE", "The subtype of the block is not supported.").into());
    }
    let style =
        if manifest["style"]["nodes"].is_object() { &manifest["style"]["nodes"] } else { &manifest["style"] };
    for (selector, style) in style.as_object().into_iter().flatten() {
        let types = match &style["type"] {
            Json::Array(types) => types.iter().filter_map(Json::as_str).collect(),
            other => other.as_str().into_iter().collect::<Vec<_>>(),
        };
        let is_image =
            types.iter().any(|kind| ["background", "block-default", "block-border"].contains(kind));
        if is_image && manifest["nodes"].get(selector).is_some() {
            let text = format!(
                "The editable manifest element \"{selector}\" cannot have a style type of \"Image\". Change the style type."
            );
            return Err(coded("MANIFEST_INTERSECT_IMG", text).into());
        }
    }
    for card in manifest["cards"].as_object().into_iter().flat_map(|cards| cards.values()) {
        for preset in card["presets"].as_object().into_iter().flat_map(|presets| presets.values()) {
            if unsafe_html::is_bad(preset["html"].as_str().or(preset.as_str()).unwrap_or_default()) {
                return Err(coded("PRESET_CONTENT_IS_BAD", "The content of a preset is unsafe.").into());
            }
        }
    }
    Ok(())
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    require_array(call, "params")?;
    let params = Params::of(call)?;
    let scope = REPO.grant(call, Act::Read)?;
    let rows = show::list(call, &REPO, &scope, &params, &params.filter(), None)?;
    let mut shown = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut map = show::row(call, &REPO, row, &[]);
        if map.get("MANIFEST").is_some_and(|manifest| !manifest.is_array()) {
            map.insert("MANIFEST", Vec::new());
        }
        shown.push(params.pick(map, &["MANIFEST"]));
    }
    Ok(params.group(shown))
}

fn unregister(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["code"])?;
    let code = text(call, "code")?;
    let sql = "SELECT id FROM landing_repo WHERE xml_id = ?";
    let Some(id) = call.tx.one(sql, &[code.into()], |row| row.int(0))? else { return Ok(false.into()) };
    require_maker(call, &REPO, id, DENIED)?;
    noun::clear(call, &REPO, &[("id", id.into())])?;
    Ok(true.into())
}

fn check(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["content"])?;
    let content = text(call, "content")?;
    let splitter = call.text("splitter").unwrap_or_else(|| "#SANITIZE#".to_owned());
    if content.len() > LENGTH || splitter.len() > 100 {
        return Err(wrong_argument("content").into());
    }
    let marked = unsafe_html::marked(&content, &splitter);
    let mut map = Map::new();
    map.push("is_bad", marked != content);
    map.push("content", marked);
    Ok(map.into_value())
}

/// The own blocks that may be added.
///
/// # Errors
/// Those of the store.
pub fn active(call: &mut Call<'_, '_>) -> Result<Vec<Row>> {
    let scope = REPO.grant(call, Act::Read)?;
    noun::rows(call, &REPO, &scope, &[("active", "Y".into())])
}

/// An own block as the repository lists it.
pub fn item(own: &Row) -> Value {
    let sections: Vec<&str> = own.text("sections").split(',').map(str::trim).collect();
    json!({
        "id": null, "new": false, "name": own.text("name"), "description": own.text("description"), "namespace": "",
        "type": [], "section": sections, "preview": own.text("preview"), "restricted": true,
        "repo_id": own.number.to_string(), "app_code": "", "requires_updates": false,
    })
    .into()
}
