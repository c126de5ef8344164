//! Tables that change while the store is at work.

use crate::{add, each, read, write};

#[test]
fn a_column_added_at_run_time_is_there_for_statements_already_prepared() {
    each(|store| {
        let all = |columns: usize| {
            let found = read(store, move |tx| {
                tx.one("SELECT * FROM shelf", &[], |row| row.cell(columns - 1).map(drop))
            });
            assert_eq!(found, Ok(Some(())));
        };
        write(store, |tx| add(tx, "a")).unwrap();
        // Every reading connection has the statement by now, whichever serves the next read.
        (0..20).for_each(|_| all(5));
        write(store, |tx| {
            let ddl = tx.dialect().expand("ALTER TABLE shelf ADD COLUMN uf_1 {text}");
            tx.execute(&ddl, &[])?;
            tx.execute("UPDATE shelf SET uf_1 = ?", &["x".into()])
        })
        .unwrap();
        (0..20).for_each(|_| all(6));
        write(store, |tx| {
            let found = tx.one("SELECT * FROM shelf", &[], |row| row.text(5).map(str::to_owned))?;
            assert_eq!(found.as_deref(), Some("x"));
            tx.execute("ALTER TABLE shelf DROP COLUMN uf_1", &[])
        })
        .unwrap();
        (0..20).for_each(|_| all(5));
    });
}

#[test]
fn a_table_made_by_a_job_that_fails_is_not_there() {
    each(|store| {
        let failed = write(store, |tx| {
            let ddl = tx.dialect().expand("CREATE TABLE dynamic_1 (id {id}, title {text})");
            tx.execute(&ddl, &[])?;
            tx.execute("INSERT INTO dynamic_1 (title) VALUES ('a')", &[])?;
            Err::<(), _>(store::Error::Busy)
        });
        assert_eq!(failed, Err(store::Error::Busy));
        let missing = read(store, |tx| tx.one("SELECT 1 FROM dynamic_1", &[], |row| row.int(0)));
        assert!(matches!(missing, Err(store::Error::Database(_))), "{missing:?}");
    });
}
