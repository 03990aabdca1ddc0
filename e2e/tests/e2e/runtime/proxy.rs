// SPDX-License-Identifier: EUPL-1.2
//! Tests of the proxy with network faults: each fault has its effect, and no other.
use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use infocig_e2e::{
    proxy::{Direction, Faults, Proxy, Upgrades},
    wait,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::{Instant, timeout},
};

#[tokio::test]
async fn without_faults_bytes_and_ends_pass_in_both_directions() {
    let scene = Scene::start().await;
    let mut client = scene.connect().await;

    assert_eq!(client.ask("ciao").await.unwrap(), "ciao");
    client.stream.shutdown().await.unwrap();

    assert_eq!(client.heard(1).await.unwrap(), "");
}

#[tokio::test]
async fn a_cut_resets_the_connections_there_are_on_both_sides_and_no_other() {
    let scene = Scene::start().await;
    let mut before = scene.connect().await;
    before.ask("ciao").await.unwrap();

    scene.proxy.cut();

    assert_eq!(before.heard(1).await.unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    wait::until("the server's side to be reset", async || scene.server.ended(0).then_some(())).await.unwrap();
    assert_eq!(scene.connect().await.ask("di nuovo").await.unwrap(), "di nuovo");
}

#[tokio::test]
async fn a_delay_affects_one_direction_and_its_bytes_arrive_when_it_ends() {
    let long = Direction { delay: Duration::from_hours(1), ..Direction::default() };
    for (faults, server_hears) in [
        (Faults { up: long.clone(), ..Faults::default() }, false),
        (Faults { down: long.clone(), ..Faults::default() }, true),
    ] {
        let scene = Scene::start().await;
        let mut client = scene.connect().await;
        client.ask("prima").await.unwrap();

        scene.proxy.set(faults);
        client.stream.write_all(b"durante").await.unwrap();
        if server_hears {
            let all = async || (scene.server.heard(0) == "primadurante").then_some(());
            wait::until("the other direction", all).await.unwrap();
        }
        scene.stays_silent(&mut client).await;
        assert_eq!(scene.server.heard(0), if server_hears { "primadurante" } else { "prima" });

        scene.proxy.heal();
        assert_eq!(client.heard(7).await.unwrap(), "durante");
    }
}

#[tokio::test]
async fn bytes_are_delayed_by_at_least_the_delay() {
    let scene = Scene::start().await;
    let mut client = scene.connect().await;
    client.ask("prima").await.unwrap();
    let delay = Duration::from_millis(50);

    scene.proxy.set(Faults::delay(delay));
    let started = Instant::now();
    client.ask("durante").await.unwrap();

    // Once in each direction, and never less.
    assert!(started.elapsed() >= delay * 2, "{:?}", started.elapsed());
}

/// Both are limited by the same clock, so that a slow machine slows both.
#[tokio::test]
async fn a_direction_throttled_ten_times_as_much_carries_a_tenth() {
    let (narrow, wide) = (Scene::start().await, Scene::start().await);
    let text = "x".repeat(1_000);
    narrow.proxy.set(Faults::throttle(400));
    wide.proxy.set(Faults::throttle(4_000));
    let (mut slow, mut fast) = (narrow.connect().await, wide.connect().await);

    slow.stream.write_all(text.as_bytes()).await.unwrap();
    fast.stream.write_all(text.as_bytes()).await.unwrap();
    wait::until("all that is sent fast", async || (wide.server.heard(0) == text).then_some(()))
        .await
        .unwrap();

    let heard = narrow.server.heard(0).len();
    assert!((20..=500).contains(&heard), "{heard} bytes came slowly while {} came fast", text.len());
    narrow.proxy.heal();
    assert_eq!(slow.heard(1_000).await.unwrap(), text);
}

#[tokio::test]
async fn requests_for_a_path_are_held_back_until_the_fault_ends_and_others_pass() {
    let scene = Scene::start().await;
    scene.proxy.set(Faults::hold("/widget/"));
    let held = "GET /widget/a.js HTTP/1.1\r\nhost: x\r\n\r\n";
    let passes = "GET /info-cig.js HTTP/1.1\r\nhost: x\r\n\r\n";

    let mut client = scene.connect().await;
    assert_eq!(client.ask(passes).await.unwrap(), passes);
    client.stream.write_all(held.as_bytes()).await.unwrap();
    scene.stays_silent(&mut client).await;
    assert_eq!(scene.server.heard(0), passes);

    scene.proxy.heal();
    assert_eq!(client.heard(held.len()).await.unwrap(), held);
}

#[tokio::test]
async fn a_direction_that_was_silent_is_half_open_for_good() {
    for (faults, server_hears) in [(Faults::silent_up(), false), (Faults::silent_down(), true)] {
        let scene = Scene::start().await;
        let mut client = scene.connect().await;
        client.ask("prima").await.unwrap();

        scene.proxy.set(faults);
        client.stream.write_all(b"durante").await.unwrap();
        scene.stays_silent(&mut client).await;
        scene.proxy.heal();
        client.stream.write_all(b"dopo").await.unwrap();
        scene.stays_silent(&mut client).await;

        if server_hears {
            let all = async || (scene.server.heard(0) == "primadurantedopo").then_some(());
            wait::until("the other direction", all).await.unwrap();
            scene.stays_silent(&mut client).await;
        } else {
            assert_eq!(scene.server.heard(0), "prima");
        }
        assert!(!scene.server.ended(0));
        assert_eq!(scene.connect().await.ask("altra").await.unwrap(), "altra");
    }
}

#[tokio::test]
async fn a_black_hole_silences_open_connections_and_new_ones() {
    let scene = Scene::start().await;
    let mut before = scene.connect().await;
    before.ask("prima").await.unwrap();

    scene.proxy.set(Faults::black_hole());
    let mut during = scene.connect().await;
    for client in [&mut before, &mut during] {
        client.stream.write_all(b"durante").await.unwrap();
        scene.stays_silent(client).await;
    }

    assert_eq!(scene.server.connections(), 1);
    assert_eq!(scene.server.heard(0), "prima");
    scene.proxy.heal();
    assert_eq!(scene.connect().await.ask("dopo").await.unwrap(), "dopo");
}

#[tokio::test]
async fn a_refused_connection_fails_at_once() {
    let scene = Scene::start().await;
    scene.proxy.set(Faults::refuse());

    let mut client = scene.connect().await;

    assert!(client.heard(1).await.is_err());
    assert_eq!(scene.server.connections(), 0);
}

#[tokio::test]
async fn a_server_that_is_not_there_resets_the_client() {
    let scene = Scene::start().await;
    let mut client = scene.connect().await;
    client.ask("prima").await.unwrap();
    let Scene { server, proxy, .. } = scene;
    let Server { accepting, port, .. } = server;
    accepting.abort();
    let _aborted = accepting.await;

    let mut client = TcpStream::connect(("127.0.0.1", proxy.port())).await.unwrap();

    assert!(client.read_u8().await.is_err(), "nobody listens on {port}");
}

#[tokio::test]
async fn a_doubled_connection_reaches_the_server_twice_and_answers_once() {
    let scene = Scene::start().await;
    scene.proxy.set(Faults::twice());

    let mut client = scene.connect().await;
    assert_eq!(client.ask("ciao").await.unwrap(), "ciao");
    assert_eq!(client.ask("ancora").await.unwrap(), "ancora");

    wait::until("the same bytes twice", async || {
        let heard = [scene.server.heard(0), scene.server.heard(1)];
        (heard == ["ciaoancora", "ciaoancora"]).then_some(())
    })
    .await
    .unwrap();
    scene.stays_silent(&mut client).await;
}

#[tokio::test]
async fn upgrades_are_refused_and_other_requests_pass() {
    let scene = Scene::start().await;
    for status in [403, 502] {
        scene.proxy.set(Faults::upgrades(Upgrades::Refuse(status)));

        let mut client = scene.connect().await;
        client.stream.write_all(UPGRADE.as_bytes()).await.unwrap();
        let answer = client.everything().await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert!(answer.contains("content-type: text/plain\r\n"), "{answer}");

        let request = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
        assert_eq!(scene.connect().await.ask(request).await.unwrap(), request);
    }
    assert_eq!(scene.server.connections(), 2);
}

#[tokio::test]
async fn an_upgraded_connection_is_held_back_until_the_fault_ends() {
    let scene = Scene::start().await;
    scene.proxy.set(Faults::upgrades(Upgrades::HoldBack));
    let mut client = scene.connect().await;
    // The server answers with the same head.
    assert_eq!(client.ask(UPGRADE).await.unwrap(), UPGRADE);

    client.stream.write_all(b"ciao").await.unwrap();
    scene.stays_silent(&mut client).await;
    assert_eq!(scene.server.heard(0), UPGRADE);
    assert_eq!(scene.connect().await.ask("altro").await.unwrap(), "altro");

    scene.proxy.heal();
    assert_eq!(client.heard(4).await.unwrap(), "ciao");
}

const UPGRADE: &str = "GET /x HTTP/1.1\r\nhost: x\r\nConnection: Upgrade\r\nUPGRADE: WebSocket\r\n\r\n";

/// Number of exchanges that show that bytes had time to arrive.
const MARKERS: usize = 5;

/// An echo server behind a proxy.
struct Scene {
    server: Server,
    proxy: Proxy,
    /// A network without faults, which leads to another server.
    whole: Proxy,
    _echo: Server,
}

impl Scene {
    async fn start() -> Self {
        let server = Server::start().await;
        let proxy = Proxy::start(server.port).await.unwrap();
        let echo = Server::start().await;
        let whole = Proxy::start(echo.port).await.unwrap();
        Self { server, proxy, whole, _echo: echo }
    }

    /// Checks that the connection is open and receives no bytes, although several later exchanges with another proxy were
    /// answered: by then bytes that are not held back have arrived.
    async fn stays_silent(&self, client: &mut Client) {
        for _ in 0..MARKERS {
            let mut other =
                Client { stream: TcpStream::connect(("127.0.0.1", self.whole.port())).await.unwrap() };
            assert_eq!(other.ask("segno").await.unwrap(), "segno");
        }
        let heard = client.stream.try_read(&mut [0]);
        assert_eq!(heard.map_err(|error| error.kind()), Err(io::ErrorKind::WouldBlock));
    }

    async fn connect(&self) -> Client {
        Client { stream: TcpStream::connect(("127.0.0.1", self.proxy.port())).await.unwrap() }
    }
}

struct Client {
    stream: TcpStream,
}

impl Client {
    /// Sends bytes and reads the same number.
    async fn ask(&mut self, text: &str) -> io::Result<String> {
        self.stream.write_all(text.as_bytes()).await?;
        self.heard(text.len()).await
    }

    /// Reads this number of bytes, or fewer if the connection ends.
    async fn heard(&mut self, length: usize) -> io::Result<String> {
        let mut bytes = Vec::new();
        let mut limited = (&mut self.stream).take(u64::try_from(length).unwrap());
        let read = limited.read_to_end(&mut bytes);
        timeout(wait::PATIENCE, read).await.unwrap()?;
        Ok(String::from_utf8(bytes).unwrap())
    }

    async fn everything(&mut self) -> String {
        self.heard(100_000).await.unwrap()
    }
}

struct Server {
    port: u16,
    connections: Arc<Mutex<Vec<Connection>>>,
    accepting: JoinHandle<()>,
}

#[derive(Default)]
struct Connection {
    heard: Vec<u8>,
    ended: bool,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections: Arc<Mutex<Vec<Connection>>> = Arc::default();
        let all = connections.clone();
        let accepting = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let place = all.lock().unwrap().len();
                all.lock().unwrap().push(Connection::default());
                tokio::spawn(echo(stream, all.clone(), place));
            }
        });
        Self { port, connections, accepting }
    }

    fn connections(&self) -> usize {
        self.connections.lock().unwrap().len()
    }

    fn heard(&self, place: usize) -> String {
        self.connections
            .lock()
            .unwrap()
            .get(place)
            .map_or_else(String::new, |connection| String::from_utf8(connection.heard.clone()).unwrap())
    }

    fn ended(&self, place: usize) -> bool {
        self.connections.lock().unwrap()[place].ended
    }
}

async fn echo(mut stream: TcpStream, all: Arc<Mutex<Vec<Connection>>>, place: usize) {
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        all.lock().unwrap()[place].heard.extend_from_slice(&buffer[..length]);
        if stream.write_all(&buffer[..length]).await.is_err() {
            break;
        }
    }
    all.lock().unwrap()[place].ended = true;
}
