// Tests that what is typed before the WebAssembly is there goes over into the form.
import assert from 'node:assert/strict';
import { formHtml } from '../harness/host.mjs';
import { pass } from '../harness/faults.mjs';
import { eachCase, test } from '../harness/test.mjs';
import { delay, nothingFor, until } from '../harness/wait.mjs';
import { caret, draft, early, held, lists, mounted, wasm } from './skeleton.mjs';

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
      const gate = releases && (await held(bench, wasm));
      const form = await bench.host({}, { html, context, waitFor: null });
      await form.page.evaluate(() => import('/pkg/define.js'));
      await before?.(form);
      await form.element.evaluate((host) => host.focus());
      await type(form, () => releases === 'halfway' && gate.release());
      if (releases === 'afterwards') gate.release();
      await form.ready();
      assert.deepEqual(await caret(form), { text: '1234.5', start: 4, end: 4, hasFocus: true }, when);
      await form.page.keyboard.type('9');
      assert.equal((await form.property('preview')).amount, '12349.50', when);
      await form.page.evaluate(() => sessionStorage.clear());
      await form.page.close();
      bench.proxy.onOther = () => pass;
    });
  }, { seconds: 120, needs: names.includes('IME') ? ['playwright'] : [] });
}

test('typing goes on while the wasm and then the lists arrive, and the input has the focus throughout', async (bench) => {
  const gate = await held(bench, wasm);
  const answers = await held(bench, lists);
  const form = await early(bench);
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
      assert.deepEqual(await caret(form), { text: typed, start: typed.length, end: typed.length, hasFocus: true });
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

test('a failed wasm keeps what was typed: on the screen, in value and over a reload', async (bench) => {
  bench.expectMessage(/could not be loaded/);
  const gate = await held(bench, wasm);
  const form = await early(bench);
  await form.amount.pressSequentially('77.7');
  gate.fail();
  await form.waitFor('crashed');
  assert.match(await form.text(), /could not be loaded/);
  assert.equal(await form.amount.inputValue(), '77.7');
  assert.equal((await form.property('value')).amount, '77.7');
  assert.equal((await draft(form)).amount, '77.7');
  assert.deepEqual([bench.events('load-error').length, bench.events('ready').length, bench.events('change').length], [1, 0, 0]);
  await form.checkAccessibility('not loaded');
  gate.release();
  await form.page.reload();
  await form.ready();
  assert.equal(await form.amount.inputValue(), '77.7');
});

test('a form that stops while it is mounted keeps what was typed', async (bench) => {
  bench.expectMessage(/unreachable/);
  const gate = await held(bench, wasm);
  const glue = "export default async () => {}; export const mount = () => { throw new WebAssembly.RuntimeError('unreachable'); };";
  bench.proxy.page('/pkg/payment_form.js', { headers: [['Content-Type', 'text/javascript']], body: glue });
  const form = await early(bench);
  await form.amount.pressSequentially('77.7');
  gate.release();
  await form.waitFor('crashed');
  assert.match(await form.text(), /stopped/);
  assert.equal(await form.amount.inputValue(), '77.7');
  assert.deepEqual([(await form.property('value')).amount, (await draft(form)).amount], ['77.7', '77.7']);
  assert.deepEqual(bench.watch.events.map(({ name }) => name), ['payment-crash']);
  // Another element of the page says so, too, instead of standing there as if it loaded.
  const other = await form.page.evaluate(() => {
    const other = document.createElement('payment-form');
    document.body.append(other);
    return [other.state, other.shadowRoot.textContent];
  });
  assert.deepEqual([other[0], /stopped/.test(other[1])], ['crashed', true]);
});

test('the first entries stand in the skeleton: value, else the stored draft, else the amount', async (bench) => {
  await held(bench, wasm);
  let form = await early(bench, { amount: '1234.5', currency: 'USD' });
  assert.equal(await form.amount.inputValue(), '1234.50');
  await form.amount.fill('20');
  await until(async () => (await draft(form))?.amount === '20', 'the draft is stored');
  await form.page.reload();
  assert.equal(await form.amount.inputValue(), '20', 'the draft wins over the attribute');
  await form.element.evaluate((host) => (host.value = { amount: '30' }));
  assert.equal(await form.amount.inputValue(), '30', 'value wins over the draft');
  await form.page.evaluate(() => window.__moveClock(24 * 60 * 60 * 1000));
  await form.element.evaluate((host) => (host.value = undefined));
  assert.equal(await form.amount.inputValue(), '1234.50', 'a draft of yesterday is none');
  form = await early(bench, { amount: '1234.5', currency: 'USD', persist: 'none' }, { context: form.page.context() });
  assert.equal(await form.amount.inputValue(), '1234.50');
});

const written = [
  ['de-DE', 'KWD', '1.234', '1,234'],
  ['de', 'EUR', '500', '500,00'],
  ['ja-JP', 'JPY', '500', '500'],
  ['ar-EG', 'EGP', '12.5', '١٢٫٥٠'],
  ['de_DE', 'EUR', '0.5', '0,50'],
  ['en', 'IDR', '12.5', '12.50'],
  ['hu', 'HUF', '12.5', '12,50'],
  ['es-CO', 'COP', '12.5', '12,50'],
  ['ar-IQ', 'IQD', '12.5', '١٢٫٥٠٠'],
  ['de', undefined, '12.5', '12,5'],
  ['fr-CH', undefined, '12.50', '12.50'],
  ['en', 'USD', '1e3', ''],
];
test('the amount that a page gives is written as the form writes it', async (bench) => {
  bench.expectMessage(/amount="1e3"/);
  await eachCase(written.map((row) => [row.join(' '), row]), async ([locale, currency, amount, text]) => {
    if (bench.proxy) bench.proxy.onOther = () => pass;
    const gate = await held(bench, wasm);
    const answers = await held(bench, lists);
    const unlisted = currency && { 'invoices-src': undefined, 'payment-methods-src': undefined };
    const form = await early(bench, { amount, currency, locale, source: 'Manual', ...unlisted });
    assert.equal(await form.amount.inputValue(), text);
    gate.release();
    if (currency) await form.ready();
    else await mounted(form);
    assert.equal(await form.amount.inputValue(), text);
    assert.deepEqual(bench.events('change'), [], 'an untouched input hands over nothing');
    answers.release();
    await form.page.close();
  });
});

test('sign of the early input comes after the first painting and moves nothing', async (bench) => {
  const gate = await held(bench, wasm);
  for (const [lang, currency, sign] of [['en', 'USD', '$'], ['de', 'EUR', '€']]) {
    const html = `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>Early</title></head><body></body></html>`;
    const form = await bench.host({}, { html, waitFor: null });
    const [first, then] = await form.page.evaluate(async (currency) => {
      await import('/pkg/define.js');
      const host = document.createElement('payment-form');
      host.setAttribute('customer-id', '655080');
      host.setAttribute('currency', currency);
      document.body.append(host);
      const find = (selector) => host.shadowRoot.querySelector(selector);
      const look = () => ({ sign: find('.sign').textContent, left: find('#early-amount').getBoundingClientRect().left });
      const first = look();
      while (find('.sign').textContent === first.sign) await new Promise(requestAnimationFrame);
      return [first, look()];
    }, currency);
    assert.deepEqual([first.sign, then.sign], ['\u2007', sign]);
    assert.ok(Math.abs(first.left - then.left) < 1, `${lang}: ${first.left} and ${then.left}`);
    await form.page.close();
  }
  gate.release();
});

test('only the amount goes over from the skeleton; shares and reference of the draft stay', async (bench) => {
  const gate = await held(bench, wasm);
  gate.release();
  let form = await bench.host();
  await form.fillIn({ amount: '300', reference: 'kept', plan: 'newest' });
  await form.share(566934).fill('11.11');
  await until(async () => (await draft(form))?.['share-566934'] === '11.11', 'the draft is stored');
  const again = await held(bench, wasm);
  await form.page.reload();
  await form.amount.fill('310');
  await until(async () => (await draft(form)).amount === '310', 'the amount is stored');
  const { time, ...stored } = await draft(form);
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
  const gate = await held(bench, wasm);
  const form = await early(bench);
  await form.element.evaluate((host) => (host.value = { amount: '5', reference: 'of the host', allocation: 'newest' }));
  assert.equal(await form.amount.inputValue(), '5');
  await form.amount.fill('6');
  gate.release();
  await form.ready();
  const { amount, reference, allocation } = await form.property('value');
  assert.deepEqual({ amount, reference, allocation }, { amount: '6', reference: 'of the host', allocation: 'newest' });
});

test('typed text is stored when the page is left, and when the element is taken out, within 300 ms', async (bench) => {
  await held(bench, wasm);
  const form = await early(bench);
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

test('the members of the element answer while it loads', async (bench) => {
  const gate = await held(bench, wasm);
  const form = await early(bench);
  const members = () =>
    form.element.evaluate((host) => ({
      state: host.state, css: host.matches(':state(loading)'), preview: host.preview, problems: host.problems, value: host.value,
      checks: host.checkValidity(), focused: host.shadowRoot.activeElement?.name ?? null,
    }));
  assert.deepEqual(await members(), { state: 'loading', css: true, preview: null, problems: [], value: { amount: '' }, checks: false, focused: null });
  assert.equal(await form.element.evaluate((host) => host.reportValidity()), false);
  assert.equal((await members()).focused, 'amount');
  await form.page.keyboard.type('12');
  await form.page.keyboard.press('Enter');
  await form.element.evaluate((host) => host.submit());
  assert.deepEqual((await members()).value, { amount: '12' });
  await form.element.evaluate((host) => host.reset());
  assert.deepEqual([await form.amount.inputValue(), await draft(form)], ['', null]);
  await nothingFor(400, 'a draft of what was reset');
  assert.equal(await draft(form), null);
  gate.release();
  await form.ready();
  assert.equal(await form.amount.inputValue(), '');
  assert.deepEqual(bench.watch.events.map(({ name }) => name), ['payment-ready']);
  assert.equal(bench.proxy.payments.length, 0);
});

test('a change by the page while the form loads is drawn at once, and typed text stays', async (bench) => {
  await held(bench, wasm);
  const form = await early(bench, { amount: '5', currency: 'USD' });
  const input = await form.remember(form.amount);
  const set = (name, value) => form.element.evaluate((host, [name, value]) => (host[name] = value), [name, value]);
  await set('amount', '6');
  assert.equal(await form.amount.inputValue(), '6.00');
  await set('locale', 'ar');
  assert.equal(await form.element.locator('.frame').getAttribute('dir'), 'rtl');
  assert.match(await form.text(), /الدفع بواسطة/);
  await form.page.evaluate(() => (document.documentElement.lang = 'de'));
  await set('locale', null);
  await form.waitForText(/Zahlungsart/);
  assert.equal(await form.amount.inputValue(), '6,00');
  await set('messages', { 'method-section': 'Womit' });
  assert.match(await form.text(), /Womit/);
  await set('disabled', true);
  assert.ok(await form.amount.isDisabled());
  await set('disabled', false);
  await form.amount.focus();
  await form.page.keyboard.press('End');
  await form.page.keyboard.type('7');
  await set('value', { amount: '99' });
  await set('amount', '8');
  await set('endpoint', '/pay');
  await set('locale', 'fr');
  assert.deepEqual(await caret(form), { text: '6,007', start: 5, end: 5, hasFocus: true });
  await set('api', 'maiascore');
  assert.deepEqual(await caret(form, 'amountPaid'), { text: '6,007', start: 5, end: 5, hasFocus: true });
  assert.deepEqual((await form.property('value')).amountPaid, '6,007');
  assert.ok(await input.stays(), 'it is still the same input');
  await set('value', undefined);
  await set('customerId', '655081');
  assert.equal((await caret(form, 'amountPaid')).text, '8,00', 'the text of another customer goes');
  await set('customerId', '655080');
  assert.equal((await caret(form, 'amountPaid')).text, '6,007', 'and comes back with its customer');
});

test('a payment that a page before left open has no live input; that of another form does not count', async (bench) => {
  await held(bench, wasm);
  const form = await early(bench);
  // Firefox tells that the reload broke the loading off.
  bench.expectMessage(/the form could not be loaded/);
  await form.page.evaluate(() => sessionStorage.setItem('payment-form:1:fusebill|/v1/payments/|655081|0:pending', 'payment-form 1'));
  await form.page.reload();
  await form.amount.waitFor();
  await form.page.evaluate(() => sessionStorage.setItem('payment-form:1:fusebill|/v1/payments/|655080|0:pending', 'payment-form 1'));
  await form.page.reload();
  await form.element.locator('.bone').first().waitFor();
  assert.equal(await form.amount.count(), 0);
  await form.element.evaluate((host) => (host.customerId = '655082'));
  assert.equal(await form.amount.count(), 1);
});

test('language named while loading is the language of the ready form', async (bench) => {
  const loading = await held(bench, wasm);
  await held(bench, /fr\.json$/, 600);
  const form = await early(bench, { lang: 'de' });
  await form.element.evaluate((host) => {
    host.addEventListener('payment-ready', () => (window.spoken = host.shadowRoot.textContent));
    host.lang = 'fr';
  });
  loading.release();
  await form.ready();
  const spoken = await form.page.evaluate(() => window.spoken);
  assert.match(spoken, /Montant/);
  assert.doesNotMatch(spoken, /Betrag/);
});

test('reset while loading brings the amount of the page back and stores nothing', async (bench) => {
  const gate = await held(bench, wasm);
  const form = await early(bench, { amount: '5', currency: 'USD' });
  await form.amount.fill('77');
  await form.element.evaluate((host) => (host.value = { reference: 'of the host' }));
  await form.element.evaluate((host) => host.reset());
  assert.deepEqual([await form.amount.inputValue(), await form.property('value')], ['5.00', { amount: '5.00' }]);
  await nothingFor(400, 'a draft of what was reset');
  assert.equal(await draft(form), null);
  gate.release();
  await form.ready();
  assert.equal(await form.amount.inputValue(), '5.00');
  assert.deepEqual(bench.watch.events.map(({ name }) => name), ['payment-ready']);
  await form.element.evaluate((host) => host.reset());
  assert.deepEqual([await form.amount.inputValue(), await draft(form)], ['5.00', null], 'as the loaded form does');
});

test('text typed before the page disables the form is in the form', async (bench) => {
  const gate = await held(bench, wasm);
  const form = await early(bench, { persist: 'none' });
  await form.amount.fill('41');
  await form.element.evaluate((host) => (host.disabled = true));
  gate.release();
  await form.ready();
  assert.equal((await caret(form)).text, '41');
});

test('lone surrogate stays in the input at hand-over and when the lists arrive', async (bench) => {
  const gate = await held(bench, wasm);
  const answers = await held(bench, lists);
  const form = await early(bench);
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
  await mounted(form);
  assert.deepEqual(await stands(), expected, 'in the form');
  answers.release();
  await form.ready();
  await form.element.locator('.sign').waitFor();
  assert.deepEqual(await stands(), expected, 'with the lists');
  await form.page.keyboard.press('End');
  await form.page.keyboard.type('\u{1f600}');
  assert.ok((await form.amount.evaluate((input) => input.value)).startsWith('12\ud83d'));
});

test('value of the page is in a form that is disabled while it loads', async (bench) => {
  for (const currency of ['USD', undefined]) {
    const gate = await held(bench, wasm);
    const form = await early(bench, {}, { body: `<fieldset disabled>${formHtml({ currency })}</fieldset>` });
    await form.element.evaluate((host) => (host.value = { amount: '200.00', reference: 'Order 7' }));
    gate.release();
    await form.ready();
    const shown = async () => {
      const { amount, reference } = await form.property('value');
      return [amount, await form.amount.inputValue(), reference];
    };
    assert.deepEqual(await shown(), ['200.00', '200.00', 'Order 7'], `disabled, currency ${currency}`);
    await form.page.evaluate(() => (document.querySelector('fieldset').disabled = false));
    await form.page.waitFor(() => document.querySelector('payment-form').shadowRoot.querySelector('[name=amount]:enabled'));
    assert.deepEqual(await shown(), ['200.00', '200.00', 'Order 7'], `enabled, currency ${currency}`);
    await form.page.close();
  }
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
  assert.equal(await draft(form), null);
  await form.page.reload();
  await form.ready();
  assert.equal(await draft(form), null, 'after pagehide');
  await form.payNow({ amount: '70', reference: 'once' });
  assert.equal(await draft(form), null, 'after the payment');
  await form.button(/another payment/i).click();
  await form.waitFor('ready');
  await form.page.reload();
  await form.ready();
  assert.deepEqual([await draft(form), await form.amount.inputValue()], [null, '5.00']);
});

test('form without an amount input takes the focus of the skeleton to its title', async (bench) => {
  const gate = await held(bench, wasm);
  const form = await early(bench, { currency: 'USD', 'invoices-src': undefined, 'payment-methods-src': undefined });
  await form.element.evaluate((host) => {
    host.invoices = [];
    host.focus();
  });
  await form.page.keyboard.type('12');
  gate.release();
  await mounted(form);
  assert.equal(await form.element.evaluate(({ shadowRoot }) => shadowRoot.activeElement?.localName), 'h2');
});

test('currency that is blank or has spaces writes the amount as the form does', async (bench) => {
  for (const [currency, amount, locale] of [['', '1234.5', 'de'], [' JPY ', '5', 'en']]) {
    const gate = await held(bench, wasm);
    const form = await early(bench, { currency, amount, locale });
    await form.element.evaluate((host) => (host.invoices = [{ id: '1', number: 'A-1', balance: '50', currency: host.currency.trim() || 'EUR' }]));
    const before = await form.amount.inputValue();
    gate.release();
    await form.ready();
    assert.equal(await form.amount.inputValue(), before, `currency "${currency}"`);
    await form.page.close();
  }
});
