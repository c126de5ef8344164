//! Every event that is declared, made to happen through the front door.

// What is skipped must be said in a test's output.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

use portal::Moment;
use portal::access::{Act, Level, roles};
use portal::meta::Meta;
use portal::modules;
use portal::user::session::{self, NewSession};
use portal::user::{self, NewUser};
use serde_json::{Value, json};
use testportal::{Bench, Hook, NOW, input, portals};

/// Makes an event happen once, and gives the data that it should have: all text, as a form has it.
type Recipe = Box<dyn Fn(&Hook) -> Value>;

/// How to make an event happen; `None` for an event that this test does not know.
fn recipe(event: &str) -> Option<Recipe> {
    match event {
        "ONCRMDEALMOVETOCATEGORY" => return Some(Box::new(move_deal)),
        "ONCRMDEALRECURRINGADD"
        | "ONCRMDEALRECURRINGUPDATE"
        | "ONCRMDEALRECURRINGDELETE"
        | "ONCRMDEALRECURRINGEXPOSE" => {
            let verb = event["ONCRMDEALRECURRING".len()..].to_owned();
            return Some(Box::new(move |portal| recurring(portal, &verb)));
        }
        "ONCRMINVOICERECURRINGADD"
        | "ONCRMINVOICERECURRINGUPDATE"
        | "ONCRMINVOICERECURRINGDELETE"
        | "ONCRMINVOICERECURRINGEXPOSE" => {
            let verb = event["ONCRMINVOICERECURRING".len()..].to_owned();
            return Some(Box::new(move |portal| recurring_invoice(portal, &verb)));
        }
        "ONCRMINVOICEADD" | "ONCRMINVOICEUPDATE" | "ONCRMINVOICEDELETE" | "ONCRMINVOICESETSTATUS" => {
            let verb = event["ONCRMINVOICE".len()..].to_owned();
            return Some(Box::new(move |portal| invoice(portal, &verb)));
        }
        "ONUSERADD" => return Some(Box::new(join)),
        "ONORDERENTITYSAVED"
        | "ONORDERDELETED"
        | "ONSALEORDERSAVED"
        | "ONSALEBEFOREORDERDELETE"
        | "ONPAYMENTENTITYSAVED"
        | "ONPAYMENTDELETED"
        | "ONSHIPMENTENTITYSAVED"
        | "ONSHIPMENTDELETED"
        | "ONPROPERTYVALUEENTITYSAVED"
        | "ONPROPERTYVALUEDELETED" => {
            let event = event.to_owned();
            return Some(Box::new(move |portal| store_order(portal, &event)));
        }
        _ => {}
    }
    if event.starts_with("ONEXTERNALCALL") || event.starts_with("ONVOXIMPLANTCALL") {
        let event = event.to_owned();
        return Some(Box::new(move |portal| phone_call(portal, &event)));
    }
    if let Some(verb) = event.strip_prefix("ONCALENDARENTRY").map(str::to_owned) {
        return Some(Box::new(move |portal| entry(portal, &verb)));
    }
    if let Some(verb) = event.strip_prefix("ONCALENDARSECTION").map(str::to_owned) {
        return Some(Box::new(move |portal| calendar(portal, &verb)));
    }
    if let Some(verb) = event.strip_prefix("ONLIVEFEEDPOST").map(str::to_owned) {
        return Some(Box::new(move |portal| feed_post(portal, &verb)));
    }
    if let Some(verb) = event.strip_prefix("ONSONETGROUP").map(str::to_owned) {
        return Some(Box::new(move |portal| workgroup(portal, &verb)));
    }
    if let Some(event) = event.strip_prefix("ONBOOKING").map(str::to_owned) {
        return Some(Box::new(move |portal| booking(portal, &event)));
    }
    if let Some(verb) = event.strip_prefix("ONTASKCOMMENT").map(str::to_owned) {
        return Some(Box::new(move |portal| task_comment(portal, &verb)));
    }
    if let Some(verb) = event.strip_prefix("ONTASK").map(str::to_owned) {
        return Some(Box::new(move |portal| task(portal, &verb)));
    }
    if let Some(verb) = event.strip_prefix("ONCRMCURRENCY").map(str::to_owned) {
        return Some(Box::new(move |portal| currency(portal, &verb)));
    }
    if let Some(verb) = event.strip_prefix("ONCRMDYNAMICITEM").map(str::to_owned) {
        return Some(Box::new(move |portal| smart_item(portal, &verb)));
    }
    if let Some(verb) = event.strip_prefix("ONCRMTYPEUSERFIELD").map(str::to_owned) {
        return Some(Box::new(move |portal| field_of_type(portal, &verb)));
    }
    if let Some(verb) = event.strip_prefix("ONCRMTYPE").map(str::to_owned) {
        return Some(Box::new(move |portal| smart_type(portal, &verb)));
    }
    if let Some(verb) = event.strip_prefix("ONCRMPRODUCTPROPERTY").map(str::to_owned) {
        return Some(Box::new(move |portal| row(portal, "crm.product.property", &verb)));
    }
    if let Some(verb) = event.strip_prefix("ONCRMPRODUCTSECTION").map(str::to_owned) {
        return Some(Box::new(move |portal| row(portal, "crm.productsection", &verb)));
    }
    if let Some(verb) = event.strip_prefix("ONCRMMEASURE").map(str::to_owned) {
        return Some(Box::new(move |portal| row(portal, "crm.measure", &verb)));
    }
    if let Some(verb) = event.strip_prefix("ONCRMPRODUCT").map(str::to_owned) {
        return Some(Box::new(move |portal| row(portal, "crm.product", &verb)));
    }
    if let Some(verb) = event.strip_prefix("ONCRMTIMELINECOMMENT").map(str::to_owned) {
        return Some(Box::new(move |portal| comment(portal, &verb)));
    }
    if let Some(verb) = event.strip_prefix("ONCRMACTIVITY").map(str::to_owned) {
        return Some(Box::new(move |portal| activity(portal, &verb)));
    }
    if let Some(verb) = event.strip_prefix("ONCRMDOCUMENTGENERATORDOCUMENT").map(str::to_owned) {
        return Some(Box::new(move |portal| document(portal, &verb)));
    }
    if let Some(verb) = event.strip_prefix("ONCRMBANKDETAIL").map(str::to_owned) {
        return Some(Box::new(move |portal| bank_detail(portal, &verb)));
    }
    if let Some(verb) = event.strip_prefix("ONCRMADDRESS").map(str::to_owned) {
        return Some(Box::new(move |portal| address(portal, &verb)));
    }
    let entities = ["lead", "deal", "contact", "company", "quote", "invoice", "requisite"];
    let (entity, what) = entities.into_iter().find_map(|entity| {
        let what = event.strip_prefix("ONCRM")?.strip_prefix(&entity.to_uppercase())?;
        Some((entity, what.to_owned()))
    })?;
    match what.strip_prefix("USERFIELD") {
        Some("ADD" | "UPDATE" | "DELETE" | "SETENUMVALUES") => {
            Some(Box::new(move |portal| user_field(portal, entity, &what["USERFIELD".len()..])))
        }
        None if ["ADD", "UPDATE", "DELETE"].contains(&what.as_str()) => {
            Some(Box::new(move |portal| item(portal, entity, &what)))
        }
        _ => None,
    }
}

/// What of a booking, its resource and that one's type, or of the waiting list.
fn booking(portal: &Hook, event: &str) -> Value {
    let count =
        portal.get("booking.v1.resourceType.list", json!({}))["resource"].as_array().map_or(0, Vec::len);
    let kind = || {
        let fields = json!({"fields": {"name": "x", "code": format!("x{count}")}});
        portal.get("booking.v1.resourceType.add", fields)["id"].clone()
    };
    let moment = |second: i64| json!({"timestamp": second, "timezone": "UTC"});
    let (noun, verb) = ["RESOURCETYPE", "RESOURCE", "WAITLISTITEM", ""]
        .into_iter()
        .find_map(|noun| Some((noun, event.strip_prefix(noun)?)))
        .unwrap();
    let (path, fields) = match noun {
        "RESOURCETYPE" => ("resourceType", json!({"name": "y", "code": format!("y{count}")})),
        "RESOURCE" => ("resource", json!({"name": "y", "typeId": kind()})),
        "WAITLISTITEM" => ("waitlist", json!({"note": "y"})),
        _ => {
            let room = json!({"fields": {"name": "x", "typeId": kind()}});
            let room = portal.get("booking.v1.resource.add", room)["id"].clone();
            let time = json!({"from": moment(NOW), "to": moment(NOW + 60)});
            ("booking", json!({"resourceIds": [room], "datePeriod": time}))
        }
    };
    let method = |verb: &str| format!("booking.v1.{path}.{verb}");
    let id = portal.get(&method("add"), json!({"fields": fields}))["id"].clone();
    match verb {
        "UPDATE" => {
            _ = portal.get(&method("update"), json!({"id": id, "fields": {"name": "z", "note": "z"}}));
        }
        "DELETE" => _ = portal.get(&method("delete"), json!({"id": id})),
        _ => {}
    }
    json!({"ID": id.to_string()})
}

fn feed_post(portal: &Hook, what: &str) -> Value {
    let id = portal.get("log.blogpost.add", json!({"POST_MESSAGE": "x"})).to_string();
    match what {
        "UPDATE" => _ = portal.get("log.blogpost.update", json!({"POST_ID": id, "POST_MESSAGE": "y"})),
        "DELETE" => _ = portal.get("log.blogpost.delete", json!({"POST_ID": id})),
        _ => {}
    }
    json!({"FIELDS": {"POST_ID": id}})
}

fn task_comment(portal: &Hook, what: &str) -> Value {
    let added = portal.get("tasks.task.add", json!({"fields": {"TITLE": "x", "RESPONSIBLE_ID": 1}}));
    let task = added["task"]["id"].clone();
    let id = portal.get("task.commentitem.add", json!([task, {"POST_MESSAGE": "x"}])).to_string();
    let comment = json!({"ID": id, "TASK_ID": task});
    let (before, after) = match what {
        "UPDATE" => {
            portal.get("task.commentitem.update", json!([task, id, {"POST_MESSAGE": "y"}]));
            (comment, json!({"ID": id, "TASK_ID": task, "ACTION": "EDIT"}))
        }
        "DELETE" => {
            portal.get("task.commentitem.delete", json!([task, id]));
            (comment, json!({"ID": id, "TASK_ID": task, "ACTION": "DEL"}))
        }
        _ => (json!("undefined"), json!({"ID": id, "TASK_ID": task, "MESSAGE_ID": id})),
    };
    json!({
        "FIELDS_BEFORE": before, "FIELDS_AFTER": after, "IS_ACCESSIBLE_BEFORE": "undefined",
        "IS_ACCESSIBLE_AFTER": "undefined",
    })
}

fn task(portal: &Hook, what: &str) -> Value {
    let added = portal.get("tasks.task.add", json!({"fields": {"TITLE": "x", "RESPONSIBLE_ID": 1}}));
    let id = added["task"]["id"].clone();
    let (row, nothing) = (json!({"ID": id}), json!("undefined"));
    let (before, after, could, can) = match what {
        "UPDATE" => {
            portal.get("tasks.task.start", json!({"taskId": id}));
            (row.clone(), row, nothing.clone(), nothing)
        }
        "DELETE" => {
            portal.get("tasks.task.delete", json!({"taskId": id}));
            (row, nothing.clone(), nothing, json!("N"))
        }
        _ => (nothing.clone(), row, json!("N"), nothing),
    };
    json!({"FIELDS_BEFORE": before, "FIELDS_AFTER": after, "IS_ACCESSIBLE_BEFORE": could, "IS_ACCESSIBLE_AFTER": can})
}

fn currency(portal: &Hook, what: &str) -> Value {
    let code = json!(match what {
        "UPDATE" => "AAA",
        "DELETE" => "BBB",
        _ => "CCC",
    });
    portal.get("crm.currency.add", json!({"fields": {"CURRENCY": code, "AMOUNT": 1, "AMOUNT_CNT": 1}}));
    match what {
        "UPDATE" => _ = portal.get("crm.currency.update", json!({"id": code, "fields": {"SORT": 7}})),
        "DELETE" => _ = portal.get("crm.currency.delete", json!({"id": code})),
        _ => {}
    }
    json!({"FIELDS": {"ID": code}})
}

/// An order, or something that belongs to one.
fn store_order(portal: &Hook, event: &str) -> Value {
    let fields = json!({"lid": "s1", "personTypeId": 1, "currency": "USD", "xmlId": "x"});
    let order = portal.get("sale.order.add", json!({"fields": fields}))["order"]["id"].clone();
    let of = |what: &str, fields: Value| {
        portal.get(&format!("sale.{what}.add"), json!({"fields": fields}))[what]["id"].clone()
    };
    let (what, id) = match event {
        "ONPAYMENTENTITYSAVED" | "ONPAYMENTDELETED" => {
            ("payment", of("payment", json!({"orderId": order, "paySystemId": 3, "sum": 1})))
        }
        "ONSHIPMENTENTITYSAVED" | "ONSHIPMENTDELETED" => {
            let fields = json!({"orderId": order, "deliveryId": 2, "allowDelivery": "N", "deducted": "N"});
            ("shipment", of("shipment", fields))
        }
        "ONPROPERTYVALUEENTITYSAVED" | "ONPROPERTYVALUEDELETED" => {
            let value = json!({"id": order, "propertyValues": [{"orderPropsId": 1, "value": "x"}]});
            let written = portal.get("sale.propertyvalue.modify", json!({"fields": {"order": value}}));
            ("propertyvalue", written["propertyValues"][0]["id"].clone())
        }
        _ => ("order", order),
    };
    let action = match event.ends_with("DELETED") || event.ends_with("DELETE") {
        true => {
            portal.get(&format!("sale.{what}.delete"), json!({"id": id}));
            "delete"
        }
        false => "save",
    };
    match event.starts_with("ONSALE") {
        true => json!({"FIELDS": {"ID": id.to_string(), "XML_ID": "x", "ACTION": action}}),
        false => json!({"FIELDS": {"ID": id.to_string()}}),
    }
}

fn entry(portal: &Hook, what: &str) -> Value {
    let fields = json!({"type": "user", "name": "x", "from": "2026-06-15 10:00", "to": "2026-06-15 11:00"});
    let id = portal.get("calendar.event.add", fields);
    let named = json!({"id": id, "type": "user", "ownerId": 1, "name": "y"});
    match what {
        "UPDATE" => _ = portal.get("calendar.event.update", named),
        "DELETE" => _ = portal.get("calendar.event.delete", json!({"id": id})),
        _ => {}
    }
    json!({"id": id.to_string()})
}

fn calendar(portal: &Hook, what: &str) -> Value {
    let id = portal.get("calendar.section.add", json!({"type": "user", "ownerId": 1, "name": "x"}));
    let named = json!({"id": id, "type": "user", "ownerId": 1, "name": "y"});
    match what {
        "UPDATE" => _ = portal.get("calendar.section.update", named),
        "DELETE" => _ = portal.get("calendar.section.delete", named),
        _ => {}
    }
    json!({"id": id.to_string()})
}

fn workgroup(portal: &Hook, what: &str) -> Value {
    let id = portal.get("sonet_group.create", json!({"NAME": "x"}));
    match what {
        "UPDATE" => _ = portal.get("sonet_group.update", json!({"GROUP_ID": id, "NAME": "y"})),
        "DELETE" => _ = portal.get("sonet_group.delete", json!({"GROUP_ID": id})),
        _ => {}
    }
    json!({"FIELDS": {"ID": id.to_string()}})
}

/// A call that a telephone exchange reports, that is clicked for, or that it is asked for.
fn phone_call(portal: &Hook, event: &str) -> Value {
    let pbx = portal.hook_of(portal.user, "telephony");
    if event == "ONEXTERNALCALLBACKSTART" {
        pbx.get("telephony.externalLine.add", json!({"NUMBER": "70"}));
        let params = json!({"FROM_LINE": "70", "TO_NUMBER": "+4989777", "TEXT_TO_PRONOUNCE": "x"});
        pbx.get("voximplant.callback.start", params);
        return json!({
            "PHONE_NUMBER": "+4989777", "TEXT": "x", "VOICE": "ukenglishfemale", "CRM_ENTITY_TYPE": "",
            "CRM_ENTITY_ID": "", "LINE_NUMBER": "70",
        });
    }
    let params = json!({"USER_ID": 1, "PHONE_NUMBER": format!("+4989{}", event.len()), "TYPE": 1});
    let number = params["PHONE_NUMBER"].clone();
    if event == "ONEXTERNALCALLSTART" {
        let id = by_hand(portal, "telephony.externalCall.register", params)["CALL_ID"].clone();
        return json!({
            "PHONE_NUMBER": number, "PHONE_NUMBER_INTERNATIONAL": number, "EXTENSION": "", "USER_ID": "1",
            "CALL_LIST_ID": "0", "LINE_NUMBER": "", "IS_MOBILE": "0", "CALL_ID": id, "CRM_ENTITY_TYPE": "",
            "CRM_ENTITY_ID": "0",
        });
    }
    let id = pbx.get("telephony.externalCall.register", params)["CALL_ID"].clone();
    match event {
        "ONVOXIMPLANTCALLINIT" => json!({
            "CALL_ID": id, "CALL_TYPE": "1", "ACCOUNT_SEARCH_ID": "REST_APP:", "PHONE_NUMBER": number,
            "CALLER_ID": "REST_APP:",
        }),
        "ONVOXIMPLANTCALLSTART" => json!({"CALL_ID": id, "USER_ID": "1"}),
        _ => {
            let params =
                json!({"CALL_ID": id, "USER_ID": 1, "DURATION": 7, "COST": 1.5, "COST_CURRENCY": "EUR"});
            pbx.get("telephony.externalCall.finish", params);
            json!({
                "CALL_ID": id, "CALL_TYPE": "1", "PHONE_NUMBER": number, "PORTAL_NUMBER": "REST_APP:",
                "PORTAL_USER_ID": "1", "CALL_DURATION": "7", "CALL_START_DATE": "2026-06-01T12:00:00+00:00",
                "COST": "1.5", "COST_CURRENCY": "EUR", "CALL_FAILED_CODE": "200", "CALL_FAILED_REASON": "",
                "CRM_ACTIVITY_ID": "",
            })
        }
    }
}

/// What a person in the console calls.
#[allow(clippy::needless_pass_by_value, reason = "reads well with json! at the call")]
fn by_hand(portal: &Hook, method: &str, params: Value) -> Value {
    let request = portal::OwnRequest {
        user_id: portal.user,
        method: method.to_owned(),
        params: portal::method::params(&params),
        address: std::net::Ipv4Addr::LOCALHOST.into(),
        received: Moment(NOW * 1_000_000),
        language: Default::default(),
        basis: None,
    };
    let done = portal.portal.call_as(request).wait().unwrap();
    testportal::to_json(&done.reply.result)
}

fn bank_detail(portal: &Hook, what: &str) -> Value {
    let fields = json!({"ENTITY_ID": add(portal, "requisite"), "NAME": "x"});
    let id = portal.get("crm.requisite.bankdetail.add", json!({"fields": fields}));
    match what {
        "UPDATE" => {
            portal.get("crm.requisite.bankdetail.update", json!({"id": id, "fields": {"SORT": 7}}));
        }
        "DELETE" => _ = portal.get("crm.requisite.bankdetail.delete", json!({"id": id})),
        _ => {}
    }
    json!({"FIELDS": {"ID": id.to_string()}})
}

fn address(portal: &Hook, what: &str) -> Value {
    let lead = add(portal, "lead");
    let fields = json!({"TYPE_ID": 1, "ENTITY_TYPE_ID": 1, "ENTITY_ID": lead, "CITY": "Hamburg"});
    portal.get("crm.address.add", json!({"fields": fields}));
    if what == "UNREGISTER" {
        portal.get("crm.address.delete", json!({"fields": fields}));
    }
    let lead = lead.to_string();
    json!({"FIELDS": {"TYPE_ID": "1", "ENTITY_TYPE_ID": "1", "ENTITY_ID": lead, "ANCHOR_ID": lead, "ANCHOR_TYPE_ID": "1"}})
}

fn smart_type(portal: &Hook, what: &str) -> Value {
    let made = portal.get("crm.type.add", json!({"fields": {"title": "Equipment"}}));
    let id = made["type"]["id"].as_i64().unwrap();
    match what {
        "UPDATE" => _ = portal.get("crm.type.update", json!({"id": id, "fields": {"title": "Tools"}})),
        "DELETE" => _ = portal.get("crm.type.delete", json!({"id": id})),
        _ => {}
    }
    json!({"FIELDS": {"ID": id.to_string()}})
}

fn field_of_type(portal: &Hook, what: &str) -> Value {
    let made = portal.get("crm.type.add", json!({"fields": {"title": "Equipment"}}));
    let object = format!("CRM_{}", made["type"]["id"]);
    let name = format!("UF_{object}_{what}");
    let kind = if what == "SETENUMVALUES" { "enumeration" } else { "string" };
    let field =
        json!({"entityId": object, "fieldName": name, "userTypeId": kind, "enum": [{"value": "Red"}]});
    let added = portal.get("userfieldconfig.add", json!({"moduleId": "crm", "field": field}));
    let id = added["field"]["id"].clone();
    let changed = json!({"moduleId": "crm", "id": id, "field": {"sort": 7}});
    match what {
        "UPDATE" => _ = portal.get("userfieldconfig.update", changed),
        "DELETE" => _ = portal.get("userfieldconfig.delete", json!({"moduleId": "crm", "id": id})),
        _ => {}
    }
    let id = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
    json!({"FIELDS": {"ID": id, "ENTITY_ID": object, "FIELD_NAME": name}})
}

fn smart_item(portal: &Hook, what: &str) -> Value {
    let made = portal.get("crm.type.add", json!({"fields": {"title": "Equipment"}}));
    let number = made["type"]["entityTypeId"].as_i64().unwrap();
    let added = portal.get("crm.item.add", json!({"entityTypeId": number, "fields": {"title": "Drill"}}));
    let id = added["item"]["id"].as_i64().unwrap();
    match what {
        "UPDATE" => {
            portal
                .get("crm.item.update", json!({"entityTypeId": number, "id": id, "fields": {"title": "y"}}));
        }
        "DELETE" => _ = portal.get("crm.item.delete", json!({"entityTypeId": number, "id": id})),
        _ => {}
    }
    json!({"FIELDS": {"ID": id.to_string(), "ENTITY_TYPE_ID": number.to_string()}})
}

/// A row of a noun with a name.
fn row(portal: &Hook, noun: &str, what: &str) -> Value {
    // Codes of units are unique numbers, and of properties no numbers.
    let code = if noun == "crm.measure" {
        json!(1000 + portal.get("crm.measure.list", json!({})).as_array().map_or(0, Vec::len))
    } else {
        json!("x")
    };
    let fields = json!({"NAME": "x", "PROPERTY_TYPE": "S", "CODE": code, "MEASURE_TITLE": "x"});
    let id = portal.get(&format!("{noun}.add"), json!({"fields": fields}));
    match what {
        "UPDATE" => _ = portal.get(&format!("{noun}.update"), json!({"id": id, "fields": {"SORT": 7}})),
        "DELETE" => _ = portal.get(&format!("{noun}.delete"), json!({"id": id})),
        _ => {}
    }
    json!({"FIELDS": {"ID": id.to_string()}})
}

fn document(portal: &Hook, what: &str) -> Value {
    let deal = add(portal, "deal");
    let file = modules().find("crm.documentgenerator.document.upload").unwrap().examples[0].params["fields"]
        ["fileContent"]
        .clone();
    let fields = json!({"name": "x", "numeratorId": 1, "region": "de", "entityTypeId": [2], "file": file});
    let template =
        portal.get("crm.documentgenerator.template.add", json!({"fields": fields}))["template"]["id"].clone();
    let given = json!({"templateId": template, "entityTypeId": 2, "entityId": deal});
    let id = portal.get("crm.documentgenerator.document.add", given)["document"]["id"].clone();
    match what {
        "UPDATE" => _ = portal.get("crm.documentgenerator.document.update", json!({"id": id})),
        "DELETE" => _ = portal.get("crm.documentgenerator.document.delete", json!({"id": id})),
        _ => {}
    }
    json!({"FIELDS": {"ID": id.to_string(), "ENTITY_TYPE_ID": "2", "ENTITY_ID": deal.to_string()}})
}

fn item(portal: &Hook, entity: &str, what: &str) -> Value {
    let id = add(portal, entity);
    match what {
        "UPDATE" => {
            let params = json!({"id": id, "fields": {"COMMENTS": "x", "CODE": "x"}});
            portal.get(&format!("crm.{entity}.update"), params);
        }
        "DELETE" => {
            portal.get(&format!("crm.{entity}.delete"), json!({"id": id}));
        }
        _ => {}
    }
    json!({"FIELDS": {"ID": id.to_string()}})
}

fn recurring(portal: &Hook, what: &str) -> Value {
    let fields = json!({"fields": {"DEAL_ID": add(portal, "deal")}});
    let id = portal.get("crm.deal.recurring.add", fields);
    let template = portal.get("crm.deal.recurring.get", json!({"id": id}))["DEAL_ID"].clone();
    let told = json!({"ID": id.to_string(), "RECURRING_DEAL_ID": template});
    match what {
        "UPDATE" => _ = portal.get("crm.deal.recurring.update", json!({"id": id, "fields": {"ACTIVE": "N"}})),
        "DELETE" => {
            portal.get("crm.deal.delete", json!({"id": template}));
            return json!({"FIELDS": {"ID": id.to_string()}});
        }
        "EXPOSE" => {
            let made = portal.get("crm.deal.recurring.expose", json!({"id": id}))["DEAL_ID"].to_string();
            return json!({"FIELDS": {"ID": id.to_string(), "RECURRING_DEAL_ID": template, "DEAL_ID": made}});
        }
        _ => {}
    }
    json!({"FIELDS": told})
}

/// Adds an invoice of the older kind.
fn older_invoice(portal: &Hook, is_template: &str) -> Value {
    let fields = json!({
        "ORDER_TOPIC": "x", "PERSON_TYPE_ID": 2, "PAY_SYSTEM_ID": 1, "UF_COMPANY_ID": add(portal, "company"),
        "IS_RECURRING": is_template, "PRODUCT_ROWS": [{"PRODUCT_NAME": "Chair", "PRICE": 80}],
    });
    portal.get("crm.invoice.add", json!({"fields": fields}))
}

fn invoice(portal: &Hook, what: &str) -> Value {
    let id = older_invoice(portal, "N");
    match what {
        "UPDATE" => _ = portal.get("crm.invoice.update", json!({"id": id, "fields": {"COMMENTS": "y"}})),
        "SETSTATUS" => _ = portal.get("crm.invoice.update", json!({"id": id, "fields": {"STATUS_ID": "P"}})),
        "DELETE" => _ = portal.get("crm.invoice.delete", json!({"id": id})),
        _ => {}
    }
    json!({"FIELDS": {"ID": id.to_string()}})
}

fn recurring_invoice(portal: &Hook, what: &str) -> Value {
    let template = older_invoice(portal, "Y");
    let id = portal.get("crm.invoice.recurring.add", json!({"fields": {"INVOICE_ID": template}}));
    let mut told = json!({"ID": id.to_string(), "RECURRING_INVOICE_ID": template.to_string()});
    match what {
        "UPDATE" => {
            portal.get("crm.invoice.recurring.update", json!({"id": id, "fields": {"ACTIVE": "N"}}));
        }
        "DELETE" => {
            portal.get("crm.invoice.recurring.delete", json!({"id": id}));
            told = json!({"ID": id.to_string()});
        }
        "EXPOSE" => {
            let made =
                portal.get("crm.invoice.recurring.expose", json!({"id": id}))["INVOICE_ID"].to_string();
            told["INVOICE_ID"] = made.into();
        }
        _ => {}
    }
    json!({"FIELDS": told})
}

fn comment(portal: &Hook, what: &str) -> Value {
    let fields = json!({"ENTITY_ID": add(portal, "deal"), "ENTITY_TYPE": "deal", "COMMENT": "x"});
    let id = portal.get("crm.timeline.comment.add", json!({"fields": fields}));
    match what {
        "UPDATE" => {
            portal.get("crm.timeline.comment.update", json!({"id": id, "fields": {"COMMENT": "y"}}));
        }
        "DELETE" => _ = portal.get("crm.timeline.comment.delete", json!({"id": id})),
        _ => {}
    }
    json!({"FIELDS": {"ID": id.to_string()}, "ID": id.to_string()})
}

fn activity(portal: &Hook, what: &str) -> Value {
    let fields = json!({
        "OWNER_TYPE_ID": 2, "OWNER_ID": add(portal, "deal"), "TYPE_ID": 1, "SUBJECT": "x", "RESPONSIBLE_ID": 1,
    });
    let id = portal.get("crm.activity.add", json!({"fields": fields}));
    match what {
        "UPDATE" => _ = portal.get("crm.activity.update", json!({"id": id, "fields": {"SUBJECT": "y"}})),
        "DELETE" => _ = portal.get("crm.activity.delete", json!({"id": id})),
        _ => {}
    }
    json!({"FIELDS": {"ID": id.to_string()}})
}

fn user_field(portal: &Hook, entity: &str, what: &str) -> Value {
    let method = |verb: &str| format!("crm.{entity}.userfield.{verb}");
    let kind = if what == "SETENUMVALUES" { "enumeration" } else { "string" };
    let fields = json!({"FIELD_NAME": what, "USER_TYPE_ID": kind, "LIST": [{"VALUE": "Red"}]});
    let id = portal.get(&method("add"), json!({"fields": fields}));
    match what {
        "UPDATE" => _ = portal.get(&method("update"), json!({"id": id, "fields": {"SORT": 7}})),
        "DELETE" => _ = portal.get(&method("delete"), json!({"id": id})),
        _ => {}
    }
    let object =
        if entity == "invoice" { "ORDER".to_owned() } else { format!("CRM_{}", entity.to_uppercase()) };
    let name = format!("UF_CRM_{what}");
    json!({"FIELDS": {"ID": id.to_string(), "ENTITY_ID": object, "FIELD_NAME": name}})
}

fn move_deal(portal: &Hook) -> Value {
    let category = pipeline(portal);
    let id = add(portal, "deal");
    let fields = json!({"categoryId": category});
    portal.get("crm.item.update", json!({"entityTypeId": 2, "id": id, "fields": fields}));
    let stage = format!("C{category}:NEW");
    json!({"FIELDS": {"ID": id.to_string(), "CATEGORY_ID": category.to_string(), "STAGE_ID": stage}})
}

fn join(portal: &Hook) -> Value {
    let fields = json!({
        "EMAIL": "Ines@Example.com", "NAME": "Ines", "LAST_NAME": "Vogel", "PERSONAL_GENDER": "F",
        "PERSONAL_BIRTHDAY": "1990-04-30", "UF_DEPARTMENT": [1], "WORK_POSITION": "Sales",
    });
    let id = portal.get("user.add", fields).as_i64().unwrap();
    sign_in(portal, id);
    sign_in(portal, id);
    json!({
        "ID": id.to_string(),
        "ACTIVE": "Y",
        "EMAIL": "ines@example.com",
        "NAME": "Ines",
        "LAST_NAME": "Vogel",
        "PERSONAL_GENDER": "F",
        "PERSONAL_BIRTHDAY": "1990-04-30",
        "UF_DEPARTMENT": ["1"],
        "DATE_REGISTER": "2026-06-01T00:00:00+00:00",
        "WORK_POSITION": "Sales",
        "UF_EMPLOYMENT_DATE": "",
    })
}

fn sign_in(portal: &Hook, id: i64) {
    let (core, token) = (portal.portal.core().clone(), session::token());
    let new = NewSession { user_id: id, address: String::new(), agent: String::new(), lifetime: 60 };
    portal.write(move |tx| session::create(tx, &core, &new, &token, Moment(NOW * 1_000_000)));
}

fn add(portal: &Hook, entity: &str) -> i64 {
    let mut fields = json!({"TITLE": "x", "NAME": "x"});
    if entity == "requisite" {
        let owner = json!({"ENTITY_TYPE_ID": 4, "ENTITY_ID": add(portal, "company"), "PRESET_ID": 1});
        fields.as_object_mut().unwrap().extend(owner.as_object().unwrap().clone());
    }
    portal.get(&format!("crm.{entity}.add"), json!({"fields": fields})).as_i64().unwrap()
}

fn pipeline(portal: &Hook) -> i64 {
    let fields = json!({"name": "Service"});
    let added = portal.get("crm.category.add", json!({"entityTypeId": 2, "fields": fields}));
    added["category"]["id"].as_i64().unwrap()
}

/// Names and nesting alone: a form has nothing but text.
fn shape(data: &Value) -> Value {
    match data {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), shape(value))).collect(),
        Value::Array(members) => members.iter().take(1).map(shape).collect(),
        _ => json!("text"),
    }
}

/// The events that people choose. Those that a module tells its own handlers, as bots', are tested with it.
fn chosen() -> impl Iterator<Item = &'static engine::event::Event> {
    modules().events().filter(|event| !event.addressed)
}

#[test]
fn every_declared_event_happens_and_has_the_data_of_its_example() {
    for portal in portals("crm,task,user,userfieldconfig,sonet_group,booking,calendar,log,sale,telephony") {
        for event in chosen() {
            let recipe = recipe(&event.name).unwrap_or_else(|| panic!("no recipe for {}", event.name));
            let listening = portal.told(input(&[&event.name]));
            let expected = recipe(&portal);
            assert_eq!(portal.raised(listening), [(event.name.clone(), expected.clone())]);
            assert_eq!(shape(&expected), shape(&event.data), "{}", event.name);
        }
    }
}

#[test]
fn every_event_is_described() {
    let described =
        portal::describe::registry_json(portal::texts::Language::English, &portal::method::Version::ALL);
    let described = described["events"].as_array().unwrap();
    assert_eq!(described.len(), chosen().count());
    for event in described {
        let about = event["about"].as_str().unwrap();
        assert!(about.ends_with('.') && event["data"].is_object(), "{event}");
    }
}

/// What an event carries although the documentation's example lacks it: handlers written for other CRM events look
/// for the ID in `FIELDS`.
fn undocumented(event: &str) -> &'static [&'static str] {
    if event.starts_with("ONCRMTIMELINECOMMENT") { &["FIELDS"] } else { &[] }
}

/// The catalogue is not part of this repository; where it lies beside it, the declarations are compared with it.
#[test]
fn events_are_declared_as_they_are_documented() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/catalogue/events.json");
    let Ok(catalogue) = std::fs::read_to_string(path) else {
        eprintln!("skipped: there is no {path}");
        return;
    };
    let catalogue: Vec<Value> = serde_json::from_str(&catalogue).unwrap();
    for event in chosen() {
        let documented = catalogue.iter().find(|documented| documented["event"] == event.name.as_str());
        let documented = documented.unwrap_or_else(|| panic!("{} is not documented", event.name));
        // The pages of workgroups shorten the scope's name.
        let scope = if event.scope == "sonet_group" { "sonet" } else { event.scope };
        assert_eq!(documented["scope"], json!([scope]), "{}", event.name);
        let mut declared = shape(&event.data);
        declared
            .as_object_mut()
            .unwrap()
            .retain(|name, _| !undocumented(&event.name).contains(&name.as_str()));
        if event.name == "ONTASKCOMMENTADD" {
            // Told among the fields, though the example lacks it.
            declared["FIELDS_AFTER"].as_object_mut().unwrap().remove("MESSAGE_ID");
        }
        // Some pages have no example.
        if documented["data_example"].is_object() {
            assert_eq!(shape(&documented["data_example"]), declared, "{}", event.name);
        }
    }
}

/// What was raised by some calls, in order; the webhook listens to everything.
fn raised_by(portal: &Bench, calls: impl FnOnce()) -> Vec<String> {
    let events: Vec<&str> = modules().events().map(|event| event.name.as_str()).collect();
    let listening = portal.told(input(&events));
    calls();
    let raised = portal.raised(listening).into_iter().map(|(event, _)| event).collect();
    portal.forget(listening);
    raised
}

#[test]
fn what_changes_by_another_door_is_told_all_the_same() {
    for portal in portals("crm,user") {
        let (lead, deal) = (add(&portal, "lead"), add(&portal, "deal"));
        let (contact, company) = (add(&portal, "contact"), add(&portal, "company"));
        let row = json!({"ownerId": deal, "ownerType": "D", "productName": "Chair", "price": 80});
        let row_id =
            portal.get("crm.item.productrow.add", json!({"fields": row}))["productRow"]["id"].clone();
        let to_contact = json!({"CONTACT_ID": contact});
        let doors = [
            ("crm.deal.contact.add", json!({"id": deal, "fields": to_contact}), "ONCRMDEALUPDATE"),
            ("crm.deal.contact.delete", json!({"id": deal, "fields": to_contact}), "ONCRMDEALUPDATE"),
            ("crm.deal.contact.items.set", json!({"id": deal, "items": [to_contact]}), "ONCRMDEALUPDATE"),
            ("crm.deal.contact.items.delete", json!({"id": deal}), "ONCRMDEALUPDATE"),
            ("crm.lead.contact.add", json!({"id": lead, "fields": to_contact}), "ONCRMLEADUPDATE"),
            ("crm.company.contact.add", json!({"id": company, "fields": to_contact}), "ONCRMCOMPANYUPDATE"),
            ("crm.contact.company.items.delete", json!({"id": contact}), "ONCRMCONTACTUPDATE"),
            ("crm.lead.productrows.set", json!({"id": lead, "rows": []}), "ONCRMLEADUPDATE"),
            ("crm.item.productrow.add", json!({"fields": row}), "ONCRMDEALUPDATE"),
            ("crm.item.productrow.update", json!({"id": row_id, "fields": {"price": 90}}), "ONCRMDEALUPDATE"),
            ("crm.item.productrow.delete", json!({"id": row_id}), "ONCRMDEALUPDATE"),
            (
                "crm.item.productrow.set",
                json!({"ownerId": deal, "ownerType": "D", "productRows": [{"productName": "Desk", "price": 1}]}),
                "ONCRMDEALUPDATE",
            ),
            ("crm.item.add", json!({"entityTypeId": 3, "fields": {"name": "x"}}), "ONCRMCONTACTADD"),
            (
                "crm.item.update",
                json!({"entityTypeId": 4, "id": company, "fields": {"title": "y"}}),
                "ONCRMCOMPANYUPDATE",
            ),
            ("crm.item.delete", json!({"entityTypeId": 1, "id": lead}), "ONCRMLEADDELETE"),
        ];
        for (method, params, event) in doors {
            let raised = raised_by(&portal, || _ = portal.get(method, params));
            assert_eq!(raised, [event], "{method}");
        }
    }
}

#[test]
fn one_call_may_be_told_in_two_ways_and_what_only_follows_in_none() {
    for portal in portals("crm,user,user.userfield") {
        let deal = add(&portal, "deal");
        let category = pipeline(&portal);
        let update = |fields: Value| {
            let params = json!({"entityTypeId": 2, "id": deal, "fields": fields});
            raised_by(&portal, || _ = portal.get("crm.item.update", params))
        };
        let both = ["ONCRMDEALUPDATE", "ONCRMDEALMOVETOCATEGORY"];
        assert_eq!(update(json!({"categoryId": category})), both);
        assert_eq!(update(json!({"categoryId": category, "title": "stays"})), both[..1]);

        let fields = json!({"FIELD_NAME": "SIZE", "USER_TYPE_ID": "enumeration", "LIST": [{"VALUE": "S"}]});
        let mut id = Value::Null;
        let raised =
            raised_by(&portal, || id = portal.get("crm.lead.userfield.add", json!({"fields": fields})));
        assert_eq!(raised, ["ONCRMLEADUSERFIELDADD", "ONCRMLEADUSERFIELDSETENUMVALUES"]);
        let change = |fields: Value| {
            let params = json!({"id": id, "fields": fields});
            raised_by(&portal, || _ = portal.get("crm.lead.userfield.update", params))
        };
        assert_eq!(change(json!({"SORT": 5, "LIST": []})), ["ONCRMLEADUSERFIELDUPDATE"]);
        assert_eq!(
            change(json!({"LIST": [{"VALUE": "M"}]})),
            ["ONCRMLEADUSERFIELDUPDATE", "ONCRMLEADUSERFIELDSETENUMVALUES"]
        );
        let of_users = json!({"fields": {"FIELD_NAME": "DESK", "USER_TYPE_ID": "integer"}});
        assert!(raised_by(&portal, || _ = portal.get("user.userfield.add", of_users)).is_empty());

        let contact = add(&portal, "contact");
        portal.get("crm.deal.contact.add", json!({"id": deal, "fields": {"CONTACT_ID": contact}}));
        let raised = raised_by(&portal, || _ = portal.get("crm.contact.delete", json!({"id": contact})));
        assert_eq!(raised, ["ONCRMCONTACTDELETE"], "the deal that loses its contact is not told");
    }
}

#[test]
fn a_call_that_fails_after_its_change_is_not_told() {
    for portal in portals("crm") {
        portal.write(|tx| {
            let role = roles::find(tx, "Manager")?.expect("a new portal has this role");
            roles::allow(tx, role, "LEAD", Act::Read, Level::None)?;
            Meta::outdate(tx)
        });
        // Whoever may add but not read gets an error for the answer, after the item was added.
        let blind = portal.employee("bo@portal.test", "crm");
        let add = json!({"entityTypeId": 1, "fields": {"title": "unseen"}});
        let raised = raised_by(&portal, || {
            blind.refused("crm.item.add", add.clone());
            blind.get(
                "batch",
                json!({"cmd": {
                    "seen": "crm.deal.add?fields[TITLE]=seen",
                    "unseen": "crm.item.add?entityTypeId=1&fields[title]=unseen",
                }}),
            );
            portal.refused("crm.deal.contact.add", json!({"id": 1, "fields": {"CONTACT_ID": 404}}));
            portal.refused(
                "crm.lead.userfield.add",
                json!({"fields": {
                    "FIELD_NAME": "TWICE", "USER_TYPE_ID": "enumeration",
                    "LIST": [{"VALUE": "a", "XML_ID": "x"}, {"VALUE": "b", "XML_ID": "x"}],
                }}),
            );
        });
        assert_eq!(raised, ["ONCRMDEALADD"]);
        let leads = portal.page("crm.lead.list", json!({})).unwrap();
        assert_eq!(leads.total, Some(0));
    }
}

#[test]
fn the_first_sign_in_alone_is_told() {
    for portal in portals("user") {
        let new = NewUser { email: "otto@example.com".into(), ..NewUser::default() };
        let otto = portal.write(move |tx| user::create(tx, &new, Moment(NOW * 1_000_000)));
        let raised = raised_by(&portal, || {
            sign_in(&portal, 1);
            sign_in(&portal, otto);
            sign_in(&portal, 1);
        });
        assert_eq!(raised, ["ONUSERADD"; 2], "the first administrator's counts like any other");
        let invited = raised_by(&portal, || _ = portal.get("user.add", json!({"EMAIL": "new@example.com"})));
        assert!(invited.is_empty());
    }
}
