//! Files of chats: in the chat's folder, for its members, sent by messages.

use serde_json::{Value as Json, json};
use testportal::Hook;

use crate::chats::make;

const SCOPES: &str = "im,disk";

/// Uploads a file to a dialog; gives what it answers.
fn upload(who: &Hook, dialog: &str, name: &str) -> Json {
    let fields = json!({"name": name, "content": "SGVsbG8=", "message": "Look"});
    who.get("im.v2.File.upload", json!({"dialogId": dialog, "fields": fields}))
}

fn files(who: &Hook, dialog: &str) -> Vec<Json> {
    let answer = who.get("im.dialog.messages.get", json!({"DIALOG_ID": dialog}));
    answer["files"].as_array().unwrap().clone()
}

#[test]
fn a_file_is_sent_with_a_message_and_read_by_members_alone() {
    for ada in testportal::portals(SCOPES) {
        let (ines, otto) =
            (ada.employee("ines@example.com", SCOPES), ada.employee("otto@example.com", SCOPES));
        let chat = make(&ada, &[ines.user], "Showroom");
        let dialog = format!("chat{chat}");
        let sent = upload(&ada, &dialog, "plan.png");
        let file = &sent["file"];
        for (key, value) in [
            ("name", json!("plan.png")),
            ("extension", json!("png")),
            ("type", json!("image")),
            ("size", json!(5)),
            ("chatId", json!(chat)),
            ("authorId", json!(ada.user)),
        ] {
            assert_eq!(file[key], value, "{key}");
        }
        assert_eq!((&sent["chatId"], &sent["dialogId"]), (&json!(chat), &json!(dialog)));
        let answer = ines.get("im.dialog.messages.get", json!({"DIALOG_ID": dialog}));
        assert_eq!(answer["messages"][0]["id"], sent["messageId"]);
        assert_eq!(answer["messages"][0]["params"]["FILE_ID"], json!([file["id"]]));
        assert_eq!(answer["files"][0]["id"], file["id"]);
        assert_eq!(ines.get("im.recent.get", json!({}))[0]["message"]["file"], true);
        let link = ines.get("im.v2.File.download", json!({"dialogId": dialog, "fileId": file["id"]}));
        assert!(link["downloadUrl"].as_str().unwrap().contains("/rest/download/"));
        let second = upload(&ines, &dialog, "PLAN.png");
        assert_eq!(second["file"]["name"], "PLAN (1).png", "a name is there once");
        // Nobody else, neither by the chat nor by the drive.
        let refused = otto.refused("im.v2.File.download", json!({"dialogId": dialog, "fileId": file["id"]}));
        assert_eq!((refused.0, refused.1.as_str()), (403, "ACCESS_DENIED"));
        assert!(otto.ask("disk.file.get", json!({"id": file["id"]})).is_err());
        assert_eq!(ines.get("disk.file.get", json!({"id": file["id"]}))["NAME"], "plan.png");
        // Not by another dialog of theirs.
        otto.get("im.message.add", json!({"DIALOG_ID": ada.user, "MESSAGE": "Hi"}));
        let elsewhere = json!({"dialogId": otto.user.to_string(), "fileId": file["id"]});
        assert_eq!(ada.refused("im.v2.File.download", elsewhere).1, "FILE_NOT_FOUND");
        for (fields, code) in [
            (json!({"name": "x", "content": ""}), "FILE_EMPTY"),
            (json!({"content": "SGVsbG8="}), "FILE_EMPTY"),
            (json!({"name": "x", "content": "<>"}), "FILE_INVALID_CONTENT"),
        ] {
            let params = json!({"dialogId": dialog, "fields": fields});
            assert_eq!(ada.refused("im.v2.File.upload", params.clone()).1, code, "{params}");
        }
    }
}

#[test]
fn the_old_way_uploads_to_the_folder_and_commits() {
    for ada in testportal::portals(SCOPES) {
        let (ines, otto) =
            (ada.employee("ines@example.com", SCOPES), ada.employee("otto@example.com", SCOPES));
        let chat = make(&ada, &[ines.user], "Showroom");
        let dialog = format!("chat{chat}");
        let folder = ines.get("im.disk.folder.get", json!({"CHAT_ID": chat}))["ID"].clone();
        assert_eq!(ada.get("im.disk.folder.get", json!({"DIALOG_ID": dialog}))["ID"], folder, "the same one");
        assert_eq!(otto.refused("im.disk.folder.get", json!({"CHAT_ID": chat})).0, 403);
        assert_eq!(ada.refused("im.disk.folder.get", json!({})).1, "CHAT_ID_EMPTY");
        let put = json!({"id": folder, "data": {"NAME": "a.txt"}, "fileContent": ["a.txt", "SGVsbG8="]});
        let uploaded = ines.get("disk.folder.uploadFile", put);
        let commit = json!({"CHAT_ID": chat, "UPLOAD_ID": uploaded["ID"], "MESSAGE": "Here"});
        let sent = ines.get("im.disk.file.commit", commit.clone());
        assert_eq!(sent["DISK_ID"], json!([uploaded["ID"].to_string().trim_matches('"')]));
        let key = format!("upload{}", sent["DISK_ID"][0].as_str().unwrap());
        assert_eq!(sent["FILES"][&key]["name"], "a.txt");
        assert_eq!(
            (&sent["FILES"][&key]["image"], &sent["FILES"][&key]["chatId"]),
            (&json!(false), &chat.into())
        );
        assert_eq!(sent["FILES"][&key]["viewerAttrs"]["viewerGroupBy"], chat.to_string());
        let model = &sent["FILE_MODELS"][&key];
        assert_eq!((&model["parentId"], &model["typeFile"]), (&folder, &json!(4)));
        assert_eq!(model["uniqueCode"].as_str().map(str::len), Some(20));
        assert_eq!(files(&ada, &dialog).len(), 1);
        // One that lies on somebody's drive is copied.
        let storages = ada
            .get("disk.storage.getList", json!({"filter": {"ENTITY_TYPE": "user", "ENTITY_ID": ada.user}}));
        let own =
            json!({"id": storages[0]["ID"], "data": {"NAME": "b.txt"}, "fileContent": ["b.txt", "SGVsbG8="]});
        let own = ada.get("disk.storage.uploadFile", own)["ID"].clone();
        let sent = ada.get("im.disk.file.commit", json!({"CHAT_ID": chat, "FILE_ID": [own]}));
        assert_ne!(sent["DISK_ID"][0], own);
        assert_eq!(files(&ines, &dialog).len(), 2);
        assert_eq!(
            ines.refused("im.disk.file.commit", json!({"CHAT_ID": chat, "FILE_ID": [own]})).1,
            "SAVE_ERROR",
            "it is hers"
        );
        assert_eq!(ada.refused("im.disk.file.commit", json!({"CHAT_ID": chat})).1, "FILES_ERROR");
        assert_eq!(otto.refused("im.disk.file.commit", commit).0, 403);

        // A picture says how large it is; this is the beginning of one.
        let picture = json!({"id": folder, "data": {"NAME": "p.gif"}, "fileContent": ["p.gif", "R0lGODlhSAA9AIAAADs7Ow=="]});
        let picture = ines.get("disk.folder.uploadFile", picture)["ID"].clone();
        ines.get("im.disk.file.commit", json!({"CHAT_ID": chat, "UPLOAD_ID": picture}));
        let shown = files(&ada, &dialog).into_iter().find(|file| file["name"] == "p.gif").unwrap();
        assert_eq!(shown["image"], json!({"height": 61, "width": 72}));

        let saved = ines.get("im.disk.file.save", json!({"FILE_ID": sent["DISK_ID"][0]}));
        assert_eq!(
            (&saved["folder"]["name"], &saved["file"]["name"]),
            (&json!("Saved files"), &json!("b.txt"))
        );
        let again = ines.get("im.disk.file.save", json!({"FILE_ID": sent["DISK_ID"][0]}));
        assert_eq!((&again["folder"], &again["file"]["name"]), (&saved["folder"], &json!("b (1).txt")));
        assert_eq!(
            otto.refused("im.disk.file.save", json!({"FILE_ID": sent["DISK_ID"][0]})).1,
            "FILE_SAVE_ERROR"
        );

        let delete = json!({"CHAT_ID": chat, "FILE_ID": sent["DISK_ID"][0]});
        assert_eq!(ines.get("im.disk.file.delete", delete.clone()), false, "only who sent it");
        assert_eq!(ada.get("im.disk.file.delete", delete), true);
        assert_eq!(files(&ines, &dialog).len(), 2);
        assert_eq!(
            ines.get("disk.file.get", json!({"id": saved["file"]["id"]}))["NAME"],
            "b.txt",
            "the copy stays"
        );
    }
}
