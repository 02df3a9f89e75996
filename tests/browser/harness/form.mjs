// Drives the form as a person and a host see it, only by the names that docs/testing.md promises.
import assert from 'node:assert/strict';
import { axeSource } from './axe.mjs';
import { until } from './wait.mjs';

/** The buttons of the open outcomes, by what they do. */
const presses = {
  retry: /^(finish payment safely|try again)/i,
  cancel: /^cancel and edit/i,
  check: /^check payment status/i,
  abandon: /^i have checked/i,
  insist: /pay .*again$/i,
};

export class Form {
  /** @param {import('./driver.mjs').Page} page */
  constructor(page, selector = 'payment-form') {
    this.page = page;
    this.selector = selector;
    this.element = page.locator(selector);
  }

  field(name) {
    return this.element.locator(`[name="${name}"]`);
  }

  radio(name, value) {
    return this.element.locator(`[name="${name}"][value="${value}"]`);
  }

  get amount() {
    return this.field('amount');
  }

  get reference() {
    return this.field('reference');
  }

  /** The button that pays. */
  get pay() {
    return this.element.locator('[part~="submit"]').getByRole('button').or(this.element.locator('button[part~="submit"]')).filter({ visible: true }).first();
  }

  row(invoice) {
    return this.element.locator(`[data-invoice-id="${invoice}"]`);
  }

  share(invoice) {
    return this.field(`share-${invoice}`);
  }

  get summary() {
    return this.element.getByTestId('error-summary');
  }

  get receipt() {
    return this.element.getByTestId('receipt');
  }

  button(name) {
    return this.element.getByRole('button', { name });
  }

  /** A button of an open outcome; the form decides which of them it offers. */
  press(name) {
    return this.button(presses[name]).first().click();
  }

  offers(name) {
    return this.button(presses[name]).first().isVisible();
  }

  choosePlan(plan) {
    return this.choose('allocation', plan);
  }

  choosePaymentMethod(value) {
    return this.choose('paymentMethod', value);
  }

  /** A radio that is drawn as something else is chosen by its label, as a person would. */
  async choose(name, value) {
    const change = this.element.getByTestId(name === 'allocation' ? 'change-plan' : 'change-method');
    if ((await change.isVisible()) && (await change.getAttribute('aria-expanded')) === 'false') await change.click();
    await this.radio(name, value).check({ force: true });
  }

  /** The plain decimal beside a formatted amount. */
  plain(testId) {
    return this.element.getByTestId(testId).first().getAttribute('data-value');
  }

  property(name) {
    return this.element.evaluate((form, key) => form[key], name);
  }

  state() {
    return this.property('state');
  }

  async ready() {
    await this.waitFor('ready', 'unknown', 'held', 'recorded');
  }

  /** Waits for one of these states. */
  async waitFor(...states) {
    const options = typeof states.at(-1) === 'object' ? states.pop() : {};
    const reached = ([selector, wanted]) => wanted.includes(document.querySelector(selector)?.state);
    try {
      await this.page.waitFor(reached, [this.selector, states], options);
    } catch (error) {
      throw new Error(`The form is ${await this.state().catch(() => 'gone')}, not ${states.join(' or ')}.`, { cause: error });
    }
    return this.state();
  }

  /** Fills the form for an ordinary payment. */
  async fillIn({ amount = '500.00', reference, method, plan } = {}) {
    await this.amount.fill(amount);
    if (reference !== undefined) await this.reference.fill(reference);
    if (method) await this.choosePaymentMethod(method);
    if (plan) await this.choosePlan(plan);
  }

  /** Fills in and presses Pay, without waiting for the outcome. */
  async submit(entries) {
    await this.fillIn(entries);
    await this.pay.click();
  }

  /** Fills in, pays, and waits for the receipt. */
  async payNow(entries) {
    await this.submit(entries);
    await this.waitFor('recorded');
    await this.receipt.waitFor();
  }

  /** The contents of every input, by name: the text, or the value of the chosen radio. */
  entries() {
    return this.element.evaluate((form) => {
      const found = {};
      for (const input of form.shadowRoot.querySelectorAll('input[name], textarea[name], select[name]')) {
        if (input.type === 'radio') {
          if (input.checked) found[input.name] = input.value;
        } else if (input.type === 'checkbox') found[input.name] = input.checked;
        else found[input.name] = input.value;
      }
      return found;
    });
  }

  /** The whole text of the form. */
  text() {
    return this.element.evaluate((form) => form.shadowRoot.textContent);
  }

  /** The `name` (or else the role) of what has the focus inside the form. */
  focused() {
    return this.element.evaluate((form) => {
      const active = form.shadowRoot.activeElement;
      return active && (active.getAttribute('name') ?? active.getAttribute('data-testid') ?? active.closest('[data-testid]')?.getAttribute('data-testid') ?? active.tagName);
    });
  }

  /** Waits until the focus is at this name (of `focused`). */
  async waitForFocus(name) {
    let at;
    await until(async () => (at = await this.focused()) === name, 'the focus arrives').catch(() => assert.fail(`the focus is at ${at}, not at ${name}`));
  }

  /** Moves the clock of the page, as a person or a time server would. */
  moveClock(milliseconds) {
    return this.page.evaluate((by) => window.__moveClock(by), milliseconds);
  }

  /** Waits until the page has drawn what was set before. */
  drawn() {
    return this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }

  /** Waits until a text stands in the form. */
  waitForText(pattern) {
    const stands = ([selector, source, flags]) => new RegExp(source, flags).test(document.querySelector(selector).shadowRoot?.textContent ?? '');
    return this.page.waitFor(stands, [this.selector, pattern.source, pattern.flags], { timeout: 20_000 });
  }

  /** Remembers an element of the form; the two answers tell whether the page still has this very one. */
  async remember(locator) {
    const name = `kept-${(this.remembered = (this.remembered ?? 0) + 1)}`;
    await locator.evaluate((node, key) => void (window[key] = node), name);
    return {
      stays: () => this.page.evaluate((key) => window[key].isConnected, name),
      leaves: () => this.page.waitFor((key) => !window[key].isConnected, name),
    };
  }

  /** Checks that the summary has the focus and leads to a field by a press. */
  async checkSummaryLeadsTo(name) {
    await this.summary.waitFor();
    await this.waitForFocus('error-summary');
    const links = this.summary.getByRole('link').or(this.summary.getByRole('button'));
    const tried = [];
    for (const link of await links.all()) {
      await link.click();
      // The focus follows once the form is drawn again.
      tried.push(await until(async () => (await this.focused()) !== 'error-summary' && this.focused(), 'the focus follows the link'));
      if (tried.at(-1) === name) return;
    }
    assert.fail(`No link of the summary leads to ${name}; they lead to ${tried.join(', ') || 'nothing'}.`);
  }

  /** The accessibility check finds nothing. */
  async checkAccessibility(label) {
    await this.page.runScript(axeSource);
    const violations = await this.page.evaluate(async () => {
      const { violations } = await window.axe.run(document, { resultTypes: ['violations'] });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${target.flat().join(' ')} (${failureSummary?.split('\n')[1]?.trim()})`).join('; ')}`);
    });
    assert.deepEqual(violations, [], `accessibility: ${label}`);
  }

  /** No element reaches beyond the right edge of the window. */
  async checkNoSidewaysScroll(label) {
    const { wide, width, beyond } = await this.page.evaluate(() => {
      const width = document.documentElement.clientWidth;
      const all = [...document.querySelectorAll('*')].flatMap((node) => [node, ...(node.shadowRoot?.querySelectorAll('*') ?? [])]);
      const beyond = all.filter((node) => node.getBoundingClientRect().right > width + 1 && node.checkVisibility()).map((node) => `${node.tagName}.${node.className} ${node.getAttribute('part') ?? ''}`);
      return { wide: document.documentElement.scrollWidth, width, beyond: beyond.slice(0, 5) };
    });
    assert.ok(wide <= width, `${label}: the page is ${wide} px wide in a window of ${width} px; beyond the edge: ${beyond.join(', ')}`);
  }
}
