//! Codes and tokens, and the consents behind them.

use std::{collections::HashMap, io, time::Duration};

use aws_lc_rs::{digest, rand};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use tokio::time::Instant;

use super::{challenge::Challenge, requested::Requested};
use crate::dialect::Dialect;

/// The beginning of every code, every token and the default client secret. A test can search pages,
/// headers and logs for a leak with this one word.
///
/// ```
/// use tower_phone_auth_local_provider::SECRET_PREFIX;
///
/// let log = "signed in as 42";
/// assert!(!log.contains(SECRET_PREFIX));
/// ```
pub const SECRET_PREFIX: &str = "lpsecret-";

/// The consent of a person to a request, and the sign-in that it came from. A code and its tokens
/// have copies of one grant.
#[derive(Clone)]
pub(crate) struct Grant {
    pub(crate) dialect: Dialect,
    pub(crate) person: u64,
    /// When the person signed in at the provider, in seconds since 1970.
    pub(crate) signed_in_at: u64,
    pub(crate) client_id: String,
    /// The one of the authorization request, which the token request must repeat.
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Option<Challenge>,
    /// The `state` of the authorization request, which Naver compares in the token request.
    pub(crate) state: Option<String>,
    pub(crate) nonce: Option<String>,
    /// The session at the provider, for ID tokens and logout tokens.
    pub(crate) sid: String,
    /// The items that the person agreed to.
    pub(crate) scope: Vec<String>,
    /// The tokens that the code is exchanged for.
    pub(crate) token_set: TokenSet,
    pub(crate) requested: Requested,
}

impl Grant {
    /// Whether the grant has the item.
    pub(crate) fn covers(&self, item: &str) -> bool {
        self.scope.iter().any(|granted| granted == item)
    }
}

/// The kinds of secrets. One kind is never accepted as another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Exchanged once, within ten minutes in every dialect.
    Code,
    /// Accepted by the profile and other endpoints, until it expires.
    Access,
    /// Exchanged for access tokens, as often as the application likes.
    Refresh,
}

impl Kind {
    /// The kind as the secret itself names it.
    fn word(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }
}

/// The tokens that a code is exchanged for beside the access token.
#[derive(Clone, Copy)]
pub(crate) struct TokenSet {
    pub(crate) id_token: bool,
    pub(crate) refresh_token: bool,
}

/// The codes and tokens of a dialect.
pub(crate) trait TokenRules {
    /// The name under which consents and tokens are kept.
    fn dialect(&self) -> Dialect;

    /// How long a code or token is valid.
    fn lifetime(&self, kind: Kind) -> Duration;

    /// The random part of a code or token, as the dialect writes it. Some dialects have characters
    /// that a client must encode.
    fn encode_token(&self, _kind: Kind, random: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(random)
    }
}

/// The codes and tokens that were issued and have not expired.
pub(crate) struct Grants {
    /// Random for each provider. All secrets are derived from it.
    seed: [u8; 32],
    /// The number of secrets and names so far, which makes each one unique.
    issued_so_far: u64,
    issued: HashMap<String, Issued>,
}

/// The bound on codes and tokens. When it is reached, those that have expired are dropped, or else
/// the older half, so that a provider that runs for weeks does not grow. Ten thousand sign-ins at
/// once fit.
const MOST: usize = 40_000;

/// A code or token.
struct Issued {
    /// Its number, by which older ones are recognised.
    number: u64,
    kind: Kind,
    grant: Grant,
    expires: Instant,
}

impl Grants {
    /// No codes and tokens. An error if the system gives no random bytes.
    pub(crate) fn new() -> io::Result<Self> {
        let mut seed = [0; 32];
        rand::fill(&mut seed).map_err(|_| io::Error::other("the system gives no random bytes"))?;
        Ok(Self {
            seed,
            issued_so_far: 0,
            issued: HashMap::new(),
        })
    }

    /// A new code or token for a grant.
    pub(crate) fn issue(&mut self, rules: &dyn TokenRules, kind: Kind, grant: Grant) -> String {
        let now = Instant::now();
        if self.issued.len() >= MOST {
            self.issued.retain(|_, issued| issued.expires > now);
        }
        if self.issued.len() >= MOST {
            self.forget_older_half();
        }
        let random = rules.encode_token(kind, self.random().as_ref());
        let secret = format!("{SECRET_PREFIX}{}-{random}", kind.word());
        let expires = now + rules.lifetime(kind);
        let issued = Issued {
            number: self.issued_so_far,
            kind,
            grant,
            expires,
        };
        self.issued.insert(secret.clone(), issued);
        secret
    }

    /// Drops the older half.
    fn forget_older_half(&mut self) {
        let mut numbers: Vec<u64> = self.issued.values().map(|issued| issued.number).collect();
        numbers.sort_unstable();
        let middle = numbers.get(numbers.len() / 2).copied().unwrap_or_default();
        self.issued.retain(|_, issued| issued.number > middle);
    }

    /// The grant of a code or token that is valid. A dialect finds only its own.
    pub(crate) fn find(&self, dialect: Dialect, kind: Kind, secret: &str) -> Option<&Grant> {
        let issued = self.issued.get(secret)?;
        let right = issued.kind == kind && issued.grant.dialect == dialect;
        (right && issued.expires > Instant::now()).then_some(&issued.grant)
    }

    /// How long a secret is still valid. Zero for an unknown one.
    pub(crate) fn remaining(&self, secret: &str) -> Duration {
        let expires = self.issued.get(secret).map(|issued| issued.expires);
        expires.map_or(Duration::ZERO, |at| {
            at.saturating_duration_since(Instant::now())
        })
    }

    /// Like [`find`](Self::find), and removes the secret, which can thus be used once.
    pub(crate) fn take(&mut self, dialect: Dialect, kind: Kind, secret: &str) -> Option<Grant> {
        let grant = self.find(dialect, kind, secret)?.clone();
        self.issued.remove(secret);
        Some(grant)
    }

    /// Removes all codes and tokens of a person in a dialect.
    pub(crate) fn revoke_all_of(&mut self, dialect: Dialect, person: u64) {
        self.issued
            .retain(|_, Issued { grant, .. }| (grant.dialect, grant.person) != (dialect, person));
    }

    /// A unique name, which is not secret.
    pub(crate) fn name(&mut self) -> String {
        URL_SAFE_NO_PAD.encode(self.random())
    }

    // The seed is the only randomness, so nothing can fail once the provider runs.
    fn random(&mut self) -> digest::Digest {
        self.issued_so_far += 1;
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(&self.seed);
        context.update(&self.issued_so_far.to_be_bytes());
        context.finish()
    }
}
