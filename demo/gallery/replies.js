// Plays the server of a case: a `fetch` that answers what the form asks, as cases.json says.

const never = new Promise(() => {});
const isPayment = (path) => path === '/v1/payments/' || path === '/payments';

/** A `fetch` for one case. `real` fetches the form's own files. */
export function replies({ reply, lists, wasm }, real) {
  return async (asked, options) => {
    const request = new Request(asked, options);
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/gallery/')) return answer(lists);
    if (isPayment(pathname)) return answer(reply, request);
    if (wasm === 'never' && pathname.endsWith('.wasm')) return never;
    return real(asked, options);
  };
}

async function answer(reply, request) {
  if (reply === 'never') return never;
  if (reply === 'lost') throw new TypeError('The connection was lost.');
  if (typeof reply === 'object') return json(reply.status, reply.body);
  const sent = JSON.parse(await request.text());
  if (reply === 'maiascore') return json(200, { code: 200, message: '', data: { id: 4711, ...sent } });
  return json(200, { ...record(sent), ...(reply === 'pending' && { settlement: { status: 'Pending' } }), ...(reply === 'different' && divided(sent)) });
}

/** Fusebill's record of the payment that was sent. */
function record({ customerId, amount, reference, paymentAllocations = [] }) {
  const shares = paymentAllocations.map(({ invoiceID, amount }) => ({ invoiceId: invoiceID, amount }));
  const allocated = shares.reduce((sum, share) => sum + share.amount, 0);
  return {
    id: 7613586,
    customerId,
    amount,
    reference: reference ?? null,
    effectiveTimestamp: new Date().toISOString(),
    unallocatedAmount: Number((amount - allocated).toFixed(3)),
    invoiceAllocations: shares,
  };
}

/** The same payment with everything on its first invoice but ten, which stay as credit. */
function divided({ amount, paymentAllocations: [first] }) {
  return { unallocatedAmount: 10, invoiceAllocations: [{ invoiceId: first.invoiceID, amount: amount - 10 }] };
}

function json(status, body) {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
}
