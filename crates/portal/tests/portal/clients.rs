//! What clients send to lists, `add` and `update`, and the documentation does not tell.

use serde_json::{Value as Json, json};

use testportal::Hook;

fn crm(text: &str) -> (u16, String, String) {
    (400, String::new(), text.to_owned())
}

/// The ids of a legacy list.
#[allow(clippy::needless_pass_by_value, reason = "reads well with json! at the call")]
fn ids(hook: &Hook, method: &str, filter: Json) -> Vec<i64> {
    let list = hook.get(method, json!({"filter": filter, "select": ["ID"]}));
    let id = |row: &Json| row["ID"].as_str().and_then(|id| id.parse().ok()).expect("a legacy id is digits");
    list.as_array().expect("a list").iter().map(id).collect()
}

#[allow(clippy::needless_pass_by_value, reason = "reads well with json! at the call")]
fn add(hook: &Hook, method: &str, fields: Json) -> Json {
    hook.get(method, json!({"fields": fields}))
}

#[test]
fn items_are_known_by_their_upper_names_too() {
    for portal in testportal::portals("crm") {
        let field = json!({"FIELD_NAME": "S1", "USER_TYPE_ID": "string"});
        add(&portal, "crm.deal.userfield.add", field);
        let call = |method: &str, mut params: Json| {
            params["entityTypeId"] = json!(2);
            portal.get(method, params)
        };
        for (title, name) in [("One", "UF_CRM_S1"), ("Two", "ufCRM_S1"), ("Three", "ufCrm_S1")] {
            let item = call("crm.item.add", json!({"fields": {"TITLE": title, name: title}}))["item"].clone();
            assert_eq!((&item["title"], &item["ufCrm_S1"]), (&json!(title), &json!(title)), "{name}");
        }
        let changed = call("crm.item.update", json!({"id": 1, "fields": {"OPPORTUNITY": 7}}));
        assert_eq!(changed["item"]["opportunity"], 7.0);

        let list = call(
            "crm.item.list",
            json!({"order": {"ID": "DESC"}, "filter": {">ID": 1}, "select": ["ID", "TITLE"]}),
        );
        assert_eq!(list["items"], json!([{"id": 3, "title": "Three"}, {"id": 2, "title": "Two"}]));
        for name in ["UF_CRM_S1", "uf_crm_s1", "ufcrm_s1", "UFCRM_S1"] {
            let question =
                json!({"filter": {format!("={name}"): "Two"}, "order": {name: "ASC"}, "select": [name]});
            let items = call("crm.item.list", question)["items"].clone();
            assert_eq!(items, json!([{"ufCrm_S1": "Two"}]), "{name} on {}", portal.engine);
        }
        let times =
            call("crm.item.list", json!({"order": {"CREATED_TIME": "DESC"}, "select": ["CREATED_TIME"]}));
        assert!(times["items"][0]["createdTime"].is_string(), "{times}");
        for name in ["DATE_CREATE", "Title", "NO_SUCH", "id_"] {
            for place in ["filter", "order"] {
                let params = json!({"entityTypeId": 2, place: {name: "ASC"}});
                let (_, code, text) = portal.refused("crm.item.list", params);
                assert_eq!(code, "INVALID_ARG_VALUE");
                assert!(text.contains(name), "{text}");
            }
        }
        let original = json!({"useOriginalUfNames": "Y", "order": {"ID": "ASC"}, "filter": {"uf_crm_s1": "One"}, "select": ["TITLE", "UF_CRM_S1"]});
        assert_eq!(call("crm.item.list", original)["items"], json!([{"title": "One", "UF_CRM_S1": "One"}]));
    }
}

#[test]
fn product_rows_and_pipelines_are_known_by_their_upper_names_too() {
    for portal in testportal::portals("crm") {
        let deal = add(&portal, "crm.deal.add", json!({"TITLE": "Chairs"}));
        let row = json!({"OWNER_ID": deal, "OWNER_TYPE": "D", "PRODUCT_NAME": "Chair", "PRICE": 80});
        let row = add(&portal, "crm.item.productrow.add", row)["productRow"].clone();
        assert_eq!((&row["productName"], &row["price"]), (&json!("Chair"), &json!(80)));
        let changed = json!({"id": row["id"], "fields": {"QUANTITY": 3}});
        assert_eq!(portal.get("crm.item.productrow.update", changed)["productRow"]["quantity"], 3);
        let rows = json!([{"ID": row["id"], "PRODUCT_NAME": "Stool"}, {"PRODUCT_NAME": "Desk"}]);
        let set = json!({"ownerId": deal, "ownerType": "D", "productRows": rows});
        let kept = portal.get("crm.item.productrow.set", set)["productRows"].clone();
        assert_eq!(
            (&kept[0]["id"], &kept[0]["productName"], &kept[1]["productName"]),
            (&row["id"], &json!("Stool"), &json!("Desk"))
        );
        let question = json!({"filter": {"=OWNER_TYPE": "D", "=OWNER_ID": deal, ">ID": row["id"]}, "order": {"ID": "DESC"}});
        let list = portal.get("crm.item.productrow.list", question)["productRows"].clone();
        assert_eq!((list.as_array().unwrap().len(), &list[0]["productName"]), (1, &json!("Desk")));
        let wrong = portal.refused("crm.item.productrow.list", json!({"filter": {"OWNER": 1}}));
        assert_eq!(wrong.1, "INVALID_ARG_VALUE");

        let pipeline = json!({"entityTypeId": 2, "fields": {"NAME": "Repairs", "SORT": 30}});
        let pipeline = portal.get("crm.category.add", pipeline)["category"].clone();
        assert_eq!((&pipeline["name"], &pipeline["sort"]), (&json!("Repairs"), &json!(30)));
    }
}

#[test]
fn legacy_lists_always_show_the_id() {
    for portal in testportal::portals("crm") {
        add(&portal, "crm.contact.add", json!({"NAME": "Ada", "PHONE": [{"VALUE": "1"}]}));
        let rows = |select: Json| portal.get("crm.contact.list", json!({"select": select}));
        assert_eq!(rows(json!(["NAME"])), json!([{"ID": "1", "NAME": "Ada"}]));
        assert_eq!(rows(json!(["NO_SUCH", "NOTHING"])), json!([{"ID": "1"}]));
        assert_eq!(rows(json!(["UF_*"])), json!([{"ID": "1"}]));
        assert_eq!(rows(json!(["phone", "Name"]))[0]["NAME"], "Ada");
        assert_eq!(rows(json!(["phone", "Name"]))[0]["PHONE"][0]["VALUE"], "1");
        let items = portal.get("crm.item.list", json!({"entityTypeId": 3, "select": ["name"]}));
        assert_eq!(items["items"], json!([{"name": "Ada"}]));
        let deal = add(&portal, "crm.deal.add", json!({"TITLE": "x"}));
        portal.get("crm.deal.productrows.set", json!({"id": deal, "rows": [{"PRODUCT_NAME": "Chair"}]}));
        let rows = portal.get("crm.productrow.list", json!({"select": ["product_name"]}));
        assert_eq!(rows, json!([{"ID": "1", "PRODUCT_NAME": "Chair"}]));
    }
}

#[test]
fn legacy_orders_take_any_case_and_no_third_direction() {
    for portal in testportal::portals("crm") {
        for title in ["B", "A", "C"] {
            add(&portal, "crm.company.add", json!({"TITLE": title}));
        }
        let titles = |order: Json| {
            let rows = portal.get("crm.company.list", json!({"order": order, "select": ["TITLE"]}));
            rows.as_array()
                .unwrap()
                .iter()
                .map(|row| row["TITLE"].as_str().unwrap().to_owned())
                .collect::<String>()
        };
        for (order, expected) in [
            (json!({"title": "asc"}), "ABC"),
            (json!({"Title": "Desc"}), "CBA"),
            (json!({"TITLE": "down"}), "CBA"),
            (json!({"TITLE": ""}), "CBA"),
            (json!({"TITLE": 1}), "CBA"),
            (json!([]), "BAC"),
            (json!(null), "BAC"),
        ] {
            assert_eq!(titles(order.clone()), expected, "{order} on {}", portal.engine);
        }
        // In a filter the case of a name counts.
        assert_eq!(ids(&portal, "crm.company.list", json!({"title": "A"})), [1, 2, 3]);
        for list in ["lead", "deal", "contact", "company", "status", "productrow", "lead.userfield"] {
            for name in ["order", "filter"] {
                let refused = portal.refused(&format!("crm.{list}.list"), json!({name: "ID"}));
                assert_eq!(refused, crm(&format!("Parameter '{name}' must be array.")), "{list}");
            }
        }
    }
}

#[test]
fn empty_values_ask_for_what_is_not_there() {
    for portal in testportal::portals("crm") {
        for (name, kind) in [
            ("TEXT", "string"),
            ("NUMBER", "integer"),
            ("DAY", "date"),
            ("FLAG", "boolean"),
            ("WHO", "employee"),
        ] {
            add(&portal, "crm.contact.userfield.add", json!({"FIELD_NAME": name, "USER_TYPE_ID": kind}));
        }
        let company = add(&portal, "crm.company.add", json!({"TITLE": "Berg & Co"}));
        let filled = json!({
            "NAME": "Ada", "POST": "Engineer", "COMPANY_ID": company, "BIRTHDATE": "1990-05-01", "UF_CRM_TEXT": "x",
            "UF_CRM_NUMBER": 5, "UF_CRM_DAY": "2026-01-02", "UF_CRM_FLAG": 1, "UF_CRM_WHO": 1, "ADDRESS_LOC_ADDR_ID": 3
        });
        add(&portal, "crm.contact.add", filled);
        add(&portal, "crm.contact.add", json!({"NAME": "Otto", "UF_CRM_NUMBER": 0, "UF_CRM_FLAG": 0}));
        for name in [
            "POST",
            "COMPANY_ID",
            "BIRTHDATE",
            "UF_CRM_TEXT",
            "UF_CRM_NUMBER",
            "UF_CRM_DAY",
            "UF_CRM_FLAG",
            "UF_CRM_WHO",
            "ADDRESS_LOC_ADDR_ID",
        ] {
            let counts = !["POST", "BIRTHDATE", "UF_CRM_TEXT", "UF_CRM_DAY"].contains(&name);
            let zeros = [json!(0), json!("0")];
            for value in
                [json!(false), json!(""), json!(null)].into_iter().chain(zeros.into_iter().filter(|_| counts))
            {
                let has = |prefix: &str| {
                    ids(&portal, "crm.contact.list", json!({format!("{prefix}{name}"): value}))
                };
                assert_eq!((has(""), has("=")), (vec![2], vec![2]), "{name} {value} on {}", portal.engine);
                assert_eq!((has("!"), has("!=")), (vec![1], vec![1]), "!{name} {value} on {}", portal.engine);
            }
        }
        assert_eq!(ids(&portal, "crm.contact.list", json!({"COMPANY_ID": [0, company]})), [1, 2]);
        assert_eq!(ids(&portal, "crm.contact.list", json!({"!COMPANY_ID": [0, 99]})), [1]);
        assert_eq!(ids(&portal, "crm.contact.list", json!({"OPENED": false})), [0; 0]);
        assert_eq!(ids(&portal, "crm.contact.list", json!({"ID": 0})), [0; 0]);
        let items = |filter: Json| {
            let list =
                portal.get("crm.item.list", json!({"entityTypeId": 3, "filter": filter, "select": ["id"]}));
            list["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["id"].as_i64().unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(items(json!({"companyId": 0})), [2]);
        assert_eq!(items(json!({"!companyIds": 0})), [1]);
        assert_eq!(items(json!({"companyIds": ""})), [2]);
        // The default pipeline has the number 0.
        add(&portal, "crm.deal.add", json!({"TITLE": "x"}));
        assert_eq!(ids(&portal, "crm.deal.list", json!({"CATEGORY_ID": 0})), [1]);
        assert_eq!(ids(&portal, "crm.deal.list", json!({"!CATEGORY_ID": 0})), [0; 0]);
    }
}

#[test]
fn parts_of_codes_are_not_looked_for() {
    for portal in testportal::portals("crm") {
        for number in 0..12 {
            let stage = if number % 2 == 0 { "NEW" } else { "IN_PROCESS" };
            add(&portal, "crm.lead.add", json!({"TITLE": "x", "STATUS_ID": stage}));
        }
        let leads = |filter: Json| ids(&portal, "crm.lead.list", filter);
        assert_eq!(leads(json!({"%ID": 1})), [1]);
        assert_eq!(leads(json!({"%STATUS_ID": "NEW"})).len(), 6);
        assert_eq!(leads(json!({"%STATUS_ID": "PROCESS"})), [0; 0]);
        assert_eq!(leads(json!({"!%STATUS_ID": "NEW"})).len(), 6);
        assert_eq!(leads(json!({"%ASSIGNED_BY_ID": "1"})).len(), 12);
        assert_eq!(leads(json!({"%ASSIGNED_BY_ID": ""})), [0; 0]);
    }
}

#[test]
fn phones_are_found_by_how_they_begin() {
    for portal in testportal::portals("crm") {
        for (name, phone, email) in
            [("Ada", "+79123456789", "Ada@Example.com"), ("Otto", "+7 495 1", "otto@example.com")]
        {
            let fields = json!({"NAME": name, "PHONE": [{"VALUE": phone}], "EMAIL": [{"VALUE": email}]});
            add(&portal, "crm.contact.add", fields);
        }
        add(&portal, "crm.contact.add", json!({"NAME": "Ines"}));
        add(&portal, "crm.lead.add", json!({"TITLE": "x", "PHONE": [{"VALUE": "+79123456789"}]}));
        for (filter, expected) in [
            (json!({"PHONE": "+79123456789"}), vec![1]),
            (json!({"PHONE": " +79123 "}), vec![1]),
            (json!({"PHONE": "+7"}), vec![1, 2]),
            (json!({"PHONE": "9123456789"}), vec![]),
            (json!({"PHONE": ["+7 495", "+79123456789"]}), vec![2]),
            (json!({"EMAIL": "ada@EXAMPLE"}), vec![1]),
            (json!({"EMAIL": "example.com"}), vec![]),
            (json!({"EMAIL": "%"}), vec![]),
            (json!({"PHONE": ""}), vec![1, 2, 3]),
            (json!({"PHONE": []}), vec![1, 2, 3]),
            (json!({"PHONE": [["+79123456789"]]}), vec![1, 2, 3]),
            (json!({"PHONE": {"VALUE": ""}}), vec![1, 2, 3]),
            (json!({"!PHONE": "+79123456789"}), vec![1, 2, 3]),
            (json!({"%PHONE": "9123"}), vec![1, 2, 3]),
            (json!({"=PHONE": "+79123456789"}), vec![1, 2, 3]),
            (json!({"PHONE": "+7", "NAME": "Otto"}), vec![2]),
        ] {
            assert_eq!(
                ids(&portal, "crm.contact.list", filter.clone()),
                expected,
                "{filter} on {}",
                portal.engine
            );
        }
    }
}

#[test]
fn add_and_update_need_no_fields() {
    for portal in testportal::portals("crm") {
        for (kind, number) in [("lead", 1), ("deal", 2), ("contact", 3), ("company", 4)] {
            let method = |verb: &str| format!("crm.{kind}.{verb}");
            for params in [json!({}), json!({"fields": {}}), json!({"fields": []}), json!({"fields": null})] {
                let id = portal.get(&method("add"), params.clone());
                let shown = portal.get(&method("get"), json!({"id": id}));
                let name = if kind == "contact" { "LAST_NAME" } else { "TITLE" };
                assert!(shown[name].as_str().unwrap().ends_with(&format!("#{id}")), "{shown}");
                assert_eq!(shown["ASSIGNED_BY_ID"], "1");
                let mut change = params.clone();
                change["id"] = id.clone();
                assert_eq!(
                    portal.get(&method("update"), change),
                    json!(true),
                    "{method} {params}",
                    method = method("update")
                );
                assert_eq!(portal.get(&method("get"), json!({"id": id}))[name], shown[name]);

                let mut item = params.clone();
                item["entityTypeId"] = json!(number);
                let added = portal.get("crm.item.add", item.clone())["item"].clone();
                item["id"] = added["id"].clone();
                assert_eq!(portal.get("crm.item.update", item)["item"]["createdTime"], added["createdTime"]);
            }
            for scalar in [json!("x"), json!(""), json!(7), json!(false)] {
                let refused = portal.refused(&method("add"), json!({"fields": scalar}));
                assert_eq!(refused, crm("Parameter 'fields' must be array."), "{scalar}");
                let item = portal.refused("crm.item.add", json!({"entityTypeId": number, "fields": scalar}));
                assert_eq!((item.0, item.1.as_str()), (400, "100"), "{scalar}");
            }
        }
    }
}

#[test]
fn older_clients_call_arrays_by_other_names() {
    for portal in testportal::portals("crm") {
        let id = portal.get("crm.deal.add", json!({"arFields": {"TITLE": "Chairs"}}));
        portal.get("crm.deal.add", json!({"arFields": {"TITLE": "Desks"}}));
        portal.get("crm.deal.update", json!({"ID": id, "arFields": {"COMMENTS": "called"}}));
        let question =
            json!({"arFilter": {"COMMENTS": "called"}, "arOrder": {"ID": "DESC"}, "arSelect": ["TITLE"]});
        assert_eq!(portal.get("crm.deal.list", question), json!([{"ID": id.to_string(), "TITLE": "Chairs"}]));
        let both =
            json!({"filter": {"TITLE": "Desks"}, "arFilter": {"TITLE": "Chairs"}, "select": ["TITLE"]});
        assert_eq!(portal.get("crm.deal.list", both)[0]["TITLE"], "Desks");
        let scalar = portal.refused("crm.deal.list", json!({"arFilter": "x"}));
        assert_eq!(scalar, crm("Parameter 'filter' must be array."));
        let entry = json!({"arFields": {"ENTITY_ID": "SOURCE", "STATUS_ID": "FAIR", "NAME": "Fair"}});
        assert!(portal.get("crm.status.add", entry).is_i64());
    }
}

/// `0[fields][TITLE]` names no parameter that the method knows, so each command adds a deal without fields.
#[test]
fn a_batch_of_misplaced_fields_makes_as_many_deals() {
    for portal in testportal::portals("crm") {
        let commands: Vec<String> =
            (0..10).map(|number| format!("crm.deal.add?0[fields][TITLE]=Deal {number}")).collect();
        let answer = portal.get("batch", json!({"halt": 0, "cmd": commands}));
        assert_eq!(answer["result"], json!((1..=10).collect::<Vec<i64>>()));
        assert_eq!(portal.get("crm.deal.get", json!({"id": 10}))["TITLE"], "Deal #10");
    }
}

#[test]
fn strict_refuses_what_the_real_system_does_not_take() {
    let mut settings = portal::settings::Settings::new("https://portal.test");
    (settings.strict, settings.strict_filters) = (true, true);
    for portal in testportal::portals_with("crm", settings) {
        for kind in ["deal", "contact"] {
            let field = json!({"FIELD_NAME": "FLAG", "USER_TYPE_ID": "boolean"});
            add(&portal, &format!("crm.{kind}.userfield.add"), field);
        }
        let contact = add(&portal, "crm.contact.add", json!({"NAME": "Ada"}));
        add(&portal, "crm.deal.add", json!({"TITLE": "x", "CONTACT_IDS": [contact], "UF_CRM_FLAG": "Y"}));
        let refused = |method: &str, params: Json| portal.refused(method, params).1;
        for filter in [
            json!({"CONTACT_IDS": 1}),
            json!({"><OPPORTUNITY": [1, 2]}),
            json!({"!><ID": [1, 2]}),
            json!({"UF_CRM_FLAG": "Y"}),
            json!({"UF_CRM_FLAG": ["1", "True"]}),
            json!({"NO_SUCH": 1}),
        ] {
            let code = refused("crm.deal.list", json!({"filter": filter}));
            assert_eq!(code, "ERROR_ARGUMENT", "{filter}");
        }
        assert_eq!(refused("crm.contact.list", json!({"filter": {"%PHONE": "1"}})), "ERROR_ARGUMENT");
        assert_eq!(refused("crm.deal.list", json!({"select": ["CONTACT_IDS"]})), "ERROR_ARGUMENT");
        assert_eq!(refused("crm.status.list", json!({"filter": {"NO_SUCH": 1}})), "ERROR_ARGUMENT");
        let item = |mut params: Json| {
            params["entityTypeId"] = json!(2);
            refused("crm.item.list", params)
        };
        assert_eq!(item(json!({"filter": {"ufCrmFlag": "Y"}})), "INVALID_ARG_VALUE");
        assert_eq!(
            item(json!({"filter": [{"logic": "OR", "0": {"ufCrmFlag": "True"}}]})),
            "INVALID_ARG_VALUE"
        );
        assert_eq!(item(json!({"useOriginalUfNames": "Y", "select": ["ufCrmFlag"]})), "INVALID_ARG_VALUE");
        assert_eq!(
            portal.refused("crm.contact.add", json!({"fields": {"POST": "x", "NAME": " "}})),
            crm("First or last name is required.")
        );
        assert_eq!(
            refused("crm.item.add", json!({"entityTypeId": 3, "fields": {}})),
            "CRM_FIELD_ERROR_REQUIRED"
        );
        assert_eq!(refused("event.offline.list", json!({})), "WRONG_AUTH_TYPE");

        // What is right passes.
        add(&portal, "crm.contact.add", json!({"LAST_NAME": "Berg"}));
        assert_eq!(ids(&portal, "crm.deal.list", json!({"UF_CRM_FLAG": 1, ">=ID": "1"})), [1]);
        let ranged = json!({"entityTypeId": 2, "filter": {"><id": [1, 2], "contactIds": contact, "ufCrmFlag": "1"}, "select": ["id"]});
        assert_eq!(portal.get("crm.item.list", ranged)["items"], json!([{"id": 1}]));
        let original =
            json!({"entityTypeId": 2, "useOriginalUfNames": "Y", "select": ["ID", "UF_CRM_FLAG", "*"]});
        assert_eq!(portal.get("crm.item.list", original)["items"][0]["UF_CRM_FLAG"], "Y");
        assert!(portal.get("crm.deal.userfield.list", json!({"filter": {"LANG": "en"}})).is_array());
    }
}
