//! A saved form, as the browser carries it sealed until its user is signed in.
//!
//! The cookie is the only copy, and no replica keeps one. The text that the user typed is therefore
//! on the disk of the user's browser alone, and readable only with the session key.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use form_urlencoded::Serializer;
use serde::{Deserialize, Serialize};

use crate::{
    clock::UnixTime,
    seal::FORM_LIFE,
    session::{Binding, Session},
    web::return_to::FormId,
};

/// The longest body that is saved, in bytes. Sealed and encoded, it still fits into one cookie.
pub(crate) const LONGEST: usize = 2048;

/// A saved form. It is sealed like all cookies of the layer, because its fields may hold a
/// password.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SavedForm {
    /// The random id, in links and in the name of the cookie.
    pub(crate) id: FormId,
    /// The user to whom the form is offered. `None` until a signed-in user has seen the form.
    owner: Option<Owner>,
    /// Path and query on this origin.
    pub(crate) action: String,
    /// The body, byte for byte.
    body: Body,
    /// The time at which the form was saved, from which its life counts.
    saved_at: UnixTime,
}

/// The only user to whom the form is offered, as the first bytes of a SHA-256, so that every owner
/// has the same length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Owner([u8; 16]);

/// The body as it was sent. It may hold a password, so `Debug` hides it.
#[derive(Serialize, Deserialize)]
struct Body(String);

impl SavedForm {
    /// Saves a form. `None` if a page of hidden inputs would not send the same bytes again.
    pub(crate) fn new(
        action: &str,
        body: &[u8],
        owner: Option<Owner>,
        now: UnixTime,
    ) -> Option<Self> {
        let text = std::str::from_utf8(body).ok()?;
        // The page sends hidden inputs, and a browser encodes them in its own way. The form is
        // saved only if that gives the same bytes, so that the application gets the request that
        // the user sent.
        let faithful = text.len() <= LONGEST && resent(&fields(text))? == text;
        Some(Self {
            id: FormId::random().filter(|_| faithful)?,
            owner,
            action: action.to_owned(),
            body: Body(text.to_owned()),
            saved_at: now,
        })
    }

    /// The time at which the form was saved.
    pub(crate) fn saved_at(&self) -> UnixTime {
        self.saved_at
    }

    /// Whether the form's hour has passed.
    pub(crate) fn is_over(&self, now: UnixTime) -> bool {
        now >= self.saved_at.after(FORM_LIFE)
    }

    /// Whether the form is offered to the user of this session. A form that was sent with a
    /// session, live or expired, is for its user alone. Any other is for the user who signs in
    /// next.
    pub(crate) fn is_for(&self, session: &Session) -> bool {
        let owner = self.owner.as_ref();
        owner.is_none_or(|owner| *owner == Owner::of(session))
    }

    /// The same form, from now on for the user of this session alone. `None` if it has an owner.
    pub(crate) fn owned_by(&self, session: &Session) -> Option<Self> {
        self.owner.is_none().then(|| Self {
            id: self.id,
            owner: Some(Owner::of(session)),
            action: self.action.clone(),
            body: Body(self.body.0.clone()),
            saved_at: self.saved_at,
        })
    }

    /// The time until the form is deleted.
    pub(crate) fn left(&self, now: UnixTime) -> Duration {
        let end = self.saved_at.after(FORM_LIFE);
        let left = end.as_secs().saturating_sub(now.as_secs());
        Duration::from_secs(left).min(FORM_LIFE)
    }

    /// The bytes of the body. A form of the same length that goes to the same address is taken for
    /// the same one.
    pub(crate) fn length(&self) -> usize {
        self.body.0.len()
    }

    /// The names and values in their order.
    pub(crate) fn fields(&self) -> Vec<(String, String)> {
        fields(&self.body.0)
    }
}

impl Owner {
    /// The owner of a session.
    pub(crate) fn of(session: &Session) -> Self {
        Self::new(session.binding, &session.user.subject)
    }

    /// The owner of a provider and a subject. The binding has a fixed length, so the two parts
    /// cannot be read in another way.
    pub(crate) fn new(binding: Binding, subject: &str) -> Self {
        let user = [binding.as_bytes(), subject.as_bytes()].concat();
        let hash = digest(&SHA256, &user);
        Self(hash.as_ref().first_chunk().copied().unwrap_or_default())
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Body")
    }
}

/// The fields of a body.
fn fields(body: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect()
}

/// The body that a browser sends for hidden inputs with these names and values (HTML,
/// "constructing the entry list" and "converting an entry list to a list of name-value pairs").
/// `None` if a page cannot hold them.
fn resent(fields: &[(String, String)]) -> Option<String> {
    let mut form = Serializer::new(String::new());
    for (name, value) in fields {
        // Browsers leave an input without a name out, and HTML cannot hold a null character.
        if name.is_empty() || name.contains('\0') || value.contains('\0') {
            return None;
        }
        // Browsers put the encoding in place of this field's value.
        let value = if name.eq_ignore_ascii_case("_charset_") {
            "UTF-8"
        } else {
            value
        };
        form.append_pair(&with_crlf(name), &with_crlf(value));
    }
    Some(form.finish())
}

/// The text with the line breaks that browsers send.
fn with_crlf(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines.replace('\n', "\r\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn form(body: &[u8]) -> Option<SavedForm> {
        SavedForm::new("/order", body, None, UnixTime::from_secs(0))
    }

    #[test]
    fn a_form_is_kept_byte_for_byte() {
        for body in [
            "",
            "a=",
            "b=2&a=1&b=1&b=2",
            "text=one%0D%0Atwo&name=%ED%95%9C%EA%B8%80",
            "q=%22%3E%3Cscript%3E&plus=%2B+%26%3D",
            "_charset_=UTF-8",
        ] {
            assert_eq!(
                resent(&form(body.as_bytes()).unwrap().fields()).unwrap(),
                body
            );
        }
    }

    #[test]
    fn a_form_that_hidden_inputs_would_change_is_not_kept() {
        for body in [
            &b"a=%FF"[..],
            b"a=\xff",
            b"a=%ed%95%9c",
            b"a=%00",
            b"a=%0A",
            b"a=%0D",
            b"a",
            b"=1",
            b"a=1&&b=2",
            b"a=1&",
            b"a=one two",
            b"_charset_=x",
        ] {
            assert!(form(body).is_none(), "{}", body.escape_ascii());
        }
    }

    #[test]
    fn two_kilobytes_are_kept_and_no_more() {
        let body = |length: usize| format!("a={}", "x".repeat(length - 2));
        assert!(form(body(LONGEST).as_bytes()).is_some());
        assert!(form(body(LONGEST + 1).as_bytes()).is_none());
    }

    proptest! {
        #[test]
        fn any_fields_come_back_or_are_refused(fields in prop::collection::vec((".{0,9}", ".{0,20}"), 0..9)) {
            let body = Serializer::new(String::new()).extend_pairs(&fields).finish();
            if let Some(form) = form(body.as_bytes()) {
                prop_assert_eq!(form.fields(), fields);
            }
        }
    }
}
