// Measures the time from a key to the updated and laid-out DOM, and the cold load, on one machine in one run.
//
//     node bench.mjs keystroke|load INVOICES PAGE[=URL] ...
//
// A page is the name of a file under dist/, or NAME=URL with {n} for the number of invoices.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import zlib from 'node:zlib';
import { chromium } from 'playwright-core';

const types = { '.js': 'text/javascript', '.html': 'text/html', '.wasm': 'application/wasm', '.css': 'text/css' };
const root = new URL('./dist/', import.meta.url).pathname;

const server = http.createServer((request, response) => {
  const file = path.join(root, decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
  if (!file.startsWith(root) || !fs.existsSync(file) || fs.statSync(file).isDirectory()) {
    response.writeHead(404);
    response.end();
    return;
  }
  response.writeHead(200, { 'content-type': types[path.extname(file)] || 'application/octet-stream', 'content-encoding': 'br' });
  response.end(zlib.brotliCompressSync(fs.readFileSync(file), { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } }));
}).listen(0, '127.0.0.1');
await new Promise((listening) => server.once('listening', listening));
const base = `http://127.0.0.1:${server.address().port}/`;

export const args = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
const [mode, invoices, ...pages] = process.argv.slice(2);
const count = Number(invoices);

/** The name and the address of a page: `react?virtual`, or `NAME=URL`. */
function target(page) {
  const [name, url] = page.split(/=(.*)/s);
  if (url) return [name, url.replace('{n}', count)];
  const [file, options] = page.split('?');
  return [page, `${base}${file}.html?n=${count}${options ? `&${options}` : ''}`];
}

/** The value below which this part of the values lies. */
function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

/** Presses real keys. The cost of a key is the time of the main thread. The latency is the time from the input to the next paint,
 * by Event Timing. */
async function keystroke(url) {
  const page = await browser.newPage();
  await page.goto(url);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const amount = page.locator('[name=amount]').first();
  await amount.waitFor({ timeout: 60_000 });
  await amount.focus();
  await page.evaluate(() => {
    window.__latencies = [];
    const observer = new PerformanceObserver((list) => {
      const events = list.getEntries().filter(({ name }) => ['keydown', 'keypress', 'input'].includes(name));
      window.__latencies.push(...events.map(({ duration }) => duration));
    });
    observer.observe({ type: 'event', durationThreshold: 16, buffered: false });
  });
  /** The time that the main thread has worked so far, in milliseconds. */
  const taskTime = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  };
  const settle = () =>
    page.evaluate(() => new Promise((settled) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(settled, 30)))));
  const keys = [...'1234567', ...Array(7).fill('Backspace')];
  /** The time of the main thread for each key. */
  const measure = async (act) => {
    const times = [];
    for (const key of keys) {
      const before = await taskTime();
      await act(key);
      await settle();
      times.push((await taskTime()) - before);
    }
    return times;
  };

  const press = (key) => page.keyboard.press(key);
  await measure(press);
  const idleTimes = await measure(async () => {});
  const idle = idleTimes.reduce((sum, time) => sum + time, 0) / keys.length;
  await page.evaluate(() => (window.__latencies.length = 0));
  const costs = [];
  for (let round = 0; round < 3; round++) costs.push(...(await measure(press)).map((time) => time - idle));

  const latencies = await page.evaluate(() => window.__latencies);
  if (process.env.DEBUG) console.log(await page.content());
  const end = await page.locator('[data-testid=unallocated]').first().textContent();
  const heap = await page.evaluate(() => performance.memory?.usedJSHeapSize ?? 0);
  await page.close();
  return { costs, worst: latencies.length ? Math.max(...latencies) : '<16', end, heap };
}

/** Loads a page in a new context, on a fast or on a slow line. */
async function load(url, isSlow) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  if (isSlow) {
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    const line = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };
    await devtools.send('Network.emulateNetworkConditions', line);
  }
  let bytes = 0;
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.addInitScript(() => {
    const has = (node, selector) =>
      node.querySelector(selector) || [...node.querySelectorAll('*')].some((element) => element.shadowRoot && has(element.shadowRoot, selector));
    const tick = () => {
      if (has(document, '[name=amount]:enabled')) window.__ready ??= performance.now();
      if (has(document, '[data-testid=unallocated]')) window.__divided ??= performance.now();
      if (!(window.__ready && window.__divided)) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await page.goto(url);
  await page.waitForFunction(() => window.__ready && window.__divided, null, { timeout: 120_000 });
  const [ready, divided] = await page.evaluate(() => [window.__ready, window.__divided]);
  // The last bytes are reported a moment after they have arrived.
  await page.waitForTimeout(100);
  await context.close();
  return { ready, divided, bytes };
}

async function keystrokeRow(name, url) {
  const { costs, worst, end, heap } = await keystroke(url);
  const cost = (part) => Number(quantile(costs, part).toFixed(2));
  return { name, n: count, cost_med_ms: cost(0.5), cost_p95_ms: cost(0.95), worst_event_ms: worst, end, heap_MB: Number((heap / 1e6).toFixed(1)) };
}

async function loadRow(name, url) {
  const fast = [];
  const slow = [];
  for (let round = 0; round < 5; round++) fast.push(await load(url, false));
  for (let round = 0; round < 3; round++) slow.push(await load(url, true));
  const median = (loads, key) => Math.round(quantile(loads.map((one) => one[key]), 0.5));
  return {
    name,
    n: count,
    ready_ms: median(fast, 'ready'),
    divided_ms: median(fast, 'divided'),
    ready_slow_ms: median(slow, 'ready'),
    divided_slow_ms: median(slow, 'divided'),
    bytes: fast.at(-1).bytes,
  };
}

const rows = [];
for (const page of pages) rows.push(await (mode === 'keystroke' ? keystrokeRow : loadRow)(...target(page)));
console.table(rows);
if (process.env.JSON_OUT) fs.writeFileSync(process.env.JSON_OUT, JSON.stringify(rows));
await browser.close();
server.close();
