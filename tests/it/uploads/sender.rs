//! Sending a file piece by piece, as large as it may be: neither side has it in memory.

use it::{Connection, Hook, Server};
use serde_json::{Value, json};
use std::io::Read;

const PIECE: usize = 64 * 1024;
const BOUNDARY: &str = "a-boundary-of-a-form";

/// A content that can be made again at any place.
#[derive(Clone, Copy)]
pub struct Content {
    pub seed: u64,
    pub size: u64,
}

impl Content {
    /// The bytes from there on, no more than a piece.
    fn piece(&self, at: u64) -> Vec<u8> {
        let length = (self.size - at).min(PIECE as u64) as usize;
        let word = |number: u64| {
            let mixed = (at + number * 8 + self.seed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            (mixed ^ mixed >> 29).to_le_bytes()
        };
        let mut piece: Vec<u8> = (0..(length as u64).div_ceil(8)).flat_map(word).collect();
        piece.truncate(length);
        piece
    }

    /// Downloads what stands there and compares it.
    pub fn assert_is(&self, server: &Server, path: &str) {
        let mut connection = Connection::open(server.address()).unwrap();
        connection.send(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).unwrap();
        let (status, head) = connection.head().unwrap();
        assert_eq!(status, 200, "{head}");
        assert!(head.contains(&format!("content-length: {}\r\n", self.size)), "{head}");
        for at in (0..self.size).step_by(PIECE) {
            let expected = self.piece(at);
            let mut piece = vec![0; expected.len()];
            connection.read_exact(&mut piece).unwrap();
            assert!(piece == expected, "{} differs at {at}", self.seed);
        }
    }
}

/// A file on its way.
pub struct Upload {
    connection: Connection,
    content: Content,
    name: String,
}

/// One of which a part is sent, or everything but the answer read.
pub struct Sent {
    connection: Connection,
    name: String,
}

impl Upload {
    /// Asks where it is to be sent, and begins.
    pub fn begin(hook: &Hook, folder: &Value, name: &str, content: Content) -> Upload {
        let path =
            super::upload_url(hook, "disk.folder.uploadFile", json!({"id": folder, "data": {"NAME": name}}));
        let before = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
        );
        let length = before.len() as u64 + content.size + end().len() as u64;
        let address = hook.base().trim_start_matches("http://");
        let mut connection = Connection::open(address).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: multipart/form-data; boundary={BOUNDARY}\r\n\
             content-length: {length}\r\n\r\n{before}"
        );
        connection.send(head.as_bytes()).unwrap();
        Upload { connection, content, name: name.to_owned() }
    }

    /// Sends all of it, and gives the object that was made.
    pub fn finish(self) -> Option<Value> {
        let mut sent = self.until(u64::MAX);
        let (status, body) = sent.connection.answer().ok()?;
        let answer: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(status, 200, "{answer}");
        Some(answer["result"].clone())
    }

    /// Sends a fourth, a half, three fourths or all of it.
    pub fn part(self, number: usize) -> Sent {
        let to = self.content.size / 4 * (number as u64 % 4 + 1);
        self.until(if number % 4 == 3 { u64::MAX } else { to })
    }

    fn until(mut self, to: u64) -> Sent {
        for at in (0..self.content.size.min(to)).step_by(PIECE) {
            self.connection.send(&self.content.piece(at)).unwrap();
        }
        if to == u64::MAX {
            self.connection.send(end().as_bytes()).unwrap();
        }
        Sent { connection: self.connection, name: self.name }
    }
}

impl Sent {
    /// The name of the file, if its upload was acknowledged.
    pub fn answer(mut self) -> Option<String> {
        let (status, _) = self.connection.answer().ok()?;
        (status == 200).then_some(self.name)
    }
}

fn end() -> String {
    format!("\r\n--{BOUNDARY}--\r\n")
}
