//! Activities: their fields, bindings and communications, to-dos, who may see them, and what follows from them.

#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "reads well with json! at the call")]

use serde_json::{Value as Json, json};

use testportal::{Bench, Hook, NOW, input, portals};

/// Adds an item and gives its id.
fn item(bench: &Hook, kind: &str) -> i64 {
    let fields = json!({"TITLE": "Item", "NAME": "Ada", "LAST_NAME": "Berg"});
    bench.get(&format!("crm.{kind}.add"), json!({"fields": fields})).as_i64().unwrap()
}

/// The fields of a call with a contact, about a deal.
fn call(deal: i64, contact: i64) -> Json {
    json!({
        "OWNER_TYPE_ID": 2, "OWNER_ID": deal, "TYPE_ID": 2, "SUBJECT": "Call", "RESPONSIBLE_ID": 1,
        "COMMUNICATIONS": [{"VALUE": "+4930111", "ENTITY_ID": contact, "ENTITY_TYPE_ID": 3}], "DIRECTION": 2,
    })
}

fn meeting(type_id: i64, owner: i64) -> Json {
    json!({"OWNER_TYPE_ID": type_id, "OWNER_ID": owner, "TYPE_ID": 1, "SUBJECT": "Meeting", "RESPONSIBLE_ID": 1})
}

fn with(mut fields: Json, more: Json) -> Json {
    fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    fields
}

fn add(bench: &Hook, fields: Json) -> i64 {
    bench.get("crm.activity.add", json!({"fields": fields})).as_i64().unwrap()
}

fn get(bench: &Hook, id: i64) -> Json {
    bench.get("crm.activity.get", json!({"id": id}))
}

fn ids(bench: &Hook, params: Json) -> Vec<i64> {
    let rows = bench.get("crm.activity.list", params);
    rows.as_array().unwrap().iter().map(|row| row["ID"].as_str().unwrap().parse().unwrap()).collect()
}

/// Takes all rights of roles away.
fn nobody_may(bench: &Bench) {
    bench.write(|tx| {
        tx.execute("DELETE FROM crm_role_permission", &[])?;
        portal::meta::Meta::outdate(tx)
    });
}

#[test]
fn a_call_is_shown_as_the_documentation_shows_it() {
    for bench in portals("crm") {
        let (deal, contact) = (item(&bench, "deal"), item(&bench, "contact"));
        let times =
            json!({"START_TIME": "2026-06-03T10:00:00+00:00", "END_TIME": "2026-06-03T10:30:00+00:00"});
        let id = add(&bench, with(call(deal, contact), times));
        let shown = get(&bench, id);
        let expected = json!({
            "ID": id.to_string(), "OWNER_ID": deal.to_string(), "OWNER_TYPE_ID": "2", "TYPE_ID": "2",
            "PROVIDER_ID": "VOXIMPLANT_CALL", "PROVIDER_TYPE_ID": "CALL", "PROVIDER_GROUP_ID": null,
            "ASSOCIATED_ENTITY_ID": "0", "SUBJECT": "Call", "CREATED": "2026-06-01T12:00:00+00:00",
            "LAST_UPDATED": "2026-06-01T12:00:00+00:00", "START_TIME": "2026-06-03T10:00:00+00:00",
            "END_TIME": "2026-06-03T10:30:00+00:00", "DEADLINE": "2026-06-03T10:00:00+00:00", "COMPLETED": "N",
            "STATUS": "1", "RESPONSIBLE_ID": "1", "PRIORITY": "2", "NOTIFY_TYPE": "0", "NOTIFY_VALUE": "0",
            "DESCRIPTION": "", "DESCRIPTION_TYPE": "1", "DIRECTION": "2", "LOCATION": "", "SETTINGS": [],
            "ORIGINATOR_ID": null, "ORIGIN_ID": null, "ORIGIN_VERSION": null, "AUTHOR_ID": "1", "EDITOR_ID": "1",
            "PROVIDER_PARAMS": [], "PROVIDER_DATA": null, "RESULT_MARK": "0", "RESULT_VALUE": null,
            "RESULT_SUM": null, "RESULT_CURRENCY_ID": null, "RESULT_STATUS": "0", "RESULT_STREAM": "0",
            "RESULT_SOURCE_ID": null, "AUTOCOMPLETE_RULE": "0",
        });
        assert_eq!(shown, expected, "and neither files nor communications");
        let page = bench.page("crm.activity.list", json!({"filter": {"OWNER_ID": deal}})).unwrap();
        assert_eq!((page.result, page.total, page.next), (json!([expected]), Some(1), None));
    }
}

#[test]
fn lists_show_more_only_where_it_is_selected() {
    for bench in portals("crm") {
        let (deal, contact) = (item(&bench, "deal"), item(&bench, "contact"));
        let files = json!({"FILES": [{"fileData": ["a.txt", "aGVsbG8="]}]});
        let id = add(&bench, with(call(deal, contact), files));
        let select = json!(["COMMUNICATIONS", "BINDINGS", "FILES"]);
        let row = bench.get("crm.activity.list", json!({"select": select}))[0].clone();
        let one = &row["COMMUNICATIONS"][0];
        assert_eq!(one["ACTIVITY_ID"], id.to_string());
        assert_eq!((&one["TYPE"], &one["VALUE"]), (&json!("PHONE"), &json!("+4930111")));
        assert_eq!((&one["ENTITY_ID"], &one["ENTITY_TYPE_ID"]), (&json!(contact.to_string()), &json!("3")));
        assert_eq!(
            (&one["ENTITY_SETTINGS"]["NAME"], &one["ENTITY_SETTINGS"]["LAST_NAME"]),
            (&json!("Ada"), &json!("Berg"))
        );
        let bound = json!([
            {"OWNER_ID": deal.to_string(), "OWNER_TYPE_ID": "2"},
            {"OWNER_ID": contact.to_string(), "OWNER_TYPE_ID": "3"},
        ]);
        assert_eq!(row["BINDINGS"], bound);
        assert!(row["FILES"][0]["url"].as_str().unwrap().contains("/rest/download/"));
        assert_eq!(row.as_object().unwrap().len(), 4, "the id comes along");
        let shown = get(&bench, id);
        assert_eq!(shown["FILES"][0]["id"], row["FILES"][0]["id"]);
        let all = bench.get("crm.activity.list", json!({"select": ["*", "STORAGE_ELEMENT_IDS"]}))[0].clone();
        assert_eq!((all["FILES"].as_array().unwrap().len(), all["SUBJECT"].as_str()), (1, Some("Call")));
        assert!(all.get("COMMUNICATIONS").is_none());
        // Files are kept by their numbers, or go.
        let keep = |files: Json| {
            bench.get("crm.activity.update", json!({"id": id, "fields": {"FILES": files}}));
            get(&bench, id)["FILES"].clone()
        };
        assert_eq!(keep(json!([shown["FILES"][0]["id"]])).as_array().unwrap().len(), 1);
        assert_eq!(keep(json!([])), Json::Null);
        let left = bench.read(|tx| Ok(tx.one("SELECT COUNT(*) FROM portal_file", &[], |row| row.int(0))?));
        assert_eq!(left, Some(0));
    }
}

#[test]
fn what_is_missing_has_its_documented_refusal() {
    for bench in portals("crm") {
        let (deal, contact) = (item(&bench, "deal"), item(&bench, "contact"));
        let refused = |more: Json| {
            let (status, code, text) =
                bench.refused("crm.activity.add", json!({"fields": with(call(deal, contact), more)}));
            assert_eq!((status, code.as_str()), (400, ""));
            text
        };
        assert_eq!(refused(json!({"SUBJECT": ""})), "The field SUBJECT is not defined or empty");
        for nobody in [json!(0), json!("x"), json!(99)] {
            let text = refused(json!({"RESPONSIBLE_ID": nobody}));
            assert_eq!(text, "The field RESPONSIBLE_ID is not defined or invalid");
        }
        for type_id in [json!(""), json!(0), json!(7), json!("call")] {
            assert_eq!(refused(json!({"TYPE_ID": type_id})), "The field TYPE_ID is not defined or invalid");
        }
        for type_id in [3, 5] {
            assert!(refused(json!({"TYPE_ID": type_id})).ends_with("is not supported in current context"));
        }
        for none in [json!([]), json!(""), json!([{"VALUE": ""}])] {
            let text = refused(json!({"COMMUNICATIONS": none}));
            assert_eq!(text, "The field COMMUNICATIONS is not defined or invalid");
        }
        let two = json!({"COMMUNICATIONS": [{"VALUE": "1"}, {"VALUE": "2"}]});
        assert_eq!(refused(two), "The only one communication is allowed for activity of specified type");
        let unbound =
            "Could not build binding. Please ensure that owner info and communications are defined correctly";
        for owner in [json!({"OWNER_ID": 99}), json!({"OWNER_TYPE_ID": 77}), json!({"OWNER_ID": 0})] {
            assert_eq!(refused(owner), unbound);
        }
        let nowhere = json!({"OWNER_ID": "", "OWNER_TYPE_ID": "", "COMMUNICATIONS": [{"VALUE": "1"}]});
        assert_eq!(refused(nowhere), unbound);
        let provided = |provider: &str| refused(json!({"TYPE_ID": 6, "PROVIDER_ID": provider}));
        assert_eq!(provided(""), "The custom activity without provider is not supported in current context");
        assert_eq!(provided("REST_APP"), "Application context required");
        assert_eq!(
            provided("CONFIGURABLE_REST_APP"),
            "Use crm.activity.configurable.add for this activity provider"
        );
        for method in ["get", "delete"] {
            let method = format!("crm.activity.{method}");
            assert_eq!(bench.refused(&method, json!({"id": 99})).2, "Activity is not found");
            assert_eq!(bench.refused(&method, json!({"id": "x"})).2, "ID is not defined or invalid.");
        }
        let id = add(&bench, call(deal, contact));
        let change =
            |fields: Json| bench.refused("crm.activity.update", json!({"id": id, "fields": fields})).2;
        assert_eq!(change(json!({"SUBJECT": ""})), "The field SUBJECT is not defined or empty");
        assert_eq!(
            change(json!({"RESPONSIBLE_ID": 0})),
            "The field RESPONSIBLE_ID is not defined or invalid"
        );
        assert_eq!(
            change(json!({"COMMUNICATIONS": []})),
            "The field COMMUNICATIONS is not defined or invalid"
        );
        assert_eq!(change(json!({"PROVIDER_ID": "REST_APP"})), "Application context required");
    }
}

#[test]
fn the_owner_may_follow_from_whom_it_is_with() {
    for bench in portals("crm") {
        let contact = item(&bench, "contact");
        let fields = with(call(0, contact), json!({"OWNER_ID": null, "OWNER_TYPE_ID": null}));
        let shown = get(&bench, add(&bench, fields));
        assert_eq!((&shown["OWNER_TYPE_ID"], &shown["OWNER_ID"]), (&json!("3"), &json!(contact.to_string())));
        // Bindings come from the owner, from whom it is with, and as they are given.
        let (deal, lead) = (item(&bench, "deal"), item(&bench, "lead"));
        let more = json!({"BINDINGS": [{"OWNER_TYPE_ID": 1, "OWNER_ID": lead}]});
        let id = add(&bench, with(call(deal, contact), more));
        let bound = bench.get("crm.activity.binding.list", json!({"activityId": id}));
        assert_eq!(
            bound,
            json!([
                {"entityTypeId": 1, "entityId": lead},
                {"entityTypeId": 2, "entityId": deal},
                {"entityTypeId": 3, "entityId": contact},
            ])
        );
    }
}

#[test]
fn deadline_and_status_follow_from_what_is_given() {
    for bench in portals("crm") {
        let deal = item(&bench, "deal");
        let id = add(&bench, meeting(2, deal));
        let shown = get(&bench, id);
        assert_eq!(
            (&shown["PROVIDER_ID"], &shown["PROVIDER_TYPE_ID"]),
            (&json!("CRM_MEETING"), &json!("MEETING"))
        );
        let at = |hour: &str| json!(format!("2026-06-01T{hour}:00+00:00"));
        assert_eq!(shown["START_TIME"], at("12:00"), "now");
        assert_eq!((&shown["END_TIME"], &shown["DEADLINE"]), (&at("13:00"), &at("12:00")));
        let change = |fields: Json| {
            bench.get("crm.activity.update", json!({"id": id, "fields": fields}));
            get(&bench, id)
        };
        let shown = change(json!({"START_TIME": at("15:00"), "DEADLINE": at("20:00")}));
        assert_eq!((&shown["DEADLINE"], &shown["END_TIME"]), (&at("15:00"), &at("15:00")));
        let status = |shown: &Json| (shown["COMPLETED"].clone(), shown["STATUS"].clone());
        assert_eq!(status(&change(json!({"COMPLETED": "Y"}))), (json!("Y"), json!("2")));
        assert_eq!(status(&change(json!({"STATUS": 1}))), (json!("N"), json!("1")));
        assert_eq!(status(&change(json!({"STATUS": 3}))), (json!("Y"), json!("3")));
        assert_eq!(status(&change(json!({"SUBJECT": "Other"}))), (json!("Y"), json!("3")));
        assert_eq!(status(&change(json!({"COMPLETED": "N", "STATUS": 2}))), (json!("N"), json!("1")));
        assert_eq!(status(&change(json!({"STATUS": 9}))), (json!("N"), json!("1")));
        let shown =
            change(json!({"PRIORITY": 3, "NOTIFY_TYPE": 2, "NOTIFY_VALUE": 4, "DESCRIPTION_TYPE": 9}));
        let codes =
            ["PRIORITY", "NOTIFY_TYPE", "NOTIFY_VALUE", "DESCRIPTION_TYPE"].map(|name| shown[name].clone());
        assert_eq!(codes, [json!("3"), json!("2"), json!("4"), json!("1")]);
        let shown = change(
            json!({"TYPE_ID": 2, "OWNER_ID": 99, "SETTINGS": {"A": {"B": [1, "x"]}}, "DESCRIPTION": ""}),
        );
        assert_eq!(
            (&shown["TYPE_ID"], &shown["OWNER_ID"]),
            (&json!("1"), &json!(deal.to_string())),
            "immutable"
        );
        assert_eq!((&shown["SETTINGS"], &shown["DESCRIPTION"]), (&json!({"A": {"B": [1, "x"]}}), &json!("")));
        // What is named by its provider is to be done by its end.
        let own = json!({"TYPE_ID": 6, "PROVIDER_ID": "CRM_SMS", "END_TIME": at("18:00")});
        let shown = get(&bench, add(&bench, with(meeting(2, deal), own)));
        assert_eq!((&shown["DEADLINE"], &shown["START_TIME"]), (&at("18:00"), &at("12:00")));
    }
}

#[test]
fn an_email_is_kept_but_never_sent() {
    for bench in portals("crm") {
        let contact = item(&bench, "contact");
        let email = |direction: i64, completed: &str| {
            json!({
                "OWNER_TYPE_ID": 3, "OWNER_ID": contact, "TYPE_ID": 4, "SUBJECT": "Offer", "RESPONSIBLE_ID": 1,
                "COMMUNICATIONS": [{"VALUE": "ada@example.com"}], "DIRECTION": direction, "COMPLETED": completed,
            })
        };
        let draft = add(&bench, email(2, "N"));
        assert_eq!(get(&bench, draft)["PROVIDER_ID"], "CRM_EMAIL");
        assert_eq!(get(&bench, add(&bench, email(1, "Y")))["COMPLETED"], "Y");
        let refused = bench.refused("crm.activity.add", json!({"fields": email(2, "Y")}));
        assert_eq!(refused.2, "Email send error. General error");
        assert_eq!(ids(&bench, json!({})).len(), 2, "what was refused is not kept");
        bench.get("crm.activity.update", json!({"id": draft, "fields": {"COMPLETED": "Y"}}));
        let row =
            bench.get("crm.activity.list", json!({"select": ["COMMUNICATIONS", "IS_INCOMING_CHANNEL"]}));
        assert_eq!(row[0]["COMMUNICATIONS"][0]["TYPE"], "EMAIL");
        assert_eq!(
            (&row[0]["IS_INCOMING_CHANNEL"], &row[1]["IS_INCOMING_CHANNEL"]),
            (&json!("N"), &json!("Y"))
        );
    }
}

#[test]
fn lists_are_filtered_and_ordered() {
    for bench in portals("crm") {
        let (deal, contact) = (item(&bench, "deal"), item(&bench, "contact"));
        let start = |day: i64| json!({"START_TIME": format!("2026-06-{day:02}T10:00:00+00:00")});
        let late = add(&bench, with(call(deal, contact), start(20)));
        let early = add(&bench, with(meeting(2, deal), start(10)));
        let other = add(&bench, with(meeting(3, contact), start(15)));
        assert_eq!(ids(&bench, json!({})), [early, other, late], "by START_TIME");
        let by = |filter: Json| ids(&bench, json!({"order": {"ID": "ASC"}, "filter": filter}));
        assert_eq!(by(json!({"OWNER_TYPE_ID": 2})), [late, early]);
        assert_eq!(by(json!({"PROVIDER_ID": "CRM_MEETING"})), [early, other]);
        assert_eq!(by(json!({">START_TIME": "2026-06-12T00:00:00+00:00", "COMPLETED": "N"})), [late, other]);
        assert_eq!(by(json!({"!TYPE_ID": 1})), [late]);
        assert_eq!(by(json!({"@ID": [other, early]})), [early, other]);
        assert_eq!(by(json!({"%SUBJECT": "eet"})), [early, other]);
        assert_eq!(by(json!({"BINDINGS": [{"OWNER_TYPE_ID": 3, "OWNER_ID": contact}]})), [late, other]);
        assert_eq!(by(json!({"BINDINGS": [{"OWNER_TYPE_ID": 2}]})), [late, early]);
        assert_eq!(by(json!({"BINDINGS": []})).len(), 3, "no condition");
        // Bound to both that are asked for, an activity comes twice.
        let both = json!({"BINDINGS": [{"OWNER_TYPE_ID": 2}, {"OWNER_TYPE_ID": 3}], "TYPE_ID": 2});
        assert_eq!(by(both.clone()), [late, late]);
        assert_eq!(bench.page("crm.activity.list", json!({"filter": both})).unwrap().total, Some(2));
        let pages =
            bench.page("crm.activity.list", json!({"order": {"DEADLINE": "DESC"}, "start": 0})).unwrap();
        assert_eq!((pages.result[0]["ID"].as_str().unwrap(), pages.total), (&*late.to_string(), Some(3)));
    }
}

#[test]
fn who_may_not_read_an_item_sees_none_of_its_activities() {
    for bench in portals("crm") {
        let (deal, contact) = (item(&bench, "deal"), item(&bench, "contact"));
        let files = json!({"FILES": [{"fileData": ["a.txt", "aGVsbG8="]}]});
        let id = add(&bench, with(call(deal, contact), files));
        let told_bench = |hook: &Hook| bench.both(hook.user, "crm", &["ONCRMACTIVITYUPDATE"]);
        let otto = bench.employee("otto@portal.test", "crm");
        nobody_may(&bench);
        let told = told_bench(&otto);
        let denied = |method: &str, params: Json| otto.refused(method, params);
        assert_eq!(denied("crm.activity.get", json!({"id": id})).2, "Access denied.");
        assert_eq!(denied("crm.activity.delete", json!({"id": id})).2, "Access denied.");
        let fields = json!({"SUBJECT": "Mine"});
        assert_eq!(denied("crm.activity.update", json!({"id": id, "fields": fields})).2, "Access denied.");
        let add = json!({"fields": with(meeting(2, deal), json!({"RESPONSIBLE_ID": otto.user}))});
        assert_eq!(denied("crm.activity.add", add).2, "Access denied.");
        let todo = json!({"ownerTypeId": 2, "ownerId": deal, "deadline": "2026-06-05"});
        assert_eq!(denied("crm.activity.todo.add", todo).1, "ACCESS_DENIED");
        for method in ["crm.activity.binding.list", "crm.activity.call.getTranscript"] {
            assert_eq!(denied(method, json!({"activityId": id})).1, "ACCESS_DENIED");
        }
        let to = json!({"activityId": id, "entityTypeId": 3, "entityId": contact});
        assert_eq!(denied("crm.activity.binding.add", to.clone()).1, "ACCESS_DENIED");
        assert_eq!(denied("crm.activity.binding.delete", to).1, "ACCESS_DENIED");
        let nothing = |params: Json| {
            let page = otto.page("crm.activity.list", params).unwrap();
            assert_eq!((page.result, page.total), (json!([]), Some(0)));
        };
        nothing(json!({"select": ["*", "FILES", "COMMUNICATIONS"]}));
        nothing(json!({"filter": {"ID": id}}));
        nothing(json!({"filter": {"BINDINGS": [{"OWNER_TYPE_ID": 2, "OWNER_ID": deal}]}}));
        let batch = otto.get(
            "batch",
            json!({"cmd": {
                "list": "crm.activity.list", "get": format!("crm.activity.get?id={id}"),
            }}),
        );
        assert_eq!((&batch["result"]["list"], batch["result"].get("get")), (&json!([]), None));
        bench.get("crm.activity.update", json!({"id": id, "fields": {"SUBJECT": "Secret"}}));
        assert_eq!(bench.raised(told), [], "nor is he told");
        // Who may read the contact sees the call, but neither the deal nor by it.
        allow(&bench, "CONTACT", "READ");
        assert_eq!(ids(&otto, json!({})), [id]);
        assert_eq!(get(&otto, id)["SUBJECT"], "Secret");
        nothing(json!({"filter": {"BINDINGS": [{"OWNER_TYPE_ID": 2, "OWNER_ID": deal}]}}));
        let bound = otto.get("crm.activity.binding.list", json!({"activityId": id}));
        assert_eq!(bound, json!([{"entityTypeId": 3, "entityId": contact}]));
        bench.get("crm.activity.update", json!({"id": id, "fields": {"SUBJECT": "Secret"}}));
        assert_eq!(bench.raised(told).len(), 1, "and is told");
        assert_eq!(
            denied("crm.activity.update", json!({"id": id, "fields": {"SUBJECT": "x"}})).2,
            "Access denied."
        );
    }
}

/// Allows everybody's role an act on everything of an entity.
fn allow(bench: &Bench, entity: &'static str, act: &'static str) {
    bench.write(move |tx| {
        let sql = "INSERT INTO crm_role_permission (role_id, entity, act, level) SELECT id, ?, ?, 'X' FROM crm_role";
        tx.execute(sql, &[entity.into(), act.into()])?;
        portal::meta::Meta::outdate(tx)
    });
}

#[test]
fn nothing_is_learned_of_those_whom_a_call_is_with() {
    for bench in portals("crm") {
        let (deal, contact) = (item(&bench, "deal"), item(&bench, "contact"));
        let otto = bench.employee("otto@portal.test", "crm");
        nobody_may(&bench);
        allow(&bench, "DEAL", "READ");
        allow(&bench, "DEAL", "WRITE");
        let id = add(&otto, with(call(deal, contact), json!({"RESPONSIBLE_ID": otto.user})));
        let one = |hook: &Hook, id: i64| {
            let params = json!({"filter": {"ID": id}, "select": ["COMMUNICATIONS"]});
            hook.get("crm.activity.list", params)[0]["COMMUNICATIONS"][0].clone()
        };
        let shown = one(&otto, id);
        assert_eq!((&shown["VALUE"], &shown["ENTITY_ID"]), (&json!("+4930111"), &json!("0")));
        let bound = bench.get("crm.activity.binding.list", json!({"activityId": id}));
        assert_eq!(bound, json!([{"entityTypeId": 2, "entityId": deal}]), "nor is it put before them");
        let id = add(&bench, call(deal, contact));
        assert_eq!(one(&otto, id)["ENTITY_SETTINGS"], json!([]));
        assert_eq!(one(&bench, id)["ENTITY_SETTINGS"]["NAME"], "Ada");
    }
}

#[test]
fn an_activity_is_bound_to_other_items() {
    for bench in portals("crm") {
        let (deal, other, contact) = (item(&bench, "deal"), item(&bench, "deal"), item(&bench, "contact"));
        let id = add(&bench, meeting(2, deal));
        let one =
            |type_id: i64, item: i64| json!({"activityId": id, "entityTypeId": type_id, "entityId": item});
        let bind = |type_id, item| bench.ask("crm.activity.binding.add", one(type_id, item));
        let unbind = |type_id, item| bench.ask("crm.activity.binding.delete", one(type_id, item));
        let code = |answer: Result<Json, wire::Fault>| answer.unwrap_err().code.into_owned();
        assert_eq!(code(unbind(2, deal)), "LAST_BINDING_CANNOT_BE_DELETED");
        assert_eq!(bind(3, contact).unwrap(), true);
        assert_eq!(code(bind(3, contact)), "ACTIVITY_IS_ALREADY_BOUND");
        assert_eq!(code(bind(3, 99)), "OWNER_NOT_FOUND");
        assert_eq!(code(bind(77, 1)), "OWNER_NOT_FOUND");
        assert_eq!(code(unbind(2, other)), "BINDING_NOT_FOUND");
        let shift = |from: (i64, i64), to: (i64, i64)| {
            let params = json!({
                "activityId": id, "sourceEntityTypeId": from.0, "sourceEntityId": from.1,
                "targetEntityTypeId": to.0, "targetEntityId": to.1,
            });
            bench.ask("crm.activity.binding.move", params)
        };
        assert_eq!(
            code(shift((2, deal), (3, contact))),
            "SOURCE_AND_TARGET_ENTITY_TYPES_ARE_NOT_EQUAL_ERROR"
        );
        assert_eq!(code(shift((2, deal), (2, deal))), "SOURCE_AND_TARGET_ENTITY_ID_ARE_EQUAL_ERROR");
        assert_eq!(code(shift((2, other), (2, deal))), "BINDING_NOT_FOUND");
        assert_eq!(code(shift((2, deal), (2, 99))), "OWNER_NOT_FOUND");
        assert_eq!(shift((2, deal), (2, other)).unwrap(), true);
        assert_eq!(get(&bench, id)["OWNER_ID"], other.to_string());
        // Without its owner it belongs to the other.
        assert_eq!(unbind(2, other).unwrap(), true);
        let shown = get(&bench, id);
        assert_eq!((&shown["OWNER_TYPE_ID"], &shown["OWNER_ID"]), (&json!("3"), &json!(contact.to_string())));
        let missing = bench.refused("crm.activity.binding.list", json!({"activityId": 99}));
        assert_eq!(missing, (400, "NOT_FOUND".into(), "Element not found".into()));
        assert_eq!(bench.refused("crm.activity.binding.list", json!({})).1, "100");
        for number in 0..99 {
            bind(1, item(&bench, "lead")).unwrap_or_else(|fault| panic!("{number}: {fault:?}"));
        }
        assert_eq!(code(bind(2, deal)), "BINDINGS_COUNT_LIMIT_EXCEEDED");
    }
}

#[test]
fn with_its_last_item_an_activity_goes() {
    for bench in portals("crm") {
        let (deal, contact) = (item(&bench, "deal"), item(&bench, "contact"));
        let files = json!({"FILES": [{"fileData": ["a.txt", "aGVsbG8="]}]});
        let (alone, both) = (add(&bench, with(meeting(2, deal), files)), add(&bench, call(deal, contact)));
        let told = bench.told(input(&["ONCRMACTIVITYDELETE", "ONCRMACTIVITYUPDATE", "ONCRMDEALDELETE"]));
        bench.get("crm.deal.delete", json!({"id": deal}));
        let raised: Vec<_> =
            bench.raised(told).into_iter().map(|(name, data)| (name, data["FIELDS"]["ID"].clone())).collect();
        let gone = |name: &str, id: i64| (name.to_owned(), json!(id.to_string()));
        assert_eq!(raised, [gone("ONCRMACTIVITYDELETE", alone), gone("ONCRMDEALDELETE", deal)]);
        assert_eq!(bench.refused("crm.activity.get", json!({"id": alone})).2, "Activity is not found");
        let shown = get(&bench, both);
        assert_eq!((&shown["OWNER_TYPE_ID"], &shown["OWNER_ID"]), (&json!("3"), &json!(contact.to_string())));
        bench.get("crm.activity.delete", json!({"id": both}));
        let tables = ["crm_activity", "crm_activity_binding", "crm_activity_communication", "portal_file"];
        for table in tables {
            let left = bench
                .read(move |tx| Ok(tx.one(&format!("SELECT COUNT(*) FROM {table}"), &[], |row| row.int(0))?));
            assert_eq!(left, Some(0), "{table}");
        }
    }
}

#[test]
fn its_items_note_who_was_at_work() {
    for bench in portals("crm") {
        let (deal, contact) = (item(&bench, "deal"), item(&bench, "contact"));
        let otto = bench.employee("otto@portal.test", "crm").at(NOW + 3600);
        nobody_may(&bench);
        for (entity, act) in [("DEAL", "READ"), ("DEAL", "WRITE"), ("CONTACT", "READ")] {
            allow(&bench, entity, act);
        }
        add(&otto, call(deal, contact));
        for (kind, id) in [("deal", deal), ("contact", contact)] {
            let shown = bench.get(&format!("crm.{kind}.get"), json!({"id": id}));
            assert_eq!(shown["LAST_ACTIVITY_BY"], otto.user.to_string(), "{kind}");
            assert_eq!(shown["LAST_ACTIVITY_TIME"], "2026-06-01T13:00:00+00:00");
        }
    }
}

#[test]
fn a_todo_is_an_activity() {
    for bench in portals("crm") {
        let deal = item(&bench, "deal");
        let deadline = "2026-06-05T12:00:00+00:00";
        let mine = |more: Json| with(json!({"ownerTypeId": 2, "ownerId": deal}), more);
        let added =
            bench.get("crm.activity.todo.add", mine(json!({"deadline": deadline, "pingOffsets": [15, 60]})));
        let id = added["id"].as_i64().unwrap();
        let shown = get(&bench, id);
        for (name, value) in [
            ("TYPE_ID", "6"),
            ("PROVIDER_ID", "CRM_TODO"),
            ("PROVIDER_TYPE_ID", "TODO"),
            ("SUBJECT", "To-do"),
            ("DEADLINE", deadline),
            ("START_TIME", ""),
            ("END_TIME", ""),
            ("RESPONSIBLE_ID", "1"),
            ("COMPLETED", "N"),
        ] {
            assert_eq!(shown[name], value, "{name}");
        }
        assert_eq!(shown["SETTINGS"], json!({"PING_OFFSETS": [15, 60]}));
        let todo = |verb: &str, more: Json| {
            let answer = bench.get(&format!("crm.activity.todo.{verb}"), mine(with(json!({"id": id}), more)));
            assert_eq!(answer, json!({"id": id}), "{verb}");
            get(&bench, id)
        };
        let later = "2026-06-06T12:00:00+00:00";
        let whole =
            json!({"deadline": later, "title": "Offer", "description": "With delivery", "colorId": "7"});
        let shown = todo("update", whole);
        assert_eq!((&shown["SUBJECT"], &shown["DESCRIPTION"]), (&json!("Offer"), &json!("With delivery")));
        assert_eq!(shown["SETTINGS"], json!({"PING_OFFSETS": [15, 60], "COLOR": "7"}));
        assert_eq!(todo("updateDeadline", json!({"value": deadline}))["DEADLINE"], deadline);
        assert_eq!(todo("updateDescription", json!({"value": "Soon"}))["DESCRIPTION"], "Soon");
        assert_eq!(todo("updateColor", json!({"colorId": "3"}))["SETTINGS"]["COLOR"], "3");
        let otto = bench.employee("otto@portal.test", "crm");
        let shown = todo("updateResponsibleUser", json!({"responsibleId": otto.user}));
        assert_eq!(shown["RESPONSIBLE_ID"], otto.user.to_string());
        let refused = |verb: &str, more: Json| {
            let params = mine(with(json!({"id": id}), more));
            bench.refused(&format!("crm.activity.todo.{verb}"), params).1
        };
        assert_eq!(refused("updateDeadline", json!({"value": "never"})), "WRONG_DATETIME_FORMAT");
        assert_eq!(refused("updateDeadline", json!({})), "100");
        assert_eq!(refused("updateColor", json!({"colorId": "8"})), "CAN_NOT_UPDATE_WRONG_COLOR_TODO");
        assert_eq!(refused("updateResponsibleUser", json!({"responsibleId": 99})), "INVALID_ARG_VALUE");
        assert_eq!(refused("update", json!({"deadline": later, "id": 99})), "NOT_FOUND");
        assert_eq!(refused("update", json!({"deadline": later, "ownerId": 99})), "OWNER_NOT_FOUND");
        let own = json!({"deadline": later, "parentActivityId": id});
        assert_eq!(refused("update", own), "ERROR_PARENT_ACTIVITY_RESTRICT");
        let call = add(&bench, meeting(2, deal));
        assert_eq!(
            refused("update", json!({"deadline": later, "id": call})),
            "NOT_FOUND",
            "that is no to-do"
        );
        let elsewhere = item(&bench, "deal");
        assert_eq!(refused("update", json!({"deadline": later, "ownerId": elsewhere})), "NOT_FOUND");
        bench.get("crm.activity.update", json!({"id": id, "fields": {"COMPLETED": "Y"}}));
        for (verb, value, code) in [
            ("update", json!({"deadline": later}), "CAN_NOT_UPDATE_COMPLETED_TODO"),
            ("updateDeadline", json!({"value": later}), "CAN_NOT_UPDATE_COMPLETED_TODO"),
            ("updateDescription", json!({"value": "x"}), "CAN_NOT_UPDATE_COMPLETED_TODO"),
            ("updateColor", json!({"colorId": "1"}), "CAN_NOT_UPDATE_COLOR_COMPLETED_TODO"),
            (
                "updateResponsibleUser",
                json!({"responsibleId": 1}),
                "CAN_NOT_UPDATE_RESPONSIBLE_USER_COMPLETED_TODO",
            ),
        ] {
            assert_eq!(refused(verb, value), code);
        }
        assert_eq!(ids(&bench, json!({"filter": {"PROVIDER_ID": "CRM_TODO"}})), [id]);
    }
}

#[test]
fn fields_are_described_as_documented() {
    for bench in portals("crm") {
        let fields = bench.get("crm.activity.fields", json!({}));
        for (name, type_name) in [
            ("ID", "integer"),
            ("OWNER_TYPE_ID", "crm_enum_ownertype"),
            ("TYPE_ID", "crm_enum_activitytype"),
            ("SUBJECT", "string"),
            ("DEADLINE", "datetime"),
            ("COMPLETED", "char"),
            ("STATUS", "crm_enum_activitystatus"),
            ("RESPONSIBLE_ID", "user"),
            ("PRIORITY", "crm_enum_activitypriority"),
            ("NOTIFY_TYPE", "crm_enum_activitynotifytype"),
            ("DESCRIPTION_TYPE", "crm_enum_contenttype"),
            ("DIRECTION", "crm_enum_activitydirection"),
            ("SETTINGS", "object"),
            ("RESULT_SUM", "double"),
            ("BINDINGS", "crm_activity_binding"),
            ("COMMUNICATIONS", "crm_activity_communication"),
            ("FILES", "diskfile"),
        ] {
            assert_eq!(fields[name]["type"], type_name, "{name}");
        }
        let flags = |name: &str| {
            ["isRequired", "isReadOnly", "isImmutable", "isMultiple"].map(|flag| fields[name][flag] == true)
        };
        assert_eq!(flags("TYPE_ID"), [true, false, true, false]);
        assert_eq!(flags("OWNER_ID"), [false, false, true, false]);
        assert_eq!(flags("CREATED"), [false, true, false, false]);
        assert_eq!(flags("COMMUNICATIONS"), [true, false, false, true]);
        assert_eq!(flags("BINDINGS"), [false, true, false, true]);
        assert_eq!(fields["WEBDAV_ELEMENTS"]["isDeprecated"], true);
        let fields = bench.get("crm.activity.communication.fields", json!({}));
        let names: Vec<&String> = fields.as_object().unwrap().keys().collect();
        assert_eq!(names.len(), 6, "{names:?}");
    }
}

#[test]
fn communications_are_replaced_as_a_whole() {
    for bench in portals("crm") {
        let (deal, contact, other) = (item(&bench, "deal"), item(&bench, "contact"), item(&bench, "contact"));
        let id = add(&bench, call(deal, contact));
        let now = json!([{"VALUE": "+4930222", "ENTITY_ID": other, "ENTITY_TYPE_ID": 3, "TYPE": "phone"}]);
        bench.get("crm.activity.update", json!({"id": id, "fields": {"COMMUNICATIONS": now}}));
        let row = bench.get("crm.activity.list", json!({"select": ["COMMUNICATIONS"]}))[0].clone();
        let all = row["COMMUNICATIONS"].as_array().unwrap();
        assert_eq!((all.len(), &all[0]["VALUE"], &all[0]["TYPE"]), (1, &json!("+4930222"), &json!("PHONE")));
        let bound = bench.get("crm.activity.binding.list", json!({"activityId": id}));
        assert_eq!(bound[2], json!({"entityTypeId": 3, "entityId": other}), "it is bound to whom it is with");
        // A form has one communication as a map of numbered members, or as the members themselves.
        let batch = bench.get("batch", json!({"cmd": {
            "form": format!(
                "crm.activity.add?fields[OWNER_TYPE_ID]=2&fields[OWNER_ID]={deal}&fields[TYPE_ID]=2&fields[SUBJECT]=Form\
                 &fields[RESPONSIBLE_ID]=1&fields[COMMUNICATIONS][0][VALUE]=123&fields[START_TIME]=2026-06-03T10:00:00"
            ),
            "list": "crm.activity.list?filter[BINDINGS][0][OWNER_TYPE_ID]=2&filter[SUBJECT]=Form&select[]=COMMUNICATIONS",
        }}));
        assert!(batch["result"]["form"].is_i64(), "{batch}");
        assert_eq!(batch["result"]["list"][0]["COMMUNICATIONS"][0]["VALUE"], "123");
    }
}

#[test]
fn a_page_has_fifty_activities() {
    for bench in portals("crm") {
        let deal = item(&bench, "deal");
        for _ in 0..52 {
            add(&bench, meeting(2, deal));
        }
        let page = |start: i64| bench.page("crm.activity.list", json!({"start": start})).unwrap();
        let first = page(0);
        assert_eq!(
            (first.result.as_array().unwrap().len(), first.total, first.next),
            (50, Some(52), Some(50))
        );
        let second = page(50);
        assert_eq!((second.result.as_array().unwrap().len(), second.total, second.next), (2, Some(52), None));
        let by_binding =
            json!({"filter": {"BINDINGS": [{"OWNER_TYPE_ID": 2, "OWNER_ID": deal}]}, "start": -1});
        assert_eq!(bench.page("crm.activity.list", by_binding).unwrap().total, Some(0), "uncounted");
    }
}
