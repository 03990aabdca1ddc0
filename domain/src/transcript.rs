// SPDX-License-Identifier: EUPL-1.2
//! A conversation on paper: a copy for the person, whose completeness can be proved later.
//!
//! - A transcript says everything the log says, as a page or as plain text, and carries the log itself at its end: one line of
//!   data for its heading, then one line for each entry, exactly as stored.
//! - The entries are chained: `h(0) = SHA-256(id of the conversation)`, `h(n) = SHA-256(hex(h(n-1)) + "\n" + line of entry n)`.
//!   The last one, the **head**, is printed. Changing, dropping, adding or moving an entry gives another head; a page, a text
//!   and every language of the same log have the same one.
//! - What can be read is made of the lines and of nothing else. [`verify`] makes it again and compares every character, so
//!   that words cannot be changed above unchanged data.
//!
//! A forger who rewrites both gets a transcript that is whole with another head: that it is *the* transcript is shown by
//! comparing the head with the one the person was given, or with a transcript made anew from the log.

mod entry_text;
mod languages;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use infocig_protocol::{
    entry::{Entry, EntryBody},
    id::ConversationId,
    language::Language,
    segnalazione::SegnalazioneState,
    time::Timestamp,
};
use maud::{Markup, PreEscaped, html};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    chain,
    html::{lines, plain},
};

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

/// The heading of a transcript: its first line of data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// The form of transcripts: [`FORM`].
    pub transcript: u16,
    /// How it is written.
    pub format: Format,
    /// The conversation.
    pub conversation: ConversationId,
    /// The service's origin.
    pub service: String,
    /// The person.
    pub person: String,
    /// The person or company they acted for.
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
    /// The heading.
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
    /// The text differs from the data.
    #[error("line {0} does not say what the data says")]
    Text(usize),
    /// The words of a page are those of the data; the markup around them was written anew.
    #[error(
        "every word is as the data say, and the page around the words is another: a browser that saves a page writes it anew. \
         Whether all of the words can be seen in it is not known"
    )]
    Around,
}

/// The text of a file that another program may have stored in its own way: with a mark of the byte order, in UTF-16, with the
/// line ends of another system, with or without the last of them. `None` if it is no text.
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
    entries.iter().fold(chain::first(conversation.as_str()), |before, line| chain::next(&before, line))
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

/// A conversation with the texts of a language, before it is a page or a text.
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
            facts.push((texts.segnalazione, texts.status_of(number, state)));
        }
        facts
    }

    /// The newest state of each segnalazione.
    fn segnalazioni(&self) -> Vec<(Option<&str>, &SegnalazioneState)> {
        let mut last: Vec<(&str, Option<&str>, &SegnalazioneState)> = Vec::new();
        for entry in self.entries {
            let EntryBody::Segnalazione { id, number, state } = &entry.body else { continue };
            last.retain(|(known, ..)| *known != id.as_str());
            last.push((id.as_str(), number.as_deref(), state));
        }
        last.into_iter().map(|(_, number, state)| (number, state)).collect()
    }

    fn entry_texts(&self) -> Vec<EntryText> {
        self.entries.iter().map(|entry| self.texts.entry_text(entry, &self.heading.person)).collect()
    }

    fn html(&self, lines: &[String]) -> String {
        let Heading { language, service, .. } = self.heading;
        let texts = self.texts;
        let number = self.heading.conversation.number();
        let entries = self.entry_texts();
        let days = entries.iter().map(|entry| texts.date(entry.at));
        let days_before = std::iter::once(String::new()).chain(days.clone());
        let page = html! {
            (PreEscaped("<!doctype html>\n"))
            html lang=(language.as_str()) {
                "\n"
                meta charset="utf-8"; "\n"
                meta name="viewport" content="width=device-width, initial-scale=1"; "\n"
                title { (texts.page) " " (number) } "\n"
                link rel="stylesheet" href={ (plain(service)) "/transcript.css" }; "\n"
                main {
                    "\n"
                    h1 { (texts.title) } "\n"
                    dl {
                        "\n"
                        @for (name, value) in self.facts() {
                            div { dt { (name) } dd { (plain(&value)) } } "\n"
                        }
                    } "\n"
                    h2 { (texts.log) } "\n"
                    ol {
                        "\n"
                        @for ((entry, day), before) in entries.iter().zip(days).zip(days_before) {
                            @if day != before { li class="day" { h3 { (day) } } "\n" }
                            (entry_item(entry))
                        }
                    } "\n"
                    h2 { (texts.verify) } "\n"
                    p { (texts.how_to_verify) } "\n"
                    p { code { (self.head) } } "\n"
                } "\n"
                (PreEscaped(HTML_DATA))
                // Lines of data have no `<`: see `line`.
                @for line in lines { (PreEscaped(line)) "\n" }
                (PreEscaped("</script>\n"))
            } "\n"
        };
        page.into_string()
    }

    fn text(&self, lines: &[String]) -> String {
        let texts = self.texts;
        let mut text = format!("{}\n\n", texts.title.to_uppercase());
        for (name, value) in self.facts() {
            let _ = writeln!(text, "{name}: {}", one_line(&value));
        }
        let _ = writeln!(text, "\n{}", texts.log.to_uppercase());
        let mut day = String::new();
        for EntryText { at, who, paragraphs, .. } in self.entry_texts() {
            let today = texts.date(at);
            if today != day {
                let _ = writeln!(text, "\n{today}");
                day = today;
            }
            let _ = writeln!(text, "\n[{}] {}:", clock(at), one_line(&who));
            for paragraph in paragraphs {
                // Every line of a message is indented: none can pass for the name of a speaker.
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

pub(crate) fn entry_item(entry: &EntryText) -> Markup {
    html! {
        li class=(if entry.quoted { "message" } else { "event" }) {
            p { b { (plain(&entry.who)) } " " time datetime=(rfc3339(entry.at)) { (clock(entry.at)) } }
            @for (paragraph, lang) in entry.in_languages() { p lang=[lang] { (lines(paragraph)) } }
        } "\n"
    }
}

/// A plain text on one line.
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
