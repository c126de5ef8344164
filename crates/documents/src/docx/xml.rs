//! XML as a tree, and back. Tags stay as they are written.

use quick_xml::Reader;
use quick_xml::escape::partial_escape;
use quick_xml::events::Event;
use wire::Fault;

use super::refused;

/// Elements within elements.
const MAX_DEPTH: usize = 200;
/// Nodes of a part.
pub const MAX_NODES: usize = 400_000;

/// A node.
#[derive(Clone, Debug)]
pub enum Node {
    /// An element
    Element(Element),
    /// Text, as it is read
    Text(String),
    /// A declaration, as it is written
    Raw(String),
}

/// An element.
#[derive(Clone, Debug)]
pub struct Element {
    /// What stands in its first tag: `w:t xml:space="preserve"`.
    pub tag: String,
    /// What is in it.
    pub children: Vec<Node>,
}

impl Element {
    /// Its name, `w:t`.
    pub fn name(&self) -> &str {
        self.tag.split([' ', '\t', '\n', '\r', '/']).next().unwrap_or_default()
    }

    /// The text in it, that of elements in it left out.
    pub fn text(&self) -> String {
        let text = |node: &Node| if let Node::Text(text) = node { text.clone() } else { String::new() };
        self.children.iter().map(text).collect()
    }
}

/// Reads a part.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &str) -> Result<Vec<Node>, Fault> {
    let broken = || refused("its XML is broken");
    let mut reader = Reader::from_str(text);
    let (mut above, mut nodes, mut count) = (Vec::<(String, Vec<Node>)>::new(), Vec::new(), 0);
    loop {
        count += 1;
        if count > MAX_NODES {
            return Err(refused("it is too large"));
        }
        let event = reader.read_event().map_err(|_| broken())?;
        let raw = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| broken());
        match event {
            Event::Start(tag) => {
                if above.len() >= MAX_DEPTH {
                    return Err(refused("it is nested too deeply"));
                }
                above.push((raw(&tag)?, std::mem::take(&mut nodes)));
            }
            Event::End(_) => {
                let (tag, siblings) = above.pop().ok_or_else(broken)?;
                let children = std::mem::replace(&mut nodes, siblings);
                nodes.push(Node::Element(Element { tag, children }));
            }
            Event::Empty(tag) => nodes.push(Node::Element(Element { tag: raw(&tag)?, children: Vec::new() })),
            Event::Text(text) => push_text(&mut nodes, &text.decode().map_err(|_| broken())?),
            Event::CData(text) => push_text(&mut nodes, &text.decode().map_err(|_| broken())?),
            Event::GeneralRef(name) => {
                let resolved = name.resolve_char_ref().map_err(|_| broken())?;
                let known = match name.decode().map_err(|_| broken())?.as_ref() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => None,
                };
                let letter = resolved.or(known).ok_or_else(|| refused("it names an unknown entity"))?;
                push_text(&mut nodes, letter.encode_utf8(&mut [0; 4]));
            }
            Event::Decl(declaration) => nodes.push(Node::Raw(format!("<?{}?>", raw(&declaration)?))),
            Event::DocType(_) => return Err(refused("it has a document type")),
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof if above.is_empty() => return Ok(nodes),
            Event::Eof => return Err(broken()),
        }
    }
}

fn push_text(nodes: &mut Vec<Node>, more: &str) {
    match nodes.last_mut() {
        Some(Node::Text(text)) => text.push_str(more),
        _ => nodes.push(Node::Text(more.to_owned())),
    }
}

/// Writes a part.
pub fn write(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) => out.push_str(&partial_escape(text.as_str())),
            Node::Raw(raw) => out.push_str(raw),
            Node::Element(Element { tag, children }) if children.is_empty() => {
                out.extend(["<", tag.trim_end(), "/>"]);
            }
            Node::Element(element) => {
                out.extend(["<", &element.tag, ">"]);
                write(&element.children, out);
                out.extend(["</", element.name(), ">"]);
            }
        }
    }
}
