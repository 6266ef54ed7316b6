//! The texts of the refusals in Japanese.

use super::super::Cause;
use crate::error::LoginErrorKind as Kind;

/// The title, the cause and the next step of each refusal, one line each. `{provider}` stands for
/// the provider's name.
#[rustfmt::skip]
pub(super) fn cause(kind: Kind) -> Cause {
    /// The button says it.
    const AGAIN: &str = "";
    const LATER: &str = "しばらくしてからもう一度お試しください。ログイン中だった場合は、そのままログインした状態です。";
    const OPERATOR: &str = "お客様側の問題ではありません。下の参照番号をサイトの運営者にお知らせください。";
    const UNFINISHED: &str = "ログインを完了できませんでした";

    let (title, cause, next) = match kind {
        Kind::MalformedCallback => (UNFINISHED, "{provider}から戻ったときのURLが正しくありません。", AGAIN),
        Kind::UnknownState => (UNFINISHED, "すでに使用されたか、別のブラウザまたはアプリで開始されたログインです。", AGAIN),
        Kind::NoCookies => ("Cookieを許可してください", "ブラウザからこのサイトのCookieが送信されませんでした。ログインにはCookieが必要です。", "このサイトのCookieを許可してから、もう一度ログインしてください。プライベートブラウズ、コンテンツブロッカー、アプリ内ブラウザではCookieがブロックされることがあります。その場合は普段お使いのブラウザで開いてください。別のブラウザで始めた場合は、そのブラウザで続けてください。"),
        Kind::OtherWindow => (UNFINISHED, "別のウィンドウまたはブラウザで開始されたログインか、同時に開いたログインが多すぎます。", AGAIN),
        Kind::OtherHost => (UNFINISHED, "このサイトの別のアドレスで開始されたログインです。Cookieはアドレスごとに保存されます。", AGAIN),
        Kind::LoginExpired => ("ログインの有効期限が切れました", "ログインを開始してから30分以上が経過しました。", AGAIN),
        Kind::IssuerMismatch => (UNFINISHED, "選択した{provider}からの応答ではありません。", AGAIN),
        Kind::CodeRejected => (UNFINISHED, "すでに使用されたか、有効期限が切れたログインです。", AGAIN),
        Kind::Cancelled => ("ログインをキャンセルしました", "", "{provider}のアカウントでいつでもログインできます。"),
        Kind::ProviderRefused => (UNFINISHED, "{provider}がこのログインを拒否しました。", AGAIN),
        Kind::Misconfigured => ("ログインの設定に問題があります", "{provider}がこのサイトの設定を受け付けません。", OPERATOR),
        Kind::RateLimited => ("現在ログインできません", "{provider}がこのサイトからのリクエストを一時的に受け付けていません。", LATER),
        Kind::ProviderBusy => ("{provider}はメンテナンス中か、混み合っています", "", LATER),
        Kind::ProviderUnavailable | Kind::InvalidAnswer | Kind::TokenRejected => ("現在ログインできません", "{provider}から正しい応答がありません。", LATER),
        Kind::ProviderTimeout => ("現在ログインできません", "{provider}から時間内に応答がありませんでした。", LATER),
        Kind::IdTokenRejected => (UNFINISHED, "{provider}からの応答をこのサイトで処理できません。", OPERATOR),
        Kind::AccountRefused => ("このアカウントではログインできません", "休眠、利用制限、年齢制限などの理由により、{provider}がこのアカウントのログインを許可していません。", "{provider}でアカウントの状態を確認するか、別のアカウントをお使いください。"),
        Kind::OtherAccount => ("ログアウトしました", "{provider}に別のアカウントでログインしているため、このサイトからログアウトしました。", "このサイトで使うアカウントでもう一度ログインしてください。"),
        Kind::PhoneNotShared => ("電話番号が必要です", "このサイトを利用するには、{provider}のアカウントの電話番号の提供に同意する必要があります。", "もう一度ログインし、電話番号の提供に同意してください。"),
        Kind::PhoneNotConfigured => ("ログインの設定に問題があります", "{provider}がこのサイトに電話番号を提供していません。", OPERATOR),
        Kind::PhoneNotOnAccount => ("アカウントに電話番号がありません", "このサイトを利用するには電話番号が必要です。", "{provider}のアカウントに電話番号を登録してから、もう一度ログインしてください。"),
        Kind::Preregistered => (UNFINISHED, "{provider}への登録が完了していません。", "登録を完了してから、もう一度ログインしてください。"),
        Kind::PhoneInvalid => ("この電話番号は使用できません", "{provider}のアカウントに登録されている電話番号が正しくありません。", "電話番号を修正してから、もう一度ログインしてください。"),
        Kind::PhoneNotConfirmed => ("電話番号を確認できませんでした", "番号の確認は1時間以内に完了する必要があります。認証コードを5回間違えると終了します。", "もう一度ログインして、最初からやり直してください。"),
        Kind::Loop => ("ログインが繰り返されています", "続けてログインしましたが、ログイン状態が保存されませんでした。Cookieがブロックされているか、端末の時計がずれている可能性があります。", "このサイトのCookieを許可し、時計を確認してから、もう一度ログインしてください。"),
        Kind::Misdirected => ("サイトのアドレスの設定に問題があります", "このサイトの2つのアドレスが互いに転送し合っているため、ログインできません。", OPERATOR),
        Kind::Denied => ("ログインできません", "このサイトでは、このアカウントのログインが許可されていません。", "別のアカウントでログインできます。"),
        Kind::ApplicationBusy => (UNFINISHED, "現在、このサイトでログインを処理できません。", LATER),
        Kind::ClaimsUnfit => ("ログインの設定に問題があります", "このサイトで会員情報を保存できません。", OPERATOR),
        Kind::Unproved => ("このページを開くには再ログインが必要です", "{provider}で再ログインしたことを確認できなかったため、このページを開けません。", "もう一度ログインし、{provider}で求められたらパスワードの入力または本人確認を行ってください。このメッセージが繰り返し表示される場合は、サイトの運営者にお知らせください。"),
        Kind::PhoneNotVerified => ("電話番号が確認されていません", "このサイトでは、{provider}で確認済みの電話番号が必要です。", "{provider}で電話番号を確認するか、別のアカウントをお使いください。"),
    };
    Cause { title, cause, next }
}
