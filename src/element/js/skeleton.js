// Draws the form before its WebAssembly is there: heading, cards, table lines and Pay in grey. The amount is an input in which a
// person can type. The typed text is stored at once, and moves into the form when the form is mounted.
//
// The input is never moved and never drawn anew. Otherwise it would lose the caret, an open composition of an input method and a
// phone's keyboard. A change of the language or of the API therefore draws anew what stands around it.
import { isLearned, notation, typedAmount } from './notation.js';
import { directionOf, languageIn, say, titleOf } from './sentences.js';
import { amountName, customerOf, draftText, entryNames, fieldsOf, readDraft, readEntry, writeEntry, valueOf } from './stored.js';

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
const placeholders = (shape, count) => Array.from({ length: count }, () => el('span', `skeleton ${shape}`));
/** The line beneath the amount, as high as the words about the host's limits. */
const hint = (hasLimits) => el('div', 'hint reading', HIDDEN, ...(hasLimits ? ['\u00A0'] : []));
const field = (shape = '') => el('div', 'field', HIDDEN, ...placeholders('skeleton-label', 1), ...placeholders(shape, 1));

/** A card of which only the heading can be read yet. */
const card = (part, heading, ...children) => el('section', 'card', { part, ...HIDDEN }, el('h3', 'heading', {}, heading), ...children);

/** Puts these nodes before and after a node that is not moved. */
function surround(node, before, after) {
  for (const other of [...node.parentNode.childNodes]) if (other !== node) other.remove();
  node.before(...before);
  node.after(...after);
}

/**
 * The values that the skeleton draws.
 * @typedef {{ api: string, endpoint?: string, customer?: string, element: string, locale: string, currency?: string, amount?: string,
 *   value?: object, payee?: string, payer?: string, messages?: Record<string, string>, isDisabled: boolean, isStaff: boolean, hasLimits: boolean, persists: boolean }} SkeletonProps
 */

export class Skeleton {
  #props;
  #names;
  /** True when the person changed the text. */
  #isTyped = false;
  #isComposing = false;
  /** True where no form will be mounted, so that nothing is drawn anew. */
  #isStopped = false;
  #timer;
  /** The callbacks that wait for the end of a composition. */
  #afterComposition = [];

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
  #status = el('p', 'visually-hidden', { role: 'status' });
  /** The node that stands in the element's shadow root. */
  box = el('div', 'frame', {}, this.#status, this.#base);

  /** @param {SkeletonProps} props */
  constructor(props) {
    this.draw(props);
    for (const type of ['input', 'change']) this.#input.addEventListener(type, () => this.#changed());
    this.#input.addEventListener('compositionstart', () => (this.#isComposing = true));
    for (const type of ['compositionend', 'blur']) this.#input.addEventListener(type, () => this.#endComposition());
    // Chromium ends a composition without `compositionend` when the page writes the text.
    this.#input.addEventListener('input', ({ isComposing }) => isComposing || this.#endComposition());
  }

  #endComposition() {
    this.#isComposing = false;
    this.#writeInitialText();
    for (const resume of this.#afterComposition.splice(0)) resume();
  }

  /** Writes the text that the form begins with, unless the person has typed. An open composition is not broken. */
  #writeInitialText() {
    if (this.#isTyped || this.#isComposing) return;
    const text = this.#fields().amount ?? typedAmount(this.#props.amount, this.#props);
    if (this.#input.value !== text) this.#input.value = text;
  }

  /** The text that moves into the form: only text that the person changed. */
  get typed() {
    return this.#isTyped && this.#hasInput ? this.#input.value : undefined;
  }

  /** The `value` property as long as there is no form. */
  get value() {
    return valueOf({ ...this.#fields(), amount: this.#input.value }, this.#props.api);
  }

  /** Draws changed props. The typed text stays, except under another customer. */
  update(props) {
    const before = customerOf(this.#props.customer);
    if (before && before !== customerOf(props.customer)) {
      this.storeDraft();
      this.#discardTyped();
    }
    if (this.#isStopped) this.#setProps(props);
    else this.draw(props);
  }

  focus(options) {
    this.#input.focus(options);
  }

  /** Drops the typed and the stored text, and draws these props. */
  reset(props) {
    if (!this.#hasInput) return;
    clearTimeout(this.#timer);
    writeEntry(this.#names.draft);
    this.#discardTyped();
    this.update(props);
  }

  #discardTyped() {
    this.#isTyped = false;
    this.#endComposition();
  }

  /** Stores the typed text now. */
  storeDraft() {
    clearTimeout(this.#timer);
    if (!this.#isTyped || !this.#props.persists) return;
    writeEntry(this.#names.draft, draftText({ ...this.#fields(), amount: this.#input.value }, Date.now()));
  }

  /** Resolves when no composition of an input method is open, because mounting the form would cut a composition off. */
  async compositionEnd() {
    while (this.#isComposing) {
      await new Promise((resume) => this.#afterComposition.push(resume));
      // The browser finishes its own work on the composition in this task.
      await new Promise((resume) => setTimeout(resume));
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
   * Stops, because no form will be mounted. Returns a card with the amount, which stays readable and can be copied. The person, an earlier page
   * or the host may have set the amount. Returns no card where there is no amount.
   */
  stop() {
    this.#isStopped = true;
    this.#endComposition();
    this.#input.readOnly = true;
    if (!this.#hasInput || this.#input.value === '') return [];
    const label = this.#field.querySelector('label');
    this.#field.replaceChildren(...[label, this.#money].filter(Boolean));
    return [el('section', 'card', {}, this.#field)];
  }

  /** True when there is an input to type in. */
  get #hasInput() {
    return this.#input.parentNode === this.#money;
  }

  get #isFocused() {
    return this.#input.getRootNode().activeElement === this.#input;
  }

  /** The fields of `value` or of the stored draft, without the text that is typed here. */
  #fields() {
    const { value, persists } = this.#props;
    if (value) return fieldsOf(value);
    return (persists && readDraft(readEntry(this.#names.draft), Date.now())) || {};
  }

  #changed() {
    this.#isTyped = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.storeDraft(), PAUSE);
  }

  /**
   * Draws sign and code of the currency, where it is known, around the input. The first sign of a page comes after the first painting, because
   * `Intl` is slow at first and the input need not wait. A space as wide as a digit keeps its place.
   */
  #drawUnits() {
    const { currency } = this.#props;
    const draw = ({ sign, isSignBehind }) => {
      const unit = (name, text) => el('span', name, HIDDEN, text);
      const isShared = !isSignBehind || /^(\$|[^$\u0080-\uFFFF]*)$/.test(sign);
      const code = sign === currency || !isShared ? '' : currency;
      const signs = sign ? [unit('sign', sign)] : [];
      surround(this.#input, isSignBehind ? [] : signs, [...(isSignBehind ? signs : []), ...(sign ? [unit('code', code)] : [])]);
    };
    if (!currency) draw({});
    else if (isLearned) draw(notation(this.#props));
    else {
      draw({ sign: DIGIT_SPACE, isSignBehind: SIGN_BEHIND.test(this.#props.locale) });
      requestAnimationFrame(() => setTimeout(() => this.#hasInput && draw(notation(this.#props))));
    }
  }

  /** Sets the props, and writes the text that the form begins with under them. */
  #setProps(props) {
    this.#props = props;
    this.#names = entryNames(props);
    this.#writeInitialText();
  }

  /** Draws the skeleton with these props. */
  draw(props) {
    this.#isStopped = false;
    this.#setProps(props);
    const text = (code) => say(code, props);
    const isDueItem = props.api === 'maiascore';
    const input = this.#input;
    input.name = amountName(props.api);
    input.disabled = props.isDisabled;
    input.readOnly = false;
    // A payment that a page before this one left open is shown, with its amount, by the form alone.
    const hasAttempt = props.persists && readEntry(this.#names.pending) !== null;
    if (hasAttempt) input.remove();
    else if (!this.#hasInput) this.#money.append(input);
    // An input without focus has no composition, and not every browser tells of its end.
    if (hasAttempt || props.isDisabled) this.#endComposition();
    this.#card.setAttribute('part', isDueItem ? 'paid-card' : 'amount-card');
    if (!this.#card.contains(this.#field)) this.#card.append(this.#field);

    if (hasAttempt) this.#money.replaceChildren();
    else this.#drawUnits();
    const label = el('label', '', { for: input.id }, text(isDueItem ? 'amount-paid' : 'amount'));
    surround(this.#money, [label], [hint(props.hasLimits), ...(isDueItem ? [] : [el('div', 'chips', HIDDEN, ...placeholders('skeleton-chip', 2))])]);
    const heading = el('h3', 'heading', HIDDEN, text(isDueItem ? 'paid-section' : 'amount-section'));
    surround(this.#field, [heading], isDueItem ? [field()] : []);
    surround(
      this.#card,
      isDueItem ? [card('due-card', text('due-section'), field(), field('skeleton-money'), field())] : [],
      isDueItem
        ? []
        : [
            card('methods-card', text(props.isStaff ? 'method-section-staff' : 'method-section'), el('div', 'methods', { part: 'methods' }, ...placeholders('skeleton-method', 3)), field()),
            card('allocation', text('allocation-section'), el('div', 'division', {}, ...placeholders('skeleton-row', 6))),
          ],
    );
    const pay = el('button', 'pay', { type: 'button', part: 'submit', disabled: '', tabindex: '-1' }, text(props.isStaff ? 'pay-staff-nothing' : 'pay-nothing'));
    const sums = el('section', 'totals', { part: 'summary', ...HIDDEN }, el('h3', 'heading', {}, text('summary')), ...placeholders('skeleton-total', 3));
    const side = el('div', 'side', {}, sums, el('div', 'pay-bar', HIDDEN, pay), el('slot', '', { name: 'legal' }));
    surround(this.#main, [], [side]);
    const title = el('div', '', {}, el('h2', 'title', {}, titleOf(props)), ...placeholders('skeleton-line', props.payer ? 2 : 1));
    const header = el('header', 'header', { part: 'header', ...HIDDEN }, title, el('dl', 'owed', {}, ...placeholders('skeleton-owed', 2)));
    surround(this.#columns, [el('slot', '', { name: 'header' }, header)], [el('slot', '', { name: 'footer' })]);
    if (this.#status.textContent !== text('form-loading')) this.#status.textContent = text('form-loading');
    this.box.dir = directionOf(props);
    this.box.lang = languageIn(props);
  }
}
