// Tests lists that arrive late or grow old: no payment is sent by balances that the person has not seen.
import assert from 'node:assert/strict';
import { test } from '../harness/test.mjs';
import { inOrder, toDecimal, units } from '../harness/money.mjs';
import { holdReplies } from './skeleton.mjs';

const summaries = '/v1/customers/655080/invoiceSummaries';

test('payment waits for the invoices, and the form says ready once it can be filled in', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  const invoices = await holdReplies(bench, /invoiceSummaries/);
  const form = await bench.host({ currency: 'USD' });
  await form.amount.fill('20');
  await form.amount.press('Enter');
  assert.equal(await form.pay.getAttribute('aria-disabled'), 'true');
  const bare = await bench.host({}, { waitFor: null });
  await bare.element.getByRole('status').first().waitFor();
  assert.deepEqual([await bare.state(), await bare.amount.count()], ['loading', 1], 'an amount can be typed while the lists are on their way');
  invoices.release();
  await bare.ready();
  assert.equal(await bare.amount.count(), 1, 'ready is when there is something to fill in');
  await form.element.locator('[data-invoice-id]').first().waitFor();
  assert.equal(proxy.payments.length, 0, 'the early press sent nothing');
  await form.pay.click();
  await form.waitFor('recorded');
  assert.equal((await bench.server.ledger.payments())[0].shares[inOrder(await bench.server.read(summaries))[0].id], 2000n);
});

test('balances older than a minute are read again before sending, and what differs is shown, not sent', async (bench) => {
  await bench.serveThroughProxy();
  const form = await bench.demo();
  const [first, second, third] = inOrder(await bench.server.read(summaries));
  const [firstBalance, secondBalance] = [first, second].map(({ outstandingBalance }) => units(outstandingBalance));
  await form.fillIn({ amount: toDecimal(firstBalance + 200n), reference: 'kept' });
  // Somebody else pays a part of the first invoice, and all of the second.
  const paid = [{ invoiceID: first.id, amount: 1 }, { invoiceID: second.id, amount: second.outstandingBalance }];
  const amount = Number(toDecimal(100n + secondBalance));
  const other = { customerId: 655080, amount, paymentMethod: 'Cash', source: 'Manual', paymentAllocations: paid };
  assert.equal((await bench.server.send('/v1/payments/', other)).status, 200);
  await form.moveClock(90_000);
  await form.pay.click();
  const notice = form.element.getByText(/balances have changed/i).first().locator('xpath=..');
  await notice.waitFor();
  assert.equal(bench.proxy.payments.length, 0, 'the person sees the difference first');
  const [before, after] = [firstBalance, firstBalance - 100n].map((cents) => `$${toDecimal(cents)}`);
  // One line for each invoice, and no figure of an invoice that is listed no more.
  assert.deepEqual((await notice.locator('p').allInnerTexts()).slice(1), [
    `${first.invoiceNumber}: ${before} was owed, now ${after}. ${first.invoiceNumber} now gets ${after} instead of ${before}.`,
    `${second.invoiceNumber}: This is no longer one of the open invoices.`,
    `${third.invoiceNumber} now gets $3.00 instead of $0.00.`,
  ]);
  assert.equal(await form.reference.inputValue(), 'kept');
  await form.pay.click();
  await form.waitFor('recorded');
  assert.deepEqual(bench.events('recorded')[0].differences, []);
});
