//! What the process takes, under the names that every exporter for Prometheus has. Linux tells it in `/proc`; elsewhere
//! these figures are not there.

use std::fs;

use portal::Moment;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Registry, Unit};
use rustix::param::{clock_ticks_per_second, page_size};
use rustix::process::{Resource, getrlimit};

/// Adds the figures of this moment.
pub fn register(registry: &mut Registry, started: Moment) {
    let registry = registry.sub_registry_with_prefix("process");
    let start = ConstGauge::new(started.0 as f64 / 1e6);
    registry.register_with_unit("start_time", "Start of the process since 1970", Unit::Seconds, start);
    if let Some(stat) = fs::read_to_string("/proc/self/stat").ok().as_deref().and_then(Stat::read) {
        let cpu = ConstCounter::new(stat.ticks as f64 / clock_ticks_per_second() as f64);
        registry.register_with_unit(
            "cpu",
            "Processor time, in user mode and in the system",
            Unit::Seconds,
            cpu,
        );
        let resident = ConstGauge::new((stat.pages * page_size() as u64) as f64);
        registry.register_with_unit("resident_memory", "Resident memory", Unit::Bytes, resident);
    }
    if let Ok(open) = fs::read_dir("/proc/self/fd") {
        // One of them reads the folder.
        let open = open.count().saturating_sub(1);
        registry.register("open_fds", "Open files and connections", ConstGauge::new(open as f64));
    }
    if let Some(most) = getrlimit(Resource::Nofile).current {
        registry.register("max_fds", "Most open files and connections", ConstGauge::new(most as f64));
    }
}

/// What `/proc/self/stat` says (proc(5)).
#[derive(Debug, PartialEq, Eq)]
struct Stat {
    /// Processor time in clock ticks.
    ticks: u64,
    /// Resident pages.
    pages: u64,
}

impl Stat {
    fn read(text: &str) -> Option<Stat> {
        // The program's name comes in brackets and may hold anything.
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
        Some(Stat { ticks: number(11)? + number(12)?, pages: number(21)? })
    }
}

#[cfg(test)]
mod tests {
    use super::Stat;

    #[test]
    fn a_name_with_brackets_and_blanks_moves_nothing() {
        let text =
            "42 (a) b (c) S 1 42 42 0 -1 4194560 1 2 3 4 70 30 0 0 20 0 9 0 100 200000 512 18446 1 1 0 0";
        assert_eq!(Stat::read(text), Some(Stat { ticks: 100, pages: 512 }));
        assert_eq!(Stat::read("42 (a) S 1"), None);
    }
}
