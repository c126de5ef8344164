//! Filling a new portal: dictionaries, the default pipeline and roles.

use store::Tx;

use super::seed::{SEEDS, Seed};
use crate::access::{Act, Level, roles};
use crate::entity::stage;
use crate::error::Result;
use crate::moment::Moment;

/// Writes what every portal starts with.
pub fn plant(tx: &mut Tx<'_>, now: Moment) -> Result<()> {
    SEEDS.iter().try_for_each(|seed| plant_entry(tx, seed, 0))?;
    // The default pipeline of deals has the number 0 (protocol 6.4).
    let sql = "INSERT INTO crm_category (id, entity_type_id, name, sort, is_default, created, origin_id, originator_id) \
               VALUES (0, 2, 'General', 300, 'Y', ?, '', '')";
    tx.execute(sql, &[now.seconds().into()])?;
    ROLES.iter().try_for_each(|role| plant_role(tx, role))
}

/// Gives a further pipeline of deals the stages that every pipeline starts with.
pub(super) fn plant_stages(tx: &mut Tx<'_>, pipeline: i64) -> Result<()> {
    let stages = SEEDS.iter().filter(|seed| seed.entity_id == "DEAL_STAGE");
    stages.into_iter().try_for_each(|seed| plant_entry(tx, seed, pipeline))
}

/// Writes an entry of a dictionary. What belongs to a pipeline beyond the default one, 0, carries its number.
fn plant_entry(tx: &mut Tx<'_>, seed: &Seed, pipeline: i64) -> Result<()> {
    let further = (pipeline != 0).then_some(pipeline);
    let dictionary = further.map_or(seed.entity_id.to_owned(), |id| format!("{}_{id}", seed.entity_id));
    let first_name = if seed.system { seed.name } else { "" };
    let sql = "INSERT INTO crm_status (entity_id, status_id, name, name_init, sort, system, category_id, color, semantics) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let params = [
        dictionary.into(),
        (stage::prefix(pipeline) + seed.status_id).into(),
        seed.name.into(),
        first_name.into(),
        seed.sort.into(),
        (if seed.system { "Y" } else { "N" }).into(),
        further.into(),
        seed.color.into(),
        seed.semantics.into(),
    ];
    tx.execute(sql, &params)?;
    Ok(())
}

/// A role that a new portal has.
struct Starter {
    name: &'static str,
    level: Level,
    members: &'static [&'static str],
}

/// The roles of a new Bitrix24: everybody is a manager of what is one's own.
const ROLES: [Starter; 4] = [
    Starter { name: "Director", level: Level::All, members: &[] },
    Starter { name: "Head of department", level: Level::SubDepartments, members: &[] },
    Starter { name: "Deputy", level: Level::Department, members: &[] },
    Starter { name: "Manager", level: Level::Own, members: &["AU"] },
];

fn plant_role(tx: &mut Tx<'_>, role: &Starter) -> Result<()> {
    let id = roles::create(tx, role.name)?;
    for entity in super::entities() {
        for act in Act::ALL {
            roles::allow(tx, id, entity.code, act, role.level)?;
        }
    }
    role.members.iter().try_for_each(|member| roles::give(tx, id, member))
}
