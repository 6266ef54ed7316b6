//! The documentation of the audit events.

/// The target of every audit event that the layer writes with [`tracing`].
///
/// Each event has one of these names, as the name of its metadata and in the field `event`. Names,
/// levels and fields are stable: a new version of this crate may add some, and changes none. A
/// field with a question mark is absent if its value is unknown.
///
/// | `event` | level | when | fields |
/// |---|---|---|---|
/// | `sign_in` | INFO | a session began | `provider`, `subject`, `session` |
/// | `refusal` | INFO, WARN, ERROR | a sign-in was refused: ERROR if only an operator can solve it, INFO if the user decided so or can change the account, else WARN | `reference`, `cause`, `provider`?, `code`?, `subject`?, `call`?, `host`?, `status`?, `path`?, `error`?, `description`?, `scope`?, `expected`?, `found`?, `difference_s`?, `source`?, `remedy`? |
/// | `sign_out` | INFO | a user signed out, with `everywhere` from all sessions | `provider`, `subject`, `session`, `everywhere`, `complete` |
/// | `revocation` | INFO | sessions ended by [`revoke`](crate::OAuthLayer::revoke) or [`revoke_session`](crate::OAuthLayer::revoke_session), or one was `replaced` by a new sign-in in the same browser | `cause`, `complete`, `provider`?, `subject`?, `session`? |
/// | `phone_step` | INFO, WARN, ERROR | a user was asked for a number (`begun`), a message was sent or not, a number or a code was refused, or a number was `confirmed`; `cause` is the name of the [`PhoneStepEvent`](crate::hooks::PhoneStepEvent); ERROR for `total_limit`, when no more messages are sent | `cause`, `provider`, `subject` |
/// | `event` | INFO | a report of the provider was handled: `signed_out`, `session_ended`, `unlinked` | `provider`, `cause`, `complete`, `subject`? |
/// | `event_refused` | WARN, ERROR | a report was refused, or could not be handled; ERROR if it may be genuine: `no_keys`, `late` | `provider`, `cause`, `expected`?, `found`?, `difference_s`? |
/// | `request_refused` | WARN | a page of another origin sent a request with a user's session (`cross_site`): an attack, or an exception that [`cross_site_allowed`](crate::Builder::cross_site_allowed) lacks | `cause` |
/// | `key_rotation` | INFO | `session_key`: a layer was built, and seals with `key`; `old_session_key`: a session that an older key sealed was renewed; `provider_keys`: a provider changed its key set | `cause`, `key`?, `keys`?, `session`?, `host`? |
/// | `provider_ready` | INFO | [`warm_up`](crate::OAuthLayer::warm_up) read the metadata and the keys of the provider | `provider`, `issuer`, `scopes`, `claims`?, `algorithms`?, `client_auth`?, `pkce`?, `pushed`? |
/// | `provider_not_ready` | WARN, ERROR | [`warm_up`](crate::OAuthLayer::warm_up) could not read them; ERROR if only an operator can solve it | `reference`, `cause`, `provider`, `code`?, `call`?, `host`?, `status`?, `path`?, `expected`?, `found`?, `source`? |
/// | `provider_setting` | WARN | the metadata do not announce what the settings need, once for each `cause` | `provider`, `cause`, `expected`, `found` |
/// | `clock_difference` | WARN | the provider's clock differs from this server's by more than 60 seconds, by the `Date` of an answer, or by the `iat` of a token that was accepted | `host`, `shown_by`, `difference_s` |
/// | `departure` | INFO | a browser is sent to the provider: `sign_in`, `consent`, `fresh`, `another_account`, `retry`, `recheck`, `sign_out`, `sign_out_for_another` | `provider`, `cause` |
/// | `departure_url` | DEBUG | the same as `departure`, with the address without its query | `provider`, `cause`, `url` |
/// | `suppressed` | WARN | `count` lines of one kind were left out | `line`, `count` |
///
/// - `subject` is a hash of provider and subject under the session key, 16 hexadecimal digits. It
///   joins the lines of one user without naming the user.
///   [`OAuthLayer::audit_subject`](crate::OAuthLayer::audit_subject) computes it. The hash changes
///   with the first session key.
/// - `session` is the first eight digits of the [`SessionId`](crate::SessionId).
/// - `reference` is also on the page of the user. `cause` of a refusal is the name of the
///   [`LoginErrorKind`](crate::error::LoginErrorKind), `code` the provider's short code.
/// - `call` is the call to the provider that led to the refusal: `metadata`, `keys`,
///   `pushed_request`, `token`, `profile` or `revocation`; `host` is its host, `status` the status
///   of its answer. `source` is the error of the client and its causes, such as
///   `invalid peer certificate: UnknownIssuer`, in one line and without queries of addresses. A
///   refusal without `status` got no answer. `path` is the path of the metadata's or the keys'
///   address. `call` is `callback` for parameters of the callback, which any client can write.
/// - `error` and `description` are the provider's own words, such as `error` and
///   `error_description` of [RFC 6749](https://www.rfc-editor.org/rfc/rfc6749#section-5.2), in one
///   line of at most 200 characters each. A word in brackets replaces a value that was sent, such
///   as `[code]`, `[secret]`, `[state]` or `[token]`, or a text that looks like a phone number
///   (`[number]`), a token or an email address (`[address]`). `scope` lists the requested scopes,
///   if the provider refused them. `remedy` says what the operator can do, if that is known.
/// - `expected` and `found` are the two values of a check that failed, such as the issuer, the
///   audience, the algorithm or the key's id: one line each, escaped, at most 200 characters.
///   `missing` means that there was no value. A value that could be a secret is replaced by a
///   description. `difference_s` is the clock of the provider minus the clock of this server, in
///   seconds, by the `iat` of the token that was refused, or by what `shown_by` names.
/// - `cause` of a `provider_setting` is the list or the endpoint of the metadata: `claims`,
///   `algorithms`, `client_auth`, `code_challenge_methods`, `response_types`, `grant_types`,
///   `response_modes`, `claims_parameter_supported`, `pushed_authorization_request_endpoint`,
///   `end_session_endpoint`.
/// - A departure of the kind `consent` asks for the phone number once more, `fresh` for a new
///   proof, `retry` for the page that the provider must show; a `recheck` shows no page
///   (`prompt=none`). A departure that fails is a `refusal`. A departure whose browser does not
///   come back has ended at the provider, whose page says why, such as an address that is not
///   registered there.
/// - `complete` is false if the revocation is not in the log yet. The layer retries.
/// - `key` is the id of the sealing key, as in the header of every cookie; `keys` counts the keys
///   that open.
///
/// A callback whose sign-in is not pending in the browser is refused with one of these causes:
///
/// | `cause` | the request |
/// |---|---|
/// | `NoCookies` | brings no cookie of the layer: blocked cookies, or another browser. The sign-in page's own links have it too |
/// | `OtherWindow` | brings cookies of the layer, and none of this sign-in: another window or browser, or too many sign-ins at once |
/// | `OtherHost` | was sent to another host name than the one where the sign-in began |
/// | `LoginExpired` | comes more than 30 minutes after the sign-in began |
/// | `UnknownState` | has a `state` that was used, or that this layer did not make under this key for this provider |
///
/// No line of this crate, at any level, holds a code, a token, a key, a phone number or a subject.
/// The one exception is a provider that names a user in the `description` of an error, because
/// names of users cannot be recognised.
///
/// # Limits
/// Two groups of lines are limited, so that a stranger cannot fill the log: lines that a browser
/// alone can cause, and refusals without a call to a provider that is down. Of each kind, 20 lines
/// are written at once, and one more each second, by the monotonic clock of the process. The first
/// group are refusals that the browser's request decides (`MalformedCallback`, `UnknownState`,
/// `NoCookies`, `OtherWindow`, `OtherHost`, `LoginExpired`, `IssuerMismatch`, `Loop`,
/// `Misdirected`, any `error` of a callback, and a page that a signed-in user may not open:
/// `Unproved`, `PhoneNotVerified`, `Denied`), `CodeRejected`, every `event_refused` and
/// `request_refused`, `old_session_key`, every `departure` by its kind, and the outcomes of
/// warm-ups. All of them are at most WARN, except `no_keys`, `provider_not_ready` and `late`. Lines
/// that are left out are counted, and the count is written at most once a minute. The `reference`
/// on the page of a user may belong to such a line. A `clock_difference` is written when the
/// difference has changed by more than 60 seconds or after an hour, at most ten times an hour.
/// Every other line is always written.
///
/// ```
/// use tower_phone_auth::audit::AUDIT_TARGET;
///
/// // As a directive of `tracing-subscriber`'s EnvFilter.
/// assert_eq!(format!("{AUDIT_TARGET}=info"), "tower_phone_auth::audit=info");
/// ```
pub const AUDIT_TARGET: &str = "tower_phone_auth::audit";
