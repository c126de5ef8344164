//! Pictures: a drawing whose name, title or description is a placeholder is drawn anew, or taken out where there is nothing
//! to be drawn.

use std::collections::BTreeMap;

use imagesize::ImageType;
use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;

use super::find;
use super::xml::{Element, Node};

/// A picture to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Picture {
    /// A content of the portal, by its key
    Kept(String),
    /// One that a request brings, in Base64
    Given(String),
}

/// A picture that can be drawn.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// Its content.
    pub bytes: Vec<u8>,
    /// The extension of its name: `png`.
    pub extension: &'static str,
    width: u64,
    height: u64,
}

/// The largest picture, in bytes.
const MAX_BYTES: usize = 8 << 20;

impl Drawn {
    /// A picture of a kind that Word knows; nothing for other files.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let extension = match imagesize::image_type(bytes).ok()? {
            ImageType::Png => "png",
            ImageType::Jpeg => "jpeg",
            ImageType::Gif => "gif",
            ImageType::Bmp => "bmp",
            _ => return None,
        };
        let size = imagesize::blob_size(bytes).ok()?;
        let (width, height) = (size.width as u64, size.height as u64);
        let fits = bytes.len() <= MAX_BYTES && width > 0 && height > 0;
        fits.then(|| Drawn { bytes: bytes.to_vec(), extension, width, height })
    }

    /// The largest size within that of the template with the proportions of the picture.
    fn within(&self, (width, height): (u64, u64)) -> (u64, u64) {
        let by_width = u128::from(width) * u128::from(self.height) / u128::from(self.width);
        if by_width <= u128::from(height) {
            return (width, u64::try_from(by_width).unwrap_or(height).max(1));
        }
        let by_height = u128::from(height) * u128::from(self.width) / u128::from(self.height);
        (u64::try_from(by_height).unwrap_or(width).max(1), height)
    }
}

/// Does something with the placeholder of every drawing in a node.
pub fn each(node: &Node, act: &mut dyn FnMut(&str)) {
    let Node::Element(element) = node else { return };
    if let Some(code) = code(element) {
        act(&code);
    }
    element.children.iter().for_each(|child| each(child, act));
}

/// Draws what drawings have placeholders for, and takes out the others. `used` are the codes of what is drawn, each of
/// which is called by its place there; see [`link`].
pub fn place(nodes: &mut Vec<Node>, pictures: &BTreeMap<String, Drawn>, used: &mut Vec<String>) {
    nodes.retain_mut(|node| {
        let Node::Element(element) = node else { return true };
        let Some(code) = code(element) else {
            place(&mut element.children, pictures, used);
            return true;
        };
        let Some(picture) = pictures.get(&code) else { return false };
        let at = used.iter().position(|known| *known == code).unwrap_or_else(|| {
            used.push(code);
            used.len() - 1
        });
        let size = size(element).map(|size| picture.within(size));
        draw(element, &link(at), size);
        true
    });
}

/// What a part calls a picture.
pub fn link(at: usize) -> String {
    format!("rIdPicture{at}")
}

/// The code in the name, title or description of a drawing.
fn code(element: &Element) -> Option<String> {
    if element.name() != "w:drawing" {
        return None;
    }
    let properties = within(element, "wp:docPr")?;
    let texts = ["name", "descr", "title"].into_iter().filter_map(|name| attribute(properties, name));
    texts.into_iter().find_map(|text| find(&text).next().map(|(_, inside)| super::code_of(inside).to_owned()))
}

/// The first element of that name in another.
fn within<'e>(element: &'e Element, name: &str) -> Option<&'e Element> {
    element.children.iter().find_map(|child| match child {
        Node::Element(child) if child.name() == name => Some(child),
        Node::Element(child) => within(child, name),
        _ => None,
    })
}

/// The size that the template has for a drawing.
fn size(drawing: &Element) -> Option<(u64, u64)> {
    let extent = within(drawing, "wp:extent")?;
    let side = |name: &str| attribute(extent, name)?.parse().ok().filter(|side: &u64| *side > 0);
    Some((side("cx")?, side("cy")?))
}

fn draw(element: &mut Element, link: &str, size: Option<(u64, u64)>) {
    // The picture of the template may be cut; this one is whole.
    element.children.retain(|child| !matches!(child, Node::Element(child) if child.name() == "a:srcRect"));
    match (element.name(), size) {
        ("a:blip", _) => set(element, "r:embed", link),
        ("wp:extent" | "a:ext", Some((width, height))) if attribute(element, "cx").is_some() => {
            set(element, "cx", &width.to_string());
            set(element, "cy", &height.to_string());
        }
        _ => {}
    }
    for child in &mut element.children {
        if let Node::Element(child) = child {
            draw(child, link, size);
        }
    }
}

/// The first tag of an element, for its attributes.
fn tag(element: &Element) -> BytesStart<'_> {
    BytesStart::from_content(element.tag.trim_end_matches([' ', '/']), element.name().len())
}

/// An attribute, as it is read.
pub fn attribute(element: &Element, name: &str) -> Option<String> {
    let tag = tag(element);
    let found = tag.attributes().flatten().find(|found| found.key.as_ref() == name.as_bytes())?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}

fn set(element: &mut Element, name: &str, value: &str) {
    let mut new = BytesStart::new(element.name().to_owned());
    for kept in tag(element).attributes().flatten().filter(|kept| kept.key.as_ref() != name.as_bytes()) {
        new.push_attribute(kept);
    }
    new.push_attribute((name, value));
    element.tag = String::from_utf8_lossy(&new).into_owned();
}
