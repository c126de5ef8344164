//! The header `x-portreeve-hop`, which counts the events that lie before a call. A handler hands on what a delivery told it;
//! what anybody else makes up counts for nothing, since a call that claims to end a circle raises no events.

use subtle::ConstantTimeEq;

use engine::keys::{self, Keys};
use engine::moment::Moment;

/// For how many seconds after a try its count may be handed on. Later a chain begins anew.
const LIFETIME: i64 = 3600;
/// Bytes of the proof.
const PROOF: usize = 16;

/// The count of a delivery that is sent at that second, without the proof that we sent it.
pub fn count(hop: u8, delivery: i64, sent: i64) -> String {
    format!("{hop}.{delivery}.{sent}")
}

/// The value of the header.
pub fn header(keys: &Keys, hop: u8, delivery: i64, sent: i64) -> String {
    let count = count(hop, delivery, sent);
    let proof = keys::hex(&proof(keys, &count));
    format!("{count}.{proof}")
}

/// How many events lie before a call with this header: none, unless we sent it ourselves within the last hour.
pub fn read(keys: &Keys, header: &str, now: Moment) -> u8 {
    let believed = || {
        let (count, given) = header.trim().rsplit_once('.')?;
        let expected = keys::hex(&proof(keys, count));
        let mut parts = count.split('.');
        let (hop, _, sent) = (parts.next()?, parts.next()?, parts.next()?.parse::<i64>().ok()?);
        let fresh = (-LIFETIME..LIFETIME).contains(&now.seconds().saturating_sub(sent));
        (fresh && bool::from(given.as_bytes().ct_eq(expected.as_bytes()))).then(|| hop.parse().ok())?
    };
    believed().unwrap_or(0)
}

fn proof(keys: &Keys, count: &str) -> [u8; PROOF] {
    let signed = keys.sign(format!("x-portreeve-hop|{count}").as_bytes());
    std::array::from_fn(|at| signed[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_we_wrote_ourselves_counts() {
        let (keys, now) = (Keys::derive(&[7; 32]), Moment(1_800_000_000_000_000));
        let header = header(&keys, 6, 17, now.seconds());
        assert_eq!(read(&keys, &header, now), 6);
        assert_eq!(read(&keys, &format!(" {header} "), now), 6);
        assert_eq!(read(&Keys::derive(&[8; 32]), &header, now), 0, "of another portal");
        assert_eq!(read(&keys, &header, Moment(now.0 + LIFETIME * 1_000_000)), 0, "of long ago");
        for made_up in
            ["7", "", ".", "7.17", "7.17.1800000000", &header.replacen('6', "7", 1), &format!("{header}0")]
        {
            assert_eq!(read(&keys, made_up, now), 0, "{made_up}");
        }
    }
}
