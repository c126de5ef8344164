//! Fetching the files of a copy once its rows are there.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::Result;
use portal::clone::{self, Read, files};
use portal::copy::Step;
use portal::copy::files::Waiting;
use serde_json::Value as Json;
use wire::{Map, Value};

use super::fetch::{Bounds, Outcome};
use super::read::Reader;
use super::source::{self, Command};
use crate::clock;

/// What the screen calls it.
const FILES: &str = "files";
/// Files that are looked up at once.
const PORTION: i64 = 50;
/// How old a link may be, in seconds; they work for an hour.
const FRESH: i64 = 40 * 60;
/// For how long it is of no use to read rows again.
const JUST_READ: Duration = Duration::from_secs(300);

/// When rows were read again, by the request.
type Renewed = HashMap<String, Instant>;

impl Reader<'_> {
    /// Fetches the files that wait; when none does, those that were refused before.
    ///
    /// # Errors
    /// When the portal is not reached, and those of the stores.
    pub async fn files(&mut self, bounds: &Bounds) -> Result<()> {
        let before = files::tally(self.portal).await?;
        if before.waiting == 0 && !before.refused.is_empty() {
            files::try_again(self.portal).await?;
        }
        self.screen.expects(files::tally(self.portal).await?.waiting as u64);
        let steps: Vec<Step> = clone::plan(self.portal, clock::now(self.portal.core()))
            .await?
            .into_iter()
            .map(|(step, _)| step)
            .collect();
        let (mut renewed, mut here) = (Renewed::new(), before.here as u64);
        loop {
            let next = files::waiting(self.portal, PORTION).await?;
            if next.is_empty() {
                break;
            }
            for file in next {
                // Its link may be newer by now.
                if let Some(file) = files::again(self.portal, file.id).await? {
                    here += u64::from(self.file(file, bounds, &steps, &mut renewed).await?);
                    self.screen.came(FILES, 1);
                }
            }
            self.screen.over(FILES, here);
        }
        Ok(())
    }

    /// Fetches a file; whether it came.
    async fn file(
        &mut self,
        file: Waiting,
        bounds: &Bounds,
        steps: &[Step],
        renewed: &mut Renewed,
    ) -> Result<bool> {
        let core = self.portal.core();
        let mut file = file;
        if clock::now(core).seconds() - file.read_at > FRESH {
            file = self.renewed(file, steps, renewed).await?;
        }
        loop {
            let reason = match self.source.fetch(&file.url, &core.blobs, bounds, &mut self.screen).await? {
                Outcome::Fetched(fetched) => {
                    files::keep(self.portal, &file, fetched, clock::now(core)).await?;
                    return Ok(true);
                }
                Outcome::Stale(reason) => {
                    let url = file.url.clone();
                    file = self.renewed(file, steps, renewed).await?;
                    // Rows are not read again at once, so that this ends.
                    if file.url != url {
                        continue;
                    }
                    reason
                }
                Outcome::Refused(reason) => reason,
            };
            files::refuse(self.portal, file.id, &reason).await?;
            return Ok(false);
        }
    }

    /// The file with the link that the portal shows now.
    async fn renewed(&mut self, file: Waiting, steps: &[Step], renewed: &mut Renewed) -> Result<Waiting> {
        let key = format!("{} {}", file.step, file.asked);
        let Some(step) = steps.iter().find(|step| step.name() == file.step) else { return Ok(file) };
        renewed.retain(|_, at| at.elapsed() < JUST_READ);
        if renewed.contains_key(&key) {
            return Ok(file);
        }
        let params = file.asked["params"].clone();
        let command = [Command { method: step.method.clone(), params: params.clone() }];
        loop {
            match self.source.batch(&command, &mut self.screen).await?.pop() {
                Some(source::Outcome::Later) => {}
                Some(source::Outcome::Answer(answer)) => {
                    let mut read = Read::default();
                    read.add(&params, &given(&file.asked), step.rows(answer.result.into()));
                    files::renew(self.portal, step, read, clock::now(self.portal.core())).await?;
                    break;
                }
                Some(source::Outcome::Refused { .. }) | None => break,
            }
        }
        renewed.insert(key, Instant::now());
        Ok(files::again(self.portal, file.id).await?.unwrap_or(file))
    }
}

/// What rows of a request were given.
fn given(asked: &Json) -> Map {
    Value::from(asked["given"].clone()).into_map().unwrap_or_default()
}
