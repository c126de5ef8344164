//! The database and all files as an archive, for administrators.

use std::fs::File;
use std::io::{self, BufWriter, Write};

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use portal::audit::{self, Action};
use portal::{Portal, keys, moment};
use store::Tx;
use tokio::sync::mpsc::{self, Sender};
use wire::Fault;

use super::ask::Caller;
use super::refusal::Refusal;
use crate::archive::{self, Source};
use crate::clock;
use crate::console::Console;
use crate::http::Parts;

/// Bytes in a part of the answer.
const PART: usize = 256 * 1024;
/// Parts that wait for a slow browser.
const WAITING: usize = 4;

/// Copies the database and sends the copy with all files. Secrets in it are sealed under the key, which is not in it.
pub async fn make(State(console): State<Console>, who: Caller) -> Result<Response, Refusal> {
    who.administers()?;
    if console.portal.core().store.is_shared() {
        let text = "The portal's database is PostgreSQL. Back it up with pg_dump, and the files with portreeve backup --files-only.";
        return Err(Fault::new(409, "ERROR_POSTGRES", text).into());
    }
    let now = clock::now(console.portal.core());
    let note = move |tx: &mut Tx<'_>| audit::note(tx, &who.by(), Action::BackupMade, "database", "", now);
    console.portal.core().store.write(note).await?;
    let copy = console.folder.join(format!("download-{}.db", keys::random_code(12)));
    let portal = console.portal.clone();
    let copied = tokio::task::spawn_blocking(move || archive::copy_database(&portal, &copy)).await;
    let database = copied.map_err(|_| failed())?.map_err(|error| {
        tracing::error!(%error, "the database could not be copied for a download");
        failed()
    })?;
    let (sender, parts) = mpsc::channel(WAITING);
    let portal = console.portal.clone();
    tokio::task::spawn_blocking(move || send(&portal, database, &sender));
    let zone = &console.portal.core().zone();
    let day = &moment::print(zone, now.seconds())[..10];
    let headers = [
        (CONTENT_TYPE, "application/x-tar".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"portreeve-{day}.tar\"")),
    ];
    Ok((headers, Body::new(Parts::Made(parts))).into_response())
}

/// Writes the archive for as long as somebody takes it.
fn send(portal: &Portal, database: File, parts: &Sender<io::Result<Bytes>>) {
    let source = Source { portal, database: Some(database) };
    let outlet = BufWriter::with_capacity(PART, Outlet(parts.clone()));
    let written = archive::write(source, outlet).and_then(|(mut outlet, _)| Ok(outlet.flush()?));
    if let Err(error) = written {
        // Without its end the browser sees that the archive is not whole; one that is gone needs no error.
        if parts.blocking_send(Err(io::Error::other("the backup failed"))).is_ok() {
            tracing::error!(%error, "a backup could not be made for a download");
        }
    }
}

/// Hands what is written to the answer.
struct Outlet(Sender<io::Result<Bytes>>);

impl Write for Outlet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn failed() -> Fault {
    Fault::new(500, "INTERNAL_SERVER_ERROR", "The database could not be copied. See the server log.")
}
