//! The methods of the scope `user` (protocol 5.5, 6.1, A).

#![allow(clippy::unwrap_used, reason = "everything here is a test")]

use portal::user;
use portal::user::session::NewSession;
use serde_json::{Value as Json, json};

use testportal::{Hook, NOW, portals, portals_with};

fn core(text: &str) -> (u16, String, String) {
    (400, "ERROR_CORE".into(), text.into())
}

fn argument(text: &str) -> (u16, String, String) {
    (400, "ERROR_ARGUMENT".into(), text.into())
}

/// Sales 2 and Support 3; Ines 2 and Otto 3 in Sales, Mira 4, dismissed, in Support.
fn staff(portal: &Hook) {
    for name in ["Sales", "Support"] {
        portal.get("department.add", json!({"NAME": name, "PARENT": 1}));
    }
    for person in [
        json!({"EMAIL": "ines@example.com", "NAME": "Ines", "LAST_NAME": "Vogel", "UF_DEPARTMENT": [2],
               "WORK_POSITION": "Head of sales", "PERSONAL_CITY": "Berlin", "UF_PHONE_INNER": "17"}),
        json!({"EMAIL": "otto@example.com", "NAME": "Otto", "LAST_NAME": "Lang", "UF_DEPARTMENT": "2",
               "WORK_POSITION": "Seller", "PERSONAL_CITY": "Hamburg", "PERSONAL_BIRTHDAY": "1990-05-17"}),
        json!({"EMAIL": "mira@example.com", "NAME": "Mira", "LAST_NAME": "Sand", "UF_DEPARTMENT": [3]}),
    ] {
        portal.get("user.add", person);
    }
    portal.get("user.update", json!({"ID": 4, "ACTIVE": "N"}));
}

fn ids(portal: &Hook, method: &str, params: Json) -> Vec<String> {
    let found = portal.get(method, params);
    found.as_array().unwrap().iter().map(|row| row["ID"].as_str().unwrap().to_owned()).collect()
}

fn keys(row: &Json) -> Vec<&str> {
    row.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_current_user_has_the_documented_types() {
    for portal in portals("user") {
        let expected = json!({
            "ID": "1", "XML_ID": "", "ACTIVE": true, "NAME": "Ada", "LAST_NAME": "Berg", "EMAIL": "admin@localhost",
            "LAST_LOGIN": "", "DATE_REGISTER": "2026-06-01T00:00:00+00:00", "TIME_ZONE": "", "IS_ONLINE": "N",
            "TIMESTAMP_X": "06/01/2026 12:00:00 pm", "LAST_ACTIVITY_DATE": "", "PERSONAL_GENDER": "",
            "PERSONAL_BIRTHDAY": "", "WORK_POSITION": "", "UF_EMPLOYMENT_DATE": "", "UF_DEPARTMENT": [1],
            "USER_TYPE": "employee"
        });
        assert_eq!(portal.get("user.current", json!({})), expected);
    }
}

#[test]
fn what_is_set_is_shown_with_its_type() {
    for portal in portals("user") {
        let fields = json!({
            "ID": 1, "SECOND_NAME": "Maria", "PERSONAL_BIRTHDAY": "17.05.1990", "UF_EMPLOYMENT_DATE": "2020-01-31",
            "WORK_PHONE": "+4930111", "UF_SKILLS": "Rust", "PERSONAL_GENDER": "F", "TIME_ZONE": "Europe/Berlin",
            "LAST_LOGIN": "2020-01-01", "IS_ONLINE": "Y", "SHOE_SIZE": 38
        });
        assert_eq!(portal.at(NOW + 60).get("user.update", fields), json!(true));
        let me = portal.get("user.current", json!({}));
        for (key, value) in [
            ("SECOND_NAME", "Maria"),
            ("PERSONAL_BIRTHDAY", "1990-05-17T00:00:00+02:00"),
            ("UF_EMPLOYMENT_DATE", "2020-01-31T00:00:00+01:00"),
            ("WORK_PHONE", "+4930111"),
            ("UF_SKILLS", "Rust"),
            ("PERSONAL_GENDER", "F"),
            ("TIMESTAMP_X", "06/01/2026 02:01:00 pm"),
            ("LAST_LOGIN", ""),
            ("IS_ONLINE", "N"),
        ] {
            assert_eq!(me[key], json!(value), "{key}");
        }
        portal.get("user.update", json!({"ID": 1, "SECOND_NAME": ""}));
        assert_eq!(portal.get("user.current", json!({})).get("SECOND_NAME"), None);
    }
}

#[test]
fn filters_stand_in_filter_or_beside_it() {
    for portal in portals("user,department") {
        staff(&portal);
        for (params, found) in [
            (json!({}), vec!["1", "2", "3", "4"]),
            (json!({"ID": 3}), vec!["3"]),
            (json!({"ID": ["2", 3]}), vec!["2", "3"]),
            (json!({"ID": "2 | 4"}), vec!["2", "4"]),
            (json!({"FILTER": {"ID": [2, 9]}}), vec!["2"]),
            (json!({"filter": {">=ID": 3}}), vec!["3", "4"]),
            (json!({"filter": {"!ID": [1, 2]}}), vec!["3", "4"]),
            (json!({">ID": 1, "FILTER": {"<ID": 4}}), vec!["2", "3"]),
            (json!({"filter": {"name": "otto"}}), vec!["3"]),
            (json!({"filter": {"NAME": "I%"}}), vec!["2"]),
            (json!({"filter": {"%LAST_NAME": "an"}}), vec!["3", "4"]),
            (json!({"filter": {"!%LAST_NAME": "an"}}), vec!["1", "2"]),
            (json!({"filter": {"=%LAST_NAME": "_a%"}}), vec!["3", "4"]),
            (json!({"filter": {"@PERSONAL_CITY": ["Berlin", "HAMBURG"]}}), vec!["2", "3"]),
            (json!({"filter": {"!@PERSONAL_CITY": ["Berlin"]}}), vec!["1", "3", "4"]),
            (json!({"filter": {"!UF_PHONE_INNER": null}}), vec!["2"]),
            (json!({"filter": {"PERSONAL_CITY": ""}}), vec!["1", "4"]),
            (json!({"EMAIL": "Otto@Example.com"}), vec!["3"]),
            (json!({"filter": {"PERSONAL_BIRTHDAY": "17.05.1990"}}), vec!["3"]),
            (json!({"filter": {">PERSONAL_BIRTHDAY": "1989-01-01"}}), vec!["3"]),
            (json!({"filter": {">DATE_REGISTER": "no date"}}), vec![]),
            (json!({"filter": {"UF_DEPARTMENT": 2}}), vec!["2", "3"]),
            (json!({"UF_DEPARTMENT": ["1", "3"]}), vec!["1", "4"]),
            (json!({"filter": {"!UF_DEPARTMENT": 2}}), vec!["1", "4"]),
            (json!({"filter": {"USER_TYPE": "employee"}}), vec!["1", "2", "3", "4"]),
            (json!({"filter": {"USER_TYPE": ["extranet", "email"]}}), vec![]),
            (json!({"filter": {"NAME_SEARCH": "vogel"}}), vec!["2"]),
            (json!({"filter": {"SHOE_SIZE": 44}, "bx24_sdk_ver": "1"}), vec!["1", "2", "3", "4"]),
            (json!({"filter": {"NAME": "x' OR '1'='1"}}), vec![]),
        ] {
            assert_eq!(ids(&portal, "user.get", params.clone()), found, "{params}");
        }
    }
}

#[test]
fn activity_is_asked_for_in_every_spelling() {
    for portal in portals("user,department") {
        staff(&portal);
        for yes in [json!("Y"), json!("true"), json!(true), json!(1), json!("1")] {
            assert_eq!(
                ids(&portal, "user.get", json!({"FILTER": {"ACTIVE": yes}})),
                ["1", "2", "3"],
                "{yes}"
            );
        }
        for no in [json!("N"), json!("false"), json!(false), json!(0), json!("0")] {
            assert_eq!(ids(&portal, "user.get", json!({"ACTIVE": no})), ["4"], "{no}");
        }
        assert_eq!(portal.get("user.get", json!({"ID": 4}))[0]["ACTIVE"], json!(false));
    }
}

#[test]
fn lists_are_sorted() {
    for portal in portals("user,department") {
        staff(&portal);
        for (params, order) in [
            (json!({"sort": "LAST_NAME", "order": "ASC"}), ["1", "3", "4", "2"]),
            (json!({"SORT": "last_name", "ORDER": "desc"}), ["2", "4", "3", "1"]),
            (json!({"ORDER": "DESC"}), ["4", "3", "2", "1"]),
            (json!({"order": {"ID": "DESC"}}), ["4", "3", "2", "1"]),
            (json!({"sort": "PERSONAL_CITY"}), ["1", "4", "2", "3"]),
            (json!({"sort": "UF_DEPARTMENT"}), ["1", "2", "3", "4"]),
            (json!({"sort": "ID; DROP TABLE portal_user", "order": 7}), ["1", "2", "3", "4"]),
        ] {
            assert_eq!(ids(&portal, "user.get", params.clone()), order, "{params}");
        }
    }
}

#[test]
fn select_names_fields_and_masks() {
    for portal in portals("user,department") {
        staff(&portal);
        let shown = |select: Json| portal.get("user.get", json!({"ID": 2, "select": select}))[0].clone();
        assert_eq!(shown(json!(["id", "NAME"])), json!({"ID": "2", "NAME": "Ines"}));
        // A field asked for by its name is there even when empty.
        assert_eq!(shown(json!(["PERSONAL_PHONE", "SHOE_SIZE"])), json!({"PERSONAL_PHONE": ""}));
        let custom = shown(json!(["ID", "UF_*"]));
        assert_eq!(keys(&custom), ["ID", "UF_EMPLOYMENT_DATE", "UF_DEPARTMENT", "UF_PHONE_INNER"]);
        assert_eq!(shown(json!(["*"])), shown(json!([])));
        assert_eq!(shown(json!("NAME")), json!({"NAME": "Ines"}));
    }
}

#[test]
fn lists_come_in_pages() {
    for portal in portals("user") {
        for number in 2..=103 {
            portal.get("user.add", json!({"EMAIL": format!("user{number}@example.com")}));
        }
        let page = |params: Json| {
            let page = portal.page("user.get", params).unwrap();
            let first = page.result[0]["ID"].as_str().map(str::to_owned);
            (page.result.as_array().unwrap().len(), first, page.total, page.next)
        };
        assert_eq!(page(json!({})), (50, Some("1".into()), Some(103), Some(50)));
        assert_eq!(page(json!({"start": 50})), (50, Some("51".into()), Some(103), Some(100)));
        assert_eq!(page(json!({"start": "100"})), (3, Some("101".into()), Some(103), None));
        assert_eq!(page(json!({"start": 10})), (50, Some("1".into()), Some(103), Some(50)));
        assert_eq!(page(json!({"start": 500})), (0, None, Some(103), None));
        assert_eq!(page(json!({"start": -1})), (50, Some("1".into()), Some(0), None));
        // As b24pysdk walks through long lists.
        let walk = json!({"start": -1, "SORT": "ID", "ORDER": "DESC", "filter": {"<ID": "54"}});
        assert_eq!(page(walk), (50, Some("53".into()), Some(0), None));
        assert_eq!(page(json!({"FILTER": {">ID": 100}})), (3, Some("101".into()), Some(3), None));
    }
}

#[test]
fn search_finds_beginnings() {
    for portal in portals("user,department") {
        staff(&portal);
        for (params, found) in [
            (json!({"FIND": "in"}), vec!["2"]),
            (json!({"FILTER": {"FIND": "SALES"}}), vec!["2", "3"]),
            (json!({"FILTER": {"FIND": "lang sel"}}), vec!["3"]),
            (json!({"FIND": "ottos"}), vec![]),
            (json!({"FIND": "ang"}), vec![]),
            (json!({"FIND": "%"}), vec![]),
            (json!({"FIND": "sand"}), vec!["4"]),
            (json!({"FILTER": {"NAME": "ot"}}), vec!["3"]),
            (json!({"NAME": "tto"}), vec![]),
            (json!({"WORK_POSITION": "head"}), vec!["2"]),
            (json!({"FILTER": {"UF_DEPARTMENT_NAME": "supp"}}), vec!["4"]),
            (json!({"FILTER": {"UF_DEPARTMENT_NAME": "sales", "ACTIVE": "Y", "LAST_NAME": "V"}}), vec!["2"]),
            (
                json!({"FILTER": {"USER_TYPE": "employee"}, "sort": "ID", "order": "DESC"}),
                vec!["4", "3", "2", "1"],
            ),
        ] {
            assert_eq!(ids(&portal, "user.search", params.clone()), found, "{params}");
        }
        let page = portal.page("user.search", json!({"FIND": "sales", "select": ["NAME"]})).unwrap();
        assert_eq!((page.result, page.total), (json!([{"NAME": "Ines"}, {"NAME": "Otto"}]), Some(2)));
    }
}

#[test]
fn reduced_scopes_show_and_find_less() {
    for portal in portals("user,department") {
        staff(&portal);
        let (brief, basic) = (portal.hook_of(1, "user_brief"), portal.hook_of(1, "crm,user_basic"));
        let count = |hook: &Hook| hook.get("user.fields", json!({})).as_object().unwrap().len();
        assert_eq!((count(&brief), count(&basic), count(&portal)), (30, 60, 63));
        assert_eq!(count(&portal.hook_of(1, "user_brief,user_basic")), 60);

        let all = json!({"ID": 2, "select": ["ID", "NAME", "EMAIL", "LAST_LOGIN", "WORK_POSITION"]});
        let row = |hook: &Hook| hook.get("user.get", all.clone())[0].clone();
        assert_eq!(row(&brief), json!({"ID": "2", "NAME": "Ines", "WORK_POSITION": "Head of sales"}));
        assert_eq!(keys(&row(&basic)), ["ID", "NAME", "EMAIL", "WORK_POSITION"]);
        assert_eq!(row(&portal)["LAST_LOGIN"], json!(""));
        assert_eq!(brief.get("user.current", json!({})).get("EMAIL"), None);
        // What cannot be seen cannot be asked for either.
        assert_eq!(ids(&brief, "user.get", json!({"FILTER": {"EMAIL": "otto@example.com"}})).len(), 4);
        assert_eq!(ids(&brief, "user.get", json!({"sort": "EMAIL", "order": "DESC"})), ["4", "3", "2", "1"]);

        for (method, params) in [
            ("user.add", json!({"EMAIL": "new@example.com"})),
            ("user.update", json!({"ID": 1, "NAME": "A"})),
        ] {
            assert_eq!(basic.refused(method, params).1, "insufficient_scope", "{method}");
        }
        assert_eq!(portal.hook_of(1, "crm").refused("user.get", json!({})).1, "insufficient_scope");
    }
}

#[test]
fn strict_filters_refuse_unknown_fields_under_filter() {
    let strict = portal::settings::Settings {
        strict_filters: true,
        ..portal::settings::Settings::new("https://portal.test")
    };
    for portal in portals_with("user", strict) {
        let refused = portal.refused("user.get", json!({"FILTER": {"SHOE_SIZE": 44}}));
        assert_eq!(refused, argument("Filter field not allowed: SHOE_SIZE"));
        assert_eq!(ids(&portal, "user.get", json!({"SHOE_SIZE": 44})), ["1"]);
    }
}

#[test]
fn users_are_added_by_administrators() {
    for portal in portals("user,department") {
        portal.get("department.add", json!({"NAME": "Sales", "PARENT": 1}));
        // As b24phpsdk sends it.
        let new = json!({
            "NAME": "Nora", "EMAIL": " Nora@Example.com ", "EXTRANET": "N", "UF_DEPARTMENT": [2, "1"], "MESSAGE_TEXT": ""
        });
        assert_eq!(portal.get("user.add", new), json!(2));
        let nora = portal.get("user.get", json!({"ID": 2}))[0].clone();
        assert_eq!(nora["EMAIL"], json!("nora@example.com"));
        assert_eq!((&nora["ACTIVE"], &nora["UF_DEPARTMENT"]), (&json!(true), &json!([1, 2])));
        // Without a department it is the topmost one.
        assert_eq!(portal.get("user.add", json!({"EMAIL": "x@localhost", "UF_DEPARTMENT": ""})), json!(3));
        assert_eq!(portal.get("user.get", json!({"ID": 3}))[0]["UF_DEPARTMENT"], json!([1]));
        // Who is new belongs to what goes by departments at once.
        assert_eq!(portal.hook_of(2, "").get("user.access", json!({"ACCESS": "D2"})), json!(true));
        assert_eq!(portal.hook_of(2, "").get("user.admin", json!({})), json!(false));
    }
}

#[test]
fn adding_complains_as_documented() {
    for portal in portals("user") {
        let refused = |params: Json| portal.refused("user.add", params);
        for email in [json!(null), json!(""), json!("nobody"), json!("@x"), json!("a b@x.com"), json!([1])] {
            assert_eq!(refused(json!({"EMAIL": email})), argument("wrong_email"), "{email}");
        }
        let fault = portal.ask("user.add", json!({})).unwrap_err();
        assert_eq!(fault.extra.get("argument").and_then(wire::Value::as_str), Some(""));
        let taken = argument("A user with this email already exists");
        assert_eq!(refused(json!({"EMAIL": "ADMIN@localhost"})), taken);
        assert_eq!(refused(json!({"EMAIL": "a@b.c", "UF_DEPARTMENT": [1, 7]})), core("Department not found"));
        assert_eq!(refused(json!({"EMAIL": "a@b.c", "EXTRANET": "Y"})).1, "ERROR_GROUPID");
        assert_eq!(
            refused(json!({"EMAIL": "a@b.c", "EXTRANET": "Y", "SONET_GROUP_ID": [1]})).1,
            "ERROR_NO_GROUP"
        );
        assert_eq!(ids(&portal, "user.get", json!({})), ["1"]);
        let otto = portal.employee("otto@example.com", "user");
        assert_eq!(otto.refused("user.add", json!({"EMAIL": "a@b.c"})), core("access_denied"));
    }
}

#[test]
fn users_are_updated_by_administrators_and_themselves() {
    for portal in portals("user,department") {
        staff(&portal);
        let otto = portal.hook_of(3, "user");
        assert_eq!(
            otto.get("user.update", json!({"ID": 3, "NAME": "Otmar", "ACTIVE": "N", "UF_DEPARTMENT": [1]})),
            json!(true)
        );
        let row = otto.get("user.current", json!({}));
        assert_eq!(
            (&row["NAME"], &row["ACTIVE"], &row["UF_DEPARTMENT"]),
            (&json!("Otmar"), &json!(true), &json!([2]))
        );
        assert_eq!(otto.refused("user.update", json!({"ID": 2, "NAME": "X"})), core("access_denied"));
        for id in [json!(77), json!("x"), json!(-1), json!(null)] {
            assert_eq!(portal.refused("user.update", json!({"ID": id})), core("access_denied"), "{id}");
        }

        assert_eq!(
            portal.get("user.update", json!({"ID": 3, "EMAIL": "OTTO@example.org", "UF_DEPARTMENT": [3]})),
            json!(true)
        );
        let row = portal.get("user.get", json!({"ID": 3}))[0].clone();
        assert_eq!((&row["EMAIL"], &row["UF_DEPARTMENT"]), (&json!("otto@example.org"), &json!([3])));
        assert_eq!(otto.get("user.access", json!({"ACCESS": "D3"})), json!(true));
        let taken = argument("A user with this email already exists");
        assert_eq!(portal.refused("user.update", json!({"ID": 3, "EMAIL": "ines@example.com"})), taken);
        assert_eq!(portal.refused("user.update", json!({"ID": 3, "EMAIL": "?"})), argument("wrong_email"));
        // Nothing of a refused change stays.
        portal.refused("user.update", json!({"ID": 3, "NAME": "Half", "UF_DEPARTMENT": [9]}));
        assert_eq!(portal.get("user.get", json!({"ID": 3}))[0]["NAME"], json!("Otmar"));

        portal.get("user.update", json!({"ID": 3, "UF_DEPARTMENT": []}));
        assert_eq!(portal.get("user.get", json!({"ID": 3}))[0]["USER_TYPE"], json!("extranet"));
        assert_eq!(ids(&portal, "user.get", json!({"FILTER": {"UF_DEPARTMENT": ""}})), ["3"]);
    }
}

#[test]
fn the_dismissed_are_locked_out_until_they_come_back() {
    for portal in portals("user") {
        let otto = portal.employee("otto@example.com", "user");
        assert_eq!(portal.get("user.update", json!({"ID": otto.user, "ACTIVE": false})), json!(true));
        assert_eq!(otto.refused("user.current", json!({})).1, "authorization_error");
        assert_eq!(portal.get("user.update", json!({"ID": otto.user, "ACTIVE": "Y"})), json!(true));
        assert_eq!(otto.get("user.current", json!({}))["ID"], json!("2"));
    }
}

#[test]
fn who_was_seen_lately_is_online() {
    for portal in portals("user") {
        portal.employee("otto@example.com", "");
        let core = portal.portal.core().clone();
        let token = user::session::token();
        let at = portal::Moment(NOW * 1_000_000);
        let new = NewSession { user_id: 2, address: String::new(), agent: String::new(), lifetime: 60 };
        portal.write(move |tx| user::session::create(tx, &core, &new, &token, at));
        let online = |hook: &Hook| ids(hook, "user.get", json!({"FILTER": {"IS_ONLINE": "Y"}}));
        assert_eq!(online(&portal), ["2"]);
        assert_eq!(ids(&portal, "user.get", json!({"FILTER": {"IS_ONLINE": "N"}})), ["1"]);
        let row = portal.get("user.get", json!({"ID": 2}))[0].clone();
        assert_eq!(row["IS_ONLINE"], json!("Y"));
        assert_eq!(row["LAST_LOGIN"], json!("2026-06-01T12:00:00+00:00"));
        let of_oneself = portal.hook_of(2, "user").get("user.current", json!({}));
        assert_eq!(of_oneself["LAST_ACTIVITY_DATE"], json!("2026-06-01 12:00:00"));
        // Lists print these two as the real system does: an object without anything in it.
        for method in ["user.get", "user.search"] {
            let row = portal.get(method, json!({"ID": 2}))[0].clone();
            assert_eq!((&row["TIMESTAMP_X"], &row["LAST_ACTIVITY_DATE"]), (&json!({}), &json!({})));
        }
        let later = portal.at(NOW + 3600);
        assert!(online(&later).is_empty());
        assert_eq!(later.get("user.get", json!({"ID": 2}))[0]["IS_ONLINE"], json!("N"));
    }
}

#[test]
fn fields_have_titles_in_the_documented_order() {
    for portal in portals("user") {
        let fields = portal.get("user.fields", json!({}));
        assert_eq!(keys(&fields)[..4], ["ID", "XML_ID", "ACTIVE", "NAME"]);
        assert_eq!(keys(&fields).last(), Some(&"USER_TYPE"));
        assert!(fields.as_object().unwrap().values().all(Json::is_string));
    }
}

#[test]
fn a_filter_beyond_any_use_is_refused() {
    for portal in portals("user,department") {
        let many: Vec<i64> = (1..=40_000).collect();
        let too_large = argument("The filter is too large.");
        for params in [json!({"ID": many}), json!({"UF_DEPARTMENT": many}), json!({"FILTER": {"NAME": many}})]
        {
            assert_eq!(portal.refused("user.get", params), too_large);
        }
        assert_eq!(portal.refused("department.get", json!({"ID": many})), too_large);
        let usual: Vec<i64> = (1..=5_000).collect();
        assert_eq!(ids(&portal, "user.get", json!({"ID": usual, "UF_DEPARTMENT": usual})), ["1"]);
    }
}

#[test]
fn photos_are_links_that_open() {
    for portal in portals("user") {
        let photo = |value: Json| portal.get("user.update", json!({"ID": 1, "PERSONAL_PHOTO": value}));
        photo(json!(["ada.png", "iVBORw0="]));
        let link = portal.get("user.current", json!({}))["PERSONAL_PHOTO"].as_str().unwrap().to_owned();
        assert_eq!(portal.get("profile", json!({}))["PERSONAL_PHOTO"], json!(link));
        let token =
            link.strip_prefix("https://portal.test/rest/download/?token=").unwrap().replace("%7C", "|");
        let open =
            || portal::files::open(portal.portal.core(), &token, portal::Moment(NOW * 1_000_000)).wait();
        let file = open().unwrap();
        let content = testportal::content(&portal.portal, &file.key);
        assert_eq!((file.name.as_str(), &content[..]), ("ada.png", &b"\x89PNG\r"[..]));

        // An update that does not mention the photo keeps it; an empty value deletes it with its bytes.
        portal.get("user.update", json!({"ID": 1, "NAME": "Ada"}));
        assert!(open().is_ok());
        photo(json!(""));
        assert_eq!(portal.get("user.current", json!({})).get("PERSONAL_PHOTO"), None);
        assert_eq!(open().unwrap_err().into_fault().code, "ERROR_NOT_FOUND");
    }
}

#[test]
fn users_have_fields_that_administrators_add() {
    for portal in portals("user,user.userfield") {
        let add =
            |fields: Json| portal.get("user.userfield.add", json!({"fields": fields})).as_i64().unwrap();
        let desk = add(json!({"FIELD_NAME": "DESK", "USER_TYPE_ID": "string", "LABEL": "Desk"}));
        let choices = json!([{"VALUE": "Red", "DEF": "Y"}, {"VALUE": "Blue"}]);
        add(
            json!({"FIELD_NAME": "UF_USR_TEAM", "USER_TYPE_ID": "enumeration", "MULTIPLE": "Y", "LIST": choices}),
        );
        let listed = portal.get("user.userfield.list", json!({"filter": {"FIELD_NAME": "UF_USR_DESK"}}));
        assert_eq!(listed[0]["ID"], json!(desk.to_string()));
        assert_eq!((&listed[0]["ENTITY_ID"], &listed[0]["USER_TYPE_ID"]), (&json!("USER"), &json!("string")));

        let otto = portal.get("user.add", json!({"EMAIL": "otto@example.com", "uf_usr_desk": "B 12"}));
        let row = |hook: &Hook| {
            hook.get("user.get", json!({"ID": otto, "select": ["UF_USR_DESK", "UF_USR_TEAM"]}))[0].clone()
        };
        let own = json!({"UF_USR_DESK": "B 12", "UF_USR_TEAM": ["1"]});
        assert_eq!(row(&portal), own);
        assert_eq!(portal.get("user.fields", json!({}))["UF_USR_DESK"], json!("Desk"));
        for (filter, found) in [
            (json!({"UF_USR_DESK": "b%"}), vec!["2"]),
            (json!({"UF_USR_TEAM": 1}), vec!["2"]),
            (json!({"UF_USR_TEAM": [2]}), vec![]),
        ] {
            assert_eq!(ids(&portal, "user.get", json!({"FILTER": filter})), found, "{filter}");
        }
        // The reduced scopes see them only together with the scope of user fields.
        assert_eq!(row(&portal.hook_of(1, "user_basic,user.userfield")), own);
        assert_eq!(row(&portal.hook_of(1, "user_basic")), json!([]));

        portal.get("user.userfield.update", json!({"id": desk, "fields": {"MANDATORY": "Y"}}));
        let required = core("The field \"Desk\" is required.");
        assert_eq!(portal.refused("user.add", json!({"EMAIL": "x@example.com"})), required);
        assert_eq!(portal.refused("user.update", json!({"ID": otto, "UF_USR_DESK": ""})), required);
        portal.get("user.userfield.delete", json!({"id": desk}));
        assert_eq!(row(&portal), json!({"UF_USR_TEAM": ["1"]}));
        assert!(portal.get("user.add", json!({"EMAIL": "x@example.com"})).is_i64());
    }
}

#[test]
fn user_fields_of_users_are_for_administrators_and_no_items() {
    for portal in portals("user,user.userfield,crm") {
        let otto = portal.employee("otto@example.com", "user,user.userfield");
        for (method, params) in [
            ("user.userfield.list", json!({})),
            ("user.userfield.add", json!({"fields": {"FIELD_NAME": "DESK", "USER_TYPE_ID": "string"}})),
            ("user.userfield.update", json!({"id": 1, "fields": {"SORT": 1}})),
            ("user.userfield.delete", json!({"id": 1})),
        ] {
            let denied = (400, String::new(), "Access denied.".to_owned());
            assert_eq!(otto.refused(method, params), denied, "{method}");
        }
        // Users are kept like items, but no method of items reaches them.
        assert_eq!(portal.refused("crm.item.list", json!({"entityTypeId": user::TYPE_ID})).1, "NOT_FOUND");
    }
}

#[test]
fn files_of_custom_fields_are_sent() {
    for portal in portals("user,user.userfield") {
        let field = json!({"FIELD_NAME": "PAPER", "USER_TYPE_ID": "file"});
        portal.get("user.userfield.add", json!({"fields": field}));
        portal.get("user.update", json!({"ID": 1, "UF_USR_PAPER": ["paper.txt", "SGVsbG8="]}));
        let shown = portal.get("user.current", json!({}))["UF_USR_PAPER"].clone();
        let asked = shown["downloadData"].clone();
        assert_eq!(asked, json!({"id": 1, "field": "UF_USR_PAPER", "value": shown["id"]}));
        let ines = portal.employee("ines@example.com", "user,user.userfield");
        for hook in [&*portal, &ines] {
            let sent = hook.get("user.userfield.file.get", asked.clone());
            assert!(sent["downloadUrl"].as_str().unwrap().contains("/rest/download/?token="), "{sent}");
        }
        let other = portal.get("user.update", json!({"ID": 1, "PERSONAL_PHOTO": ["ada.png", "iVBORw0="]}));
        assert_eq!(other, true);
        for (name, value) in [
            ("value", json!(999_999)),
            ("id", json!(ines.user)),
            ("id", json!(999)),
            ("field", json!("UF_USR_OTHER")),
            ("field", json!("PERSONAL_PHOTO")),
        ] {
            let mut wrong = asked.clone();
            wrong[name] = value;
            assert_eq!(
                portal.refused("user.userfield.file.get", wrong.clone()).1,
                "ERROR_NOT_FOUND",
                "{wrong}"
            );
        }
    }
}
