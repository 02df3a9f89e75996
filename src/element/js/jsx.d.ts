/**
 * `<payment-form>` in JSX. Types only: `import type {} from 'payment-form/jsx'` once in a project whose JSX elements are declared globally
 * (React before 19, Preact); React 19 and later has `payment-form/react`. Properties such as `invoices`, and listeners such as
 * `onpayment-recorded`, are set as they are written.
 */
import type { PaymentForm, PaymentFormAttributes, PaymentFormEventMap, PaymentFormProperties, Value } from './element.js';

type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Name;

type Listeners = { [Name in keyof PaymentFormEventMap as `on${Name}`]?: (event: PaymentFormEventMap[Name]) => void };

export type PaymentFormElement = PaymentFormAttributes & { [Name in keyof PaymentFormAttributes as Camel<Name>]?: PaymentFormAttributes[Name] }
  & PaymentFormProperties & Listeners & {
    value?: Value;
    id?: string;
    class?: string;
    className?: string;
    lang?: string;
    dir?: string;
    slot?: string;
    hidden?: boolean;
    key?: string | number | null;
    ref?: ((element: PaymentForm | null) => void) | { current: PaymentForm | null } | null;
    children?: unknown;
  };

declare global {
  namespace JSX {
    interface IntrinsicElements {
      'payment-form': PaymentFormElement;
    }
  }
}
