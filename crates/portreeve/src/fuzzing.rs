//! The program's parsers of what others send, as the fuzz targets of `fuzz/call` reach them: each held to what must be true of
//! whatever comes.

use std::path::Path;

use hyper::StatusCode;
use portal::Portal;
use portal::files::Blobs;

use crate::archive::restore::unpack;
use crate::clone::read::further;
use crate::clone::source::{Outcome, decoded, judged, outcome};
use crate::courier::{answer, kept_headers};
use crate::filestore::FileStore;
use crate::fixtures::{self, Trouble};
use crate::http::{chunks::Chunks, head, proxy::Proxies, range};
use crate::place::Place;

/// A webhook's secret.
const SECRET: &str = "83te1pjdphsa9u15";

/// A request before hyper reads it: its end is found where it is, in however many pieces it comes; and what is rewritten
/// needs no more rewriting.
pub fn request(bytes: &[u8]) {
    let whole = head::read(bytes, 0);
    let Ok(Some(found)) = &whole else { return };
    for seen in [found.length / 2, found.length.saturating_sub(1)] {
        assert_eq!(head::read(bytes, seen).ok().flatten().map(|head| head.length), Some(found.length));
    }
    if let Some(rewritten) = &found.rewritten {
        let again = head::read(rewritten, 0).expect("a request still").expect("as whole as before");
        assert!(again.rewritten.is_none() && again.length == rewritten.len());
    }
    body(&bytes[found.length..]);
}

/// A chunked body ends at the same place in one piece and byte by byte.
fn body(bytes: &[u8]) {
    let whole = Chunks::default().follow(bytes);
    let mut chunks = Chunks::default();
    let pieces = bytes.iter().enumerate().find_map(|(at, byte)| match chunks.follow(&[*byte]) {
        Ok(None) => None,
        Ok(Some(_)) => Some(Ok(at + 1)),
        Err(malformed) => Some(Err(malformed)),
    });
    assert_eq!(whole, pieces.transpose());
}

/// Headers that are read into: a part of a file is one that the file has, and the address is one of those that are named.
pub fn headers(text: &str) {
    let mut lines = text.lines();
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    for size in [0, 1, 10, u64::MAX] {
        if let range::Wanted::Part(part) = range::wanted(Some(first), size) {
            assert!(part.start < part.end && part.end <= size, "{part:?} of {size}");
        }
    }
    let mut headers = hyper::HeaderMap::new();
    for line in [first, second] {
        if let Ok(value) = line.parse::<hyper::header::HeaderValue>() {
            headers.append("x-forwarded-for", value.clone());
            headers.append("retry-after", value.clone());
            headers.append("location", value);
        }
    }
    let networks = ["10.0.0.0/8", "::1/128"].map(|network| network.parse().expect("a network"));
    let proxies = Proxies::new(networks.into());
    let stranger = [192, 0, 2, 1].into();
    assert_eq!(proxies.origin(stranger, false, &headers).address, stranger);
    proxies.origin([10, 1, 2, 3].into(), false, &headers);
    answer::host(&headers);
    answer::patience(second, std::time::UNIX_EPOCH);
    assert!(!kept_headers::kept(&headers, &[second]).contains('\0'));
}

/// Fixtures, as the operator's API takes them: refused, or loaded; nothing stays.
pub fn fixtures(portal: &Portal, source: &str) {
    let Ok(read) = fixtures::parse(source) else { return };
    if fixtures::without_secrets(&read).is_err() {
        return;
    }
    let ready = std::sync::Arc::new(fixtures::Ready::new(read));
    match fixtures::load(portal, ready, |_, summary| Err(Trouble::Tried(summary))) {
        Ok(_) => panic!("what is only tried does not stay"),
        Err(Trouble::Portal(portal::Error::Fault(fault))) => assert!(fault.status != 500, "{fault:?}"),
        Err(Trouble::Portal(error)) => panic!("{error:?}"),
        Err(Trouble::Mistake(_) | Trouble::Tried(_)) => {}
    }
}

/// An archive that is restored into a folder, which is emptied before: everything that is written is in that folder.
pub fn restore(beside: &Path, bytes: &[u8]) {
    let data = beside.join("data");
    drop(std::fs::remove_dir_all(&data));
    std::fs::create_dir_all(&data).expect("a folder of our own");
    let files = FileStore::default();
    let blobs = Blobs::in_memory();
    let place = Place { data: data.clone(), database: None, database_connections: 14, config: None, files };
    let restored = unpack(&place, &blobs, bytes, &"archive");
    let found = std::fs::read_dir(beside).expect("a folder of our own").flatten();
    found.for_each(|entry| assert_eq!(entry.path(), data));
    let names = std::fs::read_dir(&data).expect("the folder").flatten().map(|entry| entry.file_name());
    let names: Vec<_> = names.collect();
    assert!(names.iter().all(|name| name == "portreeve.db" || name == "portreeve.db.restored"), "{names:?}");
    if let Ok((found, _)) = restored {
        assert_eq!(found, names == ["portreeve.db"]);
    }
}

/// An answer of a portal that is cloned.
pub fn cloned(bytes: &[u8]) {
    let Ok(answer) = decoded(StatusCode::OK, bytes, SECRET) else { return };
    assert!(!serde_json::to_string(&answer).expect("JSON").contains(SECRET));
    judged(StatusCode::OK, &answer);
    let sections = answer.get("result").cloned().unwrap_or_default();
    for (key, asked) in [("c0", None), ("c1", Some(50))] {
        if let Outcome::Answer(answer) = outcome(&sections, key) {
            let starts: Vec<i64> = further(asked, answer.next, answer.total).collect();
            assert!(starts.len() < 100_000 && starts.iter().all(|start| *start > asked.unwrap_or(0)));
        }
    }
}
