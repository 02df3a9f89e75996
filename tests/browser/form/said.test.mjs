// Tests that the screen is true: limits, choices, notices, and the events for the host's script.
import assert from 'node:assert/strict';
import { test } from '../harness/test.mjs';

const card = (id, rest) => ({ id, kind: 'CreditCard', label: 'Visa', expires: '2029-01', ...rest });
const noMethods = { 'payment-methods-src': undefined };

test('the limits stay in sight beside what is typed, and no shortcut leads past them', async (bench) => {
  const form = await bench.host({ min: '10', max: '2000' });
  const limits = form.element.getByText('Between $10.00 and $2,000.00');
  await limits.waitFor();
  await form.amount.fill('500');
  await limits.waitFor();
  assert.equal(await form.element.locator('.refused').count(), 0, 'no problem is shown');
  await form.amount.fill('5');
  await form.element.locator('.refused', { hasText: 'Between $10.00 and $2,000.00' }).waitFor();
  assert.deepEqual((await form.property('problems')).map(({ code }) => code), ['amount-below-min']);
  assert.deepEqual(await form.element.locator('.chip').allInnerTexts(), ['Overdue $1,508.75']);
});

test('a share above its balance leaves the balance as it is, and no shortcut sums it up', async (bench) => {
  const form = await bench.demo();
  await form.amount.fill('5000');
  await form.share('567004').fill('999');
  await form.row('567004').getByText(/more than the balance/i).waitFor();
  const [balance, after] = await form.row('567004').evaluate((row) => ['.balance', '.after'].map((name) => row.querySelector(name).textContent.trim()));
  assert.equal(after, balance, 'the balance stays as it was');
  assert.ok(!(await form.element.locator('.chip').allInnerTexts()).some((text) => text.startsWith('Selected')));
});

test('the only way to pay is chosen at once, of two none is, and two that look the same have names of their own', async (bench) => {
  const form = await bench.host({ ...noMethods, source: 'Manual', methods: 'Check' });
  assert.equal(await form.radio('paymentMethod', 'Check').isChecked(), true);
  for (const [list, chosen] of [[[card(7), card(8)], ''], [[card(9), card(10, { expires: '2020-01' })], 'stored-9']]) {
    const stored = await bench.host({ ...noMethods, source: 'Manual', methods: 'stored' });
    await stored.element.evaluate((host, given) => (host.paymentMethods = given), list);
    await stored.radio('paymentMethod', `stored-${list[0].id}`).waitFor();
    assert.equal((await stored.property('value')).paymentMethod, chosen);
  }
  const alike = await bench.host(noMethods);
  await alike.element.evaluate((host, given) => (host.paymentMethods = given), [card(7), card(8), card(9, { expires: '2030-01' })]);
  await alike.radio('paymentMethod', 'stored-9').waitFor();
  assert.deepEqual(await alike.element.locator('.method b').allInnerTexts(), ['Visa', 'Visa (8)', 'Visa']);
});

test('the count of the reference counts the mark that is sent with it', async (bench) => {
  const form = await bench.host({ 'reference-marker': true, amount: '5' });
  const count = (text) => form.element.getByText(text, { exact: true }).waitFor();
  assert.equal(await form.element.getByText('0 of 500 characters', { exact: true }).isVisible(), false, 'a short one needs no count');
  await form.reference.fill('x'.repeat(489));
  await count('500 of 500 characters');
  assert.deepEqual(await form.property('problems'), []);
  await form.reference.fill('x'.repeat(490));
  await count('501 of 500 characters');
  assert.deepEqual((await form.property('problems')).map(({ code }) => code), ['reference-too-long']);
});

test('a share of an invoice that is listed no more is told with what was typed', async (bench) => {
  const form = await bench.host();
  await form.amount.fill('500');
  await form.share('567004').fill('12.34');
  await form.element.evaluate((host) => (host.invoices = [{ id: 2, number: 'B-2', balance: '900', currency: 'USD' }]));
  await form.share('2').waitFor();
  await form.pay.click();
  await form.summary.getByText('Invoice 567004 (12.34): This is no longer one of the open invoices.').waitFor();
  assert.equal(await form.summary.locator('p').count(), 1, 'no empty line');
  await form.summary.getByRole('button', { name: /clear/i }).press('Enter');
  await form.waitForFocus('allocation');
});

test('value holds the inputs of its own form only, and what it cannot take is told in the console', async (bench) => {
  bench.expectMessage(/value/);
  const form = await bench.host({ amount: '5' });
  assert.deepEqual(Object.keys(await form.property('value')), ['amount', 'paymentMethod', 'reference', 'allocation', 'shares']);
  await form.element.evaluate((host) => (host.value = { amount: {}, nope: '1', allocation: 'zzz', shares: { abc: '1' } }));
  assert.equal(await form.amount.inputValue(), '5.00', 'as the host set it');
  await form.element.evaluate((host) => (host.value = 42));
  const consoleText = JSON.stringify(bench.watch.console);
  for (const name of ['no such nope', 'no such allocation', 'no such share-abc', 'no object']) assert.ok(consoleText.includes(name), name);
  const maia = await bench.demo('?api=maiascore');
  assert.deepEqual(Object.keys(await maia.property('value')), ['amountPaid', 'amountDue', 'dueDate', 'date']);
});

