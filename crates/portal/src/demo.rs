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

use std::collections::BTreeMap;

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
        rest(&filled, tx, now)?;
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
const OWN: &str = include_str!("demo/own.json");
/// A user field of older invoices, which comes after those of tasks.
const OF_INVOICES: &str = include_str!("demo/invoices.json");
/// A field of users for the picture of their pass, and that of user 1.
const PASSES: &str = include_str!("demo/passes.json");

/// Has everything done that the modules have as their demo data. What stands on something comes after it.
fn rest(portal: &Portal, tx: &mut Tx<'_>, now: Moment) -> Result<()> {
    let all = [
        calls(catalog::DEMO),
        calls(OWN),
        calls(crm::DEMO),
        documents::demo(),
        calls(disk::DEMO),
        calls(im::DEMO),
        calls(lists::DEMO),
        calls(groups::DEMO),
        calls(tasks::DEMO),
        calls(OF_INVOICES),
        calls(catalog::DEMO_AFTER),
        calls(bots::DEMO),
        calls(openlines::DEMO),
        calls(calendar::DEMO),
        calls(feed::DEMO),
        calls(vote::DEMO),
        calls(workflows::DEMO),
        calls(telephony::DEMO),
        calls(timeman::DEMO),
        extensions::demo(),
        calls(rpa::DEMO),
        calls(sale::DEMO),
        calls(booking::DEMO),
        calls(landing::DEMO),
        calls(notes::DEMO),
        calls(PASSES),
    ];
    // The address of the administrator is not always the same.
    let own = user::find(tx, 1)?.map(|user| user.email).unwrap_or_default();
    let by_administrator = all.into_iter().flatten().map(|(name, given)| (1, name, given));
    for (user, name, given) in by_administrator.chain(mail::demo(&own)) {
        let method = modules().find_in_any(name).ok_or(wire::fault::METHOD_NOT_FOUND)?;
        portal.runner().perform_as(tx, (user, user == 1), method, params(&given), now)?;
    }
    disk::demo_attachment(tx, now)
}

/// Reads calls, each a method with its parameters, as the records of fixtures are written.
fn calls(text: &'static str) -> Vec<(&'static str, Json)> {
    let calls: Vec<BTreeMap<&str, Json>> = serde_json::from_str(text).expect("demo data is valid JSON");
    calls.into_iter().flatten().collect()
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
