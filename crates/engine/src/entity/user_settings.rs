//! The settings of a field that people make at run time.

/// The settings of a user field beyond what every field has.
#[derive(Clone, Debug)]
pub struct UserField {
    /// Its number.
    pub id: i64,
    /// The entity it belongs to.
    pub entity_type_id: i64,
    /// Its type, `string` or `enumeration` for instance.
    pub user_type_id: String,
    /// A code for outside systems.
    pub xml_id: Option<String>,
    /// Its place among the others.
    pub sort: i64,
    /// `N` not in filters, `I` exact, `E` by mask, `S` by part
    pub show_filter: String,
    /// Whether lists show it.
    pub show_in_list: bool,
    /// Whether people may edit it.
    pub edit_in_list: bool,
    /// Whether search looks into it.
    pub is_searchable: bool,
    /// Settings of its type: `DEFAULT_VALUE`, `ROWS`, ..
    pub settings: serde_json::Value,
    /// Labels by kind (`EDIT_FORM_LABEL`, ..) and language.
    pub labels: serde_json::Value,
    /// The choices of an enumeration, in order.
    pub choices: Vec<Choice>,
}

/// A choice of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its number, the value that items hold.
    pub id: i64,
    /// Its display text.
    pub value: String,
    /// Whether it is chosen where nothing is said.
    pub is_default: bool,
    /// Its place.
    pub sort: i64,
    /// A code for outside systems.
    pub xml_id: String,
}
