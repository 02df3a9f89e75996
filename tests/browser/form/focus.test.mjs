// Tests that changes around the form keep the focus and the caret.
import assert from 'node:assert/strict';
import { eachCase, test } from '../harness/test.mjs';

const caret = (form, name) => form.field(name).evaluate((input) => [input.selectionStart, input.selectionEnd]);

test('another language leaves the focus, the selection and the text where they are', async (bench) => {
  const form = await bench.host({ locale: 'en' });
  await form.amount.fill('1234');
  await form.reference.fill('for May');
  await form.reference.evaluate((input) => input.setSelectionRange(2, 5));
  await form.element.evaluate((host) => (host.locale = 'de'));
  await form.element.getByText('Verwendungszweck').first().waitFor();
  await form.waitForFocus('reference');
  assert.deepEqual(await caret(form, 'reference'), [2, 5]);
  assert.deepEqual([await form.amount.inputValue(), await form.reference.inputValue()], ['1234', 'for May']);
  await form.page.keyboard.type('X');
  assert.equal(await form.reference.inputValue(), 'foXay');

  await form.radio('allocation', 'newest').focus();
  await form.page.keyboard.press('Space');
  await form.element.evaluate((host) => (host.locale = 'fr'));
  await form.element.getByText('Référence').first().waitFor();
  await form.waitForFocus('allocation');
  assert.equal(await form.element.evaluate((host) => host.shadowRoot.activeElement.value), 'newest');
});

test('a longer time limit, a settling address or a lock that comes and goes draw nothing anew', async (bench) => {
  const form = await bench.host();
  await form.amount.fill('1234');
  await form.amount.evaluate((input) => input.setSelectionRange(1, 3));
  const input = await form.remember(form.amount);
  await form.element.evaluate(async (host) => {
    host.setAttribute('timeout', '90');
    host.setAttribute('quiet-time', '90');
    host.setAttribute('persist', 'none');
    await new Promise((done) => requestAnimationFrame(done));
  });
  await form.waitForFocus('amount');
  assert.deepEqual(await caret(form, 'amount'), [1, 3]);
  await form.element.evaluate((host) => (host.disabled = true));
  await form.page.waitFor(() => document.querySelector('payment-form').shadowRoot.querySelector('[name=amount]').matches(':disabled'));
  await form.element.evaluate((host) => (host.disabled = false));
  await form.amount.fill('12345');
  assert.ok(await input.stays(), 'it is still the same input');
});

const given = [
  { id: '567004', number: 'A-1', dueDate: '2026-01-01', balance: '3800', currency: 'USD' },
  { id: '1', number: 'A-2', dueDate: '2026-01-02', balance: '20', currency: 'USD' },
];
const arrivals = {
  'the list of invoices': (host, list) => (host.invoices = list),
  'a list of methods': (host) => (host.paymentMethods = [{ id: 5, kind: 'ACH', label: 'B' }]),
  'another limit': (host) => (host.max = '10000'),
};

test('a share that is being typed goes on being typed when the page gives other lists or another limit', async (bench) => {
  const form = await bench.host();
  await eachCase(arrivals, async (arrive, name) => {
    await form.amount.fill('5000');
    const share = form.share('567004');
    await share.fill('15');
    await share.evaluate((input) => input.setSelectionRange(1, 1));
    const drawn = await form.remember(share);
    await form.element.evaluate(arrive, given);
    // Methods leave the row as it is. Otherwise the row has been drawn anew, and the fields stand where they stood.
    if (name === 'a list of methods') {
      await form.element.getByText('B', { exact: true }).first().waitFor();
      assert.ok(await drawn.stays(), 'it is still the same input');
    } else {
      await drawn.leaves();
    }
    await form.waitForFocus('share-567004');
    assert.deepEqual(await caret(form, 'share-567004'), [1, 1]);
    await form.page.keyboard.type('234');
    assert.equal(await share.inputValue(), '12345');
    assert.equal((await form.property('value')).shares['567004'], '12345');
  });
});

test('no press leaves the keyboard without a place', async (bench) => {
  const form = await bench.demo();
  const pressAndExpectFocus = async (press, to) => {
    await press.press('Enter');
    await form.waitForFocus(to);
  };
  await form.amount.fill('1.234');
  await pressAndExpectFocus(form.element.locator('button.choice').first(), 'amount');
  await form.amount.fill('500');
  await form.share('567004').fill('10');
  await pressAndExpectFocus(form.button(/set all automatically/i), 'allocation');
  await form.amount.fill('100');
  await form.share('567004').fill('300');
  await pressAndExpectFocus(form.button(/change the payment to/i), 'allocation');
  await form.pay.click();
  await form.receipt.waitFor();
  await pressAndExpectFocus(form.button('Make another payment'), 'amount');
  // The same payment once more is asked about.
  await form.amount.fill('300');
  await form.pay.click();
  await form.waitForText(/sent the same payment a short while ago/i);
  await pressAndExpectFocus(form.button('Back to editing'), 'amount');
  assert.equal(await form.amount.inputValue(), '300');
  assert.equal(await form.offers('insist'), false);
});

const waitForFocusOn = (form, on) => form.page.waitFor((part) => {
  const here = document.querySelector('payment-form').shadowRoot.activeElement;
  return here?.matches(part);
}, on);

test('the focus stays where a failed list will be when it is asked for again by keyboard', async (bench) => {
  await bench.serveThroughProxy();
  bench.expectMessage(/invoiceSummaries/);
  let fails = true;
  bench.proxy.onOther = (exchange) => async () =>
    exchange.send(fails && /invoiceSummaries/.test(exchange.request.path) ? { status: 503, body: '' } : await exchange.forward());
  const form = await bench.host({ currency: 'USD' });
  const again = form.button('Try again');
  await again.waitFor();
  fails = false;
  await again.focus();
  await form.page.keyboard.press('Enter');
  await waitForFocusOn(form, '.card');
  await form.element.locator('[data-invoice-id]').first().waitFor();
  await waitForFocusOn(form, '.card');
});

const changes = { 'another limit': { max: '900' }, 'a lock': { disabled: true }, 'another language': { locale: 'de' } };
test('a review that ends by a change of the page says so, and the focus is there; a value set meanwhile is not taken', async (bench) => {
  const form = await bench.host({ confirm: true });
  await form.submit({ amount: '5.00' });
  await form.waitFor('reviewing');
  bench.expectMessage(/value: not taken/);
  const warning = form.page.waitForEvent('console', ({ text }) => text.includes('value: not taken'));
  await form.element.evaluate((host) => (host.value = { ...host.value, amount: '9.00' }));
  await warning;
  assert.deepEqual([await form.state(), (await form.property('value')).amount], ['reviewing', '5.00']);
  await form.button('Back').click();
  await form.waitFor('ready');
  await eachCase(changes, async (properties, what) => {
    if (what === 'another language') await form.element.evaluate((host) => (host.disabled = false));
    await form.pay.click();
    await form.waitFor('reviewing');
    await form.button('Pay').first().focus();
    await form.element.evaluate((host, given) => Object.assign(host, given), properties);
    await form.waitFor('ready');
    await form.element.getByText(/something on this page changed, so nothing was sent|auf dieser Seite hat sich etwas geändert/i).waitFor();
    await waitForFocusOn(form, '.status-slot');
    assert.equal(bench.proxy.payments.length, 0);
  });
});

