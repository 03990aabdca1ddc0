// SPDX-License-Identifier: EUPL-1.2
//! The automatic assistant on plain pages: a form for a question, and the page of its answer where no conversation keeps it.
//! The form says that a program answers (Regulation (EU) 2024/1689, art. 50(1)), and never stands before the way to a person.

use infocig_protocol::{assistant::Passage, http::Admission, language::Language, limits::MAX_QUESTION_CHARS};
use maud::{Markup, html};

use super::{
    FormError, Links, PageOptions, QuestionDraft, QuestionToken, RequestDraft,
    forms::{alert, hidden},
    languages::Texts,
    pages::request_section,
    parts::{Document, channel_list, service_header, title, with_links},
    sensitive_data_prompt,
};
use crate::{
    data_notice::DataNotice,
    html::plain,
    transcript::{self, fill},
};

/// The form of a question.
pub(super) fn question_section(options: PageOptions, draft: &QuestionDraft<'_>, texts: &Texts) -> Markup {
    let address = options.newest().address("/assistant");
    let hidden_fields = html! {
        @match draft.token {
            QuestionToken::Conversation(form) => { (hidden("form", form)) },
            QuestionToken::Person(token) => { (hidden("assistant_token", token)) },
        }
        (hidden("id", draft.id.as_str()))
    };
    let keeps_place = matches!(draft.token, QuestionToken::Conversation(_));
    let described_by = if draft.error.is_some() { "form-error " } else { "" };
    // A person who must mend something, or wants to change it, is taken there.
    let is_focused = draft.error.is_some() || !draft.text.is_empty();
    html! {
        section id="assistant" {
            "\n"
            h2 { (texts.assistant) } "\n"
            p id="program" {
                (texts.assistant_program) @if keeps_place { " " (texts.assistant_place) }
            } "\n"
            @if draft.error == Some(FormError::Sensitive) {
                (sensitive_data_prompt::form(&address, &hidden_fields, ("question", texts.assistant_write), draft.text, texts))
            } @else {
                @if let Some(said) = refused(draft.error, texts) { (alert(&said, texts)) }
                form method="post" action=(address) {
                    (hidden_fields)
                    label for="question" { (texts.assistant_write) } "\n"
                    p class="hint" id="question-limit" {
                        (fill(texts.limit, &[&MAX_QUESTION_CHARS.to_string()]))
                    } "\n"
                    // As the field of a message: whatever is refused comes back whole, with the reason in words.
                    textarea id="question" name="text" rows="2" dir="auto"
                        aria-describedby={ (described_by) "program question-limit" }
                        aria-invalid=[draft.error.map(|_| "true")] autofocus[is_focused] spellcheck="true" {
                        "\n" (plain(draft.text))
                    } "\n"
                    button class="quiet" { (texts.assistant_ask) }
                } "\n"
            }
        } "\n"
    }
}

/// The reason why a question was not answered. Sensitive data is asked about in a form of its own.
fn refused(error: Option<FormError>, texts: &Texts) -> Option<String> {
    Some(match error? {
        FormError::Sensitive => return None,
        FormError::Empty => texts.assistant_empty.into(),
        FormError::TooLong => fill(texts.assistant_too_long, &[&MAX_QUESTION_CHARS.to_string()]),
        FormError::TooFast { retry_after_ms } => {
            fill(texts.assistant_too_fast, &[&(retry_after_ms.max(0) / 1_000 + 1).to_string()])
        }
        FormError::Full => texts.assistant_full.into(),
        FormError::Over | FormError::Another | FormError::Unsure => texts.assistant_unsure.into(),
    })
}

/// The page of an answer to a person who is in no conversation: what they asked, the answer, and the ways on. `request` has the
/// question as its text.
pub fn answer_page(
    (asked, answer): (&str, &[Passage]),
    admission: &Admission,
    language: Language,
    request: Option<&RequestDraft<'_>>,
    question: Option<&QuestionDraft<'_>>,
    links: &Links,
) -> String {
    let (texts, log) = (Texts::of(language), transcript::Texts::of(language));
    let options = PageOptions { language: Some(language), ..PageOptions::default() };
    let main = html! {
        h1 { (log.assistant()) } "\n"
        section id="answer" {
            "\n"
            p dir="auto" { (plain(&log.asked(asked))) } "\n"
            @for Passage { title, text, language: own, .. } in answer {
                // A text nobody has translated is Italian (WCAG 3.1.2).
                div lang=[(*own != language).then_some(own.as_str())] {
                    "\n"
                    @if !title.is_empty() { h2 { (plain(title)) } "\n" }
                    @for line in text.lines().filter(|line| !line.is_empty()) { p dir="auto" { (with_links(line)) } "\n" }
                } "\n"
            }
            @if answer.is_empty() { p { (log.unknown()) } "\n" }
        } "\n"
        p class="lead" { (plain(&admission.message)) } "\n"
        @if let Some(request) = request { (request_section(request, &DataNotice::of(admission), language, texts, false)) }
        (channel_list(&admission.channels, texts))
        @if let Some(question) = question { (question_section(options, question, texts)) }
    };
    let title = &title(log.assistant(), false, texts);
    Document { language, title, refresh: None, texts, links }.render(&service_header(None), &main)
}
