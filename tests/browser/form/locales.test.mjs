// Tests amounts in other currencies and notations: what is typed is read by the locale of the page, and by nothing else.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from '../harness/test.mjs';
import { divide, toDecimal } from '../harness/money.mjs';

/** The reference ledger's customers, by currency. */
const euro = '655081';
const yen = '655082';

test('a euro customer pays what the decimal comma says, and a yen customer, who has no decimals, is told so', async (bench) => {
  await bench.serveThroughProxy();
  let form = await bench.demo(`?customer=${euro}`);
  const { shares, rest } = divide(await bench.server.read(`/v1/customers/${euro}/invoiceSummaries`), '1234.56');
  await form.amount.pressSequentially('1.234,56');
  assert.equal((await form.property('preview')).amount, '1234.56');
  assert.equal(await form.plain('unallocated'), toDecimal(rest));
  await form.pay.click();
  await form.waitFor('recorded');
  const [payment] = await bench.server.ledger.payments();
  assert.equal(payment.amount, 123456n);
  assert.deepEqual(payment.shares, Object.fromEntries(shares.map(({ id, share }) => [id, share])));
  assert.match(bench.proxy.payments[0].body.toString(), /"amount":1234\.56[,}]/, 'on the wire it is a number with a point');

  form = await bench.demo(`?customer=${yen}`);
  await form.submit({ amount: '10.5' });
  await form.summary.waitFor();
  assert.deepEqual((await form.property('problems')).map(({ code }) => code), ['amount-too-fine']);
  await form.amount.fill('1200');
  const { shares: yenShares } = divide(await bench.server.read(`/v1/customers/${yen}/invoiceSummaries`), '1200', { decimals: 0 });
  await form.pay.click();
  await form.waitFor('recorded');
  const [, yenPayment] = await bench.server.ledger.payments();
  assert.equal(yenPayment.amount, 1200n);
  assert.deepEqual(yenPayment.shares, Object.fromEntries(yenShares.map(({ id, share }) => [id, share])));
});

test('F5 F11: a megabyte is refused, a wheel and arrow keys change nothing, and a doubtful amount is asked about and never guessed', async (bench) => {
  const form = await bench.demo();
  await form.amount.evaluate((input) => {
    input.value = '1'.repeat(1_000_000);
    input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  });
  assert.equal((await form.property('preview'))?.amount ?? null, null);
  await form.amount.fill('5');
  assert.equal((await form.property('preview')).amount, '5.00');
  await form.amount.fill('123.45');
  await form.amount.focus();
  await form.amount.hover();
  await form.page.mouse.wheel(0, 300);
  for (const key of ['ArrowUp', 'ArrowDown', 'PageUp']) await form.page.keyboard.press(key);
  assert.equal(await form.amount.inputValue(), '123.45');

  await form.amount.fill('');
  await form.amount.pressSequentially('1,234.5');
  assert.equal(await form.amount.inputValue(), '1,234.5', 'the text itself is never rewritten');
  assert.match(await form.text(), /Reads as\s*\$1,234\.50/);
  for (const [typed, reading] of [['1 234', '$1,234.00'], ["1'234", '$1,234.00'], ['1,23,456', '$123,456.00']]) {
    await form.amount.fill(typed);
    await form.element.getByText('Do you mean this amount?').waitFor();
    assert.deepEqual(await form.element.locator('button.choice').allInnerTexts(), [reading], typed);
  }
  await form.pay.click();
  await form.summary.waitFor();
  assert.doesNotMatch(await form.text(), /two ways|which amount do you mean/i);
  await form.element.locator('button.choice').click();
  assert.equal((await form.property('preview')).amount, '123456.00');
  await form.amount.fill('1.234');
  await form.element.getByText('Which amount do you mean?').waitFor();
  assert.equal(await form.element.locator('button.choice').count(), 2);
  await form.pay.click();
  await form.summary.waitFor();
  assert.deepEqual((await form.property('problems')).map(({ code }) => code), ['amount-ambiguous']);
  assert.equal((await bench.server.ledger.payments()).length, 0);
  const offered = form.element.getByRole('button').filter({ hasText: /1[.,]234|1\.23/ });
  assert.ok((await offered.count()) >= 1, 'the other reading is a button');
  await form.element.getByRole('button').filter({ hasText: '1,234.00' }).first().click();
  assert.equal((await form.property('preview')).amount, '1234.00');
  await form.pay.click();
  await form.waitFor('recorded');
  assert.equal((await bench.server.ledger.payments())[0].amount, 123400n);
});

/** Inputs, the locale, and the amount they mean; `null` is refused. */
const readings = [
  ['en-US', 'USD', '1,234.56', '1234.56'],
  ['en-US', 'USD', '1 234', null],
  ['en-US', 'USD', '1.234,56', null],
  ['de-DE', 'EUR', '1.234,56', '1234.56'],
  ['de-DE', 'EUR', '1.234', '1234.00'],
  ['de-CH', 'CHF', "1'234.50", '1234.50'],
  ['de-CH', 'CHF', '1’234.50', '1234.50'],
  ['fr-FR', 'EUR', '1\u202f234,56', '1234.56'],
  ['fr-FR', 'EUR', '1\u00a0234,56', '1234.56'],
  ['fr-FR', 'EUR', '1 234,56', '1234.56'],
  ['en-IN', 'INR', '1,00,000', '100000.00'],
  ['ar-EG', 'EGP', '١٬٢٣٤٫٥٦', '1234.56'],
  ['fa-IR', 'USD', '۱۲۳۴٫۵', '1234.50'],
  ['ja-JP', 'JPY', '１２３４', '1234'],
  ['en-US', 'USD', '1e3', null],
  ['en-US', 'USD', '1_000', null],
  ['en-US', 'USD', '+5', null],
  ['en-US', 'USD', '0x10', null],
  ['en-US', 'USD', 'NaN', null],
  ['en-US', 'USD', 'Infinity', null],
  ['en-US', 'USD', '--1', null],
  ['en-US', 'USD', '½', null],
  ['en-US', 'USD', '\u22125', null],
  ['en-US', 'USD', '79228162514264337593543950335', null],
  ['en-US', 'USD', '9'.repeat(10_000), null],
];

test('F1 F2 F3 F5: each notation is read by its locale, and everything else is refused in words', async (bench) => {
  const options = { 'invoices-src': undefined, 'payment-methods-src': undefined, source: 'Manual' };
  let form;
  let shown;
  for (const [locale, currency, typed, amount] of readings) {
    const wanted = `${locale} ${currency}`;
    // A page for each: a language that arrives later draws the form anew, under the typing.
    if (shown !== wanted) {
      await form?.page.close();
      form = await bench.host({ ...options, locale, currency });
      shown = wanted;
    }
    await form.amount.fill(typed);
    const read = (await form.property('preview'))?.amount ?? null;
    assert.equal(read, amount, `${typed.slice(0, 40)} in ${wanted}`);
    assert.equal(await form.amount.inputValue(), typed, 'the text stays as typed');
    const beneath = await form.element.locator('.reading').first().innerText();
    // A reading that is what was typed need not be said again.
    const ascii = typed.trim().replace(/[\u0660-\u0669\u06F0-\u06F9]/g, (digit) => digit.codePointAt(0) & 15).replace(/[,\u066B]/, '.');
    if (amount?.startsWith(ascii) && beneath === '') continue;
    assert.match(beneath, amount === null ? /\p{Letter}{3}/u : /\p{Number}/u, `${typed.slice(0, 40)} is answered in words, at once`);
  }
}, { seconds: 60 });

test('a locale without words of its own is spoken to in English, from left to right, in its own digits', async (bench) => {
  const attributes = { source: 'Manual', currency: 'USD', amount: '5' };
  const look = (form) =>
    form.element.evaluate((host) => [
      getComputedStyle(host.shadowRoot.querySelector('[part~="base"]')).direction,
      host.shadowRoot.querySelector('[data-testid="still-owed"]').textContent,
      host.shadowRoot.querySelector('[part~="header"] .muted').textContent,
    ]);
  const marks = /[\u200E\u200F\u061C]/;
  for (const [locale, owed] of [['he', /^\$[\d,]+\.\d\d$/], ['fa', /^\$[۰-۹٬]+٫[۰-۹]{2}$/], ['ur-PK', /^\$[\d,]+\.\d\d$/], ['da', /^[\d.]+,\d\d\s(US)?\$$/]]) {
    const form = await bench.host({ ...attributes, locale });
    await form.row(566871).waitFor();
    const [direction, amount, date] = await look(form);
    assert.equal(direction, 'ltr', locale);
    assert.match(amount, owed, locale);
    assert.doesNotMatch(amount, marks, locale);
    assert.equal(date, 'Balances as of 20 Nov 2026', locale);
    await form.page.close();
  }
  // A page may bring the words of another language itself.
  const form = await bench.host({ ...attributes, locale: 'he' });
  await form.row(566871).waitFor();
  const sentences = JSON.parse(readFileSync(new URL('../../../src/words/de.json', import.meta.url)));
  await form.element.evaluate((host, sentences) => (host.messages = sentences), sentences);
  assert.equal((await look(form))[0], 'rtl');
});

test('locale of another region names the language of the words and keeps its own numbers', async (bench) => {
  for (const [locale, language, title, owed] of [
    ['pt-PT', 'pt-BR', 'Fazer um pagamento', /^20\s528,17\s/],
    ['pt-BR', 'pt-BR', 'Fazer um pagamento', /20\.528,17$/],
    ['zh-TW', 'zh-Hans', '付款', /20,528\.17$/],
    ['de-CH', 'de-CH', 'Zahlung vornehmen', /20[’']528\.17$/],
    ['da', 'en', 'Make a payment', /^20\.528,17\s(US)?\$$/],
  ]) {
    const form = await bench.host({ locale, currency: 'USD' });
    await form.row(566871).waitFor();
    const seen = await form.element.evaluate(({ shadowRoot }) => [
      shadowRoot.querySelector('.frame').lang,
      shadowRoot.querySelector('h2.title').textContent,
      shadowRoot.querySelector('.owed dd').textContent,
    ]);
    assert.deepEqual(seen.slice(0, 2), [language, title], `${locale}: ${seen}`);
    assert.match(seen[2], owed, `${locale}: ${seen[2]}`);
    await form.page.close();
  }
});

test('the language that the page names at an ancestor is followed after mounting too', async (bench) => {
  const form = await bench.host();
  await form.button(/^Pay/).first().waitFor();
  await form.page.evaluate(() => (document.documentElement.lang = 'de'));
  await form.element.getByText('Zahlung', { exact: false }).first().waitFor();
  await form.amount.fill('1.234,56');
  assert.equal((await form.property('preview')).amount, '1234.56');
  // A language further out than another one is not the nearest.
  await form.page.evaluate(() => (document.querySelector('main').lang = 'en'));
  await form.button(/^Pay/).first().waitFor();
  await form.page.evaluate(() => (document.documentElement.lang = 'fr'));
  assert.equal(await form.element.evaluate((host) => host.locale), 'en');
  // Where it is moved to, another language may be spoken.
  await form.page.evaluate(() => document.body.append(document.querySelector('payment-form')));
  await form.button(/^Payer/).first().waitFor();
  // Another attribute changes with it.
  await form.element.evaluate((host) => {
    host.amount = '3';
    host.locale = 'de';
  });
  await form.element.getByText('Zahlung', { exact: false }).first().waitFor();
});
