// Tests the stand-in in jsdom or happy-dom, as a host's unit test uses it: node check.mjs jsdom | happy-dom
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

const window = process.argv[2] === 'jsdom' ? await inJsdom() : await inHappyDom();
for (const name of ['HTMLElement', 'CustomEvent', 'customElements', 'document']) globalThis[name] = window[name];

const { PaymentForm } = await import('payment-form/stub');
const heard = [];
const form = document.createElement('payment-form');
assert.ok(form instanceof PaymentForm);
form.customerId = 655080;
form.invoices = [{ id: '1', balance: '5.00' }];
for (const name of ['ready', 'change', 'submit', 'recorded', 'rejected']) {
  form.addEventListener(`payment-${name}`, ({ type, detail }) => heard.push([type, detail]));
}
document.body.append(form);
await form.ready;
assert.equal(form.getAttribute('customer-id'), '655080');
assert.equal(form.invoices.length, 1);

const amount = form.shadowRoot.querySelector('[name=amount]');
amount.value = '12.50';
amount.dispatchEvent(new window.Event('input', { bubbles: true }));
assert.deepEqual(form.value, { amount: '12.50' });
form.value = { amount: '7', reference: 'PO 1' };
assert.equal(amount.value, '7');

form.shadowRoot.querySelector('[data-testid=pay]').click();
assert.equal(form.state, 'submitting');
assert.equal(form.submit(), false, 'a payment on its way is not sent again');
form.settle('rejected', { status: 422, problems: [{ code: 'declined', message: 'Declined.' }] });
assert.equal(form.checkValidity(), false);
form.problems = [];
form.addEventListener('payment-submit', (event) => event.preventDefault(), { once: true });
assert.equal(form.submit(), false, 'the page has prevented it');
assert.equal(form.submit(), true);
form.settle('recorded', { receipt: { id: '9' }, differences: [] });
assert.equal(form.state, 'recorded');
assert.deepEqual(heard.map(([type]) => type.replace('payment-', '')), ['ready', 'change', 'submit', 'rejected', 'submit', 'submit', 'recorded']);
assert.ok(Object.isFrozen(heard.at(-1)[1].receipt));
assert.throws(() => form.settle('paid'), TypeError);

// The test of docs/testing.md passes. Its imports are arguments here.
const snippet = (await readFile('snippet.js', 'utf8')).replace(/^import .*$/gm, '');
const played = [];
new Function('assert', 'test', snippet)(assert, (name, play) => played.push(play()));
await Promise.all(played);
assert.equal(played.length, 1);

// The class that comes first keeps the tag.
await import('payment-form/define.js');
assert.equal(customElements.get('payment-form'), PaymentForm);

// The element's own class survives where no WebAssembly can be loaded, and says so.
const { PaymentForm: Real } = await import('payment-form');
for (const name of ['CSSStyleSheet', 'MutationObserver', 'getComputedStyle', 'location', 'Event']) globalThis[name] ??= window[name];
globalThis.addEventListener ??= () => {};
globalThis.removeEventListener ??= () => {};
customElements.define('real-payment-form', class extends Real {});
const real = document.createElement('real-payment-form');
assert.equal(real.state, 'loading');
real.customerId = 655080;
real.value = { amount: '5' };
assert.equal(real.customerId, '655080');
assert.deepEqual(real.value, { amount: '5' });
process.exit(0);

async function inJsdom() {
  const { JSDOM } = await import('jsdom');
  return new JSDOM('<!doctype html><body></body>', { url: 'http://localhost/' }).window;
}

async function inHappyDom() {
  const { Window } = await import('happy-dom');
  return new Window({ url: 'http://localhost/' });
}
