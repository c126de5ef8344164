//! Files over the wire: parts of them, missing ones, and what a killed server leaves.

use it::{Hook, Portal};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;

/// Adds a contact with a photo that holds this text.
pub fn add(hook: &Hook, text: &str) -> Option<i64> {
    let encoded = base64(text.as_bytes());
    let fields = json!({"NAME": text, "PHOTO": ["photo.txt", encoded]});
    let reply = hook.attempt("crm.contact.add", json!({"fields": fields}))?;
    (reply.status == 200).then(|| reply.result().as_i64().unwrap())
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits =
            three.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..=three.len() {
            text.push(char::from(LETTERS[(bits >> (18 - 6 * place) & 63) as usize]));
        }
    }
    text
}

/// The path of the link to a contact's photo.
pub fn link(hook: &Hook, contact: &Value) -> String {
    let photo = hook.result("crm.contact.get", json!({"id": contact}))["PHOTO"]["downloadUrl"].clone();
    let url = photo.as_str().unwrap_or_else(|| panic!("contact {contact} has no photo")).to_owned();
    url[url.find("/rest/").unwrap()..].to_owned()
}

/// The contents in a folder of files.
pub fn contents(data: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(data.join("files")).unwrap().map(|entry| entry.unwrap().path());
    let files = folders.filter(|path| path.is_dir()).flat_map(|folder| fs::read_dir(folder).unwrap());
    files.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn a_part_of_a_file_can_be_read() {
    for (engine, portal) in Portal::on_each_engine() {
        println!("on {engine}");
        let server = portal.start();
        let hook = server.hook("crm");
        let text = "0123456789".repeat(50_000);
        let id = add(&hook, &text).unwrap();
        let path = link(&hook, &json!(id));
        let whole = hook.send("GET", &path, &[], b"");
        assert_eq!((whole.status, whole.text() == text), (200, true));
        let length = text.len().to_string();
        for (name, value) in [
            ("content-length", length.as_str()),
            ("accept-ranges", "bytes"),
            ("x-content-type-options", "nosniff"),
            ("content-type", "application/octet-stream"),
            ("content-disposition", "attachment; filename=\"file\"; filename*=UTF-8''photo.txt"),
        ] {
            assert_eq!(whole.header(name), value, "{name}");
        }
        let etag = whole.header("etag").to_owned();
        let head = hook.send("HEAD", &path, &[], b"");
        assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, length.as_str(), 0));

        let part = |headers: &[(&str, &str)]| {
            let reply = hook.send("GET", &path, headers, b"");
            let range =
                if reply.status == 200 { String::new() } else { reply.header("content-range").to_owned() };
            (reply.status, range, reply.body.len())
        };
        assert_eq!(part(&[("range", "bytes=0-9")]), (206, "bytes 0-9/500000".to_owned(), 10));
        assert_eq!(part(&[("range", "bytes=-5")]), (206, "bytes 499995-499999/500000".to_owned(), 5));
        assert_eq!(part(&[("range", "bytes=131070-")]).2, 500_000 - 131_070);
        assert_eq!(part(&[("range", "bytes=500000-")]), (416, "bytes */500000".to_owned(), 0));
        assert_eq!(part(&[("range", "bytes=0-9"), ("if-range", &etag)]).0, 206);
        assert_eq!(part(&[("range", "bytes=0-9"), ("if-range", "\"other\"")]), (200, String::new(), 500_000));
        let middle = hook.send("GET", &path, &[("range", "bytes=3-6")], b"");
        assert_eq!(middle.text(), "3456");
    }
}

#[test]
fn a_missing_content_is_told_to_the_client_and_the_log() {
    for (engine, portal) in Portal::on_each_engine() {
        println!("on {engine}");
        let server = portal.start();
        let hook = server.hook("crm");
        let id = add(&hook, "precious").unwrap();
        let path = link(&hook, &json!(id));
        let stored = contents(&server.portal().data());
        assert_eq!((stored.len(), fs::read(&stored[0]).unwrap()), (1, b"precious".to_vec()));
        fs::remove_file(&stored[0]).unwrap();
        let reply = hook.send("GET", &path, &[], b"");
        assert_eq!(reply.refusal(404, "ERROR_NOT_FOUND"), "The file was not found.");
        assert!(server.portal().log().contains("the content of a file is missing"));
        // The item is there as before, and so is the server.
        assert_eq!(link(&hook, &json!(id)).split('?').next(), path.split('?').next());
        assert!(add(&hook, "another").is_some());
    }
}

#[test]
fn a_killed_server_loses_no_file_that_it_acknowledged() {
    for (engine, portal) in Portal::on_each_engine() {
        println!("on {engine}");
        let server = portal.start();
        let hook = server.hook("crm");
        let (acknowledge, acknowledged) = channel();
        let (killed, added) = std::thread::scope(|scope| {
            for writer in 0..4 {
                let (hook, acknowledge) = (hook.clone(), acknowledge.clone());
                scope.spawn(move || {
                    for number in 0.. {
                        let text = format!("photo {number} of {writer}");
                        let Some(id) = add(&hook, &text) else { return };
                        acknowledge.send((id, text)).unwrap();
                    }
                });
            }
            drop(acknowledge);
            let mut added: BTreeMap<i64, String> = acknowledged.iter().take(40).collect();
            let killed = server.kill();
            added.extend(acknowledged.iter());
            (killed, added)
        });
        let server = killed.start();
        let hook = server.same_hook(&hook);
        // Those that nobody was told of have their photos, too, or are not there at all.
        let all = all(&hook);
        assert!(added.keys().all(|id| all.contains_key(id)), "{engine}");
        for (id, name) in all {
            assert_eq!(hook.send("GET", &link(&hook, &json!(id)), &[], b"").text(), name);
        }
    }
}

/// The contacts with their names.
pub fn all(hook: &Hook) -> BTreeMap<i64, String> {
    let mut found = BTreeMap::new();
    for start in (0..).step_by(50) {
        let page = hook.result("crm.contact.list", json!({"select": ["ID", "NAME"], "start": start}));
        let rows = page.as_array().unwrap().clone();
        for row in &rows {
            let id = row["ID"].as_str().unwrap().parse().unwrap();
            found.insert(id, row["NAME"].as_str().unwrap().to_owned());
        }
        if rows.len() < 50 {
            break;
        }
    }
    found
}

#[test]
fn files_of_a_server_database_are_backed_up_beside_it() {
    for (engine, portal) in Portal::on_each_engine() {
        if engine != "postgres" {
            continue;
        }
        let server = portal.start();
        let hook = server.hook("crm");
        let id = add(&hook, "kept").unwrap();
        let archive = server.portal().data().with_file_name("files.tar");
        server.portal().ask(&["backup", "--files-only", archive.to_str().unwrap()]);
        let other = server.portal().beside();
        other.ask(&["restore", archive.to_str().unwrap()]);
        assert_eq!(contents(&other.data()).len(), 1);
        let node = other.start();
        let hook = node.same_hook(&hook);
        assert_eq!(hook.send("GET", &link(&hook, &json!(id)), &[], b"").text(), "kept");
    }
}

#[test]
fn whoever_has_the_link_of_a_folder_downloads_its_files() {
    for (engine, portal) in Portal::on_each_engine() {
        println!("on {engine}");
        let server = portal.start();
        let hook = server.hook("disk");
        let storages = hook.result("disk.storage.getList", json!({}));
        let root = storages[0]["ROOT_OBJECT_ID"].clone();
        let folder =
            hook.result("disk.folder.addSubFolder", json!({"id": root, "data": {"NAME": "Fair & Show"}}));
        let content = base64(b"twenty chairs");
        let file =
            json!({"id": folder["ID"], "data": {"NAME": "list.txt"}, "fileContent": ["list.txt", content]});
        hook.result("disk.folder.uploadFile", file);
        let link = hook.result("disk.folder.getExternalLink", json!({"id": folder["ID"]}));
        let path = |url: &str| url[url.find("/rest/").unwrap()..].to_owned();
        let link = path(link.as_str().unwrap());
        let page = hook.send("GET", &link, &[], b"");
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
        let html = page.text();
        assert!(html.contains("<h1>Fair &amp; Show</h1>") && html.contains(">list.txt</a>"), "{html}");
        let start = html.find("href=\"").unwrap() + 6;
        let url = html[start..].split('"').next().unwrap().replace("&amp;", "&");
        let file = hook.send("GET", &path(&url), &[], b"");
        assert_eq!((file.status, file.text()), (200, "twenty chairs".to_owned()));
        let wrong = hook.send("GET", "/rest/page/?token=folder%7Caa%7Cbb", &[], b"");
        assert_eq!((wrong.status, wrong.header("content-type")), (403, "text/html; charset=utf-8"));
    }
}
