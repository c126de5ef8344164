//! Transactions on SQLite or PostgreSQL.
