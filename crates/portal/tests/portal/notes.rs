//! What a module writes and reads of a noun for itself: rows that come with what the caller was allowed, and those of the
//! caller's for which a condition holds.

use std::sync::LazyLock;

use engine::modules::{Module, Modules};
use portal::access::Act;
use portal::call::Call;
use portal::entity::Kind;
use portal::method::{read, write};
use portal::noun::{self, Access, Face, ID, Noun, field, noun};
use portal::settings::Settings;
use serde_json::json;
use wire::{Map, Value};

/// Notes, which only administrators may touch.
static NOTE: Noun = Noun {
    access: Access::Administrators,
    fields: &[ID, field("text", Kind::String, "Text").required()],
    faces: &[Face::legacy("toy.note")],
    ..noun("toy.note", "toy_note", "crm", ["note", "notes"])
};

static NOTES: Module = Module {
    nouns: || vec![&NOTE],
    methods: || vec![write("toy.note.leave", "crm", leave), read("toy.note.longer", "crm", longer)],
    ..Module::new("notes")
};

fn leave(call: &mut Call<'_, '_>) -> portal::Result<Value> {
    let given: Map = [("TEXT".into(), call.text("text").into())].into_iter().collect();
    Ok(noun::put(call, &NOTE, &given)?.number.into())
}

fn longer(call: &mut Call<'_, '_>) -> portal::Result<Value> {
    let scope = NOTE.grant(call, Act::Read)?;
    let least = vec![call.id("than").into()];
    let rows = noun::select(call, &NOTE, &scope, "LENGTH(t.text) > ?", least, " ORDER BY t.id DESC LIMIT 2")?;
    Ok(rows.iter().map(|row| Value::from(row.text("text"))).collect::<Vec<_>>().into())
}

fn modules() -> &'static Modules {
    static MODULES: LazyLock<Modules> = LazyLock::new(|| {
        let listed: Vec<&Module> = portal::modules().listed().iter().copied().chain([&NOTES]).collect();
        Modules::new(&listed)
    });
    &MODULES
}

#[test]
fn a_module_adds_for_those_who_may_not_and_shows_them_nothing_more() {
    for bed in testkit::engines() {
        let ada = testportal::bench_of(modules(), bed, "crm", Settings::new("https://portal.test"));
        let otto = ada.employee("otto@example.com", "crm");
        let add = |text: &str| otto.ask("toy.note.add", json!({"fields": {"TEXT": text}}));
        assert_eq!(add("mine").unwrap_err().message, "Access denied.");
        for text in ["one", "three", "seven", "nineteen"] {
            otto.get("toy.note.leave", json!({"text": text}));
        }
        let empty = otto.refused("toy.note.leave", json!({}));
        assert_eq!(empty.2, "The field TEXT is required.", "all checks but that of rights");
        assert_eq!(ada.get("toy.note.longer", json!({"than": 3})), json!(["nineteen", "seven"]));
        assert_eq!(otto.get("toy.note.longer", json!({"than": 0})), json!([]));
    }
}
