//! The `state` of an authorization request (RFC 6749 section 10.12).
//!
//! A `state` consists of 256 random bits and a sealed part with the time, the host and the return
//! address. The provider returns it unchanged, so a user whose pending cookie is gone still comes
//! back to the return address, and the page can say why the sign-in was not finished. The sealed
//! part proves nothing about the browser, because any browser can send it. Only the pending cookie
//! does.
//!
//! The text is `RANDOM.SEALED`. The seal has the random part and the provider as associated data,
//! and a purpose of its own, which lives for 30 days. A provider's page may stay open for days, and
//! its user must still get back to the page that was requested.

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

pub(crate) use self::host::Host;
use crate::{
    clock::UnixTime,
    random,
    seal::Sealer,
    session::Binding,
    web::{
        own_paths::Prefix,
        return_to::{FormId, ReturnTo},
    },
};

mod host;

/// The longest return address that is sealed in a `state`, in bytes. A provider may limit the
/// length of the authorization request.
pub(crate) const LONGEST_PLACE: usize = 600;
/// The longest `state` that is opened. Any client can send one, so the buffer has a fixed size.
const LONGEST: usize = 1024;

/// The first 16 bytes of the SHA-256 of a `state`. A pending cookie holds this hash, which is
/// shorter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StateId([u8; 16]);

impl StateId {
    /// The id of a `state`, from the callback or from the pending sign-in.
    pub(crate) fn of(state: &str) -> Self {
        let hash = digest(&SHA256, state.as_bytes());
        Self(hash.as_ref().first_chunk().copied().unwrap_or_default())
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// The start of a sign-in, as sealed in its `state`.
#[derive(Debug)]
pub(crate) struct Begun {
    /// The return address. `None` if it is too long for a `state`.
    pub(crate) place: Option<ReturnTo>,
    /// The time of the start. A callback that comes too late says so.
    pub(crate) at: UnixTime,
    /// The host on which the sign-in began.
    pub(crate) host: Host,
}

/// The content of the sealed part. The text is borrowed, so that opening a forged state allocates
/// nothing.
#[derive(Serialize, Deserialize)]
struct Sealed<'a> {
    begun_at: UnixTime,
    host: Host,
    place: Option<&'a str>,
    form: Option<FormId>,
}

/// Whether a `state` can hold the return address.
pub(crate) fn holds(place: &ReturnTo) -> bool {
    place.as_str().len() <= LONGEST_PLACE
}

/// A new `state`, sealed for its random part and the provider. `None` only if sealing fails, or
/// without random bytes.
pub(crate) fn new(
    sealer: &Sealer,
    binding: Binding,
    place: &ReturnTo,
    host: Host,
    now: UnixTime,
) -> Option<String> {
    let random = random::text::<32>()?;
    let sealed = Sealed {
        begun_at: now,
        host,
        // A return address that is too long stands in the pending cookie alone.
        place: holds(place).then_some(place.as_str()),
        form: place.form(),
    };
    let plain = postcard::to_allocvec(&sealed).ok()?;
    let sealed = sealer.seal(&name(&random, binding), &plain, now)?;
    Some(format!("{random}.{sealed}"))
}

/// Opens a `state`. The result is `None` if it is forged, or of another provider, layer or key. The
/// return address is checked again, because a rule may have become stricter since.
pub(crate) fn open(
    sealer: &Sealer,
    binding: Binding,
    state: &str,
    now: UnixTime,
    prefix: &Prefix,
) -> Option<Begun> {
    let (random, sealed) = state.split_once('.')?;
    let mut buffer = [0; LONGEST];
    // A forged state ends here, before any of its content is parsed.
    let opened = sealer.open(&name(random, binding), sealed.as_bytes(), now, &mut buffer)?;
    let sealed: Sealed<'_> = postcard::from_bytes(opened.plain).ok()?;
    let place = sealed.place.map(|place| ReturnTo::parse(place, prefix));
    Some(Begun {
        place: place.map(|place| place.with_form(sealed.form)),
        at: sealed.begun_at,
        host: sealed.host,
    })
}

/// The associated data of the seal. It binds the sealed part to its random part and its provider,
/// so the parts of two states cannot be combined.
fn name(random: &str, binding: Binding) -> String {
    let binding = u64::from_be_bytes(*binding.as_bytes());
    format!("{random} {binding:x}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::{Purpose, key::SessionKey};

    const NOW: UnixTime = UnixTime::from_secs(1_800_000_000);

    fn sealer() -> Sealer {
        Sealer::for_tests(&SessionKey::random(), Purpose::State)
    }

    fn auth() -> Prefix {
        Prefix::parse("/auth").unwrap()
    }

    fn binding(client: &str) -> Binding {
        Binding::new("kakao", "kakao", "", client)
    }

    #[test]
    fn the_place_comes_back_byte_for_byte() {
        let (sealer, binding) = (sealer(), binding("a"));
        for target in [
            "/",
            "/cart?a=1%2F&b=%EA%B0%80#x",
            "/%ED%95%9C%EA%B8%80",
            &format!("/{}", "a".repeat(599)),
        ] {
            let place = ReturnTo::parse(target, &auth());
            let state = new(&sealer, binding, &place, Host::default(), NOW).unwrap();
            assert!(state.len() < LONGEST, "{}", state.len());
            let begun = open(&sealer, binding, &state, NOW, &auth()).unwrap();
            assert_eq!(begun.place.unwrap().as_str(), target);
        }
    }

    #[test]
    fn a_longer_place_is_left_out() {
        let (sealer, binding) = (sealer(), binding("a"));
        let place = ReturnTo::parse(&format!("/{}", "a".repeat(600)), &auth());
        let state = new(&sealer, binding, &place, Host::default(), NOW).unwrap();
        assert!(state.len() < 120, "{}", state.len());
        let begun = open(&sealer, binding, &state, NOW, &auth()).unwrap();
        assert_eq!(begun.place, None);
    }

    #[test]
    fn a_changed_state_or_one_of_another_provider_does_not_open() {
        let (sealer, binding_a) = (sealer(), binding("a"));
        let place = ReturnTo::home(&auth());
        let fresh = || new(&sealer, binding_a, &place, Host::default(), NOW).unwrap();
        let (state, other) = (fresh(), fresh());
        let opens = |state: &str, binding| open(&sealer, binding, state, NOW, &auth()).is_some();
        assert!(opens(&state, binding_a));
        let (random, sealed) = state.split_once('.').unwrap();
        let (_, others) = other.split_once('.').unwrap();
        for forged in [
            format!("{random}.{others}"),
            format!("{random}.{sealed}A"),
            format!("A{random}.{sealed}"),
            format!("{random}{sealed}"),
            format!("{random}."),
            random.to_owned(),
            String::new(),
            "a".repeat(4096),
        ] {
            assert!(!opens(&forged, binding_a), "{forged}");
        }
        assert!(!opens(&state, binding("b")));
    }
}
