//! The picture of a chat, as requests bring it.

use engine::call::Call;
use engine::error::Result;
use wire::{Fault, Value};

/// The largest width and height.
const SIDE: u32 = 5000;

/// Letters of the Base64 text of a picture: 10 MB.
const LENGTH: usize = 14 << 20;

/// The picture that a call brings as `AVATAR`, in the form in which fields take files.
///
/// # Errors
/// The refusal of what is none, or is too large.
pub fn given(call: &Call<'_, '_>) -> Result<Option<Value>> {
    let Some(given) = call.param("AVATAR").filter(|given| !given.is_empty()) else { return Ok(None) };
    let text = given.text().unwrap_or_default();
    let text = text.trim();
    // What browsers make of a picture says its type before the content.
    let content = text.split_once(";base64,").map_or(text, |(_, content)| content);
    if content.len() > LENGTH {
        return Err(wrong("Avatar incorrect size (max 5000x5000)"));
    }
    let head: String = content.chars().filter(|letter| !letter.is_whitespace()).take(HEAD).collect();
    let picture =
        decode(&head).and_then(|bytes| picture(&bytes)).ok_or_else(|| wrong("Avatar incorrect type"))?;
    if picture.1.is_some_and(|(width, height)| width > SIDE || height > SIDE) {
        return Err(wrong("Avatar incorrect size (max 5000x5000)"));
    }
    let file: Vec<Value> = vec![format!("avatar.{}", picture.0).into(), content.into()];
    Ok(Some(Value::under("fileData", file)))
}

fn wrong(text: &'static str) -> engine::Error {
    Fault::new(400, "AVATAR_ERROR", text).into()
}

/// Letters at the beginning that tell what it is: sizes of JPEGs may stand behind a preview.
const HEAD: usize = 256 << 10;

/// The bytes of Base64 text, as far as they are whole.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap_or(0));
        }
    }
    Some(bytes)
}

/// The ending of a picture's name, with its width and height where they are told at its beginning.
fn picture(bytes: &[u8]) -> Option<(&'static str, Option<(u32, u32)>)> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let low = |at: usize| Some(u32::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some(("png", number(16).zip(number(20)))),
        [b'G', b'I', b'F', b'8', ..] => Some(("gif", low(6).zip(low(8)))),
        [0xff, 0xd8, 0xff, ..] => Some(("jpg", jpeg(bytes))),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(("webp", None)),
        _ => None,
    }
}

/// Width and height of a JPEG: they stand in the first of its segments that begins a frame.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let short = |at: usize| Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    let mut at = 2;
    loop {
        let mark = *bytes.get(at + 1)?;
        if matches!(mark, 0xc0..=0xcf) && !matches!(mark, 0xc4 | 0xc8 | 0xcc) {
            return short(at + 7).zip(short(at + 5));
        }
        at += 2 + usize::try_from(short(at + 2)?).ok()?;
    }
}

#[cfg(test)]
mod tests {
    use super::{decode, picture};

    #[test]
    fn pictures_tell_their_size() {
        let png =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";
        assert_eq!(picture(&decode(png).unwrap()), Some(("png", Some((1, 1)))));
        let jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 11, 8, 0x17, 0x70, 0, 5, 3];
        assert_eq!(picture(&jpeg), Some(("jpg", Some((5, 6000)))));
        assert_eq!(picture(b"GIF89a\x10\x00\x20\x00"), Some(("gif", Some((16, 32)))));
        assert_eq!(picture(b"<svg>"), None);
        assert_eq!(decode("!"), None);
    }
}
