//! Events of the CRM.

use portal::modules;
use serde_json::{Value, json};
use testportal::Hook;

use super::{Make, Recipe, of};

/// What happens by the beginnings of the names of events; the first that fits counts.
const RECIPES: &[(&str, Make)] = &[
    ("ONCRMCURRENCY", currency),
    ("ONCRMDYNAMICITEM", smart_item),
    ("ONCRMTYPEUSERFIELD", field_of_type),
    ("ONCRMTYPE", smart_type),
    ("ONCRMPRODUCTPROPERTY", |portal, verb| row(portal, "crm.product.property", verb)),
    ("ONCRMPRODUCTSECTION", |portal, verb| row(portal, "crm.productsection", verb)),
    ("ONCRMMEASURE", |portal, verb| row(portal, "crm.measure", verb)),
    ("ONCRMPRODUCT", |portal, verb| row(portal, "crm.product", verb)),
    ("ONCRMTIMELINECOMMENT", comment),
    ("ONCRMACTIVITY", activity),
    ("ONCRMDOCUMENTGENERATORDOCUMENT", document),
    ("ONCRMBANKDETAIL", bank_detail),
    ("ONCRMADDRESS", address),
];

pub fn recipe(event: &str) -> Option<Recipe> {
    match event {
        "ONCRMDEALMOVETOCATEGORY" => Some(Box::new(move_deal)),
        "ONCRMDEALRECURRINGADD"
        | "ONCRMDEALRECURRINGUPDATE"
        | "ONCRMDEALRECURRINGDELETE"
        | "ONCRMDEALRECURRINGEXPOSE" => of(event, "ONCRMDEALRECURRING", recurring),
        _ => {
            let named = RECIPES.iter().find_map(|(beginning, make)| of(event, beginning, *make));
            named.or_else(|| of_an_item(event))
        }
    }
}

/// What happens to items and their user fields.
fn of_an_item(event: &str) -> Option<Recipe> {
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

fn move_deal(portal: &Hook) -> Value {
    let category = pipeline(portal);
    let id = add(portal, "deal");
    let fields = json!({"categoryId": category});
    portal.get("crm.item.update", json!({"entityTypeId": 2, "id": id, "fields": fields}));
    let stage = format!("C{category}:NEW");
    json!({"FIELDS": {"ID": id.to_string(), "CATEGORY_ID": category.to_string(), "STAGE_ID": stage}})
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

pub fn add(portal: &Hook, entity: &str) -> i64 {
    let mut fields = json!({"TITLE": "x", "NAME": "x"});
    if entity == "requisite" {
        let owner = json!({"ENTITY_TYPE_ID": 4, "ENTITY_ID": add(portal, "company"), "PRESET_ID": 1});
        fields.as_object_mut().unwrap().extend(owner.as_object().unwrap().clone());
    }
    portal.get(&format!("crm.{entity}.add"), json!({"fields": fields})).as_i64().unwrap()
}

pub fn pipeline(portal: &Hook) -> i64 {
    let fields = json!({"name": "Service"});
    let added = portal.get("crm.category.add", json!({"entityTypeId": 2, "fields": fields}));
    added["category"]["id"].as_i64().unwrap()
}
