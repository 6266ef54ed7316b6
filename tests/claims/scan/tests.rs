use super::{Item, items};

fn tests(text: &str) -> Vec<String> {
    items(text)
        .into_iter()
        .filter_map(|item| match item {
            Item::Test { inside, name, .. } => Some([inside, vec![name]].concat().join("::")),
            Item::OverBoth { name, .. } => Some(format!("{name}::")),
            Item::Module { .. } => None,
        })
        .collect()
}

#[test]
fn tests_in_modules_and_in_proptest_are_found() {
    let text = r##"
        #[test] fn first() { let a = 'a'; }
        mod tests {
            /// Said here.
            #[tokio::test(flavor = "multi_thread")]
            async fn second() { if true { } }
            mod deeper { proptest! { #[test] fn third(a in ".}") { } } }
        }
        #[test] #[cfg(feature = "x")] fn fourth<'a>() {}
    "##;
    assert_eq!(
        tests(text),
        ["first", "tests::second", "tests::deeper::third", "fourth"]
    );
}

#[test]
fn code_that_is_not_run_is_no_test() {
    let text = r###"
        // #[test] fn commented() {}
        /* #[test] fn commented_too() {} */
        const TEXT: &str = "#[test] fn in_a_string() {}";
        const RAW: &str = r#"" #[test] fn in_a_raw_string() {}"#;
        fn helper() { #[test] fn in_a_function() {} }
        #[derive(Debug)] struct S;
        fn plain() {}
        macro_rules! made { ($name:ident) => { #[test] fn $name() {} } }
    "###;
    assert!(tests(text).is_empty(), "{:?}", tests(text));
}

#[test]
fn an_ignored_test_is_recognised() {
    let found = items("#[test] #[ignore = \"slow\"] fn late() {}");
    assert!(
        matches!(&found[..], [Item::Test { ignored: true, .. }]),
        "{found:?}"
    );
}

#[test]
fn modules_are_found_with_their_path() {
    let found = items("mod a; mod b { #[path = \"../c.rs\"] pub(crate) mod c; }");
    let module = |inside: &[&str], name: &str, path: Option<&str>| Item::Module {
        inside: inside.iter().map(|&name| name.to_owned()).collect(),
        name: name.to_owned(),
        path: path.map(str::to_owned),
    };
    assert_eq!(
        found,
        [module(&[], "a", None), module(&["b"], "c", Some("../c.rs"))]
    );
}

#[test]
fn a_test_over_both_servers_counts_as_two() {
    assert_eq!(tests("over_both!(first, second);"), ["first::", "second::"]);
}
