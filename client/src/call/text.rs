// SPDX-License-Identifier: EUPL-1.2
//! Real-time text beside the voice of a call: each side reads what the other writes while it is written (EN 301 549, 6.2.1).
//! Pure: a driver sends the blocks over a data channel of the subprotocol `t140` (RFC 8865), and passes on what comes.
//!
//! - A block is text of ITU-T T.140: characters, U+0008 that erases the last one, U+2028 that ends a line. The first block of a side
//!   on a channel is U+FEFF: from then on the other side has a place for its text.
//! - What is written is sent at once, and then as the difference every [`SENT_EVERY_MS`], the default of RFC 8865, 4.2.2 and below
//!   the 500 ms of EN 301 549, 6.2.4.
//! - Text that is not sent, because there is no channel, waits for the next one. What a lost channel still had to bring is lost:
//!   the other side reads U+FFFD there, and the line that is being written comes again as a whole.
//! - Nothing is sent before its writer has switched it on, and nothing of it is kept: the texts are gone with the call.

use std::collections::VecDeque;

use crate::machine::Millis;

/// The longest line in characters. A longer one of the other side is broken.
pub const MAX_LINE_CHARS: usize = 500;
/// How many lines stay to be read; older ones are dropped.
pub const MAX_LINES: usize = 200;

/// An instruction to the driver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextCommand {
    /// Send a block over the channel.
    Send(String),
    /// Call [`RealTimeText::on_timeout`] at this time. It replaces the time of any earlier command.
    WakeAt(Millis),
    /// The texts have changed.
    Show(TextScene),
}

/// What an interface shows of the texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextScene {
    /// There is a channel: this side may switch its text on.
    pub available: bool,
    /// This side has switched it on.
    pub own: bool,
    /// The other side has switched it on in this call.
    pub other: bool,
    /// The lines that were ended, in their order.
    pub lines: Vec<TextLine>,
    /// The line that the other side is writing.
    pub other_writes: String,
}

impl TextScene {
    /// Whether there is anything to read or to write.
    pub const fn is_shown(&self) -> bool {
        self.own || self.other
    }
}

/// A line that was ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextLine {
    /// Its number in the call, which goes on over lines that were dropped.
    pub number: u64,
    /// Whether this side wrote it.
    pub own: bool,
    /// Its characters.
    pub text: String,
}

/// The texts of both sides of a call, for one device.
#[derive(Clone, Debug, Default)]
pub struct RealTimeText {
    scene: TextScene,
    /// The own line as it stands.
    writes: String,
    /// Own lines that were ended and not sent.
    ended: VecDeque<String>,
    /// What the other side has of the first line that is not sent.
    sent: String,
    /// This channel's first block was sent.
    introduced: bool,
    /// When a block may be sent next.
    free_at: Option<Millis>,
    lines: u64,
}

impl RealTimeText {
    /// The texts.
    pub const fn scene(&self) -> &TextScene {
        &self.scene
    }

    /// A channel is open, the first one or the next.
    pub fn on_open(&mut self, now: Millis) -> Vec<TextCommand> {
        let before = self.scene.clone();
        if before.other {
            self.scene.other_writes.push(LOSS);
            self.end_other_line();
        }
        self.scene.available = true;
        (self.introduced, self.free_at) = (false, None);
        self.sent.clear();
        self.settle(&before, now)
    }

    /// The channel is lost.
    pub fn on_close(&mut self) -> Vec<TextCommand> {
        let before = self.scene.clone();
        (self.scene.available, self.free_at) = (false, None);
        self.shown_since(&before)
    }

    /// Switches the own text on or off. The line that is being written ends with it.
    pub fn switch(&mut self, on: bool, now: Millis) -> Vec<TextCommand> {
        let before = self.scene.clone();
        if before.own && !on {
            self.end_own_line();
        }
        self.scene.own = on;
        self.settle(&before, now)
    }

    /// The own line is this now.
    pub fn write(&mut self, line: &str, now: Millis) -> Vec<TextCommand> {
        let before = self.scene.clone();
        if before.own {
            self.writes = line.chars().filter(|one| is_text(*one)).take(MAX_LINE_CHARS).collect();
        }
        self.settle(&before, now)
    }

    /// The own line is ended, and the next one begins.
    pub fn end_line(&mut self, now: Millis) -> Vec<TextCommand> {
        let before = self.scene.clone();
        self.end_own_line();
        self.settle(&before, now)
    }

    /// A block of the other side.
    pub fn on_block(&mut self, block: &str) -> Vec<TextCommand> {
        let before = self.scene.clone();
        self.scene.other = true;
        let mut characters = block.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                ERASE => drop(self.scene.other_writes.pop()),
                LINE_END => self.end_other_line(),
                '\r' => {
                    characters.next_if_eq(&'\n');
                    self.end_other_line();
                }
                character if !is_text(character) => {}
                character => {
                    if self.scene.other_writes.chars().count() >= MAX_LINE_CHARS {
                        self.end_other_line();
                    }
                    self.scene.other_writes.push(character);
                }
            }
        }
        self.shown_since(&before)
    }

    /// The time of [`TextCommand::WakeAt`] has come.
    pub fn on_timeout(&mut self, now: Millis) -> Vec<TextCommand> {
        let before = self.scene.clone();
        self.settle(&before, now)
    }

    fn end_own_line(&mut self) {
        let line = std::mem::take(&mut self.writes);
        if !line.is_empty() {
            self.keep(line.clone(), true);
            self.ended.push_back(line);
        }
    }

    fn end_other_line(&mut self) {
        let line = std::mem::take(&mut self.scene.other_writes);
        if !line.is_empty() {
            self.keep(line, false);
        }
    }

    fn keep(&mut self, text: String, own: bool) {
        self.lines += 1;
        self.scene.lines.push(TextLine { number: self.lines, own, text });
        let dropped = self.scene.lines.len().saturating_sub(MAX_LINES);
        self.scene.lines.drain(..dropped);
    }

    /// Sends what may be sent, or says when it may.
    fn settle(&mut self, before: &TextScene, now: Millis) -> Vec<TextCommand> {
        let mut commands = self.shown_since(before);
        if self.scene.available && !self.is_sent() {
            match self.free_at {
                Some(at) if at > now => commands.push(TextCommand::WakeAt(at)),
                Some(_) | None => {
                    commands.push(TextCommand::Send(self.block()));
                    self.free_at = Some(now + SENT_EVERY_MS);
                }
            }
        }
        commands
    }

    fn is_sent(&self) -> bool {
        (self.introduced || !self.scene.own) && self.ended.is_empty() && self.sent == self.writes
    }

    /// Everything that is not sent.
    fn block(&mut self) -> String {
        let mut block = String::new();
        if !self.introduced {
            self.introduced = true;
            block.push(START);
        }
        for line in self.ended.drain(..) {
            difference(&self.sent, &line, &mut block);
            block.push(LINE_END);
            self.sent.clear();
        }
        difference(&self.sent, &self.writes, &mut block);
        self.sent.clone_from(&self.writes);
        block
    }

    fn shown_since(&self, before: &TextScene) -> Vec<TextCommand> {
        if self.scene == *before { Vec::new() } else { vec![TextCommand::Show(self.scene.clone())] }
    }
}

/// Whether a character is one that is read, and none that stands for an act.
fn is_text(character: char) -> bool {
    !character.is_control() && character != LINE_END && character != START
}

/// Makes the one of the other: erases from the end what differs, and writes the rest.
fn difference(before: &str, after: &str, block: &mut String) {
    let same: usize = before
        .chars()
        .zip(after.chars())
        .take_while(|(one, other)| one == other)
        .map(|(one, _)| one.len_utf8())
        .sum();
    block.extend(
        before.chars().skip(before.get(..same).map_or(0, |start| start.chars().count())).map(|_| ERASE),
    );
    block.push_str(after.get(same..).unwrap_or_default());
}

/// "BS": the last character is erased.
const ERASE: char = '\u{8}';
/// "LINE SEPARATOR", T.140's preferred end of a line.
const LINE_END: char = '\u{2028}';
/// "ZERO WIDTH NO-BREAK SPACE", which T.140 sends first.
const START: char = '\u{feff}';
/// "REPLACEMENT CHARACTER": text may have been lost here (RFC 8865, 5.3).
pub(super) const LOSS: char = '\u{fffd}';
const SENT_EVERY_MS: Millis = 300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sent_before_it_is_switched_on_or_without_a_channel() {
        let mut text = RealTimeText::default();
        assert_eq!(sent(&text.switch(true, 0)), [""; 0]);
        assert_eq!(sent(&text.write("Pronto", 10)), [""; 0]);
        assert_eq!(sent(&text.on_open(20)), ["\u{feff}Pronto"]);

        let mut off = RealTimeText::default();
        off.on_open(0);
        assert_eq!(sent(&off.write("Pronto", 10)), [""; 0]);
        assert_eq!(sent(&off.end_line(20)), [""; 0]);
        assert!(!off.scene().is_shown());
    }

    #[test]
    fn the_first_letter_goes_at_once_and_the_rest_as_a_difference_within_the_time_of_the_standard() {
        let mut text = on();
        assert_eq!(sent(&text.write("B", 1_000)), ["B"]);
        let waits = text.write("Bu", 1_010);
        assert_eq!(waits, [TextCommand::WakeAt(1_000 + SENT_EVERY_MS)]);
        const { assert!(SENT_EVERY_MS <= 500, "EN 301 549, 6.2.4") };
        text.write("Buon", 1_200);
        assert_eq!(sent(&text.on_timeout(1_300)), ["uon"]);
        assert_eq!(sent(&text.write("Bene", 1_700)), ["\u{8}\u{8}\u{8}ene"]);
        text.end_line(1_750);
        assert_eq!(sent(&text.on_timeout(2_000)), ["\u{2028}"]);
    }

    #[test]
    fn a_side_reads_each_line_as_it_is_written_erased_and_ended() {
        let (mut writer, mut reader) = (on(), on());
        for (line, at) in [("Tre\u{301}s", 0), ("Tre", 400), ("Tre 😀 giorni", 800), ("Tre 😀", 1_200)] {
            read(&mut reader, &writer.write(line, at));
            assert_eq!(reader.scene().other_writes, line);
        }
        assert_eq!(
            sent(&writer.write("Tre\u{2028} 😀\u{8}\u{feff}", 1_400)),
            [""; 0],
            "characters that would act"
        );
        read(&mut reader, &writer.end_line(1_600));
        read(&mut writer, &reader.write("Sì", 0));
        read(&mut writer, &reader.end_line(400));
        let lines = |text: &RealTimeText| {
            text.scene().lines.iter().map(|line| (line.own, line.text.clone())).collect::<Vec<_>>()
        };
        assert_eq!(lines(&reader), [(false, "Tre 😀".into()), (true, "Sì".into())]);
        assert_eq!(lines(&writer), [(true, "Tre 😀".into()), (false, "Sì".into())]);
        assert_eq!(reader.scene().other_writes, "");
    }

    #[test]
    fn a_lost_channel_is_marked_and_the_line_that_is_written_comes_again() {
        let (mut writer, mut reader) = (on(), on());
        read(&mut reader, &writer.write("Il numero", 0));
        writer.write("Il numero è", 10);
        writer.on_close();
        reader.on_close();
        assert_eq!(sent(&writer.on_timeout(300)), [""; 0]);
        writer.end_line(400);
        writer.write("dodici", 500);
        reader.on_open(1_000);
        read(&mut reader, &writer.on_open(1_000));
        let lines: Vec<_> = reader.scene().lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(lines, ["Il numero\u{fffd}", "Il numero è"]);
        assert_eq!(reader.scene().other_writes, "dodici");
    }

    #[test]
    fn who_switches_off_ends_the_line_and_the_other_side_still_reads_it() {
        let (mut writer, mut reader) = (on(), RealTimeText::default());
        reader.on_open(0);
        read(&mut reader, &writer.write("Basta", 0));
        assert!(reader.scene().is_shown() && !reader.scene().own);
        read(&mut reader, &writer.switch(false, 400));
        assert_eq!(reader.scene().lines.last().map(|line| line.text.as_str()), Some("Basta"));
        assert_eq!(sent(&writer.write("x", 1_000)), [""; 0]);
    }

    #[test]
    fn any_block_of_the_other_side_stays_within_bounds() {
        let mut text = on();
        text.on_block("\u{8}\u{8}a\r\nb\rc\u{7}\u{1b}d");
        let lines: Vec<_> = text.scene().lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!((lines.as_slice(), text.scene().other_writes.as_str()), (["a", "b"].as_slice(), "cd"));
        text.on_block(&"x".repeat(MAX_LINE_CHARS * (MAX_LINES + 3)));
        assert_eq!(text.scene().lines.len(), MAX_LINES);
        assert!(text.scene().other_writes.chars().count() <= MAX_LINE_CHARS);
    }

    fn on() -> RealTimeText {
        let mut text = RealTimeText::default();
        text.on_open(-10_000);
        text.switch(true, -10_000);
        text
    }

    fn sent(commands: &[TextCommand]) -> Vec<&str> {
        let blocks = commands.iter().filter_map(|command| match command {
            TextCommand::Send(block) => Some(block.as_str()),
            TextCommand::WakeAt(_) | TextCommand::Show(_) => None,
        });
        blocks.collect()
    }

    fn read(reader: &mut RealTimeText, commands: &[TextCommand]) {
        for block in sent(commands) {
            reader.on_block(block);
        }
    }
}
