// Implements the allocation rules without the product's code: whole minor units, plain sorting.

/** `"1234.5"` or `1234.5` as a whole number of minor units. */
export function units(amount, decimals = 2) {
  const [whole, fraction = ''] = String(amount).split('.');
  if (!/^\d+$/.test(whole) || !/^\d*$/.test(fraction) || /[1-9]/.test(fraction.slice(decimals))) throw new Error(`${amount} is no amount with ${decimals} decimals`);
  return BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
}

/** Minor units as the plain decimal that the form's outputs carry. */
export function toDecimal(count, decimals = 2) {
  const digits = String(count).padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

const natural = new Intl.Collator('en', { numeric: true });

/** The open invoices of the server's list in the order of a plan: by due date, number, id. */
export function inOrder(invoices, plan = 'oldest') {
  const open = invoices.filter(({ outstandingBalance }) => outstandingBalance > 0);
  const sorted = open.sort((a, b) => compare(a.dueDate, b.dueDate) || natural.compare(a.invoiceNumber, b.invoiceNumber) || a.id - b.id);
  return plan === 'newest' ? sorted.reverse() : sorted;
}

/** The division of an amount: `[{id, number, share}]` of those that get something, in the plan's order, and the rest. */
export function divide(invoices, amount, { plan = 'oldest', decimals = 2, pins = {} } = {}) {
  const queue = inOrder(invoices, plan);
  let rest = units(amount, decimals) - Object.values(pins).reduce((sum, pin) => sum + units(pin, decimals), 0n);
  const shares = queue.map((invoice) => {
    const balance = units(invoice.outstandingBalance, decimals);
    const pinned = pins[invoice.id];
    const share = pinned !== undefined ? units(pinned, decimals) : balance < rest ? balance : rest;
    if (pinned === undefined) rest -= share;
    return { id: invoice.id, number: invoice.invoiceNumber, share, balance };
  });
  return { shares: shares.filter(({ share }) => share > 0n), rest };
}

export function sum(shares) {
  return shares.reduce((total, { share }) => total + share, 0n);
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
