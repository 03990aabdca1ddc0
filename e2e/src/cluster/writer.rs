// SPDX-License-Identifier: EUPL-1.2
//! A person who waits in the queue and writes, one message after the other, and measures when each is answered.

use std::{collections::BTreeSet, fmt, time::Duration};

use infocig_demo::HANDOFF_TYPE;
use infocig_protocol::http::ConversationOpened;
use reqwest::Client;
use tokio::time::{Instant, sleep, timeout};

use crate::{
    answer::Answer,
    chat::Chat,
    error::{Error, While},
    load::Target,
    scene::Scene,
    socket::Socket,
    tokens::{Claims, new_id},
};

/// The times of some writes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Latency {
    /// In milliseconds.
    pub p50: f64,
    /// In milliseconds.
    pub p99: f64,
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0} ms (p50), {:.0} ms (p99)", self.p50, self.p99)
    }
}

/// The person.
pub(super) struct Writer {
    target: Target,
    opened: ConversationOpened,
    chat: Option<Chat>,
    /// The ids of the messages that were acknowledged, in order.
    acknowledged: Vec<String>,
}

impl Writer {
    /// A labour consultant enters, whom no advisor of the load answers.
    pub(super) async fn enter(target: Target) -> Result<Self, Error> {
        let issuer = &target.issuer;
        let person = Scene::person("consulente-napoli")?;
        let token = issuer.sign(HANDOFF_TYPE, &Claims::of_person(person, issuer.origin(), &target.edge)?)?;
        let http = Client::builder().no_proxy().build().while_doing("making an HTTP client")?;
        let request = http.post(format!("{}/v1/conversations", target.base));
        let answer = Answer::to(request.header("origin", issuer.origin()).bearer_auth(token)).await?;
        let opened = answer.document(201)?;
        Ok(Self { target, opened, chat: None, acknowledged: Vec::new() })
    }

    /// Leaves its connection, so that the next write makes another.
    pub(super) fn leave(&mut self) {
        self.chat = None;
    }

    /// Writes so many messages over new connections, and measures each from sending it to its entry.
    pub(super) async fn measure(&mut self, writes: usize) -> Result<Latency, Error> {
        self.leave();
        self.write_over_any_connection(&new_id()?).await?;
        let mut times = Vec::new();
        for number in 1..=writes {
            if number % WRITES_OF_A_CONNECTION == 0 {
                // It sends no heartbeats, and is taken for lost after a while.
                self.leave();
                self.write_over_any_connection(&new_id()?).await?;
            }
            let (id, began) = (new_id()?, Instant::now());
            self.write(&id).await?;
            times.push(began.elapsed());
            self.acknowledged.push(id);
        }
        times.sort();
        let at = |hundredths: usize| {
            let place = (times.len() * hundredths / 100).min(times.len().saturating_sub(1));
            times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
        };
        Ok(Latency { p50: at(50), p99: at(99) })
    }

    /// Writes one message, over as many connections as it takes, and returns how long after `since` it was answered.
    pub(super) async fn next_answer(&mut self, since: Instant) -> Result<Duration, Error> {
        self.write_over_any_connection(&new_id()?).await?;
        Ok(since.elapsed())
    }

    /// Is silent on the connection it has, and writes over that one.
    pub(super) async fn be_silent_and_write(&mut self, lasts: Duration) -> Result<(), Error> {
        if self.chat.is_none() {
            return Err(Error::new("there is no connection to be silent on"));
        }
        sleep(lasts).await;
        let id = new_id()?;
        self.write(&id).await?;
        self.acknowledged.push(id);
        Ok(())
    }

    /// How many acknowledged messages are not in the log once, in the order in which they were acknowledged.
    pub(super) async fn lost(&mut self) -> Result<usize, Error> {
        let chat = self.join().await?;
        let stored: Vec<&str> =
            chat.log.iter().filter_map(|entry| Some(entry.message()?.0.as_str())).collect();
        let mut rest = stored.as_slice();
        let mut lost = 0;
        for id in &self.acknowledged {
            match rest.iter().position(|stored| stored == id) {
                Some(place) => rest = rest.get(place + 1..).unwrap_or_default(),
                None => lost += 1,
            }
        }
        let once: BTreeSet<&str> = stored.iter().copied().collect();
        Ok(lost + stored.len() - once.len())
    }

    /// The same message is sent again until it is answered: its id makes it one.
    async fn write_over_any_connection(&mut self, id: &str) -> Result<(), Error> {
        let began = Instant::now();
        loop {
            match timeout(ATTEMPT, self.write(id)).await {
                Ok(Ok(())) => {
                    self.acknowledged.push(id.to_owned());
                    return Ok(());
                }
                Ok(Err(error)) if began.elapsed() > PATIENCE => return Err(error),
                Err(_) if began.elapsed() > PATIENCE => {
                    return Err(Error::new(format!("no write was answered for {} s", PATIENCE.as_secs())));
                }
                Ok(Err(_)) | Err(_) => self.leave(),
            }
            sleep(PAUSE).await;
        }
    }

    async fn write(&mut self, id: &str) -> Result<(), Error> {
        let mut chat = match self.chat.take() {
            Some(chat) => chat,
            None => self.join().await?,
        };
        let is_it = |stored: Option<&str>| stored == Some(id);
        if !chat.log.iter().any(|entry| is_it(entry.message().map(|(id, ..)| id.as_str()))) {
            chat.post(id, "Una riga di prova").await?;
            loop {
                let entry = chat.listen().await?;
                if is_it(entry.message().map(|(id, ..)| id.as_str())) {
                    break;
                }
            }
        }
        self.chat = Some(chat);
        Ok(())
    }

    async fn join(&self) -> Result<Chat, Error> {
        let url = format!("{}{}", self.target.base.replacen("http", "ws", 1), self.opened.socket);
        let socket = Socket::open(&url, self.target.issuer.origin(), &self.opened.ticket).await?;
        Chat::join(socket, &self.opened.ticket, 0).await
    }
}

const WRITES_OF_A_CONNECTION: usize = 100;
const ATTEMPT: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(20);
/// Three leases of the runtime.
const PATIENCE: Duration = Duration::from_mins(1);
