// React's component and the bare tag in React's JSX.
import { useRef } from 'react';
import { PaymentForm, type PaymentFormElement } from 'payment-form/react';

export function Page({ customer, source }: { customer: number; source: 'Manual' | undefined }) {
  const form = useRef<PaymentFormElement>(null);
  return (
    <>
      <PaymentForm
        ref={form}
        customerId={customer}
        source={source}
        confirm={false}
        invoices={[{ id: 1, balance: '5.00', currency: 'USD' }]}
        authorization={() => 'Bearer token'}
        defaultValue={{ amount: '5' }}
        style={{ maxWidth: '40rem' }}
        className="wide"
        aria-label="Pay"
        data-kind="invoice"
        onClick={(event) => event.currentTarget.focus()}
        onPaymentRecorded={({ detail }) => detail.receipt.id.toUpperCase()}
        onPaymentSubmit={(event) => event.preventDefault()}
      >
        <p slot="fallback">No form</p>
      </PaymentForm>
      <payment-form
        ref={form}
        api="maiascore"
        customer-id={customer}
        invoices={[]}
        style={{ width: '100%' }}
        onClick={() => form.current?.submit()}
        onpayment-recorded={({ detail }) => detail.receipt.id.toUpperCase()}
      />
      {/* @ts-expect-error no such API */}
      <PaymentForm api="stripe" />
      {/* @ts-expect-error no such plan */}
      <payment-form allocation="biggest" />
      {/* @ts-expect-error no such event */}
      <PaymentForm onPaymentPaid={() => {}} />
    </>
  );
}
