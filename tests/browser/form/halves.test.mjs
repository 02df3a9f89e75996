// The form comes in two halves: what draws it, and the rest. Nobody notices, but that the form is there sooner.
import assert from 'node:assert/strict';
import { Form } from '../harness/form.mjs';
import { formHtml } from '../harness/host.mjs';
import { test } from '../harness/test.mjs';

const rest = /_rest\.wasm(\?now=)?$/;

/** Lets requests for the rest meet `script(exchange, nth)`; what it does not answer is never answered. The answer counts them. */
async function meet(bench, script) {
  await bench.serveThroughProxy();
  const asked = [];
  bench.proxy.onOther = (exchange) => async () => {
    if (!rest.test(exchange.request.path)) return exchange.send(await exchange.forward());
    asked.push(exchange);
    return script(exchange, asked.length);
  };
  return asked;
}

const give = async (exchange) => exchange.send(await exchange.forward());

const pages = [
  ['dollars', { customer: '655080' }],
  ['euros', { customer: '655081', attributes: { lang: 'de' } }],
  ['yen', { customer: '655082', attributes: { lang: 'ja' } }],
  ['the staff screen, right to left', { customer: '655080', attributes: { lang: 'ar', source: 'Manual' } }],
];
for (const [label, { customer, attributes }] of pages) {
  test(`${label}: the form is drawn before the rest is there, and ready when it is`, async (bench) => {
    const asked = await meet(bench, () => {});
    const form = await bench.host(attributes, { customer, waitFor: null });
    await form.element.locator('[data-invoice-id]').first().waitFor();
    assert.match(await form.plain('still-owed'), /[1-9]/);
    await form.page.waitForTimeout(500);
    assert.equal(asked.length, 1, 'the rest is asked for once, by what comes in its time');
    assert.deepEqual([await form.state(), bench.events('ready').length], ['loading', 0]);
    await give(asked[0]);
    await form.element.evaluate((host) => host.ready);
    assert.deepEqual([await form.state(), bench.events('ready').length], ['ready', 1]);
    assert.equal(asked.length, 1);
  });
}

test('a payment of a given amount, and one that was typed before a reload, are divided before the rest is there', async (bench) => {
  const asked = await meet(bench, () => {});
  const form = await bench.host({ amount: '500' }, { waitFor: null });
  await form.element.locator('[data-invoice-id]').first().waitFor();
  assert.equal(await form.plain('allocated'), '500.00');
  assert.equal(asked.length, 1);
  await give(asked[0]);
  await form.waitFor('ready');
  await form.amount.fill('300');
  await form.page.waitForTimeout(600);
  await form.page.reload();
  await form.element.locator('[data-invoice-id]').first().waitFor();
  assert.equal(await form.plain('allocated'), '300.00');
  assert.equal(asked.length, 2);
});

test('what is typed before the rest is there is divided at once, and nobody waits for it', async (bench) => {
  const asked = await meet(bench, () => {});
  const form = await bench.host({}, { waitFor: null });
  await form.element.locator('[data-invoice-id]').first().waitFor();
  await form.amount.pressSequentially('500.00');
  assert.equal(await form.plain('allocated'), '500.00');
  await form.page.waitForTimeout(500);
  assert.equal((await form.property('value')).amount, '500.00');
  assert.equal(asked.length, 1);
});

test('whatever else is done before the rest is there happens at once, too', async (bench) => {
  bench.expectMessage(/synchronous/i);
  const asked = await meet(bench, (exchange, nth) => nth > 1 && give(exchange));
  const form = await bench.host({ amount: '500' }, { waitFor: null });
  await form.element.locator('[data-invoice-id]').first().waitFor();
  await form.choosePlan('newest');
  await form.share('566934').fill('1.00');
  await form.reference.fill('PO 7');
  await form.amount.fill('10.005');
  assert.match(await form.text(), /Which amount do you mean/);
  await form.amount.fill('20');
  assert.equal(await form.plain('allocated'), '20.00');
  assert.equal(asked.length, 2, 'the first of it has fetched the rest');
});

test('Pay can be pressed before the rest is there: it is fetched at once, and pays once', async (bench) => {
  // A browser does not like what it is told to wait for.
  bench.expectMessage(/synchronous/i);
  const asked = await meet(bench, (exchange, nth) => nth > 1 && give(exchange));
  const form = await bench.host({}, { waitFor: null });
  await form.element.locator('[data-invoice-id]').first().waitFor();
  await form.payNow({ amount: '500.00' });
  assert.equal(asked.length, 2);
  assert.equal(bench.proxy.payments.length, 1);
  assert.equal(bench.events('recorded').length, 1);
  await form.element.evaluate((host) => host.ready);
  // What was on its way comes late, and finds nothing to do.
  await give(asked[0]);
  await form.page.waitForTimeout(300);
  assert.equal(await form.state(), 'recorded');
  assert.match(await form.text(), /Payment recorded/);
});

test('a trap in what was fetched at once is noticed as any other', async (bench) => {
  bench.expectMessage(/RuntimeError|memory access|unreachable|indirect call|table index|null function|out of bounds|synchronous/i);
  await meet(bench, (exchange, nth) => nth > 1 && give(exchange));
  const form = await bench.host({}, { waitFor: null });
  await form.element.locator('[data-invoice-id]').first().waitFor();
  await form.choosePlan('newest');
  await form.element.evaluate((host) => host.ready);
  await form.page.evaluate(async () => {
    const { memory } = (await import('/pkg/payment_form.js')).default();
    new Uint8Array(memory.buffer).fill(0xff);
  });
  await form.choosePlan('exact').catch(() => {});
  await form.waitFor('crashed');
  assert.equal(bench.events('crash').length, 1);
  assert.match(await form.text(), /stopped.*reload/i);
});

test('where the rest does not come, it is asked for again', async (bench) => {
  bench.expectMessage(/503|Failed to load/);
  const asked = await meet(bench, (exchange, nth) => (nth > 1 ? give(exchange) : exchange.send({ status: 503, body: 'Busy' })));
  const form = await bench.host();
  await form.element.evaluate((host) => host.ready);
  assert.equal(asked.length, 2);
  await form.payNow({ amount: '500.00' });
});

test('where the rest never comes, that is said, and what was there before stays', async (bench) => {
  bench.expectMessage(/503|could not be loaded|Failed to load/);
  await meet(bench, (exchange) => exchange.send({ status: 503, body: 'Busy' }));
  const form = await bench.host({ amount: '512.34' }, { waitFor: null });
  await form.waitFor('crashed', { timeout: 20_000 });
  assert.equal(bench.events('load-error').length, 1);
  assert.equal(bench.events('ready').length, 0);
  assert.match(await form.text(), /could not be loaded/i);
  assert.equal((await form.property('value')).amount, '512.34');
  const isInert = await form.element.evaluate((host) => host.shadowRoot.querySelector('button[part~=submit]').closest('[inert]') !== null);
  assert.ok(isInert, 'nothing on the screen can be pressed');
  await form.checkAccessibility('without its rest');
});

test('who presses Pay where the rest does not come is told so, and still sees what they typed', async (bench) => {
  bench.expectMessage(/503|could not be loaded|Failed to load|answered 503/);
  await meet(bench, (exchange) => exchange.send({ status: 503, body: 'Busy' }));
  const form = await bench.host({}, { waitFor: null });
  await form.element.locator('[data-invoice-id]').first().waitFor();
  await form.submit({ amount: '77' });
  await form.waitFor('crashed');
  assert.equal(bench.events('load-error').length, 1);
  assert.match(await form.text(), /could not be loaded/i);
  assert.equal(await form.amount.inputValue(), '77');
  assert.equal(bench.proxy.payments.length, 0);
});

/** A form whose rest comes for whoever cannot wait, and for nobody else. */
async function hurried(bench, attributes = {}, options = {}) {
  bench.expectMessage(/synchronous/i);
  const asked = await meet(bench, (exchange, nth) => nth > 1 && give(exchange));
  const form = await bench.host(attributes, { waitFor: null, ...options });
  await form.element.locator('[data-invoice-id]').first().waitFor();
  return { form, asked };
}

test('what the page says before the rest is there is heard at once', async (bench) => {
  const { form } = await hurried(bench);
  await form.element.evaluate((host) => {
    host.invoices = [{ id: '11', number: 'A-1', dueDate: '2026-10-01', balance: '60.00', currency: 'USD' }];
    host.messages = { title: 'Settle up' };
    host.value = { amount: '12' };
  });
  const { value, preview } = await form.element.evaluate(({ value, preview }) => ({ value, preview }));
  assert.deepEqual([value.amount, preview.allocations.map(({ invoiceId }) => invoiceId)], ['12', ['11']]);
  await form.element.getByText('Settle up').waitFor();
});

test('a form that the page disables before the rest is there pays nothing', async (bench) => {
  const { form } = await hurried(bench, { amount: '5' });
  await form.element.evaluate((host) => {
    host.disabled = true;
  });
  await form.pay.click({ force: true });
  await form.page.waitForTimeout(500);
  assert.equal(bench.proxy.payments.length, 0);
});

test('submit() before the rest is there pays what stands there then', async (bench) => {
  const { form } = await hurried(bench, { amount: '5' });
  await form.element.evaluate((host) => host.submit());
  // What is typed behind it, if it can be, is not of it.
  await form.amount.fill('50', { timeout: 500 }).catch(() => {});
  await form.waitFor('recorded');
  assert.deepEqual(bench.proxy.payments.map(({ body }) => JSON.parse(body).amount), [5]);
});

test('the page hears that the form is usable before it hears that somebody pays', async (bench) => {
  const { form } = await hurried(bench);
  await form.payNow({ amount: '5' });
  const names = bench.watch.events.map(({ name }) => name).filter((name) => /ready|submit|recorded/.test(name));
  assert.deepEqual(names, ['payment-ready', 'payment-submit', 'payment-recorded']);
});

test('a form that the page takes out while it pays shows the record when it is put back, and goes on', async (bench) => {
  const { form } = await hurried(bench, { amount: '5' });
  await form.element.evaluate((host) => {
    const { parentNode } = host;
    host.addEventListener('payment-submit', () => host.remove(), { once: true });
    host.addEventListener('payment-recorded', () => parentNode.append(host), { once: true });
  });
  await form.pay.click();
  await form.receipt.waitFor();
  await form.element.evaluate((host) => host.ready);
  assert.equal(bench.proxy.payments.length, 1);
  await form.element.evaluate((host) => host.reset());
  await form.waitFor('ready');
});

test('lists that are asked for anew before the rest is there are read', async (bench) => {
  const { form } = await hurried(bench);
  const lists = () => bench.proxy.arrivals.filter(({ path }) => path.includes('/invoiceSummaries')).length;
  const before = lists();
  await form.element.evaluate((host) => host.refresh());
  assert.equal(lists(), before + 1);
});

test('a form that leaves the page before the rest is there comes back with what was typed, and nobody waits', async (bench) => {
  const asked = await meet(bench, () => {});
  const form = await bench.host({}, { waitFor: null });
  await form.element.locator('[data-invoice-id]').first().waitFor();
  await form.amount.fill('77');
  await form.element.evaluate(async (host) => {
    const { parentNode } = host;
    host.remove();
    await new Promise((soon) => setTimeout(soon));
    parentNode.append(host);
  });
  assert.equal(await form.amount.inputValue(), '77');
  await form.element.evaluate(async (host) => {
    window.place = host.parentNode;
    window.away = host;
    host.remove();
  });
  await give(asked[0]);
  await form.page.waitForTimeout(300);
  await form.page.evaluate(() => window.place.append(window.away));
  await form.waitFor('ready');
  assert.equal(await form.amount.inputValue(), '77');
  assert.equal(asked.length, 1);
});

test('a form that leaves where the rest does not come stops no other', async (bench) => {
  bench.expectMessage(/503|Failed to load|could not be loaded/);
  await meet(bench, (exchange, nth) => (nth > 2 ? give(exchange) : exchange.send({ status: 503, body: 'Busy' })));
  const body = formHtml({ id: 'one' }) + formHtml({ id: 'two' });
  const form = await bench.host({}, { body, waitFor: null });
  const [one, two] = [new Form(form.page, '#one'), new Form(form.page, '#two')];
  await one.element.locator('[data-invoice-id]').first().waitFor();
  await one.element.evaluate((host) => host.remove());
  await two.waitFor('ready');
  await two.payNow({ amount: '5' });
});

test('a form whose rest did not come is usable when it is put back and the rest is there', async (bench) => {
  bench.expectMessage(/503|could not be loaded|Failed to load/);
  let isThere = false;
  await meet(bench, (exchange) => (isThere ? give(exchange) : exchange.send({ status: 503, body: 'Busy' })));
  const form = await bench.host({}, { waitFor: null });
  await form.element.locator('[data-invoice-id]').first().waitFor();
  await form.amount.fill('5');
  await form.waitFor('crashed', { timeout: 20_000 });
  isThere = true;
  await form.element.evaluate(async (host) => {
    const { parentNode } = host;
    host.remove();
    await new Promise((soon) => setTimeout(soon));
    parentNode.append(host);
    await host.ready;
  });
  assert.equal(await form.state(), 'ready');
  assert.equal(await form.amount.inputValue(), '5');
  await form.pay.click();
  await form.waitFor('recorded');
  assert.equal(bench.proxy.payments.length, 1);
});

test('rules beside an element run its wasm, and no other', async (bench) => {
  await bench.serveThroughProxy();
  bench.expectMessage(/integrity|digest|could not be loaded|404/i);
  const script = "import { configure } from '/pkg/element.js'; import { allocate } from '/pkg/rules.js'; window.allocated = allocate({ amount: '5', allocation: 'oldest', invoices: [{ id: '1', number: 'A', dueDate: '2026-10-01', balance: '9', currency: 'USD' }] }); configure({ integrity: 'sha384-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }); window.allocated.finally(() => import('/pkg/define.js'));";
  bench.proxy.page('/both.js', { headers: [['Content-Type', 'text/javascript']], body: script });
  const html = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Both</title><script type="module" src="/both.js"></script></head><body><main><h1>Pay</h1><payment-form customer-id="655080" currency="USD" source="Manual"></payment-form></main></body></html>';
  const form = await bench.host({}, { html, waitFor: null });
  assert.equal(await form.page.evaluate(async () => (await window.allocated).allocated), '5.00');
  // The hash is not that of the file, so the form is refused, whoever runs another.
  await form.waitFor('crashed');
  assert.equal(bench.events('load-error').length, 1);
});

test('an open payment is shown by the whole form, after a reload too', async (bench) => {
  const asked = await meet(bench, give);
  bench.proxy.onPayment = () => (exchange) => exchange.drop('FIN');
  bench.expectMessage(/Failed to load|ERR_/);
  const form = await bench.host();
  await form.submit({ amount: '5' });
  await form.waitFor('unknown');
  await form.page.reload();
  await form.waitFor('unknown');
  assert.equal(asked.length, 2, 'once for each page, and by nobody who has to stand still');
});

test('a page that says where the wasm lies gets it in one file', async (bench) => {
  await bench.serveThroughProxy();
  const script = "import { configure } from '/pkg/element.js'; configure({ wasmUrl: '/elsewhere.wasm' }); import('/pkg/define.js');";
  bench.proxy.page('/own.js', { headers: [['Content-Type', 'text/javascript']], body: script });
  const whole = Buffer.from(await (await fetch(`${bench.server.origin}/pkg/payment_form_bg.wasm`)).arrayBuffer());
  bench.proxy.page('/elsewhere.wasm', { headers: [['Content-Type', 'application/wasm']], body: whole });
  const html = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Own</title><script type="module" src="/own.js"></script></head><body><main><h1>Pay</h1><payment-form customer-id="655080" currency="USD" source="Manual"></payment-form></main></body></html>';
  const form = await bench.host({}, { html });
  await form.element.evaluate((host) => host.ready);
  const wasms = bench.proxy.arrivals.map(({ path }) => path).filter((path) => path.endsWith('.wasm'));
  assert.deepEqual(wasms, ['/elsewhere.wasm']);
});
