//! Protocol 2.2 and 6.3.

use wire::Value;
use wire::time::{Times, iso};

use super::text;

#[test]
fn moments_are_printed_with_their_offset() {
    for (unix, offset, expected) in [
        (1_760_954_322, 7_200, "2025-10-20T11:58:42+02:00"),
        (1_760_954_322, 0, "2025-10-20T09:58:42+00:00"),
        (1_760_954_322, -12_600, "2025-10-20T06:28:42-03:30"),
        (1_760_954_322, 20_700, "2025-10-20T15:43:42+05:45"),
        (0, 0, "1970-01-01T00:00:00+00:00"),
        (-1, 0, "1969-12-31T23:59:59+00:00"),
        (0, -3_600, "1969-12-31T23:00:00-01:00"),
        (951_782_400, 0, "2000-02-29T00:00:00+00:00"),
        (4_107_542_399, 0, "2100-02-28T23:59:59+00:00"),
        (4_107_542_400, 0, "2100-03-01T00:00:00+00:00"),
        (1_735_689_599, 3_600, "2025-01-01T00:59:59+01:00"),
        (-62_167_219_200, 0, "0000-01-01T00:00:00+00:00"),
        (253_402_300_799, 0, "9999-12-31T23:59:59+00:00"),
    ] {
        assert_eq!(iso(unix, offset), expected);
    }
}

#[test]
fn impossible_moments_stop_at_the_edge() {
    assert_eq!(iso(i64::MAX, 0), "9999-12-31T23:59:59+00:00");
    assert_eq!(iso(i64::MIN, 0), "0000-01-01T00:00:00+00:00");
    assert_eq!(iso(i64::MAX, i32::MAX), "9999-12-31T23:59:59+23:59");
    assert_eq!(iso(i64::MIN, i32::MIN), "0000-01-01T00:00:00-23:59");
}

#[test]
fn every_day_of_eight_centuries_follows_the_one_before() {
    let is_leap = |year: i32| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let mut day = -135_140; // 1600-01-01
    for year in 1600..2400 {
        let february = if is_leap(year) { 29 } else { 28 };
        let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (month, length) in (1..).zip(lengths) {
            for date in 1..=length {
                let expected = format!("{year:04}-{month:02}-{date:02}T12:34:56+00:00");
                assert_eq!(iso(day * 86_400 + 45_296, 0), expected);
                day += 1;
            }
        }
    }
}

#[test]
fn the_block_has_all_eight_keys_in_order() {
    let times = Times {
        start_us: 1_760_954_322_104_311,
        finish_us: 1_760_954_322_231_907,
        processing_us: 98_100,
        offset_seconds: 7_200,
        operating: None,
        operating_reset_at: 1_760_954_922,
    };
    assert_eq!(
        text(wire::json::encode(&times.to_value())),
        "{\"start\":1760954322.104311,\"finish\":1760954322.231907,\"duration\":0.127596,\"processing\":0.0981,\
         \"date_start\":\"2025-10-20T11:58:42+02:00\",\"date_finish\":\"2025-10-20T11:58:42+02:00\",\
         \"operating_reset_at\":1760954922,\"operating\":0}"
    );
    let operating = Times { operating: Some(1.25), ..times }.to_value();
    assert_eq!(operating.get("operating"), Some(&Value::Float(1.25)));
}
