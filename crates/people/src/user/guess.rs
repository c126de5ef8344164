//! Which passwords are guessed too easily: those of a few pieces that everybody knows, such as a common word with a year behind it.
//! It is no list of passwords that were breached; those that are long enough are nearly all made like this.

/// Words that passwords are made of, lower case, sorted. Most are of the list of the 30 000 most common passwords that comes with
/// zxcvbn (MIT; copyright 2012-2016 Dan Wheeler and Dropbox, Inc.), without what is only digits or neighbouring keys, which is found below, and without obscenities.
const COMMON: &str = include_str!("common.txt");
/// Neighbouring keys and what else is typed one after the other.
const ROWS: [&str; 12] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "!@#$%^&*()",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
];
/// The fewest letters of a word, of a row, and of what is repeated.
const WORD: usize = 4;
const PIECE: usize = 3;
/// A password needs so many pieces, and so many different characters. A character that belongs to nothing is a piece.
const PIECES: usize = 5;
const DIFFERENT: usize = 5;

/// Whether a password is guessed too easily, of digits only for instance, by somebody who knows what is `about` its owner, such as the address.
pub fn is_guessed(password: &str, about: &[impl AsRef<str>]) -> bool {
    let typed: Vec<char> = password.chars().flat_map(char::to_lowercase).collect();
    let mut different = typed.clone();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT || typed.iter().all(char::is_ascii_digit) {
        return true;
    }
    let meant: Vec<char> = typed.iter().map(|letter| plain(*letter)).collect();
    let about: String = about.iter().map(|one| one.as_ref().to_lowercase() + " ").collect();
    let own: Vec<&str> =
        about.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= PIECE).collect();
    // The fewest pieces of what lies before each character.
    let mut fewest: Vec<usize> = (0..=typed.len()).collect();
    for from in 0..typed.len() {
        let so_far = fewest[from];
        let mut reach = |to: usize| fewest[to] = fewest[to].min(so_far + 1);
        reach(from + 1);
        for to in from + PIECE..=typed.len() {
            if is_known(&typed, from, to)
                || is_word(&typed[from..to], &own)
                || is_word(&meant[from..to], &own)
            {
                reach(to);
            }
        }
    }
    fewest[typed.len()] < PIECES
}

/// A row of keys, in either direction, one character again and again, a year, or what was there before.
fn is_known(typed: &[char], from: usize, to: usize) -> bool {
    let piece = &typed[from..to];
    let text: String = piece.iter().collect();
    let back: String = piece.iter().rev().collect();
    let is_year = piece.len() == 4 && text.parse::<u16>().is_ok_and(|year| (1900..2100).contains(&year));
    is_year
        || piece.iter().all(|one| *one == piece[0])
        || ROWS.iter().any(|row| row.contains(&text) || row.contains(&back))
        || typed[..from].windows(piece.len()).any(|before| before == piece)
}

fn is_word(piece: &[char], own: &[&str]) -> bool {
    let text: String = piece.iter().collect();
    own.contains(&text.as_str()) || piece.len() >= WORD && is_common(&text)
}

fn is_common(word: &str) -> bool {
    static WORDS: std::sync::LazyLock<Vec<&str>> = std::sync::LazyLock::new(|| COMMON.lines().collect());
    WORDS.binary_search(&word).is_ok()
}

/// The letter that a character stands for in a word.
fn plain(letter: char) -> char {
    match letter {
        '@' | '4' => 'a',
        '3' => 'e',
        '1' | '!' | '|' => 'i',
        '0' => 'o',
        '$' | '5' => 's',
        '7' => 't',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_that_everybody_knows_are_guessed() {
        let common = [
            "password1234",
            "passwordpassword",
            "P@ssw0rd!2026",
            "Summer2026!!",
            "qwertyuiop123",
            "1q2w3e4r5t6y",
            "aaaaaaaaaaaaaaa",
            "abcabcabcabcabc",
            "123456789012",
            "iloveyou1234",
            "letmeinletmein!",
            "йцукенгшщзхъ",
            "1qaz2wsx3edc",
            "zaq12wsxcde3",
            "admin-admin-admin",
            "lovelovelove2024",
            "112233445566",
        ];
        for password in common {
            assert!(is_guessed(password, &[""]), "{password}");
        }
        let about = ["ada.lovelace@example.com", "Ada", "Lovelace"];
        assert!(is_guessed("AdaLovelace1985", &about) && !is_guessed("AdaLovelace1985", &[""]));
    }

    #[test]
    fn others_are_not() {
        for password in [
            "correct horse battery",
            "kw3vz9xq0pmt",
            "ein Pferd frisst Gurken",
            "сорок две синие вороны",
            "tsz662d3fcig65tcusfx",
        ] {
            assert!(!is_guessed(password, &["ada@example.com"]), "{password}");
        }
        assert!(COMMON.lines().is_sorted(), "they are found by halves");
    }

    #[test]
    fn the_longest_takes_no_time() {
        assert!(!is_guessed(
            &"abcdefghijkl1qpz".chars().rev().cycle().step_by(7).take(128).collect::<String>(),
            &[""]
        ));
    }
}
