//! Invoices of the older kind: `crm.invoice.*`.

use portal::access::{Act, Level};
use serde_json::{Value, json};
use testportal::{Bench, Hook, NOW, input, portals};

fn company(hook: &Hook) -> Value {
    let phone = json!([{"VALUE": "+4930111", "VALUE_TYPE": "WORK"}]);
    hook.get("crm.company.add", json!({"fields": {"TITLE": "Berg & Co", "PHONE": phone}}))
}

fn fields(company: &Value, rows: Value) -> Value {
    let mut given =
        json!({"ORDER_TOPIC": "Desks", "PERSON_TYPE_ID": 2, "PAY_SYSTEM_ID": 1, "UF_COMPANY_ID": company});
    given["PRODUCT_ROWS"] = rows;
    given
}

fn rows() -> Value {
    json!([
        {"ID": 0, "PRODUCT_NAME": "Desk", "QUANTITY": 3, "PRICE": "33.33", "VAT_RATE": 0.2, "VAT_INCLUDED": "N"},
        {"ID": 0, "PRODUCT_NAME": "Lamp", "QUANTITY": 1, "PRICE": 119, "VAT_RATE": 0.19},
        {"ID": 0, "PRODUCT_NAME": "Delivery", "PRICE": 10},
    ])
}

fn add(hook: &Hook, fields: Value) -> Value {
    hook.get("crm.invoice.add", Value::from_iter([("fields", fields)]))
}

fn get(hook: &Hook, id: &Value) -> Value {
    hook.get("crm.invoice.get", json!({"id": id}))
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value == ""
}

fn update(hook: &Hook, id: &Value, fields: Value) {
    let answer = hook.get("crm.invoice.update", Value::from_iter([("id", id.clone()), ("fields", fields)]));
    assert_eq!(&answer, id);
}

#[test]
fn an_invoice_has_a_number_sums_rows_and_a_payer() {
    for portal in portals("crm") {
        let company = company(&portal);
        let contact =
            portal.get("crm.contact.add", json!({"fields": {"NAME": "Clara", "LAST_NAME": "Voss"}}));
        let mut given = fields(&company, rows());
        given["UF_CONTACT_ID"] = contact;
        given["INVOICE_PROPERTIES"] = json!({"INN": "7717586110", "PHONE": "+4940222", "NONSENSE": "x"});
        let id = add(&portal, given);
        let invoice = get(&portal, &id);
        // 3 x 33.33 + 20 %, 119 with 19 % in it, 10
        for (name, value) in [
            ("ACCOUNT_NUMBER", json!(id.to_string())),
            ("PRICE", json!("248.99")),
            ("TAX_VALUE", json!("39.00")),
            ("CURRENCY", json!("USD")),
            ("STATUS_ID", json!("N")),
            ("PAYED", json!("N")),
            ("LID", json!("s1")),
            ("DATE_BILL", json!("2026-06-01T03:00:00+03:00")),
            ("RESPONSIBLE_ID", json!("1")),
            ("RESPONSIBLE_LAST_NAME", json!("Berg")),
            ("RESPONSIBLE_EMAIL", json!("admin@localhost")),
            ("UF_COMPANY_ID", json!(company.to_string())),
            ("IS_RECURRING", json!("N")),
        ] {
            if name == "DATE_BILL" {
                assert!(invoice[name].as_str().unwrap().starts_with("2026-06-01"), "{name}: {invoice}");
            } else {
                assert_eq!(invoice[name], value, "{name}");
            }
        }
        let payer = &invoice["INVOICE_PROPERTIES"];
        for (name, value) in [
            ("COMPANY", "Berg & Co"),
            ("CONTACT_PERSON", "Clara Voss"),
            ("INN", "7717586110"),
            ("PHONE", "+4940222"),
            ("KPP", ""),
        ] {
            assert_eq!(payer[name], value, "{name}");
        }
        assert_eq!(payer.get("NONSENSE"), None);
        let shown = invoice["PRODUCT_ROWS"].as_array().unwrap();
        assert_eq!(shown.len(), 3);
        assert_eq!((&shown[0]["PRODUCT_NAME"], &shown[0]["VAT_INCLUDED"]), (&json!("Desk"), &json!("N")));
        assert_eq!((&shown[1]["QUANTITY"], &shown[1]["VAT_RATE"]), (&json!("1.0000"), &json!("0.1900")));
        // A row that is named keeps its place, one that is not goes.
        let kept = json!([{"ID": shown[1]["ID"], "PRODUCT_NAME": "Lamp", "QUANTITY": 2, "PRICE": 5}]);
        update(&portal, &id, json!({"PRODUCT_ROWS": kept}));
        let invoice = get(&portal, &id);
        assert_eq!((&invoice["PRICE"], &invoice["TAX_VALUE"]), (&json!("10.00"), &json!("0.00")));
        assert_eq!(invoice["PRODUCT_ROWS"].as_array().unwrap().len(), 1);
        assert_eq!(invoice["PRODUCT_ROWS"][0]["ID"], shown[1]["ID"]);
        update(&portal, &id, json!({"USER_DESCRIPTION": "Thank you"}));
        assert_eq!(get(&portal, &id)["PRICE"], "10.00", "rows that are not given stay");
        assert_eq!(portal.get("crm.invoice.delete", json!({"id": id})), true);
        assert_eq!(portal.refused("crm.invoice.get", json!({"id": id})).2, "Not found");
        let left =
            portal.read(|tx| Ok(tx.one("SELECT COUNT(*) FROM crm_invoice_row", &[], |row| row.int(0))?));
        assert_eq!(left, Some(0));
    }
}

#[test]
fn what_an_invoice_needs_is_required_and_numbers_are_unique() {
    for portal in portals("crm") {
        let company = company(&portal);
        for (name, text) in [
            ("ORDER_TOPIC", "The field ORDER_TOPIC is required."),
            ("PERSON_TYPE_ID", "The field PERSON_TYPE_ID is required."),
            ("PAY_SYSTEM_ID", "The field PAY_SYSTEM_ID is required."),
            ("UF_COMPANY_ID", "The field UF_COMPANY_ID or UF_CONTACT_ID is required."),
            ("PRODUCT_ROWS", "The field PRODUCT_ROWS is required."),
        ] {
            let mut given = fields(&company, rows());
            given.as_object_mut().unwrap().remove(name);
            let refused = portal.refused("crm.invoice.add", Value::from_iter([("fields", given)]));
            assert_eq!(refused, (400, String::new(), text.to_owned()));
        }
        let unnamed = json!({"fields": fields(&company, json!([{"PRICE": 5}]))});
        assert_eq!(portal.refused("crm.invoice.add", unnamed).2, "The field PRODUCT_NAME is required.");
        assert_eq!(
            portal.get("crm.invoice.list", json!({})),
            json!([]),
            "nothing of a refused invoice stays"
        );
        let mut numbered = fields(&company, rows());
        numbered["ACCOUNT_NUMBER"] = json!("2026/7");
        let first = add(&portal, numbered.clone());
        let again = portal.refused("crm.invoice.add", json!({"fields": numbered}));
        assert_eq!(again.2, "There is an invoice with this number already.");
        let next = (first.as_i64().unwrap() + 1).to_string();
        update(&portal, &first, json!({"ACCOUNT_NUMBER": next}));
        let second = add(&portal, fields(&company, rows()));
        assert_eq!(get(&portal, &second)["ACCOUNT_NUMBER"], format!("{next}-1"), "{next} is taken");
        let taken = json!({"id": second, "fields": {"ACCOUNT_NUMBER": next}});
        assert_eq!(
            portal.refused("crm.invoice.update", taken).2,
            "There is an invoice with this number already."
        );
        update(&portal, &first, json!({"ACCOUNT_NUMBER": next, "COMMENTS": "same"}));
        let emptied = json!({"id": first, "fields": {"ORDER_TOPIC": ""}});
        assert_eq!(portal.refused("crm.invoice.update", emptied).2, "The field ORDER_TOPIC is required.");
    }
}

#[test]
fn a_status_says_what_is_paid_and_declined_and_history_and_events_follow() {
    for portal in portals("crm") {
        let listening = portal.told(input(&[
            "ONCRMINVOICEADD",
            "ONCRMINVOICEUPDATE",
            "ONCRMINVOICEDELETE",
            "ONCRMINVOICESETSTATUS",
        ]));
        let company = company(&portal);
        let id = add(&portal, fields(&company, rows()));
        let paid = json!({"STATUS_ID": "P", "PAY_VOUCHER_NUM": "876", "PAY_VOUCHER_DATE": "2026-06-01"});
        update(&portal, &id, paid);
        let invoice = get(&portal, &id);
        assert_eq!((&invoice["PAYED"], &invoice["EMP_PAYED_ID"]), (&json!("Y"), &json!("1")));
        assert!(
            invoice["DATE_PAYED"].as_str().is_some_and(|date| date.starts_with("2026-06-01")),
            "{invoice}"
        );
        assert_eq!(invoice["PAY_VOUCHER_NUM"], "876");
        let later = portal.at(NOW + 86_400);
        later.get(
            "crm.invoice.update",
            json!({"id": id, "fields": {"STATUS_ID": "D", "REASON_MARKED": "Too late"}}),
        );
        let invoice = get(&portal, &id);
        assert_eq!(invoice["PAYED"], "N");
        assert!(is_empty(&invoice["PAY_VOUCHER_NUM"]), "{invoice}");
        assert!(invoice["DATE_MARKED"].as_str().unwrap().starts_with("2026-06-02"), "{invoice}");
        assert_eq!(invoice["REASON_MARKED"], "Too late");
        update(&portal, &id, json!({"STATUS_ID": "S"}));
        let invoice = get(&portal, &id);
        assert!(is_empty(&invoice["REASON_MARKED"]) && is_empty(&invoice["DATE_MARKED"]), "{invoice}");
        let history = json!({"entityTypeId": 5, "filter": {"OWNER_ID": id}, "order": {"ID": "ASC"}});
        let items = portal.get("crm.stagehistory.list", history)["items"].clone();
        let moves: Vec<_> = items
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (row["STATUS_ID"].clone(), row["TYPE_ID"].clone()))
            .collect();
        assert_eq!(
            moves,
            [(json!("N"), json!(1)), (json!("P"), json!(3)), (json!("D"), json!(3)), (json!("S"), json!(2))]
        );
        portal.get("crm.invoice.delete", json!({"id": id}));
        let raised: Vec<_> = portal
            .raised(listening)
            .into_iter()
            .map(|(event, data)| {
                assert_eq!(data["FIELDS"]["ID"], id.to_string());
                event
            })
            .collect();
        let [set, changed] = ["ONCRMINVOICESETSTATUS", "ONCRMINVOICEUPDATE"];
        assert_eq!(
            raised,
            ["ONCRMINVOICEADD", set, changed, set, changed, set, changed, "ONCRMINVOICEDELETE"]
        );
    }
}

#[test]
fn payer_types_and_payment_methods_are_there_to_be_named() {
    for portal in portals("crm") {
        let otto = portal.employee("otto@example.com", "crm");
        let types = otto.get("crm.persontype.list", json!({"order": {"ID": "ASC"}}));
        assert_eq!(types, json!([{"ID": "1", "NAME": "CRM_CONTACT"}, {"ID": "2", "NAME": "CRM_COMPANY"}]));
        let methods = otto.get("crm.paysystem.list", json!({"filter": {"PERSON_TYPE_ID": 2}}));
        assert_eq!(methods.as_array().unwrap().len(), 1);
        assert_eq!((&methods[0]["NAME"], &methods[0]["ACTIVE"]), (&json!("Bank transfer"), &json!("Y")));
        assert_eq!(otto.get("crm.paysystem.fields", json!({}))["PERSON_TYPE_ID"]["type"], "integer");
    }
}

#[test]
fn statuses_are_entries_of_a_dictionary_of_their_own() {
    for portal in portals("crm") {
        let all = portal.get("crm.invoice.status.list", json!({}));
        let codes: Vec<_> =
            all.as_array().unwrap().iter().map(|status| status["STATUS_ID"].clone()).collect();
        assert_eq!(codes, ["N", "S", "A", "P", "D"]);
        let id = portal.get("crm.invoice.status.add", json!({"fields": {"NAME": "Reminded", "SORT": 115}}));
        let added = portal.get("crm.invoice.status.get", json!({"id": id}));
        assert_eq!((&added["ENTITY_ID"], &added["NAME"]), (&json!("INVOICE_STATUS"), &json!("Reminded")));
        let company = company(&portal);
        let mut given = fields(&company, rows());
        given["STATUS_ID"] = added["STATUS_ID"].clone();
        let invoice = add(&portal, given);
        assert_eq!(get(&portal, &invoice)["STATUS_ID"], added["STATUS_ID"]);
        portal.get("crm.invoice.status.update", json!({"id": id, "fields": {"NAME": "Reminded twice"}}));
        assert_eq!(portal.get("crm.status.get", json!({"id": id}))["NAME"], "Reminded twice");
        let used = portal.refused("crm.invoice.status.delete", json!({"id": id}));
        assert_eq!(used.2, "There are active items in this status.");
        let lead = portal.get("crm.status.list", json!({"filter": {"ENTITY_ID": "STATUS"}}))[0]["ID"].clone();
        assert_eq!(portal.refused("crm.invoice.status.get", json!({"id": lead})).2, "Status is not found.");
        portal.get("crm.invoice.delete", json!({"id": invoice}));
        assert_eq!(portal.get("crm.invoice.status.delete", json!({"id": id})), true);
    }
}

#[test]
fn roles_say_whose_invoices_somebody_sees_and_writes() {
    for portal in portals("crm") {
        let otto = portal.employee("otto@example.com", "crm");
        let company = company(&portal);
        let theirs = add(&portal, fields(&company, rows()));
        let mut given = fields(&company, rows());
        given["RESPONSIBLE_ID"] = json!(otto.user);
        let own = add(&portal, given);
        let ids = |hook: &Hook, filter: Value| -> Vec<Value> {
            let page = hook.page("crm.invoice.list", json!({"filter": filter, "select": ["ID"]})).unwrap();
            let ids: Vec<Value> =
                page.result.as_array().unwrap().iter().map(|row| row["ID"].clone()).collect();
            assert_eq!(page.total, Some(ids.len() as i64));
            ids
        };
        assert_eq!(ids(&otto, json!({})), [json!(own.to_string())]);
        assert_eq!(ids(&otto, json!({"ID": theirs})), Vec::<Value>::new());
        assert_eq!(otto.refused("crm.invoice.get", json!({"id": theirs})).2, "Access denied.");
        let change = json!({"id": theirs, "fields": {"COMMENTS": "x"}});
        assert_eq!(otto.refused("crm.invoice.update", change).2, "Access denied.");
        assert_eq!(otto.refused("crm.invoice.delete", json!({"id": theirs})).2, "Access denied.");
        // Whoever may add but not change writes the rows of a new one.
        crate::roles::everybody_may(&portal, "INVOICE", &[Act::Update], Level::None);
        let contact = otto.get("crm.contact.add", json!({"fields": {"NAME": "Clara"}}));
        let given = json!({
            "ORDER_TOPIC": "x", "PERSON_TYPE_ID": 1, "PAY_SYSTEM_ID": 1, "UF_CONTACT_ID": contact, "PRODUCT_ROWS": rows(),
        });
        let added = add(&otto, given);
        assert_eq!(get(&otto, &added)["INVOICE_PROPERTIES"]["FIO"], "Clara");
        assert_eq!(
            otto.refused("crm.invoice.update", json!({"id": added, "fields": {}})).2,
            "Access denied."
        );
        crate::roles::everybody_may(&portal, "INVOICE", &Act::ALL, Level::None);
        assert_eq!(ids(&otto, json!({})), Vec::<Value>::new());
        assert_eq!(
            otto.refused("crm.invoice.add", json!({"fields": fields(&company, rows())})).2,
            "Access denied."
        );
    }
}

#[test]
fn universal_methods_do_not_know_them_and_requisites_do() {
    for portal in portals("crm") {
        let company = company(&portal);
        let id = add(&portal, fields(&company, rows()));
        for (method, params) in [
            ("crm.item.get", json!({"entityTypeId": 5, "id": id})),
            ("crm.item.list", json!({"entityTypeId": 5})),
            ("crm.item.add", json!({"entityTypeId": 5, "fields": {}})),
            ("crm.item.fields", json!({"entityTypeId": 5})),
        ] {
            assert_eq!(portal.refused(method, params).1, "ENTITY_TYPE_NOT_SUPPORTED", "{method}");
        }
        let requisite = json!({"ENTITY_TYPE_ID": 4, "ENTITY_ID": company, "PRESET_ID": 1, "NAME": "x"});
        let requisite = portal.get("crm.requisite.add", json!({"fields": requisite}));
        let link = json!({
            "ENTITY_TYPE_ID": 5, "ENTITY_ID": id, "REQUISITE_ID": requisite, "BANK_DETAIL_ID": 0, "MC_REQUISITE_ID": 0,
            "MC_BANK_DETAIL_ID": 0,
        });
        assert_eq!(portal.get("crm.requisite.link.register", json!({"fields": link})), true);
        let of = json!({"entityTypeId": 5, "entityId": id});
        assert_eq!(portal.get("crm.requisite.link.get", of)["REQUISITE_ID"], requisite.to_string());
        let own = json!({"fields": {"FIELD_NAME": "ROOM", "USER_TYPE_ID": "string"}});
        portal.get("crm.invoice.userfield.add", own);
        update(&portal, &id, json!({"UF_CRM_ROOM": "7a"}));
        assert_eq!(get(&portal, &id)["UF_CRM_ROOM"], "7a");
        assert_eq!(portal.get("crm.invoice.fields", json!({}))["UF_CRM_ROOM"]["type"], "string");
    }
}

fn template(portal: &Bench) -> Value {
    let mut given = fields(&company(portal), rows());
    given["IS_RECURRING"] = json!("Y");
    given["STATUS_ID"] = json!("S");
    given["INVOICE_PROPERTIES"] = json!({"INN": "123"});
    add(portal, given)
}

#[test]
fn invoices_are_made_of_a_template() {
    for portal in portals("crm") {
        let plain = add(&portal, fields(&company(&portal), rows()));
        let refused = portal.refused("crm.invoice.recurring.add", json!({"fields": {"INVOICE_ID": plain}}));
        assert_eq!(refused.2, "Invoice is not a template of recurring invoices.");
        let template = template(&portal);
        let settings = json!({
            "INVOICE_ID": template, "START_DATE": "2026-06-10", "IS_LIMIT": "T", "LIMIT_REPEAT": 2,
            "PARAMS": {"PERIOD": "month", "TYPE": 1, "NUM_DAY_IN_MONTH": 15, "DATE_PAY_BEFORE_OFFSET_TYPE": "day", "DATE_PAY_BEFORE_OFFSET_VALUE": 14},
        });
        let id = portal.get("crm.invoice.recurring.add", json!({"fields": settings}));
        let again = portal.refused("crm.invoice.recurring.add", json!({"fields": settings}));
        assert_eq!(again.2, "Invoice already has recurring settings.");
        let set = |name: &str| portal.get("crm.invoice.recurring.get", json!({"id": id}))[name].clone();
        assert!(
            set("NEXT_EXECUTION").as_str().unwrap().starts_with("2026-06-15"),
            "{}",
            set("NEXT_EXECUTION")
        );
        let june = portal.at(NOW + 14 * 86_400);
        let made = june.get("crm.invoice.recurring.expose", json!({"id": id}))["INVOICE_ID"].clone();
        let made = get(&portal, &made);
        assert_eq!((&made["STATUS_ID"], &made["IS_RECURRING"]), (&json!("N"), &json!("N")));
        assert_eq!((&made["PRICE"], &made["INVOICE_PROPERTIES"]["INN"]), (&json!("248.99"), &json!("123")));
        assert!(made["DATE_BILL"].as_str().unwrap().starts_with("2026-06-15"), "{made}");
        assert!(made["DATE_PAY_BEFORE"].as_str().unwrap().starts_with("2026-06-29"), "{made}");
        assert_eq!(made["PRODUCT_ROWS"].as_array().unwrap().len(), 3);
        assert_eq!(get(&portal, &template)["PRODUCT_ROWS"].as_array().unwrap().len(), 3);
        assert!(set("NEXT_EXECUTION").as_str().unwrap().starts_with("2026-07-15"));
        june.get("crm.invoice.recurring.expose", json!({"id": id}));
        assert_eq!((set("ACTIVE"), set("NEXT_EXECUTION")), (json!("N"), json!("")), "two were wanted");
        portal.get("crm.invoice.delete", json!({"id": template}));
        assert_eq!(
            portal.refused("crm.invoice.recurring.get", json!({"id": id})).2,
            "Recurring invoice is not found."
        );
    }
}

#[test]
fn an_invoice_has_a_page_for_whoever_has_its_link() {
    use portal::page;
    for portal in portals("crm,user") {
        let id = add(&portal, fields(&company(&portal), rows()));
        let ines = portal.employee("ines@example.com", "crm");
        let method = "crm.invoice.getexternallink";
        crate::roles::everybody_may(&portal, "INVOICE", &[Act::Read], Level::All);
        let link = ines.get(method, json!({"id": id})).as_str().unwrap().to_owned();
        let token = link.split_once("/rest/page/?token=").unwrap().1.replace("%7C", "|");
        let open = || page::open(portal.portal.core(), &token, portal::Moment(NOW * 1_000_000)).wait();
        let page = open().unwrap();
        let invoice = get(&portal, &id);
        assert_eq!(page.title, format!("Invoice {}", invoice["ACCOUNT_NUMBER"].as_str().unwrap()));
        let amount = format!(
            "Amount: {} {}",
            invoice["PRICE"].as_str().unwrap(),
            invoice["CURRENCY"].as_str().unwrap()
        );
        let unpaid = "No pay system is connected, so it cannot be paid here.";
        assert_eq!(page.lines, ["Desks", &amount, unpaid]);
        crate::roles::everybody_may(&portal, "INVOICE", &[Act::Read], Level::None);
        let missing = (400, String::new(), "Not found".to_owned());
        assert_eq!(ines.refused(method, json!({"id": id})), missing);
        assert_eq!(portal.refused(method, json!({"id": 9_999})), missing);
        portal.get("crm.invoice.delete", json!({"id": id}));
        assert_eq!(open().unwrap_err().into_fault().code, "ERROR_NOT_FOUND");
    }
}
