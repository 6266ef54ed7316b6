//! Signing of tokens, right and wrong.

use aws_lc_rs::hmac;
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

use crate::{
    faults::Signing,
    keys::{
        algorithm::Algorithm,
        history::{KeyHistory, Publication},
        key::Key,
    },
};

/// Signs tokens, with the forgeries that were ordered.
#[derive(Default)]
pub(crate) struct Signer {
    /// The keys that sign and that are published.
    pub(crate) keys: KeyHistory,
    /// How ID tokens and event tokens are signed.
    pub(crate) signing: Signing,
    /// Applied before signing, so that the signature of a forged token is right.
    pub(crate) forgery: Option<Forgery>,
}

/// Alters the header and the claims, in that order of arguments.
pub(crate) type Forgery = Box<dyn Fn(&mut Value, &mut Value) + Send + Sync>;

impl Signer {
    /// An ID token with these claims. `None` if it cannot be signed. The secret is for algorithms
    /// without a key of their own.
    pub(crate) fn id_token(
        &mut self,
        publication: &Publication,
        secret: Option<&str>,
        mut claims: Value,
    ) -> Option<String> {
        self.keys.settle();
        let mut header = self.header(publication, self.signing);
        if let Some(forge) = &self.forgery {
            forge(&mut header, &mut claims);
        }
        self.encode(
            publication.algorithm,
            self.signing,
            secret,
            &header,
            &claims,
        )
    }

    /// An event token of this `typ`, with the same forgeries.
    pub(crate) fn event_token(
        &mut self,
        publication: &Publication,
        secret: Option<&str>,
        kind: &str,
        mut claims: Value,
    ) -> Option<String> {
        self.keys.settle();
        let mut header = self.header(publication, self.signing);
        header["typ"] = kind.into();
        if let Some(forge) = &self.forgery {
            forge(&mut header, &mut claims);
        }
        self.encode(
            publication.algorithm,
            self.signing,
            secret,
            &header,
            &claims,
        )
    }

    /// A token to which the forgeries of ID tokens do not apply, such as signed userinfo.
    pub(crate) fn jwt(
        &self,
        publication: &Publication,
        secret: Option<&str>,
        signing: Signing,
        claims: &Value,
    ) -> Option<String> {
        let header = self.header(publication, signing);
        self.encode(publication.algorithm, signing, secret, &header, claims)
    }

    /// The header, which names the algorithm that the way of signing pretends.
    fn header(&self, publication: &Publication, signing: Signing) -> Value {
        let name = match signing {
            Signing::None => "none",
            Signing::HmacWithPublicKey => Algorithm::Hs256.name(),
            _ => publication.algorithm.name(),
        };
        let mut header = json!({ "alg": name, "typ": "JWT" });
        if let Some(kid) = self.keys.kid(publication) {
            header["kid"] = kid.into();
        }
        header
    }

    /// The compact serialisation (RFC 7515 section 7.1).
    fn encode(
        &self,
        algorithm: Algorithm,
        signing: Signing,
        secret: Option<&str>,
        header: &Value,
        claims: &Value,
    ) -> Option<String> {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = self.signature(algorithm, signing, secret, message.as_bytes())?;
        Some(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The signature, right or wrong as `signing` says.
    fn signature(
        &self,
        algorithm: Algorithm,
        signing: Signing,
        secret: Option<&str>,
        message: &[u8],
    ) -> Option<Vec<u8>> {
        let right = || match algorithm {
            Algorithm::Hs256 => Some(mac(secret?.as_bytes(), message)),
            _ => self.keys.key(algorithm)?.sign(algorithm, message),
        };
        match signing {
            Signing::Right => right(),
            Signing::WrongKey => match algorithm {
                Algorithm::Hs256 => Some(mac(b"another secret", message)),
                _ => KeyHistory::foreign_key(algorithm)?.sign(algorithm, message),
            },
            Signing::Corrupted => {
                let mut signature = right()?;
                *signature.first_mut()? ^= 1;
                Some(signature)
            }
            Signing::None => Some(Vec::new()),
            Signing::HmacWithPublicKey => {
                let key = self.keys.key(algorithm);
                let key = key.or_else(|| self.keys.key(Algorithm::Rs256))?;
                Some(mac(pem(&key)?.as_bytes(), message))
            }
        }
    }
}

/// HMAC with SHA-256, the algorithm HS256.
fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    hmac::sign(&key, message).as_ref().to_vec()
}

/// The public key as RFC 7468 section 13 writes it.
fn pem(key: &Key) -> Option<String> {
    let encoded = STANDARD.encode(key.der()?.as_ref());
    let mut pem = "-----BEGIN PUBLIC KEY-----\n".to_owned();
    for (index, character) in encoded.chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    pem.push_str("\n-----END PUBLIC KEY-----\n");
    Some(pem)
}
