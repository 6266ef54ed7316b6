//! The endpoints, for faults and for counting requests.

/// An endpoint of the provider, in any dialect. One value stands for the endpoints of all dialects
/// that serve the same purpose, so a test can count and break requests without naming their paths.
///
/// ```
/// use tower_phone_auth_local_provider::{Endpoint, LocalProvider, faults::Fault};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let provider = LocalProvider::start().await?;
/// provider.fail(Endpoint::Discovery, Fault::Close);
/// assert_eq!(provider.count(Endpoint::Discovery), 0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// The page (`GET`) and its form (`POST`): `/oauth/authorize`, `/oauth2.0/authorize`,
    /// `/o/oauth2/v2/auth`, `/oidc/authorize`.
    Authorize,
    /// The token endpoint: `/oauth/token`, `/oauth2.0/token`, `/token`, `/oidc/token`.
    Token,
    /// The profile of a user: `/v2/user/me`, `/v1/oidc/userinfo`, `/v1/nid/me`, `/v1/people/me`,
    /// `/v1/userinfo`, `/oidc/userinfo`.
    Profile,
    /// The metadata: `/oidc/.well-known/openid-configuration`, and Kakao's
    /// `/.well-known/openid-configuration`.
    Discovery,
    /// The public keys: `/oauth2/v3/certs`, `/oidc/jwks`, and Kakao's `/.well-known/jwks.json`.
    Keys,
    /// Pushed authorization requests: `/oidc/par`.
    Pushed,
    /// Revocation of tokens: `/oauth2.0/revoke`, `/revoke`, `/oidc/revoke`, and Kakao's
    /// `/v1/user/logout` and `/v1/user/unlink`.
    Revocation,
    /// Sign-out: `/oidc/logout`, and Kakao's `/oauth/logout`.
    Logout,
    /// Information about a token: `/v1/nid/verify`, and Kakao's `/v1/user/access_token_info`.
    TokenInfo,
    /// A message or a code to a phone: Solapi's `/messages/v4/send` and
    /// `/messages/v4/send-many/detail`, and Twilio's `/v2/Services/…/Verifications`.
    Message,
    /// A check of a code: Twilio's `/v2/Services/…/VerificationCheck`.
    CodeCheck,
}

impl Endpoint {
    /// The endpoint at this path. `None` for any other path.
    pub(crate) fn at(path: &str) -> Option<Self> {
        match path {
            "/oauth/authorize"
            | "/oauth2.0/authorize"
            | "/o/oauth2/v2/auth"
            | "/oidc/authorize" => Some(Self::Authorize),
            "/oauth/token" | "/oauth2.0/token" | "/token" | "/oidc/token" => Some(Self::Token),
            "/v2/user/me" | "/v1/oidc/userinfo" | "/v1/nid/me" | "/v1/people/me"
            | "/v1/userinfo" | "/oidc/userinfo" => Some(Self::Profile),
            "/oidc/.well-known/openid-configuration" | "/.well-known/openid-configuration" => {
                Some(Self::Discovery)
            }
            "/oauth2/v3/certs" | "/oidc/jwks" | "/.well-known/jwks.json" => Some(Self::Keys),
            "/oidc/par" => Some(Self::Pushed),
            "/oauth2.0/revoke" | "/revoke" | "/oidc/revoke" | "/v1/user/logout"
            | "/v1/user/unlink" => Some(Self::Revocation),
            "/oidc/logout" | "/oauth/logout" => Some(Self::Logout),
            "/v1/nid/verify" | "/v1/user/access_token_info" => Some(Self::TokenInfo),
            "/messages/v4/send" | "/messages/v4/send-many/detail" => Some(Self::Message),
            _ => Self::of_twilio(path),
        }
    }

    /// The endpoint at a path of Twilio Verify, which contains the service.
    fn of_twilio(path: &str) -> Option<Self> {
        let (_, name) = path.strip_prefix("/v2/Services/")?.split_once('/')?;
        match name {
            "Verifications" => Some(Self::Message),
            "VerificationCheck" => Some(Self::CodeCheck),
            _ => None,
        }
    }
}
