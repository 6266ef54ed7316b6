//! The table of the dialects. A new dialect is a folder and one line in each of the two lists here.

use crate::{
    google::{self, Google},
    kakao::{self, Kakao},
    login::rules::DialectRules,
    naver::{self, Naver},
    oidc::{self, Oidc},
    resource::Resource,
    settings::Settings,
};

pub(crate) const ALL: [&dyn DialectRules; 4] = [&Kakao, &Naver, &Google, &Oidc];

/// The resource at this path, in any dialect.
pub(crate) fn resource(settings: &Settings, path: &str) -> Option<Resource> {
    kakao::resource(settings, path)
        .or_else(|| naver::resource(path))
        .or_else(|| google::resource(path))
        .or_else(|| oidc::resource(settings, path))
}
