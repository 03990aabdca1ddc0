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

// How long an answer is waited for, in milliseconds.
const ANSWER_WITHIN = 30000;

// Asks for a token of whoever is signed in: the page, where it gave its element the function `tokenProvider`, else the address on
// the page's own origin. `null` says that nobody is signed in any more, `undefined` that no token came; only where nothing could
// be reached it is rejected.
//
// A session that has ended shows in many ways: with 401 as agreed; with what Laravel (419) and IIS (440) have for it; with a way
// to the sign-in page (status 0), which is not followed because it leads to another origin; or with that page itself.
export const tokens = (element) => async (asked) => {
  if (element.tokenProvider) {
    const own = async () => element.tokenProvider(JSON.parse(asked));
    return Promise.race([own(), new Promise((late) => setTimeout(late, ANSWER_WITHIN))]).catch(() => {});
  }
  const answer = await fetch(element.getAttribute('token-url'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    redirect: 'manual',
    body: asked,
    signal: AbortSignal.timeout(ANSWER_WITHIN),
  });
  const isPage = answer.ok && answer.headers.get('content-type')?.startsWith('text/html');
  if (isPage || [0, 401, 403, 419, 440].includes(answer.status)) return null;
  return answer.ok ? answer.json().then(({ token }) => token, () => {}) : undefined;
};

// Files can go nowhere here, and one that is dropped must not take the page's place.
export const refuseFiles = (element, tell) => ['dragover', 'drop', 'paste'].forEach((type) => {
  element.addEventListener(type, (event) => {
    const { types } = event.dataTransfer ?? event.clipboardData;
    if (!types.includes('Files') || types.includes('text/plain')) return;
    event.preventDefault();
    if (type !== 'dragover') tell();
  });
});

// The first texts of a language, or the file that they name as "later".
export const texts = (asked) => bring(FILES.texts[asked] ?? asked.split(' '));

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
