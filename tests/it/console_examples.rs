//! The console's code examples, run as whoever downloads them runs them.

use it::{Browser, Portal, Server, clients};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// What would get out of its quotes, if anything did.
const NASTY: &str =
    "it's \"quoted\" \\ $HOME ${x} {$y} `id` $(id) %41 %s + & = # ; @x <?php ?> \u{2028} 日本 😀 ünï //*";
/// The same over several lines.
const LINES: &str = "first\nsecond\t'third'\r\nEOF\n\"\"\"\n$four\\";

/// A portal over https, as b24jssdk insists on it, and an integration with both parts.
struct Bed {
    server: Server,
    browser: Browser,
    id: i64,
    folder: TempDir,
}

impl Bed {
    fn new(handler: &str) -> Bed {
        let server = Portal::new().with_tls("dev").with("--allow-handlers", "127.0.0.1").start();
        let mut browser = Browser::of_the_administrator(&server);
        let outbound =
            json!({"handler_url": handler, "events": ["ONCRMLEADADD", "ONCRMDEALADD"], "retries": "once"});
        let input = json!({"scenario": "in-hook", "title": "x", "inbound": {"scopes": ["crm"]}, "outbound": outbound});
        let id = browser.done("POST", "/api/integrations", &input)["id"].as_i64().unwrap();
        Bed { server, browser, id, folder: TempDir::new().unwrap() }
    }

    /// The files of an example.
    fn example(&mut self, wanted: &Value) -> Vec<(String, String)> {
        let path = format!("/api/integrations/{}/example", self.id);
        let answer = self.browser.done("POST", &path, wanted);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        answer["files"]
            .as_array()
            .unwrap()
            .iter()
            .map(|file| (text(&file["name"]), text(&file["text"])))
            .collect()
    }

    /// Writes them down; the folder.
    fn written(&mut self, wanted: &Value) -> &Path {
        for (name, text) in self.example(wanted) {
            fs::write(self.folder.path().join(name), text).unwrap();
        }
        self.folder.path()
    }

    /// A program that trusts the portal, in the example's folder.
    fn program(&self, name: impl AsRef<Path>) -> Command {
        let mut command = Command::new(name.as_ref());
        for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
            command.env_remove(variable).env_remove(variable.to_lowercase());
        }
        let authority = self.server.portal().authority();
        for variable in ["CURL_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"] {
            command.env(variable, &authority);
        }
        command.current_dir(self.folder.path());
        command
    }

    /// Runs a program that adds a lead, and looks at what came of it.
    #[track_caller]
    fn adds_the_lead(&self, mut command: Command) {
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        let leads = self
            .server
            .hook("crm")
            .result("crm.lead.list", json!({"order": {"ID": "DESC"}, "select": ["*", "PHONE"]}));
        let lead = &leads[0];
        assert_eq!(lead["TITLE"], NASTY, "{said}");
        assert_eq!(lead["COMMENTS"], LINES, "{said}");
        assert_eq!(lead["PHONE"][0]["VALUE"], "+49 30 111", "{said}");
        assert!(said.contains(lead["ID"].as_str().unwrap()), "{said}");
    }
}

/// A lead with nasty fields.
fn lead(language: &str) -> Value {
    json!({"language": language, "method": "crm.lead.add", "secret": true, "params": [
        ["FIELDS[TITLE]", NASTY],
        ["FIELDS[COMMENTS]", LINES],
        ["FIELDS[PHONE][0][VALUE]", "+49 30 111"],
        ["FIELDS[PHONE][0][VALUE_TYPE]", "WORK"],
        ["FIELDS[UF_'\"$x\\]", "there is no such field"],
    ]})
}

#[test]
fn curl() {
    let mut bed = Bed::new("https://handler.example/");
    bed.written(&lead("curl"));
    let mut script = bed.program("sh");
    script.arg("call.sh");
    bed.adds_the_lead(script);
}

/// CRest itself is fetched by whoever runs the example; here stands what it does (protocol 12.1), written anew.
#[test]
fn php() {
    if clients().is_none() {
        return;
    }
    let mut bed = Bed::new("https://handler.example/");
    let folder = bed.written(&lead("php"));
    let facade = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/crest/facade.php");
    fs::copy(facade, folder.join("crest.php")).unwrap();
    let mut script = bed.program("php");
    script.arg(format!("-dcurl.cainfo={}", bed.server.portal().authority().display())).arg("index.php");
    bed.adds_the_lead(script);
}

#[test]
fn javascript() {
    let Some(clients) = clients() else { return };
    let mut bed = Bed::new("https://handler.example/");
    let folder = bed.written(&lead("javascript"));
    let package: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("package.json")).unwrap()).unwrap();
    assert!(package["dependencies"]["@bitrix24/b24jssdk"].is_string());
    std::os::unix::fs::symlink(
        fs::canonicalize(clients.join("js/node_modules")).unwrap(),
        folder.join("node_modules"),
    )
    .unwrap();
    let mut script = bed.program("node");
    script.arg("index.mjs");
    bed.adds_the_lead(script);
}

#[test]
fn python() {
    let Some(clients) = clients() else { return };
    let mut bed = Bed::new("https://handler.example/");
    bed.written(&lead("python"));
    let mut script = bed.program(fs::canonicalize(clients).unwrap().join("py/bin/python"));
    script.arg("call.py");
    bed.adds_the_lead(script);
}

#[test]
fn go() {
    let mut bed = Bed::new("https://handler.example/");
    bed.written(&lead("go"));
    if Command::new("go").arg("version").output().is_err() {
        println!("skipped: there is no go here");
        return;
    }
    let mut program = bed.program("go");
    program.args(["run", "."]);
    bed.adds_the_lead(program);
}

#[test]
fn an_archive_is_unpacked_and_run() {
    let mut bed = Bed::new("https://handler.example/");
    let path = format!("/api/integrations/{}/example/archive", bed.id);
    let reply = bed.browser.ask("POST", &path, &lead("curl"));
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/zip"));
    assert_eq!(reply.header("content-disposition"), "attachment; filename=\"crm-lead-add-curl.zip\"");
    fs::write(bed.folder.path().join("example.zip"), &reply.body).unwrap();
    let unpacked = bed.program("python3").args(["-m", "zipfile", "-e", "example.zip", "."]).status().unwrap();
    assert!(unpacked.success());
    let mut script = bed.program("sh");
    script.arg("crm-lead-add-curl/call.sh");
    bed.adds_the_lead(script);
    assert!(bed.folder.path().join("crm-lead-add-curl/README.md").exists());
    let noted = bed.browser.get("/api/audit?action=secret.downloaded").json();
    assert_eq!(noted["entries"][0]["object"], format!("integration:{}", bed.id));
}

#[test]
fn without_being_asked_no_example_holds_a_secret() {
    let mut bed = Bed::new("https://handler.example/");
    let shown = bed.browser.done("POST", &format!("/api/integrations/{}/secrets", bed.id), &Value::Null);
    let secret = shown["url"].as_str().unwrap().trim_end_matches('/').rsplit('/').next().unwrap().to_owned();
    let token = shown["application_token"].as_str().unwrap().to_owned();
    for language in ["curl", "php", "javascript", "python", "go"] {
        for (handler, held) in [(false, &secret), (true, &token)] {
            let mut wanted = json!({"language": language, "method": "profile", "handler": handler});
            let files = bed.example(&wanted);
            assert!(files.iter().all(|(_, text)| !text.contains(held)), "{language}");
            wanted["secret"] = json!(true);
            assert!(bed.example(&wanted).iter().any(|(_, text)| text.contains(held)), "{language}");
        }
    }
    let path = format!("/api/integrations/{}/example", bed.id);
    for wanted in
        [json!({"language": "cobol", "method": "profile"}), json!({"language": "php", "method": "a'; b"})]
    {
        bed.browser.ask("POST", &path, &wanted).refusal(400, "ERROR_ARGUMENT");
    }
}

/// A handler that serves; killed when dropped.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Serves an example's handler, and looks at whom it lets in: the portal, and nobody with another token.
#[track_caller]
fn takes_events(language: &str, start: impl Fn(&Bed, u16) -> Command) {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let handler = format!("http://127.0.0.1:{port}/handler.php");
    let mut bed = Bed::new(&handler);
    bed.written(&json!({"language": language, "handler": true, "secret": true}));
    let mut command = start(&bed, port);
    let mut serving = Serving(
        command.env("PORT", port.to_string()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap(),
    );
    // PHP says that it has started on standard error, the others on standard output.
    let mut line = String::new();
    if language == "php" {
        let mut said = BufReader::new(serving.0.stderr.take().unwrap());
        said.read_line(&mut line).unwrap();
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    } else {
        let mut said = BufReader::new(serving.0.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    }
    assert!(line.contains("started") || line.contains("Listening"), "{line}");

    bed.server.hook("crm").result("crm.lead.add", json!({"fields": {"TITLE": "told"}}));
    let told = bed.server.portal().settled("delivered", 1);
    assert_eq!(told[0]["last_try"]["status"], 200);

    for (secret, status) in [(true, "200"), (false, "403")] {
        bed.written(&json!({"language": "curl", "handler": true, "secret": secret}));
        let sent = bed.program("sh").args(["send.sh", &handler]).output().unwrap();
        let said = String::from_utf8_lossy(&sent.stdout).into_owned();
        assert!(said.lines().next().is_some_and(|line| line.contains(status)), "{said}");
    }
}

#[test]
fn a_handler_in_php() {
    takes_events("php", |bed, port| {
        let mut command = bed.program("php");
        command.args(["-S", &format!("127.0.0.1:{port}"), "handler.php"]);
        command
    });
}

#[test]
fn a_handler_in_javascript() {
    takes_events("javascript", |bed, _| {
        let mut command = bed.program("node");
        command.arg("handler.mjs");
        command
    });
}

#[test]
fn a_handler_in_python() {
    takes_events("python", |bed, _| {
        let mut command = bed.program("python3");
        command.arg("handler.py");
        command
    });
}
