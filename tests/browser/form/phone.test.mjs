// Tests the form on a phone: the bar that pays, the order of the cards, folded choices, and targets for a finger.
import assert from 'node:assert/strict';
import { test } from '../harness/test.mjs';
import { openCase } from '../harness/gallery.mjs';

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

test('on a phone the bar that pays stays at the bottom, reaches from edge to edge, and says where the payment goes', async (bench) => {
  const form = await bench.demo('?customer=655080', phone);
  const destination = form.element.locator('.destination');
  assert.equal(await destination.isVisible(), false, 'there is nothing to say yet');
  await form.amount.fill('100');
  await form.element.locator('.destination', { hasText: /1 invoice\s*\$100\.00/ }).waitFor();
  const { height: windowHeight } = phone.viewport;
  const { bottom, source, outset } = await form.element.locator('.pay-bar').evaluate((bar) => {
    const { borderImageSource: source, borderImageOutset: outset } = getComputedStyle(bar);
    return { bottom: bar.getBoundingClientRect().bottom, source, outset };
  });
  assert.equal(bottom, windowHeight, 'it ends with the window');
  assert.match(source, /gradient/);
  assert.match(outset, /(100vw|390px)$/, 'its ground reaches past both sides of the form');
  await form.checkNoSidewaysScroll('the bar');
  for (const position of [0, 400, 1200]) {
    await form.page.evaluate((top) => window.scrollTo(0, top), position);
    const box = await form.pay.boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= windowHeight, `Pay is in the window when it is scrolled by ${position} px: ${JSON.stringify(box)}`);
  }

  const colour = () => destination.locator('span').evaluate((line) => getComputedStyle(line).color);
  const plain = await colour();
  await form.amount.fill('40000');
  await form.element.locator('.destination', { hasText: '$19,471.83 as account credit' }).waitFor();
  assert.notEqual(await colour(), plain, 'it warns');
  const { line, pay } = await form.element.evaluate((host) => {
    const [line, pay] = ['.destination', '.pay'].map((name) => host.shadowRoot.querySelector(name).getBoundingClientRect());
    return { line: line.top, pay: pay.bottom };
  });
  assert.ok(line > windowHeight * 0.8 && pay <= windowHeight, `the bar stays small, at the bottom: ${line}, ${pay}`);
  await form.checkAccessibility('the bar on a phone');
  await form.page.close();

  const low = await bench.demo('?customer=655080', { ...phone, viewport: { width: 740, height: 360 } });
  await low.amount.fill('500');
  const { height, isOneLine } = await low.element.evaluate(({ shadowRoot }) => {
    const box = (name) => shadowRoot.querySelector(name).getBoundingClientRect();
    return { height: box('.pay-bar').height, isOneLine: box('.destination').top < box('.pay').bottom && box('.destination').bottom > box('.pay').top };
  });
  assert.ok(height <= 60 && isOneLine, `in a low window it is one line: ${height} px`);
}, { needs: 'device' });

test('on a phone the summary stands before the invoices, of which only the covered ones are shown at first, and a finger can press everything', async (bench) => {
  const form = await bench.demo('?customer=655080', phone);
  const bar = () => form.element.evaluate(({ shadowRoot }) => {
    const bar = shadowRoot.querySelector('.bar');
    const { top } = shadowRoot.querySelector('.caption').getBoundingClientRect();
    return { height: getComputedStyle(bar, '::before').height, gap: top - bar.getBoundingClientRect().top };
  });
  const empty = await bar();
  assert.equal(empty.height, '12px', 'the empty bar is seen');
  await form.amount.fill('500');
  await form.element.locator('.bar button').first().waitFor();
  assert.equal((await bar()).gap, empty.gap, 'its caption keeps its place');
  const tops = await form.element.evaluate(({ shadowRoot }) => ['[part~=summary]', '[part~=allocation]'].map((name) => shadowRoot.querySelector(name).getBoundingClientRect().top));
  assert.ok(tops[0] < tops[1], `${tops}`);
  const covered = form.element.locator('.covered li');
  await covered.nth(2).waitFor();
  assert.deepEqual(await covered.evaluateAll((all) => all.map((line) => line.querySelector('.number').textContent.trim())), ['INV-1031', 'INV-1034', 'INV-1038']);
  assert.match(await covered.first().innerText(), /\$184\.20[^]*\$0\.00 left/);
  assert.equal(await form.share('566934').isVisible(), false);
  const toggle = form.element.getByTestId('show-invoices');
  assert.equal(await toggle.innerText(), '13 not covered: show');
  await toggle.click();
  assert.equal(await toggle.getAttribute('aria-expanded'), 'true');
  await form.share('566934').waitFor();
  assert.equal(await covered.first().isVisible(), false);
  const small = await form.element.evaluate((host) => {
    // Radios and boxes are pressed by their labels, the amount by the frame around it; the skip link shows only on keyboard focus.
    const targets = [...host.shadowRoot.querySelectorAll('button, label:has(input), .money, .input')].filter((node) => node.checkVisibility() && !/skip/i.test(node.textContent));
    return targets.filter((node) => Math.min(node.getBoundingClientRect().height, node.getBoundingClientRect().width) < 44).map((node) => `${node.tagName} ${node.name ?? ''} ${node.textContent.slice(0, 20)}`);
  });
  assert.deepEqual(small, [], 'targets smaller than 44 px');
  const label = form.element.locator('.head').evaluate((head) => getComputedStyle(head, '::before').content);
  assert.match(await label, /^"Sort by"/);
  assert.equal(await form.element.getByRole('columnheader', { name: 'Due', exact: true }).count(), 1, 'the label is no part of a name');
  await toggle.click();
  // A part of the bar leads to its row, shown or not.
  await form.element.locator('[part~="bar"] button').first().click();
  await form.waitForFocus('share-566871');
  await form.checkAccessibility('all invoices on a phone');
}, { needs: 'device' });

test('phone shows the chosen method and plan, as words, until change is pressed', async (bench) => {
  const form = await bench.demo('?customer=655080', phone);
  for (const isLocked of [true, false]) {
    await form.element.evaluate((host, isLocked) => (host.disabled = isLocked), isLocked);
    await form.page.waitFor((isLocked) => document.querySelector('payment-form').shadowRoot.querySelector('.plans').disabled === isLocked, isLocked);
    const look = await form.element.locator('.plan :checked + span').evaluate((word) => {
      const { boxShadow, backgroundColor } = getComputedStyle(word);
      return [boxShadow, backgroundColor];
    });
    assert.deepEqual(look, ['none', 'rgba(0, 0, 0, 0)'], isLocked ? 'locked' : 'free');
  }
  await form.amount.fill('500');
  const shown = (name) => form.element.locator(`[name="${name}"]`).evaluateAll((all) => all.filter((radio) => radio.closest('label').checkVisibility()).map((radio) => radio.value));
  for (const [testId, name, other] of [['change-method', 'paymentMethod', 'stored-41878'], ['change-plan', 'allocation', 'newest']]) {
    const change = form.element.getByTestId(testId);
    const chosen = await shown(name);
    assert.equal(chosen.length, 1, name);
    assert.equal(await change.getAttribute('aria-expanded'), 'false');
    // The keyboard: the focus goes to the chosen radio, and arrow keys leave the group open.
    await change.press('Enter');
    await form.waitForFocus(name);
    assert.ok((await shown(name)).length >= 3, name);
    await form.page.keyboard.press('ArrowDown');
    await form.drawn();
    assert.equal(await form.radio(name, other).isChecked(), true);
    assert.equal(await change.getAttribute('aria-expanded'), 'true');
    await form.checkAccessibility(`${name}, all choices on a phone`);
    await change.press('Enter');
    await form.drawn();
    assert.deepEqual(await shown(name), [other]);
    // A tap chooses and closes, on the label as well as on the radio.
    await change.click();
    await form.element.locator(`label:has([name="${name}"][value="${chosen[0]}"])`).click();
    await form.drawn();
    assert.deepEqual([await shown(name), await change.getAttribute('aria-expanded')], [chosen, 'false']);
    await form.choose(name, other);
    await form.drawn();
    assert.deepEqual(await shown(name), [other]);
  }
}, { needs: 'device' });

test('phone with a problem of the method shows every method', async (bench) => {
  const form = await openCase(bench, 'refused', phone);
  assert.equal(await form.element.locator('.method').evaluateAll((all) => all.filter((label) => label.checkVisibility()).length), 3);
  assert.equal(await form.element.getByTestId('change-method').isVisible(), false);
}, { needs: 'device' });
