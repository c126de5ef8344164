//! Templates of sites and pages that people register: `landing.demos.*`, and pages made of them.

use engine::access::Act;
use engine::call::Call;
use engine::entity::{Kind, Row};
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::noun::{self, Access, Face, ID, Noun, Stamp, field, noun};
use engine::texts::Topic;
use serde_json::{Value as Json, json};
use wire::{Map, Value};

use crate::access::{self, Op, may, require_maker};
use crate::block;
use crate::refusal::{FAULTS, coded, members, number, require, require_array, wrong_argument};
use crate::show::{self, Params};
use crate::{SCOPE, listing, page, repo, scoped, site, unsafe_html};

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

/// The template that is always there.
pub const EMPTY: &str = "Empty page";

/// The methods.
pub fn methods() -> Vec<Method> {
    let texts = [
        "charset",
        "site_code",
        "name",
        "description",
        "type",
        "tpl_type",
        "preview",
        "preview2x",
        "preview3x",
        "preview_url",
        "show_in_list",
    ];
    let mut data = vec![required("code", method::Kind::Text, "Code")];
    data.extend(texts.map(|name| optional(name, method::Kind::Text, "As fullExport has it")));
    data.extend(
        ["fields", "folders", "items", "layout", "syspages", "version"]
            .map(|name| optional(name, method::Kind::Any, "As fullExport has it")),
    );
    let params = vec![
        optional("site_template_id", method::Kind::Text, "Template of sites"),
        optional("lang", method::Kind::Fields, "Texts in other languages"),
        optional("lang_original", method::Kind::Text, "Language of the texts"),
    ];
    let kind = || required("type", method::Kind::Text, "page, store, knowledge, group or mainpage");
    let filter = || optional("filter", method::Kind::Filter, "Values that fields of a template have");
    let fields = [
        ("TITLE", method::Kind::Text, "Title"),
        ("DESCRIPTION", method::Kind::Text, "Description for social networks and searches"),
        ("ID", method::Kind::Int, "Page beside which the new one is made"),
        ("FOLDER_ID", method::Kind::Int, "Folder; 0 for none"),
        ("SITE_TYPE", method::Kind::Text, "Type of the template"),
        ("PREPARE_BLOCKS", method::Kind::Flag, "Gives components parameters; blocks here have none"),
        ("PREPARE_BLOCKS_DATA", method::Kind::Fields, "Parameters of components"),
        ("ADD_IN_MENU", method::Kind::Flag, "Adds a link to menus; none is added"),
        ("BLOCK_ID", method::Kind::Int, "Block with a menu; it gets no link"),
        ("MENU_CODE", method::Kind::Text, "Code of the menu; it gets no link"),
    ];
    let fields = fields.map(|(name, kind, about)| optional(name, kind, about)).into();
    vec![
        write("landing.demos.register", SCOPE, register)
            .own_words()
            .about("Registers a template of a site with its pages and returns their IDs.")
            .param(required("data", method::Kind::Fields, "What fullExport returns").with_members(data))
            .param(optional("params", method::Kind::Fields, "What to say of it").with_members(params))
            .example(json!({"data": {"code": "visit", "name": "Visiting card", "type": "page"}}), json!("*")),
        listing(read("landing.demos.getList", SCOPE, list).own_words())
            .about("Returns registered templates by filter.")
            .example(
                json!({"params": {"filter": {"TPL_TYPE": "S"}}}),
                json!([{"ID": "1", "XML_ID": "leaflet"}]),
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
        scoped(write("landing.landing.addByTemplate", SCOPE, add))
            .about("Adds a page made of a template, which is not published, and returns its ID.")
            .param(required("siteId", method::Kind::Id, "Site"))
            .param(required("code", method::Kind::Text, "Code of the template"))
            .param(optional("fields", method::Kind::Fields, "Values by field").with_members(fields))
            .example(json!({"siteId": 1, "code": "empty", "fields": {"TITLE": "Terms"}}), json!("*")),
    ]
}

fn register(call: &mut Call<'_, '_>) -> Result<Value> {
    /// Bytes of a page of a template, at most: what a field takes.
    const LENGTH: usize = 60_000;
    require(call, &["data"])?;
    if call.param("data").is_some_and(|data| !data.is_array()) {
        return Err(wrong_argument("data").into());
    }
    let (data, params) = (call.fields("data"), members(call, "params")?);
    // One export, or a list of them.
    let all: Vec<Map> = match data.get("code") {
        Some(_) => vec![data],
        None => data.into_iter().filter_map(|(_, item)| item.into_map()).take(100).collect(),
    };
    if all.is_empty() {
        return Err(coded("REGISTER_ERROR_DATA", "Data is empty or incorrect").into());
    }
    let mut ids = Vec::new();
    for data in all {
        let pages = data.get("items").cloned().unwrap_or_default();
        let pages: Vec<Map> = pages.items().take(100).cloned().filter_map(Value::into_map).collect();
        let is_page = data.get("tpl_type").and_then(Value::text).as_deref() == Some("P");
        let mut manifest = data.clone();
        if !is_page {
            let codes = pages.iter().filter_map(|page| page.get("code").cloned()).collect::<Vec<_>>();
            manifest.insert("items", codes);
        }
        let mut items = vec![(data, manifest, if is_page { "P" } else { "S" })];
        if !is_page {
            items.extend(pages.into_iter().map(|page| (page.clone(), page, "P")));
        }
        for (item, manifest, kind) in items {
            let manifest = Json::from(&manifest.into_value());
            let text = manifest.to_string();
            if text.len() > LENGTH {
                return Err(coded("REGISTER_ERROR_DATA", "Data is too long").into());
            }
            require_safe(&manifest, 0)?;
            ids.push(Value::from(keep(call, &item, manifest, kind, &params)?));
        }
    }
    Ok(ids.into())
}

/// Refuses scripts in the values of nodes.
fn require_safe(value: &Json, depth: usize) -> Result<()> {
    if depth > 20 {
        return Ok(());
    }
    match value {
        Json::String(text) if unsafe_html::is_bad(text) => {
            Err(coded("CONTENT_IS_BAD", "Content is defined as unsafe.").into())
        }
        Json::Array(list) => list.iter().try_for_each(|value| require_safe(value, depth + 1)),
        Json::Object(members) => members
            .iter()
            .filter(|(name, _)| *name != "HEADBLOCK_CODE" && *name != "FONTS_CODE")
            .try_for_each(|(_, value)| require_safe(value, depth + 1)),
        _ => Ok(()),
    }
}

fn keep(call: &mut Call<'_, '_>, item: &Map, manifest: Json, kind: &str, params: &Map) -> Result<i64> {
    let text =
        |name: &str| item.get(name).and_then(Value::text).map(|text| text.into_owned()).unwrap_or_default();
    let code = text("code");
    if code.is_empty() {
        return Err(coded("BX_EMPTY_REQUIRED", "Required field \"External code\" is not filled").into());
    }
    let mut values = Map::new();
    values.push("TITLE", if text("name").is_empty() { code.clone() } else { text("name") });
    values.push(
        "TYPE",
        if text("type").is_empty() { "page".to_owned() } else { text("type").to_ascii_lowercase() },
    );
    values.push("TPL_TYPE", kind);
    values.push("SHOW_IN_LIST", if text("show_in_list") == "N" { "N" } else { "Y" });
    for (name, member) in [
        ("DESCRIPTION", "description"),
        ("PREVIEW_URL", "preview_url"),
        ("PREVIEW", "preview"),
        ("PREVIEW2X", "preview2x"),
        ("PREVIEW3X", "preview3x"),
    ] {
        values.push(name, text(member));
    }
    values.push("MANIFEST", Value::from(manifest));
    if let Some(lang) = params.get("lang") {
        values.push(
            "LANG",
            Value::from(json!({
                "lang": Json::from(lang), "lang_original": params.get("lang_original").map(Json::from),
            })),
        );
    }
    if let Some(template) = params.get("site_template_id") {
        values.push("SITE_TEMPLATE_ID", template.clone());
    }
    let sql = "SELECT id FROM landing_demo WHERE xml_id = ? AND tpl_type = ?";
    Ok(match call.tx.one(sql, &[code.as_str().into(), kind.into()], |row| row.int(0))? {
        Some(id) => {
            require_maker(call, &DEMO, id, DENIED)?;
            noun::amend(call, &DEMO, &FACE, id, &values)?;
            id
        }
        None => {
            values.push("XML_ID", code);
            noun::put(call, &DEMO, &values)?.number
        }
    })
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    require_array(call, "params")?;
    let params = Params::of(call)?;
    let scope = DEMO.grant(call, Act::Read)?;
    let rows = show::list(call, &DEMO, &scope, &params, &params.filter(), None)?;
    let shown = rows.iter().map(|row| params.pick(show::row(call, &DEMO, row, &[]), &[])).collect();
    Ok(params.group(shown))
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
    if ["page", "knowledge", "group", "mainpage"].contains(&wanted.as_str()) {
        found.push("empty", empty(call, kind));
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

fn empty(call: &Call<'_, '_>, kind: &str) -> Value {
    let title = call.language.text(Topic::Names, EMPTY);
    let types = ["page", "knowledge", "group", "mainpage"];
    json!({
        "ID": "empty", "XML_ID": "empty", "TYPE": types.map(str::to_ascii_uppercase), "TITLE": title, "ACTIVE": true,
        "PUBLICATION": false, "LOCK_DELETE": false, "AVAILABLE": true, "SINGLETON": false, "SECTION": [], "DESCRIPTION": "",
        "PREVIEW": "", "PREVIEW2X": "", "PREVIEW3X": "", "APP_CODE": "", "REST": 0,
        "DATA": {
            "name": title, "active": true, "type": types, "items": [], "version": 3, "old_id": 0, "encoded": true,
            "charset": "UTF-8", "tpl_type": kind,
        },
    })
    .into()
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

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["siteId", "code"])?;
    let (id, given) = (number(call, "siteId")?, members(call, "fields")?);
    let site = site::reach(call, id, Op::Read)?;
    let site = site.ok_or_else(|| coded("SITE_ERROR", "Site not found or access denied"))?;
    access::require(call, id, Op::Edit, "Access to create the page is denied.")?;
    let code = call.text("code").unwrap_or_default();
    let template = match code.as_str() {
        "empty" => json!({"name": call.language.text(Topic::Names, EMPTY), "items": []}),
        code => {
            let scope = DEMO.grant(call, Act::Read)?;
            let found = noun::rows(
                call,
                &DEMO,
                &scope,
                &[("xmlId", code.to_owned().into()), ("tplType", "P".into())],
            )?;
            let found =
                found.into_iter().next().ok_or_else(|| coded("WRONG_DATA", "Invalid template data"))?;
            found.json("manifest")
        }
    };
    let text = |name: &str| {
        given.get(name).and_then(Value::text).map(|text| text.into_owned()).filter(|text| !text.is_empty())
    };
    let mut hooks =
        Value::from(template["fields"]["ADDITIONAL_FIELDS"].clone()).into_map().unwrap_or_default();
    let title = text("TITLE");
    for (name, value) in [("TITLE", &title), ("DESCRIPTION", &text("DESCRIPTION"))] {
        for hook in ["METAOG", "METAMAIN"] {
            if let Some(value) = value {
                hooks.insert(format!("{hook}_{name}"), value.as_str());
            }
        }
    }
    let (folder, published) = beside(call, &given, id)?;
    let name = template["fields"]["TITLE"].as_str().or(template["name"].as_str()).unwrap_or(&code).to_owned();
    let mut fields = Map::new();
    fields.push("TITLE", title.unwrap_or(name));
    fields.push("SITE_ID", site.number);
    fields.push("FOLDER_ID", folder);
    fields.push("XML_ID", code.as_str());
    fields.push("ADDITIONAL_FIELDS", hooks.into_value());
    let made = page::make(call, &fields)?;
    page::amend(call, made.number, &Map::from([("TPL_CODE", code)]))?;
    let blocks = match &template["items"] {
        Json::Object(items) => items.values().cloned().collect(),
        Json::Array(items) => items.clone(),
        _ => Vec::new(),
    };
    for item in blocks {
        add_block(call, &made, &item)?;
    }
    if published {
        page::publish(call, &made)?;
    }
    Ok(made.number.into())
}

/// The folder in which the new page stands, and whether it is published: as the page beside which it is made.
fn beside(call: &mut Call<'_, '_>, given: &Map, site: i64) -> Result<(i64, bool)> {
    let folder = given.get("FOLDER_ID").and_then(Value::as_int).unwrap_or(0);
    let Some(id) = given.get("ID").and_then(Value::as_int).filter(|id| *id > 0) else {
        return Ok((folder, false));
    };
    let other = page::seen(call, id, false)?.filter(|page| page.int("siteId") == Some(site));
    let other = other.ok_or_else(|| coded("LANDING_ERROR", "Page or folder not found"))?;
    let published = other.text("active") == "Y" && may(call, site, Op::Public)?;
    Ok((other.int("folderId").unwrap_or(folder), published))
}

/// Adds a block as a template has it. One that there is none of is passed over.
fn add_block(call: &mut Call<'_, '_>, page: &Row, item: &Json) -> Result<()> {
    let own = item["repo_block"]["xml_id"].as_str().unwrap_or_default().to_owned();
    let sql = "SELECT id FROM landing_repo WHERE xml_id = ?";
    let own = call.tx.one(sql, &[own.into()], |row| row.int(0))?;
    let code =
        own.map_or_else(|| item["code"].as_str().unwrap_or_default().to_owned(), |id| format!("repo_{id}"));
    if repo::number(&code).is_some() && own.is_none() || block::available(call, &code)?.is_none() {
        return Ok(());
    }
    let last = block::of(call, page.number, true, false)?.last().map_or(0, |row| row.number);
    let fields = Map::from([("CODE", Value::from(code)), ("AFTER_ID", last.into())]);
    let Ok(made) = block::add_to(call, page, &fields) else { return Ok(()) };
    block::apply(call, &made, &Value::from(item.clone()))
}
