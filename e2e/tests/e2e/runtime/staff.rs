// SPDX-License-Identifier: EUPL-1.2
//! The staff sign in, at a provider that lies when it is told to: the table of attacks, and the ends of a session.

use std::time::{Duration, Instant};

use infocig_demo::{HANDOFF_TYPE, Person};
use infocig_e2e::{
    answer::Answer,
    desk::Desk,
    socket::Socket,
    staff::{Says, StaffScene, cookie_of},
    tokens::Claims,
    wait,
};
use infocig_protocol::{
    desk::DeskServerFrame,
    frame::ServerFrame,
    http::{ConversationOpened, DeskSessionOpened},
    problem::Code,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

#[tokio::test]
async fn a_sign_in_opens_the_desk_with_the_role_that_its_claims_give() {
    let scene = StaffScene::open().await.unwrap();
    let cookie = scene.sign_in().await.unwrap();
    let opened = scene.opened(&cookie).await.unwrap();
    assert_eq!((opened.advisor.as_str(), opened.supervisor), ("Giulia Ferri", false));
    let desk = desk(&scene, &opened).await;
    assert!(!desk.welcome.supervisor);

    scene.provider.claim(json!({ "sub": "ada", "name": "Ada Conti", "groups": ["cig-responsabili"] }));
    let opened = scene.opened(&scene.sign_in().await.unwrap()).await.unwrap();
    assert!(opened.supervisor);
    let report = supervision(&scene, "/v1/supervision/comments", &opened).await;
    assert_eq!(report.status, 200);
}

#[tokio::test]
async fn an_administrator_of_the_provider_publishes_and_an_advisor_of_it_does_not() {
    let scene = StaffScene::open().await.unwrap();
    let banner = json!({ "text": { "it": "Gli operatori non vedono i pagamenti." } });
    let url = format!("{}/v1/policy/banner", scene.edge.url());
    let put_up = async |opened: &DeskSessionOpened| {
        let asked = scene.edge.http().post(&url).bearer_auth(&opened.ticket).json(&banner);
        Answer::to(asked).await.unwrap()
    };
    let advisor = scene.opened(&scene.sign_in().await.unwrap()).await.unwrap();
    assert_eq!(put_up(&advisor).await.problem().unwrap().status, 403);

    scene.provider.claim(json!({ "sub": "anna", "name": "Anna Neri", "groups": ["cig-regole"] }));
    let administrator = scene.opened(&scene.sign_in().await.unwrap()).await.unwrap();
    let version: Value = put_up(&administrator).await.document(201).unwrap();
    assert_eq!(version["author"]["name"], json!("Anna Neri"), "{version}");
    let open = "/v1/availability?category=lavoratore&province=058&entry=myinps";
    let told = async || {
        let answer = scene.edge.get(open).await.unwrap();
        answer.body.contains("non vedono i pagamenti").then_some(())
    };
    wait::until_within(Duration::from_secs(5), "the banner everywhere", told).await.unwrap();
}

#[tokio::test]
async fn a_provider_that_does_not_answer_is_named_where_readiness_is_asked_for() {
    for (discovery, state) in [(json!({}), "ok"), (json!({ "issuer": "https://evil.example" }), "degraded")] {
        let scene = StaffScene::open().await.unwrap();
        scene.provider.say(Says { discovery, ..Says::default() });
        let ready: Value = scene.get("/readyz?check=provider", "").await.unwrap().document(200).unwrap();
        let [check] = &ready["checks"].as_array().unwrap()[..] else { panic!("{ready}") };
        assert_eq!((&check["check"], &check["state"]), (&json!("provider"), &json!(state)), "{ready}");
        assert_eq!(ready["status"], json!("ready"));
    }
}

#[tokio::test]
async fn every_attack_on_the_way_back_is_refused_and_its_reason_is_in_the_log() {
    let scene = StaffScene::open().await.unwrap();
    let other = scene.begin().await.unwrap();
    let elsewhere = other.get("state").to_owned();
    let attacks: [(&[(&str, &str)], &str); 9] = [
        (&[("state", "")], "state"),
        (&[("state", "made-up")], "state"),
        (&[("state", &elsewhere)], "state"),
        (&[("iss", "")], "iss-parameter"),
        (&[("iss", "https://evil.example")], "iss-parameter"),
        (&[("error", "access_denied"), ("code", "")], "denied"),
        (&[("error", "temporarily_unavailable"), ("code", "")], "provider-error"),
        (&[("code", "")], "no-code"),
        (&[("iss", "https://evil.example"), ("code", "stolen")], "iss-parameter"),
    ];
    for (changes, reason) in attacks {
        let sign_in = scene.begin().await.unwrap();
        refused(&scene, &scene.answer(&sign_in, changes).await.unwrap(), reason);
    }
    assert_eq!(scene.provider.asked(), 0, "none of these codes is sent anywhere");

    // Login CSRF: the answer to the attacker's sign-in, in a browser that began none, or another one.
    let without = scene.get(&format!("/v1/staff/callback?code=c&state={elsewhere}"), "").await.unwrap();
    refused(&scene, &without, "no-sign-in");
    let forged = scene.get("/v1/staff/callback?code=c&state=x", "infocig-sign-in=a.b.c").await.unwrap();
    refused(&scene, &forged, "no-sign-in");
}

#[tokio::test]
async fn every_lie_about_who_signed_in_is_refused_and_its_reason_is_in_the_log() {
    let scene = StaffScene::open().await.unwrap();
    let now = scene.provider.claims()["iat"].as_i64().unwrap();
    let lies: [(Value, &str); 18] = [
        (json!({ "nonce": "another" }), "token-nonce"),
        (json!({ "nonce": null }), "token-nonce"),
        (json!({ "iss": "https://evil.example" }), "token-issuer"),
        (json!({ "iss": format!("{}/other-tenant/v2.0", scene.provider.origin()) }), "token-issuer"),
        (json!({ "aud": "another-client" }), "token-audience"),
        (json!({ "aud": ["infocig", "another-client"] }), "token-azp"),
        (json!({ "azp": "another-client" }), "token-azp"),
        (json!({ "exp": now - 3_600 }), "token-expired"),
        (json!({ "iat": now - 3_600 }), "token-expired"),
        (json!({ "iat": now + 3_600 }), "token-not-yet-valid"),
        (json!({ "sub": null }), "token-subject"),
        (json!({ "at_hash": "AAAA" }), "token-at-hash"),
        (json!({ "acr": "spid:1" }), "token-acr"),
        (json!({ "acr": null }), "token-acr"),
        (json!({ "name": "" }), "no-name"),
        (json!({ "groups": ["cig-altrove"] }), "unknown-queue"),
        // Role escalation by claims that the mapping does not read.
        (
            json!({ "groups": ["supervisor"], "infocig_role": "supervisor", "role": "administrator" }),
            "no-role",
        ),
        (json!({ "groups": "cig-operatori cig-responsabili" }), "no-role"),
    ];
    for (claims, reason) in lies {
        scene.provider.claim(claims.clone());
        let sign_in = scene.begin().await.unwrap();
        let answer = scene.answer(&sign_in, &[]).await.unwrap();
        assert!(cookie_of(&answer, "infocig-staff").is_err(), "{claims}");
        refused(&scene, &answer, reason);
    }
}

#[tokio::test]
async fn every_forged_signature_is_refused_and_its_reason_is_in_the_log() {
    let scene = StaffScene::open().await.unwrap();
    let sign_in = scene.begin().await.unwrap();
    let unsigned = {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.", part(&json!({ "alg": "none" })), part(&scene.provider.claims()))
    };
    let secret = EncodingKey::from_secret(scene.provider.public_key().as_bytes());
    let confused =
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &scene.provider.claims(), &secret).unwrap();
    let logout = scene.provider.logout_token("giulia", &json!({})).unwrap();
    drop(sign_in);
    for (says, reason) in [
        (Says { forged: true, ..Says::default() }, "token-signature"),
        (Says { id_token: Some(unsigned), ..Says::default() }, "token-algorithm"),
        (Says { id_token: Some(confused), ..Says::default() }, "token-algorithm"),
        (Says { id_token: Some(logout), ..Says::default() }, "token-type"),
        (Says { typ: "at+jwt", ..Says::default() }, "token-type"),
        (Says { id_token: Some("a.b.c".into()), ..Says::default() }, "token-malformed"),
        (Says { refuses: Some(400), ..Says::default() }, "code-refused"),
        (Says { refuses: Some(302), ..Says::default() }, "provider-unreachable"),
    ] {
        scene.provider.say(says.clone());
        let sign_in = scene.begin().await.unwrap();
        let answer = scene.answer(&sign_in, &[]).await.unwrap();
        assert!(cookie_of(&answer, "infocig-staff").is_err(), "{says:?}");
        refused(&scene, &answer, reason);
    }
}

#[tokio::test]
async fn an_answer_is_used_once_also_where_the_provider_would_take_its_code_again() {
    let scene = StaffScene::open().await.unwrap();
    let sign_in = scene.begin().await.unwrap();
    let first = scene.answer(&sign_in, &[]).await.unwrap();
    assert_eq!(first.status, 303);
    refused(&scene, &scene.answer(&sign_in, &[]).await.unwrap(), "replayed");
    assert_eq!(scene.provider.asked(), 1);
}

#[tokio::test]
async fn nothing_in_an_address_says_where_to_go_next() {
    let scene = StaffScene::open().await.unwrap();
    for parameter in ["return", "next", "redirect_uri", "to", "url", "post_logout_redirect_uri"] {
        let path = format!("/v1/staff/sign-in?{parameter}=https://evil.example");
        let answer = scene.get(&path, "").await.unwrap();
        assert!(answer.header("location").starts_with(&format!("{}/authorize?", scene.provider.origin())));
        assert!(!answer.header("location").contains("evil"), "{answer:?}");

        let sign_in = scene.begin().await.unwrap();
        let answer = scene.answer(&sign_in, &[(parameter, "https://evil.example")]).await.unwrap();
        assert_eq!((answer.status, answer.header("location")), (303, "/console?lang=it"));
    }
}

#[tokio::test]
async fn a_discovery_document_of_somebody_else_leads_nowhere() {
    for (changes, reason) in [
        (json!({ "issuer": "https://evil.example" }), "discovery"),
        (json!({ "code_challenge_methods_supported": ["plain"] }), "discovery"),
        (json!({ "token_endpoint": "ftp://evil.example" }), "discovery"),
    ] {
        let scene = StaffScene::open().await.unwrap();
        scene.provider.say(Says { discovery: changes, ..Says::default() });
        let answer = scene.get("/v1/staff/sign-in", "").await.unwrap();
        assert_eq!(answer.status, 503);
        assert!(scene.log_says(reason), "{reason}");
    }
}

#[tokio::test]
async fn requests_that_change_something_are_believed_from_the_services_own_pages() {
    let scene = StaffScene::open().await.unwrap();
    let cookie = scene.sign_in().await.unwrap();
    let own = scene.edge.url();
    let page = scene.get("/console", &cookie).await.unwrap();
    assert!(page.body.contains("Giulia Ferri"));
    let form =
        page.body.split("name=\"form\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();

    for origin in ["https://evil.example", scene.provider.origin(), scene.issuer.origin(), "null"] {
        let answer = scene.post("/v1/staff/token", &cookie, origin, &[]).await.unwrap();
        assert_eq!(answer.problem().unwrap().code, Code::OriginNotAllowed, "{origin}");
    }
    for (origin, form) in
        [("https://evil.example", form.as_str()), (own.as_str(), ""), (own.as_str(), "made-up")]
    {
        let answer = scene.post("/v1/staff/sign-out", &cookie, origin, &[("form", form)]).await.unwrap();
        assert_eq!(answer.problem().unwrap().code, Code::OriginNotAllowed, "{origin} {form}");
    }
    assert_eq!(scene.token(&cookie).await.unwrap().status, 200, "the session stands");

    let answer = scene.post("/v1/staff/sign-out?lang=de", &cookie, &own, &[("form", &form)]).await.unwrap();
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("Sie sind von der Konsole abgemeldet"));
    assert!(answer.body.contains(&format!("0; url={}/out?id_token_hint=", scene.provider.origin())));
    assert_eq!(scene.token(&cookie).await.unwrap().status, 401);
    let console = scene.get("/console", &cookie).await.unwrap();
    assert!(!console.body.contains("Giulia Ferri"));
}

#[tokio::test]
async fn a_leavers_sockets_close_within_seconds_and_nothing_they_hold_opens_anything() {
    let scene = StaffScene::open().await.unwrap();
    let cookie = scene.sign_in().await.unwrap();
    let opened = scene.opened(&cookie).await.unwrap();
    let mut leaver = desk(&scene, &opened).await;
    let conversation = enters(&scene).await;
    let own = leaver.answer(&conversation.conversation).await.unwrap();
    let path = format!("/v1/conversations/{}/socket", own.conversation);
    let ticket = own.ticket.clone().unwrap();
    let mut chat: Socket<ServerFrame> =
        Socket::open(&ws(&scene, &path), &scene.edge.url(), &ticket).await.unwrap();
    chat.send(&hello(&ticket)).await.unwrap();
    chat.frame().await.unwrap();

    // Somebody else of the staff stays.
    scene.provider.claim(json!({ "sub": "marco", "name": "Marco Rossi", "sid": "sid-marco" }));
    let other = scene.sign_in().await.unwrap();
    let stays = desk(&scene, &scene.opened(&other).await.unwrap()).await;

    let asked = Instant::now();
    let token = scene.provider.logout_token("giulia", &json!({ "sid": "sid-giulia" })).unwrap();
    assert_eq!(scene.log_out(&token).await.unwrap().status, 200);
    let is_refused =
        |desk: &Desk| desk.refused.iter().any(|(code, _)| *code == Code::TicketExpired).then_some(());
    leaver.see("the refusal of a session that has ended", is_refused).await.unwrap();
    leaver.socket.ended().await.unwrap();
    chat.ended().await.unwrap();
    assert!(asked.elapsed().as_secs() < 5, "{:?}", asked.elapsed());

    assert_eq!(scene.token(&cookie).await.unwrap().status, 401, "the cookie");
    let mut again: Socket<DeskServerFrame> =
        Socket::open(&ws(&scene, &opened.socket), &scene.edge.url(), &opened.ticket).await.unwrap();
    again.send(&hello(&opened.ticket)).await.unwrap();
    let frame = again.frame().await.unwrap();
    assert!(
        matches!(&frame, DeskServerFrame::Refused { code: Code::TicketExpired, .. }),
        "the ticket: {frame:?}"
    );
    let mut again: Socket<ServerFrame> =
        Socket::open(&ws(&scene, &path), &scene.edge.url(), &ticket).await.unwrap();
    again.send(&hello(&ticket)).await.unwrap();
    let frame = again.frame().await.unwrap();
    assert!(matches!(&frame, ServerFrame::Refused { .. }), "the ticket of the conversation: {frame:?}");

    // The conversation waits again at once, and whoever is there is asked.
    let mut stays = stays;
    stays.see("the offer", |desk| desk.offered(&conversation.conversation)).await.unwrap();
    assert_eq!(scene.token(&other).await.unwrap().status, 200, "the others stay");
}

#[tokio::test]
async fn a_logout_token_that_is_none_ends_nothing() {
    let scene = StaffScene::open().await.unwrap();
    let cookie = scene.sign_in().await.unwrap();
    let good = |changes: &Value| scene.provider.logout_token("giulia", changes).unwrap();
    let event = "http://schemas.openid.net/event/backchannel-logout";
    let id_token = scene.provider.sign("JWT", &scene.provider.claims()).unwrap();
    for (token, reason) in [
        (String::new(), "token-malformed"),
        (id_token, "logout-claims"),
        (good(&json!({ "iss": "https://evil.example" })), "token-issuer"),
        (good(&json!({ "aud": "another" })), "token-audience"),
        (good(&json!({ "nonce": "x" })), "logout-claims"),
        (good(&json!({ "events": {} })), "logout-claims"),
        (good(&json!({ "events": { event: {} }, "sub": null })), "logout-claims"),
        (good(&json!({ "jti": null })), "logout-jti"),
        (good(&json!({ "iat": 1, "exp": 2 })), "token-expired"),
    ] {
        let answer = scene.log_out(&token).await.unwrap();
        assert_eq!(answer.status, 400, "{reason}");
        assert_eq!(answer.document::<Value>(400).unwrap()["error_description"], reason);
        assert!(scene.log_says(&format!("a logout token is refused: {reason}")), "{reason}");
    }
    assert_eq!(scene.token(&cookie).await.unwrap().status, 200);

    let token = good(&json!({}));
    assert_eq!(scene.log_out(&token).await.unwrap().status, 200);
    assert_eq!(scene.token(&cookie).await.unwrap().status, 401);
    // A token that comes again ends no session that began since.
    let newer = scene.sign_in().await.unwrap();
    assert_eq!(
        scene.log_out(&token).await.unwrap().document::<Value>(400).unwrap()["error_description"],
        "replayed"
    );
    assert_eq!(scene.token(&newer).await.unwrap().status, 200);
}

#[tokio::test]
async fn an_end_survives_a_power_cut_before_it_reaches_the_desk_and_after() {
    let mut scene = StaffScene::open().await.unwrap();
    let cookie = scene.sign_in().await.unwrap();
    let opened = scene.opened(&cookie).await.unwrap();
    drop(desk(&scene, &opened).await);
    let token = scene.provider.logout_token("giulia", &json!({})).unwrap();
    assert_eq!(scene.log_out(&token).await.unwrap().status, 200);
    scene.edge.restart().await.unwrap();

    assert_eq!(scene.token(&cookie).await.unwrap().status, 401);
    wait::until("the desk's refusal of a ticket whose session has ended", async || {
        let mut socket: Socket<DeskServerFrame> =
            Socket::open(&ws(&scene, &opened.socket), &scene.edge.url(), &opened.ticket).await.ok()?;
        socket.send(&hello(&opened.ticket)).await.ok()?;
        matches!(socket.frame().await.ok()?, DeskServerFrame::Refused { code: Code::TicketExpired, .. })
            .then_some(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_session_is_renewed_silently_by_one_request_at_a_time() {
    let scene = StaffScene::open().await.unwrap();
    let cookie = scene.sign_in().await.unwrap();
    assert_eq!(scene.token(&cookie).await.unwrap().status, 200);
    assert_eq!(scene.provider.asked(), 1, "it was confirmed just now");

    scene.edge.set_clock("2026-11-23T15:28:00+01:00").await.unwrap();
    let renewals = [(); 6].map(|()| scene.token(&cookie));
    for answer in futures_util::future::join_all(renewals).await {
        assert_eq!(answer.unwrap().status, 200);
    }
    assert_eq!(scene.provider.asked(), 2, "a refresh token is presented once");
    assert_eq!(scene.provider.received("grant_type").as_deref(), Some("refresh_token"));
    assert_eq!(scene.provider.received("refresh_token").as_deref(), Some("refresh-1"));

    scene.edge.set_clock("2026-11-23T15:36:00+01:00").await.unwrap();
    assert_eq!(scene.token(&cookie).await.unwrap().status, 200);
    assert_eq!(scene.provider.received("refresh_token").as_deref(), Some("refresh-2"), "the newer one");
    scene.edge.set_clock("2026-11-24T03:21:00+01:00").await.unwrap();
    assert_eq!(scene.token(&cookie).await.unwrap().status, 401, "after twelve hours one signs in anew");
}

#[tokio::test]
async fn a_session_that_the_provider_does_not_renew_ends_and_its_sockets_close() {
    for (says, reason) in [
        (Says { refuses: Some(400), ..Says::default() }, "renewal-refused"),
        (Says { claims: json!({ "groups": [] }), ..Says::default() }, "no-role"),
        (Says { claims: json!({ "sub": "marco" }), ..Says::default() }, "token-subject"),
        (Says { claims: json!({ "iss": "https://evil.example" }), ..Says::default() }, "token-issuer"),
        (Says { forged: true, ..Says::default() }, "token-signature"),
    ] {
        let scene = StaffScene::open().await.unwrap();
        let cookie = scene.sign_in().await.unwrap();
        let mut desk = desk(&scene, &scene.opened(&cookie).await.unwrap()).await;
        scene.edge.set_clock("2026-11-23T15:28:00+01:00").await.unwrap();
        scene.provider.say(says);
        assert_eq!(scene.token(&cookie).await.unwrap().status, 401, "{reason}");
        assert!(scene.log_says(&format!("a session is not renewed: {reason}")), "{reason}");
        desk.socket.ended().await.unwrap();
    }
}

#[tokio::test]
async fn a_renewal_takes_new_roles_and_needs_no_id_token() {
    let scene = StaffScene::open().await.unwrap();
    let cookie = scene.sign_in().await.unwrap();
    assert!(!scene.opened(&cookie).await.unwrap().supervisor);
    scene.edge.set_clock("2026-11-23T15:28:00+01:00").await.unwrap();
    let refreshed = json!({ "groups": ["cig-responsabili"], "nonce": null, "acr": null, "name": null });
    scene.provider.claim(refreshed);
    let opened = scene.opened(&cookie).await.unwrap();
    assert!(opened.supervisor && opened.advisor == "Giulia Ferri");

    scene.edge.set_clock("2026-11-23T15:36:00+01:00").await.unwrap();
    scene.provider.say(Says { id_token: Some(String::new()), ..Says::default() });
    assert!(scene.opened(&cookie).await.unwrap().supervisor, "nothing new was said of their roles");
}

#[tokio::test]
async fn while_the_provider_does_not_answer_a_session_stands_for_the_rest_of_its_time() {
    let scene = StaffScene::open().await.unwrap();
    let cookie = scene.sign_in().await.unwrap();
    scene.provider.say(Says { refuses: Some(503), ..Says::default() });
    scene.edge.set_clock("2026-11-23T15:30:00+01:00").await.unwrap();
    assert_eq!(scene.token(&cookie).await.unwrap().status, 200);
    scene.edge.set_clock("2026-11-23T15:36:00+01:00").await.unwrap();
    assert_eq!(scene.token(&cookie).await.unwrap().status, 503, "the console asks again");
    scene.provider.say(Says::default());
    assert_eq!(scene.token(&cookie).await.unwrap().status, 200, "nobody was signed out");
}

#[tokio::test]
async fn a_provider_without_refresh_tokens_gives_a_session_its_time_once() {
    let scene = StaffScene::open().await.unwrap();
    scene.provider.say(Says { refreshes: false, ..Says::default() });
    let cookie = scene.sign_in().await.unwrap();
    scene.edge.set_clock("2026-11-23T15:34:00+01:00").await.unwrap();
    assert_eq!(scene.token(&cookie).await.unwrap().status, 200);
    scene.edge.set_clock("2026-11-23T15:36:00+01:00").await.unwrap();
    assert_eq!(scene.token(&cookie).await.unwrap().status, 401);
}

#[tokio::test]
async fn a_ticket_ends_with_the_session_that_it_was_given_for() {
    let scene = StaffScene::open().await.unwrap();
    let cookie = scene.sign_in().await.unwrap();
    let opened = scene.opened(&cookie).await.unwrap();
    scene.edge.set_clock("2026-11-23T15:37:00+01:00").await.unwrap();
    let mut socket: Socket<DeskServerFrame> =
        Socket::open(&ws(&scene, &opened.socket), &scene.edge.url(), &opened.ticket).await.unwrap();
    socket.send(&hello(&opened.ticket)).await.unwrap();
    let frame = socket.frame().await.unwrap();
    assert!(matches!(&frame, DeskServerFrame::Refused { code: Code::TicketExpired, .. }), "{frame:?}");
}

#[tokio::test]
async fn an_auditor_reads_the_audit_trail_and_opens_no_desk() {
    let scene = StaffScene::open().await.unwrap();
    scene.provider.claim(json!({ "sub": "rita", "name": "Rita Neri", "groups": ["cig-revisori"] }));
    let cookie = scene.sign_in().await.unwrap();
    let opened = scene.opened(&cookie).await.unwrap();
    assert!(!opened.supervisor);

    assert_eq!(supervision(&scene, "/v1/supervision/audit", &opened).await.status, 200);
    for path in ["/v1/supervision/conversations", "/v1/supervision/comments", "/v1/desk/segnalazioni"] {
        let refused = supervision(&scene, path, &opened).await;
        assert_eq!(refused.problem().unwrap().code, Code::NotSupervisor, "{path}");
    }
    let mut socket: Socket<DeskServerFrame> =
        Socket::open(&ws(&scene, &opened.socket), &scene.edge.url(), &opened.ticket).await.unwrap();
    socket.send(&hello(&opened.ticket)).await.unwrap();
    let frame = socket.frame().await.unwrap();
    assert!(matches!(&frame, DeskServerFrame::Refused { code: Code::TicketInvalid, .. }), "{frame:?}");

    let token = scene.provider.logout_token("rita", &json!({})).unwrap();
    assert_eq!(scene.log_out(&token).await.unwrap().status, 200);
    let refused = supervision(&scene, "/v1/supervision/audit", &opened).await;
    assert_eq!(refused.problem().unwrap().code, Code::TicketExpired, "the session is asked about each time");
}

#[tokio::test]
async fn without_the_setting_nobody_signs_in_here() {
    let scene = StaffScene::open().await.unwrap();
    let plain = infocig_e2e::scene::Scene::open().await.unwrap();
    for path in ["/console", "/v1/staff/sign-in", "/v1/staff/callback"] {
        assert_eq!(plain.edge.get(path).await.unwrap().problem().unwrap().code, Code::NotFound, "{path}");
    }
    assert_eq!(scene.get("/console", "").await.unwrap().status, 200);
}

/// A refused sign-in: a page that says why, the reason on it and in the log.
#[track_caller]
fn refused(scene: &StaffScene, answer: &Answer, reason: &str) {
    assert!([403, 503].contains(&answer.status), "{reason}: {answer:?}");
    assert!(answer.header("content-type").starts_with("text/html"), "{reason}");
    assert!(answer.body.contains(&format!("<code>{reason}</code>")), "{reason}: {}", answer.body);
    assert!(scene.log_says(&format!("a sign-in is refused: {reason}")), "{reason} is not in the log");
}

async fn desk(scene: &StaffScene, opened: &DeskSessionOpened) -> Desk {
    let socket = Socket::open(&ws(scene, &opened.socket), &scene.edge.url(), &opened.ticket).await.unwrap();
    Desk::join(socket, opened).await.unwrap()
}

async fn enters(scene: &StaffScene) -> ConversationOpened {
    let person = Person::by_id("worker-napoli").unwrap();
    let claims = Claims::of_person(person, scene.issuer.origin(), &scene.edge.url()).unwrap();
    let token = scene.issuer.sign(HANDOFF_TYPE, &claims).unwrap();
    let url = format!("{}/v1/conversations", scene.edge.url());
    let request = scene.edge.http().post(url).header("origin", scene.issuer.origin()).bearer_auth(token);
    Answer::to(request).await.unwrap().document(201).unwrap()
}

async fn supervision(scene: &StaffScene, path: &str, opened: &DeskSessionOpened) -> Answer {
    let url = format!("{}{path}", scene.edge.url());
    Answer::to(scene.edge.http().get(url).bearer_auth(&opened.ticket)).await.unwrap()
}

fn ws(scene: &StaffScene, path: &str) -> String {
    format!("{}{path}", scene.edge.ws_url())
}

fn hello(ticket: &str) -> Value {
    json!({ "hello": { "version": 2, "ticket": ticket } })
}
