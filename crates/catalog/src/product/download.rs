//! `catalog.product.download` and its siblings: a file of a product.

use serde_json::json;
use store::Param;
use wire::{Fault, Value};

use super::{PRODUCT, faces};
use crate::SCOPE;
use crate::property::Property;
use engine::access::Act;
use engine::call::Call;
use engine::entity::{Field, Kind as FieldKind};
use engine::error::Result;
use engine::files;
use engine::method::{Kind, Method, read, required};
use engine::noun::{self, Face};

/// The spellings, each with a product of the demo portal and the number of its picture.
const OF: [(&Face, i64, i64); 4] =
    [(&faces::PRODUCTS, 1, 10), (&faces::SKUS, 4, 11), (&faces::OFFERS, 5, 12), (&faces::SERVICES, 6, 13)];

/// The methods.
pub fn methods() -> Vec<Method> {
    let of = |(face, product, file): (&'static Face, i64, i64)| {
        read(format!("{}.download", face.path), SCOPE, move |call| download(call, face))
            .controller()
            .sends()
            .about("Sends a file of a product, which stands in a picture or a property.")
            .param(required("fields", Kind::Fields, "Which file").with_members(vec![
                required("fileId", Kind::Id, "ID of the file"),
                required("productId", Kind::Id, "ID of the product"),
                required(
                    "fieldName",
                    Kind::Text,
                    "DETAIL_PICTURE, PREVIEW_PICTURE, or PROPERTY_ with its ID or code; or as catalog.product.get names the field",
                ),
            ]))
            .example(
                json!({"fields": {"fileId": file, "productId": product, "fieldName": "DETAIL_PICTURE"}}),
                json!({"downloadUrl": "*"}),
            )
    };
    OF.into_iter().map(of).collect()
}

fn download(call: &mut Call<'_, '_>, face: &'static Face) -> Result<Value> {
    let fields = call.fields("fields");
    let int = |name: &str| fields.get(name).and_then(Value::as_int).unwrap_or_default();
    let (file, product) = (int("fileId"), int("productId"));
    let name = fields.get("fieldName").and_then(Value::text).unwrap_or_default();
    let row = noun::find(call, &PRODUCT, face, Act::Read, &[product.into()])?;
    let held = match name.as_ref() {
        "PREVIEW_PICTURE" | "previewPicture" => row.get("previewPicture").clone(),
        "DETAIL_PICTURE" | "detailPicture" => row.get("detailPicture").clone(),
        _ => {
            let made = PRODUCT.made_fields(call);
            let named =
                |(_, field): &&(usize, Field)| field.kind == FieldKind::File && is_meant(field, &name);
            made.iter().find(named).map_or(Param::Null, |(at, _)| row.made(*at).clone())
        }
    };
    let is_held = match held {
        Param::Int(id) => id == file,
        Param::Text(list) => serde_json::from_str::<Vec<i64>>(&list).is_ok_and(|ids| ids.contains(&file)),
        _ => false,
    };
    match is_held {
        true => files::send(call, file),
        false => Err(Fault::numbered(400, 0, "File not found").into()),
    }
}

/// Whether a name means the field of a property: `PROPERTY_98`, `property98`, or `PROPERTY_` with the property's code.
fn is_meant(field: &Field, name: &str) -> bool {
    let code = Property::of(field).map(|property| property.code).filter(|code| !code.is_empty());
    let is_its_code = name.strip_prefix("PROPERTY_").is_some_and(|named| Some(named) == code);
    is_its_code || name == field.code || field.item.as_deref() == Some(name)
}
