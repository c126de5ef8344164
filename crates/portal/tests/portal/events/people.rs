//! Events of users.

use portal::Moment;
use portal::user::session::{self, NewSession};
use serde_json::{Value, json};
use testportal::{Hook, NOW};

use super::Recipe;

pub fn recipe(event: &str) -> Option<Recipe> {
    (event == "ONUSERADD").then(|| -> Recipe { Box::new(join) })
}

fn join(portal: &Hook) -> Value {
    let fields = json!({
        "EMAIL": "Ines@Example.com", "NAME": "Ines", "LAST_NAME": "Vogel", "PERSONAL_GENDER": "F",
        "PERSONAL_BIRTHDAY": "1990-04-30", "UF_DEPARTMENT": [1], "WORK_POSITION": "Sales",
    });
    let id = portal.get("user.add", fields).as_i64().unwrap();
    sign_in(portal, id);
    sign_in(portal, id);
    json!({
        "ID": id.to_string(),
        "ACTIVE": "Y",
        "EMAIL": "ines@example.com",
        "NAME": "Ines",
        "LAST_NAME": "Vogel",
        "PERSONAL_GENDER": "F",
        "PERSONAL_BIRTHDAY": "1990-04-30",
        "UF_DEPARTMENT": ["1"],
        "DATE_REGISTER": "2026-06-01T00:00:00+00:00",
        "WORK_POSITION": "Sales",
        "UF_EMPLOYMENT_DATE": "",
    })
}

pub fn sign_in(portal: &Hook, id: i64) {
    let (core, token) = (portal.portal.core().clone(), session::token());
    let new = NewSession { user_id: id, address: String::new(), agent: String::new(), lifetime: 60 };
    portal.write(move |tx| session::create(tx, &core, &new, &token, Moment(NOW * 1_000_000)));
}
