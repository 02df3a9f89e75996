// The tag in Preact's JSX.
import type {} from 'payment-form/preact';

export const Page = () => (
  <>
    <payment-form
      customer-id={655080}
      invoices={[{ id: 1, balance: '5.00' }]}
      style={{ width: '100%' }}
      class="wide"
      onClick={(event) => event.currentTarget.focus()}
      onpayment-recorded={({ detail }) => detail.receipt.id.toUpperCase()}
    />
    {/* @ts-expect-error no such plan */}
    <payment-form allocation="biggest" />
  </>
);
