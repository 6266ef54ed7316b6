//! Cookies whose values only this layer reads.

use std::{marker::PhantomData, sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue};
use serde::{Serialize, de::DeserializeOwned};

use super::{LONGEST, Sealer};
use crate::{clock::UnixTime, web::cookie::CookieKind};

/// The most cookies of a kind that are opened. A request may bring any number of cookies, and
/// opening costs time. Browsers keep some 180 of one host.
const LOOKED_AT: usize = 200;

/// The sealed cookies of one kind, with values of type `T`: one cookie, or one for each id.
///
/// A new kind of cookie is one field of `SealedCookies` in `flow/cookies.rs` and one line that
/// makes it. The value is encoded by postcard. A cookie of one name never opens under another name.
pub(crate) struct SealedCookie<T> {
    /// The names and attributes.
    kind: CookieKind,
    /// The keys of the purpose.
    sealer: Arc<Sealer>,
    /// The longest sealed value in bytes.
    longest: usize,
    /// The type is used in functions only, so the cookie is `Send` and `Sync` whatever `T` is.
    value: PhantomData<fn() -> T>,
}

/// A value that is sealed and not yet set.
pub(crate) struct SealedValue {
    name: String,
    value: String,
}

/// A cookie that a request brought, opened.
pub(crate) struct OpenedCookie<T> {
    pub(crate) name: String,
    /// The bytes of the name and of the sealed value.
    pub(crate) bytes: usize,
    pub(crate) value: T,
}

impl SealedValue {
    /// The bytes of the name and of the value.
    pub(crate) fn bytes(&self) -> usize {
        self.name.len() + self.value.len()
    }

    /// The whole name of the cookie.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl<T> SealedCookie<T> {
    /// A kind of cookie, without a limit on the length of its values.
    pub(crate) fn new(kind: CookieKind, sealer: &Arc<Sealer>) -> Self {
        Self {
            kind,
            sealer: Arc::clone(sealer),
            longest: usize::MAX,
            value: PhantomData,
        }
    }

    /// The same kind, with a limit in bytes on its sealed values. [`seal`](Self::seal) gives `None`
    /// for a longer one.
    pub(crate) fn at_most(self, longest: usize) -> Self {
        Self { longest, ..self }
    }

    /// The `Set-Cookie` line. The browser keeps the cookie for `life`. `None` if the line is no
    /// header value.
    pub(crate) fn set(&self, sealed: &SealedValue, life: Duration) -> Option<HeaderValue> {
        self.kind.set(&sealed.name, &sealed.value, life)
    }

    /// The `Set-Cookie` line that deletes the cookie of this id.
    pub(crate) fn delete(&self, id: &str) -> Option<HeaderValue> {
        self.kind.delete(&self.kind.name(id))
    }

    /// Deletes a cookie of this kind by its whole name.
    pub(crate) fn delete_named(&self, name: &str) -> Option<HeaderValue> {
        self.kind.delete(name)
    }

    /// Whether a request brings the cookie of this id, whatever its value is.
    pub(crate) fn is_brought(&self, id: &str, headers: &HeaderMap) -> bool {
        self.kind
            .values(&self.kind.name(id), headers)
            .next()
            .is_some()
    }

    /// Whether a request brings a cookie of this kind, whatever its value is.
    pub(crate) fn is_any_brought(&self, headers: &HeaderMap) -> bool {
        self.kind.all(headers).next().is_some()
    }

    /// Whether a request brings the cookie of this id, sealed by this layer.
    pub(crate) fn is_sealed_here(&self, id: &str, headers: &HeaderMap, now: UnixTime) -> bool {
        let name = self.kind.name(id);
        let mut values = self.kind.values(&name, headers);
        values.any(|value| self.sealer.opens(&name, value, now))
    }

    /// The names of the cookies of this kind that this layer sealed, and the lengths of their
    /// values, the oldest first. A cookie that does not open belongs to another application.
    pub(crate) fn sealed_here<'a>(
        &'a self,
        headers: &'a HeaderMap,
        now: UnixTime,
    ) -> impl Iterator<Item = (String, usize)> + 'a {
        let all = self.kind.all(headers).take(LOOKED_AT);
        let ours = all.filter(move |(name, value)| self.sealer.opens(name, value, now));
        ours.map(|(name, value)| (name, value.len()))
    }

    /// The lengths of names and values of the cookies of this kind that do not open. They count
    /// towards the limits of browsers and proxies too.
    pub(crate) fn unreadable<'a>(
        &'a self,
        headers: &'a HeaderMap,
        now: UnixTime,
    ) -> impl Iterator<Item = (usize, usize)> + 'a {
        let all = self.kind.all(headers).take(LOOKED_AT);
        let unread = all.filter(move |(name, value)| !self.sealer.opens(name, value, now));
        unread.map(|(name, value)| (name.len(), value.len()))
    }

    /// The lengths of all values of this kind.
    pub(crate) fn lengths<'a>(
        &'a self,
        headers: &'a HeaderMap,
    ) -> impl Iterator<Item = usize> + 'a {
        self.kind.all(headers).map(|(_, value)| value.len())
    }
}

impl<T: Serialize> SealedCookie<T> {
    /// Encodes and seals a value for the cookie of this id. `None` if the result is too long, or if
    /// encoding or sealing fails.
    pub(crate) fn seal(&self, id: &str, value: &T, now: UnixTime) -> Option<SealedValue> {
        let name = self.kind.name(id);
        let plain = postcard::to_allocvec(value).ok()?;
        let value = self.sealer.seal(&name, &plain, now)?;
        (value.len() <= self.longest).then_some(SealedValue { name, value })
    }
}

impl<T: DeserializeOwned> SealedCookie<T> {
    /// The values of the cookie of this id that open. More than one if the browser holds several of
    /// the name, for different paths or domains.
    pub(crate) fn open(
        &self,
        id: &str,
        headers: &HeaderMap,
        now: UnixTime,
    ) -> impl Iterator<Item = T> + use<T> {
        let name = self.kind.name(id);
        let values = self.kind.values(&name, headers).take(LOOKED_AT);
        let opened: Vec<T> = values
            .filter_map(|value| self.value(&name, value, now))
            .collect();
        opened.into_iter()
    }

    /// The cookies of this kind that this layer sealed, the oldest first.
    pub(crate) fn open_all<'a>(
        &'a self,
        headers: &'a HeaderMap,
        now: UnixTime,
    ) -> impl Iterator<Item = OpenedCookie<T>> + 'a {
        let all = self.kind.all(headers).take(LOOKED_AT);
        all.filter_map(move |(name, sealed)| {
            let value = self.value(&name, sealed, now)?;
            let bytes = name.len() + sealed.len();
            Some(OpenedCookie { name, bytes, value })
        })
    }

    /// Opens and decodes one cookie. `None` if this layer did not seal it, or if it has the layout
    /// of another version.
    fn value(&self, name: &str, sealed: &[u8], now: UnixTime) -> Option<T> {
        let mut buffer = vec![0; sealed.len().min(LONGEST)];
        let opened = self.sealer.open(name, sealed, now, &mut buffer)?;
        postcard::from_bytes(opened.plain).ok()
    }
}
