// Tests that the screen shows the sent division: a late list changes no division that is under way or was reviewed.
import assert from 'node:assert/strict';
import { test } from '../harness/test.mjs';
import { dropAfter, dropBefore } from '../harness/faults.mjs';
import { inOrder } from '../harness/money.mjs';
import { openFilledForm, assertUnknown } from './observe.mjs';

const older = [{ id: '1', number: 'OLD-1', dueDate: '2019-01-01', balance: '50.00', currency: 'USD' }];

/** Gives the form other invoices, and tells at once how it would divide and in which state it is. */
const give = (form, invoices) => form.element.evaluate((host, given) => Object.assign(host, { invoices: given }) && [host.preview, host.state], invoices);

/** The reference customer's invoices, in the order of paying. */
const owed = async (bench) => inOrder(await bench.server.read('/v1/customers/655080/invoiceSummaries'));

test('after a reload an open payment names what was sent, and shows no division that was not', async (bench) => {
  const form = await openFilledForm(bench, {}, { fresh: true });
  const [first, , pinned] = await owed(bench);
  await form.amount.fill('200.00');
  await form.share(pinned.id).fill('75.30');
  bench.proxy.faults(dropAfter());
  await form.pay.click();
  await assertUnknown(form);
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
    await assertUnknown(form);
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
  const form = await openFilledForm(bench, {}, { fresh: true });
  bench.proxy.faults(dropBefore());
  const before = await form.property('preview');
  await form.pay.click();
  await assertUnknown(form);
  assert.deepEqual(await give(form, older), [before, 'unknown']);
  assert.deepEqual(await form.property('problems'), []);
  await form.press('cancel');
  await form.waitFor('rejected');
  await form.row('1').waitFor();
  const { allocations, unallocated } = await form.property('preview');
  assert.deepEqual([allocations.map(({ amount }) => amount), unallocated], [['50.00'], '450.00']);
});

