// Tests security, as far as a browser can show it: the targets of requests and credentials, and that text stays text.
import assert from 'node:assert/strict';
import { eachCase, test } from '../harness/test.mjs';
import { json, replaceAfter, replaceBefore } from '../harness/faults.mjs';
import { formHtml, noPolicy } from '../harness/host.mjs';
import { Proxy } from '../harness/proxy.mjs';
import { nothingFor } from '../harness/wait.mjs';
import { corpus } from '../harness/xss.mjs';

/** A listener of another origin that would gladly answer anything. */
async function foreign(bench) {
  const other = new Proxy(() => 1);
  await other.listen(0);
  bench.cleanups.push(() => other.end());
  const allowAll = replaceBefore(json(200, [], [['Access-Control-Allow-Origin', '*'], ['Access-Control-Allow-Headers', '*']]));
  other.onOther = other.onPayment = other.onResolve = () => allowAll;
  return other;
}

const addresses = ['endpoint', 'resolve-endpoint', 'invoices-src', 'payment-methods-src'];
test("S6: an address of another origin gets no request, even where the page's own policy allows it", async (bench) => {
  const other = await foreign(bench);
  bench.expectMessage(/origin|endpoint|src|address/i);
  await eachCase(addresses.map((attribute) => [attribute, attribute]), async (attribute) => {
    const form = await bench.host({ source: 'Manual', currency: 'USD', timeout: '1', [attribute]: `${other.origin}/v1/payments/` }, { headers: noPolicy, waitFor: null });
    await form.element.evaluate((host) => (host.authorization = 'Bearer demo-token'));
    await form.amount.waitFor().catch(() => {});
    await form.fillIn({ amount: '5.00', method: 'Cash' }).catch(() => {});
    await form.pay.click({ timeout: 2000 }).catch(() => {});
    await nothingFor(400, 'a request to the other origin');
    assert.deepEqual(other.arrivals.map(({ method, path }) => `${method} ${path}`), []);
    await form.page.close();
  });
});

const schemes = ['http://evil.test/payments', 'https://user:secret@127.0.0.1/payments', 'javascript:alert(1)', 'data:text/plain,x', '//evil.test/v1/payments/', 'https:\\\\evil.test\\payments', 'blob:x'];
test('S6: other schemes, user names in addresses and network-path addresses get no request', async (bench) => {
  bench.expectMessage(/.*/);
  const form = await bench.host({ source: 'Manual', currency: 'USD', 'invoices-src': undefined, 'payment-methods-src': undefined, endpoint: schemes[0] }, { headers: noPolicy });
  const asked = [];
  form.page.on('request', (request) => asked.push(`${request.method} ${request.url}`));
  for (const endpoint of schemes) {
    await form.element.evaluate((host, endpoint) => host.setAttribute('endpoint', endpoint), endpoint);
    await form.fillIn({ amount: '5.00', method: 'Cash' });
    await form.pay.click({ timeout: 2000 }).catch(() => {});
    await nothingFor(150, 'a request to a refused address');
    assert.deepEqual(asked, [], endpoint);
    assert.equal(await form.state(), 'ready', endpoint);
  }
}, { needs: 'requests' });

test('configure({allowedOrigins}) is the way to another origin, and the credential goes only there', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  const api = await Proxy.start(() => bench.server.port);
  bench.cleanups.push(() => api.end());
  const allow = [['Access-Control-Allow-Origin', '*'], ['Access-Control-Allow-Headers', 'authorization, content-type, idempotency-key'], ['Access-Control-Expose-Headers', 'idempotency-key, idempotent-replayed, retry-after']];
  api.onOther = () => replaceBefore({ status: 204, headers: allow });
  api.onPayment = () => async (exchange) => {
    const reply = await exchange.forward({ headers: exchange.request.headers.filter(([name]) => !/^(origin|sec-fetch-.*)$/i.test(name)) });
    exchange.send({ ...reply, headers: [...reply.headers, ...allow] });
  };
  proxy.page('/configure.js', { headers: [['Content-Type', 'text/javascript']], body: `import { configure } from '/pkg/element.js'; configure({ allowedOrigins: ['${api.origin}'] });` });
  const body = `<script type="module" src="/configure.js"></script>${formHtml({ source: 'Manual', currency: 'USD', 'invoices-src': undefined, 'payment-methods-src': undefined, endpoint: `${api.origin}/v1/payments/` })}`;
  const form = await bench.host({}, { headers: noPolicy, body, signIn: false });
  await form.element.evaluate((host) => (host.authorization = () => Promise.resolve('Bearer demo-token')));
  await form.payNow({ amount: '5.00', method: 'Cash' });
  assert.equal((await bench.server.ledger.payments()).length, 1);
  assert.equal(api.payments[0].authorization, 'Bearer demo-token');
  assert.ok(!api.payments[0].headers.some(([name]) => /^(cookie|referer)$/i.test(name)), 'no cookie, no address of the page');
  assert.deepEqual(proxy.arrivals.filter(({ authorization }) => authorization), []);
});

test('S12 S15: the token goes into its header and stands nowhere else, whatever happens', async (bench) => {
  bench.expectMessage(/HTTP status 401/);
  const proxy = await bench.serveThroughProxy();
  const form = await bench.host({ source: 'Manual', timeout: '1', 'resolve-endpoint': '/v1/payments/resolve' }, { signIn: false, waitFor: null });
  await form.element.evaluate((host) => (host.authorization = 'Bearer demo-token'));
  await form.element.evaluate((host) => host.refresh());
  await form.waitFor('ready');
  assert.equal(await form.property('authorization'), undefined, 'it cannot be read back');
  const refusal = (exchange) => exchange.send(json(400, { Errors: [{ Key: 'payment.Amount', Value: 'no' }] }, [['Idempotency-Key', exchange.request.key]]));
  const outcomes = [refusal, replaceBefore(json(403, { code: 500, message: 'Error' })), replaceBefore(json(500, ''))];
  for (const [round, outcome] of outcomes.entries()) {
    proxy.faults(outcome);
    await form.submit({ amount: `${round + 5}.00`, method: 'Cash' });
    await form.waitFor(['rejected', 'held', 'unknown'][round]);
    await bench.checkSecrecy();
    if ((await form.state()) !== 'rejected') {
      await form.press('retry');
      await form.waitFor('recorded');
      await form.button(/another payment/i).click();
      await form.waitFor('ready');
    }
  }
  assert.ok(proxy.payments.every(({ authorization }) => authorization === 'Bearer demo-token'));
  assert.ok(proxy.payments.every(({ headers }) => !headers.some(([name]) => /^cookie$/i.test(name))), 'with Bearer, cookies are left at home');
});

const credentials = ['Basic demo-key', 'Digest x', 'demo-token', 'Bearer a\r\nX-Evil: 1'];
test('S14: a credential that is no Bearer token is refused and not sent', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  bench.expectMessage(/.*/);
  const form = await bench.host({ source: 'Manual', currency: 'USD', 'invoices-src': undefined, 'payment-methods-src': undefined }, { signIn: false });
  await eachCase(credentials.map((text) => [JSON.stringify(text), text]), async (authorization) => {
    await form.element.evaluate((host, text) => (host.authorization = text), authorization);
    await form.submit({ amount: '5.00', method: 'Cash' });
    await nothingFor(300, 'a request with a refused credential');
    assert.deepEqual(proxy.arrivals.filter((arrival) => arrival.authorization || arrival.kind === 'payment'), []);
    assert.ok(!(await form.text()).includes(authorization), 'nor shown');
  });
});

test('S13: a redirect of a list is not followed to another host', async (bench) => {
  const other = await foreign(bench);
  const proxy = await bench.serveThroughProxy();
  bench.expectMessage(/invoiceSummaries/);
  proxy.page('/v1/customers/655080/invoiceSummaries', { status: 307, headers: [['Location', `${other.origin}/v1/customers/655080/invoiceSummaries`]] });
  const form = await bench.host({ source: 'Manual', currency: 'USD' }, { headers: noPolicy, waitFor: null });
  await form.element.evaluate((host) => (host.authorization = 'Bearer demo-token'));
  await nothingFor(500, 'a request to the target of the redirect');
  assert.deepEqual(other.arrivals, []);
});

test('S21: the page of the form asks no other origin for anything', async (bench) => {
  await bench.serve();
  const context = await bench.context();
  const asked = [];
  context.on('request', (request) => asked.push(request.url));
  const form = await bench.demo('?customer=655080', { context });
  await form.payNow({ amount: '10' });
  assert.deepEqual(asked.filter((address) => !address.startsWith(bench.server.origin)), []);
}, { needs: 'requests' });

/** Nodes that no text may become, and dialogs that no text may open. */
async function checkOnlyText(form, dialogs, label) {
  const made = await form.element.evaluate((host) => {
    const bad = [...host.shadowRoot.querySelectorAll('script, iframe, object, embed, base, meta, link, img, style, a[href]:not([href^="#"], [download][href^="data:application/json;charset=utf-8,%7B"]), [style*="expression"]')];
    const on = [...host.shadowRoot.querySelectorAll('*')].filter((node) => node.getAttributeNames().some((name) => name.startsWith('on')));
    return [...bad, ...on].map((node) => node.outerHTML.slice(0, 200));
  });
  assert.deepEqual(made, [], label);
  assert.deepEqual(dialogs, [], label);
  assert.equal(await form.page.evaluate(() => window.__ran), undefined, label);
}

test('S5 S10 C12: hostile text in every field of a record stays text', async (bench) => {
  assert.ok(corpus.length >= 200, `${corpus.length} texts`);
  const proxy = await bench.serveThroughProxy();
  const form = await bench.demo('?customer=655080&staff');
  const dialogs = [];
  form.page.on('dialog', (dialog) => {
    dialogs.push(dialog.message);
    dialog.dismiss();
  });
  // Every text visits every field of a record: twenty texts at a time, each field another one.
  const perRecord = 20;
  for (let from = 0; from < corpus.length; from += perRecord) {
    const texts = corpus.slice(from, from + perRecord);
    const pick = (index) => texts[index % texts.length];
    proxy.faults(
      replaceAfter((reply) => {
        const record = JSON.parse(reply.body.toString());
        let index = from / perRecord;
        const hostile = (value) => (typeof value === 'string' || value === null ? pick((index += 1)) : value);
        for (const key of Object.keys(record)) if (!['id', 'amount', 'customerId', 'reference', 'currency'].includes(key)) record[key] = hostile(record[key]);
        record.invoiceAllocations = texts.map((text, row) => ({ invoiceId: 566934 + row, invoiceNumber: text, amount: 0.01, outstandingBalance: 1, uri: pick(row + 1) }));
        record.settlement = { status: pick(3), modifiedTimestamp: pick(4) };
        for (const [row, text] of texts.entries()) record[`new field ${text}`] = pick(row + 2);
        return { ...json(200, record), headers: [['Content-Type', 'application/json'], ...reply.headers.filter(([name]) => /^idempotency-key$/i.test(name))] };
      }),
    );
    await form.submit({ amount: `${(from + 100) / 100}`, method: 'Cash', plan: 'none' });
    await form.waitFor('recorded');
    await checkOnlyText(form, dialogs, `texts ${from} to ${from + perRecord}`);
    await form.button(/another payment/i).click();
    await form.waitFor('ready');
  }
}, { seconds: 90, needs: 'dialogs' });

test('S5: hostile text in refusals, lists and attributes stays text', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  const dialogs = [];
  const watched = (form) => form.page.on('dialog', (dialog) => {
    dialogs.push(dialog.message);
    dialog.dismiss();
  });
  const form = await bench.demo('?customer=655080&staff');
  watched(form);
  await form.fillIn({ amount: '5.00', method: 'Cash', plan: 'none' });
  for (let from = 0; from < corpus.length; from += 25) {
    const Errors = corpus.slice(from, from + 25).flatMap((text) => [{ Key: text, Value: text }, { Key: 'payment.Reference', Value: text }]);
    proxy.onPayment = (exchange) => replaceBefore(json(400, { ErrorId: 0, HttpStatusCode: 400, Errors }, [['Idempotency-Key', exchange.request.key]]));
    await form.pay.click();
    await form.waitFor('rejected');
    await form.summary.waitFor();
    await checkOnlyText(form, dialogs, `refusal ${from}`);
  }

  const invoices = corpus.map((text, index) => ({ id: 700000 + index, invoiceNumber: text, customerId: 655080, dueDate: '2026-11-01T00:00:00', postedTimestamp: '2026-10-01T00:00:00', invoiceAmount: 10, outstandingBalance: 10, currency: 'USD', invoiceStatus: text }));
  const methods = corpus.slice(0, 40).map((text, index) => ({ id: 900 + index, customerId: 655080, paymentMethodType: index % 2 ? 'ACH' : 'CreditCard', isDefault: index === 0, cardType: text, maskedCardNumber: text, maskedAccountNumber: text, bankAccountType: text, expirationMonth: 12, expirationYear: 2030 }));
  proxy.page('/v1/customers/655080/invoiceSummaries', json(200, invoices));
  proxy.page('/v1/customers/655080/paymentMethods/all', json(200, methods));
  const lists = await bench.host({ source: 'Manual' });
  watched(lists);
  await lists.amount.fill('1000');
  await checkOnlyText(lists, dialogs, 'lists');
  await lists.page.close();

  bench.expectMessage(/.*/);
  for (let from = 0; from < corpus.length; from += 40) {
    const text = corpus[from];
    const attributes = Object.fromEntries(['api', 'encoding', 'source', 'methods', 'currency', 'locale', 'amount', 'min', 'max', 'allocation', 'order-date', 'timeout', 'persist', 'idempotency'].map((name, index) => [name, corpus[(from + index) % corpus.length]]));
    const strange = await bench.host({ ...attributes, customer: '655080', id: text }, { headers: noPolicy, waitFor: null });
    watched(strange);
    await nothingFor(300, 'an attribute that runs or becomes markup');
    await checkOnlyText(strange, dialogs, `attributes ${from}`);
    await strange.page.close();
  }
}, { seconds: 90, needs: 'dialogs' });
