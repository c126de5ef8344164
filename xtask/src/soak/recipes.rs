//! The long tests, each a row: what it does, the numbers it is told and what it needs.

use super::{Number, Program, Recipe, Server};
use crate::{clients, install, paths};

/// In the order in which they are described.
pub(super) const RECIPES: &[Recipe] = &[
    Recipe {
        flag: "--mixed",
        about: "write into all modules at once and kill the server: every acknowledged write and its event is there",
        tests: &["reliability::mixed::"],
        numbers: &[
            Number {
                flag: "--kills",
                variable: "PORTREEVE_KILLS",
                default: 200,
                about: "kills on each engine",
            },
            Number {
                flag: "--minutes",
                variable: "PORTREEVE_MINUTES",
                default: 10,
                about: "the most on each engine",
            },
        ],
        ..TEMPLATE
    },
    Recipe {
        flag: "--disks",
        about: "full, broken, frozen and slow disks under both engines; mounts small file systems, which takes root",
        tests: &["reliability::disks::"],
        prepare: || Ok(vec![("PORTREEVE_DISKS", "1".to_owned())]),
        ..TEMPLATE
    },
    Recipe {
        flag: "--clocks",
        about: "set the machine's clock forward and back by hours and years while the server runs (libfaketime)",
        tests: &["reliability::clocks::"],
        prepare: || {
            install::all(&[install::FAKETIME])?;
            Ok(vec![("PORTREEVE_CLOCKS", "1".to_owned())])
        },
        ..TEMPLATE
    },
    Recipe {
        flag: "--damage",
        about: "lost and damaged keys and databases, and foreign files",
        tests: &["reliability::damage::"],
        ..TEMPLATE
    },
    Recipe {
        flag: "--crowd",
        about: "idle connections, slow clients and handlers of all kinds, with the memory that they take",
        tests: &["reliability::crowd::"],
        numbers: &[Number {
            flag: "--connections",
            variable: "PORTREEVE_IDLE",
            default: 10_000,
            about: "idle connections; `ulimit -n` must allow 2000 more",
        }],
        ..TEMPLATE
    },
    Recipe {
        flag: "--postgres",
        about: "restart and kill a PostgreSQL server during work in all modules",
        tests: &["reliability::server::"],
        numbers: &[Number {
            flag: "--kills",
            variable: "PORTREEVE_KILLS",
            default: 50,
            about: "restarts and kills",
        }],
        ..TEMPLATE
    },
    Recipe {
        flag: "--failover",
        about: "kill PostgreSQL's primary under load and promote its synchronous replica, with one node and with two",
        tests: &["failover::"],
        numbers: &[Number {
            flag: "--rounds",
            variable: "PORTREEVE_FAILOVERS",
            default: 5,
            about: "failovers of each",
        }],
        ..TEMPLATE
    },
    Recipe {
        flag: "--copies",
        about: "restore and compare what pg_basebackup and Litestream have of a portal under load",
        tests: &["copies::"],
        prepare: || Ok(vec![("PORTREEVE_LITESTREAM", clients::litestream()?.display().to_string())]),
        ..TEMPLATE
    },
    Recipe {
        flag: "--nodes",
        about: "one, two and four nodes behind nginx, with kills: nothing is lost; prints what they do in a second on a \
                PostgreSQL that syncs. PORTREEVE_BIN names another program, such as a release",
        tests: &["nodes::nothing_is_lost"],
        numbers: &[
            Number {
                flag: "--seconds",
                variable: "PORTREEVE_NODES_SECONDS",
                default: 60,
                about: "for each number of nodes",
            },
            Number {
                flag: "--kills",
                variable: "PORTREEVE_NODES_KILLS",
                default: 6,
                about: "for each number of nodes",
            },
        ],
        prepare: || {
            install::all(&[install::NGINX])?;
            Ok(vec![("PORTREEVE_NODES", "1,2,4".to_owned())])
        },
        server: Server::Durable,
        ..TEMPLATE
    },
    Recipe {
        flag: "--s3",
        about: "files of two nodes on a server that speaks S3 (moto, from PyPI)",
        tests: &["nodes_files"],
        prepare: || clients::s3().map(|()| in_clients()),
        ..TEMPLATE
    },
    Recipe {
        flag: "--descriptions",
        about: "invented requests to every method by Schemathesis, as the administrator, an employee and a webhook that only \
                reads: no 500, no answer outside the OpenAPI document, and none with what is somebody else's",
        tests: &["describe::nothing_is_answered"],
        numbers: &[
            Number {
                flag: "--requests",
                variable: "PORTREEVE_INVENTED",
                default: 8,
                about: "requests to each method",
            },
            Number {
                flag: "--seed",
                variable: "PORTREEVE_SEED",
                default: 1,
                about: "the same requests for the same seed",
            },
        ],
        prepare: || clients::install().map(|()| in_clients()),
        ..TEMPLATE
    },
    Recipe {
        flag: "--secrets",
        about: "look for every secret of a run in its database, files, backups, logs and (with gcore, of gdb) memory",
        tests: &["secrets_kept::"],
        prepare: || Ok(vec![("PORTREEVE_CORE", "1".to_owned())]),
        program: Program::Release,
        ..TEMPLATE
    },
    ATTACKS,
    Recipe {
        flag: "--uploads",
        about: "upload a gigabyte, and twenty files at once, with kills; prints time and memory",
        tests: &["uploads::"],
        prepare: || Ok(vec![("PORTREEVE_UPLOAD_MIB", "1024".to_owned())]),
        program: Program::Release,
        ..TEMPLATE
    },
    Recipe {
        flag: "--deliveries",
        about: "changes whose events go to handlers that fail in every way, with kills in between, on each engine",
        tests: &["outbound_soak::", "outbound_pace::", "outbound_backlog::"],
        numbers: &[
            Number {
                flag: "--changes",
                variable: "PORTREEVE_SOAK_CHANGES",
                default: 200_000,
                about: "changes",
            },
            Number { flag: "--kills", variable: "PORTREEVE_SOAK_KILLS", default: 30, about: "kills" },
        ],
        program: Program::Release,
        ..TEMPLATE
    },
];

/// Honest calls beside clients that hold the server up on purpose.
pub(super) const ATTACKS: Recipe = Recipe {
    flag: "--attacks",
    about: "honest calls beside clients that hold the server up on purpose; prints how long they waited",
    tests: &["attacks::"],
    numbers: &[Number {
        flag: "--rounds",
        variable: "PORTREEVE_ATTACK_ROUNDS",
        default: 300,
        about: "calls during each attack",
    }],
    program: Program::Release,
    ..TEMPLATE
};

/// What the tests `durability` are told.
pub(super) const KILLS: Recipe = Recipe {
    tests: &["durability"],
    numbers: &[Number {
        flag: "--kills",
        variable: "PORTREEVE_KILLS",
        default: 50,
        about: "kills during a write load, and as many while documents move stock, on each engine",
    }],
    ..TEMPLATE
};

const TEMPLATE: Recipe = Recipe {
    flag: "",
    about: "",
    tests: &[],
    numbers: &[],
    prepare: || Ok(Vec::new()),
    program: Program::Debug,
    server: Server::Quick,
};

/// Where the tests find the clients that were installed.
fn in_clients() -> Vec<(&'static str, String)> {
    vec![("PORTREEVE_CLIENTS", paths::clients().display().to_string())]
}
