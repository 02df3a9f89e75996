// Tests pages that go on to another customer, endpoint or source while a payment is typed, reviewed or open.
import assert from 'node:assert/strict';
import { eachCase, test } from '../harness/test.mjs';
import { gate, json, pass } from '../harness/faults.mjs';
import { resolvingAttributes } from './observe.mjs';
import { customerA, customerB, openPlainForm, paidCustomers, invoicesOf, serveRecords, setProperties, readValue } from './bare_host.mjs';

const hostChanges = {
  'another endpoint': { endpoint: '/elsewhere' },
  'another source': { source: 'Automatic' },
  'another customer': { customerId: customerB },
};
test('a review ends when the page goes on to another endpoint, source or customer, and nothing of it can be sent', async (bench) => {
  const form = await openPlainForm(bench, { confirm: true });
  await eachCase(hostChanges, async (properties, going) => {
    await form.pay.click();
    await form.waitFor('reviewing');
    await setProperties(form, properties);
    await form.waitFor('ready');
    assert.equal(bench.proxy.payments.length, 0);
    assert.equal(await form.amount.inputValue(), going === 'another customer' ? '' : '80.00');
  });
});

test('a press that waits for the balances is taken back when the page goes on to another customer', async (bench) => {
  bench.expectMessage(/the invoices are in EUR/);
  const form = await bench.host({ source: 'Manual', currency: 'USD', allocation: 'none', amount: '50' }, { signIn: '/?customer=655080&staff' });
  await form.fillIn({ amount: '80.00', method: 'Cash' });
  const lists = Object.fromEntries([customerA, customerB].map((customer) => [customer, gate({ before: true })]));
  bench.proxy.onOther = ({ request }) => {
    const asked = [customerA, customerB].find((customer) => request.path.startsWith(invoicesOf(customer)));
    return asked ? lists[asked] : pass;
  };
  await form.moveClock(70_000);
  await form.pay.click();
  await lists[customerA].reached;
  await setProperties(form, { customerId: customerB, invoicesSrc: invoicesOf(customerB), paymentMethodsSrc: `/v1/customers/${customerB}/paymentMethods/all` });
  await form.page.waitFor(() => document.querySelector('payment-form').value.amount !== '80.00');
  await lists[customerB].reached;
  // The list of the customer before is not shown, and nothing is paid, while that of the new one is on its way.
  assert.equal(await form.element.locator('[data-invoice-id]').count(), 0);
  await form.pay.click({ force: true });
  lists[customerB].open();
  await form.element.locator('[data-invoice-id]').first().waitFor();
  assert.equal(await form.state(), 'ready');
  assert.deepEqual(paidCustomers(bench), []);
});

test('lists of another customer that cannot be loaded leave none of the one before', async (bench) => {
  bench.expectMessage(/HTTP status 404|404 \(Not Found\)/);
  const form = await bench.host({ source: 'Manual', currency: 'USD' }, { signIn: '/?customer=655080&staff' });
  await form.element.locator('[data-invoice-id]').first().waitFor();
  const methods = form.element.locator('[name=paymentMethod][value^=stored]');
  assert.ok((await methods.count()) > 0);
  await setProperties(form, { customerId: customerB, invoicesSrc: '/nowhere', paymentMethodsSrc: '/nowhere' });
  for (const list of [/invoices could not be loaded/i, /payment methods could not be loaded/i]) await form.element.getByText(list).waitFor();
  assert.equal(await form.element.locator('[data-invoice-id]').count(), 0);
  assert.equal(await methods.count(), 0);
  await form.fillIn({ amount: '5.00', method: 'Cash' });
  await form.pay.click();
  await form.summary.waitFor();
  assert.deepEqual(paidCustomers(bench), []);
});

test('invoices that come together with another customer are meant for that one; those of the one before go', async (bench) => {
  const form = await openPlainForm(bench, { allocation: 'oldest' });
  const list = (id) => [{ id, number: `INV-${id}`, dueDate: '2026-11-01', balance: '20.00', currency: 'USD' }];
  await setProperties(form, { invoices: list('1') });
  await form.row('1').waitFor();
  // Long after that list was given.
  await form.drawn();
  await setProperties(form, { invoices: list('2'), customerId: customerB });
  await form.row('2').waitFor();
  await form.drawn();
  await setProperties(form, { customerId: '655082' });
  await form.row('2').waitFor({ state: 'detached' });
});

test('A11: text that was refused for one customer goes with that customer', async (bench) => {
  const form = await openPlainForm(bench, resolvingAttributes);
  const refusal = { ErrorId: 0, HttpStatusCode: 400, Errors: [{ Key: 'payment.Amount', Value: 'Too much for A' }] };
  const refused = gate({ before: true });
  bench.proxy.onPayment = (exchange) => {
    exchange.forward = async () => json(400, refusal, [['Idempotency-Key', exchange.request.key]]);
    return refused;
  };
  await form.pay.click();
  await form.waitFor('submitting');
  await setProperties(form, { timeout: '60', customerId: customerB });
  await refused.reached;
  assert.equal((await readValue(form)).amount, '80.00', 'the open payment stays as it was sent');
  refused.open();
  await form.waitFor('ready');
  assert.deepEqual(bench.events('rejected').length, 1, 'the page hears of it');
  const { amount, reference } = await readValue(form);
  assert.deepEqual([amount, reference], ['', '']);
  assert.deepEqual(await form.element.evaluate((host) => host.problems.filter(({ key }) => key)), []);
  assert.doesNotMatch(await form.text(), /Too much for A/);
  // The reference waits where it was typed.
  await setProperties(form, { customerId: customerA });
  await form.page.waitFor(() => document.querySelector('payment-form').value.reference === 'note of A');
});

test('A11: a receipt goes with its customer', async (bench) => {
  const form = await openPlainForm(bench);
  await form.pay.click();
  await form.waitFor('recorded');
  await setProperties(form, { customerId: customerB });
  await form.waitFor('ready');
  assert.equal(await form.amount.inputValue(), '');
  assert.deepEqual(paidCustomers(bench), [Number(customerA)]);
});

test('A11: an echoed key of one endpoint is not believed of the next one', async (bench) => {
  const form = await openPlainForm(bench, { endpoint: '/a', timeout: '1' });
  serveRecords(bench, '/a');
  const posts = serveRecords(bench, '/b', { isLost: () => true });
  await form.pay.click();
  await form.waitFor('recorded');
  await setProperties(form, { endpoint: '/b' });
  await form.button(/another payment/i).click();
  await form.fillIn({ amount: '81.00', method: 'Cash' });
  await form.pay.click();
  await form.waitFor('unknown');
  assert.ok(!(await form.offers('retry')));
  assert.doesNotMatch(await form.text(), /will not pay twice/i);
  assert.equal(posts.length, 1);
});

test('A11: an attempt is cancelled at the server it was sent to', async (bench) => {
  const form = await openPlainForm(bench, { endpoint: '/a', 'resolve-endpoint': '/a/resolve', timeout: '1' });
  serveRecords(bench, '/a', { isLost: () => true });
  const asked = [];
  for (const path of ['/a/resolve', '/b/resolve']) {
    bench.proxy.serve(path, async (exchange) => {
      const { key } = JSON.parse(exchange.request.body);
      asked.push(path);
      const record = { id: 7001, amount: 80, customerId: Number(customerA), reference: 'note of A', invoiceAllocations: [] };
      const [status, body] = path.startsWith('/a') ? [200, record] : [410, { Message: 'cancelled' }];
      exchange.send(json(status, body, [['Idempotency-Key', key]]));
    });
  }
  await form.pay.click();
  await form.waitFor('unknown');
  await setProperties(form, { endpoint: '/b', resolveEndpoint: '/b/resolve' });
  await form.press('cancel');
  await form.waitFor('recorded');
  assert.deepEqual(asked, ['/a/resolve']);
});

test('A11: a relative endpoint is the same place after the address of the page has changed', async (bench) => {
  const form = await openPlainForm(bench, { endpoint: 'pay', idempotency: 'required', timeout: '1' });
  const there = serveRecords(bench, '/pay', { isLost: (count) => count === 1 });
  await form.pay.click();
  await form.waitFor('unknown');
  await form.page.evaluate(() => history.pushState(null, '', '/tenant2/host.html'));
  await form.press('retry');
  await form.waitFor('recorded');
  assert.equal(there.length, 2);
});
