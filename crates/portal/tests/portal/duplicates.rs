//! `crm.duplicate.findbycomm`: who has a phone or an e-mail address.

use serde_json::{Value, json};
use testportal::{Hook, portals};

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
        assert_eq!(find(json!({"values": ["1"]})), crm("Communication type is not defined."));
        let im = find(json!({"type": "IM", "values": ["1"]}));
        assert_eq!(im, crm("Communication type 'IM' is not supported in current context."));
        for values in [
            json!({"type": "PHONE"}),
            json!({"type": "PHONE", "values": []}),
            json!({"type": "PHONE", "values": [""]}),
        ] {
            assert_eq!(find(values), crm("Communication values is not defined."));
        }
        for (other, title) in [("DEAL", "Deal"), ("deal", "Deal"), ("d", "Deal"), ("QUOTE", "Quote")] {
            let text = format!("{title} is not supported in current context.");
            assert_eq!(find(json!({"type": "PHONE", "values": ["1"], "entity_type": other})), crm(&text));
        }
    }
}

/// Each clause of the rule: what is stored, and what it is stored as.
const NORMAL: [(&str, &str); 22] = [
    ("+7 (912) 345-67-89", "79123456789"),
    ("  +79123456789 ", "79123456789"),
    // Ten characters from +8 on are a country's code, not the Russian trunk prefix.
    ("+84123456789", "84123456789"),
    ("+812345678", "812345678"),
    ("+81234567", "81234567"),
    // From ten on 80, 81 and 82 stay, as they are dialled.
    ("8012345678", "8012345678"),
    ("8112345678", "8112345678"),
    ("8212345678", "8212345678"),
    // .. then 00 goes, an 8 becomes a 7, and one 0 goes.
    ("0049301112233", "49301112233"),
    ("89123456789", "79123456789"),
    ("8912345678", "7912345678"),
    ("0301112233", "301112233"),
    ("0001112233", "01112233"),
    // Shorter ones stay as they are.
    ("891234567", "891234567"),
    ("030111222", "030111222"),
    ("00301112", "00301112"),
    // Extensions are cut.
    ("+7 912 345-67-89, 123", "79123456789"),
    ("89123456789;9", "79123456789"),
    ("8912345#678", "7912345"),
    ("030111*12", "030111"),
    ("8(912)345-67-89 ext. 5", "791234567895"),
    ("777", "777"),
];

#[test]
fn phones_are_equal_by_the_rule_of_the_real_system() {
    for portal in portals("crm") {
        for (given, normal) in NORMAL {
            let id = add(&portal, "contact", given, &json!({}));
            let folded = portal.read(|tx| {
                let sql = "SELECT folded FROM crm_multifield WHERE type_id = 'PHONE'";
                Ok(tx.one(sql, &[], |row| Ok(row.text(0)?.to_owned()))?)
            });
            assert_eq!(folded.as_deref(), Some(normal), "{given}");
            let asked = json!({"type": "PHONE", "values": [given]});
            assert_eq!(portal.get("crm.duplicate.findbycomm", asked), json!({"CONTACT": [id]}), "{given}");
            portal.get("crm.contact.delete", json!({"id": id}));
        }
        let id = add(&portal, "contact", "+79123456789", &json!({}));
        for asked in ["89123456789", "8 (912) 345-67-89", "0079123456789", "79123456789,12"] {
            let asked = json!({"type": "PHONE", "values": [asked]});
            assert_eq!(portal.get("crm.duplicate.findbycomm", asked), json!({"CONTACT": [id]}));
        }
    }
}

/// The rule once more, from the end: a list of what each prefix of the digits turns into.
fn restated(number: &str) -> String {
    let trimmed = number.trim();
    let replaced = match trimmed.strip_prefix("+8") {
        Some(rest) if trimmed.chars().count() > 9 => ["008", rest].concat(),
        _ => trimmed.to_owned(),
    };
    let kept: Vec<char> =
        replaced.chars().filter(|c| matches!(c, '0'..='9' | '#' | '*' | ',' | ';')).collect();
    let kept = kept.into_iter().collect::<String>();
    let table = [("80", "80"), ("81", "81"), ("82", "82"), ("00", ""), ("8", "7"), ("0", ""), ("", "")];
    let (from, to) =
        table.into_iter().find(|(from, _)| kept.starts_with(from)).expect("the last one fits all");
    let whole = if kept.len() < 10 { kept } else { kept.replacen(from, to, usize::from(!from.is_empty())) };
    let mut cut = String::new();
    for sign in whole.chars() {
        if !sign.is_ascii_digit() && cut.contains(|c: char| c.is_ascii_digit()) {
            break;
        }
        cut.push(sign);
    }
    if cut.contains(|c: char| c.is_ascii_digit()) { cut } else { String::new() }
}

#[test]
fn a_thousand_phones_follow_the_rule() {
    /// What numbers are made of, the telling beginnings more often than chance would have them.
    const BEGINNINGS: [&str; 14] =
        ["+8", "8", "80", "81", "82", "00", "0", "000", "+7", "7", "+49", "", " 8", "*"];
    const SIGNS: &[u8] = b"0123456789012345678901234567890123456789 -()#*,;.x";
    let mut state = 17_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let numbers: Vec<String> = (0..1000)
        .map(|_| {
            let mut number = BEGINNINGS[random(BEGINNINGS.len())].to_owned();
            number.extend((0..4 + random(12)).map(|_| char::from(SIGNS[random(SIGNS.len())])));
            number
        })
        .collect();
    for portal in portals("crm") {
        let phones: Vec<Value> = numbers.iter().map(|number| json!({"VALUE": number})).collect();
        for some in phones.chunks(100) {
            portal.get("crm.lead.add", json!({"fields": {"TITLE": "x", "PHONE": some}}));
        }
        let stored: Vec<(String, String)> = portal.read(|tx| {
            let mut rows = Vec::new();
            let sql = "SELECT value, folded FROM crm_multifield ORDER BY id";
            tx.query(sql, &[], |row| {
                rows.push((row.text(0)?.to_owned(), row.text(1)?.to_owned()));
                Ok(())
            })?;
            Ok(rows)
        });
        assert_eq!(stored.len(), 1000);
        for (value, folded) in &stored {
            assert_eq!(*folded, restated(value), "{value}");
        }
        let asked: Vec<&String> = numbers.iter().filter(|number| !restated(number).is_empty()).collect();
        for some in asked.chunks(20).take(10) {
            let found = portal.get("crm.duplicate.findbycomm", json!({"type": "PHONE", "values": some}));
            assert!(!found["LEAD"].as_array().unwrap().is_empty(), "{some:?}");
        }
    }
}

#[test]
fn types_are_named_in_any_case_and_by_prefix() {
    for portal in portals("crm") {
        let ids = ["lead", "contact", "company"].map(|entity| add(&portal, entity, "777", &json!({})));
        let all = json!({"LEAD": [ids[0]], "CONTACT": [ids[1]], "COMPANY": [ids[2]]});
        for (asked, found) in [
            ("lead", json!({"LEAD": [ids[0]]})),
            ("l", json!({"LEAD": [ids[0]]})),
            ("Contact", json!({"CONTACT": [ids[1]]})),
            ("C", json!({"CONTACT": [ids[1]]})),
            ("CO", json!({"COMPANY": [ids[2]]})),
            (" company ", json!({"COMPANY": [ids[2]]})),
            ("", all.clone()),
            ("ORDER", all.clone()),
            ("anything", all),
        ] {
            let params = json!({"type": "PHONE", "values": ["777"], "entity_type": asked});
            assert_eq!(portal.get("crm.duplicate.findbycomm", params), found, "{asked}");
        }
    }
}

#[test]
fn phones_of_an_older_version_are_folded_anew() {
    for bed in testkit::engines() {
        let bench = testportal::bench(bed, "crm", portal::settings::Settings::new("https://portal.test"));
        // More than one step of the migration.
        let add = json!({"fields": {"PHONE": (0..60).map(|_| json!({"VALUE": "+7 912 345 67 89"})).collect::<Vec<_>>()}});
        let ids: Vec<i64> =
            (0..20).map(|_| bench.get("crm.contact.add", add.clone()).as_i64().unwrap()).collect();
        bench.write(|tx| {
            tx.execute("UPDATE crm_multifield SET folded = 'old'", &[])?;
            tx.execute("DELETE FROM portal_state WHERE name = 'multifields folded'", &[])?;
            Ok(())
        });
        let asked = json!({"type": "PHONE", "values": ["8 912 345-67-89"]});
        assert_eq!(bench.get("crm.duplicate.findbycomm", asked.clone()), json!([]));
        let bench = bench.reopened();
        assert_eq!(
            bench.get("crm.duplicate.findbycomm", asked),
            json!({"CONTACT": ids}),
            "on {}",
            bench.engine
        );
    }
}

#[test]
fn administrators_say_by_which_fields_duplicates_are_looked_for() {
    for portal in testportal::portals("crm") {
        let register = |code: &str| json!({"entityTypeId": 3, "fieldCode": code});
        let first = portal.get("crm.duplicate.volatileType.register", register("POST"));
        assert_eq!(portal.get("crm.duplicate.volatileType.register", register("POST")), first, "once");
        let listed = portal.get("crm.duplicate.volatileType.list", json!({}));
        assert_eq!(listed, json!([{"id": first["id"], "entityTypeId": 3, "fieldCode": "POST"}]));
        let unknown = portal.refused("crm.duplicate.volatileType.register", register("NONE"));
        assert_eq!((unknown.1.as_str(), unknown.2.as_str()), ("FIELD_NOT_FOUND", "Field not found"));
        let fields = portal.get("crm.duplicate.volatileType.fields", json!({"entityTypeId": 3}));
        let codes: Vec<&str> =
            fields.as_array().unwrap().iter().map(|field| field["fieldCode"].as_str().unwrap()).collect();
        assert!(codes.contains(&"ADDRESS") && !codes.contains(&"PHOTO"), "{codes:?}");
        for code in codes.iter().filter(|code| **code != "POST").take(6) {
            portal.get("crm.duplicate.volatileType.register", register(code));
        }
        let more = portal.refused("crm.duplicate.volatileType.register", register(codes[7]));
        assert_eq!(more.1, "MAX_TYPES_COUNT_EXCEEDED");
        assert_eq!(portal.get("crm.duplicate.volatileType.unregister", first.clone()), true);
        assert_eq!(portal.refused("crm.duplicate.volatileType.unregister", first).1, "TYPE_IS_NOT_ASSIGNED");
        let otto = portal.employee("otto@example.com", "crm");
        for (method, params) in [
            ("fields", json!({})),
            ("list", json!({})),
            ("register", register("POST")),
            ("unregister", json!({"id": 2})),
        ] {
            let refused = otto.refused(&format!("crm.duplicate.volatileType.{method}"), params);
            assert_eq!(refused.1, "ACCESS_DENIED", "{method}");
        }
    }
}
