//! What statuses are called in the languages of people: `sale.statusLang.*`.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{Method, read};
use engine::noun::{self, Access, Draft, Face, Faults, Hooks, Noun, Refusal, Row, Verb, field, noun};
use serde_json::json;
use store::Tx;
use wire::{Fault, Map, Value};

use super::STATUS;
use crate::SCOPE;
use crate::kit::{faults, invalid, keyed};

const FAULTS: Faults = Faults {
    taken: Refusal::Numbered(201_750_000_003, "Duplicate entry for key [statusId, lid]"),
    ..faults(201_740_400_001, "status lang does not exist")
};

/// The languages that names may be in, with what they call themselves.
const LANGUAGES: [(&str, &str); 20] = [
    ("ar", "العربية"),
    ("br", "Português (Brasil)"),
    ("de", "Deutsch"),
    ("en", "English"),
    ("fr", "Français"),
    ("hi", "हिन्दी"),
    ("id", "Bahasa Indonesia"),
    ("in", "English (India)"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("kz", "Қазақша"),
    ("la", "Español"),
    ("ms", "Bahasa Melayu"),
    ("pl", "Polski"),
    ("ru", "Русский"),
    ("sc", "中文（简体）"),
    ("tc", "中文（繁體）"),
    ("th", "ภาษาไทย"),
    ("tr", "Türkçe"),
    ("vn", "Tiếng Việt"),
];

/// Names of statuses.
pub static LANG: Noun = Noun {
    key: &["statusId", "lid"],
    access: Access::Administrators,
    fields: &[
        field("statusId", Kind::String, "Status").required().immutable().indexed().sample("S"),
        field("lid", Kind::String, "Language").required().immutable().sample("fr"),
        field("name", Kind::String, "Name").required().sample("Livrée"),
        field("description", Kind::Text, "Description"),
    ],
    faces: &[Face {
        samples: || json!({"fields": {"statusId": "S", "lid": "en", "name": "Shipped"}}),
        ..keyed("sale.statusLang", "statusLang", "statusLangs")
    }
    .faults(FAULTS)],
    hooks: &Langs,
    ..noun("sale.statusLang", "sale_status_lang", SCOPE, ["name of a status", "names of statuses"])
};

struct Langs;

impl Hooks for Langs {
    fn admit(&self, call: &mut Call<'_, '_>, _: &Face, verb: Verb) -> Result<()> {
        let lid = call.fields("fields").get("lid").and_then(Value::text).map(std::borrow::Cow::into_owned);
        match (verb, lid) {
            (Verb::Delete, Some(lid)) if call.caller.is_admin => require_language(&lid),
            _ => Ok(()),
        }
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        _: Option<&Row>,
    ) -> Result<()> {
        if let Some(lid) = draft.text("lid") {
            require_language(lid)?;
        }
        let Some(status) = draft.text("statusId").map(str::to_owned) else { return Ok(()) };
        match noun::has(call, &STATUS, &[("code", status.into())])? {
            true => Ok(()),
            false => Err(invalid(face, "statusId")),
        }
    }
}

fn require_language(lid: &str) -> Result<()> {
    match LANGUAGES.iter().any(|(id, _)| *id == lid) {
        true => Ok(()),
        false => Err(Fault::numbered(400, 201_750_000_004, "lid is unknown").into()),
    }
}

/// The method beyond those of its face.
pub fn method() -> Method {
    read("sale.statusLang.getListLangs", SCOPE, languages)
        .controller()
        .about("Lists the languages in which statuses may have names.")
        .example(json!({}), json!({"langs": "*"}))
}

fn languages(call: &mut Call<'_, '_>) -> Result<Value> {
    if !call.caller.is_admin {
        return Err(FAULTS.unreadable.fault().into());
    }
    let show = |(id, name): &(&'static str, &'static str)| {
        let mut map = Map::with_capacity(3);
        map.push("active", "Y");
        map.push("lid", *id);
        map.push("name", *name);
        Value::Map(map)
    };
    call.total = Some(LANGUAGES.len() as i64);
    Ok(Value::under("langs", LANGUAGES.iter().map(show).collect::<Vec<_>>()))
}

/// The names of the statuses that a portal has from the start: status, then English, German and Russian.
const NAMES: [(&str, [&str; 3]); 8] = [
    ("N", ["Accepted, awaiting payment", "Angenommen, Zahlung erwartet", "Принят, ожидается оплата"]),
    ("S", ["Shipped", "Versandt", "Отгружен"]),
    (
        "P",
        [
            "Paid, preparing for shipment",
            "Bezahlt, Versand in Vorbereitung",
            "Оплачен, формируется к отправке",
        ],
    ),
    ("D", ["Canceled", "Storniert", "Отменён"]),
    ("F", ["Completed", "Abgeschlossen", "Выполнен"]),
    ("DN", ["Awaiting processing", "Wartet auf Bearbeitung", "Ожидает обработки"]),
    ("DD", ["Canceled", "Storniert", "Отменена"]),
    ("DF", ["Shipped", "Versandt", "Отгружена"]),
];

pub(super) fn seed(tx: &mut Tx<'_>) -> Result<()> {
    for (status, names) in NAMES {
        for (lid, name) in ["en", "de", "ru"].into_iter().zip(names) {
            let sql = "INSERT INTO sale_status_lang (status_id, lid, name) VALUES (?, ?, ?)";
            tx.execute(sql, &[status.into(), lid.into(), name.into()])?;
        }
    }
    Ok(())
}
