//! What the pages of the CRM are made from, and how they change records of every kind.

use it::{Browser, Portal};
use serde_json::{Map, Value, json};

/// A kind as the interface tells it, with the two spellings of its methods.
struct Kind(Value);

impl Kind {
    fn is_item(&self) -> bool {
        self.0["spelling"] == "item"
    }

    fn call(&self, browser: &mut Browser, verb: &str, params: Value) -> Value {
        let own = format!("crm.{}", self.0["code"].as_str().unwrap());
        let family = if self.is_item() { "crm.item" } else { &own };
        let Value::Object(mut params) = params else { panic!("parameters have names") };
        if self.is_item() {
            params.insert("entityTypeId".to_owned(), self.0["entity_type_id"].clone());
        }
        browser.done("POST", &format!("/api/call/{family}.{verb}"), &params.into())["result"].clone()
    }

    /// The name of the field that every kind has, however it is spelt.
    fn name(&self) -> &'static str {
        match (self.is_item(), self.0["code"] == "contact") {
            (true, _) => "title",
            (false, true) => "LAST_NAME",
            (false, false) => "TITLE",
        }
    }

    fn fields(&self, value: &str) -> Value {
        Value::Object(Map::from_iter([(self.name().to_owned(), value.into())]))
    }
}

fn kinds(browser: &mut Browser) -> Vec<Kind> {
    browser.read("/api/crm/kinds")["kinds"].as_array().unwrap().iter().cloned().map(Kind).collect()
}

#[test]
fn the_kinds_of_records_are_told_in_the_language_of_the_page() {
    let server = Portal::new().start();
    let mut browser = Browser::of_the_administrator(&server);
    let told: Vec<Value> = kinds(&mut browser).into_iter().map(|kind| kind.0).collect();
    let deal = json!({
        "code": "deal", "entity_type_id": 2, "title": "Deal", "plural": "Deals", "address": "deal", "spelling": "own",
        "stage": {"field": "STAGE_ID", "dictionary": "DEAL_STAGE"}, "prefix": "D",
        "has_categories": true, "has_rows": true, "has_requisites": false, "uses_requisites": true,
    });
    assert_eq!(told[1], deal);
    let of = |name: &str| told.iter().map(|kind| kind[name].clone()).collect::<Vec<_>>();
    assert_eq!(of("plural")[..4], ["Leads", "Deals", "Contacts", "Companies"]);
    assert_eq!(of("has_requisites")[..5], [false, false, true, true, false]);
    assert_eq!(of("uses_requisites")[..5], [false, true, false, false, true]);
    let cookie = browser.cookie();
    let headers = [("cookie", cookie.as_str()), ("accept-language", "ru")];
    let russian = browser.http.send("GET", "/api/crm/kinds", &headers, b"").json();
    assert_eq!(
        (&russian["kinds"][1]["title"], &russian["kinds"][1]["plural"]),
        (&json!("Сделка"), &json!("Сделки"))
    );
    Browser::visiting(&server).get("/api/crm/kinds").refusal(401, "NO_AUTH_FOUND");
}

/// Whatever its methods are called.
#[test]
fn records_of_every_kind_are_listed_and_changed_unless_somebody_was_faster() {
    for (engine, portal) in Portal::on_each_engine() {
        let server = portal.start();
        let mut browser = Browser::of_the_administrator(&server);
        for kind in kinds(&mut browser) {
            let code = kind.0["code"].as_str().unwrap().to_owned();
            let made = kind.call(&mut browser, "add", json!({"fields": kind.fields("a")}));
            let id = made
                .as_i64()
                .or_else(|| made["item"]["id"].as_i64())
                .unwrap_or_else(|| panic!("{code}: {made}"));
            let path = format!("/api/records/{code}/{id}");
            browser.done("PATCH", &path, &json!({"fields": kind.fields("b"), "seen": kind.fields("a")}));
            let late =
                browser.ask("PATCH", &path, &json!({"fields": kind.fields("c"), "seen": kind.fields("a")}));
            late.refusal(409, "ERROR_CHANGED");
            assert_eq!(late.json()["argument"], kind.name(), "{engine} {code}");
            assert_eq!(
                late.json()["error_description"],
                "You changed this elsewhere after you opened it here."
            );
            let found = kind.call(&mut browser, "list", json!({"filter": kind.fields("b")}));
            let rows = if kind.is_item() { &found["items"] } else { &found };
            assert_eq!(rows.as_array().unwrap().len(), 1, "{engine} {code}: {found}");
        }
    }
}
