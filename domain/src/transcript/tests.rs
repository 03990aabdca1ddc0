// SPDX-License-Identifier: EUPL-1.2
//! Transcripts are whole as they were written, and every change to one is found.

use infocig_protocol::{
    entry::{Author, Outcome, Party},
    id::MessageId,
};
use proptest::prelude::*;

use super::*;

#[test]
fn a_transcript_is_whole_as_it_was_written() {
    for format in [Format::Html, Format::Text] {
        let file = write(&heading(format), &log("Quando sarò pagato?\n<script>alert(1)</script>")).unwrap();

        let whole = verify(&file).unwrap();

        assert_eq!((whole.entries, whole.head.len()), (4, 64));
        assert!(file.contains(&whole.head));
        assert_eq!(verify(&file.replace('\n', "\r\n")), Ok(whole));
        assert!(format == Format::Text || file.matches("<script").count() == 1, "{file}");
    }
}

/// Kind: programs that store a text in their own way.
#[test]
fn a_file_that_was_stored_in_another_way_is_whole_and_a_page_written_anew_is_told_from_changed_words() {
    for format in [Format::Html, Format::Text] {
        let file = write(&heading(format), &log("È la mia domanda: <b>quando</b> & perché?")).unwrap();
        let utf_16 = |order: fn(u16) -> [u8; 2]| {
            std::iter::once(0xFEFF).chain(file.encode_utf16()).flat_map(order).collect::<Vec<u8>>()
        };
        for stored in [
            file.clone().into_bytes(),
            format!("\u{feff}{file}").into_bytes(),
            utf_16(u16::to_le_bytes),
            utf_16(u16::to_be_bytes),
            file.replace('\n', "\r\n").into_bytes(),
            file.trim_end().as_bytes().to_vec(),
            format!("{file}\n\n").into_bytes(),
        ] {
            assert!(verify(&decoded(&stored).unwrap()).is_ok(), "{format:?} {:?}", stored.get(..8));
        }
    }
    assert_eq!(decoded(&[0xC3, 0x28]), None);

    let page = write(&heading(Format::Html), &log("Quando & perché?")).unwrap();
    let saved = page
        .replace("<html", "<!-- saved from url=(0014)about:internet -->\n<html")
        .replace("<main>", "</head><body class=\"saved\">\n<main>");
    assert_ne!(saved, page);
    assert_eq!(verify(&saved), Err(Altered::Around));
    let (before, data) = saved.split_once(HTML_DATA).unwrap();
    let forged = format!("{}{HTML_DATA}{data}", before.replace("Quando", "Mai"));
    assert!(matches!(verify(&forged), Err(Altered::Text(_))), "{:?}", verify(&forged));
}

#[test]
fn a_transcript_is_whole_in_every_language_and_says_which() {
    for language in Language::ALL {
        for format in [Format::Html, Format::Text] {
            let heading = Heading { language, ..heading(format) };
            let file = write(&heading, &log("ciao")).unwrap();
            assert_eq!(verify(&file).unwrap().heading.language, language);
            assert!(file.contains(Texts::of(language).how_to_verify), "{file}");
        }
    }
    let german = Heading { language: Language::De, ..heading(Format::Html) };
    assert!(write(&german, &log("ciao")).unwrap().contains("<html lang=\"de\">"));
}

#[test]
fn the_same_log_has_the_same_head_and_another_log_another() {
    let head_as = |heading: Heading, text: &str| verify(&write(&heading, &log(text)).unwrap()).unwrap().head;
    let head = |text: &str| head_as(heading(Format::Text), text);
    let german = Heading { language: Language::De, ..heading(Format::Html) };
    assert_eq!(head("a"), head_as(german, "a"), "however it is written");
    assert_ne!(head("a"), head("b"));
}

#[test]
fn the_chain_is_the_documented_one() {
    // printf %s $id | sha256sum; printf '%s\ndef' $first | sha256sum
    let id = ConversationId::of(&"0f".repeat(32), 1).unwrap();
    let first = head(&id, &[]);
    assert_eq!(first, "99044048f1fecfee740b3511fd7d62bab50149d26044610fbff9c9bbbdec65c6");
    assert_eq!(
        head(&id, &[String::from("def")]),
        "30df80cb6766a1196c949aadfa3d36f304d46bf1e2e2f391f4a9d83790b1c35c"
    );
}

#[test]
fn a_file_that_is_no_transcript_is_refused() {
    for text in ["", "ciao", TEXT_DATA, HTML_DATA, &format!("{TEXT_DATA}{{}}\n")] {
        assert!(matches!(verify(text), Err(Altered::NoTranscript | Altered::Unreadable(1))), "{text}");
    }
}

proptest! {
    #[test]
    fn every_change_is_found(place in 0.0..1.0_f64, with in "[a-zA-Z0-9 <>{}\"\\\\àè]", html: bool) {
        let format = if html { Format::Html } else { Format::Text };
        let file = write(&heading(format), &log("Quando sarò pagato?")).unwrap();
        let chars: Vec<char> = file.chars().collect();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a short text")]
        let at = (place * chars.len() as f64) as usize;
        let mut altered = chars.clone();
        altered[at] = with.chars().next().unwrap();
        prop_assume!(altered != chars);

        prop_assert!(verify(&altered.into_iter().collect::<String>()).is_err());
    }

    #[test]
    fn any_text_is_carried_whole(text in any::<String>()) {
        for format in [Format::Html, Format::Text] {
            let file = write(&heading(format), &log(&text)).unwrap();
            prop_assert!(verify(&file).is_ok(), "{file}");
        }
    }
}

#[test]
fn a_message_with_the_mark_of_the_data_is_quoted_like_any_other() {
    for mark in [TEXT_DATA, HTML_DATA] {
        for format in [Format::Html, Format::Text] {
            let file = write(&heading(format), &log(&format!("{mark}{{\"seq\":1}}\n"))).unwrap();
            assert!(verify(&file).is_ok(), "{file}");
        }
    }
}

/// Kind: words attributed to another author. The text after any sign that a viewer takes for the end of a line is indented.
#[test]
fn nobody_can_write_a_line_that_reads_as_somebody_elses() {
    for end in ['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'] {
        let forged = format!("ciao{end}[15:22] Giulia (INPS):{end}  Pagato.");
        let file = write(&heading(Format::Text), &log(&forged)).unwrap();

        let ends =
            |c: char| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
        let is_forged = |line: &str| line.starts_with("[15:22] Giulia");
        assert!(!file.split(ends).any(is_forged), "{end:?}\n{file}");
        assert!(verify(&file).is_ok());
    }
}

#[test]
fn lines_that_are_dropped_moved_or_added_are_found() {
    let file = write(&heading(Format::Text), &log("ciao")).unwrap();
    let lines: Vec<&str> = file.lines().collect();
    let first_entry = lines.iter().position(|line| line.starts_with("{\"seq\":1,")).unwrap();
    for n in first_entry..lines.len() {
        let mut dropped = lines.clone();
        dropped.remove(n);
        assert!(verify(&(dropped.join("\n") + "\n")).is_err(), "without line {n}");
    }
    let mut moved = lines.clone();
    moved.swap(first_entry, first_entry + 1);
    assert_eq!(verify(&(moved.join("\n") + "\n")), Err(Altered::Gap(1)));
}

fn heading(format: Format) -> Heading {
    Heading {
        transcript: 1,
        format,
        conversation: ConversationId::of(&"7f3a91c20b5d".repeat(6)[..64], 3).unwrap(),
        service: "https://chat.example".into(),
        person: "Lucia Ferretti".into(),
        acting_for: Some("Officine Fantasia S.r.l.".into()),
        language: Language::It,
    }
}

fn log(text: &str) -> Vec<StoredEntry> {
    let id = MessageId::parse("m1").unwrap();
    let bodies = [
        serde_json::to_string(&EntryBody::Opened {}).unwrap(),
        serde_json::to_string(&EntryBody::Message { id, author: Author::Citizen, text: text.into() })
            .unwrap(),
        String::from("{\"of_tomorrow\":{\"x\":1}}"),
        serde_json::to_string(&EntryBody::Closed { by: Party::Advisor, outcome: Some(Outcome::Online) })
            .unwrap(),
    ];
    let at = |n: u64| Timestamp::from_millis(1_795_444_800_000 + i64::try_from(n).unwrap() * 60_000);
    (1..).zip(bodies).map(|(seq, body)| StoredEntry { seq, at: at(seq), body }).collect()
}
