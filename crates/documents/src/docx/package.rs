//! The archive: its parts are unpacked within bounds, and packed again.

use std::io::{Cursor, Read, Write};

use wire::Fault;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::picture::{self, Drawn};
use super::refused;
use super::xml::{self, Element, Node};

/// The most parts of an archive.
const MAX_PARTS: usize = 2000;
/// The most bytes of all parts together, unpacked.
const MAX_BYTES: u64 = 64 << 20;
/// The most bytes of a part with text.
const MAX_TEXT: usize = 8 << 20;

/// What a part without relations gets.
const RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
    <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"/>";
/// The type of the relation to a picture.
const PICTURE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image";

/// An unpacked archive.
pub struct Package {
    parts: Vec<(String, Vec<u8>)>,
}

impl Package {
    /// Unpacks an archive.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn open(bytes: &[u8]) -> Result<Self, Fault> {
        let broken = |_| refused("it is no zip archive, or a broken one");
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
        if archive.len() > MAX_PARTS {
            return Err(refused("it has too many parts"));
        }
        let (mut parts, mut room) = (Vec::with_capacity(archive.len()), MAX_BYTES);
        for at in 0..archive.len() {
            let part = archive.by_index(at).map_err(broken)?;
            if part.is_dir() {
                continue;
            }
            let name = part.name().map_err(broken)?.into_owned();
            let mut content = Vec::new();
            // The size that it says it has is not to be relied on.
            let read = part.take(room + 1).read_to_end(&mut content);
            read.map_err(|_| refused("it is no zip archive, or a broken one"))?;
            room = room.checked_sub(content.len() as u64).ok_or_else(|| refused("it is too large"))?;
            parts.push((name, content));
        }
        let package = Package { parts };
        let has = |name: &str| package.parts.iter().any(|(own, _)| own == name);
        if !has("word/document.xml") || !has("[Content_Types].xml") {
            return Err(refused("it has no text"));
        }
        Ok(package)
    }

    /// The parts that have text: the body, headers and footers.
    pub fn texts(&self) -> impl Iterator<Item = Result<&str, Fault>> {
        self.parts.iter().filter(|(name, _)| has_text(name)).map(|(_, content)| text(content))
    }

    /// Writes these parts anew.
    ///
    /// # Errors
    /// Those of `change`.
    pub fn change_texts(
        &mut self,
        mut change: impl FnMut(&str, &str) -> Result<String, Fault>,
    ) -> Result<(), Fault> {
        for (name, content) in self.parts.iter_mut().filter(|(name, _)| has_text(name)) {
            *content = change(name, text(content)?)?.into_bytes();
        }
        Ok(())
    }

    /// Adds the pictures that a part calls by their places in this list.
    ///
    /// # Errors
    /// What is wrong with the parts that say what belongs together.
    pub fn draw<'d>(&mut self, part: &str, pictures: impl Iterator<Item = &'d Drawn>) -> Result<(), Fault> {
        let file = part.rsplit('/').next().unwrap_or_default();
        for (at, picture) in pictures.enumerate() {
            let name = format!("picture-{}-{at}.{}", file.trim_end_matches(".xml"), picture.extension);
            self.add_to(&format!("word/_rels/{file}.rels"), "Relationships", RELATIONS, |_| {
                let link = picture::link(at);
                Some(format!("Relationship Id=\"{link}\" Type=\"{PICTURE}\" Target=\"media/{name}\""))
            })?;
            let extension = picture.extension;
            self.add_to("[Content_Types].xml", "Types", "", |types| {
                let is_known = |node: &Node| matches!(node, Node::Element(known) if known.name() == "Default"
                    && picture::attribute(known, "Extension").is_some_and(|own| own.eq_ignore_ascii_case(extension)));
                let add = !types.children.iter().any(is_known);
                add.then(|| format!("Default Extension=\"{extension}\" ContentType=\"image/{extension}\""))
            })?;
            self.parts.push((format!("word/media/{name}"), picture.bytes.clone()));
        }
        Ok(())
    }

    /// Adds an element with that tag to the root of a part, where there is one to be added; `new` is a part that has yet to
    /// be made.
    fn add_to(
        &mut self,
        part: &str,
        root: &str,
        new: &str,
        tag: impl FnOnce(&Element) -> Option<String>,
    ) -> Result<(), Fault> {
        if !self.parts.iter().any(|(name, _)| name == part) {
            self.parts.push((part.to_owned(), new.as_bytes().to_vec()));
        }
        let Some((_, content)) = self.parts.iter_mut().find(|(name, _)| name == part) else { return Ok(()) };
        let mut nodes = xml::parse(text(content)?)?;
        let root = nodes.iter_mut().find_map(|node| match node {
            Node::Element(element) if element.name() == root => Some(element),
            _ => None,
        });
        if let Some(root) = root
            && let Some(tag) = tag(root)
        {
            root.children.insert(0, Node::Element(Element { tag, children: Vec::new() }));
        }
        let mut out = String::with_capacity(content.len() + 200);
        xml::write(&nodes, &mut out);
        *content = out.into_bytes();
        Ok(())
    }

    /// Packs it again.
    ///
    /// # Errors
    /// When the result would be too large for an archive.
    pub fn pack(self) -> Result<Vec<u8>, Fault> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default());
        for (name, content) in self.parts {
            let written = archive.start_file(name, options).is_ok() && archive.write_all(&content).is_ok();
            if !written {
                return Err(refused("it cannot be packed"));
            }
        }
        let packed = archive.finish().map_err(|_| refused("it cannot be packed"))?;
        Ok(packed.into_inner())
    }
}

fn has_text(name: &str) -> bool {
    let file = name.strip_prefix("word/").and_then(|file| file.strip_suffix(".xml"));
    file.is_some_and(|file| file == "document" || file.starts_with("header") || file.starts_with("footer"))
}

fn text(content: &[u8]) -> Result<&str, Fault> {
    if content.len() > MAX_TEXT {
        return Err(refused("a part is too large"));
    }
    let text = std::str::from_utf8(content).map_err(|_| refused("its text is not in UTF-8"))?;
    Ok(text.trim_start_matches('\u{feff}'))
}
