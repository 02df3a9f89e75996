// Tests the other contract, in which one record is one due item.
import assert from 'node:assert/strict';
import { eachCase, test } from '../harness/test.mjs';
import { json, replaceAfter, replaceBefore } from '../harness/faults.mjs';

const item = { amountDue: '120.50', amountPaid: '100.00', dueDate: '2026-11-30', date: '2026-11-20' };
const bodies = {
  json: ['application/json', '{"amountDue":120.50,"amountPaid":100.00,"dueDate":"2026-11-30","date":"2026-11-20"}'],
  xml: ['application/xml', '<?xml version="1.0" encoding="utf-8"?><item><amountDue>120.50</amountDue><amountPaid>100.00</amountPaid><dueDate>2026-11-30</dueDate><date>2026-11-20</date></item>'],
  form: ['application/x-www-form-urlencoded', 'amountDue=120.50&amountPaid=100.00&dueDate=2026-11-30&date=2026-11-20'],
};

async function fill(form, entries) {
  for (const [name, text] of Object.entries(entries)) await form.field(name).fill(text);
}

test('a record is sent, stored and shown in full', async (bench) => {
  const form = await bench.demo('?api=maiascore');
  assert.equal(await form.field('date').inputValue(), '2026-11-20', 'the date starts as the local today');
  await fill(form, item);
  await form.pay.click();
  await form.waitFor('recorded');
  const [{ id, ...stored }, ...others] = await bench.server.ledger.dueItems();
  assert.deepEqual(others, []);
  assert.deepEqual(stored, { due: 12050n, paid: 10000n, dueDate: '2026-11-30', date: '2026-11-20' });
  const receipt = await form.receipt.innerText();
  for (const text of [String(id), '120.50', '100.00']) assert.ok(receipt.includes(text), `${text} in the receipt:\n${receipt}`);
  const [{ receipt: record, differences }] = bench.events('recorded');
  assert.deepEqual([record.id, record.amount, differences], [String(id), '100.00', []]);
}, { isSmoke: true });

test('each encoding sends exactly its bytes', async (bench) => {
  await eachCase(bodies, async ([type, body], encoding) => {
    const form = await bench.host({ api: 'maiascore', encoding, currency: 'USD', 'customer-id': undefined, 'invoices-src': undefined, 'payment-methods-src': undefined }, { signIn: '/?api=maiascore' });
    await fill(form, item);
    await form.pay.click();
    await form.waitFor('recorded');
    const sent = bench.proxy.payments.at(-1);
    assert.equal(sent.path, '/payments');
    assert.equal(sent.headers.find(([name]) => name.toLowerCase() === 'content-type')[1].split(';')[0], type);
    assert.equal(sent.body.toString().replace(/>\s+</g, '><'), body);
    await form.page.close();
  });
});

test('wrong entries are named at their fields and stay', async (bench) => {
  const form = await bench.demo('?api=maiascore');
  await fill(form, { amountDue: '12,', amountPaid: '-5', dueDate: '' });
  const before = await form.entries();
  await form.pay.click();
  await form.summary.waitFor();
  assert.deepEqual(await form.entries(), before);
  const problems = (await form.property('problems')).map(({ code, field }) => [field, code]);
  assert.deepEqual(problems, [['amountDue', 'amountDue-unreadable'], ['dueDate', 'dueDate-missing'], ['amountPaid', 'amountPaid-negative']], 'in the order of the fields');
  for (const [field] of problems) assert.equal(await form.field(field).getAttribute('aria-invalid'), 'true');
  await form.checkSummaryLeadsTo('amountPaid');
  await form.field('amountPaid').fill('5');
  assert.equal(bench.events('change').at(-1).field, 'amountPaid');
});

test('value has the inputs\' own names, and takes them back; zero amounts are legal, as in its own examples', async (bench) => {
  const form = await bench.demo('?api=maiascore');
  await fill(form, item);
  const { amountDue, amountPaid, dueDate, date, amount } = await form.property('value');
  assert.deepEqual({ amountDue, amountPaid, dueDate, date, amount }, { ...item, amount: undefined });
  await form.element.evaluate((host) => (host.value = { amountDue: '7.00', amountPaid: '6.50' }));
  assert.equal(await form.field('amountPaid').inputValue(), '6.50');
  await fill(form, { ...item, amountDue: '0', amountPaid: '0' });
  await form.pay.click();
  await form.waitFor('recorded');
});

test('D2: errors in the shape of Strapi stand at their fields, and everything typed stays', async (bench) => {
  await bench.serveThroughProxy();
  const form = await bench.demo('?api=maiascore');
  await fill(form, item);
  const before = await form.entries();
  const data = { errors: { amountPaid: ['must not be <b>that</b> much'], somethingNew: ['is not known here'] } };
  bench.proxy.onPayment = ({ request }) =>
    replaceBefore(json(400, { statusCode: 400, error: 'Bad Request', message: 'ValidationError', data }, [['Idempotency-Key', request.key]]));
  await form.pay.click();
  await form.waitFor('rejected');
  assert.deepEqual(await form.entries(), before);
  assert.equal(await form.field('amountPaid').getAttribute('aria-invalid'), 'true');
  assert.match(await form.summary.innerText(), /must not be <b>that<\/b> much[^]*is not known here/);
  const [{ problems }] = bench.events('rejected');
  assert.deepEqual(problems.map(({ field, message, key }) => [field, message, key ?? null]), [
    ['amountPaid', 'must not be <b>that</b> much', 'amountPaid'],
    ['form', 'is not known here', 'somethingNew'],
    ['form', 'Bad Request', null],
    ['form', 'ValidationError', null],
  ]);
  assert.doesNotMatch(await form.summary.innerText(), /Bad Request|ValidationError/, 'a payer is spared the machine text');
});

test('a record that is not what was sent is named field by field', async (bench) => {
  await bench.serveThroughProxy();
  const form = await bench.demo('?api=maiascore');
  await fill(form, item);
  const data = { id: '9', amountDue: 120.5, amountPaid: 90, dueDate: '2026-12-01', date: item.date };
  bench.proxy.onPayment = ({ request }) => replaceAfter(json(200, { code: 200, message: 'OK', data }, [['Idempotency-Key', request.key]]));
  await form.pay.click();
  await form.waitFor('recorded');
  const [{ differences }] = bench.events('recorded');
  assert.deepEqual(differences.map(({ field, sent, recorded }) => [field, sent, recorded]), [['amountPaid', '100.00', '90.00'], ['dueDate', '2026-11-30', '2026-12-01']]);
  assert.match(await form.receipt.innerText(), /differ[^]*you saw \$100\.00, and \$90\.00 was recorded/);
});

test('an open invoice can be picked, and tells what is due and when', async (bench) => {
  const form = await bench.demo('?api=maiascore');
  const { outstandingBalance, dueDate, id } = (await bench.server.read('/v1/customers/655080/invoiceSummaries')).find(({ invoiceNumber }) => invoiceNumber === 'INV-1042');
  await form.element.getByLabel('Choose an invoice').selectOption(String(id));
  assert.equal(await form.field('amountDue').inputValue(), outstandingBalance.toFixed(2));
  assert.equal(await form.field('dueDate').inputValue(), dueDate);
  assert.equal(await form.field('amountPaid').inputValue(), '', 'the person says how much is paid');
  await form.button(/in full/i).click();
  await form.pay.click();
  await form.waitFor('recorded');
  const [{ due, paid }] = await bench.server.ledger.dueItems();
  assert.ok(due === paid && due === BigInt(Math.round(outstandingBalance * 100)));
});

test('the rest, an overpayment, and days early or late are told before paying; the picked invoice is named only while its values stand', async (bench) => {
  const form = await bench.demo('?api=maiascore');
  await fill(form, { ...item, amountPaid: '130' });
  assert.deepEqual([await form.plain('still-owed'), await form.plain('unallocated')], ['0.00', '9.50']);
  await fill(form, item);
  assert.deepEqual([await form.plain('still-owed'), await form.plain('unallocated')], ['20.50', '0.00']);
  const early = await form.text();
  assert.match(early, /10 days early/i);
  await fill(form, { dueDate: '2026-11-18' });
  assert.match(await form.text(), /2 days late/i);

  const picker = form.element.locator('select');
  await picker.selectOption({ index: 1 });
  const picked = await picker.inputValue();
  assert.notEqual(picked, '');
  await form.field('amountPaid').fill('5000');
  await form.element.getByText('This payment is more than the amount due.').waitFor();
  await form.field('amountDue').fill('6000');
  await form.element.getByText('This payment is more than the amount due.').waitFor({ state: 'hidden' });
  assert.equal(await picker.inputValue(), '');
  await picker.selectOption({ index: 1 });
  assert.equal(await picker.inputValue(), picked);
});
