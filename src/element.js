// <payment-form>: the custom element's class, apart from its registration (define.js).
//
// It is hand-written because WebAssembly cannot subclass HTMLElement, and small because it stands before everything else on a slow line:
// it takes attributes and properties at once, fetches the form lazily, and draws the three states in which there is no form to draw
// anything: loading, failed to load, crashed. Everything else happens in Rust (element.rs and ui/).
//
// Attributes, properties, methods, events, parts, custom properties and slots: custom-elements.json describes each, README has the
// tables. Lifecycle: the form is mounted when the element is connected, survives moves within the document (its removal is noticed one
// microtask later), is kept alive while a payment is on its way, and keeps the typed text from one mounting to the next.
//
// Importing this module has no side effect, and under Node it defines a class that nobody can construct.
import css from './style.js';

const options = { wasmUrl: undefined, integrity: undefined, allowedOrigins: [], allowBasic: false };

/** Settings of the page's own script, never of an attribute: where the wasm lies, and which origins the form may speak to. */
export function configure({ wasmUrl, integrity, allowedOrigins, allowBasic } = {}) {
  if (wasmUrl !== undefined) options.wasmUrl = String(wasmUrl);
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

/** The sentences that must be there when nothing else is; the other languages are in words/<lang>.json under the same codes. */
const SENTENCES = {
  'form-loading': 'Loading the payment form …',
  'form-load-failed': 'The payment form could not be loaded. Nothing was sent. Please reload the page.',
  'form-crashed': 'The payment form stopped. Please reload the page.',
};

let sheet;
const stylesheet = () => {
  if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(css);
  return sheet;
};

let loading;
/** Loads the wasm once for all forms of the page; after a failure the next form tries again. */
function load() {
  loading ??= (async () => {
    const url = options.wasmUrl ?? new URL('./payment_form_bg.wasm', import.meta.url).href;
    const wasm = fetch(url, { credentials: 'same-origin', integrity: options.integrity ?? '' });
    wasm.catch(() => {});
    const form = await import('./payment_form.js');
    const response = await wasm;
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    await form.default({ module_or_path: response });
    watch(url);
    return form;
  })();
  loading.catch(() => (loading = undefined));
  return loading;
}

const mounted = new Set();
/**
 * A trap in WebAssembly leaves the module's memory in doubt, for every form on the page. It surfaces as an error event, because the
 * form's own listeners are called by the browser and not by this class.
 */
function watch(wasmUrl) {
  const files = [wasmUrl, import.meta.url, new URL('./payment_form.js', import.meta.url).href];
  const crashed = (error) => {
    if (!(error instanceof WebAssembly.RuntimeError)) return;
    if (files.some((file) => error.stack?.includes(file))) for (const form of [...mounted]) form.crash(error);
  };
  addEventListener('error', (event) => crashed(event.error));
  addEventListener('unhandledrejection', (event) => crashed(event.reason));
}

const freeze = (detail) => {
  if (detail && typeof detail === 'object') Object.values(Object.freeze(detail)).forEach(freeze);
  return detail;
};

export class PaymentForm extends (globalThis.HTMLElement ?? Object) {
  static observedAttributes = [...TEXTS, ...FLAGS, 'lang'];

  #internals = this.attachInternals();
  #root = this.attachShadow({ mode: 'open' });
  #given = {};
  #state = 'loading';
  #lastWords = '';
  #words = {};
  #form;
  #handle;
  #generation = 0;
  #changed = false;
  #ready;
  #settle;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [stylesheet()];
    this.#promise();
  }

  connectedCallback() {
    for (const name of [...TEXTS, ...FLAGS].map(camel).concat(PROPERTIES)) this.#upgrade(name);
    if (!this.#form) this.#start();
  }

  disconnectedCallback() {
    queueMicrotask(() => this.#release());
  }

  attributeChangedCallback() {
    if (this.#changed || !this.#form) return;
    this.#changed = true;
    queueMicrotask(() => {
      this.#changed = false;
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
  // Write-only: a token that can be read back from the page can be taken by any script that finds the element.
  set authorization(token) { this.#given.authorization = token; }

  get value() { return this.#form ? this.#call((form) => form.value()) : this.#given.value ?? {}; }
  set value(draft) { this.#give('value', draft, (form) => form.setValue(draft)); }
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
    first ? first.focus(options) : super.focus(options);
  }

  static {
    for (const name of TEXTS) {
      Object.defineProperty(this.prototype, camel(name), {
        get() { return this.getAttribute(name); },
        set(text) { text == null ? this.removeAttribute(name) : this.setAttribute(name, text); },
        configurable: true, enumerable: true,
      });
    }
    for (const name of FLAGS) {
      Object.defineProperty(this.prototype, camel(name), {
        get() { return this.hasAttribute(name); },
        set(on) { this.toggleAttribute(name, !!on); },
        configurable: true, enumerable: true,
      });
    }
    // What a person reads there is the nearest lang and not the attribute alone.
    Object.defineProperty(this.prototype, 'locale', {
      get() { return this.getAttribute('locale') ?? nearestLanguage(this); },
      set(text) { text == null ? this.removeAttribute('locale') : this.setAttribute('locale', text); },
      configurable: true, enumerable: true,
    });
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
    this.#ready.catch(() => {});
  }

  /** Calls into the form, if there is one. */
  #call(work) {
    if (!this.#form) return undefined;
    try {
      return work(this.#form);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      for (const form of [...mounted]) form.crash(error);
      return undefined;
    }
  }

  async #start() {
    const generation = ++this.#generation;
    this.#show('loading', SENTENCES['form-loading']);
    let module;
    try {
      [module] = await Promise.all([load(), this.#loadWords()]);
    } catch (error) {
      if (generation === this.#generation) this.#failed(error);
      return;
    }
    if (generation !== this.#generation || !this.isConnected) return;
    const handle = { crash: (error) => this.#crash(error) };
    mounted.add(handle);
    try {
      this.#root.replaceChildren();
      this.#form = module.mount(this.#root, this.#host());
      this.#handle = handle;
      if (this.#given.value !== undefined) this.#form.setValue(this.#given.value);
    } catch (error) {
      handle.crash(error);
    }
  }

  /** What the form may ask of the element. */
  #host() {
    const given = this.#given;
    return {
      attribute: (name) => (name === 'locale' ? this.locale : this.getAttribute(name)) ?? undefined,
      given: (name) => given[name],
      words: () => this.#words,
      configured: () => ({ ...options, origin: location.origin, base: document.baseURI }),
      name: () => this.id || String([...document.querySelectorAll(this.localName)].indexOf(this)),
      emit: (name, detail, cancelable) => this.#emit(name, detail, cancelable),
      enter: (state, lastWords) => {
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

  #enter(name) {
    const before = this.#state;
    this.#state = name;
    this.#internals.states.delete(before);
    this.#internals.states.add(name);
    // A form that was kept alive for its payment goes once the payment is settled.
    if (!this.isConnected) queueMicrotask(() => this.#release());
  }

  /** Draws what there is to say without a form. */
  #show(state, sentence, slot) {
    const box = document.createElement('div');
    box.className = `pf-plain pf-${state}`;
    box.part.add('base');
    const words = document.createElement('p');
    words.setAttribute('role', state === 'loading' ? 'status' : 'alert');
    words.textContent = sentence;
    box.append(words);
    if (slot) {
      const fallback = document.createElement('slot');
      fallback.name = slot;
      fallback.append(box);
      this.#root.replaceChildren(fallback);
    } else {
      this.#root.replaceChildren(box);
    }
    return box;
  }

  #failed(error) {
    console.error('payment-form: the WebAssembly could not be loaded:', error);
    this.#enter('crashed');
    this.#show('crashed', this.#sentence('form-load-failed'), 'fallback');
    this.#settle.reject(error);
    this.#emit('payment-load-error', { message: String(error?.message ?? error) });
  }

  #crash(error) {
    mounted.delete(this.#handle);
    // Not freed: nothing of a trapped module may run again. What stands on the screen stays readable, but cannot be used.
    this.#form = undefined;
    const left = [...this.#root.children];
    const box = this.#show('crashed', [this.#sentence('form-crashed'), this.#lastWords].join(' ').trim());
    for (const child of left) child.inert = true;
    box.after(...left);
    this.#enter('crashed');
    this.#emit('payment-crash', { message: error instanceof Error ? error.name : 'crash' });
  }

  #sentence(code) {
    return this.#given.messages?.[code] ?? this.#words[code] ?? SENTENCES[code];
  }

  /** Lets go of the form, unless the element only moved or a payment of it is still unsettled. */
  #release() {
    if (this.isConnected) return;
    this.#generation += 1;
    if (!this.#form || ['submitting', 'resolving', 'held', 'unknown'].includes(this.#state)) return;
    this.#given.value = this.value;
    mounted.delete(this.#handle);
    const form = this.#form;
    this.#form = undefined;
    form.free();
    this.#promise();
    this.#enter('loading');
  }

  async #loadWords() {
    this.#words = {};
  }
}

/** The language of the nearest element that names one, through shadow roots; else the browser's. */
function nearestLanguage(element) {
  for (let node = element; node; node = node.parentElement ?? node.getRootNode().host) {
    if (node.lang) return node.lang;
  }
  return navigator.language;
}
