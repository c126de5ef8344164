//! LIKE in linear time. SQLite's own takes the length of the text times that of the pattern, and cannot be interrupted
//! on its way: a few thousand letters in a request would hold a thread for minutes.

use std::collections::HashMap;

use memchr::memmem::Finder;

/// The letters that one word of bits follows.
const BITS: usize = u64::BITS as usize;

/// A LIKE pattern: `%` stands for any text, `_` for any letter, and `\` takes what follows as it is, also nothing.
pub(super) struct Pattern {
    /// The parts between `%` signs; the first and the last begin and end the text.
    pieces: Vec<Piece>,
}

/// A part of a pattern without `%`.
enum Piece {
    /// Text as it is
    Plain(Finder<'static>),
    /// Text with some letters left open
    Open(Open),
}

/// Letters of which some may be any, and for each that is named the places where it fits, as bits.
struct Open {
    letters: Vec<Option<char>>,
    fits: HashMap<char, Vec<u64>>,
    /// The places where every letter fits.
    any: Vec<u64>,
}

impl Pattern {
    pub(super) fn new(pattern: &str) -> Pattern {
        let (mut pieces, mut piece) = (Vec::new(), Vec::new());
        let mut letters = pattern.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '%' => pieces.push(Piece::new(std::mem::take(&mut piece))),
                '_' => piece.push(None),
                '\\' => piece.push(Some(letters.next().unwrap_or('\\'))),
                letter => piece.push(Some(letter)),
            }
        }
        pieces.push(Piece::new(piece));
        Pattern { pieces }
    }

    /// Whether it matches the whole of a text.
    pub(super) fn matches(&self, text: &str) -> bool {
        let (first, middle, last) = match &self.pieces[..] {
            [] => return text.is_empty(),
            [whole] => return whole.begins(text) == Some(text.len()),
            [first, middle @ .., last] => (first, middle, last),
        };
        let Some(mut at) = first.begins(text) else { return false };
        for piece in middle {
            match piece.find(&text[at..]) {
                Some(end) => at += end,
                None => return false,
            }
        }
        last.ends(&text[at..])
    }

    /// How many times a text is gone through at most: once, or for a piece with open letters once for each word of bits.
    pub(super) fn passes(&self) -> usize {
        let open = self.pieces.iter().map(|piece| match piece {
            Piece::Plain(_) => 1,
            Piece::Open(open) => 4 * open.any.len(),
        });
        open.max().unwrap_or(1)
    }
}

impl Piece {
    fn new(letters: Vec<Option<char>>) -> Piece {
        match letters.iter().copied().collect::<Option<String>>() {
            Some(text) => Piece::Plain(Finder::new(text.as_bytes()).into_owned()),
            None => Piece::Open(Open::new(letters)),
        }
    }

    /// Where it ends in a text that begins with it.
    fn begins(&self, text: &str) -> Option<usize> {
        match self {
            Piece::Plain(finder) => {
                text.as_bytes().starts_with(finder.needle()).then(|| finder.needle().len())
            }
            Piece::Open(open) => open.begins(text),
        }
    }

    /// Where it ends for the first time in a text.
    fn find(&self, text: &str) -> Option<usize> {
        match self {
            Piece::Plain(finder) => finder.find(text.as_bytes()).map(|at| at + finder.needle().len()),
            Piece::Open(open) => open.find(text),
        }
    }

    fn ends(&self, text: &str) -> bool {
        match self {
            Piece::Plain(finder) => text.as_bytes().ends_with(finder.needle()),
            Piece::Open(open) => {
                let mut starts = text.char_indices().rev().map(|(at, _)| at);
                starts.nth(open.letters.len() - 1).is_some_and(|at| open.begins(&text[at..]).is_some())
            }
        }
    }
}

impl Open {
    fn new(letters: Vec<Option<char>>) -> Open {
        let words = letters.len().div_ceil(BITS);
        let mut any = vec![0; words];
        for (at, _) in letters.iter().enumerate().filter(|(_, letter)| letter.is_none()) {
            any[at / BITS] |= 1 << (at % BITS);
        }
        let mut fits = HashMap::new();
        for (at, letter) in letters.iter().enumerate() {
            if let Some(letter) = letter {
                fits.entry(*letter).or_insert_with(|| any.clone())[at / BITS] |= 1 << (at % BITS);
            }
        }
        Open { letters, fits, any }
    }

    fn begins(&self, text: &str) -> Option<usize> {
        let mut rest = text.chars();
        let fits = |wanted: &Option<char>| {
            rest.next().is_some_and(|letter| wanted.is_none_or(|wanted| wanted == letter))
        };
        self.letters.iter().all(fits).then(|| text.len() - rest.as_str().len())
    }

    /// Shift-And: bit `n` says whether the letters up to here end with the first `n + 1` of ours.
    fn find(&self, text: &str) -> Option<usize> {
        let last = self.letters.len() - 1;
        let mut state = vec![0_u64; self.any.len()];
        for (at, letter) in text.char_indices() {
            let fits = self.fits.get(&letter).unwrap_or(&self.any);
            let mut carry = 1;
            for (bits, fits) in state.iter_mut().zip(fits) {
                let next = *bits >> (BITS - 1);
                *bits = (*bits << 1 | carry) & fits;
                carry = next;
            }
            if state[last / BITS] >> (last % BITS) & 1 == 1 {
                return Some(at + letter.len_utf8());
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reference implementation of LIKE, letter by letter.
    fn slowly(pattern: &[char], text: &[char]) -> bool {
        match pattern {
            [] => text.is_empty(),
            ['%', rest @ ..] => (0..=text.len()).any(|skipped| slowly(rest, &text[skipped..])),
            ['_', rest @ ..] => !text.is_empty() && slowly(rest, &text[1..]),
            ['\\', letter, rest @ ..] | [letter, rest @ ..] => {
                text.first() == Some(letter) && slowly(rest, &text[1..])
            }
        }
    }

    #[test]
    fn every_short_pattern_matches_what_it_says() {
        const PATTERN: [char; 5] = ['a', 'ж', '%', '_', '\\'];
        const TEXT: [char; 3] = ['a', 'ж', '%'];
        let words = |letters: &[char], length: u32| {
            let count = letters.len();
            (0..count.pow(length))
                .map(move |number| {
                    (0..length).map(|place| letters[number / count.pow(place) % count]).collect::<Vec<_>>()
                })
                .collect::<Vec<_>>()
        };
        let texts: Vec<_> = (0..5).flat_map(|length| words(&TEXT, length)).collect();
        for pattern in (0..6).flat_map(|length| words(&PATTERN, length)) {
            let made = Pattern::new(&pattern.iter().collect::<String>());
            for text in &texts {
                let found = made.matches(&text.iter().collect::<String>());
                assert_eq!(found, slowly(&pattern, text), "{text:?} LIKE {pattern:?}");
            }
        }
    }

    #[test]
    fn open_letters_are_followed_beyond_a_word_of_bits() {
        let text = format!("{}b{}", "a".repeat(500), "c".repeat(100));
        let open = format!("%a_{}_b_c%", "a".repeat(200));
        assert!(Pattern::new(&open).matches(&text));
        assert!(!Pattern::new(&open.replace('b', "d")).matches(&text));
    }
}
