//! `crm.{lead,deal,quote,company}.contact.*` and `crm.contact.company.*`: the links of an item, one by one or all at once.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::json;
use wire::{Fault, Map, Value};

use super::SCOPE;
use engine::access::Act;
use engine::call::Call;
use engine::entity::binding::{self, Binding};
use engine::entity::compare::{Before, Beyond};
use engine::entity::ends::Ends;
use engine::entity::link::{self, By, Refused};
use engine::entity::owner::{standing, touch};
use engine::entity::{Entity, Field, Kind, describe};
use engine::error::{Error, Result};
use engine::input::{flag, int, yes_no};
use engine::method::{self, Method, Param as Given, optional, read, required, write};

/// One kind of link: whose, and towards what.
#[derive(Clone, Copy)]
struct Family {
    owner: i64,
    target: i64,
    /// Name in the methods, `contact`
    name: &'static str,
    /// How a sentence calls many
    plural: &'static str,
    /// Member of a link that names the target
    key: &'static str,
    title: &'static str,
}

const CONTACTS: [i64; 4] = [1, 2, 4, 7];

fn families() -> impl Iterator<Item = Family> {
    let contacts = CONTACTS.into_iter().map(|owner| Family {
        owner,
        target: 3,
        name: "contact",
        plural: "contacts",
        key: "CONTACT_ID",
        title: "Contact",
    });
    let companies = Family {
        owner: 3,
        target: 4,
        name: "company",
        plural: "companies",
        key: "COMPANY_ID",
        title: "Company",
    };
    contacts.chain([companies])
}

/// The methods.
pub fn methods() -> Vec<Method> {
    let entities = super::entities();
    let of = |family: Family| {
        let owner = entities.iter().find(|entity| entity.type_id == family.owner);
        owner.map(|owner| methods_of(owner, family)).unwrap_or_default()
    };
    families().flat_map(of).collect()
}

fn methods_of(owner: &Entity, family: Family) -> Vec<Method> {
    let (one, other, others) = (owner.title.to_lowercase(), family.name, family.plural);
    let name = |verb: &str| format!("crm.{}.{other}.{verb}", owner.name);
    let id = |complaint| {
        required("id", method::Kind::Id, "ID of the item whose links to use").or_complain(complaint)
    };
    let quoted = || id("The parameter 'ownerEntityID' is invalid or not defined.");
    let plain = || id("The parameter ownerEntityID is invalid or not defined.");
    vec![
        write(name("add"), SCOPE, move |call| add(call, family))
            .about(format!("Links a {other} to a {one} or updates the existing link."))
            .param(quoted())
            .param(fields("The link").with_members(link(family)))
            .example(json!({"id": 1, "fields": {family.key: 2, "IS_PRIMARY": "Y"}}), json!(true)),
        write(name("delete"), SCOPE, move |call| delete(call, family))
            .about(format!("Unlinks a {other} from a {one}."))
            .param(quoted())
            .param(fields("The link").with_members(link(family).into_iter().take(1).collect()))
            .example(json!({"id": 1, "fields": {family.key: 1}}), json!(true)),
        read(name("fields"), SCOPE, move |call| Ok(fields_of(call, family)))
            .about(format!("Describes the link between a {one} and a {other}."))
            .example(json!({}), json!({family.key: {"type": "integer", "isRequired": true}})),
        read(name("items.get"), SCOPE, move |call| items_get(call, family))
            .about(format!("Lists the {others} linked to a {one}, in order."))
            .param(plain())
            .example(json!({"id": 1}), json!("*")),
        write(name("items.set"), SCOPE, move |call| items_set(call, family))
            .about(format!("Replaces the {others} linked to a {one}."))
            .param(plain())
            .param(
                required(
                    "items",
                    method::Kind::List,
                    "Links, each with the ID of the linked item, IS_PRIMARY, SORT, ROLE_ID",
                )
                .or_complain("The parameter items must be array."),
            )
            .example(
                json!({"id": 1, "items": [{family.key: 2}, {family.key: 3, "IS_PRIMARY": "Y"}]}),
                json!(true),
            ),
        write(name("items.delete"), SCOPE, move |call| items_delete(call, family))
            .about(format!("Unlinks all {others} from a {one}."))
            .param(plain())
            .example(json!({"id": 1}), json!(true)),
    ]
}

/// What a link consists of, the linked item first.
fn link(family: Family) -> Vec<Given> {
    vec![
        required(family.key, method::Kind::Id, "ID of the linked item"),
        optional("IS_PRIMARY", method::Kind::Flag, "Whether it is the primary one"),
        optional("SORT", method::Kind::Int, "Sort index"),
        optional("ROLE_ID", method::Kind::Int, "Role"),
    ]
}

fn fields(about: &'static str) -> Given {
    required("fields", method::Kind::Fields, about).or_complain("The parameter 'fields' must be array.")
}

fn add(call: &mut Call<'_, '_>, family: Family) -> Result<Value> {
    let (owner, id) = target(call, family, Act::Update)?;
    let fields = call.fields("fields");
    let other = other_end(&fields, family)?;
    let mut links = binding::load(call.tx, family.ends(), id)?;
    if links.iter().any(|link| link.target == other) {
        return Ok(false.into());
    }
    let last = links.iter().map(|link| link.sort).max().unwrap_or(0);
    let link = Binding {
        target: other,
        sort: int(&fields, "SORT").unwrap_or(last + 10),
        role_id: int(&fields, "ROLE_ID").unwrap_or(0),
        is_primary: flag(&fields, "IS_PRIMARY").unwrap_or(false),
    };
    // The new one comes first, so that of two primary links it is the one that stays so.
    links.insert(0, link);
    replace(call, family, (&owner, id), links)
}

fn delete(call: &mut Call<'_, '_>, family: Family) -> Result<Value> {
    let (owner, id) = target(call, family, Act::Update)?;
    let other = other_end(&call.fields("fields"), family)?;
    let mut links = binding::load(call.tx, family.ends(), id)?;
    let Some(at) = links.iter().position(|link| link.target == other) else { return Ok(false.into()) };
    links.remove(at);
    replace(call, family, (&owner, id), links)
}

fn items_get(call: &mut Call<'_, '_>, family: Family) -> Result<Value> {
    let (_, id) = target(call, family, Act::Read)?;
    let links = binding::load(call.tx, family.ends(), id)?;
    let show = |link: &Binding| {
        let mut map = Map::with_capacity(4);
        map.push(family.key, link.target);
        map.push("SORT", link.sort);
        map.push("ROLE_ID", link.role_id);
        map.push("IS_PRIMARY", yes_no(link.is_primary));
        Value::Map(map)
    };
    Ok(links.iter().map(show).collect::<Vec<_>>().into())
}

fn items_set(call: &mut Call<'_, '_>, family: Family) -> Result<Value> {
    let (owner, id) = target(call, family, Act::Update)?;
    let given = call.param("items").cloned().unwrap_or_default();
    let links = read_links(&given, family);
    replace(call, family, (&owner, id), links)
}

fn items_delete(call: &mut Call<'_, '_>, family: Family) -> Result<Value> {
    let (owner, id) = target(call, family, Act::Update)?;
    replace(call, family, (&owner, id), Vec::new())
}

/// The links that a list describes; members without an id are left out, of two with the same the first counts.
fn read_links(list: &Value, family: Family) -> Vec<Binding> {
    let (mut links, mut known) = (Vec::new(), HashSet::new());
    for (place, item) in list.items().enumerate() {
        let fields = item.clone().into_map().unwrap_or_default();
        let Some(target) = int(&fields, family.key).filter(|id| *id > 0) else { continue };
        if known.insert(target) {
            links.push(Binding {
                target,
                sort: int(&fields, "SORT").unwrap_or((place as i64 + 1) * 10),
                role_id: int(&fields, "ROLE_ID").unwrap_or(0),
                is_primary: flag(&fields, "IS_PRIMARY").unwrap_or(false),
            });
        }
    }
    links
}

/// Makes these the item's links: one of them is primary, the first that says so or else the first of all.
fn replace(
    call: &mut Call<'_, '_>,
    family: Family,
    (owner, id): (&Entity, i64),
    mut links: Vec<Binding>,
) -> Result<Value> {
    let first = links.iter().enumerate().min_by_key(|(at, link)| (link.sort, *at)).map(|(at, _)| at);
    let primary = links.iter().position(|link| link.is_primary).or(first);
    links.iter_mut().enumerate().for_each(|(at, link)| link.is_primary = Some(at) == primary);
    let links = link::allow(call, family.ends(), Some(id), By::List, links)?;
    let before = Before::of(call, owner, id, Beyond { links: true, ..Beyond::default() })?;
    link::store(call, owner, id, &[links.map_err(|why| family.refusal(why))?])?;
    touch(call, owner, id, before)?;
    Ok(true.into())
}

fn other_end(fields: &Map, family: Family) -> Result<i64> {
    let id = int(fields, family.key).filter(|id| *id > 0);
    Ok(id.ok_or_else(|| Fault::crm("The parameter 'fields' is not valid."))?)
}

/// The item whose links are meant, when the caller may do that to it.
fn target(call: &mut Call<'_, '_>, family: Family, act: Act) -> Result<(Arc<Entity>, i64)> {
    let owner = call.entity(family.owner).expect("the classic entities are always there");
    let id = call.id("id");
    let [denied, missing] = [Refused::Denied, Refused::Missing].map(|why| family.refusal(why));
    standing(call, &owner, id, act)?.require(denied, missing)?;
    Ok((owner, id))
}

fn fields_of(call: &Call<'_, '_>, family: Family) -> Value {
    // ROLE_ID is answered, but the real system does not describe it.
    let fields = [
        Field::new("SORT", Kind::Integer, "Sort index"),
        Field::new("IS_PRIMARY", Kind::Char, "Primary"),
        Field::new(family.key, Kind::Integer, family.title).required(),
    ];
    fields
        .iter()
        .map(|field| {
            (field.code.as_ref().into(), describe::plain(field, field.kind.wire_name(), call.language))
        })
        .collect::<Map>()
        .into_value()
}

impl Family {
    fn ends(self) -> Ends {
        Ends { owner: self.owner, target: self.target }
    }

    fn refusal(self, why: Refused) -> Error {
        match why {
            Refused::Denied => Fault::new(400, "ACCESS_DENIED", "Access denied!").into(),
            // Leads give this error a code, the others do not.
            Refused::Missing => {
                Fault::new(400, if self.owner == 1 { "NOT_FOUND" } else { "" }, "Not found.").into()
            }
        }
    }
}
