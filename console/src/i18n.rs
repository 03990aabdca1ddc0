// SPDX-License-Identifier: EUPL-1.2
//! The texts of the current language, and the language that was requested and is not current yet.
//!
//! The language changes as a whole, and only in [`I18n::apply_loaded`]: views read the texts once, when they are made, and are
//! made anew in another language. Of several requests the last one counts.

use std::rc::Rc;

use infocig_client::words::Words;
use infocig_protocol::language::Language;
use leptos::prelude::*;

/// A handle that event handlers can copy. It lives as long as the owner it was made under.
#[derive(Clone, Copy, Debug)]
pub struct I18n {
    words: RwSignal<Rc<Words>, LocalStorage>,
    requested: RwSignal<RequestedLanguage, LocalStorage>,
}

/// The newest request for a language.
#[derive(Clone, Debug)]
enum RequestedLanguage {
    None,
    Loading(Language),
    Loaded(Rc<Words>),
    Failed(Language),
}

impl I18n {
    /// Begins with the texts of one language.
    pub fn new(words: Words) -> Self {
        Self {
            words: RwSignal::new_local(Rc::new(words)),
            requested: RwSignal::new_local(RequestedLanguage::None),
        }
    }

    /// The texts, untracked: for views, which are made anew when the language changes.
    pub fn words(self) -> Rc<Words> {
        self.words.get_untracked()
    }

    /// The texts, tracked: for effects that outlive a change of the language.
    pub fn current(self) -> Rc<Words> {
        self.words.get()
    }

    /// A text.
    pub fn text(self, key: &str) -> String {
        self.words.with_untracked(|words| words.text(key))
    }

    /// A text with values in its places.
    pub fn fill(self, key: &str, values: &[(&str, &str)]) -> String {
        self.words.with_untracked(|words| words.fill(key, values))
    }

    /// The requested language, else the current one.
    pub fn chosen(self) -> Language {
        let spoken = self.words.with(|words| words.language());
        self.requested.with(|requested| match requested {
            RequestedLanguage::Loading(language) => *language,
            RequestedLanguage::Loaded(words) => words.language(),
            RequestedLanguage::None | RequestedLanguage::Failed(_) => spoken,
        })
    }

    /// The requested language if its texts could not be loaded.
    pub fn failed(self) -> Option<Language> {
        self.requested.with(|requested| match requested {
            RequestedLanguage::Failed(language) => Some(*language),
            RequestedLanguage::None | RequestedLanguage::Loading(_) | RequestedLanguage::Loaded(_) => None,
        })
    }

    /// Requests a language. `true` if its texts must be loaded.
    pub fn request(self, language: Language) -> bool {
        let spoken = self.words().language() == language;
        self.requested.set(if spoken {
            RequestedLanguage::None
        } else {
            RequestedLanguage::Loading(language)
        });
        !spoken
    }

    /// The texts of a language were loaded, or could not be. Ignored if another one was requested meanwhile.
    pub fn loaded(self, language: Language, words: Option<Words>) {
        if matches!(self.requested.get_untracked(), RequestedLanguage::Loading(wanted) if wanted == language)
        {
            self.requested.set(words.map_or(RequestedLanguage::Failed(language), |words| {
                RequestedLanguage::Loaded(Rc::new(words))
            }));
        }
    }

    /// Whether the texts of another language are loaded and not current yet.
    pub fn is_ready(self) -> bool {
        self.requested.with(|requested| matches!(requested, RequestedLanguage::Loaded(_)))
    }

    /// Makes the loaded texts current. Returns their language, if there are any.
    pub fn apply_loaded(self) -> Option<Language> {
        let RequestedLanguage::Loaded(words) = self.requested.get_untracked() else { return None };
        let language = words.language();
        self.requested.set(RequestedLanguage::None);
        self.words.set(words);
        Some(language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_current_once_its_texts_are_loaded_and_applied() {
        owned(|i18n| {
            assert!(i18n.request(Language::De));
            assert_eq!((i18n.chosen(), i18n.is_ready()), (Language::De, false));
            i18n.loaded(Language::De, words(Language::De));
            assert!(i18n.is_ready());
            assert_eq!(i18n.text("a.b"), "it");

            assert_eq!(i18n.apply_loaded(), Some(Language::De));
            assert_eq!(i18n.text("a.b"), "de");
            assert_eq!(i18n.apply_loaded(), None);
        });
    }

    #[test]
    fn the_last_requested_language_counts_whichever_loads_first() {
        owned(|i18n| {
            i18n.request(Language::De);
            i18n.request(Language::Fr);
            i18n.loaded(Language::De, words(Language::De));
            assert!(!i18n.is_ready());
            i18n.loaded(Language::Fr, words(Language::Fr));
            assert_eq!(i18n.apply_loaded(), Some(Language::Fr));

            i18n.request(Language::Sl);
            assert!(!i18n.request(Language::Fr), "it is spoken already");
            i18n.loaded(Language::Sl, words(Language::Sl));
            assert_eq!((i18n.chosen(), i18n.apply_loaded()), (Language::Fr, None));
        });
    }

    #[test]
    fn texts_that_fail_to_load_leave_the_language_and_can_be_requested_again() {
        owned(|i18n| {
            i18n.request(Language::En);
            i18n.loaded(Language::En, None);
            assert_eq!((i18n.chosen(), i18n.failed()), (Language::It, Some(Language::En)));
            assert!(i18n.request(Language::En));
            assert_eq!(i18n.failed(), None);
        });
    }

    fn words(language: Language) -> Option<Words> {
        Words::read(language, &format!(r#"{{"a.b": "{}"}}"#, language.as_str()))
    }

    fn owned(test: impl FnOnce(I18n)) {
        Owner::new().with(|| test(I18n::new(words(Language::It).unwrap())));
    }
}
