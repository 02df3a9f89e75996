// Registers the tag when it is imported. The module does nothing where there are no custom elements (Node, server renderers), or
// where the tag is taken. A page may load two copies of the package.
import { PaymentForm } from './element.js';

if (globalThis.customElements && !customElements.get('payment-form')) customElements.define('payment-form', PaymentForm);

export { PaymentForm };
