//! `portreeve health`: asks the server of this machine how it is, for containers and scripts.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::cli::say;

/// How long the server may take to say anything; it gives up on its database sooner.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes that are read of an answer; it has far fewer.
const MOST: u64 = 8192;

/// Prints what the server that listens on an address says.
///
/// # Errors
/// When nothing answers, and when the portal does not work.
pub fn run(listen: SocketAddr) -> Result<()> {
    match look(listen)? {
        (200, body) => say(body),
        (_, body) => bail!("the portal does not work: {body}"),
    }
    Ok(())
}

/// What the server that listens on an address says: the status and the body.
///
/// # Errors
/// When nothing answers, or something else.
pub fn look(listen: SocketAddr) -> Result<(u16, String)> {
    let address = on_this_machine(listen);
    let answer = ask(address).with_context(|| format!("no server answers on {address}"))?;
    let other = || format!("what answers on {address} is no portal");
    let (head, body) = answer.split_once("\r\n\r\n").with_context(other)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).with_context(other)?;
    Ok((status, body.to_owned()))
}

/// A server that listens on every address is asked on the one that never leaves the machine.
fn on_this_machine(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() {
            Ipv4Addr::LOCALHOST.into()
        } else {
            Ipv6Addr::LOCALHOST.into()
        });
    }
    address
}

/// Plain http, to which a port for https answers as well.
fn ask(address: SocketAddr) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET /health HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.take(MOST).read_to_string(&mut answer)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_has_one_of_this_machine() {
        let asked = |listen: &str| on_this_machine(listen.parse().unwrap()).to_string();
        assert_eq!(asked("0.0.0.0:8080"), "127.0.0.1:8080");
        assert_eq!(asked("[::]:443"), "[::1]:443");
        assert_eq!(asked("192.0.2.1:80"), "192.0.2.1:80");
    }
}
