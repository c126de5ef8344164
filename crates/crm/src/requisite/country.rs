//! The countries that templates of requisites are for, and which fields requisites have there.

use engine::method::{Method, read};
use engine::texts::Topic;
use serde_json::json;
use wire::{Map, Value};

use crate::SCOPE;

/// Number, code and name of each.
const COUNTRIES: [(i64, &str, &str); 10] = [
    (RU, "RU", "Russia"),
    (BY, "BY", "Belarus"),
    (KZ, "KZ", "Kazakhstan"),
    (UA, "UA", "Ukraine"),
    (BR, "BR", "Brazil"),
    (DE, "DE", "Germany"),
    (CO, "CO", "Colombia"),
    (PL, "PL", "Poland"),
    (US, "US", "United States"),
    (FR, "FR", "France"),
];

pub(super) const RU: i64 = 1;
const BY: i64 = 4;
const KZ: i64 = 6;
const UA: i64 = 14;
const BR: i64 = 34;
const DE: i64 = 46;
const CO: i64 = 77;
const PL: i64 = 110;
pub(super) const US: i64 = 122;
const FR: i64 = 132;

/// The names of the countries, in English.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    COUNTRIES.iter().map(|(_, _, name)| *name)
}

/// Whether there is such a country.
pub(super) fn is_known(id: i64) -> bool {
    COUNTRIES.iter().any(|(known, _, _)| *known == id)
}

/// `crm.requisite.preset.countries`.
pub(super) fn method() -> Method {
    read("crm.requisite.preset.countries", SCOPE, |call| {
        let show = |(id, code, name): &(i64, &'static str, &'static str)| {
            let mut map = Map::with_capacity(3);
            map.push("ID", *id);
            map.push("CODE", *code);
            map.push("TITLE", call.language.text(Topic::Names, name));
            Value::Map(map)
        };
        Ok(COUNTRIES.iter().map(show).collect::<Vec<_>>().into())
    })
    .about("Lists the countries that templates of requisites may be for.")
    .example(json!({}), json!("*"))
}

/// Countries where a field is known: all of them.
const ALL: &[i64] = &[];
/// Where people have a second name and papers of this kind.
const EAST: &[i64] = &[RU, BY, KZ, UA];

/// The fields that a template may have, in their order, and the countries where they are known.
const FIELDS: [(&str, &[i64]); 63] = [
    ("RQ_NAME", ALL),
    ("RQ_FIRST_NAME", ALL),
    ("RQ_LAST_NAME", ALL),
    ("RQ_SECOND_NAME", EAST),
    ("RQ_COMPANY_ID", &[CO]),
    ("RQ_COMPANY_NAME", ALL),
    ("RQ_COMPANY_FULL_NAME", ALL),
    ("RQ_COMPANY_REG_DATE", EAST),
    ("RQ_DIRECTOR", EAST),
    ("RQ_ACCOUNTANT", EAST),
    ("RQ_CEO_NAME", &[KZ]),
    ("RQ_CEO_WORK_POS", &[KZ]),
    ("RQ_ADDR", ALL),
    ("RQ_CONTACT", ALL),
    ("RQ_EMAIL", ALL),
    ("RQ_PHONE", ALL),
    ("RQ_FAX", ALL),
    ("RQ_IDENT_TYPE", &[CO]),
    ("RQ_IDENT_DOC", EAST),
    ("RQ_IDENT_DOC_SER", EAST),
    ("RQ_IDENT_DOC_NUM", EAST),
    ("RQ_IDENT_DOC_PERS_NUM", &[BY]),
    ("RQ_IDENT_DOC_DATE", EAST),
    ("RQ_IDENT_DOC_ISSUED_BY", EAST),
    ("RQ_IDENT_DOC_DEP_CODE", &[RU]),
    ("RQ_INN", &[RU, BY, KZ, UA, DE, PL]),
    ("RQ_KPP", &[RU]),
    ("RQ_USRLE", &[DE]),
    ("RQ_IFNS", &[RU]),
    ("RQ_OGRN", &[RU]),
    ("RQ_OGRNIP", &[RU]),
    ("RQ_OKPO", &[RU, BY, KZ]),
    ("RQ_OKTMO", &[RU]),
    ("RQ_OKVED", &[RU]),
    ("RQ_EDRPOU", &[UA]),
    ("RQ_DRFO", &[UA]),
    ("RQ_KBE", &[KZ]),
    ("RQ_IIN", &[KZ]),
    ("RQ_BIN", &[KZ]),
    ("RQ_ST_CERT_SER", &[RU]),
    ("RQ_ST_CERT_NUM", &[RU]),
    ("RQ_ST_CERT_DATE", &[RU]),
    ("RQ_VAT_PAYER", &[UA, CO]),
    ("RQ_VAT_ID", &[DE, PL, US, FR]),
    ("RQ_VAT_CERT_SER", &[KZ]),
    ("RQ_VAT_CERT_NUM", &[KZ, UA]),
    ("RQ_VAT_CERT_DATE", &[KZ]),
    ("RQ_RESIDENCE_COUNTRY", &[KZ]),
    ("RQ_BASE_DOC", &[BY]),
    ("RQ_REGON", &[PL]),
    ("RQ_KRS", &[PL]),
    ("RQ_PESEL", &[PL]),
    ("RQ_LEGAL_FORM", &[FR]),
    ("RQ_SIRET", &[FR]),
    ("RQ_SIREN", &[FR]),
    ("RQ_CAPITAL", &[FR]),
    ("RQ_RCS", &[FR]),
    ("RQ_CNPJ", &[BR]),
    ("RQ_STATE_REG", &[BR]),
    ("RQ_MNPL_REG", &[BR]),
    ("RQ_CPF", &[BR]),
    ("RQ_SIGNATURE", ALL),
    ("RQ_STAMP", ALL),
];

/// The fields that a template of a country may have.
pub(super) fn fields(country: i64) -> impl Iterator<Item = &'static str> {
    let known = move |places: &&[i64]| places.is_empty() || places.contains(&country);
    FIELDS.iter().filter(move |(_, places)| known(places)).map(|(name, _)| *name)
}
