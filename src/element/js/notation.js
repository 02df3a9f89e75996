// Writes amounts before the form is there.

/**
 * The currencies whose smallest amount has other than two decimals in ISO 4217, by the number of decimals. `Intl` follows the habits of cash
 * instead, and would write eighteen currencies otherwise than the form does. A native test holds this list equal to the form's.
 */
const DECIMALS = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};
const decimalsOf = (currency) => Number(Object.keys(DECIMALS).find((decimals) => DECIMALS[decimals].split(' ').includes(currency)) ?? 2);

/** True once the browser has written a number. The first one loads the data of the locale, which takes a phone a tenth of a second. */
export let isLearned = false;

/** The notation of an amount in a locale: that of dollars, without their sign, while the currency is not known. */
export function notation({ locale, currency }) {
  isLearned = true;
  try {
    const format = new Intl.NumberFormat(locale, { style: 'currency', currency: currency ?? 'USD', minimumFractionDigits: 1 });
    const parts = format.formatToParts(0);
    const part = (type) => parts.find((part) => part.type === type)?.value ?? '';
    const place = (type) => parts.findIndex((part) => part.type === type);
    const isSignBehind = place('currency') > place('integer');
    return { decimal: part('decimal'), zero: part('integer').codePointAt(0), sign: currency ? part('currency') : '', isSignBehind };
  } catch {
    // No currency of this name.
    return { decimal: '.', zero: 48, sign: '' };
  }
}

/**
 * The `amount` attribute as a person would type it: `1234.5` in German euros is `1234,50`, and with the page's own decimals where the currency
 * is not known yet. Empty where it is no plain decimal.
 */
export function typedAmount(amount, place) {
  const [, whole, fraction = ''] = /^(0|[1-9]\d*)(?:\.(\d+))?$/.exec(amount?.trim() ?? '') ?? [];
  if (!whole) return '';
  const { decimal, zero } = notation(place);
  const decimals = place.currency ? fraction.replace(/0+$/, '').padEnd(decimalsOf(place.currency), '0') : fraction;
  return (whole + (decimals && `.${decimals}`)).replace(/[.\d]/g, (c) => (c === '.' ? decimal : String.fromCodePoint(zero + Number(c))));
}
