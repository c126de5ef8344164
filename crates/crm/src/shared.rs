//! Groups of fields that several CRM entities have word for word.
//!
//! Two things that `crm.item.*` prints are no fields: `entityTypeId`, which methods add to an item, and the
//! flat aliases of multi-fields, [`seed::ALIASES`].

use std::borrow::Cow;

use engine::entity::multifield;
use engine::entity::{Field, Kind, Place, UserFields};

/// How the names of events about items begin.
pub(super) const EVENTS: &str = "ONCRM";

/// How the names of custom fields begin.
const PREFIX: &str = "UF_CRM_";

/// The custom fields of something in the CRM.
pub(super) const fn user_fields(number: i64, object: &'static str, events: &'static str) -> UserFields {
    let (object, prefix) = (Cow::Borrowed(object), Cow::Borrowed(PREFIX));
    UserFields { number, object, prefix, apart: Some(PREFIX), events: Some(events) }
}

/// A field that holds the id of an item of a built-in kind.
pub(super) fn link(code: &'static str, target: i64, title: &'static str) -> Field {
    let type_name = match target {
        1 => "crm_lead",
        2 => "crm_deal",
        3 => "crm_contact",
        4 => "crm_company",
        7 => "crm_quote",
        _ => ITEM,
    };
    Field::new(code, Kind::Link(target), title).described_as(type_name)
}

/// The field that names the item of that kind under which an item stands.
pub(super) fn parent(type_id: i64, title: &str) -> Field {
    engine::entity::parent::field(type_id, title).described_as(ITEM)
}

/// What the type of a field is called that holds the id of an item of any kind.
const ITEM: &str = "crm_entity";

/// The postal address; `crm.item.*` shows its first line only.
pub(super) fn address() -> Vec<Field> {
    vec![
        Field::new("ADDRESS", Kind::Text, "Address"),
        Field::new("ADDRESS_2", Kind::String, "Address, second line").legacy_only(),
        Field::new("ADDRESS_CITY", Kind::String, "City").legacy_only(),
        Field::new("ADDRESS_POSTAL_CODE", Kind::String, "Postal code").legacy_only(),
        Field::new("ADDRESS_REGION", Kind::String, "District").legacy_only(),
        Field::new("ADDRESS_PROVINCE", Kind::String, "State or province").legacy_only(),
        Field::new("ADDRESS_COUNTRY", Kind::String, "Country").legacy_only(),
        Field::new("ADDRESS_COUNTRY_CODE", Kind::String, "Country code").legacy_only(),
        Field::new("ADDRESS_LOC_ADDR_ID", Kind::Integer, "Address ID in the location service").legacy_only(),
    ]
}

/// Whether an item can be reached by phone, by e-mail, through an open channel.
pub(super) fn reachable() -> Vec<Field> {
    vec![
        Field::new("HAS_PHONE", Kind::Char, "Has a phone number").read_only().default("N"),
        Field::new("HAS_EMAIL", Kind::Char, "Has an e-mail address").read_only().default("N"),
        Field::new("HAS_IMOL", Kind::Char, "Has an open channel").read_only().default("N"),
    ]
}

/// Where the visitor came from.
pub(super) fn utm() -> Vec<Field> {
    vec![
        Field::new("UTM_SOURCE", Kind::String, "UTM source"),
        Field::new("UTM_MEDIUM", Kind::String, "UTM medium"),
        Field::new("UTM_CAMPAIGN", Kind::String, "UTM campaign"),
        Field::new("UTM_CONTENT", Kind::String, "UTM content"),
        Field::new("UTM_TERM", Kind::String, "UTM term"),
    ]
}

/// Who is responsible, and who added and changed an item.
pub(super) fn people() -> [Field; 3] {
    [
        Field::new("ASSIGNED_BY_ID", Kind::User, "Responsible person").indexed(),
        Field::new("CREATED_BY_ID", Kind::User, "Created by").item("createdBy").read_only(),
        Field::new("MODIFY_BY_ID", Kind::User, "Modified by").item("updatedBy").read_only(),
    ]
}

/// When it was added and changed.
pub(super) fn times() -> [Field; 2] {
    [
        Field::new("DATE_CREATE", Kind::DateTime, "Created").item("createdTime").read_only().indexed(),
        Field::new("DATE_MODIFY", Kind::DateTime, "Modified").item("updatedTime").read_only().indexed(),
    ]
}

/// Who did what with an item, and when.
pub(super) fn history() -> Vec<Field> {
    people().into_iter().chain(times()).collect()
}

/// The same of an item that stands on stages.
pub(super) fn history_on_stages() -> Vec<Field> {
    let [moved_by, moved] = moves();
    people().into_iter().chain([moved_by]).chain(times()).chain([moved]).collect()
}

/// Who put an item on its stage, and when.
pub(super) fn moves() -> [Field; 2] {
    [
        Field::new("MOVED_BY_ID", Kind::User, "Stage changed by").item("movedBy").read_only(),
        Field::new("MOVED_TIME", Kind::DateTime, "Stage changed").read_only(),
    ]
}

/// The company and the contacts that an item is about.
pub(super) fn client() -> Vec<Field> {
    vec![
        link("COMPANY_ID", 4, "Company").indexed(),
        link("CONTACT_ID", 3, "Primary contact").indexed(),
        link("CONTACT_IDS", 3, "Contacts").multiple().at(Place::Binding(3)),
    ]
}

/// The sum of what is sold, and its tax.
pub(super) fn sums() -> Vec<Field> {
    vec![
        Field::new("CURRENCY_ID", Kind::Currency, "Currency"),
        Field::new("OPPORTUNITY", Kind::Decimal(2), "Amount").default("0"),
        Field::new("IS_MANUAL_OPPORTUNITY", Kind::Char, "Amount is set manually").default("N"),
        Field::new("TAX_VALUE", Kind::Decimal(2), "Tax").default("0"),
    ]
}

/// The author and time of the last activity.
pub(super) fn last_activity() -> Vec<Field> {
    vec![
        Field::new("LAST_ACTIVITY_TIME", Kind::DateTime, "Last activity").read_only(),
        Field::new("LAST_ACTIVITY_BY", Kind::User, "Last activity by").read_only(),
    ]
}

/// Described and empty: nothing here knows of calls and letters yet.
pub(super) fn last_communication() -> Field {
    Field::new("LAST_COMMUNICATION_TIME", Kind::String, "Last communication")
        .read_only()
        .at(Place::Nowhere)
        .legacy_only()
}

/// Phones, addresses and the like: one field each in the legacy style.
pub(super) fn multifields() -> Vec<Field> {
    let field = |of: &multifield::Multifield| {
        Field::new(of.type_id, Kind::Multifield, of.title).multiple().at(Place::Multifield).legacy_only()
    };
    multifield::MULTIFIELDS.iter().map(field).collect()
}

/// The same in `crm.item.*`: one list `fm` with the values of all types.
pub(super) fn fm() -> Field {
    Field::new("FM", Kind::Multifield, "Contact details").multiple().at(Place::Multifield).item_only()
}

/// Fields that every entity has in `crm.item.*` only.
pub(super) fn item_only() -> Vec<Field> {
    vec![
        Field::new("WEBFORM_ID", Kind::Integer, "CRM form").immutable().default("0").item_only(),
        Field::new("SEARCH_CONTENT", Kind::Text, "Search text").read_only().at(Place::Nowhere).item_only(),
        Field::new("OBSERVERS", Kind::User, "Observers").multiple().item_only(),
    ]
}

/// An old field that `crm.item.*` still shows, always empty; `crm.item.fields` no longer describes it.
pub(super) fn obsolete(code: &'static str, kind: Kind, title: &'static str) -> Field {
    Field::new(code, kind, title).read_only().at(Place::Nowhere).item_only()
}
