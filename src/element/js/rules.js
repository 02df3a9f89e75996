// The rules of the form without the form: how a payment is divided, and what is wrong with it. For a page that draws its own form, and for
// servers under Node; the same code that the element runs, loaded from the same wasm.
import { listed } from './listed.js';
import { load } from './load.js';

let loading;
const rules = () => {
  loading ??= load();
  loading.catch(() => (loading = undefined));
  return loading;
};

/** Divides an amount over invoices: resolves to what the element's `preview` is, or to `null` when the amount cannot be read. */
export async function allocate({ amount, shares, ...terms }) {
  return (await asked({ ...terms, value: { amount, shares } }, true)).preview;
}

/** Checks a draft as the element would before sending it: resolves to `{ valid, problems, preview }`. */
export async function check(payment) {
  return asked(payment, false);
}

async function asked(payment, onlyDivides) {
  const [invoices, paymentMethods] = [listed(payment.invoices), listed(payment.paymentMethods)];
  return (await rules()).check({ ...payment, invoices, paymentMethods }, onlyDivides);
}
