//! JSON bytes to a [`Value`], in one pass and within bounds.

use std::cell::Cell;
use std::fmt;

use indexmap::IndexMap;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::beyond;
use crate::{Limits, Map, Text, Value};

/// Decodes a whole JSON text; `None` when it is broken, or exceeds `limits`.
///
/// As PHP decodes to arrays: order is kept, the last of equal keys wins in the place of the first, an object
/// with the keys `0..n-1` is a list, whole numbers beyond 64 bits become floats, and numbers beyond a float are infinite.
pub fn decode(bytes: &[u8], limits: &Limits) -> Option<Value> {
    parse(bytes, limits, false).or_else(|| parse(&beyond::replace(bytes)?, limits, true))
}

/// Decodes a JSON text; with `beyond`, the largest float stands for what is larger.
fn parse(bytes: &[u8], limits: &Limits, beyond: bool) -> Option<Value> {
    let left = Cell::new(limits.values);
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = Seed { depth: limits.depth, left: &left, beyond }.deserialize(&mut json).ok()?;
    json.end().ok()?;
    Some(value)
}

/// The remaining budget: `depth` more levels of arrays here, `left` more values in the whole text.
#[derive(Clone, Copy)]
struct Seed<'a> {
    depth: usize,
    left: &'a Cell<usize>,
    beyond: bool,
}

impl Seed<'_> {
    /// The seed for the members of an array.
    fn inner<E: Error>(self) -> Result<Self, E> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| E::custom("too deep"))?;
        Ok(Seed { depth, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Value, D::Error> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| D::Error::custom("too many values"))?;
        self.left.set(left);
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(i64::try_from(number).map_or(Value::Float(number as f64), Value::Int))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        let infinite = self.beyond && number.abs() == f64::MAX;
        Ok(Value::Float(if infinite { f64::INFINITY.copysign(number) } else { number }))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Str(Text::new(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let seed = self.inner()?;
        let mut list = Vec::new();
        while let Some(value) = seq.next_element_seed(seed)? {
            list.push(value);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let seed = self.inner()?;
        let mut members = IndexMap::new();
        while let Some(Key(key)) = map.next_key()? {
            members.insert(key, map.next_value_seed(seed)?);
        }
        Ok(members.into_iter().collect::<Map>().into_value())
    }
}

/// A key without a detour through `String`.
struct Key(Text);

impl<'de> serde::Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct Keys;
        impl Visitor<'_> for Keys {
            type Value = Key;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_str<E>(self, key: &str) -> Result<Key, E> {
                Ok(Key(Text::new(key)))
            }
        }
        json.deserialize_str(Keys)
    }
}
