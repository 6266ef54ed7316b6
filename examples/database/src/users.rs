//! The tables `users` and `accounts`.

use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use sqlx::{Error, SqliteConnection, SqlitePool};
use tower_phone_auth::{VerifiedUser, phone::IndexKey};

/// A hash of a phone number.
pub(crate) type PhoneHash = [u8; 32];

/// The application's data in a session, which `Builder::claims` makes.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Account {
    /// The row of `users`. `None` until the user decides whether to link this account to the one
    /// that has the same number.
    pub id: Option<i64>,
}

/// The users of the database. Every change is one transaction, which takes the lock for writing at
/// once: a transaction that reads first would fail if another one wrote in between.
#[derive(Clone)]
pub struct Users {
    pub(crate) db: SqlitePool,
    pub(crate) index: IndexKey,
}

const WRITE: &str = "BEGIN IMMEDIATE";

impl Users {
    pub(crate) fn hash(&self, user: &VerifiedUser) -> PhoneHash {
        user.phone.keyed_hash(&self.index)
    }

    /// `on_sign_in`: makes a new user, unless another one has the number. A known user gets the
    /// number that the user confirmed.
    pub(crate) async fn sign_in(&self, user: &VerifiedUser) -> Result<(), Error> {
        let hash = self.hash(user);
        let mut tx = self.db.begin_with(WRITE).await?;
        match find(&mut tx, user).await? {
            Some(id) => give_number(&mut tx, id, user, &hash).await?,
            None if holder(&mut tx, &hash).await?.is_some() => {} // `link` asks the user
            None => create(&mut tx, user, &hash).await?,
        }
        tx.commit().await
    }

    /// `Builder::claims`: asked at a sign-in, and after `OAuthLayer::refresh_claims`.
    pub(crate) async fn account(&self, user: &VerifiedUser) -> Result<Account, Error> {
        let mut db = self.db.acquire().await?;
        let id = find(&mut db, user).await?;
        Ok(Account { id })
    }

    /// The providers at which this user signs in.
    pub(crate) async fn providers(&self, id: i64) -> Result<Vec<String>, Error> {
        let all = "SELECT provider FROM accounts WHERE user_id = ? ORDER BY rowid";
        sqlx::query_scalar(all).bind(id).fetch_all(&self.db).await
    }

    /// The providers of the user who has this number. None if it is free.
    pub(crate) async fn providers_of_number(
        &self,
        user: &VerifiedUser,
    ) -> Result<Vec<String>, Error> {
        let all = "SELECT provider FROM accounts JOIN users ON users.id = user_id
            WHERE phone_hash = ? ORDER BY accounts.rowid";
        let hash = self.hash(user);
        let all = sqlx::query_scalar(all).bind(&hash[..]);
        all.fetch_all(&self.db).await
    }

    /// Makes a new user, who takes the number over. Its former user gave it up.
    pub(crate) async fn start_anew(&self, user: &VerifiedUser) -> Result<(), Error> {
        let mut tx = self.db.begin_with(WRITE).await?;
        if find(&mut tx, user).await?.is_none() {
            create(&mut tx, user, &self.hash(user)).await?;
        }
        tx.commit().await
    }

    /// Links another account to this user, if it belongs to no user and had the number that this
    /// user has. Returns whether it did.
    pub(crate) async fn link(
        &self,
        id: i64,
        (provider, subject): (&str, &str),
        hash: &PhoneHash,
    ) -> Result<bool, Error> {
        let insert = "INSERT INTO accounts (provider, subject, user_id)
            SELECT ?, ?, id FROM users WHERE id = ? AND phone_hash = ?
            ON CONFLICT DO NOTHING";
        let insert = sqlx::query(insert).bind(provider).bind(subject);
        let insert = insert.bind(id).bind(&hash[..]);
        Ok(insert.execute(&self.db).await?.rows_affected() == 1)
    }

    /// Deletes a user (회원 탈퇴), and returns the accounts whose sessions are to end.
    pub(crate) async fn delete(&self, id: i64) -> Result<Vec<(String, String)>, Error> {
        let mut tx = self.db.begin_with(WRITE).await?;
        let accounts = "SELECT provider, subject FROM accounts WHERE user_id = ?";
        let accounts = sqlx::query_as(accounts)
            .bind(id)
            .fetch_all(&mut *tx)
            .await?;
        // And, by ON DELETE CASCADE, the accounts and their known numbers.
        let delete = sqlx::query("DELETE FROM users WHERE id = ?").bind(id);
        delete.execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(accounts)
    }
}

async fn find(db: &mut SqliteConnection, user: &VerifiedUser) -> Result<Option<i64>, Error> {
    let find = "SELECT user_id FROM accounts WHERE provider = ? AND subject = ?";
    let find = sqlx::query_scalar(find).bind(&*user.provider);
    find.bind(user.subject.as_str()).fetch_optional(db).await
}

async fn holder(db: &mut SqliteConnection, hash: &PhoneHash) -> Result<Option<i64>, Error> {
    let find = sqlx::query_scalar("SELECT id FROM users WHERE phone_hash = ?");
    find.bind(&hash[..]).fetch_optional(db).await
}

async fn create(
    db: &mut SqliteConnection,
    user: &VerifiedUser,
    hash: &PhoneHash,
) -> Result<(), Error> {
    let id = sqlx::query_scalar("INSERT INTO users DEFAULT VALUES RETURNING id");
    let id: i64 = id.fetch_one(&mut *db).await?;
    sqlx::query("INSERT INTO accounts (provider, subject, user_id) VALUES (?, ?, ?)")
        .bind(&*user.provider)
        .bind(user.subject.as_str())
        .bind(id)
        .execute(&mut *db)
        .await?;
    give_number(db, id, user, hash).await
}

/// Gives a number to a user, and takes it from another one, unless the other one confirmed it later.
async fn give_number(
    db: &mut SqliteConnection,
    id: i64,
    user: &VerifiedUser,
    hash: &PhoneHash,
) -> Result<(), Error> {
    let at = user.confirmed_at().unwrap_or(UNIX_EPOCH);
    let at = at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() as i64;
    let take = "UPDATE users SET phone_hash = NULL
        WHERE phone_hash = ? AND id <> ? AND confirmed_at <= ?";
    let take = sqlx::query(take).bind(&hash[..]).bind(id).bind(at);
    take.execute(&mut *db).await?;
    if holder(db, hash).await?.is_none_or(|holder| holder == id) {
        let give = sqlx::query("UPDATE users SET phone_hash = ?, confirmed_at = ? WHERE id = ?");
        let give = give.bind(&hash[..]).bind(at).bind(id);
        give.execute(db).await?;
    }
    Ok(())
}
