/** `<payment-form>` in Vue's templates. Types only: `import type {} from 'payment-form/vue'` once in a project. */
import type { HTMLAttributes } from 'vue';
import type { PaymentFormAttributeProperties, PaymentFormAttributes, PaymentFormEventMap, PaymentFormProperties, Value } from './element.js';

type Pascal<Name extends string> = Name extends `${infer Head}-${infer Tail}` ? `${Capitalize<Head>}${Pascal<Tail>}` : Capitalize<Name>;

/** `@payment-recorded` in a template is the property `onPaymentRecorded`. */
type Listeners = { [Name in keyof PaymentFormEventMap as `on${Pascal<Name>}`]?: ((event: PaymentFormEventMap[Name]) => void) | undefined };

interface PaymentFormProps extends HTMLAttributes, PaymentFormAttributes, PaymentFormAttributeProperties, PaymentFormProperties, Listeners {
  value?: Value | undefined;
}

declare module 'vue' {
  interface GlobalComponents {
    'payment-form': new () => { $props: PaymentFormProps };
  }
}
