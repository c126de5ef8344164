//! The quote: what somebody is offered, and until when (protocol A.1).

use super::shared::{self, EVENTS, user_fields};
use engine::entity::stage::Codes;
use engine::entity::{Derived, Entity, Field, Kind, Place, Stage, Told};

/// The quote with its built-in fields.
pub fn entity() -> Entity {
    Entity {
        type_id: 7,
        name: "quote".into(),
        table: "crm_quote".into(),
        code: "QUOTE".into(),
        prefix: "Q".into(),
        title: "Quote".into(),
        plural: "quotes".into(),
        beside: None,
        told: Told::ByCode(EVENTS),
        stage: Some(Stage {
            field: "STATUS_ID",
            semantic: "STATUS_SEMANTIC_ID",
            dictionary: "QUOTE_STATUS".into(),
            codes: Codes::Plain,
        }),
        has_categories: false,
        has_products: true,
        fields: fields(),
        user_fields: Some(user_fields(7, "CRM_QUOTE", "ONCRMQUOTEUSERFIELD")),
        derived: Derived::default(),
    }
}

fn fields() -> Vec<Field> {
    let mut fields = offer();
    fields.extend(client());
    fields.extend(shared::history());
    fields.extend(origin());
    fields.extend(shared::utm());
    fields.extend(shared::last_activity());
    fields.push(shared::last_communication());
    fields.extend(item_only());
    fields
}

fn offer() -> Vec<Field> {
    vec![
        Field::new("ID", Kind::Integer, "ID").read_only(),
        Field::new("QUOTE_NUMBER", Kind::String, "Quote number").set_by_items().numbered(),
        Field::new("TITLE", Kind::String, "Subject").required(),
        Field::new("STATUS_ID", Kind::Stage, "Stage").item("stageId").indexed(),
        Field::new("CURRENCY_ID", Kind::Currency, "Currency"),
        Field::new("OPPORTUNITY", Kind::Decimal(2), "Amount").default("0"),
        Field::new("IS_MANUAL_OPPORTUNITY", Kind::Char, "Amount is set manually").default("N").item_only(),
        Field::new("TAX_VALUE", Kind::Decimal(2), "Tax").default("0"),
        shared::link("COMPANY_ID", 4, "Company").indexed(),
        shared::link("MYCOMPANY_ID", 4, "Own company"),
        shared::link("CONTACT_ID", 3, "Primary contact").indexed(),
        shared::link("CONTACT_IDS", 3, "Contacts").multiple().at(Place::Binding(3)),
        Field::new("BEGINDATE", Kind::Date, "Date of issue"),
        Field::new("CLOSEDATE", Kind::Date, "Expected close date"),
        Field::new("ACTUAL_DATE", Kind::Date, "Valid until"),
        Field::new("OPENED", Kind::Char, "Available to everyone").default("Y"),
        Field::new("CLOSED", Kind::Char, "Closed").default("N"),
        Field::new("COMMENTS", Kind::Text, "Comment"),
        Field::new("CONTENT", Kind::Text, "Content"),
        Field::new("TERMS", Kind::Text, "Terms"),
    ]
}

/// The client as the quote names him, which may differ from what is kept of the company and the contact.
fn client() -> Vec<Field> {
    vec![
        Field::new("CLIENT_TITLE", Kind::String, "Client"),
        Field::new("CLIENT_ADDR", Kind::String, "Client's address"),
        Field::new("CLIENT_CONTACT", Kind::String, "Client's contact person"),
        Field::new("CLIENT_EMAIL", Kind::String, "Client's e-mail address"),
        Field::new("CLIENT_PHONE", Kind::String, "Client's phone"),
        Field::new("CLIENT_TP_ID", Kind::String, "Client's tax number"),
        Field::new("CLIENT_TPA_ID", Kind::String, "Client's tax registration code"),
    ]
}

fn origin() -> Vec<Field> {
    vec![
        shared::link("LEAD_ID", 1, "Source lead").indexed(),
        shared::link("DEAL_ID", 2, "Deal").indexed(),
        Field::new("PERSON_TYPE_ID", Kind::Integer, "Payer type"),
        Field::new("LOCATION_ID", Kind::Location, "Location"),
    ]
}

/// Formats of texts and the kind of storage are numbers of `crm.enum.contenttype` and of the real system's disk.
fn item_only() -> Vec<Field> {
    let mut fields: Vec<Field> =
        shared::item_only().into_iter().filter(|field| field.code != "OBSERVERS").collect();
    fields.extend([
        Field::new("COMMENTS_TYPE", Kind::Integer, "Format of the comment").default("2").item_only(),
        Field::new("CONTENT_TYPE", Kind::Integer, "Format of the content").default("2").item_only(),
        Field::new("TERMS_TYPE", Kind::Integer, "Format of the terms").default("2").item_only(),
        Field::new("STORAGE_TYPE_ID", Kind::Integer, "Storage of the files").default("3").item_only(),
        Field::new("STORAGE_ELEMENT_IDS", Kind::Integer, "Files").multiple().item_only(),
        shared::obsolete("DATE_CREATE_SHORT", Kind::DateTime, "Created, short"),
        shared::obsolete("DATE_MODIFY_SHORT", Kind::DateTime, "Modified, short"),
        shared::obsolete("BEGINDATE_SHORT", Kind::DateTime, "Start date, short"),
        shared::obsolete("CLOSEDATE_SHORT", Kind::DateTime, "Expected close date, short"),
        shared::obsolete("HAS_PRODUCTS", Kind::Char, "Has product rows"),
    ]);
    fields
}

#[cfg(test)]
mod tests {
    use super::entity;

    #[test]
    fn legacy_fields_are_the_documented_ones() {
        let quote = entity();
        let legacy: Vec<&str> =
            quote.fields.iter().filter(|field| field.legacy).map(|field| &*field.code).collect();
        assert_eq!(legacy.len(), 43);
        assert_eq!(legacy[..3], ["ID", "QUOTE_NUMBER", "TITLE"]);
        assert_eq!(legacy[40..], ["LAST_ACTIVITY_TIME", "LAST_ACTIVITY_BY", "LAST_COMMUNICATION_TIME"]);
    }
}
