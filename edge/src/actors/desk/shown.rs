// SPDX-License-Identifier: EUPL-1.2
//! The pictures that the links of advisors show, to compute the next delta from. Equal cards of waiting conversations are held
//! once, however many advisors they are shown to: memory grows with the queue plus the advisors, not with their product.

use std::{collections::BTreeMap, rc::Rc};

use infocig_protocol::{
    desk::{AssignedConversation, DeskPicture, WaitingConversation},
    id::{AdvisorId, ConversationId},
};

/// The picture of each advisor who is connected.
#[derive(Default)]
pub(super) struct ShownPictures {
    by_advisor: BTreeMap<AdvisorId, Shown>,
    cards: BTreeMap<ConversationId, Vec<Rc<WaitingConversation>>>,
}

struct Shown {
    /// The picture without its waiting conversations.
    rest: DeskPicture,
    waiting: Vec<Rc<WaitingConversation>>,
}

impl ShownPictures {
    /// The picture an advisor's links show.
    pub(super) fn of(&self, advisor: &AdvisorId) -> Option<DeskPicture> {
        let Shown { rest, waiting } = self.by_advisor.get(advisor)?;
        let waiting = waiting.iter().map(|card| WaitingConversation::clone(card)).collect();
        Some(DeskPicture { waiting, ..rest.clone() })
    }

    /// The advisor's own conversations in that picture.
    pub(super) fn own(&self, advisor: &AdvisorId) -> &[AssignedConversation] {
        self.by_advisor.get(advisor).map_or(&[], |shown| &shown.rest.mine)
    }

    /// The advisor's links show this picture from now on.
    pub(super) fn insert(&mut self, advisor: AdvisorId, picture: DeskPicture) {
        let DeskPicture { presence, waiting, mine, colleagues } = picture;
        let waiting = waiting.into_iter().map(|card| self.shared(card)).collect();
        let rest = DeskPicture { presence, waiting: Vec::new(), mine, colleagues };
        self.by_advisor.insert(advisor, Shown { rest, waiting });
        self.drop_unused();
    }

    /// The advisor has no link any more.
    pub(super) fn remove(&mut self, advisor: &AdvisorId) {
        self.by_advisor.remove(advisor);
        self.drop_unused();
    }

    fn shared(&mut self, card: WaitingConversation) -> Rc<WaitingConversation> {
        let variants = self.cards.entry(card.conversation.clone()).or_default();
        if let Some(known) = variants.iter().find(|known| ***known == card) {
            return Rc::clone(known);
        }
        let card = Rc::new(card);
        variants.push(Rc::clone(&card));
        card
    }

    fn drop_unused(&mut self) {
        self.cards.retain(|_, variants| {
            variants.retain(|card| Rc::strong_count(card) > 1);
            !variants.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{
        desk::{Fit, Presence},
        language::Language,
        person::{Category, Credential, PersonCard},
        time::Timestamp,
    };

    use super::*;

    #[test]
    fn a_card_is_held_once_for_all_advisors_and_goes_with_its_last_reader() {
        let mut shown = ShownPictures::default();
        let waiting: Vec<_> = (1..=20).map(card).collect();
        for advisor in 0..60 {
            shown.insert(name(advisor), picture(waiting.clone()));
        }
        assert_eq!(held(&shown), 20);
        assert_eq!(shown.of(&name(7)), Some(picture(waiting.clone())));

        let otherwise = WaitingConversation { returned: true, ..card(1) };
        shown.insert(name(7), picture([vec![otherwise], waiting[1..].to_vec()].concat()));
        assert_eq!(held(&shown), 21, "one advisor is shown the first otherwise");
        for advisor in 0..60 {
            shown.insert(name(advisor), picture(waiting[10..].to_vec()));
        }
        assert_eq!(held(&shown), 10);
        for advisor in 0..60 {
            shown.remove(&name(advisor));
        }
        assert_eq!((held(&shown), shown.of(&name(7))), (0, None));
    }

    fn held(shown: &ShownPictures) -> usize {
        shown.cards.values().map(Vec::len).sum()
    }

    fn picture(waiting: Vec<WaitingConversation>) -> DeskPicture {
        DeskPicture { presence: Presence::Available, waiting, mine: Vec::new(), colleagues: Vec::new() }
    }

    fn name(advisor: u32) -> AdvisorId {
        AdvisorId::parse(format!("adv-{advisor}")).unwrap()
    }

    fn card(ordinal: u32) -> WaitingConversation {
        let person = PersonCard {
            name: "Persona Di Prova".into(),
            category: Category::Lavoratore,
            province: "058".into(),
            province_name: "Roma".into(),
            credential: Credential::SpidL2,
            acting_for: None,
            language: Language::It,
            entry_point: None,
            about: None,
            question: None,
        };
        WaitingConversation {
            conversation: ConversationId::of(&"0f".repeat(32), ordinal).unwrap(),
            since: Timestamp::from_millis(i64::from(ordinal)),
            queue: None,
            person,
            returned: false,
            priority: None,
            fit: Fit::Nobody {},
        }
    }
}
