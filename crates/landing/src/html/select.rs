//! Selectors: tags, classes, ids and attributes, within each other (`.a .b`) or directly (`.a > .b`), several by commas.

use super::tree::{Element, Tree};

/// Parts that a selector has at most.
const MOST: usize = 16;

/// One element of a selector.
#[derive(Debug, Default, PartialEq)]
struct Simple {
    name: Option<String>,
    id: Option<String>,
    classes: Vec<String>,
    attributes: Vec<(String, Option<String>)>,
    /// Whether it stands directly within the one before it.
    is_child: bool,
}

/// A selector.
#[derive(Debug)]
pub struct Selector {
    alternatives: Vec<Vec<Simple>>,
}

impl Selector {
    /// Reads a selector; `None` for one that is not understood, which finds nothing.
    pub fn read(text: &str) -> Option<Self> {
        let alternatives = text.split(',').map(chain).collect::<Option<Vec<_>>>()?;
        (alternatives.len() <= MOST).then_some(Selector { alternatives })
    }

    /// The elements that it finds, in the order of the text.
    pub fn find(&self, tree: &Tree) -> Vec<usize> {
        let mut found = vec![false; tree.elements.len()];
        for chain in &self.alternatives {
            mark(tree, chain, &mut found);
        }
        (0..found.len()).filter(|at| found[*at]).collect()
    }
}

/// Marks the elements that are the last of a chain, with the others around them. Of each element is noted which beginnings of
/// the chain end at it, and which at it or around it: once for each, however deep it stands.
fn mark(tree: &Tree, chain: &[Simple], found: &mut [bool]) {
    let (mut here, mut around) =
        (Vec::<u32>::with_capacity(found.len()), Vec::<u32>::with_capacity(found.len()));
    for (at, element) in tree.elements.iter().enumerate() {
        let (parent, above) = element.parent.map_or((0, 0), |parent| (here[parent], around[parent]));
        let mut ends = 0;
        for (part, simple) in chain.iter().enumerate() {
            let before = if simple.is_child { parent } else { above };
            if (part == 0 || before & (1 << (part - 1)) != 0) && simple.is(element) {
                ends |= 1 << part;
            }
        }
        found[at] |= ends & (1 << (chain.len() - 1)) != 0;
        here.push(ends);
        around.push(above | ends);
    }
}

fn chain(text: &str) -> Option<Vec<Simple>> {
    let (mut chain, mut is_child) = (Vec::new(), false);
    for word in text.replace('>', " > ").split_ascii_whitespace() {
        if word == ">" {
            is_child = true;
            continue;
        }
        let mut simple = simple(word)?;
        simple.is_child = std::mem::take(&mut is_child);
        chain.push(simple);
    }
    (!chain.is_empty() && chain.len() <= MOST && !is_child).then_some(chain)
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '-' || letter == '_'
}

fn simple(mut rest: &str) -> Option<Simple> {
    let mut simple = Simple::default();
    let word = |text: &str| text.find(|letter| !is_word(letter)).unwrap_or(text.len());
    let name = word(rest);
    if name > 0 {
        simple.name = Some(rest[..name].to_ascii_lowercase());
    } else if let Some(after) = rest.strip_prefix('*') {
        rest = after;
    }
    rest = &rest[name..];
    while let Some(mark) = rest.chars().next() {
        rest = &rest[mark.len_utf8()..];
        match mark {
            '.' | '#' => {
                let end = word(rest);
                let named = rest[..end].to_owned();
                if named.is_empty() {
                    return None;
                }
                if mark == '.' {
                    simple.classes.push(named);
                } else {
                    simple.id = Some(named);
                }
                rest = &rest[end..];
            }
            '[' => {
                let (inside, after) = rest.split_once(']')?;
                let (name, value) =
                    inside.split_once('=').map_or((inside, None), |(name, value)| (name, Some(value)));
                if name.is_empty() || !name.chars().all(is_word) {
                    return None;
                }
                let value = value.map(|value| value.trim_matches(['"', '\'']).to_owned());
                simple.attributes.push((name.to_ascii_lowercase(), value));
                rest = after;
            }
            _ => return None,
        }
    }
    Some(simple)
}

impl Simple {
    fn is(&self, element: &Element) -> bool {
        let has = |(name, value): &(String, Option<String>)| {
            element.attribute(name).is_some_and(|there| value.as_ref().is_none_or(|value| value == there))
        };
        self.name.as_ref().is_none_or(|name| *name == element.name)
            && self.id.as_ref().is_none_or(|id| element.attribute("id") == Some(id))
            && self.classes.iter().all(|class| element.has_class(class))
            && self.attributes.iter().all(has)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found_by_class_tag_id_and_attribute() {
        let tree = Tree::read(
            "<div id=x class='a b'><p class=b>1</p><span><p class=b data-x='7'>2</p></span></div><p class=b>3</p>",
        );
        let found = |selector: &str| Selector::read(selector).map(|selector| selector.find(&tree));
        assert_eq!(found(".b"), Some(vec![0, 1, 3, 4]));
        assert_eq!(found("p.b"), Some(vec![1, 3, 4]));
        assert_eq!(found("#x .b"), Some(vec![1, 3]));
        assert_eq!(found(".a.b > p"), Some(vec![1]));
        assert_eq!(found("[data-x=\"7\"], #x"), Some(vec![0, 3]));
        assert_eq!(found("bitrix:catalog.section"), None);
        assert_eq!(found(".a:hover"), None);
        assert_eq!(found(""), None);
    }
}
