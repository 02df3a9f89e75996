// Sets up the demo page: the address names the payer, the screen and the API; everything else is attributes that any host would set.
import '/pkg/define.js';
import { read } from './settings.js';

const customers = {
  655080: { name: 'Northwind Traders', lang: 'en' },
  655081: { name: 'Alpenblick Handels GmbH', lang: 'de' },
  655082: { name: '桜商事株式会社', lang: 'ja' },
};

const settings = read(location.search);
const { id, isStaff, isMaiaScore } = settings;
const customer = customers[id] ?? { name: `Customer ${id}`, lang: 'en' };
settings.lang ||= customer.lang;

const main = document.querySelector('main');
// The language of the payer is that of the form; the page around it stays English.
main.lang = settings.lang;

const form = document.createElement('payment-form');
form.id = 'payment';
form.customerId = id;
form.payee = 'Fernhill Supply Co.';
form.payer = customer.name;
form.invoicesSrc = `/v1/customers/${id}/invoiceSummaries`;
if (isMaiaScore) {
  form.api = 'maiascore';
  form.staff = isStaff;
  form.resolveEndpoint = '/payments/resolve';
} else {
  form.paymentMethodsSrc = `/v1/customers/${id}/paymentMethods/all`;
  form.resolveEndpoint = '/v1/payments/resolve';
  if (isStaff) form.source = 'Manual';
}
form.confirm = settings.confirm;

const fallback = document.createElement('p');
fallback.slot = 'fallback';
fallback.textContent = 'The payment form could not be loaded. Please reload the page.';
form.append(fallback);

main.append(form);

// The browser has one session, and the page that was loaded last has it. The tab of another payer is loaded again with its session when the
// person comes back; the form brings back what was typed.
const payer = isMaiaScore ? `records ${id}` : isStaff ? 'staff' : id;
const tabs = new BroadcastChannel('payment-form-demo');
let isSessionLost = false;
tabs.onmessage = ({ data }) => (isSessionLost = data !== payer);
tabs.postMessage(payer);
document.addEventListener('visibilitychange', () => {
  if (isSessionLost && document.visibilityState === 'visible') location.reload();
});

// The switches come after the form, because a person pays first and plays later.
const { connect } = await import('./panel.js');
connect(form, settings);
