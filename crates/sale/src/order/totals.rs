//! What an order comes to, as exact decimal numbers: every line is rounded to the cent, and so is its tax.

use rust_decimal::{Decimal, RoundingStrategy};

/// A line of an order.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// The price of a unit.
    pub price: Decimal,
    /// How many.
    pub quantity: Decimal,
    /// The rate of the tax as a fraction, if it is taxed at all.
    pub rate: Option<Decimal>,
    /// Whether the price includes the tax.
    pub included: bool,
}

/// What an order comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// Everything, with taxes.
    pub price: Decimal,
    /// Taxes alone.
    pub tax: Decimal,
}

/// Half a cent counts as one, away from zero.
pub fn cents(sum: Decimal) -> Decimal {
    sum.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// The sum of lines and deliveries; `None` where it has no room.
pub fn total(lines: &[Line], deliveries: &[Decimal]) -> Option<Total> {
    let mut total = Total::default();
    for line in lines {
        let sum = cents(line.price.checked_mul(line.quantity)?);
        let rate = line.rate.unwrap_or_default();
        let tax = match line.included {
            true => cents(sum.checked_mul(rate)?.checked_div(Decimal::ONE.checked_add(rate)?)?),
            false => cents(sum.checked_mul(rate)?),
        };
        let whole = if line.included { sum } else { sum.checked_add(tax)? };
        total.price = total.price.checked_add(whole)?;
        total.tax = total.tax.checked_add(tax)?;
    }
    for delivery in deliveries {
        total.price = total.price.checked_add(cents(*delivery))?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hundredths of a quotient, rounded half away from zero.
    fn rounded(dividend: i128, divisor: i128) -> i128 {
        let (magnitude, sign) = (dividend.abs(), dividend.signum());
        sign * ((2 * magnitude + divisor) / (2 * divisor))
    }

    /// Numbers that look random, the same every time.
    fn numbers() -> impl FnMut(i128) -> i128 {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        move |below| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            i128::from(state) % below
        }
    }

    /// The same sums over whole numbers: prices and quantities in ten-thousandths, results in cents.
    #[test]
    fn sums_are_those_of_whole_numbers() {
        let mut any = numbers();
        for _ in 0..3_000 {
            let (mut lines, mut price, mut tax) = (Vec::new(), 0, 0);
            for _ in 0..any(6) {
                let (unit, quantity) = (any(90_000_000), any(5_000_000));
                let rate = (any(4) > 0).then(|| any(3_000));
                let included = any(2) == 0;
                let sum = rounded(unit * quantity, 1_000_000);
                let part = rate.unwrap_or_default();
                let line_tax = match included {
                    true => rounded(sum * part, 10_000 + part),
                    false => rounded(sum * part, 10_000),
                };
                price += if included { sum } else { sum + line_tax };
                tax += line_tax;
                let of = |units: i128| Decimal::from_i128_with_scale(units, 4);
                lines.push(Line { price: of(unit), quantity: of(quantity), rate: rate.map(of), included });
            }
            let delivery = any(10_000_000);
            price += rounded(delivery, 100);
            let found = total(&lines, &[Decimal::from_i128_with_scale(delivery, 4)]).unwrap_or_default();
            let of = |cents: i128| Decimal::from_i128_with_scale(cents, 2);
            assert_eq!(found, Total { price: of(price), tax: of(tax) }, "{lines:?}");
        }
    }

    #[test]
    fn what_is_too_large_has_no_total() {
        let line = Line { price: Decimal::MAX, quantity: Decimal::TWO, rate: None, included: false };
        assert_eq!(total(&[line], &[]), None);
    }
}
