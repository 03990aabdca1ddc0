// SPDX-License-Identifier: EUPL-1.2
//! Admission: people, instants and origins, and the refusals of the others.

use std::fs;

use infocig_e2e::{answer::Answer, artefacts, edge::EdgeOptions, scene::Scene, socket::Socket};
use infocig_protocol::{
    frame::ServerFrame,
    http::{Admission, ConversationOpened, Verdict},
    problem::Code,
};
use reqwest::Method;

#[tokio::test]
async fn on_a_saturday_nobody_enters_and_the_refusal_has_the_next_opening() {
    let scene = Scene::at("2026-11-21T16:00:00+01:00").await.unwrap();

    let answer = scene.ask(&scene.claims("worker-roma").unwrap()).await.unwrap();

    assert_eq!(answer.status, 403);
    let admission = refusal(&answer, Code::OutsideHours);
    assert_eq!(admission.opens.as_deref(), Some("2026-11-23T15:00:00+01:00"));
    assert_eq!(admission.verdict, Verdict::Closed);
    assert!(!admission.channels.is_empty(), "a closed door names other channels");
}

#[tokio::test]
async fn a_holiday_is_named_as_such() {
    let scene = Scene::at("2026-12-08T15:30:00+01:00").await.unwrap();

    let answer = scene.ask(&scene.claims("worker-roma").unwrap()).await.unwrap();

    let admission = refusal(&answer, Code::Holiday);
    assert_eq!(admission.opens.as_deref(), Some("2026-12-09T15:00:00+01:00"));
}

#[tokio::test]
async fn the_service_opens_at_its_first_second_and_closes_after_its_last() {
    let scene = Scene::open().await.unwrap();
    for (instant, expected) in [
        ("2026-11-24T14:59:50+01:00", 403),
        ("2026-11-24T15:00:00+01:00", 201),
        ("2026-11-24T17:59:50+01:00", 201),
        ("2026-11-24T18:00:00+01:00", 403),
    ] {
        scene.edge.set_clock(instant).await.unwrap();
        let claims = scene.claims("worker-roma").unwrap().with("sub", instant);
        assert_eq!(scene.ask(&claims).await.unwrap().status, expected, "{instant}");
    }
}

#[tokio::test]
async fn in_december_2022_a_company_of_milano_enters_and_one_of_torino_is_told_since_when() {
    let scene = Scene::at("2022-12-15T15:30:00+01:00").await.unwrap();
    let milano = scene.claims("titolare-milano").unwrap();
    let torino = milano.clone().with("infocig_province", "001").with("matricola_inps", "9900000001");

    let _entered: ConversationOpened = scene.ask(&milano).await.unwrap().document(201).unwrap();
    let answer = scene.ask(&torino).await.unwrap();

    assert_eq!(answer.status, 403);
    let admission = refusal(&answer, Code::NotInProvince);
    assert_eq!(admission.verdict, Verdict::NotEligible);
    assert_eq!(admission.opens.as_deref(), Some("2023-02-13T15:00:00+01:00"));
    scene.edge.set_clock("2023-02-13T15:30:00+01:00").await.unwrap();
    let _entered: ConversationOpened =
        scene.ask(&torino.with("sub", "di nuovo").alive(0, 120)).await.unwrap().document(201).unwrap();
}

#[tokio::test]
async fn a_weak_sign_in_is_refused_at_every_hour() {
    let scene = Scene::open().await.unwrap();

    let answer = scene.ask(&scene.claims("worker-spid1").unwrap()).await.unwrap();

    assert_eq!(answer.status, 403);
    let admission = refusal(&answer, Code::CredentialTooWeak);
    assert_eq!(admission.verdict, Verdict::CredentialTooWeak);
}

#[tokio::test]
async fn a_province_that_does_not_exist_is_a_mistake_of_the_portal() {
    let scene = Scene::open().await.unwrap();
    for province in ["999", "", "58", "Roma", "0580"] {
        let claims = scene.claims("worker-roma").unwrap().with("infocig_province", province);

        let answer = scene.ask(&claims).await.unwrap();

        assert_eq!(answer.status, 422, "{province:?}: {}", answer.body);
        refusal(&answer, Code::UnknownProvince);
    }
}

#[tokio::test]
async fn workers_enter_from_their_own_portal() {
    let scene = Scene::open().await.unwrap();
    let claims = scene.claims("worker-roma").unwrap().with("client_id", "cassetto-previdenziale");

    let answer = scene.ask(&claims).await.unwrap();

    refusal(&answer, Code::NotFromEntryPoint);
}

#[tokio::test]
async fn availability_is_public() {
    let scene = Scene::open().await.unwrap();
    let availability = async |query: &str| scene.edge.get(&format!("/v1/availability{query}")).await.unwrap();

    let open: Admission = availability("?category=lavoratore").await.document(200).unwrap();
    assert_eq!((open.verdict, open.code), (Verdict::Open, Code::Open));
    assert_eq!(open.closes.as_deref(), Some("2026-11-23T18:00:00+01:00"));
    for wrong in ["", "?category=", "?category=medico", "?category=lavoratore&entry=bar"] {
        let answer = availability(wrong).await;
        assert_eq!(answer.status, 400, "{wrong}");
        assert_eq!(answer.problem().unwrap().code, Code::RequestInvalid, "{wrong}");
    }
    scene.edge.set_clock("2026-11-21T10:00:00+01:00").await.unwrap();
    let closed: Admission = availability("?category=lavoratore").await.document(200).unwrap();
    assert_eq!(closed.opens.as_deref(), Some("2026-11-23T15:00:00+01:00"));
}

#[tokio::test]
async fn availability_is_in_the_requested_language() {
    let scene = Scene::at("2026-11-27T19:00:00+01:00").await.unwrap();
    let asked = async |query: &str, accepted: Option<&str>| {
        let url = format!("{}/v1/availability?category=lavoratore{query}", scene.edge.url());
        let request = scene.edge.http().get(url);
        let answer = Answer::to(match accepted {
            Some(accepted) => request.header("accept-language", accepted),
            None => request,
        });
        answer.await.unwrap()
    };
    let said = |answer: &Answer| answer.document::<Admission>(200).unwrap().message;

    let italian = asked("", None).await;
    assert_eq!(said(&italian), "Il servizio adesso è chiuso. Torna lunedì 30 novembre alle 15:00.");
    assert_eq!((italian.header("content-language"), italian.header("vary")), ("it", "accept-language"));
    let german = asked("&lang=de-IT", Some("sl")).await;
    assert!(said(&german).contains("am Montag, 30. November, um 15:00 Uhr"), "{}", german.body);
    assert_eq!(german.header("content-language"), "de");
    let slovene = asked("", Some("pt, sl;q=0.8, it;q=0.5")).await;
    assert!(said(&slovene).contains("v ponedeljek, 30. novembra, ob 15:00"), "{}", slovene.body);
    assert!(said(&asked("&lang=pt", Some("sl")).await).contains("chiuso"), "a language nobody speaks here");
}

#[tokio::test]
async fn a_refusal_speaks_the_language_that_was_asked_for_or_that_of_the_portal_or_of_the_browser() {
    let scene = Scene::at("2026-11-27T19:00:00+01:00").await.unwrap();
    let claims = scene.claims("worker-roma").unwrap();
    for (locale, query, accepted, expected) in [
        (Some("de"), "?lang=fr", "sl", "fr"),
        (Some("de"), "", "sl", "de"),
        (Some("pt"), "", "sl", "it"),
        (None, "", "sl", "sl"),
        (None, "", "pt", "it"),
    ] {
        let claims = claims.clone().without("locale");
        let claims = locale.map_or(claims.clone(), |locale| claims.with("locale", locale));
        let url = format!("{}/v1/conversations{query}", scene.edge.url());
        let request = scene.edge.http().post(url).header("origin", scene.issuer.origin());
        let request = request.header("accept-language", accepted).bearer_auth(scene.token(&claims).unwrap());
        let answer = Answer::to(request).await.unwrap();

        assert_eq!(answer.header("content-language"), expected, "{locale:?} {query} {accepted}");
        let varies: Vec<_> =
            answer.headers.get_all("vary").iter().map(|vary| vary.to_str().unwrap()).collect();
        assert!(
            varies.join(",").contains("accept-language") && varies.join(",").contains("origin"),
            "{varies:?}"
        );
        let message = refusal(&answer, Code::OutsideHours).message;
        assert_eq!(message.contains("chiuso"), expected == "it", "{message}");
    }
}

#[tokio::test]
async fn after_the_last_admission_only_open_conversations_go_on() {
    let policy = fs::read_to_string(artefacts::policy().unwrap()).unwrap();
    let policy = policy.replace("\"last_admission_minutes\": 0", "\"last_admission_minutes\": 15");
    let bindings = vec![("POLICY", Some(policy))];
    let scene = Scene::with(|options| EdgeOptions { bindings, ..options }).await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let _inside = scene.chat(&opened).await.unwrap();

    scene.edge.set_clock("2026-11-23T17:45:00+01:00").await.unwrap();

    let again = scene.enter_again("worker-roma").await.unwrap();
    assert_eq!(again.conversation, opened.conversation);
    let answer = scene.ask(&scene.claims("worker-napoli").unwrap()).await.unwrap();
    let admission = refusal(&answer, Code::OnlyOngoing);
    assert_eq!(admission.verdict, Verdict::OnlyOngoing);
    assert_eq!(admission.opens.as_deref(), Some("2026-11-24T15:00:00+01:00"));
    assert_eq!(admission.closes.as_deref(), Some("2026-11-23T18:00:00+01:00"));
}

#[tokio::test]
async fn pages_of_a_foreign_origin_may_use_nothing() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let foreign = "https://altrove.example";

    let token = scene.token(&scene.claims("worker-roma").unwrap()).unwrap();
    let url = format!("{}/v1/conversations", scene.edge.url());
    let request = scene.edge.http().post(url).header("origin", foreign).bearer_auth(token);
    let posted = Answer::to(request).await.unwrap();
    let knocked = Socket::<ServerFrame>::try_socket(&scene.ws(&opened.socket), foreign, Some(&opened.ticket))
        .await
        .unwrap()
        .expect_err("a socket from a foreign page");

    for answer in [posted, knocked] {
        assert_eq!(answer.status, 403);
        assert_eq!(answer.problem().unwrap().code, Code::OriginNotAllowed);
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
}

#[tokio::test]
async fn pages_of_the_portal_may_read_answers_and_refusals() {
    let scene = Scene::open().await.unwrap();

    let answer = scene.ask(&scene.claims("worker-roma").unwrap()).await.unwrap();
    let refused = scene.present(None).await.unwrap();

    for answer in [answer, refused] {
        assert_eq!(answer.header("access-control-allow-origin"), scene.issuer.origin());
        assert_eq!(answer.header("cache-control"), "no-store, no-transform");
    }
}

/// Kind: an answer that a shared cache keeps is given to somebody it was not made for.
#[tokio::test]
async fn a_shared_cache_may_keep_availability_for_seconds_and_only_for_equal_requests() {
    let scene = Scene::open().await.unwrap();
    let url = format!("{}/v1/availability?category=lavoratore", scene.edge.url());

    let request = scene.edge.http().get(url).header("origin", scene.issuer.origin());
    let answer = Answer::to(request).await.unwrap();

    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), "public, max-age=0, s-maxage=5, no-transform");
    for header in ["origin", "accept-language"] {
        assert!(answer.header("vary").contains(header), "{}", answer.header("vary"));
    }
}

fn refusal(answer: &Answer, expected: Code) -> Admission {
    let problem = answer.problem().unwrap();
    assert_eq!(problem.code, expected, "{}", answer.body);
    let admission = problem.admission.expect("a refused entry says why");
    assert_eq!(admission.code, expected);
    admission
}

/// Kind: one person who opens many conversations. The limit applies to the person, not to their address.
#[tokio::test]
async fn one_person_begins_six_conversations_in_half_an_hour_and_others_as_many() {
    let scene = Scene::open().await.unwrap();
    for _ in 0..6 {
        let opened = scene.enter("worker-roma").await.unwrap();
        let mut citizen = scene.chat(&opened).await.unwrap();
        citizen.close().await.unwrap();
        citizen.listen().await.unwrap();
    }

    let answer = scene.ask(&scene.claims("worker-roma").unwrap()).await.unwrap();

    assert_eq!(answer.status, 429);
    let admission = refusal(&answer, Code::TooOften);
    assert!(admission.opens.is_some() && !admission.channels.is_empty(), "{admission:?}");
    assert!(admission.message.starts_with("Hai già iniziato più conversazioni"), "{}", admission.message);
    scene.enter("worker-napoli").await.unwrap();
}

/// Kind: agents on the page that add headers to every request.
#[tokio::test]
async fn headers_that_an_agent_on_the_page_adds_are_allowed_and_ignored() {
    let scene = Scene::open().await.unwrap();
    let client = scene.edge.http();
    for path in ["/v1/conversations", "/info-cig.js"] {
        let request = client.request(Method::OPTIONS, format!("{}{path}", scene.edge.url()));
        let request = request.header("origin", scene.issuer.origin());
        let request = request.header("access-control-request-method", "POST");
        let asked = request.header("access-control-request-headers", "authorization,baggage,traceparent");

        let answer = Answer::to(asked).await.unwrap();

        assert_eq!(
            (answer.status, answer.header("access-control-allow-origin")),
            (204, scene.issuer.origin())
        );
        let allowed = answer.header("access-control-allow-headers");
        assert_eq!(allowed, "authorization, content-type, baggage, traceparent", "{path}");
    }
    let token = scene.token(&scene.claims("worker-roma").unwrap()).unwrap();
    let request = client.post(format!("{}/v1/conversations", scene.edge.url())).bearer_auth(token);
    let request =
        request.header("origin", scene.issuer.origin()).header("traceparent", "00-0af7651916cd43dd-01");
    assert_eq!(Answer::to(request).await.unwrap().status, 201);
}
