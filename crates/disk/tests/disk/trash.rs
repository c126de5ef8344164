//! What becomes of the trash.

use portal::Moment;
use portal::clock::Now;
use portal::timetable::{self, Lease, Progress};
use serde_json::{Value as Json, json};
use testportal::{Bench, Hook, NOW, portals};

use crate::files::{file, folder, names, number, own};

const DAY: i64 = 24 * 3600;

/// Runs what is due on the timetable at that time, to the end.
fn run_due(bench: &Bench, seconds: i64) {
    let at = |seconds: i64| Moment(seconds * 1_000_000);
    let lease = Lease { number: seconds, until: at(seconds + 60) };
    let now = Now::same(at(seconds));
    let leased = bench.write(move |tx| timetable::claim(tx, portal::modules(), 100, lease, now));
    for mut leased in leased {
        while let Progress::More(next) =
            bench.portal.run_job(leased, at(seconds + 60), at(seconds)).wait().unwrap()
        {
            leased = next;
        }
    }
}

fn trash(who: &Hook) -> Vec<String> {
    let given = json!({"id": own(who)["ID"], "order": {"NAME": "ASC"}});
    let list = who.get("disk.storage.getTrash", given);
    list.as_array().unwrap().iter().map(|object| object["NAME"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_was_deleted_goes_after_thirty_days() {
    for ada in portals("disk") {
        let ines = ada.employee("ines@example.com", "disk");
        let offers = folder(&ines, "Offers");
        let (early, late) = (file(&ines, offers, "early.txt"), file(&ines, offers, "late.txt"));
        let (tree, mut inner) = (folder(&ines, "Tree"), 0);
        for number in 0..3 {
            let parent = if number == 0 { tree } else { inner };
            let given = json!({"id": parent, "data": {"NAME": format!("{number}")}});
            inner = number_of(&ines, given);
            file(&ines, inner, "leaf.txt");
        }
        let contents = |bench: &Bench| {
            let sql =
                "SELECT (SELECT COUNT(*) FROM portal_file) + 1000 * (SELECT COUNT(*) FROM disk_version)";
            bench.read(move |tx| Ok(tx.one(sql, &[], |row| row.int(0))?)).unwrap()
        };
        assert_eq!(contents(&ada), 5005);
        let now = NOW;
        ines.at(now).get("disk.file.markDeleted", json!({"id": early}));
        ines.at(now).get("disk.folder.markDeleted", json!({"id": tree}));
        ines.at(now + DAY).get("disk.file.markDeleted", json!({"id": late}));
        assert_eq!(trash(&ines), ["Tree", "early.txt", "late.txt"]);
        assert_eq!(ada.refused("disk.storage.getTrash", json!({"id": 999})).1, "ERROR_NOT_FOUND");
        let foreign = ada.get("disk.storage.getTrash", json!({"id": own(&ines)["ID"]}));
        assert_eq!(foreign, json!([]), "the trash of others is theirs");
        run_due(&ada, now + 29 * DAY);
        assert_eq!(trash(&ines), ["Tree", "early.txt", "late.txt"]);
        run_due(&ada, now + 30 * DAY + 7200);
        assert_eq!((trash(&ines), contents(&ada)), (vec!["late.txt".to_owned()], 1001));
        assert_eq!(ines.refused("disk.file.restore", json!({"id": early})).1, "ERROR_NOT_FOUND");
        assert_eq!(ines.refused("disk.folder.restore", json!({"id": tree})).1, "ERROR_NOT_FOUND");
        ines.get("disk.file.restore", json!({"id": late}));
        run_due(&ada, now + 90 * DAY);
        assert_eq!((names(&ines, offers), trash(&ines)), (vec!["late.txt".to_owned()], vec![]));
    }
}

fn number_of(who: &Hook, given: Json) -> i64 {
    number(&who.get("disk.folder.addSubFolder", given)["ID"])
}
