// SPDX-License-Identifier: EUPL-1.2
//! Shortens the names of imports and exports between a module and its bindings. Both spell out some two hundred functions,
//! each with sixteen hexadecimal digits that no compressor can shorten.

use std::collections::BTreeMap;
use std::convert::Infallible;

use wasm_encoder::reencode::{Error, Reencode, RoundtripReencoder, utils};
use wasm_encoder::{ExportSection, ImportSection, Module, RawSection};
use wasmparser::{Export, ImportSectionReader, Parser, Payload};

use crate::process::{Failure, OrFail};

/// A module and its bindings, with short names for the imports and exports they share.
pub(crate) fn shorten(module: &[u8], bindings: &str) -> Result<(Vec<u8>, String), Failure> {
    let mut names = Names::default();
    let mut shortened = Module::new();
    names
        .parse_core_module(&mut shortened, Parser::new(0), module)
        .or_fail("reading a module to shorten its names")?;
    Ok((shortened.finish(), names.put_into(&bindings.replace(REGISTRY, PURE_REGISTRY))))
}

/// A module of the linker without its unused exports, so that the splitter drops the functions only they reach. Every other
/// section stays byte for byte, because relocations refer to them by offset.
pub(crate) fn without_unused(module: &[u8]) -> Result<Vec<u8>, Failure> {
    let reading = "reading a module to leave out what is not used";
    let mut kept = Module::new();
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.or_fail(reading)?;
        if let Payload::ExportSection(section) = payload {
            let mut exports = ExportSection::new();
            for export in section {
                let export = export.or_fail(reading)?;
                if !export.name.contains(UNUSED) {
                    utils::parse_export(&mut RoundtripReencoder, &mut exports, export).or_fail(reading)?;
                }
            }
            kept.section(&exports);
        } else if let Some((id, range)) = payload.as_section() {
            let at = |place| usize::try_from(place).unwrap_or(usize::MAX);
            let data = module.get(at(range.start)..at(range.end)).ok_or("a section ends after the file");
            let data = data.or_fail(reading)?;
            kept.section(&RawSection { id, data });
        }
    }
    Ok(kept.finish())
}

/// Part of the names of unused exports: those of streams, which a crate below Leptos exports always.
const UNUSED: &str = "intounderlying";

/// Registries of exported classes. Marked as free of side effects, those of classes that are left out are left out too.
const REGISTRY: &str = "new FinalizationRegistry(";
const PURE_REGISTRY: &str = "/* @__PURE__ */ new FinalizationRegistry(";

/// The short name of each name.
#[derive(Default)]
struct Names(BTreeMap<String, String>);

impl Names {
    fn of(&mut self, name: &str) -> String {
        let next = self.0.len();
        // `$` begins no name of the bindings; after it, the number in as few characters as possible.
        self.0.entry(name.to_owned()).or_insert_with(|| format!("${}", in_few_signs(next))).clone()
    }

    /// The bindings with every whole word that is a known name replaced.
    fn put_into(&self, bindings: &str) -> String {
        let is_of_a_name = |sign: char| sign.is_ascii_alphanumeric() || sign == '_' || sign == '$';
        let mut written = String::with_capacity(bindings.len());
        let mut rest = bindings;
        while !rest.is_empty() {
            let name = rest.find(|sign| !is_of_a_name(sign)).unwrap_or(rest.len());
            let (name, after) = rest.split_at(name);
            written.push_str(self.0.get(name).map_or(name, String::as_str));
            let next = after.find(is_of_a_name).unwrap_or(after.len());
            let (between, after) = after.split_at(next);
            written.push_str(between);
            rest = after;
        }
        written
    }
}

impl Reencode for Names {
    type Error = Infallible;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for import in section.into_imports() {
            let import = import?;
            let name =
                if import.module.ends_with(BINDINGS) { self.of(import.name) } else { import.name.to_owned() };
            imports.import(import.module, &name, self.entity_type(import.ty)?);
        }
        Ok(())
    }

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: Export<'_>,
    ) -> Result<(), Error<Infallible>> {
        if !MADE.iter().any(|made| export.name.starts_with(made)) {
            return utils::parse_export(self, exports, export);
        }
        let name = self.of(export.name);
        utils::parse_export(self, exports, Export { name: &name, ..export })
    }
}

/// The name of the bindings in the imports of the module.
const BINDINGS: &str = "_bg.js";
/// The prefix of exports that wasm-bindgen calls itself.
const MADE: [&str; 3] = ["wasm_bindgen_", "__wbindgen_", "__wbg_"];

fn in_few_signs(mut number: usize) -> String {
    const SIGNS: &[u8; 52] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut written = String::new();
    loop {
        written.push(char::from(SIGNS[number % SIGNS.len()]));
        number /= SIGNS.len();
        if number == 0 {
            return written;
        }
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{EntityType, ExportKind, FunctionSection, TypeSection};

    use super::*;

    fn module() -> Vec<u8> {
        let (mut types, mut imports, mut functions, mut exports) =
            (TypeSection::new(), ImportSection::new(), FunctionSection::new(), ExportSection::new());
        types.ty().function([], []);
        imports.import("./x_bg.js", "__wbg_focus_d72daa1c90ded389", EntityType::Function(0));
        imports.import("./__wasm_split.js", "__wasm_split_load_talk", EntityType::Function(0));
        exports.export("mount", ExportKind::Func, 0).export("__wbindgen_malloc", ExportKind::Func, 1);
        exports.export("intounderlyingsink_close", ExportKind::Func, 0);
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions.clone()).section(&exports);
        functions.function(0);
        module.finish()
    }

    #[test]
    fn shared_imports_have_the_same_short_names_in_both_files() {
        let bindings = "const a = { __wbg_focus_d72daa1c90ded389: function(a) { return mount; } };\n\
                        wasm.__wbindgen_malloc(1); wasm.__wbindgen_malloc_other(1);";

        let (module, bindings) = shorten(&module(), bindings).unwrap();

        assert_eq!(
            bindings,
            "const a = { $a: function(a) { return mount; } };\nwasm.$b(1); wasm.__wbindgen_malloc_other(1);"
        );
        let spelled = String::from_utf8_lossy(&module).into_owned();
        assert!(spelled.contains("./x_bg.js\u{2}$a") && spelled.contains("\u{2}$b"), "{spelled}");
        assert!(spelled.contains("mount") && spelled.contains("__wasm_split_load_talk"), "{spelled}");
        assert!(!spelled.contains("focus") && !spelled.contains("malloc"), "{spelled}");
    }

    #[test]
    fn exports_nobody_calls_are_left_out_and_nothing_else_changes() {
        let (before, name) = (module(), b"intounderlyingsink_close");

        let after = without_unused(&before).unwrap();

        // Its name and how long that is, its kind, its number.
        assert_eq!(after.len(), before.len() - name.len() - 3);
        assert!(before.windows(name.len()).any(|part| part == name));
        assert!(!after.windows(name.len()).any(|part| part == name));
        assert_eq!(without_unused(&after).unwrap(), after);
    }

    #[test]
    fn no_two_things_are_called_the_same() {
        let mut names = Names::default();
        let all: std::collections::BTreeSet<String> = (0..3_000).map(|n| names.of(&n.to_string())).collect();
        assert_eq!(all.len(), 3_000);
        assert_eq!(names.of("7"), names.of("7"));
    }

    #[test]
    fn a_file_that_is_no_module_is_an_error() {
        assert!(shorten(b"\0asm nothing", "").is_err());
    }
}
