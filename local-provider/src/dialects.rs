//! The table of the dialects. A new dialect is a folder and one line in each of the two lists here.

use crate::{
    google::{self, Google},
    kakao::{self, Kakao},
    login::rules::DialectRules,
    naver::{self, Naver},
    oidc::{self, Oidc},
    resource::Resource,
    settings::Settings,
    sms,
};

/// Every dialect, for changes that concern all of them.
pub(crate) const ALL: [&dyn DialectRules; 4] = [&Kakao, &Naver, &Google, &Oidc];

/// The resource at this path, in any dialect, or of the SMS network. The paths of the dialects
/// differ, so the order does not matter. `None` is answered with 404.
pub(crate) fn resource(settings: &Settings, path: &str) -> Option<Resource> {
    kakao::resource(settings, path)
        .or_else(|| naver::resource(path))
        .or_else(|| google::resource(path))
        .or_else(|| oidc::resource(settings, path))
        .or_else(|| sms::resource(path))
}
