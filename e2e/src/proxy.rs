// SPDX-License-Identifier: EUPL-1.2
//! A TCP proxy in front of a local port with network faults, which can be changed while connections are open.
//!
//! It keeps the guarantees of TCP: bytes arrive in order or not at all. After it has discarded bytes of a connection it
//! delivers no more of them: such a connection stays half open.

use std::{
    collections::VecDeque,
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU16, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{ReadHalf, WriteHalf},
    },
    sync::{mpsc, watch},
    task::{JoinHandle, JoinSet},
    time::{Instant, sleep, sleep_until},
};

use crate::error::{Error, While};

/// The faults of the network; none by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// From clients to the server.
    pub up: Direction,
    /// From the server to clients.
    pub down: Direction,
    /// The treatment of new connections.
    pub new_connections: NewConnections,
    /// The treatment of requests for a WebSocket.
    pub upgrades: Upgrades,
    /// Requests for paths with this prefix are held back, with all later bytes of their connections, until the fault ends.
    pub held: Option<&'static str>,
    /// Every new connection reaches the server twice, with the same bytes; the second answer is discarded.
    pub twice: bool,
}

/// One direction of every connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Direction {
    /// The delay of bytes; a change applies to bytes in transit.
    pub delay: Duration,
    /// Bytes per second; `None` is unlimited.
    pub bytes_per_second: Option<u32>,
    /// Bytes are accepted and discarded, the end of the connection included.
    pub silent: bool,
}

/// The treatment of new connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NewConnections {
    /// They reach the server.
    #[default]
    Open,
    /// They are closed at once.
    Refuse,
    /// They are accepted and never answered or forwarded.
    Ignore,
}

/// The treatment of requests for a WebSocket. Other requests pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Upgrades {
    /// They pass.
    #[default]
    Pass,
    /// The proxy itself answers with this status, in plain text. For new connections.
    Refuse(u16),
    /// The upgrade passes, then the bytes of both directions are held back until the fault ends, as by a proxy that buffers a
    /// whole body.
    HoldBack,
}

impl Faults {
    /// Both directions are silent, and new connections are not answered.
    pub fn black_hole() -> Self {
        let silent = Direction { silent: true, ..Direction::default() };
        Self { up: silent.clone(), down: silent, new_connections: NewConnections::Ignore, ..Self::default() }
    }

    /// Bytes are under way for so long in each direction.
    pub fn delay(delay: Duration) -> Self {
        let slow = Direction { delay, ..Direction::default() };
        Self { up: slow.clone(), down: slow, ..Self::default() }
    }

    /// So many bytes pass in a second, in each direction.
    pub fn throttle(bytes_per_second: u32) -> Self {
        let narrow = Direction { bytes_per_second: Some(bytes_per_second), ..Direction::default() };
        Self { up: narrow.clone(), down: narrow, ..Self::default() }
    }

    /// Requests for these paths are held back.
    pub fn hold(path: &'static str) -> Self {
        Self { held: Some(path), ..Self::default() }
    }

    /// The server receives no more bytes of open connections.
    pub fn silent_up() -> Self {
        Self { up: Direction { silent: true, ..Direction::default() }, ..Self::default() }
    }

    /// Clients receive no more bytes of open connections.
    pub fn silent_down() -> Self {
        Self { down: Direction { silent: true, ..Direction::default() }, ..Self::default() }
    }

    /// New connections are closed at once.
    pub fn refuse() -> Self {
        Self { new_connections: NewConnections::Refuse, ..Self::default() }
    }

    /// New connections reach the server twice.
    pub fn twice() -> Self {
        Self { twice: true, ..Self::default() }
    }

    /// A treatment of requests for a WebSocket.
    pub fn upgrades(upgrades: Upgrades) -> Self {
        Self { upgrades, ..Self::default() }
    }
}

/// A running proxy. Dropping it ends it and every connection through it.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    target_port: Arc<AtomicU16>,
    faults: watch::Sender<Faults>,
    cuts: watch::Sender<u64>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Starts a proxy in front of a port of this machine.
    pub async fn start(target_port: u16) -> Result<Self, Error> {
        let proxy = Self::announce().await?;
        proxy.lead_to(target_port);
        Ok(proxy)
    }

    /// Starts a proxy without a target, for a server that must know its public origin before it starts.
    pub async fn announce() -> Result<Self, Error> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.while_doing("starting a proxy")?;
        let port = listener.local_addr().while_doing("starting a proxy")?.port();
        let (faults, weather) = watch::channel(Faults::default());
        let (cuts, cut) = watch::channel(0);
        let target_port = Arc::new(AtomicU16::new(0));
        let network = Network { target_port: Arc::clone(&target_port), faults: weather, cut };
        let accepting = tokio::spawn(accept(listener, network));
        Ok(Self { port, target_port, faults, cuts, accepting })
    }

    /// Sets the target of new connections to a port of this machine.
    pub fn lead_to(&self, target_port: u16) {
        self.target_port.store(target_port, Ordering::Relaxed);
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its origin.
    pub fn url(&self) -> String {
        format!("http://{}:{}", Ipv4Addr::LOCALHOST, self.port)
    }

    /// The same for WebSockets.
    pub fn ws_url(&self) -> String {
        format!("ws://{}:{}", Ipv4Addr::LOCALHOST, self.port)
    }

    /// Sets the faults of open and new connections.
    pub fn set(&self, faults: Faults) {
        self.faults.send_replace(faults);
    }

    /// Ends all faults. Connections with discarded bytes stay half open.
    pub fn heal(&self) {
        self.set(Faults::default());
    }

    /// Resets every open connection, on both sides.
    pub fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// The state shared by all connections.
#[derive(Clone)]
struct Network {
    target_port: Arc<AtomicU16>,
    faults: watch::Receiver<Faults>,
    cut: watch::Receiver<u64>,
}

async fn accept(listener: TcpListener, network: Network) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((client, _)) = accepted else {
                    // Out of descriptors: wait until some connections have ended.
                    sleep(Duration::from_millis(10)).await;
                    continue;
                };
                let mut network = network.clone();
                network.cut.mark_unchanged();
                connections.spawn(connection(client, network));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Forwards one connection until it ends or is cut.
async fn connection(mut client: TcpStream, network: Network) {
    let mut ends: Vec<TcpStream> = Vec::new();
    let mut cut = network.cut.clone();
    tokio::select! {
        _ = cut.changed() => {
            for stream in ends.iter().chain([&client]) {
                // A closed stream needs no reset.
                let _ = stream.set_zero_linger();
            }
        }
        () = carry(&mut client, &mut ends, &network) => {}
    }
}

/// Forwards the bytes of one connection. Its streams to the server are added to `ends`.
async fn carry(client: &mut TcpStream, ends: &mut Vec<TcpStream>, network: &Network) {
    let faults = network.faults.borrow().clone();
    match faults.new_connections {
        NewConnections::Open => {}
        NewConnections::Refuse => {
            let _ = client.set_zero_linger();
            return;
        }
        NewConnections::Ignore => return swallow(client).await,
    }
    let mut first = Vec::new();
    if let Upgrades::Refuse(status) = faults.upgrades {
        first = request_head(client).await;
        if is_upgrade(&first) {
            return refuse_upgrade(client, status).await;
        }
    }
    let target_port = network.target_port.load(Ordering::Relaxed);
    for _ in 0..=usize::from(faults.twice) {
        let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, target_port)).await else {
            let _ = client.set_zero_linger();
            return;
        };
        ends.push(server);
    }
    for stream in ends.iter().chain([&*client]) {
        // Nagle's algorithm would make the proxy slower than the network it simulates.
        let _ = stream.set_nodelay(true);
    }
    let upgraded = AtomicBool::new(false);
    let (from_client, to_client) = client.split();
    let mut servers = ends.iter_mut().map(TcpStream::split);
    let Some((from_server, to_server)) = servers.next() else { return };
    let (from_copy, to_copy): (Vec<_>, Vec<_>) = servers.unzip();
    let up =
        Pump { way: |faults| &faults.up, head: Head::request(first, &upgraded), faults: &network.faults };
    let down = Pump { way: |faults| &faults.down, head: Head::response(&upgraded), faults: &network.faults };
    let to_servers = [to_server].into_iter().chain(to_copy).collect();
    let copies = async {
        for mut from_copy in from_copy {
            discard(&mut from_copy).await;
        }
    };
    tokio::join!(up.run(from_client, to_servers), down.run(from_server, vec![to_client]), copies);
}

/// One direction of one connection.
struct Pump<'a> {
    way: fn(&Faults) -> &Direction,
    head: Head<'a>,
    faults: &'a watch::Receiver<Faults>,
}

/// Bytes in transit.
struct Parcel {
    taken: Instant,
    bytes: Vec<u8>,
    /// It follows an upgrade.
    upgraded: bool,
}

impl Pump<'_> {
    /// Forwards until the source ends, then closes the targets, unless the direction is silent.
    async fn run(mut self, mut from: ReadHalf<'_>, mut to: Vec<WriteHalf<'_>>) {
        let (sender, receiver) = mpsc::channel(64);
        let faults = self.faults.clone();
        let way = self.way;
        let sending = deliver(&mut to, receiver, faults, way);
        let taking = self.take(&mut from, sender);
        let (delivered, ()) = tokio::join!(sending, taking);
        if delivered {
            for target in &mut to {
                // A closed target needs no shutdown.
                let _ = target.shutdown().await;
            }
        }
    }

    async fn take(&mut self, from: &mut ReadHalf<'_>, sender: mpsc::Sender<Parcel>) {
        let mut buffer = vec![0; 16 * 1024];
        let mut first = std::mem::take(&mut self.head.first);
        loop {
            let mut bytes = if first.is_empty() {
                match from.read(&mut buffer).await {
                    Ok(0) | Err(_) => return,
                    Ok(length) => buffer.get(..length).unwrap_or_default().to_vec(),
                }
            } else {
                std::mem::take(&mut first)
            };
            let taken = Instant::now();
            let rest = bytes.split_off(self.head.see(&bytes));
            for (bytes, upgraded) in [(bytes, false), (rest, self.head.is_upgraded())] {
                if !bytes.is_empty() && sender.send(Parcel { taken, bytes, upgraded }).await.is_err() {
                    // Discard the bytes; the source must not notice.
                    return discard(from).await;
                }
            }
        }
    }
}

/// Delivers parcels until the source has ended. Returns false if some were discarded.
async fn deliver(
    to: &mut [WriteHalf<'_>],
    mut parcels: mpsc::Receiver<Parcel>,
    mut faults: watch::Receiver<Faults>,
    way: fn(&Faults) -> &Direction,
) -> bool {
    while let Some(parcel) = parcels.recv().await {
        under_way(parcel.taken, &mut faults, way).await;
        // Both waits end with the proxy only.
        let _ =
            faults.wait_for(|faults| !faults.held.is_some_and(|path| asks_for(&parcel.bytes, path))).await;
        if parcel.upgraded {
            let _ = faults.wait_for(|faults| faults.upgrades != Upgrades::HoldBack).await;
        }
        let mut left = VecDeque::from(parcel.bytes);
        while !left.is_empty() {
            let direction = way(&faults.borrow()).clone();
            if direction.silent {
                return false;
            }
            let size = direction.bytes_per_second.map(|rate| (rate / PIECES_PER_SECOND).max(1));
            let size = size.and_then(|size| usize::try_from(size).ok()).unwrap_or(left.len());
            let piece: Vec<u8> = left.drain(..size.min(left.len())).collect();
            // The first target is the server; the copy may fail.
            for (place, target) in to.iter_mut().enumerate() {
                if target.write_all(&piece).await.is_err() && place == 0 {
                    return true;
                }
            }
            if direction.bytes_per_second.is_some() {
                sleep(Duration::from_secs(1) / PIECES_PER_SECOND).await;
            }
        }
    }
    !way(&faults.borrow()).silent
}

/// Waits for the rest of the delay of bytes read at that instant.
async fn under_way(taken: Instant, faults: &mut watch::Receiver<Faults>, way: fn(&Faults) -> &Direction) {
    loop {
        let due = taken + way(&faults.borrow_and_update()).delay;
        tokio::select! {
            () = sleep_until(due) => return,
            Ok(()) = faults.changed() => {}
        }
    }
}

/// Whether these bytes begin with a request for a path that begins with `path`.
fn asks_for(bytes: &[u8], path: &str) -> bool {
    bytes.strip_prefix(b"GET ").is_some_and(|rest| rest.starts_with(path.as_bytes()))
}

const PIECES_PER_SECOND: u32 = 20;

/// Finds the end of the first HTTP head of a direction, after which the bytes of an upgrade follow.
struct Head<'a> {
    /// Bytes already read, to be forwarded first.
    first: Vec<u8>,
    seen: Vec<u8>,
    ended: bool,
    is_request: bool,
    upgraded: &'a AtomicBool,
}

impl<'a> Head<'a> {
    fn request(first: Vec<u8>, upgraded: &'a AtomicBool) -> Self {
        Self { first, seen: Vec::new(), ended: false, is_request: true, upgraded }
    }

    fn response(upgraded: &'a AtomicBool) -> Self {
        Self { is_request: false, ..Self::request(Vec::new(), upgraded) }
    }

    /// Scans bytes, and returns how many of them belong to the head.
    fn see(&mut self, bytes: &[u8]) -> usize {
        if self.ended {
            return 0;
        }
        let before = self.seen.len();
        self.seen.extend_from_slice(bytes);
        let end = end_of_head(&self.seen);
        self.ended = end.is_some() || self.seen.len() > LONGEST_HEAD;
        if self.is_request && self.ended && is_upgrade(&self.seen) {
            self.upgraded.store(true, Ordering::Relaxed);
        }
        end.map_or(bytes.len(), |end| end.saturating_sub(before))
    }

    fn is_upgraded(&self) -> bool {
        self.ended && self.upgraded.load(Ordering::Relaxed)
    }
}

const LONGEST_HEAD: usize = 16 * 1024;

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4)
}

fn is_upgrade(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head.get(..end_of_head(head).unwrap_or_default()).unwrap_or_default());
    head.lines().filter_map(|line| line.split_once(':')).any(|(name, value)| {
        name.trim().eq_ignore_ascii_case("upgrade") && value.trim().eq_ignore_ascii_case("websocket")
    })
}

/// Reads until the head of a request is complete, the client is silent or it is too long to be one.
async fn request_head(client: &mut TcpStream) -> Vec<u8> {
    let mut head = Vec::new();
    while end_of_head(&head).is_none() && head.len() <= LONGEST_HEAD {
        match client.read_buf(&mut head).await {
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
    }
    head
}

async fn refuse_upgrade(client: &mut TcpStream, status: u16) {
    let body = "This network does not let WebSockets through.\n";
    let answer = format!(
        "HTTP/1.1 {status} Refused\r\ncontent-type: text/plain\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    // A closed client needs no answer.
    let _ = client.write_all(answer.as_bytes()).await;
    let _ = client.shutdown().await;
    swallow(client).await;
}

/// Discards bytes until the client closes.
async fn swallow(client: &mut TcpStream) {
    let (mut from, _to) = client.split();
    discard(&mut from).await;
}

async fn discard(from: &mut ReadHalf<'_>) {
    let mut buffer = [0; 4096];
    while from.read(&mut buffer).await.is_ok_and(|length| length > 0) {}
}
