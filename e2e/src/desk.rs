// SPDX-License-Identifier: EUPL-1.2
//! An advisor's desk: an accepted socket, and the snapshot of the desk with every delta applied.

use std::time::Duration;

use infocig_protocol::{
    desk::{
        AssignedConversation, AssignmentState, DeskClientFrame, DeskPicture, DeskServerFrame, DeskWelcome,
        Note, NoteDraft, Presence, TransferTo, WaitingConversation,
    },
    entry::Outcome,
    http::DeskSessionOpened,
    id::{AdvisorId, ConversationId, MessageId},
    person::PersonCard,
    problem::Code,
    supervision::Panel,
    version,
};

use tokio::time::timeout;

use crate::{
    error::{Error, While},
    socket::Socket,
    tokens::new_id,
    wait::{PATIENCE, within_patience},
};

/// A desk that welcomed an advisor.
#[derive(Debug)]
pub struct Desk {
    /// The socket, for frames no console sends.
    pub socket: Socket<DeskServerFrame>,
    /// The frame `welcome`.
    pub welcome: DeskWelcome,
    /// The current state of the desk.
    pub picture: DeskPicture,
    /// The notes received, newest last.
    pub notes: Vec<(ConversationId, Note)>,
    /// The panel received last; of a supervisor.
    pub panel: Option<Panel>,
    /// The refusals received, newest last.
    pub refused: Vec<(Code, Option<ConversationId>)>,
}

impl Desk {
    /// Sends hello on an open socket and waits for the first snapshot.
    pub async fn join(
        mut socket: Socket<DeskServerFrame>,
        session: &DeskSessionOpened,
    ) -> Result<Self, Error> {
        socket.send(&hello(&session.ticket)).await?;
        let welcome = match socket.frame().await? {
            DeskServerFrame::Welcome(welcome) => welcome,
            other @ (DeskServerFrame::Desk(_)
            | DeskServerFrame::Changed(_)
            | DeskServerFrame::Notes { .. }
            | DeskServerFrame::OwnReplies { .. }
            | DeskServerFrame::Panel(_)
            | DeskServerFrame::Supervised { .. }
            | DeskServerFrame::Refused { .. }) => {
                return Err(Error::new(format!("expected welcome, received {other:?}")));
            }
        };
        if (welcome.version, &welcome.queue, &welcome.advisor)
            != (version::CURRENT, &session.queue, &session.advisor)
        {
            return Err(Error::new(format!("unexpected welcome: {welcome:?}")));
        }
        let picture = match socket.frame().await? {
            DeskServerFrame::Desk(picture) => picture,
            other @ (DeskServerFrame::Welcome(_)
            | DeskServerFrame::Changed(_)
            | DeskServerFrame::Notes { .. }
            | DeskServerFrame::OwnReplies { .. }
            | DeskServerFrame::Panel(_)
            | DeskServerFrame::Supervised { .. }
            | DeskServerFrame::Refused { .. }) => {
                return Err(Error::new(format!("expected a snapshot, received {other:?}")));
            }
        };
        Ok(Self { socket, welcome, picture, notes: Vec::new(), panel: None, refused: Vec::new() })
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: &DeskClientFrame) -> Result<(), Error> {
        self.socket.send(frame).await
    }

    /// Requests an unassigned conversation: accepts it if it is offered, takes it if it waits.
    pub async fn take(&mut self, conversation: &ConversationId) -> Result<(), Error> {
        let is_offered = self.offered(conversation).is_some();
        let conversation = conversation.clone();
        self.send(&if is_offered {
            DeskClientFrame::Accept { conversation }
        } else {
            DeskClientFrame::Take { conversation }
        })
        .await
    }

    /// Requests an unassigned conversation and waits until it is assigned to the advisor.
    pub async fn take_and_hold(
        &mut self,
        conversation: &ConversationId,
    ) -> Result<AssignedConversation, Error> {
        self.take(conversation).await?;
        self.see("the conversation among one's own", |desk| desk.holds(conversation)).await
    }

    /// Waits until a conversation is offered, accepts it, and waits until it is assigned to the advisor.
    pub async fn answer(&mut self, conversation: &ConversationId) -> Result<AssignedConversation, Error> {
        self.see("an offer", |desk| desk.offered(conversation)).await?;
        self.take_and_hold(conversation).await
    }

    /// Sets whether the advisor receives offers.
    pub async fn be(&mut self, presence: Presence) -> Result<(), Error> {
        self.send(&DeskClientFrame::Presence { presence }).await
    }

    /// Offers a conversation to a colleague, with a note unless it is empty.
    pub async fn transfer(
        &mut self,
        conversation: &ConversationId,
        to: TransferTo,
        note: Option<&str>,
    ) -> Result<(), Error> {
        let conversation = conversation.clone();
        let note = note.map(draft).transpose()?;
        self.send(&DeskClientFrame::Transfer { conversation, to, note }).await
    }

    /// Writes an internal note.
    pub async fn note(&mut self, conversation: &ConversationId, text: &str) -> Result<(), Error> {
        let (conversation, note) = (conversation.clone(), draft(text)?);
        self.send(&DeskClientFrame::Note { conversation, note }).await
    }

    /// Ends a conversation, with a topic of the policy.
    pub async fn close(&mut self, conversation: &ConversationId, outcome: Outcome) -> Result<(), Error> {
        self.send(&ending(conversation, outcome)).await
    }

    /// Reads frames until `look` accepts the state of the desk.
    pub async fn see<T>(&mut self, what: &str, seen: impl Fn(&Self) -> Option<T>) -> Result<T, Error> {
        let looking = async {
            loop {
                if let Some(seen) = seen(self) {
                    return Ok(seen);
                }
                self.look().await?;
            }
        };
        match within_patience(what, looking).await {
            Ok(seen) => seen,
            Err(_) => Err(Error::new(format!(
                "the desk did not show {what} within {} seconds: {:?}, refused: {:?}",
                PATIENCE.as_secs(),
                self.picture,
                self.refused
            ))),
        }
    }

    /// Reads the frames that have arrived, and those of a short time after.
    pub async fn glance(&mut self) -> Result<(), Error> {
        while let Ok(looked) = timeout(A_MOMENT, self.look()).await {
            looked?;
        }
        Ok(())
    }

    /// The conversation among those the advisor holds, if it is there.
    pub fn holds(&self, conversation: &ConversationId) -> Option<AssignedConversation> {
        self.own(conversation).filter(|own| matches!(own.state, AssignmentState::Held { .. })).cloned()
    }

    /// The conversation among those offered to the advisor, if it is there.
    pub fn offered(&self, conversation: &ConversationId) -> Option<AssignedConversation> {
        self.own(conversation).filter(|own| matches!(own.state, AssignmentState::Offered { .. })).cloned()
    }

    /// The conversation among the advisor's own, in any state.
    pub fn own(&self, conversation: &ConversationId) -> Option<&AssignedConversation> {
        self.picture.mine.iter().find(|own| own.conversation == *conversation)
    }

    /// The conversation among those that wait and are offered to nobody, if it is there.
    pub fn queues(&self, conversation: &ConversationId) -> Option<WaitingConversation> {
        self.picture.waiting.iter().find(|waiting| waiting.conversation == *conversation).cloned()
    }

    /// The person of an unassigned conversation that this advisor sees: it waits, or is offered to them.
    pub fn waits(&self, conversation: &ConversationId) -> Option<PersonCard> {
        let offered = self.offered(conversation).map(|own| own.person);
        offered.or_else(|| self.queues(conversation).map(|waiting| waiting.person))
    }

    /// The unassigned conversations that this advisor sees, in order of arrival.
    pub fn unanswered(&self) -> Vec<ConversationId> {
        let from_queue =
            |own: &&AssignedConversation| matches!(own.state, AssignmentState::Offered { by: None, .. });
        let offered = self.picture.mine.iter().filter(from_queue).map(|own| own.conversation.clone());
        offered.chain(self.picture.waiting.iter().map(|waiting| waiting.conversation.clone())).collect()
    }

    /// Whether no conversation waits or is assigned to the advisor, except those to be wrapped up.
    pub fn is_empty(&self) -> bool {
        let is_over = |own: &AssignedConversation| matches!(own.state, AssignmentState::WrapUp { .. });
        self.picture.waiting.is_empty() && self.picture.mine.iter().all(is_over)
    }

    /// The id of the advisor.
    pub fn id(&self) -> AdvisorId {
        self.welcome.id.clone()
    }

    async fn look(&mut self) -> Result<(), Error> {
        match self.socket.frame().await? {
            DeskServerFrame::Desk(picture) => self.picture = picture,
            DeskServerFrame::Changed(changes) => self.picture.apply(changes),
            DeskServerFrame::Notes { conversation, notes } => {
                self.notes.extend(notes.into_iter().map(|note| (conversation.clone(), note)));
            }
            DeskServerFrame::Refused { code, conversation, .. } => self.refused.push((code, conversation)),
            DeskServerFrame::Panel(panel) => self.panel = Some(*panel),
            DeskServerFrame::OwnReplies { .. } | DeskServerFrame::Supervised { .. } => {}
            other @ DeskServerFrame::Welcome(_) => {
                return Err(Error::new(format!("expected a snapshot, received {other:?}")));
            }
        }
        Ok(())
    }
}

const A_MOMENT: Duration = Duration::from_millis(20);

/// The first frame of a desk's socket.
pub fn hello(ticket: &str) -> DeskClientFrame {
    DeskClientFrame::Hello { version: version::CURRENT, ticket: ticket.to_owned() }
}

/// The frame that ends a conversation, with a topic of the policy.
pub fn ending(conversation: &ConversationId, outcome: Outcome) -> DeskClientFrame {
    let topic = ["pagamento", "diretto", "data"].map(str::to_owned);
    DeskClientFrame::Close { conversation: conversation.clone(), topic, outcome }
}

fn draft(text: &str) -> Result<NoteDraft, Error> {
    let id = MessageId::parse(new_id()?).while_doing("naming a note")?;
    Ok(NoteDraft { id, text: text.to_owned() })
}
