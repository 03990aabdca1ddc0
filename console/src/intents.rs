// SPDX-License-Identifier: EUPL-1.2
//! The actions of an advisor that reach the service or the device's storage.
//!
//! Views call them on [`Intents`], a `Copy` handle from the context; the controller (`console`) implements the traits. Neither
//! knows the other: both depend on this module and on [`state`](crate::state). Each action is declared once, below. After the
//! console is unmounted a call does nothing.

use std::rc::Rc;

use infocig_protocol::{
    desk::{BlockDraft, HoldDraft, Presence, TransferTo, WaitingConversation},
    id::{AdvisorId, CaseId, ConversationId, MessageId, QueueId},
    language::Language,
    segnalazione::SegnalazioneDraft,
};
use leptos::prelude::*;

use crate::state::{
    Conversation,
    offer::Offer,
    preferences::Preferences,
    reports::{AuditFile, CommentFilter, Page},
    topics::TopicChoice,
};

/// Everything a controller must implement.
pub(crate) trait Controller:
    DeskIntents
    + ConversationIntents
    + CallIntents
    + CaseIntents
    + SuggestionIntents
    + ForwardIntents
    + SupervisionIntents
    + ReportIntents
    + RulesIntents
    + DataProtectionIntents
    + PreferenceIntents
{
}

impl<T> Controller for T where
    T: DeskIntents
        + ConversationIntents
        + CallIntents
        + CaseIntents
        + SuggestionIntents
        + ForwardIntents
        + SupervisionIntents
        + ReportIntents
        + RulesIntents
        + DataProtectionIntents
        + PreferenceIntents
{
}

/// A handle on the controller. It belongs to the owner it was made under.
#[derive(Clone, Copy)]
pub(crate) struct Intents(StoredValue<Rc<dyn Controller>, LocalStorage>);

impl Intents {
    pub(crate) fn new(controller: Rc<dyn Controller>) -> Self {
        Self(StoredValue::new_local(controller))
    }
}

/// Declares a trait, and a method of [`Intents`] for each of its methods.
/// Where a conversation is transferred to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Back into its queue.
    Queue,
    /// Another queue, by id and name.
    OtherQueue(QueueId, String),
    /// A colleague, by id and name.
    Colleague(AdvisorId, String),
}

macro_rules! intents {
    (
        $(#[$trait_doc:meta])*
        trait $trait:ident {
            $($(#[$doc:meta])* fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?;)*
        }
    ) => {
        $(#[$trait_doc])*
        pub(crate) trait $trait {
            $($(#[$doc])* fn $name(&self, $($argument: $type),*) $(-> $result)?;)*
        }

        impl Intents {
            $(
                $(#[$doc])*
                pub(crate) fn $name(self, $($argument: $type),*) $(-> $result)? {
                    self.0.try_with_value(|controller| controller.$name($($argument),*)).unwrap_or_default()
                }
            )*
        }
    };
}

intents! {
    /// Requests to the desk. The desk decides: its next picture shows the effect.
    trait DeskIntents {
        /// Requests a presence.
        fn set_presence(presence: Presence);
        /// Takes a waiting conversation.
        fn take(waiting: &WaitingConversation);
        /// Accepts an offer.
        fn accept(offer: &Offer);
        /// Declines an offer.
        fn decline(offer: &Offer);
        /// Transfers a conversation, and adds a note.
        fn transfer(id: &ConversationId, to: Target, note: String);
        /// Withdraws a transfer that the colleague has not accepted.
        fn retract(id: &ConversationId);
        /// Asks a colleague to join, by id and name.
        fn invite(id: &ConversationId, advisor: AdvisorId, name: String);
        /// Warns the person of a conversation.
        fn warn(id: &ConversationId);
        /// Puts a conversation on hold.
        fn hold(id: &ConversationId, hold: HoldDraft);
        /// Takes a conversation off hold.
        fn resume(id: &ConversationId);
        /// Stops helping.
        fn leave(id: &ConversationId);
        /// Changes the topic and the outcome for the end of a conversation.
        fn choose_topic(conversation: &Conversation, choice: TopicChoice);
        /// Sends the quick reply in the form of one's own ones, unless it has an error.
        fn keep_reply();
        /// Throws one of them away, by id.
        fn drop_reply(id: String);
        /// Ends a conversation, or frees the place of one that has ended. `false` if its topic or outcome is missing.
        fn close(conversation: &Conversation) -> bool;
        /// Changes the note in the form.
        fn write_note(conversation: &Conversation, draft: String);
        /// Sends the note in the form.
        fn send_note(conversation: &Conversation);
    }
}

intents! {
    /// Actions over the link of a conversation.
    trait ConversationIntents {
        /// Changes the draft, and tells the other side that the advisor is typing.
        fn write(conversation: &Conversation, draft: String);
        /// Sends the draft.
        fn send(conversation: &Conversation);
        /// Sends a text, whatever the draft is.
        fn say(conversation: &Conversation, text: String);
        /// Requests the entries before the ones that are here.
        fn request_older_entries(conversation: &Conversation);
        /// Opens one of the person's earlier conversations, or closes it.
        fn toggle_history(conversation: &Conversation, id: &ConversationId);
        /// Requests the previous page of the earlier conversation that is open.
        fn more_history(conversation: &Conversation);
        /// Takes a conversation that is over off the list.
        fn dismiss(conversation: &ConversationId);
    }
}

intents! {
    /// A call with the person of a conversation, from this device.
    trait CallIntents {
        /// Asks the person to talk.
        fn offer_call(id: &ConversationId);
        /// Says yes to a person who asks.
        fn accept_call(id: &ConversationId);
        /// Says no to a person who asks.
        fn decline_call(id: &ConversationId);
        /// Goes on with the call here instead of on another device.
        fn take_call(id: &ConversationId);
        /// Hangs up, or takes the offer back.
        fn leave_call(id: &ConversationId);
        /// Switches the microphone off, or on again.
        fn mute_call(id: &ConversationId, muted: bool);
        /// Switches the advisor's real-time text on or off.
        fn switch_text(id: &ConversationId, on: bool);
        /// The advisor's line of real-time text is this now.
        fn write_text(id: &ConversationId, line: &str);
        /// Ends the advisor's line of real-time text.
        fn end_text_line(id: &ConversationId);
    }
}

intents! {
    /// The person's cases, over HTTP.
    trait CaseIntents {
        /// Opens the cases, or closes them. The first time they are requested.
        fn toggle_cases(conversation: &Conversation);
        /// Requests the cases.
        fn request_cases(conversation: &Conversation);
        /// Shows the person one of their cases.
        fn share(conversation: &Conversation, case: &CaseId);
    }
}

intents! {
    /// Suggestions of the automatic assistant, over HTTP.
    trait SuggestionIntents {
        /// Opens the panel, and asks the newest message of the person unless it was answered. Does nothing without a message.
        fn open_suggestions(conversation: &Conversation);
        /// Asks the newest message of the person.
        fn request_suggestions(conversation: &Conversation);
        /// Sends the answer that is being proposed for the assistant.
        fn propose_answer(conversation: &Conversation);
    }
}

intents! {
    /// Segnalazioni: the form of one, and the delivery of all of them for supervisors.
    trait ForwardIntents {
        /// Opens the form, prefilled or as it was left.
        fn begin_forward(conversation: &Conversation);
        /// Changes the draft.
        fn write_forward(conversation: &Conversation, draft: SegnalazioneDraft);
        /// Replaces the draft by a prefilled one.
        fn discard_forward(conversation: &Conversation);
        /// Sends the draft. `false` if a field has an error.
        fn forward(conversation: &Conversation) -> bool;
        /// Requests the list of all segnalazioni.
        fn refresh_supervision();
        /// Requests the delivery of a stopped segnalazione again, by its key.
        fn retry_segnalazione(key: String);
    }
}

intents! {
    /// Acts of a supervisor on conversations of others. The desk decides.
    trait SupervisionIntents {
        /// Reads a conversation: opens it once the desk allows it.
        fn observe(id: &ConversationId);
        /// Reads and writes beside its advisor.
        fn join(id: &ConversationId);
        /// Answers it from here on.
        fn take_over(id: &ConversationId);
        /// Hands it to a colleague, or to the queue.
        fn reassign(id: &ConversationId, to: TransferTo);
        /// Ends it. `false` if its topic or outcome is missing, or without a connection.
        fn end(id: &ConversationId, choice: &TopicChoice) -> bool;
        /// Writes to its advisors alone. `false` if the text is empty or too long, or without a connection.
        fn whisper(id: &ConversationId, text: &str) -> bool;
        /// Ends it, and lets its person in again only after some hours.
        fn block(id: &ConversationId, block: BlockDraft);
        /// Lifts the block of its person.
        fn lift(id: &ConversationId, reason: String);
        /// Reads no more.
        fn stop_observing(id: &ConversationId);
    }
}

intents! {
    /// Reports, comments and the search, over HTTP.
    trait ReportIntents {
        /// Opens a page over the desk, or goes back to the desk. A page that is opened for the first time is requested.
        fn open_page(page: Option<Page>);
        /// Requests the chosen report.
        fn request_report();
        /// Saves the chosen report as CSV.
        fn save_report();
        /// Requests the comments that fit a filter.
        fn filter_comments(filter: CommentFilter);
        /// Shows the next comment; near the last one the page after is requested.
        fn next_comment();
        /// Marks the comment on screen as handled.
        fn handle_comment();
        /// Searches with the form.
        fn search();
        /// Requests the next page of conversations.
        fn search_more();
        /// Reads the audit trail with its form.
        fn read_audit();
        /// Requests the next page of the audit trail.
        fn read_more_audit();
        /// Saves the rows that fit the form as a file.
        fn save_audit(form: AuditFile);
    }
}

intents! {
    /// The rules, over HTTP: acts of administrators. The service decides.
    trait RulesIntents {
        /// Requests the newest versions.
        fn refresh_rules();
        /// Requests the page of older versions.
        fn more_versions();
        /// Closes the service as the form says.
        fn close_now();
        /// Ends what was closed at once.
        fn reopen();
        /// Puts the banner of the form up.
        fn announce();
        /// Takes the banner down.
        fn take_down();
        /// Approves the version of somebody else.
        fn approve(number: u32);
        /// Takes a version back.
        fn withdraw(number: u32);
        /// Asks what the draft would change.
        fn check_rules();
        /// Publishes or proposes the draft, as it was checked.
        fn publish_rules();
        /// Makes the draft one of the newest version, and shows what it would change there.
        fn compare_with_newest();
        /// Drops the draft for the newest version.
        fn discard_rules();
        /// Makes the document of a version the draft.
        fn resume_version(number: u32);
        /// Takes a proposed answer off the list: somebody has dealt with it.
        fn settle_answer(id: &MessageId);
        /// Shows what a version changed, or hides it.
        fn show_differences(number: Option<u32>);
    }
}

intents! {
    /// Data protection, over HTTP: acts of its officer. The service decides.
    trait DataProtectionIntents {
        /// Requests what is due, the holds and the proofs.
        fn refresh_protection();
        /// Saves everything about the person of the form, for programs and as a page in a language.
        fn export_person(language: Language);
        /// Keeps everything about the person of the form from being erased.
        fn hold_person();
        /// Erases the person of the form, once they were asked about.
        fn erase_person();
        /// Releases the hold that is about to be.
        fn release_hold();
        /// Saves the proofs as a file.
        fn save_proofs();
    }
}

intents! {
    /// Preferences of this device.
    trait PreferenceIntents {
        /// Stores the preferences. Asks for the browser's permission if notifications were switched on.
        fn set_preferences(preferences: Preferences);
        /// Changes the language once its texts are loaded.
        fn choose_language(language: Language);
        /// Plays the sound and shows a notification, as far as they are on.
        fn try_alerts();
    }
}
