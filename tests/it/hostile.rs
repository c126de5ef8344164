//! Input that means harm, or none. Whatever comes in, the answer is the protocol's own error or its documented leniency:
//! never a 500, never a panic, never a secret in the log; and what was there before is there afterwards.

use it::{Connection, Hook, PASSWORD, Portal, Reply, Server};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use std::io::Read;

/// Pieces of SQL that would show if any of them reached a statement as text.
const SQL: [&str; 9] = [
    "'; DROP TABLE crm_lead; --",
    "\"; DELETE FROM users; --",
    "x' OR '1'='1",
    "x\") OR 1=1 --",
    "ID) UNION SELECT * FROM hooks --",
    "TITLE` FROM crm_lead --",
    "%' ESCAPE '",
    "?",
    "$1",
];

/// Names under which methods take parameters.
const NAMES: [&str; 14] = [
    "id",
    "fields",
    "filter",
    "order",
    "select",
    "start",
    "params",
    "entityTypeId",
    "cmd",
    "halt",
    "name",
    "type",
    "values",
    "rows",
];

/// A portal under attack: what it held before, and a hook with everything that it offers.
struct Siege {
    server: Server,
    hook: Hook,
    kept: Vec<Value>,
    /// Whether another engine was besieged before.
    is_second: bool,
}

impl Siege {
    fn on_each_engine(attack: impl Fn(&Siege)) {
        for (place, (engine, portal)) in Portal::on_each_engine().into_iter().enumerate() {
            println!("on {engine}");
            let siege = Siege { is_second: place > 0, ..Siege::of(portal) };
            attack(&siege);
            siege.end();
        }
    }

    /// It logs all that it can, and has leads with ids that no sloppy conversion (`true`, `[]`, `"1x"`) comes to.
    fn of(portal: Portal) -> Siege {
        let server = portal.with("--log", "debug").start();
        let every = server.hook("crm").result("scope", json!({"full": true}));
        let scopes: Vec<&str> = every.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let hook = server.hook(&scopes.join(","));
        let commands: Vec<String> =
            (0..30).map(|number| format!("crm.lead.add?fields[TITLE]=Berth+{number}")).collect();
        let ids = hook.result("batch", json!({"cmd": commands}))["result"].as_array().unwrap().clone();
        let kept = ids[20..].to_vec();
        Siege { server, hook, kept, is_second: false }
    }

    /// Sends JSON and looks at the answer.
    fn json(&self, method: &str, parameters: &Value) {
        survived(&format!("{method} {parameters:.200}"), &self.hook.call(method, parameters));
    }

    /// Sends commands, fifty at a time, and looks at what each of them is answered.
    fn commands(&self, commands: &[String]) {
        for some in commands.chunks(50) {
            let answer = self.hook.result("batch", json!({"cmd": some}));
            let (results, errors) = (&answer["result"], &answer["result_error"]);
            assert_eq!(length(results) + length(errors), some.len(), "each is answered: {answer}");
            for (place, command) in some.iter().enumerate() {
                let error = errors.get(place).or_else(|| errors.get(place.to_string()));
                let Some(error) = error.filter(|error| !error.is_null()) else { continue };
                assert_ne!(error["error"], "INTERNAL_SERVER_ERROR", "{command}: {error}");
                assert_ne!(error["error_description"], "SQL query error!", "{command}");
            }
        }
    }

    /// Sends any body and looks at the answer.
    fn bytes(&self, what: &str, method: &str, content_type: &str, body: &[u8]) {
        survived(&format!("{method} with {what}"), &self.hook.post(method, content_type, body));
    }

    /// Every method there is, as the portal itself tells.
    fn methods(&self) -> Vec<String> {
        let methods = self.hook.result("methods", json!({"FULL": true}));
        let names: Vec<String> =
            methods.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect();
        assert!(names.len() > 50, "only {names:?}");
        names
    }

    /// The portal answers as before, and its log is clean.
    fn end(self) {
        for (index, id) in self.kept.iter().enumerate() {
            let lead = self.hook.result("crm.lead.get", json!({"id": id}));
            assert_eq!(lead["TITLE"], format!("Berth {}", index + 20));
        }
        assert_eq!(self.hook.get("profile").result()["ADMIN"], true);
        let secret = self.hook.secret().to_owned();
        let log = self.server.stop().log();
        assert!(!log.contains("panicked"), "{log}");
        assert!(!log.contains(&secret) && !log.contains(PASSWORD), "the log names a secret");
    }
}

/// How many stand in a list or in an object.
fn length(section: &Value) -> usize {
    section.as_array().map(Vec::len).or(section.as_object().map(serde_json::Map::len)).unwrap_or(0)
}

/// An answer of the protocol: JSON, a result or an error, and nothing that is the server's own fault.
#[track_caller]
fn survived(what: &str, reply: &Reply) {
    let answer = reply.json();
    let formed = answer.get("result").is_some() != answer.get("error").is_some();
    assert!(reply.status < 500 && formed, "{what}: {} {}", reply.status, reply.text());
    assert_ne!(answer["error_description"], "SQL query error!", "{what}");
}

#[test]
fn values_of_every_wrong_type() {
    let odd = [
        Value::Null,
        json!(true),
        json!(-1),
        json!(1e308),
        json!(18_446_744_073_709_551_615_u64),
        json!(0.000_000_1),
        json!(""),
        json!("x"),
        json!("\u{0}\u{202e}\u{fffd}"),
        json!([]),
        json!([[], [null], "x"]),
        json!({"": "", "logic": "XOR", "0": {"logic": []}}),
        json!({"ID": {"ID": [1]}, "!": 1, ">": [], "%TITLE": {"a": null}}),
    ];
    Siege::on_each_engine(|siege| {
        for (place, method) in siege.methods().into_iter().enumerate() {
            // Half of them on each engine: most are refused before there is a statement.
            for value in odd.iter().skip((place + usize::from(siege.is_second)) % 2).step_by(2) {
                let everywhere: serde_json::Map<_, _> =
                    NAMES.iter().map(|name| ((*name).to_owned(), value.clone())).collect();
                siege.json(&method, &everywhere.into());
            }
        }
        for name in NAMES {
            for value in &odd {
                for method in ["crm.lead.list", "crm.item.list", "crm.lead.add", "user.get", "batch"] {
                    siege.json(method, &json!({"entityTypeId": 1, name: value}));
                }
            }
        }
    });
}

#[test]
fn sql_in_every_name_and_value() {
    Siege::on_each_engine(|siege| {
        let methods = siege.methods();
        for sql in SQL {
            let text = utf8_percent_encode(sql, NON_ALPHANUMERIC).to_string();
            let flat = format!(
                "id={text}&entityTypeId={text}&filter={text}&order={text}&select={text}&start={text}"
            );
            let deep = format!(
                "id={text}&entityTypeId=1&fields[{text}]={text}&select[]={text}&order[{text}]={text}\
                 &filter[{text}]={text}&filter[%3E%3D{text}]={text}&filter[%25{text}][]={text}&filter[%21%40{text}]={text}"
            );
            let of_methods =
                methods.iter().flat_map(|method| [&flat, &deep].map(|query| format!("{method}?{query}")));
            let mut commands: Vec<String> = of_methods.collect();
            for field in ["ID", "TITLE", "STATUS_ID", "OPPORTUNITY", "DATE_CREATE", "PHONE", "UF_CRM_1"] {
                for prefix in ["", "=", "!", ">", "<=", "@", "!@", "%", "!%", "=%", "!=%"] {
                    let name = utf8_percent_encode(&format!("{prefix}{field}"), NON_ALPHANUMERIC).to_string();
                    commands.extend([
                        format!("crm.lead.list?filter[{name}]={text}&order[{field}]={text}"),
                        format!("crm.lead.list?filter[{name}{text}]=1&select[]={field}&select[]={text}"),
                    ]);
                }
            }
            siege.commands(&commands);
        }
    });
}

/// A piece of SQL is a text like any other.
#[test]
fn sql_is_kept_as_text() {
    Siege::on_each_engine(|siege| {
        for sql in SQL {
            let fields =
                json!({"TITLE": sql, "COMMENTS": sql, "WEB": [{"VALUE": sql, "VALUE_TYPE": "WORK"}]});
            let id = siege.hook.result("crm.lead.add", json!({"fields": fields}));
            let lead = siege.hook.result("crm.lead.get", json!({"id": id}));
            assert_eq!((&lead["TITLE"], &lead["WEB"][0]["VALUE"]), (&json!(sql), &json!(sql)));
            for filter in [json!({"TITLE": sql}), json!({"=TITLE": [sql]}), json!({"WEB": sql})] {
                let found = siege.hook.result("crm.lead.list", json!({"filter": filter, "select": ["ID"]}));
                assert_eq!(found, json!([{"ID": id.to_string()}]), "{filter}");
            }
        }
    });
}

#[test]
fn ten_megabytes() {
    const SIZE: usize = 10 << 20;
    const FORM: &str = "application/x-www-form-urlencoded";
    let long = "x".repeat(SIZE);
    let list = |item: &str| item.repeat(SIZE / item.len());
    let bodies = [
        ("a long text in JSON", "application/json", format!("{{\"fields\":{{\"TITLE\":\"{long}\"}}}}")),
        ("a long list in JSON", "application/json", format!("{{\"filter\":{{\"ID\":[{}1]}}}}", list("1,"))),
        (
            "a long object in JSON",
            "application/json",
            format!("{{\"order\":{{{}\"ID\":1}}}}", list("\"a\":1,")),
        ),
        ("a long text in a form", FORM, format!("fields[TITLE]={long}")),
        ("many variables in a form", FORM, list("filter[ID][]=1&")),
        ("separators", FORM, list("&")),
        ("brackets", FORM, list("[")),
        ("percent signs", FORM, list("%")),
        ("a long command", FORM, format!("cmd[a]=crm.lead.list?filter[%2525TITLE]={long}")),
        ("many commands", FORM, list("cmd[]=profile&")),
        (
            "a long part",
            "multipart/form-data; boundary=x",
            format!("--x\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n{long}\r\n--x--"),
        ),
        ("many boundaries", "multipart/form-data; boundary=x", list("--x\r\n")),
        (
            "a long filter",
            "application/json",
            format!("{{\"filter\":{{\"%TITLE\":\"{long}\",\"=%TITLE\":\"{}\"}}}}", "%_".repeat(50_000)),
        ),
    ];
    Siege::on_each_engine(|siege| {
        for (what, content_type, body) in &bodies {
            for method in ["crm.lead.list", "crm.lead.add", "batch"] {
                siege.bytes(what, method, content_type, body.as_bytes());
            }
        }
    });
}

#[test]
fn ten_thousand_levels() {
    const DEPTH: usize = 10_000;
    let around =
        |open: &str, core: &str, close: &str| format!("{}{core}{}", open.repeat(DEPTH), close.repeat(DEPTH));
    let steps = "[a]".repeat(DEPTH);
    let bodies = [
        ("application/json", around("[", "", "]")),
        ("application/json", "[".repeat(DEPTH)),
        ("application/json", around("{\"filter\":", "1", "}")),
        ("application/json", format!("{{\"fields\":{}}}", around("{\"TITLE\":", "1", "}"))),
        (
            "application/json",
            format!("{{\"entityTypeId\":1,\"filter\":{}}}", around("{\"0\":", "{\"title\":1}", "}")),
        ),
        (
            "application/json",
            format!("{{\"entityTypeId\":1,\"filter\":{}}}", around("{\"logic\":\"OR\",\"0\":", "1", "}")),
        ),
        ("application/json", format!("{{\"cmd\":{{\"a\":\"crm.item.list?filter{steps}=1\"}}}}")),
        ("application/x-www-form-urlencoded", format!("filter{steps}=1")),
        ("application/x-www-form-urlencoded", format!("fields[TITLE]{steps}=1&fields{}", "[".repeat(DEPTH))),
        (
            "application/x-www-form-urlencoded",
            format!("cmd[a]=crm.lead.list%3Ffilter{steps}%3D1&cmd{steps}=profile"),
        ),
        (
            "application/x-www-form-urlencoded",
            format!("cmd[a]=profile&cmd[b]=crm.lead.get%3Fid%3D$result{steps}"),
        ),
    ];
    Siege::on_each_engine(|siege| {
        for (content_type, body) in &bodies {
            for method in
                ["crm.lead.list", "crm.item.list", "crm.lead.add", "crm.lead.update", "user.get", "batch"]
            {
                siege.bytes(&body[..60], method, content_type, body.as_bytes());
            }
        }
    });
}

#[test]
fn bytes_that_are_no_text() {
    Siege::on_each_engine(|siege| {
        let bodies: [(&str, &[u8]); 12] = [
            ("application/json", b"{\"fields\":{\"TITLE\":\"a\\u0000b\"}}"),
            ("application/json", b"{\"fields\":{\"TITLE\":\"\\ud800\"}}"),
            ("application/json", b"{\"fields\":{\"TITLE\":\"\xff\xfe\"}}"),
            ("application/json", b"{\"fields\":{\"TITLE\0\":\"x\"},\"filter\":{\"%TITLE\":\"\\u0000\"}}"),
            (
                "application/json",
                b"{\"filter\":{\"TI\\u0000TLE\":1,\"TITLE\":\"\\u0000\"},\"order\":{\"\\u0000\":\"ASC\"}}",
            ),
            ("application/json", b"\xef\xbb\xbf{\"id\":1}"),
            ("application/json", b"{\"id\":NaN,\"start\":Infinity}"),
            ("application/x-www-form-urlencoded", b"fields[TITLE]=a%00b&fields[%00]=1&%00=2"),
            (
                "application/x-www-form-urlencoded",
                b"fields[TITLE]=%ff%fe%80&filter[TITLE]=%c3%28&filter[%ff]=%ff",
            ),
            ("application/x-www-form-urlencoded", b"fields[TITLE]=\xff\0\xfe&\0[\0]=\0"),
            (
                "application/x-www-form-urlencoded",
                b"cmd[a]=crm.lead.add?fields[TITLE]=%00%ff&cmd[%00]=profile&cmd[b]=%ff%00",
            ),
            ("multipart/form-data; boundary=\0", b"--\0\r\n\r\n\r\n"),
        ];
        for (content_type, body) in bodies {
            let content_type = content_type.replace('\0', "x");
            for method in ["crm.lead.add", "crm.lead.list", "crm.item.list", "user.search", "batch"] {
                siege.bytes(&String::from_utf8_lossy(body), method, &content_type, body);
            }
        }
        for path in [
            "profile%00",
            "%00",
            "%ff%fe",
            "crm.lead.get%2f",
            "..%2f..%2fetc%2fpasswd",
            "profile?%00=%ff",
            "%",
            "%zz",
        ] {
            survived(path, &siege.hook.get(path));
        }
        let survivors =
            siege.hook.result("crm.lead.list", json!({"filter": {"TITLE": "ab"}, "select": ["TITLE"]}));
        assert_eq!(survivors.as_array().map(Vec::len), Some(2), "a NUL is left out of a text: {survivors}");
    });
}

#[test]
fn fifty_one_commands_of_each_kind() {
    Siege::on_each_engine(|siege| {
        for command in [
            "profile",
            "crm.lead.add?fields[TITLE]=x",
            "batch?cmd[]=profile",
            "no.such",
            "",
            "?",
            "#",
            "crm.lead.list?start=-1",
        ] {
            let sections = siege.hook.result("batch", json!({"cmd": vec![command; 51]}));
            // A list when every command fails, an object when only the last does.
            let errors = &sections["result_error"];
            let last = errors.get("50").or_else(|| errors.get(50)).unwrap_or(errors);
            assert_eq!(last["error"], "ERROR_BATCH_LENGTH_EXCEEDED", "{command}: {sections}");
        }
    });
}

/// What is not even HTTP is answered with a 4xx or by hanging up, and disturbs nobody.
#[test]
fn bytes_that_are_no_request() {
    let siege = Siege::of(Portal::new());
    let path = siege.hook.url().strip_prefix(siege.server.base()).unwrap().to_owned();
    let long = "x".repeat(1 << 20);
    let requests: [Vec<u8>; 9] = [
        b"\0\0\0\0\r\n\r\n".to_vec(),
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        format!("GET {path}profile\r\n\r\n").into_bytes(),
        [b"GET ", path.as_bytes(), b"prof\xff\x00ile HTTP/1.1\r\nHost: x\r\n\r\n"].concat(),
        format!("GET {path}{long} HTTP/1.1\r\nHost: x\r\n\r\n").into_bytes(),
        format!("GET {path}profile HTTP/1.1\r\nHost: x\r\nX: {long}\r\n\r\n").into_bytes(),
        format!("POST {path}crm.lead.add HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n").into_bytes(),
        format!("POST {path}crm.lead.add HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde").into_bytes(),
        format!("POST {path}crm.lead.add HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n").into_bytes(),
    ];
    for request in requests {
        let mut connection = Connection::open(siege.server.address()).unwrap();
        // Refusing what was sent may close the connection while we still send.
        let _ = connection.send(&request);
        connection.finish();
        let mut said = Vec::new();
        let _ = connection.read_to_end(&mut said);
        let text = String::from_utf8_lossy(&said);
        assert!(
            said.is_empty() || text.starts_with("HTTP/1.1 4") || text.starts_with("HTTP/1.0 4"),
            "{text:.200}"
        );
    }
    siege.end();
}
