// Watches every page of every test for violations, errors and secrets.

/** Runs in each page before its own scripts: reports violations of the content security policy, and the form's events. */
export function watchPage() {
  const report = window.__report;
  delete window.__report;
  const plain = (value) => {
    try {
      return JSON.parse(JSON.stringify(value ?? null));
    } catch {
      return String(value);
    }
  };
  document.addEventListener('securitypolicyviolation', (event) => {
    report({ kind: 'violation', text: `${event.violatedDirective} ${event.blockedURI} ${event.sample}` });
  });
  for (const name of ['ready', 'change', 'submit', 'recorded', 'rejected', 'held', 'unknown', 'load-error', 'crash']) {
    document.addEventListener(`payment-${name}`, (event) => {
      report({ kind: 'event', name: event.type, detail: plain(event.detail), frozen: event.detail === null || Object.isFrozen(event.detail) });
    });
  }
}

/**
 * Runs in each page before its own scripts. The clock shows another time, and `window.__moveClock(ms)` moves it, as a person or a
 * time server would. Timers and `performance` are not touched.
 */
export function moveClock(offset) {
  let moved = offset;
  window.__moveClock = (milliseconds) => (moved += milliseconds);
  const Real = Date;
  window.Date = new Proxy(Real, {
    construct: (target, given, made) => Reflect.construct(target, given.length > 0 ? given : [Real.now() + moved], made),
    apply: () => new Real(Real.now() + moved).toString(),
    get: (target, name) => (name === 'now' ? () => Real.now() + moved : Reflect.get(target, name)),
  });
}

/** Collects what the pages of one context report. */
export class Watch {
  constructor() {
    this.violations = [];
    this.errors = [];
    this.console = [];
    this.events = [];
    this.addresses = [];
    /** Messages of these forms are what the test is about. */
    this.expected = [];
    this.expectedViolations = 0;
  }

  async attach(context) {
    await context.expose('__report', (report) => {
      if (report.kind === 'violation') this.violations.push(report.text);
      else this.events.push(report);
    });
    await context.addInitScript(watchPage);
    context.on('page', (page) => {
      page.on('error', (text) => this.errors.push(text));
      page.on('crash', () => this.errors.push('The page crashed.'));
      page.on('console', (message) => this.console.push(message));
      page.on('navigated', (address) => this.addresses.push(address));
    });
  }

  /** Everything that must not have happened. */
  findDefects() {
    const allowed = (text) => this.expected.some((form) => form.test(text));
    const isDefect = ({ kind, text }) => /panicked|RuntimeError|unreachable/.test(text) || (kind === 'error' && !/^Failed to load resource/.test(text));
    return [
      ...this.violations.map((text) => `content security policy: ${text}`).slice(this.expectedViolations),
      ...this.errors.filter((text) => !allowed(text)).map((text) => `uncaught error: ${text}`),
      ...this.console.filter((line) => isDefect(line) && !allowed(line.text)).map(({ text }) => `console: ${text}`),
      ...this.events.filter(({ frozen }) => !frozen).map(({ name }) => `${name}: its detail is not frozen`),
    ];
  }
}

/** Runs in the page: everything that can be read there, as one text, open shadow roots included. */
export async function readableEverywhere() {
  const texts = [location.href, document.referrer, JSON.stringify(history.state)];
  try {
    texts.push(document.cookie);
  } catch {
    // A sandboxed page has no cookies that could be read.
  }
  const walk = (node) => {
    // Past names that the page's own elements may have taken.
    if (node.nodeType === Node.ELEMENT_NODE) for (const name of Element.prototype.getAttributeNames.call(node)) texts.push(`${name}=${Element.prototype.getAttribute.call(node, name)}`);
    if (node.nodeType === Node.TEXT_NODE || node.nodeType === Node.COMMENT_NODE) texts.push(node.data);
    if ('value' in node && typeof node.value === 'string') texts.push(node.value);
    if (node.shadowRoot) walk(node.shadowRoot);
    for (const child of node.childNodes) walk(child);
  };
  walk(document);
  for (const name of ['localStorage', 'sessionStorage']) {
    try {
      texts.push(JSON.stringify({ ...window[name] }));
    } catch {
      // A sandboxed page has no storage that could hold anything.
    }
  }
  try {
    texts.push(JSON.stringify(await indexedDB.databases()));
  } catch {
    // Same reason as above.
  }
  texts.push(JSON.stringify(performance.getEntries()));
  for (const form of document.querySelectorAll('payment-form')) {
    for (const key in form) {
      try {
        const value = key in HTMLElement.prototype ? undefined : form[key];
        if (typeof value === 'string') texts.push(value);
        else if (value && typeof value === 'object') texts.push(JSON.stringify(value) ?? '');
      } catch {
        // A form that has stopped answers nothing.
      }
    }
  }
  return texts.join('\n');
}
