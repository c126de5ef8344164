//! Counting: the next number of a numerator. It is taken in the transaction of the document that gets it, so no number is
//! given twice and none is lost.

use engine::call::Call;
use engine::error::Result;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use wire::Fault;

use super::settings::{Period, Settings};

/// A numerator as it counts.
struct Counter {
    id: i64,
    template: String,
    settings: Settings,
    today: Date,
}

/// Takes the next number of a numerator.
///
/// # Errors
/// When there is no such numerator, or there are no more numbers.
pub fn next(call: &mut Call<'_, '_>, numerator: i64) -> Result<String> {
    let counter = Counter::load(call, numerator)?;
    let (start, step) = (counter.settings.start, counter.settings.step);
    if counter.last(call)?.is_some_and(|last| last.checked_add(step).is_none()) {
        return Err(no_number().into());
    }
    let sql = "INSERT INTO documents_counter (numerator_id, period, last) VALUES (?, ?, ?) \
               ON CONFLICT (numerator_id, period) DO UPDATE SET last = documents_counter.last + ? RETURNING last";
    let params = [numerator.into(), counter.period().into(), start.into(), step.into()];
    let number = call.tx.one(sql, &params, |row| row.int(0))?;
    Ok(counter.written(number.unwrap_or(start)))
}

/// The number that would come next.
///
/// # Errors
/// When there is no such numerator.
pub fn preview(call: &mut Call<'_, '_>, numerator: i64) -> Result<String> {
    let counter = Counter::load(call, numerator)?;
    let last = counter.last(call)?;
    Ok(counter
        .written(last.map_or(counter.settings.start, |last| last.saturating_add(counter.settings.step))))
}

/// Begins anew.
///
/// # Errors
/// Those of the store.
pub fn clear(call: &mut Call<'_, '_>, numerator: i64) -> Result<()> {
    call.tx.execute("DELETE FROM documents_counter WHERE numerator_id = ?", &[numerator.into()])?;
    Ok(())
}

fn no_number() -> Fault {
    Fault::numbered(400, 0, "Error getting next number")
}

impl Counter {
    fn load(call: &mut Call<'_, '_>, id: i64) -> Result<Self> {
        let sql = "SELECT template, settings FROM documents_numerator WHERE id = ?";
        let read = |row: &store::Row<'_>| {
            let settings = serde_json::from_str(row.opt_text(1)?.unwrap_or_default()).unwrap_or_default();
            Ok((row.opt_text(0)?.unwrap_or_default().to_owned(), Settings::read(&settings)))
        };
        let (template, settings) = call.tx.one(sql, &[id.into()], read)?.ok_or_else(no_number)?;
        let today = today(call, &settings);
        Ok(Counter { id, template, settings, today })
    }

    fn last(&self, call: &mut Call<'_, '_>) -> Result<Option<i64>> {
        let sql = "SELECT last FROM documents_counter WHERE numerator_id = ? AND period = ?";
        Ok(call.tx.one(sql, &[self.id.into(), self.period().into()], |row| row.int(0))?)
    }

    /// The period in which it counts.
    fn period(&self) -> String {
        let mut day = self.today.to_string();
        let length = match self.settings.period {
            None => 0,
            Some(Period::Year) => day.len().saturating_sub(6),
            Some(Period::Month) => day.len().saturating_sub(3),
            Some(Period::Day) => day.len(),
        };
        day.truncate(length);
        day
    }

    /// A number as the template has it.
    fn written(&self, number: i64) -> String {
        let (settings, day) = (&self.settings, self.today);
        let digits = number.to_string();
        let missing = settings.length.saturating_sub(digits.len());
        let pad: String = settings.pad.chars().cycle().take(missing).collect();
        let words = [
            ("{NUMBER}", format!("{pad}{digits}")),
            ("{DAY}", format!("{:02}", day.day())),
            ("{MONTH}", format!("{:02}", day.month())),
            ("{YEAR}", day.year().to_string()),
            ("{PREFIX}", settings.prefix.clone()),
        ];
        words.into_iter().fold(self.template.clone(), |text, (word, value)| text.replace(word, &value))
    }
}

fn today(call: &Call<'_, '_>, settings: &Settings) -> Date {
    let own = settings.zone.as_deref().and_then(|name| TimeZone::get(name).ok());
    let zone = own.unwrap_or_else(|| call.settings.zone.clone());
    let now = Timestamp::from_second(call.now.seconds()).unwrap_or_default();
    zone.to_datetime(now).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn counter(template: &str, given: &serde_json::Value) -> Counter {
        let given = json!({"Bitrix_Main_Numerator_Generator_SequentNumberGenerator": given});
        let today = jiff::civil::date(2026, 3, 7);
        Counter { id: 1, template: template.to_owned(), settings: Settings::read(&given), today }
    }

    #[test]
    fn numbers_are_padded_and_dated() {
        let plain = counter("INV-{NUMBER}/{DAY}.{MONTH}.{YEAR}", &json!({}));
        assert_eq!(plain.written(12), "INV-12/07.03.2026");
        let padded = counter("{NUMBER}", &json!({"length": 6, "padString": "ab"}));
        assert_eq!(
            (padded.written(12).as_str(), padded.written(12_345_678).as_str()),
            ("abab12", "12345678")
        );
    }

    #[test]
    fn counting_begins_anew_with_each_period() {
        let of = |name: &str| counter("", &json!({"periodicBy": name})).period();
        assert_eq!([of("day"), of("month"), of("year"), of("")], ["2026-03-07", "2026-03", "2026", ""]);
    }
}
