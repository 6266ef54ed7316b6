//! A refusal that the user causes or can remedy is logged below a warning.

use serde_json::json;
use tower_phone_auth_local_provider::{Endpoint::Profile, Person, faults::Fault};
use tracing::Level;

use super::row::{
    Client::{Kakao, Naver, OpenId},
    Row,
    Trouble::{Answer, User},
    check, json as answer, row,
};
use crate::support::browser::Act;

fn rows() -> Vec<Row> {
    let user = (Level::INFO, 403);
    let kakao = |fault| (Kakao, Answer(Profile, fault));
    vec![
        row(
            "cancelled",
            (Kakao, User(Act::Cancel)),
            user,
            &[("cause", "Cancelled")],
        ),
        row(
            "the number is withheld twice",
            (Kakao, User(Act::Untick(Person::WITH_PHONE))),
            user,
            &[("cause", "PhoneNotShared")],
        ),
        row(
            "no number on the account",
            (OpenId, User(Act::Agree(Person::WITHOUT_PHONE))),
            user,
            &[("cause", "PhoneNotOnAccount")],
        ),
        row(
            "a number that cannot be dialled",
            kakao(Fault::Merge(
                json!({ "kakao_account": { "phone_number": "+82 1" } }),
            )),
            user,
            &[("cause", "PhoneInvalid")],
        ),
        row(
            "a dormant account",
            kakao(answer(
                403,
                &json!({ "msg": "blocked account", "code": -4 }),
            )),
            user,
            &[
                ("cause", "AccountRefused"),
                ("description", "blocked account"),
            ],
        ),
        row(
            "Naver: the number is withheld",
            (
                Naver,
                Answer(
                    Profile,
                    Fault::Merge(json!({ "response": { "mobile": null, "mobile_e164": null } })),
                ),
            ),
            user,
            &[("cause", "PhoneNotShared")],
        ),
    ]
}

#[tokio::test]
async fn refusals_that_users_cause_are_logged_at_info() {
    check(rows()).await;
}
