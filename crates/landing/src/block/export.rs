//! Blocks as a template has them: `landing.site.fullExport`.

use engine::call::Call;
use engine::error::Result;
use engine::noun;
use serde_json::{Value as Json, json};
use wire::{Map, Value};

use super::nodes::find;
use super::{of, repository};
use crate::html::{Element, Tree};
use crate::repo::REPO;

/// The drafts' blocks of a page as a template has them.
///
/// # Errors
/// Those of the store.
pub fn exported(call: &mut Call<'_, '_>, page: i64) -> Result<Value> {
    let mut blocks = Map::new();
    for row in of(call, page, true, false)? {
        let manifest = repository::manifest(call, row.text("code"))?;
        let (html, tree) = (row.text("content"), Tree::read(row.text("content")));
        let mut map = Map::new();
        map.push("old_id", row.number);
        map.push("code", row.text("code"));
        map.push("access", row.text("access"));
        map.push("anchor", row.text("anchor"));
        if let Some(id) = row.int("repoId") {
            let own = noun::again(call, &REPO, id)?;
            let own = own.as_ref().map_or("", |own| own.text("xmlId")).to_owned();
            map.push("repo_block", Value::from(json!({"app_code": "", "xml_id": own})));
        }
        for (name, part) in [
            ("cards", cards(&tree, &manifest)),
            ("nodes", values(html, &tree, &manifest)),
            ("style", styles(&tree, &manifest)),
            ("attrs", attributes(&tree, &manifest)),
        ] {
            if !part.is_empty() {
                map.push(name, part.into_value());
            }
        }
        blocks.push(format!("#block{}", row.number), map.into_value());
    }
    Ok(if blocks.is_empty() { Vec::new().into() } else { blocks.into_value() })
}

fn selectors(manifest: &Json, part: &str) -> Vec<String> {
    manifest[part].as_object().into_iter().flat_map(|part| part.keys().cloned()).collect()
}

/// The values of all nodes, by selector.
fn values(html: &str, tree: &Tree, manifest: &Json) -> Map {
    let mut all = Map::new();
    for selector in selectors(manifest, "nodes") {
        let kind = manifest["nodes"][&selector]["type"].as_str().unwrap_or("text").to_owned();
        let value = |at: usize| value_of(html, &tree.elements[at], &kind);
        let values: Vec<Value> = find(tree, &selector).into_iter().map(value).collect();
        if !values.is_empty() {
            all.push(selector, values);
        }
    }
    all
}

fn value_of(html: &str, element: &Element, kind: &str) -> Value {
    let attribute = |name: &str| Value::from(element.attribute(name).unwrap_or_default());
    let inner = || Value::from(&html[element.inner.clone()]);
    match kind {
        "link" => {
            let (href, target) = (attribute("href"), attribute("target"));
            Map::from([("text", inner()), ("href", href), ("target", target)]).into()
        }
        "img" if element.name == "img" => {
            Map::from([("src", attribute("src")), ("alt", attribute("alt"))]).into()
        }
        "img" | "styleimg" => {
            let style = element.attribute("style").unwrap_or_default();
            let from = style.find("url('").map(|at| &style[at + 5..]);
            let src = from.and_then(|rest| rest.split('\'').next()).unwrap_or_default();
            if src.is_empty() { Value::Null } else { Value::under("src", src) }
        }
        "icon" => element
            .attribute("class")
            .unwrap_or_default()
            .split_ascii_whitespace()
            .map(Value::from)
            .collect::<Vec<_>>()
            .into(),
        "embed" => Map::from([("src", attribute("data-src")), ("source", attribute("data-source"))]).into(),
        "map" => attribute("data-map"),
        _ => inner(),
    }
}

/// How many cards there are, by selector.
fn cards(tree: &Tree, manifest: &Json) -> Map {
    let count = |selector: String| {
        let count = find(tree, &selector).len();
        let source = (0..count).map(|at| {
            let value = i64::try_from(at).unwrap_or(0);
            Value::from(Map::from([("type", "card".into()), ("value", value.into())]))
        });
        (count > 0).then(|| (selector.into(), Value::under("source", source.collect::<Vec<_>>())))
    };
    selectors(manifest, "cards").into_iter().filter_map(count).collect()
}

/// The classes of the elements that have styles, by selector.
fn styles(tree: &Tree, manifest: &Json) -> Map {
    let mut all = Map::new();
    for selector in selectors(&manifest["style"], "nodes") {
        let class = |at: usize| Value::from(tree.elements[at].attribute("class").unwrap_or_default());
        let found: Vec<Value> = find(tree, &selector).into_iter().map(class).collect();
        if !found.is_empty() {
            all.push(selector, found);
        }
    }
    if let Some(first) = tree.elements.first() {
        all.push("#wrapper", vec![Value::from(first.attribute("class").unwrap_or_default())]);
    }
    all
}

/// The attributes that the manifest names, by selector.
fn attributes(tree: &Tree, manifest: &Json) -> Map {
    let mut all = Map::new();
    for selector in selectors(manifest, "attrs") {
        let names = super::styles::attributes(manifest, &selector);
        let one = |at: usize| {
            let element = &tree.elements[at];
            let member = |name: &String| Some((name.as_str().into(), element.attribute(name)?.into()));
            names.iter().filter_map(member).collect::<Map>().into_value()
        };
        let found: Vec<Value> = find(tree, &selector).into_iter().map(one).collect();
        if !found.is_empty() {
            all.push(selector, found);
        }
    }
    all
}
