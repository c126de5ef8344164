//! What goes beyond the fields of products: properties in their form, the base price, authors, and what sections hold.

use std::borrow::Cow;

use rust_decimal::Decimal;
use store::Param;
use wire::{Fault, Map, Value, filter, select};

use super::{PRODUCT, base_price, faces, values, variants};
use crate::{property, ratio, stock};
use engine::call::Call;
use engine::copy::Copying;
use engine::error::Result;
use engine::noun::{self, Draft, Face, Hooks, Row, Saved, Verb};

pub(super) struct Products;

impl Hooks for Products {
    fn copying(&self, copying: &mut Copying<'_, '_>, face: &Face, row: &mut Map) -> Result<()> {
        values::copying(copying, face, row);
        if let Some(parent) = row.get("parentId").and_then(|parent| parent.get("value")).cloned() {
            row.insert("parentId", parent);
        }
        Ok(())
    }

    fn copied(&self, copying: &mut Copying<'_, '_>, _: &Face, rows: &[(i64, Map)]) -> Result<()> {
        let table = copying.shape(&PRODUCT).table;
        for field in table.fields.iter().filter(|field| property::is_listed(field)) {
            rows.iter()
                .try_for_each(|(number, _)| property::write_values(copying.tx, field, Some(*number)))?;
        }
        Ok(())
    }

    /// The newer spelling lists products of a named catalogue only, and with what tells them apart.
    fn admit(&self, call: &mut Call<'_, '_>, face: &Face, verb: Verb) -> Result<()> {
        if verb != Verb::List || face.naming.is_legacy() {
            return Ok(());
        }
        let nothing = Value::Null;
        let param = |name: &str| call.param(name).unwrap_or(&nothing);
        let selected = select::parse(param("select"));
        let lacks = |name: &str| !selected.iter().any(|field| field == name || field == "*");
        if lacks("id") || lacks("iblockId") {
            return Err(Fault::numbered(400, 0, "Required select fields: id, iblockId").into());
        }
        let mut filter = param("filter").entries();
        match filter.any(|(key, value)| filter::split(&key).1 == "iblockId" && !value.is_empty()) {
            true => Ok(()),
            false => Err(Fault::numbered(400, 0, "Required filter fields: iblockId").into()),
        }
    }

    fn read(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        given: &mut Cow<'_, Map>,
        old: Option<&Row>,
    ) -> Result<()> {
        variants::read(given);
        values::read(call, face, given, old)
    }

    fn within(&self, face: &Face) -> Option<&'static str> {
        faces::variety(face).map(|variety| variety.types)
    }

    fn prepare(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        draft: &mut Draft<'_>,
        old: Option<&Row>,
    ) -> Result<()> {
        sign(call, draft, old);
        if old.is_none() {
            draft.set("type", faces::added_type(face));
        }
        if face.path == faces::OFFERS.path {
            variants::prepare(call, draft, old)?;
        } else {
            draft.leave("parentId");
        }
        stock::keep_quantities(call, draft, old)?;
        base_price::prepare(call, draft, old);
        require_section(call, face, draft, old)
    }

    fn saved(&self, call: &mut Call<'_, '_>, _: &Face, saved: &Saved<'_>) -> Result<()> {
        if saved.old.is_none() {
            ratio::add(call.tx, saved.row.number)?;
        }
        property::follow_values(call, saved)?;
        variants::follow(call, saved.row)?;
        base_price::follow(call, saved)
    }

    /// Variants go with their product.
    fn deleting(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        noun::clear(call, &PRODUCT, &[("parentId", row.number.into())])
    }

    fn deleted(&self, call: &mut Call<'_, '_>, _: &Face, row: &Row) -> Result<()> {
        ratio::delete_all(call.tx, row.number)?;
        property::delete_values(call.tx, row.number)?;
        stock::delete_all(call.tx, row.number)?;
        base_price::delete_all(call.tx, row.number)
    }

    fn show(
        &self,
        call: &mut Call<'_, '_>,
        face: &Face,
        rows: &[Row],
        shown: &mut [Map],
        whole: bool,
    ) -> Result<()> {
        values::show(call, face, rows, shown);
        if face.naming.is_legacy() {
            return Ok(());
        }
        for (row, map) in rows.iter().zip(shown) {
            faces::variety(face)
                .iter()
                .flat_map(|variety| variety.lacks)
                .for_each(|name| _ = map.remove(name));
            variants::show(face, row, map);
            map.insert("available", if is_available(row) { "Y" } else { "N" });
            for name in ["previewPicture", "detailPicture"] {
                number_as_text(map, name);
            }
            // A product that stands alone has it as text, with all digits.
            if let Some(price) = row.decimal("purchasingPrice").filter(|_| whole) {
                map.insert("purchasingPrice", price.to_string());
            }
        }
        Ok(())
    }
}

/// Who added and who changed it, unless the request says so.
fn sign(call: &Call<'_, '_>, draft: &mut Draft<'_>, old: Option<&Row>) {
    let given = |name: &str| draft.int(name).is_some();
    let (modified, created) = (given("modifiedBy"), given("createdBy"));
    if !modified {
        draft.set("modifiedBy", call.caller.user_id);
    }
    if old.is_none() && !created {
        draft.set("createdBy", call.caller.user_id);
    }
    match (old, draft.get("dateCreate")) {
        (None, None | Some(Param::Null)) => draft.set("dateCreate", call.now.seconds()),
        (Some(_), Some(Param::Null)) => draft.leave("dateCreate"),
        _ => {}
    }
}

/// A product lies in a section of its own catalogue.
fn require_section(call: &mut Call<'_, '_>, face: &Face, draft: &Draft<'_>, old: Option<&Row>) -> Result<()> {
    let Some(section) = draft.int("iblockSectionId").filter(|id| *id != 0) else { return Ok(()) };
    let sql = "SELECT iblock_id FROM catalog_section WHERE id = ?";
    let catalog = call.tx.one(sql, &[section.into()], |row| row.opt_int(0))?.flatten();
    // Whether there is such a section at all is checked with all links.
    if catalog.is_none_or(|catalog| Param::from(catalog) == *draft.after(old, "iblockId")) {
        return Ok(());
    }
    let text = "The section must belong to the catalogue of the product";
    Err(if face.naming.is_legacy() { Fault::crm(text) } else { Fault::numbered(400, 0, text) }.into())
}

/// What is sold has stock, needs none, or may be bought without.
fn is_available(row: &Row) -> bool {
    let in_stock = row.real("quantity").is_some_and(|quantity| quantity > 0.0);
    row.text("active") == "Y"
        && (in_stock || row.text("quantityTrace") != "Y" || row.text("canBuyZero") == "Y")
}

/// The number of a picture is text on the wire.
fn number_as_text(map: &mut Map, name: &str) {
    if let Some(Value::Map(file)) = map.get_mut(name)
        && let Some(id) = file.get("id").and_then(Value::text).map(|id| id.into_owned())
    {
        file.insert("id", id);
    }
}

/// A decimal as people write it: without zeros at its end.
pub(super) fn short(number: Decimal) -> String {
    number.normalize().to_string()
}
