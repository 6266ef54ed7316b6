//! Brands with a button design of their own.

/// The brand whose colours and logo the sign-in button shows, as the guidelines of the providers
/// prescribe them. `Other` gets a neutral button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Brand {
    Kakao,
    Naver,
    Google,
    Line,
    Other,
}
