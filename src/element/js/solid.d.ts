/** `<payment-form>` in Solid's JSX. Types only: `import type {} from 'payment-form/solid'` once in a project. */
import type { JSX as Solid } from 'solid-js';
import type { PaymentForm, PaymentFormAttributes, PaymentFormEventMap, PaymentFormProperties, Value } from './element.js';

type Properties = PaymentFormProperties & { value?: Value | undefined };

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      'payment-form': Solid.HTMLAttributes<PaymentForm> & PaymentFormAttributes & Properties
        & { [Name in keyof Properties as `prop:${Name}`]: Properties[Name] }
        & { [Name in keyof PaymentFormEventMap as `on:${Name}`]?: ((event: PaymentFormEventMap[Name]) => void) | undefined };
    }
  }
}
