// SPDX-License-Identifier: EUPL-1.2
//! Admission: verdicts in a second, by the rule alone and by the whole request in workerd (token, rule, object, outbox).

use std::time::{Duration, Instant};

use infocig_demo::HANDOFF_TYPE;
use infocig_domain::{
    admission::{Applicant, Load, admit},
    policy::Policy,
};
use infocig_e2e::{
    answer::Answer,
    artefacts,
    error::{Error, While},
    scene::Scene,
};
use infocig_protocol::person::{Category, Credential, EntryPoint};
use jiff::Timestamp;
use serde_json::json;
use tokio::task::JoinSet;

use super::Findings;

pub(crate) async fn measure() -> Result<Findings, Error> {
    let rule = rule()?;
    let scene = Scene::open().await?;
    let availability = availability(&scene).await?;
    let door = door(&scene).await?;
    let rate = |per_second: f64| format!("{per_second:.0}/s");
    let ms = |duration: Duration| format!("{:.1} ms", duration.as_secs_f64() * 1000.0);
    Ok(Findings {
        rows: vec![
            ("rule alone, native, one core".into(), rate(rule)),
            ("GET /v1/availability in workerd".into(), rate(availability.rate)),
            ("  median".into(), ms(availability.median)),
            ("POST /v1/conversations in workerd, everybody new".into(), rate(door.rate)),
            ("  median".into(), ms(door.median)),
            ("  95th percentile".into(), ms(door.p95)),
        ],
        json: json!({
            "rule_per_second": rule.round(),
            "availability_per_second": availability.rate.round(),
            "door_per_second": door.rate.round(),
            "door_p50_ms": door.median.as_secs_f64() * 1000.0,
            "door_p95_ms": door.p95.as_secs_f64() * 1000.0,
        }),
    })
}

/// Verdicts of the rule alone in a second, over instants and people of every kind.
fn rule() -> Result<f64, Error> {
    let text = std::fs::read_to_string(artefacts::policy()?).while_doing("reading the policy")?;
    let policy = Policy::parse(&text).while_doing("reading the policy")?;
    let questions = (0_i64..10_000).map(|n| {
        let at = Timestamp::from_second(1_609_459_200 + n * 28_411).unwrap_or(Timestamp::UNIX_EPOCH);
        let pick = usize::try_from(n).unwrap_or_default();
        (at, Category::ALL[pick % 4], Credential::ALL[pick % 6], EntryPoint::ALL[pick % 3])
    });
    let provinces = ["058", "015", "215", "001", "063", "072", "999"];
    let questions: Vec<_> = questions.zip(provinces.iter().cycle()).collect();
    let started = Instant::now();
    let mut verdicts = 0_u32;
    while started.elapsed() < Duration::from_secs(2) {
        for ((at, category, credential, entry), province) in &questions {
            let applicant = Applicant {
                category: *category,
                province: Some(province),
                credential: Some(*credential),
                entry: Some(*entry),
            };
            std::hint::black_box(admit(&policy, &applicant, Load::Bearable, *at));
            verdicts += 1;
        }
    }
    Ok(f64::from(verdicts) / started.elapsed().as_secs_f64())
}

struct Measured {
    rate: f64,
    median: Duration,
    p95: Duration,
}

async fn availability(scene: &Scene) -> Result<Measured, Error> {
    let url = format!("{}/v1/availability?category=lavoratore&province=058&entry=myinps", scene.edge.url());
    let http = scene.edge.http().clone();
    timed(2_000, |_| {
        let request = http.get(&url);
        async move { Answer::to(request).await.map(|answer| answer.status) }
    })
    .await
}

/// Every request has a new person: a signature is verified, an object created, a conversation and an outbox message stored.
async fn door(scene: &Scene) -> Result<Measured, Error> {
    const PEOPLE: usize = 1_000;
    let claims = scene.claims("worker-roma")?;
    let tokens: Vec<String> = (0..PEOPLE)
        .map(|n| scene.issuer.sign(HANDOFF_TYPE, &claims.clone().with("sub", format!("bench-{n}"))))
        .collect::<Result<_, _>>()?;
    let url = format!("{}/v1/conversations", scene.edge.url());
    let http = scene.edge.http().clone();
    timed(PEOPLE, |n| {
        let token = tokens.get(n).cloned().unwrap_or_default();
        let request = http.post(&url).header("origin", scene.issuer.origin()).bearer_auth(token);
        async move { Answer::to(request).await.map(|answer| answer.status) }
    })
    .await
}

/// Sends `count` requests, [`AT_ONCE`] at a time; each must succeed.
async fn timed<F>(count: usize, request: impl Fn(usize) -> F) -> Result<Measured, Error>
where
    F: Future<Output = Result<u16, Error>> + Send + 'static,
{
    let mut under_way = JoinSet::new();
    let mut times = Vec::with_capacity(count);
    let started = Instant::now();
    for n in 0..count {
        if under_way.len() == AT_ONCE {
            times.extend(under_way.join_next().await.map(finished).transpose()?);
        }
        let request = request(n);
        under_way.spawn(async move {
            let begun = Instant::now();
            request.await.map(|status| (status, begun.elapsed()))
        });
    }
    while let Some(done) = under_way.join_next().await {
        times.push(finished(done)?);
    }
    let elapsed = started.elapsed();
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    let answered = u32::try_from(times.len()).unwrap_or(u32::MAX);
    Ok(Measured { rate: f64::from(answered) / elapsed.as_secs_f64(), median: at(50), p95: at(95) })
}

fn finished(done: Result<Result<(u16, Duration), Error>, tokio::task::JoinError>) -> Result<Duration, Error> {
    match done.while_doing("waiting for a request")?? {
        (200..300, time) => Ok(time),
        (status, _) => Err(Error::new(format!("a request was answered {status}"))),
    }
}

const AT_ONCE: usize = 8;
