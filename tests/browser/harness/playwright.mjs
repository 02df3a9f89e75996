// Drives Chromium by Playwright: implements the interface of driver.mjs.
import { chromium } from 'playwright-core';
import { checkOptions, refuse } from './driver.mjs';

/** Without these, Chromium makes requests of its own. */
const quietFlags = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export async function launch({ program }) {
  // Chromium refuses to run its sandbox as root, the user of a container.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return new Browser(await chromium.launch({ executablePath: program, args: [...quietFlags, ...sandbox] }));
}

class Browser {
  constructor(inner) {
    this.inner = inner;
  }

  async newContext({ timeout, ...options }, needs) {
    checkOptions(options, needs);
    const inner = await this.inner.newContext(options);
    inner.setDefaultTimeout(timeout);
    return new Context(inner, needs);
  }

  close() {
    return this.inner.close();
  }
}

class Context {
  constructor(inner, needs) {
    this.inner = inner;
    this.needs = needs;
    /** One wrapper for each of Playwright's pages, so that a page is always the same object. */
    this.wrapped = new WeakMap();
  }

  wrap(inner) {
    if (!this.wrapped.has(inner)) this.wrapped.set(inner, new Page(inner, this));
    return this.wrapped.get(inner);
  }

  async newPage() {
    return this.wrap(await this.inner.newPage());
  }

  pages() {
    return this.inner.pages().map((page) => this.wrap(page));
  }

  on(event, listener) {
    if (event === 'page') this.inner.on('page', (page) => listener(this.wrap(page)));
    else listen(this.inner, this.needs, event, listener);
  }

  addInitScript(script, argument) {
    return this.inner.addInitScript(script, argument);
  }

  expose(name, listener) {
    return this.inner.exposeBinding(name, (_source, argument) => listener(argument));
  }

  addCookie(cookie) {
    return this.inner.addCookies([cookie]);
  }

  close() {
    return this.inner.close();
  }
}

class Page {
  constructor(inner, context) {
    this.inner = inner;
    this.owner = context;
    const { keyboard, mouse } = inner;
    this.keyboard = { press: (key) => keyboard.press(key), type: (text) => keyboard.type(text) };
    this.mouse = { wheel: (x, y) => mouse.wheel(x, y) };
  }

  get native() {
    require(this.owner.needs, 'playwright', 'Page.native');
    return this.inner;
  }

  context() {
    return this.owner;
  }

  url() {
    return this.inner.url();
  }

  close(options = {}) {
    if (options.runBeforeUnload) require(this.owner.needs, 'dialogs', 'close({runBeforeUnload})');
    return this.inner.close(options);
  }

  evaluate(script, argument) {
    return this.inner.evaluate(script, argument);
  }

  async waitFor(condition, argument, options = {}) {
    await this.inner.waitForFunction(condition, argument, { polling: 20, ...options });
  }

  /** Playwright's own `evaluate` of a text is subject to the page's policy; the debugger's is not. */
  async runScript(expression) {
    const session = await this.inner.context().newCDPSession(this.inner);
    const { exceptionDetails } = await session.send('Runtime.evaluate', { expression });
    await session.detach();
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }

  on(event, listener) {
    listen(this.inner, this.owner.needs, event, listener);
  }

  async waitForEvent(event, matches = () => true) {
    if (event === 'popup') {
      require(this.owner.needs, 'popups', 'the event popup');
      return this.owner.wrap(await this.inner.waitForEvent('popup'));
    }
    const { from, convert } = eventOf(this.owner.needs, event);
    return convert(await this.inner.waitForEvent(from, (given) => matches(convert(given))));
  }

  frames() {
    return this.inner.frames().map((frame) => ({ url: frame.url(), evaluate: (script, argument) => frame.evaluate(script, argument) }));
  }

  frame(css) {
    return new Locator(this.inner.frameLocator(css));
  }

  setOffline(isOffline) {
    require(this.owner.needs, 'offline', 'setOffline');
    return this.inner.context().setOffline(isOffline);
  }

  emulateMedia(media) {
    require(this.owner.needs, 'media', 'emulateMedia');
    return this.inner.emulateMedia(media);
  }

  screenshot(file) {
    return this.inner.screenshot({ path: file, timeout: 3000 });
  }
}

class Locator {
  constructor(inner) {
    this.inner = inner;
  }

  async all() {
    return (await this.inner.all()).map((each) => new Locator(each));
  }
}

const locatorStarts = ['locator', 'getByRole', 'getByText', 'getByTestId', 'getByLabel'];
const steps = [...locatorStarts, 'getByPlaceholder', 'filter', 'and', 'or', 'first', 'nth'];
const actions = ['click', 'dblclick', 'fill', 'press', 'pressSequentially', 'check', 'selectOption', 'selectText', 'hover', 'focus'];
const questions = ['textContent', 'isVisible', 'isChecked', 'isDisabled', 'count', 'innerText', 'allInnerTexts', 'getAttribute', 'inputValue', 'boundingBox'];
const navigations = ['goto', 'reload'];
const historyMoves = ['goBack', 'goForward'];

/** A locator within the options of another one, as `filter({has})` takes it, is handed on as Playwright's. */
const unwrap = (value) => (value instanceof Locator ? value.inner : value?.has ? { ...value, has: value.has.inner } : value);
const define = (kind, names, act) => {
  for (const name of names) kind.prototype[name] = act(name);
};
const delegate = (name) => function (...given) {
  return this.inner[name](...given);
};
const find = (name) => function (...given) {
  return new Locator(this.inner[name](...given.map(unwrap)));
};
define(Page, locatorStarts, find);
define(Page, navigations, delegate);
define(Page, historyMoves, (name) => function () {
  require(this.owner.needs, 'history', name);
  return this.inner[name]();
});
define(Locator, steps, find);
define(Locator, [...actions, ...questions, 'evaluate', 'evaluateAll', 'waitFor'], delegate);

/** Playwright's event, what a test hears of it, and the capability that it needs. */
const events = {
  console: { from: 'console', convert: (message) => ({ kind: message.type(), text: message.text() }) },
  error: { from: 'pageerror', convert: (error) => error.stack ?? String(error) },
  crash: { from: 'crash', convert: () => undefined },
  navigated: { from: 'framenavigated', convert: (frame) => frame.url() },
  dialog: { from: 'dialog', needs: 'dialogs', convert: (dialog) => ({ type: dialog.type(), message: dialog.message(), accept: () => dialog.accept(), dismiss: () => dialog.dismiss() }) },
  request: { from: 'request', needs: 'requests', convert: (request) => ({ method: request.method(), url: request.url() }) },
  response: { from: 'response', needs: 'requests', convert: (response) => ({ url: response.url(), status: response.status() }) },
};

function eventOf(needs, name) {
  const event = events[name];
  if (!event) throw new Error(`There is no event ${name}; driver.mjs lists them.`);
  if (event.needs) require(needs, event.needs, `the event ${name}`);
  return event;
}

function listen(inner, needs, name, listener) {
  const { from, convert } = eventOf(needs, name);
  inner.on(from, (given) => listener(convert(given)));
}

/** A test says what it needs, so that an engine without it can skip the test. */
function require(needs, capability, method) {
  if (!needs.has(capability)) refuse(method, capability);
}
