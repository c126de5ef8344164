//! The details of the payer that an invoice names, `INVOICE_PROPERTIES`: as given, and otherwise as the CRM knows him.

use engine::access::Act;
use engine::call::Call;
use engine::entity::owner::Standing;
use engine::entity::{Field, Kind, Naming, describe, read};
use engine::error::Result;
use engine::noun::Row;
use engine::texts::Locale;
use wire::{Map, Value};

use crate::owner::Owner;

/// The field that holds them.
pub const FIELD: &str = "PROPERTIES";

const COMPANY: i64 = 4;
const CONTACT: i64 = 3;

/// Characters that a detail may have.
const LENGTH: usize = 500;

/// What is said of a company.
const OF_COMPANY: [&str; 11] = [
    "COMPANY",
    "COMPANY_ADR",
    "INN",
    "KPP",
    "CONTACT_PERSON",
    "EMAIL",
    "PHONE",
    "FAX",
    "ZIP",
    "CITY",
    "ADDRESS",
];
/// What is said of a person.
const OF_PERSON: [&str; 6] = ["FIO", "EMAIL", "PHONE", "ZIP", "CITY", "ADDRESS"];
/// What is said of both.
const LOCATION: &str = "LOCATION";

/// Describes them.
pub fn described(language: Locale) -> Value {
    let of_person = OF_PERSON.iter().filter(|name| !OF_COMPANY.contains(name));
    let names = OF_COMPANY.iter().chain(of_person).chain([&LOCATION]);
    let members = names.map(|name| {
        let field = Field::named((*name).to_owned(), String::new(), Kind::String, TITLE);
        ((*name).into(), describe::plain(&field, "string", language))
    });
    super::methods::array(TITLE, members.collect(), language)
}

const TITLE: &str = "Details of the payer";

/// The details of an invoice as it is now: those given, over those of before, over what is known of the client.
pub fn complete(call: &mut Call<'_, '_>, row: &Row, given: Option<&Value>) -> Result<Map> {
    let company = row.int("UF_COMPANY_ID").filter(|id| *id > 0);
    let contact = row.int("UF_CONTACT_ID").filter(|id| *id > 0);
    let names: &[&str] = if company.is_some() { &OF_COMPANY } else { &OF_PERSON };
    let kept: Map = Value::from(row.json(FIELD)).into_map().unwrap_or_default();
    let known = known(call, company, contact)?;
    let mut details = Map::with_capacity(names.len() + 1);
    for name in names.iter().copied().chain([LOCATION]) {
        let said = given
            .and_then(|given| given.get(name))
            .and_then(Value::text)
            .map(|text| text.trim().chars().take(LENGTH).collect::<String>());
        let before = || kept.get(name).and_then(Value::as_str).map(str::to_owned);
        let usual = || known.get(name).and_then(Value::as_str).map(str::to_owned);
        details.push(name, said.or_else(before).or_else(usual).unwrap_or_default());
    }
    Ok(details)
}

/// The details that an invoice has.
pub fn details_of(call: &mut Call<'_, '_>, invoice: i64) -> Result<Value> {
    let sql = "SELECT properties FROM crm_invoice WHERE id = ?";
    let kept =
        call.tx.one(sql, &[invoice.into()], |row| Ok(row.opt_text(0)?.unwrap_or_default().to_owned()))?;
    let kept: serde_json::Value = kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    Ok(Value::from(kept))
}

/// What the CRM knows of a client, as far as the caller may read it.
fn known(call: &mut Call<'_, '_>, company: Option<i64>, contact: Option<i64>) -> Result<Map> {
    let mut known = Map::new();
    let of_company = item(call, COMPANY, company)?;
    let of_contact = item(call, CONTACT, contact)?;
    let full_name = of_contact.as_ref().map(|contact| {
        let parts = ["NAME", "SECOND_NAME", "LAST_NAME"].map(|name| text(contact, name));
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    });
    if let Some(name) = full_name {
        known.push(if company.is_some() { "CONTACT_PERSON" } else { "FIO" }, name);
    }
    if let Some(company) = &of_company {
        known.push("COMPANY", text(company, "TITLE"));
    }
    for (name, field) in [("EMAIL", "EMAIL"), ("PHONE", "PHONE")] {
        let first =
            [&of_company, &of_contact].into_iter().flatten().find_map(|item| first_value(item, field));
        known.push(name, first.unwrap_or_default());
    }
    Ok(known)
}

fn item(call: &mut Call<'_, '_>, type_id: i64, id: Option<i64>) -> Result<Option<Map>> {
    let Some(owner) = id.and_then(|id| Owner::numbered(call, type_id, id)) else { return Ok(None) };
    if owner.standing(call, Act::Read)? != Standing::Allowed {
        return Ok(None);
    }
    read::get(call, &owner.entity, Naming::Legacy, owner.id)
}

fn text(item: &Map, name: &str) -> String {
    item.get(name).and_then(Value::text).map(|text| text.trim().to_owned()).unwrap_or_default()
}

fn first_value(item: &Map, name: &str) -> Option<String> {
    item.get(name)?.items().find_map(|value| value.get("VALUE")?.as_str().map(str::to_owned))
}
