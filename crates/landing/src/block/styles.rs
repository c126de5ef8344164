//! Styles, attributes and names of elements.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use wire::Value;

use super::nodes::{Tag, find, is_attribute, split, written};
use crate::html::{Edits, Tree, classes, renamed};

/// The names that elements may be given.
const NAMES: [&str; 10] = ["h1", "h2", "h3", "h4", "h5", "h6", "div", "p", "a", "span"];

/// The elements that a key means: all that its selector finds, or the one in its place; for the block as a whole
/// (`#wrapper`, `#block7`) its first element.
fn meant(tree: &Tree, key: &str, block: i64) -> (String, Vec<usize>) {
    let (selector, place) = split(key);
    if selector == "#wrapper" || selector == format!("#block{block}") {
        return ("#wrapper".to_owned(), tree.elements.first().map(|_| 0).into_iter().collect());
    }
    let found = find(tree, selector);
    let found = match place {
        Some(at) => found.get(at).copied().into_iter().collect(),
        None => found,
    };
    (selector.to_owned(), found)
}

/// The attributes that a manifest names for a selector, in all parts that have attributes.
pub fn attributes(manifest: &Json, selector: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for part in [&manifest["attrs"], &manifest["style"]["nodes"], &manifest["cards"]] {
        if let Some(found) = part.get(selector) {
            collect(found, 0, &mut names);
        }
    }
    if selector == "#wrapper" {
        collect(&manifest["style"]["block"], 0, &mut names);
    }
    names
}

fn collect(value: &Json, depth: usize, names: &mut BTreeSet<String>) {
    if depth > 8 {
        return;
    }
    match value {
        Json::Object(members) => {
            names.extend(members.get("attribute").and_then(Json::as_str).map(str::to_owned));
            members.values().for_each(|member| collect(member, depth + 1, names));
        }
        Json::Array(members) => members.iter().for_each(|member| collect(member, depth + 1, names)),
        _ => {}
    }
}

/// The HTML with other values of attributes that the manifest names.
pub fn update_attributes(html: &str, manifest: &Json, key: &str, value: &Value, block: i64) -> String {
    if key == "#wrapper" {
        return html.to_owned();
    }
    let tree = Tree::read(html);
    let (selector, found) = meant(&tree, key, block);
    let allowed = attributes(manifest, &selector);
    let mut edits = Edits::default();
    for at in found {
        let mut tag = Tag::of(html, &tree.elements[at]);
        for (name, value) in value.entries() {
            if allowed.contains(name.as_ref()) && is_attribute(&name) {
                tag.set(&name, Some(&written(value)));
            }
        }
        tag.put(&mut edits);
    }
    edits.apply(html)
}

/// The HTML with other classes and inline styles of elements that have styles.
pub fn update_styles(html: &str, manifest: &Json, key: &str, value: &Value, block: i64) -> String {
    let tree = Tree::read(html);
    let (selector, found) = meant(&tree, key, block);
    let known = |part: &Json| part.get(&selector).is_some();
    let is_open = selector == "#wrapper" || known(&manifest["style"]["nodes"]) || known(&manifest["style"]);
    if !is_open {
        return html.to_owned();
    }
    let is_list = !matches!(value, Value::Map(_));
    let part = |name: &str| if is_list { None } else { value.get(name) };
    let given = if is_list { Some(value) } else { value.get("classList") };
    let given: Option<Vec<String>> =
        given.map(|list| list.each().filter_map(Value::text).map(|class| class.into_owned()).collect());
    let affected: Vec<(String, Option<String>)> = part("affect")
        .map(|affect| affect.each().filter_map(Value::text).map(|name| (name.into_owned(), None)).collect())
        .unwrap_or_default();
    let style: Option<Vec<(String, Option<String>)>> = part("style").map(|style| {
        let value =
            |value: &Value| value.text().map(|text| text.into_owned()).filter(|text| !text.is_empty());
        style.entries().map(|(name, given)| (name.into_owned(), value(given))).collect()
    });
    let mut edits = Edits::default();
    let mut freed = vec![false; tree.elements.len()];
    for at in found {
        let mut tag = Tag::of(html, &tree.elements[at]);
        if let Some(given) = &given {
            tag.set("class", Some(&classes(given.iter().map(String::as_str))));
        }
        if let Some(style) = &style {
            tag.restyle(style);
        }
        tag.put(&mut edits);
        if !affected.is_empty() {
            free(html, &tree, at, &affected, &mut freed, &mut edits);
        }
    }
    edits.apply(html)
}

/// Changes the inline styles within an element, once each: elements stand in the order of the text, and those within each
/// other would be gone through again for each of them.
fn free(
    html: &str,
    tree: &Tree,
    at: usize,
    changes: &[(String, Option<String>)],
    freed: &mut [bool],
    edits: &mut Edits,
) {
    let end = tree.elements[at].inner.end;
    let behind = tree.elements.iter().zip(freed).skip(at + 1);
    for (inner, freed) in behind.take_while(|(inner, _)| inner.tag.start < end) {
        if inner.whole.end <= end && inner.attribute("style").is_some() && !*freed {
            *freed = true;
            let mut tag = Tag::of(html, inner);
            tag.restyle(changes);
            tag.put(edits);
        }
    }
}

/// The HTML with another name of an element.
pub fn rename(html: &str, manifest: &Json, key: &str, name: &Value) -> String {
    let (selector, place) = split(key);
    if manifest["nodes"].get(selector).is_none() {
        return html.to_owned();
    }
    let name = name.text().unwrap_or_default().trim().to_ascii_lowercase();
    let name = NAMES.into_iter().find(|known| *known == name).unwrap_or("div");
    let tree = Tree::read(html);
    let Some(at) = find(&tree, selector).get(place.unwrap_or(0)).copied() else { return html.to_owned() };
    let element = &tree.elements[at];
    let mut edits = Edits::default();
    edits.put(element.tag.clone(), renamed(&html[element.tag.clone()], name));
    let end = element.inner.end..element.whole.end;
    if !end.is_empty() {
        edits.put(end.clone(), renamed(&html[end], name));
    }
    edits.apply(html)
}
