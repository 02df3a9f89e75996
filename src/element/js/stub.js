// Stands in for <payment-form> in jsdom and happy-dom, which run no WebAssembly and draw nothing. The module registers the tag when it is
// imported.
//
// The stand-in keeps the element's attributes, properties and `value`, has inputs of the promised names, and dispatches the element's events
// when the test says so. It checks, divides and sends nothing.
import { FLAGS, PROPERTIES, TEXTS, camel } from './names.js';

const STATES = { recorded: 'recorded', rejected: 'rejected', held: 'held', unknown: 'unknown', 'load-error': 'crashed', crash: 'crashed' };
const INPUTS = ['amount', 'reference', 'amountDue', 'amountPaid', 'dueDate', 'date'];

const freeze = (detail) => {
  if (detail && typeof detail === 'object') Object.values(Object.freeze(detail)).forEach(freeze);
  return detail;
};

export class PaymentForm extends (globalThis.HTMLElement ?? Object) {
  static observedAttributes = ['amount', 'api'];

  #root = this.attachShadow({ mode: 'open' });
  #state = 'loading';
  #value = {};
  #wasTyped = false;
  #becomeReady;
  #ready = new Promise((resolve) => (this.#becomeReady = resolve));
  /** The answers that a test gives to `preview`, `problems` and `checkValidity()`. */
  preview = null;
  problems = [];

  connectedCallback() {
    for (const name of [...TEXTS, ...FLAGS].map(camel).concat(PROPERTIES)) {
      if (!Object.hasOwn(this, name)) continue;
      // A property that was set before the class was defined hides the class's own.
      const given = this[name];
      delete this[name];
      this[name] = given;
    }
    this.#draw();
    if (this.#state !== 'loading') return;
    queueMicrotask(() => {
      if (!this.isConnected || this.#state !== 'loading') return;
      this.#state = 'ready';
      this.#becomeReady();
      this.#emit('ready', null);
    });
  }

  attributeChangedCallback() {
    if (!this.#wasTyped) this.#write();
  }

  get state() { return this.#state; }
  get ready() { return this.#ready; }
  get value() { return structuredClone(this.#value); }
  set value(draft) {
    this.#value = structuredClone(draft ?? {});
    this.#wasTyped = draft != null;
    this.#write();
  }

  /** Types into the input of a name, as a person would. */
  type(field, text) {
    this.#value[field] = text;
    this.#wasTyped = true;
    this.#write();
    const amount = this.#value.amount ?? this.#value.amountPaid ?? null;
    this.#emit('change', { field, invoiceId: null, amount, allocated: null, unallocated: null, valid: this.checkValidity() });
  }

  /** The press on the button that pays: `false` where the page prevented the payment. */
  submit() {
    if (!this.checkValidity() || ['submitting', 'recorded'].includes(this.#state)) return false;
    const detail = { method: 'POST', url: this.endpoint ?? '', body: '', value: this.value, preview: this.preview };
    if (!this.#emit('submit', detail, true)) return false;
    this.#state = 'submitting';
    return true;
  }

  /** Ends the payment as a server would: `settle('recorded', { receipt, differences: [] })`, `settle('rejected', { status, problems })`. */
  settle(outcome, detail = {}) {
    if (!(outcome in STATES)) throw new TypeError(`A payment does not end as ${outcome}, but as ${Object.keys(STATES).join(', ')}.`);
    this.#state = STATES[outcome];
    if (outcome === 'rejected') this.problems = detail.problems ?? [];
    this.#emit(outcome, detail);
  }

  reset() {
    this.#state = 'ready';
    this.problems = [];
    this.value = undefined;
  }

  async refresh() {}
  checkValidity() { return this.problems.length === 0; }
  reportValidity() { return this.checkValidity(); }
  focus() { this.#root.querySelector('input')?.focus(); }

  static {
    const define = (name, get, set) => Object.defineProperty(this.prototype, camel(name), { get, set, configurable: true, enumerable: true });
    for (const name of TEXTS) {
      define(name, function () { return this.getAttribute(name); }, function (text) { text == null ? this.removeAttribute(name) : this.setAttribute(name, text); });
    }
    for (const name of FLAGS) {
      define(name, function () { return this.hasAttribute(name); }, function (on) { this.toggleAttribute(name, Boolean(on)); });
    }
  }

  #draw() {
    if (this.#root.firstChild) return;
    const { ownerDocument } = this;
    for (const name of INPUTS) {
      const input = ownerDocument.createElement('input');
      input.name = name;
      input.addEventListener('input', () => this.type(name, input.value));
      this.#root.append(input);
    }
    const pay = ownerDocument.createElement('button');
    pay.type = 'submit';
    pay.dataset.testid = 'pay';
    pay.textContent = 'Pay';
    pay.addEventListener('click', () => this.submit());
    this.#root.append(pay);
    this.#write();
  }

  #write() {
    const first = this.getAttribute('api') === 'maiascore' ? 'amountPaid' : 'amount';
    for (const input of this.#root.querySelectorAll('input')) {
      const text = this.#value[input.name] ?? (input.name === first && !this.#wasTyped ? this.getAttribute('amount') : undefined) ?? '';
      if (input.value !== text) input.value = text;
    }
  }

  #emit(name, detail, cancelable = false) {
    return this.dispatchEvent(new CustomEvent(`payment-${name}`, { detail: freeze(detail), bubbles: true, composed: true, cancelable }));
  }
}

/** The stand-in sends nothing anywhere, so it has nothing to configure. */
export function configure() {}

if (globalThis.customElements && !customElements.get('payment-form')) customElements.define('payment-form', PaymentForm);
