// Tests several elements of one page, one after the other or side by side, and what a stopped one leaves behind.
import assert from 'node:assert/strict';
import { Form } from '../harness/form.mjs';
import { gate, json, replaceAfter } from '../harness/faults.mjs';
import { formHtml } from '../harness/host.mjs';
import { units } from '../harness/money.mjs';
import { test } from '../harness/test.mjs';
import { readCaret, readDraft, openSkeleton, holdReplies, wasmPath } from './skeleton.mjs';
import { until } from '../harness/wait.mjs';

// The ways in which a page puts another element in the place of the first.
const replacements = {
  'in one call': (host) => {
    const other = host.cloneNode();
    host.replaceWith(other);
    return other.shadowRoot.querySelector('[name=amount]').value;
  },
  'the new one before the old one leaves': async (host) => {
    const other = host.cloneNode();
    host.before(other);
    host.remove();
    await null;
    return other.shadowRoot.querySelector('[name=amount]').value;
  },
  'the new one behind the old one': async (host) => {
    const other = host.cloneNode();
    host.after(other);
    host.remove();
    await null;
    return other.shadowRoot.querySelector('[name=amount]').value;
  },
  'by one id, a while apart': async (host) => {
    const other = host.cloneNode();
    host.after(other);
    const { value } = other.shadowRoot.querySelector('[name=amount]');
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    host.remove();
    return value;
  },
};
test('element that replaces another shows the text that was just typed', async (bench) => {
  for (const [name, replace] of Object.entries(replacements)) {
    const id = /id/.test(name) ? 'pay' : undefined;
    for (const isMounted of [false, true]) {
      const gate = await holdReplies(bench, wasmPath);
      if (isMounted) gate.release();
      const form = await bench.host({ id }, { waitFor: isMounted ? 'ready' : null });
      await form.amount.focus();
      await form.page.keyboard.type('41');
      assert.equal(await form.element.evaluate(replace), '41', `${name}, ${isMounted ? 'mounted' : 'loading'}`);
      gate.release();
      await form.ready();
      assert.equal((await readCaret(form)).text, '41');
      await form.page.close();
    }
  }
});

test('element without an id that replaces one removed in a later task shows the text typed while loading', async (bench) => {
  for (const place of ['before', 'after']) {
    const gate = await holdReplies(bench, wasmPath);
    const form = await bench.host({}, { waitFor: null });
    await form.amount.fill('41');
    const text = await form.element.evaluate(async (host, place) => {
      const other = host.cloneNode();
      host[place](other);
      await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
      host.remove();
      await null;
      return other.shadowRoot.querySelector('[name=amount]').value;
    }, place);
    assert.equal(text, '41', place);
    gate.release();
    await form.ready();
    assert.equal((await readCaret(form)).text, '41');
    await form.page.close();
  }
});

// A page that fades adds the new element beside the old one, and removes the old one some time later.
async function beside(form, place) {
  const add = async (host, place) => {
    const other = host.cloneNode();
    [host.className, other.className] = ['old', 'new'];
    host[place](other);
    await other.ready;
  };
  await form.element.evaluate(add, place);
  const [old, other] = ['.old', '.new'].map((selector) => new Form(form.page, selector));
  return { old, other, remove: () => old.element.evaluate((host) => host.remove()) };
}

const openAttempts = (form) => form.page.evaluate(() => Object.keys(sessionStorage).filter((name) => name.endsWith(':pending')).map((name) => name.split('|').at(-1)));
const settled = { timeout: '1', 'resolve-endpoint': '/v1/payments/resolve' };

test('ready element without an id takes over the text of one that leaves, and a reload finds the text that stands there', async (bench) => {
  for (const place of ['before', 'after']) {
    for (const typed of [undefined, '88.20']) {
      const form = await bench.host();
      const text = typed ?? '77.10';
      const { old, other, remove } = await beside(form, place);
      await old.amount.fill('77.10');
      if (typed) await other.amount.fill(typed);
      await remove();
      await form.page.waitFor((text) => document.querySelector('payment-form').value.amount === text, text);
      await form.page.reload();
      await form.ready();
      assert.equal(await form.amount.inputValue(), text, `the new one ${place} the old one`);
      await form.page.close();
    }
  }
});

test('ready element without an id takes over the open payment of one that leaves', async (bench) => {
  const form = await bench.host(settled);
  for (const [place, amount] of [['before', '3.10'], ['after', '3.20']]) {
    await bench.server.ledger.mark();
    const { old, other, remove } = await beside(form, place);
    await old.amount.fill(amount);
    await other.amount.fill('4.20');
    bench.proxy.faults(replaceAfter(json(500, {})));
    await old.pay.click();
    await old.waitFor('unknown');
    await remove();
    await form.waitFor('unknown');
    assert.deepEqual(await openAttempts(form), ['0:pending'], place);
    await form.press('retry');
    await form.waitFor('recorded');
    assert.deepEqual([(await bench.server.ledger.payments()).map((payment) => payment.amount), await openAttempts(form)], [[units(amount)], []], place);
    await form.page.reload();
    await form.ready();
  }
});

test('open payment of an element without an id is found after a reload, whenever another left', async (bench) => {
  const form = await bench.host(settled);
  const moments = { 'before the press': '9.91', 'before the answer': '9.92', 'when the outcome is unknown': '9.93', 'by the reload': '9.94' };
  for (const [moment, amount] of Object.entries(moments)) {
    await bench.server.ledger.mark();
    const { old, other, remove } = await beside(form, 'after');
    await old.amount.fill('77.10');
    await other.amount.fill(amount);
    if (moment === 'before the press') await remove();
    const held = gate();
    bench.proxy.faults(held);
    await other.pay.click();
    await held.reached;
    if (moment === 'before the answer') await remove();
    await other.waitFor('unknown');
    if (moment === 'when the outcome is unknown') await remove();
    const stands = moment === 'by the reload' ? '1:pending' : '0:pending';
    await until(async () => String(await openAttempts(form)) === stands, `${moment}: the attempt stands at ${stands}`);
    await form.page.reload();
    await form.waitFor('unknown');
    held.open();
    assert.deepEqual(await openAttempts(form), ['0:pending'], moment);
    await form.press('retry');
    await form.waitFor('recorded');
    assert.deepEqual([(await bench.server.ledger.payments()).map((payment) => payment.amount), await openAttempts(form)], [[units(amount)], []], moment);
    await form.page.reload();
    await form.ready();
  }
});

test('elements that a script adds one after another keep their open payments over a reload', async (bench) => {
  const form = await bench.host(settled, { body: `<template>${formHtml({ ...settled, id: undefined })}</template>`, waitFor: null });
  const addTwo = () =>
    form.page.evaluate(async () => {
      await customElements.whenDefined('payment-form');
      const template = document.querySelector('template');
      for (const name of ['first', 'second']) {
        const copy = template.content.cloneNode(true);
        copy.firstElementChild.className = name;
        document.body.append(copy);
      }
    });
  await addTwo();
  const [first, second] = ['.first', '.second'].map((selector) => new Form(form.page, selector));
  await second.ready();
  await second.amount.fill('5.40');
  bench.proxy.faults(replaceAfter(json(500, {})));
  await second.pay.click();
  await second.waitFor('unknown');
  await form.page.reload();
  await addTwo();
  await second.waitFor('unknown');
  await first.waitFor('ready');
  assert.deepEqual(await openAttempts(form), ['1:pending']);
});

test('element that stays shows its own text when another leaves', async (bench) => {
  await holdReplies(bench, wasmPath);
  const { page } = await bench.host({}, { body: formHtml({ id: undefined }) + formHtml({ id: undefined }), waitFor: null });
  const left = await page.evaluate(async () => {
    const [one, two] = document.querySelectorAll('payment-form');
    const type = (host, text) => {
      const input = host.shadowRoot.querySelector('[name=amount]');
      input.value = text;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    };
    type(one, '41');
    type(two, '42');
    one.remove();
    await null;
    return two.value.amount;
  });
  assert.equal(left, '42');
});

test('value that cannot be read is an error of the page and stops no form', async (bench) => {
  const gate = await holdReplies(bench, wasmPath);
  const { page } = await bench.host({}, { body: formHtml({ id: 'one' }) + formHtml({ id: 'two' }), waitFor: null });
  const [one, two] = [new Form(page, '#one'), new Form(page, '#two')];
  await one.amount.fill('41');
  await two.amount.fill('42');
  const thrown = () =>
    one.element.evaluate((host) => {
      const broken = { amount: '5', get reference() { throw new Error('of the page'); } };
      return ['value', 'messages'].map((name) => {
        try {
          host[name] = broken;
        } catch (error) {
          return error.message;
        }
      });
    });
  assert.deepEqual(await thrown(), ['of the page', 'of the page'], 'while it loads');
  gate.release();
  await Promise.all([one.ready(), two.ready()]);
  assert.deepEqual(await thrown(), ['of the page', 'of the page'], 'when it is ready');
  assert.deepEqual([(await one.property('preview')).amount, (await two.property('preview')).amount], ['41.00', '42.00']);
});

test('error of one form while it is mounted stops that form only', async (bench) => {
  bench.expectMessage(/of one form/);
  const gate = await holdReplies(bench, wasmPath);
  const glue = `export default async () => {};
    const form = { typeAmount() {}, announceReady() {}, storeDraft() {}, configure() {}, updateLanguage() {}, value: () => ({}), setValue() { throw new Error('of one form'); } };
    export const mount = (root, host) => (queueMicrotask(() => host.enter('ready', '')), form);`;
  bench.proxy.page('/pkg/payment_form.js', { headers: [['Content-Type', 'text/javascript']], body: glue });
  const { page } = await bench.host({}, { body: formHtml({ id: 'one' }) + formHtml({ id: 'two' }), waitFor: null });
  const [one, two] = [new Form(page, '#one'), new Form(page, '#two')];
  await one.amount.fill('41');
  await one.element.evaluate((host) => (host.value = { reference: 'kept' }));
  gate.release();
  await Promise.all([one.waitFor('crashed'), two.waitFor('ready')]);
  assert.match(await one.text(), /could not be loaded/);
  assert.deepEqual([await one.amount.inputValue(), await one.property('value')], ['41', { reference: 'kept', amount: '41' }]);
  assert.deepEqual(bench.watch.events.map(({ name }) => name), ['payment-load-error']);
});

test('value after a load error is the text that is shown', async (bench) => {
  bench.expectMessage(/could not be loaded/);
  const gate = await holdReplies(bench, wasmPath);
  const form = await openSkeleton(bench, { amount: '5', currency: 'USD' });
  const shown = () => form.element.evaluate((host) => [host.value.amount, host.shadowRoot.querySelector('[name=amount]')?.value]);
  gate.fail();
  await form.waitFor('crashed');
  assert.deepEqual(await shown(), ['5.00', '5.00'], 'the amount of the page');
  await form.element.evaluate((host) => (host.value = { amount: '6', reference: 'kept' }));
  assert.deepEqual(await shown(), ['6', '6'], 'a value that comes later');
  assert.equal((await form.property('value')).reference, 'kept');
  await form.element.evaluate((host) => host.reset());
  assert.deepEqual(await shown(), ['5.00', '5.00'], 'reset()');
  await form.page.evaluate(() => sessionStorage.setItem('payment-form:1:fusebill|/v1/payments/|655080|0:draft', `time=${Date.now()}&amount=7`));
  await form.page.reload();
  await form.waitFor('crashed');
  assert.deepEqual(await shown(), ['7', '7'], 'the draft of another page');
  await form.checkAccessibility('with a draft');
});

test('value after a trap is the text that is shown', async (bench) => {
  bench.expectMessage(/RuntimeError|memory access|unreachable|indirect call|table index|null function|out of bounds/i);
  const form = await bench.host();
  await form.element.evaluate((host) => (host.value = { amount: '1', reference: 'of the page' }));
  await form.fillIn({ amount: '41', reference: 'typed' });
  await form.share(566934).fill('1.50');
  await form.page.evaluate(async () => {
    const glue = await import('/pkg/payment_form.js');
    const memory = Object.values(await glue.default()).find((part) => part instanceof WebAssembly.Memory);
    new Uint8Array(memory.buffer).fill(0xff);
  });
  await form.amount.press('End');
  await form.page.keyboard.type('2');
  await form.waitFor('crashed');
  const { amount, reference, shares } = await form.property('value');
  assert.deepEqual([amount, reference, shares['566934']], [await form.amount.inputValue(), 'typed', '1.50']);
  assert.match(amount, /^41/);
});

test('loading elements of one page keep drafts of their own', async (bench) => {
  // Firefox fails the held request when the page is left, and the form of the old page tells it.
  bench.expectMessage(/could not be loaded: TypeError: NetworkError/);
  await holdReplies(bench, wasmPath);
  const { page } = await bench.host({}, { body: formHtml({ id: 'one' }) + formHtml({ id: 'two' }), waitFor: null });
  const [one, two] = [new Form(page, '#one'), new Form(page, '#two')];
  await one.amount.fill('41');
  await two.amount.fill('42');
  await page.reload();
  assert.deepEqual([await one.amount.inputValue(), await two.amount.inputValue()], ['41', '42']);
  assert.deepEqual([(await readDraft(one, 'one')).amount, (await readDraft(two, 'two')).amount], ['41', '42']);
});

test('elements in shadow roots keep drafts of their own', async (bench) => {
  const { page } = await bench.host({}, { body: '<form-host></form-host><form-host></form-host><other-host></other-host>', waitFor: null });
  const forms = (amounts) =>
    page.evaluate(async (amounts) => {
      await customElements.whenDefined('payment-form');
      const hosts = [...document.querySelectorAll('form-host, other-host')];
      const forms = hosts.map((host) => {
        const form = document.createElement('payment-form');
        form.setAttribute('customer-id', '655080');
        form.setAttribute('currency', 'USD');
        host.attachShadow({ mode: 'open' }).append(form);
        return form;
      });
      await Promise.all(forms.map((form) => form.ready));
      const inputs = forms.map((form) => form.shadowRoot.querySelector('[name=amount]'));
      amounts.forEach((amount, index) => {
        inputs[index].value = amount;
        inputs[index].dispatchEvent(new Event('input', { bubbles: true }));
      });
      return inputs.map((input) => input.value);
    }, amounts);
  await forms(['11', '12']);
  await page.reload();
  assert.deepEqual(await forms([]), ['11', '12', '']);
});
