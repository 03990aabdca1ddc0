// SPDX-License-Identifier: EUPL-1.2
//! The portal over HTTP, as browsers and the edge use it, with cookies.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop where it stands")]

use std::path::Path;

use infocig_demo::{Settings, serve};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use reqwest::{Client, RequestBuilder, Response, header, redirect::Policy};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const EDGE: &str = "http://edge.example:8787";
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' http://edge.example:8787; \
     connect-src 'self' http://edge.example:8787 ws://edge.example:8787; \
     style-src 'self' http://edge.example:8787; font-src 'self' http://edge.example:8787; img-src 'self' data:; \
     frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

#[tokio::test]
async fn a_worker_signs_in_and_brings_a_token_that_verifies() {
    let portal = Portal::start().await;
    let cookie = portal.sign_in(None, "worker-roma").await;

    let (typ, claims) = portal.verified(portal.token(Some(&cookie), "").await, EDGE).await;

    assert_eq!(typ, "infocig-handoff+jwt");
    let claims = claims.as_object().unwrap();
    let mut names: Vec<_> = claims.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "acr",
            "amr",
            "aud",
            "client_id",
            "exp",
            "family_name",
            "given_name",
            "iat",
            "infocig_province",
            "infocig_role",
            "iss",
            "jti",
            "locale",
            "nbf",
            "sub",
        ]
    );
    assert_eq!(claims["iss"], portal.origin.as_str());
    assert_eq!(claims["infocig_province"], "058");
    assert!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap() <= 120);
}

#[tokio::test]
async fn every_token_has_an_id_of_its_own() {
    let portal = Portal::start().await;
    let cookie = portal.sign_in(None, "worker-roma").await;

    let (_, one) = portal.verified(portal.token(Some(&cookie), "").await, EDGE).await;
    let (_, other) = portal.verified(portal.token(Some(&cookie), "").await, EDGE).await;

    assert_eq!(one["sub"], other["sub"]);
    assert_ne!(one["jti"], other["jti"]);
}

#[tokio::test]
async fn the_page_names_the_portal_a_person_comes_from() {
    let portal = Portal::start().await;
    let cookie = portal.sign_in(None, "titolare-milano").await;

    let (_, own) = portal.verified(portal.token(Some(&cookie), "{}").await, EDGE).await;
    let (_, asked) =
        portal.verified(portal.token(Some(&cookie), r#"{"entry":"omnia-is"}"#).await, EDGE).await;

    assert_eq!(own["client_id"], "cassetto-previdenziale");
    assert_eq!(own["matricola_inps"], "9900000015");
    assert_eq!(asked["client_id"], "omnia-is");
    check_problem(portal.token(Some(&cookie), r#"{"entry":"elsewhere"}"#).await, 400, "request-invalid")
        .await;
    check_problem(portal.token(Some(&cookie), "no json").await, 400, "request-invalid").await;
}

#[tokio::test]
async fn a_consultant_chooses_a_company_before_asking() {
    let portal = Portal::start().await;
    let cookie = portal.sign_in(None, "consulente-napoli").await;
    check_problem(portal.token(Some(&cookie), "").await, 409, "company-required").await;

    let others = portal.form("/company", Some(&cookie), "matricola=9900000015").send().await.unwrap();
    check_problem(others, 400, "request-invalid").await;
    let own =
        portal.form("/company", Some(&cookie), "matricola=9900000215&next=/cassetto").send().await.unwrap();
    assert_eq!((own.status().as_u16(), location(&own)), (303, "/cassetto"));

    let (_, claims) = portal.verified(portal.token(Some(&cookie), "").await, EDGE).await;
    assert_eq!(claims["matricola_inps"], "9900000215");
    assert_eq!(claims["infocig_province"], "015");
    assert_eq!(claims["https://attributes.eid.gov.it/company_name"], "Biscotti Inesistenti S.r.l.");
}

#[tokio::test]
async fn an_advisor_opens_the_desk_and_nothing_else() {
    let portal = Portal::start().await;
    let cookie = portal.sign_in(None, "supervisor").await;

    let (typ, claims) =
        portal.verified(portal.advisor_token(Some(&cookie)).await, "http://edge.example:8787/desk").await;

    assert_eq!(typ, "infocig-advisor+jwt");
    assert_eq!((&claims["name"], &claims["infocig_role"]), (&json!("Teresa"), &json!("supervisor")));
    check_problem(portal.token(Some(&cookie), "").await, 401, "sign-in-required").await;
}

#[tokio::test]
async fn a_person_and_an_advisor_share_a_browser_and_leave_one_by_one() {
    let portal = Portal::start().await;
    let alone = portal.sign_in(None, "worker-roma").await;
    let both = portal.sign_in(Some(&alone), "advisor-giulia").await;
    assert_ne!(alone, both);
    assert_eq!(portal.token(Some(&both), "").await.status(), 200);
    assert_eq!(portal.advisor_token(Some(&both)).await.status(), 200);

    portal.form("/sign-out", Some(&both), "who=citizen").send().await.unwrap();

    check_problem(portal.token(Some(&both), "").await, 401, "sign-in-required").await;
    assert_eq!(portal.advisor_token(Some(&both)).await.status(), 200);
}

#[tokio::test]
async fn without_a_session_there_is_no_token() {
    let portal = Portal::start().await;

    check_problem(portal.token(None, "").await, 401, "sign-in-required").await;
    check_problem(portal.advisor_token(None).await, 401, "sign-in-required").await;
    check_problem(portal.token(Some("infocig_demo_session=guess"), "").await, 401, "sign-in-required").await;
}

#[tokio::test]
async fn signing_out_takes_the_session_back() {
    let portal = Portal::start().await;
    let cookie = portal.sign_in(None, "worker-roma").await;

    let response = portal.form("/sign-out", Some(&cookie), "").send().await.unwrap();

    assert_eq!((response.status().as_u16(), location(&response)), (303, "/"));
    assert!(response.headers()[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    check_problem(portal.token(Some(&cookie), "").await, 401, "sign-in-required").await;
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let portal = Portal::start().await;

    let response = portal.form("/sign-in", None, "person=worker-roma").send().await.unwrap();

    let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
    let (id, attributes) = cookie.strip_prefix("infocig_demo_session=").unwrap().split_once(';').unwrap();
    assert!(id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()), "{id}");
    assert_eq!(attributes, " Path=/; HttpOnly; SameSite=Lax");
}

#[tokio::test]
async fn signing_in_leads_to_pages_of_this_origin_only() {
    let portal = Portal::start().await;

    let good = portal.form("/sign-in", None, "person=worker-roma&next=/myinps").send().await.unwrap();
    assert_eq!((good.status().as_u16(), location(&good)), (303, "/myinps"));
    for next in ["//evil.example", "https://evil.example", "/%5Cevil.example", "/%09/evil.example", "x"] {
        for (path, fields) in [("/sign-in", "person=worker-roma"), ("/sign-out", "who=citizen")] {
            let response = portal.form(path, None, &format!("{fields}&next={next}")).send().await.unwrap();
            assert!(response.headers().get(header::LOCATION).is_none(), "{path} {next}");
            check_problem(response, 400, "request-invalid").await;
        }
    }
}

#[tokio::test]
async fn nobody_unknown_signs_in() {
    let portal = Portal::start().await;

    for fields in ["person=nobody", "", "next=/"] {
        check_problem(portal.form("/sign-in", None, fields).send().await.unwrap(), 400, "request-invalid")
            .await;
    }
}

#[tokio::test]
async fn another_site_cannot_act_in_a_visitors_name() {
    let portal = Portal::start().await;
    let cookie = portal.sign_in(None, "worker-roma").await;

    for site in ["cross-site", "same-site", "none"] {
        for path in ["/infocig/token", "/infocig/advisor-token", "/sign-in", "/sign-out", "/company"] {
            let request = portal.form(path, Some(&cookie), "").header("sec-fetch-site", site);
            check_problem(request.send().await.unwrap(), 403, "cross-site").await;
        }
    }
    let request = portal.form("/infocig/token", Some(&cookie), "").header("sec-fetch-site", "same-origin");
    assert_eq!(request.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn every_answer_carries_the_strict_headers() {
    let portal = Portal::start().await;

    for path in
        ["/", "/myinps", "/cassetto", "/standalone", "/console", "/nowhere", "/healthz", "/portal.css"]
    {
        let response = portal.get(path).await;
        let headers = response.headers();
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], POLICY, "{path}");
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer", "{path}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        let expected = if path == "/portal.css" { "no-cache" } else { "no-store" };
        assert_eq!(headers[header::CACHE_CONTROL], expected, "{path}");
    }
}

#[tokio::test]
async fn files_have_their_types_and_nothing_else_is_a_file() {
    let portal = Portal::start().await;

    for (path, expected) in [
        ("/portal.css", "text/css; charset=utf-8"),
        ("/time-machine.js", "text/javascript; charset=utf-8"),
        ("/favicon.svg", "image/svg+xml"),
        ("/.well-known/jwks.json", "application/jwk-set+json"),
        ("/", "text/html; charset=utf-8"),
    ] {
        let response = portal.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], expected, "{path}");
    }
    for path in ["/index.html", "/parts/head.html", "/parts/", "/..%2f..%2fCargo.toml", "/%2e%2e/Cargo.toml"]
    {
        check_problem(portal.get(path).await, 404, "not-found").await;
    }
}

#[tokio::test]
async fn the_way_without_scripts_is_a_form_for_the_edge_with_a_token_in_it() {
    let portal = Portal::start().await;
    let nobody = portal.get("/infocig/plain").await.text().await.unwrap();
    assert!(!nobody.contains("<form class=\"panel\"") && nobody.contains("accedi dalla pagina iniziale"));
    let cookie = portal.sign_in(None, "titolare-milano").await;

    let page = portal.client.get(portal.url("/infocig/plain?entry=omnia-is")).header(header::COOKIE, &cookie);
    let page = page.send().await.unwrap();

    let header = |name: &str| page.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(
        (header("referrer-policy"), header("cache-control")),
        ("strict-origin".into(), "no-store".into())
    );
    assert!(header("content-security-policy").ends_with("form-action 'self' http://edge.example:8787"));
    let html = page_text(page).await;
    assert!(html.contains("method=\"post\" action=\"http://edge.example:8787/chat\""), "{html}");
    let (_, token) = html.split_once("name=\"token\" value=\"").unwrap();
    let (token, _) = token.split_once('"').unwrap();
    let (typ, claims) = portal.claims_of(token, EDGE).await;
    assert_eq!((typ.as_str(), &claims["client_id"]), ("infocig-handoff+jwt", &json!("omnia-is")));
    assert!(html.contains("type=\"submit\">Continua</button>"), "nothing is sent by itself");
}

#[tokio::test]
async fn the_strictest_pages_allow_only_the_needs_of_info_cig() {
    let portal = Portal::start().await;
    for (path, script) in [
        ("/embed/strict", "script-src 'self' http://edge.example:8787 'wasm-unsafe-eval';"),
        ("/embed/no-wasm", "script-src 'self' http://edge.example:8787;"),
    ] {
        let page = portal.get(path).await;
        let header = |name: &str| page.headers()[name].to_str().unwrap().to_owned();
        let policy = header("content-security-policy");
        assert!(policy.starts_with(&format!("default-src 'none'; {script}")), "{policy}");
        for part in [
            "style-src 'self'; connect-src 'self' http://edge.example:8787 ws://edge.example:8787;",
            "font-src 'self' http://edge.example:8787; img-src 'self';",
            "require-trusted-types-for 'script'; trusted-types 'none'; report-uri /embed/reports",
        ] {
            assert!(policy.contains(part), "{part}: {policy}");
        }
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(header("cross-origin-embedder-policy"), "require-corp");
        let html = page.text().await.unwrap();
        assert!(!html.contains("titillium-web.css"), "no style but its own is allowed there");
    }
}

#[tokio::test]
async fn foreign_pages_are_sent_as_the_portals_are_and_one_may_stand_in_a_frame() {
    let portal = Portal::start().await;
    let cookie = portal.sign_in(None, "worker-roma").await;
    for name in ["resets", "italia", "transformed", "moving", "twice", "save-data"] {
        let page = portal.client.get(portal.url(&format!("/embed/{name}"))).header(header::COOKIE, &cookie);
        let page = page.send().await.unwrap();
        assert_eq!(page.headers()[header::CONTENT_SECURITY_POLICY], POLICY, "{name}");
        let html = page.text().await.unwrap();
        let elements = html.matches("<info-cig ").count();
        assert_eq!(html.matches("/info-cig.js\"></script>").count(), elements, "{name}");
        assert_eq!(elements, if name == "twice" { 2 } else { 1 }, "{name}");
        let alone = portal.client.get(portal.url(&format!("/embed/{name}?alone")));
        let alone = alone.header(header::COOKIE, &cookie).send().await.unwrap().text().await.unwrap();
        assert_eq!(alone.matches("<info-cig ").count(), elements, "{name}");
        assert!(!alone.contains("info-cig.js") && alone.contains("/embed/watched.js"), "{name}: {alone}");
    }
    let inside = portal.get("/embed/framed-inside").await;
    let policy = inside.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert_eq!(policy, POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'"));
    assert!(inside.text().await.unwrap().contains("accedi dalla pagina iniziale"));
    for (path, kind) in [
        ("/embed/moving.js", "text/javascript"),
        ("/embed/watched.js", "text/javascript"),
        ("/embed/resets.css", "text/css"),
    ] {
        let file = portal.get(path).await;
        assert!(file.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with(kind), "{path}");
    }
    check_problem(portal.get("/embed/nothing").await, 404, "not-found").await;
}

#[tokio::test]
async fn reports_of_broken_policies_are_counted() {
    let portal = Portal::start().await;
    let count = async || portal.get("/embed/reports").await.json::<Value>().await.unwrap();
    assert_eq!(count().await, json!({ "reports": 0 }));

    let report = || portal.client.post(portal.url("/embed/reports"));
    let own = report().header("sec-fetch-site", "same-origin").body(r#"{"csp-report":{}}"#);
    assert_eq!(own.send().await.unwrap().status(), 204);
    check_problem(report().header("sec-fetch-site", "cross-site").send().await.unwrap(), 403, "cross-site")
        .await;

    assert_eq!(count().await, json!({ "reports": 1 }));
}

#[tokio::test]
async fn a_wrong_address_is_a_page_for_people_and_a_problem_for_programs() {
    let portal = Portal::start().await;

    let page = portal
        .client
        .get(portal.url("/nowhere"))
        .header(header::ACCEPT, "text/html,*/*")
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 404);
    assert!(page.text().await.unwrap().contains("Qui non c'è nessuna pagina"));
    check_problem(portal.get("/nowhere").await, 404, "not-found").await;
    for path in ["/infocig/token", "/sign-in"] {
        let response = portal.get(path).await;
        assert_eq!(response.headers()[header::ALLOW], "POST", "{path}");
        check_problem(response, 405, "method-not-allowed").await;
    }
    check_problem(portal.form("/portal.css", None, "").send().await.unwrap(), 405, "method-not-allowed")
        .await;
}

#[tokio::test]
async fn an_invalid_origin_is_refused_at_start() {
    for (edge, origin) in [("edge.example", "http://p.example"), ("http://e.example", "http://p.example/")] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();

        let error = serve(listener, settings(edge, origin)).await.unwrap_err();

        assert!(error.to_string().contains("is not an origin"), "{error}");
    }
}

struct Portal {
    origin: String,
    client: Client,
}

impl Portal {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(serve(listener, settings(EDGE, &origin)));
        Self { origin, client: Client::builder().redirect(Policy::none()).build().unwrap() }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    fn form(&self, path: &str, cookie: Option<&str>, fields: &str) -> RequestBuilder {
        let request = self
            .client
            .post(self.url(path))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(fields.to_owned());
        match cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        }
    }

    async fn sign_in(&self, cookie: Option<&str>, person: &str) -> String {
        let response = self.form("/sign-in", cookie, &format!("person={person}")).send().await.unwrap();
        assert_eq!(response.status(), 303);
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    async fn token(&self, cookie: Option<&str>, body: &str) -> Response {
        self.form("/infocig/token", cookie, body).send().await.unwrap()
    }

    async fn advisor_token(&self, cookie: Option<&str>) -> Response {
        self.form("/infocig/advisor-token", cookie, "").send().await.unwrap()
    }

    /// `typ` and claims of the token in `response`, verified as the edge does: under the published keys.
    async fn verified(&self, response: Response, audience: &str) -> (String, Value) {
        assert_eq!(response.status(), 200);
        let body: Value = response.json().await.unwrap();
        self.claims_of(body["token"].as_str().unwrap(), audience).await
    }

    /// The `typ` and the claims of a token that verifies.
    async fn claims_of(&self, token: &str, audience: &str) -> (String, Value) {
        let keys: JwkSet = self.get("/.well-known/jwks.json").await.json().await.unwrap();
        let header = jsonwebtoken::decode_header(token).unwrap();
        let key = DecodingKey::from_jwk(keys.find(&header.kid.unwrap()).unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_audience(&[audience]);
        validation.set_issuer(&[&self.origin]);
        validation.validate_nbf = true;
        let claims = jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap().claims;
        (header.typ.unwrap(), claims)
    }
}

fn settings(edge: &str, origin: &str) -> Settings {
    let portal_dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/portal");
    Settings::new(edge, origin, portal_dir)
}

fn location(response: &Response) -> &str {
    response.headers()[header::LOCATION].to_str().unwrap()
}

/// The text of a page. Its templates escape slashes in values, which HTML does not ask for.
async fn page_text(page: Response) -> String {
    page.text().await.unwrap().replace("&#x2f;", "/")
}

async fn check_problem(response: Response, status: u16, code: &str) {
    let address = response.url().clone();
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json", "{address}");
    assert_eq!(response.status().as_u16(), status, "{address}");
    let problem: Value = response.json().await.unwrap();
    assert_eq!((&problem["status"], &problem["code"]), (&json!(status), &json!(code)), "{address}");
    assert!(problem["type"].as_str().unwrap().ends_with(&format!("/problems/{code}")), "{address}");
}
