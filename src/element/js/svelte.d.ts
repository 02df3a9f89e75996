/** `<payment-form>` in Svelte's templates. Types only: `import type {} from 'payment-form/svelte'` once in a project. */
import type { HTMLAttributes } from 'svelte/elements';
import type { PaymentForm } from './element.js';
import type { PaymentFormOwnProps } from './jsx.js';

declare module 'svelte/elements' {
  export interface SvelteHTMLElements {
    'payment-form': HTMLAttributes<PaymentForm> & PaymentFormOwnProps;
  }
}
