// SPDX-License-Identifier: EUPL-1.2
// <info-cig>: the element a portal page holds. An element needs a JavaScript class; everything else is the widget.
// Until the widget is mounted, and whenever it cannot be, the page's own link inside the element stays as it is.
//
// This file keeps its name for ever; what it loads is named after its contents (FILES is put in by the build).
const FILES = {};
const LANGUAGES = Object.keys(FILES.texts);
const KEPT = 'info-cig-settings';

const address = ([name]) => new URL(`widget/${name}`, import.meta.url);
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
    return JSON.parse(localStorage.getItem(KEPT))?.language;
  } catch {
    return undefined;
  }
};

class InfoCig extends HTMLElement {
  #mounted;
  #mounting;
  // Grows whenever the element has left the page: what began before is not mounted any more.
  #life = 0;

  // The language the person chose, else that of the page around the element, else the browser's, else Italian.
  get language() {
    const around = this.closest('[lang]') ?? document.documentElement;
    return [chosen(), around.lang, ...navigator.languages].map(spoken).find(Boolean) ?? 'it';
  }

  // Opens the panel, as the button does. Resolves to false where the widget cannot be loaded.
  async open() {
    const mounted = await this.#mount();
    mounted?.open();
    return Boolean(mounted);
  }

  // Puts the panel away; the conversation goes on.
  close() {
    this.#mounted?.close();
  }

  connectedCallback() {
    if (this.#mounted) return;
    // The page's own link, which an earlier mount took away.
    (this.shadowRoot ?? this.attachShadow({ mode: 'open' })).replaceChildren(document.createElement('slot'));
    if (navigator.connection?.saveData) {
      this.addEventListener('click', this);
    } else {
      (window.requestIdleCallback ?? setTimeout)(() => this.isConnected && this.#mount(), { timeout: 1000 });
    }
  }

  // Whoever saves data pays for the widget when they ask for it.
  async handleEvent(event) {
    const link = event.target.closest('a');
    if (this.#mounted || !link) return;
    event.preventDefault();
    if (!(await this.open())) location.assign(link.href);
  }

  // Moving an element disconnects and connects it again: only an element that stays away ends its chat.
  disconnectedCallback() {
    setTimeout(() => {
      if (this.isConnected) return;
      this.#mounted?.unmount();
      this.#mounted = this.#mounting = undefined;
      this.#life += 1;
    });
  }

  #mount() {
    return (this.#mounting ??= this.#begin());
  }

  async #begin() {
    const { language } = this;
    const life = this.#life;
    try {
      const [{ mount, styles }, texts] = await Promise.all([load(), bring(FILES.texts[language])]);
      const read = (other) => bring(FILES.texts[other]);
      if (this.isConnected && life === this.#life) {
        this.#mounted = mount(this, this.shadowRoot, language, texts, styles, read);
      }
    } catch (reason) {
      console.error('INFO CIG could not be loaded; the link stays.', reason);
    }
    if (life === this.#life && !this.#mounted) this.#mounting = undefined;
    return this.#mounted;
  }
}

if (!customElements.get('info-cig')) customElements.define('info-cig', InfoCig);
