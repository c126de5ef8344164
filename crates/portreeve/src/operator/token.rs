//! The token that every request carries, see [`super::door`].

use std::fmt::{self, Debug, Formatter};
use std::str::FromStr;

use anyhow::{Error, ensure};
use subtle::ConstantTimeEq;

/// A password of programs. It prints asterisks.
#[derive(Clone)]
pub struct Token(String);

/// The shortest token, in characters.
const SHORTEST: usize = 16;

impl FromStr for Token {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        ensure!(
            text.len() >= SHORTEST && text.bytes().all(|byte| byte.is_ascii_graphic()),
            "a token has at least {SHORTEST} printable characters without spaces, such as those of `openssl rand -hex 16`"
        );
        Ok(Token(text.to_owned()))
    }
}

impl Debug for Token {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("******")
    }
}

impl Token {
    /// Whether it is easily guessed: short, or of few different characters.
    pub fn is_weak(&self) -> bool {
        const SHORT: usize = 24;
        const FEW: usize = 8;
        let different: std::collections::BTreeSet<u8> = self.0.bytes().collect();
        self.0.len() < SHORT || different.len() < FEW
    }

    /// Whether this is it.
    pub fn is(&self, given: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(given).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_compared_whole_and_does_not_print() {
        let token: Token = "0123456789abcdef".parse().unwrap();
        assert!(token.is(b"0123456789abcdef"));
        for wrong in ["", "0123456789abcde", "0123456789abcdeg", "0123456789abcdef0"] {
            assert!(!token.is(wrong.as_bytes()), "{wrong}");
        }
        assert_eq!(format!("{token:?}"), "******");
        for bad in ["", "short", "with a space in the middle", "ümlautümlautümlaut"] {
            assert!(bad.parse::<Token>().is_err(), "{bad}");
        }
    }
}
