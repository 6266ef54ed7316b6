//! The pages of the phone step: the number, and the code.
//!
//! Both are forms that work without a script. An error stands at its field, with the form below it.
//! The user corrects it there, and need not go back. The page of the code has one script. It reads
//! the code from the message, in browsers that offer it (WebOTP,
//! <https://wicg.github.io/web-otp/>).
//!
//! | module | shown for | fields |
//! |---|---|---|
//! | `number` | `GET` and refused `POST /auth/phone` | `number` |
//! | `code` | `GET` and refused `POST /auth/phone/code`, or a message that may have arrived | `code`, `action` |

pub(crate) mod code;
pub(crate) mod number;

/// The script of the page of the code.
pub(super) const WEBOTP: &str = include_str!("webotp.js");

/// The id of the text that names the number, on the page of the code.
pub(super) const SENT: &str = "sent";
