/// Names a dialect, for consents and tokens, which belong to one dialect each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Dialect {
    Kakao,
    Naver,
    Google,
    Oidc,
}
