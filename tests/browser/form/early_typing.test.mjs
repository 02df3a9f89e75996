// Tests that text typed before the WebAssembly is there goes over into the form, with its caret and its focus.
import assert from 'node:assert/strict';
import { formHtml } from '../harness/host.mjs';
import { pass } from '../harness/faults.mjs';
import { eachCase, test } from '../harness/test.mjs';
import { delay, until } from '../harness/wait.mjs';
import { holdReplies, listPaths, openSkeleton, readCaret, readDraft, waitForMount, wasmPath } from './skeleton.mjs';

// The ways in which a person brings `1234.5` into the input; the caret ends before the separator. Each calls `halfway` in the middle.
const means = {
  keys: async (form, halfway) => {
    for (const key of '1234.5') {
      if (key === '4') await halfway();
      await form.page.keyboard.type(key);
      await delay(15);
    }
    for (const key of ['ArrowLeft', 'ArrowLeft']) await form.page.keyboard.press(key);
  },
  paste: async (form, halfway) => {
    await form.page.evaluate(() => {
      const source = document.querySelector('#source');
      source.focus();
      source.select();
    });
    await form.page.keyboard.press('Control+c');
    await form.element.evaluate((host) => host.focus());
    await halfway();
    await form.page.keyboard.press('Control+v');
    for (const key of ['ArrowLeft', 'ArrowLeft']) await form.page.keyboard.press(key);
  },
  IME: async (form, halfway) => {
    const session = await form.page.native.context().newCDPSession(form.page.native);
    for (const text of ['1', '12', '1234', '1234.5']) {
      if (text === '1234') await halfway();
      await session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
      await delay(40);
    }
    await session.send('Input.insertText', { text: '1234.5' });
    for (const key of ['ArrowLeft', 'ArrowLeft']) await form.page.keyboard.press(key);
  },
};

for (const names of [['keys', 'paste'], ['IME']]) {
  test(`text typed early by ${names.join(' or ')} is in the form with the caret where it was, whenever the wasm comes`, async (bench) => {
    await bench.serveThroughProxy();
    const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Early</title></head><body><input id="source" value="1234.5">${formHtml({})}</body></html>`;
    const context = await bench.context();
    // The steps before the typing, and the moment of the typing at which the wasm is let through. Without a moment, the wasm is
    // on its way at once.
    const moments = {
      'typing begins at once': {},
      'after 50 ms': { before: () => delay(50) },
      'after 200 ms': { before: () => delay(200) },
      'the form is ready': { before: (form) => form.ready() },
      'the wasm comes in the middle': { releases: 'halfway' },
      'the wasm comes afterwards': { releases: 'afterwards' },
    };
    const cases = names.flatMap((name) => Object.entries(moments).map(([when, moment]) => [`${name}, ${when}`, { type: means[name], ...moment }]));
    await eachCase(cases, async ({ type, before, releases }, when) => {
      const gate = releases && (await holdReplies(bench, wasmPath));
      const form = await bench.host({}, { html, context, waitFor: null });
      await form.page.evaluate(() => import('/pkg/define.js'));
      await before?.(form);
      await form.element.evaluate((host) => host.focus());
      await type(form, () => releases === 'halfway' && gate.release());
      if (releases === 'afterwards') gate.release();
      await form.ready();
      assert.deepEqual(await readCaret(form), { text: '1234.5', start: 4, end: 4, hasFocus: true }, when);
      await form.page.keyboard.type('9');
      assert.equal((await form.property('preview')).amount, '12349.50', when);
      await form.page.evaluate(() => sessionStorage.clear());
      await form.page.close();
      bench.proxy.onOther = () => pass;
    });
  }, { seconds: 120, needs: names.includes('IME') ? ['playwright'] : [] });
}

test('typing goes on while the wasm and then the lists arrive, and the input has the focus throughout', async (bench) => {
  const gate = await holdReplies(bench, wasmPath);
  const answers = await holdReplies(bench, listPaths);
  const form = await openSkeleton(bench);
  await form.element.evaluate((host) => host.focus());
  let typed = '';
  const typeUntil = async (isOver) => {
    for (let keys = 0; keys < 5 || !(await isOver()); keys += 1) {
      // Not longer than a payment can be.
      if (typed.length === 8) {
        for (; typed; typed = typed.slice(0, -1)) await form.page.keyboard.press('Backspace');
      }
      const key = String(1 + (typed.length % 9));
      await form.page.keyboard.type(key);
      typed += key;
      assert.deepEqual(await readCaret(form), { text: typed, start: typed.length, end: typed.length, hasFocus: true });
    }
  };
  const stands = async () => (await form.element.locator('#early-amount').count()) === 0;
  await typeUntil(() => true);
  gate.release();
  await typeUntil(stands);
  await typeUntil(() => true);
  answers.release();
  await typeUntil(async () => (await form.state()) === 'ready');
  await typeUntil(() => true);
  assert.equal((await form.property('preview')).amount, `${typed}.00`);
}, { seconds: 60 });

test('only the amount goes over from the skeleton; shares and reference of the draft stay', async (bench) => {
  const gate = await holdReplies(bench, wasmPath);
  gate.release();
  let form = await bench.host();
  await form.fillIn({ amount: '300', reference: 'kept', plan: 'newest' });
  await form.share(566934).fill('11.11');
  await until(async () => (await readDraft(form))?.['share-566934'] === '11.11', 'the draft is stored');
  const again = await holdReplies(bench, wasmPath);
  await form.page.reload();
  await form.amount.fill('310');
  await until(async () => (await readDraft(form)).amount === '310', 'the amount is stored');
  const { time, ...stored } = await readDraft(form);
  assert.match(time, /^\d{13}$/);
  assert.deepEqual([stored.amount, stored.reference, stored.allocation, stored['share-566934']], ['310', 'kept', 'newest', '11.11']);
  const value = await form.property('value');
  assert.deepEqual([value.amount, value.reference, value.shares], ['310', 'kept', { 566934: '11.11' }]);
  again.release();
  await form.ready();
  const { amount, reference, allocation, shares } = await form.property('value');
  assert.deepEqual({ amount, reference, allocation, shares }, { amount: '310', reference: 'kept', allocation: 'newest', shares: { 566934: '11.11' } });
  assert.equal(bench.watch.events.filter(({ name }) => /ready|change/.test(name)).slice(-2).map(({ name }) => name).join(' '), 'payment-ready payment-change');
});

test('the typed amount goes over into a value that the host gave', async (bench) => {
  const gate = await holdReplies(bench, wasmPath);
  const form = await openSkeleton(bench);
  await form.element.evaluate((host) => (host.value = { amount: '5', reference: 'of the host', allocation: 'newest' }));
  assert.equal(await form.amount.inputValue(), '5');
  await form.amount.fill('6');
  gate.release();
  await form.ready();
  const { amount, reference, allocation } = await form.property('value');
  assert.deepEqual({ amount, reference, allocation }, { amount: '6', reference: 'of the host', allocation: 'newest' });
});

test('text typed before the page disables the form is in the form', async (bench) => {
  const gate = await holdReplies(bench, wasmPath);
  const form = await openSkeleton(bench, { persist: 'none' });
  await form.amount.fill('41');
  await form.element.evaluate((host) => (host.disabled = true));
  gate.release();
  await form.ready();
  assert.equal((await readCaret(form)).text, '41');
});

test('lone surrogate stays in the input at hand-over and when the lists arrive', async (bench) => {
  const gate = await holdReplies(bench, wasmPath);
  const answers = await holdReplies(bench, listPaths);
  const form = await openSkeleton(bench);
  await form.element.evaluate(({ shadowRoot }) => {
    const input = shadowRoot.querySelector('[name=amount]');
    input.focus();
    input.value = '12\ud83d';
    input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    input.setSelectionRange(1, 3, 'backward');
  });
  const stands = () =>
    form.element.evaluate(({ shadowRoot }) => {
      const { value, selectionStart, selectionEnd, selectionDirection } = shadowRoot.querySelector('[name=amount]');
      return [value === '12\ud83d', selectionStart, selectionEnd, selectionDirection];
    });
  const expected = [true, 1, 3, 'backward'];
  assert.deepEqual(await stands(), expected);
  gate.release();
  await waitForMount(form);
  assert.deepEqual(await stands(), expected, 'in the form');
  answers.release();
  await form.ready();
  await form.element.locator('.sign').waitFor();
  assert.deepEqual(await stands(), expected, 'with the lists');
  await form.page.keyboard.press('End');
  await form.page.keyboard.type('\u{1f600}');
  assert.ok((await form.amount.evaluate((input) => input.value)).startsWith('12\ud83d'));
});

test('form without an amount input takes the focus of the skeleton to its title', async (bench) => {
  const gate = await holdReplies(bench, wasmPath);
  const form = await openSkeleton(bench, { currency: 'USD', 'invoices-src': undefined, 'payment-methods-src': undefined });
  await form.element.evaluate((host) => {
    host.invoices = [];
    host.focus();
  });
  await form.page.keyboard.type('12');
  gate.release();
  await waitForMount(form);
  assert.equal(await form.element.evaluate(({ shadowRoot }) => shadowRoot.activeElement?.localName), 'h2');
});
