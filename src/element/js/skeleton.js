// Draws the form before its WebAssembly is there: heading, cards, table lines and Pay in grey, and the amount as an input in which a person
// can type. The typed text is stored at once, and moves into the form when the form is mounted.
//
// The input is the one node that is never moved and never drawn anew: moving it would take the caret, an open composition of an input
// method and a phone's keyboard. A change of the language or of the API therefore draws anew what stands around it.
import { amountName, customerOf, draftText, entryNames, fieldsOf, readDraft, store, stored, valueOf } from './stored.js';

/** How long, in milliseconds, typing pauses before it is stored. */
const PAUSE = 300;

/**
 * The sentences that are needed before the form is there, in each language of words/; a test holds them equal to those. The host's
 * `messages` replace them by the same codes.
 */
const SENTENCES = {
  "en": {
    "title": "Make a payment",
    "title-staff": "Record a payment",
    "title-payee": "Pay {payee}",
    "amount-section": "Amount",
    "amount": "Payment amount",
    "method-section": "Pay with",
    "allocation-section": "What it pays",
    "summary": "Summary",
    "pay-nothing": "Pay",
    "pay-staff-nothing": "Record payment",
    "due-section": "What is due",
    "paid-section": "What is paid",
    "amount-paid": "Amount paid",
    "form-loading": "Loading the payment form…",
    "form-load-failed": "The payment form could not be loaded. Please reload the page.",
    "form-crashed": "The payment form stopped. Please reload the page."
  },
  "ar": {
    "title": "إجراء دفعة",
    "title-staff": "تسجيل دفعة",
    "title-payee": "الدفع إلى {payee}",
    "amount-section": "المبلغ",
    "amount": "مبلغ الدفعة",
    "method-section": "الدفع بواسطة",
    "allocation-section": "توزيع الدفعة",
    "summary": "الملخص",
    "pay-nothing": "دفع",
    "pay-staff-nothing": "تسجيل الدفعة",
    "due-section": "المستحق",
    "paid-section": "المدفوع",
    "amount-paid": "المبلغ المدفوع",
    "form-loading": "جارٍ تحميل نموذج الدفع…",
    "form-load-failed": "تعذّر تحميل نموذج الدفع. يُرجى إعادة تحميل الصفحة.",
    "form-crashed": "توقف نموذج الدفع. يُرجى إعادة تحميل الصفحة."
  },
  "de": {
    "title": "Zahlung vornehmen",
    "title-staff": "Zahlung erfassen",
    "title-payee": "Zahlung an {payee}",
    "amount-section": "Betrag",
    "amount": "Zahlungsbetrag",
    "method-section": "Zahlungsart",
    "allocation-section": "Aufteilung",
    "summary": "Zusammenfassung",
    "pay-nothing": "Zahlen",
    "pay-staff-nothing": "Zahlung erfassen",
    "due-section": "Was fällig ist",
    "paid-section": "Zahlung",
    "amount-paid": "Gezahlter Betrag",
    "form-loading": "Das Zahlungsformular wird geladen …",
    "form-load-failed": "Das Zahlungsformular konnte nicht geladen werden. Bitte laden Sie die Seite neu.",
    "form-crashed": "Das Zahlungsformular funktioniert gerade nicht. Bitte laden Sie die Seite neu."
  },
  "es": {
    "title": "Hacer un pago",
    "title-staff": "Registrar un pago",
    "title-payee": "Pagar a {payee}",
    "amount-section": "Importe",
    "amount": "Importe del pago",
    "method-section": "Pagar con",
    "allocation-section": "Qué se paga",
    "summary": "Resumen",
    "pay-nothing": "Pagar",
    "pay-staff-nothing": "Registrar el pago",
    "due-section": "Lo que se debe",
    "paid-section": "Pago",
    "amount-paid": "Importe pagado",
    "form-loading": "Cargando el formulario de pago…",
    "form-load-failed": "No se pudo cargar el formulario de pago. Recargue la página.",
    "form-crashed": "El formulario de pago se ha detenido. Recargue la página."
  },
  "fr": {
    "title": "Effectuer un paiement",
    "title-staff": "Enregistrer un paiement",
    "title-payee": "Payer {payee}",
    "amount-section": "Montant",
    "amount": "Montant du paiement",
    "method-section": "Payer avec",
    "allocation-section": "Répartition",
    "summary": "Récapitulatif",
    "pay-nothing": "Payer",
    "pay-staff-nothing": "Enregistrer le paiement",
    "due-section": "Ce qui est dû",
    "paid-section": "Paiement",
    "amount-paid": "Montant payé",
    "form-loading": "Chargement du formulaire de paiement…",
    "form-load-failed": "Le formulaire de paiement n’a pas pu être chargé. Veuillez recharger la page.",
    "form-crashed": "Le formulaire de paiement s’est arrêté. Veuillez recharger la page."
  },
  "it": {
    "title": "Effettua un pagamento",
    "title-staff": "Registra un pagamento",
    "title-payee": "Paga {payee}",
    "amount-section": "Importo",
    "amount": "Importo del pagamento",
    "method-section": "Paga con",
    "allocation-section": "Cosa viene pagato",
    "summary": "Riepilogo",
    "pay-nothing": "Paga",
    "pay-staff-nothing": "Registra il pagamento",
    "due-section": "Quanto è dovuto",
    "paid-section": "Pagamento",
    "amount-paid": "Importo pagato",
    "form-loading": "Caricamento del modulo di pagamento…",
    "form-load-failed": "Non è stato possibile caricare il modulo di pagamento. Ricarichi la pagina.",
    "form-crashed": "Il modulo di pagamento si è interrotto. Ricarichi la pagina."
  },
  "ja": {
    "title": "お支払い",
    "title-staff": "入金を記録する",
    "title-payee": "{payee}へのお支払い",
    "amount-section": "金額",
    "amount": "お支払い金額",
    "method-section": "お支払い方法",
    "allocation-section": "お支払いの内訳",
    "summary": "お支払いの概要",
    "pay-nothing": "支払う",
    "pay-staff-nothing": "入金を記録する",
    "due-section": "ご請求の内容",
    "paid-section": "お支払いの内容",
    "amount-paid": "お支払い金額",
    "form-loading": "お支払いフォームを読み込んでいます…",
    "form-load-failed": "お支払いフォームを読み込めませんでした。ページを再読み込みしてください。",
    "form-crashed": "お支払いフォームが停止しました。ページを再読み込みしてください。"
  },
  "nl": {
    "title": "Betaling doen",
    "title-staff": "Betaling vastleggen",
    "title-payee": "Betalen aan {payee}",
    "amount-section": "Bedrag",
    "amount": "Te betalen bedrag",
    "method-section": "Betalen met",
    "allocation-section": "Wat er wordt betaald",
    "summary": "Overzicht",
    "pay-nothing": "Betalen",
    "pay-staff-nothing": "Betaling vastleggen",
    "due-section": "Wat er openstaat",
    "paid-section": "Betaling",
    "amount-paid": "Betaald bedrag",
    "form-loading": "Het betaalformulier wordt geladen…",
    "form-load-failed": "Het betaalformulier kon niet worden geladen. Laad de pagina opnieuw.",
    "form-crashed": "Het betaalformulier is gestopt. Laad de pagina opnieuw."
  },
  "pt": {
    "title": "Fazer um pagamento",
    "title-staff": "Registrar um pagamento",
    "title-payee": "Pagar a {payee}",
    "amount-section": "Valor",
    "amount": "Valor do pagamento",
    "method-section": "Pagar com",
    "allocation-section": "O que será pago",
    "summary": "Resumo",
    "pay-nothing": "Pagar",
    "pay-staff-nothing": "Registrar o pagamento",
    "due-section": "O que é devido",
    "paid-section": "Pagamento",
    "amount-paid": "Valor pago",
    "form-loading": "Carregando o formulário de pagamento…",
    "form-load-failed": "Não foi possível carregar o formulário de pagamento. Recarregue a página.",
    "form-crashed": "O formulário de pagamento parou. Recarregue a página."
  },
  "zh": {
    "title": "付款",
    "title-staff": "登记付款",
    "title-payee": "向 {payee} 付款",
    "amount-section": "金额",
    "amount": "付款金额",
    "method-section": "付款方式",
    "allocation-section": "付款分配",
    "summary": "付款摘要",
    "pay-nothing": "支付",
    "pay-staff-nothing": "登记付款",
    "due-section": "应付款项",
    "paid-section": "付款",
    "amount-paid": "付款金额",
    "form-loading": "正在加载付款表单…",
    "form-load-failed": "无法加载付款表单。请刷新页面。",
    "form-crashed": "付款表单已停止运行。请刷新页面。"
  }
};

export const languageOf = (locale) => locale.split('-')[0].toLowerCase();

/** The sentence of this code for a person of this locale; English where there is none in their language. */
export const say = (code, { locale, messages }) => messages?.[code] ?? (SENTENCES[languageOf(locale)] ?? SENTENCES.en)[code];

/** The characters of scripts that are written from right to left: `is_rtl_letter` of src/words/mod.rs. */
const RTL_LETTER = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/** The heading, which isolates the payee's name where directions may mix, as the form's own does. */
function titleOf(facts) {
  if (facts.isStaff || !facts.payee) return say(facts.isStaff ? 'title-staff' : 'title', facts);
  const mayTurn = directionOf(facts) === 'rtl' || RTL_LETTER.test(facts.payee);
  return say('title-payee', facts).replace('{payee}', () => (mayTurn ? `\u2068${facts.payee}\u2069` : facts.payee));
}

/** Tells whether the host's sentences stand in place of all that are said here. */
const isReplaced = (messages) => Object.keys(SENTENCES.en).every((code) => messages?.[code]);

/** The tag of the language of the sentences: `written_in` of src/words/locale.rs. */
function languageIn({ locale, messages }) {
  if (isReplaced(messages)) return locale;
  const language = languageOf(locale);
  return SENTENCES[language] ? ({ pt: 'pt-BR', zh: 'zh-Hans' }[language] ?? locale) : 'en';
}

/** The direction of the language that is spoken: the locale's own, where there are sentences in it. */
function directionOf({ locale, messages }) {
  if (!SENTENCES[languageOf(locale)] && !isReplaced(messages)) return 'ltr';
  const known = new Intl.Locale(locale);
  return (known.getTextInfo?.() ?? known.textInfo)?.direction ?? (languageOf(locale) === 'ar' ? 'rtl' : 'ltr');
}

/** An element with its classes, attributes and children. */
export function el(tag, classes, attributes = {}, ...children) {
  const node = document.createElement(tag);
  node.className = `pf ${classes}`.trim();
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

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

/** How a locale writes an amount of a currency that may not be known yet. */
function notation({ locale, currency }) {
  const format = (options) => new Intl.NumberFormat(locale, { ...(currency && { style: 'currency', currency }), ...options });
  try {
    const parts = format({ minimumFractionDigits: 1 }).formatToParts(0);
    const part = (type) => parts.find((part) => part.type === type)?.value ?? '';
    const decimals = currency ? format().resolvedOptions().maximumFractionDigits : undefined;
    return { decimal: part('decimal'), zero: part('integer').codePointAt(0), sign: part('currency'), decimals };
  } catch {
    // No currency of this name.
    return { decimal: '.', zero: 48, sign: '' };
  }
}

/** The `amount` attribute as a person would type it: `1234.5` in German euros is `1234,50`. Empty where it is no plain decimal. */
export function typedAmount(amount, place) {
  const [, whole, fraction = ''] = /^(0|[1-9]\d*)(?:\.(\d+))?$/.exec(amount?.trim() ?? '') ?? [];
  if (!whole) return '';
  const { decimal, zero, decimals } = notation(place);
  const places = decimals === undefined ? fraction : fraction.replace(/0+$/, '').padEnd(decimals, '0');
  return (whole + (places && `.${places}`)).replace(/[.\d]/g, (c) => (c === '.' ? decimal : String.fromCodePoint(zero + Number(c))));
}

/**
 * The element's knowledge before there is a form.
 * @typedef {{ api: string, endpoint?: string, customer?: string, element: string, locale: string, currency?: string, amount?: string,
 *   value?: object, payee?: string, messages?: Record<string, string>, isDisabled: boolean, isStaff: boolean, hasLimits: boolean, persists: boolean }} Facts
 */

export class Skeleton {
  #facts;
  #names;
  /** True when the person changed the text. */
  #isTyped = false;
  #isComposing = false;
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
  /** The node that stands in the element's shadow root. */
  box = el('div', 'frame', {}, this.#base);

  /** @param {Facts} facts */
  constructor(facts) {
    this.#show(facts);
    for (const type of ['input', 'change']) this.#input.addEventListener(type, () => this.#changed());
    this.#input.addEventListener('compositionstart', () => (this.#isComposing = true));
    for (const type of ['compositionend', 'blur']) {
      this.#input.addEventListener(type, () => {
        this.#isComposing = false;
        for (const go of this.#waiting.splice(0)) go();
      });
    }
  }

  /** The text that moves into the form: only text that the person changed. */
  get typed() {
    return this.#isTyped && this.#isLive ? this.#input.value : undefined;
  }

  /** The `value` property as long as there is no form. */
  get value() {
    return valueOf({ ...this.#fields(), amount: this.#input.value }, this.#facts.api);
  }

  /** Draws anew what follows from these facts. The typed text stays, except under another customer. */
  update(facts) {
    const before = customerOf(this.#facts.customer);
    if (before && before !== customerOf(facts.customer)) {
      this.keep();
      this.#isTyped = false;
    }
    this.#show(facts);
  }

  focus(options) {
    this.#input.focus(options);
  }

  /** Drops what was typed, and what was stored. */
  empty() {
    if (!this.#isLive) return;
    clearTimeout(this.#timer);
    store(this.#names.draft);
    this.#input.value = '';
    // An initial amount would come back with the form.
    this.#isTyped = Boolean(this.#facts.amount);
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

  /** Leaves the screen to the form, whose input takes over caret, selection and focus. */
  handOver(input) {
    clearTimeout(this.#timer);
    const { selectionStart, selectionEnd, selectionDirection } = this.#input;
    if (this.#isFocused && input) {
      input.focus({ preventScroll: true });
      input.setSelectionRange(selectionStart, selectionEnd, selectionDirection);
    }
    this.box.remove();
  }

  /** The typed text as a readable element where no form will come; nothing without typed text. */
  remains() {
    if (!this.#isTyped) return [];
    this.#input.readOnly = true;
    return [this.#field];
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

  #show(facts) {
    this.#facts = facts;
    this.#names = entryNames(facts);
    const text = (code) => say(code, facts);
    const isDueItem = facts.api === 'maiascore';
    const input = this.#input;
    input.name = amountName(facts.api);
    input.disabled = facts.isDisabled;
    input.readOnly = false;
    if (!this.#isTyped) input.value = this.#fields().amount ?? typedAmount(facts.amount, facts);
    // A payment that a page before this one left open is shown, with its amount, by the form alone.
    const isOpen = facts.persists && stored(this.#names.pending) !== null;
    if (isOpen) input.remove();
    else if (!this.#isLive) this.#money.append(input);
    this.#card.setAttribute('part', isDueItem ? 'paid-card' : 'amount-card');
    if (!this.#card.contains(this.#field)) this.#card.append(this.#field);

    const { sign, decimals } = notation(facts);
    const unit = (name, unit) => el('span', name, HIDDEN, unit);
    const code = decimals === undefined || sign === facts.currency ? '' : facts.currency;
    if (isOpen) this.#money.replaceChildren();
    else surround(input, sign ? [unit('sign', sign)] : [], sign ? [unit('code', code)] : []);
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
            card('methods-card', text('method-section'), el('div', 'methods', { part: 'methods' }, ...bones('bone-method', 3)), field()),
            card('allocation', text('allocation-section'), el('div', 'division', {}, ...bones('bone-row', 6))),
          ],
    );
    const pay = el('button', 'pay', { type: 'button', part: 'submit', disabled: '', tabindex: '-1' }, text(facts.isStaff ? 'pay-staff-nothing' : 'pay-nothing'));
    const sums = el('section', 'sums', { part: 'summary', ...HIDDEN }, el('h3', 'heading', {}, text('summary')), ...bones('bone-sum', 3));
    const side = el('div', 'side', {}, sums, el('div', 'pay-bar', HIDDEN, pay), el('slot', '', { name: 'legal' }));
    surround(this.#main, [], [side]);
    const title = el('div', '', {}, el('h2', 'title', {}, titleOf(facts)), ...bones('bone-line', 1));
    const header = el('header', 'header', { part: 'header', ...HIDDEN }, title, el('dl', 'owed', {}, ...bones('bone-owed', 2)));
    surround(this.#columns, [el('slot', '', { name: 'header' }, header)], [el('slot', '', { name: 'footer' })]);
    surround(this.#base, [el('p', 'unseen', { role: 'status' }, text('form-loading'))], []);
    this.box.dir = directionOf(facts);
    this.box.lang = languageIn(facts);
  }
}
