// The element in plain TypeScript. Each `@ts-expect-error` fails the compiler where the line beneath it is accepted.
import { configure, PaymentForm, type Invoice, type Value } from 'payment-form';
import 'payment-form/define.js';
import { allocate, check } from 'payment-form/rules';
import { PaymentForm as Stub } from 'payment-form/stub';
import { PaymentFormPage } from 'payment-form/testing';
import 'payment-form/themes/forest.css';
import 'payment-form/themes/plum.css';
import 'payment-form/themes/slate.css';

const form = document.createElement('payment-form');
const same: PaymentForm = form;
form.customerId = 655080;
form.amount = 12.5;
form.amount = '12.50';
form.timeout = null;
const amount: string | null = form.amount;
form.api = 'maiascore';
// @ts-expect-error no such API
form.api = 'stripe';
// @ts-expect-error no such plan
form.allocation = 'biggest';
// @ts-expect-error write-only
const secret: string = form.authorization;
form.authorization = async () => 'Bearer token';

const invoices: readonly Invoice[] = [{ id: 1, balance: 12, currency: 'EUR', dueDate: undefined }];
form.invoices = invoices;
const value: Value = { amount: undefined, shares: { 1: '5' } };
form.value = value;

form.addEventListener('payment-recorded', ({ detail }) => detail.receipt.id.toUpperCase());
document.addEventListener('payment-rejected', ({ detail }) => detail.status.toFixed());
window.addEventListener('payment-unknown', ({ detail }) => detail.attempt.trim());
document.body.addEventListener('payment-submit', (event) => event.preventDefault());
document.addEventListener('payment-recorded', (event) => {
  // @ts-expect-error frozen
  event.detail.receipt.id = '';
});
form.addEventListener('click', (event) => event.clientX);
configure({ allowedOrigins: new Set(['https://pay.example.com']), integrity: undefined });
configure({ integrity: { 'payment_form_bg.wasm': 'sha384-', 'words/de.json': 'sha384-' } });
void allocate({ amount: '5', invoices, locale: undefined });
void check({ value, invoices, api: undefined, min: 5, max: '100.00' });
void new PaymentFormPage({ locator: (css: string) => css, waitForFunction: async () => true }).payAndReceive({ amount: '5', method: undefined });
new Stub().settle('rejected', { status: 422, problems: [] });
document.querySelector<Stub>('payment-form')?.type('amount', '5');
export { amount, same, secret };
