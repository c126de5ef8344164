//! The array that PHP builds from variables such as `a[b][]`.

use std::borrow::Cow;

use indexmap::IndexMap;

use crate::{Limits, Map, Text, Value};

/// Builds one PHP array from variables given by name.
///
/// Members are found by hash, so thousands of keys in one array cost no more than in many.
pub(crate) struct Tree {
    root: Array,
    /// Greatest number of `[..]` in one name.
    depth: usize,
    /// Arrays that may still be made. A name of a few bytes can ask for [`Limits::depth`] of them, so they
    /// are counted beside the variables.
    arrays: usize,
}

#[derive(Default)]
struct Array {
    members: IndexMap<Text, Node>,
    /// The greatest integer key so far; `None` before there is one.
    last: Option<i64>,
}

enum Node {
    Leaf(Text),
    Array(Array),
}

impl Tree {
    pub(crate) fn new(limits: &Limits) -> Self {
        Tree { root: Array::default(), depth: limits.depth, arrays: limits.vars.saturating_mul(2) }
    }

    /// Sets one variable. `name` and `value` are already unescaped.
    ///
    /// A name that nests too deep, or would append behind the greatest integer, sets nothing.
    pub(crate) fn set(&mut self, name: &[u8], value: &[u8]) {
        let Some(Name { base, path }) = split(name, self.depth.min(self.arrays)) else { return };
        let mut array = &mut self.root;
        let mut key = Some(text(&base));
        for next in path {
            let Some(slot) = array.slot(key) else { return };
            if let Node::Leaf(_) = slot {
                self.arrays -= 1;
                *slot = Node::Array(Array::default());
            }
            let Node::Array(inner) = slot else { return };
            array = inner;
            key = next.map(text);
        }
        if let Some(slot) = array.slot(key) {
            *slot = Node::Leaf(text(value));
        }
    }

    pub(crate) fn into_map(self) -> Map {
        self.root.into_map()
    }
}

impl Array {
    /// The member under `key`, or behind all others when there is no key. A new member is an empty leaf.
    fn slot(&mut self, key: Option<Text>) -> Option<&mut Node> {
        let key = match key {
            Some(key) => {
                self.last = self.last.max(integer(&key));
                key
            }
            None => {
                let next = self.last.map_or(Some(0), |last| last.checked_add(1))?.max(0);
                self.last = Some(next);
                Text::from(itoa::Buffer::new().format(next))
            }
        };
        Some(self.members.entry(key).or_insert(Node::Leaf(Text::const_new(""))))
    }

    fn into_map(self) -> Map {
        self.members.into_iter().map(|(key, node)| (key, node.into_value())).collect()
    }
}

impl Node {
    fn into_value(self) -> Value {
        match self {
            Node::Leaf(text) => Value::Str(text),
            Node::Array(array) => array.into_map().into_value(),
        }
    }
}

/// The number of an integer key: decimal, with no leading zero or plus.
fn integer(key: &str) -> Option<i64> {
    let digits = key.strip_prefix('-').unwrap_or(key);
    let canonical = !digits.starts_with(['0', '+', '-']) || key == "0";
    key.parse().ok().filter(|_| canonical)
}

/// A variable's name: `base[a][]`.
struct Name<'a> {
    base: Cow<'a, [u8]>,
    /// The keys in brackets, `None` standing for an empty pair.
    path: Vec<Option<&'a [u8]>>,
}

/// Splits a name; `None` when PHP would drop it, or when it has more than `most` keys.
///
/// Follows PHP to the letter: leading blanks go, the rest of the name ends at a NUL byte, blanks and dots of
/// the base become `_`, so does a `[` that nothing closes, and what follows a `]` other than a `[` is cut.
fn split(name: &[u8], most: usize) -> Option<Name<'_>> {
    let start = name.iter().position(|b| *b != b' ')?;
    let end = memchr::memchr(0, name).unwrap_or(name.len());
    let name = name.get(start..end)?;
    let open = memchr::memchr(b'[', name).unwrap_or(name.len());
    let (mut base, mut rest) = name.split_at(open);
    let mut path = Vec::new();
    while let Some(inner) = rest.strip_prefix(b"[") {
        let blank = usize::from(inner.first().is_some_and(|b| matches!(b, b' ' | 9..=13)));
        let Some(close) = memchr::memchr(b']', &inner[blank..]) else { break };
        let key = &inner[..blank + close];
        if path.len() == most {
            return None;
        }
        path.push((close > 0).then_some(key));
        rest = &inner[blank + close + 1..];
    }
    if path.is_empty() {
        base = name; // the bracket, if any, is open: part of the name
    }
    let is_foul = |b: &u8| matches!(b, b' ' | b'.' | b'[');
    let base = if base.iter().any(is_foul) {
        Cow::Owned(base.iter().map(|b| if is_foul(b) { b'_' } else { *b }).collect())
    } else {
        Cow::Borrowed(base)
    };
    // An empty base was no name at all; only an open bracket can have hidden that.
    (open > 0).then_some(Name { base, path })
}

fn text(bytes: &[u8]) -> Text {
    Text::from_utf8_lossy(bytes)
}
