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

const RELEASES: [&str; 3] = ["2ff709c", "2026-11-29", "2026-12-01"];
/// A day after the last release's data was made.
const NOW: Moment = Moment(1_796_200_000 * 1_000_000);
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
        version: Default::default(),
        method: method.to_owned(),
        key: None,
        params: Value::from(params.clone()).into_map().unwrap_or_default(),
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        https: true,
        received: NOW,
        hop: 0,
        seen: std::sync::Arc::default(),
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

/// What of an earlier answer is not in a later one, which may have more fields and rows; as a path.
fn lost(earlier: &Json, later: &Json) -> Option<String> {
    /// What an earlier release got wrong, and what changes with every start.
    const PASSING: [&str; 3] = ["LAST_ACTIVITY_DATE", "TIMESTAMP_X", "isTransformationError"];
    match (earlier, later) {
        (Json::Object(members), Json::Object(_)) => members
            .iter()
            .filter(|(name, _)| !PASSING.contains(&name.as_str()))
            .find_map(|(name, value)| lost(value, &later[name]).map(|path| format!("{name}.{path}"))),
        (Json::Array(members), Json::Array(all)) => members
            .iter()
            .find(|member| all.iter().all(|one| lost(member, one).is_some()))
            .map(|member| format!("[{member}]")),
        // The tokens of links are made anew.
        (Json::String(text), Json::String(other)) => {
            (text.split("token=").next() != other.split("token=").next()).then(|| format!("{text}: {other}"))
        }
        (Json::Number(number), Json::Number(other)) => {
            (number.as_f64() != other.as_f64()).then(|| format!("{number}: {other}"))
        }
        _ => (earlier != later).then(|| format!("{earlier}: {later}")),
    }
}

/// The same of a whole answer: there may be more rows now.
fn lost_of_answer(earlier: &Json, later: &Json) -> Option<String> {
    let fewer = later["total"].as_u64() < earlier["total"].as_u64();
    lost(&earlier["result"], &later["result"]).or_else(|| fewer.then(|| format!("total: {}", later["total"])))
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
                    assert_eq!(
                        lost_of_answer(&asked["answer"], &answer),
                        None,
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
