//! query, one, execute, insert.

use store::{Dialect, Error, Param};

use crate::{add, each, kept, read, write};

#[test]
fn identifiers_are_given_in_order_and_never_twice() {
    each(|store| {
        let ids = write(store, |tx| Ok((add(tx, "a")?, add(tx, "b")?))).unwrap();
        assert_eq!(ids, (1, 2));
        write(store, |tx| tx.execute("DELETE FROM shelf WHERE id = ?", &[2.into()])).unwrap();
        assert_eq!(write(store, |tx| add(tx, "c")), Ok(3));
    });
}

#[test]
fn a_query_gives_its_rows_in_order_until_it_is_told_to_stop() {
    each(|store| {
        write(store, |tx| ["b", "a", "c"].iter().try_for_each(|name| add(tx, name).map(drop))).unwrap();
        assert_eq!(kept(store), ["a", "b", "c"]);
        let seen = write(store, |tx| {
            let mut seen = 0;
            let stopped = tx.query("SELECT name FROM shelf", &[], |_| {
                seen += 1;
                if seen == 2 { Err(Error::Closed) } else { Ok(()) }
            });
            assert_eq!(stopped, Err(Error::Closed));
            // The transaction is none the worse for it.
            add(tx, "d")?;
            Ok(seen)
        });
        assert_eq!(seen, Ok(2));
        assert_eq!(kept(store).len(), 4);
    });
}

#[test]
fn one_gives_the_first_row_or_none() {
    each(|store| {
        write(store, |tx| ["a", "b"].iter().try_for_each(|name| add(tx, name).map(drop))).unwrap();
        let first =
            |sql: &'static str| read(store, move |tx| tx.one(sql, &[], |row| row.text(0).map(str::to_owned)));
        assert_eq!(first("SELECT name FROM shelf ORDER BY name DESC"), Ok(Some("b".to_owned())));
        assert_eq!(first("SELECT name FROM shelf WHERE 1 = 2"), Ok(None));
        let error = first("SELECT id FROM shelf");
        assert_eq!(error, Err(Error::Type { column: 0, wanted: "text", found: "a whole number" }));
    });
}

#[test]
fn execute_counts_the_rows_it_changed() {
    each(|store| {
        write(store, |tx| {
            assert_eq!(tx.execute("INSERT INTO shelf (name) VALUES (?), (?)", &["a".into(), "b".into()])?, 2);
            assert_eq!(tx.execute("UPDATE shelf SET size = ?", &[7.into()])?, 2);
            assert_eq!(tx.execute("DELETE FROM shelf WHERE name = ?", &["a".into()])?, 1);
            assert_eq!(tx.execute("DELETE FROM shelf WHERE name = ?", &["a".into()])?, 0);
            Ok(())
        })
        .unwrap();
        let rows = write(store, |tx| tx.execute("UPDATE shelf SET size = 8 RETURNING id", &[]));
        assert!(matches!(rows, Err(Error::Database(_))), "{rows:?}");
    });
}

#[test]
fn insert_gives_the_id_of_its_row() {
    each(|store| {
        write(store, |tx| {
            let first = tx.insert("INSERT INTO shelf (name) VALUES (?)", &["a".into()])?;
            let book =
                tx.insert("INSERT INTO book (shelf_id, title) VALUES (?, 'Tides')", &[first.into()])?;
            let second = tx.insert("INSERT INTO shelf (name) VALUES (?)", &["b".into()])?;
            assert_eq!((first, book, second), (1, 1, 2));
            let found = tx.one("SELECT name FROM shelf WHERE id = ?", &[second.into()], |row| {
                row.text(0).map(str::to_owned)
            })?;
            assert_eq!(found.as_deref(), Some("b"));
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn an_insert_of_no_row_or_of_two_is_a_failure() {
    each(|store| {
        let of = |sql: &'static str| write(store, move |tx| tx.insert(sql, &[]));
        assert_eq!(of("INSERT INTO shelf (name) VALUES ('a')"), Ok(1));
        let none = of("INSERT INTO shelf (name) VALUES ('a') ON CONFLICT DO NOTHING");
        let two = of("INSERT INTO shelf (name) VALUES ('b'), ('c')");
        for refused in [none, two] {
            assert!(matches!(refused, Err(Error::Database(_))), "{refused:?}");
        }
        assert_eq!(kept(store), ["a"]);
    });
}

#[test]
fn constraints_have_errors_of_their_own() {
    each(|store| {
        write(store, |tx| add(tx, "a")).unwrap();
        let unique = write(store, |tx| add(tx, "a"));
        assert!(matches!(unique, Err(Error::Unique(_))), "{unique:?}");
        let book = |shelf: i64, title: Option<&'static str>| {
            write(store, move |tx| {
                tx.insert("INSERT INTO book (shelf_id, title) VALUES (?, ?)", &[shelf.into(), title.into()])
            })
        };
        let foreign = book(99, Some("Tides"));
        assert!(matches!(foreign, Err(Error::Foreign(_))), "{foreign:?}");
        for title in [None, Some("")] {
            let constraint = book(1, title);
            assert!(matches!(constraint, Err(Error::Constraint(_))), "{constraint:?}");
        }
        book(1, Some("Tides")).unwrap();
        let used = write(store, |tx| tx.execute("DELETE FROM shelf", &[]));
        assert!(matches!(used, Err(Error::Foreign(_))), "{used:?}");
    });
}

#[test]
fn a_statement_that_makes_no_sense_is_refused() {
    each(|store| {
        let refused = |sql: &'static str, params: &'static [i64]| {
            let done = write(store, move |tx| {
                let params: Vec<_> = params.iter().map(|&param| param.into()).collect();
                tx.execute(sql, &params)
            });
            assert!(matches!(done, Err(Error::Database(_))), "{sql}: {done:?}");
        };
        refused("UPDATE nowhere SET a = 1", &[]);
        refused("UPDATE shelf SET size = ?", &[]);
        refused("UPDATE shelf SET size = ?", &[1, 2]);
        refused("UPDATE shelf SET size = 1; UPDATE shelf SET size = 2", &[]);
        refused("UPDATE shelf SET size = \"a string\"", &[]);
    });
}

#[test]
fn question_marks_within_quotes_are_no_parameters() {
    each(|store| {
        let sql = "SELECT '?;' || ? -- and ?";
        let text = read(store, move |tx| tx.one(sql, &["!".into()], |row| row.text(0).map(str::to_owned)));
        assert_eq!(text, Ok(Some("?;!".to_owned())));
    });
}

#[test]
fn like_knows_no_case_in_any_script() {
    each(|store| {
        write(store, |tx| {
            ["Порт Ёлки", "порт_Σ", "50% Ärger", "port"].iter().try_for_each(|name| add(tx, name).map(drop))
        })
        .unwrap();
        let like = |pattern: String| {
            read(store, move |tx| {
                let sql = format!("SELECT name FROM shelf WHERE {} ORDER BY name", Dialect::like("name"));
                let mut found = Vec::new();
                tx.query(&sql, &[pattern.as_str().into()], |row| {
                    found.push(row.text(0)?.to_owned());
                    Ok(())
                })?;
                Ok(found)
            })
            .unwrap()
        };
        assert_eq!(like("ПОРТ%".into()), ["Порт Ёлки", "порт_Σ"]);
        assert_eq!(like("%ёлки".into()), ["Порт Ёлки"]);
        assert_eq!(like("PORT".into()), ["port"]);
        assert_eq!(like("%äRG%".into()), ["50% Ärger"]);
        assert_eq!(like(format!("{}%", Dialect::escape("50%"))), ["50% Ärger"]);
        assert_eq!(like(format!("порт{}%", Dialect::escape("_"))), ["порт_Σ"]);
        assert_eq!(like(Dialect::escape("%")), Vec::<String>::new());
    });
}

#[test]
fn letters_fold_alike_on_both_engines() {
    each(|store| {
        for text in ["ПРИВЕТ Ё", "ΟΔΥΣΣΕΥΣ", "İstanbul", "ẞ", "Ǆ", "ІЇЄҐ", "", "🙂 A"]
        {
            let folded = read(store, move |tx| {
                let sql = format!("SELECT {}", Dialect::fold("?"));
                tx.one(&sql, &[text.into()], |row| row.text(0).map(str::to_owned))
            });
            assert_eq!(folded, Ok(Some(text.to_lowercase())));
        }
        let null = read(store, |tx| tx.one("SELECT fold(NULL)", &[], |row| Ok(row.opt_text(0)?.is_none())));
        assert_eq!(null, Ok(Some(true)));
    });
}

#[test]
fn text_is_ordered_by_its_bytes() {
    each(|store| {
        write(store, |tx| ["б", "a", "B", "Я", "ё", "_"].iter().try_for_each(|name| add(tx, name).map(drop)))
            .unwrap();
        assert_eq!(kept(store), ["B", "_", "a", "Я", "б", "ё"]);
    });
}

#[test]
fn a_claim_can_lock_its_rows() {
    each(|store| {
        write(store, |tx| add(tx, "a")).unwrap();
        let claimed = write(store, |tx| {
            let suffixes = [tx.dialect().for_update(), tx.dialect().for_update_skip_locked()];
            suffixes.iter().try_for_each(|suffix| {
                let found =
                    tx.one(&format!("SELECT id FROM shelf LIMIT 1{suffix}"), &[], |row| row.int(0))?;
                assert_eq!(found, Some(1));
                Ok(())
            })
        });
        assert_eq!(claimed, Ok(()));
    });
}

#[test]
fn many_rows_go_in_one_statement_where_that_is_faster() {
    let rows = [("a", Some(1), 0.5), ("b", None, f64::NAN), ("c\0", Some(3), 2.0)];
    let row = |(name, size, weight): &(&'static str, Option<i64>, f64)| -> [Param<'static>; 3] {
        [(*name).into(), (*size).into(), (*weight).into()]
    };
    each(|store| {
        let statements = write(store, move |tx| {
            let mut statements = 0;
            for portion in tx.dialect().portions(&rows) {
                let sql = match tx.dialect() {
                    Dialect::Sqlite => "VALUES (?, ?, ?)",
                    Dialect::Postgres => {
                        "SELECT * FROM unnest(CAST(? AS TEXT[]), CAST(? AS BIGINT[]), CAST(? AS FLOAT8[])) s"
                    }
                };
                let params = tx.dialect().params(portion.iter().map(row));
                tx.execute(&format!("INSERT INTO shelf (name, size, weight) {sql}"), &params)?;
                statements += 1;
            }
            Ok((statements, tx.dialect()))
        });
        let expected = [(3, Dialect::Sqlite), (1, Dialect::Postgres)];
        assert!(expected.contains(&statements.clone().unwrap()), "{statements:?}");
        let found = read(store, |tx| {
            let mut found = Vec::new();
            tx.query("SELECT name, size, weight FROM shelf ORDER BY name", &[], |row| {
                found.push((row.text(0)?.to_owned(), row.opt_int(1)?, row.opt_real(2)?));
                Ok(())
            })?;
            Ok(found)
        });
        let row = |name: &str, size, weight| (name.to_owned(), size, weight);
        let expected = vec![row("a", Some(1), Some(0.5)), row("b", None, None), row("c", Some(3), Some(2.0))];
        assert_eq!(found, Ok(expected));
    });
}

#[test]
fn a_statement_takes_numbers_one_of_which_a_column_is() {
    each(|store| {
        let done = write(store, |tx| {
            for size in 1..=2_500_i64 {
                let name = size.to_string();
                tx.execute(
                    "INSERT INTO shelf (name, size, weight) VALUES (?, ?, 1)",
                    &[name.into(), size.into()],
                )?;
            }
            let even: Vec<i64> = (0..1_200).map(|half| half * 2).collect();
            let sql = "SELECT size FROM shelf WHERE weight = ? AND size IN (#)";
            let mut found = tx.all_among(sql, &[1.0.into()], &even, |row| row.int(0))?;
            found.sort_unstable();
            let nothing = tx.all_among(sql, &[2.0.into()], &even, |row| row.int(0))?;
            let nobody = tx.all_among(sql, &[1.0.into()], &[], |row| row.int(0))?;
            let gone =
                tx.execute_among("DELETE FROM shelf WHERE weight = ? AND size IN (#)", &[1.0.into()], &even)?;
            let left = tx.one("SELECT COUNT(*) FROM shelf", &[], |row| row.int(0))?;
            Ok((found == even[1..], nothing, nobody, gone, left))
        });
        assert_eq!(done, Ok((true, vec![], vec![], 1_199, Some(1_301))));
    });
}

#[test]
fn a_list_that_does_not_go_with_its_type_is_refused() {
    each(|store| {
        for list in [vec!["a".into()], vec![1.into(), Param::Real(0.5)], vec![Param::List(vec![1.into()])]] {
            let refused = write(store, move |tx| {
                let sql = "SELECT 1 WHERE 1 IN (SELECT unnest(CAST(? AS BIGINT[])))";
                let sql = if tx.dialect() == Dialect::Sqlite { "SELECT ?" } else { sql };
                tx.one(sql, &[Param::List(list.clone())], |row| row.int(0))
            });
            assert!(matches!(refused, Err(Error::Database(_))), "{refused:?}");
        }
    });
}
