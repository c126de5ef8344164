//! `portreeve listen`
use crate::{cli::Listen, place::Place, rules::Rules};
use anyhow::Result;
pub fn run(_: &Place, _: &Rules, _: &Listen) -> Result<()> {
    anyhow::bail!("not yet")
}
