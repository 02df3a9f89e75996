// The tag in Solid's JSX.
import type {} from 'payment-form/solid';

export const Page = () => (
  <>
    <payment-form
      customer-id={655080}
      prop:invoices={[{ id: 1, balance: '5.00' }]}
      style={{ width: '100%' }}
      class="wide"
      on:payment-recorded={({ detail }) => detail.receipt.id.toUpperCase()}
    />
    {/* @ts-expect-error no such plan */}
    <payment-form allocation="biggest" />
  </>
);
