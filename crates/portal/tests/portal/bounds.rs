//! Bounds: what one client sends, or asks for, stops no other one.

use serde_json::json;

use crate::common::portals;

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
