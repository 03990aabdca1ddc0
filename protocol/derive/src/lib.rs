// SPDX-License-Identifier: EUPL-1.2
//! `#[derive(Wire)]`: the small codec of a type of the protocol, made from the declaration that serde's derive reads.
//!
//! The members of a frame or document stand once, in its declaration. `#[derive(Serialize, Deserialize, Wire)]` gives the
//! server serde's code and browsers that of `infocig_protocol::codec`, which is a fraction of its size. Both follow the same
//! `#[serde(…)]` attributes; one that this derive does not know is a compile error, so that the two cannot part.

mod attributes;
mod enumeration;
mod structure;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Result, parse_macro_input};

use crate::attributes::Container;

/// Implements `codec::Read` and `codec::Write`.
///
/// | Declaration | JSON |
/// |---|---|
/// | struct with named fields | an object |
/// | `#[serde(transparent)]` struct with one field | that field |
/// | enum whose variants carry nothing | a word; the enum also gets `ALL`, `as_str` and `parse` |
/// | enum with a variant that carries something | `{"variant": …}`; the enum also gets `NAMES` |
///
/// | Attribute | Effect |
/// |---|---|
/// | `#[serde(rename_all = "…")]` on an enum | `snake_case`, `kebab-case` or `lowercase` names of variants |
/// | `#[serde(rename = "…")]` on a field | its name |
/// | `#[serde(default)]` on a field | a missing one has its default |
/// | `#[serde(skip_serializing_if = "…")]` on a field | it is left out when the function says so |
/// | `#[wire(other)]` on a variant without fields | stands for every value that is no other variant |
/// | `#[wire(late)]` on a variant | read from a tree with `LATE` alone, else it is none of the variants; a browser writes it with `WriteLate` alone |
/// | `#[serde(deny_unknown_fields)]`, `#[serde(deserialize_with = "…")]`, `#[serde(alias = "…")]` | for serde alone |
///
/// A missing member of type `Option` is `None`, as with serde.
#[proc_macro_derive(Wire, attributes(serde, wire))]
pub fn derive_wire(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expand(&input).unwrap_or_else(Error::into_compile_error).into()
}

fn expand(input: &DeriveInput) -> Result<TokenStream> {
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(&input.generics, "a type of the wire has no parameters"));
    }
    let container = Container::parse(&input.attrs)?;
    match &input.data {
        Data::Struct(data) => structure::expand(&input.ident, data, &container),
        Data::Enum(data) => enumeration::expand(&input.ident, data, &container),
        Data::Union(_) => Err(Error::new_spanned(&input.ident, "a union has no form in JSON")),
    }
}

/// The two implementations, around the bodies of their functions.
fn implementations(name: &syn::Ident, read: &TokenStream, write: &TokenStream) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::infocig_protocol::codec::Read for #name {
            fn read<J: ::infocig_protocol::codec::Tree>(json: &J) -> ::core::option::Option<Self> {
                #read
            }
        }

        #[automatically_derived]
        impl ::infocig_protocol::codec::Write for #name {
            fn write(&self, out: &mut ::infocig_protocol::codec::Writer) {
                #write
            }
        }
    }
}
