//! The command line: what an operator and a CI script rely on.

use it::Portal;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

#[test]
fn a_webhook_is_its_url_and_nothing_else() {
    let server = Portal::new().start();
    let create = ["hook", "create", "--owner", "1", "--scope", "crm,user", "--name", "ci"];
    let output = server.portal().run(&create);
    let said = String::from_utf8(output.stdout).unwrap();
    let secret =
        said.strip_prefix(&format!("{}/rest/1/", server.base())).unwrap().strip_suffix("/\n").unwrap();
    assert!(
        secret.len() >= 16 && secret.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase()),
        "{secret}"
    );
    let hook = server.to_hook(said.trim());
    assert_eq!(hook.result("scope", json!({})), json!(["crm", "user"]));
    assert_ne!(server.portal().ask(&create), said.trim(), "each has a secret of its own");
}

#[test]
fn the_list_of_webhooks_shows_no_secret() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let list = server.portal().ask(&["hook", "list"]);
    assert!(list.contains("test") && list.contains("crm"), "{list}");
    assert!(!list.contains(hook.secret()), "{list}");
}

#[test]
fn a_bad_webhook_is_refused_with_a_reason() {
    let server = Portal::new().start();
    for (owner, scope, word) in [("1", "crm,nonsense", "nonsense"), ("77", "crm", "77")] {
        let output =
            server.portal().run(&["hook", "create", "--owner", owner, "--scope", scope, "--name", "x"]);
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !output.status.success() && output.stdout.is_empty() && complaint.contains(word),
            "{complaint}"
        );
    }
    assert!(!server.portal().run(&["hook", "revoke", "77"]).status.success());
}

#[test]
fn webhooks_outlive_a_restart() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let id = hook.result("crm.lead.add", json!({"fields": {"TITLE": "Kept"}}));
    let server = server.stop().start();
    assert_eq!(server.same_hook(&hook).result("crm.lead.get", json!({"id": id}))["TITLE"], "Kept");
}

#[test]
fn users_are_added_on_the_command_line() {
    let server = Portal::new().start();
    let portal = server.portal();
    let add = ["user", "add", "--email", "ada@example.com", "--name", "Ada", "--last-name", "Berg"];
    let id = portal.ask(&add);
    assert_eq!(id, "2");
    assert!(!portal.run(&add).status.success(), "an e-mail address is somebody's");
    let list = portal.ask(&["user", "list"]);
    assert!(list.contains("ada@example.com") && list.contains("admin@localhost"), "{list}");
    let user = server.hook_of(&id, "user").result("user.current", json!({}));
    assert_eq!(
        (&user["NAME"], &user["LAST_NAME"], &user["EMAIL"]),
        (&json!("Ada"), &json!("Berg"), &json!("ada@example.com"))
    );
    let admin = portal.ask(&[
        "user",
        "add",
        "--email",
        "eva@example.com",
        "--name",
        "Eva",
        "--last-name",
        "Ek",
        "--admin",
    ]);
    assert_eq!(server.hook_of(&id, "user").result("user.admin", json!({})), false);
    assert_eq!(server.hook_of(&admin, "user").result("user.admin", json!({})), true);
}

/// The program tells what it can do: the registry as data, and the table in the documents.
#[test]
fn it_describes_itself() {
    let portal = Portal::new();
    let described: Value = serde_json::from_str(&portal.ask(&["describe"])).unwrap();
    let text = described.to_string();
    for method in ["crm.lead.add", "batch", "user.current", "event.bind"] {
        assert!(text.contains(&format!("\"{method}\"")), "{method}");
    }
    assert!(portal.ask(&["describe", "--coverage"]).contains("crm"));
}

#[test]
fn mistakes_are_told_from_failures() {
    let portal = Portal::new();
    assert_eq!(portal.run(&["no-such-command"]).status.code(), Some(2));
    assert_eq!(portal.run(&["serve", "--tls", "perhaps"]).status.code(), Some(2));
    assert!(!portal.run(&["serve", "--tls", "files"]).status.success());
    for flag in ["--help", "--version"] {
        let output = Command::new(portal.command(&[]).get_program()).arg(flag).output().unwrap();
        assert!(output.status.success() && !output.stdout.is_empty(), "{flag}");
    }
}

/// Without a password from outside there is none, and each start gives another link to choose one, until somebody
/// does.
#[test]
fn the_first_start_gives_a_link() {
    let portal = Portal::new();
    let says = || {
        let mut serve = portal.command(&["serve"]);
        serve.args(["--listen", "127.0.0.1:0", "--tls", "off"]).env_remove("PORTREEVE_ADMIN_PASSWORD");
        let mut process = serve.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(lines.next().is_some_and(|line| line.contains(" is ready at ")));
        // What else is said is said at once; the process ends with the lines.
        rustix::process::kill_process(
            rustix::process::Pid::from_child(&process),
            rustix::process::Signal::TERM,
        )
        .unwrap();
        let link = lines.find_map(|line| Some(line.split_once("/sign-in#welcome=")?.1[..32].to_owned()));
        process.wait().unwrap();
        link
    };
    let (first, second) = (says().expect("a link"), says().expect("another link"));
    assert_ne!(first, second);
    portal.ask(&["hook", "create", "--owner", "1", "--scope", "crm", "--name", "early"]);
    portal.ask(&["user", "passwd", "1"]);
    assert_eq!(says(), None);
}

/// The first thing a newcomer sees: the line to paste works.
#[test]
fn the_demo_can_be_pasted() {
    let portal = Portal::new();
    let mut demo =
        portal.command(&["demo"]).args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(demo.stdout.take().unwrap()).lines().map_while(Result::ok);
    let pasted =
        lines.map(|line| line.trim().to_owned()).find(|line| line.starts_with("curl ")).expect("a curl line");
    let output = Command::new("sh").args(["-c", &pasted]).output().unwrap();
    let answer: Result<Value, _> = serde_json::from_slice(&output.stdout);
    demo.kill().unwrap();
    demo.wait().unwrap();
    let answer = answer
        .unwrap_or_else(|error| panic!("{pasted}: {error}: {}", String::from_utf8_lossy(&output.stderr)));
    assert!(answer.get("result").is_some() && answer.get("error").is_none(), "{pasted}: {answer}");
}
