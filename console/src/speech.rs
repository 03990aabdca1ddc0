// SPDX-License-Identifier: EUPL-1.2
//! The words the console speaks in, and the language somebody asked for whose words are not spoken yet.
//!
//! Words change as a whole, and only when [`Speech::take_up`] is called: views read them when they are drawn, and are drawn
//! anew in other words. Of several languages asked for one after another the last one counts.

use std::rc::Rc;

use infocig_client::words::Words;
use infocig_protocol::language::Language;
use leptos::prelude::*;

/// A handle that event handlers can copy. It lives as long as the owner it was made under.
#[derive(Clone, Copy, Debug)]
pub struct Speech {
    words: RwSignal<Rc<Words>, LocalStorage>,
    asked: RwSignal<Asked, LocalStorage>,
}

/// A language somebody asked for.
#[derive(Clone, Debug)]
enum Asked {
    Nothing,
    Coming(Language),
    Here(Rc<Words>),
    Missing(Language),
}

impl Speech {
    /// Speaks in these words.
    pub fn new(words: Words) -> Self {
        Self { words: RwSignal::new_local(Rc::new(words)), asked: RwSignal::new_local(Asked::Nothing) }
    }

    /// The words, for what is drawn anew when they change.
    pub fn words(self) -> Rc<Words> {
        self.words.get_untracked()
    }

    /// The words, for what goes on when they change.
    pub fn current(self) -> Rc<Words> {
        self.words.get()
    }

    /// A text.
    pub fn say(self, key: &str) -> String {
        self.words.with_untracked(|words| words.say(key))
    }

    /// A text with something in its places.
    pub fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        self.words.with_untracked(|words| words.fill(key, values))
    }

    /// The language that is asked for, else the one that is spoken.
    pub fn chosen(self) -> Language {
        let spoken = self.words.with(|words| words.language());
        self.asked.with(|asked| match asked {
            Asked::Coming(language) => *language,
            Asked::Here(words) => words.language(),
            Asked::Nothing | Asked::Missing(_) => spoken,
        })
    }

    /// The language whose words did not come.
    pub fn missing(self) -> Option<Language> {
        self.asked.with(|asked| match asked {
            Asked::Missing(language) => Some(*language),
            Asked::Nothing | Asked::Coming(_) | Asked::Here(_) => None,
        })
    }

    /// Somebody asks for a language. Says whether its words must be brought.
    pub fn ask(self, language: Language) -> bool {
        let spoken = self.words().language() == language;
        self.asked.set(if spoken { Asked::Nothing } else { Asked::Coming(language) });
        !spoken
    }

    /// The words of a language came, or did not. Nobody may want them any more.
    pub fn came(self, language: Language, words: Option<Words>) {
        if matches!(self.asked.get_untracked(), Asked::Coming(wanted) if wanted == language) {
            self.asked.set(words.map_or(Asked::Missing(language), |words| Asked::Here(Rc::new(words))));
        }
    }

    /// Whether other words are here to be spoken in.
    pub fn is_ready(self) -> bool {
        self.asked.with(|asked| matches!(asked, Asked::Here(_)))
    }

    /// Speaks in the words that are here from now on. Says in which language, if there are any.
    pub fn take_up(self) -> Option<Language> {
        let Asked::Here(words) = self.asked.get_untracked() else { return None };
        let language = words.language();
        self.asked.set(Asked::Nothing);
        self.words.set(words);
        Some(language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_language_is_spoken_once_its_words_are_here_and_taken_up() {
        owned(|speech| {
            assert!(speech.ask(Language::De));
            assert_eq!((speech.chosen(), speech.is_ready()), (Language::De, false));
            speech.came(Language::De, words(Language::De));
            assert!(speech.is_ready());
            assert_eq!(speech.say("a.b"), "it");

            assert_eq!(speech.take_up(), Some(Language::De));
            assert_eq!(speech.say("a.b"), "de");
            assert_eq!(speech.take_up(), None);
        });
    }

    #[test]
    fn the_last_language_asked_for_counts_whatever_comes_first() {
        owned(|speech| {
            speech.ask(Language::De);
            speech.ask(Language::Fr);
            speech.came(Language::De, words(Language::De));
            assert!(!speech.is_ready());
            speech.came(Language::Fr, words(Language::Fr));
            assert_eq!(speech.take_up(), Some(Language::Fr));

            speech.ask(Language::Sl);
            assert!(!speech.ask(Language::Fr), "it is spoken already");
            speech.came(Language::Sl, words(Language::Sl));
            assert_eq!((speech.chosen(), speech.take_up()), (Language::Fr, None));
        });
    }

    #[test]
    fn words_that_do_not_come_leave_the_language_as_it_was_and_may_be_asked_for_again() {
        owned(|speech| {
            speech.ask(Language::En);
            speech.came(Language::En, None);
            assert_eq!((speech.chosen(), speech.missing()), (Language::It, Some(Language::En)));
            assert!(speech.ask(Language::En));
            assert_eq!(speech.missing(), None);
        });
    }

    fn words(language: Language) -> Option<Words> {
        Words::read(language, &format!(r#"{{"a.b": "{}"}}"#, language.as_str()))
    }

    fn owned(test: impl FnOnce(Speech)) {
        Owner::new().with(|| test(Speech::new(words(Language::It).unwrap())));
    }
}
