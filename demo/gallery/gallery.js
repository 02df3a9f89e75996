// Shows one named case of cases.json, with replies that the page itself makes. `?case=<name>` chooses the case, `&bare` leaves the form alone
// on the page, `&lang` and `&scheme` change its language and its colours.
import { replies } from './replies.js';

const parameters = new URLSearchParams(location.search);
const { accounts, groups } = await (await fetch('/demo/gallery/cases.json')).json();
const cases = groups.flatMap((group) => group.cases);
const index = Math.max(0, cases.findIndex(({ name }) => name === parameters.get('case')));
const shown = cases[index];
const account = accounts[shown.account ?? 'northwind'];

const root = document.documentElement;
if (parameters.has('scheme')) root.dataset.scheme = parameters.get('scheme');
document.body.classList.toggle('bare', parameters.has('bare'));
document.title = `${shown.title} · Gallery · payment-form`;
document.querySelector('h1').textContent = shown.title;
document.querySelector('.about').textContent = shown.about;

/** The address of the gallery with other parameters; those of the value `null` are left out. */
function address(changes) {
  const query = new URLSearchParams(parameters);
  for (const [name, value] of Object.entries(changes)) value === null ? query.delete(name) : query.set(name, value);
  return `/gallery?${query}`;
}

function link(text, changes) {
  const anchor = document.createElement('a');
  anchor.href = address(changes);
  anchor.textContent = text;
  return anchor;
}

drawList();
drawSteps();
drawSwitches();
await show();

function drawList() {
  const list = document.querySelector('.list');
  for (const group of groups) {
    const heading = document.createElement('h2');
    heading.textContent = group.title;
    const items = document.createElement('ul');
    for (const { name, title } of group.cases) {
      const item = document.createElement('li');
      const to = link(title, { case: name, lang: null });
      if (name === shown.name) to.setAttribute('aria-current', 'page');
      item.append(to);
      items.append(item);
    }
    list.append(heading, items);
  }
  // The list may be long; the chosen case is within it and not below the window.
  const current = list.querySelector('[aria-current]');
  list.scrollTop = current.offsetTop - list.clientHeight / 2;
}

function drawSteps() {
  const steps = document.querySelector('.steps');
  const [before, after] = [cases.at(index - 1), cases[(index + 1) % cases.length]];
  steps.append(link(`← ${before.title}`, { case: before.name, lang: null }), link(`${after.title} →`, { case: after.name, lang: null }));
}

function drawSwitches() {
  for (const select of document.querySelectorAll('.modes select')) {
    select.value = parameters.get(select.name) ?? '';
    select.addEventListener('change', () => location.assign(address({ [select.name]: select.value || null })));
  }
}

/** Shows the case, and marks the page when the form is in its state. */
async function show() {
  document.querySelector('main').lang = parameters.get('lang') || shown.lang || account.lang;
  // The form reads `fetch` at each request, so the replies of the case stand in for a server.
  window.fetch = replies(shown, window.fetch.bind(window));
  const { configure } = await import('/pkg/element.js');
  if (shown.wasm === 'missing') configure({ wasmUrl: '/demo/gallery/missing.wasm' });
  await import('/pkg/define.js');
  const form = document.createElement('payment-form');
  form.id = 'gallery-case';
  clearStorage(form.id);
  configureForm(form);
  document.querySelector('.stage').append(form);
  await waitForState(form, shown.wasm ? [shown.state === 'loading' ? 'loading' : 'ready', 'crashed'] : ['ready']);
  if (shown.press === 'check') form.reportValidity();
  if (shown.press === 'pay') form.submit();
  if (shown.wasm === 'trap') trap();
  await waitForState(form, [shown.state]);
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  root.dataset.shown = shown.name;
}

function configureForm(form) {
  const attributes = { currency: account.currency, ...account.attributes, ...shown.attributes };
  for (const [name, value] of Object.entries(attributes)) form.setAttribute(name, value);
  if (shown.lists) {
    form.invoicesSrc = '/gallery/invoices';
    form.paymentMethodsSrc = '/gallery/methods';
  } else {
    form.invoices = (shown.invoices ?? repeated(account.invoices, shown.repeat)).map(invoice);
    form.paymentMethods = (shown.methods ?? account.methods).map((method) => ({ ...method, expires: month(method.expires) }));
  }
  const { dueDate, ...value } = shown.value ?? {};
  if (shown.value) form.value = dueDate === undefined ? value : { ...value, dueDate: day(dueDate) };
}

function invoice([id, number, issued, due, balance]) {
  return { id, number, issuedOn: day(issued), dueDate: day(due), total: balance, balance, currency: account.currency };
}

/** The invoices, repeated up to `count` with other numbers and dates. */
function repeated(invoices, count = invoices.length) {
  return Array.from({ length: count }, (_, index) => {
    const [id, number, issued, due, balance] = invoices[index % invoices.length];
    const round = Math.floor(index / invoices.length);
    return round === 0 ? invoices[index] : [`${id}${round}`, `${number}-${round}`, issued + round, due + round, balance];
  });
}

/** The date at this number of days from today. */
function day(days) {
  const now = new Date();
  return new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate() + days)).toISOString().slice(0, 10);
}

/** The month at this number of months from the current one. */
function month(months) {
  const now = new Date();
  return months === undefined ? undefined : new Date(Date.UTC(now.getFullYear(), now.getMonth() + months)).toISOString().slice(0, 7);
}

async function waitForState(form, states) {
  while (!states.includes(form.state)) await new Promise((again) => setTimeout(again, 20));
}

/** Removes the entries that earlier cases have stored, and the recent payments, which the form would call repeated. */
function clearStorage(id) {
  for (const name of Object.keys(sessionStorage)) if (name.includes(id)) sessionStorage.removeItem(name);
  localStorage.removeItem('payment-form:1:recent');
}

/** An error event as the browser sends it when the form's WebAssembly traps. */
function trap() {
  const error = new WebAssembly.RuntimeError('unreachable');
  error.stack = 'RuntimeError: unreachable\n    at wasm://wasm/payment_form';
  dispatchEvent(new ErrorEvent('error', { error }));
}
