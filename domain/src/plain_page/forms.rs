// SPDX-License-Identifier: EUPL-1.2
//! The forms of the plain pages, and what they say when something was not taken.

use infocig_protocol::{
    limits::{MAX_COMMENT_CHARS, MAX_MESSAGE_CHARS},
    rating::Answer,
};
use maud::{Markup, html};

use super::{
    ConversationView, Draft, FormError, PageOptions, PlainPageState, RatingDraft, RatingError,
    languages::Texts, parts::data_notice, sensitive_data_prompt,
};
use crate::{data_notice::DataNotice, html::plain, transcript::fill};

pub(super) fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(plain(value)); "\n" }
}

/// The form of a message. `first` is said before the first one, with how messages are used.
pub(super) fn message_form(
    options: PageOptions,
    draft: &Draft<'_>,
    first: Option<&DataNotice>,
    texts: &Texts,
) -> Markup {
    let address = options.newest().address("/messages");
    let hidden_fields = html! { (hidden("form", draft.form)) (hidden("id", draft.id.as_str())) };
    // A person who must mend something, or wants to change it, is taken there.
    let is_focused = draft.error.is_some() || !draft.text.is_empty();
    html! {
        section id="write" {
            "\n"
            @if draft.error == Some(FormError::Sensitive) {
                (sensitive_data_prompt::form(&address, &hidden_fields, ("text", texts.write), draft.text, texts))
            } @else {
                (form_alert(draft.error, texts))
                @if let Some(notice) = first {
                    p class="hint" id="used" { (texts.how_used) } "\n"
                    (data_notice(notice, texts))
                }
                form method="post" action=(address) {
                    (hidden_fields)
                    label for="text" { (texts.write) } "\n"
                    p class="hint" id="limit" { (fill(texts.limit, &[&MAX_MESSAGE_CHARS.to_string()])) } "\n"
                    (field(draft.text, draft.error, first.is_some(), is_focused)) "\n"
                    button { (texts.send) }
                } "\n"
            }
        } "\n"
    }
}

/// The text written before the conversation was over.
pub(super) fn unsent_section(draft: &Draft<'_>, texts: &Texts) -> Markup {
    html! {
        @if draft.error.is_some() && !draft.text.is_empty() {
            section id="write" {
                "\n"
                (form_alert(draft.error, texts))
                (unsent_text(draft.text, texts))
            } "\n"
        }
    }
}

/// A text that could not be sent, to be copied.
pub(super) fn unsent_text(text: &str, texts: &Texts) -> Markup {
    html! {
        label for="text" { (texts.unsent) } "\n"
        // A browser drops the first line end of a field.
        textarea id="text" rows="6" dir="auto" readonly { "\n" (plain(text)) } "\n"
    }
}

/// The field a text is written in.
pub(super) fn field(text: &str, error: Option<FormError>, is_first: bool, is_focused: bool) -> Markup {
    let used = if is_first { "used " } else { "" };
    let described_by = if error.is_some() { "form-error " } else { "" };
    html! {
        // No `maxlength`: a browser would cut a pasted text without a message; all of it comes back with the reason. No
        // `required`: an empty text is refused with texts of ours, in the person's language. A browser drops the first line end
        // of a field.
        textarea id="text" name="text" rows="5" dir="auto" aria-describedby={ (described_by) (used) "limit" }
            aria-invalid=[error.map(|_| "true")] autofocus[is_focused] spellcheck="true" { "\n" (plain(text)) }
    }
}

/// The reason why a text was not sent. Sensitive data is asked about in a form of its own.
pub(super) fn form_alert(error: Option<FormError>, texts: &Texts) -> Markup {
    let said = match error {
        None | Some(FormError::Sensitive) => None,
        Some(FormError::Empty) => Some(texts.empty.into()),
        Some(FormError::TooLong) => Some(fill(texts.too_long, &[&MAX_MESSAGE_CHARS.to_string()])),
        Some(FormError::TooFast { retry_after_ms }) => {
            Some(fill(texts.too_fast, &[&(retry_after_ms.max(0) / 1_000 + 1).to_string()]))
        }
        Some(FormError::Over) => Some(texts.over.into()),
        Some(FormError::Full) => Some(texts.full.into()),
        Some(FormError::Another) => Some(texts.another.into()),
        Some(FormError::Unsure) => Some(texts.unsure.into()),
    };
    html! { @if let Some(said) = said { (alert(&said, texts)) } }
}

/// A sentence that is read out at once.
pub(super) fn alert(said: &str, texts: &Texts) -> Markup {
    html! {
        p class="form-error" id="form-error" role="alert" { b { (texts.error) "." } " " (said) } "\n"
    }
}

/// The question after the end, once no office owes an answer. A rating that was given stands in it, and can be changed.
pub(super) fn rating_form(
    shown: &ConversationView,
    options: PageOptions,
    form: &str,
    draft: Option<RatingDraft<'_>>,
    texts: &Texts,
) -> Markup {
    if matches!(shown.state, PlainPageState::Closed { awaits_office: true, .. }) {
        return html! {};
    }
    let known = shown.rating.as_ref().map(|rating| RatingDraft {
        answer: Some(rating.answer),
        comment: rating.comment.as_deref().unwrap_or_default(),
        error: None,
    });
    let RatingDraft { answer, comment, error } = draft.or(known).unwrap_or_default();
    let lacks_answer = error == Some(RatingError::NoAnswer);
    let is_too_long = error == Some(RatingError::TooLong);
    let described = if is_too_long { "form-error " } else { "" };
    let choices = Answer::ALL.into_iter().zip([texts.rate_yes, texts.rate_partly, texts.rate_no]);
    html! {
        section id="rating" tabindex="-1" {
            "\n"
            @match error {
                Some(RatingError::NoAnswer) => { (alert(texts.rate_choose, texts)) },
                Some(RatingError::TooLong) => {
                    (alert(&fill(texts.rate_too_long, &[&MAX_COMMENT_CHARS.to_string()]), texts))
                },
                None => {
                    @if known.is_some() { p role="status" { b { (texts.rate_thanks) } } "\n" }
                },
            }
            form method="post" action=(options.newest().still().address("/rating")) {
                (hidden("form", form))
                fieldset aria-describedby=[lacks_answer.then_some("form-error")] {
                    "\n"
                    legend { (texts.rate) } "\n"
                    @for (choice, name) in choices {
                        label class="choice" {
                            input type="radio" name="answer" value=(choice.as_str()) checked[answer == Some(choice)]
                                autofocus[lacks_answer && choice == Answer::Yes];
                            " " (name)
                        } "\n"
                    }
                } "\n"
                label for="comment" { (texts.rate_comment) } "\n"
                p class="hint" id="comment-limit" {
                    (fill(texts.rate_hint, &[&MAX_COMMENT_CHARS.to_string()]))
                } "\n"
                textarea id="comment" name="comment" rows="3" dir="auto"
                    aria-describedby={ (described) "comment-limit" } aria-invalid=[is_too_long.then_some("true")]
                    autofocus[is_too_long] spellcheck="true" { "\n" (plain(comment)) } "\n"
                button { (texts.rate_send) }
            } "\n"
        } "\n"
    }
}
