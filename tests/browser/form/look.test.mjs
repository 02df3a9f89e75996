// What can be said of the looks by a program: nothing scrolls sideways, and the accessibility check finds nothing, in
// every state that a person meets.
import assert from 'node:assert/strict';
import { test } from '../harness/test.mjs';

const sizes = { desktop: { viewport: { width: 1120, height: 900 } }, phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, 'small phone': { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true } };
const looks = { dark: { colorScheme: 'dark' } };

/** The states in which the form is looked at, and the way into each. */
const scenes = {
  start: { query: '?customer=655080' },
  typed: { query: '?customer=655080', act: (form) => form.fillIn({ amount: '500.00', reference: 'November' }) },
  'errors shown': { query: '?customer=655080', act: (form) => form.submit({ amount: '10.005' }).then(() => form.summary.waitFor()) },
  receipt: { query: '?customer=655080', act: (form) => form.payNow({ amount: '500.00' }) },
  staff: { query: '?customer=655080&staff' },
  maiascore: { query: '?api=maiascore' },
};

for (const [look, options] of Object.entries(looks)) {
  test(`the accessibility check finds nothing: ${look}`, async (bench) => {
    for (const [label, { query, act }] of Object.entries(scenes)) {
      const form = await bench.demo(query, options);
      await act?.(form);
      await form.checkAccessibility(`${label}, ${look}`);
      await form.page.close();
    }
  }, { seconds: 60, needs: 'media' });
}

test('the accessibility check finds nothing: light', async (bench) => {
  for (const [label, { query, act }] of Object.entries(scenes)) {
    const form = await bench.demo(query);
    await act?.(form);
    await form.checkAccessibility(label);
    await form.page.close();
  }
}, { seconds: 60, road: true });

test('the accessibility check finds nothing on a phone', async (bench) => {
  for (const [label, { query, act }] of Object.entries(scenes)) {
    const form = await bench.demo(query, sizes.phone);
    await act?.(form);
    await form.checkAccessibility(`${label}, phone`);
    await form.page.close();
  }
}, { seconds: 60, needs: 'device' });

for (const size of ['phone', 'small phone']) {
  test(`nothing scrolls sideways on a ${size}`, async (bench) => {
    for (const [label, { query, act }] of Object.entries(scenes)) {
      const form = await bench.demo(query, sizes[size]);
      await act?.(form);
      await form.checkNoSidewaysScroll(`${label}, ${size}`);
      await form.page.close();
    }
  }, { seconds: 60, needs: 'device' });
}

test('on a phone the amount and Pay stay in sight at the bottom', async (bench) => {
  const form = await bench.demo('?customer=655080', sizes.phone);
  await form.amount.fill('500');
  const { height } = sizes.phone.viewport;
  for (const position of [0, 400, 1200]) {
    await form.page.evaluate((top) => window.scrollTo(0, top), position);
    const box = await form.pay.boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= height, `Pay is in the window when it is scrolled by ${position} px: ${JSON.stringify(box)}`);
  }
}, { needs: 'device' });

test('everything can be pressed by a finger on a phone', async (bench) => {
  const form = await bench.demo('?customer=655080', sizes.phone);
  const small = await form.element.evaluate((host) => {
    // Radios and boxes are pressed by their labels; what skips the table is seen only by a keyboard.
    const targets = [...host.shadowRoot.querySelectorAll('button, input:not([type=radio], [type=checkbox])')].filter((node) => node.checkVisibility() && !/skip/i.test(node.textContent));
    return targets.filter((node) => node.getBoundingClientRect().height < 24).map((node) => `${node.tagName} ${node.name ?? ''} ${node.textContent.slice(0, 20)}`);
  });
  assert.deepEqual(small, [], 'targets lower than 24 px');
}, { needs: 'device' });

test('a currency sign of letters keeps its order in a text that runs from right to left', async (bench) => {
  const form = await bench.host({ locale: 'ar' });
  await form.amount.fill('500');
  const places = await form.element.evaluate((host) => {
    const { firstChild: text } = host.shadowRoot.querySelector('[data-testid="payment"]');
    const range = document.createRange();
    return [...'US$'].map((letter) => {
      const at = text.data.indexOf(letter);
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      return range.getBoundingClientRect().left;
    });
  });
  assert.deepEqual(places, places.toSorted((a, b) => a - b), 'U, S and $ stand from left to right');
}, { road: true });

test('amounts in the summary are never broken', async (bench) => {
  const form = await bench.demo('?customer=655081');
  for (const amount of ['500', '15000', '999999999999999,99']) {
    await form.amount.fill(amount);
    const broken = await form.element.evaluate((host) => {
      const lines = [...host.shadowRoot.querySelectorAll('[part="summary"] dd')];
      const range = document.createRange();
      return lines.filter((line) => (range.selectNodeContents(line), range.getClientRects().length > 1)).map((line) => line.textContent);
    });
    assert.deepEqual(broken, [], amount);
  }
});

test('with 200 % text and with reduced motion the page still works', async (bench) => {
  const form = await bench.demo('?customer=655080', { ...sizes.desktop, viewport: { width: 560, height: 450 }, deviceScaleFactor: 2, reducedMotion: 'reduce' });
  await form.checkNoSidewaysScroll('zoomed');
  await form.payNow({ amount: '12' });
}, { needs: ['device', 'media'] });

test('in forced colours what is chosen and what is wrong can be told', async (bench) => {
  const form = await bench.demo('?customer=655080', { forcedColors: 'active' });
  await form.submit({ amount: 'abc' });
  await form.summary.waitFor();
  await form.checkAccessibility('forced colours');
}, { needs: 'media' });

test('on a phone the bar that pays says where the payment goes, and warns of what pays no invoice', async (bench) => {
  const form = await bench.demo('?customer=655080', sizes.phone);
  const goes = form.element.locator('.goes');
  assert.equal(await goes.isVisible(), false, 'there is nothing to say yet');
  await form.amount.fill('100');
  await form.element.locator('.goes', { hasText: 'to 1 invoice, $0.00 as account credit' }).waitFor();
  const colour = () => goes.evaluate((line) => getComputedStyle(line).color);
  const plain = await colour();
  await form.amount.fill('40000');
  await form.element.locator('.goes', { hasText: '$19,471.83 as account credit' }).waitFor();
  assert.notEqual(await colour(), plain, 'it warns');
  const { line, pay } = await form.element.evaluate((host) => {
    const [line, pay] = ['.goes', '.pay'].map((name) => host.shadowRoot.querySelector(name).getBoundingClientRect());
    return { line: line.top, pay: pay.bottom };
  });
  assert.ok(line > 844 * 0.8 && pay <= 844, `the bar stays small, at the bottom: ${line}, ${pay}`);
  await form.checkAccessibility('the bar on a phone');
}, { needs: 'device' });

test('the names of the columns are the same however they are sorted', async (bench) => {
  const form = await bench.demo();
  const sort = form.element.getByRole('button', { name: 'Invoice', exact: true });
  for (const order of ['none', 'ascending', 'descending']) {
    assert.equal(await form.element.getByRole('columnheader', { name: 'Invoice', exact: true }).getAttribute('aria-sort'), order);
    await sort.click();
  }
});

test('a locked form looks locked: no blue button, no bright plan', async (bench) => {
  const form = await bench.host({ amount: '5' });
  const colours = () => form.element.evaluate((host) => ['.pay', '.plan :checked + span'].map((name) => getComputedStyle(host.shadowRoot.querySelector(name)).backgroundColor));
  const free = await colours();
  await form.element.evaluate((host) => (host.disabled = true));
  await form.page.waitFor(() => document.querySelector('payment-form').shadowRoot.querySelector('[name=amount]').matches(':disabled'));
  const locked = await colours();
  assert.ok(free.every((colour, place) => colour !== locked[place]), `${free} and ${locked}`);
  await form.checkAccessibility('locked');
});

test('on paper there is what was chosen, and nothing to press', async (bench) => {
  const form = await bench.demo();
  await form.amount.fill('500');
  await form.page.emulateMedia({ media: 'print' });
  const seen = await form.element.evaluate((host) => ['.method', '.plan', '.row .link', '.pay', '.chip'].map((name) => [...host.shadowRoot.querySelectorAll(name)].filter((node) => node.checkVisibility()).length));
  assert.deepEqual(seen, [1, 1, 0, 0, 0]);
}, { needs: 'media' });
