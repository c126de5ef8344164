//! Filling a template: rows of tables are repeated, then placeholders get their values.

use std::collections::{BTreeMap, BTreeSet};

use engine::files::{self, Bytes};
use serde_json::{Value as Json, json};
use wire::Fault;

use super::picture::{self, Drawn};
use super::xml::{self, Element, MAX_NODES, Node};
use super::{Package, Picture, code_of, find, paragraph, refused};

/// Stands for a brace that begins no placeholder.
const BRACE: &str = "\u{e000}";

/// What a template is filled with: a text for each placeholder, worked out beforehand.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Texts by placeholder.
    pub texts: BTreeMap<String, String>,
    /// Lists: of each row, texts by placeholder.
    pub lists: Vec<Vec<BTreeMap<String, String>>>,
    /// Whether the texts of lists may have placeholders in them.
    pub nested: bool,
    /// Pictures by placeholder.
    pub pictures: BTreeMap<String, Picture>,
}

impl Plan {
    /// The contents of the portal that are drawn, each once.
    pub fn contents(&self) -> Vec<String> {
        let keys = self.pictures.values().filter_map(|picture| match picture {
            Picture::Kept(key) => Some(key.clone()),
            Picture::Given(_) => None,
        });
        keys.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The same as text, always the same for the same. Contents are named by their places among [`Plan::contents`].
    pub fn write(&self) -> String {
        let contents = self.contents();
        let picture = |picture: &Picture| match picture {
            Picture::Kept(key) => json!(contents.iter().position(|known| known == key)),
            Picture::Given(base64) => json!(base64),
        };
        let pictures: serde_json::Map<_, _> =
            self.pictures.iter().map(|(code, it)| (code.clone(), picture(it))).collect();
        json!({"texts": self.texts, "lists": self.lists, "nested": self.nested, "pictures": pictures})
            .to_string()
    }

    fn read(plan: &Json) -> Self {
        let part = |name: &str| plan.get(name).cloned().unwrap_or_default();
        Plan {
            texts: serde_json::from_value(part("texts")).unwrap_or_default(),
            lists: serde_json::from_value(part("lists")).unwrap_or_default(),
            nested: part("nested") == true,
            pictures: BTreeMap::new(),
        }
    }

    /// A text of a list. Nobody's data has placeholders, unless the request says so: its braces are hidden meanwhile.
    fn in_row(&self, text: &str) -> String {
        if self.nested { text.to_owned() } else { text.replace('{', BRACE) }
    }

    /// The list that has this field.
    fn list_of(&self, code: &str) -> Option<usize> {
        self.lists
            .iter()
            .position(|rows| rows.first().is_some_and(|row| row.keys().any(|inside| code_of(inside) == code)))
    }
}

/// The pictures that a plan in text form names and that can be drawn.
fn drawn(plan: &Json, contents: &[Bytes]) -> BTreeMap<String, Drawn> {
    let Some(pictures) = plan["pictures"].as_object() else { return BTreeMap::new() };
    let picture = |it: &Json| match it {
        Json::String(base64) => Drawn::new(&files::decoded(base64)),
        Json::Number(at) => Drawn::new(contents.get(usize::try_from(at.as_u64()?).ok()?)?),
        _ => None,
    };
    pictures.iter().filter_map(|(code, it)| Some((code.clone(), picture(it)?))).collect()
}

/// Fills a template with a [`Plan`] in text form; `contents` are those that the plan names.
///
/// # Errors
/// What is wrong with the template, or that the result would be too large.
pub fn fill(template: &[u8], contents: &[Bytes], plan: &str) -> Result<Vec<u8>, Fault> {
    let plan: Json = serde_json::from_str(plan).unwrap_or_default();
    let (pictures, plan) = (drawn(&plan, contents), Plan::read(&plan));
    let mut package = Package::open(template)?;
    let mut links = Vec::new();
    package.change_texts(|part, text| {
        let mut nodes = xml::parse(text)?;
        let mut used = Vec::new();
        picture::place(&mut nodes, &pictures, &mut used);
        links.push((part.to_owned(), used));
        let mut room = MAX_NODES;
        repeat(&mut nodes, &plan, &BTreeSet::new(), &mut room)?;
        for node in &mut nodes {
            paragraph::each(node, &mut |paragraph| {
                paragraph.substitute(&|inside| plan.texts.get(inside).cloned());
                Ok(())
            })?;
        }
        let mut out = String::with_capacity(text.len() * 2);
        xml::write(&nodes, &mut out);
        Ok(out.replace(BRACE, "{"))
    })?;
    for (part, used) in links.iter().filter(|(_, used)| !used.is_empty()) {
        package.draw(part, used.iter().filter_map(|code| pictures.get(code)))?;
    }
    package.pack()
}

/// Repeats every row of a table that has fields of a list, once for each row of it. `above` are the lists that rows above
/// are repeated for, `room` the nodes that may still be made.
fn repeat(
    nodes: &mut Vec<Node>,
    plan: &Plan,
    above: &BTreeSet<usize>,
    room: &mut usize,
) -> Result<(), Fault> {
    let mut written = Vec::with_capacity(nodes.len());
    for mut node in std::mem::take(nodes) {
        let list = match &node {
            Node::Element(element) if element.name() == "w:tr" => list_in(element, plan, above),
            _ => None,
        };
        let Some(list) = list else {
            if let Node::Element(element) = &mut node {
                repeat(&mut element.children, plan, above, room)?;
            }
            written.push(node);
            continue;
        };
        let inner: BTreeSet<usize> = above.iter().copied().chain([list]).collect();
        let size = weight(&node);
        for row in &plan.lists[list] {
            *room = room.checked_sub(size).ok_or_else(|| refused("the result is too large"))?;
            let mut copy = node.clone();
            paragraph::each(&mut copy, &mut |paragraph| {
                paragraph.substitute(&|inside| row.get(inside).map(|text| plan.in_row(text)));
                Ok(())
            })?;
            // What a value brought along may be fields of another list.
            if let Node::Element(element) = &mut copy {
                repeat(&mut element.children, plan, &inner, room)?;
            }
            written.push(copy);
        }
    }
    *nodes = written;
    Ok(())
}

/// The list that a row has fields of.
fn list_in(row: &Element, plan: &Plan, above: &BTreeSet<usize>) -> Option<usize> {
    let mut found = None;
    let mut copy = Node::Element(row.clone());
    let looked = paragraph::each(&mut copy, &mut |paragraph| {
        let text = paragraph.text();
        let lists = find(&text).filter_map(|(_, inside)| plan.list_of(code_of(inside)));
        found = found.or_else(|| lists.into_iter().find(|list| !above.contains(list)));
        Ok(())
    });
    looked.ok().and(found)
}

fn weight(node: &Node) -> usize {
    match node {
        Node::Element(element) => 1 + element.children.iter().map(weight).sum::<usize>(),
        Node::Text(_) | Node::Raw(_) => 1,
    }
}
