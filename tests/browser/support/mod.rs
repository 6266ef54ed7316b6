//! What every test of this binary uses.

pub(crate) mod browser;
pub(crate) mod driver;
pub(crate) mod person;
pub(crate) mod shop;
