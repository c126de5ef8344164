//! What people read, in every language: nothing is missing, nothing is left over, and who asks is answered in the
//! language of the console or of the portal.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use portal::describe;
use portal::method::{Method, Param};
use portal::modules;
use portal::outbound::alert;
use portal::settings::{Name, Settings};
use portal::texts::{Catalogue, Language, Topic};
use portal::user;
use portal::{Moment, OwnRequest};
use serde_json::{Value as Json, json};

use testportal::Hook;

/// The program's sources, from this crate's folder.
const CRATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// Where errors are made for people and not for the wire.
const FOR_PEOPLE: [&str; 8] = [
    "engine/src/access",
    "engine/src/guard",
    "engine/src/settings",
    "people/src/user",
    "webhooks/src/faults",
    "webhooks/src/integration",
    "webhooks/src/outbound",
    "portreeve/src/console",
];
/// Sentences that are no errors: what scenarios fill in.
const SAMPLES: &str = "scenario.rs";

fn russian() -> &'static Catalogue {
    modules().texts().catalogue(Language::Russian).unwrap()
}

/// Those of the console itself.
fn console() -> Catalogue {
    let file = std::fs::read_to_string(format!("{CRATES}/portreeve/src/console/ru.toml")).unwrap();
    Catalogue::read(&[&file])
}

/// Compares what is said in English with what there is in Russian.
fn compare(topic: Topic, said: &BTreeSet<String>) {
    let there: BTreeSet<String> = russian().keys(topic).map(str::to_owned).collect();
    let (missing, left): (Vec<_>, Vec<_>) =
        (said.difference(&there).collect(), there.difference(said).collect());
    assert!(missing.is_empty(), "{topic:?} without a Russian text, to be written in a ru.toml: {missing:#?}");
    assert!(left.is_empty(), "{topic:?} that nothing says any more, to be removed from a ru.toml: {left:#?}");
}

fn set<S: Into<String>>(texts: impl IntoIterator<Item = S>) -> BTreeSet<String> {
    texts.into_iter().map(Into::into).collect()
}

#[test]
fn everything_declared_has_a_russian_text() {
    let methods = modules().methods();
    compare(Topic::Methods, &set(methods.iter().map(|method| method.about.as_str())));
    compare(Topic::Events, &set(modules().events().map(|event| event.about.as_str())));
    compare(Topic::Scopes, &set(modules().scopes().iter().flat_map(|scope| [scope.title, scope.about])));
    compare(Topic::Names, &set(describe::names()));
    compare(Topic::Settings, &set(Name::ALL.map(Name::about)));
    compare(Topic::Mail, &set([alert::sayings(), user::letter::sayings(), user::notice::sayings()].concat()));
    // A parameter that is a field is called like it.
    let fields = set(russian().keys(Topic::Fields));
    let mut params = BTreeSet::new();
    methods.iter().for_each(|method| gather_params(&method.params, &mut params));
    compare(Topic::Params, &params.difference(&fields).cloned().collect());
}

fn gather_params(params: &[Param], texts: &mut BTreeSet<String>) {
    for param in params {
        texts.insert(param.about.to_owned());
        gather_params(&param.members, texts);
    }
}

#[test]
fn every_field_has_a_russian_title() {
    for portal in testportal::portals("crm,user,department,task") {
        let mut titles = BTreeSet::new();
        // What describes a single row is asked with its rows.
        let of_a_row =
            |method: &Method| method.params.iter().any(|param| ["id", "lid"].contains(&param.name.as_ref()));
        for method in modules().methods().iter().filter(|method| !method.refused && !of_a_row(method)) {
            if method.name.to_ascii_lowercase().ends_with("fields") || method.name == "crm.userfield.types" {
                for example in &method.examples {
                    gather(&own(&portal, &method.name, &example.params, Language::English), &mut titles);
                }
            }
        }
        for known in own(&portal, "crm.userfield.types", &json!({}), Language::English).as_array().unwrap() {
            let params = json!({"type": known["ID"]});
            let settings = own(&portal, "crm.userfield.settings.fields", &params, Language::English);
            gather(&settings, &mut titles);
        }
        for known in
            own(&portal, "crm.product.property.types", &json!({}), Language::English).as_array().unwrap()
        {
            titles.insert(known["DESCRIPTION"].as_str().unwrap().to_owned());
        }
        assert!(titles.len() > 100, "{titles:?}");
        compare(Topic::Fields, &titles);
    }
}

/// The titles in a description of fields; some methods answer nothing else.
fn gather(described: &Json, titles: &mut BTreeSet<String>) {
    match described {
        Json::Object(map) => map.iter().for_each(|(key, value)| match value {
            Json::String(title) if key == "title" => _ = titles.insert(title.clone()),
            Json::String(title)
                if map.values().all(Json::is_string)
                    && !map.contains_key("type")
                    && !map.contains_key("title") =>
            {
                titles.insert(title.clone());
            }
            _ => gather(value, titles),
        }),
        Json::Array(list) => list.iter().for_each(|one| gather(one, titles)),
        _ => {}
    }
}

/// What the administrator is answered in the console.
fn own(portal: &Hook, method: &str, params: &Json, language: Language) -> Json {
    let params = portal::method::params(params);
    let (received, address) = (Moment(testportal::NOW * 1_000_000), IpAddr::V4(Ipv4Addr::LOCALHOST));
    let request = OwnRequest {
        user_id: 1,
        method: method.to_owned(),
        params,
        address,
        received,
        language,
        basis: None,
    };
    testportal::to_json(&portal.portal.call_as(request).wait().unwrap().reply.result)
}

#[test]
fn what_people_are_refused_with_has_a_russian_text() {
    let console = console();
    let texts = [Topic::Methods, Topic::Params, Topic::Events, Topic::Settings, Topic::Errors, Topic::Mail];
    let has = |text: &str| texts.iter().any(|topic| russian().get(*topic, text).is_some());
    let mut missing = BTreeSet::new();
    for folder in FOR_PEOPLE {
        for (file, source) in sources(&Path::new(CRATES).join(folder)) {
            let sentences = literals(&source).into_iter().filter(|text| is_sentence(text));
            let new = sentences.filter(|text| !has(text) && console.get(Topic::Errors, text).is_none());
            missing.extend(new.filter(|_| !file.ends_with(SAMPLES)));
        }
    }
    assert!(missing.is_empty(), "errors without a Russian text, to be written in a ru.toml: {missing:#?}");
}

#[test]
fn no_russian_text_of_an_error_is_left_over() {
    let sources = sources(Path::new(CRATES)).into_iter();
    let said: BTreeSet<String> = sources.flat_map(|(_, source)| literals(&source)).collect();
    let console = console();
    let keys = russian().keys(Topic::Errors).chain(console.keys(Topic::Errors));
    let left: Vec<&str> = keys.filter(|text| !said.contains(*text)).collect();
    assert!(left.is_empty(), "errors that nothing says any more: {left:#?}");
}

/// The sources under a folder.
fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("tests") {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            found.push((path.display().to_string(), source));
        }
    }
    found
}

/// The texts in a source, without its comments and its tests.
fn literals(source: &str) -> Vec<String> {
    let program = source.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = program.lines().filter(|line| !line.trim_start().starts_with("//"));
    let (mut texts, mut text) = (Vec::new(), None::<String>);
    let joined = lines.collect::<Vec<_>>().join("\n");
    let mut letters = joined.chars().peekable();
    while let Some(letter) = letters.next() {
        match (&mut text, letter) {
            (None, '\'') if letters.peek() == Some(&'"') => _ = letters.next(),
            (None, '"') => text = Some(String::new()),
            (Some(_), '"') => texts.extend(text.take()),
            (Some(text), '\\') => match letters.next() {
                Some('\n') => while letters.next_if(|next| next.is_whitespace()).is_some() {},
                Some(escaped) => text.push(escaped),
                None => {}
            },
            (Some(text), letter) => text.push(letter),
            _ => {}
        }
    }
    texts
}

fn is_sentence(text: &str) -> bool {
    let begins = text.starts_with(|first: char| first.is_uppercase() || first == '{');
    // `"{error}."` says nothing itself.
    let says = text.split('{').any(|part| {
        let outside = part.split_once('}').map_or(part, |(_, behind)| behind);
        outside.contains(|letter: char| letter.is_lowercase())
    });
    begins && says && text.contains(' ') && text.ends_with('.')
}

#[test]
fn errors_with_values_are_said_in_russian() {
    let said = |english: &str| russian().error(english);
    assert_eq!(said("Unknown scenario: \"x\".").as_deref(), Some("Неизвестный сценарий: \"x\"."));
    assert_eq!(said("Not found").as_deref(), Some("Не найдено"));
    assert_eq!(said("Nobody says this."), None);
}

#[test]
fn a_portal_begins_in_its_language() {
    let settings = Settings { language: Language::Russian, ..Settings::new("https://portal.test") };
    for portal in testportal::portals_with("crm,department", settings) {
        let stages = portal.get("crm.status.entity.items", json!({"entityId": "DEAL_STAGE"}));
        assert_eq!((&stages[0]["NAME"], &stages[5]["NAME"]), (&json!("Новая"), &json!("Сделка успешна")));
        let titles = portal.get("crm.lead.fields", json!({}));
        assert_eq!(titles["ASSIGNED_BY_ID"]["title"], "Ответственный");
        assert_eq!(portal.get("department.fields", json!({}))["UF_HEAD"], "Руководитель");
        assert_eq!(portal.get("department.get", json!({}))[0]["NAME"], "Компания");
        let honorifics = portal.get("crm.status.list", json!({"filter": {"ENTITY_ID": "HONORIFIC"}}));
        let codes: Vec<_> = honorifics.as_array().unwrap().iter().map(|one| &one["STATUS_ID"]).collect();
        assert_eq!(codes, ["HNR_RU_1", "HNR_RU_2"]);
        let id = portal.get("crm.deal.add", json!({"fields": {"OPPORTUNITY": 5}}));
        assert_eq!(portal.get("crm.deal.get", json!({"id": id}))["TITLE"], format!("Сделка #{id}"));
        assert_eq!(portal.get("crm.currency.base.get", json!({})), "RUB");
        assert_eq!(portal.get("crm.deal.get", json!({"id": id}))["CURRENCY_ID"], "RUB");
        // The language outlives the flag.
        let kept = portal.read(portal::settings::chosen::load);
        assert_eq!(kept, [(Name::Language, "ru".to_owned())]);
    }
}

/// The names of what a portal's nouns start with, by method and member of its answer.
fn first_names(portal: &Hook) -> Vec<(&'static str, Vec<Json>)> {
    let named = |method: &'static str, list: &str, name: &str| {
        let answer = portal.get(method, json!({"order": {"id": "asc"}}));
        let rows = if list.is_empty() { &answer } else { &answer[list] };
        (method, rows.as_array().unwrap().iter().map(|row| row[name].clone()).collect())
    };
    vec![
        named("catalog.measure.list", "measures", "measureTitle"),
        named("crm.measure.list", "", "SYMBOL_RUS"),
        named("catalog.vat.list", "vats", "name"),
        named("catalog.priceType.list", "priceTypes", "name"),
        named("catalog.store.list", "stores", "title"),
        named("catalog.catalog.list", "catalogs", "name"),
        named("crm.currency.list", "", "FULL_NAME"),
    ]
}

#[test]
fn what_nouns_start_with_is_in_the_language_of_the_portal() {
    for portal in testportal::portals("crm,catalog") {
        let english = [
            json!(["Meter", "Liter", "Gram", "Kilogram", "Piece"]),
            json!(["m", "l", "g", "kg", "pcs"]),
            json!(["No VAT", "VAT 0%", "VAT 20%"]),
            json!(["BASE"]),
            json!(["Warehouse"]),
            json!(["Product catalog", "Product catalog (variants)"]),
            json!(["US Dollar", "Euro", "Pound sterling", "Russian ruble"]),
        ];
        for ((method, names), expected) in first_names(&portal).into_iter().zip(english) {
            assert_eq!(json!(names), expected, "{method}");
        }
    }
    let settings = Settings { language: Language::Russian, ..Settings::new("https://portal.test") };
    for portal in testportal::portals_with("crm,catalog", settings) {
        let russian = [
            json!(["Метр", "Литр", "Грамм", "Килограмм", "Штука"]),
            json!(["м", "л", "г", "кг", "шт"]),
            json!(["Без НДС", "НДС 0%", "НДС 20%"]),
            json!(["BASE"]),
            json!(["Склад"]),
            json!(["Товарный каталог CRM", "Товарный каталог CRM (вариации)"]),
            json!(["Российский рубль", "Доллар США", "Евро", "Украинская гривна", "Белорусский рубль"]),
        ];
        for ((method, names), expected) in first_names(&portal).into_iter().zip(russian) {
            assert_eq!(json!(names), expected, "{method}");
        }
        assert_eq!(portal.get("crm.currency.get", json!({"id": "EUR"}))["LID"], "ru");
    }
}

/// Contents that are younger than the portal come in the language that it has, whatever the start says.
#[test]
fn later_contents_are_in_the_language_of_the_portal() {
    let settings = Settings { language: Language::Russian, ..Settings::new("https://portal.test") };
    for bench in testportal::portals_with("crm,catalog", settings) {
        bench.write(|tx| {
            tx.execute("DELETE FROM catalog_measure", &[])?;
            tx.execute("DELETE FROM portal_state WHERE name = 'seed:catalog.measure'", &[])?;
            Ok::<_, portal::Error>(())
        });
        let portal = bench.reopened();
        assert_eq!(first_names(&portal)[0].1[0], "Метр");
    }
}

#[test]
fn the_console_reads_names_that_nobody_changed_in_its_own_language() {
    for portal in testportal::portals("crm") {
        let names = |language| {
            let listed =
                own(&portal, "crm.status.list", &json!({"filter": {"ENTITY_ID": "STATUS"}}), language);
            listed.as_array().unwrap().iter().map(|one| one["NAME"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(Language::Russian)[..2], ["Не обработан", "В работе"]);
        assert_eq!(names(Language::English)[..2], ["Unassigned", "In progress"]);
        let found =
            portal.get("crm.status.list", json!({"filter": {"ENTITY_ID": "STATUS", "STATUS_ID": "NEW"}}));
        portal.get("crm.status.update", json!({"id": found[0]["ID"], "fields": {"NAME": "Fresh"}}));
        assert_eq!(names(Language::Russian)[..2], ["Fresh", "В работе"]);
        // A webhook gets what is stored.
        let stored = portal.get("crm.status.entity.items", json!({"entityId": "STATUS"}));
        assert_eq!((&stored[0]["NAME"], &stored[1]["NAME"]), (&json!("Fresh"), &json!("In progress")));
        let title =
            |language| own(&portal, "crm.deal.fields", &json!({}), language)["TITLE"]["title"].clone();
        assert_eq!(
            (title(Language::Russian), title(Language::English)),
            (json!("Название сделки"), json!("Deal name"))
        );
    }
}
