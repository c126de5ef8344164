//! A mail server that takes whatever comes, for tests of the program.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

/// How long e-mails are waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// An e-mail that was taken.
#[derive(Clone, Debug)]
pub struct Message {
    /// To whom.
    pub to: String,
    /// Headers and text, with the text's encoding taken off where it is quoted-printable.
    pub text: String,
}

impl Message {
    /// What stands behind `mark` up to the end of the line.
    #[track_caller]
    pub fn behind(&self, mark: &str) -> &str {
        let (_, rest) = self.text.split_once(mark).unwrap_or_else(|| panic!("no {mark:?} in {}", self.text));
        rest.lines().next().unwrap_or_default()
    }
}

type Taken = (Mutex<Vec<Message>>, Condvar);

/// The server.
pub struct Mailbox {
    port: u16,
    taken: Arc<Taken>,
}

impl Mailbox {
    /// Listens on a free port of this machine.
    pub fn start() -> Mailbox {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let taken = Arc::<Taken>::default();
        let told = Arc::clone(&taken);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let told = Arc::clone(&told);
                thread::spawn(move || converse(&stream, &told));
            }
        });
        Mailbox { port, taken }
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// All e-mails, once there are so many; waits for them.
    pub fn wait_for(&self, count: usize) -> Vec<Message> {
        let (letters, more) = &*self.taken;
        let letters = letters.lock().expect("nobody panicked");
        let (letters, _) = more
            .wait_timeout_while(letters, PATIENCE, |letters| letters.len() < count)
            .expect("nobody panicked");
        assert!(letters.len() >= count, "waited for {count} e-mails, and there are {}", letters.len());
        letters.clone()
    }
}

fn converse(stream: &TcpStream, taken: &Taken) -> Option<()> {
    let mut lines = BufReader::new(stream).lines();
    let say = |line: &str| (&*stream).write_all(format!("{line}\r\n").as_bytes()).ok();
    say("220 mailbox")?;
    let mut to = String::new();
    while let Some(Ok(line)) = lines.next() {
        if let Some(address) = line.strip_prefix("RCPT TO:") {
            to = address.trim_matches(['<', '>']).to_owned();
        }
        if line != "DATA" {
            say(if line == "QUIT" { "221 bye" } else { "250 ok" })?;
            continue;
        }
        say("354 go on")?;
        let data: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
        let text = format!("\n{}", data.join("\n")).replace("=\n", "").replace("=3D", "=");
        taken.0.lock().expect("nobody panicked").push(Message { to: to.clone(), text });
        taken.1.notify_all();
        say("250 taken")?;
    }
    Some(())
}
