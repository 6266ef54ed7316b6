//! A browser over HTTP/2, which is curl. It sends each cookie as a header line of its own (RFC 9113
//! section 8.2.3), as browsers do.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use tower_phone_auth_local_provider::Person;

/// A response.
#[derive(Debug)]
pub(super) struct Answer {
    /// `HTTP/2` or `HTTP/1.1`.
    pub(super) version: String,
    pub(super) status: u16,
    /// The header lines in order, with names in lower case.
    pub(super) lines: Vec<(String, String)>,
    pub(super) body: String,
}

impl Answer {
    /// Reads the output of `curl --include`.
    fn parse(text: &str) -> Self {
        let (head, body) = text
            .split_once("\r\n\r\n")
            .unwrap_or_else(|| panic!("{text}"));
        let mut lines = head.lines();
        let mut status = lines.next().unwrap().split(' ');
        let version = status.next().unwrap().to_owned();
        let line = |line: &str| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_ascii_lowercase(), value.trim().to_owned())
        };
        Self {
            version,
            status: status.next().unwrap().parse().unwrap(),
            lines: lines.map(line).collect(),
            body: body.to_owned(),
        }
    }

    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        let lines = self.lines.iter().filter(|(known, _)| known == name);
        lines.map(|(_, value)| value.as_str()).collect()
    }

    pub(super) fn location(&self) -> &str {
        self.all("location")
            .first()
            .unwrap_or_else(|| panic!("{self:?}"))
    }

    /// The names of the cookies that it sets, in order.
    pub(super) fn cookies(&self) -> Vec<&str> {
        let lines = self.all("set-cookie").into_iter();
        lines.map(|line| line.split('=').next().unwrap()).collect()
    }
}

/// Sends a request by curl.
pub(super) fn curl(arguments: &[&str], url: &str) -> Answer {
    let output = Command::new("curl")
        .args(["--silent", "--show-error", "--include", "--noproxy", "*"])
        .args(arguments)
        .arg(url)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("curl: {error}"));
    let failure = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{url}: {failure}");
    Answer::parse(&String::from_utf8_lossy(&output.stdout))
}

pub(super) struct Browser<'a> {
    origin: &'a str,
    certificate: &'a Path,
    /// The cookies, each as `name=value`.
    pub(super) cookies: Vec<String>,
}

impl<'a> Browser<'a> {
    pub(super) fn new(origin: &'a str, certificate: &'a Path) -> Self {
        Self {
            origin,
            certificate,
            cookies: Vec::new(),
        }
    }

    /// Sends a request with these further arguments of curl.
    pub(super) fn ask(&mut self, path: &str, arguments: &[&str]) -> Answer {
        let lines: Vec<_> = self
            .cookies
            .iter()
            .map(|pair| format!("cookie: {pair}"))
            .collect();
        let certificate = self.certificate.to_str().unwrap();
        let mut all = vec!["--http2", "--cacert", certificate];
        all.extend(lines.iter().flat_map(|line| ["--header", line]));
        all.extend(arguments);
        let answer = curl(&all, &format!("{}{path}", self.origin));
        for line in answer.all("set-cookie") {
            let pair = line.split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies
                .retain(|held| !held.starts_with(&format!("{name}=")));
            if !value.is_empty() {
                self.cookies.push(pair.to_owned());
            }
        }
        answer
    }

    /// A visit of a page.
    pub(super) fn visits(&mut self, path: &str) -> Answer {
        self.ask(path, &["--header", "accept: text/html,*/*;q=0.8"])
    }

    /// A script's request.
    pub(super) fn fetches(&mut self, path: &str) -> Answer {
        self.ask(path, &[])
    }

    /// Presses the button of the sign-out.
    pub(super) fn signs_out(&mut self) -> Answer {
        let origin = format!("origin: {}", self.origin);
        let html = "accept: text/html";
        let form = ["--request", "POST", "--header", &origin, "--header", html];
        self.ask("/auth/logout", &form)
    }

    /// Chooses an account at the provider. Returns the path of the callback.
    pub(super) fn agrees(&self, away: &Answer) -> String {
        let (page, query) = away.location().split_once('?').unwrap();
        let person = Person::WITH_PHONE;
        let form = format!("{query}&person={person}&phone_number=yes&decision=agree");
        let back = curl(&["--http1.1", "--data", &form], page);
        let callback = back.location().strip_prefix(self.origin);
        callback.unwrap_or_else(|| panic!("{back:?}")).to_owned()
    }

    /// Visits a page and signs in. Returns the answer of the callback.
    pub(super) fn comes_back(&mut self, path: &str) -> Answer {
        let away = self.visits(path);
        assert_eq!(away.status, 303, "{away:?}");
        let callback = self.agrees(&away);
        self.visits(&callback)
    }
}
