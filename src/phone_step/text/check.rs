//! The checks of the texts and names of an application.

use super::{CODE, MOST, SITE, euc_kr::unencodable};
use crate::{error::ConfigError, language::Text};

/// The settings in errors.
pub(super) const MESSAGE: &str = "message";
pub(super) const SITE_NAME: &str = "site_name";

/// Checks the words in braces and the characters of a text.
pub(super) fn template(text: &Text) -> Result<(), ConfigError> {
    let wrong = |problem: String, remedy: &str| Err(ConfigError::new(MESSAGE, problem, remedy));
    if let Some(tag) = text.malformed_tag() {
        return wrong(
            format!("{tag:?} is no language tag"),
            "give a tag such as ko or zh-Hant",
        );
    }
    for version in text.versions() {
        let rest = version.text.replace(CODE, "").replace(SITE, "");
        if !version.text.contains(CODE) {
            return wrong(
                format!("{:?} has no {CODE}", version.text),
                "write {code} in each language",
            );
        }
        if rest.contains(['{', '}']) {
            let problem = format!("{:?} has other braces than {CODE} and {SITE}", version.text);
            return wrong(problem, "leave them out");
        }
        if let Some(character) = unencodable(&rest.replace('\n', "")) {
            let problem = format!(
                "{:?} has {character:?}, which EUC-KR does not have",
                version.text
            );
            return wrong(problem, "write it with another character");
        }
    }
    Ok(())
}

/// Checks the characters of the names.
pub(super) fn site(site: &Text) -> Result<(), ConfigError> {
    let wrong = |problem: String, remedy: &str| Err(ConfigError::new(SITE_NAME, problem, remedy));
    if let Some(tag) = site.malformed_tag() {
        return wrong(
            format!("{tag:?} is no language tag"),
            "give a tag such as ko or zh-Hant",
        );
    }
    for version in site.versions() {
        if version.text.trim().is_empty() {
            return wrong(
                "the name is empty".to_owned(),
                "give the name that users know",
            );
        }
        if let Some(character) = unencodable(version.text) {
            let name = version.text;
            let problem = format!("{name:?} has {character:?}, which a message cannot have");
            return wrong(problem, "give a name in characters of EUC-KR, on one line");
        }
    }
    Ok(())
}

pub(super) fn too_long(setting: &'static str, bytes: usize) -> ConfigError {
    let problem = format!("a message would have {bytes} bytes in EUC-KR, and {MOST} fit");
    let remedy = format!(
        "make it {} bytes shorter; a Korean syllable has 2",
        bytes - MOST
    );
    ConfigError::new(setting, problem, remedy)
}
