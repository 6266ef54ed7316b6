//! Sign-in at an OpenID provider, after the browser has come back with a code.
//!
//! A sign-in takes up to four calls, in this order: metadata and keys (usually cached), the code
//! exchange, and userinfo if the ID token lacks the phone number. Metadata and keys come first,
//! because a code is valid once. A step that can fail without the code must fail before the code is
//! used.

use std::sync::Arc;

use secrecy::ExposeSecret;

use super::{
    ProfileAt, auth_time, claims,
    client::{Discovered, OidcClient},
    describe,
    id_token::{self, Claims, refuse},
    keys::FetchFor,
    trust::Signed,
    userinfo_fetch::log_algorithm,
};
use crate::{
    error::{LoginErrorKind, Mismatch, ProviderError},
    provider::{
        CodeExchange, Profile, SignedIn, bearer, issued::Tokens, json, naver, refused::Refused,
        token::TokenError,
    },
};

impl OidcClient {
    /// The sign-in: metadata and keys, code exchange, ID token, userinfo if it is needed, profile.
    /// An error about the profile carries the ID token, with which the refusal page can offer
    /// another account.
    pub(super) async fn sign_in(&self, exchange: CodeExchange<'_>) -> Result<SignedIn, Refused> {
        let discovered = self.with_keys_ready().await?;
        // RFC 9207 section 2.4 refuses a callback without `iss`, if the metadata announce it. With
        // cached metadata `flow` has done so already. These metadata may have been fetched just
        // now.
        if discovered.metadata.sends_issuer && exchange.issuer.is_none() {
            let mismatch = Mismatch::new(&self.settings.issuer, describe::MISSING);
            return Err(ProviderError::issuer_missing().differing(mismatch).into());
        }
        let tokens = discovered
            .client
            .exchange(exchange, &[], TokenError::standard)
            .await?;
        let claims = self.verified(&discovered, &tokens, exchange).await?;
        if self.settings.reads_naver_profile() {
            // Naver's profile API is no userinfo, so the claims are read in another way.
            let profile = self.at_naver(&discovered, &tokens, claims).await?;
            return Ok((self.asked(profile), tokens.all));
        }
        // The times are read before the claims are moved.
        let proved_at = auth_time::read(&claims.all, self.clock.unix());
        let issued_at = auth_time::issued_at(&claims.all);
        let userinfo = self.userinfo_claims(&discovered, &tokens, &claims).await?;
        let Claims { subject, all } = claims;
        let userinfo = userinfo.as_ref();
        let missing = || {
            let granted = tokens.all.scope();
            self.missing_phone(&discovered, granted, [Some(&all), userinfo])
        };
        let reading = &self.settings.claim_rules;
        let profile = reading.profile(subject, &all, userinfo, missing);
        // The refusal page may offer another account, for which it needs the ID token.
        let mut profile = profile.map_err(|error| Refused {
            error,
            id_token: tokens.id_token.clone(),
        })?;
        (profile.proved_at, profile.issued_at) = (proved_at, issued_at);
        profile.id_token = tokens.id_token;
        Ok((self.asked(profile), tokens.all))
    }

    /// The profile, without a number that was not asked for.
    fn asked(&self, profile: Profile) -> Profile {
        match self.settings.registration.without_phone {
            true => profile.without_number(),
            false => profile,
        }
    }

    /// The profile at Naver. Naver's profile API has another identifier of the user than the ID
    /// token. The ID token's subject counts, because the signature covers it.
    async fn at_naver(
        &self,
        discovered: &Discovered,
        tokens: &Tokens,
        Claims { subject, all }: Claims,
    ) -> Result<Profile, ProviderError> {
        let endpoint = discovered.metadata.userinfo_endpoint.as_ref();
        let endpoint = endpoint.ok_or_else(|| ProviderError::new(LoginErrorKind::Misconfigured))?;
        let response = bearer::get(&*self.http, endpoint.as_str(), &tokens.access_token).await?;
        let profile = naver::read_profile(response.status(), json::object(&response)?);
        let profile = profile.map_err(|error| error.in_call(json::call(&response)))?;
        let profile = profile.in_call(json::call(&response));
        Ok(Profile {
            subject,
            sid: claims::session(&all),
            proved_at: auth_time::read(&all, self.clock.unix()),
            issued_at: auth_time::issued_at(&all),
            claims: profile.claims.and_then(all),
            ..profile
        })
    }

    /// Verifies the ID token, and learns from its `iat` how far the provider's clock is away.
    async fn verified(
        &self,
        discovered: &Arc<Discovered>,
        tokens: &Tokens,
        exchange: CodeExchange<'_>,
    ) -> Result<Claims, ProviderError> {
        let id_token = tokens.id_token.as_ref().ok_or_else(|| {
            let mismatch = Mismatch::new("id_token in the token answer", describe::MISSING);
            refuse("missing").differing(mismatch)
        })?;
        let expected = id_token::Expected {
            issuers: &[&self.settings.issuer],
            client_id: &self.settings.registration.client_id,
            trusted: &self.settings.trusted_audiences,
            nonce: exchange.nonce,
            // Naver documents no nonce. The state and PKCE still bind the code to this browser.
            nonce_may_lack: self.settings.profile == ProfileAt::Naver,
            access_token: Some(tokens.access_token.secret()),
            now: self.clock.unix(),
        };
        let id_token = id_token.expose_secret();
        let by = (FetchFor::SignIn, Signed::Token);
        let verified = self.verified_by(discovered, by, |keys, algorithms| {
            id_token::verify(id_token, keys, algorithms, &expected)
        });
        let claims = verified.await?.map_err(|refusal| {
            log_algorithm(&refusal, "id_token");
            refusal.error()
        })?;
        let issued_at = auth_time::issued_at(&claims.all);
        self.difference
            .learn_from_id_token(&self.settings.issuer, issued_at, &self.clock);
        Ok(claims)
    }
}
