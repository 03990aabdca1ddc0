// SPDX-License-Identifier: EUPL-1.2
//! The advisor's session at the desk: the sign-in, the connection, the policy's welcome, and the server's clock.

use infocig_client::link::LinkState;
use infocig_protocol::{
    desk::{DeskWelcome, ProvinceName, Topic},
    http::{
        DeskSessionOpened, RIGHT_TO_ANSWER, RIGHT_TO_APPROVE_RULES, RIGHT_TO_CHANGE_RULES, RIGHT_TO_ERASE,
        RIGHT_TO_READ_AUDIT,
    },
    id::AdvisorId,
    time::Timestamp,
};
use leptos::prelude::*;

use super::DeskState;

/// Whether an advisor is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInState {
    /// The portal has not answered yet.
    Unknown,
    SignedOut,
    SignedIn,
    /// Signed in before, and the portal's session has ended: the lists stay on screen.
    Expired,
}

/// A connection as the advisor sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// For the first time.
    Connecting,
    /// The lists are up to date.
    Live,
    /// Lost, and tried again by itself.
    Lost,
    /// The service has not answered; the console asks again.
    Unanswered,
    /// The service refuses the portal's token; the console asks again with the next.
    NotAccepted,
    /// The service no longer speaks this protocol version: only a reload helps.
    Outdated,
    SignInNeeded,
}

impl Connection {
    /// The state after its link changed. A new attempt after a loss is still [`Lost`](Self::Lost) until it succeeds.
    #[must_use]
    pub const fn after(self, link: LinkState) -> Self {
        match (self, link) {
            (Self::Outdated, _) => Self::Outdated,
            (_, LinkState::Live) => Self::Live,
            (Self::Connecting | Self::Live | Self::SignInNeeded, LinkState::Connecting) => Self::Connecting,
            (Self::Lost | Self::Unanswered | Self::NotAccepted, LinkState::Connecting)
            | (_, LinkState::Lost | LinkState::Over) => Self::Lost,
        }
    }
}

/// What the holder of the session may do. The service decides; the console shows what is of use to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a right of its own")]
pub struct Rights {
    /// Be at a desk. Without it no socket is opened and no queue is shown.
    pub answers: bool,
    pub reads_audit: bool,
    pub changes_rules: bool,
    pub approves_rules: bool,
    /// Erase people, hold and export what is about them.
    pub protects_data: bool,
}

impl Rights {
    /// The rights that a session names. A service that names none is of the time when everybody answered.
    pub fn of(session: &DeskSessionOpened) -> Self {
        let has = |right: &str| session.rights.iter().any(|one| one == right);
        Self {
            answers: has(RIGHT_TO_ANSWER) || session.rights.is_empty(),
            reads_audit: has(RIGHT_TO_READ_AUDIT) || session.supervisor,
            changes_rules: has(RIGHT_TO_CHANGE_RULES),
            approves_rules: has(RIGHT_TO_APPROVE_RULES),
            protects_data: has(RIGHT_TO_ERASE),
        }
    }
}

impl Default for Rights {
    /// Those of an advisor.
    fn default() -> Self {
        Self {
            answers: true,
            reads_audit: false,
            changes_rules: false,
            approves_rules: false,
            protects_data: false,
        }
    }
}

/// The session's signals.
#[derive(Clone, Copy, Debug)]
pub struct SessionState {
    pub sign_in: RwSignal<SignInState>,
    /// The desk's connection; a conversation has its own.
    pub connection: RwSignal<Connection>,
    /// The advisor's name as people read it; empty before the first session.
    pub advisor: RwSignal<String>,
    /// The advisor's id; absent where the service does not say it.
    pub id: RwSignal<Option<AdvisorId>>,
    pub rights: RwSignal<Rights>,
    /// Topics, replies, capacity and the like from the policy; absent until the desk has sent them.
    pub welcome: RwSignal<Option<DeskWelcome>>,
}

impl SessionState {
    pub(super) fn new() -> Self {
        Self {
            sign_in: RwSignal::new(SignInState::Unknown),
            connection: RwSignal::new(Connection::Connecting),
            advisor: RwSignal::new(String::new()),
            id: RwSignal::new(None),
            rights: RwSignal::new(Rights::default()),
            welcome: RwSignal::new(None),
        }
    }

    /// Whether frames reach the desk now, untracked.
    pub fn is_live(self) -> bool {
        self.connection.get_untracked() == Connection::Live
    }

    /// The topics of the policy, untracked.
    pub fn topics(self) -> Vec<Topic> {
        self.welcome
            .with_untracked(|welcome| welcome.as_ref().map_or_else(Vec::new, |one| one.topics.clone()))
    }

    /// The provinces whose offices a segnalazione can go to, untracked.
    pub fn provinces(self) -> Vec<ProvinceName> {
        self.welcome
            .with_untracked(|welcome| welcome.as_ref().map_or_else(Vec::new, |one| one.provinces.clone()))
    }
}

/// The server's clock, estimated from the device's.
#[derive(Clone, Copy, Debug)]
pub struct ServerClock {
    /// The instant on the server's clock, as of the last tick.
    pub now: RwSignal<Timestamp>,
    /// How many milliseconds the server's clock is ahead of the device's.
    ahead: RwSignal<i64>,
}

impl ServerClock {
    pub(super) fn new() -> Self {
        Self { now: RwSignal::new(Timestamp::from_millis(0)), ahead: RwSignal::new(0) }
    }

    /// The device's clock shows `device`.
    pub fn tick(self, device: Timestamp) {
        self.now.set(device.plus_millis(self.ahead.get_untracked()));
    }

    /// The server's clock showed `server` when the device's showed `device`.
    pub fn set(self, server: Timestamp, device: Timestamp) {
        self.ahead.set(server.as_millis() - device.as_millis());
        self.tick(device);
    }
}

impl DeskState {
    /// The edge opened a desk session for an advisor. `true` if another advisor was signed in before: nothing of theirs is left.
    pub fn signed_in(&self, advisor: String) -> bool {
        let another = self.session.advisor.with_untracked(|before| !before.is_empty() && *before != advisor);
        if another {
            self.forget_advisor();
        }
        self.session.advisor.set(advisor);
        self.session.sign_in.set(SignInState::SignedIn);
        another
    }

    /// The portal answered that there is no signed-in advisor.
    pub fn signed_out(&self) {
        let sign_in = match self.session.sign_in.get_untracked() {
            SignInState::Unknown | SignInState::SignedOut => SignInState::SignedOut,
            SignInState::SignedIn | SignInState::Expired => SignInState::Expired,
        };
        self.session.sign_in.set(sign_in);
        self.session.connection.set(Connection::SignInNeeded);
    }

    /// The edge opened no desk session: it refused the token or did not answer.
    pub fn session_unavailable(&self, why: Connection) {
        self.session.connection.set(why);
    }
}
