// Shows the plain form over N generated open invoices: `/bench.html?n=10000`. The formula is that of the other implementations it is compared with,
// so all of them divide the same balances.
import '/pkg/define.js';

function invoices(count) {
  const all = [];
  let seed = 42;
  for (let place = 0; place < count; place++) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    const cents = 100 + (seed % 50000);
    const due = new Date(Date.UTC(2024, 0, 1 + ((seed >> 8) % 700)));
    all.push({
      id: String(500000 + place),
      number: `INV-${500000 + place}`,
      dueDate: due.toISOString().slice(0, 10),
      balance: (cents / 100).toFixed(2),
      currency: 'USD',
    });
  }
  return all;
}

const form = document.createElement('payment-form');
form.customerId = '655080';
form.invoices = invoices(Number(new URLSearchParams(location.search).get('n') || 10));
document.querySelector('main').append(form);
