//! Dates in requests are what PHP's `strtotime` makes of them: against PHP itself, in fields and in filters.

use std::io::Write;
use std::process::{Command, Stdio};

use jiff::tz::TimeZone;
use serde_json::{Value, json};
use wire::date;

use crate::dates_spelled;
use testportal::{Hook, NOW, portals};

/// Zones with whole and odd offsets, and changes of the clock at different times of the year.
const ZONES: [&str; 6] =
    ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"];

/// Now, a leap day, and both sides of Berlin's changes in March and October.
const BASES: [i64; 6] = [NOW, 1_709_208_000, 1_774_747_799, 1_774_747_800, 1_792_888_200, 1_792_891_800];

/// What PHP says of each text in that zone at that moment; `None`, said aloud, where there is no PHP.
#[allow(clippy::print_stderr, reason = "a test says that it was skipped")]
fn php(asked: &[(&str, i64, &str)]) -> Option<Vec<Option<i64>>> {
    const SCRIPT: &str = "while (($line = fgets(STDIN)) !== false) {
        [$zone, $now, $text] = explode(' ', rtrim($line, \"\\n\"), 3);
        date_default_timezone_set($zone);
        $moment = strtotime($text, (int)$now);
        echo $moment === false ? '-' : $moment, \"\\n\";
    }";
    let started =
        Command::new("php").args(["-r", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut process) = started else {
        eprintln!("skipped: PHP is not installed");
        return None;
    };
    let mut input = process.stdin.take().expect("standard input is piped");
    let lines: String = asked.iter().map(|(zone, now, text)| format!("{zone} {now} {text}\n")).collect();
    let writing = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = process.wait_with_output().expect("PHP runs");
    writing.join().expect("no panic").expect("PHP reads");
    let said = String::from_utf8(output.stdout).expect("numbers");
    let answers: Vec<Option<i64>> = said.lines().map(|line| line.parse().ok()).collect();
    assert_eq!(answers.len(), asked.len());
    Some(answers)
}

#[test]
fn every_spelling_is_read_or_refused_as_by_php() {
    let texts = dates_spelled::texts(1200);
    let places: Vec<(&str, i64)> = ZONES.iter().flat_map(|zone| BASES.map(|now| (*zone, now))).collect();
    let asked: Vec<(&str, i64, &str)> =
        places.iter().flat_map(|(zone, now)| texts.iter().map(|text| (*zone, *now, text.as_str()))).collect();
    let Some(answers) = php(&asked) else { return };
    let refused = answers.iter().filter(|answer| answer.is_none()).count();
    let share = refused as f64 / answers.len() as f64;
    assert!((0.30..0.45).contains(&share), "about a third is invalid: {share}");
    let mut wrong = Vec::new();
    for ((zone, now, text), answer) in asked.iter().zip(&answers) {
        let zone = TimeZone::get(zone).unwrap();
        let read = date::parse(text, date::Clock { zone: &zone, now: *now });
        if read != *answer {
            wrong.push(format!("{text:?} in {zone:?} at {now}: {read:?}, PHP {answer:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// The moment that a field of an item holds; `None` when it is empty.
fn held(portal: &Hook, id: &Value, name: &str) -> Option<i64> {
    let deal = portal.get("crm.deal.get", json!({"id": id}));
    let shown = deal[name].as_str().unwrap_or_default();
    (!shown.is_empty()).then(|| shown.parse::<jiff::Timestamp>().unwrap().as_second())
}

#[test]
fn fields_and_filters_read_what_php_reads() {
    const NAME: &str = "UF_CRM_AT";
    let texts = dates_spelled::texts(510);
    // One zone for each third: it is the zone of the webhook's owner.
    let parts: Vec<(&str, &[String])> =
        ["Europe/Berlin", "America/New_York", "Asia/Kathmandu"].into_iter().zip(texts.chunks(170)).collect();
    let asked: Vec<(&str, i64, &str)> =
        parts.iter().flat_map(|(zone, texts)| texts.iter().map(|text| (*zone, NOW, text.as_str()))).collect();
    let Some(answers) = php(&asked) else { return };
    for portal in portals("crm,user") {
        let field = json!({"FIELD_NAME": "AT", "USER_TYPE_ID": "datetime"});
        portal.get("crm.deal.userfield.add", json!({"fields": field}));
        let id = portal.get("crm.deal.add", json!({"fields": {"TITLE": "x"}}));
        let mut before = None;
        let mut current = "";
        for ((zone, _, text), answer) in asked.iter().zip(&answers) {
            if *zone != current {
                portal.get("user.update", json!({"ID": 1, "TIME_ZONE": zone}));
                current = zone;
            }
            // Written: what cannot be read leaves what was there.
            portal.get("crm.deal.update", json!({"id": id, "fields": {NAME: text}}));
            before = answer.or(before);
            assert_eq!(held(&portal, &id, NAME), before, "{text:?} in {zone}");
            // Looked for: what cannot be read finds nothing.
            let found = portal.get("crm.deal.list", json!({"filter": {NAME: text}, "select": ["ID"]}));
            assert_eq!(found.as_array().unwrap().len(), usize::from(answer.is_some()), "{text:?} in {zone}");
        }
    }
}

#[test]
fn dates_are_understood_everywhere() {
    for portal in portals("crm,user") {
        portal.get("user.update", json!({"ID": 1, "TIME_ZONE": "Europe/Berlin"}));
        for (name, kind) in [("DAY", "date"), ("AT", "datetime"), ("DAYS", "date")] {
            let multiple = if name == "DAYS" { "Y" } else { "N" };
            let field = json!({"FIELD_NAME": name, "USER_TYPE_ID": kind, "MULTIPLE": multiple});
            portal.get("crm.deal.userfield.add", json!({"fields": field}));
        }
        let id = portal.get("crm.deal.add", json!({"fields": {"TITLE": "x"}}));
        let get = |name: &str| portal.get("crm.deal.get", json!({"id": id}))[name].clone();
        let set = |name: &str, value: Value| {
            portal.get("crm.deal.update", json!({"id": id, "fields": {name: value}}));
            get(name)
        };
        // A day, legacy and crm.item, built-in and made.
        assert_eq!(set("CLOSEDATE", json!("+1 week")), "2026-06-08T00:00:00+02:00");
        assert_eq!(set("CLOSEDATE", json!("28.11.2020, 10:00:00")), "2020-11-28T00:00:00+01:00");
        assert_eq!(set("UF_CRM_DAY", json!("first day of next month")), "2026-07-01T00:00:00+02:00");
        assert_eq!(set("UF_CRM_AT", json!("11/28/2020, 03:00:00 PM")), "2020-11-28T15:00:00+01:00");
        let days = json!(["tomorrow", "nonsense", "2026-W05-3"]);
        let read = json!(["2026-06-02T00:00:00+02:00", "2026-01-28T00:00:00+01:00"]);
        assert_eq!(set("UF_CRM_DAYS", days), read);
        let item = json!({"entityTypeId": 2, "id": id, "fields": {"closedate": "monday next week"}});
        let updated = portal.get("crm.item.update", item);
        assert_eq!(updated["item"]["closedate"], "2026-06-08T00:00:00+02:00");
        // What cannot be read, and null, leave it; only "" empties.
        for left in [json!("nonsense"), json!(null), json!([]), json!(" ")] {
            assert_eq!(set("CLOSEDATE", left.clone()), "2026-06-08T00:00:00+02:00", "{left}");
            assert_eq!(set("UF_CRM_AT", left.clone()), "2020-11-28T15:00:00+01:00", "{left}");
        }
        assert_eq!(set("UF_CRM_DAYS", json!(["nonsense"])), read);
        let item = json!({"entityTypeId": 2, "id": id, "fields": {"closedate": null, "ufCrmAt": "nonsense"}});
        let kept = portal.get("crm.item.update", item);
        assert_eq!(kept["item"]["closedate"], "2026-06-08T00:00:00+02:00");
        for name in ["CLOSEDATE", "UF_CRM_AT", "UF_CRM_DAY"] {
            assert_eq!(set(name, json!("")), "", "{name}");
        }
        // Filters, legacy and crm.item, one value and several.
        portal.get("crm.deal.update", json!({"id": id, "fields": {"CLOSEDATE": "2026-06-08"}}));
        for (filter, rows) in [
            (json!({">DATE_CREATE": "28.11.2020, 10:00:00"}), 1),
            (json!({">DATE_CREATE": "yesterday", "<DATE_CREATE": "tomorrow"}), 1),
            (json!({">=DATE_CREATE": format!("@{NOW}")}), 1),
            (json!({">DATE_CREATE": "+1 hour"}), 0),
            (json!({"CLOSEDATE": "+1 week"}), 1),
            (json!({"@CLOSEDATE": ["nonsense", "8 June 2026"]}), 1),
            (json!({"CLOSEDATE": "nonsense"}), 0),
            (json!({">DATE_CREATE": "nonsense"}), 0),
        ] {
            let found = portal.get("crm.deal.list", json!({"filter": filter.clone()}));
            assert_eq!(found.as_array().unwrap().len(), rows, "{filter}");
        }
        for (filter, rows) in [
            (json!({">createdTime": "last monday of january 2026"}), 1),
            (json!({"><closedate": ["2026/06/07", "9.6.2026"]}), 1),
            (json!({"<closedate": "Mon, 01 Jun 2026 10:00:00 +0200"}), 0),
        ] {
            let found = portal.get("crm.item.list", json!({"entityTypeId": 2, "filter": filter.clone()}));
            assert_eq!(found["items"].as_array().unwrap().len(), rows, "{filter}");
        }
    }
}
