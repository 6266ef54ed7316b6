//! Failures at userinfo, and at the profiles of Kakao, Naver and Google.

use serde_json::json;
use tower_phone_auth_local_provider::{Endpoint::Profile, faults::Fault};
use tracing::Level;

use super::row::{
    BUSY,
    Client::{Google, Kakao, Naver, OpenId},
    OPERATOR, PROVIDER, Row,
    Trouble::Answer,
    challenge, check, error, html, json as answer, row,
};

fn openid() -> Vec<Row> {
    let at = |fault| (OpenId, Answer(Profile, fault));
    vec![
        row(
            "userinfo refuses the token with a challenge",
            at(challenge(
                401,
                r#"Bearer realm="id", error="invalid_token", error_description="The access token \"expired\"""#,
            )),
            PROVIDER,
            &[
                ("call", "profile"),
                ("status", "401"),
                ("error", "invalid_token"),
                ("description", "The access token 'expired'"),
            ],
        ),
        row(
            "userinfo requires another scope",
            at(challenge(
                403,
                r#"Bearer error="insufficient_scope", scope="openid""#,
            )),
            PROVIDER,
            &[("status", "403"), ("error", "insufficient_scope")],
        ),
        row(
            "userinfo refuses the token with a body",
            at(error(403, "access_denied", "Invalid bearer token.")),
            PROVIDER,
            &[
                ("error", "access_denied"),
                ("description", "Invalid bearer token."),
            ],
        ),
        row(
            "a page in place of userinfo",
            at(html(400)),
            PROVIDER,
            &[("call", "profile"), ("found", "400 with no JSON object")],
        ),
        row(
            "userinfo of another user",
            at(Fault::Merge(json!({ "sub": "another-user" }))),
            PROVIDER,
            &[("code", "userinfo_sub")],
        ),
        row(
            "userinfo is down",
            at(html(503)),
            BUSY,
            &[("call", "profile"), ("status", "503")],
        ),
    ]
}

fn others() -> Vec<Row> {
    let kakao = |fault| (Kakao, Answer(Profile, fault));
    let naver = |fault| (Naver, Answer(Profile, fault));
    let google = |fault| (Google, Answer(Profile, fault));
    let disabled = json!({ "error": {
        "code": 403,
        "message": "People API has not been used in project shop before or it is disabled.",
        "status": "PERMISSION_DENIED",
        "details": [{ "reason": "SERVICE_DISABLED" }],
    } });
    vec![
        row(
            "Kakao: token",
            kakao(answer(
                401,
                &json!({ "msg": "this access token does not exist", "code": -401 }),
            )),
            PROVIDER,
            &[
                ("code", "-401"),
                ("error", "-401"),
                ("description", "does not exist"),
            ],
        ),
        row(
            "Kakao: another consent",
            kakao(answer(
                403,
                &json!({ "msg": "insufficient scopes.", "code": -402, "required_scopes": ["birthday"] }),
            )),
            OPERATOR,
            &[("code", "-402"), ("description", "insufficient scopes.")],
        ),
        row(
            "Kakao: quota",
            kakao(answer(
                400,
                &json!({ "msg": "API limit has been exceeded.", "code": -10 }),
            )),
            BUSY,
            &[("code", "-10"), ("description", "API limit")],
        ),
        row(
            "Kakao: maintenance",
            kakao(answer(
                503,
                &json!({ "msg": "maintenance until nine", "code": -9798 }),
            )),
            BUSY,
            &[("description", "maintenance")],
        ),
        row(
            "Naver: token",
            naver(answer(
                401,
                &json!({ "resultcode": "024", "message": "Authentication failed (인증에 실패했습니다)" }),
            )),
            PROVIDER,
            &[
                ("code", "024"),
                ("error", "024"),
                ("description", "인증에 실패했습니다"),
            ],
        ),
        row(
            "Naver: gateway",
            naver(answer(
                403,
                &json!({ "errorMessage": "Not Allowed API", "errorCode": "030" }),
            )),
            OPERATOR,
            &[("error", "030"), ("description", "Not Allowed API")],
        ),
        row(
            "Google: People API is off",
            google(answer(403, &disabled)),
            (Level::ERROR, 403),
            &[
                ("error", "PERMISSION_DENIED"),
                ("description", "People API has not been used"),
                ("remedy", "People API"),
            ],
        ),
        row(
            "Google: fails",
            google(answer(
                500,
                &json!({ "error": { "code": 500, "message": "Internal error", "status": "INTERNAL" } }),
            )),
            PROVIDER,
            &[("error", "INTERNAL"), ("description", "Internal error")],
        ),
    ]
}

#[tokio::test]
async fn a_refusal_by_userinfo_is_logged_with_its_challenge_or_its_words() {
    check(openid()).await;
}

#[tokio::test]
async fn errors_of_the_profiles_of_kakao_naver_and_google_are_quoted() {
    check(others()).await;
}
