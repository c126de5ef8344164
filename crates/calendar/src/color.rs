//! Colors of calendars and events.

use wire::Value;

/// A color as `#9dcf00`; `None` for anything else.
pub fn color(given: &Value) -> Option<String> {
    let text = given.text()?;
    let hex = text.trim().strip_prefix('#')?;
    let fits = matches!(hex.len(), 3 | 6) && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| text.trim().to_owned())
}
