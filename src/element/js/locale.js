// Finds the language of the form: its tag, and its sentences.
import { languageOf } from './sentences.js';
import { options } from './settings.js';

/** The addresses of the sentences of each language. A bundler finds a file by a literal address alone. */
const WORDS = {
  ar: () => new URL('./words/ar.json', import.meta.url),
  de: () => new URL('./words/de.json', import.meta.url),
  es: () => new URL('./words/es.json', import.meta.url),
  fr: () => new URL('./words/fr.json', import.meta.url),
  it: () => new URL('./words/it.json', import.meta.url),
  ja: () => new URL('./words/ja.json', import.meta.url),
  nl: () => new URL('./words/nl.json', import.meta.url),
  pt: () => new URL('./words/pt.json', import.meta.url),
  zh: () => new URL('./words/zh.json', import.meta.url),
};

/**
 * The sentences in the language of this locale, by their codes. Without a file, or when the file does not load, there are none,
 * and the form is in English.
 */
export async function wordsOf(locale) {
  const language = languageOf(locale);
  const address = WORDS[language];
  try {
    const integrity = options.integrity[`words/${language}.json`] ?? '';
    const response = address && (await fetch(address(), { credentials: 'same-origin', integrity }));
    return response?.ok ? await response.json() : {};
  } catch {
    return {};
  }
}

/** The tags that the console was told of. */
const unreadable = new Set();
/** A language tag as `Intl` reads it, also with the underscores of POSIX; nothing where it is none. */
function readableLocale(tag) {
  const hyphened = tag.trim().replaceAll('_', '-');
  try {
    return Intl.getCanonicalLocales(hyphened)[0];
  } catch {
    if (!unreadable.has(tag)) console.error(`payment-form: the locale "${tag}" cannot be read, and is passed over.`);
    unreadable.add(tag);
    return undefined;
  }
}

/** The locale of the element: the first valid tag of its own attribute, the nearest `lang` (through shadow roots), and the browser. */
export function localeOf(element) {
  const own = element.getAttribute('locale');
  let locale = own && readableLocale(own);
  for (let node = element; node && !locale; node = node.parentElement ?? node.getRootNode().host) {
    if (node.lang) locale = readableLocale(node.lang);
  }
  return locale || navigator.language || 'en';
}
