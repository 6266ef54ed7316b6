//! The certification kit names only variables that the example or the driver of the suite knows.

const KIT: &str = include_str!("../certification/README.md");
const DRIVER: &str = include_str!("../certification/plans.py");
/// The variables of the example alone, and those of `Builder::from_env`.
const SETTINGS: [&str; 2] = [
    include_str!("../../examples/shop/settings.rs"),
    include_str!("../../src/layer/variables/mod.rs"),
];

fn named() -> Vec<&'static str> {
    let words = KIT.split(|c: char| !(c.is_ascii_uppercase() || c == '_'));
    let mut named: Vec<_> = words
        .filter(|word| word.len() > 3 && word.contains('_'))
        .collect();
    named.sort_unstable();
    named.dedup();
    named
}

#[test]
fn every_variable_of_the_certification_kit_is_known() {
    let known = |name: &&str| match *name {
        // The kit names `PHONE_STEP` as one of a later version. TLS libraries know `SSL_CERT_FILE`.
        "PHONE_STEP" | "SSL_CERT_FILE" => true,
        name if name.starts_with("FOUNDATION_") => DRIVER.contains(&format!("\"{name}\"")),
        name => {
            let quoted = format!("`{name}`");
            SETTINGS.iter().any(|text| text.contains(&quoted))
        }
    };
    let unknown: Vec<_> = named().into_iter().filter(|name| !known(name)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    assert!(named().len() > 12);
}
