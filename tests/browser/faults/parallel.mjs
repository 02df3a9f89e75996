// Sends one key many times at the same moment: there is one payment, and every answer is that payment or "in progress".
//
// node tests/browser/faults/parallel.mjs --rounds 1000 --requests 100
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Server } from '../harness/server.mjs';
import { asProgram } from './campaign.mjs';

export async function race({ rounds, requests }) {
  const server = await Server.start({ arguments: ['--quiet', '--rate-limit', '0'] });
  try {
    let busy = 0;
    for (let round = 0; round < rounds; round += 1) {
      const key = randomUUID();
      const body = { customerId: 655080, amount: 1.25, paymentMethod: 'Cash', source: 'Manual', reference: `round ${round}` };
      const replies = await Promise.all(Array.from({ length: requests }, () => server.send('/v1/payments/', body, { key })));
      const ids = new Set(replies.filter(({ status }) => status === 200).map(({ value }) => value.id));
      assert.equal(ids.size, 1, `round ${round}: one payment is answered`);
      const others = replies.filter(({ status }) => status !== 200);
      assert.ok(others.every(({ status }) => status === 409), `round ${round}: ${others.map(({ status }) => status)}`);
      assert.equal(replies.filter(({ status, headers }) => status === 200 && headers.get('idempotent-replayed') !== 'true').length, 1, 'one is the first, the others are replays');
      busy += others.length;
    }
    const payments = await server.ledger.payments();
    assert.equal(payments.length, rounds);
    assert.equal(new Set(payments.map(({ reference }) => reference)).size, rounds);
    return `${rounds} rounds of ${requests} same-key requests at once (${busy} answered "in progress"): ${payments.length} payments`;
  } finally {
    await server.end();
  }
}

await asProgram(import.meta.url, { rounds: 1000, requests: 100 }, race);
