//! Who sees and changes what.

use serde_json::json;
use testportal::portals;

use crate::files::{file, folder, names, number, own};

#[test]
fn what_is_ones_own_is_nobody_elses() {
    for ada in portals("disk") {
        let (ines, otto) =
            (ada.employee("ines@example.com", "disk"), ada.employee("otto@example.com", "disk"));
        let offers = folder(&ines, "Offers");
        let chairs = file(&ines, offers, "chairs.txt");
        for other in [&otto, &*ada] {
            assert_eq!(other.refused("disk.file.get", json!({"id": chairs})).1, "ACCESS_DENIED");
            assert_eq!(other.refused("disk.folder.get", json!({"id": offers})).1, "ACCESS_DENIED");
            assert!(names(other, offers).is_empty());
            let given = json!({"id": offers, "data": {"NAME": "x"}, "fileContent": ["x", "eA=="]});
            assert_eq!(other.refused("disk.folder.uploadFile", given).1, "ACCESS_DENIED");
        }
    }
}

#[test]
fn rights_of_a_folder_hold_for_all_below_it() {
    for ada in portals("disk") {
        let ines = ada.employee("ines@example.com", "disk");
        let otto = ada.employee("otto@example.com", "disk");
        let storage = own(&ines)["ID"].clone();
        let given = json!({"id": storage, "data": {"NAME": "Common"}, "rights": [{"TASK_ID": 71, "ACCESS_CODE": format!("U{}", otto.user)}]});
        let common = number(&ines.get("disk.storage.addFolder", given)["ID"]);
        let deep = json!({"id": common, "data": {"NAME": "Deep"}});
        let deep = number(&ines.get("disk.folder.addSubFolder", deep)["ID"]);
        let chairs = file(&ines, deep, "chairs.txt");
        assert_eq!(otto.get("disk.file.get", json!({"id": chairs}))["NAME"], "chairs.txt");
        assert_eq!(names(&otto, common), ["Deep"]);
        let add = json!({"id": deep, "data": {"NAME": "Mine"}});
        assert_eq!(
            otto.refused("disk.folder.addSubFolder", add.clone()).1,
            "ACCESS_DENIED",
            "who may read may not add"
        );
        assert_eq!(ada.refused("disk.file.get", json!({"id": chairs})).1, "ACCESS_DENIED");
        let rights = json!([{"TASK_ID": "disk_access_add", "ACCESS_CODE": "AU"}]);
        let open = json!({"id": deep, "data": {"NAME": "Open"}, "rights": rights});
        let open = number(&ines.get("disk.folder.addSubFolder", open)["ID"]);
        // Nobody gives more than they have.
        let all = json!([{"TASK_ID": "disk_access_full", "ACCESS_CODE": "AU"}]);
        let leak = json!({"id": open, "data": {"NAME": "Leak"}, "rights": all});
        assert_eq!(otto.refused("disk.folder.addSubFolder", leak).1, "ACCESS_DENIED");
        file(&otto, open, "tables.txt");
        file(&ada, open, "lamps.txt");
        assert_eq!(names(&ines, open), ["tables.txt", "lamps.txt"]);
        for wrong in [
            json!("x"),
            json!([{"TASK_ID": 5, "ACCESS_CODE": "AU"}]),
            json!([{"TASK_ID": 71, "ACCESS_CODE": "'"}]),
        ] {
            let given = json!({"id": deep, "data": {"NAME": "Wrong"}, "rights": wrong});
            assert_eq!(ines.refused("disk.folder.addSubFolder", given).2, "Invalid rights format");
        }
    }
}

#[test]
fn the_company_storage_is_read_by_all_and_filled_by_administrators() {
    for ada in portals("disk") {
        let ines = ada.employee("ines@example.com", "disk");
        let company =
            ada.get("disk.storage.getList", json!({"filter": {"ENTITY_TYPE": "common"}}))[0].clone();
        let given =
            json!({"id": company["ID"], "data": {"NAME": "rules.txt"}, "fileContent": ["rules.txt", "eA=="]});
        assert_eq!(ines.refused("disk.storage.uploadFile", given.clone()).1, "ACCESS_DENIED");
        let rules = ada.get("disk.storage.uploadFile", given);
        assert_eq!(ines.get("disk.file.get", json!({"id": rules["ID"]}))["NAME"], "rules.txt");
        assert_eq!(
            ines.get("disk.storage.getChildren", json!({"id": company["ID"]}))[0]["NAME"],
            "rules.txt"
        );
    }
}

#[test]
fn one_request_gives_a_hundred_rights_at_most() {
    for ada in portals("disk") {
        let storage = own(&ada)["ID"].clone();
        let rights = |count: usize| {
            let rights: Vec<_> =
                (1..=count).map(|user| json!({"TASK_ID": 71, "ACCESS_CODE": format!("U{user}")})).collect();
            json!({"id": storage, "data": {"NAME": format!("Common {count}")}, "rights": rights})
        };
        assert_eq!(ada.refused("disk.storage.addFolder", rights(101)).2, "Invalid rights format");
        ada.get("disk.storage.addFolder", rights(100));
    }
}
