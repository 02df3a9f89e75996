// Builds the form's stylesheet, which a shadow root adopts.
import css from './style.js';

// The unit of every size in the sheet (tokens.css). A sheet in a shadow root cannot register it, and a second registration throws.
try {
  globalThis.CSS?.registerProperty?.({ name: '--pf-unit', syntax: '<length>', inherits: true, initialValue: '16px' });
} catch {
  // Another copy of this script has registered it.
}

/** A constructed stylesheet fits into the document of its own window alone. */
const sheets = new WeakMap();
export function sheetOf(document) {
  const Sheet = document.defaultView?.CSSStyleSheet;
  if (!Sheet) return [];
  if (!sheets.has(document)) {
    const sheet = new Sheet();
    sheet.replaceSync(css);
    sheets.set(document, sheet);
  }
  return [sheets.get(document)];
}
