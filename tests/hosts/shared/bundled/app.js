import 'payment-form/define.js';
import { authorization, hear, invoices, paymentMethods } from './statement.js';

document.documentElement.lang = new URLSearchParams(location.search).get('lang') ?? 'en';

/** Puts a new form into the page, as a router does at each visit. */
function mount() {
  const form = document.createElement('payment-form');
  form.customerId = 655080;
  form.resolveEndpoint = '/v1/payments/resolve';
  Object.assign(form, { invoices, paymentMethods, authorization });
  for (const name of ['ready', 'change', 'submit', 'recorded', 'rejected', 'held', 'unknown', 'load-error', 'crash']) {
    form.addEventListener(`payment-${name}`, hear);
  }
  document.querySelector('main').prepend(form);
}

mount();
document.querySelector('#toggle').addEventListener('click', () => {
  const form = document.querySelector('payment-form');
  if (form) form.remove();
  else mount();
});
