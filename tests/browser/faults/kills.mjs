// Kills the server at random moments under load: every acknowledged payment is in the ledger once, and the same key finishes the others.
//
// node tests/browser/faults/kills.mjs --kills 500 --seed 1
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Server } from '../harness/server.mjs';
import { delay } from '../harness/wait.mjs';
import { asProgram, Random } from './campaign.mjs';

export async function kill({ kills, seed }) {
  const random = new Random(seed);
  const server = await Server.start({ arguments: ['--quiet', '--rate-limit', '0'] });
  try {
    const acknowledged = new Map();
    let count = 0;
    let lost = 0;
    for (let round = 0; round < kills; round += 1) {
      const open = [];
      let running = true;
      const clients = Array.from({ length: 4 }, async () => {
        while (running) {
          const reference = `kill ${(count += 1)}`;
          const attempt = { key: randomUUID(), body: { customerId: 655080, amount: (100 + (count % 900)) / 100, paymentMethod: 'Cash', source: 'Manual', reference } };
          if (!(await acknowledge(server, attempt, acknowledged))) open.push(attempt);
        }
      });
      await delay(random.below(40));
      const killed = server.kill();
      // A client stops at a dead server. On a busy machine its end takes long, and each of the client's requests would be retried
      // in turn.
      running = false;
      await Promise.all([killed, ...clients]);
      lost += open.length;
      await server.restart();
      for (const attempt of open) assert.ok(await acknowledge(server, attempt, acknowledged), `seed ${seed}, kill ${round}: a retry is answered`);
    }
    const payments = await server.ledger.payments();
    const byReference = new Map(payments.map((payment) => [payment.reference, payment]));
    assert.equal(byReference.size, payments.length, 'none is there twice');
    for (const [reference, id] of acknowledged) assert.equal(byReference.get(reference)?.id, id, `${reference} is there under its number`);
    assert.equal(payments.length, acknowledged.size, 'every recorded payment was acknowledged');
    assert.deepEqual(await server.ledger.contradictions(), []);
    return `${kills} kills, ${lost} requests cut, ${payments.length} payments: each acknowledged one is there, none twice`;
  } finally {
    await server.end();
  }
}

/** Sends once; whether there was an answer. */
async function acknowledge(server, { key, body }, acknowledged) {
  let reply;
  try {
    reply = await server.send('/v1/payments/', body, { key });
  } catch {
    return false;
  }
  assert.equal(reply.status, 200, reply.text);
  acknowledged.set(body.reference, reply.value.id);
  return true;
}

await asProgram(import.meta.url, { kills: 500, seed: 1 }, kill);
