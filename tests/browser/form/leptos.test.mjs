// Tests the example page in Leptos: the form as a component in the page's own document.
import assert from 'node:assert/strict';
import { test } from '../harness/test.mjs';

const open = async (bench) => {
  await bench.serve();
  const context = await bench.context();
  const page = await context.newPage();
  await page.goto(`${bench.origin}/leptos`);
  await page.waitFor(() => document.querySelector('[name=amount]:enabled') && document.querySelector('[data-invoice-id]'));
  return page;
};
const type = (page, text) => page.evaluate((value) => {
  const input = document.querySelector('[name=amount]');
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}, text);

test('component in a leptos page keeps the typed text when mounted again, pays, and tells on recorded', async (bench) => {
  const page = await open(bench);
  await type(page, '12.34');
  await page.evaluate(() => document.querySelector('#toggle').click());
  await page.waitFor(() => !document.querySelector('[name=amount]'));
  await page.evaluate(() => document.querySelector('#toggle').click());
  await page.waitFor(() => document.querySelector('[data-invoice-id]') && document.querySelector('[name=amount]')?.value);
  assert.equal(await page.evaluate(() => document.querySelector('[name=amount]').value), '12.34');

  await type(page, '500.00');
  await page.waitFor(() => /500/.test(document.querySelector('[data-testid=pay]').textContent));
  await page.evaluate(() => document.querySelector('[data-testid=pay]').click());
  await page.waitFor(() => /^Recorded as \d+\.$/.test(document.querySelector('#paid').textContent.trim()));
  assert.ok(await page.evaluate(() => document.querySelector('[data-testid=receipt]') !== null));
  const [payment] = await bench.server.ledger.payments();
  assert.equal(payment.amount, 50000n);
});

test('sheet of the component styles the form alone, also in the document of a frame', async (bench) => {
  const page = await open(bench);
  const measured = await page.evaluate(() => {
    const style = (element) => JSON.stringify(['font', 'color', 'margin', 'padding', 'border', 'display'].map((name) => getComputedStyle(element)[name]));
    const own = [...document.querySelectorAll('h1, main > p, #toggle, label[for=busy]')];
    const styled = own.map(style);
    const sheets = [...document.adoptedStyleSheets];
    document.adoptedStyleSheets = [];
    const bare = own.map(style);
    document.adoptedStyleSheets = sheets;
    return { styled, bare, sheets: sheets.length, card: getComputedStyle(document.querySelector('.pf.card')).borderTopStyle };
  });
  assert.deepEqual(measured.styled, measured.bare);
  assert.equal(measured.sheets, 1);
  assert.equal(measured.card, 'solid');

  await page.evaluate(() => document.querySelector('#framed').click());
  await page.waitFor(() => document.querySelector('#frame')?.contentDocument?.querySelector('[data-invoice-id]'));
  const framed = await page.evaluate(() => {
    const { contentDocument: inside } = document.querySelector('#frame');
    const input = inside.querySelector('[name=amount]');
    input.value = '500.00';
    input.dispatchEvent(new Event('input', { bubbles: true }));
    return {
      sheets: [inside.adoptedStyleSheets.length, document.adoptedStyleSheets.length],
      card: inside.defaultView.getComputedStyle(inside.querySelector('.pf.card')).borderTopStyle,
      radius: inside.defaultView.getComputedStyle(inside.querySelector('.pf.pay')).borderTopLeftRadius,
      outside: getComputedStyle(document.querySelector('.pf.pay')).borderTopLeftRadius,
    };
  });
  assert.deepEqual(framed, { sheets: [1, 1], card: 'solid', radius: framed.outside, outside: framed.outside });
  await page.waitFor(() => /500/.test(document.querySelector('#frame').contentDocument.querySelector('[data-testid=pay]').textContent));
});
