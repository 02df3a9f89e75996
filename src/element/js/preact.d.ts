/** `<payment-form>` in Preact's JSX. Types only: `import type {} from 'payment-form/preact'` once in a project. */
import type { HTMLAttributes } from 'preact';
import type { PaymentForm } from './element.js';
import type { PaymentFormOwnProps } from './jsx.js';

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'payment-form': Omit<HTMLAttributes<PaymentForm>, keyof PaymentFormOwnProps> & PaymentFormOwnProps;
    }
  }
}
