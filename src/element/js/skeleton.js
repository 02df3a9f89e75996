// Draws the form before its WebAssembly is there: heading, cards, table lines and Pay in grey. The amount is an input in which a
// person can type. The typed text is stored at once, and moves into the form when the form is mounted.
//
// The input is never moved and never drawn anew. Otherwise it would lose the caret, an open composition of an input method and a
// phone's keyboard. A change of the language or of the API therefore draws anew what stands around it.
import { isLearned, notation, typedAmount } from './notation.js';
import { directionOf, languageIn, say, titleOf } from './sentences.js';
import { amountName, customerOf, draftText, entryNames, fieldsOf, readDraft, store, stored, valueOf } from './stored.js';

/** The pause in typing, in milliseconds, after which the text is stored. */
const PAUSE = 300;

/** An element with its classes, attributes and children. */
export function el(tag, classes, attributes = {}, ...children) {
  const node = document.createElement(tag);
  node.className = `pf ${classes}`.trim();
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A space as wide as a digit, and so as most currency signs. */
const DIGIT_SPACE = '\u2007';
/** The locales of the form's languages that write the sign behind the digits: a first guess, so that the input need not move. */
const SIGN_BEHIND = /^(de(-DE)?|es(-ES)?|it(-IT)?|(fr|ar)(-.*)?)$/i;
const HIDDEN = { 'aria-hidden': 'true' };
/** Draws placeholders for words and amounts. */
const bones = (shape, count) => Array.from({ length: count }, () => el('span', `bone ${shape}`));
/** The line beneath the amount, as high as the words about the host's limits. */
const hint = (hasLimits) => el('div', 'hint reads', HIDDEN, ...(hasLimits ? ['\u00A0'] : []));
const field = (shape = '') => el('div', 'field', HIDDEN, ...bones('bone-label', 1), ...bones(shape, 1));

/** A card of which only the heading can be read yet. */
const card = (part, heading, ...children) => el('section', 'card', { part, ...HIDDEN }, el('h3', 'heading', {}, heading), ...children);

/** Puts these nodes before and after one that stays where it is. */
function surround(node, before, after) {
  for (const other of [...node.parentNode.childNodes]) if (other !== node) other.remove();
  node.before(...before);
  node.after(...after);
}

/**
 * The element's knowledge before there is a form.
 * @typedef {{ api: string, endpoint?: string, customer?: string, element: string, locale: string, currency?: string, amount?: string,
 *   value?: object, payee?: string, payer?: string, messages?: Record<string, string>, isDisabled: boolean, isStaff: boolean, hasLimits: boolean, persists: boolean }} Facts
 */

export class Skeleton {
  #facts;
  #names;
  /** True when the person changed the text. */
  #isTyped = false;
  #isComposing = false;
  /** True where no form will come, and so nothing is drawn anew. */
  #isStopped = false;
  #timer;
  /** The work that waits for the end of a composition. */
  #waiting = [];

  #input = el('input', '', {
    id: 'early-amount', type: 'text', inputmode: 'decimal', autocomplete: 'transaction-amount', spellcheck: 'false',
  });
  #money = el('div', 'money', {}, this.#input);
  #field = el('div', 'field large', { part: 'amount' }, this.#money);
  #card = el('section', 'card', { part: 'amount-card' }, this.#field);
  #main = el('div', 'main', {}, this.#card);
  #columns = el('div', 'columns', {}, this.#main);
  #base = el('div', 'base', { part: 'base' }, this.#columns);
  /** Stays one node, because a screen reader says a new live region again, or not at all. */
  #status = el('p', 'unseen', { role: 'status' });
  /** The node that stands in the element's shadow root. */
  box = el('div', 'frame', {}, this.#status, this.#base);

  /** @param {Facts} facts */
  constructor(facts) {
    this.draw(facts);
    for (const type of ['input', 'change']) this.#input.addEventListener(type, () => this.#changed());
    this.#input.addEventListener('compositionstart', () => (this.#isComposing = true));
    for (const type of ['compositionend', 'blur']) this.#input.addEventListener(type, () => this.#endComposition());
    // Chromium ends a composition without `compositionend` when the page writes the text.
    this.#input.addEventListener('input', ({ isComposing }) => isComposing || this.#endComposition());
  }

  #endComposition() {
    this.#isComposing = false;
    this.#begin();
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Writes the text that the form begins with, unless the person has typed. An open composition is not broken. */
  #begin() {
    if (this.#isTyped || this.#isComposing) return;
    const text = this.#fields().amount ?? typedAmount(this.#facts.amount, this.#facts);
    if (this.#input.value !== text) this.#input.value = text;
  }

  /** The text that moves into the form: only text that the person changed. */
  get typed() {
    return this.#isTyped && this.#isLive ? this.#input.value : undefined;
  }

  /** The `value` property as long as there is no form. */
  get value() {
    return valueOf({ ...this.#fields(), amount: this.#input.value }, this.#facts.api);
  }

  /** Follows other facts of the page. The typed text stays, except under another customer. */
  update(facts) {
    const before = customerOf(this.#facts.customer);
    if (before && before !== customerOf(facts.customer)) {
      this.keep();
      this.#forget();
    }
    if (this.#isStopped) this.#learn(facts);
    else this.draw(facts);
  }

  focus(options) {
    this.#input.focus(options);
  }

  /** Drops what was typed and stored, and begins again as these facts say. */
  reset(facts) {
    if (!this.#isLive) return;
    clearTimeout(this.#timer);
    store(this.#names.draft);
    this.#forget();
    this.update(facts);
  }

  #forget() {
    this.#isTyped = false;
    this.#endComposition();
  }

  /** Stores now what was typed. */
  keep() {
    clearTimeout(this.#timer);
    if (!this.#isTyped || !this.#facts.persists) return;
    store(this.#names.draft, draftText({ ...this.#fields(), amount: this.#input.value }, Date.now()));
  }

  /** Resolves when no composition of an input method is open: a form that came now would cut it off. */
  async settled() {
    while (this.#isComposing) {
      await new Promise((go) => this.#waiting.push(go));
      // The browser has yet to end what it began.
      await new Promise((go) => setTimeout(go));
    }
  }

  /** Leaves the screen to the form, whose input takes over the text, caret, selection and focus. In a form without the input the title takes the focus. */
  handOver(input, title) {
    clearTimeout(this.#timer);
    const { value, selectionStart, selectionEnd, selectionDirection } = this.#input;
    // A lone surrogate, such as the first half of an emoji, does not pass through the WebAssembly.
    if (this.typed !== undefined && input && input.value !== value) input.value = value;
    if (this.#isFocused && input) {
      input.focus({ preventScroll: true });
      input.setSelectionRange(selectionStart, selectionEnd, selectionDirection);
    } else if (this.#isFocused && title) {
      title.tabIndex = -1;
      title.focus({ preventScroll: true });
    }
    this.box.remove();
  }

  /**
   * Stops where no form will come. Returns a card with the amount, whether the person typed it, a page before, or the host; it stays readable and can
   * be copied. Returns no card where there is no amount.
   */
  stop() {
    this.#isStopped = true;
    this.#endComposition();
    this.#input.readOnly = true;
    if (!this.#isLive || this.#input.value === '') return [];
    const label = this.#field.querySelector('label');
    this.#field.replaceChildren(...[label, this.#money].filter(Boolean));
    return [el('section', 'card', {}, this.#field)];
  }

  /** True when there is an input to type in. */
  get #isLive() {
    return this.#input.parentNode === this.#money;
  }

  get #isFocused() {
    return this.#input.getRootNode().activeElement === this.#input;
  }

  /** The fields that the form will begin with, but for what is typed here. */
  #fields() {
    const { value, persists } = this.#facts;
    if (value) return fieldsOf(value);
    return (persists && readDraft(stored(this.#names.draft), Date.now())) || {};
  }

  #changed() {
    this.#isTyped = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.keep(), PAUSE);
  }

  /**
   * Draws sign and code of the currency, where it is known, around the input. The first sign of a page comes after the first painting, because
   * `Intl` is slow at first and the input need not wait. A space as wide as a digit keeps its place.
   */
  #drawUnits() {
    const { currency } = this.#facts;
    const draw = ({ sign, isSignBehind }) => {
      const unit = (name, unit) => el('span', name, HIDDEN, unit);
      const isShared = !isSignBehind || /^(\$|[^$\u0080-\uFFFF]*)$/.test(sign);
      const code = sign === currency || !isShared ? '' : currency;
      const signs = sign ? [unit('sign', sign)] : [];
      surround(this.#input, isSignBehind ? [] : signs, [...(isSignBehind ? signs : []), ...(sign ? [unit('code', code)] : [])]);
    };
    if (!currency) draw({});
    else if (isLearned) draw(notation(this.#facts));
    else {
      draw({ sign: DIGIT_SPACE, isSignBehind: SIGN_BEHIND.test(this.#facts.locale) });
      requestAnimationFrame(() => setTimeout(() => this.#isLive && draw(notation(this.#facts))));
    }
  }

  /** Takes these facts, and the text that the form begins with under them. */
  #learn(facts) {
    this.#facts = facts;
    this.#names = entryNames(facts);
    this.#begin();
  }

  /** Draws the skeleton by these facts. */
  draw(facts) {
    this.#isStopped = false;
    this.#learn(facts);
    const text = (code) => say(code, facts);
    const isDueItem = facts.api === 'maiascore';
    const input = this.#input;
    input.name = amountName(facts.api);
    input.disabled = facts.isDisabled;
    input.readOnly = false;
    // A payment that a page before this one left open is shown, with its amount, by the form alone.
    const isOpen = facts.persists && stored(this.#names.pending) !== null;
    if (isOpen) input.remove();
    else if (!this.#isLive) this.#money.append(input);
    // An input without focus has no composition, and not every browser tells of its end.
    if (isOpen || facts.isDisabled) this.#endComposition();
    this.#card.setAttribute('part', isDueItem ? 'paid-card' : 'amount-card');
    if (!this.#card.contains(this.#field)) this.#card.append(this.#field);

    if (isOpen) this.#money.replaceChildren();
    else this.#drawUnits();
    const label = el('label', '', { for: input.id }, text(isDueItem ? 'amount-paid' : 'amount'));
    surround(this.#money, [label], [hint(facts.hasLimits), ...(isDueItem ? [] : [el('div', 'chips', HIDDEN, ...bones('bone-chip', 2))])]);
    const heading = el('h3', 'heading', HIDDEN, text(isDueItem ? 'paid-section' : 'amount-section'));
    surround(this.#field, [heading], isDueItem ? [field()] : []);
    surround(
      this.#card,
      isDueItem ? [card('due-card', text('due-section'), field(), field('bone-money'), field())] : [],
      isDueItem
        ? []
        : [
            card('methods-card', text(facts.isStaff ? 'method-section-staff' : 'method-section'), el('div', 'methods', { part: 'methods' }, ...bones('bone-method', 3)), field()),
            card('allocation', text('allocation-section'), el('div', 'division', {}, ...bones('bone-row', 6))),
          ],
    );
    const pay = el('button', 'pay', { type: 'button', part: 'submit', disabled: '', tabindex: '-1' }, text(facts.isStaff ? 'pay-staff-nothing' : 'pay-nothing'));
    const sums = el('section', 'sums', { part: 'summary', ...HIDDEN }, el('h3', 'heading', {}, text('summary')), ...bones('bone-sum', 3));
    const side = el('div', 'side', {}, sums, el('div', 'pay-bar', HIDDEN, pay), el('slot', '', { name: 'legal' }));
    surround(this.#main, [], [side]);
    const title = el('div', '', {}, el('h2', 'title', {}, titleOf(facts)), ...bones('bone-line', facts.payer ? 2 : 1));
    const header = el('header', 'header', { part: 'header', ...HIDDEN }, title, el('dl', 'owed', {}, ...bones('bone-owed', 2)));
    surround(this.#columns, [el('slot', '', { name: 'header' }, header)], [el('slot', '', { name: 'footer' })]);
    if (this.#status.textContent !== text('form-loading')) this.#status.textContent = text('form-loading');
    this.box.dir = directionOf(facts);
    this.box.lang = languageIn(facts);
  }
}
