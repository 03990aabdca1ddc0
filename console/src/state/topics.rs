// SPDX-License-Identifier: EUPL-1.2
//! The topic of a conversation, in three levels, and its outcome. Only a complete choice can be sent.

use infocig_protocol::{desk::Topic, entry::Outcome, topic::TopicPath};

/// The levels and the outcome chosen so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TopicChoice {
    levels: [Option<String>; 3],
    pub outcome: Option<Outcome>,
}

impl TopicChoice {
    /// The choice of a path, as far as the tree has its topics. An empty level is not chosen.
    pub fn of(path: &TopicPath, tree: &[Topic]) -> Self {
        let mut choice = Self::default();
        for (level, id) in path.iter().enumerate() {
            if !choice.options(tree, level).iter().any(|topic| topic.id == *id) {
                break;
            }
            choice.choose(tree, level, id);
        }
        choice
    }

    /// A stored choice, as far as the tree still has its topics.
    pub fn restored(path: &TopicPath, outcome: Option<Outcome>, tree: &[Topic]) -> Self {
        Self { outcome, ..Self::of(path, tree) }
    }

    /// The ids of the three levels; empty where nothing is chosen.
    pub fn path(&self) -> TopicPath {
        self.levels.clone().map(Option::unwrap_or_default)
    }

    /// The topic chosen at a level, from 0.
    pub fn at(&self, level: usize) -> Option<&str> {
        self.levels.get(level)?.as_deref()
    }

    /// Chooses a topic at a level; an empty id takes the choice back. Below it nothing is chosen any more, except where
    /// there is only one.
    pub fn choose(&mut self, tree: &[Topic], level: usize, id: &str) {
        for (at, chosen) in self.levels.iter_mut().enumerate() {
            if at >= level {
                *chosen = None;
            }
        }
        if !self.options(tree, level).iter().any(|topic| topic.id == id) {
            return;
        }
        if let Some(chosen) = self.levels.get_mut(level) {
            *chosen = Some(id.to_string());
        }
        for below in level + 1..3 {
            let only = match self.options(tree, below) {
                [only] => only.id.clone(),
                _ => return,
            };
            if let Some(chosen) = self.levels.get_mut(below) {
                *chosen = Some(only);
            }
        }
    }

    /// The topics that can be chosen at a level, given the choices above it.
    pub fn options<'tree>(&self, tree: &'tree [Topic], level: usize) -> &'tree [Topic] {
        let mut options = tree;
        for chosen in self.levels.iter().take(level) {
            let found = options.iter().find(|topic| Some(topic.id.as_str()) == chosen.as_deref());
            options = found.map_or(&[], |topic| topic.topics.as_slice());
        }
        options
    }

    /// The complete choice; `None` while something is missing.
    pub fn whole(&self, tree: &[Topic]) -> Option<(TopicPath, Outcome)> {
        let [Some(first), Some(second), Some(third)] = &self.levels else { return None };
        let known = self.options(tree, 2).iter().any(|topic| topic.id == *third);
        let path = [first.clone(), second.clone(), third.clone()];
        known.then_some(path).zip(self.outcome)
    }

    /// The first missing part: a level from 0, or 3 for the outcome.
    pub fn missing(&self) -> Option<usize> {
        let level = self.levels.iter().position(Option::is_none);
        level.or_else(|| self.outcome.is_none().then_some(3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples::topics;

    #[test]
    fn a_stored_choice_is_restored_as_far_as_the_tree_has_it() {
        let tree = tree();
        let mut choice = TopicChoice { outcome: Some(Outcome::Online), ..TopicChoice::default() };
        choice.choose(&tree, 0, "pagamento");
        choice.choose(&tree, 1, "diretto");
        choice.choose(&tree, 2, "data");
        assert_eq!(TopicChoice::restored(&choice.path(), choice.outcome, &tree), choice);

        let [first, second, _] = choice.path();
        let changed = TopicChoice::restored(&[first, second, "gone".into()], choice.outcome, &tree);
        assert_eq!((changed.at(1), changed.at(2)), (Some("diretto"), None));
    }

    #[test]
    fn only_three_levels_and_an_outcome_are_whole() {
        let tree = tree();
        let mut choice = TopicChoice::default();
        assert_eq!((choice.missing(), choice.whole(&tree)), (Some(0), None));
        choice.choose(&tree, 0, "pagamento");
        choice.choose(&tree, 1, "diretto");
        choice.choose(&tree, 2, "data");
        assert_eq!((choice.missing(), choice.whole(&tree)), (Some(3), None));
        choice.outcome = Some(Outcome::Online);

        let path = ["pagamento", "diretto", "data"].map(String::from);
        assert_eq!((choice.missing(), choice.whole(&tree)), (None, Some((path, Outcome::Online))));
    }

    #[test]
    fn a_choice_above_clears_the_levels_below() {
        let tree = tree();
        let mut choice = TopicChoice::default();
        choice.choose(&tree, 0, "pagamento");
        choice.choose(&tree, 1, "diretto");
        choice.choose(&tree, 2, "data");
        choice.choose(&tree, 1, "conguaglio");
        assert_eq!(choice.at(2), Some("chiarimenti"), "the only one there is");
        choice.choose(&tree, 0, "");
        assert_eq!([choice.at(0), choice.at(1), choice.at(2)], [None; 3]);
    }

    #[test]
    fn a_topic_outside_the_tree_cannot_be_chosen() {
        let tree = tree();
        let mut choice = TopicChoice::default();
        choice.choose(&tree, 1, "diretto");
        assert_eq!(choice.at(1), None, "nothing is chosen above it");
        choice.choose(&tree, 0, "altro");
        assert_eq!(choice.at(0), None);
    }

    #[test]
    fn a_path_is_chosen_as_far_as_it_leads() {
        let tree = tree();
        let path = |levels: [&str; 3]| levels.map(String::from);
        for whole in [path(["pagamento", "diretto", "data"]), path(["pagamento", "", ""])] {
            assert_eq!(TopicChoice::of(&whole, &tree).path(), whole);
        }
        let lost = TopicChoice::of(&path(["pagamento", "abolito", "data"]), &tree);
        assert_eq!((lost.at(0), lost.at(1)), (Some("pagamento"), None));
    }

    #[test]
    fn a_policy_that_lost_a_topic_makes_the_choice_incomplete() {
        let mut choice = TopicChoice { outcome: Some(Outcome::Online), ..TopicChoice::default() };
        choice.choose(&tree(), 0, "servizio");
        assert!(choice.whole(&tree()).is_some());
        assert_eq!(choice.whole(&tree()[..1]), None);
    }

    fn tree() -> Vec<Topic> {
        topics()
    }
}
