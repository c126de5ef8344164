//! Debian packages and Cargo tools, installed only where they are missing.

use crate::{Outcome, cluster, paths, shell, term};
use std::path::Path;

/// Something the tests need from the system: how to see that it is there, and the packages that bring it.
pub(crate) struct Need {
    what: &'static str,
    packages: &'static [&'static str],
    present: fn() -> bool,
}

const NEEDS: &[Need] = &[
    Need {
        what: "a PostgreSQL server",
        packages: &["postgresql"],
        present: || cluster::binaries().is_some(),
    },
    Need {
        what: "PHP with curl and mbstring",
        packages: &["php-cli", "php-curl", "php-mbstring"],
        present: || {
            let check = "exit(extension_loaded('curl') && extension_loaded('mbstring') ? 0 : 1);";
            shell::works("php", &["-r", check])
        },
    },
    Need { what: "curl", packages: &["curl"], present: || paths::which("curl").is_some() },
    Need {
        what: "Python with venv",
        packages: &["python3", "python3-venv"],
        present: || shell::works("python3", &["-c", "import venv, ensurepip"]),
    },
    Need {
        what: "Node.js and npm",
        packages: &["nodejs", "npm"],
        present: || paths::which("node").is_some() && paths::which("npm").is_some(),
    },
    Need {
        what: "Chromium at /usr/bin/chromium-headless-shell",
        packages: &["chromium-headless-shell"],
        present: || Path::new("/usr/bin/chromium-headless-shell").exists(),
    },
];

/// A clock that a test sets for one process.
pub(crate) const FAKETIME: Need = Need {
    what: "libfaketime",
    packages: &["libfaketime"],
    present: || Path::new("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1").exists(),
};

/// A proxy for several nodes.
pub(crate) const NGINX: Need =
    Need { what: "nginx", packages: &["nginx-light"], present: || Path::new("/usr/sbin/nginx").exists() };

/// Installs the Debian packages that are missing; does nothing, and asks for no rights, when none is.
pub(crate) fn system() -> Outcome {
    all(NEEDS)
}

/// The same for some needs.
pub(crate) fn all(needs: &[Need]) -> Outcome {
    let missing: Vec<&Need> = needs.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
    term::note(&format!("installing {}", packages.join(" ")));
    apt(&["update", "-qq"], &packages)?;
    apt(&[&["install", "-y", "-qq", "--no-install-recommends"], packages.as_slice()].concat(), &packages)?;
    match missing.iter().find(|need| !(need.present)()) {
        None => Ok(()),
        Some(need) => Err(format!("{} is still missing after installing {}", need.what, packages.join(" "))),
    }
}

/// Installs a Cargo subcommand by its package's name, unless `cargo NAME --version` answers.
pub(crate) fn cargo_tool(subcommand: &str, package: &str) -> Outcome {
    if shell::quiet(shell::cargo().args([subcommand, "--version"])).is_ok() {
        return Ok(());
    }
    term::note(&format!("installing {package}"));
    shell::quiet(shell::cargo().args(["install", "--locked", package])).map(drop)
}

fn apt(arguments: &[&str], packages: &[&str]) -> Outcome {
    if paths::which("apt-get").is_none() {
        return Err(format!("this is no Debian; install what Debian calls: {}", packages.join(" ")));
    }
    let root = shell::quiet(&mut shell::command("id", &["-u"])).is_ok_and(|id| id.trim() == "0");
    let mut command = match (root, paths::which("sudo")) {
        (true, _) => shell::command("apt-get", arguments),
        (false, Some(sudo)) => shell::command(sudo, &[&["apt-get"], arguments].concat()),
        (false, None) => return Err(format!("as root, run: apt-get install {}", packages.join(" "))),
    };
    shell::quiet(command.env("DEBIAN_FRONTEND", "noninteractive")).map(drop)
}
