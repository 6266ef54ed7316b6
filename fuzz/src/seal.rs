//! A second implementation of sealing, written from the description of the layout. With the key, a
//! target can seal any content, and the crate needs no interface for this.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hkdf::{HKDF_SHA256, KeyType, Prk, Salt},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::shop::{ORIGIN, SECRET, now};

/// The purpose of a sealed value.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    Session,
    Pending,
    Form,
    Logout,
    Revocation,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Session => b"tower-phone-auth 2 session",
            Self::Pending => b"tower-phone-auth 2 pending login",
            Self::Form => b"tower-phone-auth 2 saved form",
            Self::Logout => b"tower-phone-auth 2 logout",
            Self::Revocation => b"tower-phone-auth 2 revocation",
        }
    }
}

const VERSION: u8 = 2;
const ID_LEN: usize = 3;
const DAY_LEN: usize = 3;
const HEAD_LEN: usize = 1 + ID_LEN + DAY_LEN;

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn derive<const N: usize>(secret: &Prk, info: &[&[u8]]) -> [u8; N] {
    let mut bytes = [0; N];
    let derived = secret.expand(info, Length(N)).unwrap();
    derived.fill(&mut bytes).unwrap();
    bytes
}

/// The header of values sealed today, and the key. The salt is the purpose with the origin and the
/// prefix of the layer; all layers of an origin share the entries of the revocation log.
fn key(purpose: Purpose) -> ([u8; HEAD_LEN], RandomizedNonceKey) {
    let prefix = match purpose {
        Purpose::Revocation => "",
        _ => "/auth",
    };
    let salt = [purpose.label(), ORIGIN.as_bytes(), prefix.as_bytes()].join(&0);
    let secret = Salt::new(HKDF_SHA256, &salt).extract(&*SECRET);
    let day = u32::try_from(now() / (24 * 60 * 60)).unwrap();
    let [_, day @ ..] = day.to_be_bytes();
    let bytes: [u8; 32] = derive(&secret, &[b"key", &day]);
    let [a, b, c] = derive(&secret, &[b"id"]);
    let head = [VERSION, a, b, c, day[0], day[1], day[2]];
    (head, RandomizedNonceKey::new(&AES_256_GCM, &bytes).unwrap())
}

/// Seals `plain` under a cookie's name.
pub fn seal(purpose: Purpose, name: &str, plain: &[u8]) -> String {
    let (head, key) = key(purpose);
    let mut sealed = plain.to_vec();
    let nonce = key.seal_in_place_append_tag(Aad::from(name.as_bytes()), &mut sealed);
    let head = [&head[..], nonce.unwrap().as_ref()].concat();
    URL_SAFE_NO_PAD.encode([head, sealed].concat())
}

/// Opens a value that the layer sealed. A failure means that this file no longer matches the crate.
pub fn open(purpose: Purpose, name: &str, value: &[u8]) -> Vec<u8> {
    let (head, key) = key(purpose);
    let bytes = URL_SAFE_NO_PAD.decode(value).expect("base64url");
    let (known, rest) = bytes.split_at(HEAD_LEN);
    assert_eq!(known, head, "src/seal has another layout");
    let (nonce, sealed) = rest.split_at(NONCE_LEN);
    let nonce = Nonce::try_assume_unique_for_key(nonce).unwrap();
    let mut sealed = sealed.to_vec();
    let plain = key.open_in_place(nonce, Aad::from(name.as_bytes()), &mut sealed);
    plain
        .expect("src/seal derives its keys in another way")
        .to_vec()
}
