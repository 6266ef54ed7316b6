//! The kit for a certification names variables of the example alone.

const KIT: &str = include_str!("../certification/README.md");
const SETTINGS: &str = include_str!("../../examples/shop/settings.rs");

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
fn every_variable_of_the_kit_is_one_of_the_example() {
    // The step of a later version, as the kit says.
    let known = |name: &&str| SETTINGS.contains(&format!("`{name}`")) || *name == "PHONE_STEP";
    let unknown: Vec<_> = named().into_iter().filter(|name| !known(name)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    assert!(named().len() > 12);
}
