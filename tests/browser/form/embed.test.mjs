// Tests the element as a host's developer uses it: attributes, properties, methods, events, moves and mistakes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { dist, root } from '../harness/paths.mjs';
import { test } from '../harness/test.mjs';
import { strictPolicy } from '../harness/host.mjs';
import { nothingFor, until } from '../harness/wait.mjs';
import { PaymentFormPage } from '../../../src/element/js/testing.js';

const given = {
  invoices: [
    { id: '11', number: 'A-1', dueDate: '2026-10-01', issuedOn: '2026-09-01', total: '100.00', balance: '60.00', currency: 'USD' },
    { id: 12, number: 'A-2', dueDate: '2026-10-02', issuedOn: '2026-09-02', total: 100, balance: 40.5, currency: 'USD' },
    { id: '13', number: 'A-3', dueDate: '2026-10-03', issuedOn: '2026-09-03', total: '10.00', balance: '0', currency: 'USD' },
  ],
  paymentMethods: [{ id: '7', kind: 'CreditCard', label: 'Visa ending in 4242', isDefault: true, expires: '2029-01' }],
};
const bare = { 'invoices-src': undefined, 'payment-methods-src': undefined };

test('invoices and methods can be given as properties, amounts as texts or numbers, and objects as a framework makes them', async (bench) => {
  // Until the host's script has set them, no invoice tells the currency.
  bench.expectMessage(/currency/);
  const form = await bench.host(bare, { waitFor: null });
  await form.element.evaluate((host, lists) => Object.assign(host, lists), given);
  await form.amount.fill('70');
  const { allocations, allocated, unallocated, stillOwed, amount } = await form.property('preview');
  assert.deepEqual(
    { amount, allocations: allocations.map(({ invoiceId, amount: share }) => [invoiceId, share]), allocated, unallocated, stillOwed },
    { amount: '70.00', allocations: [['11', '60.00'], ['12', '10.00']], allocated: '70.00', unallocated: '0.00', stillOwed: '30.50' },
  );
  assert.equal(await form.row('13').count(), 0, 'a closed invoice is not shown');
  assert.match((await form.entries()).paymentMethod, /^(stored-7|default)$/, 'the default method is chosen');

  // The objects may be a framework's own, and the ids BigInts.
  await form.element.evaluate((host) => {
    class Invoice {
      constructor() {
        this.self = this;
      }
      get id() {
        return 9_007_199_254_740_993n;
      }
      get balance() {
        return { toString: () => '60.00' };
      }
      get dueDate() {
        return '2026-10-01';
      }
      get currency() {
        return 'USD';
      }
    }
    host.invoices = [new Invoice()];
  });
  await form.row('9007199254740993').waitFor();
  const { allocations: own } = await form.property('preview');
  assert.deepEqual(own.map(({ invoiceId, amount }) => [invoiceId, amount]), [['9007199254740993', '60.00']]);
  assert.match(await form.row('9007199254740993').innerText(), /Oct 1\b/);
});

test('properties set before the class is defined are taken over', async (bench) => {
  await bench.serveThroughProxy();
  const script = `const form = document.querySelector('payment-form'); form.invoices = ${JSON.stringify(given.invoices)}; form.amount = '12.50'; import('/pkg/define.js');`;
  bench.proxy.page('/early.js', { headers: [['Content-Type', 'text/javascript']], body: script });
  const html = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Early</title></head><body><payment-form customer-id="655080"></payment-form><script type="module" src="/early.js"></script></body></html>';
  const form = await bench.host({}, { html });
  await form.row('11').waitFor();
  assert.equal(await form.amount.inputValue(), '12.50');
});

test('stored methods that are given after the invoices replace the default that was assumed', async (bench) => {
  const form = await bench.host({ 'payment-methods-src': undefined });
  assert.equal((await form.property('value')).paymentMethod, 'default', 'without a list the server knows the default');
  await form.element.evaluate((host, methods) => (host.paymentMethods = methods), given.paymentMethods);
  await form.radio('paymentMethod', 'stored-7').waitFor();
  assert.ok(await form.radio('paymentMethod', 'stored-7').isChecked());
  await form.element.evaluate((host) => (host.value = { amount: '5', paymentMethod: 'default' }));
  await form.element.evaluate((host, methods) => (host.paymentMethods = methods), [...given.paymentMethods]);
  assert.ok(await form.radio('paymentMethod', 'default').isChecked(), 'the choice stays');
});

test('the page object of payment-form/testing fills in, pays and reads, in both contracts', async (bench) => {
  const { page } = await bench.demo();
  const form = new PaymentFormPage(page.native);
  await form.ready();
  await form.fill({ amount: '30', shares: { 566934: '12.00' }, reference: 'by the page object', plan: 'newest' });
  assert.deepEqual([await form.total('allocated'), (await form.preview()).amount, (await form.value()).shares], ['30.00', '30.00', { 566934: '12.00' }]);
  assert.deepEqual(await form.problems(), []);
  const { receipt } = await form.payAndReceive({ amount: '31' });
  assert.deepEqual([receipt.amount, await form.waitForState('recorded')], ['31.00', 'recorded']);
  await page.close();

  const { page: other } = await bench.demo('?api=maiascore');
  const item = new PaymentFormPage(other.native);
  await item.ready();
  const recorded = await item.payAndReceive({ amountDue: '10', amountPaid: '4.00', dueDate: '2026-12-01' });
  assert.deepEqual([recorded.receipt.amount, recorded.differences], ['4.00', []]);
  assert.equal(bench.events('change').at(-1).amount, '4.00', 'the event names what is paid in this contract too');
}, { needs: 'playwright' });

test('value can be read, kept by the host and written back', async (bench) => {
  const form = await bench.host();
  await form.fillIn({ amount: '300', reference: 'kept by the host', plan: 'newest' });
  await form.share(566934).fill('11.11');
  const value = await form.property('value');
  assert.deepEqual([value.amount, value.reference, value.allocation, value.shares], ['300', 'kept by the host', 'newest', { 566934: '11.11' }]);
  await form.element.evaluate((host) => host.reset());
  assert.equal(await form.amount.inputValue(), '');
  await form.element.evaluate((host, draft) => (host.value = draft), value);
  assert.deepEqual(await form.property('value'), value);
  assert.equal(await form.amount.inputValue(), '300');
  assert.equal(await form.share(566934).inputValue(), '11.11');
});

test('S8: the events come in their order, bubble out of the shadow, are frozen, and carry texts', async (bench) => {
  const form = await bench.host();
  await form.amount.pressSequentially('25.5');
  await form.reference.fill('note');
  await form.pay.click();
  await form.waitFor('recorded');
  const names = bench.watch.events.map(({ name }) => name.replace('payment-', ''));
  assert.deepEqual([...new Set(names)], ['ready', 'change', 'submit', 'recorded']);
  const change = bench.events('change').find(({ amount }) => amount === '25.50');
  assert.deepEqual([change.field, change.allocated, change.unallocated, change.valid], ['amount', '25.50', '0.00', true]);
  const [submit] = bench.events('submit');
  assert.deepEqual([submit.method, new URL(submit.url, bench.origin).pathname, submit.value.amount, submit.preview.amount], ['POST', '/v1/payments/', '25.5', '25.50']);
  assert.equal(submit.body, bench.proxy.payments[0].body.toString(), 'the body that was announced is the one that was sent');
  const [{ receipt }] = bench.events('recorded');
  assert.deepEqual([receipt.amount, receipt.currency, typeof receipt.id, receipt.unallocated], ['25.50', 'USD', 'string', '0.00']);
  assert.match(receipt.raw, /"id":/);
});

test('the members answer: disabled locks, checkValidity asks silently, reportValidity shows, submit() pays, state follows', async (bench) => {
  const form = await bench.host({ disabled: true });
  await form.amount.waitFor();
  assert.ok(await form.amount.isDisabled());
  await form.element.evaluate((host) => (host.disabled = false));
  assert.equal(await form.element.evaluate(async (host) => (await host.ready) ?? host.matches(':state(ready)')), true);
  assert.equal(await form.element.evaluate((host) => host.checkValidity()), false);
  assert.ok(!(await form.summary.isVisible()));
  assert.equal(await form.element.evaluate((host) => host.reportValidity()), false);
  await form.summary.waitFor();
  await form.amount.fill('6.00');
  assert.equal(await form.element.evaluate((host) => host.checkValidity()), true);

  await form.element.evaluate((host) => host.addEventListener('payment-submit', (event) => event.preventDefault(), { once: true }));
  await form.pay.click();
  await nothingFor(200, 'the payment that the page cancelled');
  assert.deepEqual([await form.state(), bench.proxy.payments.length], ['ready', 0]);

  await form.element.evaluate((host) => host.submit());
  await form.waitFor('recorded');
  assert.equal(await form.element.evaluate((host) => host.matches(':state(recorded)') && !host.matches(':state(ready)')), true);
});

test('a form that is moved in the document keeps its entries; one that is taken out for good lets go', async (bench) => {
  const form = await bench.host();
  await form.fillIn({ amount: '5.00', reference: 'moved' });
  await form.element.evaluate((host) => {
    const place = document.createElement('section');
    document.body.prepend(place);
    place.append(host);
  });
  assert.deepEqual([await form.amount.inputValue(), await form.reference.inputValue()], ['5.00', 'moved']);
  await form.element.evaluate((host) => {
    window.kept = host;
    host.remove();
  });
  await form.drawn();
  await form.page.evaluate(() => document.querySelector('main').append(window.kept));
  await form.ready();
  assert.deepEqual([await form.amount.inputValue(), await form.reference.inputValue()], ['5.00', 'moved']);
  await form.payNow();
});

test('many forms come and go without a trace', async (bench) => {
  const form = await bench.host({ ...bare, currency: 'USD', source: 'Manual' });
  const page = form.page;
  for (let round = 0; round < 20; round += 1) {
    await page.evaluate(async () => {
      const form = document.createElement('payment-form');
      for (const [name, value] of [['customer-id', '1'], ['currency', 'USD'], ['source', 'Manual']]) form.setAttribute(name, value);
      document.querySelector('main').append(form);
      await form.ready;
      form.remove();
    });
  }
  await form.fillIn({ amount: '5.00', method: 'Cash' });
  assert.equal((await form.property('preview')).amount, '5.00');
});

test('without a currency the developer is told, and the person sees no half form', async (bench) => {
  bench.expectMessage(/currency/i);
  const form = await bench.host({ ...bare, source: 'Manual' }, { waitFor: null });
  await form.waitForText(/\S/);
  const namesCurrency = () => bench.watch.console.some(({ kind, text }) => kind === 'error' && /currency/i.test(text));
  // WebKit hands its console on only when the page is asked for something.
  await until(async () => (await form.amount.count()) === 0 && namesCurrency(), 'the console names the currency, and there is no amount');
});

test('mistaken attribute values are told to the developer and count as the default', async (bench) => {
  bench.expectMessage(/payment-form|methods|min is above max/);
  const isWarned = (text) => bench.watch.console.some((line) => line.text.includes(text));
  let form = await bench.host({ api: 'paypal', allocation: 'random', timeout: 'soon', min: '20', max: '10' });
  for (const words of ['api="', 'allocation="', 'timeout="', 'min is above max']) assert.ok(isWarned(words), words);

  const offered = (form) => form.field('paymentMethod').evaluateAll((radios) => radios.map(({ value }) => value.replace(/-\d+/, '')));
  form = await bench.host({ methods: 'Bitcoin' });
  assert.ok(isWarned('methods="Bitcoin" is not known; its default is used.'));
  assert.ok((await offered(form)).includes('stored'));
  await form.payNow({ amount: '5.00' });
  form = await bench.host({ methods: 'Bitcoin Cash', source: 'Manual' });
  assert.ok(isWarned('"Bitcoin" is not known, and left out.') && !isWarned('methods="Bitcoin Cash"'));
  assert.deepEqual(await offered(form), ['Cash']);
});

test('without the list of methods the default can still be chosen, and what is chosen stands on the screen', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  bench.expectMessage(/paymentMethods/);
  proxy.onOther = (exchange) => async () =>
    /paymentMethods/.test(exchange.request.path) ? exchange.send({ status: 500, headers: [['Content-Type', 'text/plain']], body: 'no' }) : exchange.send(await exchange.forward());
  const form = await bench.host({}, { waitFor: null });
  await form.row(566871).waitFor();
  await form.button(/try again/i).waitFor();
  const radio = form.radio('paymentMethod', 'default');
  await radio.waitFor();
  assert.ok(!(await radio.isChecked()), 'no method is chosen for the person');
  await form.element.evaluate((host) => (host.value = { amount: '5.00', paymentMethod: 'default' }));
  assert.ok(await radio.isChecked());
  await form.element.getByText(/your default method\. you’ll only be charged once/i).waitFor();
  assert.doesNotMatch(await form.text(), /no card or bank account on file/i);
  await form.pay.click();
  await form.waitFor('recorded');
  assert.match(proxy.payments[0].body.toString(), /"useDefaultPaymentMethod":true/);
});

test('a reload of the lists does not take the field from under the fingers', async (bench) => {
  const form = await bench.host();
  await form.amount.pressSequentially('12');
  const input = await form.remember(form.amount);
  await form.element.evaluate((host) => host.refresh());
  await form.page.keyboard.type('3');
  assert.equal(await form.amount.inputValue(), '123');
  assert.ok(await input.stays(), 'it is still the same input');
});

test('slots and parts are where a host finds them', async (bench) => {
  await bench.serveThroughProxy();
  const body = '<payment-form customer-id="655080" currency="USD" source="Manual"><p slot="header">Our own heading</p><p slot="legal">The small print</p><p slot="footer">The end</p></payment-form>';
  const form = await bench.host({}, { body });
  for (const text of ['Our own heading', 'The small print', 'The end']) assert.ok(await form.page.getByText(text).isVisible(), text);
  const parts = await form.element.evaluate((host) => [...host.shadowRoot.querySelectorAll('[part]')].flatMap((node) => [...node.part]));
  for (const part of ['base', 'amount', 'methods', 'reference', 'allocation', 'submit', 'summary']) assert.ok(parts.includes(part), `part ${part}`);
});

/** A page with one form, and this script in the place of the package's own. */
const scripted = (script) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Own script</title><script type="module" src="${script}"></script></head><body><main><h1>Pay</h1><payment-form customer-id="655080" currency="USD" source="Manual"></payment-form></main></body></html>`;

test('configure({wasmUrl}) loads that file and no other', async (bench) => {
  await bench.serveThroughProxy();
  const script = "import { configure } from '/pkg/element.js'; configure({ wasmUrl: '/elsewhere.wasm' }); import('/pkg/define.js');";
  bench.proxy.page('/own.js', { headers: [['Content-Type', 'text/javascript']], body: script });
  const wasm = Buffer.from(await (await fetch(`${bench.server.origin}/pkg/payment_form_bg.wasm`)).arrayBuffer());
  bench.proxy.page('/elsewhere.wasm', { headers: [['Content-Type', 'application/wasm']], body: wasm });
  const form = await bench.host({}, { html: scripted('/own.js') });
  await form.element.evaluate((host) => host.ready);
  const wasms = bench.proxy.arrivals.map(({ path }) => path).filter((path) => path.endsWith('.wasm'));
  assert.deepEqual(wasms, ['/elsewhere.wasm']);
});

test('rules beside an element leave its integrity checked', async (bench) => {
  await bench.serveThroughProxy();
  bench.expectMessage(/integrity|digest|could not be loaded/i);
  const script = `import { configure } from '/pkg/element.js';
    import { allocate } from '/pkg/rules.js';
    const invoices = [{ id: '1', number: 'A', dueDate: '2026-10-01', balance: '9', currency: 'USD' }];
    window.allocated = allocate({ amount: '5', allocation: 'oldest', invoices });
    configure({ integrity: 'sha384-${'A'.repeat(64)}' });
    window.allocated.finally(() => import('/pkg/define.js'));`;
  bench.proxy.page('/own.js', { headers: [['Content-Type', 'text/javascript']], body: script });
  const form = await bench.host({}, { html: scripted('/own.js'), waitFor: null });
  await form.page.waitFor(() => window.allocated);
  assert.equal(await form.page.evaluate(async () => (await window.allocated).allocated), '5.00');
  await form.waitFor('crashed');
  assert.equal(bench.events('load-error').length, 1);
});

test('permissions policy without sync-xhr leaves the form usable', async (bench) => {
  await bench.serveThroughProxy();
  const headers = [['Content-Security-Policy', strictPolicy], ['Permissions-Policy', 'sync-xhr=()']];
  const form = await bench.host({}, { headers });
  await form.payNow({ amount: '500.00' });
  assert.equal(bench.proxy.payments.length, 1);
});

test('importing each entry of the package under Node does nothing and throws nothing', async () => {
  const { exports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const scripts = Object.values(exports).map((entry) => entry.node ?? entry.default).filter((file) => file?.endsWith('.js'));
  // React is not installed here; Next renders the component on a server in tests/hosts.
  for (const file of scripts.filter((file) => !file.endsWith('/react.js'))) {
    const module = await import(pathToFileURL(path.join(dist, '..', file)));
    if (/(element|define|stub)\.js$/.test(file)) assert.equal(typeof module.PaymentForm, 'function', file);
  }
});
