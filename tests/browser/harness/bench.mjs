// Gives each test servers, proxies and pages of its own, and runs the checks after every test.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { usual } from './driver.mjs';
import { Form } from './form.mjs';
import { hostPage, policy } from './host.mjs';
import { evidence } from './paths.mjs';
import { Proxy } from './proxy.mjs';
import { Server, today, token } from './server.mjs';
import { moveClock, readableEverywhere, Watch } from './watch.mjs';

export class Bench {
  /**
   * @param {import('./driver.mjs').Browser} browser
   * @param {string[]} needs the capabilities of driver.mjs that the test uses
   */
  constructor(browser, name, needs = []) {
    this.browser = browser;
    this.name = name;
    this.needs = new Set(needs);
    this.watch = new Watch();
    this.contexts = [];
    this.cleanups = [];
  }

  /** A server of this test's own, over a fresh ledger. */
  async serve(options) {
    const server = await Server.start(options);
    this.server = server;
    // A test may start more than one, and each must end, because a child process keeps the test's process alive.
    this.cleanups.push(() => server.end());
    if (this.browser.injects) await this.startProxy(server);
    return server;
  }

  /** A proxy in front of the server; pages and requests then go through it. */
  async serveThroughProxy(options) {
    const server = await this.serve(options);
    if (!this.browser.injects) await this.startProxy(server);
    return this.proxy;
  }

  async startProxy(server) {
    const proxy = await Proxy.start(() => server.port);
    this.proxy = proxy;
    if (this.browser.injects) proxy.scripts = () => this.contexts.at(-1)?.scripts.join('') ?? '';
    this.cleanups.push(() => proxy.end());
  }

  get origin() {
    return (this.proxy ?? this.server).origin;
  }

  /** A browser profile of its own, watched; its clock says the tests' day, or `now`, and runs on from there. */
  async context({ now, ...options } = {}) {
    const context = await this.browser.newContext({ ...usual, ...options }, this.needs);
    await this.watch.attach(context);
    await context.addInitScript(moveClock, Date.parse(`${now ?? `${today}T15:00:00Z`}`) - Date.now());
    this.contexts.push(context);
    return context;
  }

  /** Opens a page and waits until its form is usable. */
  async open(address, { context, ...options } = {}) {
    const page = await (context ?? (await this.context(options))).newPage();
    await page.goto(new URL(address, this.origin).href);
    const form = new Form(page);
    await form.ready();
    return form;
  }

  /** The demo page, on a fresh server if there is none. */
  async demo(query = '?customer=655080', options = {}) {
    if (!this.server) await this.serve();
    return this.open(`/${query}`, options);
  }

  /**
   * A host's own page with the form in it, signed in as a portal customer.
   * @param {Record<string, string | true>} attributes the form's attributes; by default the lists of the reference customer
   */
  async host(attributes = {}, { customer = '655080', headers = policy, html, body, signIn = `/?customer=${customer}`, waitFor = 'ready', ...options } = {}) {
    if (!this.proxy) await this.serveThroughProxy();
    const context = options.context ?? (await this.context(options));
    if (signIn) await context.addCookie({ ...(await this.server.session(signIn)), url: this.origin });
    this.proxy.page('/host.html', hostPage(html ?? { customer, attributes, body }, headers));
    const page = await context.newPage();
    await page.goto(`${this.origin}/host.html`);
    const form = new Form(page);
    if (waitFor) await form.waitFor(waitFor);
    return form;
  }

  /** The details of the events of one name, in order. */
  events(name) {
    return this.watch.events.filter((event) => event.name === `payment-${name}`).map(({ detail }) => detail);
  }

  /** The console and error messages of this form are what the test is about. */
  expectMessage(form) {
    this.watch.expected.push(form);
  }

  /** After every test: no violation, no crash, no secret. */
  async checkAfterwards() {
    assert.deepEqual(this.watch.findDefects(), []);
    if (this.server) assert.deepEqual(await this.server.ledger.contradictions(), [], 'contradictions in the ledger');
    if (this.server) await this.checkSecrecy();
  }

  async checkSecrecy() {
    const sources = { console: JSON.stringify(this.watch.console), events: JSON.stringify(this.watch.events), addresses: this.watch.addresses.join('\n') };
    // The server's greeting names its development credential; what it logs of requests stands after it.
    sources['server log'] = this.server.log.split('\n').filter((line) => !/development/i.test(line)).join('\n');
    for (const page of this.contexts.flatMap((context) => context.pages())) {
      for (const frame of page.frames()) sources[`page ${frame.url}`] = await frame.evaluate(readableEverywhere);
    }
    const leaks = Object.entries(sources).filter(([, text]) => text.includes(token)).map(([place]) => place);
    assert.deepEqual(leaks, [], 'places where the token can be read');
    for (const { authorization } of this.foreign ?? []) assert.equal(authorization, undefined, 'a credential reached another origin');
  }

  /** For a failed test: screenshots, and the last words of the console. */
  async takeScreenshots() {
    mkdirSync(evidence, { recursive: true });
    const lines = this.watch.console.slice(-5).map(({ kind, text }) => `\n  console ${kind}: ${text}`);
    let count = 0;
    for (const page of this.contexts.flatMap((context) => context.pages())) {
      const file = path.join(evidence, `${this.name.replace(/[^a-z0-9]+/gi, '-').slice(0, 60)}-${(count += 1)}.png`);
      await page.screenshot(file).then(() => lines.push(`\n  screenshot: ${path.basename(file)}`), () => {});
    }
    return lines.join('');
  }

  async end() {
    for (const context of this.contexts) await context.close().catch(() => {});
    for (const end of this.cleanups.reverse()) await end();
  }
}
