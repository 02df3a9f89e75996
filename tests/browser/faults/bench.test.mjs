// Tests the bench itself: its claims about the browser and about its own faults are true. Should a later browser stop repeating POSTs by
// itself, the first of these fails and the rows that count arrivals want another look.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { page } from '../harness/docs.mjs';
import { lacking, takeRefusals } from '../harness/driver.mjs';
import { eachCase, test } from '../harness/test.mjs';
import { deliverLate, dropAfter, dropBefore, halfHeaders, pass, replaceBefore, truncateByClose, truncateByLength, truncateChunked } from '../harness/faults.mjs';
import { Proxy } from '../harness/proxy.mjs';
import { minimum, withoutTest } from './rows.mjs';

/** A server that counts what reaches it, behind a proxy, and a page of its own in a browser. */
async function bare(bench) {
  const reached = [];
  const server = http.createServer((request, reply) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      if (request.method === 'POST') reached.push(body);
      reply.end(JSON.stringify({ reached: reached.length, filler: 'x'.repeat(100) }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await Proxy.start(() => server.address().port);
  bench.cleanups.push(() => server.close(), () => proxy.end());
  const page = await (await bench.context()).newPage();
  await page.goto(`${proxy.origin}/`);
  const post = () =>
    page.evaluate(async () => {
      try {
        const reply = await fetch('/payments', { method: 'POST', body: 'one', headers: { 'Idempotency-Key': 'k' } });
        return { status: reply.status, text: await reply.text() };
      } catch (error) {
        return { error: error.name };
      }
    });
  return { proxy, reached, post };
}

test('every row of the fault matrix and every security statement names a test; the minimum set of sixty names tests of the bench', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(new URL('./rows.mjs', import.meta.url))]);
  const { minimum: lacking, matrix: unnamed } = JSON.parse(stdout);
  assert.equal(minimum.length, 60);
  assert.deepEqual([lacking, unnamed], [[], []]);
  assert.deepEqual(withoutTest(['A1', 'B1'], ['A1: a row', 'about B1']), ['B1'], 'a row that is missing would be noticed');
});

test('rows that another engine skips are those of docs/promise.md', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [fileURLToPath(new URL('./rows.mjs', import.meta.url))]);
  const { skipped } = JSON.parse(stdout);
  const listed = (engine) => page('promise.md').match(new RegExp(`^\\| ${engine} \\| (.*?) \\|$`, 'm'))[1].split(', ');
  assert.deepEqual({ firefox: listed('Firefox'), webkit: listed('WebKitGTK') }, skipped);
});

test('microtask of a script of the driver waits for the end of that script, as in a script of the page', async (bench) => {
  const { page: web } = await bench.host({}, { body: '<p>No form</p>', waitFor: null });
  const order = await web.evaluate(async () => {
    const order = [];
    class Probe extends HTMLElement {
      connectedCallback() {
        queueMicrotask(() => order.push('microtask'));
      }
    }
    customElements.define('bench-probe', Probe);
    document.body.append(new Probe());
    order.push('script');
    await null;
    return order;
  });
  assert.deepEqual(order, ['script', 'microtask']);
});

/** Tells whether a text waits by a timer of its own. */
const waits = (text) => /\b(setTimeout|setInterval|waitForTimeout)\b|timers\/promises/.test(text);

test('time passes in wait.mjs alone: every other file waits for a condition, or says what must not happen meanwhile', async () => {
  for (const way of ['page.waitForTimeout(20)', 'new Promise((done) => setTimeout(done))', "from 'node:timers/promises'"]) assert.ok(waits(way), way);
  const folder = new URL('../', import.meta.url);
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.mjs') && file !== 'faults/bench.test.mjs');
  assert.deepEqual(files.filter((file) => waits(readFileSync(new URL(file, folder), 'utf8'))), ['harness/wait.mjs']);
});

test('a capability that a test does not say it needs is refused', async (bench) => {
  const page = await (await bench.context()).newPage();
  await assert.rejects(async () => page.setOffline(true), /needs: 'offline'/);
  await assert.rejects(async () => page.waitForEvent('popup'), /needs: 'popups'/);
  await assert.rejects(async () => bench.context({ isMobile: true }), /needs: 'device'/);
  assert.throws(() => page.on('request', () => {}), /needs: 'requests'/);
  assert.equal(takeRefusals().length, 4, 'each refusal is noted, so that a test which catches it fails');
  assert.throws(() => lacking(['teleport']), /no capability teleport/);
}, { needs: 'refusals' });

test('the browser silently repeats a POST when a reused connection ends by FIN or RST after the server read it', async (bench) => {
  await eachCase({ FIN: 'FIN', RST: 'RST' }, async (how) => {
    const { proxy, reached, post } = await bare(bench);
    for (let attempt = 0; attempt < 20; attempt += 1) {
      await post();
      const before = reached.length;
      proxy.faults(dropAfter(how));
      const seen = await post();
      const lost = proxy.payments[before];
      // Now and then the browser takes a fresh connection, on which it repeats nothing.
      if (lost.nth === 1) continue;
      assert.equal(seen.status, 200, 'the page sees one call that succeeds');
      assert.equal(reached.length, before + 2, 'the server saw the lost POST and its repetition');
      return;
    }
    assert.fail('no connection was used twice');
  });
}, { needs: 'resends' });

test('each fault does what its name says', async (bench) => {
  const { proxy, reached, post } = await bare(bench);
  // The browser may repeat a lost POST by itself, so every arrival of a call meets the fault, and the server is counted by arrivals.
  const meets = async (fault) => {
    const [arrivals, requests] = [proxy.payments.length, reached.length];
    proxy.onPayment = () => fault;
    const seen = await post();
    await proxy.drained();
    return { ...seen, reached: (reached.length - requests) / (proxy.payments.length - arrivals) };
  };
  assert.deepEqual(await meets(dropBefore()), { error: 'TypeError', reached: 0 });
  assert.deepEqual(await meets(dropAfter()), { error: 'TypeError', reached: 1 });
  assert.deepEqual(await meets(deliverLate(50)), { error: 'TypeError', reached: 1 });
  assert.deepEqual(await meets(truncateByLength()), { error: 'TypeError', reached: 1 });
  assert.deepEqual(await meets(truncateChunked()), { error: 'TypeError', reached: 1 });
  assert.deepEqual(await meets(halfHeaders()), { status: 200, text: '', reached: 1 });
  assert.equal((await meets(truncateByClose())).text.length, 20);
  assert.deepEqual(await meets(replaceBefore({ status: 503, headers: [['Connection', 'close']], body: 'no' })), { status: 503, text: 'no', reached: 0 });
  const { status, reached: once } = await meets(pass);
  assert.deepEqual([status, once], [200, 1]);
}, { needs: 'lengths' });
