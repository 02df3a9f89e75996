// Tests the question for redirects of the endpoints, which a developer's machine asks and no other.
import assert from 'node:assert/strict';
import { formHtml } from '../harness/host.mjs';
import { Form } from '../harness/form.mjs';
import { eachCase, test } from '../harness/test.mjs';
import { nothingFor, until } from '../harness/wait.mjs';

/** A profile in which a person sits, not a program. */
async function developer(bench) {
  const context = await bench.context();
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'webdriver', { get: () => false }));
  return context;
}

const redirect = (status, to) => ({ status, headers: [['Location', to]] });
const questions = (proxy) => proxy.arrivals.filter(({ method }) => method === 'OPTIONS');
const paths = (proxy) => questions(proxy).map(({ path }) => path);
const warnings = (bench) => bench.watch.console.filter(({ text }) => text.includes('payment-form:'));

/** Waits for the one warning, and for its words. */
async function warned(bench, { page }, words, as = /^warn/) {
  const look = async () => {
    // Some drivers fetch the console's lines only with a script of their own.
    await page.evaluate(() => 0);
    return warnings(bench).length > 0;
  };
  await until(look, 'the warning');
  const [{ kind, text }, ...more] = warnings(bench);
  assert.match(kind, as);
  assert.ok(text.includes(words), text);
  assert.deepEqual(more, []);
}

const maiascore = { api: 'maiascore', 'invoices-src': undefined, 'payment-methods-src': undefined, currency: 'USD' };
const fusebill = ['/v1/payments/', '/v1/payments'];
/** Attributes of the form, the redirects of the server, the advice, and the addresses that are asked. */
const redirects = {
  'to the address with a slash': [maiascore, { '/payments': [301, '/payments/'] }, 'Set endpoint="/payments/".', ['/payments', '/payments/']],
  'to the address with a slash, keeping the method': [maiascore, { '/payments': [308, '/payments/'] }, 'Set endpoint="/payments/".', ['/payments', '/payments/']],
  'to the address without a slash': [{}, { '/v1/payments/': [301, '/v1/payments'] }, 'Set endpoint="/v1/payments".', fusebill],
  'to the address without a slash, keeping the method': [{}, { '/v1/payments/': [308, '/v1/payments'] }, 'Set endpoint="/v1/payments".', fusebill],
  'the resolve-endpoint keeps its query': [
    { 'resolve-endpoint': '/v1/payments/resolve?shop=2' },
    { '/v1/payments/resolve': [301, '/v1/payments/resolve/?shop=2'] },
    'Set resolve-endpoint="/v1/payments/resolve/?shop=2".',
  ],
  'with and without a slash, as behind a sign-in': [{}, Object.fromEntries(fusebill.map((path) => [path, [302, '/sign-in']])), 'Set endpoint to the address that answers.'],
};
test('endpoint that is redirected is told before anybody pays, with an address that answers', async (bench) => {
  await eachCase(redirects, async ([attributes, answers, advice, asked]) => {
    const proxy = await bench.serveThroughProxy();
    bench.watch.console.splice(0);
    for (const [path, [status, to]] of Object.entries(answers)) proxy.page(path, redirect(status, to));
    const form = await bench.host(attributes, { context: await developer(bench) });
    await warned(bench, form, advice);
    if (asked) assert.deepEqual(paths(proxy), asked);
    assert.equal(proxy.payments.length, 0);
    await form.page.close();
  });
});

test('list that is redirected is told with the way out', async (bench) => {
  bench.expectMessage(/is redirected/);
  const proxy = await bench.serveThroughProxy();
  const path = '/v1/customers/655080/invoiceSummaries';
  proxy.page(path, redirect(301, `${path}/`));
  const form = await bench.host();
  await warned(bench, form, `${path}: it is redirected. Set the address that answers`, /^(warn|error)/);
});

test('endpoint that answers is asked once a page, without credentials and without a word in the console', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  // The browser's own question for an icon would stand in the console.
  proxy.page('/favicon.ico', { status: 204 });
  const body = formHtml({ id: 'one' }) + formHtml({ id: 'two' });
  const { page } = await bench.host({}, { body, waitFor: null, context: await developer(bench) });
  const forms = ['#one', '#two'].map((css) => new Form(page, css));
  for (const form of forms) await form.ready();
  await until(() => questions(proxy).length > 0, 'the question');
  await forms[0].payNow({ amount: '10.00' });
  await nothingFor(300, 'a second question');
  assert.deepEqual(paths(proxy), ['/v1/payments/']);
  const [{ body: sent, authorization, key }] = questions(proxy);
  assert.deepEqual([sent.length, authorization, key], [0, undefined, undefined]);
  assert.deepEqual(bench.watch.console, []);
});

test('endpoint that leaves the question unanswered takes the payment', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  let release;
  const released = new Promise((done) => (release = done));
  proxy.serve('/v1/payments/', async (exchange) => {
    await released;
    exchange.drop('RST');
  });
  const form = await bench.host({}, { context: await developer(bench) });
  await until(() => questions(proxy).length > 0, 'the question');
  await form.payNow({ amount: '10.00' });
  release();
  await nothingFor(300, 'a warning about the lost question');
  assert.equal((await bench.server.ledger.payments()).length, 1);
  assert.deepEqual(warnings(bench), []);
});

test('endpoint is not asked in a browser that a program drives', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  await bench.host();
  await nothingFor(500, 'a question');
  assert.deepEqual(paths(proxy), []);
});

test('endpoint is not asked on a host that is no developer\'s machine', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  proxy.page('/v1/payments/', redirect(308, '/v1/payments'));
  // The form knows this loopback address by none of its usual names, so it stands for a host of the network.
  const address = await proxy.listenAlso('127.0.0.2');
  proxy.page('/host.html', { headers: [['Content-Type', 'text/html']], body: `<!doctype html><html lang="en"><head><title>Host</title><script type="module" src="/pkg/define.js"></script></head><body><main>${formHtml({ 'invoices-src': undefined, 'payment-methods-src': undefined, currency: 'USD' })}</main></body></html>` });
  proxy.onOther = () => async (exchange) => {
    const headers = exchange.request.headers.map(([name, value]) => (/^host$/i.test(name) ? [name, `127.0.0.1:${proxy.port}`] : [name, value]));
    exchange.send(await exchange.forward({ headers }));
  };
  const page = await (await developer(bench)).newPage();
  await page.goto(`${address}/host.html`);
  await new Form(page).ready();
  await nothingFor(500, 'a question');
  assert.deepEqual(paths(proxy), []);
  assert.deepEqual(warnings(bench), []);
});
