//! Reading all lists of the plan.

use anyhow::Result;
use portal::Portal;
use portal::clone::{self, Progress, Read};
use portal::copy::{Paging, Step};
use serde_json::{Value as Json, json};
use wire::Map;

use super::screen::Screen;
use super::source::{Answer, COMMANDS, Command, Outcome, Source};
use crate::clock;

/// Rows of a page.
const PAGE: usize = 50;

/// Rows of which the pages are all asked for once the first is there; more are read page by page.
const AHEAD: i64 = 100_000;

/// Reads what is not read yet.
pub struct Reader<'p> {
    pub(super) portal: &'p Portal,
    pub(super) source: Source,
    pub(super) screen: Screen,
    scopes: Vec<String>,
    /// Steps that were refused, so that they are not tried again at once.
    refused: Vec<String>,
    /// Methods that shall not be called.
    skipped: Vec<String>,
}

/// A step that is worked at.
type Job = (Step, Progress);

/// What is asked for one of the things that a step is asked for.
struct Ask {
    params: Json,
    given: Map,
}

impl Ask {
    /// What is to be asked beyond a page with these rows: all further ones where it is known how many there are.
    fn pages(&self, step: &Step, answer: &Answer, rows: &[Map]) -> Vec<Ask> {
        if let Some((param, value)) = step.paging.further(&self.params, rows) {
            let mut params = self.params.clone();
            params[param] = value.into();
            return vec![Ask { params, given: self.given.clone() }];
        }
        if !matches!(step.paging, Paging::Start | Paging::Behind(..)) {
            return Vec::new();
        }
        let page = |start: i64| {
            let mut params = self.params.clone();
            params["start"] = start.into();
            Ask { params, given: self.given.clone() }
        };
        further(self.params.get("start").and_then(Json::as_i64), answer.next, answer.total)
            .map(page)
            .collect()
    }
}

/// Where the pages begin that are asked for behind the one at a start, or behind the first: all of them at once where it is
/// known, and credible, how many rows there are.
pub fn further(asked: Option<i64>, next: Option<i64>, total: Option<i64>) -> impl Iterator<Item = i64> {
    // A portal that leads back would be asked for ever.
    let next = next.filter(|next| *next > asked.unwrap_or(0)).unwrap_or(i64::MAX);
    let end = match total.filter(|total| *total <= AHEAD) {
        Some(total) if asked.is_none() => total,
        Some(_) => next,
        None => next.saturating_add(1),
    };
    // The first page says how long pages are.
    let long = if asked.is_none() { usize::try_from(next).unwrap_or(PAGE) } else { PAGE };
    (next..end).step_by(long)
}

impl<'p> Reader<'p> {
    /// Through a webhook with these scopes.
    pub fn new(portal: &'p Portal, source: Source, screen: Screen, scopes: Vec<String>) -> Self {
        Reader { portal, source, screen, scopes, refused: Vec::new(), skipped: Vec::new() }
    }

    /// The same without the lists of these methods.
    pub fn without(mut self, methods: &[String]) -> Self {
        self.skipped = methods.to_vec();
        self
    }

    /// Reads everything. What is refused is noted, and the rest goes on.
    pub async fn run(&mut self) -> Result<()> {
        loop {
            let plan = clone::plan(self.portal, clock::now(self.portal.core())).await?;
            let is_read =
                |method: &str| plan.iter().any(|(step, progress)| step.method == method && progress.done);
            let spared: Vec<String> = plan
                .iter()
                .filter(|(step, _)| step.unless.as_deref().is_some_and(is_read))
                .map(|(step, _)| step.name())
                .collect();
            let open = |(step, progress): &Job| {
                let name = step.name();
                !progress.done && !self.refused.contains(&name) && !spared.contains(&name)
            };
            let open: Vec<Job> = plan.into_iter().filter(open).collect();
            let Some((first, progress)) = open.first().cloned() else { return Ok(()) };
            let is_like = |(step, progress): &&Job| {
                step.first == first.first && step.each.is_none() && progress.is_fresh()
            };
            let fresh: Vec<Job> = open.iter().filter(is_like).take(COMMANDS).cloned().collect();
            if !fresh.is_empty() {
                self.begin(fresh).await?;
            } else if first.each.is_some() {
                self.each(first, progress).await?;
            } else {
                self.pages(first, progress).await?;
            }
        }
    }

    /// Ends reading; gives how many requests it took.
    pub fn close(mut self) -> u64 {
        self.screen.end();
        self.source.requests
    }

    /// Asks for the first pages of steps, which say how many rows there are.
    async fn begin(&mut self, jobs: Vec<Job>) -> Result<()> {
        let mut asked = Vec::new();
        for (step, progress) in jobs {
            match self.lacks(&step) {
                Some(why) => self.skip(&step, progress, why).await?,
                None => asked.push((step, progress)),
            }
        }
        if asked.is_empty() {
            return Ok(());
        }
        let commands: Vec<Command> = asked.iter().map(|(step, _)| first_page(step)).collect();
        let outcomes = self.source.batch(&commands, &mut self.screen).await?;
        for (((step, mut progress), command), outcome) in asked.into_iter().zip(&commands).zip(outcomes) {
            match outcome {
                Outcome::Later => {}
                Outcome::Refused { code, text } => self.skip(&step, progress, refusal(&code, &text)).await?,
                Outcome::Answer(answer) => {
                    progress.total = answer.total;
                    let rows = step.rows(answer.result.into());
                    self.screen.expects(answer.total.map_or(rows.len() as u64, |total| total.max(0) as u64));
                    let is_last = answer.next.is_none();
                    let mut read = Read::default();
                    read.add(&command.params, &Map::new(), rows);
                    self.take(&step, &mut progress, read, is_last).await?;
                }
            }
        }
        Ok(())
    }

    /// Asks for the pages behind those that are there, as many at once as there are.
    async fn pages(&mut self, step: Step, mut progress: Progress) -> Result<()> {
        while !progress.done && !self.refused.contains(&step.name()) {
            let left = progress.total.map(|total| (total as u64).saturating_sub(progress.told.rows));
            let pages = left.map_or(COMMANDS, |left| (left as usize).div_ceil(PAGE) + 1).clamp(1, COMMANDS);
            let commands: Vec<Command> =
                (0..pages).map(|page| further_page(&step, &progress, page)).collect();
            let outcomes = self.source.batch(&commands, &mut self.screen).await?;
            let (mut all, mut is_last, mut behind) = (Read::default(), false, progress.behind);
            for (outcome, page) in outcomes.into_iter().zip(0..) {
                match outcome {
                    Outcome::Answer(answer) => {
                        let has_next = answer.next.is_some();
                        let rows = step.rows(answer.result.into());
                        is_last = match step.paging {
                            Paging::Behind(..) => rows.len() < PAGE,
                            _ => !has_next,
                        };
                        // In the request the number may be that of an answer before it.
                        let asked = page_behind(&step, &json!(behind), progress.start, page);
                        all.add(&asked, &Map::new(), rows);
                        behind = all_behind(&step, &all).unwrap_or(behind);
                    }
                    Outcome::Later => break,
                    Outcome::Refused { code, text } if all.count() == 0 => {
                        return self.skip(&step, progress, refusal(&code, &text)).await;
                    }
                    Outcome::Refused { .. } => break,
                }
                // What is asked behind the last page begins anew.
                if is_last {
                    break;
                }
            }
            self.take(&step, &mut progress, all, is_last).await?;
        }
        Ok(())
    }

    /// Asks for one thing after the other, fifty at once.
    async fn each(&mut self, step: Step, mut progress: Progress) -> Result<()> {
        if let Some(why) = self.lacks(&step) {
            return self.skip(&step, progress, why).await;
        }
        while !self.refused.contains(&step.name()) {
            let (next, left) = clone::next(self.portal, &step, progress.behind, COMMANDS as i64).await?;
            if progress.is_fresh() {
                self.screen.expects(left as u64);
            }
            let Some((last, ..)) = next.last() else {
                progress.done = true;
                return self.write(&step, &mut progress, Read::default()).await;
            };
            let last = *last;
            let asks = next.into_iter().map(|(_, params, given)| Ask { params, given }).collect();
            if let Err(why) = self.these(&step, &mut progress, asks, last).await? {
                return self.skip(&step, progress, why).await;
            }
        }
        Ok(())
    }

    /// Asks for these with all their pages, up to the one with the number `last`; why not, when all are refused.
    async fn these(
        &mut self,
        step: &Step,
        progress: &mut Progress,
        mut open: Vec<Ask>,
        last: i64,
    ) -> Result<std::result::Result<(), String>> {
        let (mut why, mut answered) = (None, false);
        while !open.is_empty() && !self.refused.contains(&step.name()) {
            let later = open.split_off(open.len().min(COMMANDS));
            let command = |ask: &Ask| Command { method: step.method.clone(), params: ask.params.clone() };
            let commands: Vec<Command> = open.iter().map(command).collect();
            let outcomes = self.source.batch(&commands, &mut self.screen).await?;
            let (mut read, mut further) = (Read::default(), later);
            for (ask, outcome) in open.into_iter().zip(outcomes) {
                match outcome {
                    Outcome::Later => further.push(ask),
                    Outcome::Refused { code, text } => why = Some(refusal(&code, &text)),
                    Outcome::Answer(mut answer) => {
                        answered = true;
                        let rows = step.rows(std::mem::take(&mut answer.result).into());
                        further.extend(ask.pages(step, &answer, &rows));
                        read.add(&ask.params, &ask.given, rows);
                    }
                }
            }
            open = further;
            if open.is_empty() && (answered || why.is_none()) {
                progress.behind = last;
            }
            self.write(step, progress, read).await?;
        }
        Ok(why.map_or(Ok(()), |why| if answered { Ok(()) } else { Err(why) }))
    }

    async fn take(&mut self, step: &Step, progress: &mut Progress, read: Read, is_last: bool) -> Result<()> {
        progress.done = is_last;
        progress.start += read.count() as i64;
        progress.behind = all_behind(step, &read).unwrap_or(progress.behind).max(progress.behind);
        self.write(step, progress, read).await
    }

    /// Writes rows. What the database refuses altogether ends the step, and the rest goes on.
    async fn write(&mut self, step: &Step, progress: &mut Progress, read: Read) -> Result<()> {
        let count = read.count() as u64;
        progress.skipped = None;
        match clone::write(self.portal, step, read, progress, clock::now(self.portal.core())).await {
            Ok(reached) => *progress = reached,
            Err(portal::Error::Store(
                text @ (store::Error::Database(_)
                | store::Error::Unique(_)
                | store::Error::Foreign(_)
                | store::Error::Constraint(_)
                | store::Error::Type { .. }),
            )) => {
                progress.done = false;
                return self.skip(step, progress.clone(), format!("it could not be written: {text}")).await;
            }
            Err(other) => return Err(other.into()),
        }
        self.screen.came(&step.name(), count);
        if progress.done {
            self.screen.over(&step.name(), progress.told.rows);
        }
        Ok(())
    }

    /// Why a step is not read.
    fn lacks(&self, step: &Step) -> Option<String> {
        if self.skipped.iter().any(|method| method.eq_ignore_ascii_case(&step.method)) {
            return Some("left out by --skip".to_owned());
        }
        let method = self.portal.core().modules.find(&step.method)?;
        let missing = !method.is_open_to(&self.scopes.join(","));
        missing.then(|| format!("the webhook lacks the scope {}", method.scope))
    }

    async fn skip(&mut self, step: &Step, mut progress: Progress, why: String) -> Result<()> {
        self.refused.push(step.name());
        progress.skipped = Some(why);
        clone::write(self.portal, step, Read::default(), &progress, clock::now(self.portal.core())).await?;
        Ok(())
    }
}

fn first_page(step: &Step) -> Command {
    let mut params = step.params.clone();
    if let Paging::Behind(id, _) = step.paging {
        params["order"] = json!({id: "ASC"});
    }
    Command { method: step.method.clone(), params }
}

/// A page of those that one request asks for: each begins behind the one before it.
fn further_page(step: &Step, progress: &Progress, page: usize) -> Command {
    let behind = match (step.paging, page) {
        (Paging::Behind(_, id), 1..) => json!(format!("$result[c{}]{}", page - 1, last_of(step, id))),
        _ => json!(progress.behind),
    };
    Command { method: step.method.clone(), params: page_behind(step, &behind, progress.start, page) }
}

/// The parameters of a page: behind a number, or so many pages behind a place.
fn page_behind(step: &Step, behind: &Json, start: i64, page: usize) -> Json {
    let mut params = step.params.clone();
    match step.paging {
        Paging::Behind(ask, _) => {
            params["filter"][format!(">{ask}")] = behind.clone();
            params["order"] = json!({ask: "ASC"});
            params["start"] = json!(-1);
        }
        _ => params["start"] = json!(start + (page * PAGE) as i64),
    }
    params
}

/// The number behind which a step goes on after these rows.
fn all_behind(step: &Step, read: &Read) -> Option<i64> {
    match step.paging {
        Paging::Behind(_, id) => read.last(id),
        _ => None,
    }
}

/// Where the number of the last row of a full page stands.
fn last_of(step: &Step, id: &str) -> String {
    let last = PAGE - 1;
    match step.at {
        portal::copy::At::Under(name) => format!("[{name}][{last}][{id}]"),
        _ => format!("[{last}][{id}]"),
    }
}

fn refusal(code: &str, text: &str) -> String {
    match code {
        "ERROR_METHOD_NOT_FOUND" => "the portal has no such method".to_owned(),
        "insufficient_scope" => "the webhook lacks the scope".to_owned(),
        _ if text.is_empty() => format!("refused: {code}"),
        _ => format!("refused: {text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_asked_for_as_far_as_a_portal_is_credible() {
        let starts = |asked, next, total| further(asked, next, total).take(5).collect::<Vec<_>>();
        assert_eq!(starts(None, Some(50), Some(170)), [50, 100, 150]);
        assert_eq!(
            starts(Some(50), Some(100), Some(170)),
            Vec::<i64>::new(),
            "they were asked for behind the first page"
        );
        assert_eq!(starts(Some(50), Some(100), None), [100]);
        assert_eq!(starts(None, None, Some(170)), Vec::<i64>::new());
        for total in [AHEAD + 1, i64::MAX] {
            assert_eq!(starts(None, Some(50), Some(total)), [50], "{total}");
            assert_eq!(starts(Some(50), Some(100), Some(total)), [100], "{total}");
        }
        for next in [i64::MIN, -1, 0] {
            assert_eq!(starts(None, Some(next), Some(170)), Vec::<i64>::new(), "{next}");
        }
        assert_eq!(starts(Some(50), Some(50), None), Vec::<i64>::new(), "it leads back");
        assert_eq!(starts(None, Some(i64::MAX), None), Vec::<i64>::new());
    }
}
