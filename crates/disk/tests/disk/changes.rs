//! Renaming, moving, copying, the trash, and deleting for good.

use serde_json::{Value as Json, json};
use testportal::{Hook, portals};

use crate::files::{file, folder, names, number, own};

fn below(who: &Hook, folder: i64, name: &str) -> i64 {
    number(&who.get("disk.folder.addSubFolder", json!({"id": folder, "data": {"NAME": name}}))["ID"])
}

fn root(who: &Hook) -> i64 {
    number(&own(who)["ROOT_OBJECT_ID"])
}

#[test]
fn names_stay_unique_however_they_come_about() {
    for ada in portals("disk") {
        let (offers, chairs) = (folder(&ada, "Offers"), folder(&ada, "Chairs"));
        let (one, two) = (file(&ada, offers, "one.txt"), file(&ada, offers, "two.txt"));
        let taken = ada.refused("disk.file.rename", json!({"id": two, "newName": "ONE.txt"}));
        assert_eq!((taken.0, taken.1.as_str()), (400, "DISK_OBJ_22000"));
        assert_eq!(ada.get("disk.file.rename", json!({"id": one, "newName": "One.txt"}))["NAME"], "One.txt");
        let empty = ada.refused("disk.file.rename", json!({"id": two, "newName": ".."}));
        assert_eq!(empty.2, "Empty name");
        file(&ada, chairs, "two.txt");
        let move_two = json!({"id": two, "targetFolderId": chairs});
        assert_eq!(ada.refused("disk.file.moveTo", move_two.clone()).1, "DISK_OBJ_22000");
        assert_eq!(ada.get("disk.file.copyTo", move_two)["NAME"], "two (1).txt");
        let moved = ada.get("disk.file.moveTo", json!({"id": one, "targetFolderId": chairs}));
        assert_eq!((&moved["PARENT_ID"], &moved["DELETED_TYPE"]), (&json!(chairs), &json!("0")));
        assert_eq!(
            (names(&ada, offers), names(&ada, chairs)),
            (vec!["two.txt".to_owned()], vec!["One.txt".into(), "two.txt".into(), "two (1).txt".into()])
        );
        assert_eq!(
            ada.refused("disk.folder.rename", json!({"id": root(&ada), "newName": "x"})).2,
            "Could not rename root folder"
        );
        let company = json!({"id": one, "targetFolderId": 1});
        assert_eq!(ada.get("disk.file.moveTo", company), json!(false), "another storage");
    }
}

#[test]
fn trees_move_whole_and_never_into_themselves() {
    for ada in portals("disk") {
        let (a, b) = (folder(&ada, "a"), folder(&ada, "b"));
        let (deep, deeper) = {
            let deep = below(&ada, a, "deep");
            (deep, below(&ada, deep, "deeper"))
        };
        let leaf = file(&ada, deeper, "leaf.txt");
        for inside in [a, deep, deeper] {
            let refused = ada.refused("disk.folder.moveTo", json!({"id": a, "targetFolderId": inside}));
            assert_eq!(refused.2, "Could not move a folder into itself");
        }
        let moved = ada.get("disk.folder.moveTo", json!({"id": deep, "targetFolderId": b}));
        assert_eq!(moved["DETAIL_URL"], "https://portal.test/company/personal/user/1/disk/path/b/deep");
        assert_eq!(
            ada.get("disk.file.get", json!({"id": leaf}))["DETAIL_URL"],
            "https://portal.test/company/personal/user/1/disk/file/b/deep/deeper/leaf.txt"
        );
        // What was above has nothing to say any more, what is above now has.
        let otto = ada.employee("otto@example.com", "disk");
        let share = |folder: i64| json!({"id": folder, "userId": otto.user, "taskName": "disk_access_read"});
        assert_eq!(ada.get("disk.folder.shareToUser", share(a)), json!(true));
        assert_eq!(otto.refused("disk.file.get", json!({"id": leaf})).1, "ACCESS_DENIED");
        ada.get("disk.folder.shareToUser", share(b));
        assert_eq!(otto.get("disk.file.get", json!({"id": leaf}))["NAME"], "leaf.txt");
        let more = json!({"id": b, "userId": ada.user, "taskName": "disk_access_full"});
        assert_eq!(otto.refused("disk.folder.shareToUser", more).1, "ACCESS_DENIED");
        // A copy of a folder that holds its copy ends.
        let copy = ada.get("disk.folder.copyTo", json!({"id": b, "targetFolderId": deeper}));
        assert!(copy["ID"].is_i64() && copy["DELETED_BY"].is_null(), "{copy}");
        assert_eq!(names(&ada, number(&copy["ID"])), ["deep"]);
        let found = ada.page("disk.file.search", json!({"QUERY": "LEAF", "TYPE": "all"})).unwrap();
        assert_eq!((found.result.as_array().unwrap().len(), found.next), (2, None));
    }
}

#[test]
fn the_trash_gives_back_what_was_there() {
    for ada in portals("disk") {
        let a = folder(&ada, "a");
        let inner = below(&ada, a, "inner");
        let (kept, gone) = (file(&ada, inner, "kept.txt"), file(&ada, inner, "gone.txt"));
        let shown = ada.get("disk.file.markDeleted", json!({"id": gone}));
        assert_eq!((&shown["DELETED_TYPE"], &shown["DELETED_BY"]), (&json!("3"), &json!("1")));
        let shown = ada.get("disk.folder.markDeleted", json!({"id": a}));
        assert_eq!((&shown["DELETED_TYPE"], shown["DELETE_TIME"].is_string()), (&json!(3), true));
        for hidden in [json!({"id": a}), json!({"id": inner})] {
            assert_eq!(ada.refused("disk.folder.get", hidden).1, "ERROR_NOT_FOUND");
        }
        assert_eq!(ada.refused("disk.file.get", json!({"id": kept})).1, "ERROR_NOT_FOUND");
        assert_eq!(ada.get("disk.file.search", json!({"QUERY": "kept"})), json!([]));
        let other = folder(&ada, "A");
        assert_eq!(
            ada.refused("disk.folder.restore", json!({"id": inner})).1,
            "ERROR_NOT_FOUND",
            "it went with the folder above"
        );
        let back = ada.get("disk.folder.restore", json!({"id": a}));
        assert_eq!((&back["NAME"], &back["DELETED_TYPE"]), (&json!("a (1)"), &json!(0)));
        assert_eq!((names(&ada, inner), names(&ada, other)), (vec!["kept.txt".to_owned()], vec![]));
        // What lay in a folder that is in the trash itself comes to the root folder.
        ada.get("disk.folder.markDeleted", json!({"id": inner}));
        let back = ada.get("disk.file.restore", json!({"id": gone}));
        assert_eq!(number(&back["PARENT_ID"]), root(&ada));
        assert_eq!(
            ada.refused("disk.folder.markDeleted", json!({"id": root(&ada)})).2,
            "Could not delete root folder"
        );
    }
}

#[test]
fn what_is_deleted_for_good_leaves_nothing() {
    for ada in portals("disk") {
        let a = folder(&ada, "a");
        let inner = below(&ada, a, "inner");
        let (one, _) = (file(&ada, a, "one.txt"), file(&ada, inner, "two.txt"));
        assert_eq!(ada.get("disk.file.delete", json!({"id": one})), json!(true));
        assert_eq!(ada.get("disk.folder.deleteTree", json!({"id": a})), json!(true));
        let left = |table: &'static str| -> Json {
            let sql = format!("SELECT COUNT(*) FROM {table}");
            json!(ada.read(move |tx| Ok(tx.one(&sql, &[], |row| row.int(0))?)))
        };
        // The company's storage and that of the caller have their root folders.
        let rows = ["disk_object", "disk_path", "disk_version", "portal_file"].map(left);
        assert_eq!(rows, [json!(2), json!(2), json!(0), json!(0)]);
        assert_eq!(
            ada.refused("disk.folder.deleteTree", json!({"id": root(&ada)})).2,
            "Could not delete root folder"
        );
    }
}

#[test]
fn rights_decide_about_every_change() {
    for ada in portals("disk") {
        let (ines, otto) =
            (ada.employee("ines@example.com", "disk"), ada.employee("otto@example.com", "disk"));
        let a = folder(&ines, "a");
        let paper = file(&ines, a, "paper.txt");
        let inner = below(&ines, a, "inner");
        let give = |task: &str| {
            ines.get("disk.folder.shareToUser", json!({"id": a, "userId": otto.user, "taskName": task}))
        };
        let calls = [
            ("disk.file.rename", json!({"id": paper, "newName": "x.txt"}), "edit"),
            ("disk.folder.rename", json!({"id": inner, "newName": "y"}), "edit"),
            ("disk.file.uploadVersion", json!({"id": paper, "fileContent": ["p", "eA=="]}), "edit"),
            ("disk.file.markDeleted", json!({"id": paper}), "edit"),
            ("disk.file.restore", json!({"id": paper}), "edit"),
            ("disk.folder.markDeleted", json!({"id": inner}), "full"),
            ("disk.folder.deleteTree", json!({"id": inner}), "full"),
            ("disk.file.delete", json!({"id": paper}), "full"),
        ];
        let levels = ["read", "add", "edit", "full"];
        for level in levels {
            give(&format!("disk_access_{level}"));
            for (method, params, needs) in &calls {
                let may =
                    levels.iter().position(|one| one == &level) >= levels.iter().position(|one| one == needs);
                match otto.ask(method, params.clone()) {
                    Ok(_) => assert!(may, "{method} with {level}"),
                    Err(fault) => {
                        assert!(!may && fault.code == "ACCESS_DENIED", "{method} with {level}: {fault:?}");
                    }
                }
            }
        }
    }
}
