// Tests the table of invoices: sorting, search, and every row of long lists.
import assert from 'node:assert/strict';
import { test } from '../harness/test.mjs';
import { until } from '../harness/wait.mjs';
import { gate } from '../harness/faults.mjs';
import { inOrder, units } from '../harness/money.mjs';

const summaries = '/v1/customers/655080/invoiceSummaries';

test('the table stands by due date and natural number, is sorted by a column, and back; overdue ones can be shown alone', async (bench) => {
  const form = await bench.demo();
  const invoices = inOrder(await bench.server.read(summaries));
  await form.amount.fill('500');
  const before = await form.property('preview');
  const shown = () => form.element.evaluate((host) => [...host.shadowRoot.querySelectorAll('[data-invoice-id]')].map((row) => row.dataset.invoiceId));
  const sorted = (compare) => invoices.toSorted(compare).map(({ id }) => String(id));
  const head = form.element.locator('[role=columnheader]').filter({ hasText: 'Balance' });
  const balance = head.getByRole('button');
  const byBalance = (a, b) => (units(a.outstandingBalance) < units(b.outstandingBalance) ? -1 : 1);
  const settled = async (wanted) => {
    await until(async () => String(await shown()) === String(wanted), 'the rows stand in the wanted order').catch(() => {});
    assert.deepEqual(await shown(), wanted);
  };
  await settled(sorted(() => 0));
  await balance.click();
  await settled(sorted(byBalance));
  assert.equal(await head.getAttribute('aria-sort'), 'ascending');
  await balance.click();
  await settled(sorted((a, b) => byBalance(b, a)));
  assert.equal(await head.getAttribute('aria-sort'), 'descending');
  await balance.click();
  await settled(sorted(() => 0));
  assert.equal(await head.getAttribute('aria-sort'), 'none');
  const sort = form.element.getByRole('button', { name: 'Invoice', exact: true });
  for (const order of ['none', 'ascending', 'descending']) {
    assert.equal(await form.element.getByRole('columnheader', { name: 'Invoice', exact: true }).getAttribute('aria-sort'), order, 'the name of a column is the same in every order');
    await sort.click();
  }
  await form.element.getByLabel(/overdue only/i).check();
  await settled(invoices.filter(({ dueDate }) => dueDate.slice(0, 10) < '2026-11-20').map(({ id }) => String(id)));
  assert.deepEqual(await form.property('preview'), before, 'a filter leaves the preview as it is');
});

test('search and filter narrow the rows and touch nothing of the division', async (bench) => {
  const form = await bench.demo();
  const invoices = inOrder(await bench.server.read(summaries));
  await form.amount.fill('5000');
  const before = await form.property('preview');
  const wanted = invoices.find(({ id }) => id === 566934);
  await form.element.getByRole('searchbox').or(form.element.getByLabel(/find an invoice/i)).first().fill(wanted.invoiceNumber);
  await form.row(wanted.id).waitFor();
  await form.row(invoices[0].id).waitFor({ state: 'detached' });
  assert.deepEqual(await form.property('preview'), before);
});

test('ten thousand invoices: every row is reached by the keyboard, Pay is never behind them, and the accessibility check finds nothing', async (bench) => {
  await bench.serve();
  const form = await bench.open('/bench.html?n=10000');
  const rendered = await form.element.locator('[data-invoice-id]').count();
  assert.ok(rendered < 200, `${rendered} rows are drawn`);
  const table = form.element.locator('[aria-rowcount]').first();
  assert.equal(await table.getAttribute('aria-rowcount'), '10001', 'all rows and the head are counted');

  const shown = () => form.element.evaluate((host) => {
    const active = host.shadowRoot.activeElement;
    const row = active?.closest('[aria-rowindex]');
    return row && { index: Number(row.getAttribute('aria-rowindex')), name: active.getAttribute('name') };
  });
  await form.element.locator('[data-invoice-id] input').first().focus();
  const start = await shown();
  // As fast as a held key: no press waits until the last one is drawn.
  for (let press = 1; press <= 60; press += 1) await form.page.keyboard.press('ArrowDown');
  const end = await shown();
  assert.equal(end.index, start.index + 60, 'Down moves by rows, through those that were not drawn yet');
  await form.page.keyboard.type('1.00');
  assert.equal(await form.field(end.name).inputValue(), '1.00');
  await form.page.keyboard.press('ArrowUp');
  assert.equal((await shown()).index, end.index - 1);
  assert.deepEqual(Object.values((await form.property('value')).shares), ['1.00'], 'the typed share goes to the row that the keys led to');

  // The row with the focus stays, wherever the box is scrolled to, and leads on from there.
  const farthest = (host) => {
    // WebKit brings the caret into sight some frames after a key, and so may take back a scroll that came between.
    host.shadowRoot.querySelector('.scroller').scrollTop = 300_000;
    return Math.max(...[...host.shadowRoot.querySelectorAll('[aria-rowindex]')].map((row) => row.getAttribute('aria-rowindex')));
  };
  await until(async () => (await form.element.evaluate(farthest)) > 1000, 'the rows in sight are drawn');
  await form.page.keyboard.press('ArrowDown');
  assert.equal((await shown()).index, end.index);
  await form.page.keyboard.press('Control+End');
  assert.equal((await shown()).index, 10_001);
  await form.page.keyboard.press('Control+Home');
  assert.equal((await shown()).index, 2);
  await form.page.keyboard.press('PageDown');
  assert.ok((await shown()).index > 4, 'Page Down moves by what is in sight');

  // From before the table, the skip link leads past it.
  await form.element.getByText(/skip the invoices/i).first().focus();
  await form.page.keyboard.press('Enter');
  const isAtPay = () => form.element.evaluate((host) => host.shadowRoot.activeElement?.closest('[part~="submit"]') !== null && host.shadowRoot.activeElement !== null);
  for (let press = 0; press < 6 && !(await isAtPay()); press += 1) await form.page.keyboard.press('Tab');
  assert.ok(await isAtPay(), 'Pay is reached within a few presses after the table is skipped');
  await form.amount.fill('123456.78');
  await form.checkAccessibility('10,000 rows');
}, { seconds: 60 });

test('a hundred thousand invoices: every row is reached, and a key costs what it costs with ten', async (bench) => {
  await bench.serve();
  const form = await bench.open('/bench.html?n=100000');
  await form.amount.fill('25000000');
  await form.pay.click();
  assert.ok((await form.property('problems')).some(({ code }) => code === 'allocation-too-many-shares'), 'at most 10,000 shares');
  await form.element.locator('[data-invoice-id] input').first().focus();
  await form.page.keyboard.press('Control+End');
  const last = form.element.locator('[aria-rowindex="100001"]');
  await last.waitFor();
  assert.ok(await last.evaluate((row) => row.contains(row.getRootNode().activeElement)));
  assert.equal(await form.element.locator('[aria-rowcount]').getAttribute('aria-rowcount'), '100001');
  // Work is counted, not time, which is another on each machine: rows that are touched by a key.
  const touched = await form.element.evaluate(async (host) => {
    const rows = new Set();
    const watch = new MutationObserver((changes) => changes.forEach(({ target }) => rows.add((target.closest ?? target.parentElement.closest).call(target.closest ? target : target.parentElement, '[data-invoice-id]'))));
    watch.observe(host.shadowRoot.querySelector('tbody'), { subtree: true, childList: true, attributes: true, characterData: true });
    const input = host.shadowRoot.querySelector('[name=amount]');
    input.value = '1';
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    return rows.size;
  });
  assert.ok(touched < 60, `a key touched ${touched} rows`);
}, { seconds: 60 });

test('invoices can be looked for and sorted while nothing can be changed', async (bench) => {
  const form = await bench.host();
  const held = gate();
  bench.proxy.faults(held);
  const [first, second] = inOrder(await bench.server.read(summaries));
  await form.amount.fill('500');
  await form.share(first.id).fill('1.00');
  await form.pay.click();
  await form.waitFor('submitting');
  for (const locked of [form.amount, form.reference, form.radio('allocation', 'newest'), form.share(second.id), form.button(/set all automatically/i)]) {
    assert.ok(await locked.isDisabled());
  }
  await form.element.getByPlaceholder(/find an invoice/i).fill(second.invoiceNumber);
  await form.row(first.id).waitFor({ state: 'detached' });
  assert.ok(await form.share(second.id).isDisabled(), 'a row that is drawn now is locked, too');
  await form.element.getByRole('button', { name: 'Balance', exact: true }).click();
  assert.equal(await form.element.getByRole('columnheader', { name: 'Balance', exact: true }).getAttribute('aria-sort'), 'ascending');
  await form.checkAccessibility('locked');
  held.open();
  await form.waitFor('recorded');
});
