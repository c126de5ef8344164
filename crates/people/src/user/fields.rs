//! The fields of a user, in the order in which `user.fields` lists them.
//!
//! They are described like fields of a CRM entity, though the methods of users are written by hand:
//! [`Kind`] says what a field holds, `read_only` that neither `user.add` nor `user.update` takes it. Without
//! a column of their own ([`Place::Nowhere`]) are `UF_DEPARTMENT`, which is the user's memberships, and
//! `IS_ONLINE` and `USER_TYPE`, which are worked out.

use std::sync::LazyLock;

use engine::entity::{Field, Kind, Place};

/// The least scope that shows a field; each one includes those before it (protocol 7.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// `user_brief`: who somebody is, without ways to reach them
    Brief,
    /// `user_basic`: with e-mail, phones and addresses
    Basic,
    /// `user`: everything, and the right to add and change users
    Full,
}

/// A field of a user.
#[derive(Clone, Debug)]
pub struct UserField {
    /// Its name and type.
    pub field: Field,
    /// From which scope on it is shown.
    pub tier: Tier,
}

impl Tier {
    /// The widest tier that scopes (separated by commas) open; `None` when they open no user at all.
    pub fn of(scopes: &str) -> Option<Self> {
        let tier = |scope: &str| match scope {
            "user" => Some(Tier::Full),
            "user_basic" => Some(Tier::Basic),
            "user_brief" => Some(Tier::Brief),
            _ => None,
        };
        scopes.split(',').filter_map(tier).max()
    }
}

/// All built-in fields.
pub fn fields() -> &'static [UserField] {
    static FIELDS: LazyLock<Vec<UserField>> =
        LazyLock::new(|| [identity(), personal(), work(), extras()].concat());
    &FIELDS
}

fn identity() -> Vec<UserField> {
    vec![
        brief(Field::new("ID", Kind::Integer, "ID").read_only()),
        brief(Field::new("XML_ID", Kind::String, "External code")),
        brief(Field::new("ACTIVE", Kind::Char, "Active").default("Y")),
        brief(Field::new("NAME", Kind::String, "First name")),
        brief(Field::new("LAST_NAME", Kind::String, "Last name")),
        brief(Field::new("SECOND_NAME", Kind::String, "Middle name")),
        brief(Field::new("TITLE", Kind::String, "Form of address")),
        basic(Field::new("EMAIL", Kind::String, "E-mail").required()),
        full(Field::new("LAST_LOGIN", Kind::DateTime, "Last sign-in").read_only()),
        brief(Field::new("DATE_REGISTER", Kind::Date, "Registered").read_only()),
        brief(Field::new("TIME_ZONE", Kind::String, "Time zone")),
        brief(Field::new("IS_ONLINE", Kind::Char, "Online").read_only().at(Place::Nowhere)),
        brief(Field::new("TIMESTAMP_X", Kind::DateTime, "Modified").read_only()),
        brief(Field::new("LAST_ACTIVITY_DATE", Kind::DateTime, "Last seen").read_only()),
    ]
}

fn personal() -> Vec<UserField> {
    vec![
        brief(Field::new("PERSONAL_GENDER", Kind::String, "Gender, M or F")),
        brief(Field::new("PERSONAL_PROFESSION", Kind::String, "Profession")),
        full(Field::new("PERSONAL_WWW", Kind::String, "Personal website")),
        brief(Field::new("PERSONAL_BIRTHDAY", Kind::Date, "Date of birth")),
        brief(Field::new("PERSONAL_PHOTO", Kind::File, "Photo")),
        full(Field::new("PERSONAL_ICQ", Kind::String, "ICQ")),
        basic(Field::new("PERSONAL_PHONE", Kind::String, "Personal phone")),
        basic(Field::new("PERSONAL_FAX", Kind::String, "Personal fax")),
        basic(Field::new("PERSONAL_MOBILE", Kind::String, "Mobile phone")),
        basic(Field::new("PERSONAL_PAGER", Kind::String, "Personal pager")),
        basic(Field::new("PERSONAL_STREET", Kind::String, "Street")),
        brief(Field::new("PERSONAL_CITY", Kind::String, "Home city")),
        brief(Field::new("PERSONAL_STATE", Kind::String, "Home state or region")),
        basic(Field::new("PERSONAL_ZIP", Kind::String, "Home postal code")),
        brief(Field::new("PERSONAL_COUNTRY", Kind::String, "Home country")),
        basic(Field::new("PERSONAL_MAILBOX", Kind::String, "P.O. box")),
        basic(Field::new("PERSONAL_NOTES", Kind::Text, "Personal notes")),
    ]
}

fn work() -> Vec<UserField> {
    vec![
        basic(Field::new("WORK_PHONE", Kind::String, "Work phone")),
        basic(Field::new("WORK_COMPANY", Kind::String, "Employer")),
        brief(Field::new("WORK_POSITION", Kind::String, "Position")),
        basic(Field::new("WORK_DEPARTMENT", Kind::String, "Department as text")),
        basic(Field::new("WORK_WWW", Kind::String, "Employer's website")),
        basic(Field::new("WORK_FAX", Kind::String, "Work fax")),
        basic(Field::new("WORK_PAGER", Kind::String, "Work pager")),
        basic(Field::new("WORK_STREET", Kind::String, "Work street")),
        basic(Field::new("WORK_MAILBOX", Kind::String, "Work P.O. box")),
        brief(Field::new("WORK_CITY", Kind::String, "Work city")),
        brief(Field::new("WORK_STATE", Kind::String, "Work state or region")),
        basic(Field::new("WORK_ZIP", Kind::String, "Work postal code")),
        brief(Field::new("WORK_COUNTRY", Kind::String, "Work country")),
        basic(Field::new("WORK_PROFILE", Kind::Text, "Employer's line of business")),
        basic(Field::new("WORK_LOGO", Kind::File, "Employer's logo")),
        basic(Field::new("WORK_NOTES", Kind::Text, "Work notes")),
    ]
}

fn extras() -> Vec<UserField> {
    vec![
        basic(Field::new("UF_SKYPE_LINK", Kind::String, "Link to a Skype chat")),
        basic(Field::new("UF_ZOOM", Kind::String, "Zoom")),
        brief(Field::new("UF_EMPLOYMENT_DATE", Kind::Date, "Employment date")),
        brief(Field::new("UF_TIMEMAN", Kind::String, "Time tracking")),
        brief(Field::new("UF_DEPARTMENT", Kind::Integer, "Departments").multiple().at(Place::Nowhere)),
        brief(Field::new("UF_INTERESTS", Kind::String, "Interests")),
        brief(Field::new("UF_SKILLS", Kind::String, "Skills")),
        basic(Field::new("UF_WEB_SITES", Kind::String, "Other websites")),
        basic(Field::new("UF_XING", Kind::String, "Xing")),
        basic(Field::new("UF_LINKEDIN", Kind::String, "LinkedIn")),
        basic(Field::new("UF_FACEBOOK", Kind::String, "Facebook")),
        basic(Field::new("UF_TWITTER", Kind::String, "Twitter")),
        basic(Field::new("UF_SKYPE", Kind::String, "Skype")),
        basic(Field::new("UF_DISTRICT", Kind::String, "Borough")),
        brief(Field::new("UF_PHONE_INNER", Kind::String, "Extension number")),
        brief(Field::new("USER_TYPE", Kind::String, "User type").read_only().at(Place::Nowhere)),
    ]
}

fn brief(field: Field) -> UserField {
    UserField { field, tier: Tier::Brief }
}

fn basic(field: Field) -> UserField {
    UserField { field, tier: Tier::Basic }
}

fn full(field: Field) -> UserField {
    UserField { field, tier: Tier::Full }
}

#[cfg(test)]
mod tests {
    use super::{Tier, fields};

    #[test]
    fn each_scope_shows_the_documented_number_of_fields() {
        let shown = |tier: Tier| fields().iter().filter(|field| field.tier <= tier).count();
        assert_eq!(shown(Tier::Brief), 30);
        assert_eq!(shown(Tier::Basic), 60);
        assert_eq!(shown(Tier::Full), 63);
    }

    #[test]
    fn the_widest_granted_scope_counts() {
        assert_eq!(Tier::of("crm,user_brief,user_basic"), Some(Tier::Basic));
        assert_eq!(Tier::of("user_brief,user"), Some(Tier::Full));
        assert_eq!(Tier::of("crm,user.userfield"), None);
    }
}
