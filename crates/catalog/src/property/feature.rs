//! Where properties are shown: `catalog.productPropertyFeature.*`.

use serde_json::json;
use wire::{Fault, Map, Value};

use super::{FAULTS as OF_PROPERTIES, PROPERTY};
use crate::{SCOPE, faults};
use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::method::{self, Method, read, required};
use engine::noun::{self, Access, Draft, Face, Faults, Hooks, ID, Noun, Refusal, Row, Verb, field, noun};
use engine::texts::Topic;

const FAULTS: Faults = Faults {
    taken: Refusal::Numbered(0, "The property already has this feature"),
    ..faults(0, "productPropertyFeature does not exist.")
};

/// The features that properties may have: module, code and what a person calls it.
const FEATURES: [(&str, &str, &str); 4] = [
    ("iblock", "LIST_PAGE_SHOW", "Show on the list page of items"),
    ("iblock", "DETAIL_PAGE_SHOW", "Show on the detail page of the item"),
    ("catalog", "IN_BASKET", "Keep in the basket"),
    ("catalog", "OFFER_TREE", "Choose a variant by it"),
];

/// Features of properties.
pub static FEATURE: Noun = Noun {
    access: Access::Shared,
    fields: &[
        ID,
        field("propertyId", Kind::Noun("catalog.productProperty"), "Property")
            .required()
            .indexed()
            .sample("1"),
        field("moduleId", Kind::String, "Module").required().sample("iblock"),
        field("featureId", Kind::String, "Feature").required().sample("DETAIL_PAGE_SHOW"),
        field("isEnabled", Kind::Char, "Enabled").required().sample("Y"),
    ],
    faces: &[Face::controller(
        "catalog.productPropertyFeature",
        "productPropertyFeature",
        "productPropertyFeatures",
    )
    .verbs(&[
        (Verb::Add, "add"),
        (Verb::Get, "get"),
        (Verb::List, "list"),
        (Verb::Update, "update"),
        (Verb::Fields, "getFields"),
    ])
    .faults(FAULTS)],
    hooks: &Features,
    ..noun(
        "catalog.productPropertyFeature",
        "catalog_property_feature",
        SCOPE,
        ["feature of a property", "features of properties"],
    )
};

struct Features;

impl Hooks for Features {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        _: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        let after = |name: &str| draft.after(old, name).clone();
        let (property, module, feature) = (after("propertyId"), after("moduleId"), after("featureId"));
        let is = |param: &store::Param<'_>, text: &str| *param == store::Param::from(text);
        if !FEATURES.iter().any(|(of, code, _)| is(&module, of) && is(&feature, code)) {
            return Err(Fault::numbered(400, 0, "Invalid property parameter set").into());
        }
        let same = "SELECT id FROM catalog_property_feature \
                    WHERE property_id = ? AND module_id = ? AND feature_id = ? AND id <> ?";
        let own = old.map_or(0, |old| old.number);
        match call.tx.one(same, &[property, module, feature, own.into()], |row| row.int(0))? {
            Some(_) => Err(FAULTS.taken.fault().into()),
            None => Ok(()),
        }
    }
}

/// The method beyond those of its face.
pub fn method() -> Method {
    read("catalog.productPropertyFeature.getAvailableFeaturesByProperty", SCOPE, available)
        .controller()
        .about("Lists the features that a property may have.")
        .param(required("propertyId", method::Kind::Id, "Property"))
        .example(json!({"propertyId": 1}), json!({"features": "*"}))
}

fn available(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("propertyId");
    let found = noun::find(
        call,
        &PROPERTY,
        &Face { faults: OF_PROPERTIES, ..PROPERTY.faces[0] },
        Act::Read,
        &[id.into()],
    );
    let row = found.map_err(|error| error.reworded(|_| FAULTS.missing.fault()))?;
    // Properties of products are in no basket, and only lists tell variants apart.
    let of_variants = row.int("iblockId") == Some(2);
    let fits = |(module, code, _): &&(&str, &str, &str)| {
        *module == "iblock" || (of_variants && (*code != "OFFER_TREE" || row.text("propertyType") == "L"))
    };
    let show = |(module, code, name): &(&'static str, &'static str, &'static str)| {
        let mut map = Map::with_capacity(3);
        map.push("featureId", *code);
        map.push("featureName", call.language.text(Topic::Names, name));
        map.push("moduleId", *module);
        Value::Map(map)
    };
    Ok(Value::under("features", FEATURES.iter().filter(fits).map(show).collect::<Vec<_>>()))
}

/// What people call them.
pub fn names() -> impl Iterator<Item = &'static str> {
    FEATURES.iter().map(|(.., name)| *name)
}
