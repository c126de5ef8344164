//! Has the program made anew when the console's files changed. It runs no other program: the files come from
//! `cargo xtask web`, and without them the server works and its console says how to make them.

use std::path::Path;

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    println!("cargo::rerun-if-changed={}", dist.display());
    if !dist.join("index.html").is_file() {
        println!("cargo::warning=the console's pages are not built; `cargo xtask web` builds them");
    }
}
