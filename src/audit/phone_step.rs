//! The lines of the phone step.

use super::{AUDIT_TARGET, Audit, Line, line};
use crate::observe::{AuthEvent, PhoneStepEvent};

impl Audit {
    /// A step of a phone step. The lines of each kind are limited, because a browser alone can
    /// cause most of them. No line has a number or a code.
    pub(crate) fn phone_step(&self, provider: &str, subject: &str, event: PhoneStepEvent) {
        self.phone_step_again(provider, event);
        let cause = event.as_str();
        if !self.allows(Line::PhoneStep(cause)) {
            return;
        }
        let subject = self.mask(provider, subject);
        match event {
            PhoneStepEvent::TotalLimit => {
                line!(ERROR, "phone_step", cause, provider, %subject, "no code was sent: the limit on all messages of an hour is reached, or that on refused calls (PhoneLimits::total)");
            }
            PhoneStepEvent::StoreFailed | PhoneStepEvent::MayBeSent | PhoneStepEvent::NotSent => {
                line!(WARN, "phone_step", cause, provider, %subject, "phone step");
            }
            _ => line!(INFO, "phone_step", cause, provider, %subject, "phone step"),
        }
    }

    /// A step whose line was written before. The application gets its event.
    pub(crate) fn phone_step_again(&self, provider: &str, event: PhoneStepEvent) {
        self.observer
            .notify(AuthEvent::PhoneStep { provider, event });
    }
}
