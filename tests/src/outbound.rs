//! The log of deliveries, as the command line shows it.

use crate::Portal;
use serde_json::Value;

impl Portal {
    /// The deliveries that `deliveries list` shows, newest first; `further` flags filter them.
    pub fn deliveries(&self, further: &[&str]) -> Vec<Value> {
        let said = self.ask(&[&["deliveries", "list", "--json"], further].concat());
        said.lines().map(|line| serde_json::from_str(line).expect("JSON in each line")).collect()
    }

    /// Those in that state, once they are that many: what a handler saw, the server has written down a moment later.
    pub fn settled(&self, state: &str, count: usize) -> Vec<Value> {
        let limit = (count + 1).to_string();
        loop {
            let found = self.deliveries(&["--state", state, "--limit", &limit]);
            if found.len() == count {
                return found;
            }
            std::thread::yield_now();
        }
    }
}
