//! Errors as the services write them.

use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::Fault;
use crate::web::answer;

/// Errors as the services write them. A request that gets one has no effect.
impl Fault {
    /// Answers like the errors of Kakao's token endpoint, such as `KOE320` with `invalid_grant`.
    /// The arguments are the status, `error_code`, `error` and `error_description`.
    ///
    /// ```
    /// use http::StatusCode;
    /// use tower_phone_auth_local_provider::faults::Fault;
    ///
    /// let description = "authorization code not found";
    /// let fault = Fault::koe(StatusCode::BAD_REQUEST, "KOE320", "invalid_grant", description);
    /// # let _ = fault;
    /// ```
    #[must_use]
    pub fn koe(status: StatusCode, code: &str, error: &str, description: &str) -> Self {
        let body = json!({
            "error": error,
            "error_description": description,
            "error_code": code,
        });
        Self::json(status, &body)
    }

    /// Answers like the errors of Kakao's profile endpoint: `{"msg": …, "code": …}`. For example,
    /// `-401` is an invalid token and `-10` an exceeded quota.
    #[must_use]
    pub fn api(status: StatusCode, code: i64) -> Self {
        Self::json(
            status,
            &json!({ "msg": "local provider fault", "code": code }),
        )
    }

    /// Answers like Solapi to a message that it refused: with 200 and this `statusCode`, in the
    /// forms of `send` and `send-many/detail` at once. No message is in the inbox.
    ///
    /// ```
    /// use tower_phone_auth_local_provider::faults::Fault;
    ///
    /// // The sender number is not registered.
    /// let fault = Fault::solapi_refusal("1062");
    /// # let _ = fault;
    /// ```
    #[must_use]
    pub fn solapi_refusal(status_code: &str) -> Self {
        let failed =
            json!([{ "statusCode": status_code, "statusMessage": "local provider fault" }]);
        let count = json!({ "total": 1, "registeredFailed": 1, "registeredSuccess": 0 });
        let body = json!({
            "statusCode": status_code,
            "statusMessage": "local provider fault",
            "failedMessageList": failed,
            "groupInfo": { "count": count },
        });
        Self::json(StatusCode::OK, &body)
    }

    /// Answers like Solapi's errors: `{"errorCode": …, "errorMessage": …}`. For example, 403 with
    /// `RequestTimeTooSkewed`.
    ///
    /// ```
    /// use http::StatusCode;
    /// use tower_phone_auth_local_provider::faults::Fault;
    ///
    /// let fault = Fault::solapi(StatusCode::FORBIDDEN, "RequestTimeTooSkewed");
    /// # let _ = fault;
    /// ```
    #[must_use]
    pub fn solapi(status: StatusCode, code: &str) -> Self {
        let body = json!({ "errorCode": code, "errorMessage": "local provider fault" });
        Self::json(status, &body)
    }

    /// Answers like Twilio's errors: `{"code": …, "message": …, "status": …}`. For example, 429
    /// with 60203.
    ///
    /// ```
    /// use http::StatusCode;
    /// use tower_phone_auth_local_provider::faults::Fault;
    ///
    /// let fault = Fault::twilio(StatusCode::TOO_MANY_REQUESTS, 60203);
    /// # let _ = fault;
    /// ```
    #[must_use]
    pub fn twilio(status: StatusCode, code: u32) -> Self {
        let body = json!({
            "code": code,
            "message": "local provider fault",
            "status": status.as_u16(),
        });
        Self::json(status, &body)
    }

    /// Answers with this JSON, labelled as the provider labels its own.
    ///
    /// ```
    /// use http::StatusCode;
    /// use serde_json::json;
    /// use tower_phone_auth_local_provider::faults::Fault;
    ///
    /// let body = json!({ "error": "temporarily_unavailable" });
    /// let fault = Fault::json(StatusCode::SERVICE_UNAVAILABLE, &body);
    /// # let _ = fault;
    /// ```
    #[must_use]
    pub fn json(status: StatusCode, body: &Value) -> Self {
        Self::Answer {
            status,
            content_type: Some(answer::JSON.to_owned()),
            body: body.to_string().into_bytes(),
            headers: HeaderMap::new(),
        }
    }
}
