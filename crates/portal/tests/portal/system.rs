//! The global methods, over a webhook (protocol 7.4).

#![allow(clippy::unwrap_used, reason = "everything here is a test")]

use portal::access::{Act, Level, roles};
use portal::integration::scenario;
use portal::meta::Meta;
use portal::modules;
use portal::settings::{Edition, Licence, Settings};
use portal::user::{self, NewUser};
use serde_json::{Value as Json, json};

use testportal::{NOW, portals, portals_with};

fn denied(detail: &str) -> (u16, String, String) {
    (403, "ACCESS_DENIED".into(), format!("Access denied!{detail}"))
}

#[test]
fn scopes_of_applications_are_withheld() {
    let withheld = modules().scopes().iter().filter(|scope| !scope.offered).map(|scope| scope.code);
    assert_eq!(withheld.collect::<Vec<_>>(), ["entity", "landing_cloud", "placement", "rating"]);
}

#[test]
fn scenarios_name_scopes_that_there_are() {
    let known: Vec<&str> = modules().scopes().iter().map(|scope| scope.code).collect();
    for scenario in scenario::SECTIONS.iter().flat_map(|section| section.scenarios) {
        assert!(scenario.scopes.iter().all(|scope| known.contains(scope)), "{}", scenario.code);
    }
}

#[test]
fn scope_lists_what_was_granted_or_all_there_is() {
    for portal in portals("department,crm") {
        assert_eq!(portal.get("scope", json!({})), json!(["crm", "department"]));
        let all = portal.get("scope", json!({"full": "true"}));
        assert!(all.as_array().unwrap().len() > 50);
        assert!(all.as_array().unwrap().contains(&json!("user_brief")));
        assert_eq!(portal.get("SCOPE", json!({"FULL": "0"})), json!(["crm", "department"]));
        assert_eq!(portal.hook_of(1, "").get("scope", json!({})), json!([]));
    }
}

#[test]
fn methods_are_listed_by_scope() {
    for portal in portals("department") {
        let list =
            |params: Json| -> Vec<String> { serde_json::from_value(portal.get("methods", params)).unwrap() };
        let has = |names: &[String], name: &str| names.iter().any(|known| known == name);
        let own = list(json!({}));
        assert!(has(&own, "batch") && has(&own, "department.get") && !has(&own, "crm.lead.get"));
        let global = list(json!({"SCOPE": ""}));
        assert!(has(&global, "profile") && has(&global, "event.bind") && !has(&global, "department.get"));
        let crm = list(json!({"scope": "crm"}));
        assert!(has(&crm, "crm.lead.get") && crm.iter().all(|name| name.starts_with("crm.")));
        let brief = list(json!({"scope": "user_brief"}));
        assert!(has(&brief, "user.get") && !has(&brief, "user.add"));
        let full = list(json!({"full": true}));
        assert!(has(&full, "profile") && has(&full, "crm.lead.get") && has(&full, "department.get"));
        assert_eq!(list(json!({"scope": "no.such"})), Vec::<String>::new());
    }
}

#[test]
fn method_get_tells_existing_from_available() {
    for portal in portals("user_basic") {
        let get = |name: &str| portal.get("method.get", json!({"name": name}));
        let told =
            |existing: bool, available: bool| json!({"isExisting": existing, "isAvailable": available});
        assert_eq!(get("user.get"), told(true, true));
        assert_eq!(get("USER.Get"), told(true, true));
        assert_eq!(get("user.add"), told(true, false));
        assert_eq!(get("profile"), told(true, true));
        assert_eq!(get("crm.lead.get"), told(true, false));
        assert_eq!(get("no.such"), told(false, false));
        assert_eq!(portal.get("method.get", json!({"NAME": "user.get"})), told(false, false));
        assert_eq!(portal.get("method.get", json!({})), told(false, false));
    }
}

#[test]
fn profile_needs_no_scope() {
    for portal in portals("") {
        let profile = json!({
            "ID": "1", "ADMIN": true, "NAME": "Ada", "LAST_NAME": "Berg", "PERSONAL_GENDER": "", "TIME_ZONE": ""
        });
        assert_eq!(portal.get("profile", json!({})), profile);
        let other = portal.employee("otto@example.com", "");
        assert_eq!(other.get("profile", json!({}))["ADMIN"], json!(false));
        assert_eq!(other.get("profile", json!({}))["ID"], json!("2"));
    }
}

#[test]
fn profile_of_somebody_just_dismissed_is_empty() {
    for portal in portals("user") {
        // Somebody must be left who may do everything.
        let boss = NewUser { email: "boss@example.com".into(), is_admin: true, ..NewUser::default() };
        portal.write(move |tx| user::create(tx, &boss, portal::Moment(NOW * 1_000_000)));
        let cmd = json!({"out": "user.update?ID=1&ACTIVE=N", "me": "profile"});
        let answer = portal.get("batch", json!({"cmd": cmd}));
        assert_eq!(answer["result"], json!({"out": true, "me": []}));
        let (status, code, _) = portal.refused("profile", json!({}));
        assert_eq!((status, code.as_str()), (401, "authorization_error"));
    }
}

#[test]
fn server_time_is_in_the_zone_of_the_server() {
    let berlin = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    let settings = Settings { zone: berlin, ..Settings::new("https://portal.test") };
    for portal in portals_with("", settings) {
        assert_eq!(portal.get("server.time", json!({})), json!("2026-06-01T14:00:00+02:00"));
        assert_eq!(portal.at(NOW + 61).get("server.time", json!({})), json!("2026-06-01T14:01:01+02:00"));
    }
}

#[test]
fn app_info_answers_outside_a_batch_only() {
    for portal in portals("user,crm") {
        let info = json!({"SCOPE": ["crm", "user"], "LICENSE": "en_selfhosted"});
        assert_eq!(portal.get("app.info", json!({})), info);
        let answer = portal.get("batch", json!({"cmd": ["app.info"]}));
        let error = json!({
            "error": "ACCESS_DENIED", "error_description": "Access denied! Application context required"
        });
        assert_eq!(answer["result_error"], json!([error]));
        assert_eq!(answer["result"], json!([]));
    }
}

#[test]
fn features_follow_the_licence() {
    for portal in portals("") {
        let value = |code: &str| portal.get("feature.get", json!({"CODE": code}))["value"].clone();
        assert_eq!(value("rest_offline_extended"), json!("Y"));
        assert_eq!(value("no_such_feature"), json!("N"));
        let empty = (400, "CODE_EMPTY".to_owned(), "CODE can't be empty".to_owned());
        assert_eq!(portal.refused("feature.get", json!({})), empty);
        assert_eq!(portal.refused("feature.get", json!({"CODE": ""})), empty);
    }
    let expired = Settings {
        edition: Edition::Cloud,
        licence: Licence::Expired,
        ..Settings::new("https://portal.test")
    };
    for portal in portals_with("", expired) {
        assert_eq!(portal.refused("feature.get", json!({"CODE": "x"})).1, "ACCESS_DENIED");
    }
}

#[test]
fn access_is_by_code_and_administrators_have_it_anyway() {
    for portal in portals("") {
        let otto = portal.employee("otto@example.com", "");
        assert_eq!(portal.get("user.admin", json!({})), json!(true));
        assert_eq!(otto.get("user.admin", json!({})), json!(false));
        for (access, has) in [
            (json!(["G2", "AU"]), true),
            (json!("U2"), true),
            (json!(["U1", "D1"]), true),
            (json!("DR1"), true),
            (json!(["U1", "D7"]), false),
            (json!("G1"), false),
            (json!([]), false),
            (json!(""), false),
        ] {
            assert_eq!(otto.get("user.access", json!({"ACCESS": access})), json!(has), "{access}");
        }
        assert_eq!(portal.get("user.access", json!({"access": ["U2"]})), json!(true));
        assert_eq!(portal.get("user.access", json!({})), json!(false));
    }
}

#[test]
fn access_codes_have_names() {
    for portal in portals("user_brief,department") {
        portal.employee("otto@example.com", "");
        let entry = |provider: &str, name: &str, id: &str| json!({"provider": provider, "name": name, "provider_id": id});
        let names =
            portal.get("access.name", json!({"ACCESS": ["G2", "AU", "U1", "U2", "D1", "DR1", "D9", "?"]}));
        let expected = json!({
            "G2": entry("", "All visitors", "other"),
            "AU": entry("", "All authorized users", "other"),
            "U1": entry("Users", "Ada Berg", "user"),
            "U2": entry("Users", "otto@example.com", "user"),
            "D1": entry("Company structure", "Company", "intranet"),
            "DR1": entry("Company structure", "Company (with subdepartments)", "intranet"),
        });
        assert_eq!(names, expected);
        assert_eq!(portal.get("access.name", json!({"ACCESS": ["U77"]})), json!([]));
        assert_eq!(portal.get("access.name", json!({})), json!(false));
        assert_eq!(portal.get("access.name", json!({"ACCESS": []})), json!(false));
        assert_eq!(portal.get("access.name", json!({"ACCESS": "U1"})), json!(false), "a text is no list");
        // Without the scopes that show people and departments they have no names, but for one's own.
        let bare = portal.hook_of(2, "crm");
        let names = bare.get("access.name", json!({"ACCESS": ["AU", "U1", "U2", "D1", "DR1"]}));
        assert_eq!(names, json!({"AU": expected["AU"], "U2": expected["U2"]}), "{}", portal.engine);
    }
}

#[test]
fn what_needs_an_application_refuses_a_webhook() {
    for portal in portals("crm,telephony") {
        let wrong = "Current authorization type is denied for this method".to_owned();
        let wrong_type = (403, "WRONG_AUTH_TYPE".to_owned(), wrong);
        for method in ["event.bind", "events", "event.offline.get"] {
            assert_eq!(portal.refused(method, json!({"event": "ONCRMLEADADD"})), wrong_type, "{method}");
        }
        assert_eq!(
            portal.refused("crm.automation.trigger.list", json!({})),
            denied(" Application context required")
        );
        for method in ["app.option.get", "app.option.set", "user.option.get", "user.option.set"] {
            let expected = (400, "AccessException".to_owned(), "Application context required".to_owned());
            assert_eq!(portal.refused(method, json!({})), expected, "{method}");
        }
        for method in ["crm.timeline.layout.blocks.get", "crm.activity.configurable.add"] {
            let context = portal.refused(method, json!({}));
            assert_eq!((context.0, context.1.as_str()), (400, "ERROR_WRONG_CONTEXT"), "{method}");
        }
        let uncoded = (400, String::new(), denied(" Application context required").2);
        assert_eq!(portal.refused("crm.activity.type.list", json!({})), uncoded);
        // No webhook can have the scopes of these, so none is asked for them.
        let wrong = portal.refused("placement.bind", json!({}));
        assert_eq!((wrong.0, wrong.1.as_str()), (403, "WRONG_AUTH_TYPE"));
        assert_eq!(portal.refused("entity.get", json!({})), denied(" Application context required"));
        // The scope of others is checked before.
        assert_eq!(portal.refused("sign.b2e.mysafe.tail", json!({})).1, "insufficient_scope");
        let tail = portal.hook_of(1, "sign.b2e").refused("sign.b2e.mysafe.tail", json!({}));
        assert_eq!((tail.0, tail.1.as_str()), (401, "WRONG_AUTH_TYPE"));
        let cmd = json!({"a": "app.option.get", "b": "entity.get", "c": "sign.b2e.mysafe.tail"});
        let errors = portal.get("batch", json!({"cmd": cmd}))["result_error"].clone();
        assert_eq!(errors["a"]["error"], json!("AccessException"));
        assert_eq!(errors["b"]["error"], json!("ACCESS_DENIED"));
        assert_eq!(errors["c"], json!({"error": "insufficient_scope", "error_description": ""}));
        // Refused or not, it is not available.
        let known = portal.get("method.get", json!({"name": "placement.bind"}));
        assert_eq!(known, json!({"isExisting": true, "isAvailable": false}));
    }
}

#[test]
fn a_batch_hands_answers_on() {
    for portal in portals("user,department") {
        let cmd = json!({
            "me": "user.current",
            "dep": "department.get?ID=$result[me][UF_DEPARTMENT]",
            "time": "server.time",
            "sum": "department.get?ID=$total[dep]",
        });
        let answer = portal.get("batch", json!({"cmd": cmd}));
        assert_eq!(answer["result_error"], json!([]));
        assert_eq!(answer["result"]["dep"][0]["NAME"], json!("Company"));
        assert_eq!(answer["result_total"], json!({"dep": 1, "sum": 1}));
        assert_eq!(answer["result_next"], json!([]));
        assert!(answer["result_time"]["time"]["duration"].is_number());
    }
}

#[test]
fn a_failed_command_of_a_batch_leaves_nothing_behind() {
    for portal in portals("user,department") {
        let cmd = json!({
            "good": "department.add?NAME=Sales&PARENT=1",
            "bad": "user.add?EMAIL=new@example.com&UF_DEPARTMENT[]=99",
            "also": "department.add?NAME=Support&PARENT=1",
        });
        let answer = portal.get("batch", json!({"cmd": cmd}));
        // What was undone may have taken numbers that nothing has now.
        let number = |name: &str| {
            let found = portal.get("department.get", json!({"NAME": name}));
            found[0]["ID"].as_str().unwrap().parse::<i64>().unwrap()
        };
        let (good, also) = (number("Sales"), number("Support"));
        assert_eq!(answer["result"], json!({"good": good, "also": also}));
        assert_eq!(also, good + 1);
        assert_eq!(answer["result_error"]["bad"]["error_description"], json!("Department not found"));
        assert_eq!(portal.get("user.get", json!({"EMAIL": "new@example.com"})), json!([]));

        let halted = portal.get("batch", json!({"halt": 1, "cmd": ["no.such", "profile"]}));
        assert_eq!(halted["result"], json!([]));
        assert_eq!(halted["result_error"][0]["error"], json!("ERROR_METHOD_NOT_FOUND"));
    }
}

#[test]
fn a_total_counts_what_the_same_batch_did() {
    for portal in portals("crm") {
        let list = "crm.lead.list?select[]=ID";
        let add = "crm.lead.add?fields[TITLE]=one";
        portal.get("batch", json!({"cmd": vec![add; 50]}));
        let cmd = json!([add, list, add, "crm.lead.delete?id=1", "crm.lead.delete?id=404", add, list]);
        let answer = portal.get("batch", json!({"cmd": cmd}));
        assert_eq!(answer["result_total"], json!({"1": 51, "6": 52}));
        assert_eq!(portal.page("crm.lead.list", json!({})).unwrap().total, Some(52));

        // Whoever may add but not read gets an error for the answer, after the item was added.
        portal.write(|tx| {
            let role = roles::find(tx, "Manager")?.expect("a new portal has this role");
            roles::allow(tx, role, "LEAD", Act::Read, Level::None)?;
            Meta::outdate(tx)
        });
        let blind = portal.employee("bo@portal.test", "crm");
        let unseen = "crm.item.add?entityTypeId=1&fields[title]=unseen";
        let answer = blind.get("batch", json!({"cmd": [unseen, "crm.deal.add?fields[TITLE]=seen", unseen]}));
        assert_eq!(answer["result"], json!({"1": 1}));
        assert_eq!(portal.page("crm.lead.list", json!({})).unwrap().total, Some(52));
    }
}

#[test]
fn all_scopes_of_the_real_system_are_listed() {
    for portal in portals("crm") {
        let all = portal.get("scope", json!({"FULL": true}));
        let all: Vec<&str> = all.as_array().unwrap().iter().filter_map(|code| code.as_str()).collect();
        for code in [
            "appform",
            "baas",
            "calendarmobile",
            "catalogmobile",
            "configuration.import",
            "forum",
            "iblock",
            "im.import",
            "notifications",
            "pull_channel",
            "rest",
            "smile",
            "entity",
            "placement",
        ] {
            assert!(all.contains(&code), "{code}");
        }
        assert_eq!(portal.get("scope", json!({})), json!(["crm"]));
    }
}
