// SPDX-License-Identifier: EUPL-1.2
//! The page of the data protection officer: what the rules erase tonight, one person by the claims of their portal, the holds, and
//! the proofs of erasures.
//!
//! What is typed about a person is in this tab's memory alone, and goes once it was acted on: it names somebody.

use infocig_protocol::{
    data_protection::{AboutPerson, DueTonight, ErasureProof, Hold},
    person::Category,
};
use leptos::prelude::*;

use super::{reports::Loading, rules::RulesError};

/// Something that the officer does. One act is under way at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProtectionAct {
    Export,
    Hold,
    Erase,
    Release,
}

/// The state of the newest act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActProgress {
    Sending,
    Done,
    Failed(RulesError),
}

/// A person, as they are typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonForm {
    pub issuer: String,
    pub person: String,
    pub category: Category,
    pub actor: String,
    pub represented: String,
    pub reason: String,
    /// Whether somebody has tried to act: what is missing shows from then on.
    pub tried: bool,
}

/// A field that must be filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Required {
    Issuer,
    Person,
    Reason,
}

impl Default for PersonForm {
    fn default() -> Self {
        Self {
            issuer: String::new(),
            person: String::new(),
            category: Category::Lavoratore,
            actor: String::new(),
            represented: String::new(),
            reason: String::new(),
            tried: false,
        }
    }
}

impl PersonForm {
    /// The fields that must be filled and are not, in their order.
    pub fn missing(&self) -> Vec<Required> {
        let fields = [
            (&self.issuer, Required::Issuer),
            (&self.person, Required::Person),
            (&self.reason, Required::Reason),
        ];
        fields.into_iter().filter(|(text, _)| text.trim().is_empty()).map(|(_, field)| field).collect()
    }

    /// The person and the reason; `None` while something is missing.
    pub fn about(&self) -> Option<AboutPerson> {
        let said = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Some(AboutPerson {
            issuer: said(&self.issuer)?,
            person: said(&self.person)?,
            category: Some(self.category),
            actor: said(&self.actor),
            represented: said(&self.represented),
            reason: said(&self.reason)?,
        })
    }
}

/// A hold that is about to be released, with the reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Releasing {
    pub id: String,
    pub reason: String,
    /// Whether somebody has tried it without a reason.
    pub tried: bool,
}

/// The holds, oldest first, and the proofs, newest first.
pub type Records = (Vec<Hold>, Vec<ErasureProof>);

/// The signals of the page.
#[derive(Clone, Copy, Debug)]
pub struct DataProtectionState {
    pub due: RwSignal<Loading<DueTonight>>,
    pub records: RwSignal<Loading<Records>>,
    pub form: RwSignal<PersonForm>,
    /// Whether the form's person is asked about once more before they are erased.
    pub confirming: RwSignal<bool>,
    pub act: RwSignal<Option<(ProtectionAct, ActProgress)>>,
    /// The proof of the erasure that was done last.
    pub proof: RwSignal<Option<ErasureProof>>,
    pub releasing: RwSignal<Option<Releasing>>,
}

impl DataProtectionState {
    pub(super) fn new() -> Self {
        Self {
            due: RwSignal::new(Loading::default()),
            records: RwSignal::new(Loading::default()),
            form: RwSignal::new(PersonForm::default()),
            confirming: RwSignal::new(false),
            act: RwSignal::new(None),
            proof: RwSignal::new(None),
            releasing: RwSignal::new(None),
        }
    }

    pub(super) fn clear(self) {
        self.due.set(Loading::default());
        self.records.set(Loading::default());
        self.form.set(PersonForm::default());
        self.confirming.set(false);
        self.act.set(None);
        self.proof.set(None);
        self.releasing.set(None);
    }

    /// Changes what is typed. Another person or reason is asked about anew.
    pub fn edit(self, change: impl FnOnce(&mut PersonForm)) {
        self.confirming.set(false);
        self.form.update(change);
    }

    /// Whether an act is under way, untracked.
    pub fn is_busy(self) -> bool {
        matches!(self.act.get_untracked(), Some((_, ActProgress::Sending)))
    }

    /// Begins an act. `false` while another one is under way.
    pub fn begin(self, act: ProtectionAct) -> bool {
        if self.is_busy() {
            return false;
        }
        self.act.set(Some((act, ActProgress::Sending)));
        true
    }

    /// The person of the form, to be acted on; `None` while something is missing, which shows from then on.
    pub fn chosen(self) -> Option<AboutPerson> {
        self.form.update(|form| form.tried = true);
        self.form.with_untracked(PersonForm::about)
    }

    /// Asks once more before the form's person is erased.
    pub fn ask_to_erase(self) {
        if self.chosen().is_some() && !self.is_busy() {
            self.proof.set(None);
            self.act.set(None);
            self.confirming.set(true);
        }
    }

    /// An act was done, or failed. The person is taken off the screen with what was done to them for good.
    pub fn acted(self, act: ProtectionAct, outcome: Result<Option<ErasureProof>, RulesError>) {
        let progress = match outcome {
            Err(error) => ActProgress::Failed(error),
            Ok(proof) => {
                match act {
                    ProtectionAct::Export => {}
                    ProtectionAct::Hold => self.form.set(PersonForm::default()),
                    ProtectionAct::Release => self.releasing.set(None),
                    ProtectionAct::Erase => {
                        self.form.set(PersonForm::default());
                        self.proof.set(proof);
                    }
                }
                ActProgress::Done
            }
        };
        self.confirming.set(false);
        self.act.set(Some((act, progress)));
    }
}

/// Whether nothing was erased: an id may have been mistyped.
pub const fn is_of_nothing(proof: &ErasureProof) -> bool {
    let ErasureProof { conversations, comments, segnalazioni, register_links, .. } = proof;
    *conversations == 0 && *comments == 0 && *segnalazioni == 0 && *register_links == 0
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{problem::Code, time::Timestamp};

    use super::*;

    fn typed() -> PersonForm {
        PersonForm {
            issuer: " https://portale.example ".into(),
            person: "p-1".into(),
            reason: "Art. 17".into(),
            ..PersonForm::default()
        }
    }

    fn proof() -> ErasureProof {
        ErasureProof {
            id: "e1".into(),
            at: Timestamp::from_millis(1),
            conversations: 2,
            comments: 1,
            segnalazioni: 0,
            register_links: 2,
            hash: "00".into(),
        }
    }

    #[test]
    fn a_person_is_named_by_portal_and_id_with_a_reason() {
        assert_eq!(PersonForm::default().missing(), [Required::Issuer, Required::Person, Required::Reason]);
        assert_eq!(PersonForm { reason: " ".into(), ..typed() }.missing(), [Required::Reason]);
        let about = typed().about().unwrap();
        assert_eq!((about.issuer.as_str(), about.actor), ("https://portale.example", None));
    }

    #[test]
    fn an_erasure_is_asked_about_once_more_and_anew_when_the_person_changes() {
        let owner = Owner::new();
        owner.with(|| {
            let state = DataProtectionState::new();
            state.ask_to_erase();
            assert!(!state.confirming.get_untracked() && state.form.get_untracked().tried);
            state.edit(|form| *form = typed());
            state.ask_to_erase();
            assert!(state.confirming.get_untracked());
            state.edit(|form| form.person = "p-2".into());
            assert!(!state.confirming.get_untracked());
        });
    }

    #[test]
    fn the_person_goes_from_the_screen_with_their_erasure_and_stays_where_it_failed() {
        let owner = Owner::new();
        owner.with(|| {
            let state = DataProtectionState::new();
            state.edit(|form| *form = typed());
            assert!(state.begin(ProtectionAct::Erase) && !state.begin(ProtectionAct::Hold));
            state.acted(ProtectionAct::Erase, Err(RulesError::Refused(Code::NotErased)));
            assert_eq!(state.form.get_untracked(), typed());
            assert!(state.begin(ProtectionAct::Erase));
            state.acted(ProtectionAct::Erase, Ok(Some(proof())));
            assert_eq!(
                (state.form.get_untracked(), state.proof.get_untracked()),
                (PersonForm::default(), Some(proof()))
            );
        });
    }
}
