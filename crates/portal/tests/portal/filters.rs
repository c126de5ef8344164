//! Filters of lists through the front door: every prefix, and what lives beside the entity's table.

use serde_json::{Value as Json, json};
use testportal::Hook;

/// Four leads: ids 1 to 4.
fn leads(hook: &Hook) {
    for fields in [
        json!({"TITLE": "Alpha", "OPPORTUNITY": 100, "SOURCE_ID": "WEB", "PHONE": [{"VALUE": "+49 30 111"}]}),
        json!({"TITLE": "Beta 50%", "OPPORTUNITY": 200, "BIRTHDATE": "1990-05-01", "EMAIL": [{"VALUE": "Ines@Example.com"}]}),
        json!({"TITLE": "Привет", "OPPORTUNITY": 300, "SOURCE_ID": "CALL", "COMMENTS": "ALPHA again"}),
        json!({"TITLE": "Delta", "OPPORTUNITY": 400, "OPENED": "N"}),
    ] {
        hook.get("crm.lead.add", json!({"fields": fields}));
    }
}

fn ids(hook: &Hook, filter: &Json) -> Vec<i64> {
    let list = hook.get("crm.lead.list", json!({"filter": filter, "select": ["ID"]}));
    let id = |lead: &Json| lead["ID"].as_str().and_then(|id| id.parse().ok()).expect("a legacy id is digits");
    list.as_array().expect("a list").iter().map(id).collect()
}

#[test]
fn every_prefix_selects_what_it_says() {
    for bench in testportal::portals("crm") {
        leads(&bench);
        for (filter, expected) in [
            (json!({"TITLE": "Alpha"}), vec![1]),
            (json!({"=TITLE": ["Alpha", "Delta"]}), vec![1, 4]),
            (json!({"!TITLE": "Alpha"}), vec![2, 3, 4]),
            (json!({"!=OPPORTUNITY": 100}), vec![2, 3, 4]),
            (json!({">OPPORTUNITY": 200}), vec![3, 4]),
            (json!({">=OPPORTUNITY": "200", "<OPPORTUNITY": "400"}), vec![2, 3]),
            (json!({"<=ID": 2}), vec![1, 2]),
            (json!({"><OPPORTUNITY": [150, 350]}), vec![2, 3]),
            (json!({"@ID": [4, 1]}), vec![1, 4]),
            (json!({"!@ID": [4, 1]}), vec![2, 3]),
            (json!({"%TITLE": "пРИВ"}), vec![3]),
            (json!({"%TITLE": "50%"}), vec![2]),
            (json!({"!%TITLE": "a"}), vec![3]),
            (json!({"%=TITLE": "%ta%"}), vec![2, 4]),
            (json!({"!=%TITLE": "%ta%"}), vec![1, 3]),
            (json!({"SOURCE_ID": ""}), vec![2, 4]),
            (json!({"!SOURCE_ID": ""}), vec![1, 3]),
            (json!({"!SOURCE_ID": "WEB"}), vec![2, 3, 4]),
            (json!({"OPENED": "N"}), vec![4]),
            (json!({"OPENED": false}), vec![4]),
            (json!({"BIRTHDATE": "01.05.1990"}), vec![2]),
            (json!({">=DATE_CREATE": "2026-06-01T12:00:00+00:00"}), vec![1, 2, 3, 4]),
            (json!({">DATE_CREATE": "2026-06-01T14:00:00+02:00"}), vec![]),
        ] {
            assert_eq!(ids(&bench, &filter), expected, "{filter} on {}", bench.engine);
        }
    }
}

#[test]
fn a_value_that_a_field_cannot_hold_matches_nothing() {
    for bench in testportal::portals("crm") {
        leads(&bench);
        for filter in [
            json!({">ID": "abc"}),
            json!({"ID": "abc"}),
            json!({">=DATE_CREATE": "soon"}),
            json!({"@ID": ["x"]}),
        ] {
            assert_eq!(ids(&bench, &filter), [0; 0], "{filter} on {}", bench.engine);
        }
    }
}

#[test]
fn unknown_fields_are_ignored_or_refused_as_the_operator_wishes() {
    for bench in testportal::portals("crm") {
        leads(&bench);
        assert_eq!(ids(&bench, &json!({"NO_SUCH": 1, "<>TITLE": "x"})), [1, 2, 3, 4]);
        let item = bench.refused("crm.item.list", json!({"entityTypeId": 1, "filter": {"noSuch": 1}}));
        let text = "Invalid filter: field 'noSuch' is not allowed in filter".to_owned();
        assert_eq!(item, (400, "INVALID_ARG_VALUE".to_owned(), text));
    }
    let mut strict = portal::settings::Settings::new("https://portal.test");
    strict.strict_filters = true;
    for bench in testportal::portals_with("crm", strict) {
        let refusal = bench.refused("crm.lead.list", json!({"filter": {"NO_SUCH": 1}}));
        assert_eq!(
            refusal,
            (400, "ERROR_ARGUMENT".to_owned(), "Filter field not allowed: NO_SUCH".to_owned())
        );
    }
}

#[test]
fn links_are_found_from_either_end() {
    for bench in testportal::portals("crm") {
        let company = bench.get("crm.company.add", json!({"fields": {"TITLE": "Berg & Co"}}));
        let contact = bench.get("crm.contact.add", json!({"fields": {"NAME": "Ada", "COMPANY_ID": company}}));
        bench.get("crm.contact.add", json!({"fields": {"NAME": "Otto"}}));
        let of = |type_id: i64, filter: Json| {
            let params = json!({"entityTypeId": type_id, "filter": filter, "select": ["id"]});
            bench.get("crm.item.list", params)["items"].clone()
        };
        assert_eq!(of(3, json!({"companyIds": company})), json!([{"id": contact}]));
        assert_eq!(of(4, json!({"contactIds": contact})), json!([{"id": company}]));
        assert_eq!(of(4, json!({"contactIds": 999})), json!([]));
    }
}

#[test]
fn groups_join_by_their_logic() {
    for bench in testportal::portals("crm") {
        leads(&bench);
        let filter = json!({"<opportunity": 400, "0": {"logic": "OR", "0": {"title": "Alpha"}, "1": {">=opportunity": 300}}});
        let list = bench.get("crm.item.list", json!({"entityTypeId": 1, "filter": filter, "select": ["id"]}));
        assert_eq!(list["items"], json!([{"id": 1}, {"id": 3}]), "on {}", bench.engine);
    }
}

#[test]
fn pages_count_and_end() {
    for bench in testportal::portals("crm") {
        for number in 0..120 {
            bench.get("crm.lead.add", json!({"fields": {"TITLE": format!("{number}")}}));
        }
        let page =
            |start: Json| bench.page("crm.lead.list", json!({"select": ["ID"], "start": start})).unwrap();
        let rows = |start: Json| page(start).result.as_array().unwrap().len();
        let first = page(json!(0));
        assert_eq!((first.total, first.next), (Some(120), Some(50)));
        assert_eq!((page(json!(50)).next, rows(json!(50))), (Some(100), 50));
        assert_eq!((page(json!(100)).next, rows(json!(100))), (None, 20));
        // Legacy lists show whole pages, whatever row is asked for.
        assert_eq!(page(json!(75)).result[0]["ID"], "51");
        assert_eq!((page(json!(500)).total, rows(json!(500))), (Some(120), 0));
        let uncounted = page(json!(-1));
        assert_eq!((uncounted.total, uncounted.next), (Some(0), None));
        let items = bench.page("crm.item.list", json!({"entityTypeId": 1, "start": -1})).unwrap();
        assert_eq!((items.total, items.next), (None, None));
        let exact =
            bench.page("crm.item.list", json!({"entityTypeId": 1, "start": 75, "select": ["id"]})).unwrap();
        assert_eq!((exact.result["items"][0]["id"].clone(), exact.next), (json!(76), None));
    }
}
