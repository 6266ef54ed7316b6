//! Random bytes for ids, states, nonces, keys and codes.
//!
//! They come from the operating system. AWS-LC seeds a generator of its own from the jitter of the
//! processor, which delays the first answer of a process by some 30 ms. An application with the
//! FIPS module of AWS-LC must use that generator, so it does.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// Fills `bytes` with random bytes. `None` if the system gives none.
pub(crate) fn fill(bytes: &mut [u8]) -> Option<()> {
    if is_fips() {
        aws_lc_rs::rand::fill(bytes).ok()
    } else {
        getrandom::getrandom(bytes).ok()
    }
}

/// `N` random bytes in Base64, whose characters are valid in a `state`, a `nonce` and a PKCE
/// verifier.
pub(crate) fn text<const N: usize>() -> Option<String> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

/// Seeds the generator of AWS-LC, which TLS uses. The first connection then does not wait for it.
pub(crate) fn warm_up() {
    let _ = aws_lc_rs::rand::fill(&mut [0]);
}

/// Whether the application uses the FIPS module of AWS-LC, which makes all random bytes itself.
pub(crate) fn is_fips() -> bool {
    aws_lc_rs::try_fips_mode().is_ok()
}
