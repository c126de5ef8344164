//! Files that come by themselves, to the `uploadUrl` of `disk.*`: once, within bounded memory, and whole or not at all.
//!
//! `PORTREEVE_UPLOAD_MIB` sets the size of the large file, of which others are a twentieth; `cargo xtask soak --uploads` runs
//! them with a gigabyte.

mod sender;

use crate::files::contents as files;
use it::{Hook, Portal, Server};
use sender::{Content, Sent, Upload};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::time::Instant;

/// Memory that the server may take for uploads and downloads, in KiB: twenty have about two parts each in memory.
const MEMORY: u64 = 160 * 1024;

fn large() -> u64 {
    let mib = std::env::var("PORTREEVE_UPLOAD_MIB").ok().and_then(|mib| mib.parse().ok());
    mib.unwrap_or(40) << 20
}

/// The root folder of the caller's storage.
pub(super) fn root(hook: &Hook) -> Value {
    let storages = hook.result("disk.storage.getList", json!({"filter": {"ENTITY_TYPE": "user"}}));
    storages[0]["ROOT_OBJECT_ID"].clone()
}

/// The path and query to which a file is to be sent.
pub(super) fn upload_url(hook: &Hook, method: &str, parameters: Value) -> String {
    let answer = hook.result(method, parameters);
    assert_eq!(answer["field"], "file", "{answer}");
    path(&answer["uploadUrl"])
}

fn path(url: &Value) -> String {
    let url = url.as_str().unwrap();
    url[url.find("/rest/").unwrap()..].to_owned()
}

fn form(boundary: &str, content: &str) -> Vec<u8> {
    let part = |head: &str, content: &str| {
        format!("--{boundary}\r\ncontent-disposition: form-data; {head}\r\n\r\n{content}\r\n")
    };
    let before = part("name=\"note\"", "ignored");
    let file = part("name=\"file\"; filename=\"other.txt\"", content);
    format!("{before}{file}--{boundary}--\r\n").into_bytes()
}

pub(super) fn send(hook: &Hook, path: &str, content: &str) -> it::Reply {
    hook.send("POST", path, &[("content-type", "multipart/form-data; boundary=XX")], &form("XX", content))
}

#[test]
fn a_file_comes_by_itself_once() {
    for (engine, portal) in Portal::on_each_engine() {
        println!("on {engine}");
        let server = portal.start();
        let hook = server.hook("disk");
        let root = root(&hook);
        let url = upload_url(&hook, "disk.folder.uploadFile", json!({"id": root, "data": {"NAME": "a.txt"}}));
        let forged = url.replace("upload%7C", "upload%7CA");
        assert_eq!(
            send(&hook, &forged, "x").refusal(403, "ACCESS_DENIED"),
            "Access denied! Link check failed"
        );
        let bare = hook.send("POST", &url, &[("content-type", "text/plain")], b"x");
        bare.refusal(400, "BAD_REQUEST");
        let broken = hook.send(
            "POST",
            &url,
            &[("content-type", "multipart/form-data; boundary=XX")],
            b"--XX\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\nhalf",
        );
        broken.refusal(400, "BAD_REQUEST");
        let missing = b"--XX\r\ncontent-disposition: form-data; name=\"x\"\r\n\r\nno\r\n--XX--\r\n";
        let missing =
            hook.send("POST", &url, &[("content-type", "multipart/form-data; boundary=XX")], missing);
        missing.refusal(400, "ERROR_COULD_NOT_SAVE_FILE");
        assert_eq!(files(&server.portal().data()).len(), 0, "nothing of it stays");

        let reply = send(&hook, &url, "Hello");
        let made = reply.result();
        assert_eq!(
            (&made["NAME"], &made["SIZE"], &made["TYPE"]),
            (&json!("a.txt"), &json!("5"), &json!("file"))
        );
        assert!(made["ID"].is_i64() && reply.json()["time"]["duration"].is_number());
        assert_eq!(hook.send("GET", &path(&made["DOWNLOAD_URL"]), &[], b"").text(), "Hello");
        assert_eq!(
            send(&hook, &url, "again").refusal(403, "ACCESS_DENIED"),
            "Access denied! Link check failed"
        );

        let version = upload_url(&hook, "disk.file.uploadVersion", json!({"id": made["ID"]}));
        assert_eq!(send(&hook, &version, "Hello, too").result()["GLOBAL_CONTENT_VERSION"], "2");
        let same =
            upload_url(&hook, "disk.folder.uploadFile", json!({"id": root, "data": {"NAME": "a.txt"}}));
        assert_eq!(files(&server.portal().data()).len(), 2);
        assert_eq!(
            send(&hook, &same, "third").refusal(400, "DISK_OBJ_22000"),
            "A file with this name already exists"
        );
        let twin =
            upload_url(&hook, "disk.folder.uploadFile", json!({"id": root, "data": {"NAME": "b.txt"}}));
        send(&hook, &twin, "Hello").result();
        assert_eq!(
            files(&server.portal().data()).len(),
            2,
            "what was refused and what was there is not kept"
        );
        hook.result("disk.file.delete", json!({"id": made["ID"]}));
        assert_eq!(
            send(&hook, &same, "third").result()["NAME"],
            "a.txt",
            "a refused upload may be tried again"
        );
    }
}

#[test]
fn what_comes_by_itself_is_in_the_log_of_calls() {
    for (engine, portal) in Portal::on_each_engine() {
        let mut server = portal.with_operator().start();
        let (operator, hook) = (server.operator(), server.hook("disk"));
        let url = upload_url(
            &hook,
            "disk.folder.uploadFile",
            json!({"id": root(&hook), "data": {"NAME": "a.txt"}}),
        );
        let token = url.split_once("token=").unwrap().1;
        send(&hook, &url.replace("upload%7C", "upload%7CA"), "x").refusal(403, "ACCESS_DENIED");
        send(&hook, &url, "Hello").result();
        send(&hook, &url, "again").refusal(403, "ACCESS_DENIED");

        let found = operator.read("/calls?method=upload")["calls"].clone();
        let of =
            |name: &str| found.as_array().unwrap().iter().map(|call| call[name].clone()).collect::<Value>();
        let method = "disk.folder.uploadFile";
        assert_eq!(of("method"), json!(["upload", method, "upload", method]), "{engine}: {found}");
        assert_eq!(of("status"), json!([403, 200, 403, 200]));
        assert_eq!(found[1]["params"], json!({"file": "other.txt"}));
        assert_eq!(found[1]["integration"], found[3]["integration"], "it is a call of the same webhook");
        assert_eq!(found[0]["integration"], Value::Null);
        assert!(found[0]["advice"].as_str().unwrap().contains("for a new uploadUrl"), "{}", found[0]);
        assert!(!found.to_string().contains(token), "the link itself is a secret");
    }
}

#[test]
fn an_upload_needs_the_rights_of_the_moment() {
    for (engine, portal) in Portal::on_each_engine() {
        println!("on {engine}");
        let server = portal.start();
        let ines = server.portal().ask(&["user", "add", "--email", "ines@example.com"]);
        let ines = ines.trim();
        let (admin, colleague) = (server.hook("disk"), server.hook_of(ines, "disk"));
        let given = json!([{"TASK_ID": "disk_access_add", "ACCESS_CODE": format!("U{ines}")}]);
        let shared = json!({"id": root(&admin), "data": {"NAME": "Shared"}, "rights": given});
        let shared = admin.result("disk.folder.addSubFolder", shared)["ID"].clone();
        let ask = |name: &str| {
            upload_url(&colleague, "disk.folder.uploadFile", json!({"id": shared, "data": {"NAME": name}}))
        };
        let (first, second, third) = (ask("a.txt"), ask("b.txt"), ask("c.txt"));
        send(&admin, &first, "a").result();
        server.portal().ask(&["clock", "move", "61m"]);
        assert_eq!(
            send(&admin, &second, "b").refusal(403, "ACCESS_DENIED"),
            "Access denied! Link check failed"
        );
        server.portal().ask(&["clock", "reset"]);
        admin.result("disk.folder.markDeleted", json!({"id": shared}));
        send(&admin, &second, "b").refusal(400, "ERROR_NOT_FOUND");
        admin.result("disk.folder.restore", json!({"id": shared}));
        let list = server.portal().ask(&["hook", "list"]);
        let hers = list.lines().filter_map(|line| line.split_whitespace().next()?.parse::<i64>().ok()).max();
        server.portal().ask(&["hook", "revoke", &hers.unwrap().to_string()]);
        send(&admin, &third, "c").refusal(401, "INVALID_CREDENTIALS");
        assert_eq!(files(&server.portal().data()).len(), 1);
    }
}

/// Peak of the server's memory, in KiB.
fn peak(server: &Server) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn large_files_and_many_at_once_need_little_memory() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.with("--max-upload", "2048").start();
        let hook = server.hook("disk");
        let root = root(&hook);
        let (before, began) = (peak(&server), Instant::now());
        let one = Content { seed: 1, size: large() };
        let made = Upload::begin(&hook, &root, "large.bin", one).finish().unwrap();
        let up = began.elapsed();
        one.assert_is(&server, &path(&made["DOWNLOAD_URL"]));
        let (down, many) = (began.elapsed() - up, Instant::now());
        let others: Vec<_> = (0..20).map(|seed| Content { seed: 100 + seed, size: large() / 20 }).collect();
        let made: Vec<Value> = std::thread::scope(|scope| {
            let send = |content: &Content| {
                let (hook, root, content) = (&hook, &root, *content);
                scope.spawn(move || {
                    Upload::begin(hook, root, &format!("{}.bin", content.seed), content).finish().unwrap()
                })
            };
            let sending: Vec<_> = others.iter().map(send).collect();
            sending.into_iter().map(|sending| sending.join().unwrap()).collect()
        });
        let at_once = many.elapsed();
        for (content, made) in others.iter().zip(&made) {
            content.assert_is(&server, &path(&made["DOWNLOAD_URL"]));
        }
        let taken = peak(&server) - before;
        println!(
            "on {engine}: {} MiB up in {up:.1?}, down in {down:.1?}; 20 of {} MiB at once in {at_once:.1?}; {} MiB of memory",
            large() >> 20,
            (large() / 20) >> 20,
            taken >> 10
        );
        assert!(taken < MEMORY, "{taken} KiB");
    }
}

#[test]
fn a_killed_server_has_whole_files_only() {
    for (engine, portal) in Portal::on_each_engine() {
        println!("on {engine}");
        let server = portal.start();
        let hook = server.hook("disk");
        let root = root(&hook);
        let contents: Vec<_> =
            (0..20).map(|seed| Content { seed, size: (large() / 20).min(8 << 20) }).collect();
        // Some are whole, some are not, and some are only just sent when it is killed.
        let mut uploads: Vec<Upload> = contents
            .iter()
            .map(|content| Upload::begin(&hook, &root, &format!("{}.bin", content.seed), *content))
            .collect();
        let waiting = uploads.split_off(8);
        let mut acknowledged: Vec<String> = uploads
            .into_iter()
            .map(|upload| upload.finish().unwrap()["NAME"].as_str().unwrap().to_owned())
            .collect();
        let waiting: Vec<Sent> =
            waiting.into_iter().enumerate().map(|(number, upload)| upload.part(number)).collect();
        let killed = server.kill();
        acknowledged.extend(waiting.into_iter().filter_map(Sent::answer));
        let server = killed.start();
        let hook = server.same_hook(&hook);
        let there = hook.result("disk.folder.getChildren", json!({"id": root}));
        let there = there.as_array().unwrap();
        for content in &contents {
            let name = format!("{}.bin", content.seed);
            match there.iter().find(|file| file["NAME"] == json!(name)) {
                Some(file) => content.assert_is(&server, &path(&file["DOWNLOAD_URL"])),
                None => assert!(!acknowledged.contains(&name), "{name} is lost"),
            }
        }
        // What stands under a hash is whole; the rests are marked as such, and collected when they are a day old.
        let whole = files(&server.portal().data());
        let rests = whole.iter().filter(|file| is_rest(file)).count();
        assert!(whole.len() - rests >= there.len());
        assert!(rests <= contents.len() - acknowledged.len(), "{rests}");
        for file in whole.iter().filter(|file| !is_rest(file)) {
            let length = fs::metadata(file).unwrap().len();
            assert!(
                contents.iter().any(|content| content.size == length),
                "{} is half a file",
                file.display()
            );
        }
    }
}

/// Whether that is what is left of an upload.
fn is_rest(file: &Path) -> bool {
    file.parent().is_some_and(|folder| folder.ends_with("incoming"))
}
