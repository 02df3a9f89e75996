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
