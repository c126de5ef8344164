//! Fault rules as JSON.

use std::collections::HashMap;

use portal::Portal;
use portal::faults::{Faults, Of, Rule};
use serde::Serialize;
use store::Tx;
use utoipa::ToSchema;

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

/// How many rules hold, as a transaction of this moment sees them.
pub async fn count(portal: &Portal) -> portal::Result<usize> {
    let core = portal.core().clone();
    let shared = portal.core().store.read(move |tx: &mut Tx<'_>| core.current(tx)).await?;
    Ok(Faults::of(&shared.meta).rules.len())
}

/// The rules that hold, as a transaction of this moment sees them.
pub async fn list(portal: &Portal) -> portal::Result<Rules> {
    let core = portal.core().clone();
    let (shared, titles) = portal
        .core()
        .store
        .read(move |tx: &mut Tx<'_>| {
            let shared = core.current(tx)?;
            let titles = tx.all("SELECT id, title FROM integration", &[], |row| {
                Ok((row.int(0)?, row.text(1)?.to_owned()))
            })?;
            portal::Result::Ok((shared, titles.into_iter().collect::<HashMap<_, _>>()))
        })
        .await?;
    let listed = |(rule, hits): (Rule, u32)| {
        let title = match &rule.webhook {
            Some(Of::Id(id)) => titles.get(id).cloned(),
            _ => None,
        };
        Listed { rule, title, hits }
    };
    Ok(Rules { faults: portal.faults(&shared.meta).into_iter().map(listed).collect() })
}
