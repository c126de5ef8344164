//! Configurations of cards: `crm.*.details.configuration.*`.

use serde_json::{Value, json};
use testportal::{Hook, portals};

const DENIED: &str = "Access denied.";

fn sections(title: &str) -> Value {
    json!([{"name": "main", "title": title, "type": "section", "elements": [
        {"name": "TITLE"},
        {"name": "CLIENT", "optionFlags": 1, "options": {"defaultCountry": "DE"}},
    ]}])
}

fn ask(hook: &Hook, verb: &str, params: Value) -> Value {
    hook.get(&format!("crm.deal.details.configuration.{verb}"), params)
}

fn refusal(hook: &Hook, verb: &str, params: Value) -> String {
    hook.refused(&format!("crm.deal.details.configuration.{verb}"), params).2
}

#[test]
fn a_card_is_of_one_user_or_of_all_and_of_one_pipeline() {
    for portal in portals("crm") {
        assert_eq!(ask(&portal, "get", json!({})), json!(null));
        assert_eq!(ask(&portal, "set", json!({"data": sections("Mine")})), true);
        ask(&portal, "set", json!({"scope": "C", "userId": 1, "data": sections("Ours")}));
        let pipeline =
            portal.get("crm.category.add", json!({"entityTypeId": 2, "fields": {"name": "Service"}}));
        let other = json!({"dealCategoryId": pipeline["category"]["id"]});
        assert_eq!(ask(&portal, "get", json!({"extras": other})), json!(null));
        ask(&portal, "set", json!({"extras": other, "data": sections("Service")}));
        let kept = json!([{"name": "main", "title": "Mine", "type": "section", "elements": [
            {"name": "TITLE", "optionFlags": "0"},
            {"name": "CLIENT", "optionFlags": "1", "options": {"defaultCountry": "DE"}},
        ]}]);
        assert_eq!(ask(&portal, "get", json!({})), kept);
        assert_eq!(ask(&portal, "get", json!({"extras": {"dealCategoryId": 0}})), kept);
        assert_eq!(ask(&portal, "get", json!({"scope": "C"}))[0]["title"], "Ours");
        let item = json!({"entityTypeId": 2, "extras": other});
        assert_eq!(portal.get("crm.item.details.configuration.get", item)[0]["title"], "Service");
        ask(&portal, "set", json!({"data": sections("New")}));
        assert_eq!(ask(&portal, "get", json!({}))[0]["title"], "New");
        ask(&portal, "reset", json!({}));
        assert_eq!(ask(&portal, "get", json!({})), json!(null));
        assert_eq!(ask(&portal, "get", json!({"extras": other}))[0]["title"], "Service");
        assert_eq!(
            refusal(&portal, "get", json!({"extras": {"dealCategoryId": 999}})),
            "The pipeline 999 is not found."
        );
        // What is configured of a pipeline goes with it.
        portal.get("crm.category.delete", json!({"entityTypeId": 2, "id": pipeline["category"]["id"]}));
        let left = portal.read(|tx| {
            let sql = "SELECT COUNT(*) FROM crm_details_configuration";
            Ok(tx.one(sql, &[], |row| row.int(0))?)
        });
        assert_eq!(left, Some(1));
    }
}

#[test]
fn simple_leads_and_smart_processes_have_cards_of_their_own() {
    for portal in portals("crm") {
        let of = |verb: &str, kind: i64, mut params: Value| {
            params["entityTypeId"] = json!(kind);
            portal.get(&format!("crm.item.details.configuration.{verb}"), params)
        };
        of("set", 1, json!({"extras": {"leadCustomerType": 2}, "data": sections("Again")}));
        let lead =
            |extras: Value| portal.get("crm.lead.details.configuration.get", json!({"extras": extras}));
        assert_eq!(lead(json!({})), json!(null));
        assert_eq!(lead(json!({"leadCustomerType": 1})), json!(null));
        assert_eq!(lead(json!({"lead.customer.type": "2"}))[0]["title"], "Again");
        let kind =
            portal.get("crm.type.add", json!({"fields": {"title": "Trips", "isCategoriesEnabled": "Y"}}));
        let (row, kind) = (kind["type"]["id"].clone(), kind["type"]["entityTypeId"].as_i64().unwrap());
        let pipeline =
            portal.get("crm.category.list", json!({"entityTypeId": kind}))["categories"][0]["id"].clone();
        of("set", kind, json!({"data": sections("Trip")}));
        assert_eq!(of("get", kind, json!({"extras": {"categoryId": pipeline}}))[0]["title"], "Trip");
        portal.get("crm.type.delete", json!({"id": row}));
        let gone = portal.refused("crm.item.details.configuration.get", json!({"entityTypeId": kind}));
        assert_eq!(gone.2, format!("The entity type '{kind}' is not supported in current context."));
        let none = portal.refused("crm.item.details.configuration.get", json!({}));
        assert_eq!(none.2, "Parameter 'entityTypeId' is not defined");
    }
}

#[test]
fn users_have_their_own_cards_and_administrators_those_of_others() {
    for portal in portals("crm") {
        let otto = portal.employee("otto@example.com", "crm");
        let of_otto = json!({"userId": otto.user});
        ask(&otto, "set", json!({"userId": otto.user, "data": sections("Otto's")}));
        assert_eq!(ask(&portal, "get", of_otto.clone())[0]["title"], "Otto's");
        ask(&portal, "set", json!({"userId": otto.user, "data": sections("For Otto")}));
        assert_eq!(ask(&otto, "get", json!({}))[0]["title"], "For Otto");
        ask(&portal, "set", json!({"scope": "C", "data": sections("Ours")}));
        assert_eq!(ask(&otto, "get", json!({"scope": "C"}))[0]["title"], "Ours");
        for (verb, params) in [
            ("get", json!({"userId": 1})),
            ("set", json!({"userId": 1, "data": sections("x")})),
            ("set", json!({"scope": "C", "data": sections("x")})),
            ("reset", json!({"scope": "C"})),
            ("reset", json!({"userId": 1})),
            ("forceCommonScopeForAll", json!({})),
        ] {
            assert_eq!(refusal(&otto, verb, params.clone()), DENIED, "{verb} {params}");
        }
        assert_eq!(ask(&portal, "forceCommonScopeForAll", json!({})), true);
        assert_eq!(ask(&otto, "get", json!({})), json!(null));
        assert_eq!(ask(&otto, "get", json!({"scope": "C"}))[0]["title"], "Ours");
        crate::roles::everybody_may(&portal, "DEAL", &portal::access::Act::ALL, portal::access::Level::None);
        assert_eq!(refusal(&otto, "get", json!({})), DENIED, "no deals, no cards");
    }
}

#[test]
fn sections_without_name_title_or_type_are_refused() {
    for portal in portals("crm") {
        let main =
            |members: Value| json!({"data": [{"name": "a", "title": "A", "type": "section"}, members]});
        for (params, text) in [
            (json!({}), "Parameter 'data' must be array."),
            (json!({"data": "x"}), "Parameter 'data' must be array."),
            (json!({"data": []}), "There are no data to write."),
            (json!({"data": {"a": {"name": "a"}}}), "The data must be indexed array."),
            (
                main(json!({"name": "b", "title": "B", "type": "column"})),
                "Section at index 1 have type column. The expected type is 'section'.",
            ),
            (main(json!({"title": "B", "type": "section"})), "Section at index 1 does not have name."),
            (main(json!({"name": "b", "type": "section"})), "Section at index 1 does not have title."),
            (
                main(json!({"name": "b", "title": "B", "type": "section", "elements": [{"name": "X"}, {}]})),
                "Element at index 1 in section at index 1 does not have name.",
            ),
        ] {
            assert_eq!(refusal(&portal, "set", params.clone()), text, "{params}");
        }
        assert_eq!(ask(&portal, "get", json!({})), json!(null));
    }
}
