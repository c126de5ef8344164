//! Files that other modules attach to what they have.

use std::sync::LazyLock;

use engine::modules::{Module, Modules};
use engine::noun;
use portal::method::{Kind, Method, required, write};
use portal::settings::Settings;
use serde_json::json;
use testportal::{Bench, bench_of};
use wire::Value;

use crate::files::{file, folder};

/// A module with a method that attaches files.
static ATTACHING: Module = Module { methods: || vec![attach()], ..Module::new("attaching") };

static MODULES: LazyLock<Modules> = LazyLock::new(|| {
    let all = portal::modules().listed().iter().copied().chain([&ATTACHING]);
    Modules::new(&all.collect::<Vec<_>>())
});

fn attach() -> Method {
    write("test.attach", "disk", |call| {
        let attached = call.core.modules.noun_named("disk.attached");
        let row = noun::put(call, attached, &call.params.clone())?;
        Ok(Value::Int(row.number))
    })
    .own_words()
    .param(required("OBJECT_ID", Kind::Id, "File"))
}

fn portals() -> impl Iterator<Item = Bench> {
    testkit::engines()
        .into_iter()
        .map(|bed| bench_of(&MODULES, bed, "disk,im", Settings::new("https://portal.test")))
}

#[test]
fn what_may_be_seen_may_be_read() {
    for ada in portals() {
        let (ines, otto) =
            (ada.employee("ines@example.com", "disk,im"), ada.employee("otto@example.com", "disk,im"));
        let chairs = file(&ines, folder(&ines, "Offers"), "chairs.txt");
        let message = ines.get("im.message.add", json!({"DIALOG_ID": ada.user, "MESSAGE": "See the offer"}));
        let given =
            json!({"OBJECT_ID": chairs, "MODULE_ID": "im", "ENTITY_TYPE": "message", "ENTITY_ID": message});
        assert_eq!(
            otto.refused("test.attach", given.clone()).1,
            "ERROR_ARGUMENT",
            "who may not read a file attaches none"
        );
        let attached = ines.get("test.attach", given);
        for reader in [&ines, &*ada] {
            let shown = reader.get("disk.attachedObject.get", json!({"id": attached}));
            assert_eq!(
                (&shown["NAME"], &shown["SIZE"], &shown["MODULE_ID"]),
                (&json!("chairs.txt"), &json!("5"), &json!("im"))
            );
            assert_eq!(shown["OBJECT_ID"], chairs.to_string());
        }
        assert_eq!(otto.refused("disk.attachedObject.get", json!({"id": attached})).1, "ACCESS_DENIED");
        assert_eq!(
            ada.refused("disk.file.get", json!({"id": chairs})).1,
            "ACCESS_DENIED",
            "the attachment, not the file"
        );
    }
}
