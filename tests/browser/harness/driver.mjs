// Drives a browser for the tests: a small interface, with one file per engine behind it. Tests, `Form` and `Bench` use these
// methods only.
//
// Playwright drives Chromium (playwright.mjs), Puppeteer over WebDriver BiDi drives Firefox (puppeteer.mjs), and W3C WebDriver drives WebKit
// (webdriver.mjs); PAYMENT_FORM_ENGINE chooses one. A method that only some engines have belongs to a capability. The driver
// refuses it in a test that does not say `needs: '<capability>'`. An engine without the capability skips the test.
import { chromiumProgram, firefoxProgram, webkitProgram } from './paths.mjs';

/** The capabilities that a test may need, and the methods and options that each of them opens. */
export const capabilities = {
  certificates: 'Browser.newContext({ignoreHTTPSErrors}): pages of a server whose certificate is unknown',
  device: 'Browser.newContext({isMobile, hasTouch, deviceScaleFactor}): the screen of a phone',
  dialogs: "Page.on('dialog') and Page.close({runBeforeUnload}): dialogs of the browser, beforeunload included",
  history: 'Page.goBack() and Page.goForward()',
  isolated: 'scripts of the driver that neither a sandboxed frame nor patched prototypes of the page can hinder',
  lengths: 'a body that ends before its Content-Length is an error, not an answer',
  locale: 'Browser.newContext({locale, timezoneId}) other than the usual ones',
  media: 'Browser.newContext({colorScheme, forcedColors, reducedMotion}) and Page.emulateMedia(): what media queries see',
  narrow: 'a window narrower than 450 px',
  offline: 'Page.setOffline(): the network goes and comes',
  playwright: 'Page.native: the page as Playwright has it',
  popups: "Page.waitForEvent('popup'): pages that a page opens",
  refusals: 'the driver refuses a method whose capability the test does not name',
  requests: "on('request') and on('response'): what a page asks for, heard in the browser",
  resends: 'a lost POST on a connection that was used before is sent again by the browser itself',
};

/** The default options of every context. */
export const usual = { locale: 'en-US', timezoneId: 'America/New_York', viewport: { width: 1120, height: 900 }, timeout: 10_000 };

/** The options of a context that belong to a capability. */
export const optionNeeds = {
  ignoreHTTPSErrors: 'certificates',
  isMobile: 'device',
  hasTouch: 'device',
  deviceScaleFactor: 'device',
  colorScheme: 'media',
  forcedColors: 'media',
  reducedMotion: 'media',
  locale: 'locale',
  timezoneId: 'locale',
};

/** Refuses options of a context whose capability the test does not name. */
export function checkOptions(options, needs) {
  for (const [option, value] of Object.entries(options)) {
    const need = optionNeeds[option];
    if (need && value !== usual[option] && !needs.has(need)) refuse(`the option ${option}`, need);
  }
}

/** The refused calls that no test was told of yet. */
const refusals = [];

/** Refuses a call that not every engine can do, and notes it, because a test may catch the error. */
export function refuse(method, capability) {
  const refusal = new Error(`${method} is not in every engine: the test must say needs: '${capability}'.`);
  refusals.push(refusal);
  throw refusal;
}

/** Returns the refused calls since its last call. */
export const takeRefusals = () => refusals.splice(0);

/**
 * @typedef {object} Browser One running browser.
 * @property {(options: object, needs: Set<string>) => Promise<Context>} newContext A profile of its own: locale, timezoneId, viewport and
 *   timeout (milliseconds that each action may take), and the options of capabilities.
 * @property {() => Promise<void>} close
 * @property {boolean} [injects] Scripts of `addInitScript` reach a page only within its HTML: the bench then puts a proxy before each server.
 *
 * @typedef {object} Context A profile: cookies and storage of its own.
 * @property {() => Promise<Page>} newPage
 * @property {() => Page[]} pages
 * @property {(event: 'page' | 'request', listener: Function) => void} on
 * @property {(script: Function, argument?: unknown) => Promise<void>} addInitScript Runs in every page before the page's own scripts.
 * @property {(name: string, listener: Function) => Promise<void>} expose Gives every page a function of this name; `listener` gets its argument.
 * @property {(cookie: {name: string, value: string, url: string}) => Promise<void>} addCookie
 * @property {() => Promise<void>} close
 *
 * @typedef {object} Page
 * @property {(url: string) => Promise<void>} goto
 * @property {() => Promise<void>} reload
 * @property {() => Promise<void>} goBack
 * @property {() => Promise<void>} goForward
 * @property {(options?: {runBeforeUnload?: boolean}) => Promise<void>} close
 * @property {() => Context} context
 * @property {() => string} url
 * @property {(script: Function, argument?: unknown) => Promise<any>} evaluate Runs a function in the page, under the page's policy.
 * @property {(condition: Function, argument?: unknown, options?: {timeout?: number}) => Promise<void>} waitFor Waits until a function of the
 *   page returns something true.
 * @property {(source: string) => Promise<void>} runScript Runs a script past the page's policy, as the browser's own tools do.
 * @property {(event: string, listener: Function) => void} on `console` {kind, text}, `error` text, `crash`, `navigated` address, `dialog`
 *   {type, message, accept(), dismiss()}, `request` {method, url}, `response` {url, status}.
 * @property {(event: string, matches?: Function) => Promise<any>} waitForEvent The first such event that matches; also `popup`, a page.
 * @property {{press(key: string): Promise<void>, type(text: string): Promise<void>}} keyboard
 * @property {{wheel(x: number, y: number): Promise<void>}} mouse
 * @property {() => {url: string, evaluate: Function}[]} frames
 * @property {(css: string) => Locator} frame The content of a frame of this page.
 * @property {(isOffline: boolean) => Promise<void>} setOffline
 * @property {(media: object) => Promise<void>} emulateMedia
 * @property {(file: string) => Promise<void>} screenshot
 * @property {Function} locator `locator`, `getByRole`, `getByText`, `getByTestId` and `getByLabel` begin a locator.
 *
 * @typedef {object} Locator Elements that are looked for anew at each use, through open shadow roots. An action waits until its element can
 *   take it.
 *   Steps: locator(css), getByRole(role, {name, exact}), getByText(text, {exact}), getByTestId(id), getByLabel(text), getByPlaceholder(text),
 *   filter({has, hasText, visible}), and(locator), or(locator), first(), nth(index), all().
 *   Actions: click, dblclick, fill, press, pressSequentially, check, selectOption, selectText, hover, focus.
 *   Questions: isVisible, isChecked, isDisabled, count, innerText, textContent, allInnerTexts, getAttribute, inputValue, boundingBox.
 *   Scripts: evaluate(function, argument), evaluateAll(function). Waiting: waitFor({state}).
 */

/**
 * Each engine: what it can do, the program of its browser, and the driver that starts it. A capability that is not listed skips the tests
 * that need it, for one of these reasons:
 *
 * - Firefox by BiDi: Puppeteer has no `beforeunload` dialogs, media queries, phone screen, offline switch and certificates there, and no locale
 *   or time zone for one context. Its scripts run in the page's own world, so they are not `isolated`.
 * - WebKitGTK by WebDriver: the protocol knows none of these either. A window has at least 450 px. A page from the back-forward cache answers
 *   no command any more. WebKit's HTTP library, libsoup, sends each POST on a connection of its own, so no POST is sent twice. It takes a
 *   short body for whole.
 */
const engines = {
  chromium: { can: Object.keys(capabilities), program: chromiumProgram, driver: './playwright.mjs' },
  firefox: { can: ['history', 'lengths', 'narrow', 'resends'], program: firefoxProgram, driver: './puppeteer.mjs' },
  webkit: { can: [], program: webkitProgram, driver: './webdriver.mjs' },
};

/** The name of the engine that this process tests. */
export const engineName = process.env.PAYMENT_FORM_ENGINE ?? 'chromium';
const engine = engines[engineName];
if (!engine) throw new Error(`There is no engine ${engineName}: PAYMENT_FORM_ENGINE takes ${Object.keys(engines).join(' or ')}.`);

/**
 * Starts the browser.
 * @returns {Promise<Browser>}
 */
export async function launch() {
  const { launch: start } = await import(engine.driver);
  return start({ program: engine.program });
}

/** The needs of a test that an engine does not meet. */
export function lacking(needs, name = engineName) {
  const unknown = needs.filter((need) => !(need in capabilities));
  if (unknown.length > 0) throw new Error(`There is no capability ${unknown.join(', ')}; driver.mjs lists them.`);
  return needs.filter((need) => !engines[name].can.includes(need));
}
