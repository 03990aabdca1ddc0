// SPDX-License-Identifier: EUPL-1.2
//! coturn as `docs/calls.md` configures it, and a client of TURN over UDP that does as it is told: well-meant programs never ask
//! for what the tests ask for.

use std::{
    fs,
    net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV4},
    pin::pin,
    time::Duration,
};

use hmac::{Hmac, Mac as _};
use infocig_protocol::call::RelayServer;
use md5::{Digest as _, Md5};
use sha1::Sha1;
use tempfile::TempDir;
use tokio::{net::UdpSocket, time::timeout};

use crate::{
    edge::free_port,
    error::{Error, While},
    program::Program,
    wait,
};

/// The realm of the document.
pub const REALM: &str = "turn.example";

/// A running coturn on this machine. Dropping it kills it and deletes its folder.
#[derive(Debug)]
pub struct Turn {
    /// Where it listens.
    pub address: SocketAddr,
    program: Program,
    // Last, because fields are dropped in order and the program writes here.
    _folder: TempDir,
}

impl Turn {
    /// Starts it with the configuration of the document, to the letter but for addresses, ports and files. Peers on this machine
    /// are denied, as everywhere, unless two sides are to meet on it.
    pub async fn start(secret: &str, on_this_machine: bool) -> Result<Self, Error> {
        let folder = TempDir::new().while_doing("making a folder for coturn")?;
        let port = free_port()?;
        let file = folder.path().join("turnserver.conf");
        fs::write(&file, configured(secret, port, on_this_machine)?).while_doing("configuring coturn")?;
        let mut command = Program::guarded("turnserver");
        command.arg("-c").arg(&file).args(["--log-file", "stdout", "--simple-log"]);
        command.arg("--pidfile").arg(folder.path().join("pid"));
        command.arg("--userdb").arg(folder.path().join("users"));
        let mut program = Program::start(command, &folder.path().join("coturn.log"))?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        wait::until_started("coturn answers", async || {
            if let Some(status) = program.ended() {
                let written = program.written();
                return Some(Err(Error::new(format!("coturn ended by itself ({status}):\n{written}"))));
            }
            let mut client = Client::new(address).await.ok()?;
            client.ask(&Message::new(BINDING)).await.ok().map(|_| Ok(()))
        })
        .await??;
        Ok(Self { address, program, _folder: folder })
    }

    /// Nothing passes through it for a time, which is what a test asks about: there is no sooner condition to wait for.
    pub async fn is_lost_for(&self, time: Duration) -> Result<(), Error> {
        self.program.freeze()?;
        tokio::time::sleep(time).await;
        self.program.thaw()
    }

    /// It falters until `seen` is there: most of what passes through it comes late.
    pub async fn falters_until<T>(&self, seen: impl Future<Output = T>) -> Result<T, Error> {
        let mut seen = pin!(seen);
        loop {
            self.is_lost_for(Duration::from_millis(900)).await?;
            if let Ok(seen) = timeout(Duration::from_millis(400), &mut seen).await {
                return Ok(seen);
            }
        }
    }

    /// Its address as browsers take it.
    pub fn url(&self) -> String {
        format!("turn:{}?transport=udp", self.address)
    }
}

/// The block of the document, with the addresses of a test.
fn configured(secret: &str, port: u16, on_this_machine: bool) -> Result<String, Error> {
    let document = include_str!("../../docs/calls.md");
    let block = document.split("```conf\n").nth(1).and_then(|rest| rest.split("```").next());
    let block = block.ok_or_else(|| Error::new("docs/calls.md configures no coturn"))?;
    let mut lines = vec!["allow-loopback-peers".to_owned(), "no-tls".to_owned(), "no-dtls".to_owned()];
    let meets_here = |line: &str| line.starts_with("denied-peer-ip=127.");
    if !on_this_machine {
        lines.remove(0);
    }
    for line in block.lines().filter(|line| !on_this_machine || !meets_here(line)) {
        let name = line.split('=').next().unwrap_or_default();
        lines.push(match name {
            "static-auth-secret" => format!("{name}={secret}"),
            "listening-ip" | "relay-ip" => format!("{name}={}", Ipv4Addr::LOCALHOST),
            "listening-port" => format!("{name}={port}"),
            // Encryption is between it and a browser, and needs a name and a certificate that one trusts.
            "tls-listening-port" | "cert" | "pkey" | "syslog" => continue,
            _ => line.to_owned(),
        });
    }
    Ok(lines.join("\n"))
}

/// A client of TURN with a socket of its own.
#[derive(Debug)]
pub struct Client {
    socket: UdpSocket,
    transaction: u8,
    nonce: Vec<u8>,
}

/// What the relay answers: a success, or an error's code (RFC 8656).
pub type Answer = Result<Message, u16>;

impl Client {
    /// A client of the relay at an address.
    pub async fn new(relay: SocketAddr) -> Result<Self, Error> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.while_doing("opening a UDP socket")?;
        socket.connect(relay).await.while_doing("connecting a UDP socket")?;
        Ok(Self { socket, transaction: 0, nonce: Vec::new() })
    }

    /// Asks for an address at the relay, first without credentials, as everybody does. `realm` is the one the password is for.
    pub async fn allocate(&mut self, server: &RelayServer, realm: &str) -> Result<Answer, Error> {
        self.allocate_for(server, realm, UDP).await
    }

    /// The same for any transport.
    pub async fn allocate_for(
        &mut self,
        server: &RelayServer,
        realm: &str,
        transport: u8,
    ) -> Result<Answer, Error> {
        let request = || Message::new(ALLOCATE).with(REQUESTED_TRANSPORT, &[transport, 0, 0, 0]);
        match self.ask(&request()).await? {
            Err((UNAUTHORISED, challenge)) => {
                self.nonce = challenge.attribute(NONCE).unwrap_or_default().to_vec();
            }
            other => return Err(Error::new(format!("expected a challenge, received {other:?}"))),
        }
        self.ask_as(request(), server, realm).await
    }

    /// Asks for an address without credentials.
    pub async fn allocate_as_nobody(&mut self) -> Result<Answer, Error> {
        let request = Message::new(ALLOCATE).with(REQUESTED_TRANSPORT, &[UDP, 0, 0, 0]);
        Ok(self.ask(&request).await?.map_err(|(code, _)| code))
    }

    /// Asks to be reached by a peer and to reach it.
    pub async fn permit(&mut self, server: &RelayServer, peer: SocketAddr) -> Result<Answer, Error> {
        self.ask_as(Message::new(CREATE_PERMISSION).with_peer(peer), server, REALM).await
    }

    /// Has the relay send something to a peer.
    pub async fn send(&mut self, peer: SocketAddr, data: &[u8]) -> Result<(), Error> {
        let message = Message::new(SEND).with_peer(peer).with(DATA, data);
        let bytes = message.bytes(self.next_transaction());
        self.socket.send(&bytes).await.while_doing("sending a datagram")?;
        Ok(())
    }

    /// What a peer sent through the relay; `None` if nothing comes.
    pub async fn receive(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let mut buffer = [0; 1_500];
        match timeout(PATIENCE, self.socket.recv(&mut buffer)).await {
            Err(_) => Ok(None),
            Ok(length) => {
                let message = Message::parse(&buffer[..length.while_doing("receiving a datagram")?]);
                Ok(message.and_then(|(_, message)| message.attribute(DATA).map(<[u8]>::to_vec)))
            }
        }
    }

    async fn ask_as(&mut self, request: Message, server: &RelayServer, realm: &str) -> Result<Answer, Error> {
        let request = request
            .with(USERNAME, server.username.as_bytes())
            .with(REALM_OF, realm.as_bytes())
            .with(NONCE, &self.nonce.clone());
        let RelayServer { username, credential, .. } = server;
        let key = Md5::digest(format!("{username}:{realm}:{credential}"));
        let transaction = self.next_transaction();
        let signed = request.signed(transaction, &key)?;
        Ok(self.exchange(&signed, transaction).await?.map_err(|(code, _)| code))
    }

    async fn ask(&mut self, request: &Message) -> Result<Result<Message, (u16, Message)>, Error> {
        let transaction = self.next_transaction();
        self.exchange(&request.bytes(transaction), transaction).await
    }

    async fn exchange(
        &mut self,
        bytes: &[u8],
        transaction: u8,
    ) -> Result<Result<Message, (u16, Message)>, Error> {
        self.socket.send(bytes).await.while_doing("sending a datagram")?;
        let mut buffer = [0; 1_500];
        loop {
            let received = timeout(PATIENCE, self.socket.recv(&mut buffer)).await;
            let length =
                received.while_doing("waiting for the relay")?.while_doing("receiving a datagram")?;
            let Some((of, message)) = Message::parse(&buffer[..length]) else { continue };
            if of != transaction {
                continue;
            }
            return Ok(match message.attribute(ERROR_CODE) {
                Some(&[_, _, class, number, ..]) => {
                    Err((u16::from(class) * 100 + u16::from(number), message))
                }
                _ => Ok(message),
            });
        }
    }

    fn next_transaction(&mut self) -> u8 {
        self.transaction = self.transaction.wrapping_add(1);
        self.transaction
    }
}

/// A message of STUN or TURN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    kind: u16,
    attributes: Vec<(u16, Vec<u8>)>,
}

impl Message {
    const fn new(kind: u16) -> Self {
        Self { kind, attributes: Vec::new() }
    }

    fn with(mut self, name: u16, value: &[u8]) -> Self {
        self.attributes.push((name, value.to_vec()));
        self
    }

    fn with_peer(self, peer: SocketAddr) -> Self {
        let xored = |bytes: &[u8], with: &[u8]| -> Vec<u8> {
            bytes.iter().zip(with).map(|(byte, mask)| byte ^ mask).collect()
        };
        let family = if peer.is_ipv4() { 1 } else { 2 };
        let mut value = vec![0, family];
        value.extend(xored(&peer.port().to_be_bytes(), &COOKIE));
        match peer.ip() {
            IpAddr::V4(address) => value.extend(xored(&address.octets(), &COOKIE)),
            // The rest of the mask is the transaction's number, which is its last byte here.
            IpAddr::V6(_) => return self,
        }
        self.with(XOR_PEER_ADDRESS, &value)
    }

    /// The address that was allocated.
    pub fn relayed(&self) -> Option<SocketAddr> {
        let &[_, 1, p0, p1, a, b, c, d] = self.attribute(XOR_RELAYED_ADDRESS)? else { return None };
        let port = u16::from_be_bytes([p0 ^ COOKIE[0], p1 ^ COOKIE[1]]);
        let address = Ipv4Addr::new(a ^ COOKIE[0], b ^ COOKIE[1], c ^ COOKIE[2], d ^ COOKIE[3]);
        Some(SocketAddrV4::new(address, port).into())
    }

    fn attribute(&self, name: u16) -> Option<&[u8]> {
        self.attributes.iter().find(|(of, _)| *of == name).map(|(_, value)| value.as_slice())
    }

    fn bytes(&self, transaction: u8) -> Vec<u8> {
        let mut body = Vec::new();
        for (name, value) in &self.attributes {
            body.extend(name.to_be_bytes());
            body.extend(u16::try_from(value.len()).unwrap_or_default().to_be_bytes());
            body.extend(value);
            body.resize(body.len().next_multiple_of(4), 0);
        }
        let mut bytes = self.kind.to_be_bytes().to_vec();
        bytes.extend(u16::try_from(body.len()).unwrap_or_default().to_be_bytes());
        bytes.extend(COOKIE);
        bytes.extend([0; 11]);
        bytes.push(transaction);
        bytes.extend(body);
        bytes
    }

    /// With the HMAC over everything before it, in whose length it is counted.
    fn signed(self, transaction: u8, key: &[u8]) -> Result<Vec<u8>, Error> {
        let mut bytes = self.with(MESSAGE_INTEGRITY, &[0; 20]).bytes(transaction);
        let before = bytes.len() - 24;
        let mut mac = Hmac::<Sha1>::new_from_slice(key).while_doing("signing a message")?;
        mac.update(&bytes[..before]);
        let digest = mac.finalize().into_bytes();
        bytes[before + 4..].copy_from_slice(&digest);
        Ok(bytes)
    }

    fn parse(bytes: &[u8]) -> Option<(u8, Self)> {
        let (header, mut body) = bytes.split_at_checked(20)?;
        let mut attributes = Vec::new();
        while let &[n0, n1, l0, l1, ref rest @ ..] = body {
            let length = usize::from(u16::from_be_bytes([l0, l1]));
            attributes.push((u16::from_be_bytes([n0, n1]), rest.get(..length)?.to_vec()));
            body = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
        }
        Some((header[19], Self { kind: u16::from_be_bytes([header[0], header[1]]), attributes }))
    }
}

const PATIENCE: Duration = Duration::from_secs(2);
const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
/// The protocol numbers of IP.
pub const UDP: u8 = 17;
/// The protocol numbers of IP.
pub const TCP: u8 = 6;
const UNAUTHORISED: u16 = 401;

const BINDING: u16 = 0x0001;
const ALLOCATE: u16 = 0x0003;
const CREATE_PERMISSION: u16 = 0x0008;
const SEND: u16 = 0x0016;

const USERNAME: u16 = 0x0006;
const MESSAGE_INTEGRITY: u16 = 0x0008;
const ERROR_CODE: u16 = 0x0009;
const XOR_PEER_ADDRESS: u16 = 0x0012;
const DATA: u16 = 0x0013;
const REALM_OF: u16 = 0x0014;
const NONCE: u16 = 0x0015;
const XOR_RELAYED_ADDRESS: u16 = 0x0016;
const REQUESTED_TRANSPORT: u16 = 0x0019;
