/** A stand-in for `<payment-form>` in jsdom and happy-dom. Importing this module registers the tag, unless it is taken. */
import type { PaymentForm as Element, PaymentFormEventMap, Preview, Problem } from './element.js';

type Settled = 'recorded' | 'rejected' | 'held' | 'unknown' | 'load-error' | 'crash';

/** Keeps attributes, properties and `value`, and dispatches the element's events when the test says so. It checks, divides and sends nothing. */
export class PaymentForm extends HTMLElement {
  preview: Preview | null;
  problems: readonly Problem[];
  /** Types into the input of a name, as a person would. */
  type(field: string, text: string): void;
  /** The press on the button that pays: `false` where a problem stands or the page prevented `payment-submit`. */
  submit(): boolean;
  /** Ends the payment as a server would. */
  settle<Outcome extends Settled>(outcome: Outcome, detail?: PaymentFormEventMap[`payment-${Outcome}`]['detail']): void;
}

export function configure(): void;

export interface PaymentForm extends Omit<Element, 'submit' | 'preview' | 'problems' | 'addEventListener' | 'removeEventListener' | keyof HTMLElement> {}
