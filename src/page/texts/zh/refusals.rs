//! The texts of the refusals in Chinese.

use super::super::Cause;
use crate::error::LoginErrorKind as Kind;

/// The title, the cause and the next step of each refusal, one line each. `{provider}` stands for
/// the provider's name.
#[rustfmt::skip]
pub(super) fn cause(kind: Kind) -> Cause {
    /// The button says it.
    const AGAIN: &str = "";
    const LATER: &str = "请稍后再试。如果您之前已登录，登录状态不受影响。";
    const OPERATOR: &str = "这不是您的问题。请将下方的参考编号告知网站运营方。";
    const UNFINISHED: &str = "登录未完成";

    let (title, cause, next) = match kind {
        Kind::MalformedCallback => (UNFINISHED, "从{provider}返回的链接不完整。", AGAIN),
        Kind::UnknownState => (UNFINISHED, "此次登录已被使用，或是在其他浏览器或应用中开始的。", AGAIN),
        Kind::NoCookies => ("请允许使用 Cookie", "您的浏览器没有发送本网站的 Cookie，而登录需要 Cookie。", "请允许本网站使用 Cookie，然后重新登录。无痕模式、内容拦截工具或应用内置浏览器可能会阻止 Cookie，请改用您常用的浏览器。如果您是在其他浏览器中开始的，请在那里继续。"),
        Kind::OtherWindow => (UNFINISHED, "此次登录是在其他窗口或浏览器中开始的，或者同时打开的登录过多。", AGAIN),
        Kind::OtherHost => (UNFINISHED, "此次登录是在本网站的另一个网址开始的，浏览器会分别保存每个网址的 Cookie。", AGAIN),
        Kind::LoginExpired => ("登录已超时", "距离开始登录已超过 30 分钟。", AGAIN),
        Kind::IssuerMismatch => (UNFINISHED, "收到的响应并非来自您选择的{provider}。", AGAIN),
        Kind::CodeRejected => (UNFINISHED, "此次登录已被使用或已过期。", AGAIN),
        Kind::Cancelled => ("您已取消登录", "", "您可以随时使用{provider}账号重新登录。"),
        Kind::ProviderRefused => (UNFINISHED, "{provider}拒绝了此次登录。", AGAIN),
        Kind::Misconfigured => ("登录设置有误", "{provider}不接受本网站的设置。", OPERATOR),
        Kind::RateLimited => ("暂时无法登录", "{provider}暂时不再接受本网站的请求。", LATER),
        Kind::ProviderBusy => ("{provider}正在维护或繁忙", "", LATER),
        Kind::ProviderUnavailable | Kind::InvalidAnswer | Kind::TokenRejected => ("暂时无法登录", "{provider}未返回有效的响应。", LATER),
        Kind::ProviderTimeout => ("暂时无法登录", "{provider}未在规定时间内响应。", LATER),
        Kind::IdTokenRejected => (UNFINISHED, "本网站无法处理{provider}的响应。", OPERATOR),
        Kind::AccountRefused => ("此账号无法登录", "由于账号休眠、被限制或年龄限制等原因，{provider}不允许此账号登录。", "请在{provider}检查账号状态，或使用其他账号。"),
        Kind::OtherAccount => ("您已退出登录", "{provider}当前登录的是另一个账号，因此您已退出本网站。", "请使用要在本网站使用的账号重新登录。"),
        Kind::PhoneNotShared => ("需要您的手机号", "使用本网站需要同意提供{provider}账号的手机号。", "请重新登录，并同意提供手机号。"),
        Kind::PhoneNotConfigured => ("登录设置有误", "{provider}没有向本网站提供手机号。", OPERATOR),
        Kind::PhoneNotOnAccount => ("账号未绑定手机号", "使用本网站需要手机号。", "请在{provider}账号中添加手机号，然后重新登录。"),
        Kind::Preregistered => (UNFINISHED, "您在{provider}的注册尚未完成。", "请完成注册，然后重新登录。"),
        Kind::PhoneInvalid => ("此手机号无法使用", "{provider}账号中的手机号无效。", "请更正手机号，然后重新登录。"),
        Kind::PhoneNotConfirmed => ("手机号验证未完成", "验证须在 1 小时内完成，输错 5 次验证码后即终止。", "请重新登录，从头开始。"),
        Kind::Loop => ("登录反复循环", "您连续登录了多次，但登录状态没有保存。可能是 Cookie 被阻止，或设备时间不准确。", "请允许本网站使用 Cookie 并检查设备时间，然后重新登录。"),
        Kind::Misdirected => ("网站网址设置有误", "本网站的两个网址互相跳转，因此无法登录。", OPERATOR),
        Kind::Denied => ("无法登录", "本网站不允许此账号登录。", "您可以使用其他账号登录。"),
        Kind::ApplicationBusy => (UNFINISHED, "本网站暂时无法处理登录。", LATER),
        Kind::ClaimsUnfit => ("登录设置有误", "本网站无法保存您的会员信息。", OPERATOR),
        Kind::Unproved => ("打开此页面需要重新登录", "{provider}未能确认您刚刚重新登录，因此无法打开此页面。", "请重新登录，并在{provider}要求时输入密码或完成身份确认。如果此提示反复出现，请告知网站运营方。"),
        Kind::PhoneNotVerified => ("手机号未经验证", "本网站需要经{provider}验证的手机号。", "请在{provider}验证手机号，或使用其他账号。"),
    };
    Cause { title, cause, next }
}
