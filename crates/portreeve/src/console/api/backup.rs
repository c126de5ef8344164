//! The whole database as a file, for administrators.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use hyper::body::Frame;
use portal::audit::{self, Action};
use portal::{Portal, keys, moment};
use store::Tx;
use tokio::sync::mpsc::{self, Receiver, Sender};
use wire::Fault;

use super::ask::Caller;
use super::refusal::Refusal;
use crate::clock;
use crate::console::Console;

/// Bytes in a part of the answer.
const PART: usize = 256 * 1024;
/// Parts that wait for a slow browser.
const WAITING: usize = 4;

/// Copies the database and sends the copy. Secrets in it are sealed under the key, which is not in it.
pub async fn make(State(console): State<Console>, who: Caller) -> Result<Response, Refusal> {
    who.administers()?;
    if console.portal.core().store.is_shared() {
        let text = "The portal's database is PostgreSQL. Back it up with pg_dump.";
        return Err(Fault::new(409, "ERROR_POSTGRES", text).into());
    }
    let now = clock::now(console.portal.core());
    let note = move |tx: &mut Tx<'_>| audit::note(tx, &who.by(), Action::BackupMade, "database", "", now);
    console.portal.core().store.write(note).await?;
    let copy = console.folder.join(format!("download-{}.db", keys::random_code(12)));
    let portal = console.portal.clone();
    let copied = tokio::task::spawn_blocking(move || copy_to(&portal, &copy)).await;
    let (file, length) = copied.map_err(|_| failed())?.map_err(|error| {
        tracing::error!(%error, "the database could not be copied for a download");
        failed()
    })?;
    let (sender, parts) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || read(file, &sender));
    let zone = &console.portal.core().zone();
    let day = &moment::print(zone, now.seconds())[..10];
    let headers = [
        (CONTENT_TYPE, "application/vnd.sqlite3".to_owned()),
        (CONTENT_LENGTH, length.to_string()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"portreeve-{day}.db\"")),
    ];
    Ok((headers, Body::new(Parts(parts))).into_response())
}

/// The copy, opened. It has no name any more, so that nothing is left when the download ends or breaks.
fn copy_to(portal: &Portal, path: &Path) -> anyhow::Result<(File, u64)> {
    portal.core().store.backup(path)?;
    let opened = File::open(path);
    fs::remove_file(path)?;
    let file = opened?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

/// Reads the file for as long as somebody takes it.
fn read(mut file: File, parts: &Sender<io::Result<Bytes>>) {
    loop {
        let mut part = vec![0; PART];
        let read = match file.read(&mut part) {
            Ok(0) => return,
            Ok(count) => {
                part.truncate(count);
                Ok(Bytes::from(part))
            }
            Err(error) => Err(error),
        };
        let broken = read.is_err();
        if parts.blocking_send(read).is_err() || broken {
            return;
        }
    }
}

fn failed() -> Fault {
    Fault::new(500, "INTERNAL_SERVER_ERROR", "The database could not be copied. See the server log.")
}

/// A body that comes in parts.
struct Parts(Receiver<io::Result<Bytes>>);

impl hyper::body::Body for Parts {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.0.poll_recv(context).map(|part| part.map(|part| part.map(Frame::data)))
    }
}
