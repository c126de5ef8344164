//! The elements of an HTML text, with the places where they stand.

use std::ops::Range;

use html5gum::{DefaultEmitter, Token, Tokenizer};

/// Elements within each other, at most; deeper ones belong to the last.
const DEPTH: usize = 200;

/// Elements of a text, at most; others are not found.
const MOST: usize = 10_000;

/// Elements that have no content.
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// An element.
#[derive(Debug)]
pub struct Element {
    /// Its name in small letters.
    pub name: String,
    /// Its attributes, decoded; names in small letters.
    pub attributes: Vec<(String, String)>,
    /// Its start tag.
    pub tag: Range<usize>,
    /// Its content.
    pub inner: Range<usize>,
    /// All of it.
    pub whole: Range<usize>,
    /// The element around it.
    pub parent: Option<usize>,
}

impl Element {
    /// An attribute of it.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether it has that class.
    pub fn has_class(&self, class: &str) -> bool {
        self.attribute("class")
            .is_some_and(|classes| classes.split_ascii_whitespace().any(|one| one == class))
    }
}

/// The elements of a text, in its order.
#[derive(Debug, Default)]
pub struct Tree {
    /// The elements.
    pub elements: Vec<Element>,
}

impl Tree {
    /// Reads a text. What is no proper HTML is read as browsers do it, roughly: nothing is refused.
    pub fn read(html: &str) -> Self {
        let mut emitter = DefaultEmitter::<usize>::new_with_span();
        emitter.naively_switch_states(true);
        let mut builder = Builder { elements: Vec::new(), open: Vec::new() };
        for token in Tokenizer::new_with_emitter(html, emitter) {
            match token {
                Ok(Token::StartTag(tag)) if builder.elements.len() < MOST => {
                    let Some(place) = tag_at(html, tag.span.start..tag.span.end, "<") else { continue };
                    let name = text(&tag.name);
                    let attributes =
                        tag.attributes.iter().map(|(name, value)| (text(name), text(&value.value)));
                    builder.start(name, attributes.collect(), place, tag.self_closing);
                }
                Ok(Token::EndTag(tag)) => {
                    let Some(place) = tag_at(html, tag.span.start..tag.span.end, "</") else { continue };
                    builder.end(&text(&tag.name), &place);
                }
                _ => {}
            }
        }
        builder.close(0, html.len());
        Tree { elements: builder.elements }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The place of a tag, when there surely is one.
fn tag_at(html: &str, place: Range<usize>, begin: &str) -> Option<Range<usize>> {
    let tag = html.get(place.clone())?;
    (tag.starts_with(begin) && tag.ends_with('>')).then_some(place)
}

struct Builder {
    elements: Vec<Element>,
    open: Vec<usize>,
}

impl Builder {
    fn start(&mut self, name: String, attributes: Vec<(String, String)>, tag: Range<usize>, closed: bool) {
        self.imply(&name, tag.start);
        let within_drawing = || name == "svg" || self.open.iter().any(|at| self.elements[*at].name == "svg");
        let is_empty = VOID.contains(&name.as_str()) || (closed && within_drawing());
        let at = self.elements.len();
        let (inner, whole) = (tag.end..tag.end, tag.clone());
        let parent = self.open.last().copied();
        self.elements.push(Element { name, attributes, tag, inner, whole, parent });
        if !is_empty && self.open.len() < DEPTH {
            self.open.push(at);
        }
    }

    /// Closes what a new element ends: an item the one before it, a block a paragraph.
    fn imply(&mut self, name: &str, at: usize) {
        let ends: &[&str] = match name {
            "li" => &["li"],
            "dt" | "dd" => &["dt", "dd"],
            "tr" => &["tr", "td", "th"],
            "td" | "th" => &["td", "th"],
            "option" => &["option"],
            "p" | "div" | "section" | "ul" | "ol" | "table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                &["p"]
            }
            _ => return,
        };
        while let Some(last) = self.open.last()
            && ends.contains(&self.elements[*last].name.as_str())
        {
            self.close(self.open.len() - 1, at);
        }
    }

    /// Closes the elements from that place of the open ones on, where they have no end tag.
    fn close(&mut self, from: usize, at: usize) {
        for open in self.open.drain(from..) {
            let element = &mut self.elements[open];
            element.inner.end = at.max(element.inner.start);
            element.whole.end = element.inner.end;
        }
    }

    fn end(&mut self, name: &str, tag: &Range<usize>) {
        let Some(place) = self.open.iter().rposition(|at| self.elements[*at].name == name) else { return };
        let at = self.open[place];
        self.close(place, tag.start);
        self.elements[at].whole.end = tag.end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_stand_where_they_are() {
        let html = "<!-- <b> -->\r\n<ul class='a &amp; b'><li>é one<li>two<br></ul><script>if (a < b) {'</p>'}</script><p>x";
        let tree = Tree::read(html);
        let names: Vec<&str> = tree.elements.iter().map(|element| element.name.as_str()).collect();
        assert_eq!(names, ["ul", "li", "li", "br", "script", "p"]);
        let inner = |at: usize| &html[tree.elements[at].inner.clone()];
        assert_eq!((inner(1), inner(2), inner(5)), ("é one", "two<br>", "x"));
        assert_eq!(&html[tree.elements[0].whole.clone()], "<ul class='a &amp; b'><li>é one<li>two<br></ul>");
        assert_eq!(tree.elements[0].attribute("class"), Some("a & b"));
        assert_eq!(inner(4), "if (a < b) {'</p>'}");
    }

    #[test]
    fn deep_and_broken_texts_are_read() {
        for html in
            ["<div>".repeat(12_000), "</div>".repeat(100), "<a <b> </".to_owned(), "<p title=\"".to_owned()]
        {
            let tree = Tree::read(&html);
            assert!(tree.elements.iter().all(|element| html.get(element.whole.clone()).is_some()));
        }
    }
}
