// Tests the form with nothing to pay, nothing to pay with, and lists that are on their way or failed.
import assert from 'node:assert/strict';
import { eachCase, test } from '../harness/test.mjs';
import { divide } from '../harness/money.mjs';

const summaries = '/v1/customers/655080/invoiceSummaries';
const bare = { 'invoices-src': undefined, 'payment-methods-src': undefined, currency: 'USD' };
const invoice = { id: '11', number: 'A-1', dueDate: '2026-10-01', balance: '60.00', currency: 'USD' };
const give = (form, list) => form.element.evaluate((host, given) => (host.invoices = given), list);
const paidUp = (form) => form.element.getByTestId('paid-up');
const reply = (status, value = []) => ({ status, headers: [['Content-Type', 'application/json']], body: JSON.stringify(value) });

/** A page whose lists answer as `answers` says, by a part of their address. */
async function withLists(bench, answers, attributes = {}, options = {}) {
  const proxy = bench.proxy ?? (await bench.serveThroughProxy());
  proxy.onOther = (exchange) => async () => {
    const [, answer] = Object.entries(answers).find(([part]) => exchange.request.path.includes(part)) ?? [];
    return exchange.send(answer ? await answer() : await exchange.forward());
  };
  return bench.host(attributes, { waitFor: null, ...options });
}

test('account without a debt says paid up and asks for no amount', async (bench) => {
  await eachCase({ 'with a currency': { currency: 'USD' }, 'without a currency': {} }, async (attributes, what) => {
    assert.deepEqual(bench.watch.findDefects(), []);
    if (!attributes.currency) bench.expectMessage(/no invoice tells the currency/);
    const form = await withLists(bench, { invoiceSummaries: () => reply(200) }, attributes);
    await paidUp(form).getByText("You’re all paid up").waitFor();
    await form.waitFor('ready');
    assert.deepEqual([await form.amount.count(), await form.pay.count()], [0, 0]);
    assert.doesNotMatch(await form.text(), /currency to pay/);
    await form.checkAccessibility(`paid up ${what}`);
  });
});

test('account without a debt keeps the typed text, names the credit, and with prepayment takes an amount', async (bench) => {
  const form = await bench.host(bare);
  await give(form, [invoice]);
  await form.amount.fill('5.00');
  await give(form, []);
  await paidUp(form).waitFor();
  await give(form, [invoice]);
  await form.row('11').waitFor();
  assert.equal(await form.amount.inputValue(), '5.00');

  await give(form, [{ ...invoice, balance: '-50.00' }]);
  await paidUp(form).getByText('$50.00').waitFor();
  await give(form, [{ ...invoice, balance: '-20.00' }]);
  await paidUp(form).getByText('$20.00').waitFor();
  await give(form, [{ ...invoice, balance: '-50.00' }]);
  await paidUp(form).getByText('$50.00').waitFor();
  bench.expectMessage(/nothing is owed/);
  await form.element.evaluate((host) => {
    host.value = { amount: '5.00', paymentMethod: 'default' };
    host.submit();
  });
  assert.equal(await form.state(), 'ready', 'a script cannot pay what the form does not offer');
  await form.element.evaluate((host) => (host.prepayment = true));
  await form.amount.fill('5.00');
  assert.equal(await paidUp(form).count(), 0);
  await form.pay.click();
  await form.waitFor('recorded');
  assert.equal((await bench.server.ledger.payments())[0].amount, 500n);
});

test('balances that are gone at the press on pay send nothing and say so', async (bench) => {
  let open = true;
  const form = await withLists(bench, { invoiceSummaries: () => reply(200, open ? [{ id: 11, invoiceNumber: 'A-1', dueDate: '2026-10-01', outstandingBalance: 60, invoiceAmount: 60, currency: 'USD' }] : []) });
  await form.waitFor('ready');
  await form.fillIn({ amount: '5.00' });
  await form.moveClock(120_000);
  open = false;
  await form.pay.click();
  await paidUp(form).waitFor();
  await form.element.getByText('Nothing was sent, because no invoice is open any more.').waitFor();
  assert.equal(bench.proxy.payments.length, 0);
  await form.checkAccessibility('balances gone');
});

test('customer without a stored method is told whom to ask', async (bench) => {
  const form = await withLists(bench, { paymentMethods: () => reply(200) }, { payee: 'Fernhill Supply Co.' });
  await form.element.locator('[part~=methods]').getByText('Please ask Fernhill Supply Co. to add one.').waitFor();
  await form.element.evaluate((host) => host.removeAttribute('payee'));
  await form.element.locator('[part~=methods]').getByText("Please ask the company you’re paying to add one.").waitFor();
  await form.checkAccessibility('no stored method');
});

test('lists on their way are skeleton rows and a status', async (bench) => {
  const held = new Promise(() => {});
  const form = await withLists(bench, { invoiceSummaries: () => held, paymentMethods: () => held }, { currency: 'USD' });
  await form.element.locator('[part~=allocation]').getByText('Loading your invoices…').waitFor();
  assert.deepEqual([await form.element.locator('.skeleton-row').count(), await form.element.locator('.skeleton-method').count()], [6, 3]);
  await form.checkAccessibility('waiting for lists');
});

const failures = [
  ['invoices', 'invoiceSummaries', 'allocation', 'Your invoices could not be loaded.', { currency: 'USD' }],
  ['invoices without a currency', 'invoiceSummaries', 'allocation', 'Your invoices could not be loaded.', {}],
  ['methods', 'paymentMethods', 'methods-card', 'Your payment methods could not be loaded.', {}],
];
test('failed lists are named in their own card and read again', async (bench) => {
  await eachCase(failures.map((row) => [row[0], row]), async ([list, path, card, sentence, attributes]) => {
    bench.expectMessage(new RegExp(path));
    let fails = true;
    const proxy = bench.proxy ?? (await bench.serveThroughProxy());
    proxy.onOther = (exchange) => async () => exchange.send(fails && exchange.request.path.includes(path) ? reply(503) : await exchange.forward());
    const form = await bench.host(attributes, { waitFor: null });
    const notice = form.element.locator(`[part~="${card}"] .notice`);
    await notice.getByText(sentence).waitFor();
    assert.doesNotMatch(await form.text(), new RegExp(`${path}|HTTP status|503`), 'address and status are for the console');
    assert.ok(bench.watch.console.some(({ text }) => text.includes(path) && text.includes('HTTP status 503')), 'the console has the address and the status');
    if (attributes.currency) await form.amount.fill('70.00');
    assert.equal(await form.element.locator('.notice').filter({ visible: true }).count(), 1, 'the other list is not blamed');
    await form.checkAccessibility(`failed ${list}`);
    fails = false;
    await notice.getByRole('button', { name: 'Try again' }).click();
    await notice.waitFor({ state: 'detached' });
    const { shares } = divide(await bench.server.read(summaries), '5.00');
    await form.row(shares[0].id).waitFor();
    if (attributes.currency) assert.equal(await form.amount.inputValue(), '70.00', 'the typed amount stays');
  });
});
