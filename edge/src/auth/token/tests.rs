// SPDX-License-Identifier: EUPL-1.2
//! Tokens of people and of advisors, signed with a key of the test's own.

use infocig_domain::{desk::fit::Profile, staff::StaffRole};
use infocig_protocol::{
    language::Language,
    person::{Category, Credential, EntryPoint},
    skill::Skill,
};
use jsonwebtoken::{Algorithm, EncodingKey};
use p256::{SecretKey, elliptic_curve::sec1::ToEncodedPoint, pkcs8::EncodePrivateKey};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::auth::{handoff::credential, jws::read_keys};

const ORIGIN: &str = "https://chat.example";
const NOW_S: i64 = 1_795_444_800;
const LEEWAY_S: u16 = 60;

#[test]
fn a_good_token_names_its_person() {
    let person = handoff(|_| {}).unwrap();

    assert_eq!(person.asker.card.name, "Lucia Ferretti");
    assert_eq!(person.asker.card.credential, Credential::SpidL2);
    assert_eq!(person.entry, EntryPoint::Myinps);
    assert_eq!(person.asker.card.acting_for, None);
    assert_eq!(person.asker.card.province_name, "Roma");
}

#[test]
fn a_token_has_a_largest_size() {
    let detail = |size: usize| inspect(Some(&"a".repeat(size)), Role::Citizen, &[]).unwrap_err().detail;

    assert_eq!(detail(16_384), "a token has three segments");
    assert_eq!(detail(16_385), "the token is too long");
}

#[test]
fn a_token_may_say_what_the_question_is_about_and_in_which_language() {
    let card = |about: &'static str, locale: &'static str| {
        let claims = |claims: &mut Value| {
            claims["infocig_about"] = json!(about);
            claims["locale"] = json!(locale);
        };
        handoff(claims).unwrap().asker.card
    };
    let person = card("ais-fis", "de-IT");
    assert_eq!((person.about, person.language), (Some(Skill::AisFis), Language::De));
    let unknown = card("pensioni", "pt");
    assert_eq!((unknown.about, unknown.language), (None, Language::It));
}

#[test]
fn an_advisors_token_says_whom_they_answer() {
    assert_eq!(advisor(|_| {}).unwrap().profile, Profile::default());
    let profile = advisor(|claims| {
        claims["infocig_categories"] = json!(["titolare"]);
        claims["infocig_languages"] = json!(["it", "de"]);
        claims["infocig_regions"] = json!(["Umbria"]);
        claims["infocig_provinces"] = json!(["215"]);
        claims["infocig_skills"] = json!(["cigo", "fondi"]);
    });
    let profile = profile.unwrap().profile;
    assert_eq!(profile.categories, [Category::Titolare]);
    assert_eq!(profile.languages, [Language::It, Language::De]);
    assert_eq!(profile.provinces, ["054", "055", "015"], "Perugia and Terni, and Milano by either code");
    assert_eq!(profile.skills, [Skill::Cigo, Skill::Fondi]);
}

#[test]
fn an_advisors_token_says_their_role() {
    let role = |role: &str| advisor(|claims| claims["infocig_role"] = json!(role));
    for role_of in StaffRole::ALL {
        assert_eq!(role(role_of.as_str()).unwrap().roles, role_of.into());
    }
    for wrong in ["Supervisor", "lavoratore", ""] {
        assert_eq!(role(wrong).map_err(|refusal| refusal.code), Err(Code::TokenClaim), "{wrong}");
    }
}

#[test]
fn an_advisor_who_would_answer_nobody_by_mistake_is_refused() {
    for name in ["categories", "languages", "regions", "provinces", "skills"] {
        for wrong in [json!(["altro"]), json!("it"), json!([7])] {
            let refused = advisor(|claims| claims[format!("infocig_{name}")] = wrong.clone());
            assert_eq!(refused.map_err(|refusal| refusal.code), Err(Code::TokenClaim), "{name} {wrong}");
        }
    }
}

#[test]
fn the_same_person_for_another_company_is_somebody_else() {
    let consultant = |matricola: &'static str| {
        handoff(move |claims| {
            claims["infocig_role"] = json!("consulente");
            claims["client_id"] = json!("cassetto-previdenziale");
            claims["matricola_inps"] = json!(matricola);
            claims["https://attributes.eid.gov.it/company_name"] = json!("Azienda Di Prova");
        })
        .unwrap()
    };
    assert_ne!(consultant("1234567890").key, consultant("1234567891").key);
    assert_eq!(consultant("1234567890").key, consultant(" 1234567890 ").key);
    assert_eq!(consultant("1234567890").asker.card.acting_for.unwrap().name, "Azienda Di Prova");
}

#[test]
fn companies_without_a_number_are_told_apart_by_name() {
    let owner = |company: &'static str| {
        handoff(move |claims| {
            claims["infocig_role"] = json!("titolare");
            claims["https://attributes.eid.gov.it/company_name"] = json!(company);
        })
        .unwrap()
    };
    assert_ne!(owner("Alfa").key, owner("Beta").key);
}

#[test]
fn a_delegate_and_the_person_they_act_for_are_both_named() {
    let person = handoff(|claims| {
        claims["act"] = json!({ "sub": "guardian", "given_name": "Anna", "family_name": "Conti" });
    })
    .unwrap();

    assert_eq!(person.asker.card.name, "Anna Conti");
    assert_eq!(person.asker.card.acting_for.unwrap().name, "Lucia Ferretti");
    assert_ne!(person.key, handoff(|_| {}).unwrap().key);
}

#[test]
fn each_thing_that_can_be_wrong_has_a_code_of_its_own() {
    let check = |expected: Code, changes: &[(&str, Value)]| {
        let refused = handoff(|claims| {
            for (name, value) in changes {
                claims[*name] = value.clone();
            }
        });
        assert_eq!(refused.map_err(|refusal| refusal.code), Err(expected), "{changes:?}");
    };
    check(Code::TokenIssuer, &[("iss", json!("https://altrove.example"))]);
    check(Code::TokenIssuer, &[("iss", json!(7))]);
    check(Code::TokenAudience, &[("aud", json!("https://altrove.example"))]);
    check(Code::TokenAudience, &[("aud", json!(desk_audience(ORIGIN)))]);
    check(Code::TokenExpired, &[("iat", json!(NOW_S - 180)), ("exp", json!(NOW_S - 60))]);
    check(Code::TokenNotYetValid, &[("nbf", json!(NOW_S + 61))]);
    check(Code::TokenTooLongLived, &[("exp", json!(NOW_S + 121))]);
    check(Code::TokenClaim, &[("infocig_role", json!("presidente"))]);
    check(Code::TokenClaim, &[("infocig_role", json!("titolare"))]);
    check(Code::TokenClaim, &[("acr", json!("https://altrove.example/L9"))]);
    check(Code::TokenClaim, &[("jti", json!(""))]);
    check(Code::TokenClaim, &[("exp", json!("soon"))]);
    for name in
        ["aud", "exp", "iat", "jti", "sub", "client_id", "infocig_role", "given_name", "infocig_province"]
    {
        check(Code::TokenClaim, &[(name, Value::Null)]);
    }
}

#[test]
fn clocks_may_differ_by_the_leeway_and_a_refusal_says_by_how_much_they_do() {
    let lived = |from: i64, to: i64| {
        let claims = move |claims: &mut Value| {
            (claims["iat"], claims["exp"]) = (json!(NOW_S + from), json!(NOW_S + to));
            claims["nbf"] = Value::Null;
        };
        handoff(claims).map(|_| ()).map_err(|refusal| (refusal.code, refusal.detail))
    };
    assert_eq!(lived(-100, -59), Ok(()));
    let (code, detail) = lived(-100, -60).unwrap_err();
    assert_eq!(code, Code::TokenExpired);
    assert!(detail.starts_with("exp was 60 s ago"), "{detail}");
    assert_eq!(lived(60, 120), Ok(()));
    let (code, detail) = lived(61, 120).unwrap_err();
    assert_eq!(code, Code::TokenNotYetValid);
    assert!(detail.contains("61 s ahead") && detail.contains("60 s are allowed"), "{detail}");
}

#[test]
fn an_advisor_is_not_a_citizen_nor_the_reverse() {
    let issuers = issuers();
    let (token, _) = signed(Role::Citizen, &claims());
    assert_eq!(
        inspect(Some(&token), Role::Advisor, &issuers).map_err(|r| r.code).err(),
        Some(Code::TokenType)
    );
}

/// Kind: strange key sets.
#[test]
fn every_key_that_could_fit_is_tried_and_one_bad_key_spoils_none() {
    let named = |seed| public(seed, json!("k1"));
    let verified = |kid: Option<&str>, keys: Value, mark: &str| {
        let keys = read_keys(&format!("{mark}{}", json!({ "keys": keys }))).unwrap();
        let (token, issuers) = (signed_as(Role::Citizen, &claims(), kid), issuers());
        let token = inspect(Some(&token), Role::Citizen, &issuers).unwrap();
        token.person(&keys, ORIGIN, Timestamp::from_millis(NOW_S * 1000)).map_err(|refusal| refusal.code)
    };
    let (ours, another) = (named(OURS), named(ANOTHER));
    let unnamed = || public(OURS, Value::Null);

    for (kid, keys) in [
        (Some("k1"), json!([another, ours])),
        (None, json!([another, ours])),
        (None, json!([unnamed()])),
        (Some("k1"), json!([public(ANOTHER, json!(7)), "no key", { "kty": "EC" }, { "kty": "oct" }, ours])),
    ] {
        assert!(verified(kid, keys.clone(), "").is_ok(), "{kid:?} {keys}");
        assert!(verified(kid, keys.clone(), "\u{feff}").is_ok(), "{kid:?} {keys}");
    }
    for (kid, keys) in [
        (Some("k1"), json!([another])),
        (Some("k2"), json!([ours])),
        (None, json!([another])),
        (None, json!([])),
    ] {
        assert_eq!(verified(kid, keys.clone(), "").err(), Some(Code::TokenSignature), "{kid:?} {keys}");
    }
    assert!(read_keys("<html>").is_err());
}

#[test]
fn times_may_have_a_fraction() {
    let at = |name: &'static str, seconds: Value| handoff(move |claims| claims[name] = seconds.clone());
    assert!(at("exp", json!(1_795_444_920.75)).is_ok());
    assert!(at("iat", json!(1_795_444_800.25)).is_ok());
    assert!(at("nbf", json!(1_795_444_800.5)).is_ok());
    assert_eq!(at("exp", json!(1e300)).map_err(|refusal| refusal.code), Err(Code::TokenTooLongLived));
    for wrong in [json!("1795444920"), json!(null)] {
        assert_eq!(
            at("exp", wrong.clone()).map_err(|refusal| refusal.code),
            Err(Code::TokenClaim),
            "{wrong}"
        );
    }
}

#[test]
fn an_issuer_opens_only_its_roles() {
    let issuers = vec![Issuer { roles: vec![Role::Advisor], ..issuers().remove(0) }];
    let (token, _) = signed(Role::Citizen, &claims());
    assert_eq!(
        inspect(Some(&token), Role::Citizen, &issuers).map_err(|r| r.code).err(),
        Some(Code::TokenIssuer)
    );
}

#[test]
fn sign_ins_have_the_names_the_standards_give_them() {
    let spid = |level: &str| credential(Some(&format!("https://www.spid.gov.it/SpidL{level}")), &[]);
    assert_eq!(
        [spid("1"), spid("2"), spid("3"), spid("4")].map(|c| c.map(Credential::as_str)),
        [Some("spid-l1"), Some("spid-l2"), Some("spid-l3"), None]
    );
    let by = |method: &str| credential(Some("https://www.spid.gov.it/SpidL2"), &[method.to_string()]);
    assert_eq!(by("CIE"), Some(Credential::Cie));
    assert_eq!(by("cns"), Some(Credential::Cns));
    assert_eq!(by("pin"), Some(Credential::Pin));
}

proptest! {
    #[test]
    fn no_text_makes_a_token_panic(text in "\\PC{0,200}") {
        let _ = inspect(Some(&text), Role::Citizen, &issuers()).map(|token| token.key_id);
    }

    #[test]
    fn no_claims_make_a_token_panic(name in "[a-z_]{1,12}", value in any_json()) {
        let _ = handoff(|claims| claims[name.as_str()] = value.clone());
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| prop::collection::vec(inner, 0..4).prop_map(Value::from))
}

fn handoff(change: impl FnOnce(&mut Value)) -> Result<Person, Refusal> {
    let mut claims = claims();
    change(&mut claims);
    let (token, keys) = signed(Role::Citizen, &claims);
    let issuers = issuers();
    inspect(Some(&token), Role::Citizen, &issuers)?.person(
        &keys,
        ORIGIN,
        Timestamp::from_millis(NOW_S * 1000),
    )
}

fn advisor(change: impl FnOnce(&mut Value)) -> Result<SignedInAdvisor, Refusal> {
    let mut claims = json!({
        "iss": "https://portale.example", "aud": desk_audience(ORIGIN), "sub": "adv-1", "jti": "1",
        "iat": NOW_S, "exp": NOW_S + 120, "name": "Giulia", "infocig_role": "advisor",
    });
    change(&mut claims);
    let (token, keys) = signed(Role::Advisor, &claims);
    let issuers = vec![Issuer { roles: vec![Role::Advisor], ..issuers().remove(0) }];
    let token = inspect(Some(&token), Role::Advisor, &issuers)?;
    token.advisor(&keys, ORIGIN, Timestamp::from_millis(NOW_S * 1000))
}

fn claims() -> Value {
    json!({
        "iss": "https://portale.example",
        "aud": ORIGIN,
        "sub": "pairwise-1",
        "jti": "0b4f8f2c-7a51-4e57-9a52-3f9f0a0c1d2e",
        "iat": NOW_S, "nbf": NOW_S, "exp": NOW_S + 120,
        "acr": "https://www.spid.gov.it/SpidL2", "amr": ["spid"],
        "client_id": "myinps",
        "infocig_role": "lavoratore",
        "infocig_province": "058",
        "given_name": "Lucia", "family_name": "Ferretti",
    })
}

fn issuers() -> Vec<Issuer> {
    vec![Issuer {
        issuer: "https://portale.example".into(),
        jwks_uri: "https://portale.example/jwks".into(),
        roles: vec![Role::Citizen],
        origins: vec!["https://portale.example".into()],
        leeway_s: LEEWAY_S,
    }]
}

/// Signs claims with a key of the test's own, and gives the key set that goes with it.
fn signed(role: Role, claims: &Value) -> (String, JwkSet) {
    let keys = json!({ "keys": [public(OURS, json!("k1"))] });
    (signed_as(role, claims, Some("k1")), read_keys(&keys.to_string()).unwrap())
}

/// The same, with a `kid` or none.
fn signed_as(role: Role, claims: &Value, kid: Option<&str>) -> String {
    let mut header = jsonwebtoken::Header::new(Algorithm::ES256);
    header.typ = Some(typ(role).into());
    header.kid = kid.map(String::from);
    let der = SecretKey::from_slice(&[OURS; 32]).unwrap().to_pkcs8_der().unwrap();
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_ec_der(der.as_bytes())).unwrap()
}

/// The public half of a key made of one byte, as a key set has it.
fn public(seed: u8, kid: Value) -> Value {
    let point = SecretKey::from_slice(&[seed; 32]).unwrap().public_key().to_encoded_point(false);
    let encode = |bytes: &[u8]| {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        URL_SAFE_NO_PAD.encode(bytes)
    };
    json!({
        "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": kid,
        "x": encode(point.x().unwrap()), "y": encode(point.y().unwrap()),
    })
}

/// The key that signs.
const OURS: u8 = 7;
const ANOTHER: u8 = 8;
