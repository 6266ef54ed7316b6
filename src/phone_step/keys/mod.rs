//! Keyed hashes for the store. The store holds no number, no user, no address and no code.

use std::{fmt, net::IpAddr};

use aws_lc_rs::hmac::{self, HMAC_SHA256};
use serde::{Deserialize, Serialize};

use super::code::Code;
use crate::{phone::PhoneNumber, seal::key::SessionKey};

#[cfg(test)]
mod tests;

/// The id of a step, from the `state` of its sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct StepId(pub(crate) [u8; 16]);

/// The keyed hash of a phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NumberId(pub(crate) [u8; 8]);

/// The keyed hash of a code with all that it is bound to. 64 bits are enough: a code is compared
/// at most five times.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CodeHash(pub(crate) [u8; 8]);

/// A keyed hash by which a limit counts. With 32 bits, two of 500 numbers have the same one once in
/// 34,000 hours, and then share their limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag(pub(crate) [u8; 4]);

impl fmt::Debug for CodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeHash(..)")
    }
}

/// The hashes of one message: its number, and those for the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hashes {
    pub(crate) number: NumberId,
    pub(crate) charges: Charges,
}

/// The keys of the hashes, one for each secret of the session key. The first one makes the hashes.
/// Codes, numbers and limits are compared under all of them, so a rotation of the session key ends
/// no step and permits no further message.
#[derive(Clone)]
pub(crate) struct StepKeys {
    first: hmac::Key,
    others: Vec<hmac::Key>,
}

/// The facts that a code is bound to, beside the step itself.
#[derive(Clone, Copy)]
pub(crate) struct Bound<'a> {
    pub(crate) step: &'a StepId,
    /// The provider and its configuration, as sessions are bound to them.
    pub(crate) provider: &'a [u8],
    /// The user at the provider.
    pub(crate) subject: &'a str,
    pub(crate) number: PhoneNumber,
    /// The use of the proof, such as `sign-in`. A code of one use is refused in another.
    pub(crate) purpose: &'a str,
}

/// The hashes by which the limits count one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Charges {
    pub(crate) number: Tag,
    pub(crate) person: Tag,
    pub(crate) address: Tag,
    pub(crate) prefix: Tag,
}

impl StepKeys {
    /// The keys of a layer. `layer` is its public URL with its prefix, so that two layers with one
    /// session key have different hashes.
    pub(crate) fn new(key: &SessionKey, layer: &str) -> Self {
        let mut keys = key.secrets().map(|secret| {
            let root = hmac::Key::new(HMAC_SHA256, secret);
            let parts = [
                b"tower-phone-auth phone step 1".as_slice(),
                layer.as_bytes(),
            ];
            hmac::Key::new(HMAC_SHA256, sign(&root, &parts).as_ref())
        });
        Self {
            // A session key has at least one secret.
            first: keys
                .next()
                .unwrap_or_else(|| hmac::Key::new(HMAC_SHA256, &[])),
            others: keys.collect(),
        }
    }

    /// The id of the step of a sign-in, from its `state`.
    pub(crate) fn step(&self, state: &[u8]) -> StepId {
        StepId(short(&self.first, &[b"step", state]))
    }

    /// Whether this is the hash of the number under any key.
    pub(crate) fn is_of(&self, id: NumberId, number: PhoneNumber) -> bool {
        self.all().any(|key| number_id(key, number) == id)
    }

    /// The hash of a new code.
    pub(crate) fn code(&self, bound: &Bound<'_>, code: &Code) -> CodeHash {
        Self::of_code(&self.first, bound, code)
    }

    /// The hashes of a typed code under all keys.
    pub(crate) fn candidates(&self, bound: &Bound<'_>, code: &Code) -> Vec<CodeHash> {
        let all = self.all();
        all.map(|key| Self::of_code(key, bound, code)).collect()
    }

    fn all(&self) -> impl Iterator<Item = &hmac::Key> {
        std::iter::once(&self.first).chain(&self.others)
    }

    fn of_code(key: &hmac::Key, bound: &Bound<'_>, code: &Code) -> CodeHash {
        let parts = [
            b"code".as_slice(),
            &bound.step.0,
            bound.provider,
            bound.subject.as_bytes(),
            &e164(bound.number),
            bound.purpose.as_bytes(),
            code.as_str().as_bytes(),
        ];
        CodeHash(short(key, &parts))
    }

    /// The hashes of a message under the first key, and under the others. All requests without an
    /// address share one.
    pub(crate) fn hashes(
        &self,
        number: PhoneNumber,
        provider: &[u8],
        subject: &str,
        address: Option<IpAddr>,
    ) -> (Hashes, Vec<Hashes>) {
        let digits = e164(number);
        let beginning = digits.len().saturating_sub(PREFIX_TAIL);
        let under = |key: &hmac::Key| {
            let tag = |parts: &[&[u8]]| Tag(short(key, parts));
            Hashes {
                number: number_id(key, number),
                charges: Charges {
                    number: tag(&[b"per number", &digits]),
                    person: tag(&[b"per person", provider, subject.as_bytes()]),
                    address: tag(&[b"per address", &network(address)]),
                    prefix: tag(&[b"per prefix", &digits[..beginning]]),
                },
            }
        };
        (under(&self.first), self.others.iter().map(under).collect())
    }
}

fn number_id(key: &hmac::Key, number: PhoneNumber) -> NumberId {
    NumberId(short(key, &[b"number", &e164(number)]))
}

/// The last digits, in which the 10,000 numbers of one prefix differ.
const PREFIX_TAIL: usize = 4;

/// The network that the limit on addresses counts: an IPv4 address, or 64 bits of an IPv6 one,
/// because a client has as many addresses of its network as it likes (RFC 4291 section 2.5.4).
fn network(address: Option<IpAddr>) -> Vec<u8> {
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => address.octets().to_vec(),
        Some(IpAddr::V6(address)) => address.octets()[..8].to_vec(),
        None => Vec::new(),
    }
}

fn e164(number: PhoneNumber) -> Vec<u8> {
    number.to_string().into_bytes()
}

/// The first bytes of a hash.
fn short<const LENGTH: usize>(key: &hmac::Key, parts: &[&[u8]]) -> [u8; LENGTH] {
    let hash = sign(key, parts);
    let short = hash.as_ref().first_chunk().copied();
    // A hash has 32 bytes, more than any length here.
    short.unwrap_or([0; LENGTH])
}

/// The hash of several parts. Each one begins with its length, so no two lists give one text.
fn sign(key: &hmac::Key, parts: &[&[u8]]) -> hmac::Tag {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    context.sign()
}

impl fmt::Debug for StepKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StepKeys(..)")
    }
}
