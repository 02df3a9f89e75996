// What changes around the form takes nothing from under the fingers: neither the focus nor the place in the text.
import assert from 'node:assert/strict';
import { test } from './harness/test.mjs';

const caret = (form, name) => form.field(name).evaluate((input) => [input.selectionStart, input.selectionEnd]);

test('another language leaves the focus, the selection and the text where they are', async (bench) => {
  const form = await bench.host({ locale: 'en' });
  await form.amount.fill('1234');
  await form.reference.fill('for May');
  await form.reference.evaluate((input) => input.setSelectionRange(2, 5));
  await form.element.evaluate((host) => (host.locale = 'de'));
  await form.element.getByText('Verwendungszweck').first().waitFor();
  await form.waitForFocus((name) => name === 'reference');
  assert.equal(await form.focused(), 'reference');
  assert.deepEqual(await caret(form, 'reference'), [2, 5]);
  assert.deepEqual([await form.amount.inputValue(), await form.reference.inputValue()], ['1234', 'for May']);
  await form.page.keyboard.type('X');
  assert.equal(await form.reference.inputValue(), 'foXay');

  await form.radio('allocation', 'newest').focus();
  await form.page.keyboard.press('Space');
  await form.element.evaluate((host) => (host.locale = 'fr'));
  await form.element.getByText('Référence').first().waitFor();
  await form.waitForFocus((name) => name === 'allocation');
  assert.equal(await form.element.evaluate((host) => host.shadowRoot.activeElement.value), 'newest');
});

test('a longer time limit, a settling address or a lock that comes and goes draw nothing anew', async (bench) => {
  const form = await bench.host();
  await form.amount.fill('1234');
  await form.amount.evaluate((input) => input.setSelectionRange(1, 3));
  const node = await form.amount.elementHandle();
  await form.element.evaluate(async (host) => {
    host.setAttribute('timeout', '90');
    host.setAttribute('quiet-time', '90');
    host.setAttribute('persist', 'none');
    await new Promise((done) => setTimeout(done));
  });
  assert.equal(await form.focused(), 'amount');
  assert.deepEqual(await caret(form, 'amount'), [1, 3]);
  await form.element.evaluate((host) => (host.disabled = true));
  await form.page.waitForFunction(() => document.querySelector('payment-form').shadowRoot.querySelector('[name=amount]').matches(':disabled'));
  await form.element.evaluate((host) => (host.disabled = false));
  await form.amount.fill('12345');
  assert.ok(await node.evaluate((input) => input.isConnected), 'it is still the same input');
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

for (const [what, arrive] of Object.entries(arrivals)) {
  test(`a share that is being typed goes on being typed when there comes ${what}`, async (bench) => {
    const form = await bench.host();
    await form.amount.fill('5000');
    const share = form.share('567004');
    await share.fill('15');
    await share.evaluate((input) => input.setSelectionRange(1, 1));
    const node = await share.elementHandle();
    await form.element.evaluate(arrive, given);
    // The row has been drawn anew, and the fields stand where they stood.
    await form.page.waitForFunction((input) => !input.isConnected, node);
    await form.waitForFocus((name) => name === 'share-567004');
    assert.deepEqual(await caret(form, 'share-567004'), [1, 1]);
    await form.page.keyboard.type('234');
    assert.equal(await share.inputValue(), '12345');
    assert.equal((await form.property('value')).shares['567004'], '12345');
  });
}

test('no press leaves the keyboard without a place', async (bench) => {
  const form = await bench.demo();
  const goes = async (press, to) => {
    await press.press('Enter');
    await form.waitForFocus((name) => name === to);
    assert.equal(await form.focused(), to);
  };
  await form.amount.fill('1.234');
  await goes(form.element.locator('button.choice').first(), 'amount');
  await form.amount.fill('500');
  await form.share('567004').fill('10');
  await goes(form.button(/let all follow/i), 'allocation');
  await form.amount.fill('100');
  await form.share('567004').fill('300');
  await goes(form.button(/change the payment to/i), 'allocation');
  await form.pay.click();
  await form.receipt.waitFor();
  await goes(form.button('Make another payment'), 'amount');
});

test('who is asked about a second payment can go back with one press', async (bench) => {
  const form = await bench.demo();
  await form.payNow({ amount: '12' });
  await form.button('Make another payment').click();
  await form.submit({ amount: '12' });
  const question = form.element.getByText(/sent the same payment a short while ago/i);
  await question.waitFor();
  await form.button('Back to editing').press('Enter');
  await question.waitFor({ state: 'detached' });
  await form.waitForFocus((name) => name === 'amount');
  assert.deepEqual([await form.focused(), await form.amount.inputValue()], ['amount', '12']);
  assert.equal((await bench.server.ledger.payments()).length, 1);
});
