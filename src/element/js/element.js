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
// Importing this module has no side effect, and under Node it defines a class that nobody can construct.
import { factsOf, isDisabled } from './facts.js';
import { Language } from './language.js';
import { localeOf } from './locale.js';
import { FLAGS, PROPERTIES, TEXTS, camel, reflect } from './names.js';
import { freeze, isObject, pageOf } from './page.js';
import { say } from './sentences.js';
import { loaded } from './settings.js';
import { sheetOf } from './sheet.js';
import { Skeleton, el } from './skeleton.js';
import { amountName, apiOf, elementName, entryNames, fieldsOf, findAttempt, inputsIn, readDraft, store, stored, valueOf } from './stored.js';
import { crashes, trap, trapped } from './trap.js';

export { configure } from './settings.js';

/** The time, in milliseconds, for which an outcome waits for an element that left the page in the middle of the payment. */
const KEPT_FOR = 15 * 60_000;

/** The elements that stand on a page. */
const connected = new Set();

/** The elements with a form, some of which the page has taken away while they pay. */
const alive = new Set();

/** The forms that have stopped. Garbage collection would free them, which runs their module again and takes their text off the screen. */
const stopped = new Set();

export class PaymentForm extends (globalThis.HTMLElement ?? Object) {
  static observedAttributes = [...TEXTS, ...FLAGS, 'lang'];
  /** `<label for>` and `<fieldset disabled>` reach form-associated elements only. The element has no value of its own to submit. */
  static formAssociated = true;

  // jsdom and happy-dom have no internals, older browsers no states.
  #internals = this.attachInternals?.();
  #root = this.attachShadow({ mode: 'open' });
  /** The properties that the page set. */
  #given = {};
  #state = 'loading';
  /** The sentence that stays true if the form stops now. */
  #lastWords = '';
  /** The skeleton before the form, which keeps the text that is typed meanwhile. */
  #skeleton;
  #form;
  /** The form that may speak for the element; a crashed one may not. */
  #speaker;
  /** The name of the form's entries in the session's store. It is the same in each load of the same page, so a reload finds the entries. */
  #name;
  #mounting = 0;
  #isStale = false;
  #ready;
  #settle;
  #onTrap = () => this.#crash();
  #onHide = () => this.#skeleton?.keep();
  #language = new Language(this, () => this.#listen());

  constructor() {
    super();
    this.#promise();
    this.#enter('loading');
    this.addEventListener('click', (event) => this.#labelled(event));
  }

  connectedCallback() {
    for (const name of [...TEXTS, ...FLAGS].map(camel).concat(PROPERTIES)) this.#upgrade(name);
    this.#language.follow();
    addEventListener('pagehide', this.#onHide);
    // An element that this one replaces has not yet stored its last keys.
    for (const other of connected) other.#keep();
    connected.add(this);
    if (!this.#form) this.#mount();
    this.#listen();
    // The page may take the replaced element away only now, and with it the name under which the text is stored.
    queueMicrotask(() => this.isConnected && this.#skeleton && this.#name !== elementName(this) && this.#draw());
  }

  disconnectedCallback() {
    this.#language.leave();
    removeEventListener('pagehide', this.#onHide);
    connected.delete(this);
    this.#keep();
    queueMicrotask(() => this.#leave());
  }

  /** Lets go of the form, and leaves its place to the elements behind it, the nearest first. */
  #leave() {
    this.#release();
    if (this.isConnected) return;
    const inOrder = [...connected].sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    for (const other of inOrder) other.#takePlace();
  }

  /**
   * Takes the place of an element that left: its name in the store, the draft and the open attempt. The page replaces one element by another in two
   * tasks, and a reload finds the other one in this place. A text or an attempt that stands here already comes along.
   */
  #takePlace() {
    const name = elementName(this);
    if (!this.#skeleton) {
      // The form that left gives its lock back in the next microtask.
      queueMicrotask(() => this.isConnected && this.#call((form) => form.takePlace(name)) && (this.#name = name));
    } else if (this.#state === 'loading' && this.#name !== name) {
      this.#skeleton.keep();
      const [from, to] = [this.#name, name].map((element) => entryNames(factsOf(this, element, this.#given)).draft);
      const text = stored(from);
      if (text !== null) {
        store(to, text);
        store(from);
      }
      this.#draw();
    }
  }

  /** Another document takes no stylesheet of the last. */
  adoptedCallback() {
    this.#root.adoptedStyleSheets = sheetOf(this.ownerDocument);
  }

  formDisabledCallback() {
    this.attributeChangedCallback();
  }

  /** Reads the language again, because the element's new place may have another one. */
  #listen() {
    if (this.#language.isOther) this.attributeChangedCallback();
  }

  attributeChangedCallback() {
    this.#redraw();
    if (!this.#form || this.#isStale) return;
    this.#isStale = true;
    // Several attributes set at once are one change.
    queueMicrotask(async () => {
      this.#isStale = false;
      if (this.#language.isOther) {
        await this.#language.load();
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
  // The texts of `messages` and `value` are read once. So an error of the page's getter is thrown at the page, and stops no form.
  get messages() { return this.#given.messages; }
  set messages(sentences) { this.#give('messages', isObject(sentences) ? { ...sentences } : sentences, (form) => form.speak()); }
  // Write-only: a token that can be read back could be taken by any script that finds the element.
  set authorization(credentials) { this.#given.authorization = credentials; }

  get value() { return this.#call((form) => form.value()) ?? this.#skeleton?.value ?? this.#given.value ?? {}; }
  set value(draft) { this.#give('value', isObject(draft) ? valueOf(fieldsOf(draft), apiOf(this.api)) : draft, (form) => form.setValue(this.#given.value ?? {})); }
  get preview() { return freeze(this.#call((form) => form.preview()) ?? null); }
  get problems() { return freeze(this.#call((form) => form.problems()) ?? []); }
  get state() { return this.#state; }
  get ready() { return this.#ready; }

  submit() { this.#call((form) => form.submit()); }
  reset() {
    if (!this.#skeleton) return this.#call((form) => form.reset());
    this.#given.value = undefined;
    this.#skeleton.reset(this.#facts());
  }
  async refresh() { await this.#call((form) => form.refresh()); }
  checkValidity() { return this.#call((form) => form.checkValidity(false)) ?? false; }
  reportValidity() {
    this.#skeleton?.focus();
    return this.#call((form) => form.checkValidity(true)) ?? false;
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

  /** A property that was set before the class was defined hides the class's own: set it again. */
  #upgrade(name) {
    if (!Object.hasOwn(this, name)) return;
    const given = this[name];
    delete this[name];
    this[name] = given;
  }

  #give(name, given, tell) {
    this.#given[name] = given;
    this.#redraw();
    this.#call(tell);
  }

  #promise() {
    this.#ready = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // The rejection is handled here, so that a page without a handler gets no unhandled error.
    this.#ready.catch(() => {});
  }

  /** Stores what was typed. */
  #keep() {
    this.#skeleton?.keep();
    this.#call((form) => form.keepDraft());
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

  /** Draws the skeleton, asks for the form in the same task, and mounts the form when it is there. */
  async #mount() {
    const mounting = ++this.#mounting;
    // The last form could not be loaded.
    if (this.#state !== 'loading') {
      this.#promise();
      this.#enter('loading');
    }
    if (trap) return this.#crash();
    crashes.add(this.#onTrap);
    let module;
    try {
      this.#draw();
      [module] = await Promise.all([loaded(), this.#language.load()]);
      await this.#skeleton.settled();
      // The page may have named another language meanwhile.
      while (this.#language.isOther) {
        await this.#language.load();
        await this.#skeleton.settled();
      }
    } catch (error) {
      if (mounting === this.#mounting) this.#fail(error);
      return;
    }
    if (mounting !== this.#mounting || !this.isConnected || trap) return;
    this.#takeOver(module);
  }

  #draw() {
    this.#root.adoptedStyleSheets = sheetOf(this.ownerDocument);
    this.#name = elementName(this);
    const facts = this.#facts();
    if (this.#skeleton) this.#skeleton.draw(facts);
    else this.#skeleton = new Skeleton(facts);
    // A skeleton that stands there is not moved: somebody may be typing in it.
    if (this.#skeleton.box.parentNode !== this.#root) this.#root.replaceChildren(this.#skeleton.box);
  }

  /** Redraws the skeleton after a change by the page. */
  #redraw() {
    if (this.#skeleton) this.#skeleton.update(this.#facts());
  }

  /** The facts of the skeleton, which knows an attempt that the element is to show. */
  #facts() {
    const facts = factsOf(this, this.#name, this.#given);
    findAttempt(this, facts, new Set([...connected, ...alive].map((other) => other.#name)));
    return facts;
  }

  /** Puts the form in the skeleton's place, in one task: between two tasks a phone would take its keyboard away. */
  #takeOver(module) {
    const skeleton = this.#skeleton;
    // A form that stops while it is mounted has not lost what was typed.
    skeleton.keep();
    const name = amountName(apiOf(this.api));
    const { typed } = skeleton;
    try {
      this.#form = module.mount(this.#root, this.#host());
      alive.add(this);
      if (this.#given.value) this.#form.setValue(this.#given.value);
      if (typed !== undefined) this.#form.typeAmount(typed);
      const inForm = (selector) => [...this.#root.querySelectorAll(selector)].find((found) => !skeleton.box.contains(found));
      skeleton.handOver(inForm(`[name="${name}"]`), inForm('.title'));
      this.#skeleton = undefined;
      this.#form.announceReady();
      this.#listen();
    } catch (error) {
      // A trap stops all forms of the page, any other error this one.
      if (error instanceof WebAssembly.RuntimeError) trapped(error);
      else this.#fail(error);
    }
  }

  /** The functions that the form calls on the element. */
  #host() {
    const name = this.#name;
    const speaker = (this.#speaker = {});
    return {
      ...pageOf(this.#given),
      attribute: (name) => {
        if (name === 'locale') return this.locale;
        if (name === 'disabled') return isDisabled(this) ? '' : undefined;
        return this.getAttribute(name) ?? undefined;
      },
      words: () => this.#language.words,
      name: () => name,
      emit: (name, detail, cancelable) => speaker === this.#speaker && this.#emit(name, detail, cancelable),
      enter: (state, lastWords) => {
        if (speaker !== this.#speaker) return;
        this.#lastWords = lastWords;
        this.#enter(state);
      },
    };
  }

  /** A click on a `<label>` reaches the element itself, from a place beside it. */
  #labelled(event) {
    if (event.composedPath()[0] !== this) return;
    const { clientX: x, clientY: y } = event;
    const { left, right, top, bottom } = this.getBoundingClientRect();
    if (x < left || x > right || y < top || y > bottom) this.focus();
  }

  #emit(name, detail, cancelable = false) {
    if (name === 'payment-ready') this.#settle.resolve();
    return this.dispatchEvent(new CustomEvent(name, { detail: freeze(detail), bubbles: true, composed: true, cancelable }));
  }

  #enter(state) {
    this.#internals?.states?.delete(this.#state);
    this.#state = state;
    this.#internals?.states?.add(state);
    // A form that was kept alive for its payment shows the outcome when the element is put back; not for ever, though. Where the attempt
    // is in the store, another element may take it up.
    if (this.#form && !this.isConnected) setTimeout(() => this.#leave(), ['recorded', 'rejected'].includes(state) ? KEPT_FOR : 0);
  }

  /** Draws the box with the error where the form could not be loaded. */
  #fail(error) {
    console.error('payment-form: the form could not be loaded:', error);
    const box = this.#stop('load-failed');
    const fallback = el('slot', '', { name: 'fallback' });
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
   * Says why there is no form (any more), and returns the box that says it. A form is not freed: nothing of a trapped module may run again.
   * The text on the screen stays readable, but its controls are disabled.
   */
  #stop(code, more = '') {
    crashes.delete(this.#onTrap);
    this.#skeleton?.keep();
    const left = this.#form ? [...this.#root.children].filter((child) => child !== this.#skeleton?.box) : [];
    if (this.#form && !this.#skeleton) this.#given.value = this.#left();
    if (this.#form) stopped.add(this.#form);
    this.#form = this.#speaker = undefined;
    const sentence = say(`form-${code}`, { locale: this.locale, messages: this.#given.messages });
    const words = el('p', '', { role: 'alert', dir: 'auto' }, `${sentence} ${more}`.trim());
    const box = el('div', `plain ${code}`, { part: 'base' }, words);
    for (const child of left) child.inert = true;
    this.#root.replaceChildren(el('div', 'frame', {}, box, ...(this.#skeleton?.stop() ?? [])), ...left);
    this.#enter('crashed');
    return box;
  }

  /** The `value` that a form leaves behind that can no longer be asked: the stored draft, with the text that stands in the inputs. */
  #left() {
    const draft = readDraft(stored(entryNames(factsOf(this, this.#name, this.#given)).draft), Date.now());
    return valueOf({ ...draft, ...fieldsOf(inputsIn(this.#root)) }, apiOf(this.api));
  }

  /** Lets go of the form, unless the element only moved or a payment of it is unsettled. */
  #release() {
    if (this.isConnected) return;
    this.#mounting += 1;
    if (!this.#form) crashes.delete(this.#onTrap);
    if (!this.#form?.mayGo()) return;
    // A recorded payment is not typed again.
    this.#given.value = this.#state === 'recorded' ? undefined : this.value;
    crashes.delete(this.#onTrap);
    const form = this.#form;
    this.#form = undefined;
    alive.delete(this);
    form.free();
    this.#promise();
    this.#enter('loading');
  }
}
