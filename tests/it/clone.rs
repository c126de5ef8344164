//! `portreeve clone`: a portal that is a copy of another one, with the same numbers, authors and times.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::process::{Output, Stdio};

use it::sink::{Received, Reply, Sink};
use it::{Hook, Portal, Server};
use serde_json::{Value, json};

/// Scopes with anything to read in them.
const SCOPES: &str = "booking,bizproc,calendar,cashbox,catalog,crm,delivery,department,disk,documentgenerator,im,imopenlines,\
                      landing,lists,log,mailservice,pay_system,rpa,sale,sonet_group,task,telephony,timeman,user,\
                      user.userfield,userconsent,userfieldconfig,vote";

/// What differs between a portal and its copy, and why: may only shrink.
const DIFFERENCES: &str = include_str!("clone_differences.tsv");

#[test]
fn a_copy_answers_every_list_as_the_portal_does() {
    let source = Portal::new().with_demo_data().start();
    let from = source.hook(SCOPES);
    records(&from);
    let known: BTreeSet<String> =
        DIFFERENCES.lines().filter_map(|line| Some(line.split_once('\t')?.0.to_owned())).collect();
    for (engine, portal) in Portal::on_each_engine() {
        let said = clone_with(&portal, from.url(), &["--with-files"]);
        assert!(said.contains(" files were fetched.") && !said.contains("not fetched"), "{said}");
        assert!(!said.contains(from.secret()), "the secret is told on {engine}");
        let plan = portal.ask(&["clone", "--plan"]);
        let copy = portal.start();
        let found = differences(&plan, &from, &copy.hook(SCOPES));
        let told: Vec<String> =
            found.iter().map(|(place, (mine, other))| format!("{place}\t{mine} <> {other}")).collect();
        // What is known of a place is known of what lies below it.
        let covers = |known: &String, place: &str| place == known || place.starts_with(&format!("{known} "));
        let known_of =
            |place: String| known.iter().find(|known| covers(known, &place)).cloned().unwrap_or(place);
        let places: BTreeSet<String> = found.into_keys().map(known_of).collect();
        assert_eq!(places, known, "on {engine}:\n{}", told.join("\n"));
        goes_on(&copy);
    }
}

/// What is added to a copy is numbered behind what came with it, and counted with it.
fn goes_on(copy: &Server) {
    let hook = copy.hook("crm");
    let count = || hook.call("crm.lead.list", json!({"select": ["ID"]})).success()["total"].as_i64().unwrap();
    let before = count();
    let lead = hook
        .result("crm.lead.add", json!({"fields": {"TITLE": "A new one", "PHONE": [{"VALUE": "+49301"}]}}));
    assert_eq!((lead.as_i64().unwrap() > before, count()), (true, before + 1));
}

#[test]
fn a_copy_goes_on_after_a_kill() {
    let source = Portal::new().with_demo_data().start();
    let from = source.hook(SCOPES);
    for (engine, portal) in Portal::on_each_engine() {
        let mut first = portal.command(&["clone", "--from", from.url()]);
        let mut first = first.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(first.stderr.take().unwrap()).lines();
        let half = lines.by_ref().map(Result::unwrap).find(|line| line.ends_with("  crm.lead.list"));
        assert!(half.is_some(), "the leads came on {engine}");
        first.kill().and_then(|()| first.wait()).unwrap();
        let said = clone(&portal, from.url());
        assert!(said.contains("Going on"), "{said}");
        let again = portal.run(&["clone", "--from", from.url()]);
        assert!(
            again.status.success() && text(&again.stderr).contains("whole copy"),
            "{}",
            text(&again.stderr)
        );
        let copy = portal.start();
        let hook = copy.hook("crm");
        for method in ["crm.lead.list", "crm.deal.list", "crm.contact.list", "crm.activity.list"] {
            let all = |hook: &Hook| {
                let answer = hook.call(method, json!({"select": ["ID"], "order": {"ID": "ASC"}})).success();
                (answer["total"].clone(), answer["result"].clone())
            };
            assert_eq!(all(&hook), all(&from), "{method} on {engine}");
        }
    }
}

#[test]
fn a_copy_waits_for_a_portal_that_has_enough() {
    let source = Portal::new().with("--limits", "bitrix24").start();
    let from = source.hook("user,department,crm");
    from.result("crm.lead.add", json!({"fields": {"TITLE": "The only one"}}));
    while from.get("profile").status == 200 {}
    let portal = Portal::new();
    let said = clone(&portal, from.url());
    assert!(said.contains("waiting") && said.contains("QUERY_LIMIT_EXCEEDED"), "{said}");
    let copy = portal.start();
    let leads = copy.hook("crm").result("crm.lead.list", json!({"select": ["TITLE"]}));
    assert_eq!(leads, json!([{"TITLE": "The only one", "ID": "1"}]));
}

#[test]
fn what_the_webhook_may_not_read_is_told() {
    let source = Portal::new().with_demo_data().start();
    let from = source.hook("user,department");
    let portal = Portal::new();
    let said = clone(&portal, from.url());
    assert!(said.contains("the webhook lacks the scope crm: "), "{said}");
    let copy = portal.start();
    let users = copy.hook("user").result("user.get", json!({"filter": {"ID": 2}}));
    assert_eq!((&users[0]["NAME"], &users[0]["UF_DEPARTMENT"]), (&json!("Ines"), &json!([2])));
    // What was not read is as in a new portal.
    assert!(copy.hook("crm").result("crm.status.list", json!({})).as_array().unwrap().len() > 20);
}

#[test]
fn only_a_new_portal_becomes_a_copy() {
    let source = Portal::new().start();
    let from = source.hook("user,department");
    let other = Portal::new().start().stop();
    let refused = other.run(&["clone", "--from", from.url()]);
    assert!(!refused.status.success() && text(&refused.stderr).contains("a portal of its own"));
    let unknown = from.replaced(from.secret(), "nosuchsecret");
    let refused = Portal::new().run(&["clone", "--from", unknown.url()]);
    assert!(!refused.status.success() && text(&refused.stderr).contains("refuses the webhook"));
    assert!(!text(&refused.stderr).contains("nosuchsecret"));
}

/// Records that the demo portal has none of.
fn records(hook: &Hook) {
    let choices = json!({"fields": {"FIELD_NAME": "SIZE", "USER_TYPE_ID": "enumeration", "MULTIPLE": "Y",
        "EDIT_FORM_LABEL": {"en": "Size", "de": "Größe"}, "LIST": [{"VALUE": "S"}, {"VALUE": "L", "DEF": "Y"}]}});
    hook.result("crm.deal.userfield.add", choices);
    let field = hook.result("crm.deal.userfield.list", json!({"filter": {"FIELD_NAME": "UF_CRM_SIZE"}}));
    let choice = &field[0]["LIST"][0]["ID"];
    hook.result(
        "crm.deal.update",
        json!({"id": 3, "fields": {"UF_CRM_SIZE": [choice], "COMMENTS": "Größe nach Maß"}}),
    );
    hook.result(
        "crm.contact.company.items.set",
        json!({"id": 1, "items": [{"COMPANY_ID": 2}, {"COMPANY_ID": 3, "IS_PRIMARY": "Y"}]}),
    );
    hook.result("crm.contact.delete", json!({"id": 7}));
    hook.result("tasks.task.update", json!({"taskId": 1, "fields": {"UF_ROOM": "Ground floor"}}));
    hook.result("im.message.add", json!({"DIALOG_ID": "2", "MESSAGE": "Are you there?"}));
    // Bots are no users of a copy.
    for dialog in ["5", "chat12"] {
        hook.result("im.recent.hide", json!({"DIALOG_ID": dialog}));
    }
    let post = json!({"POST_MESSAGE": "For those of the fair", "DEST": ["SG1"], "IMPORTANT": "Y"});
    hook.result("log.blogpost.add", post);
    hook.result("disk.folder.addsubfolder", json!({"id": 3, "data": {"NAME": "Of this year"}}));
    files(hook);
}

/// Files in all the places where records have them.
fn files(hook: &Hook) {
    let file = |name: &str| json!({"fileData": [name, format!("{:A<16}", name.replace(['.', ' '], ""))]});
    scans(hook, 2);
    hook.result("crm.contact.update", json!({"id": 1, "fields": {"PHOTO": file("face.png")}}));
    hook.result("user.update", json!({"ID": 2, "PERSONAL_PHOTO": file("me.png")["fileData"]}));
    let fields = json!({"ENTITY_ID": 1, "ENTITY_TYPE": "contact", "COMMENT": "Two files",
        "FILES": [file("a b.txt")["fileData"], file("c.txt")["fileData"]]});
    hook.result("crm.timeline.comment.add", json!({"fields": fields}));
    let fields = json!({"OWNER_TYPE_ID": 3, "OWNER_ID": 1, "TYPE_ID": 1, "SUBJECT": "With a file", "RESPONSIBLE_ID": 1,
        "FILES": [file("letter.txt")]});
    hook.result("crm.activity.add", json!({"fields": fields}));
    let product = &hook
        .result("catalog.product.list", json!({"select": ["id", "iblockId"], "filter": {"iblockId": 1}}))["products"]
        [0];
    let fields =
        json!({"iblockId": product["iblockId"], "name": "Papers", "propertyType": "F", "multiple": "Y"});
    let made = hook.result("catalog.productProperty.add", json!({"fields": fields}));
    let property = format!("property{}", made["productProperty"]["id"]);
    let fields = json!({"detailPicture": file("detail.png"), property: [{"value": file("one.pdf")}, {"value": file("two.pdf")}]});
    hook.result("catalog.product.update", json!({"id": product["id"], "fields": fields}));
}

/// A field of leads with so many files in the first lead.
fn scans(hook: &Hook, count: usize) {
    let field = json!({"fields": {"FIELD_NAME": "SCANS", "USER_TYPE_ID": "file", "MULTIPLE": "Y"}});
    hook.result("crm.lead.userfield.add", field);
    let files: Vec<Value> =
        (0..count).map(|at| json!({"fileData": [format!("{at}.txt"), format!("{at:A>8}")]})).collect();
    hook.result("crm.lead.update", json!({"id": 1, "fields": {"UF_CRM_SCANS": files}}));
}

/// The files in that field.
fn scanned(hook: &Hook) -> Value {
    alike(hook, &hook.result("crm.lead.get", json!({"id": 1}))["UF_CRM_SCANS"])
}

#[test]
fn fetching_files_goes_on_after_a_kill() {
    let source = Portal::new().start();
    let from = source.hook(SCOPES);
    from.result("crm.lead.add", json!({"fields": {"TITLE": "With scans"}}));
    scans(&from, 100);
    for (engine, portal) in Portal::on_each_engine() {
        let command = ["clone", "--from", from.url(), "--with-files", "--rate", "1000"];
        let mut first = portal.command(&command);
        let mut first = first.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(first.stderr.take().unwrap()).lines();
        let half = lines.by_ref().map(Result::unwrap).find(|line| line.ends_with("       50  files"));
        assert!(half.is_some(), "half of the files came on {engine}");
        first.kill().and_then(|()| first.wait()).unwrap();
        let said = clone_with(&portal, from.url(), &["--with-files"]);
        assert!(
            said.contains("Going on with the files") && said.contains("100 files were fetched."),
            "{said}"
        );
        let requests = said.lines().find_map(|line| line.split_once(" requests.")?.0.parse::<u64>().ok());
        assert!(requests.is_some_and(|requests| requests <= 52), "nothing was fetched twice: {said}");
        let copy = portal.start();
        assert_eq!(scanned(&copy.hook("crm")), scanned(&from), "on {engine}");
    }
}

/// Records first, files hours later: the links of then lead nowhere by now.
#[test]
fn files_can_come_later() {
    let source = Portal::new().start();
    let from = source.hook(SCOPES);
    from.result("crm.lead.add", json!({"fields": {"TITLE": "With scans"}}));
    scans(&from, 3);
    let large = json!({"fileData": ["large.bin", "A".repeat(2 << 20)]});
    from.result("crm.contact.add", json!({"fields": {"NAME": "Large", "PHOTO": large}}));
    for (engine, portal) in Portal::on_each_engine() {
        let said = clone(&portal, from.url());
        assert!(said.contains("4 files were left where they are"), "{said}");
        // Whoever uses the copy meanwhile keeps what they did.
        let copy = portal.start();
        copy.hook("crm").result("crm.lead.update", json!({"id": 1, "fields": {"TITLE": "Changed"}}));
        let portal = copy.stop();
        source.portal().ask(&["clock", "move", "3h"]);
        let said = clone_with(&portal, from.url(), &["--with-files", "--max-file", "1"]);
        let told = ["3 files were fetched.", "1 files were not fetched: it is larger than --max-file 1"];
        assert!(told.iter().all(|told| said.contains(told)), "{said}");
        let said = clone_with(&portal, from.url(), &["--with-files"]);
        assert!(said.contains("4 files were fetched."), "{said}");
        let copy = portal.start();
        let hook = copy.hook("crm");
        assert_eq!(scanned(&hook), scanned(&from), "on {engine}");
        assert_eq!(hook.result("crm.lead.get", json!({"id": 1}))["TITLE"], "Changed");
        let photo = |hook: &Hook| alike(hook, &hook.result("crm.contact.get", json!({"id": 1}))["PHOTO"]);
        assert_eq!(photo(&hook), photo(&from));
    }
}

/// A portal may lead to where files are, but neither into private networks nor to hosts that nobody named.
#[test]
fn files_come_from_nowhere_else() {
    let inner = Sink::at("127.0.0.2:0", |_| Reply::status(200).body("a secret of the inner network"));
    let to = format!("http://{}/photo", inner.address());
    let portal = move |asked: &Received| {
        let url = |path: &str| format!("http://{}{path}", asked.header("host"));
        let user = |id: &str, photo: String| json!({"ID": id, "NAME": "One", "EMAIL": format!("u{id}@example.com"), "ACTIVE": true, "PERSONAL_PHOTO": photo});
        let users = json!([
            user("1", url("/good.png")),
            user("2", url("/elsewhere")),
            user("3", to.clone()),
            user("4", url("/page")),
        ]);
        let answer = match asked.path.as_str() {
            "/good.png" => return Reply::status(200).body("a picture"),
            "/elsewhere" => return Reply::status(302).with_header("Location", &to),
            "/page" => return Reply::status(200).with_header("Content-Type", "text/html").body("Sign in"),
            path if path.ends_with("profile.json") => json!({"result": {"ID": "1", "ADMIN": true}}),
            path if path.ends_with("scope.json") => json!({"result": ["user"]}),
            _ => {
                let asked: Value = serde_json::from_str(&asked.body).unwrap();
                let commands = asked["cmd"].as_object().into_iter().flatten();
                let users = commands.map(|(key, command)| {
                    let is_users = command.as_str().unwrap().starts_with("user.get?");
                    (key.clone(), if is_users { users.clone() } else { json!([]) })
                });
                json!({"result": {"result": users.collect::<serde_json::Map<_, _>>()}})
            }
        };
        Reply::status(200).body(&answer.to_string())
    };
    let source = Sink::start(portal);
    let from = format!("http://{}/rest/1/somesecret/", source.address());
    let said = clone_with(&Portal::new(), &from, &["--with-files"]);
    for told in [
        "1 files were fetched.",
        "1 files were not fetched: the link leads to 127.0.0.2, which --files-from does not name",
        "1 files were not fetched: it is redirected to where nobody may lead us",
        "1 files were not fetched: the portal shows a page in its place",
    ] {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert_eq!(inner.count(), 0);
}

/// Makes a copy, and gives what was said.
#[track_caller]
fn clone(portal: &Portal, from: &str) -> String {
    clone_with(portal, from, &[])
}

#[track_caller]
fn clone_with(portal: &Portal, from: &str, further: &[&str]) -> String {
    let Output { status, stdout, stderr } = portal.run(&[&["clone", "--from", from], further].concat());
    let said = format!("{}{}", text(&stderr), text(&stdout));
    assert!(status.success(), "{said}");
    said
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Where answers to the requests of a plan differ: `method path`, with a value of each.
fn differences(plan: &str, from: &Hook, copy: &Hook) -> BTreeMap<String, (Value, Value)> {
    let mut found = BTreeMap::new();
    for line in plan.lines() {
        let request: Value = serde_json::from_str(line).unwrap();
        let method = request["method"].as_str().unwrap();
        let ask = |hook: &Hook| hook.call(method, request["params"].clone());
        let (mine, other) = (ask(from), ask(copy));
        if mine.status != 200 {
            assert_eq!(mine.status, other.status, "{line}");
            continue;
        }
        let (mine, other) = (mine.success(), other.success());
        compare(method, &alike(from, &mine["result"]), &alike(copy, &other["result"]), &mut found);
        compare(&format!("{method} total"), &mine["total"], &other["total"], &mut found);
        gets(method, &request["params"], &mine["result"], (from, copy), &mut found);
    }
    found
}

/// Compares what the method that gets one shows of the first rows of a list.
fn gets(
    method: &str,
    params: &Value,
    rows: &Value,
    (from, copy): (&Hook, &Hook),
    found: &mut BTreeMap<String, (Value, Value)>,
) {
    const ROWS: usize = 3;
    let Some(family) = method.strip_suffix(".list").or_else(|| method.strip_suffix(".getlist")) else {
        return;
    };
    let get = format!("{family}.get");
    let listed = rows.as_array().or_else(|| rows.as_object()?.values().find_map(Value::as_array));
    for row in listed.into_iter().flatten().take(ROWS) {
        let Some(id) = row.get("id").or_else(|| row.get("ID")) else { continue };
        let mut asked = json!({"id": id, "taskId": id, "itemId": id});
        let named = params
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(_, value)| !value.is_object() && !value.is_array());
        named.for_each(|(name, value)| asked[name] = value.clone());
        let ask = |hook: &Hook| hook.call(&get, asked.clone());
        let (mine, other) = (ask(from), ask(copy));
        assert_eq!(mine.status, other.status, "{get} {asked}");
        if mine.status == 200 {
            let result = |hook: &Hook, answer: Value| alike(hook, &answer["result"]);
            let (mine, other) = (result(from, mine.success()), result(copy, other.success()));
            compare(&get, &mine, &other, found);
        }
    }
}

/// An answer with the contents of files in the place of links to them, which are never the same.
fn alike(hook: &Hook, answer: &Value) -> Value {
    match answer {
        Value::String(text) => match text.split_once("/rest/download/") {
            Some((_, token)) => {
                let file = hook.get(&format!("/rest/download/{token}"));
                assert_eq!(file.status, 200, "{text}");
                json!([file.header("content-disposition"), file.text()])
            }
            // Where a portal is, it says in links.
            None => {
                let base = hook.url().split("/rest/").next().unwrap();
                let host = base.split_once("://").unwrap().1;
                text.replace(base, "").replace(host, "").into()
            }
        },
        Value::Array(list) => list.iter().map(|member| alike(hook, member)).collect(),
        Value::Object(map) => map.iter().map(|(name, member)| (name.clone(), alike(hook, member))).collect(),
        other => other.clone(),
    }
}

fn compare(place: &str, mine: &Value, other: &Value, found: &mut BTreeMap<String, (Value, Value)>) {
    match (mine, other) {
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).for_each(|(a, b)| compare(place, a, b, found));
        }
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                // Numbers of rows are no part of a place.
                let name = if key.parse::<i64>().is_ok() { "*" } else { key };
                let (a, b) = (a.get(key).unwrap_or(&Value::Null), b.get(key).unwrap_or(&Value::Null));
                compare(&format!("{place} {name}"), a, b, found);
            }
        }
        _ if mine == other => {}
        _ => _ = found.entry(place.to_owned()).or_insert_with(|| (mine.clone(), other.clone())),
    }
}
