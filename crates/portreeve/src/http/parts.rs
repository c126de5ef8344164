//! Bodies that are not in memory as a whole.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame};
use portal::files::Reading;
use tokio::sync::mpsc::Receiver;

/// A body that comes in parts.
pub enum Parts {
    /// The content of a file.
    Content(Reading),
    /// What a thread makes.
    Made(Receiver<io::Result<Bytes>>),
}

impl Body for Parts {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let part = match &mut *self {
            Parts::Made(parts) => parts.poll_recv(context),
            Parts::Content(reading) => reading.poll_next(context).map(|part| {
                part.map(|part| {
                    part.map_err(|error| {
                        tracing::error!(%error, "the store of files failed in the middle of a file");
                        io::Error::other(error)
                    })
                })
            }),
        };
        part.map(|part| part.map(|part| part.map(Frame::data)))
    }
}
