//! Sums the way their currency is written.

use engine::call::Call;
use engine::error::Result;
use rust_decimal::{Decimal, RoundingStrategy};

/// How a currency is written.
#[derive(Clone, Debug)]
pub struct Currency {
    /// Its code.
    pub code: String,
    format: String,
    decimals: u32,
    thousands: String,
    point: String,
}

impl Currency {
    /// A currency in the language of the portal.
    ///
    /// # Errors
    /// Those of the store.
    pub fn load(call: &mut Call<'_, '_>, code: &str) -> Result<Self> {
        let sql = "SELECT l.format_string, l.decimals, l.thousands_sep, l.thousands_variant, l.dec_point \
                   FROM crm_currency_lang l JOIN crm_currency c ON c.id = l.currency_id \
                   WHERE c.currency = ? ORDER BY CASE WHEN l.lang = ? THEN 0 ELSE 1 END, l.id LIMIT 1";
        let language = call.language.language.code();
        let found = call.tx.one(sql, &[code.into(), language.into()], |row| {
            let text = |at: usize| Ok::<_, store::Error>(row.opt_text(at)?.map(str::to_owned));
            let thousands = match text(3)?.as_deref() {
                Some("N") => String::new(),
                Some("D") => ".".to_owned(),
                Some("C") => ",".to_owned(),
                Some("S") => " ".to_owned(),
                Some("B") => "\u{a0}".to_owned(),
                _ => text(2)?.unwrap_or_else(|| "\u{a0}".to_owned()),
            };
            Ok(Currency {
                code: code.to_owned(),
                format: text(0)?.unwrap_or_else(|| "#".to_owned()),
                decimals: text(1)?.and_then(|digits| digits.parse().ok()).unwrap_or(2).min(6),
                thousands,
                point: text(4)?.unwrap_or_else(|| ".".to_owned()),
            })
        })?;
        Ok(found.unwrap_or_else(|| Currency {
            code: code.to_owned(),
            format: format!("# {code}"),
            decimals: 2,
            thousands: "\u{a0}".to_owned(),
            point: ".".to_owned(),
        }))
    }

    /// A sum with its sign: `1 200.50 €`.
    pub fn written(&self, sum: Decimal) -> String {
        self.format.replacen('#', &self.number(sum), 1)
    }

    fn number(&self, sum: Decimal) -> String {
        let text = rounded(sum, self.decimals).to_string();
        let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
        let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                grouped.push_str(&self.thousands);
            }
            grouped.push(digit);
        }
        if rest.is_empty() {
            format!("{sign}{grouped}")
        } else {
            format!("{sign}{grouped}{}{rest}", self.point)
        }
    }
}

/// A sum with so many digits behind the point.
pub fn rounded(sum: Decimal, digits: u32) -> Decimal {
    let mut sum = sum.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    sum.rescale(digits);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_grouped_and_rounded() {
        let euro = Currency {
            code: "EUR".into(),
            format: "# €".into(),
            decimals: 2,
            thousands: " ".into(),
            point: ",".into(),
        };
        let written = |text: &str| euro.written(text.parse().unwrap_or_default());
        assert_eq!(written("1234567.005"), "1 234 567,01 €");
        assert_eq!((written("-999.5"), written("0")), ("-999,50 €".to_owned(), "0,00 €".to_owned()));
    }
}
