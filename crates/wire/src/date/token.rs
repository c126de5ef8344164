//! Reading the parts of one token, from left to right.

/// What is left of a token. It is text that a rule took, so its parts are where the rule says.
#[derive(Debug)]
pub struct Token<'t> {
    rest: &'t str,
}

impl<'t> Token<'t> {
    /// A whole token.
    pub fn new(text: &'t str) -> Self {
        Token { rest: text }
    }

    /// Whether all of it was read.
    pub fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// The rest.
    pub fn rest(&self) -> &'t str {
        self.rest
    }

    /// Whether one of these letters comes next.
    pub fn is_next(&self, letters: &str) -> bool {
        self.rest.starts_with(|next| letters.contains(next))
    }

    /// Passes over these letters.
    pub fn skip(&mut self, letters: &str) {
        self.rest = self.rest.trim_start_matches(|next| letters.contains(next));
    }

    /// Passes over `st`, `nd`, `rd` or `th`.
    pub fn skip_suffix(&mut self) {
        let suffix =
            self.rest.get(..2).filter(|two| ["st", "nd", "rd", "th"].contains(&&*two.to_ascii_lowercase()));
        self.rest = &self.rest[suffix.map_or(0, str::len)..];
    }

    /// The next number of at most so many digits, and how many it has; `None` when there is none.
    pub fn number(&mut self, digits: usize) -> Option<(i64, usize)> {
        let begin = self.rest.find(|next: char| next.is_ascii_digit())?;
        let from = &self.rest[begin..];
        let length = from.bytes().take(digits).take_while(u8::is_ascii_digit).count();
        self.rest = &from[length..];
        Some((from[..length].parse().unwrap_or(i64::MAX), length))
    }

    /// The next number, negative behind an odd number of minus signs.
    pub fn signed(&mut self) -> Option<i64> {
        let begin = self.rest.find(|next: char| next.is_ascii_digit() || next == '+' || next == '-')?;
        let from = &self.rest[begin..];
        let signs = from.bytes().take_while(|next| matches!(next, b'+' | b'-')).count();
        let minuses = from[..signs].matches('-').count();
        self.rest = &from[signs..];
        let (number, _) = self.number(usize::MAX)?;
        Some(if minuses % 2 == 1 { -number } else { number })
    }

    /// Digits behind a point as microseconds.
    pub fn micros(&mut self) -> i64 {
        self.skip(":.");
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let fraction = &self.rest[..digits];
        self.rest = &self.rest[digits..];
        format!("{fraction:0<6.6}").parse().unwrap_or(0)
    }

    /// The next word of Latin letters.
    pub fn word(&mut self) -> &'t str {
        let length = self.rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        word
    }

    /// The next word, up to anything that separates.
    pub fn unit(&mut self) -> &'t str {
        let end = self.rest.find(|next| " ,\t;:/.-()\0".contains(next)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    /// The hours that `am` or `pm` adds.
    pub fn meridian(&mut self, hour: i64) -> i64 {
        let Some(begin) = self.rest.find(['a', 'A', 'p', 'P']) else { return 0 };
        let morning = self.rest[begin..].starts_with(['a', 'A']);
        self.rest = "";
        match (morning, hour) {
            (true, 12) => -12,
            (false, hour) if hour != 12 => 12,
            _ => 0,
        }
    }
}
