// SPDX-License-Identifier: EUPL-1.2
//! Every check of a sign-in by itself, with an independent signer: a good one passes, and one wrong thing is refused by its word.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use infocig_domain::{
    desk::fit::Profile,
    staff::{Right, StaffRole},
};
use infocig_protocol::{language::Language, person::Category, time::Timestamp};
use jsonwebtoken::{Algorithm, EncodingKey, jwk::JwkSet};
use p256::{SecretKey, elliptic_curve::sec1::ToEncodedPoint, pkcs8::EncodePrivateKey};
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    SignInRefusal,
    client::{self, Grant},
    flow::{Answer, Flow, LIFETIME_S, redirect_uri},
    id_token::{self, Expected},
    logout_token, mapping,
    provider::{self, Provider},
    session::{Cookie, Secret, StaffToken},
};
use crate::{
    auth::jws::read_keys,
    settings::{Settings, Staff},
};

const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const OURS: u8 = 7;
const NOW_S: i64 = 1_795_442_400;

// --- the way there and back

#[test]
fn a_sign_in_leads_to_the_provider_with_everything_that_binds_its_answer() {
    let (staff, provider) = (staff(), provider());
    let address = flow().address(&provider, &staff, ORIGIN, KEY);
    let (endpoint, query) = address.split_once('?').unwrap();
    let all: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let get = |name: &str| {
        let mut found = all.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        (found.next().unwrap_or_default(), found.next())
    };

    assert_eq!(endpoint, "https://login.example/authorize");
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "infocig"),
        ("redirect_uri", "https://chat.example/v1/staff/callback"),
        ("scope", "openid profile"),
        ("code_challenge_method", "S256"),
        ("acr_values", "spid:2 spid:3"),
        ("ui_locales", "de"),
    ] {
        assert_eq!(get(name), (value, None), "{name}");
    }
    let (_, secrets) = flow().accept(answer(&state()), &provider, KEY, at(1)).unwrap();
    assert_eq!((get("state").0, get("nonce").0), (secrets.state.as_str(), secrets.nonce.as_str()));
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&secrets.verifier));
    assert_eq!(get("code_challenge").0, challenge);
    assert!((43..=128).contains(&secrets.verifier.len()), "as RFC 7636, 4.1 asks");
    assert!(!address.contains(&secrets.verifier), "the verifier stays here");
}

#[test]
fn no_two_sign_ins_and_no_two_purposes_share_a_secret() {
    let values = ["f1", "f2"].map(|id| {
        let flow = Flow::begin(id.into(), &staff(), None, at(0));
        let state = state_of(&flow);
        let (_, secrets) = flow.accept(answer(&state), &provider(), KEY, at(1)).unwrap();
        [secrets.state, secrets.nonce, secrets.verifier]
    });
    let mut all: Vec<String> = values.concat();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 6);
}

#[test]
fn the_answer_is_refused_for_each_thing_that_can_be_wrong_with_it() {
    let state = state();
    let elsewhere = state_of(&Flow::begin("another".into(), &staff(), None, at(0)));
    let good = answer(&state);
    let silent = Provider { authorization_response_iss_parameter_supported: false, ..provider() };
    let accept = |answer: Answer<'_>, provider: &Provider, now: i64| {
        flow().accept(answer, provider, KEY, at(now)).map(|_| ())
    };
    assert_eq!(accept(good, &provider(), 1), Ok(()));
    assert_eq!(accept(good, &provider(), LIFETIME_S - 1), Ok(()));
    assert_eq!(accept(good, &provider(), LIFETIME_S), Err(SignInRefusal::FlowExpired));

    for (wrong, expected) in [
        (Answer { state: None, ..good }, SignInRefusal::State),
        (Answer { state: Some(""), ..good }, SignInRefusal::State),
        (Answer { state: Some(&elsewhere), ..good }, SignInRefusal::State),
        (Answer { iss: None, ..good }, SignInRefusal::Issuer),
        (Answer { iss: Some("https://login.example/"), ..good }, SignInRefusal::Issuer),
        (Answer { iss: Some("https://evil.example"), ..good }, SignInRefusal::Issuer),
        (Answer { error: Some("access_denied"), code: None, ..good }, SignInRefusal::Denied),
        (Answer { error: Some("server_error"), code: None, ..good }, SignInRefusal::ProviderError),
        (Answer { error: Some("access_denied"), state: None, ..good }, SignInRefusal::State),
        (Answer { code: None, ..good }, SignInRefusal::NoCode),
        (Answer { code: Some(""), ..good }, SignInRefusal::NoCode),
    ] {
        assert_eq!(accept(wrong, &provider(), 1), Err(expected), "{wrong:?}");
    }
    // RFC 9207: a provider that does not promise `iss` may leave it out, but may not say another's.
    assert_eq!(accept(Answer { iss: None, ..good }, &silent, 1), Ok(()));
    assert_eq!(
        accept(Answer { iss: Some("https://evil.example"), ..good }, &silent, 1),
        Err(SignInRefusal::Issuer)
    );
    let other = Provider { issuer: "https://evil.example".into(), ..provider() };
    assert_eq!(accept(good, &other, 1), Err(SignInRefusal::FlowIssuer), "the settings changed meanwhile");
}

#[test]
fn a_sign_in_under_way_outlives_a_rotation_of_keys_and_no_foreign_signature() {
    let cookie = flow().sign(KEY).unwrap();
    let state = state();
    let rotated = format!("{}\n{KEY}", "f".repeat(64));
    assert!(
        Flow::read(Some(&cookie), &rotated)
            .unwrap()
            .accept(answer(&state), &provider(), &rotated, at(1))
            .is_ok()
    );
    assert_eq!(Flow::read(Some(&cookie), &"f".repeat(64)), None);
    assert_eq!(Flow::read(None, KEY), None);
    assert_eq!(Flow::read(Some("a.b.c"), KEY), None);
    assert_eq!(Flow::read(Some(&cookie), KEY).unwrap().language(), Some(Language::De));
    let token = StaffToken::new("k".into(), at(0)).sign(KEY).unwrap();
    assert_eq!(Flow::read(Some(&token), KEY), None, "another token of the service is no sign-in");
}

// --- discovery

#[test]
fn a_discovery_document_of_somebody_else_or_with_an_unsafe_endpoint_is_not_used() {
    let read = |change: &dyn Fn(&mut Value)| {
        let mut document = discovery();
        change(&mut document);
        Provider::read(&document.to_string(), "https://login.example").map(|_| ())
    };
    assert_eq!(read(&|_| ()), Ok(()));
    assert_eq!(
        read(&|all| drop(all.as_object_mut().unwrap().remove("code_challenge_methods_supported"))),
        Ok(())
    );
    let wrong: [(&str, Value); 8] = [
        ("issuer", json!("https://login.example/")),
        ("issuer", json!("https://evil.example")),
        ("token_endpoint", json!("http://login.example/token")),
        ("authorization_endpoint", json!("javascript:alert(1)")),
        ("jwks_uri", json!("https://login.example/keys#x")),
        ("end_session_endpoint", json!("https://login.example/out\r\nx")),
        ("code_challenge_methods_supported", json!(["plain"])),
        ("token_endpoint", Value::Null),
    ];
    for (name, value) in wrong {
        assert_eq!(read(&|all| all[name] = value.clone()), Err(SignInRefusal::Discovery), "{name} {value}");
    }
    assert_eq!(Provider::read("<html>", "https://login.example"), Err(SignInRefusal::Discovery));
    assert_eq!(
        provider::address("https://a/realms/b/"),
        "https://a/realms/b/.well-known/openid-configuration"
    );
}

// --- ID tokens

#[test]
fn a_good_id_token_says_who_signed_in() {
    let identity = verified(|_| ()).unwrap();
    assert_eq!((identity.subject.as_str(), identity.name.as_deref()), ("giulia", Some("Giulia Ferri")));
    assert_eq!(identity.sid.as_deref(), Some("sid-1"));
}

#[test]
fn an_id_token_is_refused_for_each_claim_that_can_be_wrong() {
    let wrong: [(&str, Value, SignInRefusal); 26] = [
        ("iss", json!("https://evil.example"), SignInRefusal::TokenIssuer),
        ("iss", json!("https://login.example/"), SignInRefusal::TokenIssuer),
        ("iss", Value::Null, SignInRefusal::TokenIssuer),
        ("aud", json!("another"), SignInRefusal::Audience),
        ("aud", json!([]), SignInRefusal::Audience),
        ("aud", json!(["another"]), SignInRefusal::Audience),
        ("aud", Value::Null, SignInRefusal::Audience),
        ("aud", json!(["infocig", "another"]), SignInRefusal::AuthorizedParty),
        ("azp", json!("another"), SignInRefusal::AuthorizedParty),
        ("exp", json!(NOW_S - 60), SignInRefusal::Expired),
        ("exp", Value::Null, SignInRefusal::Expired),
        ("exp", json!("soon"), SignInRefusal::Expired),
        ("iat", json!(NOW_S - 16 * 60), SignInRefusal::Expired),
        ("iat", json!(NOW_S + 61), SignInRefusal::NotYetValid),
        ("iat", Value::Null, SignInRefusal::NotYetValid),
        ("nbf", json!(NOW_S + 61), SignInRefusal::NotYetValid),
        ("nonce", json!("another"), SignInRefusal::Nonce),
        ("nonce", Value::Null, SignInRefusal::Nonce),
        ("sub", json!(""), SignInRefusal::Subject),
        ("sub", json!("a b"), SignInRefusal::Subject),
        ("sub", Value::Null, SignInRefusal::Subject),
        ("at_hash", json!("AAAA"), SignInRefusal::AccessTokenHash),
        ("acr", json!("spid:1"), SignInRefusal::Acr),
        ("acr", Value::Null, SignInRefusal::Acr),
        ("tid", json!("another"), SignInRefusal::Tenant),
        ("name", json!(" "), SignInRefusal::Name),
    ];
    for (name, value, expected) in wrong {
        let refused = verified(|claims| claims[name] = value.clone());
        assert_eq!(refused.map(|_| ()), Err(expected), "{name} {value}");
    }
}

#[test]
fn what_a_provider_may_write_in_several_ways_is_accepted_in_each() {
    let right: [(&str, Value); 8] = [
        ("aud", json!(["infocig"])),
        ("azp", json!("infocig")),
        ("acr", json!("spid:3")),
        ("acr", json!(["c1", "spid:2"])),
        ("exp", json!(NOW_S - 59)),
        ("iat", json!(1_795_442_400.5)),
        ("at_hash", json!(URL_SAFE_NO_PAD.encode(&Sha256::digest("access")[..16]))),
        ("nbf", json!(NOW_S + 60)),
    ];
    for (name, value) in right {
        assert!(verified(|claims| claims[name] = value.clone()).is_ok(), "{name} {value}");
    }
    let several = verified(|claims| {
        claims["aud"] = json!(["infocig", "another"]);
        claims["azp"] = json!("infocig");
    });
    assert!(several.is_ok());
}

#[test]
fn who_proved_themselves_too_long_ago_signs_in_again_where_the_settings_say_so() {
    let staff = Staff { max_age_minutes: Some(10), ..staff() };
    for (at_s, expected) in [
        (json!(NOW_S - 600), Ok(())),
        (json!(NOW_S - 661), Err(SignInRefusal::AuthTime)),
        (Value::Null, Err(SignInRefusal::AuthTime)),
    ] {
        let claims = with(|claims| claims["auth_time"] = at_s.clone());
        assert_eq!(id(&claims, &staff, expected_now()).map(|_| ()), expected, "{at_s}");
    }
}

#[test]
fn a_refresh_is_of_the_same_person_and_needs_no_nonce() {
    let before = verified(|_| ()).unwrap().subject;
    let refresh = Expected { nonce: None, subject: Some(&before), access_token: None };
    let check = |change: &dyn Fn(&mut Value)| id(&with(change), &staff(), refresh).map(|_| ());
    assert_eq!(check(&|claims| drop(claims.as_object_mut().unwrap().remove("nonce"))), Ok(()));
    assert_eq!(check(&|claims| claims["acr"] = Value::Null), Ok(()), "that was proved at the sign-in");
    assert_eq!(check(&|claims| claims["name"] = Value::Null), Ok(()));
    assert_eq!(check(&|claims| claims["sub"] = json!("marco")), Err(SignInRefusal::Subject));
    assert_eq!(check(&|claims| claims["tid"] = json!("another")), Err(SignInRefusal::Tenant));
}

#[test]
fn only_allowed_algorithms_and_the_providers_own_keys_sign() {
    let claims = claims();
    let check = |token: &str| id_token::verify(token, &staff(), &keys(), expected_now(), at(0)).map(|_| ());
    assert_eq!(check(&signed(&claims, OURS, "k1", None)), Ok(()));
    assert_eq!(check(&signed(&claims, OURS, "k1", Some("JWT"))), Ok(()));
    assert_eq!(check(&signed(&claims, 9, "k1", None)), Err(SignInRefusal::Signature));
    assert_eq!(check(&signed(&claims, OURS, "k2", None)), Err(SignInRefusal::Signature));
    assert_eq!(
        check(&signed(&claims, OURS, "enc", None)),
        Err(SignInRefusal::Signature),
        "a key to encrypt with"
    );
    for typ in ["logout+jwt", "at+jwt", "infocig-advisor+jwt"] {
        assert_eq!(check(&signed(&claims, OURS, "k1", Some(typ))), Err(SignInRefusal::TokenType), "{typ}");
    }

    let with_header = |header: Value| {
        let good = signed(&claims, OURS, "k1", None);
        let mut parts: Vec<String> = good.split('.').map(String::from).collect();
        parts[0] = URL_SAFE_NO_PAD.encode(header.to_string());
        parts.join(".")
    };
    for alg in ["none", "None", "HS256", "ES384", "RS512", "EdDSA", ""] {
        assert_eq!(
            check(&with_header(json!({ "alg": alg, "kid": "k1" }))),
            Err(SignInRefusal::Algorithm),
            "{alg}"
        );
    }
    assert_eq!(check(&with_header(json!({ "alg": "RS256", "kid": "k1" }))), Err(SignInRefusal::Signature));
    assert_eq!(
        check(&with_header(json!({ "alg": "ES256", "kid": "k1", "crit": ["x"] }))),
        Err(SignInRefusal::Malformed)
    );
    // The public key as a shared secret: RFC 8725, 2.1.
    let public = serde_json::to_string(&public(OURS, "k1")).unwrap();
    let mut header = jsonwebtoken::Header::new(Algorithm::HS256);
    header.kid = Some("k1".into());
    let confused =
        jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(public.as_bytes())).unwrap();
    assert_eq!(check(&confused), Err(SignInRefusal::Algorithm));
    for text in ["", "a.b", "a.b.c.d", "é", &"x".repeat(40_000)] {
        assert_eq!(check(text), Err(SignInRefusal::Malformed));
    }
    let es256_alone = Staff { algorithms: vec![Algorithm::RS256], ..staff() };
    let refused =
        id_token::verify(&signed(&claims, OURS, "k1", None), &es256_alone, &keys(), expected_now(), at(0));
    assert_eq!(refused.map(|_| ()), Err(SignInRefusal::Algorithm));
}

// --- roles

#[test]
fn roles_come_from_the_values_of_one_claim_and_from_nothing_else() {
    let roles = |change: &dyn Fn(&mut Value)| mapping::roles(&with(change), &staff());
    let (advisor, profile) = roles(&|_| ()).unwrap();
    assert_eq!(advisor, StaffRole::Advisor.into());
    assert_eq!(profile.categories, [Category::Titolare]);

    let (both, profile) =
        roles(&|claims| claims["groups"] = json!(["cig-operatori", "cig-capi", "altro"])).unwrap();
    assert!(both.may(Right::Supervise) && both.may(Right::Answer));
    assert!(profile.categories.is_empty(), "a supervisor without a list answers everybody");
    let (auditor, profile) = roles(&|claims| claims["groups"] = json!("cig-revisori")).unwrap();
    assert!(auditor.may(Right::ReadAudit) && !auditor.may(Right::Answer));
    assert_eq!(profile, Profile::default());

    // Role escalation: whatever else says that somebody has a role.
    for (name, value) in [
        ("groups", json!("cig-operatori,cig-capi")),
        ("groups", json!("CIG-CAPI")),
        ("groups", json!("cig-capi ")),
        ("groups", json!({ "cig-capi": true })),
        ("groups", json!([["cig-capi"]])),
        ("groups", json!("supervisor")),
        ("groups", json!([])),
        ("groups", Value::Null),
    ] {
        let escalated = roles(&|claims| {
            claims[name] = value.clone();
            for other in ["infocig_role", "role", "roles", "realm_access", "supervisor"] {
                claims[other] = json!("supervisor");
            }
            claims["groups2"] = json!(["cig-capi"]);
        });
        assert_eq!(escalated, Err(SignInRefusal::NoRole), "{value}");
    }
}

#[test]
fn roles_may_lie_in_a_member_of_a_member_or_under_a_name_with_dots() {
    let realm = Staff { roles_claim: "realm_access.roles".into(), ..staff() };
    let claims = json!({ "realm_access": { "roles": ["cig-capi"] } });
    assert!(mapping::roles(&claims, &realm).unwrap().0.may(Right::Supervise));
    let address = Staff { roles_claim: "https://inps.example/roles".into(), ..staff() };
    assert!(mapping::roles(&json!({ "https://inps.example/roles": ["cig-capi"] }), &address).is_ok());
}

// --- logout tokens

#[test]
fn a_logout_token_names_what_has_ended() {
    let ended = logout(|_| ()).unwrap();
    assert_eq!((ended.subject.unwrap().as_str(), ended.sid.as_deref()), ("giulia", Some("sid-1")));
    assert_eq!(ended.until_s, NOW_S + 120 + 60);
    assert!(logout(|claims| drop(claims.as_object_mut().unwrap().remove("sid"))).unwrap().sid.is_none());
    assert!(logout(|claims| drop(claims.as_object_mut().unwrap().remove("sub"))).unwrap().subject.is_none());
    assert!(logout(|claims| drop(claims.as_object_mut().unwrap().remove("exp"))).is_ok());
    let token = signed(&logout_claims(), OURS, "k1", Some("logout+jwt"));
    assert!(logout_token::verify(&token, &staff(), &keys(), at(0)).is_ok());
}

#[test]
fn a_logout_token_is_refused_for_each_thing_that_can_be_wrong() {
    let event = "http://schemas.openid.net/event/backchannel-logout";
    let wrong: [(&str, Value, SignInRefusal); 14] = [
        ("iss", json!("https://evil.example"), SignInRefusal::TokenIssuer),
        ("aud", json!("another"), SignInRefusal::Audience),
        ("iat", json!(NOW_S + 61), SignInRefusal::NotYetValid),
        ("iat", json!(NOW_S - 400), SignInRefusal::Expired),
        ("iat", Value::Null, SignInRefusal::NotYetValid),
        ("exp", json!(NOW_S - 60), SignInRefusal::Expired),
        ("events", Value::Null, SignInRefusal::LogoutClaims),
        ("events", json!([event]), SignInRefusal::LogoutClaims),
        ("events", json!({ event: true }), SignInRefusal::LogoutClaims),
        ("events", json!({ "http://schemas.openid.net/event/other": {} }), SignInRefusal::LogoutClaims),
        ("nonce", json!("x"), SignInRefusal::LogoutClaims),
        ("sub", json!("a b"), SignInRefusal::Subject),
        ("jti", Value::Null, SignInRefusal::LogoutId),
        ("jti", json!("x".repeat(257)), SignInRefusal::LogoutId),
    ];
    for (name, value, expected) in wrong {
        let refused = logout(|claims| claims[name] = value.clone());
        assert_eq!(refused, Err(expected), "{name} {value}");
    }
    let nobody = logout(|claims| {
        claims["sub"] = json!("");
        claims["sid"] = Value::Null;
    });
    assert_eq!(nobody, Err(SignInRefusal::LogoutClaims));
    // An ID token, which anybody who signed in holds, ends nothing.
    let token = signed(&claims(), OURS, "k1", None);
    assert!(logout_token::verify(&token, &staff(), &keys(), at(0)).is_err());
}

// --- the token endpoint

#[test]
fn the_client_proves_itself_as_the_settings_say() {
    let grant =
        Grant::Code { code: "c&d", verifier: "v", redirect_uri: "https://chat.example/v1/staff/callback" };
    let ask = |staff: &Staff| {
        client::request(staff, "https://login.example/token", grant, client::stamp("j", at(0))).unwrap()
    };
    let public = ask(&staff());
    assert_eq!(public.authorization, None);
    assert!(public.form.contains("code=c%26d") && public.form.contains("client_id=infocig"));
    assert!(public.form.contains("code_verifier=v"));

    let secret = ask(&settings_with(|staff| staff["client_secret"] = json!("p:q r")));
    let pair = secret.authorization.unwrap();
    let pair = base64::engine::general_purpose::STANDARD.decode(pair.trim_start_matches("Basic ")).unwrap();
    assert_eq!(String::from_utf8(pair).unwrap(), "infocig:p%3Aq+r");
    assert!(!secret.form.contains("client_id"));

    let pem = crate::auth::modi::testing::pem(OURS);
    let key = ask(&settings_with(|staff| staff["client_key"] = json!({ "kid": "k1", "key": pem })));
    let form: Vec<(String, String)> = form_urlencoded::parse(key.form.as_bytes()).into_owned().collect();
    let assertion = &form.iter().find(|(name, _)| name == "client_assertion").unwrap().1;
    let payload = assertion.split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    assert_eq!((&claims["iss"], &claims["sub"]), (&json!("infocig"), &json!("infocig")));
    assert_eq!(claims["aud"], "https://login.example/token");
}

#[test]
fn an_answer_of_the_token_endpoint_is_tokens_or_a_refusal() {
    let read = |status: u16, body: &str| {
        client::read(status, body, SignInRefusal::CodeRefused)
            .map(|tokens| tokens.id_token.unwrap_or_default())
    };
    assert_eq!(read(200, r#"{"id_token":"t","token_type":"Bearer"}"#), Ok("t".into()));
    assert_eq!(read(200, "<html>"), Err(SignInRefusal::Unreachable));
    assert_eq!(read(400, r#"{"error":"invalid_grant"}"#), Err(SignInRefusal::CodeRefused));
    assert_eq!(read(401, ""), Err(SignInRefusal::CodeRefused));
    assert_eq!(read(302, ""), Err(SignInRefusal::Unreachable));
    assert_eq!(read(503, ""), Err(SignInRefusal::Unreachable));
}

#[test]
fn the_way_out_names_the_client_and_comes_back_to_the_console() {
    let address = client::end_session(
        "https://login.example/out?x=1",
        &staff(),
        Some("t"),
        "https://chat.example/console",
    );
    assert_eq!(
        address,
        "https://login.example/out?x=1&id_token_hint=t&client_id=infocig&post_logout_redirect_uri=https%3A%2F%2Fchat.example%2Fconsole"
    );
}

// --- cookies and what is stored

#[test]
fn cookies_belong_to_this_host_and_to_no_script() {
    assert_eq!(
        Cookie::Session.keep("s", 60, ORIGIN),
        "__Host-infocig-staff=s; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
    );
    assert_eq!(
        Cookie::Flow.forget("http://127.0.0.1:8787"),
        "infocig-sign-in=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
    );
    let sent = "a=b; __Host-infocig-staff=s; infocig-staff=planted";
    assert_eq!(Cookie::Session.find(Some(sent), ORIGIN), Some("s"));
    assert_eq!(Cookie::Session.find(Some("infocig-staff=planted"), ORIGIN), None, "no host put it there");
    assert_eq!(Cookie::Flow.find(Some(sent), ORIGIN), None);
    assert_eq!(Cookie::Session.find(None, ORIGIN), None);
}

#[test]
fn what_is_stored_opens_nothing_without_the_cookie() {
    let (secret, other) = (Secret::new("a".repeat(32)), Secret::new("b".repeat(32)));
    let sealed = secret.seal("refresh", [1; 12]).unwrap();
    assert!(!sealed.contains("refresh") && !secret.key().contains(secret.as_str()));
    assert_eq!(secret.open(&sealed).as_deref(), Some("refresh"));
    assert_eq!(other.open(&sealed), None);
    for broken in ["", "AAAA", &sealed[1..], &format!("{sealed}A")] {
        assert_eq!(secret.open(broken), None, "{broken}");
    }
    assert_ne!(secret.form_token(), other.form_token());
}

#[test]
fn a_token_for_the_console_is_good_for_two_minutes() {
    let text = StaffToken::new("k".into(), at(0)).sign(KEY).unwrap();
    assert_eq!(StaffToken::read(Some(&text), KEY, at(119)).unwrap().unwrap().session, "k");
    assert!(StaffToken::read(Some(&text), KEY, at(120)).unwrap().is_err());
    assert!(StaffToken::read(Some(&text), &"f".repeat(64), at(0)).is_none());
    assert!(StaffToken::read(Some(&signed(&claims(), OURS, "k1", None)), KEY, at(0)).is_none());
    assert!(StaffToken::read(None, KEY, at(0)).is_none());
}

#[test]
fn every_refusal_has_a_word_of_its_own() {
    let mut words = SignInRefusal::ALL.map(SignInRefusal::as_str).to_vec();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), SignInRefusal::ALL.len());
    let documented = include_str!("../../../../docs/staff-sign-in.md");
    for refusal in SignInRefusal::ALL {
        let word = format!("`{}`", refusal.as_str());
        assert!(documented.contains(&word), "docs/staff-sign-in.md lacks {word}");
    }
}

proptest! {
    // A panic would empty the isolate, and anybody can post these.
    #[test]
    fn no_text_makes_a_token_panic(text in "\\PC{0,200}") {
        let _ = id_token::verify(&text, &staff(), &keys(), expected_now(), at(0));
        let _ = logout_token::verify(&text, &staff(), &keys(), at(0));
        let _ = Provider::read(&text, "https://login.example");
        let _ = Secret::new("x".into()).open(&text);
    }

    #[test]
    fn no_claims_make_a_token_panic(name in "iss|aud|azp|exp|iat|nbf|nonce|sub|sid|acr|events|groups|jti|name", number: i64, text in ".{0,20}") {
        for value in [json!(number), json!(text), json!([text]), json!({ text: number })] {
            let _ = id(&with(|claims| claims[&name] = value.clone()), &staff(), expected_now());
            let _ = logout(|claims| claims[&name] = value.clone());
        }
    }
}

// --- parts

const ORIGIN: &str = "https://chat.example";
const TENANT: &str = "tenant-1";

fn staff() -> Staff {
    settings_with(|_| ())
}

fn settings_with(change: impl FnOnce(&mut Value)) -> Staff {
    let mut staff = json!({
        "issuer": "https://login.example", "client_id": "infocig", "acr": ["spid:2", "spid:3"],
        "required": { "tid": TENANT },
        "roles": [
            { "value": "cig-operatori", "role": "advisor", "categories": ["titolare"] },
            { "value": "cig-capi", "role": "supervisor" },
            { "value": "cig-revisori", "role": "auditor", "categories": ["titolare"] },
        ],
    });
    change(&mut staff);
    let raw = crate::settings::RawSettings {
        public_origin: Some(ORIGIN.into()),
        issuers: Some(r#"[{"issuer":"a","jwks_uri":"https://a/k","roles":["citizen"],"origins":[]}]"#.into()),
        ticket_key: Some(KEY.into()),
        staff: Some(staff.to_string()),
        ..Default::default()
    };
    Settings::parse(raw).unwrap().staff.unwrap()
}

fn discovery() -> Value {
    json!({
        "issuer": "https://login.example",
        "authorization_endpoint": "https://login.example/authorize",
        "token_endpoint": "https://login.example/token",
        "jwks_uri": "https://login.example/keys",
        "end_session_endpoint": "https://login.example/out",
        "authorization_response_iss_parameter_supported": true,
        "code_challenge_methods_supported": ["S256"],
    })
}

fn provider() -> Provider {
    Provider::read(&discovery().to_string(), "https://login.example").unwrap()
}

fn flow() -> Flow {
    Flow::begin("flow-1".into(), &staff(), Some(Language::De), at(0))
}

fn state() -> String {
    state_of(&flow())
}

/// The `state` that a sign-in sends, as its address says it.
fn state_of(flow: &Flow) -> String {
    let address = flow.address(&provider(), &staff(), ORIGIN, KEY);
    let query = address.split_once('?').unwrap().1;
    form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "state").unwrap().1.into_owned()
}

fn answer(state: &str) -> Answer<'_> {
    Answer { state: Some(state), iss: Some("https://login.example"), code: Some("code"), error: None }
}

fn claims() -> Value {
    json!({
        "iss": "https://login.example", "aud": "infocig", "sub": "giulia", "name": "Giulia Ferri", "nonce": "n-1",
        "iat": NOW_S, "exp": NOW_S + 300, "acr": "spid:2", "sid": "sid-1", "tid": TENANT, "groups": ["cig-operatori", "altro"],
    })
}

fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut claims = claims();
    change(&mut claims);
    claims
}

fn expected_now() -> Expected<'static> {
    Expected { nonce: Some("n-1"), subject: None, access_token: Some("access") }
}

fn verified(change: impl FnOnce(&mut Value)) -> Result<id_token::Identity, SignInRefusal> {
    id(&with(change), &staff(), expected_now())
}

fn id(claims: &Value, staff: &Staff, expected: Expected<'_>) -> Result<id_token::Identity, SignInRefusal> {
    id_token::verify(&signed(claims, OURS, "k1", None), staff, &keys(), expected, at(0))
}

fn logout_claims() -> Value {
    json!({
        "iss": "https://login.example", "aud": "infocig", "sub": "giulia", "sid": "sid-1", "jti": "j-1",
        "iat": NOW_S, "exp": NOW_S + 120,
        "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
    })
}

fn logout(change: impl FnOnce(&mut Value)) -> Result<logout_token::Ended, SignInRefusal> {
    let mut claims = logout_claims();
    change(&mut claims);
    logout_token::verify(&signed(&claims, OURS, "k1", None), &staff(), &keys(), at(0))
}

fn keys() -> JwkSet {
    let mut to_encrypt = public(OURS, "enc");
    to_encrypt["use"] = json!("enc");
    read_keys(&json!({ "keys": [public(OURS, "k1"), to_encrypt] }).to_string()).unwrap()
}

fn signed(claims: &Value, seed: u8, kid: &str, typ: Option<&str>) -> String {
    let mut header = jsonwebtoken::Header::new(Algorithm::ES256);
    header.typ = typ.map(String::from);
    header.kid = Some(kid.into());
    let der = SecretKey::from_slice(&[seed; 32]).unwrap().to_pkcs8_der().unwrap();
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_ec_der(der.as_bytes())).unwrap()
}

fn public(seed: u8, kid: &str) -> Value {
    let point = SecretKey::from_slice(&[seed; 32]).unwrap().public_key().to_encoded_point(false);
    let coordinate = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    json!({
        "kty": "EC", "crv": "P-256", "kid": kid, "use": "sig",
        "x": coordinate(point.x().unwrap()), "y": coordinate(point.y().unwrap()),
    })
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis((NOW_S + seconds) * 1_000)
}

#[test]
fn the_redirect_address_is_exact() {
    assert_eq!(redirect_uri(ORIGIN), "https://chat.example/v1/staff/callback");
}
