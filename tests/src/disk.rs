//! A small disk of a test's own, that can be filled up, break and stand still.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A mounted file system, gone when this is dropped.
pub struct Disk {
    folder: TempDir,
    /// The file that holds it, and the device over that.
    image: Option<(TempDir, String)>,
}

impl Disk {
    /// One in memory with that many megabytes; none, and a note, where nothing may be mounted.
    pub fn in_memory(megabytes: usize) -> Option<Disk> {
        let folder = TempDir::with_prefix("portreeve-disk-").expect("a temporary folder");
        let size = format!("size={megabytes}m");
        let mounted = run("mount", &["-t", "tmpfs", "-o", &size, "portreeve", name(folder.path())]);
        skipped(mounted.is_some())?;
        Some(Disk { folder, image: None }.open())
    }

    /// One with ext4 on a device of its own, which takes nothing any more once it met an error.
    pub fn on_device(megabytes: u64) -> Option<Disk> {
        let folder = TempDir::with_prefix("portreeve-disk-").expect("a temporary folder");
        let keep = TempDir::with_prefix("portreeve-image-").expect("a temporary folder");
        let image = keep.path().join("image");
        File::create(&image).and_then(|file| file.set_len(megabytes << 20)).expect("a file");
        let made = run("mkfs.ext4", &["-q", "-F", "-O", "^has_journal", name(&image)])
            .and_then(|_| run("losetup", &["--find", "--show", name(&image)]));
        skipped(made.is_some())?;
        let disk = Disk { folder, image: Some((keep, made?.trim().to_owned())) };
        skipped(disk.mount())?;
        Some(disk.open())
    }

    /// Where it is mounted.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The device, if it has one: `/dev/loop0`.
    pub fn device(&self) -> &str {
        self.image.as_ref().map_or("", |(_, device)| device)
    }

    /// Takes all room that is left.
    pub fn fill(&self) {
        let mut file = File::options().append(true).create(true).open(self.ballast()).expect("a file");
        while file.write_all(&[b'x'; 4096]).and_then(|()| file.flush()).is_ok() {}
    }

    /// Gives the room back.
    pub fn free(&self) {
        fs::remove_file(self.ballast()).expect("it was filled");
    }

    /// Has the system find an error on it, after which it can only be read.
    pub fn break_down(&self) {
        let device = self.device().trim_start_matches("/dev/");
        fs::write(format!("/sys/fs/ext4/{device}/trigger_fs_error"), "1").expect("ext4 takes it");
    }

    /// Repairs it, as an administrator does when nobody uses it any more.
    pub fn repair(&self) {
        run("umount", &[name(self.path())]).expect("nobody uses it");
        run("fsck.ext4", &["-y", self.device()]);
        assert!(self.mount(), "it cannot be mounted again");
    }

    /// Has everybody wait who writes, until it is thawed.
    pub fn freeze(&self) {
        run("fsfreeze", &["-f", name(self.path())]).expect("it is frozen");
    }

    /// Ends that.
    pub fn thaw(&self) {
        run("fsfreeze", &["-u", name(self.path())]).expect("it is thawed");
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }

    fn mount(&self) -> bool {
        run("mount", &["-o", "errors=remount-ro", self.device(), name(self.path())]).is_some()
    }

    /// A PostgreSQL server runs as another user.
    fn open(self) -> Disk {
        fs::set_permissions(self.path(), fs::Permissions::from_mode(0o777)).expect("it is ours");
        self
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Whoever hangs on a frozen disk would never end.
        run("fsfreeze", &["-u", name(self.path())]);
        run("umount", &["-l", name(self.path())]);
        if let Some((_, device)) = &self.image {
            run("losetup", &["-d", device]);
        }
    }
}

/// What it printed; none when it failed.
fn run(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn skipped(mounted: bool) -> Option<()> {
    if !mounted {
        println!("skipped: no disk can be mounted here; run this as root");
    }
    mounted.then_some(())
}

fn name(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}
