// Names and format of the entries that the form keeps in `sessionStorage`. The page docs/storage.md describes both. The fixtures
// in tests/fixtures/storage/ hold this file and src/submission/stored_draft.rs to the same answers.

/** A draft of this age, in milliseconds, is no longer restored. */
const DRAFT_AGE_MAX = 24 * 60 * 60 * 1000;

/** The number of places behind the last element that are searched for an attempt. */
const PLACES_MAX = 8;

const ENDPOINTS = { fusebill: '/v1/payments/', maiascore: '/payments' };

/** The API that the attribute names; an unknown word counts as the default. */
export const apiOf = (attribute) => (attribute === 'maiascore' ? 'maiascore' : 'fusebill');

/** The name of the amount that is paid: of its input, and of its field in `value`. */
export const amountName = (api) => (api === 'maiascore' ? 'amountPaid' : 'amount');

/** The element's index among those of its tag in its root. In a shadow root the host's tag and place stand before it. */
function indexPath(element) {
  const root = element.getRootNode();
  const index = [...root.querySelectorAll(element.localName)].indexOf(element);
  return root.host ? `${root.host.localName}-${indexPath(root.host)}/${index}` : String(index);
}

/**
 * Moves to this place the attempt of a place behind it where no element stands any more: the page had more elements before its reload, and an
 * attempt in no element's sight would be paid again. A name that is `taken` belongs to an element of this page. Returns `true` after a move.
 */
export function adoptAttempt(element, props, taken) {
  if (element.id || !props.persists) return false;
  const [prefix, count] = [props.element.replace(/\d+$/, ''), element.getRootNode().querySelectorAll(element.localName).length];
  const pendingOf = (index) => entryNames({ ...props, element: `${prefix}${index}` }).pending;
  const own = pendingOf(props.element.slice(prefix.length));
  if (readEntry(own) !== null) return false;
  const places = Array.from({ length: PLACES_MAX }, (_, index) => count + index).filter((index) => !taken.has(`${prefix}${index}`));
  const left = places.map(pendingOf).find((name) => readEntry(name) !== null);
  if (left === undefined || !writeEntry(own, readEntry(left))) return false;
  writeEntry(left);
  return true;
}

/** The name of an element in its entries: its id, or its place. */
export const elementName = (element) => element.id || indexPath(element);

/** The names of both entries of one form. `customer` and `endpoint` are the attributes; `element` is the element's name. */
export function entryNames({ api, endpoint, customer, element }) {
  const address = endpoint?.trim() ? endpoint : ENDPOINTS[api];
  const scope = `payment-form:1:${api}|${address}|${customerOf(customer) ?? ''}|${element}`;
  return { draft: `${scope}:draft`, pending: `${scope}:pending` };
}

/** The customer's number as the attribute holds it, or nothing where the attribute holds no number. */
export function customerOf(attribute) {
  const number = attribute?.trim() ?? '';
  return /^[1-9]\d*$/.test(number) && BigInt(number) < 2n ** 63n ? number : undefined;
}

/** A draft as the store keeps it. */
export const draftText = (fields, now) => String(new URLSearchParams({ time: now, ...fields }));

/** A stored draft as field names and texts; nothing where it is too old, comes from the future, or is no draft. */
export function readDraft(text, now) {
  const fields = new URLSearchParams(text ?? '');
  const time = fields.get('time') ?? '';
  fields.delete('time');
  const age = /^\d+$/.test(time) ? now - Number(time) : NaN;
  return age >= 0 && age < DRAFT_AGE_MAX ? Object.fromEntries(fields) : undefined;
}

/** The fields of a `value`: shares by the names of their inputs, and either API's paid amount as `amount`. */
export function fieldsOf({ shares, amountPaid, ...value }) {
  const shareFields = Object.entries(shares ?? {}).map(([id, text]) => [`share-${id}`, text]);
  const texts = [...Object.entries(value), ['amount', amountPaid ?? value.amount], ...shareFields];
  return Object.fromEntries(texts.filter(([, text]) => text != null && typeof text !== 'object').map(([name, text]) => [name, String(text)]));
}

/** The `value` of these fields. */
export function valueOf(fields, api) {
  const value = {};
  for (const [name, text] of Object.entries(fields)) {
    if (name.startsWith('share-')) (value.shares ??= {})[name.slice('share-'.length)] = text;
    else value[name === 'amount' ? amountName(api) : name] = text;
  }
  return value;
}

/** The texts of the inputs in a form, by their names. */
export function inputsIn(root) {
  const inputs = [...root.querySelectorAll('[name]:is(input, select)')].filter(({ type, checked }) => type !== 'radio' || checked);
  return Object.fromEntries(inputs.map(({ name, value }) => [name, value]));
}

/** An entry of the store; nothing where the page may keep nothing. */
export function readEntry(name) {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keeps an entry, or drops it where there is no text. Returns `false` where the store is full or forbidden; the person goes on without a copy. */
export function writeEntry(name, text) {
  try {
    if (text === undefined) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, text);
    return true;
  } catch {
    return false;
  }
}
