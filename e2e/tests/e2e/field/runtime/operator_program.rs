// SPDX-License-Identifier: EUPL-1.2
//! The program for operators: one process for each folder of data, an end within seconds, enough descriptors for connections
//! of hostile clients, and a start that fails if the service cannot work.

use std::{net::TcpStream, process::Command, time::Duration};

use futures_util::future::{join_all, try_join_all};
use infocig_e2e::{
    artefacts::{self, Variant},
    chat::hello,
    edge::{Edge, EdgeOptions, USUAL_LIMITS, policy_without_limits},
    polls::Polls,
    scene::Scene,
    wait,
};
use infocig_protocol::{close, http::ConversationOpened, problem::Code};

/// Kind: a process that does not end on SIGTERM while connections are open.
#[tokio::test]
async fn a_stop_signal_ends_sockets_polls_and_the_program_in_seconds() {
    let policy = policy_without_limits().unwrap();
    let mut scene = Scene::with(|options| served(options.with_policy(policy))).await.unwrap();
    let people = join_all((0..250).map(|number| enter(&scene, number))).await;
    let (on_sockets, on_polls) = people.split_at(200);
    let mut chats = try_join_all(on_sockets.iter().map(|opened| scene.chat(opened))).await.unwrap();
    let mut waiting = Vec::new();
    for opened in on_polls {
        let url = format!("{}{}", scene.edge.url(), opened.socket.replace("/socket", "/poll"));
        let polls = Polls::new(scene.edge.http().clone(), url, scene.issuer.origin()).unwrap();
        polls.exchange(&[hello(&opened.ticket, 0)]).await.unwrap();
        waiting.push(tokio::spawn(async move { polls.wait().await }));
    }

    let took = scene.edge.end().await.unwrap();

    println!("from SIGTERM to the end with 200 sockets and 50 polls: {} ms", took.as_millis());
    // A container has ten seconds to end before it is killed.
    assert!(took < Duration::from_secs(10), "{took:?}: {}", scene.edge.program().written());
    for chat in &mut chats {
        assert_eq!(chat.socket.ended().await.unwrap(), close::RESTART);
    }
    for poll in join_all(waiting).await {
        // A request after the signal is refused with this code; none stays unanswered.
        if let Err(error) = poll.unwrap() {
            assert!(error.to_string().contains(Code::Restarting.as_str()), "{error}");
        }
    }
}

/// Kind: two processes on one folder.
#[tokio::test]
async fn a_folder_of_data_has_one_process() {
    let scene = Scene::with(served).await.unwrap();
    let mut second = Command::new(artefacts::infocig().unwrap());
    second.arg("serve").arg("--workerd").arg(artefacts::workerd().unwrap());
    second.arg("--edge").arg(artefacts::worker(Variant::Demo).unwrap().with_file_name(""));
    second.arg("--site").arg(scene.edge.folder()).arg("--data").arg(scene.edge.folder());
    second.arg("--listen=127.0.0.1:0");

    let refused = second.output().unwrap();

    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("another process runs on"), "{said}");
    scene.enter("worker-roma").await.unwrap();
}

/// Kind: more connections than a process may have descriptors.
#[tokio::test]
async fn silent_unauthenticated_links_do_not_end_it() {
    let scene = Scene::with(served).await.unwrap();
    let address = ("127.0.0.1", scene.edge.port());
    rlimit::increase_nofile_limit(u64::MAX).unwrap();
    let strangers: Vec<TcpStream> = (0..1_500).map(|_| TcpStream::connect(address).unwrap()).collect();

    let opened = scene.enter("worker-roma").await.unwrap();
    scene.chat(&opened).await.unwrap().post_message("Ci siete ancora?").await.unwrap();

    // It was not restarted either.
    let written = scene.edge.program().written();
    assert!(!written.contains("ended by itself"), "{written}");
    drop(strangers);
}

/// Kind: a runtime that crashes.
#[tokio::test]
async fn a_runtime_that_ends_is_restarted_and_has_every_message() {
    let scene = Scene::with(served).await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut chat = scene.chat(&opened).await.unwrap();
    chat.post_message("Prima della caduta").await.unwrap();

    scene.edge.program().kill_child_of("infocig").unwrap();

    let again = wait::until("the runtime that was started anew", async || scene.chat(&opened).await.ok());
    assert_eq!(again.await.unwrap().log, chat.log);
}

/// Kind: a service that reports health while it cannot store.
#[tokio::test]
async fn without_writable_storage_it_does_not_start_and_reports_it() {
    let scene = Scene::open().await.unwrap();
    let options = EdgeOptions::trusting(scene.issuer.setting());
    let started = Edge::launch(EdgeOptions { served: Some(NOTHING_CAN_BE_WRITTEN), ..options }).await;

    let refused = started.expect_err("it started").to_string();

    assert!(refused.contains("the store took no row"), "{refused}");
}

/// Files of at most 32 kB: enough for the runtime itself, too few for the database of an object.
const NOTHING_CAN_BE_WRITTEN: &str = "trap '' XFSZ; ulimit -f 64";

/// Kind: a start that succeeds with invalid settings.
#[tokio::test]
async fn a_setting_that_cannot_be_used_ends_the_start_with_its_sentence() {
    let scene = Scene::open().await.unwrap();
    let mut options = served(EdgeOptions::trusting(scene.issuer.setting()));
    options.bindings.push(("TICKET_KEY", Some("short".into())));

    let refused = Edge::launch(options).await.expect_err("it started").to_string();

    assert!(refused.contains("TICKET_KEY must have at least 32 characters"), "{refused}");
    assert_eq!(scene.present(None).await.unwrap().problem().unwrap().code, Code::TokenMissing);
}

fn served(options: EdgeOptions) -> EdgeOptions {
    EdgeOptions { served: Some(USUAL_LIMITS), ..options }
}

async fn enter(scene: &Scene, number: usize) -> ConversationOpened {
    let claims = scene.claims("worker-roma").unwrap().with("sub", format!("p-{number}"));
    scene.ask(&claims).await.unwrap().document(201).unwrap()
}
