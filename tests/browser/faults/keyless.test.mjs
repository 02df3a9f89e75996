// Tests servers that ignore keys, as both APIs are documented. The form never repeats a payment by itself and
// claims nothing that it cannot know.
import assert from 'node:assert/strict';
import { test } from '../harness/test.mjs';
import { dropAfter, dropBefore } from '../harness/faults.mjs';
import { entries, useFreshConnections, assertEntriesKept, assertLedgerCount, startNextPayment } from './observe.mjs';

/** A form before a server to which no key comes, and which therefore echoes none. */
async function keyless(bench, attributes = {}) {
  const proxy = await bench.serveThroughProxy();
  useFreshConnections(proxy);
  const withoutKey = (headers) => headers.filter(([name]) => !/^idempotency-key$/i.test(name));
  proxy.lost = [];
  proxy.onPayment = () => async (exchange) => {
    const { forward } = exchange;
    exchange.forward = () => forward.call(exchange, { headers: withoutKey(exchange.request.headers) });
    const lose = proxy.lost.shift();
    if (lose) return lose(exchange);
    const reply = await exchange.forward();
    return exchange.send({ ...reply, headers: withoutKey(reply.headers) });
  };
  const form = await bench.host({ timeout: '1', ...attributes });
  await form.fillIn(entries);
  return form;
}

test('a payment with a lost reply cannot be sent again, and a look-up that finds the record settles it', async (bench) => {
  const form = await keyless(bench);
  bench.proxy.lost.push(dropAfter());
  const before = await form.entries();
  await form.pay.click();
  await form.waitFor('unknown');
  for (const press of ['retry', 'cancel', 'abandon', 'check']) assert.ok(!(await form.offers(press)), `${press} is not offered`);
  const text = await form.text();
  assert.match(text, /do not pay again elsewhere/i);
  assert.doesNotMatch(text, /will not pay twice|nothing was charged/i);
  assert.match(text, /before you pay again/i);
  await assertEntriesKept(form, before);
  await form.page.reload();
  await form.waitFor('unknown');
  await form.amount.waitFor();
  assert.ok(!(await form.offers('retry')));
  assert.equal(bench.proxy.payments.length, 1);

  await form.element.evaluate((host) => {
    host.lookup = async (wanted) => {
      window.wanted = wanted;
      const reply = await fetch('/v1/customers/655080/paymentactivities');
      const found = (await reply.json()).find(({ reference }) => reference === wanted.reference);
      return found ? (await fetch(`/v1/payments/${found.paymentId}`)).text() : null;
    };
  });
  await form.press('check');
  await form.waitFor('recorded');
  const [payment] = await assertLedgerCount(bench, 1);
  assert.ok((await form.receipt.innerText()).includes(String(payment.id)));
  const wanted = await form.page.evaluate(() => window.wanted);
  assert.deepEqual([wanted.reference, wanted.amount, typeof wanted.attempt], [entries.reference, '500.00', 'string']);
});

test('a look-up that finds nothing proves nothing; only after the quiet time a new payment is a deliberate act', async (bench) => {
  const form = await keyless(bench);
  await form.element.evaluate((host) => (host.lookup = async () => null));
  bench.proxy.lost.push(dropBefore());
  await form.pay.click();
  await form.waitFor('unknown');
  await form.press('check');
  await form.element.getByText(/may still have gone through/i).waitFor();
  await form.waitFor('unknown');
  assert.ok(!(await form.offers('abandon')), 'not before the quiet time');
  await form.moveClock(10 * 60_000);
  assert.ok(!(await form.offers('abandon')), 'not without another look');
  await form.press('check');
  await form.button(/i have checked/i).waitFor();
  await form.press('abandon');
  await form.waitFor('ready', 'rejected');
  await form.pay.click();
  // The lists are read again first: ten minutes have gone by.
  await form.button(/pay .*again$/i).or(form.receipt).first().waitFor();
  if (await form.offers('insist')) await form.press('insist');
  await form.waitFor('recorded');
  await assertLedgerCount(bench, 1);
  const [first, second] = bench.proxy.payments;
  assert.notEqual(first.key, second.key);
});

test('idempotency="none" sends no key at all', async (bench) => {
  const form = await keyless(bench, { idempotency: 'none' });
  await form.pay.click();
  await form.waitFor('recorded');
  assert.equal(bench.proxy.payments[0].key, undefined);
});

test('idempotency="required" offers the safe retry from the start', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  useFreshConnections(proxy);
  const form = await bench.host({ timeout: '1', idempotency: 'required' });
  await form.fillIn(entries);
  proxy.faults(dropAfter());
  await form.pay.click();
  await form.waitFor('unknown');
  await form.press('retry');
  await form.waitFor('recorded');
  await assertLedgerCount(bench, 1);
});

test('reference-marker appends a short mark to the reference, which counts, and by which the payment can be found', async (bench) => {
  const form = await keyless(bench, { 'reference-marker': true });
  await form.reference.fill('r'.repeat(490));
  await form.pay.click();
  await form.summary.waitFor();
  assert.match(await form.summary.innerText(), /501 characters\. Use at most 500\./);
  assert.equal(bench.proxy.payments.length, 0);
  await form.reference.fill('r'.repeat(489));
  await form.pay.click();
  await form.waitFor('recorded');
  const [longest] = await bench.server.ledger.payments();
  assert.equal(longest.reference.length, 500);

  await startNextPayment(bench, form);
  await form.pay.click();
  await form.waitFor('recorded');
  const [payment] = await bench.server.ledger.payments();
  assert.match(payment.reference, /^marker 7K2Q ·[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  assert.ok((await form.receipt.innerText()).includes(payment.reference));
});

