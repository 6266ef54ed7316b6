#![doc = include_str!("../README.md")]

mod alimtalk;
mod api;
mod hmac;
mod national;
mod nhn;
mod reply;
mod sens;
mod setting;
mod solapi;
mod twilio;
mod vonage;

pub use self::{
    alimtalk::AlimTalk, nhn::Nhn, sens::Sens, solapi::Solapi, twilio::TwilioVerify,
    vonage::VonageVerify,
};
