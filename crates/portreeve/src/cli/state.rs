//! Commands that fill a portal and bring it back to a state: demo data, fixtures, snapshots.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// How much demo data there is beside the small company.
#[derive(Clone, Copy, Debug, Args)]
pub struct DemoSize {
    /// Records to make beside the small demo: contacts, companies, leads, deals, products, tasks, activities and comments
    #[arg(long, env = "PORTREEVE_DEMO_RECORDS", value_name = "NUMBER", default_value_t = 0,
        value_parser = clap::value_parser!(u32).range(0..=10_000_000), help_heading = "Demo data")]
    pub records: u32,
    /// Seed of these records: the same number and seed make the same
    #[arg(
        long,
        env = "PORTREEVE_DEMO_SEED",
        value_name = "NUMBER",
        default_value_t = 1,
        help_heading = "Demo data"
    )]
    pub seed: u32,
}

/// Commands for files of fixtures.
#[derive(Debug, Subcommand)]
pub enum FixturesCommand {
    /// Load files into a portal, also while it is served: each whole or not at all, and once
    Load {
        /// Files in YAML or JSON
        #[arg(value_name = "FILE", required = true)]
        paths: Vec<PathBuf>,
        /// Load them although they were loaded before: records are made once more
        #[arg(long)]
        again: bool,
        /// Try them and keep nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// Say what is wrong with files, as far as that can be said without a portal
    Check {
        /// Files in YAML or JSON
        #[arg(value_name = "FILE", required = true)]
        paths: Vec<PathBuf>,
    },
}

pub const SNAPSHOTS: &str = "\
Examples:
  portreeve snapshot save before-import                    keep the portal as it is, while it is running
  portreeve snapshot restore before-import                 return to that, all at once, as often as you like
  portreeve reset                                          return to how it was when the server became ready

A snapshot has the whole database. The contents of files are in it by name: they are kept for as long as a snapshot names them.
Snapshots are in DIR/portreeve.snapshots, or in schemas of a PostgreSQL database. They are for tests: a backup also has the
contents of files, and survives the loss of the disk (`portreeve backup`).";

/// Commands for snapshots.
#[derive(Clone, Debug, Subcommand)]
pub enum SnapshotCommand {
    /// Keep the portal as it is, in the place of an earlier snapshot of that name
    Save {
        /// Name: 1 to 40 of the characters a-z, 0-9, '-', '_' and '.'
        name: String,
    },
    /// Bring the whole portal back to a snapshot: everything that came since is gone
    Restore {
        /// Name, as shown by `snapshot list`
        name: String,
    },
    /// List snapshots: name, when it was saved, bytes and rows
    List,
    /// Delete a snapshot
    Delete {
        /// Name, as shown by `snapshot list`
        name: String,
    },
}
