// Tests the entries and changes of the page while the form loads: they are drawn at once, as the loaded form draws them.
import assert from 'node:assert/strict';
import { formHtml } from '../harness/host.mjs';
import { pass } from '../harness/faults.mjs';
import { eachCase, test } from '../harness/test.mjs';
import { nothingFor, until } from '../harness/wait.mjs';
import { holdReplies, listPaths, openSkeleton, readCaret, readDraft, waitForMount, wasmPath } from './skeleton.mjs';

test('the first entries stand in the skeleton: value, else the stored draft, else the amount', async (bench) => {
  await holdReplies(bench, wasmPath);
  let form = await openSkeleton(bench, { amount: '1234.5', currency: 'USD' });
  assert.equal(await form.amount.inputValue(), '1234.50');
  await form.amount.fill('20');
  await until(async () => (await readDraft(form))?.amount === '20', 'the draft is stored');
  await form.page.reload();
  assert.equal(await form.amount.inputValue(), '20', 'the draft wins over the attribute');
  await form.element.evaluate((host) => (host.value = { amount: '30' }));
  assert.equal(await form.amount.inputValue(), '30', 'value wins over the draft');
  await form.page.evaluate(() => window.__moveClock(24 * 60 * 60 * 1000));
  await form.element.evaluate((host) => (host.value = undefined));
  assert.equal(await form.amount.inputValue(), '1234.50', 'a draft of yesterday is none');
  form = await openSkeleton(bench, { amount: '1234.5', currency: 'USD', persist: 'none' }, { context: form.page.context() });
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
    const gate = await holdReplies(bench, wasmPath);
    const answers = await holdReplies(bench, listPaths);
    const unlisted = currency && { 'invoices-src': undefined, 'payment-methods-src': undefined };
    const form = await openSkeleton(bench, { amount, currency, locale, source: 'Manual', ...unlisted });
    assert.equal(await form.amount.inputValue(), text);
    gate.release();
    if (currency) await form.ready();
    else await waitForMount(form);
    assert.equal(await form.amount.inputValue(), text);
    assert.deepEqual(bench.events('change'), [], 'an untouched input hands over nothing');
    answers.release();
    await form.page.close();
  });
});

test('sign of the early input comes after the first painting and moves nothing', async (bench) => {
  const gate = await holdReplies(bench, wasmPath);
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

test('currency that is blank or has spaces writes the amount as the form does', async (bench) => {
  for (const [currency, amount, locale] of [['', '1234.5', 'de'], [' JPY ', '5', 'en']]) {
    const gate = await holdReplies(bench, wasmPath);
    const form = await openSkeleton(bench, { currency, amount, locale });
    await form.element.evaluate((host) => (host.invoices = [{ id: '1', number: 'A-1', balance: '50', currency: host.currency.trim() || 'EUR' }]));
    const before = await form.amount.inputValue();
    gate.release();
    await form.ready();
    assert.equal(await form.amount.inputValue(), before, `currency "${currency}"`);
    await form.page.close();
  }
});

test('the members of the element answer while it loads', async (bench) => {
  const gate = await holdReplies(bench, wasmPath);
  const form = await openSkeleton(bench);
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
  assert.deepEqual([await form.amount.inputValue(), await readDraft(form)], ['', null]);
  await nothingFor(400, 'a draft of what was reset');
  assert.equal(await readDraft(form), null);
  gate.release();
  await form.ready();
  assert.equal(await form.amount.inputValue(), '');
  assert.deepEqual(bench.watch.events.map(({ name }) => name), ['payment-ready']);
  assert.equal(bench.proxy.payments.length, 0);
});

test('a change by the page while the form loads is drawn at once, and typed text stays', async (bench) => {
  await holdReplies(bench, wasmPath);
  const form = await openSkeleton(bench, { amount: '5', currency: 'USD' });
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
  assert.deepEqual(await readCaret(form), { text: '6,007', start: 5, end: 5, hasFocus: true });
  await set('api', 'maiascore');
  assert.deepEqual(await readCaret(form, 'amountPaid'), { text: '6,007', start: 5, end: 5, hasFocus: true });
  assert.deepEqual((await form.property('value')).amountPaid, '6,007');
  assert.ok(await input.stays(), 'it is still the same input');
  await set('value', undefined);
  await set('customerId', '655081');
  assert.equal((await readCaret(form, 'amountPaid')).text, '8,00', 'the text of another customer goes');
  await set('customerId', '655080');
  assert.equal((await readCaret(form, 'amountPaid')).text, '6,007', 'and comes back with its customer');
});

test('language named while loading is the language of the ready form', async (bench) => {
  const loading = await holdReplies(bench, wasmPath);
  await holdReplies(bench, /fr\.json$/, 600);
  const form = await openSkeleton(bench, { lang: 'de' });
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
  const gate = await holdReplies(bench, wasmPath);
  const form = await openSkeleton(bench, { amount: '5', currency: 'USD' });
  await form.amount.fill('77');
  await form.element.evaluate((host) => (host.value = { reference: 'of the host' }));
  await form.element.evaluate((host) => host.reset());
  assert.deepEqual([await form.amount.inputValue(), await form.property('value')], ['5.00', { amount: '5.00' }]);
  await nothingFor(400, 'a draft of what was reset');
  assert.equal(await readDraft(form), null);
  gate.release();
  await form.ready();
  assert.equal(await form.amount.inputValue(), '5.00');
  assert.deepEqual(bench.watch.events.map(({ name }) => name), ['payment-ready']);
  await form.element.evaluate((host) => host.reset());
  assert.deepEqual([await form.amount.inputValue(), await readDraft(form)], ['5.00', null], 'as the loaded form does');
});

test('value of the page is in a form that is disabled while it loads', async (bench) => {
  for (const currency of ['USD', undefined]) {
    const gate = await holdReplies(bench, wasmPath);
    const form = await openSkeleton(bench, {}, { body: `<fieldset disabled>${formHtml({ currency })}</fieldset>` });
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
