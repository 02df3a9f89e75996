// Makes the two functions of payment-form/rules, over the same code that the element runs.
import { listed } from './listed.js';

/** `load` resolves to the glue over the WebAssembly, and is asked again after a failure. */
export function rulesOver(load) {
  let loading;
  async function evaluate(payment, onlyDivides) {
    const [invoices, paymentMethods] = [listed(payment.invoices), listed(payment.paymentMethods)];
    loading ??= load();
    loading.catch(() => (loading = undefined));
    return (await loading).check({ ...payment, invoices, paymentMethods }, onlyDivides);
  }

  return {
    /** Divides an amount over invoices: resolves to what the element's `preview` is, or to `null` when the amount cannot be read. */
    allocate: async ({ amount, shares, ...terms }) => (await evaluate({ ...terms, value: { amount, shares } }, true)).preview,

    /** Checks a draft as the element would before sending it: resolves to `{ valid, problems, preview }`. */
    check: (payment) => evaluate(payment, false),
  };
}
