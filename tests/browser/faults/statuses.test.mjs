// Tests rows D: the meaning of each HTTP status, whatever its body says.
import assert from 'node:assert/strict';
import { eachCase, test } from '../harness/test.mjs';
import { json, replaceAfter, replaceBefore, serverFault } from '../harness/faults.mjs';
import { noPolicy } from '../harness/host.mjs';
import { Proxy } from '../harness/proxy.mjs';
import { entries, assertEntriesKept, assertLedgerCount, startNextPayment, assertOneKeyAndBody, openFilledForm, assertRecordedOnce, retryAndAssertRecorded, assertUnknown } from './observe.mjs';

const echoing = (status, value) => (exchange) => replaceBefore(json(status, value, [['Idempotency-Key', exchange.request.key]]))(exchange);

const held = {
  'D3: a 403 whose documented body says code 500': [403, { code: 500, message: 'Error - Server Error' }],
  'D4: a 401': [401, { ErrorId: 0, HttpStatusCode: 401, Errors: [{ Key: 'Api Error', Value: 'Sign in' }] }],
  'D5: a 404 whose documented body says code 500': [404, { code: 500, message: 'Error - Server Error' }],
};
test('D3 D4 D5: a 403, a 401 or a 404 holds the payment; the same bytes go once more with the same key', async (bench) => {
  const form = await openFilledForm(bench);
  await eachCase(held, async ([status, body]) => {
    if (status !== 403) await startNextPayment(bench, form);
    bench.proxy.faults(replaceBefore(json(status, body)));
    const before = await form.entries();
    await form.pay.click();
    await form.waitFor('held');
    assert.equal(bench.events('held').at(-1).status, status);
    await assertEntriesKept(form, before);
    await assertLedgerCount(bench, 0);
    assert.doesNotMatch(await form.text(), /payment recorded/i);
    await form.press('retry');
    await assertRecordedOnce(bench, form);
    assertOneKeyAndBody(bench.proxy.payments, 2);
  });
});

test('D4: after a 401 the token is asked for again, and the same bytes are sent with the new one', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  const form = await bench.host({ timeout: '5', source: 'Manual', 'invoices-src': undefined, 'payment-methods-src': undefined, currency: 'USD' }, { signIn: false });
  await form.element.evaluate((host) => {
    const tokens = ['expired-token-1', 'demo-token'];
    host.authorization = async () => `Bearer ${tokens.length > 1 ? tokens.shift() : tokens[0]}`;
  });
  await form.fillIn({ ...entries, method: 'Cash' });
  await form.pay.click();
  await form.waitFor('held');
  assert.match(await form.text(), /sign in/i);
  await form.press('retry');
  await assertRecordedOnce(bench, form);
  assertOneKeyAndBody(proxy.payments, 2);
  assert.deepEqual(proxy.payments.map(({ authorization }) => authorization), ['Bearer expired-token-1', 'Bearer demo-token']);
});

test('D6: while the server still works on a payment the same key waits for it, and one payment comes of it', async (bench) => {
  const form = await openFilledForm(bench, {}, { fresh: true });
  bench.proxy.faults(serverFault('hold-4000'));
  await form.pay.click();
  await assertUnknown(form);
  while ((await form.waitFor('recorded', 'unknown')) === 'unknown') await form.press('retry').catch(() => {});
  await assertRecordedOnce(bench, form);
  assertOneKeyAndBody(bench.proxy.payments);
});

test('D7: a key that the server knows with another payload stops everything, and no new key is minted', async (bench) => {
  const form = await openFilledForm(bench, {}, { fresh: true });
  // The server committed another body under this key than the browser will send again.
  bench.proxy.faults(async (exchange) => {
    const other = exchange.request.body.toString().replace(/"amount":500(\.0+)?,/, '"amount":499.00,').replace(/,?"paymentAllocations":\[[^\]]*\]/, '');
    await exchange.forward({ body: Buffer.from(other) });
    exchange.drop('RST');
  });
  await form.pay.click();
  await assertUnknown(form);
  await form.press('retry');
  await assertUnknown(form);
  assert.match(await form.text(), /arrived with other details/i);
  assert.match(await form.text(), new RegExp(`quote this number[^:]*: ${bench.proxy.payments[0].key}`, 'i'), 'the number for support');
  assert.ok(!(await form.offers('retry')));
  assertOneKeyAndBody(bench.proxy.payments);
  const payments = await bench.server.ledger.payments();
  assert.equal(payments.length, 1);
});

test('D11: a 429 with "Retry-After", seconds or a moment by the clock of the reply, holds the payment, and nothing is sent before its time', async (bench) => {
  const form = await openFilledForm(bench);
  const busy = (headers) => replaceBefore(json(429, { ErrorId: 0, HttpStatusCode: 429, Errors: [{ Key: 'Api Error', Value: 'Too many' }] }, headers));
  // The server's clock is an hour ahead of the client's.
  const now = Math.floor(Date.now() / 1000) * 1000 + 3_600_000;
  const [date, moment] = [now, now + 2000].map((time) => new Date(time).toUTCString());
  bench.proxy.faults(busy([['Date', date], ['Retry-After', moment]]));
  await form.pay.click();
  await form.waitFor('held');
  assert.match(await form.text(), /you can try again in \d seconds?/i);
  // The button comes when the time is over.
  await form.press('retry');
  await assertRecordedOnce(bench, form);
  assert.ok(bench.proxy.payments[1].at - bench.proxy.payments[0].at >= 2000 - 50, 'sent before its time');
  assertOneKeyAndBody(bench.proxy.payments, 2);

  await startNextPayment(bench, form);
  bench.proxy.faults(busy([['Retry-After', '999999999']]));
  await form.pay.click();
  await form.waitFor('held');
  assert.ok(!(await form.offers('retry')), 'the button waits as long');
  assert.match(await form.text(), /you can try again in 24 hours/i);
  assert.equal(bench.proxy.payments.length, 1);
});

/** Each answer, and the number of payments that the server has recorded under it. */
const open = {
  'D1: a 400 without a readable reason': [echoing(400, '<html>Bad Request</html>'), 0],
  // The browser may repeat a POST by itself after a 408.
  'D8: a 408': [replaceAfter({ status: 408, headers: [['Connection', 'close']] }), 1],
  'D12: a 503 before the commit': [replaceBefore(json(503, 'Bad Gateway')), 0],
  'D15: a 202': [replaceAfter((reply) => ({ ...reply, status: 202 })), 1],
  'D16: a 299': [replaceAfter((reply) => ({ ...reply, status: 299 })), 1],
};
test('D1 D8 D12 D15 D16: an unreadable 400, a 408, a 503, a 202 and a 299 leave the outcome open; the retry makes the one payment', async (bench) => {
  const form = await openFilledForm(bench);
  await eachCase(open, async ([fault, payments], name) => {
    if (name !== Object.keys(open)[0]) await startNextPayment(bench, form);
    bench.proxy.onPayment = () => fault;
    await form.pay.click();
    await assertUnknown(form);
    await assertLedgerCount(bench, payments);
    bench.proxy.faults();
    await retryAndAssertRecorded(bench, form, name.startsWith('D8') ? undefined : 2);
  });
});

test("D13: the server's own switch: it commits and answers 500", async (bench) => {
  const form = await openFilledForm(bench);
  bench.proxy.faults(serverFault('commit-then-500'));
  await form.pay.click();
  await assertUnknown(form);
  await assertLedgerCount(bench, 1);
  await retryAndAssertRecorded(bench, form, 2);
}, { isSmoke: true });

test('D14: a redirect to another host is not followed, even where the page would allow it', async (bench) => {
  const foreign = new Proxy(() => 1);
  await foreign.listen(0);
  bench.cleanups.push(() => foreign.end());
  foreign.onOther = foreign.onPayment = () => replaceBefore({ headers: [['Access-Control-Allow-Origin', '*'], ['Access-Control-Allow-Headers', '*']], body: '{}' });
  const form = await openFilledForm(bench, {}, { headers: noPolicy });
  await eachCase([301, 302, 303, 307, 308].map((status) => [String(status), status]), async (status) => {
    if (status !== 301) await startNextPayment(bench, form);
    bench.proxy.faults(replaceBefore({ status, headers: [['Location', `${foreign.origin}/v1/payments/`]] }));
    await form.pay.click();
    await assertUnknown(form);
    assert.match(await form.text(), /not set up correctly/i);
    assert.deepEqual(foreign.arrivals, [], 'the other host saw nothing');
    await retryAndAssertRecorded(bench, form, 2);
  });
});

test('D17: another origin whose reply may not be read leaves the outcome open', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  const other = await Proxy.start(() => bench.server.port);
  bench.cleanups.push(() => other.end());
  const allow = [['Access-Control-Allow-Origin', '*'], ['Access-Control-Allow-Headers', '*']];
  other.onOther = () => replaceBefore({ status: 204, headers: allow });
  // The preflight is granted, the server commits, and its answer lacks the header that would let the page read it.
  other.onPayment = () => async (exchange) => {
    const reply = await exchange.forward();
    exchange.send({ ...reply, headers: reply.headers.filter(([name]) => !/^access-control/i.test(name)) });
  };
  proxy.page('/configure.js', { headers: [['Content-Type', 'text/javascript']], body: `import { configure } from '/pkg/element.js'; configure({ allowedOrigins: ['${other.origin}'] });` });
  const body = `<script type="module" src="/configure.js"></script><payment-form source="Manual" customer-id="655080" currency="USD" timeout="2" endpoint="${other.origin}/v1/payments/"></payment-form>`;
  const form = await bench.host({}, { headers: noPolicy, body, signIn: false });
  await form.element.evaluate((host) => (host.authorization = 'Bearer demo-token'));
  await form.fillIn({ ...entries, method: 'Cash' });
  bench.expectMessage(/CORS/);
  await form.pay.click();
  await form.waitFor('unknown');
  const payments = await bench.server.ledger.payments();
  assert.equal(payments.length, 1, 'the payment exists, and the form did not say otherwise');
  assertOneKeyAndBody(other.payments);
});
