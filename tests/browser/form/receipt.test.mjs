// Tests the receipt: its content, its machine text for staff, and its print.
import assert from 'node:assert/strict';
import { usual } from '../harness/driver.mjs';
import { eachCase, test } from '../harness/test.mjs';
import { json, replaceBefore } from '../harness/faults.mjs';
import { divide, toDecimal } from '../harness/money.mjs';

const summaries = '/v1/customers/655080/invoiceSummaries';
const names = { payee: 'Fernhill Supply Co.', payer: 'Northwind Traders' };
const staff = { source: 'Manual' };
const asStaff = { signIn: '/?customer=655080&staff' };

test('receipt tells names, account, time, method and what remains of each invoice', async (bench) => {
  const form = await bench.host(names);
  const before = await bench.server.read(summaries);
  const { shares } = divide(before, '500');
  await form.payNow({ amount: '500', reference: 'November' });
  const text = await form.receipt.innerText();
  for (const said of ['Fernhill Supply Co.', 'Northwind Traders, account 655080', 'November']) assert.ok(text.includes(said), said);
  // The day of the server is fixed and its time of day is not; the page may stand in another day than UTC.
  const { effectiveTimestamp } = JSON.parse(bench.events('recorded')[0].receipt.raw);
  const moment = new Date(effectiveTimestamp).toLocaleString('en-US', { timeZone: usual.timezoneId, dateStyle: 'medium', timeStyle: 'short' });
  assert.ok(text.replace(/\s/g, ' ').includes(moment.replace(/\s/g, ' ')), moment);
  assert.match(text, /Visa ending in \d{4}/);
  assert.match(text, /Your bank is processing this payment/);
  const rows = await form.receipt.locator('tbody tr').allInnerTexts();
  assert.equal(rows.length, shares.length);
  const after = await bench.server.read(summaries);
  shares.forEach(({ id, share }, index) => {
    const left = after.find((invoice) => invoice.id === id)?.outstandingBalance ?? 0;
    assert.ok(rows[index].includes(`$${toDecimal(share)}`), rows[index]);
    assert.ok(rows[index].replaceAll(',', '').endsWith(`$${Number(left).toFixed(2)}`), `${rows[index]} leaves ${left}`);
  });
});

test('receipt keeps the balances and the currency of the payment, whatever list the host gives afterwards', async (bench) => {
  const form = await bench.host({ ...names, currency: 'USD', 'invoices-src': undefined });
  const invoice = { id: '566934', number: 'INV-1031', dueDate: '2026-09-24', balance: '184.20', currency: 'USD' };
  await form.element.evaluate((host, invoice) => {
    host.invoices = [invoice];
    host.addEventListener('payment-recorded', () => (host.invoices = [{ ...invoice, balance: '1.00' }]));
  }, invoice);
  bench.proxy.faults(replaceBefore(json(200, { id: 7, amount: 84.2, currency: 'USD', customerId: 655080, reference: '', invoiceAllocations: [{ invoiceId: 566934, amount: 84.2 }], unallocatedAmount: 0 })));
  await form.payNow({ amount: '84.20' });
  await form.drawn();
  assert.match(await form.receipt.locator('tbody tr').first().innerText(), /INV-1031\s+\$84\.20\s+\$100\.00/);

  bench.expectMessage(/the invoices are in JPY/);
  const amount = form.element.locator('.sheet-amount');
  assert.equal(await amount.innerText(), '$84.20');
  const drawn = await form.remember(amount);
  await form.element.evaluate((host) => (host.invoices = [{ id: 2, number: 'J-2', dueDate: '2026-01-01', balance: '900', currency: 'JPY' }]));
  await drawn.leaves();
  assert.equal(await amount.innerText(), '$84.20');
});

test('receipt for staff has the whole record and a file, and for a payer neither', async (bench) => {
  const payer = await bench.host(names);
  await payer.payNow({ amount: '5' });
  assert.equal(await payer.receipt.locator('details').count(), 0);
  assert.doesNotMatch(await payer.text(), /effectiveTimestamp|JSON|https?:/);
  const form = await bench.host({ ...names, ...staff }, asStaff);
  await form.payNow({ amount: '6', method: 'Check' });
  await form.receipt.locator('summary').click();
  await form.receipt.getByText('effectiveTimestamp').first().waitFor();
  const file = form.receipt.getByRole('link', { name: 'Download as JSON' });
  const [, text] = (await file.getAttribute('href')).split(/^data:application\/json;charset=utf-8,/);
  const record = JSON.parse(decodeURIComponent(text));
  assert.deepEqual([await file.getAttribute('download'), record.amount], [`payment-${record.id}.json`, 6]);
  await form.checkAccessibility('receipt for staff');
});

const machineTexts = {
  fusebill: ['?customer=655080', {}, { ErrorId: 1, HttpStatusCode: 400, Errors: [{ Key: 'payment.Widget', Value: 'E1234' }] }],
  maiascore: ['?api=maiascore', { staff: true }, { message: 'E1234' }],
};
test('machine text of a refusal is for staff alone', async (bench) => {
  const proxy = await bench.serveThroughProxy();
  await eachCase(machineTexts, async ([query, attributes, refusal], api) => {
    // An echoed key makes any refusal final.
    proxy.onPayment = (exchange) => replaceBefore(json(400, refusal, [['Idempotency-Key', exchange.request.key]]));
    for (const isStaff of [false, true]) {
      const form = await bench.demo(isStaff && api === 'fusebill' ? `${query}&staff` : query);
      if (isStaff) await form.element.evaluate((host, given) => Object.assign(host, given), attributes);
      if (api === 'maiascore') {
        await form.field('amountDue').fill('80');
        await form.field('dueDate').fill('2026-12-01');
        await form.field('amountPaid').fill('30');
      } else await form.fillIn({ amount: isStaff ? '6' : '5', method: isStaff ? 'Check' : undefined });
      await form.pay.click();
      await form.waitFor('rejected');
      if (isStaff) await form.summary.getByText('E1234').first().waitFor();
      else {
        await form.drawn();
        assert.doesNotMatch(await form.text(), /E1234|Widget|\b400\b/);
      }
      await form.page.close();
    }
  });
});

/** The number of pages of a PDF. */
const pages = (pdf) => pdf.toString('latin1').match(/\/Type\s*\/Page(?![a-z])/g).length;

test('print of a receipt for 20 invoices is one page', async (bench) => {
  await bench.serveThroughProxy();
  await eachCase({ 'a page of the demo': () => bench.demo('?customer=655080'), 'a page of a host': () => bench.host({}) }, async (open) => {
    const list = Array.from({ length: 20 }, (_, index) => ({ id: String(index + 1), number: `INV-2026-${1000 + index}`, dueDate: '2026-10-01', balance: '25.00', currency: 'USD' }));
    const form = await open();
    await form.element.evaluate((host, [names, list]) => {
      Object.assign(host, names);
      host.invoices = list;
    }, [names, list]);
    await form.row('20').waitFor();
    bench.proxy.faults(replaceBefore(json(200, {
      id: 7613586, amount: 500, currency: 'USD', customerId: 655080, reference: 'November settlement', effectiveTimestamp: '2026-11-20T18:12:00Z',
      invoiceAllocations: list.map(({ id, number }) => ({ invoiceId: Number(id), invoiceNumber: number, amount: 25 })), unallocatedAmount: 0,
      settlement: { status: 'Pending' },
    })));
    await form.payNow({ amount: '500', reference: 'November settlement' });
    assert.equal(await form.receipt.locator('tbody tr').count(), 20);
    for (const format of ['Letter', 'A4']) assert.equal(pages(await form.page.native.pdf({ format })), 1, format);
  });
}, { needs: 'playwright' });
