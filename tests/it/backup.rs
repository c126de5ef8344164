//! `portreeve backup` and `restore`: a consistent copy while the portal is written to, and a portal that starts from it.

use crate::files;
use it::{Hook, Portal};
use serde_json::json;
use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn a_backup_taken_under_load_is_whole() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let before: Vec<i64> = (0..20).map(|number| add(&hook, number)).collect();
    let photos: Vec<i64> =
        (0..5).map(|number| files::add(&hook, &format!("photo {number}")).unwrap()).collect();
    let file = server.portal().data().with_file_name("copy.tar");
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for number in (20..).take_while(|_| !done.load(Ordering::Relaxed)) {
                add(&hook, number);
                files::add(&hook, &format!("photo {number}")).unwrap();
            }
        });
        server.portal().ask(&["backup", file.to_str().unwrap()]);
        done.store(true, Ordering::Relaxed);
    });
    let original = server.stop();
    let restored = Portal::new();
    copy_key(&original, &restored);
    restored.ask(&["restore", file.to_str().unwrap()]);
    let again = restored.run(&["restore", file.to_str().unwrap()]);
    assert!(!again.status.success(), "a portal is not overwritten");
    let server = restored.start();
    let hook = server.same_hook(&hook);
    let question = json!({"select": ["ID", "TITLE", "PHONE"], "order": {"ID": "ASC"}, "filter": {"<=ID": before.last()}});
    let rows = hook.result("crm.lead.list", question);
    assert_eq!(rows.as_array().unwrap().len(), before.len());
    let all = hook.call("crm.lead.list", json!({"select": ["ID"]})).success()["total"].as_u64().unwrap();
    let whole = hook.call("crm.lead.list", json!({"select": ["ID"], "filter": {"HAS_PHONE": "Y"}})).success();
    assert_eq!(whole["total"].as_u64().unwrap(), all, "no lead without its phone");
    add(&hook, 999);
    // Every photo that the copy names is in it.
    let named = hook.result("crm.contact.list", json!({"select": ["ID", "NAME"], "order": {"ID": "ASC"}}));
    let named = named.as_array().unwrap();
    assert!(named.len() >= photos.len());
    for contact in named {
        let photo = hook.send("GET", &files::link(&hook, &contact["ID"]), &[], b"");
        assert_eq!((photo.status, photo.text()), (200, contact["NAME"].as_str().unwrap().to_owned()));
    }
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

/// The key is kept apart from backups.
fn copy_key(from: &Portal, to: &Portal) {
    fs::create_dir_all(to.data()).unwrap();
    fs::copy(from.data().join("portreeve.key"), to.data().join("portreeve.key")).unwrap();
}
