// Tests the review before a payment is sent: a sheet of its own that tells everything that will be sent.
import assert from 'node:assert/strict';
import { test } from '../harness/test.mjs';
import { gate, json, replaceBefore } from '../harness/faults.mjs';
import { divide, toDecimal } from '../harness/money.mjs';

const summaries = '/v1/customers/655080/invoiceSummaries';
const confirm = { confirm: true, payee: 'Fernhill Supply Co.', payer: 'Northwind Traders' };
const sheet = (form) => form.element.getByTestId('review');

/** The form under review. */
async function reviewed(bench, entries = { amount: '500', reference: 'November' }) {
  const form = await bench.host(confirm);
  await form.submit(entries);
  await form.waitFor('reviewing');
  await sheet(form).waitFor();
  return form;
}

const hasFocus = (form, part) => form.page.waitFor((part) => document.querySelector('payment-form').shadowRoot.activeElement?.matches(part), part);

test('review lists everything that will be sent, has the focus, and escape or a reload leads back to the entries', async (bench) => {
  const form = await reviewed(bench);
  const { shares } = divide(await bench.server.read(summaries), '500');
  const text = await sheet(form).innerText();
  for (const said of ['Check your payment', 'Nothing has been sent yet.', '$500.00', 'Fernhill Supply Co.', 'Northwind Traders', 'Nov 20, 2026', 'November']) assert.ok(text.includes(said), said);
  assert.match(text, /Visa ending in \d{4}/);
  const rows = await sheet(form).locator('tbody tr').allInnerTexts();
  assert.equal(rows.length, shares.length);
  assert.match(text, /Total\s+\$500\.00/);
  assert.doesNotMatch(text, /account credit/i, 'an absent credit is not mentioned');
  await form.element.getByText(/^You’ll only be charged once/).waitFor();
  shares.forEach(({ share }, index) => assert.ok(rows[index].includes(`$${toDecimal(share)}`), rows[index]));
  assert.ok(!(await form.amount.isVisible()), 'no greyed form beneath');
  assert.equal(await form.element.getByTestId('pay').count(), 1, 'one button that pays');

  const kept = async () => assert.deepEqual([await form.amount.inputValue(), await form.reference.inputValue()], ['500', 'November']);
  await hasFocus(form, '[data-testid=review]');
  await form.page.keyboard.press('Escape');
  await form.waitFor('ready');
  await hasFocus(form, '[data-testid=pay]');
  await kept();
  await form.page.keyboard.press('Enter');
  await form.waitFor('reviewing');
  await form.button('Back').press('Enter');
  await form.waitFor('ready');
  await hasFocus(form, '[data-testid=pay]');
  await form.amount.press('Enter');
  await form.waitFor('reviewing');
  await form.page.reload();
  await form.waitFor('ready');
  await kept();
  assert.equal(await sheet(form).count(), 0);
  assert.equal(bench.proxy.payments.length, 0);
});

test('review in a dialog is closed by escape, and the dialog stays', async (bench) => {
  const body = `<dialog><payment-form customer-id="655080" confirm invoices-src="${summaries}" payment-methods-src="/v1/customers/655080/paymentMethods/all"></payment-form></dialog>`;
  const form = await bench.host({}, { body, waitFor: null });
  await form.page.evaluate(() => document.querySelector('dialog').showModal());
  await form.waitFor('ready');
  await form.submit({ amount: '5.00' });
  await form.waitFor('reviewing');
  await hasFocus(form, '[data-testid=review]');
  await form.page.keyboard.press('Escape');
  await form.waitFor('ready');
  assert.ok(await form.page.evaluate(() => document.querySelector('dialog').open));
});

test('review stays in sight while the payment is sent', async (bench) => {
  const form = await reviewed(bench);
  const held = gate();
  bench.proxy.faults(held);
  await form.pay.click();
  await form.waitFor('submitting');
  assert.ok(await sheet(form).isVisible());
  await form.button('Paying $500.00').waitFor();
  assert.doesNotMatch(await sheet(form).innerText(), /Nothing has been sent/);
  await form.page.keyboard.press('Escape');
  assert.equal(await form.state(), 'submitting', 'no key leads back any more');
  held.open();
  await form.receipt.waitFor();
  assert.equal((await bench.server.ledger.payments()).length, 1);
});

test('review of a refused payment leads back to the fields with the reason', async (bench) => {
  const form = await reviewed(bench);
  bench.proxy.faults(replaceBefore(json(422, { ErrorId: 1, HttpStatusCode: 422, Errors: [{ Key: 'payment.Amount', Value: 'above the limit' }] })));
  await form.pay.click();
  await form.waitFor('rejected');
  await form.checkSummaryLeadsTo('amount');
  assert.equal(await sheet(form).count(), 0);
  assert.equal(await form.amount.inputValue(), '500');
  await form.amount.fill('400');
  await form.pay.click();
  await form.waitFor('reviewing');
  assert.match(await sheet(form).innerText(), /\$400\.00/);
  await form.pay.click();
  await form.waitFor('recorded');
  assert.equal((await bench.server.ledger.payments())[0].amount, 40000n);
});

test('review offline says so in the sheet', async (bench) => {
  const form = await reviewed(bench);
  await form.page.setOffline(true);
  await form.pay.click();
  await sheet(form).getByText(/you are offline|you're offline/i).waitFor();
  assert.equal(await form.state(), 'reviewing');
  await form.page.setOffline(false);
  await form.pay.click();
  await form.waitFor('recorded');
}, { needs: 'offline' });

test('review of a due item tells what is due and what remains', async (bench) => {
  const form = await bench.demo('?api=maiascore');
  await form.element.evaluate((host) => (host.confirm = true));
  await form.field('amountDue').fill('80');
  await form.field('dueDate').fill('2026-12-01');
  await form.field('amountPaid').fill('30');
  await form.pay.click();
  await form.waitFor('reviewing');
  const text = await sheet(form).innerText();
  for (const said of ['$30.00', '$80.00', '$50.00', 'Dec 1, 2026', 'Nov 20, 2026']) assert.ok(text.includes(said), said);
  await form.pay.click();
  await form.waitFor('recorded');
});
