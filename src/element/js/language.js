// Follows the language of one element: the locale at its place in the page, and the sentences that are fetched for it.
import { wordsOf } from './locale.js';

export class Language {
  #element;
  /** The locale that the sentences were fetched for; the page may name another at any ancestor. */
  #heard;
  #observer;
  /** The sentences by their codes; where there are none, English stays. */
  words = {};

  /** `changed` is called when the page names a language anywhere. */
  constructor(element, changed) {
    this.#element = element;
    this.#observer = globalThis.MutationObserver && new MutationObserver(changed);
  }

  /** Hears the page while the element stands in it. */
  follow() {
    this.#observer.observe(this.#element.ownerDocument, { attributes: true, attributeFilter: ['lang'], subtree: true });
  }

  leave() {
    this.#observer.disconnect();
  }

  /** True when another language is spoken at the element's place than that of the sentences. */
  get isOther() {
    return this.#element.locale !== this.#heard;
  }

  /** Fetches the sentences of the person's language. */
  async load() {
    const heard = (this.#heard = this.#element.locale);
    this.words = {};
    const words = await wordsOf(heard);
    // Unless another language was named meanwhile.
    if (heard === this.#heard) this.words = words;
  }
}
