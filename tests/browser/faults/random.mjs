// Plays random schedules: a random person with a real browser, a random network, the real server. After each, the ledger is compared with
// everything that the form has said.
//
//     node tests/browser/faults/random.mjs --schedules 1000 --seed 1
//
// Each schedule has the seed of the run plus its number, so `--schedules 1 --seed 17` plays the seventeenth of seed 1 again. The person and
// the network do the same; the moments differ by the speed of the machine.
import assert from 'node:assert/strict';
import { Bench } from '../harness/bench.mjs';
import { launch } from '../harness/driver.mjs';
import * as faults from '../harness/faults.mjs';
import { Form } from '../harness/form.mjs';
import { toDecimal, units } from '../harness/money.mjs';
import { delay } from '../harness/wait.mjs';
import { asProgram, Random } from './campaign.mjs';
import { useFreshConnections } from './observe.mjs';

const { json } = faults;

/** The faults of a payment, as functions of chance. */
const networkFaults = [
  () => faults.pass,
  (random) => faults.dropBefore(random.pick(['FIN', 'RST'])),
  (random) => faults.dropAfter(random.pick(['FIN', 'RST'])),
  (random) => faults.hold(random.pick([50, 400, 1300])),
  (random) => faults.deliverLate(random.pick([100, 700, 1500])),
  () => faults.halfHeaders(),
  () => faults.truncateByLength(25),
  () => faults.truncateChunked(25),
  () => faults.truncateByClose(25),
  (random) => faults.replaceAfter(json(random.pick([500, 502, 504, 200, 202, 204, 403]), '')),
  (random) => faults.replaceBefore(json(random.pick([500, 503, 401, 403, 429, 302, 404]), { code: 500, message: 'Error' })),
  () => faults.replaceAfter({ headers: [['Content-Type', 'text/html']], body: '<h1>Log in</h1>' }),
  (random) => faults.serverFault(random.pick(['commit-then-500', 'reject-after-late'])),
];

const payActions = [
  (form) => form.pay.click(),
  (form) => form.pay.dblclick(),
  (form) => form.amount.press('Enter'),
  (form) => form.pay.evaluate((button) => [button.click(), button.click()].length),
];

/** The actions of a person where the outcome is open. An impossible action is no failure. */
const openActions = {
  retry: (form) => form.press('retry'),
  cancel: (form) => form.press('cancel'),
  reload: (form) => form.page.reload(),
  wait: () => delay(400),
  type: (form) => form.amount.fill('999.99', { timeout: 300 }),
  'press Pay': (form) => form.pay.click({ force: true, timeout: 300 }),
  'duplicate the tab': async (form) => {
    const [popup] = await Promise.all([form.page.waitForEvent('popup'), form.page.evaluate(() => void window.open(location.href))]);
    const copy = new Form(popup);
    // A duplicate that stays open would hold the attempt, so it is closed even where it is not ready in time.
    await copy.ready().then(() => copy.press('retry')).catch(() => {});
    await delay(100);
    await popup.close();
  },
};

/** The sentences that deny a payment. */
const denial = /nothing was charged|did not go through, and it will not/i;

/** Plays one schedule and checks everything that was said. */
export async function play(bench, seed) {
  const { proxy } = bench;
  const random = new Random(seed);
  const reference = `schedule ${seed}`;
  let cents = 100n + BigInt(random.below(90_000));
  const from = proxy.arrivals.length;
  let healed = false;
  proxy.onPayment = () => (healed || !random.occurs(0.65) ? faults.pass : random.pick(networkFaults)(random));
  // Half of the schedules on fresh connections, where the browser repeats nothing by itself.
  if (random.occurs(0.5)) useFreshConnections(proxy);
  else proxy.onOther = () => faults.pass;

  const context = await bench.context({ timeout: 3000 });
  const persist = random.occurs(0.9) ? 'session' : 'none';
  const form = await bench.host({ timeout: '1', 'resolve-endpoint': '/v1/payments/resolve', persist }, { context });
  const steps = [];
  const receiptsBefore = bench.events('recorded').length;
  const sent = () => proxy.arrivals.slice(from).filter(({ kind, body }) => kind === 'payment' && body.includes(`"${reference}"`));
  let denied = new Set();
  const step = async (name, act) => {
    steps.push(name);
    await act(form).catch(() => {});
    await form.ready().catch(() => {});
    const { state, text } = await form.element.evaluate((host) => ({ state: host.state, text: host.shadowRoot.textContent }));
    steps.push(state);
    if (state !== 'recorded') assert.doesNotMatch(text, /payment recorded/i);
    if (denial.test(text)) denied = new Set(sent().map(({ key }) => key));
    return state;
  };
  try {
    await form.fillIn({ amount: toDecimal(cents), reference, plan: random.pick(['oldest', 'newest', 'none']) });
    let state = await step('pay', random.pick(payActions));
    for (let turn = 0; turn < 5 && state !== 'recorded'; turn += 1) {
      if (state === 'ready' || state === 'rejected') {
        if (random.occurs(0.3)) break;
        state = await step('pay', random.pick(payActions));
      } else {
        const name = random.pick(Object.keys(openActions));
        state = await step(name, openActions[name]);
        // Only where a decision came meanwhile, what was typed counts.
        if (name === 'type' && state === 'rejected') cents = units(await form.amount.inputValue());
      }
    }
    // The network heals; then three presses at most lead to a decision.
    healed = true;
    for (let press = 0; press < 3 && ['unknown', 'held', 'submitting', 'resolving'].includes(state); press += 1) {
      await form.waitFor('unknown', 'held', 'recorded', 'rejected', 'ready').catch(() => {});
      state = await form.state();
      if (state === 'unknown' || state === 'held') state = await step('retry', async () => {
        await form.press('retry');
        await form.waitFor('recorded', 'rejected');
      });
    }
    assert.ok(['recorded', 'rejected', 'ready'].includes(state), `it ends in a decision, not in ${state}`);
    await proxy.drained();

    const own = sent();
    const hasReceipt = bench.events('recorded').length > receiptsBefore;
    await checkLedger({ bench, form, reference, cents, state, persist, steps, own, denied, hasReceipt });
    return own.length;
  } catch (error) {
    error.message = `schedule ${seed}: ${error.message} (${steps.join(' → ')})\n${await describePage(form, proxy.arrivals.slice(from))}`;
    throw error;
  } finally {
    await context.close();
  }
}

/** Compares the ledger with the last state of the form, and with everything that it has said. */
async function checkLedger({ bench, form, reference, cents, state, persist, steps, own, denied, hasReceipt }) {
  const payments = (await bench.server.ledger.payments()).filter((payment) => payment.reference === reference);
  assert.ok(payments.length <= 1, `${payments.length} payments`);
  if (payments.length === 1) assert.equal(payments[0].amount, cents);
  // A form that may keep nothing knows nothing after a reload, and said so before.
  const hasForgotten = state === 'ready' && persist === 'none' && steps.includes('reload');
  if (state === 'recorded') {
    assert.equal(payments.length, 1, 'a payment told as recorded is there');
    assert.ok((await form.receipt.innerText()).includes(String(payments[0].id)), 'under the number on the receipt');
  } else if (state === 'ready' && payments.length === 1 && hasReceipt) {
    // The receipt came, and the page was left after it: the page shows the next payment's empty form now.
    assert.equal(bench.events('recorded').at(-1).receipt.id, String(payments[0].id));
    assert.equal(await form.amount.inputValue(), '', 'the entries of a recorded payment are gone');
  } else if (!hasForgotten) assert.equal(payments.length, 0, `the form says ${state}, so there is none`);
  if (payments.length === 1) assert.ok(own.some(({ key }) => !denied.has(key)), 'no payment comes of what was said to be none');
  for (const key of new Set(own.map((arrival) => arrival.key))) {
    const hashes = new Set(own.filter((arrival) => arrival.key === key).map(({ hash }) => hash));
    assert.equal(hashes.size, 1, 'one key never carries two bodies');
  }
}

/** The requests, the locks and the text of a failed schedule. */
async function describePage(form, arrivals) {
  const arrived = arrivals.filter(({ kind }) => kind !== 'other');
  const lines = arrived.map(({ kind, key, at }) => `${at - arrived[0].at} ms ${kind} ${key}`);
  const locks = await form.page.evaluate(async () => JSON.stringify(await navigator.locks.query())).catch(() => '');
  const shown = await form.element.evaluate((host) => host.shadowRoot.querySelector('form')?.innerText ?? '').catch(() => '');
  return [...lines, `${form.page.context().pages().length} pages, locks ${locks}`, shown].join('\n');
}

/** So many schedules are played over one ledger: then its customer still owes more than the next one pays. */
const perLedger = 20;

/** Plays schedules one after the other, in two lanes at once. */
export async function playAll(bench, { schedules, seed }) {
  let next = 0;
  let posts = 0;
  const failures = [];
  const playLane = async () => {
    while (next < schedules) {
      const own = new Bench(bench.browser, `${bench.name}, one lane`, [...bench.needs]);
      try {
        await own.serveThroughProxy({ arguments: ['--quiet', '--rate-limit', '0'] });
        for (let played = 0; played < perLedger && next < schedules; played += 1) {
          const number = (next += 1);
          await play(own, seed + number - 1).then((count) => (posts += count), (error) => {
            failures.push(error.message);
            console.log(error.message);
          });
          if (number % 50 === 0) console.log(`  ${number} of ${schedules}, ${failures.length} failed`);
        }
        await own.checkAfterwards();
      } finally {
        await own.end();
      }
    }
  };
  await Promise.all([playLane(), playLane()]);
  assert.deepEqual(failures, []);
  return `${schedules} schedules from seed ${seed}, ${posts} POSTs: none doubled, none lost, no false statement`;
}

await asProgram(import.meta.url, { schedules: 1000, seed: 1 }, async (figures) => {
  const browser = await launch();
  const bench = new Bench(browser, 'random', ['popups']);
  try {
    return await playAll(bench, figures);
  } finally {
    await bench.end();
    await browser.close();
  }
});
