// Gives the tests a page whose host changes the customer, the server or the settings of a form without lists.
import { json } from '../harness/faults.mjs';

export const customerA = '655080';
export const customerB = '655081';
export const plainAttributes = { source: 'Manual', currency: 'USD', allocation: 'none', 'invoices-src': undefined, 'payment-methods-src': undefined };
export const invoicesOf = (customer) => `/v1/customers/${customer}/invoiceSummaries`;

/** Opens a form without lists, on a page that the test can change, and types a payment in cash. */
export async function openPlainForm(bench, attributes = {}) {
  const form = await bench.host({ ...plainAttributes, ...attributes }, { signIn: '/?customer=655080&staff' });
  await form.fillIn({ amount: '80.00', reference: 'note of A', method: 'Cash' });
  return form;
}

export const setProperties = (form, properties) => form.element.evaluate((host, all) => void Object.assign(host, all), properties);
export const readValue = (form) => form.element.evaluate((host) => host.value);
export const paidCustomers = (bench) => bench.proxy.payments.map(({ body }) => JSON.parse(body).customerId);

/** A server of the test's own at this address, which records every payment, or loses the answer. The list has the keys of the requests. */
export function serveRecords({ proxy }, path, { isLost = () => false } = {}) {
  const posts = [];
  proxy.serve(path, async (exchange) => {
    const { key, body } = exchange.request;
    const { amount, customerId, reference } = JSON.parse(body);
    posts.push(key);
    const record = { id: 7000 + posts.length, amount, customerId, reference, invoiceAllocations: [] };
    if (isLost(posts.length)) exchange.send({ status: 502, body: '' });
    else exchange.send(json(200, record, [['Idempotency-Key', key]]));
  });
  return posts;
}
