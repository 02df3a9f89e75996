// Pages of a host of the tests' own, with the form in them.

/** The policy under which the form promises to run. */
export const strictPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

export const policy = [['Content-Security-Policy', strictPolicy]];

/** A page that forbids nothing, so that a request is stopped by the form or by nobody. */
export const noPolicy = [];

/** The answer that carries a page: either whole HTML, or the form with these attributes. */
export function hostPage(content, headers) {
  return { headers: [['Content-Type', 'text/html; charset=utf-8'], ['Cache-Control', 'no-store'], ...headers], body: typeof content === 'string' ? content : pageOf(content) };
}

function pageOf({ customer, attributes, body }) {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>A host's page</title><script type="module" src="/pkg/define.js"></script></head>
<body><main><h1>A host's page</h1>${body ?? formHtml({ customer, ...attributes })}</main></body>
</html>`;
}

/** The tag with its attributes; those of the value `undefined` are left out, `true` stands alone. */
export function formHtml({ customer = '655080', ...attributes }) {
  const all = {
    'customer-id': customer,
    'invoices-src': `/v1/customers/${customer}/invoiceSummaries`,
    'payment-methods-src': `/v1/customers/${customer}/paymentMethods/all`,
    ...attributes,
  };
  const written = Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => (value === true ? name : `${name}="${String(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`));
  return `<payment-form ${written.join(' ')}></payment-form>`;
}
