//! Templates of tasks, their checklists, and the tasks that are made of them.

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

const DAY: i64 = 24 * 3600;

fn template(hook: &Hook, fields: &Json) -> i64 {
    let mut all = json!({"TITLE": "Weekly report", "RESPONSIBLE_ID": hook.user});
    all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    hook.get("tasks.template.add", json!({"fields": all})).as_i64().unwrap()
}

fn item(hook: &Hook, template: i64, title: &str, parent: i64) -> i64 {
    let asked = json!({"templateId": template, "fields": {"TITLE": title, "PARENT_ID": parent}});
    hook.get("tasks.template.checklist.add", asked)["checkListItem"]["id"].as_i64().unwrap()
}

#[test]
fn a_template_comes_back_as_it_was_written() {
    for portal in portals("task") {
        let (ann, bob) =
            (portal.employee("ann@example.com", "task"), portal.employee("bob@example.com", "task"));
        let id = template(
            &ann,
            &json!({
                "DESCRIPTION": "Figures", "PRIORITY": 2, "ACCOMPLICES": [bob.user], "START_DATE_PLAN_AFTER": "32400",
                "UF_CRM_TASK": ["L_1", "D_2"], "REPLICATE": "Y", "XML_ID": "w1",
                "REPLICATE_PARAMS": {"PERIOD": "weekly", "WEEK_DAYS": [2], "TIME": "11:00", "START_DATE": "03/16/2027 00:00:00"},
            }),
        );
        let shown = ann.get("tasks.template.get", json!({"templateId": id}));
        for (name, value) in [
            ("ID", json!(id.to_string())),
            ("TITLE", json!("Weekly report")),
            ("PRIORITY", json!("2")),
            ("START_DATE_PLAN_AFTER", json!("32400")),
            ("DEADLINE_AFTER", json!(null)),
            ("CREATED_BY", json!(ann.user.to_string())),
            ("ACCOMPLICES", json!(format!("a:1:{{i:0;s:1:\"{}\";}}", bob.user))),
            ("AUDITORS", json!("a:0:{}")),
            ("RESPONSIBLES", json!(format!("a:1:{{i:0;s:1:\"{}\";}}", ann.user))),
            ("UF_CRM_TASK", json!(["L_1", "D_2"])),
            ("UF_TASK_WEBDAV_FILES", json!([])),
            ("TEMPLATE_CHILDREN_COUNT", json!("0")),
            ("RESPONSIBLE_LOGIN", json!("ann@example.com")),
        ] {
            assert_eq!(shown[name], value, "{name}");
        }
        let params = shown["REPLICATE_PARAMS"].as_str().unwrap();
        for part in [
            "s:6:\"PERIOD\";s:6:\"weekly\";",
            "s:9:\"WEEK_DAYS\";a:1:{i:0;i:2;}",
            "s:10:\"START_DATE\";s:19:\"16.03.2027 00:00:00\";",
            "s:19:\"NEXT_EXECUTION_TIME\";s:19:\"16.03.2027 11:00:00\";",
        ] {
            assert!(params.contains(part), "{part} in {params}");
        }
        let change = json!({"templateId": id, "fields": {"TITLE": "Report", "TASK_CONTROL": "Y"}});
        assert_eq!(ann.get("tasks.template.update", change.clone()), json!(true));
        let shown = ann.get("tasks.template.get", json!({"templateId": id}));
        assert_eq!(
            (&shown["TITLE"], &shown["TASK_CONTROL"], &shown["XML_ID"]),
            (&json!("Report"), &json!("Y"), &json!("w1"))
        );
        // Nobody else has it, but administrators do.
        assert_eq!(bob.get("tasks.template.get", json!({"templateId": id})), json!([]));
        assert_eq!(bob.refused("tasks.template.update", change).2, "Access denied");
        assert_eq!(bob.get("tasks.template.delete", json!({"templateId": id})), json!(false));
        assert_eq!(portal.get("tasks.template.get", json!({"templateId": id}))["TITLE"], "Report");
        assert_eq!(ann.get("tasks.template.delete", json!({"templateId": id})), json!(false));
        assert_eq!(ann.get("tasks.template.get", json!({"templateId": id})), json!([]));
        let text = "Could not find value for parameter {templateId}";
        assert_eq!(ann.refused("tasks.template.get", json!({})), (400, "100".into(), text.into()));
        let untitled = json!({"fields": {"RESPONSIBLE_ID": 1}});
        assert_eq!(ann.refused("tasks.template.add", untitled).2, "Task title is not specified<br>");
    }
}

#[test]
fn a_checklist_of_a_template_is_kept_as_a_tree() {
    for portal in portals("task") {
        let (ann, bob) =
            (portal.employee("ann@example.com", "task"), portal.employee("bob@example.com", "task"));
        let id = template(&ann, &json!({}));
        let root = item(&ann, id, "To do", 0);
        let [one, two, three] = ["One", "Two", "Three"].map(|title| item(&ann, id, title, root));
        let ask = |verb: &str, item: i64, more: Json| {
            let mut asked = json!({"templateId": id, "checkListItemId": item});
            asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            ann.get(&format!("tasks.template.checklist.{verb}"), asked)
        };
        let titles = || {
            let asked =
                json!({"templateId": id, "filter": {"PARENT_ID": root}, "order": {"SORT_INDEX": "asc"}});
            let listed = ann.get("tasks.template.checklist.list", asked)["checkListItems"].clone();
            listed.as_object().unwrap().values().map(|item| item["title"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(titles(), ["One", "Two", "Three"]);
        // An item that the template does not have above it makes a new checklist.
        let second = item(&ann, id, "Second list", 999);
        assert_eq!(ask("get", second, json!({}))["checkListItem"]["parentId"], 0);
        ask("delete", second, json!({}));
        ask("moveAfter", one, json!({"afterItemId": three}));
        ask("moveBefore", three, json!({"beforeItemId": two}));
        let mut sorted: Vec<(i64, String)> = [one, two, three]
            .map(|item| {
                let shown = ask("get", item, json!({}))["checkListItem"].clone();
                (shown["sortIndex"].as_i64().unwrap(), shown["title"].as_str().unwrap().to_owned())
            })
            .to_vec();
        sorted.sort();
        assert_eq!(
            sorted.iter().map(|(_, title)| title.as_str()).collect::<Vec<_>>(),
            ["Three", "Two", "One"]
        );
        let members = json!({"fields": {"TITLE": "First", "MEMBERS": {bob.user.to_string(): {"TYPE": "A"}}}});
        let shown = ask("update", one, members)["checkListItem"].clone();
        assert_eq!((&shown["title"], &shown["members"][0]["type"]), (&json!("First"), &json!("A")));
        assert_eq!(ask("complete", one, json!({}))["checkListItem"]["isComplete"], true);
        assert_eq!(ask("get", root, json!({}))["checkListItem"]["completedCount"], 1);
        assert_eq!(ask("renew", one, json!({}))["checkListItem"]["isComplete"], false);
        let denied = json!({"templateId": id, "checkListItemId": one});
        assert_eq!(
            bob.refused("tasks.template.checklist.get", denied).2,
            "Access to the task template is denied"
        );
        assert_eq!(ask("delete", root, json!({})), json!(true));
        let left = ann.get("tasks.template.checklist.list", json!({"templateId": id}));
        assert_eq!(left["checkListItems"], json!([]));
    }
}

#[test]
fn files_hang_on_the_items_of_a_template() {
    for portal in portals("task,disk") {
        let id = template(&portal, &json!({}));
        let root = item(&portal, id, "To do", 0);
        let asked = json!({
            "templateId": id, "checkListItemId": root,
            "attachmentParameters": {"NAME": "note.txt", "CONTENT": "bm90ZQ=="},
        });
        let shown =
            portal.get("tasks.template.checklist.addAttachmentByContent", asked)["checkListItem"].clone();
        let (attachment, file) = shown["attachments"].as_object().unwrap().iter().next().unwrap();
        let again = json!({"templateId": id, "checkListItemId": root, "filesIds": [file]});
        let both = portal.get("tasks.template.checklist.addAttachmentsFromDisk", again);
        assert_eq!(both["checkListItem"]["attachments"].as_object().unwrap().len(), 2);
        let gone = json!({"templateId": id, "checkListItemId": root, "attachmentsIds": [attachment]});
        let left = portal.get("tasks.template.checklist.removeAttachments", gone);
        assert_eq!(left["checkListItem"]["attachments"].as_object().unwrap().len(), 1);
    }
}

#[test]
fn a_template_makes_tasks_when_it_is_due() {
    for portal in portals("task") {
        let ann = portal.employee("ann@example.com", "task");
        let id = template(
            &ann,
            &json!({
                "TAGS": ["office"], "DEADLINE_AFTER": 3600, "REPLICATE": "Y",
                "REPLICATE_PARAMS": {"PERIOD": "daily", "TIME": "00:00", "REPEAT_TILL": "times", "TIMES": 2},
            }),
        );
        let root = item(&ann, id, "To do", 0);
        item(&ann, id, "Collect", root);
        assert_eq!(portal.work("tasks.template", 0), 0);
        assert_eq!(
            (
                portal.work("tasks.template", DAY),
                portal.work("tasks.template", 2 * DAY),
                portal.work("tasks.template", 9 * DAY)
            ),
            (1, 1, 0)
        );
        let asked = json!({"order": {"ID": "asc"}, "select": ["*", "TAGS"]});
        let tasks = ann.get("tasks.task.list", asked)["tasks"].clone();
        let tasks = tasks.as_array().unwrap();
        assert_eq!(tasks.len(), 2);
        for task in tasks {
            assert_eq!(task["forkedByTemplateId"], id.to_string());
            assert_eq!(task["createdBy"], ann.user.to_string());
            assert!(
                task["deadline"] != json!(null) && task["tags"].as_object().unwrap().len() == 1,
                "{task}"
            );
            let items =
                ann.get("task.checklistitem.getlist", json!({"TASKID": task["id"], "ORDER": {"ID": "asc"}}));
            let titles: Vec<_> = items.as_array().unwrap().iter().map(|item| item["TITLE"].clone()).collect();
            assert_eq!(titles, ["To do", "Collect"]);
        }
        let shown = ann.get("tasks.template.get", json!({"templateId": id}));
        assert_eq!(shown["TPARAM_REPLICATION_COUNT"], "2");
        // For several people there is one task for each, now.
        let two = template(&ann, &json!({"MULTITASK": "Y", "RESPONSIBLES": [ann.user, portal.user]}));
        assert_eq!(ann.get("tasks.template.make", json!({"templateId": two})).as_array().unwrap().len(), 2);
    }
}

#[test]
fn a_template_names_nobody_who_is_not_there() {
    for portal in portals("task") {
        let wrong = json!({"fields": {"TITLE": "x", "RESPONSIBLE_ID": 1, "RESPONSIBLES": [1, 9999]}});
        let text = "The user specified in the \"Responsible\" field was not found<br>";
        assert_eq!(portal.refused("tasks.template.add", wrong).2, text);
        let id = template(&portal, &json!({"RESPONSIBLES": [1, 1], "AUDITORS": [9999]}));
        let shown = portal.get("tasks.template.get", json!({"templateId": id}));
        assert_eq!(
            (&shown["RESPONSIBLES"], &shown["AUDITORS"]),
            (&json!("a:1:{i:0;s:1:\"1\";}"), &json!("a:0:{}"))
        );
    }
}
