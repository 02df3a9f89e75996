// Tests rows H and the reference server's promises, over plain HTTP; and a small sample of each long run.
import assert from 'node:assert/strict';
import net from 'node:net';
import { randomUUID } from 'node:crypto';
import { Server } from '../harness/server.mjs';
import { test } from '../harness/test.mjs';
import { delay, until } from '../harness/wait.mjs';
import { kill } from './kills.mjs';
import { race } from './parallel.mjs';
import { playAll } from './random.mjs';
import { submitThroughDrops } from './resend.mjs';

const cash = { customerId: 655080, amount: 50.78, paymentMethod: 'Cash', source: 'Manual', reference: 'abc123' };
const due = { amountDue: 2, amountPaid: 1, dueDate: '2026-12-01', date: '2026-11-20' };

test('H1: the server is killed at random moments; nothing acknowledged is lost, nothing is doubled', () => kill({ kills: 6, seed: 1 }), { seconds: 60 });

test('H1: a server that dies at any point of a payment leaves all of it or nothing, and the same key finishes it', async (bench) => {
  const server = await bench.serve({ arguments: ['--quiet'] });
  const points = { read: 0, checked: 0, inserted: 0, settled: 0, committed: 1 };
  let before = 0;
  for (const [point, committed] of Object.entries(points)) {
    const key = randomUUID();
    await assert.rejects(server.send('/v1/payments/', cash, { key, headers: { 'X-Fault': `abort-${point}` } }), `${point}: nobody answers`);
    await server.finish('SIGKILL');
    assert.equal((await server.ledger.payments()).length, before + committed, point);
    await server.restart();
    const retry = await server.send('/v1/payments/', cash, { key });
    assert.deepEqual([retry.status, retry.headers.get('idempotent-replayed')], [200, committed ? 'true' : null], point);
    before += 1;
    assert.equal((await server.ledger.payments()).length, before, point);
  }
}, { seconds: 60 });

test('H2: a hundred requests with one key at one moment make one payment', () => race({ rounds: 3, requests: 100 }), { seconds: 60 });

test('H2: two servers over one ledger, asked with one key at one moment, make one payment', async (bench) => {
  const server = await bench.serve({ arguments: ['--quiet', '--rate-limit', '0'] });
  const twin = new Server(server.folder, server.options);
  await twin.launch('0');
  bench.cleanups.push(() => twin.finish('SIGKILL'));
  const rounds = 10;
  for (let round = 0; round < rounds; round += 1) {
    const key = randomUUID();
    const body = { ...cash, amount: 1.25, reference: `round ${round}` };
    const replies = await Promise.all(Array.from({ length: 20 }, (_, number) => [server, twin][number % 2].send('/v1/payments/', body, { key })));
    const recorded = replies.filter(({ status }) => status === 200);
    assert.equal(new Set(recorded.map(({ text }) => text)).size, 1, `round ${round}: one record`);
    assert.equal(recorded.filter(({ headers }) => headers.get('idempotent-replayed') !== 'true').length, 1, `round ${round}: one of them is the first`);
    assert.ok(replies.every(({ status }) => [200, 409, 503].includes(status)), `round ${round}: ${replies.map(({ status }) => status)}`);
  }
  assert.equal((await server.ledger.payments()).length, rounds);
}, { seconds: 60 });

test('the silent repetition: every third connection is dropped, every submit has one receipt and one payment', (bench) => submitThroughDrops(bench, 15), { seconds: 90 });

test('random schedules of person and network', (bench) => playAll(bench, { schedules: 12, seed: 1 }), { seconds: 120, needs: 'popups' });

test('S25 H3: a key is one attempt of the tenant, and a stranger gets nothing', async (bench) => {
  const server = await bench.serve();
  for (const [path, body] of [['/v1/payments/', cash], ['/payments', due]]) {
    const key = randomUUID();
    const as = (authorization) => server.send(path, body, { key, headers: { Authorization: authorization } });
    const [one, two] = [await as('Bearer demo-token'), await as('Basic demo-key')];
    assert.deepEqual([one.status, two.status], [200, 200], path);
    assert.equal(one.text, two.text, 'one payment, whoever of the tenant sends the key');
    assert.notEqual((await as('Bearer nobody-at-all')).status, 200, 'and a stranger gets nothing');
  }
});

const divisions = {
  'more than the amount': { amount: 10, paymentAllocations: [{ invoiceID: 566934, amount: 10.01 }] },
  'more than the balance': { amount: 5000, paymentAllocations: [{ invoiceID: 566934, amount: 312.76 }] },
  'a negative share': { amount: 10, paymentAllocations: [{ invoiceID: 566934, amount: -1 }] },
  'an invoice twice': { amount: 10, paymentAllocations: [{ invoiceID: 566934, amount: 1 }, { invoiceID: 566934, amount: 1 }] },
  'an unknown invoice': { amount: 10, paymentAllocations: [{ invoiceID: 999999, amount: 1 }] },
  "another customer's invoice": { amount: 10, paymentAllocations: [{ invoiceID: 571010, amount: 1 }] },
  'a closed invoice': { amount: 10, paymentAllocations: [{ invoiceID: 566802, amount: 1 }] },
  'three decimals': { amount: 10.005 },
  'no amount': { amount: 0 },
};
test('F7: the server checks every division again', async (bench) => {
  const server = await bench.serve();
  for (const [label, change] of Object.entries(divisions)) {
    const reply = await server.send('/v1/payments/', { ...cash, ...change });
    assert.equal(reply.status, 400, `${label}: ${reply.text}`);
    assert.ok(Array.isArray(reply.value?.Errors) && reply.value.Errors.every(({ Key, Value }) => Key && Value), `${label}: the documented shape`);
  }
  assert.deepEqual(await server.ledger.payments(), []);
});

test('H6: clients that hang up in the middle leave whole payments or none, and the same key finishes each', async (bench) => {
  const server = await bench.serve({ arguments: ['--quiet', '--rate-limit', '0'] });
  const attempts = Array.from({ length: 40 }, (_, number) => ({ key: randomUUID(), body: JSON.stringify({ ...cash, reference: `hung up ${number}` }) }));
  await Promise.all(
    attempts.map(({ key, body }, number) => {
      const head = `POST /v1/payments/ HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer demo-token\r\nContent-Type: application/json\r\nIdempotency-Key: ${key}\r\nContent-Length: ${body.length}\r\n\r\n`;
      return raw(server.port, head + body, number % 8);
    }),
  );
  for (const { key, body } of attempts) {
    let reply = await server.send('/v1/payments/', body, { key });
    while (reply.status === 409) reply = await server.send('/v1/payments/', body, { key });
    assert.equal(reply.status, 200, reply.text);
  }
  const payments = await server.ledger.payments();
  assert.equal(payments.length, attempts.length);
  assert.equal(new Set(payments.map(({ reference }) => reference)).size, attempts.length);
});

test('H7: a server that is asked to stop under load answers what it has read', async (bench) => {
  const server = await bench.serve({ arguments: ['--quiet', '--rate-limit', '0'] });
  const answered = [];
  let running = true;
  const clients = Array.from({ length: 6 }, async (_, client) => {
    for (let number = 0; running; number += 1) {
      const reference = `client ${client}, ${number}`;
      const reply = await server.send('/v1/payments/', { ...cash, reference }, { key: randomUUID() }).catch(() => null);
      if (reply?.status === 200) answered.push(reference);
    }
  });
  await until(() => answered.length >= 12, 'twelve payments are answered');
  const ended = server.finish('SIGTERM');
  await ended;
  running = false;
  await Promise.all(clients);
  assert.equal(server.program.exitCode, 0, 'it ends in good order');
  const payments = await server.ledger.payments();
  assert.ok(payments.length > 5, `${payments.length} payments`);
  assert.deepEqual(payments.map(({ reference }) => reference).sort(), answered.sort());
});

/** Sends bytes as they are; what came back until the end, or until the time is over. */
function raw(port, bytes, milliseconds = 3000) {
  return new Promise((done) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    const end = () => done(answer);
    socket.on('data', (chunk) => (answer += chunk));
    socket.once('error', end).once('close', end);
    delay(milliseconds).then(() => socket.destroy());
  });
}
