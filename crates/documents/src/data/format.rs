//! How values are written: dates and names the way of a region, or as their placeholder says.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::Value as Json;

use crate::docx::Picture;
use crate::region::Writing;

/// A value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Datum {
    /// Nothing
    #[default]
    Empty,
    /// Text, as it is
    Text(String),
    /// A day, `2026-03-18`
    Day(String),
    /// A moment, Unix seconds
    Moment(i64),
    /// A person
    Name(Person),
    /// A picture or a stamp, with what is drawn
    Picture(&'static str, Option<Picture>),
}

/// A person's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Salutation.
    pub title: String,
    /// First name.
    pub name: String,
    /// Patronymic.
    pub second_name: String,
    /// Last name.
    pub last_name: String,
}

impl Person {
    /// The name that a request gives in parts.
    pub fn read(parts: &Json) -> Self {
        let part = |name: &str| parts.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        Person {
            title: part("TITLE"),
            name: part("NAME"),
            second_name: part("SECOND_NAME"),
            last_name: part("LAST_NAME"),
        }
    }

    /// The name as `#LAST_NAME# #NAME_SHORT#` says.
    fn written(&self, format: &str) -> String {
        let short = |part: &str| part.chars().next().map_or_else(String::new, |first| format!("{first}."));
        let parts = [
            ("#NAME_SHORT#", short(&self.name)),
            ("#SECOND_NAME_SHORT#", short(&self.second_name)),
            ("#LAST_NAME_SHORT#", short(&self.last_name)),
            ("#TITLE#", self.title.clone()),
            ("#SECOND_NAME#", self.second_name.clone()),
            ("#LAST_NAME#", self.last_name.clone()),
            ("#NAME#", self.name.clone()),
        ];
        let text = parts.into_iter().fold(format.to_owned(), |text, (word, part)| text.replace(word, &part));
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

impl Datum {
    /// Text, or nothing.
    pub fn of(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Datum::Empty } else { Datum::Text(text) }
    }

    /// Its type, where it has one.
    pub fn kind(&self) -> Option<&'static str> {
        match self {
            Datum::Empty | Datum::Text(_) => None,
            Datum::Day(_) | Datum::Moment(_) => Some("DATE"),
            Datum::Name(_) => Some("NAME"),
            Datum::Picture(kind, _) => Some(kind),
        }
    }

    /// The value in writing.
    pub fn text(&self, format: Option<&str>, writing: &Writing) -> String {
        match self {
            Datum::Empty | Datum::Picture(..) => String::new(),
            Datum::Text(text) => text.clone(),
            Datum::Day(day) => match day.parse::<jiff::civil::Date>() {
                Ok(day) => date(format.unwrap_or(&writing.date), day.at(0, 0, 0, 0), writing),
                Err(_) => day.clone(),
            },
            Datum::Moment(seconds) => {
                let at = Timestamp::from_second(*seconds).unwrap_or_default();
                date(format.unwrap_or(&writing.date), writing.zone.to_datetime(at), writing)
            }
            Datum::Name(person) => {
                let format = format.map_or(writing.name.as_str(), |format| {
                    format.split(',').find_map(|part| part.trim().strip_prefix("Format=")).unwrap_or(format)
                });
                let format = if format.contains('#') { format } else { &writing.name };
                person.written(format)
            }
        }
    }
}

/// A moment as a format of PHP says.
fn date(format: &str, at: DateTime, writing: &Writing) -> String {
    let (hour, half) = (at.hour(), if at.hour() < 12 { "am" } else { "pm" });
    let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
    let called = |in_date| month(&writing.language, usize::try_from(at.month() - 1).unwrap_or(0), in_date);
    let mut text = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        let part = match letter {
            'd' => format!("{:02}", at.day()),
            'j' => at.day().to_string(),
            'm' => format!("{:02}", at.month()),
            'n' => at.month().to_string(),
            'F' => called(true).to_owned(),
            'f' => called(false).to_owned(),
            'M' => called(true).chars().take(3).collect(),
            'y' => format!("{:02}", at.year().rem_euclid(100)),
            'Y' => at.year().to_string(),
            'H' => format!("{hour:02}"),
            'G' => hour.to_string(),
            'h' => format!("{twelve:02}"),
            'g' => twelve.to_string(),
            'i' => format!("{:02}", at.minute()),
            's' => format!("{:02}", at.second()),
            'a' => half.to_owned(),
            'A' => half.to_ascii_uppercase(),
            '\\' => letters.next().map(String::from).unwrap_or_default(),
            other => other.to_string(),
        };
        text.push_str(&part);
    }
    text
}

/// The months in a language, and where they are called otherwise within a date, as they are called there.
const MONTHS: [(&str, &str, Option<&str>); 6] = [
    ("en", "January February March April May June July August September October November December", None),
    (
        "ru",
        "Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь",
        Some("января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
    ),
    ("de", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember", None),
    ("fr", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre", None),
    ("la", "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre", None),
    ("br", "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro", None),
];

/// The name of a month, 0 to 11, in a language, English where there are no others; `in_date` as it is called within a date.
fn month(language: &str, number: usize, in_date: bool) -> &'static str {
    let (_, names, dated) = MONTHS.iter().find(|(code, ..)| *code == language).unwrap_or(&MONTHS[0]);
    let names = dated.filter(|_| in_date).unwrap_or(names);
    names.split(' ').nth(number).unwrap_or_default()
}

/// A format of the real system, `DD.MM.YYYY HH:MI:SS`, as one of PHP.
pub fn php_format(format: &str) -> String {
    [
        ("YYYY", "Y"),
        ("MMMM", "F"),
        ("MM", "m"),
        ("MI", "i"),
        ("DD", "d"),
        ("HH", "H"),
        ("SS", "s"),
        ("TT", "A"),
    ]
    .into_iter()
    .fold(format.to_owned(), |text, (word, letter)| text.replace(word, letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    fn writing(language: &str) -> Writing {
        Writing {
            language: language.to_owned(),
            date: php_format("DD.MM.YYYY"),
            name: "#LAST_NAME# #NAME#".to_owned(),
            phrases: Json::Null,
            zone: TimeZone::UTC,
        }
    }

    #[test]
    fn dates_are_written_as_the_region_or_the_placeholder_says() {
        let moment = Datum::Moment(1_772_886_858);
        assert_eq!(moment.text(None, &writing("de")), "07.03.2026");
        assert_eq!(moment.text(Some("j F Y, H:i:s"), &writing("ru")), "7 марта 2026, 12:34:18");
        assert_eq!(moment.text(Some("f y \\d g a"), &writing("en")), "March 26 d 12 pm");
        assert_eq!(Datum::Day("2026-03-07".to_owned()).text(Some("n/j/Y"), &writing("en")), "3/7/2026");
    }

    #[test]
    fn names_are_written_as_the_region_or_the_placeholder_says() {
        let parts = serde_json::json!({"NAME": "Igor", "LAST_NAME": "Ivanov", "SECOND_NAME": "Petrovich"});
        let name = Datum::Name(Person::read(&parts));
        assert_eq!(name.text(None, &writing("en")), "Ivanov Igor");
        assert_eq!(
            name.text(Some("#NAME_SHORT# #SECOND_NAME_SHORT# #LAST_NAME#"), &writing("en")),
            "I. P. Ivanov"
        );
        assert_eq!(name.text(Some("Format=#TITLE# #NAME#,Case=1"), &writing("en")), "Igor");
    }
}
