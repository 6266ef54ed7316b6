//! AWS Lambda behind API Gateway (HTTP API, payload format 2.0), by events as the gateway sends
//! them.

use std::convert::Infallible;

use bytes::Bytes;
use http::{
    Request, Response,
    header::{COOKIE, HeaderName},
};
use http_body_util::Full;
use lambda_http::{Adapter, Body, Context, LambdaEvent, request::LambdaRequest};
use serde_json::{Value, json};
use tower::{Service, ServiceBuilder, ServiceExt, service_fn};

use crate::{
    browser::signs_in,
    shop::{Shop, orders, routes},
};

async fn handler(request: lambda_http::Request) -> Result<Response<Body>, Infallible> {
    let text = orders(request.extensions().get());
    Ok(Response::new(Body::from(text)))
}

#[tokio::test]
async fn a_user_signs_in_at_a_lambda_function() {
    let shop = Shop::open().await;
    let function = ServiceBuilder::new()
        .layer(shop.auth.clone())
        .service(service_fn(handler));
    // The call compiles; its future needs the environment of Lambda.
    drop(lambda_http::run(function.clone()));
    signs_in(&shop, behind_gateway(function)).await;
}

#[tokio::test]
async fn a_user_signs_in_at_axum_on_lambda() {
    let shop = Shop::open().await;
    let app = routes().layer(shop.auth.clone());
    drop(lambda_http::run(app.clone()));
    signs_in(&shop, behind_gateway(app)).await;
}

/// A function behind API Gateway, as a service of the browser.
fn behind_gateway<S, R>(
    function: S,
) -> impl Service<Request<Full<Bytes>>, Response = Response<Full<Bytes>>, Error = Infallible>
where
    S: Service<lambda_http::Request, Response = R, Error = Infallible, Future: Send> + Clone,
    S: 'static,
    R: lambda_http::IntoResponse + 'static,
{
    service_fn(move |request: Request<Full<Bytes>>| {
        let adapter = Adapter::from(function.clone());
        async move {
            let event: LambdaRequest = serde_json::from_value(event(&request)).unwrap();
            let event = LambdaEvent::new(event, Context::default());
            let answer = adapter.oneshot(event).await?;
            Ok(response(&serde_json::to_value(answer).unwrap()))
        }
    })
}

/// The event of a request. The gateway takes the cookies out of the headers.
fn event(request: &Request<Full<Bytes>>) -> Value {
    let lines = request.headers().iter();
    let lines = lines.map(|(name, value)| (name, value.to_str().unwrap()));
    let (cookies, headers): (Vec<_>, Vec<_>) = lines.partition(|(name, _)| *name == COOKIE);
    let cookies = cookies.iter().flat_map(|(_, line)| line.split("; "));
    let headers = headers
        .iter()
        .map(|(name, value)| (name.to_string(), json!(value)));
    let (method, uri) = (request.method().as_str(), request.uri());
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": uri.path(),
        "rawQueryString": uri.query().unwrap_or_default(),
        "cookies": cookies.collect::<Vec<_>>(),
        "headers": headers.collect::<serde_json::Map<_, _>>(),
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api-id",
            "domainName": "id.execute-api.ap-northeast-2.amazonaws.com",
            "domainPrefix": "id",
            "http": {
                "method": method,
                "path": uri.path(),
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "agent"
            },
            "requestId": "id",
            "routeKey": "$default",
            "stage": "$default",
            "time": "27/Nov/2026:12:00:00 +0000",
            "timeEpoch": 1_795_780_800_000_u64
        },
        "isBase64Encoded": false
    })
}

/// The response that the gateway makes of a function's answer.
fn response(answer: &Value) -> Response<Full<Bytes>> {
    let mut response = Response::builder().status(answer["statusCode"].as_u64().unwrap() as u16);
    let single = answer["headers"].as_object().into_iter().flatten();
    let single = single.map(|(name, value)| (name, vec![value]));
    let several = answer["multiValueHeaders"]
        .as_object()
        .into_iter()
        .flatten();
    let several = several.map(|(name, values)| (name, values.as_array().unwrap().iter().collect()));
    let mut sent: Vec<HeaderName> = Vec::new();
    for (name, values) in several.chain(single) {
        let name: HeaderName = name.parse().unwrap();
        if sent.contains(&name) {
            continue;
        }
        for value in values {
            response = response.header(&name, value.as_str().unwrap());
        }
        sent.push(name);
    }
    for cookie in answer["cookies"].as_array().into_iter().flatten() {
        response = response.header("set-cookie", cookie.as_str().unwrap());
    }
    assert_eq!(answer["isBase64Encoded"], json!(false));
    let body = answer["body"].as_str().unwrap_or_default().to_owned();
    response.body(Full::from(body)).unwrap()
}
