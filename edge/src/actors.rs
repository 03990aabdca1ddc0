// SPDX-License-Identifier: EUPL-1.2
//! Actors: the rules over a store. One holds a person's conversations, one a queue's desk, one the register of conversations
//! that are over, one the connector to Linea INPS, one the versions of the policy, one the sessions of the staff, one the audit trail.
//!
//! An actor is the platform-free half of a Durable Object: it knows no socket, no request and no clock. Its memory is a cache.

pub mod actor;
mod audit;
mod conversation;
mod desk;
mod linea_inps;
mod link_state;
mod policy;
pub mod presence;
mod rate_limits;
mod register;
mod staff;

pub use self::{
    actor::{
        Accepted, Actor, AlarmUpdate, Broadcast, Closes, Effects, EndedSession, Ephemeral, LinkedActor,
        Publication, Recipient,
    },
    audit::{AuditActor, AuditExport},
    conversation::{
        Admitted, ConversationActor, HistoryQuery, HistoryView, Inquiry, OwnPage, PastConversationRow,
        PlainPage, PlainPageAction, PlainPageRefusal,
    },
    desk::DeskActor,
    linea_inps::{Due, LineaInpsActor, Updated},
    link_state::LinkState,
    policy::{PolicyAct, PolicyActor, Rules, RulesVersion},
    register::{EndErasure, ErasedElsewhere, RegisterActor, ReportQuery},
    staff::{Looked, StaffActor},
};
