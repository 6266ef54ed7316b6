//! Brands whose looks people know.

/// Whose button it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Brand {
    Kakao,
    Naver,
    Google,
    Line,
    Other,
}
