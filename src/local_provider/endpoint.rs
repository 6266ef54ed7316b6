/// The parts of the provider that a login passes through, in whichever dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// The page (`GET`) and its form (`POST`): `/oauth/authorize`, `/oidc/authorize`.
    Authorize,
    /// Where a code becomes tokens: `/oauth/token`, `/oidc/token`.
    Token,
    /// Who signed in: `/v2/user/me`, `/v1/oidc/userinfo`, `/oidc/userinfo`.
    Profile,
    /// The provider about itself: `/oidc/.well-known/openid-configuration`, and Kakao's
    /// `/.well-known/openid-configuration`.
    Discovery,
    /// The public keys: `/oidc/jwks`, and Kakao's `/.well-known/jwks.json`.
    Keys,
    /// Where authorize requests are pushed: `/oidc/par`.
    Pushed,
}

impl Endpoint {
    pub(super) fn at(path: &str) -> Option<Self> {
        match path {
            "/oauth/authorize" | "/oidc/authorize" => Some(Self::Authorize),
            "/oauth/token" | "/oidc/token" => Some(Self::Token),
            "/v2/user/me" | "/v1/oidc/userinfo" | "/oidc/userinfo" => Some(Self::Profile),
            "/oidc/.well-known/openid-configuration" | "/.well-known/openid-configuration" => {
                Some(Self::Discovery)
            }
            "/oidc/jwks" | "/.well-known/jwks.json" => Some(Self::Keys),
            "/oidc/par" => Some(Self::Pushed),
            _ => None,
        }
    }
}
