//! The texts in Japanese, in the order of `en`.

use super::{
    Framed, Labels, Names, Phone, Refusal, SavedForm, SignIn, SignInAgain, SignOut, SiteWords,
    Texts, Unavailable, Unsent, Words,
};

mod refusals;
mod regions;

pub(super) static TEXTS: Texts = Texts {
    tag: "ja",
    regions: regions::REGIONS,
    names: Names {
        sign_in: "ログイン",
        sign_in_again: "もう一度ログイン",
        try_again: "再試行",
        go_on: "続ける",
        cancel: "キャンセル",
        start_page: "ホームへ",
        next_steps: "次の操作",
        open_in_browser: "ブラウザで開く",
        brand: |brand| brand,
        provider: "ログインサービス",
    },
    sign_in: SignIn {
        signed_in: "すでにログインしています。",
        for_another_account: "別のアカウントを使う場合は、ログイン方法を選択してください。",
        sent_back: "すでにログインしています。ページが開かない場合は、別のアカウントでログインしてください。",
        labels: Labels {
            kakao: "Login with Kakao",
            naver: "Log in with NAVER",
            english: Some("en"),
            google: "Google でログイン",
            line: "LINEでログイン",
        },
        with_brand: |brand| format!("{brand}でログイン"),
        with_name: |name| format!("{name}でログイン"),
        last_used: "前回使用",
        refuses_app: "このアプリ内ではログインできません。ブラウザで開いてください。",
        may_refuse_app: "アプリ内ではログインできないことがあります。その場合はブラウザで開いてください。",
        unavailable: "現在ご利用いただけません。",
    },
    sign_in_again: SignInAgain {
        question: Words {
            title: "もう一度ログインしますか？",
            text: "すでにログインしています。別のサイトのリンクから再ログインを求められました。続けると、使用中のアカウントが変わることがあります。",
        },
        advice: "ご自身で希望した場合のみ続けてください。続けるまでは何も変わりません。",
    },
    sign_out: SignOut {
        ask: Words {
            title: "ログアウトしますか？",
            text: "このブラウザでこのサイトからログアウトします。",
        },
        ask_everywhere: Words {
            title: "すべての端末からログアウトしますか？",
            text: "このブラウザを含む、すべてのブラウザからログアウトします。",
        },
        button: "ログアウト",
        button_everywhere: "すべての端末からログアウト",
        done: "ログアウトしました",
        here: "{provider}にはログインしたままの場合があります。",
        everywhere: "すべてのブラウザでこのサイトからログアウトしました。{provider}にはログインしたままの場合があります。",
        at_provider: "このサイトと{provider}の両方からログアウトしました。",
        everywhere_and_at_provider: "すべてのブラウザでこのサイトからログアウトしました。このブラウザでは{provider}からもログアウトしました。",
        partly: "このブラウザからログアウトしました。一部のサーバーにはまだ反映されていないため、処理を続けています。それまでは、コピーされたログイン情報でアクセスできる可能性があります。",
        page_before: "前のページへ戻る",
    },
    refusal: Refusal {
        reference: "参照番号",
        details: "詳細",
        another_account: "別のアカウントでログイン",
        another_way: "別の方法でログイン",
        of: refusals::cause,
    },
    saved_form: SavedForm {
        offer: Words {
            title: "入力内容を送信しますか？",
            text: "送信の前にログインが必要だったため、入力内容を一時的に保存しました。ボタンを押すと送信されます。",
        },
        send: "送信する",
        discard: "送信せずに削除",
        summary: |count| format!("送信する内容：{count}項目"),
        more: |rest| format!("ほか{rest}項目"),
        goes_to: "送信先：",
        empty: "（空欄）",
        not_shown: "（非表示）",
        sent: Words {
            title: "送信済みの内容です",
            text: "同じ内容は二度送信されません。結果を確認できなかった場合は、まず受け付けられているかご確認ください。",
        },
        probably_sent: Words {
            title: "すでに送信された可能性があります",
            text: "その間に、同じ長さの内容が同じ宛先に送信されました。まず受け付けられているかご確認ください。",
        },
        discarded: Words {
            title: "削除された内容です",
            text: "入力内容は送信されずに削除されました。",
        },
        signed_out: Words {
            title: "入力内容は保存されています",
            text: "現在ログアウトしています。ログインすると送信できます。",
        },
        of_another_user: Words {
            title: "別のアカウントで入力された内容です",
            text: "入力したときのアカウントでログインすると送信できます。",
        },
        gone: Words {
            title: "保存された内容はありません",
            text: "入力内容は、1時間経過したとき、ログアウトしたとき、または新しい内容が保存されたときに削除されます。別のブラウザで入力した場合は、そのブラウザで続けてください。",
        },
        another_account: "別のアカウントでログイン",
        see_again: "内容をもう一度見る",
        see_other: "保存されている別の内容を見る",
    },
    unsent: Unsent {
        signed_out: Words {
            title: "ログインが必要です",
            text: "ログインしていないため、入力内容は送信されませんでした。",
        },
        step_up: Words {
            title: "もう一度ログインしてください",
            text: "この操作には再ログインが必要なため、入力内容は送信されませんでした。",
        },
        renewed: Words {
            title: "もう一度送信してください",
            text: "アカウント情報が変更されたため、入力内容は送信されませんでした。ログイン状態は維持されています。",
        },
        too_large: Words {
            title: "ログインが必要です",
            text: "ログインしておらず、内容が長いためログインするまで保存できません。入力内容は送信されませんでした。",
        },
        foreign: Words {
            title: "このサイトで続けてください",
            text: "別のサイトから送信されたため、ログイン情報が届きませんでした。内容は処理されていません。",
        },
        foreign_act: Words {
            title: "このサイトで続けてください",
            text: "安全のため、別のサイトから送信された内容は処理されませんでした。",
        },
        signed_in: Words {
            title: "すでにログインしています",
            text: "別のタブなどでログインが完了しています。ここで入力した電話番号や認証コードは使用されていません。",
        },
        check_first: "お支払いやお申し込みの場合は、やり直す前に処理が完了していないかご確認ください。",
        copy_first: "前のページに戻って入力内容をコピーし、新しいタブでログインしてから、もう一度送信してください。",
        send_again: "前のページに戻って、もう一度送信してください。",
        sign_in_in_new_tab: "新しいタブでログイン",
    },
    phone: Phone {
        number: Words {
            title: "携帯電話番号の確認",
            text: "このサイトを利用するには、携帯電話番号の確認が必要です。SMSで認証コードをお送りします。",
        },
        number_label: "携帯電話番号",
        countries: |names| format!("対応している国・地域：{}", names.join("、")),
        send: "認証コードを送信",
        have_code: "届いた認証コードを入力",
        code_title: "認証コードの入力",
        sent_to: |number| {
            format!("{number}に6桁の認証コードを送信しました。5分以内に入力してください。")
        },
        code_label: "認証コード",
        confirm: "確認",
        resend: "認証コードを再送信",
        resend_in: |seconds| format!("{}後に再送信できます。", wait(seconds)),
        change: "番号を変更",
        inbox: "メッセージを開く（開発用）",
        unfit: "この番号には認証コードを送信できません。対応している国の携帯電話番号を入力してください。",
        malformed: "6桁の認証コードを入力してください。",
        wrong: |left| format!("認証コードが正しくありません。あと{left}回入力できます。"),
        expired: "この認証コードは使用できなくなりました。新しい認証コードを取得してください。",
        too_many: |seconds| {
            format!(
                "送信した直後か、リクエストが多いため、認証コードを送信しませんでした。{}後にもう一度お試しください。",
                wait(seconds)
            )
        },
        unavailable: "一時的な問題により、認証コードを送信できませんでした。しばらくしてからもう一度お試しください。",
        may_arrive: "メッセージが送信されていない可能性があります。届いた場合は、その認証コードを入力してください。以前の認証コードも使用できます。",
        not_checked: "一時的な問題により、認証コードを確認できませんでした。しばらくしてからもう一度入力してください。",
    },
    framed: Framed {
        signed_out: Words {
            title: "ログインが必要です",
            text: "ログインすると、この内容を表示できます。",
        },
        refused: Words {
            title: "この内容は表示できません",
            text: "現在のアカウントでは、この内容を表示できません。",
        },
        unavailable: Words {
            title: "しばらくお待ちください",
            text: "サーバーを準備しています。ログイン状態は維持されています。",
        },
    },
    unavailable: Unavailable {
        title: "しばらくお待ちください",
        reloads: "サーバーを準備しています。ログイン状態は維持されており、このページは自動的に再試行します。",
        try_again: "サーバーを準備しています。ログイン状態は維持されています。",
        sign_in_again: "サーバーの準備ができていないため、まだログインできていません。",
    },
    missing: Words {
        title: "ページが見つかりません",
        text: "このアドレスにはページがないか、送信された内容を受け付けていません。",
    },
    site: SiteWords {
        terms: "利用規約",
        privacy: "プライバシーポリシー",
        help: "ヘルプ",
    },
};

/// A wait in words. A longer one is rounded up to minutes.
fn wait(seconds: u64) -> String {
    match (seconds, seconds.div_ceil(60)) {
        (..=90, _) => format!("{}秒", seconds.max(1)),
        (_, minutes) => format!("{minutes}分"),
    }
}
