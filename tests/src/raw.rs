//! A connection by hand, for what no client would send.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};

/// One HTTP/1.1 connection.
pub struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    /// Connects to `host:port`.
    pub fn open(address: &str) -> std::io::Result<Connection> {
        Ok(Connection { stream: BufReader::new(TcpStream::connect(address)?) })
    }

    /// Sends bytes as they are.
    pub fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.get_mut().write_all(bytes)
    }

    /// Says that nothing more will be sent.
    pub fn finish(&mut self) {
        // The other side may have hung up already.
        let _ = self.stream.get_mut().shutdown(Shutdown::Write);
    }

    /// Reads one head: the status, and the lines after it in lower case.
    pub fn head(&mut self) -> std::io::Result<(u16, String)> {
        let mut head = String::new();
        loop {
            let mut line = String::new();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if line.trim().is_empty() && !head.is_empty() {
                break;
            }
            head += &line;
        }
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
        let status = status.ok_or(std::io::ErrorKind::InvalidData)?;
        Ok((status, head.to_ascii_lowercase()))
    }

    /// Reads one answer whole: the status and the body.
    pub fn answer(&mut self) -> std::io::Result<(u16, Vec<u8>)> {
        let (status, head) = self.head()?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length: usize =
            length.and_then(|text| text.trim().parse().ok()).ok_or(std::io::ErrorKind::InvalidData)?;
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status, body))
    }
}

impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.stream.read(buffer)
    }
}
