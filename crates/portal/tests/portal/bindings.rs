//! `crm.{lead,deal,company}.contact.*` and `crm.contact.company.*`: links between items.

use serde_json::{Value, json};
use testportal::{Hook, portals};

fn add(portal: &Hook, entity: &str) -> i64 {
    let fields = json!({"fields": {"TITLE": "x", "NAME": "x"}});
    portal.get(&format!("crm.{entity}.add"), fields).as_i64().expect("an id")
}

/// Ids of the links in order, the primary one marked.
fn links(portal: &Hook, family: &str, id: i64) -> Vec<String> {
    let found = portal.get(&format!("crm.{family}.items.get"), json!({"id": id}));
    let show = |link: &Value| {
        let id = link.get("CONTACT_ID").or(link.get("COMPANY_ID")).expect("the other end");
        format!("{id}{}", if link["IS_PRIMARY"] == "Y" { "*" } else { "" })
    };
    found.as_array().expect("a list").iter().map(show).collect()
}

#[test]
fn links_are_added_and_taken_off() {
    for portal in portals("crm") {
        let contacts: Vec<i64> = (0..3).map(|_| add(&portal, "contact")).collect();
        for owner in ["lead", "deal", "quote"] {
            let id = add(&portal, owner);
            let family = format!("{owner}.contact");
            let call = |verb: &str, fields: Value| {
                portal.get(&format!("crm.{family}.{verb}"), json!({"id": id, "fields": fields}))
            };
            let column = || portal.get(&format!("crm.{owner}.get"), json!({"id": id}))["CONTACT_ID"].clone();
            assert_eq!(call("add", json!({"CONTACT_ID": contacts[0]})), json!(true));
            assert_eq!(column(), contacts[0].to_string());
            call("add", json!({"CONTACT_ID": contacts[1], "IS_PRIMARY": "Y", "ROLE_ID": 4}));
            call("add", json!({"CONTACT_ID": contacts[2], "IS_PRIMARY": "N", "SORT": 5}));
            let [a, b, c] = [contacts[0], contacts[1], contacts[2]];
            assert_eq!(links(&portal, &family, id), [format!("{c}"), format!("{a}"), format!("{b}*")]);
            assert_eq!(column(), b.to_string());
            // What is there stays as it is.
            assert_eq!(call("add", json!({"CONTACT_ID": b, "SORT": 1})), json!(false));
            let shown = portal.get(&format!("crm.{family}.items.get"), json!({"id": id}));
            assert_eq!(shown[2], json!({"CONTACT_ID": b, "SORT": 20, "ROLE_ID": 4, "IS_PRIMARY": "Y"}));

            assert_eq!(call("delete", json!({"CONTACT_ID": b})), json!(true));
            assert_eq!(links(&portal, &family, id), [format!("{c}*"), format!("{a}")]);
            assert_eq!(column(), c.to_string());
            assert_eq!(portal.get(&format!("crm.{family}.items.delete"), json!({"id": id})), json!(true));
            assert_eq!((links(&portal, &family, id), column()), (vec![], json!(null)));
        }
    }
}

#[test]
fn a_set_replaces_all() {
    for portal in portals("crm") {
        let [a, b, c] = [(); 3].map(|()| add(&portal, "contact"));
        let deal = add(&portal, "deal");
        let set =
            |items: Value| portal.get("crm.deal.contact.items.set", json!({"id": deal, "items": items}));
        set(
            json!([{"CONTACT_ID": a}, {"CONTACT_ID": b, "IS_PRIMARY": "Y"}, {"CONTACT_ID": a}, {"CONTACT_ID": 0}, "x"]),
        );
        assert_eq!(links(&portal, "deal.contact", deal), [format!("{a}"), format!("{b}*")]);
        // Without a primary one the first by place becomes it.
        set(json!([{"CONTACT_ID": b, "SORT": 400}, {"CONTACT_ID": c, "SORT": "100"}]));
        assert_eq!(links(&portal, "deal.contact", deal), [format!("{c}*"), format!("{b}")]);
        let item = portal.get("crm.item.get", json!({"entityTypeId": 2, "id": deal}))["item"].clone();
        assert_eq!((&item["contactId"], &item["contactIds"]), (&json!(c), &json!([c, b])));
        set(json!([]));
        assert_eq!(links(&portal, "deal.contact", deal), Vec::<String>::new());
    }
}

#[test]
fn contacts_and_companies_share_their_links() {
    for portal in portals("crm") {
        let [contact, other] = [(); 2].map(|()| add(&portal, "contact"));
        let [a, b] = [(); 2].map(|()| add(&portal, "company"));
        let company_of = |id: i64| portal.get("crm.contact.get", json!({"id": id}))["COMPANY_ID"].clone();
        portal
            .get("crm.contact.company.add", json!({"id": contact, "fields": {"COMPANY_ID": a, "SORT": 20}}));
        portal
            .get("crm.contact.company.add", json!({"id": contact, "fields": {"COMPANY_ID": b, "SORT": 10}}));
        assert_eq!(links(&portal, "contact.company", contact), [format!("{b}"), format!("{a}*")]);

        // What is done from the company's end does not change which company is the contact's first.
        let items = json!([{"CONTACT_ID": other}, {"CONTACT_ID": contact}]);
        portal.get("crm.company.contact.items.set", json!({"id": a, "items": items}));
        assert_eq!(links(&portal, "company.contact", a), [format!("{other}*"), format!("{contact}*")]);
        assert_eq!((company_of(contact), company_of(other)), (json!(a.to_string()), json!(a.to_string())));
        portal.get("crm.company.contact.delete", json!({"id": b, "fields": {"CONTACT_ID": contact}}));
        assert_eq!(company_of(contact), a.to_string());
        // When the first one goes, another follows; when all are gone, none.
        portal.get("crm.company.contact.add", json!({"id": b, "fields": {"CONTACT_ID": contact}}));
        portal.get("crm.company.delete", json!({"id": a}));
        assert_eq!((company_of(contact), company_of(other)), (json!(b.to_string()), json!(null)));
        portal.get("crm.contact.company.items.delete", json!({"id": contact}));
        assert_eq!((company_of(contact), links(&portal, "company.contact", b)), (json!(null), vec![]));
    }
}

#[test]
fn what_is_wrong_is_named() {
    for portal in portals("crm") {
        let (deal, lead, contact) = (add(&portal, "deal"), add(&portal, "lead"), add(&portal, "contact"));
        let crm = |text: &str| (400, String::new(), text.to_owned());
        let add = |params: Value| portal.refused("crm.deal.contact.add", params);
        let quoted = "The parameter 'ownerEntityID' is invalid or not defined.";
        assert_eq!(add(json!({"id": 0, "fields": {"CONTACT_ID": contact}})), crm(quoted));
        assert_eq!(add(json!({"id": deal})), crm("The parameter 'fields' must be array."));
        assert_eq!(add(json!({"id": deal, "fields": {"X": 1}})), crm("The parameter 'fields' is not valid."));
        assert_eq!(add(json!({"id": 999, "fields": {"CONTACT_ID": contact}})), crm("Not found."));
        assert_eq!(add(json!({"id": deal, "fields": {"CONTACT_ID": 999}})), crm("Not found."));
        let gone =
            portal.refused("crm.lead.contact.delete", json!({"id": 999, "fields": {"CONTACT_ID": contact}}));
        assert_eq!(gone, (400, "NOT_FOUND".into(), "Not found.".into()));
        let link = json!({"id": lead, "fields": {"CONTACT_ID": contact}});
        let done = |verb: &str| portal.get(&format!("crm.lead.contact.{verb}"), link.clone());
        let (early, first, again) = (done("delete"), done("add"), done("add"));
        assert_eq!([early, first, again, done("delete")], [false, true, false, true].map(Value::from));
        let set = portal.refused("crm.deal.contact.items.set", json!({"id": deal, "items": "x"}));
        assert_eq!(set, crm("The parameter items must be array."));
        let many: Vec<Value> = (1..=501).map(|id| json!({"CONTACT_ID": id})).collect();
        let many = portal.refused("crm.deal.contact.items.set", json!({"id": deal, "items": many}));
        assert_eq!(many.1, "ERROR_CORE");
        let fields = portal.get("crm.deal.contact.fields", json!({}));
        let names: Vec<&String> = fields.as_object().unwrap().keys().collect();
        assert_eq!(names, ["SORT", "IS_PRIMARY", "CONTACT_ID"]);
    }
}

#[test]
fn links_are_as_open_as_their_owner() {
    for portal in portals("crm") {
        let contact = add(&portal, "contact");
        let deal = portal.get("crm.deal.add", json!({"fields": {"TITLE": "x", "OPENED": "N"}}));
        let employee = portal.employee("ines@example.com", "crm");
        let denied = (400, "ACCESS_DENIED".to_owned(), "Access denied!".to_owned());
        let fields = json!({"id": deal, "fields": {"CONTACT_ID": contact}});
        assert_eq!(employee.refused("crm.deal.contact.add", fields), denied);
        assert_eq!(employee.refused("crm.deal.contact.items.get", json!({"id": deal})), denied);
        portal.get("crm.deal.update", json!({"id": deal, "fields": {"ASSIGNED_BY_ID": employee.user}}));
        let later = employee.at(testportal::NOW + 60);
        let own = add(&later, "contact");
        later.get("crm.deal.contact.items.set", json!({"id": deal, "items": [{"CONTACT_ID": own}]}));
        let shown = portal.get("crm.deal.get", json!({"id": deal}));
        assert_eq!(shown["MODIFY_BY_ID"], employee.user.to_string());
        assert_eq!(shown["DATE_MODIFY"], "2026-06-01T12:01:00+00:00");
    }
}
