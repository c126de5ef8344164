//! Tasks of workflows: who sees, does and hands them on.

use serde_json::{Value as Json, json};
use testportal::{Bench, Hook, portals};

use crate::start::{SCOPES, deal, template};

fn start(ada: &Bench, more: Json) -> Json {
    let template = template(ada, more);
    ada.get("bizproc.workflow.start", json!({"TEMPLATE_ID": template, "DOCUMENT_ID": deal(ada)}))
}

fn tasks(who: &Hook, filter: Json) -> Vec<i64> {
    let found = who.get("bizproc.task.list", json!({"select": ["ID"], "filter": filter}));
    found.as_array().unwrap().iter().map(|task| task["ID"].as_str().unwrap().parse().unwrap()).collect()
}

#[test]
fn people_see_and_do_their_own() {
    for ada in portals(SCOPES) {
        let [ines, lena, otto] =
            ["ines@x.de", "lena@x.de", "otto@x.de"].map(|email| ada.employee(email, SCOPES));
        let sales = ada.get("department.add", json!({"NAME": "Sales", "PARENT": 1, "UF_HEAD": ines.user}));
        ada.get("user.update", json!({"ID": lena.user, "UF_DEPARTMENT": [sales]}));
        let given = json!({"taskName": "Approve it", "taskUsers": [lena.user, otto.user.to_string(), "starter", 99_999]});
        let id = start(&ada, given);
        let all = tasks(&ada, json!({}));
        assert_eq!(all.len(), 3, "administrators see all");
        let own = |who: &Hook| tasks(who, json!({}));
        assert_eq!((own(&ines), own(&lena), own(&otto)), (vec![], vec![all[0]], vec![all[1]]));
        assert_eq!(tasks(&ines, json!({"USER_ID": lena.user})), [all[0]], "a head asks for those of people");
        for (who, user) in [(&ines, otto.user), (&lena, ines.user), (&otto, lena.user)] {
            let asked = json!({"filter": {"=USER_ID": user}});
            assert_eq!(who.refused("bizproc.task.list", asked).1, "ACCESS_DENIED");
        }
        let row =
            lena.get("bizproc.task.list", json!({"select": ["*"], "filter": {"ID": all[0]}}))[0].clone();
        assert_eq!(
            (&row["WORKFLOW_ID"], &row["DOCUMENT_NAME"], &row["STATUS"]),
            (&id, &json!("Chairs"), &json!("0")),
            "{row}"
        );
        assert_eq!(row["PARAMETERS"]["StatusYesLabel"], "Approve");
        assert_eq!(
            lena.refused("bizproc.task.list", json!({"select": ["x"]})).1,
            "ERROR_SELECT_VALIDATION_FAILURE"
        );
        let complete = |who: &Hook, task: i64, status: Json| {
            who.ask("bizproc.task.complete", json!({"TASK_ID": task, "STATUS": status}))
        };
        let code = |answer: Result<Json, wire::Fault>| answer.unwrap_err().code.into_owned();
        assert_eq!(code(complete(&ines, all[0], json!(1))), "ERROR_TASK_NOT_FOUND");
        assert_eq!(code(complete(&ada, all[0], json!(1))), "ERROR_TASK_NOT_FOUND");
        assert_eq!(code(complete(&lena, all[0], json!(3))), "ERROR_TASK_VALIDATION");
        assert_eq!(code(complete(&lena, 0, json!(1))), "ERROR_TASK_VALIDATION");
        complete(&lena, all[0], json!("yes")).unwrap();
        assert_eq!(code(complete(&lena, all[0], json!(1))), "ERROR_TASK_COMPLETED");
        assert_eq!(tasks(&lena, json!({"STATUS": 0})), Vec::<i64>::new());
        complete(&otto, all[1], json!(2)).unwrap();
        assert_eq!(ada.get("bizproc.workflow.instances", json!({})).as_array().map(Vec::len), Some(1));
        complete(&ada, all[2], json!(1)).unwrap();
        assert_eq!(ada.get("bizproc.workflow.instances", json!({})), json!([]), "it ends with its last task");
        let found = ada.get("bizproc.recorder.instance.list", json!({}))["instances"][0].clone();
        assert_eq!(found["state"], "Rejected");
    }
}

#[test]
fn information_is_asked_for_by_fields() {
    for ada in portals(SCOPES) {
        let given = json!({
            "taskName": "Which one?", "taskUsers": [1], "taskActivity": "RequestInformationActivity", "taskComment": "Y",
            "taskFields": {"count": {"Name": "How many", "Type": "int", "Required": "1"}},
        });
        start(&ada, given);
        let task = tasks(&ada, json!({"activity": "RequestInformationActivity"}))[0];
        let complete = |more: Json| {
            let mut given = json!({"TASK_ID": task, "STATUS": 3});
            given.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            ada.ask("bizproc.task.complete", given)
        };
        let text = |more: Json| complete(more).unwrap_err().message.into_owned();
        assert_eq!(text(json!({})), "The comment is required");
        assert_eq!(text(json!({"COMMENT": "x"})), "The parameter How many is required");
        assert_eq!(
            text(json!({"COMMENT": "x", "FIELDS": {"count": "many"}})),
            "Invalid value of the parameter How many"
        );
        complete(json!({"COMMENT": "x", "FIELDS": {"count": 7}})).unwrap();
        let number = ada.get("bizproc.recorder.instance.list", json!({}))["instances"][0]["id"].clone();
        let shown = ada.get("bizproc.recorder.instance.get", json!({"id": number}))["instance"].clone();
        let done = &shown["tasks"][0];
        assert_eq!((&done["answers"], &done["comment"]), (&json!({"count": 7}), &json!("x")), "{shown}");
        assert_eq!(shown["state"], "Completed");
    }
}

#[test]
fn tasks_are_handed_on_by_those_whose_they_are() {
    for ada in portals(SCOPES) {
        let (ines, otto) = (ada.employee("ines@x.de", SCOPES), ada.employee("otto@x.de", SCOPES));
        start(&ada, json!({"taskName": "Approve it", "taskUsers": [ines.user]}));
        let task = tasks(&ines, json!({}))[0];
        let count = |of: &Hook| of.get("im.notify.get", json!({}))["notifications"].as_array().map(Vec::len);
        assert_eq!(count(&ines), Some(1));
        let delegate = |who: &Hook, tasks: Json, from: i64, to: i64| {
            let given = json!({"TASK_IDS": tasks, "FROM_USER_ID": from, "TO_USER_ID": to});
            who.ask("bizproc.task.delegate", given).map_err(|fault| fault.message.into_owned())
        };
        let not_theirs = || Err("User is not responsible for the task".to_owned());
        assert_eq!(delegate(&otto, json!([task]), ines.user, otto.user), not_theirs());
        assert_eq!(delegate(&otto, json!([task]), otto.user, otto.user), not_theirs());
        assert_eq!(delegate(&ines, json!([]), ines.user, otto.user), Err("Invalid TASK_IDS".into()));
        assert_eq!(delegate(&ines, json!([task]), 0, otto.user), Err("Invalid FROM_USER_ID".into()));
        assert_eq!(delegate(&ines, json!([task]), ines.user, 99_999), Err("Invalid TO_USER_ID".into()));
        assert_eq!(delegate(&ines, json!([task, 99_999]), ines.user, otto.user), not_theirs());
        assert_eq!(tasks(&ines, json!({})), [task], "all of them or none");
        assert_eq!(delegate(&ines, json!([task]), ines.user, otto.user), Ok(json!(true)));
        assert_eq!((tasks(&ines, json!({})), tasks(&otto, json!({}))), (vec![], vec![task]));
        assert_eq!(
            delegate(&ada, json!([task]), otto.user, 1),
            Ok(json!(true)),
            "administrators do so for others"
        );
    }
}
