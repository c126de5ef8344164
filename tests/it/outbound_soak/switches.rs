//! Webhooks that are off for a while: a person pauses them, or the portal switches them off since their handler says that it
//! is gone. What happens meanwhile is held, and sent when they are resumed.

use super::parts::Part;
use it::Portal;
use serde_json::Value;

/// Who is paused, and who leaves, by their numbers.
pub struct Switches {
    pauses: Vec<String>,
    leaves: Vec<String>,
}

impl Switches {
    /// Of these handlers, whose webhooks are numbered from 1 on.
    pub fn new(parts: &[Part]) -> Switches {
        let numbers = |which: fn(&Part) -> bool| {
            let all = (1..).zip(parts).filter(|(_, part)| which(part));
            all.map(|(number, _): (usize, _)| number.to_string()).collect()
        };
        Switches { pauses: numbers(|part| part.pauses), leaves: numbers(|part| part.leaves) }
    }

    /// Before a round: every other one is spent on pause, and lasts over the kill at its end.
    pub fn turn(&self, portal: &Portal, round: usize) {
        for id in &self.pauses {
            if round.is_multiple_of(2) {
                portal.ask(&["outbound", "pause", id]);
            } else {
                resume(portal, id);
            }
        }
        self.bring_back(portal);
    }

    /// Everybody works again, and gets what was given up.
    pub fn resume_all(&self, portal: &Portal) {
        self.pauses.iter().for_each(|id| resume(portal, id));
        self.bring_back(portal);
    }

    fn bring_back(&self, portal: &Portal) {
        for id in &self.leaves {
            let shown: Value =
                serde_json::from_str(&portal.ask(&["outbound", "show", id, "--json"])).unwrap();
            if shown["active"] == false {
                resume(portal, id);
            }
            portal.ask(&["deliveries", "replay", "--outbound", id, "--failed"]);
        }
    }
}

fn resume(portal: &Portal, id: &str) {
    portal.ask(&["outbound", "resume", id, "--held", "send"]);
}
