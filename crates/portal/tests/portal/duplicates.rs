//! `crm.duplicate.findbycomm`: who has a phone or an e-mail address.

use crate::common::{Hook, portals};
use serde_json::{Value, json};

fn add(portal: &Hook, entity: &str, phone: &str, more: &Value) -> i64 {
    let mut fields = json!({"TITLE": "x", "PHONE": [{"VALUE": phone, "VALUE_TYPE": "WORK"}]});
    fields["EMAIL"] = json!([{"VALUE": format!("{entity}@Example.com")}]);
    for (key, value) in more.as_object().into_iter().flatten() {
        fields[key] = value.clone();
    }
    portal.get(&format!("crm.{entity}.add"), json!({"fields": fields})).as_i64().expect("an id")
}

#[test]
fn people_are_found_by_phone_and_address() {
    for portal in portals("crm") {
        let lead = add(&portal, "lead", "+49 (30) 111-22", &json!({}));
        let [first, second] = ["493011122", "777"].map(|phone| add(&portal, "contact", phone, &json!({})));
        let company = add(&portal, "company", "777", &json!({}));
        let find = |params: Value| portal.get("crm.duplicate.findbycomm", params);
        let phones = json!({"type": "PHONE", "values": ["+493011122"]});
        assert_eq!(find(phones), json!({"LEAD": [lead], "CONTACT": [first]}));
        let several =
            json!({"type": "PHONE", "values": {"0": "777", "1": "49 30 111 22"}, "entity_type": "CONTACT"});
        assert_eq!(find(several), json!({"CONTACT": [first, second]}));
        let address = json!({"type": "email", "values": ["COMPANY@example.com"]});
        assert_eq!(find(address), json!({"COMPANY": [company]}));
        assert_eq!(find(json!({"type": "EMAIL", "values": ["nobody@example.com"]})), json!([]));
        assert_eq!(find(json!({"type": "PHONE", "values": ["777"], "entity_type": "DEAL"})), json!([]));
        // The twenty-first value is one too many.
        let mut many: Vec<String> = (0..20).map(|i| format!("000{i}")).collect();
        many.push("777".into());
        assert_eq!(find(json!({"type": "PHONE", "values": many})), json!([]));
    }
}

#[test]
fn only_what_may_be_seen_is_found() {
    for portal in portals("crm") {
        let employee = portal.employee("ines@example.com", "crm");
        add(&portal, "contact", "777", &json!({"OPENED": "N"}));
        let theirs = add(&portal, "contact", "777", &json!({"OPENED": "N", "ASSIGNED_BY_ID": employee.user}));
        let found = employee.get("crm.duplicate.findbycomm", json!({"type": "PHONE", "values": ["777"]}));
        assert_eq!(found, json!({"CONTACT": [theirs]}));
    }
}

#[test]
fn what_is_wrong_is_named() {
    for portal in portals("crm") {
        let find = |params: Value| portal.refused("crm.duplicate.findbycomm", params);
        let crm = |text: &str| (400, String::new(), text.to_owned());
        assert_eq!(find(json!({"values": ["1"]})), crm("Communication type is not defined"));
        let im = find(json!({"type": "IM", "values": ["1"]}));
        assert_eq!(im, crm("Communication type 'IM' is not supported in current context"));
        for values in [
            json!({"type": "PHONE"}),
            json!({"type": "PHONE", "values": []}),
            json!({"type": "PHONE", "values": [""]}),
        ] {
            assert_eq!(find(values), crm("Communication values is not defined"));
        }
    }
}
