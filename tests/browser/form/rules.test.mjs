// Tests `payment-form/rules`: the form's rules for pages that draw their own form and for servers under Node. The vectors that the form's
// core runs natively give the same here, from the files that are shipped.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { dist } from '../harness/paths.mjs';
import { test } from '../harness/test.mjs';

// Under Node, package.json leads to this file by the condition `node`.
const rules = () => import(pathToFileURL(path.join(dist, 'pkg/rules.node.js')));
const vectors = (name) => JSON.parse(readFileSync(new URL(`../../cases/${name}.json`, import.meta.url))).cases;

/** The argument of `allocate` for a case. */
const division = ({ currency, invoices, amount, allocation, orderDate, decimals, pins: shares }) => ({ currency, invoices, amount, allocation, orderDate, decimals, shares });

/** The result, under the names of the vectors. `excess` is what its law leaves: allocated + unallocated = amount + excess. */
const divided = ({ amount, allocations, allocated, unallocated, stillOwed }) => {
  const [units, decimals] = [(text) => BigInt(text.replace('.', '')), amount.split('.')[1]?.length ?? 0];
  const digits = String(units(allocated) + units(unallocated) - units(amount)).padStart(decimals + 1, '0');
  const excess = decimals ? `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : digits;
  return { allocations: allocations.map((share) => ({ ...share })), allocated, unallocated, excess, stillOwed };
};

/** The argument of `check` for a case: the attributes' names, and a method's label, which no rule reads. */
const draft = ({ methods, invoices, invoiceCurrency, paymentMethods, ...more }) => ({
  ...more,
  methods: methods?.join(' '),
  invoices: invoices?.map((invoice) => ({ currency: invoiceCurrency, ...invoice })) ?? [],
  paymentMethods: paymentMethods?.map((method) => ({ label: '', ...method })),
});

test('payment-form/rules divides and checks as the vectors say, under Node', async () => {
  const { allocate, check } = await rules();
  const [divisions, checks] = [vectors('allocation'), vectors('check')];
  assert.ok(divisions.length >= 35 && checks.length >= 45);
  for (const one of divisions) assert.deepEqual(divided(await allocate(division(one))), one.expect, one.name);
  for (const one of checks) {
    const { valid, problems, preview } = await check(draft(one));
    const { problems: wrong = [], payment } = one.expect;
    assert.deepEqual(problems.map(({ code, field, invoiceId }) => ({ code, field, invoiceId })), wrong, one.name);
    assert.equal(valid, payment !== undefined, one.name);
    assert.ok(problems.every(({ message }) => message.length > 5), one.name);
    if (payment?.allocations) assert.deepEqual([preview.allocations, preview.unallocated], [payment.allocations, payment.unallocated], one.name);
  }
});

test('payment-form/rules refuses what it cannot know, and takes a limit finer than the currency as the next amount inside of it', async () => {
  const { allocate, check } = await rules();
  const invoices = [{ id: '1', balance: '10.00', currency: 'USD' }];
  const consoleError = console.error;
  console.error = () => {};
  try {
    await assert.rejects(allocate({ amount: '5', invoices: [] }), /currency/);
    await assert.rejects(allocate({ amount: '5', invoices: [{ id: '1', balance: 'ten', currency: 'USD' }] }), /read/);
    await assert.rejects(allocate({ amount: '5', invoices: [...invoices, ...invoices] }), /twice/);
    await assert.rejects(allocate({ amount: '5', invoices, allocation: 'eldest' }), /eldest/);
    await assert.rejects(check({ value: {}, invoices, today: 'tomorrow' }), /today/);
    // The element would go on, with a default or without the word; the rules do not, and do not say so.
    for (const [terms, sentence] of [
      [{ max: NaN }, 'max="NaN" is not known.'],
      [{ min: 1e21 }, 'min="1e+21" is not known.'],
      [{ min: '20', max: '10' }, 'min is above max.'],
      [{ methods: 'Bitcoin Cash' }, 'methods: "Bitcoin" is not known.'],
    ]) await assert.rejects(check({ value: {}, invoices, ...terms }), { message: sentence });
  } finally {
    console.error = consoleError;
  }
  assert.equal(await allocate({ amount: 'five', invoices }), null, 'an amount that cannot be read divides nothing');
  assert.equal((await allocate({ amount: '1.234,50', locale: 'de', invoices })).unallocated, '1224.50');

  const codes = async (amount, limits) => {
    const { problems } = await check({ value: { amount }, currency: 'JPY', invoices: [], ...limits });
    return problems.filter(({ field }) => field === 'amount').map(({ code }) => code);
  };
  assert.deepEqual(await codes('1000', { max: '1000.50' }), []);
  assert.deepEqual(await codes('1001', { max: '1000.50' }), ['amount-above-max']);
  assert.deepEqual(await codes('1000', { min: '1000.50' }), ['amount-below-min']);
  assert.deepEqual(await codes('1001', { min: '1000.50' }), []);
});

test('payment-form/rules runs in a page without a form, under a strict policy', async (bench) => {
  const script = `import { allocate } from '/pkg/rules.js';
    const invoices = [{ id: '1', balance: '50.00', currency: 'USD' }, { id: 2, balance: 20.5, currency: 'USD' }];
    window.divided = await allocate({ amount: '60', invoices, allocation: 'newest' });`;
  await bench.serveThroughProxy();
  bench.proxy.page('/rules-page.js', { headers: [['Content-Type', 'text/javascript']], body: script });
  const html = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Rules</title></head><body><script type="module" src="/rules-page.js"></script></body></html>';
  const { page } = await bench.host({}, { html, waitFor: null });
  await page.waitFor(() => window.divided !== undefined);
  const { allocations, unallocated } = await page.evaluate(() => window.divided);
  assert.deepEqual(allocations.map(({ invoiceId, amount }) => [invoiceId, amount]), [['1', '50.00'], ['2', '10.00']]);
  assert.equal(unallocated, '0.00');
});

/** Some locales of each script, notation and habit that Chromium's Intl knows; the currencies have 0, 2, 3 and 4 decimals. */
const locales = `ar ar-EG bg bn cs da de de-AT de-CH de-LI el en-GB en-IN en-US en-ZA es es-MX et fa fi fr fr-CA fr-CH he hi hu id it it-CH ja ko mr my
  nb ne nl pl pt-BR pt-PT ru sv th tr uk ur vi zh-CN`.split(/\s+/);
const currencies = 'USD EUR GBP CHF JPY KRW KWD BHD CLF INR BRL SEK'.split(' ');

test('every amount that the browser itself writes is read back as the same number', async (bench) => {
  await bench.serveThroughProxy();
  bench.proxy.page('/read.js', { headers: [['Content-Type', 'text/javascript']], body: "import { allocate } from '/pkg/rules.js'; window.allocate = allocate;" });
  const html = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Read</title></head><body><script type="module" src="/read.js"></script></body></html>';
  const { page } = await bench.host({}, { html, waitFor: null });
  await page.waitFor(() => window.allocate);
  const { read, signed, wrong, known } = await page.evaluate(async ([locales, currencies]) => {
    const found = { read: 0, signed: 0, wrong: [], known: Intl.NumberFormat.supportedLocalesOf(locales).length };
    for (const locale of locales) {
      for (const currency of currencies) {
        const money = new Intl.NumberFormat(locale, { style: 'currency', currency });
        const { maximumFractionDigits: decimals } = money.resolvedOptions();
        const figures = new Set(['integer', 'group', 'decimal', 'fraction']);
        for (const digits of ['7', '123450', '1234567', '123456789012']) {
          const padded = digits.padStart(decimals + 1, '0');
          const plain = decimals ? `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}` : digits;
          const reading = async (amount) => (await window.allocate({ amount, locale, currency, invoices: [] }))?.amount;
          const bare = money.formatToParts(plain).flatMap(({ type, value }) => (figures.has(type) ? value : [])).join('');
          if ((await reading(bare)) !== plain) found.wrong.push(`${bare} in ${locale} is ${await reading(bare)}`);
          found.read += 1;
        }
        // With its sign it is the same number, or refused; never another.
        const signed = await window.allocate({ amount: money.format(12345), locale, currency, invoices: [] });
        if (signed && Number(signed.amount) !== 12345) found.wrong.push(`${money.format(12345)} in ${locale} is ${signed.amount}`);
        found.signed += signed ? 1 : 0;
      }
    }
    return found;
  }, [locales, currencies]);
  assert.deepEqual(wrong.slice(0, 10), []);
  assert.ok(known >= 40 && read >= 4 * 40 * 12, `${read} amounts in ${known} locales`);
  assert.ok(signed * 4 * 10 > read * 7, `${signed} of ${read / 4} are read with the sign of their currency too`);
}, { seconds: 120 });
