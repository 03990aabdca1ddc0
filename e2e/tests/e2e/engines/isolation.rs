// SPDX-License-Identifier: EUPL-1.2
//! Nothing of one story reaches the next, although both are played by the same browser process: no cookie, storage, cache,
//! tab, window size, or anything that a page was made to believe of its device.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{
    Router,
    http::header::{CACHE_CONTROL, CONTENT_TYPE, SET_COOKIE},
    routing::get,
};
use infocig_e2e::{browser::Browser, engine::Engine};
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[tokio::test]
async fn a_browser_that_served_one_story_shows_and_keeps_nothing_of_it_in_the_next() {
    let server = Server::start().await;
    let first = Browser::lease().await.unwrap();
    first.open(&server.url).await.unwrap();
    server.fetches_what_may_be_cached(&first).await;
    first.script_async(KEEP).await.unwrap();
    first.new_tab().await.unwrap();
    first.open(&server.url).await.unwrap();
    server.fetches_what_may_be_cached(&first).await;
    let asked = server.cacheable();
    // Private sessions of WebKit have no cache that a second tab would find.
    if Engine::of_this_run().unwrap() != Engine::WebKit {
        assert_eq!(asked, 1, "the browser caches, or the story proves nothing");
    }
    let kept = kept(&first).await;
    for what in ["cookie", "local", "databases", "caches"] {
        assert_ne!(kept[what], json!(0), "{what} is kept, or the story proves nothing: {kept}");
    }
    assert!(server.saw_secret(&first).await, "the cookie that scripts cannot see is sent");
    first.is_seen_at(500, 400).await.unwrap();
    if first.has_tools() {
        first.prefers("dark").await.unwrap();
        first.tool("Network.setUserAgentOverride", json!({ "userAgent": "somebody else" })).await.unwrap();
        first.tool("Network.setCacheDisabled", json!({ "cacheDisabled": true })).await.unwrap();
    }
    let (process, tabs) = (first.number(), first.driver().windows().await.unwrap().len());
    assert_eq!(tabs, 2);

    let next = first.lease_again().await.unwrap();

    assert_eq!(next.number(), process, "the same process");
    assert_eq!(next.driver().windows().await.unwrap().len(), 1);
    next.open(&server.url).await.unwrap();
    let empty = json!({ "cookie": 0, "local": 0, "session": 0, "databases": 0, "caches": 0 });
    assert_eq!(self::kept(&next).await, empty);
    assert!(!server.saw_secret(&next).await);
    server.fetches_what_may_be_cached(&next).await;
    assert_eq!(server.cacheable(), asked + 1, "what was cached is asked for anew");
    let device = next.script(DEVICE, vec![]).await.unwrap();
    assert_eq!(device, json!({ "size": [1280, 1024], "dark": false, "stranger": false, "focus": true }));
}

/// Tabs of one story share their storage, also where each story has a context of its own.
#[tokio::test]
async fn another_tab_of_the_same_session_sees_the_stored_data_of_the_first() {
    let server = Server::start().await;
    let browser = Browser::lease().await.unwrap();
    browser.open(&server.url).await.unwrap();
    browser.script_async(KEEP).await.unwrap();

    browser.new_tab().await.unwrap();
    browser.open(&server.url).await.unwrap();

    let kept = kept(&browser).await;
    assert_eq!((&kept["local"], &kept["session"]), (&json!(1), &json!(0)), "{kept}");
    assert!(server.saw_secret(&browser).await);
}

async fn kept(browser: &Browser) -> Value {
    browser.script_async(KEPT).await.unwrap()
}

/// Hands out a cookie that scripts cannot see, and counts requests for cacheable files.
struct Server {
    url: String,
    cacheable: Arc<AtomicU64>,
}

impl Server {
    async fn start() -> Self {
        let cacheable = Arc::new(AtomicU64::new(0));
        let counter = cacheable.clone();
        let page = async || ([(CONTENT_TYPE, "text/html")], "<!doctype html><title>Una pagina</title>");
        let count = async move || {
            counter.fetch_add(1, Ordering::Relaxed);
            ([(CACHE_CONTROL, "max-age=31536000, immutable")], "kept")
        };
        let secret = async || ([(SET_COOKIE, "secret=1; Path=/; HttpOnly")], "set");
        let saw = async |headers: axum::http::HeaderMap| {
            let cookies = headers.get("cookie").and_then(|cookies| cookies.to_str().ok());
            cookies.is_some_and(|cookies| cookies.contains("secret=1")).to_string()
        };
        let routes = Router::new()
            .route("/", get(page))
            .route("/cacheable", get(count))
            .route("/secret", get(secret))
            .route("/saw", get(saw));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url, cacheable }
    }

    fn cacheable(&self) -> u64 {
        self.cacheable.load(Ordering::Relaxed)
    }

    async fn fetches_what_may_be_cached(&self, browser: &Browser) {
        let fetched = browser.script_async(&fetching("/cacheable")).await.unwrap();
        assert_eq!(fetched, "kept");
    }

    async fn saw_secret(&self, browser: &Browser) -> bool {
        browser.script_async(&fetching("/saw")).await.unwrap() == "true"
    }
}

fn fetching(path: &str) -> String {
    format!("const [done] = arguments; fetch('{path}').then((answer) => answer.text()).then(done, String);")
}

const KEEP: &str = "
    const [done] = arguments;
    document.cookie = 'seen=1; path=/; max-age=1000';
    localStorage.setItem('mine', '1');
    sessionStorage.setItem('mine', '1');
    const database = new Promise((resolve) => {
        const opening = indexedDB.open('mine');
        opening.onsuccess = () => { opening.result.close(); resolve(); };
        opening.onerror = resolve;
    });
    const cached = caches.open('mine').then((cache) => cache.put('/mine', new Response('mine')));
    Promise.all([fetch('/secret'), database, cached]).then(() => done(true), (error) => done(String(error)));
";
const KEPT: &str = "
    const [done] = arguments;
    Promise.all([indexedDB.databases(), caches.keys()]).then(([databases, cached]) => done({
        cookie: document.cookie.length,
        local: localStorage.length,
        session: sessionStorage.length,
        databases: databases.length,
        caches: cached.length,
    }), (error) => done(String(error)));
";
const DEVICE: &str = "
    return {
        size: [outerWidth, outerHeight],
        dark: matchMedia('(prefers-color-scheme: dark)').matches,
        stranger: navigator.userAgent.includes('somebody else'),
        focus: document.hasFocus(),
    };
";
