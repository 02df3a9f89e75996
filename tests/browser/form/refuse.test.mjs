// Tests that a wrong entry is explained at its field, that typed text stays, and that no payment is sent.
import assert from 'node:assert/strict';
import { eachCase, test } from '../harness/test.mjs';
import { json, replaceBefore } from '../harness/faults.mjs';
import { inOrder, units } from '../harness/money.mjs';
import { until } from '../harness/wait.mjs';

const summaries = '/v1/customers/655080/invoiceSummaries';

const amounts = {
  nothing: ['', 'amount-missing'],
  'no number': ['abc', 'amount-unreadable'],
  'less than nothing': ['-5', 'amount-negative'],
  zero: ['0', 'amount-zero'],
  'a part of a cent': ['10.0051', 'amount-too-fine'],
  // Ten thousand and five, as half of the world writes it: this has to be asked.
  'two readings': ['10.005', 'amount-ambiguous'],
};
test('an amount that cannot be paid is refused in words, what was typed stays, and mended the same form pays', async (bench) => {
  await bench.serveThroughProxy();
  const form = await bench.demo('?customer=655080&staff');
  const [, second] = inOrder(await bench.server.read(summaries));
  await form.fillIn({ amount: '', reference: ' kept as typed ', method: 'Check', plan: 'newest' });
  await form.share(second.id).fill('1.50');
  await eachCase(amounts, async ([typed, code]) => {
    await form.amount.fill(typed);
    const before = await form.entries();
    assert.equal(before.amount, typed);
    await form.pay.click();
    await form.summary.waitFor();
    await form.waitForFocus('error-summary');
    assert.deepEqual(await form.entries(), before);
    const problems = await form.property('problems');
    assert.deepEqual(problems.filter(({ field }) => field === 'amount').map((problem) => problem.code), [code]);
    await form.checkSummaryLeadsTo('amount');
    await checkMarked(form.amount);
    assert.equal(bench.proxy.payments.length, 0);
    assert.equal(await form.state(), 'ready');
  });
  await form.amount.fill('50');
  await form.pay.click();
  await form.waitFor('recorded');
  const [payment] = await bench.server.ledger.payments();
  assert.deepEqual([payment.amount, payment.reference, payment.method], [5000n, ' kept as typed ', 'Check']);
});

test('a share above its balance is refused at its row, and mended there by one press', async (bench) => {
  const form = await bench.demo();
  const [first] = inOrder(await bench.server.read(summaries));
  await form.amount.fill('90000');
  await form.share(first.id).fill('80000');
  const before = await form.entries();
  await form.pay.click();
  await form.summary.waitFor();
  assert.deepEqual(await form.entries(), before);
  const problems = await form.property('problems');
  assert.deepEqual(problems.map(({ code, invoiceId }) => [code, invoiceId]), [['share-above-balance', String(first.id)]]);
  await form.checkSummaryLeadsTo(`share-${first.id}`);
  await checkMarked(form.share(first.id));
  assert.deepEqual(await bench.server.ledger.payments(), []);
  await form.row(first.id).getByRole('button', { name: /change to/i }).click();
  await until(async () => units(await form.share(first.id).inputValue()) === units(first.outstandingBalance), 'the share is the balance');
  assert.deepEqual(await form.property('problems'), []);
});

test('D1: a refusal of the server stands at its field and its row, what was typed stays, and the balances are read again', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  const form = await bench.demo();
  await form.fillIn({ amount: '500.00', reference: 'kept' });
  const { allocations } = await form.property('preview');
  const before = await form.entries();
  proxy.onPayment = (exchange) =>
    replaceBefore(
      json(
        400,
        {
          ErrorId: 0,
          HttpStatusCode: 400,
          Errors: [
            { Key: 'payment.Amount', Value: 'Amount is not to our taste' },
            { Key: 'Payment.paymentAllocations[1].Amount', Value: 'The second row is not either' },
            { Key: 'Something.Else', Value: 'Nobody knows this key' },
          ],
        },
        [['Idempotency-Key', exchange.request.key]],
      ),
    );
  const listRequests = () => proxy.arrivals.filter(({ path }) => path.startsWith(summaries)).length;
  const read = listRequests();
  await form.pay.click();
  await form.waitFor('rejected');
  await form.waitForFocus('error-summary');
  assert.deepEqual(await form.entries(), before);
  assert.match(await form.text(), /nothing was charged/i);
  assert.deepEqual(await bench.server.ledger.payments(), []);
  await until(() => listRequests() > read, 'the balances are read again');
  const summary = await form.summary.innerText();
  for (const words of ['not to our taste', 'second row is not', 'Nobody knows this key']) assert.ok(summary.includes(words), `${words} in:\n${summary}`);
  await checkMarked(form.amount);
  await checkMarked(form.share(allocations[1].invoiceId));
  await form.checkSummaryLeadsTo(`share-${allocations[1].invoiceId}`);
  const [{ status, problems }] = bench.events('rejected');
  assert.equal(status, 400);
  assert.deepEqual(problems.map(({ field, invoiceId, key }) => [field, invoiceId ?? null, key]), [
    ['amount', null, 'payment.Amount'],
    ['share', allocations[1].invoiceId, 'Payment.paymentAllocations[1].Amount'],
    ['form', null, 'Something.Else'],
  ]);

  // The refusal spent its key: the mended payment is a new intent.
  proxy.faults();
  await form.amount.fill('400.00');
  await form.pay.click();
  await form.waitFor('recorded');
  const [first, second] = proxy.payments;
  assert.notEqual(first.key, second.key);
}, { isSmoke: true });

test('a refused amount can be typed anew without losing a key, and what is edited is no problem any more', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  const form = await bench.demo();
  await form.amount.fill('500.00');
  const refusal = { ErrorId: 0, HttpStatusCode: 400, Errors: [{ Key: 'payment.Amount', Value: 'Amount is not to our taste' }] };
  proxy.onPayment = (exchange) => replaceBefore(json(400, refusal, [['Idempotency-Key', exchange.request.key]]));
  await form.pay.click();
  await form.waitFor('rejected');
  await form.amount.selectText();
  // As a person types: the page draws between two keys.
  for (const key of '123.45') {
    await form.page.keyboard.press(key);
    await form.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  }
  assert.equal(await form.amount.inputValue(), '123.45');
  await form.waitForFocus('amount');
  assert.deepEqual(await form.property('problems'), []);
});

test('an amount on its way to decimals is not called wrong', async (bench) => {
  const form = await bench.demo();
  await form.amount.pressSequentially('12.');
  assert.equal(await form.element.locator('.refused').count(), 0);
  await form.amount.press('x');
  assert.equal(await form.element.locator('.refused').count(), 1);
});

test('a balance that somebody else has paid meanwhile is refused by the server at its row', async (bench) => {
  const form = await bench.demo();
  const [first] = inOrder(await bench.server.read(summaries));
  await form.amount.fill(String(first.outstandingBalance));
  const other = { customerId: 655080, amount: 1, paymentMethod: 'Cash', source: 'Manual', paymentAllocations: [{ invoiceID: first.id, amount: 1 }] };
  assert.equal((await bench.server.send('/v1/payments/', other)).status, 200);
  await form.pay.click();
  await form.waitFor('rejected');
  await checkMarked(form.share(first.id));
  assert.equal(await form.amount.inputValue(), String(first.outstandingBalance));
  assert.equal((await bench.server.ledger.payments()).length, 1, 'only the other payment is there');
});

/** The field says that it is wrong, and why, to those who do not see it. */
async function checkMarked(field) {
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  const look = (input) => {
    // The lists are read again after a refusal, and the row may just be drawn anew.
    if (!input.isConnected) return '';
    const ids = `${input.getAttribute('aria-describedby') ?? ''} ${input.getAttribute('aria-errormessage') ?? ''}`.split(' ').filter(Boolean);
    return ids.map((id) => input.getRootNode().getElementById(id)?.textContent ?? '').join(' ').trim();
  };
  const described = (await field.evaluate(look)) || (await field.evaluate(look));
  assert.ok(described.length > 0, 'the field is described by its problem');
}
