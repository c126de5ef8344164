//! The methods of clients and external data: `booking.v1.{booking,waitlist}.{client,externalData}.*`.

use engine::access::Act;
use engine::call::Call;
use engine::error::Result;
use engine::method::{Kind as Given, Method, Param, read, required, write};
use engine::noun::{self, Face, Noun};
use serde_json::json;
use wire::{Map, Value};

use crate::SCOPE;
use crate::booking::{BOOKING, GET};
use crate::part::{self, CLIENT, DATUM, Owner};
use crate::waiting::{self, WAITING};
use crate::words::{id, key, members};

/// What has parts: its noun, how requests name it and answers call its clients.
#[derive(Clone, Copy)]
struct Whole {
    owner: Owner,
    noun: &'static Noun,
    face: Face,
    path: &'static str,
    param: &'static str,
    title: &'static str,
    clients: &'static str,
}

const BOOKINGS: Whole = Whole {
    owner: Owner::Booking,
    noun: &BOOKING,
    face: GET,
    path: "booking",
    param: "bookingId",
    title: "Booking",
    clients: "bookingClient",
};

const ENTRIES: Whole = Whole {
    owner: Owner::Waiting,
    noun: &WAITING,
    face: waiting::GET,
    path: "waitlist",
    param: "waitListId",
    title: "Entry of the waiting list",
    clients: "waitListClient",
};

/// The methods.
pub fn methods() -> Vec<Method> {
    let kinds = read("booking.v1.clienttype.list", SCOPE, kinds)
        .controller()
        .about("Lists the kinds of clients.")
        .example(
            json!({}),
            json!({"clientType": [{"code": "CONTACT", "module": "crm"}, {"code": "COMPANY", "module": "crm"}]}),
        );
    let parts =
        [BOOKINGS, ENTRIES].into_iter().flat_map(|whole| clients(whole).into_iter().chain(data(whole)));
    parts.chain([kinds]).collect()
}

fn kinds(_: &mut Call<'_, '_>) -> Result<Value> {
    Ok(Value::under("clientType", vec![part::kind("CONTACT"), part::kind("COMPANY")]))
}

fn clients(whole: Whole) -> Vec<Method> {
    let client = json!({"id": 1, "type": {"module": "crm", "code": "CONTACT"}});
    let path = |verb: &str| format!("booking.v1.{}.client.{verb}", whole.path);
    let list = move |call: &mut Call<'_, '_>| {
        let parts = parts(call, whole, &CLIENT)?;
        Ok(Value::under(whole.clients, parts.into_iter().map(part::shown_client).collect::<Vec<_>>()))
    };
    let set = move |call: &mut Call<'_, '_>| replace(call, whole, &CLIENT, Some(("clients", part::client)));
    vec![
        write(path("set"), SCOPE, set)
            .controller()
            .about("Sets clients in place of those that there were.")
            .param(id(whole.param, whole.title))
            .param(client_param())
            .example(json!({whole.param: 1, "clients": [client]}), json!(true)),
        read(path("list"), SCOPE, list)
            .controller()
            .about("Lists clients.")
            .param(id(whole.param, whole.title))
            .example(json!({whole.param: 1}), json!({whole.clients: [client]})),
        write(path("unset"), SCOPE, move |call: &mut Call<'_, '_>| replace(call, whole, &CLIENT, None))
            .controller()
            .about("Removes all clients.")
            .param(id(whole.param, whole.title))
            .example(json!({whole.param: 1}), json!(true)),
    ]
}

fn client_param() -> Param {
    let kind =
        required("type", Given::Fields, "Kind: module crm, code CONTACT or COMPANY").with_members(vec![
            required("module", Given::Text, "crm"),
            required("code", Given::Text, "CONTACT or COMPANY"),
        ]);
    required("clients", Given::List, "Contacts and companies")
        .with_members(vec![required("id", Given::Id, "Contact or company"), kind])
}

fn data(whole: Whole) -> Vec<Method> {
    let deal = json!({"moduleId": "crm", "entityTypeId": "DEAL", "value": "1"});
    let path = |verb: &str| format!("booking.v1.{}.externalData.{verb}", whole.path);
    let list = move |call: &mut Call<'_, '_>| {
        let parts = parts(call, whole, &DATUM)?;
        Ok(Value::under("externalData", parts.into_iter().map(part::shown_datum).collect::<Vec<_>>()))
    };
    let set =
        move |call: &mut Call<'_, '_>| replace(call, whole, &DATUM, Some(("externalData", part::datum)));
    let param = required("externalData", Given::List, "Deals").with_members(vec![
        required("moduleId", Given::Text, "crm"),
        required("entityTypeId", Given::Text, "DEAL"),
        required("value", Given::Text, "Deal"),
    ]);
    vec![
        write(path("set"), SCOPE, set)
            .controller()
            .about("Sets deals in place of those that there were.")
            .param(id(whole.param, whole.title))
            .param(param)
            .example(json!({whole.param: 1, "externalData": [deal]}), json!(true)),
        read(path("list"), SCOPE, list)
            .controller()
            .about("Lists deals.")
            .param(id(whole.param, whole.title))
            .example(json!({whole.param: 1}), json!({"externalData": [deal]})),
        write(path("unset"), SCOPE, move |call: &mut Call<'_, '_>| replace(call, whole, &DATUM, None))
            .controller()
            .about("Removes all deals.")
            .param(id(whole.param, whole.title))
            .example(json!({whole.param: 1}), json!(true)),
    ]
}

fn parts(call: &mut Call<'_, '_>, whole: Whole, noun: &'static Noun) -> Result<Vec<(&'static str, i64)>> {
    let row = noun::find(call, whole.noun, &whole.face, Act::Read, &key(call, whole.param))?;
    part::of(call, noun, (whole.owner, row.number))
}

/// How a member of a request is read.
type Reader = fn(&Map) -> Result<(&'static str, i64)>;

fn replace(
    call: &mut Call<'_, '_>,
    whole: Whole,
    noun: &'static Noun,
    given: Option<(&'static str, Reader)>,
) -> Result<Value> {
    let mut wanted = Vec::new();
    if let Some((name, reader)) = given {
        for member in members(call, name)? {
            let one = reader(&member)?;
            if !wanted.contains(&one) {
                wanted.push(one);
            }
        }
    }
    let row = noun::find(call, whole.noun, &whole.face, Act::Update, &key(call, whole.param))?;
    noun::claim(call, whole.noun, row.number)?;
    part::set(call, noun, (whole.owner, row.number), &wanted)?;
    Ok(true.into())
}
