//! The identity of a user in headers for an application behind a proxy.

use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::session::user::VerifiedUser;

/// The names of the headers in which a proxy tells an application who the user is.
///
/// The defaults are `X-Auth-Phone`, `X-Auth-Phone-Assurance`, `X-Auth-Provider` and
/// `X-Auth-Subject`. The application must be reachable through the proxy alone, because anyone can
/// send such headers to it directly.
///
/// | header | value |
/// |---|---|
/// | `phone` | E.164, such as `+821012345678` |
/// | `phone_assurance` | `unverified`, `asserted`, `verified` … ([`PhoneAssurance`](crate::phone::PhoneAssurance)) |
/// | `provider` | the name of the provider in the layer, such as `kakao` |
/// | `subject` | the provider's identifier of the user. `%`, spaces, and all that is not visible ASCII are percent-encoded ([RFC 3986 section 2.1](https://www.rfc-editor.org/rfc/rfc3986#section-2.1)) |
///
/// ```
/// use http::HeaderName;
/// use tower_phone_auth::gateway::IdentityHeaders;
///
/// let mut names = IdentityHeaders::default();
/// names.phone = HeaderName::from_static("x-shop-phone");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IdentityHeaders {
    /// The name of the header with the phone number.
    pub phone: HeaderName,
    /// The name of the header with the assurance of the phone number.
    pub phone_assurance: HeaderName,
    /// The name of the header with the provider.
    pub provider: HeaderName,
    /// The name of the header with the subject.
    pub subject: HeaderName,
}

impl Default for IdentityHeaders {
    fn default() -> Self {
        Self {
            phone: HeaderName::from_static("x-auth-phone"),
            phone_assurance: HeaderName::from_static("x-auth-phone-assurance"),
            provider: HeaderName::from_static("x-auth-provider"),
            subject: HeaderName::from_static("x-auth-subject"),
        }
    }
}

/// The characters of a subject that are encoded. The percent sign is one, so that decoding gives
/// the subject back.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'%');

impl IdentityHeaders {
    /// Writes the headers of the user, or empty ones without a user.
    ///
    /// All headers of these names are removed first, in every spelling that an application may take
    /// for the same: CGI and WSGI read `X_Auth_Phone` as `X-Auth-Phone`. Every name is written each
    /// time, because a proxy that copies headers may otherwise leave the browser's own in place.
    /// Some versions of Caddy do so even for an empty value, so the proxy should remove the
    /// browser's headers itself as well.
    ///
    /// ```
    /// use http::{HeaderMap, HeaderValue};
    /// use tower_phone_auth::gateway::IdentityHeaders;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.insert("x_auth_phone", HeaderValue::from_static("+821099999999"));
    /// IdentityHeaders::default().write(None, &mut headers);
    /// assert!(!headers.contains_key("x_auth_phone"));
    /// assert_eq!(headers["x-auth-phone"], "");
    /// ```
    pub fn write(&self, user: Option<&VerifiedUser>, headers: &mut HeaderMap) {
        let written = self.values(user);
        // All are removed before any is written, because one name can be a spelling of another.
        let spellings: Vec<HeaderName> = headers
            .keys()
            .filter(|sent| written.iter().any(|(name, _)| is_spelling(sent, name)))
            .cloned()
            .collect();
        for spelling in spellings {
            headers.remove(spelling);
        }
        for (name, value) in written {
            // All values are visible ASCII. An empty one grants nothing.
            let value = HeaderValue::try_from(value);
            let mut value = value.unwrap_or_else(|_| HeaderValue::from_static(""));
            // `Debug` of the headers shows no phone number and no subject.
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    }

    fn values(&self, user: Option<&VerifiedUser>) -> [(&HeaderName, String); 4] {
        let text = |read: &dyn Fn(&VerifiedUser) -> String| user.map_or_else(String::new, read);
        [
            (&self.phone, text(&|user| user.phone.to_string())),
            (
                &self.phone_assurance,
                text(&|user| user.phone_assurance.as_str().to_owned()),
            ),
            (&self.provider, text(&|user| encoded(&user.provider))),
            (&self.subject, text(&|user| encoded(&user.subject))),
        ]
    }
}

fn encoded(value: &str) -> String {
    utf8_percent_encode(value, ENCODED).to_string()
}

/// Whether an application may read `sent` as `name`. CGI turns `-` into `_`, and some servers turn
/// every other character that is no letter or digit into it as well.
fn is_spelling(sent: &HeaderName, name: &HeaderName) -> bool {
    let plain = |byte: u8| match byte.is_ascii_alphanumeric() {
        true => byte.to_ascii_lowercase(),
        false => b'-',
    };
    let (sent, name) = (sent.as_str().bytes(), name.as_str().bytes());
    sent.map(plain).eq(name.map(plain))
}

impl VerifiedUser {
    /// Writes the identity of the user into headers for an application behind a proxy, and removes
    /// the ones that a browser forged. See [`IdentityHeaders::write`], which also takes a request
    /// without a user: call that one for every request that passes.
    ///
    /// ```
    /// use http::HeaderMap;
    /// use tower_phone_auth::{VerifiedUser, gateway::IdentityHeaders};
    ///
    /// fn to_application(user: &VerifiedUser, headers: &mut HeaderMap) {
    ///     user.write_headers(headers, &IdentityHeaders::default());
    /// }
    /// ```
    pub fn write_headers(&self, headers: &mut HeaderMap, names: &IdentityHeaders) {
        names.write(Some(self), headers);
    }
}
