// SPDX-License-Identifier: EUPL-1.2
// <info-cig-console>: the element the advisors' page holds. An element needs a JavaScript class; everything else is the console.
// Until the console is mounted, and whenever it cannot be, what the page put inside the element stays as it is.
//
// This file keeps its name for ever; what it loads is named after its contents (FILES is put in by the build).
const FILES = {};
const LANGUAGES = Object.keys(FILES.texts);
const KEPT = 'info-cig-console/choices';

const address = ([name]) => new URL(`console/${name}`, import.meta.url);
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
const load = () => (loading ??= Promise.all([glue(FILES.glue), fetch(address(FILES.module)), bring(FILES.styles)])
  .then(async ([module, wasm, styles]) => {
    await module.default({ module_or_path: wasm });
    return { mount: module.mount, styles };
  })
  .catch((reason) => {
    loading = undefined;
    throw reason;
  }));

const spoken = (tag) => LANGUAGES.find((language) => tag?.toLowerCase().split('-')[0] === language);
const chosen = () => {
  try {
    return localStorage.getItem(KEPT)?.split(',').find((word) => LANGUAGES.includes(word));
  } catch {
    return undefined;
  }
};

class InfoCigConsole extends HTMLElement {
  #mounted;

  // The language the advisor chose, else that of the page around the element, else the browser's, else Italian.
  get language() {
    const around = this.closest('[lang]') ?? document.documentElement;
    return [chosen(), around.lang, ...navigator.languages].map(spoken).find(Boolean) ?? 'it';
  }

  connectedCallback() {
    if (!this.shadowRoot) this.#open();
    this.#mount();
  }

  // Moving an element disconnects and connects it again: only an element that stays away leaves its desk.
  disconnectedCallback() {
    setTimeout(() => {
      if (this.isConnected || !this.#mounted) return;
      this.#mounted.unmount();
      this.#mounted.free();
      this.#mounted = undefined;
    });
  }

  #open(...before) {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.replaceChildren(...before, document.createElement('slot'));
  }

  async #mount() {
    const language = this.language;
    try {
      const [{ mount, styles }, texts] = await Promise.all([load(), bring(FILES.texts[language])]);
      if (!this.isConnected || this.#mounted) return;
      const read = (other) => bring(FILES.texts[other]);
      this.#mounted = mount(this, this.shadowRoot, language, texts, styles, read);
      // After a fault inside, nothing of the module may be called any more.
      window.addEventListener('info-cig-console-stopped', ({ detail }) => {
        this.#mounted = undefined;
        const words = Object.assign(document.createElement('p'), { textContent: detail, lang: this.language });
        words.setAttribute('role', 'alert');
        words.dataset.part = 'stopped';
        this.#open(words);
      }, { once: true });
    } catch (reason) {
      console.error('The console of INFO CIG could not be loaded.', reason);
    }
  }
}

if (!customElements.get('info-cig-console')) customElements.define('info-cig-console', InfoCigConsole);
