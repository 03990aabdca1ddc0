// SPDX-License-Identifier: EUPL-1.2
//! The site's files: sent compressed to clients that accept it, the very same bytes to everybody, and not sent again.

use std::{
    fs,
    path::{Path, PathBuf},
};

use infocig_e2e::{
    artefacts,
    content_coding::{decoded, is_a},
    edge::{Edge, EdgeOptions, issuer_at},
};
use reqwest::{Method, Response, header::HeaderMap};

#[tokio::test]
async fn every_file_is_the_same_bytes_however_it_is_sent() {
    let site = artefacts::release_site().unwrap();
    let edge = serving(site.clone()).await;
    let mut compressed = 0;
    for path in files(&site, "") {
        let file = fs::read(site.join(&path)).unwrap();
        let shrinks = !is_a("woff2", &path);
        for (accepted, coding) in [
            (None, ""),
            (Some("gzip, deflate, br, zstd"), "br"),
            (Some("gzip"), "gzip"),
            (Some("br;q=0.5, gzip;q=0.9"), "gzip"),
            (Some("zstd, identity;q=0"), ""),
        ] {
            let answer = get(&edge, &path, &[("accept-encoding", accepted)]).await;
            let (status, headers) = (answer.status(), answer.headers().clone());
            let sent = answer.bytes().await.unwrap();
            assert_eq!(status, 200, "{path}");
            assert_eq!(header(&headers, "vary"), "accept-encoding", "{path}");
            assert_eq!(header(&headers, "content-length"), sent.len().to_string(), "{path}");
            let coding = if shrinks { coding } else { "" };
            assert_eq!(header(&headers, "content-encoding"), coding, "{path} for {accepted:?}");
            assert_eq!(decoded(coding, &sent).unwrap(), file, "{path} for {accepted:?}");
            if !coding.is_empty() {
                assert!(sent.len() < file.len(), "{path} grew");
                compressed += 1;
            }
        }
    }
    assert!(compressed > 50, "{compressed} of the site's files were sent compressed");
}

#[tokio::test]
async fn a_compressed_file_is_nothing_one_could_ask_for_itself() {
    let site = artefacts::release_site().unwrap();
    let edge = serving(site.clone()).await;
    for path in ["info-cig.js.br", "info-cig.js.gz", "plain.css.br"] {
        assert!(site.join(path).is_file(), "{path}");
        assert_eq!(get(&edge, path, &[("accept-encoding", Some("br"))]).await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn without_a_compressed_file_the_file_is_sent_uncompressed() {
    let site = tempfile::tempdir().unwrap();
    fs::write(site.path().join("alone.js"), "1").unwrap();
    let edge = serving(site.path().into()).await;

    let answer = get(&edge, "alone.js", &[("accept-encoding", Some("br, gzip"))]).await;

    assert_eq!(header(answer.headers(), "content-encoding"), "");
    assert_eq!(header(answer.headers(), "vary"), "accept-encoding");
    assert_eq!(answer.text().await.unwrap(), "1");
    assert_eq!(get(&edge, "nobody.js", &[("accept-encoding", Some("br, gzip"))]).await.status(), 404);
}

#[tokio::test]
async fn a_cached_file_is_not_sent_again_in_the_same_coding() {
    let edge = serving(artefacts::release_site().unwrap()).await;
    for path in ["info-cig.js", "plain.css", "fonts/titillium-web.css", "fonts/titillium-web-latin-400.woff2"]
    {
        let br = ("accept-encoding", Some("br"));
        let first = get(&edge, path, &[br]).await;
        assert_eq!(header(first.headers(), "cache-control"), "no-cache, no-transform", "{path}");
        let tag = header(first.headers(), "etag").to_owned();
        assert!(tag.starts_with('"') && tag.len() > 2, "{path}: {tag}");

        for known in [tag.clone(), format!("\"other\", W/{tag}"), "*".into()] {
            let again = get(&edge, path, &[br, ("if-none-match", Some(&known))]).await;
            assert_eq!(again.status(), 304, "{path} for {known}");
            for (name, value) in [
                ("etag", &*tag),
                ("vary", "accept-encoding"),
                ("cache-control", "no-cache, no-transform"),
                ("access-control-allow-origin", "*"),
                ("content-encoding", ""),
            ] {
                assert_eq!(header(again.headers(), name), value, "{path}: {name}");
            }
            assert!(again.bytes().await.unwrap().is_empty());
        }
        let other = get(&edge, path, &[br, ("if-none-match", Some("\"other\", x"))]).await;
        assert_eq!(other.status(), 200, "{path}");
        if !is_a("woff2", path) {
            let plain = get(&edge, path, &[("if-none-match", Some(&tag))]).await;
            assert_eq!(plain.status(), 200, "{path}: another form has another tag");
            assert_ne!(header(plain.headers(), "etag"), tag, "{path}");
        }
    }
}

#[tokio::test]
async fn a_file_named_after_its_contents_is_kept_for_ever_in_every_form() {
    let site = artefacts::release_site().unwrap();
    let edge = serving(site.clone()).await;
    for path in files(&site, "widget") {
        for accepted in [None, Some("br")] {
            let answer = get(&edge, &path, &[("accept-encoding", accepted)]).await;
            let cached = header(answer.headers(), "cache-control").to_owned();
            assert_eq!(cached, "public, max-age=31536000, immutable, no-transform", "{path}");
        }
    }
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let site = artefacts::release_site().unwrap();
    let edge = serving(site.clone()).await;
    let module = files(&site, "widget").into_iter().find(|path| is_a("wasm", path)).unwrap();
    for path in ["info-cig.js", &module] {
        for accepted in [None, Some("br")] {
            let fields = [("accept-encoding", accepted)];
            let (got, head) =
                (get(&edge, path, &fields).await, ask(Method::HEAD, &edge, path, &fields).await);
            // Each answer has a request id of its own.
            let [got_headers, head_headers] = [&got, &head].map(|answer| {
                let mut headers = answer.headers().clone();
                assert!(headers.remove("x-request-id").is_some(), "{path}");
                headers
            });
            assert_eq!((got.status(), got_headers), (head.status(), head_headers), "{path}");
            assert!(!got.bytes().await.unwrap().is_empty() && head.bytes().await.unwrap().is_empty());
        }
    }
}

async fn serving(site: PathBuf) -> Edge {
    let options = EdgeOptions::trusting(issuer_at("https://portale.example"));
    Edge::start(EdgeOptions { site: Some(site), ..options }).await.unwrap()
}

/// The files of a folder of the site, but for those that lie beside another as it travels.
fn files(site: &Path, folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(site.join(folder)).unwrap() {
        let path = entry.unwrap().path();
        let place = path.strip_prefix(site).unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(files(site, &place));
        } else if !is_a("br", &place) && !is_a("gz", &place) {
            found.push(place);
        }
    }
    found
}

async fn get(edge: &Edge, path: &str, fields: &[(&str, Option<&str>)]) -> Response {
    ask(Method::GET, edge, path, fields).await
}

async fn ask(method: Method, edge: &Edge, path: &str, fields: &[(&str, Option<&str>)]) -> Response {
    let mut request = edge.http().request(method, format!("{}/{path}", edge.url()));
    for (name, value) in fields {
        if let Some(value) = value {
            request = request.header(*name, *value);
        }
    }
    request.send().await.unwrap()
}

/// A header's value; empty where there is none.
fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}
