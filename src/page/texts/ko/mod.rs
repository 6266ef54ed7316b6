//! The texts in Korean, in the order of `en`.

use super::{
    Framed, Labels, Names, Phone, Refusal, SavedForm, SignIn, SignInAgain, SignOut, SiteWords,
    Texts, Unavailable, Unsent, Words,
};

mod refusals;
mod regions;

pub(super) static TEXTS: Texts = Texts {
    tag: "ko",
    regions: regions::REGIONS,
    names: Names {
        sign_in: "로그인",
        sign_in_again: "다시 로그인",
        try_again: "다시 시도",
        go_on: "계속하기",
        cancel: "취소",
        start_page: "홈으로",
        next_steps: "다음 단계",
        open_in_browser: "브라우저에서 열기",
        brand: |brand| match brand {
            "Kakao" => "카카오",
            "NAVER" => "네이버",
            "Telegram" => "텔레그램",
            _ => brand,
        },
        provider: "간편 로그인 서비스",
    },
    sign_in: SignIn {
        signed_in: "이미 로그인되어 있습니다.",
        for_another_account: "다른 계정을 사용하려면 로그인 방법을 선택해 주세요.",
        sent_back: "이미 로그인되어 있습니다. 페이지가 열리지 않으면 다른 계정으로 로그인해 주세요.",
        labels: Labels {
            kakao: "카카오 로그인",
            naver: "네이버 로그인",
            english: None,
            google: "Google 계정으로 로그인",
            line: "LINE으로 로그인",
        },
        with_brand,
        with_name: |name| format!("{name} 로그인"),
        last_used: "최근 로그인",
        refuses_app: "이 앱 안에서는 로그인할 수 없습니다. 브라우저에서 열어 주세요.",
        may_refuse_app: "앱 안에서는 로그인되지 않을 수 있습니다. 그럴 때는 브라우저에서 열어 주세요.",
        unavailable: "일시적으로 이용할 수 없습니다.",
    },
    sign_in_again: SignInAgain {
        question: Words {
            title: "다시 로그인할까요?",
            text: "이미 로그인되어 있습니다. 다른 사이트의 링크가 다시 로그인하도록 요청했습니다. 계속하면 사용 중인 계정이 바뀔 수도 있습니다.",
        },
        advice: "직접 원하신 경우에만 계속해 주세요. 계속하기 전에는 아무것도 바뀌지 않습니다.",
    },
    sign_out: SignOut {
        ask: Words {
            title: "로그아웃할까요?",
            text: "이 브라우저에서 이 사이트의 로그인이 종료됩니다.",
        },
        ask_everywhere: Words {
            title: "모든 기기에서 로그아웃할까요?",
            text: "이 브라우저를 포함한 모든 브라우저에서 로그아웃됩니다.",
        },
        button: "로그아웃",
        button_everywhere: "모든 기기에서 로그아웃",
        done: "로그아웃되었습니다",
        here: "{provider}에는 계속 로그인되어 있을 수 있습니다.",
        everywhere: "모든 브라우저에서 이 사이트의 로그인이 종료되었습니다. {provider}에는 계속 로그인되어 있을 수 있습니다.",
        at_provider: "이 사이트와 {provider}에서 모두 로그아웃되었습니다.",
        everywhere_and_at_provider: "모든 브라우저에서 이 사이트의 로그인이 종료되었습니다. 이 브라우저에서는 {provider}에서도 로그아웃되었습니다.",
        partly: "이 브라우저에서 로그아웃되었습니다. 아직 일부 서버에는 전달되지 않아 계속 시도하고 있습니다. \
                 그때까지는 복사된 로그인 정보로 접속될 수 있습니다.",
        page_before: "이전 페이지로",
    },
    refusal: Refusal {
        reference: "참조 번호",
        details: "자세히",
        another_account: "다른 계정으로 로그인",
        another_way: "다른 방법으로 로그인",
        of: refusals::cause,
    },
    saved_form: SavedForm {
        offer: Words {
            title: "작성하신 내용을 보낼까요?",
            text: "보내기 전에 로그인이 필요해 작성하신 내용을 잠시 보관해 두었습니다. 아래 버튼을 누르면 전송됩니다.",
        },
        send: "보내기",
        discard: "보내지 않고 삭제",
        summary: |count| format!("보낼 내용 {count}개 항목 보기"),
        more: |rest| format!("외 {rest}개 항목"),
        goes_to: "보낼 곳: ",
        empty: "(빈 값)",
        not_shown: "(표시하지 않음)",
        sent: Words {
            title: "이미 보낸 내용입니다",
            text: "같은 내용을 두 번 보내지 않습니다. 결과를 보지 못하셨다면 접수되었는지 먼저 확인해 주세요.",
        },
        probably_sent: Words {
            title: "이미 보내신 것 같습니다",
            text: "그사이 같은 길이의 내용이 같은 곳으로 전송되었습니다. 접수되었는지 먼저 확인해 주세요.",
        },
        discarded: Words {
            title: "삭제한 내용입니다",
            text: "작성하신 내용을 보내지 않고 삭제했습니다.",
        },
        signed_out: Words {
            title: "작성하신 내용이 그대로 보관되어 있습니다",
            text: "로그아웃된 상태입니다. 로그인하면 보낼 수 있습니다.",
        },
        of_another_user: Words {
            title: "다른 계정으로 작성한 내용입니다",
            text: "작성할 때 사용한 계정으로 로그인하면 보낼 수 있습니다.",
        },
        gone: Words {
            title: "보관된 내용이 없습니다",
            text: "작성하신 내용은 1시간이 지나거나, 로그아웃하거나, 다른 내용을 새로 보관하면 삭제됩니다. 다른 \
                   브라우저에서 작성하셨다면 그 브라우저에서 이어서 진행해 주세요.",
        },
        another_account: "다른 계정으로 로그인",
        see_again: "내용 다시 보기",
        see_other: "보관 중인 다른 내용 보기",
    },
    unsent: Unsent {
        signed_out: Words {
            title: "로그인이 필요합니다",
            text: "로그인하지 않은 상태여서 작성하신 내용이 전송되지 않았습니다.",
        },
        step_up: Words {
            title: "다시 로그인해 주세요",
            text: "다시 로그인해야만 할 수 있는 작업이라 작성하신 내용이 전송되지 않았습니다.",
        },
        renewed: Words {
            title: "다시 보내 주세요",
            text: "계정 정보가 변경되어 작성하신 내용이 전송되지 않았습니다. 로그인은 유지되고 있습니다.",
        },
        too_large: Words {
            title: "로그인이 필요합니다",
            text: "로그인하지 않은 상태이고, 내용이 길어 로그인할 때까지 보관할 수 없습니다. 작성하신 내용은 전송되지 않았습니다.",
        },
        foreign: Words {
            title: "이 사이트에서 계속해 주세요",
            text: "다른 사이트에서 보낸 요청이라 로그인 정보 없이 도착했습니다. 함께 전달된 내용은 처리되지 않았습니다.",
        },
        foreign_act: Words {
            title: "이 사이트에서 계속해 주세요",
            text: "안전을 위해 다른 사이트에서 보낸 요청을 처리하지 않았습니다.",
        },
        signed_in: Words {
            title: "이미 로그인되어 있습니다",
            text: "그사이 다른 탭 등에서 로그인되었습니다. 여기에 입력하신 휴대폰 번호나 인증번호는 사용되지 않았습니다.",
        },
        check_first: "결제나 신청을 하셨다면 다시 하기 전에 처리되었는지 먼저 확인해 주세요.",
        copy_first: "이전 페이지로 돌아가 작성하신 내용을 복사해 두세요. 새 탭에서 로그인한 뒤 다시 보내면 됩니다.",
        send_again: "이전 페이지로 돌아가 다시 보내 주세요.",
        sign_in_in_new_tab: "새 탭에서 로그인",
    },
    phone: Phone {
        number: Words {
            title: "휴대폰 번호 인증",
            text: "이 사이트를 이용하려면 휴대폰 번호 인증이 필요합니다. 문자로 인증번호를 보내 드립니다.",
        },
        number_label: "휴대폰 번호",
        countries: |names| format!("이용 가능한 국가: {}", names.join(", ")),
        send: "인증번호 받기",
        have_code: "받은 인증번호 입력하기",
        code_title: "인증번호 입력",
        sent_to: |number| {
            format!("{number} 번호로 인증번호 6자리를 보냈습니다. 5분 안에 입력해 주세요.")
        },
        code_label: "인증번호",
        confirm: "확인",
        resend: "인증번호 다시 받기",
        resend_in: |seconds| format!("{} 후에 다시 받을 수 있습니다.", wait(seconds)),
        change: "번호 변경",
        inbox: "문자함 열기 (개발용)",
        unfit: "이 번호로는 인증번호를 보낼 수 없습니다. 이용 가능한 국가의 휴대폰 번호를 입력해 주세요.",
        malformed: "인증번호 6자리를 입력해 주세요.",
        wrong: |left| format!("인증번호가 올바르지 않습니다. {left}번 더 입력할 수 있습니다."),
        expired: "인증번호를 더 이상 사용할 수 없습니다. 인증번호를 다시 받아 주세요.",
        too_many: |seconds| {
            format!(
                "조금 전에 보냈거나 요청이 많아 인증번호를 보내지 않았습니다. {} 후에 다시 시도해 주세요.",
                wait(seconds)
            )
        },
        unavailable: "일시적인 문제로 인증번호를 보내지 못했습니다. 잠시 후 다시 시도해 주세요.",
        may_arrive: "문자가 전송되지 않았을 수 있습니다. 문자를 받으셨다면 인증번호를 입력해 주세요. 앞서 받은 인증번호도 사용할 수 있습니다.",
        not_checked: "일시적인 문제로 인증번호를 확인하지 못했습니다. 잠시 후 다시 입력해 주세요.",
    },
    framed: Framed {
        signed_out: Words {
            title: "로그인이 필요합니다",
            text: "로그인하시면 이 내용을 보실 수 있습니다.",
        },
        refused: Words {
            title: "이 내용을 볼 수 없습니다",
            text: "지금 로그인한 계정으로는 이 내용을 볼 수 없습니다.",
        },
        unavailable: Words {
            title: "잠시만 기다려 주세요",
            text: "로그인 상태를 확인하고 있습니다. 로그인은 그대로 유지됩니다.",
        },
    },
    unavailable: Unavailable {
        title: "잠시만 기다려 주세요",
        reloads: "서버를 준비하고 있습니다. 로그인은 그대로 유지되며, 잠시 후 자동으로 다시 시도합니다.",
        try_again: "로그인 상태를 확인하고 있습니다. 로그인은 그대로 유지됩니다.",
        sign_in_again: "서버가 아직 준비되지 않아 로그인하지 못했습니다.",
    },
    missing: Words {
        title: "페이지를 찾을 수 없습니다",
        text: "없는 주소이거나, 이 주소로는 보낼 수 없는 요청입니다.",
    },
    site: SiteWords {
        terms: "이용약관",
        privacy: "개인정보처리방침",
        help: "고객센터",
    },
};

/// The Korean name of a brand. The particle depends on its last sound.
fn with_brand(brand: &str) -> String {
    match brand {
        "Telegram" => "텔레그램으로 로그인".to_owned(),
        _ => format!("{brand} 로그인"),
    }
}

/// A wait in words. A longer one is rounded up to minutes.
fn wait(seconds: u64) -> String {
    match (seconds, seconds.div_ceil(60)) {
        (..=90, _) => format!("{}초", seconds.max(1)),
        (_, minutes) => format!("{minutes}분"),
    }
}
