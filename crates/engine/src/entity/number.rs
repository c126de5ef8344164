//! Numbers as people write them, read as the real system reads them.

use rust_decimal::{Decimal, RoundingStrategy};
use wire::{Fault, Value};

use super::Field;

/// The sum or quantity that a request gives a field; `None` when it is empty. Text may group thousands with
/// blanks and have a decimal comma; what follows the number is passed over, and text without one is 0.
///
/// # Errors
/// A number too large to be kept.
pub fn real(field: &Field, value: &Value) -> Result<Option<f64>, Fault> {
    Ok(leading(field, value)?.map(|digits| digits.parse().unwrap_or(0.0)))
}

/// The same in digits.
///
/// # Errors
/// A number beyond what a double holds.
pub fn leading(field: &Field, value: &Value) -> Result<Option<String>, Fault> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::Str(text) if text.trim().is_empty() => return Ok(None),
        Value::Str(text) => plain(text),
        Value::Bool(flag) => u8::from(*flag).to_string(),
        other => other.text().unwrap_or_default().into_owned(),
    };
    let digits = match &text[..length(&text)] {
        "" => "0",
        digits => digits,
    };
    let kept = !matches!(value, Value::Float(number) if !number.is_finite())
        && digits.parse::<f64>().is_ok_and(f64::is_finite);
    if kept { Ok(Some(digits.to_owned())) } else { Err(out_of_range(field)) }
}

/// The same for a whole number: what follows the point is cut.
///
/// # Errors
/// A number beyond 64 bits.
pub fn whole(field: &Field, value: &Value) -> Result<Option<i64>, Fault> {
    /// 2^63
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    if let Some(exact) = value.as_int() {
        return Ok(Some(exact));
    }
    match real(field, value)? {
        Some(number) if number.abs() >= BOUND => Err(out_of_range(field)),
        number => Ok(number.map(|number| number as i64)),
    }
}

/// The number that a filter names, written the same way; `None` unless all of it is one.
pub fn exact(value: &Value) -> Option<f64> {
    match value {
        Value::Str(text) => Value::from(plain(text)).as_float(),
        other => other.as_float(),
    }
}

/// The refusal of a number that cannot be kept.
pub fn out_of_range(field: &Field) -> Fault {
    Fault::core(format!("The value of the field \"{}\" is out of range.", field.title))
}

/// A sum of money to its cents.
pub fn cents(sum: Decimal) -> Decimal {
    sum.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// `1 000,50` as `1000.50`.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .filter(|sign| !sign.is_whitespace())
        .map(|sign| if sign == ',' { '.' } else { sign })
        .collect()
}

/// How much of a text is the number that it begins with.
fn length(text: &str) -> usize {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let sign = usize::from(text.starts_with(['+', '-']));
    let mut end = sign + digits(&text[sign..]);
    let mut any = end > sign;
    if text[end..].starts_with('.') {
        let fraction = digits(&text[end + 1..]);
        any |= fraction > 0;
        end += 1 + fraction;
    }
    if !any {
        return 0;
    }
    let exponent = &text[end..];
    if exponent.starts_with(['e', 'E']) {
        let sign = usize::from(exponent[1..].starts_with(['+', '-']));
        let power = digits(&exponent[1 + sign..]);
        end += if power > 0 { 1 + sign + power } else { 0 };
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Kind;
    use serde_json::json;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let field = Field::new("OPPORTUNITY", Kind::Decimal(2), "Sum");
        let read = |value: serde_json::Value| real(&field, &value.into());
        for (given, number) in [
            (json!("1 000,50"), 1000.5),
            (json!("1\u{a0}000,50"), 1000.5),
            (json!(" -12.5 "), -12.5),
            (json!("+3"), 3.0),
            (json!(".5"), 0.5),
            (json!("5."), 5.0),
            (json!("1e3"), 1000.0),
            (json!("1e"), 1.0),
            (json!("100 RUB"), 100.0),
            (json!("1,000.50"), 1.0),
            (json!("RUB"), 0.0),
            (json!("-"), 0.0),
            (json!("."), 0.0),
            (json!("inf"), 0.0),
            (json!("NaN"), 0.0),
            (json!(7), 7.0),
            (json!(7.25), 7.25),
            (json!(true), 1.0),
            (json!(["a"]), 0.0),
        ] {
            assert_eq!(read(given.clone()), Ok(Some(number)), "{given}");
        }
        assert_eq!((read(json!("")), read(json!(null))), (Ok(None), Ok(None)));
        for given in ["-5e400", "5e400", "1e999x"] {
            let text = "The value of the field \"Sum\" is out of range.";
            assert_eq!(read(json!(given)).unwrap_err().message, text, "{given}");
        }
    }

    #[test]
    fn whole_numbers_lose_their_fraction_and_have_bounds() {
        let field = Field::new("N", Kind::Integer, "N");
        let read = |value: serde_json::Value| whole(&field, &value.into());
        for (given, number) in
            [("12.9", 12), ("1 000", 1000), ("-7x", -7), ("x", 0), ("9223372036854775807", i64::MAX)]
        {
            assert_eq!(read(json!(given)), Ok(Some(number)), "{given}");
        }
        assert!(read(json!("9223372036854775808")).is_err() && read(json!(1e30)).is_err());
    }
}
