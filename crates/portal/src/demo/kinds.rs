//! Kinds of demo records: how many there are of each, and how one is made.

use serde_json::{Value as Json, json};
use store::Tx;
use wire::Value;

use super::dice::Dice;
use super::invented;
use crate::modules;
use crate::portal::Portal;
use engine::error::Result;
use engine::method::params;
use engine::moment::Moment;
use engine::timetable::Act;

/// Those who work in the demo portal.
const STAFF: [i64; 3] = [1, 2, 3];
const DAY: i64 = 24 * 3600;

/// A kind of records.
pub struct Kind {
    /// Its part of a thousand records.
    pub share: u32,
    /// Makes one.
    pub make: fn(&mut Maker<'_, '_>) -> Result<()>,
}

/// In the order in which they are made: those that others are about come first.
pub const KINDS: [Kind; 8] = [
    Kind { share: 20, make: product },
    Kind { share: 80, make: company },
    Kind { share: 220, make: contact },
    Kind { share: 220, make: lead },
    Kind { share: 180, make: deal },
    Kind { share: 100, make: task },
    Kind { share: 110, make: activity },
    Kind { share: 70, make: comment },
];

/// The records that others are about, by table.
pub const TABLES: [&str; 4] = ["catalog_product", "crm_company", "crm_contact", "crm_deal"];

/// The numbers of what there is of [`TABLES`], in order.
pub type World = [Vec<i64>; 4];

/// One record that is being made.
pub struct Maker<'m, 'tx> {
    pub portal: &'m Portal,
    pub tx: &'m mut Tx<'tx>,
    pub dice: Dice,
    pub world: &'m World,
    /// Its number among those of its kind, from 0, and how many these are.
    pub place: (u32, u32),
    /// When it is made.
    pub at: Moment,
}

impl Maker<'_, '_> {
    fn ask(&mut self, method: &str, given: &Json) -> Result<Value> {
        let method = modules().find(method).ok_or(wire::fault::METHOD_NOT_FOUND)?;
        Ok(self.portal.runner().perform_as(self.tx, (1, true), method, params(given), self.at)?.result)
    }

    /// One of those of a table that were there by then.
    fn earlier(&mut self, table: usize) -> Option<i64> {
        let (number, count) = (u64::from(self.place.0), u64::from(self.place.1));
        let known = &self.world[table];
        let there = (known.len() as u64 * (number + 1)).div_ceil(count.max(1)) as usize;
        let at = self.dice.below(there.max(1));
        known.get(at).copied()
    }

    /// A day so long after.
    fn day(&self, days: i64) -> String {
        wire::time::iso(self.at.seconds() + days * DAY, 0)[..10].to_owned()
    }

    /// Whether it is of the last tenth, and so hardly begun.
    fn is_recent(&self) -> bool {
        u64::from(self.place.0) * 10 >= u64::from(self.place.1) * 9
    }
}

fn product(maker: &mut Maker<'_, '_>) -> Result<()> {
    let (name, price) = (invented::product(&mut maker.dice), 20 + maker.dice.below(1_980));
    let fields = json!({
        "NAME": name, "PRICE": price, "CURRENCY_ID": "EUR", "SECTION_ID": 1 + maker.dice.below(2), "MEASURE": 5,
    });
    maker.ask("crm.product.add", &json!({"fields": fields})).map(drop)
}

fn company(maker: &mut Maker<'_, '_>) -> Result<()> {
    let dice = &mut maker.dice;
    let fields = json!({
        "TITLE": invented::company(dice),
        "COMPANY_TYPE": dice.one(&["CUSTOMER", "CUSTOMER", "SUPPLIER", "PARTNER", "OTHER"]),
        "INDUSTRY": dice.one(&["IT", "MANUFACTURING", "CONSULTING", "OTHER"]),
        "REVENUE": 10_000 * (1 + dice.below(500)), "CURRENCY_ID": "EUR",
        "ASSIGNED_BY_ID": dice.one(&STAFF),
        "PHONE": [{"VALUE": invented::phone(dice), "VALUE_TYPE": "WORK"}],
        "WEB": [{"VALUE": format!("https://company{}.example.com", maker.place.0 + 1), "VALUE_TYPE": "WORK"}],
    });
    maker.ask("crm.company.add", &json!({"fields": fields})).map(drop)
}

fn contact(maker: &mut Maker<'_, '_>) -> Result<()> {
    let company = if maker.dice.chance(70) { maker.earlier(1) } else { None };
    let dice = &mut maker.dice;
    let (first, last) = invented::person(dice);
    let fields = json!({
        "NAME": first, "LAST_NAME": last, "COMPANY_ID": company,
        "TYPE_ID": dice.one(&["CLIENT", "CLIENT", "CLIENT", "SUPPLIER", "PARTNER"]),
        "SOURCE_ID": dice.one(&SOURCES), "ASSIGNED_BY_ID": dice.one(&STAFF),
        "PHONE": [{"VALUE": invented::phone(dice), "VALUE_TYPE": dice.one(&["WORK", "MOBILE"])}],
        "EMAIL": [{"VALUE": invented::email(first, last, maker.place.0 + 1), "VALUE_TYPE": "WORK"}],
    });
    maker.ask("crm.contact.add", &json!({"fields": fields})).map(drop)
}

const SOURCES: [&str; 5] = ["WEB", "CALL", "EMAIL", "PARTNER", "TRADE_SHOW"];

fn lead(maker: &mut Maker<'_, '_>) -> Result<()> {
    let (recent, dice) = (maker.is_recent(), &mut maker.dice);
    let (first, last) = invented::person(dice);
    let stages: &[&str] =
        if recent { &["NEW", "IN_PROCESS"] } else { &["IN_PROCESS", "PROCESSED", "JUNK", "JUNK"] };
    let fields = json!({
        "TITLE": invented::wish(dice), "NAME": first, "LAST_NAME": last,
        "STATUS_ID": dice.one(stages), "SOURCE_ID": dice.one(&SOURCES), "ASSIGNED_BY_ID": dice.one(&STAFF),
        "OPPORTUNITY": 50 * dice.below(200), "CURRENCY_ID": "EUR",
        "PHONE": [{"VALUE": invented::phone(dice), "VALUE_TYPE": "MOBILE"}],
        "EMAIL": [{"VALUE": invented::email(first, last, maker.place.0 + 1), "VALUE_TYPE": "WORK"}],
    });
    maker.ask("crm.lead.add", &json!({"fields": fields})).map(drop)
}

fn deal(maker: &mut Maker<'_, '_>) -> Result<()> {
    const OPEN: [&str; 4] = ["NEW", "PREPARATION", "EXECUTING", "FINAL_INVOICE"];
    const ENDED: [&str; 6] = ["WON", "WON", "WON", "LOSE", "LOSE", "EXECUTING"];
    let (company, contact) = (maker.earlier(1), maker.earlier(2));
    let (goods, recent) = (invented::goods(&mut maker.dice), maker.is_recent());
    let stage = if recent { maker.dice.one(&OPEN) } else { maker.dice.one(&ENDED) };
    let days = 7 + maker.dice.below(80) as i64;
    let fields = json!({
        "TITLE": goods, "STAGE_ID": stage, "COMPANY_ID": company, "CONTACT_ID": contact, "CURRENCY_ID": "EUR",
        "BEGINDATE": maker.day(0), "CLOSEDATE": maker.day(days), "ASSIGNED_BY_ID": maker.dice.one(&STAFF),
        "SOURCE_ID": maker.dice.one(&SOURCES),
    });
    let id = maker.ask("crm.deal.add", &json!({"fields": fields}))?.as_int();
    let rows: Vec<Json> = (0..=maker.dice.below(3)).map(|_| row(maker)).collect();
    maker.ask("crm.deal.productrows.set", &json!({"id": id, "rows": rows})).map(drop)
}

fn row(maker: &mut Maker<'_, '_>) -> Json {
    let product = maker.earlier(0);
    let (price, quantity) = (20 + maker.dice.below(1_980), 1 + maker.dice.below(12));
    match product {
        Some(product) => json!({"PRODUCT_ID": product, "PRICE": price, "QUANTITY": quantity}),
        None => {
            json!({"PRODUCT_NAME": invented::product(&mut maker.dice), "PRICE": price, "QUANTITY": quantity})
        }
    }
}

fn task(maker: &mut Maker<'_, '_>) -> Result<()> {
    let deal = maker.earlier(3);
    let (title, days) = (invented::task(&mut maker.dice), 1 + maker.dice.below(21) as i64);
    let open = maker.is_recent() || maker.dice.chance(15);
    let mut fields = json!({
        "TITLE": title, "RESPONSIBLE_ID": maker.dice.one(&STAFF), "PRIORITY": maker.dice.one(&[1, 1, 1, 2]),
        "DEADLINE": format!("{}T17:00:00Z", maker.day(days)),
        "STATUS": if open { maker.dice.one(&[2, 2, 3]) } else { 5 },
    });
    if let Some(deal) = deal {
        fields["UF_CRM_TASK"] = json!([format!("D_{deal}")]);
    }
    maker.ask("tasks.task.add", &json!({"fields": fields})).map(drop)
}

fn activity(maker: &mut Maker<'_, '_>) -> Result<()> {
    let Some(deal) = maker.earlier(3) else { return Ok(()) };
    let (subject, days) = (invented::subject(&mut maker.dice), maker.dice.below(10) as i64);
    let who = maker.dice.one(&STAFF);
    if maker.dice.chance(30) {
        let asked = json!({
            "ownerTypeId": 2, "ownerId": deal, "deadline": format!("{}T12:00:00Z", maker.day(days)), "title": subject,
            "responsibleId": who,
        });
        return maker.ask("crm.activity.todo.add", &asked).map(drop);
    }
    let kind = maker.dice.one(&[1, 2, 2]);
    let mut fields = json!({
        "OWNER_TYPE_ID": 2, "OWNER_ID": deal, "TYPE_ID": kind, "SUBJECT": subject, "RESPONSIBLE_ID": who,
        "COMPLETED": if maker.is_recent() { "N" } else { "Y" },
    });
    if kind == 2 {
        let phone = invented::phone(&mut maker.dice);
        fields["DIRECTION"] = json!(maker.dice.one(&[1, 2]));
        fields["COMMUNICATIONS"] =
            json!([{"VALUE": phone, "ENTITY_ID": maker.earlier(2), "ENTITY_TYPE_ID": 3}]);
    }
    maker.ask("crm.activity.add", &json!({"fields": fields})).map(drop)
}

fn comment(maker: &mut Maker<'_, '_>) -> Result<()> {
    let Some(deal) = maker.earlier(3) else { return Ok(()) };
    let text = invented::comment(&mut maker.dice);
    let fields = json!({"ENTITY_ID": deal, "ENTITY_TYPE": "deal", "COMMENT": text});
    maker.ask("crm.timeline.comment.add", &json!({"fields": fields})).map(drop)
}
