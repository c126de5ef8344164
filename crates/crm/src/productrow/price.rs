//! The arithmetic of a product row: one price in four forms, with and without tax and discount.
//!
//! | | without tax | with tax |
//! |---|---|---|
//! | before the discount | netto | brutto |
//! | after it | exclusive | price |
//!
//! A row is given by its price; the others follow and are kept to cents, as `crm.item.productrow.add` answers. All of it is
//! exact: decimal numbers, rounded half away from zero.

use engine::entity::number::cents;
use rust_decimal::Decimal;

/// How a discount is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DiscountType {
    /// A sum off the price without tax
    Monetary = 1,
    /// Percent of it
    #[default]
    Percentage = 2,
}

impl DiscountType {
    /// The type with that `DISCOUNT_TYPE_ID`.
    pub fn parse(id: i64) -> Option<Self> {
        [DiscountType::Monetary, DiscountType::Percentage].into_iter().find(|kind| *kind as i64 == id)
    }
}

/// The price values of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Given {
    /// After the discount, with tax.
    pub price: Option<Decimal>,
    /// After the discount, without tax.
    pub exclusive: Option<Decimal>,
    /// Percent; nothing means that no tax is charged.
    pub tax_rate: Option<Decimal>,
    /// How the discount is given.
    pub discount: Option<DiscountType>,
    /// The discount in percent.
    pub rate: Option<Decimal>,
    /// The discount as a sum.
    pub sum: Option<Decimal>,
}

/// A price in all its forms, with the discount in percent and as a sum without tax, by the names of fields.
pub type Prices = [(&'static str, Decimal); 6];

impl Given {
    /// All forms of the price that is given; without one it is 0.
    ///
    /// # Errors
    /// When the type of the discount is given without the discount itself: what is missing, in the words of
    /// `crm.lead.productrows.set`.
    pub fn complete(self) -> Result<Prices, &'static str> {
        let tax = Decimal::ONE + self.tax_rate.unwrap_or_default() / Decimal::ONE_HUNDRED;
        let (price, exclusive) = match (self.price, self.exclusive) {
            (Some(price), Some(exclusive)) => (price, exclusive),
            (Some(price), None) => (price, cents(price / tax)),
            (None, Some(exclusive)) => (cents(exclusive * tax), exclusive),
            (None, None) => (Decimal::ZERO, Decimal::ZERO),
        };
        let (netto, rate, sum) = match self.discount.unwrap_or_default() {
            DiscountType::Percentage => self.percentage(exclusive)?,
            DiscountType::Monetary => self.monetary(exclusive)?,
        };
        Ok([
            ("price", price),
            ("priceExclusive", exclusive),
            ("priceNetto", netto),
            ("priceBrutto", cents(netto * tax)),
            ("discountRate", rate),
            ("discountSum", sum),
        ])
    }

    fn percentage(self, exclusive: Decimal) -> Result<(Decimal, Decimal, Decimal), &'static str> {
        let rate = match (self.rate, self.discount) {
            (Some(rate), _) => rate,
            (None, None) => Decimal::ZERO,
            (None, Some(_)) => return Err(NO_RATE),
        };
        // Nothing is left of the price: how much there was must be said.
        if rate == Decimal::ONE_HUNDRED {
            let sum = self.sum.ok_or(NO_SUM_AT_100)?;
            return Ok((exclusive + sum, rate, sum));
        }
        let left = Decimal::ONE - rate / Decimal::ONE_HUNDRED;
        let netto = if rate.is_zero() { exclusive } else { cents(exclusive / left) };
        Ok((netto, rate, cents(netto - exclusive)))
    }

    fn monetary(self, exclusive: Decimal) -> Result<(Decimal, Decimal, Decimal), &'static str> {
        let sum = self.sum.ok_or(NO_SUM)?;
        let netto = exclusive + sum;
        let rate = if netto.is_zero() { netto } else { cents(sum / netto * Decimal::ONE_HUNDRED) };
        Ok((cents(netto), rate, sum))
    }
}

const NO_RATE: &str =
    "Discount Rate (DISCOUNT_RATE) is required if Percentage Discount Type (DISCOUNT_TYPE_ID) is defined";
const NO_SUM_AT_100: &str = "Discount Sum (DISCOUNT_SUM) is required if Percentage Discount Type (DISCOUNT_TYPE_ID) \
     is defined and Discount Rate (DISCOUNT_RATE) is 100%";
const NO_SUM: &str =
    "Discount Sum (DISCOUNT_SUM) is required if Monetary Discount Type (DISCOUNT_TYPE_ID) is defined";

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn some(text: &str) -> Option<Decimal> {
        Some(number(text))
    }

    /// Price, exclusive, netto, brutto, rate and sum.
    fn complete(given: Given) -> [Decimal; 6] {
        given.complete().unwrap().map(|(_, number)| number.normalize())
    }

    fn numbers(texts: [&str; 6]) -> [Decimal; 6] {
        texts.map(|text| number(text).normalize())
    }

    #[test]
    fn the_documented_answers_come_out() {
        let percent = |price, rate, tax: Option<&str>| Given {
            price: some(price),
            tax_rate: tax.map(number),
            discount: Some(DiscountType::Percentage),
            rate: some(rate),
            ..Given::default()
        };
        let add = complete(percent("80000", "20", Some("20")));
        assert_eq!(add, numbers(["80000.0", "66666.67", "83333.34", "100000.01", "20.0", "16666.67"]));
        let update = complete(percent("90000", "10", Some("10")));
        assert_eq!(update, numbers(["90000.0", "81818.18", "90909.09", "100000.0", "10.0", "9090.91"]));
        let untaxed = complete(percent("899.1", "10", None));
        assert_eq!(untaxed, numbers(["899.1", "899.1", "999.0", "999.0", "10.0", "99.9"]));
    }

    #[test]
    fn a_sum_off_gives_its_rate() {
        let given = Given {
            price: some("1000"),
            discount: Some(DiscountType::Monetary),
            sum: some("500.12"),
            ..Given::default()
        };
        assert_eq!(complete(given), numbers(["1000.0", "1000.0", "1500.12", "1500.12", "33.34", "500.12"]));
    }

    #[test]
    fn both_prices_are_kept_as_given() {
        let given = Given {
            price: some("22175.328"),
            exclusive: some("19799.4"),
            tax_rate: some("12"),
            discount: Some(DiscountType::Percentage),
            rate: some("40"),
            sum: None,
        };
        assert_eq!(
            complete(given),
            numbers(["22175.328", "19799.4", "32999.0", "36958.88", "40.0", "13199.6"])
        );
        let exclusive = Given { price: None, ..given };
        assert_eq!(complete(exclusive)[0], number("22175.33"));
    }

    #[test]
    fn a_free_row_must_say_what_it_was_worth() {
        let free = Given {
            price: some("0"),
            discount: Some(DiscountType::Percentage),
            rate: some("100"),
            sum: some("50"),
            ..Given::default()
        };
        assert_eq!(complete(free), numbers(["0.0", "0.0", "50.0", "50.0", "100.0", "50.0"]));
        assert_eq!(Given { sum: None, ..free }.complete().unwrap_err(), NO_SUM_AT_100);
        assert_eq!(Given { rate: None, ..free }.complete().unwrap_err(), NO_RATE);
        let monetary = Given { discount: Some(DiscountType::Monetary), sum: None, ..free };
        assert_eq!(monetary.complete().unwrap_err(), NO_SUM);
    }

    #[test]
    fn tenths_add_up() {
        // 0.1 + 0.2 is 0.3, and half a cent is rounded up however it is written.
        let given = Given { exclusive: some("0.3"), tax_rate: some("5"), ..Given::default() };
        assert_eq!(complete(given)[0], number("0.32"));
        let given = Given { exclusive: some("1.15"), tax_rate: some("10"), ..Given::default() };
        assert_eq!(complete(given)[0], number("1.27"));
    }

    #[test]
    fn nothing_given_is_free() {
        assert_eq!(complete(Given::default()), numbers(["0.0", "0.0", "0.0", "0.0", "0.0", "0.0"]));
    }
}
