// Checks the observables of the fault rows: the ledger, the wire, the form's words and the entries.
import assert from 'node:assert/strict';
import { gate } from '../harness/faults.mjs';
import { until } from '../harness/wait.mjs';

/** An ordinary payment of the rows; the reference marks it in the ledger. */
export const entries = { amount: '500.00', reference: 'marker 7K2Q' };
export const amount = 50000n;

/** The configuration of the rows' form: a short time until unknown, and a way to settle. */
export const resolvingAttributes = { timeout: '1', 'resolve-endpoint': '/v1/payments/resolve' };

/** Presses Pay and sees the payment sent; the gate that is returned keeps its answer back until it is opened. */
export async function payWithHeldReply(bench, form) {
  const held = gate();
  bench.proxy.faults(held);
  const before = bench.proxy.payments.length;
  await form.pay.click();
  await form.waitFor('submitting');
  // The form says so before it has stored the attempt; the request leaves after that.
  await until(() => bench.proxy.payments.length > before, 'the payment reaches the proxy');
  return held;
}

/** Ledger: exactly this many payments once nothing is on its way any more, each as typed. */
export async function assertLedgerCount(bench, count) {
  await bench.proxy?.drained();
  const payments = await bench.server.ledger.payments();
  assert.equal(payments.length, count, `${count} payments in the ledger`);
  for (const payment of payments) assert.deepEqual([payment.amount, payment.reference], [amount, entries.reference]);
  return payments;
}

/** Wire: all these arrivals carry one key and the same bytes; `count` of them, where that is known. */
export function assertOneKeyAndBody(arrivals, count = arrivals.length) {
  assert.equal(arrivals.length, count, `${count} POSTs arrived`);
  assert.equal(new Set(arrivals.map(({ key }) => key)).size, 1, 'one key');
  assert.match(arrivals[0].key, /^[A-Za-z0-9_-]{16,64}$/);
  assert.equal(new Set(arrivals.map(({ hash }) => hash)).size, 1, 'the same bytes');
}

/** Truth: the receipt on screen is the one payment of the ledger. */
export async function assertRecordedOnce(bench, form) {
  await form.waitFor('recorded');
  const [payment] = await assertLedgerCount(bench, 1);
  assert.equal(bench.events('recorded').at(-1).receipt.id, String(payment.id));
  assert.ok((await form.receipt.innerText()).includes(String(payment.id)), 'the receipt shows the number of the record');
  return payment;
}

/** Truth of an open outcome: no claim that nothing was charged, and the warning not to pay elsewhere. */
export async function assertUnknown(form) {
  await form.waitFor('unknown');
  const text = await form.text();
  assert.doesNotMatch(text, /nothing was charged|payment recorded/i);
  assert.match(text, /could not confirm/i);
  assert.match(text, /do not pay again elsewhere/i);
}

/** From an open outcome one press leads to the receipt. */
export async function retryAndAssertRecorded(bench, form, arrivals) {
  await form.press('retry');
  const payment = await assertRecordedOnce(bench, form);
  assertOneKeyAndBody(bench.proxy.payments, arrivals);
  return payment;
}

/** Every answer but those to payments closes its connection, so that a payment travels on a fresh one, which no browser repeats. */
export function useFreshConnections(proxy) {
  proxy.onOther = () => async (exchange) => {
    const reply = await exchange.forward();
    exchange.send({ ...reply, headers: [...reply.headers, ['Connection', 'close']] });
  };
}

/** A page on which the entries are made and everything is ready for the fault. */
export async function openFilledForm(bench, attributes = {}, options = {}) {
  if (!bench.proxy) await bench.serveThroughProxy();
  if (options.fresh) useFreshConnections(bench.proxy);
  const form = await bench.host({ ...resolvingAttributes, ...attributes }, options);
  await form.fillIn(entries);
  return form;
}

/** Begins the next payment on the page of one that was recorded, as if a day had passed; the rows then count from here. */
export async function startNextPayment(bench, form) {
  await form.button(/another payment/i).click();
  await form.waitFor('ready');
  // Without the note of the former payment, the same entries are no duplicate.
  await form.page.evaluate(() => localStorage.clear());
  bench.proxy.arrivals.length = 0;
  await bench.server.ledger.mark();
  await waitForBalances(bench, form);
  await form.fillIn(entries);
}

/** Waits until the form shows the balances of the ledger: a recorded payment lets it read the lists again. */
async function waitForBalances(bench, form) {
  const invoices = await bench.server.read('/v1/customers/655080/invoiceSummaries');
  const owed = invoices.reduce((sum, { outstandingBalance }) => sum + Math.round(outstandingBalance * 100), 0);
  const shown = form.element.locator('.owed dd').first();
  await until(async () => Number((await shown.innerText()).replace(/\D/g, '')) === owed, 'the form shows the balances of the ledger');
}

/** The entries after the fault are the entries before it. */
export async function assertEntriesKept(form, before) {
  assert.deepEqual(await form.entries(), before, 'the entries stay');
}
