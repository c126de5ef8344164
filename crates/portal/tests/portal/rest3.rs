//! REST 3.0: both versions beside each other, what is wrong with a request, lists, batches and idempotency keys.

use serde_json::{Value as Json, json};
use testportal::{Hook, NOW, portals};
use wire::exception::PREFIX;

const DAY: i64 = 24 * 3600;
const SCOPES: &str = "crm,task,main,humanresources,note";

/// Status and code of a refusal, without what all codes begin with.
#[track_caller]
fn refused(hook: &Hook, method: &str, params: Json) -> (u16, String) {
    let (status, code, _) = hook.refused(method, params);
    (status, code.trim_start_matches(PREFIX).to_owned())
}

/// What a validation says: fields with their complaints.
#[track_caller]
fn complaints(hook: &Hook, method: &str, params: Json) -> Vec<(String, String)> {
    let fault = hook.ask(method, params).unwrap_err();
    let list = testportal::to_json(fault.extra.get("validation").unwrap());
    let text = |one: &Json, key: &str| one[key].as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(|one| (text(one, "field"), text(one, "message"))).collect()
}

fn task(hook: &Hook, title: &str) -> i64 {
    let fields = json!({"title": title, "creatorId": 1, "responsibleId": 1});
    hook.get("tasks.task.add", json!({"fields": fields}))["item"]["id"].as_i64().unwrap()
}

#[test]
fn a_method_has_a_version() {
    for portal in portals(SCOPES) {
        let newer = portal.v3();
        let id = task(&newer, "Order desks");
        assert_eq!(portal.get("tasks.task.get", json!({"taskId": id}))["task"]["title"], "Order desks");
        assert_eq!(newer.get("tasks.task.get", json!({"id": id}))["item"]["title"], "Order desks");
        let old = portal.refused("tasks.task.access.get", json!({"id": id}));
        assert_eq!((old.0, old.1.as_str()), (404, "ERROR_METHOD_NOT_FOUND"));
        assert_eq!(refused(&newer, "crm.lead.list", json!({})), (404, "METHODNOTFOUNDEXCEPTION".into()));
        assert_eq!(newer.get("TASKS.Task.Access.Get", json!({"id": id}))["read"], true);
        let all = portal.get("methods", json!({"FULL": true}));
        assert!(!all.as_array().unwrap().contains(&json!("tasks.task.access.get")));
        assert_eq!(newer.get("rest.scope.list", json!({}))["tasks"]["tasks.task.get"], "tasks");
        let document = newer.get("documentation", json!({}));
        assert_eq!(document["openapi"], "3.0.0");
        let body =
            &document["paths"]["/tasks.task.get"]["post"]["requestBody"]["content"]["application/json"];
        assert_eq!(body["schema"]["required"], json!(["id"]));
        assert_eq!(document["components"]["schemas"]["TaskDto"]["properties"]["id"]["type"], "integer");
    }
}

#[test]
fn everything_wrong_with_a_request_is_said_at_once() {
    for portal in portals(SCOPES) {
        let newer = portal.v3();
        let said = complaints(&newer, "tasks.task.add", json!({"fields": {"description": "x"}}));
        let fields: Vec<&str> = said.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(fields, ["title", "creatorId", "responsibleId"]);
        assert_eq!(said[0].1, "Required field `title` is not specified");
        let said = complaints(&newer, "tasks.task.get", json!({"id": "1"}));
        assert_eq!(said, [("id".into(), "Field `id` requires data type `int` for this request".into())]);
        assert_eq!(complaints(&newer, "tasks.task.get", json!({}))[0].0, "id");
        let wrong = json!({"fields": {"title": 5, "creatorId": 1, "responsibleId": 1, "needsControl": "Y"}});
        assert_eq!(complaints(&newer, "tasks.task.add", wrong).len(), 2);
        let unknown = json!({"fields": {"title": "x", "creatorId": 1, "responsibleId": 1, "nothing": 1}});
        assert_eq!(refused(&newer, "tasks.task.add", unknown), (400, "UNKNOWNDTOPROPERTYEXCEPTION".into()));
        let fixed = json!({"fields": {"title": "x", "creatorId": 1, "responsibleId": 1, "guid": "{1}"}});
        assert_eq!(
            complaints(&newer, "tasks.task.add", fixed)[0].1,
            "In DTO `TaskDto`, the `guid` field requires the `Editable` attribute for such a request"
        );
        let nobody = json!({"fields": {"title": "x", "creatorId": 1, "responsibleId": 99}});
        assert_eq!(refused(&newer, "tasks.task.add", nobody).1, "VALIDATION_REQUESTVALIDATIONEXCEPTION");
        let empty = json!({"fields": {"name": " "}});
        assert_eq!(refused(&newer, "note.collection.add", empty).1, "VALIDATION_DTOVALIDATIONEXCEPTION");
    }
}

#[test]
fn refusals_have_their_codes() {
    for portal in portals(SCOPES) {
        let (newer, id) = (portal.v3(), task(&portal.v3(), "Order desks"));
        let list = |params: Json| refused(&newer, "tasks.task.list", params);
        let cases = [
            (json!({"filter": [["nothing", 1]]}), "UNKNOWNDTOPROPERTYEXCEPTION"),
            (json!({"filter": [["title", "x"]]}), "VALIDATION_REQUESTVALIDATIONEXCEPTION"),
            (json!({"filter": [["id", "~", 1]]}), "UNKNOWNFILTEROPERATOREXCEPTION"),
            (json!({"filter": [["id", "between", [1]]]}), "INVALIDFILTEREXCEPTION"),
            (json!({"filter": [["id"]]}), "INVALIDFILTEREXCEPTION"),
            (json!({"filter": {">id": 1}}), "INVALIDFILTEREXCEPTION"),
            (json!({"filter": [{"logic": "xor", "conditions": [["id", 1]]}]}), "INVALIDFILTEREXCEPTION"),
            (json!({"filter": [["id", "1"]]}), "VALIDATION_REQUESTVALIDATIONEXCEPTION"),
            (json!({"select": "id"}), "INVALIDSELECTEXCEPTION"),
            (json!({"select": [1]}), "INVALIDSELECTEXCEPTION"),
            (json!({"select": ["responsible.nothing"]}), "UNKNOWNDTOPROPERTYEXCEPTION"),
            (json!({"order": {"id": "UP"}}), "INVALIDORDEREXCEPTION"),
            (json!({"order": {"title": "ASC"}}), "INVALIDORDEREXCEPTION"),
            (json!({"pagination": {"limit": 0}}), "INVALIDPAGINATIONEXCEPTION"),
            (json!({"pagination": {"limit": 5000}}), "INVALIDPAGINATIONEXCEPTION"),
            (json!({"pagination": {"page": "1"}}), "INVALIDPAGINATIONEXCEPTION"),
        ];
        for (params, code) in cases {
            assert_eq!(list(params.clone()), (400, code.to_owned()), "{params}");
        }
        assert_eq!(
            refused(&newer, "tasks.task.get", json!({"id": 99})),
            (400, "ENTITYNOTFOUNDEXCEPTION".into())
        );
        let other = portal.employee("otto@example.com", "task,main").v3();
        let denied = (403, "ACCESSDENIEDEXCEPTION".to_owned());
        assert_eq!(refused(&other, "tasks.task.update", json!({"id": id, "fields": {"title": "x"}})), denied);
        assert_eq!(refused(&other, "tasks.task.delete", json!({"id": id})), denied);
        assert_eq!(refused(&other, "main.eventlog.list", json!({})), denied);
        assert_eq!(
            refused(&other, "humanresources.node.count", json!({})),
            (403, "INSUFFICIENTSCOPEEXCEPTION".into())
        );
        let stranger = portal.with(1, portal::hooks::Secret::from("none")).v3();
        assert_eq!(refused(&stranger, "tasks.task.list", json!({})), (401, "ACCESSDENIEDEXCEPTION".into()));
        let field = refused(&newer, "tasks.task.field.get", json!({"name": "nothing"}));
        assert_eq!(field.1, "BITRIX_REST_V3_REALISATION_EXCEPTION_FIELDNOTFOUNDEXCEPTION");
        let select = json!({"select": ["nothing"]});
        assert_eq!(refused(&newer, "tasks.task.field.list", select).1, "UNKNOWNDTOPROPERTYEXCEPTION");
    }
}

#[test]
fn lists_are_filtered_sorted_and_paged() {
    for portal in portals(SCOPES) {
        let newer = portal.v3();
        let ids: Vec<i64> = (1..=5).map(|number| task(&newer, &format!("Task {number}"))).collect();
        let listed = |params: Json| -> Vec<i64> {
            let answer = newer.get("tasks.task.list", params);
            answer["items"].as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect()
        };
        assert_eq!(listed(json!({"filter": ["id", [ids[0], ids[2]]]})), [ids[0], ids[2]]);
        assert_eq!(
            listed(json!({"filter": [["id", "between", [ids[1], ids[3]]], ["id", "!=", ids[2]]]})),
            [ids[1], ids[3]]
        );
        let either =
            json!({"filter": [{"logic": "or", "conditions": [["id", "<", ids[1]], ["id", ">=", ids[4]]]}]});
        assert_eq!(listed(either), [ids[0], ids[4]]);
        let page = json!({"order": {"id": "DESC"}, "pagination": {"limit": 2, "page": 2}});
        assert_eq!(listed(page), [ids[2], ids[1]]);
        assert_eq!(listed(json!({"pagination": {"limit": 2, "offset": 4}})), [ids[4]]);
        let bare = newer.get("tasks.task.list", json!({"pagination": {"limit": 1}}));
        assert_eq!(bare["items"], json!([{"id": ids[0]}]));
        let select = json!({"filter": ["id", ids[0]], "select": ["title", "nothing", "responsible.name"]});
        let shown = newer.get("tasks.task.list", select);
        assert_eq!(shown["items"], json!([{"title": "Task 1", "responsible": {"name": "Ada Berg"}}]));
    }
}

#[test]
fn a_batch_ends_with_the_first_failure() {
    for portal in portals(SCOPES) {
        let newer = portal.v3();
        let ids = [task(&newer, "One"), task(&newer, "Two")];
        let step = |method: &str, query: Json| json!({"method": method, "query": query});
        let mut first = step("tasks.task.get", json!({"id": ids[0], "select": ["id", "title"]}));
        first["as"] = json!("first");
        let mut all = step("tasks.task.list", json!({"select": ["id"]}));
        all["as"] = json!("all");
        let answer = newer.get(
            "batch",
            json!([
                first,
                step(
                    "tasks.task.update",
                    json!({"id": {"$ref": "first.id"}, "fields": {"title": "Changed"}})
                ),
                all,
                step(
                    "tasks.task.list",
                    json!({"select": ["id", "title"], "filter": ["id", {"$refArray": "all.id"}]})
                ),
            ]),
        );
        assert_eq!(answer[0], json!({"item": {"id": ids[0], "title": "One"}}));
        assert_eq!(answer[1], json!({"result": true}));
        assert_eq!(answer[3]["items"][0], json!({"id": ids[0], "title": "Changed"}));
        // What was done before the failure stays.
        let failing = json!([
            step("tasks.task.update", json!({"id": ids[1], "fields": {"title": "Kept"}})),
            step("tasks.task.get", json!({"id": 99})),
            step("tasks.task.update", json!({"id": ids[1], "fields": {"title": "Never"}})),
        ]);
        assert_eq!(refused(&newer, "batch", failing), (400, "ENTITYNOTFOUNDEXCEPTION".into()));
        assert_eq!(newer.get("tasks.task.get", json!({"id": ids[1]}))["item"]["title"], "Kept");
        let select = (400, "INVALIDSELECTEXCEPTION".to_owned());
        assert_eq!(refused(&newer, "batch", json!({"cmd": {"a": "profile"}})), select);
        assert_eq!(
            refused(&newer, "batch", json!([step("tasks.task.get", json!({"id": {"$ref": "x.id"}}))])),
            select
        );
        let missing = (400, "METHODNOTFOUNDEXCEPTION".to_owned());
        assert_eq!(refused(&newer, "batch", json!([step("crm.lead.list", json!({}))])), missing);
        assert_eq!(refused(&newer, "batch", json!([step("batch", json!({}))])), missing);
        let many: Vec<Json> = (0..51).map(|_| step("rest.scope.list", json!({}))).collect();
        assert_eq!(refused(&newer, "batch", json!(many)).1, "VALIDATION_REQUESTVALIDATIONEXCEPTION");
        let other = portal.employee("otto@example.com", "task").v3();
        let denied = refused(&other, "batch", json!([step("humanresources.node.count", json!({}))]));
        assert_eq!(denied, (403, "INSUFFICIENTSCOPEEXCEPTION".into()));
    }
}

#[test]
fn a_key_has_a_call_performed_once() {
    for portal in portals(SCOPES) {
        let keyed = portal.v3().once("order-1");
        let add = |title: &str| json!({"fields": {"title": title, "creatorId": 1, "responsibleId": 1}});
        let answered = |hook: &Hook, title: &str| {
            let done = hook.call("tasks.task.add", add(title)).unwrap();
            (done.once.map(|once| once.before), testportal::to_json(&done.reply.result)["item"]["id"].clone())
        };
        let (before, id) = answered(&keyed, "Once");
        assert_eq!(before, Some(false));
        assert_eq!(answered(&keyed, "Once"), (Some(true), id.clone()));
        assert_eq!(
            refused(&keyed, "tasks.task.add", add("Other")),
            (422, "IDEMPOTENCYKEYREUSEDEXCEPTION".into())
        );
        // Another webhook, another method and another version have keys of their own.
        let other = portal.hook_of(1, SCOPES).v3().once("order-1");
        assert_ne!(answered(&other, "Once").1, id);
        keyed.get("tasks.task.delete", json!({"id": id}));
        let reading = keyed.call("tasks.task.list", json!({})).unwrap();
        assert!(reading.once.is_none());
        // A call that failed is performed when it comes again.
        let failing = portal.v3().once("order-2");
        let wrong = json!({"fields": {"title": "x", "creatorId": 1, "responsibleId": 99}});
        assert!(failing.ask("tasks.task.add", wrong).is_err());
        assert_eq!(answered(&failing, "Now").0, Some(false));
        // After a day it is forgotten.
        let later = portal.v3().once("order-1").at(NOW + DAY);
        assert_eq!(answered(&later, "Once").0, Some(false));
        // Under /rest/ as well.
        let old = portal.once("order-1");
        let lead = old.get("crm.lead.add", json!({"fields": {"TITLE": "x"}}));
        assert_eq!(old.get("crm.lead.add", json!({"fields": {"TITLE": "x"}})), lead);
        assert_eq!(portal.page("crm.lead.list", json!({})).unwrap().total, Some(1));
        let batch = json!({"cmd": {"a": "crm.lead.add?fields[TITLE]=y"}});
        assert_eq!(old.get("batch", batch.clone())["result"], old.get("batch", batch)["result"]);
        // It lasts.
        let kept = portal.reopened();
        assert_eq!(answered(&kept.v3().once("order-2"), "Now").0, Some(true));
    }
}

#[test]
fn twins_at_the_same_time_are_performed_once() {
    for portal in portals(SCOPES) {
        let add = json!({"fields": {"TITLE": "x"}});
        let twins: Vec<_> = (0..8)
            .map(|_| {
                let (hook, add) = (portal.once("twin"), add.clone());
                std::thread::spawn(move || hook.get("crm.lead.add", add))
            })
            .collect();
        let ids: Vec<Json> = twins.into_iter().map(|twin| twin.join().unwrap()).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert_eq!(portal.page("crm.lead.list", json!({})).unwrap().total, Some(1));
    }
}

#[test]
fn a_batch_that_fails_is_not_kept() {
    for portal in portals(SCOPES) {
        let keyed = portal.v3().once("batch");
        let id = task(&portal.v3(), "One");
        let steps = json!([
            {"method": "tasks.task.update", "query": {"id": id, "fields": {"title": "Two"}}},
            {"method": "tasks.task.get", "query": {"id": id + 1}},
        ]);
        assert!(keyed.ask("batch", steps.clone()).is_err());
        task(&portal.v3(), "Next");
        let done = keyed.call("batch", steps).unwrap();
        assert_eq!(done.once.map(|once| once.before), Some(false));
    }
}
