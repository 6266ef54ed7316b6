//! Whether a provider can be asked without a page, and about whom.

/// The user whose session is checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RecheckedUser<'a> {
    pub(crate) subject: &'a str,
    pub(crate) email: Option<&'a str>,
}

/// Why a provider cannot be asked without a page, and what helps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RecheckUnsupported {
    pub(crate) problem: &'static str,
    pub(crate) remedy: &'static str,
}
