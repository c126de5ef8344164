//! Nouns that are nothing but data: each goes through the same walk, on every engine.

use portal::noun::{Access, Id, Noun, Verb};
use portal::{Moment, demo, modules};
use serde_json::{Value as Json, json};
use wire::{Fault, Value};

use testportal::Hook;

/// The example of a method, as the console shows it.
fn example(method: &str) -> Json {
    modules().find(method).unwrap().examples[0].params.clone()
}

/// The scopes of the nouns that are walked through.
const SCOPES: &str = "crm,catalog,documentgenerator,bizproc,sale,pay_system,cashbox,delivery,booking,telephony,timeman,\
                      userconsent,mailservice,landing,calendar,rpa";

/// The methods of a noun's first face, by what they do.
fn method(noun: &Noun, verb: Verb) -> Option<String> {
    let face = noun.faces.first()?;
    let name = face.verbs.iter().find(|(own, _)| *own == verb)?.1;
    Some(format!("{}.{name}", face.path))
}

/// The parameters that name a row in the methods of a noun's first face, with what the face requires beside them.
fn naming(noun: &Noun, key: &Json) -> Json {
    let named = match noun.faces[0].id {
        Id::Param(name) => Json::from_iter([(name, key.clone())]),
        Id::Params(names) => match key.as_object() {
            Some(key) => names.iter().map(|name| (*name, key[&upper(noun, name)].clone())).collect(),
            None => Json::from_iter([(*names.last().unwrap(), key.clone())]),
        },
        Id::Fields => json!({"fields": key}),
    };
    whole(noun, named)
}

/// What the legacy spelling calls a field.
fn upper(noun: &Noun, name: &str) -> String {
    noun.fields.iter().find(|field| field.name == name).unwrap().upper_name()
}

/// The parameters of a call on a noun's first face, with what it requires beside them.
fn whole(noun: &Noun, params: Json) -> Json {
    let mut all = (noun.faces[0].samples)();
    match &mut all {
        Json::Object(members) => members.extend(params.as_object().unwrap().clone()),
        none => *none = params,
    }
    all
}

/// The row in an answer, which may stand under a name, and in a list.
fn row(answer: &Json) -> &Json {
    match answer {
        Json::Object(members) if members.len() == 1 => row(members.values().next().unwrap()),
        Json::Array(rows) => row(rows.first().unwrap()),
        other => other,
    }
}

/// Whether what was sent came back; numbers may come as text, with other digits behind the point.
fn came_back(sent: &Json, got: &Json) -> bool {
    let number = |value: &Json| value.as_f64().or_else(|| value.as_str()?.parse().ok());
    sent == got || number(sent).zip(number(got)).is_some_and(|(sent, got)| (sent - got).abs() < 1e-9)
}

/// Its rows name a copy of the deal that was given, and stay while that is a template: `recurring::*` tests them.
const RECURRING: &str = "crm.deal.recurring";

/// Nouns of the CRM that no walk goes through, and why, with the tests that they have. This list may only shrink.
const NOT_WALKED: [(&str, &str); 7] = [
    (RECURRING, "rows name a copy of the deal that was given, and stay while that is a template: recurring"),
    ("crm.calllist.member", "replaced as a whole: call_lists"),
    ("crm.currencyLooks", "a part of currencies: here"),
    ("crm.details.configuration", "one card at a time, which a request does not name by number: cards"),
    ("crm.invoice.row", "written with the invoice: older_invoices"),
    ("crm.tracking.item", "written with the trace: call_lists"),
    ("crm.tracking.trace", "never read: call_lists"),
];

/// Whether the walk goes through a noun: its first face adds, reads, changes and deletes rows.
fn is_walked(noun: &Noun) -> bool {
    let has = |verb| method(noun, verb).is_some();
    let is_read =
        has(Verb::Get) || (has(Verb::List) && noun.faces.first().is_some_and(|face| face.id == Id::Fields));
    has(Verb::Add) && is_read && has(Verb::Update) && has(Verb::Delete) && noun.name != RECURRING
}

/// Whether a noun's first face shows rows that come about elsewhere.
fn is_shown(noun: &Noun) -> bool {
    method(noun, Verb::List).is_some() && method(noun, Verb::Add).is_none()
}

#[test]
fn every_noun_of_the_crm_is_walked_through_or_listed_with_the_reason() {
    let nouns = modules().nouns().iter().map(|shape| shape.noun).filter(|noun| noun.name.starts_with("crm."));
    let left: Vec<&str> =
        nouns.filter(|noun| !is_walked(noun) && !is_shown(noun)).map(|noun| noun.name).collect();
    let listed: Vec<&str> = NOT_WALKED.iter().map(|(name, _)| *name).collect();
    let new: Vec<&&str> = left.iter().filter(|name| !listed.contains(name)).collect();
    let gone: Vec<&&str> = listed.iter().filter(|name| !left.contains(name)).collect();
    assert!(new.is_empty() && gone.is_empty(), "not walked: {new:?}; walked now: {gone:?}");
}

/// Adds the row of the example; gives what names it and what was sent.
fn add(hook: &Hook, noun: &Noun) -> Option<(Json, Json)> {
    if !is_walked(noun) {
        return None;
    }
    let add = method(noun, Verb::Add)?;
    let sent = example(&add)["fields"].clone();
    let answer = hook.get(&add, whole(noun, json!({"fields": sent})));
    let added = row(&answer);
    let key = match noun.faces[0].id {
        Id::Fields => key_of(noun, &sent),
        _ => added.get("id").unwrap_or(added).clone(),
    };
    Some((key, sent))
}

/// The fields of a row that are its key.
fn key_of(noun: &Noun, row: &Json) -> Json {
    let names = noun.key.iter().map(|name| upper(noun, name));
    names.map(|name| (name.clone(), row[&name].clone())).collect()
}

/// The row with this key, or what refuses to show it.
fn read(hook: &Hook, noun: &Noun, key: &Json) -> Result<Json, Fault> {
    let Some(get) = method(noun, Verb::Get) else {
        let list = method(noun, Verb::List).unwrap_or_else(|| panic!("{} is not listed", noun.name));
        let page = hook.ask(&list, json!({"filter": key}))?;
        let rows = page.as_object().and_then(|page| page.values().next()).unwrap_or(&page);
        let found = rows.as_array().unwrap().first().cloned();
        return found.ok_or_else(|| noun.faces[0].faults.missing.about(&[]));
    };
    hook.ask(&get, naming(noun, key)).map(|answer| row(&answer).clone())
}

/// What rows of the examples belong to: three deals, three templates of invoices, a company with a requisite, a product, a property that is a list and a second price type.
fn prepare(portal: &Hook) {
    (1..=3).for_each(|_| _ = portal.get("crm.deal.add", json!({"fields": {"TITLE": "x"}})));
    portal.get("crm.company.add", json!({"fields": {"TITLE": "x"}}));
    let template = json!({
        "ORDER_TOPIC": "x", "PERSON_TYPE_ID": 2, "PAY_SYSTEM_ID": 1, "UF_COMPANY_ID": 1, "IS_RECURRING": "Y",
        "PRODUCT_ROWS": [{"PRODUCT_NAME": "x", "PRICE": 1}],
    });
    (1..=3).for_each(|_| _ = portal.get("crm.invoice.add", json!({"fields": template})));
    portal.get("crm.requisite.add", example("crm.requisite.add"));
    portal.get("crm.product.add", json!({"fields": {"NAME": "x"}}));
    portal.get("crm.product.property.add", json!({"fields": {"NAME": "x", "PROPERTY_TYPE": "L"}}));
    portal.get("catalog.priceType.add", json!({"fields": {"name": "x"}}));
}

#[test]
fn what_is_added_is_read_changed_listed_and_deleted() {
    for portal in testportal::portals(SCOPES) {
        // The examples are of the demo portal.
        demo::load(&portal.portal, Moment(testportal::NOW * 1_000_000)).unwrap();
        for noun in modules().nouns().iter().map(|shape| shape.noun) {
            let Some((key, sent)) = add(&portal, noun) else { continue };
            let came = |sent: &Json| {
                let shown = read(&portal, noun, &key).unwrap();
                for (name, value) in sent.as_object().unwrap() {
                    assert!(came_back(value, &shown[name]), "{} {name}: {value} as {shown}", noun.name);
                }
            };
            came(&sent);
            let update = method(noun, Verb::Update).unwrap();
            let mut changes = example(&update)["fields"].clone();
            if noun.faces[0].id == Id::Fields {
                changes.as_object_mut().unwrap().extend(key.as_object().unwrap().clone());
                portal.get(&update, json!({"fields": changes}));
            } else {
                let mut params = naming(noun, &key);
                params["fields"] = changes.clone();
                portal.get(&update, params);
            }
            came(&changes);
            let list = portal.get(&method(noun, Verb::List).unwrap(), whole(noun, json!({})));
            let is_listed = |value: &Json| list.to_string().contains(&value.to_string().replace('"', ""));
            let listed = key.as_object().map_or_else(|| is_listed(&key), |key| key.values().all(is_listed));
            assert!(listed, "{}: {list}", noun.name);
            portal.get(&method(noun, Verb::Delete).unwrap(), naming(noun, &key));
            let missing = noun.faces[0].faults.missing.about(&[Value::from(key.clone())]);
            let refused = read(&portal, noun, &key).unwrap_err();
            assert_eq!((refused.code, refused.message), (missing.code, missing.message), "{}", noun.name);
        }
    }
}

/// Rows that other methods write: payment methods, links, call lists, ..
#[test]
fn what_is_listed_is_read_as_it_is_listed() {
    for portal in testportal::portals("crm,catalog") {
        prepare(&portal);
        portal.get("crm.deal.update", json!({"id": 1, "fields": {"COMPANY_ID": 1}}));
        portal.get("crm.requisite.link.register", example("crm.requisite.link.register"));
        portal.get("crm.contact.add", json!({"fields": {"NAME": "x"}}));
        portal.get("crm.calllist.add", json!({"ENTITY_TYPE": "CONTACT", "ENTITIES": [1]}));
        portal.get("crm.duplicate.volatileType.register", example("crm.duplicate.volatileType.register"));
        let nouns = modules().nouns().iter().map(|shape| shape.noun);
        for noun in nouns.filter(|noun| noun.name.starts_with("crm.") && is_shown(noun)) {
            let list = method(noun, Verb::List).unwrap();
            let listed = portal.get(&list, whole(noun, json!({})));
            let rows = listed.as_array().unwrap();
            assert!(!rows.is_empty(), "{list}");
            for row in rows {
                let key = match noun.key {
                    [single] => row.get(upper(noun, single)).or(row.get("id")).unwrap().clone(),
                    _ => key_of(noun, row),
                };
                if method(noun, Verb::Get).is_some() {
                    let shown = read(&portal, noun, &key).unwrap();
                    for (name, value) in row.as_object().unwrap() {
                        assert!(came_back(value, &shown[name]), "{list} {name}: {value} as {shown}");
                    }
                } else {
                    let filter = json!({"filter": {"ID": key, "id": key}});
                    assert_eq!(portal.get(&list, filter), json!([row]), "{list} by key");
                }
            }
        }
    }
}

#[test]
fn an_employee_reads_but_does_not_write() {
    for portal in testportal::portals(SCOPES) {
        prepare(&portal);
        let employee = portal.employee("otto@example.com", SCOPES);
        for noun in modules().nouns().iter().map(|shape| shape.noun) {
            // Rules of their own have tests of their own; employees read the types of payers through `crm.persontype.*` only.
            let own = matches!(noun.access, Access::Rule(_) | Access::Through(_) | Access::Administrators);
            if own || noun.name == "sale.personType" {
                continue;
            }
            let Some((key, sent)) = add(&portal, noun) else { continue };
            read(&employee, noun, &key).unwrap_or_else(|fault| panic!("{}: {fault:?}", noun.name));
            let denied = noun.faces[0].faults.unwritable.fault();
            let with_fields = |mut params: Json| {
                params["fields"] = sent.clone();
                params
            };
            for (verb, params) in [
                (Verb::Add, with_fields(whole(noun, json!({})))),
                (Verb::Update, with_fields(naming(noun, &key))),
                (Verb::Delete, naming(noun, &key)),
            ] {
                let method = method(noun, verb).unwrap();
                let refused = employee.refused(&method, params);
                assert_eq!(
                    (refused.1, refused.2),
                    (denied.code.to_string(), denied.message.to_string()),
                    "{method}"
                );
            }
        }
    }
}

#[test]
fn both_faces_show_the_same_rows() {
    for portal in testportal::portals("crm,catalog") {
        let id = portal.get(
            "crm.measure.add",
            json!({"fields": {"CODE": 77, "MEASURE_TITLE": "Dozen", "SYMBOL_RUS": "dz"}}),
        );
        let measure = portal.get("catalog.measure.get", json!({"id": id}));
        assert_eq!(measure["measure"]["measureTitle"], "Dozen");
        assert_eq!(measure["measure"]["code"], 77);
        let taken =
            portal.refused("catalog.measure.add", json!({"fields": {"code": "77", "measureTitle": "Again"}}));
        assert_eq!((taken.0, taken.1.as_str()), (400, "200600000000"));
        let default =
            portal.get("crm.measure.list", json!({"filter": {"IS_DEFAULT": "Y"}, "select": ["ID", "CODE"]}));
        assert_eq!(default, json!([{"ID": "5", "CODE": "796"}]));
        portal.get("crm.measure.update", json!({"id": id, "fields": {"IS_DEFAULT": "Y"}}));
        let default =
            portal.get("crm.measure.list", json!({"filter": {"IS_DEFAULT": "Y"}, "select": ["CODE"]}));
        assert_eq!(default, json!([{"CODE": "77"}]), "one unit is the default");
    }
}

#[test]
fn sections_stay_in_their_catalogue_and_never_below_themselves() {
    for portal in testportal::portals("crm,catalog") {
        let add = |fields: Json| {
            portal.get("catalog.section.add", json!({"fields": fields}))["section"]["id"].clone()
        };
        let top = add(json!({"iblockId": 1, "name": "Top"}));
        let below = add(json!({"iblockId": 1, "name": "Below", "iblockSectionId": top}));
        let ring = json!({"id": top, "fields": {"iblockSectionId": below}});
        assert_eq!(portal.refused("catalog.section.update", ring).1, "200700300010");
        let elsewhere = json!({"fields": {"iblockId": 2, "name": "Elsewhere", "iblockSectionId": top}});
        assert_eq!(portal.refused("catalog.section.add", elsewhere).1, "200700300010");
        let nowhere = json!({"fields": {"iblockId": 1, "name": "Nowhere", "iblockSectionId": 999}});
        assert_eq!(portal.refused("catalog.section.add", nowhere).0, 400);
        portal.get("crm.productsection.delete", json!({"id": top}));
        assert_eq!(
            portal.get("catalog.section.list", json!({"filter": {"iblockId": 1}}))["sections"],
            json!([])
        );
    }
}

#[test]
fn currencies_have_rates_to_four_digits_one_base_and_looks_by_language() {
    for portal in testportal::portals("crm") {
        let looks = json!({"en": {"FULL_NAME": "Yuan", "FORMAT_STRING": "# CNY", "DECIMALS": 2}});
        let fields = json!({"CURRENCY": "cny", "AMOUNT": "12,22515", "AMOUNT_CNT": 1, "LANG": looks});
        assert_eq!(portal.get("crm.currency.add", json!({"fields": fields})), "CNY");
        let yuan = portal.get("crm.currency.get", json!({"id": "CNY"}));
        assert_eq!((&yuan["AMOUNT"], &yuan["FULL_NAME"]), (&json!("12.2252"), &json!("Yuan")));
        portal.get(
            "crm.currency.localizations.set",
            json!({"id": "CNY", "localizations": {"de": {"FULL_NAME": "Yuan (CN)"}}}),
        );
        let all = portal.get("crm.currency.localizations.get", json!({"id": "CNY"}));
        assert_eq!((&all["de"]["FULL_NAME"], &all["en"]["DECIMALS"]), (&json!("Yuan (CN)"), &json!("2")));
        let base = portal.get("crm.currency.base.get", json!({}));
        let kept = portal.refused("crm.currency.delete", json!({"id": base}));
        assert_eq!(kept.2, "Cannot delete base currency.");
        portal.get("crm.currency.base.set", json!({"id": "CNY"}));
        assert_eq!(portal.get("crm.currency.base.get", json!({})), "CNY");
        portal.get("crm.currency.delete", json!({"id": base}));
        assert_eq!(portal.refused("crm.currency.get", json!({"id": base})).2, "Not found");
    }
}

/// Descriptions are those of the documentation, where it says more or less than what is taken.
#[test]
fn fields_are_described_as_documented() {
    for portal in testportal::portals("crm,catalog") {
        let says = |method: &str, path: &str| {
            let answer = portal.get(method, json!({}));
            answer.pointer(path).unwrap_or_else(|| panic!("{method} {path}: {answer}")).clone()
        };
        for (method, path, documented) in [
            ("crm.currency.fields", "/CURRENCY/isRequired", json!(false)),
            ("crm.currency.fields", "/CURRENCY/isImmutable", json!(false)),
            ("crm.currency.fields", "/AMOUNT_CNT/isRequired", json!(false)),
            ("crm.currency.fields", "/AMOUNT/isRequired", json!(false)),
            ("crm.currency.fields", "/BASE/isReadOnly", json!(true)),
            ("crm.currency.fields", "/LANG/isReadOnly", json!(false)),
            ("crm.currency.fields", "/LANG/isMultiple", json!(true)),
            ("crm.currency.localizations.fields", "/HIDE_ZERO/type", json!("char")),
            ("crm.vat.fields", "/ACTIVE/type", json!("string")),
            ("crm.vat.fields", "/TIMESTAMP_X/isReadOnly", json!(true)),
            ("catalog.vat.getFields", "/vat/active/type", json!("char")),
            ("catalog.vat.getFields", "/vat/timestampX/isReadOnly", json!(false)),
            ("catalog.section.getFields", "/section/iblockId/isImmutable", json!(false)),
        ] {
            assert_eq!(says(method, path), documented, "{method} {path}");
        }
        // What is described as open is still not taken.
        let vat = json!({"id": 1, "fields": {"timestampX": "2001-01-01T00:00:00+00:00"}});
        let changed = portal.get("catalog.vat.update", vat);
        assert!(!changed["vat"]["timestampX"].as_str().unwrap().starts_with("2001"), "{changed}");
        let toys = portal.get("catalog.section.add", json!({"fields": {"iblockId": 1, "name": "Toys"}}));
        let moved = json!({"id": toys["section"]["id"], "fields": {"iblockId": 2}});
        assert_eq!(portal.get("catalog.section.update", moved)["section"]["iblockId"], 1);
    }
}

#[test]
fn items_have_a_currency_of_the_portal() {
    for portal in testportal::portals("crm") {
        let refusal = (400, String::new(), "Invalid value for the \"Currency\" field".to_owned());
        for entity in ["lead", "deal", "company", "quote"] {
            let (add, update) = (format!("crm.{entity}.add"), format!("crm.{entity}.update"));
            let id = portal.get(&add, json!({"fields": {"TITLE": "x"}}));
            let currency =
                || portal.get(&format!("crm.{entity}.get"), json!({"id": id}))["CURRENCY_ID"].clone();
            assert_eq!(currency(), "USD");
            assert_eq!(portal.refused(&add, json!({"fields": {"CURRENCY_ID": "XYZ"}})), refusal);
            let unknown = json!({"id": id, "fields": {"CURRENCY_ID": "CNY"}});
            assert_eq!(portal.refused(&update, unknown), refusal);
            portal.get(&update, json!({"id": id, "fields": {"CURRENCY_ID": " eur"}}));
            assert_eq!(currency(), "EUR");
        }
        for entity in [1, 2, 4, 7] {
            let fields = json!({"entityTypeId": entity, "fields": {"title": "x", "currencyId": "XYZ"}});
            let refused = portal.refused("crm.item.add", fields);
            assert_eq!((refused.0, refused.1.as_str()), (400, "CRM_FIELD_ERROR_VALUE_NOT_VALID"));
        }
        // A new currency is known from the next call on, also within a batch, and a new base is what items begin with.
        let yuan = "fields[CURRENCY]=CNY&fields[AMOUNT]=1&fields[AMOUNT_CNT]=7";
        let cmd = json!({
            "currency": format!("crm.currency.add?{yuan}"),
            "deal": "crm.deal.add?fields[CURRENCY_ID]=CNY",
            "base": "crm.currency.base.set?id=CNY",
            "plain": "crm.deal.add?fields[TITLE]=x",
            "shown": "crm.deal.get?id=$result[plain]",
        });
        let sections = portal.get("batch", json!({"cmd": cmd}));
        assert_eq!(sections["result_error"], json!([]), "{sections}");
        assert_eq!(sections["result"]["shown"]["CURRENCY_ID"], "CNY");
        portal.get("crm.currency.delete", json!({"id": "EUR"}));
        assert_eq!(portal.refused("crm.deal.add", json!({"fields": {"CURRENCY_ID": "EUR"}})), refusal);
    }
}

#[test]
fn legacy_updates_take_empty_fields_and_adds_miss_what_they_need() {
    for portal in testportal::portals("crm") {
        for (method, id) in
            [("crm.measure", "1"), ("crm.currency", "EUR"), ("crm.vat", "1"), ("crm.productsection", "1")]
        {
            if method == "crm.productsection" {
                portal.get("crm.productsection.add", json!({"fields": {"NAME": "Toys"}}));
            }
            let get = || portal.get(&format!("{method}.get"), json!({"id": id}));
            let (before, update) = (get(), format!("{method}.update"));
            for empty in [json!({}), json!([])] {
                let changed = portal.get(&update, json!({"id": id, "fields": empty}));
                assert!(
                    changed == json!(true) || changed == json!(id.parse::<i64>().ok()),
                    "{method} {changed}"
                );
            }
            let after = get();
            for stamp in ["TIMESTAMP_X", "DATE_UPDATE"] {
                assert_eq!(before.get(stamp).is_some(), after.get(stamp).is_some());
            }
            let absent = portal.refused(&update, json!({"id": id}));
            assert_eq!(absent.2, "Parameter 'fields' must be array.", "{method}");
        }
        let nameless = portal.refused("crm.productsection.add", json!({"fields": {}}));
        assert_eq!(nameless.2, "The field NAME is required.");
    }
}
