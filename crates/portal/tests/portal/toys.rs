//! Nouns with everything that the engine can do for a noun, called through the front door: a module of toys beside those of
//! the portal.

use std::sync::{Arc, LazyLock};

use crm::owned::{ByOwner, Code};
use engine::modules::{Module, Modules};
use portal::access::Act;
use portal::call::Call;
use portal::entity::filter::Unknown;
use portal::entity::page::Query;
use portal::entity::userfield::UserField;
use portal::entity::{Field, Kind, Naming, UserFields, schema};
use portal::event::{MayKnow, Recipient};
use portal::method::{GLOBAL, Method, Param, read};
use portal::noun::{
    self, Absent, Access, Answer, Asked, Draft, Envelope, EventData, Events, Face, Faults, Grant, Hooks, ID,
    Id, LEGACY_FAULTS, Made, Noun, Refusal, Row, Rows, Rule, Saved, Stamp, Verb, Watch, field, noun,
};
use portal::settings::Settings;
use rust_decimal::Decimal;
use serde_json::json;
use std::borrow::Cow;
use store::Tx;
use wire::{Map, Value, filter, order};

use testportal::Bench;

/// Boxes of people, each of whom sees and changes only their own.
static BOX: Noun = Noun {
    access: Access::Rule(&Own),
    fields: &[
        ID,
        field("name", Kind::String, "Name").required().sample("Blocks"),
        field("price", Kind::Decimal(2), "Price"),
        field("pieces", Kind::Integer, "Pieces").default("1"),
        field("total", Kind::Decimal(2), "Price of all pieces").read_only(),
        field("owners", Kind::User, "Owners before").multiple(),
        field("rules", Kind::Json, "Rules").default("[]"),
        field("isOpen", Kind::Bool, "Open"),
        field("picture", Kind::File, "Picture"),
        field("parts", Kind::Integer, "Parts in it").computed(),
        field("ownerId", Kind::User, "Owner").stamped(Stamp::CreatedBy),
    ],
    faces: &[
        Face::legacy("toy.box"),
        Face { also_upper: true, ..Face::controller("toys.box", "box", "boxes") },
        Face {
            many: Rows::Keyed("boxes", "id"),
            verbs: &[(Verb::List, "list")],
            ..Face::controller("toys.shelf", "box", "boxes")
        },
    ],
    events: Some(Events::new("ONTOYBOX").with(EventData::Upper)),
    user_fields: Some(&BOX_FIELDS),
    user_field_methods: Some(("toy.box.userfield", 1)),
    hooks: &Box,
    ..noun("toy.box", "toy_box", "crm", ["box", "boxes"])
};

static BOX_FIELDS: UserFields = UserFields {
    number: -9,
    object: Cow::Borrowed("TOY_BOX"),
    prefix: Cow::Borrowed("UF_TOY_"),
    apart: None,
    events: Some("ONTOYBOXUSERFIELD"),
};

/// What lies in a box is for those who may have the box.
static PART: Noun = Noun {
    access: Access::Through("boxId"),
    fields: &[
        ID,
        field("boxId", Kind::Noun("toy.box"), "Box").required().indexed(),
        field("name", Kind::String, "Name").required(),
    ],
    faces: &[
        Face { one: Answer::ListOfRow, absent: Absent::EmptyList, ..Face::flat("toy.part", "PART_ID") },
        Face {
            positional: true,
            envelope: Envelope::Under("FIELDS"),
            id: Id::Param("PARTID"),
            added: Answer::KeyUnder("id"),
            changed: Answer::Null,
            verbs: &[(Verb::Add, "add"), (Verb::Update, "update")],
            ..Face::legacy("toy.partitem")
        },
    ],
    ..noun("toy.part", "toy_part", "crm", ["part", "parts"])
};

/// Drawers, which requests name by a code that they call `id`.
static DRAWER: Noun = Noun {
    key: &["code"],
    access: Access::Everybody,
    fields: &[
        field("code", Kind::String, "Code").camel("id").required().unique().immutable(),
        field("name", Kind::String, "Name"),
    ],
    faces: &[Face { id: Id::Param("id"), ..Face::controller("toys.drawer", "drawer", "drawers") }],
    ..noun("toy.drawer", "toy_drawer", "crm", ["drawer", "drawers"])
};

/// Labels of boxes, one of a kind for each.
static LABEL: Noun = Noun {
    key: &["boxId", "side"],
    access: Access::Through("boxId"),
    fields: &[
        field("boxId", Kind::Noun("toy.box"), "Box").required().immutable().indexed(),
        field("side", Kind::Integer, "Side").required().immutable().sample("2"),
        field("text", Kind::String, "Text"),
    ],
    faces: &[
        Face {
            id: Id::Fields,
            added: Answer::True,
            order: &[("side", wire::order::Direction::Desc)],
            verbs: LABELS,
            ..Face::legacy("toy.label")
        },
        Face {
            id: Id::Params(&["boxId", "side"]),
            verbs: &[(Verb::Get, "get")],
            absent: Absent::Null,
            ..Face::legacy("toy.labelof")
        },
    ],
    events: Some(Events {
        verbs: ["REGISTER", "REGISTER", "UNREGISTER"],
        data: EventData::Members(&["boxId", "side"]),
        ..Events::new("ONTOYLABEL")
    }),
    ..noun("toy.label", "toy_label", "crm", ["label", "labels"])
};

/// Tags of items of the CRM.
static TAG: Noun = Noun {
    access: Access::Rule(&ByOwner {
        fields: &["entityTypeId", "entityId"],
        code: Code::Number,
        may_own: |entity| entity.name == "deal" || entity.name == "contact",
    }),
    fields: &[
        ID,
        field("entityTypeId", Kind::Integer, "Kind of the item").required(),
        field("entityId", Kind::Integer, "Item").required().indexed(),
        field("word", Kind::String, "Word").required(),
    ],
    faces: &[Face::legacy("toy.tag")],
    events: Some(Events::new("ONTOYTAG")),
    ..noun("toy.tag", "toy_tag", "crm", ["tag", "tags"])
};

/// Screws of a box, numbered within it.
static SCREW: Noun = Noun {
    key: &["boxId", "number"],
    access: Access::Through("boxId"),
    fields: &[
        field("number", Kind::Integer, "Number").upper("ID").read_only(),
        field("boxId", Kind::Noun("toy.box"), "Box").camel_only().immutable().indexed(),
        field("size", Kind::Integer, "Size").required(),
        field("edited", Kind::DateTime, "Changed").stamped(Stamp::Edited),
        field("editor", Kind::User, "Changed by").stamped(Stamp::EditedBy),
    ],
    faces: &[Face {
        id: Id::Params(&["box", "id"]),
        below: Some(("boxId", "box")),
        params: &[(&[Verb::Add, Verb::Get, Verb::List, Verb::Update, Verb::Delete], OF_BOX)],
        samples: || json!({"box": {"ID": 1}}),
        added: Answer::Field("number"),
        faults: Faults {
            missing: Refusal::OfKey("There is no screw {key}."),
            invalid: |name| wire::Fault::crm(format!("{name} cannot be.")),
            ..LEGACY_FAULTS
        },
        ..Face::legacy("toy.screw")
    }],
    hooks: &Screws,
    ..noun("toy.screw", "toy_screw", "crm", ["screw", "screws"])
};

const OF_BOX: Param = portal::method::required("box", portal::method::Kind::Any, "Box");

struct Screws;

impl Hooks for Screws {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> portal::Result<()> {
        if old.is_none() {
            let sql = "SELECT COUNT(*) FROM toy_screw WHERE box_id = ?";
            let there = call.tx.one(sql, &[draft.int("boxId").into()], |row| row.int(0))?;
            draft.set("number", there.unwrap_or(0) + 1);
        }
        Ok(())
    }
}

/// Marks: each is a field of shelves.
static MARK: Noun = Noun {
    access: Access::Everybody,
    fields: &[ID, field("name", Kind::String, "Name").required()],
    faces: &[Face::legacy("toy.mark")],
    shared: true,
    hooks: &Mark,
    ..noun("toy.mark", "toy_mark", "crm", ["mark", "marks"])
};

/// Shelves, which have a number for each mark.
static SHELF: Noun = Noun {
    access: Access::Everybody,
    fields: &[ID, field("name", Kind::String, "Name").required()],
    faces: &[Face::legacy("toy.shelf")],
    made: Some(Made { number: -8, load: marks, describe: |field, _, _| field.title.as_ref().into() }),
    hooks: &Shelf,
    ..noun("toy.shelf", "toy_shelf", "crm", ["shelf", "shelves"])
};

struct Mark;

impl Hooks for Mark {
    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> portal::Result<()> {
        let field = mark(saved.row.number, saved.row.text("name"));
        schema::add_column(call.tx, "toy_shelf", &field)
    }
}

struct Shelf;

impl Hooks for Shelf {
    /// A mark may come with its unit: `{value, unit}`.
    fn read(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        given: &mut Cow<'_, Map>,
        _: Option<&Row>,
    ) -> portal::Result<()> {
        for (_, field) in SHELF.made_fields(call) {
            if let Some(value) = given.get(&field.code).and_then(|mark| mark.get("value")).cloned() {
                given.to_mut().insert(&*field.code, value);
            }
        }
        Ok(())
    }
}

fn mark(id: i64, name: &str) -> Field {
    let mut field = Field::named(format!("MARK_{id}"), format!("mark_{id}"), Kind::Integer, "");
    field.title = name.to_owned().into();
    field.user = Some(std::boxed::Box::new(UserField {
        id,
        entity_type_id: -8,
        user_type_id: "integer".into(),
        xml_id: None,
        sort: 100,
        show_filter: "N".into(),
        show_in_list: false,
        edit_in_list: true,
        is_searchable: false,
        settings: json!({"DEFAULT_VALUE": 7}),
        labels: serde_json::Value::Null,
        choices: Vec::new(),
    }));
    field
}

fn marks(tx: &mut Tx<'_>) -> portal::Result<Vec<Field>> {
    let mut fields = Vec::new();
    tx.query("SELECT id, name FROM toy_mark ORDER BY id", &[], |row| {
        fields.push(mark(row.int(0)?, row.text(1)?));
        Ok(())
    })?;
    Ok(fields)
}

const LABELS: &[(Verb, &str)] =
    &[(Verb::Add, "add"), (Verb::List, "list"), (Verb::Update, "update"), (Verb::Delete, "delete")];

struct Own;

impl Rule for Own {
    fn grant(&self, call: &mut Call<'_, '_>, act: Act) -> portal::Result<Grant> {
        Ok(match call.caller.is_admin || act == Act::Add {
            true => Grant::All,
            false => Grant::Where("t.owner_id = ?".to_owned(), vec![call.caller.user_id.into()]),
        })
    }

    fn audience(&self, _: &mut Call<'_, '_>, row: &Row) -> portal::Result<MayKnow> {
        let owner = row.int("ownerId");
        Ok(Arc::new(move |recipient: Recipient<'_>| Some(recipient.user_id) == owner))
    }
}

struct Box;

impl Hooks for Box {
    fn prepare(
        &self,
        _: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> portal::Result<()> {
        let price = draft.decimal(old, "price").unwrap_or_default();
        let pieces = match draft.after(old, "pieces") {
            store::Param::Int(pieces) => *pieces,
            _ => 0,
        };
        draft.set_decimal("total", price * Decimal::from(pieces));
        Ok(())
    }

    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> portal::Result<()> {
        noun::clear(call, &PART, &[("boxId", row.number.into())])?;
        noun::clear(call, &LABEL, &[("boxId", row.number.into())])
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        rows: &[Row],
        shown: &mut [Map],
        _: bool,
    ) -> portal::Result<()> {
        let name = face.name_of(BOX.field("parts").unwrap()).unwrap();
        for (row, map) in rows.iter().zip(shown) {
            let sql = "SELECT COUNT(*) FROM toy_part WHERE box_id = ?";
            let parts = call.tx.one(sql, &[row.number.into()], |row| row.int(0))?;
            map.insert(name.as_str(), parts);
        }
        Ok(())
    }
}

static TOYS: Module = Module {
    nouns: || vec![&BOX, &PART, &LABEL, &TAG, &SCREW, &MARK, &SHELF, &DRAWER],
    methods: || vec![window()],
    ..Module::new("toys")
};

/// The names of so many marks behind so many others, by a filter and an order.
fn window() -> Method {
    read("toy.window", GLOBAL, |call| {
        let given = |name: &str| call.param(name).cloned().unwrap_or_default();
        let query = Query {
            filter: filter::parse_flat(&given("filter"))?,
            order: order::parse_legacy(&given("order")),
            select: Vec::new(),
            unknown: Unknown::Ignored,
        };
        let window = (call.id("offset"), call.id("limit"));
        let scope = MARK.grant(call, Act::Read)?;
        let asked = Asked { query: Some((Naming::Legacy, query)), window: Some(window), ..Asked::default() };
        let rows = noun::asked(call, &MARK, &scope, asked)?;
        Ok(rows.iter().map(|row| Value::from(row.text("name"))).collect::<Vec<_>>().into())
    })
}

/// Another module, which remembers shelves that were deleted.
static NEIGHBOUR: Module = Module {
    watches: &[Watch { deleted: shelf_gone, ..Watch::new("toy.shelf") }],
    ..Module::new("neighbour")
};

fn shelf_gone(call: &mut Call<'_, '_>, row: &Row) -> portal::Result<()> {
    let mark = [("NAME".into(), format!("Was {}", row.text("name")).into())].into_iter().collect();
    portal::noun::put(call, &MARK, &mark).map(drop)
}

fn modules() -> &'static Modules {
    static MODULES: LazyLock<Modules> = LazyLock::new(|| {
        let listed: Vec<&Module> =
            portal::modules().listed().iter().copied().chain([&TOYS, &NEIGHBOUR]).collect();
        Modules::new(&listed)
    });
    &MODULES
}

fn portals() -> impl Iterator<Item = Bench> {
    let settings = || Settings::new("https://portal.test");
    testkit::engines().into_iter().map(move |bed| testportal::bench_of(modules(), bed, "crm", settings()))
}

fn members(method: &str, param: &str) -> Vec<String> {
    let method = modules().find(method).unwrap();
    let within = |param: &Param| param.members.iter().map(|member| member.name.to_string()).collect();
    method.params.iter().find(|own| own.name == param).map(within).unwrap()
}

#[test]
fn values_of_every_kind_come_back() {
    for portal in portals() {
        let picture = json!({"fileData": ["a.txt", "aGVsbG8="]});
        let fields = json!({
            "NAME": "Blocks", "PRICE": "0.10", "PIECES": 3, "OWNERS": [1, 1], "IS_OPEN": "Y", "PICTURE": picture,
            "RULES": {"ages": [3, 99], "by": {"name": "Ada", "sure": true}, "share": 0.5},
            "TOTAL": 77, "PARTS": 5, "OWNER_ID": 99,
        });
        let id = portal.get("toy.box.add", json!({"fields": fields}));
        let shown = portal.get("toy.box.get", json!({"id": id}));
        assert_eq!(shown["TOTAL"], "0.30", "money is exact: {shown}");
        assert_eq!(
            (&shown["PRICE"], &shown["IS_OPEN"], &shown["PARTS"]),
            (&json!("0.10"), &json!("1"), &json!(0))
        );
        assert_eq!((&shown["OWNERS"], &shown["OWNER_ID"]), (&json!(["1", "1"]), &json!("1")));
        assert_eq!(shown["RULES"], fields["RULES"]);
        assert!(shown["PICTURE"]["showUrl"].as_str().unwrap().starts_with("https://"), "{shown}");

        let typed = portal.get("toys.box.get", json!({"id": id}));
        assert_eq!((&typed["box"]["total"], &typed["box"]["isOpen"]), (&json!(0.3), &json!(true)));
        // Both names of a field are taken, and what is left out stays.
        let changed =
            portal.get("toys.box.update", json!({"id": id, "fields": {"PIECES": 10, "isOpen": false}}));
        assert_eq!((&changed["box"]["total"], &changed["box"]["isOpen"]), (&json!(1), &json!(false)));
        assert_eq!(changed["box"]["rules"], fields["RULES"]);
        // Rows by their number, though it was not selected.
        let shelf = portal.get("toys.shelf.list", json!({"select": ["name"]}));
        assert_eq!(shelf, json!({"boxes": {id.to_string(): {"name": "Blocks"}}}));
        let empty = portal.get("toys.box.add", json!({"fields": {"name": "Empty"}}));
        assert_eq!(empty["box"]["rules"], json!([]));
        let found = portal.get("toy.box.list", json!({"filter": {"OWNERS": 1}, "select": ["NAME"]}));
        assert_eq!(found, json!([{"NAME": "Blocks"}]));
        let long = json!({"id": id, "fields": {"RULES": ["x".repeat(300_000)]}});
        assert_eq!(
            portal.refused("toy.box.update", long).2,
            "The value of the field \"Rules\" is out of range."
        );
    }
}

#[test]
fn a_field_has_a_camel_case_name_of_its_own() {
    for portal in portals() {
        for id in ["A", "B"] {
            portal.get("toys.drawer.add", json!({"fields": {"id": id, "name": "x"}}));
        }
        let changed =
            portal.get("toys.drawer.update", json!({"id": "B", "fields": {"id": "C", "name": "y"}}));
        assert_eq!(changed["drawer"], json!({"id": "B", "name": "y"}));
        let asked = json!({"filter": {"@id": ["A", "B"]}, "order": {"id": "desc"}, "select": ["id"]});
        assert_eq!(portal.get("toys.drawer.list", asked)["drawers"], json!([{"id": "B"}, {"id": "A"}]));
        assert_eq!(
            portal.refused("toys.drawer.add", json!({"fields": {"name": "x"}})).2,
            "Required fields: id"
        );
        assert_eq!(portal.get("toys.drawer.getFields", json!({}))["drawer"]["id"]["isRequired"], true);
        assert_eq!(portal.get("toys.drawer.delete", json!({"id": "A"})), true);
    }
}

#[test]
fn a_row_is_read_and_changed_as_the_one_that_it_belongs_to() {
    for portal in portals() {
        let otto = portal.employee("otto@example.com", "crm");
        let adas = portal.get("toy.box.add", json!({"fields": {"NAME": "Ada's"}}));
        let ottos = otto.get("toy.box.add", json!({"fields": {"NAME": "Otto's"}}));
        let hers = portal.get("toy.part.add", json!({"BOX_ID": adas, "NAME": "hers"}));
        let his = otto.get("toy.part.add", json!({"box_id": ottos, "name": "his"}));
        portal.get("toy.label.add", json!({"fields": {"BOX_ID": adas, "SIDE": 1, "TEXT": "A"}}));

        let names = |rows: serde_json::Value| {
            rows.as_array().unwrap().iter().map(|row| row["NAME"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(portal.get("toy.part.list", json!({}))), ["hers", "his"]);
        assert_eq!(names(otto.get("toy.part.list", json!({}))), ["his"]);
        assert_eq!(otto.page("toy.part.list", json!({})).unwrap().total, Some(1));
        assert_eq!(otto.get("toy.part.get", json!({"PART_ID": hers})), json!([]), "as if there were none");
        assert_eq!(portal.get("toy.part.get", json!({"PART_ID": his}))[0]["NAME"], "his");
        assert_eq!(otto.get("toy.label.list", json!({})), json!([]));
        assert_eq!(otto.get("toy.labelof.get", json!({"boxId": adas, "side": 1})), json!(null));

        let denied = |method: &str, params: serde_json::Value| {
            let refused = otto.refused(method, params.clone());
            assert!(
                ["Access denied.", "Invalid value of field BOX_ID"].contains(&refused.2.as_str()),
                "{method} {params}: {refused:?}"
            );
        };
        denied("toy.part.add", json!({"BOX_ID": adas, "NAME": "x"}));
        denied("toy.part.update", json!({"PART_ID": hers, "NAME": "x"}));
        denied("toy.part.update", json!({"PART_ID": his, "BOX_ID": adas}));
        denied("toy.part.delete", json!({"PART_ID": hers}));
        denied("toy.label.add", json!({"fields": {"BOX_ID": adas, "SIDE": 3}}));
        denied("toy.label.delete", json!({"fields": {"BOX_ID": adas, "SIDE": 1}}));
        denied("toy.box.update", json!({"id": adas, "fields": {"NAME": "x"}}));
        denied("toy.part.add", json!({"BOX_ID": 999, "NAME": "x"}));
        otto.get("toy.part.update", json!({"PART_ID": his, "NAME": "still his"}));
        otto.get("toy.part.delete", json!({"PART_ID": his}));
        assert_eq!(names(portal.get("toy.part.list", json!({}))), ["hers"]);
        portal.get("toy.box.delete", json!({"id": adas}));
        assert_eq!(portal.get("toy.part.list", json!({})), json!([]), "a box goes with what is in it");
        assert_eq!(portal.get("toy.label.list", json!({})), json!([]));
    }
}

#[test]
fn a_row_of_an_item_is_for_those_who_may_have_the_item() {
    for portal in portals() {
        let otto = portal.employee("otto@example.com", "crm");
        let deal = |title: &str, who: i64| {
            portal.get("crm.deal.add", json!({"fields": {"TITLE": title, "ASSIGNED_BY_ID": who}}))
        };
        let (hers, his) = (deal("hers", 1), deal("his", otto.user));
        let tag = |deal: &serde_json::Value, word: &str| json!({"fields": {"ENTITY_TYPE_ID": 2, "ENTITY_ID": deal, "WORD": word}});
        let to_otto = portal.both(otto.user, "crm", &["ONTOYTAGADD", "ONTOYTAGUPDATE"]);
        let on_hers = portal.get("toy.tag.add", tag(&hers, "urgent"));
        let on_his = otto.get("toy.tag.add", tag(&his, "calm"));
        assert_eq!(otto.get("toy.tag.list", json!({"select": ["WORD"]})), json!([{"WORD": "calm"}]));
        assert_eq!(otto.page("toy.tag.list", json!({})).unwrap().total, Some(1));
        let denied = |method: &str, params: serde_json::Value| {
            assert_eq!(otto.refused(method, params).2, "Access denied.", "{method}");
        };
        denied("toy.tag.get", json!({"id": on_hers}));
        denied("toy.tag.add", tag(&hers, "x"));
        denied("toy.tag.update", json!({"id": on_hers, "fields": {"WORD": "x"}}));
        denied("toy.tag.delete", json!({"id": on_hers}));
        denied("toy.tag.update", json!({"id": on_his, "fields": {"ENTITY_ID": hers}}));
        // There is no such deal, and leads have no tags, for administrators either.
        for (kind, id) in [(2, json!(999)), (1, json!(1)), (77, json!(1))] {
            let fields = json!({"fields": {"ENTITY_TYPE_ID": kind, "ENTITY_ID": id, "WORD": "x"}});
            assert_eq!(portal.refused("toy.tag.add", fields).2, "Access denied.");
        }
        otto.get("toy.tag.update", json!({"id": on_his, "fields": {"WORD": "quiet"}}));
        let heard: Vec<String> = portal.raised(to_otto).into_iter().map(|(name, _)| name).collect();
        assert_eq!(heard, ["ONTOYTAGADD", "ONTOYTAGUPDATE"], "only of what he may read");
    }
}

#[test]
fn a_key_may_be_several_fields() {
    for portal in portals() {
        let made = portal.get("toy.box.add", json!({"fields": {"NAME": "Blocks"}}));
        let label = |side: i64, text: &str| json!({"fields": {"BOX_ID": made, "SIDE": side, "TEXT": text}});
        for side in [1, 2] {
            assert_eq!(portal.get("toy.label.add", label(side, "first")), true);
        }
        assert_eq!(portal.refused("toy.label.add", label(2, "again")).2, "The value must be unique.");
        assert_eq!(portal.get("toy.label.update", label(2, "second")), true);
        assert_eq!(portal.refused("toy.label.update", label(3, "none")).2, "Not found");
        assert_eq!(
            portal.refused("toy.label.update", json!({"fields": {"SIDE": 2, "TEXT": "x"}})).2,
            "Not found"
        );
        let listed = portal.get("toy.label.list", json!({"select": ["SIDE", "TEXT"]}));
        assert_eq!(listed, json!([{"SIDE": "2", "TEXT": "second"}, {"SIDE": "1", "TEXT": "first"}]));
        let one = portal.get("toy.labelof.get", json!({"boxId": made, "side": 2}));
        assert_eq!(one["TEXT"], "second");
        assert_eq!(portal.get("toy.label.delete", json!({"fields": {"BOX_ID": made, "SIDE": 2}})), true);
        assert_eq!(portal.get("toy.labelof.get", json!({"boxId": made, "side": 2})), json!(null));
        assert_eq!(members("toy.label.update", "fields"), ["BOX_ID", "SIDE", "TEXT"]);
        assert_eq!(members("toy.label.delete", "fields"), ["BOX_ID", "SIDE"]);
    }
}

#[test]
fn rows_may_be_named_within_the_one_that_a_parameter_says() {
    for portal in portals() {
        let make = |name: &str| portal.get("toy.box.add", json!({"fields": {"NAME": name}}));
        let (first, second) = (make("first"), make("second"));
        let add = |of: serde_json::Value, size: i64| {
            portal.get("toy.screw.add", json!({"box": of, "fields": {"SIZE": size}}))
        };
        assert_eq!((add(first.clone(), 10), add(json!({"ID": first}), 20)), (json!(1), json!(2)));
        assert_eq!(add(json!({"id": second}), 30), 1, "numbered within its box");
        let get = |of: &serde_json::Value, id: i64| json!({"box": {"ID": of}, "ID": id});
        let shown = portal.get("toy.screw.get", get(&second, 1));
        assert_eq!(shown, json!({"ID": "1", "SIZE": "30", "EDITED": "", "EDITOR": null}));
        assert_eq!(portal.refused("toy.screw.get", get(&second, 2)).2, "There is no screw 2.");
        portal.get("toy.screw.update", json!({"box": first, "id": 1, "fields": {"SIZE": 11}}));
        let listed = portal.get("toy.screw.list", json!({"box": first, "select": ["ID", "SIZE", "EDITOR"]}));
        let expected =
            json!([{"ID": "1", "SIZE": "11", "EDITOR": "1"}, {"ID": "2", "SIZE": "20", "EDITOR": null}]);
        assert_eq!(listed, expected);
        assert_eq!(portal.get("toy.screw.list", json!({"box": "x"})), json!([]));
        let nowhere = json!({"box": 999, "fields": {"SIZE": 1}});
        assert_eq!(portal.refused("toy.screw.add", nowhere).2, "BOX_ID cannot be.");
        portal.get("toy.screw.delete", get(&first, 1));
        assert_eq!(portal.get("toy.screw.list", json!({"box": first}))[0]["ID"], "2");
    }
}

#[test]
fn parameters_may_count_by_their_place() {
    for portal in portals() {
        let made = portal.get("toy.box.add", json!({"fields": {"NAME": "Blocks"}}));
        let added = portal.get("toy.partitem.add", json!([{"BOX_ID": made, "NAME": "wheel"}]));
        let id = &added["id"];
        assert_eq!(portal.get("toy.partitem.update", json!([id, {"NAME": "axle"}])), json!(null));
        // Names do not matter, not even those of other parameters.
        portal.get("toy.partitem.update", json!({"FIELDS": id, "x": {"NAME": "door"}}));
        assert_eq!(portal.get("toy.part.get", json!({"part_id": id}))[0]["NAME"], "door");
    }
}

#[test]
fn events_carry_their_own_data_to_those_who_may_know() {
    for portal in portals() {
        let otto = portal.employee("otto@example.com", "crm");
        let names = ["ONTOYBOXADD", "ONTOYBOXDELETE", "ONTOYLABELREGISTER", "ONTOYLABELUNREGISTER"];
        let to_ada = portal.told(testportal::input(&names));
        let to_otto = portal.both(otto.user, "crm", &names);
        let made = otto.get("toy.box.add", json!({"fields": {"NAME": "Blocks"}}));
        let label = json!({"fields": {"BOX_ID": made, "SIDE": 2}});
        for method in ["toy.label.add", "toy.label.update", "toy.label.delete"] {
            portal.get(method, label.clone());
        }
        portal.get("toy.box.add", json!({"fields": {"NAME": "Ada's"}}));
        otto.get("toy.box.delete", json!({"id": made}));
        let (id, key) = (json!({"ID": made.to_string()}), json!({"BOX_ID": made.to_string(), "SIDE": "2"}));
        let heard = [
            ("ONTOYBOXADD", &id),
            ("ONTOYLABELREGISTER", &key),
            ("ONTOYLABELREGISTER", &key),
            ("ONTOYLABELUNREGISTER", &key),
            ("ONTOYBOXDELETE", &id),
        ];
        let heard = heard.map(|(name, data)| (name.to_owned(), data.clone()));
        assert_eq!(portal.raised(to_otto), heard);
        let hers: Vec<String> = portal.raised(to_ada).into_iter().map(|(name, _)| name).collect();
        assert_eq!(hers, ["ONTOYBOXADD"], "only of her own box");
    }
}

#[test]
fn a_noun_may_have_user_fields() {
    for portal in portals() {
        let add = |name: &str, kind: &str, more: serde_json::Value| {
            let mut fields = json!({"FIELD_NAME": name, "USER_TYPE_ID": kind});
            fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            portal.get("toy.box.userfield.add", json!({"fields": fields}))
        };
        let weight = add("WEIGHT", "double", json!({"EDIT_FORM_LABEL": {"en": "Weight"}}));
        add("TAGS", "string", json!({"MULTIPLE": "Y"}));
        add("SIZE", "string", json!({"MANDATORY": "Y", "SETTINGS": {"DEFAULT_VALUE": "small"}}));
        let shown = portal.get("toy.box.userfield.get", json!({"id": weight}));
        assert_eq!((&shown["FIELD_NAME"], &shown["ENTITY_ID"]), (&json!("UF_TOY_WEIGHT"), &json!("TOY_BOX")));

        let fields = json!({"NAME": "Blocks", "UF_TOY_WEIGHT": "2,5", "UF_TOY_TAGS": ["a", "b"]});
        let id = portal.get("toy.box.add", json!({"fields": fields}));
        let row = portal.get("toy.box.get", json!({"id": id}));
        assert_eq!(
            (&row["UF_TOY_WEIGHT"], &row["UF_TOY_TAGS"], &row["UF_TOY_SIZE"]),
            (&json!("2.5"), &json!(["a", "b"]), &json!("small"))
        );
        let heavy = |least: i64| portal.get("toy.box.list", json!({"filter": {">UF_TOY_WEIGHT": least}}));
        assert_eq!((heavy(2)[0]["ID"].clone(), heavy(3)), (json!(id.to_string()), json!([])));
        let plain = portal.get("toy.box.list", json!({"select": ["*"]}));
        assert!(plain[0].get("UF_TOY_SIZE").is_none() && plain[0].get("NAME").is_some(), "{plain}");
        let own = portal.get("toy.box.list", json!({"select": ["UF_*"]}));
        assert_eq!(own[0].as_object().unwrap().len(), 3, "{own}");
        let empty = json!({"id": id, "fields": {"UF_TOY_SIZE": ""}});
        assert_eq!(portal.refused("toy.box.update", empty).2, "The field \"UF_TOY_SIZE\" is required.");
        portal
            .get("toys.box.update", json!({"id": id, "fields": {"UF_TOY_WEIGHT": 3.5, "ufToySize": "big"}}));
        let typed = portal.get("toys.box.get", json!({"id": id}))["box"].clone();
        assert_eq!((&typed["ufToyWeight"], &typed["ufToySize"]), (&json!(3.5), &json!("big")));

        let described = portal.get("toy.box.fields", json!({}));
        assert_eq!(described["UF_TOY_WEIGHT"]["isDynamic"], true);
        assert_eq!(described["UF_TOY_WEIGHT"]["formLabel"], "Weight");
        assert!(described["UF_TOY_TAGS"]["isMultiple"] == true && described["NAME"]["isDynamic"] == false);

        // The rows of CRM entities know nothing of them, nor does crm.item.
        assert_eq!(portal.refused("crm.item.fields", json!({"entityTypeId": -9})).1, "NOT_FOUND");
        portal.get("toy.box.userfield.delete", json!({"id": weight}));
        assert!(portal.get("toy.box.get", json!({"id": id})).get("UF_TOY_WEIGHT").is_none());
    }
}

#[test]
fn a_noun_may_get_fields_from_a_table_of_its_module() {
    for portal in portals() {
        let mark = portal.get("toy.mark.add", json!({"fields": {"NAME": "Load"}}));
        let name = format!("MARK_{mark}");
        let id = portal
            .get("toy.shelf.add", json!({"fields": {"NAME": "Low", &name: {"value": "30", "unit": "kg"}}}));
        portal.get("toy.shelf.add", json!({"fields": {"NAME": "High"}}));
        assert_eq!(portal.get("toy.shelf.get", json!({"id": id}))[&name], "30");
        assert_eq!(portal.get("toy.shelf.fields", json!({}))[&name], "Load");
        let found = portal.get("toy.shelf.list", json!({"filter": {&name: 7}, "select": ["NAME", "MARK_*"]}));
        assert_eq!(found, json!([{"NAME": "High", &name: "7"}]), "the default");
        let plain = portal.get("toy.shelf.list", json!({"order": {&name: "DESC"}}));
        assert_eq!(plain[0], json!({"ID": id.to_string(), "NAME": "Low"}), "shown when asked for");
    }
}

#[test]
fn another_module_may_follow_the_deletion_of_a_row() {
    for portal in portals() {
        let id = portal.get("toy.shelf.add", json!({"fields": {"NAME": "Low"}}));
        portal.get("toy.shelf.delete", json!({"id": id}));
        let marks = portal.get("toy.mark.list", json!({"select": ["NAME"]}));
        assert_eq!(marks, json!([{"NAME": "Was Low"}]));
    }
}

#[test]
fn a_module_may_list_a_window_of_rows() {
    for ada in portals() {
        for name in ["Red", "Blue", "Green", "Grey", "Pink"] {
            ada.get("toy.mark.add", json!({"fields": {"NAME": name}}));
        }
        let asked = json!({"filter": {"!NAME": "Pink"}, "order": {"NAME": "DESC"}, "offset": 1, "limit": 2});
        let page = ada.page("toy.window", asked).unwrap();
        assert_eq!((page.result, page.total, page.next), (json!(["Grey", "Green"]), None, None));
        assert_eq!(ada.get("toy.window", json!({"offset": 4, "limit": 9})), json!(["Pink"]));
    }
}
