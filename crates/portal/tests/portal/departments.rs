//! The methods of the scope `department`.

#![allow(clippy::unwrap_used, reason = "everything here is a test")]

use serde_json::{Value as Json, json};

use testportal::{Hook, portals};

fn core(text: &str) -> (u16, String, String) {
    (400, "ERROR_CORE".into(), text.into())
}

/// Departments 2 "Sales" and 3 "Support" under the root, 4 "Key accounts" under Sales.
fn grow(portal: &Hook) {
    for (name, parent) in [("Sales", 1), ("Support", 1), ("Key accounts", 2)] {
        portal.get("department.add", json!({"NAME": name, "PARENT": parent}));
    }
}

fn ids(portal: &Hook, params: Json) -> Vec<String> {
    let found = portal.get("department.get", params);
    found.as_array().unwrap().iter().map(|row| row["ID"].as_str().unwrap().to_owned()).collect()
}

fn departments_of(portal: &Hook, user: i64) -> Json {
    portal.get("user.get", json!({"ID": user}))[0]["UF_DEPARTMENT"].clone()
}

#[test]
fn a_new_portal_has_one_department() {
    for portal in portals("department") {
        let page = portal.page("department.get", json!({})).unwrap();
        assert_eq!(page.result, json!([{"ID": "1", "NAME": "Company", "SORT": 500}]));
        assert_eq!((page.total, page.next), (Some(1), None));
    }
}

#[test]
fn departments_are_added_with_their_defaults() {
    for portal in portals("department") {
        assert_eq!(portal.get("department.add", json!({"name": "Sales", "parent": "1"})), json!(2));
        let full = json!({"NAME": "R&D", "PARENT": 2, "SORT": "450", "UF_HEAD": 1});
        assert_eq!(portal.get("department.add", full), json!(3));
        let expected = json!([
            {"ID": "2", "NAME": "Sales", "SORT": 500, "PARENT": "1"},
            {"ID": "3", "NAME": "R&D", "SORT": 450, "PARENT": "2", "UF_HEAD": "1"},
        ]);
        assert_eq!(portal.get("department.get", json!({"ID": [2, 3]})), expected);
    }
}

#[test]
fn adding_complains_as_documented() {
    let one_root = "There can only be one top-level department in the company structure";
    for portal in portals("department") {
        let refused = |params: Json| portal.refused("department.add", params);
        assert_eq!(refused(json!({"PARENT": 1})), core("Department name not provided.<br>"));
        assert_eq!(refused(json!({"NAME": "", "PARENT": 1})), core("Department name not provided.<br>"));
        assert_eq!(refused(json!({"NAME": "Second"})), core(one_root));
        assert_eq!(refused(json!({"NAME": "Second", "PARENT": 0})), core(one_root));
        assert_eq!(refused(json!({"NAME": "Lost", "PARENT": 9})), core("Department not found"));
    }
}

#[test]
fn filters_find_by_every_field() {
    for portal in portals("department") {
        grow(&portal);
        portal.get("department.update", json!({"ID": 3, "SORT": 100, "UF_HEAD": 1}));
        for (params, found) in [
            (json!({"ID": 2}), vec!["2"]),
            (json!({"id": ["4", 2]}), vec!["2", "4"]),
            (json!({"NAME": "sales"}), vec!["2"]),
            (json!({"NAME": "Sale"}), vec![]),
            (json!({"PARENT": 1}), vec!["2", "3"]),
            (json!({"PARENT": 0}), vec!["1"]),
            (json!({"UF_HEAD": "1"}), vec!["3"]),
            (json!({"SORT": 100}), vec!["3"]),
            (json!({"FILTER": {">ID": 2, "PARENT": [1, 2]}}), vec!["3", "4"]),
            (json!({"PARENT": 1, "bx24_request_id": "x", "FILTER": {"SHOE_SIZE": 44}}), vec!["2", "3"]),
            (json!({"ID": "2; DROP TABLE department"}), vec![]),
        ] {
            assert_eq!(ids(&portal, params.clone()), found, "{params}");
        }
    }
}

#[test]
fn lists_are_sorted() {
    for portal in portals("department") {
        grow(&portal);
        assert_eq!(ids(&portal, json!({"sort": "NAME", "order": "ASC"})), ["1", "4", "2", "3"]);
        assert_eq!(ids(&portal, json!({"SORT": "ID", "ORDER": "desc"})), ["4", "3", "2", "1"]);
        assert_eq!(
            ids(&portal, json!({"sort": "PARENT", "order": "DESC", "SORT": 500})),
            ["4", "3", "2", "1"]
        );
        assert_eq!(ids(&portal, json!({"sort": "no such"})), ["1", "2", "3", "4"]);
    }
}

#[test]
fn lists_come_in_pages() {
    for portal in portals("department") {
        for number in 2..=60 {
            portal.get("department.add", json!({"NAME": format!("Team {number}"), "PARENT": 1}));
        }
        let page = |params: Json| {
            let page = portal.page("department.get", params).unwrap();
            let first = page.result[0]["ID"].as_str().map(str::to_owned);
            (page.result.as_array().unwrap().len(), first, page.total, page.next)
        };
        assert_eq!(page(json!({})), (50, Some("1".into()), Some(60), Some(50)));
        assert_eq!(page(json!({"start": 50})), (10, Some("51".into()), Some(60), None));
        assert_eq!(page(json!({"start": 75})), (10, Some("51".into()), Some(60), None));
        assert_eq!(page(json!({"start": 100})), (0, None, Some(60), None));
        assert_eq!(page(json!({"start": -1})), (50, Some("1".into()), Some(0), None));
    }
}

#[test]
fn updating_changes_what_is_given() {
    for portal in portals("department") {
        grow(&portal);
        assert_eq!(portal.get("department.update", json!({"ID": "4", "NAME": "Big deals"})), json!(true));
        portal.get("department.update", json!({"ID": 4, "PARENT": 3, "SORT": 7, "UF_HEAD": 1}));
        let expected = json!([{"ID": "4", "NAME": "Big deals", "SORT": 7, "PARENT": "3", "UF_HEAD": "1"}]);
        assert_eq!(portal.get("department.get", json!({"ID": 4})), expected);
        portal.get("department.update", json!({"ID": 4, "UF_HEAD": ""}));
        assert_eq!(portal.get("department.get", json!({"ID": 4}))[0].get("UF_HEAD"), None);
        // The root may be told that nothing is above it.
        assert_eq!(
            portal.get("department.update", json!({"ID": 1, "NAME": "Acme", "PARENT": 0})),
            json!(true)
        );
    }
}

#[test]
fn the_tree_stays_a_tree() {
    for portal in portals("department") {
        grow(&portal);
        let moved =
            |id: i64, parent: i64| portal.refused("department.update", json!({"ID": id, "PARENT": parent}));
        let below_itself = core("A department cannot be moved below itself");
        assert_eq!(moved(2, 4), below_itself);
        assert_eq!(moved(2, 2), below_itself);
        assert_eq!(moved(1, 3), below_itself);
        assert_eq!(moved(2, 9), core("Department not found"));
        assert_eq!(moved(2, 0), core("There can only be one top-level department in the company structure"));
        assert_eq!(ids(&portal, json!({"PARENT": 1})), ["2", "3"]);
        let nameless = portal.refused("department.update", json!({"ID": 2, "NAME": ""}));
        assert_eq!(nameless, core("Department name not provided.<br>"));
    }
}

#[test]
fn deleting_moves_everything_up() {
    for portal in portals("department,user") {
        grow(&portal);
        let add = |email: &str, departments: Json| {
            portal.get("user.add", json!({"EMAIL": email, "UF_DEPARTMENT": departments})).as_i64().unwrap()
        };
        let (seller, both) = (add("a@example.com", json!([2])), add("b@example.com", json!([1, 2])));
        assert_eq!(portal.get("department.delete", json!({"ID": 2})), json!(true));
        assert_eq!(ids(&portal, json!({"PARENT": 1})), ["3", "4"]);
        assert_eq!(departments_of(&portal, seller), json!([1]));
        assert_eq!(departments_of(&portal, both), json!([1]));
        let has = |code: &str| portal.hook_of(seller, "").get("user.access", json!({"ACCESS": code}));
        assert_eq!((has("D1"), has("D2")), (json!(true), json!(false)));

        let missing = core("Department not found");
        assert_eq!(portal.refused("department.delete", json!({"ID": 2})), missing);
        assert_eq!(portal.refused("department.delete", json!({})), missing);
        assert_eq!(portal.refused("department.update", json!({"ID": "x", "NAME": "y"})), missing);
        let root = core("The topmost department cannot be deleted");
        assert_eq!(portal.refused("department.delete", json!({"ID": 1})), root);
    }
}

#[test]
fn only_administrators_build_the_tree() {
    for portal in portals("department") {
        grow(&portal);
        let otto = portal.employee("otto@example.com", "department");
        for (method, params) in [
            ("department.add", json!({"NAME": "Mine", "PARENT": 1})),
            ("department.update", json!({"ID": 2, "NAME": "Mine"})),
            ("department.delete", json!({"ID": 2})),
        ] {
            assert_eq!(otto.refused(method, params), core("Access denied"), "{method}");
        }
        assert_eq!(ids(&otto, json!({})), ["1", "2", "3", "4"]);
    }
}

#[test]
fn a_change_is_seen_by_what_goes_by_departments() {
    for portal in portals("department") {
        grow(&portal);
        let otto = portal.employee("otto@example.com", "");
        portal.write(move |tx| {
            portal::department::assign(tx, 2, &[4])?;
            portal::meta::Meta::outdate(tx)
        });
        let has = |code: &str| otto.get("user.access", json!({"ACCESS": code})) == json!(true);
        assert!(has("D4") && has("DR4") && has("DR2") && has("DR1") && !has("D2") && !has("DR3"));
        portal.get("department.update", json!({"ID": 4, "PARENT": 3}));
        assert!(has("DR3") && !has("DR2"));
    }
}

#[test]
fn fields_have_titles() {
    for portal in portals("department") {
        let fields = portal.get("department.fields", json!({}));
        let codes: Vec<&str> = fields.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(codes, ["ID", "NAME", "SORT", "PARENT", "UF_HEAD"]);
        assert!(fields.as_object().unwrap().values().all(Json::is_string));
    }
}

const CHATS: &str = "department,user,im,humanresources";

fn communications(hook: &Hook, id: i64) -> Json {
    hook.v3().get("humanresources.node.communication.list", json!({"id": id}))
}

fn members(hook: &Hook, chat: &Json) -> Json {
    hook.get("im.chat.user.list", json!({"CHAT_ID": chat}))
}

#[test]
fn whoever_works_in_a_department_is_in_its_chats() {
    for portal in portals(CHATS) {
        grow(&portal);
        let ines = portal.employee("ines@example.com", CHATS);
        let otto = portal.employee("otto@example.com", CHATS);
        let places =
            |user: i64, at: Json| portal.get("user.update", json!({"ID": user, "UF_DEPARTMENT": at}));
        places(ines.user, json!([2]));
        places(otto.user, json!([4]));
        let chat = portal.get("im.chat.add", json!({"TITLE": "Sales talk"}));
        let edit = |more: Json| {
            let mut params = json!({"nodeId": 2, "communicationType": "CHAT"});
            more.as_object().unwrap().iter().for_each(|(name, value)| params[name] = value.clone());
            portal.v3().get("humanresources.node.communication.edit", params)["success"].clone()
        };
        assert_eq!(edit(json!({"ids": [chat]})), true);
        assert_eq!(edit(json!({"ids": [chat]})), false, "it is there already");
        assert_eq!(members(&portal, &chat), json!([1, ines.user]));
        let listed = communications(&ines, 2);
        let dialog = format!("chat{chat}");
        assert_eq!(
            listed["chats"][0],
            json!({
                "avatar": "", "color": listed["chats"][0]["color"], "dialogId": dialog, "hasAccess": true, "id": chat,
                "isExtranet": false, "originalNodeId": null, "subtitle": "Private chat", "title": "Sales talk",
                "type": "CHAT",
            })
        );
        // Who is not in the chat is told that there is one.
        let hidden = communications(&otto, 2);
        assert_eq!((&hidden["chats"], &hidden["chatsNoAccess"]), (&json!([]), &json!(1)));
        assert_eq!(communications(&otto, 4)["chatsNoAccess"], 0);
        // With the departments below, and those who come to work there later.
        assert_eq!(edit(json!({"ids": [chat], "withChildren": true})), true);
        assert_eq!(members(&portal, &chat), json!([1, ines.user, otto.user]));
        assert_eq!(communications(&otto, 4)["chats"][0]["originalNodeId"], 2);
        let mira = portal.employee("mira@example.com", CHATS);
        places(mira.user, json!([4]));
        places(ines.user, json!([3]));
        portal.work("department.chats", 0);
        assert_eq!(members(&portal, &chat), json!([1, otto.user, mira.user]));
        // Who was in the chat before stays when the department leaves it.
        portal.get("im.chat.user.delete", json!({"CHAT_ID": chat, "USER_ID": otto.user}));
        portal.get("im.chat.user.add", json!({"CHAT_ID": chat, "USERS": [otto.user]}));
        assert_eq!(edit(json!({"removeIds": [chat], "withChildren": true})), true);
        assert_eq!(members(&portal, &chat), json!([1, otto.user]));
        assert_eq!(edit(json!({"createDefault": true})), true);
        let made = communications(&portal, 2)["chats"][0].clone();
        assert_eq!(made["title"], "Sales");
        // A department that is deleted leaves its chats.
        portal.get("department.update", json!({"ID": 4, "PARENT": 1}));
        let of = json!({"nodeId": 4, "communicationType": "CHAT", "ids": [made["id"]]});
        portal.v3().get("humanresources.node.communication.edit", of);
        assert_eq!(members(&portal, &made["id"]), json!([1, otto.user, mira.user]));
        portal.get("department.delete", json!({"ID": 4}));
        portal.work("department.chats", 0);
        assert_eq!(members(&portal, &made["id"]), json!([1]));
        let node = json!({"type": "DEPARTMENT", "name": "Fairs", "parentId": 1, "createChat": true, "bindingChatIds": [chat]});
        let node = portal.v3().get("humanresources.node.add", node)["id"].as_i64().unwrap();
        assert_eq!(communications(&portal, node)["chats"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn only_administrators_bind_chats_and_only_those_that_they_see() {
    for portal in portals(CHATS) {
        grow(&portal);
        let ines = portal.employee("ines@example.com", CHATS);
        let own = portal.get("im.chat.add", json!({"TITLE": "Talk"}));
        let foreign = ines.get("im.chat.add", json!({"TITLE": "Secret"}));
        let about =
            portal.get("im.chat.add", json!({"TITLE": "Deal", "ENTITY_TYPE": "CRM", "ENTITY_ID": "DEAL|1"}));
        let refused = |hook: &Hook, more: Json| {
            let mut params = json!({"nodeId": 2, "communicationType": "CHAT"});
            more.as_object().unwrap().iter().for_each(|(name, value)| params[name] = value.clone());
            let (_, code, _) = hook.v3().refused("humanresources.node.communication.edit", params);
            code.rsplit('_').next().unwrap().to_owned()
        };
        assert_eq!(refused(&ines, json!({"ids": [foreign]})), "ACCESSDENIEDEXCEPTION");
        assert_eq!(refused(&portal, json!({"ids": [foreign]})), "ENTITYNOTFOUNDEXCEPTION");
        assert_eq!(refused(&portal, json!({"nodeId": 99, "ids": [own]})), "ENTITYNOTFOUNDEXCEPTION");
        for wrong in [
            json!({"ids": [about]}),
            json!({"ids": "x"}),
            json!({"ids": ["1"]}),
            json!({"communicationType": "CHANNEL"}),
            json!({"communicationType": "TALK"}),
            json!({"communicationType": null}),
        ] {
            assert_eq!(refused(&portal, wrong.clone()), "REQUESTVALIDATIONEXCEPTION", "{wrong}");
        }
        let missing = portal.v3().refused("humanresources.node.communication.list", json!({"id": 99}));
        assert!(missing.1.ends_with("ENTITYNOTFOUNDEXCEPTION"), "{missing:?}");
    }
}
