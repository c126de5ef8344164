//! Lists of the CRM by which it is copied, beyond those that follow from nouns.

use engine::copy::{At, Paging, Put, Step, Target};
use engine::entity::{Entity, Naming};
use engine::meta::Meta;
use engine::userfield;
use serde_json::json;

use crate::{
    activity, category, currency, invoice, legacy, productrow, smart_invoice, stage_history, timeline, types,
};

/// Rows name them so beyond their fields.
const OF_ITEMS: &[&str] = &[
    "entityTypeId",
    "phone",
    "phoneWork",
    "phoneMobile",
    "phoneMailing",
    "email",
    "emailWork",
    "emailHome",
    "emailMailing",
    "imol",
];

/// The lists, of the smart processes that there are as well.
pub fn steps(meta: &Meta) -> Vec<Step> {
    let mut entities: Vec<_> =
        meta.items().filter(|entity| entity.type_id != invoice::TYPE_ID).cloned().collect();
    entities.sort_by_key(|entity| entity.type_id);
    let own = entities.iter().filter(|entity| has_own_methods(entity));
    let mut steps: Vec<Step> = own.flat_map(|entity| fields(entity)).collect();
    steps.extend(meta.entity(invoice::TYPE_ID).into_iter().flat_map(|entity| fields(&entity)));
    steps.extend(configured());
    steps.push(pipelines());
    steps.push(types::copying());
    steps.push(currency::copying());
    for entity in &entities {
        steps.extend(items(entity));
    }
    for entity in &entities {
        steps.extend(belonging(entity));
    }
    steps.push(older_pipelines());
    steps.push(activity::copy::step());
    if let Some(invoices) = meta.entity(invoice::TYPE_ID) {
        steps.extend(invoice::copy::steps(&invoices));
    }
    steps
}

/// Whether it is one of those that had methods of their own before there were the universal ones.
fn has_own_methods(entity: &Entity) -> bool {
    legacy::is_spoken_of(entity) && entity.type_id < smart_invoice::TYPE_ID
}

fn fields(entity: &Entity) -> Vec<Step> {
    userfield::copy::steps(&format!("crm.{}.userfield", entity.name), entity.type_id)
}

/// The custom fields of invoices and smart processes.
fn configured() -> Vec<Step> {
    let invoices = smart_invoice::TYPE_ID;
    let sql = "SELECT n, code FROM (SELECT 1 AS n, 'CRM_SMART_INVOICE' AS code UNION ALL \
               SELECT id + 1, 'CRM_' || CAST(id AS TEXT) FROM crm_type) t WHERE n > ? ORDER BY n LIMIT ?"
        .to_owned();
    userfield::copy::configured(
        "crm",
        sql,
        &format!("IN (SELECT {invoices} UNION SELECT entity_type_id FROM crm_type)"),
    )
}

/// The pipelines of all types of items that have them.
fn pipelines() -> Step {
    const TYPE: &[Put] = &[Put::param("entityTypeId")];
    let sql = "SELECT n, n FROM (SELECT 2 AS n UNION ALL SELECT 31 UNION ALL SELECT entity_type_id FROM crm_type) t \
               WHERE n > ? ORDER BY n LIMIT ?";
    let [face, ..] = category::CATEGORY.faces else { panic!("pipelines have a face") };
    Step::new("crm.category.list", Target::Noun(&category::CATEGORY, face))
        .each(sql, TYPE)
        .at(At::Under("categories"))
        .paged(Paging::Whole)
        .replacing(&["crm_category"])
        .first()
}

/// Pipelines of deals as the older spelling has them, which says when they were made.
fn older_pipelines() -> Step {
    let [.., older] = category::CATEGORY.faces else { panic!("pipelines have a face") };
    Step::new("crm.dealcategory.list", Target::Noun(&category::CATEGORY, older))
        .paged(Paging::Behind("ID", "ID"))
}

/// Items in both spellings: each shows fields that the other does not.
fn items(entity: &Entity) -> Vec<Step> {
    let mut steps = Vec::new();
    if has_own_methods(entity) {
        let all = json!(["*", "UF_*", "PHONE", "EMAIL", "WEB", "IM", "LINK"]);
        let of =
            Step::new(format!("crm.{}.list", entity.name), Target::Items(entity.type_id, Naming::Legacy));
        steps.push(of.with(json!({"select": all})).paged(Paging::Behind("ID", "ID")));
    }
    if entity.is_universal() {
        let params = json!({"entityTypeId": entity.type_id, "select": ["*"], "useOriginalUfNames": "Y"});
        let of = Step::new("crm.item.list", Target::Items(entity.type_id, Naming::ItemOriginalUf));
        let of = of.of(entity.type_id).with(params).paged(Paging::Behind("id", "id"));
        steps.push(of.at(At::Under("items")).knowing(OF_ITEMS));
    }
    steps
}

/// What belongs to items and can be asked for by the item alone.
pub fn belonging(entity: &Entity) -> Vec<Step> {
    let mut steps = vec![timeline::copy::comments(entity), timeline::copy::messages(entity)];
    if entity.has_products {
        steps.push(productrow::copying(entity));
    }
    if stage_history::is_shown(entity) {
        steps.push(stage_history::copying(entity));
    }
    steps
}
