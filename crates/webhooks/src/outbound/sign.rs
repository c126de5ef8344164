//! Signatures by which a handler can tell that a delivery is ours, as Standard Webhooks has them
//! (<https://www.standardwebhooks.com>), so that its libraries can check them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use engine::moment::Moment;

/// How a signing secret begins when it is shown to a person.
const PREFIX: &str = "whsec_";

/// A new signing secret in the form in which people copy it into their handler: `whsec_` and 32 random
/// bytes in base64.
pub fn new_secret() -> String {
    format!("{PREFIX}{}", STANDARD.encode(engine::keys::random::<32>()))
}

/// The key in a signing secret; `None` when it is malformed.
pub fn key(secret: &str) -> Option<Vec<u8>> {
    STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()
}

/// The value of the header `webhook-signature`: `v1,` and the HMAC-SHA256 of id, time and body in base64.
pub fn signature(key: &[u8], message_id: &str, timestamp: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in [message_id, ".", &timestamp.to_string(), ".", body] {
        mac.update(part.as_bytes());
    }
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// The value of the header `webhook-id`: the same for every try of a delivery, and another one for every
/// delivery of every portal, so that a handler can drop what it has already. Numbers of deliveries come again after a
/// backup was restored; the moment, in microseconds, at which the event was raised does not.
pub fn message_id(member_id: &str, delivery: i64, raised: Moment) -> String {
    format!("msg_{}_{:x}_{delivery}", member_id.get(..8).unwrap_or(member_id), raised.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks specification's own libraries.
    #[test]
    fn a_known_message_has_its_known_signature() {
        let key = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed =
            signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn the_id_of_a_number_that_comes_again_is_another_one() {
        let id = |raised| message_id("0123456789abcdef", 7, Moment(raised));
        assert_eq!(id(1_760_954_322_000_001), id(1_760_954_322_000_001));
        assert_ne!(id(1_760_954_322_000_001), id(1_760_954_322_000_002));
        assert_eq!(id(255), "msg_01234567_ff_7");
    }

    #[test]
    fn secrets_are_random_and_hold_a_key() {
        let (one, other) = (new_secret(), new_secret());
        assert_ne!(one, other);
        assert_eq!(key(&one).unwrap().len(), 32);
        assert_eq!(key("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), None);
    }
}
