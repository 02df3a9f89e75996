/**
 * `<payment-form>` in JSX whose elements are declared globally, as React's were before version 19. Types only: `import type {} from 'payment-form/jsx'`
 * once in a project. `payment-form/react`, `/preact` and `/solid` bring the types of their own frameworks.
 *
 * Properties such as `invoices`, and listeners such as `onpayment-recorded`, are set as they are written.
 */
import type { PaymentForm, PaymentFormAttributeProperties, PaymentFormAttributes, PaymentFormEventMap, PaymentFormProperties, Value } from './element.js';

/** Listeners as JSX names those of custom elements. */
export type PaymentFormListeners = { [Name in keyof PaymentFormEventMap as `on${Name}`]?: ((event: PaymentFormEventMap[Name]) => void) | undefined };

/** All that the form adds to an element of HTML. */
export type PaymentFormOwnProps = PaymentFormAttributes & PaymentFormAttributeProperties & PaymentFormProperties & PaymentFormListeners & {
  value?: Value | undefined;
};

/** For JSX without types of its own for the elements of HTML. */
export interface PaymentFormElementProps extends PaymentFormOwnProps {
  id?: string | undefined;
  class?: string | undefined;
  className?: string | undefined;
  style?: string | Readonly<Record<string, string | number | undefined>> | undefined;
  lang?: string | undefined;
  dir?: string | undefined;
  slot?: string | undefined;
  hidden?: boolean | undefined;
  tabIndex?: number | undefined;
  onClick?: ((event: MouseEvent) => void) | undefined;
  key?: string | number | null | undefined;
  ref?: ((element: PaymentForm | null) => void) | { current: PaymentForm | null } | null | undefined;
  children?: unknown;
  [attribute: `data-${string}` | `aria-${string}`]: unknown;
}

declare global {
  namespace JSX {
    interface IntrinsicElements {
      'payment-form': PaymentFormElementProps;
    }
  }
}
