//! The blocks that everybody may add: a dozen plain ones, with manifests that say what may be changed in them.

use std::sync::LazyLock;

use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Seed};
use engine::texts::{Locale, Topic};
use serde_json::{Map as Object, Value as Json, json};
use wire::{Map, Value};

use super::BLOCK;
use crate::repo;

static BLOCKS: LazyLock<Vec<Json>> =
    LazyLock::new(|| serde_json::from_str(include_str!("blocks.json")).unwrap_or_default());

/// The sections that blocks are in, by code.
const SECTIONS: [(&str, &str); 12] = [
    ("cover", "Covers"),
    ("about", "About the project"),
    ("title", "Titles"),
    ("text", "Text"),
    ("columns", "Columns"),
    ("text_image", "Text and images"),
    ("menu", "Menus"),
    ("forms", "Forms"),
    ("tariffs", "Prices"),
    ("social", "Social networks"),
    ("footer", "Footers"),
    ("other", "Other"),
];

/// The name of the section of saved blocks.
const FAVOURITE: &str = "Favorites";

/// Names that answers translate; there is nothing to be seeded.
pub const NAMES: Seed = Seed { name: "landing.names", names, seed: |_, _, _| Ok(()) };

fn names() -> Vec<&'static str> {
    let mut names: Vec<&'static str> = SECTIONS.iter().map(|(_, name)| *name).chain([FAVOURITE]).collect();
    for block in BLOCKS.iter() {
        collect(&block["manifest"], &mut names);
        names.extend(block["description"].as_str().filter(|text| !text.is_empty()));
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether a member of a manifest is a text for people.
fn is_name(member: &str) -> bool {
    matches!(member, "name" | "title")
}

fn collect(value: &'static Json, names: &mut Vec<&'static str>) {
    match value {
        Json::Object(members) => {
            for (name, member) in members {
                if is_name(name) {
                    names.extend(member.as_str());
                }
                collect(member, names);
            }
        }
        Json::Array(members) => members.iter().for_each(|member| collect(member, names)),
        _ => {}
    }
}

/// A manifest with its names in a language.
fn translated(value: &Json, language: Locale) -> Json {
    match value {
        Json::Object(members) => {
            let member = |(name, member): (&String, &Json)| {
                let value = match member.as_str().filter(|_| is_name(name)) {
                    Some(text) => language.text(Topic::Names, text).into(),
                    None => translated(member, language),
                };
                (name.clone(), value)
            };
            members.iter().map(member).collect::<Object<String, Json>>().into()
        }
        Json::Array(members) => members.iter().map(|member| translated(member, language)).collect(),
        other => other.clone(),
    }
}

fn block(code: &str) -> Option<&'static Json> {
    let code = code.strip_prefix("bitrix:").unwrap_or(code);
    BLOCKS.iter().find(|block| block["code"] == *code)
}

/// The manifest of a block of the repository as it is declared; names in a language.
pub fn manifest_file(code: &str, language: Locale) -> Option<Json> {
    block(code).map(|block| translated(&block["manifest"], language))
}

/// A block that may be added: its code on pages, its HTML, and the number of the own block that it is one of.
#[derive(Debug)]
pub struct Found {
    /// The code.
    pub code: String,
    /// The HTML.
    pub content: String,
    /// The own block.
    pub repo: Option<i64>,
    /// The types of sites that it is for; none means all.
    pub types: Vec<String>,
}

/// The block with that code: of the repository, an own one (`repo_5`) or a saved one (`15.social@7`).
///
/// # Errors
/// Those of the store.
pub fn find(call: &mut Call<'_, '_>, code: &str) -> Result<Option<Found>> {
    if let Some(id) = repo::number(code) {
        let own = noun::again(call, &repo::REPO, id)?.filter(|own| own.text("active") != "N");
        return Ok(own.map(|own| {
            let types = types(&own.json("manifest"));
            Found { code: code.to_owned(), content: own.text("content").to_owned(), repo: Some(id), types }
        }));
    }
    if let Some((kind, id)) = code.rsplit_once('@') {
        let saved = noun::again(call, &BLOCK, id.parse().unwrap_or(0))?;
        let saved = saved.filter(|saved| saved.int("landingId") == Some(0) && saved.text("code") == kind);
        return Ok(saved.map(|saved| Found {
            code: kind.to_owned(),
            content: saved.text("content").to_owned(),
            repo: saved.int("repoId"),
            types: Vec::new(),
        }));
    }
    Ok(block(code).map(|block| Found {
        code: block["code"].as_str().unwrap_or_default().to_owned(),
        content: block["html"].as_str().unwrap_or_default().to_owned(),
        repo: None,
        types: types(&block["manifest"]),
    }))
}

/// The types of sites that a manifest names.
fn types(manifest: &Json) -> Vec<String> {
    let text = |value: &Json| value.as_str().map(str::to_ascii_uppercase);
    match &manifest["block"]["type"] {
        Json::Array(types) => types.iter().filter_map(text).collect(),
        other => text(other).into_iter().collect(),
    }
}

/// The manifest of a block on a page, by its code.
///
/// # Errors
/// Those of the store.
pub fn manifest(call: &mut Call<'_, '_>, code: &str) -> Result<Json> {
    let own = match repo::number(code) {
        Some(id) => noun::again(call, &repo::REPO, id)?,
        None => return Ok(manifest_file(code, call.language).unwrap_or_else(|| json!({}))),
    };
    let mut manifest = own.as_ref().map_or_else(|| json!({}), |own| own.json("manifest"));
    if !manifest.is_object() {
        manifest = json!({});
    }
    if let Some(own) = own {
        if !manifest["block"].is_object() {
            manifest["block"] = json!({});
        }
        if !manifest["block"]["name"].is_string() {
            manifest["block"]["name"] = own.text("name").into();
        }
        if manifest["block"]["section"].is_null() {
            manifest["block"]["section"] = own.text("sections").split(',').map(str::trim).collect();
        }
    }
    Ok(manifest)
}

fn section(name: &str, items: Map) -> Value {
    let mut map = Map::with_capacity(8);
    map.push("name", name);
    map.push("meta", Vec::new());
    map.push("new", false);
    map.push("type", Value::Null);
    map.push("specialType", Value::Null);
    map.push("separator", false);
    map.push("app_code", false);
    map.push("items", items.into_value());
    map.into_value()
}

fn item(block: &Json, manifest: &Json, language: Locale) -> Value {
    let description = block["description"].as_str().unwrap_or_default();
    json!({
        "id": null, "name": manifest["block"]["name"], "namespace": "bitrix", "new": false, "version": null,
        "type": types(manifest).iter().map(|kind| kind.to_ascii_lowercase()).collect::<Vec<_>>(),
        "section": manifest["block"]["section"], "system": false,
        "description": language.text(Topic::Names, description), "preview": "", "restricted": false,
        "repo_id": false, "app_code": false, "only_for_license": "", "requires_updates": false,
    })
    .into()
}

/// All sections with the blocks that sites of that type may have.
///
/// # Errors
/// Those of the store.
pub fn sections(call: &mut Call<'_, '_>, kind: &str) -> Result<Map> {
    let fits = |types: &[String]| types.is_empty() || types.iter().any(|known| known == kind);
    let mut all: Vec<(Vec<String>, String, Value)> = Vec::new();
    for block in BLOCKS.iter().filter(|block| fits(&types(&block["manifest"]))) {
        let manifest = translated(&block["manifest"], call.language);
        let code = block["code"].as_str().unwrap_or_default().to_owned();
        all.push((listed(&manifest["block"]["section"]), code, item(block, &manifest, call.language)));
    }
    for own in repo::active(call)? {
        let sections = own.text("sections").split(',').map(|name| name.trim().to_owned()).collect();
        if fits(&types(&own.json("manifest"))) {
            all.push((sections, format!("repo_{}", own.number), repo::item(&own)));
        }
    }
    let mut found = Map::new();
    let me = call.caller.user_id;
    let saved = super::favourites(call)?;
    let favourite = saved.iter().map(|row| {
        let meta = row.json("favoriteMeta");
        let name = meta["name"].as_str().unwrap_or(row.text("code")).to_owned();
        let shown = json!({
            "id": row.number.to_string(), "name": name, "namespace": "bitrix", "new": false, "version": null, "type": [],
            "section": meta["section"], "system": false, "description": null, "preview": "", "restricted": false,
            "repo_id": false, "app_code": false, "favorite": true, "favoriteMy": row.int("createdById") == Some(me),
            "requires_updates": false,
        });
        (format!("{}@{}", row.text("code"), row.number).into(), Value::from(shown))
    });
    found.push("favourite", section(call.language.text(Topic::Names, FAVOURITE), favourite.collect()));
    let known = SECTIONS
        .iter()
        .map(|(code, name)| ((*code).to_owned(), call.language.text(Topic::Names, name).to_owned()));
    let mut names: Vec<(String, String)> = known.collect();
    for code in all.iter().flat_map(|(sections, _, _)| sections) {
        if !code.is_empty() && !names.iter().any(|(known, _)| known == code) {
            names.push((code.clone(), code.clone()));
        }
    }
    for (code, name) in names {
        let within = all.iter().filter(|(sections, _, _)| sections.contains(&code));
        let items = within.map(|(_, code, item)| (code.as_str().into(), item.clone())).collect();
        found.push(code, section(&name, items));
    }
    Ok(found)
}

/// A text or a list of texts.
pub fn listed(value: &Json) -> Vec<String> {
    match value {
        Json::Array(list) => list.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        Json::String(text) => text.split(',').map(|part| part.trim().to_owned()).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::{Selector, Tree};

    #[test]
    fn manifests_name_what_is_there() {
        assert!(BLOCKS.len() >= 12);
        for block in BLOCKS.iter() {
            let tree = Tree::read(block["html"].as_str().unwrap_or_default());
            for part in ["nodes", "cards"] {
                for selector in block["manifest"][part].as_object().into_iter().flat_map(Object::keys) {
                    let found =
                        Selector::read(selector).map(|selector| selector.find(&tree)).unwrap_or_default();
                    assert!(!found.is_empty(), "{} has no {selector}", block["code"]);
                }
            }
            for code in listed(&block["manifest"]["block"]["section"]) {
                assert!(SECTIONS.iter().any(|(known, _)| *known == code), "{code}");
            }
        }
    }
}
