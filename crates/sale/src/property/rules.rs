//! What properties may be.

use std::borrow::Cow;

use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Draft, Face, Hooks, Row};
use wire::{Fault, Map, Value};

use super::{relation, variant};
use crate::kit::{blank, demand};

pub(super) struct Properties;

/// Texts that are shown empty where there is none.
const TEXTS: &[&str] = &["code", "description", "xmlId", "defaultValue", "inputFieldLocation"];

/// Members of settings, and the characters of their JSON, at most.
const SETTINGS: (usize, usize) = (50, 20_000);

impl Hooks for Properties {
    /// Settings are texts, whatever a request makes of them.
    fn read(
        &self,
        _: &mut Call<'_, '_>,
        face: &Face,
        given: &mut Cow<'_, Map>,
        old: Option<&Row>,
    ) -> Result<()> {
        rules(given, old)?;
        let Some(settings) = given.get("settings") else { return Ok(()) };
        let text =
            |value: &Value| value.text().map_or_else(|| value.clone(), |text| text.into_owned().into());
        let settings: Map = settings.entries().map(|(name, value)| (name.into(), text(value))).collect();
        if settings.len() > SETTINGS.0 || settings.weight() > SETTINGS.1 {
            return Err((face.faults.invalid)("settings").into());
        }
        given.to_mut().insert("settings", settings);
        Ok(())
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        demand(face, draft, old, &["name"])?;
        require_group(call, face, draft)
    }

    /// Values stay with the orders that have them: these keep the name and the code.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        noun::clear(call, &variant::VARIANT, &[("orderPropsId", row.number.into())])?;
        noun::clear(call, &relation::RELATION, &[("propertyId", row.number.into())])
    }

    fn show(&self, _: &mut Call<'_, '_>, _: &Face, _: &[Row], shown: &mut [Map], _: bool) -> Result<()> {
        for map in shown {
            blank(map, TEXTS);
            if map.get("settings").is_none_or(Value::is_empty) {
                map.insert("settings", Value::List(Vec::new()));
            }
        }
        Ok(())
    }
}

/// A group is of the same payer type.
fn require_group(call: &mut Call<'_, '_>, face: &Face, draft: &Draft<'_>) -> Result<()> {
    let (Some(kind), Some(group)) = (draft.int("personTypeId"), draft.int("propsGroupId")) else {
        return Ok(());
    };
    let sql = "SELECT person_type_id FROM sale_property_group WHERE id = ?";
    match call.tx.one(sql, &[group.into()], |row| row.opt_int(0))?.flatten() {
        Some(of) if of != kind => Err((face.faults.invalid)("propsGroupId").into()),
        _ => Ok(()),
    }
}

/// What a flag asks of another field.
struct Demand {
    flag: &'static str,
    /// The type of property that has the flag; empty for all.
    of: &'static str,
    other: &'static str,
    wanted: bool,
    /// The number of the refusal when the other field is not given.
    absent: i64,
    /// That when it is something else.
    wrong: i64,
    text: &'static str,
}

const DEMANDS: [Demand; 4] = [
    Demand {
        flag: "multiple",
        of: "",
        other: "isFiltered",
        wanted: false,
        absent: 200_850_000_009,
        wrong: 200_850_000_010,
        text: "multiple properties cannot be filtered",
    },
    Demand {
        flag: "isLocation",
        of: "LOCATION",
        other: "multiple",
        wanted: false,
        absent: 200_850_000_011,
        wrong: 200_850_000_012,
        text: "a location cannot be multiple",
    },
    Demand {
        flag: "isLocation4tax",
        of: "LOCATION",
        other: "multiple",
        wanted: false,
        absent: 200_850_000_013,
        wrong: 200_850_000_014,
        text: "a location for taxes cannot be multiple",
    },
    Demand {
        flag: "isProfileName",
        of: "STRING",
        other: "required",
        wanted: true,
        absent: 200_850_000_015,
        wrong: 200_850_000_016,
        text: "the name of a profile must be required",
    },
];

/// Of what a request gives, since fields that it leaves out have defaults.
fn rules(given: &Map, old: Option<&Row>) -> Result<()> {
    let of_request = given.get("type").and_then(Value::text);
    let kind = of_request.as_deref().unwrap_or_else(|| old.map_or("", |old| old.text("type")));
    for demand in DEMANDS {
        let is_set = given.get(demand.flag).and_then(Value::as_flag) == Some(true);
        if !is_set || !(demand.of.is_empty() || demand.of == kind) {
            continue;
        }
        let number = match given.get(demand.other).and_then(Value::as_flag) {
            Some(value) if value == demand.wanted => continue,
            None => demand.absent,
            Some(_) => demand.wrong,
        };
        return Err(Fault::numbered(400, number, demand.text).into());
    }
    Ok(())
}
