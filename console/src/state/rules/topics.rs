// SPDX-License-Identifier: EUPL-1.2
//! The topics of closed conversations by form: a tree of names in the draft, of which one topic is added, renamed or taken away.
//!
//! A topic keeps its `id` when it is renamed: figures count it as the same one.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    document::{added, put_at, removed, rows},
    lists::free_id,
};

/// A topic of the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenTopic {
    /// Its place, from the top: the second topic of the first one is `[0, 1]`.
    pub place: Vec<usize>,
    pub name: String,
    /// The topics under it.
    pub topics: Vec<Self>,
}

/// A topic that is being written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TopicForm {
    pub target: TopicTarget,
    pub name: String,
    /// Whether somebody has tried to put it: errors show from then on.
    pub tried: bool,
}

/// What a form does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TopicTarget {
    /// Adds a topic under the one at a place; at the top for none.
    Under(Vec<usize>),
    /// Renames the one at a place.
    Rename(Vec<usize>),
}

impl Default for TopicTarget {
    fn default() -> Self {
        Self::Under(Vec::new())
    }
}

impl WrittenTopic {
    /// Whether advisors cannot choose it, for want of a topic under it.
    pub fn is_unfinished(&self) -> bool {
        self.may_have_others() && self.topics.is_empty()
    }

    /// Whether a topic may stand under it.
    pub fn may_have_others(&self) -> bool {
        self.place.len() < LEVELS
    }

    /// The topics under it, at any depth.
    pub fn under(&self) -> usize {
        self.topics.iter().map(|topic| 1 + topic.under()).sum()
    }
}

impl TopicForm {
    /// Whether it has no name.
    pub fn is_missing(&self) -> bool {
        self.name.trim().is_empty()
    }

    /// The draft with this topic; `None` without a name, or for a draft that is no JSON or lacks the place.
    pub fn put(&self, document: &str) -> Option<String> {
        if self.is_missing() {
            return None;
        }
        let name = Value::from(self.name.trim());
        match &self.target {
            TopicTarget::Rename(place) => {
                let _there = topic_at(&topics(document)?, place)?;
                let path = path_of(place);
                put_at(document, &[&strs(&path)[..], &["name"]].concat(), &name.to_string())
            }
            TopicTarget::Under(place) => {
                let path = path_of(place);
                let list = [&strs(&path)[..], if place.is_empty() { &[] } else { &["topics"] }].concat();
                let taken: Vec<String> = rows(document, &list)?
                    .iter()
                    .filter_map(|row| row.value.get("id")?.as_str().map(str::to_string))
                    .collect();
                let id = Value::from(free_id(&self.name, "topic", &taken));
                added(document, &list, &format!("{{ \"id\": {id}, \"name\": {name} }}"))
            }
        }
    }

    pub(super) fn written(&self) -> Option<(String, String)> {
        let (word, place) = match &self.target {
            TopicTarget::Under(place) => ("under", place),
            TopicTarget::Rename(place) => ("rename", place),
        };
        (!self.is_missing()).then(|| ("topic".into(), format!("{word} {};{}", dotted(place), self.name)))
    }

    pub(super) fn restored(draft: &BTreeMap<String, String>) -> Self {
        let read = |text: &String| {
            let (target, name) = text.split_once(';')?;
            let (word, place) = target.split_once(' ')?;
            let place = place.split('.').filter(|index| !index.is_empty());
            let place = place.map(|index| index.parse().ok()).collect::<Option<_>>()?;
            let target =
                if word == "rename" { TopicTarget::Rename(place) } else { TopicTarget::Under(place) };
            Some(Self { target, name: name.into(), tried: false })
        };
        draft.get("topic").and_then(read).unwrap_or_default()
    }
}

/// The topics of a draft, in its order; `None` for a draft that is no JSON.
pub fn topics(document: &str) -> Option<Vec<WrittenTopic>> {
    let rows = rows(document, &TOPICS)?;
    let topics = rows.iter().enumerate().map(|(index, row)| written(&row.value, vec![index]));
    Some(topics.collect())
}

/// The topic at a place.
pub fn topic_at<'t>(topics: &'t [WrittenTopic], place: &[usize]) -> Option<&'t WrittenTopic> {
    let (first, rest) = place.split_first()?;
    let topic = topics.get(*first)?;
    if rest.is_empty() { Some(topic) } else { topic_at(&topic.topics, rest) }
}

/// The draft without a topic and those under it.
pub fn without_topic(document: &str, place: &[usize]) -> Option<String> {
    let (index, above) = place.split_last()?;
    let path = path_of(above);
    let list = [&strs(&path)[..], if above.is_empty() { &[] } else { &["topics"] }].concat();
    removed(document, &list, *index)
}

fn written(topic: &Value, place: Vec<usize>) -> WrittenTopic {
    let name = topic.get("name").and_then(Value::as_str).unwrap_or_default().into();
    let under = topic.get("topics").and_then(Value::as_array).into_iter().flatten().enumerate();
    let topics = under.map(|(index, topic)| written(topic, [&place[..], &[index]].concat())).collect();
    WrittenTopic { place, name, topics }
}

/// The path of the topic at a place, in the document.
fn path_of(place: &[usize]) -> Vec<String> {
    let mut path: Vec<String> = TOPICS.map(str::to_string).into();
    for (depth, index) in place.iter().enumerate() {
        if depth > 0 {
            path.push("topics".into());
        }
        path.push(index.to_string());
    }
    path
}

fn strs(path: &[String]) -> Vec<&str> {
    path.iter().map(String::as_str).collect()
}

fn dotted(place: &[usize]) -> String {
    place.iter().map(usize::to_string).collect::<Vec<_>>().join(".")
}

const TOPICS: [&str; 2] = ["desk", "topics"];
/// The levels of topics that a policy has.
const LEVELS: usize = 3;
