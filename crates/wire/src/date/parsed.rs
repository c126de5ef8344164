//! The parts of a date, collected from its tokens.

use super::relative::Relative;
use super::token::Token;
use super::words;
use super::zone::Zone;

/// A text cannot be read.
#[derive(Debug)]
pub struct Unreadable;

/// The result of a step.
pub type Step = Result<(), Unreadable>;

/// The parts so far. `None` is taken from the present moment.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// Year
    pub year: Option<i64>,
    /// Month, 1 January
    pub month: Option<i64>,
    /// Day of the month, which may lie beyond its end
    pub day: Option<i64>,
    /// Hour
    pub hour: Option<i64>,
    /// Minute
    pub minute: Option<i64>,
    /// Second
    pub second: Option<i64>,
    /// Microsecond
    pub micros: i64,
    /// The zone
    pub zone: Option<Zone>,
    /// The relative parts
    pub relative: Relative,
    /// Whether the date is given
    pub dated: bool,
    /// How often the time is given
    timed: u8,
    /// How often a zone stands by itself
    zoned: u8,
}

/// A part of a token.
#[derive(Clone, Copy, Debug)]
pub enum Part {
    /// A year: of two digits it is between 1970 and 2069
    Year,
    /// A year of any length, with a sign
    SignedYear,
    /// A month's number
    Month,
    /// A month's name
    MonthName,
    /// A year, if a slash stands before it
    SlashYear,
    /// The day of the month
    Day,
    /// `st`, `nd`, `rd` or `th`, if it is there
    Suffix,
    /// The first day
    FirstDay,
    /// The day of the year
    DayOfYear,
    /// The hour
    Hour,
    /// The minute, if it is there
    Minute,
    /// The second, if one of these signs stands before it
    Second(&'static str),
    /// Behind the second, if one of these signs stands before it
    Fraction(&'static str),
    /// `am` or `pm`
    Meridian,
    /// A zone, if it is there
    Zone,
}

impl Parsed {
    /// A date is given. Twice is once too often.
    pub fn have_date(&mut self) -> Step {
        if std::mem::replace(&mut self.dated, true) { Err(Unreadable) } else { Ok(()) }
    }

    /// A time is given, so far midnight. Twice is once too often.
    pub fn have_time(&mut self) -> Step {
        if self.timed > 0 {
            return Err(Unreadable);
        }
        self.midnight();
        self.timed = 1;
        Ok(())
    }

    /// Whether a time is given.
    pub fn is_timed(&self) -> bool {
        self.timed > 0
    }

    /// Forgets the time: the day begins.
    pub fn midnight(&mut self) {
        self.timed = 0;
        (self.hour, self.minute, self.second, self.micros) = (Some(0), Some(0), Some(0), 0);
    }

    /// A zone stands by itself; the second is passed over, the third is one too many. Gives whether it counts.
    pub fn have_zone(&mut self, text: &str) -> Result<bool, Unreadable> {
        self.zoned += 1;
        match self.zoned {
            1 => self.zone = Some(Zone::read(text).ok_or(Unreadable)?),
            2 => {}
            _ => return Err(Unreadable),
        }
        Ok(self.zoned == 1)
    }

    /// Four digits by themselves are a time, and behind a time a year.
    pub fn four_digits(&mut self, token: &mut Token<'_>) -> Step {
        match self.timed {
            0 => {
                self.midnight();
                self.take(&[Part::Hour, Part::Minute], token)?;
            }
            1 => self.year = token.number(4).map(|(year, _)| year),
            _ => return Err(Unreadable),
        }
        self.timed += 1;
        Ok(())
    }

    /// Reads parts of a token.
    pub fn take(&mut self, parts: &[Part], token: &mut Token<'_>) -> Step {
        for part in parts {
            self.take_part(*part, token)?;
        }
        Ok(())
    }

    fn take_part(&mut self, part: Part, token: &mut Token<'_>) -> Step {
        let two = |token: &mut Token<'_>| token.number(2).map(|(number, _)| number);
        match part {
            Part::SlashYear if !token.is_next("/") => {}
            Part::Year | Part::SlashYear => {
                self.year = token.number(4).map(|(year, digits)| whole_year(year, digits));
            }
            Part::SignedYear => self.year = token.signed(),
            Part::Month => self.month = two(token),
            Part::MonthName => {
                token.skip(" \t-./");
                self.month = Some(words::month(token.word()).unwrap_or(0));
            }
            Part::Day => self.day = two(token),
            Part::Suffix => token.skip_suffix(),
            Part::FirstDay => self.day = Some(1),
            Part::DayOfYear => (self.month, self.day) = (Some(1), token.number(3).map(|(day, _)| day)),
            Part::Hour => self.hour = two(token),
            Part::Minute => self.minute = two(token).or(self.minute),
            Part::Second(signs) if token.is_next(signs) => self.second = two(token),
            Part::Fraction(signs) if token.is_next(signs) => self.micros = token.micros(),
            Part::Second(_) | Part::Fraction(_) => {}
            Part::Meridian => self.hour = self.hour.map(|hour| hour + token.meridian(hour)),
            Part::Zone if token.is_done() => {}
            Part::Zone => self.zone = Some(Zone::read(token.rest()).ok_or(Unreadable)?),
        }
        Ok(())
    }
}

/// Years of less than four digits are those around us.
fn whole_year(year: i64, digits: usize) -> i64 {
    match year {
        _ if digits >= 4 => year,
        0..70 => year + 2000,
        70..100 => year + 1900,
        year => year,
    }
}
