//! Values go in and come out the same.

use store::{Cell, Error, Param};

use crate::{each, read, write};

/// Keeps one value and reads it back as the test likes.
fn there_and_back(
    column: &'static str,
    value: impl Into<Param<'static>>,
    check: impl Fn(Cell<'_>) + Send + Clone + 'static,
) {
    let value = value.into();
    each(|store| {
        let (value, check) = (value.clone(), check.clone());
        write(store, move |tx| {
            let sql = format!("INSERT INTO shelf (name, {column}) VALUES ('n', ?) RETURNING id");
            tx.one(&sql, std::slice::from_ref(&value), |_| Ok(()))?;
            tx.one(&format!("SELECT {column} FROM shelf"), &[], |row| {
                check(row.cell(0)?);
                Ok(())
            })
        })
        .unwrap();
    });
}

#[test]
fn whole_numbers() {
    for value in [0, 1, -1, i64::MAX, i64::MIN] {
        there_and_back("size", value, move |cell| assert_eq!(cell, Cell::Int(value)));
    }
    there_and_back("size", None::<i64>, |cell| assert_eq!(cell, Cell::Null));
}

#[test]
fn other_numbers() {
    for value in [0.0, 0.1, -1e300, f64::MIN_POSITIVE, 9_007_199_254_740_993.0] {
        there_and_back("weight", value, move |cell| assert_eq!(cell, Cell::Real(value)));
    }
    there_and_back("weight", 3, |cell| assert_eq!(cell, Cell::Real(3.0)));
    there_and_back("weight", f64::NAN, |cell| assert_eq!(cell, Cell::Null));
}

#[test]
fn bytes() {
    const ALL: &[u8] = &[0, 1, 0xFF, b'\'', 0];
    there_and_back("seal", ALL, |cell| assert_eq!(cell, Cell::Blob(ALL)));
    there_and_back("seal", &[][..], |cell| assert_eq!(cell, Cell::Blob(&[])));
    there_and_back("seal", Param::Null, |cell| assert_eq!(cell, Cell::Null));
}

#[test]
fn text() {
    each(|store| {
        for (given, kept) in
            [("", ""), ("Ёж 🦔 'x' \\ \"", "Ёж 🦔 'x' \\ \""), ("a\0b\0", "ab"), ("\u{FFFF}\n", "\u{FFFF}\n")]
        {
            let found = write(store, move |tx| {
                tx.execute("DELETE FROM shelf", &[])?;
                tx.execute("INSERT INTO shelf (name) VALUES (?)", &[given.into()])?;
                tx.one("SELECT name FROM shelf WHERE name = ?", &[given.into()], |row| {
                    Ok(row.text(0)?.to_owned())
                })
            });
            assert_eq!(found, Ok(Some(kept.to_owned())));
        }
        let number = write(store, |tx| {
            tx.one("INSERT INTO shelf (name) VALUES (?) RETURNING name", &[12.into()], |row| {
                Ok(row.text(0)?.to_owned())
            })
        });
        assert_eq!(number, Ok(Some("12".to_owned())), "a number for a text column is its digits");
    });
}

#[test]
fn expressions_come_out_alike() {
    each(|store| {
        write(store, |tx| {
            tx.execute("INSERT INTO shelf (name, size, weight) VALUES ('a', 1, 0.5), ('b', 2, 1.5), ('c', NULL, NULL)", &[])
        })
        .unwrap();
        let sql = "SELECT count(*), sum(size), avg(size), sum(weight), max(size), 1 = 1, size IS NULL, 7 / 2, \
                   EXISTS (SELECT 1 FROM shelf), coalesce(size, ?), ? + 1, CAST(? AS TEXT) \
                   FROM shelf GROUP BY id, size ORDER BY id LIMIT ? OFFSET ?";
        read(store, move |tx| {
            let params = [9.into(), 41.into(), "t".into(), 1.into(), 2.into()];
            tx.one(sql, &params, |row| {
                let cells: Vec<_> = (0..12).map(|column| row.cell(column)).collect::<Result<_, _>>()?;
                let (int, null) = (Cell::Int, Cell::Null);
                let wanted = [
                    int(1),
                    null,
                    null,
                    null,
                    null,
                    int(1),
                    int(1),
                    int(3),
                    int(1),
                    int(9),
                    int(42),
                    Cell::Text("t"),
                ];
                assert_eq!(cells, wanted);
                Ok(())
            })?;
            tx.one(
                "SELECT sum(size), avg(size), sum(weight), avg(weight) FROM shelf WHERE size > ?",
                &[0.into()],
                |row| {
                    assert_eq!(row.cell(0)?, Cell::Int(3));
                    assert_eq!(
                        [row.real(0)?, row.real(1)?, row.real(2)?, row.real(3)?],
                        [3.0, 1.5, 2.0, 1.0]
                    );
                    Ok(())
                },
            )
        })
        .unwrap();
    });
}

#[test]
fn a_cell_of_another_type_is_an_error_that_says_so() {
    each(|store| {
        read(store, |tx| {
            tx.one("SELECT 1, 'text', NULL", &[], |row| {
                let error = |column, wanted, found| Error::Type { column, wanted, found };
                assert_eq!(row.text(0), Err(error(0, "text", "a whole number")));
                assert_eq!(row.int(1), Err(error(1, "a whole number", "text")));
                assert_eq!(row.real(1), Err(error(1, "a number", "text")));
                assert_eq!(row.blob(1), Err(error(1, "bytes", "text")));
                assert_eq!(row.int(2), Err(error(2, "a whole number", "NULL")));
                assert_eq!(row.opt_int(2), Ok(None));
                assert_eq!(row.opt_text(2), Ok(None));
                assert_eq!(row.opt_real(2), Ok(None));
                assert_eq!(row.opt_blob(2), Ok(None));
                assert_eq!(row.int(3), Err(error(3, "a cell", "beyond the last column")));
                Ok(())
            })
        })
        .unwrap();
    });
}
