//! `crm.entity.mergeBatch`: one item of several duplicates.

use portal::access::{Act, Level, roles};
use portal::meta::Meta;
use serde_json::{Value as Json, json};

use testportal::Hook;

fn add(hook: &Hook, entity: &str, fields: &Json) -> i64 {
    hook.get(&format!("crm.{entity}.add"), json!({"fields": fields})).as_i64().expect("an id")
}

fn merge(type_id: i64, ids: &[i64]) -> Json {
    json!({"params": {"entityTypeId": type_id, "entityIds": ids}})
}

fn values(item: &Json, name: &str) -> Vec<String> {
    let list = item[name].as_array().cloned().unwrap_or_default();
    list.iter().map(|one| one["VALUE"].as_str().expect("a value").to_owned()).collect()
}

#[test]
fn a_contact_takes_over_everything_of_its_duplicate() {
    for portal in testportal::portals("crm") {
        let phone = |number: &str| json!([{"VALUE": number, "VALUE_TYPE": "WORK"}]);
        let (first, second) = (
            add(&portal, "company", &json!({"TITLE": "1"})),
            add(&portal, "company", &json!({"TITLE": "2"})),
        );
        let stays = add(
            &portal,
            "contact",
            &json!({
                "NAME": "Clara", "PHONE": phone("+49 30 1"), "COMMENTS": "old", "COMPANY_ID": first,
            }),
        );
        let goes = add(
            &portal,
            "contact",
            &json!({
                "NAME": "clara ", "LAST_NAME": "Brandt", "COMMENTS": "new", "COMPANY_IDS": [first, second], "OPENED": "N",
                "PHONE": [{"VALUE": "+49301"}, {"VALUE": "+49 40 2"}], "EMAIL": [{"VALUE": "c@example.com"}],
            }),
        );
        let deal = add(&portal, "deal", &json!({"TITLE": "x", "CONTACT_IDS": [goes]}));
        let both = add(&portal, "deal", &json!({"TITLE": "y", "CONTACT_IDS": [goes, stays]}));
        let activity = portal.get(
            "crm.activity.add",
            json!({"fields": {
                "OWNER_TYPE_ID": 3, "OWNER_ID": goes, "TYPE_ID": 1, "SUBJECT": "Meeting", "RESPONSIBLE_ID": 1,
            }}),
        );
        let comment = json!({"fields": {"ENTITY_ID": goes, "ENTITY_TYPE": "contact", "COMMENT": "hello"}});
        portal.get("crm.timeline.comment.add", comment);
        let address =
            json!({"fields": {"TYPE_ID": 1, "ENTITY_TYPE_ID": 3, "ENTITY_ID": goes, "CITY": "Hamburg"}});
        portal.get("crm.address.add", address);

        let events =
            ["ONCRMCONTACTUPDATE", "ONCRMCONTACTDELETE", "ONCRMREQUISITEDELETE", "ONCRMACTIVITYDELETE"];
        let told = portal.told(testportal::input(&events));
        let answer = portal.get("crm.entity.mergeBatch", merge(3, &[stays, goes]));
        assert_eq!(answer, json!({"STATUS": "SUCCESS", "ENTITY_IDS": [goes]}));
        let raised: Vec<String> = portal.raised(told).into_iter().map(|(name, _)| name).collect();
        assert_eq!(raised, ["ONCRMCONTACTUPDATE", "ONCRMCONTACTDELETE"]);

        assert_eq!(portal.refused("crm.contact.get", json!({"id": goes})).2, "Not found");
        let contact = portal.get("crm.contact.get", json!({"id": stays}));
        assert_eq!((&contact["NAME"], &contact["LAST_NAME"]), (&json!("Clara"), &json!("Brandt")));
        assert_eq!((&contact["COMMENTS"], &contact["OPENED"]), (&json!("old\nnew"), &json!("Y")));
        assert_eq!(
            values(&contact, "PHONE"),
            ["+49 30 1", "+49 40 2"],
            "the same number in another spelling once"
        );
        assert_eq!((values(&contact, "EMAIL").len(), &contact["HAS_EMAIL"]), (1, &json!("Y")));
        let companies = portal.get("crm.contact.company.items.get", json!({"id": stays}));
        let companies: Vec<i64> =
            companies.as_array().unwrap().iter().map(|link| link["COMPANY_ID"].as_i64().unwrap()).collect();
        assert_eq!(companies, [first, second]);
        for deal in [deal, both] {
            let linked = portal.get("crm.deal.contact.items.get", json!({"id": deal}));
            assert_eq!(linked.as_array().unwrap().len(), 1, "{linked}");
            assert_eq!(portal.get("crm.deal.get", json!({"id": deal}))["CONTACT_ID"], stays.to_string());
        }
        let moved = portal.get("crm.activity.get", json!({"id": activity}));
        assert_eq!(moved["OWNER_ID"], stays.to_string());
        let comments = portal.get(
            "crm.timeline.comment.list",
            json!({"filter": {"ENTITY_ID": stays, "ENTITY_TYPE": "contact"}}),
        );
        assert_eq!(comments[0]["COMMENT"], "hello");
        let addresses =
            portal.get("crm.address.list", json!({"filter": {"ANCHOR_TYPE_ID": 3, "ANCHOR_ID": stays}}));
        assert_eq!(addresses[0]["CITY"], "Hamburg");
        let requisites =
            portal.get("crm.requisite.list", json!({"filter": {"ENTITY_TYPE_ID": 3, "ENTITY_ID": stays}}));
        assert_eq!(requisites.as_array().unwrap().len(), 1);
    }
}

#[test]
fn a_deal_takes_rows_with_their_sum_and_companies_take_each_others_deals() {
    for portal in testportal::portals("crm") {
        let (stays, goes) = (
            add(&portal, "deal", &json!({"TITLE": "Sale"})),
            add(&portal, "deal", &json!({"TITLE": "Sale"})),
        );
        let row =
            json!({"ownerType": "D", "ownerId": goes, "productName": "Chair", "price": 250, "quantity": 2});
        portal.get("crm.item.productrow.add", json!({"fields": row}));
        assert_eq!(portal.get("crm.entity.mergeBatch", merge(2, &[stays, goes]))["STATUS"], "SUCCESS");
        assert_eq!(portal.get("crm.deal.get", json!({"id": stays}))["OPPORTUNITY"], "500.00");
        let rows = portal.get("crm.deal.productrows.get", json!({"id": stays}));
        assert_eq!(rows[0]["PRODUCT_NAME"], "Chair");

        let companies: Vec<i64> =
            (0..3).map(|_| add(&portal, "company", &json!({"TITLE": "Same"}))).collect();
        let deals: Vec<i64> = companies
            .iter()
            .map(|id| add(&portal, "deal", &json!({"TITLE": "x", "COMPANY_ID": id})))
            .collect();
        let contact = add(&portal, "contact", &json!({"NAME": "C", "COMPANY_ID": companies[2]}));
        let answer = portal.get("crm.entity.mergeBatch", merge(4, &companies));
        assert_eq!(answer, json!({"STATUS": "SUCCESS", "ENTITY_IDS": companies[1..]}));
        for deal in deals {
            assert_eq!(
                portal.get("crm.deal.get", json!({"id": deal}))["COMPANY_ID"],
                companies[0].to_string()
            );
        }
        let contact = portal.get("crm.contact.get", json!({"id": contact}));
        assert_eq!(contact["COMPANY_ID"], companies[0].to_string());
        let left = portal.page("crm.company.list", json!({"filter": {"TITLE": "Same"}})).unwrap();
        assert_eq!(left.total, Some(1));
    }
}

#[test]
fn what_contradicts_each_other_is_not_merged() {
    for portal in testportal::portals("crm") {
        let (first, second) =
            (add(&portal, "lead", &json!({"TITLE": "a"})), add(&portal, "lead", &json!({"TITLE": "b"})));
        let told = portal.told(testportal::input(&["ONCRMLEADUPDATE", "ONCRMLEADDELETE"]));
        let answer = portal.get("crm.entity.mergeBatch", merge(1, &[first, second]));
        assert_eq!(answer, json!({"STATUS": "CONFLICT", "ENTITY_IDS": [first, second]}));
        let sum = |sum: i64, currency: &str| json!({"OPPORTUNITY": sum, "CURRENCY_ID": currency});
        let (third, fourth) =
            (add(&portal, "lead", &sum(100, "USD")), add(&portal, "lead", &sum(100, "EUR")));
        assert_eq!(portal.get("crm.entity.mergeBatch", merge(1, &[third, fourth]))["STATUS"], "CONFLICT");
        assert!(portal.raised(told).is_empty());
        // Names that nobody gave do not contradict each other, and a sum brings its currency.
        let empty = add(&portal, "lead", &json!({"CURRENCY_ID": "USD"}));
        assert_eq!(portal.get("crm.entity.mergeBatch", merge(1, &[empty, fourth]))["STATUS"], "SUCCESS");
        let lead = portal.get("crm.lead.get", json!({"id": empty}));
        assert_eq!((&lead["OPPORTUNITY"], &lead["CURRENCY_ID"]), (&json!("100.00"), &json!("EUR")));
    }
}

#[test]
fn merging_asks_for_the_right_to_change_one_and_to_delete_the_others() {
    for portal in testportal::portals("crm") {
        let otto = portal.employee("otto@example.com", "crm");
        let lead = |who: i64| add(&portal, "lead", &json!({"NAME": "x", "ASSIGNED_BY_ID": who}));
        let (his, hers) = (lead(otto.user), lead(1));
        for ids in [[his, hers], [hers, his]] {
            let refused = otto.refused("crm.entity.mergeBatch", merge(1, &ids));
            assert_eq!((refused.0, refused.1.as_str(), refused.2.as_str()), (400, "403", "Access denied"));
        }
        portal.write(|tx| {
            let role = roles::find(tx, "Manager")?.expect("a new portal has this role");
            roles::allow(tx, role, "LEAD", Act::Read, Level::All)?;
            Meta::outdate(tx)
        });
        let answer = otto.get("crm.entity.mergeBatch", merge(1, &[his, hers]));
        assert_eq!(
            answer,
            json!({"STATUS": "ERROR", "ENTITY_IDS": []}),
            "he reads it, but may not delete it"
        );
        assert_eq!(otto.get("crm.entity.mergeBatch", merge(1, &[his, lead(otto.user)]))["STATUS"], "SUCCESS");
        let refused = |params: Json| portal.refused("crm.entity.mergeBatch", params).2;
        assert_eq!(refused(merge(0, &[1, 2])), "The parameter entityTypeId is required.");
        assert_eq!(refused(merge(1, &[])), "The parameter entityIds does not contains valid elements.");
        assert_eq!(
            refused(merge(1, &[his, his])),
            "The parameter entityIds must contains at least two elements."
        );
        assert_eq!(refused(merge(1, &[his, 999])), "Owner was not found");
        assert_eq!(refused(merge(77, &[1, 2])), "Entity type 77 is not supported");
    }
}
