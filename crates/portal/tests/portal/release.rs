//! Databases of earlier releases: each is brought up to date, gets what came since, and answers as it did before.
//!
//! A release is a folder of `tests/releases`: for each engine its database, its key, and what a webhook asked it, with the
//! answers that it gave.

#![allow(clippy::unwrap_used)]

use std::io::Read;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use portal::files::Blobs;
use portal::hooks::Secret;
use portal::keys::Keys;
use portal::settings::Settings;
use portal::{Moment, Portal, Request};
use serde_json::{Value as Json, json};
use store::{Location, Options};
use testkit::Bed;
use wire::{Text, Value};

use testportal::to_json;

const RELEASES: [&str; 1] = ["2ff709c"];
/// The day after the releases' data was made.
const NOW: Moment = Moment(1_796_000_000 * 1_000_000);
/// Where the releases said that they are.
const BASE: &str = "http://127.0.0.1:9777";

/// A file of a release, unpacked.
fn unpacked(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    GzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    bytes
}

/// Fills an empty database with that of a release.
fn restore(bed: &Bed, folder: &Path) {
    match &bed.location {
        Location::Sqlite(path) => std::fs::write(path, unpacked(&folder.join("sqlite.db.gz"))).unwrap(),
        Location::Postgres(_) => {
            bed.load(String::from_utf8(unpacked(&folder.join("postgres.sql.gz"))).unwrap());
        }
    }
}

fn open(bed: &Bed, folder: &Path, blobs: &Blobs) -> Portal {
    let key = std::fs::read_to_string(folder.join(format!("{}.key", bed.engine))).unwrap();
    let keys = Keys::parse(&key).unwrap();
    Portal::open(&bed.location, &Options::default(), keys, Settings::new(BASE), blobs.clone(), NOW).unwrap()
}

/// A call of the release's own webhook, `/rest/1/{secret}/`.
fn ask(portal: &Portal, url: &str, method: &str, params: &Json) -> Json {
    let secret = url.trim_end_matches('/').rsplit('/').next().unwrap();
    let request = Request {
        credentials: Some((Text::from("1"), Secret::from(secret))),
        method: method.to_owned(),
        params: Value::from(params.clone()).into_map().unwrap_or_default(),
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        https: true,
        received: NOW,
        hop: 0,
    };
    let done = portal.call(request).wait().unwrap_or_else(|error| panic!("{method}: {error}"));
    let mut answer = json!({"result": to_json(&done.reply.result)});
    for (name, value) in [("total", done.reply.total), ("next", done.reply.next)] {
        if let Some(value) = value {
            answer[name] = value.into();
        }
    }
    answer
}

/// An answer without the dictionaries that came since.
fn without_new(mut answer: Json) -> Json {
    const NEW: [&str; 3] = ["QUOTE_STATUS", "INVOICE_STATUS", "SMART_INVOICE_STAGE"];
    let is_new = |row: &Json| {
        let of = |name: &str| row[name].as_str().is_some_and(|id| NEW.iter().any(|new| id.starts_with(new)));
        of("ENTITY_ID") || of("ID")
    };
    let Some(rows) = answer["result"].as_array_mut() else { return answer };
    let all = rows.len();
    rows.retain(|row| !is_new(row));
    let gone = (all - rows.len()) as u64;
    if let Some(total) = answer["total"].as_u64() {
        answer["total"] = (total - gone).into();
    }
    answer
}

/// An answer without what may differ: the tokens of links, and what the release got wrong.
fn comparable(answer: Json) -> Json {
    const WRONG: [&str; 2] = ["LAST_ACTIVITY_DATE", "TIMESTAMP_X"];
    match answer {
        Json::Object(members) => members
            .into_iter()
            .filter(|(name, _)| !WRONG.contains(&name.as_str()))
            .map(|(name, value)| (name, comparable(value)))
            .collect(),
        Json::Array(members) => members.into_iter().map(comparable).collect(),
        Json::String(text) => text.split("token=").next().unwrap_or_default().into(),
        // Text of JSON says 0 where the value is 0.0.
        Json::Number(number) => number.as_f64().into(),
        other => other,
    }
}

#[test]
fn a_database_of_an_earlier_release_is_brought_up_to_date() {
    for release in RELEASES {
        for bed in testkit::engines() {
            let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/releases").join(release);
            restore(&bed, &folder);
            let blobs = Blobs::in_memory();
            let kept: Json =
                serde_json::from_slice(&unpacked(&folder.join(format!("{}.json.gz", bed.engine)))).unwrap();
            let url = kept["url"].as_str().unwrap();
            // Twice: the second time there is nothing to do.
            for _ in 0..2 {
                let portal = open(&bed, &folder, &blobs);
                for asked in kept["asked"].as_array().unwrap() {
                    let method = asked["method"].as_str().unwrap();
                    let answer = ask(&portal, url, method, &asked["params"]);
                    let expected = comparable(asked["answer"].clone());
                    assert_eq!(
                        comparable(without_new(answer)),
                        expected,
                        "{method} on {} of {release}",
                        bed.engine
                    );
                }
                // What came since is there, once.
                let measures = ask(&portal, url, "crm.measure.list", &json!({}));
                assert_eq!(measures["result"].as_array().map(Vec::len), Some(5));
                let currencies = ask(&portal, url, "crm.currency.list", &json!({}));
                assert_eq!(currencies["result"][0]["BASE"], "Y");
            }
            let portal = open(&bed, &folder, &blobs);
            let fields = json!({"fields": {"ENTITY_ID": 1, "ENTITY_TYPE": "deal", "COMMENT": "new"}});
            ask(&portal, url, "crm.timeline.comment.add", &fields);
        }
    }
}
