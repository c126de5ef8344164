//! Regions: `documentgenerator.region.*`. They say how documents write dates and names, and in which words. Those that every
//! portal has are called by a code and never change.

use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};
use store::{Param, Tx};
use wire::{Fault, Map, Value};

use super::{NO_TEMPLATES, SCOPE, empty_required, faults};
use crate::data::php_format;
use crate::rights::Having;
use engine::access::{Act, Level};
use engine::call::Call;
use engine::entity::{Kind, Naming};
use engine::error::Result;
use engine::method::{self, Method, read, required};
use engine::moment::Moment;
use engine::noun::{
    self, Access, Answer, Draft, Face, Faults, Hooks, ID, Noun, Refusal, Row, Rows, Seed, Verb, field, noun,
};
use engine::texts::{Locale, Topic};

const FAULTS: Faults =
    Faults { required: empty_required, ..faults(Refusal::Numbered(0, "Region not found"), NO_TEMPLATES) };

const FACE: Face = Face {
    values: Naming::Legacy,
    deleted: Answer::Null,
    many: Rows::Keyed("regions", "code"),
    asks: &[],
    about: &[(Verb::List, "Lists all regions by their codes, or by their IDs.")],
    verbs: &[(Verb::Add, "add"), (Verb::List, "list"), (Verb::Update, "update"), (Verb::Delete, "delete")],
    ..Face::controller("documentgenerator.region", "region", "regions").whole().faults(FAULTS)
};

/// Regions.
pub static REGION: Noun = Noun {
    example: "13",
    access: Access::Rule(&Having(|rights| rights.templates != Level::None)),
    fields: &[
        ID,
        field("title", Kind::String, "Name").required().sample("Austria"),
        field("languageId", Kind::String, "Language").sample("de"),
        field("formatDate", Kind::String, "Format of dates").sample("DD.MM.YYYY"),
        field("formatDatetime", Kind::String, "Format of moments").sample("DD.MM.YYYY HH:MI:SS"),
        field("formatName", Kind::String, "Format of names").sample("#LAST_NAME# #NAME#"),
        field("phrases", Kind::Json, "Phrases by code").default("{}"),
        field("code", Kind::String, "Code").read_only(),
    ],
    faces: &[FACE],
    hooks: &Region,
    ..noun("documents.region", "documents_region", SCOPE, ["region", "regions"])
};

/// The methods beyond those of its face.
pub fn methods() -> Vec<Method> {
    vec![
        read("documentgenerator.region.get", SCOPE, get)
            .controller()
            .about("Returns a region.")
            .param(required(
                "id",
                method::Kind::Text,
                "The ID of a region, or the code of one that every portal has",
            ))
            .example(json!({"id": "de"}), json!({"region": {"code": "de", "languageId": "de"}})),
    ]
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let named = call.text("id").unwrap_or_default();
    let scope = REGION.grant(call, Act::Read)?;
    if scope.is_nothing() {
        return Err(FAULTS.unreadable.fault().into());
    }
    // One that every portal has goes by its code alone.
    let found = match named.parse::<i64>() {
        Ok(id) => noun::one(call, &REGION, &scope, id)?.filter(|row| row.text("code").is_empty()),
        Err(_) => noun::rows(call, &REGION, &scope, &[("code", named.into())])?.pop(),
    };
    let row = found.ok_or_else(|| FAULTS.missing.fault())?;
    Ok(Value::under("region", noun::show(call, &REGION, &FACE, &row)?))
}

struct Region;

impl Hooks for Region {
    /// Regions of the system have no numbers that mean the same elsewhere.
    fn is_copied(&self) -> bool {
        false
    }

    fn prepare(
        &self,
        _: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        old.map_or(Ok(()), require_own)?;
        let Some(Param::Text(given)) = draft.get("phrases") else { return Ok(()) };
        // What a change does not name stays.
        let mut phrases = old.map_or_else(|| json!({}), |old| parsed(old.text("phrases")));
        if let (Json::Object(phrases), Json::Object(given)) = (&mut phrases, parsed(given)) {
            phrases.extend(given.into_iter().filter(|(_, phrase)| phrase.is_string()));
        }
        draft.set("phrases", phrases.to_string());
        Ok(())
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        require_own(row)?;
        let sql = "SELECT 1 FROM documents_template WHERE region = ? LIMIT 1";
        match call.tx.one(sql, &[row.number.to_string().into()], |row| row.int(0))? {
            Some(_) => Err(Fault::new(400, "BX_ERROR", "There are templates linked to this region").into()),
            None => Ok(()),
        }
    }

    /// Those that every portal has go by their code; a list has no phrases.
    fn show(
        &self,
        _: &mut Call<'_, '_>,
        _: &Face,
        rows: &[Row],
        shown: &mut [Map],
        whole: bool,
    ) -> Result<()> {
        for (row, map) in rows.iter().zip(shown) {
            if !row.text("code").is_empty() {
                map.remove("id");
            } else if whole {
                map.remove("code");
            } else {
                map.insert("code", row.number.to_string());
            }
            if !whole {
                map.remove("phrases");
            }
        }
        Ok(())
    }
}

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|_| json!({}))
}

fn require_own(row: &Row) -> Result<()> {
    if row.text("code").is_empty() { Ok(()) } else { Err(FAULTS.missing.fault().into()) }
}

/// The regions that every portal has.
pub const SEED: Seed =
    Seed { name: "documents.region", names: || FIRST.iter().map(|first| first.1).collect(), seed };

const DOTS: &str = "DD.MM.YYYY";
const NAME: &str = "#NAME# #LAST_NAME#";
const SLASHES: &str = "DD/MM/YYYY";

/// Code, title, language, format of dates.
const FIRST: [(&str, &str, &str, &str); 12] = [
    ("ru", "Russia", "ru", DOTS),
    ("by", "Belarus", "ru", DOTS),
    ("kz", "Kazakhstan", "ru", DOTS),
    ("ua", "Ukraine", "ua", DOTS),
    ("us", "United States", "en", "MM/DD/YYYY"),
    ("uk", "United Kingdom", "en", SLASHES),
    ("de", "Germany", "de", DOTS),
    ("fr", "France", "fr", SLASHES),
    ("pl", "Poland", "pl", DOTS),
    ("br", "Brazil", "br", SLASHES),
    ("sp", "Spain", "la", SLASHES),
    ("mx", "Mexico", "la", SLASHES),
];

fn seed(tx: &mut Tx<'_>, language: Locale, _: Moment) -> Result<()> {
    let sql = "INSERT INTO documents_region (code, title, language_id, format_date, format_datetime, format_name, phrases) \
               VALUES (?, ?, ?, ?, ?, ?, '{}')";
    FIRST.iter().try_for_each(|(code, title, of, date)| {
        let moment = format!("{date} HH:MI:SS");
        let name = if *of == "ru" { "#LAST_NAME# #NAME# #SECOND_NAME#" } else { NAME };
        let title = language.text(Topic::Names, title);
        tx.execute(
            sql,
            &[(*code).into(), title.into(), (*of).into(), (*date).into(), moment.into(), name.into()],
        )?;
        Ok(())
    })
}

/// How documents of a region are written.
#[derive(Clone, Debug)]
pub struct Writing {
    /// The language of months.
    pub language: String,
    /// The format of dates, as PHP has it.
    pub date: String,
    /// The format of names.
    pub name: String,
    /// Phrases by code.
    pub phrases: Json,
    /// The zone of moments.
    pub zone: TimeZone,
}

/// How documents of a region are written, which is called by its code or its ID; `None` when there is no such region.
pub fn writing(call: &mut Call<'_, '_>, named: &str) -> Result<Option<Writing>> {
    let (condition, value): (&str, Param<'_>) = match named.parse::<i64>() {
        Ok(id) => ("id = ? AND code IS NULL", id.into()),
        Err(_) => ("code = ?", named.into()),
    };
    let sql = format!(
        "SELECT language_id, format_date, format_name, phrases FROM documents_region WHERE {condition}"
    );
    let zone = call.settings.zone.clone();
    let found = call.tx.one(&sql, &[value], |row| {
        let text = |at: usize| Ok::<_, store::Error>(row.opt_text(at)?.unwrap_or_default().to_owned());
        let format = |text: String, usual: &str| if text.is_empty() { usual.to_owned() } else { text };
        Ok(Writing {
            language: text(0)?,
            date: php_format(&format(text(1)?, DOTS)),
            name: format(text(2)?, NAME),
            phrases: parsed(&text(3)?),
            zone: zone.clone(),
        })
    })?;
    Ok(found)
}
