//! Bounds: what one client sends, or asks for, stops no other one.

use serde_json::json;

use testportal::portals;

#[test]
fn long_texts_are_cut_where_the_real_systems_columns_end() {
    for bench in portals("crm") {
        let long = "я".repeat(5 << 20);
        let fields = json!({
            "TITLE": "A", "COMMENTS": long, "ORIGIN_ID": long,
            "PHONE": [{"VALUE": "1".repeat(100_000), "VALUE_TYPE": "WORK"}],
        });
        let id = bench.get("crm.lead.add", json!({"fields": fields}));
        let lead = bench.get("crm.lead.get", json!({"id": id}));
        let letters = |value: &serde_json::Value| value.as_str().unwrap().chars().count();
        assert_eq!(letters(&lead["COMMENTS"]), 65_535 / 2);
        assert_eq!(letters(&lead["ORIGIN_ID"]), 255);
        assert_eq!(letters(&lead["PHONE"][0]["VALUE"]), 255);

        let fields = json!({"comments": "a".repeat(100_000)});
        bench.get("crm.item.update", json!({"entityTypeId": 1, "id": id, "fields": fields}));
        assert_eq!(letters(&bench.get("crm.lead.get", json!({"id": id}))["COMMENTS"]), 65_535);
    }
}

#[test]
fn patterns_are_bounded_by_what_they_run_over() {
    for bench in portals("crm") {
        bench.get("crm.lead.add", json!({"fields": {"TITLE": "A", "COMMENTS": "a".repeat(100_000)}}));
        let list = |pattern: String| {
            let filter = json!({"%COMMENTS": pattern});
            bench.ask("crm.lead.list", json!({"filter": filter, "select": ["ID"]}))
        };
        assert_eq!(list(format!("{}b", "a".repeat(3_000))).unwrap(), json!([]));
        assert_eq!(list("A".repeat(3_000)).unwrap(), json!([{"ID": "1"}]));
        let fault = list("a".repeat(8_000)).unwrap_err();
        assert_eq!((fault.status, &*fault.code), (400, "ERROR_ARGUMENT"));
        let many: Vec<_> = (0..30).map(|_| json!({"%comments": "a".repeat(300)})).collect();
        let asked = json!({"entityTypeId": 1, "filter": {"logic": "OR", "0": many[0], "1": many}});
        let (status, ..) = bench.refused("crm.item.list", asked);
        assert_eq!(status, 400, "together they are as long");
    }
}

#[test]
fn a_backslash_at_the_end_of_a_pattern_is_one() {
    for bench in portals("crm") {
        for title in [r"C:\", r"C:\\", "C:"] {
            bench.get("crm.lead.add", json!({"fields": {"TITLE": title}}));
        }
        let found = |filter: serde_json::Value| {
            let rows = bench.get("crm.lead.list", json!({"filter": filter, "select": ["ID"]}));
            rows.as_array()
                .unwrap()
                .iter()
                .map(|row| row["ID"].as_str().unwrap().to_owned())
                .collect::<String>()
        };
        assert_eq!(found(json!({"=%TITLE": r"C:\"})), "1");
        assert_eq!(found(json!({"=%TITLE": r"C:\\"})), "1");
        assert_eq!(found(json!({"=%TITLE": r"C:\\\"})), "2");
        assert_eq!(found(json!({"=%TITLE": r"%\"})), "12");
        assert_eq!(found(json!({"%=TITLE": r"%\"})), "12");
        assert_eq!(found(json!({"!=%TITLE": r"C:\"})), "23");
        assert_eq!(found(json!({"%TITLE": r"\"})), "12");
        assert_eq!(found(json!({"!%TITLE": r"\"})), "3");
    }
}

#[test]
fn an_item_has_five_hundred_links_at_most() {
    for bench in portals("crm") {
        let contact = bench.get("crm.contact.add", json!({"fields": {"NAME": "Ada"}}));
        let many: Vec<i64> = (1..=501).collect();
        for (method, field) in [("crm.deal.add", "CONTACT_IDS"), ("crm.company.add", "CONTACT_ID")] {
            let refused = bench.refused(method, json!({"fields": {"TITLE": "A", field: many}}));
            assert_eq!(refused, (400, "ERROR_CORE".to_owned(), "Too many links.".to_owned()), "{method}");
        }
        // A list is as long as it has different members.
        let same = vec![contact.clone(); 200_000];
        let id = bench.get("crm.deal.add", json!({"fields": {"TITLE": "A", "CONTACT_IDS": same}}));
        let links = bench.get("crm.deal.contact.items.get", json!({"id": id}));
        assert_eq!(links.as_array().unwrap().len(), 1);
        let items: Vec<_> = (1..=100_000).map(|id| json!({"CONTACT_ID": id})).collect();
        let refused = bench.refused("crm.deal.contact.items.set", json!({"id": id, "items": items}));
        assert_eq!(refused.2, "Too many links.");
        let phones: Vec<_> = (0..501).map(|number| json!({"VALUE": number.to_string()})).collect();
        bench.refused("crm.contact.update", json!({"id": contact, "fields": {"PHONE": phones}}));
    }
}

/// A lead that takes some four megabytes.
fn heavy(bench: &testportal::Bench) -> serde_json::Value {
    let mut fields = serde_json::Map::new();
    for number in 0..64 {
        let field = json!({"FIELD_NAME": format!("T{number}"), "USER_TYPE_ID": "string"});
        bench.get("crm.lead.userfield.add", json!({"fields": field}));
        fields.insert(format!("UF_CRM_T{number}"), json!("a".repeat(65_000)));
    }
    bench.get("crm.lead.add", json!({"fields": fields}))
}

#[test]
fn answers_are_bounded_alone_and_in_a_batch() {
    for bench in portals("crm") {
        let id = heavy(&bench);
        let too_large = "The answer is too large. Select fewer fields or fewer items.";
        let commands = vec![format!("crm.lead.get?id={id}"); 50];
        let answer = bench.get("batch", json!({"cmd": commands}));
        let (done, failed) =
            (answer["result"].as_array().unwrap(), answer["result_error"].as_object().unwrap());
        assert_eq!((done.len(), failed.len()), (16, 34), "64 MiB of 4 MB each");
        assert_eq!(failed["49"]["error_description"], too_large);
        assert_eq!(failed["49"]["error"], "ERROR_UNEXPECTED_ANSWER");

        let copy = bench.get("crm.lead.get", json!({"id": id}));
        for _ in 0..16 {
            bench.get("crm.lead.add", json!({"fields": copy}));
        }
        let (status, _, text) = bench.refused("crm.lead.list", json!({"select": ["UF_*"]}));
        assert_eq!((status, text.as_str()), (400, too_large));
        assert_eq!(bench.get("crm.lead.list", json!({"select": ["ID"]})).as_array().unwrap().len(), 17);
    }
}

#[test]
fn errors_repeat_the_beginning_of_what_they_complain_about() {
    for bench in portals("crm") {
        let long = "A".repeat(100_000);
        let asked = [
            ("crm.duplicate.findbycomm", json!({"type": long, "values": ["1"]})),
            ("crm.item.list", json!({"entityTypeId": 1, "filter": {long.clone(): 1}})),
            ("crm.item.list", json!({"entityTypeId": 1, "order": {long.clone(): "ASC"}})),
            ("crm.item.list", json!({"entityTypeId": 1, "order": {"id": long}})),
            ("crm.item.productrow.list", json!({"order": {"id": long}})),
        ];
        for (method, params) in asked {
            let fault = bench.ask(method, params).unwrap_err();
            assert!(fault.message.chars().count() <= 401, "{method}: {}", fault.message.len());
            assert!(fault.extra.weight() <= 2_000, "{method}");
        }
    }
}

#[test]
fn a_batch_cannot_blow_itself_up_by_quoting_its_errors() {
    for bench in portals("crm") {
        let quote = |of: &str, times: usize| {
            let quoted = format!("$error[{of}][error_description] ").repeat(times);
            format!("crm.duplicate.findbycomm?values[]=a&type={quoted}")
        };
        let mut commands = serde_json::Map::new();
        commands.insert(
            "c0".into(),
            json!(format!("crm.duplicate.findbycomm?values[]=a&type={}", "A".repeat(500))),
        );
        for step in 1..=5 {
            commands.insert(format!("c{step}"), json!(quote(&format!("c{}", step - 1), 8)));
        }
        for step in 6..46 {
            commands.insert(format!("c{step}"), json!(quote("c5", 8)));
        }
        let answer = bench.get("batch", json!({"cmd": commands}));
        assert_eq!(answer["result_error"].as_object().unwrap().len(), 46);
        assert!(answer.to_string().len() < 64 * 1024, "{}", answer.to_string().len());
    }
}
