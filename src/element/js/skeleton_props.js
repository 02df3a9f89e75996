// Computes the props of the skeleton from the attributes of the element and the properties that the page set.
import { isObject } from './page.js';
import { apiOf } from './stored.js';

/** Staff take payments for others, so their heading does not address the payer. */
const isForStaff = ({ api, staff, source }) => (apiOf(api) === 'maiascore' ? staff : ['Manual', 'Automatic', 'Import'].includes(source));

/** Tells whether the attribute or a `<fieldset disabled>` around disables the form. */
export const isDisabled = (element) => element.disabled || element.matches(':disabled');

/** The props for an element. `name` is its name in the store, and `properties` holds the properties that the page set. */
export const skeletonProps = (element, name, properties) => ({
  api: apiOf(element.api),
  endpoint: element.endpoint,
  customer: element.customerId,
  element: name,
  locale: element.locale,
  currency: element.currency?.trim() || (Array.isArray(properties.invoices) ? properties.invoices[0]?.currency : undefined),
  amount: element.amount,
  value: isObject(properties.value) ? properties.value : undefined,
  messages: properties.messages,
  payee: element.payee?.trim().replace(/\s+/g, ' '),
  payer: element.payer?.trim(),
  isDisabled: isDisabled(element),
  isStaff: isForStaff(element),
  hasLimits: Boolean(element.min ?? element.max),
  persists: element.persist !== 'none',
});
