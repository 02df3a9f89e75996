// Measures the time from a key to the updated and laid-out DOM, and the cold load, on one machine in one run.
//
// usage: node bench.mjs keystroke|load N page[=url] ...      a page is a name under dist/, or name=URL with {n} for the invoice count
import { chromium } from 'playwright-core';
import http from 'node:http'; import fs from 'node:fs'; import path from 'node:path'; import zlib from 'node:zlib';
const types = { '.js': 'text/javascript', '.html': 'text/html', '.wasm': 'application/wasm', '.css': 'text/css' };
const root = new URL('./dist/', import.meta.url).pathname;
const server = http.createServer((q, r) => {
  const f = path.join(root, decodeURIComponent(new URL(q.url, 'http://x').pathname));
  if (!f.startsWith(root) || !fs.existsSync(f) || fs.statSync(f).isDirectory()) { r.writeHead(404); return r.end(); }
  r.writeHead(200, { 'content-type': types[path.extname(f)] || 'application/octet-stream', 'content-encoding': 'br' });
  r.end(zlib.brotliCompressSync(fs.readFileSync(f), { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 5 } }));
}).listen(0, '127.0.0.1');
await new Promise((ok) => server.once('listening', ok));
const base = `http://127.0.0.1:${server.address().port}/`;
export const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
const [mode, nText, ...pages] = process.argv.slice(2); const n = Number(nText);
const urlOf = (p) => { const [name, u] = p.includes('=') ? [p.slice(0, p.indexOf('=')), p.slice(p.indexOf('=') + 1)] : [p.split('?')[0], `${base}${p.split('?')[0]}.html?n={n}${p.includes('?') ? '&' + p.split('?')[1] : ''}`]; return [p.includes('=') ? name : p, u.replace('{n}', n)]; };
const med = (a) => { const s = [...a].sort((x, y) => x - y); return s[s.length >> 1]; };
const pct = (a, q) => { const s = [...a].sort((x, y) => x - y); return s[Math.min(s.length - 1, Math.floor(s.length * q))]; };
async function keystroke(url) {
  // Real key presses; cost = main-thread task time per key (script + style + layout + paint), latency = Event Timing (input to next paint).
  const page = await browser.newPage(); await page.goto(url); const cdp = await page.context().newCDPSession(page); await cdp.send('Performance.enable');
  const amount = page.locator('[name=amount]').first(); await amount.waitFor({ timeout: 60000 }); await amount.focus();
  await page.evaluate(() => { window.__ev = []; new PerformanceObserver((l) => { for (const e of l.getEntries()) if (e.name === 'keydown' || e.name === 'input' || e.name === 'keypress') window.__ev.push(e.duration); }).observe({ type: 'event', durationThreshold: 16, buffered: false }); });
  const metric = async () => { const m = Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map((x) => [x.name, x.value])); return m; };
  const keys = ['1', '2', '3', '4', '5', '6', '7', 'Backspace', 'Backspace', 'Backspace', 'Backspace', 'Backspace', 'Backspace', 'Backspace'];
  const settle = () => page.evaluate(() => new Promise((ok) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(ok, 30)))));
  const press = async () => { for (const k of keys) { await page.keyboard.press(k); await settle(); } };
  await press(); const idle0 = await metric(); for (const _ of keys) await settle(); const idle1 = await metric(); const idle = (idle1.TaskDuration - idle0.TaskDuration) / keys.length * 1000;
  const cost = []; await page.evaluate(() => { window.__ev = []; });
  for (let r = 0; r < 3; r++) for (const k of keys) { const m0 = await metric(); await page.keyboard.press(k); await settle(); const m1 = await metric(); cost.push((m1.TaskDuration - m0.TaskDuration) * 1000 - idle); }
  const ev = await page.evaluate(() => window.__ev); if (process.env.DEBUG) console.log(await page.content()); const text = await page.locator('[data-testid=unallocated]').first().textContent();
  const heap = await page.evaluate(() => performance.memory?.usedJSHeapSize ?? 0);
  await page.close(); return { times: cost, worst: ev.length ? Math.max(...ev) : '<16', end: text, heap };
}
async function load(url, throttle) {
  const ctx = await browser.newContext(); const page = await ctx.newPage(); const cdp = await ctx.newCDPSession(page);
  if (throttle) { await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 }); await cdp.send('Network.enable'); await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 }); }
  let bytes = 0; await cdp.send('Network.enable'); cdp.on('Network.loadingFinished', (e) => { bytes += e.encodedDataLength; });
  await page.addInitScript(() => {
    // ready: the amount can be typed (a live input of that name exists); stands: the division is on the page.
    const look = (r, q) => r.querySelector(q) || [...r.querySelectorAll('*')].some((e) => e.shadowRoot && look(e.shadowRoot, q));
    const tick = () => { if (look(document, '[name=amount]:enabled')) window.__ready ??= performance.now(); if (look(document, '[data-testid=unallocated]')) window.__stands ??= performance.now(); if (!(window.__ready && window.__stands)) requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
  });
  await page.goto(url); await page.waitForFunction(() => window.__ready && window.__stands, null, { timeout: 120000 });
  const [t, stands] = await page.evaluate(() => [window.__ready, window.__stands]); await page.waitForTimeout(100); await ctx.close(); return { t, stands, bytes };
}
const rows = [];
for (const p of pages) {
  const [name, url] = urlOf(p);
  if (mode === 'keystroke') { const r = await keystroke(url); const w = r.times; rows.push({ name, n, cost_med_ms: +med(w).toFixed(2), cost_p95_ms: +pct(w, 0.95).toFixed(2), worst_event_ms: r.worst, end: r.end, heap_MB: +(r.heap / 1e6).toFixed(1) }); }
  else { const fast = [], slow = []; for (let i = 0; i < 5; i++) fast.push(await load(url, false)); for (let i = 0; i < 3; i++) slow.push(await load(url, true)); const of = (a, key) => +med(a.map((x) => x[key])).toFixed(0);
    rows.push({ name, n, ready_ms: of(fast, 't'), stands_ms: of(fast, 'stands'), ready_slow_ms: of(slow, 't'), stands_slow_ms: of(slow, 'stands'), bytes: fast.at(-1).bytes }); }
}
console.table(rows); if (process.env.JSON_OUT) fs.writeFileSync(process.env.JSON_OUT, JSON.stringify(rows));
await browser.close(); server.close();
