// SPDX-License-Identifier: EUPL-1.2
//! Erasure, legal holds, what is due, and everything about a person, for the data protection officer. `docs/data-protection.openapi.yaml` describes the
//! requests.
//!
//! A person is erased object by object: the connector, then the conversations, then the desks, then the register, which makes the proof. Each is
//! asked first whether it may, then the audit trail is written, then it is done. A request that broke off is sent again: what is done is done.

use ::worker::{Env, Request, Response};
use infocig_domain::{
    audit::{ActedBy, AuditEvent},
    own_data::kept,
    staff::Right,
};
use infocig_protocol::{
    data_protection::{Because, DueTonight},
    report::AuditedKind,
};

use super::{audit, own_data, staff};
use crate::{
    actors::{EndErasure, ErasedElsewhere},
    http::data_protection::{because, number, officer, read, shown},
    log::Trace,
    problem::Error,
    route::DataProtection,
    settings::Settings,
    shell::{
        clock,
        http::{body, replies},
        random,
        rpc::{
            self, CountDue, CountDueSegnalazioni, EraseObject, ErasePerson, FinishErasure, ForgetPerson,
            HoldObject, MayErase, ReadHolds, ReadProofs, ReleaseHold, SetHold,
        },
    },
    store::{ForgettingCounts, LegalHold},
};

/// Answers a request of the data protection officer.
pub(crate) async fn answer(
    route: DataProtection<'_>,
    request: &mut Request,
    env: &Env,
    settings: &Settings,
    trace: &Trace,
) -> Result<Response, Error> {
    let holder = staff::holder(request, env, settings).await?;
    let right = match route {
        DataProtection::Due | DataProtection::Erasures | DataProtection::Erase => Right::ErasePerson,
        DataProtection::Holds | DataProtection::Hold | DataProtection::Release(_) => Right::HoldPerson,
        DataProtection::Export => Right::ExportPerson,
    };
    let id = officer(&holder, right)?.to_string();
    let by = audit::by(&holder, trace);
    match route {
        DataProtection::Due => {
            audit::record(env, by.did(AuditedKind::PreviewedErasure, clock::now())).await?;
            due(env, settings).await
        }
        DataProtection::Erasures => {
            Ok(replies::json(200, &rpc::call(&rpc::register(env)?, &ReadProofs {}).await?)?)
        }
        DataProtection::Erase => {
            let (key, reason) = read(body::json(request).await?)?;
            erase(env, settings, &key, &by, reason).await
        }
        DataProtection::Holds => {
            let holds = rpc::call(&rpc::register(env)?, &ReadHolds {}).await?;
            Ok(replies::json(200, &holds.into_iter().map(shown).collect::<Vec<_>>())?)
        }
        DataProtection::Hold => {
            let (key, reason) = read(body::json(request).await?)?;
            let hold = LegalHold {
                id: random::name()?,
                object: rpc::id_of_person(env, &key)?,
                at: clock::now(),
                by: id,
                reason,
            };
            let held = HoldObject { object: hold.object.clone(), held: true };
            rpc::call(&rpc::connector(env)?, &held).await?;
            rpc::call(&rpc::register(env)?, &SetHold { hold: hold.clone(), by }).await?;
            Ok(replies::json(201, &shown(hold))?)
        }
        DataProtection::Export => {
            let query = own_data::query(request)?;
            let (key, reason) = read(body::json(request).await?)?;
            let object = rpc::id_of_person(env, &key)?;
            let data = own_data::of_object(env, settings, &object, None, query.place).await?;
            // The person's own copy names the export among those who looked, by the conversation.
            let told = AuditEvent {
                subject: Some(number(&object)),
                conversation: data.conversations.first().map(|newest| newest.conversation.clone()),
                ..by.did(AuditedKind::ExportedPerson, clock::now())
            };
            audit::record(env, told.because(reason)).await?;
            own_data::answer(&data, query.shape, query.language.unwrap_or_default())
        }
        DataProtection::Release(id) => {
            let Because { reason } = body::json(request).await?;
            let reason = because(&reason)?;
            release(env, ReleaseHold { id: id.into(), by, reason }).await
        }
    }
}

async fn due(env: &Env, settings: &Settings) -> Result<Response, Error> {
    let ForgettingCounts { conversations, comments, register_links } =
        rpc::call(&rpc::register(env)?, &CountDue {}).await?;
    let segnalazioni = rpc::call(&rpc::connector(env)?, &CountDueSegnalazioni {}).await?;
    let decided_by = settings.policy.retention.decided_by.clone();
    let kept = kept(&settings.policy);
    let due = DueTonight { conversations, comments, segnalazioni, register_links, decided_by, kept };
    Ok(replies::json(200, &due)?)
}

async fn erase(
    env: &Env,
    settings: &Settings,
    key: &str,
    by: &ActedBy,
    reason: String,
) -> Result<Response, Error> {
    let (object, id) = (rpc::id_of_person(env, key)?, random::name()?);
    let register = || rpc::register(env);
    let at_the_connector =
        async |check| rpc::call(&rpc::connector(env)?, &EraseObject { object: object.clone(), check }).await;
    let conversations = async |check| rpc::call(&rpc::of_person(env, key)?, &ErasePerson { check }).await;
    rpc::call(&register()?, &MayErase { object: object.clone() }).await?;
    at_the_connector(true).await?;
    conversations(true).await?;
    let subject = Some(id.clone());
    let told = AuditEvent { subject, ..by.did(AuditedKind::ErasedPerson, clock::now()) };
    audit::record(env, told.because(reason)).await?;
    let segnalazioni = at_the_connector(false).await?;
    let elsewhere = ErasedElsewhere { conversations: conversations(false).await?, segnalazioni };
    for desk in settings.policy.desks() {
        rpc::call(&rpc::desk(env, &desk)?, &ForgetPerson { object: object.clone() }).await?;
    }
    let end = EndErasure { object, id, elsewhere };
    Ok(replies::json(201, &rpc::call(&register()?, &FinishErasure { end }).await?)?)
}

/// The register says last that a hold is over: until then it is in its list, and can be released again.
async fn release(env: &Env, release: ReleaseHold) -> Result<Response, Error> {
    let id = release.id.as_str();
    let holds = rpc::call(&rpc::register(env)?, &ReadHolds {}).await?;
    if let Some(hold) = holds.iter().find(|hold| hold.id == id) {
        let others = holds.iter().any(|other| other.id != id && other.object == hold.object);
        if !others {
            let held = HoldObject { object: hold.object.clone(), held: false };
            rpc::call(&rpc::connector(env)?, &held).await?;
        }
    }
    rpc::call(&rpc::register(env)?, &release).await?;
    Ok(replies::empty(204)?)
}
