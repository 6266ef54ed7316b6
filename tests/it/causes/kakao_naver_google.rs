//! Failures at the token endpoints of Kakao, Naver and Google.

use tower_phone_auth_local_provider::Endpoint::Token;

use super::row::{
    BUSY,
    Client::{Google, Kakao, Naver},
    OPERATOR, Row,
    Trouble::Answer,
    USED_CODE, check, error, koe, row,
};

fn others() -> Vec<Row> {
    let kakao = |fault| (Kakao, Answer(Token, fault));
    let naver = |fault| (Naver, Answer(Token, fault));
    let google = |fault| (Google, Answer(Token, fault));
    vec![
        row(
            "Kakao: wrong secret",
            kakao(koe(
                401,
                "KOE010",
                "invalid_client",
                "Bad client credentials",
            )),
            OPERATOR,
            &[
                ("code", "KOE010"),
                ("error", "invalid_client"),
                ("description", "Bad client credentials"),
            ],
        ),
        row(
            "Kakao: wrong key",
            kakao(koe(401, "KOE101", "invalid_client", "Not exist client_id")),
            OPERATOR,
            &[("code", "KOE101"), ("remedy", "REST API key")],
        ),
        row(
            "Kakao: redirect URI",
            kakao(koe(
                400,
                "KOE303",
                "invalid_grant",
                "Redirect URI mismatch.",
            )),
            OPERATOR,
            &[
                ("code", "KOE303"),
                ("description", "Redirect URI mismatch"),
                ("remedy", "callback address"),
            ],
        ),
        row(
            "Kakao: code used",
            kakao(koe(
                400,
                "KOE320",
                "invalid_grant",
                "authorization code not found",
            )),
            USED_CODE,
            &[("code", "KOE320")],
        ),
        row(
            "Kakao: quota",
            kakao(koe(
                400,
                "KOE237",
                "invalid_request",
                "token request rate limit exceeded",
            )),
            BUSY,
            &[("code", "KOE237"), ("description", "rate limit")],
        ),
        row(
            "Naver: code used",
            naver(error(200, "invalid_request", "no valid data in session")),
            USED_CODE,
            &[
                ("description", "no valid data in session"),
                ("status", "200"),
            ],
        ),
        row(
            "Naver: wrong client",
            naver(error(
                401,
                "unauthorized_client",
                "Client authentication failed.",
            )),
            OPERATOR,
            &[("error", "unauthorized_client"), ("status", "401")],
        ),
        row(
            "Google: redirect URI",
            google(error(400, "redirect_uri_mismatch", "Bad Request")),
            OPERATOR,
            &[
                ("error", "redirect_uri_mismatch"),
                ("remedy", "callback address"),
            ],
        ),
        row(
            "Google: wrong secret",
            google(error(401, "invalid_client", "Unauthorized")),
            OPERATOR,
            &[("error", "invalid_client"), ("call", "token")],
        ),
    ]
}

#[tokio::test]
async fn errors_of_kakao_naver_and_google_are_quoted() {
    check(others()).await;
}
