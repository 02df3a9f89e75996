import { authorization, hear, invoices, paymentMethods } from './statement.js';

document.documentElement.lang = new URLSearchParams(location.search).get('lang') ?? 'en';

function fill(form) {
  Object.assign(form, { invoices, paymentMethods, authorization });
  for (const name of ['ready', 'change', 'submit', 'recorded', 'rejected', 'held', 'unknown', 'load-error', 'crash']) {
    form.addEventListener(`payment-${name}`, hear);
  }
  return form;
}

const first = fill(document.querySelector('payment-form'));
document.querySelector('#toggle').addEventListener('click', () => {
  const form = document.querySelector('payment-form');
  if (form) form.remove();
  // Another element, as a router makes one at each visit.
  else document.querySelector('main').prepend(fill(first.cloneNode()));
});
