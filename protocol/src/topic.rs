// SPDX-License-Identifier: EUPL-1.2
//! The topic of a conversation: a path through the tree of topics of the policy.

/// The ids of the three levels of a topic (*tripletta*), from the widest.
pub type TopicPath = [String; 3];
