// Makes a pair of accents from one brand colour: one can be read on light grounds, one on dark grounds.

/** The contrast that a text in the accent needs against its ground. WCAG asks for 4.5; the rest is for tinted grounds. */
const CONTRAST = 5.2;
/** The grounds on which the accent stands: the darkest light one, and the lightest dark one. */
const GROUNDS = { light: '#eef1f6', dark: '#1d2733' };

const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
const hex = (values) => `#${values.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;

/** The relative luminance of WCAG. */
function luminance(colour) {
  const [red, green, blue] = channels(colour).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The colour, moved towards another one until it can be read on the ground. */
function readable(colour, towards, ground) {
  const [from, to] = [channels(colour), channels(towards)];
  for (let step = 0; step < 20; step++) {
    const mixed = hex(from.map((value, at) => value + ((to[at] - value) * step) / 20));
    if (contrast(mixed, ground) >= CONTRAST) return mixed;
  }
  return towards;
}

/** The custom properties of a brand colour. */
export function brand(colour) {
  const light = readable(colour, '#000000', GROUNDS.light);
  const dark = readable(colour, '#ffffff', GROUNDS.dark);
  return { '--payment-form-accent': `light-dark(${light}, ${dark})`, '--payment-form-accent-ink': 'light-dark(#fff, #0b1320)' };
}
