/** Importing this module registers `<payment-form>`; nothing happens where there are no custom elements or the tag is taken. */
export { PaymentForm } from './element.js';
