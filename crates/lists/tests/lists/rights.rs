//! Who may do what with lists.

use serde_json::json;
use testportal::portals;

use crate::{element, list, of};

#[test]
fn rights_of_a_list_hold_for_everything_in_it() {
    for ada in portals("lists") {
        let ines = ada.employee("ines@example.com", "lists");
        let other = ada.employee("other@example.com", "lists");
        let me = format!("U{}", ines.user);
        for (letter, reads, adds, writes, full) in [
            ("D", false, false, false, false),
            ("R", true, false, false, false),
            ("E", true, true, false, false),
            ("W", true, true, true, false),
            ("X", true, true, true, true),
        ] {
            let list = list(&ada, &format!("list-{letter}"), json!({me.as_str(): letter}));
            let theirs = element(&ada, list, "theirs", json!({}));
            let fields = json!({"FIELDS": {"NAME": "x"}});
            let calls = [
                ("lists.element.get", of(list, json!({})), reads),
                ("lists.field.get", of(list, json!({})), reads),
                ("lists.section.get", of(list, json!({})), reads),
                (
                    "lists.element.add",
                    of(list, json!({"ELEMENT_CODE": "mine", "FIELDS": {"NAME": "x"}})),
                    adds,
                ),
                (
                    "lists.element.update",
                    of(list, json!({"ELEMENT_CODE": "mine", "FIELDS": {"NAME": "y"}})),
                    adds,
                ),
                (
                    "lists.element.update",
                    of(list, json!({"ELEMENT_ID": theirs, "FIELDS": {"NAME": "y"}})),
                    writes,
                ),
                (
                    "lists.section.add",
                    of(list, json!({"SECTION_CODE": "s", "FIELDS": {"NAME": "s"}})),
                    writes,
                ),
                ("lists.element.delete", of(list, json!({"ELEMENT_ID": theirs})), writes),
                (
                    "lists.field.add",
                    of(list, json!({"FIELDS": {"NAME": "f", "TYPE": "S", "CODE": "F"}})),
                    full,
                ),
                ("lists.update", of(list, fields), full),
                ("lists.delete", of(list, json!({})), full),
            ];
            for (method, params, may) in calls {
                match ines.ask(method, params) {
                    Ok(_) => assert!(may, "{method} with {letter}"),
                    Err(fault) if letter == "E" && !may => {
                        assert_eq!(fault.code, "ACCESS_DENIED", "{method}");
                    }
                    Err(fault) => assert!(!may, "{method} with {letter}: {fault:?}"),
                }
            }
            if letter != "X" {
                assert_eq!(other.refused("lists.element.get", of(list, json!({}))).1, "ACCESS_DENIED");
            }
        }
        assert_eq!(other.get("lists.get", json!({"IBLOCK_TYPE_ID": "lists"})), json!([]));
        assert_eq!(ines.page("lists.get", json!({"IBLOCK_TYPE_ID": "lists"})).unwrap().total, Some(3));
        let given = json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_CODE": "own", "FIELDS": {"NAME": "own"}});
        assert_eq!(ines.refused("lists.add", given).1, "ACCESS_DENIED", "administrators add lists");
    }
}

#[test]
fn lists_go_by_type_and_code_and_take_everything_along() {
    for ada in portals("lists") {
        let loans = list(&ada, "loans", json!({}));
        let given = json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_CODE": "loans", "FIELDS": {"NAME": "Loans"}});
        assert_eq!(ada.refused("lists.add", given).1, "ERROR_IBLOCK_ALREADY_EXISTS");
        let missing = ada.refused("lists.add", json!({"IBLOCK_TYPE_ID": "lists"}));
        assert_eq!(missing.2, "Required parameter `IBLOCK_CODE` is missing");
        let by_code = json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_CODE": "loans"});
        let page = ada.page("lists.get", by_code.clone()).unwrap();
        assert_eq!(
            (page.total, &page.result[0]["ID"], &page.result[0]["SORT"]),
            (Some(1), &json!(loans.to_string()), &json!("500"))
        );
        assert_eq!(page.result[0]["TIMESTAMP_X"], "06/01/2026 12:00:00 pm");
        assert_eq!(ada.get("lists.get.iblock.type.id", json!({"IBLOCK_ID": loans})), json!("lists"));
        let elsewhere = json!({"IBLOCK_TYPE_ID": "bitrix_processes", "IBLOCK_ID": loans});
        assert_eq!(ada.refused("lists.element.get", elsewhere).1, "ERROR_IBLOCK_NOT_FOUND");
        let text = crate::field(&ada, loans, "S", json!({}));
        element(&ada, loans, "one", json!({text: "x"}));
        let mut changed = by_code.clone();
        changed["FIELDS"] = json!({"NAME": "Lent", "SORT": 10});
        changed["MESSAGES"] = json!({"ELEMENT_NAME": "Loan"});
        assert_eq!(ada.get("lists.update", changed), json!(true));
        let shown = ada.get("lists.get", by_code.clone())[0].clone();
        assert_eq!(
            (&shown["NAME"], &shown["ELEMENT_NAME"], &shown["SORT"]),
            (&json!("Lent"), &json!("Loan"), &json!("10"))
        );
        assert_eq!(ada.get("lists.delete", by_code), json!(true));
        for table in ["lists_list", "lists_field", "lists_element", "lists_value", "lists_right"] {
            let sql = format!("SELECT COUNT(*) FROM {table}");
            assert_eq!(ada.read(move |tx| Ok(tx.one(&sql, &[], |row| row.int(0))?)), Some(0), "{table}");
        }
    }
}
