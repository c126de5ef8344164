//! A name server, for hosts that resolve to what a test says.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::thread::JoinHandle;

/// The server. It says that its names have addresses of IPv4 and none of IPv6, and that nobody may remember it.
pub struct Names {
    address: SocketAddr,
    serving: Option<JoinHandle<()>>,
}

/// Types of records (RFC 1035, 3.2.2), in the one class that there is.
const A: [u8; 4] = [0, 1, 0, 1];
/// A name that was said before, at the beginning of the question (RFC 1035, 4.1.4).
const AS_ASKED: [u8; 2] = [0xc0, 12];
/// Where the question begins.
const QUESTION: usize = 12;

impl Names {
    /// Starts one. `resolve` gets a name in lower case and how often it was asked for before.
    pub fn start(resolve: impl Fn(&str, usize) -> Vec<Ipv4Addr> + Send + 'static) -> Names {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let address = socket.local_addr().expect("a bound socket has an address");
        let serving = std::thread::spawn(move || {
            let mut asked: HashMap<String, usize> = HashMap::new();
            let mut query = [0; 1500];
            while let Ok((length, client)) = socket.recv_from(&mut query) {
                let Some((name, end)) = question(&query[..length]) else { return };
                let addresses = match query[end - 4..end] == A {
                    true => {
                        let times = asked.entry(name.clone()).or_default();
                        *times += 1;
                        resolve(&name, *times - 1)
                    }
                    false => Vec::new(),
                };
                // A client that went away asks no more.
                let _ = socket.send_to(&answer(&query[..end], &addresses), client);
            }
        });
        Names { address, serving: Some(serving) }
    }

    /// `127.0.0.1:port`
    pub fn address(&self) -> String {
        self.address.to_string()
    }
}

impl Drop for Names {
    fn drop(&mut self) {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        // An empty message is no question, and ends it.
        socket.send_to(&[], self.address).expect("this machine reaches itself");
        if let Some(serving) = self.serving.take() {
            serving.join().expect("resolving does not panic");
        }
    }
}

/// The name that is asked for, and where the question ends.
fn question(query: &[u8]) -> Option<(String, usize)> {
    let (mut at, mut labels) = (QUESTION, Vec::new());
    loop {
        let length = usize::from(*query.get(at)?);
        let label = query.get(at + 1..at + 1 + length)?;
        at += 1 + length;
        if length == 0 {
            return (query.len() >= at + 4).then(|| (labels.join("."), at + 4));
        }
        labels.push(String::from_utf8_lossy(label).to_ascii_lowercase());
    }
}

/// The answer to a message that ends with its question (RFC 1035, 4.1).
fn answer(query: &[u8], addresses: &[Ipv4Addr]) -> Vec<u8> {
    let mut answer = query.to_vec();
    // A response without an error, from a server that would ask others, too.
    answer[2..4].copy_from_slice(&[0x81, 0x80]);
    let count = u16::try_from(addresses.len()).expect("few addresses");
    answer[6..8].copy_from_slice(&count.to_be_bytes());
    answer[8..12].fill(0);
    for address in addresses {
        answer.extend(AS_ASKED);
        answer.extend(A);
        answer.extend([0; 4]);
        answer.extend([0, 4]);
        answer.extend(address.octets());
    }
    answer
}
