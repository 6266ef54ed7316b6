//! `KnownNumbers` over SQLite: the next sign-in of a user sends no code.

use std::{
    error::Error,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use sqlx::{SqliteConnection, SqlitePool};
use tower_phone_auth::{
    PhoneNumber, VerifiedUser, phone::IndexKey, phone_step::KnownNumbers, provider::BoxFuture,
};

use crate::keys::Sealer;

type Failure = Box<dyn Error + Send + Sync>;
type Known = (PhoneNumber, SystemTime);

/// The table `known_numbers`. It keeps no number of a newcomer, who may never decide whether to link
/// an account, and confirms it again at the next sign-in. If a method fails, the user goes through
/// the step.
#[derive(Clone)]
pub(crate) struct KnownInSqlite {
    pub(crate) db: SqlitePool,
    pub(crate) index: IndexKey,
    pub(crate) sealer: Sealer,
}

/// Deletes this number of all users but this one. An account that the user linked keeps it.
const VOID: &str = "DELETE FROM known_numbers WHERE phone_hash = ? AND (provider, subject) NOT IN (
    SELECT linked.provider, linked.subject FROM accounts AS linked
    JOIN accounts AS own ON linked.user_id = own.user_id
    WHERE own.provider = ? AND own.subject = ?)";

/// Keeps a number of an account whose user has this number.
const PUT: &str = "REPLACE INTO known_numbers
    (provider, subject, phone_hash, phone, confirmed_at)
    SELECT provider, subject, phone_hash, ?, ? FROM accounts JOIN users ON users.id = user_id
    WHERE provider = ? AND subject = ? AND phone_hash = ?";

const DELETE: &str = "DELETE FROM known_numbers WHERE provider = ? AND subject = ?";

impl KnownInSqlite {
    async fn read(&self, provider: &str, subject: &str) -> Result<Option<Known>, Failure> {
        let row =
            "SELECT phone, confirmed_at FROM known_numbers WHERE provider = ? AND subject = ?";
        let row = sqlx::query_as::<_, (Vec<u8>, i64)>(row).bind(provider);
        let row = row.bind(subject).fetch_optional(&self.db).await?;
        let Some((phone, at)) = row else {
            return Ok(None);
        };
        let phone = self.sealer.open(&purpose(provider, subject), &phone)?;
        let at = UNIX_EPOCH + Duration::from_secs(at.try_into()?);
        Ok(Some((str::from_utf8(&phone)?.parse()?, at)))
    }

    async fn write(
        &self,
        (provider, subject): (&str, &str),
        number: PhoneNumber,
        at: SystemTime,
    ) -> Result<(), Failure> {
        let hash = number.keyed_hash(&self.index);
        let mut tx = self.db.begin_with("BEGIN IMMEDIATE").await?;
        let void = sqlx::query(VOID).bind(&hash[..]).bind(provider);
        void.bind(subject).execute(&mut *tx).await?;
        let delete = sqlx::query(DELETE).bind(provider).bind(subject);
        delete.execute(&mut *tx).await?;
        self.insert(&mut tx, (provider, subject), number, at)
            .await?;
        Ok(tx.commit().await?)
    }

    async fn insert(
        &self,
        db: &mut SqliteConnection,
        (provider, subject): (&str, &str),
        number: PhoneNumber,
        at: SystemTime,
    ) -> Result<(), Failure> {
        let hash = number.keyed_hash(&self.index);
        let purpose = purpose(provider, subject);
        let phone = self.sealer.seal(&purpose, number.to_string().as_bytes())?;
        let at: i64 = at.duration_since(UNIX_EPOCH)?.as_secs().try_into()?;
        let put = sqlx::query(PUT).bind(phone).bind(at).bind(provider);
        let put = put.bind(subject).bind(&hash[..]);
        put.execute(db).await?;
        Ok(())
    }

    /// Keeps the number of a newcomer who has become a user, unless another user confirmed it later.
    pub(crate) async fn keep(&self, user: &VerifiedUser) -> Result<(), Failure> {
        let Some(at) = user.confirmed_at() else {
            return Ok(());
        };
        let account = (&*user.provider, user.subject.as_str());
        let mut db = self.db.acquire().await?;
        self.insert(&mut db, account, user.phone, at).await
    }

    async fn delete(&self, provider: &str, subject: &str) -> Result<(), Failure> {
        let delete = sqlx::query(DELETE).bind(provider).bind(subject);
        delete.execute(&self.db).await?;
        Ok(())
    }
}

/// Binds the encrypted number to its row.
fn purpose(provider: &str, subject: &str) -> String {
    format!("known number of {provider} {subject}")
}

impl KnownNumbers for KnownInSqlite {
    fn get<'a>(
        &'a self,
        provider: &'a str,
        subject: &'a str,
    ) -> BoxFuture<'a, Result<Option<Known>, Failure>> {
        Box::pin(self.read(provider, subject))
    }

    fn put<'a>(
        &'a self,
        provider: &'a str,
        subject: &'a str,
        number: PhoneNumber,
        confirmed_at: SystemTime,
    ) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(self.write((provider, subject), number, confirmed_at))
    }

    fn forget<'a>(
        &'a self,
        provider: &'a str,
        subject: &'a str,
    ) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(self.delete(provider, subject))
    }
}
