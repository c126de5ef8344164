//! The rules by which a text is cut into tokens: at each place the longest token counts, and of equally long ones the rule
//! that stands first. They are those of PHP's date formats, under their names where these have one.

use std::sync::LazyLock;

use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson;
use regex_automata::util::pool::Pool;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind};

use super::parsed::Part::{
    Day, DayOfYear, FirstDay, Fraction, Hour, Meridian, Minute, Month, MonthName, Second, SignedYear,
    SlashYear, Suffix, Year, Zone,
};
use super::parsed::{Parsed, Part, Step, Unreadable};
use super::relative::End;
use super::token::Token;

/// The meaning of a token.
enum Says {
    /// A date
    Date(&'static [Part]),
    /// A time
    Time(&'static [Part]),
    /// Both
    Moment(&'static [Part]),
    /// Something else
    Other(fn(&mut Parsed, &mut Token<'_>) -> Step),
}

use Says::{Date, Moment, Other, Time};

/// Parts of rules by their names. Later ones may use earlier ones.
const PARTS: [(&str, &str); 46] = [
    ("space", r"[ \t]+"),
    ("gap", r"[ .\t-]*"),
    ("hour24", r"(?:2[0-4]|[01]?[0-9])"),
    ("hour24lz", r"(?:2[0-4]|[01][0-9])"),
    ("hour12", r"(?:1[0-2]|0?[1-9])"),
    ("minute", r"[0-5]?[0-9]"),
    ("minutelz", r"[0-5][0-9]"),
    ("second", r"(?:<minute>|60)"),
    ("secondlz", r"(?:<minutelz>|60)"),
    ("fraction", r"\.[0-9]+"),
    ("meridian", r"[AaPp]\.?[Mm]\.?[\x00\t ]"),
    ("name", r"(?:\(?[A-Za-z]{1,6}\)?|[A-Z][a-z]+(?:[_/-][A-Za-z]+)+)"),
    (
        "offset",
        r"(?:GMT)?[+-](?:<hour24>(?::?<minute>)?|<hour24lz><minutelz><secondlz>|<hour24lz>:<minutelz>:<secondlz>)",
    ),
    ("zone", r"(?:<offset>|<name>)"),
    ("month", r"(?:1[0-2]|0?[0-9])"),
    ("monthlz", r"(?:0[0-9]|1[0-2])"),
    ("day", r"(?:3[01]|[0-2]?[0-9])(?:st|nd|rd|th)?"),
    ("daylz", r"(?:0[0-9]|[1-2][0-9]|3[01])"),
    ("year", r"[0-9]{1,4}"),
    ("year2", r"[0-9]{2}"),
    ("year4", r"[0-9]{4}"),
    ("dayofyear", r"(?:00[1-9]|0[1-9][0-9]|[12][0-9][0-9]|3[0-5][0-9]|36[0-6])"),
    ("week", r"(?:0[1-9]|[1-4][0-9]|5[0-3])"),
    ("monthabbr", r"(?i:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)"),
    (
        "monthfull",
        r"(?i:january|february|march|april|may|june|july|august|september|october|november|december)",
    ),
    ("roman", r"(?:I{1,3}|I?V|VI{1,3}|I?X|XI{1,2})"),
    ("monthname", r"(?:<monthfull>|<monthabbr>|<roman>)"),
    ("dayname", r"(?i:(?:sun|mon|tues|wednes|thurs|fri|satur)days?|sun|mon|tue|wed|thu|fri|sat)"),
    ("weekday", r"(?:<dayname>|(?i:weekdays?))"),
    ("position", r"(?i:first|second|third|fourth|fifth|sixth|seventh|eighth?|ninth|tenth|eleventh|twelfth)"),
    ("which", r"(?i:next|last|previous|this)"),
    (
        "unit",
        r"(?:(?i:ms|\xC2\xB5s|(?:msec|millisecond|\xC2\xB5sec|microsecond|usec|sec|second|min|minute|hour|day|forth?night|month|year)s?|weeks)|<weekday>)",
    ),
    ("amount", r"[+-]*[ \t]*[0-9]{1,13}"),
    ("timeshort12", r"<hour12>[:.]<minutelz>(?:<space>)?<meridian>"),
    ("timelong12", r"<hour12>[:.]<minute>[:.]<secondlz>(?:<space>)?<meridian>"),
    ("timeshort24", r"[Tt]?<hour24>[:.]<minute>"),
    ("timelong24", r"<timeshort24>[:.]<second>"),
    ("timezoned", r"<timeshort24>[:.]<secondlz>(?:<space>)?<zone>"),
    ("noyear", r"<monthname><gap><day>(?:[,.stndrh\t ]+|\x00)"),
    ("dash4", r"<year4>-<monthlz>-<daylz>"),
    ("run8", r"<year4><monthlz><daylz>"),
    ("timelz", r"<hour24lz>:<minutelz>:<secondlz>"),
    ("monthgap", r"<monthname><gap>"),
    ("daygap", r"<day><gap>"),
    ("backed", r"(?i:ack of )<hour24>(?:(?:<space>)?<meridian>)?"),
    ("fronted", r"(?i:ront of )<hour24>(?:(?:<space>)?<meridian>)?"),
];

/// All rules, those that win a tie first.
const RULES: &[(&str, Says)] = &[
    (r"(?i:yesterday)", Other(|parsed, _| days_from_now(parsed, -1))),
    (r"(?i:now)", Other(|_, _| Ok(()))),
    (r"(?i:noon)", Other(|parsed, _| noon(parsed))),
    (r"(?i:midnight|today)", Other(|parsed, _| days_from_now(parsed, 0))),
    (r"(?i:tomorrow)", Other(|parsed, _| days_from_now(parsed, 1))),
    (r"@-?[0-9]+(?:\.[0-9]{0,6})?", Other(timestamp)),
    (r"(?i:first day of)", Other(|parsed, _| end_of_month(parsed, End::First))),
    (r"(?i:last day of)", Other(|parsed, _| end_of_month(parsed, End::Last))),
    // Only a small b means a quarter past, as in PHP.
    (r"b<backed>", Other(|parsed, token| quarter(parsed, token, 0, 15))),
    (r"(?:B<backed>|[Ff]<fronted>)", Other(|parsed, token| quarter(parsed, token, -1, 45))),
    (r"(?:<position>|<which>)<space><dayname><space>(?i:of)", Other(Parsed::day_of_month)),
    (
        r"(?:<hour12>(?:<space>)?<meridian>|<timeshort12>|<timelong12>)",
        Time(&[Hour, Minute, Second(":."), Meridian]),
    ),
    (
        r"<hour12>:<minutelz>:<secondlz>[:.][0-9]+<meridian>",
        Time(&[Hour, Minute, Second(":."), Fraction(":."), Meridian]),
    ),
    (
        r"(?:[Tt]<hour24>|<timeshort24>|<timelong24>|<timelong24><fraction>)",
        Time(&[Hour, Minute, Second(":."), Fraction("."), Zone]),
    ),
    (r"[Tt]?<hour24lz><minutelz>", Other(Parsed::four_digits)),
    (r"[Tt]?<hour24lz><minutelz><secondlz>", Time(&[Hour, Minute, Second("0123456789")])),
    (r"<month>/<day>(?:/<year>)?", Date(&[Month, Day, SlashYear])),
    (r"(?:[+-]?<dash4>|<year4>/<monthlz>/<daylz>/?|<year4>/<month>/<day>)", Date(&[SignedYear, Month, Day])),
    (r"<year2>-<monthlz>-<daylz>", Date(&[Year, Month, Day])),
    (r"[+-][0-9]{5,19}-<monthlz>-<daylz>", Date(&[SignedYear, Month, Day])),
    (r"<year4>-<month>", Date(&[Year, Month, FirstDay])),
    (r"<year>-<month>-<day>", Date(&[Year, Month, Day])),
    (r"<daygap><monthgap><year>", Date(&[Day, Suffix, MonthName, Year])),
    (r"<day>[.\t-]<month>[.-]<year4>", Date(&[Day, Month, Year])),
    (r"<day>[.\t]<month>\.<year2>", Date(&[Day, Month, Year])),
    (r"<monthgap><year4>", Date(&[MonthName, Year, FirstDay])),
    (r"<year4><gap><monthname>", Date(&[Year, MonthName, FirstDay])),
    (r"(?:<monthgap><day>[,.stndrh\t ]+<year>|<noyear>)", Date(&[MonthName, Day, Year])),
    (r"<daygap><monthname>", Date(&[Day, Suffix, MonthName])),
    (r"<run8>", Date(&[Year, Month, Day])),
    (
        r"(?:<run8>T<hour24>:<minutelz>:<secondlz>|<run8>[Tt]<hour24><minutelz><secondlz>|<dash4>T<timelz><fraction>(?:<offset>)?|<year4>-<month>-<day>T<hour24>:<minute>:<second>|<year4>:<monthlz>:<daylz> <timelz>)",
        Moment(&[Year, Month, Day, Hour, Minute, Second(":0123456789"), Fraction("."), Zone]),
    ),
    (r"<year4>[.-]?<dayofyear>", Date(&[Year, DayOfYear])),
    (r"<year4>-?W<week>(?:-?[0-7])?", Other(iso_week)),
    (r"<monthabbr>-<daylz>-<year>", Date(&[MonthName, Day, Year])),
    (r"<year>-<monthabbr>-<daylz>", Date(&[Year, MonthName, Day])),
    (
        r"<day>/<monthabbr>/<year4>:<timelz><space><offset>",
        Moment(&[Day, MonthName, Year, Hour, Minute, Second(":"), Zone]),
    ),
    (r"<year4>", Other(|parsed, token| parsed.take(&[Year], token))),
    (r"(?i:ago)", Other(Parsed::ago)),
    (r"<weekday>", Other(Parsed::day_name)),
    (r"<which><space>(?i:week)", Other(Parsed::week_in_words)),
    (r"(?:<position>|<which>)<space><unit>", Other(Parsed::in_words)),
    (r"(?:<monthfull>|<monthabbr>)", Date(&[MonthName])),
    (r"<zone>", Other(|parsed, token| parsed.have_zone(token.rest()).map(drop))),
    (
        r"(?:<noyear><timeshort12>|<noyear><timelong12>)",
        Moment(&[MonthName, Day, Hour, Minute, Second(":."), Meridian]),
    ),
    (
        r"(?:<noyear><timeshort24>|<noyear><timelong24>|<noyear><timezoned>)",
        Moment(&[MonthName, Day, Hour, Minute, Second(":"), Zone]),
    ),
    (r"<amount>(?:<space>)?(?:<unit>|(?i:week))", Other(Parsed::amount)),
    (r"[ .,\t\n\x00]", Other(|_, _| Ok(()))),
];

/// All rules as one automaton, which finds the longest token of any.
struct Automaton {
    dfa: DFA,
    caches: Pool<Cache, Box<dyn Fn() -> Cache + Send + Sync>>,
}

static AUTOMATON: LazyLock<Automaton> = LazyLock::new(|| {
    let patterns: Vec<String> = RULES.iter().map(|(pattern, _)| expanded(pattern)).collect();
    let dfa = DFA::builder()
        .configure(DFA::config().match_kind(MatchKind::All))
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .thompson(thompson::Config::new().utf8(false))
        .build_many(&patterns)
        .expect("the rules are patterns");
    let made = dfa.clone();
    Automaton { dfa, caches: Pool::new(Box::new(move || made.create_cache())) }
});

/// A pattern with the parts that it names.
fn expanded(pattern: &str) -> String {
    // A part names earlier ones only, so from the last to the first all are found.
    let put = |text: String, (name, part): &(&str, &str)| text.replace(&format!("<{name}>"), part);
    PARTS.iter().rev().fold(pattern.to_owned(), put)
}

/// Reads a text; `None` when it cannot be read.
pub fn read(text: &str) -> Option<Parsed> {
    // What may end a token as a blank does.
    let text =
        format!("{}\0", text.trim_matches(|letter: char| letter.is_ascii_whitespace() || letter == '\x0b'));
    let mut parsed = Parsed::default();
    let mut cache = AUTOMATON.caches.get();
    let mut at = 0;
    while at < text.len() {
        let input = Input::new(&text).range(at..).anchored(Anchored::Yes);
        let found = AUTOMATON.dfa.try_search_fwd(&mut cache, &input).ok()??;
        // An empty token, or a part of a letter, is none.
        let token = text.get(at..found.offset()).filter(|token| !token.is_empty())?;
        let mut token = Token::new(token.strip_suffix('\0').unwrap_or(token));
        say(&RULES[found.pattern()].1, &mut parsed, &mut token).ok()?;
        at = found.offset();
    }
    Some(parsed)
}

fn say(says: &Says, parsed: &mut Parsed, token: &mut Token<'_>) -> Step {
    let parts = match says {
        Date(parts) => {
            parsed.have_date()?;
            parts
        }
        Time(parts) => {
            parsed.have_time()?;
            parts
        }
        Moment(parts) => {
            parsed.have_date()?;
            parsed.have_time()?;
            parts
        }
        Other(act) => return act(parsed, token),
    };
    parsed.take(parts, token)
}

fn days_from_now(parsed: &mut Parsed, days: i64) -> Step {
    parsed.midnight();
    if days != 0 {
        parsed.relative.days = days;
    }
    Ok(())
}

fn noon(parsed: &mut Parsed) -> Step {
    parsed.midnight();
    parsed.have_time()?;
    parsed.hour = Some(12);
    Ok(())
}

/// `@1780315200`: seconds since 1970.
fn timestamp(parsed: &mut Parsed, token: &mut Token<'_>) -> Step {
    parsed.midnight();
    parsed.dated = false;
    if !parsed.have_zone("UTC")? {
        (parsed.year, parsed.month, parsed.day) = (Some(0), Some(0), Some(0));
        return Ok(());
    }
    (parsed.year, parsed.month, parsed.day) = (Some(1970), Some(1), Some(1));
    let sign = if token.rest().contains('-') { -1 } else { 1 };
    let seconds = token.signed().ok_or(Unreadable)?;
    parsed.relative.seconds = parsed.relative.seconds.saturating_add(seconds);
    match token.rest() {
        "" => Ok(()),
        "." => Err(Unreadable),
        _ => {
            parsed.relative.micros = sign * token.micros();
            Ok(())
        }
    }
}

fn end_of_month(parsed: &mut Parsed, end: End) -> Step {
    parsed.relative.end = Some(end);
    Ok(())
}

/// `back of 7pm` is a quarter past, `front of 7pm` a quarter to.
fn quarter(parsed: &mut Parsed, token: &mut Token<'_>, hours: i64, minute: i64) -> Step {
    parsed.midnight();
    parsed.have_time()?;
    parsed.take(&[Hour], token)?;
    parsed.hour = parsed.hour.map(|hour| hour + hours);
    parsed.minute = Some(minute);
    if token.is_done() { Ok(()) } else { parsed.take(&[Meridian], token) }
}

/// `2026-W05-3`: a week, and a day of it.
fn iso_week(parsed: &mut Parsed, token: &mut Token<'_>) -> Step {
    parsed.have_date()?;
    parsed.take(&[Year], token)?;
    let week = token.number(2).map_or(1, |(week, _)| week);
    let day = token.number(1).map_or(1, |(day, _)| day);
    (parsed.month, parsed.day) = (Some(1), Some(1));
    let year = parsed.year.and_then(|year| i16::try_from(year).ok()).ok_or(Unreadable)?;
    let first = jiff::civil::Date::new(year, 1, 1).map_err(|_| Unreadable)?.weekday().to_sunday_zero_offset();
    let back = i64::from(if first > 4 { first - 7 } else { first });
    parsed.relative.days = (week - 1) * 7 + day - back;
    Ok(())
}
