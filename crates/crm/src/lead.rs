//! The lead: somebody who may become a customer (protocol A.1).

use super::shared::{self, EVENTS, user_fields};
use engine::entity::stage::Codes;
use engine::entity::{Derived, Entity, Field, Kind, Stage, Told};

/// The lead with its built-in fields.
pub fn entity() -> Entity {
    Entity {
        type_id: 1,
        name: "lead".into(),
        table: "crm_lead".into(),
        code: "LEAD".into(),
        prefix: "L".into(),
        title: "Lead".into(),
        plural: "leads".into(),
        beside: None,
        told: Told::ByCode(EVENTS),
        stage: Some(Stage {
            field: "STATUS_ID",
            semantic: "STATUS_SEMANTIC_ID",
            dictionary: "STATUS".into(),
            codes: Codes::Plain,
        }),
        has_categories: false,
        has_products: true,
        fields: fields(),
        user_fields: Some(user_fields(1, "CRM_LEAD", "ONCRMLEADUSERFIELD")),
        derived: Derived::default(),
    }
}

fn fields() -> Vec<Field> {
    let mut fields = person();
    fields.extend(shared::address());
    fields.extend(sale());
    fields.extend(shared::reachable());
    fields.extend(shared::history_on_stages());
    fields.extend(shared::client());
    fields.extend(origin());
    fields.extend(shared::utm());
    fields.extend(shared::last_activity());
    fields.extend(shared::multifields());
    fields.extend(item_only());
    fields
}

fn person() -> Vec<Field> {
    vec![
        Field::new("ID", Kind::Integer, "ID").read_only(),
        Field::new("TITLE", Kind::String, "Lead name"),
        Field::new("HONORIFIC", Kind::Status("HONORIFIC"), "Salutation"),
        Field::new("NAME", Kind::String, "First name"),
        Field::new("SECOND_NAME", Kind::String, "Middle name"),
        Field::new("LAST_NAME", Kind::String, "Last name"),
        Field::new("BIRTHDATE", Kind::Date, "Date of birth"),
        Field::new("COMPANY_TITLE", Kind::String, "Company name"),
        Field::new("SOURCE_ID", Kind::Status("SOURCE"), "Source"),
        Field::new("SOURCE_DESCRIPTION", Kind::Text, "Source information"),
        Field::new("STATUS_ID", Kind::Stage, "Stage").item("stageId").indexed(),
        Field::new("STATUS_DESCRIPTION", Kind::Text, "Stage information"),
        Field::new("STATUS_SEMANTIC_ID", Kind::String, "Stage group").item("stageSemanticId").read_only(),
        Field::new("POST", Kind::String, "Position"),
    ]
}

fn sale() -> Vec<Field> {
    vec![
        Field::new("CURRENCY_ID", Kind::Currency, "Currency"),
        Field::new("OPPORTUNITY", Kind::Decimal(2), "Expected amount").default("0"),
        Field::new("IS_MANUAL_OPPORTUNITY", Kind::Char, "Amount is set manually").default("N"),
        Field::new("OPENED", Kind::Char, "Available to everyone").default("Y"),
        Field::new("COMMENTS", Kind::Text, "Comment"),
    ]
}

fn origin() -> Vec<Field> {
    vec![
        Field::new("IS_RETURN_CUSTOMER", Kind::Char, "Repeat lead").read_only().default("N"),
        Field::new("DATE_CLOSED", Kind::DateTime, "Closed").read_only(),
        Field::new("ORIGINATOR_ID", Kind::String, "External source"),
        Field::new("ORIGIN_ID", Kind::String, "External ID").indexed(),
    ]
}

fn item_only() -> Vec<Field> {
    let mut fields = shared::item_only();
    fields.extend([
        shared::obsolete("DATE_CREATE_SHORT", Kind::DateTime, "Created, short"),
        shared::obsolete("DATE_MODIFY_SHORT", Kind::DateTime, "Modified, short"),
        shared::obsolete("IS_CONVERT", Kind::Char, "Converted"),
        shared::obsolete("PRODUCT_ID", Kind::String, "Product"),
        shared::obsolete("SHORT_NAME", Kind::String, "Last name and initials"),
        shared::obsolete("LOGIN", Kind::String, "Login"),
        shared::obsolete("SKYPE", Kind::String, "Skype"),
        shared::obsolete("ICQ", Kind::String, "ICQ"),
        shared::fm(),
    ]);
    fields
}

#[cfg(test)]
mod tests {
    use super::entity;

    #[test]
    fn legacy_fields_are_those_that_clients_compare() {
        let lead = entity();
        let legacy: Vec<&str> =
            lead.fields.iter().filter(|field| field.legacy).map(|field| &*field.code).collect();
        assert_eq!(legacy.len(), 57);
        assert_eq!(legacy[..3], ["ID", "TITLE", "HONORIFIC"]);
        assert_eq!(
            legacy[49..],
            ["UTM_TERM", "LAST_ACTIVITY_TIME", "LAST_ACTIVITY_BY", "PHONE", "EMAIL", "WEB", "IM", "LINK"]
        );
    }
}
