// A person before the form that notes what it runs (watch.rs), in each notation of numbers, as customer and staff: they wait until it is drawn,
// type an amount, and come back to it later. Prints the numbers of the functions that ran, as one line of JSON.
import { launch } from '../../../tests/browser/harness/browser.mjs';
import { hostPage, noPolicy } from '../../../tests/browser/harness/host.mjs';

const [origin, memory] = process.argv.slice(2);
const pages = [
  ['/host.html', '655080', { lang: 'en' }, '500.00'],
  ['/host.html', '655081', { lang: 'de' }, '500,00'],
  ['/host.html', '655082', { lang: 'ja' }, '5000'],
  ['/host.html', '655080', { lang: 'ar', source: 'Manual' }, '500'],
  ['/host.html', '655080', { lang: 'fr', 'resolve-endpoint': '/v1/payments/resolve', min: '5', amount: '50' }, '500'],
  // A page that gives its lists itself.
  ['/bench.html?n=1000', '655080', {}, '500'],
];

const browser = await launch();
const ran = new Set();
for (const [address, customer, attributes, amount] of pages) {
  const page = await browser.newPage({ viewport: { width: 1120, height: 900 } });
  const host = hostPage({ customer, attributes }, noPolicy);
  await page.route('**/host.html', (route) => route.fulfill({ contentType: 'text/html', body: host.body }));
  // The demo signs the customer in.
  await page.goto(`${origin}/?customer=${customer}`);
  await page.goto(origin + address);
  await page.locator('payment-form [data-invoice-id]').first().waitFor();
  await page.locator('payment-form [name=amount]').pressSequentially(amount);
  // What is typed is kept a moment later.
  await page.waitForTimeout(600);
  await look(page);
  await page.reload();
  await look(page);
  await page.close();
}
await browser.close();
console.log(JSON.stringify([...ran]));

/** Waits until all is drawn and takes down what ran. */
async function look(page) {
  await page.locator('payment-form [data-invoice-id]').first().waitFor();
  // Methods come beside the invoices, and what is announced comes after them.
  await page.waitForTimeout(400);
  await page.evaluate(() => {
    const form = document.querySelector('payment-form');
    form.value = form.value;
  });
  for (const number of await page.evaluate(noted, Number(memory))) ran.add(number);
}

/** Runs in the page. */
async function noted(start) {
  const { memory } = (await import('/pkg/payment_form.js')).default();
  const notes = new Uint8Array(memory.buffer, start, 65536);
  return [...notes.keys()].filter((number) => notes[number]);
}
