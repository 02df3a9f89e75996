// Tests rows E1 to E5: the wasm cannot be had, is not what was released, or stops.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { eachCase, test } from '../harness/test.mjs';
import { dropAfter, pass } from '../harness/faults.mjs';
import { formHtml, strictPolicy } from '../harness/host.mjs';
import { Form } from '../harness/form.mjs';
import { dist } from '../harness/paths.mjs';
import { entries, openFilledForm, payWithHeldReply, retryAndAssertRecorded, resolvingAttributes, assertUnknown } from './observe.mjs';

const isWasm = ({ request }) => /\.wasm$/.test(request.path.split('?')[0]);
const wasmFaults = {
  'is not there (404)': (exchange) => exchange.send({ status: 404, headers: [['Content-Type', 'text/plain']], body: 'not here' }),
  'is cut off': async (exchange) => {
    const reply = await exchange.forward({ headers: exchange.request.headers.filter(([name]) => !/^accept-encoding$/i.test(name)) });
    exchange.send({ ...reply, body: reply.body.subarray(0, 5000) });
  },
  'is a page of HTML': (exchange) => exchange.send({ headers: [['Content-Type', 'text/html']], body: '<!doctype html><p>Log in</p>' }),
  'is lost on the way': (exchange) => exchange.drop('RST'),
};
test("E5: where the wasm cannot be had, the host's fallback is shown and an event tells of it", async (bench) => {
  await bench.serveThroughProxy();
  bench.expectMessage(/wasm|WebAssembly|payment-form|load/i);
  const body = '<payment-form customer-id="655080"><p slot="fallback">Please call us: 555 0100.</p></payment-form>';
  await eachCase(wasmFaults, async (fault) => {
    bench.proxy.onOther = (exchange) => (isWasm(exchange) ? fault : pass);
    const errorsBefore = bench.events('load-error').length;
    const form = await bench.host({}, { body, waitFor: null });
    await form.page.getByText('Please call us: 555 0100.').waitFor();
    assert.equal(bench.events('load-error').length - errorsBefore, 1);
    if (errorsBefore === 0) await form.checkAccessibility('fallback');
    await form.page.close();
  });
});

test('E5: a wasm under the wrong type still loads', async (bench) => {
  await bench.serveThroughProxy();
  bench.expectMessage(/MIME|instantiateStreaming/i);
  bench.proxy.onOther = () => async (exchange) => {
    const reply = await exchange.forward();
    const wrong = isWasm(exchange) ? reply.headers.filter(([name]) => !/^(content-type|x-content-type-options)$/i.test(name)).concat([['Content-Type', 'application/octet-stream']]) : reply.headers;
    exchange.send({ ...reply, headers: wrong });
  };
  await bench.host();
});

test("S2 E5: a policy without 'wasm-unsafe-eval' shows the fallback, not a blank", async (bench) => {
  await bench.serveThroughProxy();
  bench.expectMessage(/.*/);
  bench.watch.expectedViolations = Infinity;
  const headers = [['Content-Security-Policy', strictPolicy.replace(" 'wasm-unsafe-eval'", '')]];
  const form = await bench.host({}, { headers, waitFor: null });
  await form.waitFor('crashed');
  assert.equal(bench.events('load-error').length, 1);
  assert.match(await form.text(), /could not be loaded/i);
});

test('S20: with integrity, a wasm as it was released is run, and one of which a byte is another is refused, with the fallback', async (bench) => {
  await eachCase({ 'as it was released': false, 'a byte is another': true }, async (change) => {
    await bench.serveThroughProxy();
    const errorsBefore = bench.events('load-error').length;
    const { files } = JSON.parse(await readFile(path.join(dist, 'manifest.json'), 'utf8'));
    const { sha384 } = files.find(({ file }) => file === 'pkg/payment_form_bg.wasm');
    bench.proxy.page('/integrity.js', { headers: [['Content-Type', 'text/javascript']], body: `import { configure } from '/pkg/element.js'; configure({ integrity: '${sha384}' }); import('/pkg/define.js');` });
    bench.proxy.onOther = (exchange) => async () => {
      const headers = exchange.request.headers.filter(([name]) => !isWasm(exchange) || !/^accept-encoding$/i.test(name));
      const reply = await exchange.forward({ headers });
      if (isWasm(exchange) && change) reply.body[reply.body.length >> 1] ^= 1;
      exchange.send(reply);
    };
    if (change) bench.expectMessage(/integrity|digest|could not be loaded/i);
    const html = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Integrity</title><script type="module" src="/integrity.js"></script></head><body><main><h1>Pay</h1><payment-form customer-id="655080" currency="USD" source="Manual"></payment-form></main></body></html>';
    const form = await bench.host({}, { html, waitFor: null });
    assert.equal(await form.waitFor('ready', 'crashed'), change ? 'crashed' : 'ready');
    assert.equal(bench.events('load-error').length - errorsBefore, change ? 1 : 0);
    if (change) assert.match(await form.text(), /could not be loaded/i);
    await form.page.close();
  });
});

/** Waits until what was typed last is stored. */
function waitForStoredDraft(page, text) {
  return page.waitFor((last) => Object.entries(sessionStorage).some(([name, stored]) => name.endsWith(':draft') && new URLSearchParams(stored).get('reference') === last), text);
}

/** Spoils the memory of the running wasm, so that whatever it does next traps: worse than any panic of its own. */
async function corruptMemory(page) {
  return page.evaluate(async () => {
    const glue = await import('/pkg/payment_form.js');
    const memory = Object.values(await glue.default()).find((part) => part instanceof WebAssembly.Memory);
    new Uint8Array(memory.buffer).fill(0xff);
  });
}
const trap = /RuntimeError|memory access|unreachable|indirect call|table index|null function|out of bounds/i;

test('S17 E1 E3: a trap while typing is told, sends nothing anywhere, and a reload brings the entries back', async (bench) => {
  bench.expectMessage(trap);
  await bench.serveThroughProxy();
  const body = formHtml({ id: 'one', ...resolvingAttributes }) + formHtml({ id: 'two', ...resolvingAttributes });
  const first = await bench.host({}, { body, waitFor: null });
  const [one, two] = [new Form(first.page, '#one'), new Form(first.page, '#two')];
  await Promise.all([one.ready(), two.ready()]);
  await one.fillIn(entries);
  await waitForStoredDraft(one.page, entries.reference);
  await corruptMemory(one.page);
  await one.amount.press('End');
  await one.page.keyboard.type('1');
  await one.waitFor('crashed');
  assert.ok(bench.events('crash').length >= 1);
  await two.waitFor('crashed');
  assert.match(await one.text(), /stopped.*reload/i);
  for (const said of [bench.watch.console, bench.watch.errors, bench.events('crash')]) assert.ok(!JSON.stringify(said).includes(entries.reference), 'entries are not told');
  await one.page.keyboard.press('Enter');
  assert.equal(new URL(one.page.url()).search, '', 'the address holds no entry');
  assert.equal(bench.proxy.payments.length, 0);
  await one.page.reload();
  await one.ready();
  assert.deepEqual([await one.amount.inputValue(), await one.reference.inputValue()], [entries.amount, entries.reference]);
});

test('E2 E4: a trap after the payment was sent leaves the same key, and a reload finishes it', async (bench) => {
  bench.expectMessage(trap);
  const form = await openFilledForm(bench);
  const held = await payWithHeldReply(bench, form);
  await held.reached;
  await corruptMemory(form.page);
  held.open();
  await form.waitFor('crashed');
  assert.doesNotMatch(await form.text(), /nothing was charged|payment recorded/i);
  assert.match(await form.text(), /may already have gone through/i);
  await form.page.reload();
  await assertUnknown(form);
  await retryAndAssertRecorded(bench, form, 2);
});

test('E1: an open payment without its form is never told as nothing sent', async (bench) => {
  await bench.serveThroughProxy();
  bench.expectMessage(/.*/);
  bench.proxy.onPayment = () => dropAfter();
  const form = await bench.host({ lang: 'de', currency: 'USD' });
  await form.submit({ amount: '5' });
  await form.waitFor('unknown');
  bench.proxy.onOther = (exchange) => (isWasm(exchange) ? async () => exchange.drop('RST') : pass);
  await form.page.reload();
  await form.waitFor('crashed');
  const text = await form.text();
  assert.match(text, /konnte nicht geladen werden/, "in the person's language");
  assert.doesNotMatch(text, /wurde nichts gesendet|nothing was sent/i);
});
