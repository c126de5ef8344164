//! The one value type of the protocol: PHP's scalars and its ordered array.
//!
//! PHP has one array type for lists and maps. Here an array whose keys are exactly `0..n-1` in order is
//! a [`Value::List`] and every other array a [`Value::Map`]; [`Map::into_value`] decides. The empty array
//! is the empty list, which is how it looks on the wire (`[]`, protocol 2.1).

use std::borrow::Cow;

use compact_str::{CompactString, format_compact};

use crate::json::whole;

/// A short string: up to 24 bytes live inline, static ones are borrowed ([`Text::const_new`]).
pub type Text = CompactString;

/// A value as it travels: decoded from a request, or on its way into an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number
    Int(i64),
    /// Any other number; never NaN or infinite on the wire (such a value is printed as `0`)
    Float(f64),
    /// UTF-8 text
    Str(Text),
    /// An array with the keys `0..n-1`
    List(Vec<Value>),
    /// Any other array
    Map(Map),
    /// An object that shows nothing of itself: `{}`, as PHP encodes its dates. Only in answers.
    Opaque,
}

impl Value {
    /// A map with this value under a name.
    pub fn under(name: impl Into<Text>, value: impl Into<Value>) -> Self {
        Value::Map(Map(vec![(name.into(), value.into())]))
    }

    /// The text of a string value, and nothing of any other kind.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(s) => Some(s),
            _ => None,
        }
    }

    /// The text of a scalar as PHP's string cast gives it (`true` is `1`, `false` and `null` are empty);
    /// `None` for arrays.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Value::Null | Value::Bool(false) => Some(Cow::Borrowed("")),
            Value::Bool(true) => Some(Cow::Borrowed("1")),
            Value::Int(i) => Some(Cow::Owned(i.to_string())),
            Value::Float(f) if f.is_infinite() => Some(Cow::Borrowed(if *f > 0.0 { "INF" } else { "-INF" })),
            Value::Float(f) => Some(Cow::Owned(f.to_string())),
            Value::Str(s) => Some(Cow::Borrowed(s)),
            Value::List(_) | Value::Map(_) | Value::Opaque => None,
        }
    }

    /// Bytes of memory that it takes, about.
    pub fn weight(&self) -> usize {
        let heap = match self {
            Value::Str(text) => long(text),
            Value::List(list) => list.iter().map(Value::weight).sum(),
            Value::Map(map) => map.weight(),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Opaque => 0,
        };
        size_of::<Value>() + heap
    }

    /// A whole number written as a number or as decimal text (blanks around it are allowed); `None` for
    /// everything else. Floats count when they are whole.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(i) => Some(*i),
            Value::Bool(b) => Some(i64::from(*b)),
            // 2^53: beyond it a float no longer says which whole number was meant.
            Value::Float(f) if f.fract() == 0.0 && f.abs() <= 9_007_199_254_740_992.0 => Some(*f as i64),
            Value::Str(s) => s.trim().parse().ok(),
            _ => None,
        }
    }

    /// A number written as a number or as decimal text; `None` for everything else.
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Value::Int(i) => Some(*i as f64),
            Value::Float(f) => Some(*f),
            Value::Str(s) => s.trim().replace(',', ".").parse().ok().filter(|f: &f64| f.is_finite()),
            _ => None,
        }
    }

    /// A flag in any of the documented spellings: `Y`/`N`, `1`/`0`, `true`/`false` (protocol 6.2);
    /// `None` when it is none of them.
    pub fn as_flag(&self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(*b),
            Value::Int(1) => Some(true),
            Value::Int(0) => Some(false),
            Value::Str(s) => match s.trim().to_ascii_lowercase().as_str() {
                "y" | "1" | "true" => Some(true),
                "n" | "0" | "false" | "" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// PHP's truth: false for `null`, `false`, `0`, `""`, `"0"` and the empty array.
    pub fn is_truthy(&self) -> bool {
        match self {
            Value::Null => false,
            Value::Bool(b) => *b,
            Value::Int(i) => *i != 0,
            Value::Float(f) => *f != 0.0,
            Value::Str(s) => !matches!(s.as_str(), "" | "0"),
            Value::List(l) => !l.is_empty(),
            Value::Map(m) => !m.is_empty(),
            Value::Opaque => true,
        }
    }

    /// Nothing given: `null`, the empty string or the empty array.
    pub fn is_empty(&self) -> bool {
        match self {
            Value::Null => true,
            Value::Str(s) => s.is_empty(),
            Value::List(l) => l.is_empty(),
            Value::Map(m) => m.is_empty(),
            _ => false,
        }
    }

    /// The member of an array under `key`; lists are reached by their decimal index.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Value::List(list) => list.get(index(key)?),
            Value::Map(map) => map.get(key),
            _ => None,
        }
    }

    /// The members of an array in order; nothing for a scalar.
    pub fn items(&self) -> impl Iterator<Item = &Value> {
        let (list, map) = match self {
            Value::List(list) => (list.as_slice(), None),
            Value::Map(map) => (&[][..], Some(map)),
            _ => (&[][..], None),
        };
        list.iter().chain(map.into_iter().flat_map(|map| map.iter().map(|(_, value)| value)))
    }

    /// The members of an array in order, or the scalar itself: what a parameter names that takes one or several.
    pub fn each(&self) -> impl Iterator<Item = &Value> {
        let one = (!self.is_array()).then_some(self);
        one.into_iter().chain(self.items())
    }

    /// Keys and members of an array in order; nothing for a scalar.
    pub fn entries(&self) -> impl Iterator<Item = (Cow<'_, str>, &Value)> {
        let (list, map) = match self {
            Value::List(list) => (list.as_slice(), None),
            Value::Map(map) => (&[][..], Some(map)),
            _ => (&[][..], None),
        };
        let listed = list.iter().enumerate().map(|(i, value)| (Cow::Owned(i.to_string()), value));
        listed
            .chain(map.into_iter().flat_map(|map| map.iter().map(|(key, value)| (Cow::Borrowed(key), value))))
    }

    /// Whether this is an array, of either shape.
    pub fn is_array(&self) -> bool {
        matches!(self, Value::List(_) | Value::Map(_))
    }

    /// The array as a map, lists under their indices; `None` for a scalar.
    pub fn into_map(self) -> Option<Map> {
        match self {
            Value::Map(map) => Some(map),
            Value::List(list) => {
                Some(list.into_iter().enumerate().map(|(i, value)| (format_compact!("{i}"), value)).collect())
            }
            _ => None,
        }
    }
}

/// Bytes of a text beyond those that stand in the value itself.
fn long(text: &Text) -> usize {
    if text.is_heap_allocated() { text.len() } else { 0 }
}

/// The position that a canonical decimal key names: `7`, not `07` or `+7`.
fn index(key: &str) -> Option<usize> {
    let canonical = key == "0" || !key.starts_with(['0', '+']);
    key.parse().ok().filter(|_| canonical)
}

/// An ordered map with text keys, PHP's array when it is not a list. A canonical decimal key stands for
/// PHP's integer key.
///
/// Small maps are the rule, so look-up is a scan. Decoders that may meet thousands of keys keep an index
/// of their own while they build.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map(Vec<(Text, Value)>);

impl Map {
    /// An empty map.
    pub const fn new() -> Self {
        Map(Vec::new())
    }

    /// An empty map with room for `n` entries.
    pub fn with_capacity(n: usize) -> Self {
        Map(Vec::with_capacity(n))
    }

    /// Adds an entry whose key the caller knows to be new.
    pub fn push(&mut self, key: impl Into<Text>, value: impl Into<Value>) {
        self.0.push((key.into(), value.into()));
    }

    /// Sets `key`, in its old place when it was there.
    pub fn insert(&mut self, key: impl Into<Text>, value: impl Into<Value>) {
        let key = key.into();
        match self.0.iter_mut().find(|(k, _)| *k == key) {
            Some(entry) => entry.1 = value.into(),
            None => self.0.push((key, value.into())),
        }
    }

    /// The value under exactly `key`, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.0.iter_mut().find(|(k, _)| k == key).map(|(_, value)| value)
    }

    /// The value under exactly `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, value)| value)
    }

    /// A copy of the value under exactly `key`; null where there is none.
    pub fn value(&self, key: &str) -> Value {
        self.get(key).cloned().unwrap_or_default()
    }

    /// The value under `key`, or else under a key that differs from it by ASCII case only (protocol 1.7).
    pub fn get_any_case(&self, key: &str) -> Option<&Value> {
        let other = || self.0.iter().find(|(k, _)| k.eq_ignore_ascii_case(key)).map(|(_, value)| value);
        self.get(key).or_else(other)
    }

    /// Takes the entry under exactly `key` out, keeping the order of the rest.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let at = self.0.iter().position(|(k, _)| k == key)?;
        Some(self.0.remove(at).1)
    }

    /// Bytes of memory that its entries take, about.
    pub fn weight(&self) -> usize {
        self.0.iter().map(|(key, value)| size_of::<Text>() + long(key) + value.weight()).sum()
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Entries in order, the values to be changed.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value)> {
        self.0.iter_mut().map(|(key, value)| (key.as_str(), value))
    }

    /// The array as the wire shows it: a list when the keys are exactly `0..n-1` in order, a map otherwise.
    pub fn into_value(self) -> Value {
        let listed = self.0.iter().enumerate().all(|(i, (key, _))| index(key) == Some(i));
        if listed {
            Value::List(self.0.into_iter().map(|(_, value)| value).collect())
        } else {
            Value::Map(self)
        }
    }
}

impl FromIterator<(Text, Value)> for Map {
    /// Collects entries whose keys the caller knows to differ.
    fn from_iter<I: IntoIterator<Item = (Text, Value)>>(entries: I) -> Self {
        Map(entries.into_iter().collect())
    }
}

impl<K: Into<Text>, const N: usize> From<[(K, Value); N]> for Map {
    /// The entries that are written out, whose keys differ.
    fn from(entries: [(K, Value); N]) -> Self {
        entries.into_iter().map(|(key, value)| (key.into(), value)).collect()
    }
}

impl IntoIterator for Map {
    type Item = (Text, Value);
    type IntoIter = std::vec::IntoIter<(Text, Value)>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        map.into_value()
    }
}

macro_rules! from {
    ($($kind:ty => |$it:ident| $made:expr;)*) => {
        $(impl From<$kind> for Value {
            fn from($it: $kind) -> Self { $made }
        })*
    };
}

from! {
    bool => |b| Value::Bool(b);
    i64 => |i| Value::Int(i);
    i32 => |i| Value::Int(i64::from(i));
    f64 => |f| Value::Float(f);
    &str => |s| Value::Str(Text::new(s));
    String => |s| Value::Str(Text::from(s));
    Text => |s| Value::Str(s);
    Vec<Value> => |list| Value::List(list);
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

impl From<serde_json::Value> for Value {
    fn from(json: serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(b) => Value::Bool(b),
            serde_json::Value::Number(n) => {
                n.as_i64().map_or_else(|| Value::Float(n.as_f64().unwrap_or(0.0)), Value::Int)
            }
            serde_json::Value::String(s) => Value::Str(Text::from(s)),
            serde_json::Value::Array(list) => Value::List(list.into_iter().map(Value::from).collect()),
            serde_json::Value::Object(map) => map
                .into_iter()
                .map(|(key, value)| (Text::from(key), value.into()))
                .collect::<Map>()
                .into_value(),
        }
    }
}

impl From<&Value> for serde_json::Value {
    /// What the value's own JSON reads as: a whole float has no fraction, and the empty array is a list.
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(flag) => (*flag).into(),
            Value::Int(number) => (*number).into(),
            Value::Float(number) => whole(*number).map_or_else(|| (*number).into(), Into::into),
            Value::Str(text) => text.as_str().into(),
            Value::Map(map) if !map.is_empty() => {
                map.iter().map(|(key, value)| (key.to_owned(), Self::from(value))).collect()
            }
            Value::Opaque => serde_json::Map::new().into(),
            array => array.items().map(Self::from).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_in_order_make_a_list_and_others_a_map() {
        assert_eq!(Value::from(json!({"0": 1, "1": 2})), Value::from(json!([1, 2])));
        assert!(matches!(Value::from(json!({"1": 1, "0": 2})), Value::Map(_)));
        assert!(matches!(Value::from(json!({"00": 1})), Value::Map(_)));
        assert_eq!(Value::from(json!({})), Value::List(vec![]));
    }

    #[test]
    fn flags_are_read_in_every_documented_spelling() {
        for yes in [json!("Y"), json!("y"), json!(1), json!("1"), json!(true), json!("true")] {
            assert_eq!(Value::from(yes).as_flag(), Some(true));
        }
        for no in [json!("N"), json!(0), json!("0"), json!(false), json!("false"), json!("")] {
            assert_eq!(Value::from(no).as_flag(), Some(false));
        }
        assert_eq!(Value::from("perhaps").as_flag(), None);
    }

    #[test]
    fn names_are_found_in_any_case_but_the_exact_one_first() {
        let map = Value::from(json!({"ID": 1, "id": 2})).into_map().unwrap();
        assert_eq!(map.get_any_case("id"), Some(&Value::Int(2)));
        assert_eq!(map.get_any_case("Id"), Some(&Value::Int(1)));
    }

    #[test]
    fn a_value_becomes_what_its_json_reads_as() {
        let mut map = Map::new();
        map.push("none", Map::new());
        for number in [1.0, -0.0, 1.5, 1e15, 1e-7, f64::NAN, f64::INFINITY] {
            map.push(number.to_string(), number);
        }
        let value =
            Value::from(vec![map.into_value(), "a</\u{1}".into(), true.into(), Value::Null, 7.into()]);
        let read: serde_json::Value = serde_json::from_slice(&crate::json::encode(&value)).unwrap();
        assert_eq!(serde_json::Value::from(&value), read);
    }

    #[test]
    fn one_is_taken_as_a_list_of_one() {
        for (given, members) in [(json!([1, 2]), 2), (json!({"a": 1}), 1), (json!([]), 0), (json!("1"), 1)] {
            assert_eq!(Value::from(given.clone()).each().count(), members, "{given}");
        }
    }

    #[test]
    fn a_value_stays_small() {
        assert!(size_of::<Value>() <= 32, "{}", size_of::<Value>());
    }
}
