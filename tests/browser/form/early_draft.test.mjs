// Tests that text typed while the form loads survives a failure, a reload and a removal of the element.
import assert from 'node:assert/strict';
import { test } from '../harness/test.mjs';
import { nothingFor } from '../harness/wait.mjs';
import { holdReplies, openSkeleton, readDraft, wasmPath } from './skeleton.mjs';

test('a failed wasm keeps what was typed: on the screen, in value and over a reload', async (bench) => {
  bench.expectMessage(/could not be loaded/);
  const gate = await holdReplies(bench, wasmPath);
  const form = await openSkeleton(bench);
  await form.amount.pressSequentially('77.7');
  gate.fail();
  await form.waitFor('crashed');
  assert.match(await form.text(), /could not be loaded/);
  assert.equal(await form.amount.inputValue(), '77.7');
  assert.equal((await form.property('value')).amount, '77.7');
  assert.equal((await readDraft(form)).amount, '77.7');
  assert.deepEqual([bench.events('load-error').length, bench.events('ready').length, bench.events('change').length], [1, 0, 0]);
  await form.checkAccessibility('not loaded');
  gate.release();
  await form.page.reload();
  await form.ready();
  assert.equal(await form.amount.inputValue(), '77.7');
});

test('a form that stops while it is mounted keeps what was typed', async (bench) => {
  bench.expectMessage(/unreachable/);
  const gate = await holdReplies(bench, wasmPath);
  const glue = "export default async () => {}; export const mount = () => { throw new WebAssembly.RuntimeError('unreachable'); };";
  bench.proxy.page('/pkg/payment_form.js', { headers: [['Content-Type', 'text/javascript']], body: glue });
  const form = await openSkeleton(bench);
  await form.amount.pressSequentially('77.7');
  gate.release();
  await form.waitFor('crashed');
  assert.match(await form.text(), /stopped/);
  assert.equal(await form.amount.inputValue(), '77.7');
  assert.deepEqual([(await form.property('value')).amount, (await readDraft(form)).amount], ['77.7', '77.7']);
  assert.deepEqual(bench.watch.events.map(({ name }) => name), ['payment-crash']);
  // Another element of the page says so, too, instead of standing there as if it loaded.
  const other = await form.page.evaluate(() => {
    const other = document.createElement('payment-form');
    document.body.append(other);
    return [other.state, other.shadowRoot.textContent];
  });
  assert.deepEqual([other[0], /stopped/.test(other[1])], ['crashed', true]);
});

test('typed text is stored when the page is left, and when the element is taken out, within 300 ms', async (bench) => {
  await holdReplies(bench, wasmPath);
  const form = await openSkeleton(bench);
  await form.amount.fill('41');
  const atRemoval = await form.element.evaluate((host) => {
    host.remove();
    return sessionStorage.getItem('payment-form:1:fusebill|/v1/payments/|655080|0:draft');
  });
  assert.match(atRemoval, /amount=41/);
  await form.page.reload();
  await form.amount.fill('42');
  await form.page.reload();
  assert.equal(await form.amount.inputValue(), '42');
});

test('a payment that a page before left open has no live input; that of another form does not count', async (bench) => {
  await holdReplies(bench, wasmPath);
  const form = await openSkeleton(bench);
  // Firefox tells that the reload broke the loading off.
  bench.expectMessage(/the form could not be loaded/);
  await form.page.evaluate(() => sessionStorage.setItem('payment-form:1:fusebill|/v1/payments/|655081|0:pending', 'payment-form 1'));
  await form.page.reload();
  await form.amount.waitFor();
  await form.page.evaluate(() => sessionStorage.setItem('payment-form:1:fusebill|/v1/payments/|655080|0:pending', 'payment-form 1'));
  await form.page.reload();
  await form.element.locator('.skeleton').first().waitFor();
  assert.equal(await form.amount.count(), 0);
  await form.element.evaluate((host) => (host.customerId = '655082'));
  assert.equal(await form.amount.count(), 1);
});

test('typed text is kept when a disabled form that stores nothing is mounted again', async (bench) => {
  const form = await bench.host({ persist: 'none' });
  await form.fillIn({ amount: '33', reference: 'ref' });
  await form.element.evaluate(async (host) => {
    host.disabled = true;
    const place = host.parentNode;
    host.remove();
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    place.append(host);
    await host.ready;
  });
  const { amount, reference } = await form.property('value');
  assert.deepEqual([amount, reference, await form.amount.inputValue()], ['33', 'ref', '33']);
});

test('draft of a form that was reset does not come back before the amount of the page', async (bench) => {
  const form = await bench.host({ amount: '5' });
  await form.amount.fill('70');
  await form.element.evaluate((host) => host.reset());
  await nothingFor(500, 'the emptied draft is stored');
  assert.equal(await readDraft(form), null);
  await form.page.reload();
  await form.ready();
  assert.equal(await readDraft(form), null, 'after pagehide');
  await form.payNow({ amount: '70', reference: 'once' });
  assert.equal(await readDraft(form), null, 'after the payment');
  await form.button(/another payment/i).click();
  await form.waitFor('ready');
  await form.page.reload();
  await form.ready();
  assert.deepEqual([await readDraft(form), await form.amount.inputValue()], [null, '5.00']);
});
