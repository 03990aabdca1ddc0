// SPDX-License-Identifier: EUPL-1.2
//! A small codec for browsers: JSON read from a tree and written as text, without the code serde makes for each type.
//!
//! - [`Read`] and [`Write`] of a type are derived ([`Wire`](infocig_protocol_derive::Wire)) from the declaration and the
//!   attributes that serde's derive reads.
//! - A [`Tree`] is a JSON value somebody else parsed: in a browser the engine's own `JSON.parse`, which costs no download;
//!   elsewhere `serde_json`. Numbers are whole and fit in 53 bits, as everything in this protocol does.
//! - A variant that is `#[wire(late)]` costs nothing in a page that does not ask for it: see [`Tree::LATE`] and [`WriteLate`].
//! - Unknown members are ignored. A variant may be a name or an object with one member, whatever it carries.

/// A JSON value that was parsed, or the place where one is missing.
pub trait Tree: Clone {
    /// Whether variants are read that most pages never need, `#[wire(late)]`.
    const LATE: bool = true;

    /// Parses a text. `None` if it is not JSON.
    fn parse(text: &str) -> Option<Self>;

    /// An own member of an object; missing if there is none or this is no object.
    #[must_use]
    fn member(&self, name: &str) -> Self;

    /// The only member of an object and its name; `None` if this is no object or has none or several.
    fn only(&self) -> Option<(String, Self)>;

    /// Whether this is missing or `null`.
    fn is_missing(&self) -> bool;

    /// A string.
    fn text(&self) -> Option<String>;

    /// A whole number of at most 53 bits.
    fn integer(&self) -> Option<i64>;

    /// `true` or `false`.
    fn flag(&self) -> Option<bool>;

    /// The elements of an array.
    fn items(&self) -> Option<Vec<Self>>;

    /// Reads this value.
    fn value<T: Read>(&self) -> Option<T> {
        T::read(self)
    }

    /// Reads a member.
    fn read<T: Read>(&self, name: &str) -> Option<T> {
        T::read(&self.member(name))
    }

    /// Reads a member whose absence, or `null`, stands for the default.
    fn read_or_default<T: Read + Default>(&self, name: &str) -> Option<T> {
        self.read::<Option<T>>(name).map(Option::unwrap_or_default)
    }

    /// The place of a word in a list.
    fn word(&self, words: &[&str]) -> Option<usize> {
        place(&self.text()?, words)
    }

    /// A variant: its name alone, or an object with one member that has its name. Returns its place in a list, and its
    /// contents.
    fn variant(&self, names: &[&str]) -> Option<(usize, Self)> {
        let (name, carried) = self.text().map(|name| (name, self.clone())).or_else(|| self.only())?;
        Some((place(&name, names)?, carried))
    }
}

fn place(word: &str, words: &[&str]) -> Option<usize> {
    words.iter().position(|one| *one == word)
}

/// A type that is read from a tree.
pub trait Read: Sized {
    /// Reads a value. `None` if it has not the form it must have.
    fn read<J: Tree>(json: &J) -> Option<Self>;
}

/// A type that is written as JSON.
pub trait Write {
    /// Writes the value at the end of a text.
    fn write(&self, out: &mut Writer);
}

/// A type with variants whose code most pages never need: what browsers write of these, they write here.
pub trait WriteLate {
    /// Writes a late variant at the end of a text; nothing of another one.
    fn write_late(&self, out: &mut Writer);
}

/// A late variant as JSON text.
pub fn write_late(value: &impl WriteLate) -> String {
    let mut out = Writer::default();
    value.write_late(&mut out);
    out.0
}

/// A value as JSON text.
pub fn write(value: &impl Write) -> String {
    let mut out = Writer::default();
    value.write(&mut out);
    out.0
}

macro_rules! unsigned {
    ($($number:ty),*) => {$(
        impl Read for $number {
            fn read<J: Tree>(json: &J) -> Option<Self> {
                json.integer()?.try_into().ok()
            }
        }

        impl Write for $number {
            fn write(&self, out: &mut Writer) {
                // Nothing that is counted here comes near 2^53.
                out.integer(i64::try_from(*self).unwrap_or(i64::MAX));
            }
        }
    )*};
}

unsigned!(u16, u32, u64);

impl Read for i64 {
    fn read<J: Tree>(json: &J) -> Option<Self> {
        json.integer()
    }
}

impl Write for i64 {
    fn write(&self, out: &mut Writer) {
        out.integer(*self);
    }
}

impl Read for String {
    fn read<J: Tree>(json: &J) -> Option<Self> {
        json.text()
    }
}

impl Write for String {
    fn write(&self, out: &mut Writer) {
        out.text(self);
    }
}

impl Read for bool {
    fn read<J: Tree>(json: &J) -> Option<Self> {
        json.flag()
    }
}

impl Write for bool {
    fn write(&self, out: &mut Writer) {
        out.raw(if *self { "true" } else { "false" });
    }
}

impl<T: Read> Read for Option<T> {
    fn read<J: Tree>(json: &J) -> Option<Self> {
        if json.is_missing() { Some(None) } else { T::read(json).map(Some) }
    }
}

impl<T: Write> Write for Option<T> {
    fn write(&self, out: &mut Writer) {
        match self {
            Some(value) => value.write(out),
            None => out.raw("null"),
        }
    }
}

impl<T: Read> Read for Vec<T> {
    fn read<J: Tree>(json: &J) -> Option<Self> {
        json.items()?.iter().map(T::read).collect()
    }
}

impl<T: Write> Write for Vec<T> {
    fn write(&self, out: &mut Writer) {
        self[..].write(out);
    }
}

impl<T: Write> Write for [T] {
    fn write(&self, out: &mut Writer) {
        out.0.push('[');
        for item in self {
            out.separate('[');
            item.write(out);
        }
        out.0.push(']');
    }
}

impl<T: Read, const N: usize> Read for [T; N] {
    fn read<J: Tree>(json: &J) -> Option<Self> {
        json.value::<Vec<T>>()?.try_into().ok()
    }
}

impl<T: Write, const N: usize> Write for [T; N] {
    fn write(&self, out: &mut Writer) {
        self[..].write(out);
    }
}

impl<T: Read> Read for Box<T> {
    fn read<J: Tree>(json: &J) -> Option<Self> {
        T::read(json).map(Self::new)
    }
}

impl<T: Write> Write for Box<T> {
    fn write(&self, out: &mut Writer) {
        (**self).write(out);
    }
}

/// JSON text under construction.
#[derive(Debug, Default)]
pub struct Writer(String);

impl Writer {
    /// Begins an object.
    pub fn open(&mut self) {
        self.0.push('{');
    }

    /// Writes a member of the object.
    pub fn member<T: Write + ?Sized>(&mut self, name: &str, value: &T) {
        self.name(name);
        value.write(self);
    }

    /// Ends the object.
    pub fn close(&mut self) {
        self.0.push('}');
    }

    /// Begins an object with one member, which is an object too.
    pub fn open_variant(&mut self, name: &str) {
        self.open();
        self.name(name);
        self.open();
    }

    /// Ends both.
    pub fn close_variant(&mut self) {
        self.close();
        self.close();
    }

    /// Writes a string (RFC 8259, section 7: quotation mark, reverse solidus and control characters are escaped).
    pub fn text(&mut self, value: &str) {
        let out = &mut self.0;
        out.push('"');
        for sign in value.chars() {
            match sign {
                '"' | '\\' => {
                    out.push('\\');
                    out.push(sign);
                }
                '\n' => out.push_str("\\n"),
                '\0'..='\u{1f}' => {
                    out.push_str("\\u00");
                    for digit in [sign as u32 >> 4, sign as u32 & 15] {
                        out.push(char::from_digit(digit, 16).unwrap_or('0'));
                    }
                }
                _ => out.push(sign),
            }
        }
        out.push('"');
    }

    /// Writes a whole number.
    pub fn integer(&mut self, value: i64) {
        self.raw(&value.to_string());
    }

    /// Writes a text that is JSON already.
    fn raw(&mut self, json: &str) {
        self.0.push_str(json);
    }

    fn name(&mut self, name: &str) {
        self.separate('{');
        self.text(name);
        self.0.push(':');
    }

    /// A comma, unless the bracket was just opened.
    fn separate(&mut self, bracket: char) {
        if !self.0.ends_with(bracket) {
            self.0.push(',');
        }
    }
}

/// An object that is no type of its own, written member by member.
#[derive(Debug)]
pub struct Object(Writer);

impl Object {
    /// An object without members.
    pub fn new() -> Self {
        Self(Writer("{".into()))
    }

    /// Adds a string.
    #[must_use]
    pub fn text(mut self, name: &str, value: &str) -> Self {
        self.0.name(name);
        self.0.text(value);
        self
    }

    /// Adds a string, if there is one.
    #[must_use]
    pub fn text_if(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    /// Adds a value.
    #[must_use]
    pub fn value(mut self, name: &str, value: &impl Write) -> Self {
        self.0.member(name, value);
        self
    }

    /// The text.
    pub fn done(mut self) -> String {
        self.0.close();
        self.0.0
    }
}

impl Default for Object {
    fn default() -> Self {
        Self::new()
    }
}

impl Write for Object {
    fn write(&self, out: &mut Writer) {
        out.raw(&self.0.0);
        out.close();
    }
}

impl Tree for serde_json::Value {
    fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    fn member(&self, name: &str) -> Self {
        self.get(name).cloned().unwrap_or_default()
    }

    fn only(&self) -> Option<(String, Self)> {
        let object = self.as_object().filter(|object| object.len() == 1)?;
        object.iter().next().map(|(name, of)| (name.clone(), of.clone()))
    }

    fn is_missing(&self) -> bool {
        self.is_null()
    }

    fn text(&self) -> Option<String> {
        self.as_str().map(String::from)
    }

    fn integer(&self) -> Option<i64> {
        self.as_i64().filter(|whole| whole.unsigned_abs() <= 1 << 53)
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn items(&self) -> Option<Vec<Self>> {
        self.as_array().cloned()
    }
}

#[cfg(test)]
mod tests;
