//! Groups of properties: `sale.propertygroup.*`.

use engine::call::Call;
use engine::entity::Kind;
use engine::error::Result;
use engine::noun::{self, Access, Draft, Face, Faults, Hooks, ID, Noun, Row, Seed, field, noun};
use engine::texts::Topic;
use wire::Fault;

use super::{ORDERS, PROPERTY, SHIPMENTS};
use crate::SCOPE;
use crate::kit::{demand, faults, invalid};

const FAULTS: Faults = faults(200_940_400_001, "property group does not exist");

/// Groups of properties.
pub static GROUP: Noun = Noun {
    example: "3",
    access: Access::Administrators,
    fields: &[
        ID,
        field("personTypeId", Kind::Noun("sale.personType"), "Payer type").required().indexed().sample("1"),
        field("name", Kind::String, "Name").required().sample("Delivery"),
        field("sort", Kind::Integer, "Sort order").default("100").sample("200"),
    ],
    faces: &[Face::controller("sale.propertygroup", "propertyGroup", "propertyGroups").faults(FAULTS)],
    hooks: &Groups,
    ..noun(
        "sale.propertyGroup",
        "sale_property_group",
        SCOPE,
        ["group of properties", "groups of properties"],
    )
};

struct Groups;

impl Hooks for Groups {
    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        demand(face, draft, old, &["personTypeId", "name"])?;
        let is_empty = |name: &str| draft.get(name).is_some_and(|value| *value == store::Param::Null);
        if is_empty("name") || is_empty("personTypeId") {
            let number = if old.is_some() { 200_950_000_008 } else { 200_950_000_006 };
            return Err(Fault::numbered(400, number, "a required field is empty").into());
        }
        let Some(old) = old.filter(|old| draft.int("personTypeId") != old.int("personTypeId")) else {
            return Ok(());
        };
        match noun::has(call, &PROPERTY, &[("propsGroupId", old.number.into())])? {
            false => Ok(()),
            true => Err(invalid(face, "personTypeId")),
        }
    }

    /// Its properties go with it.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        noun::clear(call, &PROPERTY, &[("propsGroupId", row.number.into())])
    }
}

/// The properties of a new portal: of which payer type (and group), what they belong to, name, code and the flag.
const DEFAULTS: [(i64, &str, &str, &str, &str); 6] = [
    (1, ORDERS, "Full name", "FIO", "is_payer"),
    (1, ORDERS, "E-mail", "EMAIL", "is_email"),
    (1, ORDERS, "Phone", "PHONE", "is_phone"),
    (2, ORDERS, "Company", "COMPANY", "is_payer"),
    (2, ORDERS, "E-mail", "EMAIL", "is_email"),
    (1, SHIPMENTS, "Address", "ADDRESS", "is_address"),
];

/// Two groups with the usual properties.
pub const SEED: Seed = Seed {
    name: "sale.property",
    names: || {
        vec!["Contact details", "Company details", "Full name", "E-mail", "Phone", "Company", "Address"]
    },
    seed: |tx, language, _| {
        let named = |name: &'static str| language.text(Topic::Names, name);
        for (id, name) in [(1_i64, "Contact details"), (2, "Company details")] {
            let sql = "INSERT INTO sale_property_group (person_type_id, name, sort) VALUES (?, ?, 100)";
            tx.execute(sql, &[id.into(), named(name).into()])?;
        }
        for (at, (kind, registry, name, code, flag)) in (1_i64..).zip(DEFAULTS) {
            let flags = ["is_payer", "is_email", "is_phone", "is_address"]
                .map(|one| if one == flag { "Y" } else { "N" });
            let sql = "INSERT INTO sale_property (registry, person_type_id, props_group_id, name, type, code, active, util, \
                       user_props, is_filtered, sort, required, multiple, is_payer, is_email, is_phone, is_address, \
                       is_profile_name, is_zip, is_location, is_location4tax, input_field_location, is_address_from, \
                       is_address_to) VALUES (?, ?, ?, ?, 'STRING', ?, 'Y', 'N', 'Y', 'N', ?, 'N', 'N', ?, ?, ?, ?, \
                       'N', 'N', 'N', 'N', '0', 'N', 'N')";
            let mut params = vec![registry.into(), kind.into(), kind.into(), named(name).into(), code.into()];
            params.push((at * 100).into());
            params.extend(flags.map(store::Param::from));
            tx.execute(sql, &params)?;
        }
        Ok(())
    },
};
