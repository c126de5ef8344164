//! `crm.currency.*`: currencies by their code, with rates and what they look like in each language.

mod localization;

use serde_json::json;
use store::Tx;
use wire::{Fault, Map, Value};

use super::SCOPE;
use engine::access::Act;
use engine::call::Call;
use engine::copy::{At, Copying, Paging, Put, Step, Target};
use engine::entity::{Kind, describe};
use engine::error::Result;
use engine::method::{self, Method, optional, read, write};
use engine::moment::Moment;
use engine::noun::{Access, Draft, Events, Face, Hooks, Noun, Row, Saved, Seed, Stamp, field, noun};
use engine::texts::{Language, Locale, Topic};

/// Currencies.
pub static CURRENCY: Noun = Noun {
    key: &["currency"],
    example: "EUR",
    access: Access::Shared,
    fields: &[
        field("currency", Kind::String, "Currency").required().immutable().unique().sample("CNY"),
        field("amountCnt", Kind::Integer, "Face value").required().described_as("int").sample("1"),
        field("amount", Kind::Decimal(4), "Exchange rate").required().sample("12.2251"),
        field("base", Kind::Char, "Base currency").default("N").held().single(&[]),
        field("sort", Kind::Integer, "Sort order").described_as("int").default("100").sample("9000"),
        field("dateUpdate", Kind::DateTime, "Changed").stamped(Stamp::Changed),
    ],
    faces: &[Face::legacy("crm.currency").whole()],
    events: Some(Events::new("ONCRMCURRENCY")),
    shared: true,
    hooks: &Currency,
    ..noun("crm.currency", "crm_currency", SCOPE, ["currency", "currencies"])
};

/// Currencies and what they look like.
pub fn nouns() -> Vec<&'static Noun> {
    vec![&CURRENCY, &localization::LOCALIZATION]
}

/// The methods beyond those of its face.
pub fn methods() -> Vec<Method> {
    let mut methods = vec![
        read("crm.currency.base.get", SCOPE, base)
            .about("Returns the code of the base currency.")
            .example(json!({}), json!("*")),
        write("crm.currency.base.set", SCOPE, set_base)
            .about("Makes a currency the base; rates stay as they are.")
            .param(optional("id", method::Kind::Text, "Code"))
            .example(json!({"id": "EUR"}), json!(true)),
    ];
    methods.extend(localization::methods());
    methods
}

/// Each currency with what it looks like in all languages, which the list leaves out.
pub fn copying() -> Step {
    const NUMBER: &[Put] = &[Put::param("id")];
    let sql = "SELECT id, currency FROM crm_currency WHERE id > ? ORDER BY id LIMIT ?";
    Step::new("crm.currency.get", Target::Noun(&CURRENCY, &CURRENCY.faces[0]))
        .each(sql, NUMBER)
        .at(At::Row)
        .paged(Paging::Whole)
}

struct Currency;

impl Hooks for Currency {
    fn prepare(
        &self,
        _: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        if old.is_none() {
            let code = draft.text("currency").unwrap_or_default().to_ascii_uppercase();
            if code.len() != 3 || !code.bytes().all(|letter| letter.is_ascii_alphabetic()) {
                return Err(Fault::crm("").into());
            }
            draft.set("currency", code);
        }
        Ok(())
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        localization::merge(call.tx, saved.row.number, saved.given.get("LANG").unwrap_or(&Value::Null))
    }

    fn shown_beside(&self) -> &'static [&'static str] {
        localization::SHOWN
    }

    /// Alone, a currency shows what it looks like in all languages.
    fn copied(&self, copying: &mut Copying<'_, '_>, _: &Face, rows: &[(i64, Map)]) -> Result<()> {
        rows.iter().try_for_each(|(id, row)| match row.get("LANG") {
            Some(looks) => localization::copy(copying.tx, *id, looks),
            None => Ok(()),
        })
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        if row.text("base") == "Y" {
            return Err(Fault::crm("Cannot delete base currency.").into());
        }
        localization::delete_all(call, row.number)
    }

    /// As the real system describes them, though it wants a code, and takes the base from an update.
    fn describe(&self, _: &Face, fields: &mut Map, language: Locale) {
        for name in ["CURRENCY", "AMOUNT", "AMOUNT_CNT"] {
            describe::correct(fields, name, "isRequired", false);
        }
        describe::correct(fields, "CURRENCY", "isImmutable", false);
        describe::correct(fields, "BASE", "isReadOnly", true);
        localization::describe(fields, language);
    }

    /// The looks of the portal's language stand beside the rates; alone, a currency has those of all languages.
    fn show(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        whole: bool,
    ) -> Result<()> {
        rows.iter().zip(shown).try_for_each(|(row, shown)| localization::show(call, row, shown, whole))
    }
}

fn base(call: &mut Call<'_, '_>) -> Result<Value> {
    let sql = "SELECT currency FROM crm_currency WHERE base = 'Y'";
    let found = call.tx.one(sql, &[], |row| Ok(row.text(0)?.to_owned()))?;
    Ok(found.unwrap_or_default().into())
}

fn set_base(call: &mut Call<'_, '_>) -> Result<Value> {
    let row = localization::named(call, Act::Update, "The parameter id is invalid or not defined.")?;
    call.tx.execute("UPDATE crm_currency SET base = 'N' WHERE base = 'Y'", &[])?;
    call.tx.execute("UPDATE crm_currency SET base = 'Y' WHERE id = ?", &[row.number.into()])?;
    call.meta_changed()?;
    Ok(true.into())
}

/// The currencies of a new portal; rates are for the operator to set.
pub const SEED: Seed = Seed {
    name: "crm.currency",
    names: || [ENGLISH, RUSSIAN].concat().iter().map(|(_, _, _, name, _)| *name).collect(),
    seed,
};

/// Code, face value, what that is worth in 1/10,000 of the base, name, format.
type First = (&'static str, i64, i64, &'static str, &'static str);

/// Those of an English portal, the base first.
const ENGLISH: &[First] = &[
    ("USD", 1, 10_000, "US Dollar", "$#"),
    ("EUR", 1, 10_900, "Euro", "# €"),
    ("GBP", 1, 12_700, "Pound sterling", "£#"),
    ("RUB", 100, 12_000, "Russian ruble", "# ₽"),
];
/// Those of a Russian portal, the base first.
const RUSSIAN: &[First] = &[
    ("RUB", 1, 10_000, "Russian ruble", "# ₽"),
    ("USD", 1, 648_100, "US Dollar", "$#"),
    ("EUR", 1, 717_100, "Euro", "# €"),
    ("UAH", 10, 260_400, "Ukrainian hryvnia", "# ₴"),
    ("BYN", 1, 323_400, "Belarusian ruble", "# Br"),
];

fn seed(tx: &mut Tx<'_>, locale: Locale, now: Moment) -> Result<()> {
    let currencies = match locale.language {
        Language::English => ENGLISH,
        Language::Russian => RUSSIAN,
    };
    let sql = "INSERT INTO crm_currency (currency, amount_cnt, amount, base, sort, date_update) VALUES (?, ?, ?, ?, ?, ?)";
    for (place, (code, count, amount, name, format)) in currencies.iter().enumerate() {
        let base = if place == 0 { "Y" } else { "N" };
        let sort = (place as i64 + 1) * 100;
        let params = [
            (*code).into(),
            (*count).into(),
            (*amount).into(),
            base.into(),
            sort.into(),
            now.seconds().into(),
        ];
        let id = tx.insert(sql, &params)?;
        localization::seed(tx, id, Language::English, name, format)?;
        if locale.language != Language::English {
            localization::seed(tx, id, locale.language, locale.text(Topic::Names, name), format)?;
        }
    }
    Ok(())
}
