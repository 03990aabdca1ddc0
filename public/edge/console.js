// SPDX-License-Identifier: EUPL-1.2
// <info-cig-console>: the element the advisors' page holds. An element needs a JavaScript class; everything else is the console.
// Until the console is mounted, and whenever it cannot be, what the page put inside the element stays as it is.
const files = new URL('./console/', import.meta.url);

const load = () => (load.done ??= import(new URL('infocig_console.js', files)).then(async (module) => {
  await module.default({ module_or_path: new URL('infocig_console_bg.wasm', files) });
  return module;
}));

class InfoCigConsole extends HTMLElement {
  #mounted;

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
    try {
      const { mount } = await load();
      if (!this.isConnected || this.#mounted) return;
      this.#mounted = mount(this, this.shadowRoot);
      // After a fault inside, nothing of the module may be called any more.
      window.addEventListener('info-cig-console-stopped', ({ detail }) => {
        this.#mounted = undefined;
        const words = Object.assign(document.createElement('p'), { textContent: detail });
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
