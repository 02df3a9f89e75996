// Follows the language of one element: the locale at its place in the page, and the sentences that are fetched for it.
import { wordsOf } from './locale.js';

export class Language {
  #element;
  /** The locale of the fetched sentences. The page may set another `lang` on any ancestor. */
  #loadedLocale;
  #observer;
  /** The sentences by their codes; where there are none, English stays. */
  words = {};

  /** Calls `changed` when the page changes a `lang` attribute. */
  constructor(element, changed) {
    this.#element = element;
    this.#observer = globalThis.MutationObserver && new MutationObserver(changed);
  }

  /** Watches the `lang` attributes of the page while the element is connected. */
  observe() {
    this.#observer.observe(this.#element.ownerDocument, { attributes: true, attributeFilter: ['lang'], subtree: true });
  }

  disconnect() {
    this.#observer.disconnect();
  }

  /** True when the locale of the element is no longer that of the sentences. */
  get isOutdated() {
    return this.#element.locale !== this.#loadedLocale;
  }

  /** Fetches the sentences of the person's language. */
  async load() {
    const locale = (this.#loadedLocale = this.#element.locale);
    this.words = {};
    const words = await wordsOf(locale);
    // A later change of the language has its own request, so this answer is dropped then.
    if (locale === this.#loadedLocale) this.words = words;
  }
}
