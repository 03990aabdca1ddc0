// SPDX-License-Identifier: EUPL-1.2
//! Conversations between portal pages and the console, whose promises do not depend on the engine.

use infocig_e2e::{
    browser::Browser,
    edge::A_WORKING_AFTERNOON,
    page::{ConsolePage, PortalPage},
    service::service_at,
};

#[tokio::test]
async fn sensitive_data_leaves_only_as_its_author_decides() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();

    worker.write("Sono RSSMRA85T10A562S.").await.unwrap();
    worker.sensitive_data_prompt_says(&["un codice fiscale"]).await.unwrap();
    worker.press_edit().await.unwrap();
    worker.draft_is("Sono RSSMRA85T10A562S.").await.unwrap();
    worker.send().await.unwrap();
    worker.press_mask().await.unwrap();
    worker.reads("citizen", "Sono ••••••••••••••2S.").await.unwrap();

    worker.write("IBAN IT60 X054 2811 1010 0000 0123 456").await.unwrap();
    worker.sensitive_data_prompt_says(&["un IBAN"]).await.unwrap();
    worker.press_send_as_is().await.unwrap();
    worker.reads("citizen", "IBAN IT60").await.unwrap();
    worker.write("La matricola è 9900000015.").await.unwrap();
    worker.reads("citizen", "La matricola è 9900000015.").await.unwrap();
    assert_eq!(
        worker.texts().await.unwrap(),
        ["Sono ••••••••••••••2S.", "IBAN IT60 X054 2811 1010 0000 0123 456", "La matricola è 9900000015."]
    );
}

#[tokio::test]
async fn an_advisor_is_asked_too_before_sensitive_data_leaves() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    let giulia = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();

    giulia.write("L'IBAN è IT60X0542811101000000123456.").await.unwrap();
    giulia.page_says("sensitive-data", "Nel messaggio c'è un IBAN").await.unwrap();
    giulia.is_accessible().await.unwrap();
    giulia.press_on_page("sensitive-data-edit").await.unwrap();
    giulia.draft_is("L'IBAN è IT60X0542811101000000123456.").await.unwrap();
    giulia.send().await.unwrap();
    giulia.press_on_page("sensitive-data-mask").await.unwrap();
    worker.reads("advisor", "L'IBAN è •••••••••••••••••••••••••56.").await.unwrap();
    assert!(!worker.texts().await.unwrap().iter().any(|text| text.contains("0542811101")));
}

#[tokio::test]
async fn a_quick_reply_of_ones_own_is_kept_for_the_next_day_and_for_nobody_else() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    let giulia = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();

    giulia.keep_reply("Ferie", "{nome}, le ferie maturano.").await.unwrap();
    giulia.page_says("own-reply-row", "{nome}, le ferie maturano.").await.unwrap();
    giulia.is_accessible().await.unwrap();
    giulia.press_on_page("reply").await.unwrap();
    giulia.draft_is("Lucia Ferretti, le ferie maturano.").await.unwrap();
    giulia.send().await.unwrap();
    worker.reads("advisor", "Lucia Ferretti, le ferie maturano.").await.unwrap();

    giulia.reload("Lucia Ferretti").await.unwrap();
    giulia.insert_first_reply().await.unwrap();
    giulia.draft_is("Lucia Ferretti, le ferie maturano.").await.unwrap();
    giulia.press_on_page("replies-open").await.unwrap();
    giulia.press_on_page("own-replies-open").await.unwrap();
    giulia.press_on_page("own-reply-remove").await.unwrap();
    giulia.page_says("own-replies-status", "Tolta").await.unwrap();
    desk.is_seen_at(320, 640).await.unwrap();
    giulia.is_accessible().await.unwrap();
}

#[tokio::test]
async fn a_person_who_loses_their_advisor_is_first_and_need_not_write_it_again() {
    let (edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, first) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();
    let giulia = ConsolePage::sign_in(&first, &portal, "advisor-giulia").await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();
    worker.write("A ottobre ho fatto domanda.").await.unwrap();
    giulia.reads("citizen", "A ottobre ho fatto domanda.").await.unwrap();
    let second = Browser::lease().await.unwrap();
    let marco = ConsolePage::sign_in(&second, &portal, "advisor-marco").await.unwrap();

    first.crash();
    worker.presence_says("Ora Giulia non è in chat").await.unwrap();
    // Longer than the grace for lost connections.
    edge.set_clock("2026-11-23T15:25:00+01:00").await.unwrap();
    worker.log_says("Sei di nuovo in coda, prima di tutti").await.unwrap();
    marco.take("Lucia Ferretti").await.unwrap();
    worker.phase_says(&["Marco"]).await.unwrap();

    marco.reads("citizen", "A ottobre ho fatto domanda.").await.unwrap();
    marco.write("La leggo: è in istruttoria.").await.unwrap();
    worker.reads("advisor", "La leggo: è in istruttoria.").await.unwrap();
    marco.close().await.unwrap();
    worker.phase_says(&["conclusa"]).await.unwrap();
}

#[tokio::test]
async fn two_advisors_talk_at_once_and_one_transfers_hers_to_the_other_with_its_log() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, tablet) = Browser::two().await.unwrap();
    let (first, second) = Browser::two().await.unwrap();
    let lucia = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let carmine = PortalPage::sign_in(&tablet, &portal, "/myinps", "worker-napoli").await.unwrap();
    let giulia = ConsolePage::sign_in(&first, &portal, "advisor-giulia").await.unwrap();
    lucia.press_launcher().await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();
    // The advisor with the fewest conversations gets the offer.
    let marco = ConsolePage::sign_in(&second, &portal, "advisor-marco").await.unwrap();
    carmine.press_launcher().await.unwrap();
    marco.offer_says("In attesa da meno di un minuto").await.unwrap();
    marco.take("Carmine Improta").await.unwrap();

    lucia.write("Sono Lucia, di Roma.").await.unwrap();
    carmine.write("Sono Carmine, di Napoli.").await.unwrap();
    giulia.reads("citizen", "Sono Lucia, di Roma.").await.unwrap();
    marco.reads("citizen", "Sono Carmine, di Napoli.").await.unwrap();
    giulia.write("Buongiorno Lucia, sono Giulia.").await.unwrap();
    marco.write("Buongiorno Carmine, sono Marco.").await.unwrap();
    lucia.reads("advisor", "sono Giulia").await.unwrap();
    carmine.reads("advisor", "sono Marco").await.unwrap();
    let of_lucia = ["Sono Lucia, di Roma.", "Buongiorno Lucia, sono Giulia."];
    let of_carmine = ["Sono Carmine, di Napoli.", "Buongiorno Carmine, sono Marco."];
    assert_eq!((lucia.texts().await.unwrap(), giulia.texts().await.unwrap()), both(&of_lucia));
    assert_eq!((carmine.texts().await.unwrap(), marco.texts().await.unwrap()), both(&of_carmine));

    giulia.transfer(MARCO, "Vuole sapere di ottobre.").await.unwrap();
    marco.offer_says("Giulia ti passa una conversazione").await.unwrap();
    giulia.retract_transfer().await.unwrap();
    marco.is_offered_nothing().await.unwrap();
    giulia.transfer(MARCO, "Il pagamento di ottobre è fermo.").await.unwrap();
    marco.offer_says("Il pagamento di ottobre è fermo.").await.unwrap();
    marco.offer_says("In chat da").await.unwrap();
    marco.take("Lucia Ferretti").await.unwrap();
    lucia.log_says("Da ora ti risponde Marco, che legge già quello che hai scritto").await.unwrap();

    marco.reads("advisor", "sono Giulia").await.unwrap();
    assert_eq!(marco.texts().await.unwrap(), of_lucia);
    for note in ["Vuole sapere di ottobre.", "Il pagamento di ottobre è fermo."] {
        marco.notes_say(note).await.unwrap();
    }
    marco.write("Eccomi, Lucia: verifico ottobre.").await.unwrap();
    lucia.reads("advisor", "Eccomi, Lucia: verifico ottobre.").await.unwrap();
    let told = [of_lucia[0], of_lucia[1], "Eccomi, Lucia: verifico ottobre."];
    assert_eq!(lucia.texts().await.unwrap(), told, "and no note");
    assert_eq!(carmine.texts().await.unwrap(), of_carmine);
    assert_eq!(giulia.texts().await.unwrap(), of_lucia);
}

#[tokio::test]
async fn an_advisor_goes_on_in_german_in_the_middle_of_a_conversation_and_loses_nothing() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Quando arriva il pagamento?").await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    console.log_says("Giulia ha preso in carico").await.unwrap();
    console.write("Guardo subito.").await.unwrap();
    worker.reads("advisor", "Guardo subito.").await.unwrap();
    console.press_notes_button().await.unwrap();
    console.begin_note("Chiede di ottobre.").await.unwrap();
    console.begin_to_write("Il 20 novembre.").await.unwrap();

    console.choose_language("de").await.unwrap();

    console.log_says("Giulia hat übernommen").await.unwrap();
    console.person_says(&["Lucia Ferretti", "Arbeitnehmer/in"]).await.unwrap();
    console.draft_is("Il 20 novembre.").await.unwrap();
    console.note_is("Chiede di ottobre.").await.unwrap();
    worker.write("C'è ancora?").await.unwrap();
    console.reads("citizen", "C'è ancora?").await.unwrap();

    console.reload("Lucia Ferretti").await.unwrap();
    console.speaks("de").await.unwrap();
    console.log_says("Giulia hat übernommen").await.unwrap();
    console.draft_is("Il 20 novembre.").await.unwrap();
    console.send().await.unwrap();
    worker.reads("advisor", "Il 20 novembre.").await.unwrap();
    let told = ["Quando arriva il pagamento?", "Guardo subito.", "C'è ancora?", "Il 20 novembre."];
    assert_eq!((worker.texts().await.unwrap(), console.texts().await.unwrap()), both(&told));
    console.press_notes_button().await.unwrap();
    console.note_is("Chiede di ottobre.").await.unwrap();
}

#[tokio::test]
async fn five_wait_and_move_up_and_the_first_is_answered_first() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let people = [
        ("/myinps", "worker-roma"),
        ("/myinps", "worker-napoli"),
        ("/cassetto", "titolare-milano"),
        ("/cassetto", "rappresentante-torino"),
        ("/myinps", "tutore-napoli"),
    ];
    let mut browsers = Vec::new();
    for _ in people {
        browsers.push(Browser::lease().await.unwrap());
    }
    let mut waiting = Vec::new();
    for (browser, (path, person)) in browsers.iter().zip(people) {
        let page = PortalPage::sign_in(browser, &portal, path, person).await.unwrap();
        page.press_launcher().await.unwrap();
        page.phase_says(&["coda"]).await.unwrap();
        waiting.push(page);
    }
    let [lucia, assunta, ettore, .., last] = waiting.as_slice() else { panic!() };
    last.place_says(&["Prima di te ci sono 4 persone"]).await.unwrap();
    ettore.place_says(&["Prima di te ci sono 2 persone"]).await.unwrap();
    assunta.close().await.unwrap();
    ettore.place_says(&["Prima di te c'è una persona"]).await.unwrap();

    let desk = Browser::lease().await.unwrap();
    let giulia = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();
    lucia.phase_says(&["Giulia"]).await.unwrap();
    giulia.write("Eccomi.").await.unwrap();
    lucia.reads("advisor", "Eccomi.").await.unwrap();
}

#[tokio::test]
async fn the_owner_of_a_company_enters_from_the_cassetto_and_the_advisor_sees_the_company() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (office, desk) = Browser::two().await.unwrap();
    let owner = PortalPage::sign_in(&office, &portal, "/cassetto", "titolare-milano").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();

    owner.press_launcher().await.unwrap();
    console.take("Ettore Colombini").await.unwrap();
    console.person_says(&["Officine Fantasia S.r.l.", "9900000015"]).await.unwrap();
    console.write("Buongiorno, come posso aiutare?").await.unwrap();
    owner.reads("advisor", "come posso aiutare?").await.unwrap();
    owner.write("Quando arriva il pagamento?").await.unwrap();
    console.reads("citizen", "Quando arriva il pagamento?").await.unwrap();

    console.close().await.unwrap();
    owner.phase_says(&["conclusa"]).await.unwrap();
}

#[tokio::test]
async fn an_advisor_sees_the_representative_and_the_represented_person() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let tutor = PortalPage::sign_in(&phone, &portal, "/myinps", "tutore-napoli").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();

    tutor.press_launcher().await.unwrap();
    console.take("Assunta Esposito").await.unwrap();

    console.person_says(&["Assunta Esposito", "Carmine Improta", "Napoli"]).await.unwrap();
}

#[tokio::test]
async fn after_a_failure_the_button_recovers_by_itself_and_the_panel_at_a_press() {
    let (mut edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.status_says(&["aperto"]).await.unwrap();

    edge.kill();
    worker.resumes_from_sleep().await.unwrap();
    worker.status_says(&["Non riusciamo a verificare"]).await.unwrap();
    edge.restart().await.unwrap();
    worker.status_says(&["aperto fino alle 18:00"]).await.unwrap();
    edge.kill();
    worker.press_launcher().await.unwrap();
    worker.error_says(&["Non riusciamo a collegarci"]).await.unwrap();
    edge.restart().await.unwrap();
    worker.press_retry().await.unwrap();

    worker.phase_says(&["coda"]).await.unwrap();
}

#[tokio::test]
async fn after_the_farewell_one_may_begin_again() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Ho già risolto.").await.unwrap();
    worker.reads("citizen", "Ho già risolto.").await.unwrap();
    worker.close().await.unwrap();
    worker.phase_says(&["conclusa"]).await.unwrap();

    worker.press_begin_again().await.unwrap();

    worker.phase_says(&["coda"]).await.unwrap();
    assert_eq!(worker.transcript().await.unwrap(), []);
}

#[tokio::test]
async fn while_an_advisor_answers_log_and_field_have_the_screen_and_offers_are_beside_them() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, other, desk) = tokio::join!(Browser::lease(), Browser::lease(), Browser::lease());
    let (phone, other, desk) = (phone.unwrap(), other.unwrap(), desk.unwrap());
    desk.is_seen_at(1_280, 800).await.unwrap();
    let giulia = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    for number in 0..8 {
        worker.write(&format!("Messaggio {number}")).await.unwrap();
    }
    giulia.take("Lucia Ferretti").await.unwrap();
    giulia.reads("citizen", "Messaggio 7").await.unwrap();
    let second = PortalPage::sign_in(&other, &portal, "/myinps", "worker-napoli").await.unwrap();
    second.press_launcher().await.unwrap();
    giulia.offer_says("Accetta").await.unwrap();

    for (width, height) in [(1_280, 800), (1_440, 900), (1_920, 1_080)] {
        desk.is_seen_at(width, height).await.unwrap();
        let screen = desk.script(SCREEN, Vec::new()).await.unwrap();
        assert_eq!(
            screen,
            serde_json::json!({ "log": true, "inSight": true, "covered": false, "alsoScrolls": [] })
        );
    }
}

/// Whether the log has 45 % of the height, the field and its button are in sight and not covered, and which parts of the console
/// scroll beside the log.
const SCREEN: &str = "
const root = document.querySelector('info-cig-console').shadowRoot;
const box = (selector) => root.querySelector(selector).getBoundingClientRect();
const log = box('.log');
const fields = [box('#draft'), box('[data-part=send]')];
const offer = box('.offer');
return {
    log: log.height >= 0.45 * innerHeight,
    inSight: [log, ...fields].every((one) => one.top >= 0 && one.bottom <= innerHeight),
    covered: [log, ...fields].some((one) => offer.left < one.right && one.left < offer.right && offer.top < one.bottom && one.top < offer.bottom),
    alsoScrolls: [...root.querySelectorAll('*')]
        .filter((one) => one.scrollHeight > one.clientHeight + 1 && ['auto', 'scroll'].includes(getComputedStyle(one).overflowY))
        .map((one) => one.className)
        .filter((name) => name !== 'log'),
};
";

/// The messages that two pages show.
fn both(texts: &[&str]) -> (Vec<String>, Vec<String>) {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    (texts.clone(), texts)
}

/// Marco, as the desk knows him.
const MARCO: &str = "adv-2c9e";

/// Kind: documents kept after the end whose page has expired.
#[tokio::test]
async fn an_opened_transcript_can_be_reloaded_after_a_minute() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Da portare via.").await.unwrap();
    worker.delivery_says("Consegnato").await.unwrap();
    worker.close().await.unwrap();
    let tab = phone.tab().await.unwrap();
    phone.script(MINUTES_PASS_AT_ONCE, Vec::new()).await.unwrap();

    worker.print_receipt().await.unwrap();
    let kept = phone.tab_beside(&tab).await.unwrap();
    phone.go_to(kept.clone()).await.unwrap();
    phone.page_says("Da portare via.").await.unwrap();
    // A later timer has fired, so that the minute of the page is over.
    phone.go_to(tab).await.unwrap();
    phone.script_async("setTimeout(arguments[0], 100)").await.unwrap();
    phone.go_to(kept).await.unwrap();
    phone.driver().refresh().await.unwrap();
    phone.page_says("Da portare via.").await.unwrap();
}

/// Timers that a page sets for a minute or more fire at once.
const MINUTES_PASS_AT_ONCE: &str = "
    const set = window.setTimeout;
    window.setTimeout = (work, after, ...rest) => set(work, after >= 60000 ? 0 : after, ...rest);
";
