// Tests changes of the customer, the server and the configuration by the page at every moment of a payment.
import assert from 'node:assert/strict';
import { eachCase, test } from '../harness/test.mjs';
import { dropAfter, gate, pass } from '../harness/faults.mjs';
import { useFreshConnections, assertLedgerCount, payWithHeldReply, resolvingAttributes } from './observe.mjs';
import { customerA, customerB, openPlainForm, paidCustomers, invoicesOf, plainAttributes, setProperties, readValue } from './bare_host.mjs';

test('a payment that was given up does not leave when the page has signed in at last', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  useFreshConnections(proxy);
  const form = await openPlainForm(bench, { timeout: '1', idempotency: 'none' });
  await form.element.evaluate((host) => {
    host.lookup = async () => null;
    let asked = 0;
    host.authorization = () => ((asked += 1) === 1 ? new Promise((done) => (window.signIn = () => done(undefined))) : undefined);
  });
  await form.pay.click();
  await form.waitFor('unknown');
  await form.moveClock(10 * 60_000);
  await form.press('check');
  await form.button(/i have checked/i).waitFor();
  await form.press('abandon');
  await form.waitFor('ready');
  await form.amount.fill('500.00');
  await form.reference.fill('marker 7K2Q');
  await form.pay.click();
  await form.waitFor('recorded');
  await form.page.evaluate(() => window.signIn());
  // A request that leaves now leaves before the answer to this one.
  await form.page.evaluate(() => fetch('/healthz'));
  await assertLedgerCount(bench, 1);
  assert.equal(await form.state(), 'recorded');
});

test('A3: an attempt is taken up when the page names its customer only after a reload', async (bench) => {
  useFreshConnections(await bench.serveThroughProxy());
  const form = await openPlainForm(bench, { ...resolvingAttributes, 'customer-id': undefined });
  await setProperties(form, { customerId: customerA });
  await form.fillIn({ amount: '500.00', reference: 'marker 7K2Q', method: 'Cash' });
  bench.proxy.faults(dropAfter());
  await form.pay.click();
  await form.waitFor('unknown');
  await form.page.reload();
  await form.waitFor('ready');
  await setProperties(form, { customerId: customerA });
  await form.waitFor('unknown');
  await form.press('retry');
  await form.waitFor('recorded');
  await assertLedgerCount(bench, 1);
});

test('a list that fails before sending is told of, and a second press pays by what is shown', async (bench) => {
  bench.expectMessage(/invoiceSummaries|500/);
  const form = await bench.host({ allocation: 'none' });
  await form.fillIn({ amount: '500.00', reference: 'marker 7K2Q' });
  bench.proxy.onOther = (exchange) => async () => {
    if (!exchange.request.path.startsWith(invoicesOf(customerA))) return pass(exchange);
    return exchange.send({ status: 500, body: '' });
  };
  await form.moveClock(70_000);
  await form.pay.click();
  await form.element.getByText(/could not be loaded/i).waitFor();
  assert.match(await form.text(), /may be out of date/i);
  const notice = form.element.getByText(/could not be checked again, so nothing was sent/i);
  await notice.waitFor();
  assert.ok(await notice.evaluate((line) => line.closest('.status-slot').matches(':focus')), 'the person who pressed is told');
  assert.equal(await form.state(), 'ready');
  assert.equal(bench.proxy.payments.length, 0, 'not by itself');
  await form.pay.click();
  await form.waitFor('recorded');
  await assertLedgerCount(bench, 1);
});

test('a change by the page while it hears of a payment was not pressed, so nothing is sent', async (bench) => {
  const form = await openPlainForm(bench);
  await form.element.evaluate((host, other) => {
    host.addEventListener('payment-submit', () => Object.assign(host, { customerId: other, lookup: () => null }), { once: true });
  }, customerB);
  await form.pay.click();
  await form.page.waitFor(() => document.querySelector('payment-form').value.amount === '');
  assert.equal(bench.proxy.payments.length, 0);
  assert.equal(await form.state(), 'ready');
});

test('text typed before the page named the customer stays, and typing goes on', async (bench) => {
  const form = await bench.host({ ...plainAttributes, customer: undefined, 'customer-id': undefined }, { signIn: '/?customer=655080&staff' });
  await form.fillIn({ amount: '80.00', reference: 'early', method: 'Cash' });
  await setProperties(form, { customerId: customerA });
  await form.drawn();
  assert.deepEqual([(await readValue(form)).amount, (await readValue(form)).reference], ['80.00', 'early']);
  await form.pay.click();
  await form.waitFor('recorded');
  assert.deepEqual(paidCustomers(bench), [Number(customerA)]);
});

test('a review ends when what it would be paid with is gone, and the form says why', async (bench) => {
  const form = await bench.host({ ...plainAttributes, confirm: true });
  const cards = [{ id: '7', kind: 'CreditCard', label: 'Visa', isDefault: true }];
  await setProperties(form, { paymentMethods: cards });
  await form.fillIn({ amount: '80.00' });
  await form.pay.click();
  await form.waitFor('reviewing');
  await setProperties(form, { paymentMethods: [{ id: '9', kind: 'ACH', label: 'Bank' }] });
  await form.waitFor('ready');
  await form.checkSummaryLeadsTo('paymentMethod');
  assert.equal(bench.proxy.payments.length, 0);
});

test('the name under which an open payment is kept does not change with the page around', async (bench) => {
  useFreshConnections(await bench.serveThroughProxy());
  const form = await openPlainForm(bench, { timeout: '5' });
  await form.element.evaluate((host) => (host.id = 'named-later'));
  bench.proxy.faults(dropAfter());
  await form.pay.click();
  await form.waitFor('unknown');
  await form.page.reload();
  await form.waitFor('unknown');
});

test('typed text stays while another address is read, and the currency is not known', async (bench) => {
  const again = gate({ before: true });
  await bench.serveThroughProxy();
  bench.proxy.onOther = ({ request }) => (request.path.endsWith('?again') ? again : pass);
  const form = await bench.host({ persist: 'none', allocation: 'none' });
  await form.amount.fill('80.00');
  await setProperties(form, { invoicesSrc: `${invoicesOf(customerA)}?again` });
  await again.reached;
  again.open();
  await form.row(566871).waitFor();
  assert.equal(await form.amount.inputValue(), '80.00');
});

test('while payment-submit is heard nothing moves under the payment', async (bench) => {
  bench.expectMessage(/value: not taken/);
  await eachCase(['another value', 'reset()'].map((change) => [change, change]), async (change) => {
    const form = await openPlainForm(bench);
    await form.element.evaluate((host, change) => {
      const act = () => (change === 'reset()' ? host.reset() : (host.value = { ...host.value, amount: '99' }));
      host.addEventListener('payment-submit', act);
    }, change);
    const held = await payWithHeldReply(bench, form);
    assert.equal((await readValue(form)).amount, '80.00');
    held.open();
    await form.waitFor('recorded');
  });
});

test('invoices given while payment-submit is heard wait for the outcome', async (bench) => {
  const form = await openPlainForm(bench, { allocation: 'oldest' });
  await form.element.evaluate((host) => {
    const list = [{ id: '1', number: 'INV-1', dueDate: '2026-11-01', balance: '20.00', currency: 'USD' }];
    host.addEventListener('payment-submit', () => (host.invoices = list), { once: true });
  });
  const held = await payWithHeldReply(bench, form);
  await form.drawn();
  assert.equal(await form.row('1').count(), 0, 'the division that was sent stays');
  held.open();
  await form.waitFor('recorded');
  assert.equal(bench.proxy.payments.length, 1);
});

test('reset() while payment-recorded is heard begins anew', async (bench) => {
  const form = await openPlainForm(bench);
  await form.element.evaluate((host) => host.addEventListener('payment-recorded', () => host.reset()));
  await form.pay.click();
  await form.page.waitFor(() => document.querySelector('payment-form').state === 'ready' && document.querySelector('payment-form').value.amount === '');
  assert.equal(bench.proxy.payments.length, 1);
});

test('a wait that the server asked for is over after its seconds, whatever the clock says', async (bench) => {
  const form = await openPlainForm(bench, resolvingAttributes);
  bench.proxy.faults(async (exchange) => exchange.send({ status: 429, headers: [['Retry-After', '1']], body: '' }));
  await form.pay.click();
  await form.waitFor('held');
  await form.moveClock(-25 * 3_600_000);
  await form.press('retry');
  await form.waitFor('recorded');
});

test('A11: a payment whose element was away when the outcome came shows it when it is put back', async (bench) => {
  const form = await openPlainForm(bench, { timeout: '60' });
  const held = await payWithHeldReply(bench, form);
  await form.element.evaluate((host) => {
    window.host = host;
    window.place = host.parentNode;
    host.remove();
  });
  held.open();
  await form.page.waitFor(() => window.host.state === 'recorded');
  await form.page.evaluate(() => window.place.append(window.host));
  await form.receipt.waitFor();
  // Taken out and put back once more, what was paid is not typed anew.
  await form.element.evaluate(async (host) => {
    host.remove();
    await new Promise((done) => requestAnimationFrame(done));
    window.place.append(host);
  });
  await form.waitFor('ready');
  assert.equal(await form.amount.inputValue(), '');
});

test('A11: another element takes up what one left open that the page has replaced', async (bench) => {
  useFreshConnections(await bench.serveThroughProxy());
  const form = await openPlainForm(bench, resolvingAttributes);
  bench.proxy.faults(dropAfter());
  await form.pay.click();
  await form.waitFor('unknown');
  await form.element.evaluate((host) => {
    const other = document.createElement('payment-form');
    for (const { name, value } of host.attributes) other.setAttribute(name, value);
    host.replaceWith(other);
  });
  await form.waitFor('unknown');
  await form.press('retry');
  await form.waitFor('recorded');
  assert.equal((await bench.server.ledger.payments()).length, 1);
});
