//! What is read of blocks and of the repository.

use engine::call::Call;
use engine::entity::Row;
use engine::error::Result;
use engine::method::{self, Method, Param as Parameter, optional, read, required};
use engine::noun;
use serde_json::{Value as Json, json};
use wire::{Map, Value};

use super::{BLOCK, of, repository};
use crate::html::escape;
use crate::page::{find, seen};
use crate::refusal::{flag, key, members, no_block, number, require};
use crate::site::SITE;
use crate::template::TEMPLATE;
use crate::{SCOPE, access, of_block, scoped};

fn params(content: bool) -> Parameter {
    let mut members = vec![optional("edit_mode", method::Kind::Flag, "The draft, and not what is published")];
    if content {
        members.push(optional("deleted", method::Kind::Flag, "Those that are marked as deleted"));
        members.push(optional("get_content", method::Kind::Flag, "With HTML"));
    }
    optional("params", method::Kind::Fields, "What to read").with_members(members)
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let shown = vec![
        optional("wrapper_show", method::Kind::Flag, "With the element around the block"),
        optional("force_unactive", method::Kind::Flag, "HTML of a hidden block as well"),
    ];
    let code = || required("code", method::Kind::Text, "Code of the block in the repository");
    vec![
        scoped(read("landing.block.getlist", SCOPE, list))
            .about("Returns the blocks of a page in their order.")
            .param(required("lid", method::Kind::Any, "Page, or a list of pages"))
            .param(params(true))
            .example(
                json!({"lid": 1, "params": {"edit_mode": 1, "get_content": 1}}),
                json!([{"id": 1, "lid": 1, "code": "01.big_with_text", "active": true}, {"id": 2}]),
            ),
        scoped(read("landing.block.getbyid", SCOPE, get))
            .about("Returns a block.")
            .param(required("block", method::Kind::Id, "Block"))
            .param(params(true))
            .example(
                json!({"block": 1, "params": {"edit_mode": 1}}),
                json!({"id": 1, "code": "01.big_with_text"}),
            ),
        of_block(read("landing.block.getcontent", SCOPE, get_content), "Block")
            .about("Returns the HTML of a block with its manifest.")
            .param(optional("editMode", method::Kind::Flag, "The draft, and not what is published"))
            .param(optional("params", method::Kind::Fields, "What to read").with_members(shown))
            .example(json!({"lid": 1, "block": 1, "editMode": true}), json!({"id": 1, "sections": "cover"})),
        of_block(read("landing.block.getmanifest", SCOPE, manifest), "Block")
            .about("Returns the manifest of a block on a page.")
            .param(params(false))
            .example(
                json!({"lid": 1, "block": 1, "params": {"edit_mode": 1}}),
                json!({"code": "01.big_with_text"}),
            ),
        read("landing.block.getmanifestfile", SCOPE, manifest_file)
            .own_words()
            .about("Returns the manifest of a block of the repository.")
            .param(code())
            .example(
                json!({"code": "01.big_with_text"}),
                json!({"block": {"section": ["cover"], "dynamic": false}}),
            ),
        read("landing.block.getContentFromRepository", SCOPE, from_repository)
            .own_words()
            .about("Returns the HTML of a block of the repository.")
            .param(code())
            .example(json!({"code": "01.big_with_text"}), json!("*")),
        scoped(read("landing.block.getrepository", SCOPE, repository))
            .about("Returns the sections of the repository with their blocks, or one of them.")
            .param(optional("section", method::Kind::Text, "Code of the section"))
            .example(json!({"section": "text"}), json!({"name": "Text", "new": false}))
            .example(json!({"section": "none"}), json!(false)),
    ]
}

/// The flags of `params`: draft, deleted, with content.
fn asked(call: &Call<'_, '_>) -> Result<[bool; 3]> {
    let params = members(call, "params")?;
    Ok(["edit_mode", "deleted", "get_content"].map(|name| flag(params.get(name)).unwrap_or(false)))
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    /// Pages that one call asks about, at most.
    const MOST: usize = 100;
    require(call, &["lid"])?;
    let [draft, deleted, content] = asked(call)?;
    let given = call.param("lid").cloned().unwrap_or_default();
    let pages: Vec<i64> = match given.is_array() {
        true => given.items().filter_map(Value::as_int).take(MOST).collect(),
        false => vec![number(call, "lid")?],
    };
    let mut shown = Vec::new();
    for id in pages {
        let page = find(call, id, false)?;
        let around = Around::of(call, &page)?;
        for row in of(call, id, draft, deleted)? {
            shown.push(show(call, &around, &row, draft, content)?);
        }
    }
    Ok(shown.into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = key(call, "block")?;
    let [draft, deleted, content] = asked(call)?;
    let row = noun::again(call, &BLOCK, id)?
        .filter(|row| (row.text("public") == "N") == draft && (row.text("deleted") == "Y") == deleted);
    let row = row.ok_or_else(no_block)?;
    let page = seen(call, row.int("landingId").unwrap_or(0), false)?.ok_or_else(no_block)?;
    let around = Around::of(call, &page)?;
    show(call, &around, &row, draft, content)
}

/// What all blocks of a page have in common.
struct Around<'p> {
    page: &'p Row,
    /// The type of the site.
    kind: String,
    /// The code of the site's template.
    template: String,
}

impl<'p> Around<'p> {
    fn of(call: &mut Call<'_, '_>, page: &'p Row) -> Result<Self> {
        let site = noun::again(call, &SITE, page.int("siteId").unwrap_or(0))?;
        let template = site.as_ref().and_then(|site| site.int("tplId")).unwrap_or(0);
        let template = noun::again(call, &TEMPLATE, template)?;
        let text = |row: Option<&Row>, name: &str| row.map_or("", |row| row.text(name)).to_owned();
        Ok(Around { page, kind: text(site.as_ref(), "type"), template: text(template.as_ref(), "xmlId") })
    }
}

fn show(
    call: &mut Call<'_, '_>,
    around: &Around<'_>,
    row: &Row,
    draft: bool,
    content: bool,
) -> Result<Value> {
    let manifest = repository::manifest(call, row.text("code"))?;
    let mut map = Map::with_capacity(9);
    map.push("id", row.number);
    map.push("lid", around.page.number);
    map.push("code", row.text("code"));
    map.push("name", manifest["block"]["name"].as_str().unwrap_or_default());
    map.push("active", row.text("active") == "Y");
    map.push("meta", meta(call, around, row));
    if content {
        map.push("content", wrapped(row, draft));
        map.push("css", Vec::new());
        map.push("js", Vec::new());
    }
    Ok(map.into_value())
}

fn meta(call: &Call<'_, '_>, around: &Around<'_>, row: &Row) -> Value {
    let page = around.page;
    let zone = &call.caller.zone;
    let time = |name: &str| call.settings.dates().moment(zone, row.int(name).unwrap_or(0));
    let number = |name: &str| row.int(name).unwrap_or(0).to_string();
    let mut map = Map::with_capacity(12);
    map.push("LID", page.number.to_string());
    map.push("FAVORITE_META", "");
    map.push("CREATED_BY_ID", number("createdById"));
    map.push("DATE_CREATE", time("dateCreate"));
    map.push("MODIFIED_BY_ID", number("modifiedById"));
    map.push("DATE_MODIFY", time("dateModify"));
    map.push("SITE_TYPE", around.kind.as_str());
    map.push("LANDING_TITLE", page.text("title"));
    map.push("LANDING_TPL_CODE", page.text("tplCode"));
    map.push("SITE_TPL_CODE", around.template.as_str());
    map.push("XML_ID", row.text("xmlId"));
    map.push("DESIGNER_MODE", "");
    map.into_value()
}

/// The HTML of a block with the element around it.
fn wrapped(row: &Row, draft: bool) -> String {
    let class: String = row
        .text("code")
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' })
        .collect();
    let id = match draft {
        true => format!("id=\"block{0}\" data-id=\"{0}\"", row.number),
        false => format!("id=\"{}\"", escape(row.text("anchor"))),
    };
    format!("<div {id} class=\"block-wrapper block-{class}\">{}</div>", row.text("content"))
}

fn get_content(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["lid", "block"])?;
    let params = members(call, "params")?;
    let draft = flag(call.param("editMode")).unwrap_or(false);
    let row = named(call, draft)?;
    let wrapper = flag(params.get("wrapper_show")).unwrap_or(true);
    let hidden = draft || flag(params.get("force_unactive")).unwrap_or(false);
    content(call, &row, draft, wrapper, hidden)
}

/// The block that a call names on its page.
fn named(call: &mut Call<'_, '_>, draft: bool) -> Result<Row> {
    let (page, id) = (number(call, "lid")?, number(call, "block")?);
    find(call, page, false)?;
    let row = noun::again(call, &BLOCK, id)?.filter(|row| {
        row.int("landingId") == Some(page)
            && (row.text("public") == "N") == draft
            && row.text("deleted") == "N"
    });
    Ok(row.ok_or_else(no_block)?)
}

/// A block as the editor gets it.
///
/// # Errors
/// Those of the store.
pub fn content(
    call: &mut Call<'_, '_>,
    row: &Row,
    draft: bool,
    wrapper: bool,
    hidden: bool,
) -> Result<Value> {
    let manifest = prepared(call, row)?;
    let is_active = row.text("active") == "Y";
    let html = match (is_active || hidden, wrapper) {
        (false, _) => String::new(),
        (true, true) => wrapped(row, draft),
        (true, false) => row.text("content").to_owned(),
    };
    let mut map = Map::with_capacity(16);
    map.push("id", row.number);
    map.push("sections", repository::listed(&manifest["block"]["section"]).join(","));
    map.push("active", is_active);
    map.push("access", row.text("access"));
    map.push("anchor", row.text("anchor"));
    map.push("php", false);
    map.push("designed", row.text("designed") == "Y");
    map.push("repoId", row.int("repoId"));
    map.push("content", html);
    map.push("content_ext", "");
    for name in ["css", "js", "assetStrings", "lang"] {
        map.push(name, Vec::new());
    }
    map.push("manifest", Value::from(manifest));
    map.push("dynamicParams", Vec::new());
    Ok(map.into_value())
}

fn manifest(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["lid", "block"])?;
    let [draft, ..] = asked(call)?;
    let row = named(call, draft)?;
    Ok(prepared(call, &row)?.into())
}

/// A manifest with what follows from it: every part is there, and nodes say their selectors.
fn prepared(call: &mut Call<'_, '_>, row: &Row) -> Result<Json> {
    let mut manifest = repository::manifest(call, row.text("code"))?;
    for part in ["cards", "nodes", "attrs", "menu", "callbacks"] {
        if !manifest[part].is_object() {
            manifest[part] = json!([]);
        }
    }
    for (selector, node) in manifest["nodes"].as_object_mut().into_iter().flatten() {
        if let Some(node) = node.as_object_mut() {
            node.insert("code".to_owned(), selector.as_str().into());
        }
    }
    let style = manifest["style"].take();
    manifest["style"] = match style {
        Json::Object(style) if style.contains_key("block") || style.contains_key("nodes") => style.into(),
        Json::Object(style) => json!({"block": [], "nodes": style}),
        _ => json!({"block": [], "nodes": []}),
    };
    let declared = manifest["assets"].take();
    let asset = |name: &str| if declared[name].is_array() { declared[name].clone() } else { json!([]) };
    let names = ["css", "js", "ext", "class", "callbacks"];
    manifest["assets"] = names.into_iter().map(|name| (name.to_owned(), asset(name))).collect();
    manifest["namespace"] = if row.int("repoId").is_some() { "" } else { "bitrix" }.into();
    manifest["code"] = row.text("code").into();
    manifest["preview"] = "".into();
    manifest["timestamp"] = row.int("dateCreate").into();
    Ok(manifest)
}

fn manifest_file(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["code"])?;
    let code = call.text("code").unwrap_or_default();
    Ok(repository::manifest_file(&code, call.language).map_or_else(|| Vec::new().into(), Value::from))
}

fn from_repository(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["code"])?;
    let code = call.text("code").unwrap_or_default();
    let found = match code.contains(':') {
        true => None,
        false => repository::find(call, &code)?,
    };
    Ok(found.map_or(Value::Null, |found| found.content.into()))
}

fn repository(call: &mut Call<'_, '_>) -> Result<Value> {
    let kind = access::types(call)[0];
    let mut sections = repository::sections(call, kind)?;
    Ok(match call.param("section").and_then(Value::text).map(|section| section.into_owned()) {
        Some(section) => sections.remove(&section).unwrap_or(Value::Bool(false)),
        None => sections.into_value(),
    })
}
