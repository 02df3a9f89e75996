// Tests the package's files as a page meets them: from another origin, in an older browser, and through the page object of a host's tests.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { PaymentFormPage } from '../../../src/element/js/testing.js';
import { page, snippets } from '../harness/docs.mjs';
import { dist } from '../harness/paths.mjs';
import { eachCase, test } from '../harness/test.mjs';
import { until } from '../harness/wait.mjs';

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

/** The snippet of docs/cdn.md with this server and these hashes, and the policy that it names. */
async function cdnPage(origin, { lang = 'en', changed = {} } = {}) {
  const { version } = JSON.parse(await readFile(path.join(dist, 'pkg/integrity.json'), 'utf8'));
  const { files } = await (await fetch(`${origin}/${version}/integrity.json`)).json();
  let [html] = snippets('cdn.md', 'html');
  html = html.replaceAll('https://cdn.example.com/payment-form/0.1.0', `${origin}/${version}`);
  for (const [name, hash] of Object.entries({ ...files, ...changed })) {
    html = html.replaceAll(new RegExp(`(${name.replaceAll('.', '\\.')}["'](?:: | integrity=)["'])sha384-…`, 'g'), `$1${hash}`);
  }
  assert.ok(!html.includes('…'), `a hash without a file: ${html}`);
  const policy = page('cdn.md').match(/Content-Security-Policy: (.*)/)[1].replaceAll('https://cdn.example.com', origin);
  return {
    // The page's icon is an image that Firefox asks for by itself.
    headers: [['Content-Security-Policy', `default-src 'none'; img-src 'self'; ${policy}`]],
    html: `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>Pay</title>${html}</head><body><main><h1>Pay</h1>
      <payment-form customer-id="655080" currency="USD" invoices-src="/v1/customers/655080/invoiceSummaries"
      payment-methods-src="/v1/customers/655080/paymentMethods/all"><p slot="fallback">Please call us.</p></payment-form></main></body></html>`,
  };
}

test('files of another origin pay under their hashes', async (bench) => {
  const other = await cdn();
  bench.cleanups.push(other.end);
  const form = await bench.host({}, await cdnPage(other.origin, { lang: 'de' }));
  assert.match(await form.text(), /Betrag/);
  await form.payNow({ amount: '500,00' });
  assert.equal(bench.proxy.payments.length, 1);
  assert.ok(!bench.proxy.arrivals.some(({ path: asked }) => asked.startsWith('/pkg/')), 'no file came from the page\'s own origin');
});

test('changed file of another origin is refused by its hash', async (bench) => {
  const other = await cdn();
  bench.cleanups.push(other.end);
  bench.expectMessage(/integrity|digest|could not be loaded/i);
  const wrong = `sha384-${'A'.repeat(64)}`;
  const form = await bench.host({}, { ...(await cdnPage(other.origin, { changed: { 'payment_form_bg.wasm': wrong } })), waitFor: 'crashed' });
  assert.equal(bench.events('load-error').length, 1);
  assert.ok(await form.page.getByText('Please call us.').isVisible());
  const english = await bench.host({}, await cdnPage(other.origin, { lang: 'de', changed: { 'words/de.json': wrong } }));
  assert.match(await english.text(), /Amount/, 'words that fail their hash are not read');
});

test('hash that comes after the first form is told to the developer', async (bench) => {
  bench.expectMessage(/configure\(\) came after the first form/);
  const form = await bench.host();
  await form.page.runScript("import('/pkg/element.js').then(({ configure }) => configure({ integrity: 'sha384-late' }))");
  await until(async () => {
    // Some drivers fetch the console's lines only with a script of their own.
    await form.page.evaluate(() => 0);
    return bench.watch.console.some(({ text }) => text.includes('came after the first form'));
  }, 'the line in the console');
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

test('page object ends with the error, the words of a refusal or the open payment', async (bench) => {
  const { page } = await bench.demo();
  const form = new PaymentFormPage(page.native);
  await form.ready();
  await assert.rejects(form.payAndReceive({ amount: 'abc' }), /did not send the payment: .*\(amount-/s);
  await page.evaluate(() => window.addEventListener('payment-submit', (event) => event.preventDefault(), { once: true }));
  await assert.rejects(form.payAndReceive({ amount: '5.00' }), /listener of the page prevented/);
  await page.evaluate(() => {
    const { fetch: real } = window;
    window.replyStatus = 400;
    window.fetch = async (request, options) => {
      const { method, headers } = new Request(request, options);
      if (method !== 'POST') return real(request, options);
      const reply = { ErrorId: 1, Errors: [{ Key: 'payment.PaymentMethodType', Value: 'The card was declined.' }] };
      return new Response(JSON.stringify(reply), { status: Number(window.replyStatus), headers: { 'Content-Type': 'application/json', 'Idempotency-Key': headers.get('Idempotency-Key') ?? '' } });
    };
  });
  await assert.rejects(form.payAndReceive({ amount: '5.00' }), /refused with 400.*The card was declined\./s);

  // The answer of status 500 settles nothing, so the payment stays open, also over a reload.
  await page.evaluate(() => (window.replyStatus = 500));
  await assert.rejects(form.payAndReceive({ amount: '5.00' }), /outcome of the payment is unknown/);
  await assert.rejects(form.payAndReceive({ amount: '6.00' }), /an earlier one is still open, in the state unknown/);
  await page.native.reload();
  await form.ready();
  await assert.rejects(form.payAndReceive({ amount: '6.00' }), /an earlier one is still open, in the state (unknown|resolving)/);
}, { needs: 'playwright' });
