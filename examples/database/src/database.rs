//! The pool of connections to SQLite.

use std::{str::FromStr, time::Duration};

use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions},
};

/// The longest wait for a lock or a connection. Shorter than the `hook_timeout` of the layer, so
/// that a busy database is an error that the log names.
const LONGEST_WAIT: Duration = Duration::from_secs(3);

/// Opens a database such as `sqlite:shop.db`, or one in memory, and makes the tables. An
/// application whose tables change uses `sqlx::migrate!`.
///
/// # Errors
/// If the file cannot be opened or created.
pub async fn open(url: Option<&str>) -> Result<SqlitePool, sqlx::Error> {
    open_with(url, LONGEST_WAIT).await
}

/// [`open`] with another longest wait.
///
/// # Errors
/// As for [`open`].
pub async fn open_with(url: Option<&str>, wait: Duration) -> Result<SqlitePool, sqlx::Error> {
    let pool = SqlitePoolOptions::new().acquire_timeout(wait);
    let (pool, options) = match url {
        Some(url) => {
            let file = SqliteConnectOptions::from_str(url)?.create_if_missing(true);
            (pool, file.journal_mode(SqliteJournalMode::Wal))
        }
        None => {
            // Each connection would have a database of its own, and take it along when it closes.
            let pool = pool.max_connections(1).idle_timeout(None);
            let memory = SqliteConnectOptions::new().in_memory(true);
            (pool.max_lifetime(None), memory)
        }
    };
    let db = pool.connect_with(options.busy_timeout(wait)).await?;
    sqlx::raw_sql(include_str!("schema.sql"))
        .execute(&db)
        .await?;
    Ok(db)
}
