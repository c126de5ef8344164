//! Types of activities (`crm.enum.activitytype`), and the providers behind them.

use wire::Fault;

/// A meeting.
pub const MEETING: i64 = 1;
/// A call.
pub const CALL: i64 = 2;
/// An e-mail.
pub const EMAIL: i64 = 4;
/// Whatever its provider says.
pub const PROVIDED: i64 = 6;

/// The provider of to-dos.
pub const TODO: &str = "CRM_TODO";

/// The provider and its type of activities that name none.
pub fn provider_of(type_id: i64) -> Option<(&'static str, &'static str)> {
    match type_id {
        MEETING => Some(("CRM_MEETING", "MEETING")),
        CALL => Some(("VOXIMPLANT_CALL", "CALL")),
        EMAIL => Some(("CRM_EMAIL", "EMAIL")),
        _ => None,
    }
}

/// Refuses types that there are not, and those that come into being elsewhere.
pub fn require(type_id: Option<i64>) -> Result<i64, Fault> {
    match type_id {
        Some(kind @ (MEETING | CALL | EMAIL | PROVIDED)) => Ok(kind),
        Some(3) => Err(unsupported("Task")),
        Some(5) => Err(unsupported("Action")),
        _ => Err(Fault::crm("The field TYPE_ID is not defined or invalid")),
    }
}

fn unsupported(name: &str) -> Fault {
    Fault::crm(format!("The activity type \"{name}\" is not supported in current context"))
}

/// Refuses providers that need an application, and activities of the type that is named by its provider without one.
pub fn require_provider(type_id: i64, provider: Option<&str>, verb: &str) -> Result<(), Fault> {
    match provider.unwrap_or_default() {
        "" if type_id == PROVIDED => {
            Err(Fault::crm("The custom activity without provider is not supported in current context"))
        }
        // A task makes its own.
        "CRM_TASKS_TASK" => Err(unsupported("Task")),
        "REST_APP" => Err(Fault::crm("Application context required")),
        "CONFIGURABLE_REST_APP" => {
            Err(Fault::crm(format!("Use crm.activity.configurable.{verb} for this activity provider")))
        }
        _ => Ok(()),
    }
}
