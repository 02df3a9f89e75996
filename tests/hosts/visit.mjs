// Visits an app as a person does: pays, meets every trouble that the form can tell of, and leaves in the middle of a payment.
//
// Every event has a real cause. The module front.mjs refuses, delays and cuts; the reference server is busy; the WebAssembly is
// missing, or its memory is spoiled.
import assert from 'node:assert/strict';
import { Server, today } from '../browser/harness/server.mjs';
import { until } from '../browser/harness/wait.mjs';
import { moveClock } from '../browser/harness/watch.mjs';
import { Front } from './front.mjs';

/** The button that pays, as each language names it. */
export const languages = { en: /^Pay/, de: /zahlen/i };
const events = ['ready', 'change', 'submit', 'rejected', 'recorded', 'held', 'unknown', 'load-error', 'crash'].map((name) => `payment-${name}`);

/**
 * Opens the app, and looks which events it hears.
 * @param {import('playwright-core').Browser} browser
 * @param {{folder?: string, origin?: string}} app its built files, or the server that has them
 * @param {string} language
 * @param {{snippet: boolean}} options pays with the documentation's snippet, too
 */
export async function visit(browser, app, language, { snippet }) {
  const server = await Server.start();
  const front = await Front.start(app, server.origin);
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'America/New_York' });
  try {
    await context.addInitScript(moveClock, Date.parse(`${today}T15:00:00Z`) - Date.now());
    await context.addInitScript(keepMemory);
    const person = new Person(await context.newPage(), front, server, language);
    await person.arrive();
    await person.payAfterRefusal();
    await person.payAfterHold();
    await person.payAfterLostAnswer();
    await person.leaveBeforeAnswer();
    await person.leaveBeforeLostAnswer();
    if (snippet) await person.paysWithTheSnippet();
    await person.arrive();
    await person.meetsACrash();
    await person.findsNoForm();
    person.checkErrors();
  } finally {
    await context.close();
    await front.end();
    await server.end();
  }
}

/** Runs before the page's scripts: keeps the memory of the WebAssembly where a test can spoil it. */
function keepMemory() {
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const real = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await real.apply(WebAssembly, given);
      const { exports } = made.instance ?? made;
      globalThis.memory = Object.values(exports).find((part) => part instanceof WebAssembly.Memory);
      return made;
    };
  }
}

class Person {
  constructor(page, front, server, language) {
    Object.assign(this, { page, front, server, language });
    this.form = page.locator('payment-form');
    this.pay = this.form.locator('[data-testid=pay]').filter({ visible: true }).first();
    this.receivedEvents = new Set();
    this.errors = [];
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => this.errors.push(`page: ${error.message}`));
    page.on('console', (message) => message.type() === 'error' && this.errors.push(`console: ${message.text()} ${message.location().url}`));
  }

  async arrive() {
    await this.page.goto(`${this.front.origin}/?lang=${this.language}`);
    await this.waitForState('ready');
  }

  async payAfterRefusal() {
    await this.form.locator('[name=amount]').fill('100');
    assert.match(await this.pay.innerText(), languages[this.language]);
    const share = await this.form.evaluate((element) => element.preview?.allocations.find(({ invoiceId }) => invoiceId === '566871')?.amount);
    assert.equal(share, '100.00', 'the share of the oldest invoice of the property');
    await this.submitForm('refuse', '10');
    await this.waitForState('rejected');
    await this.submitForm('pay', '10');
    await this.waitForState('recorded');
    assert.equal(this.front.payments.at(-1).authorization, 'Bearer demo-token');
    await this.waitForEvents('ready', 'change', 'submit', 'rejected', 'recorded');
  }

  async payAfterHold() {
    await this.startPayment('hold', '11');
    await this.waitForState('held');
    await this.retryPayment();
    await this.waitForEvents('held');
  }

  async payAfterLostAnswer() {
    const gate = this.front.closeGate();
    await this.startPayment('cut', '12');
    await this.waitForState('unknown');
    gate.open();
    await this.retryPayment();
    await this.waitForEvents('unknown');
  }

  /** The form that is left tells the outcome to the app. A form that came before the outcome takes the attempt up, and repeats its key. */
  async leaveBeforeAnswer() {
    const gate = this.front.closeGate();
    await this.startPayment('slow', '13');
    await this.leaveAndReturn(gate);
    // Angular takes its listeners off an element that it removes.
    if (!this.front.losesListeners) await this.waitForEvents('recorded');
    if ((await this.waitForState('unknown', 'ready')) === 'unknown') await this.retryPayment();
    await this.assertRecordedOnce('slow');
  }

  /** The form that is left cannot know the outcome; the next form takes it up. */
  async leaveBeforeLostAnswer() {
    const gate = this.front.closeGate();
    await this.startPayment('lost', '14');
    await this.leaveAndReturn(gate);
    await this.waitForState('unknown');
    this.front.cuts = false;
    await this.retryPayment();
  }

  async leaveAndReturn(gate) {
    await gate.reached;
    await this.page.evaluate(() => (globalThis.receivedEvents.length = 0));
    const toggle = this.page.locator('#toggle');
    await toggle.click();
    await this.form.waitFor({ state: 'detached' });
    await toggle.click();
    await this.form.waitFor({ state: 'attached' });
    gate.open();
  }

  /** The page of docs/ as it stands: its lists come from the server, to which the session's cookie speaks. */
  async paysWithTheSnippet() {
    await this.page.context().addCookies([{ ...(await this.server.session('/?customer=655080')), url: this.front.origin }]);
    await this.page.goto(`${this.front.origin}/${this.front.snippet ?? '?snippet'}`);
    await this.waitForState('ready');
    await this.submitForm('snippet', '15');
    await this.waitForState('recorded');
    await this.assertRecordedOnce('snippet');
    // A page without a framework has no function that hears of the payment.
    if (!this.front.snippet) assert.equal(await this.page.evaluate(() => globalThis.paidReceipt?.amount), '15.00');
  }

  async meetsACrash() {
    await this.page.evaluate(() => new Uint8Array(globalThis.memory.buffer).fill(0xff));
    await this.form.locator('[name=amount]').first().pressSequentially('1').catch(() => {});
    await this.waitForState('crashed');
    await this.waitForEvents('crash');
  }

  async findsNoForm() {
    await this.page.route(/\.wasm(\?|$)/, (route) => route.fulfill({ status: 404 }));
    await this.page.goto(`${this.front.origin}/?lang=${this.language}`);
    await this.waitForState('crashed');
    await this.waitForEvents('load-error');
  }

  /** Begins another payment, after the last one. */
  async startPayment(reference, amount) {
    await this.form.evaluate((element) => element.reset());
    await this.waitForState('ready');
    await this.submitForm(reference, amount);
  }

  async submitForm(reference, amount) {
    await this.form.locator('[name=amount]').fill(amount);
    await this.form.locator('[name=reference]').fill(reference);
    this.reference = reference;
    await this.pay.click();
  }

  /** Presses the safest button of the notice: the same payment is sent again. */
  async retryPayment() {
    await this.form.locator('.status-slot button').filter({ visible: true }).first().click();
    await this.waitForState('recorded');
    await this.assertRecordedOnce(this.reference);
  }

  async assertRecordedOnce(reference) {
    const payments = await this.server.ledger.payments();
    assert.equal(payments.filter((payment) => payment.reference === reference).length, 1, `payments of ${reference}`);
  }

  /** Waits for the events of these names, wherever in the app they were heard. */
  async waitForEvents(...names) {
    for (const name of names) {
      await until(() => this.page.evaluate((type) => globalThis.receivedEvents?.includes(type), `payment-${name}`), `the app hears payment-${name}`, 20);
      this.receivedEvents.add(`payment-${name}`);
    }
  }

  async waitForState(...wanted) {
    try {
      await this.form.waitFor({ state: 'attached' });
      let state;
      await until(async () => wanted.includes((state = await this.form.evaluate((element) => element.state))), `the form is ${wanted}`, 20).catch(() => {
        throw new Error(`The form is ${state}, not ${wanted}.`);
      });
      return state;
    } catch (error) {
      error.message += `\n${this.errors.join('\n')}`;
      throw error;
    }
  }

  checkErrors() {
    assert.deepEqual(events.filter((event) => !this.receivedEvents.has(event)), [], 'events that the app has not heard');
    // The list of the browser also names the errors that the visit causes on purpose.
    const caused = /status of (400|429|404)|ERR_(EMPTY_RESPONSE|CONNECTION)|favicon|could not be loaded|RuntimeError|memory access|unreachable|indirect call|table index|null function|out of bounds/i;
    assert.deepEqual(this.errors.filter((error) => !caused.test(error)), []);
  }
}
