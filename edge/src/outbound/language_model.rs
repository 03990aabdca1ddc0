// SPDX-License-Identifier: EUPL-1.2
//! The reader of a language model's answer, as `OpenAI` and many others write it.

use serde::Deserialize;

/// Most that is read of an answer, in bytes.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// What the model wrote; `None` if the answer has nothing of it, or it was cut off.
pub fn read(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Answer {
        choices: Vec<Choice>,
    }
    #[derive(Deserialize)]
    struct Choice {
        message: Message,
        finish_reason: Option<String>,
    }
    #[derive(Deserialize)]
    struct Message {
        content: Option<String>,
    }
    let Answer { choices } = serde_json::from_str(text).ok()?;
    let Choice { message, finish_reason } = choices.into_iter().next()?;
    message.content.filter(|_| finish_reason.is_none_or(|reason| reason == "stop"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_the_first_choice_are_taken_unless_they_were_cut_off() {
        let text = |reason| {
            format!(
                r#"{{"choices":[{{"message":{{"content":"x"}},"finish_reason":"{reason}"}}],"usage":{{}}}}"#
            )
        };
        assert_eq!(read(&text("stop")).as_deref(), Some("x"));
        assert_eq!(read(&text("length")), None);
        assert_eq!(read(r#"{"choices":[{"message":{"content":"x"}}]}"#).as_deref(), Some("x"));
        for text in
            ["", "data: {}", "{}", r#"{"choices":[]}"#, r#"{"choices":[{"message":{"content":null}}]}"#]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
