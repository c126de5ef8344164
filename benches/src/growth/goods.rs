//! Products with ten properties each, in sections of a thousand.

use serde_json::{Value, json};

use super::answer;
use super::database::{counts, series};
use super::part::{Bar, Hooks, Part, Question, Who, ask};

/// Products in a section.
const IN_SECTION: u64 = 1000;

/// The number under which products are counted; those of the catalogue 1 under the next one.
const COUNTED: i64 = -2_000_000_000;

pub(super) const PART: Part = Part {
    name: "goods",
    rows: "products",
    first,
    multiply: |from, to, _| {
        vec![
            products(from, to),
            values(from, to, "'m-' || (n / 100)"),
            values(from, to, "'all'"),
            prices(from, to),
            ratios(from, to),
        ]
    },
    complete: |rows| vec![sections(rows), counts(rows, "catalog_product", &[COUNTED, COUNTED - 1])],
    tables: &["catalog_product", "catalog_price", "catalog_ratio", "catalog_section"],
    questions,
};

fn first(hooks: &Hooks) -> Result<(), String> {
    let add =
        |method: &str, fields: Value| answer(&hooks.admin, method, &json!({"fields": fields})).map(drop);
    add("catalog.section.add", json!({"iblockId": 1, "name": "Section 1"}))?;
    let kinds: [(&str, &str, &str); 10] = [
        ("S", "", "N"),
        ("N", "", "N"),
        ("L", "", "N"),
        ("S", "", "N"),
        ("S", "", "N"),
        ("S", "", "N"),
        ("S", "", "N"),
        ("S", "", "Y"),
        ("N", "", "N"),
        ("S", "Date", "N"),
    ];
    for (at, (kind, user_type, multiple)) in kinds.iter().enumerate() {
        let name = format!("Property {}", at + 1);
        let mut fields = json!({"iblockId": 1, "name": name, "propertyType": kind, "multiple": multiple});
        if !user_type.is_empty() {
            fields["userType"] = json!(user_type);
        }
        add("catalog.productProperty.add", fields)?;
    }
    for value in ["red", "blue"] {
        add("catalog.productPropertyEnum.add", json!({"propertyId": 3, "value": value, "xmlId": value}))?;
    }
    add("catalog.product.add", product())?;
    add("catalog.price.add", json!({"productId": 1, "catalogGroupId": 1, "price": 100, "currency": "USD"}))
}

/// The product that all others are made from.
fn product() -> Value {
    let mut fields = json!({
        "iblockId": 1, "name": "Chair 1", "xmlId": "chair 1", "iblockSectionId": 1, "property1": {"value": "c-0"},
        "property2": {"value": 1}, "property3": {"value": 1}, "property8": [{"value": "m-0"}, {"value": "all"}],
        "property9": {"value": 1}, "property10": {"value": "2027-01-01"},
    });
    for property in 4..=7 {
        fields[format!("property{property}")] = json!({"value": format!("text {property}")});
    }
    fields
}

fn products(from: u64, to: u64) -> String {
    let same = "iblock_id, active, barcode_multi, bundle, can_buy_zero, created_by, modified_by, preview_text_type, \
                detail_text_type, sort, subscribe, vat_included, quantity_trace, type, recur_scheme_type, without_order, currency_id, \
                property_4, property_5, property_6, property_7, property_10";
    format!(
        "INSERT INTO catalog_product (id, name, xml_id, iblock_section_id, date_create, timestamp_x, price, property_1, property_2, \
         property_3, property_8, property_9, {same}) {} \
         SELECT n, 'Chair ' || n, 'chair ' || n, 1 + n / {IN_SECTION}, date_create + n, timestamp_x + n, price + n, \
         'c-' || (n / 100), property_2 * (n / 100), CASE n % 20 WHEN 0 THEN 2 ELSE 1 END, '[\"m-' || (n / 100) || '\",\"all\"]', \
         property_9 * n, {same} FROM s CROSS JOIN (SELECT * FROM catalog_product WHERE id = 1) t",
        series(from, to)
    )
}

/// One of the values of the property that has several.
fn values(from: u64, to: u64, value: &str) -> String {
    format!(
        "INSERT INTO catalog_property_value (field_id, value, row_id) {} SELECT 8, {value}, n FROM s",
        series(from, to)
    )
}

fn prices(from: u64, to: u64) -> String {
    let same = "catalog_group_id, price, currency, timestamp_x";
    format!(
        "INSERT INTO catalog_price (id, product_id, {same}) {} SELECT n, n, {same} \
         FROM s CROSS JOIN (SELECT * FROM catalog_price WHERE id = 1) t",
        series(from, to)
    )
}

fn ratios(from: u64, to: u64) -> String {
    format!(
        "INSERT INTO catalog_ratio (id, product_id, ratio, is_default) {} SELECT n, n, ratio, is_default \
         FROM s CROSS JOIN (SELECT * FROM catalog_ratio WHERE id = 1) t",
        series(from, to)
    )
}

fn sections(rows: u64) -> String {
    format!(
        "INSERT INTO catalog_section (id, iblock_id, name, sort, active, description_type) {} \
         SELECT n, iblock_id, 'Section ' || n, sort, active, description_type \
         FROM s CROSS JOIN (SELECT * FROM catalog_section WHERE id = 1) t",
        series(2, 1 + rows / IN_SECTION)
    )
}

/// Products as the newer spelling lists them.
#[expect(clippy::needless_pass_by_value, reason = "what `json!` makes is given away")]
fn list(mut filter: Value, order: Value) -> Value {
    filter["iblockId"] = json!(1);
    json!({"filter": filter, "order": order, "select": ["id", "iblockId", "name", "price", "active", "property1", "property2", "property3", "property8"]})
}

fn uncounted(mut question: Value) -> Value {
    question["start"] = json!(-1);
    question
}

fn questions() -> Vec<Question> {
    const LIST: &str = "catalog.product.list";
    const OLD: &str = "crm.product.list";
    vec![
        ask("product: get", "catalog.product.get", |id, _| json!({"id": id})),
        ask("crm.product.get", "crm.product.get", |id, _| json!({"id": id})),
        ask("product: get, by Ann", "catalog.product.get", |id, _| json!({"id": id})).by(Who::Ann),
        ask("product: first page, with total", LIST, |_, _| list(json!({}), json!({"id": "ASC"}))),
        ask("product: newest first, with total", LIST, |_, _| list(json!({}), json!({"id": "DESC"}))),
        ask("product: in order of name, with total", LIST, |_, _| list(json!({}), json!({"name": "ASC"}))),
        ask("product: from an id on", LIST, |_, rows| {
            uncounted(list(json!({">id": rows / 2}), json!({"id": "ASC"})))
        }),
        ask("product: page at 90 % of all, with total", LIST, |_, rows| {
            let mut page = list(json!({}), json!({"id": "ASC"}));
            page["start"] = json!(rows * 9 / 10);
            page
        }),
        ask("product: by xmlId, with total", LIST, |id, _| {
            list(json!({"xmlId": format!("chair {id}")}), json!({}))
        }),
        ask("product: by section, with total", LIST, |id, _| {
            list(json!({"iblockSectionId": 1 + id / IN_SECTION}), json!({"id": "ASC"}))
        }),
        ask("product: by text property, with total", LIST, |id, _| {
            list(json!({"property1": format!("c-{}", id / 100)}), json!({"id": "ASC"}))
        }),
        ask("product: by number property, with total", LIST, |id, _| {
            list(json!({"property2": 1 + id / 100}), json!({"id": "ASC"}))
        }),
        ask("product: by range of a number property", LIST, |id, _| {
            list(json!({">=property9": id, "<property9": id + 100}), json!({"id": "ASC"}))
        }),
        ask("product: by list property, newest first", LIST, |_, _| {
            uncounted(list(json!({"property3": 2}), json!({"id": "DESC"})))
        }),
        ask("product: by two properties, with total", LIST, |id, _| {
            list(json!({"property1": format!("c-{}", id / 100), "property3": [1, 2]}), json!({"id": "ASC"}))
        }),
        ask("product: by property of several values", LIST, |id, _| {
            list(json!({"property8": format!("m-{}", id / 100)}), json!({"id": "ASC"}))
        }),
        ask("crm.product.list, with total", OLD, |_, _| json!({"order": {"ID": "DESC"}})),
        ask(
            "crm.product.list by SECTION_ID, with total",
            OLD,
            |id, _| json!({"filter": {"SECTION_ID": 1 + id / IN_SECTION}, "select": ["*", "PROPERTY_*"]}),
        ),
        ask(
            "crm.product.list by PROPERTY_1, with total",
            OLD,
            |id, _| json!({"filter": {"PROPERTY_1": format!("c-{}", id / 100)}, "select": ["*", "PROPERTY_*"]}),
        ),
        ask("product: by a part of name", LIST, |_, rows| {
            list(json!({"%name": format!("r {}", rows / 200)}), json!({}))
        })
        .bar(Bar::Shown),
        ask(
            "catalog.price.list of products",
            "catalog.price.list",
            |id, _| json!({"filter": {"productId": (id..id + 50).collect::<Vec<_>>()}, "start": -1}),
        ),
        ask("product: add", "catalog.product.add", |_, _| json!({"fields": product()})).bar(Bar::Write),
        ask(
            "product: update",
            "catalog.product.update",
            |id, _| json!({"id": id, "fields": {"property4": {"value": format!("changed {id}")}}}),
        )
        .bar(Bar::Write),
    ]
}
