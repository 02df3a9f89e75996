import 'payment-form/define.js';
import { authorization, hear, invoices, paymentMethods } from './statement.js';

document.documentElement.lang = new URLSearchParams(location.search).get('lang') ?? 'en';
const form = document.createElement('payment-form');
form.customerId = 655080;
Object.assign(form, { invoices, paymentMethods, authorization });
for (const name of ['ready', 'change', 'submit', 'recorded', 'rejected', 'held', 'unknown', 'load-error', 'crash']) {
  form.addEventListener(`payment-${name}`, hear);
}
document.querySelector('main').prepend(form);
document.querySelector('#unmount').addEventListener('click', () => form.remove());
