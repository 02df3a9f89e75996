// Tests that an open composition of an input method is never broken off, and that the end of one is never waited for in vain.
import assert from 'node:assert/strict';
import { test } from '../harness/test.mjs';
import { nothingFor } from '../harness/wait.mjs';
import { readCaret, openSkeleton, holdReplies, listPaths, waitForMount, wasmPath } from './skeleton.mjs';

const needs = 'playwright';

/** Composes in the input that has the focus. `text` goes on, `accept` ends as an input method does. */
async function composer(form) {
  const session = await form.page.native.context().newCDPSession(form.page.native);
  return {
    text: (text) => session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length }),
    accept: (text) => session.send('Input.insertText', { text }),
  };
}

const set = (form, name, value) => form.element.evaluate((host, [name, value]) => (host[name] = value), [name, value]);

test('form that arrives waits for the end of a composition', async (bench) => {
  const gate = await holdReplies(bench, wasmPath);
  const form = await openSkeleton(bench);
  await form.element.evaluate((host) => host.focus());
  const session = await form.page.native.context().newCDPSession(form.page.native);
  await session.send('Input.imeSetComposition', { text: '12', selectionStart: 2, selectionEnd: 2 });
  gate.release();
  await nothingFor(800, 'the form takes the input away under an open composition');
  assert.equal(await form.element.locator('#early-amount').count(), 1);
  await session.send('Input.imeSetComposition', { text: '123', selectionStart: 3, selectionEnd: 3 });
  await session.send('Input.insertText', { text: '123' });
  await form.ready();
  assert.deepEqual(await readCaret(form), { text: '123', start: 3, end: 3, hasFocus: true });
}, { needs: ['playwright'] });

// Acts of the page that end an open composition.
const ends = {
  'another customer': (host) => (host.customerId = '655081'),
  'a disabled form': (host) => (host.disabled = true),
  'another place in the page': (host) => document.body.append(host),
  'reset()': (host) => host.reset(),
};
test('composition that the page ends does not keep the form away', async (bench) => {
  for (const [name, end] of Object.entries(ends)) {
    const gate = await holdReplies(bench, wasmPath);
    const form = await openSkeleton(bench);
    await form.element.evaluate((host) => host.focus());
    const { text } = await composer(form);
    await text('12');
    await form.element.evaluate(end);
    gate.release();
    await waitForMount(form).catch((error) => assert.fail(`${name}: ${error.message}`));
    await form.page.close();
  }
}, { needs });

test('composition in the skeleton goes on whatever the page sets', async (bench) => {
  const gate = await holdReplies(bench, wasmPath);
  const form = await openSkeleton(bench, { amount: '5', currency: 'USD' });
  await form.element.evaluate((host) => host.focus());
  await form.page.keyboard.press('Control+a');
  const { text, accept } = await composer(form);
  await text('1');
  for (const [name, value] of [['amount', '8'], ['value', { amount: '9' }], ['locale', 'de'], ['api', 'maiascore'], ['api', 'fusebill'], ['locale', 'en']]) await set(form, name, value);
  await text('12');
  await accept('12');
  assert.deepEqual(await readCaret(form), { text: '12', start: 2, end: 2, hasFocus: true });
  gate.release();
  await form.ready();
  assert.deepEqual(await readCaret(form), { text: '12', start: 2, end: 2, hasFocus: true });
}, { needs });

test('composition that a value of the page ends lets the lists in', async (bench) => {
  const answers = await holdReplies(bench, listPaths);
  const form = await bench.host({}, { waitFor: null });
  await waitForMount(form);
  await form.element.evaluate((host) => host.focus());
  const { text } = await composer(form);
  await text('12');
  answers.release();
  await nothingFor(600, 'the lists replace the input under an open composition');
  assert.equal(await form.element.locator('.sign').count(), 0);
  await set(form, 'value', { amount: '34' });
  await form.element.locator('.sign').waitFor();
  assert.equal((await readCaret(form)).text, '34');
}, { needs });

test('language that changes under a composition waits for its end', async (bench) => {
  const form = await bench.host({ currency: 'USD' });
  for (const [field, name] of [[form.amount, 'amount'], [form.reference, 'reference']]) {
    await field.focus();
    await form.page.keyboard.press('Control+a');
    const input = await form.remember(field);
    const { text, accept } = await composer(form);
    await text('1');
    await set(form, 'locale', 'de');
    await nothingFor(400, 'the language replaces the input under an open composition');
    await text('12');
    assert.ok(await input.stays(), `${name} is replaced`);
    await accept('12');
    await form.waitForText(/Zahlungsart/);
    assert.deepEqual(await readCaret(form, name), { text: '12', start: 2, end: 2, hasFocus: true });
    await set(form, 'locale', 'en');
    await form.waitForText(/Pay with/);
  }
}, { needs });

test('composition that a value of the page ends lets the language in', async (bench) => {
  const form = await bench.host({ currency: 'USD' });
  await form.amount.focus();
  const { text } = await composer(form);
  await text('1');
  await set(form, 'locale', 'de');
  await nothingFor(300, 'the language replaces the input under an open composition');
  await set(form, 'value', { amount: '34' });
  await form.waitForText(/Zahlungsart/);
  assert.equal((await readCaret(form)).text, '34');
}, { needs });

const invoices = ['A-1', 'A-2'].map((number, index) => ({ id: String(index + 1), number, dueDate: `2026-0${index + 1}-01`, balance: '50', currency: 'USD' }));
// Lists that arrive while a share is composed.
const arrivals = {
  'refresh()': async (form) => void (await form.element.evaluate((host) => host.refresh())),
  'the same invoices again': (form) => set(form, 'invoices', invoices),
  'another balance of another invoice': (form) => set(form, 'invoices', [invoices[0], { ...invoices[1], balance: '60' }]),
  'another balance of its own invoice': (form) => set(form, 'invoices', [{ ...invoices[0], balance: '60' }, invoices[1]]),
  'another due date, which moves its invoice': (form) => set(form, 'invoices', [{ ...invoices[0], dueDate: '2026-03-01' }, invoices[1]]),
  'another invoice before its own': (form) => set(form, 'invoices', [{ ...invoices[1], id: '3', number: 'A-0', dueDate: '2025-01-01' }, ...invoices]),
  'payment methods': (form) => set(form, 'paymentMethods', [{ id: '9', kind: 'ACH', label: 'Checking', isDefault: true }]),
};
test('composition in a share goes on when lists arrive', async (bench) => {
  for (const [name, arrive] of Object.entries(arrivals)) {
    const isLoaded = name === 'refresh()';
    const form = await bench.host(isLoaded ? {} : { 'invoices-src': undefined, 'payment-methods-src': undefined, currency: 'USD' });
    if (!isLoaded) await set(form, 'invoices', invoices);
    const id = isLoaded ? '566934' : '1';
    await form.share(id).focus();
    const input = await form.remember(form.share(id));
    const { text, accept } = await composer(form);
    await text('1');
    await arrive(form);
    await nothingFor(200, 'the lists replace the share under an open composition');
    await text('12');
    assert.ok(await input.stays(), `${name}: the share is replaced`);
    await accept('12');
    assert.deepEqual(await readCaret(form, `share-${id}`), { text: '12', start: 2, end: 2, hasFocus: true }, name);
    assert.deepEqual([await form.share(id).inputValue(), (await form.property('value')).shares[id]], ['12', '12'], name);
    await form.page.close();
  }
}, { needs });
