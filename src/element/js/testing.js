// Offers a page object to browser tests of pages that embed the form. The page object needs only Playwright's `page` (or a frame), and uses
// only names that are promised: input names, roles, `data-testid` and `data-invoice-id`.

/** The states in which the inputs wait for the outcome of a payment. */
const OPEN = ['submitting', 'resolving', 'held', 'unknown'];
/** The other states without inputs that can be filled in. */
const SHUT = ['reviewing', 'recorded', 'crashed'];

export class PaymentFormPage {
  /** @param page Playwright's page or frame @param selector which form, where there are several */
  constructor(page, selector = 'payment-form') {
    this.page = page;
    this.element = page.locator(selector);
    this.amount = this.field('amount');
    this.reference = this.field('reference');
    /** The button that pays. */
    this.pay = this.element.locator('button[type=submit]').filter({ visible: true }).first();
    this.errorSummary = this.element.getByTestId('error-summary');
    this.receipt = this.element.getByTestId('receipt');
  }

  /** The input of this name. */
  field(name) {
    return this.element.locator(`[name="${name}"]`);
  }

  /** The row of an invoice. */
  row(invoiceId) {
    return this.element.locator(`[data-invoice-id="${invoiceId}"]`);
  }

  /** The input of an invoice's share. */
  share(invoiceId) {
    return this.field(`share-${invoiceId}`);
  }

  /** Chooses `oldest`, `newest`, `exact`, `manual` or `none`. */
  choosePlan(plan) {
    return this.#choose('allocation', plan);
  }

  /** Chooses `stored-<id>`, `default`, `Cash`, `Check` or `DirectDeposit`. */
  choosePaymentMethod(method) {
    return this.#choose('paymentMethod', method);
  }

  // The radio may be drawn as something else, and lie beneath its label; a narrow form shows it once the group is open.
  async #choose(name, value) {
    await this.#open(name === 'allocation' ? 'change-plan' : 'change-method');
    await this.element.locator(`[name="${name}"][value="${value}"]`).check({ force: true });
  }

  /** Fills in the given entries, by the names of the inputs. Other inputs keep their text. */
  async fill({ amount, method, reference, plan, shares = {}, amountDue, amountPaid, dueDate, date } = {}) {
    for (const [name, text] of Object.entries({ amount, amountDue, dueDate, amountPaid, date, reference })) {
      if (text !== undefined) await this.field(name).fill(text);
    }
    if (method !== undefined) await this.choosePaymentMethod(method);
    if (plan !== undefined) await this.choosePlan(plan);
    if (Object.keys(shares).length > 0) await this.showInvoices();
    for (const [invoiceId, text] of Object.entries(shares)) await this.share(invoiceId).fill(text);
  }

  /** Shows all invoices where a narrow form shows only those that the payment covers. */
  async showInvoices() {
    await this.#open('show-invoices');
  }

  /** Presses a button that shows what a narrow form hides at first. */
  async #open(testId) {
    const toggle = this.element.getByTestId(testId);
    if ((await toggle.isVisible()) && (await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click();
  }

  /** `allocated`, `unallocated` or `still-owed` as a plain decimal; `null` where the form does not know it or it does not apply. */
  async total(name) {
    return (await this.element.getByTestId(name).first().getAttribute('data-value')) || null;
  }

  state() {
    return this.#property('state');
  }

  preview() {
    return this.#property('preview');
  }

  problems() {
    return this.#property('problems');
  }

  value() {
    return this.#property('value');
  }

  /** Waits until the form is in one of these states, and returns which. */
  async waitForState(...states) {
    const handle = await this.element.elementHandle();
    await this.page.waitForFunction(([form, wanted]) => wanted.includes(form.state), [handle, states]);
    return this.state();
  }

  /** Waits until the form can be used. */
  async ready() {
    await this.element.evaluate((form) => form.ready);
  }

  /**
   * Fills in, pays, and returns the detail of the `payment-recorded` event. Every other result is thrown as an error with the
   * words that the person reads: a refusal, a held or unknown payment, or the problems before the send. A payment that the page prevents is an
   * error, too. So is a form that takes no entries, because an earlier payment is still open.
   */
  async payAndReceive(entries) {
    const state = await this.state();
    if (OPEN.includes(state)) throw new Error(`The form takes no payment: an earlier one is still open, in the state ${state}.`);
    if (SHUT.includes(state)) throw new Error(`The form takes no payment in the state ${state}.`);
    await this.fill(entries);
    const outcome = this.element.evaluate(
      (form, names) =>
        new Promise((resolve) => {
          for (const name of names) form.addEventListener(`payment-${name}`, ({ detail }) => resolve({ name, detail }), { once: true });
          // The listeners of the page may come after this one.
          const tellPrevention = (event) => setTimeout(() => event.defaultPrevented && resolve({ name: 'prevented', detail: {} }));
          form.addEventListener('payment-submit', tellPrevention, { once: true });
        }),
      ['recorded', 'rejected', 'held', 'unknown', 'load-error', 'crash'],
    );
    await this.pay.click();
    if ((await this.state()) === 'reviewing') await this.pay.click();
    const mistakes = (await this.state()) === 'ready' ? await this.problems() : [];
    if (mistakes.length > 0) {
      // The page may go before the events that are now waited for in vain.
      outcome.catch(() => {});
      throw new Error(`The form did not send the payment: ${sentences(mistakes)}`);
    }
    const { name, detail } = await outcome;
    if (name === 'recorded') return detail;
    throw new Error(
      {
        rejected: `The payment was refused with ${detail.status}: ${sentences(detail.problems ?? [])}`,
        held: `The payment was not taken, with ${detail.status ?? 'no status'}; it may be tried again in ${detail.retryAfter} s.`,
        prevented: 'A listener of the page prevented the payment.',
        unknown: `The outcome of the payment is unknown; its attempt is ${detail.attempt}.`,
      }[name] ?? `The form could not go on: ${detail.message}`,
    );
  }

  #property(name) {
    return this.element.evaluate((form, key) => form[key], name);
  }
}

const sentences = (problems) => problems.map(({ code, message }) => `${message} (${code})`).join(' ');
