//! Whether time is controlled, and who sees which reports: `timeman.timecontrol.settings.*`.

use engine::call::Call;
use engine::error::Result;
use engine::method::{self, Method, optional, read, write};
use engine::state;
use serde_json::{Value as Json, json};
use wire::Value;

use crate::SCOPE;
use crate::network::require_admin;

/// The name under which they are remembered.
const KEPT: &str = "timeman:control";

/// Whom reports are for.
const TYPES: [&str; 3] = ["all", "user", "none"];

/// Kinds of reports, as parameters begin with them.
const REPORTS: [&str; 3] = ["report_request", "report_simple", "report_full"];

/// People whom one setting names.
const MOST: usize = 1_000;

/// The settings.
#[derive(Debug)]
pub struct Settings {
    /// Whether time is controlled.
    pub active: bool,
    /// Minutes of absence from which on a reason is asked for.
    pub idle: i64,
    json: Json,
}

impl Settings {
    /// Those that hold.
    ///
    /// # Errors
    /// Those of the store.
    pub fn read(call: &mut Call<'_, '_>) -> Result<Self> {
        let kept = state::get(call.tx, KEPT)?;
        let kept = kept.and_then(|text| serde_json::from_str::<Json>(&text).ok());
        let json = kept.unwrap_or_else(|| {
            json!({
                "active": false, "minimum_idle_for_report": 15, "register_offline": true, "register_idle": true,
                "register_desktop": true, "report_request_type": "none", "report_request_users": [],
                "report_simple_type": "all", "report_simple_users": [], "report_full_type": "none",
                "report_full_users": [],
            })
        });
        let idle = json["minimum_idle_for_report"].as_i64().unwrap_or(15);
        Ok(Settings { active: json["active"] == true, idle, json })
    }

    /// Whether somebody sees own reports of that kind, `full` or `simple`.
    pub fn shows(&self, kind: &str, user: i64) -> bool {
        match self.json[format!("report_{kind}_type")].as_str() {
            Some("all") => true,
            Some("user") => {
                let users = self.json[format!("report_{kind}_users")].as_array();
                users.into_iter().flatten().any(|one| one.as_i64() == Some(user))
            }
            _ => false,
        }
    }
}

/// The methods.
pub fn methods() -> Vec<Method> {
    use method::Kind::{Any, Flag, Int, Text};
    let set = write("timeman.timecontrol.settings.set", SCOPE, set)
        .own_words()
        .about("Updates the settings of time control.")
        .param(optional("ACTIVE", Any, "Whether time is controlled; 0 turns it off, false does not"))
        .param(optional(
            "MINIMUM_IDLE_FOR_REPORT",
            Int,
            "Minutes of absence from which on a reason is asked for",
        ))
        .param(optional("REGISTER_OFFLINE", Flag, "Note who is offline"))
        .param(optional("REGISTER_IDLE", Flag, "Note who is away"))
        .param(optional("REGISTER_DESKTOP", Flag, "Note who runs the desktop application"));
    let whom = [
        ("REPORT_REQUEST_TYPE", "REPORT_REQUEST_USERS"),
        ("REPORT_SIMPLE_TYPE", "REPORT_SIMPLE_USERS"),
        ("REPORT_FULL_TYPE", "REPORT_FULL_USERS"),
    ];
    let set = whom.into_iter().fold(set, |set, (kind, users)| {
        set.param(optional(kind, Text, "Whom it is for: all, user or none")).param(optional(
            users,
            Any,
            "Users whom it is for",
        ))
    });
    vec![
        read("timeman.timecontrol.settings.get", SCOPE, |call| {
            require_admin(call)?;
            Ok(Value::from(Settings::read(call)?.json))
        })
        .about("Returns the settings of time control.")
        .example(
            json!({}),
            json!({"active": true, "minimum_idle_for_report": 15, "report_simple_type": "all"}),
        ),
        set.example(json!({"ACTIVE": true, "REPORT_FULL_TYPE": "all"}), json!(true)),
    ]
}

fn set(call: &mut Call<'_, '_>) -> Result<Value> {
    require_admin(call)?;
    let mut json = Settings::read(call)?.json;
    // Turning it off by `false` does nothing there, either.
    let active =
        call.param("ACTIVE").filter(|active| **active != Value::Bool(false)).and_then(Value::as_flag);
    if let Some(active) = active {
        json["active"] = active.into();
    }
    if let Some(idle) = call.param("MINIMUM_IDLE_FOR_REPORT").and_then(Value::as_int) {
        json["minimum_idle_for_report"] = idle.clamp(0, 24 * 60).into();
    }
    for name in ["register_offline", "register_idle", "register_desktop"] {
        if let Some(flag) = call.param(name).and_then(Value::as_flag) {
            json[name] = flag.into();
        }
    }
    for report in REPORTS {
        let (kind, users) = (format!("{report}_type"), format!("{report}_users"));
        let given = call.text(&kind).map(|text| text.to_ascii_lowercase());
        if let Some(known) = given.and_then(|given| TYPES.into_iter().find(|known| *known == given)) {
            json[kind.as_str()] = known.into();
        }
        if let Some(given) = call.param(&users) {
            let ids: Vec<i64> =
                given.each().filter_map(Value::as_int).filter(|id| *id > 0).take(MOST).collect();
            json[users.as_str()] = ids.into();
        }
        if json[kind.as_str()] != "user" {
            json[users.as_str()] = json!([]);
        }
    }
    state::set(call.tx, KEPT, &json.to_string())?;
    Ok(true.into())
}
