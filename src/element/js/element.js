// <payment-form>: the custom element's class, apart from its registration (define.js).
//
// It is hand-written because WebAssembly cannot subclass HTMLElement, and small because it stands before everything else on a slow line:
// it takes attributes and properties at once, fetches the form lazily, and draws the three states in which there is no form to draw
// anything: loading, failed to load, crashed. Everything else happens in Rust (element.rs and ui/).
//
// Attributes, properties, methods, events, parts, custom properties and slots: custom-elements.json describes each, README has the
// tables. Lifecycle: the form is mounted when the element is connected, survives moves within the document (a removal is noticed one
// microtask later), is kept alive while a payment is on its way, and hands the typed text from one mounting to the next.
//
// Importing this module has no side effect, and under Node it defines a class that nobody can construct.
import { listed } from './listed.js';
import { load } from './load.js';
import css from './style.js';
import { crashes, trap, trapped, watch } from './trap.js';

const options = { wasmUrl: undefined, integrity: undefined, allowedOrigins: [], allowBasic: false };

/** Settings of the page's own script, never of an attribute: where the wasm lies, and to whom the form may speak. */
export function configure({ wasmUrl, integrity, allowedOrigins, allowBasic } = {}) {
  if (wasmUrl !== undefined) options.wasmUrl = new URL(wasmUrl, document.baseURI).href;
  if (integrity !== undefined) options.integrity = String(integrity);
  if (allowedOrigins !== undefined) options.allowedOrigins = Array.from(allowedOrigins, (origin) => new URL(origin).origin);
  if (allowBasic !== undefined) options.allowBasic = allowBasic === true;
}

const TEXTS = [
  'api', 'endpoint', 'encoding', 'customer-id', 'source', 'methods', 'currency', 'locale', 'amount', 'min', 'max', 'allocation',
  'allocation-wire', 'order-date', 'idempotency', 'resolve-endpoint', 'timeout', 'quiet-time', 'persist', 'invoices-src',
  'payment-methods-src',
];
const FLAGS = ['confirm', 'reference-marker', 'disabled'];
const PROPERTIES = ['invoices', 'paymentMethods', 'authorization', 'lookup', 'messages', 'value'];
const camel = (name) => name.replace(/-./g, (dash) => dash[1].toUpperCase());

/** What must be said when there is no form to say it; the other languages have the same codes in words/<lang>.json. */
const SENTENCES = {
  'form-loading': 'Loading the payment form…',
  'form-load-failed': 'The payment form could not be loaded. Please reload the page.',
  'form-crashed': 'The payment form stopped. Please reload the page.',
};

/** How long, in milliseconds, the outcome of a payment waits for an element that was taken out of the page in the middle of it. */
const KEPT_FOR = 15 * 60_000;

/** The languages whose sentences lie beside this module. English is compiled in. */
const LANGUAGES = ['ar', 'de', 'es', 'fr', 'ja'];

let sheet;
const stylesheet = () => {
  if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(css);
  return sheet;
};

let loading;
/** Loads the wasm once for all forms of the page; after a failure the next form tries again. */
function loaded() {
  loading ??= load(options).then((loaded) => (watch(options.wasmUrl), loaded));
  loading.catch(() => (loading = undefined));
  return loading;
}

const freeze = (detail) => {
  if (detail && typeof detail === 'object') Object.values(Object.freeze(detail)).forEach(freeze);
  return detail;
};

export class PaymentForm extends (globalThis.HTMLElement ?? Object) {
  static observedAttributes = [...TEXTS, ...FLAGS, 'lang'];

  #internals = this.attachInternals();
  #root = this.attachShadow({ mode: 'open' });
  /** What the page gave as properties. */
  #given = {};
  #state = 'loading';
  /** What is true should the form stop now. */
  #lastWords = '';
  #words = {};
  #form;
  /** The form that may speak for the element; a crashed one may not. */
  #speaker;
  #mounting = 0;
  #isStale = false;
  #ready;
  #settle;
  #onTrap = () => this.#crash();
  /** The locale that the words were fetched for; the page may name another at any ancestor. */
  #heard;
  #languages = new MutationObserver(() => this.#listen());

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [stylesheet()];
    this.#promise();
    this.#enter('loading');
  }

  connectedCallback() {
    for (const name of [...TEXTS, ...FLAGS].map(camel).concat(PROPERTIES)) this.#upgrade(name);
    this.#languages.observe(document, { attributes: true, attributeFilter: ['lang'], subtree: true });
    if (!this.#form && !trap) this.#mount();
    this.#listen();
  }

  disconnectedCallback() {
    this.#languages.disconnect();
    queueMicrotask(() => this.#release());
  }

  /** Where it stands now another language may be spoken. */
  #listen() {
    if (this.locale !== this.#heard) this.attributeChangedCallback();
  }

  attributeChangedCallback() {
    if (!this.#form || this.#isStale) return;
    this.#isStale = true;
    // Several attributes set at once are one change.
    queueMicrotask(async () => {
      this.#isStale = false;
      if (this.locale !== this.#heard) {
        await this.#loadWords();
        this.#call((form) => form.speak());
      }
      this.#call((form) => form.configure());
    });
  }

  get invoices() { return this.#given.invoices; }
  set invoices(list) { this.#give('invoices', list, (form) => form.takeInvoices()); }
  get paymentMethods() { return this.#given.paymentMethods; }
  set paymentMethods(list) { this.#give('paymentMethods', list, (form) => form.takeMethods()); }
  get lookup() { return this.#given.lookup; }
  set lookup(ask) { this.#give('lookup', ask, (form) => form.configure()); }
  get messages() { return this.#given.messages; }
  set messages(sentences) { this.#give('messages', sentences, (form) => form.speak()); }
  // Write-only: a token that can be read back could be taken by any script that finds the element.
  set authorization(credentials) { this.#given.authorization = credentials; }

  get value() { return this.#call((form) => form.value()) ?? this.#given.value ?? {}; }
  set value(draft) { this.#give('value', draft, (form) => form.setValue(draft ?? {})); }
  get preview() { return freeze(this.#call((form) => form.preview()) ?? null); }
  get problems() { return freeze(this.#call((form) => form.problems()) ?? []); }
  get state() { return this.#state; }
  get ready() { return this.#ready; }

  submit() { this.#call((form) => form.submit()); }
  reset() { this.#call((form) => form.reset()); }
  async refresh() { await this.#call((form) => form.refresh()); }
  checkValidity() { return this.#call((form) => form.checkValidity(false)) ?? false; }
  reportValidity() { return this.#call((form) => form.checkValidity(true)) ?? false; }
  focus(options) {
    const first = this.#root.querySelector('input:enabled, button:enabled');
    if (first) first.focus(options);
  }

  static {
    const define = (name, get, set) =>
      Object.defineProperty(this.prototype, camel(name), { get, set, configurable: true, enumerable: true });
    for (const name of TEXTS) {
      define(
        name,
        // What a person reads is written in the nearest `lang`, whether or not the attribute says so.
        name === 'locale'
          ? function () { return this.getAttribute(name) ?? nearestLanguage(this); }
          : function () { return this.getAttribute(name); },
        function (text) { text == null ? this.removeAttribute(name) : this.setAttribute(name, text); },
      );
    }
    for (const name of FLAGS) {
      define(name, function () { return this.hasAttribute(name); }, function (on) { this.toggleAttribute(name, Boolean(on)); });
    }
  }

  /** A property that was set before the class was defined hides the class's own: set it again. */
  #upgrade(name) {
    if (!Object.hasOwn(this, name)) return;
    const given = this[name];
    delete this[name];
    this[name] = given;
  }

  #give(name, given, tell) {
    this.#given[name] = given;
    this.#call(tell);
  }

  #promise() {
    this.#ready = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // Who does not ask whether it loads has not left an error unhandled.
    this.#ready.catch(() => {});
  }

  /** Calls into the form, if there is one. */
  #call(work) {
    if (!this.#form) return undefined;
    try {
      return work(this.#form);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      trapped(error);
      return undefined;
    }
  }

  async #mount() {
    const mounting = ++this.#mounting;
    // Not the first time: the last form could not be loaded.
    if (this.#state !== 'loading') {
      this.#promise();
      this.#enter('loading');
    }
    this.#show('loading');
    const words = this.#loadWords();
    let module;
    try {
      module = await loaded();
      await words;
    } catch (error) {
      // That there is no form is said in the person's language, too.
      await words;
      if (mounting === this.#mounting) this.#fail(error);
      return;
    }
    if (mounting !== this.#mounting || !this.isConnected || trap) return;
    crashes.add(this.#onTrap);
    try {
      this.#root.replaceChildren();
      this.#form = module.mount(this.#root, this.#host());
      if (this.#given.value) this.#form.setValue(this.#given.value);
      this.#form.announceReady();
      this.#listen();
    } catch (error) {
      trapped(error);
    }
  }

  /** What the form may ask of the element. */
  #host() {
    const given = this.#given;
    // One name for one mounting: by it an open payment is found again after a reload, when the page stands as it stood now.
    const name = this.id || String([...document.querySelectorAll(this.localName)].indexOf(this));
    const speaker = (this.#speaker = {});
    return {
      attribute: (name) => (name === 'locale' ? this.locale : this.getAttribute(name)) ?? undefined,
      messages: () => given.messages,
      looksUp: () => typeof given.lookup === 'function',
      listed: (name) => listed(given[name]),
      words: () => this.#words,
      // Of a sandboxed frame `null`, whatever its address is.
      origin: () => self.origin,
      base: () => document.baseURI,
      allowedOrigins: () => options.allowedOrigins,
      allowsBasic: () => options.allowBasic,
      name: () => name,
      emit: (name, detail, cancelable) => speaker === this.#speaker && this.#emit(name, detail, cancelable),
      enter: (state, lastWords) => {
        if (speaker !== this.#speaker) return;
        this.#lastWords = lastWords;
        this.#enter(state);
      },
      authorization: async () => {
        const credentials = typeof given.authorization === 'function' ? await given.authorization() : given.authorization;
        return credentials == null ? undefined : String(credentials);
      },
      // The record goes on as text: its amounts are read from there, exactly.
      lookUp: async (wanted) => {
        const record = await given.lookup?.(freeze(wanted));
        return record == null ? undefined : typeof record === 'string' ? record : JSON.stringify(record);
      },
    };
  }

  #emit(name, detail, cancelable = false) {
    if (name === 'payment-ready') this.#settle.resolve();
    return this.dispatchEvent(new CustomEvent(name, { detail: freeze(detail), bubbles: true, composed: true, cancelable }));
  }

  #enter(state) {
    this.#internals.states.delete(this.#state);
    this.#internals.states.add((this.#state = state));
    // A form that was kept alive for its payment shows the outcome when the element is put back; not for ever, though. Where the attempt
    // is in the store, another element may take it up.
    if (!this.isConnected) setTimeout(() => this.#release(), ['recorded', 'rejected'].includes(state) ? KEPT_FOR : 0);
  }

  /** Draws what there is to say without a form. */
  #show(code, more = '') {
    const box = document.createElement('div');
    box.className = `plain ${code}`;
    box.part.add('base');
    const words = document.createElement('p');
    words.setAttribute('role', code === 'loading' ? 'status' : 'alert');
    words.dir = 'auto';
    const sentence = `form-${code}`;
    words.textContent = `${this.#given.messages?.[sentence] ?? this.#words[sentence] ?? SENTENCES[sentence]} ${more}`.trim();
    box.append(words);
    this.#root.replaceChildren(box);
    return box;
  }

  /** Says that there is no form. */
  #fail(error) {
    console.error('payment-form: the WebAssembly could not be loaded:', error);
    const fallback = document.createElement('slot');
    fallback.name = 'fallback';
    const box = this.#stop('load-failed');
    box.replaceWith(fallback);
    fallback.append(box);
    this.#settle.reject(error);
    this.#emit('payment-load-error', { message: String(error?.message ?? error) });
  }

  #crash() {
    this.#stop('crashed', this.#lastWords);
    this.#settle.reject(trap);
    this.#emit('payment-crash', { message: String(trap?.message ?? trap) });
  }

  /**
   * Says why there is no form any more. A crashed form is not freed, because nothing of a trapped module may run again. Its screen stays
   * readable, and cannot be used.
   */
  #stop(code, more) {
    crashes.delete(this.#onTrap);
    const left = this.#form ? [...this.#root.children] : [];
    this.#form = this.#speaker = undefined;
    const box = this.#show(code, more);
    for (const child of left) child.inert = true;
    box.after(...left);
    this.#enter('crashed');
    return box;
  }

  /** Lets go of the form, unless the element only moved or a payment of it is unsettled. */
  #release() {
    if (this.isConnected) return;
    this.#mounting += 1;
    if (!this.#form?.mayGo()) return;
    // What was paid is not typed anew.
    this.#given.value = this.#state === 'recorded' ? undefined : this.value;
    crashes.delete(this.#onTrap);
    const form = this.#form;
    this.#form = undefined;
    form.free();
    this.#promise();
    this.#enter('loading');
  }

  /** Fetches the sentences of the person's language; where there are none, English stays. */
  async #loadWords() {
    const heard = (this.#heard = this.locale);
    const language = LANGUAGES.find((language) => language === heard.split(/[-_]/)[0].toLowerCase());
    this.#words = {};
    if (!language) return;
    try {
      const response = await fetch(new URL(`./words/${language}.json`, import.meta.url), { credentials: 'same-origin' });
      const words = response.ok ? await response.json() : {};
      // Unless another language was named meanwhile.
      if (heard === this.#heard) this.#words = words;
    } catch {
      // A form in English is better than none.
    }
  }
}

/** The language of the nearest element that names one, through shadow roots; else the browser's. */
function nearestLanguage(element) {
  for (let node = element; node; node = node.parentElement ?? node.getRootNode().host) {
    if (node.lang) return node.lang;
  }
  return navigator.language;
}
