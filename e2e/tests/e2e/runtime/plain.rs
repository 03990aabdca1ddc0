// SPDX-License-Identifier: EUPL-1.2
//! The conversation as plain pages: the same log and rules, without scripts or a persistent connection.

use infocig_demo::Person;
use infocig_e2e::{answer::Answer, linea_inps::LineaInps, plain::Reader, scene::Scene};
use infocig_protocol::{
    entry::{EntryBody, Party},
    frame::ServerFrame,
    http::ConversationOpened,
};

#[tokio::test]
async fn a_person_on_plain_pages_enters_writes_is_answered_and_ends_it() {
    let scene = Scene::open().await.unwrap();
    let mut reader = enter(&scene, "worker-roma", "it").await;
    reader.says(&["Scrivi come Lucia Ferretti.", "Sei in coda", "Conversazione iniziata"]).unwrap();

    let page = reader.write("Quando arriva\nil pagamento <di ottobre>?").await.unwrap();
    assert_eq!(page.status, 200);
    let opened = scene.enter_again("worker-roma").await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let own = desk.answer(&opened.conversation).await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();
    assert_eq!(advisor.texts()[0].1, "Quando arriva\nil pagamento <di ottobre>?");
    advisor.post_message("Il 4 dicembre.").await.unwrap();

    reader.open("/chat").await.unwrap();
    reader
        .says(&["Risponde Giulia", "Quando arriva<br>il pagamento &lt;di ottobre&gt;?", "Il 4 dicembre."])
        .unwrap();
    reader.write("Grazie!").await.unwrap();
    let heard = advisor.listen().await.unwrap();
    assert!(matches!(heard.body, EntryBody::Message { text, .. } if text == "Grazie!"));

    reader.open("/chat/end").await.unwrap();
    reader.says(&["Vuoi terminare la conversazione?", "Annulla"]).unwrap();
    let form = reader.field("form").unwrap();
    reader.send("/chat/end", &[("form", &form)]).await.unwrap();
    reader.says(&["Conversazione terminata"]).unwrap();
    assert!(!reader.body().contains("/chat/messages"), "what is over is not written on");
    let ended = advisor.listen().await.unwrap();
    assert!(matches!(ended.body, EntryBody::Closed { by: Party::Citizen, outcome: None }));
    let kept = reader.open("/chat/transcript?format=text").await.unwrap();
    assert!(kept.header("content-disposition").ends_with(".txt\"") && kept.body.contains("Il 4 dicembre."));
}

#[tokio::test]
async fn a_form_that_is_sent_twice_posts_one_message() {
    let scene = Scene::open().await.unwrap();
    let mut reader = enter(&scene, "worker-roma", "it").await;
    let mut reloaded = reader.clone();

    reader.write("Una volta.").await.unwrap();
    reloaded.write("Una volta.").await.unwrap();

    assert_eq!(reloaded.body().matches("Una volta.").count(), 1, "{}", reloaded.body());
    let opened = scene.enter_again("worker-roma").await.unwrap();
    assert_eq!(scene.chat(&opened).await.unwrap().log.len(), 2);
}

#[tokio::test]
async fn one_conversation_goes_on_from_the_page_to_the_widget_and_back() {
    let scene = Scene::open().await.unwrap();
    let mut reader = enter(&scene, "worker-roma", "it").await;
    reader.write("Dalla pagina.").await.unwrap();

    let opened = scene.enter_again("worker-roma").await.unwrap();
    let mut widget = scene.chat(&opened).await.unwrap();
    assert_eq!(widget.texts()[0].1, "Dalla pagina.");
    widget.post_message("Dal widget.").await.unwrap();
    reader.write("Di nuovo dalla pagina.").await.unwrap();
    assert_eq!(widget.listen().await.unwrap().seq, 4, "every link of the conversation hears it");
    reader.says(&["Dalla pagina.", "Dal widget.", "Di nuovo dalla pagina."]).unwrap();

    let begun_there = scene.enter("worker-napoli").await.unwrap();
    scene.chat(&begun_there).await.unwrap().post_message("Iniziata nel widget.").await.unwrap();
    let other = enter(&scene, "worker-napoli", "it").await;
    other.says(&[&begun_there.conversation.number(), "Iniziata nel widget."]).unwrap();
}

#[tokio::test]
async fn a_refused_form_comes_back_with_its_text_and_instructions() {
    let scene = Scene::open().await.unwrap();
    let mut reader = enter(&scene, "worker-roma", "it").await;

    let empty = reader.write("  ").await.unwrap();
    assert_eq!((empty.status, empty.header("location")), (422, ""));
    reader.says(&["<title>Attenzione", "Scrivi il messaggio prima di inviarlo."]).unwrap();
    let long = "è".repeat(4_001);
    assert_eq!(reader.write(&long).await.unwrap().status, 422);
    reader.says(&["al massimo 4000 caratteri", &long]).unwrap();
    assert_eq!(reader.write(&"😀".repeat(4_000)).await.unwrap().status, 200);

    for n in 0..30 {
        reader.write(&format!("Messaggio {n}")).await.unwrap();
        if reader.body().contains("role=\"alert\"") {
            break;
        }
    }
    reader.says(&["molti messaggi in poco tempo", ">\nMessaggio "]).unwrap();

    let (form, id) = (reader.field("form").unwrap(), reader.field("id").unwrap());
    let other =
        reader.send("/chat/messages", &[("form", "x"), ("id", &id), ("text", "Non perso")]).await.unwrap();
    assert_eq!(other.status, 409);
    reader.says(&["di un'altra conversazione", "Non perso"]).unwrap();
    reader.send("/chat/end", &[("form", &form)]).await.unwrap();
    reader
        .send("/chat/messages", &[("form", &form), ("id", "tardi"), ("text", "Troppo tardi")])
        .await
        .unwrap();
    reader.says(&["La conversazione è terminata prima dell'invio", "Troppo tardi</textarea>"]).unwrap();
}

#[tokio::test]
async fn sensitive_data_is_stored_once_its_author_has_decided() {
    let scene = Scene::open().await.unwrap();
    let mut reader = enter(&scene, "worker-roma", "it").await;
    let text = "Il mio IBAN è IT60X0542811101000000123456\ne la mia domanda?";

    let asked = reader.write(text).await.unwrap();
    assert_eq!((asked.status, asked.header("location")), (422, ""));
    reader.says(&["<title>Attenzione", "role=\"alert\"", "c'è un IBAN", text, "Nascondi e invia"]).unwrap();
    let opened = scene.enter_again("worker-roma").await.unwrap();
    let mut widget = scene.chat(&opened).await.unwrap();
    assert_eq!(widget.log.len(), 1, "nothing was stored");

    let id = reader.field("id").unwrap();
    assert_eq!(reader.decide(text, "edit").await.unwrap().status, 200);
    reader.says(&["autofocus", text, "</textarea>", ">Invia</button>"]).unwrap();
    assert!(!reader.body().contains("role=\"alert\"") && reader.field("id").unwrap() == id);
    reader.write(text).await.unwrap();
    let mut again = reader.clone();
    for reader in [&mut reader, &mut again] {
        reader.decide(text, "mask").await.unwrap();
        reader.says(&["Il mio IBAN è •••••••••••••••••••••••••56<br>e la mia domanda?"]).unwrap();
    }
    let stored = "Il mio IBAN è •••••••••••••••••••••••••56\ne la mia domanda?";
    let said = widget.listen().await.unwrap();
    assert!(matches!(&said.body, EntryBody::Message { text, .. } if text == stored), "{said:?}");

    reader.write("RSSMRA85T10A562S").await.unwrap();
    reader.says(&["c'è un codice fiscale"]).unwrap();
    reader.decide("RSSMRA85T10A562S", "send").await.unwrap();
    let said = widget.listen().await.unwrap();
    assert!(matches!(&said.body, EntryBody::Message { text, .. } if text == "RSSMRA85T10A562S"), "{said:?}");
    assert_eq!(said.seq, 3, "what was decided twice is one message");

    let mut foreign = reader.clone();
    foreign.origin = "https://altrove.example".into();
    let fields = [("form", "x"), ("id", "y"), ("text", text), ("way", "send")];
    assert_eq!(foreign.send("/chat/messages", &fields).await.unwrap().status, 403);
}

#[tokio::test]
async fn sensitive_data_in_a_written_request_is_asked_about_first() {
    let office = LineaInps::open(|options| options).await.unwrap();
    office.edge().set_clock("2026-11-23T19:00:00+01:00").await.unwrap();
    let token = office.person_token(Person::by_id("worker-napoli").unwrap()).await.unwrap();
    let mut reader = Reader::new(office.edge()).unwrap();
    reader.enter(&office.portal.page(""), &token, "it").await.unwrap();
    let (token, id) = (reader.field("write_request_token").unwrap(), reader.field("id").unwrap());
    let fields =
        |way| [("write_request_token", &*token), ("id", &*id), ("text", "Sono in gravidanza."), ("way", way)];

    assert_eq!(reader.send("/chat/requests", &fields("")).await.unwrap().status, 422);
    reader.says(&["c'è una parola sulla salute", "Sono in gravidanza."]).unwrap();
    assert_eq!(reader.send("/chat/requests", &fields("edit")).await.unwrap().status, 200);
    reader.says(&["Sono in gravidanza.</textarea>", "Invia la richiesta"]).unwrap();
    assert_eq!(reader.cookie, None, "nothing was made");
    for _ in 0..2 {
        reader.send("/chat/requests", &fields("mask")).await.unwrap();
    }
    reader.says(&["Sono in ••••••••••."]).unwrap();
    assert_eq!(office.has(1).await.unwrap()[0].body["description"], "Sono in ••••••••••.");
}

#[tokio::test]
async fn a_waiting_person_reads_earlier_conversations_and_keeps_their_place() {
    let scene = Scene::open().await.unwrap();
    let mut reader = enter(&scene, "worker-roma", "it").await;
    assert!(!reader.body().contains("/chat/history"), "there is nothing before");
    reader.write("La prima domanda.").await.unwrap();
    end(&mut reader).await;
    let mut reader = enter(&scene, "worker-roma", "it").await;
    reader.write("La seconda domanda.").await.unwrap();
    end(&mut reader).await;
    reader.says(&["href=\"/chat/history?lang=it\">Le tue conversazioni precedenti"]).unwrap();
    let mut reader = enter(&scene, "worker-roma", "it").await;
    let stranger = enter(&scene, "worker-napoli", "it").await;

    assert_eq!(reader.open("/chat/history").await.unwrap().status, 200);
    reader.says(&["Le tue conversazioni precedenti"]).unwrap();
    let [first, second] = &history_rows(reader.body())[..] else { panic!("{}", reader.body()) };
    reader.says(&["Conversazione terminata: conclusa da chi ha scritto."]).unwrap();
    reader.open(&format!("/chat/history?before={second}")).await.unwrap();
    assert_eq!(history_rows(reader.body()), std::slice::from_ref(first));
    reader.open(&format!("/chat/history/{first}?lang=de")).await.unwrap();
    reader.says(&["<html lang=\"de\">", "La prima domanda.", "Zurück zum Gespräch"]).unwrap();
    assert!(!reader.body().contains("<form") && !reader.body().contains("La seconda"), "{}", reader.body());
    reader.open(&format!("/chat/history/{first}?before=2")).await.unwrap();
    assert!(!reader.body().contains("La prima domanda."));
    let kept = reader.open(&format!("/chat/history/{first}/transcript?format=text")).await.unwrap();
    let named = kept.header("content-disposition").ends_with(&format!("-{first}.txt\""));
    assert!(named && kept.body.contains("La prima domanda."));
    for nothing in ["/chat/history/1", "/chat/history/9/transcript", "/chat/history/4000000000"] {
        reader.open(nothing).await.unwrap();
        reader.says(&["<h1>Le tue conversazioni precedenti", &format!("/chat/history/{second}\"")]).unwrap();
    }
    let mut other = stranger.clone();
    let theirs = format!("/chat/history/{first}");
    for nothing in ["/chat/history", &theirs, &format!("{theirs}/transcript")] {
        other.open(nothing).await.unwrap();
        other.says(&["Prima di questa non ci sono altre conversazioni."]).unwrap();
    }
    let mut nobody = Reader::new(&scene.edge).unwrap();
    assert_eq!(nobody.open(&theirs).await.unwrap().status, 403);

    // A person who opens no page counts as disconnected; opening the history counts as a page.
    both_look_away(&scene).await;
    scene.edge.set_clock("2026-11-23T15:27:00+01:00").await.unwrap();
    reader.open(&theirs).await.unwrap();
    scene.edge.set_clock("2026-11-23T15:35:00+01:00").await.unwrap();
    reader.open("/chat").await.unwrap();
    reader.says(&["Sei in coda"]).unwrap();
    let mut gone = stranger;
    infocig_e2e::wait::until("the end of who is gone", async || {
        gone.open("/chat").await.ok()?;
        gone.body().contains("Conversazione terminata").then_some(())
    })
    .await
    .unwrap();
}

/// Kind: browsers without cookies.
#[tokio::test]
async fn a_browser_without_cookies_is_refused_and_nobody_is_queued_for_it() {
    let scene = Scene::open().await.unwrap();
    let mut reader = Reader::new(&scene.edge).unwrap();
    reader.keeps_cookies = false;
    let token = scene.token(&scene.claims("worker-roma").unwrap()).unwrap();

    let page = reader.enter(scene.issuer.origin(), &token, "it").await.unwrap();

    assert_eq!(page.status, 403);
    reader.says(&["Il tuo browser non conserva i cookie", "Permetti i cookie", "803 164"]).unwrap();
    let desk = scene.desk("advisor-giulia").await.unwrap();
    assert!(desk.is_empty(), "nobody waits");
    enter(&scene, "worker-roma", "it").await.says(&["coda"]).unwrap();
}

#[tokio::test]
async fn without_a_valid_cookie_nothing_is_shown_and_the_text_can_be_copied() {
    let scene = Scene::open().await.unwrap();
    let mut nobody = Reader::new(&scene.edge).unwrap();
    assert_eq!(nobody.open("/chat").await.unwrap().status, 403);
    nobody.says(&["Apri INFO CIG dalla tua area personale", "MyINPS", "803 164"]).unwrap();

    let reader = enter(&scene, "worker-roma", "it").await;
    let mut forger = reader.clone();
    // Change the last character of the signature: only its upper four bits count, and A has none of them.
    forger.cookie = reader.cookie.as_ref().map(|cookie| {
        let (rest, last) = cookie.split_at(cookie.len() - 1);
        format!("{rest}{}", if last == "A" { "Q" } else { "A" })
    });
    assert_eq!(forger.open("/chat").await.unwrap().status, 403);
    assert_eq!(forger.cookie, None, "what opens nothing is not kept");
    let mut advisor = reader.clone();
    let session = scene.desk_session("advisor-giulia").await.unwrap();
    advisor.cookie = Some(format!("infocig-chat={}", session.ticket));
    assert_eq!(advisor.open("/chat").await.unwrap().status, 403);

    scene.edge.set_clock("2026-11-24T03:30:00+01:00").await.unwrap();
    let mut late = reader.clone();
    assert_eq!(late.write("Scritto a lungo.").await.unwrap().status, 403);
    late.says(&["Il tempo di questa pagina è finito", "non è stato inviato", "Scritto a lungo.</textarea>"])
        .unwrap();
    assert_eq!(late.cookie, None);
}

#[tokio::test]
async fn forms_of_foreign_pages_do_nothing() {
    let scene = Scene::open().await.unwrap();
    let mut reader = enter(&scene, "worker-roma", "it").await;
    let token = scene.token(&scene.claims("worker-napoli").unwrap()).unwrap();

    for foreign in ["https://altrove.example", scene.issuer.origin()] {
        reader.origin = foreign.to_owned();
        assert_eq!(reader.clone().write("Da altrove.").await.unwrap().status, 403, "{foreign}");
        let form = reader.field("form").unwrap();
        assert_eq!(
            reader.clone().send("/chat/end", &[("form", &form)]).await.unwrap().status,
            403,
            "{foreign}"
        );
    }
    for foreign in ["https://altrove.example", "null"] {
        let mut victim = Reader::new(&scene.edge).unwrap();
        assert_eq!(victim.enter(foreign, &token, "it").await.unwrap().status, 403, "{foreign}");
        assert_eq!(victim.cookie, None);
    }
    let opened = scene.enter_again("worker-roma").await.unwrap();
    assert_eq!(scene.chat(&opened).await.unwrap().log.len(), 1);
}

#[tokio::test]
async fn a_token_is_believed_as_the_widgets_is_and_stands_in_no_address() {
    let scene = Scene::open().await.unwrap();
    let claims = scene.claims("worker-roma").unwrap();
    for bad in [String::new(), "x".into(), scene.token(&claims.clone().alive(-300, -180)).unwrap()] {
        let mut reader = Reader::new(&scene.edge).unwrap();
        let page = reader.enter(scene.issuer.origin(), &bad, "de").await.unwrap();
        assert_eq!((page.status, page.header("content-language")), (403, "de"));
        reader.says(&["<html lang=\"de\">", "Wir konnten Sie nicht einlassen", "zwei Minuten"]).unwrap();
        assert_eq!(reader.cookie, None);
    }
    let reader = enter(&scene, "worker-roma", "it").await;
    let page = reader.page.as_ref().unwrap();
    assert_eq!(page.header("cache-control"), "no-store, no-transform");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"));
    assert!(!page.body.contains("<script") && !page.body.contains("token="), "{}", page.body);
}

#[tokio::test]
async fn a_refused_person_reads_why_and_writes_to_an_office_instead() {
    let office = LineaInps::open(|options| options).await.unwrap();
    let carmine = Person::by_id("worker-napoli").unwrap();
    office.edge().set_clock("2026-11-23T19:00:00+01:00").await.unwrap();
    let token = office.person_token(carmine).await.unwrap();
    let mut reader = Reader::new(office.edge()).unwrap();
    let portal = office.portal.page("");

    let page = reader.enter(&portal, &token, "de").await.unwrap();
    assert_eq!((page.status, page.header("content-language")), (403, "de"));
    reader
        .says(&[
            "Der Dienst ist jetzt geschlossen. Wir sind morgen um 15:00 Uhr wieder für Sie da.",
            "4497/2022",
        ])
        .unwrap();
    let (token, id) = (reader.field("write_request_token").unwrap(), reader.field("id").unwrap());
    let fields = |text| [("write_request_token", token.as_str()), ("id", id.as_str()), ("text", text)];
    assert_eq!(reader.clone().send("/chat/requests?lang=de", &fields(" ")).await.unwrap().status, 422);
    assert_eq!(
        reader
            .clone()
            .send("/chat/requests", &[("write_request_token", "x"), ("text", "a")])
            .await
            .unwrap()
            .status,
        403
    );

    for _ in 0..2 {
        reader.send("/chat/requests?lang=de", &fields("Wann werde ich bezahlt?")).await.unwrap();
    }
    reader.says(&["Wann werde ich bezahlt?", "Gespräch beendet: an Linea INPS weitergeleitet."]).unwrap();
    let received = office.has(1).await.unwrap().remove(0);
    assert_eq!(received.body["description"], "Wann werde ich bezahlt?");
    office.moves(&received.number, "answered", Some("Am 4. Dezember.")).await.unwrap();
    infocig_e2e::wait::until("the office's answer on the page", async || {
        reader.open("/chat?lang=de").await.ok()?;
        reader.body().contains("Am 4. Dezember.").then_some(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_person_without_access_is_refused_and_writes_nothing() {
    let scene = Scene::open().await.unwrap();
    let weak = enter(&scene, "worker-spid1", "fr").await;
    assert_eq!(weak.page.as_ref().unwrap().status, 403);
    weak.says(&["connectez-vous avec SPID de niveau 2", "Autres moyens"]).unwrap();
    assert!(!weak.body().contains("<textarea") && weak.cookie.is_none());
}

#[tokio::test]
async fn a_reader_of_pages_is_there_for_a_while_after_each_and_is_missed_like_everybody() {
    let scene = Scene::open().await.unwrap();
    let mut reader = enter(&scene, "worker-roma", "it").await;
    let opened: ConversationOpened = scene.enter_again("worker-roma").await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let own = desk.answer(&opened.conversation).await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();
    let there = |frame: ServerFrame| {
        let ServerFrame::Presence { party: Party::Citizen, connected, read_up_to } = frame else {
            panic!("{frame:?}")
        };
        (connected, read_up_to)
    };
    assert_eq!(there(advisor.socket.aside().await.unwrap()), (true, 1));

    let said = advisor.post_message("Buongiorno.").await.unwrap();
    reader.open("/chat?refresh=20").await.unwrap();
    assert_eq!(there(advisor.socket.aside().await.unwrap()), (true, said.seq), "what was shown was read");
    reader.says(&["http-equiv=\"refresh\" content=\"20\"", "Ferma l'aggiornamento e scrivi"]).unwrap();
}

#[tokio::test]
async fn a_waiting_person_keeps_their_place_only_while_they_reload() {
    let scene = Scene::open().await.unwrap();
    let mut reader = enter(&scene, "worker-roma", "it").await;
    let mut gone = enter(&scene, "worker-napoli", "it").await;
    both_look_away(&scene).await;
    scene.edge.set_clock("2026-11-23T15:27:00+01:00").await.unwrap();
    reader.open("/chat").await.unwrap();
    reader.says(&["Sei in coda", "almeno ogni 10 min"]).unwrap();
    scene.edge.set_clock("2026-11-23T15:35:00+01:00").await.unwrap();

    reader.open("/chat").await.unwrap();
    reader.says(&["Sei in coda"]).unwrap();
    infocig_e2e::wait::until("the end of who is gone", async || {
        gone.open("/chat").await.ok()?;
        gone.body().contains("Conversazione terminata").then_some(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_warned_person_can_ask_for_more_time() {
    let scene = Scene::open().await.unwrap();
    let mut reader = enter(&scene, "worker-roma", "it").await;
    let opened = scene.enter_again("worker-roma").await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let own = desk.answer(&opened.conversation).await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();
    advisor.post_message("C'è ancora?").await.unwrap();
    scene.edge.set_clock("2026-11-23T15:29:00+01:00").await.unwrap();
    advisor.listen_until(|body| matches!(body, EntryBody::Inactive { .. })).await.unwrap();

    reader.open("/chat").await.unwrap();
    reader.says(&["la conversazione termina alle 15:33", "/chat/stay", "Sono ancora qui"]).unwrap();
    let form = reader.field("form").unwrap();
    reader.send("/chat/stay", &[("form", &form)]).await.unwrap();

    assert!(matches!(advisor.listen().await.unwrap().body, EntryBody::Stayed {}));
    assert!(!reader.body().contains("/chat/stay"));
}

#[tokio::test]
async fn leaving_the_page_leaves_nothing_in_the_browser() {
    let scene = Scene::open().await.unwrap();
    let mut reader = enter(&scene, "worker-roma", "sl").await;
    let form = reader.field("form").unwrap();
    reader.send("/chat/leave?lang=sl", &[("form", &form)]).await.unwrap();
    reader.says(&["<html lang=\"sl\">", "Odprite INFO CIG v svojem osebnem območju"]).unwrap();
    assert_eq!(reader.cookie, None);
    let again = scene.enter_again("worker-roma").await.unwrap();
    assert!(
        !scene
            .chat(&again)
            .await
            .unwrap()
            .log
            .iter()
            .any(|entry| matches!(entry.body, EntryBody::Closed { .. }))
    );
}

/// Ends the conversation of the page in front.
async fn end(reader: &mut Reader) {
    let form = reader.field("form").unwrap();
    reader.send("/chat/end?lang=it", &[("form", &form)]).await.unwrap();
    reader.says(&["Conversazione terminata"]).unwrap();
}

/// The numbers of the conversations a list leads to, the oldest first.
fn history_rows(page: &str) -> Vec<String> {
    let numbered = |link: &str| link.chars().take_while(char::is_ascii_digit).collect::<String>();
    let mut numbers: Vec<_> = page.split("/chat/history/").skip(1).map(numbered).collect();
    numbers.reverse();
    numbers
}

/// Expires the presence of both people.
async fn both_look_away(scene: &Scene) {
    for person in ["worker-roma", "worker-napoli"] {
        let opened = scene.enter_again(person).await.unwrap();
        scene.expire_plain_page_presence(&opened.conversation).await.unwrap();
    }
}

/// A person enters by the form of the portal.
async fn enter(scene: &Scene, person: &str, language: &str) -> Reader {
    let token = scene.token(&scene.claims(person).unwrap()).unwrap();
    let mut reader = Reader::new(&scene.edge).unwrap();
    reader.enter(scene.issuer.origin(), &token, language).await.unwrap();
    reader
}

/// Kind: prefetches and `HEAD` requests.
#[tokio::test]
async fn prefetches_and_head_requests_are_shown_nothing() {
    let scene = Scene::open().await.unwrap();
    let url = format!("{}/chat", scene.edge.url());
    let client = scene.edge.http();

    let headers = Answer::to(client.head(&url)).await.unwrap();
    let ahead = Answer::to(client.get(&url).header("sec-purpose", "prefetch;prerender")).await.unwrap();

    assert_eq!((headers.status, &*headers.body), (200, ""));
    assert_eq!((ahead.status, &*ahead.body), (503, ""));
}
