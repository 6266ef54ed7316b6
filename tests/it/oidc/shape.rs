//! The recorded or documented answers of one provider for one user. They are signed with the test's
//! keys, and their times are moved to the present.

use std::{fs, path::PathBuf};

use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use tower_phone_auth::Oidc;
use tower_phone_auth_local_provider::{
    Algorithm, Endpoint, LocalProvider, Userinfo,
    faults::{CallbackIss, Fault},
};

use super::{
    presets::{ID, SECRET},
    rerouted::Rerouted,
};
use crate::support::shop::Shop;

/// The answers of one provider for one user.
pub(super) struct Shape {
    metadata: Value,
    header: Value,
    id_token: Value,
    /// Null if the provider has no userinfo endpoint.
    userinfo: Value,
    token: Value,
    preset: Option<String>,
}

pub(super) fn folder() -> PathBuf {
    PathBuf::from("tests/it/oidc/recorded")
}

pub(super) fn read(path: &str) -> Value {
    let text = fs::read_to_string(folder().join(path));
    serde_json::from_str(&text.unwrap_or_else(|error| panic!("{path}: {error}"))).unwrap()
}

impl Shape {
    pub(super) fn of(outcome: &Value) -> Self {
        let provider = outcome["provider"].as_str().unwrap();
        let case = outcome["case"].as_str().unwrap();
        let mut shape = if folder().join(provider).join("documented.json").exists() {
            Self::documented(&read(&format!("{provider}/documented.json")), case)
        } else {
            Self::recorded(provider, case)
        };
        let change = &outcome["change"];
        for (part, of) in [
            (&mut shape.id_token, "id_token"),
            (&mut shape.userinfo, "userinfo"),
            (&mut shape.token, "token"),
        ] {
            merge(part, &change[of]);
        }
        shape
    }

    fn documented(document: &Value, case: &str) -> Self {
        let shape = &document["cases"][case];
        Self {
            metadata: document["metadata"].clone(),
            header: shape["header"].clone(),
            id_token: shape["id_token"].clone(),
            userinfo: shape["userinfo"].clone(),
            token: shape["token"].clone(),
            preset: document["preset"].as_str().map(str::to_owned),
        }
    }

    fn recorded(provider: &str, case: &str) -> Self {
        let part = |name: &str| read(&format!("{provider}/{name}.json"));
        let id_token = part("id_token")[case].take();
        Self {
            metadata: part("metadata"),
            header: id_token["header"].clone(),
            id_token: id_token["payload"].clone(),
            userinfo: part("userinfo")[case]["body"].take(),
            token: part("token_answer")[case]["token"]["body"].take(),
            preset: None,
        }
    }

    fn issuer(&self) -> String {
        self.metadata["issuer"].as_str().unwrap().to_owned()
    }

    fn client(&self, settings: &Value) -> Oidc {
        let issuer = self.issuer();
        let oidc = match self.preset.as_deref() {
            Some("keycloak") => Oidc::keycloak(issuer, ID, SECRET),
            Some("zitadel") => Oidc::zitadel(issuer, ID, SECRET),
            Some("auth0") => Oidc::auth0("shop.eu.auth0.com", ID, SECRET),
            Some("okta") => Oidc::okta(issuer, ID, SECRET),
            Some("cognito") => {
                let region = "ap-northeast-2";
                Oidc::cognito(region, "ap-northeast-2_Ab12", ID, SECRET)
            }
            Some("line") => Oidc::line(ID, SECRET),
            Some("kakao") => Oidc::kakao(ID, SECRET),
            Some("naver") => Oidc::naver(ID, SECRET),
            Some(other) => panic!("no preset {other}"),
            None => Oidc::new(issuer, ID, SECRET),
        };
        let settings = settings.as_array().into_iter().flatten();
        settings.fold(oidc, |oidc, setting| match setting.as_str().unwrap() {
            "phone_asserted" => oidc.phone_asserted(),
            "string_booleans" => oidc.accept_string_booleans(),
            "without_userinfo" => oidc.without_userinfo(),
            "region_kr" => oidc.phone_region("KR"),
            claim => oidc.phone_claim(claim.strip_prefix("claim:").unwrap()),
        })
    }

    /// A shop at a provider with these answers.
    pub(super) async fn open(&self, outcome: &Value) -> Shop {
        let provider = LocalProvider::start().await.unwrap();
        let issuer = self.issuer();
        let sends_issuer = "authorization_response_iss_parameter_supported";
        provider.configure(|settings| {
            let oidc = &mut settings.oidc;
            oidc.discovery_issuer = Some(issuer.clone());
            oidc.algorithm = algorithm(&self.header);
            oidc.kids = !self.header["kid"].is_null();
            if self.metadata[sends_issuer] == true {
                oidc.callback_iss = CallbackIss::Other(issuer.clone());
            }
            if self.metadata["userinfo_endpoint"].is_null() {
                oidc.userinfo = Userinfo::Absent;
            }
        });
        self.answer(&provider, outcome);
        let rerouted = Rerouted::new(&issuer, &provider);
        let client = self.client(&outcome["settings"]);
        Shop::at(provider, client.allow_internal_endpoints(), |builder| {
            builder.http_client(rerouted)
        })
    }

    fn answer(&self, provider: &LocalProvider, outcome: &Value) {
        let metadata = at(&self.metadata, &provider.oidc_issuer());
        provider.fail(Endpoint::Discovery, Fault::json(StatusCode::OK, &metadata));
        let (issuer, header, claims) = (self.issuer(), self.header.clone(), self.id_token.clone());
        provider.forge_id_token(move |right, token| {
            match header.get("typ") {
                Some(kind) if !kind.is_null() => right["typ"] = kind.clone(),
                _ => drop(right.as_object_mut().unwrap().remove("typ")),
            }
            *token = present(&claims, token, &issuer);
        });
        let status = outcome["change"]["userinfo_status"].as_u64();
        let status = status.map_or(StatusCode::OK, |status| {
            StatusCode::from_u16(u16::try_from(status).unwrap()).unwrap()
        });
        let userinfo = Fault::Answer {
            status,
            content_type: Some("application/json; charset=utf-8".to_owned()),
            body: self.userinfo.to_string().into(),
            headers: HeaderMap::new(),
        };
        provider.fail(Endpoint::Profile, userinfo);
        let mut token = self.token.clone();
        let token_members = token.as_object_mut().unwrap();
        for secret in ["access_token", "id_token", "refresh_token"] {
            token_members.remove(secret);
        }
        // Members of the local provider that the recorded metadata lack are removed.
        token_members.entry("scope").or_insert(Value::Null);
        provider.fail(Endpoint::Token, Fault::Merge(token));
    }
}

fn algorithm(header: &Value) -> Algorithm {
    match header["alg"].as_str().unwrap() {
        "RS256" => Algorithm::Rs256,
        "PS256" => Algorithm::Ps256,
        "HS256" => Algorithm::Hs256,
        other => panic!("no {other} here yet"),
    }
}

/// Merges members as RFC 7396 does, one level deep. A null removes the member.
fn merge(object: &mut Value, change: &Value) {
    for (name, value) in change.as_object().into_iter().flatten() {
        super::set(
            object,
            name,
            Some(value.clone()).filter(|value| !value.is_null()),
        );
    }
}

/// The metadata with the endpoints replaced by those of the local provider.
fn at(metadata: &Value, local: &str) -> Value {
    let mut metadata = metadata.clone();
    for (name, path) in [
        ("authorization_endpoint", "authorize"),
        ("token_endpoint", "token"),
        ("jwks_uri", "jwks"),
        ("userinfo_endpoint", "userinfo"),
        ("end_session_endpoint", "logout"),
        ("revocation_endpoint", "revoke"),
        ("pushed_authorization_request_endpoint", "par"),
    ] {
        if metadata[name].is_string() {
            metadata[name] = format!("{local}/{path}").into();
        }
    }
    metadata
}

/// The claims with the client, nonce, access token hash and times of this sign-in.
fn present(shape: &Value, right: &Value, issuer: &str) -> Value {
    let mut claims = shape.clone();
    let moved = right["iat"].as_f64().unwrap() - shape["iat"].as_f64().unwrap();
    for (name, value) in claims.as_object_mut().unwrap() {
        match name.as_str() {
            "iss" => *value = issuer.into(),
            "nonce" | "at_hash" => *value = right[name].clone(),
            "azp" | "client_id" | "appid" => *value = ID.into(),
            "aud" => *value = audience(value),
            "iat" | "exp" | "nbf" | "auth_time" | "rat" | "updated_at" => {
                *value = match value.as_u64() {
                    Some(whole) => json!(whole as f64 as u64 + moved as u64),
                    None => json!(value.as_f64().unwrap() + moved),
                };
            }
            _ => {}
        }
    }
    claims
}

/// Replaces the first audience by this client.
fn audience(recorded: &Value) -> Value {
    match recorded {
        Value::Array(several) => {
            let mut several = several.clone();
            several[0] = ID.into();
            several.into()
        }
        _ => ID.into(),
    }
}
