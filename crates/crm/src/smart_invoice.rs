//! The invoice, a smart process that every portal has: `crm.item.*` with `entityTypeId` 31.

use super::shared;
use engine::entity::stage::Codes;
use engine::entity::{Derived, Entity, Field, Kind, Place, Stage, Told, UserFields, parent};

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
        told: Told::ByNumber,
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
            ..UserFields::crm(TYPE_ID, "CRM_SMART_INVOICE", "")
        }),
        derived: Derived::default(),
    }
}

/// It has no spelling but that of `crm.item.*`.
fn fields() -> Vec<Field> {
    let mut fields = document();
    fields.extend(client());
    fields.extend(history());
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
        Field::new("CURRENCY_ID", Kind::Currency, "Currency"),
        Field::new("OPPORTUNITY", Kind::Sum, "Amount").default("0"),
        Field::new("IS_MANUAL_OPPORTUNITY", Kind::Char, "Amount is set manually").default("N"),
        Field::new("TAX_VALUE", Kind::Sum, "Tax").default("0"),
        Field::new("SOURCE_ID", Kind::Status("SOURCE"), "Source"),
        Field::new("SOURCE_DESCRIPTION", Kind::Text, "Source information"),
        Field::new("COMMENTS", Kind::Text, "Comment"),
        Field::new("LOCATION_ID", Kind::Location, "Location"),
        Field::new("OPENED", Kind::Char, "Available to everyone").default("Y"),
    ]
}

fn client() -> Vec<Field> {
    vec![
        Field::new("COMPANY_ID", Kind::Link(4), "Company").indexed(),
        Field::new("CONTACT_ID", Kind::Link(3), "Primary contact").indexed(),
        Field::new("CONTACT_IDS", Kind::Link(3), "Contacts").multiple().at(Place::Binding(3)),
        Field::new("MYCOMPANY_ID", Kind::Link(4), "Own company"),
        parent::field(2, "Deal"),
        parent::field(7, "Quote"),
    ]
}

fn history() -> Vec<Field> {
    vec![
        Field::new("ASSIGNED_BY_ID", Kind::User, "Responsible person").indexed(),
        Field::new("CREATED_BY_ID", Kind::User, "Created by").item("createdBy").read_only(),
        Field::new("MODIFY_BY_ID", Kind::User, "Modified by").item("updatedBy").read_only(),
        Field::new("MOVED_BY_ID", Kind::User, "Stage changed by").item("movedBy").read_only(),
        Field::new("DATE_CREATE", Kind::DateTime, "Created").item("createdTime").read_only().indexed(),
        Field::new("DATE_MODIFY", Kind::DateTime, "Modified").item("updatedTime").read_only().indexed(),
        Field::new("MOVED_TIME", Kind::DateTime, "Stage changed").read_only(),
    ]
}
