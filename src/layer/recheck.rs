//! The setting for checking sessions with their provider.

use std::time::Duration;

use super::Builder;

impl Builder {
    /// The time between two checks whether the user is still signed in at the provider. The first
    /// one counts from the sign-in. The setting is for providers that send no report when a user
    /// signs out there, is disabled, or is deleted, such as Google Workspace and Entra ID. Default:
    /// never. At least a second and at most [`session_lifetime`](Self::session_lifetime), in whole
    /// seconds.
    ///
    /// A later visit to a protected page goes to the provider with `prompt=none` ([OpenID Connect
    /// Core section 3.1.2.1](https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest)),
    /// and with a `login_hint` where one is known: the subject at Google, the email address at an
    /// OpenID provider that gave one. A user whose session at the provider is live sees no page,
    /// and comes back to the same address. Other requests pass meanwhile, which are those of
    /// scripts, forms and prefetches, and pages whose address is too long to come back to.
    ///
    /// | the provider says | the session |
    /// |---|---|
    /// | the same user | goes on, and the next check is due after the same time |
    /// | another user, `access_denied`, a refused account | ends, with a page about the cause |
    /// | that it needs a page, such as `login_required` | ends, and an ordinary sign-in begins |
    /// | nothing, another error, an invalid answer | goes on, and the next try is after 5 minutes |
    ///
    /// After twice the time without a check that passed, the session is not accepted. A page visit
    /// goes to the provider as above, and is refused with the cause if that fails. Any other
    /// request gets 401 with the reason [`expired`](crate::hooks::Reason::Expired), and public
    /// paths have no user. A user who was disabled at the provider is thus signed out after twice
    /// this time at the latest.
    ///
    /// A session that goes on keeps its id, its end and its proof of freshness. If the provider has
    /// a new session for the user, a logout token for that one ends it from then on. A refusal of
    /// the account is, for example, a phone number that is no longer shared. The number is not
    /// checked with a [phone step](Self::phone_step), nor if the user
    /// [confirmed](crate::phone::PhoneAssurance::Confirmed) it here. The names of the third
    /// row are `login_required`, `interaction_required`, `consent_required` and
    /// `account_selection_required`, and the new sign-in leads to the same address. A check never
    /// revives a session that has ended.
    ///
    /// [`build`](Self::build) refuses the setting if a provider cannot be asked without a page:
    /// [`Naver`](crate::Naver), [`Kakao`](crate::Kakao) without [OpenID
    /// Connect](crate::Kakao::openid_connect), and a [`CustomProvider`](crate::CustomProvider)
    /// without [`recheck_with`](crate::CustomProvider::recheck_with).
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower_phone_auth::{OAuthLayer, Oidc, SessionKey};
    ///
    /// let auth = OAuthLayer::builder()
    ///     .public_url("https://shop.example.com")
    ///     .session_key(SessionKey::random())
    ///     .provider(Oidc::new("https://id.example.com", "client-id", "client-secret"))
    ///     .recheck_after(Duration::from_secs(15 * 60))
    ///     .build()?;
    /// # Ok::<(), tower_phone_auth::ConfigError>(())
    /// ```
    pub fn recheck_after(mut self, time: Duration) -> Self {
        self.settings.plain.recheck = Some(time);
        self
    }
}
