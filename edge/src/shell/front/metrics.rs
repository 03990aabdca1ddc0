// SPDX-License-Identifier: EUPL-1.2
//! `GET /metrics`: the counters of this isolate, and the metrics of the desks, the register, the connector, the sessions of the staff and the audit trail, asked at each scrape.

use std::pin::pin;

use ::worker::{Delay, Env, Request, Response, Stub};
use futures_util::future::{Either, join, join_all, select};
use infocig_domain::policy::Policy;
use infocig_protocol::problem::Code;

use crate::{
    VERSION,
    auth::same_token,
    metrics::{
        ObjectMetrics, declared,
        exposition::{CONTENT_TYPE, Sample, Samples},
    },
    problem::{Error, Fault, Refusal},
    settings::Settings,
    shell::{
        clock, counters,
        http::{headers::bearer, replies},
        log, process, refusals,
        rpc::{self, ReadMetrics},
    },
};

/// Writes the metrics for the holder of the token. Without one in the settings the address is not there.
pub(crate) async fn read(request: &Request, env: &Env, settings: &Settings) -> Result<Response, Error> {
    let Some(token) = &settings.metrics_token else {
        return Err(Refusal::new(Code::NotFound, "METRICS_TOKEN is not set").into());
    };
    if !bearer(request)?.is_some_and(|given| same_token(&given, token)) {
        return Err(Refusal::new(Code::TokenMissing, "send METRICS_TOKEN as Authorization: Bearer").into());
    }
    let mut samples = counters::samples();
    own(&mut samples);
    of_objects(env, &settings.policy).await.into_iter().for_each(|of_one| samples.extend(of_one));
    let response = Response::ok(samples.write()).map_err(Fault::from)?;
    let response = replies::with_header(response, "content-type", CONTENT_TYPE)?;
    Ok(replies::with_header(response, "cache-control", "no-store, no-transform")?)
}

/// The metrics that this isolate knows without having counted them.
fn own(samples: &mut Samples) {
    let version = vec![("version", VERSION.to_string())];
    samples.add(&declared::BUILD, Sample::whole(version, 1));
    samples.add(&declared::STARTED, Sample::millis(Vec::new(), counters::began().as_millis()));
    let (waiting, lost) = refusals::uncounted();
    let waiting = u64::try_from(waiting).unwrap_or(u64::MAX);
    samples.add(&declared::REFUSALS_WAITING, Sample::whole(Vec::new(), waiting));
    samples.add(&declared::REFUSALS_LOST, Sample::whole(Vec::new(), lost));
    for (class, number) in process::woken() {
        samples.add(&declared::WOKEN, Sample::whole(vec![("object", class.into())], number));
    }
}

async fn of_objects(env: &Env, policy: &Policy) -> Vec<Samples> {
    let desks = policy.desks();
    let desks = join_all(desks.iter().map(|desk| of_object(rpc::desk(env, desk), "desk", desk.as_str())));
    let register = of_object(rpc::register(env), "register", rpc::THE_REGISTER);
    let connector = of_object(rpc::connector(env), "linea-inps", rpc::THE_CONNECTOR);
    let rules = of_object(rpc::policy(env), "policy", rpc::THE_POLICY);
    let staff = of_object(rpc::staff(env), "staff", rpc::THE_STAFF);
    let audit = of_object(rpc::audit(env), "audit", rpc::THE_AUDIT);
    let single = join(join(register, connector), join(join(rules, staff), audit));
    let (mut all, ((register, connector), ((rules, staff), audit))) = join(desks, single).await;
    all.extend([register, connector, rules, staff, audit]);
    all
}

async fn of_object(stub: Result<Stub, Fault>, class: &'static str, name: &str) -> Samples {
    let answered = async {
        let stub = stub?;
        let asked = pin!(rpc::call(&stub, &ReadMetrics {}));
        match select(asked, pin!(Delay::from(rpc::SCRAPE_TIMEOUT))).await {
            Either::Left((answered, _)) => answered,
            Either::Right(_) => Err(Fault::Platform("not in time".into()).into()),
        }
    };
    let metrics = match answered.await {
        Ok(metrics) => Some(metrics),
        Err(failure) => {
            let reason = match failure {
                Error::Fault(fault) => fault.to_string(),
                Error::Refused(refusal) => refusal.detail,
            };
            log::error("scrape", &format!("the {class} does not say its metrics: {reason}"));
            None
        }
    };
    ObjectMetrics::samples(metrics, class, name, clock::now())
}
