// SPDX-License-Identifier: EUPL-1.2
//! Both sides of a conversation in a closed loop: a fixed number of messages is in transit, and the next is sent when the other
//! side receives one.

use std::{collections::VecDeque, ops::AddAssign, time::Duration};

use futures_util::{SinkExt as _, StreamExt as _};
use infocig_e2e::{
    error::{Error, While},
    wait::within_patience,
};
use infocig_protocol::{
    frame::{ClientFrame, ServerFrame},
    id::MessageId,
};
use tokio::{net::TcpStream, task::JoinSet, time::Instant};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};

use super::middle;

pub(super) type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A conversation with both sides connected, and a test for frames with a message.
pub(super) struct Pair {
    pub(super) author: Stream,
    pub(super) reader: Stream,
    pub(super) brings: fn(&str) -> Result<bool, Error>,
    post: Post,
    /// The number of the conversation.
    pub(super) place: usize,
}

/// The budget of a pair.
#[derive(Clone, Copy)]
pub(super) enum Budget {
    Time(Duration),
    Messages(usize),
}

/// A `post` frame, serialised once; each message differs by its id.
struct Post {
    before: String,
    after: String,
    sent: u64,
}

impl Post {
    fn new() -> Result<Self, Error> {
        let id = MessageId::parse(MARK).while_doing("naming a message")?;
        let text = "Buongiorno, la domanda di cassa integrazione di marzo non risulta pagata.".to_owned();
        let frame = serde_json::to_string(&ClientFrame::Post { id, text }).while_doing("writing a frame")?;
        let (before, after) = frame.split_once(MARK).ok_or_else(|| Error::new("a frame without its id"))?;
        Ok(Self { before: before.to_owned(), after: after.to_owned(), sent: 0 })
    }

    fn next(&mut self) -> Message {
        self.sent += 1;
        Message::text(format!("{}{:032x}{}", self.before, self.sent, self.after))
    }
}

const MARK: &str = "the-id-of-the-message-comes-here";

/// A frame of the edge with entries is recognised by its first bytes: parsing it would cost the client more than with the
/// minimal object.
pub(super) fn brings_entries(text: &str) -> Result<bool, Error> {
    thread_local! {
        static BEGINNING: String = {
            let frame = ServerFrame::Entries { entries: Vec::new() };
            let text = serde_json::to_string(&frame).unwrap_or_default();
            text.split('[').next().unwrap_or_default().to_owned()
        };
    }
    if BEGINNING.with(|beginning| text.starts_with(beginning.as_str())) {
        return Ok(true);
    }
    if let Ok(ServerFrame::Refused { code, detail, .. }) = serde_json::from_str(text) {
        return Err(Error::new(format!("a message was refused with {}: {detail}", code.as_str())));
    }
    Ok(false)
}

impl Pair {
    pub(super) fn new(
        place: usize,
        author: Stream,
        reader: Stream,
        brings: fn(&str) -> Result<bool, Error>,
    ) -> Result<Self, Error> {
        Ok(Self { author, reader, brings, post: Post::new()?, place })
    }

    /// Runs until the budget is spent and all messages in transit have arrived. Late ones are not counted.
    pub(super) async fn play(&mut self, window: usize, budget: Budget) -> Result<Vec<Duration>, Error> {
        let begun = Instant::now();
        let (mut under_way, mut own) = (VecDeque::new(), 0_usize);
        let (mut times, mut sent) = (Vec::new(), 0);
        loop {
            let goes_on = match budget {
                Budget::Time(time) => begun.elapsed() < time,
                Budget::Messages(messages) => sent < messages,
            };
            while goes_on && under_way.len() < window {
                self.author.feed(self.post.next()).await.while_doing("sending")?;
                under_way.push_back(Instant::now());
                sent += 1;
                own += 1;
                if matches!(budget, Budget::Messages(messages) if sent == messages) {
                    break;
                }
            }
            self.author.flush().await.while_doing("sending")?;
            if !goes_on && under_way.is_empty() && own == 0 {
                return Ok(times);
            }
            let heard = async {
                tokio::select! {
                    message = self.reader.next() => (true, message),
                    message = self.author.next() => (false, message),
                }
            };
            let (is_reader, message) = within_patience("a message to arrive", heard).await?;
            let message = message.ok_or_else(|| Error::new("a socket ended"))?.while_doing("hearing")?;
            let Message::Text(text) = message else { continue };
            if !(self.brings)(text.as_str())? {
                continue;
            }
            if !is_reader {
                own = own.saturating_sub(1);
            } else if let Some(at) = under_way.pop_front() {
                let in_time = !matches!(budget, Budget::Time(time) if begun.elapsed() > time);
                times.extend(in_time.then(|| at.elapsed()));
            }
        }
    }
}

/// Runs all pairs concurrently.
pub(super) async fn play(pairs: &mut Vec<Pair>, window: usize, budget: Budget) -> Result<Times, Error> {
    let mut playing = JoinSet::new();
    let begun = Instant::now();
    for mut pair in pairs.drain(..) {
        playing.spawn(async move {
            let times = pair.play(window, budget).await;
            (pair, times)
        });
    }
    let mut all = Vec::new();
    while let Some(played) = playing.join_next().await {
        let (pair, times) = played.while_doing("playing")?;
        pairs.push(pair);
        all.extend(times?);
    }
    let lasted = match budget {
        Budget::Time(time) => time,
        Budget::Messages(_) => begun.elapsed(),
    };
    Ok(Times { rounds: vec![(all.len(), lasted)], all })
}

/// The times of messages, and their number in each round.
#[derive(Default)]
pub(super) struct Times {
    rounds: Vec<(usize, Duration)>,
    all: Vec<Duration>,
}

impl Times {
    /// The results of one round.
    pub(super) fn of(all: Vec<Duration>, lasted: Duration) -> Self {
        Self { rounds: vec![(all.len(), lasted)], all }
    }

    /// Messages in a second: the median of the rounds.
    pub(super) fn rate(&self) -> f64 {
        middle(self.rates())
    }

    pub(super) fn rates(&self) -> Vec<f64> {
        self.rounds.iter().map(|(messages, time)| float(*messages) / time.as_secs_f64()).collect()
    }

    pub(super) fn each(&self) -> Duration {
        Duration::try_from_secs_f64(self.each_seconds()).unwrap_or(Duration::MAX)
    }

    fn each_seconds(&self) -> f64 {
        let time: f64 = self.rounds.iter().map(|(_, time)| time.as_secs_f64()).sum();
        time / float(self.all.len())
    }

    pub(super) fn percentile_ms(&self, share: usize) -> f64 {
        let mut sorted = self.all.clone();
        sorted.sort_unstable();
        let time = sorted.get(sorted.len() * share / 100).copied().unwrap_or_default();
        time.as_secs_f64() * 1000.0
    }
}

impl AddAssign for Times {
    fn add_assign(&mut self, other: Self) {
        self.rounds.extend(other.rounds);
        self.all.extend(other.all);
    }
}

fn float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}
