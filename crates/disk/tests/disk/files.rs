//! Storages, folders, and files that requests bring.

use serde_json::{Value as Json, json};
use testportal::{Hook, content, portals};

/// The storage of the caller.
pub fn own(who: &Hook) -> Json {
    let list = who.get("disk.storage.getList", json!({"filter": {"ENTITY_TYPE": "user"}}));
    list[0].clone()
}

/// The number in a value, as text or not.
pub fn number(value: &Json) -> i64 {
    value.as_i64().or_else(|| value.as_str()?.parse().ok()).unwrap()
}

/// A folder in the root folder of the caller's storage.
pub fn folder(who: &Hook, name: &str) -> i64 {
    let storage = own(who)["ID"].clone();
    number(&who.get("disk.storage.addFolder", json!({"id": storage, "data": {"NAME": name}}))["ID"])
}

/// A file in a folder.
pub fn file(who: &Hook, folder: i64, name: &str) -> i64 {
    let given = json!({"id": folder, "data": {"NAME": name}, "fileContent": [name, "SGVsbG8="]});
    number(&who.get("disk.folder.uploadFile", given)["ID"])
}

/// The names in a folder, in the order of the list.
pub fn names(who: &Hook, folder: i64) -> Vec<String> {
    let list = who.get("disk.folder.getChildren", json!({"id": folder}));
    list.as_array().unwrap().iter().map(|child| child["NAME"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn storages_are_made_when_they_are_first_asked_for() {
    for ada in portals("disk") {
        let ines = ada.employee("ines@example.com", "disk");
        let page = ines.page("disk.storage.getList", json!({})).unwrap();
        assert_eq!(page.total, Some(2));
        let (company, own) = (&page.result[0], &page.result[1]);
        assert_eq!(
            (&company["NAME"], &company["ENTITY_TYPE"], &company["ENTITY_ID"], &company["CODE"]),
            (&json!("Company drive"), &json!("common"), &json!("shared_files_s1"), &json!(null))
        );
        let owner = json!(ines.user.to_string());
        assert_eq!(
            (&own["NAME"], &own["ENTITY_ID"], &own["MODULE_ID"]),
            (&json!("ines@example.com"), &owner, &json!("disk"))
        );
        assert!(own["ID"].is_string() && own["ROOT_OBJECT_ID"].is_string(), "{own}");
        assert_eq!(ines.get("disk.storage.get", json!({"id": own["ID"]})), *own);
        assert_eq!(ines.get("disk.storage.getList", json!({}))[1], *own, "it is made once");
        let batch = json!({"cmd": {"a": "disk.storage.getList?filter[ENTITY_TYPE]=user", "b": "disk.storage.getTypes"}});
        let both = ada.get("batch", batch);
        assert_eq!(both["result"]["a"][0]["NAME"], "Ada Berg", "{both}");
        assert_eq!(
            ada.refused("disk.storage.get", json!({"id": own["ID"]})),
            (400, "ACCESS_DENIED".to_owned(), "Access denied".to_owned()),
            "an administrator has no look into what others have"
        );
        let missing = ada.refused("disk.storage.get", json!({"id": 999}));
        assert_eq!(
            (missing.1.as_str(), missing.2.as_str()),
            ("ERROR_NOT_FOUND", "Could not find entity with id `999`.")
        );
        assert_eq!(ada.refused("disk.storage.get", json!({})).1, "ERROR_ARGUMENT");
    }
}

#[test]
fn a_file_is_uploaded_and_read_back() {
    for ada in portals("disk") {
        let storage = own(&ada);
        let folder =
            ada.get("disk.storage.addFolder", json!({"id": storage["ID"], "data": {"NAME": "Offers"}}));
        assert_eq!((&folder["DELETED_TYPE"], &folder["PARENT_ID"]), (&json!(0), &storage["ROOT_OBJECT_ID"]));
        assert!(
            folder["ID"].is_i64() && folder["STORAGE_ID"].is_string() && folder["DELETED_BY"].is_null(),
            "{folder}"
        );
        assert!(folder.get("SIZE").is_none(), "{folder}");
        let given =
            json!({"id": folder["ID"], "data": {"NAME": "hello.txt"}, "fileContent": ["x.txt", "SGVsbG8="]});
        let made = ada.get("disk.folder.uploadFile", given.clone());
        assert_eq!((&made["NAME"], &made["SIZE"]), (&json!("hello.txt"), &json!("5")));
        assert_eq!((&made["GLOBAL_CONTENT_VERSION"], &made["TYPE"]), (&json!(1), &json!("file")));
        let shown = ada.get("disk.file.get", json!({"id": made["ID"]}));
        assert_eq!(
            (number(&shown["ID"]), &shown["DELETED_BY"], &shown["DELETE_TIME"]),
            (number(&made["ID"]), &json!("0"), &json!(null))
        );
        assert!(
            shown["ID"].is_string() && shown["FILE_ID"].is_string() && shown.get("REAL_OBJECT_ID").is_none(),
            "{shown}"
        );
        assert_eq!(
            shown["DETAIL_URL"],
            "https://portal.test/company/personal/user/1/disk/file/Offers/hello.txt"
        );
        let file = number(&shown["FILE_ID"]);
        let kept = ada.read(move |tx| portal::files::find(tx, file)).unwrap();
        assert_eq!(content(&ada.portal, &kept.key), b"Hello");
        assert!(
            shown["DOWNLOAD_URL"].as_str().unwrap().starts_with("https://portal.test/rest/download/?token=")
        );

        let taken = ada.refused("disk.folder.uploadFile", given.clone());
        assert_eq!(
            taken,
            (400, "DISK_OBJ_22000".to_owned(), "A file with this name already exists".to_owned())
        );
        for number in 1..5 {
            let mut other = given.clone();
            other["generateUniqueName"] = json!(true);
            other["data"]["NAME"] = json!("HELLO.txt");
            let made = ada.get("disk.folder.uploadFile", other);
            assert_eq!(made["NAME"], format!("HELLO ({number}).txt"));
        }
        let bare = json!({"id": storage["ID"], "data": {"NAME": "a/b.txt"}, "fileContent": "SGVsbG8="});
        assert_eq!(ada.get("disk.storage.uploadFile", bare)["NAME"], "a-b.txt");
        let children = ada
            .page("disk.storage.getChildren", json!({"id": storage["ID"], "order": {"NAME": "DESC"}}))
            .unwrap();
        let kinds: Vec<_> = children.result.as_array().unwrap().iter().map(|child| &child["TYPE"]).collect();
        assert_eq!((children.total, kinds), (Some(2), vec![&json!("file"), &json!("folder")]));
        let found = json!({"id": folder["ID"], "filter": {"NAME": "%(2)%", "TYPE": "file"}});
        assert_eq!(ada.get("disk.folder.getChildren", found).as_array().unwrap().len(), 1);
        assert_eq!(
            ada.refused("disk.file.get", json!({"id": folder["ID"]})).1,
            "ERROR_NOT_FOUND",
            "a folder is no file"
        );
        assert_eq!(ada.refused("disk.folder.getChildren", json!({"id": 999})).1, "ERROR_NOT_FOUND");
        let nameless =
            ada.refused("disk.folder.addSubFolder", json!({"id": folder["ID"], "data": {"NAME": " "}}));
        assert_eq!(nameless.1, "DISK_BASE_SERVICE_22001");
    }
}

#[test]
fn folders_lie_within_each_other_to_a_bound() {
    for ada in portals("disk") {
        let mut at = number(&own(&ada)["ROOT_OBJECT_ID"]);
        let mut depth = 0;
        let refused = loop {
            match ada.ask("disk.folder.addSubFolder", json!({"id": at, "data": {"NAME": "deeper"}})) {
                Ok(made) => (at, depth) = (number(&made["ID"]), depth + 1),
                Err(fault) => break fault,
            }
        };
        assert_eq!((depth, &*refused.code), (59, "DISK_OBJ_22000"));
    }
}
