// SPDX-License-Identifier: EUPL-1.2
//! Quick replies that the advisor keeps for themselves, and the form of one.
//!
//! The desk keeps them: what is listed is what it said last. A form is emptied when the desk has shown its reply, so that nothing
//! is typed twice where a link is lost in between.

use infocig_protocol::{
    blank::is_blank,
    desk::{QuickReply, Translation},
    language::Language,
    limits::{MAX_OWN_REPLIES, MAX_REPLY_CHARS, MAX_REPLY_NAME_CHARS},
};
use leptos::prelude::*;

use super::rules::FiveTexts;

/// A quick reply that is being written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnReplyForm {
    /// The id of the reply: of one that is changed, or of a new one that was sent.
    pub id: Option<String>,
    pub name: String,
    pub texts: FiveTexts,
    /// Whether somebody has tried to keep it: errors show from then on.
    pub tried: bool,
    /// Whether it was sent, and the desk has not answered.
    pub sent: bool,
}

/// Why a form is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnReplyError {
    NoName,
    NoText,
    /// A text, by so many characters.
    TooLong(usize),
}

/// What became of the newest act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnReplyNews {
    Kept,
    Dropped,
    /// There is no link, or it was lost: nothing is known to be kept.
    NoLink,
    Refused,
}

/// The signals of one's own quick replies.
#[derive(Clone, Copy, Debug)]
pub struct OwnRepliesState {
    /// In the order in which they were first kept.
    pub kept: RwSignal<Vec<QuickReply>>,
    pub form: RwSignal<OwnReplyForm>,
    pub news: RwSignal<Option<OwnReplyNews>>,
}

impl OwnReplyForm {
    /// The form that changes a reply.
    pub fn of(reply: &QuickReply) -> Self {
        let mut texts = FiveTexts { it: reply.text.clone(), ..FiveTexts::default() };
        for one in &reply.translations {
            texts.of_mut(one.language).clone_from(&one.text);
        }
        Self { id: Some(reply.id.clone()), name: reply.name.clone(), texts, ..Self::default() }
    }

    /// The first thing that is missing or too long.
    pub fn error(&self) -> Option<OwnReplyError> {
        let longest = Language::ALL.into_iter().map(|one| self.texts.of(one).trim().chars().count()).max();
        let over = longest.and_then(|longest| longest.checked_sub(MAX_REPLY_CHARS)).filter(|over| *over > 0);
        if is_blank(&self.name) {
            Some(OwnReplyError::NoName)
        } else if is_blank(&self.texts.it) {
            Some(OwnReplyError::NoText)
        } else {
            over.map(OwnReplyError::TooLong)
        }
    }

    /// The reply to keep, under the form's id or else a new one; `None` with an error.
    pub fn reply(&self, new_id: String) -> Option<QuickReply> {
        if self.error().is_some() {
            return None;
        }
        let said = |language: Language| {
            let text = self.texts.of(language).trim();
            (language != Language::It && !is_blank(text))
                .then(|| Translation { language, text: text.to_string() })
        };
        Some(QuickReply {
            id: self.id.clone().unwrap_or(new_id),
            name: self.name.trim().chars().take(MAX_REPLY_NAME_CHARS).collect(),
            text: self.texts.it.trim().to_string(),
            translations: Language::ALL.into_iter().filter_map(said).collect(),
        })
    }
}

impl OwnRepliesState {
    pub(super) fn new() -> Self {
        Self {
            kept: RwSignal::new(Vec::new()),
            form: RwSignal::new(OwnReplyForm::default()),
            news: RwSignal::new(None),
        }
    }

    pub(super) fn clear(self) {
        self.kept.set(Vec::new());
        self.form.set(OwnReplyForm::default());
        self.news.set(None);
    }

    /// Whether another new one can be kept.
    pub fn has_room(self) -> bool {
        self.kept.with(|kept| kept.len() < MAX_OWN_REPLIES)
    }

    /// The form is sent, and the reply to send; `None` with an error.
    pub fn send(self, new_id: String) -> Option<QuickReply> {
        self.form.update(|form| form.tried = true);
        let reply = self.form.with_untracked(|form| form.reply(new_id))?;
        self.form.update(|form| {
            form.id = Some(reply.id.clone());
            form.sent = true;
        });
        Some(reply)
    }

    /// The desk's list.
    pub(super) fn apply(self, replies: Vec<QuickReply>) {
        let (id, sent) = self.form.with_untracked(|form| (form.id.clone(), form.sent));
        let dropped = replies.len() < self.kept.with_untracked(Vec::len);
        self.kept.set(replies);
        if sent && self.kept.with_untracked(|kept| kept.iter().any(|one| Some(&one.id) == id.as_ref())) {
            self.form.set(OwnReplyForm::default());
            self.news.set(Some(OwnReplyNews::Kept));
        } else if dropped {
            self.news.set(Some(OwnReplyNews::Dropped));
        }
    }

    /// The link was lost, or the desk refused something: a reply that was sent may not be kept.
    pub fn failed(self, news: OwnReplyNews) {
        if self.form.with_untracked(|form| form.sent) {
            self.form.update(|form| form.sent = false);
            self.news.set(Some(news));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_a_name_and_an_italian_text_and_other_languages_where_they_are_written() {
        let mut form = OwnReplyForm::default();
        assert_eq!((form.error(), form.reply("a".into())), (Some(OwnReplyError::NoName), None));
        form.name = " Ferie ".into();
        assert_eq!(form.error(), Some(OwnReplyError::NoText));
        form.texts.it = "Le ferie maturano. ".into();
        form.texts.de = "Urlaub".into();
        form.texts.sl = "\u{200b}".into();
        let reply = form.reply("a".into()).unwrap();
        assert_eq!((&*reply.id, &*reply.name, &*reply.text), ("a", "Ferie", "Le ferie maturano."));
        assert_eq!(reply.translations, [Translation { language: Language::De, text: "Urlaub".into() }]);
        let again = OwnReplyForm::of(&reply);
        assert_eq!(again.reply("b".into()), Some(reply));
        form.texts.en = "x".repeat(MAX_REPLY_CHARS + 2);
        assert_eq!(form.error(), Some(OwnReplyError::TooLong(2)));
    }

    #[test]
    fn a_form_is_emptied_once_the_desk_shows_its_reply_and_stays_where_a_link_is_lost() {
        Owner::new().with(|| {
            let state = OwnRepliesState::new();
            assert_eq!(state.send("a".into()), None);
            state.form.update(|form| (form.name, form.texts.it) = ("Ferie".into(), "Maturano.".into()));
            let reply = state.send("a".into()).unwrap();
            state.failed(OwnReplyNews::NoLink);
            assert_eq!(state.news.get(), Some(OwnReplyNews::NoLink));
            assert_eq!(state.send("b".into()).unwrap().id, "a", "sent again it is the same one");
            state.apply(vec![QuickReply { id: "c".into(), ..reply.clone() }]);
            assert!(state.form.get().sent);
            state.apply(vec![reply]);
            assert_eq!(
                (state.form.get(), state.news.get()),
                (OwnReplyForm::default(), Some(OwnReplyNews::Kept))
            );
            state.apply(Vec::new());
            assert_eq!(state.news.get(), Some(OwnReplyNews::Dropped));
            state.failed(OwnReplyNews::Refused);
            assert_eq!(state.news.get(), Some(OwnReplyNews::Dropped), "nothing was sent");
        });
    }
}
