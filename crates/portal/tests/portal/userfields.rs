//! `crm.*.userfield.*`: fields that people add, their values in both styles, and how they are found.

use serde_json::{Value, json};
use testportal::{Hook, portals};

/// Adds a user field to deals.
fn field(portal: &Hook, name: &str, kind: &str, mut more: Value) -> i64 {
    more["FIELD_NAME"] = name.into();
    more["USER_TYPE_ID"] = kind.into();
    portal.get("crm.deal.userfield.add", Value::from_iter([("fields", more)])).as_i64().expect("an id")
}

fn deal(portal: &Hook, fields: Value) -> i64 {
    let given = Value::from_iter([("fields", fields)]);
    portal.get("crm.deal.add", given).as_i64().expect("an id")
}

/// A field of a deal in the legacy style and in that of `crm.item`.
fn both(portal: &Hook, id: i64, code: &str, name: &str) -> (Value, Value) {
    let item = portal.get("crm.item.get", json!({"entityTypeId": 2, "id": id}));
    (portal.get("crm.deal.get", json!({"id": id}))[code].clone(), item["item"][name].clone())
}

#[test]
fn a_field_is_added_described_changed_and_deleted() {
    for portal in portals("crm") {
        for (entity, object) in [
            ("lead", "CRM_LEAD"),
            ("deal", "CRM_DEAL"),
            ("contact", "CRM_CONTACT"),
            ("company", "CRM_COMPANY"),
        ] {
            let call =
                |verb: &str, params: Value| portal.get(&format!("crm.{entity}.userfield.{verb}"), params);
            let fields = json!({
                "LABEL": "Hello", "USER_TYPE_ID": "string", "FIELD_NAME": "hello_world", "SHOW_FILTER": "Y", "XML_ID": "x1",
                "SETTINGS": {"DEFAULT_VALUE": "hi", "ROWS": 3}, "SORT": 1000, "EDIT_FORM_LABEL": {"de": "Hallo"},
            });
            let id = call("add", json!({"fields": fields}));
            let shown = call("get", json!({"id": id}));
            let plain = json!({
                "ID": id.to_string(), "ENTITY_ID": object, "FIELD_NAME": "UF_CRM_HELLO_WORLD", "USER_TYPE_ID": "string",
                "XML_ID": "x1", "SORT": "1000", "MULTIPLE": "N", "MANDATORY": "N", "SHOW_FILTER": "E", "SHOW_IN_LIST": "N",
                "EDIT_IN_LIST": "Y", "IS_SEARCHABLE": "N",
                "SETTINGS": {"SIZE": 20, "ROWS": 3, "REGEXP": "", "MIN_LENGTH": 0, "MAX_LENGTH": 0, "DEFAULT_VALUE": "hi"},
            });
            for (key, value) in plain.as_object().unwrap() {
                assert_eq!(&shown[key], value, "{key}");
            }
            assert_eq!(
                (&shown["EDIT_FORM_LABEL"]["de"], &shown["EDIT_FORM_LABEL"]["en"]),
                (&json!("Hallo"), &json!("Hello"))
            );
            assert_eq!(
                (shown["HELP_MESSAGE"].as_object().unwrap().len(), &shown["LIST"]),
                (21, &Value::Null)
            );

            let listed =
                call("list", json!({"filter": {"MULTIPLE": "N", "FIELD_NAME": "UF_CRM_HELLO_WORLD"}}));
            assert_eq!(listed, json!([plain]));
            let described =
                portal.get(&format!("crm.{entity}.fields"), json!({}))["UF_CRM_HELLO_WORLD"].clone();
            assert_eq!((&described["type"], &described["isDynamic"]), (&json!("string"), &json!(true)));
            assert_eq!(
                (&described["title"], &described["listLabel"]),
                (&json!("UF_CRM_HELLO_WORLD"), &json!("Hello"))
            );

            let changes = json!({
                "MANDATORY": "Y", "SORT": 5, "SETTINGS": {"ROWS": 9}, "EDIT_FORM_LABEL": "Bye", "LIST_COLUMN_LABEL": {"de": "Tag"},
                "USER_TYPE_ID": "integer", "MULTIPLE": "Y", "FIELD_NAME": "OTHER", "XML_ID": "",
            });
            assert_eq!(call("update", json!({"id": id, "fields": changes})), json!(true));
            let changed = call("get", json!({"id": id}));
            assert_eq!(
                [&changed["USER_TYPE_ID"], &changed["MULTIPLE"], &changed["FIELD_NAME"]],
                ["string", "N", "UF_CRM_HELLO_WORLD"]
            );
            assert_eq!([&changed["MANDATORY"], &changed["SORT"], &changed["SHOW_FILTER"]], ["Y", "5", "E"]);
            assert_eq!(changed["XML_ID"], json!(null));
            assert_eq!(
                (&changed["SETTINGS"]["ROWS"], &changed["SETTINGS"]["DEFAULT_VALUE"]),
                (&json!(9), &json!("hi"))
            );
            assert_eq!(
                (&changed["EDIT_FORM_LABEL"]["en"], &changed["LIST_COLUMN_LABEL"]["en"]),
                (&json!("Bye"), &json!(""))
            );

            assert_eq!(call("delete", json!({"id": id})), json!(true));
            let gone = portal.refused(&format!("crm.{entity}.userfield.get"), json!({"id": id}));
            assert_eq!(
                gone,
                (400, "ERROR_NOT_FOUND".into(), format!("The entity with ID '{id}' is not found."))
            );
        }
    }
}

#[test]
fn a_name_may_come_back_with_another_type() {
    for portal in portals("crm") {
        let read = |id: i64| portal.get("crm.deal.get", json!({"id": id}))["UF_CRM_X"].clone();
        let first = field(&portal, "X", "string", json!({}));
        let id = deal(&portal, json!({"TITLE": "x", "UF_CRM_X": "text"}));
        assert_eq!(read(id), "text");
        portal.get("crm.deal.userfield.delete", json!({"id": first}));
        let second = field(&portal, "X", "integer", json!({}));
        assert_eq!(read(id), json!(null));
        portal.get("crm.deal.update", json!({"id": id, "fields": {"UF_CRM_X": 5}}));
        assert_eq!(read(id), "5");
        portal.get("crm.deal.userfield.delete", json!({"id": second}));
        field(&portal, "X", "double", json!({"MULTIPLE": "Y"}));
        portal.get("crm.deal.update", json!({"id": id, "fields": {"UF_CRM_X": [1.5]}}));
        assert_eq!(read(id), json!(["1.5"]));
    }
}

#[test]
fn what_is_wrong_with_a_field_is_named() {
    for portal in portals("crm") {
        let add = |fields: Value| {
            let (_, code, text) = portal.refused("crm.deal.userfield.add", json!({"fields": fields}));
            format!("{code}: {text}")
        };
        assert_eq!(add(json!({"FIELD_NAME": "X"})), ": The 'USER_TYPE_ID' field is not found.");
        for nameless in
            [json!({"USER_TYPE_ID": "string"}), json!({"USER_TYPE_ID": "string", "FIELD_NAME": "UF_CRM_"})]
        {
            assert_eq!(add(nameless), ": The 'FIELD_NAME' field is not found.");
        }
        let named = |name: &str| json!({"USER_TYPE_ID": "string", "FIELD_NAME": name});
        assert_eq!(
            add(json!({"USER_TYPE_ID": "bool", "FIELD_NAME": "X"})),
            "ERROR_CORE: Invalid custom type specified."
        );
        let hostile =
            "ERROR_CORE: Field name contains invalid characters. Allowed characters are: A-Z, 0-9 and _.";
        for name in ["x\"; DROP TABLE crm_deal; --", "a b", "ü", "a-b", "a.b", "x\0y"] {
            assert_eq!(add(named(name)), hostile, "{name}");
        }
        assert_eq!(
            add(named(&"X".repeat(44))),
            "ERROR_CORE: Field name is too long (more than 50 characters)."
        );
        field(&portal, &"X".repeat(43), "string", json!({}));
        field(&portal, "NOTE", "string", json!({}));
        for name in ["note", "UF_NOTE", "UF_CRM_NOTE"] {
            assert_eq!(
                add(named(name)),
                "ERROR_CORE: The field UF_CRM_NOTE for the CRM_DEAL object already exists."
            );
        }
        let twice = json!({"USER_TYPE_ID": "enumeration", "FIELD_NAME": "E", "LIST": [{"VALUE": "a", "XML_ID": "q"}, {"VALUE": "b", "XML_ID": "q"}]});
        assert_eq!(add(twice), "ERROR_CORE: List item with value XML_ID=q already exists.");
        // Nothing is left of what failed: the name is free.
        field(&portal, "E", "enumeration", json!({}));

        let employee = portal.employee("ines@example.com", "crm");
        let denied = employee.refused("crm.deal.userfield.add", json!({"fields": named("Y")}));
        assert_eq!(denied, (400, String::new(), "Access denied.".into()));
        assert_eq!(employee.get("crm.deal.userfield.list", json!({})).as_array().unwrap().len(), 3);
    }
}

#[test]
fn fields_of_requisites_are_for_those_who_may_read_one() {
    use portal::access::{Act, Level};
    for portal in portals("crm") {
        let fields = json!({"FIELD_NAME": "REGION", "USER_TYPE_ID": "string"});
        let id = portal.get("crm.requisite.userfield.add", json!({"fields": fields}));
        let employee = portal.employee("ines@example.com", "crm");
        let listed = || employee.ask("crm.requisite.userfield.list", json!({}));
        assert_eq!(listed().unwrap().as_array().unwrap().len(), 1);
        crate::roles::everybody_may(&portal, "CONTACT", &Act::ALL, Level::None);
        assert!(listed().is_ok(), "those of companies may still be read");
        crate::roles::everybody_may(&portal, "COMPANY", &Act::ALL, Level::None);
        for (method, params) in [("list", json!({})), ("get", json!({"id": id}))] {
            let denied = employee.refused(&format!("crm.requisite.userfield.{method}"), params);
            assert_eq!(denied, (400, String::new(), "Access denied.".into()), "{method}");
        }
    }
}

#[test]
fn values_of_every_type_are_kept_and_shown_in_both_styles() {
    for portal in portals("crm") {
        // Type, settings, value given, legacy, crm.item
        let cases = [
            ("string", json!({}), json!("Grüße"), json!("Grüße"), json!("Grüße")),
            ("integer", json!({}), json!("12"), json!("12"), json!(12)),
            ("double", json!({"PRECISION": 1}), json!("2.56"), json!("2.6"), json!(2.6)),
            ("boolean", json!({}), json!("Y"), json!("1"), json!("Y")),
            ("boolean", json!({}), json!(0), json!("0"), json!("N")),
            (
                "date",
                json!({}),
                json!("2026-03-04"),
                json!("2026-03-04T00:00:00+00:00"),
                json!("2026-03-04T00:00:00+00:00"),
            ),
            (
                "datetime",
                json!({}),
                json!("2026-03-04T05:06:07+03:00"),
                json!("2026-03-04T02:06:07+00:00"),
                json!("2026-03-04T02:06:07+00:00"),
            ),
            ("money", json!({}), json!("300|EUR"), json!("300|EUR"), json!("300|EUR")),
            ("money", json!({}), json!(20), json!("20|USD"), json!("20|USD")),
            (
                "url",
                json!({}),
                json!("https://example.com/?a=b"),
                json!("https://example.com/?a=b"),
                json!("https://example.com/?a=b"),
            ),
            (
                "address",
                json!({}),
                json!("Kai 1|53.5;10.0|7"),
                json!("Kai 1|53.5;10.0|7"),
                json!("Kai 1|53.5;10.0|7"),
            ),
            ("employee", json!({}), json!(1), json!("1"), json!(1)),
            ("crm", json!({"DEAL": "Y"}), json!("D_7"), json!("7"), json!("7")),
            ("crm", json!({"DEAL": "Y", "LEAD": "Y"}), json!("L_7"), json!("L_7"), json!("L_7")),
            ("crm_status", json!({"ENTITY_TYPE": "SOURCE"}), json!("WEB"), json!("WEB"), json!("WEB")),
            ("iblock_section", json!({}), json!(5), json!("5"), json!(5)),
            ("iblock_element", json!({}), json!("6"), json!("6"), json!(6)),
        ];
        let mut given = json!({"TITLE": "x"});
        for (i, (kind, settings, value, _, _)) in cases.iter().enumerate() {
            field(&portal, &format!("F{i}_A"), kind, json!({"SETTINGS": settings}));
            given[format!("UF_CRM_F{i}_A")] = value.clone();
        }
        let id = deal(&portal, given);
        let empty = deal(&portal, json!({"TITLE": "empty"}));
        for (i, (kind, _, value, legacy, item)) in cases.iter().enumerate() {
            let (code, name) = (format!("UF_CRM_F{i}_A"), format!("ufCrm_F{i}_A"));
            assert_eq!(both(&portal, id, &code, &name), (legacy.clone(), item.clone()), "{kind}");
            // A value is found by itself, and what is empty by emptiness.
            let find =
                |filter: Value| portal.get("crm.deal.list", json!({"filter": filter, "select": ["ID"]}));
            assert_eq!(
                find(json!({code.clone(): value, "ID": id})),
                json!([{"ID": id.to_string()}]),
                "{kind}"
            );
            assert_eq!(find(json!({format!("!{code}"): value, "ID": id})), json!([]), "{kind}");
            let nothing = find(json!({code.clone(): "", "ID": empty}));
            assert_eq!(nothing.as_array().unwrap().len(), 1, "{kind}");
            let by_name =
                json!({"entityTypeId": 2, "filter": {name.clone(): value, "id": id}, "select": ["id", name]});
            let items = portal.get("crm.item.list", by_name)["items"].clone();
            assert_eq!(items, json!([{"id": id, name.clone(): item}]), "{kind}");
            // What is cleared is empty.
            portal.get("crm.deal.update", json!({"id": id, "fields": {code.clone(): ""}}));
            let cleared = if *kind == "boolean" { json!("0") } else { both(&portal, empty, &code, &name).0 };
            assert_eq!(both(&portal, id, &code, &name).0, cleared, "{kind}");
        }
    }
}

#[test]
fn lists_keep_their_order_and_are_found_by_their_members() {
    for portal in portals("crm") {
        let kinds = ["string", "integer", "double", "datetime", "crm"];
        for kind in kinds {
            field(&portal, kind, kind, json!({"MULTIPLE": "Y", "SETTINGS": {"DEAL": "Y", "LEAD": "Y"}}));
        }
        let id = deal(
            &portal,
            json!({
                "TITLE": "x", "UF_CRM_STRING": ["b%", "a", ""], "UF_CRM_INTEGER": [30, "4", "x"], "UF_CRM_DOUBLE": "2.5",
                "UF_CRM_DATETIME": ["2026-01-01T00:00:00Z"], "UF_CRM_CRM": {"0": "D_1", "1": "C_1", "2": "L_2"},
            }),
        );
        let other = deal(&portal, json!({"TITLE": "y", "UF_CRM_INTEGER": [5]}));
        assert_eq!(
            both(&portal, id, "UF_CRM_STRING", "ufCrmString"),
            (json!(["b%", "a"]), json!(["b%", "a"]))
        );
        assert_eq!(
            both(&portal, id, "UF_CRM_INTEGER", "ufCrmInteger"),
            (json!(["30", "4", "0"]), json!([30, 4, 0]))
        );
        assert_eq!(both(&portal, id, "UF_CRM_DOUBLE", "ufCrmDouble"), (json!(["2.5"]), json!([2.5])));
        assert_eq!(
            both(&portal, id, "UF_CRM_CRM", "ufCrmCrm"),
            (json!(["D_1", "L_2"]), json!(["D_1", "L_2"]))
        );
        assert_eq!(both(&portal, other, "UF_CRM_STRING", "ufCrmString"), (json!([]), json!([])));
        let found = |filter: Value| -> Vec<i64> {
            let rows = portal
                .get("crm.deal.list", json!({"filter": filter, "order": {"ID": "ASC"}, "select": ["ID"]}));
            rows.as_array().unwrap().iter().map(|row| row["ID"].as_str().unwrap().parse().unwrap()).collect()
        };
        assert_eq!(found(json!({"UF_CRM_INTEGER": 4})), [id]);
        assert_eq!(found(json!({"@UF_CRM_INTEGER": [5, 30]})), [id, other]);
        assert_eq!(found(json!({">UF_CRM_INTEGER": 5})), [id]);
        assert_eq!(found(json!({">=UF_CRM_INTEGER": 5, "<UF_CRM_INTEGER": 10})), [id, other]);
        assert_eq!(found(json!({"!UF_CRM_INTEGER": 4})), [other]);
        assert_eq!(found(json!({"%UF_CRM_STRING": "B%"})), [id]);
        assert_eq!(found(json!({"=%UF_CRM_STRING": "B_"})), [id]);
        assert_eq!(found(json!({"!%UF_CRM_STRING": "a"})), [other]);
        assert_eq!(found(json!({"UF_CRM_STRING": ""})), [other]);
        assert_eq!(found(json!({"!UF_CRM_STRING": ""})), [id]);
        assert_eq!(found(json!({">UF_CRM_DOUBLE": "2.4"})), [id]);
        assert_eq!(found(json!({"<UF_CRM_DATETIME": "2026-02-01"})), [id]);
        assert_eq!(found(json!({"UF_CRM_CRM": "L_2"})), [id]);
        assert_eq!(found(json!({"UF_CRM_INTEGER": "x"})), Vec::<i64>::new());
    }
}

#[test]
fn choices_are_added_changed_and_deleted() {
    for portal in portals("crm") {
        let list = json!([
            {"VALUE": "Red", "DEF": "Y", "XML_ID": "R", "SORT": 30}, {"VALUE": "Green", "DEF": "Y", "SORT": 20}, {"VALUE": ""}, {"SORT": 1},
        ]);
        let id = field(&portal, "COLOUR", "enumeration", json!({"LIST": list}));
        let choices = || portal.get("crm.deal.userfield.get", json!({"id": id}))["LIST"].clone();
        let made = choices();
        let (green, red) =
            (made[0]["ID"].as_str().unwrap().to_owned(), made[1]["ID"].as_str().unwrap().to_owned());
        assert_eq!(made[1], json!({"ID": red, "SORT": "30", "VALUE": "Red", "DEF": "Y", "XML_ID": "R"}));
        assert_eq!(
            (&made[0]["VALUE"], &made[0]["DEF"], made[0]["XML_ID"].as_str().unwrap().len()),
            (&json!("Green"), &json!("N"), 32)
        );
        assert_eq!(made.as_array().unwrap().len(), 2);

        // The default is chosen where nothing is said; what is no choice is nothing.
        let usual = deal(&portal, json!({"TITLE": "x"}));
        assert_eq!(
            both(&portal, usual, "UF_CRM_COLOUR", "ufCrmColour"),
            (json!(red), json!(red.parse::<i64>().unwrap()))
        );
        let odd = deal(&portal, json!({"TITLE": "x", "UF_CRM_COLOUR": 999}));
        assert_eq!(both(&portal, odd, "UF_CRM_COLOUR", "ufCrmColour").1, json!(null));

        let list = json!([{"ID": red, "DEL": "Y"}, {"ID": green, "VALUE": "Lime", "DEF": "Y"}, {"VALUE": "Blue", "SORT": 10}]);
        portal.get("crm.deal.userfield.update", json!({"id": id, "fields": {"LIST": list}}));
        let changed = choices();
        assert_eq!(changed.as_array().unwrap().len(), 2);
        assert_eq!(
            (&changed[0]["VALUE"], &changed[1]["VALUE"], &changed[1]["DEF"]),
            (&json!("Blue"), &json!("Lime"), &json!("Y"))
        );
        assert_eq!(changed[1]["ID"], json!(green));
        let described = portal.get("crm.deal.fields", json!({}))["UF_CRM_COLOUR"]["items"].clone();
        assert_eq!(described[1], json!({"ID": green, "VALUE": "Lime"}));
        let taken = json!({"id": id, "fields": {"LIST": [{"ID": green, "XML_ID": changed[0]["XML_ID"]}]}});
        assert_eq!(portal.refused("crm.deal.userfield.update", taken).1, "ERROR_CORE");

        // A list of choices may have several defaults.
        let many = json!({"MULTIPLE": "Y", "LIST": [{"VALUE": "A", "DEF": "Y"}, {"VALUE": "B", "DEF": "Y"}, {"VALUE": "C"}]});
        field(&portal, "MANY", "enumeration", many);
        let id = deal(&portal, json!({"TITLE": "x"}));
        assert_eq!(both(&portal, id, "UF_CRM_MANY", "ufCrmMany").0.as_array().unwrap().len(), 2);
    }
}

#[test]
fn defaults_and_mandatory_fields_hold_on_add() {
    for portal in portals("crm") {
        field(&portal, "TEXT", "string", json!({"SETTINGS": {"DEFAULT_VALUE": "hi"}}));
        field(&portal, "COUNT", "integer", json!({"SETTINGS": {"DEFAULT_VALUE": "7"}}));
        field(&portal, "TODAY", "date", json!({"SETTINGS": {"DEFAULT_VALUE": {"TYPE": "NOW"}}}));
        field(
            &portal,
            "DAY",
            "datetime",
            json!({"SETTINGS": {"DEFAULT_VALUE": {"TYPE": "FIXED", "VALUE": "2026-01-02"}}}),
        );
        field(&portal, "FLAG", "boolean", json!({"SETTINGS": {"DEFAULT_VALUE": 1}, "MULTIPLE": "Y"}));
        let id = deal(&portal, json!({"TITLE": "x", "UF_CRM_TEXT": ""}));
        let shown = portal.get("crm.deal.get", json!({"id": id}));
        assert_eq!(
            (&shown["UF_CRM_TEXT"], &shown["UF_CRM_COUNT"], &shown["UF_CRM_FLAG"]),
            (&json!(null), &json!("7"), &json!("1"))
        );
        assert_eq!(shown["UF_CRM_TODAY"], "2026-06-01T00:00:00+00:00");
        assert_eq!(shown["UF_CRM_DAY"], "2026-01-02T00:00:00+00:00");

        field(&portal, "MUST", "string", json!({"MANDATORY": "Y", "EDIT_FORM_LABEL": "Reason"}));
        let without = portal.refused("crm.deal.add", json!({"fields": {"TITLE": "x"}}));
        assert_eq!(without, (400, "ERROR_CORE".into(), "The field \"Reason\" is required.".into()));
        // What was there before may be changed without it, but not emptied.
        portal.get("crm.deal.update", json!({"id": id, "fields": {"TITLE": "y"}}));
        let emptied = portal.refused("crm.deal.update", json!({"id": id, "fields": {"UF_CRM_MUST": ""}}));
        assert_eq!(emptied.1, "ERROR_CORE");
    }
}

#[test]
fn masks_and_original_names_work() {
    for portal in portals("crm") {
        field(&portal, "NOTE", "string", json!({}));
        field(&portal, "1720019876534", "string", json!({}));
        let id = deal(&portal, json!({"TITLE": "x", "UF_CRM_NOTE": "n", "UF_CRM_1720019876534": "d"}));
        let only = portal.get("crm.deal.list", json!({"filter": {"ID": id}, "select": ["UF_*"]}));
        assert_eq!(only, json!([{"ID": id.to_string(), "UF_CRM_NOTE": "n", "UF_CRM_1720019876534": "d"}]));
        let without = portal.get("crm.deal.list", json!({"filter": {"ID": id}, "select": ["*"]}));
        assert_eq!(without[0].get("UF_CRM_NOTE"), None);
        assert_eq!(
            both(&portal, id, "UF_CRM_1720019876534", "ufCrm_1720019876534"),
            (json!("d"), json!("d"))
        );
        let original =
            json!({"entityTypeId": 2, "id": id, "useOriginalUfNames": "Y", "fields": {"UF_CRM_NOTE": "m"}});
        let item = portal.get("crm.item.update", original)["item"].clone();
        assert_eq!((&item["UF_CRM_NOTE"], item.get("ufCrmNote")), (&json!("m"), None));
        let sorted =
            json!({"entityTypeId": 2, "order": {"ufCrmNote": "DESC"}, "select": ["ufCrmNote"], "start": -1});
        assert_eq!(portal.get("crm.item.list", sorted)["items"][0]["ufCrmNote"], "m");
    }
}

#[test]
fn lists_of_fields_filter_sort_and_speak() {
    for portal in portals("crm") {
        field(&portal, "B", "string", json!({"LABEL": {"x": 1}, "SORT": 300, "MANDATORY": "Y"}));
        field(&portal, "A", "date", json!({"EDIT_FORM_LABEL": {"de": "Tag"}}));
        portal
            .get("crm.lead.userfield.add", json!({"fields": {"FIELD_NAME": "B", "USER_TYPE_ID": "string"}}));
        let names = |params: Value| -> Vec<Value> {
            let page = portal.page("crm.deal.userfield.list", params).unwrap();
            let rows = page.result.as_array().unwrap().clone();
            assert_eq!(page.total, Some(rows.len() as i64));
            rows.iter().map(|row| row["FIELD_NAME"].clone()).collect()
        };
        assert_eq!(names(json!({})), ["UF_CRM_A", "UF_CRM_B"]);
        assert_eq!(names(json!({"order": {"FIELD_NAME": "DESC"}})), ["UF_CRM_B", "UF_CRM_A"]);
        assert_eq!(names(json!({"filter": {"USER_TYPE_ID": "string", "MANDATORY": "Y"}})), ["UF_CRM_B"]);
        let german =
            portal.get("crm.deal.userfield.list", json!({"filter": {"LANG": "de", "USER_TYPE_ID": "date"}}));
        assert_eq!(
            (&german[0]["EDIT_FORM_LABEL"], &german[0]["LIST_COLUMN_LABEL"]),
            (&json!("Tag"), &json!(null))
        );
        assert_eq!(portal.get("crm.userfield.types", json!({})).as_array().unwrap().len(), 17);
        let settings = portal.get("crm.userfield.settings.fields", json!({"type": "double"}));
        assert_eq!(settings.as_object().unwrap().len(), 2);
        assert_eq!(portal.get("crm.userfield.settings.fields", json!({"type": "employee"})), json!([]));
        let typeless = portal.refused("crm.userfield.settings.fields", json!({}));
        assert_eq!(typeless, (400, String::new(), "Parameter 'type' is not specified or empty.".into()));
        assert_eq!(portal.get("crm.userfield.fields", json!({})).as_object().unwrap().len(), 19);
    }
}
