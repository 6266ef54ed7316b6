//! The return address: the path on this origin that a sign-in leads back to.
//!
//! A link to the sign-in names the return address, and any site can write such a link. An address
//! on another origin would make the layer an open redirect. [`ReturnTo`] can only be made by
//! [`ReturnTo::parse`], which checks the text in the way that a browser reads it, so a `Location`
//! made from it stays on the origin by construction.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use url::Url;

use super::own_paths::Prefix;

#[cfg(test)]
mod tests;

/// The longest return address in bytes. A longer one becomes the start page, because the address
/// must fit into a cookie.
const LONGEST: usize = 2048;

/// The characters that are percent-encoded, besides all outside of ASCII. A `+` that a link did
/// not encode arrives as a space.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ');

/// Path and query on this origin, as they were requested. Only a space and the characters outside
/// of ASCII are percent-encoded, as browsers do it, because a URI reference is ASCII (RFC 3986
/// section 2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReturnTo {
    /// Path, query and fragment, as a `Location` has them.
    target: String,
    /// A saved form, whose page the user goes to first.
    form: Option<FormId>,
}

/// The id of a saved form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FormId([u8; 16]);

impl FormId {
    /// A random id. `None` if the system gives no random bytes.
    pub(crate) fn random() -> Option<Self> {
        let mut id = [0; 16];
        crate::random::fill(&mut id)?;
        Some(Self(id))
    }

    /// Reads an id from a link. `None` if the text is no id.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The id in links and in the names of cookies.
    pub(crate) fn text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl ReturnTo {
    /// The start page of the application.
    pub(crate) fn home(prefix: &Prefix) -> Self {
        Self {
            target: prefix.base().home(),
            form: None,
        }
    }

    /// Adds a saved form. `None` removes it.
    pub(crate) fn with_form(self, form: Option<FormId>) -> Self {
        Self { form, ..self }
    }

    /// The saved form, if one waits.
    pub(crate) fn form(&self) -> Option<FormId> {
        self.form
    }

    /// The return address `target`, or the start page if `target` is not safe. `target` is an
    /// address as browsers see it, below the path of the public URL. The layer's own paths are
    /// refused, because going back to the callback or the sign-out would loop.
    pub(crate) fn parse(target: &str, prefix: &Prefix) -> Self {
        match sendable(target) {
            Some(target) if leads_here(&target, prefix) => Self {
                target: target.into_owned(),
                form: None,
            },
            _ => Self::home(prefix),
        }
    }

    /// Whether [`parse`](Self::parse) keeps the target. A caller that would rather do without a
    /// redirect asks before.
    pub(crate) fn keeps(target: &str, prefix: &Prefix) -> bool {
        sendable(target).is_some_and(|target| leads_here(&target, prefix))
    }

    /// The address as a `Location` has it.
    pub(crate) fn as_str(&self) -> &str {
        &self.target
    }
}

/// The target in ASCII, or `None`. Backslashes and control characters are refused, because
/// browsers read a backslash as a slash and drop tabs and line breaks (WHATWG URL, path state):
/// `/\evil.example` would name a host.
fn sendable(target: &str) -> Option<Cow<'_, str>> {
    let odd = |character: char| character == '\\' || character.is_control();
    if target.len() > LONGEST || !target.starts_with('/') || target.contains(odd) {
        return None;
    }
    // Encoding makes the text longer, so the limit is checked again.
    let target = Cow::from(utf8_percent_encode(target, ENCODED));
    (target.len() <= LONGEST).then_some(target)
}

/// Whether both readings of the target stay inside the application: the one of a browser, which
/// resolves dot segments, and the text as it is written.
fn leads_here(target: &str, prefix: &Prefix) -> bool {
    let is_place = |path: &str| prefix.base().holds(path) && !is_below(path, prefix.as_str());
    let resolved = resolved_path(target);
    resolved.is_some_and(|path| is_place(&path)) && is_place(written(target))
}

/// The path that a browser makes of `target`, if it stays on the origin.
fn resolved_path(target: &str) -> Option<String> {
    // The host does not matter, because only the difference between it and the result counts.
    let base = Url::parse("https://origin.invalid/").ok()?;
    let url = base.join(target).ok()?;
    // Dot segments may leave an empty first segment, which relative links would read as a host.
    let stays = url.origin() == base.origin() && !url.path().starts_with("//");
    stays.then(|| url.path().to_owned())
}

/// The path as it is written. Some clients request it without resolving dot segments.
fn written(target: &str) -> &str {
    target.split(['?', '#']).next().unwrap_or(target)
}

/// Whether a path is `reserved` or below it.
fn is_below(path: &str, reserved: &str) -> bool {
    path.strip_prefix(reserved)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
