// Tests the demo page around the form: one browser has one session, and every page needs its own payer's.
import assert from 'node:assert/strict';
import { test } from '../harness/test.mjs';

const own = '/v1/customers/655080/';

/** The lists that a page asked for, with their statuses. */
function lists(page) {
  const seen = [];
  page.on('response', (response) => {
    const { pathname } = new URL(response.url);
    if (pathname.startsWith('/v1/customers/')) seen.push([pathname, response.status]);
  });
  return seen;
}

test('going back to another customer\'s page brings its lists', async (bench) => {
  const form = await bench.demo('?customer=655080');
  await form.page.goto(`${bench.origin}/?customer=655081`);
  await form.ready();
  const seen = lists(form.page);
  await form.page.goBack();
  await form.ready();
  await form.row(566934).waitFor();
  assert.ok(seen.every(([path, status]) => path.startsWith(own) && status === 200), JSON.stringify(seen));
}, { needs: ['history', 'requests'] });

test('the tab of another customer shows that customer\'s lists when the person comes back to it', async (bench) => {
  const form = await bench.demo('?customer=655080');
  const second = await bench.demo('?customer=655081', { context: form.page.context() });
  await form.page.evaluate(() => (window.isOld = true));
  const seen = lists(form.page);
  await form.page.waitFor(() => {
    document.dispatchEvent(new Event('visibilitychange'));
    return !window.isOld;
  });
  await form.ready();
  await form.row(566934).waitFor();
  assert.ok(seen.length > 0 && seen.every(([path, status]) => path.startsWith(own) && status === 200), JSON.stringify(seen));
  // The first tab has the session now: the second one, when it is looked at again, takes it back.
  await second.page.evaluate(() => (window.isOld = true));
  await second.page.waitFor(() => {
    document.dispatchEvent(new Event('visibilitychange'));
    return !window.isOld;
  });
  await second.ready();
  await second.element.locator('[data-invoice-id]').first().waitFor();
}, { needs: 'requests' });

test('switches change the form, the address and the snippet', async (bench) => {
  const form = await bench.demo('?customer=655080&scheme=light');
  const snippet = form.page.locator('.snippet code');
  await form.page.waitFor(() => document.querySelector('.snippet code').textContent.includes('customer-id="655080"'));
  await form.page.locator('.panel summary').click();
  await form.page.locator('.switches [name=lang]').selectOption('de');
  await form.element.getByText('Zahlung an Fernhill Supply Co.').waitFor();
  await form.page.locator('.switches [name=theme][value=plum]').check({ force: true });
  await form.page.locator('.switches [name=confirm]').check();
  await form.page.locator('.switches [name=accent]').fill('#d1006c');
  const text = await snippet.textContent();
  for (const part of ['lang="de"', 'themes/plum.css', '\n  confirm', '--payment-form-accent: light-dark(#', 'color-scheme: light']) assert.ok(text.includes(part), `${part} in ${text}`);
  assert.equal(new URL(form.page.url()).search, '?lang=de&scheme=light&theme=plum&accent=d1006c&confirm=on');
  await form.amount.fill('500');
  await form.pay.click();
  await form.waitFor('reviewing');
}, { needs: 'media' });

test('reset brings the first data back', async (bench) => {
  // Firefox rejects the requests of a page that is left, while the page can still write to the console.
  bench.expectMessage(/: no answer$/);
  const form = await bench.demo('?customer=655080');
  await form.payNow({ amount: '184.20' });
  await form.page.locator('.panel summary').click();
  await form.page.evaluate(() => (window.isOld = true));
  await form.page.locator('.reset').click();
  await form.page.waitFor(() => !window.isOld && document.querySelector('payment-form')?.state === 'ready');
  await form.row(566871).waitFor();
  assert.deepEqual(await bench.server.ledger.payments(), []);
  await form.page.waitFor(() => document.querySelector('.said[role=status]').textContent === 'The demo data is as it was at first.');
  assert.ok(await form.page.locator('.said').isVisible());
});

test('switches leave the review on for a visitor', async (bench) => {
  await bench.serve();
  const page = await (await bench.context({ viewport: { width: 1440, height: 900 } })).newPage();
  await page.goto(`${bench.origin}/`);
  const isReady = () => document.querySelector('payment-form')?.state === 'ready' && document.querySelector('.snippet code').textContent.includes('customer-id');
  const leaves = ['screen', 'api', 'customer'];
  for (const [name, value] of [['lang', 'fr'], ['scheme', 'dark'], ['theme', 'plum'], ['accent', '#d1006c'], ['screen', 'staff'], ['api', 'maiascore'], ['api', 'fusebill'], ['customer', '655081'], ['screen', 'portal']]) {
    await page.waitFor(isReady);
    await page.evaluate((leaves) => (window.isOld = leaves), leaves.includes(name));
    await page.evaluate(([name, value]) => {
      const controls = document.querySelector('.switches').elements[name];
      if (controls instanceof RadioNodeList) [...controls].find((radio) => radio.value === value).click();
      else {
        controls.value = value;
        controls.dispatchEvent(new Event('input', { bubbles: true }));
      }
    }, [name, value]);
    await page.waitFor(() => !window.isOld);
    await page.waitFor(isReady);
    const isOn = await page.evaluate(() => [document.querySelector('payment-form').confirm, document.querySelector('.switches').elements.confirm.checked]);
    assert.deepEqual(isOn, [true, true], `${name} ${value}`);
  }
}, { seconds: 60 });

test('form beside the switches keeps its two columns at 1280 px', async (bench) => {
  const form = await bench.demo('?customer=655080', { viewport: { width: 1280, height: 900 } });
  const { main, side, panel } = await form.page.evaluate(() => {
    const { shadowRoot } = document.querySelector('payment-form');
    const box = (node) => node.getBoundingClientRect().toJSON();
    return { main: box(shadowRoot.querySelector('.main')), side: box(shadowRoot.querySelector('.side')), panel: box(document.querySelector('.panel')) };
  });
  assert.ok(main.right < side.left && side.top < main.top + 40, `the summary stands beside the fields: ${JSON.stringify({ main, side })}`);
  assert.ok(side.right < panel.left, 'and the switches beside both');
}, { needs: 'device' });
