//! Batches (protocol 4): shapes, references, limits, and the ways to send one.

use it::{Hook, Portal};
use serde_json::{Value, json};

/// One list, one object, one form, one URL: the same commands.
#[test]
fn every_way_to_send_one() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let named = |sections: Value| {
        assert_eq!(sections["result"]["me"]["ID"], "1", "{sections}");
        assert_eq!(sections["result"]["there"]["isExisting"], true, "{sections}");
    };
    named(hook.result("batch", json!({"cmd": {"me": "profile", "there": "method.get?name=profile"}})));
    named(
        hook.result(
            "BATCH",
            json!({"CMD": {"me": "profile", "there": "method.get?name=profile&"}, "HALT": 0}),
        ),
    );
    named(hook.form("batch.json", "halt=0&cmd[me]=profile&cmd[there]=method.get%3Fname%3Dprofile").result());
    named(hook.get("batch?cmd%5Bme%5D=profile&cmd%5Bthere%5D=method.get%3Fname%3Dprofile").result());
    let list = hook.result("batch", json!({"cmd": ["profile", "server.time"]}));
    assert_eq!(list["result"].as_array().unwrap().len(), 2);
    let object = hook.result("batch", json!({"cmd": {"0": "profile", "1": "server.time"}}));
    assert_eq!(object["result"].as_array().unwrap().len(), 2, "keys 0..n-1 make a list");
}

/// A section is a list only while its keys are 0..n-1 in order, and `[]` when empty (4.3, E.5).
#[test]
fn sections_are_lists_or_objects_as_their_keys_say() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let middle = hook.result("batch", json!({"cmd": ["profile", "no.such", "server.time"]}));
    let keys = |section: &Value| section.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&middle["result"]), ["0", "2"]);
    assert_eq!(middle["result_error"]["1"]["error"], "ERROR_METHOD_NOT_FOUND");
    assert_eq!(keys(&middle["result_time"]), ["0", "2"]);
    assert_eq!((&middle["result_total"], &middle["result_next"]), (&json!([]), &json!([])));
    let last = hook.result("batch", json!({"cmd": ["profile", "server.time", "no.such"]}));
    assert!(last["result"].is_array() && last["result_error"]["2"].is_object(), "{last}");
    let empty =
        json!({"result": [], "result_error": [], "result_total": [], "result_next": [], "result_time": []});
    for parameters in
        [json!({}), json!({"cmd": "profile"}), json!({"cmd": []}), json!({"cmd": {}}), json!({"cmd": null})]
    {
        assert_eq!(hook.result("batch", &parameters), empty, "{parameters}");
    }
}

#[test]
fn each_success_has_its_time() {
    let server = Portal::new().start();
    let sections = server.hook("crm").batch(&[("a", "profile"), ("b", "crm.lead.list")]);
    for key in ["a", "b"] {
        assert_eq!(sections["result_time"][key].as_object().unwrap().len(), 8, "{sections}");
    }
    assert_eq!(sections["result_total"], json!({"b": 0}));
}

/// `halt` is true as PHP sees truth: "N" and "false" are.
#[test]
fn halt_stops_at_the_first_failure() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let run = |halt: Value| {
        hook.result("batch", json!({"halt": halt, "cmd": {"a": "profile", "b": "no.such", "c": "profile"}}))
    };
    for halt in [json!(1), json!(true), json!("1"), json!("N"), json!("false")] {
        let sections = run(halt.clone());
        assert!(
            sections["result"].get("c").is_none() && sections["result"].get("a").is_some(),
            "{halt}: {sections}"
        );
        assert!(sections["result_error"].get("b").is_some(), "{halt}: {sections}");
    }
    for halt in [json!(0), json!(false), json!("0"), json!(""), Value::Null] {
        assert!(run(halt.clone())["result"].get("c").is_some(), "{halt}");
    }
}

/// What an earlier command wrote stays when a later one fails: each command is kept on its own.
#[test]
fn a_failure_takes_nothing_back() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let sections = hook.batch(&[("add", "crm.lead.add?fields[TITLE]=Kept"), ("bad", "crm.lead.get?id=404")]);
    assert_eq!(sections["result_error"]["bad"], json!({"error": "", "error_description": "Not found"}));
    assert_eq!(hook.result("crm.lead.get", json!({"id": sections["result"]["add"]}))["TITLE"], "Kept");
}

#[test]
fn fifty_run_and_the_rest_are_refused() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let commands: Vec<String> =
        (0..52).map(|number| format!("crm.lead.add?fields[TITLE]=Berth+{number}")).collect();
    let sections = hook.result("batch", json!({"cmd": commands}));
    assert_eq!(sections["result"].as_array().unwrap().len(), 50);
    let refusal =
        json!({"error": "ERROR_BATCH_LENGTH_EXCEEDED", "error_description": "Max batch length exceeded"});
    assert_eq!(sections["result_error"], json!({"50": refusal, "51": refusal}));
    assert_eq!(hook.call("crm.lead.list", json!({})).success()["total"], 50);
    let odd = hook.result("batch", json!({"cmd": {"a": ["profile"], "b": 7, "c": "profile"}}));
    assert_eq!(odd["result"].as_object().unwrap().len(), 1, "what is no text is skipped");
}

#[test]
fn no_batch_in_a_batch() {
    let server = Portal::new().start();
    let sections =
        server.hook("crm").batch(&[("a", "batch?cmd[x]=profile"), ("b", "BATCH"), ("c", "profile.json")]);
    for key in ["a", "b"] {
        let refusal = json!({"error": "ERROR_BATCH_METHOD_NOT_ALLOWED", "error_description": "Method is not allowed for batch usage"});
        assert_eq!(sections["result_error"][key], refusal);
    }
    assert_eq!(sections["result_error"]["c"]["error"], "ERROR_METHOD_NOT_FOUND", "a suffix belongs to URLs");
}

/// References to what earlier commands answered (4.4).
#[test]
fn references() {
    let server = Portal::new().start();
    let hook = server.hook("crm,user");
    let first = hook.result("crm.lead.add", json!({"fields": {"TITLE": "First"}}));
    let second = hook.result("crm.lead.add", json!({"fields": {"TITLE": "Second"}}));
    let sections = hook.batch(&[
        ("list", "crm.lead.list?order[ID]=ASC&select[]=ID&select[]=TITLE"),
        ("whole", "crm.lead.get?id=$result[list][1][ID]"),
        ("text", "crm.lead.add?fields[TITLE]=After%20$result[list][0][TITLE]%20of%20$total[list]"),
        ("written", "crm.lead.get?id=$result[text]"),
        ("unknown", "crm.lead.add?fields[TITLE]=A%20$result[nobody][ID]%20B"),
        ("literal", "crm.lead.get?id=$result[unknown]"),
        ("next", "crm.lead.add?fields[TITLE]=$next[list]"),
    ]);
    assert_eq!(sections["result"]["whole"]["TITLE"], "Second");
    assert_eq!(sections["result"]["whole"]["ID"], second.to_string());
    assert_eq!(sections["result"]["list"][0]["ID"], first.to_string());
    assert_eq!(sections["result"]["written"]["TITLE"], "After First of 2");
    assert_eq!(
        sections["result"]["literal"]["TITLE"], "A $result[nobody][ID] B",
        "an array does not fit into text"
    );
}

/// A value with type: the ids of one command as the filter of the next.
#[test]
fn a_whole_value_keeps_its_type() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let contact = hook.result("crm.contact.add", json!({"fields": {"NAME": "Ines"}}));
    let deal = hook.result("crm.deal.add", json!({"fields": {"TITLE": "Pier", "CONTACT_IDS": [contact]}}));
    let sections = hook.batch(&[
        ("deal", &format!("crm.deal.get?id={deal}")),
        ("contact", "crm.contact.get?ID=$result[deal][CONTACT_ID]"),
        ("links", &format!("crm.deal.contact.items.get?id={deal}")),
        ("one", "crm.contact.list?filter[ID][]=$result[links][0][CONTACT_ID]&select[]=NAME"),
    ]);
    assert_eq!(sections["result"]["contact"]["NAME"], "Ines");
    assert_eq!(sections["result"]["one"], json!([{"ID": contact.to_string(), "NAME": "Ines"}]));
}

/// Up to fifty pages in one batch, each after the last ID of the one before; those after the short page may be anything,
/// but must not fail the batch (b24pysdk's fast list).
#[test]
fn a_chain_of_pages() {
    let server = Portal::new().start();
    let hook = server.hook("crm");
    let ids = add_leads(&hook, 120);
    let mut commands = vec![("req_0".to_owned(), page("0"))];
    for number in 1..6 {
        commands.push((format!("req_{number}"), page(&format!("$result[req_{}][49][ID]", number - 1))));
    }
    let commands: Vec<(&str, &str)> =
        commands.iter().map(|(key, command)| (key.as_str(), command.as_str())).collect();
    let sections = hook.batch(&commands);
    let found = |key: &str| -> Vec<i64> {
        sections["result"][key]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["ID"].as_str().unwrap().parse().unwrap())
            .collect()
    };
    assert_eq!([found("req_0"), found("req_1"), found("req_2")].concat(), ids);
    assert_eq!(sections["result_error"], json!([]));
}

fn page(after: &str) -> String {
    format!("crm.lead.list?order[ID]=ASC&filter[%3EID]={after}&select[]=ID&start=-1")
}

fn add_leads(hook: &Hook, count: usize) -> Vec<i64> {
    let commands: Vec<String> =
        (0..count).map(|number| format!("crm.lead.add?fields[TITLE]=Berth+{number}")).collect();
    let answers = commands.chunks(50).map(|chunk| hook.result("batch", json!({"cmd": chunk, "halt": 1})));
    answers
        .flat_map(|sections| sections["result"].as_array().unwrap().clone())
        .map(|id| id.as_i64().unwrap())
        .collect()
}
