// Pages and locators over scripts in the page, for drivers that bring none of their own. A driver extends `ScriptedPage`; in_page.mjs looks for
// the elements.
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { until } from './wait.mjs';

/** in_page.mjs with what it imports, as one script. */
let bundled;
async function inPage() {
  const options = { entryPoints: [fileURLToPath(new URL('./in_page.mjs', import.meta.url))], bundle: true, write: false, format: 'iife' };
  bundled ??= build(options).then(({ outputFiles: [{ text }] }) => text);
  return bundled;
}

/** A call of a function of the page, as an expression: a driver evaluates text, because a page's policy may forbid to build functions. */
const call = (script, ...given) => `(${script})(${given.map(literal).join(', ')})`;
const literal = (value) => (value === undefined ? 'undefined' : JSON.stringify(value));

/**
 * A page whose driver gives `evaluateText(expression)`, `pointer({x, y, count})`, `pressKey(key)` and `typeText(text)`. The expression may give
 * a promise.
 */
export class ScriptedPage {
  constructor(context) {
    this.owner = context;
    this.listeners = [];
    this.keyboard = { press: (key) => this.pressKey(key), type: (text) => this.typeText(text) };
  }

  context() {
    return this.owner;
  }

  get timeout() {
    return this.owner.timeout;
  }

  async evaluate(script, argument) {
    const value = await this.evaluateText(call(script, argument));
    await this.deliverReports();
    return value;
  }

  async runScript(source) {
    await this.evaluateText(`(() => { ${source}\n })()`);
  }

  async waitFor(condition, argument, { timeout = this.timeout } = {}) {
    // Only the truth of the answer crosses the border: an element or a function could not.
    const holds = `(async (argument) => Boolean(await (${condition})(argument)))`;
    await this.retry(timeout, 'the condition in the page', async () => ((await this.evaluate(holds, argument)) ? {} : { why: 'it does not hold' }));
  }

  on(event, listener) {
    this.listeners.push([event, listener]);
  }

  emit(event, given) {
    for (const [name, listener] of [...this.listeners]) if (name === event) listener(given);
  }

  async waitForEvent(event, matches = () => true) {
    const seen = [];
    this.on(event, (given) => seen.push(given));
    return until(async () => {
      await this.deliverReports();
      return seen.find((given) => matches(given));
    }, `the event ${event}`, this.timeout / 1000);
  }

  /** Hands on what the page's scripts have reported since the last look: `[name, argument]` of exposed functions. */
  async deliverReports() {
    // Scripts of the page under `captureConsole` and `captureReports` put them there.
    const reports = await this.evaluateSync('(window.__reports ?? []).splice(0)').catch(() => []);
    for (const [name, argument] of reports) {
      if (name === '__console') this.emit(argument.uncaught ? 'error' : 'console', argument.uncaught ? argument.text : argument);
      else this.owner.exposed.get(name)?.(argument);
    }
  }

  /** Evaluates an expression that gives no promise. */
  evaluateSync(expression) {
    return this.evaluateText(expression);
  }

  /** An expression over the locators of in_page.mjs. */
  async locate(method, ...given) {
    const expression = `typeof __locators === 'undefined' ? 'not there' : ${call(`(...given) => __locators.${method}(...given)`, ...given)}`;
    const answer = await this.evaluateText(expression);
    if (answer !== 'not there') return answer;
    await this.evaluateText(`(() => { ${await inPage()} })()`);
    return this.evaluateText(expression);
  }

  /** Runs a function of the page over the elements of a locator. */
  async callOn(kind, path, script, argument) {
    await this.locate('find', []).catch(() => {});
    const value = await this.evaluateText(`(${script})(__locators.${kind}(${JSON.stringify(path)}), ${literal(argument)})`);
    await this.deliverReports();
    return value;
  }

  /** Repeats a step until it does not say `why` it is impossible. A page that is just being left is such a reason. */
  async retry(timeout, what, step) {
    let why;
    const attempt = async () => {
      const ended = await step().catch((error) => {
        if (/STRICT/.test(error.message)) throw error;
        return { why: error.message };
      });
      why = ended?.why;
      return why === undefined && (ended ?? {});
    };
    return until(attempt, what, timeout / 1000).catch((error) => {
      throw new Error(`${error.message} ${why ?? ''}`.trim());
    });
  }

  frame(css) {
    return new Locator(this, [{ kind: 'frame', css }]);
  }

  frames() {
    return [{ url: this.url(), evaluate: (script, argument) => this.evaluate(script, argument) }];
  }
}

/** A text or an expression, as in_page.mjs takes it. */
const toPattern = (text) => (text instanceof RegExp ? { source: text.source, flags: text.flags } : text === undefined ? undefined : { text });

const steps = {
  locator: (css) => (css === 'xpath=..' ? { kind: 'parent' } : { kind: 'css', css }),
  getByRole: (role, { name, exact } = {}) => ({ kind: 'role', role, name: toPattern(name), exact }),
  getByText: (text, { exact } = {}) => ({ kind: 'text', text: toPattern(text), exact }),
  getByTestId: (id) => ({ kind: 'testId', id }),
  getByLabel: (text, { exact } = {}) => ({ kind: 'label', text: toPattern(text), exact }),
  getByPlaceholder: (text, { exact } = {}) => ({ kind: 'placeholder', text: toPattern(text), exact }),
  filter: ({ has, hasText, visible }) => ({ kind: 'filter', has: has?.path, text: toPattern(hasText), visible }),
  and: (other) => ({ kind: 'and', other: other.path }),
  or: (other) => ({ kind: 'or', other: other.path }),
  first: () => ({ kind: 'nth', index: 0 }),
  nth: (index) => ({ kind: 'nth', index }),
};

/** `locator(css, {has})` is `locator(css).filter({has})`. */
const extraSteps = (name, given) => (name === 'locator' && given[1] ? [steps.filter(given[1])] : []);

/** Elements that are looked for anew at each use. */
class Locator {
  constructor(page, path) {
    this.page = page;
    this.path = path;
  }

  async all() {
    return Array.from({ length: await this.count() }, (_, index) => this.nth(index));
  }

  count() {
    return this.page.callOn('find', this.path, (found) => found.length);
  }

  evaluateAll(script, argument) {
    return this.page.callOn('find', this.path, script, argument);
  }

  /** Runs a function of the page over the element, once there is one. */
  async evaluate(script, argument, { timeout = this.page.timeout } = {}) {
    await this.waitFor({ state: 'attached', timeout });
    return this.page.callOn('one', this.path, script, argument);
  }

  async waitFor({ state = 'visible', timeout = this.page.timeout } = {}) {
    const script = `(element) => element ? (__locators.isVisible(element) ? 'visible' : 'hidden') : 'gone'`;
    const reached = { visible: ['visible'], attached: ['visible', 'hidden'], hidden: ['hidden', 'gone'], detached: ['gone'] }[state];
    await this.page.retry(timeout, `an element is ${state}: ${JSON.stringify(this.path)}`, async () => {
      const now = await this.page.callOn('one', this.path, script);
      return reached.includes(now) ? {} : { why: `it is ${now}` };
    });
  }

  async point({ force, position, timeout = this.page.timeout } = {}) {
    return this.page.retry(timeout, `a pointer reaches ${JSON.stringify(this.path)}`, () => this.page.locate('point', this.path, { force, position }));
  }

  async click(options = {}) {
    const { x, y } = await this.stablePoint(options);
    await this.page.pointer({ x, y, count: options.count ?? 1 });
    await this.page.deliverReports();
  }

  /** The point of the element once it is the same after the pointer has arrived: WebKit scrolls a page that became shorter only later. */
  async stablePoint(options) {
    let at = await this.point(options);
    const stays = async () => {
      await this.page.pointer({ ...at, count: 0 });
      const before = at;
      at = await this.point(options);
      return at.x === before.x && at.y === before.y;
    };
    await until(stays, 'the element stands still under the pointer', (options.timeout ?? this.page.timeout) / 1000);
    return at;
  }

  dblclick(options = {}) {
    return this.click({ ...options, count: 2 });
  }

  async hover(options) {
    await this.page.pointer({ ...(await this.point(options)), count: 0 });
  }

  async check(options) {
    if (!(await this.isChecked())) await this.click(options);
  }

  async fill(text, { timeout = this.page.timeout } = {}) {
    await this.page.retry(timeout, `an input takes a text: ${JSON.stringify(this.path)}`, () => this.page.locate('fill', this.path, text));
    await this.page.deliverReports();
  }

  async press(key) {
    await this.focus();
    await this.page.pressKey(key);
    await this.page.deliverReports();
  }

  async pressSequentially(text) {
    await this.focus();
    await this.page.typeText(text);
    await this.page.deliverReports();
  }

  focus() {
    return this.evaluate((element) => element.focus());
  }

  selectText() {
    return this.evaluate((element) => element.select());
  }

  selectOption(value) {
    const choose = (element, wanted) => {
      const chosen = [...element.options].find((option, index) => option.value === wanted || option.label === wanted || index === wanted?.index);
      element.value = chosen.value;
      for (const type of ['input', 'change']) element.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
    };
    return this.evaluate(choose, value);
  }

  isVisible() {
    return this.page.callOn('one', this.path, '(element) => Boolean(element) && __locators.isVisible(element)');
  }

  isChecked() {
    return this.evaluate((element) => element.checked);
  }

  isDisabled() {
    return this.evaluate((element) => element.matches(':disabled'));
  }

  innerText() {
    return this.evaluate((element) => element.innerText);
  }

  textContent() {
    return this.evaluate((element) => element.textContent);
  }

  allInnerTexts() {
    return this.evaluateAll((found) => found.map((element) => element.innerText));
  }

  getAttribute(name) {
    return this.evaluate((element, attribute) => element.getAttribute(attribute), name);
  }

  inputValue() {
    return this.evaluate((element) => element.value);
  }

  boundingBox() {
    return this.evaluate((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x, y, width, height };
    });
  }
}

for (const [name, step] of Object.entries(steps)) {
  Locator.prototype[name] = function (...given) {
    return new Locator(this.page, [...this.path, step(...given), ...extraSteps(name, given)]);
  };
  ScriptedPage.prototype[name] = function (...given) {
    return new Locator(this, [step(...given), ...extraSteps(name, given)]);
  };
}

/** A context of an engine without Playwright: the scripts and functions of its pages are handed over with each page. */
export class ScriptedContext {
  constructor({ timeout, viewport }) {
    this.timeout = timeout;
    this.viewport = viewport;
    this.scripts = [initScript(captureConsole)];
    this.exposed = new Map();
    this.allPages = [];
    this.listeners = [];
  }

  on(event, listener) {
    if (event === 'page') this.listeners.push(listener);
  }

  async addInitScript(script, argument) {
    this.scripts.push(initScript(script, argument));
  }

  async expose(name, listener) {
    this.exposed.set(name, listener);
    await this.addInitScript(captureReports, name);
  }
}

/** Runs in the page before its scripts: keeps the calls of an exposed function until the driver looks. */
export function captureReports(name) {
  window.__reports ??= [];
  window[name] = (argument) => void window.__reports.push([name, argument]);
}

/** Runs in the page before its scripts: keeps what the page writes to its console, and errors that nobody caught. */
export function captureConsole() {
  window.__reports ??= [];
  const keep = (message) => void window.__reports.push(['__console', message]);
  for (const [method, kind] of Object.entries({ error: 'error', warn: 'warning', info: 'info', log: 'log' })) {
    const write = console[method];
    console[method] = (...given) => {
      keep({ kind, text: given.map(String).join(' ') });
      write.apply(console, given);
    };
  }
  const describe = (error) => (error instanceof Error ? `${error}\n${error.stack}` : String(error));
  addEventListener('error', ({ message, error }) => keep({ uncaught: true, text: error ? describe(error) : message }));
  addEventListener('unhandledrejection', ({ reason }) => keep({ uncaught: true, text: describe(reason) }));
}

/** A script with its argument, as text that a page runs by itself. */
export const initScript = (script, argument) => `${call(script, argument)};\n`;
