//! Keys that are lost or cut short, databases that are damaged or of another program, files that somebody put among ours: a
//! start says what is wrong and what to do next, and overwrites nothing.

use it::{Hook, Portal};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// A portal with some contents, stopped.
fn portal() -> (Portal, Hook, String) {
    let server = Portal::new().start();
    let hook = server.hook("crm,disk");
    for number in 0..20 {
        let commands: Vec<String> =
            (0..50).map(|_| format!("crm.lead.add?fields[COMMENTS]={}{number}", "y".repeat(3000))).collect();
        hook.result("batch", json!({"cmd": commands}));
    }
    let asked = json!({"id": 1, "data": {"NAME": "a.txt"}, "fileContent": ["a.txt", "YWJj"]});
    let file = hook.result("disk.storage.uploadfile", asked)["ID"].to_string();
    (server.stop(), hook, file)
}

/// Every file below a folder but the lock, with its contents.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            match path.symlink_metadata().unwrap().is_dir() {
                true => folders.push(path),
                false if path.ends_with("portreeve.lock") => {}
                false => _ = found.insert(path.clone(), fs::read(&path).unwrap()),
            }
        }
    }
    found
}

/// What a start says that is refused, which must not change anything.
fn refused(portal: &Portal, what: &str) -> String {
    let before = contents(&portal.data());
    let run = portal.run(&["serve", "--listen", "127.0.0.1:0", "--tls", "off"]);
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(!run.status.success(), "{what}: it started");
    assert!(!said.contains("panicked"), "{what}: {said}");
    let after = contents(&portal.data());
    let changed: Vec<&PathBuf> =
        before.keys().chain(after.keys()).filter(|path| before.get(*path) != after.get(*path)).collect();
    // An SQLite log that was opened and closed is no change.
    let changed: Vec<_> =
        changed.into_iter().filter(|path| !path.to_string_lossy().contains("portreeve.db-")).collect();
    assert!(changed.is_empty(), "{what}: {changed:?} changed; it said {said}");
    println!("{what}: {}", said.trim().trim_start_matches("portreeve: "));
    said
}

#[test]
fn a_start_says_what_is_wrong_and_overwrites_nothing() {
    let (portal, ..) = portal();
    let (key, database) = (portal.data().join("portreeve.key"), portal.data().join("portreeve.db"));
    let (right_key, right_database) = (fs::read(&key).unwrap(), fs::read(&database).unwrap());
    let mut other_key = right_key.clone();
    other_key[0] = if other_key[0] == b'a' { b'b' } else { b'a' };
    for (what, bytes) in [
        ("a lost key", None),
        ("an empty key", Some(Vec::new())),
        ("half of a key", Some(right_key[..10].to_vec())),
        ("a key of bytes", Some(vec![0xff; 64])),
        ("another key", Some(other_key)),
    ] {
        fs::remove_file(&key).unwrap();
        if let Some(bytes) = bytes {
            write_privately(&key, &bytes);
        }
        let said = refused(&portal, what);
        assert!(
            said.contains("portreeve.key") && said.to_lowercase().contains("your backup"),
            "{what}: {said}"
        );
        write_privately(&key, &right_key);
    }
    let mut damaged = right_database.clone();
    damaged[100..3000].fill(0x5a);
    for (what, bytes) in [
        ("a database of other bytes", vec![0x5a; 50_000]),
        ("half of a database", right_database[..right_database.len() / 3].to_vec()),
        ("a damaged first page", damaged),
    ] {
        fs::write(&database, bytes).unwrap();
        let said = refused(&portal, what);
        assert!(said.contains("portreeve.db") && said.contains("restore the last backup"), "{what}: {said}");
    }
    for (what, bytes) in
        [("a lost database beside contents", None), ("an empty database beside contents", Some(""))]
    {
        fs::remove_file(&database).unwrap();
        if let Some(bytes) = bytes {
            fs::write(&database, bytes).unwrap();
        }
        let run = portal.run(&["serve", "--listen", "127.0.0.1:0", "--tls", "off"]);
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(
            !run.status.success() && said.contains("put its database back from your backup"),
            "{what}: {said}"
        );
        println!("{what}: {}", said.lines().last().unwrap_or_default());
        // So it goes as often as somebody tries.
        assert!(!portal.run(&["serve", "--listen", "127.0.0.1:0", "--tls", "off"]).status.success());
    }
    for name in ["portreeve.db", "portreeve.db-wal", "portreeve.db-shm"] {
        let _ = fs::remove_file(portal.data().join(name));
    }
    let made = std::process::Command::new("sqlite3")
        .args([database.to_str().unwrap(), "CREATE TABLE song (name TEXT)"])
        .status();
    if made.is_ok_and(|status| status.success()) {
        let said = refused(&portal, "the database of another program");
        assert!(said.contains("another program") && said.contains("song"), "{said}");
    }
    // With everything in its place again, all is there.
    fs::write(&database, &right_database).unwrap();
    let server = portal.start();
    let total =
        server.hook("crm").call("crm.lead.list", json!({"select": ["ID"]})).success()["total"].clone();
    assert_eq!(total, 1000);
    server.stop();
}

fn write_privately(path: &Path, bytes: &[u8]) {
    use std::os::unix::fs::PermissionsExt;
    fs::write(path, bytes).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

/// Damage that shows only later is told by `/health`; what is whole can still be read.
#[test]
fn damage_in_the_middle_is_told() {
    let (portal, hook, _) = portal();
    let database = portal.data().join("portreeve.db");
    let mut bytes = fs::read(&database).unwrap();
    let end = bytes.len();
    // Where the newest leads are, and nothing that a start reads.
    bytes[end - 1_200_000..end - 200_000].fill(0x5a);
    fs::write(&database, bytes).unwrap();
    let server = portal.start();
    let hook = server.same_hook(&hook);
    let question =
        json!({"select": ["ID", "COMMENTS"], "filter": {">ID": 500}, "order": {"ID": "DESC"}, "start": -1});
    let reply = hook.call("crm.lead.list", question);
    assert_eq!(reply.refusal(500, "ERROR_CORE"), "SQL query error!");
    let (status, told) = super::health(server.base());
    println!("damage in the middle: /health says {status} {}", told["reason"]);
    assert!(
        status == 503 && told["reason"].as_str().unwrap().starts_with("The database is damaged."),
        "{told}"
    );
    hook.get("profile").success();
    // It ends with an error where its last words cannot be written.
    super::no_panic(&server.kill());
}

/// What others put into the folder of files is neither removed nor in the way.
#[test]
fn foreign_files_stay() {
    let (portal, hook, file) = portal();
    let files = portal.data().join("files");
    let area =
        fs::read_dir(&files).unwrap().flatten().map(|entry| entry.path()).find(|path| path.is_dir()).unwrap();
    fs::create_dir_all(files.join("zz/photos")).unwrap();
    fs::create_dir_all(files.join("incoming")).unwrap();
    let foreign = [
        files.join("thesis.doc"),
        files.join("zz/photos/x.jpg"),
        area.join("photo.jpg"),
        files.join("incoming/y.txt"),
    ];
    for path in &foreign {
        fs::write(path, "mine").unwrap();
        // So old that nothing of ours would stay for it.
        let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
        fs::File::options().write(true).open(path).unwrap().set_modified(old).unwrap();
    }
    let server = portal.start();
    let kept = server.same_hook(&hook);
    let link = kept.result("disk.file.get", json!({"id": file}))["DOWNLOAD_URL"].as_str().unwrap().to_owned();
    let path = &link[link.find("/rest").or_else(|| link.find("/file")).unwrap_or(link.len())..];
    assert_eq!(kept.send("GET", path, &[], b"").text(), "abc");
    let portal = server.stop();
    super::no_panic(&portal);
    // That they are not collected either is tested with the store of contents.
    assert!(foreign.iter().all(|path| path.is_file()), "a foreign file was removed");
}
