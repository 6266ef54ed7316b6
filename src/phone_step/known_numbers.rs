//! The numbers that users have confirmed before.

use std::{error::Error, time::SystemTime};

use crate::{http_client::BoxFuture, phone::PhoneNumber};

/// The application's store of the numbers that its users have confirmed, so that the next sign-in
/// of a user sends no message. Set it by
/// [`PhoneStep::known_numbers`](super::PhoneStep::known_numbers).
///
/// The layer asks it at the callback alone, for the user whom the provider has just signed in, and
/// never for a number that a user typed. A number counts with the time at which it was confirmed,
/// for [`PhoneStep::known_for`](super::PhoneStep::known_for). It is void for good once the provider
/// reports another number. If the store fails, or takes longer than
/// [`hook_timeout`](crate::Builder::hook_timeout), the user goes through the step, and the log has a
/// warning. The text of the error is not logged, because it may hold a number.
///
/// Users are known by the name of their provider in this layer. Empty the table if that name gets
/// another issuer or client, and give each layer a table of its own.
///
/// Mobile operators give unused numbers to other people. Once another user confirms a number, the
/// former user must therefore lose it; see [`put`](Self::put).
///
/// ```
/// use std::{collections::HashMap, error::Error, sync::Mutex, time::SystemTime};
/// use tower_phone_auth::{PhoneNumber, phone_step::KnownNumbers, provider::BoxFuture};
///
/// type Failure = Box<dyn Error + Send + Sync>;
///
/// /// By (provider, subject). A real store is a table.
/// #[derive(Default)]
/// struct Users(Mutex<HashMap<(String, String), (PhoneNumber, SystemTime)>>);
///
/// impl KnownNumbers for Users {
///     fn get<'a>(
///         &'a self,
///         provider: &'a str,
///         subject: &'a str,
///     ) -> BoxFuture<'a, Result<Option<(PhoneNumber, SystemTime)>, Failure>> {
///         Box::pin(async move {
///             let users = self.0.lock().map_err(|_| "poisoned")?;
///             Ok(users.get(&(provider.to_owned(), subject.to_owned())).copied())
///         })
///     }
///
///     fn put<'a>(
///         &'a self,
///         provider: &'a str,
///         subject: &'a str,
///         number: PhoneNumber,
///         confirmed_at: SystemTime,
///     ) -> BoxFuture<'a, Result<(), Failure>> {
///         Box::pin(async move {
///             let mut users = self.0.lock().map_err(|_| "poisoned")?;
///             users.retain(|_, (known, _)| *known != number); // its former user loses it
///             users.insert((provider.to_owned(), subject.to_owned()), (number, confirmed_at));
///             Ok(())
///         })
///     }
///
///     fn forget<'a>(
///         &'a self,
///         provider: &'a str,
///         subject: &'a str,
///     ) -> BoxFuture<'a, Result<(), Failure>> {
///         Box::pin(async move {
///             let mut users = self.0.lock().map_err(|_| "poisoned")?;
///             users.remove(&(provider.to_owned(), subject.to_owned()));
///             Ok(())
///         })
///     }
/// }
/// ```
pub trait KnownNumbers: Send + Sync + 'static {
    /// The number that this user of the provider has confirmed, and when. `None` if there is none.
    ///
    /// # Errors
    /// If the store fails. The user then goes through the step.
    #[expect(
        clippy::type_complexity,
        reason = "an alias would hide the types in the documentation"
    )]
    fn get<'a>(
        &'a self,
        provider: &'a str,
        subject: &'a str,
    ) -> BoxFuture<'a, Result<Option<(PhoneNumber, SystemTime)>, Box<dyn Error + Send + Sync>>>;

    /// Keeps the number that this user has just confirmed, in place of an earlier one. Called
    /// before the session begins, after [`on_sign_in`](crate::Builder::on_sign_in) has accepted the
    /// user.
    ///
    /// The store forgets the same number of every other user, unless the application has linked
    /// the two accounts to one person.
    ///
    /// # Errors
    /// If the store fails. The user is signed in, and confirms the number again at the next sign-in.
    /// The former user of the number keeps it until the store forgets it.
    fn put<'a>(
        &'a self,
        provider: &'a str,
        subject: &'a str,
        number: PhoneNumber,
        confirmed_at: SystemTime,
    ) -> BoxFuture<'a, Result<(), Box<dyn Error + Send + Sync>>>;

    /// Forgets the number of this user, because the provider now reports another one.
    ///
    /// # Errors
    /// If the store fails. The log has a warning.
    fn forget<'a>(
        &'a self,
        provider: &'a str,
        subject: &'a str,
    ) -> BoxFuture<'a, Result<(), Box<dyn Error + Send + Sync>>>;
}
