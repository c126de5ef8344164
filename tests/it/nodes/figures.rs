//! How busy processes are, and what PostgreSQL waits for.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

/// Seconds of a processor that processes have used, by their kind.
type Used = BTreeMap<&'static str, f64>;

/// From here on; nodes and the proxy are told by their numbers, PostgreSQL by its name.
pub struct Meter {
    kinds: Vec<(u32, &'static str)>,
    began: Instant,
    before: Used,
    waits: Option<Child>,
}

impl Meter {
    /// Of these nodes on this database.
    pub fn start(nodes: &[u32], proxy: u32, database: &str) -> Meter {
        let mut kinds: Vec<_> = nodes.iter().map(|pid| (*pid, "nodes")).collect();
        kinds.extend([(proxy, "nginx"), (std::process::id(), "load")]);
        let before = used(&kinds);
        Meter { kinds, began: Instant::now(), before, waits: watch(database) }
    }

    /// What was done meanwhile.
    pub fn end(self, done: usize) -> Figures {
        let seconds = self.began.elapsed().as_secs_f64();
        let after = used(&self.kinds);
        let busy = after.iter().map(|(kind, all)| {
            (*kind, (all - self.before.get(kind).copied().unwrap_or_default()).max(0.0) / seconds)
        });
        Figures {
            rate: done as f64 / seconds,
            busy: busy.collect(),
            waits: self.waits.map_or_else(Vec::new, waits),
        }
    }
}

/// A rate, and what went with it.
pub struct Figures {
    pub rate: f64,
    /// Processors' worth of work, by kind.
    busy: Used,
    /// The share of samples of connections at work, by what they wait for.
    waits: Vec<(String, f64)>,
}

impl fmt::Display for Figures {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:>8.0}/s  processors:", self.rate)?;
        self.busy.iter().try_for_each(|(kind, share)| write!(out, " {kind} {share:.2}"))?;
        write!(out, "  connections:")?;
        self.waits.iter().take(5).try_for_each(|(wait, mean)| write!(out, " {wait} {mean:.1}"))
    }
}

fn used(kinds: &[(u32, &'static str)]) -> Used {
    let mut used = Used::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
        let Some((name, rest)) = stat.split_once(") ") else { continue };
        let words: Vec<&str> = rest.split(' ').collect();
        let parent = words[1].parse().unwrap_or(0);
        let known = kinds.iter().find(|(known, _)| *known == pid || *known == parent).map(|(_, kind)| *kind);
        let kind = if name.ends_with("(postgres") { Some("PostgreSQL") } else { known };
        let ticks = |place: usize| words[place].parse::<f64>().unwrap_or(0.0);
        // A hundred ticks a second, as on every Linux.
        kind.into_iter().for_each(|kind| *used.entry(kind).or_default() += (ticks(11) + ticks(12)) / 100.0);
    }
    used
}

/// Asks ten times a second what the connections do that do something.
fn watch(database: &str) -> Option<Child> {
    const ASK: &str = "SELECT CASE WHEN state = 'active' THEN COALESCE(wait_event_type || '/' || wait_event, 'running') \
        ELSE 'within a transaction' END FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' \
        AND pid <> pg_backend_pid()";
    let mut psql = Command::new("psql");
    psql.args(["-qAtX", database]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = psql.spawn().ok()?;
    use std::io::Write;
    // It ends with its input's end only once it is killed.
    let asked = write!(process.stdin.as_mut()?, "\\t on\n{ASK} UNION ALL SELECT 'sample' \\watch 0.1\n");
    asked.ok().map(|()| process)
}

fn waits(mut process: Child) -> Vec<(String, f64)> {
    let _ = process.kill();
    let mut text = String::new();
    let _ = process.stdout.take().map(|mut out| out.read_to_string(&mut text));
    let _ = process.wait();
    let mut counts = BTreeMap::<&str, usize>::new();
    let lines = text.lines().filter(|line| !line.is_empty());
    lines.for_each(|line| *counts.entry(line).or_default() += 1);
    let samples = counts.remove("sample").unwrap_or(1).max(1) as f64;
    let mut shares: Vec<_> =
        counts.into_iter().map(|(wait, count)| (wait.to_owned(), count as f64 / samples)).collect();
    shares.sort_by(|one, other| other.1.total_cmp(&one.1));
    shares
}
