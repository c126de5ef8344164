//! How many lie in a folder is kept, and agrees with what is there.

use serde_json::{Value as Json, json};
use testportal::{Bench, Hook, portals};

use crate::files::{file, folder, names, number, own};

/// What a list of a folder says, with the whole number that is kept and the one that is counted.
fn totals(who: &Hook, folder: i64) -> (Option<i64>, Option<i64>) {
    let total = |given: Json| who.page("disk.folder.getChildren", given).unwrap().total;
    // Far behind the last row a page does not say itself how many there are.
    let kept = total(json!({"id": folder, "start": 50}));
    (kept, total(json!({"id": folder, "start": 50, "filter": {">ID": 0}})))
}

fn holds(who: &Hook, folder: i64, many: i64) {
    assert_eq!(totals(who, folder), (Some(many), Some(many)), "{folder}");
}

#[test]
fn the_total_of_a_folder_follows_every_change() {
    for ada in portals("disk") {
        let ines = ada.employee("ines@example.com", "disk");
        let root = number(&own(&ines)["ROOT_OBJECT_ID"]);
        let (from, to) = (folder(&ines, "From"), folder(&ines, "To"));
        let inner = json!({"id": from, "data": {"NAME": "Inner"}});
        let inner = number(&ines.get("disk.folder.addSubFolder", inner)["ID"]);
        let files = ["a", "b", "c"].map(|name| file(&ines, from, name));
        let below = ["d", "e"].map(|name| file(&ines, inner, name));
        let all = |counts: [i64; 4]| {
            [root, from, inner, to]
                .into_iter()
                .zip(counts)
                .for_each(|(folder, many)| holds(&ines, folder, many));
        };
        all([2, 4, 2, 0]);
        ines.refused("disk.folder.addSubFolder", json!({"id": from, "data": {"NAME": "a"}}));
        ines.get("disk.file.rename", json!({"id": files[0], "newName": "z"}));
        ines.get("disk.file.moveTo", json!({"id": files[0], "targetFolderId": to}));
        ines.get("disk.file.moveTo", json!({"id": files[0], "targetFolderId": to}));
        all([2, 3, 2, 1]);
        ines.get("disk.folder.copyTo", json!({"id": inner, "targetFolderId": to}));
        all([2, 3, 2, 2]);
        ines.get("disk.file.markDeleted", json!({"id": below[0]}));
        all([2, 3, 1, 2]);
        ines.get("disk.folder.markDeleted", json!({"id": inner}));
        for gone in [files[1], files[2]] {
            ines.get("disk.file.delete", json!({"id": gone}));
        }
        assert_eq!((totals(&ines, root), totals(&ines, from)), ((Some(2), Some(2)), (Some(0), Some(0))));
        ines.get("disk.folder.restore", json!({"id": inner}));
        all([2, 1, 1, 2]);
        ines.get("disk.file.restore", json!({"id": below[0]}));
        all([2, 1, 2, 2]);
        ines.get("disk.folder.moveTo", json!({"id": inner, "targetFolderId": root}));
        all([3, 0, 2, 2]);
        ines.get("disk.folder.deleteTree", json!({"id": from}));
        holds(&ines, root, 2);
        let batch = json!({"cmd": {
            "a": format!("disk.folder.addSubFolder?id={to}&data[NAME]=New"),
            "b": format!("disk.folder.addSubFolder?id={to}&data[NAME]=New"),
        }});
        ines.get("batch", batch);
        holds(&ines, to, 3);
    }
}

#[test]
fn a_portal_of_before_counts_its_folders_when_it_is_opened() {
    for ada in portals("disk") {
        let offers = folder(&ada, "Offers");
        for name in ["a", "b"] {
            file(&ada, offers, name);
        }
        ada.write(|tx| {
            tx.execute("UPDATE disk_object SET items = NULL", &[])?;
            tx.execute("DELETE FROM portal_state WHERE name = 'seed:disk.totals'", &[])?;
            Ok(())
        });
        // Until then they are counted as they are listed.
        file(&ada, offers, "c");
        holds(&ada, offers, 3);
        let sql = "SELECT COUNT(*) FROM disk_object WHERE items IS NOT NULL AND type = 'folder'";
        let kept = |bench: &Bench| bench.read(move |tx| Ok(tx.one(sql, &[], |row| row.int(0))?)).unwrap();
        assert_eq!(kept(&ada), 0);
        let ada = ada.reopened();
        assert!(kept(&ada) > 0);
        holds(&ada, offers, 3);
        file(&ada, offers, "d");
        holds(&ada, offers, 4);
    }
}

#[test]
fn a_folder_tells_a_stranger_only_of_what_is_shared() {
    for ada in portals("disk") {
        let (ines, otto) =
            (ada.employee("ines@example.com", "disk"), ada.employee("otto@example.com", "disk"));
        let offers = folder(&ines, "Offers");
        let given = json!({"id": offers, "data": {"NAME": "Shared"}, "rights": [{"TASK_ID": 71, "ACCESS_CODE": format!("U{}", otto.user)}]});
        let shared = number(&ines.get("disk.folder.addSubFolder", given)["ID"]);
        for at in 0..3 {
            file(&ines, offers, &format!("hidden {at}"));
            file(&ines, shared, &format!("open {at}"));
        }
        assert_eq!((names(&otto, offers), names(&otto, shared).len()), (vec!["Shared".to_owned()], 3));
        holds(&ines, offers, 4);
        holds(&otto, offers, 1);
        holds(&otto, shared, 3);
        // A folder that somebody sees opens no other one by being named beside it.
        let hidden = file(&ines, offers, "hidden");
        assert_eq!(otto.refused("disk.file.get", json!({"id": hidden, "parent": shared})).1, "ACCESS_DENIED");
        let beside = json!({"id": offers, "parent": shared});
        assert_eq!(otto.get("disk.folder.getChildren", beside).as_array().unwrap().len(), 1);
        holds(&ada, offers, 0);
    }
}

#[test]
fn pages_of_a_folder_are_in_order_whatever_the_order() {
    for ada in portals("disk") {
        let offers = folder(&ada, "Offers");
        let of = |at: usize| format!("{}{at:02}.txt", if at.is_multiple_of(2) { "B" } else { "a" });
        for at in 0..53 {
            file(&ada.at(testportal::NOW - at as i64), offers, &of(at));
        }
        ada.get("disk.folder.addSubFolder", json!({"id": offers, "data": {"NAME": "b folder"}}));
        let gone = file(&ada, offers, "C.txt");
        ada.get("disk.file.markDeleted", json!({"id": gone}));
        let whole = |order: Json| -> Vec<String> {
            let page = |start: usize| {
                let page = ada
                    .page("disk.folder.getChildren", json!({"id": offers, "order": order, "start": start}));
                let page = page.unwrap();
                assert_eq!((page.total, page.next), (Some(54), (start == 0).then_some(50)));
                page.result.as_array().unwrap().clone()
            };
            let rows = [page(0), page(50)].concat();
            rows.iter().map(|row| row["NAME"].as_str().unwrap().to_owned()).collect()
        };
        let added: Vec<String> = (0..53).map(of).chain(["b folder".to_owned()]).collect();
        assert_eq!(whole(json!({})), added);
        let mut named = added.clone();
        named.sort();
        assert_eq!(whole(json!({"NAME": "ASC"})), named);
        let console = whole(json!({"TYPE": "DESC", "NAME": "ASC"}));
        assert_eq!(console[0], "b folder");
        assert_eq!(
            console[1..],
            named.iter().filter(|name| *name != "b folder").cloned().collect::<Vec<_>>()
        );
        named.reverse();
        assert_eq!(whole(json!({"NAME": "DESC"})), named);
        let mut changed = added;
        let folder = changed.pop();
        changed.insert(0, folder.unwrap());
        assert_eq!(whole(json!({"UPDATE_TIME": "DESC"})), changed);
    }
}

#[test]
fn a_child_is_found_by_its_name_or_a_part_of_it() {
    for ada in portals("disk") {
        let offers = folder(&ada, "Offers");
        for name in ["a_1.txt", "ab1.txt", "Ölpreis 50%.txt"] {
            file(&ada, offers, name);
        }
        let found = |filter: Json| -> Vec<String> {
            let rows = ada.get("disk.folder.getChildren", json!({"id": offers, "filter": filter}));
            rows.as_array().unwrap().iter().map(|row| row["NAME"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(found(json!({"NAME": "A_1.TXT"})), ["a_1.txt"], "whatever the case, and nothing else");
        assert_eq!(found(json!({"NAME": "a%1.txt"})), ["a_1.txt", "ab1.txt"]);
        assert_eq!(found(json!({"=%NAME": "a_1.txt"})), ["a_1.txt", "ab1.txt"]);
        assert_eq!(found(json!({"=%NAME": "a\\_1.txt"})), ["a_1.txt"]);
        assert_eq!(found(json!({"NAME": ["ölpreis 50%", "ÖLPREIS 50%.txt", "ab1.txt"]})).len(), 2);
        assert_eq!(found(json!({"NAME": "Ölpreis"})), Vec::<String>::new());
        assert_eq!(found(json!({"!NAME": "ab1.txt"})), ["a_1.txt", "Ölpreis 50%.txt"]);
    }
}
