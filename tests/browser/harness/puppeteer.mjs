// Drives Firefox by Puppeteer over WebDriver BiDi: implements the interface of driver.mjs.
import puppeteer from 'puppeteer-core';
import { checkOptions, usual } from './driver.mjs';
import { ScriptedContext, ScriptedPage } from './locators.mjs';
import { repeatEvery } from './wait.mjs';

export async function launch({ program }) {
  const env = { ...process.env, TZ: usual.timezoneId };
  const extraPrefsFirefox = {
    'intl.accept_languages': usual.locale,
    'intl.locale.requested': usual.locale,
    // Scroll bars lie over the page as in the other engines, so that a window of a phone's width has a phone's room.
    'ui.useOverlayScrollbars': 1,
    // A mouse, fine and hovering: a machine without a display has none, and `@media (hover: hover)` would not hold.
    'ui.primaryPointerCapabilities': 6,
    'ui.allPointerCapabilities': 6,
  };
  return new Browser(await puppeteer.launch({ browser: 'firefox', executablePath: program, headless: true, env, extraPrefsFirefox }));
}

class Browser {
  constructor(inner) {
    this.inner = inner;
  }

  async newContext(options, needs) {
    checkOptions(options, needs);
    return new Context(await this.inner.createBrowserContext(), options);
  }

  close() {
    return this.inner.close();
  }
}

class Context extends ScriptedContext {
  constructor(inner, options) {
    super(options);
    this.inner = inner;
  }

  async newPage() {
    const inner = await this.inner.newPage();
    const page = new Page(inner, this);
    await inner.setViewport(this.viewport);
    for (const script of this.scripts) await inner.evaluateOnNewDocument(script);
    this.allPages.push(page);
    for (const listener of this.listeners) listener(page);
    return page;
  }

  pages() {
    return this.allPages.filter(({ inner }) => !inner.isClosed());
  }

  addCookie({ name, value, url }) {
    return this.inner.setCookie({ name, value, domain: new URL(url).hostname, path: '/' });
  }

  close() {
    for (const { polling } of this.allPages) polling.end();
    return this.inner.close();
  }
}

class Page extends ScriptedPage {
  constructor(inner, context) {
    super(context);
    this.inner = inner;
    // A test may wait for what a page reports without a look at the page.
    this.polling = repeatEvery(200, () => this.deliverReports());
    this.mouse = { wheel: (deltaX, deltaY) => inner.mouse.wheel({ deltaX, deltaY }) };
    // A dialog is answered at once, as Playwright does; otherwise a reload would wait for a person.
    inner.on('dialog', (dialog) => dialog.accept().catch(() => {}));
    inner.on('framenavigated', (frame) => this.emit('navigated', frame.url()));
  }

  evaluateText(expression) {
    return this.inner.evaluate(expression);
  }

  async pointer({ x, y, count }) {
    await this.inner.mouse.move(x, y);
    if (count > 0) await this.inner.mouse.click(x, y, { count });
  }

  /** Presses a key, with others held where the text has the form `Shift+Tab`. */
  async pressKey(keys) {
    const held = keys.split('+');
    const key = held.pop().replace(/^Space$/, ' ');
    for (const each of held) await this.inner.keyboard.down(each);
    await this.inner.keyboard.press(key);
    for (const each of held.reverse()) await this.inner.keyboard.up(each);
  }

  typeText(text) {
    return this.inner.keyboard.type(text);
  }

  url() {
    return this.inner.url();
  }

  async goto(url) {
    await this.inner.goto(url);
  }

  async reload() {
    await this.deliverReports();
    await this.inner.reload();
  }

  async goBack() {
    await this.inner.goBack();
  }

  async goForward() {
    await this.inner.goForward();
  }

  close() {
    this.polling.end();
    return this.inner.close();
  }

  frames() {
    return this.inner.frames().map((frame) => ({ url: frame.url(), evaluate: (script) => frame.evaluate(script) }));
  }

  screenshot(file) {
    return this.inner.screenshot({ path: file });
  }
}
