// Lists the cases of the gallery, and opens each of them in the modes of display.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Form } from './form.mjs';
import { root } from './paths.mjs';

const { groups } = JSON.parse(readFileSync(path.join(root, 'demo/gallery/cases.json'), 'utf8'));

/** Every case: `{name, title, about, …}`. */
export const cases = groups.flatMap((group) => group.cases);

const wide = { width: 1120, height: 900 };
const phone = { width: 390, height: 844 };
/**
 * Without motion. During a transition a background has a colour of neither mode, so axe would report contrasts that no
 * screen shows, such as 1.21.
 */
const usual = { colorScheme: 'light', forcedColors: 'none', reducedMotion: 'reduce' };

/** The rules of axe about colours. The modes of one language have one tree, so every other rule finds the same in each of them. */
const colours = { runOnly: ['color-contrast', 'link-in-text-block'] };
/** On a phone a target needs a size for a finger. */
const targets = { rules: { 'target-size': { enabled: true } } };

/** The modes: the window, the media features, the device where it is no mouse, the language, and axe's options. Without a language the case's own is used. */
export const modes = {
  light: { size: wide, media: usual },
  dark: { size: wide, media: { ...usual, colorScheme: 'dark' }, axe: colours },
  phone: { size: phone, media: usual, device: 'finger', axe: targets },
  'right to left': { size: wide, media: usual, lang: 'ar' },
  // The last two, because Chromium keeps some of their colours in pictures of the modes that follow.
  'forced colours, dark': { size: wide, media: { ...usual, colorScheme: 'dark', forcedColors: 'active' }, axe: colours },
  'forced colours': { size: wide, media: { ...usual, forcedColors: 'active' }, axe: colours },
};

/** The contexts that the modes need. A browser that has once shown a finger keeps no mouse, so a mode with a finger has a page of its own. */
export const devices = { mouse: {}, finger: { hasTouch: true, isMobile: true } };

/** Shows a page in a mode: its window and its media. */
export async function emulate(page, { size, media }) {
  await page.native.setViewportSize(size);
  await page.emulateMedia(media);
}

/** The address of a case, with nothing but the form on the page. */
const addressOf = (name) => `/gallery?case=${name}&bare`;

/** Shows a case on a page, and waits until it rests in its state. */
export async function showCase(bench, name, page) {
  await page.goto(bench.origin + addressOf(name));
  await page.waitFor((name) => document.documentElement.dataset.shown === name, name);
}

/** Opens a case on a page of its own; the first one makes the context, with these options. */
export async function openCase(bench, name, options) {
  if (!bench.server) await bench.serve();
  const page = await (bench.contexts[0] ?? (await bench.context(options))).newPage();
  await showCase(bench, name, page);
  return new Form(page);
}

/** Runs in the page: gives the form another language, or with nothing that of its case, and waits for its words. */
export async function speak(lang) {
  const main = document.querySelector('main');
  window.__ownLang ??= main.lang;
  const wanted = lang ?? window.__ownLang;
  if (main.lang !== wanted) {
    main.lang = wanted;
    const form = document.querySelector('payment-form');
    const frame = () => form.shadowRoot.querySelector('[dir]');
    const isSpoken = () => !frame() || frame().dir === (wanted === 'ar' ? 'rtl' : 'ltr');
    for (let tries = 0; tries < 100 && !isSpoken(); tries++) await new Promise(requestAnimationFrame);
  }
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
}
