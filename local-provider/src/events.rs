//! Reports that a provider sends to an application.

use aws_lc_rs::{
    cipher::{AES_128, DecryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey},
    hmac,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE};
use md5::{Digest as _, Md5};
use serde_json::{Value, json};

use crate::{
    LocalProvider,
    clock::now,
    google, kakao,
    keys::{history::Publication, signer::Signer},
    naver, oidc, settings,
    state::State,
};

/// Reports of events that a provider sends to an application. Each method returns the body of a
/// report, which a test posts to the application. The result is `None` if no person has this id.
///
/// | method | `Content-Type` of the request | body |
/// |---|---|---|
/// | [`logout_token`](Self::logout_token) | `application/x-www-form-urlencoded` | `logout_token=` and the result |
/// | [`oidc_event`](Self::oidc_event), [`kakao_event`](Self::kakao_event), [`google_event`](Self::google_event) | `application/secevent+jwt` | the result |
/// | [`kakao_unlink_notice`](Self::kakao_unlink_notice), [`naver_unlink_notice`](Self::naver_unlink_notice) | `application/x-www-form-urlencoded` | the result |
///
/// A method changes nothing at the provider: the person stays linked, and tokens stay valid. Each
/// token has a `jti` of its own, so a test that sends a report twice must keep the first result.
///
/// [`forge_id_token`](Self::forge_id_token) and [`sign_id_tokens`](Self::sign_id_tokens) alter
/// these tokens as they alter ID tokens.
///
/// ```
/// use tower_phone_auth_local_provider::{LocalProvider, Person};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let provider = LocalProvider::start().await?;
/// let token = provider.logout_token(Person::WITH_PHONE).unwrap();
/// let body = format!("logout_token={token}");
///
/// let event = "https://schemas.openid.net/secevent/risc/event-type/account-disabled";
/// let of_kakao = provider.kakao_event(event, Person::WITH_PHONE);
/// let of_google = provider.google_event(event, Person::WITH_PHONE);
///
/// let sent_at = 1_800_000_000;
/// let of_naver = provider.naver_unlink_notice(Person::WITH_PHONE, sent_at);
/// # assert!(!body.is_empty() && of_kakao.is_some() && of_google.is_some() && of_naver.is_some());
/// # Ok(())
/// # }
/// ```
impl LocalProvider {
    /// A logout token of the OpenID dialect for the person's latest session (OpenID Connect
    /// Back-Channel Logout section 2.4).
    ///
    /// The token has the `sub` of the person, and is valid for two minutes. It also has the `sid`
    /// of the latest sign-in, if there was one and
    /// [`OidcSettings::names_sessions`](crate::OidcSettings::names_sessions) is set. Without a
    /// `sid`, it is about all sessions of the person.
    ///
    /// The result is also `None` if the algorithm is HS256 and the application has no secret.
    #[must_use]
    pub fn logout_token(&self, person: u64) -> Option<String> {
        let state = &mut *self.shared.lock();
        let subject = oidc::subject(state.person(person)?);
        let event = json!({ "http://schemas.openid.net/event/backchannel-logout": {} });
        let mut claims = claims(state, &oidc::issuer(&state.origin), &event);
        claims["sub"] = subject.into();
        claims["exp"] = (now() + 120).into();
        let sid = state.sessions.latest(person);
        if let Some(sid) = sid.filter(|_| state.settings.oidc.names_sessions) {
            claims["sid"] = sid.into();
        }
        sign_for_oidc(state, "logout+jwt", claims)
    }

    /// A security event token of the OpenID dialect about a person (RFC 8417). `event` is the URI
    /// of the event, such as
    /// `https://schemas.openid.net/secevent/risc/event-type/sessions-revoked`.
    ///
    /// The event names its subject by `iss` and `sub`, as the RISC profile of OpenID does. Any URI
    /// is accepted, so that a test can send an event that the application does not know.
    ///
    /// ```
    /// use tower_phone_auth_local_provider::{LocalProvider, Person};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let provider = LocalProvider::start().await?;
    /// let event = "https://schemas.openid.net/secevent/risc/event-type/account-disabled";
    /// let token = provider.oidc_event(event, Person::WITH_PHONE).unwrap();
    /// assert_eq!(token.split('.').count(), 3);
    /// assert_eq!(provider.oidc_event(event, 7), None);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn oidc_event(&self, event: &str, person: u64) -> Option<String> {
        let state = &mut *self.shared.lock();
        let subject = oidc::subject(state.person(person)?);
        let issuer = oidc::issuer(&state.origin);
        let claims = about(state, &issuer, event, &subject);
        sign_for_oidc(state, SECURITY_EVENT, claims)
    }

    /// A security event token about a person, as Kakao sends it (RFC 8417). `event` is the URI of
    /// the event. The `sub` is the id of the person, and is also a claim of the token itself.
    #[must_use]
    pub fn kakao_event(&self, event: &str, person: u64) -> Option<String> {
        let state = &mut *self.shared.lock();
        let subject = state.person(person)?.id.to_string();
        let mut claims = about(state, kakao::ISSUER, event, &subject);
        claims["sub"] = subject.into();
        sign(&mut state.signer, &kakao::KEYS, SECURITY_EVENT, claims)
    }

    /// A security event token about a person, as Google sends it (RFC 8417). `event` is the URI of
    /// the event. The issuer ends with a slash, unlike that of Google's ID tokens.
    #[must_use]
    pub fn google_event(&self, event: &str, person: u64) -> Option<String> {
        let state = &mut *self.shared.lock();
        let subject = google::subject(state.person(person)?);
        let issuer = format!("{}/", settings::google::ISSUER);
        let claims = about(state, &issuer, event, &subject);
        sign(&mut state.signer, &google::KEYS, SECURITY_EVENT, claims)
    }

    /// The form or the query of Kakao's unlink webhook, which Kakao sends by POST or by GET. Its
    /// `Authorization` header is `KakaoAK` and the application's
    /// [admin key](crate::Settings::admin_key).
    ///
    /// ```
    /// use tower_phone_auth_local_provider::{LocalProvider, Person};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let provider = LocalProvider::start().await?;
    /// let form = provider.kakao_unlink_notice(Person::FOREIGN).unwrap();
    /// assert!(form.contains("user_id=2000000002"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn kakao_unlink_notice(&self, person: u64) -> Option<String> {
        let id = self.shared.lock().person(person)?.id;
        Some(format!(
            "app_id=1&user_id={id}&referrer_type=UNLINK_FROM_APPS"
        ))
    }

    /// The form of Naver's unlink notice, sent at `timestamp` (seconds since 1970). An application
    /// refuses a notice whose time is long past.
    ///
    /// The id is encrypted with AES-128-CBC, and the form is signed with HMAC-SHA256. The key of
    /// both is the MD5 hash of the client secret, as Naver documents it. The result is also `None`
    /// if the application has no secret.
    #[must_use]
    pub fn naver_unlink_notice(&self, person: u64, timestamp: u64) -> Option<String> {
        let state = self.shared.lock();
        let client = &state.settings.client_id;
        let subject = naver::subject(client, state.person(person)?.id);
        let secret = state.settings.client_secret.as_deref()?;
        let key: [u8; 16] = Md5::digest(secret).into();
        let sealed = seal(&key, &subject)?;
        let notice = format!("clientId={client}&encryptUniqueId={sealed}&timestamp={timestamp}");
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        let signature = URL_SAFE.encode(hmac::sign(&key, notice.as_bytes()));
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("clientId", client)
            .append_pair("encryptUniqueId", &sealed)
            .append_pair("timestamp", &timestamp.to_string())
            .append_pair("signature", &signature);
        Some(form.finish())
    }
}

/// The `typ` of a security event token (RFC 8417 section 2.3).
const SECURITY_EVENT: &str = "secevent+jwt";

/// The claims that every event token has (RFC 8417 section 2.2).
fn claims(state: &mut State, issuer: &str, events: &Value) -> Value {
    json!({
        "iss": issuer,
        "aud": state.settings.client_id,
        "iat": now(),
        "jti": state.grants.name(),
        "events": events,
    })
}

/// The claims of an event about one subject, which the event itself contains, as the RISC profile
/// of OpenID has it.
fn about(state: &mut State, issuer: &str, event: &str, subject: &str) -> Value {
    let subject = json!({ "subject_type": "iss-sub", "iss": issuer, "sub": subject });
    claims(state, issuer, &json!({ event: { "subject": subject } }))
}

/// Signs with the algorithm of the OpenID dialect, which may be HS256 with the client secret.
fn sign_for_oidc(state: &mut State, kind: &str, claims: Value) -> Option<String> {
    let publication = state.settings.oidc.publication();
    let secret = state.settings.client_secret.as_deref();
    state.signer.event_token(&publication, secret, kind, claims)
}

/// Signs with the keys of a dialect that has one algorithm.
fn sign(signer: &mut Signer, keys: &Publication, kind: &str, claims: Value) -> Option<String> {
    signer.event_token(keys, None, kind, claims)
}

/// Encrypts as Naver does: AES-128-CBC, with the initialisation vector before the text, in URL-safe
/// Base64.
fn seal(key: &[u8; 16], text: &str) -> Option<String> {
    let key = UnboundCipherKey::new(&AES_128, key).ok()?;
    let key = PaddedBlockEncryptingKey::cbc_pkcs7(key).ok()?;
    let mut sealed = text.as_bytes().to_vec();
    match key.encrypt(&mut sealed).ok()? {
        DecryptionContext::Iv128(vector) => {
            let bytes = [&vector.as_ref()[..], &sealed].concat();
            Some(URL_SAFE.encode(bytes))
        }
        _ => None,
    }
}
