//! The networks of offices: `timeman.networkrange.*`.

use std::net::IpAddr;

use engine::call::Call;
use engine::error::Result;
use engine::method::{self, Method, optional, read, required, write};
use engine::state;
use serde_json::{Value as Json, json};
use wire::{Fault, Map, Value};

use crate::SCOPE;

/// The name under which they are remembered.
const KEPT: &str = "timeman:networks";
/// Networks that there may be.
const MOST: usize = 200;
/// Letters of a name.
const LONGEST: usize = 255;

/// The methods.
pub fn methods() -> Vec<Method> {
    vec![
        read("timeman.networkrange.get", SCOPE, |call| {
            require_admin(call)?;
            Ok(Value::from(Json::from_iter(all(call)?.iter().map(Range::json))))
        })
        .about("Lists the networks of offices.")
        .example(json!({}), json!([{"ip_range": "10.0.0.0-10.255.255.255", "name": "Office"}])),
        write("timeman.networkrange.set", SCOPE, set)
            .own_words()
            .about("Replaces the networks of offices.")
            .param(required(
                "RANGES",
                method::Kind::Any,
                "ip_range and name of each network, as a list or as JSON",
            ))
            .example(
                json!({"RANGES": [{"ip_range": "192.168.0.0-192.168.255.255", "name": "Office"}]}),
                json!({"result": true}),
            ),
        read("timeman.networkrange.check", SCOPE, check)
            .own_words()
            .about("Returns the network of an office that has an address; false if none has.")
            .param(optional("IP", method::Kind::Text, "IP address; by default that of the request"))
            .example(
                json!({"IP": "10.10.255.255"}),
                json!({"ip": "10.10.255.255", "range": "10.0.0.0-10.255.255.255", "name": "Office"}),
            )
            .example(json!({"IP": "192.0.2.1"}), json!(false)),
    ]
}

/// Refuses who is no administrator.
///
/// # Errors
/// That refusal.
pub fn require_admin(call: &Call<'_, '_>) -> Result<()> {
    let denied = || Fault::new(400, "ACCESS_ERROR", "You don't have access to use this method");
    if call.caller.is_admin { Ok(()) } else { Err(denied().into()) }
}

/// A network.
#[derive(Clone, Debug)]
pub struct Range {
    text: String,
    name: String,
    ends: [IpAddr; 2],
}

impl Range {
    /// Reads one: a block `10.0.0.0-10.255.255.255`, or a single address.
    fn read(given: &Json) -> Option<Self> {
        let text = given["ip_range"].as_str()?.trim().to_owned();
        let name: String = given["name"].as_str().unwrap_or_default().trim().chars().take(LONGEST).collect();
        let (from, until) = text.split_once('-').unwrap_or((&text, &text));
        let ends: [IpAddr; 2] = [from.trim().parse().ok()?, until.trim().parse().ok()?];
        let fits = ends[0].is_ipv4() == ends[1].is_ipv4() && ends[0] <= ends[1];
        fits.then_some(Range { text, name, ends })
    }

    fn json(&self) -> Json {
        json!({"ip_range": self.text, "name": self.name})
    }

    fn has(&self, address: IpAddr) -> bool {
        address.is_ipv4() == self.ends[0].is_ipv4() && self.ends[0] <= address && address <= self.ends[1]
    }
}

/// The networks of offices until somebody sets others: the private ones.
const PRIVATE: [(&str, &str); 3] = [
    ("10.0.0.0-10.255.255.255", "10.x.x.x"),
    ("172.16.0.0-172.31.255.255", "172.x.x.x"),
    ("192.168.0.0-192.168.255.255", "192.168.x.x"),
];

/// All networks.
///
/// # Errors
/// Those of the store.
pub fn all(call: &mut Call<'_, '_>) -> Result<Vec<Range>> {
    let kept: Json = match state::get(call.tx, KEPT)? {
        Some(kept) => serde_json::from_str(&kept).unwrap_or_default(),
        None => PRIVATE.map(|(range, name)| json!({"ip_range": range, "name": name})).into_iter().collect(),
    };
    Ok(kept.as_array().into_iter().flatten().filter_map(Range::read).collect())
}

fn set(call: &mut Call<'_, '_>) -> Result<Value> {
    require_admin(call)?;
    let wrong = || Fault::new(400, "INVALID_FORMAT", "A wrong format for the RANGES field is passed");
    let given = match call.param("RANGES") {
        Some(Value::Str(text)) => serde_json::from_str::<Json>(text).map_err(|_| wrong())?,
        Some(given) if given.is_array() => {
            serde_json::from_slice(&wire::json::encode(given)).map_err(|_| wrong())?
        }
        _ => return Err(wrong().into()),
    };
    let given: Vec<Json> = match given {
        Json::Array(list) => list,
        Json::Object(map) => map.into_iter().map(|(_, value)| value).collect(),
        _ => return Err(wrong().into()),
    };
    if given.len() > MOST || given.iter().any(|one| !one["ip_range"].is_string()) {
        return Err(wrong().into());
    }
    let unfit: Vec<Json> = given.iter().filter(|one| Range::read(one).is_none()).cloned().collect();
    if !unfit.is_empty() {
        return Ok(Value::from(json!({"result": false, "error_ranges": unfit})));
    }
    let kept = Json::from_iter(given.iter().filter_map(Range::read).map(|range| range.json()));
    state::set(call.tx, KEPT, &kept.to_string())?;
    Ok(Value::under("result", true))
}

fn check(call: &mut Call<'_, '_>) -> Result<Value> {
    require_admin(call)?;
    let ranges = all(call)?;
    let address = match call.text("IP") {
        Some(text) => text.trim().parse().ok(),
        None => call.address,
    };
    Ok(address.map_or(Value::Bool(false), |address| found(&ranges, address)))
}

/// The network that has an address; false if none has.
pub fn found(ranges: &[Range], address: IpAddr) -> Value {
    let Some(range) = ranges.iter().find(|range| range.has(address)) else { return false.into() };
    let mut map = Map::with_capacity(3);
    map.push("ip", address.to_string());
    map.push("range", range.text.as_str());
    map.push("name", range.name.as_str());
    map.into_value()
}
