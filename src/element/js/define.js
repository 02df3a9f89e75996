// Importing this module registers the tag. It does nothing where there are no custom elements (Node, server renderers), and nothing
// where the tag is taken: a page may load two copies of the package.
import { PaymentForm } from './element.js';

if (globalThis.customElements && !customElements.get('payment-form')) customElements.define('payment-form', PaymentForm);

export { PaymentForm };
