//! Nodes of a block: the elements that its manifest says may be changed, by selector and, of several, by place
//! (`.landing-block-node-title@1`).

use serde_json::Value as Json;
use wire::Value;

use crate::html::{Edits, Element, Selector, Tree, classes, set_style, with_attribute};

/// A selector with the place that it names.
pub fn split(key: &str) -> (&str, Option<usize>) {
    match key.rsplit_once('@') {
        Some((selector, place)) => (selector, Some(place.trim().parse().unwrap_or(0))),
        None => (key, None),
    }
}

/// The elements that a selector finds.
pub fn find(tree: &Tree, selector: &str) -> Vec<usize> {
    Selector::read(selector).map(|selector| selector.find(tree)).unwrap_or_default()
}

/// A start tag that is being changed.
pub struct Tag<'e> {
    element: &'e Element,
    text: String,
}

impl<'e> Tag<'e> {
    /// That of an element.
    pub fn of(html: &str, element: &'e Element) -> Self {
        Tag { element, text: html[element.tag.clone()].to_owned() }
    }

    /// An attribute that it had; empty without one.
    fn had(&self, name: &str) -> &'e str {
        self.element.attribute(name).unwrap_or_default()
    }

    /// Gives it an attribute, or takes it away.
    pub fn set(&mut self, name: &str, value: Option<&str>) {
        self.text = with_attribute(&self.text, name, value);
    }

    /// Changes properties of the inline style that it had, which goes when nothing is left of it.
    pub fn restyle(&mut self, changes: &[(String, Option<String>)]) {
        let style = set_style(self.had("style"), changes);
        self.set("style", Some(style.as_str()).filter(|style| !style.is_empty()));
    }

    /// Puts the tag as it is now into its place.
    pub fn put(self, edits: &mut Edits) {
        edits.put(self.element.tag.clone(), self.text);
    }
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name).filter(|value| !value.is_array()).and_then(Value::text).map(|text| text.into_owned())
}

/// The HTML with another value of a node. What the manifest does not name stays as it is.
pub fn update(html: &str, manifest: &Json, key: &str, value: &Value) -> String {
    let (selector, place) = split(key);
    let Some(node) = manifest["nodes"].get(selector) else { return html.to_owned() };
    let tree = Tree::read(html);
    let found = find(&tree, selector);
    let mut edits = Edits::default();
    if let Some(given) = value.get("attrs").filter(|_| matches!(value, Value::Map(map) if map.len() == 1)) {
        let all = place.map_or(found.as_slice(), |at| found.get(at..=at).unwrap_or_default());
        for at in all {
            let mut tag = Tag::of(html, &tree.elements[*at]);
            for (name, value) in given.entries().filter(|(name, _)| is_attribute(name)) {
                tag.set(&name, Some(&written(value)));
            }
            tag.put(&mut edits);
        }
        return edits.apply(html);
    }
    if let Some(at) = found.get(place.unwrap_or(0)) {
        set(html, &tree.elements[*at], node["type"].as_str().unwrap_or("text"), value, &mut edits);
    }
    edits.apply(html)
}

/// Whether a name may be that of an attribute.
pub fn is_attribute(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_:.".contains(&byte);
    !name.is_empty() && name.len() <= 100 && name.bytes().all(fits)
}

/// A value as an attribute has it: what is no scalar as JSON.
pub fn written(value: &Value) -> String {
    match value {
        Value::Bool(flag) => flag.to_string(),
        value if value.is_array() => Json::from(value).to_string(),
        value => value.text().unwrap_or_default().into_owned(),
    }
}

fn set(html: &str, element: &Element, kind: &str, value: &Value, edits: &mut Edits) {
    let mut tag = Tag::of(html, element);
    match kind {
        "link" => link(value, &mut tag, edits),
        "img" | "styleimg" => image(value, &mut tag),
        "icon" => icon(value, &mut tag),
        "embed" => embed(value, &mut tag),
        "map" => tag.set("data-map", Some(&written(value))),
        // A component has parameters and no content.
        "component" => return,
        _ => {
            let given = if value.is_array() {
                text(value, "text")
            } else {
                value.text().map(|text| text.into_owned())
            };
            if let Some(given) = given {
                edits.put(element.inner.clone(), given);
            }
            return;
        }
    }
    tag.put(edits);
}

fn link(value: &Value, tag: &mut Tag<'_>, edits: &mut Edits) {
    if !value.is_array() {
        edits.put(tag.element.inner.clone(), value.text().unwrap_or_default());
        return;
    }
    if let Some(mut href) = text(value, "href") {
        if let Some(query) = text(value, "query").filter(|query| !query.is_empty()) {
            href.push(if href.contains('?') { '&' } else { '?' });
            href.push_str(&query);
        }
        tag.set("href", Some(&href));
    }
    tag.set("target", text(value, "target").filter(|target| !target.is_empty()).as_deref());
    let attrs = value.get("attrs");
    for name in ["data-embed", "data-url"] {
        tag.set(name, attrs.and_then(|attrs| text(attrs, name)).as_deref());
    }
    let skips = value.get("skipContent").is_some_and(Value::is_truthy);
    if let Some(text) = text(value, "text").filter(|_| !skips) {
        edits.put(tag.element.inner.clone(), text);
    }
}

fn secure(address: &str) -> String {
    address.strip_prefix("http://").map_or_else(|| address.to_owned(), |rest| format!("https://{rest}"))
}

fn image(value: &Value, tag: &mut Tag<'_>) {
    let src = secure(&text(value, "src").unwrap_or_default());
    let retina = text(value, "src2x").filter(|src| !src.is_empty()).map(|src| secure(&src));
    if tag.element.name == "img" {
        tag.set("src", Some(&src));
        tag.set("srcset", retina.as_deref().map(|src| format!("{src} 2x")).as_deref());
        if let Some(alt) = text(value, "alt") {
            tag.set("alt", Some(&alt));
        }
    } else {
        let image = match (src.is_empty(), retina) {
            (true, _) => None,
            (false, None) => Some(format!("url('{}')", quoted(&src))),
            (false, Some(retina)) => {
                Some(format!("-webkit-image-set(url('{}') 1x, url('{}') 2x)", quoted(&src), quoted(&retina)))
            }
        };
        tag.restyle(&[("background-image".to_owned(), image)]);
    }
    for (name, attribute) in [("id", "data-fileid"), ("id2x", "data-fileid2x")] {
        tag.set(attribute, text(value, name).filter(|id| !id.is_empty()).as_deref());
    }
    let lazy = text(value, "isLazy").as_deref() == Some("Y");
    tag.set("data-lazy-img", lazy.then_some("Y"));
    for (name, attribute) in [
        ("lazyOrigSrc", "data-src"),
        ("lazyOrigSrc2x", "data-src2x"),
        ("lazyOrigSrcset", "data-srcset"),
        ("lazyOrigStyle", "data-style"),
    ] {
        if let Some(given) = text(value, name).filter(|_| lazy) {
            tag.set(attribute, Some(&given));
        }
    }
}

/// An address within quotes of a style.
fn quoted(address: &str) -> String {
    address.replace('\\', "%5C").replace('\'', "%27").replace(['\n', '\r'], "")
}

/// An icon is its classes: those of the icon before go.
fn icon(value: &Value, tag: &mut Tag<'_>) {
    let is_icon = |class: &&str| *class == "fa" || class.starts_with("fa-") || class.starts_with("icon-");
    let given = value.get("classList").unwrap_or(value);
    let given: Vec<String> = given.each().filter_map(Value::text).map(|class| class.into_owned()).collect();
    let kept = tag.had("class").split_ascii_whitespace().filter(|class| !is_icon(class));
    tag.set("class", Some(&classes(kept.chain(given.iter().map(String::as_str)))));
}

fn embed(value: &Value, tag: &mut Tag<'_>) {
    let src = text(value, "src");
    if let Some(src) = &src {
        tag.set(if tag.element.name == "iframe" { "src" } else { "data-src" }, Some(src));
    }
    if let Some(source) = text(value, "source") {
        tag.set("data-source", Some(&source));
    }
    let preview = text(value, "preview").filter(|preview| !preview.is_empty());
    tag.set("data-preview", preview.as_deref());
    let shown = preview.map(|preview| format!("url('{}')", quoted(&preview)));
    tag.restyle(&[("background-image".to_owned(), shown)]);
    if let Some(ratio) = text(value, "ratio").filter(|_| src.is_some()) {
        let classes_before = tag.had("class").split_ascii_whitespace();
        let kept = classes_before.filter(|class| !class.starts_with("embed-responsive-"));
        tag.set("class", Some(&classes(kept.chain([ratio.as_str()]))));
    }
}
