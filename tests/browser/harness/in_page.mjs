// Runs in the page, for engines without Playwright. Finds elements by the steps of a locator, through open shadow roots, and says
// where a pointer reaches them. The module locators.mjs bundles this file and puts it into each page.
import { computeAccessibleName, getRole } from 'dom-accessibility-api';

/** Every element below a node, in document order, open shadow roots included. */
function* below(node) {
  if (node.shadowRoot) yield* below(node.shadowRoot);
  for (const child of node.children ?? []) {
    yield child;
    yield* below(child);
  }
}

const everyElement = (scopes) => [...new Set(scopes.flatMap((scope) => [...below(scope)]))];

/** The same elements in document order. */
function ordered(elements) {
  const wanted = new Set(elements);
  return everyElement([document]).filter((element) => wanted.has(element));
}

/** The parts of a selector between the commas or spaces that stand outside brackets and quotes. */
function split(selector, isSeparator) {
  const parts = [''];
  let depth = 0;
  let quote = '';
  for (const letter of selector) {
    if (quote) quote = letter === quote ? '' : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if ('[('.includes(letter)) depth += 1;
    else if ('])'.includes(letter)) depth -= 1;
    if (depth === 0 && !quote && isSeparator(letter)) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts.map((part) => part.trim()).filter(Boolean);
}

/** A descendant may stand in another shadow tree than its ancestor, so each compound of the selector is looked for by itself. */
function byCss(scopes, css) {
  const alternatives = split(css, (letter) => letter === ',');
  const found = alternatives.flatMap((alternative) => {
    const compounds = split(alternative.replace(/\s*([>+~])\s*/g, '$1'), (letter) => /\s/.test(letter));
    return compounds.reduce((from, compound) => everyElement(from).filter((element) => element.matches(compound)), scopes);
  });
  return alternatives.length > 1 ? ordered(found) : found;
}

function fits(text, wanted, isExact = false) {
  const given = text.replace(/\s+/g, ' ').trim();
  if (wanted.source !== undefined) return new RegExp(wanted.source, wanted.flags).test(given);
  return isExact ? given === wanted.text : given.toLowerCase().includes(wanted.text.toLowerCase());
}

function isVisible(element) {
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true });
}

function isHiddenFromReaders(element) {
  for (let at = element; at; at = at.assignedSlot ?? at.parentElement ?? at.getRootNode().host) if (at.getAttribute('aria-hidden') === 'true') return true;
  return !element.checkVisibility({ visibilityProperty: true });
}

const hasRole = (element, { role, name, exact }) =>
  getRole(element) === role && !isHiddenFromReaders(element) && (name === undefined || fits(computeAccessibleName(element), name, exact));
const hasText = (element, { text, exact }) => !/^(SCRIPT|STYLE)$/.test(element.tagName) && fits(element.textContent, text, exact);

/** Each step: from elements to elements. */
const steps = {
  css: (from, { css }) => byCss(from, css),
  testId: (from, { id }) => everyElement(from).filter((element) => element.getAttribute('data-testid') === id),
  role: (from, step) => everyElement(from).filter((element) => hasRole(element, step)),
  text: (from, step) => everyElement(from).filter((element) => hasText(element, step) && ![...element.children].some((child) => hasText(child, step))),
  label: (from, { text, exact }) =>
    everyElement(from).filter((element) => /^(INPUT|SELECT|TEXTAREA|BUTTON)$/.test(element.tagName) && fits(computeAccessibleName(element), text, exact)),
  placeholder: (from, { text, exact }) => everyElement(from).filter((element) => fits(element.getAttribute('placeholder') ?? '', text, exact) && element.hasAttribute('placeholder')),
  parent: (from) => [...new Set(from.map((element) => element.parentElement))],
  frame: (from, { css }) => byCss(from, css).map((frame) => frame.contentDocument),
  nth: (from, { index }) => from.slice(index, index + 1 || undefined),
  and: (from, { other }) => from.filter((element) => find(other).includes(element)),
  or: (from, { other }) => ordered([...from, ...find(other)]),
  filter: (from, { has, text, visible }) =>
    from.filter(
      (element) =>
        (has === undefined || find(has, [element]).length > 0) &&
        (text === undefined || fits(element.textContent, text)) &&
        (visible === undefined || isVisible(element) === visible),
    ),
};

function find(path, scopes = [document]) {
  return path.reduce((from, step) => steps[step.kind](from, step), scopes);
}

/** The only element of a locator. */
function one(path) {
  const found = find(path);
  if (found.length > 1) throw new Error(`STRICT: ${found.length} elements fit ${JSON.stringify(path)}`);
  return found[0];
}

function elementAt(x, y) {
  let at = document.elementFromPoint(x, y);
  for (let inside = at; inside; inside = at.shadowRoot?.elementFromPoint(x, y)) {
    if (inside === at && at !== document.elementFromPoint(x, y)) break;
    at = inside;
  }
  return at;
}

/** A click on `hit` reaches `element`: it lies within it, or within its label. */
function isReachedBy(element, hit) {
  for (let at = hit; at; at = at.assignedSlot ?? at.parentElement ?? at.getRootNode().host) if (at === element || at.control === element) return true;
  return false;
}

const frame = () => new Promise((done) => requestAnimationFrame(done));

/** The point at which a pointer reaches the element, `{x, y}`, once it stands still; or why there is none yet, `{why}`. */
async function point(path, { force = false, position } = {}) {
  const element = one(path);
  if (!element) return { why: 'no element fits' };
  if (!force && !isVisible(element)) return { why: 'it is not visible' };
  if (!force && element.matches(':disabled')) return { why: 'it is disabled' };
  const isInside = ({ top, bottom, left, right }) => top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
  if (!isInside(element.getBoundingClientRect())) element.scrollIntoView({ block: position ? 'start' : 'center', inline: 'nearest', behavior: 'instant' });
  const before = element.getBoundingClientRect();
  await frame();
  const { left, top, width, height } = element.getBoundingClientRect();
  if (left !== before.left || top !== before.top) return { why: 'it moves' };
  const [x, y] = position ? [left + position.x, top + position.y] : [left + width / 2, top + height / 2];
  const hit = elementAt(x, y);
  if (!force && !(hit && isReachedBy(element, hit))) return { why: `${hit?.tagName ?? 'nothing'} ${hit?.className ?? ''} lies over it` };
  return { x, y };
}

/** Puts a text in place of what an input holds, as one edit of the person; `{why}` where that is not possible yet. */
function fill(path, text) {
  const element = one(path);
  if (!element) return { why: 'no element fits' };
  if (!isVisible(element)) return { why: 'it is not visible' };
  if (element.matches(':disabled') || element.readOnly) return { why: 'it takes no text' };
  element.focus();
  if (/^(date|time|month|range|color)$/.test(element.type)) {
    element.value = text;
    for (const type of ['input', 'change']) element.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
    return {};
  }
  element.select();
  if (text !== '') document.execCommand('insertText', false, text);
  else if (element.value !== '') document.execCommand('delete');
  return {};
}

window.__locators = { find, one, point, fill, isVisible };
