// SPDX-License-Identifier: EUPL-1.2
//! The conversation as pages without scripts: read in a browser, written with forms, nothing that moves by itself unless the
//! person asked for it (WCAG 2.2.1, 2.2.2).
//!
//! - A page is made of the log and of where the conversation stands, and of nothing else: two readers of the same log see the
//!   same. What the log says is said in the words of a transcript.
//! - Nothing anybody wrote can become markup, and nothing anybody wrote is lost: whatever is refused comes back in its field.
//! - How a person looks at it (language, refreshing, earlier entries) is in the address; nothing else is.
//! - While a page refreshes by itself it has no field to write in: a refresh cannot take a text away.
//! - What is better not written in a chat is a question before it is sent, never a refusal ([`sensitive`]).
//! - What a person came with before is read on pages of its own, which are never written on ([`past`]).
//!
//! [`sensitive`]: infocig_protocol::sensitive

pub mod history;
mod languages;
mod sensitive_data_prompt;

use std::fmt::Write as _;

use infocig_protocol::{
    entry::{Entry, EntryBody, Outcome, Party},
    frame::{Estimate, QueuePlace},
    http::{Admission, Channel},
    id::{ConversationId, MessageId},
    language::Language,
    limits::{MAX_COMMENT_CHARS, MAX_MESSAGE_CHARS},
    links::{self, Piece},
    rating::{Answer, Rating},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use self::languages::Texts;
use crate::{
    conversation::{Conversation, Phase},
    transcript::{self, EntryText, clock, escaped, fill, rfc3339},
};

/// Where everything is.
pub const PATH: &str = "/chat";

/// A conversation as a page shows it. It travels from the conversation's object to the front.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationView {
    /// Which.
    pub conversation: ConversationId,
    /// Who asks.
    pub person: String,
    /// For whom they act.
    pub acting_for: Option<String>,
    /// The language their portal says they read.
    pub language: Language,
    /// Where it stands.
    pub state: PlainPageState,
    /// Whether the same person was here before.
    #[serde(default)]
    pub has_earlier: bool,
    /// What the person said of it, once it was over.
    pub rating: Option<Rating>,
    /// A page of its log, in order.
    pub entries: Vec<Entry>,
    /// Number of the newest entry of the log.
    pub last_seq: u64,
    /// When it was looked at, by the service's clock.
    pub at: Timestamp,
}

/// Where a conversation stands, as the person reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlainPageState {
    /// Nobody answers yet.
    Waiting {
        /// Their place, where the desk has said one.
        place: Option<QueuePlace>,
        /// Whoever gives no sign of life for so long loses it.
        absent_ms: i64,
    },
    /// An advisor answers.
    Active {
        /// Their name.
        advisor: String,
        /// The person was warned: it ends here unless they answer.
        auto_close_at: Option<Timestamp>,
    },
    /// It is over.
    Closed {
        /// Who ended it.
        by: Party,
        /// What came of it, where somebody said.
        outcome: Option<Outcome>,
        /// Whether an office still owes an answer.
        awaits_office: bool,
        /// Whether an advisor ever had it in their hands.
        was_held: bool,
    },
}

impl ConversationView {
    /// A conversation with what its person said of it and a page of its log, as it stands at an instant.
    pub fn of(
        conversation: &Conversation,
        has_earlier: bool,
        rating: Option<Rating>,
        entries: Vec<Entry>,
        at: Timestamp,
    ) -> Self {
        let person = conversation.person();
        let state = match conversation.phase() {
            Phase::Waiting { place, .. } => {
                PlainPageState::Waiting { place: *place, absent_ms: conversation.timeouts().absent_ms }
            }
            Phase::Active { advisor, auto_close_at, .. } => {
                PlainPageState::Active { advisor: advisor.name.clone(), auto_close_at: *auto_close_at }
            }
            Phase::Closed { by, outcome, last_advisor, .. } => PlainPageState::Closed {
                by: *by,
                outcome: *outcome,
                awaits_office: conversation.awaits_office(),
                was_held: last_advisor.is_some(),
            },
        };
        Self {
            conversation: conversation.id().clone(),
            person: person.name.clone(),
            acting_for: person.acting_for.as_ref().map(|other| other.name.clone()),
            language: person.language,
            state,
            has_earlier,
            rating,
            entries,
            last_seq: conversation.last_seq(),
            at,
        }
    }
}

/// Where a deployment says more about itself: at the foot of every page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Links {
    /// How personal data is used.
    pub privacy: Option<String>,
    /// How accessible the service is.
    pub accessibility: Option<String>,
    /// Where a problem of accessibility is reported.
    pub feedback: Option<String>,
    /// What the service is made of.
    pub source: Option<String>,
}

/// How a person looks at a page: the whole of what addresses carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageOptions {
    /// The language they asked for.
    pub language: Option<Language>,
    /// How often the page loads itself anew, if they asked for it.
    pub refresh: Option<Refresh>,
    /// Show the entries before this one.
    pub before: Option<u64>,
}

/// How often a page loads itself anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// Every 20 seconds.
    Often,
    /// Every 60 seconds.
    Seldom,
}

impl Refresh {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Often, Self::Seldom];

    /// How many seconds a page stands.
    pub const fn seconds(self) -> u8 {
        match self {
            Self::Often => 20,
            Self::Seldom => 60,
        }
    }

    /// The one of so many seconds, if there is one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refresh| refresh.seconds().to_string() == text)
    }
}

impl PageOptions {
    /// A path below [`PATH`] with this view in it.
    pub fn address(&self, below: &str) -> String {
        self.address_with(below, None)
    }

    /// Where a browser is sent to show that it keeps cookies, and enters.
    pub fn address_to_enter(&self) -> String {
        self.address_with("", Some(("enter", "1".to_string())))
    }

    fn address_with(&self, below: &str, more: Option<(&str, String)>) -> String {
        let parameters = [
            self.language.map(|language| ("lang", language.as_str().to_string())),
            self.refresh.map(|refresh| ("refresh", refresh.seconds().to_string())),
            self.before.map(|before| ("before", before.to_string())),
            more,
        ];
        let parameters: Vec<String> =
            parameters.into_iter().flatten().map(|(name, value)| format!("{name}={value}")).collect();
        let mark = if parameters.is_empty() { "" } else { "?" };
        format!("{PATH}{below}{mark}{}", parameters.join("&"))
    }

    fn newest(self) -> Self {
        Self { before: None, ..self }
    }

    fn still(self) -> Self {
        Self { refresh: None, ..self }
    }
}

/// A form in which a message is written.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'d> {
    /// What proves that the form is this service's and this conversation's.
    pub form: &'d str,
    /// The id under which the message is stored, once, however often the form is sent.
    pub id: &'d MessageId,
    /// What has been written so far.
    pub text: &'d str,
    /// Why it was not sent.
    pub error: Option<FormError>,
}

/// Why a message, or a written request, was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormError {
    /// It says nothing.
    Empty,
    /// It is too long.
    TooLong,
    /// Too many came before it.
    TooFast {
        /// Accepted after so many milliseconds.
        retry_after_ms: i64,
    },
    /// The conversation was over.
    Over,
    /// The conversation takes no more.
    Full,
    /// It was written for another conversation.
    Another,
    /// The service failed, and nobody knows whether it was stored.
    Unsure,
    /// There is something in it that is better not written, and its author has not decided yet.
    Sensitive,
}

/// A form in which a conversation that is over is rated.
#[derive(Clone, Copy, Debug, Default)]
pub struct RatingDraft<'d> {
    /// What was chosen so far.
    pub answer: Option<Answer>,
    /// What was written so far.
    pub comment: &'d str,
    /// Why it was not taken.
    pub error: Option<RatingError>,
}

/// Why a rating was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatingError {
    /// No answer was chosen.
    NoAnswer,
    /// The comment is too long.
    TooLong,
}

/// A form in which a request is written to an office.
#[derive(Clone, Copy, Debug)]
pub struct RequestDraft<'d> {
    /// What lets its holder send it.
    pub permit: &'d str,
    /// The id under which it is made, once.
    pub id: &'d MessageId,
    /// What has been written so far.
    pub text: &'d str,
    /// Why it was not sent.
    pub error: Option<FormError>,
}

/// Why there is no conversation to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorPage {
    /// None is known in this browser.
    NoConversation,
    /// It keeps no cookie, so that none can begin.
    NoCookies,
    /// Its ticket, or the permit of a written request, has expired or is none of this service.
    Expired,
    /// The portal's token was not accepted.
    NotBelieved,
    /// The request came from another site.
    Foreign,
    /// The service failed.
    Failed,
    /// Earlier written requests wait.
    Pending,
    /// A conversation is open: no request can be written beside it.
    OpenAlready,
}

/// The page of a conversation. `rating` is what was written in its form and not taken.
pub fn conversation_page(
    shown: &ConversationView,
    view: PageOptions,
    draft: &Draft<'_>,
    rating: Option<RatingDraft<'_>>,
    links: &Links,
) -> String {
    let language = view.language.unwrap_or(shown.language);
    let (texts, log) = (Texts::of(language), transcript::Texts::of(language));
    let standing = standing(&shown.state, texts, log);
    let is_newest = shown.entries.last().is_none_or(|last| last.seq == shown.last_seq);
    let is_over = matches!(shown.state, PlainPageState::Closed { .. });
    // What is over changes no more by itself, and an earlier page never did.
    let refresh = view.refresh.filter(|_| is_newest && !is_over);
    let view = PageOptions { refresh, ..view };
    let draft = &undecided(draft, is_over);
    let has_trouble = draft.error.is_some() || rating.is_some_and(|rating| rating.error.is_some());

    let mut page = head(
        language,
        &title(&standing.line, has_trouble, texts),
        refresh.map(|refresh| fill_seconds("{}", refresh)).as_deref(),
    );
    let _ = write!(
        page,
        "<a class=\"skip\" href=\"#last\">{}</a>\n<header>\n<p class=\"service\">INFO CIG</p>\n{}</header>\n\
         <main>\n<h1>{}</h1>\n<p class=\"who\">{}<br>{} {}</p>\n",
        texts.skip_to_last,
        choice_of_language("", view, language, texts),
        texts.title,
        writer(shown, texts),
        log.number(),
        shown.conversation.number(),
    );
    page.push_str(&standing.html);
    if let PlainPageState::Active { auto_close_at: Some(_), .. } = shown.state {
        let _ = writeln!(
            page,
            "<form method=\"post\" action=\"{}\">{}<button>{}</button></form>",
            escaped(&view.address("/stay")),
            hidden("form", draft.form),
            texts.stay
        );
    }
    page.push_str(&updates(view, shown, texts));
    page.push_str(&log_of(shown, "", view, is_newest, texts, log));
    if is_over {
        page.push_str(&kept_text(draft, texts));
        // Whoever nobody answered is not asked about an answer.
        if matches!(shown.state, PlainPageState::Closed { was_held: true, .. }) {
            page.push_str(&rating_form(shown, view, draft.form, rating, texts));
        }
        let _ = writeln!(page, "<p>{}</p>", texts.begin_again);
    } else if let Some(refresh) = refresh {
        let _ = write!(
            page,
            "<p>{}</p>\n<p><a class=\"button\" href=\"{}#write\">{}</a></p>\n",
            fill_seconds(texts.refreshes, refresh),
            escaped(&view.still().address("")),
            texts.stop_and_write
        );
    } else if is_newest {
        page.push_str(&message_form(view, draft, is_first_word(shown), texts));
    }
    page.push_str(&history::link(shown, view, texts));
    page.push_str(&end_of_page(view, draft.form, is_over, texts));
    page.push_str(&foot(links, texts));
    page
}

/// What was written before the conversation was over can only be copied, whatever was to be decided about it.
fn undecided<'d>(draft: &Draft<'d>, is_over: bool) -> Draft<'d> {
    let open = matches!(draft.error, None | Some(FormError::Sensitive)) && !draft.text.is_empty();
    Draft { error: if is_over && open { Some(FormError::Over) } else { draft.error }, ..*draft }
}

/// The question whether the conversation shall end.
pub fn end_page(language: Language, view: PageOptions, form: &str, links: &Links) -> String {
    let texts = Texts::of(language);
    let mut page = head(language, &format!("{} – INFO CIG", texts.end_question), None);
    let _ = write!(
        page,
        "<header>\n<p class=\"service\">INFO CIG</p>\n</header>\n<main>\n<h1>{}</h1>\n<p>{}</p>\n\
         <form method=\"post\" action=\"{}\">{}<button>{}</button></form>\n<p><a class=\"button quiet\" href=\"{}\">{}</a></p>\n",
        texts.end_question,
        texts.end_hint,
        escaped(&view.address("/end")),
        hidden("form", form),
        texts.end,
        escaped(&view.address("")),
        texts.cancel,
    );
    page.push_str(&foot(links, texts));
    page
}

/// The page of somebody who may not enter: why, from when, where else to go, and where an office may be written to, the form
/// for it.
pub fn refusal_page(
    admission: &Admission,
    language: Language,
    request: Option<&RequestDraft<'_>>,
    links: &Links,
) -> String {
    let texts = Texts::of(language);
    let trouble = request.and_then(|request| request.error);
    let mut page = head(language, &title(texts.door, trouble.is_some(), texts), None);
    let _ = write!(
        page,
        "<header>\n<p class=\"service\">INFO CIG</p>\n</header>\n<main>\n<h1>{}</h1>\n<p class=\"lead\">{}</p>\n<p>{}</p>\n",
        texts.door,
        escaped(&admission.message),
        escaped(&fill(texts.rests_on, &[&admission.source])),
    );
    if let Some(request) = request {
        let view = PageOptions { language: Some(language), ..PageOptions::default() };
        let address = view.address("/requests");
        let hidden = format!("{}{}", hidden("permit", request.permit), hidden("id", request.id.as_str()));
        let _ = write!(page, "<section>\n<h2>{}</h2>\n<p>{}</p>\n", texts.request, texts.request_hint);
        if trouble == Some(FormError::Sensitive) {
            page.push_str(&sensitive_data_prompt::form(
                &address,
                &hidden,
                texts.request_write,
                request.text,
                texts,
            ));
        } else {
            let _ = write!(
                page,
                "{}<form method=\"post\" action=\"{}\">{hidden}\
                 <label for=\"text\">{}</label>\n<p class=\"hint\" id=\"limit\">{}</p>\n{}\n<button>{}</button></form>\n",
                alert(trouble, texts),
                escaped(&address),
                texts.request_write,
                fill(texts.limit, &[&MAX_MESSAGE_CHARS.to_string()]),
                field(request.text, trouble, false),
                texts.request_send,
            );
        }
        page.push_str("</section>\n");
    }
    page.push_str(&elsewhere(&admission.channels, texts));
    page.push_str(&foot(links, texts));
    page
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
    let mut page = head(language, &format!("{heading} – INFO CIG"), None);
    let _ = write!(
        page,
        "<header>\n<p class=\"service\">INFO CIG</p>\n</header>\n<main>\n<h1>{heading}</h1>\n<p class=\"lead\">{hint}</p>\n{}",
        unsent.map(|text| unsent_text(text, texts)).unwrap_or_default(),
    );
    page.push_str(&elsewhere(channels, texts));
    page.push_str(&foot(links, texts));
    page
}

/// The page after the service failed while a message was under way: sending its form again stores it once.
pub fn unsure_page(language: Language, view: PageOptions, draft: &Draft<'_>, links: &Links) -> String {
    let texts = Texts::of(language);
    let mut page = head(language, &title(texts.failed, true, texts), None);
    let _ = write!(
        page,
        "<header>\n<p class=\"service\">INFO CIG</p>\n</header>\n<main>\n<h1>{}</h1>\n",
        texts.failed
    );
    page.push_str(&message_form(view, draft, false, texts));
    page.push_str(&foot(links, texts));
    page
}

/// Where a conversation stands, as the title says it and as the page does.
struct StandingSaid {
    line: String,
    html: String,
}

fn standing(standing: &PlainPageState, texts: &Texts, log: &transcript::Texts) -> StandingSaid {
    let (line, more) = match standing {
        PlainPageState::Waiting { place, absent_ms } => {
            let mut more = vec![place.map_or(texts.wait_unknown.into(), |place| wait(place.estimate, texts))];
            more.push(fill(texts.keep_place, &[&(absent_ms / 60_000).to_string()]));
            (place_in_words(*place, texts), more)
        }
        PlainPageState::Active { advisor, auto_close_at } => (
            log.event(&EntryBody::Assigned { advisor: advisor.clone() }),
            auto_close_at.map(|closes| log.event(&EntryBody::Inactive { closes })).into_iter().collect(),
        ),
        PlainPageState::Closed { by, outcome, awaits_office, .. } => (
            log.event(&EntryBody::Closed { by: *by, outcome: *outcome }),
            awaits_office.then(|| texts.awaits_office.to_string()).into_iter().collect(),
        ),
    };
    let mut html = format!("<div class=\"standing\">\n<p><b>{}</b></p>\n", escaped(&line));
    for sentence in more {
        let _ = writeln!(html, "<p>{}</p>", escaped(&sentence));
    }
    html.push_str("</div>\n");
    StandingSaid { line, html }
}

fn place_in_words(place: Option<QueuePlace>, texts: &Texts) -> String {
    let before = place.map(|place| place.position.saturating_sub(1));
    match before {
        None => texts.waiting.into(),
        Some(0) => texts.next.into(),
        Some(before) if before < EXACT_UP_TO => fill(texts.before_you, &[&before.to_string()]),
        Some(before) => fill(texts.before_you_about, &[&before.to_string()]),
    }
}

fn wait(estimate: Estimate, texts: &Texts) -> String {
    match estimate {
        Estimate::Unknown {} => texts.wait_unknown.into(),
        Estimate::Minutes { from: 0, to } => fill(texts.wait_up_to, &[&to.to_string()]),
        Estimate::Minutes { from, to } => fill(texts.wait, &[&from.to_string(), &to.to_string()]),
    }
}

fn writer(shown: &ConversationView, texts: &Texts) -> String {
    escaped(&match &shown.acting_for {
        None => fill(texts.writes_as, &[&shown.person]),
        Some(other) => fill(texts.writes_for, &[&shown.person, other]),
    })
}

fn title(what: &str, trouble: bool, texts: &Texts) -> String {
    let mark = if trouble { format!("{}: ", texts.error) } else { String::new() };
    format!("{mark}{what} – INFO CIG")
}

/// A link to the same page in every other language, each said in itself (WCAG 3.1.2).
fn choice_of_language(below: &str, view: PageOptions, current: Language, texts: &Texts) -> String {
    let mut html = format!("<nav aria-label=\"{}\">\n<ul>\n", texts.language);
    for language in Language::ALL {
        let (code, name) = (language.as_str(), name_of(language));
        if language == current {
            let _ = writeln!(html, "<li><span lang=\"{code}\" aria-current=\"true\">{name}</span></li>");
        } else {
            let address = PageOptions { language: Some(language), ..view }.address(below);
            let _ = writeln!(
                html,
                "<li><a lang=\"{code}\" hreflang=\"{code}\" href=\"{}\">{name}</a></li>",
                escaped(&address)
            );
        }
    }
    html.push_str("</ul>\n</nav>\n");
    html
}

const fn name_of(language: Language) -> &'static str {
    match language {
        Language::It => "Italiano",
        Language::De => "Deutsch",
        Language::Fr => "Français",
        Language::Sl => "Slovenščina",
        Language::En => "English",
    }
}

/// How the page is loaded anew: by a link, and by itself for whoever wants that.
fn updates(view: PageOptions, shown: &ConversationView, texts: &Texts) -> String {
    // The address differs each time, or a browser would only move to the anchor.
    let anew = view.newest().address_with("", Some(("at", shown.at.as_millis().to_string())));
    let mut html = format!(
        "<div class=\"updates\">\n<p><a class=\"button\" href=\"{}#last\">{}</a></p>\n",
        escaped(&anew),
        texts.update
    );
    if !matches!(shown.state, PlainPageState::Closed { .. }) {
        let _ = write!(
            html,
            "<p id=\"refreshing\">{}</p>\n<ul aria-labelledby=\"refreshing\">\n",
            texts.refreshing
        );
        let choices = Refresh::ALL.map(Some).into_iter().chain([None]);
        for choice in choices {
            let name = match choice {
                Some(refresh) => fill_seconds(texts.refresh_every, refresh),
                None => texts.refresh_off.into(),
            };
            let _ = if choice == view.refresh {
                writeln!(html, "<li><span aria-current=\"true\">{name}</span></li>")
            } else {
                let address = PageOptions { refresh: choice, ..view.newest() }.address("");
                writeln!(html, "<li><a href=\"{}\">{name}</a></li>", escaped(&address))
            };
        }
        html.push_str("</ul>\n");
    }
    html.push_str("</div>\n");
    html
}

fn log_of(
    shown: &ConversationView,
    below: &str,
    view: PageOptions,
    is_newest: bool,
    texts: &Texts,
    log: &transcript::Texts,
) -> String {
    let mut html = format!("<section>\n<h2>{}</h2>\n", texts.messages);
    if let Some(first) = shown.entries.first().filter(|first| first.seq > 1) {
        let address = PageOptions { before: Some(first.seq), ..view.still() }.address(below);
        let _ = writeln!(html, "<p><a href=\"{}\">{}</a></p>", escaped(&address), texts.earlier);
    }
    html.push_str("<ol class=\"log\">\n");
    let mut day = String::new();
    for entry in &shown.entries {
        let EntryText { at, who, paragraphs, quoted } = log.said(entry, texts.you);
        let today = log.date(at);
        if today != day {
            let _ = writeln!(html, "<li class=\"day\"><h3>{today}</h3></li>");
            day = today;
        }
        let class = match (quoted, is_of_the_person(&entry.body)) {
            (true, true) => "message own",
            (true, false) => "message",
            (false, _) => "event",
        };
        let anchor = if entry.seq == shown.last_seq { " id=\"last\" tabindex=\"-1\"" } else { "" };
        let _ = write!(
            html,
            "<li class=\"{class}\"{anchor}><p><b>{}</b> <time datetime=\"{}\">{}</time></p>",
            escaped(&who),
            rfc3339(at),
            clock(at)
        );
        for paragraph in paragraphs {
            let _ = write!(html, "<p dir=\"auto\">{}</p>", followable(&paragraph).replace('\n', "<br>"));
        }
        html.push_str("</li>\n");
    }
    html.push_str("</ol>\n");
    if !is_newest {
        let _ = writeln!(
            html,
            "<p><a class=\"button\" href=\"{}#last\">{}</a></p>",
            escaped(&view.newest().address(below)),
            texts.newest
        );
    }
    html.push_str("</section>\n");
    html
}

fn is_of_the_person(body: &EntryBody) -> bool {
    body.is_by_citizen()
}

/// Whether the person has not written yet, as far as the log goes: then the form says how what they write is used.
fn is_first_word(shown: &ConversationView) -> bool {
    let from_the_beginning = shown.entries.first().is_none_or(|first| first.seq == 1);
    from_the_beginning && !shown.entries.iter().any(|entry| is_of_the_person(&entry.body))
}

fn message_form(view: PageOptions, draft: &Draft<'_>, is_first_word: bool, texts: &Texts) -> String {
    let used = if is_first_word {
        format!("<p class=\"hint\" id=\"used\">{}</p>\n", texts.how_used)
    } else {
        String::new()
    };
    let address = view.newest().address("/messages");
    let hidden = format!("{}{}", hidden("form", draft.form), hidden("id", draft.id.as_str()));
    if draft.error == Some(FormError::Sensitive) {
        let form = sensitive_data_prompt::form(&address, &hidden, texts.write, draft.text, texts);
        return format!("<section id=\"write\">\n{form}</section>\n");
    }
    format!(
        "<section id=\"write\">\n{}{used}<form method=\"post\" action=\"{}\">{hidden}\
         <label for=\"text\">{}</label>\n<p class=\"hint\" id=\"limit\">{}</p>\n{}\n<button>{}</button></form>\n</section>\n",
        alert(draft.error, texts),
        escaped(&address),
        texts.write,
        fill(texts.limit, &[&MAX_MESSAGE_CHARS.to_string()]),
        field(draft.text, draft.error, is_first_word),
        texts.send,
    )
}

/// What was written before the conversation was over.
fn kept_text(draft: &Draft<'_>, texts: &Texts) -> String {
    if draft.error.is_none() || draft.text.is_empty() {
        return String::new();
    }
    format!(
        "<section id=\"write\">\n{}{}</section>\n",
        alert(draft.error, texts),
        unsent_text(draft.text, texts)
    )
}

/// What somebody wrote, with what can be followed: in a tab of its own, so that nothing written here is left.
fn followable(text: &str) -> String {
    let piece = |piece| match piece {
        Piece::Words(texts) => escaped(texts),
        Piece::Link(link) => {
            let link = escaped(link);
            format!("<a href=\"{link}\" target=\"_blank\" rel=\"noopener noreferrer\">{link}</a>")
        }
    };
    links::pieces(text).into_iter().map(piece).collect()
}

fn unsent_text(text: &str, texts: &Texts) -> String {
    // A browser drops the first line end of a field.
    format!(
        "<label for=\"text\">{}</label>\n<textarea id=\"text\" rows=\"6\" dir=\"auto\" readonly>\n{}</textarea>\n",
        texts.unsent,
        escaped(text)
    )
}

fn field(text: &str, trouble: Option<FormError>, is_first_word: bool) -> String {
    let used = if is_first_word { "used " } else { "" };
    // Whoever must mend something, or wants to change it, is taken there.
    let (trouble, invalid) = match trouble {
        Some(_) => ("trouble ", " aria-invalid=\"true\" autofocus"),
        None if text.is_empty() => ("", ""),
        None => ("", " autofocus"),
    };
    // No `maxlength`: a browser would cut what is pasted and say nothing; all of it comes back with the reason. No `required`:
    // what is empty is refused with words of ours, in the person's language. A browser drops the first line end of a field.
    format!(
        "<textarea id=\"text\" name=\"text\" rows=\"5\" dir=\"auto\" \
         aria-describedby=\"{trouble}{used}limit\"{invalid} spellcheck=\"true\">\n{}</textarea>",
        escaped(text)
    )
}

fn alert(trouble: Option<FormError>, texts: &Texts) -> String {
    let Some(trouble) = trouble else { return String::new() };
    let said = match trouble {
        FormError::Empty => texts.empty.into(),
        FormError::TooLong => fill(texts.too_long, &[&MAX_MESSAGE_CHARS.to_string()]),
        FormError::TooFast { retry_after_ms } => {
            fill(texts.too_fast, &[&(retry_after_ms.max(0) / 1_000 + 1).to_string()])
        }
        FormError::Over => texts.over.into(),
        FormError::Full => texts.full.into(),
        FormError::Another => texts.another.into(),
        FormError::Unsure => texts.unsure.into(),
        // It is asked with ways to answer, in a form of its own.
        FormError::Sensitive => return String::new(),
    };
    alarm(&said, texts)
}

fn alarm(said: &str, texts: &Texts) -> String {
    format!("<p class=\"trouble\" id=\"trouble\" role=\"alert\"><b>{}.</b> {said}</p>\n", texts.error)
}

/// The question after the end, once nobody owes an answer any more. What was said before stands in it, and can be changed.
fn rating_form(
    shown: &ConversationView,
    view: PageOptions,
    form: &str,
    draft: Option<RatingDraft<'_>>,
    texts: &Texts,
) -> String {
    if matches!(shown.state, PlainPageState::Closed { awaits_office: true, .. }) {
        return String::new();
    }
    let known = shown.rating.as_ref().map(|rating| RatingDraft {
        answer: Some(rating.answer),
        comment: rating.comment.as_deref().unwrap_or_default(),
        error: None,
    });
    let RatingDraft { answer, comment, error: trouble } = draft.or(known).unwrap_or_default();
    let said = match trouble {
        Some(RatingError::NoAnswer) => alarm(texts.rate_choose, texts),
        Some(RatingError::TooLong) => {
            alarm(&fill(texts.rate_too_long, &[&MAX_COMMENT_CHARS.to_string()]), texts)
        }
        None if known.is_some() => format!("<p role=\"status\"><b>{}</b></p>\n", texts.rate_thanks),
        None => String::new(),
    };
    let (lacks_answer, is_too_long) =
        (trouble == Some(RatingError::NoAnswer), trouble == Some(RatingError::TooLong));
    let mut html = format!(
        "<section id=\"rating\" tabindex=\"-1\">\n{said}<form method=\"post\" action=\"{}\">{}\
         <fieldset{}>\n<legend>{}</legend>\n",
        escaped(&view.newest().still().address("/rating")),
        hidden("form", form),
        if lacks_answer { " aria-describedby=\"trouble\"" } else { "" },
        texts.rate,
    );
    for (choice, name) in Answer::ALL.into_iter().zip([texts.rate_yes, texts.rate_partly, texts.rate_no]) {
        let checked = if answer == Some(choice) { " checked" } else { "" };
        let focused = if lacks_answer && choice == Answer::Yes { " autofocus" } else { "" };
        let _ = writeln!(
            html,
            "<label class=\"choice\"><input type=\"radio\" name=\"answer\" value=\"{}\"{checked}{focused}> {name}</label>",
            choice.as_str(),
        );
    }
    let (described, invalid) =
        if is_too_long { ("trouble ", " aria-invalid=\"true\" autofocus") } else { ("", "") };
    let _ = write!(
        html,
        "</fieldset>\n<label for=\"comment\">{}</label>\n<p class=\"hint\" id=\"comment-limit\">{}</p>\n\
         <textarea id=\"comment\" name=\"comment\" rows=\"3\" dir=\"auto\" \
         aria-describedby=\"{described}comment-limit\"{invalid} spellcheck=\"true\">\n{}</textarea>\n\
         <button>{}</button></form>\n</section>\n",
        texts.rate_comment,
        fill(texts.rate_hint, &[&MAX_COMMENT_CHARS.to_string()]),
        escaped(comment),
        texts.rate_send,
    );
    html
}

fn end_of_page(view: PageOptions, form: &str, is_over: bool, texts: &Texts) -> String {
    let mut html = String::new();
    if !is_over {
        let _ = writeln!(
            html,
            "<p><a class=\"button quiet\" href=\"{}\">{}</a></p>",
            escaped(&view.newest().still().address("/end")),
            texts.end
        );
    }
    html.push_str(&kept("", view.newest().still(), texts));
    let _ = write!(
        html,
        "<section>\n<p>{}</p>\n<form method=\"post\" action=\"{}\">{}<button class=\"quiet\">{}</button></form>\n</section>\n",
        texts.leave_hint,
        escaped(&view.newest().still().address("/leave")),
        hidden("form", form),
        texts.leave,
    );
    html
}

/// The ways to keep a conversation that is found below an address.
fn kept(below: &str, view: PageOptions, texts: &Texts) -> String {
    let address = |format: &str| {
        escaped(&view.address_with(&format!("{below}/transcript"), Some(("format", format.into()))))
    };
    format!(
        "<section>\n<h2>{}</h2>\n<ul class=\"kept\">\n<li><a href=\"{}\">{}</a></li>\n<li><a href=\"{}\">{}</a></li>\n</ul>\n\
         </section>\n",
        texts.keep,
        address("html"),
        texts.keep_page,
        address("text"),
        texts.keep_text,
    )
}

fn elsewhere(channels: &[Channel], texts: &Texts) -> String {
    let mut html = format!("<section>\n<h2>{}</h2>\n<ul class=\"channels\">\n", texts.channels);
    for Channel { name, how, href } in channels {
        let name = escaped(name);
        let name = match href {
            Some(href) => format!("<a href=\"{}\">{name}</a>", escaped(href)),
            None => format!("<b>{name}</b>"),
        };
        let _ = writeln!(html, "<li>{name}<br>{}</li>", escaped(how));
    }
    html.push_str("</ul>\n</section>\n");
    html
}

fn hidden(name: &str, value: &str) -> String {
    format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n", escaped(value))
}

fn fill_seconds(sentence: &str, refresh: Refresh) -> String {
    fill(sentence, &[&refresh.seconds().to_string()])
}

fn head(language: Language, title: &str, refresh: Option<&str>) -> String {
    let refresh = refresh
        .map(|seconds| format!("<meta http-equiv=\"refresh\" content=\"{seconds}\">\n"))
        .unwrap_or_default();
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n{refresh}<title>{}</title>\n\
         <link rel=\"stylesheet\" href=\"/fonts/titillium-web.css\">\n<link rel=\"stylesheet\" href=\"/plain.css\">\n\
         </head>\n<body>\n",
        language.as_str(),
        escaped(title),
    )
}

fn foot(links: &Links, texts: &Texts) -> String {
    let Links { privacy, accessibility, feedback, source } = links;
    let all = [
        (privacy, texts.privacy),
        (accessibility, texts.accessibility),
        (feedback, texts.feedback),
        (source, texts.source),
    ];
    let listed: String = all
        .into_iter()
        .filter_map(|(address, name)| {
            Some(format!("<li><a href=\"{}\">{name}</a></li>\n", escaped(address.as_deref()?)))
        })
        .collect();
    let footer = if listed.is_empty() {
        listed
    } else {
        format!("<footer>\n<nav aria-label=\"{}\">\n<ul>\n{listed}</ul>\n</nav>\n</footer>\n", texts.about)
    };
    format!("</main>\n{footer}</body>\n</html>\n")
}

/// Positions up to ten are exact, so that nine may be before somebody for sure.
const EXACT_UP_TO: u32 = 10;

#[cfg(test)]
mod tests;
