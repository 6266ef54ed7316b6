//! The texts of the refusals in Chinese with traditional characters.

use super::super::Cause;
use crate::error::LoginErrorKind as Kind;

/// The title, the cause and the next step of each refusal, one line each. `{provider}` stands for
/// the provider's name.
#[rustfmt::skip]
pub(super) fn cause(kind: Kind) -> Cause {
    /// The button says it.
    const AGAIN: &str = "";
    const LATER: &str = "請稍後再試。如果您先前已登入，登入狀態不受影響。";
    const OPERATOR: &str = "這不是您的問題。請將下方的參考編號告知網站管理員。";
    const UNFINISHED: &str = "登入未完成";

    let (title, cause, next) = match kind {
        Kind::MalformedCallback => (UNFINISHED, "從{provider}返回的連結不完整。", AGAIN),
        Kind::UnknownState => (UNFINISHED, "此次登入已使用過，或是在其他瀏覽器或應用程式中開始的。", AGAIN),
        Kind::NoCookies => ("請允許使用 Cookie", "您的瀏覽器沒有傳送本網站的 Cookie，而登入需要 Cookie。", "請允許本網站使用 Cookie，然後重新登入。無痕模式、內容封鎖程式或應用程式內建的瀏覽器可能會封鎖 Cookie，請改用您平常使用的瀏覽器。如果您是在其他瀏覽器中開始的，請在該瀏覽器中繼續。"),
        Kind::OtherWindow => (UNFINISHED, "此次登入是在其他視窗或瀏覽器中開始的，或者同時開啟的登入過多。", AGAIN),
        Kind::OtherHost => (UNFINISHED, "此次登入是在本網站的另一個網址開始的，瀏覽器會分別儲存每個網址的 Cookie。", AGAIN),
        Kind::LoginExpired => ("登入已逾時", "距離開始登入已超過 30 分鐘。", AGAIN),
        Kind::IssuerMismatch => (UNFINISHED, "收到的回應並非來自您選擇的{provider}。", AGAIN),
        Kind::CodeRejected => (UNFINISHED, "此次登入已使用過或已過期。", AGAIN),
        Kind::Cancelled => ("您已取消登入", "", "您可以隨時使用{provider}帳號重新登入。"),
        Kind::ProviderRefused => (UNFINISHED, "{provider}拒絕了此次登入。", AGAIN),
        Kind::Misconfigured => ("登入設定有誤", "{provider}不接受本網站的設定。", OPERATOR),
        Kind::RateLimited => ("暫時無法登入", "{provider}暫時不再接受本網站的要求。", LATER),
        Kind::ProviderBusy => ("{provider}正在維護或忙碌中", "", LATER),
        Kind::ProviderUnavailable | Kind::InvalidAnswer | Kind::TokenRejected => ("暫時無法登入", "{provider}沒有傳回有效的回應。", LATER),
        Kind::ProviderTimeout => ("暫時無法登入", "{provider}沒有在時限內回應。", LATER),
        Kind::IdTokenRejected => (UNFINISHED, "本網站無法處理{provider}的回應。", OPERATOR),
        Kind::AccountRefused => ("此帳號無法登入", "由於帳號休眠、遭到限制或年齡限制等原因，{provider}不允許此帳號登入。", "請在{provider}確認帳號狀態，或使用其他帳號。"),
        Kind::OtherAccount => ("您已登出", "{provider}目前登入的是另一個帳號，因此您已登出本網站。", "請使用要在本網站使用的帳號重新登入。"),
        Kind::PhoneNotShared => ("需要您的手機號碼", "使用本網站需要同意提供{provider}帳號的手機號碼。", "請重新登入，並同意提供手機號碼。"),
        Kind::PhoneNotConfigured => ("登入設定有誤", "{provider}沒有向本網站提供手機號碼。", OPERATOR),
        Kind::PhoneNotOnAccount => ("帳號沒有手機號碼", "使用本網站需要手機號碼。", "請在{provider}帳號中新增手機號碼，然後重新登入。"),
        Kind::Preregistered => (UNFINISHED, "您在{provider}的註冊尚未完成。", "請完成註冊，然後重新登入。"),
        Kind::PhoneInvalid => ("無法使用此手機號碼", "{provider}帳號中的手機號碼無效。", "請更正手機號碼，然後重新登入。"),
        Kind::PhoneNotConfirmed => ("手機號碼驗證未完成", "驗證須在 1 小時內完成，輸錯 5 次驗證碼後即終止。", "請重新登入，從頭開始。"),
        Kind::Loop => ("登入不斷重複", "您連續登入了多次，但登入狀態沒有保留。可能是 Cookie 遭到封鎖，或裝置時間不正確。", "請允許本網站使用 Cookie 並檢查裝置時間，然後重新登入。"),
        Kind::Misdirected => ("網站網址設定有誤", "本網站的兩個網址互相轉址，因此無法登入。", OPERATOR),
        Kind::Denied => ("無法登入", "本網站不允許此帳號登入。", "您可以使用其他帳號登入。"),
        Kind::ApplicationBusy => (UNFINISHED, "本網站暫時無法處理登入。", LATER),
        Kind::ClaimsUnfit => ("登入設定有誤", "本網站無法儲存您的會員資訊。", OPERATOR),
        Kind::Unproved => ("開啟此頁面需要重新登入", "{provider}未能確認您剛才已重新登入，因此無法開啟此頁面。", "請重新登入，並在{provider}要求時輸入密碼或完成身分確認。如果此訊息一再出現，請告知網站管理員。"),
        Kind::PhoneNotVerified => ("手機號碼未經驗證", "本網站需要經{provider}驗證的手機號碼。", "請在{provider}驗證手機號碼，或使用其他帳號。"),
    };
    Cause { title, cause, next }
}
