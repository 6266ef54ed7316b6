//! The program, as a process of its own, and a plain HTTP client.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;
use url::Url;

const CALLBACK: &str = "http://127.0.0.1:3000/auth/callback/";

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tower-phone-auth-local-provider"));
    command.args(arguments).stdout(Stdio::piped());
    command
}

/// A running program, which is ended when the test is.
struct Running {
    child: Child,
    lines: Vec<String>,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = program(arguments).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut lines: Vec<_> = Vec::new();
        while !lines
            .last()
            .is_some_and(|line: &String| line.starts_with("sms: "))
        {
            lines.push(out.next().unwrap().unwrap());
        }
        Self { child, lines }
    }

    fn origin(&self) -> &str {
        self.lines[0].strip_prefix("listening on ").unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Status, headers and body.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn location(&self) -> Url {
        let mut lines = self.head.lines();
        let line = lines.find_map(|line| line.strip_prefix("location: "));
        line.unwrap_or_else(|| panic!("{}", self.body))
            .parse()
            .unwrap()
    }

    fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        serde_json::from_str(&self.body).unwrap()
    }
}

fn send(method: &str, url: &str, bearer: Option<&str>, form: &[(&str, &str)]) -> Answer {
    let url = Url::parse(url).unwrap();
    let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let mut stream = TcpStream::connect(&host).unwrap();
    let target = &url[url::Position::BeforePath..];
    let mut body = form_urlencoded::Serializer::new(String::new());
    let body = body.extend_pairs(form).finish();
    let bearer = bearer.map(|token| format!("Authorization: Bearer {token}\r\n"));
    write!(
        stream,
        "{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{}\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        bearer.unwrap_or_default(),
        body.len()
    )
    .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

/// Agrees on the page as this person, and returns the tokens.
fn sign_in(provider: &Running, paths: [&str; 2], request: &[(&str, &str)], person: &str) -> Value {
    let [authorize, token] = paths.map(|path| format!("{}{path}", provider.origin()));
    let page = Url::parse_with_params(&authorize, request).unwrap();
    let page = send("GET", page.as_str(), None, &[]);
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(
        page.body.contains("Sora") && !page.body.contains("Jiwoo"),
        "{}",
        page.body
    );

    let choice = [
        ("person", person),
        ("phone_number", "yes"),
        ("decision", "agree"),
    ];
    let back = send("POST", &authorize, None, &[request, &choice].concat()).location();
    let pairs: Vec<_> = back.query_pairs().collect();
    let (_, code) = pairs.iter().find(|(name, _)| name == "code").unwrap();
    let redirect_uri = request
        .iter()
        .find(|(name, _)| *name == "redirect_uri")
        .unwrap();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", "my-app"),
        ("client_secret", "my-secret"),
        *redirect_uri,
        ("code", code),
    ];
    send("POST", &token, None, &form).json()
}

fn example() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("example.toml");
    path.to_str().unwrap().to_owned()
}

/// A file with this text, whose name no other test uses.
fn file(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path
}

/// One line on standard error, and status 1.
fn refused(arguments: &[&str]) -> String {
    let mut command = program(arguments);
    let Output {
        status,
        stderr,
        stdout,
    } = command.stderr(Stdio::piped()).output().unwrap();
    let said = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{said}");
    assert!(stdout.is_empty() && said.lines().count() == 1, "{said}");
    said
}

#[test]
fn a_person_of_the_file_signs_in_at_two_dialects() {
    let provider = Running::start(&["--config", &example(), "--listen", "127.0.0.1:0"]);
    let callback = format!("{CALLBACK}kakao");
    let request = [
        ("response_type", "code"),
        ("client_id", "my-app"),
        ("redirect_uri", &callback),
    ];
    let tokens = sign_in(
        &provider,
        ["/oauth/authorize", "/oauth/token"],
        &request,
        "42",
    );
    assert!(tokens["id_token"].is_string(), "{tokens}");
    let access = tokens["access_token"].as_str();
    let me = send(
        "GET",
        &format!("{}/v2/user/me", provider.origin()),
        access,
        &[],
    )
    .json();
    assert_eq!(me["kakao_account"]["phone_number"], "+82 10-9876-5432");

    let callback = format!("{CALLBACK}oidc");
    let scope = ("scope", "openid phone");
    let request = [&request[..2], &[("redirect_uri", callback.as_str()), scope]].concat();
    let tokens = sign_in(
        &provider,
        ["/oidc/authorize", "/oidc/token"],
        &request,
        "42",
    );
    let id_token = tokens["id_token"].as_str().unwrap();
    let [header, claims] = [0, 1].map(|part| {
        let part = id_token.split('.').nth(part).unwrap();
        let bytes = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, part);
        serde_json::from_slice::<Value>(&bytes.unwrap()).unwrap()
    });
    assert_eq!(header["alg"], "ES256");
    assert_eq!(claims["phone_number"], "+821098765432");
}

#[test]
fn each_dialect_has_a_line_for_an_application() {
    let provider = Running::start(&["--listen", "127.0.0.1:0"]);
    let (origin, lines) = (provider.origin(), &provider.lines[1..]);
    for (line, name) in lines.iter().zip(["kakao", "naver", "google"]) {
        assert!(line.starts_with(&format!("{name}: ")), "{line}");
        let new =
            format!("::new(\"local-demo-app\", \"lpsecret-client\").endpoint_base(\"{origin}\")");
        assert!(line.contains(&new), "{line}");
        let variables = format!("OAUTH_PROVIDER={name} OAUTH_ENDPOINT_BASE={origin} ");
        assert!(line.contains(&variables), "{line}");
    }
    let oidc = &lines[3];
    assert!(
        oidc.starts_with(&format!("oidc: Oidc::new(\"{origin}/oidc\", ")),
        "{oidc}"
    );
    assert!(
        oidc.contains(&format!(" OIDC_ISSUER={origin}/oidc ")),
        "{oidc}"
    );
}

#[test]
fn a_wrong_file_ends_the_start_with_one_line_that_names_setting_and_remedy() {
    for (name, text, setting, remedy) in [
        ("syntax", "listen = ", "line 1", "README.md"),
        (
            "unknown",
            "[application]\nclientid = \"x\"",
            "application.clientid",
            "`client_id`",
        ),
        ("section", "[kakao]\nx = 1", "kakao", "`application`"),
        (
            "type",
            "\n[oidc]\nkids = \"yes\"",
            "oidc.kids (line 3)",
            "boolean",
        ),
        (
            "variant",
            "[oidc]\nalgorithm = \"RS1\"",
            "oidc.algorithm (line 2)",
            "`RS256`",
        ),
        (
            "status",
            "[naver]\nwrong_client_status = 42",
            "naver.wrong_client_status",
            "such as 400",
        ),
        (
            "address",
            "listen = \"nowhere\"",
            "listen (line 1)",
            "README.md",
        ),
        ("public", "listen = \"0.0.0.0:0\"", "listen", "127.0.0.1"),
        (
            "uri",
            "[application]\nredirect_uris = [\"/x\"]",
            "application.redirect_uris",
            "http://",
        ),
        (
            "id",
            "[application]\nclient_id = \"\"",
            "application.client_id",
            "give the client id",
        ),
        ("person", "[[person]]\nid = 1", "person[0]", "nickname"),
        (
            "twice",
            "[[person]]\nid = 1\nnickname = \"a\"\n[[person]]\nid = 1\nnickname = \"b\"",
            "person.id",
            "an id of its own",
        ),
    ] {
        let path = file(&format!("{name}.toml"), text);
        let said = refused(&["--config", path.to_str().unwrap()]);
        assert!(said.starts_with("error: "), "{name}: {said}");
        assert!(
            said.contains(setting) && said.contains(remedy),
            "{name}: {said}"
        );
    }
}

#[test]
fn a_wrong_argument_ends_the_start_with_one_line() {
    for (arguments, part) in [
        (
            &["--confg", "x"][..],
            "--confg: is not known; use --config FILE",
        ),
        (&["--config"], "--config: has no value"),
        (
            &["--config", "no/such/file"],
            "--config: cannot read \"no/such/file\"",
        ),
        (
            &["--listen", "nowhere"],
            "--listen: \"nowhere\" is not an address",
        ),
        (&["--listen", "192.0.2.1:80"], "listen: "),
    ] {
        let said = refused(arguments);
        assert!(said.contains(part), "{arguments:?}: {said}");
    }
}

#[test]
fn the_readme_lists_every_setting_of_the_file() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let mut looked_at = 0;
    for section in ["application", "naver", "google", "oidc", "[person]"] {
        let unknown = format!("[{section}]\nno_such_setting = 1");
        let path = file(&format!("{section}-settings.toml"), &unknown);
        let said = refused(&["--config", path.to_str().unwrap()]);
        let (_, expected) = said.split_once("expected one of ").unwrap();
        for name in expected.split('`').skip(1).step_by(2) {
            looked_at += 1;
            assert!(readme.contains(&format!("`{name}`")), "{section}: {name}");
        }
    }
    assert!(looked_at > 40, "the settings were found: {looked_at}");
}
