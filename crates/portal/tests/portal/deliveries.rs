//! Finding deliveries in a long log, and sending many of them again.

use portal::Moment;
use portal::outbound::log::{self, Answered, Filter, Page, State};
use portal::outbound::policy::Verdict;
use portal::outbound::queue::{self, Attempt, Fresh, Lane, Lease, Settled, Want};
use testportal::{Bench, NOW, input, portals};

fn at(seconds: i64) -> Moment {
    Moment((NOW + seconds) * 1_000_000)
}

/// Puts deliveries of an event into the log, one every second from `first` on: lead 0, lead 1, ..
fn raise(portal: &Bench, outbound_id: i64, event: &'static str, first: i64, count: i64) {
    portal.write(move |tx| {
        for number in 0..count {
            let fresh = Fresh {
                outbound_id,
                event_handler_id: 1,
                ordered: false,
                event,
                object: &format!("lead:{number}"),
                data: "data%5BFIELDS%5D%5BID%5D=1",
                hop: 0,
                is_off: false,
                lease: None,
            };
            queue::put(tx, fresh, at(first + number))?;
        }
        Ok(())
    });
}

/// Tries the oldest that wait, one after the other, with these outcomes.
fn settle(portal: &Bench, outbound_id: i64, outcomes: &[(Option<u16>, Verdict)]) {
    let want = Want { outbound_id, lane: Lane::First, count: outcomes.len() };
    let (core, outcomes) = (portal.portal.core().clone(), outcomes.to_vec());
    portal.write(move |tx| {
        let leased = queue::claim(tx, &[want], Lease { number: 7, until: at(100_000) }, at(50_000))?;
        let settled = leased.iter().zip(&outcomes).map(|(leased, (status, verdict))| Settled {
            id: leased.id,
            outbound_id,
            lease: 7,
            is_first: true,
            is_test: false,
            attempt: Attempt { status: *status, ..Attempt::at(at(0)) },
            verdict: *verdict,
        });
        queue::settle(tx, &core, &settled.collect::<Vec<_>>(), at(50_001)).map(drop)
    });
}

fn search(portal: &Bench, filter: &Filter, limit: usize) -> Page {
    let filter = filter.clone();
    portal.read(move |tx| log::search(tx, &filter, limit))
}

/// Everything that a filter finds, page by page, and how many pages it took.
fn all(portal: &Bench, filter: &Filter, limit: usize) -> (Vec<i64>, usize) {
    let (mut filter, mut found, mut pages) = (filter.clone(), Vec::new(), 0);
    loop {
        let page = search(portal, &filter, limit);
        assert!(page.deliveries.len() <= limit);
        found.extend(page.deliveries.iter().map(|(delivery, _)| delivery.id));
        pages += 1;
        let Some(before) = page.before else { break };
        assert!(filter.before.is_none_or(|last| before < last), "every page goes on");
        filter.before = Some(before);
    }
    assert!(found.is_sorted_by(|a, b| a > b), "newest first, and nothing twice");
    (found, pages)
}

#[test]
fn every_filter_finds_what_it_means() {
    for portal in portals("crm") {
        let (one, other) = (portal.told(input(&["ONCRMLEADADD"])), portal.told(input(&["ONCRMDEALADD"])));
        raise(&portal, one, "ONCRMLEADADD", 0, 6);
        raise(&portal, other, "ONCRMDEALADD", 100, 2);
        let retry = Verdict::Retry { at: at(90_000) };
        settle(
            &portal,
            one,
            &[
                (Some(200), Verdict::Delivered),
                (Some(404), retry),
                (Some(503), Verdict::Dead),
                (None, Verdict::Dead),
            ],
        );
        let any = Filter::default;
        let count = |filter: Filter| {
            let found = all(&portal, &filter, 100).0;
            assert_eq!(all(&portal, &filter, 1).0, found, "page by page it is the same");
            found.len()
        };
        let answered = |answered| Filter { answered: Some(answered), ..any() };
        assert_eq!(count(any()), 8);
        assert_eq!([2, 3, 4, 5].map(|hundred| count(answered(Answered::Hundred(hundred)))), [1, 0, 1, 1]);
        assert_eq!(
            count(answered(Answered::Nothing)),
            1,
            "what was not tried yet has no answer to be without"
        );
        assert_eq!(count(Filter { state: Some(State::Waiting), ..answered(Answered::Hundred(4)) }), 1);
        assert_eq!(count(Filter { state: Some(State::Delivered), ..answered(Answered::Nothing) }), 0);
        let states = [State::Waiting, State::Sending, State::Delivered, State::Failed];
        assert_eq!(states.map(|state| count(Filter { state: Some(state), ..any() })), [5, 0, 1, 2]);
        assert_eq!(count(Filter { object: Some("lead:1".into()), ..any() }), 2);
        assert_eq!(count(Filter { event: Some("ONCRMDEALADD".into()), ..any() }), 2);
        assert_eq!(count(Filter { since: Some(at(2)), until: Some(at(101)), ..any() }), 5);
        assert_eq!(count(Filter { since: Some(at(102)), ..any() }), 0);
        let integration = |id| {
            search(&portal, &Filter { outbound_id: Some(id), ..any() }, 1).deliveries[0].0.addressee.clone()
        };
        let found = integration(other).unwrap();
        assert_eq!(
            (found.title.as_str(), found.handler_host().as_deref()),
            ("test", Some("handler.example"))
        );
        assert_eq!(count(Filter { integration_id: Some(found.integration_id), ..any() }), 2);
        assert_eq!(
            count(Filter { integration_id: Some(found.integration_id), outbound_id: Some(one), ..any() }),
            0
        );
        assert_eq!(portal.read(|tx| log::count_open(tx, None)), 5);
    }
}

/// Also of somebody else's integration, by its number.
#[test]
fn employees_find_their_own() {
    for portal in portals("crm") {
        let ada = portal.employee("ada@example.com", "crm");
        let hers = portal.try_told(ada.user, input(&["ONCRMLEADADD"])).unwrap();
        let his = portal.told(input(&["ONCRMLEADADD"]));
        for id in [hers, his] {
            raise(&portal, id, "ONCRMLEADADD", 0, 3);
        }
        let own = Filter { owner: Some(ada.user), ..Filter::default() };
        let found = search(&portal, &own, 9).deliveries;
        assert!(found.len() == 3 && found.iter().all(|(delivery, _)| delivery.outbound_id == hers));
        let theirs = search(&portal, &Filter { outbound_id: Some(his), ..Filter::default() }, 1)
            .deliveries
            .remove(0)
            .0;
        let foreign = theirs.addressee.unwrap().integration_id;
        for filter in [
            Filter { outbound_id: Some(his), ..own.clone() },
            Filter { integration_id: Some(foreign), ..own.clone() },
            Filter { state: Some(State::Waiting), outbound_id: Some(his), ..own.clone() },
            Filter { owner: Some(99), ..Filter::default() },
        ] {
            assert_eq!(all(&portal, &filter, 5).0, Vec::<i64>::new(), "{filter:?}");
        }
        assert_eq!(portal.read(move |tx| log::count_open(tx, Some(ada.user))), 3);
    }
}

/// What is rare is looked for a bounded way back; the next page goes on from there, until all is found.
#[test]
fn a_search_for_what_is_rare_is_bounded_and_goes_on() {
    for portal in portals("crm") {
        let (one, other) = (portal.told(input(&["ONCRMLEADADD"])), portal.told(input(&["ONCRMLEADADD"])));
        raise(&portal, one, "ONCRMCONTACTADD", 0, 3);
        raise(&portal, one, "ONCRMLEADADD", 10, 6_000);
        raise(&portal, other, "ONCRMLEADADD", 20_000, 10);
        let rare = Filter { event: Some("ONCRMCONTACTADD".into()), ..Filter::default() };
        let of_one = Filter { outbound_id: Some(one), ..rare.clone() };
        let (found, pages) = all(&portal, &of_one, 2);
        assert_eq!((found.len(), pages > 2), (3, true));
        let of_owner = Filter { owner: Some(1), ..rare.clone() };
        assert_eq!(all(&portal, &of_owner, 50).0, found);
        assert_eq!(all(&portal, &rare, 50).0, found);
        let early = Filter { until: Some(at(5)), ..rare };
        assert_eq!(all(&portal, &early, 50), (found, 1), "nothing is looked at that is too young");
    }
}

#[test]
fn what_a_filter_finds_is_sent_again() {
    for portal in portals("crm") {
        let (one, gone) = (portal.told(input(&["ONCRMLEADADD"])), portal.told(input(&["ONCRMLEADADD"])));
        raise(&portal, one, "ONCRMLEADADD", 0, 5);
        raise(&portal, gone, "ONCRMLEADADD", 0, 1);
        settle(&portal, one, &[(Some(500), Verdict::Dead); 4]);
        settle(&portal, gone, &[(Some(500), Verdict::Dead)]);
        let integration = portal.read(move |tx| portal::integration::of_outbound(tx, gone)).unwrap().id;
        let core = portal.portal.core().clone();
        portal.write(move |tx| {
            portal::integration::delete(tx, testportal::context(&core, 1, at(0)), integration)
        });
        let failed = Filter { state: Some(State::Failed), ..Filter::default() };
        let (mut filter, mut counts) = (failed.clone(), Vec::new());
        loop {
            let asked = filter.clone();
            let step = portal.write(move |tx| log::replay_found(tx, &asked, 2, None, at(60_000)));
            counts.push(step.count);
            assert!(step.outbounds.iter().all(|id| *id == one));
            filter.before = step.before;
            if filter.before.is_none() {
                break;
            }
        }
        assert_eq!(counts.iter().sum::<u64>(), 4, "{counts:?}");
        let left = all(&portal, &failed, 9).0;
        assert_eq!(left.len(), 1, "what has no webhook any more stays as it is");
        let want = Want { outbound_id: one, lane: Lane::Retry, count: 9 };
        assert_eq!(
            portal
                .write(move |tx| queue::claim(
                    tx,
                    &[want],
                    Lease { number: 8, until: at(100_000) },
                    at(60_000)
                ))
                .len(),
            4
        );
    }
}

/// Tries the oldest that wait with this error and this answer.
fn fail(portal: &Bench, outbound_id: i64, error: &'static str, answer: &'static str) {
    let want = Want { outbound_id, lane: Lane::First, count: 1 };
    let core = portal.portal.core().clone();
    portal.write(move |tx| {
        let leased = queue::claim(tx, &[want], Lease { number: 7, until: at(100_000) }, at(50_000))?;
        let headers = "server: nginx\n".to_owned();
        let attempt =
            Attempt { error: Some(error.into()), answer: answer.into(), headers, ..Attempt::at(at(50_000)) };
        let settled = Settled {
            id: leased[0].id,
            outbound_id,
            lease: 7,
            is_first: true,
            is_test: false,
            attempt,
            verdict: Verdict::Dead,
        };
        queue::settle(tx, &core, &[settled], at(50_001)).map(drop)
    });
}

#[test]
fn words_are_found_wherever_a_person_reads_them() {
    for portal in portals("crm") {
        let one = portal.told(input(&["ONCRMLEADADD"]));
        raise(&portal, one, "ONCRMLEADADD", 0, 3);
        raise(&portal, one, "ONCRMDEALADD", 10, 2);
        fail(&portal, one, "the connection was refused", "");
        fail(&portal, one, "", "Ошибка 100% на складе: SKU_7");
        let count = |words: &str| {
            let filter = Filter { words: Some(words.into()), ..Filter::default() };
            let found = all(&portal, &filter, 100).0;
            assert_eq!(all(&portal, &filter, 1).0, found, "page by page it is the same: {words}");
            found.len()
        };
        for (words, expected) in [
            ("oncrmdeal", 2),
            ("LEAD:1", 2),
            ("refused", 1),
            ("Connection REFUSED", 1),
            ("refused deal", 0),
            ("ОШИБКА складе", 1),
            ("100%", 1),
            ("%", 1),
            ("sku_7", 1),
            ("skux7", 0),
            ("handler.example", 5),
            ("test", 5),
            ("nothing like it", 0),
            ("  ", 5),
        ] {
            assert_eq!(count(words), expected, "{words:?}");
        }
        let failed = Filter { state: Some(State::Failed), words: Some("lead".into()), ..Filter::default() };
        assert_eq!(all(&portal, &failed, 9).0.len(), 2);
        let oldest = all(&portal, &Filter::default(), 100).0[4];
        let (_, tries) = portal.read(move |tx| log::show(tx, oldest)).unwrap();
        assert_eq!(tries[0].attempt.headers, "server: nginx\n");
    }
}

/// The numbers above the list are those of the list, whatever it is narrowed by.
#[test]
fn what_is_counted_is_what_is_found() {
    for portal in portals("crm") {
        let (one, other) = (portal.told(input(&["ONCRMLEADADD"])), portal.told(input(&["ONCRMLEADADD"])));
        raise(&portal, one, "ONCRMLEADADD", 0, 300);
        raise(&portal, other, "ONCRMDEALADD", 290, 20);
        settle(
            &portal,
            one,
            &[(Some(200), Verdict::Delivered), (Some(500), Verdict::Dead), (None, Verdict::Dead)],
        );
        let waiting = all(&portal, &Filter { outbound_id: Some(other), ..Filter::default() }, 9).0;
        portal.write(move |tx| log::cancel(tx, &waiting[..3], Some(1), at(60_000)));
        let minute = 60_000_000;
        for filter in [
            Filter::default(),
            Filter { outbound_id: Some(one), ..Filter::default() },
            Filter { state: Some(State::Failed), ..Filter::default() },
            Filter { state: Some(State::Cancelled), ..Filter::default() },
            Filter { state: Some(State::Waiting), owner: Some(1), ..Filter::default() },
            Filter { words: Some("deal".into()), ..Filter::default() },
            Filter { answered: Some(Answered::Hundred(5)), ..Filter::default() },
            Filter {
                event: Some("ONCRMLEADADD".into()),
                since: Some(at(30)),
                until: Some(at(90)),
                ..Filter::default()
            },
        ] {
            let asked = filter.clone();
            let tallied = portal.read(move |tx| log::tally(tx, &asked, minute));
            assert_eq!(tallied.before, None);
            for (begins, tally) in &tallied.units {
                let ends = Moment(begins.0 + minute);
                let within = Filter {
                    since: filter.since.max(Some(*begins)),
                    until: Some(filter.until.map_or(ends, |until| until.min(ends))),
                    ..filter.clone()
                };
                let by = |state| {
                    search(&portal, &Filter { state: Some(state), ..within.clone() }, 500).deliveries.len()
                        as i64
                };
                let counted = [tally.delivered, tally.failed, tally.cancelled, tally.open];
                let states = [State::Delivered, State::Failed, State::Cancelled, State::Waiting];
                let found = if filter.state.is_some() {
                    let all = search(&portal, &within, 500).deliveries;
                    states.map(|state| all.iter().filter(|(one, _)| one.state == state).count() as i64)
                } else {
                    states.map(by)
                };
                assert_eq!(counted, found, "{filter:?}");
            }
            let sum: i64 =
                tallied.units.values().map(|one| one.delivered + one.failed + one.cancelled + one.open).sum();
            assert_eq!(sum, all(&portal, &filter, 500).0.len() as i64, "{filter:?}");
        }
    }
}
