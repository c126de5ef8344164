//! Copies that other programs keep of a portal while it works: what is restored of them is the portal, with its files and secrets.

use crate::durability::rows_after;
use crate::files;
use it::{Hook, Portal};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use testkit::{Bed, Cluster};

/// What was acknowledged: leads with their titles, and contacts whose photos hold their names.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    leads: BTreeMap<i64, Value>,
    photos: Vec<i64>,
}

impl Seen {
    /// Adds some of both; the leads are large, so that the log of the database is full now and then.
    fn grow(&mut self, hook: &Hook, tag: &str, batches: usize) {
        let comment = "tide ".repeat(6_000);
        for batch in 0..batches {
            let command = |number| {
                format!("crm.lead.add?fields[TITLE]={tag}-{batch}-{number}&fields[COMMENTS]={comment}")
            };
            let commands: Vec<String> = (0..20).map(command).collect();
            let added = hook.result("batch", json!({"cmd": commands, "halt": 1}));
            assert_eq!(added["result"].as_array().map(Vec::len), Some(20), "{added}");
            self.photos.push(files::add(hook, &format!("photo {tag} {batch}")).unwrap());
        }
        self.leads = rows_after(hook, "crm.lead.list", 0);
    }

    /// A portal has all of it.
    #[track_caller]
    fn is_at(&self, hook: &Hook) {
        let leads = rows_after(hook, "crm.lead.list", 0);
        assert_eq!(leads.len(), self.leads.len());
        assert!(leads == self.leads, "the leads differ");
        for contact in &self.photos {
            let name = hook.result("crm.contact.get", json!({"id": contact}))["NAME"].clone();
            let photo = hook.send("GET", &files::link(hook, &json!(contact)), &[], b"");
            assert_eq!((photo.status, photo.text()), (200, name.as_str().unwrap().to_owned()));
        }
    }
}

/// The key is kept apart from all copies.
fn copy_key(from: &Path, to: &Portal) {
    fs::create_dir_all(to.data()).unwrap();
    fs::copy(from.join("portreeve.key"), to.data().join("portreeve.key")).unwrap();
}

#[test]
fn a_base_backup_and_the_log_after_it_are_the_portal_again() {
    let Some(archive) = testkit::installed::is_there().then(Cluster::folder_for_it) else { return };
    let keep = format!("archive_command=cp %p {}/%f", archive.path().display());
    let primary = Cluster::start(&["archive_mode=on", &keep], &[]).unwrap();
    let server = Portal::within(&primary.url()).start();
    let (hook, mut seen) = (server.hook("crm"), Seen::default());
    seen.grow(&hook, "before", 3);
    let base = primary.copy(&[]);
    seen.grow(&hook, "after", 3);
    let tar = server.portal().data().with_file_name("files.tar");
    server.portal().ask(&["backup", "--files-only", tar.to_str().unwrap()]);
    archived(&primary);
    let original = server.kill();
    drop(primary.kill());

    // As the manual of PostgreSQL has it: the base backup, and where the log is.
    fs::write(base.path().join("recovery.signal"), "").unwrap();
    let restore = format!("restore_command=cp {}/%f %p", archive.path().display());
    let again = Cluster::serve(base, testkit::installed::free_port(), &[&restore, "hot_standby=off"]);
    let portal = Portal::within(&again.url());
    copy_key(&original.data(), &portal);
    portal.ask(&["restore", tar.to_str().unwrap()]);
    let server = portal.start();
    let hook = server.same_hook(&hook);
    seen.is_at(&hook);
    seen.grow(&hook, "again", 1);
    seen.is_at(&hook);
}

/// Waits until all that was written so far is in the archive.
fn archived(primary: &Cluster) {
    Bed::within(primary.url()).load(
        "SET statement_timeout = '60s'; \
         DO $$ DECLARE wanted text := pg_walfile_name(pg_current_wal_lsn()); BEGIN PERFORM pg_switch_wal(); \
         WHILE (SELECT COALESCE(last_archived_wal, '') < wanted FROM pg_stat_archiver) LOOP \
         PERFORM pg_sleep(0.05); PERFORM pg_stat_clear_snapshot(); END LOOP; END $$"
            .to_owned(),
    );
}

#[test]
fn what_litestream_has_is_the_portal_again() {
    let Some(program) = std::env::var_os("PORTREEVE_LITESTREAM").map(PathBuf::from) else {
        println!("skipped: PORTREEVE_LITESTREAM names no program (cargo xtask soak --copies fetches it)");
        return;
    };
    let server = Portal::new().start();
    let (hook, mut seen) = (server.hook("crm"), Seen::default());
    seen.grow(&hook, "before", 1);
    let litestream = Litestream::start(program, &server.portal().data().join("portreeve.db"));
    // Several times as much as the log holds before the portal would begin it anew.
    let began = Instant::now();
    seen.grow(&hook, "during", 120);
    println!("120 batches of 20 leads in {:?}", began.elapsed());
    litestream.sync();
    let log = fs::metadata(server.portal().data().join("portreeve.db-wal")).unwrap().len();
    println!("the log has {} MiB", log >> 20);
    assert!(log < 256 << 20, "the log is {log} bytes long");
    // What comes now may be lost, and nothing else.
    let acknowledged = seen.leads.len();
    let original = server.kill();
    let from = litestream.kill();

    let portal = Portal::new();
    copy_key(&original.data(), &portal);
    from.restore(&portal.data().join("portreeve.db"));
    copy_folder(&original.data().join("files"), &portal.data().join("files"));
    let server = portal.start();
    let hook = server.same_hook(&hook);
    seen.is_at(&hook);
    seen.grow(&hook, "again", 1);
    seen.is_at(&hook);
    println!("{acknowledged} leads and {} photos restored", seen.photos.len());
}

/// Litestream, which keeps a copy of a database in a folder.
struct Litestream {
    program: PathBuf,
    database: PathBuf,
    folder: TempDir,
    process: Child,
}

impl Litestream {
    fn start(program: PathBuf, database: &Path) -> Litestream {
        let folder = tempfile::tempdir().unwrap();
        let (config, at) = (folder.path().join("litestream.yml"), folder.path().display());
        let database = database.to_owned();
        let text = format!(
            "socket:\n  enabled: true\n  path: {at}/socket\ndbs:\n  - path: {}\n    replica:\n      type: file\n      path: {at}/copy\n",
            database.display()
        );
        fs::write(&config, text).unwrap();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let process = Command::new(&program)
            .args(["replicate", "-config"])
            .arg(&config)
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let litestream = Litestream { program, database, folder, process };
        // It says nothing when its socket is there.
        let end = Instant::now() + Duration::from_secs(30);
        while !litestream.folder.path().join("socket").exists() && Instant::now() < end {
            std::thread::yield_now();
        }
        litestream
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words);
        command
    }

    /// Returns once the copy has all that is committed.
    fn sync(&self) {
        let mut command = self.command(&["sync", "-wait", "-timeout", "120", "-socket"]);
        run(command.arg(self.folder.path().join("socket")).arg(&self.database), self.folder.path());
    }

    fn kill(mut self) -> Litestream {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self
    }

    fn restore(&self, to: &Path) {
        let mut command = self.command(&["restore", "-o"]);
        let copy = format!("file://{}/copy", self.folder.path().display());
        run(command.arg(to).arg(copy), self.folder.path());
    }
}

impl Drop for Litestream {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn run(command: &mut Command, folder: &Path) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
    assert!(output.status.success(), "{command:?}: {said}\n{log}");
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (entry, name) = (entry.as_ref().unwrap().path(), entry.as_ref().unwrap().file_name());
        if entry.is_dir() {
            copy_folder(&entry, &to.join(name));
        } else {
            fs::copy(&entry, to.join(name)).unwrap();
        }
    }
}
