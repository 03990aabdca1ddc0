// SPDX-License-Identifier: EUPL-1.2
//! What the front tells the audit trail: looks and sign-ins, before they are answered. What cannot be written down is not
//! answered.

use ::worker::Env;
use infocig_domain::{
    audit::{ActedBy, AuditEvent},
    staff::{Right, StaffRole},
};
use infocig_protocol::{id::AdvisorId, problem::Code};

use crate::{
    auth::ticket::DeskHolder,
    log::Trace,
    problem::{Error, Refusal},
    shell::{
        log,
        rpc::{self, Append},
    },
};

/// The holder of a ticket, in a request.
pub(crate) fn by(holder: &DeskHolder, trace: &Trace) -> ActedBy {
    ActedBy {
        id: holder.advisor.clone(),
        roles: holder.roles.clone(),
        // Who answers nobody is at no desk: their ticket names one because every ticket does.
        desk: holder.may(Right::Answer).then(|| holder.desk.clone()),
        request: Some(trace.request_id.clone()),
    }
}

/// An advisor with the ticket of a conversation, in a request.
pub(crate) fn by_advisor(advisor: &AdvisorId, trace: &Trace) -> ActedBy {
    ActedBy {
        id: Some(advisor.clone()),
        roles: StaffRole::Advisor.into(),
        desk: None,
        request: Some(trace.request_id.clone()),
    }
}

/// Writes an event down. Where that fails the request is refused, and whoever asked may ask again.
pub(crate) async fn record(env: &Env, event: AuditEvent) -> Result<(), Error> {
    let written = async { rpc::call(&rpc::audit(env)?, &Append { event }).await };
    written.await.map_err(|error| {
        let reason = match error {
            Error::Fault(fault) => fault.to_string(),
            Error::Refused(refusal) => refusal.detail,
        };
        log::error("audit", &format!("an act is not done, because the audit trail is not written: {reason}"));
        let detail = "the audit trail cannot be written, so that nothing was done or shown: try again";
        Refusal::new(Code::NotStoring, detail).into()
    })
}
