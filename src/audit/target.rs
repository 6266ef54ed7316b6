//! The documented table of audit events.

/// The target of every audit event that the layer writes with [`tracing`].
///
/// Each event has one of the names of this table, as the name of its metadata and in the field `event`. Names, levels and
/// fields are stable: a new version of this crate may add some and changes none. A field with a question mark is left out
/// where its value is not known.
///
/// | `event` | level | when | fields |
/// |---|---|---|---|
/// | `sign_in` | INFO | a session began | `provider`, `subject`, `session` |
/// | `refusal` | INFO, WARN, ERROR | a sign-in was refused: ERROR if only an operator can mend it, and the provider or the settings say so; INFO if the user decided so, or can mend it in their account; else WARN | `reference`, `cause`, `provider`?, `code`?, `subject`?, `call`?, `host`?, `status`?, `path`?, `error`?, `description`?, `scope`?, `expected`?, `found`?, `difference_s`?, `source`?, `remedy`? |
/// | `sign_out` | INFO | a user signed out, with `everywhere` from all sessions | `provider`, `subject`, `session`, `everywhere`, `complete` |
/// | `revocation` | INFO | sessions ended by [`revoke`](crate::OAuthLayer::revoke) or [`revoke_session`](crate::OAuthLayer::revoke_session), or one was `replaced` by a new sign-in in the same browser | `cause`, `complete`, `provider`?, `subject`?, `session`? |
/// | `event` | INFO | the provider sent a notice, and it was acted on: `signed_out`, `session_ended`, `unlinked` | `provider`, `cause`, `complete`, `subject`? |
/// | `event_refused` | WARN, ERROR | a notice was not believed, or not handled; ERROR if it may be genuine: `no_keys`, `late` | `provider`, `cause`, `expected`?, `found`?, `difference_s`? |
/// | `request_refused` | WARN | a page of another origin sent a request with a user's session (`cross_site`): an attack, or an exception that [`cross_site_allowed`](crate::Builder::cross_site_allowed) lacks | `cause` |
/// | `key_rotation` | INFO | `session_key`: a layer was built, and seals with `key`; `old_session_key`: a session that an older key sealed was renewed; `provider_keys`: a provider changed its key set | `cause`, `key`?, `keys`?, `session`?, `host`? |
/// | `provider_ready` | INFO | [`warm_up`](crate::OAuthLayer::warm_up) read what the provider says of itself, and its keys | `provider`, `issuer`, `scopes`, `claims`?, `algorithms`?, `client_auth`?, `pkce`?, `pushed`? |
/// | `provider_not_ready` | WARN, ERROR | it could not; ERROR if only an operator can mend it | `reference`, `cause`, `provider`, `code`?, `call`?, `host`?, `status`?, `path`?, `expected`?, `found`?, `source`? |
/// | `provider_setting` | WARN | the metadata do not announce what the settings need, once for each `cause` | `provider`, `cause`, `expected`, `found` |
/// | `clock_difference` | WARN | the provider's clock is more than 60 seconds away from this server's, by the `Date` of an answer, or by the `iat` of a token that was accepted | `host`, `shown_by`, `difference_s` |
/// | `departure` | INFO | a browser is sent to the provider: `sign_in`, `consent`, `fresh`, `another_account`, `retry`, `recheck`, `sign_out`, `sign_out_for_another` | `provider`, `cause` |
/// | `departure_url` | DEBUG | the same, with the address without its query | `provider`, `cause`, `url` |
/// | `suppressed` | WARN | `count` lines of one kind were left out | `line`, `count` |
///
/// - `subject` is a hash of provider and subject under the session key, 16 hexadecimal digits: lines of one user
///   can be joined, and nobody without the key learns whose they are. [`OAuthLayer::audit_subject`](crate::OAuthLayer::audit_subject)
///   computes it for a known user. It changes when the first session key does.
/// - `session` is the first eight digits of the [`SessionId`](crate::SessionId).
/// - `reference` stands also on the page that the user saw. `cause` of a refusal is the name of the
///   [`LoginErrorKind`](crate::LoginErrorKind), `code` the provider's short code.
/// - `call` is the call to the provider that led to the refusal: `metadata`, `keys`, `pushed_request`, `token`, `profile` or
///   `revocation`; `host` is its host, `status` the status of its answer. `source` is the error of the client and its causes, such as
///   `invalid peer certificate: UnknownIssuer`, in one line and without queries of addresses. A refusal without `status` got no
///   answer. `path` is the path of the metadata's or the keys' address. `call` is `callback` for what the browser brought back from
///   the provider, and any client can write that.
/// - `error` and `description` are the provider's own words, such as `error` and `error_description` of
///   [RFC 6749](https://www.rfc-editor.org/rfc/rfc6749#section-5.2), in one line of at most 200 characters each. A word in brackets
///   stands for a value that was sent, such as `[code]`, `[secret]`, `[state]` or `[token]`, and for what looks like a phone number
///   (`[number]`), a token or an email address (`[address]`). `scope` is what was asked for, where the provider refused it.
///   `remedy` is what an operator does about it, where that is known.
/// - `expected` and `found` say what the check that failed expected and what came, such as the issuer, the audience, the algorithm or
///   the key's id: one line each, escaped, at most 200 characters. `missing` stands for what did not come. A value that could
///   be a secret is replaced by a description. `difference_s` is the provider's clock less this server's, in seconds, by the `iat`
///   of the token that was refused, or by what `shown_by` names.
/// - `cause` of a `provider_setting` is the list or the endpoint of the metadata: `claims`, `algorithms`, `client_auth`,
///   `code_challenge_methods`, `response_types`, `grant_types`, `response_modes`, `claims_parameter_supported`,
///   `pushed_authorization_request_endpoint`, `end_session_endpoint`.
/// - A departure of the kind `consent` asks for the phone number once more, `fresh` for a new proof, `retry` for the page that the
///   provider must show; a `recheck` shows no page (`prompt=none`). A departure that fails is a `refusal`. A departure whose
///   browser does not come back has ended at the provider: its page says why, such as an address that is not registered there.
/// - `complete` is false if other replicas do not know of it yet: that is being retried.
/// - `key` is the id of the sealing key, as in the header of every cookie; `keys` counts the keys that open.
///
/// A callback whose login is not pending in the browser is refused with one of these causes, as far as the request shows it:
///
/// | `cause` | the request |
/// |---|---|
/// | `NoCookies` | brings no cookie of the layer: blocked cookies, or another browser. The sign-in page's own links have it too |
/// | `OtherWindow` | brings cookies of the layer, and none of this login: another window or browser, or too many logins at once |
/// | `OtherHost` | was sent to another host name than the one where the login began |
/// | `LoginExpired` | comes more than 30 minutes after the login began |
/// | `UnknownState` | has a `state` that was used, or that this layer did not make under this key for this provider |
///
/// No line of this crate, at any level, holds a code, a token, a key, a phone number or a subject. A provider that names a user in
/// the `description` of an error is the one exception: names of people cannot be recognised.
///
/// # Limits
/// A stranger must not fill the log. Lines that a browser alone can cause, and refusals without a call to a provider that is
/// down, are limited for each kind, by the monotonic clock of the process: 20 at once, and one more each second. The former are refusals that were decided by what the browser
/// brought (`MalformedCallback`, `UnknownState`, `NoCookies`, `OtherWindow`, `OtherHost`, `LoginExpired`, `IssuerMismatch`, `Loop`, `Misdirected`,
/// any `error` of a callback, and a page that a signed-in user may not open: `Unproved`, `PhoneNotVerified`, `Denied`),
/// `CodeRejected`, every `event_refused` and `request_refused`, `old_session_key`, every `departure` by its kind, and the outcomes
/// of warm-ups. All of them are at most WARN, except `no_keys`, `provider_not_ready` and
/// `late`. What is left out is counted, and the count is written at most once a minute: the reference on a user's page may be
/// among them. A clock has a line when its difference changes by more than 60 seconds, or after an hour, and at most ten an hour.
/// Everything else is written each time.
///
/// ```
/// use tower_phone_auth::AUDIT_TARGET;
///
/// // As a directive of `tracing-subscriber`'s EnvFilter.
/// assert_eq!(format!("{AUDIT_TARGET}=info"), "tower_phone_auth::audit=info");
/// ```
pub const AUDIT_TARGET: &str = "tower_phone_auth::audit";
