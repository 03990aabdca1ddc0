// SPDX-License-Identifier: EUPL-1.2
//! The start of the service: invalid settings are named, and the clock can be set in the build of the demo only.

use infocig_e2e::{
    answer::Answer,
    edge::{Edge, EdgeOptions, issuer_at},
    scene::Scene,
};
use infocig_protocol::problem::Code;

#[tokio::test]
async fn a_setting_that_is_missing_is_named() {
    for name in ["PUBLIC_ORIGIN", "ISSUERS", "TICKET_KEY"] {
        let detail = what_is_wrong(name, None).await;
        assert!(detail.contains(&format!("{name} is not set")), "{detail}");
    }
}

#[tokio::test]
async fn a_page_can_read_that_the_fault_is_ours() {
    let edge = broken("TICKET_KEY", None).await;
    let request = edge.http().get(format!("{}/v1/availability?category=lavoratore", edge.url()));
    let answer = Answer::to(request.header("origin", "https://portale.example")).await.unwrap();
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (500, "*"));
}

#[tokio::test]
async fn a_setting_that_cannot_be_used_is_named_with_the_reason() {
    for (name, value, reason) in [
        ("PUBLIC_ORIGIN", "chat.example", "PUBLIC_ORIGIN \"chat.example\" must be"),
        ("ISSUERS", "[{}]", "ISSUERS missing field"),
        ("ISSUERS", "[]", "ISSUERS names nobody whose tokens are accepted"),
        ("TICKET_KEY", "short", "TICKET_KEY must have at least 32 characters"),
    ] {
        let detail = what_is_wrong(name, Some(value)).await;
        assert!(detail.contains(reason), "{detail}");
    }
}

#[tokio::test]
async fn where_weaknesses_are_reported_everybody_can_read_if_the_settings_say_it() {
    let address = "/.well-known/security.txt";
    let silent = Scene::open().await.unwrap().edge.get(address).await.unwrap();
    assert_eq!((silent.status, silent.problem().unwrap().code), (404, Code::NotFound));

    let security = r#"{"contact":"mailto:sicurezza@inps.example","policy":"https://inps.example/regole"}"#;
    let scene = Scene::with(|mut options| {
        options.bindings.push(("SECURITY", Some(security.into())));
        options
    });
    let scene = scene.await.unwrap();
    let request = scene.edge.http().get(format!("{}{address}", scene.edge.url()));
    let answer = Answer::to(request.header("origin", "https://altrove.example")).await.unwrap();

    assert_eq!((answer.status, answer.header("content-type")), (200, "text/plain; charset=utf-8"));
    let lines: Vec<&str> = answer.body.lines().collect();
    assert_eq!(lines[0], "Contact: mailto:sicurezza@inps.example");
    assert!(lines[1].starts_with("Expires: 20") && lines[1].ends_with("T00:00:00Z"), "{}", lines[1]);
    assert_eq!(lines[2], "Policy: https://inps.example/regole");
    assert_eq!(lines[3], format!("Canonical: {}{address}", scene.edge.url()));
}

#[tokio::test]
async fn a_policy_that_cannot_be_read_is_named_with_its_line_and_the_reason() {
    let detail = what_is_wrong("POLICY", Some("{\n  \"version\": 1,\n  \"hours\": 7\n}")).await;

    assert!(detail.contains("policy line 3"), "{detail}");
    assert!(detail.contains("hours") || detail.contains("sequence"), "{detail}");
}

#[tokio::test]
async fn with_settings_it_cannot_use_the_service_lets_nobody_in() {
    let edge = broken("TICKET_KEY", None).await;

    for path in ["/v1/availability?category=lavoratore", "/info-cig.js", "/test/clock"] {
        let answer = edge.get(path).await.unwrap();
        assert_eq!(answer.status, 500, "{path}");
        assert_eq!(answer.problem().unwrap().code, Code::Misconfigured, "{path}");
    }
}

#[tokio::test]
async fn without_a_test_clock_setting_the_demo_build_goes_by_the_wall_clock() {
    let scene = Scene::with(|options| EdgeOptions { clock: None, ..options }).await.unwrap();

    assert_eq!(scene.edge.get("/test/clock").await.unwrap().status, 200);
}

#[tokio::test]
async fn the_demo_build_has_a_clock_that_can_be_set() {
    let scene = Scene::open().await.unwrap();

    scene.edge.set_clock("2021-05-10T15:05:00+02:00").await.unwrap();

    let clock = scene.edge.get("/test/clock").await.unwrap();
    assert!(clock.body.contains("2021-05-10T15:05:"), "{}", clock.body);
}

#[tokio::test]
async fn the_clock_says_how_fast_it_runs_and_refuses_what_is_no_speed() {
    let scene = Scene::open().await.unwrap();

    scene.edge.run_clock("2021-05-10T15:05:00+02:00", 60).await.unwrap();
    let clock: serde_json::Value = scene.edge.get("/test/clock").await.unwrap().document(200).unwrap();
    assert_eq!(clock["speed"], 60);
    assert!(scene.edge.set_clock("ieri").await.is_err());
    assert!(scene.edge.run_clock("2021-05-10T15:05:00+02:00", 3_601).await.is_err());

    let clock: serde_json::Value = scene.edge.get("/test/clock").await.unwrap().document(200).unwrap();
    assert_eq!(clock["speed"], 60);
    scene.edge.run_clock("2021-05-10T15:05:00+02:00", 0).await.unwrap();
    for _ in 0..2 {
        let clock: serde_json::Value = scene.edge.get("/test/clock").await.unwrap().document(200).unwrap();
        assert_eq!(clock["now"], "2021-05-10T15:05:00+02:00", "it stands");
    }
}

#[tokio::test]
async fn every_problem_type_leads_to_a_page_that_explains_it() {
    let scene = Scene::open().await.unwrap();

    for code in Code::ALL {
        let page = scene.edge.get(&format!("/problems/{}", code.as_str())).await.unwrap();
        assert_eq!(page.status, 200);
        assert!(page.body.contains(code.title()), "{}", page.body);
    }
}

async fn what_is_wrong(name: &'static str, value: Option<&str>) -> String {
    let health = broken(name, value).await.get("/healthz").await.unwrap();
    assert_eq!(health.status, 500, "{}", health.body);
    let problem = health.problem().unwrap();
    assert_eq!(problem.code, Code::Misconfigured);
    problem.detail
}

async fn broken(name: &'static str, value: Option<&str>) -> Edge {
    let options = EdgeOptions {
        bindings: vec![(name, value.map(Into::into))],
        ..EdgeOptions::trusting(issuer_at("https://portale.example"))
    };
    Edge::launch(options).await.unwrap()
}
