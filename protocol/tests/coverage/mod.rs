// SPDX-License-Identifier: EUPL-1.2
//! Which types, members and variants of the wire the pinned values contain, and which the sources declare.

use std::{collections::BTreeSet, fs, path::Path};

use serde::{
    Serialize,
    de::value::Error,
    ser::{
        SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
        SerializeTupleStruct, SerializeTupleVariant, Serializer,
    },
};

/// What was written: `Type`, `Type.member`, `Type.variant`, `Type.variant.member`.
#[derive(Debug, Default)]
pub(crate) struct Coverage(BTreeSet<String>);

impl Coverage {
    /// Takes note of everything in a value. A member that is left out is not in it.
    pub(crate) fn record(&mut self, value: &impl Serialize) {
        value.serialize(Recorder { coverage: self, of: String::new() }).unwrap();
    }

    /// What the sources declare and no recorded value contains.
    pub(crate) fn missing(&self) -> Vec<String> {
        declared().into_iter().filter(|name| !self.0.contains(name)).collect()
    }

    fn note(&mut self, name: &str) {
        self.0.insert(plain(name));
    }
}

/// What derives `Wire` in the sources. Of an enum of words the name is enough. The sources are formatted by rustfmt, so that
/// a declaration is recognised by its indentation.
fn declared() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap() {
        let path = file.unwrap().path();
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for declaration in text.split("#[derive(").skip(1) {
            let Some((derives, rest)) = declaration.split_once(")]") else { continue };
            if derives.split(", ").any(|derive| derive == "Wire") {
                declare(rest.split("\n}").next().unwrap(), &mut names);
            }
        }
    }
    names
}

fn declare(declaration: &str, names: &mut BTreeSet<String>) {
    let mut lines = declaration.lines();
    let head = lines.find(|line| line.starts_with("pub ")).unwrap();
    let name = head.split(|sign: char| !sign.is_alphanumeric()).nth(2).unwrap();
    if head.ends_with(';') {
        // A transparent type leaves no trace in what is written.
        return;
    }
    names.insert(plain(name));
    let (mut variant, mut renamed) = (String::new(), None);
    for line in lines {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        if let Some((_, rest)) = code.split_once("rename = \"") {
            renamed = rest.split('"').next();
            continue;
        }
        let word = code.trim_start_matches("pub ").split([':', ' ', '(', ',']).next().unwrap();
        match code {
            _ if code.starts_with("//") || code.starts_with('#') || word.is_empty() || word == "}" => {}
            _ if head.starts_with("pub struct") => {
                names.insert(plain(&format!("{name}.{}", renamed.take().unwrap_or(word))));
            }
            _ if indent == 4 && code.contains(['{', '(']) => {
                variant = word.into();
                names.insert(plain(&format!("{name}.{variant}")));
            }
            _ if indent == 8 => {
                names.insert(plain(&format!("{name}.{variant}.{word}")));
            }
            _ => {}
        }
    }
}

/// A name without what tells `SelfServed` from `self_served`.
fn plain(name: &str) -> String {
    name.replace(['_', '-'], "").to_lowercase()
}

/// Visits a value as a serializer.
struct Recorder<'c> {
    coverage: &'c mut Coverage,
    /// The type, or type and variant, whose members come.
    of: String,
}

impl Recorder<'_> {
    fn visit<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(Recorder { coverage: self.coverage, of: String::new() })
    }

    fn member<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        self.coverage.note(&format!("{}.{name}", self.of));
        self.visit(value)
    }

    fn named(self, name: &str, variant: &str) -> Self {
        self.coverage.note(name);
        let of = format!("{name}.{variant}");
        self.coverage.note(&of);
        Self { of, ..self }
    }
}

macro_rules! plain_values {
    ($($function:ident: $value:ty),*) => {$(
        fn $function(self, _: $value) -> Result<(), Error> {
            Ok(())
        }
    )*};
}

impl Serializer for Recorder<'_> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    plain_values! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_f32: f32,
        serialize_f64: f64, serialize_char: char, serialize_str: &str, serialize_bytes: &[u8],
        serialize_unit_struct: &'static str
    }

    fn serialize_none(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_unit(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, name: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.named(name, variant);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.named(name, variant).visit(value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self, Error> {
        Ok(self.named(name, variant))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Self, Error> {
        self.coverage.note(name);
        Ok(Self { of: name.into(), ..self })
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Self, Error> {
        Ok(self.named(name, variant))
    }
}

macro_rules! elements {
    ($($part:ident::$function:ident),*) => {$(
        impl $part for Recorder<'_> {
            type Ok = ();
            type Error = Error;

            fn $function<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.visit(value)
            }

            fn end(self) -> Result<(), Error> {
                Ok(())
            }
        }
    )*};
}

elements!(
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field
);

impl SerializeMap for Recorder<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.visit(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.visit(value)
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

macro_rules! members {
    ($($part:ident),*) => {$(
        impl $part for Recorder<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Error> {
                self.member(name, value)
            }

            fn end(self) -> Result<(), Error> {
                Ok(())
            }
        }
    )*};
}

members!(SerializeStruct, SerializeStructVariant);
