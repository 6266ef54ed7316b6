//! The texts in Chinese, in the order of `en`. They are in simplified characters. The tag is `zh`,
//! because browsers name the region (`zh-CN`) and not the script. `zh_hant` has the others.

use super::{
    Framed, Labels, Names, Phone, Refusal, SavedForm, SignIn, SignInAgain, SignOut, SiteWords,
    Texts, Unavailable, Unsent, Words,
};

mod refusals;
mod regions;

pub(super) static TEXTS: Texts = Texts {
    tag: "zh",
    regions: regions::REGIONS,
    names: Names {
        sign_in: "登录",
        sign_in_again: "重新登录",
        try_again: "重试",
        go_on: "继续",
        cancel: "取消",
        start_page: "返回首页",
        next_steps: "后续操作",
        open_in_browser: "在浏览器中打开",
        brand: |brand| brand,
        provider: "登录服务",
    },
    sign_in: SignIn {
        signed_in: "您已登录。",
        for_another_account: "如需使用其他账号，请选择登录方式。",
        sent_back: "您已登录。如果页面没有打开，请使用其他账号登录。",
        labels: Labels {
            kakao: "Login with Kakao",
            naver: "Log in with NAVER",
            english: Some("en"),
            google: "使用 Google 账号登录",
            line: "使用LINE账号登录",
        },
        with_brand: |brand| format!("使用 {brand} 登录"),
        with_name: |name| format!("使用 {name} 登录"),
        last_used: "上次使用",
        refuses_app: "无法在此应用内登录，请在浏览器中打开。",
        may_refuse_app: "在应用内可能无法登录。如遇此情况，请在浏览器中打开。",
        unavailable: "暂时不可用。",
    },
    sign_in_again: SignInAgain {
        question: Words {
            title: "要重新登录吗？",
            text: "您已登录。其他网站的链接要求您重新登录，继续后当前使用的账号可能会改变。",
        },
        advice: "仅在您本人希望时才继续。在此之前不会有任何变化。",
    },
    sign_out: SignOut {
        ask: Words {
            title: "要退出登录吗？",
            text: "您将在此浏览器中退出本网站。",
        },
        ask_everywhere: Words {
            title: "要在所有设备上退出登录吗？",
            text: "您将在所有浏览器中退出本网站。",
        },
        button: "退出登录",
        button_everywhere: "在所有设备上退出登录",
        done: "您已退出登录",
        here: "您在{provider}可能仍处于登录状态。",
        everywhere: "您已在所有浏览器中退出本网站，但在{provider}可能仍处于登录状态。",
        at_provider: "您已退出本网站和{provider}。",
        everywhere_and_at_provider: "您已在所有浏览器中退出本网站，并在此浏览器中退出了{provider}。",
        partly: "您已在此浏览器中退出登录。部分服务器尚未收到通知，我们会继续通知。在此之前，被复制的登录信息可能仍可使用。",
        page_before: "返回上一页",
    },
    refusal: Refusal {
        reference: "参考编号",
        details: "详细信息",
        another_account: "使用其他账号",
        another_way: "其他登录方式",
        of: refusals::cause,
    },
    saved_form: SavedForm {
        offer: Words {
            title: "要发送您填写的内容吗？",
            text: "发送前需要登录，因此我们暂时保存了您填写的内容。点击按钮后才会发送。",
        },
        send: "发送",
        discard: "不发送并删除",
        summary: |count| format!("要发送的内容：{count} 项"),
        more: |rest| format!("另有 {rest} 项"),
        goes_to: "发送至：",
        empty: "（空）",
        not_shown: "（不显示）",
        sent: Words {
            title: "内容已发送",
            text: "内容不会重复发送。如果您没有看到结果，请先确认是否已受理。",
        },
        probably_sent: Words {
            title: "内容可能已发送",
            text: "在此期间，已有相同长度的内容发送到同一地址。请先确认是否已受理。",
        },
        discarded: Words {
            title: "内容已删除",
            text: "内容没有发送。",
        },
        signed_out: Words {
            title: "您填写的内容已保留",
            text: "您已退出登录，登录后即可发送。",
        },
        of_another_user: Words {
            title: "内容由其他账号填写",
            text: "请使用填写时的账号登录后发送。",
        },
        gone: Words {
            title: "没有保存的内容",
            text: "内容会在一小时后、退出登录时或保存了新内容时删除。如果您是在其他浏览器中填写的，请在那里继续。",
        },
        another_account: "使用其他账号登录",
        see_again: "再次查看内容",
        see_other: "查看保存的其他内容",
    },
    unsent: Unsent {
        signed_out: Words {
            title: "请先登录",
            text: "您尚未登录，填写的内容没有发送。",
        },
        step_up: Words {
            title: "请重新登录",
            text: "此操作需要重新登录，填写的内容没有发送。",
        },
        renewed: Words {
            title: "请重新发送",
            text: "您的账号信息已变更，填写的内容没有发送。您仍处于登录状态。",
        },
        too_large: Words {
            title: "请先登录",
            text: "您尚未登录，且内容过长，无法保存到登录之后。填写的内容没有发送。",
        },
        foreign: Words {
            title: "请在本网站继续",
            text: "此请求来自其他网站，浏览器没有附带您的登录信息，因此内容没有处理。",
        },
        foreign_act: Words {
            title: "请在本网站继续",
            text: "为了您的安全，来自其他网站的请求没有处理。",
        },
        signed_in: Words {
            title: "您已登录",
            text: "您已在其他标签页等处登录，此处输入的手机号或验证码未被使用。",
        },
        check_first: "如果涉及付款或订单，请先确认是否已成功，再重新操作。",
        copy_first: "请返回上一页复制您填写的内容，在新标签页中登录后重新发送。",
        send_again: "请返回上一页重新发送。",
        sign_in_in_new_tab: "在新标签页中登录",
    },
    phone: Phone {
        number: Words {
            title: "验证手机号",
            text: "使用本网站需要验证手机号。我们会通过短信发送验证码。",
        },
        number_label: "手机号",
        countries: |names| format!("支持的国家或地区：{}", names.join("、")),
        send: "获取验证码",
        have_code: "输入已收到的验证码",
        code_title: "输入验证码",
        sent_to: |number| format!("我们已向 {number} 发送 6 位验证码，5 分钟内有效。"),
        code_label: "短信验证码",
        confirm: "确认",
        resend: "重新获取验证码",
        resend_in: |seconds| format!("{}后可重新获取。", wait(seconds)),
        change: "更换手机号",
        inbox: "打开短信（开发用）",
        unfit: "无法向此号码发送验证码。请输入所支持国家或地区的手机号。",
        malformed: "请输入 6 位验证码。",
        wrong: |left| format!("验证码错误，还可以输入 {left} 次。"),
        expired: "验证码已失效，请重新获取。",
        too_many: |seconds| {
            format!(
                "刚刚已发送过验证码，或请求过于频繁，因此没有发送。请在 {}后重试。",
                wait(seconds)
            )
        },
        unavailable: "由于暂时性故障，验证码没有发送。请稍后重试。",
        may_arrive: "短信可能没有发送成功。如果收到短信，请输入其中的验证码。之前的验证码同样有效。",
        not_checked: "由于暂时性故障，无法检查验证码。请稍后重新输入。",
    },
    framed: Framed {
        signed_out: Words {
            title: "请先登录",
            text: "登录后即可查看此内容。",
        },
        refused: Words {
            title: "无法查看此内容",
            text: "当前账号无权查看此内容。",
        },
        unavailable: Words {
            title: "请稍候",
            text: "服务器正在准备中。您仍处于登录状态。",
        },
    },
    unavailable: Unavailable {
        title: "请稍候",
        reloads: "服务器正在准备中。您仍处于登录状态，此页面会自动重试。",
        try_again: "服务器正在准备中。您仍处于登录状态。",
        sign_in_again: "服务器尚未准备好，您还没有登录。",
    },
    missing: Words {
        title: "找不到页面",
        text: "此地址没有内容，或不接受发送的请求。",
    },
    site: SiteWords {
        terms: "服务条款",
        privacy: "隐私政策",
        help: "帮助",
    },
};

/// A wait in words. A longer one is rounded up to minutes.
fn wait(seconds: u64) -> String {
    match (seconds, seconds.div_ceil(60)) {
        (..=90, _) => format!("{} 秒", seconds.max(1)),
        (_, minutes) => format!("{minutes} 分钟"),
    }
}
