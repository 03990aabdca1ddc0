// SPDX-License-Identifier: EUPL-1.2
//! A conversation on paper: what a person keeps, and can later prove to be whole.
//!
//! - A transcript says everything the log says, as a page or as plain text, and carries the log itself at its end: one line of
//!   data for what it is about, then one line for each entry, exactly as stored.
//! - The entries are chained: `h(0) = SHA-256(id of the conversation)`, `h(n) = SHA-256(hex(h(n-1)) + "\n" + line of entry n)`.
//!   The last one, the **head**, is printed. Whoever changes, drops, adds or moves an entry gets another head; a page, a text
//!   and every language of the same log have the same one.
//! - What can be read is made of the lines and of nothing else. [`verify`] makes it again and compares every character, so
//!   that words cannot be changed above unchanged data.
//!
//! A forger who rewrites both gets a transcript that is whole with another head: that it is *the* transcript is shown by
//! comparing the head with the one the person was given, or with a transcript made anew from the log.

mod entry_text;
mod languages;

use std::fmt::Write as _;

use infocig_protocol::{
    entry::{Entry, EntryBody},
    id::ConversationId,
    language::Language,
    segnalazione::SegnalazioneState,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

pub(crate) use self::{
    entry_text::{EntryText, clock, fill, rfc3339},
    languages::{Texts, months},
};

/// How a transcript is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A page of its own.
    Html,
    /// Plain text.
    Text,
}

/// What a transcript is about: its first line of data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// The form of transcripts: [`FORM`].
    pub transcript: u16,
    /// How it is written.
    pub format: Format,
    /// The conversation.
    pub conversation: ConversationId,
    /// Where it was held: the service's origin.
    pub service: String,
    /// Who asked.
    pub person: String,
    /// For whom they acted.
    pub acting_for: Option<String>,
    /// The language of everything the service adds.
    pub language: Language,
}

/// An entry as it is stored: its body is the text of the store, whatever version wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its number.
    pub seq: u64,
    /// When it was stored.
    pub at: Timestamp,
    /// Its body, JSON.
    pub body: String,
}

/// A transcript that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedTranscript {
    /// What it is about.
    pub heading: Heading,
    /// How many entries it has.
    pub entries: usize,
    /// The head of its chain, 64 hexadecimal digits.
    pub head: String,
}

/// Why a file is not a whole transcript.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Altered {
    /// There is no data in it.
    #[error("this is no transcript: it has no data to verify")]
    NoTranscript,
    /// A line of data cannot be read.
    #[error("line {0} of the data cannot be read")]
    Unreadable(usize),
    /// The entries are not numbered 1, 2, 3 and so on.
    #[error("entry {0} is missing or in the wrong place")]
    Gap(u64),
    /// What can be read is not what the data says.
    #[error("line {0} does not say what the data says")]
    Text(usize),
    /// The words of a page are those of the data; what is around them was written anew.
    #[error(
        "every word is as the data say, and the page around the words is another: a browser that saves a page writes it anew. \
         Whether all of the words can be seen in it is not known"
    )]
    Around,
}

/// The text of a file that another program may have stored in its own way: with a mark of the byte order, in UTF-16, with the line
/// ends of another system, with or without the last of them. `None` if it is no text.
pub fn decoded(file: &[u8]) -> Option<String> {
    let utf_16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        String::from_utf16(&units.collect::<Vec<_>>()).ok()
    };
    let text = match file {
        [0xFF, 0xFE, text @ ..] => utf_16(text, u16::from_le_bytes)?,
        [0xFE, 0xFF, text @ ..] => utf_16(text, u16::from_be_bytes)?,
        [0xEF, 0xBB, 0xBF, text @ ..] | text => String::from_utf8(text.to_vec()).ok()?,
    };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Some(format!("{}\n", text.trim_end_matches('\n')))
}

/// Writes a transcript.
pub fn write(heading: &Heading, entries: &[StoredEntry]) -> Result<String, serde_json::Error> {
    let mut lines = vec![line(heading)?];
    for entry in entries {
        let body = RawValue::from_string(entry.body.clone())?;
        lines.push(line(&DataLine { seq: entry.seq, at: entry.at, body: &body })?);
    }
    Ok(written(heading, &lines))
}

/// Whether a file is a whole transcript. Line ends may have become those of another system; what else programs do to files is
/// undone by [`decoded`].
pub fn verify(file: &str) -> Result<VerifiedTranscript, Altered> {
    let file = file.replace("\r\n", "\n");
    // The last one: somebody may have written such a line, and it stands before the data.
    let begins =
        [HTML_DATA, TEXT_DATA].into_iter().filter_map(|mark| Some(file.rfind(mark)? + mark.len())).max();
    let data = begins.and_then(|begins| file.get(begins..)).ok_or(Altered::NoTranscript)?;
    let lines: Vec<String> =
        data.lines().take_while(|line| line.starts_with('{')).map(String::from).collect();
    let first = lines.first().ok_or(Altered::NoTranscript)?;
    let heading: Heading = serde_json::from_str(first).map_err(|_| Altered::Unreadable(1))?;
    // Everything in it is shown, and it is written in one way only.
    if heading.transcript != FORM || line(&heading).ok().as_ref() != Some(first) {
        return Err(Altered::Unreadable(1));
    }
    for (number, line) in (1..).zip(lines.iter().skip(1)) {
        let entry: DataLine<'_> =
            serde_json::from_str(line).map_err(|_| Altered::Unreadable(1 + to_usize(number)))?;
        if entry.seq != number {
            return Err(Altered::Gap(number));
        }
    }
    let expected = written(&heading, &lines);
    if expected != file {
        if file.contains(HTML_DATA) && visible_text(&expected) == visible_text(&file) {
            return Err(Altered::Around);
        }
        let differs = expected.lines().zip(file.lines()).position(|(one, other)| one != other);
        let shorter = expected.lines().count().min(file.lines().count());
        return Err(Altered::Text(1 + differs.unwrap_or(shorter)));
    }
    let head = head(&heading.conversation, lines.get(1..).unwrap_or_default());
    Ok(VerifiedTranscript { entries: lines.len() - 1, head, heading })
}

/// The words that can be read in a page, without its markup.
fn visible_text(page: &str) -> String {
    let mut text = String::with_capacity(page.len());
    let mut rest = page;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        let end = ["!--", "style", "script"].iter().zip(["-->", "</style>", "</script>"]);
        let end = end.into_iter().find(|(begin, _)| after.starts_with(**begin)).map_or(">", |(_, end)| end);
        rest = after.split_once(end).map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let signs = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", "\u{a0}"),
        ("&amp;", "&"),
    ];
    let text = signs.into_iter().fold(text, |text, (written, sign)| text.replace(written, sign));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A line of data. `<` is escaped so that no line can end the element it stands in, and what ends a line outside ASCII so that
/// no viewer breaks it in two.
fn line(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let escapes = [('<', "\\u003c"), ('\u{85}', "\\u0085"), ('\u{2028}', "\\u2028"), ('\u{2029}', "\\u2029")];
    let json = serde_json::to_string(value)?;
    Ok(escapes.into_iter().fold(json, |json, (sign, escaped)| json.replace(sign, escaped)))
}

#[derive(Serialize, Deserialize)]
struct DataLine<'l> {
    seq: u64,
    at: Timestamp,
    #[serde(borrow)]
    body: &'l RawValue,
}

/// The head of the chain over the lines of a conversation's entries.
fn head(conversation: &ConversationId, entries: &[String]) -> String {
    let first = hex(&Sha256::digest(conversation.as_str().as_bytes()));
    entries.iter().fold(first, |before, line| hex(&Sha256::digest(format!("{before}\n{line}"))))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The whole file, made of its lines of data.
fn written(heading: &Heading, lines: &[String]) -> String {
    let entries: Vec<Entry> =
        lines.iter().skip(1).filter_map(|line| serde_json::from_str(line).ok()).collect();
    let texts = Texts::of(heading.language);
    let paper = Paper {
        heading,
        texts,
        entries: &entries,
        head: head(&heading.conversation, lines.get(1..).unwrap_or_default()),
    };
    match heading.format {
        Format::Html => paper.html(lines),
        Format::Text => paper.text(lines),
    }
}

/// What is said of a conversation, before it is a page or a text.
struct Paper<'p> {
    heading: &'p Heading,
    texts: &'p Texts,
    entries: &'p [Entry],
    head: String,
}

impl Paper<'_> {
    /// Names and values at the top.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let Heading { conversation, person, acting_for, .. } = self.heading;
        let texts = self.texts;
        let at = |entry: &Entry| texts.moment(entry.at);
        let closed = self.entries.iter().find_map(|entry| {
            let EntryBody::Closed { by, outcome } = &entry.body else { return None };
            Some((entry, texts.outcome(*by, *outcome)))
        });
        let mut facts = vec![(texts.number, conversation.number())];
        facts.push((texts.service, self.heading.service.clone()));
        facts.push((texts.who, person.clone()));
        facts.extend(acting_for.as_ref().map(|other| (texts.acting_for, other.clone())));
        facts.extend(self.entries.first().map(|first| (texts.began, at(first))));
        facts.extend(closed.as_ref().map(|(entry, _)| (texts.ended, at(entry))));
        let outcome = closed.map_or(texts.ongoing, |(_, outcome)| outcome);
        facts.push((texts.outcome, outcome.into()));
        for (number, state) in self.segnalazioni() {
            facts.push((texts.segnalazione, texts.standing_of(number, state)));
        }
        facts
    }

    /// The last that was said of each segnalazione.
    fn segnalazioni(&self) -> Vec<(Option<&str>, &SegnalazioneState)> {
        let mut last: Vec<(&str, Option<&str>, &SegnalazioneState)> = Vec::new();
        for entry in self.entries {
            let EntryBody::Segnalazione { id, number, state } = &entry.body else { continue };
            last.retain(|(known, ..)| *known != id.as_str());
            last.push((id.as_str(), number.as_deref(), state));
        }
        last.into_iter().map(|(_, number, state)| (number, state)).collect()
    }

    fn said(&self) -> Vec<EntryText> {
        self.entries.iter().map(|entry| self.texts.said(entry, &self.heading.person)).collect()
    }

    fn html(&self, lines: &[String]) -> String {
        let mut page = String::new();
        let Heading { language, service, .. } = self.heading;
        let texts = self.texts;
        let number = escaped(&self.heading.conversation.number());
        // Writing to a string cannot fail.
        let _ = write!(
            page,
            "<!doctype html>\n<html lang=\"{}\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{} {number}</title>\n\
             <link rel=\"stylesheet\" href=\"{}/transcript.css\">\n\
             <main>\n<h1>{}</h1>\n<dl>\n",
            language.as_str(),
            texts.page,
            escaped(service),
            texts.title,
        );
        for (name, value) in self.facts() {
            let _ = writeln!(page, "<div><dt>{name}</dt><dd>{}</dd></div>", escaped(&value));
        }
        let _ = write!(page, "</dl>\n<h2>{}</h2>\n<ol>\n", texts.log);
        let mut day = String::new();
        for EntryText { at, who, paragraphs, quoted } in self.said() {
            let today = texts.date(at);
            if today != day {
                let _ = writeln!(page, "<li class=\"day\"><h3>{today}</h3></li>");
                day = today;
            }
            let class = if quoted { "message" } else { "event" };
            let _ = write!(
                page,
                "<li class=\"{class}\"><p><b>{}</b> <time datetime=\"{}\">{}</time></p>",
                escaped(&who),
                rfc3339(at),
                clock(at)
            );
            for paragraph in paragraphs {
                let _ = write!(page, "<p>{}</p>", escaped(&paragraph).replace('\n', "<br>"));
            }
            page.push_str("</li>\n");
        }
        let _ = write!(
            page,
            "</ol>\n<h2>{}</h2>\n<p>{}</p>\n<p><code>{}</code></p>\n</main>\n{HTML_DATA}",
            texts.verify, texts.how_to_verify, self.head
        );
        for line in lines {
            let _ = writeln!(page, "{line}");
        }
        page.push_str("</script>\n</html>\n");
        page
    }

    fn text(&self, lines: &[String]) -> String {
        let texts = self.texts;
        let mut text = format!("{}\n\n", texts.title.to_uppercase());
        for (name, value) in self.facts() {
            let _ = writeln!(text, "{name}: {}", one_line(&value));
        }
        let _ = writeln!(text, "\n{}", texts.log.to_uppercase());
        let mut day = String::new();
        for EntryText { at, who, paragraphs, .. } in self.said() {
            let today = texts.date(at);
            if today != day {
                let _ = writeln!(text, "\n{today}");
                day = today;
            }
            let _ = writeln!(text, "\n[{}] {}:", clock(at), one_line(&who));
            for paragraph in paragraphs {
                // Every line of what somebody said stands in: none can pass for the name of a speaker.
                for line in plain(&paragraph).split('\n') {
                    let _ = writeln!(text, "  {line}");
                }
            }
        }
        let _ = write!(
            text,
            "\n{}\n{}\n{}\n\n{TEXT_DATA}",
            texts.verify.to_uppercase(),
            texts.how_to_verify,
            self.head
        );
        for line in lines {
            let _ = writeln!(text, "{line}");
        }
        text
    }
}

/// A text as it may stand in a page, as content or inside a quoted attribute.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

/// A text without characters that would move what stands around it: controls, and those that turn the direction of more than
/// themselves. Every way to begin a line (Unicode, UAX 14) is the same one; marks that right-to-left scripts are written with
/// stay.
fn plain(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\u{2028}' | '\u{2029}' => '\n',
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    text.chars().map(shown).collect()
}

/// The same where it has one line.
fn one_line(text: &str) -> String {
    plain(text).replace('\n', " ")
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The form of transcripts that is written and read.
pub const FORM: u16 = 1;
const HTML_DATA: &str = "<script type=\"application/json-seq\" id=\"log\">\n";
const TEXT_DATA: &str = "----- dati per la verifica: non modificare -----\n";

#[cfg(test)]
mod tests {
    use infocig_protocol::{
        entry::{Author, Outcome, Party},
        id::MessageId,
    };
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_transcript_is_whole_as_it_was_written() {
        for format in [Format::Html, Format::Text] {
            let file =
                write(&heading(format), &log("Quando sarò pagato?\n<script>alert(1)</script>")).unwrap();

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
        let head_as =
            |heading: Heading, text: &str| verify(&write(&heading, &log(text)).unwrap()).unwrap().head;
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
    fn what_is_no_transcript_is_said_to_be_none() {
        for text in ["", "ciao", TEXT_DATA, HTML_DATA, &format!("{TEXT_DATA}{{}}\n")] {
            assert!(matches!(verify(text), Err(Altered::NoTranscript | Altered::Unreadable(1))), "{text}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_changed_is_found(place in 0.0..1.0_f64, with in "[a-zA-Z0-9 <>{}\"\\\\àè]", html: bool) {
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
    fn whoever_writes_the_mark_of_the_data_is_quoted_like_anybody() {
        for mark in [TEXT_DATA, HTML_DATA] {
            for format in [Format::Html, Format::Text] {
                let file = write(&heading(format), &log(&format!("{mark}{{\"seq\":1}}\n"))).unwrap();
                assert!(verify(&file).is_ok(), "{file}");
            }
        }
    }

    /// Kind: words put into somebody's mouth. Whatever a viewer takes for the end of a line, what follows it stands in.
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
}
