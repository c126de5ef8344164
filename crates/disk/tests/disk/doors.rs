//! The rights of folders hold at every door: whoever has a level on a folder gets through those that need it for what lies
//! deep below, and through no other. Generated: every viewer at every door, each time with a tree of its own.

use serde_json::{Value as Json, json};
use testportal::{Bench, Hook, portals};

use crate::files::{file, folder, names, number, own};

/// Levels from none to all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    None,
    Read,
    Add,
    Edit,
    Sharing,
    Full,
}

const LEVELS: [(Level, &str); 6] = [
    (Level::None, ""),
    (Level::Read, "read"),
    (Level::Add, "add"),
    (Level::Edit, "edit"),
    (Level::Sharing, "sharing"),
    (Level::Full, "full"),
];

/// The levels at which a door is tried: the one below what it needs, what it needs, and all.
fn tried(needs: Level) -> impl Iterator<Item = (Level, &'static str)> {
    let at = LEVELS.iter().position(|(level, _)| *level == needs).unwrap();
    LEVELS
        .into_iter()
        .enumerate()
        .filter(move |(one, _)| [at - 1, at, 5].contains(one))
        .map(|(_, level)| level)
}

/// A tree of its owner's, the topmost folder of which is shared.
struct Tree {
    /// Below the shared folder.
    folder: i64,
    inner: i64,
    file: i64,
    deleted_file: i64,
    deleted_folder: i64,
    version: i64,
    old_version: i64,
    /// Of the viewer.
    target: i64,
    other: i64,
}

/// What a viewer asks, what level it needs, and whether an answer shows that it was let in.
type Door = (&'static str, Level, fn(&Tree) -> Json, fn(&Json) -> bool);

const DOORS: &[Door] = &[
    ("disk.folder.get", Level::Read, |tree| json!({"id": tree.folder}), |_| true),
    (
        "disk.folder.getChildren",
        Level::Read,
        |tree| json!({"id": tree.folder}),
        |answer| answer != &json!([]),
    ),
    ("disk.file.get", Level::Read, |tree| json!({"id": tree.file}), |_| true),
    ("disk.file.search", Level::Read, |_| json!({"QUERY": "chairs"}), |answer| answer != &json!([])),
    ("disk.file.getVersions", Level::Read, |tree| json!({"id": tree.file}), |_| true),
    ("disk.version.get", Level::Read, |tree| json!({"id": tree.version}), |_| true),
    ("disk.folder.getExternalLink", Level::Read, |tree| json!({"id": tree.folder}), |_| true),
    ("disk.file.getExternalLink", Level::Read, |tree| json!({"id": tree.file}), |_| true),
    (
        "disk.file.copyTo",
        Level::Read,
        |tree| json!({"id": tree.file, "targetFolderId": tree.target}),
        |_| true,
    ),
    (
        "disk.folder.copyTo",
        Level::Read,
        |tree| json!({"id": tree.folder, "targetFolderId": tree.target}),
        |_| true,
    ),
    (
        "disk.folder.addSubFolder",
        Level::Add,
        |tree| json!({"id": tree.folder, "data": {"NAME": "n"}}),
        |_| true,
    ),
    (
        "disk.folder.uploadFile",
        Level::Add,
        |tree| json!({"id": tree.folder, "data": {"NAME": "n"}, "fileContent": "eA=="}),
        |_| true,
    ),
    (
        "disk.folder.uploadFile",
        Level::Add,
        |tree| json!({"id": tree.folder, "data": {"NAME": "n"}}),
        |_| true,
    ),
    (
        "disk.file.copyTo",
        Level::Add,
        |tree| json!({"id": tree.other, "targetFolderId": tree.folder}),
        |_| true,
    ),
    ("disk.file.rename", Level::Edit, |tree| json!({"id": tree.file, "newName": "n"}), |_| true),
    ("disk.folder.rename", Level::Edit, |tree| json!({"id": tree.inner, "newName": "n"}), |_| true),
    (
        "disk.file.moveTo",
        Level::Edit,
        |tree| json!({"id": tree.file, "targetFolderId": tree.inner}),
        |_| true,
    ),
    (
        "disk.file.uploadVersion",
        Level::Edit,
        |tree| json!({"id": tree.file, "fileContent": ["n", "eA=="]}),
        |_| true,
    ),
    ("disk.file.uploadVersion", Level::Edit, |tree| json!({"id": tree.file}), |_| true),
    ("disk.file.markDeleted", Level::Edit, |tree| json!({"id": tree.file}), |_| true),
    ("disk.file.restore", Level::Edit, |tree| json!({"id": tree.deleted_file}), |_| true),
    (
        "disk.folder.shareToUser",
        Level::Sharing,
        |tree| json!({"id": tree.inner, "userId": 1, "taskName": "disk_access_read"}),
        |_| true,
    ),
    (
        "disk.file.restoreFromVersion",
        Level::Full,
        |tree| json!({"id": tree.file, "versionId": tree.old_version}),
        |_| true,
    ),
    ("disk.folder.markDeleted", Level::Full, |tree| json!({"id": tree.inner}), |_| true),
    ("disk.folder.restore", Level::Full, |tree| json!({"id": tree.deleted_folder}), |_| true),
    ("disk.file.delete", Level::Full, |tree| json!({"id": tree.file}), |_| true),
    ("disk.folder.deleteTree", Level::Full, |tree| json!({"id": tree.inner}), |_| true),
];

fn below(who: &Hook, folder: i64, name: &str) -> i64 {
    number(&who.get("disk.folder.addSubFolder", json!({"id": folder, "data": {"NAME": name}}))["ID"])
}

fn tree(owner: &Hook, viewer: &Hook, level: &str) -> (Tree, i64) {
    let shared = folder(owner, "Shared");
    let deep = below(owner, shared, "Deep");
    let (inner, deleted_folder) = (below(owner, deep, "Inner"), below(owner, deep, "Gone"));
    let (chairs, deleted_file) = (file(owner, deep, "chairs.txt"), file(owner, deep, "gone.txt"));
    owner.get("disk.file.uploadVersion", json!({"id": chairs, "fileContent": ["chairs.txt", "V29ybGQ="]}));
    let versions = owner.get("disk.file.getVersions", json!({"id": chairs}));
    owner.get("disk.file.markDeleted", json!({"id": deleted_file}));
    owner.get("disk.folder.markDeleted", json!({"id": deleted_folder}));
    if !level.is_empty() {
        let share = json!({"id": shared, "userId": viewer.user, "taskName": format!("disk_access_{level}")});
        owner.get("disk.folder.shareToUser", share);
    }
    let target = folder(viewer, "Own");
    let tree = Tree {
        folder: deep,
        inner,
        file: chairs,
        deleted_file,
        deleted_folder,
        version: number(&versions[0]["ID"]),
        old_version: number(&versions[1]["ID"]),
        target,
        other: file(viewer, target, "other.txt"),
    };
    (tree, shared)
}

fn try_at(bench: &Bench, owner: &Hook, viewer: &Hook, (method, needs, ask, is_in): &Door) {
    for (level, name) in tried(*needs) {
        let (tree, shared) = tree(owner, viewer, name);
        let (asked, may) = (ask(&tree), level >= *needs);
        match viewer.ask(method, asked.clone()) {
            Ok(answer) => assert_eq!(is_in(&answer), may, "{method} {asked} with {level:?}: {answer}"),
            Err(fault) => {
                assert!(!may, "{method} {asked} with {level:?}: {fault:?}");
                assert_eq!(&*fault.code, "ACCESS_DENIED", "{method} {asked} with {level:?}");
            }
        }
        owner.get("disk.folder.deleteTree", json!({"id": shared}));
        viewer.get("disk.folder.deleteTree", json!({"id": tree.target}));
        assert_eq!(
            bench.get("disk.file.search", json!({"QUERY": "chairs"})),
            json!([]),
            "administrators have no look"
        );
    }
}

#[test]
fn levels_open_the_doors_that_need_them_and_no_others() {
    for ada in portals("disk") {
        let (ines, otto) =
            (ada.employee("ines@example.com", "disk"), ada.employee("otto@example.com", "disk"));
        for door in DOORS {
            try_at(&ada, &ines, &otto, door);
        }
    }
}

#[test]
fn doors_close_and_open_as_things_move_and_go() {
    for ada in portals("disk") {
        let (ines, otto) =
            (ada.employee("ines@example.com", "disk"), ada.employee("otto@example.com", "disk"));
        let (tree, shared) = tree(&ines, &otto, "full");
        let private = folder(&ines, "Private");
        let doors = |may: bool, when: &str| {
            let reading = DOORS.iter().filter(|(_, needs, ..)| *needs == Level::Read);
            for (method, _, ask, is_in) in reading.filter(|(method, ..)| !method.ends_with("copyTo")) {
                let answer = otto.ask(method, ask(&tree));
                assert_eq!(answer.is_ok_and(|answer| is_in(&answer)), may, "{method} {when}");
            }
        };
        doors(true, "at first");
        ines.get("disk.folder.moveTo", json!({"id": tree.folder, "targetFolderId": private}));
        doors(false, "after it moved to a folder of her own");
        ines.get("disk.folder.moveTo", json!({"id": tree.folder, "targetFolderId": shared}));
        doors(true, "after it came back");
        ines.get("disk.folder.markDeleted", json!({"id": shared}));
        doors(false, "in the trash");
        assert_eq!(names(&otto, number(&own(&otto)["ROOT_OBJECT_ID"])), ["Own"]);
        ines.get("disk.folder.restore", json!({"id": shared}));
        doors(true, "after it was restored");
    }
}
