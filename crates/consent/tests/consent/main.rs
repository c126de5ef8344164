//! Consents through the front door, on every engine.

use serde_json::json;
use testportal::portals;

#[test]
fn consents_are_given_to_agreements_that_there_are() {
    for portal in portals("userconsent") {
        let agreements = portal.get("userconsent.agreement.list", json!({}));
        assert_eq!((&agreements[0]["ID"], &agreements[0]["LANGUAGE_ID"]), (&json!("1"), &json!("")));
        let fields = json!({"COMPANY_NAME": "Acme", "EMAIL": "%purposes%", "PURPOSES": "news"});
        let replace = json!({"button_caption": "I agree", "fields": fields});
        let text = portal.get("userconsent.agreement.text", json!({"id": 1, "replace": replace}));
        assert!(text["LABEL"].as_str().is_some_and(|label| label.contains("\"I agree\"")), "{text}");
        let filled = text["TEXT"].as_str().unwrap_or_default();
        assert!(
            filled.starts_with("I allow Acme (, %purposes%)") && filled.contains("purposes: news"),
            "{filled}"
        );

        let given =
            json!({"AGREEMENT_ID": 1, "IP": "192.168.1.100", "USER_ID": 1, "URL": "https://example.com"});
        let ines = portal.employee("ines@example.com", "userconsent");
        assert_eq!(ines.get("userconsent.consent.add", given.clone()), json!(1));
        assert_eq!(ines.get("userconsent.consent.add", given), json!(2));
        let refused = |params| portal.refused("userconsent.consent.add", params).2;
        assert_eq!(refused(json!({"IP": "1.1.1.1"})), "Parameter `Agreement ID` required.");
        let missing = json!({"AGREEMENT_ID": 999, "IP": "1.1.1.1"});
        assert_eq!(refused(missing), "Agreement with id 999 not found");
        assert_eq!(refused(json!({"AGREEMENT_ID": 1, "IP": "home"})), "Parameter IP is not valid");
        let nobody = json!({"AGREEMENT_ID": 1, "IP": "::1", "USER_ID": 77});
        assert_eq!(refused(nobody), "User not found");
    }
}
