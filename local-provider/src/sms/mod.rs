//! An SMS network without phones: the wire formats of Solapi and Twilio Verify, and an inbox that
//! shows the messages.

mod euc_kr;
mod inbox;
mod solapi;
mod twilio;

pub(crate) use self::inbox::PATH as INBOX;
use crate::resource::Resource;

/// The resource at this path.
pub(crate) fn resource(path: &str) -> Option<Resource> {
    match path {
        INBOX => Resource::get(inbox::page),
        "/inbox.json" => Resource::get(inbox::json),
        "/messages/v4/send" => Resource::post(solapi::send),
        "/messages/v4/send-many/detail" => Resource::post(solapi::send_many),
        _ if path.starts_with("/v2/Services/") => match path.rsplit('/').next()? {
            "Verifications" => Resource::post(twilio::start),
            "VerificationCheck" => Resource::post(twilio::check),
            _ => None,
        },
        _ => None,
    }
}
