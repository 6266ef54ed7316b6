//! The texts of the refusals in Korean. No particle stands behind `{provider}` that depends on the
//! last sound of the name.

use super::super::Cause;
use crate::error::LoginErrorKind as Kind;

/// The title, the cause and the next step of each refusal, one line each. `{provider}` stands for
/// the provider's name.
#[rustfmt::skip]
pub(super) fn cause(kind: Kind) -> Cause {
    /// The button says it.
    const AGAIN: &str = "";
    const LATER: &str = "잠시 후 다시 시도해 주세요. 이미 로그인한 상태였다면 그대로 유지됩니다.";
    const OPERATOR: &str = "고객님의 잘못이 아닙니다. 아래 참조 번호를 사이트 운영자에게 알려 주세요.";
    const UNFINISHED: &str = "로그인을 마치지 못했습니다";

    let (title, cause, next) = match kind {
        Kind::MalformedCallback => (UNFINISHED, "{provider}에서 돌아온 주소가 올바르지 않습니다.", AGAIN),
        Kind::UnknownState => (UNFINISHED, "이미 사용했거나 다른 브라우저 또는 앱에서 시작한 로그인입니다.", AGAIN),
        Kind::NoCookies => ("쿠키를 허용해 주세요", "브라우저가 이 사이트의 쿠키를 보내지 않았습니다. 로그인하려면 쿠키가 필요합니다.", "이 사이트의 쿠키를 허용한 뒤 다시 로그인해 주세요. 시크릿 모드, 콘텐츠 차단 앱, 앱 안의 브라우저에서는 쿠키가 차단될 수 있으니 평소 쓰시는 브라우저에서 열어 주세요. 다른 브라우저에서 시작하셨다면 그 브라우저에서 계속해 주세요."),
        Kind::OtherWindow => (UNFINISHED, "다른 창이나 다른 브라우저에서 시작한 로그인이거나, 로그인 창을 한꺼번에 너무 많이 열었습니다.", AGAIN),
        Kind::OtherHost => (UNFINISHED, "이 사이트의 다른 주소에서 시작한 로그인입니다. 쿠키는 주소마다 따로 저장됩니다.", AGAIN),
        Kind::LoginExpired => ("로그인 시간이 지났습니다", "로그인을 시작한 지 30분이 넘었습니다.", AGAIN),
        Kind::IssuerMismatch => (UNFINISHED, "선택하신 {provider}에서 온 응답이 아닙니다.", AGAIN),
        Kind::CodeRejected => (UNFINISHED, "이미 사용했거나 유효 시간이 지난 로그인입니다.", AGAIN),
        Kind::Cancelled => ("로그인을 취소했습니다", "", "언제든지 {provider} 계정으로 다시 로그인하실 수 있습니다."),
        Kind::ProviderRefused => (UNFINISHED, "{provider}에서 이 로그인을 거절했습니다.", AGAIN),
        Kind::Misconfigured => ("로그인 설정이 올바르지 않습니다", "{provider}에서 이 사이트의 설정을 받아들이지 않습니다.", OPERATOR),
        Kind::RateLimited => ("지금은 로그인할 수 없습니다", "{provider}에서 이 사이트의 요청을 더 이상 받지 않고 있습니다.", LATER),
        Kind::ProviderBusy => ("{provider} 로그인이 점검 중이거나 혼잡합니다", "", LATER),
        Kind::ProviderUnavailable | Kind::InvalidAnswer | Kind::TokenRejected => ("지금은 로그인할 수 없습니다", "{provider}에서 올바른 응답이 오지 않습니다.", LATER),
        Kind::ProviderTimeout => ("지금은 로그인할 수 없습니다", "{provider}에서 제시간에 응답하지 않았습니다.", LATER),
        Kind::IdTokenRejected => (UNFINISHED, "{provider}에서 받은 응답을 이 사이트에서 처리할 수 없습니다.", OPERATOR),
        Kind::AccountRefused => ("이 계정으로는 로그인할 수 없습니다", "휴면 계정, 이용 제한, 연령 제한 등의 이유로 {provider}에서 이 계정의 로그인을 허용하지 않습니다.", "{provider}에서 계정 상태를 확인하시거나 다른 계정을 이용해 주세요."),
        Kind::OtherAccount => ("로그아웃되었습니다", "{provider}에 다른 계정으로 로그인되어 있어 이 사이트에서 로그아웃되었습니다.", "이 사이트에서 사용할 계정으로 다시 로그인해 주세요."),
        Kind::PhoneNotShared => ("전화번호가 필요합니다", "이 사이트를 이용하려면 {provider} 계정의 전화번호 제공에 동의해야 합니다.", "다시 로그인하여 전화번호 제공에 동의해 주세요."),
        Kind::PhoneNotConfigured => ("로그인 설정이 올바르지 않습니다", "{provider}에서 이 사이트에 전화번호를 제공하지 않습니다.", OPERATOR),
        Kind::PhoneNotOnAccount => ("계정에 전화번호가 없습니다", "이 사이트를 이용하려면 전화번호가 필요합니다.", "{provider} 계정에 전화번호를 등록한 뒤 다시 로그인해 주세요."),
        Kind::Preregistered => (UNFINISHED, "{provider} 가입이 아직 끝나지 않았습니다.", "가입을 마친 뒤 다시 로그인해 주세요."),
        Kind::PhoneInvalid => ("사용할 수 없는 전화번호입니다", "{provider} 계정에 등록된 전화번호가 올바르지 않습니다.", "전화번호를 수정한 뒤 다시 로그인해 주세요."),
        Kind::PhoneNotConfirmed => ("휴대폰 번호를 인증하지 못했습니다", "번호 인증은 1시간 안에 마쳐야 하며, 인증번호를 다섯 번 잘못 입력하면 종료됩니다.", "다시 로그인하여 처음부터 진행해 주세요."),
        Kind::Loop => ("로그인이 반복되고 있습니다", "여러 번 로그인했지만 로그인 상태가 유지되지 않았습니다. 쿠키가 차단되었거나 기기의 시계가 맞지 않을 수 있습니다.", "이 사이트의 쿠키를 허용하고 시계를 확인한 뒤 다시 로그인해 주세요."),
        Kind::Misdirected => ("사이트 주소 설정에 문제가 있습니다", "이 사이트의 두 주소가 서로를 가리키고 있어 로그인할 수 없습니다.", OPERATOR),
        Kind::Denied => ("로그인할 수 없습니다", "이 사이트에서 이 계정의 로그인을 허용하지 않습니다.", "다른 계정으로 로그인하실 수 있습니다."),
        Kind::ApplicationBusy => (UNFINISHED, "지금은 이 사이트에서 로그인을 처리할 수 없습니다.", LATER),
        Kind::ClaimsUnfit => ("로그인 설정이 올바르지 않습니다", "이 사이트에서 회원 정보를 저장할 수 없습니다.", OPERATOR),
        Kind::Unproved => ("다시 로그인해야 열 수 있는 페이지입니다", "방금 다시 로그인했는지 {provider}에서 확인해 주지 않아 이 페이지를 열 수 없습니다.", "다시 로그인하고, {provider}에서 요청하면 비밀번호를 입력하거나 본인 확인을 해 주세요. 이 안내가 계속 나오면 사이트 운영자에게 알려 주세요."),
        Kind::PhoneNotVerified => ("인증되지 않은 전화번호입니다", "이 사이트는 {provider}에서 인증한 전화번호가 필요합니다.", "{provider}에서 전화번호를 인증하시거나 다른 계정을 이용해 주세요."),
    };
    Cause { title, cause, next }
}
