//! Quotes: what makes them differ from deals, in both spellings.

use portal::access::{Act, Level, roles};
use portal::meta::Meta;
use serde_json::{Value, json};
use store::Tx;
use testportal::{Bench, Hook, NOW, portals};

fn add(hook: &Hook, fields: Value) -> i64 {
    let given = Value::from_iter([("fields", fields)]);
    hook.get("crm.quote.add", given).as_i64().expect("an id")
}

fn get(hook: &Hook, id: i64) -> Value {
    hook.get("crm.quote.get", json!({"id": id}))
}

#[test]
fn a_new_quote_has_a_number_a_stage_and_dates() {
    for portal in portals("crm") {
        let own = portal.get("crm.company.add", json!({"fields": {"TITLE": "We", "IS_MY_COMPANY": "Y"}}));
        let id = add(&portal, json!({"TITLE": "Chairs", "QUOTE_NUMBER": "no", "STATUS_ID": "unknown"}));
        let quote = get(&portal, id);
        for (field, value) in [
            ("QUOTE_NUMBER", json!(id.to_string())),
            ("STATUS_ID", json!("DRAFT")),
            ("CLOSED", json!("N")),
            ("BEGINDATE", json!("2026-06-01T00:00:00+00:00")),
            ("CLOSEDATE", json!("2026-06-08T00:00:00+00:00")),
            ("ACTUAL_DATE", json!("2026-06-08T00:00:00+00:00")),
            ("MYCOMPANY_ID", json!(own.to_string())),
            ("ASSIGNED_BY_ID", json!("1")),
            ("OPENED", json!("Y")),
            ("OPPORTUNITY", json!("0.00")),
            ("CLIENT_TITLE", json!(null)),
        ] {
            assert_eq!(quote[field], value, "{field}");
        }
        // Items may be given a number of their own, and are called after their kind.
        let fields = json!({"quoteNumber": "Q-7", "stageId": "SENT", "terms": "30 days"});
        let item = portal.get("crm.item.add", json!({"entityTypeId": 7, "fields": fields}))["item"].clone();
        let title = format!("Quote #{}", item["id"]);
        for (field, value) in [
            ("title", json!(title)),
            ("quoteNumber", json!("Q-7")),
            ("stageId", json!("SENT")),
            ("terms", json!("30 days")),
            ("entityTypeId", json!(7)),
            ("commentsType", json!(2)),
            ("storageElementIds", json!([])),
        ] {
            assert_eq!(item[field], value, "{field}");
        }
    }
}

#[test]
fn a_stage_that_ends_a_quote_closes_it() {
    for portal in portals("crm") {
        let id = add(&portal, json!({"TITLE": "x"}));
        let go = |stage: &str| {
            portal.get("crm.quote.update", json!({"id": id, "fields": {"STATUS_ID": stage}}));
            get(&portal, id)["CLOSED"].clone()
        };
        assert_eq!(["SENT", "APPROVED", "DRAFT", "DECLAINED", "APOLOGY"].map(go), ["N", "Y", "N", "Y", "Y"]);
        let meaning = |row: &Value| (row["STATUS_ID"].clone(), row["EXTRA"]["SEMANTICS"].clone());
        let stages = portal.get("crm.status.list", json!({"filter": {"ENTITY_ID": "QUOTE_STATUS"}}));
        let stages: Vec<_> = stages.as_array().unwrap().iter().map(meaning).collect();
        let documented = [
            ("DRAFT", "process"),
            ("SENT", "process"),
            ("APPROVED", "success"),
            ("DECLAINED", "failure"),
            ("APOLOGY", "apology"),
        ];
        assert_eq!(stages, documented.map(|(code, meaning)| (json!(code), json!(meaning))));
        let kinds = portal.get("crm.status.entity.types", json!({}));
        let kind = kinds.as_array().unwrap().iter().find(|kind| kind["ID"] == "QUOTE_STATUS").unwrap();
        assert_eq!((&kind["ENTITY_TYPE_ID"], kind.get("CATEGORY_ID")), (&json!(7), None));
        // A stage in use stays.
        let apology = portal
            .get("crm.status.list", json!({"filter": {"STATUS_ID": "APOLOGY", "ENTITY_ID": "QUOTE_STATUS"}}));
        let refused = portal.refused("crm.status.delete", json!({"id": apology[0]["ID"]}));
        assert_eq!(refused.2, "There are active items in this status.");
        // No history is kept of them.
        let refused = portal.refused("crm.stagehistory.list", json!({"entityTypeId": 7}));
        assert_eq!(refused.1, "ENTITY_TYPE_NOT_SUPPORTED");
    }
}

#[test]
fn the_sum_of_a_quote_follows_its_rows() {
    for portal in portals("crm") {
        let id = add(&portal, json!({"TITLE": "x", "OPPORTUNITY": 5}));
        let rows = json!([{"PRODUCT_NAME": "Desk", "PRICE": 110, "QUANTITY": 2, "TAX_RATE": 10, "TAX_INCLUDED": "Y"}]);
        assert_eq!(portal.get("crm.quote.productrows.set", json!({"id": id, "rows": rows})), true);
        let quote = get(&portal, id);
        assert_eq!((&quote["OPPORTUNITY"], &quote["TAX_VALUE"]), (&json!("220.00"), &json!("20.00")));
        let row = json!({"ownerId": id, "ownerType": "Q", "productName": "Lamp", "price": 30});
        portal.get("crm.item.productrow.add", json!({"fields": row}));
        let item = portal.get("crm.item.get", json!({"entityTypeId": 7, "id": id}))["item"].clone();
        assert_eq!((&item["opportunity"], &item["isManualOpportunity"]), (&json!(250), &json!("N")));
        let older = portal.get("crm.quote.productrows.get", json!({"id": id}));
        assert_eq!((&older[0]["OWNER_TYPE"], older.as_array().map(Vec::len)), (&json!("Q"), Some(2)));
        portal.get("crm.quote.delete", json!({"id": id}));
        let filter = json!({"filter": {"=ownerType": "Q", "=ownerId": id}});
        assert_eq!(portal.get("crm.item.productrow.list", filter)["productRows"], json!([]));
    }
}

#[test]
fn a_quote_is_linked_and_goes_with_what_belongs_to_it() {
    for portal in portals("crm") {
        let new = |entity: &str| {
            portal.get(&format!("crm.{entity}.add"), json!({"fields": {"TITLE": "x", "NAME": "x"}}))
        };
        let (deal, lead, company) = (new("deal"), new("lead"), new("company"));
        let contacts = [new("contact"), new("contact")];
        let fields = json!({
            "TITLE": "x", "DEAL_ID": deal, "LEAD_ID": lead, "COMPANY_ID": company, "CONTACT_IDS": contacts,
        });
        let id = add(&portal, fields);
        let filter =
            json!({"filter": {"DEAL_ID": deal, "LEAD_ID": lead, "COMPANY_ID": company}, "select": ["ID"]});
        assert_eq!(portal.get("crm.quote.list", filter), json!([{"ID": id.to_string()}]));
        let listed = json!({"filter": {"CONTACT_ID": contacts[0]}, "select": ["ID", "CONTACT_IDS"]});
        assert_eq!(portal.get("crm.quote.list", listed)[0]["ID"], id.to_string());
        // A contact that goes leaves the next as the first.
        portal.get("crm.contact.delete", json!({"id": contacts[0]}));
        assert_eq!(get(&portal, id)["CONTACT_ID"], contacts[1].to_string());
        let field = json!({"FIELD_NAME": "PAPER", "USER_TYPE_ID": "file", "LABEL": "Paper"});
        portal.get("crm.quote.userfield.add", json!({"fields": field}));
        let file = json!({"UF_CRM_PAPER": {"fileData": ["a.txt", "aGVsbG8="]}});
        portal.get("crm.quote.update", json!({"id": id, "fields": file}));
        assert!(get(&portal, id)["UF_CRM_PAPER"]["id"].is_number());
        let note = json!({"ENTITY_ID": id, "ENTITY_TYPE": "quote", "COMMENT": "Sent"});
        portal.get("crm.timeline.comment.add", json!({"fields": note}));
        let todo = json!({"ownerTypeId": 7, "ownerId": id, "deadline": "2026-06-02T12:00:00+00:00"});
        portal.get("crm.activity.todo.add", todo);
        assert_eq!(portal.get("crm.quote.delete", json!({"id": id})), true);
        let left = |table: &'static str| {
            let sql = format!("SELECT COUNT(*) FROM {table}");
            portal.read(move |tx| Ok(tx.one(&sql, &[], |row| row.int(0))?))
        };
        for table in ["portal_file", "crm_activity", "crm_binding"] {
            assert_eq!(left(table), Some(0), "{table} on {}", portal.engine);
        }
    }
}

#[test]
fn refusals_are_those_of_quotes() {
    for portal in portals("crm") {
        let refused = |method: &str, params: Value| {
            let (_, code, text) = portal.refused(method, params);
            (code, text)
        };
        let is = |code: &str, text: &str| (code.to_owned(), text.to_owned());
        assert_eq!(refused("crm.quote.get", json!({"id": 9})), is("", "Not found"));
        let update = json!({"id": 9, "fields": {"TITLE": "x"}});
        assert_eq!(refused("crm.quote.update", update), is("", "Quote is not found"));
        assert_eq!(refused("crm.quote.delete", json!({"id": 9})), is("ERROR_CORE", "Element not found"));
        let rows = json!({"id": 9, "rows": []});
        assert_eq!(refused("crm.quote.productrows.set", rows), is("", "Not found"));
        assert_eq!(refused("crm.quote.contact.items.get", json!({"id": 9})).1, "Not found.");
    }
}

fn level(bench: &Bench, level: Level) {
    bench.write(move |tx| {
        let role = roles::find(tx, "Manager")?.expect("a new portal has this role");
        Act::ALL.iter().try_for_each(|act| roles::allow(tx, role, "QUOTE", *act, level))?;
        Meta::outdate(tx)
    });
}

#[test]
fn a_role_says_who_sees_quotes_and_hears_of_them() {
    for bench in portals("crm") {
        let ines = bench.employee("ines@example.com", "crm");
        let outbound =
            bench.both(ines.user, "crm", &["ONCRMQUOTEADD", "ONCRMQUOTEUPDATE", "ONCRMQUOTEDELETE"]);
        level(&bench, Level::Own);
        let (foreign, own) = (add(&bench, json!({"TITLE": "a"})), add(&ines, json!({"TITLE": "b"})));
        assert_eq!(ines.refused("crm.quote.get", json!({"id": foreign})).2, "Access denied.");
        let item = json!({"entityTypeId": 7, "id": foreign});
        assert_eq!(ines.refused("crm.item.get", item).1, "ACCESS_DENIED");
        let mine = ines.page("crm.quote.list", json!({"select": ["ID"]})).unwrap();
        assert_eq!((mine.result, mine.total), (json!([{"ID": own.to_string()}]), Some(1)));
        let given = json!({"id": own, "fields": {"ASSIGNED_BY_ID": 1}});
        assert_eq!(ines.refused("crm.quote.update", given).2, "Access denied.");
        for (verb, fields) in [("update", json!({"COMMENTS": "x"})), ("delete", json!({}))] {
            for id in [foreign, own] {
                bench.get(&format!("crm.quote.{verb}"), json!({"id": id, "fields": fields}));
            }
        }
        let heard = ["ADD", "UPDATE", "DELETE"]
            .map(|verb| (format!("ONCRMQUOTE{verb}"), json!({"FIELDS": {"ID": own.to_string()}})));

        assert_eq!(ines.raised(outbound), heard, "on {}", bench.engine);
        level(&bench, Level::None);
        assert_eq!(ines.refused("crm.quote.add", json!({"fields": {"TITLE": "x"}})).2, "Access denied.");
    }
}

#[test]
fn a_portal_of_before_gets_stages_and_rights() {
    for bench in portals("crm") {
        bench.write(|tx: &mut Tx<'_>| {
            for sql in [
                "DELETE FROM crm_status WHERE entity_id = 'QUOTE_STATUS'",
                "DELETE FROM crm_role_permission WHERE entity = 'QUOTE'",
                "DELETE FROM portal_state WHERE name = 'seed:crm.quote'",
            ] {
                tx.execute(sql, &[])?;
            }
            Ok(())
        });
        let bench = bench.reopened();
        let stages = bench.get("crm.status.entity.items", json!({"entityId": "QUOTE_STATUS"}));
        assert_eq!(stages.as_array().map(Vec::len), Some(5));
        let granted = |entity: &'static str| {
            bench.read(move |tx| {
                let mut rows = Vec::new();
                let sql = "SELECT role_id, act, level FROM crm_role_permission WHERE entity = ? ORDER BY role_id, act";
                tx.query(sql, &[entity.into()], |row| {
                    rows.push((row.int(0)?, row.text(1)?.to_owned(), row.text(2)?.to_owned()));
                    Ok(())
                })?;
                Ok(rows)
            })
        };
        assert!(!granted("DEAL").is_empty());
        assert_eq!(granted("QUOTE"), granted("DEAL"));
        let at = bench.at(NOW + 60);
        assert_eq!(get(&at, add(&at, json!({"TITLE": "x"})))["STATUS_ID"], "DRAFT");
    }
}
