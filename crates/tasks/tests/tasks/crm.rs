//! Tasks of items of the CRM, which are activities of these.

use engine::access::{Act, Level, roles};
use engine::meta::Meta;
use serde_json::{Value as Json, json};
use testportal::{Hook, input, portals};

use crate::task;

const SCOPES: &str = "task,crm";

fn deal(hook: &Hook) -> i64 {
    hook.get("crm.deal.add", json!({"fields": {"TITLE": "Desks"}})).as_i64().unwrap()
}

/// The activities of tasks that a deal has.
fn of(hook: &Hook, deal: i64) -> Vec<Json> {
    let filter =
        json!({"BINDINGS": [{"OWNER_TYPE_ID": 2, "OWNER_ID": deal}], "PROVIDER_ID": "CRM_TASKS_TASK"});
    hook.get("crm.activity.list", json!({"filter": filter})).as_array().unwrap().clone()
}

#[test]
fn a_task_is_an_activity_of_the_items_that_it_names() {
    for portal in portals(SCOPES) {
        let (first, second) = (deal(&portal), deal(&portal));
        let told = portal.told(input(&["ONCRMACTIVITYADD", "ONCRMACTIVITYUPDATE", "ONCRMACTIVITYDELETE"]));
        let fields = json!({
            "TITLE": "Order desks", "DESCRIPTION": "Six of them", "DEADLINE": "2030-05-01T18:00:00+00:00",
            "UF_CRM_TASK": [format!("D_{first}"), "D_9999"],
        });
        let id = task(&portal, fields);
        let shown = of(&portal, first);
        assert_eq!(shown.len(), 1, "{shown:?}");
        let activity = &shown[0];
        for (name, value) in [
            ("OWNER_ID", json!(first.to_string())),
            ("OWNER_TYPE_ID", json!("2")),
            ("TYPE_ID", json!("6")),
            ("PROVIDER_TYPE_ID", json!("TASKS_TASK")),
            ("ASSOCIATED_ENTITY_ID", json!(id)),
            ("SUBJECT", json!("Order desks")),
            ("DESCRIPTION", json!("Six of them")),
            ("DEADLINE", json!("2030-05-01T18:00:00+00:00")),
            ("COMPLETED", json!("N")),
            ("RESPONSIBLE_ID", json!("1")),
        ] {
            assert_eq!(activity[name], value, "{name}");
        }
        // It follows the task.
        let change = |fields: Json| portal.get("tasks.task.update", json!({"taskId": id, "fields": fields}));
        change(
            json!({"TITLE": "Order chairs", "UF_CRM_TASK": [format!("D_{first}"), format!("D_{second}")]}),
        );
        assert_eq!(of(&portal, second)[0]["SUBJECT"], "Order chairs");
        portal.get("tasks.task.complete", json!({"taskId": id}));
        assert_eq!(of(&portal, first)[0]["COMPLETED"], "Y");
        portal.get("tasks.task.renew", json!({"taskId": id}));
        assert_eq!(of(&portal, first)[0]["COMPLETED"], "N");
        // The item that owned it leaves, the other owns it.
        change(json!({"UF_CRM_TASK": [format!("D_{second}")]}));
        assert_eq!(of(&portal, first).len(), 0);
        assert_eq!(of(&portal, second)[0]["OWNER_ID"], json!(second.to_string()));
        // What does not show there changes nothing.
        let before = portal.raised(told).len();
        change(json!({"PRIORITY": 2}));
        assert_eq!(portal.raised(told).len(), before);
        portal.get("tasks.task.delete", json!({"taskId": id}));
        assert_eq!(of(&portal, second).len(), 0);
        let raised: Vec<String> = portal.raised(told).into_iter().map(|(name, _)| name).collect();
        assert_eq!(
            (raised.first().unwrap().as_str(), raised.last().unwrap().as_str()),
            ("ONCRMACTIVITYADD", "ONCRMACTIVITYDELETE")
        );
    }
}

#[test]
fn completing_the_activity_completes_the_task_as_far_as_one_may() {
    for portal in portals(SCOPES) {
        let ines = portal.employee("ines@example.com", SCOPES);
        let deal = deal(&portal);
        let id = task(&portal, json!({"UF_CRM_TASK": [format!("D_{deal}")]}));
        let activity = of(&portal, deal)[0]["ID"].clone();
        let done = json!({"id": activity, "fields": {"COMPLETED": "Y", "SUBJECT": "Other"}});
        ines.refused("crm.activity.update", done.clone());
        assert_eq!(portal.get("crm.activity.update", done), json!(true));
        let shown = portal.get("tasks.task.get", json!({"taskId": id}))["task"].clone();
        assert_eq!((&shown["status"], &shown["title"]), (&json!("5"), &json!("Desks")));
        let kept = portal.get("crm.activity.get", json!({"id": activity}));
        assert_eq!((&kept["COMPLETED"], &kept["SUBJECT"]), (&json!("Y"), &json!("Desks")));
        // Nobody makes one by hand.
        let fields = json!({
            "OWNER_TYPE_ID": 2, "OWNER_ID": deal, "TYPE_ID": 6, "PROVIDER_ID": "CRM_TASKS_TASK", "SUBJECT": "x",
            "RESPONSIBLE_ID": 1,
        });
        portal.refused("crm.activity.add", json!({"fields": fields}));
        // One that was deleted stays away while the task names the same items.
        portal.get("crm.activity.delete", json!({"id": activity}));
        portal.get("tasks.task.renew", json!({"taskId": id}));
        assert_eq!(of(&portal, deal).len(), 0);
        // An item that is deleted takes its activity along.
        let other = self::deal(&portal);
        portal.get(
            "tasks.task.update",
            json!({"taskId": id, "fields": {"UF_CRM_TASK": [format!("D_{other}")]}}),
        );
        assert_eq!(of(&portal, other).len(), 1);
        portal.get("crm.deal.delete", json!({"id": other}));
        portal.get("tasks.task.complete", json!({"taskId": id}));
    }
}

#[test]
fn a_task_is_bound_to_nothing_that_its_author_does_not_read() {
    for portal in portals(SCOPES) {
        let ines = portal.employee("ines@example.com", "task");
        let deal = deal(&portal);
        portal.write(|tx| {
            let role = roles::find(tx, "Manager")?.unwrap();
            roles::allow(tx, role, "DEAL", Act::Read, Level::None)?;
            Meta::outdate(tx)
        });
        let id = task(&ines, json!({"UF_CRM_TASK": [format!("D_{deal}")]}));
        assert_eq!(of(&portal, deal).len(), 0);
        let named = portal.get("tasks.task.get", json!({"taskId": id, "select": ["UF_CRM_TASK"]}));
        assert_eq!(named["task"]["ufCrmTask"], json!([format!("D_{deal}")]));
    }
}
