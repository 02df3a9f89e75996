// Drives WebKitGTK by W3C WebDriver: implements the interface of driver.mjs. Each context is a session of its own, with a fresh profile.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import net from 'node:net';
import { Key, Origin } from 'selenium-webdriver/lib/input.js';
import selenium from 'selenium-webdriver';
import { checkOptions, usual } from './driver.mjs';
import { ScriptedContext, ScriptedPage } from './locators.mjs';
import { until, withTimeout } from './wait.mjs';

export async function launch({ program }) {
  return new Browser(program, process.env.DISPLAY ? undefined : await virtualDisplay());
}

/** Starts a display that nobody sees, where this machine has none. */
async function virtualDisplay() {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1200x24'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  process.once('exit', () => server.kill());
  const [number] = await once(server.stdio[3], 'data');
  return { server, name: `:${String(number).trim()}` };
}

/** A port that nobody listens at. */
async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

class Browser {
  injects = true;

  constructor(program, display) {
    this.program = program;
    this.display = display;
  }

  /** A WebDriver server of WebKitGTK holds one session, so each context has a server of its own. */
  async newContext(options, needs) {
    checkOptions(options, needs);
    const port = await freePort();
    const env = { ...process.env, DISPLAY: this.display?.name ?? process.env.DISPLAY, TZ: usual.timezoneId, LANG: 'en_US.UTF-8', GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' };
    // A process group of its own, so that the browser ends with its server even where that hangs.
    const server = spawn(this.program, [`--port=${port}`], { env, stdio: 'ignore', detached: true });
    const end = () => endGroup(server.pid);
    process.once('exit', end);
    const origin = `http://127.0.0.1:${port}`;
    await until(() => fetch(`${origin}/status`).then(({ ok }) => ok, () => false), 'the WebDriver server answers');
    const capabilities = { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { args: ['--automation'] } };
    const driver = await new selenium.Builder().usingServer(origin).withCapabilities(capabilities).build();
    await driver.manage().setTimeouts({ script: 60_000 });
    const ended = () => {
      process.off('exit', end);
      end();
    };
    return new Context(driver, ended, options);
  }

  async close() {
    this.display?.server.kill();
  }
}

/** Ends a server and all browsers that it started. */
function endGroup(leader) {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}

class Context extends ScriptedContext {
  constructor(driver, ended, options) {
    super(options);
    this.driver = driver;
    this.ended = ended;
    /** The last command; commands of several pages follow one another, because the session has one current window. */
    this.last = Promise.resolve();
  }

  async newPage() {
    // A window rather than a tab, because WebKitGTK neither paints a tab in the background nor answers scripts that wait for a frame there.
    if (this.isStarted) await this.driver.switchTo().newWindow('window');
    this.isStarted = true;
    const page = new Page(await this.driver.getWindowHandle(), this);
    this.current = page.handle;
    this.allPages.push(page);
    await this.fitWindow();
    for (const listener of this.listeners) listener(page);
    return page;
  }

  /** Makes the window so large that the page has the wanted size. */
  async fitWindow() {
    const { width, height } = this.viewport;
    await this.driver.manage().window().setRect({ x: 0, y: 0, width, height });
    const [w, h] = await this.driver.executeScript('return [innerWidth, innerHeight]');
    await this.driver.manage().window().setRect({ x: 0, y: 0, width: 2 * width - w, height: 2 * height - h });
  }

  /** Runs a command in the window of a page. */
  within(handle, command) {
    const run = async () => {
      if (this.current !== handle) await this.driver.switchTo().window(handle);
      this.current = handle;
      return command(this.driver);
    };
    const done = this.last.then(run, run);
    this.last = done.catch(() => {});
    return done;
  }

  pages() {
    return this.allPages.filter(({ isClosed }) => !isClosed);
  }

  /** WebDriver sets a cookie only while a page of its origin is open. */
  async addCookie({ name, value, url }) {
    const there = this.pages().find((page) => page.address.startsWith(new URL(url).origin));
    if (there) await there.within((driver) => driver.manage().addCookie({ name, value, path: '/' }));
    else this.waiting = [...(this.waiting ?? []), { name, value, url }];
  }

  async close() {
    // WebKitGTK sometimes leaves a command unanswered, and the commands after it wait.
    await withTimeout(5, this.driver.quit()).catch(() => {});
    this.ended();
  }
}

class Page extends ScriptedPage {
  constructor(handle, context) {
    super(context);
    this.handle = handle;
    this.address = 'about:blank';
    this.mouse = { wheel: (x, y) => this.act((actions) => actions.scroll(10, 10, x, y, Origin.VIEWPORT)) };
  }

  within(command) {
    return this.owner.within(this.handle, command);
  }

  /**
   * Runs within a microtask. WebKitGTK does not treat a script of the driver as a script of the page. It would run the page's
   * microtasks after each callback that the script causes, such as `connectedCallback`, instead of after the script.
   */
  async evaluateText(expression) {
    const script = `const done = arguments[0];
      const told = (value) => done({ value: value === undefined ? null : JSON.stringify(value) ?? null });
      const refused = (error) => done({ error: String(error?.message ?? error) });
      queueMicrotask(() => { try { Promise.resolve(${expression}).then(told, refused); } catch (error) { refused(error); } });`;
    const { value, error } = await this.within((driver) => driver.executeAsyncScript(script));
    if (error !== undefined) throw new Error(error);
    return value === null ? undefined : JSON.parse(value);
  }

  /** Without a promise to wait for, a page that is being left makes nobody wait. */
  evaluateSync(expression) {
    return this.within((driver) => driver.executeScript(`return ${expression}`));
  }

  act(build) {
    return this.within((driver) => build(driver.actions({ async: false })).perform());
  }

  pointer({ x, y, count }) {
    return this.act((actions) => {
      const at = actions.move({ x: Math.round(x), y: Math.round(y), origin: Origin.VIEWPORT, duration: 0 });
      return Array.from({ length: count }).reduce((done) => done.press().release(), at);
    });
  }

  /** Presses a key, with others held where the text has the form `Shift+Tab`. */
  pressKey(keys) {
    const all = keys.split('+').map(keyCode);
    return this.act((actions) => [...all].reverse().reduce((done, key) => done.keyUp(key), all.reduce((done, key) => done.keyDown(key), actions)));
  }

  typeText(text) {
    return this.act((actions) => actions.sendKeys(text));
  }

  url() {
    return this.address;
  }

  async goto(url) {
    for (const cookie of this.owner.waiting?.splice(0) ?? []) await this.setCookie(cookie);
    await this.within((driver) => driver.get(url));
    await this.arrived();
  }

  async setCookie({ name, value, url }) {
    await this.within(async (driver) => {
      await driver.get(new URL('/healthz', url).href);
      await driver.manage().addCookie({ name, value, path: '/' });
    });
  }

  async arrived() {
    this.address = await this.within((driver) => driver.getCurrentUrl());
    this.emit('navigated', this.address);
  }

  async reload() {
    await this.deliverReports();
    await this.within((driver) => driver.navigate().refresh());
    await this.arrived();
  }

  async close() {
    this.isClosed = true;
    await this.within(async (driver) => {
      // The session would end with its last window, so an empty one stays.
      if ((await driver.getAllWindowHandles()).length === 1) await driver.switchTo().newWindow('tab');
      await driver.switchTo().window(this.handle);
      await driver.close();
      // A session whose current window is gone opens no other one.
      const [left] = (await driver.getAllWindowHandles()).filter((handle) => handle !== this.handle);
      await driver.switchTo().window(left);
      this.owner.current = left;
    });
  }

  async screenshot(file) {
    await writeFile(file, await this.within((driver) => driver.takeScreenshot()), 'base64');
  }
}

/** The code of a key by its name in the DOM: `ArrowDown` is `ARROW_DOWN` in WebDriver. */
function keyCode(name) {
  if (name.length === 1) return name;
  const unlike = { Space: ' ', Backspace: Key.BACK_SPACE, ControlOrMeta: Key.CONTROL };
  return unlike[name] ?? Key[name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()];
}
