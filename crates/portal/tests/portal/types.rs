//! Smart processes: types of items that people make at run time.

use serde_json::{Value, json};
use store::Tx;
use testportal::{Hook, input, portals};

/// Adds a type, and gives its number among items.
fn add(portal: &Hook, fields: &Value) -> Value {
    portal.get("crm.type.add", json!({"fields": fields}))["type"].clone()
}

/// A type with everything that changes what its items are.
fn whole(portal: &Hook) -> Value {
    let on = [
        "isCategoriesEnabled",
        "isStagesEnabled",
        "isBeginCloseDatesEnabled",
        "isClientEnabled",
        "isLinkWithProductsEnabled",
        "isMycompanyEnabled",
        "isSourceEnabled",
        "isObserversEnabled",
    ];
    let mut fields: serde_json::Map<String, Value> =
        on.iter().map(|name| ((*name).to_owned(), json!("Y"))).collect();
    fields.insert("title".into(), json!("Equipment"));
    fields.insert("relations".into(), json!({
        "parent": [{"entityTypeId": 2, "isChildrenListEnabled": "true"}, {"entityTypeId": 3}, {"entityTypeId": 99}],
        "child": [{"entityTypeId": 4, "isChildrenListEnabled": "Y"}],
    }));
    add(portal, &fields.into())
}

fn item(portal: &Hook, number: &Value, fields: Value) -> Value {
    let params = Value::from_iter([("entityTypeId", number.clone()), ("fields", fields)]);
    portal.get("crm.item.add", params)["item"].clone()
}

fn tables(portal: &Hook) -> Vec<String> {
    let core = portal.portal.core().clone();
    let job = move |tx: &mut Tx<'_>| {
        let sql = match tx.dialect() {
            store::Dialect::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND SUBSTR(name, 1, 11) = 'crm_dynamic'"
            }
            store::Dialect::Postgres => {
                "SELECT CAST(table_name AS TEXT) FROM information_schema.tables \
                 WHERE SUBSTR(table_name, 1, 11) = 'crm_dynamic' AND table_schema = current_schema()"
            }
        };
        let mut names = Vec::new();
        tx.query(sql, &[], |row| {
            names.push(row.text(0)?.to_owned());
            Ok(())
        })?;
        Ok::<_, portal::Error>(names)
    };
    core.store.read(job).wait().unwrap()
}

#[test]
fn a_type_is_made_read_changed_and_deleted() {
    for portal in portals("crm") {
        let made = whole(&portal);
        assert_eq!(
            (&made["id"], &made["entityTypeId"], &made["title"]),
            (&json!(1), &json!(1030), &json!("Equipment"))
        );
        assert_eq!((&made["isStagesEnabled"], &made["isDocumentsEnabled"]), (&json!("Y"), &json!("N")));
        assert_eq!((&made["isSetOpenPermissions"], &made["customSectionId"]), (&json!("Y"), &json!(null)));
        let one = |number: i64, listed: &str, predefined: &str| json!({"entityTypeId": number, "isChildrenListEnabled": listed, "isPredefined": predefined});
        let relations = json!({
            "parent": [one(3, "Y", "Y"), one(4, "Y", "Y"), one(2, "Y", "N")], "child": [one(4, "N", "N")],
        });
        assert_eq!(made["relations"], relations);
        assert_eq!(portal.get("crm.type.get", json!({"id": 1}))["type"], made);
        assert_eq!(portal.get("crm.type.getByEntityTypeId", json!({"entityTypeId": 1030}))["type"], made);
        let page = portal.page("crm.type.list", json!({"filter": {"isClientEnabled": "Y"}})).unwrap();
        assert_eq!((page.total, page.result["types"][0].get("relations")), (Some(1), None));
        let refused = portal.refused("crm.type.list", json!({"order": {"nothing": "ASC"}}));
        assert_eq!(refused.1, "INVALID_ARG_VALUE");

        let linked =
            json!({"isUseInUserfieldEnabled": "Y", "linkedUserFields": {"TASKS_TASK|UF_CRM_TASK": "true"}});
        let changed = portal.get("crm.type.update", json!({"id": 1, "fields": linked}))["type"].clone();
        assert_eq!(changed["linkedUserFields"]["TASKS_TASK|UF_CRM_TASK"], "Y");
        assert_eq!((&changed["title"], &changed["relations"]), (&json!("Equipment"), &relations));
        let none = json!({"id": 1, "fields": {"relations": {}}});
        assert_eq!(portal.get("crm.type.update", none)["type"]["relations"]["child"], json!([]));

        assert_eq!(tables(&portal), ["crm_dynamic_1030"]);
        let id = item(&portal, &json!(1030), json!({"title": "Drill"}))["id"].clone();
        let full = (400, "BX_ERROR".into(), "You cannot delete an entity type that has elements".into());
        assert_eq!(portal.refused("crm.type.delete", json!({"id": 1})), full);
        portal.get("crm.item.delete", json!({"entityTypeId": 1030, "id": id}));
        assert_eq!(portal.get("crm.type.delete", json!({"id": 1})), json!([]));
        assert!(tables(&portal).is_empty());
        assert_eq!(
            portal.refused("crm.type.get", json!({"id": 1})),
            (400, "0".into(), "SPA not found".into())
        );
        assert_eq!(portal.refused("crm.item.list", json!({"entityTypeId": 1030})).2, "SPA not found");
        let left = portal.get("crm.status.list", json!({"filter": {"ENTITY_ID": "DYNAMIC_1030_STAGE_1"}}));
        assert_eq!(left, json!([]));
        // A number does not come again by itself.
        assert_eq!(add(&portal, &json!({"title": "Again"}))["entityTypeId"], 1032);
    }
}

#[test]
fn numbers_are_free_to_choose_within_bounds() {
    for portal in portals("crm") {
        for number in [128, 191, 2024] {
            assert_eq!(add(&portal, &json!({"title": "x", "entityTypeId": number}))["entityTypeId"], number);
        }
        for number in [0, 2, 127, 192, 1028, 1031, 4_000_000_000_i64] {
            let refused =
                portal.refused("crm.type.add", json!({"fields": {"title": "x", "entityTypeId": number}}));
            assert_eq!(
                refused,
                (400, "INVALID_ARG_VALUE".into(), "entityTypeId is out of allowed range".into()),
                "{number}"
            );
        }
        let taken = portal.refused("crm.type.add", json!({"fields": {"title": "x", "entityTypeId": 2024}}));
        assert_eq!(taken.1, "INVALID_ARG_VALUE");
        let nameless = portal.refused("crm.type.add", json!({"fields": {"isStagesEnabled": "Y"}}));
        assert_eq!(nameless.1, "BX_EMPTY_REQUIRED");
        assert_eq!(add(&portal, &json!({"title": "x"}))["entityTypeId"], 2026);
        for _ in 4..64 {
            add(&portal, &json!({"title": "x"}));
        }
        let refused = portal.refused("crm.type.add", json!({"fields": {"title": "x"}}));
        assert_eq!(
            refused,
            (400, "CREATE_DYNAMIC_TYPE_RESTRICTED".into(), "Maximum number of SPAs exceeded".into())
        );
    }
}

#[test]
fn items_have_what_the_switches_of_their_type_say() {
    for portal in portals("crm") {
        let bare = add(&portal, &json!({"title": "Bare"}))["entityTypeId"].clone();
        let all = whole(&portal)["entityTypeId"].clone();
        let of =
            |number: &Value| portal.get("crm.item.fields", json!({"entityTypeId": number}))["fields"].clone();
        let (few, many) = (of(&bare), of(&all));
        for name in [
            "stageId",
            "companyId",
            "contactIds",
            "opportunity",
            "mycompanyId",
            "sourceId",
            "observers",
            "begindate",
        ] {
            assert!(few.get(name).is_none() && many.get(name).is_some(), "{name}");
        }
        assert_eq!(many["stageId"]["statusType"], "DYNAMIC_1032_STAGE_3");
        let own = json!({"isMyCompany": true, "parentEntityTypeId": 4, "isEmbeddedEditorEnabled": true});
        assert_eq!(many["mycompanyId"]["settings"], own);
        assert_eq!(
            (&many["parentId2"]["type"], &many["parentId2"]["settings"]),
            (&json!("crm_entity"), &json!({"parentEntityTypeId": 2}))
        );
        let shown = item(&portal, &bare, json!({"stageId": "DT1030_2:CLIENT", "opportunity": 5}));
        assert_eq!(
            (&shown["title"], &shown["entityTypeId"], shown.get("stageId")),
            (&json!("Bare #1"), &bare, None)
        );

        // What was kept while it was off is there again.
        portal.get("crm.type.update", json!({"id": 1, "fields": {"isStagesEnabled": "Y"}}));
        let seen = portal.get("crm.item.get", json!({"entityTypeId": bare, "id": 1}))["item"].clone();
        assert_eq!(seen["stageId"], "DT1030_2:NEW");
        let moved = json!({"entityTypeId": bare, "id": 1, "fields": {"stageId": "DT1030_2:SUCCESS"}});
        portal.get("crm.item.update", moved);
        portal.get("crm.type.update", json!({"id": 1, "fields": {"isStagesEnabled": "N"}}));
        portal.get("crm.type.update", json!({"id": 1, "fields": {"isStagesEnabled": "Y"}}));
        let seen = portal.get("crm.item.get", json!({"entityTypeId": bare, "id": 1}))["item"].clone();
        assert_eq!(
            (&seen["stageId"], &seen["previousStageId"]),
            (&json!("DT1030_2:SUCCESS"), &json!("DT1030_2:NEW"))
        );
    }
}

#[test]
fn items_are_what_deals_are() {
    for portal in portals("crm") {
        let all = whole(&portal)["entityTypeId"].clone();
        let contact = portal.get("crm.contact.add", json!({"fields": {"NAME": "Ada"}}));
        let company = portal.get("crm.company.add", json!({"fields": {"TITLE": "Acme"}}));
        let deal = portal.get("crm.deal.add", json!({"fields": {"TITLE": "Big"}}));
        let given = json!({
            "title": "Drill", "contactIds": [contact], "companyId": company, "parentId2": deal, "observers": [1],
            "begindate": "2026-05-01", "sourceId": "WEB", "currencyId": "USD", "xmlId": "D-1",
        });
        let made = item(&portal, &all, given);
        assert_eq!(
            (&made["contactId"], &made["contactIds"], &made["companyId"]),
            (&contact, &json!([contact]), &company)
        );
        assert_eq!(
            (&made["parentId2"], &made["observers"], &made["xmlId"]),
            (&deal, &json!([1]), &json!("D-1"))
        );
        assert_eq!((&made["stageId"], &made["categoryId"]), (&json!("DT1030_2:NEW"), &json!(2)));

        let row = json!({"ownerId": made["id"], "ownerType": "T406", "productName": "Bit", "price": 40, "quantity": 2});
        portal.get("crm.item.productrow.add", json!({"fields": row}));
        let found = portal.page("crm.item.list", json!({
            "entityTypeId": all, "filter": {"contactId": contact, "parentId2": deal, ">opportunity": 79, "stageId": "DT1030_2:NEW"},
        })).unwrap();
        assert_eq!((found.total, &found.result["items"][0]["opportunity"]), (Some(1), &json!(80)));

        let comment = json!({"ENTITY_ID": made["id"], "ENTITY_TYPE": "dynamic_1030", "COMMENT": "Sharp"});
        portal.get("crm.timeline.comment.add", json!({"fields": comment}));
        portal.get("crm.activity.todo.add", json!({"ownerTypeId": all, "ownerId": made["id"], "deadline": "2026-07-01T10:00:00", "title": "Check"}));
        let moved = json!({"entityTypeId": all, "id": made["id"], "fields": {"stageId": "DT1030_2:FAIL"}});
        portal.get("crm.item.update", moved);
        let history =
            portal.get("crm.stagehistory.list", json!({"entityTypeId": all, "order": {"ID": "ASC"}}));
        let stages: Vec<&Value> =
            history["items"].as_array().unwrap().iter().map(|row| &row["STAGE_ID"]).collect();
        assert_eq!(stages, ["DT1030_2:NEW", "DT1030_2:FAIL"]);
        assert_eq!(history["items"][1]["STAGE_SEMANTIC_ID"], "F");

        // A company stands under it, by the name that legacy methods have for it.
        portal.get("crm.company.update", json!({"id": company, "fields": {"PARENT_ID_1030": made["id"]}}));
        let below = portal
            .get("crm.company.list", json!({"filter": {"PARENT_ID_1030": made["id"]}, "select": ["ID"]}));
        assert_eq!(below[0]["ID"], company.to_string());
        portal.get("crm.item.delete", json!({"entityTypeId": all, "id": made["id"]}));
        assert_eq!(portal.get("crm.company.get", json!({"id": company}))["PARENT_ID_1030"], json!(null));
        portal.get("crm.deal.delete", json!({"id": deal}));
        assert_eq!(portal.get("crm.stagehistory.list", json!({"entityTypeId": all}))["items"], json!([]));
    }
}

#[test]
fn pipelines_of_a_type_are_its_own() {
    for portal in portals("crm") {
        let all = whole(&portal)["entityTypeId"].clone();
        let one = add(&portal, &json!({"title": "One", "isStagesEnabled": "Y"}))["entityTypeId"].clone();
        let second = json!({"entityTypeId": all, "fields": {"name": "Rental"}});
        let made = portal.get("crm.category.add", second)["category"].clone();
        assert_eq!((&made["entityTypeId"], &made["isDefault"]), (&all, &json!("N")));
        let listed = portal.page("crm.category.list", json!({"entityTypeId": all})).unwrap();
        assert_eq!(listed.total, Some(2));
        assert_eq!(portal.page("crm.category.list", json!({"entityTypeId": one})).unwrap().total, Some(1));
        let refused =
            portal.refused("crm.category.add", json!({"entityTypeId": one, "fields": {"name": "x"}}));
        assert_eq!(refused.1, "ENTITY_TYPE_NOT_SUPPORTED");
        let foreign = portal.refused("crm.category.get", json!({"entityTypeId": 2, "id": made["id"]}));
        assert_eq!(foreign.1, "NOT_FOUND");

        let dictionary = format!("DYNAMIC_1030_STAGE_{}", made["id"]);
        let stages = portal
            .get("crm.status.list", json!({"filter": {"ENTITY_ID": dictionary}, "order": {"SORT": "ASC"}}));
        let codes: Vec<&str> =
            stages.as_array().unwrap().iter().map(|stage| stage["STATUS_ID"].as_str().unwrap()).collect();
        let expected = ["NEW", "PREPARATION", "CLIENT", "SUCCESS", "FAIL"]
            .map(|code| format!("DT1030_{}:{code}", made["id"]));
        assert_eq!(codes, expected);
        let types = portal.get("crm.status.entity.types", json!({}));
        let own =
            types.as_array().unwrap().iter().find(|one| one["ID"] == dictionary.as_str()).unwrap().clone();
        assert_eq!((&own["NAME"], &own["CATEGORY_ID"]), (&json!("Equipment (Rental)"), &made["id"]));

        let placed = item(&portal, &all, json!({"categoryId": made["id"]}));
        assert_eq!(placed["stageId"], expected[0]);
        let by_stage = item(&portal, &all, json!({"stageId": expected[2]}));
        assert_eq!((&by_stage["categoryId"], &by_stage["stageId"]), (&made["id"], &json!(expected[2])));
        let in_use = portal.refused("crm.category.delete", json!({"entityTypeId": all, "id": made["id"]}));
        assert_eq!(in_use, (400, "BX_ERROR".into(), "Elements related to the funnel found".into()));
        portal.get(
            "crm.category.update",
            json!({"entityTypeId": all, "id": made["id"], "fields": {"isDefault": "Y"}}),
        );
        let still =
            portal.get("crm.category.get", json!({"entityTypeId": 2, "id": 0}))["category"]["isDefault"]
                .clone();
        assert_eq!(still, "Y");
        assert_eq!(item(&portal, &all, json!({}))["categoryId"], made["id"]);
    }
}

#[test]
fn events_are_told_of_all_and_of_one_type() {
    for portal in portals("crm") {
        let all = whole(&portal)["entityTypeId"].clone();
        let other = add(&portal, &json!({"title": "Other"}))["entityTypeId"].clone();
        let common =
            portal.told(input(&["ONCRMDYNAMICITEMADD", "ONCRMDYNAMICITEMUPDATE", "ONCRMDYNAMICITEMDELETE"]));
        let own = portal.told(input(&[
            "ONCRMDYNAMICITEMADD_1030",
            "ONCRMDYNAMICITEMUPDATE_1030",
            "ONCRMDYNAMICITEMDELETE_1030",
        ]));
        item(&portal, &other, json!({"title": "x"}));
        let id = item(&portal, &all, json!({"title": "x"}))["id"].clone();
        portal.get("crm.item.update", json!({"entityTypeId": all, "id": id, "fields": {"title": "y"}}));
        portal.get("crm.item.delete", json!({"entityTypeId": all, "id": id}));
        let data = |number: &str| json!({"FIELDS": {"ID": "1", "ENTITY_TYPE_ID": number}});
        let told = |name: &str, number: &str| (format!("ONCRMDYNAMICITEM{name}"), data(number));
        assert_eq!(
            portal.raised(common),
            [told("ADD", "1032"), told("ADD", "1030"), told("UPDATE", "1030"), told("DELETE", "1030")]
        );
        assert_eq!(
            portal.raised(own),
            [told("ADD_1030", "1030"), told("UPDATE_1030", "1030"), told("DELETE_1030", "1030")]
        );
    }
}

#[test]
fn a_type_is_there_for_whom_its_items_are() {
    for portal in portals("crm") {
        let open = add(&portal, &json!({"title": "Open"}))["entityTypeId"].clone();
        let closed =
            add(&portal, &json!({"title": "Closed", "isSetOpenPermissions": "N"}))["entityTypeId"].clone();
        let employee = portal.employee("otto@example.com", "crm");
        assert_eq!(employee.get("crm.type.get", json!({"id": 1}))["type"]["entityTypeId"], open);
        assert_eq!(employee.refused("crm.type.get", json!({"id": 2})).1, "ACCESS_DENIED");
        assert_eq!(
            employee.refused("crm.type.getByEntityTypeId", json!({"entityTypeId": closed})).1,
            "ACCESS_DENIED"
        );
        for (method, params) in [
            ("crm.type.list", json!({})),
            ("crm.type.fields", json!({})),
            ("crm.type.add", json!({"fields": {"title": "x"}})),
            ("crm.type.update", json!({"id": 1, "fields": {"title": "x"}})),
            ("crm.type.delete", json!({"id": 1})),
            ("crm.automatedsolution.list", json!({})),
            ("crm.automatedsolution.add", json!({"fields": {"title": "x"}})),
        ] {
            assert_eq!(employee.refused(method, params).1, "ACCESS_DENIED", "{method}");
        }
        item(&portal, &closed, json!({"title": "Secret", "assignedById": employee.user}));
        assert_eq!(employee.page("crm.item.list", json!({"entityTypeId": closed})).unwrap().total, Some(0));
        assert_eq!(
            employee.refused("crm.item.get", json!({"entityTypeId": closed, "id": 1})).1,
            "ACCESS_DENIED"
        );
        assert_eq!(
            employee.refused("crm.item.add", json!({"entityTypeId": closed, "fields": {}})).1,
            "ACCESS_DENIED"
        );
        item(&employee, &open, json!({"title": "Mine"}));
    }
}

#[test]
fn what_fails_half_way_leaves_nothing() {
    for portal in portals("crm") {
        let cmd = json!({
            "type": "crm.type.add?fields[title]=x",
            "item": "crm.item.add?entityTypeId=$result[type][type][entityTypeId]&fields[title]=y",
            "broken": "crm.item.add?entityTypeId=77",
        });
        let answer = portal.get("batch", json!({"cmd": cmd, "halt": 1}));
        assert_eq!(answer["result"]["item"]["item"]["title"], "y");
        let before = tables(&portal);
        assert_eq!(before, ["crm_dynamic_1030"]);
        let refused = portal.refused("crm.type.add", json!({"fields": {"title": "y", "customSectionId": 9}}));
        assert_eq!(refused, (400, "0".into(), "Select a workplace where the SPA will be located".into()));
        assert_eq!(
            (tables(&portal), portal.page("crm.type.list", json!({})).unwrap().total),
            (before, Some(1))
        );
    }
}

#[test]
fn types_outlive_the_process_and_reach_other_nodes() {
    for portal in portals("crm") {
        let all = whole(&portal)["entityTypeId"].clone();
        item(&portal, &all, json!({"title": "Drill"}));
        if portal.engine == "postgres" {
            let node = portal.another_node();
            assert_eq!(node.page("crm.item.list", json!({"entityTypeId": all})).unwrap().total, Some(1));
            let later = add(&node, &json!({"title": "Later"}))["entityTypeId"].clone();
            assert_eq!(item(&portal, &later, json!({}))["title"], "Later #1");
            node.get("crm.item.delete", json!({"entityTypeId": later, "id": 1}));
            node.get("crm.type.delete", json!({"id": 2}));
            assert_eq!(portal.refused("crm.item.list", json!({"entityTypeId": later})).1, "NOT_FOUND");
        }
        let portal = portal.reopened();
        let shown = portal.get("crm.item.get", json!({"entityTypeId": all, "id": 1}));
        assert_eq!(shown["item"]["stageId"], "DT1030_2:NEW");
        assert_eq!(portal.get("crm.company.fields", json!({}))["PARENT_ID_1030"]["type"], "crm_entity");
    }
}

#[test]
fn workplaces_gather_types() {
    for portal in portals("crm") {
        for title in ["A", "B", "C"] {
            add(&portal, &json!({"title": title}));
        }
        let made =
            portal.get("crm.automatedsolution.add", json!({"fields": {"title": "HR", "typeIds": [1, 2, 9]}}));
        assert_eq!(made["automatedSolution"], json!({"id": 1, "title": "HR", "typeIds": [1, 2]}));
        let sections = portal.get("crm.type.get", json!({"id": 2}))["type"].clone();
        assert_eq!(
            (&sections["customSectionId"], &sections["customSections"][0]["isSelected"]),
            (&json!(1), &json!(true))
        );
        portal.get("crm.automatedsolution.add", json!({"fields": {"title": "R&D", "typeIds": [2]}}));
        let list = portal
            .page(
                "crm.automatedsolution.list",
                json!({"filter": {"0": {"logic": "OR", "0": {"%=title": "HR%"}, "1": {"title": "R&D"}}}}),
            )
            .unwrap();
        assert_eq!(list.total, Some(2));
        assert_eq!(
            (
                &list.result["automatedSolutions"][0]["typeIds"],
                &list.result["automatedSolutions"][1]["typeIds"]
            ),
            (&json!([1]), &json!([2]))
        );
        let bound = portal.refused("crm.automatedsolution.delete", json!({"id": 2}));
        assert_eq!(bound.1, "HAS_BOUND_TYPES");
        let emptied = portal.get("crm.automatedsolution.update", json!({"id": 2, "fields": {"typeIds": []}}));
        assert_eq!(emptied["automatedSolution"], json!({"id": 2, "title": "R&D", "typeIds": []}));
        assert_eq!(portal.get("crm.automatedsolution.delete", json!({"id": 2})), json!(null));
        assert_eq!(portal.refused("crm.automatedsolution.get", json!({"id": 2})).1, "NOT_FOUND");
        assert_eq!(
            portal.refused("crm.automatedsolution.update", json!({"id": 1, "fields": {"title": " "}})).1,
            "BX_EMPTY_REQUIRED"
        );
    }
}
