// SPDX-License-Identifier: EUPL-1.2
// What the loaders of both elements do alike: bring what the build named, each file once and verified, and find the language
// to speak. It is part of each of them and served nowhere by itself.
//
// FOLDER is where the files of the element lie beside its loader, FILES what they are called: the build puts both in.

export const LANGUAGES = Object.keys(FILES.texts);

const address = ([name]) => new URL(`${FOLDER}/${name}`, import.meta.url);
const bring = async (file) => {
  const answer = await fetch(address(file), { integrity: file[1] });
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  return answer.text();
};

// A module is verified while it is preloaded. The WebAssembly is not: it is compiled while it arrives.
const glue = ([name, integrity]) => {
  const link = document.createElement('link');
  Object.assign(link, { rel: 'modulepreload', crossOrigin: 'anonymous', integrity, href: address([name]).href });
  document.head.append(link);
  return import(link.href);
};

let loading;
export const load = () => (loading ??= Promise.all([glue(FILES.glue), fetch(address(FILES.module)), bring(FILES.styles)])
  .then(async ([module, wasm, styles]) => {
    await module.default({ module_or_path: wasm });
    return { mount: module.mount, styles };
  })
  .catch((reason) => {
    loading = undefined;
    throw reason;
  }));

export const texts = (language) => bring(FILES.texts[language]);

// The language that was chosen, else that of the page around the element, else the browser's, else Italian. `chosenIn` finds
// it in what is kept under `key`; where nothing may be kept, nothing was chosen.
export const languageOf = (element, key, chosenIn) => {
  let chosen;
  try {
    chosen = chosenIn(localStorage.getItem(key));
  } catch {}
  const around = element.closest('[lang]') ?? document.documentElement;
  return [chosen, around.lang, ...navigator.languages].map(spoken).find(Boolean) ?? 'it';
};

const spoken = (tag) => LANGUAGES.find((language) => tag?.toLowerCase().split('-')[0] === language);
