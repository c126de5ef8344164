//! Protocol 1.1, 1.2 and D.1.

use wire::Format::{self, Json, Xml};
use wire::Version;
use wire::path::parse;

#[track_caller]
fn check(path: &str, user: Option<&str>, secret: Option<&str>, method: &str, format: Format) {
    let target = parse(path);
    assert_eq!(
        (target.user, target.secret, target.method.as_str(), target.format),
        (user, secret, method, format),
        "{path}"
    );
}

#[test]
fn a_webhook_calls_a_method_in_every_spelling() {
    for (path, method, format) in [
        ("/rest/1/S/profile", "profile", Json),
        ("/rest/1/S/profile/", "profile", Json),
        ("/rest/1/S/profile.json", "profile", Json),
        ("/rest/1/S/profile.json/", "profile", Json),
        ("/rest/1/S/profile.xml", "profile", Xml),
        ("/rest/1/S/profile.Xml/", "profile", Xml),
        ("/rest/1/S/PROFILE.JSON", "PROFILE", Json),
        ("/rest/1/S//profile/", "profile", Json),
        ("//rest//1///S//profile//", "profile", Json),
        ("/rest/1/S/crm.lead.add.json", "crm.lead.add", Json),
        ("/rest/1/S/tasks.flow.Flow.create", "tasks.flow.Flow.create", Json),
        ("/rest/1/S/crm%2Elead%2Eadd%2Ejson", "crm.lead.add", Json),
    ] {
        check(path, Some("1"), Some("S"), method, format);
    }
}

#[test]
fn only_the_last_tail_is_a_suffix_and_only_if_it_is_known() {
    for (segment, method, format) in [
        ("profile.yaml", "profile.yaml", Json),
        ("profile.", "profile.", Json),
        ("profile.json.xml", "profile.json", Xml),
        ("profile.jsonp", "profile.jsonp", Json),
        ("json", "json", Json),
        (".xml", "", Xml),
    ] {
        check(&format!("/rest/1/S/{segment}"), Some("1"), Some("S"), method, format);
    }
}

#[test]
fn a_call_may_come_without_credentials() {
    check("/rest/profile", None, None, "profile", Json);
    check("/rest/profile.xml/", None, None, "profile", Xml);
}

#[test]
fn a_path_that_fits_no_template_names_no_method() {
    check("/rest/1/SECRET/", Some("1"), Some("SECRET"), "", Json);
    check("/rest/1/SECRET", Some("1"), Some("SECRET"), "", Json);
    check("/rest/1/", None, None, "1", Json);
    check("/rest/", None, None, "", Json);
    check("/", None, None, "", Json);
    check("", None, None, "", Json);
    check("/rest/1/S/profile/more", None, None, "", Json);
    check("/rest/1/S/profile/more/and/more", None, None, "", Json);
    check("/REST/1/S/profile", None, None, "", Json);
}

#[test]
fn behind_api_the_newer_version_is_spoken() {
    check("/rest/api/1/S/profile", Some("1"), Some("S"), "profile", Json);
    check("/rest/api/1/S/profile.json", Some("1"), Some("S"), "profile", Json);
    check("/rest/api/profile", None, None, "profile", Json);
    check("/rest/api", None, None, "", Json);
    check("/rest/api/1/S/profile/more", None, None, "", Json);
    let version = |path| parse(path).version;
    assert_eq!([version("/rest/api/1/S/profile"), version("/rest/api")], [Version::V3; 2]);
    assert_eq!([version("/rest/1/S/api"), version("/rest/1/api/x")], [Version::V2; 2]);
}

#[test]
fn a_target_can_be_logged() {
    let shown = format!("{:?}", parse("/rest/1/173glortu42lvpju/profile"));
    assert!(shown.contains("profile") && !shown.contains("173glortu42lvpju"), "{shown}");
}
