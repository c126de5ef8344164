//! Pages made of templates: `landing.landing.addByTemplate`.

use engine::access::Act;
use engine::call::Call;
use engine::entity::Row;
use engine::error::Result;
use engine::method::{self, Method, optional, required, write};
use engine::noun;
use serde_json::{Value as Json, json};
use wire::{Map, Value};

use super::{DEMO, standard};
use crate::access::{self, Op, may};
use crate::refusal::{coded, members, number, require};
use crate::{SCOPE, block, page, repo, scoped, site};

/// The method.
pub fn method() -> Method {
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
    scoped(write("landing.landing.addByTemplate", SCOPE, add))
        .about("Adds a page made of a template, which is not published, and returns its ID.")
        .param(required("siteId", method::Kind::Id, "Site"))
        .param(required("code", method::Kind::Text, "Code of the template"))
        .param(optional("fields", method::Kind::Fields, "Values by field").with_members(fields))
        .example(json!({"siteId": 1, "code": "empty", "fields": {"TITLE": "Terms"}}), json!("*"))
}

/// What the template with that code says of a page.
fn template(call: &mut Call<'_, '_>, code: &str) -> Result<Json> {
    if let Some(content) = standard::content(code, call.language) {
        return Ok(content);
    }
    let scope = DEMO.grant(call, Act::Read)?;
    let values = [("xmlId", code.to_owned().into()), ("tplType", "P".into())];
    let found = noun::rows(call, &DEMO, &scope, &values)?.pop();
    Ok(found.ok_or_else(|| coded("WRONG_DATA", "Invalid template data"))?.json("manifest"))
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    require(call, &["siteId", "code"])?;
    let (id, given) = (number(call, "siteId")?, members(call, "fields")?);
    let site = site::reach(call, id, Op::Read)?;
    let site = site.ok_or_else(|| coded("SITE_ERROR", "Site not found or access denied"))?;
    access::require(call, id, Op::Edit, "Access to create the page is denied.")?;
    let code = call.text("code").unwrap_or_default();
    let template = template(call, &code)?;
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
    page::amend(call, made.number, &Map::from([("TPL_CODE", code.into())]))?;
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
    let fields = Map::from([("CODE", code.into()), ("AFTER_ID", last.into())]);
    let Ok(made) = block::add_to(call, page, &fields) else { return Ok(()) };
    block::apply(call, &made, &Value::from(item.clone()))
}
