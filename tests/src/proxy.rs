//! A CONNECT proxy that takes every host to one server, for clients that insist on port 443 and a dotted name.

use std::io::{BufRead, BufReader, Write, copy};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};

/// The proxy; it lives as long as the process.
pub struct Proxy {
    address: SocketAddr,
}

impl Proxy {
    /// Starts one in front of a server at `host:port`.
    pub fn to(server: &str) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let server = server.to_owned();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = server.clone();
                // A connection that breaks is the client's to report.
                std::thread::spawn(move || tunnel(&client, &server));
            }
        });
        Proxy { address }
    }

    /// What goes into `HTTPS_PROXY`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// Reads `CONNECT host:443 HTTP/1.1` with its headers, answers, and then only passes bytes on.
fn tunnel(client: &TcpStream, server: &str) -> std::io::Result<()> {
    let mut head = BufReader::new(client.try_clone()?);
    let mut line = String::new();
    head.read_line(&mut line)?;
    assert!(line.starts_with("CONNECT "), "a proxy for https alone got {line:?}");
    while line.trim() != "" {
        line.clear();
        head.read_line(&mut line)?;
    }
    let upstream = TcpStream::connect(server)?;
    (&mut &*client).write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (mut up, mut down) = (upstream.try_clone()?, client.try_clone()?);
    let back = std::thread::spawn(move || {
        let _ = copy(&mut &upstream, &mut down);
        let _ = down.shutdown(Shutdown::Write);
    });
    let _ = copy(&mut head, &mut up);
    let _ = up.shutdown(Shutdown::Write);
    back.join().expect("copying does not panic");
    Ok(())
}
