// SPDX-License-Identifier: EUPL-1.2
//! The attributes of serde that the wire uses, and the codec's own.

use syn::{Attribute, Error, ExprPath, LitStr, Result, meta::ParseNestedMeta};

/// What the attributes of a type say.
#[derive(Default)]
pub(crate) struct Container {
    pub(crate) transparent: bool,
    rename_all: Option<Case>,
}

/// How the names of variants are written.
#[derive(Clone, Copy)]
enum Case {
    Snake,
    Kebab,
    Lower,
}

impl Container {
    pub(crate) fn parse(attributes: &[Attribute]) -> Result<Self> {
        let mut container = Self::default();
        each(attributes, "serde", |meta| {
            if meta.path.is_ident("transparent") {
                container.transparent = true;
            } else if meta.path.is_ident("rename_all") {
                let case = text(&meta)?;
                container.rename_all = Some(match &*case.value() {
                    "snake_case" => Case::Snake,
                    "kebab-case" => Case::Kebab,
                    "lowercase" => Case::Lower,
                    _ => return Err(Error::new_spanned(case, "a case the wire does not use")),
                });
            } else if !meta.path.is_ident("deny_unknown_fields") {
                return Err(unknown(&meta));
            }
            Ok(())
        })?;
        each(attributes, "wire", |meta| Err(unknown(&meta)))?;
        Ok(container)
    }

    /// A variant's name as it travels.
    pub(crate) fn name_of(&self, variant: &str) -> String {
        let separator = match self.rename_all {
            None => return variant.into(),
            Some(Case::Lower) => None,
            Some(Case::Snake) => Some('_'),
            Some(Case::Kebab) => Some('-'),
        };
        let mut name = String::new();
        for (place, letter) in variant.char_indices() {
            if letter.is_uppercase() && place > 0 {
                name.extend(separator);
            }
            name.push(letter.to_ascii_lowercase());
        }
        name
    }
}

/// What the attributes of a field say.
#[derive(Default)]
pub(crate) struct Field {
    pub(crate) rename: Option<String>,
    pub(crate) default: bool,
    pub(crate) skip_if: Option<ExprPath>,
}

impl Field {
    pub(crate) fn parse(attributes: &[Attribute]) -> Result<Self> {
        let mut field = Self::default();
        each(attributes, "serde", |meta| {
            if meta.path.is_ident("rename") {
                field.rename = Some(text(&meta)?.value());
            } else if meta.path.is_ident("default") {
                field.default = true;
            } else if meta.path.is_ident("skip_serializing_if") {
                field.skip_if = Some(text(&meta)?.parse()?);
            } else if meta.path.is_ident("deserialize_with") || meta.path.is_ident("alias") {
                text(&meta)?;
            } else {
                return Err(unknown(&meta));
            }
            Ok(())
        })?;
        each(attributes, "wire", |meta| Err(unknown(&meta)))?;
        Ok(field)
    }
}

/// What the attributes of a variant say.
#[derive(Default)]
pub(crate) struct VariantKind {
    /// It stands for every value that is no other variant.
    pub(crate) is_other: bool,
    /// Its code comes late to browsers.
    pub(crate) is_late: bool,
}

impl VariantKind {
    pub(crate) fn parse(attributes: &[Attribute]) -> Result<Self> {
        let mut kind = Self::default();
        each(attributes, "serde", |meta| Err(unknown(&meta)))?;
        each(attributes, "wire", |meta| {
            kind.is_other |= meta.path.is_ident("other");
            kind.is_late |= meta.path.is_ident("late");
            if kind.is_other || kind.is_late { Ok(()) } else { Err(unknown(&meta)) }
        })?;
        Ok(kind)
    }
}

fn each(
    attributes: &[Attribute],
    name: &str,
    mut take: impl FnMut(ParseNestedMeta<'_>) -> Result<()>,
) -> Result<()> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident(name))
        .try_for_each(|attribute| attribute.parse_nested_meta(&mut take))
}

fn text(meta: &ParseNestedMeta<'_>) -> Result<LitStr> {
    meta.value()?.parse()
}

fn unknown(meta: &ParseNestedMeta<'_>) -> Error {
    meta.error("an attribute the codec of the wire does not know")
}
