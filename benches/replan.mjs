// Measures the cost of another amount in the browser: node benches/replan.mjs 'http://127.0.0.1:8080/bench.html?n={n}'
//
// The measured code is that of benches/replan.rs, here in WebAssembly. The time runs from the input event to the `payment-change` event
// with the new totals, without the drawing that follows; `keystroke` of tests/peers/bench.mjs measures that. The time must not depend on
// the number of invoices.
import { launch, usual } from '../tests/browser/harness/driver.mjs';

const [address, counts = '10,1000,100000'] = process.argv.slice(2);
const browser = await launch();
const context = await browser.newContext(usual, new Set());
console.log(`${'invoices'.padStart(9)}  ${'load'.padStart(10)}  ${'oldest first'.padStart(12)}  ${'with 100 pins'.padStart(16)}  ${'exact match'.padStart(12)}`);
for (const count of counts.split(',').map(Number)) {
  const page = await context.newPage();
  await page.goto(address.replace('{n}', count));
  await page.waitFor(() => document.querySelector('payment-form')?.shadowRoot?.querySelector('[data-invoice-id]'));
  const [load, ...keys] = await page.evaluate(measure);
  const microseconds = (milliseconds) => `${(milliseconds * 1000).toFixed(1)}µs`;
  console.log(`${String(count).padStart(9)}  ${`${load.toFixed(1)}ms`.padStart(10)}  ${microseconds(keys[0]).padStart(12)}  ${microseconds(keys[1]).padStart(16)}  ${microseconds(keys[2]).padStart(12)}`);
  await page.close();
}
await browser.close();

/** Runs in the page: milliseconds to take the invoices anew, then for a key under each plan. */
async function measure() {
  const form = document.querySelector('payment-form');
  const input = form.shadowRoot.querySelector('[name=amount]');
  const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const began = performance.now();
  form.invoices = [...form.invoices];
  const load = performance.now() - began;
  const cents = Math.round(form.invoices.reduce((sum, { balance }) => sum + Number(balance), 0) * 100);
  const pins = Object.fromEntries(form.invoices.slice(0, 100).map(({ id }) => [id, '0.01']));
  const perKey = async (allocation, shares) => {
    form.value = { amount: '1', allocation, shares };
    await drawn();
    let answers = 0;
    const count = () => (answers += 1);
    form.addEventListener('payment-change', count);
    const key = (index, keys) => {
      input.value = (Math.round((cents * (index + 1)) / (keys + 1)) / 100).toFixed(2);
      input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    };
    for (let index = 0; index < 200; index += 1) key(index, 200);
    await drawn();
    const keys = 2000;
    const start = performance.now();
    for (let index = 0; index < keys; index += 1) key(index, keys);
    const spent = performance.now() - start;
    form.removeEventListener('payment-change', count);
    if (answers !== keys + 200) throw new Error(`${answers} answers to ${keys + 200} keys`);
    return spent / keys;
  };
  return [load, await perKey('oldest', {}), await perKey('oldest', pins), await perKey('exact', {})];
}
