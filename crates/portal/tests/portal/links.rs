//! Links between items: whom they may reach, and that none is lost without a word.

#![allow(clippy::needless_pass_by_value, reason = "reads well with json! at the call")]

use portal::access::{Act, Level, roles};
use portal::meta::Meta;
use serde_json::{Value, json};
use testportal::{Bench, Hook, NOW, portals};

/// A portal with Ines, who may do everything with leads, deals and companies that she is responsible for, and with
/// contacts what the levels say.
struct Scene {
    bench: Bench,
    ines: Hook,
    /// A contact of the administrator's.
    foreign: i64,
    /// A contact of Ines's.
    own: i64,
}

const MISSING: i64 = 99_999;

fn scenes(read: Level, update: Level) -> impl Iterator<Item = Scene> {
    portals("crm").map(move |bench| {
        let ines = bench.employee("ines@example.com", "crm");
        bench.write(move |tx| {
            let role = roles::find(tx, "Manager")?.expect("a new portal has this role");
            for entity in ["LEAD", "DEAL", "COMPANY"] {
                Act::ALL.iter().try_for_each(|act| roles::allow(tx, role, entity, *act, Level::Own))?;
            }
            Act::ALL.iter().try_for_each(|act| roles::allow(tx, role, "CONTACT", *act, Level::Own))?;
            roles::allow(tx, role, "CONTACT", Act::Read, read)?;
            roles::allow(tx, role, "CONTACT", Act::Update, update)?;
            Meta::outdate(tx)
        });
        let foreign = add(&bench, "contact", json!({"NAME": "Mira"}));
        let own = add(&ines, "contact", json!({"NAME": "Otto"}));
        Scene { bench, ines, foreign, own }
    })
}

fn add(hook: &Hook, entity: &str, fields: Value) -> i64 {
    hook.get(&format!("crm.{entity}.add"), json!({"fields": fields})).as_i64().expect("an id")
}

fn update(id: i64, fields: &Value) -> Value {
    json!({"id": id, "fields": fields})
}

/// The answer to a call, in which one number is hidden.
fn answer(hook: &Hook, method: &str, params: Value) -> String {
    match hook.ask(method, params) {
        Ok(result) => format!("{result}"),
        Err(fault) => format!("{} {} {}", fault.status, fault.code, fault.message),
    }
}

/// Every way of linking a contact to something of Ines's, as method and parameters.
fn ways(scene: &Scene, contact: i64) -> Vec<(&'static str, Value)> {
    let Scene { ines, own, .. } = scene;
    let [lead, deal, company] =
        ["lead", "deal", "company"].map(|entity| add(ines, entity, json!({"TITLE": "x"})));
    let one = json!({"CONTACT_ID": contact});
    let items = json!([{"CONTACT_ID": own}, {"CONTACT_ID": contact}]);
    let item =
        |entity: i64, id: i64, fields: Value| json!({"entityTypeId": entity, "id": id, "fields": fields});
    vec![
        ("crm.company.contact.add", update(company, &one)),
        ("crm.company.contact.items.set", json!({"id": company, "items": items})),
        ("crm.deal.contact.add", update(deal, &one)),
        ("crm.deal.contact.items.set", json!({"id": deal, "items": items})),
        ("crm.lead.contact.add", update(lead, &one)),
        ("crm.lead.contact.items.set", json!({"id": lead, "items": items})),
        ("crm.company.add", json!({"fields": {"TITLE": "x", "CONTACT_ID": [own, contact]}})),
        ("crm.company.update", update(company, &json!({"CONTACT_ID": [contact]}))),
        ("crm.deal.add", json!({"fields": {"CONTACT_IDS": [own, contact]}})),
        ("crm.deal.add", json!({"fields": one})),
        ("crm.deal.update", update(deal, &json!({"CONTACT_IDS": [contact]}))),
        ("crm.deal.update", update(deal, &one)),
        ("crm.lead.add", json!({"fields": {"TITLE": "x", "CONTACT_IDS": [contact]}})),
        ("crm.lead.add", json!({"fields": one})),
        ("crm.lead.update", update(lead, &json!({"CONTACT_IDS": contact}))),
        ("crm.lead.update", update(lead, &one)),
        ("crm.item.add", json!({"entityTypeId": 1, "fields": {"contactIds": [contact]}})),
        ("crm.item.add", json!({"entityTypeId": 2, "fields": {"contactId": contact}})),
        ("crm.item.add", json!({"entityTypeId": 4, "fields": {"contactIds": [contact]}})),
        ("crm.item.update", item(1, lead, json!({"contactIds": [contact]}))),
        ("crm.item.update", item(2, deal, json!({"contactIds": [contact]}))),
        ("crm.item.update", item(2, deal, json!({"contactId": contact}))),
        ("crm.item.update", item(4, company, json!({"contactIds": [contact]}))),
    ]
}

#[test]
fn nobody_links_what_may_not_be_read_or_learns_that_it_exists() {
    for scene in scenes(Level::Own, Level::Own) {
        let contact = |id: i64| scene.bench.get("crm.contact.get", json!({"id": id}));
        let before = contact(scene.foreign);
        let later = Scene { ines: scene.ines.at(NOW + 60), ..scene };
        let (reached, absent) = (ways(&later, later.foreign), ways(&later, MISSING));
        for ((method, params), (_, missing)) in reached.into_iter().zip(absent) {
            let said = answer(&later.ines, method, params.clone());
            let known = ["Not found.", "CRM_FIELD_ERROR_VALUE_NOT_VALID"];
            assert!(known.iter().any(|text| said.contains(text)), "{method} {params}: {said}");
            assert_eq!(said, answer(&later.ines, method, missing), "{method}");
        }
        assert_eq!(later.bench.get("crm.contact.get", json!({"id": later.foreign})), before);
        // In a batch as well; and what is one's own can be linked in every way.
        let company = add(&later.ines, "company", json!({"TITLE": "x"}));
        let cmd = json!({"a": format!("crm.company.contact.add?id={company}&fields[CONTACT_ID]={}", later.foreign)});
        let batch = later.ines.get("batch", json!({"cmd": cmd}));
        assert_eq!(batch["result_error"]["a"]["error_description"], "Not found.");
        let other = add(&later.ines, "contact", json!({"NAME": "x"}));
        for (method, params) in ways(&later, other) {
            later.ines.get(method, params);
        }
    }
}

#[test]
fn a_company_links_contacts_that_its_maker_may_change() {
    for scene in scenes(Level::All, Level::Own) {
        let Scene { bench, ines, foreign, own } = &scene;
        let contact = |id: i64| bench.get("crm.contact.get", json!({"id": id}));
        let before = contact(*foreign);
        // To read it is enough for the link of a deal or lead, which does not change it.
        for (method, params) in ways(&scene, *foreign) {
            let said = answer(ines, method, params.clone());
            let of_company = method.starts_with("crm.company") || params["entityTypeId"] == 4;
            assert_eq!(
                said.to_lowercase().contains("access denied"),
                of_company,
                "{method} {params}: {said}"
            );
        }
        assert_eq!(contact(*foreign), before);
        // Nor does a company let go of one.
        let company = add(ines, "company", json!({"TITLE": "x", "CONTACT_ID": [own]}));
        bench.get("crm.company.contact.add", update(company, &json!({"CONTACT_ID": foreign})));
        let denied = (400, "ACCESS_DENIED".to_owned(), "Access denied!".to_owned());
        let one = update(company, &json!({"CONTACT_ID": foreign}));
        assert_eq!(ines.refused("crm.company.contact.delete", one), denied);
        assert_eq!(ines.refused("crm.company.contact.items.delete", json!({"id": company})), denied);
        let items = json!({"id": company, "items": [{"CONTACT_ID": own}]});
        assert_eq!(ines.refused("crm.company.contact.items.set", items), denied);
        assert_eq!(contact(*foreign)["COMPANY_ID"], company.to_string());
        // What is linked already stays so without a question.
        let both = json!({"id": company, "items": [{"CONTACT_ID": foreign}, {"CONTACT_ID": own}]});
        assert_eq!(ines.get("crm.company.contact.items.set", both), true);
    }
}

#[test]
fn a_contact_whose_company_changes_was_changed() {
    for scene in scenes(Level::Own, Level::Own) {
        let later = scene.ines.at(NOW + 60);
        let company = add(&later, "company", json!({"TITLE": "x", "CONTACT_ID": [scene.own]}));
        let contact = later.get("crm.contact.get", json!({"id": scene.own}));
        assert_eq!(contact["COMPANY_ID"], company.to_string());
        assert_eq!(contact["DATE_MODIFY"], "2026-06-01T12:01:00+00:00");
        assert_eq!(contact["MODIFY_BY_ID"], scene.ines.user.to_string());
        // A further company that leaves the main one does not.
        let last = scene.ines.at(NOW + 120);
        add(&last, "company", json!({"TITLE": "y", "CONTACT_ID": [scene.own]}));
        let contact = later.get("crm.contact.get", json!({"id": scene.own}));
        assert_eq!(contact["DATE_MODIFY"], "2026-06-01T12:01:00+00:00");
    }
}

#[test]
fn companies_and_leads_are_linked_within_reach() {
    for scene in scenes(Level::Own, Level::Own) {
        let Scene { bench, ines, own, .. } = &scene;
        let [company, lead] = ["company", "lead"].map(|entity| add(bench, entity, json!({"TITLE": "x"})));
        let deal = add(ines, "deal", json!({"TITLE": "x"}));
        let ways = |company: i64, lead: i64| {
            let one = json!({"COMPANY_ID": company});
            [
                ("crm.contact.company.add", update(*own, &one)),
                ("crm.contact.company.items.set", json!({"id": own, "items": [one]})),
                ("crm.contact.add", json!({"fields": one})),
                ("crm.contact.update", update(*own, &json!({"COMPANY_IDS": [company]}))),
                ("crm.deal.add", json!({"fields": one})),
                ("crm.deal.update", update(deal, &one)),
                ("crm.lead.add", json!({"fields": one})),
                ("crm.item.add", json!({"entityTypeId": 2, "fields": {"companyId": company}})),
                ("crm.item.add", json!({"entityTypeId": 2, "fields": {"leadId": lead}})),
                ("crm.item.update", json!({"entityTypeId": 3, "id": own, "fields": {"leadId": lead}})),
            ]
        };
        for ((method, params), (_, missing)) in ways(company, lead).into_iter().zip(ways(MISSING, MISSING)) {
            let said = answer(ines, method, params.clone());
            let known = ["Not found.", "CRM_FIELD_ERROR_VALUE_NOT_VALID"];
            assert!(known.iter().any(|text| said.contains(text)), "{method} {params}: {said}");
            assert_eq!(said, answer(ines, method, missing), "{method}");
        }
        let (mine, lead) =
            (add(ines, "company", json!({"TITLE": "x"})), add(ines, "lead", json!({"TITLE": "x"})));
        for (method, params) in ways(mine, lead) {
            ines.get(method, params);
        }
        // What somebody else linked may be said again, and be taken off.
        bench.get("crm.deal.update", update(deal, &json!({"COMPANY_ID": company})));
        ines.get("crm.deal.update", update(deal, &json!({"COMPANY_ID": company, "TITLE": "y"})));
        ines.get("crm.deal.update", update(deal, &json!({"COMPANY_ID": ""})));
    }
}

#[test]
fn nobody_gives_an_item_out_of_the_own_reach() {
    for scene in scenes(Level::Own, Level::Own) {
        let Scene { bench, ines, own, .. } = &scene;
        let denied = (400, String::new(), "Access denied.".to_owned());
        let away = json!({"ASSIGNED_BY_ID": 1});
        assert_eq!(ines.refused("crm.contact.update", update(*own, &away)), denied);
        let item = json!({"entityTypeId": 3, "id": own, "fields": {"assignedById": 1}});
        assert_eq!(ines.refused("crm.item.update", item).1, "ACCESS_DENIED");
        // Nobody responsible is no way around it: it leaves who is.
        for nobody in [json!(""), json!(0), json!(null), json!(-1)] {
            ines.get("crm.contact.update", update(*own, &json!({"ASSIGNED_BY_ID": nobody})));
            let contact = ines.get("crm.contact.get", json!({"id": own}));
            assert_eq!(contact["ASSIGNED_BY_ID"], ines.user.to_string());
        }
        // Whose role reaches everybody's may.
        bench.write(|tx| {
            let role = roles::find(tx, "Manager")?.expect("a new portal has this role");
            roles::allow(tx, role, "CONTACT", Act::Update, Level::All)?;
            Meta::outdate(tx)
        });
        assert_eq!(ines.get("crm.contact.update", update(*own, &away)), true);
    }
}

#[test]
fn a_list_names_what_is_there_and_not_too_much() {
    for portal in portals("crm") {
        let (missing, contact) =
            ((400, String::new(), "Not found.".to_owned()), add(&portal, "contact", json!({})));
        for (method, fields) in [
            ("crm.deal.add", json!({"CONTACT_IDS": [MISSING]})),
            ("crm.deal.add", json!({"CONTACT_IDS": [contact, MISSING]})),
            ("crm.lead.add", json!({"CONTACT_IDS": [MISSING]})),
            ("crm.contact.add", json!({"COMPANY_IDS": [MISSING]})),
            ("crm.company.add", json!({"CONTACT_ID": [MISSING]})),
        ] {
            assert_eq!(portal.refused(method, json!({"fields": fields})), missing, "{method}");
        }
        let item =
            portal.refused("crm.item.add", json!({"entityTypeId": 2, "fields": {"contactIds": [MISSING]}}));
        let words = "Invalid value for field \"Contacts\"".to_owned();
        assert_eq!(item, (400, "CRM_FIELD_ERROR_VALUE_NOT_VALID".into(), words));
        let many: Vec<i64> = (1..=501).collect();
        let deal = add(&portal, "deal", json!({"CONTACT_IDS": [contact]}));
        for (method, params) in [
            ("crm.deal.add", json!({"fields": {"CONTACT_IDS": many}})),
            ("crm.deal.update", update(deal, &json!({"CONTACT_IDS": many}))),
            ("crm.item.add", json!({"entityTypeId": 4, "fields": {"contactIds": many}})),
        ] {
            assert_eq!(portal.refused(method, params).2, "Too many links.", "{method}");
        }
        assert_eq!(portal.get("crm.deal.list", json!({"select": ["ID"]})), json!([{"ID": deal.to_string()}]));
        // Who may read everything may name one that is not there in a column, as on the real system: it is kept.
        for (entity, field) in [
            ("deal", "COMPANY_ID"),
            ("lead", "COMPANY_ID"),
            ("contact", "COMPANY_ID"),
            ("deal", "CONTACT_ID"),
        ] {
            let id = add(&portal, entity, Value::from_iter([(field, MISSING)]));
            let shown = portal.get(&format!("crm.{entity}.get"), json!({"id": id}));
            assert_eq!(shown[field], MISSING.to_string(), "{entity} {field}");
        }
    }
}

#[test]
fn an_item_remembers_the_lead_and_the_quote_it_was_made_from() {
    for portal in portals("crm") {
        let lead = add(&portal, "lead", json!({}));
        for (entity, name) in [(2, "deal"), (3, "contact"), (4, "company")] {
            let fields = json!({"leadId": lead, "quoteId": 7});
            let made = portal.get("crm.item.add", json!({"entityTypeId": entity, "fields": fields}));
            let id = made["item"]["id"].clone();
            assert_eq!(made["item"]["leadId"], lead, "{name}");
            let legacy = portal.get(&format!("crm.{name}.get"), json!({"id": id}));
            assert_eq!(legacy["LEAD_ID"], lead.to_string());
            if entity == 2 {
                assert_eq!((&made["item"]["quoteId"], &legacy["QUOTE_ID"]), (&json!(7), &json!("7")));
            }
            let other = add(&portal, "lead", json!({}));
            let change = json!({"entityTypeId": entity, "id": id, "fields": {"leadId": other}});
            assert_eq!(portal.get("crm.item.update", change)["item"]["leadId"], other);
            // The legacy methods describe it as read-only, and leave it.
            let ignored = json!({"id": id, "fields": {"LEAD_ID": lead, "QUOTE_ID": 9}});
            portal.get(&format!("crm.{name}.update"), ignored);
            assert_eq!(
                portal.get(&format!("crm.{name}.get"), json!({"id": id}))["LEAD_ID"],
                other.to_string()
            );
            let fields = portal.get("crm.item.fields", json!({"entityTypeId": entity}))["fields"].clone();
            assert_eq!(fields["leadId"]["isReadOnly"], false);
            assert_eq!(portal.get(&format!("crm.{name}.fields"), json!({}))["LEAD_ID"]["isReadOnly"], true);
        }
    }
}

#[test]
fn a_pipeline_that_is_not_there_is_refused() {
    for portal in portals("crm") {
        let legacy = (400, String::new(), "Invalid value for the \"Pipeline\" field".to_owned());
        let item = |id: Value| {
            let words = "Invalid value for field \"Pipeline\"".to_owned();
            let expected = (400, "CRM_FIELD_ERROR_VALUE_NOT_VALID".to_owned(), words);
            let add = json!({"entityTypeId": 2, "fields": {"categoryId": id}});
            assert_eq!(portal.refused("crm.item.add", add), expected, "{id}");
        };
        // One of another entity is none of deals'.
        portal.write(|tx| {
            let sql = "INSERT INTO crm_category (id, entity_type_id, name, sort, is_default, created, origin_id, originator_id) \
                       VALUES (70, 3, 'x', 1, 'N', 0, '', '')";
            tx.execute(sql, &[])?;
            Meta::outdate(tx)
        });
        for id in [json!(7777), json!("7777"), json!(70)] {
            let add = json!({"fields": {"TITLE": "x", "CATEGORY_ID": id}});
            assert_eq!(portal.refused("crm.deal.add", add), legacy, "{id}");
            item(id);
        }
        let deal = add(&portal, "deal", json!({"TITLE": "x", "CATEGORY_ID": 0}));
        let moved = json!({"entityTypeId": 2, "id": deal, "fields": {"categoryId": 7777}});
        assert_eq!(portal.refused("crm.item.update", moved).1, "CRM_FIELD_ERROR_VALUE_NOT_VALID");
        // A stage of a pipeline that is not there names none.
        let strange = add(&portal, "deal", json!({"TITLE": "x", "STAGE_ID": "C7777:NEW"}));
        let strange = portal.get("crm.deal.get", json!({"id": strange}));
        assert_eq!((&strange["CATEGORY_ID"], &strange["STAGE_ID"]), (&json!("0"), &json!("NEW")));
    }
}

#[test]
fn the_right_to_add_is_asked_for_before_files_are_read() {
    for portal in portals("crm") {
        let field = json!({"FIELD_NAME": "SCANS", "USER_TYPE_ID": "file", "MULTIPLE": "Y"});
        portal.get("crm.lead.userfield.add", json!({"fields": field}));
        let ines = portal.employee("ines@example.com", "crm");
        portal.write(|tx| {
            let role = roles::find(tx, "Manager")?.expect("a new portal has this role");
            roles::allow(tx, role, "LEAD", Act::Add, Level::None)?;
            Meta::outdate(tx)
        });
        let scans: Vec<Value> = (0..101).map(|at| json!([format!("{at}.txt"), "aGk="])).collect();
        let params = json!({"fields": {"TITLE": "x", "UF_CRM_SCANS": scans}});
        assert_eq!(portal.refused("crm.lead.add", params.clone()).2, "Disk resource exhausted");
        assert_eq!(ines.refused("crm.lead.add", params).2, "Access denied.");
    }
}
