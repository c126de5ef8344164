//! What price types are called in the languages of people: `catalog.priceTypeLang.*`.

use serde_json::json;
use wire::{Fault, Map, Value};

use crate::{SCOPE, faults};
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{Method, read};
use engine::noun::{Access, Draft, Face, Faults, Hooks, ID, Noun, Refusal, Row, field, noun};

const FAULTS: Faults = Faults {
    taken: Refusal::Numbered(400, "The price type already has a name in this language"),
    ..faults(201_200_000_000, "The name of the price type does not exist")
};

/// The languages that names may be in, with what they call themselves.
const LANGUAGES: [(&str, &str); 18] = [
    ("ar", "العربية"),
    ("br", "Português (Brasil)"),
    ("de", "Deutsch"),
    ("en", "English"),
    ("fr", "Français"),
    ("id", "Bahasa Indonesia"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("kz", "Қазақша"),
    ("la", "Español"),
    ("ms", "Bahasa Melayu"),
    ("pl", "Polski"),
    ("ru", "Русский"),
    ("sc", "中文（简体）"),
    ("tc", "中文（繁體）"),
    ("th", "ไทย"),
    ("tr", "Türkçe"),
    ("vn", "Tiếng Việt"),
];

/// Names of price types.
pub static LANG: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("catalogGroupId", Kind::Noun("catalog.priceType"), "Price type")
            .required()
            .indexed()
            .sample("1"),
        field("lang", Kind::String, "Language").required().sample("en"),
        field("name", Kind::String, "Name").required().sample("Retail price"),
    ],
    faces: &[Face::controller("catalog.priceTypeLang", "priceTypeLang", "priceTypeLangs").faults(FAULTS)],
    hooks: &Lang,
    ..noun(
        "catalog.priceTypeLang",
        "catalog_price_type_lang",
        SCOPE,
        ["name of a price type", "names of price types"],
    )
};

struct Lang;

impl Hooks for Lang {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        let unknown = |lang: &str| !LANGUAGES.iter().any(|(id, _)| *id == lang);
        if draft.text("lang").is_some_and(unknown) {
            return Err(Fault::numbered(400, 201_200_000_010, "The language does not exist").into());
        }
        super::require(call, draft)?;
        let same =
            "SELECT id FROM catalog_price_type_lang WHERE catalog_group_id = ? AND lang = ? AND id <> ?";
        let own = old.map_or(0, |old| old.number);
        let (group, lang) = (draft.after(old, "catalogGroupId").clone(), draft.after(old, "lang").clone());
        match call.tx.one(same, &[group, lang, own.into()], |row| row.int(0))? {
            Some(_) => Err(FAULTS.taken.fault().into()),
            None => Ok(()),
        }
    }
}

/// The methods beyond those of its face.
pub fn methods() -> Vec<Method> {
    let languages = read("catalog.priceTypeLang.getLanguages", SCOPE, languages)
        .controller()
        .about("Lists the languages in which price types may have names.")
        .example(json!({}), json!({"languages": "*"}));
    vec![languages]
}

fn languages(call: &mut Call<'_, '_>) -> Result<Value> {
    let show = |(id, name): &(&'static str, &'static str)| {
        let mut map = Map::with_capacity(3);
        map.push("active", "Y");
        map.push("lid", *id);
        map.push("name", *name);
        Value::Map(map)
    };
    call.total = Some(LANGUAGES.len() as i64);
    Ok(Value::under("languages", LANGUAGES.iter().map(show).collect::<Vec<_>>()))
}
