//! Parameters against their declaration, before the handler runs.

use wire::{Fault, Map, Text, Value};

use crate::dto::{Dto, check as exceptions};
use crate::param::{Kind, Param, Style};

/// The fault for the first declared parameter that is missing or of the wrong kind.
pub fn check(style: Style, declared: &[Param], dto: Option<&Dto>, params: &Map) -> Result<(), Fault> {
    match style {
        Style::Own => return Ok(()),
        Style::Exceptions => return exceptions::check(declared, dto, params),
        Style::Legacy | Style::Controller => {}
    }
    declared.iter().try_for_each(|param| check_one(style, param, params.get_any_case(&param.name)))
}

/// Renames parameters that older clients call `arFields`, `arFilter`, .. as legacy methods know them.
pub fn rename(style: Style, declared: &[Param], params: &mut Map) {
    let arrays = |param: &&Param| {
        matches!(param.kind, Kind::Fields | Kind::Filter | Kind::Order | Kind::Select | Kind::List)
    };
    for param in declared.iter().filter(|_| style == Style::Legacy).filter(arrays) {
        let given = params.get_any_case(&param.name).is_some_and(|value| *value != Value::Null);
        let hungarian = params
            .iter()
            .map(|(key, _)| key)
            .find(|key| key.strip_prefix("ar").is_some_and(|name| name.eq_ignore_ascii_case(&param.name)));
        if let Some(key) = hungarian.filter(|_| !given).map(str::to_owned) {
            let value = params.remove(&key).unwrap_or_default();
            params.insert(&*param.name, value);
        }
    }
}

/// Gives parameters that count by their place the names that are declared there; what is beyond them goes.
pub fn by_place(declared: &[Param], params: &mut Map) {
    let given = std::mem::take(params).into_iter().map(|(_, value)| value);
    let named = declared.iter().map(|param| Text::from(param.name.as_ref())).zip(given);
    *params = named.collect();
}

fn check_one(style: Style, param: &Param, value: Option<&Value>) -> Result<(), Fault> {
    let array = match param.kind {
        Kind::Fields => !param.required,
        Kind::Filter | Kind::Order => style == Style::Legacy,
        _ => false,
    };
    let may_be_empty = param.kind == Kind::List || (param.kind == Kind::Fields && style == Style::Legacy);
    let usual = match value.filter(|value| !value.is_empty()) {
        // An empty list is a list: it replaces another one with nothing. So are fields in PHP: an update that sets nothing.
        None if may_be_empty && value.is_some_and(Value::is_array) => return Ok(()),
        // Neither is an empty text an array, where one may be left out.
        None if array && value.is_some_and(|value| value.as_str().is_some()) => unfit(style, param),
        None if param.required => missing(style, param, value),
        None => return Ok(()),
        Some(value) if fits(style, param, value) => return Ok(()),
        Some(_) => unfit(style, param),
    };
    Err(param.complaint.map_or(usual, Fault::crm))
}

fn fits(style: Style, param: &Param, value: &Value) -> bool {
    match param.kind {
        Kind::Id => value.as_int().is_some_and(|id| id > 0),
        Kind::Int => value.as_int().is_some(),
        Kind::Fields => value.is_array(),
        Kind::Filter | Kind::Order if style == Style::Legacy => value.is_array(),
        Kind::Text => !value.is_array(),
        Kind::List if param.complaint.is_some() => value.is_array(),
        // Legacy lists ignore names that they do not know; controllers complain where they use it.
        Kind::Flag | Kind::Filter | Kind::Order | Kind::Select | Kind::List | Kind::Any => true,
    }
}

fn missing(style: Style, param: &Param, value: Option<&Value>) -> Fault {
    match (style, param.kind) {
        // An empty array is a value all the same: an add without fields.
        (_, Kind::Fields | Kind::Any) if value.is_some_and(Value::is_array) => unfit(style, param),
        (Style::Controller, _) => Fault::missing_parameter(&param.name),
        (_, _) => unfit(style, param),
    }
}

fn unfit(style: Style, param: &Param) -> Fault {
    match (style, param.kind) {
        (Style::Controller, Kind::Id | Kind::Int) => unfit_parameter(&param.name, "int"),
        (Style::Controller, Kind::Fields | Kind::List) => unfit_parameter(&param.name, "array"),
        (Style::Controller, _) => unfit_parameter(&param.name, "string"),
        (Style::Legacy, Kind::Id) => Fault::crm("ID is not defined or invalid."),
        (Style::Legacy, Kind::Fields | Kind::Filter | Kind::Order) => {
            Fault::crm(format!("Parameter '{}' must be array.", param.name.to_lowercase()))
        }
        (Style::Legacy | Style::Exceptions | Style::Own, _) => Fault::empty_argument(&param.name),
    }
}

/// A controller's parameter has the wrong type (`100`, as the catalogue's conventions have it).
fn unfit_parameter(name: &str, wanted: &str) -> Fault {
    let text =
        format!("Invalid value {{}} to match with parameter {{{name}}}. Should be value of type {wanted}.");
    Fault::new(400, "100", text)
}
