//! `crm.enum.*`: short lists that never change.

use serde_json::json;
use wire::{Map, Value};

use super::SCOPE;
use super::types::Types;
use engine::call::Call;
use engine::entity::{Field, Kind, describe};
use engine::method::{Method, read};
use engine::noun::constant::Constant;
use engine::texts::Locale;

/// The methods.
pub fn methods() -> Vec<Method> {
    let mut methods: Vec<Method> = TABLES.iter().map(Constant::method).collect();
    methods.push(
        read(OWNER_TYPES.method, SCOPE, |call| Ok(owner_types(call)))
            .about(OWNER_TYPES.about)
            .example(json!({}), json!("*")),
    );
    methods.push(
        read("crm.settings.mode.get", SCOPE, |_| Ok(CLASSIC.into()))
            .about("Returns the mode of the CRM, as crm.enum.settings.mode lists it: leads are always there.")
            .example(json!({}), json!(CLASSIC)),
    );
    methods.push(
        read("crm.multifield.fields", SCOPE, |call| Ok(multifield_fields(call.language)))
            .about("Describes the values of phones, e-mail addresses and other contact details.")
            .example(json!({}), json!({"VALUE": {"type": "string", "isReadOnly": false}})),
    );
    methods.push(
        read("crm.enum.fields", SCOPE, |call| Ok(fields(call.language)))
            .about("Describes the rows of the lists crm.enum.*.")
            .example(json!({}), json!({"ID": {"type": "int", "isReadOnly": true}})),
    );
    methods.push(
        read("crm.enum.getorderownertypes", SCOPE, |_| Ok(order_owners()))
            .about("Lists the kinds of items that an order may belong to.")
            .example(json!({}), json!([{"code": "DEAL", "id": 2}])),
    );
    methods
}

const fn table(
    method: &'static str,
    about: &'static str,
    rows: &'static [(i64, &'static str, &'static str, &'static str)],
) -> Constant {
    Constant { method, scope: SCOPE, about, rows }
}

/// The kinds of items that every portal has.
static OWNER_TYPES: Constant = table(
    "crm.enum.ownertype",
    "Lists the kinds of CRM items with their codes.",
    &[
        (1, "Lead", "LEAD", "L"),
        (2, "Deal", "DEAL", "D"),
        (3, "Contact", "CONTACT", "C"),
        (4, "Company", "COMPANY", "CO"),
        (5, "Invoice (old version)", "INVOICE", "I"),
        (31, "Invoice", "SMART_INVOICE", "SI"),
        (7, "Quote", "QUOTE", "Q"),
        (8, "Billing details", "REQUISITE", "RQ"),
        (36, "Document", "SMART_DOCUMENT", "DO"),
        (39, "Company document", "SMART_B2E_DOC", "SBD"),
    ],
);

static TABLES: [Constant; 8] = [
    table(
        "crm.enum.addresstype",
        "Lists the types of addresses.",
        &[
            (11, "Shipping address", "", ""),
            (1, "Physical address", "", ""),
            (6, "Legal address", "", ""),
            (4, "Registered address", "", ""),
            (8, "Mailing address", "", ""),
            (9, "Beneficiary address", "", ""),
        ],
    ),
    table(
        "crm.enum.settings.mode",
        "Lists the modes of the CRM: with leads, and without.",
        &[(1, "Classic CRM", "", ""), (2, "Simple CRM", "", "")],
    ),
    table(
        "crm.enum.activitydirection",
        "Lists the directions of activities.",
        &[(0, "", "", ""), (1, "Incoming", "", ""), (2, "Outgoing", "", "")],
    ),
    table(
        "crm.enum.activitynotifytype",
        "Lists the units in which a reminder precedes an activity.",
        &[(0, "", "", ""), (1, "min.", "", ""), (2, "h.", "", ""), (3, "d.", "", "")],
    ),
    table(
        "crm.enum.activitypriority",
        "Lists the priorities of activities.",
        &[(0, "", "", ""), (1, "low", "", ""), (2, "medium", "", ""), (3, "high", "", "")],
    ),
    table(
        "crm.enum.activitystatus",
        "Lists the statuses of activities.",
        &[
            (0, "", "", ""),
            (1, "Pending", "", ""),
            (2, "Completed", "", ""),
            (3, "Automatically completed", "", ""),
        ],
    ),
    table(
        "crm.enum.activitytype",
        "Lists the types of activities.",
        &[
            (0, "", "", ""),
            (1, "Meeting", "", ""),
            (2, "Call", "", ""),
            (3, "Task", "", ""),
            (4, "E-mail", "", ""),
            (5, "Action", "", ""),
            (6, "User action", "", ""),
        ],
    ),
    table(
        "crm.enum.contenttype",
        "Lists the formats of texts.",
        &[(0, "", "", ""), (1, "Plain text", "", ""), (2, "bbCode", "", ""), (3, "HTML", "", "")],
    ),
];

/// The mode with leads.
const CLASSIC: i64 = 1;

fn multifield_fields(language: Locale) -> Value {
    const FIELDS: [(&str, &str, &str, bool); 4] = [
        ("ID", "ID", "int", true),
        ("TYPE_ID", "Type", "string", true),
        ("VALUE", "Value", "string", false),
        ("VALUE_TYPE", "Value type", "string", false),
    ];
    let described = FIELDS.iter().map(|(code, title, type_name, read_only)| {
        let field = Field::new(code, Kind::String, title);
        let field = if *read_only { field.read_only() } else { field };
        ((*code).into(), describe::plain(&field, type_name, language))
    });
    described.collect::<Map>().into_value()
}

fn fields(language: Locale) -> Value {
    const FIELDS: [(&str, &str, &str); 4] = [
        ("ID", "ID", "int"),
        ("NAME", "Name", "string"),
        ("SYMBOL_CODE", "Symbol code", "string"),
        ("SYMBOL_CODE_SHORT", "Short symbol code", "string"),
    ];
    let described = FIELDS.iter().map(|(code, title, type_name)| {
        (
            (*code).into(),
            describe::plain(&Field::new(code, Kind::String, title).read_only(), type_name, language),
        )
    });
    described.collect::<Map>().into_value()
}

/// The kinds of items, smart processes among them.
fn owner_types(call: &Call<'_, '_>) -> Value {
    let own = Types::of(&call.meta).list.iter().filter_map(|kind| call.entity(kind.entity_type_id));
    let shown = own.map(|entity| {
        let mut map = Map::with_capacity(4);
        map.push("ID", entity.type_id);
        map.push("NAME", &*entity.title);
        map.push("SYMBOL_CODE", &*entity.code);
        map.push("SYMBOL_CODE_SHORT", &*entity.prefix);
        Value::Map(map)
    });
    OWNER_TYPES.shown().chain(shown).collect::<Vec<_>>().into()
}

fn order_owners() -> Value {
    let mut deal = Map::with_capacity(4);
    deal.push("attribute", "DYN");
    deal.push("code", "DEAL");
    deal.push("id", 2);
    deal.push("name", "Deal");
    Value::List(vec![Value::Map(deal)])
}
