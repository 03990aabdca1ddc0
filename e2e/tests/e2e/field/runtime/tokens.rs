// SPDX-License-Identifier: EUPL-1.2
//! Invalid tokens: each is refused with its own reason, and no state is created.

use infocig_demo::{ADVISOR_TYPE, HANDOFF_TYPE, Signer};
use infocig_e2e::{
    edge::EdgeOptions,
    issuer::Issuer,
    scene::Scene,
    tokens::{Claims, signed_with_the_public_key, unsigned},
};
use infocig_protocol::problem::Code;

#[tokio::test]
async fn each_bad_token_is_refused_for_its_own_reason_and_nothing_suffers() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    citizen.post_message("Prima").await.unwrap();
    let claims = scene.claims("worker-roma").unwrap();
    let sign = |claims: Claims| scene.token(&claims).unwrap();
    let signer = scene.issuer.signer();
    let stranger = Signer::generate().unwrap();

    let mut signed_by_a_stranger = stranger.sign(HANDOFF_TYPE, claims.as_value()).unwrap();
    check(&scene, Some(&signed_by_a_stranger), Code::TokenSignature).await;
    // The issuer's header with the signature of another key.
    let good = sign(claims.clone());
    let (_, signature) = signed_by_a_stranger.rsplit_once('.').unwrap();
    let (signed_part, _) = good.rsplit_once('.').unwrap();
    signed_by_a_stranger = format!("{signed_part}.{signature}");
    check(&scene, Some(&signed_by_a_stranger), Code::TokenSignature).await;

    check(&scene, None, Code::TokenMissing).await;
    check(&scene, Some("garbage"), Code::TokenMalformed).await;
    check(&scene, Some("a.b.c"), Code::TokenMalformed).await;
    check(&scene, Some(&unsigned(&claims, signer.kid())), Code::TokenUnsigned).await;
    let confused = signed_with_the_public_key(&claims, signer.kid(), signer.public_key_pem()).unwrap();
    check(&scene, Some(&confused), Code::TokenAlgorithm).await;
    let expired = sign(claims.clone().alive(-300, -180));
    check(&scene, Some(&expired), Code::TokenExpired).await;
    let elsewhere = sign(claims.clone().with("aud", "https://altrove.example"));
    check(&scene, Some(&elsewhere), Code::TokenAudience).await;
    let another = sign(claims.clone().with("iss", "https://altrove.example"));
    check(&scene, Some(&another), Code::TokenIssuer).await;

    assert_eq!(scene.edge.get("/healthz").await.unwrap().status, 200);
    let again = scene.enter_again("worker-roma").await.unwrap();
    assert_eq!(again.conversation, opened.conversation);
    citizen.post_message("Dopo").await.unwrap();
    assert_eq!(scene.chat(&again).await.unwrap().log, citizen.log);
}

#[tokio::test]
async fn a_token_for_another_purpose_or_for_too_long_is_refused() {
    let scene = Scene::open().await.unwrap();
    let claims = scene.claims("worker-roma").unwrap();
    let token = |claims: &Claims| scene.token(claims).unwrap();

    for typ in [ADVISOR_TYPE, "JWT", "infocig-ticket+jwt"] {
        let wrong = scene.issuer.sign(typ, &claims).unwrap();
        check(&scene, Some(&wrong), Code::TokenType).await;
    }
    check(&scene, Some(&token(&claims.clone().alive(0, 121))), Code::TokenTooLongLived).await;
    check(&scene, Some(&token(&claims.clone().alive(90, 200))), Code::TokenNotYetValid).await;
    let huge = token(&claims.clone().with("given_name", "x".repeat(20_000)));
    check(&scene, Some(&huge), Code::TokenMalformed).await;
}

#[tokio::test]
async fn a_token_that_lacks_a_claim_or_bends_one_is_refused() {
    let scene = Scene::open().await.unwrap();
    let worker = scene.claims("worker-roma").unwrap();
    let owner = scene.claims("titolare-milano").unwrap();

    for claim in [
        "aud",
        "exp",
        "iat",
        "jti",
        "sub",
        "client_id",
        "infocig_role",
        "infocig_province",
        "given_name",
        "family_name",
    ] {
        let token = scene.token(&worker.clone().without(claim)).unwrap();
        check(&scene, Some(&token), Code::TokenClaim).await;
    }
    for (claim, value) in
        [("sub", ""), ("jti", ""), ("infocig_role", "medico"), ("client_id", "altro"), ("exp", "domani")]
    {
        let token = scene.token(&worker.clone().with(claim, value)).unwrap();
        check(&scene, Some(&token), Code::TokenClaim).await;
    }
    let nameless = worker.clone().with("given_name", " ").with("family_name", "");
    check(&scene, Some(&scene.token(&nameless).unwrap()), Code::TokenClaim).await;
    let unproven = worker.without("acr").without("amr");
    check(&scene, Some(&scene.token(&unproven).unwrap()), Code::TokenClaim).await;
    let for_nobody = owner.without("https://attributes.eid.gov.it/company_name");
    check(&scene, Some(&scene.token(&for_nobody).unwrap()), Code::TokenClaim).await;
}

#[tokio::test]
async fn an_issuer_that_cannot_be_reached_is_not_the_persons_fault() {
    let gone = Issuer::start().await.unwrap();
    let setting = gone.setting();
    let scene = Scene::with(|options| EdgeOptions {
        issuers: [options.issuers[0].clone(), setting].into_iter().collect(),
        ..options
    })
    .await
    .unwrap();
    let claims = scene.claims("worker-roma").unwrap().with("iss", gone.origin());
    let token = gone.sign(HANDOFF_TYPE, &claims).unwrap();

    drop(gone);
    infocig_e2e::wait::until("the issuer is gone", async || {
        let answer = scene.present(Some(&token)).await.unwrap();
        (answer.status == 503).then_some(())
    })
    .await
    .unwrap();

    let answer = scene.present(Some(&token)).await.unwrap();
    assert_eq!(answer.problem().unwrap().code, Code::IssuerUnreachable);
    assert_eq!(answer.header("retry-after"), "5");
    scene.enter("worker-roma").await.unwrap();
}

#[tokio::test]
async fn a_key_set_of_more_than_256_kib_is_not_used() {
    let largest = 256 * 1024 - 4_096;
    for (padding, status) in [(largest, 201), (256 * 1024, 503)] {
        let issuer = Issuer::start_with_padding(padding).await.unwrap();
        let setting = issuer.setting();
        let scene = Scene::with(|options| EdgeOptions {
            issuers: [options.issuers[0].clone(), setting].into_iter().collect(),
            ..options
        })
        .await
        .unwrap();
        let claims = scene.claims("worker-roma").unwrap().with("iss", issuer.origin());
        let token = issuer.sign(HANDOFF_TYPE, &claims).unwrap();

        assert_eq!(scene.present(Some(&token)).await.unwrap().status, status, "{padding} bytes of blanks");
    }
}

#[tokio::test]
async fn forged_tokens_do_not_make_the_edge_ask_the_issuer_again_and_again() {
    let scene = Scene::open().await.unwrap();
    let stranger = Signer::generate().unwrap();
    let claims = scene.claims("worker-roma").unwrap();
    let forged = stranger.sign(HANDOFF_TYPE, claims.as_value()).unwrap();

    let attempts = (0..30).map(|_| scene.present(Some(&forged)));
    for answer in futures_util::future::join_all(attempts).await {
        assert_eq!(answer.unwrap().problem().unwrap().code, Code::TokenSignature);
    }

    // Once, or twice if the machine was slower than the pause.
    assert!((1..=2).contains(&scene.issuer.asked()), "asked {} times", scene.issuer.asked());
    scene.enter("worker-roma").await.unwrap();
}

async fn check(scene: &Scene, token: Option<&str>, expected: Code) {
    let answer = scene.present(token).await.unwrap();
    let problem = answer.problem().unwrap();
    assert_eq!(problem.code, expected, "{}", problem.detail);
    assert_eq!(answer.status, 401);
    assert_eq!(problem.kind, format!("{}/problems/{}", scene.edge.url(), expected.as_str()));
    assert!(answer.header("www-authenticate").starts_with("Bearer"));
}
