// SPDX-License-Identifier: EUPL-1.2
// <info-cig-console>: the element the advisors' page holds. An element needs a JavaScript class; everything else is the console.
// Until the console is mounted, and whenever it cannot be, what the page put inside the element stays as it is.
//
// This file keeps its name for ever; what it loads is named after its contents.
import { LANGUAGES, languageOf, load, refuseFiles, texts, tokens } from '../../client/loader.js';

class InfoCigConsole extends HTMLElement {
  #mounted;

  constructor() {
    super();
    refuseFiles(this, () => this.#mounted?.refuseFiles());
  }

  get language() {
    const chosenIn = (kept) => kept?.split(',').find((word) => LANGUAGES.includes(word));
    return languageOf(this, 'info-cig-console/choices', chosenIn);
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

  // Where the page says so, the end of a sign-in closes the console: nothing of anybody stays on the screen of who has left.
  #tokens() {
    const ask = tokens(this);
    let signedIn = false;
    return async (asked) => {
      const token = await ask(asked);
      const after = this.getAttribute('signed-out-url');
      if (signedIn && after && token === null) location.replace(after);
      signedIn ||= Boolean(token);
      return token;
    };
  }

  async #mount() {
    const { language } = this;
    try {
      const [{ mount, styles }, words] = await Promise.all([load(), texts(language)]);
      if (!this.isConnected || this.#mounted) return;
      this.#mounted = mount(this, this.shadowRoot, language, words, styles, texts, this.#tokens());
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
