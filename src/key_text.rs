//! Secret keys as an application gives them: as bytes, or as base64 in a text, a variable or a
//! file.
//!
//! An error names lengths and places, never a byte of a key.

use std::{env, fmt::Display, fs::File, io::Read, path::Path, sync::Arc};

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use secrecy::{ExposeSecret, SecretBox, zeroize::Zeroizing};

use crate::error::ConfigError;

/// A key behind an `Arc`, so that a clone copies no secret.
pub(crate) type Key<const N: usize> = Arc<SecretBox<[u8; N]>>;

/// The longest file that is read, in bytes. It holds some hundred keys. A path to a large file by
/// mistake would otherwise be read whole.
const LONGEST_FILE: usize = 16 * 1024;

/// The remedy for a wrong key of `length` bytes, because a new one is always possible.
pub(crate) fn remedy(length: usize) -> String {
    format!(
        "give base64 of {length} random bytes, from `openssl rand -base64 {length} | tr -d '\\n'`"
    )
}

/// The text of an environment variable.
///
/// # Errors
/// If the variable is missing or not text.
pub(crate) fn from_env(variable: &str, remedy: &str) -> Result<Zeroizing<String>, ConfigError> {
    env::var(variable)
        .map(Zeroizing::new)
        .map_err(|_| ConfigError::new(variable.to_owned(), "is not set or not text", remedy))
}

/// The text of a file.
///
/// # Errors
/// If the file cannot be read, is longer than [`LONGEST_FILE`], or is not text.
pub(crate) fn from_file(path: &Path, remedy: &str) -> Result<Zeroizing<String>, ConfigError> {
    let named = |problem: &dyn Display, remedy: &str| {
        ConfigError::new(path.display().to_string(), problem.to_string(), remedy)
    };
    // One allocation, because a buffer that grows leaves copies in memory that are not wiped.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST_FILE + 1));
    let most = u64::try_from(LONGEST_FILE + 1).unwrap_or(u64::MAX);
    File::open(path)
        .and_then(|file| file.take(most).read_to_end(&mut bytes))
        .map_err(|error| {
            let problem = format!("the file cannot be read ({error})");
            let remedy = "correct the path, or let this process read the file";
            named(&problem, remedy)
        })?;
    if bytes.len() > LONGEST_FILE {
        return Err(named(&"the file has more than 16 KiB", remedy));
    }
    let text = str::from_utf8(&bytes).map_err(|_| named(&"the file is not text", remedy))?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Reads one key of base64.
///
/// # Errors
/// If the text is no base64, or the key has another length or is not random.
pub(crate) fn parse<const N: usize>(text: &str) -> Result<Key<N>, String> {
    let text = without_white_space(text);
    if text.is_empty() {
        return Err("a key is empty".to_owned());
    }
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let alphabet = if text.contains(['-', '_']) {
        URL_SAFE
    } else {
        STANDARD
    };
    let decoded = GeneralPurpose::new(&alphabet, config)
        .decode(&*text)
        .map_err(|_| "a key is not base64".to_owned())?;
    from_bytes(&Zeroizing::new(decoded))
}

/// A key of these bytes.
///
/// # Errors
/// If there are not `N` bytes, or if they repeat.
pub(crate) fn from_bytes<const N: usize>(given: &[u8]) -> Result<Key<N>, String> {
    if given.len() != N {
        return Err(format!("a key has {} bytes, not {N}", given.len()));
    }
    // Filled in place, so that no copy stays in memory.
    let mut bytes = Box::new([0; N]);
    bytes.copy_from_slice(given);
    let key = SecretBox::new(bytes);
    if distinct(key.expose_secret()) < N / 4 {
        return Err("a key is not random: its bytes repeat".to_owned());
    }
    Ok(Arc::new(key))
}

/// The text without line breaks and blanks. It is built in one allocation, because a text that
/// grows leaves copies in memory that are not wiped.
fn without_white_space(text: &str) -> Zeroizing<String> {
    let mut kept = Zeroizing::new(String::with_capacity(text.len()));
    text.split_ascii_whitespace()
        .for_each(|part| kept.push_str(part));
    kept
}

/// The number of distinct bytes. 64 random bytes have about 57 and 32 have about 30. Fewer than a
/// quarter of the length do not occur by chance.
fn distinct<const N: usize>(bytes: &[u8; N]) -> usize {
    let mut sorted = Zeroizing::new(*bytes);
    sorted.sort_unstable();
    sorted.chunk_by(|a, b| a == b).count()
}
