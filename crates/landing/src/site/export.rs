//! A site as a template: `landing.site.fullExport`. `landing.demos.register` takes it.

use engine::call::Call;
use engine::entity::Row;
use engine::error::Result;
use engine::method::{self, Method, optional, read, required};
use engine::noun::{self, Asked};
use serde_json::json;
use wire::{Map, Value};

use super::reach;
use crate::access::Op;
use crate::page::PAGE;
use crate::refusal::{coded, denied, key, members};
use crate::{SCOPE, additional, block, syspage};

/// Pages that a template has, at most.
const MOST: i64 = 100;

/// The methods.
pub fn methods() -> Vec<Method> {
    let params = vec![
        optional("edit_mode", method::Kind::Flag, "Additional fields as they are edited"),
        optional("scope", method::Kind::Text, "KNOWLEDGE, GROUP or MAINPAGE for sites of these types"),
        optional("hooks_disable", method::Kind::List, "Additional fields to leave out"),
        optional("code", method::Kind::Text, "Code of the template"),
        optional("name", method::Kind::Text, "Name"),
        optional("description", method::Kind::Text, "Description"),
        optional("preview", method::Kind::Text, "Preview"),
        optional("preview2x", method::Kind::Text, "Preview of double size"),
        optional("preview3x", method::Kind::Text, "Preview of triple size"),
        optional("preview_url", method::Kind::Text, "Address of a preview"),
    ];
    vec![
        read("landing.site.fullExport", SCOPE, export)
            .own_words()
            .about("Returns a site with its pages as a template.")
            .param(required("id", method::Kind::Id, "Site"))
            .param(
                optional("params", method::Kind::Fields, "What to say of the template").with_members(params),
            )
            .example(
                json!({"id": 1, "params": {"code": "shop"}}),
                json!({"code": "shop", "type": "store", "version": 3}),
            ),
    ]
}

fn export(call: &mut Call<'_, '_>) -> Result<Value> {
    let (id, params) = (key(call, "id")?, members(call, "params")?);
    let site = reach(call, id, Op::Read)?.ok_or_else(denied)?;
    exported(call, &site, &params)
}

/// A site as a template; `[]` when it has no pages.
fn exported(call: &mut Call<'_, '_>, site: &Row, params: &Map) -> Result<Value> {
    let text = |name: &str| params.get(name).and_then(Value::text).map(|text| text.into_owned());
    let code = text("code").unwrap_or_else(|| site.text("code").trim_matches('/').to_owned());
    if text("code").is_some() && !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        let words = "The parameter code can only consist of Latin letters and digits.";
        return Err(coded("SYSTEM_ERROR", words).into());
    }
    let within = Some(("t.site_id = ? AND t.deleted = 'N'".to_owned(), vec![site.number.into()]));
    let pages = noun::belonging(call, &PAGE, Asked { within, window: Some((0, MOST)), ..Asked::default() })?;
    if pages.is_empty() {
        return Ok(Vec::new().into());
    }
    let left: Vec<String> = params
        .get("hooks_disable")
        .map(|names| names.each().filter_map(Value::text).map(|name| name.into_owned()).collect())
        .unwrap_or_default();
    let key = |page: &Row| match pages.len() {
        1 => code.clone(),
        _ => format!("{code}/{}", page.text("code")),
    };
    let key_of = |id: Option<i64>| {
        let page = pages.iter().find(|page| Some(page.number) == id);
        page.map_or_else(|| "0".to_owned(), &key)
    };
    let said = |name: &str, own: &str| text(name).unwrap_or_else(|| own.to_owned());
    let mut fields = Map::new();
    fields.push("ADDITIONAL_FIELDS", hooks(site, &left));
    fields.push("TITLE", site.text("title"));
    fields.push("LANDING_ID_INDEX", key_of(site.int("landingIdIndex")));
    fields.push("LANDING_ID_404", key_of(site.int("landingId404")));
    let mut map = Map::with_capacity(18);
    map.push("charset", "UTF-8");
    map.push("code", code.as_str());
    map.push("site_code", site.text("code"));
    map.push("name", said("name", site.text("title")));
    map.push("description", said("description", site.text("description")));
    for name in ["preview", "preview2x", "preview3x", "preview_url"] {
        map.push(name, said(name, ""));
    }
    map.push("show_in_list", "Y");
    map.push("type", site.text("type").to_ascii_lowercase());
    map.push("version", 3);
    map.push("fields", fields.into_value());
    map.push("layout", Vec::new());
    map.push("folders", Vec::new());
    let parts: Map = syspage::of(call, site.number)?
        .into_iter()
        .filter(|(_, page)| pages.iter().any(|known| known.number == *page))
        .map(|(kind, page)| (kind.into(), key_of(Some(page)).into()))
        .collect();
    map.push("syspages", if parts.is_empty() { Vec::new().into() } else { parts.into_value() });
    let mut items = Map::new();
    for page in &pages {
        let alone = pages.len() == 1;
        let mut item = page_item(call, site, page, &key(page), &left)?;
        for name in ["name", "description", "preview", "preview2x", "preview3x", "preview_url"] {
            if let Some(text) = text(name).filter(|_| alone) {
                item.insert(name, text);
            }
        }
        items.push(key(page), item.into_value());
    }
    map.push("items", items.into_value());
    Ok(map.into_value())
}

fn page_item(call: &mut Call<'_, '_>, site: &Row, page: &Row, key: &str, left: &[String]) -> Result<Map> {
    let mut fields = Map::with_capacity(3);
    fields.push("TITLE", page.text("title"));
    fields.push("RULE", if page.text("rule").is_empty() { Value::Null } else { page.text("rule").into() });
    fields.push("ADDITIONAL_FIELDS", hooks(page, left));
    let mut item = Map::with_capacity(14);
    item.push("old_id", page.number.to_string());
    item.push("code", key);
    item.push("name", page.text("title"));
    item.push("description", page.text("description"));
    for name in ["preview", "preview2x", "preview3x", "preview_url"] {
        item.push(name, "");
    }
    item.push("show_in_list", "Y");
    item.push("type", site.text("type").to_ascii_lowercase());
    item.push("version", 3);
    item.push("fields", fields.into_value());
    item.push("layout", Vec::new());
    item.push("items", block::exported(call, page.number)?);
    Ok(item)
}

/// The additional fields but for those that a template never has, and those that are to be left out.
fn hooks(row: &Row, left: &[String]) -> Value {
    let Value::Map(all) = additional::shown(row) else { return Vec::new().into() };
    let goes = |name: &str| {
        ["B24BUTTON_CODE", "FAVICON_PICTURE"].contains(&name) || left.iter().any(|left| left == name)
    };
    let kept: Map = all.into_iter().filter(|(name, _)| !goes(name)).collect();
    if kept.is_empty() { Vec::new().into() } else { kept.into_value() }
}
