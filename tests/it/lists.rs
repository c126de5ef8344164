//! Lists through paging (protocol 5): classic and newer ones, on both engines.

use it::{Hook, Portal};
use serde_json::{Value, json};

const LEADS: i64 = 134;

/// A hook on each engine, with the leads `Berth 0`, `Berth 1`, ... in it.
fn on_each_engine(check: impl Fn(&Hook, &[String])) {
    for (engine, portal) in Portal::on_each_engine() {
        println!("on {engine}");
        let server = portal.start();
        let hook = server.hook("crm");
        let commands: Vec<String> = (0..LEADS)
            .map(|number| {
                format!("crm.lead.add?fields[TITLE]=Berth+{number}&fields[OPPORTUNITY]={}", number % 10)
            })
            .collect();
        let answers = commands.chunks(50).map(|chunk| hook.result("batch", json!({"cmd": chunk, "halt": 1})));
        let ids: Vec<String> = answers.flat_map(|sections| texts(&sections["result"], None)).collect();
        assert_eq!(ids.len() as i64, LEADS);
        check(&hook, &ids);
    }
}

/// The texts (or numbers as texts) of a list, of one field of its rows if named.
fn texts(list: &Value, field: Option<&str>) -> Vec<String> {
    let cells = list.as_array().unwrap().iter().map(|row| field.map_or(row, |name| &row[name]));
    cells.map(|cell| cell.as_str().map_or_else(|| cell.to_string(), str::to_owned)).collect()
}

#[test]
fn classic_lists_page_by_fifty() {
    on_each_engine(|hook, ids| {
        let page = |start: Value| {
            hook.call("crm.lead.list", json!({"order": {"ID": "ASC"}, "select": ["ID"], "start": start}))
                .success()
        };
        let rows = |answer: &Value| texts(&answer["result"], Some("ID"));
        let first = page(json!(0));
        assert_eq!(
            (rows(&first).as_slice(), &first["next"], &first["total"]),
            (&ids[..50], &json!(50), &json!(LEADS))
        );
        let second = page(json!("50"));
        assert_eq!((rows(&second).as_slice(), &second["next"]), (&ids[50..100], &json!(100)));
        assert_eq!(rows(&page(json!(75))), &ids[50..100], "a page has a fixed beginning");
        assert_eq!(rows(&page(json!("garbage"))), &ids[..50]);
        let last = page(json!(100));
        assert_eq!(
            (rows(&last).as_slice(), last.get("next"), &last["total"]),
            (&ids[100..], None, &json!(LEADS))
        );
        let beyond = page(json!(500));
        assert_eq!(
            (&beyond["result"], &beyond["total"], beyond.get("next")),
            (&json!([]), &json!(LEADS), None)
        );
        let uncounted = page(json!(-1));
        assert_eq!(
            (rows(&uncounted).as_slice(), &uncounted["total"], uncounted.get("next")),
            (&ids[..50], &json!(0), None)
        );
    });
}

#[test]
fn items_page_from_any_row() {
    on_each_engine(|hook, ids| {
        let page = |start: i64| {
            let question =
                json!({"entityTypeId": 1, "order": {"id": "ASC"}, "select": ["id"], "start": start});
            hook.call("crm.item.list", question).success()
        };
        let rows = |answer: &Value| texts(&answer["result"]["items"], Some("id"));
        let middle = page(75);
        assert_eq!(
            (rows(&middle).as_slice(), &middle["next"], &middle["total"]),
            (&ids[75..125], &json!(125), &json!(LEADS))
        );
        let uncounted = page(-1);
        assert_eq!(
            (rows(&uncounted).as_slice(), uncounted.get("total"), uncounted.get("next")),
            (&ids[..50], None, None)
        );
    });
}

/// Every documented prefix, each against the rows that it must find.
#[test]
fn every_prefix_filters() {
    on_each_engine(|hook, ids| {
        let count = |filter: Value| {
            hook.call("crm.lead.list", json!({"filter": filter, "select": ["ID"]})).success()["total"]
                .as_i64()
                .unwrap()
        };
        let (third, tenth) = (&ids[2], &ids[9]);
        for (filter, expected) in [
            (json!({}), LEADS),
            (json!({"ID": third}), 1),
            (json!({"=ID": third}), 1),
            (json!({"ID": [third, tenth]}), 2),
            (json!({"@ID": [third, tenth]}), 2),
            (json!({"!ID": third}), LEADS - 1),
            (json!({"!=ID": third}), LEADS - 1),
            (json!({"!@ID": [third, tenth]}), LEADS - 2),
            (json!({">ID": third}), LEADS - 3),
            (json!({">=ID": third}), LEADS - 2),
            (json!({"<ID": third}), 2),
            (json!({"<=ID": third}), 3),
            (json!({">ID": third, "<ID": tenth}), 6),
            (json!({"%TITLE": "erth 13"}), 5),
            (json!({"%TITLE": "ERTH 13"}), 5),
            (json!({"!%TITLE": "erth 13"}), LEADS - 5),
            (json!({"=%TITLE": "Berth 13%"}), 5),
            (json!({"%=TITLE": "%13"}), 2),
            (json!({"!=%TITLE": "Berth 13%"}), LEADS - 5),
            (json!({"!%=TITLE": "Berth 13%"}), LEADS - 5),
            (json!({"TITLE": "Berth 13"}), 1),
            (json!({"OPPORTUNITY": 3}), 14),
            (json!({">OPPORTUNITY": 8}), 13),
            (json!({"STATUS_ID": "NEW"}), LEADS),
            (json!({"STATUS_ID": ["JUNK", "CONVERTED"]}), 0),
        ] {
            assert_eq!(count(filter.clone()), expected, "{filter}");
        }
        let titles = hook.result(
            "crm.lead.list",
            json!({"order": {"OPPORTUNITY": "DESC", "ID": "desc"}, "select": ["TITLE"]}),
        );
        let last = json!({"ID": ids[129], "TITLE": "Berth 129"});
        assert_eq!(titles[0], last, "only what was selected, and the id");
    });
}

#[test]
fn groups_of_items() {
    on_each_engine(|hook, ids| {
        let found = |filter: Value| {
            let question =
                json!({"entityTypeId": 1, "filter": filter, "select": ["id"], "order": {"id": "ASC"}});
            texts(&hook.result("crm.item.list", question)["items"], Some("id"))
        };
        let either = json!({"0": {"logic": "OR", "0": {"title": "Berth 3"}, "1": {"title": "Berth 5"}}});
        assert_eq!(found(either), [ids[3].clone(), ids[5].clone()]);
        let both = json!({"logic": "AND", ">id": ids[3], "0": {"logic": "OR", "0": {"title": "Berth 3"}, "1": {"title": "Berth 5"}}});
        assert_eq!(found(both), [ids[5].clone()]);
    });
}

/// Without a selection: every own field, user fields, and no multi-fields (5.2).
#[test]
fn what_is_selected() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let fields = json!({"TITLE": "Pier", "PHONE": [{"VALUE": "+49 1", "VALUE_TYPE": "WORK"}]});
    let id = hook.result("crm.lead.add", json!({"fields": fields}));
    let row = |select: Value| {
        hook.result("crm.lead.list", json!({"filter": {"ID": id}, "select": select}))[0].clone()
    };
    for select in [json!([]), json!(["*"]), json!(["*", "UF_*"])] {
        let row = row(select.clone());
        assert!(
            row.get("PHONE").is_none() && row["TITLE"] == "Pier" && row["STATUS_ID"] == "NEW",
            "{select}: {row}"
        );
        assert_eq!(row["ID"], id.to_string(), "ids are texts here");
    }
    let row = row(json!(["ID", "PHONE"]));
    assert_eq!(row.as_object().unwrap().len(), 2, "{row}");
    assert_eq!((&row["PHONE"][0]["VALUE"], &row["PHONE"][0]["TYPE_ID"]), (&json!("+49 1"), &json!("PHONE")));
    let item = hook.result("crm.item.get", json!({"entityTypeId": 1, "id": id}));
    assert_eq!(item["item"]["id"], id, "ids are numbers there");
}

#[test]
fn users_and_departments_page_too() {
    let server = Portal::new().start();
    let hook = server.hook("user,department");
    let users = hook.call("user.get", json!({})).success();
    assert_eq!(
        (&users["total"], &users["result"][0]["ID"], &users["result"][0]["ACTIVE"]),
        (&json!(1), &json!("1"), &json!(true))
    );
    let departments = hook.call("department.get", json!({})).success();
    assert!(departments["result"].is_array() && departments["total"].is_number(), "{departments}");
}
