// Tests rows A: the person and the tab.
import assert from 'node:assert/strict';
import { eachCase, test } from '../harness/test.mjs';
import { dropBefore, gate, hold, keepCopy } from '../harness/faults.mjs';
import { formHtml, hostPage, policy } from '../harness/host.mjs';
import { Form } from '../harness/form.mjs';
import { delay } from '../harness/wait.mjs';
import { entries, assertEntriesKept, assertLedgerCount, startNextPayment, assertOneKeyAndBody, openFilledForm, payWithHeldReply, assertRecordedOnce, retryAndAssertRecorded, resolvingAttributes, assertUnknown } from './observe.mjs';

const gestures = {
  'a double click': (form) => form.pay.dblclick(),
  'a triple click': (form) => form.pay.click({ clickCount: 3 }),
  'Enter and a click': async (form) => {
    const click = form.pay.click();
    await Promise.all([form.amount.press('Enter'), click]);
  },
  'a held space bar': async (form) => {
    await form.pay.focus();
    for (let press = 0; press < 4; press += 1) await form.page.keyboard.press('Space');
  },
  'two clicks in one task': (form) => form.pay.evaluate((button) => [button.click(), button.click()].length),
};
test('A1: every double gesture sends once', async (bench) => {
  const form = await openFilledForm(bench);
  bench.proxy.onPayment = () => hold(150);
  await eachCase(gestures, async (act, gesture) => {
    if (gesture !== 'a double click') await startNextPayment(bench, form);
    // The second part of a gesture may find the button gone with the receipt; that is not what is asked here.
    await act(form).catch(() => {});
    await assertRecordedOnce(bench, form);
    assertOneKeyAndBody(bench.proxy.payments, 1);
  });
});

test('A2: presses while a payment is on its way are seen and ignored', async (bench) => {
  const form = await openFilledForm(bench, { timeout: '60' });
  const held = await payWithHeldReply(bench, form);
  assert.equal(await form.pay.getAttribute('aria-disabled'), 'true');
  for (let press = 0; press < 3; press += 1) await form.pay.click({ force: true });
  await form.element.evaluate((host) => host.submit?.());
  held.open();
  await assertRecordedOnce(bench, form);
  assertOneKeyAndBody(bench.proxy.payments, 1);
});

test('A3: a reload at any moment after the press returns to the same attempt', async (bench) => {
  await eachCase({ '0 ms': 0, '40 ms': 40, '120 ms': 120, '300 ms': 300 }, async (milliseconds) => {
    const form = await openFilledForm(bench);
    bench.proxy.arrivals.length = 0;
    await bench.server.ledger.mark();
    let answered = 0;
    bench.proxy.faults(async (exchange) => {
      await hold(150)(exchange);
      answered += 1;
    });
    const before = await form.entries();
    await form.element.evaluate((host) => host.addEventListener('payment-recorded', () => sessionStorage.setItem('receipt-shown', 'yes')));
    await form.pay.click();
    await delay(milliseconds);
    await form.page.reload();
    const state = await form.waitFor('unknown', 'ready', 'recorded');
    if (state === 'ready') {
      // Either the press came too early to be sent, or the answer was there before the reload, and the receipt had been shown.
      const sent = bench.proxy.payments.length;
      const shown = await form.page.evaluate(() => sessionStorage.getItem('receipt-shown') === 'yes');
      await form.page.evaluate(() => sessionStorage.removeItem('receipt-shown'));
      assert.ok(sent <= answered && sent <= Number(shown), 'no sent payment is forgotten');
      await assertLedgerCount(bench, sent);
      return;
    }
    assert.equal(state, 'unknown');
    await form.amount.waitFor();
    const after = await form.entries();
    for (const name of ['amount', 'reference', 'paymentMethod']) assert.equal(after[name], before[name], `${name} returns`);
    await retryAndAssertRecorded(bench, form);
  });
});

test('A4: back and forward after a payment never show a live Pay for the old one', async (bench) => {
  const form = await openFilledForm(bench);
  await form.pay.click();
  await assertRecordedOnce(bench, form);
  await form.page.goto(`${bench.origin}/healthz`);
  await form.page.goBack();
  const state = await form.waitFor('ready', 'recorded');
  if (state === 'ready') assert.equal(await form.amount.inputValue(), '');
  await form.page.goForward();
  await assertLedgerCount(bench, 1);
}, { needs: 'history' });

test('A5: closing the tab asks; a new one warns that the same payment was sent just now', async (bench) => {
  // The first payment closes an invoice, so the second one pays others: it is the same payment all the same.
  const form = await openFilledForm(bench, { timeout: '60' });
  const held = await payWithHeldReply(bench, form);
  const dialogShown = form.page.waitForEvent('dialog');
  const closing = form.page.close({ runBeforeUnload: true });
  const dialog = await dialogShown;
  assert.equal(dialog.type, 'beforeunload');
  await dialog.accept();
  await closing;
  held.open();
  await bench.proxy.drained();

  const second = await bench.host(resolvingAttributes, { context: bench.contexts[0] });
  await second.fillIn(entries);
  await second.pay.click();
  await second.element.getByText(/was sent \d+ seconds? ago/i).waitFor();
  await second.button(/again/i).first().waitFor();
  assert.equal(bench.proxy.payments.length, 1, 'no second payment was sent');
  await assertLedgerCount(bench, 1);
  await second.press('insist');
  await second.waitFor('recorded');
  await assertLedgerCount(bench, 2);
}, { needs: 'dialogs' });

test('A6: a duplicated tab does not pay a second time', async (bench) => {
  const form = await openFilledForm(bench, { timeout: '60' });
  const held = await payWithHeldReply(bench, form);
  // A tab that the page opens begins with a copy of its `sessionStorage`, as a duplicated tab does.
  const [popup] = await Promise.all([form.page.waitForEvent('popup'), form.page.evaluate(() => void window.open(location.href))]);
  const copy = new Form(popup);
  await copy.ready();
  assert.match(await copy.text(), /another (tab|form)/i);
  await copy.pay.click({ force: true, timeout: 1000 }).catch(() => {});
  if (await copy.offers('retry')) await copy.press('retry');
  held.open();
  await assertRecordedOnce(bench, form);
  assertOneKeyAndBody(bench.proxy.payments);
}, { needs: 'popups' });

test('A7: two tabs that pay at the same moment make one payment', async (bench) => {
  const first = await openFilledForm(bench);
  const second = await openFilledForm(bench, {}, { context: first.page.context() });
  bench.proxy.onPayment = () => hold(300);
  await Promise.all([first.pay.click(), second.pay.click()]);
  await Promise.race([first.waitFor('recorded'), second.waitFor('recorded')]);
  await assertLedgerCount(bench, 1);
  const waiting = (await first.state()) === 'recorded' ? second : first;
  await waiting.waitFor('ready');
  assert.match(await waiting.text(), /another (tab|form)|ago/i);
  await assertLedgerCount(bench, 1);
});

test('A8: while the outcome is unknown nothing can be edited, and nothing new can be sent', async (bench) => {
  const form = await openFilledForm(bench, {}, { fresh: true });
  bench.proxy.faults(dropBefore());
  const before = await form.entries();
  await form.pay.click();
  await assertUnknown(form);
  for (const name of ['amount', 'reference']) {
    await form.field(name).focus({ timeout: 500 }).catch(() => {});
    await form.page.keyboard.type('9');
  }
  await assertEntriesKept(form, before);
  await form.pay.click({ force: true, timeout: 1000 }).catch(() => {});
  await form.element.evaluate((host) => host.reset());
  await assertEntriesKept(form, before);
  assert.equal(await form.state(), 'unknown', 'a reset is refused');
  await retryAndAssertRecorded(bench, form, 2);
});

test('R11: leaving asks while an outcome is unknown, and not before or after', async (bench) => {
  const form = await openFilledForm(bench, {}, { fresh: true });
  const asks = [];
  form.page.on('dialog', (dialog) => {
    asks.push(dialog.type);
    dialog.accept();
  });
  const again = async () => {
    const count = asks.length;
    await form.page.reload();
    return asks.length > count;
  };
  assert.equal(await again(), false);
  await form.ready();
  await form.fillIn(entries);
  bench.proxy.faults(dropBefore());
  await form.pay.click();
  await form.waitFor('unknown');
  assert.equal(await again(), true);
  await form.waitFor('unknown');
  await form.press('retry');
  await assertRecordedOnce(bench, form);
  assert.equal(await again(), false);
}, { needs: 'dialogs' });

test('A9: a clock that jumps by 25 hours while the outcome is unknown does not lead to a second payment', async (bench) => {
  const form = await openFilledForm(bench, {}, { fresh: true });
  bench.proxy.faults(dropBefore());
  await form.pay.click();
  await form.waitFor('unknown');
  for (const hours of [25, -50]) await form.moveClock(hours * 3_600_000);
  // The form may doubt that the server still knows the key; then it offers to settle it, and not to send again.
  if (await form.offers('retry')) await form.press('retry');
  if ((await form.waitFor('unknown', 'recorded')) === 'unknown') await form.press('cancel');
  await form.waitFor('recorded', 'rejected', 'ready');
  assertOneKeyAndBody(bench.proxy.payments);
  const payments = await bench.server.ledger.payments();
  assert.ok(payments.length <= 1);
});

test('A10: a computer that sleeps for ten minutes in the middle of a payment still takes its late answer', async (bench) => {
  const form = await openFilledForm(bench);
  const held = gate();
  bench.proxy.faults(held);
  const before = await form.entries();
  await form.pay.click();
  await held.reached;
  await form.moveClock(10 * 60_000);
  await assertUnknown(form);
  await assertEntriesKept(form, before);
  held.open();
  await assertRecordedOnce(bench, form);
  assertOneKeyAndBody(bench.proxy.payments, 1);
});

test('A11: taking the element out and putting it back loses neither the request nor the entries', async (bench) => {
  const form = await openFilledForm(bench, { timeout: '60' });
  const held = await payWithHeldReply(bench, form);
  await form.element.evaluate(async (host) => {
    const { parentNode } = host;
    host.remove();
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    host.setAttribute('endpoint', '/nowhere');
    parentNode.append(host);
  });
  held.open();
  const state = await form.waitFor('recorded', 'unknown');
  if (state === 'unknown') await form.press('retry');
  await assertRecordedOnce(bench, form);
  assertOneKeyAndBody(bench.proxy.payments);
});

test('A11: after an address that changed in mid-flight the next payment is kept under the new one', async (bench) => {
  const form = await openFilledForm(bench, { timeout: '60', endpoint: '/v1/payments', allocation: 'none' });
  const held = await payWithHeldReply(bench, form);
  await form.element.evaluate((host) => host.setAttribute('endpoint', '/v1/payments/'));
  await form.element.evaluate((host) => host.setAttribute('timeout', '1'));
  held.open();
  await assertRecordedOnce(bench, form);
  await form.button(/another payment/i).click();
  await form.waitFor('ready');
  // The page's next visit begins with the new address.
  const { server, proxy } = bench;
  proxy.page('/host.html', hostPage({ customer: '655080', attributes: { ...resolvingAttributes, endpoint: '/v1/payments/', allocation: 'none' } }, policy));
  await form.fillIn({ amount: '20.00', reference: 'the next' });
  proxy.faults(async (exchange) => exchange.send({ status: 503, body: '' }));
  await form.pay.click();
  await assertUnknown(form);
  await form.page.reload();
  await assertUnknown(form);
  await form.press('retry');
  await form.waitFor('recorded');
  assert.deepEqual((await server.ledger.payments()).map(({ amount }) => amount), [50000n, 2000n]);
});

test('A12: two forms on one page have keys, entries and outcomes of their own', async (bench) => {
  await bench.serveThroughProxy();
  const body = formHtml({ id: 'one', ...resolvingAttributes }) + formHtml({ id: 'two', ...resolvingAttributes });
  const first = await bench.host({}, { body, waitFor: null });
  const [one, two] = [new Form(first.page, '#one'), new Form(first.page, '#two')];
  await Promise.all([one.ready(), two.ready()]);
  await one.fillIn({ amount: '10.00', reference: 'first' });
  await two.fillIn({ amount: '20.00', reference: 'second' });
  assert.equal(await one.amount.inputValue(), '10.00');
  const held = await payWithHeldReply(bench, one);
  await two.pay.click();
  await two.waitForText(/another (tab|form)/i);
  assert.equal(bench.proxy.payments.length, 1);
  held.open();
  await one.waitFor('recorded');
  await two.pay.click();
  await two.waitFor('recorded');
  const payments = await bench.server.ledger.payments();
  assert.deepEqual(payments.map(({ amount, reference }) => [amount, reference]), [[1000n, 'first'], [2000n, 'second']]);
  assert.equal(new Set(bench.proxy.payments.map(({ key }) => key)).size, 2);
});

test('a draft returns after a reload, and persist="none" keeps nothing', async (bench) => {
  const form = await openFilledForm(bench);
  // As soon as the page is left, however lately it was typed.
  await form.page.reload();
  await form.ready();
  assert.deepEqual([await form.amount.inputValue(), await form.reference.inputValue()], [entries.amount, entries.reference]);

  const other = await openFilledForm(bench, { persist: 'none' });
  await other.page.reload();
  await other.ready();
  assert.deepEqual(await other.page.evaluate(() => ({ ...sessionStorage })), {});
  assert.equal(await other.amount.inputValue(), '');
}, { isSmoke: true });

test('"Cancel and edit" burns the key: what was still on its way is never recorded', async (bench) => {
  const form = await openFilledForm(bench, {}, { fresh: true });
  const copy = keepCopy();
  bench.proxy.faults(copy);
  const before = await form.entries();
  await form.pay.click();
  await assertUnknown(form);
  await form.press('cancel');
  await form.waitFor('rejected');
  assert.match(await form.text(), /did not go through, and it will not/i);
  assert.ok(!(await form.summary.isVisible()), 'there is nothing to correct');
  await assertEntriesKept(form, before);
  copy.deliver();
  await assertLedgerCount(bench, 0);
  assert.deepEqual(copy.answers.map(({ status }) => status), [410]);
  await form.pay.click();
  await assertRecordedOnce(bench, form);
});
