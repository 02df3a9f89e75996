// The demo page: who pays is told by the address, everything else by the attributes that any host would set.
import '/pkg/define.js';

const customers = {
  655080: { name: 'Northwind Traders', lang: 'en' },
  655081: { name: 'Alpenblick Handels GmbH', lang: 'de' },
  655082: { name: '桜商事株式会社', lang: 'ja' },
};

const wanted = new URLSearchParams(location.search);
const id = /^\d+$/.test(wanted.get('customer') ?? '') ? wanted.get('customer') : '655080';
const customer = customers[id] ?? { name: `Customer ${id}`, lang: 'en' };
const isStaff = wanted.has('staff');
const isMaiaScore = wanted.get('api') === 'maiascore';

const main = document.querySelector('main');
// The language of the payer is that of the form; the page around it stays English.
main.lang = wanted.get('lang') ?? customer.lang;

const who = document.createElement('h1');
who.className = 'who';
const name = document.createElement('strong');
name.textContent = customer.name;
who.append(name, ` · account ${id}${isStaff ? ' · staff screen' : ''}`);

const form = document.createElement('payment-form');
form.id = 'payment';
form.customerId = id;
form.invoicesSrc = `/v1/customers/${id}/invoiceSummaries`;
if (isMaiaScore) {
  form.api = 'maiascore';
  form.resolveEndpoint = '/payments/resolve';
} else {
  form.paymentMethodsSrc = `/v1/customers/${id}/paymentMethods/all`;
  form.resolveEndpoint = '/v1/payments/resolve';
  if (isStaff) form.source = 'Manual';
}

const fallback = document.createElement('p');
fallback.slot = 'fallback';
fallback.textContent = 'The payment form could not be loaded. Please reload the page.';
form.append(fallback);

main.append(who, form);

// The browser has one session, and the page that was loaded last has it. Who comes back to the tab of another payer loads it again, and its
// session with it; the form brings back what was typed.
const payer = isMaiaScore ? `records ${id}` : isStaff ? 'staff' : id;
const tabs = new BroadcastChannel('payment-form-demo');
let isSessionLost = false;
tabs.onmessage = ({ data }) => (isSessionLost = data !== payer);
tabs.postMessage(payer);
document.addEventListener('visibilitychange', () => {
  if (isSessionLost && document.visibilityState === 'visible') location.reload();
});

for (const link of document.querySelectorAll('nav a')) {
  if (link.href === location.href) link.setAttribute('aria-current', 'page');
}
