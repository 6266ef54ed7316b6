//! The languages that a user reads, and texts in several languages.
//!
//! `accepted` reads `Accept-Language` and chooses among the languages that exist. The pages of the
//! layer and the texts of the application are chosen by the same rules.

mod accepted;
mod tag;
mod text;

pub(crate) use accepted::Accepted;
pub use text::Text;
pub(crate) use text::Written;
