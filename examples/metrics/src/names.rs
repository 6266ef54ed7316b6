//! The names of the metrics, with their labels.

/// Sign-ins that began; `provider`.
pub const BEGUN: &str = "auth_sign_ins_begun_total";
/// Sessions that began; `provider`.
pub const SIGNED_IN: &str = "auth_sign_ins_total";
/// Refused sign-ins; `provider`, `kind`.
pub const REFUSED: &str = "auth_refusals_total";
/// The seconds of calls to providers; `provider`, `call`, `outcome`.
pub const CALLS: &str = "auth_provider_call_seconds";
/// Sessions that were sealed anew; `provider`.
pub const RENEWED: &str = "auth_sessions_renewed_total";
/// Ends of sessions; `by`, `everywhere`.
pub const ENDED: &str = "auth_sessions_ended_total";
/// 1 while the revocation log is behind its limit, else 0.
pub const STALE: &str = "auth_revocations_stale";

/// All names.
pub const ALL: [&str; 7] = [BEGUN, SIGNED_IN, REFUSED, CALLS, RENEWED, ENDED, STALE];
