//! Naver's unlink notice (연결 끊기 알림), section 4.4 of
//! <https://developers.naver.com/docs/login/devguide/devguide.md>.
//!
//! The notice is a form with the encrypted id of the user and an HMAC signature. Both keys are
//! derived from the client secret.

use std::time::Duration;

use aws_lc_rs::{
    cipher::{AES_128, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey},
    hmac,
    iv::FixedLength,
};
use base64::{
    Engine,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use http::StatusCode;
use md5::{Digest, Md5};
use secrecy::{ExposeSecret, SecretString};

use crate::clock::UnixTime;
use crate::provider::event::{Event, EventEffect, EventError, EventResponses, VerifiedEvent};

/// The responses to a notice. Naver sends each notice once, so a repeated one is a replay.
pub(super) const UNLINK: EventResponses = EventResponses {
    done: StatusCode::NO_CONTENT,
    failed: StatusCode::SERVICE_UNAVAILABLE,
    repeated: StatusCode::BAD_REQUEST,
    members: None,
};

/// The greatest distance of the timestamp from the time of this server, in both directions.
const RECENT: Duration = Duration::from_secs(5 * 60);

/// URL-safe Base64, with or without padding, because Naver does not document which.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Verifies a notice. Signature and time are checked before the id is decrypted, so that only an id
/// that Naver has sent is decrypted.
pub(super) fn read(
    event: Event<'_>,
    client_id: &str,
    secret: &SecretString,
    now: UnixTime,
) -> Result<VerifiedEvent, EventError> {
    if !event.is_form() {
        return Err(EventError::Part("content_type"));
    }
    let parameter = |name| event.parameter(name).ok_or(EventError::Part(name));
    let (client, sealed) = (parameter("clientId")?, parameter("encryptUniqueId")?);
    let (timestamp, signature) = (parameter("timestamp")?, parameter("signature")?);
    if client != client_id {
        return Err(EventError::Part("clientId"));
    }
    // Section 4.4.2 defines the key as the MD5 of the client secret. The security rests on the
    // secret, not on MD5.
    let key: [u8; 16] = Md5::digest(secret.expose_secret()).into();
    // The signed text has the parameters in the order of section 4.4.2, decoded.
    let signed = format!("clientId={client}&encryptUniqueId={sealed}&timestamp={timestamp}");
    let signature = verified(&signature, &key, &signed).ok_or(EventError::Part("signature"))?;
    let at = timestamp.parse().map(UnixTime::from_secs);
    let at = at.map_err(|_| EventError::Part("timestamp"))?;
    // The notice has no nonce. Its age limits replays, and its signature is remembered for as long.
    if at.after(RECENT) < now || now.after(RECENT) < at {
        return Err(EventError::Part("timestamp"));
    }
    let subject = open(&sealed, &key).ok_or(EventError::Part("encryptUniqueId"))?;
    Ok(VerifiedEvent {
        // The signature is encoded anew, so that a copy in another notation has the same id.
        id: Some(BASE64.encode(signature)),
        effects: vec![EventEffect::Unlinked(subject)],
        at: Some(at),
        window: RECENT,
    })
}

/// The bytes of the signature, if they are the HMAC-SHA256 of `signed`. The comparison takes
/// constant time.
fn verified(signature: &str, key: &[u8; 16], signed: &str) -> Option<Vec<u8>> {
    let signature = BASE64.decode(signature).ok()?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::verify(&key, signed.as_bytes(), &signature).ok()?;
    Some(signature)
}

/// Decrypts the user's id: AES-128-CBC with PKCS #7 padding, and with the initialization vector in
/// front. `None` if any part of it is wrong.
fn open(sealed: &str, key: &[u8; 16]) -> Option<String> {
    let mut bytes = BASE64.decode(sealed).ok()?;
    let (vector, text) = bytes.split_first_chunk_mut::<16>()?;
    let key = UnboundCipherKey::new(&AES_128, key).ok()?;
    let key = PaddedBlockDecryptingKey::cbc_pkcs7(key).ok()?;
    let context = DecryptionContext::Iv128(FixedLength::from(*vector));
    let plain = key.decrypt(text, context).ok()?;
    let subject = std::str::from_utf8(plain).ok()?;
    (!subject.is_empty()).then(|| subject.to_owned())
}
