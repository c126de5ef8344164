//! Files of two nodes on S3-compatible storage: moto's server, where it is installed (`cargo xtask soak --s3` installs it).

use crate::files::{add, all, link};
use crate::uploads::{root, send, upload_url};
use it::{Hook, Portal, Server, clients};
use serde_json::json;
use std::collections::BTreeMap;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;

/// The storage, with a bucket `files`; stopped when dropped.
struct Moto {
    process: Child,
    url: String,
}

impl Moto {
    /// `None`, said aloud, where it is not installed.
    fn start() -> Option<Moto> {
        let program = clients()?.join("s3/bin/moto_server");
        if !program.is_file() {
            println!("skipped: {} is not there; `cargo xtask soak --s3` installs it", program.display());
            return None;
        }
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap().port();
        let mut command = Command::new(program);
        command.args(["-p", &port.to_string()]).stdout(Stdio::null()).stderr(Stdio::null());
        let moto = Moto { process: command.spawn().unwrap(), url: format!("http://127.0.0.1:{port}") };
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            std::thread::yield_now();
        }
        let agent = Hook::new(&format!("{}/rest/", moto.url), &None);
        assert_eq!(agent.send("PUT", "/files", &[], b"").status, 200, "a bucket");
        Some(moto)
    }

    /// How many objects there are.
    fn objects(&self) -> usize {
        let agent = Hook::new(&format!("{}/rest/", self.url), &None);
        agent.send("GET", "/files?list-type=2&max-keys=1000", &[], b"").text().matches("<Key>").count()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Two nodes that keep files there, and a webhook at each.
fn nodes(moto: &Moto) -> Option<([Server; 2], [Hook; 2])> {
    let (_, portal) = Portal::on_each_engine().into_iter().find(|(engine, _)| *engine == "postgres")?;
    let settings = [
        ("--files", "s3://files/portal"),
        ("--s3-endpoint", moto.url.as_str()),
        ("--s3-region", "us-east-1"),
        ("--s3-access-key", "key"),
        ("--s3-secret-key", "secret"),
    ];
    let set = |portal: Portal| settings.iter().fold(portal, |portal, (flag, value)| portal.with(flag, value));
    let one = set(portal).start();
    let other = set(one.portal().beside()).start();
    let hook = one.hook("crm,disk");
    let hooks = [one.same_hook(&hook), other.same_hook(&hook)];
    Some(([one, other], hooks))
}

#[test]
fn what_one_node_stored_the_other_reads() {
    let Some(moto) = Moto::start() else { return };
    let Some((_servers, [one, other])) = nodes(&moto) else { return };
    let text = "0123456789".repeat(60_000);
    let id = json!(add(&one, &text).unwrap());
    let path = link(&other, &id);
    for hook in [&one, &other] {
        assert!(hook.send("GET", &path, &[], b"").text() == text);
        let part = hook.send("GET", &path, &[("range", "bytes=599995-")], b"");
        assert_eq!((part.status, part.text().as_str()), (206, "56789"));
        let part = hook.send("GET", &path, &[("range", "bytes=0-9")], b"");
        assert_eq!((part.status, part.header("content-range")), (206, "bytes 0-9/600000"));
    }
    let objects = moto.objects();
    add(&other, &text).unwrap();
    assert_eq!(moto.objects(), objects, "the same content is stored once, whichever node brings it");

    // Asked for on one node, sent to the other, and once.
    let parameters = json!({"id": root(&one), "data": {"NAME": "plan.txt"}});
    let place = upload_url(&one, "disk.folder.uploadFile", parameters);
    let sent = send(&other, &place, "twenty chairs").result();
    send(&one, &place, "thirty chairs").refusal(403, "ACCESS_DENIED");
    let file = one.result("disk.file.get", json!({"id": sent["ID"]}));
    let url = file["DOWNLOAD_URL"].as_str().unwrap();
    assert_eq!(one.send("GET", &url[url.find("/rest/").unwrap()..], &[], b"").text(), "twenty chairs");
}

#[test]
fn a_killed_node_loses_no_file_that_it_acknowledged() {
    let Some(moto) = Moto::start() else { return };
    let Some((servers, hooks)) = nodes(&moto) else { return };
    let [one, other] = servers;
    let (acknowledge, acknowledged) = channel();
    let added: BTreeMap<i64, String> = std::thread::scope(|scope| {
        for writer in 0..4 {
            let (hook, acknowledge) = (hooks[writer % 2].clone(), acknowledge.clone());
            scope.spawn(move || {
                for number in 0..60 {
                    let text = format!("photo {number} of {writer}");
                    let Some(id) = add(&hook, &text) else { return };
                    acknowledge.send((id, text)).unwrap();
                }
            });
        }
        drop(acknowledge);
        let mut added: BTreeMap<i64, String> = acknowledged.iter().take(30).collect();
        one.kill();
        added.extend(acknowledged.iter());
        added
    });
    let there = all(&hooks[1]);
    assert!(added.keys().all(|id| there.contains_key(id)));
    // Those that nobody was told of have their photos, too, or are not there at all.
    for (id, name) in there {
        assert_eq!(hooks[1].send("GET", &link(&hooks[1], &json!(id)), &[], b"").text(), name);
    }
    drop(other);
}
