/** `payment-form` for React 18 and later: a component that is safe under server rendering, and the types of the bare tag `<payment-form>`. */
import type * as React from 'react';
import type {
  PaymentForm as PaymentFormElement, PaymentFormAttributeProperties, PaymentFormAttributes, PaymentFormEventMap, PaymentFormProperties, Value,
} from './element.js';
import type { PaymentFormOwnProps } from './jsx.js';

type Pascal<Name extends string> = Name extends `${infer Head}-${infer Tail}` ? `${Capitalize<Head>}${Pascal<Tail>}` : Capitalize<Name>;

/** `onPaymentRecorded` and the others. Each gets the event itself: its `detail` is frozen, and `payment-submit` can be prevented. */
export type PaymentFormHandlers = { [Name in keyof PaymentFormEventMap as `on${Pascal<Name>}`]?: ((event: PaymentFormEventMap[Name]) => void) | undefined };

export interface PaymentFormProps
  extends Omit<React.HTMLAttributes<PaymentFormElement>, 'defaultValue'>, PaymentFormAttributes, PaymentFormAttributeProperties, PaymentFormProperties, PaymentFormHandlers {
  /** The draft at first; afterwards `ref.current.value` reads and writes it. */
  defaultValue?: Value | undefined;
}

/**
 * The form. Lists and functions reach the element after hydration; every attribute may also be written as its property, `customerId` for
 * `customer-id`. The `ref` is the element. A payment that is on its way when the component is unmounted still calls its handlers.
 */
export const PaymentForm: React.ForwardRefExoticComponent<PaymentFormProps & React.RefAttributes<PaymentFormElement>>;
export type { PaymentFormElement };

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'payment-form': React.DetailedHTMLProps<React.HTMLAttributes<PaymentFormElement>, PaymentFormElement> & PaymentFormOwnProps & { class?: string | undefined };
    }
  }
}
