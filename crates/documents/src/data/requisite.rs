//! Requisites, bank details and addresses of a contact or company: `{RequisiteRqInn}`, `{MyCompanyBankDetailRqIban}`,
//! `{RequisitePrimaryAddressCity}`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::noun::{self, Row};
use store::Param;

use super::{Data, Datum, Field, camel, named};

/// The number of requisites among owners of addresses.
const REQUISITE: i64 = 8;

/// Types of addresses, and what chains call them.
const ADDRESSES: [(i64, &str); 5] = [
    (1, "PRIMARY_ADDRESS"),
    (4, "HOME_ADDRESS"),
    (6, "REGISTERED_ADDRESS"),
    (9, "BENEFICIARY_ADDRESS"),
    (11, "DELIVERY_ADDRESS"),
];

/// What an address is written of, in this order.
const LINES: [&str; 7] = ["address1", "address2", "city", "postalCode", "region", "province", "country"];

/// Which requisites and bank details an item uses: those of the client, and those of one's own company.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    /// Requisite and bank details of the client.
    pub client: (Option<i64>, Option<i64>),
    /// Those of one's own company.
    pub mine: (Option<i64>, Option<i64>),
}

/// Which requisites an item uses.
pub fn used(call: &mut Call<'_, '_>, type_id: i64, id: i64) -> Result<Used> {
    let of_item = [("entityTypeId", type_id.into()), ("entityId", id.into())];
    let link = known(call, "crm.requisite.link", &of_item)?.pop();
    let number = |name: &str| link.as_ref().and_then(|link| link.int(name)).filter(|id| *id > 0);
    Ok(Used {
        client: (number("requisiteId"), number("bankDetailId")),
        mine: (number("mcRequisiteId"), number("mcBankDetailId")),
    })
}

/// Adds the requisite of an owner under each of these prefixes, with its bank details and addresses: the one that an item uses, if it is the
/// owner's, or the first.
pub fn add(
    call: &mut Call<'_, '_>,
    data: &mut Data,
    (type_id, id): (i64, i64),
    (requisite, bank): (Option<i64>, Option<i64>),
    prefixes: &[(&str, &str)],
) -> Result<()> {
    let of_owner = [("entityTypeId", type_id.into()), ("entityId", id.into())];
    let requisites = known(call, "crm.requisite", &of_owner)?;
    let Some(requisite) = chosen(requisites, requisite) else { return Ok(()) };
    let details = known(call, "crm.requisite.bankdetail", &[("entityId", requisite.number.into())])?;
    let details = chosen(details, bank);
    let of_requisite = [("entityTypeId", REQUISITE.into()), ("entityId", requisite.number.into())];
    let addresses = known(call, "crm.address", &of_requisite)?;
    for (prefix, title) in prefixes {
        let group = [super::DOCUMENT, *title, "Requisites"];
        let group = if title.is_empty() { vec![group[0], group[2]] } else { group.to_vec() };
        let chain = |part: &str| if prefix.is_empty() { part.to_owned() } else { format!("{prefix}.{part}") };
        fields(call, data, "crm.requisite", &requisite, &chain("REQUISITE"), &group);
        if let Some(details) = &details {
            fields(call, data, "crm.requisite.bankdetail", details, &chain("BANK_DETAIL"), &group);
        }
        for (kind, name) in ADDRESSES {
            if let Some(address) = addresses.iter().find(|address| address.int("typeId") == Some(kind)) {
                let chain = chain(&format!("REQUISITE.{name}"));
                fields(call, data, "crm.address", address, &chain, &group);
                let lines = LINES.iter().map(|name| address.text(name)).filter(|line| !line.is_empty());
                let value = Datum::of(lines.collect::<Vec<_>>().join(", "));
                let chain = format!("{chain}.TEXT");
                data.fields.insert(camel(&chain), Field { value, ..named("Address", &chain, &group) });
            }
        }
    }
    Ok(())
}

/// The one with that number, or else the first by sort index.
fn chosen(mut rows: Vec<Row>, wanted: Option<i64>) -> Option<Row> {
    rows.sort_by_key(|row| (Some(row.number) != wanted, row.int("sort").unwrap_or(0), row.number));
    rows.into_iter().next()
}

fn fields(call: &Call<'_, '_>, data: &mut Data, noun: &str, row: &Row, chain: &str, group: &[&str]) {
    for field in call.core.modules.noun_named(noun).fields {
        let value = match row.get(field.name) {
            Param::Text(text) => text.to_string(),
            Param::Int(number) => number.to_string(),
            _ => continue,
        };
        let chain = format!("{chain}.{}", field.upper_name());
        data.fields
            .insert(camel(&chain), Field { value: Datum::of(value), ..named(field.title, &chain, group) });
    }
}

/// The rows of a noun with these values that the caller may read; none where there is no such noun.
fn known(call: &mut Call<'_, '_>, name: &str, values: &[(&str, Param<'static>)]) -> Result<Vec<Row>> {
    let Some(noun) = call.core.modules.noun(name).map(|shape| shape.noun) else { return Ok(Vec::new()) };
    let scope = noun.grant(call, Act::Read)?;
    noun::rows(call, noun, &scope, values)
}
