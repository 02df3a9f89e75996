// Tests the package's files as a page meets them: from another origin, in an older browser, and through the page object of a host's tests.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { PaymentFormPage } from '../../../src/element/js/testing.js';
import { dist } from '../harness/places.mjs';
import { eachCase, test } from '../harness/test.mjs';

const types = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' };
const fallback = '<payment-form customer-id="655080" currency="USD"><p slot="fallback">Please call us.</p></payment-form>';

/** A server of another origin over `dist/cdn/`, as a network of such servers answers. */
async function cdn() {
  const server = createServer(async (request, response) => {
    const body = await readFile(path.join(dist, 'cdn', path.normalize(request.url))).catch(() => undefined);
    response.writeHead(body ? 200 : 404, { 'Access-Control-Allow-Origin': '*', 'Content-Type': types[path.extname(request.url)] ?? 'text/plain' });
    response.end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://127.0.0.1:${server.address().port}`, end: () => server.close() };
}

test('files of another origin pay under their hashes', async (bench) => {
  const other = await cdn();
  bench.endings.push(other.end);
  const { version } = JSON.parse(await readFile(path.join(dist, 'pkg/integrity.json'), 'utf8'));
  const base = `${other.origin}/${version}`;
  const { files } = await (await fetch(`${base}/integrity.json`)).json();
  const map = JSON.stringify({ integrity: Object.fromEntries(['element.js', 'payment_form.js'].map((name) => [`${base}/${name}`, files[name]])) });
  const script = `import { configure } from '${base}/element.js'; configure({ integrity: '${files['payment_form_bg.wasm']}' });`;
  const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  // The page's icon is an image that Firefox asks for by itself.
  const policy = `default-src 'none'; script-src ${other.origin} 'wasm-unsafe-eval' ${hash(map)} ${hash(script)}; connect-src 'self' ${other.origin}; img-src 'self'`;
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pay</title><script type="importmap">${map}</script>
    <script type="module" crossorigin src="${base}/define.js" integrity="${files['define.js']}"></script><script type="module">${script}</script></head>
    <body><main><h1>Pay</h1><payment-form customer-id="655080" invoices-src="/v1/customers/655080/invoiceSummaries"
    payment-methods-src="/v1/customers/655080/paymentMethods/all"></payment-form></main></body></html>`;
  const form = await bench.host({}, { html, headers: [['Content-Security-Policy', policy]] });
  await form.payNow({ amount: '500.00' });
  assert.equal(bench.proxy.payments.length, 1);
  assert.ok(!bench.proxy.arrivals.some(({ path: asked }) => asked.startsWith('/pkg/')), 'no file came from the page\'s own origin');
});

test('changed file of another origin is refused by its hash', async (bench) => {
  const other = await cdn();
  bench.endings.push(other.end);
  bench.expectMessage(/integrity|digest|could not be loaded/i);
  const { version } = JSON.parse(await readFile(path.join(dist, 'pkg/integrity.json'), 'utf8'));
  const base = `${other.origin}/${version}`;
  const wrong = `sha384-${'A'.repeat(64)}`;
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pay</title>
    <script type="module">import { configure } from '${base}/element.js'; configure({ integrity: '${wrong}' }); import('${base}/define.js');</script></head>
    <body><main><h1>Pay</h1>${fallback}</main></body></html>`;
  const form = await bench.host({}, { html, headers: [], waitFor: 'crashed' });
  assert.equal(bench.events('load-error').length, 1);
  assert.ok(await form.page.getByText('Please call us.').isVisible());
});

/** The features that an older browser lacks, and whether the form needs them. */
const lacking = [
  ['states of element internals', () => delete globalThis.ElementInternals.prototype.states, true],
  ['element internals', () => delete globalThis.HTMLElement.prototype.attachInternals, true],
  ['registered custom properties', () => delete globalThis.CSS.registerProperty, true],
  ['WebAssembly', () => delete globalThis.WebAssembly, false],
  ['constructed stylesheets', () => { globalThis.CSSStyleSheet = class { constructor() { throw new TypeError('Illegal constructor'); } }; }, false],
];
test('browser without a feature shows the form or the fallback', async (bench) => {
  bench.expectMessage(/could not be loaded/);
  await bench.serveThroughProxy();
  await eachCase(lacking.map((row) => [row[0], row]), async ([, remove, works]) => {
    const errorsBefore = bench.events('load-error').length;
    const context = await bench.context();
    await context.addInitScript(remove);
    const form = await bench.host({}, { context, body: fallback, waitFor: works ? 'ready' : 'crashed' });
    assert.equal(await form.page.getByText('Please call us.').isVisible(), !works);
    assert.equal(bench.events('load-error').length - errorsBefore, works ? 0 : 1);
  });
});

test('page object ends with the error or the words of a refusal', async (bench) => {
  const { page } = await bench.demo();
  const form = new PaymentFormPage(page.native);
  await form.ready();
  await assert.rejects(form.payAndReceive({ amount: 'abc' }), /did not send the payment: .*\(amount-/s);
  await page.evaluate(() => {
    const { fetch: real } = window;
    window.fetch = async (request, options) => {
      const { method, headers } = new Request(request, options);
      if (method !== 'POST') return real(request, options);
      const reply = { ErrorId: 1, Errors: [{ Key: 'payment.PaymentMethodType', Value: 'The card was declined.' }] };
      return new Response(JSON.stringify(reply), { status: 400, headers: { 'Content-Type': 'application/json', 'Idempotency-Key': headers.get('Idempotency-Key') ?? '' } });
    };
  });
  await assert.rejects(form.payAndReceive({ amount: '5.00' }), /refused with 400.*The card was declined\./s);
}, { needs: 'playwright' });
