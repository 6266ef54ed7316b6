use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;
use crate::http_client::names::tests::names;

/// A server that answers each request on a connection with the next of these texts, and then closes
/// the connection. An empty text closes the connection without a response. The result has the
/// server's origin, and the counts of connections and requests.
async fn server(answers: &'static [&'static str]) -> (String, Arc<[AtomicUsize; 2]>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let counts = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]);
    let counted = Arc::clone(&counts);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            counted[0].fetch_add(1, Ordering::SeqCst);
            let counted = Arc::clone(&counted);
            tokio::spawn(async move {
                for answer in answers {
                    let mut request = [0; 4096];
                    if matches!(stream.read(&mut request).await, Ok(0) | Err(_)) {
                        return;
                    }
                    counted[1].fetch_add(1, Ordering::SeqCst);
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
            });
        }
    });
    (origin, counts)
}

/// A complete response, after which the connection stays open.
const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

/// A client that keeps idle connections for this time.
fn client(idle: Duration) -> Reqwest {
    let names = Names::new(Vec::new());
    let client = Reqwest::new(Duration::from_secs(5), true, &names).unwrap();
    Reqwest { idle, ..client }
}

/// Sends a request with a body that stands for a code, so that a repetition of it would be a fault.
async fn send(client: &Reqwest, method: Method, uri: &str) -> Result<Response<Bytes>, HttpError> {
    let mut request = Request::new(Bytes::from("code=x"));
    *request.method_mut() = method;
    *request.uri_mut() = uri.parse().unwrap();
    client.send(request).await
}

/// The connections and the requests that the server has counted.
fn counted(counts: &[AtomicUsize; 2]) -> [usize; 2] {
    [0, 1].map(|index| counts[index].load(Ordering::SeqCst))
}

/// A connection that breaks may have delivered the request. A `GET` can be repeated, but a token
/// request would use its code a second time, and the provider would revoke the tokens (RFC 6749
/// section 4.1.2).
#[tokio::test]
async fn a_get_is_repeated_if_the_connection_broke_and_a_code_never_is() {
    let (origin, counts) = server(&[""]).await;
    let client = client(IDLE);
    let refused = send(&client, Method::GET, &origin).await;
    assert_eq!(refused.unwrap_err().kind(), HttpErrorKind::Unreachable);
    // The first attempt and one repetition, each on a connection of its own.
    assert_eq!(counted(&counts), [2, 2]);
    let refused = send(&client, Method::POST, &origin).await;
    assert_eq!(refused.unwrap_err().kind(), HttpErrorKind::Unreachable);
    assert_eq!(counted(&counts), [3, 3]);
}

/// A message that the phone step could not hand over counts in no limit. A message on a connection
/// that broke may have been sent.
#[tokio::test]
async fn an_error_before_a_connection_says_that_nothing_was_sent() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let refused = send(&client(IDLE), Method::POST, &origin).await;
    assert!(refused.unwrap_err().is_unsent());
    let (origin, _) = server(&[""]).await;
    let broken = send(&client(IDLE), Method::POST, &origin).await;
    assert!(!broken.unwrap_err().is_unsent());
}

/// A response is a result, even if its body breaks off or its status is an error.
#[tokio::test]
async fn a_get_with_a_response_is_not_repeated() {
    for answer in [
        &["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}"][..],
        &["HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n"],
    ] {
        let (origin, counts) = server(answer).await;
        let _ = send(&client(IDLE), Method::GET, &origin).await;
        assert_eq!(counted(&counts), [1, 1]);
    }
}

/// A request on a connection that the server closes at that moment is lost.
#[tokio::test]
async fn an_idle_connection_is_not_reused() {
    let (origin, counts) = server(&[OK, OK, OK]).await;
    let client = client(Duration::from_millis(100));
    for _ in 0..2 {
        send(&client, Method::POST, &origin).await.unwrap();
    }
    assert_eq!(counted(&counts), [1, 2]);
    // The connection pool reads the system's clock.
    tokio::time::sleep(Duration::from_millis(300)).await;
    send(&client, Method::POST, &origin).await.unwrap();
    assert_eq!(counted(&counts), [2, 3]);
    assert!(IDLE < Duration::from_secs(5));
}

/// The certificate authorities are read then, so that a process starts sooner.
#[tokio::test]
async fn the_client_is_made_at_the_first_call() {
    let (origin, _) = server(&[OK]).await;
    let client = client(IDLE);
    assert!(client.client.get().is_none());
    send(&client, Method::GET, &origin).await.unwrap();
    assert!(client.client.get().is_some());
}

/// The memory of this server must not depend on the provider.
#[tokio::test]
async fn a_response_that_announces_too_many_bytes_is_not_read() {
    const HUGE: &str = "HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n";
    let (origin, _) = server(&[HUGE, OK]).await;
    let refused = send(&client(IDLE), Method::GET, &origin).await;
    assert_eq!(refused.unwrap_err().kind(), HttpErrorKind::TooLarge);
}

/// The check is made by the resolver of the connection, so it also holds for a name that was public
/// when the metadata were read.
#[tokio::test]
async fn a_host_name_with_an_internal_address_is_not_connected_to() {
    let (origin, counts) = server(&[OK]).await;
    let port = origin.rsplit_once(':').unwrap().1;
    let names = names(
        "https://id.example.com",
        &[
            ("id.example.com", &["93.184.215.14"]),
            ("keys.example", &["127.0.0.1"]),
        ],
    );
    let uri = format!("https://keys.example:{port}/jwks");
    // The metadata may name the host; the connection is refused when the name resolves.
    assert!(names.admits(&uri.parse().unwrap()).await);
    let client = Reqwest::new(Duration::from_secs(5), true, &names).unwrap();
    let refused = send(&client, Method::GET, &uri).await;
    assert_eq!(refused.unwrap_err().kind(), HttpErrorKind::ForbiddenAddress);
    assert_eq!(counted(&counts), [0, 0]);
}
