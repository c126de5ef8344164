//! The pictures of a product: `catalog.productImage.*`. They stand in two fields of it and in its property `MORE_PHOTO`,
//! which comes into being with the first one.

use serde_json::json;
use wire::{Fault, Map, Value, select};

use super::{PRODUCT, faces};
use crate::property::{PROPERTY, Property};
use crate::{SCOPE, faults};
use engine::access::Act;
use engine::call::Call;
use engine::entity::Kind as FieldKind;
use engine::error::Result;
use engine::files;
use engine::method::{Kind, Method, Param, optional, read, required, write};
use engine::moment;
use engine::noun::{self, Face, Faults, Row};

const FAULTS: Faults = faults(0, "Product not found");

/// Products of every type, in the words of this family.
const FACE: Face = Face { faults: FAULTS, ..faces::PRODUCTS };

/// The code of the property that holds the others.
const MORE: &str = "MORE_PHOTO";

/// The types of pictures with the fields of products that hold them.
const FIELDS: [(&str, &str); 2] =
    [("DETAIL_PICTURE", "detailPicture"), ("PREVIEW_PICTURE", "previewPicture")];

const PRODUCT_ID: Param = required("productId", Kind::Id, "ID of the product");
const IMAGE_ID: Param = required("id", Kind::Id, "ID");

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        write("catalog.productImage.add", SCOPE, add)
            .controller()
            .about("Adds a picture to a product and returns it.")
            .param(required("fields", Kind::Fields, "Values by field").with_members(vec![
                PRODUCT_ID,
                optional("type", Kind::Text, "DETAIL_PICTURE, PREVIEW_PICTURE or MORE_PHOTO"),
            ]))
            .param(required("fileContent", Kind::Any, "Name and content in Base64"))
            .example(
                json!({"fields": {"productId": 1}, "fileContent": ["chair.gif", "R0lGODlhAQABAAAAACw="]}),
                json!({"productImage": {"name": "chair.gif", "type": "MORE_PHOTO"}}),
            ),
        read("catalog.productImage.get", SCOPE, get)
            .controller()
            .about("Returns a picture of a product.")
            .param(PRODUCT_ID)
            .param(IMAGE_ID)
            .example(json!({"productId": 1, "id": 10}), json!({"productImage": {"type": "DETAIL_PICTURE"}})),
        read("catalog.productImage.list", SCOPE, list)
            .controller()
            .about("Lists the pictures of a product.")
            .param(PRODUCT_ID)
            .param(optional("select", Kind::Select, "Fields to return"))
            .example(json!({"productId": 1}), json!({"productImages": "*"})),
        write("catalog.productImage.delete", SCOPE, delete)
            .controller()
            .about("Deletes a picture of a product.")
            .param(PRODUCT_ID)
            .param(IMAGE_ID)
            .example(json!({"productId": 1, "id": 10}), json!(true)),
        read("catalog.productImage.getFields", SCOPE, |_| Ok(described()))
            .controller()
            .about("Describes the fields of a picture of a product.")
            .example(json!({}), json!({"productImage": {}})),
    ]
}

/// A picture: its file and its type.
#[derive(Clone, Copy, PartialEq)]
struct Image {
    file: i64,
    kind: &'static str,
}

fn images(call: &Call<'_, '_>, product: &Row) -> Vec<Image> {
    let of_field = |(kind, field): &(&'static str, &str)| product.int(field).map(|file| Image { file, kind });
    let mut images: Vec<Image> = FIELDS.iter().filter_map(of_field).collect();
    for (at, field) in PRODUCT.made_fields(call) {
        let is_more = Property::of(&field).is_some_and(|property| {
            field.kind == FieldKind::File
                && property.code == MORE
                && product.int("iblockId") == Some(property.iblock)
        });
        if let store::Param::Text(list) = product.made(at)
            && is_more
        {
            let files: Vec<i64> = serde_json::from_str(list).unwrap_or_default();
            images.extend(files.into_iter().map(|file| Image { file, kind: MORE }));
        }
    }
    images
}

fn product(call: &mut Call<'_, '_>, id: i64, act: Act) -> Result<Row> {
    noun::find(call, &PRODUCT, &FACE, act, &[id.into()])
}

fn image(call: &Call<'_, '_>, product: &Row) -> Result<Image> {
    let wanted = call.id("id");
    let found = images(call, product).into_iter().find(|image| image.file == wanted);
    found.ok_or_else(|| Fault::numbered(400, 0, "Image not found").into())
}

fn get(call: &mut Call<'_, '_>) -> Result<Value> {
    let product = product(call, call.id("productId"), Act::Read)?;
    let image = image(call, &product)?;
    Ok(Value::under("productImage", show(call, &product, image)?))
}

fn list(call: &mut Call<'_, '_>) -> Result<Value> {
    let product = product(call, call.id("productId"), Act::Read)?;
    let wanted = select::parse(call.param("select").unwrap_or(&Value::Null));
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|one| one == name || one == "*");
    let mut shown = Vec::new();
    for image in images(call, &product) {
        let map = show(call, &product, image)?.into_map().unwrap_or_default();
        shown.push(map.into_iter().filter(|(name, _)| is_wanted(name)).collect::<Map>().into_value());
    }
    call.total = i64::try_from(shown.len()).ok();
    Ok(Value::under("productImages", shown))
}

fn show(call: &mut Call<'_, '_>, product: &Row, image: Image) -> Result<Value> {
    let file = files::find(call.tx, image.file)?;
    let link = files::link(call.core, image.file, call.now);
    let mut map = Map::with_capacity(7);
    map.push("id", image.file);
    map.push("name", file.as_ref().map_or("", |file| file.name.as_str()));
    map.push("productId", product.number);
    map.push("type", image.kind);
    map.push("createTime", file.map(|file| moment::print(&call.caller.zone, file.created)));
    map.push("downloadUrl", link.as_str());
    map.push("detailUrl", link);
    Ok(Value::Map(map))
}

fn add(call: &mut Call<'_, '_>) -> Result<Value> {
    let fields = call.fields("fields");
    let Some(id) = fields.get("productId").and_then(Value::as_int) else {
        return Err(Fault::numbered(400, 0, "Required fields: productId").into());
    };
    let kind =
        fields.get("type").and_then(Value::text).map_or_else(|| MORE.to_owned(), |kind| kind.into_owned());
    let content = call.param("fileContent").cloned().unwrap_or_default();
    let old = product(call, id, Act::Update)?;
    let before = images(call, &old);
    let file: Value = [("fileData".into(), content)].into_iter().collect::<Map>().into();
    let given = match FIELDS.iter().find(|(known, _)| *known == kind) {
        Some((_, field)) => [((*field).into(), file)].into_iter().collect::<Map>(),
        None if kind == MORE => {
            let property = more(call, old.int("iblockId").unwrap_or(1))?;
            let value: Value = [("value".into(), file)].into_iter().collect::<Map>().into();
            [(format!("property{property}").into(), Value::List(vec![value]))].into_iter().collect()
        }
        None => return Err(Fault::numbered(400, 0, "Invalid value of field type").into()),
    };
    let row = noun::update(call, &PRODUCT, &FACE, &[id.into()], &given)?;
    let new = images(call, &row).into_iter().find(|image| !before.contains(image));
    match new {
        Some(image) => Ok(Value::under("productImage", show(call, &row, image)?)),
        None => Err(Fault::numbered(400, 0, "The file has no content").into()),
    }
}

/// The property of a catalogue that holds more pictures, which is added when there is none.
fn more(call: &mut Call<'_, '_>, catalog: i64) -> Result<i64> {
    let sql = "SELECT id FROM catalog_property WHERE iblock_id = ? AND code = ? AND property_type = 'F' ORDER BY id";
    if let Some(id) = call.tx.one(sql, &[catalog.into(), MORE.into()], |row| row.int(0))? {
        return Ok(id);
    }
    let given =
        json!({"iblockId": catalog, "name": "Pictures", "code": MORE, "propertyType": "F", "multiple": "Y"});
    let given = Value::from(given).into_map().unwrap_or_default();
    Ok(noun::add(call, &PROPERTY, &PROPERTY.faces[0], &given)?.number)
}

fn delete(call: &mut Call<'_, '_>) -> Result<Value> {
    let id = call.id("productId");
    let old = product(call, id, Act::Update)?;
    let image = image(call, &old)?;
    let given = match FIELDS.iter().find(|(kind, _)| *kind == image.kind) {
        Some((_, field)) => json!({*field: {"remove": "Y"}}),
        None => {
            let property = more(call, old.int("iblockId").unwrap_or(1))?;
            json!({format!("property{property}"): [{"valueId": image.file, "value": {"remove": "Y"}}]})
        }
    };
    let given = Value::from(given).into_map().unwrap_or_default();
    noun::update(call, &PRODUCT, &FACE, &[id.into()], &given)?;
    Ok(true.into())
}

fn described() -> Value {
    let fields = [
        ("id", "integer", true, false),
        ("name", "string", true, false),
        ("productId", "integer", false, true),
        ("type", "string", false, false),
        ("createTime", "datetime", true, false),
        ("downloadUrl", "string", true, false),
        ("detailUrl", "string", true, false),
    ];
    let describe = |(name, kind, read_only, required): (&'static str, &'static str, bool, bool)| {
        let mut map = Map::with_capacity(4);
        map.push("isImmutable", false);
        map.push("isReadOnly", read_only);
        map.push("isRequired", required);
        map.push("type", kind);
        (name.into(), Value::Map(map))
    };
    Value::under("productImage", Value::Map(fields.into_iter().map(describe).collect()))
}
