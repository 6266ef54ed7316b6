//! The codes of Kakao's error pages.

use crate::login::mistake::Mistake;

/// Kakao's code of a mistake.
pub(crate) fn code(mistake: &Mistake) -> &'static str {
    match mistake {
        Mistake::Request => "KOE001",
        Mistake::LoginDisabled => "KOE004",
        Mistake::RedirectUri => "KOE006",
        Mistake::LogoutUri => "KOE007",
        Mistake::ClientId => "KOE101",
        Mistake::ResponseType => "KOE201",
        Mistake::ImplicitFlow => "KOE202",
        Mistake::Scope(_) => "KOE205",
    }
}
