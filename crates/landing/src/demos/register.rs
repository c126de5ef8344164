//! Registering templates: `landing.demos.register` takes what `landing.site.fullExport` returns.

use engine::call::Call;
use engine::error::Result;
use engine::method::{self, Method, optional, required, write};
use engine::noun;
use serde_json::{Value as Json, json};
use wire::{Map, Value};

use super::{DEMO, DENIED, FACE};
use crate::access::require_maker;
use crate::refusal::{coded, members, require, wrong_argument};
use crate::{SCOPE, unsafe_html};

/// The method.
pub fn method() -> Method {
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
    write("landing.demos.register", SCOPE, register)
        .own_words()
        .about("Registers a template of a site with its pages and returns their IDs.")
        .param(required("data", method::Kind::Fields, "What fullExport returns").with_members(data))
        .param(optional("params", method::Kind::Fields, "What to say of it").with_members(params))
        .example(json!({"data": {"code": "visit", "name": "Visiting card", "type": "page"}}), json!("*"))
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
            require_safe(&manifest)?;
            ids.push(Value::from(keep(call, &item, manifest, kind, &params)?));
        }
    }
    Ok(ids.into())
}

/// Refuses scripts in the values of nodes, however deep: what a call brings is nested within bounds.
fn require_safe(value: &Json) -> Result<()> {
    match value {
        Json::String(text) if unsafe_html::is_bad(text) => {
            Err(coded("CONTENT_IS_BAD", "Content is defined as unsafe.").into())
        }
        Json::Array(list) => list.iter().try_for_each(require_safe),
        Json::Object(members) => members
            .iter()
            .filter(|(name, _)| *name != "HEADBLOCK_CODE" && *name != "FONTS_CODE")
            .try_for_each(|(_, value)| require_safe(value)),
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
