// SPDX-License-Identifier: EUPL-1.2
//! Host pages with shortcuts, input methods, page translators, dropped files, pages left and restored.

use infocig_e2e::{
    browser::Browser,
    embed,
    page::{ConsolePage, PortalPage},
    portal::Portal,
    proxy::{Faults, Upgrades},
    service::{service, service_behind_a_proxy},
};
use serde_json::json;

/// Kinds: page-wide shortcuts, focus traps, agents that add headers.
#[tokio::test]
async fn a_page_with_shortcuts_a_focus_trap_and_a_monitoring_agent_receives_none_of_the_text() {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let page = embed::open(&phone, &portal, "habits", "worker-roma").await.unwrap();
    page.press_launcher().await.unwrap();
    page.phase_says(&["coda"]).await.unwrap();

    page.press_composer().await.unwrap();
    page.types("quando sono pagato?").await.unwrap();

    page.draft_is("quando sono pagato?").await.unwrap();
    page.presses_enter().await.unwrap();
    page.reads("citizen", "quando sono pagato?").await.unwrap();
    let habits = phone.script("return [habits.swallowed, habits.agent > 3]", Vec::new()).await.unwrap();
    assert_eq!(habits, json!([[], true]));
}

/// Kind: keys that belong to an input method (in the widget and in the console).
#[tokio::test]
async fn a_key_that_ends_a_composition_sends_nothing_and_puts_nothing_away() {
    let (_edge, portal) = service().await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let (worker, giulia) = talking(&phone, &desk, &portal, "Buongiorno.").await;
    worker.begin_to_write("にほ").await.unwrap();
    giulia.begin_to_write("にほんご").await.unwrap();

    for composing in [json!({ "keyCode": 229 }), json!({ "isComposing": true })] {
        for browser in [&phone, &desk] {
            for key in ["Enter", "Escape"] {
                browser.script(PRESS_WHILE_COMPOSING, vec![json!(key), composing.clone()]).await.unwrap();
            }
        }
    }

    worker.draft_is("にほ").await.unwrap();
    giulia.draft_is("にほんご").await.unwrap();
    worker.send().await.unwrap();
    giulia.reads("citizen", "にほ").await.unwrap();
    assert_eq!(giulia.texts().await.unwrap(), ["Buongiorno.", "にほ"]);
}

/// Kind: page translators, which replace text nodes.
#[tokio::test]
async fn a_page_that_was_translated_goes_on_saying_how_things_stand() {
    let (_edge, portal) = service().await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let giulia = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Buongiorno.").await.unwrap();
    worker.phase_says(&["coda"]).await.unwrap();
    phone.script(TRANSLATE, Vec::new()).await.unwrap();

    giulia.take("Lucia Ferretti").await.unwrap();

    worker.phase_says(&["Giulia"]).await.unwrap();
    giulia.reads("citizen", "Buongiorno.").await.unwrap();
    desk.script(TRANSLATE, Vec::new()).await.unwrap();
    giulia.reads("citizen", "«Buongiorno.»").await.unwrap();
    worker.close().await.unwrap();
    giulia.phase_says("Da classificare").await.unwrap();
    worker.phase_says(&["conclusa"]).await.unwrap();
}

/// Kind: files dropped or pasted into fields without attachments (in the widget and in the console).
#[tokio::test]
async fn a_dropped_file_is_not_sent_and_a_sentence_reports_it() {
    let (_edge, portal) = service().await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let (worker, giulia) = talking(&phone, &desk, &portal, "Le mando la busta paga.").await;
    giulia.begin_to_write("Un momento").await.unwrap();

    for browser in [&phone, &desk] {
        for kind in ["dragover", "drop"] {
            let refused = browser.script(DROP_A_FILE, vec![json!(kind)]).await.unwrap();
            assert_eq!(refused, json!(true), "{kind}");
        }
    }

    worker.panel_says(&["i file non si possono inviare"]).await.unwrap();
    giulia.files_are_refused().await.unwrap();
    giulia.draft_is("Un momento").await.unwrap();
}

/// Kind: undo after an insertion by script.
#[tokio::test]
async fn a_quick_reply_that_was_put_into_a_message_can_be_undone() {
    let (_edge, portal) = service().await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let (_worker, giulia) = talking(&phone, &desk, &portal, "Buongiorno.").await;
    giulia.begin_to_write("Un momento,").await.unwrap();

    giulia.insert_first_reply().await.unwrap();

    let whole = giulia.draft().await.unwrap();
    assert!(whole.starts_with("Un momento, ") && whole.len() > 20, "{whole}");
    desk.script("document.execCommand('undo')", Vec::new()).await.unwrap();
    giulia.draft_is("Un momento,").await.unwrap();
    desk.script("document.execCommand('redo')", Vec::new()).await.unwrap();
    giulia.draft_is(&whole).await.unwrap();
}

/// Kind: pages in the back/forward cache, over polls, where no connection ends with the page.
#[tokio::test]
async fn a_person_on_another_page_is_absent_and_present_again_on_the_way_back() {
    let (_edge, proxy, portal) = service_behind_a_proxy(|options| options).await.unwrap();
    proxy.set(Faults::upgrades(Upgrades::Refuse(403)));
    let (phone, desk) = Browser::two().await.unwrap();
    let (worker, giulia) = talking(&phone, &desk, &portal, "Guardo un'altra pagina.").await;
    giulia.presence_says("È in chat").await.unwrap();

    phone.open(&portal.page("/notices.html")).await.unwrap();
    giulia.presence_says("Non è in chat").await.unwrap();
    giulia.write("La aspetto.").await.unwrap();
    phone.goes_back().await.unwrap();

    giulia.presence_says("È in chat").await.unwrap();
    worker.reads("advisor", "La aspetto.").await.unwrap();
    worker.write("Eccomi.").await.unwrap();
    giulia.reads("citizen", "Eccomi.").await.unwrap();
}

/// A worker who has written a message, and the advisor of the conversation.
async fn talking<'b>(
    phone: &'b Browser,
    desk: &'b Browser,
    portal: &Portal,
    said: &str,
) -> (PortalPage<'b>, ConsolePage<'b>) {
    let giulia = ConsolePage::sign_in(desk, portal, "advisor-giulia").await.unwrap();
    let worker = PortalPage::sign_in(phone, portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write(said).await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();
    (worker, giulia)
}

/// Replaces text nodes as page translators do, except where `translate` forbids it.
const TRANSLATE: &str = "
const isKept = (element) => {
  for (let e = element; e; e = e.parentElement) {
    const says = e.getAttribute('translate');
    if (says) return says === 'no';
  }
  return false;
};
const root = document.querySelector('info-cig, info-cig-console').shadowRoot;
const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
const texts = [];
while (walker.nextNode()) texts.push(walker.currentNode);
for (const text of texts.filter((t) => t.data.trim() && !isKept(t.parentElement))) {
  const font = document.createElement('font');
  font.textContent = `«${text.data}»`;
  text.replaceWith(font);
}
";

/// Sent to the field for messages. Returns whether the page prevented the default.
const DROP_A_FILE: &str = "
const host = document.querySelector('info-cig, info-cig-console');
const field = host.shadowRoot.querySelector('textarea#composer, textarea#draft');
const dataTransfer = new DataTransfer();
dataTransfer.items.add(new File(['%PDF-'], 'busta.pdf', { type: 'application/pdf' }));
const event = new DragEvent(arguments[0], { bubbles: true, composed: true, cancelable: true, dataTransfer });
return !field.dispatchEvent(event);
";

/// Finds the field for messages in the shadow root of the element.
const PRESS_WHILE_COMPOSING: &str = "
const [key, composing] = arguments;
const host = document.querySelector('info-cig, info-cig-console');
const field = host.shadowRoot.querySelector('textarea#composer, textarea#draft');
field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...composing }));
";
