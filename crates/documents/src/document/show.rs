//! What is shown of documents.

use engine::call::Call;
use engine::error::Result;
use engine::files;
use engine::moment;
use engine::noun::Row;
use wire::{Map, Value};

use crate::family::Family;
use crate::{data, template};

/// Completes a row of a list.
pub fn listed(call: &Call<'_, '_>, family: Family, row: &Row, map: &mut Map) {
    own(family, row, map);
    map.insert("stampsEnabled", row.int("stampsEnabled") == Some(1));
    for (name, id) in [("downloadUrl", "fileId"), ("pdfUrl", "pdfId"), ("imageUrl", "imageId")] {
        let link = link(call, row, id);
        map.insert(format!("{name}Machine"), link.as_str());
        map.insert(name, link);
    }
}

/// Completes a document that is shown alone.
pub fn whole(call: &mut Call<'_, '_>, family: Family, row: &Row, map: &mut Map) -> Result<()> {
    own(family, row, map);
    ["fileId", "imageId", "pdfId"].into_iter().for_each(|name| _ = map.remove(name));
    // Right after it was added its numbers are numbers, and text ever after.
    if call.method.name.ends_with(".add") {
        map.insert("id", row.number);
        map.insert("createdBy", row.int("createdBy"));
    } else if call.method.name.ends_with(".update") {
        map.insert("updatedBy", row.int("updatedBy"));
    }
    map.insert("stampsEnabled", row.int("stampsEnabled") == Some(1));
    // Nothing here makes a PDF: whoever waits for one learns that it will not come.
    map.insert("isTransformationError", row.int("pdfId").is_none());
    map.insert("pullTag", format!("TRANSFORMDOCUMENT{}", row.number));
    map.insert("emailDiskFile", Value::Null);
    let public = row.int("fileId").map_or(Ok(None), |file| files::public_link(call, file))?;
    map.insert("publicUrl", public.clone());
    for (name, id) in [("downloadUrl", "fileId"), ("pdfUrl", "pdfId"), ("imageUrl", "imageId")] {
        let link = link(call, row, id);
        map.insert(format!("{name}Machine"), link.as_str());
        map.insert(name, link);
    }
    match family {
        Family::Rest => {
            let print = link(call, row, "pdfId");
            map.insert("printUrlMachine", print.as_str());
            map.insert("printUrl", print);
            let view = public.and(row.int("publicViewTime")).map(|since| {
                let time = moment::print(&call.caller.zone, since);
                [("time".into(), Value::Str(time))].into_iter().collect::<Map>()
            });
            map.insert("publicUrlView", view);
        }
        Family::Crm => of_item(call, row, map)?,
    }
    Ok(())
}

/// What a document of an item has beyond those of other data.
fn of_item(call: &mut Call<'_, '_>, row: &Row, map: &mut Map) -> Result<()> {
    let has_stamps = template::has_stamps(call, row.int("templateId"))?;
    let reason = if has_stamps { "" } else { "No seals or signatures in the template" };
    map.insert("changeStampsEnabled", has_stamps);
    map.insert("changeStampsDisabledReason", reason);
    map.insert("changeQrCodeEnabled", false);
    map.insert("qrCodeEnabled", false);
    map.insert("changeQrCodeDisabledReason", "No QR code in the template");
    let entity = call.entity(row.int("entityTypeId").unwrap_or(0));
    let products = match entity {
        Some(entity) => Some(data::products(call, &entity, row.int("entityId").unwrap_or(0))?),
        None => None,
    };
    let mut sold = Map::with_capacity(3);
    sold.push("currencyId", products.as_ref().map_or("", |products| products.currency.as_str()));
    sold.push("totalSum", products.as_ref().map_or("0.00", |products| products.total.as_str()));
    sold.push("totalRows", products.as_ref().map_or(0, |products| products.rows as i64));
    map.insert("products", sold);
    Ok(())
}

/// Leaves what the family has.
fn own(family: Family, row: &Row, map: &mut Map) {
    let others: [&str; 2] = match family {
        Family::Rest => ["entityId", "entityTypeId"],
        Family::Crm => ["provider", "value"],
    };
    others.into_iter().for_each(|name| _ = map.remove(name));
    if row.int("updatedBy").is_none() {
        map.insert("updatedBy", Value::Null);
    }
}

/// A link to one of its files; empty where there is none.
fn link(call: &Call<'_, '_>, row: &Row, name: &str) -> String {
    row.int(name).map_or_else(String::new, |id| files::link(call.core, id, call.now))
}
