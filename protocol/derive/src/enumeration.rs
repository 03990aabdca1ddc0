// SPDX-License-Identifier: EUPL-1.2
//! Enums: words, or objects with one member that is named after the variant.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DataEnum, Error, Fields, Ident, Result, Variant};

use crate::{
    attributes::{Container, VariantKind},
    implementations,
    structure::Members,
};

pub(crate) fn expand(name: &Ident, data: &DataEnum, container: &Container) -> Result<TokenStream> {
    let variants: Vec<&Variant> = data.variants.iter().collect();
    if variants.iter().all(|variant| matches!(variant.fields, Fields::Unit)) {
        words(name, &variants, container)
    } else {
        tagged(name, &variants, container)
    }
}

/// Variants that carry nothing.
fn words(name: &Ident, variants: &[&Variant], container: &Container) -> Result<TokenStream> {
    for variant in variants {
        let kind = VariantKind::parse(&variant.attrs)?;
        if kind.is_other || kind.is_late {
            return Err(Error::new_spanned(variant, "a word is neither `other` nor `late`"));
        }
    }
    let count = variants.len();
    let idents: Vec<&Ident> = variants.iter().map(|variant| &variant.ident).collect();
    let words = idents.iter().map(|ident| container.name_of(&ident.to_string()));
    let read = quote! { Self::ALL.get(json.word(Self::WORDS)?).copied() };
    let write = quote! { out.text(self.as_str()); };
    let implementations = implementations(name, &read, &write);
    Ok(quote! {
        impl #name {
            /// Every value, in the order of the declaration.
            pub const ALL: [Self; #count] = [#(Self::#idents),*];

            const WORDS: &'static [&'static str] = &[#(#words),*];

            /// The word that travels.
            pub const fn as_str(self) -> &'static str {
                Self::WORDS[self as usize]
            }

            /// The value with that word, if there is one.
            pub fn parse(word: &str) -> ::core::option::Option<Self> {
                Self::ALL.into_iter().find(|value| value.as_str() == word)
            }
        }

        #implementations
    })
}

/// Variants of which some carry something.
fn tagged(name: &Ident, variants: &[&Variant], container: &Container) -> Result<TokenStream> {
    let mut names = Vec::new();
    let mut other = None;
    let (mut reads, mut writes, mut late) = (TokenStream::new(), TokenStream::new(), TokenStream::new());
    // The code of a lookup in a list is shared; a `match` on texts is one comparison after the other.
    for variant in variants {
        let ident = &variant.ident;
        let key = container.name_of(&ident.to_string());
        let (read, write) = match &variant.fields {
            Fields::Unit => (quote! { Self::#ident }, quote! { Self::#ident => out.text(#key), }),
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => (
                quote! { Self::#ident(json.value()?) },
                quote! { Self::#ident(value) => { out.open(); out.member(#key, value); out.close(); } },
            ),
            Fields::Unnamed(_) => return Err(Error::new_spanned(variant, "a variant carries one value")),
            Fields::Named(fields) => {
                let members = Members::of(fields)?;
                let (fields, member_reads, member_writes) =
                    (&members.names, members.reads(), members.writes());
                let write = quote! {
                    Self::#ident { #(#fields),* } => {
                        out.open_variant(#key);
                        #member_writes
                        out.close_variant();
                    }
                };
                (quote! { Self::#ident { #member_reads } }, write)
            }
        };
        let kind = VariantKind::parse(&variant.attrs)?;
        if kind.is_late {
            // A browser that has no use for it links none of its code.
            writes.extend(quote! {
                #[cfg(target_arch = "wasm32")]
                Self::#ident { .. } => {}
                #[cfg(not(target_arch = "wasm32"))]
            });
            late.extend(write.clone());
        }
        writes.extend(write);
        if kind.is_other {
            other = Some(read);
        } else {
            let place = names.len();
            let place = if kind.is_late {
                quote! { #place if J::LATE }
            } else {
                quote! { #place }
            };
            reads.extend(quote! { #place => #read, });
            names.push(key);
        }
    }
    let known = quote! {
        let (place, json) = json.variant(Self::NAMES)?;
        let json = &json;
        ::core::option::Option::Some(match place {
            #reads
            _ => return ::core::option::Option::None,
        })
    };
    let read = match other {
        Some(other) => quote! {
            let known = || -> ::core::option::Option<Self> { #known };
            ::core::option::Option::Some(known().unwrap_or(#other))
        },
        None => known,
    };
    let implementations = implementations(name, &read, &quote! { match self { #writes } });
    let write_late = (!late.is_empty()).then(|| {
        quote! {
            #[automatically_derived]
            impl ::infocig_protocol::codec::WriteLate for #name {
                fn write_late(&self, out: &mut ::infocig_protocol::codec::Writer) {
                    match self { #late _ => {} }
                }
            }
        }
    });
    Ok(quote! {
        #write_late

        impl #name {
            /// The name of every variant, as it travels.
            pub const NAMES: &'static [&'static str] = &[#(#names),*];
        }

        #implementations
    })
}
