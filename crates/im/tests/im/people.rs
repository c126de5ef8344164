//! People, departments and searches as chats show them.

use serde_json::json;

use crate::chats::make;

#[test]
fn users_come_alone_as_a_map_or_as_a_list() {
    for ada in testportal::portals("im") {
        let ines = ada.employee("ines@example.com", "im");
        let me = ada.get("im.user.get", json!({}));
        assert_eq!(
            (&me["id"], &me["name"], &me["first_name"]),
            (&json!(1), &json!("Ada Berg"), &json!("Ada"))
        );
        assert_eq!(
            (&me["departments"], &me["type"], &me["status"]),
            (&json!([1]), &json!("user"), &json!("online"))
        );
        assert_eq!(ada.get("im.user.get", json!({"ID": ines.user}))["name"], "ines@example.com");
        assert_eq!(ada.refused("im.user.get", json!({"ID": 999})).1, "USER_NOT_EXISTS");
        assert_eq!(ada.refused("im.user.get", json!({"ID": "x"})).1, "ID_EMPTY");
        let all = ada.get("im.user.list.get", json!({"ID": [ines.user, 1, 999]}));
        assert_eq!((&all["1"]["id"], &all["999"]), (&json!(1), &json!(null)));
        let all = ada.get("im.user.list.get", json!({"ID": "[2, 1, 999]", "RESULT_TYPE": "array"}));
        let ids: Vec<_> = all.as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
        assert_eq!(ids, [json!(2), json!(1)]);
        assert_eq!(ada.refused("im.user.list.get", json!({"ID": "x"})).1, "INVALID_FORMAT");

        ines.get("im.user.status.set", json!({"STATUS": "dnd"}));
        ines.get("im.user.status.idle.start", json!({"AGO": 10}));
        assert_eq!(
            (ines.get("im.user.status.get", json!({})), ada.get("im.user.status.get", json!({}))),
            (json!("dnd"), json!("online"))
        );
        let shown = ada.get("im.user.get", json!({"ID": ines.user}));
        assert_eq!((&shown["status"], &shown["idle"]), (&json!("dnd"), &json!("2026-06-01T11:50:00+00:00")));
        ines.get("im.user.status.idle.end", json!({}));
        let shown = ada.get("im.user.get", json!({"ID": ines.user}));
        assert_eq!((&shown["status"], &shown["idle"]), (&json!("dnd"), &json!(false)));
        assert_eq!(ada.refused("im.user.status.set", json!({"STATUS": "DND"})).1, "STATUS_ERROR");
    }
}

#[test]
fn departments_have_heads_and_employees() {
    for ada in testportal::portals("im,department,user") {
        let (ines, otto) = (ada.employee("ines@example.com", "im"), ada.employee("otto@example.com", "im"));
        let sales = ada.get("department.add", json!({"NAME": "Sales", "PARENT": 1, "UF_HEAD": ines.user}));
        ada.get("user.update", json!({"ID": otto.user, "UF_DEPARTMENT": [sales]}));
        let answer = ada.get("im.department.get", json!({"ID": [sales]}));
        assert_eq!(answer[0]["manager_user_id"], json!(ines.user));
        assert!(answer[0]["full_name"].as_str().unwrap().starts_with("Sales / "), "{answer}");
        let key = sales.to_string();
        assert_eq!(
            ada.get("im.department.employees.get", json!({"ID": [sales, 999]})),
            json!({key.clone(): [otto.user]})
        );
        let managers = ada.get("im.department.managers.get", json!({"ID": sales, "USER_DATA": "Y"}));
        assert_eq!(managers[&key][0]["id"], json!(ines.user));
        assert_eq!(ada.refused("im.department.managers.get", json!({})).1, "ID_EMPTY");
        let page = otto.page("im.department.colleagues.list", json!({})).unwrap();
        assert_eq!((page.result, page.total), (json!([ines.user]), Some(1)), "his head");
        let page = ada.page("im.department.colleagues.list", json!({"LIMIT": 1})).unwrap();
        assert_eq!((page.result, page.total, page.next), (json!([ines.user]), Some(2), Some(1)));
        let found = ada.page("im.search.department.list", json!({"FIND": "sal"})).unwrap();
        assert_eq!((&found.result[0]["id"], found.total), (&sales, Some(1)));
        assert_eq!(ada.refused("im.search.department.list", json!({"FIND": "s"})).1, "FIND_SHORT");
    }
}

#[test]
fn searches_find_beginnings_of_words() {
    for ada in testportal::portals("im,user") {
        let (ines, otto) = (ada.employee("ines@example.com", "im"), ada.employee("otto@example.com", "im"));
        ada.get(
            "user.update",
            json!({"ID": ines.user, "NAME": "Ines", "LAST_NAME": "Vogel", "WORK_POSITION": "Head of sales"}),
        );
        for find in ["ine", "vog in", "sales", "VOGEL"] {
            let found = otto.page("im.search.user.list", json!({"FIND": find})).unwrap();
            assert_eq!(found.result[ines.user.to_string()]["name"], "Ines Vogel", "{find}");
            assert_eq!(found.total, Some(1));
        }
        assert_eq!(otto.get("im.search.user.list", json!({"FIND": "gel"})), json!([]));
        let chat = make(&ada, &[ines.user], "North showroom");
        let open = ada.get("im.chat.add", json!({"TYPE": "OPEN", "TITLE": "Shows"})).as_i64().unwrap();
        let find = |who: &testportal::Hook| {
            let found = who.get("im.search.chat.list", json!({"FIND": "show"}));
            found.as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!((find(&ines), find(&otto)), (vec![open, chat], vec![open]));
        // The chat where something was said last comes first, and pages say how many there are.
        ines.get("im.message.add", json!({"DIALOG_ID": format!("chat{chat}"), "MESSAGE": "Chairs"}));
        assert_eq!(find(&ines), [chat, open]);
        let page = |who: &testportal::Hook, offset: i64| {
            let page = who.page("im.search.chat.list", json!({"FIND": "show", "LIMIT": 1, "OFFSET": offset}));
            let page = page.unwrap();
            (page.result[0]["id"].as_i64(), page.total, page.next)
        };
        assert_eq!(page(&ines, 0), (Some(chat), Some(2), Some(1)));
        assert_eq!(page(&ines, 1), (Some(open), Some(2), None));
        assert_eq!(page(&otto, 0), (Some(open), Some(1), None));
        assert_eq!(page(&otto, 1), (None, Some(1), None));

        for dialog in [json!(ines.user), json!(format!("chat{chat}")), json!(ines.user)] {
            ada.get("im.search.last.add", json!({"DIALOG_ID": dialog}));
        }
        let last = |params| {
            let answer = ada.get("im.search.last.get", params);
            answer.as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(last(json!({})), [json!(ines.user), json!(format!("chat{chat}"))]);
        assert_eq!(last(json!({"SKIP_DIALOG": "Y"})), [json!(format!("chat{chat}"))]);
        assert_eq!(ada.get("im.search.last.delete", json!({"DIALOG_ID": ines.user})), true);
        assert_eq!(last(json!({})), [json!(format!("chat{chat}"))]);
        assert_eq!(
            otto.refused("im.search.last.add", json!({"DIALOG_ID": format!("chat{chat}")})).1,
            "ACCESS_ERROR"
        );
    }
}
