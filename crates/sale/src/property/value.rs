//! Values of properties: `sale.propertyvalue.*` of orders, `sale.shipmentpropertyvalue.*` of shipments.

use std::collections::HashMap;

use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, required, write};
use engine::noun::{
    self, Access, Draft, EventData, Events, Face, Faults, Field, Hooks, ID, Noun, Row, Verb, field, noun,
};
use engine::texts::Locale;
use serde_json::json;
use wire::{Fault, Map, Value};

use super::{ORDERS, PROPERTY, SHIPMENTS, worth};
use crate::SCOPE;
use crate::kit::{faults, refused};
use crate::order::ORDER;
use crate::shipment::SHIPMENT;

const FAULTS: Faults = faults(201_040_400_001, "property value does not exist");

const VERBS: &[(Verb, &str)] =
    &[(Verb::Get, "get"), (Verb::List, "list"), (Verb::Delete, "delete"), (Verb::Fields, "getfields")];

/// How values of an order are shown.
pub const OF_ORDERS: Face =
    Face::controller("sale.propertyvalue", "propertyValue", "propertyValues").verbs(VERBS).faults(FAULTS);

const OF_SHIPMENTS: Face = Face::controller("sale.shipmentpropertyvalue", "propertyValue", "propertyValues")
    .verbs(VERBS)
    .faults(Faults {
        missing: noun::Refusal::Numbered(201_040_400_001, "Property value has not been found"),
        ..FAULTS
    });

/// Values of properties of orders.
pub static VALUE: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        Field { immutable: true, ..ID },
        field("orderId", Kind::Integer, "Order").required().immutable().indexed(),
        field("orderPropsId", Kind::Integer, "Property").required().indexed(),
        field("orderPropsXmlId", Kind::String, "External ID of the property").computed(),
        field("name", Kind::String, "Name"),
        field("code", Kind::String, "Code").indexed(),
        field("value", Kind::Text, "Value").described_as("any"),
        LIST,
    ],
    faces: &[OF_ORDERS],
    events: Some(Events {
        verbs: ["ENTITYSAVED", "ENTITYSAVED", "DELETED"],
        data: EventData::Fields,
        ..Events::new("ONPROPERTYVALUE")
    }),
    hooks: &Values,
    ..noun(
        "sale.propertyValue",
        "sale_property_value",
        SCOPE,
        ["value of a property", "values of properties"],
    )
};

/// Values of properties of shipments.
pub static SHIPMENT_VALUE: Noun = Noun {
    access: Access::Administrators,
    fields: &[
        Field { immutable: true, ..ID },
        field("shipmentId", Kind::Integer, "Shipment").required().immutable().indexed(),
        field("shipmentPropsId", Kind::Integer, "Property").required().indexed(),
        field("shipmentPropsXmlId", Kind::String, "External ID of the property").computed(),
        field("name", Kind::String, "Name"),
        field("code", Kind::String, "Code").indexed(),
        field("value", Kind::Text, "Value"),
        LIST,
    ],
    faces: &[OF_SHIPMENTS],
    hooks: &Values,
    ..noun(
        "sale.shipmentPropertyValue",
        "sale_shipment_property_value",
        SCOPE,
        ["value of a property of a shipment", "values of properties of shipments"],
    )
};

/// Whether a value is a list.
const LIST: Field = field("list", Kind::Char, "List").hidden();

struct Values;

impl Hooks for Values {
    /// Whether it is a list follows from the property.
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        _: Option<&Row>,
    ) -> Result<()> {
        let Some(property) = draft.int(names(face)[0]) else { return Ok(()) };
        let row = noun::again(call, &PROPERTY, property)?;
        let is_list = row.is_some_and(|row| row.text("multiple") == "Y");
        draft.set("list", if is_list { "Y" } else { "N" });
        Ok(())
    }

    /// A value may be emptied, and is described as required all the same.
    fn describe(&self, _: &Face, fields: &mut Map, _: Locale) {
        if let Some(Value::Map(value)) = fields.get_mut("value") {
            value.insert("isRequired", true);
        }
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        rows: &[Row],
        shown: &mut [Map],
        _: bool,
    ) -> Result<()> {
        let [number, external] = names(face);
        let ids: Vec<i64> = rows.iter().filter_map(|row| row.int(number)).collect();
        let properties = noun::again_all(call, &PROPERTY, ids)?;
        for (row, map) in rows.iter().zip(shown) {
            map.insert("value", worth::shown(row));
            let property = row.int(number).and_then(|id| properties.get(&id));
            let external_id = property.map(|row| row.text("xmlId")).filter(|id| !id.is_empty());
            map.insert(external, external_id.map(str::to_owned));
        }
        Ok(())
    }
}

/// The fields with the number of the property and with its external ID.
fn names(face: &Face) -> [&'static str; 2] {
    match face.path == OF_ORDERS.path {
        true => ["orderPropsId", "orderPropsXmlId"],
        false => ["shipmentPropsId", "shipmentPropsXmlId"],
    }
}

/// What has values of properties, as a request names it.
struct Owner {
    name: &'static str,
    noun: &'static Noun,
    values: &'static Noun,
    face: &'static Face,
    registry: &'static str,
    /// The fields of a value that lead to the owner and to the property.
    fields: [&'static str; 2],
    /// The refusals of an owner without a number and of one that is not there.
    refusals: [fn() -> engine::Error; 2],
}

static OWNERS: [Owner; 2] = [
    Owner {
        name: "order",
        noun: &ORDER,
        values: &VALUE,
        face: &OF_ORDERS,
        registry: ORDERS,
        fields: ["orderId", "orderPropsId"],
        refusals: [|| refused("Required fields: order.id"), || refused("order does not exist")],
    },
    Owner {
        name: "shipment",
        noun: &SHIPMENT,
        values: &SHIPMENT_VALUE,
        face: &OF_SHIPMENTS,
        registry: SHIPMENTS,
        fields: ["shipmentId", "shipmentPropsId"],
        refusals: [
            || Fault::numbered(400, 201_040_400_006, "Bad shipment id").into(),
            || Fault::numbered(400, 201_040_400_007, "Shipment has not been found").into(),
        ],
    },
];

/// The methods beyond those of the faces.
pub fn methods() -> Vec<Method> {
    let of = |owner: &'static Owner, about: &'static str, example: serde_json::Value| {
        write(format!("{}.modify", owner.face.path), SCOPE, move |call| modify(call, owner))
            .controller()
            .about(about)
            .destroys()
            .param(required("fields", method::Kind::Fields, "Values by field").with_members(vec![required(
                owner.name,
                method::Kind::Fields,
                "Its ID, and values by property",
            )]))
            .example(json!({"fields": {owner.name: example}}), json!({"propertyValues": [{"value": "*"}]}))
    };
    vec![
        of(
            &OWNERS[0],
            "Sets values of properties of an order and returns them.",
            json!({"id": 1, "propertyValues": [{"orderPropsId": 1, "value": "Ada Berg"}]}),
        ),
        of(
            &OWNERS[1],
            "Sets values of properties of a shipment and returns them.",
            json!({"id": 1, "propertyValues": [{"shipmentPropsId": 6, "value": "Hafenstr. 12, Hamburg"}]}),
        ),
    ]
}

/// Values that one call sets at most.
const MOST: usize = 500;

fn modify(call: &mut Call<'_, '_>, owner: &'static Owner) -> Result<Value> {
    let scope = owner.values.grant(call, Act::Update)?;
    if scope.is_nothing() {
        return Err(owner.face.faults.unwritable.fault().into());
    }
    let given = call.fields("fields").get(owner.name).cloned().unwrap_or_default();
    let id = given.get("id").and_then(Value::as_int).filter(|id| *id > 0).ok_or_else(owner.refusals[0])?;
    let values = given.get("propertyValues").cloned().unwrap_or_default();
    if !values.is_array() || values.items().count() > MOST {
        return Err(refused(format!("Required fields: {}.propertyValues", owner.name)));
    }
    let row = noun::again(call, owner.noun, id)?.ok_or_else(owner.refusals[1])?;
    let order = match owner.noun.name == ORDER.name {
        true => row,
        false => noun::again(call, &ORDER, row.int("orderId").unwrap_or(0))?.ok_or_else(owner.refusals[1])?,
    };
    let [above, of] = owner.fields;
    let mut numbers: HashMap<i64, i64> = HashMap::new();
    for row in noun::among(call, owner.values, above, &[id])? {
        numbers.entry(row.int(of).unwrap_or(0)).or_insert(row.number);
    }
    let mut written = Vec::new();
    for value in values.items() {
        let (property, mut fields) = read(call, owner, order.int("personTypeId"), value)?;
        fields.push(above, id);
        let row = match numbers.get(&property) {
            Some(number) => noun::amend(call, owner.values, owner.face, *number, &fields)?,
            None => Some(noun::put(call, owner.values, &fields)?),
        };
        let row = row.ok_or_else(|| unknown(owner))?;
        numbers.insert(property, row.number);
        written.push(row);
    }
    Ok(Value::under("propertyValues", noun::listed(call, owner.values, owner.face, &written)?))
}

fn unknown(owner: &Owner) -> engine::Error {
    refused(format!("Invalid value of field {}", owner.fields[1]))
}

/// The property that a request names, and the fields of its value.
fn read(call: &mut Call<'_, '_>, owner: &Owner, payer: Option<i64>, given: &Value) -> Result<(i64, Map)> {
    let of = owner.fields[1];
    let number = given.get(of).and_then(Value::as_int).ok_or_else(|| unknown(owner))?;
    let property = noun::again(call, &PROPERTY, number)?
        .filter(|row| row.text("registry") == owner.registry && row.int("personTypeId") == payer)
        .ok_or_else(|| unknown(owner))?;
    let value = worth::kept(call, &property, given.get("value").unwrap_or(&Value::Null))?;
    let mut fields = Map::with_capacity(5);
    fields.push(of, number);
    fields.push("name", property.text("name").to_owned());
    fields.push("code", property.text("code").to_owned());
    fields.push("value", value.unwrap_or_default());
    Ok((number, fields))
}
