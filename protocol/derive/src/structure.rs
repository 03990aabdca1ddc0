// SPDX-License-Identifier: EUPL-1.2
//! Structs: an object with a member for each field, or the only field itself.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DataStruct, Error, Fields, FieldsNamed, Ident, Result};

use crate::{
    attributes::{Container, Field},
    implementations,
};

pub(crate) fn expand(name: &Ident, data: &DataStruct, container: &Container) -> Result<TokenStream> {
    match &data.fields {
        Fields::Named(fields) => {
            let members = Members::of(fields)?;
            let (names, reads, writes) = (&members.names, members.reads(), members.writes());
            let read = quote! { ::core::option::Option::Some(Self { #reads }) };
            let write = quote! {
                let Self { #(#names),* } = self;
                out.open();
                #writes
                out.close();
            };
            Ok(implementations(name, &read, &write))
        }
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 && container.transparent => {
            let read = quote! { json.value().map(Self) };
            let write = quote! { ::infocig_protocol::codec::Write::write(&self.0, out); };
            Ok(implementations(name, &read, &write))
        }
        Fields::Unnamed(_) | Fields::Unit => {
            Err(Error::new_spanned(name, "a struct of the wire has named fields, or is transparent"))
        }
    }
}

/// The members of an object.
pub(crate) struct Members<'d> {
    pub(crate) names: Vec<&'d Ident>,
    attributes: Vec<Field>,
}

impl<'d> Members<'d> {
    pub(crate) fn of(fields: &'d FieldsNamed) -> Result<Self> {
        let names = fields.named.iter().filter_map(|field| field.ident.as_ref()).collect();
        let attributes =
            fields.named.iter().map(|field| Field::parse(&field.attrs)).collect::<Result<_>>()?;
        Ok(Self { names, attributes })
    }

    /// `name: json.read("name")?` for each; the object is `json`.
    pub(crate) fn reads(&self) -> TokenStream {
        let reads = self.each().map(|(name, key, attributes)| {
            if attributes.default {
                quote! { #name: json.read_or_default(#key)?, }
            } else {
                quote! { #name: json.read(#key)?, }
            }
        });
        reads.collect()
    }

    /// `out.member("name", name);` for each; fields are references of their names.
    pub(crate) fn writes(&self) -> TokenStream {
        let writes = self.each().map(|(name, key, attributes)| {
            let write = quote! { out.member(#key, #name); };
            match &attributes.skip_if {
                Some(skip) => quote! { if !#skip(#name) { #write } },
                None => write,
            }
        });
        writes.collect()
    }

    fn each(&self) -> impl Iterator<Item = (&'d Ident, String, &Field)> {
        self.names.iter().zip(&self.attributes).map(|(name, attributes)| {
            (*name, attributes.rename.clone().unwrap_or_else(|| name.to_string()), attributes)
        })
    }
}
