// SPDX-License-Identifier: EUPL-1.2
//! Supervisors' pages in a browser: a report and its file, comments, the search.

use std::collections::BTreeMap;

use infocig_e2e::{
    answer::Answer, browser::Browser, desk::Desk, linea_inps::LineaInps, page::ConsolePage, scene::Scene,
    wait,
};
use infocig_protocol::{desk::AssignmentState, entry::Outcome, http::ConversationOpened};
use serde_json::{Value, json};

#[tokio::test]
async fn the_report_by_province_of_the_week_of_the_clock_change_is_the_file_that_is_downloaded() {
    let office = LineaInps::with_pages_at("2026-10-22T15:30:00+02:00").await.unwrap();
    converse(&office.scene, "worker-roma").await;
    converse(&office.scene, "worker-napoli").await;
    // The second of the two hours that begin at two, on the day that has 25.
    office.edge().set_clock("2026-10-25T02:30:00+01:00").await.unwrap();
    let claims = office.scene.claims("worker-roma").unwrap();
    assert_eq!(office.scene.ask(&claims).await.unwrap().status, 403, "closed on Sundays");
    office.edge().set_clock("2026-10-26T09:00:00+01:00").await.unwrap();
    let desk = Browser::lease().await.unwrap();
    let console = ConsolePage::sign_in(&desk, &office.portal, "supervisor").await.unwrap();

    console.open_page("page-report").await.unwrap();
    console.page_says("report-empty", "nessuno").await.unwrap();
    console.choose_on_page("report-period", "range").await.unwrap();
    console.fill_on_page("report-from", "2026-10-19").await.unwrap();
    console.fill_on_page("report-to", "2026-10-25").await.unwrap();
    console.choose_on_page("report-by", "province").await.unwrap();
    console.page_says("report-days", "19 ottobre 2026").await.unwrap();
    console.page_says("report-rows", "Roma").await.unwrap();
    console.page_says("report-summary", "12 ottobre 2026").await.unwrap();

    let shown = console.report_rows().await.unwrap();
    assert_eq!(shown["058"]["entered"], "1");
    assert_eq!((&shown["total"]["entered"], &shown["total"]["answered"]), (&json!("2"), &json!("2")));
    assert_eq!(shown["total"]["refused"], "1", "{shown}");
    let file = console.download_report().await.unwrap();
    assert_eq!(shown, json!(rows_of(&file)));
}

#[tokio::test]
async fn a_comment_is_read_and_its_conversation_found() {
    let office = LineaInps::with_pages(|options| options).await.unwrap();
    let opened = converse(&office.scene, "worker-roma").await;
    let rating = json!({ "answer": "partly", "comment": "Manca la data." });
    wait::until("the comment accepted", async || {
        let rated = rate(&office.scene, &opened, &rating).await;
        (rated.status == 204).then_some(())
    })
    .await
    .unwrap();
    let number = opened.conversation.number();
    let desk = Browser::lease().await.unwrap();
    let console = ConsolePage::sign_in(&desk, &office.portal, "supervisor").await.unwrap();

    console.open_page("page-comments").await.unwrap();
    console.page_says("comment-text", "Manca la data.").await.unwrap();
    console.page_says("comment-about", &number).await.unwrap();
    console.press_on_page("comment-handle").await.unwrap();
    console.page_says("comment-handled", "Letto il").await.unwrap();
    console.choose_on_page("comments-rating", "partly").await.unwrap();
    console.page_says("comments-none", "Nessun commento").await.unwrap();

    console.open_page("page-search").await.unwrap();
    console.fill_on_page("search-number", &number).await.unwrap();
    console.press_on_page("search-go").await.unwrap();
    console.page_says("search-row", &number).await.unwrap();
    console.page_says("search-count", "1 conversazione").await.unwrap();
    console.choose_on_page("search-outcome", "linea_inps").await.unwrap();
    console.press_on_page("search-go").await.unwrap();
    console.page_says("search-none", "Nessuna").await.unwrap();
}

/// A conversation that is answered, ended and settled online.
async fn converse(scene: &Scene, person: &str) -> ConversationOpened {
    let opened = scene.enter(person).await.unwrap();
    let mut chat = scene.chat(&opened).await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let own = desk.answer(&opened.conversation).await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();
    advisor.post_message("Il pagamento è disposto.").await.unwrap();
    chat.close().await.unwrap();
    let wraps_up = |desk: &Desk| {
        let own = desk.own(&opened.conversation)?;
        matches!(own.state, AssignmentState::WrapUp { .. }).then_some(())
    };
    desk.see("wrapping up", wraps_up).await.unwrap();
    desk.close(&opened.conversation, Outcome::Online).await.unwrap();
    wait::until("it in the register", async || {
        let rows = scene.register().await.ok()?;
        rows.iter().any(|row| row.conversation == opened.conversation).then_some(())
    })
    .await
    .unwrap();
    opened
}

async fn rate(scene: &Scene, opened: &ConversationOpened, rating: &Value) -> Answer {
    let url = format!("{}/v1/conversations/{}/rating", scene.edge.url(), opened.conversation);
    Answer::to(scene.edge.http().post(url).bearer_auth(&opened.ticket).json(rating)).await.unwrap()
}

/// The rows of a report's CSV, in the form of the table: of a share its part and whole, of lengths their four numbers.
fn rows_of(file: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let heads = reader.headers().unwrap().clone();
    let mut rows = BTreeMap::new();
    for record in reader.records() {
        let record = record.unwrap();
        let mut figures: BTreeMap<String, String> = BTreeMap::new();
        for (head, number) in heads.iter().zip(&record).skip(1) {
            let of_lengths = ["_n", "_p50_s", "_p90_s", "_longest_s"];
            let (name, sign) = match head.strip_suffix("_part").or_else(|| head.strip_suffix("_of")) {
                Some(name) => (name, "/"),
                None => (of_lengths.iter().find_map(|end| head.strip_suffix(end)).unwrap_or(head), " "),
            };
            let figure = figures.entry(name.into()).or_default();
            if figure.is_empty() { *figure = number.into() } else { figure.extend([sign, number]) }
        }
        // One queue passes nothing on, and nobody called: the table leaves these out.
        for left_out in LEFT_OUT {
            assert_eq!(figures.remove(left_out).as_deref(), Some("0"));
        }
        // Lengths that nobody had.
        figures.values_mut().filter(|figure| figure.starts_with("0 ")).for_each(String::clear);
        rows.insert(record[0].to_owned(), figures);
    }
    rows
}

const LEFT_OUT: [&str; 9] = [
    "passed_in",
    "passed_out",
    "calls",
    "call_minutes",
    "calls_declined",
    "calls_unanswered",
    "calls_without_microphone",
    "calls_failed",
    "calls_broken",
];
