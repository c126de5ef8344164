//! The address fields of leads, contacts and companies. Each group of them is an address like those of `crm.address.*`: who
//! changes one changes the other. An item that has no such address yet gets one of its own, without a requisite between.

use engine::call::Call;
use engine::entity::Entity;
use engine::error::Result;
use engine::event::Happening;
use engine::noun::{Row, Saved};
use store::{Param, Tx};

/// The name of the noun of addresses.
pub const NOUN: &str = "crm.address";
/// How the names of such fields begin, and the type of the address that they are.
const GROUPS: [(&str, i64); 2] = [("ADDRESS", 1), ("REG_ADDRESS", 6)];

/// How the names go on, and the columns of the table of addresses.
const LINES: [(&str, &str); 8] = [
    ("", "address1"),
    ("_2", "address2"),
    ("_CITY", "city"),
    ("_POSTAL_CODE", "postal_code"),
    ("_REGION", "region"),
    ("_PROVINCE", "province"),
    ("_COUNTRY", "country"),
    ("_COUNTRY_CODE", "country_code"),
];

/// The field with the location.
const LOCATION: &str = "_LOC_ADDR_ID";

/// Writes the address fields of an item through that were changed.
pub fn follow(call: &mut Call<'_, '_>, saved: &Saved<'_>) -> Result<()> {
    let table = saved.row.table();
    for (prefix, type_id) in GROUPS.into_iter().filter(|(prefix, _)| table.has(prefix)) {
        let lines = |row: &Row| LINES.map(|(suffix, _)| row.text(&format!("{prefix}{suffix}")).to_owned());
        let (now, before) = (lines(saved.row), saved.old.map(lines).unwrap_or_default());
        if now != before {
            write(call, saved.row, type_id, &now)?;
            reflect(call.tx, table, saved.row.number, type_id)?;
        }
    }
    Ok(())
}

/// Makes an item show the address of that type that it has, or none.
pub fn reflect(tx: &mut Tx<'_>, entity: &Entity, id: i64, type_id: i64) -> Result<()> {
    let group = GROUPS.into_iter().find(|(prefix, own)| *own == type_id && entity.has(prefix));
    let Some((prefix, _)) = group else { return Ok(()) };
    let columns: Vec<&str> = LINES.iter().map(|(_, column)| *column).chain(["loc_addr_id"]).collect();
    let sql = format!("SELECT {} FROM crm_address {WHICH}", columns.join(", "));
    let found = tx.one(&sql, &which(entity, id, type_id), |row| {
        let mut values: Vec<Param<'static>> = Vec::with_capacity(columns.len());
        for at in 0..LINES.len() {
            values.push(row.opt_text(at)?.map(str::to_owned).into());
        }
        values.push(row.opt_int(LINES.len())?.into());
        Ok(values)
    })?;
    let mut params = found.unwrap_or_else(|| vec![Param::Null; columns.len()]);
    let suffixes = LINES.iter().map(|(suffix, _)| *suffix).chain([LOCATION]);
    let sets: Vec<String> =
        suffixes.map(|suffix| format!("{} = ?", format!("{prefix}{suffix}").to_ascii_lowercase())).collect();
    params.push(id.into());
    tx.execute(&format!("UPDATE {} SET {} WHERE id = ?", entity.table(), sets.join(", ")), &params)?;
    Ok(())
}

/// All address fields of an item, after those of another one came to it.
pub fn reflect_all(tx: &mut Tx<'_>, entity: &Entity, id: i64) -> Result<()> {
    GROUPS.iter().try_for_each(|(_, type_id)| reflect(tx, entity, id, *type_id))
}

/// The address that is meant: the item's own, otherwise that of its first requisite.
const WHICH: &str = "WHERE anchor_type_id = ? AND anchor_id = ? AND type_id = ? \
                     ORDER BY CASE WHEN entity_type_id = anchor_type_id THEN 0 ELSE 1 END, id LIMIT 1";

fn which(entity: &Entity, id: i64, type_id: i64) -> [Param<'static>; 3] {
    [entity.type_id.into(), id.into(), type_id.into()]
}

/// Writes the address that an item shows. It is a part of the item: whoever may write that may write this.
fn write(call: &mut Call<'_, '_>, item: &Row, type_id: i64, lines: &[String; 8]) -> Result<()> {
    let (entity, id) = (item.table(), item.number);
    let sql = format!("SELECT id, entity_type_id, entity_id FROM crm_address {WHICH}");
    let found =
        call.tx.one(&sql, &which(entity, id, type_id), |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?)))?;
    let mut params: Vec<Param<'_>> = lines.iter().map(|line| line.as_str().into()).collect();
    let (verb, address) = match found {
        None if lines.iter().all(String::is_empty) => return Ok(()),
        Some(address) if lines.iter().all(String::is_empty) => {
            call.tx.execute("DELETE FROM crm_address WHERE id = ?", &[address.0.into()])?;
            ("UNREGISTER", address)
        }
        Some(address) => {
            let sets: Vec<String> = LINES.iter().map(|(_, column)| format!("{column} = ?")).collect();
            params.push(address.0.into());
            call.tx.execute(&format!("UPDATE crm_address SET {} WHERE id = ?", sets.join(", ")), &params)?;
            ("REGISTER", address)
        }
        None => {
            let columns: Vec<&str> = LINES.iter().map(|(_, column)| *column).collect();
            let sql = format!(
                "INSERT INTO crm_address ({}, type_id, entity_type_id, entity_id, anchor_type_id, anchor_id) VALUES ({})",
                columns.join(", "),
                store::placeholders(columns.len() + 5)
            );
            let kind = entity.type_id;
            params.extend([type_id, kind, id, kind, id].map(Param::from));
            let address = call.tx.insert(&sql, &params)?;
            call.tx.execute("UPDATE crm_address SET loc_addr_id = id WHERE id = ?", &[address.into()])?;
            ("REGISTER", (address, kind, id))
        }
    };
    let (number, kind, owner) = address;
    let object = format!("{NOUN}:{number}");
    let readers = call.readers_of(entity, &[item.stand()]);
    call.raise_to(readers, &format!("ONCRMADDRESS{verb}"), || {
        let members = [
            ("TYPE_ID", type_id),
            ("ENTITY_TYPE_ID", kind),
            ("ENTITY_ID", owner),
            ("ANCHOR_ID", id),
            ("ANCHOR_TYPE_ID", entity.type_id),
        ];
        Happening::new(object, members.map(|(name, number)| (name, number.into())))
    });
    Ok(())
}
