//! What any module writes is gone after a reset: random calls of all of them, and the whole database compared.

use std::collections::BTreeSet;

use portal::method::{Example, Method, Version};
use portal::{Moment, demo, modules};
use testportal::{NOW, portals};

use crate::snapshots::{Dice, all, flush, restore, same, save};

/// What the examples of all modules write.
fn writes() -> Vec<(&'static Method, &'static Example)> {
    let methods = modules().methods().iter().filter(|method| method.writes && !method.refused);
    methods.flat_map(|method| method.examples.iter().map(move |example| (method, example))).collect()
}

fn scopes() -> String {
    let scopes: BTreeSet<&str> = modules().methods().iter().map(|method| method.scope).collect();
    scopes.into_iter().filter(|scope| !scope.is_empty()).collect::<Vec<_>>().join(",")
}

/// In any order, so that much finds what others left, or no longer finds it.
#[test]
fn whatever_any_module_wrote_is_undone() {
    let writes = writes();
    let modules: BTreeSet<&str> = writes.iter().map(|(method, _)| method.module).collect();
    for bench in portals(&scopes()) {
        demo::load(&bench.portal, Moment(NOW * 1_000_000)).unwrap();
        flush(&bench);
        save(&bench, "start");
        let (start, newer, mut dice) = (all(&bench), bench.v3(), Dice(24));
        let mut wrote = BTreeSet::new();
        for round in 0..4 {
            for _ in 0..writes.len() / 2 {
                let (method, example) = writes[dice.below(writes.len() as i64) as usize];
                let hook = if method.version == Version::V3 { &newer } else { &*bench };
                if hook.ask(&method.name, example.params.clone()).is_ok() {
                    wrote.insert(method.module);
                }
            }
            if round % 2 == 0 {
                flush(&bench);
            }
            assert_ne!(start, all(&bench), "round {round} on {} wrote nothing", bench.engine);
            restore(&bench, "start");
            flush(&bench);
            same(&start, &bench, &format!("round {round} on {}", bench.engine));
        }
        assert_eq!(wrote, modules, "on {}", bench.engine);
    }
}
