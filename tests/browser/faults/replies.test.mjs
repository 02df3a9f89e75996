// Tests rows C: replies that are not what they should be, each after the server has committed.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { eachCase, test } from '../harness/test.mjs';
import { json, replaceAfter, truncateByClose, truncateByLength, truncateChunked } from '../harness/faults.mjs';
import { assertEntriesKept, assertLedgerCount, startNextPayment, assertOneKeyAndBody, openFilledForm, assertRecordedOnce, retryAndAssertRecorded, assertUnknown } from './observe.mjs';

const html = (body) => ({ status: 200, headers: [['Content-Type', 'text/html']], body });
const text = (body) => json(200, body);
const nested = '['.repeat(1_000_000);

/** The reply in place of the record; each leaves the outcome open, and one press then finds the one payment. */
const unreadable = {
  'C2: a record cut off where the browser cannot tell': truncateByClose(40),
  'C3: a captive portal': replaceAfter(html('<!doctype html><title>Log in</title><h1>Free WiFi</h1><script>window.__ran=1</script>')),
  'C4: a 204': replaceAfter({ status: 204 }),
  "C5: a 200 that carries an error of MaiaScore's kind": replaceAfter(json(200, { code: 500, message: 'Error - Server Error' })),
  'C9: a million nested brackets': replaceAfter(text(nested)),
  'C10: a record with text behind it': replaceAfter(({ body, ...reply }) => ({ ...reply, body: `${body}<html>`, headers: plainHeaders(reply) })),
};
test('C2 C3 C4 C5 C9 C10: a reply that is no record leaves the outcome open, never a success', async (bench) => {
  const form = await openFilledForm(bench);
  await eachCase(unreadable, async (fault, name) => {
    if (name !== Object.keys(unreadable)[0]) await startNextPayment(bench, form);
    bench.proxy.faults(fault);
    const before = await form.entries();
    await form.pay.click();
    await assertUnknown(form);
    await assertEntriesKept(form, before);
    await assertLedgerCount(bench, 1);
    assert.equal(await form.page.evaluate(() => window.__ran), undefined);
    await retryAndAssertRecorded(bench, form, 2);
  });
}, { seconds: 60 });

const broken = {
  'C1: truncated by its length': truncateByLength(30),
  'C1: truncated in chunks': truncateChunked(30),
  'C13: said to be compressed': replaceAfter((reply) => ({ ...reply, headers: [...plainHeaders(reply), ['Content-Encoding', 'gzip'], ['Connection', 'close']], body: 'this is no gzip' })),
};
test('C1 C13: a record that cannot be read to its end leaves the outcome open', async (bench) => {
  await eachCase(broken, async (fault) => {
    const form = await openFilledForm(bench, {}, { fresh: true });
    bench.proxy.arrivals.length = 0;
    await bench.server.ledger.mark();
    bench.proxy.faults(fault);
    await form.pay.click();
    await assertUnknown(form);
    await retryAndAssertRecorded(bench, form, 2);
  });
});

/** The server's reply, in which another payer has the record. */
const changed = ({ body, ...reply }) => {
  const after = body.toString().replace(/"customerId":655080/, '"customerId":655081');
  assert.notEqual(after, body.toString(), 'the record has a customer to change');
  return { ...reply, headers: plainHeaders(reply), body: after };
};
test('C6: a record with another customer is not taken for ours, but under an echoed key recorded with that difference named', async (bench) => {
  const form = await openFilledForm(bench);
  const keyless = (reply) => {
    const after = changed(reply);
    return { ...after, headers: after.headers.filter(([name]) => name.toLowerCase() !== 'idempotency-key') };
  };
  bench.proxy.faults(replaceAfter(keyless));
  await form.pay.click();
  await form.waitFor('unknown');
  await assertLedgerCount(bench, 1);
  await retryAndAssertRecorded(bench, form, 2);

  await startNextPayment(bench, form);
  bench.proxy.faults(replaceAfter(changed));
  await form.pay.click();
  await form.waitFor('recorded');
  assert.equal(bench.events('recorded').at(-1).differences.length, 1);
  await assertLedgerCount(bench, 1);
});

test('C8: a reply without an end is given up after 16 MiB, and the memory stays bounded', async (bench) => {
  const form = await openFilledForm(bench, { timeout: '20' });
  const memory = () => form.page.evaluate(async () => {
    const glue = await import('/pkg/payment_form.js');
    return Object.values(await glue.default()).find((part) => part instanceof WebAssembly.Memory).buffer.byteLength >> 20;
  });
  const before = await memory();
  let written = 0;
  bench.proxy.faults(async (exchange) => {
    await exchange.forward();
    exchange.writeHead({ status: 200, reason: 'OK', headers: [['Content-Type', 'application/json']] }, [['Connection', 'close']]);
    const zeros = Buffer.alloc(1 << 20, '0');
    const closed = once(exchange.socket, 'close');
    while (!exchange.socket.destroyed && written < 400 * zeros.length) {
      written += zeros.length;
      if (!exchange.socket.write(zeros)) await Promise.race([once(exchange.socket, 'drain'), closed]);
    }
    exchange.drop('RST');
  });
  await form.pay.click();
  await assertUnknown(form);
  assert.ok(written < 200 * (1 << 20), `the form gave up after ${written >> 20} MiB were written`);
  const grown = (await memory()) - before;
  assert.ok(grown < 64, `the form's memory grew by ${grown} MiB`);
  await retryAndAssertRecorded(bench, form, 2);
}, { seconds: 60 });

/** Changes of a record's reply under which it is still a record. */
const oddRecords = {
  'C7: a wrong type': (reply) => ({ ...reply, headers: [...plainHeaders(reply).filter(([name]) => !/^content-type$/i.test(name)), ['Content-Type', 'text/plain']] }),
  'C10: doubled keys and unknown fields': (reply) => ({
    ...reply,
    headers: plainHeaders(reply),
    body: reply.body.toString().replace('{', '{"someNewField":{"deep":[1,2,{}]},"anotherNew":null,"someNewField":1,'),
  }),
  'C10: a byte order mark': (reply) => ({ ...reply, headers: plainHeaders(reply), body: `\ufeff${reply.body}` }),
  'C11: nulls, missing fields and unknown words': (reply) => {
    const record = JSON.parse(reply.body.toString());
    const nulls = { invoiceAllocations: null, refunds: null, uri: undefined, description: null };
    const body = JSON.stringify({ ...record, ...nulls, id: String(record.id), effectiveTimestamp: '2017-01-25T19:11:60.0009221', paymentMethodType: 'Paypal' });
    return { ...reply, headers: plainHeaders(reply), body };
  },
};
test('C7 C10 C11: a record in an odd shape is still a record', async (bench) => {
  const form = await openFilledForm(bench);
  await eachCase(oddRecords, async (change, name) => {
    if (name !== Object.keys(oddRecords)[0]) await startNextPayment(bench, form);
    bench.proxy.faults(replaceAfter(change));
    await form.pay.click();
    await assertRecordedOnce(bench, form);
    assertOneKeyAndBody(bench.proxy.payments, 1);
  });
});

/** The headers without those that describe bytes which are not sent. */
function plainHeaders({ headers }) {
  return headers.filter(([name]) => !/^(content-length|content-encoding|transfer-encoding)$/i.test(name));
}
