// SPDX-License-Identifier: EUPL-1.2
//! The pages, each a whole document.

use infocig_protocol::{
    http::{Admission, Channel},
    language::Language,
    limits::MAX_MESSAGE_CHARS,
};
use maud::html;

use super::{
    ConversationView, Draft, ErrorPage, FormError, Links, PageOptions, PlainPageState, QuestionDraft,
    RatingDraft, RequestDraft,
    assistant::question_section,
    forms::{field, form_alert, hidden, message_form, rating_form, unsent_section, unsent_text},
    history,
    languages::Texts,
    parts::{
        Document, channel_list, data_notice, end_section, entry_log, fill_seconds, language_choice,
        service_header, state_section, state_sentence, title, updates, writer,
    },
    sensitive_data_prompt,
};
use crate::{
    data_notice::DataNotice,
    html::plain,
    transcript::{self, fill},
};

/// The page of a conversation. `rating` is the refused contents of its form; without `question` the assistant is off. `notice`
/// is said before the person's first message.
pub fn conversation_page(
    shown: &ConversationView,
    options: PageOptions,
    draft: &Draft<'_>,
    rating: Option<RatingDraft<'_>>,
    question: Option<&QuestionDraft<'_>>,
    notice: &DataNotice,
    links: &Links,
) -> String {
    let language = options.language.unwrap_or(shown.language);
    let (texts, log) = (Texts::of(language), transcript::Texts::of(language));
    let is_newest = shown.is_newest();
    let is_over = matches!(shown.state, PlainPageState::Closed { .. });
    // A closed conversation does not change by itself, nor does an earlier page.
    let refresh = options.refresh.filter(|_| is_newest && !is_over);
    let options = PageOptions { refresh, ..options };
    let draft = &undecided(draft, is_over);
    // Whoever talks with a person asks them.
    let question = question.filter(|_| shown.takes_questions());
    let has_error = draft.error.is_some()
        || question.is_some_and(|question| question.error.is_some())
        || rating.is_some_and(|rating| rating.error.is_some());
    let is_warned = matches!(shown.state, PlainPageState::Active { auto_close_at: Some(_), .. });
    let was_held = matches!(shown.state, PlainPageState::Closed { was_held: true, .. });

    let header = html! {
        a class="skip" href="#last" { (texts.skip_to_last) } "\n"
        (service_header(Some(language_choice("", options, language, texts))))
    };
    let main = html! {
        h1 { (texts.title) } "\n"
        p class="who" {
            (writer(shown, texts)) br; (log.number()) " " (shown.conversation.number())
        } "\n"
        (state_section(&shown.state, texts, log))
        @if is_warned {
            form method="post" action=(options.address("/stay")) {
                (hidden("form", draft.form)) button { (texts.stay) }
            } "\n"
        }
        (updates(options, shown, texts))
        (entry_log(shown, "", options, is_newest, texts, log))
        @if is_over {
            (unsent_section(draft, texts))
            // People nobody answered are not asked about an answer.
            @if was_held { (rating_form(shown, options, draft.form, rating, texts)) }
            p { (texts.begin_again) } "\n"
        } @else if let Some(refresh) = refresh {
            p { (fill_seconds(texts.refreshes, refresh)) } "\n"
            p {
                a class="button" href={ (options.still().address("")) "#write" } { (texts.stop_and_write) }
            } "\n"
        } @else if is_newest {
            (message_form(options, draft, is_first_message(shown).then_some(notice), texts))
            @if let Some(question) = question { (question_section(options, question, texts)) }
        }
        (history::link(shown, options, texts))
        (end_section(options, draft.form, is_over, texts))
    };
    let sentence = state_sentence(&shown.state, texts, log);
    let document = Document { language, title: &title(&sentence, has_error, texts), refresh, texts, links };
    document.render(&header, &main)
}

/// A text written before the conversation was over can only be copied, also if a decision about it was open.
fn undecided<'d>(draft: &Draft<'d>, is_over: bool) -> Draft<'d> {
    let open = matches!(draft.error, None | Some(FormError::Sensitive)) && !draft.text.is_empty();
    Draft { error: if is_over && open { Some(FormError::Over) } else { draft.error }, ..*draft }
}

/// Whether the person has not written yet, as far as the log goes: then the form says how what they write is used.
fn is_first_message(shown: &ConversationView) -> bool {
    let from_the_beginning = shown.entries.first().is_none_or(|first| first.seq == 1);
    from_the_beginning && !shown.entries.iter().any(|entry| entry.body.is_by_citizen())
}

/// The question whether the conversation shall end.
pub fn end_page(language: Language, options: PageOptions, form: &str, links: &Links) -> String {
    let texts = Texts::of(language);
    let main = html! {
        h1 { (texts.end_question) } "\n"
        p { (texts.end_hint) } "\n"
        form method="post" action=(options.address("/end")) {
            (hidden("form", form)) button { (texts.end) }
        } "\n"
        p { a class="button quiet" href=(options.address("")) { (texts.cancel) } } "\n"
    };
    let title = &title(texts.end_question, false, texts);
    Document { language, title, refresh: None, texts, links }.render(&service_header(None), &main)
}

/// The page of a person who may not enter: why, from when, where else to go, and where an office may be written to or the
/// assistant asked, the form for it.
pub fn refusal_page(
    admission: &Admission,
    language: Language,
    request: Option<&RequestDraft<'_>>,
    question: Option<&QuestionDraft<'_>>,
    links: &Links,
) -> String {
    let texts = Texts::of(language);
    let options = PageOptions { language: Some(language), ..PageOptions::default() };
    let request_error = request.and_then(|request| request.error);
    let error = request_error.or_else(|| question.and_then(|question| question.error));
    let main = html! {
        h1 { (texts.door) } "\n"
        p class="lead" { (plain(&admission.message)) } "\n"
        p { (plain(&fill(texts.rests_on, &[&admission.source]))) } "\n"
        @if let Some(request) = request {
            @let is_focused = request.error.is_some() || !request.text.is_empty();
            (request_section(request, &DataNotice::of(admission), language, texts, is_focused))
        }
        (channel_list(&admission.channels, texts))
        @if let Some(question) = question { (question_section(options, question, texts)) }
    };
    let title = &title(texts.door, error.is_some(), texts);
    Document { language, title, refresh: None, texts, links }.render(&service_header(None), &main)
}

/// The form of a written request.
pub(super) fn request_section(
    request: &RequestDraft<'_>,
    notice: &DataNotice,
    language: Language,
    texts: &Texts,
    is_focused: bool,
) -> maud::Markup {
    let options = PageOptions { language: Some(language), ..PageOptions::default() };
    let address = options.address("/requests");
    let hidden_fields = html! { (hidden("write_request_token", request.write_request_token)) (hidden("id", request.id.as_str())) };
    html! {
        section {
            "\n"
            h2 { (texts.request) } "\n"
            p { (texts.request_hint) } "\n"
            @if request.error == Some(FormError::Sensitive) {
                (sensitive_data_prompt::form(&address, &hidden_fields, ("text", texts.request_write), request.text, texts))
            } @else {
                (form_alert(request.error, texts))
                (data_notice(notice, texts))
                form method="post" action=(address) {
                    (hidden_fields)
                    label for="text" { (texts.request_write) } "\n"
                    p class="hint" id="limit" { (fill(texts.limit, &[&MAX_MESSAGE_CHARS.to_string()])) } "\n"
                    (field(request.text, request.error, false, is_focused)) "\n"
                    button { (texts.request_send) }
                } "\n"
            }
        } "\n"
    }
}

/// The page where there is no conversation to show. A text that could not be sent stands in it, to be copied.
pub fn error_page(
    why: ErrorPage,
    language: Language,
    channels: &[Channel],
    unsent: Option<&str>,
    links: &Links,
) -> String {
    let texts = Texts::of(language);
    let (heading, hint) = match why {
        ErrorPage::NoConversation => (texts.no_conversation, texts.no_conversation_hint),
        ErrorPage::NoCookies => (texts.no_cookies, texts.no_cookies_hint),
        ErrorPage::Expired => (texts.expired, texts.expired_hint),
        ErrorPage::NotBelieved => (texts.not_believed, texts.not_believed_hint),
        ErrorPage::Foreign => (texts.foreign, texts.foreign_hint),
        ErrorPage::Failed => (texts.failed, texts.failed_hint),
        ErrorPage::Pending => (texts.pending, texts.pending_hint),
        ErrorPage::OpenAlready => (texts.open_already, texts.open_already_hint),
    };
    let main = html! {
        h1 { (heading) } "\n"
        p class="lead" { (hint) } "\n"
        @if let Some(text) = unsent { (unsent_text(text, texts)) }
        (channel_list(channels, texts))
    };
    let title = &title(heading, false, texts);
    Document { language, title, refresh: None, texts, links }.render(&service_header(None), &main)
}

/// The page after the service failed while a message was under way: sending its form again stores it once.
pub fn unsure_page(language: Language, options: PageOptions, draft: &Draft<'_>, links: &Links) -> String {
    let texts = Texts::of(language);
    let main = html! {
        h1 { (texts.failed) } "\n"
        (message_form(options, draft, None, texts))
    };
    let title = &title(texts.failed, true, texts);
    Document { language, title, refresh: None, texts, links }.render(&service_header(None), &main)
}
