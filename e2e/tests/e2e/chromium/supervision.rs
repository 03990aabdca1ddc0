// SPDX-License-Identifier: EUPL-1.2
//! A supervisor in browsers: watches a wait grow into an alert, reads, whispers, takes over; and the screen on the wall.

use infocig_e2e::{
    browser::Browser,
    edge::policy_with,
    linea_inps::LineaInps,
    page::{ConsolePage, PortalPage},
};

#[tokio::test]
async fn a_supervisor_watches_a_wait_grow_into_an_alert_reads_whispers_and_takes_over() {
    let policy = policy_with(|policy| {
        policy["desk"]["supervision"]["alerts"]["longest_wait_minutes"] = 1.into();
    })
    .unwrap();
    let mut office = LineaInps::with_pages(|options| options.with_policy(policy)).await.unwrap();
    let (phone, wall) = Browser::two().await.unwrap();
    let (first, second) = Browser::two().await.unwrap();
    let teresa = ConsolePage::sign_in(&first, &office.portal, "supervisor").await.unwrap();
    teresa.tile_says("waiting", "0").await.unwrap();
    teresa.is_accessible().await.unwrap();
    let carmine = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-napoli").await.unwrap();
    carmine.press_launcher().await.unwrap();
    teresa.tile_says("waiting", "1").await.unwrap();
    office.scene.edge.restart_at("2026-11-23T15:22:00+01:00").await.unwrap();
    teresa.alert_says("Una persona aspetta da").await.unwrap();
    teresa.title_says("1 avviso").await.unwrap();
    teresa.is_accessible().await.unwrap();

    let board = ConsolePage::sign_in(&wall, &office.portal, "supervisor").await.unwrap();
    board.tile_says("waiting", "1").await.unwrap();
    let board = ConsolePage::wallboard(&wall, &office.portal).await.unwrap();
    wall.is_seen_at(1920, 1080).await.unwrap();
    board.alert_says("Una persona aspetta").await.unwrap();
    board.is_accessible().await.unwrap();
    assert!(!board.wallboard_text().await.unwrap().contains("Carmine"));

    let giulia = ConsolePage::sign_in(&second, &office.portal, "advisor-giulia").await.unwrap();
    giulia.take("Carmine Improta").await.unwrap();
    carmine.write("Quando sarò pagato?").await.unwrap();
    giulia.reads("citizen", "Quando sarò pagato?").await.unwrap();
    teresa.press_act("Giulia", "observe").await.unwrap();
    teresa.observes().await.unwrap();
    teresa.reads("citizen", "Quando sarò pagato?").await.unwrap();
    teresa.is_accessible().await.unwrap();
    giulia.taking_part_says("Legge: Teresa").await.unwrap();
    teresa.whisper("Chiedi il numero di protocollo.").await.unwrap();
    giulia.notes_say("Chiedi il numero di protocollo.").await.unwrap();
    giulia.has_a_whisper().await.unwrap();
    giulia.is_accessible().await.unwrap();

    teresa.take_over().await.unwrap();
    carmine.log_says("Da ora ti risponde Teresa").await.unwrap();
    giulia.supervised_says("Teresa ha preso in carico la conversazione").await.unwrap();
    teresa.write("Sono Teresa: verifico subito.").await.unwrap();
    carmine.reads("advisor", "Sono Teresa: verifico subito.").await.unwrap();
    assert!(!carmine.texts().await.unwrap().iter().any(|text| text.contains("protocollo")));
}
