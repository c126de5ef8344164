//! `portreeve backup`: a consistent copy while the portal is written to, and a portal that starts from it.

use it::{Hook, Portal};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn a_backup_taken_under_load_is_whole() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let before: Vec<i64> = (0..20).map(|number| add(&hook, number)).collect();
    let file = server.portal().data().with_file_name("copy.db");
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in (20..).take_while(|_| !done.load(Ordering::Relaxed)) {
                add(&hook, number);
            }
        });
        server.portal().ask(&["backup", file.to_str().unwrap()]);
        done.store(true, Ordering::Relaxed);
    });
    let original = server.stop();
    let restored = Portal::new();
    restore(&original.data(), &file, &restored.data());
    let server = restored.start();
    let hook = server.same_hook(&hook);
    let question = json!({"select": ["ID", "TITLE", "PHONE"], "order": {"ID": "ASC"}, "filter": {"<=ID": before.last()}});
    let rows = hook.result("crm.lead.list", question);
    assert_eq!(rows.as_array().unwrap().len(), before.len());
    let all = hook.call("crm.lead.list", json!({"select": ["ID"]})).success()["total"].as_u64().unwrap();
    let whole = hook.call("crm.lead.list", json!({"select": ["ID"], "filter": {"HAS_PHONE": "Y"}})).success();
    assert_eq!(whole["total"].as_u64().unwrap(), all, "no lead without its phone");
    add(&hook, 999);
}

#[test]
fn an_existing_file_is_not_overwritten() {
    let server = Portal::new().start();
    let file = server.portal().data().with_file_name("precious");
    fs::write(&file, "keep me").unwrap();
    let output = server.portal().run(&["backup", file.to_str().unwrap()]);
    assert!(!output.status.success() && !output.stderr.is_empty());
    assert_eq!(fs::read_to_string(&file).unwrap(), "keep me");
}

#[test]
fn on_postgres_it_names_the_right_tool() {
    for (engine, portal) in Portal::on_each_engine() {
        if engine == "postgres" {
            let server = portal.start();
            let output = server.portal().run(&["backup", "copy.db"]);
            assert!(!output.status.success());
            assert!(String::from_utf8_lossy(&output.stderr).contains("pg_dump"));
        }
    }
}

fn add(hook: &Hook, number: usize) -> i64 {
    let title = format!("Berth {number}");
    let fields = json!({"TITLE": title, "PHONE": [{"VALUE": title, "VALUE_TYPE": "WORK"}]});
    hook.result("crm.lead.add", json!({"fields": fields})).as_i64().unwrap()
}

/// What the guide says: the rest of the data folder as it is, and the copy in the database's place.
fn restore(from: &Path, copy: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    let database =
        fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).find(|file| is_sqlite(file)).unwrap();
    let name = database.file_name().unwrap().to_str().unwrap();
    fs::copy(copy, to.join(name)).unwrap();
    for file in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let other: PathBuf = to.join(file.file_name().unwrap());
        if file.is_file() && !file.file_name().unwrap().to_str().unwrap().starts_with(name) {
            fs::copy(&file, other).unwrap();
        }
    }
}

fn is_sqlite(file: &Path) -> bool {
    fs::read(file).is_ok_and(|bytes| bytes.starts_with(b"SQLite format 3\0"))
}
