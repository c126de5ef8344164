//! Codes of sites, folders and pages, of which addresses are made.

use engine::keys;
use wire::Fault;

use crate::refusal::coded;

/// Characters that a code may have.
pub const LENGTH: usize = 250;

const CYRILLIC: [(char, &str); 33] = [
    ('а', "a"),
    ('б', "b"),
    ('в', "v"),
    ('г', "g"),
    ('д', "d"),
    ('е', "e"),
    ('ё', "ye"),
    ('ж', "zh"),
    ('з', "z"),
    ('и', "i"),
    ('й', "y"),
    ('к', "k"),
    ('л', "l"),
    ('м', "m"),
    ('н', "n"),
    ('о', "o"),
    ('п', "p"),
    ('р', "r"),
    ('с', "s"),
    ('т', "t"),
    ('у', "u"),
    ('ф', "f"),
    ('х', "kh"),
    ('ц', "ts"),
    ('ч', "ch"),
    ('ш', "sh"),
    ('щ', "shch"),
    ('ъ', ""),
    ('ы', "y"),
    ('ь', ""),
    ('э', "e"),
    ('ю', "yu"),
    ('я', "ya"),
];

/// A title in the small letters and digits that addresses are made of.
pub fn of_title(title: &str) -> String {
    let mut code = String::with_capacity(title.len());
    for letter in title.to_lowercase().chars() {
        if letter.is_ascii_alphanumeric() || letter == '_' || letter == '-' {
            code.push(letter);
        } else if let Some((_, latin)) = CYRILLIC.iter().find(|(cyrillic, _)| *cyrillic == letter) {
            code.push_str(latin);
        }
    }
    code.truncate(LENGTH);
    code
}

/// The code that is given, or one made of the title, or else a random one.
pub fn given_or_made(given: &str, title: &str) -> String {
    let given = given.trim();
    if !given.is_empty() {
        return given.chars().take(LENGTH).collect();
    }
    let made = of_title(title);
    if made.is_empty() { keys::random_code(12) } else { made }
}

/// Refuses a code that would break the address.
///
/// # Errors
/// `SLASH_IS_NOT_ALLOWED`
pub fn without_slash(code: &str, what: &str) -> Result<(), Fault> {
    if code.contains('/') {
        return Err(coded("SLASH_IS_NOT_ALLOWED", format!("Slash is not allowed in the {what} address.")));
    }
    Ok(())
}

/// Whether a code looks like the address of something dynamic: `code_12_34`.
pub fn is_dynamic(code: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = code.rsplitn(3, '_');
    let (last, middle, first) = (parts.next(), parts.next(), parts.next());
    let word =
        |part: &str| !part.is_empty() && part.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    last.is_some_and(digits) && middle.is_some_and(digits) && first.is_some_and(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_made_of_titles() {
        assert_eq!(of_title("Spring Sale 2026!"), "springsale2026");
        assert_eq!(of_title("Щедрый юг"), "shchedryyyug");
        assert!(is_dynamic("code_12_34") && is_dynamic("my_page_1_2"));
        assert!(!is_dynamic("code_12") && !is_dynamic("_12_34") && !is_dynamic("code-12-34"));
    }
}
