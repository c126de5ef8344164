//! Localizations of currencies: `crm.currency.localizations.*`, and `LANG` of a currency.

use serde_json::json;
use store::{Param, Tx};
use wire::{Fault, Map, Value};

use super::CURRENCY;
use crate::SCOPE;
use engine::access::Act;
use engine::call::Call;
use engine::entity::{Field, Kind, describe};
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::noun::{self, Noun, Row, field, noun};
use engine::texts::{Language, Locale};

/// Localizations of currencies, a row per language.
pub(super) static LOCALIZATION: Noun = Noun {
    fields: &[
        field("currencyId", Kind::Noun("crm.currency"), "Currency").required().indexed(),
        field("lang", Kind::String, "Language").required(),
        field("formatString", Kind::String, "Format"),
        field("fullName", Kind::String, "Name"),
        field("decPoint", Kind::String, "Decimal point"),
        field("thousandsSep", Kind::String, "Thousands separator"),
        field("decimals", Kind::String, "Digits behind the point"),
        field("thousandsVariant", Kind::String, "Kind of the thousands separator"),
        field("hideZero", Kind::Char, "Hides zeros"),
    ],
    ..noun(
        "crm.currencyLooks",
        "crm_currency_lang",
        SCOPE,
        ["localization of a currency", "localizations of currencies"],
    )
};

/// The members of a localization, in their order: name, title, type, and what it is when nothing is said.
const MEMBERS: [(&str, &str, &str, Option<&str>); 7] = [
    ("FORMAT_STRING", "Format", "string", Some("#")),
    ("FULL_NAME", "Name", "string", None),
    ("DEC_POINT", "Decimal point", "string", Some(".")),
    ("THOUSANDS_SEP", "Thousands separator of one's own", "string", None),
    ("DECIMALS", "Digits behind the point", "int", Some("2")),
    (
        "THOUSANDS_VARIANT",
        "Thousands separator: N none, D dot, C comma, S space, B non-breaking space",
        "string",
        None,
    ),
    ("HIDE_ZERO", "Hides zeros behind the point", "char", Some("N")),
];

/// The methods.
pub(super) fn methods() -> Vec<Method> {
    let id = || optional("id", method::Kind::Text, "The code of the currency");
    let euro = json!({"en": {"FULL_NAME": "Euro", "FORMAT_STRING": "€#", "DECIMALS": 2}});
    vec![
        read("crm.currency.localizations.get", SCOPE, get)
            .about("Returns what a currency looks like in each language.")
            .param(id())
            .example(json!({"id": "EUR"}), json!({"en": {"FULL_NAME": "Euro", "DECIMALS": "2"}})),
        write("crm.currency.localizations.set", SCOPE, set)
            .about("Sets what a currency looks like in the given languages; the others stay.")
            .param(id())
            .param(required("localizations", method::Kind::Fields, "Values by language"))
            .example(json!({"id": "EUR", "localizations": euro}), json!(true)),
        write("crm.currency.localizations.delete", SCOPE, delete)
            .about("Deletes what a currency looks like in the given languages.")
            .param(id())
            .param(required("lids", method::Kind::List, "Languages"))
            .example(json!({"id": "EUR", "lids": ["de"]}), json!(true)),
        read("crm.currency.localizations.fields", SCOPE, |call| Ok(fields(call.language)))
            .about("Describes what a currency has in each language.")
            .example(json!({}), json!({"FULL_NAME": {"type": "string"}})),
    ]
}

/// The currency that a request names, when the caller may do this to it.
pub(super) fn named(call: &mut Call<'_, '_>, act: Act, complaint: &'static str) -> Result<Row> {
    let reach = CURRENCY.grant(call, act)?;
    if reach.is_nothing() {
        return Err(Fault::crm("Access denied.").into());
    }
    let code = call.text("id").unwrap_or_default();
    noun::by_key(call, &CURRENCY, &reach, &code.into())?.ok_or_else(|| Fault::crm(complaint).into())
}

const UNKNOWN: &str = "The parameter id is invalid or not defined.";

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = named(call, Act::Read, UNKNOWN)?;
    Ok(load(call.tx, row.number)?.into_value())
}

fn set(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = named(call, Act::Update, UNKNOWN)?;
    let given = call.param("localizations").cloned().unwrap_or_default();
    merge(call.tx, row.number, &given)?;
    Ok(true.into())
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = named(call, Act::Update, UNKNOWN)?;
    let lids = call.param("lids").cloned().unwrap_or_default();
    for lid in lids.each().filter_map(Value::text) {
        let sql = "DELETE FROM crm_currency_lang WHERE currency_id = ? AND lang = ?";
        call.tx.execute(sql, &[row.number.into(), lid.as_ref().into()])?;
    }
    Ok(true.into())
}

fn fields(language: Locale) -> Value {
    let described = MEMBERS.iter().map(|(name, title, type_name, _)| {
        ((*name).into(), describe::plain(&Field::new(name, Kind::String, title), type_name, language))
    });
    described.collect::<Map>().into_value()
}

/// What is shown of the looks beside the fields of a currency.
pub(super) const SHOWN: &[&str] =
    &["FULL_NAME", "LID", "FORMAT_STRING", "DEC_POINT", "THOUSANDS_SEP", "DECIMALS", "LANG"];

/// Sets the given languages; members that are left out stay, or get what is usual.
pub(super) fn merge(tx: &mut Tx<'_>, currency: i64, given: &Value) -> Result<()> {
    let old = load(tx, currency)?;
    for (lang, wanted) in given.entries() {
        // A language's code on the real system has two letters.
        if !wanted.is_array() || lang.is_empty() || lang.len() > 5 {
            continue;
        }
        let value = |name: &str, usual: Option<&str>| -> Param<'static> {
            let kept = || old.get(&lang).and_then(|kept| kept.get(name));
            let text = wanted.get(name).or_else(kept).and_then(Value::text);
            text.map(std::borrow::Cow::into_owned).or(usual.map(str::to_owned)).into()
        };
        let mut params = vec![Param::from(currency), Param::from(lang.to_string())];
        params.extend(MEMBERS.iter().map(|(name, _, _, usual)| value(name, *usual)));
        write_one(tx, &params)?;
    }
    Ok(())
}

/// The same as another portal shows them: what has no value has none.
pub(super) fn copy(tx: &mut Tx<'_>, currency: i64, shown: &Value) -> Result<()> {
    for (lang, looks) in shown.entries().filter(|(_, looks)| looks.is_array()) {
        let value = |name: &str| looks.get(name).and_then(Value::text).filter(|text| !text.is_empty());
        let mut params = vec![Param::from(currency), Param::from(lang.to_string())];
        params.extend(
            MEMBERS.iter().map(|(name, ..)| Param::from(value(name).map(std::borrow::Cow::into_owned))),
        );
        write_one(tx, &params)?;
    }
    Ok(())
}

/// Replaces what a currency looks like in one language.
fn write_one(tx: &mut Tx<'_>, params: &[Param<'_>]) -> Result<()> {
    tx.execute("DELETE FROM crm_currency_lang WHERE currency_id = ? AND lang = ?", &params[..2])?;
    let columns: Vec<String> = MEMBERS.iter().map(|(name, ..)| name.to_ascii_lowercase()).collect();
    let sql = format!(
        "INSERT INTO crm_currency_lang (currency_id, lang, {}) VALUES ({})",
        columns.join(", "),
        store::placeholders(params.len())
    );
    tx.execute(&sql, params)?;
    Ok(())
}

/// The first looks of a currency in a language.
pub(super) fn seed(
    tx: &mut Tx<'_>,
    currency: i64,
    language: Language,
    name: &str,
    format: &str,
) -> Result<()> {
    let separator = if language == Language::English { "C" } else { "S" };
    let params: [Param<'_>; 9] = [
        currency.into(),
        language.code().into(),
        format.into(),
        name.into(),
        ".".into(),
        Param::Null,
        "2".into(),
        separator.into(),
        "Y".into(),
    ];
    write_one(tx, &params)
}

/// Deletes what a currency looks like, in all languages.
pub(super) fn delete_all(call: &mut Call<'_, '_>, currency: i64) -> Result<()> {
    call.tx.execute("DELETE FROM crm_currency_lang WHERE currency_id = ?", &[currency.into()])?;
    Ok(())
}

/// Adds the looks to what is said of a currency's fields.
pub(super) fn describe(fields: &mut Map, language: Locale) {
    let mut add = |name: &'static str, title: &'static str, type_name: &str| {
        fields.push(
            name,
            describe::plain(&Field::new(name, Kind::String, title).read_only(), type_name, language),
        );
    };
    add("LID", "Language", "string");
    for (name, title, type_name, _) in MEMBERS.iter().take(5) {
        add(name, title, type_name);
    }
    add("LANG", "Localizations", "currency_localization");
    describe::correct(fields, "LANG", "isReadOnly", false);
    describe::correct(fields, "LANG", "isMultiple", true);
}

/// Adds the looks to what is shown of a currency.
pub(super) fn show(call: &mut Call<'_, '_>, row: &Row, shown: &mut Map, whole: bool) -> Result<()> {
    let all = load(call.tx, row.number)?;
    // A currency may lack the portal's language; English every portal has.
    let languages = [call.settings.language.code(), Language::English.code()];
    let known = languages.iter().find_map(|code| Some((*code, all.get(code)?)));
    let (language, own) = known.or_else(|| all.iter().next()).unwrap_or((languages[0], &Value::Null));
    let (language, own) = (language.to_owned(), own.clone());
    let updated = shown.remove("DATE_UPDATE").unwrap_or_default();
    let member = |name: &str| own.get(name).cloned().unwrap_or_default();
    shown.push("FULL_NAME", member("FULL_NAME"));
    shown.push("LID", language);
    for name in ["FORMAT_STRING", "DEC_POINT", "THOUSANDS_SEP", "DECIMALS"] {
        shown.push(name, member(name));
    }
    shown.push("DATE_UPDATE", updated);
    if whole {
        shown.push("LANG", all.into_value());
    }
    Ok(())
}

/// The localizations of a currency, by language.
fn load(tx: &mut Tx<'_>, currency: i64) -> Result<Map> {
    let columns: Vec<String> = MEMBERS.iter().map(|(name, ..)| name.to_ascii_lowercase()).collect();
    let sql = format!(
        "SELECT lang, {} FROM crm_currency_lang WHERE currency_id = ? ORDER BY lang",
        columns.join(", ")
    );
    let mut all = Map::new();
    tx.query(&sql, &[currency.into()], |row| {
        let mut looks = Map::with_capacity(MEMBERS.len());
        for (column, (name, ..)) in (1..).zip(&MEMBERS) {
            looks.push(*name, row.opt_text(column)?);
        }
        all.push(row.text(0)?, Value::Map(looks));
        Ok(())
    })?;
    Ok(all)
}
