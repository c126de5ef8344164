//! Many on two nodes who want the same value at the same moment: what must be unique is one's only.

use std::thread;

use serde_json::{Value as Json, json};
use testportal::{Bench, Hook, portals};

/// So many at once.
const RIVALS: usize = 12;

/// One of them gets it, in each of three rounds.
fn meet(ada: &Bench, nodes: &[Hook; 2], method: &str, params: impl Fn(usize) -> Json) {
    for round in 0..3 {
        let rivals: Vec<_> = (0..RIVALS)
            .map(|rival| {
                let hook = nodes[rival % 2].clone();
                let (method, params) = (method.to_owned(), params(round));
                thread::spawn(move || hook.ask(&method, params))
            })
            .collect();
        let answers: Vec<_> = rivals.into_iter().map(|rival| rival.join().unwrap()).collect();
        let refused: Vec<_> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
        assert_eq!(refused.len(), RIVALS - 1, "{method} on {}: {answers:?}", ada.engine);
        assert!(refused.iter().all(|fault| fault.status == 400), "{method} on {}: {refused:?}", ada.engine);
    }
}

#[test]
fn one_of_many_gets_a_value_that_must_be_unique() {
    for ada in portals("catalog,lists") {
        let nodes = [(*ada).clone(), ada.another_node()];
        meet(
            &ada,
            &nodes,
            "catalog.measure.add",
            |round| json!({"fields": {"code": 9000 + round, "measureTitle": "Dozen"}}),
        );
        let list = |round: usize| json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_CODE": format!("rooms{round}"), "FIELDS": {"NAME": "Rooms"}});
        meet(&ada, &nodes, "lists.add", list);
        meet(
            &ada,
            &nodes,
            "lists.element.add",
            |round| json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_CODE": "rooms0", "ELEMENT_CODE": format!("one{round}"), "FIELDS": {"NAME": "One"}}),
        );
        meet(
            &ada,
            &nodes,
            "lists.section.add",
            |round| json!({"IBLOCK_TYPE_ID": "lists", "IBLOCK_CODE": "rooms0", "SECTION_CODE": format!("one{round}"), "FIELDS": {"NAME": "One"}}),
        );
    }
}
