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

mod caution;
mod languages;
pub mod past;

use std::fmt::Write as _;

use infocig_protocol::{
    entry::{Author, Entry, EntryBody, Outcome, Party},
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

use self::languages::Words;
use crate::{
    conversation::{Conversation, Phase},
    transcript::{self, Said, clock, escaped, fill, rfc3339},
};

/// Where everything is.
pub const PATH: &str = "/chat";

/// A conversation as a page shows it. It travels from the conversation's object to the front.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// Which.
    pub conversation: ConversationId,
    /// Who asks.
    pub person: String,
    /// For whom they act.
    pub acting_for: Option<String>,
    /// The language their portal says they read.
    pub language: Language,
    /// Where it stands.
    pub standing: Standing,
    /// Whether the same person was here before.
    #[serde(default)]
    pub came_before: bool,
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
pub enum Standing {
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

impl Shown {
    /// A conversation with what its person said of it and a page of its log, as it stands at an instant.
    pub fn of(
        conversation: &Conversation,
        came_before: bool,
        rating: Option<Rating>,
        entries: Vec<Entry>,
        at: Timestamp,
    ) -> Self {
        let Conversation { id, person, phase, patience, last_seq, .. } = conversation;
        let standing = match phase {
            Phase::Waiting { place, .. } => {
                Standing::Waiting { place: *place, absent_ms: patience.absent_ms }
            }
            Phase::Active { advisor, auto_close_at, .. } => {
                Standing::Active { advisor: advisor.name.clone(), auto_close_at: *auto_close_at }
            }
            Phase::Closed { by, outcome, last_advisor, .. } => Standing::Closed {
                by: *by,
                outcome: *outcome,
                awaits_office: conversation.awaits_office(),
                was_held: last_advisor.is_some(),
            },
        };
        Self {
            conversation: id.clone(),
            person: person.name.clone(),
            acting_for: person.acting_for.as_ref().map(|other| other.name.clone()),
            language: person.language,
            standing,
            came_before,
            rating,
            entries,
            last_seq: *last_seq,
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
pub struct View {
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

impl View {
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
    pub trouble: Option<Trouble>,
}

/// Why a message, or a written request, was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
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
    pub trouble: Option<RatingTrouble>,
}

/// Why a rating was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatingTrouble {
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
    pub trouble: Option<Trouble>,
}

/// Why there is no conversation to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
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
pub fn conversation(
    shown: &Shown,
    view: View,
    draft: &Draft<'_>,
    rating: Option<RatingDraft<'_>>,
    links: &Links,
) -> String {
    let language = view.language.unwrap_or(shown.language);
    let (words, log) = (Words::of(language), transcript::Words::of(language));
    let standing = standing(&shown.standing, words, log);
    let is_newest = shown.entries.last().is_none_or(|last| last.seq == shown.last_seq);
    let is_over = matches!(shown.standing, Standing::Closed { .. });
    // What is over changes no more by itself, and an earlier page never did.
    let refresh = view.refresh.filter(|_| is_newest && !is_over);
    let view = View { refresh, ..view };
    let draft = &undecided(draft, is_over);
    let has_trouble = draft.trouble.is_some() || rating.is_some_and(|rating| rating.trouble.is_some());

    let mut page = head(
        language,
        &title(&standing.line, has_trouble, words),
        refresh.map(|refresh| fill_seconds("{}", refresh)).as_deref(),
    );
    let _ = write!(
        page,
        "<a class=\"skip\" href=\"#last\">{}</a>\n<header>\n<p class=\"service\">INFO CIG</p>\n{}</header>\n\
         <main>\n<h1>{}</h1>\n<p class=\"who\">{}<br>{} {}</p>\n",
        words.skip_to_last,
        choice_of_language("", view, language, words),
        words.title,
        writer(shown, words),
        log.number(),
        shown.conversation.number(),
    );
    page.push_str(&standing.html);
    if let Standing::Active { auto_close_at: Some(_), .. } = shown.standing {
        let _ = writeln!(
            page,
            "<form method=\"post\" action=\"{}\">{}<button>{}</button></form>",
            escaped(&view.address("/stay")),
            hidden("form", draft.form),
            words.stay
        );
    }
    page.push_str(&updates(view, shown, words));
    page.push_str(&log_of(shown, "", view, is_newest, words, log));
    if is_over {
        page.push_str(&kept_text(draft, words));
        // Whoever nobody answered is not asked about an answer.
        if matches!(shown.standing, Standing::Closed { was_held: true, .. }) {
            page.push_str(&rating_form(shown, view, draft.form, rating, words));
        }
        let _ = writeln!(page, "<p>{}</p>", words.begin_again);
    } else if let Some(refresh) = refresh {
        let _ = write!(
            page,
            "<p>{}</p>\n<p><a class=\"button\" href=\"{}#write\">{}</a></p>\n",
            fill_seconds(words.refreshes, refresh),
            escaped(&view.still().address("")),
            words.stop_and_write
        );
    } else if is_newest {
        page.push_str(&message_form(view, draft, is_first_word(shown), words));
    }
    page.push_str(&past::link(shown, view, words));
    page.push_str(&end_of_page(view, draft.form, is_over, words));
    page.push_str(&foot(links, words));
    page
}

/// What was written before the conversation was over can only be copied, whatever was to be decided about it.
fn undecided<'d>(draft: &Draft<'d>, is_over: bool) -> Draft<'d> {
    let open = matches!(draft.trouble, None | Some(Trouble::Sensitive)) && !draft.text.is_empty();
    Draft { trouble: if is_over && open { Some(Trouble::Over) } else { draft.trouble }, ..*draft }
}

/// The question whether the conversation shall end.
pub fn end(language: Language, view: View, form: &str, links: &Links) -> String {
    let words = Words::of(language);
    let mut page = head(language, &format!("{} – INFO CIG", words.end_question), None);
    let _ = write!(
        page,
        "<header>\n<p class=\"service\">INFO CIG</p>\n</header>\n<main>\n<h1>{}</h1>\n<p>{}</p>\n\
         <form method=\"post\" action=\"{}\">{}<button>{}</button></form>\n<p><a class=\"button quiet\" href=\"{}\">{}</a></p>\n",
        words.end_question,
        words.end_hint,
        escaped(&view.address("/end")),
        hidden("form", form),
        words.end,
        escaped(&view.address("")),
        words.cancel,
    );
    page.push_str(&foot(links, words));
    page
}

/// The page of somebody who may not enter: why, from when, where else to go, and where an office may be written to, the form
/// for it.
pub fn door(
    admission: &Admission,
    language: Language,
    request: Option<&RequestDraft<'_>>,
    links: &Links,
) -> String {
    let words = Words::of(language);
    let trouble = request.and_then(|request| request.trouble);
    let mut page = head(language, &title(words.door, trouble.is_some(), words), None);
    let _ = write!(
        page,
        "<header>\n<p class=\"service\">INFO CIG</p>\n</header>\n<main>\n<h1>{}</h1>\n<p class=\"lead\">{}</p>\n<p>{}</p>\n",
        words.door,
        escaped(&admission.message),
        escaped(&fill(words.rests_on, &[&admission.source])),
    );
    if let Some(request) = request {
        let view = View { language: Some(language), ..View::default() };
        let address = view.address("/requests");
        let hidden = format!("{}{}", hidden("permit", request.permit), hidden("id", request.id.as_str()));
        let _ = write!(page, "<section>\n<h2>{}</h2>\n<p>{}</p>\n", words.request, words.request_hint);
        if trouble == Some(Trouble::Sensitive) {
            page.push_str(&caution::form(&address, &hidden, words.request_write, request.text, words));
        } else {
            let _ = write!(
                page,
                "{}<form method=\"post\" action=\"{}\">{hidden}\
                 <label for=\"text\">{}</label>\n<p class=\"hint\" id=\"limit\">{}</p>\n{}\n<button>{}</button></form>\n",
                alert(trouble, words),
                escaped(&address),
                words.request_write,
                fill(words.limit, &[&MAX_MESSAGE_CHARS.to_string()]),
                field(request.text, trouble, false),
                words.request_send,
            );
        }
        page.push_str("</section>\n");
    }
    page.push_str(&elsewhere(&admission.channels, words));
    page.push_str(&foot(links, words));
    page
}

/// The page where there is no conversation to show. A text that could not be sent stands in it, to be copied.
pub fn stop(
    why: Stop,
    language: Language,
    channels: &[Channel],
    unsent: Option<&str>,
    links: &Links,
) -> String {
    let words = Words::of(language);
    let (heading, hint) = match why {
        Stop::NoConversation => (words.no_conversation, words.no_conversation_hint),
        Stop::NoCookies => (words.no_cookies, words.no_cookies_hint),
        Stop::Expired => (words.expired, words.expired_hint),
        Stop::NotBelieved => (words.not_believed, words.not_believed_hint),
        Stop::Foreign => (words.foreign, words.foreign_hint),
        Stop::Failed => (words.failed, words.failed_hint),
        Stop::Pending => (words.pending, words.pending_hint),
        Stop::OpenAlready => (words.open_already, words.open_already_hint),
    };
    let mut page = head(language, &format!("{heading} – INFO CIG"), None);
    let _ = write!(
        page,
        "<header>\n<p class=\"service\">INFO CIG</p>\n</header>\n<main>\n<h1>{heading}</h1>\n<p class=\"lead\">{hint}</p>\n{}",
        unsent.map(|text| unsent_text(text, words)).unwrap_or_default(),
    );
    page.push_str(&elsewhere(channels, words));
    page.push_str(&foot(links, words));
    page
}

/// The page after the service failed while a message was under way: sending its form again stores it once.
pub fn unsure(language: Language, view: View, draft: &Draft<'_>, links: &Links) -> String {
    let words = Words::of(language);
    let mut page = head(language, &title(words.failed, true, words), None);
    let _ = write!(
        page,
        "<header>\n<p class=\"service\">INFO CIG</p>\n</header>\n<main>\n<h1>{}</h1>\n",
        words.failed
    );
    page.push_str(&message_form(view, draft, false, words));
    page.push_str(&foot(links, words));
    page
}

/// Where a conversation stands, as the title says it and as the page does.
struct StandingSaid {
    line: String,
    html: String,
}

fn standing(standing: &Standing, words: &Words, log: &transcript::Words) -> StandingSaid {
    let (line, more) = match standing {
        Standing::Waiting { place, absent_ms } => {
            let mut more = vec![place.map_or(words.wait_unknown.into(), |place| wait(place.estimate, words))];
            more.push(fill(words.keep_place, &[&(absent_ms / 60_000).to_string()]));
            (place_in_words(*place, words), more)
        }
        Standing::Active { advisor, auto_close_at } => (
            log.event(&EntryBody::Assigned { advisor: advisor.clone() }),
            auto_close_at.map(|closes| log.event(&EntryBody::Inactive { closes })).into_iter().collect(),
        ),
        Standing::Closed { by, outcome, awaits_office, .. } => (
            log.event(&EntryBody::Closed { by: *by, outcome: *outcome }),
            awaits_office.then(|| words.awaits_office.to_string()).into_iter().collect(),
        ),
    };
    let mut html = format!("<div class=\"standing\">\n<p><b>{}</b></p>\n", escaped(&line));
    for sentence in more {
        let _ = writeln!(html, "<p>{}</p>", escaped(&sentence));
    }
    html.push_str("</div>\n");
    StandingSaid { line, html }
}

fn place_in_words(place: Option<QueuePlace>, words: &Words) -> String {
    let before = place.map(|place| place.position.saturating_sub(1));
    match before {
        None => words.waiting.into(),
        Some(0) => words.next.into(),
        Some(before) if before < EXACT_UP_TO => fill(words.before_you, &[&before.to_string()]),
        Some(before) => fill(words.before_you_about, &[&before.to_string()]),
    }
}

fn wait(estimate: Estimate, words: &Words) -> String {
    match estimate {
        Estimate::Unknown {} => words.wait_unknown.into(),
        Estimate::Minutes { from: 0, to } => fill(words.wait_up_to, &[&to.to_string()]),
        Estimate::Minutes { from, to } => fill(words.wait, &[&from.to_string(), &to.to_string()]),
    }
}

fn writer(shown: &Shown, words: &Words) -> String {
    escaped(&match &shown.acting_for {
        None => fill(words.writes_as, &[&shown.person]),
        Some(other) => fill(words.writes_for, &[&shown.person, other]),
    })
}

fn title(what: &str, trouble: bool, words: &Words) -> String {
    let mark = if trouble { format!("{}: ", words.error) } else { String::new() };
    format!("{mark}{what} – INFO CIG")
}

/// A link to the same page in every other language, each said in itself (WCAG 3.1.2).
fn choice_of_language(below: &str, view: View, current: Language, words: &Words) -> String {
    let mut html = format!("<nav aria-label=\"{}\">\n<ul>\n", words.language);
    for language in Language::ALL {
        let (code, name) = (language.as_str(), name_of(language));
        if language == current {
            let _ = writeln!(html, "<li><span lang=\"{code}\" aria-current=\"true\">{name}</span></li>");
        } else {
            let address = View { language: Some(language), ..view }.address(below);
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
fn updates(view: View, shown: &Shown, words: &Words) -> String {
    // The address differs each time, or a browser would only move to the anchor.
    let anew = view.newest().address_with("", Some(("at", shown.at.as_millis().to_string())));
    let mut html = format!(
        "<div class=\"updates\">\n<p><a class=\"button\" href=\"{}#last\">{}</a></p>\n",
        escaped(&anew),
        words.update
    );
    if !matches!(shown.standing, Standing::Closed { .. }) {
        let _ = write!(
            html,
            "<p id=\"refreshing\">{}</p>\n<ul aria-labelledby=\"refreshing\">\n",
            words.refreshing
        );
        let choices = Refresh::ALL.map(Some).into_iter().chain([None]);
        for choice in choices {
            let name = match choice {
                Some(refresh) => fill_seconds(words.refresh_every, refresh),
                None => words.refresh_off.into(),
            };
            let _ = if choice == view.refresh {
                writeln!(html, "<li><span aria-current=\"true\">{name}</span></li>")
            } else {
                let address = View { refresh: choice, ..view.newest() }.address("");
                writeln!(html, "<li><a href=\"{}\">{name}</a></li>", escaped(&address))
            };
        }
        html.push_str("</ul>\n");
    }
    html.push_str("</div>\n");
    html
}

fn log_of(
    shown: &Shown,
    below: &str,
    view: View,
    is_newest: bool,
    words: &Words,
    log: &transcript::Words,
) -> String {
    let mut html = format!("<section>\n<h2>{}</h2>\n", words.messages);
    if let Some(first) = shown.entries.first().filter(|first| first.seq > 1) {
        let address = View { before: Some(first.seq), ..view.still() }.address(below);
        let _ = writeln!(html, "<p><a href=\"{}\">{}</a></p>", escaped(&address), words.earlier);
    }
    html.push_str("<ol class=\"log\">\n");
    let mut day = String::new();
    for entry in &shown.entries {
        let Said { at, who, paragraphs, quoted } = log.said(entry, words.you);
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
            words.newest
        );
    }
    html.push_str("</section>\n");
    html
}

fn is_of_the_person(body: &EntryBody) -> bool {
    matches!(body, EntryBody::Message { author: Author::Citizen, .. })
}

/// Whether the person has not written yet, as far as the log goes: then the form says how what they write is used.
fn is_first_word(shown: &Shown) -> bool {
    let from_the_beginning = shown.entries.first().is_none_or(|first| first.seq == 1);
    from_the_beginning && !shown.entries.iter().any(|entry| is_of_the_person(&entry.body))
}

fn message_form(view: View, draft: &Draft<'_>, is_first_word: bool, words: &Words) -> String {
    let used = if is_first_word {
        format!("<p class=\"hint\" id=\"used\">{}</p>\n", words.how_used)
    } else {
        String::new()
    };
    let address = view.newest().address("/messages");
    let hidden = format!("{}{}", hidden("form", draft.form), hidden("id", draft.id.as_str()));
    if draft.trouble == Some(Trouble::Sensitive) {
        let form = caution::form(&address, &hidden, words.write, draft.text, words);
        return format!("<section id=\"write\">\n{form}</section>\n");
    }
    format!(
        "<section id=\"write\">\n{}{used}<form method=\"post\" action=\"{}\">{hidden}\
         <label for=\"text\">{}</label>\n<p class=\"hint\" id=\"limit\">{}</p>\n{}\n<button>{}</button></form>\n</section>\n",
        alert(draft.trouble, words),
        escaped(&address),
        words.write,
        fill(words.limit, &[&MAX_MESSAGE_CHARS.to_string()]),
        field(draft.text, draft.trouble, is_first_word),
        words.send,
    )
}

/// What was written before the conversation was over.
fn kept_text(draft: &Draft<'_>, words: &Words) -> String {
    if draft.trouble.is_none() || draft.text.is_empty() {
        return String::new();
    }
    format!(
        "<section id=\"write\">\n{}{}</section>\n",
        alert(draft.trouble, words),
        unsent_text(draft.text, words)
    )
}

/// What somebody wrote, with what can be followed: in a tab of its own, so that nothing written here is left.
fn followable(text: &str) -> String {
    let piece = |piece| match piece {
        Piece::Words(words) => escaped(words),
        Piece::Link(link) => {
            let link = escaped(link);
            format!("<a href=\"{link}\" target=\"_blank\" rel=\"noopener noreferrer\">{link}</a>")
        }
    };
    links::pieces(text).into_iter().map(piece).collect()
}

fn unsent_text(text: &str, words: &Words) -> String {
    // A browser drops the first line end of a field.
    format!(
        "<label for=\"text\">{}</label>\n<textarea id=\"text\" rows=\"6\" dir=\"auto\" readonly>\n{}</textarea>\n",
        words.unsent,
        escaped(text)
    )
}

fn field(text: &str, trouble: Option<Trouble>, is_first_word: bool) -> String {
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

fn alert(trouble: Option<Trouble>, words: &Words) -> String {
    let Some(trouble) = trouble else { return String::new() };
    let said = match trouble {
        Trouble::Empty => words.empty.into(),
        Trouble::TooLong => fill(words.too_long, &[&MAX_MESSAGE_CHARS.to_string()]),
        Trouble::TooFast { retry_after_ms } => {
            fill(words.too_fast, &[&(retry_after_ms.max(0) / 1_000 + 1).to_string()])
        }
        Trouble::Over => words.over.into(),
        Trouble::Full => words.full.into(),
        Trouble::Another => words.another.into(),
        Trouble::Unsure => words.unsure.into(),
        // It is asked with ways to answer, in a form of its own.
        Trouble::Sensitive => return String::new(),
    };
    alarm(&said, words)
}

fn alarm(said: &str, words: &Words) -> String {
    format!("<p class=\"trouble\" id=\"trouble\" role=\"alert\"><b>{}.</b> {said}</p>\n", words.error)
}

/// The question after the end, once nobody owes an answer any more. What was said before stands in it, and can be changed.
fn rating_form(
    shown: &Shown,
    view: View,
    form: &str,
    draft: Option<RatingDraft<'_>>,
    words: &Words,
) -> String {
    if matches!(shown.standing, Standing::Closed { awaits_office: true, .. }) {
        return String::new();
    }
    let known = shown.rating.as_ref().map(|rating| RatingDraft {
        answer: Some(rating.answer),
        comment: rating.comment.as_deref().unwrap_or_default(),
        trouble: None,
    });
    let RatingDraft { answer, comment, trouble } = draft.or(known).unwrap_or_default();
    let said = match trouble {
        Some(RatingTrouble::NoAnswer) => alarm(words.rate_choose, words),
        Some(RatingTrouble::TooLong) => {
            alarm(&fill(words.rate_too_long, &[&MAX_COMMENT_CHARS.to_string()]), words)
        }
        None if known.is_some() => format!("<p role=\"status\"><b>{}</b></p>\n", words.rate_thanks),
        None => String::new(),
    };
    let (lacks_answer, is_too_long) =
        (trouble == Some(RatingTrouble::NoAnswer), trouble == Some(RatingTrouble::TooLong));
    let mut html = format!(
        "<section id=\"rating\" tabindex=\"-1\">\n{said}<form method=\"post\" action=\"{}\">{}\
         <fieldset{}>\n<legend>{}</legend>\n",
        escaped(&view.newest().still().address("/rating")),
        hidden("form", form),
        if lacks_answer { " aria-describedby=\"trouble\"" } else { "" },
        words.rate,
    );
    for (choice, name) in Answer::ALL.into_iter().zip([words.rate_yes, words.rate_partly, words.rate_no]) {
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
        words.rate_comment,
        fill(words.rate_hint, &[&MAX_COMMENT_CHARS.to_string()]),
        escaped(comment),
        words.rate_send,
    );
    html
}

fn end_of_page(view: View, form: &str, is_over: bool, words: &Words) -> String {
    let mut html = String::new();
    if !is_over {
        let _ = writeln!(
            html,
            "<p><a class=\"button quiet\" href=\"{}\">{}</a></p>",
            escaped(&view.newest().still().address("/end")),
            words.end
        );
    }
    html.push_str(&kept("", view.newest().still(), words));
    let _ = write!(
        html,
        "<section>\n<p>{}</p>\n<form method=\"post\" action=\"{}\">{}<button class=\"quiet\">{}</button></form>\n</section>\n",
        words.leave_hint,
        escaped(&view.newest().still().address("/leave")),
        hidden("form", form),
        words.leave,
    );
    html
}

/// The ways to keep a conversation that is found below an address.
fn kept(below: &str, view: View, words: &Words) -> String {
    let address = |format: &str| {
        escaped(&view.address_with(&format!("{below}/transcript"), Some(("format", format.into()))))
    };
    format!(
        "<section>\n<h2>{}</h2>\n<ul class=\"kept\">\n<li><a href=\"{}\">{}</a></li>\n<li><a href=\"{}\">{}</a></li>\n</ul>\n\
         </section>\n",
        words.keep,
        address("html"),
        words.keep_page,
        address("text"),
        words.keep_text,
    )
}

fn elsewhere(channels: &[Channel], words: &Words) -> String {
    let mut html = format!("<section>\n<h2>{}</h2>\n<ul class=\"channels\">\n", words.channels);
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

fn foot(links: &Links, words: &Words) -> String {
    let Links { privacy, accessibility, feedback, source } = links;
    let all = [
        (privacy, words.privacy),
        (accessibility, words.accessibility),
        (feedback, words.feedback),
        (source, words.source),
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
        format!("<footer>\n<nav aria-label=\"{}\">\n<ul>\n{listed}</ul>\n</nav>\n</footer>\n", words.about)
    };
    format!("</main>\n{footer}</body>\n</html>\n")
}

/// Positions up to ten are exact, so that nine may be before somebody for sure.
const EXACT_UP_TO: u32 = 10;

#[cfg(test)]
mod tests;
