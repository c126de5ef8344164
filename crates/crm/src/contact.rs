//! The contact: a person one deals with (protocol A.1).

use super::shared::{self, EVENTS, user_fields};
use engine::entity::{Derived, Entity, Field, Kind, Place, Told};

/// The contact with its built-in fields.
pub fn entity() -> Entity {
    Entity {
        type_id: 3,
        name: "contact".into(),
        table: "crm_contact".into(),
        code: "CONTACT".into(),
        prefix: "C".into(),
        title: "Contact".into(),
        plural: "contacts".into(),
        beside: None,
        told: Told::ByCode(EVENTS),
        stage: None,
        has_categories: false,
        has_products: false,
        fields: fields(),
        user_fields: Some(user_fields(3, "CRM_CONTACT", "ONCRMCONTACTUSERFIELD")),
        derived: Derived::default(),
    }
}

fn fields() -> Vec<Field> {
    let mut fields = person();
    fields.extend(shared::address());
    fields.extend(notes());
    fields.extend(shared::reachable());
    fields.extend(shared::history());
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
        Field::new("HONORIFIC", Kind::Status("HONORIFIC"), "Salutation"),
        Field::new("NAME", Kind::String, "First name"),
        Field::new("SECOND_NAME", Kind::String, "Middle name"),
        Field::new("LAST_NAME", Kind::String, "Last name").ordered(),
        Field::new("PHOTO", Kind::File, "Photo"),
        Field::new("BIRTHDATE", Kind::Date, "Date of birth"),
        Field::new("TYPE_ID", Kind::Status("CONTACT_TYPE"), "Contact type"),
        Field::new("SOURCE_ID", Kind::Status("SOURCE"), "Source"),
        Field::new("SOURCE_DESCRIPTION", Kind::Text, "Source information"),
        Field::new("POST", Kind::String, "Position"),
    ]
}

fn notes() -> Vec<Field> {
    vec![
        Field::new("COMMENTS", Kind::Text, "Comment"),
        Field::new("OPENED", Kind::Char, "Available to everyone").default("Y"),
        Field::new("EXPORT", Kind::Char, "Included in export").default("Y"),
    ]
}

fn origin() -> Vec<Field> {
    vec![
        shared::link("COMPANY_ID", 4, "Primary company").indexed(),
        shared::link("COMPANY_IDS", 4, "Companies").multiple().at(Place::Binding(4)),
        shared::link("LEAD_ID", 1, "Source lead").set_by_items(),
        Field::new("ORIGINATOR_ID", Kind::String, "External source"),
        Field::new("ORIGIN_ID", Kind::String, "External ID").indexed(),
        Field::new("ORIGIN_VERSION", Kind::String, "External version"),
        Field::new("FACE_ID", Kind::Integer, "Face").read_only().at(Place::Nowhere).legacy_only(),
    ]
}

fn item_only() -> Vec<Field> {
    let mut fields = shared::item_only();
    fields.extend([
        shared::obsolete("SHORT_NAME", Kind::String, "Last name and initials"),
        shared::obsolete("LOGIN", Kind::String, "Login"),
        Field::new("CATEGORY_ID", Kind::Category, "Pipeline").read_only().default("0").item_only(),
        shared::fm(),
    ]);
    fields
}

#[cfg(test)]
mod tests {
    use super::entity;

    #[test]
    fn legacy_fields_are_those_that_clients_compare() {
        let contact = entity();
        let legacy: Vec<&str> =
            contact.fields.iter().filter(|field| field.legacy).map(|field| &*field.code).collect();
        assert_eq!(legacy.len(), 50);
        assert_eq!(legacy[..3], ["ID", "HONORIFIC", "NAME"]);
        assert_eq!(legacy[36..39], ["ORIGIN_VERSION", "FACE_ID", "UTM_SOURCE"]);
    }
}
