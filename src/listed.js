// What a page gives as a list, as the text that the form reads all its lists from.

/** What the form asks of an invoice or a stored method. */
const FIELDS = ['id', 'number', 'dueDate', 'issuedOn', 'total', 'balance', 'currency', 'kind', 'label', 'isDefault', 'expires'];

// Field by field, because an entry may be a framework's own object, with getters and circles; and an id may be a BigInt.
const entry = (given) => (given instanceof Object ? Object.fromEntries(FIELDS.map((field) => [field, given[field]])) : given);
const exact = (field, value) => (typeof value === 'bigint' ? String(value) : value);

/** Nothing where nothing was given. What is no array becomes a text that is no list. */
export const listed = (list) => (list == null ? undefined : JSON.stringify(Array.isArray(list) ? list.map(entry) : String(list), exact));
