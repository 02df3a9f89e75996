// Rows H and the reference server's promises, over plain HTTP; and a small sample of each long run.
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
  bench.endings.push(() => twin.finish('SIGKILL'));
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

for (const [path, body] of [['/v1/payments/', cash], ['/payments', due]]) {
  test(`S25 H3: on ${path} a key is one attempt of the tenant, and a stranger gets nothing`, async (bench) => {
    const server = await bench.serve();
    const key = randomUUID();
    const as = (authorization) => server.send(path, body, { key, headers: { Authorization: authorization } });
    const [one, two] = [await as('Bearer demo-token'), await as('Basic demo-key')];
    assert.deepEqual([one.status, two.status], [200, 200]);
    assert.equal(one.text, two.text, 'one payment, whoever of the tenant sends the key');
    const stranger = await as('Bearer nobody-at-all');
    assert.equal(stranger.status === 200, false, 'and a stranger gets nothing');
  });

  test(`on ${path} the same key is answered with the same bytes, another payload with 422, a burnt key with 410`, async (bench) => {
    const server = await bench.serve();
    const key = randomUUID();
    const first = await server.send(path, body, { key });
    assert.equal(first.status, 200, first.text);
    assert.equal(first.headers.get('idempotency-key'), key);
    assert.equal(first.headers.get('idempotent-replayed'), null);
    const again = await server.send(path, body, { key });
    assert.deepEqual([again.status, again.text, again.headers.get('idempotent-replayed')], [200, first.text, 'true']);
    const changed = path === '/payments' ? { ...due, amountPaid: 1.5 } : { ...cash, amount: 51 };
    assert.equal((await server.send(path, changed, { key })).status, 422);
    const resolve = path.replace(/\/$/, '') + '/resolve';
    assert.equal((await server.send(resolve, { key })).text, first.text, 'settling a known key tells its result');
    const unused = randomUUID();
    await server.send(resolve, { key: unused });
    assert.equal((await server.send(path, body, { key: unused })).status, 410, 'settling an unknown key burns it');
  });

  test(`on ${path} a refusal is stored under its key, too`, async (bench) => {
    const server = await bench.serve();
    const key = randomUUID();
    const wrong = path === '/payments' ? { ...due, dueDate: '2023-02-29' } : { ...cash, amount: -1 };
    const first = await server.send(path, wrong, { key });
    assert.equal(first.status, 400);
    const again = await server.send(path, wrong, { key });
    assert.deepEqual([again.status, again.text, again.headers.get('idempotent-replayed')], [400, first.text, 'true']);
  });
}

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

test('S26: a portal session pays only for its own customer, by stored methods, from its own site', async (bench) => {
  const server = await bench.serve();
  const greeting = await fetch(`${server.origin}/?customer=655080`);
  const cookie = greeting.headers.get('set-cookie').split(';')[0];
  const own = { customerId: 655080, amount: 1, paymentMethod: 'CreditCard', paymentMethodId: 41877, source: 'SelfServicePortal' };
  const send = (body, headers = { Origin: server.origin }) => server.send('/v1/payments/', body, { headers: { Authorization: undefined, Cookie: cookie, ...headers } });
  assert.equal((await send(own)).status, 200);
  for (const [label, body, headers] of [
    ['another customer', { ...own, customerId: 655081 }],
    ['another source', { ...own, source: 'Manual' }],
    ['cash', { ...own, paymentMethod: 'Cash', paymentMethodId: undefined }],
    ["another customer's card", { ...own, paymentMethodId: 41902 }],
    ['a foreign site', own, { Origin: 'https://evil.test' }],
    ['no sign of where it comes from', own, {}],
    ['a cross-site request', own, { Origin: server.origin, 'Sec-Fetch-Site': 'cross-site' }],
  ]) {
    const reply = await send(body, headers);
    assert.ok(reply.status >= 400 && reply.status < 500, `${label}: ${reply.status}`);
  }
  for (const path of ['/v1/customers/655081/invoiceSummaries', '/v1/customers/655081/paymentMethods/all']) {
    const reply = await fetch(server.origin + path, { headers: { Cookie: cookie } });
    assert.ok(reply.status >= 400, `${path} of another customer: ${reply.status}`);
  }
  assert.equal((await server.ledger.payments()).length, 1);
});

test('S24: without credentials, or with wrong ones, each contract refuses in its own documented words', async (bench) => {
  const server = await bench.serve();
  for (const authorization of [undefined, 'Bearer wrong-token', 'Basic d3Jvbmc=', 'Bearer', '']) {
    const fusebill = await server.send('/v1/payments/', cash, { headers: { Authorization: authorization } });
    assert.equal(fusebill.status, 401);
    assert.ok(fusebill.value.Errors.length > 0);
    const maiascore = await server.send('/payments', due, { headers: { Authorization: authorization } });
    assert.deepEqual([maiascore.status, maiascore.value], [403, { code: 500, message: 'Error - Server Error' }]);
  }
  assert.deepEqual(await server.ledger.payments(), []);
  assert.deepEqual(await server.ledger.dueItems(), []);
});

const heads = {
  '/': ['content-security-policy', 'x-content-type-options', 'referrer-policy', 'cross-origin-opener-policy', 'cross-origin-resource-policy'],
  '/v1/customers/655080/invoiceSummaries': ['x-content-type-options', 'referrer-policy', 'cross-origin-resource-policy'],
  '/nowhere': ['x-content-type-options'],
};
test('S29 S34: the headers of safety stand on every answer; unknown paths and methods are told', async (bench) => {
  const server = await bench.serve();
  for (const [path, names] of Object.entries(heads)) {
    const reply = await fetch(server.origin + path);
    for (const name of names) assert.ok(reply.headers.get(name), `${name} on ${path}`);
  }
  assert.equal((await fetch(`${server.origin}/nowhere`)).status, 404);
  assert.equal((await fetch(`${server.origin}/v1/payments/`, { method: 'DELETE' })).status, 405);
  const listed = await fetch(`${server.origin}/payments`, { headers: { Authorization: 'Bearer demo-token' } });
  assert.match(listed.headers.get('cache-control'), /no-store/);
});

test('S26 S32: large bodies get 413, undocumented types 415, foreign host names nothing', async (bench) => {
  const server = await bench.serve();
  assert.equal((await server.send('/v1/payments/', `{"reference":"${'x'.repeat(2_200_000)}"}`)).status, 413);
  assert.equal((await server.send('/v1/payments/', '<item/>', { headers: { 'Content-Type': 'application/xml' } })).status, 415);
  const answer = await raw(server.port, 'GET / HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n');
  assert.match(answer, /^HTTP\/1\.1 4\d\d /);
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

test('H8: slow, endless and broken requests leave the server well', async (bench) => {
  const server = await bench.serve();
  const attempts = [
    'POST /v1/payments/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{',
    `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n${Array.from({ length: 10_000 }, (_, index) => `X-${index}: y\r\n`).join('')}\r\n`,
    'POST /v1/payments/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n',
    '\u0000\u0001\u0002\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
  ];
  await Promise.all(attempts.map((bytes) => raw(server.port, bytes, 500)));
  assert.equal((await fetch(`${server.origin}/healthz`)).status, 200);
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
