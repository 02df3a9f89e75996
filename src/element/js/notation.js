// How amounts are written, before the form is there.

/** True from the first number on that the browser wrote: that one loads the data of the locale, which takes a phone a tenth of a second. */
export let isLearned = false;

/** How a locale writes an amount of a currency that may not be known yet. */
export function notation({ locale, currency }) {
  isLearned = true;
  const format = (options) => new Intl.NumberFormat(locale, { ...(currency && { style: 'currency', currency }), ...options });
  try {
    const parts = format({ minimumFractionDigits: 1 }).formatToParts(0);
    const part = (type) => parts.find((part) => part.type === type)?.value ?? '';
    const decimals = currency ? format().resolvedOptions().maximumFractionDigits : undefined;
    return { decimal: part('decimal'), zero: part('integer').codePointAt(0), sign: part('currency'), decimals };
  } catch {
    // No currency of this name.
    return { decimal: '.', zero: 48, sign: '' };
  }
}

/** The `amount` attribute as a person would type it: `1234.5` in German euros is `1234,50`. Empty where it is no plain decimal. */
export function typedAmount(amount, place) {
  const [, whole, fraction = ''] = /^(0|[1-9]\d*)(?:\.(\d+))?$/.exec(amount?.trim() ?? '') ?? [];
  if (!whole) return '';
  const { decimal, zero, decimals } = notation(place);
  const places = decimals === undefined ? fraction : fraction.replace(/0+$/, '').padEnd(decimals, '0');
  return (whole + (places && `.${places}`)).replace(/[.\d]/g, (c) => (c === '.' ? decimal : String.fromCodePoint(zero + Number(c))));
}
