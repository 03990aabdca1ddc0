// SPDX-License-Identifier: EUPL-1.2
//! The whole as people meet it: portal pages and the console in real browsers, one story for each promise.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::{fs, path::PathBuf};

use infocig_e2e::{
    artefacts,
    browser::{Browser, Scripts},
    edge::{A_WORKING_AFTERNOON, Edge, EdgeOptions},
    page::{ConsolePage, PortalPage},
    portal::{Announced, Portal},
};

#[tokio::test]
async fn the_browser_is_that_of_somebody_who_reads_italian_far_from_italy() {
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let described = "return [
        navigator.language.split('-')[0],
        Intl.DateTimeFormat().resolvedOptions().timeZone,
        `${outerWidth}x${outerHeight}`,
    ];";

    let described = phone.driver().execute(described, Vec::new()).await.unwrap();

    let described: Vec<String> = described.convert().unwrap();
    assert_eq!(described, ["it", "Pacific/Auckland", "1280x1024"]);
}

#[tokio::test]
async fn what_is_better_not_written_leaves_only_as_its_author_decides() {
    let (_edge, portal) = service(A_WORKING_AFTERNOON).await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();

    worker.write("Sono RSSMRA85T10A562S.").await.unwrap();
    worker.caution_says(&["un codice fiscale"]).await.unwrap();
    worker.press_edit().await.unwrap();
    worker.draft_is("Sono RSSMRA85T10A562S.").await.unwrap();
    worker.send().await.unwrap();
    worker.press_mask().await.unwrap();
    worker.reads("citizen", "Sono ••••••••••••••2S.").await.unwrap();

    worker.write("IBAN IT60 X054 2811 1010 0000 0123 456").await.unwrap();
    worker.caution_says(&["un IBAN"]).await.unwrap();
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
async fn a_worker_and_an_advisor_talk_both_ways_and_part() {
    let (_edge, portal) = service(A_WORKING_AFTERNOON).await;
    let (phone, desk) = two_browsers().await;
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();

    worker.press_launcher().await.unwrap();
    worker.phase_says(&["coda"]).await.unwrap();
    worker.write("A che punto è la mia domanda?").await.unwrap();
    worker.reads("citizen", "A che punto è la mia domanda?").await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    worker.phase_says(&["Giulia"]).await.unwrap();
    console.reads("citizen", "A che punto è la mia domanda?").await.unwrap();
    console.write("Guardo subito.").await.unwrap();
    worker.reads("advisor", "Guardo subito.").await.unwrap();
    worker.write("Grazie!").await.unwrap();
    console.reads("citizen", "Grazie!").await.unwrap();

    worker.close().await.unwrap();
    worker.phase_says(&["conclusa"]).await.unwrap();
    let authors =
        |lines: Vec<infocig_e2e::page::Line>| lines.into_iter().map(|line| line.author).collect::<Vec<_>>();
    assert_eq!(authors(worker.transcript().await.unwrap()), ["citizen", "advisor", "citizen"]);
    assert_eq!(console.queue().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn whoever_reads_further_up_is_left_there_and_led_to_what_is_new_by_a_press() {
    let (_edge, portal) = service(A_WORKING_AFTERNOON).await;
    let (phone, desk) = two_browsers().await;
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    worker.press_launcher().await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    worker.paste(&"Una riga dopo l'altra.\n".repeat(60)).await.unwrap();
    console.reads("citizen", "Una riga").await.unwrap();
    console.write("La leggo.").await.unwrap();
    worker.reads("advisor", "La leggo.").await.unwrap();
    assert!(worker.scrolled().await.unwrap() > 100, "whoever reads the end goes on reading it");

    worker.reads_from_the_top().await.unwrap();
    console.write("Ho letto: guardo la pratica.").await.unwrap();
    worker.is_offered_the_end().await.unwrap();
    assert_eq!(worker.scrolled().await.unwrap(), 0, "whoever reads further up is left there");

    worker.goes_to_the_end().await.unwrap();
    assert!(worker.scrolled().await.unwrap() > 100);
}

#[tokio::test]
async fn who_loses_their_advisor_is_first_in_the_queue_and_need_not_say_it_again() {
    let (edge, portal) = service(A_WORKING_AFTERNOON).await;
    let (phone, first) = two_browsers().await;
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();
    let giulia = ConsolePage::sign_in(&first, &portal, "advisor-giulia").await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();
    worker.write("A ottobre ho fatto domanda.").await.unwrap();
    giulia.reads("citizen", "A ottobre ho fatto domanda.").await.unwrap();
    let second = Browser::start(Scripts::Run).await.unwrap();
    let marco = ConsolePage::sign_in(&second, &portal, "advisor-marco").await.unwrap();

    drop(first);
    worker.presence_says("Ora Giulia non è in chat").await.unwrap();
    // Longer than a lost connection is waited for.
    edge.set_clock("2026-11-23T15:25:00+01:00").await.unwrap();
    worker.log_tells("Sei di nuovo in coda, prima di tutti").await.unwrap();
    marco.take("Lucia Ferretti").await.unwrap();
    worker.phase_says(&["Marco"]).await.unwrap();

    marco.reads("citizen", "A ottobre ho fatto domanda.").await.unwrap();
    marco.write("La leggo: è in istruttoria.").await.unwrap();
    worker.reads("advisor", "La leggo: è in istruttoria.").await.unwrap();
    marco.close().await.unwrap();
    worker.phase_says(&["conclusa"]).await.unwrap();
}

#[tokio::test]
async fn two_advisors_talk_at_once_and_one_hands_hers_to_the_other_who_reads_all_of_it() {
    let (_edge, portal) = service(A_WORKING_AFTERNOON).await;
    let (phone, tablet) = two_browsers().await;
    let (first, second) = two_browsers().await;
    let lucia = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let carmine = PortalPage::sign_in(&tablet, &portal, "/myinps", "worker-napoli").await.unwrap();
    let giulia = ConsolePage::sign_in(&first, &portal, "advisor-giulia").await.unwrap();
    lucia.press_launcher().await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();
    // Whoever has least in hand is asked.
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
    giulia.take_back().await.unwrap();
    marco.is_offered_nothing().await.unwrap();
    giulia.transfer(MARCO, "Il pagamento di ottobre è fermo.").await.unwrap();
    marco.offer_says("Il pagamento di ottobre è fermo.").await.unwrap();
    marco.offer_says("In chat da").await.unwrap();
    marco.take("Lucia Ferretti").await.unwrap();
    lucia.log_tells("Da ora ti risponde Marco, che legge già quello che hai scritto").await.unwrap();

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
async fn an_advisor_reads_by_keyboard_what_the_person_came_with_before() {
    let (_edge, portal) = service(A_WORKING_AFTERNOON).await;
    let (phone, desk) = two_browsers().await;
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Quando arriva il pagamento?").await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    console.write("Il 20 novembre.").await.unwrap();
    worker.reads("advisor", "Il 20 novembre.").await.unwrap();
    console.press_past_button().await.unwrap();
    console.past_says(&["Nessuna conversazione precedente."]).await.unwrap();
    console.close().await.unwrap();
    worker.phase_says(&["conclusa"]).await.unwrap();
    console.finish().await.unwrap();

    worker.press_begin_again().await.unwrap();
    worker.write("Non è arrivato.").await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    console.past_says(&["23 novembre 2026", "Chiusa online", "Ha risposto Giulia"]).await.unwrap();
    console.press_past_by_key().await.unwrap();

    console.past_reads("Quando arriva il pagamento?").await.unwrap();
    console.past_reads("Il 20 novembre.").await.unwrap();
    console.past_says(&["Conversazione passata, del 23 novembre 2026: si può solo leggere."]).await.unwrap();
    assert_eq!(console.texts().await.unwrap(), ["Non è arrivato."], "the past is no part of this one");
    console.press_past_by_key().await.unwrap();
    console.past_is_closed().await.unwrap();
}

#[tokio::test]
async fn an_advisor_goes_on_in_german_in_the_middle_of_a_conversation_and_loses_nothing() {
    let (_edge, portal) = service(A_WORKING_AFTERNOON).await;
    let (phone, desk) = two_browsers().await;
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Quando arriva il pagamento?").await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    console.log_tells("Giulia ha preso in carico").await.unwrap();
    console.write("Guardo subito.").await.unwrap();
    worker.reads("advisor", "Guardo subito.").await.unwrap();
    console.press_notes_button().await.unwrap();
    console.begin_note("Chiede di ottobre.").await.unwrap();
    console.begin_to_write("Il 20 novembre.").await.unwrap();

    console.choose_language("de").await.unwrap();

    console.log_tells("Giulia hat übernommen").await.unwrap();
    console.person_says(&["Lucia Ferretti", "Arbeitnehmer/in"]).await.unwrap();
    console.draft_is("Il 20 novembre.").await.unwrap();
    console.note_is("Chiede di ottobre.").await.unwrap();
    worker.write("C'è ancora?").await.unwrap();
    console.reads("citizen", "C'è ancora?").await.unwrap();

    console.reload("Lucia Ferretti").await.unwrap();
    console.speaks("de").await.unwrap();
    console.log_tells("Giulia hat übernommen").await.unwrap();
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
    let (_edge, portal) = service(A_WORKING_AFTERNOON).await;
    let people = [
        ("/myinps", "worker-roma"),
        ("/myinps", "worker-napoli"),
        ("/cassetto", "titolare-milano"),
        ("/cassetto", "rappresentante-torino"),
        ("/myinps", "tutore-napoli"),
    ];
    let mut browsers = Vec::new();
    for _ in people {
        browsers.push(Browser::start(Scripts::Run).await.unwrap());
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

    let desk = Browser::start(Scripts::Run).await.unwrap();
    let giulia = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();
    lucia.phase_says(&["Giulia"]).await.unwrap();
    giulia.write("Eccomi.").await.unwrap();
    lucia.reads("advisor", "Eccomi.").await.unwrap();
}

#[tokio::test]
async fn the_owner_of_a_company_enters_from_the_cassetto_and_the_advisor_sees_for_whom() {
    let (_edge, portal) = service(A_WORKING_AFTERNOON).await;
    let (office, desk) = two_browsers().await;
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
async fn a_reload_leads_back_to_the_same_conversation() {
    let (_edge, portal) = service(A_WORKING_AFTERNOON).await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Resto qui.").await.unwrap();
    worker.reads("citizen", "Resto qui.").await.unwrap();

    worker.reload().await.unwrap();

    worker.reads("citizen", "Resto qui.").await.unwrap();
    assert_eq!(worker.transcript().await.unwrap().len(), 1);
}

#[tokio::test]
async fn on_a_saturday_the_page_says_when_it_opens_and_a_press_explains() {
    let (_edge, portal) = service("2026-11-21T16:00:00+01:00").await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();

    worker.status_says(&["lunedì", "alle 15:00"]).await.unwrap();
    worker.press_launcher().await.unwrap();

    worker.panel_says(&["lunedì", "alle 15:00", "Contact Center"]).await.unwrap();
}

#[tokio::test]
async fn when_the_hour_strikes_the_button_opens_by_itself() {
    let (edge, portal) = service("2026-11-23T14:00:00+01:00").await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    edge.set_clock("2026-11-23T14:59:50+01:00").await.unwrap();
    worker.reload().await.unwrap();

    worker.status_says(&["chiuso", "oggi alle 15:00"]).await.unwrap();
    let asked = worker.questions().await.unwrap();
    worker.status_says(&["aperto fino alle 18:00"]).await.unwrap();

    assert_eq!(worker.questions().await.unwrap(), asked + 1, "it asks again at the hour and not before");
    worker.press_launcher().await.unwrap();
    worker.phase_says(&["coda"]).await.unwrap();
}

#[tokio::test]
async fn who_was_refused_reads_that_it_has_opened_and_enters_from_there() {
    let (edge, portal) = service("2026-11-23T14:00:00+01:00").await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    edge.set_clock("2026-11-23T14:59:50+01:00").await.unwrap();
    worker.reload().await.unwrap();
    worker.press_launcher().await.unwrap();

    worker.refusal_says(&["oggi alle 15:00", "Contact Center", "Messaggio INPS 4497/2022"]).await.unwrap();
    worker.press_retry().await.unwrap();

    worker.phase_says(&["coda"]).await.unwrap();
}

#[tokio::test]
async fn a_page_that_slept_over_the_hour_asks_anew_when_it_wakes() {
    let (edge, portal) = service("2026-11-23T14:00:00+01:00").await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.status_says(&["oggi alle 15:00"]).await.unwrap();

    for (instant, words) in [
        ("2026-11-23T16:00:00+01:00", "aperto fino alle 18:00"),
        ("2026-11-23T18:00:00+01:00", "domani alle 15:00"),
        ("2026-11-27T18:00:00+01:00", "lunedì 30 novembre alle 15:00"),
    ] {
        edge.set_clock(instant).await.unwrap();
        worker.wakes_up().await.unwrap();
        worker.status_says(&[words]).await.unwrap();
    }
}

#[tokio::test]
async fn who_still_waits_at_closing_time_is_told_before_and_shown_the_other_ways() {
    let (edge, portal) = service(A_WORKING_AFTERNOON).await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("C'è qualcuno?").await.unwrap();
    worker.reads("citizen", "C'è qualcuno?").await.unwrap();

    edge.set_clock("2026-11-23T17:59:50+01:00").await.unwrap();
    worker.log_tells("Il servizio chiude alle 18:00").await.unwrap();
    // Its timer was set before the clock was moved.
    worker.wakes_up().await.unwrap();
    worker.phase_says(&["Il servizio ha chiuso"]).await.unwrap();

    worker.elsewhere_says(&["domani alle 15:00", "Contact Center", "INPS Risponde"]).await.unwrap();
    worker.reads("citizen", "C'è qualcuno?").await.unwrap();
}

#[tokio::test]
async fn who_talks_at_closing_time_goes_on() {
    let (edge, portal) = service(A_WORKING_AFTERNOON).await;
    let (phone, desk) = two_browsers().await;
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    worker.press_launcher().await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();

    edge.set_clock("2026-11-23T17:50:00+01:00").await.unwrap();
    worker.log_tells("Il servizio chiude alle 18:00").await.unwrap();
    console.log_tells("sta per chiudere").await.unwrap();
    edge.set_clock("2026-11-23T18:00:00+01:00").await.unwrap();
    worker.write("Ancora una cosa.").await.unwrap();
    console.reads("citizen", "Ancora una cosa.").await.unwrap();
    console.write("Certo.").await.unwrap();
    worker.reads("advisor", "Certo.").await.unwrap();
    worker.reload().await.unwrap();
    worker.reads("advisor", "Certo.").await.unwrap();
    edge.set_clock("2026-11-23T19:00:00+01:00").await.unwrap();

    worker.phase_says(&["Il servizio ha chiuso"]).await.unwrap();
}

#[tokio::test]
async fn when_the_last_admission_passes_the_button_says_that_only_ongoing_talks_go_on() {
    let (edge, portal) = service_that_admits_until_a_quarter_to_six().await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();

    edge.set_clock("2026-11-23T17:44:55+01:00").await.unwrap();
    worker.reload().await.unwrap();
    worker.status_says(&["aperto"]).await.unwrap();

    worker.status_says(&["completiamo le conversazioni già iniziate", "domani alle 15:00"]).await.unwrap();
}

#[tokio::test]
async fn when_only_ongoing_talks_go_on_the_button_says_at_the_hour_that_it_is_closed() {
    let (edge, portal) = service_that_admits_until_a_quarter_to_six().await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();

    edge.set_clock("2026-11-23T17:59:55+01:00").await.unwrap();
    worker.reload().await.unwrap();
    worker.status_says(&["completiamo le conversazioni già iniziate"]).await.unwrap();

    worker.status_says(&["Il servizio adesso è chiuso", "domani alle 15:00"]).await.unwrap();
}

#[tokio::test]
async fn who_was_refused_for_their_province_reads_that_it_has_begun_there() {
    let (edge, portal) = service("2023-02-10T17:00:00+01:00").await;
    let office = Browser::start(Scripts::Run).await.unwrap();
    let representative =
        PortalPage::sign_in(&office, &portal, "/cassetto", "rappresentante-torino").await.unwrap();
    representative.press_launcher().await.unwrap();
    representative.refusal_says(&["non è ancora attivo", "lunedì 13 febbraio alle 15:00"]).await.unwrap();

    edge.set_clock("2023-02-13T15:00:00+01:00").await.unwrap();
    representative.wakes_up().await.unwrap();
    representative.panel_says(&["Il servizio ha aperto"]).await.unwrap();
    representative.press_retry().await.unwrap();

    representative.phase_says(&["coda"]).await.unwrap();
}

#[tokio::test]
async fn on_easter_monday_the_holiday_is_named_and_tomorrow_it_opens() {
    let (_edge, portal) = service("2027-03-29T15:05:00+02:00").await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();

    worker.status_says(&["festività", "Lunedì dell'Angelo", "domani alle 15:00"]).await.unwrap();
    worker.press_launcher().await.unwrap();

    worker.refusal_says(&["Lunedì dell'Angelo", "domani alle 15:00", "Legge 260/1949"]).await.unwrap();
}

#[tokio::test]
async fn in_december_2022_milano_is_open_and_torino_reads_since_when_it_will_be() {
    let (_edge, portal) = service("2022-12-15T15:05:00+01:00").await;
    let (milano, torino) = two_browsers().await;
    let owner = PortalPage::sign_in(&milano, &portal, "/cassetto", "titolare-milano").await.unwrap();
    let representative =
        PortalPage::sign_in(&torino, &portal, "/cassetto", "rappresentante-torino").await.unwrap();

    owner.status_says(&["aperto fino alle 18:00"]).await.unwrap();
    owner.press_launcher().await.unwrap();
    owner.phase_says(&["coda"]).await.unwrap();
    let not_yet = ["non è ancora attivo", "sede legale", "lunedì 13 febbraio 2023 alle 15:00"];
    representative.status_says(&not_yet).await.unwrap();
    representative.press_launcher().await.unwrap();
    representative.refusal_says(&not_yet).await.unwrap();
    representative.refusal_says(&["Messaggio INPS 520/2023", "Contact Center"]).await.unwrap();
    representative.press_back().await.unwrap();

    representative.status_says(&not_yet).await.unwrap();
}

#[tokio::test]
async fn whose_sign_in_is_too_weak_reads_which_ones_work() {
    let (_edge, portal) = service(A_WORKING_AFTERNOON).await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-spid1").await.unwrap();
    let which = ["SPID di livello 2", "CIE", "CNS"];

    worker.status_says(&which).await.unwrap();
    worker.press_launcher().await.unwrap();

    worker.refusal_says(&which).await.unwrap();
}

#[tokio::test]
async fn an_advisor_sees_who_acts_and_for_whom() {
    let (_edge, portal) = service(A_WORKING_AFTERNOON).await;
    let (phone, desk) = two_browsers().await;
    let tutor = PortalPage::sign_in(&phone, &portal, "/myinps", "tutore-napoli").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();

    tutor.press_launcher().await.unwrap();
    console.take("Assunta Esposito").await.unwrap();

    console.person_says(&["Assunta Esposito", "Carmine Improta", "Napoli"]).await.unwrap();
}

#[tokio::test]
async fn after_a_failure_the_button_recovers_at_a_press_and_so_does_the_panel() {
    let (mut edge, portal) = service(A_WORKING_AFTERNOON).await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.status_says(&["aperto"]).await.unwrap();

    edge.kill();
    worker.wakes_up().await.unwrap();
    worker.status_says(&["Non riusciamo a verificare"]).await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.trouble_says(&["Non riusciamo a collegarci"]).await.unwrap();
    worker.press_back().await.unwrap();
    edge.restart().await.unwrap();
    worker.press_check().await.unwrap();
    worker.status_says(&["aperto fino alle 18:00"]).await.unwrap();
    worker.press_launcher().await.unwrap();

    worker.phase_says(&["coda"]).await.unwrap();
}

#[tokio::test]
async fn after_a_failure_the_button_recovers_by_itself_and_the_panel_at_a_press() {
    let (mut edge, portal) = service(A_WORKING_AFTERNOON).await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.status_says(&["aperto"]).await.unwrap();

    edge.kill();
    worker.wakes_up().await.unwrap();
    worker.status_says(&["Non riusciamo a verificare"]).await.unwrap();
    edge.restart().await.unwrap();
    worker.status_says(&["aperto fino alle 18:00"]).await.unwrap();
    edge.kill();
    worker.press_launcher().await.unwrap();
    worker.trouble_says(&["Non riusciamo a collegarci"]).await.unwrap();
    edge.restart().await.unwrap();
    worker.press_retry().await.unwrap();

    worker.phase_says(&["coda"]).await.unwrap();
}

#[tokio::test]
async fn after_the_farewell_one_may_begin_again() {
    let (_edge, portal) = service(A_WORKING_AFTERNOON).await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
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
async fn the_time_machine_lets_one_watch_the_afternoon_begin() {
    let (_edge, portal) = service("2026-11-23T14:30:00+01:00").await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.status_says(&["oggi alle 15:00"]).await.unwrap();

    worker.choose_speed(600).await.unwrap();

    worker.time_machine_says("600×").await.unwrap();
    worker.status_says(&["aperto fino alle 18:00"]).await.unwrap();
    worker.choose_speed(1).await.unwrap();
    worker.status_says(&["aperto fino alle 18:00"]).await.unwrap();
}

#[tokio::test]
async fn when_the_widget_cannot_be_loaded_the_plain_link_stays() {
    let (_edge, portal) = service_with(A_WORKING_AFTERNOON, None).await;
    let phone = Browser::start(Scripts::Run).await.unwrap();

    for (path, person) in [("/myinps", "worker-roma"), ("/cassetto", "titolare-milano")] {
        let page = PortalPage::sign_in(&phone, &portal, path, person).await.unwrap();
        let link = page.plain_link().await.unwrap();
        assert!(link.contains("/infocig/plain?entry="), "{path}: {link}");
    }
}

/// An edge with its files at an instant, and a portal that uses it.
async fn service(instant: &str) -> (Edge, Portal) {
    service_with(instant, Some(artefacts::site().unwrap())).await
}

async fn service_with(instant: &str, site: Option<PathBuf>) -> (Edge, Portal) {
    service_as(|options| EdgeOptions { clock: Some(instant.into()), site, ..options }).await
}

async fn service_that_admits_until_a_quarter_to_six() -> (Edge, Portal) {
    let policy = fs::read_to_string(artefacts::policy().unwrap()).unwrap();
    let policy = policy.replace("\"last_admission_minutes\": 0", "\"last_admission_minutes\": 15");
    let bindings = vec![("POLICY", Some(policy))];
    let site = Some(artefacts::site().unwrap());
    service_as(|options| EdgeOptions { bindings, site, ..options }).await
}

async fn service_as(change: impl FnOnce(EdgeOptions) -> EdgeOptions) -> (Edge, Portal) {
    let announced = Announced::bind().await.unwrap();
    let edge = Edge::start(change(EdgeOptions::trusting(announced.setting()))).await.unwrap();
    let portal = announced.serve(&edge.url()).unwrap();
    (edge, portal)
}

/// What two pages show.
fn both(texts: &[&str]) -> (Vec<String>, Vec<String>) {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    (texts.clone(), texts)
}

/// Marco, as the desk knows him.
const MARCO: &str = "adv-2c9e";

async fn two_browsers() -> (Browser, Browser) {
    let (one, other) = tokio::join!(Browser::start(Scripts::Run), Browser::start(Scripts::Run));
    (one.unwrap(), other.unwrap())
}
