//! The demo portal: a small company with customers, for trying things out and for the examples of methods.
//!
//! What is where is part of the examples: departments 1 "Company" with 2 "Sales" and 3 "Support" below it;
//! users 1 (the administrator), 2 Ines, 3 Otto and 4 Mira, who was dismissed; companies 1 to 5, contacts 1
//! to 20, deals 1 to 20, leads 1 to 130, quotes 1 to 3 and invoices 1 to 3; requisite 1 of company 1 with bank detail 1 and
//! addresses of the types 1 and 6, requisite 2 of company 2 with bank detail 2 and an address, and deal 1 uses requisite 1;
//! user field `UF_CRM_REGION` on each of these (1 lead, 2 deal, 3 contact, 4 company, 6 quote); pipelines 0 "General" and 2
//! "Service" of deals and 1 of invoices; smart process 1, "Equipment", with the items 1 to 3 of the type 1030, in pipeline 3
//! and in the digital workplace 1, and 2, "Warranty cases", with nothing; digital workplace 2, empty; product row 1, of deal
//! 2, and 2 and 3, of quotes 1 and 2; lead 1 linked to contact 1; timeline
//! entry 1, a comment on deal 1 with a note, and 2, a log message there; icon and logo `shop`; activities 1, a call, and
//! 2, a to-do, of deal 1, and 3, a meeting, of deal 2; settings of a recurring deal 1, with deal 21, which was its
//! template; numerator 2, region 13 and role 3 of documents; what `im` says
//! of its chats, `disk` of its storages, `lists` of its lists, and `tasks` of its tasks.

mod dice;
pub mod grow;
mod invented;
mod kinds;

use serde_json::{Value as Json, json};
use store::Tx;

use crate::modules;
use crate::portal::Portal;
use catalog;
use disk;
use documents;
use engine::error::Result;
use engine::method::params;
use engine::moment::Moment;
use engine::timetable::Act;
use groups;
use im;
use lists;
use mail;
use people::user::{self, NewUser};
use tasks;

/// Number of leads: three pages, the last one not full.
const LEADS: usize = 130;

/// Fills a portal that has nobody but its administrator, all at once or not at all. False, and nothing done,
/// when there are other users already.
pub fn load(portal: &Portal, now: Moment) -> Result<bool> {
    let filled = portal.clone();
    let job = move |tx: &mut Tx<'_>| -> Result<bool> {
        if user::list(tx)?.len() > 1 {
            return Ok(false);
        }
        staff(&filled, tx, now)?;
        customers(&filled, tx, now)?;
        own_ways(&filled, tx, now)?;
        Ok(true)
    };
    portal.core().store.write(job).wait()
}

fn staff(portal: &Portal, tx: &mut Tx<'_>, now: Moment) -> Result<()> {
    let ask = |tx: &mut Tx<'_>, method: &str, json: Json| {
        portal.runner().act_as(tx, (1, true), method, params(&json), now)
    };
    for name in ["Sales", "Support"] {
        ask(tx, "department.add", json!({"NAME": name, "PARENT": 1}))?;
    }
    let people = [
        ("ines@example.com", "Ines", "Vogel", 2),
        ("otto@example.com", "Otto", "Lang", 2),
        ("mira@example.com", "Mira", "Sand", 3),
    ];
    let mut ids = Vec::new();
    for (email, name, last_name, department) in people {
        let new = NewUser {
            email: email.to_owned(),
            name: name.to_owned(),
            last_name: last_name.to_owned(),
            is_admin: false,
            departments: vec![department],
        };
        ids.push(user::create(tx, &new, now)?);
    }
    ask(tx, "user.update", json!({"ID": 1, "NAME": "Ada", "LAST_NAME": "Berg"}))?;
    for id in 1..=3 {
        let phones = json!({
            "ID": id, "WORK_PHONE": format!("+493055500{id}"), "PERSONAL_MOBILE": format!("+4917055500{id}"),
            "UF_PHONE_INNER": format!("1{id}"),
        });
        ask(tx, "user.update", phones)?;
    }
    ask(tx, "department.update", json!({"ID": 2, "UF_HEAD": ids[0]}))?;
    user::set_active(tx, ids[2], false)?;
    let seen = "UPDATE portal_user SET last_activity_date = ? WHERE active = 'Y'";
    tx.execute(seen, &[now.seconds().into()])?;
    Ok(())
}

fn customers(portal: &Portal, tx: &mut Tx<'_>, now: Moment) -> Result<()> {
    type Fields = fn(usize) -> Json;
    let parts: [(&str, usize, Fields); 5] = [
        ("crm.company.add", COMPANIES.len(), company),
        ("crm.contact.add", CONTACTS, contact),
        ("crm.deal.add", 20, deal),
        ("crm.lead.add", LEADS, lead),
        ("crm.quote.add", QUOTES.len(), quote),
    ];
    for (method, count, fields) in parts {
        for number in 1..=count {
            let given = params(&json!({"fields": fields(number)}));
            portal.runner().act_as(tx, (1, true), method, given, now)?;
        }
    }
    Ok(())
}

/// What the company arranged for itself: a user field on every entity, numbered like the entities, and one on
/// users, a second pipeline, what deal 2 sells, and who is behind lead 1.
fn own_ways(portal: &Portal, tx: &mut Tx<'_>, now: Moment) -> Result<()> {
    let region = json!({"FIELD_NAME": "REGION", "USER_TYPE_ID": "string", "LABEL": "Region"});
    let chair = json!({"ownerType": "D", "ownerId": 2, "productId": 1, "productName": "Chair", "price": 250, "quantity": 2});
    let own = [
        ("crm.lead.userfield.add", json!({"fields": region})),
        ("crm.deal.userfield.add", json!({"fields": region})),
        ("crm.contact.userfield.add", json!({"fields": region})),
        ("crm.company.userfield.add", json!({"fields": region})),
        ("user.userfield.add", json!({"fields": region})),
        ("crm.quote.userfield.add", json!({"fields": region})),
        ("crm.category.add", json!({"entityTypeId": 2, "fields": {"name": "Service"}})),
        ("crm.item.productrow.add", json!({"fields": chair})),
        (
            "crm.quote.productrows.set",
            json!({"id": 1, "rows": [{"PRODUCT_NAME": "Desk", "PRICE": 420, "QUANTITY": 2}]}),
        ),
        (
            "crm.quote.productrows.set",
            json!({"id": 2, "rows": [{"PRODUCT_NAME": "Lamp", "PRICE": 65, "QUANTITY": 10}]}),
        ),
        (
            "crm.deal.recurring.add",
            json!({"fields": {"DEAL_ID": 4, "ACTIVE": "N", "PARAMS": {"MULTIPLE_TYPE": "day", "MULTIPLE_INTERVAL": 1}}}),
        ),
        ("crm.deal.update", json!({"id": 21, "fields": {"IS_RECURRING": "N"}})),
        ("crm.item.add", invoice(1)),
        ("crm.item.add", invoice(2)),
        ("crm.item.add", invoice(3)),
        ("crm.item.productrow.set", invoice_row(1, "Desk", 420, 2)),
        ("crm.item.productrow.set", invoice_row(2, "Lamp", 65, 10)),
        ("crm.item.productrow.set", invoice_row(3, "Repair", 180, 1)),
        ("crm.lead.contact.add", json!({"id": 1, "fields": {"CONTACT_ID": 1}})),
        ("crm.item.details.configuration.set", card()),
        ("crm.invoice.add", json!({"fields": older_invoice("Two desks", 2, "Desk", 420, "N")})),
        ("crm.invoice.add", json!({"fields": older_invoice("Monthly care", 1, "Care", 90, "Y")})),
        ("crm.invoice.add", json!({"fields": older_invoice("Yearly check", 3, "Check", 250, "Y")})),
        (
            "crm.invoice.recurring.add",
            json!({"fields": {
                "INVOICE_ID": 2, "ACTIVE": "N", "PARAMS": {"PERIOD": "month", "TYPE": 1, "NUM_DAY_IN_MONTH": 1},
            }}),
        ),
        ("crm.type.add", json!({"fields": equipment()})),
        ("crm.type.add", json!({"fields": {"title": "Warranty cases", "isStagesEnabled": "Y"}})),
        ("crm.automatedsolution.add", json!({"fields": {"title": "Workshop", "typeIds": [1]}})),
        ("crm.automatedsolution.add", json!({"fields": {"title": "Office"}})),
        ("crm.item.add", machine("Milling machine", "DT1030_3:NEW", 1)),
        ("crm.item.add", machine("Lathe", "DT1030_3:CLIENT", 2)),
        ("crm.item.add", machine("Band saw", "DT1030_3:SUCCESS", 3)),
        (
            "crm.timeline.comment.add",
            json!({"fields": {"ENTITY_ID": 1, "ENTITY_TYPE": "deal", "COMMENT": "Wants the offer by Friday"}}),
        ),
        (
            "crm.timeline.logmessage.add",
            json!({"fields": {
                "entityTypeId": 2, "entityId": 1, "title": "Website", "text": "Asked for an offer", "iconCode": "info",
            }}),
        ),
        (
            "crm.timeline.note.save",
            json!({"ownerTypeId": 2, "ownerId": 1, "itemType": 1, "itemId": 1, "text": "By mail as well"}),
        ),
        ("crm.timeline.icon.add", json!({"code": "shop", "fileContent": PIXEL})),
        ("crm.timeline.logo.add", json!({"code": "shop", "fileContent": PIXEL})),
        (
            "crm.activity.add",
            json!({"fields": {
                "OWNER_TYPE_ID": 2, "OWNER_ID": 1, "TYPE_ID": 2, "SUBJECT": "Call about the offer", "DIRECTION": 2,
                "RESPONSIBLE_ID": 1, "COMMUNICATIONS": [{"VALUE": "+4930111001", "ENTITY_ID": 1, "ENTITY_TYPE_ID": 3}],
            }}),
        ),
        (
            "crm.activity.todo.add",
            json!({"ownerTypeId": 2, "ownerId": 1, "deadline": "tomorrow", "title": "Prepare the offer"}),
        ),
        (
            "crm.activity.add",
            json!({"fields": {
                "OWNER_TYPE_ID": 2, "OWNER_ID": 2, "TYPE_ID": 1, "SUBJECT": "Meeting in the showroom",
                "RESPONSIBLE_ID": 2, "LOCATION": "Showroom", "COMPLETED": "Y",
            }}),
        ),
    ];
    let all = catalog::demo()
        .into_iter()
        .chain(own)
        .chain(crm::demo())
        .chain(documents::demo())
        .chain(disk::demo())
        .chain(im::demo())
        .chain(lists::demo())
        .chain(groups::demo())
        .chain(tasks::demo())
        .chain([("crm.invoice.userfield.add", json!({"fields": region}))])
        .chain(catalog::demo_after())
        .chain(bots::demo())
        .chain(openlines::demo())
        .chain(calendar::demo())
        .chain(feed::demo())
        .chain(vote::demo())
        .chain(workflows::demo())
        .chain(telephony::demo())
        .chain(timeman::demo())
        .chain(extensions::demo())
        .chain(rpa::demo())
        .chain(sale::demo())
        .chain(booking::demo())
        .chain(landing::demo())
        .chain(notes::demo())
        .chain(passes());
    for (name, given) in all {
        let method = modules().find_in_any(name).ok_or(wire::fault::METHOD_NOT_FOUND)?;
        portal.runner().perform_as(tx, (1, true), method, params(&given), now)?;
    }
    mails(portal, tx, now)?;
    disk::demo_attachment(tx, now)
}

/// A field of users for the picture of their pass, and that of user 1.
fn passes() -> [(&'static str, Json); 2] {
    let field = json!({"FIELD_NAME": "PASS", "USER_TYPE_ID": "file", "LABEL": "Pass"});
    let pass = json!({"ID": 1, "UF_USR_PASS": {"fileData": ["pass.png", PIXEL]}});
    [("user.userfield.add", json!({"fields": field})), ("user.update", pass)]
}

/// What people wrote to each other; the address of the administrator is not always the same.
fn mails(portal: &Portal, tx: &mut Tx<'_>, now: Moment) -> Result<()> {
    let own = user::find(tx, 1)?.map(|user| user.email).unwrap_or_default();
    for (user, name, given) in mail::demo(&own) {
        let method = modules().find_in_any(name).ok_or(wire::fault::METHOD_NOT_FOUND)?;
        portal.runner().perform_as(tx, (user, user == 1), method, params(&given), now)?;
    }
    Ok(())
}

/// An invoice of the older kind.
fn older_invoice(subject: &str, company: usize, product: &str, price: i64, recurring: &str) -> Json {
    json!({
        "ORDER_TOPIC": subject, "PERSON_TYPE_ID": 2, "PAY_SYSTEM_ID": 1, "UF_COMPANY_ID": company,
        "IS_RECURRING": recurring,
        "PRODUCT_ROWS": [{"PRODUCT_NAME": product, "PRICE": price, "QUANTITY": 2, "VAT_RATE": 0.19}],
    })
}

/// What the cards of deals show to everybody.
fn card() -> Json {
    json!({"entityTypeId": 2, "scope": "C", "data": [
        {"name": "main", "title": "About the deal", "type": "section", "elements": [
            {"name": "TITLE", "optionFlags": 1}, {"name": "OPPORTUNITY_WITH_CURRENCY"}, {"name": "CLIENT"},
        ]},
        {"name": "additional", "title": "Additional", "type": "section", "elements": [{"name": "ASSIGNED_BY_ID"}]},
    ]})
}

/// Stage and subject of the quotes.
const QUOTES: [(&str, &str); 3] =
    [("SENT", "Two desks"), ("APPROVED", "Lamps for the office"), ("DRAFT", "Service contract")];

fn quote(number: usize) -> Json {
    let (stage, subject) = QUOTES[number - 1];
    json!({
        "TITLE": subject,
        "STATUS_ID": stage,
        "CURRENCY_ID": "EUR",
        "DEAL_ID": number,
        "COMPANY_ID": 1 + (number - 1) % COMPANIES.len(),
        "CONTACT_ID": number,
        "ASSIGNED_BY_ID": responsible(number),
    })
}

/// A smart process: what the company lends to its customers.
fn equipment() -> Json {
    json!({
        "title": "Equipment", "isStagesEnabled": "Y", "isCategoriesEnabled": "Y", "isClientEnabled": "Y",
        "isLinkWithProductsEnabled": "Y", "isBeginCloseDatesEnabled": "Y", "isObserversEnabled": "Y",
        "isSourceEnabled": "Y", "isUseInUserfieldEnabled": "Y",
        "relations": {"parent": [{"entityTypeId": 2, "isChildrenListEnabled": "true"}]},
    })
}

fn machine(title: &str, stage: &str, number: usize) -> Json {
    json!({"entityTypeId": 1030, "fields": {
        "title": title, "stageId": stage, "opportunity": number * 400, "currencyId": "EUR", "companyId": number,
        "contactIds": [number, number + 5], "parentId2": number, "assignedById": responsible(number),
    }})
}

/// An invoice on one of the first stages, of the deal and the quote with its number.
fn invoice(number: usize) -> Json {
    const STAGES: [&str; 3] = ["DT31_1:N", "DT31_1:S", "DT31_1:P"];
    json!({"entityTypeId": 31, "fields": {
        "title": QUOTES[number - 1].1,
        "stageId": of(&STAGES, number),
        "currencyId": "EUR",
        "parentId2": number,
        "parentId7": number,
        "companyId": 1 + (number - 1) % COMPANIES.len(),
        "contactIds": [number],
        "assignedById": responsible(number),
    }})
}

fn invoice_row(invoice: usize, name: &str, price: i64, quantity: i64) -> Json {
    let row = json!({"productName": name, "price": price, "quantity": quantity});
    json!({"ownerType": "SI", "ownerId": invoice, "productRows": [row]})
}

/// A picture.
const PIXEL: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

const CONTACTS: usize = 20;
const COMPANIES: [&str; 5] =
    ["Nordlicht GmbH", "Blue Harbour Ltd", "Café Mirabelle", "Atelier Sofia", "Ключ и Ко"];
const FIRST_NAMES: [&str; 10] =
    ["Clara", "Jonas", "Leila", "Milan", "Olga", "Pedro", "Rosa", "Sami", "Tessa", "Viktor"];
const LAST_NAMES: [&str; 7] = ["Ahlberg", "Brandt", "Costa", "Duval", "Eriksen", "Fischer", "Gruber"];
const WISHES: [&str; 6] = [
    "Website enquiry",
    "Call back, please",
    "Price for 20 chairs",
    "Trade fair contact",
    "Office lighting",
    "Repair",
];
const SOURCES: [&str; 5] = ["WEB", "CALL", "EMAIL", "PARTNER", "TRADE_SHOW"];

fn of<'a>(list: &[&'a str], number: usize) -> &'a str {
    list[(number - 1) % list.len()]
}

/// Everything belongs to one of the three who work here.
fn responsible(number: usize) -> usize {
    1 + number % 3
}

fn company(number: usize) -> Json {
    json!({
        "TITLE": of(&COMPANIES, number),
        "COMPANY_TYPE": "CUSTOMER",
        "ASSIGNED_BY_ID": responsible(number),
        "WEB": [{"VALUE": format!("https://company{number}.example.com"), "VALUE_TYPE": "WORK"}],
    })
}

fn contact(number: usize) -> Json {
    json!({
        "NAME": of(&FIRST_NAMES, number),
        "LAST_NAME": of(&LAST_NAMES, number),
        "TYPE_ID": "CLIENT",
        "COMPANY_ID": 1 + (number - 1) % COMPANIES.len(),
        "ASSIGNED_BY_ID": responsible(number),
        "PHONE": [{"VALUE": format!("+4930111{number:03}"), "VALUE_TYPE": "WORK"}],
        "EMAIL": [{"VALUE": format!("contact{number}@example.com"), "VALUE_TYPE": "WORK"}],
    })
}

fn deal(number: usize) -> Json {
    const STAGES: [&str; 6] = ["NEW", "PREPARATION", "EXECUTING", "FINAL_INVOICE", "WON", "LOSE"];
    json!({
        "TITLE": format!("{} for {}", of(&["Chairs", "Desks", "Lamps"], number), of(&COMPANIES, number)),
        "STAGE_ID": of(&STAGES, number),
        "OPPORTUNITY": number * 250,
        "CURRENCY_ID": "EUR",
        "COMPANY_ID": 1 + (number - 1) % COMPANIES.len(),
        "CONTACT_ID": number,
        "ASSIGNED_BY_ID": responsible(number),
    })
}

fn lead(number: usize) -> Json {
    const STAGES: [&str; 4] = ["NEW", "IN_PROCESS", "PROCESSED", "JUNK"];
    json!({
        "TITLE": format!("{} #{number}", of(&WISHES, number)),
        "NAME": of(&FIRST_NAMES, number + 3),
        "LAST_NAME": of(&LAST_NAMES, number),
        "STATUS_ID": of(&STAGES, number),
        "SOURCE_ID": of(&SOURCES, number),
        "OPPORTUNITY": (number % 40) * 100,
        "CURRENCY_ID": "EUR",
        "ASSIGNED_BY_ID": responsible(number),
        "PHONE": [{"VALUE": format!("+4940222{number:03}"), "VALUE_TYPE": "MOBILE"}],
    })
}
