// SPDX-License-Identifier: EUPL-1.2
//! A proxy that turns an edge into an implementation with one fault of protocol: it reads what the edge sends over WebSockets,
//! frame by frame, and changes some of it. Requests and what clients send pass as they are.

use std::net::Ipv4Addr;

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy, copy_bidirectional},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

use crate::error::{Error, While};

/// A fault of protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misdeed {
    /// The frame that brings entry 7 is never sent.
    Drops,
    /// The frame that brings entry 7 is sent twice.
    Doubles,
    /// The frame that brings entry 7 is sent after the next one with entries.
    Reorders,
    /// An upgrade accepts no subprotocol.
    AcceptsNoSubprotocol,
    /// Sockets that must be closed with 4400 are closed with 1000.
    ClosesAsIfAllWereWell,
}

/// A running proxy. Dropping it ends it and every connection through it.
#[derive(Debug)]
pub struct Meddler {
    port: u16,
    accepting: JoinHandle<()>,
}

impl Meddler {
    /// A proxy in front of a local port.
    pub async fn before(target: u16, misdeed: Misdeed) -> Result<Self, Error> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.while_doing("starting a meddler")?;
        let port = listener.local_addr().while_doing("starting a meddler")?.port();
        let accepting = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                // A connection that breaks is broken for its client too.
                connections.spawn(async move { pass(client, target, misdeed).await.ok() });
            }
        });
        Ok(Self { port, accepting })
    }

    /// Its origin.
    pub fn url(&self) -> String {
        format!("http://{}:{}", Ipv4Addr::LOCALHOST, self.port)
    }
}

impl Drop for Meddler {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn pass(mut client: TcpStream, target: u16, misdeed: Misdeed) -> std::io::Result<()> {
    let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, target)).await?;
    let (request, rest) = head(&mut client).await?;
    server.write_all(request.as_bytes()).await?;
    server.write_all(&rest).await?;
    if !request.to_ascii_lowercase().contains("upgrade: websocket") {
        copy_bidirectional(&mut client, &mut server).await?;
        return Ok(());
    }
    let (mut answer, rest) = head(&mut server).await?;
    if misdeed == Misdeed::AcceptsNoSubprotocol {
        let kept = answer
            .split("\r\n")
            .filter(|line| !line.to_ascii_lowercase().starts_with("sec-websocket-protocol"));
        answer = kept.collect::<Vec<_>>().join("\r\n");
    }
    client.write_all(answer.as_bytes()).await?;
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let down = async {
        let (mut bytes, mut held) = (rest, Vec::new());
        loop {
            while let Some(length) = frame_length(&bytes) {
                let frame: Vec<u8> = bytes.drain(..length).collect();
                to_client.write_all(&changed(frame, misdeed, &mut held)).await?;
            }
            let mut piece = [0; 4_096];
            match from_server.read(&mut piece).await? {
                0 => return to_client.shutdown().await,
                read => bytes.extend_from_slice(piece.get(..read).unwrap_or_default()),
            }
        }
    };
    tokio::select! {
        done = down => done,
        done = copy(&mut from_client, &mut to_server) => done.map(|_| ()),
    }
}

/// The head of a message of HTTP, and the bytes that came with it.
async fn head(stream: &mut TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let rest = bytes.split_off(end + 4);
            return Ok((String::from_utf8_lossy(&bytes).into_owned(), rest));
        }
        let mut piece = [0; 4_096];
        match stream.read(&mut piece).await? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            read => bytes.extend_from_slice(piece.get(..read).unwrap_or_default()),
        }
    }
}

/// Where the content of a server's frame begins (RFC 6455, 5.2: not masked), and how long it is.
fn content(bytes: &[u8]) -> Option<(usize, usize)> {
    let at = |place: usize| bytes.get(place).copied().map(usize::from);
    match at(1)? & 0x7f {
        126 => Some((4, at(2)? << 8 | at(3)?)),
        127 => Some((10, (2..10).try_fold(0, |length, place| Some(length << 8 | at(place)?))?)),
        short => Some((2, short)),
    }
}

fn frame_length(bytes: &[u8]) -> Option<usize> {
    let (begins, length) = content(bytes)?;
    (bytes.len() >= begins + length).then_some(begins + length)
}

/// The bytes that are sent in the place of a frame.
fn changed(mut frame: Vec<u8>, misdeed: Misdeed, held: &mut Vec<u8>) -> Vec<u8> {
    let begins = content(&frame).map_or(0, |(begins, _)| begins);
    let kind = frame.first().map_or(0, |first| first & 0x0f);
    let entries: Value = match frame.get(begins..) {
        Some(text) if kind == TEXT => serde_json::from_slice(text).unwrap_or_default(),
        Some(_) | None => Value::Null,
    };
    let entries = entries["entries"]["entries"].as_array().cloned().unwrap_or_default();
    let brings_it = entries.len() == 1 && entries.iter().all(|entry| entry["seq"] == 7);
    match misdeed {
        Misdeed::Drops if brings_it => Vec::new(),
        Misdeed::Doubles if brings_it => [frame.clone(), frame].concat(),
        Misdeed::Reorders if brings_it => std::mem::replace(held, frame),
        Misdeed::Reorders if !entries.is_empty() => [frame, std::mem::take(held)].concat(),
        Misdeed::ClosesAsIfAllWereWell if kind == CLOSE => {
            if let Some(code) =
                frame.get_mut(begins..begins + 2).filter(|code| *code == 4400_u16.to_be_bytes())
            {
                code.copy_from_slice(&1000_u16.to_be_bytes());
            }
            frame
        }
        Misdeed::Drops
        | Misdeed::Doubles
        | Misdeed::Reorders
        | Misdeed::AcceptsNoSubprotocol
        | Misdeed::ClosesAsIfAllWereWell => frame,
    }
}

const TEXT: u8 = 1;
const CLOSE: u8 = 8;
