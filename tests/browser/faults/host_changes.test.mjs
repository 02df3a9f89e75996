// Tests changes of the customer, the server and the configuration by the page at every moment of a payment.
import assert from 'node:assert/strict';
import { eachCase, test } from '../harness/test.mjs';
import { dropAfter, gate, json, pass, replaceBefore } from '../harness/faults.mjs';
import { freshConnections, ledgerHolds, pressedAndHeld, settled } from './observe.mjs';

const A = '655080';
const B = '655081';
const plain = { source: 'Manual', currency: 'USD', allocation: 'none', 'invoices-src': undefined, 'payment-methods-src': undefined };
const invoicesOf = (customer) => `/v1/customers/${customer}/invoiceSummaries`;

/** A form without lists, whose page goes wherever a test sends it; a payment in cash is typed. */
async function bare(bench, attributes = {}) {
  const form = await bench.host({ ...plain, ...attributes }, { signIn: '/?customer=655080&staff' });
  await form.fillIn({ amount: '80.00', reference: 'note of A', method: 'Cash' });
  return form;
}

const set = (form, properties) => form.element.evaluate((host, all) => void Object.assign(host, all), properties);
const value = (form) => form.element.evaluate((host) => host.value);
const customers = (bench) => bench.proxy.payments.map(({ body }) => JSON.parse(body).customerId);

/** A server of the test's own at this address, which pays all that comes, or loses the answer; the keys that it was sent are in the list. */
function serverAt({ proxy }, path, { isLost = () => false } = {}) {
  const posts = [];
  proxy.serve(path, async (exchange) => {
    const { key, body } = exchange.request;
    const { amount, customerId, reference } = JSON.parse(body);
    posts.push(key);
    const record = { id: 7000 + posts.length, amount, customerId, reference, invoiceAllocations: [] };
    if (isLost(posts.length)) exchange.send({ status: 502, body: '' });
    else exchange.send(json(200, record, [['Idempotency-Key', key]]));
  });
  return posts;
}

const goings = {
  'another endpoint': { endpoint: '/elsewhere' },
  'another source': { source: 'Automatic' },
  'another customer': { customerId: B },
};
test('a review ends when the page goes on to another endpoint, source or customer, and nothing of it can be sent', async (bench) => {
  const form = await bare(bench, { confirm: true });
  await eachCase(goings, async (properties, going) => {
    await form.pay.click();
    await form.waitFor('reviewing');
    await set(form, properties);
    await form.waitFor('ready');
    assert.equal(bench.proxy.payments.length, 0);
    assert.equal(await form.amount.inputValue(), going === 'another customer' ? '' : '80.00');
  });
});

test('a press that waits for the balances is taken back when the page goes on to another customer', async (bench) => {
  bench.expectMessage(/the invoices are in EUR/);
  const form = await bench.host({ source: 'Manual', currency: 'USD', allocation: 'none', amount: '50' }, { signIn: '/?customer=655080&staff' });
  await form.fillIn({ amount: '80.00', method: 'Cash' });
  const lists = Object.fromEntries([A, B].map((customer) => [customer, gate({ before: true })]));
  bench.proxy.onOther = ({ request }) => {
    const asked = [A, B].find((customer) => request.path.startsWith(invoicesOf(customer)));
    return asked ? lists[asked] : pass;
  };
  await form.moveClock(70_000);
  await form.pay.click();
  await lists[A].reached;
  await set(form, { customerId: B, invoicesSrc: invoicesOf(B), paymentMethodsSrc: `/v1/customers/${B}/paymentMethods/all` });
  await form.page.waitFor(() => document.querySelector('payment-form').value.amount !== '80.00');
  await lists[B].reached;
  // The list of the customer before is not shown, and nothing is paid, while that of the new one is on its way.
  assert.equal(await form.element.locator('[data-invoice-id]').count(), 0);
  await form.pay.click({ force: true });
  lists[B].open();
  await form.element.locator('[data-invoice-id]').first().waitFor();
  assert.equal(await form.state(), 'ready');
  assert.deepEqual(customers(bench), []);
});

test('lists of another customer that cannot be loaded leave none of the one before', async (bench) => {
  bench.expectMessage(/HTTP status 404|404 \(Not Found\)/);
  const form = await bench.host({ source: 'Manual', currency: 'USD' }, { signIn: '/?customer=655080&staff' });
  await form.element.locator('[data-invoice-id]').first().waitFor();
  const methods = form.element.locator('[name=paymentMethod][value^=stored]');
  assert.ok((await methods.count()) > 0);
  await set(form, { customerId: B, invoicesSrc: '/nowhere', paymentMethodsSrc: '/nowhere' });
  for (const list of [/invoices could not be loaded/i, /payment methods could not be loaded/i]) await form.element.getByText(list).waitFor();
  assert.equal(await form.element.locator('[data-invoice-id]').count(), 0);
  assert.equal(await methods.count(), 0);
  await form.fillIn({ amount: '5.00', method: 'Cash' });
  await form.pay.click();
  await form.summary.waitFor();
  assert.deepEqual(customers(bench), []);
});

test('invoices that come together with another customer are meant for that one; those of the one before go', async (bench) => {
  const form = await bare(bench, { allocation: 'oldest' });
  const list = (id) => [{ id, number: `INV-${id}`, dueDate: '2026-11-01', balance: '20.00', currency: 'USD' }];
  await set(form, { invoices: list('1') });
  await form.row('1').waitFor();
  // Long after that list was given.
  await form.drawn();
  await set(form, { invoices: list('2'), customerId: B });
  await form.row('2').waitFor();
  await form.drawn();
  await set(form, { customerId: '655082' });
  await form.row('2').waitFor({ state: 'detached' });
});

test('A11: what was typed and refused for one customer does not stay for the next', async (bench) => {
  const form = await bare(bench, settled);
  const refusal = { ErrorId: 0, HttpStatusCode: 400, Errors: [{ Key: 'payment.Amount', Value: 'Too much for A' }] };
  const refused = gate({ before: true });
  bench.proxy.onPayment = (exchange) => {
    exchange.forward = async () => json(400, refusal, [['Idempotency-Key', exchange.request.key]]);
    return refused;
  };
  await form.pay.click();
  await form.waitFor('submitting');
  await set(form, { timeout: '60', customerId: B });
  await refused.reached;
  assert.equal((await value(form)).amount, '80.00', 'what is open stays as it was sent');
  refused.open();
  await form.waitFor('ready');
  assert.deepEqual(bench.events('rejected').length, 1, 'the page hears of it');
  const { amount, reference } = await value(form);
  assert.deepEqual([amount, reference], ['', '']);
  assert.deepEqual(await form.element.evaluate((host) => host.problems.filter(({ key }) => key)), []);
  assert.doesNotMatch(await form.text(), /Too much for A/);
  // It waits where it was typed.
  await set(form, { customerId: A });
  await form.page.waitFor(() => document.querySelector('payment-form').value.reference === 'note of A');
});

test('A11: a receipt goes with its customer', async (bench) => {
  const form = await bare(bench);
  await form.pay.click();
  await form.waitFor('recorded');
  await set(form, { customerId: B });
  await form.waitFor('ready');
  assert.equal(await form.amount.inputValue(), '');
  assert.deepEqual(customers(bench), [Number(A)]);
});

test('A11: that one endpoint gave a key back is not believed of the next one', async (bench) => {
  const form = await bare(bench, { endpoint: '/a', timeout: '1' });
  serverAt(bench, '/a');
  const posts = serverAt(bench, '/b', { isLost: () => true });
  await form.pay.click();
  await form.waitFor('recorded');
  await set(form, { endpoint: '/b' });
  await form.button(/another payment/i).click();
  await form.fillIn({ amount: '81.00', method: 'Cash' });
  await form.pay.click();
  await form.waitFor('unknown');
  assert.ok(!(await form.offers('retry')));
  assert.doesNotMatch(await form.text(), /will not pay twice/i);
  assert.equal(posts.length, 1);
});

test('A11: an attempt is cancelled at the server it was sent to', async (bench) => {
  const form = await bare(bench, { endpoint: '/a', 'resolve-endpoint': '/a/resolve', timeout: '1' });
  serverAt(bench, '/a', { isLost: () => true });
  const asked = [];
  for (const path of ['/a/resolve', '/b/resolve']) {
    bench.proxy.serve(path, async (exchange) => {
      const { key } = JSON.parse(exchange.request.body);
      asked.push(path);
      const record = { id: 7001, amount: 80, customerId: Number(A), reference: 'note of A', invoiceAllocations: [] };
      const [status, body] = path.startsWith('/a') ? [200, record] : [410, { Message: 'cancelled' }];
      exchange.send(json(status, body, [['Idempotency-Key', key]]));
    });
  }
  await form.pay.click();
  await form.waitFor('unknown');
  await set(form, { endpoint: '/b', resolveEndpoint: '/b/resolve' });
  await form.press('cancel');
  await form.waitFor('recorded');
  assert.deepEqual(asked, ['/a/resolve']);
});

test('A11: a relative endpoint is the same place after the address of the page has changed', async (bench) => {
  const form = await bare(bench, { endpoint: 'pay', idempotency: 'required', timeout: '1' });
  const there = serverAt(bench, '/pay', { isLost: (count) => count === 1 });
  await form.pay.click();
  await form.waitFor('unknown');
  await form.page.evaluate(() => history.pushState(null, '', '/tenant2/host.html'));
  await form.press('retry');
  await form.waitFor('recorded');
  assert.equal(there.length, 2);
});

test('a payment that was given up does not leave when the page has signed in at last', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  freshConnections(proxy);
  const form = await bare(bench, { timeout: '1', idempotency: 'none' });
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
  // Whatever would leave now leaves before the answer to this.
  await form.page.evaluate(() => fetch('/healthz'));
  await ledgerHolds(bench, 1);
  assert.equal(await form.state(), 'recorded');
});

test('A3: an attempt is taken up when the page names its customer only after a reload', async (bench) => {
  freshConnections(await bench.serveThroughProxy());
  const form = await bare(bench, { ...settled, 'customer-id': undefined });
  await set(form, { customerId: A });
  await form.fillIn({ amount: '500.00', reference: 'marker 7K2Q', method: 'Cash' });
  bench.proxy.faults(dropAfter());
  await form.pay.click();
  await form.waitFor('unknown');
  await form.page.reload();
  await form.waitFor('ready');
  await set(form, { customerId: A });
  await form.waitFor('unknown');
  await form.press('retry');
  await form.waitFor('recorded');
  await ledgerHolds(bench, 1);
});

test('a list that fails before sending is told of, and a second press pays by what is shown', async (bench) => {
  bench.expectMessage(/invoiceSummaries|500/);
  const form = await bench.host({ allocation: 'none' });
  await form.fillIn({ amount: '500.00', reference: 'marker 7K2Q' });
  bench.proxy.onOther = (exchange) => async () => {
    if (!exchange.request.path.startsWith(invoicesOf(A))) return pass(exchange);
    return exchange.send({ status: 500, body: '' });
  };
  await form.moveClock(70_000);
  await form.pay.click();
  await form.element.getByText(/could not be loaded/i).waitFor();
  assert.match(await form.text(), /may be out of date/i);
  const told = form.element.getByText(/could not be checked again, so nothing was sent/i);
  await told.waitFor();
  assert.ok(await told.evaluate((line) => line.closest('.status-place').matches(':focus')), 'whoever pressed is told of it');
  assert.equal(await form.state(), 'ready');
  assert.equal(bench.proxy.payments.length, 0, 'not by itself');
  await form.pay.click();
  await form.waitFor('recorded');
  await ledgerHolds(bench, 1);
});

test('what a page changes while it hears of a payment is not what was pressed, and nothing is sent', async (bench) => {
  const form = await bare(bench);
  await form.element.evaluate((host, other) => {
    host.addEventListener('payment-submit', () => Object.assign(host, { customerId: other, lookup: () => null }), { once: true });
  }, B);
  await form.pay.click();
  await form.page.waitFor(() => document.querySelector('payment-form').value.amount === '');
  assert.equal(bench.proxy.payments.length, 0);
  assert.equal(await form.state(), 'ready');
});

test('who began to type before the page named the customer goes on typing', async (bench) => {
  const form = await bench.host({ ...plain, customer: undefined, 'customer-id': undefined }, { signIn: '/?customer=655080&staff' });
  await form.fillIn({ amount: '80.00', reference: 'early', method: 'Cash' });
  await set(form, { customerId: A });
  await form.drawn();
  assert.deepEqual([(await value(form)).amount, (await value(form)).reference], ['80.00', 'early']);
  await form.pay.click();
  await form.waitFor('recorded');
  assert.deepEqual(customers(bench), [Number(A)]);
});

test('a review ends when what it would be paid with is gone, and the form says why', async (bench) => {
  const form = await bench.host({ ...plain, confirm: true });
  const cards = [{ id: '7', kind: 'CreditCard', label: 'Visa', isDefault: true }];
  await set(form, { paymentMethods: cards });
  await form.fillIn({ amount: '80.00' });
  await form.pay.click();
  await form.waitFor('reviewing');
  await set(form, { paymentMethods: [{ id: '9', kind: 'ACH', label: 'Bank' }] });
  await form.waitFor('ready');
  await form.checkSummaryLeadsTo('paymentMethod');
  assert.equal(bench.proxy.payments.length, 0);
});

test('the name under which an open payment is kept does not change with the page around', async (bench) => {
  freshConnections(await bench.serveThroughProxy());
  const form = await bare(bench, { timeout: '5' });
  await form.element.evaluate((host) => (host.id = 'named-later'));
  bench.proxy.faults(dropAfter());
  await form.pay.click();
  await form.waitFor('unknown');
  await form.page.reload();
  await form.waitFor('unknown');
});

test('what was typed stays while another address is read, and the currency is not known', async (bench) => {
  const again = gate({ before: true });
  await bench.serveThroughProxy();
  bench.proxy.onOther = ({ request }) => (request.path.endsWith('?again') ? again : pass);
  const form = await bench.host({ persist: 'none', allocation: 'none' });
  await form.amount.fill('80.00');
  await set(form, { invoicesSrc: `${invoicesOf(A)}?again` });
  await again.reached;
  again.open();
  await form.row(566871).waitFor();
  assert.equal(await form.amount.inputValue(), '80.00');
});

test('balances are read again after a refusal', async (bench) => {
  const form = await bench.host({}, {});
  await form.fillIn({ amount: '500.00' });
  const refusal = { ErrorId: 0, HttpStatusCode: 400, Errors: [{ Key: 'payment.Amount', Value: 'Too much' }] };
  bench.proxy.onPayment = (exchange) => replaceBefore(json(400, refusal, [['Idempotency-Key', exchange.request.key]]));
  const read = gate();
  bench.proxy.onOther = ({ request }) => (request.path.startsWith(invoicesOf(A)) ? read : pass);
  await form.pay.click();
  await form.waitFor('rejected');
  await read.reached;
  read.open();
});

for (const change of ['another value', 'reset()']) {
  test(`while payment-submit is heard nothing moves under the payment: ${change}`, async (bench) => {
    bench.expectMessage(/value: not taken/);
    const form = await bare(bench);
    await form.element.evaluate((host, change) => {
      const act = () => (change === 'reset()' ? host.reset() : (host.value = { ...host.value, amount: '99' }));
      host.addEventListener('payment-submit', act);
    }, change);
    const held = await pressedAndHeld(bench, form);
    assert.equal((await value(form)).amount, '80.00');
    held.open();
    await form.waitFor('recorded');
  });
}

test('invoices_given_while_payment_submit_is_heard_wait_for_the_outcome', async (bench) => {
  const form = await bare(bench, { allocation: 'oldest' });
  await form.element.evaluate((host) => {
    const list = [{ id: '1', number: 'INV-1', dueDate: '2026-11-01', balance: '20.00', currency: 'USD' }];
    host.addEventListener('payment-submit', () => (host.invoices = list), { once: true });
  });
  const held = await pressedAndHeld(bench, form);
  await form.drawn();
  assert.equal(await form.row('1').count(), 0, 'the division that was sent stays');
  held.open();
  await form.waitFor('recorded');
  assert.equal(bench.proxy.payments.length, 1);
});

test('reset() while payment-recorded is heard begins anew', async (bench) => {
  const form = await bare(bench);
  await form.element.evaluate((host) => host.addEventListener('payment-recorded', () => host.reset()));
  await form.pay.click();
  await form.page.waitFor(() => document.querySelector('payment-form').state === 'ready' && document.querySelector('payment-form').value.amount === '');
  assert.equal(bench.proxy.payments.length, 1);
});

test('a wait that the server asked for is over after its seconds, whatever the clock says', async (bench) => {
  const form = await bare(bench, settled);
  bench.proxy.faults(async (exchange) => exchange.send({ status: 429, headers: [['Retry-After', '1']], body: '' }));
  await form.pay.click();
  await form.waitFor('held');
  await form.moveClock(-25 * 3_600_000);
  await form.press('retry');
  await form.waitFor('recorded');
});

test('A11: a payment whose element was away when the outcome came shows it when it is put back', async (bench) => {
  const form = await bare(bench, { timeout: '60' });
  const held = await pressedAndHeld(bench, form);
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
  freshConnections(await bench.serveThroughProxy());
  const form = await bare(bench, settled);
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
