'use client';
// Wraps <payment-form> as a React component, for React 18 and later.
//
// A server renders the attributes only, because markup carries no lists, functions or listeners. The component brings those to the element
// in a layout effect, before the form's WebAssembly can arrive. The listeners are never removed, because an element that React takes out of
// the page in the middle of a payment still tells its outcome. Any other element is collected with its listeners.
import { createElement, forwardRef, useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import './define.js';
import { FLAGS, PROPERTIES, TEXTS, camel } from './names.js';

// React 18 warns of a layout effect on a server.
const useBrowserEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect;

const EVENTS = ['ready', 'change', 'submit', 'recorded', 'rejected', 'held', 'unknown', 'load-error', 'crash'].map((name) => `payment-${name}`);
const handlerOf = (event) => `on${camel(`-${event}`)}`;
const HANDLERS = EVENTS.map(handlerOf);
const LISTS_AND_FUNCTIONS = PROPERTIES.filter((name) => name !== 'value');

export const PaymentForm = forwardRef(function PaymentForm({ children, className, defaultValue, ...props }, ref) {
  const element = useRef(null);
  const handlers = useRef({});
  const listening = useRef(null);
  const wasGiven = useRef(new Set());
  useImperativeHandle(ref, () => element.current, []);

  useBrowserEffect(() => {
    handlers.current = Object.fromEntries(HANDLERS.map((name) => [name, props[name]]));
  });
  useBrowserEffect(() => {
    const form = element.current;
    // StrictMode runs each effect twice.
    if (listening.current === form) return;
    listening.current = form;
    for (const event of EVENTS) form.addEventListener(event, (happened) => handlers.current[handlerOf(event)]?.(happened));
    if (defaultValue !== undefined) form.value = defaultValue;
    // A form in the server's markup can be ready, or fail to load, before React hydrates the page.
    if (form.state === 'crashed') {
      const tell = (error) => handlers.current.onPaymentLoadError?.(new CustomEvent('payment-load-error', { detail: Object.freeze({ message: String(error?.message ?? error) }) }));
      form.ready.catch(tell);
    } else if (form.state && form.state !== 'loading') {
      handlers.current.onPaymentReady?.(new CustomEvent('payment-ready', { detail: null }));
    }
  }, []);
  for (const name of LISTS_AND_FUNCTIONS) {
    const given = props[name];
    useBrowserEffect(() => {
      // A property that was never given is not taken back, because `undefined` would count as a list of the host.
      if (given === undefined && !wasGiven.current.has(name)) return;
      wasGiven.current.add(name);
      element.current[name] = given;
    }, [given]);
  }

  return createElement('payment-form', { ...markup(props), ...(className !== undefined && { class: className }), ref: element }, children);
});

/** The properties that markup can carry: the form's attributes by their own names, and those that React knows of any element. */
function markup(props) {
  const rest = { ...props };
  for (const name of [...HANDLERS, ...PROPERTIES]) delete rest[name];
  for (const name of [...TEXTS, ...FLAGS]) {
    const given = rest[name] ?? rest[camel(name)];
    delete rest[camel(name)];
    delete rest[name];
    // React 18 would write a `false` into the markup, and the presence of a flag is its meaning.
    if (given !== undefined && given !== null && given !== false) rest[name] = given;
  }
  return rest;
}
