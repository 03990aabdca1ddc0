// SPDX-License-Identifier: EUPL-1.2
//! INFO CIG in hostile host pages: people can read, press and write under any styles and policies of the page, and INFO CIG
//! changes nothing of the page.

use infocig_e2e::{
    answer::Answer,
    browser::Browser,
    edge::Edge,
    embed::{self, Embedded, Looks},
    engine::Engine,
    page::{ConsolePage, PlainPage, PortalPage},
    portal::Portal,
    service::service,
    wait,
};
use serde_json::Value;

#[tokio::test]
async fn a_page_that_resets_everything_changes_nothing_of_it() {
    people_talk_on("resets").await;
}

#[tokio::test]
async fn on_a_page_of_bootstrap_italia_people_talk_beside_it() {
    people_talk_on("italia").await;
}

#[tokio::test]
async fn ancestors_that_are_scaled_zoomed_clipped_and_filtered_hide_nothing() {
    people_talk_on("transformed").await;
}

#[tokio::test]
async fn in_a_frame_of_the_portal_it_works_as_on_a_page() {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let page = embed::open(&phone, &portal, "framed", "worker-roma").await.unwrap();

    embed::enter_frame(&phone).await.unwrap();

    is_readable(&phone).await;
    somebody_writes(&page, "Dalla cornice.").await;
    assert_eq!(embed::complaints(&phone).await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn an_element_that_is_moved_talks_on_and_one_that_is_taken_away_is_gone_until_it_is_back() {
    let (_edge, portal) = service().await.unwrap();
    let (phone, desk) = tokio::join!(Browser::lease(), Browser::lease());
    let (phone, desk) = (phone.unwrap(), desk.unwrap());
    let giulia = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    let worker = embed::open(&phone, &portal, "moving", "worker-roma").await.unwrap();
    somebody_writes(&worker, "Prima.").await;
    giulia.take("Lucia Ferretti").await.unwrap();

    press_to(&phone, "move").await;
    worker.write("Da un'altra parte.").await.unwrap();
    giulia.reads("citizen", "Da un'altra parte.").await.unwrap();
    giulia.presence_says("È in chat").await.unwrap();

    press_to(&phone, "remove").await;
    giulia.presence_says("Non è in chat").await.unwrap();
    giulia.write("C'è ancora?").await.unwrap();
    press_to(&phone, "put-back").await;
    worker.reads("advisor", "C'è ancora?").await.unwrap();
    giulia.presence_says("È in chat").await.unwrap();
    worker.write("Eccomi.").await.unwrap();
    giulia.reads("citizen", "Eccomi.").await.unwrap();

    press_to(&phone, "another").await;
    let second = Embedded::nth(&phone, 1);
    second.reads("Eccomi.").await.unwrap();
    assert_eq!(worker.texts().await.unwrap(), ["Prima.", "Da un'altra parte.", "C'è ancora?", "Eccomi."]);
    assert_eq!(embed::complaints(&phone).await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn loaded_twice_it_is_defined_once_and_two_elements_show_one_conversation() {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let _page = embed::open(&phone, &portal, "twice", "worker-roma").await.unwrap();
    let (first, second) = (Embedded::nth(&phone, 0), Embedded::nth(&phone, 1));
    assert_readable(&first.looks("launcher").await.unwrap());
    assert_readable(&second.looks("launcher").await.unwrap());

    first.press("launcher").await.unwrap();
    first.write("Dal primo.").await.unwrap();
    first.reads("Dal primo.").await.unwrap();
    second.press("launcher").await.unwrap();
    second.reads("Dal primo.").await.unwrap();

    assert_eq!(embed::complaints(&phone).await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn the_strictest_policy_is_never_broken() {
    let (edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let page = embed::open(&phone, &portal, "strict", "worker-roma").await.unwrap();

    is_readable(&phone).await;
    somebody_writes(&page, "Con ogni cautela.").await;

    assert_eq!(embed::complaints(&phone).await.unwrap(), [""; 0]);
    assert_eq!(reports(&edge, &portal).await, 0);
}

#[tokio::test]
async fn without_web_assembly_the_plain_link_stays_and_leads_on() {
    let (edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let page = embed::open(&phone, &portal, "no-wasm", "worker-roma").await.unwrap();
    let complaint = wait::until("a complaint about what was not allowed", async || {
        let complaints = embed::complaints(&phone).await.unwrap();
        complaints.into_iter().find(|complaint| complaint.contains("could not be loaded; the link stays"))
    });
    let complaint = complaint.await.unwrap();
    assert!(complaint.contains("CompileError"), "{complaint}");
    // WebKit enforces the policy, but reports violations neither to the page nor to the portal.
    if Engine::of_this_run().unwrap() != Engine::WebKit {
        let reported = async || (reports(&edge, &portal).await > 0).then_some(());
        wait::until("a report of what was not allowed", reported).await.unwrap();
    }

    assert_eq!(page.plain_link().await.unwrap(), "/infocig/plain?entry=myinps");
    page.follow_plain_link().await.unwrap();
    let plain = PlainPage::enter(&phone).await.unwrap();
    plain.says(&["Scrivi come Lucia Ferretti", "Sei in coda"]).await.unwrap();
}

/// On that page the launcher is readable and can be pressed, a message is delivered, and the page is unchanged.
async fn people_talk_on(name: &str) {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let alone = embed::own_things_alone(&phone, &portal, name).await.unwrap();
    let page = embed::open_again(&phone, &portal, name).await.unwrap();

    is_readable(&phone).await;
    somebody_writes(&page, "A che punto è la mia domanda?").await;
    let composer = Embedded::nth(&phone, 0).looks("composer").await.unwrap();
    assert_readable(&composer);
    assert!(composer.width >= 200.0, "{composer:?}");

    assert_eq!(embed::own_things(&phone).await.unwrap(), alone, "{name}");
    assert_eq!(embed::complaints(&phone).await.unwrap(), [""; 0], "{name}");
}

async fn is_readable(browser: &Browser) {
    assert_readable(&Embedded::nth(browser, 0).looks("launcher").await.unwrap());
}

fn assert_readable(looks: &Looks) {
    assert!(looks.font >= 15.0 && looks.height >= 44.0 && looks.is_on_top, "{looks:?}");
    assert_ne!(looks.colour, "rgb(255, 0, 0)", "the page's own colour");
}

/// Opens the panel and delivers a message.
async fn somebody_writes(page: &PortalPage<'_>, text: &str) {
    page.press_launcher().await.unwrap();
    page.phase_says(&["coda"]).await.unwrap();
    page.press_composer().await.unwrap();
    page.types(text).await.unwrap();
    page.send().await.unwrap();
    page.reads("citizen", text).await.unwrap();
    page.delivery_says("Consegnato").await.unwrap();
}

/// Presses the button of the page that acts on its element.
async fn press_to(browser: &Browser, does: &str) {
    embed::press(browser, &format!("[data-does='{does}']")).await.unwrap();
}

/// The number of reports of policy violations at the portal.
async fn reports(edge: &Edge, portal: &Portal) -> u64 {
    let answer = Answer::to(edge.http().get(portal.page("/embed/reports"))).await.unwrap();
    answer.document::<Value>(200).unwrap()["reports"].as_u64().unwrap()
}
