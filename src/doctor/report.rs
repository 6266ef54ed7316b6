//! The report: checks with the expected value, the found value and the remedy.

use std::fmt;

use serde_json::{Value, json};

/// The report of [`OAuthLayer::doctor`](crate::OAuthLayer::doctor).
///
/// `Display` writes a table for a terminal, without colours, of at most 120 columns: first the
/// checks of the application, then those of each provider. The lines of a check that is not good
/// end in its remedy, after `->`.
///
/// ```no_run
/// # async fn example(auth: tower_phone_auth::OAuthLayer) {
/// use tower_phone_auth::doctor::CheckState;
///
/// let report = auth.doctor().await;
/// for check in report.checks().iter().filter(|check| check.state() >= CheckState::Warning) {
///     eprintln!("{} {}: {}", check.subject(), check.name(), check.remedy().unwrap_or_default());
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// In the order of the display.
    checks: Vec<Check>,
}

/// The result of a [`Check`], from good to bad.
///
/// ```
/// use tower_phone_auth::doctor::CheckState;
///
/// assert!(CheckState::Ok < CheckState::Note && CheckState::Warning < CheckState::Failed);
/// assert_eq!(CheckState::Warning.to_string(), "warning");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CheckState {
    /// As expected.
    Ok,
    /// Nothing is wrong. The check has information, such as an address to register.
    Note,
    /// Sign-ins may fail, for some users or at some time.
    Warning,
    /// Sign-ins or sign-outs fail.
    Failed,
}

/// One check of a [`Report`].
///
/// | name | subject | checked |
/// |---|---|---|
/// | `public_url` | application | https, loopback, port and path |
/// | `session_key` | application | how many keys, and whether they outlive a restart |
/// | `certificates` | application | the authorities that the default client trusts |
/// | `request_headers`, `response_headers` | application | the size of the layer's cookies against the limits of proxies |
/// | `revocation_log`, `revocation_log_read` | application | an entry is appended, and read back |
/// | `redirect_uri`, `events_uri`, `post_logout_redirect_uri` | provider | the addresses to register |
/// | `metadata`, `issuer`, `endpoints` | OpenID provider | the metadata exist, are of this issuer, and are usable |
/// | `algorithms`, `key_set` | provider | the signing algorithms, and keys for them |
/// | `scopes`, `phone_claims` | OpenID provider | the announced ones, compared with the settings |
/// | `client_authentication`, `pkce`, `pushed_requests`, `claims_parameter` | OpenID provider | the announced ways to send requests, compared with the settings |
/// | `response_type`, `response_mode`, `callback_issuer` | OpenID provider | the announced kinds of callbacks |
/// | `logout`, `back_channel_logout` | OpenID provider | the sign-out at the provider, and reports of it |
/// | `token_endpoint`, `profile_endpoint`, `pushed_request_endpoint` | provider | reachable, with valid TLS |
/// | `clock` | provider | the difference to the provider's `Date` |
/// | `paused` | provider | whether calls are paused after failures |
///
/// ```
/// use tower_phone_auth::doctor::Report;
///
/// fn print(report: &Report) {
///     for check in report.checks() {
///         println!("{} of {}: {}", check.name(), check.subject(), check.found());
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    name: &'static str,
    /// A provider, or the application.
    subject: String,
    state: CheckState,
    /// The expected value, in words or as it must be.
    expected: String,
    /// The value that was found. Texts of a provider in it were escaped by the check.
    found: String,
    /// `None` if the state is [`CheckState::Ok`].
    remedy: Option<String>,
}

impl Report {
    /// The report of these checks.
    pub(super) fn new(checks: Vec<Check>) -> Self {
        Self { checks }
    }

    /// All checks: those of the application first, then those of each provider in the order of the
    /// settings.
    ///
    /// ```
    /// use tower_phone_auth::doctor::Report;
    ///
    /// fn remedies(report: &Report) -> Vec<&str> {
    ///     report.checks().iter().filter_map(|check| check.remedy()).collect()
    /// }
    /// ```
    #[must_use]
    pub fn checks(&self) -> &[Check] {
        &self.checks
    }

    /// The worst state of all checks.
    ///
    /// ```
    /// use tower_phone_auth::doctor::{CheckState, Report};
    ///
    /// fn is_perfect(report: &Report) -> bool {
    ///     report.worst() <= CheckState::Note
    /// }
    /// ```
    #[must_use]
    pub fn worst(&self) -> CheckState {
        let states = self.checks.iter().map(Check::state);
        states.max().unwrap_or(CheckState::Ok)
    }

    /// Whether no check is [`Failed`](CheckState::Failed). Warnings are permitted.
    ///
    /// ```
    /// use tower_phone_auth::OAuthLayer;
    ///
    /// async fn may_start(auth: &OAuthLayer) -> bool {
    ///     auth.doctor().await.is_good()
    /// }
    /// ```
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.worst() < CheckState::Failed
    }

    /// The report as a JSON object with the members `good`, `worst` and `checks`. Each of the
    /// checks has `name`, `subject`, `state` (`ok`, `note`, `warning` or `failed`), `expected`,
    /// `found` and `remedy` (null if it is good).
    ///
    /// ```
    /// use tower_phone_auth::OAuthLayer;
    ///
    /// async fn print(auth: &OAuthLayer) {
    ///     println!("{}", auth.doctor().await.to_json());
    /// }
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let checks: Vec<Value> = self.checks.iter().map(Check::json).collect();
        let report = json!({
            "good": self.is_good(),
            "worst": self.worst().to_string(),
            "checks": checks,
        });
        format!("{report:#}")
    }
}

impl Check {
    /// A check that is good. [`is`](Self::is) changes that.
    pub(super) fn new(name: &'static str, subject: &str, (expected, found): (&str, &str)) -> Self {
        Self {
            name,
            subject: subject.to_owned(),
            state: CheckState::Ok,
            expected: expected.to_owned(),
            found: found.to_owned(),
            remedy: None,
        }
    }

    /// The same check with a state and a remedy.
    pub(super) fn is(self, state: CheckState, remedy: impl Into<String>) -> Self {
        Self {
            state,
            remedy: Some(remedy.into()),
            ..self
        }
    }

    /// The name of the check, the same in all versions.
    ///
    /// ```
    /// use tower_phone_auth::doctor::Check;
    ///
    /// fn is_about_keys(check: &Check) -> bool {
    ///     check.name() == "session_key"
    /// }
    /// ```
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The name of the provider, or `application`.
    ///
    /// ```
    /// use tower_phone_auth::doctor::Check;
    ///
    /// fn is_about_kakao(check: &Check) -> bool {
    ///     check.subject() == "kakao"
    /// }
    /// ```
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The result.
    ///
    /// ```
    /// use tower_phone_auth::doctor::{Check, CheckState};
    ///
    /// fn has_failed(check: &Check) -> bool {
    ///     check.state() == CheckState::Failed
    /// }
    /// ```
    #[must_use]
    pub fn state(&self) -> CheckState {
        self.state
    }

    /// The expected result.
    ///
    /// ```
    /// use tower_phone_auth::doctor::Check;
    ///
    /// fn line(check: &Check) -> String {
    ///     format!("expected {}, found {}", check.expected(), check.found())
    /// }
    /// ```
    #[must_use]
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// The found result. Texts of a provider in it are escaped and shortened.
    ///
    /// ```
    /// use tower_phone_auth::doctor::Check;
    ///
    /// fn line(check: &Check) -> String {
    ///     format!("expected {}, found {}", check.expected(), check.found())
    /// }
    /// ```
    #[must_use]
    pub fn found(&self) -> &str {
        &self.found
    }

    /// The remedy, in one sentence. `None` if the state is [`CheckState::Ok`].
    ///
    /// ```
    /// use tower_phone_auth::doctor::Check;
    ///
    /// fn print(check: &Check) {
    ///     if let Some(remedy) = check.remedy() {
    ///         println!("{}: {remedy}", check.name());
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn remedy(&self) -> Option<&str> {
        self.remedy.as_deref()
    }

    /// The check as a JSON object.
    fn json(&self) -> Value {
        json!({
            "name": self.name,
            "subject": self.subject,
            "state": self.state.to_string(),
            "expected": self.expected,
            "found": self.found,
            "remedy": self.remedy,
        })
    }
}

impl fmt::Display for CheckState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Failed => "failed",
        })
    }
}
