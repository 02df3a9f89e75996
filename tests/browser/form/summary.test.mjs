// Tests the words and figures of the summary, of the account and of the outcome: no zero, no broken amount, no figure without a reason.
import assert from 'node:assert/strict';
import { eachCase, test } from '../harness/test.mjs';
import { openCase } from '../harness/gallery.mjs';

test('the summary has no zero lines, the payment is its largest figure, and each method has a mark', async (bench) => {
  const form = await bench.demo();
  const methods = form.element.locator('.method');
  assert.deepEqual([await methods.count(), await methods.locator('svg.mark').count()], [3, 3]);
  assert.equal(await form.radio('paymentMethod', 'default').count(), 0, 'the default is offered only where no list shows it');
  await form.amount.fill('500');
  const summary = form.element.locator('[part~="summary"]');
  assert.match(await summary.innerText(), /You pay\s+\$500\.00\s+To 3 invoices\s+\$500\.00\s+Still owed after\s+\$20,028\.17/);
  const sizes = await summary.locator('dd').evaluateAll((all) => all.filter((line) => line.checkVisibility()).map((line) => parseFloat(getComputedStyle(line).fontSize)));
  assert.ok(sizes.slice(1).every((size) => size < sizes[0] / 1.5), `${sizes}`);
  await form.amount.fill('20600');
  assert.match(await summary.innerText(), /Overpayment\s+\$71\.83/);
  assert.doesNotMatch(await summary.innerText(), /\$0\.00/);
});

test('amounts in the summary are never broken', async (bench) => {
  const form = await bench.demo('?customer=655081');
  for (const amount of ['500', '15000', '999999999999999,99']) {
    await form.amount.fill(amount);
    const broken = await form.element.evaluate((host) => {
      const lines = [...host.shadowRoot.querySelectorAll('[part="summary"] dd')];
      const range = document.createRange();
      return lines.filter((line) => (range.selectNodeContents(line), range.getClientRects().length > 1)).map((line) => line.textContent);
    });
    assert.deepEqual(broken, [], amount);
  }
});

const unreadable = {
  customer: ['?customer=655080', ['', 'abc', '10.005', '0']],
  staff: ['?customer=655080&staff', ['abc']],
  'due item': ['?api=maiascore', ['', 'abc']],
};
test('summary without a readable amount shows no figure', async (bench) => {
  await eachCase(unreadable, async ([query, bad]) => {
    const form = await bench.demo(query);
    const summary = form.element.locator('[part~="summary"]');
    const amountInput = form.element.locator('.large input');
    for (const amount of bad) {
      await amountInput.fill('5');
      await summary.getByText('$5.00').first().waitFor();
      await amountInput.fill(amount);
      await summary.getByText('—', { exact: true }).waitFor();
      assert.doesNotMatch(await summary.innerText(), /\d/, `"${amount}"`);
      assert.doesNotMatch(await form.element.locator('.pay-bar').innerText(), /\$/, `"${amount}"`);
    }
    await form.page.close();
  });
});

/** Cases of the gallery, and what each of them shows. */
const facts = {
  'credit-only': async (form) => {
    await form.element.getByTestId('paid-up').getByText('$50.00').waitFor();
    assert.doesNotMatch(await form.element.innerText(), /\$0\.00|This payment/, 'a header without a debt shows no zero');
  },
  'on-account': async (form) => {
    assert.equal(await form.element.locator('.caption').innerText(), 'Account credit: $500.00');
    assert.doesNotMatch(await form.element.innerText(), /\b0 invoices|to 0/);
  },
  'review-on-account': async (form) => {
    const sums = await form.element.getByTestId('review').locator('.shares tr').allInnerTexts();
    assert.deepEqual(sums.map((line) => line.split(/\s*\t\s*/).slice(0, 2)), [['Account credit', '$500.00'], ['Total', '$500.00']]);
  },
  // The advice for the payer stands before the words of the service.
  declined: async (form) => {
    assert.equal(await form.summary.getByRole('link').innerText(), 'Please choose another payment method, or ask your bank.');
    const text = await form.summary.innerText();
    assert.match(text, /^The card was declined\./);
    assert.equal(text.match(/choose another payment method/g).length, 1, text);
  },
  'load-error': async (form) => {
    assert.ok(await form.amount.isVisible());
    assert.equal(await form.amount.inputValue(), '500');
    assert.equal(await form.element.locator('.skeleton').count(), 0, 'no answer is on its way');
  },
};
test('paid-up account, payment kept as credit, declined card and failed load say what they are', async (bench) => {
  bench.expectMessage(/could not be loaded|missing\.wasm/);
  await eachCase(facts, async (check, name) => {
    const form = await openCase(bench, name);
    await check(form);
    await form.page.close();
  });
});

test('staff record a payment, and a payer pays', async (bench) => {
  const form = await bench.demo('?customer=655080&staff');
  assert.match(await form.pay.innerText(), /^Record payment$/);
  await form.amount.fill('500');
  assert.match(await form.pay.innerText(), /^Record \$500\.00$/);
  assert.match(await form.text(), /Record a payment/);
});
