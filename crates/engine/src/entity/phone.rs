//! Phone numbers in the form in which equal ones compare equal.

/// Characters from which on a number is taken to have a country or trunk prefix.
const FULL: usize = 10;

/// Russian and Kazakh numbers are dialled with 8 or 80, 81 and 82 in front: these are no trunk prefix and stay.
const KEPT: [&str; 3] = ["80", "81", "82"];

/// A number as the real system compares it: without signs and blanks, trunk prefixes and extensions. Empty when
/// there is no digit in it, and it is equal to no other then.
pub fn normalize(number: &str) -> String {
    let number = number.trim();
    let full = |number: &str| number.chars().count() >= FULL;
    let international = number.strip_prefix("+8").filter(|_| full(number));
    let spelled = international.map_or_else(|| number.to_owned(), |rest| format!("008{rest}"));
    let dialled: String = spelled.chars().filter(|sign| is_dialled(*sign)).collect();
    let bare = if full(&dialled) { without_prefix(dialled) } else { dialled };
    if bare.contains(|sign: char| sign.is_ascii_digit()) { without_extension(bare) } else { String::new() }
}

fn is_dialled(sign: char) -> bool {
    sign.is_ascii_digit() || "#*,;".contains(sign)
}

fn without_prefix(number: String) -> String {
    if KEPT.iter().any(|kept| number.starts_with(kept)) {
        return number;
    }
    if let Some(rest) = number.strip_prefix("00") {
        return rest.to_owned();
    }
    match number.strip_prefix('8') {
        Some(rest) => format!("7{rest}"),
        None => number.strip_prefix('0').map(str::to_owned).unwrap_or(number),
    }
}

/// Cuts what follows the first run of digits.
fn without_extension(mut number: String) -> String {
    let begin = number.find(|sign: char| sign.is_ascii_digit()).unwrap_or(0);
    let run = number[begin..].find(|sign: char| !sign.is_ascii_digit());
    number.truncate(run.map_or(number.len(), |end| begin + end));
    number
}
