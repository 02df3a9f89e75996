// Provides the lists that every app gives to its form as properties: some of the reference customer's invoices, and her card.
export const invoices = [
  { id: '566871', number: 'INV-1031', dueDate: '2026-09-16', issuedOn: '2026-08-17', total: '184.20', balance: '184.20', currency: 'USD' },
  { id: '566934', number: 'INV-1042', dueDate: '2026-11-02', issuedOn: '2026-10-03', total: '312.75', balance: '312.75', currency: 'USD' },
];
export const paymentMethods = [{ id: '41877', kind: 'CreditCard', label: 'Visa ending in 4242', isDefault: true, expires: '2029-01' }];
export const authorization = () => 'Bearer demo-token';

/** Keeps the events that the app has heard, where the test looks for them. */
export function hear({ type }) {
  (globalThis.receivedEvents ??= []).push(type);
}

/** True where the snippet of the documentation is wanted in place of the app. */
export const isSnippet = new URLSearchParams(globalThis.location?.search).has('snippet');

/** Keeps the receipt that the snippet hands on. */
export function paid(receipt) {
  globalThis.paidReceipt = receipt;
}
