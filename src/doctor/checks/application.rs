//! The application's own settings.

use super::APPLICATION;
use crate::doctor::{
    facts::{Application, Certificates},
    report::{Check, CheckState},
};

/// The default buffer of nginx for the header of a response (`proxy_buffer_size`), 4 KiB. A larger
/// header is answered with 502.
const ANSWER: usize = 4096;
/// The default buffer of nginx for one line of a request (`large_client_header_buffers`), 8 KiB. A
/// longer line is answered with 400.
const REQUEST: usize = 8192;
/// The remedy for a key that does not outlive a restart.
const NEW_KEY: &str = "set SESSION_KEY to the output of `openssl rand -base64 64 | tr -d '\\n'`, the same on every replica, and give SessionKey::from_env(\"SESSION_KEY\")";

/// The checks that concern no provider.
pub(crate) fn checks(application: &Application) -> Vec<Check> {
    let mut checks = vec![public_url(application), session_key(application)];
    checks.extend(certificates(&application.certificates));
    checks.push(request_headers(application));
    checks.push(response_headers(application));
    checks
}

/// A check of the application that is good so far.
fn check(name: &'static str, values: (&str, &str)) -> Check {
    Check::new(name, APPLICATION, values)
}

/// Whether browsers can reach the public URL. The arms go from the worst to the most harmless,
/// because only one of them is reported.
fn public_url(application: &Application) -> Check {
    let found = &application.public_url;
    let check = check(
        "public_url",
        ("an https address that browsers reach", found),
    );
    match application {
        Application {
            is_secure: false, ..
        } => check.is(
            CheckState::Warning,
            "plain http is for this machine alone: for users, set the public URL (PUBLIC_URL) to the https address that they open",
        ),
        Application {
            is_loopback: true, ..
        } => check.is(
            CheckState::Note,
            "only this machine reaches it: for users, set the public URL (PUBLIC_URL) to the https address that they open",
        ),
        Application { path, .. } if !path.is_empty() => {
            let remedy = format!("let the proxy take {path} off before requests come here");
            check.is(CheckState::Note, remedy)
        }
        Application {
            port: Some(port), ..
        } => {
            let remedy = format!("keep :{port} if browsers have it in the address; the redirect URIs have it as well");
            check.is(CheckState::Note, remedy)
        }
        _ => check,
    }
}

/// Whether the key outlives a restart. On loopback, a random key is only a note, because it is
/// usual in development.
fn session_key(application: &Application) -> Check {
    let key = &application.key;
    let from = match (&key.place, key.is_kept) {
        (Some(place), _) => format!("from {place}"),
        (None, true) => "given by the application".to_owned(),
        (None, false) => "made at random at this start".to_owned(),
    };
    let found = match key.keys {
        1 => format!("1 key of 64 bytes, {from}"),
        keys => format!("{keys} keys of 64 bytes, {from}: the first seals, all open"),
    };
    let expected =
        "a key of 64 random bytes that outlives a restart and is the same on every replica";
    let check = check("session_key", (expected, &found));
    let state = match (key.is_kept, application.is_loopback) {
        (true, _) => return check,
        (false, true) => CheckState::Note,
        (false, false) => CheckState::Warning,
    };
    let remedy = format!(
        "a restart signs every user out, and replicas do not know each other's sessions: {NEW_KEY}"
    );
    check.is(state, remedy)
}

/// Whether the file or folder of certificate authorities exists. `None` if the application has a
/// client of its own, which the layer knows nothing about.
fn certificates(certificates: &Certificates) -> Option<Check> {
    let expected = "certificate authorities that are there";
    Some(match certificates {
        Certificates::OwnClient => return None,
        Certificates::System => check("certificates", (expected, "the store of the system")),
        Certificates::At {
            variable,
            path,
            exists,
        } => {
            let shown = path.display();
            let found =
                format!("{variable} names {shown}, and the store of the system is not read");
            let check = check("certificates", (expected, &found));
            if *exists {
                return Some(check);
            }
            let remedy = format!(
                "there is nothing at {shown}: set {variable} to a file or folder that is there, or unset it"
            );
            check.is(CheckState::Failed, remedy)
        }
    })
}

/// Whether the layer's cookies fit into the buffers of common proxies. The cookies of the
/// application come on top, so the check can only warn.
fn request_headers(application: &Application) -> Check {
    let [session, most] = application.cookie_bytes;
    let expected = format!("cookies of less than {REQUEST} bytes (nginx, Apache)");
    let found = format!(
        "up to {session} bytes of a signed-in user, up to {most} with open sign-ins beside it; the application's own come on top"
    );
    let check = check("request_headers", (&expected, &found));
    if most < REQUEST {
        return check;
    }
    check.is(
        CheckState::Warning,
        "give the proxy larger buffers (nginx: large_client_header_buffers 4 16k)",
    )
}

/// Whether the layer's own answers fit into the buffer of nginx.
fn response_headers(application: &Application) -> Check {
    let most = application.answer_bytes;
    let expected = format!("header lines of less than {ANSWER} bytes (nginx)");
    let found = format!("up to {most} bytes in an answer of the layer's own");
    let check = check("response_headers", (&expected, &found));
    if most < ANSWER {
        return check;
    }
    check.is(
        CheckState::Warning,
        "give the proxy a larger buffer (nginx: proxy_buffer_size 16k)",
    )
}
