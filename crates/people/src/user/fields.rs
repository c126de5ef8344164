//! A user as a noun: its fields, in the order in which `user.fields` lists them, and how lists show them.
//!
//! `read_only` says that neither `user.add` nor `user.update` takes a field. Without a column of their own are `UF_DEPARTMENT`,
//! which is the user's memberships, and `IS_ONLINE` and `USER_TYPE`, which are worked out.

use engine::entity::{Kind, USERS, UserFields};
use engine::noun::{Access, Described, Face, Field, ID, Noun, field, noun};

use super::{SCOPE, TABLE, show};

/// With e-mail, phones and addresses.
const BASIC: &str = "user_basic";
/// Everything, and the right to add and change users.
const FULL: &str = SCOPE;

/// The user fields of users. They have no events.
pub(super) static USER_FIELDS: UserFields = UserFields::new(USERS, "USER", "UF_USR_");

/// Users. Each scope shows the fields of those before it (protocol 7.3).
pub static USER: Noun = Noun {
    access: Access::Everybody,
    tiers: &["user_brief", BASIC, FULL],
    fields: &[
        ID,
        field("xmlId", Kind::String, "External code"),
        field("active", Kind::Char, "Active").default("Y"),
        field("name", Kind::String, "First name"),
        field("lastName", Kind::String, "Last name"),
        field("secondName", Kind::String, "Middle name"),
        field("title", Kind::String, "Form of address"),
        field("email", Kind::String, "E-mail").required().from(BASIC),
        field("lastLogin", Kind::DateTime, "Last sign-in").read_only().from(FULL),
        field("dateRegister", Kind::Date, "Registered").read_only(),
        field("timeZone", Kind::String, "Time zone"),
        field("isOnline", Kind::Char, "Online").computed(),
        field("timestampX", Kind::DateTime, "Modified").read_only(),
        field("lastActivityDate", Kind::DateTime, "Last seen").read_only(),
        field("personalGender", Kind::String, "Gender, M or F"),
        field("personalProfession", Kind::String, "Profession"),
        field("personalWww", Kind::String, "Personal website").from(FULL),
        field("personalBirthday", Kind::Date, "Date of birth"),
        field("personalPhoto", Kind::File, "Photo"),
        field("personalIcq", Kind::String, "ICQ").from(FULL),
        field("personalPhone", Kind::String, "Personal phone").from(BASIC),
        field("personalFax", Kind::String, "Personal fax").from(BASIC),
        field("personalMobile", Kind::String, "Mobile phone").from(BASIC),
        field("personalPager", Kind::String, "Personal pager").from(BASIC),
        field("personalStreet", Kind::String, "Street").from(BASIC),
        field("personalCity", Kind::String, "Home city"),
        field("personalState", Kind::String, "Home state or region"),
        field("personalZip", Kind::String, "Home postal code").from(BASIC),
        field("personalCountry", Kind::String, "Home country"),
        field("personalMailbox", Kind::String, "P.O. box").from(BASIC),
        field("personalNotes", Kind::Text, "Personal notes").from(BASIC),
        field("workPhone", Kind::String, "Work phone").from(BASIC),
        field("workCompany", Kind::String, "Employer").from(BASIC),
        field("workPosition", Kind::String, "Position"),
        field("workDepartment", Kind::String, "Department as text").from(BASIC),
        field("workWww", Kind::String, "Employer's website").from(BASIC),
        field("workFax", Kind::String, "Work fax").from(BASIC),
        field("workPager", Kind::String, "Work pager").from(BASIC),
        field("workStreet", Kind::String, "Work street").from(BASIC),
        field("workMailbox", Kind::String, "Work P.O. box").from(BASIC),
        field("workCity", Kind::String, "Work city"),
        field("workState", Kind::String, "Work state or region"),
        field("workZip", Kind::String, "Work postal code").from(BASIC),
        field("workCountry", Kind::String, "Work country"),
        field("workProfile", Kind::Text, "Employer's line of business").from(BASIC),
        field("workLogo", Kind::File, "Employer's logo").from(BASIC),
        field("workNotes", Kind::Text, "Work notes").from(BASIC),
        field("ufSkypeLink", Kind::String, "Link to a Skype chat").from(BASIC),
        field("ufZoom", Kind::String, "Zoom").from(BASIC),
        field("ufEmploymentDate", Kind::Date, "Employment date"),
        field("ufTimeman", Kind::String, "Time tracking"),
        // Taken, too: it is the memberships of the user.
        Field {
            read_only: false,
            ..field("ufDepartment", Kind::Integer, "Departments").multiple().computed()
        },
        field("ufInterests", Kind::String, "Interests"),
        field("ufSkills", Kind::String, "Skills"),
        field("ufWebSites", Kind::String, "Other websites").from(BASIC),
        field("ufXing", Kind::String, "Xing").from(BASIC),
        field("ufLinkedin", Kind::String, "LinkedIn").from(BASIC),
        field("ufFacebook", Kind::String, "Facebook").from(BASIC),
        field("ufTwitter", Kind::String, "Twitter").from(BASIC),
        field("ufSkype", Kind::String, "Skype").from(BASIC),
        field("ufDistrict", Kind::String, "Borough").from(BASIC),
        field("ufPhoneInner", Kind::String, "Extension number"),
        field("userType", Kind::String, "User type").computed(),
    ],
    faces: &[GET, SEARCH],
    user_fields: Some(&USER_FIELDS),
    user_field_scope: Some("user.userfield"),
    hooks: &show::Users,
    ..noun("user", TABLE, SCOPE, ["User", "users"])
};

/// `user.get`, which shows empty values as the documented answers do.
pub(super) const GET: Face = Face {
    verbs: &[],
    beside: true,
    asks: &["select"],
    described: Described::Titles,
    when_empty: Some(&[
        "id",
        "xmlId",
        "active",
        "name",
        "lastName",
        "email",
        "lastLogin",
        "dateRegister",
        "timeZone",
        "isOnline",
        "timestampX",
        "lastActivityDate",
        "personalGender",
        "personalBirthday",
        "workPosition",
        "ufEmploymentDate",
        "ufDepartment",
        "userType",
    ]),
    ..Face::flat("user", "ID")
};

/// `user.search`, which finds names and positions by how they begin.
pub(super) const SEARCH: Face = Face { path: "user.search", ..GET };

#[cfg(test)]
mod tests {
    use super::USER;

    #[test]
    fn each_scope_shows_the_documented_number_of_fields() {
        let shown = |tier: usize| USER.fields.iter().filter(|field| USER.tier(field) <= tier).count();
        assert_eq!(shown(0), 30);
        assert_eq!(shown(1), 60);
        assert_eq!(shown(2), 63);
    }

    #[test]
    fn the_widest_granted_scope_counts() {
        assert_eq!(USER.tier_of("crm,user_brief,user_basic"), Some(1));
        assert_eq!(USER.tier_of("user_brief,user"), Some(2));
        assert_eq!(USER.tier_of("crm,user.userfield"), None);
    }
}
