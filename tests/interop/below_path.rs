//! A real nginx that shows an application below a path of its own, and takes the path off.

use std::{
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use axum::{Router, routing::get};
use http::StatusCode;
use reqwest::{Client, Response, redirect::Policy};
use tower_phone_auth::{
    OAuthLayer, SessionKey, VerifiedUser,
    local_provider::{LocalProvider, Person},
};
use url::Url;

struct Site {
    nginx: Child,
    folder: PathBuf,
    origin: String,
    client: Client,
    /// `name=value`.
    cookies: Vec<String>,
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.nginx.kill();
        let _ = self.nginx.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Site {
    async fn start(provider: &LocalProvider) -> Self {
        let (gateway, application) = (free(), free());
        let origin = format!("http://{gateway}");
        serve(application, &format!("{origin}/shop"), provider).await;
        let folder = std::env::temp_dir().join(format!("phone-auth-path-{}", gateway.port()));
        fs::create_dir_all(&folder).unwrap();
        let settings = format!(
            "daemon off; master_process off; pid pid; events {{}}
             http {{ access_log off;
             client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
             server {{ listen {gateway}; location /shop/ {{ proxy_pass http://{application}/; }} }} }}"
        );
        fs::write(folder.join("nginx.conf"), settings).unwrap();
        let nginx = Command::new("nginx")
            .arg("-p")
            .arg(&folder)
            .args(["-e", "errors", "-c", "nginx.conf"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn();
        let nginx = nginx.unwrap_or_else(|error| panic!("nginx: {error}; `.ci/run` installs it"));
        let began = Instant::now();
        while TcpStream::connect(gateway).is_err() {
            let patience = Duration::from_secs(180);
            assert!(began.elapsed() < patience, "nginx does not listen");
            std::thread::yield_now();
        }
        let client = Client::builder().redirect(Policy::none()).no_proxy();
        Self {
            nginx,
            folder,
            origin,
            client: client.build().unwrap(),
            cookies: Vec::new(),
        }
    }

    /// An address as a page or a redirect names it.
    fn url(&self, link: &str) -> Url {
        Url::parse(&self.origin).unwrap().join(link).unwrap()
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Response {
        let request = request
            .header("accept", "text/html")
            .header("cookie", self.cookies.join("; "));
        let response = request.send().await.unwrap();
        for line in response.headers().get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let pair = line.split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies
                .retain(|held| !held.starts_with(&format!("{name}=")));
            if !value.is_empty() {
                self.cookies.push(pair.to_owned());
            }
        }
        response
    }

    async fn get(&mut self, link: &str) -> Response {
        let request = self.client.get(self.url(link));
        self.send(request).await
    }

    async fn post(&mut self, link: &str) -> Response {
        let request = self.client.post(self.url(link));
        let request = request
            .header("origin", self.origin.clone())
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-mode", "navigate");
        self.send(request).await
    }

    /// Decides on the provider's page, and comes back; the callback's answer.
    async fn come_back(&mut self, path: &str, decision: &str) -> Response {
        let away = self.get(path).await;
        let authorize = Url::parse(location(&away)).unwrap();
        let person = Person::WITH_PHONE;
        let form = format!(
            "{}&person={person}&phone_number=yes&decision={decision}",
            authorize.query().unwrap()
        );
        let mut page = authorize.clone();
        page.set_query(None);
        let answer = self
            .client
            .post(page)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let answer = answer.send().await.unwrap();
        let callback = location(&answer).to_owned();
        let expected = format!("{}/shop/auth/callback/kakao?", self.origin);
        assert!(callback.starts_with(&expected), "{callback}");
        self.get(&callback).await
    }
}

fn location(response: &Response) -> &str {
    let location = response.headers().get("location");
    location
        .unwrap_or_else(|| panic!("{response:?}"))
        .to_str()
        .unwrap()
}

fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

async fn serve(address: SocketAddr, public_url: &str, provider: &LocalProvider) {
    let auth = OAuthLayer::builder()
        .public_url(public_url)
        .session_key(SessionKey::random())
        .provider(provider.kakao())
        .build()
        .unwrap();
    let page = get(async |user: VerifiedUser| user.phone.to_string());
    let app = Router::new()
        .route("/", page.clone())
        .route("/me", page)
        .layer(auth);
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    tokio::spawn(async { axum::serve(listener, app).await });
}

#[tokio::test(flavor = "multi_thread")]
async fn below_a_path_of_nginx_people_sign_in_cancel_and_sign_out() {
    let provider = LocalProvider::start().await.unwrap();
    let mut site = Site::start(&provider).await;

    let refused = site.come_back("/shop/me?cart=7", "cancel").await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let page = refused.text().await.unwrap();
    let links: Vec<_> = page.split("href=\"").skip(1).collect();
    let again = links[0].split('"').next().unwrap().replace("&amp;", "&");
    assert!(again.starts_with("/shop/auth/login?"), "{again}");
    assert!(
        links.iter().all(|link| link.starts_with("/shop/")),
        "{page}"
    );

    let back = site.come_back(&again, "agree").await;
    assert_eq!(location(&back), "/shop/me?cart=7");
    let link = location(&back).to_owned();
    let me = site.get(&link).await;
    assert_eq!(me.text().await.unwrap(), "+821012345678");
    let home = site.get("/shop/").await;
    assert_eq!(home.status(), StatusCode::OK);

    let out = site.post("/shop/auth/logout").await;
    assert_eq!(out.status(), StatusCode::SEE_OTHER);
    let link = location(&out).to_owned();
    assert!(link.starts_with("/shop/"), "{link}");
    let stranger = site.get("/shop/me").await;
    assert_eq!(stranger.status(), StatusCode::SEE_OTHER);
    let client = site.client.clone();
    let outside = client
        .get(format!("{}/me", site.origin))
        .send()
        .await
        .unwrap();
    assert_eq!(outside.status(), StatusCode::NOT_FOUND);
}
