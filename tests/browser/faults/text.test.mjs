// Tests rows G and the exact bytes: references, dates and numbers, from the keyboard to the ledger.
import assert from 'node:assert/strict';
import { eachCase, test } from '../harness/test.mjs';

/** Notes that must be stored and shown byte by byte as they were typed. */
const references = {
  'G1: 500 characters': 'r'.repeat(500),
  'G1: 250 emoji, which are 500 UTF-16 units': '💶'.repeat(250),
  'G4: a decomposed letter': 'cafe\u0301',
  'G4: a composed letter': 'caf\u00e9',
  'G5: SQL': "'; DROP TABLE payments;--",
  'G5: a template': '{{7*7}} ${7*7} <%= 7*7 %>',
  'G5: a spreadsheet formula': "=cmd|' /C calc'!A0",
  'G5: markup': '<img src=x onerror="window.__ran=1">',
  'G2: letters that run from right to left': 'תשלום עבור חשבונית 12',
  'spaces at both ends': '  kept  ',
  'G6: a long number that is no card': 'PO 4111 1111 1111 1112',
};
test('G1 G2 G4 G5 G6: references are stored and shown exactly as typed', async (bench) => {
  const form = await bench.demo('?customer=655080&staff');
  let cents = 100n;
  for (const [label, reference] of Object.entries(references)) {
    cents += 1n;
    await form.payNow({ amount: `1.${String(cents - 100n).padStart(2, '0')}`, method: 'Cash', plan: 'none', reference });
    const payment = (await bench.server.ledger.payments()).at(-1);
    assert.equal(payment.reference, reference, label);
    assert.ok((await form.receipt.textContent()).includes(reference), `${label}: shown in the receipt`);
    assert.equal(await form.page.evaluate(() => window.__ran), undefined);
    await form.button(/another payment/i).click();
    await form.waitFor('ready');
  }
  assert.equal((await bench.server.ledger.payments()).length, Object.keys(references).length);
}, { seconds: 60 });

const refused = {
  'G1: 501 characters': ['r'.repeat(501), 'reference-too-long'],
  'G1: 251 emoji': ['💶'.repeat(251), 'reference-too-long'],
  'G2: a right-to-left override': ['abc\u202egpj.exe', 'reference-control-character'],
  'G2: a zero-width space': ['ab\u200bc', 'reference-control-character'],
  'G2: a byte order mark': ['\ufeffabc', 'reference-control-character'],
  'G2: a control character': ['ab\u0007c', 'reference-control-character'],
  'G6: a card number with spaces': ['my card 4242 4242 4242 4242 thanks', 'reference-card-number'],
  'G6: a card number with hyphens': ['5555-5555-5555-4444', 'reference-card-number'],
  'G6: a card number alone': ['378282246310005', 'reference-card-number'],
};
test('S11 G1 G2 G6: references that would be harmful or cut are refused in words, on both sides, and stay', async (bench) => {
  const form = await bench.demo('?customer=655080&staff');
  await form.fillIn({ amount: '5.00', method: 'Cash', plan: 'none' });
  for (const [label, [reference, code]] of Object.entries(refused)) {
    await form.reference.fill(reference);
    await form.pay.click();
    await form.summary.waitFor();
    assert.deepEqual((await form.property('problems')).map((problem) => problem.code), [code], label);
    assert.equal(await form.reference.inputValue(), reference, label);
    const direct = await bench.server.send('/v1/payments/', { customerId: 655080, amount: 5, paymentMethod: 'Cash', source: 'Manual', reference });
    assert.equal(direct.status, 400, `${label}: the server refuses it too`);
    assert.match(direct.text, /Reference/i);
  }
  assert.deepEqual(await bench.server.ledger.payments(), []);
  assert.ok(!bench.server.log.includes('4242 4242'), 'no card number in the log');
}, { seconds: 60 });

test('G3: a lone surrogate is refused, and nothing else of the text changes', async (bench) => {
  const form = await bench.demo();
  await form.amount.fill('5.00');
  await form.reference.evaluate((input) => {
    input.value = 'broken \ud800 pair';
    input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  });
  await form.pay.click();
  await form.summary.waitFor();
  assert.deepEqual(await bench.server.ledger.payments(), []);
  assert.deepEqual((await form.property('problems')).map(({ field }) => field), ['reference']);
  assert.ok(await form.reference.evaluate((input) => input.value === 'broken \ud800 pair'), 'it stands there as it was typed');
  assert.match(await form.summary.innerText(), /invisible or broken/);
});

/** Amounts as typed, and the very characters of the number on the wire: the digits that were typed, no more and no fewer. */
const numbers = [
  ['50.78', '50.78'],
  ['2.0', '2.0'],
  ['0.1', '0.1'],
  ['1,234.5', '1234.5'],
  ['7', '7'],
  ['9999999999999999.99', '9999999999999999.99'],
];
test('F9: amounts are JSON numbers with exactly their digits', async (bench) => {
  await bench.serveThroughProxy();
  const form = await bench.demo('?customer=655080&staff');
  for (const [typed, wire] of numbers) {
    const count = bench.proxy.payments.length;
    await form.fillIn({ amount: typed, method: 'Cash', plan: 'none' });
    await form.pay.click();
    await form.waitFor('recorded');
    const body = bench.proxy.payments[count].body.toString();
    assert.ok(body.includes(`"amount":${wire},`), `${typed} is ${wire} in ${body}`);
    await form.button(/another payment/i).click();
    await form.waitFor('ready');
  }
  const sums = (await bench.server.ledger.payments()).map(({ amount }) => amount);
  assert.deepEqual(sums, [5078n, 200n, 10n, 123450n, 700n, 999999999999999999n]);
}, { seconds: 60 });

test('G7: dates that no calendar has, or that are out of bounds, are refused by the server', async (bench) => {
  const server = await bench.serve();
  for (const dueDate of ['2023-02-29', '2100-02-29', '2024-13-01', '0000-01-01', '-0001-01-01', '10000-01-01', '2024-2-9', '20240209', '', null]) {
    const reply = await server.send('/payments', { amountDue: 1, amountPaid: 1, dueDate, date: '2026-11-20' });
    assert.equal(reply.status, 400, `${dueDate}: ${reply.text}`);
  }
  assert.equal((await server.send('/payments', { amountDue: 1, amountPaid: 1, dueDate: '2024-02-29', date: '2026-11-20' })).status, 200);
  assert.equal((await server.ledger.dueItems()).length, 1);
});

const days = [
  ['Pacific/Kiritimati', '2026-11-20T10:30:00Z', '2026-11-21'],
  ['Pacific/Pago_Pago', '2026-11-20T10:30:00Z', '2026-11-19'],
  ['America/New_York', '2026-11-21T04:59:00Z', '2026-11-20'],
  ['Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25'],
];
test('G8: the date starts as the day of the place where the person is', async (bench) => {
  await eachCase(days.map((row) => [row[0], row]), async ([timezoneId, now, today]) => {
    const form = await bench.demo('?api=maiascore', { timezoneId, now });
    assert.equal(await form.field('date').inputValue(), today);
  });
}, { needs: 'locale' });
