// SPDX-License-Identifier: EUPL-1.2
//! Elements of `view!` that Leptos sets by `innerHTML`, which pages with Trusted Types refuse.
//!
//! `leptos_macro` 0.8 (`is_inert_element`, `node_to_tokens`) turns an element into a string of HTML when all of this holds:
//! its parent is an element too, and not a component, a fragment or the macro itself; it has an attribute or a child; it is
//! no `MathML`; it and everything below it are elements and texts whose attributes have a string literal as their value, or
//! none. Components, blocks, comments, fragments and the prefixes `style:`, `prop:`, `on:`, `use:` and `bind` with a value end
//! that, and a class for the whole macro (`view! { class = …, … }`) switches it off.

use std::collections::VecDeque;

use proc_macro2::{TokenStream, TokenTree};
use rstml::Infallible;
use rstml::node::{KVAttributeValue, Node, NodeAttribute, NodeElement, NodeName};
use syn::{Expr, Lit};

/// The inert elements of every `view!` in Rust code, also in those inside other macros: line and opening tag.
///
/// # Panics
/// The text is not Rust, or a `view!` in it is not one.
pub(crate) fn inert_elements(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    look_for_macros(code.parse().unwrap(), &mut found);
    found
}

fn look_for_macros(tokens: TokenStream, found: &mut Vec<(usize, String)>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else { continue };
        if let Some([TokenTree::Ident(name), TokenTree::Punct(mark)]) = tokens[..at].last_chunk()
            && name == "view"
            && mark.as_char() == '!'
            && !has_class_for_all(group.stream())
        {
            let parser = rstml::Parser::new(rstml::ParserConfig::default().recover_block(true));
            let (nodes, errors) = parser.parse_recoverable(group.stream()).split_vec();
            assert!(errors.is_empty(), "a `view!` that Leptos reads otherwise: {errors:?}");
            look_among(&nodes, false, found);
        }
        look_for_macros(group.stream(), found);
    }
}

/// Whether the macro begins with `class = …,`.
fn has_class_for_all(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter();
    matches!(tokens.next(), Some(TokenTree::Ident(name)) if name == "class")
        && matches!(tokens.next(), Some(TokenTree::Punct(mark)) if mark.as_char() == '=')
}

fn look_among(nodes: &[Node], is_in_element: bool, found: &mut Vec<(usize, String)>) {
    for node in nodes {
        match node {
            Node::Element(element) if is_in_element && is_inert(element) => {
                let name = element.name();
                let line = syn::spanned::Spanned::span(name).start().line;
                found.push((line, format!("<{name}> is literal: put its text in braces")));
            }
            Node::Element(element) => look_among(&element.children, !is_component(element), found),
            Node::Fragment(fragment) => look_among(&fragment.children, false, found),
            Node::Comment(_)
            | Node::Doctype(_)
            | Node::Block(_)
            | Node::Text(_)
            | Node::RawText(_)
            | Node::Custom(_) => {}
        }
    }
}

fn is_inert(element: &NodeElement<Infallible>) -> bool {
    let is_empty = element.attributes().is_empty() && element.children.is_empty();
    if is_empty || MATH_ML.contains(&element.name().to_string().as_str()) {
        return false;
    }
    let mut rest = VecDeque::from([element]);
    while let Some(element) = rest.pop_front() {
        let is_named = !matches!(element.name(), NodeName::Block(_));
        if is_component(element) || !is_named || !element.attributes().iter().all(is_literal) {
            return false;
        }
        for child in &element.children {
            match child {
                Node::Text(_) | Node::RawText(_) => {}
                Node::Element(element) => rest.push_back(element),
                Node::Comment(_)
                | Node::Doctype(_)
                | Node::Fragment(_)
                | Node::Block(_)
                | Node::Custom(_) => return false,
            }
        }
    }
    true
}

fn is_component(element: &NodeElement<Infallible>) -> bool {
    let NodeName::Path(path) = element.name() else { return false };
    let name = path.path.segments.last().map(|segment| segment.ident.to_string());
    name.is_some_and(|name| name.starts_with(|first: char| first.is_ascii_uppercase()))
}

fn is_literal(attribute: &NodeAttribute) -> bool {
    let NodeAttribute::Attribute(attribute) = attribute else { return false };
    if matches!(attribute.key, NodeName::Block(_)) {
        return false;
    }
    let Some(value) = attribute.possible_value.to_value() else { return true };
    let key = attribute.key.to_string();
    let is_directive = ["style:", "prop:", "on:", "use:", "bind"].iter().any(|start| key.starts_with(start));
    let KVAttributeValue::Expr(Expr::Lit(value)) = &value.value else { return false };
    !is_directive && matches!(value.lit, Lit::Str(_))
}

const MATH_ML: [&str; 31] = [
    "annotation",
    "maction",
    "math",
    "menclose",
    "merror",
    "mfenced",
    "mfrac",
    "mi",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "ms",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "semantics",
];

#[test]
fn an_element_is_inert_where_leptos_makes_html_of_it() {
    for inert in [
        r#"<div><p>"static"</p></div>"#,
        "<div><p>raw text</p></div>",
        r#"<div><p class="hint"></p></div>"#,
        r"<div><input disabled/></div>",
        r#"<div>{text}<p><b>"deep"</b></p></div>"#,
        r#"<Block><div><p>"below an element again"</p></div></Block>"#,
        r#"<svg><path d="M0 0"/></svg>"#,
        r#"<div><p use:directive>"without a value"</p></div>"#,
    ] {
        assert_eq!(inert_elements(&format!("fn f() {{ view! {{ {inert} }} }}")).len(), 1, "{inert}");
    }
    for alive in [
        r#"<p class="hint">"the root"</p>"#,
        r#"<p>"one"</p><p>"of two"</p>"#,
        r#"<Block><p>"child of a component"</p></Block>"#,
        r#"<><p>"child of a fragment"</p></>"#,
        "<div><p></p></div>",
        "<div><p>{text}</p></div>",
        "<div><p class=class></p></div>",
        r#"<div><p class={"block"}></p></div>"#,
        "<div><input rows=2/></div>",
        r#"<div><p on:click="x">"x"</p></div>"#,
        r#"<div><p {..attributes}>"x"</p></div>"#,
        "<div><p><Block/></p></div>",
        r#"<div><p><!-- "comment" --></p></div>"#,
        r#"<div><math>"x"</math></div>"#,
        r#"class = "all", <div><p>"x"</p></div>"#,
    ] {
        assert_eq!(inert_elements(&format!("fn f() {{ view! {{ {alive} }} }}")), [], "{alive}");
    }
}

#[test]
fn a_view_inside_a_view_is_read_too() {
    let code =
        "fn f() {\n    view! {\n        <div>{some.map(|_| view! { <div>\n<p>x</p></div> })}</div>\n    }\n}";
    assert_eq!(inert_elements(code), [(4, "<p> is literal: put its text in braces".to_owned())]);
}
