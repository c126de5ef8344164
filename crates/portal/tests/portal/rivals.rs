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

#[test]
fn a_template_gets_a_field_once_and_numbers_it_alone() {
    for ada in portals("crm") {
        let nodes = [(*ada).clone(), ada.another_node()];
        let new = json!({"ENTITY_TYPE_ID": 8, "COUNTRY_ID": 46, "NAME": "Partnership"});
        let preset = json!({"ID": ada.get("crm.requisite.preset.add", json!({"fields": new}))});
        let free = ada.get("crm.requisite.preset.field.availabletoadd", json!({"preset": preset}));
        let add = |round: usize| json!({"preset": preset, "fields": {"FIELD_NAME": free[round]}});
        meet(&ada, &nodes, "crm.requisite.preset.field.add", add);
        let fields = ada.get("crm.requisite.preset.field.list", json!({"preset": preset}));
        assert_eq!(fields.as_array().unwrap().len(), 3, "on {}: {fields}", ada.engine);
    }
}

#[test]
fn documents_that_are_added_at_once_stand_one_behind_the_other() {
    for ada in portals("note") {
        let nodes = [ada.v3(), ada.another_node().v3()];
        let fields = json!({"name": "Handbook", "position": 0});
        let collection = nodes[0].get("note.collection.add", json!({"fields": fields}))["item"]["id"].clone();
        let rivals: Vec<_> = (0..RIVALS)
            .map(|rival| {
                let (hook, collection) = (nodes[rival % 2].clone(), collection.clone());
                let fields = json!({"collectionId": collection, "title": "Page"});
                thread::spawn(move || hook.get("note.document.add", json!({"fields": fields})))
            })
            .collect();
        rivals.into_iter().for_each(|rival| drop(rival.join().unwrap()));
        let sql = "SELECT COUNT(DISTINCT position) FROM note_document";
        let places = ada.read(move |tx| Ok(tx.one(sql, &[], |row| row.int(0))?));
        assert_eq!(places, Some(RIVALS as i64), "on {}", ada.engine);
    }
}
