//! The data of an item of the CRM: its fields, those of its client and of the portal's own company, and its products.
//!
//! Codes follow from where a value stands: `COMPANY.TITLE` is `{CompanyTitle}`. What the caller may not read is left out.

use engine::call::Call;
use engine::entity::{Entity, Field as Column, Kind, Naming, Place, read, stage};
use engine::error::{Error, Result};
use engine::{files, moment};
use rust_decimal::Decimal;
use wire::{Map, Value};

use super::mine::{self, COMPANY};
use super::money::Currency;
use super::product::Products;
use super::{Data, Datum, Field, Person, camel, named, product, requisite};
use crate::docx::Picture;

/// The number of contacts.
const CONTACT: i64 = 3;

/// Everything about an item; `mine` is the company of one's own that a request names.
pub fn item(call: &mut Call<'_, '_>, entity: &Entity, id: i64, mine: Option<i64>) -> Result<Data> {
    let mut data = Data::default();
    let own = load(call, entity, id)?.unwrap_or_default();
    add(call, &mut data, entity, &own, "", &[super::DOCUMENT, &entity.title])?;
    person(call, &mut data, &own, "ASSIGNED", "ASSIGNED_BY_ID")?;
    let number = |name: &str| own.get(name).and_then(Value::as_int).filter(|id| *id > 0);
    let (contact, company) = (number("CONTACT_ID"), number("COMPANY_ID"));
    parties(call, &mut data, (entity.type_id, id), (contact, company), &own, mine)?;
    let contact = related(call, &mut data, CONTACT, contact, "CONTACT", "Contact")?;
    let company = related(call, &mut data, COMPANY, company, "COMPANY", "Company")?;
    let client = match entity.type_id {
        CONTACT | COMPANY => own.clone(),
        _ => company.or(contact).unwrap_or_else(|| own.clone()),
    };
    add_client(&mut data, &client);
    sold(call, &mut data, entity, id, &own)?;
    Ok(data)
}

/// What an item sells.
pub fn products(call: &mut Call<'_, '_>, entity: &Entity, id: i64) -> Result<Products> {
    let own = load(call, entity, id)?.unwrap_or_default();
    sold(call, &mut Data::default(), entity, id, &own)
}

/// Adds the amount and the products of an item.
fn sold(call: &mut Call<'_, '_>, data: &mut Data, entity: &Entity, id: i64, own: &Map) -> Result<Products> {
    let text = |name: &str| own.get(name).and_then(Value::text).unwrap_or_default().into_owned();
    let code = Some(text("CURRENCY_ID")).filter(|code| !code.is_empty());
    let code = code.unwrap_or_else(|| call.meta.base_currency().to_owned());
    let currency = Currency::load(call, &code)?;
    let amount: Decimal = text("OPPORTUNITY").parse().unwrap_or_default();
    let field = Field { value: Datum::Text(currency.written(amount)), ..named("Amount", "OPPORTUNITY", &[]) };
    data.fields.insert("OpportunityFormatted".to_owned(), field);
    product::add(call, data, entity, id, &currency, amount)
}

/// Adds one's own company, and the requisites of it and of the client: of the company where there is one, or else of the
/// contact.
fn parties(
    call: &mut Call<'_, '_>,
    data: &mut Data,
    (type_id, id): (i64, i64),
    (contact, company): (Option<i64>, Option<i64>),
    own: &Map,
    mine: Option<i64>,
) -> Result<()> {
    let used = requisite::used(call, type_id, id)?;
    let itself = matches!(type_id, CONTACT | COMPANY).then_some((type_id, id));
    let contact = contact.map(|id| (CONTACT, id)).filter(|_| type_id != CONTACT);
    let company = company.map(|id| (COMPANY, id)).filter(|_| type_id != COMPANY);
    let client = itself.or(company).or(contact);
    for (owner, prefix, title) in
        [(itself, "", ""), (contact, "CONTACT", "Contact"), (company, "COMPANY", "Company")]
    {
        let Some(owner) = owner else { continue };
        let (chosen, mut prefixes) = match client == Some(owner) {
            true => (used.client, vec![("", "")]),
            false => ((None, None), Vec::new()),
        };
        if !prefix.is_empty() {
            prefixes.push((prefix, title));
        }
        requisite::add(call, data, owner, chosen, &prefixes)?;
    }
    let mine = mine::chosen(call, data, own, mine)?;
    let Some(values) = related(call, data, COMPANY, mine, mine::CODE, "My Company")? else { return Ok(()) };
    person(call, data, &values, "MY_COMPANY.ASSIGNED", "ASSIGNED_BY_ID")?;
    // A company that has no logo of its own for documents is drawn with the one it has.
    let is_drawn = |field: &Field| matches!(field.value, Datum::Picture(_, Some(_)));
    if !data.fields.get("MyCompanyUfLogo").is_some_and(is_drawn)
        && let Some(logo) = data.fields.get("MyCompanyLogo").filter(|field| is_drawn(field)).cloned()
        && let Some(field) = data.fields.get_mut("MyCompanyUfLogo")
    {
        field.value = logo.value;
    }
    match mine {
        Some(id) => requisite::add(call, data, (COMPANY, id), used.mine, &[(mine::CODE, "My Company")]),
        None => Ok(()),
    }
}

/// An item as the caller may read it.
fn load(call: &mut Call<'_, '_>, entity: &Entity, id: i64) -> Result<Option<Map>> {
    match read::get(call, entity, Naming::Legacy, id) {
        Err(Error::Fault(_)) => Ok(None),
        other => other,
    }
}

/// Adds the fields of another item under a prefix.
fn related(
    call: &mut Call<'_, '_>,
    data: &mut Data,
    type_id: i64,
    id: Option<i64>,
    prefix: &str,
    title: &str,
) -> Result<Option<Map>> {
    let (Some(id), Some(entity)) = (id, call.entity(type_id)) else { return Ok(None) };
    let Some(values) = load(call, &entity, id)? else { return Ok(None) };
    add(call, data, &entity, &values, prefix, &[super::DOCUMENT, title])?;
    Ok(Some(values))
}

fn add(
    call: &mut Call<'_, '_>,
    data: &mut Data,
    entity: &Entity,
    values: &Map,
    prefix: &str,
    group: &[&str],
) -> Result<()> {
    for column in entity.fields.iter().filter(|column| column.legacy) {
        let Some(value) = values.get(&column.code) else { continue };
        let chain =
            if prefix.is_empty() { column.code.to_string() } else { format!("{prefix}.{}", column.code) };
        let value = match column.kind {
            Kind::File => picture(call, column, value)?,
            _ => datum(call, column, value),
        };
        data.fields.insert(camel(&chain), Field { value, ..named(&column.title, &chain, group) });
        if let Some(name) = choice(call, entity, column, values) {
            let chain = chain.strip_suffix("_ID").map_or_else(|| format!("{chain}_NAME"), str::to_owned);
            let value = Datum::of(name);
            data.fields
                .entry(camel(&chain))
                .or_insert(Field { value, ..named(&column.title, &chain, group) });
        }
    }
    if entity.has("LAST_NAME") {
        let chain = [prefix, "FORMATTED_NAME"]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(".");
        let value = Datum::Name(name_of(values));
        data.fields.insert(camel(&chain), Field { value, ..named("Name", &chain, group) });
    }
    Ok(())
}

/// The picture in a field; the stamp and signatures of a company are drawn where documents have stamps.
fn picture(call: &mut Call<'_, '_>, column: &Column, value: &Value) -> Result<Datum> {
    let kind = if STAMPS.contains(&&*column.code) { "STAMP" } else { "IMAGE" };
    let id = value.get("id").or_else(|| value.items().next()?.get("id")).and_then(Value::as_int);
    let file = match id {
        Some(id) => files::find(call.tx, id)?,
        None => None,
    };
    Ok(Datum::Picture(kind, file.map(|file| Picture::Kept(file.key))))
}

/// Fields with stamps and signatures.
pub const STAMPS: [&str; 3] = ["UF_STAMP", "UF_DIRECTOR_SIGN", "UF_ACCOUNTANT_SIGN"];

fn name_of(values: &Map) -> Person {
    let text = |name: &str| values.get(name).and_then(Value::text).unwrap_or_default().into_owned();
    Person {
        title: String::new(),
        name: text("NAME"),
        second_name: text("SECOND_NAME"),
        last_name: text("LAST_NAME"),
    }
}

/// The client, whoever that is.
fn add_client(data: &mut Data, client: &Map) {
    let text = |name: &str| client.get(name).and_then(Value::text).unwrap_or_default().into_owned();
    let is_company = client.get("COMPANY_TYPE").is_some();
    let value = if is_company { Datum::of(text("TITLE")) } else { Datum::Name(name_of(client)) };
    let group = [super::DOCUMENT, "Client"];
    data.fields.insert("ClientName".to_owned(), Field { value, ..named("Client", "CLIENT.NAME", &group) });
    for (code, title) in REACH {
        let chain = format!("CLIENT.{code}");
        let value = Datum::of(client.get(code).map(first).unwrap_or_default());
        data.fields.insert(camel(&chain), Field { value, ..named(title, &chain, &group) });
    }
}

/// The person that a field names.
fn person(call: &mut Call<'_, '_>, data: &mut Data, values: &Map, prefix: &str, field: &str) -> Result<()> {
    let Some(id) = values.get(field).and_then(Value::as_int) else { return Ok(()) };
    let sql = "SELECT name, last_name, second_name, email, personal_phone FROM portal_user WHERE id = ?";
    let found = call.tx.one(sql, &[id.into()], |row| {
        let mut texts = Vec::with_capacity(5);
        for at in 0..5 {
            texts.push(row.opt_text(at)?.unwrap_or_default().to_owned());
        }
        Ok(texts)
    })?;
    let Some(texts) = found else { return Ok(()) };
    let group = [super::DOCUMENT, "Responsible person"];
    let person = Person {
        title: String::new(),
        name: texts[0].clone(),
        last_name: texts[1].clone(),
        second_name: texts[2].clone(),
    };
    let mut insert = |code: &str, title: &str, value: Datum| {
        let chain = format!("{prefix}.{code}");
        data.fields.insert(camel(&chain), Field { value, ..named(title, &chain, &group) });
    };
    for ((code, title), text) in PERSON.into_iter().zip(texts) {
        insert(code, title, Datum::of(text));
    }
    insert("FORMATTED_NAME", "Name", Datum::Name(person));
    Ok(())
}

const REACH: [(&str, &str); 3] = [("PHONE", "Phone"), ("EMAIL", "E-mail"), ("WEB", "Website")];

/// The titles of fields and groups that are made here.
pub fn titles() -> impl Iterator<Item = &'static str> {
    let own = [
        "Address",
        "Amount",
        "Client",
        "Company",
        "Contact",
        "My Company",
        "Name",
        "Requisites",
        "Responsible person",
    ];
    PERSON.into_iter().chain(REACH).map(|(_, title)| title).chain(own)
}

const PERSON: [(&str, &str); 5] = [
    ("NAME", "First name"),
    ("LAST_NAME", "Last name"),
    ("SECOND_NAME", "Second name"),
    ("EMAIL", "E-mail"),
    ("PERSONAL_PHONE", "Phone"),
];

/// A value as documents have it.
fn datum(call: &Call<'_, '_>, column: &Column, value: &Value) -> Datum {
    let zone = &call.caller.zone;
    match column.kind {
        Kind::Date => match value.text().filter(|day| day.len() >= 10) {
            Some(day) => Datum::Day(day[..10].to_owned()),
            None => Datum::Empty,
        },
        Kind::DateTime => match value.text().and_then(|text| moment::parse(zone, &text)) {
            Some(seconds) => Datum::Moment(seconds),
            None => Datum::Empty,
        },
        _ if matches!(column.place, Place::Multifield) => Datum::of(first(value)),
        _ if value.is_array() => {
            let texts: Vec<_> = value.items().filter_map(Value::text).collect();
            Datum::of(texts.join(", "))
        }
        _ => Datum::of(value.text().unwrap_or_default()),
    }
}

/// The first phone or address of a field.
fn first(value: &Value) -> String {
    let first = value.items().next().and_then(|first| first.get("VALUE"));
    first.and_then(Value::text).unwrap_or_default().into_owned()
}

/// The name of what a field chooses from a dictionary.
fn choice(call: &Call<'_, '_>, entity: &Entity, column: &Column, values: &Map) -> Option<String> {
    let chosen = values.get(&column.code)?.text()?;
    let dictionary = match column.kind {
        Kind::Status(dictionary) => dictionary.to_owned(),
        Kind::Stage => {
            let category = values.get("CATEGORY_ID").and_then(Value::as_int).unwrap_or(0);
            stage::dictionary(entity.stage.as_ref()?, category)
        }
        _ => return None,
    };
    let mut entries = call.meta.dictionary(&dictionary);
    entries.find(|status| status.status_id == *chosen).map(|status| status.name.to_string())
}
