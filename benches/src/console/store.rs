//! A portal of years, written into its database by hand: to live through them would take years.

use super::Plan;
use rusqlite::Connection;
use std::time::SystemTime;
use store::Location;

/// Integrations of the employee, the second of all users.
const OWN: u32 = 100;

/// What differs between the engines.
struct Dialect {
    /// A text as bytes.
    blob: &'static str,
    /// What to do before and after.
    before: &'static str,
    after: &'static str,
}

const SQLITE: Dialect = Dialect {
    blob: "CAST({} AS BLOB)",
    before: "PRAGMA synchronous = OFF; BEGIN;",
    after: "COMMIT; PRAGMA wal_checkpoint(TRUNCATE);",
};
const POSTGRES: Dialect =
    Dialect { blob: "convert_to({}, 'UTF8')", before: "BEGIN;", after: "COMMIT; ANALYZE;" };

/// Writes everything, as if it had come to pass in the last days.
pub(super) fn fill(location: &Location, plan: &Plan) -> Result<(), String> {
    match location {
        Location::Sqlite(path) => {
            let run = || Connection::open(path)?.execute_batch(&script(&SQLITE, plan));
            run().map_err(|error| format!("the portal's database: {error}"))
        }
        Location::Postgres(url) => {
            let run =
                || postgres::Client::connect(url, postgres::NoTls)?.batch_execute(&script(&POSTGRES, plan));
            run().map_err(|error| format!("the portal's database: {error:?}"))
        }
    }
}

fn script(dialect: &Dialect, plan: &Plan) -> String {
    let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_micros());
    let seconds = now / 1_000_000;
    let bytes = |text: &str| dialect.blob.replace("{}", text);
    let Plan { integrations, deliveries, days, users, .. } = plan;
    let (key, token) = (bytes("'key of ' || n"), bytes("'x'"));
    // Spread over thirteen days, what is kept.
    let step = 13 * 86_400 * 1_000_000 / u128::from(*deliveries);
    let (after, before) = (dialect.after, dialect.before);
    format!(
        "{before}
{users_made}
{with_integrations} INSERT INTO integration (user_id, scenario, title, comment, created)
    SELECT CASE WHEN n <= {OWN} THEN 2 WHEN n % 3 = 0 THEN 3 + n % {users} ELSE 1 END, 'in-hook', 'Hook ' || n, '',
    {seconds} - n FROM s;
{with_integrations} INSERT INTO hook (integration_id, lookup, sealed, scopes, active, last_used)
    SELECT i.id, {key}, {token}, 'crm,user', 'Y', {seconds} - s.n FROM s JOIN integration i ON i.title = 'Hook ' || s.n;
INSERT INTO outbound (integration_id, handler_url, token, signing, retries, ordered, active)
    SELECT id, 'https://h' || id || '.example/in', {token}, {token}, 'default', 'N', 'Y' FROM integration
    WHERE title LIKE 'Hook %';
INSERT INTO outbound_event (outbound_id, event) SELECT id, 'ONCRMLEADUPDATE' FROM outbound;
{with_deliveries} INSERT INTO delivery (outbound_id, event_handler_id, event, object, data, hop, raised, ordered, state,
    lane, due, attempts)
    SELECT CASE WHEN n % 10 = 0 THEN 5 ELSE 1 + (n * 7919) % {integrations} END, 1,
    CASE WHEN n % 500000 = 77 THEN 'ONCRMCOMPANYDELETE' WHEN n % 3 = 0 THEN 'ONCRMLEADADD'
    WHEN n % 3 = 1 THEN 'ONCRMDEALUPDATE' ELSE 'ONCRMCONTACTUPDATE' END,
    'lead:' || (n * 31) % 200000, 'data%5BFIELDS%5D%5BID%5D=' || (n * 31) % 200000, 0,
    {now} - ({deliveries} - n) * {step}, 0,
    CASE WHEN n % 100 = 7 THEN 3 WHEN n % 1000 = 8 THEN 0 ELSE 2 END, CASE WHEN n % 1000 = 8 THEN 1 ELSE 0 END,
    CASE WHEN n % 1000 = 8 THEN {now} + 86400000000 ELSE {now} - ({deliveries} - n) * {step} + 50000 END, 1 FROM s;
INSERT INTO delivery_attempt (delivery_id, number, started, took, status, error, answer)
    SELECT id, 1, raised + 9000, 23000,
    CASE WHEN state = 2 THEN 200 WHEN id % 1000 = 8 THEN 503 WHEN id % 300 = 7 THEN NULL WHEN id % 10000 = 7 THEN 404
    ELSE 500 END, CASE WHEN id % 300 = 7 AND state = 3 THEN 'timed out' END, 'Thank you.' FROM delivery;
{statistics}
{after}",
        with_integrations = series(*integrations),
        with_deliveries = series(*deliveries),
        users_made = format_args!(
            "{} INSERT INTO portal_user (active, is_admin, email, name, last_name)
    SELECT 'Y', 0, 'user' || n || '@example.com', 'Name ' || n, 'Family ' || n FROM s;",
            series(*users + 3)
        ),
        statistics = statistics(*integrations, *days, seconds / 86_400),
    )
}

/// Each integration called two methods every day, sometimes in vain, and was told of one event.
fn statistics(integrations: u32, days: u32, today: u128) -> String {
    // What was counted while the leads were added.
    let mut script = "DELETE FROM usage;\nDELETE FROM usage_rank;\n".to_owned();
    for (kind, name, every) in [
        (0, "crm.lead.list", 1),
        (0, "crm.deal.update", 1),
        (1, "crm.deal.update", 10),
        (2, "ONCRMLEADUPDATE", 1),
        (3, "ONCRMLEADUPDATE", 50),
    ] {
        let with = series(integrations);
        let day = format!(
            "WITH RECURSIVE d(day) AS (SELECT {today} UNION ALL SELECT day - 1 FROM d WHERE day > {today} - {days})"
        );
        let with_both = format!("{day}, {}", with.trim_start_matches("WITH RECURSIVE "));
        script += &format!(
            "{with_both} INSERT INTO usage (integration_id, day, kind, name, total, h9, h14)
    SELECT n, day, {kind}, '{name}', 5 + n % 7, 2 + n % 7, 3 FROM s CROSS JOIN d WHERE n % {every} = 0;
{day} INSERT INTO usage (integration_id, day, kind, name, total, h9, h14)
    SELECT 0, day, {kind}, '{name}', 8 * {integrations} / {every}, 5 * {integrations} / {every}, 3 * {integrations} / {every} FROM d;
"
        );
    }
    script += "INSERT INTO usage (integration_id, day, kind, name, total, h9, h14)
    SELECT integration_id, day, kind, '', SUM(total), SUM(h9), SUM(h14) FROM usage GROUP BY 1, 2, 3;\n";
    for span in [1, 7, 28] {
        script += &format!(
            "INSERT INTO usage_rank (span, start, kind, integration_id, total)
    SELECT {span}, day - day % {span}, CASE WHEN kind = 3 THEN 2 ELSE kind END, integration_id, SUM(total) FROM usage
    WHERE integration_id > 0 AND kind <> 1 AND name <> '' GROUP BY 2, 3, 4;
"
        );
    }
    script
}

/// A table `s` of the numbers from 1 on.
fn series(count: u32) -> String {
    format!(
        "WITH RECURSIVE s(n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM s WHERE n < {count})"
    )
}
