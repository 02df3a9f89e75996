// Defines the class of the custom element <payment-form>; define.js registers it.
//
// The class is hand-written because WebAssembly cannot subclass HTMLElement. It is small because everything else waits for it on a slow line.
// It takes attributes and properties at once, draws the skeleton with its live amount input (skeleton.js), and loads the form. It also tells
// when the form cannot be loaded or has stopped. Everything else happens in Rust (src/element/ and src/ui/).
//
// Attributes, properties, methods, events, parts, custom properties and slots: custom-elements.json describes each, docs/ has the
// tables. Lifecycle: the form is mounted when the element is connected, and survives moves, also into another document. A removal is noticed
// one microtask later. The form is kept alive while a payment is on its way, and hands the typed text from one mounting to the next.
//
// Importing this module has no side effect, and under Node it defines a class that cannot be constructed.
import { skeletonProps, isDisabled } from './skeleton_props.js';
import { Language } from './language.js';
import { localeOf } from './locale.js';
import { FLAGS, PROPERTIES, TEXTS, camel, reflect } from './names.js';
import { freeze, isObject, pageCallbacks } from './page.js';
import { say } from './sentences.js';
import { loadOnce } from './settings.js';
import { sheetOf } from './sheet.js';
import { Skeleton, el } from './skeleton.js';
import { adoptAttempt, amountName, apiOf, elementName, entryNames, fieldsOf, inputsIn, readDraft, readEntry, writeEntry, valueOf } from './stored.js';
import { trapListeners, trap, reportTrap } from './trap.js';

export { configure } from './settings.js';

/** The time in milliseconds for which a form is kept alive that left the page during a payment, so that it can show the outcome. */
const KEEP_ALIVE = 15 * 60_000;

/** The elements that stand on a page. */
const connected = new Set();

/** The elements with a form. The page has taken some of them away while they pay. */
const mounted = new Set();

/** The forms that have stopped. Garbage collection would free them, which runs their module again and takes their text off the screen. */
const crashedForms = new Set();

export class PaymentForm extends (globalThis.HTMLElement ?? Object) {
  static observedAttributes = [...TEXTS, ...FLAGS, 'lang'];
  /** `<label for>` and `<fieldset disabled>` reach form-associated elements only. The element has no value of its own to submit. */
  static formAssociated = true;

  // jsdom and happy-dom have no internals, older browsers no states.
  #internals = this.attachInternals?.();
  #root = this.attachShadow({ mode: 'open' });
  /** The properties that the page set. */
  #properties = {};
  #state = 'loading';
  /** The sentence that stays true if the form stops now. */
  #lastWords = '';
  /** The skeleton before the form, which keeps the text that is typed meanwhile. */
  #skeleton;
  #form;
  /** The host object of the current form. Events of a crashed form carry another one, and are dropped. */
  #activeHost;
  /** The name of the form's entries in the session's store. It is the same in each load of the same page, so a reload finds the entries. */
  #name;
  #mounting = 0;
  #isUpdateQueued = false;
  #ready;
  #readyResolvers;
  #onTrap = () => this.#crash();
  #onHide = () => this.#skeleton?.storeDraft();
  #language = new Language(this, () => this.#followLanguage());

  constructor() {
    super();
    this.#resetReady();
    this.#setState('loading');
    this.addEventListener('click', (event) => this.#focusFromLabel(event));
  }

  connectedCallback() {
    for (const name of [...TEXTS, ...FLAGS].map(camel).concat(PROPERTIES)) this.#upgradeProperty(name);
    this.#language.observe();
    addEventListener('pagehide', this.#onHide);
    // An element that this one replaces has not yet stored its last keys.
    for (const other of connected) other.#storeDraft();
    connected.add(this);
    if (!this.#form) this.#mount();
    this.#followLanguage();
    // The page may take the replaced element away only now, and with it the name under which the text is stored.
    queueMicrotask(() => this.isConnected && this.#skeleton && this.#name !== elementName(this) && this.#drawSkeleton());
  }

  disconnectedCallback() {
    this.#language.disconnect();
    removeEventListener('pagehide', this.#onHide);
    connected.delete(this);
    this.#storeDraft();
    queueMicrotask(() => this.#disconnect());
  }

  /** Unmounts the form. The elements behind it adopt its stored entries, the nearest first. */
  #disconnect() {
    this.#unmount();
    if (this.isConnected) return;
    const inOrder = [...connected].sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    for (const other of inOrder) other.#adoptEntries();
  }

  /**
   * Adopts the stored entries of an element that left: its name in the store, the draft and the open attempt. A page may replace one element by
   * another in two tasks, and a reload then finds the entries under the name of the first. This element's own text or attempt moves under that name.
   */
  #adoptEntries() {
    const name = elementName(this);
    if (!this.#skeleton) {
      // The form that left gives its lock back in the next microtask.
      queueMicrotask(() => this.isConnected && this.#callForm((form) => form.adoptEntries(name)) && (this.#name = name));
    } else if (this.#state === 'loading' && this.#name !== name) {
      this.#skeleton.storeDraft();
      const [from, to] = [this.#name, name].map((element) => entryNames(skeletonProps(this, element, this.#properties)).draft);
      const text = readEntry(from);
      if (text !== null) {
        writeEntry(to, text);
        writeEntry(from);
      }
      this.#drawSkeleton();
    }
  }

  /** A constructed stylesheet works only in the document of its own window. */
  adoptedCallback() {
    this.#root.adoptedStyleSheets = sheetOf(this.ownerDocument);
  }

  formDisabledCallback() {
    this.attributeChangedCallback();
  }

  /** Reads the language again, because the element's new place may have another one. */
  #followLanguage() {
    if (this.#language.isOutdated) this.attributeChangedCallback();
  }

  attributeChangedCallback() {
    this.#updateSkeleton();
    if (!this.#form || this.#isUpdateQueued) return;
    this.#isUpdateQueued = true;
    // Several attributes set at once are one change.
    queueMicrotask(async () => {
      this.#isUpdateQueued = false;
      if (this.#language.isOutdated) {
        await this.#language.load();
        this.#callForm((form) => form.updateLanguage());
      }
      this.#callForm((form) => form.configure());
    });
  }

  get invoices() { return this.#properties.invoices; }
  set invoices(list) { this.#setProperty('invoices', list, (form) => form.updateInvoices()); }
  get paymentMethods() { return this.#properties.paymentMethods; }
  set paymentMethods(list) { this.#setProperty('paymentMethods', list, (form) => form.updateMethods()); }
  get lookup() { return this.#properties.lookup; }
  set lookup(ask) { this.#setProperty('lookup', ask, (form) => form.configure()); }
  // The texts of `messages` and `value` are read once. So an error of the page's getter is thrown at the page, and stops no form.
  get messages() { return this.#properties.messages; }
  set messages(sentences) { this.#setProperty('messages', isObject(sentences) ? { ...sentences } : sentences, (form) => form.updateLanguage()); }
  // Write-only: a token that can be read back could be taken by any script that finds the element.
  set authorization(credentials) { this.#properties.authorization = credentials; }

  get value() { return this.#callForm((form) => form.value()) ?? this.#skeleton?.value ?? this.#properties.value ?? {}; }
  set value(draft) { this.#setProperty('value', isObject(draft) ? valueOf(fieldsOf(draft), apiOf(this.api)) : draft, (form) => form.setValue(this.#properties.value ?? {})); }
  get preview() { return freeze(this.#callForm((form) => form.preview()) ?? null); }
  get problems() { return freeze(this.#callForm((form) => form.problems()) ?? []); }
  get state() { return this.#state; }
  get ready() { return this.#ready; }

  submit() { this.#callForm((form) => form.submit()); }
  reset() {
    if (!this.#skeleton) return this.#callForm((form) => form.reset());
    this.#properties.value = undefined;
    this.#skeleton.reset(this.#skeletonProps());
  }
  async refresh() { await this.#callForm((form) => form.refresh()); }
  checkValidity() { return this.#callForm((form) => form.checkValidity(false)) ?? false; }
  reportValidity() {
    this.#skeleton?.focus();
    return this.#callForm((form) => form.checkValidity(true)) ?? false;
  }
  focus(options) {
    const fields = [...this.#root.querySelectorAll('input:enabled, button:enabled')];
    // Behind the sheet of a review the fields are out of sight, and cannot take the focus.
    (fields.find((field) => field.getClientRects().length > 0) ?? fields[0])?.focus(options);
  }

  static {
    // Sentences are in the nearest `lang`, with or without the attribute.
    reflect(this.prototype, { locale: localeOf });
  }

  /** Sets a property again that the page set before the class was defined, because it hides the accessor of the class. */
  #upgradeProperty(name) {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete this[name];
    this[name] = value;
  }

  #setProperty(name, value, update) {
    this.#properties[name] = value;
    this.#updateSkeleton();
    this.#callForm(update);
  }

  #resetReady() {
    this.#ready = new Promise((resolve, reject) => (this.#readyResolvers = { resolve, reject }));
    // The rejection is handled here, so that a page without a handler gets no unhandled error.
    this.#ready.catch(() => {});
  }

  /** Stores the typed text. */
  #storeDraft() {
    this.#skeleton?.storeDraft();
    this.#callForm((form) => form.storeDraft());
  }

  /** Calls into the form, if there is one. */
  #callForm(work) {
    if (!this.#form) return undefined;
    try {
      return work(this.#form);
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      reportTrap(error);
      return undefined;
    }
  }

  /** Draws the skeleton, asks for the form in the same task, and mounts the form when it is there. */
  async #mount() {
    const mounting = ++this.#mounting;
    // The last form could not be loaded.
    if (this.#state !== 'loading') {
      this.#resetReady();
      this.#setState('loading');
    }
    if (trap) return this.#crash();
    trapListeners.add(this.#onTrap);
    let module;
    try {
      this.#drawSkeleton();
      [module] = await Promise.all([loadOnce(), this.#language.load()]);
      await this.#skeleton.compositionEnd();
      // The page may have named another language meanwhile.
      while (this.#language.isOutdated) {
        await this.#language.load();
        await this.#skeleton.compositionEnd();
      }
    } catch (error) {
      if (mounting === this.#mounting) this.#fail(error);
      return;
    }
    if (mounting !== this.#mounting || !this.isConnected || trap) return;
    this.#replaceSkeleton(module);
  }

  #drawSkeleton() {
    this.#root.adoptedStyleSheets = sheetOf(this.ownerDocument);
    this.#name = elementName(this);
    const props = this.#skeletonProps();
    if (this.#skeleton) this.#skeleton.draw(props);
    else this.#skeleton = new Skeleton(props);
    // A connected skeleton is not moved, because the person may be typing in it.
    if (this.#skeleton.box.parentNode !== this.#root) this.#root.replaceChildren(this.#skeleton.box);
    this.#adoptAttempt();
  }

  /** Redraws the skeleton after a change by the page. */
  #updateSkeleton() {
    if (!this.#skeleton) return;
    this.#skeleton.update(this.#skeletonProps());
    this.#adoptAttempt();
  }

  #skeletonProps() {
    return skeletonProps(this, this.#name, this.#properties);
  }

  /**
   * Shows the open attempt of a place that is gone. The search waits for the end of the page's script, because the script may add an element
   * for each place: the attempt of a place that fills belongs to the element there.
   */
  async #adoptAttempt() {
    await null;
    if (!this.#skeleton || !this.isConnected) return;
    const names = new Set([...connected, ...mounted].map((other) => other.#name));
    if (!adoptAttempt(this, this.#skeletonProps(), names)) return;
    this.#skeleton.storeDraft();
    this.#skeleton.update(this.#skeletonProps());
  }

  /** Puts the form in the skeleton's place, in one task: between two tasks a phone would take its keyboard away. */
  #replaceSkeleton(module) {
    const skeleton = this.#skeleton;
    // A form that stops while it is mounted has not lost what was typed.
    skeleton.storeDraft();
    const name = amountName(apiOf(this.api));
    const { typed } = skeleton;
    try {
      this.#form = module.mount(this.#root, this.#host());
      mounted.add(this);
      if (this.#properties.value) this.#form.setValue(this.#properties.value);
      if (typed !== undefined) this.#form.typeAmount(typed);
      const inForm = (selector) => [...this.#root.querySelectorAll(selector)].find((found) => !skeleton.box.contains(found));
      skeleton.handOver(inForm(`[name="${name}"]`), inForm('.title'));
      this.#skeleton = undefined;
      this.#form.announceReady();
      this.#followLanguage();
    } catch (error) {
      // A trap stops all forms of the page, any other error this one.
      if (error instanceof WebAssembly.RuntimeError) reportTrap(error);
      else this.#fail(error);
    }
  }

  /** The functions that the form calls on the element. */
  #host() {
    const name = this.#name;
    const host = (this.#activeHost = {});
    return {
      ...pageCallbacks(this.#properties),
      attribute: (name) => {
        if (name === 'locale') return this.locale;
        if (name === 'disabled') return isDisabled(this) ? '' : undefined;
        return this.getAttribute(name) ?? undefined;
      },
      words: () => this.#language.words,
      name: () => name,
      emit: (name, detail, cancelable) => host === this.#activeHost && this.#emit(name, detail, cancelable),
      enter: (state, lastWords) => {
        if (host !== this.#activeHost) return;
        this.#lastWords = lastWords;
        this.#setState(state);
      },
    };
  }

  /** Focuses the form after a click on its `<label>`: the browser sends the element a click from a point outside it. */
  #focusFromLabel(event) {
    if (event.composedPath()[0] !== this) return;
    const { clientX: x, clientY: y } = event;
    const { left, right, top, bottom } = this.getBoundingClientRect();
    if (x < left || x > right || y < top || y > bottom) this.focus();
  }

  #emit(name, detail, cancelable = false) {
    if (name === 'payment-ready') this.#readyResolvers.resolve();
    return this.dispatchEvent(new CustomEvent(name, { detail: freeze(detail), bubbles: true, composed: true, cancelable }));
  }

  #setState(state) {
    this.#internals?.states?.delete(this.#state);
    this.#state = state;
    this.#internals?.states?.add(state);
    // A form that was kept alive for its payment shows the outcome when the element is put back; not for ever, though. Where the attempt
    // is in the store, another element may take it up.
    if (this.#form && !this.isConnected) setTimeout(() => this.#disconnect(), ['recorded', 'rejected'].includes(state) ? KEEP_ALIVE : 0);
  }

  /** Draws the box with the error where the form could not be loaded. */
  #fail(error) {
    console.error('payment-form: the form could not be loaded:', error);
    const box = this.#showError('load-failed');
    const fallback = el('slot', '', { name: 'fallback' });
    box.replaceWith(fallback);
    fallback.append(box);
    this.#readyResolvers.reject(error);
    this.#emit('payment-load-error', { message: String(error?.message ?? error) });
  }

  #crash() {
    this.#showError('crashed', this.#lastWords);
    this.#readyResolvers.reject(trap);
    this.#emit('payment-crash', { message: String(trap?.message ?? trap) });
  }

  /**
   * Says why there is no form (any more), and returns the box that says it. A form is not freed: nothing of a trapped module may run again.
   * The text on the screen stays readable, but its controls are disabled.
   */
  #showError(code, more = '') {
    trapListeners.delete(this.#onTrap);
    this.#skeleton?.storeDraft();
    const remaining = this.#form ? [...this.#root.children].filter((child) => child !== this.#skeleton?.box) : [];
    if (this.#form && !this.#skeleton) this.#properties.value = this.#remainingValue();
    if (this.#form) crashedForms.add(this.#form);
    this.#form = this.#activeHost = undefined;
    const sentence = say(`form-${code}`, { locale: this.locale, messages: this.#properties.messages });
    const words = el('p', '', { role: 'alert', dir: 'auto' }, `${sentence} ${more}`.trim());
    const box = el('div', `plain ${code}`, { part: 'base' }, words);
    for (const child of remaining) child.inert = true;
    this.#root.replaceChildren(el('div', 'frame', {}, box, ...(this.#skeleton?.stop() ?? [])), ...remaining);
    this.#setState('crashed');
    return box;
  }

  /** The `value` that a form leaves behind that can no longer be asked: the stored draft, with the text that stands in the inputs. */
  #remainingValue() {
    const draft = readDraft(readEntry(entryNames(skeletonProps(this, this.#name, this.#properties)).draft), Date.now());
    return valueOf({ ...draft, ...fieldsOf(inputsIn(this.#root)) }, apiOf(this.api));
  }

  /** Unmounts the form, unless the element only moved or its payment is unsettled. */
  #unmount() {
    if (this.isConnected) return;
    this.#mounting += 1;
    if (!this.#form) trapListeners.delete(this.#onTrap);
    if (!this.#form?.mayUnmount()) return;
    // A recorded payment is not typed again.
    this.#properties.value = this.#state === 'recorded' ? undefined : this.value;
    trapListeners.delete(this.#onTrap);
    const form = this.#form;
    this.#form = undefined;
    mounted.delete(this);
    form.free();
    this.#resetReady();
    this.#setState('loading');
  }
}
