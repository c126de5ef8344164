//! Rules against `dateutil` for Python, on generated rules that go over changes of the clocks.

// What is skipped must be said in a test's output.
#![allow(clippy::print_stderr)]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value as Json, json};
use testportal::portals;

const RULES: usize = 1_000;

/// Reads cases, one a line, and writes the seconds at which each takes place.
const SCRIPT: &str = r#"
import sys, json
from datetime import datetime, timezone
from zoneinfo import ZoneInfo
from dateutil import rrule
UNITS = {'DAILY': rrule.DAILY, 'WEEKLY': rrule.WEEKLY, 'MONTHLY': rrule.MONTHLY, 'YEARLY': rrule.YEARLY}
for line in sys.stdin:
    case = json.loads(line)
    rule, more = case['rule'], {}
    if 'COUNT' in rule: more['count'] = rule['COUNT']
    if 'UNTIL' in rule: more['until'] = datetime.fromisoformat(rule['UNTIL'] + 'T23:59:59')
    if 'BYDAY' in rule: more['byweekday'] = [getattr(rrule, day) for day in rule['BYDAY']]
    start = datetime.fromisoformat(case['from'])
    zone = ZoneInfo('UTC' if case['whole'] else case['zone'])
    # A start that a change of clocks leaves out is the moment that it stands for.
    start = datetime.fromtimestamp(start.replace(tzinfo=zone).timestamp(), zone).replace(tzinfo=None)
    found = []
    for at in rrule.rrule(UNITS[rule['FREQ']], dtstart=start, interval=rule.get('INTERVAL', 1), **more):
        second = int(at.replace(tzinfo=zone).timestamp())
        if second > case['to']: break
        found.append(second)
    print(json.dumps(found))
"#;

/// Numbers that look like chance and are always the same.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }
}

/// A rule with its start; the starts are near changes of clocks, month ends and leap days.
fn case(chance: &mut Chance) -> Json {
    const ZONES: [&str; 8] = [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "America/Santiago",
        "Asia/Kolkata",
        "Europe/London",
        "Pacific/Apia",
        "UTC",
    ];
    const DAYS: [&str; 10] = [
        "2024-02-29",
        "2025-03-30",
        "2025-03-09",
        "2025-10-26",
        "2025-11-02",
        "2026-01-31",
        "2025-12-31",
        "2026-03-29",
        "2025-04-06",
        "2025-08-15",
    ];
    const TIMES: [&str; 7] = ["00:00", "01:30", "02:00", "02:30", "03:15", "12:00", "23:45"];
    let frequency = chance.one(&["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]);
    let mut rule = json!({"FREQ": frequency, "INTERVAL": 1 + chance.below(5)});
    if frequency == "WEEKLY" && chance.below(3) > 0 {
        let all = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
        let days: Vec<&str> = all.into_iter().filter(|_| chance.below(3) == 0).collect();
        if !days.is_empty() {
            rule["BYDAY"] = json!(days);
        }
    }
    match chance.below(3) {
        0 => rule["COUNT"] = json!(1 + chance.below(40)),
        1 => {
            rule["UNTIL"] = json!(format!(
                "202{}-{:02}-{:02}",
                6 + chance.below(3),
                1 + chance.below(12),
                1 + chance.below(28)
            ));
        }
        _ => {}
    }
    let whole = chance.below(6) == 0;
    let time = if whole { "00:00" } else { chance.one(&TIMES) };
    let from = format!("{}T{time}:00", chance.one(&DAYS));
    // 2032 for what is rare, else 2027.
    let to = if matches!(frequency, "MONTHLY" | "YEARLY") { 1_960_000_001 } else { 1_800_000_001 };
    json!({"rule": rule, "from": from, "zone": chance.one(&ZONES), "whole": whole, "to": to})
}

/// What Python says; `None` where it is not.
fn python(cases: &[Json]) -> Option<Vec<Json>> {
    let Some(clients) = std::env::var_os("PORTREEVE_CLIENTS") else {
        eprintln!("skipped: PORTREEVE_CLIENTS names no folder with Python's dateutil");
        return None;
    };
    let program = PathBuf::from(clients).join("py/bin/python");
    let mut child = Command::new(program)
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines: String = cases.iter().map(|case| format!("{case}\n")).collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    Some(said.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[test]
fn rules_fall_on_the_days_that_dateutil_says() {
    let mut chance = Chance(5_545);
    let cases: Vec<Json> = (0..RULES).map(|_| case(&mut chance)).collect();
    let Some(expected) = python(&cases) else { return };
    assert_eq!(expected.len(), RULES);
    let ada = portals("calendar").next().unwrap();
    let (mut several, mut wrong) = (0, Vec::new());
    for (case, expected) in cases.iter().zip(&expected) {
        let given = json!({
            "type": "user", "name": "x", "from": case["from"], "to": case["from"], "rrule": case["rule"],
            "timezone_from": case["zone"], "skip_time": case["whole"],
        });
        let id = ada.get("calendar.event.add", given);
        let asked = json!({"users": [1], "from": "2024-01-01", "to": format!("@{}", case["to"])});
        let list = ada.get("calendar.accessibility.get", asked)["1"].clone();
        let seconds = list.as_array().unwrap().iter().map(|one| one["DATE_FROM_TS_UTC"].as_str().unwrap());
        let found: Json = seconds.map(|second| second.parse::<i64>().unwrap()).collect();
        several += usize::from(found.as_array().unwrap().len() > 1);
        if found != *expected {
            wrong.push(format!("{case}\n  ours {found}\n  theirs {expected}"));
        }
        ada.get("calendar.event.delete", json!({"id": id}));
    }
    assert!(wrong.is_empty(), "{} of {RULES}:\n{}", wrong.len(), wrong[..wrong.len().min(5)].join("\n"));
    assert!(several > RULES / 2, "{several}");
}
