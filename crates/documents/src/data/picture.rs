//! Pictures that requests bring along.

use serde_json::Value as Json;

use crate::docx::Picture;

/// The longest picture of a request, in letters of Base64.
const LONGEST: usize = 2 << 20;

/// A picture that a request gives: in Base64, as a data URL, or with its name. What another server has is not fetched.
pub fn given(value: &Json) -> Option<Picture> {
    let value = value.get("fileData").unwrap_or(value);
    let text = match value {
        Json::String(text) => text,
        Json::Array(parts) => parts.get(1)?.as_str()?,
        _ => return None,
    };
    let text = match text.strip_prefix("data:") {
        Some(url) => url.split_once(";base64,")?.1,
        None => text,
    };
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=-_\r\n".contains(&byte);
    let fits = !text.is_empty() && text.len() <= LONGEST && text.bytes().all(is_base64);
    fits.then(|| Picture::Given(text.to_owned()))
}
