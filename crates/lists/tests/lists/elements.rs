//! Fields, elements and sections.

use portal::moment::DateFormat;
use portal::settings::Settings;
use serde_json::{Value as Json, json};
use testportal::{Hook, portals, portals_with};

use crate::{element, field, list, of};

/// The values of a field, without their numbers.
fn values(element: &Json, field: &str) -> Vec<String> {
    let kept =
        element[field].as_object().map(|map| map.values().cloned().collect::<Vec<_>>()).unwrap_or_default();
    kept.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect()
}

fn found(who: &Hook, list: i64, filter: Json) -> Vec<String> {
    let page = who.get("lists.element.get", of(list, json!({"FILTER": filter})));
    page.as_array().unwrap().iter().map(|element| element["NAME"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn dates_are_written_in_the_format_of_the_portal_and_read_in_any() {
    let settings =
        Settings { date_format: Some(DateFormat::DayFirst), ..Settings::new("https://portal.test") };
    for ada in portals_with("lists", settings) {
        let list = list(&ada, "dates", json!({}));
        let (day, time) =
            (field(&ada, list, "S:Date", json!({})), field(&ada, list, "S:DateTime", json!({})));
        for (number, (given_day, given_time)) in [
            ("31.12.2024", "31.12.2024 23:59:59"),
            ("12/31/2024", "12/31/2024 11:59:59 pm"),
            ("2024-12-31", "2024-12-31T23:59:59+00:00"),
        ]
        .into_iter()
        .enumerate()
        {
            let code = format!("given {number}");
            let one = element(&ada, list, &code, json!({&day: given_day, &time: given_time}));
            let shown = ada.get("lists.element.get", of(list, json!({"ELEMENT_ID": one})))[0].clone();
            assert_eq!(values(&shown, &day), ["31.12.2024"], "{code}");
            assert_eq!(values(&shown, &time), ["31.12.2024 23:59:59"], "{code}");
        }
        let shown = ada.get("lists.get", of(list, json!({})));
        assert_eq!(shown[0]["TIMESTAMP_X"], "01.06.2026 12:00:00");
    }
}

#[test]
fn every_type_of_field_keeps_its_values() {
    for ada in portals("lists,disk") {
        let list = list(&ada, "all", json!({}));
        let choices = json!({"LIST": {"n0": {"VALUE": "Red", "SORT": 20}, "n1": {"VALUE": "Blue", "SORT": 10, "DEF": "Y"}}});
        let colour = field(&ada, list, "L", choices);
        let shown = ada.get("lists.field.get", of(list, json!({"FIELD_ID": colour})))["L"].clone();
        let blue = shown["DEFAULT_VALUE"].as_str().unwrap().to_owned();
        assert_eq!(shown["DISPLAY_VALUES_FORM"][&blue], "Blue");
        let disk =
            ada.get("disk.storage.getList", json!({"filter": {"ENTITY_TYPE": "user"}}))[0]["ID"].clone();
        let file = ada.get(
            "disk.storage.uploadFile",
            json!({"id": disk, "data": {"NAME": "a"}, "fileContent": ["a", "eA=="]}),
        );
        let cases = [
            ("S", json!("text"), "text"),
            ("N", json!("12,5"), "12.5"),
            ("S:Date", json!("2024-12-31"), "12/31/2024"),
            ("S:DateTime", json!("2024-12-31 23:59:59"), "12/31/2024 11:59:59 pm"),
            ("S:Money", json!("100|USD"), "100|USD"),
            ("S:employee", json!(1), "1"),
            ("S:ECrm", json!("D_5"), "D_5"),
            (
                "S:HTML",
                json!({"TEXT": "<b>x</b>", "TYPE": "html"}),
                "{\"TEXT\":\"<b>x</b>\",\"TYPE\":\"HTML\"}",
            ),
            ("S:DiskFile", json!(format!("n{}", file["ID"])), "*"),
        ];
        let mut given = json!({});
        let mut fields = Vec::new();
        for (kind, value, expected) in cases {
            let name = field(&ada, list, kind, json!({}));
            given[&name] = value;
            fields.push((name, expected.to_owned()));
        }
        let counter = field(&ada, list, "N:Sequence", json!({}));
        let one = element(&ada, list, "one", given.clone());
        let shown = ada.get("lists.element.get", of(list, json!({"ELEMENT_ID": one})))[0].clone();
        for (name, expected) in &fields {
            let kept = values(&shown, name);
            assert!(kept.len() == 1 && (expected == "*" || kept[0] == *expected), "{name}: {kept:?}");
        }
        assert_eq!((values(&shown, &colour), values(&shown, &counter)), (vec![blue], vec!["1".to_owned()]));
        element(&ada, list, "two", json!({}));
        assert_eq!(
            values(&ada.get("lists.element.get", of(list, json!({"ELEMENT_CODE": "two"})))[0], &counter),
            ["2"]
        );
        // An update empties what it leaves out, but for counters.
        let text = fields[0].0.clone();
        let update =
            of(list, json!({"ELEMENT_ID": one, "FIELDS": {"NAME": "renamed", text.as_str(): "new"}}));
        assert_eq!(ada.get("lists.element.update", update), json!(true));
        let shown = ada.get("lists.element.get", of(list, json!({"ELEMENT_ID": one})))[0].clone();
        assert_eq!((values(&shown, &text), values(&shown, &fields[1].0)), (vec!["new".to_owned()], vec![]));
        assert_eq!(values(&shown, &counter), ["1"]);
        for (name, wrong) in
            [(&fields[1].0, json!("much")), (&colour, json!(999)), (&fields[2].0, json!("soon"))]
        {
            let given =
                of(list, json!({"ELEMENT_CODE": "wrong", "FIELDS": {"NAME": "x", name.as_str(): wrong}}));
            assert_eq!(ada.refused("lists.element.add", given).1, "ERROR_ADD_ELEMENT");
        }
    }
}

#[test]
fn elements_are_found_by_their_values() {
    for ada in portals("lists") {
        let list = list(&ada, "found", json!({}));
        let (tags, price) =
            (field(&ada, list, "S", json!({"MULTIPLE": "Y"})), field(&ada, list, "N", json!({})));
        element(&ada, list, "saw", json!({tags.as_str(): ["Wood", "Garden"], price.as_str(): 9}));
        element(&ada, list, "drill", json!({tags.as_str(): {"n0": "Wood"}, price.as_str(): "100"}));
        element(&ada, list, "lamp", json!({}));
        let by = |field: &str, value: Json| json!({field: value});
        let cases = [
            (by(&tags, json!("wood")), vec!["saw", "drill"]),
            (by(&tags, json!("%ard%")), vec!["saw"]),
            (by(&format!("!{tags}"), json!("Garden")), vec!["drill", "lamp"]),
            (by(&tags, json!(["Garden", "Metal"])), vec!["saw"]),
            (by(&format!("!{tags}"), json!(false)), vec!["saw", "drill"]),
            (by(&tags, json!("")), vec!["lamp"]),
            (by(&format!(">={price}"), json!(10)), vec!["drill"]),
            (by(&format!("<{price}"), json!(10)), vec!["saw"]),
            (json!({"NAME": "%a%", price.as_str(): 9}), vec!["saw"]),
            (json!({"=CODE": "lamp"}), vec!["lamp"]),
        ];
        for (filter, expected) in cases {
            assert_eq!(found(&ada, list, filter.clone()), expected, "{filter}");
        }
        let page = ada
            .page(
                "lists.element.get",
                of(list, json!({"ELEMENT_ORDER": {"name": "desc"}, "SELECT": ["ID", "NAME", tags.as_str()]})),
            )
            .unwrap();
        assert_eq!(
            (page.total, &page.result[0]["NAME"], page.result[0].get("CODE")),
            (Some(3), &json!("saw"), None)
        );
        assert_eq!(values(&page.result[0], &tags), ["Wood", "Garden"]);
    }
}

#[test]
fn files_are_kept_with_their_element() {
    for ada in portals("lists") {
        let list = list(&ada, "files", json!({}));
        let paper = field(&ada, list, "F", json!({}));
        let one = element(&ada, list, "one", json!({paper.as_str(): ["a.txt", "SGVsbG8="]}));
        let number: i64 = paper.trim_start_matches("PROPERTY_").parse().unwrap();
        let urls =
            ada.get("lists.element.get.file.url", of(list, json!({"ELEMENT_ID": one, "FIELD_ID": number})));
        assert!(urls[0].as_str().unwrap().contains("/rest/download/?token="), "{urls}");
        let by_id = of(list, json!({"ELEMENT_CODE": "two", "FIELDS": {"NAME": "x", paper.as_str(): 5}}));
        assert_eq!(ada.refused("lists.element.add", by_id).1, "ERROR_ELEMENT_FIELD_VALUE");
        ada.get("lists.element.delete", of(list, json!({"ELEMENT_ID": one})));
        let left = ada.read(|tx| Ok(tx.one("SELECT COUNT(*) FROM portal_file", &[], |row| row.int(0))?));
        assert_eq!(left, Some(0));
    }
}

#[test]
fn fields_complain_and_go_with_their_values() {
    for ada in portals("lists") {
        let list = list(&ada, "fields", json!({}));
        let name = field(&ada, list, "S", json!({"IS_REQUIRED": "Y"}));
        let add = |fields: Json| ada.refused("lists.field.add", of(list, json!({"FIELDS": fields})));
        assert_eq!(add(json!({"NAME": "x", "TYPE": "S", "CODE": "s"})).2, "Property already exists");
        assert_eq!(add(json!({"NAME": "x", "TYPE": "S"})).2, "Please fill the code fields");
        assert_eq!(add(json!({"NAME": "x", "TYPE": "Z", "CODE": "Z"})).1, "ERROR_SAVE_FIELD");
        let empty =
            ada.refused("lists.element.add", of(list, json!({"ELEMENT_CODE": "a", "FIELDS": {"NAME": "a"}})));
        assert_eq!(empty.1, "ERROR_ADD_ELEMENT");
        let one = element(&ada, list, "one", json!({name.as_str(): "x"}));
        assert_eq!(field(&ada, list, "SORT", json!({})), "SORT");
        assert!(ada.get("lists.field.type.get", of(list, json!({}))).get("SORT").is_none());
        let all = ada.get("lists.field.get", of(list, json!({})));
        assert_eq!(all.as_object().unwrap().len(), 3, "{all}");
        assert_eq!(ada.get("lists.field.delete", of(list, json!({"FIELD_ID": name}))), json!(true));
        assert!(ada.get("lists.element.get", of(list, json!({"ELEMENT_ID": one})))[0].get(&name).is_none());
    }
}

#[test]
fn sections_are_a_tree() {
    for ada in portals("lists") {
        let list = list(&ada, "tree", json!({}));
        let section = |code: &str, above: i64| {
            let given = json!({"SECTION_CODE": code, "IBLOCK_SECTION_ID": above, "FIELDS": {"NAME": code}});
            ada.get("lists.section.add", of(list, given)).as_i64().unwrap()
        };
        let a = section("a", 0);
        let b = section("b", a);
        section("c", 0);
        let margins: Vec<_> = ada
            .get("lists.section.get", of(list, json!({})))
            .as_array()
            .unwrap()
            .iter()
            .map(|section| {
                [&section["CODE"], &section["LEFT_MARGIN"], &section["RIGHT_MARGIN"], &section["DEPTH_LEVEL"]]
                    .map(|value| value.as_str().unwrap().to_owned())
                    .join(" ")
            })
            .collect();
        assert_eq!(margins, ["a 1 4 1", "b 2 3 2", "c 5 6 1"]);
        let codes = |filter: Json| {
            let found = ada.get("lists.section.get", of(list, json!({"FILTER": filter})));
            found.as_array().unwrap().iter().map(|one| one["CODE"].as_str().unwrap()).collect::<String>()
        };
        assert_eq!(codes(json!({"DEPTH_LEVEL": 1})), "ac");
        assert_eq!(codes(json!({">DEPTH_LEVEL": "1", "NAME": "b"})), "b");
        assert_eq!(codes(json!({">LEFT_MARGIN": 1, "<RIGHT_MARGIN": 4})), "b");
        let asleep = json!({"SECTION_CODE": "a", "FIELDS": {"NAME": "a", "ACTIVE": "N"}});
        ada.get("lists.section.update", of(list, asleep));
        assert_eq!(
            (codes(json!({"GLOBAL_ACTIVE": "Y"})), codes(json!({"ACTIVE": "Y"}))),
            ("c".into(), "bc".into())
        );
        let foreign = ada.refused(
            "lists.section.add",
            of(list, json!({"SECTION_CODE": "d", "IBLOCK_SECTION_ID": 999, "FIELDS": {"NAME": "d"}})),
        );
        assert_eq!(foreign.1, "ERROR_SECTION_NOT_FOUND");
        let lamp =
            of(list, json!({"ELEMENT_CODE": "lamp", "IBLOCK_SECTION_ID": b, "FIELDS": {"NAME": "lamp"}}));
        ada.get("lists.element.add", lamp);
        assert_eq!(found(&ada, list, json!({"IBLOCK_SECTION_ID": b})), ["lamp"]);
        assert_eq!(ada.get("lists.section.delete", of(list, json!({"SECTION_CODE": "a"}))), json!(true));
        assert_eq!(found(&ada, list, json!({})), Vec::<String>::new());
        assert_eq!(
            ada.page("lists.section.get", of(list, json!({"FILTER": {"NAME": "%c%"}}))).unwrap().total,
            Some(1)
        );
    }
}

#[test]
fn elements_are_sorted_by_own_fields() {
    for ada in portals("lists") {
        let list = list(&ada, "sorted", json!({}));
        let seats = field(&ada, list, "N", json!({"CODE": "SEATS"}));
        let floor = field(&ada, list, "L", json!({"CODE": "FLOOR", "LIST_TEXT_VALUES": "Ground\nFirst"}));
        let note = field(&ada, list, "S", json!({"CODE": "NOTE"}));
        let choices = ada.get("lists.field.get", of(list, json!({"FIELD_ID": floor})));
        let choices = choices["L"]["DISPLAY_VALUES_FORM"].as_object().unwrap().clone();
        let [ground, first] = <[String; 2]>::try_from(choices.keys().cloned().collect::<Vec<_>>()).unwrap();
        for (name, number, choice, text) in
            [("a", 12, &first, "x"), ("b", 5, &ground, "Y"), ("c", 100, &first, "z")]
        {
            element(
                &ada,
                list,
                name,
                json!({seats.as_str(): number, floor.as_str(): choice, note.as_str(): text}),
            );
        }
        element(&ada, list, "none", json!({}));
        let sorted = |order: Json| {
            let page = ada.page("lists.element.get", of(list, json!({"ELEMENT_ORDER": order}))).unwrap();
            let names =
                page.result.as_array().unwrap().iter().map(|one| one["CODE"].as_str().unwrap().to_owned());
            (names.collect::<Vec<_>>().join(" "), page.total)
        };
        assert_eq!(sorted(json!({seats.as_str(): "ASC"})), ("none b a c".to_owned(), Some(4)));
        assert_eq!(sorted(json!({seats.as_str(): "DESC"})).0, "c a b none");
        assert_eq!(sorted(json!({floor.as_str(): "ASC", seats.as_str(): "DESC"})).0, "none b c a");
        assert_eq!(sorted(json!({note.as_str(): "DESC"})).0, "c b a none");
    }
}

#[test]
fn too_many_values_are_refused_and_long_names_cut() {
    for ada in portals("lists") {
        let list = list(&ada, "many", json!({}));
        let tags = field(&ada, list, "S", json!({"CODE": "TAGS", "MULTIPLE": "Y"}));
        let of_values = |count: usize| {
            let fields = json!({"NAME": "x", tags.as_str(): vec!["a"; count]});
            of(list, json!({"ELEMENT_CODE": format!("e{count}"), "FIELDS": fields}))
        };
        let (status, code, text) = ada.refused("lists.element.add", of_values(501));
        assert_eq!((status, code.as_str()), (400, "ERROR_ADD_ELEMENT"));
        assert!(text.contains("more than 500 values"), "{text}");
        ada.get("lists.element.add", of_values(500));
        let long = json!({"ELEMENT_CODE": "long", "FIELDS": {"NAME": "x".repeat(300)}});
        let id = ada.get("lists.element.add", of(list, long));
        let shown = ada.get("lists.element.get", of(list, json!({"ELEMENT_ID": id})));
        assert_eq!(shown[0]["NAME"].as_str().unwrap().len(), 255);
    }
}
