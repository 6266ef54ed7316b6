//! Realms, clients and users, made by the REST API for administrators.

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use tower_phone_auth::Oidc;

use super::server::{ADMIN, origin};
use crate::support::shop::{ORIGIN, SECRET};

/// Lets administrators set attributes that the user profile does not name.
const PROFILE: &str = r#"{"unmanagedAttributePolicy":"ADMIN_EDIT","attributes":[
    {"name":"username"},{"name":"email"},{"name":"firstName"},{"name":"lastName"}]}"#;

pub(super) struct Realm {
    name: String,
}

impl Realm {
    /// One realm for all tests that change nothing but their own clients and users.
    pub(super) async fn shared() -> &'static Self {
        static SHARED: OnceCell<Realm> = OnceCell::const_new();
        SHARED.get_or_init(|| Self::new("shared")).await
    }

    pub(super) async fn new(name: &str) -> Self {
        Self::with(name, json!({})).await
    }

    /// A realm with further attributes.
    pub(super) async fn with(name: &str, attributes: Value) -> Self {
        // A server that runs on after the tests has realms of earlier runs, so the name is unique.
        let name = format!("{name}-{}", std::process::id());
        let users = [
            (
                "jane",
                json!({ "phoneNumber": ["+821012345678"], "phoneNumberVerified": ["true"] }),
            ),
            (
                "mia",
                json!({ "phoneNumber": ["+821087654321"], "phoneNumberVerified": ["true"] }),
            ),
        ];
        let profile = json!({ "providerId": "declarative-user-profile",
            "config": { "kc.user.profile.config": [PROFILE] } });
        let realm = json!({
            "realm": name,
            "enabled": true,
            "attributes": attributes,
            "internationalizationEnabled": true,
            "supportedLocales": ["en", "ko"],
            "defaultLocale": "en",
            // One iteration makes sign-ins fast.
            "passwordPolicy": "hashAlgorithm(pbkdf2-sha256) and hashIterations(1)",
            "components": { "org.keycloak.userprofile.UserProfileProvider": [profile] },
            "users": users.map(|(login, attributes)| user(login, &attributes)),
        });
        ask(Method::POST, "/admin/realms", Some(realm)).await;
        Self { name }
    }

    pub(super) fn issuer(&self) -> String {
        format!("{}/realms/{}", origin(), self.name)
    }

    /// Registers a client with a secret; `settings` replace members of its JSON document.
    pub(super) async fn client(&self, id: &str, settings: Value) -> Oidc {
        let mut client = json!({
            "clientId": id,
            "secret": SECRET,
            "redirectUris": [format!("{ORIGIN}/auth/callback/keycloak")],
        });
        for (name, value) in settings.as_object().unwrap() {
            client[name] = value.clone();
        }
        self.post("/clients", client).await;
        Oidc::keycloak(self.issuer(), id, SECRET)
    }

    /// Adds a user with the password `secret`; the user's id.
    pub(super) async fn add_user(&self, login: &str, attributes: Value) -> String {
        self.post("/users", user(login, &attributes)).await;
        let found = self
            .read(&format!("/users?exact=true&username={login}"))
            .await;
        found[0]["id"].as_str().unwrap().to_owned()
    }

    pub(super) async fn read(&self, path: &str) -> Value {
        self.ask(Method::GET, path, None).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) {
        self.ask(Method::POST, path, Some(body)).await;
    }

    pub(super) async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Value {
        let path = format!("/admin/realms/{}{path}", self.name);
        ask(method, &path, body).await
    }
}

fn user(login: &str, attributes: &Value) -> Value {
    json!({
        "username": login,
        "enabled": true,
        "email": format!("{login}@example.com"),
        "emailVerified": true,
        "firstName": "Person",
        "lastName": login,
        "attributes": attributes,
        "credentials": [{ "type": "password", "value": "secret" }],
    })
}

/// Calls the API for administrators; the answer, or null if it has no body.
async fn ask(method: Method, path: &str, body: Option<Value>) -> Value {
    // Each call needs a new client, because connections do not outlive the runtime of a test.
    let client = Client::builder().no_proxy().build().unwrap();
    let grant = format!("grant_type=client_credentials&client_id={ADMIN}&client_secret={ADMIN}");
    let form_type = "application/x-www-form-urlencoded";
    let token = client
        .post(format!(
            "{}/realms/master/protocol/openid-connect/token",
            origin()
        ))
        .header("content-type", form_type)
        .body(grant);
    let token: Value =
        serde_json::from_str(&token.send().await.unwrap().text().await.unwrap()).unwrap();
    let request = client
        .request(method, format!("{}{path}", origin()))
        .bearer_auth(token["access_token"].as_str().unwrap())
        .header("content-type", "application/json")
        .body(body.map(|body| body.to_string()).unwrap_or_default());
    let answer = request.send().await.unwrap();
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert!(status.is_success(), "{path}: {status} {text}");
    serde_json::from_str(&text).unwrap_or_default()
}
