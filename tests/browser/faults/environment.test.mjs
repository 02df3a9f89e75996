// Tests rows E: the browser, its stores and the page around the form.
import assert from 'node:assert/strict';
import { eachCase, test } from '../harness/test.mjs';
import { dropBefore } from '../harness/faults.mjs';
import { strictPolicy } from '../harness/host.mjs';
import { Form } from '../harness/form.mjs';
import { entries, assertEntriesKept, assertLedgerCount, assertOneKeyAndBody, openFilledForm, assertRecordedOnce, retryAndAssertRecorded, resolvingAttributes, assertUnknown } from './observe.mjs';

test('S1 E10: every document carries exactly the promised policy, Trusted Types included, and the form pays under it', async (bench) => {
  const server = await bench.serve();
  for (const path of ['/', '/?customer=655081', '/?api=maiascore', '/bench.html?n=3']) {
    const reply = await fetch(server.origin + path);
    assert.equal(reply.headers.get('content-security-policy')?.replace(/\s+/g, ' '), strictPolicy, path);
  }
  const form = await bench.demo();
  await form.payNow({ amount: '5.00' });
  assert.deepEqual(bench.watch.violations, []);
  const inline = await form.page.evaluate(() => document.documentElement.outerHTML.match(/<script>|<style|\sstyle=|\son[a-z]+=/g));
  assert.equal(inline, null);
});

test('S16: every request of the form stays in its origin, takes no redirect, is kept nowhere and names no page', async (bench) => {
  const context = await bench.context();
  await context.addInitScript(() => {
    const real = window.fetch;
    window.asked = [];
    window.fetch = (request, options) => {
      if (request instanceof Request) window.asked.push(Object.fromEntries(['method', 'mode', 'credentials', 'cache', 'redirect', 'referrerPolicy'].map((name) => [name, request[name]])));
      return real.call(window, request, options);
    };
  });
  const form = await openFilledForm(bench, {}, { context, fresh: true });
  bench.proxy.faults(dropBefore());
  await form.pay.click();
  await form.waitFor('unknown');
  await form.press('cancel');
  await form.waitFor('rejected');
  const asked = await form.page.evaluate(() => window.asked);
  assert.ok(asked.filter(({ method }) => method === 'POST').length === 2 && asked.length >= 4, 'the lists, the payment and its settling');
  for (const { method, ...rest } of asked) {
    assert.deepEqual(rest, { mode: 'same-origin', credentials: 'same-origin', cache: 'no-store', redirect: 'manual', referrerPolicy: 'no-referrer' }, method);
  }
});

test('S18 S19: the stores hold a draft and an attempt under one prefix, and of other tabs only hashes and times', async (bench) => {
  const form = await openFilledForm(bench, {}, { fresh: true });
  bench.proxy.faults(dropBefore());
  await form.pay.click();
  await assertUnknown(form);
  await form.page.reload();
  await form.waitFor('unknown');
  const [session, local] = await form.page.evaluate(() => [{ ...sessionStorage }, { ...localStorage }]);
  for (const name of Object.keys(session)) assert.match(name, /^payment-form:1:.*:(draft|pending)$/);
  const everything = JSON.stringify(session);
  for (const digits of [/\bBearer\b/, /\b4242\b/, /\b\d{14,19}\b/]) assert.doesNotMatch(everything, digits);
  assert.deepEqual(Object.keys(local).sort(), ['payment-form:1:recent', 'payment-form:1:salt']);
  assert.match(local['payment-form:1:recent'], /^([0-9a-f]{16} \d{13} [0-9a-f]{16}\n)+$/);
  for (const typed of [entries.amount, entries.reference, '655080']) assert.ok(!JSON.stringify(local).includes(typed), typed);
  await retryAndAssertRecorded(bench, form, 2);
  const left = await form.page.evaluate(() => JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }));
  for (const typed of [entries.amount, '50000', entries.reference, '655080,']) assert.ok(!left.includes(typed), `${typed} in ${left} after the payment`);
});

const storages = {
  'is forbidden': () => {
    for (const name of ['sessionStorage', 'localStorage']) {
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        },
      });
    }
  },
  'is full': () => {
    Storage.prototype.setItem = () => {
      throw new DOMException('Full.', 'QuotaExceededError');
    };
  },
};
test('E6: where storage is forbidden or full, paying works and the form says not to reload meanwhile', async (bench) => {
  await eachCase(storages, async (script) => {
    const context = await bench.context();
    await context.addInitScript(script);
    const form = await openFilledForm(bench, {}, { context, fresh: true });
    bench.proxy.arrivals.length = 0;
    await bench.server.ledger.mark();
    bench.proxy.faults(dropBefore());
    await form.pay.click();
    await assertUnknown(form);
    assert.match(await form.text(), /do not (reload|close|leave)/i);
    await retryAndAssertRecorded(bench, form, 2);
  });
});

test('E6: in a sandboxed frame, whose origin is nobody, the form comes up and says what it cannot do', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  bench.expectMessage(/.*/);
  bench.watch.expectedViolations = Infinity;
  proxy.onOther = () => async (exchange) => {
    const reply = await exchange.forward();
    const open = reply.headers.filter(([name]) => !/^(cross-origin-resource-policy|access-control-allow-origin)$/i.test(name));
    exchange.send({ ...reply, headers: [...open, ['Access-Control-Allow-Origin', '*']] });
  };
  proxy.page('/framed.html', { headers: [['Content-Type', 'text/html']], body: '<!doctype html><html lang="en"><title>Framed</title><script type="module" src="/pkg/define.js"></script><payment-form customer-id="655080" currency="USD" source="Manual"></payment-form>' });
  const form = await bench.host({}, { headers: [], body: '<iframe title="Pay" sandbox="allow-scripts" src="/framed.html" width="800" height="900"></iframe>', waitFor: null });
  const inside = form.page.frame('iframe');
  await inside.locator('payment-form [name="amount"]').fill('12.00');
  await inside.locator('payment-form [name="paymentMethod"][value="Cash"]').check({ force: true });
  await inside.locator('payment-form button[type="submit"], payment-form [part~="submit"]').first().click();
  await inside.getByText(/nothing was sent: this browser could not send/i).waitFor();
  assert.equal(proxy.payments.length, 0, 'the origin of such a frame is no allowed origin');
}, { needs: 'isolated' });

const junk = {
  'no text of ours': '[object Object]',
  'JSON of another version': '{"version":99,"key":"x"}',
  'a megabyte': 'x'.repeat(1_000_000),
  'control characters': '\u0000\u0001\n\n\uffff\ud800',
  'an address of somebody else': null,
};
test('E7: a stored attempt that is not ours is not trusted', async (bench) => {
  await eachCase(junk, async (text) => {
    const form = await openFilledForm(bench, {}, { fresh: true, headers: [] });
    bench.proxy.arrivals.length = 0;
    await bench.server.ledger.mark();
    bench.proxy.faults(dropBefore());
    await form.pay.click();
    await form.waitFor('unknown');
    const key = bench.proxy.payments[0].key;
    await form.page.evaluate(
      (written) => {
        const name = Object.keys(sessionStorage).find((entry) => entry.endsWith(':pending'));
        sessionStorage.setItem(name, written ?? sessionStorage.getItem(name).replaceAll(/https?:\/\/[^"\s]+|\/v1\/payments\/(?!resolve)/g, 'https://evil.test/payments'));
      },
      text,
    );
    await form.page.reload();
    const state = await form.waitFor('unknown', 'ready');
    if (text === null) {
      assert.equal(state, 'unknown', 'the key may stand for a payment');
      if (await form.offers('retry')) {
        await form.press('retry');
        await form.waitFor('unknown', 'held', 'recorded');
      }
    }
    const foreign = await form.page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => !name.startsWith(location.origin)));
    assert.deepEqual(foreign, []);
    assertOneKeyAndBody(bench.proxy.payments.filter((arrival) => arrival.key === key));
    assert.ok((await bench.server.ledger.payments()).length <= 1);
    await form.page.close();
  });
}, { seconds: 60 });

test('E8: without Web Locks and randomUUID, as on an insecure page, one payment comes of one press', async (bench) => {
  const context = await bench.context();
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
    delete Crypto.prototype.randomUUID;
  });
  const form = await openFilledForm(bench, {}, { context });
  await form.pay.dblclick();
  await assertRecordedOnce(bench, form);
  assertOneKeyAndBody(bench.proxy.payments, 1);
});

test('E8: without Web Locks a reload finds its own attempt free, and another tab does not', async (bench) => {
  const context = await bench.context();
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }));
  const form = await openFilledForm(bench, {}, { context, fresh: true });
  bench.proxy.faults(dropBefore());
  await form.pay.click();
  await assertUnknown(form);
  await form.page.reload();
  await assertUnknown(form);
  assert.doesNotMatch(await form.text(), /another tab/i);
  const second = await openFilledForm(bench, {}, { context });
  await second.pay.click();
  await second.element.getByText(/in another tab or form/i).first().waitFor();
  assert.equal(await second.state(), 'ready');
  await retryAndAssertRecorded(bench, form, 2);
});

test('E9: without a source of randomness nothing is sent', async (bench) => {
  const context = await bench.context();
  await context.addInitScript(() => {
    delete Crypto.prototype.getRandomValues;
    delete Crypto.prototype.randomUUID;
  });
  bench.expectMessage(/random|crypto/i);
  const form = await openFilledForm(bench, {}, { context });
  const before = await form.entries();
  await form.pay.click();
  await form.element.getByText(/nothing was sent: this browser could not send/i).first().waitFor();
  await assertEntriesKept(form, before);
  assert.equal(bench.proxy.payments.length, 0);
  assert.equal(await form.state(), 'ready');
});

/** Spoils the platform that the form shares with a careless or hostile page. */
function spoilThePlatform() {
  Object.prototype.toJSON = function toJSON() {
    return 'spoiled';
  };
  String.prototype.toJSON = Object.prototype.toJSON;
  Number.prototype.toJSON = Object.prototype.toJSON;
  Array.prototype.forEach = () => {};
  Array.prototype.extra = 'an enumerable surprise';
  String.prototype.trim = () => 'spoiled';
}

test('E11: on a page with patched prototypes, clobbered names and hostile styles the body is exact', async (bench) => {
  await bench.serveThroughProxy();
  bench.proxy.page('/spoil.js', { headers: [['Content-Type', 'text/javascript']], body: `(${spoilThePlatform})();` });
  bench.proxy.page('/spoil.css', { headers: [['Content-Type', 'text/css']], body: 'div, p, span, label, button, input { display: none !important; font-size: 1px !important } *:not(html, body, main, payment-form) { display: none !important }' });
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A hostile page</title><link rel="stylesheet" href="/spoil.css">
<script src="/spoil.js"></script><script type="module" src="/pkg/define.js"></script></head>
<body><main><h1>Hostile</h1><img name="currentScript" alt=""><form id="fetch"><input name="attributes"></form><a id="crypto"></a><a id="sessionStorage"></a>
<payment-form customer-id="655080" invoices-src="/v1/customers/655080/invoiceSummaries" payment-methods-src="/v1/customers/655080/paymentMethods/all"></payment-form></main></body></html>`;
  const form = await bench.host({}, { html });
  await form.amount.pressSequentially(entries.amount);
  await form.reference.pressSequentially(entries.reference);
  await form.element.evaluate((host) => host.shadowRoot.querySelector('[part~="submit"] button, button[part~="submit"]').click());
  await form.waitFor('recorded');
  await assertLedgerCount(bench, 1);
  const [{ body }] = bench.proxy.payments;
  const sent = JSON.parse(body.toString());
  assert.equal(sent.reference, entries.reference);
  assert.match(body.toString(), /"amount":500\.00[,}]/);
}, { needs: 'isolated' });

test('E12: text that the browser fills in by itself counts as typed, and a translator that rewrites the text of the page breaks nothing', async (bench) => {
  const form = await openFilledForm(bench);
  await form.amount.evaluate((input) => {
    input.value = '77.00';
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new Event('change', { bubbles: true }));
  });
  assert.equal((await form.property('preview')).amount, '77.00');
  await form.amount.fill(entries.amount);
  const before = await form.entries();
  await form.element.evaluate((host) => {
    const texts = [];
    const walker = document.createTreeWalker(host.shadowRoot, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) texts.push(walker.currentNode);
    for (const text of texts.filter(({ data }) => data.trim())) {
      const font = document.createElement('font');
      font.textContent = text.data.toUpperCase();
      text.replaceWith(font);
    }
  });
  await assertEntriesKept(form, before);
  await form.amount.fill('501.00');
  assert.equal((await form.property('preview')).amount, '501.00');
  await form.amount.fill(entries.amount);
  await form.pay.click();
  await assertRecordedOnce(bench, form);
});

test('S7: the form takes nothing from the address of the page or from named elements', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  const form = await bench.host(resolvingAttributes);
  await form.page.goto(`${proxy.origin}/host.html?endpoint=/elsewhere&api=maiascore#endpoint=/elsewhere`);
  const again = new Form(form.page);
  await again.waitFor('ready');
  await again.fillIn(entries);
  await again.pay.click();
  await again.waitFor('recorded');
  assert.equal(proxy.payments[0].path, '/v1/payments/');
});
