//! The texts in Chinese with traditional characters, in the order of `en` and in the words of
//! Taiwan. Browsers name the region (`zh-TW`), which `language/tag.rs` maps to this script.

use super::{
    Framed, Labels, Names, Phone, Refusal, SavedForm, SignIn, SignInAgain, SignOut, SiteWords,
    Texts, Unavailable, Unsent, Words,
};

mod refusals;
mod regions;

pub(super) static TEXTS: Texts = Texts {
    tag: "zh-Hant",
    regions: regions::REGIONS,
    names: Names {
        sign_in: "登入",
        sign_in_again: "重新登入",
        try_again: "再試一次",
        go_on: "繼續",
        cancel: "取消",
        start_page: "返回首頁",
        next_steps: "後續操作",
        open_in_browser: "在瀏覽器中開啟",
        brand: |brand| brand,
        provider: "登入服務",
    },
    sign_in: SignIn {
        signed_in: "您已登入。",
        for_another_account: "如要使用其他帳號，請選擇登入方式。",
        sent_back: "您已登入。如果頁面沒有開啟，請使用其他帳號登入。",
        labels: Labels {
            kakao: "Login with Kakao",
            naver: "Log in with NAVER",
            english: Some("en"),
            google: "使用 Google 帳戶登入",
            line: "使用LINE帳號登入",
        },
        with_brand: |brand| format!("使用 {brand} 登入"),
        with_name: |name| format!("使用 {name} 登入"),
        last_used: "上次使用",
        refuses_app: "無法在此應用程式內登入，請在瀏覽器中開啟。",
        may_refuse_app: "在應用程式內可能無法登入。如遇此情況，請在瀏覽器中開啟。",
        unavailable: "暫時無法使用。",
    },
    sign_in_again: SignInAgain {
        question: Words {
            title: "要重新登入嗎？",
            text: "您已登入。其他網站的連結要求您重新登入，繼續後目前使用的帳號可能會變更。",
        },
        advice: "請在確定是您本人的意願時才繼續。在此之前不會有任何變更。",
    },
    sign_out: SignOut {
        ask: Words {
            title: "要登出嗎？",
            text: "您將在此瀏覽器中登出本網站。",
        },
        ask_everywhere: Words {
            title: "要在所有裝置上登出嗎？",
            text: "您將在所有瀏覽器中登出本網站。",
        },
        button: "登出",
        button_everywhere: "在所有裝置上登出",
        done: "您已登出",
        here: "您在{provider}可能仍處於登入狀態。",
        everywhere: "您已在所有瀏覽器中登出本網站，但在{provider}可能仍處於登入狀態。",
        at_provider: "您已登出本網站和{provider}。",
        everywhere_and_at_provider: "您已在所有瀏覽器中登出本網站，並在此瀏覽器中登出{provider}。",
        partly: "您已在此瀏覽器中登出。部分伺服器尚未收到通知，我們會繼續通知。在此之前，遭複製的登入資訊可能仍可使用。",
        page_before: "返回上一頁",
    },
    refusal: Refusal {
        reference: "參考編號",
        details: "詳細資訊",
        another_account: "使用其他帳號",
        another_way: "其他登入方式",
        of: refusals::cause,
    },
    saved_form: SavedForm {
        offer: Words {
            title: "要送出您填寫的內容嗎？",
            text: "送出前需要登入，因此我們暫時保留了您填寫的內容。按下按鈕後才會送出。",
        },
        send: "送出",
        discard: "不送出並刪除",
        summary: |count| format!("要送出的內容：{count} 項"),
        more: |rest| format!("另有 {rest} 項"),
        goes_to: "送出至：",
        empty: "（空白）",
        not_shown: "（不顯示）",
        sent: Words {
            title: "內容已送出",
            text: "內容不會重複送出。如果您沒有看到結果，請先確認是否已受理。",
        },
        probably_sent: Words {
            title: "內容可能已送出",
            text: "在此期間，已有相同長度的內容送出至同一網址。請先確認是否已受理。",
        },
        discarded: Words {
            title: "內容已刪除",
            text: "內容沒有送出。",
        },
        signed_out: Words {
            title: "您填寫的內容已保留",
            text: "您已登出，登入後即可送出。",
        },
        of_another_user: Words {
            title: "此內容是以其他帳號填寫的",
            text: "請使用填寫時的帳號登入後再送出。",
        },
        gone: Words {
            title: "沒有保留的內容",
            text: "內容會在一小時後、登出時或保留了新內容時刪除。如果您是在其他瀏覽器中填寫的，請在該瀏覽器中繼續。",
        },
        another_account: "使用其他帳號登入",
        see_again: "重新檢視內容",
        see_other: "檢視保留的其他內容",
    },
    unsent: Unsent {
        signed_out: Words {
            title: "請先登入",
            text: "您尚未登入，填寫的內容沒有送出。",
        },
        step_up: Words {
            title: "請重新登入",
            text: "此操作需要重新登入，填寫的內容沒有送出。",
        },
        renewed: Words {
            title: "請重新送出",
            text: "您的帳號資訊已變更，填寫的內容沒有送出。您仍處於登入狀態。",
        },
        too_large: Words {
            title: "請先登入",
            text: "您尚未登入，且內容過長，無法保留到登入之後。填寫的內容沒有送出。",
        },
        foreign: Words {
            title: "請在本網站繼續",
            text: "此要求來自其他網站，瀏覽器沒有附上您的登入資訊，因此內容未經處理。",
        },
        foreign_act: Words {
            title: "請在本網站繼續",
            text: "為了您的安全，來自其他網站的要求未經處理。",
        },
        signed_in: Words {
            title: "您已登入",
            text: "您已在其他分頁等處登入，此處輸入的手機號碼或驗證碼未被使用。",
        },
        check_first: "如果涉及付款或訂單，請先確認是否已成功，再重新操作。",
        copy_first: "請返回上一頁複製您填寫的內容，在新分頁中登入後重新送出。",
        send_again: "請返回上一頁重新送出。",
        sign_in_in_new_tab: "在新分頁中登入",
    },
    phone: Phone {
        number: Words {
            title: "驗證手機號碼",
            text: "使用本網站需要驗證手機號碼。我們會以簡訊傳送驗證碼。",
        },
        number_label: "手機號碼",
        countries: |names| format!("支援的國家或地區：{}", names.join("、")),
        send: "取得驗證碼",
        have_code: "輸入已收到的驗證碼",
        code_title: "輸入驗證碼",
        sent_to: |number| format!("我們已將 6 位數驗證碼傳送至 {number}，5 分鐘內有效。"),
        code_label: "簡訊驗證碼",
        confirm: "確認",
        resend: "重新取得驗證碼",
        resend_in: |seconds| format!("{}後可重新取得。", wait(seconds)),
        change: "變更手機號碼",
        inbox: "開啟簡訊（開發用）",
        unfit: "無法向此號碼傳送驗證碼。請輸入所支援國家或地區的手機號碼。",
        malformed: "請輸入 6 位數驗證碼。",
        wrong: |left| format!("驗證碼錯誤，還可以輸入 {left} 次。"),
        expired: "驗證碼已失效，請重新取得。",
        too_many: |seconds| {
            format!(
                "剛才已傳送過驗證碼，或要求過於頻繁，因此沒有傳送。請在 {}後再試。",
                wait(seconds)
            )
        },
        unavailable: "由於暫時性問題，驗證碼沒有傳送。請稍後再試。",
        may_arrive: "簡訊可能沒有傳送成功。如果收到簡訊，請輸入其中的驗證碼。先前的驗證碼同樣有效。",
        not_checked: "由於暫時性問題，無法檢查驗證碼。請稍後重新輸入。",
    },
    framed: Framed {
        signed_out: Words {
            title: "請先登入",
            text: "登入後即可檢視此內容。",
        },
        refused: Words {
            title: "無法檢視此內容",
            text: "目前的帳號無權檢視此內容。",
        },
        unavailable: Words {
            title: "請稍候",
            text: "伺服器正在準備中。您仍處於登入狀態。",
        },
    },
    unavailable: Unavailable {
        title: "請稍候",
        reloads: "伺服器正在準備中。您仍處於登入狀態，此頁面會自動重試。",
        try_again: "伺服器正在準備中。您仍處於登入狀態。",
        sign_in_again: "伺服器尚未準備好，您還沒有登入。",
    },
    missing: Words {
        title: "找不到頁面",
        text: "此網址不存在，或不接受此類要求。",
    },
    site: SiteWords {
        terms: "服務條款",
        privacy: "隱私權政策",
        help: "說明",
    },
};

/// A wait in words. A longer one is rounded up to minutes.
fn wait(seconds: u64) -> String {
    match (seconds, seconds.div_ceil(60)) {
        (..=90, _) => format!("{} 秒", seconds.max(1)),
        (_, minutes) => format!("{minutes} 分鐘"),
    }
}
