// Tests that the screen shows the sent division: a late list changes no division that is under way or was reviewed.
import assert from 'node:assert/strict';
import { test } from '../harness/test.mjs';
import { dropAfter, dropBefore } from '../harness/faults.mjs';
import { inOrder } from '../harness/money.mjs';
import { prepared, unknownAndHonest } from './observe.mjs';

const older = [{ id: '1', number: 'OLD-1', dueDate: '2019-01-01', balance: '50.00', currency: 'USD' }];

/** Gives the form other invoices, and tells at once how it would divide and in which state it is. */
const give = (form, invoices) => form.element.evaluate((host, given) => Object.assign(host, { invoices: given }) && [host.preview, host.state], invoices);

/** The reference customer's invoices, in the order of paying. */
const owed = async (bench) => inOrder(await bench.server.read('/v1/customers/655080/invoiceSummaries'));

test('after a reload an open payment names what was sent, and shows no division that was not', async (bench) => {
  const form = await prepared(bench, {}, { fresh: true });
  const [first, , pinned] = await owed(bench);
  await form.amount.fill('200.00');
  await form.share(pinned.id).fill('75.30');
  bench.proxy.faults(dropAfter());
  await form.pay.click();
  await unknownAndHonest(form);
  await bench.proxy.drained();
  const [{ shares }] = await bench.server.ledger.payments();
  assert.equal(shares[pinned.id], 7530n);

  const sent = await form.property('preview');
  assert.deepEqual(await form.element.evaluate(async (host) => (await host.refresh(), host.preview)), sent, 'the newer balances hold the payment');
  assert.ok(await form.row(first.id).isVisible(), 'the row of the sent payment stays in sight');

  for (const draft of ['kept', 'gone']) {
    if (draft === 'gone') {
      await form.page.evaluate(() => Object.keys(sessionStorage).filter((name) => name.endsWith(':draft')).forEach((name) => sessionStorage.removeItem(name)));
    }
    await form.page.reload();
    await unknownAndHonest(form);
    await form.amount.waitFor();
    assert.equal(await form.amount.inputValue(), draft === 'kept' ? '200.00' : '');
    await form.element.getByText('Payment: $200.00', { exact: true }).waitFor();
    await form.element.getByText(`To ${Object.keys(shares).length} invoices: $200.00`, { exact: true }).waitFor();
    await form.row(first.id).waitFor({ state: 'hidden' });
    await form.element.getByTestId('payment').waitFor({ state: 'hidden' });
    assert.equal(await form.property('preview'), null);
    assert.deepEqual(await form.property('problems'), []);
    assert.doesNotMatch(await form.element.evaluate((host) => host.shadowRoot.querySelector('form').innerText), /\$0\.00/);
  }
  await form.checkAccessibility('restored');
  await form.press('retry');
  await form.waitFor('recorded');
  await form.receipt.waitFor();
  assert.doesNotMatch(await form.receipt.innerText(), /Left to pay/, 'after a reload no balance before the payment is known');
  assert.equal((await bench.server.ledger.payments()).length, 1);
});

test('invoices that the host sets while the outcome is unknown are shown once it is settled', async (bench) => {
  const form = await prepared(bench, {}, { fresh: true });
  bench.proxy.faults(dropBefore());
  const before = await form.property('preview');
  await form.pay.click();
  await unknownAndHonest(form);
  assert.deepEqual(await give(form, older), [before, 'unknown']);
  assert.deepEqual(await form.property('problems'), []);
  await form.press('cancel');
  await form.waitFor('rejected');
  await form.row('1').waitFor();
  const { allocations, unallocated } = await form.property('preview');
  assert.deepEqual([allocations.map(({ amount }) => amount), unallocated], [['50.00'], '450.00']);
});

test('invoices that the host sets during a review lead back to editing and say what has changed', async (bench) => {
  const form = await bench.host({ confirm: true });
  const invoices = (await owed(bench)).map((invoice) => ({
    id: String(invoice.id),
    number: invoice.invoiceNumber,
    dueDate: invoice.dueDate.slice(0, 10),
    balance: String(invoice.outstandingBalance),
    currency: 'USD',
  }));
  const [first, second] = invoices;
  await form.submit({ amount: '5.00' });
  await form.waitFor('reviewing');
  first.balance = '1.00';
  assert.equal((await give(form, invoices))[1], 'ready');
  await form.element.getByText(/balances have changed/i).first().waitFor();
  assert.match(await form.text(), /was owed, now \$1\.00/);
  assert.match(await form.text(), /now gets \$4\.00/);
  assert.equal(bench.proxy.payments.length, 0, 'no payment was sent');

  await form.pay.click();
  await form.waitFor('reviewing');
  assert.equal((await give(form, invoices))[1], 'reviewing', 'the same list changes nothing');
  await form.pay.click();
  await form.waitFor('recorded');
  const [{ shares }] = await bench.server.ledger.payments();
  assert.deepEqual(shares, { [first.id]: 100n, [second.id]: 400n });

  // One line for each invoice, and no figure of an invoice that is listed no more.
  const list = (numbers) => numbers.map((id) => ({ id, number: `A-${id}`, dueDate: '2026-01-01', balance: '20.00', currency: 'USD' }));
  await form.button(/another payment/i).click();
  await form.waitFor('ready');
  await give(form, list([1, 2, 3]));
  await form.submit({ amount: '50.00' });
  await form.waitFor('reviewing');
  await give(form, [{ ...list([1])[0], balance: '15.00' }]);
  await form.waitFor('ready');
  const notice = form.element.getByText(/balances have changed/i).first().locator('xpath=..');
  await notice.waitFor();
  assert.deepEqual((await notice.locator('p').allInnerTexts()).slice(1), [
    'A-1: $20.00 was owed, now $15.00. A-1 now gets $15.00 instead of $20.00.',
    'A-2: This is no longer one of the open invoices.',
    'A-3: This is no longer one of the open invoices.',
  ]);
});
