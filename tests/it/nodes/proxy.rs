//! nginx before the nodes, as docs/scaling.md has it, but that it says https without speaking it.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// The proxy; stopped when dropped.
pub struct Nginx {
    process: Child,
    pub base: String,
    /// The same before each of the nodes alone.
    pub direct: Vec<String>,
    _folder: TempDir,
}

/// Where it is installed.
pub fn program() -> Option<&'static str> {
    ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"]
        .into_iter()
        .find(|path| std::path::Path::new(path).is_file())
}

/// A port that nobody has.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap().port()
}

impl Nginx {
    /// On that port, before these.
    pub fn start(program: &str, port: u16, nodes: &[u16]) -> Nginx {
        let folder = TempDir::with_prefix("portreeve-nginx-").unwrap();
        let doors: Vec<(u16, u16)> = nodes.iter().map(|node| (free_port(), *node)).collect();
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, configuration(port, &doors)).unwrap();
        let process = Command::new(program)
            .arg("-p")
            .arg(folder.path())
            .arg("-c")
            .arg(&file)
            .args(["-e", "error.log"])
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .expect("nginx starts");
        let url = |port: u16| format!("http://127.0.0.1:{port}");
        let direct = doors.iter().map(|(door, _)| url(*door)).collect();
        Nginx { process, base: url(port), direct, _folder: folder }
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its worker is a process of its own, which it takes along when it is told to stop.
        let pid = rustix::process::Pid::from_child(&self.process);
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let _ = self.process.wait();
    }
}

/// Nodes by the doors that lead to them alone.
fn configuration(port: u16, doors: &[(u16, u16)]) -> String {
    let (mut servers, mut alone) = (String::new(), String::new());
    for (door, node) in doors {
        let _ = writeln!(servers, "    server 127.0.0.1:{node} max_fails=1 fail_timeout=1s;");
        let _ = writeln!(
            alone,
            "  server {{ listen 127.0.0.1:{door}; location / {{ proxy_pass http://127.0.0.1:{node}; }} }}"
        );
    }
    format!(
        "daemon off;
pid nginx.pid;
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
  upstream portreeve {{
{servers}    keepalive 64;
  }}
  client_max_body_size 0;
  proxy_http_version 1.1;
  proxy_set_header Connection \"\";
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Proto https;
  proxy_request_buffering off;
  proxy_buffering off;
  proxy_connect_timeout 2s;
  proxy_read_timeout 120s;
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://portreeve; }}
  }}
{alone}}}
"
    )
}
