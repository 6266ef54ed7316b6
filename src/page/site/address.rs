//! The addresses of a site: paths of this origin, other origins, and images inside the page.

use url::Url;

use crate::error::ConfigError;

/// The longest image inside the page, which every page carries.
const LONGEST: usize = 4096;
/// An image inside the page.
const DATA: &str = "data:image/";

/// Checks the address of an image.
pub(super) fn image(part: &str, address: &str) -> Result<(), ConfigError> {
    if !address.starts_with(DATA) {
        return page(part, address);
    }
    if address.len() > LONGEST {
        let problem = format!("the {part} has {} bytes", address.len());
        let remedy = format!("serve it at a public path, or make it at most {LONGEST} bytes long");
        return Err(ConfigError::new("site", problem, remedy));
    }
    visible(part, address)
}

/// Checks the address of a page. A script address (`javascript:`) is none.
pub(super) fn page(part: &str, address: &str) -> Result<(), ConfigError> {
    let is_path = address.starts_with('/') && !address.starts_with("//") && !address.contains('\\');
    if is_path || origin(address).is_some() {
        return visible(part, address);
    }
    let problem = format!("the {part} {address:?} is neither a path nor an https address");
    let remedy = "give a path such as /terms, or an address such as https://example.com/terms";
    Err(ConfigError::new("site", problem, remedy))
}

/// The origin of an address elsewhere, for the policy of the pages. `None` for a path.
pub(super) fn origin(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    // Other characters, such as a semicolon or an asterisk, have a meaning in the policy.
    let is_plain = |one: char| one.is_ascii_alphanumeric() || "-.[:]".contains(one);
    let has_host = url
        .host_str()
        .is_some_and(|host| host.chars().all(is_plain));
    let is_origin = url.scheme() == "https" && has_host;
    is_origin.then(|| url.origin().ascii_serialization())
}

/// Whether the image stands inside the page.
pub(super) fn is_inside(address: &str) -> bool {
    address.starts_with(DATA)
}

/// An address with a space or a control character is a mistake.
fn visible(part: &str, address: &str) -> Result<(), ConfigError> {
    match address
        .chars()
        .find(|one| one.is_whitespace() || one.is_control())
    {
        None => Ok(()),
        Some(character) => {
            let problem = format!("the {part} {address:?} has {character:?}");
            Err(ConfigError::new(
                "site",
                problem,
                "encode it, such as a space as %20",
            ))
        }
    }
}
