//! Streams of server-sent events.

use std::io::Read;

use serde_json::Value;

use crate::{Browser, Connection, Server};

/// A stream of server-sent events.
pub struct Events(Connection);

impl Events {
    /// Opens it in a browser; else the status and the head of the refusal.
    pub fn open(server: &Server, browser: &Browser, path: &str) -> Result<Events, (u16, String)> {
        let mut connection = Connection::open(server.address()).expect("the stream is as it should be");
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\n\r\n",
            server.address(),
            browser.cookie()
        );
        connection.send(request.as_bytes()).expect("the stream is as it should be");
        let (status, head) = connection.head().expect("the stream is as it should be");
        if status != 200 {
            return Err((status, head));
        }
        assert!(head.contains("content-type: text/event-stream") && head.contains("cache-control: no-store"));
        Ok(Events(connection))
    }

    /// What the next chunk holds; `None` at the end.
    pub fn chunk(&mut self) -> Option<String> {
        let mut size = String::new();
        while !size.ends_with("\r\n") {
            let mut byte = [0];
            if self.0.read(&mut byte).unwrap_or(0) == 0 {
                return None;
            }
            size.push(char::from(byte[0]));
        }
        let size = usize::from_str_radix(size.trim(), 16).expect("the stream is as it should be");
        let mut chunk = vec![0; size + 2];
        self.0.read_exact(&mut chunk).expect("the stream is as it should be");
        (size > 0).then(|| String::from_utf8(chunk[..size].to_vec()).expect("the stream is as it should be"))
    }

    /// The next page that is as it should be.
    pub fn page(&mut self, right: impl Fn(&Value) -> bool) -> Value {
        loop {
            let text = self.chunk().expect("the stream goes on");
            let Some((_, data)) = text.split_once("\ndata: ") else { continue };
            let page = serde_json::from_str(data.trim_end()).expect("the stream is as it should be");
            if right(&page) {
                return page;
            }
        }
    }
}
