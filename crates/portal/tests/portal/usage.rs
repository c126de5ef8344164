//! What is counted for the statistics (protocol 11.8), and how it is read.

use portal::Moment;
use portal::usage::{self, Counted, Kind, Named, Search, Series, Sums, Swept, hour};
use serde_json::json;
use testportal::{Bench, NOW, portals};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

fn at(seconds: i64) -> Moment {
    Moment((NOW + seconds) * 1_000_000)
}

/// What is asked by most of these tests: everything of the last days.
fn asked() -> Search {
    Search { owner: None, integration_id: None, hours: hour(at(-10 * DAY))..hour(at(0)) + 1 }
}

/// Writes counts: integration, seconds from now, kind, name, count.
fn count(portal: &Bench, counts: &[(i64, i64, Kind, &'static str, i64)]) {
    let counted =
        |(integration_id, seconds, kind, name, count): &(i64, i64, Kind, &'static str, i64)| Counted {
            integration_id: *integration_id,
            hour: hour(at(*seconds)),
            kind: *kind,
            name,
            count: *count,
        };
    let counts: Vec<Counted> = counts.iter().map(counted).collect();
    portal.write(move |tx| usage::flush(tx, &counts));
}

fn flush(portal: &Bench) {
    portal.portal.flush_usage().for_each(|step| step.wait().expect("the store takes it"));
}

fn series(portal: &Bench, asked: Search, by: Kind, most: usize) -> Vec<Series> {
    portal.read(move |tx| usage::series(tx, &asked, by, most))
}

fn names(portal: &Bench, asked: Search) -> Vec<(String, bool, i64, i64)> {
    let named = portal.read(move |tx| usage::names(tx, &asked));
    named.into_iter().map(|Named { name, delivery, count, failed }| (name, delivery, count, failed)).collect()
}

/// All hours of a series together.
fn sum(series: &Series) -> (Option<i64>, Sums) {
    let mut sums = Sums::default();
    series.hours.values().for_each(|hour| sums.add(*hour));
    (series.integration_id, sums)
}

#[test]
fn calls_count_once_they_are_let_in() {
    for portal in portals("crm") {
        portal.get("crm.lead.list", json!({}));
        portal.get("crm.lead.list", json!({}));
        portal.refused("crm.lead.get", json!({"id": 77}));
        portal.get("batch", json!({"cmd": {"a": "crm.lead.list", "b": "crm.lead.list"}}));
        portal.refused("no.such.method", json!({}));
        portal.refused("user.get", json!({}));
        flush(&portal);
        let counted = [("crm.lead.list", 2, 0), ("batch", 1, 0), ("crm.lead.get", 1, 1)];
        let counted = counted.map(|(name, count, failed)| (name.to_owned(), false, count, failed));
        assert_eq!(names(&portal, asked()), counted);
        let found = series(&portal, asked(), Kind::Call, 5);
        let sums = Sums { calls: 4, errors: 1, ..Sums::default() };
        let [only] = &found[..] else { panic!("{found:?}") };
        assert_eq!((sum(only).1, only.title.as_deref()), (sums, Some("test")));
        let id = only.integration_id.unwrap();
        let last = portal.read(move |tx| usage::last_day(tx, &[id, 99], at(0)));
        assert_eq!(last.into_iter().collect::<Vec<_>>(), [(id, sums)]);
        assert!(portal.portal.flush_usage().next().is_none(), "nothing is written twice");
    }
}

#[test]
fn the_busiest_stand_alone_and_the_others_together() {
    for portal in portals("crm") {
        count(
            &portal,
            &[
                (1, -DAY, Kind::Call, "a", 5),
                (2, -DAY, Kind::Call, "a", 7),
                (2, -DAY, Kind::CallFailed, "a", 3),
                (3, -2 * DAY, Kind::Call, "b", 1),
                (3, -2 * DAY, Kind::Delivered, "E", 4),
                (4, -2 * DAY, Kind::GivenUp, "E", 9),
            ],
        );
        count(&portal, &[(1, -DAY, Kind::Call, "a", 1), (3, -9 * DAY, Kind::Call, "b", 1)]);
        let told = |by, most| series(&portal, asked(), by, most).iter().map(sum).collect::<Vec<_>>();
        let calls = |calls, errors| Sums { calls, errors, ..Sums::default() };
        assert_eq!(
            told(Kind::Call, 2),
            [
                (Some(2), calls(7, 3)),
                (Some(1), calls(6, 0)),
                (None, Sums { calls: 2, errors: 0, delivered: 4, failed: 9 }),
            ]
        );
        let by_deliveries = told(Kind::Delivered, 1);
        assert_eq!(by_deliveries[0], (Some(4), Sums { failed: 9, ..Sums::default() }));
        assert_eq!(by_deliveries[1], (None, Sums { calls: 15, errors: 3, delivered: 4, failed: 0 }));
        let one = Search { integration_id: Some(3), ..asked() };
        let sums = Sums { calls: 2, delivered: 4, ..Sums::default() };
        assert_eq!(
            series(&portal, one.clone(), Kind::Call, 5).iter().map(sum).collect::<Vec<_>>(),
            [(Some(3), sums)]
        );
        assert_eq!(names(&portal, one), [("E".into(), true, 4, 0), ("b".into(), false, 2, 0)]);
        let names = names(&portal, asked());
        assert_eq!(names, [("E".into(), true, 13, 9), ("a".into(), false, 13, 3), ("b".into(), false, 2, 0)]);
    }
}

#[test]
fn hours_outside_of_those_asked_for_do_not_count() {
    for portal in portals("crm") {
        for hours in [-30, -24, -23, -1, 0] {
            count(&portal, &[(1, hours * HOUR, Kind::Call, "a", 1)]);
        }
        let within = |from: i64, to: i64| {
            let hours = hour(at(from * HOUR))..hour(at(to * HOUR));
            let asked = Search { hours, ..asked() };
            let found = series(&portal, asked.clone(), Kind::Call, 1);
            let calls: i64 = found.iter().map(|series| sum(series).1.calls).sum();
            assert_eq!(calls, names(&portal, asked).iter().map(|(_, _, count, _)| count).sum::<i64>());
            calls
        };
        assert_eq!(
            [within(-30, 1), within(-29, 1), within(-24, 0), within(-23, -1), within(1, 9)],
            [5, 4, 3, 1, 0]
        );
        let last = portal.read(|tx| usage::last_day(tx, &[1], at(0)));
        assert_eq!(last[&1].calls, 3, "this hour and the 23 before it");
    }
}

/// What others' integrations do is nothing to an employee, by whatever question.
#[test]
fn employees_see_the_counts_of_their_own() {
    for portal in portals("crm") {
        let ada = portal.employee("ada@example.com", "crm");
        portal.get("crm.lead.list", json!({}));
        ada.get("crm.lead.fields", json!({}));
        flush(&portal);
        let owner = Some(ada.user);
        let own = series(&portal, Search { owner, ..asked() }, Kind::Call, 9);
        assert_eq!(own.iter().map(|series| sum(series).1.calls).collect::<Vec<_>>(), [1]);
        let folded = series(&portal, Search { owner, ..asked() }, Kind::Call, 0);
        assert_eq!(sum(&folded[0]), (None, Sums { calls: 1, ..Sums::default() }));
        assert_eq!(
            names(&portal, Search { owner, ..asked() }),
            [("crm.lead.fields".to_owned(), false, 1, 0)]
        );
        let all = series(&portal, asked(), Kind::Call, 9);
        let foreign = all
            .iter()
            .filter_map(|series| series.integration_id)
            .find(|id| Some(*id) != own[0].integration_id);
        let foreign = Search { owner, integration_id: foreign, ..asked() };
        assert_eq!(series(&portal, foreign.clone(), Kind::Call, 9), []);
        assert_eq!(names(&portal, foreign), []);
    }
}

/// A deleted integration keeps its counts, without a name.
#[test]
fn counts_outlive_their_integration_and_are_swept_in_the_end() {
    for portal in portals("crm") {
        let ada = portal.employee("ada@example.com", "crm");
        ada.get("crm.lead.list", json!({}));
        flush(&portal);
        let id = series(&portal, asked(), Kind::Call, 1)[0].integration_id.unwrap();
        let (core, owner) = (portal.portal.core().clone(), ada.user);
        portal.write(move |tx| portal::integration::delete(tx, testportal::context(&core, owner, at(0)), id));
        let found = series(&portal, asked(), Kind::Call, 1);
        assert_eq!((found[0].integration_id, &found[0].title), (Some(id), &None));
        count(
            &portal,
            &[
                (7, -59 * DAY, Kind::Call, "a", 1),
                (7, -61 * DAY, Kind::Call, "a", 1),
                (8, -62 * DAY, Kind::Delivered, "E", 1),
            ],
        );
        let sweep = |after| portal.write(move |tx| usage::sweep(tx, at(0), after, 2));
        let (mut swept, mut steps) = (Swept::UpTo(-1), 0);
        while let Swept::UpTo(after) = swept {
            swept = sweep(after);
            steps += 1;
        }
        assert_eq!(steps, 3, "all together, the deleted one, 7 and 8: two at a time, and then none");
        let ever = Search { hours: 0..hour(at(0)) + 1, ..asked() };
        let kept: i64 = names(&portal, ever).iter().map(|(_, _, count, _)| count).sum();
        assert_eq!(kept, 2);
    }
}
