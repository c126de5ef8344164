//! Phone numbers as requests write them.

use engine::entity::multifield;

/// Signs that a number has at most.
const LONGEST: usize = 40;

/// A number without blanks, brackets and dashes; `None` for what is none.
pub fn read(text: &str) -> Option<String> {
    let text = text.trim();
    let is_kept = |(at, sign): (usize, char)| {
        (sign.is_ascii_digit() || "*#,;".contains(sign) || (sign == '+' && at == 0)).then_some(sign)
    };
    let number: String = text.char_indices().filter_map(is_kept).collect();
    let is_one = number.contains(|sign: char| sign.is_ascii_digit()) && !text.contains(char::is_alphabetic);
    (is_one && number.len() <= LONGEST).then_some(number)
}

/// The form in which equal numbers compare equal.
pub fn fold(number: &str) -> String {
    multifield::fold("PHONE", number)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn numbers_lose_what_is_not_dialled() {
        assert_eq!(read(" +49 (30) 111-001 ").as_deref(), Some("+4930111001"));
        assert_eq!(read("8 906 219 50 47,12").as_deref(), Some("89062195047,12"));
        for none in ["", "+", "anonymous", "sip:12", "()", &"1".repeat(41)] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
