//! How long what failed waits before it is tried again.

/// Seconds after the first try, the second, ..; the last one is for all that follow.
pub(crate) struct Delays(pub(crate) &'static [i64]);

impl Delays {
    /// Microseconds to wait after a try before which there were so many.
    pub(crate) fn after(&self, tries: i64) -> i64 {
        let last = self.0.len() - 1;
        self.0[usize::try_from(tries).map_or(0, |tries| tries.min(last))] * 1_000_000
    }

    /// The same in SQL.
    pub(crate) fn sql(&self, tries: &str) -> String {
        let last = self.0.len() - 1;
        let case = |tries: usize| format!("WHEN {tries} THEN {} ", self.after(tries as i64));
        let cases: String = (0..last).map(case).collect();
        format!("(CASE {tries} {cases}ELSE {} END)", self.after(last as i64))
    }
}
