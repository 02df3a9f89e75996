// Tests that the form never claims more about balances than it was told.
import assert from 'node:assert/strict';
import { eachCase, test } from '../harness/test.mjs';
import { holdReplies } from './skeleton.mjs';

const bare = { 'invoices-src': undefined, 'payment-methods-src': undefined, currency: 'USD', amount: '5' };
const invoices = [
  { id: '11', number: 'A-1', dueDate: '2026-10-01', balance: '60.00', currency: 'USD' },
  { id: '12', number: 'A-2', dueDate: '2026-10-02', balance: '40.50', currency: 'USD' },
];
const give = (form, list) => form.element.evaluate((host, given) => (host.invoices = given), list);
const failed = (form) => form.element.getByText(/^(Your|The) invoices could not be loaded\.$/);
const failedMethods = (form) => form.element.locator('[part~=methods-card]').getByText('Your payment methods could not be loaded.');
const onAccount = (form) => form.element.getByText('The whole payment becomes account credit.');
const shown = (form, testId) => form.element.getByTestId(testId).first().isVisible();
const totals = async (form) => {
  const names = ['allocated', 'unallocated', 'still-owed'];
  const seen = await Promise.all(names.map((name) => shown(form, name)));
  return names.filter((_, index) => seen[index]);
};

/** The form claims no unknown fact, and Pay leads to the possible actions. */
async function checkWithheld(form, bench) {
  await failed(form).waitFor();
  assert.deepEqual(await totals(form), [], 'no total is claimed');
  assert.doesNotMatch(await form.element.innerText(), /all paid up|0 invoices|left after|balances as of/i);
  assert.equal((await form.property('preview')).stillOwed, null);
  assert.deepEqual((await form.property('problems')).map(({ code }) => code), ['allocation-missing']);
  await form.pay.click();
  await form.checkSummaryLeadsTo('allocation');
  await form.checkAccessibility('without a list');
  assert.equal(bench.proxy.payments.length, 0);
}

/** All of it can be kept on account, because no list is needed for that. */
async function payOnAccount(form, bench) {
  await onAccount(form).waitFor();
  assert.deepEqual([await totals(form), await form.plain('unallocated')], [['unallocated'], '5.00']);
  await form.pay.click();
  await form.waitFor('recorded');
  assert.doesNotMatch(bench.proxy.payments[0].body.toString(), /allocat/i);
}

test('a list that cannot be loaded claims no figure, withholds Pay, and leaves the account', async (bench) => {
  bench.expectMessage(/nope/);
  const form = await bench.host({ ...bare, 'invoices-src': '/nope' }, { waitFor: null });
  await checkWithheld(form, bench);
  assert.ok(await form.button(/^try again$/i).isVisible());
  await form.choosePlan('none');
  await payOnAccount(form, bench);
});

test('while the list is on its way no figure is claimed', async (bench) => {
  const list = await holdReplies(bench, /invoiceSummaries/);
  const form = await bench.host({ currency: 'USD', amount: '5' }, { waitFor: null });
  await form.element.getByText('Loading your invoices…').waitFor();
  assert.deepEqual(await totals(form), []);
  assert.equal((await form.property('preview')).stillOwed, null);
  list.release();
  await form.row(566871).waitFor();
  assert.deepEqual(await totals(form), ['allocated', 'still-owed'], 'a line of zero is left out');
});

test('invoices of the page that cannot be read are no list, and the form goes on', async (bench) => {
  bench.expectMessage(/payment-form: /);
  const form = await bench.host(bare);
  await eachCase({ 'an object': { a: 1 }, 'a text': 'none' }, async (list) => {
    await give(form, list);
    await checkWithheld(form, bench);
    assert.equal(await form.button(/^try again$/i).count(), 0, 'asking again would not help');
  });
  // No text can be made of a circle.
  await form.element.evaluate((host, given) => {
    const circle = Object.create(null);
    circle.circle = circle;
    host.invoices = [{ ...given, currency: circle }];
  }, invoices[0]);
  await checkWithheld(form, bench);
  // The day of a moment depends on the browser's time zone.
  await form.element.evaluate((host, given) => (host.invoices = [{ ...given, dueDate: new Date(2026, 11, 1) }]), invoices[0]);
  await checkWithheld(form, bench);
  await give(form, invoices);
  await form.row('11').waitFor();
});

test('invoices in another currency and credit notes are named and not used, and without a named currency all currencies are told', async (bench) => {
  const form = await bench.host(bare);
  await give(form, [invoices[0], { ...invoices[1], currency: 'EUR' }]);
  await form.row('11').waitFor();
  assert.equal(await form.row('12').count(), 0);
  await form.element.getByText(/EUR/).first().waitFor();
  await give(form, [invoices[0], { ...invoices[1], balance: '-50.00' }]);
  await form.element.getByText('Credits on this account: $50.00').first().waitFor();

  bench.expectMessage(/currenc/);
  await form.element.evaluate((host) => host.removeAttribute('currency'));
  await give(form, [invoices[0], { ...invoices[1], currency: 'EUR' }]);
  await form.element.getByText(/USD and EUR/).waitFor();
  assert.equal(await failed(form).count(), 0, 'in place of the general sentence');
});

test('a list of more than a thousand pages is refused with a sentence for the developer', async (bench) => {
  bench.expectMessage(/more than 1000 pages/);
  const proxy = await bench.serveThroughProxy();
  let asked = 0;
  proxy.onOther = (exchange) => async () => {
    if (!/invoiceSummaries/.test(exchange.request.path)) return exchange.send(await exchange.forward());
    asked += 1;
    return exchange.send({ status: 200, headers: [['Content-Type', 'application/json'], ['X-MaxPageIndex', '99999999999']], body: '[]' });
  };
  const form = await bench.host({ currency: 'USD', amount: '5' }, { waitFor: null });
  await failed(form).waitFor();
  assert.equal(asked, 1);
});

test('an unreadable invoice is named to staff and not to a payer', async (bench) => {
  bench.expectMessage(/payment-form: /);
  for (const [source, told] of [['Manual', 1], ['SelfServicePortal', 0]]) {
    const form = await bench.host({ ...bare, source });
    await give(form, [invoices[0], { ...invoices[1], dueDate: 'soon' }]);
    await failed(form).waitFor();
    assert.equal(await form.element.getByText(/soon/).count(), told, source);
  }

  const form = await bench.demo('?api=maiascore');
  await give(form, [{ ...invoices[0], dueDate: 'soon' }]);
  const card = form.element.locator('[part~=due-card]');
  await card.getByText('Your invoices could not be loaded.').waitFor();
  assert.equal(await card.getByText(/soon/).count(), 0);
  await form.element.evaluate((host) => (host.staff = true));
  await card.getByText(/soon/).waitFor();
});

test('a later list that cannot be read takes the older balances away; a good one and none at all mend it', async (bench) => {
  bench.expectMessage(/invoices: Entry 2 of the list \(invoice 12\) has no `balance`/);
  const form = await bench.host(bare);
  await give(form, invoices);
  await form.row('11').waitFor();
  await give(form, [invoices[0], { id: '12' }]);
  await failed(form).waitFor();
  assert.equal(await form.row('11').count(), 0);
  await checkWithheld(form, bench);
  await give(form, invoices);
  await form.row('12').waitFor();
  assert.deepEqual([await failed(form).count(), await form.plain('still-owed')], [0, '95.50']);
  await give(form, null);
  await onAccount(form).waitFor();
  assert.deepEqual([await failed(form).count(), await form.row('11').count()], [0, 0]);
});

test('stored methods that cannot be read are told, and older ones are not offered any more', async (bench) => {
  bench.expectMessage(/paymentMethods/);
  const form = await bench.host(bare);
  await form.element.evaluate((host) => (host.paymentMethods = [{ id: '7', kind: 'CreditCard', label: 'Visa', isDefault: true }]));
  await form.radio('paymentMethod', 'stored-7').waitFor();
  await form.element.evaluate((host) => (host.paymentMethods = { id: '7' }));
  await failedMethods(form).waitFor();
  assert.equal(await form.radio('paymentMethod', 'stored-7').count(), 0);
  await form.element.evaluate((host) => (host.paymentMethods = [{ id: '8', kind: 'ACH', label: 'Bank' }]));
  await form.radio('paymentMethod', 'stored-8').waitFor();
  assert.equal(await failedMethods(form).count(), 0);
});

test('a page that gives no invoices is not told that there are none, and where the biller divides, not that all stays on account', async (bench) => {
  const form = await bench.host(bare);
  await onAccount(form).waitFor();
  assert.doesNotMatch(await form.element.innerText(), /all paid up|0 invoices|left after|balances as of|oldest first/i);
  assert.deepEqual([await totals(form), await form.plain('unallocated')], [['unallocated'], '5.00']);
  assert.equal((await form.property('preview')).stillOwed, null);
  await form.element.evaluate((host) => (host.prepayment = true));
  await give(form, []);
  await form.element.getByText("You’re all paid up.").waitFor();
  assert.equal(await form.plain('still-owed'), '0.00', 'a list without any is an answer');
  await give(form, undefined);
  await payOnAccount(form, bench);

  await form.element.evaluate((host) => (host.allocationWire = 'auto'));
  await form.button(/another payment/i).click();
  await form.waitFor('ready');
  // Another amount is no repetition of the payment before.
  await form.amount.fill('6');
  await form.element.getByText("The company you’re paying will divide this payment over your open invoices.").waitFor();
  assert.deepEqual([await totals(form), await onAccount(form).count()], [[], 0]);
  await form.pay.click();
  await form.waitFor('recorded');
  assert.match(bench.proxy.payments[1].body.toString(), /"autoAllocate":true/);
});

