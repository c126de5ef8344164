//! The arithmetic of a product row: one price in four forms, with and without tax and discount.
//!
//! | | without tax | with tax |
//! |---|---|---|
//! | before the discount | netto | brutto |
//! | after it | exclusive | price |
//!
//! A row is given by its price; the others follow and are kept to cents, as `crm.item.productrow.add` answers.

use engine::entity::number::cents;

/// How a discount is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiscountType {
    /// A sum off the price without tax
    Monetary,
    /// Percent of it
    Percentage,
}

impl DiscountType {
    /// `DISCOUNT_TYPE_ID`
    pub fn id(self) -> i64 {
        match self {
            DiscountType::Monetary => 1,
            DiscountType::Percentage => 2,
        }
    }

    /// The type with that id.
    pub fn parse(id: i64) -> Option<Self> {
        [DiscountType::Monetary, DiscountType::Percentage].into_iter().find(|kind| kind.id() == id)
    }
}

/// The price values of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Given {
    /// After the discount, with tax.
    pub price: Option<f64>,
    /// After the discount, without tax.
    pub exclusive: Option<f64>,
    /// Percent; nothing means that no tax is charged.
    pub tax_rate: Option<f64>,
    /// How the discount is given.
    pub discount: Option<DiscountType>,
    /// The discount in percent.
    pub rate: Option<f64>,
    /// The discount as a sum.
    pub sum: Option<f64>,
}

/// A price in all its forms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prices {
    /// After the discount, with tax.
    pub price: f64,
    /// After the discount, without tax.
    pub exclusive: f64,
    /// Before the discount, without tax.
    pub netto: f64,
    /// Before the discount, with tax.
    pub brutto: f64,
    /// How the discount is given.
    pub discount: DiscountType,
    /// The discount in percent.
    pub rate: f64,
    /// The discount as a sum, without tax.
    pub sum: f64,
}

impl Given {
    /// All forms of the price that is given; without one it is 0.
    ///
    /// # Errors
    /// When the type of the discount is given without the discount itself: what is missing, in the words of
    /// `crm.lead.productrows.set`.
    pub fn complete(self) -> Result<Prices, &'static str> {
        let tax = 1.0 + self.tax_rate.unwrap_or(0.0) / 100.0;
        let (price, exclusive) = match (self.price, self.exclusive) {
            (Some(price), Some(exclusive)) => (price, exclusive),
            (Some(price), None) => (price, cents(price / tax)),
            (None, Some(exclusive)) => (cents(exclusive * tax), exclusive),
            (None, None) => (0.0, 0.0),
        };
        let discount = self.discount.unwrap_or(DiscountType::Percentage);
        let (netto, rate, sum) = match discount {
            DiscountType::Percentage => self.percentage(exclusive)?,
            DiscountType::Monetary => self.monetary(exclusive)?,
        };
        Ok(Prices { price, exclusive, netto, brutto: cents(netto * tax), discount, rate, sum })
    }

    fn percentage(self, exclusive: f64) -> Result<(f64, f64, f64), &'static str> {
        let rate = match (self.rate, self.discount) {
            (Some(rate), _) => rate,
            (None, None) => 0.0,
            (None, Some(_)) => return Err(NO_RATE),
        };
        // Nothing is left of the price: how much there was must be said.
        if rate == 100.0 {
            let sum = self.sum.ok_or(NO_SUM_AT_100)?;
            return Ok((exclusive + sum, rate, sum));
        }
        let netto = if rate == 0.0 { exclusive } else { cents(exclusive / (1.0 - rate / 100.0)) };
        Ok((netto, rate, cents(netto - exclusive)))
    }

    fn monetary(self, exclusive: f64) -> Result<(f64, f64, f64), &'static str> {
        let sum = self.sum.ok_or(NO_SUM)?;
        let netto = exclusive + sum;
        let rate = if netto == 0.0 { 0.0 } else { cents(sum / netto * 100.0) };
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

    fn complete(given: Given) -> (f64, f64, f64, f64, f64, f64) {
        let made = given.complete().unwrap();
        (made.price, made.exclusive, made.netto, made.brutto, made.rate, made.sum)
    }

    #[test]
    fn the_documented_answers_come_out() {
        let percent = |price, rate, tax| Given {
            price: Some(price),
            tax_rate: tax,
            discount: Some(DiscountType::Percentage),
            rate: Some(rate),
            ..Given::default()
        };
        let add = complete(percent(80_000.0, 20.0, Some(20.0)));
        assert_eq!(add, (80_000.0, 66_666.67, 83_333.34, 100_000.01, 20.0, 16_666.67));
        let update = complete(percent(90_000.0, 10.0, Some(10.0)));
        assert_eq!(update, (90_000.0, 81_818.18, 90_909.09, 100_000.0, 10.0, 9_090.91));
        let untaxed = complete(percent(899.1, 10.0, None));
        assert_eq!(untaxed, (899.1, 899.1, 999.0, 999.0, 10.0, 99.9));
    }

    #[test]
    fn a_sum_off_gives_its_rate() {
        let given = Given {
            price: Some(1000.0),
            discount: Some(DiscountType::Monetary),
            sum: Some(500.12),
            ..Given::default()
        };
        assert_eq!(complete(given), (1000.0, 1000.0, 1500.12, 1500.12, 33.34, 500.12));
    }

    #[test]
    fn both_prices_are_kept_as_given() {
        let given = Given {
            price: Some(22_175.328),
            exclusive: Some(19_799.4),
            tax_rate: Some(12.0),
            discount: Some(DiscountType::Percentage),
            rate: Some(40.0),
            sum: None,
        };
        assert_eq!(complete(given), (22_175.328, 19_799.4, 32_999.0, 36_958.88, 40.0, 13_199.6));
        let exclusive = Given { price: None, ..given };
        assert_eq!(complete(exclusive).0, 22_175.33);
    }

    #[test]
    fn a_free_row_must_say_what_it_was_worth() {
        let free = Given {
            price: Some(0.0),
            discount: Some(DiscountType::Percentage),
            rate: Some(100.0),
            sum: Some(50.0),
            ..Given::default()
        };
        assert_eq!(complete(free), (0.0, 0.0, 50.0, 50.0, 100.0, 50.0));
        assert_eq!(Given { sum: None, ..free }.complete().unwrap_err(), NO_SUM_AT_100);
        assert_eq!(Given { rate: None, ..free }.complete().unwrap_err(), NO_RATE);
        let monetary = Given { discount: Some(DiscountType::Monetary), sum: None, ..free };
        assert_eq!(monetary.complete().unwrap_err(), NO_SUM);
    }

    #[test]
    fn nothing_given_is_free() {
        assert_eq!(complete(Given::default()), (0.0, 0.0, 0.0, 0.0, 0.0, 0.0));
    }
}
