//! Fault rules as JSON.

use axum::http::StatusCode;
use portal::Portal;
use portal::audit::By;
use portal::faults::{Faults, Of, Rule};
use portal::usage::titles;
use serde::Serialize;
use store::Tx;
use utoipa::ToSchema;
use wire::Fault;

use crate::clock;

/// The rules that hold.
#[derive(Serialize, ToSchema)]
pub struct Rules {
    /// In the order in which they are asked.
    faults: Vec<Listed>,
}

/// A rule that holds.
#[derive(Serialize, ToSchema)]
pub struct Listed {
    #[serde(flatten)]
    rule: Rule,
    /// The name of the integration that it is about.
    title: Option<String>,
    /// How often it has hit on this node.
    hits: u32,
}

/// Removes a rule.
///
/// # Errors
/// 404 when there is none of that number.
pub async fn remove(portal: &Portal, id: i64, by: By) -> portal::Result<StatusCode> {
    match portal.remove_fault(id, by, clock::now(portal.core())).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Fault::not_found("The fault rule does not exist.").into()),
    }
}

/// The rules that hold, as a transaction of this moment sees them.
pub async fn list(portal: &Portal) -> portal::Result<Rules> {
    let core = portal.core().clone();
    let (shared, titles) = portal
        .core()
        .store
        .read(move |tx: &mut Tx<'_>| {
            let shared = core.current(tx)?;
            let about = Faults::of(&shared.meta).rules.iter().filter_map(integration);
            let titles = titles(tx, &about.collect::<Vec<_>>())?;
            portal::Result::Ok((shared, titles))
        })
        .await?;
    let listed = |(rule, hits): (Rule, u32)| {
        let title = integration(&rule).and_then(|id| titles.get(&id).cloned());
        Listed { rule, title, hits }
    };
    Ok(Rules { faults: portal.faults(&shared.meta).into_iter().map(listed).collect() })
}

/// The integration that a rule is about.
fn integration(rule: &Rule) -> Option<i64> {
    match rule.webhook {
        Some(Of::Id(id)) => Some(id),
        _ => None,
    }
}
