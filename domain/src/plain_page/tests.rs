// SPDX-License-Identifier: EUPL-1.2
//! The contents of the plain pages, and the acts they never do.

use infocig_protocol::{
    assistant::Passage,
    entry::{Author, EntryBody},
    frame::{EarlierConversation, Estimate},
    http::{Admission, Channel, Verdict},
    problem::Code,
    segnalazione::{SegnalazioneState, SegnalazioneStatus},
};

use super::{languages::Texts, *};
use crate::data_notice::DataNotice;

const HOSTILE: &str = "</textarea><script>alert('1')</script>\"><img src=x onerror=alert(1)>&lt;\u{202e}";

#[test]
fn nothing_anybody_wrote_becomes_markup() {
    let hostile = || HOSTILE.to_string();
    let shown = ConversationView {
        person: hostile(),
        acting_for: Some(hostile()),
        state: PlainPageState::Active { advisor: hostile(), auto_close_at: Some(at(9)) },
        entries: vec![
            message(1, Author::Citizen, HOSTILE),
            message(2, Author::Advisor { name: hostile() }, HOSTILE),
        ],
        last_seq: 2,
        ..waiting()
    };
    let rating = Some(Rating { answer: Answer::No, comment: Some(hostile()) });
    let over = ConversationView { state: closed_state(false), rating, ..shown.clone() };
    let links = Links { privacy: Some(hostile()), ..Links::default() };
    let id = id();
    let draft = Draft { form: "f", id: &id, text: HOSTILE, error: Some(FormError::TooLong) };
    let sensitive = Draft { error: Some(FormError::Sensitive), ..draft };
    let request =
        RequestDraft { write_request_token: HOSTILE, id: &id, text: HOSTILE, error: Some(FormError::Empty) };
    let passages = [Passage { title: hostile(), text: hostile(), ..passage() }];
    let question = QuestionDraft {
        token: QuestionToken::Person(HOSTILE),
        id: &id,
        text: HOSTILE,
        error: Some(FormError::Empty),
    };
    let admission =
        Admission { message: hostile(), source: hostile(), channels: channels(HOSTILE), ..closed() };
    let pages = [
        conversation_page(&shown, PageOptions::default(), &draft, None, None, &notice(), &links),
        conversation_page(&over, PageOptions::default(), &draft, None, None, &notice(), &links),
        refusal_page(&admission, Language::It, Some(&request), None, &links),
        error_page(ErrorPage::Expired, Language::It, &channels(HOSTILE), Some(HOSTILE), &links),
        conversation_page(&shown, PageOptions::default(), &sensitive, None, None, &notice(), &links),
        history::conversation_page(&over, PageOptions::default(), &links),
        unsure_page(Language::It, PageOptions::default(), &draft, &links),
        asking(&shown, &question),
        asking(&shown, &QuestionDraft { error: Some(FormError::Sensitive), ..question }),
        refusal_page(&admission, Language::It, None, Some(&question), &links),
        answer_page((HOSTILE, &passages), &admission, Language::It, Some(&request), Some(&question), &links),
    ];
    for page in pages {
        assert!(page.contains("&lt;script&gt;"), "{page}");
        for harm in ["<script", "<img", "onerror=alert(1)>\"", "\u{202e}", "value=\"\">"] {
            assert!(!page.contains(harm), "{harm}: {page}");
        }
        let fields = |tag: &str| page.matches(tag).count();
        assert_eq!(fields("<textarea"), fields("</textarea>"));
    }
}

#[test]
fn a_page_says_who_said_what_when_and_in_which_order() {
    let page = shown_with(&talk(), PageOptions::default());

    let places = [
        "23 novembre 2026",
        "<b>Tu</b>",
        "Quando?<br>Grazie.",
        "id=\"last\"",
        "<b>Giulia, operatore INPS</b>",
        "Domani.",
    ]
    .map(|part| page.find(part).unwrap_or_else(|| panic!("{part} is not in {page}")));

    assert!(places.is_sorted(), "{page}");
    assert!(page.contains("<title>Risponde Giulia, operatore INPS. – INFO CIG</title>"));
    assert!(page.contains("Scrivi come Lucia Ferretti."));
}

#[test]
fn nothing_moves_by_itself_unless_it_was_asked_for_and_then_there_is_nothing_to_lose() {
    let still = shown_with(&talk(), PageOptions::default());
    assert!(!still.contains("http-equiv") && still.contains("<textarea"));
    assert!(still.contains("href=\"/chat?refresh=20\"") && still.contains("href=\"/chat?refresh=60\""));

    let view = PageOptions { refresh: Some(Refresh::Often), ..PageOptions::default() };
    let moving = shown_with(&talk(), view);
    assert!(moving.contains("<meta http-equiv=\"refresh\" content=\"20\">"));
    assert!(!moving.contains("<textarea"), "a refresh takes no text away");
    assert!(moving.contains("href=\"/chat#write\">Ferma l'aggiornamento e scrivi"));

    let over =
        PlainPageState::Closed { by: Party::Citizen, outcome: None, awaits_office: false, was_held: true };
    assert!(!shown_with(&ConversationView { state: over, ..talk() }, view).contains("http-equiv"));
}

#[test]
fn a_person_without_an_answer_is_not_asked_to_rate_one() {
    let over = |was_held| {
        let state =
            PlainPageState::Closed { by: Party::Citizen, outcome: None, awaits_office: false, was_held };
        shown_with(&ConversationView { state, ..talk() }, PageOptions::default())
    };
    assert!(over(true).contains("/chat/rating"));
    assert!(!over(false).contains("/chat/rating"));
}

#[test]
fn a_refused_text_comes_back_in_its_field_with_advice() {
    for (trouble, words) in [
        (FormError::Empty, "Scrivi il messaggio prima"),
        (FormError::TooLong, "al massimo 4000 caratteri"),
        (FormError::TooFast { retry_after_ms: 2_400 }, "Aspetta 3 s"),
        (FormError::Full, "non può contenere altri"),
        (FormError::Another, "di un'altra conversazione"),
        (FormError::Unsure, "non verrà scritto due volte"),
    ] {
        let page = page(&talk(), PageOptions::default(), "il mio testo", Some(trouble));
        assert!(page.contains(words) && page.contains(">\nil mio testo</textarea>"), "{page}");
        assert!(page.contains("role=\"alert\"") && page.contains("aria-describedby=\"form-error limit\""));
        assert!(page.contains("<title>Attenzione: "), "{page}");
    }
    let over =
        PlainPageState::Closed { by: Party::System, outcome: None, awaits_office: true, was_held: true };
    let over = page(
        &ConversationView { state: over, ..talk() },
        PageOptions::default(),
        "troppo tardi",
        Some(FormError::Over),
    );
    assert!(
        over.contains("readonly>\ntroppo tardi</textarea>") && !over.contains("/chat/messages"),
        "{over}"
    );
    assert!(over.contains("Un ufficio deve ancora rispondere"), "{over}");
}

#[test]
fn a_waiting_person_reads_their_place_as_precisely_as_it_is_known() {
    let place = |position, estimate| Some(QueuePlace { position, estimate, notice: String::new() });
    for (place, line, wait) in [
        (None, "il primo operatore libero", "non possiamo dire"),
        (
            place(1, Estimate::Minutes { from: 0, to: 5 }),
            "la prossima conversazione è la tua",
            "fino a 5 min",
        ),
        (place(4, Estimate::Minutes { from: 5, to: 10 }), "Persone prima di te: 3.", "da 5 a 10 min"),
        (place(20, Estimate::Unknown {}), "prima di te: circa 19.", "non possiamo dire"),
    ] {
        let state = PlainPageState::Waiting { place, absent_ms: 600_000 };
        let page = shown_with(&ConversationView { state, ..waiting() }, PageOptions::default());
        assert!(page.contains(line) && page.contains(wait) && page.contains("almeno ogni 10 min"), "{page}");
    }
}

#[test]
fn a_waiting_person_reads_what_they_must_know_besides_their_place() {
    let notice = "Gli operatori <non> vedono i pagamenti.".into();
    let place = Some(QueuePlace { position: 4, estimate: Estimate::Unknown {}, notice });
    let state = PlainPageState::Waiting { place, absent_ms: 600_000 };
    let page = shown_with(&ConversationView { state, ..waiting() }, PageOptions::default());
    assert!(page.contains("<p>Gli operatori &lt;non&gt; vedono i pagamenti.</p>"), "{page}");
}

#[test]
fn a_warned_person_can_say_that_they_are_there() {
    let warned = PlainPageState::Active { advisor: "Giulia".into(), auto_close_at: Some(at(60_000)) };
    let page = shown_with(&ConversationView { state: warned, ..talk() }, PageOptions::default());
    assert!(page.contains("action=\"/chat/stay\"") && page.contains("Sono ancora qui"), "{page}");
    assert!(!shown_with(&talk(), PageOptions::default()).contains("/chat/stay"));
}

#[test]
fn an_earlier_page_leads_back_and_is_not_written_on() {
    let entries = vec![message(7, Author::Citizen, "prima")];
    let page = shown_with(
        &ConversationView { entries, last_seq: 300, ..talk() },
        PageOptions { before: Some(8), ..PageOptions::default() },
    );
    assert!(page.contains("href=\"/chat?before=7\"") && page.contains("href=\"/chat#last\">Torna"), "{page}");
    assert!(!page.contains("<textarea") && !page.contains("id=\"last\""), "{page}");
}

#[test]
fn the_language_that_was_asked_for_goes_along_with_every_address() {
    let view = PageOptions { language: Some(Language::De), ..PageOptions::default() };
    let page = shown_with(&talk(), view);
    assert!(
        page.contains("<html lang=\"de\">") && page.contains("Es antwortet Giulia, INPS-Beratung"),
        "{page}"
    );
    let addresses = page
        .split([' ', '\n'])
        .filter_map(|part| part.strip_prefix("href=\"/chat").or_else(|| part.strip_prefix("action=\"/chat")));
    for address in addresses {
        let another =
            ["lang=it", "lang=fr", "lang=sl", "lang=en"].iter().any(|other| address.contains(other));
        assert!(another || address.contains("lang=de"), "{address}");
    }
    let own = shown_with(&ConversationView { language: Language::Sl, ..talk() }, PageOptions::default());
    assert!(own.contains("<html lang=\"sl\">") && own.contains("Vaš pogovor"), "{own}");
}

#[test]
fn a_refusal_says_why_and_where_else_to_go_and_takes_a_request_where_one_may_be_written() {
    let id = id();
    let request = RequestDraft { write_request_token: "p", id: &id, text: "", error: None };
    let with = refusal_page(&closed(), Language::It, Some(&request), None, &Links::default());
    for part in [
        "Il servizio adesso è chiuso.",
        "Messaggio INPS 4497/2022",
        "href=\"tel:803164\"",
        "/chat/requests?lang=it",
    ] {
        assert!(with.contains(part), "{part}: {with}");
    }
    assert!(!refusal_page(&closed(), Language::It, None, None, &Links::default()).contains("<form"));
}

#[test]
fn a_person_who_has_not_written_reads_how_their_messages_are_used() {
    let first = shown_with(&waiting(), PageOptions::default());
    assert!(first.contains("id=\"used\">Quello che scrivi è letto dagli operatori INPS"), "{first}");
    assert!(first.contains("aria-describedby=\"used limit\""), "{first}");
    let entries = vec![message(7, Author::Advisor { name: "Giulia".into() }, "Eccomi.")];
    let later = ConversationView { entries, last_seq: 7, ..waiting() };
    for page in [talk(), later] {
        let page = shown_with(&page, PageOptions::default());
        assert!(!page.contains("Quello che scrivi") && page.contains("aria-describedby=\"limit\""), "{page}");
    }
}

#[test]
fn a_closed_conversation_is_rated_with_one_of_three_answers_and_a_comment_and_may_be_rated_again() {
    let over = |rating| ConversationView { state: closed_state(false), rating, ..talk() };
    let asked = rated(&over(None), None);
    for part in ["<legend>Hai avuto la risposta che cercavi?</legend>", "/chat/rating"] {
        assert!(asked.contains(part), "{part}: {asked}");
    }
    assert_eq!(asked.matches("type=\"radio\"").count(), 3);
    assert!(!asked.contains(" checked") && !asked.contains("Grazie:"), "{asked}");

    let said = Some(Rating { answer: Answer::Partly, comment: Some("Manca <la data>".into()) });
    let thanked = rated(&over(said.clone()), None);
    assert!(thanked.contains("role=\"status\"><b>Grazie:"), "{thanked}");
    assert!(thanked.contains("value=\"partly\" checked>"), "{thanked}");
    assert!(thanked.contains(">\nManca &lt;la data&gt;</textarea>"), "{thanked}");

    for (trouble, words, focused) in [
        (RatingError::NoAnswer, "Scegli una risposta", "value=\"yes\" autofocus>"),
        (RatingError::TooLong, "al massimo 1000 caratteri.", "aria-invalid=\"true\" autofocus"),
    ] {
        let draft = RatingDraft { answer: None, comment: "il mio parere", error: Some(trouble) };
        let page = rated(&over(said.clone()), Some(draft));
        assert!(page.contains(words) && page.contains(focused), "{page}");
        assert!(page.contains(">\nil mio parere</textarea>") && !page.contains("Grazie:"), "{page}");
        assert!(page.contains("<title>Attenzione: "), "{page}");
    }
}

#[test]
fn nobody_is_asked_whether_they_had_an_answer_while_they_wait_for_it() {
    let owed = ConversationView { state: closed_state(true), ..talk() };
    for shown in [waiting(), talk(), owed] {
        assert!(!rated(&shown, None).contains("/chat/rating"), "{:?}", shown.state);
    }
}

#[test]
fn sensitive_data_is_asked_about_with_three_choices_and_the_text_beside_them() {
    for (text, found) in [
        (IBAN, "Nel messaggio c'è un IBAN: per risponderti non serve."),
        ("CF RSSMRA85T10A562S", "c'è un codice fiscale:"),
        ("4111 1111 1111 1111", "c'è il numero di una carta:"),
        (
            "RSSMRA85T10A562S, IT60X0542811101000000123456: diabete",
            "Nel messaggio ci sono un codice fiscale e un IBAN e una parola sulla salute: per risponderti non servono.",
        ),
    ] {
        let page = page(&talk(), PageOptions::default(), text, Some(FormError::Sensitive));
        for part in [
            "<title>Attenzione: ",
            "id=\"form-error\" role=\"alert\"",
            found,
            "action=\"/chat/messages\"",
            "name=\"form\" value=\"f\"",
            "name=\"id\" value=\"a1b2\"",
            "readonly aria-describedby=\"form-error\"",
            text,
            "value=\"mask\" aria-describedby=\"form-error\" autofocus>Nascondi e invia",
            "name=\"way\" value=\"send\">Invia così",
            "name=\"way\" value=\"edit\">Modifica",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert_eq!(page.matches("<textarea").count(), 1, "{page}");
    }
    let german = PageOptions { language: Some(Language::De), ..PageOptions::default() };
    let page = page(&talk(), german, IBAN, Some(FormError::Sensitive));
    assert!(page.contains("Die Nachricht enthält eine IBAN:") && page.contains(">Verbergen und senden<"));
}

#[test]
fn a_text_to_edit_is_in_the_field() {
    let page = page(&talk(), PageOptions::default(), IBAN, None);
    assert!(page.contains(&format!(" autofocus spellcheck=\"true\">\n{IBAN}</textarea>")), "{page}");
    assert!(
        !page.contains("role=\"alert\"")
            && !shown_with(&talk(), PageOptions::default()).contains("autofocus")
    );
}

#[test]
fn a_text_undecided_at_the_end_can_be_copied() {
    let over = ConversationView { state: closed_state(false), ..talk() };
    for trouble in [None, Some(FormError::Sensitive)] {
        let page = page(&over, PageOptions::default(), IBAN, trouble);
        assert!(page.contains("terminata prima dell'invio") && !page.contains("name=\"way\""), "{page}");
        assert!(page.contains(&format!("readonly>\n{IBAN}</textarea>")), "{page}");
    }
}

#[test]
fn sensitive_data_in_a_written_request_is_asked_about_too() {
    let id = id();
    let request =
        RequestDraft { write_request_token: "p", id: &id, text: IBAN, error: Some(FormError::Sensitive) };
    let page = refusal_page(&closed(), Language::It, Some(&request), None, &Links::default());
    for part in [
        "/chat/requests?lang=it",
        "name=\"write_request_token\" value=\"p\"",
        "c'è un IBAN:",
        "value=\"edit\">",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(page.matches("<textarea").count(), 1, "{page}");
}

#[test]
fn a_person_with_a_history_finds_the_link_to_it_while_they_wait_and_after_the_end() {
    let third = |state| ConversationView { conversation: numbered(3), has_earlier: true, state, ..talk() };
    let way = "href=\"/chat/history\">Le tue conversazioni precedenti";
    let waits = || PlainPageState::Waiting { place: None, absent_ms: 600_000 };
    for state in [waits(), closed_state(true), closed_state(false)] {
        assert!(shown_with(&third(state), PageOptions::default()).contains(way));
    }
    for shown in [third(talk().state), ConversationView { state: waits(), ..talk() }] {
        assert!(
            !shown_with(&shown, PageOptions::default()).contains("/chat/history"),
            "{:?}",
            shown.conversation
        );
    }
}

#[test]
fn earlier_conversations_are_listed_with_what_came_of_them_and_lead_to_a_page_each() {
    let page =
        history::list_page(&[ended(2), ended(1)], Language::It, PageOptions::default(), &Links::default());
    let places = [
        "href=\"/chat#last\">Torna alla conversazione",
        "<a href=\"/chat/history/2\">23 novembre 2026, ore 15:40</a>",
        "Conversazione terminata: inviata a Linea INPS.",
        "<p dir=\"auto\">Quando arriva &lt;il pagamento&gt;?</p>",
        "Segnalazione a Linea INPS: numero LI-7, in lavorazione",
        "<a href=\"/chat/history/1\">",
    ]
    .map(|part| page.find(part).unwrap_or_else(|| panic!("{part} is not in {page}")));
    assert!(places.is_sorted(), "{page}");
    assert!(!page.contains("before="), "there are no more: {page}");

    let many: Vec<_> = (11..=30).rev().map(ended).collect();
    let view = PageOptions { language: Some(Language::De), before: Some(31), ..PageOptions::default() };
    let page = history::list_page(&many, Language::De, view, &Links::default());
    for part in [
        "href=\"/chat/history?lang=de&amp;before=11\">Noch frühere Gespräche",
        "href=\"/chat/history?lang=de\">Zurück zu den früheren Gesprächen",
        "href=\"/chat/history?lang=fr&amp;before=31\">Français",
        "href=\"/chat/history/30?lang=de\">23. November 2026, 15:40 Uhr",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let none = history::list_page(&[], Language::It, PageOptions::default(), &Links::default());
    assert!(none.contains("non ci sono altre conversazioni") && !none.contains("<ol"), "{none}");
}

#[test]
fn an_earlier_conversation_is_read_and_kept_and_nothing_on_its_page_can_be_pressed() {
    let shown =
        ConversationView { conversation: numbered(2), state: closed_state(true), last_seq: 300, ..talk() };
    let entries = vec![message(8, Author::Citizen, "ciao")];
    let page = history::conversation_page(
        &ConversationView { entries, ..shown },
        PageOptions { refresh: Some(Refresh::Often), ..PageOptions::default() },
        &Links::default(),
    );
    for part in [
        "<h1>Conversazione numero 0F0F-0F0F-0F0F-2</h1>",
        "Un ufficio deve ancora rispondere",
        "href=\"/chat/history/2?before=8\">Messaggi precedenti",
        "href=\"/chat/history/2?refresh=20#last\">Torna agli ultimi messaggi",
        "href=\"/chat/history/2/transcript?format=text\">",
        "href=\"/chat/history?refresh=20\">Torna alle conversazioni precedenti",
        "href=\"/chat?refresh=20#last\">Torna alla conversazione",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for harm in ["<form", "<button", "<textarea", "http-equiv"] {
        assert!(!page.contains(harm), "{harm}: {page}");
    }
}

#[test]
fn the_foot_of_every_page_leads_where_the_deployment_says_more_and_nowhere_else() {
    let page = error_page(ErrorPage::Failed, Language::Fr, &channels("x"), None, &links());
    for part in [
        "<nav aria-label=\"À propos du service\">",
        "<li><a href=\"https://inps.example/privacy\">Politique de confidentialité</a></li>",
        "href=\"https://inps.example/segnala?da=infocig&amp;x=1\"",
        ">Déclaration d'accessibilité</a>",
        ">Code source</a>",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let one = Links { source: links().source, ..Links::default() };
    assert_eq!(end_page(Language::It, PageOptions::default(), "f", &one).matches("<li>").count(), 1);
    assert!(!end_page(Language::It, PageOptions::default(), "f", &Links::default()).contains("<footer>"));
}

#[test]
fn every_sentence_is_said_in_every_language_with_the_same_places() {
    let italian = Texts::of(Language::It).all();
    let places = |sentence: &str| sentence.matches("{}").count();
    for language in Language::ALL {
        let said = Texts::of(language).all();
        for (own, sentence) in said.iter().zip(italian) {
            assert!(!own.trim().is_empty(), "{language:?}: {sentence}");
            assert_eq!(places(own), places(sentence), "{language:?}: {own}");
            assert!(!own.replace("{}", "").contains(['{', '}', '<', '>', '"']), "{language:?}: {own}");
        }
        if language != Language::It {
            let is_both = |own: &str| ["No", "un IBAN"].contains(&own);
            let same = said.iter().zip(italian).filter(|(own, sentence)| **own == *sentence && !is_both(own));
            assert_eq!(same.map(|(own, _)| *own).collect::<Vec<_>>(), Vec::<&str>::new(), "{language:?}");
            let words = said.iter().flat_map(|sentence| sentence.split(|c: char| !c.is_alphabetic()));
            let left =
                words.filter(|word| ["della", "messaggio", "operatore", "pagina", "puoi"].contains(word));
            assert_eq!(left.collect::<Vec<_>>(), Vec::<&str>::new(), "{language:?}");
        }
    }
}

#[test]
fn every_page_is_one_document_without_scripts_or_inline_styles() {
    let id = id();
    let draft = Draft { form: "f", id: &id, text: "", error: None };
    let sensitive = Draft { text: IBAN, error: Some(FormError::Sensitive), ..draft };
    let request =
        RequestDraft { write_request_token: "p", id: &id, text: IBAN, error: Some(FormError::Sensitive) };
    let question = question(&id, "", Some(FormError::Empty));
    let unasked = QuestionDraft { error: None, ..question };
    let sensitive_question = QuestionDraft { text: IBAN, error: Some(FormError::Sensitive), ..question };
    let (links, over) = (links(), ConversationView { state: closed_state(false), ..talk() });
    for language in Language::ALL {
        let view = PageOptions { language: Some(language), ..PageOptions::default() };
        let mut pages = vec![
            conversation_page(&talk(), view, &draft, None, None, &notice(), &links),
            conversation_page(&waiting(), view, &draft, None, None, &notice(), &links),
            conversation_page(&over, view, &draft, None, None, &notice(), &links),
            conversation_page(&talk(), view, &sensitive, None, None, &notice(), &links),
            end_page(language, view, "f", &links),
            refusal_page(&closed(), language, None, None, &links),
            refusal_page(&closed(), language, Some(&request), None, &links),
            history::list_page(&[ended(1)], language, view, &links),
            history::list_page(&[], language, view, &links),
            history::conversation_page(&over, view, &links),
            unsure_page(language, view, &draft, &links),
            conversation_page(&waiting(), view, &draft, None, Some(&question), &notice(), &links),
            conversation_page(&waiting(), view, &draft, None, Some(&sensitive_question), &notice(), &links),
            refusal_page(&closed(), language, Some(&request), Some(&unasked), &links),
            answer_page(
                ("Quando?", &[passage()]),
                &closed(),
                language,
                Some(&request),
                Some(&unasked),
                &links,
            ),
        ];
        let stops = [
            ErrorPage::NoConversation,
            ErrorPage::NoCookies,
            ErrorPage::Expired,
            ErrorPage::NotBelieved,
            ErrorPage::Foreign,
            ErrorPage::Failed,
        ];
        let stops = stops.into_iter().chain([ErrorPage::Pending, ErrorPage::OpenAlready]);
        pages.extend(stops.map(|why| error_page(why, language, &channels("x"), None, &links)));
        for page in pages {
            for part in ["<html", "<main>", "<h1>", "</html>"] {
                assert_eq!(page.matches(part).count(), 1, "{part}: {page}");
            }
            assert!(page.contains(&format!("<html lang=\"{}\">", language.as_str())));
            let mut ids: Vec<_> =
                page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            ids.sort_unstable();
            assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "an id twice: {page}");
            assert!(
                !page.contains("<script") && !page.contains("style=\"") && !page.contains("{}"),
                "{page}"
            );
        }
    }
}

#[test]
fn the_assistant_is_asked_below_the_log_while_a_person_waits_and_where_it_is_on() {
    let id = id();
    let asked = question(&id, "", None);
    let page = asking(&waiting(), &asked);
    let places = [
        "<ol class=\"log\">",
        "action=\"/chat/messages\"",
        "<h2>Chiedi all'assistente automatico</h2>",
        "Ti risponde un programma, non una persona",
        "Il tuo posto in coda resta",
        "action=\"/chat/assistant\"",
        "name=\"form\" value=\"f\"",
        "name=\"id\" value=\"a1b2\"",
        ">Chiedi</button>",
    ];
    let mut rest = page.as_str();
    for part in places {
        rest = rest.split_once(part).unwrap_or_else(|| panic!("{part} is not in its place in {page}")).1;
    }
    assert!(!page.contains("autofocus"), "{page}");

    let earlier = PageOptions { before: Some(8), ..PageOptions::default() };
    let moving = PageOptions { refresh: Some(Refresh::Often), ..PageOptions::default() };
    let many = ConversationView { last_seq: 300, ..waiting() };
    let over = ConversationView { state: closed_state(false), ..waiting() };
    let draft = Draft { form: "f", id: &id, text: "", error: None };
    let with = |shown: &ConversationView, view, asked: Option<&QuestionDraft<'_>>| {
        conversation_page(shown, view, &draft, None, asked, &notice(), &Links::default())
            .contains("/chat/assistant")
    };
    assert!(with(&waiting(), PageOptions::default(), Some(&asked)));
    assert!(!with(&waiting(), PageOptions::default(), None), "it is off");
    assert!(!with(&waiting(), moving, Some(&asked)), "a refresh takes no question away");
    assert!(!with(&many, earlier, Some(&asked)), "an earlier page");
    assert!(!with(&talk(), PageOptions::default(), Some(&asked)), "a person answers");
    assert!(!with(&over, PageOptions::default(), Some(&asked)), "it is over");
}

#[test]
fn a_refused_question_comes_back_in_its_field_with_advice() {
    let id = id();
    for (error, words) in [
        (FormError::Empty, "La domanda è vuota"),
        (FormError::TooLong, "accorciala a 1000 caratteri"),
        (FormError::TooFast { retry_after_ms: 2_400 }, "aspetta 3 s"),
        (FormError::Full, "scrivila all'operatore"),
        (FormError::Another, "non verrà registrata due volte"),
        (FormError::Unsure, "non verrà registrata due volte"),
    ] {
        let page = asking(&waiting(), &question(&id, "la mia domanda", Some(error)));
        assert!(page.contains(words) && page.contains(">\nla mia domanda</textarea>"), "{page}");
        assert!(page.contains("aria-describedby=\"form-error program question-limit\""), "{page}");
        assert!(
            page.contains("<title>Attenzione: ") && page.matches("role=\"alert\"").count() == 1,
            "{page}"
        );
    }
    let page = asking(&waiting(), &question(&id, IBAN, Some(FormError::Sensitive)));
    for part in ["action=\"/chat/assistant\"", "c'è un IBAN:", "value=\"mask\"", "label for=\"question\""] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(page.matches(IBAN).count(), 1, "{page}");
}

#[test]
fn where_nobody_is_let_in_the_assistant_answers_on_a_page_with_the_ways_on() {
    let id = id();
    let question = QuestionDraft { token: QuestionToken::Person("p"), ..question(&id, "", None) };
    let door = refusal_page(&closed(), Language::It, None, Some(&question), &Links::default());
    for part in
        ["/chat/assistant?lang=it", "name=\"assistant_token\" value=\"p\"", "Ti risponde un programma"]
    {
        assert!(door.contains(part), "{part}: {door}");
    }
    assert!(!door.contains("posto in coda"), "there is no queue: {door}");

    let asked = "Quando <pagano>?";
    let request = RequestDraft { write_request_token: "w", id: &id, text: asked, error: None };
    let answer = |answer: &[Passage], request| {
        answer_page((asked, answer), &closed(), Language::It, request, Some(&question), &Links::default())
    };
    let page = answer(&[passage()], Some(&request));
    let mut rest = page.as_str();
    for part in [
        "<h1>Assistente automatico (un programma)</h1>",
        "Domanda: Quando &lt;pagano&gt;?",
        "Come cambio IBAN",
        "Fonte: INPS",
        "Il servizio adesso è chiuso.",
        "/chat/requests?lang=it",
        ">\nQuando &lt;pagano&gt;?</textarea>",
        "href=\"tel:803164\"",
        "action=\"/chat/assistant?lang=it\"",
    ] {
        rest = rest.split_once(part).unwrap_or_else(|| panic!("{part} is not in its place in {page}")).1;
    }
    assert!(!page.contains("autofocus"), "the answer is read first: {page}");
    assert!(!page.contains("<p dir=\"auto\"></p>"), "no empty paragraph: {page}");
    assert!(!page.contains("<div lang="), "{page}");
    let german =
        answer_page((asked, &[passage()]), &closed(), Language::De, None, Some(&question), &Links::default());
    assert!(german.contains("<div lang=\"it\">\n<h2>Come cambio IBAN</h2>"), "{german}");
    let unknown = answer(&[], None);
    assert!(unknown.contains("Non so rispondere a questa domanda."), "{unknown}");
    assert!(!unknown.contains("/chat/requests") && unknown.contains("tel:803164"), "{unknown}");
}

fn asking(shown: &ConversationView, question: &QuestionDraft<'_>) -> String {
    let draft = Draft { form: "f", id: &id(), text: "", error: None };
    conversation_page(
        &ConversationView { state: waiting().state, ..shown.clone() },
        PageOptions::default(),
        &draft,
        None,
        Some(question),
        &notice(),
        &Links::default(),
    )
}

fn question<'d>(id: &'d MessageId, text: &'d str, error: Option<FormError>) -> QuestionDraft<'d> {
    QuestionDraft { token: QuestionToken::Conversation("f"), id, text, error }
}

fn passage() -> Passage {
    Passage {
        entry: Some("iban".into()),
        title: "Come cambio IBAN".into(),
        text: "Dal servizio online.\n\nFonte: INPS".into(),
        language: Language::It,
    }
}

fn shown_with(shown: &ConversationView, view: PageOptions) -> String {
    page(shown, view, "", None)
}

fn page(shown: &ConversationView, view: PageOptions, text: &str, error: Option<FormError>) -> String {
    let draft = Draft { form: "f", id: &id(), text, error };
    conversation_page(shown, view, &draft, None, None, &notice(), &Links::default())
}

fn rated(shown: &ConversationView, rating: Option<RatingDraft<'_>>) -> String {
    let draft = Draft { form: "f", id: &id(), text: "", error: None };
    conversation_page(shown, PageOptions::default(), &draft, rating, None, &notice(), &Links::default())
}

const IBAN: &str = "IBAN IT60 X054 2811 1010 0000 0123 456";

#[test]
fn before_the_first_word_people_read_what_becomes_of_it_and_for_how_long() {
    let said = "<li>La conversazione: 1 anno.</li>";
    let first = shown_with(&waiting(), PageOptions::default());
    assert!(first.contains("Il &lt;titolare&gt; è l'Istituto."), "{first}");
    assert!(first.contains("<summary>Per quanto tempo teniamo i tuoi dati</summary>"), "{first}");
    assert!(first.contains(said), "{first}");
    let written = ConversationView { entries: vec![message(1, Author::Citizen, "Ciao")], ..waiting() };
    assert!(!shown_with(&written, PageOptions::default()).contains(said));
    let id = id();
    let request = RequestDraft { write_request_token: "t", id: &id, text: "", error: None };
    let door = refusal_page(&closed(), Language::It, Some(&request), None, &Links::default());
    assert!(door.contains(said), "a written request is asked for with the same notice: {door}");
    assert!(!refusal_page(&closed(), Language::It, None, None, &Links::default()).contains(said));
}

fn notice() -> DataNotice {
    DataNotice {
        text: Some("Il <titolare> è l'Istituto.".into()),
        kept: vec!["La conversazione: 1 anno.".into()],
    }
}

fn numbered(ordinal: u32) -> ConversationId {
    ConversationId::of(&"0f".repeat(32), ordinal).unwrap()
}

fn ended(ordinal: u32) -> EarlierConversation {
    EarlierConversation {
        conversation: numbered(ordinal),
        opened: at(0),
        closed: at(9),
        by: Party::Advisor,
        outcome: Some(Outcome::LineaInps),
        advisor: Some("Giulia".into()),
        preview: Some("Quando arriva <il pagamento>?".into()),
        entries: 4,
        segnalazioni: vec![SegnalazioneStatus {
            id: id(),
            number: Some("LI-7".into()),
            state: SegnalazioneState::InProgress {},
        }],
    }
}

fn closed_state(awaits_office: bool) -> PlainPageState {
    PlainPageState::Closed { by: Party::Citizen, outcome: None, awaits_office, was_held: true }
}

fn links() -> Links {
    let address = |name: &str| Some(format!("https://inps.example/{name}"));
    Links {
        privacy: address("privacy"),
        accessibility: address("accessibilita"),
        feedback: address("segnala?da=infocig&x=1"),
        source: address("sorgente"),
    }
}

fn talk() -> ConversationView {
    let giulia = || Author::Advisor { name: "Giulia".into() };
    ConversationView {
        state: PlainPageState::Active { advisor: "Giulia".into(), auto_close_at: None },
        entries: vec![
            Entry { seq: 1, at: at(0), body: EntryBody::Opened {} },
            message(2, Author::Citizen, "Quando?\nGrazie."),
            Entry { seq: 3, at: at(2), body: EntryBody::Assigned { advisor: "Giulia".into() } },
            message(4, giulia(), "Domani."),
        ],
        last_seq: 4,
        ..waiting()
    }
}

fn waiting() -> ConversationView {
    ConversationView {
        conversation: ConversationId::of(&"0f".repeat(32), 1).unwrap(),
        person: "Lucia Ferretti".into(),
        acting_for: None,
        language: Language::It,
        state: PlainPageState::Waiting { place: None, absent_ms: 600_000 },
        has_earlier: false,
        rating: None,
        entries: vec![Entry { seq: 1, at: at(0), body: EntryBody::Opened {} }],
        last_seq: 1,
        at: at(5),
    }
}

fn closed() -> Admission {
    Admission {
        assistant: false,
        at: "2026-11-23T19:00:00+01:00".into(),
        verdict: Verdict::Closed,
        code: Code::OutsideHours,
        source: "Messaggio INPS 4497/2022".into(),
        opens: None,
        closes: None,
        changes: None,
        message: "Il servizio adesso è chiuso.".into(),
        channels: channels("Contact Center"),
        data_notice: notice().text,
        kept: notice().kept,
    }
}

fn channels(name: &str) -> Vec<Channel> {
    vec![Channel { name: name.into(), how: "Chiama.".into(), href: Some("tel:803164".into()) }]
}

fn message(seq: u64, author: Author, text: &str) -> Entry {
    let id = MessageId::parse(format!("m{seq}")).unwrap();
    let millis = i64::try_from(seq).unwrap();
    Entry { seq, at: at(millis), body: EntryBody::Message { id, author, text: text.into() } }
}

fn id() -> MessageId {
    MessageId::parse("a1b2").unwrap()
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_795_444_800_000 + millis)
}
