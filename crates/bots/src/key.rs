//! The secret by which a program owns its bots: `CLIENT_ID`, or `botToken` in the newer methods. It is stored as a hash.

use engine::call::Call;
use engine::error::Result;
use engine::keys::hex;
use wire::Fault;

/// The owner's number under which it is hashed: it belongs to a program, not to a user.
const OWNER: i64 = -6;

/// The longest one, in characters.
pub const LONGEST: usize = 40;

/// A secret as requests bring it, with its hash. `Debug` shows nothing of it.
pub struct Key {
    /// What a request brought.
    pub secret: String,
    /// Under which it is stored.
    pub lookup: String,
}

impl Key {
    /// Of a secret.
    pub fn new(call: &Call<'_, '_>, secret: &str) -> Self {
        Key { secret: secret.to_owned(), lookup: hex(&call.core.keys.lookup(OWNER, secret)) }
    }

    /// That of a call to the older methods.
    ///
    /// # Errors
    /// 403 `ACCESS_DENIED` without one.
    pub fn of_client(call: &Call<'_, '_>) -> Result<Self> {
        let given = call.text("CLIENT_ID").map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
        let given = given
            .ok_or_else(|| Fault::new(403, "ACCESS_DENIED", "Access denied! Client ID not specified"))?;
        Ok(Key::new(call, &given))
    }

    /// That of a call to the newer ones.
    ///
    /// # Errors
    /// 403 `BOT_TOKEN_NOT_SPECIFIED` without one, and `BOT_TOKEN_INVALID_LENGTH`.
    pub fn of_token(call: &Call<'_, '_>, given: Option<String>) -> Result<Self> {
        let given = given.map(|token| token.trim().to_owned()).filter(|token| !token.is_empty());
        let given =
            given.ok_or_else(|| Fault::new(403, "BOT_TOKEN_NOT_SPECIFIED", "Bot token is not specified"))?;
        if given.chars().count() > LONGEST {
            return Err(Fault::new(400, "BOT_TOKEN_INVALID_LENGTH", "Bot token is too long").into());
        }
        Ok(Key::new(call, &given))
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(******)")
    }
}
