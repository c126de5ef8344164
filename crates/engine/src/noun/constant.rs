//! Constant tables: short lists that never change, such as `crm.enum.*`.

use serde_json::json;
use wire::{Map, Value};

use crate::method::{Method, read};

/// A list of rows, and the method that returns it.
#[derive(Debug)]
pub struct Constant {
    /// The method.
    pub method: &'static str,
    /// The scope that opens it.
    pub scope: &'static str,
    /// A one-line description of the result.
    pub about: &'static str,
    /// `ID`, `NAME`, `SYMBOL_CODE`, `SYMBOL_CODE_SHORT` of each row; empty codes are `null`.
    pub rows: &'static [(i64, &'static str, &'static str, &'static str)],
}

impl Constant {
    /// Its method.
    pub fn method(&'static self) -> Method {
        read(self.method, self.scope, |_| Ok(self.shown().collect::<Vec<_>>().into()))
            .about(self.about)
            .example(json!({}), json!("*"))
    }

    /// Its rows as they are answered.
    pub fn shown(&self) -> impl Iterator<Item = Value> {
        self.rows.iter().map(show)
    }
}

fn show((id, name, code, short): &(i64, &'static str, &'static str, &'static str)) -> Value {
    let code_or_null = |code: &'static str| (!code.is_empty()).then_some(code);
    let mut map = Map::with_capacity(4);
    map.push("ID", *id);
    map.push("NAME", *name);
    map.push("SYMBOL_CODE", code_or_null(code));
    map.push("SYMBOL_CODE_SHORT", code_or_null(short));
    Value::Map(map)
}
