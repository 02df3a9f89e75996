// Tests rows B: faults of a request and its reply on the way.
import assert from 'node:assert/strict';
import https from 'node:https';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { eachCase, test } from '../harness/test.mjs';
import { dropAfter, dropBefore, gate, halfHeaders, keepCopy } from '../harness/faults.mjs';
import { formHtml, noPolicy } from '../harness/host.mjs';
import { entries, assertEntriesKept, assertLedgerCount, startNextPayment, assertOneKeyAndBody, openFilledForm, payWithHeldReply, assertRecordedOnce, retryAndAssertRecorded, resolvingAttributes, assertUnknown } from './observe.mjs';

/** A key and its certificate that nobody vouches for. */
const pem = readFileSync(new URL('./fixtures/loopback.pem', import.meta.url));

test('B1: a server that refuses connections leaves the outcome open; once it is back, one press pays once', async (bench) => {
  const form = await openFilledForm(bench);
  const before = await form.entries();
  await bench.proxy.down();
  await form.pay.click();
  await assertUnknown(form);
  await assertEntriesKept(form, before);
  await bench.proxy.up();
  await retryAndAssertRecorded(bench, form, 1);
});

test('B2: offline before the press, nothing is sent or stored, and the form says so, in focus, until the browser is online', async (bench) => {
  const form = await openFilledForm(bench);
  const before = await form.entries();
  const hasFocus = (part) => form.page.waitFor((part) => document.querySelector('payment-form').shadowRoot.activeElement?.matches(part), part);
  await form.page.setOffline(true);
  await form.pay.click();
  const notice = form.element.getByText(/you are offline/i);
  await notice.waitFor();
  await hasFocus('.status-slot');
  assert.equal(await form.state(), 'ready');
  await assertEntriesKept(form, before);
  assert.deepEqual(await form.page.evaluate(() => Object.keys(sessionStorage).filter((name) => name.endsWith(':pending'))), []);
  assert.equal(bench.proxy.payments.length, 0);
  await form.page.setOffline(false);
  await notice.waitFor({ state: 'detached' });
  // The focus goes on to the nearest place that stays.
  await hasFocus('.title');
  await form.pay.click();
  await assertRecordedOnce(bench, form);
}, { needs: 'offline' });

test('B3: offline between the press and the reply leaves the outcome open; the same key finishes it', async (bench) => {
  const form = await openFilledForm(bench);
  const held = gate();
  bench.proxy.faults(held);
  await form.pay.click();
  await held.reached;
  await form.page.setOffline(true);
  await assertUnknown(form);
  await form.page.setOffline(false);
  await form.press('retry');
  held.open();
  await assertRecordedOnce(bench, form);
  assertOneKeyAndBody(bench.proxy.payments);
}, { needs: 'offline' });

test('B4 B5: the browser repeats a POST by itself when a reused connection ends by FIN or RST; one payment comes of it', async (bench) => {
  const form = await openFilledForm(bench);
  await eachCase({ FIN: 'FIN', RST: 'RST' }, async (how) => {
    if (how === 'RST') await startNextPayment(bench, form);
    bench.proxy.faults(dropAfter(how));
    await form.pay.click();
    await assertRecordedOnce(bench, form);
    assert.ok(bench.proxy.payments[0].nth > 1, 'the first arrival came on a reused connection');
    assertOneKeyAndBody(bench.proxy.payments, 2);
  });
}, { needs: 'resends' });

test('B6 B9: on fresh connections a committed payment whose reply is lost twice is finished by the third send', async (bench) => {
  const form = await openFilledForm(bench, {}, { fresh: true });
  bench.proxy.faults(dropAfter(), dropAfter());
  const before = await form.entries();
  await form.pay.click();
  await assertUnknown(form);
  assertOneKeyAndBody(bench.proxy.payments, 1);
  await assertLedgerCount(bench, 1);
  await assertEntriesKept(form, before);
  // The press is seen at once, so what is unknown after it is the second send.
  await form.press('retry');
  await assertUnknown(form);
  await retryAndAssertRecorded(bench, form, 3);
});

const broken = { 'B8: reset before the server read the request': [dropBefore, 0], 'B12: half a head of a reply': [halfHeaders, 1] };
test('B8 B12: a connection that is reset before the request is read, or within the head of the reply, leaves exactly one payment after a retry', async (bench) => {
  const form = await openFilledForm(bench, {}, { fresh: true });
  await eachCase(broken, async ([fault, payments]) => {
    if (fault !== dropBefore) await startNextPayment(bench, form);
    bench.proxy.faults(fault());
    await form.pay.click();
    await assertUnknown(form);
    await assertLedgerCount(bench, payments);
    await retryAndAssertRecorded(bench, form, 2);
  });
});

test('B10: a copy that is delivered after the retry succeeded is answered from the key store', async (bench) => {
  const form = await openFilledForm(bench, {}, { fresh: true });
  const copy = keepCopy();
  bench.proxy.faults(copy);
  await form.pay.click();
  await assertUnknown(form);
  await form.press('retry');
  await form.waitFor('recorded');
  copy.deliver();
  await assertRecordedOnce(bench, form);
  assertOneKeyAndBody(bench.proxy.payments, 2);
  const [{ status, headers }] = copy.answers;
  assert.equal(status, 200);
  assert.ok(headers.some(([name, value]) => /^idempotent-replayed$/i.test(name) && value === 'true'));
});

test('B11: after the time limit the outcome is unknown, and a late reply still settles it', async (bench) => {
  const form = await openFilledForm(bench, { timeout: '1' });
  const held = gate();
  bench.proxy.faults(held);
  const pressed = Date.now();
  await form.pay.click();
  await form.waitFor('unknown');
  const waited = Date.now() - pressed;
  // The time until the page is told depends on the machine, which may be slow.
  assert.ok(waited > 900, `unknown after ${waited} ms`);
  held.open();
  await assertRecordedOnce(bench, form);
  assertOneKeyAndBody(bench.proxy.payments, 1);
});

test('B11: after eight seconds the form says that it is still working', async (bench) => {
  const form = await openFilledForm(bench, { timeout: '60' });
  const held = await payWithHeldReply(bench, form);
  assert.match(await form.text(), /sending your payment/i);
  assert.doesNotMatch(await form.text(), /still working/i);
  await form.moveClock(8_000);
  await form.waitForText(/still working/i);
  held.open();
  await assertRecordedOnce(bench, form);
});

/** Changes that a host's page may have made to `fetch`. */
const wrappers = {
  'rejects with a string': () => Promise.reject('boom'),
  'rejects with nothing': () => Promise.reject(),
  'never settles': () => new Promise(() => {}),
  'throws at once': () => {
    throw 'boom';
  },
  'answers with something that is no response': () => Promise.resolve({ ok: true }),
  'answers with a response that was read already': async () => {
    const reply = new Response('{}');
    await reply.text();
    return reply;
  },
};
test("B14: a host's fetch that breaks its promises does not stop the form", async (bench) => {
  const form = await openFilledForm(bench);
  await eachCase(wrappers, async (wrapper, label) => {
    if (label !== Object.keys(wrappers)[0]) await startNextPayment(bench, form);
    await wrapFetch(form.page, wrapper);
    await form.pay.click();
    await assertUnknown(form);
    await form.page.evaluate(() => (window.fetch = window.__realFetch));
    await form.press('retry');
    await assertRecordedOnce(bench, form);
  });
});

test('B13: a server whose certificate nobody vouches for gets nothing, and the form tells nothing of its details', async (bench) => {
  await bench.serveThroughProxy();
  let requests = 0;
  const secured = https.createServer({ key: pem, cert: pem }, (_, reply) => {
    requests += 1;
    reply.end('{}');
  });
  secured.listen(0, '127.0.0.1');
  await once(secured, 'listening');
  bench.cleanups.push(() => secured.close());
  const origin = `https://127.0.0.1:${secured.address().port}`;
  bench.proxy.page('/configure.js', { headers: [['Content-Type', 'text/javascript']], body: `import { configure } from '/pkg/element.js'; configure({ allowedOrigins: ['${origin}'] });` });
  const body = `<script type="module" src="/configure.js"></script>${formHtml({ ...resolvingAttributes, endpoint: `${origin}/v1/payments/` })}`;
  const form = await bench.host({}, { headers: noPolicy, body });
  await form.fillIn(entries);
  const before = await form.entries();
  await form.pay.click();
  await assertUnknown(form);
  assert.doesNotMatch(await form.text(), /certificate|cert_|ssl|tls|127\.0\.0\.1/i);
  await assertEntriesKept(form, before);
  assert.equal(requests, 0);
  await assertLedgerCount(bench, 0);
  // The key is burnt where the outcome can be settled, so the entries can be used again.
  await form.press('cancel');
  await form.waitFor('rejected');
  await assertEntriesKept(form, before);
});

test('B15: a service worker of the host that repeats a request by itself sends the same key', async (bench) => {
  await bench.serveThroughProxy();
  bench.proxy.page('/worker.js', {
    headers: [['Content-Type', 'text/javascript']],
    body: "self.addEventListener('install',()=>skipWaiting());self.addEventListener('activate',e=>e.waitUntil(clients.claim()));self.addEventListener('fetch',e=>{if(e.request.method==='POST'){const c=e.request.clone();e.respondWith(fetch(e.request).then(()=>fetch(c)))}});",
  });
  const context = await bench.context();
  const page = await context.newPage();
  await page.goto(`${bench.origin}/healthz`);
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('/worker.js');
    await navigator.serviceWorker.ready;
  });
  await page.close();
  const form = await openFilledForm(bench, {}, { context });
  await form.pay.click();
  await assertRecordedOnce(bench, form);
  assertOneKeyAndBody(bench.proxy.payments, 2);
});

/** Replaces the page's `fetch` for POSTs. The tests' own script passes the page's policy, as a host's script would. */
async function wrapFetch(page, wrapper) {
  const replacement = `(resource, options) => (options?.method ?? resource?.method) === 'POST' ? (${wrapper})() : window.__realFetch(resource, options)`;
  await page.runScript(`window.__realFetch = window.fetch; window.fetch = ${replacement};`);
}
