//! The `Content-Security-Policy` headers of the pages.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::HeaderValue;

use super::{FRAGMENT, Look, RELOAD, phone, sign_in};

/// The `Content-Security-Policy` headers of the pages. They are made once, when the layer is built,
/// because the hashes do not change.
#[derive(Clone, Debug)]
pub(crate) struct Policies {
    /// Permits the style, one script and the site's icon, and no frame and no connection. Forms
    /// lead to this origin. No page of another site can show the page in a frame (clickjacking).
    pub(crate) strict: HeaderValue,
    /// The strict policy for a page inside a frame of this origin.
    pub(crate) framed: HeaderValue,
    /// Permits the style and one script, with no limit on forms. Browsers apply `form-action` to
    /// the redirects of a form as well, and the application's reply may lead to another site, such
    /// as a payment service.
    pub(crate) saved_form: HeaderValue,
    /// Permits the style and the script that reads the code, with no limit on forms, because the
    /// page at the return address may lead to another site.
    pub(crate) phone_code: HeaderValue,
}

impl Policies {
    /// Makes the policies from the hashes of the style and the scripts. `None` cannot occur,
    /// because all parts are ASCII. The caller turns it into an error in place of a panic.
    pub(crate) fn new(look: &Look) -> Option<Self> {
        let hash = |text: &str| STANDARD.encode(digest(&SHA256, text.as_bytes()));
        let (style, script, reload) = (hash(&look.style), hash(FRAGMENT), hash(RELOAD));
        let images = look.images();
        let buttons = hash(&sign_in::STYLE);
        let policy = format!(
            "default-src 'none'; img-src {images}; style-src 'sha256-{style}' 'sha256-{buttons}'; base-uri 'none'; frame-ancestors 'none'"
        );
        let strict = format!("{policy}; script-src 'sha256-{script}'; form-action 'self'");
        let saved_form = format!("{policy}; script-src 'sha256-{reload}'");
        let phone_code = format!("{policy}; script-src 'sha256-{}'", hash(phone::WEBOTP));
        let framed = strict.replace("frame-ancestors 'none'", "frame-ancestors 'self'");
        Some(Self {
            framed: HeaderValue::from_str(&framed).ok()?,
            strict: HeaderValue::from_str(&strict).ok()?,
            saved_form: HeaderValue::from_str(&saved_form).ok()?,
            phone_code: HeaderValue::from_str(&phone_code).ok()?,
        })
    }
}

/// A policy with more origins for the redirects of a form. `None` if an origin cannot stand in a
/// header. `form-action` is the last directive of the strict policy, so the origins are added at its
/// end.
pub(crate) fn with_forms_to(policy: &HeaderValue, origins: &[String]) -> Option<HeaderValue> {
    let mut policy = policy.to_str().ok()?.to_owned();
    for origin in origins {
        policy.push(' ');
        policy.push_str(origin);
    }
    HeaderValue::from_str(&policy).ok()
}
