//! Kinds of integrations.

use store::Tx;
use wire::{Fault, fault};

use super::{EditContext, Input, Integration, scenario};
use crate::outbound::{self, manage::Actor};
use engine::error::Result;
use engine::modules::Modules;

/// How many characters a name has at most (protocol 8).
const LONGEST_TITLE: usize = 256;
/// How many characters a description has at most.
const LONGEST_COMMENT: usize = 2000;
/// How many bytes a built request has at most.
const LONGEST_QUERY: usize = 32 * 1024;
/// How many networks an inbound webhook has at most: each call looks at them.
const MAX_NETWORKS: usize = 50;

/// Refuses what can be nobody's input, with the field that is at fault.
pub(super) fn check(input: &Input) -> Result<()> {
    let wrong = |text: String, field: &str| Err(Fault::argument(text, field).into());
    if input.title.trim().is_empty() || input.title.chars().count() > LONGEST_TITLE {
        return wrong(format!("The name must have 1 to {LONGEST_TITLE} characters."), "title");
    }
    if input.comment.chars().count() > LONGEST_COMMENT {
        return wrong(format!("The description must have at most {LONGEST_COMMENT} characters."), "comment");
    }
    if input.inbound.is_none() && input.outbound.is_none() {
        return wrong(
            "An integration needs an inbound webhook, an outbound webhook, or both.".into(),
            "inbound",
        );
    }
    let networks = input.inbound.as_ref().map_or(0, |hook| hook.networks.len());
    if networks > MAX_NETWORKS {
        return wrong(format!("A webhook can have at most {MAX_NETWORKS} networks."), "networks");
    }
    Ok(())
}

/// The built request as it is stored.
pub(super) fn query(input: &Input) -> Result<Option<String>> {
    let Some(query) = &input.query else { return Ok(None) };
    let text = serde_json::to_string(query).map_err(|error| Fault::core(error.to_string()))?;
    if text.len() > LONGEST_QUERY {
        return Err(Fault::argument("The request is too long to save.", "query").into());
    }
    Ok(Some(text))
}

/// Refuses a scenario that this person may not use or that needs what is not here (protocol 8).
pub(super) fn check_scenario(modules: &Modules, code: &str, actor: Actor) -> Result<()> {
    let Some((scenario, admin_only)) = scenario::find(code) else {
        return Err(Fault::argument(format!("Unknown scenario: {code:?}."), "scenario").into());
    };
    if admin_only && !actor.is_admin {
        return Err(fault::ACCESS_DENIED.into());
    }
    match scenario.needs(modules) {
        None => Ok(()),
        Some(need) => {
            let text = format!("This scenario is not available yet: it needs another {}.", need.name());
            Err(Fault::argument(text, "scenario").into())
        }
    }
}

/// Refuses an employee another outbound webhook beyond the bound: each costs every change that it hears of a row.
pub(super) fn check_count(tx: &mut Tx<'_>, context: EditContext<'_>) -> Result<()> {
    let most = context.core.settings().outbound_per_employee;
    if context.actor.is_admin || outbound::find::count(tx, context.actor.user_id)? < most {
        return Ok(());
    }
    let text = format!(
        "An employee can have at most {most} outbound webhooks. An administrator can raise the limit."
    );
    Err(Fault::new(409, "ERROR_TOO_MANY", text).into())
}

/// Refuses scopes that do not exist, and those that are made for applications (protocol 7.3), unless the webhook
/// has them already.
pub fn check_scopes(modules: &Modules, wanted: &[String], before: Option<&Integration>) -> Result<()> {
    let had = before.and_then(|found| found.inbound.as_ref()).map_or(&[][..], |hook| &hook.input.scopes);
    for scope in wanted.iter().filter(|scope| !had.contains(scope)) {
        if !modules.scopes().iter().any(|known| known.offered && known.code == scope.as_str()) {
            let text = format!("The scope {scope:?} cannot be granted to a webhook.");
            return Err(Fault::argument(text, "scopes").into());
        }
    }
    Ok(())
}
