// Tests an ordinary payment: an amount is typed, divided, paid, and the record that the server stored is shown.
import assert from 'node:assert/strict';
import { test } from '../harness/test.mjs';
import { divide, inOrder, toDecimal, sum } from '../harness/money.mjs';

const summaries = '/v1/customers/655080/invoiceSummaries';

test('500.00 pays the oldest invoices by the default card, and the ledger holds exactly that', async (bench) => {
  const form = await bench.demo();
  const before = await bench.server.read(summaries);
  const { shares, rest } = divide(before, '500.00');
  await form.amount.pressSequentially('500.00');

  assert.equal(await form.plain('allocated'), toDecimal(sum(shares)));
  assert.equal(await form.plain('unallocated'), toDecimal(rest));
  assert.deepEqual(
    (await form.property('preview')).allocations.map(({ invoiceId, amount }) => [invoiceId, amount]),
    shares.map(({ id, share }) => [String(id), toDecimal(share)]),
    'the preview names the shares before anything is sent',
  );
  for (const { id, share } of shares.slice(0, 3)) assert.equal(await form.share(id).inputValue(), toDecimal(share));
  assert.deepEqual(await bench.server.ledger.payments(), []);

  await form.pay.click();
  await form.waitFor('recorded');
  const receipt = await form.receipt.innerText();
  for (const { number } of shares) assert.ok(receipt.includes(number), `the receipt names ${number}:\n${receipt}`);

  const [payment, ...others] = await bench.server.ledger.payments();
  assert.equal(others.length, 0, 'one press, one payment');
  assert.deepEqual(payment.shares, Object.fromEntries(shares.map(({ id, share }) => [id, share])));
  assert.equal(Object.values(payment.shares).reduce((a, b) => a + b), 50000n, 'the shares sum exactly');
  assert.equal(payment.method, 'CreditCard');
  assert.equal(payment.customer, 655080);
  assert.equal(payment.source, 'SelfServicePortal');
  assert.ok(receipt.includes(String(payment.id)), 'the receipt shows the number of the record');
  const [recorded] = bench.events('recorded');
  const { effectiveTimestamp } = JSON.parse(recorded.receipt.raw);
  const day = await form.page.evaluate((moment) => new Date(moment).toLocaleDateString('en-US', { dateStyle: 'medium' }), effectiveTimestamp);
  assert.ok(receipt.includes(day), `the receipt says in the payer's own calendar when it was paid, ${day}:\n${receipt}`);
  assert.equal(recorded.receipt.id, String(payment.id));
  assert.deepEqual(recorded.differences, []);

  await form.page.reload();
  await form.waitFor('ready');
  const after = inOrder(await bench.server.read(summaries));
  const paid = shares.filter(({ share, balance }) => share === balance);
  for (const { id } of paid) assert.equal(await form.row(id).count(), 0, `invoice ${id} is paid and gone`);
  const partly = shares.find(({ share, balance }) => share < balance);
  if (partly) assert.ok((await form.row(partly.id).innerText()).includes(grouped(partly.balance - partly.share)), 'the part-paid invoice shows its lowered balance');
  assert.equal(after.length, inOrder(before).length - paid.length);
}, { isSmoke: true });

test('newest first pays from the other end', async (bench) => {
  const form = await bench.demo();
  const { shares } = divide(await bench.server.read(summaries), '321.09', { plan: 'newest' });
  await form.payNow({ amount: '321.09', plan: 'newest' });
  const [payment] = await bench.server.ledger.payments();
  assert.deepEqual(payment.shares, Object.fromEntries(shares.map(({ id, share }) => [id, share])));
}, { isSmoke: true });

test('an edited share stays, the plan fills the others around it', async (bench) => {
  const form = await bench.demo();
  const before = await bench.server.read(summaries);
  const third = inOrder(before)[2];
  await form.amount.fill('500');
  await form.share(third.id).fill('12.34');
  const { shares } = divide(before, '500', { pins: { [third.id]: '12.34' } });
  assert.deepEqual((await form.property('value'))[`shares`], { [third.id]: '12.34' });
  await form.amount.fill('600');
  assert.equal(await form.share(third.id).inputValue(), '12.34', 'another amount does not overwrite what was typed');
  await form.amount.fill('500');
  await form.pay.click();
  await form.waitFor('recorded');
  const [payment] = await bench.server.ledger.payments();
  assert.deepEqual(payment.shares, Object.fromEntries(shares.map(({ id, share }) => [id, share])));
  assert.equal(payment.shares[third.id], 1234n);
}, { isSmoke: true });

test('an overpayment leaves the rest on account and says so before paying', async (bench) => {
  const form = await bench.demo();
  const { shares, rest } = divide(await bench.server.read(summaries), '999999.99');
  await form.amount.fill('999999.99');
  assert.equal(await form.plain('unallocated'), toDecimal(rest));
  assert.equal(await form.plain('still-owed'), '0.00');
  const words = () => form.element.locator('[part~="summary"]').innerText();
  assert.match(await words(), /overpayment[^]*applied to an invoice later/i);
  await form.fillIn({ amount: '20', plan: 'none' });
  assert.match(await words(), /account credit/i);
  assert.doesNotMatch(await words(), /overpayment/i, 'money kept on account by choice is no overpayment');
  await form.choosePlan('oldest');
  assert.doesNotMatch(await words(), /applied to an invoice later/i);
  await form.amount.fill('999999.99');
  await form.pay.click();
  await form.waitFor('recorded');
  const [payment] = await bench.server.ledger.payments();
  assert.equal(payment.amount, 99999999n);
  assert.equal(Object.values(payment.shares).reduce((a, b) => a + b), sum(shares));
});

test('staff record cash with a reference', async (bench) => {
  const form = await bench.demo('?customer=655080&staff');
  await form.payNow({ amount: '10.50', method: 'Cash', reference: 'Envelope 7, counted twice' });
  const [payment] = await bench.server.ledger.payments();
  assert.deepEqual(
    { method: payment.method, source: payment.source, reference: payment.reference, amount: payment.amount },
    { method: 'Cash', source: 'Manual', reference: 'Envelope 7, counted twice', amount: 1050n },
  );
  assert.match(await form.receipt.innerText(), /Envelope 7, counted twice/);
});

test('a stored bank account can be chosen, expired cards cannot; a stored method has one name in the picker, beside Pay and on the receipt', async (bench) => {
  const form = await bench.demo();
  const methods = await bench.server.read('/v1/customers/655080/paymentMethods/all');
  const account = methods.find(({ paymentMethodType }) => paymentMethodType === 'ACH');
  const expired = methods.find(({ expirationYear, expirationMonth }) => expirationYear && `${expirationYear}-${String(expirationMonth).padStart(2, '0')}` < '2026-11');
  assert.ok(await form.radio('paymentMethod', `stored-${expired.id}`).isDisabled(), 'the expired card is shown and cannot be chosen');
  assert.equal(await form.radio('paymentMethod', 'Cash').count(), 0, 'a portal customer is not offered cash');
  for (const { id, cardType, maskedCardNumber, maskedAccountNumber, expirationMonth, expirationYear } of methods) {
    const shown = await form.element.locator('label', { has: form.page.locator(`[value="stored-${id}"]`) }).innerText();
    const digits = (maskedCardNumber ?? maskedAccountNumber).slice(-4);
    assert.ok(shown.includes(`${cardType ?? 'Checking'} ending in ${digits}`), shown);
    if (cardType) assert.match(shown, new RegExp(`Expire[sd] ${String(expirationMonth).padStart(2, '0')}/${expirationYear % 100}`));
  }
  const name = `Checking ending in ${account.maskedAccountNumber.slice(-4)}`;
  await form.fillIn({ amount: '20', method: `stored-${account.id}` });
  await form.element.getByText(`${name}. You’ll only be charged once`).waitFor();
  await form.pay.click();
  await form.waitFor('recorded');
  assert.ok((await form.receipt.innerText()).includes(name), 'the receipt says it too');
  const [payment] = await bench.server.ledger.payments();
  assert.deepEqual([payment.method, payment.methodId], ['ACH', account.id]);
});

test('the receipt offers another payment, which starts empty with a key of its own', async (bench) => {
  await bench.serveThroughProxy();
  const form = await bench.demo();
  await form.payNow({ amount: '11', reference: 'first' });
  await form.button(/another payment/i).click();
  await form.waitFor('ready');
  assert.equal(await form.amount.inputValue(), '');
  await form.payNow({ amount: '12', reference: 'second' });
  const payments = await bench.server.ledger.payments();
  assert.deepEqual(payments.map(({ amount }) => amount), [1100n, 1200n]);
  const [first, second] = bench.proxy.payments;
  assert.ok(first.key && second.key && first.key !== second.key);
});

test('a payment that is not settled says so on the receipt, and to those who hear it; one that failed says what to do', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  let status = 'Pending';
  proxy.onPayment = (exchange) => async () => {
    const answer = await exchange.forward();
    exchange.send({ ...answer, body: answer.body.toString().replace('"status":"Pending"', `"status":"${status}"`) });
  };
  const form = await bench.host();
  const said = (words) => form.receipt.getByText(words);
  const heard = async () => form.element.evaluate((host, id) => host.shadowRoot.getElementById(id)?.textContent, await form.receipt.getAttribute('aria-describedby'));
  for (const [now, words] of [['Pending', /bank is processing this payment/], ['Failed', /this payment failed/i], ['Successful', null]]) {
    status = now;
    await form.payNow({ amount: { Pending: '5', Failed: '6', Successful: '7' }[now] });
    if (words) {
      await said(words).waitFor();
      assert.match(await heard(), words);
    } else assert.equal(await form.receipt.getAttribute('aria-describedby'), null);
    assert.equal(await form.receipt.locator('.pending').count(), words ? 1 : 0, 'no green tick before the money is there');
    await form.checkAccessibility(`settlement ${now}`);
    await form.button(/another payment/i).click();
    await form.waitFor('ready');
  }
});

test('Copy copies the number, says that it copied only when it did, and is not offered where nothing can be copied', async (bench) => {
  const form = await bench.host();
  const { page } = form;
  const answer = (how) => page.evaluate((how) => {
    navigator.clipboard.writeText = (text) => {
      window.copied = text;
      return how === 'takes' ? Promise.resolve() : Promise.reject(new DOMException('denied', 'NotAllowedError'));
    };
  }, how);
  await form.payNow({ amount: '5' });
  await answer('refuses');
  await form.button('Copy').click();
  await form.button('Could not be copied').waitFor();
  await answer('takes');
  await form.button('Could not be copied').click();
  await form.button('Copied').waitFor();
  assert.match(await form.receipt.innerText(), new RegExp(`Number ${await page.evaluate(() => window.copied)} `), 'the number and nothing else');
  await form.button(/another payment/i).click();
  await form.waitFor('ready');
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await form.payNow({ amount: '6' });
  await form.button('Print').waitFor();
  assert.equal(await form.button(/cop/i).count(), 0);
});

test('the keyboard alone leads from the first field to the receipt', async (bench) => {
  const form = await bench.demo();
  const { keyboard } = form.page;
  const focus = () =>
    form.element.evaluate((host) => {
      const active = host.shadowRoot.activeElement;
      return { name: active?.getAttribute('name'), submit: active?.closest('[part~="submit"]') !== null && active !== null, text: active?.textContent.trim() };
    });
  const tabTo = async (reached, most = 60) => {
    for (let presses = 0; presses < most; presses += 1) {
      const at = await focus();
      if (reached(at)) return at;
      if (/skip/i.test(at.text ?? '')) await keyboard.press('Enter');
      else await keyboard.press('Tab');
    }
    assert.fail(`not reached in ${most} presses; at ${JSON.stringify(await focus())}`);
  };
  await tabTo(({ name }) => name === 'amount');
  await keyboard.type('45.67');
  await tabTo(({ name }) => name === 'reference');
  await keyboard.type('by keyboard');
  await tabTo(({ submit }) => submit);
  await keyboard.press('Enter');
  await form.waitFor('recorded');
  const [payment] = await bench.server.ledger.payments();
  assert.deepEqual([payment.amount, payment.reference], [4567n, 'by keyboard']);
  await form.waitForFocus('receipt');
});

test('enter in a field leads on and pays nothing', async (bench) => {
  const form = await bench.demo();
  const [first, second] = inOrder(await bench.server.read(summaries));
  await form.amount.fill('0');
  await form.amount.press('Enter');
  await form.waitForFocus('error-summary');

  await form.amount.fill('50');
  await form.share(first.id).fill('20.00');
  await form.share(first.id).press('Enter');
  await form.waitForFocus(`share-${second.id}`);
  await form.share(second.id).press('Enter');
  assert.equal(await form.state(), 'ready');
  assert.equal(await form.share(first.id).inputValue(), '20.00');

  for (const field of [form.amount, form.reference]) {
    await form.amount.fill('50.00');
    await field.press('Enter');
    await form.page.waitFor(() => document.querySelector('payment-form').shadowRoot.activeElement?.matches('[data-testid=pay]'));
    assert.equal(await form.state(), 'ready');
  }
  assert.deepEqual(await bench.server.ledger.payments(), []);
  await form.page.keyboard.press('Enter');
  await form.waitFor('recorded');
  assert.equal((await bench.server.ledger.payments()).length, 1);
});

test('an untouched date follows the day and an edited one stays', async (bench) => {
  const form = await bench.demo('?api=maiascore');
  const today = await form.field('date').inputValue();
  const tomorrow = new Date(Date.parse(`${today}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  await form.moveClock(86_400_000);
  await form.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await form.page.waitFor((day) => document.querySelector('payment-form').shadowRoot.querySelector('[name=date]').value === day, tomorrow);
  await form.field('date').fill('2026-01-31');
  await form.moveClock(86_400_000);
  await form.page.evaluate(() => window.dispatchEvent(new Event('focus')));
  assert.equal(await form.field('date').inputValue(), '2026-01-31');
});

/** Minor units as an English page shows them. */
function grouped(count) {
  return toDecimal(count).replace(/\B(?=(\d{3})+(?!\d))/, ',');
}
