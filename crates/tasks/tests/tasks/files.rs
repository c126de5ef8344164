//! Files of the disk that are attached to tasks and comments.

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

use crate::task;

/// Puts a file onto the disk of its user; gives its number.
fn file(hook: &Hook, name: &str) -> i64 {
    let storages = hook.get("disk.storage.getList", json!({}));
    let user = hook.user.to_string();
    let own = |storage: &&Json| storage["ENTITY_TYPE"] == "user" && storage["ENTITY_ID"] == user.as_str();
    let storage = storages.as_array().unwrap().iter().find(own).unwrap()["ID"].clone();
    let asked = json!({"id": storage, "data": {"NAME": name}, "fileContent": [name, "VHdlbnR5IGNoYWlycw=="]});
    let added = hook.get("disk.storage.uploadFile", asked)["ID"].clone();
    added.as_i64().or_else(|| added.as_str().unwrap().parse().ok()).unwrap()
}

#[test]
fn files_are_attached_kept_by_their_numbers_and_taken_away() {
    for portal in portals("task,disk,im") {
        let ines = portal.employee("ines@example.com", "task,disk");
        let (first, second) = (file(&portal, "a.txt"), file(&portal, "b.txt"));
        let fields = json!({"RESPONSIBLE_ID": ines.user, "UF_TASK_WEBDAV_FILES": [format!("n{first}")]});
        let id = task(&portal, fields);
        let select = json!(["UF_TASK_WEBDAV_FILES"]);
        let shown = || {
            portal.get("tasks.task.get", json!({"taskId": id, "select": select}))["task"]["ufTaskWebdavFiles"]
                .clone()
        };
        let attached = shown()[0].as_i64().unwrap();
        // Who has a part in the task reads what is attached to it.
        let got = ines.get("disk.attachedObject.get", json!({"id": attached}));
        assert_eq!((&got["NAME"], &got["OBJECT_ID"]), (&json!("a.txt"), &json!(first.to_string())));
        let more =
            portal.get("tasks.task.files.attach", json!({"taskId": id, "fileId": second}))["attachmentId"]
                .clone();
        assert_eq!(shown(), json!([attached, more]));
        let files = ines.get("task.item.getfiles", json!([id]));
        assert_eq!((&files[1]["NAME"], &files[1]["FILE_ID"]), (&json!("b.txt"), &json!(second.to_string())));
        // An update replaces them all.
        let kept = json!({"taskId": id, "fields": {"UF_TASK_WEBDAV_FILES": [more]}});
        portal.get("tasks.task.update", kept);
        assert_eq!(shown(), json!([more]));
        ines.refused("disk.attachedObject.get", json!({"id": attached}));
        assert_eq!(
            portal.get("task.item.deletefile", json!({"TASK_ID": id, "ATTACHMENT_ID": more})),
            json!(true)
        );
        assert_eq!(shown(), json!([]));
    }
}

#[test]
fn nobody_attaches_what_they_do_not_read_or_to_what_is_not_theirs() {
    for portal in portals("task,disk,im") {
        let ines = portal.employee("ines@example.com", "task,disk");
        let otto = portal.employee("otto@example.com", "task,disk");
        let secret = file(&otto, "secret.txt");
        let id = task(&portal, json!({"RESPONSIBLE_ID": ines.user, "AUDITORS": [otto.user]}));
        let attach = |hook: &Hook, file: Json| {
            hook.refused("tasks.task.files.attach", json!({"taskId": id, "fileId": file}))
        };
        let refused = attach(&ines, json!(secret));
        assert_eq!((refused.1.as_str(), refused.2.as_str()), ("ERROR_CORE", "Insufficient permissions.<br>"));
        let refused = attach(&otto, json!(secret));
        assert_eq!((refused.1.as_str(), refused.2.as_str()), ("0", "Access denied"));
        assert_eq!(attach(&ines, json!("x")).1, "100");
        let missing = ines.refused("tasks.task.files.attach", json!({"taskId": id}));
        assert_eq!(
            (missing.1.as_str(), missing.2.as_str()),
            ("100", "Could not find value for parameter {fileId}")
        );
        let watched = json!({"taskId": id, "fields": {"UF_TASK_WEBDAV_FILES": [format!("n{secret}")]}});
        assert_eq!(otto.refused("tasks.task.update", watched).1, "0");
    }
}

#[test]
fn comments_have_files_of_their_own() {
    for portal in portals("task,disk,im") {
        let id = task(&portal, json!({}));
        let file = file(&portal, "a.txt");
        let fields = json!({"POST_MESSAGE": "See there", "UF_FORUM_MESSAGE_DOC": [format!("n{file}")]});
        let comment = portal.get("task.commentitem.add", json!([id, fields]));
        let got = portal.get("task.commentitem.get", json!([id, comment]));
        let objects = got["ATTACHED_OBJECTS"].as_object().unwrap();
        let (number, object) = objects.iter().next().unwrap();
        assert_eq!((&object["ATTACHMENT_ID"], &object["NAME"]), (&json!(number), &json!("a.txt")));
        portal.get(
            "task.commentitem.update",
            json!([id, comment, {"POST_MESSAGE": "Gone", "UF_FORUM_MESSAGE_DOC": []}]),
        );
        assert_eq!(portal.get("task.commentitem.get", json!([id, comment]))["ATTACHED_OBJECTS"], json!([]));
    }
}

#[test]
fn items_of_checklists_have_files_and_templates_hand_them_on() {
    for portal in portals("task,disk,im") {
        let ines = portal.employee("ines@example.com", "task,disk");
        let (first, second) = (file(&portal, "a.txt"), file(&portal, "b.txt"));
        let id = task(&portal, json!({"ACCOMPLICES": [ines.user]}));
        let named = json!({"TITLE": "Measure", "UF_CHECKLIST_FILES": [format!("n{first}")]});
        let item = portal.get("task.checklistitem.add", json!([id, named]));
        let shown = |who: &Hook| who.get("task.checklistitem.get", json!([id, item]))["ATTACHMENTS"].clone();
        let files = shown(&ines);
        let (number, one) = files.as_object().unwrap().iter().next().unwrap();
        assert_eq!((&one["NAME"], &one["FILE_ID"]), (&json!("a.txt"), &json!(first.to_string())));
        assert_eq!(one["ATTACHMENT_ID"].to_string(), *number);
        // Who sees the task reads them.
        assert_eq!(ines.get("disk.attachedObject.get", json!({"id": number}))["NAME"], "a.txt");
        let both = json!({"UF_CHECKLIST_FILES": [number, format!("n{second}")]});
        portal.get("task.checklistitem.update", json!([id, item, both]));
        assert_eq!(shown(&portal).as_object().unwrap().len(), 2);
        // What is not one's own to read is not attached either.
        let otto = portal.employee("otto@example.com", "task,disk");
        let secret = file(&otto, "secret.txt");
        let theft = json!({"UF_CHECKLIST_FILES": [format!("n{secret}")]});
        portal.refused("task.checklistitem.update", json!([id, item, theft]));
        portal.get("task.checklistitem.delete", json!([id, item]));
        portal.refused("disk.attachedObject.get", json!({"id": number}));

        let template =
            portal.get("tasks.template.add", json!({"fields": {"TITLE": "Move", "RESPONSIBLE_ID": 1}}));
        let mut root = json!(0);
        for title in ["Before", "Measure"] {
            let fields = json!({"TITLE": title, "PARENT_ID": root});
            let added =
                portal.get("tasks.template.checklist.add", json!({"templateId": template, "fields": fields}));
            root = added["checkListItem"]["id"].clone();
        }
        let asked =
            json!({"templateId": template, "checkListItemId": root, "filesIds": [format!("n{first}")]});
        portal.get("tasks.template.checklist.addAttachmentsFromDisk", asked);
        let made = portal.get("tasks.template.make", json!({"templateId": template}))[0].clone();
        let items = portal.get("task.checklistitem.getlist", json!([made, {"ID": "asc"}]));
        let files = items[1]["ATTACHMENTS"].as_object().unwrap().values().next().unwrap().clone();
        assert_eq!((&items[1]["TITLE"], &files["NAME"]), (&json!("Measure"), &json!("a.txt")));
    }
}

#[test]
fn the_old_spelling_brings_files_by_their_content() {
    for portal in portals("task,disk,im") {
        let ines = portal.employee("ines@example.com", "task,disk");
        let id = task(&portal, json!({"AUDITORS": [ines.user]}));
        let brought = json!({"TASK_ID": id, "FILE": {"NAME": "desc.txt", "CONTENT": "VHdlbnR5IGNoYWlycw=="}});
        let attachment = portal.get("task.item.addfile", brought.clone());
        let files = portal.get("task.item.getfiles", json!([id]));
        assert_eq!((&files[0]["NAME"], &files[0]["SIZE"]), (&json!("desc.txt"), &json!("13")));
        assert_eq!(files[0]["ATTACHMENT_ID"], json!(attachment.to_string()));
        assert!(ines.refused("task.item.addfile", brought).2.contains("Action is not allowed"));
        let nameless = json!({"TASK_ID": id, "FILE": {"NAME": " ", "CONTENT": "eA=="}});
        assert!(portal.refused("task.item.addfile", nameless).2.contains("no name or no content"));
        // What has the name of a file that is there gets a number behind it.
        let again = json!({"TASK_ID": id, "FILE": {"NAME": "desc.txt", "CONTENT": "eA=="}});
        portal.get("task.item.addfile", again);
        let files = portal.get("task.item.getfiles", json!([id]));
        assert_eq!((&files[1]["NAME"], &files[1]["SIZE"]), (&json!("desc (1).txt"), &json!("1")));
    }
}
