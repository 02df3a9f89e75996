// Provokes the browser's silent repetition: drops every third payment's connection after the server read it. Each submit leads to one
// receipt and one payment, however many POSTs arrive. node tests/browser/faults/resend.mjs --submits 300
import assert from 'node:assert/strict';
import { Bench } from '../harness/bench.mjs';
import { launch } from '../harness/driver.mjs';
import { dropAfter, pass } from '../harness/faults.mjs';
import { asProgram } from './campaign.mjs';

export async function submitThroughDrops(bench, submits) {
  const proxy = await bench.serveThroughProxy({ arguments: ['--quiet', '--rate-limit', '0'] });
  let arrivals = 0;
  proxy.onPayment = () => ((arrivals += 1) % 3 === 0 ? dropAfter(arrivals % 2 === 0 ? 'RST' : 'FIN') : pass);
  const form = await bench.demo('?customer=655080&staff');
  const receipts = new Set();
  let presses = 0;
  for (let submit = 1; submit <= submits; submit += 1) {
    await form.submit({ amount: (submit / 100 + 1).toFixed(2), method: 'Cash', plan: 'none', reference: `submit ${submit}` });
    while ((await form.waitFor('recorded', 'unknown')) === 'unknown') {
      presses += 1;
      await form.press('retry');
      await form.waitFor('recorded', 'unknown', 'submitting');
    }
    receipts.add(bench.events('recorded').at(-1).receipt.id);
    await form.button(/another payment/i).click();
    await form.waitFor('ready');
  }
  await proxy.drained();
  const payments = await bench.server.ledger.payments();
  assert.equal(receipts.size, submits, 'receipts');
  assert.equal(payments.length, submits, 'payments');
  assert.deepEqual(payments.map(({ reference }) => reference).sort(), Array.from({ length: submits }, (_, index) => `submit ${index + 1}`).sort());
  for (const { id } of payments) assert.ok(receipts.has(String(id)), `payment ${id} has its receipt`);
  assert.ok(arrivals > submits, 'something was sent again');
  return `${submits} submits arrived as ${arrivals} POSTs (${presses} by a press of the person): ${payments.length} payments, ${receipts.size} receipts`;
}

await asProgram(import.meta.url, { submits: 300 }, async ({ submits }) => {
  const browser = await launch();
  const bench = new Bench(browser, 'resend');
  try {
    const result = await submitThroughDrops(bench, submits);
    await bench.checkAfterwards();
    return result;
  } finally {
    await bench.end();
    await browser.close();
  }
});
