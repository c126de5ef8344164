//! The portal's own keys: secrets are looked up by a keyed hash and kept encrypted, under keys that are
//! not in the database.

use std::fmt;
use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::{Zeroize, Zeroizing};

const NONCE: usize = 24;

/// A keyed hash.
pub type Lookup = [u8; 32];

/// Keys derived from the one master key, which is wiped from memory then. `Debug` shows nothing of them.
#[derive(Clone)]
pub struct Keys {
    lookup: [u8; 32],
    seal: [u8; 32],
    sign: [u8; 32],
}

/// Why the keys cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The key file could not be read or made.
    #[error(
        "cannot use the key file {path}: {source}. Restore it from your backup: without it no webhook can be recognised"
    )]
    File {
        /// Where it should be.
        path: String,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// It holds something else.
    #[error("{0} is not a key of 64 hexadecimal digits; restore it from your backup")]
    Malformed(String),
}

impl Keys {
    /// The keys that follow from a master key.
    pub fn derive(master: &[u8; 32]) -> Self {
        Keys {
            lookup: blake3::derive_key("portreeve 2026 lookup of secrets", master),
            seal: blake3::derive_key("portreeve 2026 sealing of secrets", master),
            sign: blake3::derive_key("portreeve 2026 signing of links", master),
        }
    }

    /// Reads the master key from `path`, and makes one there (for the owner alone to read) when there is none.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        let told = |source| KeyError::File { path: path.display().to_string(), source };
        match std::fs::read_to_string(path).map(Zeroizing::new) {
            Ok(text) => Self::parse(&text).ok_or_else(|| KeyError::Malformed(path.display().to_string())),
            Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => {
                let master = Zeroizing::new(random::<32>());
                match create_private(path, &Zeroizing::new(hex(&*master))) {
                    // Another process made it in this very moment: theirs counts.
                    Err(raced) if raced.kind() == std::io::ErrorKind::AlreadyExists => {
                        Self::load_or_create(path)
                    }
                    made => made.map(|()| Self::derive(&master)).map_err(told),
                }
            }
            Err(other) => Err(told(other)),
        }
    }

    /// Keys from a master key written as 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().as_bytes();
        if text.len() != 64 {
            return None;
        }
        let mut master = Zeroizing::new([0; 32]);
        for (byte, pair) in master.iter_mut().zip(text.chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self::derive(&master))
    }

    /// The keyed hash under which a secret is stored. `owner` keeps equal secrets of two owners apart.
    pub fn lookup(&self, owner: i64, secret: &str) -> Lookup {
        let mut hasher = blake3::Hasher::new_keyed(&self.lookup);
        hasher.update(&owner.to_le_bytes()).update(secret.as_bytes());
        *hasher.finalize().as_bytes()
    }

    /// A signature of what the portal hands out and wants to know again.
    pub fn sign(&self, bytes: &[u8]) -> [u8; 32] {
        *blake3::keyed_hash(&self.sign, bytes).as_bytes()
    }

    /// Encrypts a secret; `owner` must be given again to open it.
    pub fn seal(&self, owner: i64, secret: &str) -> Vec<u8> {
        let nonce: [u8; NONCE] = random();
        let payload = Payload { msg: secret.as_bytes(), aad: &owner.to_le_bytes() };
        let sealed = self
            .cipher()
            .encrypt(&XNonce::from(nonce), payload)
            .expect("a short text is within the cipher's bounds");
        [nonce.as_slice(), &sealed].concat()
    }

    /// The secret that was sealed for `owner`; `None` when the key or the owner is another or the bytes were changed.
    pub fn open(&self, owner: i64, sealed: &[u8]) -> Option<String> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: sealed, aad: &owner.to_le_bytes() };
        let plain = self.cipher().decrypt(&XNonce::from(*nonce), payload).ok()?;
        String::from_utf8(plain).ok()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.seal.into())
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        [&mut self.lookup, &mut self.seal, &mut self.sign].into_iter().for_each(Zeroize::zeroize);
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(..)")
    }
}

/// Random bytes from the operating system.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// `length` random characters, each of `0-9a-z` equally likely, as Bitrix24's secrets and tokens are (protocol 7.1).
pub fn random_code(length: usize) -> String {
    const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    // 252 is the largest multiple of 36 in a byte: what is above would favour the first characters.
    let fair = std::iter::repeat_with(random::<64>).flatten().filter(|byte| *byte < 252);
    fair.take(length).map(|byte| char::from(ALPHABET[usize::from(byte % 36)])).collect()
}

/// A random UUID, of version 4: `9a3c1f52-8d17-4b6e-a0c4-52d7e81b6f30`.
pub fn uuid() -> String {
    let mut bytes: [u8; 16] = random();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = hex(&bytes);
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

/// The digest of bytes that are not secret.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    *blake3::hash(bytes).as_bytes()
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes of hexadecimal digits; `None` for anything else.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| if let [high, low] = pair { Some(digit(*high)? << 4 | digit(*low)?) } else { None })
        .collect()
}

fn create_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_for_its_owner_only() {
        let keys = Keys::derive(&[7; 32]);
        let sealed = keys.seal(1, "83te1pjdphsa9u15");
        assert_eq!(keys.open(1, &sealed).as_deref(), Some("83te1pjdphsa9u15"));
        assert_eq!(keys.open(2, &sealed), None);
        assert_eq!(Keys::derive(&[8; 32]).open(1, &sealed), None);
        assert!(!sealed.windows(4).any(|part| part == b"83te"));
    }

    #[test]
    fn look_ups_differ_by_owner_and_by_key() {
        let keys = Keys::derive(&[7; 32]);
        assert_eq!(keys.lookup(1, "a"), keys.lookup(1, "a"));
        assert_ne!(keys.lookup(1, "a"), keys.lookup(2, "a"));
        assert_ne!(keys.lookup(1, "a"), Keys::derive(&[8; 32]).lookup(1, "a"));
    }

    #[test]
    fn codes_have_their_length_and_alphabet() {
        let code = random_code(4000);
        assert_eq!(code.len(), 4000);
        for wanted in "0123456789abcdefghijklmnopqrstuvwxyz".chars() {
            assert!(code.contains(wanted), "{wanted} never came up in 4000 draws");
        }
        assert!(code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase()));
    }

    #[test]
    fn the_key_file_is_made_once_and_for_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("portreeve.key");
        let first = Keys::load_or_create(&path).unwrap();
        let again = Keys::load_or_create(&path).unwrap();
        assert_eq!(first.lookup(1, "a"), again.lookup(1, "a"));
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&path).unwrap()) & 0o777, 0o600);
        std::fs::write(&path, "nonsense").unwrap();
        assert!(Keys::load_or_create(&path).unwrap_err().to_string().contains("64 hexadecimal"));
    }
}
