//! What any module writes is gone after a reset: random calls of all of them, and the whole database compared.

use std::collections::{BTreeMap, BTreeSet};

use portal::method::{Example, Method, Version};
use portal::{Moment, demo, modules};
use testportal::{NOW, portals};

use crate::snapshots::{Dice, all, flush, restore, same, save};

type Write = (&'static Method, &'static Example);

/// What the examples of each module write.
fn writes() -> BTreeMap<&'static str, Vec<Write>> {
    let mut writes: BTreeMap<_, Vec<Write>> = BTreeMap::new();
    for method in modules().methods().iter().filter(|method| method.writes && !method.refused) {
        let of_module = writes.entry(method.module).or_default();
        of_module.extend(method.examples.iter().map(|example| (method, example)));
    }
    writes
}

fn scopes() -> String {
    let scopes: BTreeSet<&str> = modules().methods().iter().map(|method| method.scope).collect();
    scopes.into_iter().filter(|scope| !scope.is_empty()).collect::<Vec<_>>().join(",")
}

/// In any order, so that much finds what others left, or no longer finds it.
#[test]
fn whatever_any_module_wrote_is_undone() {
    let writes = writes();
    let modules: Vec<&str> = writes.keys().copied().collect();
    for bench in portals(&scopes()) {
        demo::load(&bench.portal, Moment(NOW * 1_000_000)).unwrap();
        flush(&bench);
        save(&bench, "start");
        let (start, newer, mut dice) = (all(&bench), bench.v3(), Dice(24));
        let mut wrote = BTreeSet::new();
        for round in 0..3 {
            for _ in 0..400 {
                let of_module = &writes[modules[dice.below(modules.len() as i64) as usize]];
                let (method, example) = of_module[dice.below(of_module.len() as i64) as usize];
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
        assert_eq!(wrote.into_iter().collect::<Vec<_>>(), modules, "on {}", bench.engine);
    }
}
