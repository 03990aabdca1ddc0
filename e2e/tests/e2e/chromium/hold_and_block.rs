// SPDX-License-Identifier: EUPL-1.2
//! An advisor holds a conversation, warns its person; a supervisor blocks them and lifts the block.

use infocig_e2e::{
    browser::Browser,
    linea_inps::LineaInps,
    page::{ConsolePage, PortalPage},
};

#[tokio::test]
async fn a_person_is_put_on_hold_warned_blocked_and_let_in_again() {
    let mut office = LineaInps::with_pages(|options| options).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let other = Browser::lease().await.unwrap();
    let giulia = ConsolePage::sign_in(&desk, &office.portal, "advisor-giulia").await.unwrap();
    let lucia = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-roma").await.unwrap();
    lucia.press_launcher().await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();
    giulia.write("Buongiorno, guardo la pratica.").await.unwrap();
    lucia.reads("advisor", "Buongiorno, guardo la pratica.").await.unwrap();

    giulia.press_on_page("hold").await.unwrap();
    giulia.page_says("hold-dialog", "Metti in attesa Lucia Ferretti?").await.unwrap();
    giulia.is_accessible().await.unwrap();
    giulia.fill_in("hold-text", "manca il ticket").await.unwrap();
    giulia.press_on_page("hold-confirm").await.unwrap();
    lucia.log_says("torna tra circa 2 minuti").await.unwrap();
    assert!(!lucia.texts().await.unwrap().iter().any(|text| text.contains("ticket")));
    giulia.page_says("on-hold", "In attesa fino alle").await.unwrap();
    office.scene.edge.restart_at("2026-11-23T15:40:00+01:00").await.unwrap();
    giulia.page_says("on-hold", "Ti aspetta dalle").await.unwrap();
    giulia.is_accessible().await.unwrap();
    giulia.write("Eccomi.").await.unwrap();
    lucia.reads("advisor", "Eccomi.").await.unwrap();

    giulia.press_on_page("warn").await.unwrap();
    giulia.page_says("warn-dialog", "Lucia Ferretti").await.unwrap();
    giulia.is_accessible().await.unwrap();
    giulia.press_on_page("warn-confirm").await.unwrap();
    lucia.log_says("Ti chiediamo un tono rispettoso").await.unwrap();

    let teresa = ConsolePage::sign_in(&other, &office.portal, "supervisor").await.unwrap();
    teresa.page_says("under-way-row", "Avvisata alle").await.unwrap();
    teresa.press_act("Giulia", "block").await.unwrap();
    teresa.page_says("block-dialog", "24 ore").await.unwrap();
    teresa.fill_in("block-reason", "Insulti ripetuti").await.unwrap();
    teresa.is_accessible().await.unwrap();
    teresa.press_on_page("block-confirm").await.unwrap();
    lucia.log_says("chiedi di riesaminare la decisione").await.unwrap();
    giulia.supervised_says("bloccato la persona").await.unwrap();
    lucia.reload().await.unwrap();
    lucia.press_launcher().await.unwrap();
    lucia.refusal_says(&["riesaminare"]).await.unwrap();

    teresa.page_says("block-row", "Insulti ripetuti").await.unwrap();
    teresa.press_on_page("lift").await.unwrap();
    teresa.fill_in("lift-reason", "Equivoco chiarito").await.unwrap();
    teresa.is_accessible().await.unwrap();
    teresa.press_on_page("lift-confirm").await.unwrap();
    teresa.page_says("panel-blocks", "Nessun").await.unwrap();
    lucia.reload().await.unwrap();
    lucia.press_launcher().await.unwrap();
    lucia.place_says(&["La prossima conversazione è la tua"]).await.unwrap();
}
