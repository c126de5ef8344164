//! The checker: every write that was acknowledged, and what must be there of it.

use super::kinds::KINDS;
use super::load::{Site, Written, call, content, number};
use it::Hook;
use std::collections::{BTreeMap, HashSet};

/// Writes that may be under way when a server is killed; rows of them may be there without having been acknowledged.
const UNDER_WAY: i64 = 8;
/// Everything written carries a tag that begins so.
const MARK: &str = "soak ";

/// What was acknowledged, and what was found so far.
#[derive(Default)]
pub struct Ledger {
    /// By the place of the kind: the tags by their numbers.
    acknowledged: BTreeMap<usize, BTreeMap<i64, String>>,
    /// By the place of the kind: up to which number everything was looked at.
    looked: BTreeMap<usize, i64>,
    /// Events of what is there.
    expected: HashSet<(String, i64)>,
    found: usize,
}

impl Ledger {
    pub fn note(&mut self, written: Written) {
        let Written { kind, id, tag } = written;
        let before = self.acknowledged.entry(kind).or_default().insert(id, tag.clone());
        assert_eq!(before, None, "{} {id} was acknowledged twice, now as {tag}", KINDS[kind].name);
    }

    /// How many were acknowledged.
    pub fn len(&self) -> usize {
        self.acknowledged.values().map(BTreeMap::len).sum()
    }

    /// Looks at what is new since it last looked: what was acknowledged is there with its values, and what was not is there
    /// whole or not at all.
    pub fn check(&mut self, site: &Site, hook: &Hook, when: &str) {
        let jobs: Vec<(usize, i64, i64)> = (0..KINDS.len())
            .filter_map(|place| {
                let last = *self.acknowledged.get(&place)?.last_key_value()?.0;
                let looked = self.looked.get(&place).copied();
                // What stands before the first one was no work.
                let first = *self.acknowledged[&place].first_key_value()?.0;
                Some((place, looked.map_or(first, |looked| looked + 1), last + UNDER_WAY))
            })
            .collect();
        let acknowledged = &self.acknowledged;
        let found = std::thread::scope(|scope| {
            let look = |(place, from, to)| {
                scope.spawn(move || look(site, hook, place, from..=to, &acknowledged[&place], when))
            };
            let threads: Vec<_> = jobs.iter().copied().map(look).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
        });
        for ((place, _, to), rows) in jobs.into_iter().zip(found) {
            let last = rows.last().copied().unwrap_or(0).max(to - UNDER_WAY);
            self.looked.insert(place, last);
            self.found += rows.len();
            let event = KINDS[place].event;
            self.expected.extend(rows.into_iter().filter_map(|id| Some((event?.to_owned(), id))));
        }
    }

    /// Looks at all of it once more, and waits for the events. A row that was read and not acknowledged may be gone by now,
    /// and its event with it.
    pub fn end(&mut self, site: &Site, hook: &Hook) -> String {
        self.looked.clear();
        self.expected.clear();
        self.found = 0;
        self.check(site, hook, "at the end");
        site.told.wait_for(&self.expected);
        let (all, events) = (self.len(), self.expected.len());
        format!("{all} writes acknowledged, all there; {} rows, {events} events, all came", self.found)
    }
}

/// Reads rows by their numbers; those that are there.
fn look(
    site: &Site,
    hook: &Hook,
    place: usize,
    numbers: std::ops::RangeInclusive<i64>,
    acknowledged: &BTreeMap<i64, String>,
    when: &str,
) -> Vec<i64> {
    let kind = &KINDS[place];
    let mut there = Vec::new();
    for id in numbers {
        let (text, before) = (id.to_string(), (id - 1).to_string());
        let asked = site.fill(kind.get.1, place, &[("$ID", &text), ("$BEFORE", &before)]);
        let reply =
            call(hook, kind.get.0, asked).unwrap_or_else(|| panic!("{when}: no answer about {}", kind.name));
        let answer = reply.json()["result"].take();
        let shown: Vec<Option<&str>> = kind
            .shows
            .iter()
            .map(|pointer| answer.pointer(pointer).and_then(|value| value.as_str()))
            .collect();
        let other = kind
            .is
            .is_some_and(|pointer| answer.pointer(pointer).is_none() || number(&answer, pointer) != id);
        let what = || format!("{when}: {} {id}: {} {}", kind.name, reply.status, reply.text());
        let tag = shown[0].filter(|_| !other);
        if let Some(wanted) = acknowledged.get(&id) {
            assert_eq!(tag, Some(wanted.as_str()), "acknowledged and gone: {}", what());
        }
        let Some(tag) = tag.filter(|tag| tag.starts_with(MARK)) else { continue };
        assert!(shown.iter().all(|one| *one == Some(tag)), "half of it: {}", what());
        if let Some(link) = kind.link {
            let link = answer.pointer(link).and_then(|link| link.as_str()).unwrap();
            let path = link.split_once("://").map_or(link, |(_, rest)| &rest[rest.find('/').unwrap()..]);
            let got = hook.send("GET", path, &[], b"");
            assert!(got.status == 200 && got.body == content(tag), "its content: {} {}", got.status, what());
        }
        there.push(id);
    }
    there
}
