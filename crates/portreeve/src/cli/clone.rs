//! `portreeve clone`: what is copied.

use std::path::PathBuf;

use clap::Args;

pub const HELP: &str = "\
Examples:
  portreeve clone --data ./copy --from https://example.bitrix24.com/rest/1/secret/
  PORTREEVE_CLONE_FROM=https://.. portreeve clone --data ./copy    keeps the secret out of the shell's history
  portreeve serve --data ./copy                                    serves the copy";

/// What is copied.
#[derive(Args, Debug)]
pub struct NewClone {
    /// URL of an inbound webhook of the portal to copy: https://example.bitrix24.com/rest/1/secret/
    #[arg(
        long,
        env = "PORTREEVE_CLONE_FROM",
        value_name = "URL",
        hide_env_values = true,
        required_unless_present = "plan"
    )]
    pub from: Option<String>,
    /// Certificates in PEM to trust in addition to those of the system
    #[arg(long, env = "PORTREEVE_CLONE_CA", value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// Requests a second, of which forty may come at once: 2 is what the cloud allows, 5 on its largest plan
    #[arg(long, value_name = "NUMBER", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub rate: u32,
    /// Lists not to read, separated by commas: crm.timeline.comment.list takes a request for fifty items
    #[arg(long, value_name = "METHOD,..", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// Fetch the contents of files, too; later as well, when all records are there
    #[arg(long)]
    pub with_files: bool,
    /// The largest file to fetch, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub max_file: u64,
    /// Hosts beside the portal's own to which links to files may lead, separated by commas: cdn.bitrix24.com
    #[arg(long, value_name = "HOST,..", value_delimiter = ',')]
    pub files_from: Vec<String>,
    /// Read nothing: print what would be read, a request a line as JSON, as far as the portal in --data knows by now
    #[arg(long)]
    pub plan: bool,
}
