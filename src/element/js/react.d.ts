/** `<payment-form>` in React's JSX (19 or later). Types only: `import type {} from 'payment-form/react'` once in the project. */
import type { PaymentFormElement } from './jsx.js';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'payment-form': PaymentFormElement;
    }
  }
}
