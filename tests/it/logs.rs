//! The log: strangers cannot fill it, and the server lives without it.

use it::{Browser, Connection, Hook, Portal};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

/// A server that is killed when the test ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Serves with that standard error; where it is a pipe, nobody reads it.
fn serve(portal: &Portal, stderr: Stdio) -> (Running, String) {
    let mut command = portal.command(&["serve", "--listen", "127.0.0.1:0", "--log", "debug"]);
    let mut child = command.stdout(Stdio::piped()).stderr(stderr).spawn().unwrap();
    drop(child.stderr.take());
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let base = line.trim().split_once(" is ready at ").unwrap_or_else(|| panic!("not ready: {line:?}")).1;
    (Running(child), base.to_owned())
}

/// Whoever read the log has gone, or its disk is full.
#[test]
fn a_log_that_cannot_be_written_stops_nothing() {
    let full = || File::options().write(true).open("/dev/full").unwrap().into();
    for stderr in [Stdio::piped as fn() -> Stdio, full] {
        let portal = Portal::new();
        let (mut server, base) = serve(&portal, stderr());
        let made = portal.ask(&["hook", "create", "--owner", "1", "--scope", "crm", "--name", "test"]);
        let url = format!("{base}{}", &made[made.find("/rest/").unwrap()..]);
        let hook = Hook::new(&url, &None);
        for _ in 0..50 {
            let mut connection = Connection::open(base.trim_start_matches("http://")).unwrap();
            connection.send(b"no request\r\n\r\n").unwrap();
            assert_eq!(connection.answer().unwrap().0, 400);
            hook.get("profile").success();
        }
        assert!(server.0.try_wait().unwrap().is_none(), "it still runs");
    }
}

#[test]
fn strangers_do_not_fill_the_log() {
    let server = Portal::new().start();
    let mut browser = Browser::visiting(&server);
    for _ in 0..5 {
        browser.sign_in("nobody@localhost", "wrong").refusal(422, "ERROR_SIGN_IN");
    }
    let hook = server.hook("crm");
    for _ in 0..300 {
        let mut connection = Connection::open(server.address()).unwrap();
        connection.send(b"no request\r\n\r\n").unwrap();
        assert_eq!(connection.answer().unwrap().0, 400);
    }
    hook.get("profile").success();
    let log = server.stop().log();
    let lines = |text: &str| log.matches(text).count();
    assert_eq!(lines("a sign-in failed"), 1, "{log}");
    assert_eq!(lines("a request was refused"), 100, "{log}");
}
