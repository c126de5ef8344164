//! Dates as people and programs write them, as PHP reads them (protocol 6.3).

use jiff::tz::TimeZone;
use wire::date::{Clock, parse};
use wire::time::iso;

/// 2026-06-01T12:00:00Z, a Monday.
const NOW: i64 = 1_780_315_200;

fn read(text: &str) -> Option<String> {
    let zone = TimeZone::get("Europe/Berlin").expect("Berlin has a zone");
    let second = parse(text, Clock { zone: &zone, now: NOW })?;
    let at = jiff::Timestamp::from_second(second).expect("within the calendar");
    Some(iso(second, zone.to_offset(at).seconds()).to_string())
}

#[test]
fn formats_are_read_in_the_zone_of_the_caller() {
    for (text, expected) in [
        ("2020-11-28T10:00:00+03:00", "2020-11-28T08:00:00+01:00"),
        ("2020-11-28T10:00:00Z", "2020-11-28T11:00:00+01:00"),
        ("2020-11-28T10:00:00.123456+01:00", "2020-11-28T10:00:00+01:00"),
        ("28.11.2020, 10:00:00", "2020-11-28T10:00:00+01:00"),
        ("28.11.2020 10:00:00", "2020-11-28T10:00:00+01:00"),
        ("28-11-2020", "2020-11-28T00:00:00+01:00"),
        ("2020/11/28 10:00", "2020-11-28T10:00:00+01:00"),
        ("11/28/2020, 03:00:00 PM", "2020-11-28T15:00:00+01:00"),
        ("11/28/2020 3:00 pm", "2020-11-28T15:00:00+01:00"),
        ("28.11.20", "2020-11-28T00:00:00+01:00"),
        ("20-11-28", "2020-11-28T00:00:00+01:00"),
        ("10 September 2026", "2026-09-10T00:00:00+02:00"),
        ("Sat, 28 Nov 2020 10:00:00 +0000", "2020-11-28T11:00:00+01:00"),
        ("20201128T100000", "2020-11-28T10:00:00+01:00"),
        ("2020-W48-6", "2020-11-28T00:00:00+01:00"),
        ("2020.333", "2020-11-28T00:00:00+01:00"),
        ("@1606554000", "2020-11-28T10:00:00+01:00"),
        ("2020-11-28 10:00 EST", "2020-11-28T16:00:00+01:00"),
        ("2020-11-28 10:00 Asia/Tokyo", "2020-11-28T02:00:00+01:00"),
        ("2020-02-31", "2020-03-02T00:00:00+01:00"),
    ] {
        assert_eq!(read(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn relative_formats_count_from_now() {
    for (text, expected) in [
        ("now", "2026-06-01T14:00:00+02:00"),
        ("today", "2026-06-01T00:00:00+02:00"),
        ("yesterday noon", "2026-05-31T12:00:00+02:00"),
        ("tomorrow 10:30", "2026-06-02T10:30:00+02:00"),
        ("+1 week", "2026-06-08T14:00:00+02:00"),
        ("-2 days", "2026-05-30T14:00:00+02:00"),
        ("1 month ago", "2026-05-01T14:00:00+02:00"),
        ("first day of next month", "2026-07-01T14:00:00+02:00"),
        ("last day of february 2028", "2028-02-29T00:00:00+01:00"),
        ("monday next week", "2026-06-08T00:00:00+02:00"),
        ("next friday", "2026-06-05T00:00:00+02:00"),
        ("last monday of january 2026", "2026-01-26T00:00:00+01:00"),
        ("+3 weekdays", "2026-06-04T14:00:00+02:00"),
        ("2026-03-28 02:30 +1 day", "2026-03-29T03:30:00+02:00"),
    ] {
        assert_eq!(read(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn what_is_no_date_is_refused() {
    for text in [
        "",
        "soon",
        "2026-13-01",
        "13/13/2026",
        "25:00",
        "2026-06-01 10:00 2026-06-02",
        "10:00 11:00",
        "2026-06-01 Nowhere/City",
        "2026-06-01;",
        "+1 week é",
        "@-99999999999999999999 -1 sec ago",
        "+9999999999999 years",
        "-99999-01-01",
        "+99999-01-01",
    ] {
        assert_eq!(read(text), None, "{text:?}");
    }
    assert_eq!(read(&"+1 day ".repeat(100)), None, "too long to be one");
}
