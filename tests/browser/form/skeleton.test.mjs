// Tests the skeleton before the WebAssembly is there: how it looks, what it says, and that nothing moves when the form takes its place.
import assert from 'node:assert/strict';
import { Form } from '../harness/form.mjs';
import { formHtml } from '../harness/host.mjs';
import { engineName } from '../harness/driver.mjs';
import { pass } from '../harness/faults.mjs';
import { eachCase, test } from '../harness/test.mjs';
import { nothingFor, until } from '../harness/wait.mjs';
import { openSkeleton, holdReplies, listPaths, waitForMount, wasmPath } from './skeleton.mjs';

test('the skeleton is drawn and wasm and glue are asked for in the same task; importing asks for nothing', async (bench) => {
  await bench.serveThroughProxy();
  const html = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Later</title></head><body></body></html>';
  const form = await bench.host({}, { html, waitFor: null });
  const requestedFiles = () => bench.proxy.arrivals.filter(({ path }) => /payment_form/.test(path)).map(({ path }) => path.split('/').pop()).sort();
  await form.page.evaluate(() => import('/pkg/define.js'));
  await nothingFor(200, 'a request for the form without an element');
  assert.deepEqual(requestedFiles(), []);
  const drawn = await form.page.evaluate(() => {
    const form = document.createElement('payment-form');
    form.customerId = '655080';
    document.body.append(form);
    return form.shadowRoot.querySelector('[name=amount]').isConnected;
  });
  assert.equal(drawn, true);
  await until(() => requestedFiles().length === 2, 'both files are asked for');
  assert.deepEqual(requestedFiles(), ['payment_form.js', 'payment_form_bg.wasm']);
});

test('a form in a disabled fieldset is disabled, before and after the wasm', async (bench) => {
  const gate = await holdReplies(bench, wasmPath);
  const body = `<fieldset id="around" disabled>${formHtml({})}</fieldset>`;
  const form = await openSkeleton(bench, {}, { body });
  const around = (isDisabled) => form.page.evaluate((isDisabled) => (document.querySelector('#around').disabled = isDisabled), isDisabled);
  assert.ok(await form.amount.isDisabled());
  await around(false);
  assert.ok(!(await form.amount.isDisabled()));
  gate.release();
  await form.ready();
  assert.ok(!(await form.amount.isDisabled()));
  await around(true);
  await form.page.waitFor(() => document.querySelector('payment-form').shadowRoot.querySelector('[name=amount]').matches(':disabled'));
  await around(false);
  await form.payNow({ amount: '5.00' });
});

test('a label of the page focuses the amount, before and after the wasm; a click beside the fields does not', async (bench) => {
  const gate = await holdReplies(bench, wasmPath);
  const body = `<label id="label" for="pay">What do you pay?</label>${formHtml({ id: 'pay' })}`;
  const form = await openSkeleton(bench, {}, { body });
  for (const phase of ['before', 'after']) {
    assert.equal(await form.focused(), null, phase);
    await form.page.locator('#label').click();
    assert.equal(await form.focused(), 'amount', phase);
    await form.amount.evaluate((input) => input.blur());
    await form.element.click({ position: { x: 1, y: 1 } });
    assert.equal(await form.focused(), null, phase);
    gate.release();
    await form.ready();
  }
});

test('heading before and after the wasm isolates the payee alike', async (bench) => {
  const heading = (form) => form.element.evaluate(({ shadowRoot }) => shadowRoot.querySelector('h2.title').textContent);
  const latin = 'Fernhill Supply Co.';
  for (const [attributes, expected] of [
    [{ lang: 'ar', payee: latin }, /إلى \u2068Fernhill Supply Co\.\u2069$/],
    [{ payee: latin }, /^Pay Fernhill Supply Co\.$/],
    [{ payee: 'شركة النور.' }, /^Pay \u2068شركة النور\.\u2069$/],
    [{ lang: 'ar', payee: latin, source: 'Manual' }, /^[^\u2068\u2069]+$/],
  ]) {
    const gate = await holdReplies(bench, wasmPath);
    const form = await openSkeleton(bench, attributes);
    const before = await heading(form);
    gate.release();
    await waitForMount(form);
    assert.match(before, expected);
    assert.equal(await heading(form), before);
    await form.page.close();
  }
});

test('the skeleton says that it loads, names its input, hides the rest, and is accessible', async (bench) => {
  await holdReplies(bench, wasmPath);
  for (const attributes of [{}, { api: 'maiascore' }, { lang: 'ar' }]) {
    const form = await openSkeleton(bench, attributes);
    await form.checkAccessibility(JSON.stringify(attributes));
    const { statuses, open, marked, stray } = await form.element.evaluate(({ shadowRoot }) => ({
      statuses: [...shadowRoot.querySelectorAll('[role=status]')].map((node) => node.textContent.length > 0),
      open: [...shadowRoot.querySelectorAll('input, button, h2, h3, dl')].filter((node) => !node.closest('[aria-hidden]')).map((node) => node.tagName),
      marked: shadowRoot.querySelectorAll('[data-testid]').length,
      stray: [...shadowRoot.querySelectorAll('[aria-hidden] :is(input, button):enabled')].length,
    }));
    assert.deepEqual({ statuses, open, marked, stray }, { statuses: [true], open: ['INPUT'], marked: 0, stray: 0 });
    await form.page.close();
  }
});

test('a form that moves into the document of a frame keeps its style and its text', async (bench) => {
  const gate = await holdReplies(bench, wasmPath);
  const form = await openSkeleton(bench);
  await form.amount.fill('15');
  await form.page.evaluate(() => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    window.form = document.querySelector('payment-form');
    frame.contentDocument.body.append(window.form);
  });
  const look = () =>
    form.page.evaluate(() => {
      const input = window.form.shadowRoot.querySelector('[name=amount]');
      return { text: input.value, border: getComputedStyle(input).borderTopWidth, sheets: window.form.shadowRoot.adoptedStyleSheets.length };
    });
  assert.deepEqual(await look(), { text: '15', border: '0px', sheets: 1 });
  gate.release();
  await form.page.waitFor(() => window.form.state === 'ready');
  assert.deepEqual(await look(), { text: '15', border: '0px', sheets: 1 });
});

test('a locale that cannot be read is told to the developer and passed over', async (bench) => {
  bench.expectMessage(/locale/);
  const form = await bench.host({ locale: 'english us' });
  assert.ok(bench.watch.console.some(({ text }) => /locale "english us"/.test(text)));
  assert.equal(await form.property('locale'), 'en');
});

// Where header, amount and methods stand, and how far the page has shifted since it was first painted.
const places = (form, name) =>
  form.element.evaluate((host, name) => {
    const top = (selector) => Math.round(host.shadowRoot.querySelector(selector)?.getBoundingClientRect().top);
    return { header: top('[part~=header]'), amount: top(`[name=${name}]`), methods: top('[part~=methods]') };
  }, name);

const measureShifts = () => {
  window.__shift = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.__shift += entry.value;
  }).observe({ type: 'layout-shift', buffered: true });
};

/** Places are whole pixels in Chromium. Firefox and WebKit measure lines of text otherwise, and may differ by two. */
function assertStand(places, before, when) {
  const tolerance = engineName === 'chromium' ? 0 : 2;
  for (const [part, place] of Object.entries(before)) assert.ok(!(Math.abs(places[part] - place) > tolerance), `${when}: ${part} is at ${places[part]}, not at ${place}`);
}

const windows = { 'a wide window': [1120, 900], 'a phone': [390, 844], 'a small phone': [320, 640], 'a phone of 378 px': [378, 844], 'a phone of 350 px': [350, 740] };
test('no part moves in any window from the skeleton to the lists', async (bench) => {
  await bench.serveThroughProxy();
  for (const [label, [width, height]] of Object.entries(windows)) {
    const context = await bench.context({ viewport: { width, height } });
    await context.addInitScript(measureShifts);
    await eachCase(['/', '/bench.html?n=50', '/?api=maiascore'].map((path) => [`${path} in ${label}`, path]), async (path) => {
      bench.proxy.onOther = () => pass;
      const gate = await holdReplies(bench, wasmPath);
      const answers = await holdReplies(bench, listPaths);
      const page = await context.newPage();
      await page.goto(bench.origin + path);
      const form = new Form(page);
      const name = path.includes('maiascore') ? 'amountPaid' : 'amount';
      await form.field(name).waitFor();
      const before = await places(form, name);
      gate.release();
      await waitForMount(form);
      await form.drawn();
      assertStand(await places(form, name), before, 'when the form takes the place of the skeleton');
      answers.release();
      await form.ready();
      await page.waitFor(() => ![...document.querySelector('payment-form').shadowRoot.querySelectorAll('.skeleton')].some((bone) => bone.checkVisibility()));
      await form.drawn();
      assertStand(await places(form, name), before, 'when the lists are there');
      const shift = await page.evaluate(() => window.__shift);
      assert.ok(shift <= 0.02, `the page has shifted by ${shift}`);
      await page.close();
    });
  }
});

test('status of the skeleton stays one node in every redraw', async (bench) => {
  await holdReplies(bench, wasmPath);
  const form = await openSkeleton(bench);
  const told = await form.element.evaluate((host) => {
    const status = host.shadowRoot.querySelector('[role=status]');
    const changes = [];
    const watch = new MutationObserver((records) => changes.push(...records));
    watch.observe(host.shadowRoot, { childList: true, subtree: true });
    host.amount = '5';
    host.currency = 'USD';
    host.locale = 'de';
    host.api = 'maiascore';
    const moved = watch.takeRecords().some(({ addedNodes, removedNodes }) => [...addedNodes, ...removedNodes].includes(status));
    return { isSame: status === host.shadowRoot.querySelector('[role=status]'), moved, text: status.textContent };
  });
  assert.deepEqual(told, { isSame: true, moved: false, text: 'Das Zahlungsformular wird geladen …' });
});
