// SPDX-License-Identifier: EUPL-1.2
//! An advisor's desk: an accepted socket and the last picture it showed.

use infocig_protocol::{
    desk::{AssignedConversation, DeskClientFrame, DeskServerFrame, WaitingConversation},
    http::DeskSessionOpened,
    id::ConversationId,
    problem::Code,
    version,
};

use crate::{
    socket::Socket,
    trouble::Trouble,
    wait::{PATIENCE, within_patience},
};

/// A desk that welcomed an advisor.
#[derive(Debug)]
pub struct Desk {
    /// The socket, for what no console would do.
    pub socket: Socket<DeskServerFrame>,
    /// Who waits, first come first.
    pub waiting: Vec<WaitingConversation>,
    /// The advisor's own conversations, oldest first.
    pub mine: Vec<AssignedConversation>,
    /// What was refused, newest last.
    pub refused: Vec<(Code, Option<ConversationId>)>,
}

impl Desk {
    /// Says hello on an open socket and waits for the first picture.
    pub async fn join(
        mut socket: Socket<DeskServerFrame>,
        session: &DeskSessionOpened,
    ) -> Result<Self, Trouble> {
        socket.send(&hello(&session.ticket)).await?;
        let welcome = socket.frame().await?;
        let expected = DeskServerFrame::Welcome {
            version: version::CURRENT,
            queue: session.queue.clone(),
            advisor: session.advisor.clone(),
        };
        if welcome != expected {
            return Err(Trouble::new(format!("expected {expected:?}, and {welcome:?} came")));
        }
        let mut desk = Self { socket, waiting: Vec::new(), mine: Vec::new(), refused: Vec::new() };
        desk.look().await?;
        Ok(desk)
    }

    /// Asks for a waiting conversation.
    pub async fn take(&mut self, conversation: &ConversationId) -> Result<(), Trouble> {
        let conversation = conversation.clone();
        self.socket.send(&DeskClientFrame::Take { conversation }).await
    }

    /// Asks for a waiting conversation and waits until it is the advisor's own.
    pub async fn take_and_hold(
        &mut self,
        conversation: &ConversationId,
    ) -> Result<AssignedConversation, Trouble> {
        self.take(conversation).await?;
        self.see("the conversation among one's own", |desk| desk.holds(conversation)).await
    }

    /// Looks at one picture after the other until there is something to see in one.
    pub async fn see<T>(&mut self, what: &str, seen: impl Fn(&Self) -> Option<T>) -> Result<T, Trouble> {
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
            Err(_) => Err(Trouble::new(format!(
                "the desk did not show {what} within {} seconds: {} wait, {} are held, refused: {:?}",
                PATIENCE.as_secs(),
                self.waiting.len(),
                self.mine.len(),
                self.refused
            ))),
        }
    }

    /// The conversation among the advisor's own, if it is there.
    pub fn holds(&self, conversation: &ConversationId) -> Option<AssignedConversation> {
        self.mine.iter().find(|own| own.conversation == *conversation).cloned()
    }

    /// The conversation among those that wait, if it is there.
    pub fn waits(&self, conversation: &ConversationId) -> Option<WaitingConversation> {
        self.waiting.iter().find(|waiting| waiting.conversation == *conversation).cloned()
    }

    async fn look(&mut self) -> Result<(), Trouble> {
        match self.socket.frame().await? {
            DeskServerFrame::Desk { waiting, mine } => (self.waiting, self.mine) = (waiting, mine),
            DeskServerFrame::Refused { code, conversation, .. } => self.refused.push((code, conversation)),
            other @ DeskServerFrame::Welcome { .. } => {
                return Err(Trouble::new(format!("expected a picture, and {other:?} came")));
            }
        }
        Ok(())
    }
}

/// The first frame of a desk's socket.
pub fn hello(ticket: &str) -> DeskClientFrame {
    DeskClientFrame::Hello { version: version::CURRENT, ticket: ticket.to_owned() }
}
