// SPDX-License-Identifier: EUPL-1.2
//! The different answers of portals to a request for a token.

use infocig_e2e::{browser::Browser, embed, page::PortalPage, service::service};
use serde_json::json;

/// Kind: portals whose session has ended, with every answer they give.
#[tokio::test]
async fn a_portal_whose_session_has_ended_leads_to_signing_in_however_it_says_so() {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    for way in ["redirect", "page", "forbidden", "expired"] {
        let page = embed::open_again(&phone, &portal, "habits").await.unwrap();
        let url = json!(format!("/embed/signed-out/{way}"));
        phone.script("habits.token = arguments[0]", vec![url]).await.unwrap();

        page.press_launcher().await.unwrap();

        let said = page.error_says(&["accedi di nuovo"]).await;
        said.unwrap_or_else(|error| panic!("{way}: {error}"));
    }
}

/// Kind: portals that need a CSRF token, so that the page fetches hand-off tokens itself.
#[tokio::test]
async fn a_page_that_provides_tokens_needs_no_address_and_reports_errors() {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let page = embed::open(&phone, &portal, "provided", "worker-roma").await.unwrap();
    let answers = async |status| phone.script("provided.status = arguments[0]", vec![status]).await;
    answers(json!(503)).await.unwrap();
    page.press_launcher().await.unwrap();
    page.error_says(&["Qualcosa non ha funzionato da parte nostra"]).await.unwrap();
    answers(json!(401)).await.unwrap();
    page.press_retry().await.unwrap();
    page.error_says(&["accedi di nuovo"]).await.unwrap();
    answers(json!(null)).await.unwrap();

    page.press_retry().await.unwrap();

    page.phase_says(&["coda"]).await.unwrap();
}
