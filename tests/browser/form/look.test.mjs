// Tests the looks that a program can check: no sideways scrolling, and no finding of the accessibility check, in every state that a person
// meets.
import assert from 'node:assert/strict';
import { eachCase, test } from '../harness/test.mjs';
import { addressOf, isShown, speak } from '../harness/gallery.mjs';
import { Form } from '../harness/form.mjs';

const sizes = { desktop: { viewport: { width: 1120, height: 900 } }, phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, 'small phone': { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true } };
const looks = { dark: { colorScheme: 'dark' } };

/** The form of one case of the gallery. */
async function shown(bench, name) {
  if (!bench.server) await bench.serve();
  const page = await (bench.contexts[0] ?? (await bench.context())).newPage();
  await page.goto(bench.origin + addressOf(name));
  await page.waitFor(isShown, name);
  return new Form(page);
}

/** The states in which the form is looked at, and the way into each. */
const scenes = {
  start: { query: '?customer=655080' },
  typed: { query: '?customer=655080', act: (form) => form.fillIn({ amount: '500.00', reference: 'November' }) },
  'errors shown': { query: '?customer=655080', act: (form) => form.submit({ amount: '10.005' }).then(() => form.summary.waitFor()) },
  receipt: { query: '?customer=655080', act: (form) => form.payNow({ amount: '500.00' }) },
  staff: { query: '?customer=655080&staff' },
  maiascore: { query: '?api=maiascore' },
};

// The gallery looks at every case in every mode, where the engine can; this one asks each engine.
test('the accessibility check finds nothing', async (bench) => {
  for (const [label, { query, act }] of Object.entries(scenes)) {
    const form = await bench.demo(query);
    await act?.(form);
    await form.checkAccessibility(label);
    await form.page.close();
  }
}, { seconds: 60, isSmoke: true });

test('the page never scrolls sideways on a small phone', async (bench) => {
  for (const [label, { query, act }] of Object.entries(scenes)) {
    const form = await bench.demo(query, sizes['small phone']);
    await act?.(form);
    await form.checkNoSidewaysScroll(label);
    await form.page.close();
  }
}, { seconds: 60, needs: 'device' });

test('on a phone the bar that pays stays at the bottom, reaches from edge to edge, and says where the payment goes', async (bench) => {
  const form = await bench.demo('?customer=655080', sizes.phone);
  const destination = form.element.locator('.goes');
  assert.equal(await destination.isVisible(), false, 'there is nothing to say yet');
  await form.amount.fill('100');
  await form.element.locator('.goes', { hasText: /1 invoice\s*\$100\.00/ }).waitFor();
  const { height: windowHeight } = sizes.phone.viewport;
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
  await form.element.locator('.goes', { hasText: '$19,471.83 as account credit' }).waitFor();
  assert.notEqual(await colour(), plain, 'it warns');
  const { line, pay } = await form.element.evaluate((host) => {
    const [line, pay] = ['.goes', '.pay'].map((name) => host.shadowRoot.querySelector(name).getBoundingClientRect());
    return { line: line.top, pay: pay.bottom };
  });
  assert.ok(line > windowHeight * 0.8 && pay <= windowHeight, `the bar stays small, at the bottom: ${line}, ${pay}`);
  await form.checkAccessibility('the bar on a phone');
  await form.page.close();

  const low = await bench.demo('?customer=655080', { ...sizes.phone, viewport: { width: 740, height: 360 } });
  await low.amount.fill('500');
  const { height, isOneLine } = await low.element.evaluate(({ shadowRoot }) => {
    const box = (name) => shadowRoot.querySelector(name).getBoundingClientRect();
    return { height: box('.pay-bar').height, isOneLine: box('.goes').top < box('.pay').bottom && box('.goes').bottom > box('.pay').top };
  });
  assert.ok(height <= 60 && isOneLine, `in a low window it is one line: ${height} px`);
}, { needs: 'device' });

test('on a phone the summary stands before the invoices, of which only the covered ones are shown at first, and a finger can press everything', async (bench) => {
  const form = await bench.demo('?customer=655080', sizes.phone);
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
    // Radios and boxes are pressed by their labels, the amount by the frame around it; what skips the table is seen only by a keyboard.
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
  const form = await bench.demo('?customer=655080', sizes.phone);
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
  await bench.serve();
  const page = await (await bench.context(sizes.phone)).newPage();
  await page.goto(bench.origin + addressOf('refused'));
  await page.waitFor(isShown, 'refused');
  const form = new Form(page);
  assert.equal(await form.element.locator('.method').evaluateAll((all) => all.filter((label) => label.checkVisibility()).length), 3);
  assert.equal(await form.element.getByTestId('change-method').isVisible(), false);
}, { needs: 'device' });

test('a page that runs from right to left turns the form round and keeps a currency sign of letters in order', async (bench) => {
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
  assert.equal(await form.element.evaluate((host) => getComputedStyle(host.shadowRoot.querySelector('[part~="base"]')).direction), 'rtl');
  await form.checkNoSidewaysScroll('right to left');
}, { isSmoke: true });

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

test('a locked form looks locked: no blue button, no raised plan', async (bench) => {
  const form = await bench.host({ amount: '5' });
  const free = await form.element.evaluate((host) => {
    window.__colours = () => ['.pay', '.plan :checked + span'].map((name) => {
      const { backgroundColor, color, opacity } = getComputedStyle(host.shadowRoot.querySelector(name));
      return `${backgroundColor} ${color} ${opacity}`;
    });
    return window.__colours();
  });
  await form.element.evaluate((host) => (host.disabled = true));
  // A transition leads from one colour to the other.
  await form.page.waitFor((before) => window.__colours().every((colours, place) => colours !== before[place]), free);
  await form.checkAccessibility('locked');
});

test('on paper there is what was chosen, and nothing to press', async (bench) => {
  const form = await bench.demo();
  await form.amount.fill('500');
  await form.page.emulateMedia({ media: 'print' });
  const seen = await form.element.evaluate((host) => ['.method', '.plan', '.row .link', '.pay', '.chip'].map((name) => [...host.shadowRoot.querySelectorAll(name)].filter((node) => node.checkVisibility()).length));
  assert.deepEqual(seen, [1, 1, 0, 0, 0]);
}, { needs: 'media' });

/** The contrasts that are less than wanted: of edges, of words, and of what stands in place of a text, with the ground behind them. */
const contrasts = (form, wanted) =>
  form.element.evaluate((host, wanted) => {
    const { shadowRoot } = host;
    const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
    const mix = (colours) => {
      context.clearRect(0, 0, 1, 1);
      for (const colour of colours) {
        context.fillStyle = colour;
        context.fillRect(0, 0, 1, 1);
      }
      return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = (rgb) => {
      const linear = rgb.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    };
    const grounds = (node) => {
      const found = [];
      for (let at = node; at; at = at.parentElement ?? at.getRootNode().host) found.unshift(getComputedStyle(at).backgroundColor);
      return ['white', ...found];
    };
    return wanted.flatMap(({ selector, property, pseudo, isEdge, least }) => {
      const nodes = [...shadowRoot.querySelectorAll(selector)].filter((node) => node.checkVisibility());
      if (nodes.length === 0) return [`${selector} is nowhere`];
      const low = nodes.map((node) => {
        const ground = grounds(isEdge ? node.parentElement : node);
        const [darker, lighter] = [mix(ground), mix([...ground, getComputedStyle(node, pseudo)[property]])].map(luminance).sort((a, b) => a - b);
        return (lighter + 0.05) / (darker + 0.05);
      });
      const lowest = Math.min(...low);
      return lowest < least ? [`${selector}${pseudo ?? ''}: ${lowest.toFixed(2)} is less than ${least}`] : [];
    });
  }, wanted);

const edge = (selector) => ({ selector, property: 'borderTopColor', isEdge: true, least: 3 });
const text = (selector, pseudo) => ({ selector, pseudo, property: 'color', least: 4.5 });
const part = (selector) => ({ selector, pseudo: '::before', property: 'backgroundColor', least: 3 });

test('edges stand out at 3:1 while at rest, and words and placeholders are read at 4.5:1, in light, dark and forced colours', async (bench) => {
  const words = ['.row .late', '.row .paid', '.row .name', '.row .balance'].map((name) => text(name));
  await eachCase({ light: { colorScheme: 'light' }, ...looks }, async (options) => {
    const form = await bench.demo('?customer=655080', options);
    await form.amount.fill('19000');
    await form.page.evaluate(() => document.querySelector('payment-form').shadowRoot.activeElement.blur());
    const edges = ['.money', '.input', '.share .input', '.method input', '.method', '.toggle input', '.chip'].map(edge);
    const bar = part('[part~="bar"] button:not(.rest, .others)');
    assert.deepEqual(await contrasts(form, [...edges, ...words, text('.method small'), text('.input', '::placeholder'), bar]), []);
    await form.page.close();

    const forced = await bench.demo('?customer=655080', { forcedColors: 'active', ...options });
    await forced.amount.fill('500');
    assert.deepEqual(await contrasts(forced, [...words, ...['.money', '.share .input', '.method input'].map(edge)]), []);
    await forced.page.close();
  });
}, { needs: 'media' });

test('with reduced motion nothing turns, and nothing slides', async (bench) => {
  for (const [reducedMotion, turn] of [['no-preference', 'pf-turn'], ['reduce', 'none']]) {
    const form = await bench.demo('?customer=655080', { reducedMotion });
    await form.amount.fill('500');
    const moving = await form.element.evaluate(({ shadowRoot }) => {
      const pay = shadowRoot.querySelector('.pay');
      pay.classList.add('busy');
      return { turn: getComputedStyle(pay, '::before').animationName, slide: getComputedStyle(shadowRoot.querySelector('.bar button'), '::before').transitionDuration };
    });
    assert.deepEqual(moving, { turn, slide: reducedMotion === 'reduce' ? '0s' : '0.12s' });
    await form.page.close();
  }
}, { needs: 'media' });

/** The baselines of a row's cells, that of the input among them: where an empty inline box would stand. */
const baselines = (row) => {
  const lines = ['.name', '.due', '.balance', '.after'].map((name) => {
    const cell = row.querySelector(name);
    const probe = Object.assign(document.createElement('span'), { className: 'pf' });
    probe.style.display = 'inline-block';
    cell.prepend(probe);
    const { bottom } = probe.getBoundingClientRect();
    probe.remove();
    return bottom;
  });
  // A text of one line stands in the middle of an input. Its baseline is as far below the middle as that of a line of the same
  // letters.
  const input = row.querySelector('input');
  const { font, lineHeight } = getComputedStyle(input);
  const line = Object.assign(document.createElement('div'), { textContent: '0' });
  Object.assign(line.style, { font, lineHeight, position: 'absolute' });
  const probe = document.createElement('span');
  probe.style.display = 'inline-block';
  line.append(probe);
  row.append(line);
  const { top, height } = line.getBoundingClientRect();
  const below = probe.getBoundingClientRect().bottom - (top + height / 2);
  line.remove();
  const box = input.getBoundingClientRect();
  return [...lines, box.top + box.height / 2 + below];
};

test('row of any kind is one line of 56 px on one baseline, and at rest says nothing until it is looked at', async (bench) => {
  const form = await bench.demo();
  await form.amount.fill('500');
  const opacity = () => form.row('566934').locator('.link').evaluate((link) => getComputedStyle(link).opacity);
  assert.equal(await opacity(), '0');
  await form.row('566934').hover();
  await form.page.waitFor(() => getComputedStyle(document.querySelector('payment-form').shadowRoot.querySelector('[data-invoice-id="566934"] .link')).opacity === '1');
  assert.doesNotMatch(await form.row('566871').innerText(), /paid/i, 'before the payment no invoice is paid');
  await form.share('566951').fill('10');
  const rows = form.element.locator('.row');
  for (let place = 0; place < (await rows.count()); place++) {
    const row = rows.nth(place);
    const { name, height } = await row.evaluate((row) => ({ name: row.querySelector('.name').textContent.trim(), height: row.getBoundingClientRect().height }));
    // A long number takes two lines.
    if (name.length > 20) continue;
    const lines = await row.evaluate(baselines);
    assert.ok(height >= 55 && height <= 60, `${name} is ${height} px high`);
    assert.ok(Math.max(...lines) - Math.min(...lines) <= 1, `${name}: ${lines}`);
  }
  assert.equal(await form.element.locator('.row.noted').count(), 2, 'a part payment and a typed share have a note');
});

const unreadable = {
  customer: ['?customer=655080', ['', 'abc', '10.005', '0']],
  staff: ['?customer=655080&staff', ['abc']],
  'due item': ['?api=maiascore', ['', 'abc']],
};
test('summary without a readable amount shows no figure', async (bench) => {
  await eachCase(unreadable, async ([query, bad]) => {
    const form = await bench.demo(query);
    const summary = form.element.locator('[part~="summary"]');
    const amountInput = form.element.locator('.large input');
    for (const amount of bad) {
      await amountInput.fill('5');
      await summary.getByText('$5.00').first().waitFor();
      await amountInput.fill(amount);
      await summary.getByText('—', { exact: true }).waitFor();
      assert.doesNotMatch(await summary.innerText(), /\d/, `"${amount}"`);
      assert.doesNotMatch(await form.element.locator('.pay-bar').innerText(), /\$/, `"${amount}"`);
    }
    await form.page.close();
  });
});

/** Cases of the gallery, and what each of them shows. */
const facts = {
  'credit-only': async (form) => {
    await form.element.getByTestId('paid-up').getByText('$50.00').waitFor();
    assert.doesNotMatch(await form.element.innerText(), /\$0\.00|This payment/, 'a header without a debt shows no zero');
  },
  'on-account': async (form) => {
    assert.equal(await form.element.locator('.caption').innerText(), 'Account credit: $500.00');
    assert.doesNotMatch(await form.element.innerText(), /\b0 invoices|to 0/);
  },
  'review-on-account': async (form) => {
    const sums = await form.element.getByTestId('review').locator('.shares tr').allInnerTexts();
    assert.deepEqual(sums.map((line) => line.split(/\s*\t\s*/).slice(0, 2)), [['Account credit', '$500.00'], ['Total', '$500.00']]);
  },
  // The advice for the payer stands before the words of the service.
  declined: async (form) => {
    assert.equal(await form.summary.getByRole('link').innerText(), 'Please choose another payment method, or ask your bank.');
    const text = await form.summary.innerText();
    assert.match(text, /^The card was declined\./);
    assert.equal(text.match(/choose another payment method/g).length, 1, text);
  },
  'load-error': async (form) => {
    assert.ok(await form.amount.isVisible());
    assert.equal(await form.amount.inputValue(), '500');
    assert.equal(await form.element.locator('.bone').count(), 0, 'no answer is on its way');
  },
};
test('paid-up account, payment kept as credit, declined card and failed load say what they are', async (bench) => {
  bench.expectMessage(/could not be loaded|missing\.wasm/);
  await eachCase(facts, async (check, name) => {
    const form = await shown(bench, name);
    await check(form);
    await form.page.close();
  });
});

test('words of a row stand on one line in every language', async (bench) => {
  for (const [name, langs] of Object.entries({ typed: ['de', 'fr', 'es', 'it', 'nl', 'pt', 'ja', 'zh', 'ar', 'en'], eur: ['de', 'fr', 'it'], jpy: ['ja', 'en'] })) {
    const form = await shown(bench, name);
    await form.page.native.setViewportSize({ width: 1120, height: 900 });
    for (const lang of langs) {
      await form.page.evaluate(speak, lang);
      const broken = await form.element.evaluate(({ shadowRoot }) => {
        const range = document.createRange();
        const lines = (node) => (range.selectNodeContents(node), new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom / 8))).size);
        // The offer of a row at rest is transparent, and laid out all the same.
        return [...shadowRoot.querySelectorAll('.row :is(.name, .due, .balance, .after, .link:not([hidden]))')].filter((node) => lines(node) > 1).map((node) => node.textContent);
      });
      assert.deepEqual(broken, [], `${name}, ${lang}`);
    }
  }
}, { seconds: 60, needs: 'playwright' });

test('currency sign stands where the locale writes it', async (bench) => {
  const form = await bench.host({ currency: 'USD', amount: '5' });
  for (const locale of ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'ja', 'ar']) {
    await form.element.evaluate((host, locale) => (host.locale = locale), locale);
    const direction = locale === 'ar' ? 'rtl' : 'ltr';
    await form.page.waitFor((wanted) => document.querySelector('payment-form').shadowRoot.querySelector('.frame').lang.startsWith(wanted), locale);
    const { isBehind, isWritten } = await form.element.evaluate(({ shadowRoot }, [locale, direction]) => {
      const parts = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD' }).formatToParts(1).map(({ type }) => type);
      const [sign, input] = ['.large .sign', '.large input'].map((name) => shadowRoot.querySelector(name).getBoundingClientRect());
      const isBehind = direction === 'rtl' ? sign.right <= input.left : sign.left >= input.right;
      return { isBehind, isWritten: parts.indexOf('currency') > parts.indexOf('integer') };
    }, [locale, direction]);
    assert.equal(isBehind, isWritten, locale);
  }
});

test('form that stopped keeps its fields in sight after garbage collection', async (bench) => {
  bench.expectMessage(/unreachable/);
  const form = await shown(bench, 'crash');
  const session = await form.page.native.context().newCDPSession(form.page.native);
  for (let times = 0; times < 3; times++) {
    await session.send('HeapProfiler.collectGarbage');
    await form.drawn();
  }
  assert.equal(await form.amount.inputValue(), '500');
  assert.ok(await form.amount.isVisible());
}, { needs: 'playwright' });

test('the summary has no zero lines, the payment is its largest figure, and each method has a mark', async (bench) => {
  const form = await bench.demo();
  const methods = form.element.locator('.method');
  assert.deepEqual([await methods.count(), await methods.locator('svg.mark').count()], [3, 3]);
  assert.equal(await form.radio('paymentMethod', 'default').count(), 0, 'the default is offered only where no list shows it');
  await form.amount.fill('500');
  const summary = form.element.locator('[part~="summary"]');
  assert.match(await summary.innerText(), /You pay\s+\$500\.00\s+To 3 invoices\s+\$500\.00\s+Still owed after\s+\$20,028\.17/);
  const sizes = await summary.locator('dd').evaluateAll((all) => all.filter((line) => line.checkVisibility()).map((line) => parseFloat(getComputedStyle(line).fontSize)));
  assert.ok(sizes.slice(1).every((size) => size < sizes[0] / 1.5), `${sizes}`);
  await form.amount.fill('20600');
  assert.match(await summary.innerText(), /Overpayment\s+\$71\.83/);
  assert.doesNotMatch(await summary.innerText(), /\$0\.00/);
});

test('staff record a payment, and a payer pays', async (bench) => {
  const form = await bench.demo('?customer=655080&staff');
  assert.match(await form.pay.innerText(), /^Record payment$/);
  await form.amount.fill('500');
  assert.match(await form.pay.innerText(), /^Record \$500\.00$/);
  assert.match(await form.text(), /Record a payment/);
});
