//! References from one command of a batch to what earlier ones answered: `$result[list][0][ID]`
//! (protocol 4.4).

use std::ops::Range;

use crate::{Fault, Map, Sections, Text, Value};

/// See [`Sections::substitute`]. Gives also the room that is left.
pub(crate) fn substitute(sections: &Sections, room: usize, params: &mut Map) -> (usize, Result<(), Fault>) {
    let mut substitution = Substitution { sections, room };
    let outcome = params.iter_mut().try_for_each(|(_, value)| substitution.visit(value, MAX_DEPTH));
    (substitution.room, outcome)
}

/// A few bytes of references can stand for megabytes, so what they cost is bounded per batch.
pub(crate) const MAX_ROOM: usize = 32 << 20;
const MAX_DEPTH: usize = 64;

/// One substitution under way.
struct Substitution<'a> {
    sections: &'a Sections,
    /// Bytes that may still be copied, or looked through to find what to copy.
    room: usize,
}

/// The target of a reference.
enum Found<'a> {
    Section(&'a Map),
    Value(&'a Value),
}

impl<'a> Substitution<'a> {
    /// Replaces what is in `value`, which may come to hold `depth` more levels of arrays.
    fn visit(&mut self, value: &mut Value, depth: usize) -> Result<(), Fault> {
        match value {
            Value::Str(text) => {
                if let Some(replaced) = self.replace(text, depth)? {
                    *value = replaced;
                }
                Ok(())
            }
            Value::List(list) => {
                let depth = deeper(depth)?;
                list.iter_mut().try_for_each(|value| self.visit(value, depth))
            }
            Value::Map(map) => {
                let depth = deeper(depth)?;
                map.iter_mut().try_for_each(|(_, value)| self.visit(value, depth))
            }
            _ => Ok(()),
        }
    }

    /// Replaces references in `text`; `None` if there are none.
    fn replace(&mut self, text: &str, depth: usize) -> Result<Option<Value>, Fault> {
        let mut out = String::new();
        let mut done = 0;
        while let Some(token) = Token::next(self.sections, text, done) {
            match self.walk(&token)? {
                Some(found) if token.range == (0..text.len()) => return self.copy(&found, depth).map(Some),
                Some(Found::Value(value @ (Value::Int(_) | Value::Float(_) | Value::Str(_)))) => {
                    let value = value.text().unwrap_or_default();
                    self.spend(value.len())?;
                    out.push_str(&text[done..token.range.start]);
                    out.push_str(&value);
                }
                _ => out.push_str(&text[done..token.range.end]),
            }
            done = token.range.end;
        }
        out.push_str(&text[done..]);
        Ok((done > 0).then(|| out.into()))
    }

    /// Follows the keys of a token as far as they exist; `None` when it has none.
    fn walk(&mut self, token: &Token<'a, '_>) -> Result<Option<Found<'a>>, Fault> {
        let mut found = Found::Section(token.section);
        let mut keys = Keys(token.keys).peekable();
        if keys.peek().is_none() {
            return Ok(None);
        }
        for key in keys {
            self.spend(found.width())?;
            let Some(value) = found.get(key) else { break };
            found = Found::Value(value);
        }
        Ok(Some(found))
    }

    fn copy(&mut self, found: &Found, depth: usize) -> Result<Value, Fault> {
        match found {
            Found::Section(map) => Ok(self.copy_map(map, deeper(depth)?)?.into_value()),
            Found::Value(value) => self.copy_value(value, depth),
        }
    }

    fn copy_value(&mut self, value: &Value, depth: usize) -> Result<Value, Fault> {
        match value {
            Value::List(list) => {
                let depth = deeper(depth)?;
                list.iter()
                    .map(|value| self.copy_value(value, depth))
                    .collect::<Result<_, _>>()
                    .map(Value::List)
            }
            Value::Map(map) => self.copy_map(map, deeper(depth)?).map(Value::Map),
            scalar => {
                self.spend(size_of::<Value>() + scalar.as_str().map_or(0, str::len))?;
                Ok(scalar.clone())
            }
        }
    }

    fn copy_map(&mut self, map: &Map, depth: usize) -> Result<Map, Fault> {
        map.iter()
            .map(|(key, value)| {
                self.spend(size_of::<Text>() + key.len())?;
                Ok((Text::new(key), self.copy_value(value, depth)?))
            })
            .collect()
    }

    fn spend(&mut self, bytes: usize) -> Result<(), Fault> {
        self.room = self.room.checked_sub(bytes).ok_or_else(too_large)?;
        Ok(())
    }
}

impl<'a> Found<'a> {
    fn get(&self, key: &str) -> Option<&'a Value> {
        match *self {
            Found::Section(map) => map.get(key),
            Found::Value(value) => value.get(key),
        }
    }

    /// The cost of a look-up: maps are scanned.
    fn width(&self) -> usize {
        match *self {
            Found::Section(map) | Found::Value(Value::Map(map)) => map.len(),
            Found::Value(_) => 1,
        }
    }
}

fn deeper(depth: usize) -> Result<usize, Fault> {
    depth.checked_sub(1).ok_or_else(too_large)
}

fn too_large() -> Fault {
    Fault::argument("The values referred to are too large", "cmd")
}

/// A run of non-blanks that begins with `$name[`.
struct Token<'a, 't> {
    /// Where it stands in its text.
    range: Range<usize>,
    /// The section called `name`.
    section: &'a Map,
    /// All from the bracket on.
    keys: &'t str,
}

impl<'a, 't> Token<'a, 't> {
    /// The next one in `text` from `from` on.
    fn next(sections: &'a Sections, text: &'t str, from: usize) -> Option<Self> {
        memchr::memchr_iter(b'$', &text.as_bytes()[from..]).find_map(|dollar| {
            let start = from + dollar;
            let after = &text[start + 1..];
            let name = after.bytes().take_while(u8::is_ascii_lowercase).count();
            let section = sections.named(&after[..name]).filter(|_| after[name..].starts_with('['))?;
            let length = after.find(|c: char| c.is_ascii_whitespace() || c == '\x0b').unwrap_or(after.len());
            Some(Token { range: start..start + 1 + length, section, keys: &after[name..length] })
        })
    }
}

/// The keys of `[a][b]…` up to the first thing that is none.
struct Keys<'a>(&'a str);

impl<'a> Iterator for Keys<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let (key, rest) = self.0.strip_prefix('[')?.split_once(']')?;
        self.0 = rest;
        (!key.is_empty()).then_some(key)
    }
}
