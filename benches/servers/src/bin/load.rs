//! The visitors of a server.
//!
//! `load sign-ins ORIGIN COUNT` signs that many users in, a few at once, and prints the cookies of
//! the last one. `load abandon ORIGIN COUNT` begins as many sign-ins and finishes none. `load burst
//! ORIGIN COUNT` takes that many users to the callback, sends all callbacks at once, and prints how
//! many answers had which status. `load requests ORIGIN CONNECTIONS SECONDS COOKIES` requests the
//! page and prints the number of requests, and p50 and p99 of the time to an answer in microseconds.

use std::{
    collections::BTreeMap,
    env,
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::{
    Client, Method, RequestBuilder, Response, StatusCode,
    header::{COOKIE, LOCATION, SET_COOKIE},
    redirect::Policy,
};
use servers::Outcome;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};
use url::Url;

/// Sign-ins at once: fewer than the calls to a provider that this crate permits at once.
const AT_ONCE: usize = 8;
const REDIRECTS: usize = 12;

type Jar = BTreeMap<String, String>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["sign-ins", origin, count] => {
            let jar = visitors(origin, count.parse()?, Visit::SignIn).await?;
            println!("{}", cookies(&jar));
        }
        ["burst", origin, count] => burst(origin, count.parse()?).await?,
        ["abandon", origin, count] => drop(visitors(origin, count.parse()?, Visit::Leave).await?),
        ["requests", origin, connections, seconds, cookies] => {
            let length = Duration::from_secs_f64(seconds.parse()?);
            requests(origin, connections.parse()?, length, cookies).await?;
        }
        _ => return Err("see the comment at the top of load.rs".into()),
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq)]
enum Visit {
    SignIn,
    Leave,
    /// To the callback, which is not requested.
    UpToCallback,
}

/// Sends the callbacks of many users at once.
async fn burst(origin: &str, count: usize) -> Outcome {
    let http = Client::builder().redirect(Policy::none()).no_proxy();
    let http = http.timeout(Duration::from_secs(120)).build()?;
    let url = Url::parse(origin)?;
    let mut provider = Jar::new();
    sign_in(&http, &url, &mut provider, Visit::SignIn).await?;
    let mut callbacks = Vec::new();
    for _ in 0..count {
        let mut jar = Jar::new();
        let callback = visit(&http, &url, (&mut jar, &mut provider), Visit::UpToCallback).await?;
        callbacks.push(
            http.get(callback)
                .header(COOKIE, cookies(&jar))
                .header("accept", "text/html"),
        );
    }
    println!("ready");
    std::io::stdin().read_line(&mut String::new())?;
    let begun = Instant::now();
    let mut answers = JoinSet::new();
    for callback in callbacks {
        answers.spawn(async move { callback.send().await.map(|answer| answer.status()) });
    }
    let mut statuses = BTreeMap::<String, usize>::new();
    while let Some(answer) = answers.join_next().await {
        let status = answer?.map_or_else(|error| error.to_string(), |status| status.to_string());
        *statuses.entry(status).or_default() += 1;
    }
    println!("{statuses:?} in {:.1} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// The cookies of the last visitor at the application.
async fn visitors(origin: &str, count: usize, visit: Visit) -> Outcome<Jar> {
    let http = Client::builder().redirect(Policy::none()).no_proxy();
    let http = http.build()?;
    let origin = Url::parse(origin)?;
    // The first visitor consents at the provider, which remembers the user by a cookie.
    let mut provider = Jar::new();
    let mut last = Jar::new();
    if visit == Visit::SignIn {
        last = sign_in(&http, &origin, &mut provider, visit).await?;
    }
    let provider = Arc::new(provider);
    let mut visits = JoinSet::new();
    for nth in 0..AT_ONCE {
        let (http, origin, provider) = (http.clone(), origin.clone(), Arc::clone(&provider));
        let count = count / AT_ONCE + usize::from(nth < count % AT_ONCE);
        visits.spawn(async move {
            for _ in 0..count {
                let mut provider = Jar::clone(&provider);
                let visit = sign_in(&http, &origin, &mut provider, visit).await;
                visit.map_err(|error| error.to_string())?;
            }
            Ok::<_, String>(())
        });
    }
    while let Some(ended) = visits.join_next().await {
        ended??;
    }
    Ok(last)
}

/// Visits the page as a new browser. The result has the cookies of the application.
async fn sign_in(http: &Client, origin: &Url, provider: &mut Jar, until: Visit) -> Outcome<Jar> {
    let mut jar = Jar::new();
    visit(http, origin, (&mut jar, provider), until).await?;
    Ok(jar)
}

/// Follows the redirects until the page is there, or the provider or the callback comes next. The
/// result is the address.
async fn visit(
    http: &Client,
    origin: &Url,
    (jar, provider): (&mut Jar, &mut Jar),
    until: Visit,
) -> Outcome<Url> {
    let mut url = origin.clone();
    for _ in 0..REDIRECTS {
        let at_application = url.origin() == origin.origin();
        let is_callback = at_application && url.query_pairs().any(|(name, _)| name == "code");
        if (!at_application && until == Visit::Leave)
            || (is_callback && until == Visit::UpToCallback)
        {
            return Ok(url);
        }
        let cookies = if at_application {
            &mut *jar
        } else {
            &mut *provider
        };
        let request = http.request(Method::GET, url.clone());
        let mut response = send(request, cookies).await?;
        if !at_application && response.status() == StatusCode::OK {
            let consent = "&person=1376016924429759228&phone_number=yes&decision=agree";
            let form = format!("{}{consent}", url.query().unwrap_or_default());
            url.set_query(None);
            let request = http.post(url.clone()).body(form);
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            response = send(request, cookies).await?;
        }
        let Some(location) = response.headers().get(LOCATION) else {
            let (status, text) = (response.status(), response.text().await?);
            let page = status == StatusCode::OK && text == "Hello, +821012345678";
            return if page {
                Ok(url)
            } else {
                Err(format!("{status} at {url}: {text}").into())
            };
        };
        url = url.join(location.to_str()?)?;
    }
    Err("too many redirects".into())
}

async fn send(request: RequestBuilder, jar: &mut Jar) -> Outcome<Response> {
    let request = request.header("accept", "text/html,*/*;q=0.8");
    let request = request
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document");
    let response = request.header(COOKIE, cookies(jar)).send().await?;
    for cookie in response.headers().get_all(SET_COOKIE) {
        let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
        if let Some((name, value)) = pair.split_once('=') {
            jar.insert(name.to_owned(), value.to_owned());
        }
    }
    jar.retain(|_, value| !value.is_empty());
    Ok(response)
}

fn cookies(jar: &Jar) -> String {
    let pairs: Vec<String> = jar
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("; ")
}

async fn requests(origin: &str, connections: usize, length: Duration, cookies: &str) -> Outcome {
    let url = Url::parse(origin)?;
    let address = format!("127.0.0.1:{}", url.port().ok_or("the origin has a port")?);
    let request = format!(
        "GET / HTTP/1.1\r\nhost: {address}\r\naccept: text/html\r\nsec-fetch-mode: navigate\r\ncookie: {cookies}\r\n\r\n"
    );
    let (request, end) = (Arc::new(request), Instant::now() + length);
    let mut clients = JoinSet::new();
    for _ in 0..connections {
        let (address, request) = (address.clone(), Arc::clone(&request));
        clients.spawn(async move {
            let client = client(&address, &request, end).await;
            client.map_err(|error| error.to_string())
        });
    }
    let mut times = Vec::new();
    while let Some(client) = clients.join_next().await {
        times.extend(client??);
    }
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_micros();
    println!("{} {} {}", times.len(), at(0.5), at(0.99));
    Ok(())
}

/// One connection after the other, each with one request after the other.
async fn client(address: &str, request: &str, end: Instant) -> Outcome<Vec<Duration>> {
    let mut times = Vec::new();
    let mut buffer = vec![0; 16 * 1024];
    while Instant::now() < end {
        let mut stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        while Instant::now() < end {
            let begun = Instant::now();
            stream.write_all(request.as_bytes()).await?;
            let mut read = 0;
            while !is_whole(&buffer[..read])? {
                match stream.read(&mut buffer[read..]).await? {
                    0 => break,
                    more => read += more,
                }
            }
            if read == 0 {
                break; // the server closes a connection after some requests
            }
            times.push(begun.elapsed());
        }
    }
    Ok(times)
}

/// Whether the answer is the page, and whole.
fn is_whole(answer: &[u8]) -> Outcome<bool> {
    let head = b"HTTP/1.1 200";
    if answer.len() >= head.len() && !answer.starts_with(head) {
        return Err(String::from_utf8_lossy(answer).into_owned().into());
    }
    Ok(answer.ends_with(b"Hello, +821012345678"))
}
