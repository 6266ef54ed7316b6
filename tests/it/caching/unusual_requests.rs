//! Unusual requests and responses. A request with a doubtful destination counts as a page.

use http::HeaderValue;

use super::{answer, bare, layer, request, routes};

async fn cache_control_for(dest: &[u8], path: &str) -> Option<String> {
    let layer = layer(|builder| builder);
    let mut request_with_dest = request(&layer, true, path, None);
    let dest = HeaderValue::from_bytes(dest).unwrap();
    request_with_dest
        .headers_mut()
        .insert("sec-fetch-dest", dest);
    answer(routes().layer(layer.clone()), request_with_dest).await
}

#[tokio::test]
async fn a_destination_that_is_not_one_plain_word_counts_as_a_page() {
    for dest in [
        "Document",
        "DOCUMENT",
        " document",
        "document ",
        "\tiframe\t",
        "Empty",
        " ",
        "image, document",
        "image,image",
        "image document",
        "document;a=b",
        "image;a=b",
        "\"image\"",
        "im\u{e4}ge",
        "?1",
    ] {
        for path in ["/me", "/open/page"] {
            let said = cache_control_for(dest.as_bytes(), path).await;
            assert_eq!(said.as_deref(), Some("no-store"), "{dest:?} {path}");
        }
    }
    let said = cache_control_for(b"image\xff", "/me").await;
    assert_eq!(said.as_deref(), Some("no-store"));
}

#[tokio::test]
async fn any_other_plain_word_is_another_destination() {
    for dest in [
        "Image",
        " image ",
        "audioworklet",
        "paintworklet",
        "sharedworker",
        "webidentity",
        "text",
        "documents",
        "some-new-one",
    ] {
        let said = cache_control_for(dest.as_bytes(), "/me").await;
        assert_eq!(said.as_deref(), Some("private, no-cache"), "{dest:?}");
        assert_eq!(
            cache_control_for(dest.as_bytes(), "/open/page").await,
            None,
            "{dest:?}"
        );
    }
}

#[tokio::test]
async fn headers_for_other_caches_do_not_replace_no_store() {
    for name in [
        "cdn-cache-control",
        "surrogate-control",
        "expires",
        "pragma",
    ] {
        let said = bare(200, &[(name, "no-store")], "").await;
        assert_eq!(said.as_deref(), Some("no-store"), "{name}");
    }
}

#[tokio::test]
async fn grpc_is_recognized_in_any_case_and_a_longer_name_is_not() {
    for grpc in [
        "Application/gRPC",
        "application/grpc;charset=utf-8",
        "APPLICATION/GRPC-WEB-TEXT",
    ] {
        assert_eq!(
            bare(200, &[("content-type", grpc)], "").await,
            None,
            "{grpc}"
        );
        assert_eq!(bare(200, &[], grpc).await, None, "{grpc}");
    }
    for other in [
        "application/grpcish",
        "text/application/grpc",
        "application/grp",
    ] {
        let said = bare(200, &[("content-type", other)], "").await;
        assert_eq!(said.as_deref(), Some("no-store"), "{other}");
        let said = bare(200, &[], other).await;
        assert_eq!(said.as_deref(), Some("no-store"), "{other}");
    }
}
