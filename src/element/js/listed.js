// Writes a page's list as the JSON text from which the form reads all its lists.

/** The fields of an invoice or a stored method that the form reads. */
const FIELDS = ['id', 'number', 'dueDate', 'issuedOn', 'total', 'balance', 'currency', 'kind', 'label', 'expires'];

const isObject = (value) => typeof value === 'object' && value !== null;

/**
 * Exact numbers of libraries, and ids that are BigInts, by what they are as text. A `Date` becomes a text that is no day, on purpose: which day it
 * is depends on where the browser stands.
 */
const toPlain = (value) => (isObject(value) || typeof value === 'bigint' ? String(value) : value);

/** Field by field, because an entry may be a framework's own object, with getters and circles. */
const plainEntry = (entry) =>
  isObject(entry)
    ? { ...Object.fromEntries(FIELDS.map((field) => [field, toPlain(entry[field])])), isDefault: Boolean(entry.isDefault) }
    : toPlain(entry);

/** Returns `undefined` without a list. A value that is no array, or cannot be read, becomes a text that is no list. */
export function listed(list) {
  try {
    if (list != null) return Array.isArray(list) ? JSON.stringify(Array.from(list, plainEntry)) : '0';
  } catch (error) {
    console.error('payment-form: a list cannot be read.', error);
    return '0';
  }
}
