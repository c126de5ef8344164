//! Invoices of the older kind, `crm.invoice.*` (`entityTypeId` 5): with rows of their own, a payer, statuses and payment.
//!
//! They are an entity like deals, so that roles, the history of stages, timelines and links to requisites know them; what no
//! other entity has stands here. `crm.item.*` does not know them.

pub mod copy;
mod methods;
pub mod page;
mod payer;
mod recurring;
mod rows;
mod rules;

use engine::entity::stage::Codes;
use engine::entity::{Derived, Entity, Field, Kind, Place, Stage, Told};
use engine::event::{Event, event};
use engine::method::Method;
use engine::noun::{Access, Face, Noun, Shape, noun};
use serde_json::json;

use crate::SCOPE;
use crate::shared::{self, EVENTS, user_fields};

pub use recurring::{JOB, RECURRING};
pub use rows::ROW;

/// Its number.
pub const TYPE_ID: i64 = 5;

/// The dictionary of its statuses.
pub const STATUSES: &str = "INVOICE_STATUS";

/// How invoices are written: the fields are those of the entity.
static INVOICE: Noun = Noun {
    access: Access::Roles,
    hooks: &rules::Rules,
    ..noun("crm.invoice", "", SCOPE, ["invoice of the older kind", "invoices of the older kind"])
};

static FACE: Face = Face::legacy("crm.invoice");

/// The invoice with its built-in fields.
pub fn entity() -> Entity {
    Entity {
        type_id: TYPE_ID,
        name: "invoice".into(),
        table: "crm_invoice".into(),
        code: "INVOICE".into(),
        prefix: "I".into(),
        title: "Invoice (old version)".into(),
        plural: "invoices (old version)".into(),
        beside: None,
        told: Told::ByCode(EVENTS),
        stage: Some(Stage {
            field: "STATUS_ID",
            semantic: "STATUS_SEMANTIC_ID",
            dictionary: STATUSES.into(),
            codes: Codes::Plain,
        }),
        has_categories: false,
        has_products: false,
        fields: fields(),
        user_fields: Some(user_fields(TYPE_ID, "ORDER", "ONCRMINVOICEUSERFIELD")),
        derived: Derived::default(),
    }
}

/// The events beyond those that every entity has.
pub fn events() -> Vec<Event> {
    let data = json!({"FIELDS": {"ID": 1}});
    let status = event(rules::SET_STATUS, SCOPE, "The status of an invoice of the older kind changed.", data);
    recurring::events().into_iter().chain([status]).collect()
}

/// The methods beyond those of nouns.
pub fn methods() -> Vec<Method> {
    methods::methods().into_iter().chain([recurring::method()]).collect()
}

fn fields() -> Vec<Field> {
    let mut fields = document();
    fields.extend(payment());
    fields.extend(history());
    fields.extend(responsible());
    fields.extend(parties());
    fields.extend(kept());
    // Only what the real system calls a stage is seen from elsewhere.
    fields
        .into_iter()
        .map(|field| if field.code == "STATUS_ID" { field } else { field.legacy_only() })
        .collect()
}

fn document() -> Vec<Field> {
    vec![
        Field::new("ID", Kind::Integer, "ID").read_only(),
        Field::new("ACCOUNT_NUMBER", Kind::String, "Invoice number").indexed(),
        Field::new("ORDER_TOPIC", Kind::String, "Subject").required(),
        Field::new("STATUS_ID", Kind::Stage, "Status").indexed(),
        Field::new("DATE_BILL", Kind::Date, "Date of issue"),
        Field::new("DATE_PAY_BEFORE", Kind::Date, "Pay before"),
        Field::new("PERSON_TYPE_ID", Kind::Integer, "Payer type").required(),
        Field::new("PAY_SYSTEM_ID", Kind::Integer, "Payment method").required(),
        called("CURRENCY", "currency_id", Kind::Currency, "Currency").read_only(),
        Field::new("PRICE", Kind::Decimal(2), "Amount").read_only(),
        Field::new("TAX_VALUE", Kind::Decimal(2), "Tax").read_only(),
        Field::new("COMMENTS", Kind::Text, "Comment of the manager"),
        Field::new("USER_DESCRIPTION", Kind::Text, "Comment for the client"),
        Field::new("XML_ID", Kind::String, "External ID").indexed(),
        Field::new("LID", Kind::String, "Site").read_only(),
        Field::new("PR_LOCATION", Kind::Integer, "Location"),
        Field::new("IS_RECURRING", Kind::Char, "Template of recurring invoices").default("N"),
    ]
}

fn payment() -> Vec<Field> {
    vec![
        Field::new("PAYED", Kind::Char, "Paid").read_only().default("N"),
        Field::new("DATE_PAYED", Kind::DateTime, "Paid on").read_only(),
        Field::new("EMP_PAYED_ID", Kind::User, "Marked as paid by").read_only(),
        Field::new("PAY_VOUCHER_NUM", Kind::String, "Number of the payment document"),
        Field::new("PAY_VOUCHER_DATE", Kind::Date, "Date of the payment document"),
        Field::new("DATE_MARKED", Kind::DateTime, "Declined on"),
        Field::new("REASON_MARKED", Kind::String, "Comment on the status"),
    ]
}

fn history() -> Vec<Field> {
    vec![
        called("CREATED_BY", "created_by_id", Kind::User, "Created by").read_only(),
        called("DATE_INSERT", "date_create", Kind::DateTime, "Created").indexed(),
        called("DATE_UPDATE", "date_modify", Kind::DateTime, "Modified").read_only().indexed(),
        Field::new("DATE_STATUS", Kind::DateTime, "Status changed").read_only(),
        Field::new("EMP_STATUS_ID", Kind::User, "Status changed by").read_only(),
    ]
}

/// The responsible user, and what invoices show of him.
fn responsible() -> Vec<Field> {
    let mut fields =
        vec![called("RESPONSIBLE_ID", "assigned_by_id", Kind::User, "Responsible person").indexed()];
    fields.extend(
        methods::PERSON
            .map(|(code, kind, title, _)| Field::new(code, kind, title).read_only().at(Place::Nowhere)),
    );
    fields
}

fn parties() -> Vec<Field> {
    vec![
        shared::link("UF_COMPANY_ID", 4, "Company").indexed(),
        shared::link("UF_CONTACT_ID", 3, "Contact").indexed(),
        shared::link("UF_MYCOMPANY_ID", 4, "Own company"),
        shared::link("UF_DEAL_ID", 2, "Deal").indexed(),
        shared::link("UF_QUOTE_ID", 7, "Quote").indexed(),
    ]
}

/// What nobody sees as a field.
fn kept() -> Vec<Field> {
    vec![
        Field::new("STATUS_SEMANTIC_ID", Kind::String, "Meaning of the status").hidden(),
        Field::new("OPENED", Kind::Char, "Available to everyone").default("N").hidden(),
        Field::new("MODIFY_BY_ID", Kind::User, "Modified by").hidden(),
        Field::new("LAST_ACTIVITY_TIME", Kind::DateTime, "Last activity").hidden(),
        Field::new("LAST_ACTIVITY_BY", Kind::User, "Last activity by").hidden(),
        Field::new(payer::FIELD, Kind::Json, "Details of the payer").hidden(),
    ]
}

/// A field whose column is called as the engine calls it in every entity.
fn called(code: &str, column: &str, kind: Kind, title: &'static str) -> Field {
    Field::named(code.to_owned(), column.to_owned(), kind, title)
}

fn shape(entity: &std::sync::Arc<Entity>) -> Shape {
    Shape { noun: &INVOICE, table: std::sync::Arc::clone(entity) }
}
