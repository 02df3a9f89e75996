// Tests how a person understands and controls the division: pins, repairs, reasons and differences.
import assert from 'node:assert/strict';
import { test } from '../harness/test.mjs';
import { until } from '../harness/wait.mjs';
import { json, replaceAfter } from '../harness/faults.mjs';
import { divide, inOrder, toDecimal, units } from '../harness/money.mjs';

const summaries = '/v1/customers/655080/invoiceSummaries';

test('a pinned share can be let go again, alone and with all others', async (bench) => {
  const form = await bench.demo();
  const [first, second, third] = inOrder(await bench.server.read(summaries));
  await form.amount.fill('500');
  await form.share(first.id).fill('1.00');
  await form.share(third.id).fill('2.00');
  assert.deepEqual((await form.property('value')).shares, { [first.id]: '1.00', [third.id]: '2.00' });
  await form.row(first.id).getByRole('button', { name: /set automatically/i }).click();
  assert.deepEqual((await form.property('value')).shares, { [third.id]: '2.00' });
  assert.notEqual(await form.share(first.id).inputValue(), '1.00');
  await form.share(second.id).fill('3.00');
  for (const [amount, plan] of [['20528', 'newest'], ['40', 'exact'], ['5.00', 'none'], ['500', 'oldest']]) {
    await form.fillIn({ amount, plan });
    const { allocations } = await form.property('preview');
    assert.deepEqual([first, second, third].map(({ id }) => allocations.find(({ invoiceId, reason }) => reason === 'pinned' && invoiceId === String(id))?.amount), [undefined, '3.00', '2.00'], `${amount}, ${plan}`);
  }
  await form.button(/set all automatically/i).click();
  assert.deepEqual((await form.property('value')).shares, {});
  const { shares } = divide(await bench.server.read(summaries), '500');
  assert.equal(await form.share(first.id).inputValue(), toDecimal(shares[0].share));
});

test('shares above the amount are mended by one press', async (bench) => {
  const form = await bench.demo();
  const [first, second] = inOrder(await bench.server.read(summaries));
  await form.amount.fill('10');
  await form.share(first.id).fill('8');
  await form.share(second.id).fill('9');
  const plans = form.element.getByRole('radiogroup').filter({ has: form.page.locator('[name="allocation"]') });
  assert.equal(await plans.getAttribute('aria-invalid'), null, 'no field is marked before the first press on Pay');
  await form.pay.click();
  await form.summary.waitFor();
  assert.equal(await plans.getAttribute('aria-invalid'), 'true');
  const described = await plans.getAttribute('aria-describedby');
  assert.match(await form.element.locator(`[id="${described}"]`).innerText(), /7\.00 more than the payment/);
  await form.button(/change the payment to .*17\.00/i).first().click();
  assert.equal((await form.property('preview')).amount, '17.00');
  await form.pay.click();
  await form.waitFor('recorded');
  const [payment] = await bench.server.ledger.payments();
  assert.deepEqual(payment.shares, { [first.id]: 800n, [second.id]: 900n });
});

test('shares above the amount are told once: at the row, or beside the division', async (bench) => {
  const form = await bench.demo();
  const [first, second] = inOrder(await bench.server.read(summaries));
  const marked = (invoice) => form.share(invoice.id).getAttribute('aria-invalid');
  const shown = (testId) => form.element.getByTestId(testId).isVisible();
  const status = form.element.locator('p.visually-hidden[role="status"]');
  // Each place on the screen that tells of too much.
  const told = () => form.element.getByText(/more than the payment/i).and(form.element.locator(':not(.visually-hidden)')).filter({ visible: true }).count();
  const check = async (wrong, said) => {
    await status.filter({ hasText: said }).waitFor({ state: 'attached' });
    assert.match(await status.filter({ hasText: said }).textContent(), new RegExp(`^${said.source}$`));
    for (const invoice of wrong) assert.equal(await marked(invoice), 'true');
    assert.deepEqual([await shown('unallocated'), await shown('still-owed'), await told()], [false, false, 1]);
    assert.doesNotMatch(await form.element.innerText(), /account credit/i);
  };
  await form.amount.fill('50');
  await form.share(first.id).fill('100');
  await check([first], new RegExp(`${first.invoiceNumber}: \\$50\\.00 more than the payment\\.`));
  await form.pay.click();
  await form.summary.waitFor();
  assert.equal(await told(), 2, 'at the row and in the error summary');
  await form.share(first.id).fill('50');
  assert.deepEqual([await marked(first), await told()], [null, 0]);
  await form.element.evaluate((host) => host.reset());
  await form.fillIn({ amount: '50' });
  await form.share(first.id).fill('50');
  await form.share(second.id).fill('50');
  await check([first, second], /\$50\.00\. The amounts for the invoices are \$50\.00 more than the payment\./);
  await form.checkAccessibility('too much');
  await form.button(/change the payment to .*100\.00/i).first().click();
  assert.deepEqual([await marked(first), await told(), await shown('still-owed')], [null, 0, true]);

  const notice = form.element.getByText('The amounts for the invoices are $60.00 more than the payment.', { exact: true }).filter({ visible: true });
  await form.button(/set all automatically/i).click();
  await form.fillIn({ amount: '100', plan: 'manual' });
  await form.share(first.id).fill('80');
  assert.equal(await notice.count(), 0);
  await form.share(second.id).fill('80');
  await notice.waitFor();
  assert.equal(await notice.count(), 1);
  const beside = form.element.locator('.pin-tools').getByText('$60.00 more');
  assert.equal(await beside.count(), 1, 'beside what mends it');
  await form.pay.click();
  await form.summary.waitFor();
  assert.deepEqual([await beside.count(), await told()], [0, 2], 'from then on it stands in the problem line and the summary');
  await form.button(/change the payment to .*160\.00/i).first().click();
  assert.equal(await notice.count(), 0);
});

test('an error of a share is told to a screen reader, with its invoice', async (bench) => {
  const form = await bench.demo();
  const [first] = inOrder(await bench.server.read(summaries));
  const status = form.element.locator('p.visually-hidden[role="status"]');
  await form.amount.fill('500');
  for (const [typed, words] of [['x', 'Enter an amount like'], ['-1', 'An amount cannot be negative.'], ['99999', 'More than the balance of']]) {
    await form.share(first.id).fill(typed);
    await status.filter({ hasText: `${first.invoiceNumber}: ${words}` }).waitFor({ state: 'attached' });
  }
  await form.share(first.id).fill('1');
  await status.filter({ hasText: 'Still owed after' }).waitFor({ state: 'attached' });
});

test('share above the amount is told beneath the bar where its row is out of sight', async (bench) => {
  const [phone, wide] = [{ viewport: { width: 390, height: 844 } }, {}];
  for (const options of [wide, phone]) {
    const form = await bench.demo('?customer=655080', options);
    const [other, ...invoices] = inOrder(await bench.server.read(summaries));
    const wrong = invoices.find(({ outstandingBalance }) => units(outstandingBalance) >= 200_00n);
    const card = form.element.locator('[part="allocation"]');
    const told = card.getByText(/more than the payment/i).filter({ visible: true });
    const toggle = form.element.getByTestId('show-invoices');
    const search = form.element.getByLabel(/find an invoice/i);
    await form.amount.fill('300');
    if (options === phone) await toggle.click();
    await form.share(wrong.id).fill('200');
    const leave = () => (options === phone ? toggle.click() : search.fill(other.invoiceNumber));
    const comeBack = () => (options === phone ? toggle.click() : search.fill(''));
    await leave();
    await form.amount.fill('150');
    await told.first().waitFor();
    assert.deepEqual(await told.allInnerTexts(), [`${wrong.invoiceNumber}: $50.00 more than the payment.`]);
    await comeBack();
    await form.share(wrong.id).waitFor();
    await until(async () => (await told.count()) === 1, 'one sentence is left');
    assert.deepEqual(await told.allInnerTexts(), ['$50.00 more than the payment.'], 'at the row');
    await form.page.close();
  }
});

test('share above its balance in a long table is told beneath the bar while its row is scrolled away', async (bench) => {
  await bench.serve();
  const form = await bench.open('/bench.html?n=500');
  await form.amount.fill('5000');
  const told = form.element.locator('[part="allocation"]').getByText(/More than the balance/).filter({ visible: true });
  await form.element.locator('[data-position="0"] input').fill('99999');
  await until(async () => (await told.count()) === 1, 'the row tells it');
  const scroll = (top) => form.element.locator('.scroller').evaluate((box, to) => box.scrollTo({ top: to }), top);
  await scroll(4000);
  const beneath = form.element.locator('.caption').getByText(/^INV-\d+: More than the balance of/);
  await until(() => beneath.isVisible(), 'the line beneath the bar tells it');
  await scroll(0);
  await until(async () => !(await beneath.isVisible()), 'the row tells it again');
  assert.equal(await told.count(), 1);
});

test('bar of a narrow form says the problem of the shares above Pay', async (bench) => {
  const form = await bench.demo('?customer=655080', { viewport: { width: 560, height: 844 } });
  const invoices = inOrder(await bench.server.read(summaries)).filter(({ outstandingBalance }) => units(outstandingBalance) >= 80_00n);
  const line = form.element.locator('.destination');
  const says = (words) => until(async () => (await line.innerText()).trim() === words, `the bar says: ${words}`);
  await form.amount.fill('300');
  await form.element.getByTestId('show-invoices').click();
  await form.share(invoices[0].id).fill('99999');
  await says(`${invoices[0].invoiceNumber}: More than the balance of $${Number(invoices[0].outstandingBalance).toFixed(2)}.`);
  await form.share(invoices[0].id).fill('80');
  await form.share(invoices[1].id).fill('80');
  await form.amount.fill('100');
  await says('The amounts for the invoices are $60.00 more than the payment.');
  await form.amount.fill('160');
  await until(async () => /^2 invoices\s*\$160\.00$/.test((await line.innerText()).trim()), 'the bar says the destination');
});

test('"pay this one" and the quick amounts fill what they name', async (bench) => {
  const form = await bench.demo();
  const invoices = inOrder(await bench.server.read(summaries));
  const last = invoices[4];
  await form.row(last.id).getByRole('button', { name: /pay this one/i }).click();
  assert.equal(units(await form.share(last.id).inputValue()), units(last.outstandingBalance));
  assert.equal(units(await form.amount.inputValue()), units(last.outstandingBalance), 'with nothing typed, the amount is what it owes');
  // The amount has nothing left for another one, so it grows.
  await form.row(invoices[0].id).getByRole('button', { name: /pay this one/i }).click();
  const both = units(last.outstandingBalance) + units(invoices[0].outstandingBalance);
  assert.equal(units(await form.amount.inputValue()), both);
  assert.deepEqual(await form.property('problems'), []);
  await form.amount.fill('1');
  await form.button(/^selected/i).click();
  assert.equal((await form.property('preview')).amount, toDecimal(both));
  await form.button(/set all automatically/i).click();
  const total = (list) => toDecimal(list.reduce((sum, { outstandingBalance }) => sum + units(outstandingBalance), 0n));
  await form.button(/^all due/i).click();
  assert.equal((await form.property('preview')).amount, total(invoices));
  await form.button(/^overdue/i).click();
  assert.equal((await form.property('preview')).amount, total(invoices.filter(({ dueDate }) => dueDate.slice(0, 10) < '2026-11-20')));
});

test('"pay this one first" gives a part-paid invoice the payment, and the others the rest', async (bench) => {
  const form = await bench.demo();
  const [first, second] = inOrder(await bench.server.read(summaries));
  const [owed, other] = [first, second].map(({ outstandingBalance }) => units(outstandingBalance));
  await form.amount.fill(toDecimal(owed + other - 100n));
  const offers = (invoice) => form.row(invoice.id).getByRole('button', { name: /pay this one/i });
  assert.deepEqual([await offers(first).count(), await offers(second).innerText()], [0, 'Pay this one first']);
  await offers(second).click();
  assert.deepEqual([await form.share(second.id).inputValue(), await form.share(first.id).inputValue()].map((text) => units(text)), [other, owed - 100n]);
  assert.deepEqual([units(await form.amount.inputValue()), await offers(first).count()], [owed + other - 100n, 0], 'the payment stays as it was, and has no more for the first');
});

test('each share says why: in its row, in what describes its input, and in the preview', async (bench) => {
  const form = await bench.demo();
  const before = await bench.server.read(summaries);
  const invoices = inOrder(before);
  const described = (id) => form.share(id).evaluate((input) => input.getAttribute('aria-describedby').split(' ').map((id) => input.getRootNode().getElementById(id).textContent).join(' '));
  await form.amount.fill(toDecimal(units(invoices[0].outstandingBalance) + 100n));
  for (const [index, reason] of [[0, /oldest due/i], [1, /part payment/i], [2, /not covered/i]]) assert.match(await described(invoices[index].id), reason);
  await form.share(invoices[1].id).fill('9999');
  assert.match(await described(invoices[1].id), /more than the balance/i);

  await form.button(/set all automatically/i).click();
  await form.amount.fill('500');
  await form.share(invoices[3].id).fill('5');
  const { shares } = divide(before, '500', { pins: { [invoices[3].id]: '5' } });
  const text = (id) => form.row(id).innerText();
  for (const [id, reason] of [[shares[0].id, /oldest due/i], [shares[1].id, /next oldest|part payment/i], [invoices[3].id, /your amount/i], [invoices[8].id, /not covered/i]]) assert.match(await text(id), reason);
  const reasons = Object.fromEntries((await form.property('preview')).allocations.map(({ invoiceId, reason }) => [invoiceId, reason]));
  assert.equal(reasons[invoices[3].id], 'pinned');

  await form.button(/set all automatically/i).click();
  const wanted = invoices[5];
  await form.fillIn({ amount: toDecimal(units(wanted.outstandingBalance)), plan: 'exact' });
  assert.deepEqual((await form.property('preview')).allocations.map(({ invoiceId, reason }) => [invoiceId, reason]), [[String(wanted.id), 'exact']]);
  assert.match(await text(wanted.id), /exact match/i);
  await form.amount.fill('0.01');
  assert.match(await form.text(), /no exact match for this amount/i);
});

test('"selected" is what was typed for the invoices, and a share that was deleted again is none', async (bench) => {
  const form = await bench.demo();
  const [first, second, third] = inOrder(await bench.server.read(summaries));
  await form.fillIn({ plan: 'manual' });
  await form.share(third.id).pressSequentially('5');
  await form.page.keyboard.press('Backspace');
  await form.reference.focus();
  assert.deepEqual((await form.property('value')).shares, {}, 'no share is left');
  assert.equal(await form.button(/^selected/i).count(), 0);
  await form.share(first.id).fill('60');
  await form.share(second.id).fill('40');
  await form.button('Selected $100.00').click();
  const { allocations, unallocated } = await form.property('preview');
  assert.deepEqual([allocations.map(({ amount }) => amount), unallocated], [['60.00', '40.00'], '0.00']);
  await form.choosePlan('oldest');
  assert.deepEqual((await form.property('preview')).allocations.map(({ invoiceId }) => invoiceId), [String(first.id), String(second.id)]);
});

test('the receipt names every share and rest that is not as previewed, and another amount or currency as it was shown', async (bench) => {
  await bench.serveThroughProxy();
  const form = await bench.demo();
  const answerWith = (change) =>
    bench.proxy.faults(
      replaceAfter((reply) => {
        const record = JSON.parse(reply.body.toString());
        return { ...json(200, { ...record, ...change(record) }), headers: reply.headers.filter(([name]) => !/^content-(length|encoding)$/i.test(name)) };
      }),
    );
  await form.fillIn({ amount: '500' });
  const { allocations } = await form.property('preview');
  answerWith(({ invoiceAllocations: [first, ...others], unallocatedAmount }) => ({ invoiceAllocations: [{ ...first, amount: first.amount - 1 }, ...others], unallocatedAmount: unallocatedAmount + 1 }));
  await form.pay.click();
  await form.waitFor('recorded');
  const [{ differences }] = bench.events('recorded');
  assert.equal(differences.length, 2, JSON.stringify(differences));
  const receipt = await form.receipt.innerText();
  assert.match(receipt, /differ/i);
  assert.ok(receipt.includes(allocations[0].amount.replace(/\B(?=(\d{3})+(?!\d))/g, ',')), 'the receipt has the share that was shown');

  await form.button(/another payment/i).click();
  await form.waitFor('ready');
  await form.fillIn({ amount: '5.00', reference: 'mine' });
  answerWith(() => ({ amount: 2.5, currency: 'EUR', reference: 'theirs', settlement: null }));
  await form.pay.click();
  await form.waitFor('recorded');
  await form.receipt.waitFor();
  const other = await form.receipt.innerText();
  for (const line of ['Amount: you saw $5.00, and 2.50 EUR was recorded.', 'Currency: you saw USD, and EUR was recorded.', 'Reference: you saw mine, and theirs was recorded.']) {
    assert.ok(other.includes(line), `${line}\n${other}`);
  }
  assert.equal(await form.receipt.locator('.differs').count(), 1, 'no green tick above another payment');
  const { sent, recorded } = bench.events('recorded')[1].differences.find(({ field }) => field === 'amount');
  assert.deepEqual([sent, recorded], ['5.00', '2.50'], 'both amounts have the same decimals');
});

test('order-date="issued" follows the other date, allocation sets the first plan, amount the first amount', async (bench) => {
  const form = await bench.host({ 'order-date': 'issued', allocation: 'newest', amount: '100' });
  const { amount, allocations } = await form.property('preview');
  assert.equal(amount, '100.00');
  const invoices = await bench.server.read(summaries);
  const newest = invoices.toSorted((a, b) => Date.parse(b.postedTimestamp) - Date.parse(a.postedTimestamp))[0];
  assert.deepEqual([allocations[0].invoiceId, allocations[0].reason.replace('part', 'newest-issued')], [String(newest.id), 'newest-issued']);
  assert.ok(await form.radio('allocation', 'newest').isChecked());
});

test('allocation-wire="auto" sends the order and no list, and what comes of it is what was previewed', async (bench) => {
  const form = await bench.host({ 'allocation-wire': 'auto' });
  await form.fillIn({ amount: '500' });
  const { allocations } = await form.property('preview');
  await form.pay.click();
  await form.waitFor('recorded');
  const body = JSON.parse(bench.proxy.payments[0].body.toString());
  assert.deepEqual([body.autoAllocate, body.autoAllocateOrder, body.paymentAllocations], [true, 'OldestToNewest', undefined]);
  const [payment] = await bench.server.ledger.payments();
  assert.deepEqual(payment.shares, Object.fromEntries(allocations.map(({ invoiceId, amount }) => [invoiceId, units(amount)])));
  assert.deepEqual(bench.events('recorded')[0].differences, []);
});

test('the bar names each of its parts, under the pointer and in focus, and leads to its row', async (bench) => {
  const form = await bench.demo();
  const invoices = inOrder(await bench.server.read(summaries));
  await form.amount.fill('99999');
  const parts = form.element.locator('[part~="bar"] button');
  assert.equal(await parts.count(), 14, 'twelve, the others, and what stays on account');
  const names = await parts.evaluateAll((all) => all.map((part) => part.getAttribute('aria-label')));
  assert.equal(new Set(names).size, 14);
  assert.ok(names[0].includes(invoices[0].invoiceNumber) && names[0].includes(invoices[0].outstandingBalance.toFixed(2)), names[0]);
  assert.match(names[12], new RegExp(`${invoices.length - 12} others`));
  const caption = form.element.locator('.caption');
  await parts.nth(1).hover();
  assert.equal(await caption.innerText(), names[1]);
  await parts.first().focus();
  assert.equal(await caption.innerText(), names[0]);
  await form.page.keyboard.press('ArrowRight');
  await form.page.keyboard.press('ArrowRight');
  assert.equal(await caption.innerText(), names[2]);
  await form.page.keyboard.press('Enter');
  await form.waitForFocus(`share-${invoices[2].id}`);
});

test('dinars have three decimals and the service takes two: said where it bites', async (bench) => {
  const form = await bench.host({ currency: 'KWD', 'invoices-src': undefined, 'payment-methods-src': undefined });
  await form.element.evaluate((host, invoices) => (host.invoices = invoices), [{ id: '1', number: 'K-1', balance: '10.125', currency: 'KWD' }, { id: '2', number: 'K-2', balance: '5.000', currency: 'KWD' }]);
  await form.row(1).waitFor();
  await form.amount.fill('1.234');
  assert.match(await form.element.locator('[part~="amount"]').innerText(), /too many decimals\. at most 2 can be used here/i);
  await form.amount.fill('12.00');
  assert.equal(await form.share(1).inputValue(), '10.120', 'a plan gives what can be sent');
  assert.match(await form.row(1).innerText(), /0\.005/, 'and says why the rest remains');
  await form.share(1).fill('10.125');
  assert.match(await form.row(1).innerText(), /too many decimals\. at most 2 can be used here/i);
  await form.share(1).fill('10.12');
  assert.deepEqual(await form.property('problems'), []);
});

test('shares that cannot be are told at their rows, as is a list that does not belong together', async (bench) => {
  const form = await bench.host();
  const invoices = inOrder(await bench.server.read(summaries));
  const shares = { [invoices[0].id]: '99999', [invoices[1].id]: '1.234', 1: '5' };
  await form.element.evaluate((host, value) => (host.value = value), { amount: '500', paymentMethod: 'default', shares });
  const codes = (await form.property('problems')).map(({ code, invoiceId }) => [code, invoiceId]);
  assert.deepEqual(codes.sort(), [['share-above-balance', String(invoices[0].id)], ['share-ambiguous', String(invoices[1].id)], ['share-unknown-invoice', '1']].sort());
  assert.match(await form.row(invoices[0].id).innerText(), /more than the balance/i);
  await form.pay.click();
  await form.summary.getByRole('button').click();
  assert.deepEqual(Object.keys((await form.property('value')).shares).sort(), [invoices[0].id, invoices[1].id].map(String).sort(), 'a share without a row is let go in the summary');

  bench.expectMessage(/invoices are in USD and EUR|Invoice 7 is listed twice|invoices are in USD/);
  const list = (...currencies) => currencies.map((currency, index) => ({ id: String(7 + index * 2), number: 'A', balance: '5.00', currency }));
  const give = (given) => form.element.evaluate((host, invoices) => (host.invoices = invoices), given);
  // The person is told that there is no list, the page's developer why.
  const isTold = (why) => form.page.waitForEvent('console', ({ text }) => why.test(text));
  await Promise.all([isTold(/one payment can pay only one currency/i), give(list('USD', 'EUR'))]);
  await form.element.getByText(/these invoices are in USD and EUR/i).waitFor();
  await Promise.all([isTold(/listed twice/i), give([...list('USD'), ...list('USD')])]);
  await form.element.getByText(/could not be loaded/i).waitFor();
  await form.element.evaluate((host) => (host.currency = 'EUR'));
  await give(list('USD'));
  await form.row(7).waitFor();
  assert.match(await form.row(7).innerText(), /\$5\.00/, 'the balance is shown in its own currency');
});

