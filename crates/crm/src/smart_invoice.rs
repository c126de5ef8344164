//! The invoice, a smart process that every portal has: `crm.item.*` with `entityTypeId` 31.

use super::shared::{self, user_fields};
use super::types::EVENTS;
use engine::entity::stage::Codes;
use engine::entity::{Derived, Entity, Field, Kind, Stage, Told, UserFields};

/// Its number.
pub const TYPE_ID: i64 = 31;

/// The dictionaries of its stages, without the number of the pipeline.
pub const STAGES: &str = "SMART_INVOICE_STAGE";

/// The invoice with its built-in fields.
pub fn entity() -> Entity {
    Entity {
        type_id: TYPE_ID,
        name: "smart_invoice".into(),
        table: "crm_smart_invoice".into(),
        code: "SMART_INVOICE".into(),
        prefix: "SI".into(),
        title: "Invoice".into(),
        plural: "invoices".into(),
        beside: None,
        told: Told::ByNumber(EVENTS),
        stage: Some(Stage {
            field: "STAGE_ID",
            semantic: "STAGE_SEMANTIC_ID",
            dictionary: STAGES.into(),
            codes: Codes::Numbered(TYPE_ID),
        }),
        has_categories: true,
        has_products: true,
        fields: fields(),
        user_fields: Some(UserFields {
            prefix: "UF_CRM_SMART_INVOICE_".into(),
            events: None,
            ..user_fields(TYPE_ID, "CRM_SMART_INVOICE", "")
        }),
        derived: Derived::default(),
    }
}

/// It has no spelling but that of `crm.item.*`.
fn fields() -> Vec<Field> {
    let mut fields = document();
    fields.extend(shared::sums());
    fields.extend(notes());
    fields.extend(shared::client());
    fields.extend(parties());
    fields.extend(shared::history_on_stages());
    fields.extend(shared::utm());
    fields.extend(shared::last_activity());
    fields.extend(shared::item_only());
    fields.into_iter().map(Field::item_only).collect()
}

fn document() -> Vec<Field> {
    vec![
        Field::new("ID", Kind::Integer, "ID").read_only(),
        Field::new("XML_ID", Kind::String, "External ID").indexed(),
        Field::new("TITLE", Kind::String, "Subject"),
        Field::new("ACCOUNT_NUMBER", Kind::String, "Invoice number").numbered(),
        Field::new("CATEGORY_ID", Kind::Category, "Pipeline"),
        Field::new("STAGE_ID", Kind::Stage, "Stage").indexed(),
        Field::new("PREVIOUS_STAGE_ID", Kind::String, "Previous stage").read_only(),
        Field::new("BEGINDATE", Kind::Date, "Date of issue"),
        Field::new("CLOSEDATE", Kind::Date, "Pay before"),
    ]
}

fn notes() -> Vec<Field> {
    vec![
        Field::new("SOURCE_ID", Kind::Status("SOURCE"), "Source"),
        Field::new("SOURCE_DESCRIPTION", Kind::Text, "Source information"),
        Field::new("COMMENTS", Kind::Text, "Comment"),
        Field::new("LOCATION_ID", Kind::Location, "Location"),
        Field::new("OPENED", Kind::Char, "Available to everyone").default("Y"),
    ]
}

fn parties() -> Vec<Field> {
    vec![
        shared::link("MYCOMPANY_ID", 4, "Own company"),
        shared::parent(2, "Deal"),
        shared::parent(7, "Quote"),
    ]
}
