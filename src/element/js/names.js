// Lists the names of the element's attributes and properties, for the class and for the components over it.

/** Attributes that hold a text. */
export const TEXTS = [
  'api', 'endpoint', 'encoding', 'customer-id', 'source', 'methods', 'currency', 'locale', 'amount', 'min', 'max', 'allocation',
  'allocation-wire', 'order-date', 'idempotency', 'resolve-endpoint', 'timeout', 'quiet-time', 'persist', 'payee', 'payer',
  'invoices-src', 'payment-methods-src',
];
/** Attributes that are true by their presence. */
export const FLAGS = ['confirm', 'reference-marker', 'prepayment', 'staff', 'disabled'];
/** Properties that are no attributes. */
export const PROPERTIES = ['invoices', 'paymentMethods', 'authorization', 'lookup', 'messages', 'value'];
/** The property of an attribute. */
export const camel = (name) => name.replace(/-./g, (dash) => dash[1].toUpperCase());

/** Defines each attribute's property on the prototype of the class; `read` replaces some of the getters. */
export function reflect(prototype, read) {
  const define = (name, get, set) => Object.defineProperty(prototype, camel(name), { get, set, configurable: true, enumerable: true });
  for (const name of TEXTS) {
    const get = read[name] ?? ((element) => element.getAttribute(name));
    define(name, function () { return get(this); }, function (text) { text == null ? this.removeAttribute(name) : this.setAttribute(name, text); });
  }
  for (const name of FLAGS) {
    define(name, function () { return this.hasAttribute(name); }, function (on) { this.toggleAttribute(name, Boolean(on)); });
  }
}
