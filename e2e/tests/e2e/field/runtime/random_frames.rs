// SPDX-License-Identifier: EUPL-1.2
//! Thousands of pseudo-random frames, the same in every run: each is answered, and the log stays consistent.

use infocig_e2e::{long_form::short_or_long, scene::Scene, socket::SocketEvent};
use infocig_protocol::{
    frame::{ClientFrame, ServerFrame},
    limits,
};
use proptest::{
    prelude::{Just, Strategy, any, prop_oneof},
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

#[tokio::test]
async fn random_frames_are_each_answered_and_harm_nothing() {
    let scene = Scene::without_rate_limits().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    let count = short_or_long(3_000, 10_000);
    let frames = noise(count);

    let (mut stored, mut refused) = (Vec::new(), 0);
    for batch in frames.chunks(100) {
        citizen.socket.send_texts(batch).await.unwrap();
        for frame in batch {
            match citizen.socket.receive().await.unwrap() {
                SocketEvent::Frame(ServerFrame::Entries { entries }) => stored.extend(entries),
                SocketEvent::Frame(ServerFrame::Refused { .. }) => refused += 1,
                SocketEvent::Text(pong) if pong == limits::PONG => {}
                other @ (SocketEvent::Frame(_)
                | SocketEvent::Text(_)
                | SocketEvent::Closed(_)
                | SocketEvent::Lost) => {
                    panic!("{frame:?} was answered {other:?}")
                }
            }
        }
    }

    // Repeated ids are answered with their first entry; the log has each once.
    stored.sort_by_key(|entry| entry.seq);
    stored.dedup();
    assert!(
        stored.len() > count / 25 && refused > count / 2,
        "the noise is no noise: {} were stored, {refused} were refused",
        stored.len()
    );
    let mut again = scene.chat(&opened).await.unwrap();
    assert_eq!(again.log[1..], stored);
    let numbers: Vec<u64> = again.log.iter().map(|entry| entry.seq).collect();
    assert_eq!(numbers, (1..=again.welcome.last_seq).collect::<Vec<_>>());
    again.post_message("Silenzio, finalmente.").await.unwrap();
}

/// Invalid frames of several kinds. None of them may end the conversation or the socket.
fn noise(count: usize) -> Vec<String> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &SEED);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let text = || prop_oneof![any::<String>(), "[a-z ]{0,40}", "\\PC{0,20}", Just("x".repeat(4_001)),];
    let frame = prop_oneof![
        // Anything at all.
        any::<String>(),
        // Characters of JSON.
        r#"[\[\]{}:,"0-9a-z\\]{0,80}"#,
        // An additional, missing or mistyped member.
        ("[a-z]{0,8}", text(), any::<i64>()).prop_map(|(kind, text, number)| {
            serde_json::json!({ kind: { "id": number, "text": text } }).to_string()
        }),
        (text(), text())
            .prop_map(|(id, text)| { serde_json::json!({ "post": { "id": id, "text": text } }).to_string() }),
        // A post, often with an id that was used before.
        ("m-[0-9]{1,4}", text())
            .prop_map(|(id, text)| { serde_json::json!({ "post": { "id": id, "text": text } }).to_string() }),
        // Hello a second time.
        (any::<u16>(), text(), any::<u64>()).prop_map(|(version, ticket, after)| {
            serde_json::json!({ "hello": { "version": version, "ticket": ticket, "resume_after": after } })
                .to_string()
        }),
        // A truncated valid frame.
        ("m-[0-9]{1,4}", "[a-z]{1,20}", any::<proptest::sample::Index>()).prop_map(|(id, text, cut)| {
            let whole = serde_json::json!({ "post": { "id": id, "text": text } }).to_string();
            whole[..cut.index(whole.len())].to_owned()
        }),
        Just(limits::PING.to_owned()),
        Just(limits::PONG.to_owned()),
    ];
    std::iter::repeat_with(|| frame.new_tree(&mut runner).unwrap().current())
        .filter(|text| !matches!(serde_json::from_str(text), Ok(ClientFrame::Close {})))
        .take(count)
        .collect()
}

const SEED: [u8; 32] = *b"INFO CIG, Messaggio 4497 of 2022";
