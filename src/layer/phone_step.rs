//! The setting of the phone step.

use super::Builder;
use crate::phone_step::PhoneStep;

impl Builder {
    /// Users without an acceptable number prove one by a one-time code, in place of a refusal.
    /// Default: they are refused.
    ///
    /// The step follows the callback, if the provider gives no number, an invalid one, or one below
    /// [`minimum_assurance`](Self::minimum_assurance). The user types a number at `/auth/phone`,
    /// and the code of the message at `/auth/phone/code`. With
    /// [`PhoneAssurance::Confirmed`](crate::phone::PhoneAssurance::Confirmed) as the minimum, every
    /// user does so. The key of a user stays (provider, subject).
    ///
    /// [`on_sign_in`](Self::on_sign_in) runs after the step, and has no tokens of the provider
    /// then.
    ///
    /// ```
    /// use tower_phone_auth::{
    ///     OAuthLayer,
    ///     phone_step::{ConsoleSender, PhoneStep},
    /// };
    ///
    /// let step = PhoneStep::new(ConsoleSender::new()).site_name("Shop");
    /// let builder = OAuthLayer::builder().phone_step(step);
    /// ```
    pub fn phone_step(mut self, step: PhoneStep) -> Self {
        self.settings.phone_step = Some(step);
        self
    }
}
