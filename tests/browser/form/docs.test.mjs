// Tests that the snippets of docs/ and README.md that need no framework work as they stand there. Those of frameworks are paid with in tests/hosts.
import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PaymentFormPage } from '../../../src/element/js/testing.js';
import { runSnippet, snippets } from '../harness/docs.mjs';
import { formHtml, hostPage, noPolicy, policy } from '../harness/host.mjs';
import { dist } from '../harness/paths.mjs';
import { test } from '../harness/test.mjs';

test('README\'s page pays and goes on to the thanks', async (bench) => {
  bench.expectMessage(/404/);
  const [html] = snippets('README.md', 'html');
  const form = await bench.host({}, { headers: noPolicy, html: `<!doctype html><html lang="en"><head><title>Pay</title></head><body><main>${html}</main></body></html>` });
  await form.fillIn({ amount: '500.00' });
  await form.pay.click();
  await form.page.waitFor(() => location.pathname.startsWith('/thanks/'));
  const [payment, ...more] = await bench.server.ledger.payments();
  assert.deepEqual([await form.page.evaluate(() => location.pathname), more], [`/thanks/${payment.id}`, []]);
});

test('lists of docs/start.md are divided as properties', async (bench) => {
  const [lists] = snippets('start.md', 'js');
  const form = await bench.host({}, { body: formHtml({ 'invoices-src': undefined, 'payment-methods-src': undefined, currency: 'USD' }) });
  await form.page.runScript(lists);
  await form.amount.fill('12.50');
  const { allocations } = await form.property('preview');
  assert.deepEqual(allocations.map(({ invoiceId, amount }) => [invoiceId, amount]), [['566934', '12.50']]);
  assert.ok(await form.radio('paymentMethod', 'stored-41877').isChecked());
});

test('listeners of docs/events.md go on to the thanks, and stop a payment', async (bench) => {
  bench.expectMessage(/404/);
  const form = await bench.host();
  const [thanks, stop] = snippets('events.md', 'js');
  await form.page.runScript(`${thanks}\nObject.defineProperty(navigator, 'onLine', { get: () => window.isOnline === true, configurable: true });\n${stop}`);
  await form.fillIn({ amount: '10.00' });
  await form.pay.click();
  assert.equal(bench.proxy.payments.length, 0, 'the listener has stopped it');
  await form.page.evaluate(() => (window.isOnline = true));
  await form.waitFor('ready');
  await form.pay.click();
  await form.page.waitFor(() => location.pathname.startsWith('/thanks/'));
});

test('test of docs/testing.md passes against the form', async (bench) => {
  const [code] = snippets('testing.md', 'js');
  await bench.serveThroughProxy();
  const context = await bench.context();
  await context.addCookie({ ...(await bench.server.session('/?customer=655080')), url: bench.origin });
  bench.proxy.page('/pay', hostPage({ attributes: {} }, policy));
  const { native } = await context.newPage();
  const go = native.goto.bind(native);
  // A project of Playwright names its server as `baseURL`.
  native.goto = (address) => go(new URL(address, bench.origin).href);
  const played = [];
  await runSnippet(code, { PaymentFormPage, test: (name, play) => played.push(play({ page: native })) });
  await Promise.all(played);
  const [payment] = await bench.server.ledger.payments();
  assert.deepEqual([played.length, payment.amount], [1, 50_000n]);
}, { needs: 'playwright' });

test('rules of docs/start.md divide and check under Node', async () => {
  const { allocate, check } = await import(pathToFileURL(path.join(dist, 'pkg/rules.node.js')));
  const code = snippets('start.md', 'js').find((text) => text.includes('payment-form/rules'));
  const invoices = [{ id: '566934', number: 'INV-1042', dueDate: '2026-11-10', balance: '312.75', currency: 'USD' }];
  const result = await runSnippet(code, { allocate, check, invoices }, 'return { allocations, unallocated, valid, problems };');
  assert.deepEqual([result.allocations.map(({ amount }) => amount), result.unallocated, result.valid, result.problems], [['12.50'], '487.50', true, []]);
});
