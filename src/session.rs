//! The session: what the browser carries after signing in, sealed.

use std::{num::NonZeroU64, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    clock::UnixTime,
    phone::{PhoneAssurance, PhoneNumber},
    seal::Sealer,
    user::VerifiedUser,
};

/// Ties a session or a pending login to one provider, issuer and client id: it is void under
/// another configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Binding([u8; 8]);

impl Binding {
    pub(crate) fn new(provider: &str, issuer: &str, client_id: &str) -> Self {
        let text = format!("{provider}\0{issuer}\0{client_id}");
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
        let mut short = [0; 8];
        short
            .iter_mut()
            .zip(hash.as_ref())
            .for_each(|(to, from)| *to = *from);
        Self(short)
    }
}

/// Long enough for the longest name, address and subject that are kept; short enough to be
/// opened on the stack.
const LONGEST: usize = 1024;

#[derive(Serialize, Deserialize)]
struct Sealed<'a> {
    binding: Binding,
    /// Names this session and no other, for a revocation.
    id: [u8; 16],
    phone: NonZeroU64,
    assurance: u8,
    subject: &'a str,
    name: Option<&'a str>,
    email: Option<&'a str>,
    email_verified: bool,
    authenticated_at: UnixTime,
    expires_at: UnixTime,
}

/// What a session cookie says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    Live(VerifiedUser),
    Expired,
}

/// Seals `user` under the cookie's `name`.
pub(crate) fn seal(
    sealer: &Sealer,
    name: &str,
    binding: Binding,
    user: &VerifiedUser,
) -> Option<String> {
    let mut id = [0; 16];
    aws_lc_rs::rand::fill(&mut id).ok()?;
    let sealed = Sealed {
        binding,
        id,
        phone: user.phone.digits(),
        assurance: match user.phone_assurance {
            PhoneAssurance::Unverified => 0,
            PhoneAssurance::Asserted => 1,
            PhoneAssurance::Verified => 2,
        },
        subject: &user.subject,
        name: user.name.as_deref(),
        email: user.email.as_deref(),
        email_verified: user.email_verified,
        authenticated_at: user.authenticated_at.into(),
        expires_at: user.expires_at.into(),
    };
    let plain = postcard::to_allocvec(&sealed).ok()?;
    let value = sealer.seal(name, &plain)?;
    (value.len() <= LONGEST).then_some(value)
}

/// Opens a session cookie; none if it is not one of ours. `provider` names the provider that a binding
/// belongs to.
pub(crate) fn open(
    sealer: &Sealer,
    name: &str,
    value: &[u8],
    now: UnixTime,
    provider: impl Fn(Binding) -> Option<Arc<str>>,
) -> Option<Opened> {
    if value.len() > LONGEST {
        return None;
    }
    let mut buffer = [0; LONGEST];
    let plain = sealer.open(name, value, &mut buffer)?;
    let sealed: Sealed<'_> = postcard::from_bytes(plain).ok()?;
    let provider = provider(sealed.binding)?;
    if now >= sealed.expires_at {
        return Some(Opened::Expired);
    }
    Some(Opened::Live(VerifiedUser {
        phone: PhoneNumber::from_digits(sealed.phone),
        phone_assurance: match sealed.assurance {
            2 => PhoneAssurance::Verified,
            1 => PhoneAssurance::Asserted,
            _ => PhoneAssurance::Unverified,
        },
        provider,
        subject: sealed.subject.into(),
        name: sealed.name.map(Arc::from),
        email: sealed.email.map(Arc::from),
        email_verified: sealed.email_verified,
        authenticated_at: sealed.authenticated_at.into(),
        expires_at: sealed.expires_at.into(),
    }))
}
