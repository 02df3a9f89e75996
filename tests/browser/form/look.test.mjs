// Tests the looks that a program can check, in every state of the form: sideways scrolling, the accessibility check, contrasts, baselines and
// motion.
import assert from 'node:assert/strict';
import { eachCase, test } from '../harness/test.mjs';
import { openCase, speak } from '../harness/gallery.mjs';
import { until } from '../harness/wait.mjs';

const smallPhone = { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true };
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
    const form = await bench.demo(query, smallPhone);
    await act?.(form);
    await form.checkNoSidewaysScroll(label);
    await form.page.close();
  }
}, { seconds: 60, needs: 'device' });

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

test('sort heads of a phone stand on one line in every language', async (bench) => {
  const form = await openCase(bench, 'typed');
  await form.page.native.setViewportSize({ width: 360, height: 800 });
  await form.element.getByTestId('show-invoices').click();
  for (const lang of ['en', 'ar', 'de', 'fr', 'ja', 'es', 'it', 'nl', 'pt', 'zh']) {
    await form.page.evaluate(speak, lang);
    await until(async () => (await form.element.locator('.frame').getAttribute('lang')).startsWith(lang), `the form speaks ${lang}`);
    const tops = await form.element.locator('.sort').evaluateAll((heads) => heads.map((head) => Math.round(head.getBoundingClientRect().top)));
    assert.equal(new Set(tops).size, 1, `${lang}: ${tops}`);
  }
}, { needs: 'playwright' });

test('amounts of twelve digits keep their digits, and only the table scrolls sideways', async (bench) => {
  await bench.serve();
  for (const [count, width] of [[10, 1120], [10, 720], [30, 672]]) {
    const form = await bench.open(`/bench.html?n=${count}`, { viewport: { width, height: 900 } });
    await form.element.evaluate((host) => {
      host.invoices = host.invoices.map((invoice) => ({ ...invoice, balance: '999999999999.99' }));
      host.value = { amount: '1500000000000.50' };
    });
    const cut = () => form.element.evaluate((host) => {
      const row = host.shadowRoot.querySelector('.row');
      const boxes = [...row.querySelectorAll('.numeric'), row.querySelector('input')];
      const scrolls = document.documentElement.scrollWidth - document.documentElement.clientWidth;
      return { cut: boxes.filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.className), scrolls };
    });
    await until(async () => (await form.element.locator('.row input').first().inputValue()) === '999999999999.99', 'the first row gets its share');
    assert.deepEqual(await cut(), { cut: [], scrolls: 0 }, `${count} invoices at ${width} px`);
    await form.page.close();
  }
});

test('with 200 % text and with reduced motion the page still works', async (bench) => {
  const form = await bench.demo('?customer=655080', { viewport: { width: 560, height: 450 }, deviceScaleFactor: 2, reducedMotion: 'reduce' });
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
  await form.page.waitFor((before) => window.__colours().every((colours, index) => colours !== before[index]), free);
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
  const words = ['.row .overdue', '.row .paid', '.row .name', '.row .balance'].map((name) => text(name));
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
  for (const row of await rows.all()) {
    const { name, height } = await row.evaluate((row) => ({ name: row.querySelector('.name').textContent.trim(), height: row.getBoundingClientRect().height }));
    // A long number takes two lines.
    if (name.length > 20) continue;
    const lines = await row.evaluate(baselines);
    assert.ok(height >= 55 && height <= 60, `${name} is ${height} px high`);
    assert.ok(Math.max(...lines) - Math.min(...lines) <= 1, `${name}: ${lines}`);
  }
  assert.equal(await form.element.locator('.row.shows-reason').count(), 2, 'a part payment and a typed share have a note');
});

test('words of a row stand on one line in every language', async (bench) => {
  for (const [name, langs] of Object.entries({ typed: ['de', 'fr', 'es', 'it', 'nl', 'pt', 'ja', 'zh', 'ar', 'en'], eur: ['de', 'fr', 'it'], jpy: ['ja', 'en'] })) {
    const form = await openCase(bench, name);
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
  const form = await openCase(bench, 'crash');
  const session = await form.page.native.context().newCDPSession(form.page.native);
  for (let times = 0; times < 3; times++) {
    await session.send('HeapProfiler.collectGarbage');
    await form.drawn();
  }
  assert.equal(await form.amount.inputValue(), '500');
  assert.ok(await form.amount.isVisible());
}, { needs: 'playwright' });
